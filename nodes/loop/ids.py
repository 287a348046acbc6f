"""Ids of the nodes that a loop is expanded to. A user's node may have any id.

Everything a loop makes stands below an id that no node of the prompt begins with (:func:`free`).
There, what the loop brings along has a name without a dot (``taken``, ``all``, ``0``), and a copy
of a user's node, or what stands for one, has a word before that node's id, whatever that is.
"""

from __future__ import annotations

from collections.abc import Iterable


def free(wanted: str, prompt: Iterable[str]) -> str:
    """``wanted``, or if ids of the prompt begin with it, something like it with which none does.

    :param prompt: ids of the nodes that the user queued.
    """
    others = [node_id for node_id in prompt if node_id.startswith(wanted)]
    while any(node_id.startswith(wanted) for node_id in others):
        wanted += "_"
    return wanted


def inside(parent: str, name: str | int) -> str:
    """A node of the loop's own, below the node ``parent``. :param name: without a dot."""
    return f"{parent}.{name}"


def copies(parent: str) -> str:
    """What the ids of copies of the user's nodes begin with, below the node ``parent``."""
    return f"{parent}.copy."


def stand_in(parent: str, kind: str, source: str = "", slot: int = 0) -> str:
    """What stands, below the node ``parent``, for an output of a node that is not copied.

    :param kind: without a dot.
    """
    return f"{parent}.for.{kind}.{slot}.{source}"
