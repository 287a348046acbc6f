"""What the user decided about single frames: lock, redo, choose.

Directions are data, kept as ``directions.json`` in the board folder, and every run obeys them:

* *lock*: the frame keeps that take, whatever changes around it;
* *choose*: the frame keeps that take of its own, accepted or not;
* *redo*: the frame starts again with the next attempt's seed, and a note for its prompt.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import InputError, StoreError
from .store import write_atomically

FILE = "directions.json"


class Direction(BaseModel):
    """What was decided about one frame."""

    model_config = ConfigDict(extra="forbid")

    take: str = ""
    """Key of the take to keep; empty to let the gate decide."""
    locked: bool = False
    """Whether ``take`` was locked (kept through every change) and not only chosen."""
    first: Annotated[int, Field(ge=0)] = 0
    """Attempt to begin with: above 0 after a redo."""
    note: Annotated[str, Field(max_length=300)] = ""
    """Added to the frame's prompt."""


class Directions(BaseModel):
    """The directions of a board, by frame number."""

    model_config = ConfigDict(extra="forbid")

    frames: dict[Annotated[int, Field(ge=1)], Direction] = {}

    def of(self, frame: int) -> Direction:
        """The direction of a frame; an empty one if nothing was decided."""
        return self.frames.get(frame) or Direction()

    @classmethod
    def load(cls, folder: Path) -> Directions:
        """The directions in a board folder.

        :raises StoreError: ``store_damaged`` if the file does not hold directions.
        """
        path = folder / FILE
        if not path.exists():
            return cls()
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise StoreError(
                "store_damaged",
                f"{path} does not hold directions: {str(error).splitlines()[0]}.",
                "Mend or delete the file; locks, redos and choices are then given again.",
            ) from error

    def save(self, folder: Path) -> None:
        """Write them atomically. :raises StoreError: if the folder cannot be written."""
        text = self.model_dump_json(indent=1, exclude_defaults=True) + "\n"
        write_atomically(folder / FILE, text.encode("utf-8"))


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
                f"{part!r} does not name frames of this board.",
                f"Write numbers from 1 to {frames}, such as 1,3-5.",
            )
        numbers.update(range(first, last + 1))
    return sorted(numbers)
