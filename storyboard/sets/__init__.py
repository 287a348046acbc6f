"""The sets: one JSON file each, and everything about a kind of place stands in it.

The planners find a set by its words, the prompts say it, and the staging builds it. To add one,
put a file beside ``neutral.json``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ..data_folder import DataFolder

__all__ = ["FOLDER", "NEUTRAL", "Setting", "StageSet", "everything", "named", "names", "using"]

FOLDER = Path(__file__).parent
"""The sets that come with the pack."""
NEUTRAL = "neutral"
"""Floor, horizon and light, for a place of which only the words are known."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Spellings(_Data):
    """How texts spell a place: patterns of the offline lexicon, apart by blanks."""

    en: str
    ru: str
    kk: str


Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Text = Annotated[str, Field(min_length=1, max_length=60)]


class StageSet(_Data):
    """A kind of place."""

    inside: bool
    """Under a roof: lamps by night, no weather."""
    cold: bool = False
    """Its lamps are cold: tubes, screens."""
    floating: bool = False
    """There is no ground: nobody throws a shadow on it."""
    prompt: Text
    """Its words in every prompt, in English."""
    find: Spellings
    """The words it is found by; empty for a set that no word names."""
    en: Text
    """The noun, as are ``ru`` and ``kk``."""
    ru: Text | tuple[Text, Text, Text, Text, Text, Text]
    """Its nominative, or all six forms where the rules would not give them."""
    g: Literal["m", "f", "n", "p"]
    """Gender of the Russian noun, or a plural."""
    kk: Text
    place: Annotated[str, Field(min_length=1, max_length=120)]
    """Where a shot plays, in English."""
    steppe_place: Annotated[str, Field(max_length=120)] = ""
    """The same in Aldar Köse's world, where that is another."""
    steppe_set: str = ""
    """The set that stands for this one in Aldar Köse's world, where that is another."""
    steppe: bool = False
    """Its words speak of Aldar Köse's world."""
    elsewhere: str = ""
    """Those of them that do not, apart by blanks."""
    proper: str = ""
    """Those of its English words that are names, apart by blanks."""
    painter: str = ""
    """Which painter of the staging draws it, under its pieces."""
    palette: dict[str, Colour] = {}
    """Colours by the names that the pieces use."""
    pieces: tuple[dict[str, Any], ...] = ()
    """What it is built of, from far to near: each names its ``piece`` of the staging's kit."""

    @model_validator(mode="after")
    def _drawn(self) -> StageSet:
        if not (self.painter or self.pieces):
            raise ValueError("a set has a painter or pieces")
        if not all(isinstance(piece.get("piece"), str) for piece in self.pieces):
            raise ValueError("every piece says which one it is")
        return self


_folder = DataFolder(FOLDER)
using = _folder.using
"""Within ``with using(folder):`` the files of another folder are read."""


def everything() -> dict[str, StageSet]:
    """Every set by name (that of its file), in alphabetical order.

    :raises ValueError: if a file is wrong.
    """
    return _read(_folder.path)


@cache
def _read(folder: Path) -> dict[str, StageSet]:
    files = sorted(folder.glob("*.json"))
    table = {f.stem: StageSet.model_validate_json(f.read_text("utf-8")) for f in files}
    for name, data in table.items():
        if data.steppe_set and data.steppe_set not in table:
            raise ValueError(f"the set {name!r} names {data.steppe_set!r}, which is none")
    return table


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
