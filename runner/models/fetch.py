"""Bringing one file: into a ``.part`` beside its place, and into its place when it is right.

Whatever ends a fetch (a cut connection, Ctrl-C, a full disk) leaves the ``.part``, and the next
fetch goes on from there, if the source still has the same file. What turns out to be wrong is
removed, so that it is not gone on with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_exponential
from tenacity.nap import sleep_using_event

from ...storyboard.errors import RunnerError
from ...storyboard.files import write_atomically
from .folder import BLOCK, Tell, disk, hub_part_of, part_of
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
    _digest: Any = field(default_factory=hashlib.sha256, init=False)
    _done: int = field(default=0, init=False)
    _mark: str = field(default="", init=False)
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
            try:
                self._go_on()
                self._fill()
                if (fault := self._fault()) and self._pieced:
                    # The two halves may be of two files: once from the beginning.
                    self._begin()
                    self._fill()
                    fault = self._fault()
                if fault:
                    self._discard()
                    raise fault
                with self._part.open("r+b") as file:
                    os.fsync(file.fileno())
                self._part.replace(self.target)
                self._discard()
            finally:
                if self._part.exists() and not self._part.stat().st_size:
                    self._forget()
        return self._digest.hexdigest()

    def _go_on(self) -> None:
        """Take over what an earlier fetch left."""
        try:
            note = _Note.model_validate_json(self._note.read_bytes())
        except (OSError, ValidationError):
            note = _Note()
        self._mark = note.mark if note.source == self.source.shown else ""
        self._part.touch()
        self._read_over()
        self._pieced = bool(self._done)

    def _read_over(self) -> None:
        """Hash what is here."""
        self._digest, self._done = hashlib.sha256(), 0
        with self._part.open("rb") as part:
            while block := part.read(BLOCK):
                self._count(block)

    def _count(self, block: bytes, size: int | None = None) -> None:
        if self.stop.is_set():
            raise Stopped
        self._digest.update(block)
        self._done += len(block)
        self.tell(self._done, self.piece.bytes or size)

    def _begin(self) -> None:
        self._part.write_bytes(b"")
        self._digest, self._done, self._mark, self._pieced = hashlib.sha256(), 0, "", False

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
                if self.stop.is_set():
                    raise Stopped
                before = self._done
                try:
                    self._read()
                finally:
                    if self._done > before:
                        self._lively = attempt.retry_state.attempt_number

    def _hopeless(self, state: RetryCallState) -> bool:
        return state.attempt_number - self._lively >= PATIENCE

    def _read(self) -> None:
        wanted = self.piece.bytes
        if self._done and self._done == wanted:
            return
        if isinstance(self.source, Hub):
            self._download(self.source)
            return
        if not (self._mark or self._expected):
            self._begin()  # nothing would tell that the rest is of another file
        with self.source.open(self._done, self._mark) as stream:
            if wanted and stream.size not in (None, wanted):
                raise self._wrong(f"it has {stream.size} bytes, not the {wanted} published.")
            if stream.start != self._done:
                self._begin()
            self._pieced = self._pieced or bool(self._done)
            self._mark = stream.mark
            note = _Note(source=self.source.shown, mark=stream.mark)
            write_atomically(self._note, note.model_dump_json().encode())
            with self._part.open("ab") as file:
                for block in stream.blocks:
                    file.write(block)
                    self._count(block, stream.size)
                    if wanted and self._done > wanted:
                        break

    def _download(self, hub: Hub) -> None:
        """All of it, by a library that keeps what is not whole to itself."""
        kept = hub_part_of(self.target)
        whole = hub.download(kept, self.stop, lambda done: self.tell(done, self.piece.bytes))
        whole.replace(self._part)
        self._read_over()
        self._pieced = False

    def _fault(self) -> RunnerError | None:
        """What is wrong with the file that is here now."""
        wanted, got = self._expected, self._digest.hexdigest()
        if self.piece.bytes not in (None, self._done):
            return self._wrong(f"it has {self._done} bytes, not the {self.piece.bytes} published.")
        if wanted and got != wanted:
            said = "published" if self.piece.sha256 else "recorded at the first pull"
            return self._wrong(f"its sha256 is {got}, not {wanted} as {said}.")
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
