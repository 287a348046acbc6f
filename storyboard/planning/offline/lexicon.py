"""What the offline planner knows: who, what, where and what happens, in three languages.

The JSON files hold one entry a line; the heroes of :mod:`...heroes` are roles too, the sets of
:mod:`...sets` are the places. ``trades.txt`` adds whoever else people are by trade or kind, with
their clothes, ``objects.txt`` other things and animals, in rows of words. Each entry finds itself
in a text by the patterns of ``find``, one list per language, apart by blanks; ``_`` joins the words
of a phrase:

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
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, overload

from pydantic import AfterValidator, BeforeValidator, Field

from ... import heroes, sets
from ...story import Age, Beard, Build, Bulk, Garment, Hat, Kind, Look, PropKind, Setting, Sex
from . import film, nouns, russian
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
        r"(?:[ндт][ыі]ң|[ғгқк][ае]|[ае]|[ндт][ыі]|[дт][ае]|[ндт][ае]н|[дт][ае][гғ][ыі])?"
        r"|с?[ыі](?:н[ыі]ң|н[ае]|н|нд[ае]|н[ае]н|нд[ае][гғ][ыі])?)"
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
        return all(self._begins(word, token, language) for word, token in first) and self._last(
            *last, language=language
        )

    @staticmethod
    def _begins(word: str, token: str, language: str) -> bool:
        if language == "ru" and word[:3] == token[:3] and len(token) > 4:
            adjectives = russian.tag(word), russian.tag(token)
            if all(adjectives) and len({of.lemma for of in adjectives if of}) == 1:
                return True
        return token.startswith(word[:-1]) if word.endswith("*") else token == word

    def _last(self, word: str, token: str, language: str) -> bool:
        if self.kind == "=":
            return token == word
        if self.kind == "*":
            return token.startswith(word)
        if self.kind and len(word) > 5 and word[:3] != token[:3]:
            return False  # no form of so long a word changes its beginning; to bend it is slow
        if self.kind and token in russian.decline(word, self.kind):
            return True
        if self.kind and (read := russian.tag(token)) is not None:
            return read.noun and _plain(read.lemma) == _plain(word)
        stems = [word.rstrip("аяоеьй")] if self.kind else [word]
        if language == "kk" and word[-1] in _VOICED:
            stems.append(word[:-1] + _VOICED[word[-1]])
        return any(
            token.startswith(stem) and _ENDINGS[language].fullmatch(token, len(stem))
            for stem in stems
        )


def _plain(word: str) -> str:
    return word.replace("ё", "е")


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
    build, hat, beard, colour, trim = value.split()
    kind = Kind.CHILD if build == "child" else Kind.PERSON
    female = hat in ("scarf", "kimeshek")
    return Look(
        kind=kind,
        sex=Sex.FEMALE if female else Sex.UNSAID if beard == "none" else Sex.MALE,
        age=Age.OLD if beard == "long" else Age.ADULT,
        build=Build.AVERAGE if kind is Kind.CHILD else Build(build),
        hat=Hat.KIMESHEK if hat == "scarf" else Hat(hat),
        beard=Beard(beard),
        garment=Garment.CHAPAN,
        colour=colour,
        trim=trim,
    )


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
    clothes: Annotated[str, Field(max_length=200)] = ""
    """What such a one wears outside Aldar Köse's world; ``{red|blue}`` is one of them by dice."""
    crowd: bool = False
    """Many, of whom nobody in particular is meant."""
    home: Home | None = None
    """Where a story about such a one begins."""
    hero: Annotated[heroes.Hero | None, Field(exclude=True)] = None
    """Who this is, if it is a hero the pack knows."""

    @property
    def gender(self) -> str:
        return self.sex


class Item(Word):
    """An animal or a thing."""

    group: Literal["animal", "thing"]
    g: Literal["m", "f", "n", "p"]
    prop: PropKind | None = None
    """How the staging draws it, where its words have no drawing of their own."""
    bulk: Bulk | None = None
    """How large it is, if it has no drawing."""

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
    steppe_set: str = ""
    """The set in Aldar Köse's world, where that is another."""
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
    return _read(category, heroes.folder())


