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

import hashlib
import io
import json
import logging
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from PIL import Image
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from ..errors import StoreError
from ..files import disk_errors, write_atomically
from ..gate import Verdict
from ..takes import FOOT, Rung
from ..vocabulary import Numbering

log = logging.getLogger(__name__)

_PNG_LEVEL = 1  # level 4 and up cost twice the time for a tenth of the size


class TakeRecord(BaseModel):
    """A take on disk."""

    model_config = ConfigDict(frozen=True)

    key: str
    shot: int = Field(validation_alias=AliasChoices("shot", "frame"))
    """Id of the shot it shows. Journals of earlier versions give the number of its frame, which
    was its id as well."""
    attempt: int
    seed: int
    sha256: str
    """Of the PNG file."""
    size: tuple[int, int]
    rung: Rung = FOOT
    """What it changed besides the seed, and after which failed scores."""
    fit: str = ""
    """Hash of what its shot showed when it was made; empty in journals of earlier versions."""
    seconds: float | None = None
    """How long it took to make and judge; of a wave, its share. ``None`` where nobody measured."""
    device: str = ""
    """What made it: ``cpu``, or the name of the GPU; empty where nobody said."""


class Mark(BaseModel):
    """What a shot is recognised by."""

    model_config = ConfigDict(frozen=True)

    id: int
    shows: str
    """Hash of all that it shows and says."""
    action: str
    """Hash."""
    caption: str
    """Hash; empty without a caption."""
    label: str = ""
    """Its printed number; empty in journals of earlier versions."""


class Plot(BaseModel):
    """The shots of a board as they were last drawn."""

    model_config = ConfigDict(frozen=True)

    title: str
    logline: str
    numbering: Numbering = Numbering.PLAIN
    shots: tuple[Mark, ...]


