"""What a shot lets the gate measure: who is in it, where, and whether the face can be seen.

The staging says where everybody stands; it is a plan, and a rendered frame may stand a little
differently, so its boxes are where to look when nothing better is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from ..staging import Staging, stage
from ..story import FACE_TOO_SMALL, Facing, Kind, Pose, Shot, Story
from .verdict import Box

OPEN = {Facing.FRONT, Facing.FRONT_LEFT, Facing.FRONT_RIGHT}
COVERED = {Pose.HEAD_IN_HANDS, Pose.SLEEPING, Pose.BOWING, Pose.FALLING, Pose.PEEKING}
"""Poses in which hands, ground or a hiding place may cover the face."""
CROWD = re.compile(r"people|crowd|villagers|townsfolk|guests|guards|soldiers|children|onlookers")


class Visibility(str, Enum):
    """Whether a face can be seen in a shot."""

    SHOWN = "shown"
    PERHAPS = "perhaps"
    """In profile, covered or small: it is measured if it is found."""
    HIDDEN = "hidden"
    NONE = "none"
    """An animal's, a robot's, a mannequin's: not one that a face model knows."""


@dataclass(frozen=True)
class Person:
    """A character of a shot, as staged."""

    character: str
    face: Visibility
    head: Box
    """Head with its hat; pixels, cut to the frame."""
    face_height: int
    """Of the face alone, pixels."""
    body: Box
    """Everything of it, cut to the frame."""
    human: bool = True
    """Shaped like a human being, so that it may be taken for one more of them."""


@dataclass(frozen=True)
class Sight:
    """What a shot shows."""

    people: tuple[Person, ...]
    crowd: bool
    """Whether a crowd is part of the cast, so that there is no upper bound on heads."""

    @property
    def least(self) -> int:
        """How many faces must be found."""
        return sum(person.face is Visibility.SHOWN for person in self.people)

    @property
    def most(self) -> int | None:
        """How many people there may be; ``None`` for a crowd."""
        return None if self.crowd else sum(person.human for person in self.people)

    @property
    def faceless(self) -> bool:
        """Whether there are characters, and none of them has a human face."""
        faces = {person.face for person in self.people}
        return faces == {Visibility.NONE} and not self.crowd

    def person(self, character: str) -> Person | None:
        """The character's place in the shot."""
        return next((p for p in self.people if p.character == character), None)


def sight(story: Story, shot: Shot, size: tuple[int, int], staging: Staging | None = None) -> Sight:
    """What a shot shows on a frame of ``size`` (width, height) pixels.

    :param staging: of that shot, if it was staged already.
    """
    layout = (staging or stage(story, shot)).layout
    scale = size[0] / layout.size[0], size[1] / layout.size[1]
    hero = story.hero.id if story.hero else ""
    people, crowd = [], False
    for figure in layout.figures:
        if CROWD.search(figure.character):
            crowd = True
            continue
        member = figure.member
        if figure.look.kind not in (Kind.PERSON, Kind.CHILD):
            face = Visibility.NONE
        elif member.facing is Facing.BACK or (figure.character == hero and not shot.face_visible):
            face = Visibility.HIDDEN
        elif shot.size in FACE_TOO_SMALL or member.facing not in OPEN or member.pose in COVERED:
            face = Visibility.PERHAPS
        else:
            face = Visibility.SHOWN
        head, body = _cut(figure.head, scale, size), _cut(figure.box, scale, size)
        if face is Visibility.SHOWN and not _inside(figure.face, layout.size):
            face = Visibility.PERHAPS
        height = round((figure.face[3] - figure.face[1]) * scale[1])
        human = figure.look.kind is not Kind.ANIMAL
        people.append(Person(figure.character, face, head, height, body, human))
    return Sight(tuple(people), crowd)


def _cut(
    box: tuple[float, float, float, float], scale: tuple[float, float], size: tuple[int, int]
) -> Box:
    """A box of the staging in pixels of the frame, at least one pixel, inside it."""
    left = min(max(0, round(box[0] * scale[0])), size[0] - 1)
    top = min(max(0, round(box[1] * scale[1])), size[1] - 1)
    right = min(max(left + 1, round(box[2] * scale[0])), size[0])
    bottom = min(max(top + 1, round(box[3] * scale[1])), size[1])
    return left, top, right, bottom


def _inside(face: tuple[float, float, float, float], size: tuple[int, int]) -> bool:
    """Whether most of a face lies in the picture."""
    left, top = max(0.0, face[0]), max(0.0, face[1])
    right, bottom = min(float(size[0]), face[2]), min(float(size[1]), face[3])
    whole = (face[2] - face[0]) * (face[3] - face[1])
    return whole > 0 and max(0.0, right - left) * max(0.0, bottom - top) >= 0.8 * whole
