"""What the user decided about single frames: lock, redo, choose.

Directions are data, kept as ``directions.json`` in the board folder, and every run obeys them:

* *lock*: the frame keeps that take, whatever changes around it, and whatever the gate thought of
  it: a flagged frame stays flagged;
* *choose*: the frame keeps that take of its own, which is accepted by that;
* *redo*: the frame starts again with the next attempt's seed, and a note for its prompt.

Users speak of frames; what they decide is kept under the id of the frame's shot, and follows the
shot when others are inserted, removed or moved (:mod:`.shots`). Takes of a shot are counted from 1
in the order in which they were made, those whose file is lost as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ..errors import InputError, StoreError
from ..files import write_atomically
from ..json_text import read_model, told
from ..story import Shot, Story
from .store import TakeStore

FILE = "directions.json"


MAX_NOTE = 300


class Direction(BaseModel):
    """What was decided about one frame."""

    model_config = ConfigDict(extra="forbid")

    take: str = ""
    """Key of the take to keep; empty to let the gate decide."""
    locked: bool = False
    """Whether ``take`` was locked (kept through every change) and not only chosen."""
    first: Annotated[int, Field(ge=0)] = 0
    """Attempt to begin with: above 0 after a redo."""
    note: Annotated[str, Field(max_length=MAX_NOTE)] = ""
    """Added to the frame's prompt."""


class Directions(BaseModel):
    """The directions of a board."""

    model_config = ConfigDict(extra="forbid")

    frames: dict[Annotated[int, Field(ge=1)], Direction] = {}
    """By the id of the shot that a frame shows."""

    def of(self, shot: int) -> Direction:
        """The direction for a shot's id; an empty one if nothing was decided."""
        return self.frames.get(shot) or Direction()

    def add(self, shot: Shot, direction: Direction) -> None:
        """Decide about the frame of a shot; an empty direction leaves nothing behind."""
        self.frames[shot.identity] = direction
        if direction == Direction():
            del self.frames[shot.identity]

    @classmethod
    def load(cls, folder: Path) -> Directions:
        """The directions in a board folder.

        :raises StoreError: ``store_damaged`` if the file does not hold directions.
        """
        path = folder / FILE
        if not path.exists():
            return cls()
        try:
            return read_model(cls, path.read_bytes())
        except (OSError, ValueError) as error:
            raise StoreError(
                "store_damaged",
                f"{path} does not hold directions: {told(error)}.",
                "Mend or delete the file; locks, redos and choices are then given again.",
            ) from error

    def save(self, folder: Path) -> None:
        """Write them atomically. :raises StoreError: if the folder cannot be written."""
        text = self.model_dump_json(indent=1, exclude_defaults=True) + "\n"
        write_atomically(folder / FILE, text.encode("utf-8"))


def lock(directions: Directions, store: TakeStore, shot: Shot) -> None:
    """Keep the take that won a frame. :raises InputError: ``option_invalid`` if none has."""
    key = store.winner(shot.identity)
    if key is None or store.find(key) is None:
        raise InputError(
            "option_invalid",
            f"Frame {shot.number} has no finished take to lock.",
            "Make the board first.",
        )
    old = directions.of(shot.identity)
    directions.add(shot, old.model_copy(update={"take": key, "locked": True}))


def unlock(directions: Directions, shot: Shot) -> None:
    """Let a locked or chosen frame follow its shot again."""
    old = directions.of(shot.identity)
    directions.add(shot, old.model_copy(update={"take": "", "locked": False}))


def choose(directions: Directions, store: TakeStore, shot: Shot, number: int) -> None:
    """Make a take the winner of its frame.

    :param number: from 1.
    :raises InputError: ``option_invalid`` if the shot has no such take, or its file is lost.
    """
    takes = store.takes(shot.identity)
    if not 1 <= number <= len(takes):
        raise InputError(
            "option_invalid",
            f"Frame {shot.number} has {len(takes)} takes; there is no take {number}.",
            "'aldar takes BOARD' lists them.",
        )
    key = takes[number - 1].key
    if store.find(key) is None:
        raise InputError(
            "option_invalid",
            f"The picture of take {number} of frame {shot.number} is lost or damaged.",
            "Choose another take; 'aldar takes BOARD' lists them.",
        )
    update = {"take": key, "locked": False}
    directions.add(shot, directions.of(shot.identity).model_copy(update=update))


