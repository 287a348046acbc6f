"""``storyboard_draft``: a board without any model; the drawn panel is the frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .graph import Graph

NOTE = """## Draft storyboard
No model, no GPU, no key. Write a logline in **Story** (English, Russian or Kazakh) and queue.

Everything between **Frames: open** and **Frames: close** is done once for every take of every
frame. Replace *Draft panel* by your own sampler chain and the same loop renders it.

The board is written to the folder named in **Frames**, below ComfyUI's output folder. Queue
again with the same folder and only what changed is made again."""


def build(object_info: Mapping[str, Any]) -> Graph:
    """The draft workflow."""
    graph = Graph("storyboard_draft", object_info)
    story = graph.add("AldarPlanStory", "Story", (40, 100), (400, 320))
    opened = graph.add("AldarFramesOpen", "Frames", (500, 100), (300, 230), story=story["story"])
    panel = graph.add("AldarDraftPanel", "Panel", (860, 100), (270, 60), take=opened["take"])
    gate = graph.add(
        "AldarGate",
        "Gate",
        (860, 230),
        (270, 250),
        take=opened["take"],
        image=panel["image"],
        faces="off",  # no face model knows drawn faces
    )
    closed = graph.add(
        "AldarFramesClose",
        "Board",
        (1190, 100),
        (240, 110),
        flow=opened["flow"],
        image=panel["image"],
        verdict=gate["verdict"],
    )
    graph.add(
        "AldarExportBoard",
        "Export",
        (1490, 100),
        (420, 480),
        board=closed["board"],
        pipeline="draft",
    )
    graph.group("1  Story", (20, 30, 440, 480), "#3f789e")
    graph.group("2  Frame loop: once per take", (480, 30, 970, 480), "#8a6d3b")
    graph.group("3  Board", (1470, 30, 460, 580), "#4b7f52")
    graph.note(NOTE, (20, 560), (600, 230))
    return graph
