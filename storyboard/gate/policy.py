"""The policy: which scores gate, with which thresholds, and which are only reported.

Whatever looks at a frame gives :class:`Reading`\\ s, plain measurements without an opinion. A
:class:`Policy` turns them into scores: by a preset, or by the user's own calibration.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from .calibration import Calibration
from .verdict import Crop, Outcome, Score, Verdict

GATE_VERSION = 3
"""Raised whenever the same picture would be judged differently; part of every verdict's key."""


class Preset(str, Enum):
    """Where thresholds come from."""

    STANDARD = "standard"
    STRICT = "strict"
    CALIBRATED = "calibrated"
    """The user's own pictures; scores they say nothing about are held to the standard."""


@dataclass(frozen=True)
class Reading:
    """One measurement of a frame, without an opinion on it."""

    name: str
    """Of the score it becomes."""
    method: str
    """What measured it."""
    value: float | None = None
    """Higher is better; ``None`` if it could not be measured."""
    reason: str = ""
    """Why it could not be measured, or what was found if it falls short."""
    gates: bool = True
    """Whether this shot may be rejected for it."""
    crops: tuple[Crop, ...] = ()
    threshold: float | None = None
    """A limit that no policy moves (anomaly, copy, heads)."""


STANDARD: dict[tuple[str, str], float] = {
    ("identity", "clip"): 0.70,  # mission row S1.2
    ("face", "insightface"): 0.50,  # below the 0.65 of simple mode in row S2.4
    ("face", "dlib"): 0.40,  # dlib's own limit: a distance of 0.6 (dnn_face_recognition_ex.cpp)
    ("face", "clip"): 0.70,  # of head crops, as the whole frame
}
"""Thresholds by (score, method). What is missing is only reported until it is calibrated."""
STRICT = STANDARD | {
    ("identity", "clip"): 0.90,  # mission row S0.4
    ("face", "insightface"): 0.85,  # the target of guided mode, row S2.4
    ("face", "dlib"): 0.50,
    ("face", "clip"): 0.90,
}
ALIKE = {"drawn face": "face"}
"""Scores held to the thresholds of another."""
ADVICE: dict[tuple[str, str], float] = {
    ("costume", "colour"): 0.75,
    ("colours", "colour"): 0.75,
}
"""Thresholds that never reject: the same clothes measure 0.84 and more in a little other light,
clothes of another colour 0.70 and less, but night and sunset change colours as well."""


@dataclass(frozen=True)
class Policy:
    """What a gate demands.

    :param threshold: for the identity score, in place of the preset's; 0 leaves it.
    """

    preset: Preset = Preset.STANDARD
    calibration: Calibration | None = None
    threshold: float = 0.0

    @property
    def name(self) -> str:
        """For the report: ``standard, uncalibrated``."""
        if self._calibration is not None:
            return f"calibrated by {self._calibration.name}"
        preset = Preset.STRICT if self.preset is Preset.STRICT else Preset.STANDARD
        return f"{preset.value}, uncalibrated"

    @property
    def _calibration(self) -> Calibration | None:
        return self.calibration if self.preset is Preset.CALIBRATED else None

    def threshold_of(self, score: str, method: str) -> tuple[float | None, bool]:
        """(threshold, whether it is calibrated) of a score; ``None`` if there is none."""
        score = ALIKE.get(score, score)
        if score == "identity" and self.threshold:
            return self.threshold, False
        if self._calibration is not None:
            calibrated = self._calibration.find(score, method)
            if calibrated is not None:
                return calibrated.threshold, True
        table = ADVICE | (STRICT if self.preset is Preset.STRICT else STANDARD)
        return table.get((score, method.partition(":")[0])), False

    def score(self, reading: Reading) -> Score:
        """What the policy says of a measurement."""
        threshold, calibrated = reading.threshold, False
        if threshold is None:
            threshold, calibrated = self.threshold_of(reading.name, reading.method)
        advice = not calibrated and (reading.name, reading.method) in ADVICE
        value = None if reading.value is None else round(reading.value, 4)
        if value is None:
            outcome = Outcome.UNMEASURABLE
        elif threshold is None:
            outcome = Outcome.REPORTED
        else:
            outcome = Outcome.PASS if value >= threshold else Outcome.FAIL
        reason = reading.reason if outcome in (Outcome.UNMEASURABLE, Outcome.FAIL) else ""
        if outcome is Outcome.FAIL and not reason:
            reason = f"{value:.2f} is below {threshold:.2f}"
        return Score(
            name=reading.name,
            outcome=outcome,
            value=value,
            threshold=threshold,
            reason=reason,
            gates=reading.gates and threshold is not None and not advice,
            method=reading.method,
            calibrated=calibrated,
            crops=reading.crops,
        )

    def verdict(
        self,
        readings: Iterable[Reading | Score],
        perceptual_hash: int | None = None,
        lacking: tuple[str, ...] = (),
    ) -> Verdict:
        """The verdict on everything measured of one take; scores stay as they are.

        :param lacking: tools that could not be loaded, in words.
        """
        scores = tuple(r if isinstance(r, Score) else self.score(r) for r in readings)
        return Verdict(
            scores=scores, perceptual_hash=perceptual_hash, policy=self.name, lacking=lacking
        )
