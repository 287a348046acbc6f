"""What every export takes: options as plain data, and somebody to tell how far it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class FormatOptions(BaseModel):
    """Options of one format; each has a default and says in its ``description`` what it does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    revision: str = Field("", description="What changed since the last export; filled in.")

    def inside(self, folder: Path) -> FormatOptions:
        """The options as a workflow may give them: a file they name lies in the board's folder.

        :raises InputError: ``folder_outside``.
        """
        return self


Progress = Callable[[int, int], None]
"""Called with (steps done, steps in all); may raise to interrupt."""


def nothing(done: int, total: int) -> None:
    """A :data:`Progress` that tells nobody."""
