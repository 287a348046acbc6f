"""Reads who, where and what from a logline: the cast, the things, the places, the events.

Words are looked up in the lexicon by their stems, names are recognised by their capitals, and
:mod:`.syntax` finds the other nouns, what is said of people, and what is no noun at all. What the
text does not say stays empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ... import heroes, sets
from ...story import IN_THE_SKY, Kind, PropKind, Time
from . import acting, lexicon, looks, names, people, worlds
from .data import LANGUAGES
from .items import Item
from .language import Clause, Token, clauses, tokens
from .lexicon import Mention
from .people import Actor
from .syntax import Syntax
from .words import English
from .worlds import World

_HEARD = frozenset({"song"})
"""Ids of what is heard, not seen; in the steppe a song is a dombra."""
WEATHER = frozenset({"rain"})
"""Weather, light and dark: how a scene is, and nothing that stands in it."""
_WON = re.compile(
    r"\b(?:win|wins|won|winning|lifts?|champion\w*|tournament|final)\b[^.]*\bcup\b(?! of)"
    r"|\b(?:world|league|football|swimming|golden|silver|challenge) cup\b",
    re.IGNORECASE,
)
"""What makes a cup a trophy."""
_SCHOOL = re.compile(r"\bschool|\bшкол|\bмектеп", re.IGNORECASE)
_GROWN = re.compile(r"univers|college|high school|универс|колледж|институт", re.IGNORECASE)
_AT_SEA = frozenset({"titanic"})
"""Ships with names, which are met where ships are."""
_AFLOAT = (PropKind.BOAT, PropKind.SHIP, PropKind.SAILBOAT)
_KIN = {"mother", "father", "mom", "mum", "dad", "brother", "sister", "grandmother", "grandfather",
        "parents", "parent", "son", "daughter", "uncle", "aunt", "wife", "husband", "friend",
        "child", "twin"}  # fmt: skip
"""Who is of the same kind as an animal that has them."""
_POWERS = frozenset({"wind", "storm", "thunder", "frost", "lightning", "thunderstorm"})
"""Weather that may be somebody: the wind that steals a hat. Snow and rain only fall."""
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
    home: str | None = None
    """The set where its people are met, as they are by their trade; it names no place."""
    world: World | None = None
    """Where people dress otherwise than today."""

    @property
    def beast(self) -> Actor | None:
        """The first animal among the others that may be sought, found or saved."""
        return next((actor for actor in self.others if actor.beast and not actor.opposes), None)

    @property
    def owned(self) -> list[Item]:
        """The things that somebody can have."""
        return [thing for thing in self.things if thing.prop.kind not in IN_THE_SKY]

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
        cues |= {"rain"} if acting.find("weather", self.logline) else set()
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
        won = english.word == "cup" and _WON.search(logline) is not None
        item = Item(mention.id, noun, english, mention.start, bulk)
        _add(groups[kind], replace(item, kind=PropKind.TROPHY) if won else item)
    for kind, item in syntax.items():
        _add(groups[kind], item)

    cast = [syntax.described(actor) for actor in people.cast(words, named, mentions, language)]
    groups["thing"] = [item for item in groups["thing"] if not syntax.worn(item.start)]
    airy = acting.spans("weather", logline)
    blown = [t for t in groups["thing"] if t.id in WEATHER or _within(t.start, airy)]
    powers = [t for t in blown if t.english.word in _POWERS]
    groups["thing"] = [t for t in groups["thing"] if t not in blown or _aloft(t)]
    if not any(lexicon.speaks_of_the_steppe(mention) for mention in mentions):
        groups["thing"] = [t for t in groups["thing"] if t.id not in _HEARD]
    strangers = [
        actor
        for actor in syntax.strangers()
        if not _there(actor, cast) and not _within(actor.start, airy)
    ]
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
    beasts = [a for a in groups["animal"] if not steppe and syntax.acts(a.start)]
    if not [actor for actor in cast if not actor.crowd] and groups["animal"]:
        beasts = beasts or groups["animal"][:1]
    for animal in beasts:
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
            else next((t for t in [*groups["thing"], *powers] if syntax.acts(t.start)), None)
        )
        if acting_thing is not None:
            groups["thing"] = [t for t in groups["thing"] if t is not acting_thing]
            cast.append(_living(acting_thing))
    if _SCHOOL.search(logline) and not _GROWN.search(logline):
        cast = [_pupil(actor) for actor in cast]
    if language == "kk":
        cast = _without_young(cast, words)
    cast.sort(key=lambda actor: actor.start)
    cast = [_befriended(actor, events) for actor in cast]
    if not steppe:
        cast = [people.of_any_world(actor) for actor in cast]
        cast = [replace(actor, subject=syntax.acts(actor.start)) for actor in cast]
    hero = people.hero(cast, steppe)
    if hero is None:
        hero = people.known(heroes.lead(), language) if steppe else people.somebody(language, words)
    others = [_of_its_kind(actor, hero) for actor in cast if actor is not hero]
    if language == "en":
        others = [_unsexed(actor) for actor in others]
    home = None
    if not steppe:
        home = _home(logline, [hero, *others], groups)
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
        home,
        None if steppe else worlds.world(logline, [place.id for place in groups["place"]]),
    )


def _add(group: list[Item], item: Item) -> None:
    """An item, unless the logline spoke of it before."""
    if all(other.english.word != item.english.word for other in group):
        group.append(item)


def _home(logline: str, cast: list[Actor], groups: dict[str, list[Item]]) -> str | None:
    """Where a story plays that names no place but in the names of trades: the bus of its driver."""
    told = worlds.workplace(logline)
    if told is not None:
        name, (first, last) = told
        places = [p for p in groups["place"] if not first <= p.start < last]
        if places and len(places) < len(groups["place"]):
            groups["place"] = places
        if places:
            return None
        groups["place"] = []
        groups["thing"] = [t for t in groups["thing"] if not first <= t.start < last]
        return name
    if groups["place"]:
        return None
    name = worlds.home([actor.english.word for actor in cast])
    if name == "underwater" and any(t.prop.kind in _AFLOAT for t in groups["thing"]):
        return "sea"
    if name is None and not groups["animal"] and any(t.id in _AT_SEA for t in groups["thing"]):
        return "sea"
    if name is not None and sets.named(name).inside and acting.find("weather", logline):
        return worlds.outdoors()
    return name


def _is_animal(actor: Actor) -> bool:
    return actor.beast or (actor.entry is not None and actor.entry.look.kind is Kind.ANIMAL)


def _of_its_kind(actor: Actor, hero: Actor) -> Actor:
    """The mother of a bear cub is a bear."""
    if not _is_animal(hero) or actor.name or actor.english.word not in _KIN:
        return actor
    species = hero.species or (hero.entry.look.species if hero.entry is not None else None)
    return replace(actor, role="", animal=True, species=species)


def _pupil(actor: Actor) -> Actor:
    """A student at school is a child."""
    if actor.english.word != "student":
        return actor
    return replace(actor, english=replace(actor.english, word="pupil"))


def _without_young(cast: list[Actor], words: list[Token]) -> list[Actor]:
    """«Аюдың баласы» is one animal, not a bear and a boy."""
    beasts = {actor.start for actor in cast if _is_animal(actor)}
    young = {
        after.start
        for word, after in pairwise(words)
        if word.start in beasts
        and after.low.startswith("бала")
        and re.search(r"[ндт][ыі]ң$", word.low)
    }
    return [actor for actor in cast if actor.start not in young]


def _within(start: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= start < last for first, last in spans)


def _aloft(thing: Item) -> bool:
    return thing.prop.kind in IN_THE_SKY


def _living(thing: Item) -> Actor:
    """A thing that acts; wind and rain come as a cloud."""
    kind = PropKind.CLOUD if thing.id in WEATHER else thing.prop.kind
    return replace(people.figure(thing.noun, thing.english, thing.start), species=kind)


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
