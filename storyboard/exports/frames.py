"""``frames/frame_001.png`` …: the winning takes under the names mission row S3.3 gives them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ..board import Board, Frame
from ..errors import StoreError
from ..files import PART, link_or_copy


def take_path(folder: Path, frame: Frame) -> Path:
    """Where the winning take of a frame lies."""
    return folder / "takes" / f"{frame.take}.png"


def write_frames(board: Board, folder: Path, step: Callable[[], None]) -> list[str]:
    """Give every winner its frame name; frames of an earlier, longer board are removed.

    A frame is a hard link to its take where the file system has them, else a copy.

    :param step: called after every frame.
    """
    for frame in board.frames:
        take = take_path(folder, frame)
        if not take.exists():
            raise StoreError(
                "store_damaged",
                f"{take} is missing.",
                "Run the same storyboard again: the missing take is made anew.",
            )
        link_or_copy(take, folder / frame.file)
        step()
    frames = folder / "frames"
    if frames.is_dir():
        names = [Path(frame.file).name for frame in board.frames]
        remove_others(frames, r"frame_\d+\.png", names)
    return [frame.file for frame in board.frames]


def remove_others(folder: Path, name: str, kept: list[str]) -> None:
    """Remove the files of an earlier, larger board, and what a crash left of them.

    :param name: regular expression of their names; other files are the user's own.
    """
    for path in list(folder.iterdir()):
        ours = re.fullmatch(rf"(?:{name})(?:{re.escape(PART)})?", path.name)
        if ours and path.name not in kept and path.is_file():
            path.unlink()
