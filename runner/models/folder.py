"""ComfyUI's models folder, and the record of what was pulled into it.

The record, ``aldar-models.lock.json``, keeps the hash of every file that was pulled or checked. For
a file whose publisher states no hash it is what later ones are measured by.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import filelock
from pydantic import BaseModel, ConfigDict, ValidationError

from ...storyboard.errors import InputError, RunnerError
from ...storyboard.files import PART, disk_errors, hash_of, write_atomically
from ..server import comfyui
from .inspect import examine
from .manifest import ModelFile, Piece

RECORD = "aldar-models.lock.json"
LOCK = ".aldar-models.lock"
BLOCK = 2**20
"""Bytes read, hashed and written at once."""

State = Literal["there", "begun", "other size", "missing"]
Verdict = Literal["fine", "wrong", "unrecorded", "missing"]
Tell = Callable[[int, int | None], None]
"""Told how many bytes are done, and of how many, now and then."""


class View(Protocol):
    """Shows what goes on; used by several threads at once."""

    def working(self, task: str, /) -> AbstractContextManager[Tell]:
        """A file is worked on: 'Fetching …', 'Checking …'."""
        ...


class Entry(BaseModel):
    """What is known of one file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str
    bytes: int
    changed: int
    """When the file was last changed, in nanoseconds: as long as it stays so, it need not be
    hashed again before a pull."""
    source: str = ""
    """Where it came from, without keys; nothing if it was there before."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")

    files: dict[str, Entry] = {}


class ModelsFolder:
    """A models folder.

    :raises InputError: ``option_invalid`` if it is a file.
    :raises RunnerError: ``records_damaged`` if its record cannot be read.
    """

    def __init__(self, path: Path) -> None:
        if path.exists() and not path.is_dir():
            raise InputError("option_invalid", f"{path} is no folder.", "Give a folder.")
        self.path = path
        self._record = _read(path / RECORD)
        self._writing = threading.Lock()

    def place(self, piece: Piece) -> Path:
        """Where a file belongs."""
        return self.path / piece.path

    def state(self, file: ModelFile) -> State:
        """What is there of a file, by a look at names and sizes."""
        sizes = [_size(self.place(piece)) for piece in file.pieces]
        if None not in sizes:
            wanted = [piece.bytes for piece in file.pieces]
            same = all(want in (None, size) for want, size in zip(wanted, sizes))
            return "there" if same else "other size"
        return "missing" if begun(self.path / file.path) is None else "begun"

    def expected(self, piece: Piece) -> str | None:
        """The hash a file must have: as published, else as recorded, else unknown."""
        entry = self._record.files.get(piece.path)
        return piece.sha256 or (entry.sha256 if entry else None)

    def known(self, piece: Piece) -> bool:
        """Whether a file was found right before and has not been changed since."""
        entry = self._record.files.get(piece.path)
        if entry is None or piece.sha256 not in (None, entry.sha256):
            return False
        try:
            status = self.place(piece).stat()
        except OSError:
            return False
        return (status.st_size, status.st_mtime_ns) == (entry.bytes, entry.changed)

    def record(self, piece: Piece, sha256: str, source: str) -> None:
        """Remember the hash of a file that is in its place.

        :raises StoreError: ``disk_full`` or ``folder_unwritable``.
        """
        status = self.place(piece).stat()
        entry = Entry(
            sha256=sha256, bytes=status.st_size, changed=status.st_mtime_ns, source=source
        )
        with self._writing:
            files = self._record.files | {piece.path: entry}
            record = _Record(files=dict(sorted(files.items())))
            write_atomically(self.path / RECORD, record.model_dump_json(indent=2).encode())
            self._record = record

    def check(self, file: ModelFile, piece: Piece, tell: Tell = lambda done, of: None) -> Check:
        """Read a file from end to end and say what it is."""
        path = self.place(piece)
        if not path.is_file():
            return Check(piece, "missing")
        expected = self.expected(piece)
        try:
            sha256 = hash_of(path, tell)
            unfit = "" if piece.sha256 else examine(path).unfit(file.base)
        except OSError as error:
            return Check(piece, "wrong", "", f"it cannot be read: {error.strerror}")
        if expected is not None and sha256 != expected:
            said = "published" if piece.sha256 else "recorded"
            return Check(piece, "wrong", sha256, f"its sha256 is not the one {said}: {expected}")
        if unfit:
            return Check(piece, "wrong", sha256, unfit.removesuffix("."))
        return Check(piece, "fine" if expected else "unrecorded", sha256)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for ourselves; it is made if it is not there.

        :raises RunnerError: ``models_locked`` if another pull holds it.
        :raises StoreError: ``folder_unwritable``.
        """
        lock = filelock.FileLock(self.path / LOCK)
        with disk(LOCK, self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                raise RunnerError(
                    "models_locked",
                    f"Another pull is working on {self.path}.",
                    "Wait until it has ended, then run the same command again.",
                ) from None
        try:
            yield
        finally:
            lock.release()


@dataclass(frozen=True)
class Check:
    """What came out of checking one file."""

    piece: Piece
    verdict: Verdict
    sha256: str = ""
    reason: str = ""
    """Why it is wrong."""

    def as_dict(self) -> dict[str, str]:
        """What ``aldar models verify --json`` says of it."""
        return {
            "path": self.piece.path,
            "verdict": self.verdict,
            "sha256": self.sha256,
            "reason": self.reason,
        }


def find(models: Path | None) -> ModelsFolder:
    """The folder given, else that of the ComfyUI that the other commands use.

    :raises RunnerError: ``comfyui_missing`` if there is none, ``records_damaged``.
    """
    if models is None:
        return ModelsFolder(comfyui.find().base / "models")
    return ModelsFolder(Path(os.path.expanduser(models)))  # "~nobody" stays as it is


def verify(files: Sequence[ModelFile], folder: ModelsFolder, view: View) -> list[Check]:
    """Check these files, one after the other: a disk does not read faster at two places."""
    checks = []
    for file in files:
        for piece in file.pieces:
            if not folder.place(piece).is_file():
                checks.append(Check(piece, "missing"))
                continue
            with view.working(f"Checking {piece.path}") as tell:
                checks.append(folder.check(file, piece, tell))
    return checks


def part_of(target: Path) -> Path:
    """Where a file lies while it is fetched: ComfyUI does not list that ending."""
    return target.with_name(target.name + PART)


def hub_part_of(target: Path) -> Path:
    """The folder in which the library of Hugging Face fetches a file."""
    return target.with_name(f"{target.name}{PART}.hub")


def begun(target: Path) -> int | None:
    """Bytes that an unfinished fetch left of a file; ``None`` if there was none."""
    paths = (part_of(target), *hub_part_of(target).rglob("*"))
    sizes = [size for path in paths if (size := _size(path)) is not None]
    return sum(sizes) if sizes else None


def disk(path: str, folder: Path) -> AbstractContextManager[None]:
    """Tell what the disk refuses inside: see :func:`.disk_errors`."""
    room = "Free some space, then run the same command again: it goes on from there."
    return disk_errors(folder, path, room, "Check the folder's permissions, or give --models.")


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def _read(path: Path) -> _Record:
    try:
        return _Record.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return _Record()
    except (OSError, ValidationError) as error:
        raise RunnerError(
            "records_damaged",
            f"The record of what was pulled, {path}, cannot be read: {type(error).__name__}.",
            "Restore it from a backup, or remove it: files without a published hash are then "
            "recorded anew at the next pull.",
        ) from error
