"""Looks in words: what a character sheet says of face and clothes, what that looks like drawn, and
the sheet of a drawing. Both ways go by one book, so that words and drawing never contradict.

``wardrobe.json`` holds, by kind, English words -> [what they mean, how they are spelled]; the
spelling is a regular expression for English, Russian and Kazakh. Where two of one text overlap,
the one that begins first wins, and of those the one that stands first in the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ..story import Age, Beard, Build, Garment, Hair, Hat, Kind, Look, Outfit, PropKind, Sex

_CLOTHES = {"hat", "garment", "low", "trim"}
# Hats before what they are made of: a straw hat is not a straw coat.
_WORN_KINDS = ("hat", "beard", "colour", "material", "garment", "low", "trim", "detail", "build")
_SHEET_KINDS = (
    "hat", "beard", "hair", "glasses", "skin", "colour", "material", "garment", "low", "trim",
    "detail", "build", "age", "kind", "sex",
)  # fmt: skip
_PIECES = re.compile(r"\s*[,;.]\s*|\s+(?:with|and|with an?|с|со|и|мен|пен|бен|және)\s+")
_PARTS = re.compile(
    _PIECES.pattern + r"|\s+(?:dressed in|clad in|wearing|wears|in an?|in|under|over|в|во)\s+"
)
_WORN = re.compile(r"\s+(?:dressed in|clad in|wearing|in|with|в|с|со)\s+(?=\w)")
_OF_HAIR = re.compile(
    r"hair|beard|moustache|mustache|\bbun\b|\bbob\b|braid|plait|ponytail|curls|temples|blond|ginger"
    r"|red-?head|brunet|волос|бород|\bусы|\bкос[аыу]\b|рыж|белокур|\bсед[оаы]|шаш|сақал|бұрым|мұрт",
    re.IGNORECASE,
)
_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {word: number for number, word in enumerate(_ONES, 1)}
_NUMBERS |= {word: 10 * tens for tens, word in enumerate(_TENS, 2)}
_YEARS = re.compile(
    r"\b(\d{1,3}|[a-z]+)(?:-[a-z]+)?[- ]year(?:s)?[- ]old|\b(\d{1,3})-летн\w+|\b(\d{1,3}) жас\w*"
    r"|\b(?:man|woman|girl|boy|person) of ([a-z]+)\b",
    re.IGNORECASE,
)
_TEEN = re.compile(r"\bteen|подрост|жасөспірім", re.IGNORECASE)
CHILD, GROWN, OLD = 13, 30, 60
"""Years below which somebody is a child, or young, and from which on old."""
_OUTER = (
    Garment.SPACESUIT, Garment.ARMOUR, Garment.LAB_COAT, Garment.CLOAK, Garment.COAT,
    Garment.CHAPAN, Garment.ROBE, Garment.UNIFORM, Garment.OVERALLS, Garment.APRON, Garment.SUIT,
    Garment.HOODIE, Garment.JACKET, Garment.DRESS, Garment.SHIRT,
)  # fmt: skip
"""Garments, the outermost first: a coat over a dress is a coat."""


@dataclass(frozen=True)
class _Word:
    """A word of the wardrobe found in a text."""

    english: str
    kind: str
    means: str
    """A colour, or the value of a field of the look."""


@lru_cache(maxsize=1)
def _entries() -> dict[str, dict[str, list[str]]]:
    return json.loads(Path(__file__).with_name("wardrobe.json").read_text("utf-8"))


_TOP = re.compile(r"\|(?![^()]*\))")
"""Between two spellings, not inside brackets."""


@cache
def _book(kinds: tuple[str, ...], latin: bool) -> tuple[re.Pattern[str], tuple[_Word, ...]]:
    """One pattern for all words of some kinds, and the word of each of its groups.

    :param latin: for English only, which is quicker to compile.
    """
    words, spelled = [], []
    for kind in kinds:
        for english, (means, find) in _entries()[kind].items():
            if latin and not find.isascii():
                find = "|".join(way for way in _TOP.split(find) if way.isascii())
            if find:
                words.append(_Word(english, kind, means))
                spelled.append(f"({find})")
    return re.compile(rf"\b(?:{'|'.join(spelled)})\b", re.IGNORECASE), tuple(words)


def _words(text: str, *kinds: str) -> Iterator[_Word]:
    """The words of the wardrobe in a text, in order."""
    pattern, words = _book(kinds or _WORN_KINDS, text.isascii())
    for match in pattern.finditer(text):
        assert match.lastindex
        yield words[match.lastindex - 1]


def _first(text: str, kind: str) -> str | None:
    return next((word.means for word in _words(text, kind)), None)


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


def clothes(sheet: str) -> str:
    """The pieces of a character sheet, or of a clause, that are about clothes and headwear."""
    kept = []
    for piece in re.split(r"\s*[,;.]\s*", sheet):
        _, *worn = _WORN.split(piece, maxsplit=1)
        if worn and _about_clothes(worn[0]):
            piece = worn[0]
        if piece and _about_clothes(piece):
            kept.append(re.sub(r"^(?:an?|the|his|her)\s", "", piece))
    return ", ".join(kept)


def outfit(words: str) -> Outfit:
    """An outfit from its description: hat, garment, and the colours of both, as far as named.

    :param words: in English, for the prompt; 200 letters at most.
    """
    worn = _outfit(_PIECES.split(words))
    return Outfit(words=words, **worn)


def _outfit(pieces: list[str]) -> dict[str, Any]:
    hat, garment, colours, trims = Hat.NONE, None, list[str](), list[str]()
    for piece in pieces:
        words_of_piece = list(_words(piece))
        kinds = {word.kind for word in words_of_piece}
        shades = _shades(words_of_piece)
        if "hat" in kinds:
            hat = next(Hat(word.means) for word in words_of_piece if word.kind == "hat")
        elif "garment" in kinds:
            own = [Garment(w.means) for w in words_of_piece if w.kind == "garment" and w.means]
            outer = min([*own, *filter(None, [garment])], key=_OUTER.index, default=None)
            inner = garment is not None and outer is not garment
            garment, colours = outer, shades + colours if inner else colours + shades
        elif not kinds & {"trim", "low"}:
            colours += shades
        elif "trim" in kinds:
            trims += shades
    trims += colours[1:]
    return {
        "hat": hat,
        "garment": garment,
        "colour": next(iter(colours), None),
        "trim": next(iter(trims), None),
    }


def _shades(words: list[_Word]) -> list[str]:
    """The colours of a piece; what it is made of only where it names none."""
    named = [word.means for word in words if word.kind == "colour"]
    return named or [word.means for word in words if word.kind == "material"]


def look(sheet: str) -> Look:
    """How to draw somebody of whom there is only a character sheet."""
    return Look(**said(sheet))


def said(sheet: str) -> dict[str, Any]:
    """The fields of a look of which a character sheet says something."""
    pieces = [piece for piece in _PARTS.split(sheet) if piece]
    worn = [piece for piece in pieces if _about_clothes(piece)]
    bare = [piece for piece in pieces if piece not in worn or _first(piece, "hat") == "none"]
    face = ", ".join(bare)
    told: dict[str, Any] = {k: v for k, v in _outfit(worn).items() if v}
    if not any(_first(piece, "hat") for piece in worn):
        told.pop("hat", None)
    species = _first(bare[0], "species") if bare else None
    kind, sex = _first(face, "kind"), _first(face, "sex")
    if sex:
        told["sex"] = Sex(sex)
    if species and not sex and not kind:
        told |= {"kind": Kind.ANIMAL, "species": PropKind(species)}
    elif kind and not _TEEN.search(face):
        told["kind"] = Kind(kind)
    if (age := _first(face, "age")) and told.get("kind") is not Kind.CHILD:
        told["age"] = Age(age)
    told |= _of_years(sheet)
    for field, values in (("build", Build), ("beard", Beard), ("hair", Hair)):
        if means := _first(face, field):
            told[field] = values(means)
    if _first(sheet, "glasses"):
        told["glasses"] = True
    if skin := _first(face, "skin"):
        told["skin"] = skin
    of_hair = next((piece for piece in bare if _OF_HAIR.search(piece)), "")
    if shade := _first(of_hair, "shade"):
        told["hair_colour"] = shade
    if told.get("kind") in (Kind.ANIMAL, Kind.ROBOT):
        own = [piece for piece in bare if _first(piece, "aside") is None]
        fur = [shade for piece in own for shade in _shades(list(_words(piece)))]
        fur += [shade for piece in own if (shade := _first(piece, "shade"))]
        told |= {"skin": fur[0]} if fur else {}
    if told.get("sex") is Sex.FEMALE:
        told.setdefault("hair", Hair.LONG)
        told.pop("beard", None)
    return told


def _of_years(sheet: str) -> dict[str, Any]:
    """Kind and age of "nine-year-old", «70-летний», "a woman of forty"."""
    for match in _YEARS.finditer(sheet):
        word = next(filter(None, match.groups())).lower()
        years = int(word) if word.isdigit() else _NUMBERS.get(word)
        if years is not None:
            return of_age(years)
    return {}


def of_age(years: int) -> dict[str, Any]:
    """Kind and age of a look, of somebody so many years old."""
    kind = Kind.CHILD if years < CHILD else Kind.PERSON
    age = Age.OLD if years >= OLD else Age.YOUNG if CHILD <= years < GROWN else Age.ADULT
    return {"kind": kind, "age": age}


def described(drawn: Look) -> str:
    """The character sheet of a look, in English: what :func:`said` reads back from it."""
    if drawn.kind is Kind.MANNEQUIN:
        return "plain grey mannequin"
    if drawn.kind is Kind.ANIMAL:
        species = (drawn.species or PropKind.DOG).value
        return f"{_nearest(drawn.skin, 'colour')} {species}"
    if drawn.kind is Kind.ROBOT:
        return f"{_nearest(drawn.skin, 'colour')} robot"
    return ", ".join(filter(None, [face(drawn), _clothes_of(drawn)]))


def face(drawn: Look) -> str:
    """The sheet of a person without the clothes."""
    child, sex = drawn.kind is Kind.CHILD, drawn.sex
    noun = {
        Sex.FEMALE: "girl" if child else "woman",
        Sex.MALE: "boy" if child else "man",
        Sex.UNSAID: "child" if child else "person",
    }[sex]
    age = "" if child or drawn.age is Age.ADULT else drawn.age.value
    build = {Build.ROUND: "stout", Build.LEAN: "lean", Build.TALL: "tall"}.get(drawn.build, "")
    pieces = [" ".join(filter(None, [build, age, noun]))]
    pieces += hair_words(drawn)
    if drawn.skin != Look().skin:
        pieces.append(_nearest(drawn.skin, "skin"))
    if drawn.glasses:
        pieces.append("glasses")
    return ", ".join(pieces)


def hair_words(drawn: Look) -> list[str]:
    """Hair and beard of a look, a piece each."""
    shade = _nearest(drawn.hair_colour, "shade")
    style = {
        Hair.BALD: "bald head",
        Hair.SHORT: f"short {shade} hair",
        Hair.CURLY: f"curly {shade} hair",
        Hair.BOB: f"{shade} bob",
        Hair.LONG: f"long {shade} hair",
        Hair.BRAID: f"{shade} braids",
        Hair.PONYTAIL: f"{shade} ponytail",
        Hair.BUN: f"{shade} hair in a bun",
    }[drawn.hair]
    beard = {
        Beard.NONE: "",
        Beard.MOUSTACHE: f"{shade} moustache",
        Beard.GOATEE: f"{shade} goatee",
        Beard.FULL: f"{shade} beard",
        Beard.LONG: f"long {shade} beard",
    }[drawn.beard]
    return [piece for piece in (style, beard) if piece]


def _clothes_of(drawn: Look) -> str:
    garment = drawn.garment.value.replace("_", " ")
    pieces = [f"{_nearest(drawn.colour, 'colour')} {garment}"]
    if drawn.hat is not Hat.NONE:
        pieces.append(
            next(e for e, (means, _) in _entries()["hat"].items() if means == drawn.hat.value)
        )
    return ", ".join(pieces)


@cache
def _nearest(colour: str, kind: str) -> str:
    """The name of the colour of that kind that is nearest to ``#rrggbb``."""

    def parts(code: str) -> tuple[int, ...]:
        return tuple(int(code[i : i + 2], 16) for i in (1, 3, 5))

    def distance(name: str) -> int:
        other = parts(_entries()[kind][name][0])
        return sum((a - b) ** 2 for a, b in zip(parts(colour), other, strict=True))

    return min(_entries()[kind], key=distance)


