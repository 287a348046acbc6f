"""``storyboard_guided``: frame 1 plain, the others led by it (mission row S1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .graph import Graph
from .parts import PURPLE, SDXL, SDXL_FACES, board, guide, models, sample, story, take

NOTE = """## Guided: SDXL + LoRA + FaceID + OpenPose, 16 to 20 GB of VRAM
Frame 1 is plain SDXL with the LoRA. The first accepted frame with a character's face becomes
that character's reference; from then on

* **FaceID** Plus V2 gives the face, only where the character stands (**place**), so that two
  people do not blend;
* **Pose** steers the bodies by the pose map of the **Staging**;
* a retry looks at the face a little more (**Face weight**).

Shots without anybody known skip all that: the switches leave it unevaluated. To give pictures of
your own, connect *Load Image* to **references** of **Frames**.

Needs the node pack *ComfyUI_IPAdapter_plus* and `insightface`. Its face models (buffalo_l), and
the FaceID models trained on them, are for non-commercial research only.

Models: `aldar models pull --mode guided` brings and checks them."""


def build(object_info: Mapping[str, Any]) -> Graph:
    """The guided workflow."""
    graph = Graph("storyboard_guided", object_info)
    graph.note(NOTE, 440, 560)
    told = story(graph)
    loaded = models(graph.section("2  Models: loaded once", PURPLE), SDXL)
    step = take(graph, told, loaded.clip, SDXL, board="aldar/guided")
    led = guide(step, loaded, SDXL_FACES, people=2, pose=True)
    image = sample(step, loaded, SDXL, led.model, led.positive, led.negative)
    board(step, image, loaded.vision, "guided")
    return graph
