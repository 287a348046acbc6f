"""The company: who plays the hero, the rival and the rest, and what everything is called.

From a reading and a plot it makes the characters, and two tables of nouns, one in the story's
language for captions and one in English for action lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...story import Character, PropKind
from . import lexicon, people
from .beats import Plot
from .language import romanise
from .lengths import write
from .looks import Dice, sheet
from .people import Actor
from .reading import Item, Reading
from .words import English, Noun, fill


@dataclass
class Company:
    """Everybody and everything of one story."""

    reading: Reading
    plot: Plot
    dice: Dice
    nouns: dict[str, Noun] = field(default_factory=dict)
    english: dict[str, Noun] = field(default_factory=dict)
    characters: dict[str, Character] = field(default_factory=dict)
    """By slot: hero, rival, helper, folk."""
    rival_role: str = ""
    props: dict[str, PropKind | None] = field(default_factory=dict)
    """What the slots ``animal`` and ``item`` look like, if the staging can draw it."""

    def __post_init__(self) -> None:
        self._cast("hero", self.reading.hero)
        rival = self._preferred() or self.reading.rival or self._default("rival")
        if rival is not None:
            self._cast("rival", rival)
            self.rival_role = rival.role
        helper = self._helper(rival) or self._default("helper")
        if helper is not None and (rival is None or helper.role != rival.role):
            self._cast("helper", helper)
        if helper is not None and "helper" in self.characters and self._is_folk(helper):
            self._name("folk", self.nouns["helper"], self.english["helper"])
            self.characters["folk"] = self.characters["helper"]
        else:
            self._cast("folk", people.stock("people", self.reading.language))
        self._items()

    def _is_folk(self, helper: Actor) -> bool:
        """Whether the helper is also whom the hero meets, and not whom he asks others about."""
        asked_about = any({"item", "folk"} <= moment.needs for moment in self.plot.moments)
        return helper.role != "wife" and not (asked_about and helper is self.reading.beast)

    def _preferred(self) -> Actor | None:
        """The one of the others whose role makes the plot's best rival."""
        named = {actor.role: actor for actor in reversed(self.reading.others)}
        return next((named[role] for role in self.plot.prefer if role in named), None)

    def _helper(self, rival: Actor | None) -> Actor | None:
        """The first of the others who may stand by the hero."""
        for actor in self.reading.others:
            fits = not self.plot.helpers or actor.role in self.plot.helpers
            if actor is not rival and not actor.opposes and fits:
                return actor
        return None

    def _default(self, slot: str) -> Actor | None:
        role = self.plot.default.get(slot)
        if role is None or self.reading.hero.role == role:
            return None
        return people.stock(role, self.reading.language)

    def _name(self, slot: str, noun: Noun, english: Noun) -> None:
        self.nouns[slot] = noun
        self.english[slot] = english

    def _cast(self, slot: str, actor: Actor) -> None:
        self._name(slot, actor.noun, actor.english)
        shown = actor.noun
        name = actor.name or (f"{shown:bare}" if isinstance(shown, English) else f"{shown}")
        description, look = sheet(actor, self.reading.steppe, slot == "hero", self.dice)
        self.characters[slot] = write(
            Character,
            id=self._free_id(actor, slot),
            name=name[0].upper() + name[1:],
            description=description,
            trigger=actor.known.trigger if actor.known else "",
            look=look,
        )

    def _free_id(self, actor: Actor, slot: str) -> str:
        """A known hero's own, a name, a role or the slot, and unlike every other one."""
        word = romanise(actor.name.split()[0]).lower() if actor.name else actor.role
        word = actor.known.id if actor.known else re.sub(r"[^a-z0-9_]", "", word)[:28]
        free = word if re.match(r"[a-z]", word) else slot
        taken = {character.id for character in self.characters.values()}
        return free if free not in taken else f"{free}_{slot[0]}{len(taken)}"

    def _items(self) -> None:
        """Nouns and drawings of the slots ``animal``, ``item`` and ``thing``."""
        reading, plot = self.reading, self.plot
        named = {chosen.id: chosen for chosen in reversed(reading.animals)}
        wanted = [named[kind] for kind in plot.animals if kind in named]
        beast = reading.beast
        met = Item(beast.role, beast.noun, beast.english) if beast is not None else None
        told = next(iter([*wanted, *reading.animals]), met)
        stock = self._stock_item(plot.default["animal"]) if "animal" in plot.default else None
        thing = next(iter(reading.owned), None)
        choice = {"animal": told, "thing": thing}
        item = next((choice[kind] for kind in plot.item if choice[kind]), stock)
        for slot, chosen in (("animal", told or stock), ("thing", thing), ("item", item)):
            if chosen is not None:
                self._name(slot, chosen.noun, chosen.english)
                entry = lexicon.entries("things").get(chosen.id)
                self.props[slot] = entry.prop if entry is not None else None

    def _stock_item(self, key: str) -> Item:
        noun = lexicon.noun("things", key, self.reading.language)
        return Item(key, noun, English(lexicon.entries("things")[key].en, "n"))

    def caption(self, template: str) -> str:
        """A template of the story's language with this company's nouns."""
        return fill(template, self.nouns)

    def action(self, template: str) -> str:
        """An English template with this company's nouns."""
        return fill(template, self.english)
