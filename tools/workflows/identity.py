"""``identity_quick_test``: five frames, one verdict (mission row S4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .graph import Graph
from .parts import BLUE, GREEN, PURPLE, SDXL, board, models, sample, take

NOTE = """## Does the identity hold? Five frames, one verdict
Choose the character's LoRA in **Character LoRA**, write its name, sheet and trigger word in
**Story**, and queue. Five frames show the character close and from the side, moved, in another
light and place; the other four are compared with the first.

**Verdict** says *holds*, *does not hold* or *cannot tell*, and why. *Cannot tell* is no success:
it says what is missing, a face model for example.

Models: `aldar models pull --mode identity_quick_test` brings and checks them."""


def build(object_info: Mapping[str, Any]) -> Graph:
    """The quick test."""
    graph = Graph("identity_quick_test", object_info)
    graph.note(NOTE, 420, 400)
    told = graph.section("1  Character", BLUE).column(400).add("AldarPlanIdentityTest", "Story")
    loaded = models(graph.section("2  Models: loaded once", PURPLE), SDXL)
    step = take(graph, told["story"], loaded.clip, SDXL, board="aldar/identity", retries=0)
    image = sample(step, loaded, SDXL, loaded.model, step.positive, step.negative)
    done = board(step, image, loaded.vision, "identity_quick_test")
    column = graph.section("5  Verdict", GREEN).column(420)
    column.add("AldarIdentityVerdict", "Verdict", room=420, board=done)
    return graph
