"""What the offline planner knows: who, what, where and what happens, in three languages.

The four JSON files hold one entry a line. Each entry finds itself in a text by the patterns of
``find``, one list per language, apart by blanks; ``_`` joins the words of a phrase:

``word``     the word with any ending of its language; the word itself becomes the noun
             (in Russian a stem: the noun is the entry's own)
``word:g``   Russian only: a dictionary form with its gender (m, f, n), which becomes the noun
``=word``    exactly this form; the noun is the entry's own
``word*``    anything that begins so; the noun is the entry's own

A synonym may carry its own English word, as in ``алқа/necklace``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .. import russian
from ..language import Token
from ..words import English, Kazakh, Noun, Russian

CATEGORIES = ("roles", "things", "places", "events")

_ENDINGS = {
    "en": re.compile(r"(?:s|es)?"),
    "ru": re.compile(
        r"(?:а|у|ом|ем|ём|е|и|ы|ов|ев|ёв|ей|ам|ям|ами|ями|ах|ях|ой|ою|ю|я|ью|ь|й|о|ии|ию|ией|ия)?"
    ),
    "kk": re.compile(
        r"(?:[лдт][ае]р)?"
        r"(?:(?:[ыі]?м|[ыі]?ң|[ыі]?ң[ыі]з|[ыі]?м[ыі]з)?"
        r"(?:[ндт][ыі]ң|[ғгқк][ае]|[ае]|[ндт][ыі]|[дт][ае]|[ндт][ае]н|[дт][ае]г[ыі])?"
        r"|с?[ыі](?:н[ыі]ң|н[ае]|н|нд[ае]|н[ае]н|нд[ае]г[ыі])?)"
        r"(?:[мбп]ен)?"
    ),
}
_VOICED = {"п": "б", "қ": "ғ", "к": "г"}


@dataclass(frozen=True)
class Pattern:
    """One way to spell an entry; see the module's text."""

    category: str
    id: str
    words: tuple[str, ...]
    kind: str
    """``""``, ``=``, ``*`` or a Russian gender."""
    english: str = ""
    """The synonym's English word, where it differs from the entry's."""

    def fits(self, tokens: tuple[str, ...], language: str) -> bool:
        """Whether the lower-case tokens (as many as :attr:`words`) spell this entry."""
        *first, last = zip(self.words, tokens, strict=True)
        return all(self._begins(word, token) for word, token in first) and self._last(
            *last, language=language
        )

    @staticmethod
    def _begins(word: str, token: str) -> bool:
        return token.startswith(word[:-1]) if word.endswith("*") else token == word

    def _last(self, word: str, token: str, language: str) -> bool:
        if self.kind == "=":
            return token == word
        if self.kind == "*":
            return token.startswith(word)
        if self.kind and token in russian.decline(word, self.kind):
            return True
        stems = [word.rstrip("аяоеьй")] if self.kind else [word]
        if language == "kk" and word[-1] in _VOICED:
            stems.append(word[:-1] + _VOICED[word[-1]])
        return any(
            token.startswith(stem) and _ENDINGS[language].fullmatch(token, len(stem))
            for stem in stems
        )


@dataclass(frozen=True)
class Mention:
    """A place in the logline where an entry is spelled."""

    pattern: Pattern
    index: int
    """Of its first token."""
    start: int
    """Of its first letter."""

    @property
    def id(self) -> str:
        return self.pattern.id

    @property
    def category(self) -> str:
        return self.pattern.category


@cache
def entries(category: str) -> dict[str, dict[str, Any]]:
    """The entries of one of :data:`CATEGORIES`, in the order of the file."""
    return json.loads(Path(__file__).with_name(f"{category}.json").read_text("utf-8"))


@cache
def words(kind: str) -> frozenset[str]:
    """The words of one kind that scripts are read with (``scripts.json``), in small letters.

    ``filler`` words of a name name nobody alone; one of ``before`` stands before an English noun;
    ``nobody`` begins a sentence with a capital and is no name; people do ``deeds``; ``voices`` are
    only heard; outside what is ``built`` it is a town; ``later`` and ``about`` stand
    behind a place in a heading.
    """
    data = json.loads(Path(__file__).with_name("scripts.json").read_text("utf-8"))
    return frozenset(data[kind].split())


