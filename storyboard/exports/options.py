"""What every export takes: options as plain data, and somebody to tell how far it is."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field


class FormatOptions(BaseModel):
    """Options of one format; each has a default and says in its ``description`` what it does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    revision: str = Field("", description="What changed since the last export; filled in.")


Progress = Callable[[int, int], None]
"""Called with (steps done, steps in all); may raise to interrupt."""


def nothing(done: int, total: int) -> None:
    """A :data:`Progress` that tells nobody."""