@cache
def _read(category: str, _folder: Path) -> dict[str, Any]:
    """:param _folder: the folder the heroes among the roles are read from."""
    if category == "places":
        return {name: _place(name, of) for name, of in sets.everything().items() if of.find.en}
    data = json.loads(_DICTIONARY.joinpath(f"{category}.json").read_text("utf-8"))
    table = {key: MODELS[category].model_validate(entry) for key, entry in data.items()}
    if category == "roles":
        known = {hero.role: _role(hero) for hero in heroes.everybody()} | table
        return known | _rows("trades", known, _trade)
    return table | _rows("objects", table, _object) if category == "things" else table


def _place(name: str, of: sets.StageSet) -> Place:
    told = {field: getattr(of, field) for field in Place.model_fields if hasattr(of, field)}
    return Place.model_construct(**told | {"find": Named(**dict(of.find)), "setting": name})


def _rows(
    file: str, known: dict[str, Any], make: Callable[[str, list[list[str]], dict[str, str]], Word]
) -> dict[str, Word]:
    """The entries of a text file of rows, without the words that are found already."""
    taken = {
        tongue: {_spelling(word) for entry in known.values() for word in entry.find[tongue].split()}
        for tongue in ("en", "ru", "kk")
    }
    made: dict[str, Word] = {}
    section = ""
    for line in _DICTIONARY.joinpath(f"{file}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line
        elif line and not line.startswith("#"):
            columns = [column.split() for column in line.split("|")]
            columns[1] += [word.replace("ё", "е") for word in columns[1] if "ё" in word]
            english = columns[0][0]
            key = english if english not in known and english not in made else f"{english}_other"
            find = dict[str, str]()
            for tongue, words in zip(taken, columns, strict=True):
                free = [word for word in words if _spelling(word) not in taken[tongue]]
                taken[tongue] |= {_spelling(word) for word in free}
                find[tongue] = " ".join(map(_gendered, free) if tongue == "ru" else free)
            if any(find.values()):
                made[key] = make(section, columns, find)
    return made


def clothes(noun: str) -> str:
    """What somebody of an English trade wears outside the steppe; empty if it is unknown."""
    word = noun.replace(" ", "_")
    return _wardrobe().get(word) or _wardrobe().get(word.rpartition("_")[2], "")


@cache
def _wardrobe() -> dict[str, str]:
    table: dict[str, str] = {}
    worn = ""
    for line in _DICTIONARY.joinpath("trades.txt").read_text("utf-8").splitlines():
        if heading := _HEADING.fullmatch(line):
            worn = re.sub(r"\{([^|{}]*)\}", r"\1", heading[2])
        elif line and not line.startswith("#"):
            table |= dict.fromkeys(line.partition("|")[0].split(), worn)
    return table


def _spelling(word: str) -> str:
    return word.partition("/")[0].partition(":")[0].strip("=*")


def _gendered(word: str) -> str:
    """A Russian pattern with its gender, by the ending where the row does not say it."""
    spelling, slash, english = word.partition("/")
    if spelling.endswith("*") or ":" in spelling or spelling.startswith("="):
        return word
    return f"{spelling}:{_gender(spelling)}{slash}{english}"


def _gender(word: str) -> str:
    last = word[-1]
    return "f" if last in "ая" else "n" if last in "оеё" else "p" if last in "ыи" else "m"


def _first_noun(words: list[str]) -> tuple[str, str]:
    """The first word of a Russian column as a noun, and its gender."""
    if not words:
        return "", "n"
    word = next((w for w in words if not w.split("/")[0].endswith("*")), words[0])
    spelling, _, gender = word.partition("/")[0].partition(":")
    return spelling.strip("=*").replace("_", " "), gender or _gender(spelling.strip("=*"))


def _kazakh(words: list[str]) -> str:
    return words[0].partition("/")[0].strip("=*").replace("_", " ") if words else ""


_HEADING = re.compile(r"\[([\w ]+)\]\s*(.*)")


def _trade(section: str, columns: list[list[str]], find: dict[str, str]) -> Role:
    heading = _HEADING.fullmatch(section)
    assert heading
    clothes = re.sub(r"\{([^|{}]*)\}", r"\1", heading[2])
    (english, *_), russian_words, kazakh_words = columns
    ru, gender = _first_noun(russian_words)
    return Role.model_construct(
        find=Named(**find),
        en=english.replace("_", " "),
        ru=ru,
        kk=_kazakh(kazakh_words) or english,
        sex="f" if gender == "f" else "m",
        sheet=clothes or english,
        look=Look(),
        clothes=clothes,
        monster=heading[1] == "monster",
        side="rival" if heading[1] == "thief" or english in ("rival", "hitman") else "",
        crowd=english == "spectator",
    )


def _object(section: str, columns: list[list[str]], find: dict[str, str]) -> Item:
    heading = _HEADING.fullmatch(section)
    assert heading
    group, _, kind = heading[1].partition(" ")
    (english, *_), russian_words, kazakh_words = columns
    ru, gender = _first_noun(russian_words)
    animal = group == "animal"
    return Item.model_construct(
        find=Named(**find),
        en=english.replace("_", " "),
        ru=ru or english,
        kk=_kazakh(kazakh_words) or english,
        group="animal" if animal else "thing",
        g=gender,
        prop=PropKind(kind) if kind else nouns.drawn(english.replace("_", " ")),
        bulk=None if kind else Bulk(group),
    )


def _role(hero: heroes.Hero) -> Role:
    return Role(
        find=Named(**hero.find.model_dump()),
        **hero.names.model_dump(),
        sex=hero.sex,
        sheet=hero.sheet,
        look=hero.look,
        fixed=True,
        steppe=hero.steppe,
        hero=hero,
    )


@cache
def _patterns(language: str, folder: Path) -> dict[str, tuple[Pattern, ...]]:
    """Every pattern of a language by its first two letters, the longest first.

    :param folder: the folder the heroes among the roles are read from.
    """
    by_start: dict[str, list[Pattern]] = {}
    for category in CATEGORIES:
        for key, entry in _read(category, folder).items():
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
                    category, key, tuple(text.split("_")), kind, english.replace("_", " ")
                )
                by_start.setdefault(text[:2], []).append(pattern)
    return {
        letters: tuple(sorted(patterns, key=lambda p: (-len(p.words), -len("".join(p.words)))))
        for letters, patterns in by_start.items()
    }


