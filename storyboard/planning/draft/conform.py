"""A draft made to fit: what the story's rules demand, whatever the model wrote.

The model is told these rules too (:mod:`..llm.brief`), but here they are enforced: the number of
shots and their numbering, the hero first and face to face with the viewer in shot 1, nobody
unknown, every text cut to its length and free of prompt syntax.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

from ... import sets
from ...story import (
    Angle,
    BoardFormat,
    CastMember,
    Depth,
    DialogueLine,
    Facing,
    Planner,
    Pose,
    PropItem,
    PropKind,
    Shot,
    Size,
    Story,
)
from ..offline import film, nouns
from ..offline.language import Language
from ..offline.places import find_place
from .characters import MAX_CHARACTERS, NOBODY, People, fold, named
from .model import Draft, DraftProp, DraftShot
from .wording import shorten, spoken, worded

FEWEST, MOST = 6, 10
"""Shots of a story that may choose for itself: a simple one, a complex one (S1.1, S2.3)."""
_LENGTHS = {"place": 120, "action": 400, "beat": 40, "caption": 240}
"""Letters of a shot's texts."""
_FACE_SIZES = (Size.CLOSE_UP, Size.MEDIUM_CLOSE_UP, Size.MEDIUM)
_FACE_ANGLES = (Angle.EYE, Angle.LOW, Angle.HIGH)


class Conformed:
    """A draft held against the rules: what is wrong with it, and the story it makes all the same.

    :param frames: how many shots there must be; ``None`` for :data:`FEWEST` to :data:`MOST`.
    """

    def __init__(self, draft: Draft, frames: int | None) -> None:
        self.draft = draft
        self._people = People(draft)
        self._frames = frames
        self._least, self._most = frames or FEWEST, frames or MOST

    @property
    def enough(self) -> bool:
        """Whether there are shots enough for a story."""
        return len(self.draft.shots) >= self._least

    @cached_property
    def problems(self) -> list[str]:
        """What a repair turn should mend, in words a model can act on."""
        problems = []
        count = len(self.draft.shots)
        if not self._least <= count <= self._most:
            wanted = f"exactly {self._frames}" if self._frames else f"{self._least} to {self._most}"
            problems.append(f"There are {count} shots; there must be {wanted}.")
        for number, shot in enumerate(self.draft.shots, 1):
            unknown = sorted({name for name in named(shot) if self._people.id(name) is None})
            if unknown:
                names = ", ".join(spoken(name, 40) for name in unknown)
                problems.append(f"Shot {number} names {names}, not among the characters.")
        return problems[:20]

    def story(
        self,
        *,
        logline: str,
        format: BoardFormat,
        style: str,
        language: Language | None,
        planner: Planner,
    ) -> tuple[Story, list[str]]:
        """The story, and notes of what had to be left out.

        :raises ValueError: if there are fewer shots than there must be.
        """
        draft, people = self.draft, self._people
        if not self.enough:
            raise ValueError(f"there are {len(draft.shots)} shots, and {self._least} are needed")
        notes = []
        chosen = draft.shots
        if len(chosen) > self._most:
            notes.append(f"{len(chosen)} shots were cut to {self._most}")
            last, gaps = len(chosen) - 1, max(1, self._most - 1)
            chosen = [chosen[round(i * last / gaps)] for i in range(self._most)]
        if len(draft.characters) > MAX_CHARACTERS:
            notes.append(f"{len(draft.characters)} characters were cut to {MAX_CHARACTERS}")
        if long := sum(
            len(getattr(shot, name)) > most for shot in chosen for name, most in _LENGTHS.items()
        ):
            notes.append(f"{long} long texts were shortened")
        unknown: dict[str, None] = {}
        strange = dict.fromkeys(
            words for person in draft.characters[:MAX_CHARACTERS] for words in person.invented
        )
        shots = [
            _shot(number, shot, people, unknown, strange) for number, shot in enumerate(chosen, 1)
        ]
        if strange:
            names = ", ".join(spoken(name, 40) for name in list(strange)[:12])
            notes.append(f"shown by words and placeholders, as there is no drawing: {names}")
        if unknown:
            names = ", ".join(spoken(name, 40) for name in unknown)
            notes.append(f"unknown characters were left out: {names}")
        if people.characters:
            shots[0] = _introduced(shots[0], people.characters[0].id)
        return (
            Story(
                title=spoken(draft.title, 120) or shorten(logline, 120),
                logline=logline,
                language=language or draft.language,
                format=format,
                style=style,
                characters=people.characters,
                shots=shots,
                planner=planner,
            ),
            notes,
        )


