"""A calibration: thresholds found on the user's own pictures, as a versioned JSON file.

Its place is a folder of the machine that judges; a workflow only gives its name.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import InputError
from ..json_text import read_model
from .separation import roc, separate

FOLDER = "calibrations"
"""Where calibrations lie, below the pack's own folder among ComfyUI's user files."""
POINTS = 200
"""Of a saved ROC curve, at most."""
_NAME = re.compile(r"[a-zA-Z0-9][\w-]{0,63}", re.ASCII)


class Spread(BaseModel):
    """The similarities of one kind of pair."""

    model_config = ConfigDict(extra="forbid")

    pairs: int
    mean: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: np.ndarray) -> Spread:
        """Summarise similarities, [k], k >= 1."""
        numbers = (float(values.mean()), float(values.min()), float(values.max()))
        mean, lowest, highest = (round(number, 4) for number in numbers)
        return cls(pairs=len(values), mean=mean, lowest=lowest, highest=highest)


class Threshold(BaseModel):
    """What was found for one score and one way to measure it."""

    model_config = ConfigDict(extra="forbid")

    threshold: float = Field(ge=-1, le=1)
    low: float
    """The ends of the threshold's 95 % bootstrap interval."""
    high: float
    eer: float | None
    """Equal error rate, 0 to 1; ``None`` if no strangers were given."""
    ceiling: Spread
    """References against each other: how alike the character is to itself."""
    floor: Spread | None
    """References against strangers; ``None`` if none were given."""
    roc: list[tuple[float, float, float]] = []
    """(threshold, false accept rate, true accept rate), the threshold falling."""

    @classmethod
    def of(cls, genuine: np.ndarray, strangers: np.ndarray, seed: int = 0) -> Threshold:
        """Find a threshold; see :func:`.separation.separate` for the arguments."""
        separation = separate(genuine, strangers, seed)
        pairs = genuine[np.triu_indices(len(genuine), 1)]
        others = strangers.ravel()
        curve = roc(pairs, others) if len(others) else np.empty((0, 3))
        if len(curve) > POINTS:
            curve = curve[np.linspace(0, len(curve) - 1, POINTS).round().astype(int)]
        return cls(
            threshold=round(min(1.0, max(-1.0, separation.threshold)), 4),
            low=round(separation.low, 4),
            high=round(separation.high, 4),
            eer=None if separation.eer is None else round(separation.eer, 4),
            ceiling=Spread.of(pairs),
            floor=Spread.of(others) if len(others) else None,
            roc=[(round(t, 4), round(f, 4), round(a, 4)) for t, f, a in curve.tolist()],
        )


class Calibration(BaseModel):
    """Everything a calibration found."""

    model_config = ConfigDict(extra="forbid")

    version: Literal[1] = 1
    name: str = Field(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$")
    seed: int = 0
    """Of the bootstrap."""
    references: int
    """How many pictures of the character were looked at."""
    strangers: int
    thresholds: dict[str, Threshold]
    """By ``score/method``, as ``face/dlib``."""
    skipped: dict[str, str] = {}
    """What could not be calibrated, and why: by ``score/method``, or by a picture's name."""

    def find(self, score: str, method: str) -> Threshold | None:
        """What was found for a score measured that way."""
        return self.thresholds.get(f"{score}/{method}")

    def to_json(self) -> str:
        """What the file holds: same calibration, same bytes."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read a calibration file.

        :raises InputError: ``calibration_unusable`` if it is missing or holds something else.
        """
        try:
            return read_model(cls, path.read_bytes())
        except OSError as error:
            reason = f"there is no calibration '{path.stem}' in {path.parent}"
            raise _unusable(reason) from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise _unusable(f"{path.name} is damaged: {where}: {first['msg']}") from error
        except ValueError as error:
            raise _unusable(f"{path.name} is not JSON: {error}") from error


def calibration_path(folder: Path, name: str) -> Path:
    """The file of a calibration by its name.

    :raises InputError: ``calibration_unusable`` if the name is not a plain word: a workflow
        cannot lead out of the folder.
    """
    if not _NAME.fullmatch(name):
        raise _unusable(f"{name!r} is not the name of a calibration")
    return folder / f"{name}.json"


def _unusable(reason: str) -> InputError:
    return InputError(
        "calibration_unusable",
        f"The calibration cannot be used: {reason}.",
        "Make one with 'aldar calibrate --references FOLDER --strangers FOLDER', or choose the "
        "preset standard.",
    )
