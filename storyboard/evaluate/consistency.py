"""How consistent a board is: the averages of mission rows S0.4 and S3.3."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from ..board import Board
from ..gate import Outcome

IDENTITY = "identity"
"""The score that compares a frame with the reference; frame 1 is the reference and scores 1.0."""


@dataclass(frozen=True)
class Consistency:
    """Identity similarity over the frames of a board, each -1..1."""

    average: float | None
    """``None`` when no frame could be measured."""
    minimum: float | None
    measured: int
    """How many frames the two numbers stand on."""
    note: str
    """What was not measured and why; empty if every frame was."""


def consistency(board: Board) -> Consistency:
    """Average and minimum identity similarity; frames that cannot be measured do not count."""
    values, reasons = [], []
    for frame in board.frames:
        score = next((s for s in frame.verdict.scores if s.name == IDENTITY), None)
        if score is None:
            reasons.append("identity was not measured by this pipeline")
        elif score.outcome is Outcome.UNMEASURABLE or score.value is None:
            reasons.append(f"frame {frame.number}: {score.reason}")
        else:
            values.append(score.value)
    return Consistency(
        average=round(fmean(values), 4) if values else None,
        minimum=round(min(values), 4) if values else None,
        measured=len(values),
        note="; ".join(dict.fromkeys(reasons)),
    )
