"""The pack's own socket types."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from comfy_api.latest import io

from ..storyboard.board import Board
from ..storyboard.frames.directions import Orders
from ..storyboard.gate import Verdict
from ..storyboard.story import Story
from ..storyboard.takes import Take
from .loop.runs import Flow

STORY = io.Custom("ALDAR_STORY")
"""A :class:`storyboard.story.Story`."""
FLOW = io.Custom("ALDAR_FLOW")
"""A :class:`nodes.loop.runs.Flow`: joins Frames: open to Frames: close."""
TAKE = io.Custom("ALDAR_TAKE")
"""The takes being made, one unless in waves."""
Takes = tuple[Take, ...]
VERDICT = io.Custom("ALDAR_VERDICT")
"""A :class:`storyboard.gate.Verdict`."""
BOARD = io.Custom("ALDAR_BOARD")
"""The finished board and where it lies."""
PlacedBoard = tuple[Path, Board]
REFERENCES = io.Custom("ALDAR_REFERENCES")
"""Pictures of characters."""
References = tuple[tuple[str, torch.Tensor], ...]
"""(Character or empty, IMAGE of one picture) each."""
DIRECTIONS = io.Custom("ALDAR_DIRECTIONS")
"""A :class:`storyboard.frames.directions.Orders`."""


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind)


def _is_take(value: Any) -> bool:
    return (
        isinstance(value, tuple) and bool(value) and all(isinstance(take, Take) for take in value)
    )


def _is_board(value: Any) -> bool:
    return isinstance(value, tuple) and [*map(type, value)][1:] == [Board] and _is(Path)(value[0])


FITS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    STORY.io_type: ("a story, from Plan story or Load story", _is(Story)),
    FLOW.io_type: ("the flow of Frames: open", _is(Flow)),
    TAKE.io_type: ("the take of Frames: open", _is_take),
    VERDICT.io_type: ("the verdict of Gate", _is(Verdict)),
    BOARD.io_type: ("the board of Frames: close", _is_board),
    DIRECTIONS.io_type: ("the directions of Lock or redo frames", _is(Orders)),
}
"""Type of a socket -> (what belongs there, in words; whether a value is that).

ComfyUI compares types of sockets only where both ends have one: a constant in a workflow file, or
an output of any type, brings anything.
"""
