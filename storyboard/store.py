"""The take store of one board folder: nothing accepted is ever lost.

::

    <board>/takes/<key>.png   every take, named by its content address
    <board>/journal.jsonl     one line per event, in the order things happened
    <board>/board.json        the winners, written last (see board.py)

Every file is written beside its place, flushed to disk and renamed; a journal line is flushed
before the run goes on. So after a crash at any moment the journal and the takes agree, apart
from at most one take without a line (ignored) or one cut line (dropped).
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from PIL import Image
from pydantic import BaseModel, ConfigDict

from .errors import StoreError
from .gate import Verdict
from .gate.ladder import FOOT, Rung

log = logging.getLogger(__name__)

_PNG_LEVEL = 1  # level 4 and up cost twice the time for a tenth of the size


class TakeRecord(BaseModel):
    """A take on disk."""

    model_config = ConfigDict(frozen=True)

    key: str
    frame: int
    attempt: int
    seed: int
    sha256: str
    """Of the PNG file."""
    size: tuple[int, int]
    rung: Rung = FOOT
    """What it changed besides the seed, and after which failed scores."""


class TakeStore:
    """Reads and writes the takes of one board folder; holds the folder's lock while open.

    :raises StoreError: ``store_locked``, ``folder_unwritable`` or ``disk_full``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with _disk(folder):
            (folder / "takes").mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / ".lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise StoreError(
                "store_locked",
                f"Another run is working on {folder}.",
                "Wait for it, stop it, or choose another board folder.",
            ) from error
        except OSError as error:
            raise _disk_error(folder, error) from error
        self._takes: dict[str, TakeRecord] = {}
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self._winners: dict[int, str] = {}
        self._checked: set[str] = set()  # takes whose bytes were compared since opening
        try:
            self._replay()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the folder's lock back; harmless when repeated."""
        self._lock.release()

    def find(self, key: str) -> TakeRecord | None:
        """The take of that key, if its file is there and holds the bytes that were written."""
        record = self._takes.get(key)
        if record is None or key in self._checked:
            return record
        try:
            data = self.path(key).read_bytes()
        except OSError:
            data = b""
        if hashlib.sha256(data).hexdigest() == record.sha256:
            self._checked.add(key)
            return record
        log.warning("take %s of frame %d is damaged and is made again", key, record.frame)
        del self._takes[key]
        return None

    def takes(self, frame: int) -> list[TakeRecord]:
        """Every take ever made of a frame, the oldest first."""
        return [record for record in self._takes.values() if record.frame == frame]

    def path(self, key: str) -> Path:
        """Where the take's PNG lies (or would lie)."""
        return self.folder / "takes" / f"{key}.png"

    def picture(self, key: str) -> Image.Image:
        """The picture of a take that :meth:`find` has found, RGB."""
        with Image.open(self.path(key), formats=("PNG",)) as image:
            return image.convert("RGB")

    def put(
        self,
        key: str,
        frame: int,
        attempt: int,
        seed: int,
        image: Image.Image,
        rung: Rung = FOOT,
    ) -> TakeRecord:
        """Write a take and its journal line.

        :param image: RGB.
        :raises StoreError: ``disk_full`` or ``folder_unwritable``; the store is unchanged then.
        """
        buffer = io.BytesIO()
        image.save(buffer, "PNG", compress_level=_PNG_LEVEL)
        data = buffer.getvalue()
        write_atomically(self.path(key), data)
        record = TakeRecord(
            key=key,
            frame=frame,
            attempt=attempt,
            seed=seed,
            sha256=hashlib.sha256(data).hexdigest(),
            size=image.size,
            rung=rung,
        )
        self._append("take", **record.model_dump(mode="json", exclude_defaults=True))
        self._takes[key] = record
        self._checked.add(key)
        return record

    def verdict(self, key: str, gate: str) -> Verdict | None:
        """What the gate of that hash said of the take, if it was asked and had all its tools."""
        found = self._verdicts.get((key, gate))
        return None if found is None or found.lacking else found

    def last_verdict(self, key: str) -> Verdict | None:
        """The verdict on a take by the gate that judged it last."""
        found = [verdict for (take, _), verdict in self._verdicts.items() if take == key]
        return found[-1] if found else None

    def put_verdict(self, key: str, gate: str, verdict: Verdict) -> None:
        """Remember a verdict."""
        self._append("verdict", key=key, gate=gate, verdict=verdict.model_dump(mode="json"))
        self._verdicts[key, gate] = verdict

    def winner(self, frame: int) -> str | None:
        """Key of the take that last won a frame."""
        return self._winners.get(frame)

    def put_winner(self, frame: int, key: str, flagged: bool) -> None:
        """Note which take won a frame; nothing is written if that is known already."""
        if self._winners.get(frame) != key:
            self._append("winner", frame=frame, key=key, flagged=flagged)
            self._winners[frame] = key

    def _replay(self) -> None:
        for number, line in enumerate(self._lines(), 1):
            try:
                event = json.loads(line)
                kind = event.pop("event")
                if kind == "take":
                    record = TakeRecord.model_validate(event)
                    self._takes[record.key] = record
                elif kind == "verdict":
                    verdict = Verdict.model_validate(event["verdict"])
                    self._verdicts[event["key"], event["gate"]] = verdict
                elif kind == "winner":
                    self._winners[event["frame"]] = event["key"]
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                log.warning("journal line %d of %s is dropped: %s", number, self.folder, error)

    def _lines(self) -> list[str]:
        journal = self.folder / "journal.jsonl"
        if not journal.exists():
            return []
        with _disk(self.folder):
            text = journal.read_bytes().decode("utf-8", errors="replace")
            if text and not text.endswith("\n"):
                # A crash cut the last line: end it, so that the next event starts a new one.
                with journal.open("ab") as file:
                    file.write(b"\n")
        return text.splitlines()

    def _append(self, event: str, **data: Any) -> None:
        line = json.dumps({"event": event, **data}, ensure_ascii=False, separators=(",", ":"))
        with _disk(self.folder), (self.folder / "journal.jsonl").open("ab") as file:
            file.write(line.encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, never a part.

    :raises StoreError: ``disk_full`` or ``folder_unwritable``; the old file is unchanged then.
    """
    temporary = path.with_name(path.name + ".part")
    with _disk(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def folder_state(folder: Path) -> str:
    """A cheap fingerprint of a board folder: changes when takes come or go, when the user
    directs single frames, and when the exports are gone or another workflow wrote them."""
    times = []
    for path in (folder / "takes", folder / "directions.json"):
        try:
            times.append(path.stat().st_mtime_ns)
        except OSError:
            times.append(0)
    digest = hashlib.sha256()
    for name in ("board.json", "workflow_api.json"):
        with suppress(OSError):
            digest.update((folder / name).read_bytes())
    return f"{times} {(folder / 'report.json').exists()} {digest.hexdigest()}"


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _disk_error(folder, error) from error


def _disk_error(folder: Path, error: OSError) -> StoreError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError(
            "disk_full",
            f"The disk of {folder} is full.",
            "Free some space and run the same again; finished takes are kept.",
        )
    return StoreError(
        "folder_unwritable",
        f"{folder} cannot be written: {error.strerror or error}.",
        "Choose a folder you may write to.",
    )
