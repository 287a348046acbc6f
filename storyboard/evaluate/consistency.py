"""How consistent a board is: the averages of mission rows S0.4, S2.4 and S3.3."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from ..board import Board, Frame

IDENTITY, FACE = "identity", "face"
"""The scores that compare a frame with the reference."""
REFERENCE = 1.0
"""What a frame that became the reference itself is shown with (S0.4: frame 1 = 1.00)."""


@dataclass(frozen=True)
class Consistency:
    """Similarity to the reference over the frames of a board, each -1..1."""

    average: float | None
    """``None`` when no frame could be measured."""
    minimum: float | None
    measured: int
    """How many frames the two numbers stand on."""
    note: str
    """What was not measured and why; empty if every frame was."""


def is_reference(board: Board, frame: Frame) -> bool:
    """Whether a frame became the reference of the one it would be compared with: the hero if the
    shot has it, else its first character."""
    cast = [member.character for member in board.shot(frame).cast]
    hero = board.story.hero
    subject = hero.id if hero and hero.id in cast else next(iter(cast), "")
    return subject in frame.latches


def frame_consistency(board: Board, frame: Frame, score: str = IDENTITY) -> float | None:
    """How similar a frame is to the reference, -1..1; ``None`` if it was not measured.

    The reference equals itself by definition.
    """
    measured = frame.verdict.score(score)
    if measured is not None and measured.value is not None:
        return measured.value
    return REFERENCE if is_reference(board, frame) else None


def consistency(
    board: Board, score: str = IDENTITY, frames: Iterable[Frame] | None = None
) -> Consistency:
    """Average and minimum similarity of the frames that were compared with a reference.

    The frames that became the reference do not count: their 1.00 would prove nothing.

    :param frames: some of the board's; all by default.
    """
    values: list[float] = []
    reasons: defaultdict[str, list[int]] = defaultdict(list)
    for frame in board.frames if frames is None else frames:
        measured = frame.verdict.score(score)
        if measured is not None and measured.value is not None:
            values.append(measured.value)
        elif is_reference(board, frame):
            reasons["is the reference and does not count"].append(frame.number)
        elif measured is None:
            reasons[f"{score} was not measured by this pipeline"] = []
        else:
            reasons[measured.reason].append(frame.number)
    return Consistency(
        average=round(fmean(values), 4) if values else None,
        minimum=round(min(values), 4) if values else None,
        measured=len(values),
        note="; ".join(_told(reason, numbers) for reason, numbers in reasons.items()),
    )


def _told(reason: str, frames: list[int]) -> str:
    """``frames 2, 3: no face in the shot``."""
    if not frames:
        return reason
    listed = f"frame{'s' * (len(frames) > 1)} {', '.join(map(str, frames))}"
    return f"{listed} {reason}" if reason.startswith("is ") else f"{listed}: {reason}"