class TakeStore:
    """Reads and writes the takes of one board folder; holds the folder's lock while open.

    A take belongs to a shot, by the shot's id (:mod:`.shots`), whatever frame that is today.

    :param look: only to look: nothing may be put, no lock is held, and a run may be working on.
    :raises StoreError: ``store_locked``, ``folder_unwritable`` or ``disk_full``.
    """

    def __init__(self, folder: Path, look: bool = False) -> None:
        self.folder = folder
        # A run that ends early is closed by another thread than the one that opened it.
        self._lock = FileLock(folder / ".lock", thread_local=False)
        self._look = look
        if not look:
            self._claim_folder()
        self._takes: dict[str, TakeRecord] = {}
        self._of: defaultdict[int, list[str]] = defaultdict(list)  # shot -> takes, oldest first
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self._last: dict[str, Verdict] = {}
        self._winners: dict[int, str] = {}
        self._flagged: dict[str, bool] = {}
        self._fits: dict[str, str] = {}
        self._plot: Plot | None = None
        self._marks: dict[int, Mark] = {}  # of every shot the story ever had, as last drawn
        self._checked: set[str] = set()  # takes whose bytes were compared since opening
        self._lost: set[str] = set()
        try:
            self._replay()
        except BaseException:
            self.close()
            raise

    def _claim_folder(self) -> None:
        with disk_errors(self.folder):
            (self.folder / "takes").mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout as error:
                raise StoreError(
                    "store_locked",
                    f"Another run is working on the board '{self.folder.resolve().name}'.",
                    "Wait for it, stop it, or give another board name.",
                ) from error

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
            self._lost.discard(key)
            return record
        if key not in self._lost:
            log.warning("take %s of shot %d is lost or damaged", key, record.shot)
            self._lost.add(key)
        return None

    def takes(self, shot: int) -> list[TakeRecord]:
        """Every take ever made of a shot, the oldest first; those whose file is lost as well, so
        that the others keep their places.

        :param shot: its id.
        """
        return [self._takes[key] for key in self._of.get(shot, ())]

    def shots(self) -> set[int]:
        """Ids of the shots that have takes."""
        return {shot for shot, keys in self._of.items() if keys}

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
        shot: int,
        attempt: int,
        seed: int,
        image: Image.Image,
        rung: Rung = FOOT,
        fit: str = "",
        seconds: float | None = None,
        device: str = "",
    ) -> TakeRecord:
        """Write a take and its journal line.

        :param shot: id of the shot it shows.
        :param image: RGB.
        :param fit: hash of what its shot shows (:func:`.shots.fit`).
        :param seconds: how long it took. :param device: what made it.
        :raises StoreError: ``disk_full`` or ``folder_unwritable``; the store is unchanged then.
        """
        buffer = io.BytesIO()
        image.save(buffer, "PNG", compress_level=_PNG_LEVEL)
        data = buffer.getvalue()
        write_atomically(self.path(key), data)
        record = TakeRecord(
            key=key,
            shot=shot,
            attempt=attempt,
            seed=seed,
            sha256=hashlib.sha256(data).hexdigest(),
            size=image.size,
            rung=rung,
            fit=fit,
            seconds=seconds,
            device=device,
        )
        self._append("take", **record.model_dump(mode="json", exclude_defaults=True))
        self._shelve(record)
        self._checked.add(key)
        self._lost.discard(key)
        return record

    def claim(self, key: str, shot: int, fit: str) -> None:
        """Note that a stored take shows that shot: it was looked up by all that decides its
        pixels. Nothing is written if that is known.

        It may have been made for another story on the same board, or, by an earlier version, for
        the frame that this shot was then.
        """
        record = self._takes[key]
        if key not in self._of[shot]:
            record = record.model_copy(update={"shot": shot, "fit": fit})
            self._append("take", **record.model_dump(mode="json", exclude_defaults=True))
            self._shelve(record)

    def _shelve(self, record: TakeRecord) -> None:
        old = self._takes.get(record.key)
        if old is not None and old.shot != record.shot and record.key in self._of[old.shot]:
            self._of[old.shot].remove(record.key)
        if record.key not in self._of[record.shot]:
            self._of[record.shot].append(record.key)
        self._takes[record.key] = record
        if record.fit:
            self._fits[record.key] = record.fit

    def verdict(self, key: str, gate: str) -> Verdict | None:
        """What the gate of that hash said of the take, if it was asked and had all its tools."""
        verdict = self._verdicts.get((key, gate))
        return None if verdict is None or verdict.lacking else verdict

    def last_verdict(self, key: str) -> Verdict | None:
        """What the gate that judged a take last said of it."""
        return self._last.get(key)

    def put_verdict(self, key: str, gate: str, verdict: Verdict) -> None:
        """Remember a verdict."""
        self._append("verdict", key=key, gate=gate, verdict=verdict.model_dump(mode="json"))
        self._judge(key, gate, verdict)

    def _judge(self, key: str, gate: str, verdict: Verdict) -> None:
        self._verdicts[key, gate] = self._last[key] = verdict

    def winner(self, shot: int) -> str | None:
        """Key of the take that last won the frame of a shot."""
        return self._winners.get(shot)

    def flagged(self, key: str) -> bool:
        """Whether a take, when it last won, was only the best of tries that were all rejected."""
        return self._flagged.get(key, False)

    def put_winner(self, shot: int, key: str, flagged: bool) -> None:
        """Note which take won the frame of a shot; nothing is written if that is known."""
        if self._winners.get(shot) != key or self.flagged(key) != flagged:
            self._append("winner", shot=shot, key=key, flagged=flagged)
            self._win(shot, key, flagged)

    def _win(self, shot: int, key: str, flagged: bool) -> None:
        self._winners[shot] = key
        self._flagged[key] = flagged

    def fit(self, key: str) -> str | None:
        """Hash of what its shot showed when a take was made or last won by the gate's word."""
        return self._fits.get(key)

    def put_fit(self, key: str, fit: str) -> None:
        """Note what a take's shot shows; nothing is written if that is known."""
        if self._fits.get(key) != fit:
            self._append("fit", key=key, fit=fit)
            self._fits[key] = fit

    @property
    def plot(self) -> Plot | None:
        """The shots of the board as they were last drawn; ``None`` if the journal has none."""
        return self._plot

    @property
    def removed(self) -> list[Mark]:
        """Shots that the story had and has no more, as they were last drawn."""
        there = {mark.id for mark in self._plot.shots} if self._plot else set()
        return [mark for shot, mark in sorted(self._marks.items()) if shot not in there]

    def put_plot(self, plot: Plot, another: bool) -> None:
        """Note the shots of the board.

        :param another: whether they are of another story. Takes of the earlier one are kept and
            found by their keys, but belong to none of the shots.
        """
        self._append("plot", another=another, **plot.model_dump(mode="json"))
        self._draw(plot, another)

    def _draw(self, plot: Plot, another: bool) -> None:
        self._plot = plot
        if another:
            self._of.clear()
            self._winners.clear()
            self._marks.clear()
        self._marks |= {mark.id: mark for mark in plot.shots}

    def _replay(self) -> None:
        for number, line in enumerate(self._lines(), 1):
            try:
                event = json.loads(line)
                kind = event.pop("event")
                if kind == "take":
                    self._shelve(TakeRecord.model_validate(event))
                elif kind == "verdict":
                    verdict = Verdict.model_validate(event["verdict"])
                    self._judge(event["key"], event["gate"], verdict)
                elif kind == "winner":
                    shot = event.get("shot", event.get("frame"))
                    self._win(int(shot), str(event["key"]), bool(event.get("flagged")))
                elif kind == "fit":
                    self._fits[str(event["key"])] = str(event["fit"])
                elif kind == "plot":
                    self._draw(Plot.model_validate(event), bool(event.get("another")))
            except (
                ValueError,
                KeyError,
                TypeError,
                AttributeError,
                ArithmeticError,
                RecursionError,
            ) as error:
                log.warning("journal line %d of %s is dropped: %s", number, self.folder, error)

    def _lines(self) -> list[str]:
        journal = self.folder / "journal.jsonl"
        if not journal.exists():
            return []
        with disk_errors(self.folder):
            text = journal.read_bytes().decode("utf-8", errors="replace")
            if text and not text.endswith("\n") and not self._look:
                # A crash cut the last line: end it, so that the next event starts a new one.
                with journal.open("ab") as file:
                    file.write(b"\n")
        # Not splitlines(): a reason or a title may hold U+2028, which is no end of a line here.
        return [line for line in text.split("\n") if line.strip()]

    def _append(self, event: str, **data: Any) -> None:
        line = json.dumps({"event": event, **data}, ensure_ascii=False, separators=(",", ":"))
        with disk_errors(self.folder), (self.folder / "journal.jsonl").open("ab") as file:
            file.write(line.encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())