def redo(directions: Directions, store: TakeStore, shot: Shot, note: str = "") -> None:
    """Start a frame again after the attempts it has had.

    :param note: added to its prompt; without one, an earlier note stays.
    """
    first = max((take.attempt for take in store.takes(shot.identity)), default=-1) + 1
    note = note or directions.of(shot.identity).note
    directions.add(shot, Direction(first=first, note=note))


@dataclass(frozen=True)
class Orders:
    """Directions as a workflow states them; they hold as long as they stand there.

    On top of ``directions.json``, which they do not change.
    """

    lock: str = ""
    """Frames that keep their winner: ``1,3-5``."""
    choose: str = ""
    """``frame:take``, such as ``5:2``."""
    redo: str = ""
    """``frame:attempt`` to begin with (attempts count from 0), such as ``7:1``."""
    note: str = ""
    """Added to the prompts of the frames under ``redo``."""
    board: str = ""
    """Directions as ``directions.json`` holds them, for a board whose folder is elsewhere."""

    def check(self, frames: int) -> None:
        """Whether they can be read, and name frames of the board; which takes there are, only
        :meth:`obey` can tell.

        :param frames: number of frames of the board.
        :raises InputError: ``option_invalid`` naming what cannot be obeyed.
        """
        parse_frames(self.lock, frames)
        for name, text in (("choose", self.choose), ("redo", self.redo)):
            _pairs(text, frames, name)
        _read(self.board)
        if len(self.note) > MAX_NOTE:
            raise InputError(
                "option_invalid",
                f"The note has {len(self.note)} characters, and {MAX_NOTE} are the most.",
                "Say it in fewer words: it is added to the prompt.",
            )

    def standing(self, directions: Directions) -> Directions:
        """A board's own directions, and on top those of the board it was brought to.

        :raises InputError: ``option_invalid`` if those cannot be read.
        """
        return Directions(frames={**directions.frames, **_read(self.board).frames})

    def obey(self, directions: Directions, store: TakeStore, story: Story) -> Directions:
        """The standing directions with these orders added.

        :param story: with an id for every shot.
        :raises InputError: ``option_invalid`` naming what cannot be obeyed.
        """
        self.check(len(story.shots))
        merged, shots = directions.model_copy(deep=True), story.shots
        for frame, attempt in _pairs(self.redo, len(shots), "redo"):
            merged.add(shots[frame - 1], Direction(first=attempt, note=self.note))
        for frame, number in _pairs(self.choose, len(shots), "choose"):
            choose(merged, store, shots[frame - 1], number)
        for frame in parse_frames(self.lock, len(shots)):
            lock(merged, store, shots[frame - 1])
        return merged


def _read(text: str) -> Directions:
    if not text.strip():
        return Directions()
    try:
        return read_model(Directions, text)
    except ValueError as error:  # pydantic's is one
        raise InputError(
            "option_invalid",
            f"The directions of the board cannot be read: {told(error)}.",
            "Leave them empty, or paste the text of a board's directions.json.",
        ) from error


def _pairs(text: str, frames: int, name: str) -> list[tuple[int, int]]:
    pairs = []
    for part in re.split(r"[,\s]+", text.strip()):
        if not part:
            continue
        match = re.fullmatch(r"(\d{1,5}):(\d{1,4})", part)
        if not match:
            raise InputError(
                "option_invalid",
                f"{part[:40]!r} in {name} is not of the form frame:number.",
                "Write it like 5:2.",
            )
        pairs.append((parse_frames(match[1], frames)[0], int(match[2])))
    return pairs


def parse_frames(text: str, frames: int) -> list[int]:
    """Frame numbers of ``1,3-5``, each once, in order.

    :raises InputError: ``option_invalid`` for anything else or a number beyond ``frames``.
    """
    numbers: set[int] = set()
    for part in re.split(r"[,\s]+", text.strip()):
        if not part:
            continue
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= frames:
            raise InputError(
                "option_invalid",
                f"{part[:40]!r} does not name frames of this board.",
                f"Write numbers from 1 to {frames}, such as 1,3-5.",
            )
        numbers.update(range(first, last + 1))
    return sorted(numbers)
