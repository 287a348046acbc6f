"""The characters of a draft or a script: safe ids, known heroes, and who a name means."""

from __future__ import annotations

import re
from collections import Counter

from PIL import ImageColor

from ... import heroes
from ...heroes import Hero
from ...prompts import wardrobe
from ...story import Character, Kind, Look, PropKind
from ..offline import nouns
from ..offline.language import romanise
from .model import Draft, DraftCharacter, DraftShot
from .wording import spoken, worded

MAX_CHARACTERS = 20
"""Of a story."""
NOBODY = {"", "none", "nobody", "noone", "null", "na", "никто", "нет", "ешкім", "жоқ"}
"""Folded names that say that there is nobody."""


def named(shot: DraftShot) -> list[str]:
    """Everybody whom a shot names, by name or id, as it is written."""
    names = [member.character for member in shot.cast]
    names += [line.character for line in shot.dialogue]
    names += [prop.held_by for prop in shot.props]
    return [name for name in names if fold(name) not in NOBODY]


def _unlisted(draft: Draft) -> list[DraftCharacter]:
    """Whom the shots name, for a story that lists nobody."""
    names = dict.fromkeys(name for shot in draft.shots for name in named(shot))
    return [
        DraftCharacter(id=name, name=name, description=romanise(name).replace("_", " "))
        for name in list(names)[:MAX_CHARACTERS]
    ]


class People:
    """The characters of a draft under safe ids, and who a name in a shot means."""

    def __init__(self, draft: Draft) -> None:
        self.characters: list[Character] = []
        self._known: dict[str, str] = {}
        for person in draft.characters[:MAX_CHARACTERS] or _unlisted(draft):
            if fold(person.id) in self._known:
                continue
            character = self._character(person)
            self.characters.append(character)
            for name in (character.id, person.id, person.name):
                self._known.setdefault(fold(name), character.id)
        self._hero_first(draft)

    def id(self, name: str) -> str | None:
        """The id of whom a name means, or ``None``."""
        key = fold(name)
        return self._known.get(key) if key else None

    def _character(self, person: DraftCharacter) -> Character:
        taken = {character.id for character in self.characters}
        key = safe_id(person.id, taken)
        name = spoken(person.name, 60) or key
        hero = _hero(person.id) or _hero(name)
        if hero and not any(character.trigger == hero.trigger for character in self.characters):
            return known_hero(hero, key, name)
        look, sheet = wardrobe.agreed(_look(person), worded(person.description, 360))
        return Character(id=key, name=name, description=sheet[:400], look=look)

    def _hero_first(self, draft: Draft) -> None:
        """The known hero; else whom the model put first, unless no shot ever shows that one."""
        seen = Counter(self.id(member.character) for shot in draft.shots for member in shot.cast)

        def rank(character: Character) -> tuple[bool, bool, int]:
            first = character is self.characters[0] and bool(seen[character.id])
            return (not character.trigger, not first, -seen[character.id])

        if self.characters:
            hero = min(self.characters, key=rank)
            self.characters.sort(key=lambda character: character is not hero)


def safe_id(name: str, taken: set[str]) -> str:
    """An id of Latin letters for a name in any alphabet, not among those that are taken."""
    own = re.sub(r"\W+", "_", romanise(name).lower(), flags=re.ASCII).strip("_")[:28].strip("_")
    key = own if re.match(r"[a-z]", own) else f"character_{len(taken) + 1}"
    return f"{key[:28]}_{len(taken) + 1}" if key in taken else key


def _hero(name: str) -> Hero | None:
    """The hero the pack knows by that name or id."""
    key = fold(name)
    return next((hero for hero in heroes.everybody() if hero.alone.fullmatch(key)), None)


def known_hero(hero: Hero, key: str, name: str) -> Character:
    """A hero the pack knows, as every planner draws him: his LoRA learned him so."""
    look = hero.look.model_copy()
    return Character(id=key, name=name, description=hero.sheet, trigger=hero.trigger, look=look)


def _look(person: DraftCharacter) -> Look:
    """What the fields of a character say; a colour that is none is left to the words."""
    look = Look(
        kind=person.kind,
        sex=person.sex,
        age=person.age,
        build=person.build,
        hair=person.hair,
        glasses=person.glasses,
        beard=person.beard,
        hat=person.hat,
        garment=person.garment,
    )
    colours = {
        field: colour
        for field in ("skin", "hair_colour", "colour", "trim")
        if (colour := _colour(getattr(person, field)))
    }
    species = nouns.drawn(person.species) if person.species else None
    if look.kind is Kind.ANIMAL or (species in ANIMALS and look.kind is Kind.PERSON):
        said = wardrobe.said(person.description).get("species")
        colours |= {"kind": Kind.ANIMAL, "species": species or said or PropKind.DOG}
    return look.model_copy(update=colours)


ANIMALS = frozenset(PropKind(name) for name in wardrobe.species())
"""Kinds of animals that are drawn."""


def _colour(value: str) -> str | None:
    """``#rrggbb`` of a colour as CSS writes it (``#fa0``, ``rgb(1, 2, 3)``, ``dark red``)."""
    try:
        red, green, blue = ImageColor.getrgb("".join(value.lower().split()))[:3]
    except ValueError:
        return None
    return f"#{red:02x}{green:02x}{blue:02x}"


def fold(name: str) -> str:
    """A name without case, marks and blanks."""
    return re.sub(r"[\W_]+", "", name.casefold())
