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
from typing import Annotated, Any, Literal, overload

from pydantic import AfterValidator, BeforeValidator, Field

from ...story import Beard, Build, Hat, Look, PropKind, Setting
from . import film, russian
from .data import Data, Named
from .language import Token
from .words import English, Kazakh, Noun, Russian

_DICTIONARY = Path(__file__).with_name("dictionary")
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


def _drawn(value: object) -> object:
    """``build hat beard robe trim``, as a look is written."""
    if not isinstance(value, str):
        return value
    build, hat, beard, robe, trim = value.split()
    return Look(build=Build(build), hat=Hat(hat), beard=Beard(beard), robe=robe, trim=trim)


def _acting(line: str) -> str:
    film.check_figure(f"hero {line}")
    return line


Acting = Annotated[str, AfterValidator(_acting)]
"""Pose and emotion of a figure."""
Home = tuple[Setting, Annotated[str, Field(min_length=1, max_length=120)]]
"""A setting and its words for a prompt."""


class Entry(Data):
    """Something of which a logline may speak."""

    find: Named
    """How it is spelled, see the module's text."""


class Word(Entry):
    """An entry with a noun."""

    en: Annotated[str, Field(min_length=1, max_length=60)]
    ru: str | russian.Forms
    """Its nominative, or all six forms where the rules would not give them."""
    kk: Annotated[str, Field(min_length=1, max_length=60)]
    mass: bool = False
    """Gold, bread: no indefinite article in English."""
    steppe: bool = False
    """Its words speak of Aldar Köse's world."""
    elsewhere: str = ""
    """Those of them that do not, apart by blanks."""

    @property
    def gender(self) -> str:
        """In Russian: ``m``, ``f``, ``n``, or ``p`` for a plural."""
        return "n"

    @property
    def nominative(self) -> str:
        """In Russian."""
        return self.ru if isinstance(self.ru, str) else self.ru[0]


class Role(Word):
    """Somebody: a trade, a kinship, an animal that walks upright."""

    sex: Literal["m", "f", "n"]
    sheet: Annotated[str, Field(min_length=1, max_length=300)]
    """The character sheet, in Aldar Köse's world."""
    look: Annotated[Look, BeforeValidator(_drawn)]
    wide: Annotated[str, Field(max_length=300)] = ""
    """The character sheet elsewhere, where that is another one."""
    side: Literal["", "rival", "folk"] = ""
    fixed: bool = False
    """The sheet says whether it is a man or a woman."""
    monster: bool = False
    beast: bool = False
    home: Home | None = None
    """Where a story about such a one begins."""

    @property
    def gender(self) -> str:
        return self.sex


class Item(Word):
    """An animal or a thing."""

    group: Literal["animal", "thing"]
    g: Literal["m", "f", "n", "p"]
    prop: PropKind | None = None
    """How the staging draws it, if it can."""

    @property
    def gender(self) -> str:
        return self.g


class Place(Word):
    """Where a story plays."""

    setting: Setting
    place: Annotated[str, Field(min_length=1, max_length=120)]
    """Its words for a prompt."""
    steppe_place: Annotated[str, Field(max_length=120)] = ""
    """The same in Aldar Köse's world, where that is another."""
    proper: str = ""
    """Those of its English words that are names, apart by blanks."""
    g: Literal["m", "f", "n", "p"]

    @property
    def gender(self) -> str:
        return self.g


class Event(Entry):
    """Something that happens, and how it is staged."""

    hero: Acting
    other: Acting = "standing curious"
    do: Annotated[str, Field(min_length=1)]
    """Action line, with ``{hero}`` for whoever does it."""
    mount: bool = False
    prop: PropKind | None = None
    """What whoever does it holds."""


MODELS: dict[str, type[Entry]] = {
    "roles": Role, "things": Item, "places": Place, "events": Event,
}  # fmt: skip
"""Category -> what its entries are."""


