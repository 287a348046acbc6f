"""Scores and the verdict drawn from them."""

from __future__ import annotations

from enum import Enum

from pydantic import BaseModel, ConfigDict


class Outcome(str, Enum):
    """What a score says about a frame."""

    PASS = "pass"
    FAIL = "fail"
    UNMEASURABLE = "not measurable"


class Score(BaseModel):
    """One named measurement of a frame."""

    model_config = ConfigDict(frozen=True)

    name: str
    outcome: Outcome
    value: float | None = None
    """As measured, usually 0 to 1, higher is better; ``None`` when not measurable."""
    threshold: float | None = None
    """The value from which on the score passes."""
    reason: str = ""
    """Why it failed or cannot be measured, in words."""
    gates: bool = True
    """Whether a fail rejects the take; otherwise the score is only reported."""


class Verdict(BaseModel):
    """All scores of one take."""

    model_config = ConfigDict(frozen=True)

    scores: tuple[Score, ...] = ()
    perceptual_hash: int | None = None
    """256-bit difference hash of the frame, for near-duplicate checks of later frames."""

    @property
    def accepted(self) -> bool:
        """Whether no gating score failed. A score that is not measurable does not reject."""
        return not any(s.gates and s.outcome is Outcome.FAIL for s in self.scores)

    @property
    def value(self) -> float | None:
        """The worst measured gating value, for choosing the best of rejected takes."""
        values = [s.value for s in self.scores if s.gates and s.value is not None]
        return min(values, default=None)

    @property
    def reason(self) -> str:
        """Why the take was rejected; empty if it was not."""
        failed = [s for s in self.scores if s.gates and s.outcome is Outcome.FAIL]
        return "; ".join(f"{s.name}: {s.reason}" for s in failed)
