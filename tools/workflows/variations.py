"""``variations_5x5x5``: one character in 5 outfits x 5 places x 5 poses (mission row S4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .graph import Graph
from .parts import BLUE, PURPLE, SDXL, SDXL_FACES, board, guide, models, sample, take

NOTE = """## Variations: outfits x places x poses, 16 GB of VRAM
One entry a line in **Story**: 5 x 5 x 5 lines make 125 frames. The first accepted frame with the
face becomes the reference of all others: **FaceID** keeps the face, **Pose** the pose, and the
words change the clothes.

It goes on where it stopped: queue again with the same folder in **Frames**, and only missing
frames are made. Every outfit gets a sheet, places down and poses across
(`variations_1_….png` …), and `report.md` says which outfit, place or pose broke the identity.

Needs the node pack *ComfyUI_IPAdapter_plus* and `insightface`. Its face models (buffalo_l), and
the FaceID models trained on them, are for non-commercial research only.

Models: `aldar models pull --mode variations_5x5x5` brings and checks them."""


def build(object_info: Mapping[str, Any]) -> Graph:
    """The variation matrix."""
    graph = Graph("variations_5x5x5", object_info)
    graph.note(NOTE, 440, 500)
    told = graph.section("1  Story", BLUE).column(420).add("AldarPlanVariations", "Story")
    loaded = models(graph.section("2  Models: loaded once", PURPLE), SDXL)
    step = take(graph, told["story"], loaded.clip, SDXL, board="aldar/variations")
    led = guide(step, loaded, SDXL_FACES, people=1, pose=True)
    image = sample(step, loaded, SDXL, led.model, led.positive, led.negative)
    board(step, image, loaded.vision, "variations_5x5x5")
    return graph
