"""Poses, emotions, times of day and weather as words spell them, in English, Russian and Kazakh."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ...story import Emotion, Pose, Time, Weather
from .data import Data


class Spellings(Data):
    """``acting.json``: regular expressions."""

    pose: dict[Pose, str]
    emotion: dict[Emotion, str]
    time: dict[Time, str]
    weather: dict[Weather, str]


def find(kind: str, text: str) -> str | None:
    """The first entry of ``acting.json`` that is spelled in a text; precise ones stand first.

    :param kind: ``pose``, ``emotion``, ``time`` or ``weather``.
    """
    return spot(kind, text)[0]


def spot(kind: str, text: str) -> tuple[str | None, int]:
    """The same, and where in the text; -1 if there is none."""
    for name in _book()[kind]:
        pattern = _pattern(kind, name, text.isascii())
        match = pattern.search(text) if pattern is not None else None
        if match is not None:
            return name, match.start()
    return None, -1


def spans(kind: str, text: str) -> list[tuple[int, int]]:
    """Where in a text any entry is spelled: (first letter, behind the last)."""
    latin = text.isascii()
    patterns = (_pattern(kind, name, latin) for name in _book()[kind])
    matches = (match for pattern in patterns if pattern for match in pattern.finditer(text))
    return sorted(match.span() for match in matches)


@cache
def _pattern(kind: str, name: str, latin: bool) -> re.Pattern[str] | None:
    """The pattern of one entry; ``latin`` for English only, which is quicker to compile."""
    spelled = _book()[kind][name]
    if latin:
        spelled = "|".join(way for way in _ways(spelled) if way.isascii())
    return re.compile(rf"\b(?:{spelled})\b", re.IGNORECASE) if spelled else None


def _ways(spelled: str) -> list[str]:
    """The spellings of a pattern: what stands between bars outside brackets."""
    ways, depth = [""], 0
    for letter in spelled:
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and not depth:
            ways.append("")
        else:
            ways[-1] += letter
    return ways


@cache
def _book() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("acting.json").read_text("utf-8")
    book = Spellings.model_validate_json(text)
    return {kind: {name.value: find for name, find in entries.items()} for kind, entries in book}