@cache
def _patterns(language: str) -> dict[str, tuple[Pattern, ...]]:
    """Every pattern of a language by its first two letters, the longest first."""
    found: dict[str, list[Pattern]] = {}
    for category in CATEGORIES:
        for id, entry in entries(category).items():
            for text in entry["find"][language].split():
                kind = ""
                text, _, english = text.partition("/")
                if text.startswith("="):
                    text, kind = text[1:], "="
                elif text.endswith("*"):
                    text, kind = text[:-1], "*"
                elif ":" in text:
                    text, _, kind = text.partition(":")
                pattern = Pattern(
                    category, id, tuple(text.split("_")), kind, english.replace("_", " ")
                )
                found.setdefault(text[:2], []).append(pattern)
    return {
        letters: tuple(sorted(some, key=lambda p: (-len(p.words), -len("".join(p.words)))))
        for letters, some in found.items()
    }


def look_up(
    tokens: list[str], start: int, language: str, categories: tuple[str, ...]
) -> Pattern | None:
    """The longest pattern that fits the lower-case tokens from ``start`` on."""
    for pattern in _patterns(language).get(tokens[start][:2], ()):
        end = start + len(pattern.words)
        if pattern.category not in categories or end > len(tokens):
            continue
        if pattern.fits(tuple(tokens[start:end]), language):
            return pattern
    return None


def scan(
    words: list[Token], language: str, categories: tuple[str, ...], taken: set[int]
) -> tuple[list[Mention], set[int]]:
    """Mentions in the order of the text, and the indices of the tokens they use.

    :param taken: indices of tokens that are spoken for.
    """
    low = [word.low for word in words]
    found: list[Mention] = []
    used: set[int] = set()
    for index, word in enumerate(words):
        if index in taken or index in used:
            continue
        pattern = look_up(low, index, language, categories)
        if pattern is not None:
            found.append(Mention(pattern, index, word.start))
            used |= set(range(index, index + len(pattern.words)))
    return found, used


def english_noun(mention: Mention, language: str) -> English:
    """The English noun of a mention: the logline's own word, a synonym's, or the entry's."""
    own = language == "en" or mention.pattern.english
    return _english(mention.category, mention.id, mention.pattern if own else None)


def noun(category: str, id: str, language: str, pattern: Pattern | None = None) -> Noun:
    """The noun of an entry, or the synonym by which ``pattern`` found it."""
    if language == "en":
        return _english(category, id, pattern)
    entry = entries(category)[id]
    own = "" if pattern is None or pattern.kind in ("=", "*") else " ".join(pattern.words)
    if language == "kk":
        return Kazakh(own or entry["kk"])
    sex = entry.get("sex") or entry.get("g") or "n"
    animate = category == "roles" or entry.get("group") == "animal"
    if own and pattern is not None and pattern.kind and own != _nominative(entry):
        return Russian(russian.decline(own, pattern.kind, animate), pattern.kind)
    forms = entry["ru"]
    if isinstance(forms, str):
        forms = russian.decline(forms, sex, animate)
    nom, gen, dat, acc, ins, pre = forms
    return Russian((nom, gen, dat, acc, ins, pre), sex)


def _english(category: str, id: str, pattern: Pattern | None) -> English:
    entry = entries(category)[id]
    own = "" if pattern is None or pattern.kind in ("=", "*") else " ".join(pattern.words)
    if pattern is not None and pattern.english:
        own = pattern.english
    sex = entry.get("sex", "") if category == "roles" else "n"
    mass = entry.get("mass", False) and own in ("", entry["en"])
    return English(own or entry["en"], sex, named=id == "trickster", mass=mass)


def _nominative(entry: dict[str, Any]) -> str:
    return entry["ru"] if isinstance(entry["ru"], str) else entry["ru"][0]
