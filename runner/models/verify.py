"""``aldar models verify``: every file that is there, read from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .folder import Check, ModelsFolder
from .manifest import ModelFile

if TYPE_CHECKING:
    from .pull import View


def verify(files: Sequence[ModelFile], folder: ModelsFolder, view: View) -> list[Check]:
    """Check these files, one after the other: a disk does not read faster at two places."""
    checks = []
    for file in files:
        for piece in file.pieces:
            if not folder.place(piece).is_file():
                checks.append(folder.check(file, piece))
                continue
            with view.working(f"Checking {piece.path}") as tell:
                checks.append(folder.check(file, piece, tell))
    return checks
