"""The sets: one JSON file each, and everything about a kind of place stands in it.

The planners find a set by its words, the prompts say it, and the staging builds it. To add one,
put a file beside ``neutral.json``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

__all__ = ["FOLDER", "NEUTRAL", "Setting", "StageSet", "everything", "named", "names"]

FOLDER = Path(__file__).parent
NEUTRAL = "neutral"
"""Floor, horizon and light, for a place of which only the words are known."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StageSet(_Data):
    """A kind of place."""

    inside: bool
    """Under a roof: lamps by night, no weather."""
    prompt: Annotated[str, Field(min_length=1, max_length=60)]
    """Its words in every prompt, in English."""


@cache
def everything() -> dict[str, StageSet]:
    """Every set by name (that of its file), in alphabetical order."""
    files = sorted(FOLDER.glob("*.json"))
    return {f.stem: StageSet.model_validate_json(f.read_text("utf-8")) for f in files}


def names() -> tuple[str, ...]:
    """The names of all sets."""
    return tuple(everything())


def named(name: str) -> StageSet:
    """The set of that name. :raises KeyError: if there is none."""
    return everything()[name]


def _exists(name: str) -> str:
    if name not in everything():
        raise ValueError(f"there is no set called {name!r}; there is {', '.join(names())}")
    return name


Setting = Annotated[str, AfterValidator(_exists)]
"""Name of a set: the kind of place, as far as the staging can build it."""
