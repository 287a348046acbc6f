"""The prompt graph: a workflow in ComfyUI's API form, as it is queued and as loops expand to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict

Link = tuple[str, int]
"""(node id, output slot)."""


class _Node(TypedDict):
    class_type: str
    inputs: dict[str, Any]
    """Name -> a constant, or a link as the list ``[node id, output slot]``."""


class Node(_Node, total=False):
    """One node of a prompt graph."""

    _meta: dict[str, str]
    """``title``: what the canvas calls it."""
    is_changed: Any
    """Written by ComfyUI while it runs: what ``fingerprint_inputs`` gave, in a list."""
    override_display_id: str
    """Of an expanded node: the node of the canvas that it is shown as."""


PromptGraph = dict[str, Node]
"""Node id -> node."""


def as_link(value: Any) -> Link | None:
    """The link an input value stands for, or ``None`` if it is a constant."""
    if (
        isinstance(value, (list, tuple))
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], (int, float))
    ):
        return value[0], int(value[1])
    return None


def links(node: Node) -> Iterator[tuple[str, Link]]:
    """(input name, link) of every linked input of a node."""
    for name, value in node["inputs"].items():
        link = as_link(value)
        if link is not None:
            yield name, link
