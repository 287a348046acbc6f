"""Film grammar: from a few words of blocking to a staged shot.

Directors' rules kept here: the hero stays on one side of the screen through the board (the
180-degree rule), talking figures face each other, a walking figure has room to walk into, an
over-the-shoulder shot shows the other one's back, and no two neighbouring shots of the same cast
share their size and angle (a jump cut).
Source: D. Arijon, Grammar of the Film Language (1976), chapters 3-6.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache

from ...story import (
    Angle,
    CastMember,
    Character,
    Depth,
    Emotion,
    Facing,
    Move,
    Pose,
    Position,
    PropItem,
    PropKind,
    Shot,
    Size,
)

_SIZES = list(Size)
_ROW = {
    1: (Position.CENTER,),
    2: (Position.LEFT, Position.RIGHT),
    3: (Position.LEFT, Position.RIGHT, Position.CENTER),
    4: (Position.LEFT, Position.RIGHT, Position.CENTER, Position.FAR_RIGHT),
    5: (Position.LEFT, Position.RIGHT, Position.CENTER, Position.FAR_RIGHT, Position.FAR_LEFT),
}
_ACROSS = list(Position)
_MIRROR: dict[str, str] = {
    "left": "right",
    "right": "left",
    "far_left": "far_right",
    "far_right": "far_left",
    "front_left": "front_right",
    "front_right": "front_left",
    "pan_left": "pan_right",
    "pan_right": "pan_left",
    "track_left": "track_right",
    "track_right": "track_left",
}
RIDDEN = {PropKind.HORSE, PropKind.CAMEL, PropKind.DONKEY}
_HIDDEN_FACE = {Pose.HEAD_IN_HANDS, Pose.SLEEPING}
COVERS_FACE = (Pose.BOWING, Pose.HEAD_IN_HANDS, Pose.SLEEPING, Pose.FALLING, Pose.PEEKING)
"""Poses that may hide the face, so that they cannot introduce somebody."""


STANDS_FOR = ("animal", "item")
"""Props that are whatever the story has there."""


def mirrored(word: str, flip: bool) -> str:
    """A screen direction seen in the mirror, if ``flip``."""
    return _MIRROR.get(word, word) if flip else word


def camera(text: str, flip: bool) -> tuple[Size, Angle, Move]:
    """``"MS eye push_in"``."""
    size, angle, move = text.split()
    return Size(size), Angle(angle), Move(mirrored(move, flip))


def check_camera(text: str) -> str:
    """A camera line as :func:`camera` reads it. :raises ValueError: if it is none."""
    camera(text, False)
    return text


def check_figure(line: str) -> str:
    """A cast line as :func:`block` reads it. :raises ValueError: if it is none."""
    _, pose, emotion, *rest = line.split()
    _checked(line, [pose], Pose)
    _checked(line, [emotion], Emotion)
    return _checked(line, rest, Facing, Depth)


def check_prop(line: str) -> str:
    """A prop line as :func:`dress` reads it. :raises ValueError: if it is none."""
    name, *rest = line.split()
    kind = name.partition("@")[0]
    if kind not in STANDS_FOR:
        _checked(line, [kind], PropKind)
    return _checked(line, rest, Position, Depth)


@cache
def _values(kind: type[Enum]) -> frozenset[str]:
    return frozenset(member.value for member in kind)


def _checked(line: str, words: list[str], *kinds: type[Enum]) -> str:
    if not all(any(word in _values(kind) for kind in kinds) for word in words):
        raise ValueError(f"{line!r} holds words that nothing reads")
    return line


def block(
    lines: list[str], people: Mapping[str, Character], angle: Angle, flip: bool
) -> list[CastMember]:
    """The cast of a shot from lines like ``"hero pointing sly"``.

    A line is ``slot pose emotion`` and, where it matters, a facing and a depth. Slots without
    a character, and a character's second line, are left out. The hero comes first.
    """
    rows = [line.split() for line in lines]
    seen: set[str] = set()
    rows = [
        row
        for row in rows
        if row[0] in people and not (people[row[0]].id in seen or seen.add(people[row[0]].id))
    ]
    cast: list[CastMember] = []
    places = _ROW.get(min(len(rows), 5), ())
    for index, (slot, pose, emotion, *rest) in enumerate(rows[: len(places)]):
        depth = next((Depth(word) for word in rest if word in set(Depth)), Depth.MIDGROUND)
        facing = next((word for word in rest if word in set(Facing)), None)
        position = places[index]
        if len(rows) == 1 and facing in ("right", "left"):
            position = Position.LEFT if facing == "right" else Position.RIGHT
        if facing is None:
            facing = "front"
            if len(rows) > 1 and position in (Position.LEFT, Position.RIGHT, Position.FAR_RIGHT):
                facing = "front_right" if position is Position.LEFT else "front_left"
        if angle is Angle.OVER_SHOULDER and len(rows) == 2 and index == 1:
            facing, depth = "back", Depth.FOREGROUND
        cast.append(
            CastMember(
                character=people[slot].id,
                pose=Pose(pose),
                emotion=Emotion(emotion),
                facing=Facing(mirrored(facing, flip)),
                position=Position(mirrored(position.value, flip)),
                depth=depth,
            )
        )
    return sorted(cast, key=lambda member: member.character != people["hero"].id)


def dress(
    lines: list[str],
    cast: list[CastMember],
    people: Mapping[str, Character],
    kinds: Mapping[str, PropKind | None],
    flip: bool,
) -> list[PropItem]:
    """The props of a shot from lines like ``"chest center"`` or ``"gold_bag@hero"``.

    The slots ``animal`` and ``item`` stand for what the story has there. What a rider sits on
    follows the rider. Things the staging cannot draw are left to the action line.
    """
    stands = {member.character: member for member in cast}
    riders = [member for member in cast if member.pose is Pose.RIDING]
    props: list[PropItem] = []
    for line in lines:
        name, _, rest = line.partition(" ")
        name, _, holder = name.partition("@")
        kind = kinds.get(name) if name in STANDS_FOR else PropKind(name)
        if kind is None:
            continue
        words = rest.split()
        depth = next((Depth(word) for word in words if word in set(Depth)), Depth.MIDGROUND)
        where = next((word for word in words if word in set(Position)), "center")
        position = Position(mirrored(where, flip))
        held_by = people[holder].id if holder in people else None
        if held_by is not None and held_by not in stands:
            continue
        if held_by is not None:
            position, depth = stands[held_by].position, stands[held_by].depth
        elif kind in RIDDEN and riders:
            rider = min(riders, key=lambda member: _gap(member.position, position))
            riders.remove(rider)
            position, depth, held_by = rider.position, rider.depth, rider.character
        props.append(PropItem(kind=kind, position=position, depth=depth, held_by=held_by))
    return props


def _gap(first: Position, second: Position) -> int:
    return abs(_ACROSS.index(first) - _ACROSS.index(second))


def apart(first: Size, second: Size) -> int:
    """How many sizes lie between two."""
    return abs(_SIZES.index(first) - _SIZES.index(second))


def may_show_face(shot: Shot, hero: str) -> bool:
    """Whether a camera could show the hero's face in a shot."""
    return shows_face(shot.model_copy(update={"size": Size.MEDIUM, "angle": Angle.EYE}), hero)


