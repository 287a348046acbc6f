"""The moments of a script as shots: who stands how and where, which things, and the camera.

What people do and feel and which things can be drawn comes from the words that the offline planner
knows. Nothing is invented.
"""

from __future__ import annotations

import re

from ...prompts import wardrobe
from ...story import (
    Angle,
    CastMember,
    Character,
    Depth,
    DialogueLine,
    Emotion,
    Facing,
    Move,
    Pose,
    Position,
    PropItem,
    PropKind,
    Shot,
    Size,
    Time,
)
from ..draft.wording import english, spoken, worded
from ..offline import acting, film, lexicon
from ..offline.grammar import words_of
from ..offline.items import Item
from ..offline.language import Language, romanise, tokens
from ..offline.reading import WEATHER
from ..offline.syntax import Syntax
from . import angles, headings
from .persons import Person, Persons, Sighting
from .screenplay import Moment, Scene

_MARKS = (
    (Position.LEFT, Facing.FRONT_RIGHT),
    (Position.RIGHT, Facing.FRONT_LEFT),
    (Position.CENTER, Facing.FRONT),
    (Position.FAR_LEFT, Facing.FRONT_RIGHT),
    (Position.FAR_RIGHT, Facing.FRONT_LEFT),
)
"""Where people stand, in the order of the characters, so that everybody keeps a side."""
_SPOTS = (
    (Position.FAR_RIGHT, Depth.MIDGROUND),
    (Position.FAR_LEFT, Depth.MIDGROUND),
    (Position.CENTER, Depth.BACKGROUND),
    (Position.LEFT, Depth.BACKGROUND),
    (Position.RIGHT, Depth.BACKGROUND),
)
"""Where things stand."""
_EVENTS = {"dig", "steal", "feast", "fight", "travel", "ride", "chase", "make", "hide"}
"""Events of the lexicon that say how somebody stands, whatever the plot."""
_ANGLE = {
    Emotion.PROUD: Angle.LOW,
    Emotion.ANGRY: Angle.LOW,
    Emotion.SAD: Angle.HIGH,
    Emotion.AFRAID: Angle.HIGH,
}
"""A camera that looks up gives power, one that looks down takes it: for somebody alone."""
_MOUNTS = {PropKind.HORSE, PropKind.CAMEL, PropKind.DONKEY}
_JOINED = re.compile(r"[\s,]*(?:and|with|и|с|мен|пен|бен)?\s*(?:the|a|an)?\s*")
"""Between two who do the same."""
_GIVES_WAY = (None, "standing", "sitting", "walking", "holding")
"""Poses of the action that make way for how somebody speaks; a rider who shouts still rides."""
_WORN = re.compile(
    r"\b(?:in|wear\w*|dressed|his|her|their|puts? on|в|одет\w*|надева\w+)\s(?:[\w-]+\s){0,3}$",
    re.IGNORECASE,
)
"""Before clothes that somebody wears: they are no thing of the set."""


