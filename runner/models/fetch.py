"""Bringing one file: into a ``.part`` beside its place, and into its place when it is right.

Whatever ends a fetch (a cut connection, Ctrl-C, a full disk) leaves the ``.part``, and the next
fetch goes on from there, if the source still has the same file. What turns out to be wrong is
removed, so that it is not gone on with.
"""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import BaseModel, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_exponential
from tenacity.nap import sleep_using_event

from ...storyboard.errors import RunnerError
from ...storyboard.files import hash_of, write_atomically
from .folder import Tell, disk, hub_part_of, part_of
from .hub import Hub
from .inspect import examine
from .manifest import Piece
from .sources import Source
from .streams import SourceError, Stopped

PATIENCE = 5
"""Tries in a row that bring nothing before a source is given up."""


class _Note(BaseModel):
    """What a ``.part`` is a part of."""

    source: str = ""
    mark: str = ""


@dataclass
class Fetch:
    """One file from one source."""

    piece: Piece
    target: Path
    source: Source
    recorded: str | None
    """The hash an earlier pull recorded, for a file whose publisher states none."""
    stop: threading.Event
    """Set by somebody else, it ends the fetch."""
    tell: Tell
    pause: float
    """Seconds before the second try; they double with every further one."""
    _mark: str = field(default="", init=False)
    """The version of the file that is here in part, as its source names it."""
    _pieced: bool = field(default=False, init=False)
    """Whether the bytes that are here came in more than one go."""
    _lively: int = field(default=0, init=False)
    """The last try that brought something."""

    def __post_init__(self) -> None:
        self._part = part_of(self.target)
        self._note = self._part.with_name(self._part.name + ".json")
        self._expected = self.piece.sha256 or self.recorded

    def run(self) -> str:
        """Bring the file into its place; return its sha256.

        :raises SourceError: if the source does not give it.
        :raises RunnerError: ``model_wrong``.
        :raises StoreError: ``disk_full`` or ``folder_unwritable``.
        :raises Stopped: if it was to end.
        """
        with disk(self.piece.path, self.target.parent):
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._go_on()
            try:
                sha256, fault = self._filled()
                if fault and self._pieced:
                    # The two halves may be of two files: once from the beginning.
                    self._begin()
                    sha256, fault = self._filled()
                if not fault:
                    self._part.replace(self.target)
                self._discard()
            finally:
                if self._part.exists() and not self._here():
                    self._forget()
        if fault:
            raise fault
        return sha256

    def _go_on(self) -> None:
        """Take over what an earlier fetch left."""
        try:
            note = _Note.model_validate_json(self._note.read_bytes())
        except (OSError, ValidationError):
            note = _Note()
        self._mark = note.mark if note.source == self.source.shown else ""
        self._part.touch()
        self._pieced = bool(self._here())

    def _here(self) -> int:
        """Bytes that are here."""
        return self._part.stat().st_size

    def _begin(self) -> None:
        self._part.write_bytes(b"")
        self._mark, self._pieced = "", False

    def _go(self, done: int, size: int | None = None) -> None:
        """Tell how far it is, and end here if it is to end."""
        if self.stop.is_set():
            raise Stopped
        self.tell(done, self.piece.bytes or size)

    def _filled(self) -> tuple[str, RunnerError | None]:
        """Bring all of it; return its sha256, and what is wrong with it."""
        self._fill()
        with self._part.open("r+b") as file:
            os.fsync(file.fileno())
        sha256 = hash_of(self._part, self._go)
        return sha256, self._fault(sha256)

    def _fill(self) -> None:
        """Read until all of it is here; a broken connection is taken up again."""
        retrying = Retrying(
            sleep=sleep_using_event(self.stop),
            wait=wait_exponential(multiplier=self.pause, max=30.0),
            stop=self._hopeless,
            retry=retry_if_exception(
                lambda error: isinstance(error, SourceError) and error.passing
            ),
            reraise=True,
        )
        for attempt in retrying:
            with attempt:
                before = self._here()
                self._go(before)
                try:
                    self._read()
                finally:
                    if self._here() > before:
                        self._lively = attempt.retry_state.attempt_number

    def _hopeless(self, state: RetryCallState) -> bool:
        return state.attempt_number - self._lively >= PATIENCE

    def _read(self) -> None:
        wanted, done = self.piece.bytes, self._here()
        if done and done == wanted:
            return
        if isinstance(self.source, Hub):  # its library keeps what is not whole to itself
            self.source.download(hub_part_of(self.target), self._go).replace(self._part)
            self._pieced = False
            return
        if done and not (self._mark or self._expected):
            self._begin()  # nothing would tell that the rest is of another file
            done = 0
        with self.source.open(done, self._mark) as stream:
            if wanted and stream.size not in (None, wanted):
                raise self._wrong(f"it has {stream.size} bytes, not the {wanted} published.")
            if stream.start != done:
                self._begin()
                done = 0
            self._pieced = self._pieced or bool(done)
            self._mark = stream.mark
            note = _Note(source=self.source.shown, mark=stream.mark)
            write_atomically(self._note, note.model_dump_json().encode())
            with self._part.open("ab") as file:
                for block in stream.blocks:
                    done += file.write(block)
                    self._go(done, stream.size)
                    if wanted and done > wanted:
                        break

    def _fault(self, sha256: str) -> RunnerError | None:
        """What is wrong with the file that is here now."""
        size, wanted = self._here(), self._expected
        if self.piece.bytes not in (None, size):
            return self._wrong(f"it has {size} bytes, not the {self.piece.bytes} published.")
        if wanted and sha256 != wanted:
            said = "published" if self.piece.sha256 else "recorded at the first pull"
            return self._wrong(f"its sha256 is {sha256}, not {wanted} as {said}.")
        if not wanted:
            looked = replace(examine(self._part, self.target.suffix), path=self.target)
            return self._wrong(looked.unfit()) if looked.unfit() else None
        return None

    def _wrong(self, reason: str) -> RunnerError:
        return RunnerError(
            "model_wrong",
            f"{self.piece.path} is not what it should be at {self.source.shown}: {reason}",
            "What was fetched is removed. If it stays so, look at the model's page ('aldar models "
            "list --json' names it), or give a copy you trust with --from."
            + ("" if self.piece.sha256 else " If its owner has renewed it, --force takes it."),
        )

    def _forget(self) -> None:
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _discard(self) -> None:
        self._forget()
        shutil.rmtree(hub_part_of(self.target), ignore_errors=True)
