"""Stories of older schemas as stories of today's.

Version 1 knew one world: everybody wore a steppe robe, a headscarf told a woman, and a place that
was not said was the steppe.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

_KIMESHEK = "kimeshek"
_GREY = "#a59b92"
"""Version 1 drew long beards in it."""


def migrated(data: Any) -> Any:
    """Plain data of a story, brought up to the schema of today; anything else as it is."""
    if not isinstance(data, dict) or data.get("schema_version", 2) != 1:
        return data
    story = copy.deepcopy(data) | {"schema_version": 2}
    for character in _dicts(story.get("characters")):
        if isinstance(look := character.setdefault("look", {}), dict):
            _dress(look)
    for shot in _dicts(story.get("shots")):
        shot.setdefault("setting", "steppe")
        for member in _dicts(shot.get("cast")):
            if isinstance(outfit := member.get("outfit"), dict):
                _recolour(outfit)
    return story


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    yield from (
        item for item in (value if isinstance(value, list) else []) if isinstance(item, dict)
    )


def _recolour(worn: dict[str, Any]) -> None:
    """What version 1 called after the robe; its headscarf was a kimeshek."""
    if "robe" in worn:
        worn["colour"] = worn.pop("robe")
    if worn.get("hat") == "scarf":
        worn["hat"] = _KIMESHEK


def _dress(look: dict[str, Any]) -> None:
    _recolour(look)
    if look.get("build") == "child":
        look |= {"kind": "child", "build": "average"}
    if look.get("hat") == _KIMESHEK:
        look["sex"] = "female"
    elif look.get("beard", "none") != "none":
        look["sex"] = "male"
    if look.get("beard") == "long":
        look |= {"age": "old", "hair_colour": _GREY}
    look["garment"] = "chapan"
