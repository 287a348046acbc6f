"""The heroes the pack knows by name: one JSON file each, and everything about a hero stands in it.

The planners recognise a hero, in whatever language, draw him by his own sheet and give him the
trigger word of his LoRA. To add one, put a file beside ``aldar.json``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..data_folder import DataFolder
from ..story import Look

__all__ = ["FOLDER", "Hero", "everybody", "folder", "lead", "using"]

FOLDER = Path(__file__).parent
"""The heroes that come with the pack."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Text = Annotated[str, Field(min_length=1)]
Lines = Annotated[tuple[Text, ...], Field(min_length=1, max_length=10)]


class Spellings(_Data):
    """How loglines spell a hero: patterns of the offline lexicon, apart by blanks."""

    en: Text
    ru: Text
    kk: Text


class Names(_Data):
    """What a hero is called."""

    en: Text
    ru: tuple[Text, Text, Text, Text, Text, Text]
    """Nominative, genitive, dative, accusative, instrumental, prepositional."""
    kk: Text


class Hero(_Data):
    """Somebody the pack knows."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,27}$")]
    """Of the character in every story."""
    role: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """Id of the entry in the offline lexicon, which plots may ask for."""
    cues: tuple[str, ...] = ()
    """Further ids that speak for a plot where this hero is named."""
    lead: bool = False
    """Stands in where a story of his world names nobody, and in the nodes' defaults; one is."""
    steppe: bool = False
    """Brings the world of the steppe with him."""
    sex: Literal["m", "f"]
    title: Text
    """The name as the nodes propose it."""
    names: Names
    find: Spellings
    alone: re.Pattern[str]
    """Regular expression of a whole name or id of a language model's character, in small letters
    without anything between them."""
    trigger: Annotated[str, Field(max_length=60)]
    """Trigger word of the LoRA."""
    lora: Text
    """File of the LoRA, below ComfyUI's ``models/loras``."""
    sheet: Annotated[str, Field(min_length=1, max_length=300)]
    """The character sheet: the words of ``face`` and ``clothes`` in the order of the prompt."""
    face: Text
    """The sheet without clothes, for a character who changes them."""
    clothes: Text
    look: Look
    """How the staging draws him."""
    brief: Text
    """What a language model is told of him, a sentence."""
    outfits: Lines
    """Of his matrix, as are places and poses; the first outfit is his own."""
    places: Lines
    poses: Lines

    @property
    def dressed(self) -> str:
        """The sheet in the order that the quick test proposes: the face first."""
        return f"{self.face}, {self.clothes}"

    @model_validator(mode="after")
    def _one_sheet(self) -> Hero:
        if sorted(self.sheet.split(", ")) != sorted(self.dressed.split(", ")):
            raise ValueError("'sheet' does not say the same as 'face' and 'clothes'")
        return self


_folder = DataFolder(FOLDER)
using = _folder.using
"""Within ``with using(folder):`` the files of another folder are read."""


def folder() -> Path:
    """Where the heroes are read from."""
    return _folder.path


def everybody() -> tuple[Hero, ...]:
    """Every hero, the lead first.

    :raises ValueError: if a file is wrong, two heroes share an id, or there is not one lead.
    """
    return _read(folder())


def lead() -> Hero:
    """The hero of a story that names nobody."""
    return everybody()[0]


@cache
def _read(folder: Path) -> tuple[Hero, ...]:
    files = sorted(folder.glob("*.json"))
    heroes = [Hero.model_validate_json(file.read_text("utf-8")) for file in files]
    for key in ("id", "role"):
        if len({getattr(hero, key) for hero in heroes}) < len(heroes):
            raise ValueError(f"two heroes in {folder} have the same {key}")
    if sum(hero.lead for hero in heroes) != 1:
        raise ValueError(f"one hero in {folder} must be the lead")
    return tuple(sorted(heroes, key=lambda hero: not hero.lead))
