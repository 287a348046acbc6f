"""Reads who, where and what from a logline: the cast, the things, the places, the events.

No grammar is parsed. Words are looked up in the lexicon by their stems, names are recognised by
their capitals, and what is left of the first noun phrase is a hero of an unknown trade ("a
retired beekeeper"). What the text does not say stays empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ... import heroes
from . import lexicon, names, people
from .data import LANGUAGES
from .language import Clause, clauses, tokens
from .lexicon import Mention
from .people import Actor
from .words import English, Noun

WEATHER = {"rain"}
"""Things that nobody owns."""
_ASKED = 40
"""Letters within which "asks" reaches the one who is asked."""


@dataclass(frozen=True)
class Item:
    """An animal, a thing or a place."""

    id: str
    noun: Noun
    english: English
    start: int = 0


@dataclass
class Reading:
    """What a logline says."""

    logline: str
    language: str
    clauses: list[Clause]
    hero: Actor
    others: list[Actor]
    events: list[Mention]
    animals: list[Item] = field(default_factory=list)
    things: list[Item] = field(default_factory=list)
    places: list[Item] = field(default_factory=list)
    steppe: bool = False
    """Whether the story belongs to the world of Aldar Köse."""

    @property
    def beast(self) -> Actor | None:
        """The first animal among the others that may be sought, found or saved."""
        return next((actor for actor in self.others if actor.beast and not actor.opposes), None)

    @property
    def owned(self) -> list[Item]:
        """The things that somebody can have."""
        return [thing for thing in self.things if thing.id not in WEATHER]

    @property
    def rival(self) -> Actor | None:
        """The first one who stands against the hero."""
        return next((actor for actor in self.others if actor.opposes), None)

    @property
    def helper(self) -> Actor | None:
        """The first other one, if that is somebody and not a crowd."""
        able = (actor for actor in self.others if not actor.opposes and actor.role != "people")
        return next(able, None)

    @property
    def cues(self) -> set[str]:
        """Everything that speaks for one plot or another."""
        cues = {actor.role for actor in (self.hero, *self.others) if actor.role}
        cues |= {
            cue for actor in (self.hero, *self.others) if actor.known for cue in actor.known.cues
        }
        cues |= {item.id for item in (*self.animals, *self.things, *self.places)}
        cues |= {event.id for event in self.events}
        there = {
            "animal": self.animals or self.beast,
            "thing": self.owned,
            "rival": self.rival,
            "helper": self.helper,
            "monster": [actor for actor in self.others if actor.monster],
        }
        return cues | {cue for cue, holders in there.items() if holders}

    def frames(self) -> int:
        """How many frames the story needs: 6 for a simple one, 10 for a complex one (S2.3)."""
        weight = len(self.clauses) + len(self.others) + 0.5 * len({e.id for e in self.events})
        weight += 0.5 * len({i.id for i in (*self.animals, *self.things, *self.places)})
        return max(6, min(10, round(4 + 0.5 * weight + len(self.logline) / 120)))


def unread(logline: str, language: str) -> Reading:
    """A logline of an unknown language: its clauses, and the known hero it names.

    :param language: of the captions.
    """
    words = tokens(logline)
    named = (hero for tongue in LANGUAGES for hero in names.heroes(words, tongue).values())
    told = next(named, None)
    hero = people.known(told, language) if told else people.somebody(language)
    steppe = told is not None and told.steppe
    return Reading(logline, language, clauses(logline, language), hero, [], [], steppe=steppe)


def read(logline: str, language: str) -> Reading:
    """What a logline says, in the given language.

    Where nobody is named, the lead stands in for a story of his world, else somebody unknown.
    """
    words = tokens(logline)
    named = names.find(logline, words, language, names.heroes(words, language))
    taken = {place for index, _, count in named for place in range(index, index + count)}
    mentions, used = lexicon.scan(words, language, ("roles", "things", "places"), taken)
    if language == "en":
        verbs = {m.index for m in mentions if names.is_verb(words, m.index, used | taken)}
        mentions = [mention for mention in mentions if mention.index not in verbs]
        used -= verbs
    events, _ = lexicon.scan(words, language, ("events",), taken | used)

    groups: dict[str, list[Item]] = {"animal": [], "thing": [], "place": []}
    following = {mention.index for mention in mentions if mention.category == "things"}
    for mention in mentions:
        if mention.category == "roles" or _is_material(mention, following):
            continue
        things = lexicon.entries("things")
        group = groups[things[mention.id].group if mention.category == "things" else "place"]
        if all(other.id != mention.id for other in group):
            noun = lexicon.noun(mention.category, mention.id, language, mention.pattern)
            english = lexicon.english_noun(mention, language)
            group.append(Item(mention.id, noun, english, mention.start))

    cast = people.cast(words, named, mentions, language)
    if all(actor.opposes and not actor.name for actor in cast):
        stranger = people.stranger(words, mentions, language)
        if stranger is not None and all(stranger.start < actor.start for actor in cast):
            cast = [stranger, *cast]
    if not cast and groups["animal"]:
        animal = groups["animal"].pop(0)
        role = animal.id if animal.id in lexicon.entries("roles") else ""
        cast = [people.beast(animal.noun, animal.english, role, animal.start)]
    cast = [_befriended(actor, events) for actor in cast]
    steppe = any(lexicon.speaks_of_the_steppe(mention) for mention in mentions)
    hero = people.hero(cast, steppe)
    if hero is None:
        hero = people.known(heroes.lead(), language) if steppe else people.somebody(language, words)
    return Reading(
        logline,
        language,
        clauses(logline, language),
        hero,
        [actor for actor in cast if actor is not hero],
        events,
        groups["animal"],
        groups["thing"],
        groups["place"],
        steppe or language == "kk",
    )


def _is_material(mention: Mention, things: set[int]) -> bool:
    """Whether gold is what the next thing is made of: «алтын балық»."""
    return mention.id == "gold" and mention.index + 1 in things


def _befriended(actor: Actor, events: list[Mention]) -> Actor:
    """Whom the hero asks for help is no rival: "asks an old thief to help"."""
    asked = [event.start for event in events if event.id == "promise"]
    if actor.opposes and any(0 < actor.start - start < _ASKED for start in asked):
        return replace(actor, ally=True)
    return actor
