"""From what the workflow's Export node said to a whole board folder on this disk."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...storyboard.errors import RunnerError
from ...storyboard.exports.inventory import JOURNAL
from ...storyboard.files import disk_errors, hash_of, write_atomically
from ...storyboard.frames import directions
from ..server.client import Client
from .request import FILE as REQUEST_FILE

BOARD_FILE = "board.json"
REPORT_FILE = "report.json"
FETCHED_FILE = ".fetched.json"
HERE_ONLY = (directions.FILE, REQUEST_FILE)
"""Files that commands write beside a fetched board."""
TAKES, REFERENCES, PANELS = "takes/", "references/", "panels/"
NUMBERED = ("frames/frame_[0-9]*.png", "contact_sheet_[0-9]*.png", "variations_*.png")
"""Exports of which a longer board has more."""
MINIMUM_BYTES = 64 * 2**20
"""Room that must be free before a board is begun: a few frames of the largest format."""


class Written(BaseModel):
    """What a node that writes into a board's folder puts into the outputs, ``aldar_files``."""

    model_config = ConfigDict(extra="ignore")

    folder: str
    """Subfolder of ComfyUI's output folder; ``""`` and ``"."`` are the folder itself."""
    files: list[str]
    """Paths in that folder, with ``/``."""
    sha256: dict[str, str] = {}
    """Of files that do not change, by name."""


class Exported(Written):
    """What Export puts into the outputs, under ``aldar_board``."""

    frames: int = Field(ge=0)
    flagged: int = Field(ge=0)
    complete: bool
    note: str = ""
    """What the planner says of its plan."""
    takes: list[str] = []
    """The store's files in that folder: takes, references, journal."""


class Fetched(BaseModel):
    """What was brought to a folder: ``.fetched.json`` in it."""

    model_config = ConfigDict(extra="ignore")

    folder: str = ""
    """Where it came from, below the server's output folder."""
    files: dict[str, str] = {}
    """Name -> sha256 of its bytes."""

    @classmethod
    def load(cls, folder: Path) -> Fetched:
        """The record of a folder; an empty one if there is none that can be read."""
        try:
            return cls.model_validate_json((folder / FETCHED_FILE).read_bytes())
        except (OSError, ValidationError):
            return cls()

    def save(self, folder: Path) -> None:
        """Write it atomically. :raises StoreError: if it cannot be written."""
        write_atomically(folder / FETCHED_FILE, self.model_dump_json(indent=1).encode())