def shows_face(shot: Shot, hero: str) -> bool:
    """Whether the hero's face is large and open enough in a shot to be measured."""
    if shot.size in (Size.WIDE, Size.EXTREME_WIDE) or shot.angle is Angle.TOP:
        return False
    return any(
        member.character == hero
        and member.facing is not Facing.BACK
        and member.depth is not Depth.BACKGROUND
        and member.pose not in _HIDDEN_FACE
        for member in shot.cast
    )


def fitting_size(size: Size, figures: int) -> Size:
    """The closest size at or wider than ``size`` that holds that many figures."""
    least = Size.CLOSE_UP if figures < 2 else Size.MEDIUM_CLOSE_UP if figures < 3 else Size.MEDIUM
    if figures < 2 and size is Size.EXTREME_CLOSE_UP:
        return size
    return _SIZES[max(_SIZES.index(size), _SIZES.index(least))]


def vary(shots: list[Shot]) -> None:
    """Change the size of a shot that would jump from the one before, or be a third alike.

    A jump cut shows the same cast in the same size from the same angle. The first shot is kept.
    """
    for index in range(1, len(shots)):
        before, shot = shots[index - 1], shots[index]
        same_cast = {m.character for m in before.cast} == {m.character for m in shot.cast}
        jumps = same_cast and (shot.size, shot.angle) == (before.size, before.angle)
        third = index > 1 and shot.size is before.size is shots[index - 2].size
        if jumps or third:
            place = _SIZES.index(shot.size)
            step = 1 if place < len(_SIZES) - 2 else -2
            shot.size = fitting_size(_SIZES[place + step], len(shot.cast))


def seconds(caption: str, spoken: str, size: Size) -> float:
    """Screen time: long enough to read the caption and say the line, in half seconds.

    Reading at 15 letters a second and speaking at 12 (subtitling practice), and a second more
    for a wide view, which the eye has to search.
    """
    wide = 1.0 if size in (Size.WIDE, Size.EXTREME_WIDE) else 0.0
    time = 1.5 + wide + max(len(caption) / 15 * 0.6, len(spoken) / 12)
    return min(9.0, max(2.0, round(time * 2) / 2))
