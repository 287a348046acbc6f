"""The company: who plays the hero and the rest, and what everybody and everything is called.

Whoever the logline names is cast, and nobody else. A plot speaks of some of them as rival, helper
or folk; for that there are two tables of nouns, one in the story's language for captions and one
in English for action lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ...story import Build, Character, Kind, Look, PropItem, PropKind
from . import lexicon, names, nouns, people, russian
from .beats import Plot
from .items import Item
from .language import Token, romanise, tokens
from .lengths import write
from .looks import Dice, sheet
from .people import Actor
from .phrases import Phrases
from .reading import Reading
from .words import English, Kazakh, Noun, Russian, fill

_NOBODY = "plain grey mannequin figure"
MOST = 18
"""Characters of a story, at most."""
_SKINS = ("#e3ae80", "#b9805a", "#f0c9a4", "#8d5b3c")
_BUILDS = (Build.AVERAGE, Build.TALL, Build.ROUND, Build.LEAN)
_HAIRS = ("#33241d", "#8a5a33", "#1d1a1a", "#c79a55")
_NUMBERS = {
    "two": 2, "both": 2, "three": 3, "four": 4, "five": 4, "six": 4, "seven": 4,
    "два": 2, "две": 2, "двое": 2, "оба": 2, "три": 3, "трое": 3, "четыре": 4, "четверо": 4,
    "пять": 4, "семь": 4, "екі": 2, "екеуі": 2, "үш": 3, "төрт": 4, "бес": 4, "жеті": 4,
}  # fmt: skip
"""A numeral -> how many of them stand in a picture."""
_TWINS = re.compile(r"twin|triplet|близнец|близняш|тройняш|егіз")
"""Who looks alike."""
_PAIRS = re.compile(r"twins?|близнец\w*|егіз\w*|siblings|brothers|sisters|couple")


@dataclass(frozen=True)
class Member:
    """Somebody whom the logline names."""

    slot: str
    actor: Actor
    phrase: str
    """As the logline calls them: "her robot"."""
    ids: tuple[str, ...]
    """Of the characters: one, or several of "three sisters"."""
    spots: tuple[int, ...] = ()
    """Where the logline speaks of them."""


@dataclass(frozen=True)
class Thing:
    """An animal or a thing that the logline names."""

    item: Item
    phrase: str
    prop: PropItem
    spots: tuple[int, ...] = ()
    """Where the logline speaks of it."""
    living: bool = False
    """An animal."""


@dataclass
class Company:
    """Everybody and everything of one story."""

    reading: Reading
    plot: Plot | None
    dice: Dice
    phrases: Phrases
    language: str
    """Of the captions that are no words of the logline, and of the characters' names."""
    nouns: dict[str, Noun] = field(default_factory=dict)
    english: dict[str, Noun] = field(default_factory=dict)
    characters: dict[str, Character] = field(default_factory=dict)
    """By slot: hero, rival, helper, folk; ``other1`` and so on; ``hero+1`` is a second one."""
    members: list[Member] = field(default_factory=list)
    """The hero first, then in the order of the text."""
    things: list[Thing] = field(default_factory=list)
    props: dict[str, PropKind | None] = field(default_factory=dict)
    """What the slots ``animal`` and ``item`` of a plot look like, if the staging can draw it."""

    def __post_init__(self) -> None:
        reading = self.reading
        rival = self._preferred() or reading.rival
        helper = self._helper(rival)
        folk = next((actor for actor in reading.others if actor.role == "people"), None)
        self._cast("hero", reading.hero)
        for number, actor in enumerate(reading.others, 1):
            slots = {id(rival): "rival", id(helper): "helper", id(folk): "folk"}
            self._cast(slots.get(id(actor), f"other{number}"), actor)
        stands_in = helper is not None and "helper" in self.characters and self._is_folk(helper)
        if stands_in and "folk" not in self.characters:
            self._name("folk", self.nouns["helper"], self.english["helper"])
            self.characters["folk"] = self.characters["helper"]
        for item in (*reading.animals, *reading.things):
            phrase, spots = self.phrases.noun(item.noun, item.start), self.phrases.spots(item.start)
            living = any(item is animal for animal in reading.animals)
            self.things.append(Thing(item, phrase, item.prop, spots, living))
        self._items()

    @property
    def rival_role(self) -> str:
        """The role of the plot's rival, if there is one."""
        return next((m.actor.role for m in self.members if m.slot == "rival"), "")

    def member(self, character: str) -> Member:
        """Who a character is. :raises KeyError: if nobody is."""
        for member in self.members:
            if character in member.ids:
                return member
        raise KeyError(character)

    def _is_folk(self, helper: Actor) -> bool:
        """Whether the helper is also whom the hero meets, and not whom he asks others about."""
        moments = self.plot.moments if self.plot is not None else ()
        asked_about = any({"item", "folk"} <= moment.needs for moment in moments)
        return helper.role != "wife" and not (asked_about and helper is self.reading.beast)

    def _preferred(self) -> Actor | None:
        """The one of the others whose role makes the plot's best rival."""
        named = {actor.role: actor for actor in reversed(self.reading.others)}
        wanted = self.plot.prefer if self.plot is not None else ()
        return next((named[role] for role in wanted if role in named), None)

    def _helper(self, rival: Actor | None) -> Actor | None:
        """The first of the others who may stand by the hero."""
        able = self.plot.helpers if self.plot is not None else ()
        for actor in self.reading.others:
            fits = not able or actor.role in able
            if actor is not rival and not actor.opposes and fits:
                return actor
        return None

    def _name(self, slot: str, noun: Noun, english: Noun) -> None:
        self.nouns[slot] = noun
        self.english[slot] = english

    def _cast(self, slot: str, actor: Actor) -> None:
        phrase = (
            f"{actor.noun}"
            if actor.name or actor.known
            else self.phrases.noun(actor.noun, actor.start)
        )
        several = self._number(actor) > 1
        actor = replace(actor, noun=_as_called(actor, phrase))
        if several and isinstance(actor.noun, Russian) and not actor.name:
            phrase = russian.plural_phrase(phrase)
        self._name(slot, self._told(actor), actor.english)
        ids: list[str] = []
        for copy in range(self._number(actor)):
            if len(self.characters) >= MOST:
                break
            character = self._character(slot, actor, copy)
            self.characters[slot if copy == 0 else f"{slot}+{copy}"] = character
            ids.append(character.id)
        if ids:
            self.members.append(
                Member(
                    slot,
                    actor,
                    phrase,
                    tuple(ids),
                    self.phrases.spots(actor.start),
                )
            )

    def _character(self, slot: str, actor: Actor, copy: int) -> Character:
        shown = self._told(actor)
        name = (f"{shown}" if actor.known else actor.name) or (
            f"{shown:bare}" if isinstance(shown, English) else f"{shown}"
        )
        twins = bool(_TWINS.search(self._phrase_before(actor)))
        dice = self.dice if copy == 0 or twins else Dice(f"{self.reading.logline}\n{copy}")
        description, look = sheet(
            actor, self.reading.steppe, slot == "hero", dice, self.reading.world
        )
        if not self.phrases.understood and actor.known is None:
            description, look = _NOBODY, Look(kind=Kind.MANNEQUIN)
        if copy and not twins and look.kind in (Kind.PERSON, Kind.CHILD):
            look = _another(look, description, copy)
        return write(
            Character,
            id=self._free_id(actor, slot),
            name=name[0].upper() + name[1:],
            description=description,
            trigger=actor.known.trigger if actor.known else "",
            look=look,
        )

    def _phrase_before(self, actor: Actor) -> str:
        """Somebody's own word with the words before it."""
        start, text = max(0, actor.start), self.reading.logline
        return text[max(0, start - 14) : start + len(actor.english.word) + 8].lower()

    def _told(self, actor: Actor) -> Noun:
        """What somebody is called in the language of the captions."""
        if self.language == self.reading.language:
            return actor.noun
        if actor.name and not actor.known:
            return names.noun(actor.name, actor.sex, self.language)
        if actor.entry is not None:
            return lexicon.noun("roles", actor.role, self.language)
        if actor.start < 0:
            return people.somebody(self.language).noun
        return self._carried(actor.noun, actor.english)

    def _carried(self, noun: Noun, english: English) -> Noun:
        """A noun of another language, in a form that a template of the captions' can take."""
        text = f"{noun:bare}" if isinstance(noun, English) else f"{noun}"
        if self.language == "en":
            return english
        return Russian(russian.still(text)) if self.language == "ru" else Kazakh(text)

    def _number(self, actor: Actor) -> int:
        """How many of them the logline speaks of, up to four: "three sisters"."""
        if actor.name or actor.start < 0:
            return 1
        words = tokens(self.reading.logline)
        at = next((i for i, word in enumerate(words) if word.start == actor.start), None)
        if at is None:
            return 1
        for word in reversed(words[max(0, at - 2) : at + 1]):
            if word.low in _NUMBERS:
                return _NUMBERS[word.low]
        several = _PAIRS.fullmatch(words[at].low) or actor.crowd
        return 2 if several or self._plural(words[at : at + 3], actor) else 1

    def _plural(self, words: list[Token], actor: Actor) -> bool:
        """Whether the logline speaks of several of them."""
        language = self.reading.language
        if language == "en":
            head = actor.english.word.split()[-1].lower()
            return any(word.low != head and nouns.singular(word.low) == head for word in words)
        if language == "ru":
            tag = russian.tag(words[0].low)
            if tag is None or not tag.noun or not tag.plural:
                return False
            return not russian.may_be_one(words[0].low) or self._do(words[0])
        return bool(re.search(r"[лдт][ае]р", words[0].low[-6:])) and len(words[0].low) > 5

    def _do(self, word: Token) -> bool:
        """Whether the first verb of a Russian logline is done by several, after a word."""
        verb = next((w for w in tokens(self.reading.logline) if russian.finite(w.low)), None)
        return verb is not None and word.start < verb.start and russian.many(verb.low)

    def _free_id(self, actor: Actor, slot: str) -> str:
        """A known hero's own, a name, a role or the slot, and unlike every other one."""
        noun = f"{actor.english:bare}".split()
        word = romanise(actor.name.split()[0]).lower() if actor.name else actor.role
        word = word or (noun[-1].lower() if noun and noun[-1] != "hero" else "")
        word = actor.known.id if actor.known else re.sub(r"[^a-z0-9_]", "", word)[:26]
        free = word if re.match(r"[a-z]", word) else re.sub(r"[^a-z0-9_]", "", slot)
        taken = {character.id for character in self.characters.values()}
        number = 2
        while f"{free}_{number}" in taken:
            number += 1
        return free if free not in taken else f"{free}_{number}"

    def _items(self) -> None:
        """Nouns and drawings of the slots ``animal``, ``item`` and ``thing`` of a plot."""
        if self.plot is None:
            return
        reading, plot = self.reading, self.plot
        named = {chosen.id: chosen for chosen in reversed(reading.animals)}
        wanted = [named[kind] for kind in plot.animals if kind in named]
        beast = reading.beast
        met = Item(beast.role, beast.noun, beast.english) if beast is not None else None
        told = next(iter([*wanted, *reading.animals]), met)
        thing = next(iter(reading.owned), None)
        choice = {"animal": told, "thing": thing}
        item = next((choice[kind] for kind in plot.item if choice[kind]), None)
        for slot, chosen in (("animal", told), ("thing", thing), ("item", item)):
            if chosen is not None:
                entry = lexicon.entries("things").get(chosen.id)
                noun = chosen.noun
                if self.language != reading.language:
                    noun = (
                        lexicon.noun("things", chosen.id, self.language)
                        if entry is not None
                        else self._carried(noun, chosen.english)
                    )
                self._name(slot, noun, chosen.english)
                self.props[slot] = entry.prop if entry is not None else None

    def caption(self, template: str) -> str:
        """A template of the story's language with this company's nouns."""
        return fill(template, self.nouns)

    def action(self, template: str) -> str:
        """An English template with this company's nouns."""
        return fill(template, self.english)


