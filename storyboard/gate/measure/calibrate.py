"""Calibration: how alike a character is to itself, how alike to strangers, and what lies between.

Every picture is looked at as the gate looks at a frame, with the same models and the same parts
of it, so thresholds found here hold there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...errors import InputError
from ...pictures import open_picture, picture_files
from ...tensors.images import to_array, to_tensor
from ..calibration import Calibration, Threshold
from . import clip, colours
from .examine import Tools
from .faces import Face, Missing
from .regions import cut, head_of, pixels_of, square, torso_of

SMALLEST = 0.08
"""Height of the smallest face that counts, as a share of the picture's."""
MOST = 200
"""Pictures of one kind; more make the numbers no better."""


@dataclass(frozen=True, eq=False)
class _Seen:
    """What was found in a picture; the picture itself is not kept."""

    name: str
    faces: tuple[Face, ...]
    colours: np.ndarray | None
    """Descriptor of the clothes; ``None`` if the picture ends above them."""
    parts: Mapping[str, np.ndarray]
    """Score -> CLIP embedding [d] of what that score looks at."""


class Pictures(Mapping[str, torch.Tensor]):
    """Picture files by name; each is read when it is asked for, and not kept."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = {path.name: path for path in paths}

    def __getitem__(self, name: str) -> torch.Tensor:
        """IMAGE [1, H, W, 3]. :raises InputError: ``picture_unusable``."""
        return to_tensor(open_picture(self._paths[name]).image)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


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


def read_pictures(folder: Path) -> Pictures:
    """The pictures of a folder by name, in order of name; other files are left out.

    :raises InputError: ``calibration_unusable`` if there are none, or too many.
    """
    try:
        paths = picture_files(folder)
    except OSError as error:
        raise _unusable(f"{folder} cannot be read: {error.strerror or error}") from error
    if not 0 < len(paths) <= MOST:
        raise _unusable(f"{folder} holds {len(paths)} pictures, 1 to {MOST} can be used")
    return Pictures(paths)


def calibrate(
    references: Mapping[str, torch.Tensor],
    strangers: Mapping[str, torch.Tensor],
    tools: Tools,
    name: str,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Calibration:
    """Find the thresholds of every score the tools can measure.

    Pictures are looked at one by one. One that cannot be read is left out, and said.

    :param references: pictures of one character, two or more; the largest face of each is its.
    :param strangers: pictures of others; every face in them counts. May be empty.
    :param progress: called with (pictures looked at, pictures in all).
    :raises InputError: ``calibration_unusable`` if nothing can be calibrated.
    """
    total = len(references) + len(strangers)
    ours, theirs, broken = [], [], {}
    for pictures, seen in ((references, ours), (strangers, theirs)):
        for title in pictures:
            try:
                seen.append(_look(title, pictures[title], tools))
            except InputError as error:
                broken[title] = error.message.rstrip(".")
            progress(len(ours) + len(theirs) + len(broken), total)
    if len(ours) < 2:
        few = "two pictures of the character are needed at least, better five to fifteen"
        raise _unusable("; ".join([few, *broken.values()]))
    if strangers and not theirs:
        raise _unusable("; ".join(broken.values()))
    thresholds: dict[str, Threshold] = {}
    skipped: dict[str, str] = {title: f"left out: {why}" for title, why in broken.items()}

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
        for score in ("identity", "costume", "face"):
            note(f"{score}/{clip.NAME}", _by_clip(ours, theirs, score))
    if not thresholds:
        raise _unusable("; ".join(f"{picture}: {why}" for picture, why in skipped.items()))
    return Calibration(
        name=name,
        seed=seed,
        references=len(ours),
        strangers=len(theirs),
        thresholds=thresholds,
        skipped=skipped,
    )


def _look(name: str, tensor: torch.Tensor, tools: Tools) -> _Seen:
    """Everything that is compared of a picture, IMAGE [1, H, W, 3]."""
    height, width = tensor.shape[1:3]
    size, faces = (width, height), _faces(tensor, tools)
    if faces:
        clothes = torso_of(faces[0].box, size)
    else:  # the lower middle of the picture
        clothes = cut((width // 6, height // 2, width - width // 6, height), size)
    colour = colours.describe(pixels_of(to_array(tensor), clothes)) if clothes else None
    parts = {}
    if tools.clip is not None:
        head = head_of(faces[0].box, size) if faces else None
        cuts = {
            score: square(tensor, box, clip.side(tools.clip))
            for score, box in (("costume", clothes), ("face", head))
            if box is not None
        }
        for score, picture in {"identity": tensor, **cuts}.items():
            parts[score] = clip.embed(tools.clip, [picture])[0].cpu().numpy()
    return _Seen(name, faces, colour, parts)


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
    mine = [seen.colours for seen in ours if seen.colours is not None]
    others = [seen.colours for seen in theirs if seen.colours is not None]
    return _pairs(mine, others, "clothes", lambda a, b: a @ b.T)


def _by_clip(ours: Sequence[_Seen], theirs: Sequence[_Seen], score: str) -> Any:
    mine = [seen.parts[score] for seen in ours if score in seen.parts]
    others = [seen.parts[score] for seen in theirs if score in seen.parts]
    return _pairs(mine, others, "the part looked at", lambda a, b: a @ b.T)


def _pairs(
    mine: Sequence[np.ndarray], others: Sequence[np.ndarray], part: str, similarity: Any
) -> tuple[np.ndarray, np.ndarray] | str:
    """(references against each other, references against strangers), or why there are none."""
    if len(mine) < 2:
        return f"fewer than two references show {part}"
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