def _setting(shot: DraftShot, strange: dict[str, None]) -> str:
    """The set that is meant; what no set is known for is neutral, and its words stay."""
    name = fold(shot.setting)
    for known in sets.names():
        if fold(known) == name and known != sets.NEUTRAL:
            return known
    for words in (shot.setting.replace("_", " "), shot.place):
        if (place := find_place(words)).known:
            return place.setting
    if name and name != sets.NEUTRAL:
        strange[shot.setting.replace("_", " ")] = None
    return sets.NEUTRAL


def _prop(prop: DraftProp, holder: str | None, strange: dict[str, None]) -> PropItem | None:
    name = worded(prop.name, 60).replace("_", " ")
    if not any(map(str.isalpha, name)):
        return None
    item = nouns.prop(name, name, prop.bulk)
    if item.kind is PropKind.THING:
        strange[name] = None
    where = {"position": prop.position, "depth": prop.depth, "held_by": holder}
    return item.model_copy(update=where)


def _shot(
    number: int,
    shot: DraftShot,
    people: People,
    unknown: dict[str, None],
    strange: dict[str, None],
) -> Shot:
    def who(name: str) -> str | None:
        character = people.id(name)
        if character is None and fold(name) not in NOBODY:
            unknown[name.strip()] = None
        return character

    cast: dict[str, CastMember] = {}
    for member in shot.cast:
        character = who(member.character)
        if character is not None and character not in cast and len(cast) < 12:
            fields: dict[str, Any] = {**dict(member), "character": character}
            cast[character] = CastMember(**{**fields, "action": worded(member.action, 200)})
    lines = [(who(line.character), spoken(line.text, 200)) for line in shot.dialogue]
    hero = cast.get(people.characters[0].id) if people.characters else None
    return Shot(
        number=number,
        place=worded(shot.place, _LENGTHS["place"])
        or worded(shot.setting.replace("_", " "), _LENGTHS["place"])
        or "a place",
        setting=_setting(shot, strange),
        time=shot.time,
        size=shot.size,
        angle=shot.angle,
        move=shot.move,
        cast=list(cast.values()),
        props=[
            item
            for prop in shot.props[:12]
            if (item := _prop(prop, who(prop.held_by), strange)) is not None
        ],
        action=worded(shot.action, _LENGTHS["action"])
        or worded(shot.place, _LENGTHS["place"])
        or "a quiet moment",
        beat=worded(shot.beat, _LENGTHS["beat"]),
        caption=spoken(shot.caption, _LENGTHS["caption"]),
        dialogue=[
            DialogueLine(character=speaker, text=text)
            for speaker, text in lines
            if speaker and text
        ][:4],
        duration=min(max(shot.duration, 1.0), 60.0) if math.isfinite(shot.duration) else 3.0,
        face_visible=shot.face_visible
        and hero is not None
        and hero.facing is not Facing.BACK
        and shot.size is not Size.EXTREME_WIDE,
    )


def _introduced(shot: Shot, hero: str) -> Shot:
    """Shot 1 as the identity of the board needs it: the hero's face, front, close (S2.3)."""
    cast = [member for member in shot.cast if member.character != hero]
    own = [member for member in shot.cast if member.character == hero]
    face = own[0] if own else CastMember(character=hero)
    near = Depth.MIDGROUND if face.depth is Depth.BACKGROUND else face.depth
    pose = Pose.STANDING if face.pose in film.COVERS_FACE else face.pose
    face = face.model_copy(update={"facing": Facing.FRONT, "depth": near, "pose": pose})
    return shot.model_copy(
        update={
            "size": shot.size if shot.size in _FACE_SIZES else Size.MEDIUM_CLOSE_UP,
            "angle": shot.angle if shot.angle in _FACE_ANGLES else Angle.EYE,
            "cast": [face, *cast][:12],
            "face_visible": True,
        }
    )
