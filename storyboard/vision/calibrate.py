"""Calibration: how alike a character is to itself, how alike to strangers, and what lies between.

Every picture is looked at as the gate looks at a frame, with the same models and the same parts
of it, so thresholds found here hold there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError

from ..errors import InputError
from ..gate.calibration import SUFFIXES, Calibration, Threshold
from ..gate.verdict import Box
from . import clip, colours
from .examine import Tools
from .faces import Face, Missing
from .images import to_array, to_tensor
from .regions import cut, head_of, pixels_of, square, torso_of

SMALLEST = 0.08
"""Height of the smallest face that counts, as a share of the picture's."""
MOST = 200
"""Pictures of one kind; more make the numbers no better."""


@dataclass(frozen=True, eq=False)
class _Seen:
    """A picture and what was found in it."""

    name: str
    tensor: torch.Tensor
    faces: tuple[Face, ...]

    @property
    def size(self) -> tuple[int, int]:
        height, width = self.tensor.shape[1:3]
        return width, height

    @property
    def clothes(self) -> Box | None:
        """Below the face, or else the lower middle of the picture."""
        if self.faces:
            return torso_of(self.faces[0].box, self.size)
        width, height = self.size
        return cut((width // 6, height // 2, width - width // 6, height), self.size)


def picture_folder(root: Path, name: str) -> Path:
    """A folder that a workflow names, below ``root``.

    :raises InputError: ``calibration_unusable`` if the name leads out of it.
    """
    folder = (root / name.strip()).resolve()
    if not folder.is_relative_to(root.resolve()):
        raise _unusable(f"{name!r} is not a folder below ComfyUI's input folder")
    return folder


def picture_times(folder: Path) -> list[str]:
    """A cheap fingerprint of a folder's pictures; empty if there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(f"{p.name} {p.stat().st_mtime_ns} {p.stat().st_size}" for p in folder.iterdir())


def read_pictures(folder: Path) -> dict[str, torch.Tensor]:
    """The pictures of a folder by name, in order of name; other files are left out.

    :raises InputError: ``calibration_unusable`` if there are none, too many, or one is damaged.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    except OSError as error:
        raise _unusable(f"{folder} cannot be read: {error.strerror or error}") from error
    if not 0 < len(paths) <= MOST:
        raise _unusable(f"{folder} holds {len(paths)} pictures, 1 to {MOST} can be used")
    found = {}
    for path in paths:
        try:
            with Image.open(path) as image:
                found[path.name] = to_tensor(image)
        except (OSError, UnidentifiedImageError) as error:
            raise _unusable(f"{path} is no picture that can be read") from error
    return found


def calibrate(
    references: Mapping[str, torch.Tensor],
    strangers: Mapping[str, torch.Tensor],
    tools: Tools,
    name: str,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Calibration:
    """Find the thresholds of every score the tools can measure.

    :param references: pictures of one character, two or more; the largest face of each is its.
    :param strangers: pictures of others; every face in them counts. May be empty.
    :param progress: called with (pictures looked at, pictures in all).
    :raises InputError: ``calibration_unusable`` if nothing can be calibrated.
    """
    if len(references) < 2:
        raise _unusable("two pictures of the character are needed at least, better five to fifteen")
    total = len(references) + len(strangers)
    ours, theirs = [], []
    for pictures, seen in ((references, ours), (strangers, theirs)):
        for title, tensor in pictures.items():
            seen.append(_Seen(title, tensor, _faces(tensor, tools)))
            progress(len(ours) + len(theirs), total)
    thresholds: dict[str, Threshold] = {}
    skipped: dict[str, str] = {}

    def note(score: str, pair: tuple[np.ndarray, np.ndarray] | str) -> None:
        if isinstance(pair, str):
            skipped[score] = pair
        else:
            thresholds[score] = Threshold.of(*pair, seed)

    if isinstance(tools.faces, Missing):
        skipped["face"] = tools.faces.reason
    else:
        note(f"face/{tools.faces.name}", _by_faces(ours, theirs, tools.faces.similarity))
        skipped |= {seen.name: "no face was found" for seen in ours if not seen.faces}
    note(f"costume/{colours.NAME}", _by_colours(ours, theirs))
    if tools.clip is None:
        skipped[f"identity/{clip.NAME}"] = "no CLIP vision model was given"
    else:
        for score, where in (
            ("identity", lambda seen: (0, 0, *seen.size)),
            ("costume", lambda seen: seen.clothes),
            ("face", lambda seen: head_of(seen.faces[0].box, seen.size) if seen.faces else None),
        ):
            note(f"{score}/{clip.NAME}", _by_clip(ours, theirs, tools.clip, where))
    if not thresholds:
        raise _unusable("; ".join(f"{what}: {why}" for what, why in skipped.items()))
    return Calibration(
        name=name,
        seed=seed,
        references=len(references),
        strangers=len(strangers),
        thresholds=thresholds,
        skipped=skipped,
    )


def _faces(tensor: torch.Tensor, tools: Tools) -> tuple[Face, ...]:
    if isinstance(tools.faces, Missing):
        return ()
    pixels = np.clip(to_array(tensor) * 255, 0, 255).round().astype(np.uint8)
    return tuple(tools.faces.find(pixels, SMALLEST * len(pixels)))


def _by_faces(ours: Sequence[_Seen], theirs: Sequence[_Seen], similarity: Any) -> Any:
    mine = [seen.faces[0].embedding for seen in ours if seen.faces]
    others = [face.embedding for seen in theirs for face in seen.faces]
    return _pairs(mine, others, "a face", similarity)


def _by_colours(ours: Sequence[_Seen], theirs: Sequence[_Seen]) -> Any:
    def describe(seen: _Seen) -> np.ndarray | None:
        box = seen.clothes
        return colours.describe(pixels_of(to_array(seen.tensor), box)) if box else None

    mine = [row for seen in ours if (row := describe(seen)) is not None]
    others = [row for seen in theirs if (row := describe(seen)) is not None]
    return _pairs(mine, others, "clothes", lambda a, b: a @ b.T)


def _by_clip(
    ours: Sequence[_Seen],
    theirs: Sequence[_Seen],
    model: clip.ClipVision,
    where: Callable[[_Seen], Box | None],
) -> Any:
    def embed(pictures: Sequence[_Seen]) -> list[np.ndarray]:
        rows = []
        for seen in pictures:
            box = where(seen)
            if box is None:
                continue
            whole = box == (0, 0, *seen.size)
            part = seen.tensor if whole else square(seen.tensor, box, clip.side(model))
            rows.append(clip.embed(model, [part])[0].cpu().numpy())
        return rows

    return _pairs(embed(ours), embed(theirs), "the part looked at", lambda a, b: a @ b.T)


def _pairs(
    mine: Sequence[np.ndarray], others: Sequence[np.ndarray], what: str, similarity: Any
) -> tuple[np.ndarray, np.ndarray] | str:
    """(references against each other, references against strangers), or why there are none."""
    if len(mine) < 2:
        return f"fewer than two references show {what}"
    rows = np.stack(mine)
    own = similarity(rows, rows)
    against = similarity(rows, np.stack(others)) if others else np.empty((len(rows), 0))
    if not (np.isfinite(own).all() and np.isfinite(against).all()):
        return "the model gives no numbers: it is damaged, or overflows in half precision"
    return own, against


def _unusable(reason: str) -> InputError:
    return InputError(
        "calibration_unusable",
        f"The gate cannot be calibrated: {reason}.",
        "Give one folder with pictures of the character, and one with pictures of other people.",
    )
