"""Which entry of a matrix breaks the identity: averages by outfit, by place, by pose."""

from __future__ import annotations

from dataclasses import dataclass

from ..board import Board, Frame
from .consistency import FACE, IDENTITY, Consistency, consistency


@dataclass(frozen=True)
class Entry:
    """One entry of an axis, over all frames that show it."""

    label: str
    frames: tuple[Frame, ...]
    identity: Consistency
    face: Consistency

    @property
    def flagged(self) -> list[int]:
        """Numbers of the frames that no take was accepted for."""
        return [frame.number for frame in self.frames if frame.flagged]

    def of(self, score: str) -> Consistency:
        """How consistent the frames of the entry are by a score: the face's, or the identity."""
        return self.face if score == FACE else self.identity


@dataclass(frozen=True)
class ByAxis:
    """One axis, entry by entry."""

    name: str
    entries: tuple[Entry, ...]

    @property
    def weakest(self) -> tuple[Entry, str] | None:
        """The entry with the lowest average, and the score that says so: the face's if it was
        measured, else the whole frame's. ``None`` where all are alike or fewer than two measured.
        """
        for score in (FACE, IDENTITY):
            averages = [(entry.of(score).average, entry) for entry in self.entries]
            measured = [(average, entry) for average, entry in averages if average is not None]
            if len(measured) > 1:
                lowest, highest = (f(a for a, _ in measured) for f in (min, max))
                weakest = next(entry for average, entry in measured if average == lowest)
                return (weakest, score) if lowest < highest else None
        return None


def by_axis(board: Board) -> list[ByAxis]:
    """The axes of a board, with the frames made so far; empty for an ordinary story."""
    cells = {frame.number: board.story.cell(frame.number) for frame in board.frames}
    axes = []
    for place, axis in enumerate(board.story.axes):
        entries = []
        for index, label in enumerate(axis.labels):
            frames = [frame for frame in board.frames if cells[frame.number][place] == index]
            entries.append(
                Entry(
                    label,
                    tuple(frames),
                    consistency(board, IDENTITY, frames),
                    consistency(board, FACE, frames),
                )
            )
        axes.append(ByAxis(axis.name, tuple(entries)))
    return axes
