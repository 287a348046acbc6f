"""The character sheets of a script: what introductions say of age and clothes, else the role's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...prompts import wardrobe
from ...story import Build, Character, Hat, Kind, Look
from ..draft.characters import known_hero, safe_id
from ..draft.wording import spoken, worded
from ..offline import lexicon, looks
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
    named = not entry or bool(role and person.key != role)
    calling = next(iter(person.called), "") if language == "en" else entry.en if entry else ""
    noun = English(romanise(shown) if named else calling or romanise(shown), sex, named=named)
    actor = Actor(role, noun, noun, person.key if named else "", sex)
    sheet, look = "", Look()
    for attempt in range(12):
        sheet, look = looks.sheet(actor, steppe, True, looks.Dice(f"{person.key} {attempt}"))
        if look.colour not in taken:
            break
    if person.worn and (worn := wardrobe.outfit(worded(person.worn, 200) or "clothes")).colour:
        clothes = worded(
            _clothes(person.worn) if language == "en" else wardrobe.english(person.worn), 120
        )
        sheet = ", ".join(piece for piece in (wardrobe.undressed(sheet), clothes) if piece)
        hat = worn.hat if worn.hat is not Hat.NONE else look.hat
        look = look.model_copy(update={"colour": worn.colour, "hat": hat})
    if person.age is not None:
        sheet, look = _aged(sheet, person.age, sex), look
        if person.age < CHILD:
            look = look.model_copy(update={"kind": Kind.CHILD, "build": Build.AVERAGE})
    return Character(id=key, name=shown, description=worded(sheet, 400), look=look)


def _clothes(text: str) -> str:
    """The piece of an introduction that is about clothes."""
    pieces = re.split(r"\s*[,;]\s*|\b(?:in|wearing|dressed in|wears|в|одет\w* в)\s", text)
    return ", ".join(p for p in pieces if p.strip() and wardrobe.outfit(p[:200]).colour)


def _aged(sheet: str, age: int, sex: str) -> str:
    """A sheet that says the age, and what of it can be seen."""
    sheet = re.sub(r"\byoung\s|\b[\w]+-year-old\s| of thirty\b", "", sheet)
    if age >= OLD:
        sheet = re.sub(r"[\w ]+(?= (?:hair|braid)\b)", " grey", sheet) + ", wrinkled face"
    return f"{age}-year-old {sheet}"