def agreed(drawn: Look, sheet: str) -> tuple[Look, str]:
    """A look and a sheet that say the same: what the words say is drawn, and what they leave out
    of the drawing is said.

    :param drawn: what somebody chose beside the words.
    """
    told = said(sheet)
    both = drawn.model_copy(update=told)
    if both.kind not in (Kind.PERSON, Kind.CHILD):
        return both, sheet or described(both)
    if not sheet:
        return both, described(both)
    plain, silent = Look(), []
    if not told.keys() & {"sex", "kind"} and both.sex is not Sex.UNSAID:
        silent.append("woman" if both.sex is Sex.FEMALE else "man")
    if "age" not in told and both.age is not plain.age and both.kind is Kind.PERSON:
        silent.append(both.age.value)
    lead = " ".join(reversed(silent))
    pieces = [lead] if lead else []
    usual = Hair.LONG if both.sex is Sex.FEMALE else plain.hair
    if "hair" not in told and both.hair is not usual:
        pieces.append(hair_words(both)[0])
    if "beard" not in told and both.beard is not Beard.NONE:
        pieces.append(hair_words(both)[-1])
    if both.glasses and "glasses" not in told:
        pieces.append("glasses")
    if not told.keys() & {"garment", "colour"} and (both.garment, both.colour) != (
        plain.garment,
        plain.colour,
    ):
        pieces.append(_clothes_of(both.model_copy(update={"hat": Hat.NONE})))
    if "hat" not in told and both.hat is not Hat.NONE:
        pieces.append(_clothes_of(both).rpartition(", ")[2])
    return both, ", ".join([sheet, *pieces])


def redrawn(old: Look, before: str, after: str) -> Look:
    """A look after its character sheet was rewritten: what the words say otherwise is drawn
    otherwise, all else stays.

    :param before: the sheet that went with ``old``.
    """
    was, says = dict(look(before)), dict(look(after))
    return old.model_copy(update={k: v for k, v in says.items() if v != was[k]})


def english(words: str, *kinds: str) -> str:
    """What of an outfit in another language is known, in English; may be empty.

    :param kinds: of words; those of clothes if none is given.
    """
    pieces = (
        " ".join(word.english for word in _words(piece, *kinds)) for piece in _PIECES.split(words)
    )
    return ", ".join(piece for piece in pieces if piece)


def species() -> list[str]:
    """Every animal that the wardrobe knows: values of :class:`..vocabulary.PropKind`."""
    return list(_entries()["species"])


def colours() -> list[str]:
    """Every colour the wardrobe knows by name."""
    return [means for means, _ in _entries()["colour"].values()]


def number(word: str) -> int | None:
    """A number up to ninety-nine in English words."""
    tens, _, ones = word.partition("-")
    if tens not in _NUMBERS or (ones and ones not in _NUMBERS):
        return None
    return _NUMBERS[tens] + _NUMBERS.get(ones, 0)