class Shooting:
    """Makes shots of moments, with one memory for all: the time of day, and who stands where."""

    def __init__(self, persons: Persons, language: Language) -> None:
        self._persons = persons
        self._language: Language = language
        self._characters = persons.characters()
        self._order = [character.id for character in self._characters.values()]
        self._time = Time.DAY

    def make(self, moments: list[tuple[Scene, Moment]]) -> list[Shot]:
        lenses = [angles.read(moment.action) for _, moment in moments]
        shots = [
            self._shot(index, scene, moment, lenses[index])
            for index, (scene, moment) in enumerate(moments)
        ]
        film.vary(shots)
        hero = self._order[0] if self._order else ""
        for shot, lens in zip(shots, lenses, strict=True):
            shot.size = lens.size or shot.size
            shot.face_visible = film.shows_face(shot, hero)
        return shots

    def _character(self, person: Person) -> Character | None:
        """``None`` for one too many."""
        return self._characters.get(person)

    def _shot(self, index: int, scene: Scene, moment: Moment, lens: angles.Lens) -> Shot:
        place, setting, self._time = headings.place_of(scene.heading, self._language, self._time)
        people = self._persons.present[index]
        if lens.pov and self._persons.sightings[index]:
            people = people[1:]
        cast = self._cast(index, people, moment)
        props = self._props(index, moment.action, cast)
        lines = [
            (self._character(self._persons.everybody[name]), spoken(line, 200), unseen)
            for name, line, unseen in moment.lines
        ]
        alone = cast[0] if len(cast) == 1 else None
        size = lens.size or _size(len(cast), moment)
        return Shot(
            number=index + 1,
            place=place,
            setting=setting,
            time=self._time,
            size=size,
            angle=lens.angle or (_ANGLE.get(alone.emotion, Angle.EYE) if alone else Angle.EYE),
            move=lens.move or _move(alone, moment, bool(cast)),
            cast=cast,
            props=props,
            action=english(lens.text, 400) or self._told(index, cast, moment),
            caption=spoken(lens.text, 240),
            dialogue=[
                DialogueLine(character=who.id, text=line, off_screen=unseen)
                for who, line, unseen in lines
                if who and line
            ],
            duration=_seconds(moment),
        )

    def _cast(self, index: int, people: list[Person], moment: Moment) -> list[CastMember]:
        doing = _acts(moment.action, self._persons.sightings[index], self._language)
        everybody = self._persons.everybody  # a cue that a cut left without a line is nobody's
        hints = {everybody[n]: hint for n, hint in moment.hints.items() if n in everybody}
        here = {who.id: person for person in people if (who := self._character(person))}
        ids = sorted(list(here)[: len(_MARKS)], key=self._order.index)
        cast = []
        for number, id_ in enumerate(ids):
            hint = hints.get(here[id_], "")
            pose, emotion = doing.get(here[id_], (None, None))
            spoken_so = acting.find("pose", hint)
            pose = (spoken_so if pose in _GIVES_WAY else None) or pose or Pose.STANDING
            emotion = acting.find("emotion", hint) or emotion or Emotion.NEUTRAL
            position, facing = _MARKS[number]
            if len(ids) == 1:
                goes = pose in ("walking", "running", "riding", "sneaking")
                position, facing = Position.CENTER, Facing.FRONT_RIGHT if goes else Facing.FRONT
            cast.append(
                CastMember(
                    character=id_,
                    pose=Pose(pose),
                    emotion=Emotion(emotion),
                    position=position,
                    facing=facing,
                    action=english(hint, 200),
                )
            )
        return cast

    def _things(self, index: int, action: str) -> list[Item]:
        """Things and animals that an action names, without what is in a name (VICTOR STONE) or
        worn."""
        words = tokens(action)
        names = {
            number
            for number, word in enumerate(words)
            for sighting in self._persons.sightings[index]
            if sighting.start <= word.start < sighting.end
        }
        mentions, _ = lexicon.scan(words, self._language, ("things", "places"), names)
        grammar = Syntax(action, words, self._language, names, mentions)
        table = lexicon.entries("things")
        items = [
            Item(
                mention.id,
                lexicon.noun("things", mention.id, self._language, mention.pattern),
                lexicon.english_noun(mention, self._language),
                mention.start,
                table[mention.id].bulk,
            )
            for mention in grammar.placed()
            if mention.category == "things" and mention.id not in WEATHER
        ]
        items += [item for group, item in grammar.items() if group != "place"]
        shown: dict[str, Item] = {}
        for item in sorted(items, key=lambda item: item.start):
            worn = wardrobe.clothes(item.english.word) and _WORN.search(action[: item.start][-60:])
            if not worn and item.english.word not in words_of("no_props"):
                shown.setdefault(item.english.word, item)
        return list(shown.values())

    def _props(self, index: int, action: str, cast: list[CastMember]) -> list[PropItem]:
        """What an action names, each once, as far as there is room; a rider has a mount."""
        props = [item.prop for item in self._things(index, action)]
        drawn = {prop.kind: prop for prop in props if prop.kind is not PropKind.THING}
        props = [*drawn.values(), *(prop for prop in props if prop.kind is PropKind.THING)]
        riders = [member for member in cast if member.pose is Pose.RIDING]
        mount = next((kind for kind in drawn if kind in _MOUNTS), PropKind.HORSE)
        if riders:
            props = [prop for prop in props if prop.kind is not mount]
        ridden = [
            PropItem(kind=mount, position=m.position, depth=m.depth, held_by=m.character)
            for m in riders
        ]
        return ridden + [
            prop.model_copy(update={"position": position, "depth": depth})
            for prop, (position, depth) in zip(props, _SPOTS, strict=False)
        ]

    def _told(self, index: int, cast: list[CastMember], moment: Moment) -> str:
        """What the lexicon recognised of an action, in English."""
        shown = {character.id: character.name for character in self._characters.values()}
        doing = []
        for member in cast:
            name = english(romanise(shown[member.character]), 60) or "somebody"
            act = "" if member.pose is Pose.STANDING else f" {member.pose.value}".replace("_", " ")
            mood = "" if member.emotion is Emotion.NEUTRAL else f" {member.emotion.value}"
            doing.append(f"{name}{act or (' talking' if moment.lines else '')}{mood}")
        things = [item.english.word for item in self._things(index, moment.action)]
        return worded(", ".join([" and ".join(doing) or "nobody", *things]), 400) or "nobody"


