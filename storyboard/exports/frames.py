"""``frames/frame_001.png`` …: the winning takes under the names mission row S3.3 gives them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ..board import Board, Frame
from ..errors import StoreError
from ..store import write_atomically


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
    wanted = {folder / frame.file for frame in board.frames}
    for path in (folder / "frames").glob("frame_*.png"):
        if path not in wanted:
            path.unlink()
    return [frame.file for frame in board.frames]


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
