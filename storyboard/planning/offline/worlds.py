"""Worlds: where people of a trade are met, and what is worn in castles, in space, long ago.

``dictionary/worlds.json`` holds both. A home stands in only where the logline names no place; the
dress of a world replaces the clothes of today, never what the logline says somebody wears.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pydantic import model_validator

from ... import sets
from ...prompts import wardrobe
from ...story import Garment
from .data import Data


class World(Data):
    """A world with a dress of its own; ``{red|blue}`` is one of them by dice."""

    name: str
    sets: tuple[str, ...]
    """Stories on these sets belong to it."""
    find: str
    """So do those with these words: a regular expression, in three languages."""
    keeps: tuple[Garment, ...]
    """Clothes of today's trades that are worn there too."""
    swap: dict[Garment, str]
    """What is worn there instead of others; anything else is the dress."""
    f: str
    m: str
    child: str


class Worlds(Data):
    """``dictionary/worlds.json``."""

    spelled: tuple[tuple[str, str], ...]
    """Set, and the trades that name it as a regular expression: "bus driver"."""
    homes: dict[str, str]
    """Set -> English nouns of those who are met there, apart by blanks, ``_`` for a blank."""
    outdoors: tuple[str, ...]
    """Sets in the open for those whose home has a roof; the first is the usual one."""
    modern: str
    """Words of the present day, which no other world has."""
    worlds: tuple[World, ...]

    @model_validator(mode="after")
    def _real(self) -> Worlds:
        named = {name for name, _ in self.spelled} | set(self.homes) | set(self.outdoors)
        named |= {name for world in self.worlds for name in world.sets}
        if missing := named - set(sets.names()):
            raise ValueError(f"no such sets: {sorted(missing)}")
        return self


@cache
def _data() -> Worlds:
    file = Path(__file__).parent / "dictionary" / "worlds.json"
    return Worlds.model_validate_json(file.read_text("utf-8"))


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


@cache
def _homes() -> dict[str, str]:
    return {
        noun.replace("_", " "): name
        for name, nouns in reversed(_data().homes.items())
        for noun in nouns.split()
    }


def workplace(logline: str) -> tuple[str, tuple[int, int]] | None:
    """The set that a trade names in its own words, and where: the bus of a bus driver."""
    for name, words in _data().spelled:
        if match := _pattern(words).search(logline):
            return name, match.span()
    return None


def home(nouns: list[str]) -> str | None:
    """The set where the first of some people or animals is met that has one.

    :param nouns: English, the hero's first.
    """
    table = _homes()
    for noun in nouns:
        low = noun.lower()
        if name := table.get(low) or table.get(low.split()[-1] if low.split() else ""):
            return name
    return None


def outdoors() -> str:
    """Where it rains on those whose home has a roof."""
    return _data().outdoors[0]


def world(logline: str, places: list[str]) -> World | None:
    """The world of a logline, if it is another than ours of today.

    :param places: the sets that it names.
    """
    if _pattern(_data().modern).search(logline):
        return None
    for told in _data().worlds:
        if set(told.sets) & set(places) or _pattern(told.find).search(logline):
            return told
    return None


def dressed(told: World, clothes: str, sex: str, child: bool) -> str:
    """What somebody wears there.

    :param clothes: what the trade wears today; empty if it wears nothing of its own.
    :param sex: ``m``, ``f`` or empty.
    """
    garment = wardrobe.said(clothes).get("garment") if clothes else None
    if garment in told.keeps:
        return clothes
    if garment is not None and garment in told.swap:
        return told.swap[garment]
    return told.child if child else told.f if sex == "f" else told.m
