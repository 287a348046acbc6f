"""Clothes in words: which part of a character sheet they are, and what they look like drawn.

``wardrobe.json`` holds, by kind, English words -> [what they mean, how they are spelled]; the
spelling is a regular expression for English, Russian and Kazakh. Where two of one text overlap,
the one that begins first wins, and of those the one that stands first in the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..story import Beard, Build, Hat, Kind, Look, Outfit

_CLOTHES = {"hat", "garment", "low", "trim"}
_PIECES = re.compile(r"\s*[,;.]\s*|\s+(?:with|and|with an?|с|со|и|мен|пен|бен|және)\s+")
_WORN = re.compile(r"\s+(?:dressed in|clad in|wearing|in|with|в|с|со)\s+(?=\w)")


@dataclass(frozen=True)
class _Word:
    """A word of the wardrobe found in a text."""

    english: str
    kind: str
    means: str
    """A colour, or the value of a hat, build or beard."""


@lru_cache(maxsize=1)
def _book() -> tuple[re.Pattern[str], tuple[_Word, ...]]:
    """One pattern for all words, and the word of each of its groups."""
    kinds = json.loads(Path(__file__).with_name("wardrobe.json").read_text("utf-8"))
    # Hats before what they are made of: a straw hat is not a straw coat.
    order = ("hat", "beard", *(kind for kind in kinds if kind not in ("hat", "beard")))
    words, spelled = [], []
    for kind in order:
        for english, (means, find) in kinds[kind].items():
            words.append(_Word(english, kind, means))
            spelled.append(f"({find})")
    return re.compile(rf"\b(?:{'|'.join(spelled)})\b", re.IGNORECASE), tuple(words)


def _words(text: str) -> Iterator[_Word]:
    """The words of the wardrobe in a text, in order."""
    pattern, words = _book()
    for match in pattern.finditer(text):
        assert match.lastindex
        yield words[match.lastindex - 1]


def _about_clothes(text: str) -> bool:
    return any(word.kind in _CLOTHES for word in _words(text))


def undressed(sheet: str) -> str:
    """A character sheet without the pieces about clothes and headwear: face and build remain."""
    kept = []
    for piece in re.split(r"\s*[,;]\s*", sheet):
        person, *worn = _WORN.split(piece, maxsplit=1)
        if worn and _about_clothes(worn[0]):
            piece = person
        if piece and not _about_clothes(piece):
            kept.append(piece)
    return ", ".join(kept)


def outfit(words: str) -> Outfit:
    """An outfit from its description: its hat, and the colours of robe and trim, as far as named.

    :param words: in English, for the prompt; 200 letters at most.
    """
    hat, colours, trims = Hat.NONE, [], []
    for piece in _PIECES.split(words):
        words_of_piece = list(_words(piece))
        kinds = {word.kind for word in words_of_piece}
        shades = _shades(words_of_piece)
        if "hat" in kinds:
            hat = next(Hat(word.means) for word in words_of_piece if word.kind == "hat")
        elif "garment" in kinds or not kinds & {"trim", "low"}:
            colours += shades
        elif "trim" in kinds:
            trims += shades
    trims += colours[1:]
    return Outfit(
        words=words, hat=hat, colour=next(iter(colours), None), trim=next(iter(trims), None)
    )


def _shades(words: list[_Word]) -> list[str]:
    """The colours of a piece; what it is made of only where it names none."""
    named = [word.means for word in words if word.kind == "colour"]
    return named or [word.means for word in words if word.kind == "material"]


def look(sheet: str) -> Look:
    """How to draw somebody of whom there is only a character sheet."""
    clothes = [piece for piece in re.split(r"\s*[,;]\s*", sheet) if _about_clothes(piece)]
    worn = outfit(", ".join(clothes)[:200] or "clothes")
    named = list(_words(sheet))
    builds = [word.means for word in named if word.kind == "build"]
    kind = Kind.CHILD if "child" in builds else Kind.PERSON
    build = next((Build(means) for means in builds if means != "child"), Build.AVERAGE)
    beard = next((Beard(word.means) for word in named if word.kind == "beard"), Beard.NONE)
    drawn = {"kind": kind, "build": build, "beard": beard, "hat": worn.hat}
    return Look(**drawn, **{k: v for k in ("colour", "trim") if (v := getattr(worn, k))})


def redrawn(old: Look, before: str, after: str) -> Look:
    """A look after its character sheet was rewritten: what the words say otherwise is drawn
    otherwise, all else stays.

    :param before: the sheet that went with ``old``.
    """
    said, says = look(before).model_dump(), look(after).model_dump()
    return old.model_copy(update={k: v for k, v in says.items() if v != said[k]})


def english(words: str) -> str:
    """What of an outfit in another language is known, in English; may be empty."""
    pieces = (" ".join(word.english for word in _words(piece)) for piece in _PIECES.split(words))
    return ", ".join(piece for piece in pieces if piece)


def colours() -> list[str]:
    """Every colour the wardrobe knows by name."""
    return [word.means for word in _book()[1] if word.kind == "colour"]
