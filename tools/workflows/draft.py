"""``storyboard_draft``: a board without any model; the drawn panel is the frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .graph import Graph
from .parts import BLUE, BROWN, GREEN

NOTE = """## Draft storyboard
No model, no GPU, no key. Write a logline in **Story** (English, Russian or Kazakh) and queue.

Everything between **Frames** and **Board** is done once for every take of every frame. Replace
*Panel* by your own sampler chain and the same loop renders it; the other workflows of this pack
do just that.

The board is written to the folder named in **Frames**, below ComfyUI's output folder. Queue
again with the same folder and only what changed is made again."""


def build(object_info: Mapping[str, Any]) -> Graph:
    """The draft workflow."""
    graph = Graph("storyboard_draft", object_info)
    graph.note(NOTE, 420, 330)
    story = graph.section("1  Story", BLUE).column(400).add("AldarPlanStory", "Story")
    loop = graph.section("2  Frame loop: once per take", BROWN)
    opened = loop.column(300).add("AldarFramesOpen", "Frames", story=story["story"])
    column = loop.column(290)
    panel = column.add("AldarDraftPanel", "Panel", take=opened["take"])
    gate = column.add(
        "AldarGate",
        "Gate",
        take=opened["take"],
        image=panel["image"],
        faces="off",  # no face model knows drawn faces
    )
    column = graph.section("3  Board", GREEN).column(420)
    closed = column.add(
        "AldarFramesClose",
        "Board",
        flow=opened["flow"],
        image=panel["image"],
        verdict=gate["verdict"],
    )
    column.add("AldarExportBoard", "Export", room=420, board=closed["board"], pipeline="draft")
    return graph