def _acts(
    text: str, sightings: list[Sighting], language: Language
) -> dict[Person, tuple[str | None, str | None]]:
    """Person -> pose and emotion, from the words between a mention and the next one.

    Of "Ann and Bob run" both do what stands behind the last.
    """
    acts: dict[Person, tuple[str | None, str | None]] = {}
    waiting: list[Person] = []
    for number, sighting in enumerate(sightings):
        end = sightings[number + 1].start if number + 1 < len(sightings) else len(text)
        words = re.split(r"[.!?…](?:\s|$)", text[sighting.end : end], maxsplit=1)[0]
        waiting.append(sighting.person)
        whole = len(words) == end - sighting.end
        if end <= sighting.end or (whole and _JOINED.fullmatch(words)):
            continue
        pose, emotion = acting.find("pose", words), acting.find("emotion", words)
        if not pose:
            events, _ = lexicon.scan(tokens(words), language, ("events",), set())
            event = next((e for e in events if e.id in _EVENTS), None)
            if event:
                pose = lexicon.entries("events")[event.id].hero.split()[0]
        for person in waiting:
            before = acts.get(person, (None, None))
            acts[person] = (before[0] or pose, before[1] or emotion)
        waiting = []
    return acts


def _size(people: int, moment: Moment) -> Size:
    """Wide to open a scene, close to speak, and as wide as the company needs."""
    if not people or (moment.opens and not moment.lines):
        return Size.WIDE
    close = (Size.MEDIUM_CLOSE_UP, Size.MEDIUM) if moment.lines else (Size.MEDIUM, Size.MEDIUM_LONG)
    return close[people - 1] if people <= 2 else Size.FULL


def _move(alone: CastMember | None, moment: Moment, peopled: bool) -> Move:
    """The camera goes with who goes, and looks around where nobody is."""
    if alone and alone.pose in (Pose.RUNNING, Pose.RIDING):
        return Move.TRACK_RIGHT
    return Move.PAN_RIGHT if moment.opens and not peopled and not moment.lines else Move.STATIC


def _seconds(moment: Moment) -> float:
    """Two and a half spoken words a second; an action takes its time to be read."""
    said = sum(len(line.split()) for _, line, _ in moment.lines)
    seen = len(moment.action.split())
    return round(min(12.0, max(2.0, said / 2.5 + seen / 6)), 1)