@overload
def entries(category: Literal["roles"]) -> dict[str, Role]: ...
@overload
def entries(category: Literal["things"]) -> dict[str, Item]: ...
@overload
def entries(category: Literal["places"]) -> dict[str, Place]: ...
@overload
def entries(category: Literal["events"]) -> dict[str, Event]: ...
def entries(category: str) -> object:
    """The entries of one of :data:`CATEGORIES`, in the order of the file."""
    return _read(category)


@cache
def _read(category: str) -> dict[str, Any]:
    data = json.loads(_DICTIONARY.joinpath(f"{category}.json").read_text("utf-8"))
    return {id: MODELS[category].model_validate(entry) for id, entry in data.items()}


class ScriptWords(Data):
    """``scripts.json``: words that scripts are read with, in small letters, apart by blanks."""

    filler: str
    """Of a name, they name nobody alone."""
    honour: str
    """They stand before a name."""
    before: str
    """They stand before an English noun."""
    nobody: str
    """They may begin a sentence with a capital, and are no names."""
    she: str
    he: str
    they: str
    anybody: str
    body: str
    madam: str
    mister: str
    later: str
    """They stand behind a place in a heading, as a time does."""
    about: str
    """They stand before such a word."""
    women: str
    men: str
    nouns: str
    """Given names that are words too, in capitals as well."""
    voices: str
    """They are only heard."""
    built: str
    """Outside these it is a town."""
    deeds: str
    """What people do."""


@cache
def words(kind: str) -> frozenset[str]:
    """The words of one kind: a field of :class:`ScriptWords`."""
    return frozenset(getattr(_script_words(), kind).split())


@cache
def _script_words() -> ScriptWords:
    text = _DICTIONARY.joinpath("scripts.json").read_text("utf-8")
    return ScriptWords.model_validate_json(text)


@cache
def _patterns(language: str) -> dict[str, tuple[Pattern, ...]]:
    """Every pattern of a language by its first two letters, the longest first."""
    found: dict[str, list[Pattern]] = {}
    for category in CATEGORIES:
        for id, entry in _read(category).items():
            for text in entry.find[language].split():
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


def speaks_of_the_steppe(mention: Mention) -> bool:
    """Whether the word of a role, a thing or a place belongs to Aldar Köse's world."""
    entry: Word = _read(mention.category)[mention.id]
    return entry.steppe and "_".join(mention.pattern.words) not in entry.elsewhere.split()


def english_noun(mention: Mention, language: str) -> English:
    """The English noun of a mention: the logline's own word, a synonym's, or the entry's."""
    own = language == "en" or mention.pattern.english
    return _english(mention.category, mention.id, mention.pattern if own else None)


def noun(category: str, id: str, language: str, pattern: Pattern | None = None) -> Noun:
    """The noun of an entry, or the synonym by which ``pattern`` found it."""
    if language == "en":
        return _english(category, id, pattern)
    entry: Word = _read(category)[id]
    own = "" if pattern is None or pattern.kind in ("=", "*") else " ".join(pattern.words)
    if language == "kk":
        return Kazakh(own or entry.kk)
    animate = isinstance(entry, Role) or (isinstance(entry, Item) and entry.group == "animal")
    if own and pattern is not None and pattern.kind and own != entry.nominative:
        return Russian(russian.decline(own, pattern.kind, animate), pattern.kind)
    if isinstance(entry.ru, str):
        return Russian(russian.decline(entry.ru, entry.gender, animate), entry.gender)
    return Russian(entry.ru, entry.gender)


def _english(category: str, id: str, pattern: Pattern | None) -> English:
    entry: Word = _read(category)[id]
    own = "" if pattern is None or pattern.kind in ("=", "*") else " ".join(pattern.words)
    if pattern is not None and pattern.english:
        own = pattern.english
    sex = entry.sex if isinstance(entry, Role) else "n"
    mass = entry.mass and own in ("", entry.en)
    return English(own or entry.en, sex, named=id == "trickster", mass=mass)
