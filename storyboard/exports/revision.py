"""What changed on a board since it was handed over last: one line on every export.

``revisions.json`` keeps, of the last export, what each shot was. An export of a changed board is
the next revision; the same board again is the same revision.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ..board import Board
from ..errors import StoreError
from ..files import digest, write_atomically
from ..json_text import read_model, told

FILE = "revisions.json"
CHANGES = ("new", "redrawn", "retimed", "reworded", "moved", "removed")
"""Kinds of change, in the order they are told."""
_WORDS = {
    "en": ("Revision", *CHANGES),
    "ru": (
        "Редакция",
        "новые",
        "перерисованы",
        "другая длительность",
        "другой текст",
        "переставлены",
        "убраны",
    ),
    "kk": (
        "Нұсқа",
        "жаңа",
        "қайта салынған",
        "ұзақтығы өзгерген",
        "мәтіні өзгерген",
        "орны ауысқан",
        "алынып тасталған",
    ),
}


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ShotState(_Model):
    """A shot as it was handed over."""

    id: int
    label: str
    take: str
    """Key of its picture; empty if it has none yet."""
    duration: float
    words: str
    """Hash of action, caption and dialogue."""


class Revision(_Model):
    """One state of a board that was handed over."""

    number: int = 1
    changes: dict[str, tuple[str, ...]] = {}
    """Kind of change -> printed numbers of the shots."""
    shots: tuple[ShotState, ...] = ()

    def line(self, language: str) -> str:
        """``Revision 3: new 3A; redrawn 5, 6``, in English, Russian or Kazakh."""
        head, *words = _WORDS[language]
        said = [
            f"{word} {', '.join(self.changes[kind])}"
            for kind, word in zip(CHANGES, words, strict=True)
            if self.changes.get(kind)
        ]
        return f"{head} {self.number}" + (f": {'; '.join(said)}" if said else "")

    def news(self, language: str) -> str:
        """The line of a board that was handed over before; else nothing."""
        return self.line(language) if self.number > 1 else ""


def revise(board: Board, folder: Path) -> Revision:
    """The revision of a board that is being exported; noted in its folder if it is a new one.

    :raises StoreError: if the folder cannot be written.
    """
    last = last_revision(folder)
    shots = _states(board)
    if last is None:
        revision = Revision(shots=shots)
    elif last.shots == shots:
        return last
    else:
        changes = _changes(last.shots, shots)
        revision = Revision(number=last.number + 1, changes=changes, shots=shots)
    text = json.dumps(revision.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
    write_atomically(folder / FILE, text.encode("utf-8"))
    return revision


def last_revision(folder: Path) -> Revision | None:
    """The revision a board was handed over as last; ``None`` before the first.

    :raises StoreError: ``store_damaged`` if the note of it cannot be read.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        return read_model(Revision, path.read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(
            "store_damaged",
            f"{path} does not hold the last revision: {told(error)}.",
            "Delete it: the next export counts from 1 again.",
        ) from error


def _states(board: Board) -> tuple[ShotState, ...]:
    takes = {frame.number: frame.take for frame in board.frames}
    return tuple(
        ShotState(
            id=shot.identity,
            label=shot.label or str(shot.number),
            take=takes.get(shot.number, ""),
            duration=shot.duration,
            words=digest(shot.model_dump(mode="json", include={"action", "caption", "dialogue"})),
        )
        for shot in board.story.shots
    )


def _changes(
    before: tuple[ShotState, ...], after: tuple[ShotState, ...]
) -> dict[str, tuple[str, ...]]:
    """Kind of change -> numbers; a shot may have changed in several ways."""
    old = {shot.id: shot for shot in before}
    there = {shot.id for shot in after}
    common = [shot for shot in after if shot.id in old]
    order = [shot.id for shot in before]
    moved = _out_of_order([order.index(shot.id) for shot in common])
    kinds = {
        "new": [s for s in after if s.id not in old],
        "redrawn": [s for s in common if s.take != old[s.id].take],
        "retimed": [s for s in common if s.duration != old[s.id].duration],
        "reworded": [s for s in common if s.words != old[s.id].words],
        "moved": [s for s, out in zip(common, moved, strict=True) if out],
        "removed": [s for s in before if s.id not in there],
    }
    return {kind: tuple(s.label for s in shots) for kind, shots in kinds.items() if shots}


def _out_of_order(places: list[int]) -> list[bool]:
    """Which of some distinct numbers stand outside a longest increasing subsequence of them."""
    ends: list[int] = []  # smallest last number of an increasing run of each length
    at: list[int] = []  # index of that number
    before: list[int] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        ends[length:], at[length:] = [place, *ends[length + 1 :]], [index, *at[length + 1 :]]
        before.append(at[length - 1] if length else -1)
    kept, index = set(), at[-1] if at else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return [index not in kept for index in range(len(places))]
