"""``frames/frame_001.png`` …: the winning takes under the names mission row S3.3 gives them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from ..board import Board, Frame
from ..errors import StoreError
from ..frames.store import write_atomically


def take_path(folder: Path, frame: Frame) -> Path:
    """Where the winning take of a frame lies."""
    return folder / "takes" / f"{frame.take}.png"


def write_frames(board: Board, folder: Path, step: Callable[[], None]) -> list[str]:
    """Give every winner its frame name; frames of an earlier, longer board are removed.

    A frame is a hard link to its take where the file system has them, else a copy.

    :param step: called after every frame.
    """
    for frame in board.frames:
        _link(take_path(folder, frame), folder / frame.file)
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
        ours = re.fullmatch(rf"(?:{name})(?:\.part)?", path.name)
        if ours and path.name not in kept and path.is_file():
            path.unlink()


def _link(source: Path, target: Path) -> None:
    if not source.exists():
        raise StoreError(
            "store_damaged",
            f"{source} is missing.",
            "Run the same storyboard again: the missing take is made anew.",
        )
    if target.exists() and target.samefile(source):
        return
    target.parent.mkdir(exist_ok=True)
    temporary = target.with_name(target.name + ".part")
    temporary.unlink(missing_ok=True)
    try:
        os.link(source, temporary)
        os.replace(temporary, target)
    except OSError:  # no hard links here
        write_atomically(target, source.read_bytes())
