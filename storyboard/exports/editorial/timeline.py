"""The board as a cut: its shots one after another, in whole frames of one rate."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator

from ...board import Board, Frame
from ...numbering import labels
from ...story import Shot
from ..frames import take_path
from ..score_table import unproven

Rate = Annotated[Literal[24, 25, 30], BeforeValidator(lambda v: int(v) if v in _WRITTEN else v)]
"""Frames a second; as text too, as a command line gives it."""
_WRITTEN = ("24", "25", "30")


@dataclass(frozen=True)
class Clip:
    """One shot of the cut."""

    shot: Shot
    frame: Frame | None
    """``None`` where the board has none yet."""
    label: str
    """The shot's printed number."""
    start: int
    """In frames of the cut's rate, from 0."""
    length: int
    """In frames, at least 1."""
    unproven: bool = False
    """Whether nobody was compared with a reference here, though in other frames somebody was."""

    @property
    def end(self) -> int:
        """The first frame after it."""
        return self.start + self.length


def cut(board: Board, fps: int) -> list[Clip]:
    """Every shot of a board in order, made or not.

    The cuts are rounded, not the durations, so the sum does not drift: each lies within half a
    frame of where the seconds put it, unless shots before it are shorter than a frame.
    """
    frames = {frame.number: frame for frame in board.frames}
    not_proven = unproven(board)
    shots = board.story.shots
    ends = whole_frames((shot.duration for shot in shots), fps)
    starts = [0, *ends]
    return [
        Clip(
            shot,
            frames.get(shot.number),
            name,
            start,
            end - start,
            shot.number in not_proven,
        )
        for shot, name, start, end in zip(shots, labels(board.story), starts, ends)
    ]


def whole_frames(seconds: Iterable[float], fps: int) -> list[int]:
    """Where each of some durations in a row ends, in frames; each gets one frame at least."""
    total, end, ends = Fraction(0), 0, []
    for duration in seconds:
        total += Fraction(str(duration)) * fps
        end = max(end + 1, math.floor(total + Fraction(1, 2)))
        ends.append(end)
    return ends


def timecode(frame: int, fps: int) -> str:
    """``HH:MM:SS:FF``, non-drop."""
    seconds, rest = divmod(frame, fps)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{rest:02d}"


def picture_of(folder: Path, clip: Clip) -> Path | None:
    """The picture of a shot's frame; ``None`` where there is none to show."""
    path = take_path(folder, clip.frame) if clip.frame else None
    return path if path and path.is_file() else None


def state(clip: Clip, folder: Path) -> str:
    """What is wrong with a shot's frame, in words; empty where nothing is."""
    if clip.frame is None:
        return "no frame yet"
    if picture_of(folder, clip) is None:
        return "picture missing"
    marks = {"flagged": clip.frame.flagged, "stale": clip.frame.stale, "unproven": clip.unproven}
    return ", ".join(mark for mark, is_so in marks.items() if is_so)
