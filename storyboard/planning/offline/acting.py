"""Poses, emotions, times of day and weather as words spell them, in English, Russian and Kazakh."""

from __future__ import annotations

import re
from functools import lru_cache
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
    for name, pattern in _book()[kind].items():
        match = pattern.search(text)
        if match is not None:
            return name, match.start()
    return None, -1


def spans(kind: str, text: str) -> list[tuple[int, int]]:
    """Where in a text any entry is spelled: (first letter, behind the last)."""
    matches = (match for pattern in _book()[kind].values() for match in pattern.finditer(text))
    return sorted(match.span() for match in matches)


@lru_cache(maxsize=1)
def _book() -> dict[str, dict[str, re.Pattern[str]]]:
    text = Path(__file__).with_name("acting.json").read_text("utf-8")
    return {
        kind: {
            name.value: re.compile(rf"\b(?:{find})\b", re.IGNORECASE)
            for name, find in entries.items()
        }
        for kind, entries in Spellings.model_validate_json(text)
    }
