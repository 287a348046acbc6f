"""How long the planner's texts may be: whatever it writes fits into the story's fields."""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeVar

from pydantic import BaseModel

_Part = TypeVar("_Part", bound=BaseModel)


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` letters, cut between words."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:—–-") + "…"


def write(part: type[_Part], **fields: Any) -> _Part:
    """A part of the story, with each text cut to the length that its field may have."""
    for name, value in fields.items():
        marks = part.model_fields[name].metadata
        limits = [mark.max_length for mark in marks if hasattr(mark, "max_length")]
        if limits and isinstance(value, str) and not isinstance(value, Enum):
            fields[name] = shorten(value, min(limits))
    return part(**fields)
