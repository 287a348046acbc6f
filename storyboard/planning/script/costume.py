"""The character sheets of a script: what introductions say of age and clothes, else the role's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...prompts import wardrobe
from ...story import Build, Character, Kind, Look
from ..draft.characters import known_hero, safe_id
from ..draft.wording import spoken, worded
from ..offline import lexicon, looks, syntax
from ..offline.language import romanise
from ..offline.people import Actor
from ..offline.words import English

if TYPE_CHECKING:
    from .persons import Person

CHILD, OLD = 13, 60
"""Years below which somebody is drawn as a child, and from which on as old."""


def character(person: Person, steppe: bool, others: list[Character], language: str) -> Character:
    shown = spoken(person.shown, 60) or "Somebody"
    hero = lexicon.hero(person.role)
    key = safe_id(hero.id if hero else shown, {other.id for other in others})
    if hero and not any(other.trigger == hero.trigger for other in others):
        return known_hero(hero, key, shown)
    role = "" if hero else person.role
    sex = person.sex
    if person.age is not None and person.age < CHILD and role in ("", "man", "wife", "student"):
        role = "girl" if sex == "f" else "boy"
    generic = role in ("man", "wife") and person.key != role
    if generic:
        role = ""
    entry = lexicon.entries("roles").get(role)
    taken = {other.look.colour for other in others}
    if (
        entry
        and entry.look.colour in taken
        and any(other.description.startswith(entry.sheet.split(",")[0]) for other in others)
    ):
        role = ""  # Two guards are two people: the second is told by a coat of his own.
    named = not entry or bool(role and person.key not in {role, *person.called})
    calling = next(iter(person.called), "") if language == "en" else entry.en if entry else ""
    noun = English(romanise(shown) if named else calling or romanise(shown), sex, named=named)
    worn, details = _worn(person.worn, language)
    actor = Actor(
        role,
        noun,
        noun,
        person.key if named else "",
        sex,
        details=details,
        dress=worn,
        age=person.age,
    )
    sheet, look = "", Look()
    for attempt in range(12):
        sheet, look = looks.sheet(actor, steppe, True, looks.Dice(f"{person.key} {attempt}"))
        if look.colour not in taken or worn:
            break
    if steppe and entry is not None and not entry.clothes:
        sheet, look = _changed(sheet, look, worn, person.age)
    return Character(id=key, name=shown, description=worded(sheet, 400), look=look)


def _worn(introduction: str, language: str) -> tuple[str, str]:
    """What an introduction says of the clothes, and of hair, beard and build, in English."""
    text = worded(introduction, 200)
    if language == "en":
        text = syntax.up_to_verb(text)
    if not text:
        return "", ""
    pieces = re.split(r"\s*[,;]\s*|\b(?:in|wearing|dressed in|wears|with|в|одет\w* в|с)\s", text)
    clothes = [piece.strip() for piece in pieces if wardrobe.clothes(piece)]
    others = [piece.strip() for piece in pieces if piece.strip() and not wardrobe.clothes(piece)]
    seen = [piece for piece in others if wardrobe.said(f"person, {piece}").keys() & _SEEN]
    if language == "en":
        return worded(", ".join(clothes), 120), worded(", ".join(seen), 80)
    kinds = ("hair", "glasses", "build", "beard", "skin")
    return (
        ", ".join(filter(None, map(wardrobe.english, clothes))),
        ", ".join(filter(None, (wardrobe.english(piece, *kinds) for piece in seen))),
    )


_SEEN = frozenset({"hair", "hair_colour", "beard", "glasses", "build", "skin"})


def _changed(sheet: str, look: Look, worn: str, age: int | None) -> tuple[str, Look]:
    """A role of the steppe in other clothes, and of the age that the script says."""
    if worn:
        sheet = ", ".join(piece for piece in (wardrobe.undressed(sheet), worn) if piece)
        told = {k: v for k, v in wardrobe.said(worn).items() if k in _WORN}
        look = look.model_copy(update=told)
    if age is not None:
        sheet = _aged(sheet, age)
        look = look.model_copy(update=wardrobe.of_age(age))
        if look.kind is Kind.CHILD:
            look = look.model_copy(update={"build": Build.AVERAGE})
    return sheet, look


_WORN = frozenset({"hat", "garment", "colour", "trim"})


def _aged(sheet: str, age: int) -> str:
    """A sheet that says the age, and what of it can be seen."""
    sheet = re.sub(r"\byoung\s|\b[\w]+-year-old\s| of thirty\b", "", sheet)
    if age >= OLD:
        sheet = re.sub(r"[\w ]+(?= (?:hair|braid)\b)", " grey", sheet) + ", wrinkled face"
    return f"{age}-year-old {sheet}"
