"""From what the workflow's Export node said to a whole board folder on this disk."""

from __future__ import annotations

import errno
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..storyboard.errors import RunnerError
from .client import Client

BOARD_FILE = "board.json"
REPORT_FILE = "report.json"
MINIMUM_BYTES = 64 * 2**20
"""Room that must be free before a board is begun: a few frames of the largest format."""


class Exported(BaseModel):
    """What Export puts into the prompt's outputs under ``aldar_board``."""

    model_config = ConfigDict(extra="ignore")

    folder: str
    """Subfolder of ComfyUI's output folder; ``""`` and ``"."`` are the folder itself."""
    files: list[str]
    """Paths in that folder, with ``/``."""
    frames: int = Field(ge=0)
    flagged: int = Field(ge=0)
    complete: bool


@dataclass(frozen=True)
class Board:
    """A whole board on this disk."""

    folder: Path
    frames: int
    flagged: int
    """Frames whose best take did not pass the gate."""

    @property
    def report(self) -> Path:
        return self.folder / REPORT_FILE

    @property
    def contact_sheet(self) -> Path:
        return self.folder / "contact_sheet.png"


def prepare(folder: Path) -> Path:
    """Make the board's folder and see that it takes files; return its real path.

    :raises RunnerError: ``folder_unwritable`` or ``disk_full``.
    """
    import shutil

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
        room = shutil.disk_usage(folder).free
    except OSError as error:
        raise _disk_error(folder, error) from error
    if room < MINIMUM_BYTES:
        raise RunnerError(
            "disk_full",
            f"Only {room // 2**20} MB are free at {folder}.",
            f"Free at least {MINIMUM_BYTES // 2**20} MB, or give another folder with --out.",
        )
    return folder.resolve()


def exported(outputs: dict[str, Any], node_id: str) -> Exported:
    """The board an ended run made.

    :param outputs: outputs of the run by node id, from the history.
    :param node_id: the Export node.
    :raises RunnerError: ``board_incomplete`` if there is none or if it is not whole.
    """
    try:
        board = Exported.model_validate(outputs[node_id]["aldar_board"][0])
    except (KeyError, IndexError, TypeError, ValidationError) as error:
        raise _incomplete("it ended without exporting a board") from error
    if not board.complete:
        raise _incomplete(f"only {board.frames} frames were finished")
    return board


def local(board: Exported, output: Path) -> Board:
    """The board in the output folder of a ComfyUI of this disk.

    :raises RunnerError: ``board_incomplete`` if a file is missing.
    """
    folder = output / _inside(board.folder)
    missing = [name for name in board.files if not (folder / _inside(name)).is_file()]
    if missing or BOARD_FILE not in board.files:
        raise _incomplete(f"{', '.join(missing[:5]) or BOARD_FILE} is missing in {folder}")
    return Board(folder, board.frames, board.flagged)


def fetch(board: Exported, client: Client, folder: Path) -> Board:
    """Bring the board from a server to ``folder``; ``board.json`` comes last.

    :raises RunnerError: ``board_incomplete``, ``disk_full``, ``folder_unwritable`` or
        ``server_unreachable``.
    """
    if BOARD_FILE not in board.files:
        raise _incomplete(f"the server lists no {BOARD_FILE}")
    source = _inside(board.folder)
    try:
        (folder / BOARD_FILE).unlink(missing_ok=True)
        for name in sorted(board.files, key=lambda name: name == BOARD_FILE):
            path = _inside(name)
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            parent = source / path.parent
            client.download(path.name, "" if parent == PurePosixPath() else str(parent), target)
    except OSError as error:
        raise _disk_error(folder, error) from error
    return Board(folder, board.frames, board.flagged)


def _inside(name: str) -> PurePosixPath:
    """A relative path that stays where it is joined to; the server's word is not trusted."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name:
        raise RunnerError(
            "board_incomplete",
            f"The server names a file outside the board's folder: {name!r}.",
            "Do not use this server.",
        )
    return path


def _incomplete(reason: str) -> RunnerError:
    return RunnerError(
        "board_incomplete",
        f"The run made no whole board: {reason}.",
        "Frames accepted so far are kept: the same command goes on from there.",
    )


def _disk_error(folder: Path, error: OSError) -> RunnerError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RunnerError(
            "disk_full",
            f"The disk has no room left at {folder}.",
            "Free some space, or give another folder with --out.",
        )
    return RunnerError(
        "folder_unwritable",
        f"The folder {folder} cannot be written: {error.strerror or error}.",
        "Give a folder you can write with --out.",
    )
