"""``sd15_faceid``: one picture of a face, any number of new scenes (mission row S4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .graph import Graph
from .parts import BLUE, PURPLE, SD15, SD15_FACES, board, character, guide, models, sample, take

NOTE = """## FaceID on SD 1.5, 6 GB of VRAM
One picture of a face in **Reference**, and every frame shows that person: FaceID Plus V2 with
weight 0.8, its LoRA at 0.7, *concat*, *V only*, 768 x 768, DPM++ 2M Karras, 30 steps, CFG 7.5.

The picture must show one face, well lit, not filling the frame. It needs no training; for
clothes that stay the same, train a LoRA (`training/`) and use the guided workflow.

Needs the node pack *ComfyUI_IPAdapter_plus* and `insightface`. Its face models (buffalo_l), and
the FaceID models trained on them, are for non-commercial research only.

Models: `aldar models pull --mode sd15_faceid` brings and checks them."""


def build(object_info: Mapping[str, Any]) -> Graph:
    """The FaceID workflow for SD 1.5."""
    graph = Graph("sd15_faceid", object_info)
    graph.note(NOTE, 420, 440)
    column = graph.section("1  Story", BLUE).column(400)
    planned = column.add("AldarPlanStory", "Story", style="cinematic")
    told = character(column, planned["story"], trigger="-")
    reference = column.add("LoadImage", "Reference", room=330, image="example.png")
    loaded = models(graph.section("2  Models: loaded once", PURPLE), SD15, lora=False)
    step = take(
        graph,
        told,
        loaded.clip,
        SD15,
        board="aldar/sd15_faceid",
        references=reference["IMAGE"],
    )
    led = guide(step, loaded, SD15_FACES, people=1, pose=False)
    image = sample(step, loaded, SD15, led.model, led.positive, led.negative)
    board(step, image, loaded.vision, "sd15_faceid")
    return graph
