"""``storyboard_simple``: SDXL and the character's LoRA for every frame (mission row S1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .graph import Graph
from .parts import PURPLE, SDXL, board, models, sample, story, take

NOTE = """## Simple: SDXL + LoRA, 8 to 10 GB of VRAM
1. Write a logline in **Story**. For a hero who is not Aldar Köse, choose the hero's LoRA in
   **Character LoRA** and its trigger word in **Character**; without a LoRA, bypass that node.
2. Queue. One run makes the whole board.

**Gate** compares every frame with the first one that shows the hero: an identity of 0.70 is
asked for. A rejected take gets the next seed, twice at most; then the best one is kept and
flagged. `aldar calibrate` finds the threshold on your own pictures.

Models: `aldar models pull --mode simple` brings and checks them."""


def build(object_info: Mapping[str, Any]) -> Graph:
    """The simple workflow."""
    graph = Graph("storyboard_simple", object_info)
    graph.note(NOTE, 420, 400)
    told = story(graph)
    loaded = models(graph.section("2  Models: loaded once", PURPLE), SDXL)
    step = take(graph, told, loaded.clip, SDXL, board="aldar/simple")
    image = sample(step, loaded, SDXL, loaded.model, step.positive, step.negative)
    board(step, image, loaded.vision, "simple")
    return graph
