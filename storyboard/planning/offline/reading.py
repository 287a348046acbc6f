"""Reads who, where and what from a logline: the cast, the things, the places, the events.

Words are looked up in the lexicon by their stems, names are recognised by their capitals, and
:mod:`.syntax` finds the other nouns, what is said of people, and what is no noun at all. What the
text does not say stays empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ... import heroes
from ...story import Time
from . import lexicon, looks, names, people
from .data import LANGUAGES
from .items import Item
from .language import Clause, clauses, tokens
from .lexicon import Mention
from .people import Actor
from .syntax import Syntax
from .words import English

WEATHER = {"rain"}
"""Things that nobody owns."""
_ASKED = 40
"""Letters within which "asks" reaches the one who is asked."""


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
    time: Time | None = None
    """Of day, if the logline says it."""

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
        able = (actor for actor in self.others if not actor.opposes and not actor.crowd)
        return next(able, None)

    @property
    def cues(self) -> set[str]:
        """Everything that speaks for one plot or another."""
        cues = {actor.role for actor in (self.hero, *self.others) if actor.role}
        cues |= {actor.english.word for actor in (self.hero, *self.others) if actor.animal}
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
    syntax = Syntax(logline, words, language, taken, mentions)
    mentions = syntax.placed()
    used = {i for m in mentions for i in range(m.index, m.index + len(m.pattern.words))}
    events, _ = lexicon.scan(words, language, ("events",), taken | used)

    things = lexicon.entries("things")
    groups: dict[str, list[Item]] = {"animal": [], "thing": [], "place": []}
    following = {mention.index for mention in mentions if mention.category == "things"}
    for mention in [*mentions, *syntax.inside_roles()]:
        if mention.category == "roles" or _is_material(mention, following):
            continue
        kind = things[mention.id].group if mention.category == "things" else "place"
        noun = lexicon.noun(mention.category, mention.id, language, mention.pattern)
        english = lexicon.english_noun(mention, language)
        bulk = things[mention.id].bulk if mention.category == "things" else None
        _add(groups[kind], Item(mention.id, noun, english, mention.start, bulk))
    for kind, item in syntax.items():
        _add(groups[kind], item)

    cast = [syntax.described(actor) for actor in people.cast(words, named, mentions, language)]
    groups["thing"] = [item for item in groups["thing"] if not syntax.worn(item.start)]
    strangers = [actor for actor in syntax.strangers() if not _there(actor, cast)]
    cast = sorted([*cast, *strangers], key=lambda actor: actor.start)
    steppe = any(lexicon.speaks_of_the_steppe(mention) for mention in mentions)
    if not any(actor.name or not actor.opposes for actor in cast):
        stranger = people.stranger(words, mentions, language)
        known_words = {actor.english.word.split()[-1] for actor in cast} | {
            item.english.word.split()[-1] for group in groups.values() for item in group
        }
        if (
            stranger is not None
            and stranger.english.word.split()[-1] not in known_words
            and all(stranger.start < actor.start for actor in cast)
        ):
            cast = [stranger, *cast]
    acting = [a for a in groups["animal"] if not steppe and syntax.acts(a.start)]
    if not [actor for actor in cast if not actor.crowd] and groups["animal"]:
        acting = acting or groups["animal"][:1]
    for animal in acting:
        groups["animal"].remove(animal)
        role = animal.id if animal.id in lexicon.entries("roles") else ""
        entry = things.get(animal.id)
        actor = people.beast(animal.noun, animal.english, role, animal.start)
        actor = replace(actor, species=entry.prop if entry is not None else None)
        cast.append(syntax.described(actor))
    if not any(not actor.crowd for actor in cast):
        acting_thing = (
            None
            if steppe
            else next(
                (t for t in groups["thing"] if t.id not in WEATHER and syntax.acts(t.start)), None
            )
        )
        if acting_thing is not None:
            groups["thing"].remove(acting_thing)
            cast.append(people.figure(acting_thing.noun, acting_thing.english, acting_thing.start))
    cast.sort(key=lambda actor: actor.start)
    cast = [_befriended(actor, events) for actor in cast]
    if not steppe:
        cast = [people.of_any_world(actor) for actor in cast]
        cast = [replace(actor, subject=syntax.acts(actor.start)) for actor in cast]
    hero = people.hero(cast, steppe)
    if hero is None:
        hero = people.known(heroes.lead(), language) if steppe else people.somebody(language, words)
    others = [actor for actor in cast if actor is not hero]
    if language == "en":
        others = [_unsexed(actor) for actor in others]
    return Reading(
        logline,
        language,
        clauses(logline, language),
        hero,
        others,
        events,
        groups["animal"],
        groups["thing"],
        groups["place"],
        steppe,
        syntax.time(),
    )


def _add(group: list[Item], item: Item) -> None:
    """An item, unless the logline spoke of it before."""
    if all(other.english.word != item.english.word for other in group):
        group.append(item)


def _there(actor: Actor, cast: list[Actor]) -> bool:
    return any(
        abs(other.start - actor.start) < 2 or other.english.word == actor.english.word
        for other in cast
    )


def _unsexed(actor: Actor) -> Actor:
    """Not everybody is "she" where the text says so once: of the others, words and names tell."""
    told = actor.name or (actor.entry is not None and actor.entry.fixed)
    if told or actor.animal or looks.sex_of_word(actor.english.word) or actor.sex not in ("m", "f"):
        return actor
    noun = replace(actor.english, sex="")
    own = noun if isinstance(actor.noun, English) else actor.noun
    return replace(actor, sex="", english=noun, noun=own)


def _is_material(mention: Mention, things: set[int]) -> bool:
    """Whether gold is what the next thing is made of: «алтын балық»."""
    return mention.id == "gold" and mention.index + 1 in things


def _befriended(actor: Actor, events: list[Mention]) -> Actor:
    """Whom the hero asks for help is no rival: "asks an old thief to help"."""
    asked = [event.start for event in events if event.id == "promise"]
    if actor.opposes and any(0 < actor.start - start < _ASKED for start in asked):
        return replace(actor, ally=True)
    return actor
