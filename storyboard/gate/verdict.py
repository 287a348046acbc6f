"""Scores and the verdict drawn from them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from pydantic import BaseModel, ConfigDict

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the frame."""
COMPARED = ("identity", "face", "drawn face")
"""Scores that prove somebody to be like a reference."""
SOUND = ("anomaly", "copy", "duplicate", "heads")
"""Scores that only say that nothing is wrong with a picture."""


class Outcome(str, Enum):
    """What a score says about a frame."""

    PASS = "pass"
    FAIL = "fail"
    UNMEASURABLE = "not measurable"
    REPORTED = "reported"
    """Measured, but there is no threshold to hold it to."""


class Crop(BaseModel):
    """A part of the frame that a score looked at."""

    model_config = ConfigDict(frozen=True)

    subject: str = ""
    """Id of the character it was taken for; empty if for none."""
    box: Box
    value: float | None = None
    """What was measured there."""


class Score(BaseModel):
    """One named measurement of a frame."""

    model_config = ConfigDict(frozen=True)

    name: str
    outcome: Outcome
    value: float | None = None
    """As measured, usually 0 to 1, higher is better; ``None`` when not measurable."""
    threshold: float | None = None
    """The value from which on the score passes; ``None`` if there is none to hold it to."""
    reason: str = ""
    """Why it failed or cannot be measured, in words."""
    gates: bool = True
    """Whether a fail rejects the take; otherwise the score is only reported."""
    method: str = ""
    """What measured it (``clip``, ``dlib``, ``colour`` …): values of two methods do not compare."""
    calibrated: bool = False
    """Whether the threshold comes from the user's own pictures."""
    crops: tuple[Crop, ...] = ()
    """Where it looked; empty for the whole frame."""

    @property
    def margin(self) -> float:
        """How far the value stands from its threshold, -1 (nothing right) to 1 (all right).

        Scales of scores differ, and the share of the way to either end makes them comparable.
        """
        if self.value is None:
            return -1.0 if self.outcome is Outcome.FAIL else 1.0
        limit = 0.5 if self.threshold is None else self.threshold
        if self.value >= limit:
            return min(1.0, (self.value - limit) / (1 - limit)) if limit < 1 else 1.0
        return max(-1.0, (self.value - limit) / limit) if limit > 0 else -1.0


class Verdict(BaseModel):
    """All scores of one take."""

    model_config = ConfigDict(frozen=True)

    scores: tuple[Score, ...] = ()
    perceptual_hash: int | None = None
    """256-bit difference hash of the frame, for the board's near-duplicate check."""
    policy: str = ""
    """Where the thresholds come from: ``standard, uncalibrated``; empty without a gate."""
    lacking: tuple[str, ...] = ()
    """Tools that are installed and could not be loaded, in words: a later run judges again."""

    @property
    def accepted(self) -> bool:
        """Whether no gating score failed. A score that is not measurable does not reject."""
        return not any(True for _ in self.failed())

    @property
    def proven(self) -> bool:
        """Whether somebody was compared with a reference: an identity or face score gated."""
        return any(
            score.name in COMPARED and score.outcome is not Outcome.UNMEASURABLE
            for score in self.scores
            if score.gates
        )

    @property
    def worst(self) -> Score | None:
        """The measured gating score that came out worst."""
        measured = [s for s in self.scores if s.gates and s.outcome is not Outcome.UNMEASURABLE]
        return min(measured, key=lambda score: score.margin, default=None)

    @property
    def telling(self) -> Score | None:
        """The score to show for all: the worst of those that rejected the take, or else of those
        that say how alike somebody is to a reference. A sound picture that was compared with none
        has no such score: that it is sound says nothing of consistency."""
        measured = [s for s in self.scores if s.gates and s.outcome is not Outcome.UNMEASURABLE]
        shown = [s for s in measured if s.outcome is Outcome.FAIL or s.name not in SOUND]
        return min(shown, key=lambda score: score.margin, default=None)

    @property
    def value(self) -> float | None:
        """The value of the score to show."""
        return self.telling.value if self.telling else None

    @property
    def margin(self) -> float | None:
        """The margin of the worst gating score, for choosing the best of rejected takes."""
        return self.worst.margin if self.worst else None

    @property
    def reason(self) -> str:
        """Why the take was rejected; empty if it was not."""
        return "; ".join(f"{score.name}: {score.reason}" for score in self.failed())

    def failed(self) -> Iterator[Score]:
        """The scores that reject the take."""
        return (s for s in self.scores if s.gates and s.outcome is Outcome.FAIL)

    def place(self, character: str) -> Box | None:
        """Where the face of a character was found, in pixels of the frame."""
        for score in self.scores:
            if score.name in ("heads", "face"):
                for crop in score.crops:
                    if crop.subject == character:
                        return crop.box
        return None

    def score(self, name: str) -> Score | None:
        """The score of that name, if it was asked for."""
        return next((score for score in self.scores if score.name == name), None)