def _as_called(actor: Actor, phrase: str) -> Noun:
    """Somebody's noun by the word that the logline has: of "the king's cook" the cook."""
    noun = actor.noun
    if actor.name or actor.known or actor.start < 0:
        return noun
    if isinstance(noun, English) and " " in noun.word and re.search(r"['’]s? ", phrase):
        return replace(noun, word=noun.word.split()[-1])
    word = phrase.split()[-1].lower() if phrase else ""
    if isinstance(noun, Russian) and " " not in f"{noun}" and word != f"{noun}".lower():
        tag = russian.tag(word)
        if tag is not None and tag.noun and tag.nominative and not tag.plural:
            return Russian(russian.decline(word, tag.gender, tag.animate), tag.gender)
    return noun


def _another(look: Look, description: str, copy: int) -> Look:
    """One more of the same kind, told apart by what the sheet leaves open."""
    changes: dict[str, object] = {"skin": _SKINS[copy % len(_SKINS)]}
    if not re.search(r"\b(?:fat|round|lean|thin|tall|wiry|portly|stout|slim)\b", description):
        changes["build"] = _BUILDS[copy % len(_BUILDS)]
    if not re.search(r"hair|braid|bob\b|temples|bald", description):
        changes["hair_colour"] = _HAIRS[copy % len(_HAIRS)]
    return look.model_copy(update=changes)
