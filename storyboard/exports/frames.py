"""``frames/frame_001.png`` …: the winning takes under the names mission row S3.3 gives them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ..board import Board, Frame
from ..errors import StoreError
from ..files import PART, link_or_copy
from ..numbering import label
from .options import FormatOptions, Progress, nothing


def take_path(folder: Path, frame: Frame) -> Path:
    """Where the winning take of a frame lies."""
    return folder / "takes" / f"{frame.take}.png"


def write_frames(board: Board, folder: Path, step: Callable[[], None]) -> list[str]:
    """Give every winner its frame name; frames of an earlier, longer board are removed.

    A frame is a hard link to its take where the file system has them, else a copy.

    :param step: called after every frame.
    """
    for frame in board.frames:
        link_or_copy(_there(take_path(folder, frame)), folder / frame.file)
        step()
    frames = folder / "frames"
    if frames.is_dir():
        names = [Path(frame.file).name for frame in board.frames]
        remove_others(frames, r"frame_\d+\.png", names)
    return [frame.file for frame in board.frames]


NUMBERED = "shots"
"""Folder of the frames under their shot numbers."""
_NUMBERED = r"[A-Z]*\d[\dA-Z.]*(?:_SH\d+[A-Z\d]*)?\.png"
"""Names of frames under shot numbers of any scheme."""


class FramesOptions(FormatOptions):
    """Frames under their shot numbers have no options."""


def write_named_frames(
    board: Board, folder: Path, options: FramesOptions, progress: Progress = nothing
) -> list[str]:
    """``shots/SC01_SH010.png`` …: the frames under their printed shot numbers.

    :raises StoreError: if a take is missing, the disk is full or the folder cannot be written.
    """
    names: list[str] = []
    for frame in board.frames:
        progress(len(names), len(board.frames))
        name = f"{label(board.story, board.shot(frame))}.png"
        link_or_copy(_there(take_path(folder, frame)), folder / NUMBERED / name)
        names.append(name)
    if (folder / NUMBERED).is_dir():
        remove_others(folder / NUMBERED, _NUMBERED, names)
    return [f"{NUMBERED}/{name}" for name in names]


def _there(take: Path) -> Path:
    if not take.exists():
        raise StoreError(
            "store_damaged",
            f"{take} is missing.",
            "Run the same storyboard again: the missing take is made anew.",
        )
    return take


def remove_others(folder: Path, name: str, kept: list[str]) -> None:
    """Remove the files of an earlier, larger board, and what a crash left of them.

    :param name: regular expression of their names; other files are the user's own.
    """
    for path in list(folder.iterdir()):
        ours = re.fullmatch(rf"(?:{name})(?:{re.escape(PART)})?", path.name)
        if ours and path.name not in kept and path.is_file():
            path.unlink()