def look_up(
    tokens: list[str], start: int, language: str, categories: tuple[str, ...]
) -> Pattern | None:
    """The longest pattern that fits the lower-case tokens from ``start`` on."""
    for pattern in _patterns(language, heroes.folder()).get(tokens[start][:2], ()):
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
    mentions: list[Mention] = []
    used: set[int] = set()
    for index, word in enumerate(words):
        if index in taken or index in used:
            continue
        pattern = look_up(low, index, language, categories)
        if pattern is not None:
            mentions.append(Mention(pattern, index, word.start))
            used |= set(range(index, index + len(pattern.words)))
    return mentions, used


def speaks_of_the_steppe(mention: Mention) -> bool:
    """Whether the word of a role, a thing or a place belongs to Aldar Köse's world."""
    entry = _word(mention.category, mention.id)
    return entry.steppe and "_".join(mention.pattern.words) not in entry.elsewhere.split()


def english_noun(mention: Mention, language: str) -> English:
    """The English noun of a mention: the logline's own word, a synonym's, or the entry's."""
    own = language == "en" or mention.pattern.english
    return _english(mention.category, mention.id, mention.pattern if own else None)


def noun(category: str, key: str, language: str, pattern: Pattern | None = None) -> Noun:
    """The noun of an entry, or the synonym by which ``pattern`` found it."""
    if language == "en":
        return _english(category, key, pattern)
    entry = _word(category, key)
    own = "" if pattern is None or pattern.kind in ("=", "*") else " ".join(pattern.words)
    if language == "kk":
        return Kazakh(own or entry.kk)
    animate = isinstance(entry, Role) or (isinstance(entry, Item) and entry.group == "animal")
    if own and pattern is not None and pattern.kind and own != entry.nominative:
        return Russian(russian.decline(own, pattern.kind, animate), pattern.kind)
    if isinstance(entry.ru, str):
        return Russian(russian.decline(entry.ru, entry.gender, animate), entry.gender)
    return Russian(entry.ru, entry.gender)


def hero(role: str) -> heroes.Hero | None:
    """The hero the pack knows by a role's id."""
    entry = entries("roles").get(role)
    return entry.hero if entry is not None else None


def _word(category: str, key: str) -> Word:
    return _read(category, heroes.folder())[key]


def _english(category: str, key: str, pattern: Pattern | None) -> English:
    entry = _word(category, key)
    own = "" if pattern is None or pattern.kind in ("=", "*") else " ".join(pattern.words)
    if pattern is not None and pattern.english:
        own = pattern.english
    sex = entry.sex if isinstance(entry, Role) else "n"
    named = isinstance(entry, Role) and entry.hero is not None
    mass = entry.mass and own in ("", entry.en)
    return English(own or entry.en, sex, named=named, mass=mass)