@dataclass(frozen=True)
class BoardFolder:
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

    :raises AldarError: ``folder_unwritable`` or ``disk_full``.
    """
    import shutil

    with _disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
        room = shutil.disk_usage(folder).free
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
        others = [output.get("aldar_files") or [] for output in outputs.values()]
        for written in (Written.model_validate(entry) for entry in itertools.chain(*others)):
            if written.folder == board.folder:
                board.files += written.files
                board.sha256 |= written.sha256
    except (AttributeError, LookupError, TypeError, ValidationError) as error:
        raise _incomplete("it ended without exporting a board") from error
    if not board.complete:
        raise _incomplete(f"only {board.frames} frames were finished")
    return board


def local(board: Exported, output: Path) -> BoardFolder:
    """The board in the output folder of a ComfyUI of this disk.

    :raises RunnerError: ``board_incomplete`` if a file is missing.
    """
    folder = output / _inside(board.folder)
    missing = [name for name in board.files if not (folder / _inside(name)).is_file()]
    if missing or BOARD_FILE not in board.files:
        raise _incomplete(f"{', '.join(missing[:5]) or BOARD_FILE} is missing in {folder}")
    return BoardFolder(folder, board.frames, board.flagged)


def fetch(board: Exported, client: Client, folder: Path) -> BoardFolder:
    """Bring the board with its takes from a server to ``folder``; ``board.json`` comes last.

    Files that are here already are not brought again, and what an earlier fetch brought and the
    board no longer has is removed, unless it is a take or was changed since.

    :raises RunnerError: ``board_incomplete``, ``server_unreachable`` or ``server_refused``.
    :raises StoreError: ``disk_full`` or ``folder_unwritable``.
    """
    if BOARD_FILE not in board.files:
        raise _incomplete(f"the server lists no {BOARD_FILE}")
    names = [*board.takes, *(name for name in board.files if name != BOARD_FILE), BOARD_FILE]
    paths = {_own(name).as_posix(): board.sha256.get(name, "") for name in names}
    source = _inside(board.folder)
    with _disk_errors(folder):
        before = _brought(folder)
        Fetched(folder=board.folder, files=before | paths).save(folder)
        (folder / BOARD_FILE).unlink(missing_ok=True)
        now: dict[str, str] = {}
        for name, wanted in paths.items():
            if name == BOARD_FILE:
                _remove_stale(folder, before, paths)
            now[name] = _bring(client, source, folder, name, wanted, now)
        Fetched(folder=board.folder, files=now).save(folder)
    return BoardFolder(folder, board.frames, board.flagged)


def restore(folder: Path, client: Client) -> None:
    """Bring again what an earlier fetch brought of the store and is not here any more.

    :raises AldarError: as :func:`fetch`.
    """
    record = Fetched.load(folder)
    with _disk_errors(folder):
        for name in lacking(folder):
            wanted = "" if name == JOURNAL else record.files[name]
            _bring(client, _inside(record.folder), folder, name, wanted, {})


def lacking(folder: Path) -> list[str]:
    """Files of the store that an earlier fetch brought and that are not here any more."""
    names = Fetched.load(folder).files
    kept = [name for name in names if name == JOURNAL or name.startswith(TAKES)]
    return [name for name in kept if not (folder / _own(name)).is_file()]


def _bring(
    client: Client,
    source: PurePosixPath,
    folder: Path,
    name: str,
    wanted: str,
    here: Mapping[str, str],
) -> str:
    """Bring one file unless its bytes are here already; returns its sha256.

    :param wanted: its sha256, if it is known.
    :param here: files that were just brought: a frame is one of the takes.
    """
    path = PurePosixPath(name)
    target = folder / path
    if wanted and target.is_file() and hash_of(target) == wanted:
        return wanted
    target.parent.mkdir(parents=True, exist_ok=True)
    twin = next((name for name, digest in here.items() if digest == wanted), "")
    if wanted and twin:
        write_atomically(target, (folder / twin).read_bytes())
        return wanted
    parent = source / path.parent
    below = "" if parent == PurePosixPath() else str(parent)
    client.download(path.name, below, target, wanted)
    return wanted or hash_of(target)


def _brought(folder: Path) -> dict[str, str]:
    """What an earlier fetch brought, name -> sha256; from an earlier version, which kept no
    record, the frames and sheets beside its ``board.json``."""
    if (folder / FETCHED_FILE).exists() or not (folder / BOARD_FILE).exists():
        return Fetched.load(folder).files
    paths = [path for pattern in NUMBERED for path in folder.glob(pattern)]
    return {path.relative_to(folder).as_posix(): hash_of(path) for path in paths}


def _remove_stale(folder: Path, before: Mapping[str, str], now: Collection[str]) -> None:
    for name, digest in before.items():
        path = folder / _own(name)
        kept = name in now or name == JOURNAL or name.startswith((TAKES, REFERENCES, PANELS))
        if not kept and path.is_file() and hash_of(path) == digest:
            path.unlink()


def _own(name: str) -> PurePosixPath:
    """A file of the board, as :func:`_inside`, but none that is written only here."""
    path = _inside(name)
    if path.name in HERE_ONLY or any(part.startswith(".") for part in path.parts) or not path.name:
        raise _strange(name)
    return path


def _inside(name: str) -> PurePosixPath:
    """A relative path that stays where it is joined to; the server's word is not trusted."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name:
        raise _strange(name)
    return path


def _strange(name: str) -> RunnerError:
    return RunnerError(
        "board_incomplete",
        f"The server names a file outside the board's folder: {name!r}.",
        "Do not use this server.",
    )


def _incomplete(reason: str) -> RunnerError:
    return RunnerError(
        "board_incomplete",
        f"The run made no whole board: {reason}.",
        "Frames accepted so far are kept: the same command goes on from there.",
    )


def _disk_errors(folder: Path) -> AbstractContextManager[None]:
    return disk_errors(
        folder,
        room="Free some space, or give another folder with --out.",
        access="Give a folder you can write with --out.",
    )
