"""Bringing one file: into a ``.part`` beside its place, and into its place when it is right.

Whatever ends a fetch (a cut connection, Ctrl-C, a full disk) leaves the ``.part``, and the next
fetch goes on from there, if the source still has the same file. What turns out to be wrong is
removed, so that it is not gone on with.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_exponential
from tenacity.nap import sleep_using_event

from ...storyboard.errors import RunnerError
from .folder import BLOCK, Tell, part_of, unwritten, write_safely
from .inspect import examine
from .manifest import Piece
from .streams import Source, SourceError

PATIENCE = 5
"""Tries in a row that bring nothing before a source is given up."""


class Stopped(Exception):
    """The pull is to end; what is here stays."""


class _Note(BaseModel):
    """What a ``.part`` is a part of."""

    source: str
    mark: str


class Fetch:
    """One file from one source.

    :param recorded: the hash an earlier pull recorded, for a file whose publisher states none.
    :param stop: set by somebody else, it ends the fetch.
    :param pause: seconds before the second try; it doubles with every further one.
    """

    def __init__(
        self,
        piece: Piece,
        target: Path,
        source: Source,
        recorded: str | None,
        stop: threading.Event,
        tell: Tell,
        pause: float,
    ) -> None:
        self._piece = piece
        self._target = target
        self._part = part_of(target)
        self._note = self._part.with_name(self._part.name + ".json")
        self._source = source
        self._expected = piece.sha256 or recorded
        self._stop = stop
        self._tell = tell
        self._pause = pause
        self._digest = hashlib.sha256()
        self._done = 0
        self._mark = ""
        self._pieced = False
        """Whether the bytes that are here came in more than one go."""
        self._lively = 0
        """The last try that brought something."""

    def run(self) -> str:
        """Bring the file into its place; return its sha256.

        :raises SourceError: if the source does not give it.
        :raises RunnerError: ``model_wrong``, ``disk_full``, ``folder_unwritable``.
        :raises Stopped: if it was to end.
        """
        try:
            self._target.parent.mkdir(parents=True, exist_ok=True)
            with self._part.open("ab") as file:
                self._go_on()
                self._fill(file)
                if (fault := self._fault()) and self._pieced:
                    # The two halves may be of two files: once from the beginning.
                    self._begin(file)
                    self._fill(file)
                    fault = self._fault()
                os.fsync(file.fileno())
            if fault:
                self._discard()
                raise fault
            self._part.replace(self._target)
            self._note.unlink(missing_ok=True)
        except OSError as error:
            raise unwritten(self._piece.path, self._target.parent, error) from error
        finally:
            if self._part.exists() and not self._part.stat().st_size:
                self._discard()
        return self._digest.hexdigest()

    def _go_on(self) -> None:
        """Take over what an earlier fetch left."""
        try:
            note = _Note.model_validate_json(self._note.read_bytes())
            self._mark = note.mark if note.source == self._source.shown else ""
        except (OSError, ValidationError):
            self._mark = ""
        with self._part.open("rb") as part:
            while block := part.read(BLOCK):
                self._alive()
                self._digest.update(block)
                self._done += len(block)
                self._tell(self._done, self._piece.bytes)
        self._pieced = bool(self._done)

    def _begin(self, file: BinaryIO) -> None:
        file.truncate(0)
        self._digest, self._done, self._mark, self._pieced = hashlib.sha256(), 0, "", False

    def _fill(self, file: BinaryIO) -> None:
        """Read until all of it is here; a broken connection is taken up again."""
        retrying = Retrying(
            sleep=sleep_using_event(self._stop),
            wait=wait_exponential(multiplier=self._pause, max=30.0),
            stop=self._hopeless,
            retry=retry_if_exception(
                lambda error: isinstance(error, SourceError) and error.passing
            ),
            reraise=True,
        )
        for attempt in retrying:
            with attempt:
                self._alive()
                before = self._done
                try:
                    self._read(file)
                finally:
                    file.flush()
                    if self._done > before:
                        self._lively = attempt.retry_state.attempt_number

    def _hopeless(self, state: RetryCallState) -> bool:
        return state.attempt_number - self._lively >= PATIENCE

    def _read(self, file: BinaryIO) -> None:
        wanted = self._piece.bytes
        if self._done and self._done == wanted:
            return
        if not (self._mark or self._expected):
            self._begin(file)  # nothing would tell that the rest is of another file
        with self._source.open(self._done, self._mark) as stream:
            if wanted and stream.size not in (None, wanted):
                raise self._wrong(f"it has {stream.size} bytes, not the {wanted} published.")
            if stream.start != self._done:
                self._begin(file)
            self._pieced = self._pieced or bool(self._done)
            self._mark = stream.mark
            note = _Note(source=self._source.shown, mark=stream.mark)
            write_safely(self._note, note.model_dump_json().encode())
            for block in stream.blocks:
                self._alive()
                file.write(block)
                self._digest.update(block)
                self._done += len(block)
                self._tell(self._done, wanted or stream.size)
                if wanted and self._done > wanted:
                    break

    def _fault(self) -> RunnerError | None:
        """What is wrong with the file that is here now."""
        wanted, got = self._expected, self._digest.hexdigest()
        if self._piece.bytes not in (None, self._done):
            return self._wrong(f"it has {self._done} bytes, not the {self._piece.bytes} published.")
        if wanted and got != wanted:
            said = "published" if self._piece.sha256 else "recorded at the first pull"
            return self._wrong(f"its sha256 is {got}, not {wanted} as {said}.")
        if not wanted:
            found = replace(examine(self._part, self._target.suffix), path=self._target)
            return self._wrong(found.unfit()) if found.unfit() else None
        return None

    def _wrong(self, what: str) -> RunnerError:
        return RunnerError(
            "model_wrong",
            f"{self._piece.path} is not what it should be at {self._source.shown}: {what}",
            "What was fetched is removed. If it stays so, look at the model's page ('aldar models "
            "list --json' names it), or give a copy you trust with --from."
            + ("" if self._piece.sha256 else " If its owner has renewed it, --force takes it."),
        )

    def _discard(self) -> None:
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _alive(self) -> None:
        if self._stop.is_set():
            raise Stopped
