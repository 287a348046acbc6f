"""Who belongs together in a shot: partners that touch, walkers of one way, people told apart."""

from __future__ import annotations

import colorsys
import re
from typing import TypeVar

from ...story import (
    Build,
    CastMember,
    Character,
    Facing,
    Hair,
    Kind,
    Look,
    Pose,
    Position,
    Shot,
    Story,
)

_Value = TypeVar("_Value")
CONTACT = frozenset({Pose.EMBRACING, Pose.SHAKING_HANDS, Pose.FIGHTING})
"""Poses of two who touch."""
_MOVING = frozenset({Pose.WALKING, Pose.RUNNING, Pose.SNEAKING, Pose.RIDING})
_MEETING = re.compile(
    r"\b(?:meets?|meeting|towards?|each other|approach\w*|collid\w*|attack\w*|charg\w*|opposite|"
    r"against|rush\w* at|into the arms)\b",
    re.IGNORECASE,
)
"""Words of an action after which two walk towards each other."""
_LEFT = frozenset({Facing.LEFT, Facing.FRONT_LEFT})
_RIGHT = frozenset({Facing.RIGHT, Facing.FRONT_RIGHT})
_TURNED = {
    Facing.LEFT: Facing.RIGHT,
    Facing.FRONT_LEFT: Facing.FRONT_RIGHT,
    Facing.RIGHT: Facing.LEFT,
    Facing.FRONT_RIGHT: Facing.FRONT_LEFT,
}
_ORDER = list(Position)


def arranged(shot: Shot) -> Shot:
    """The shot with partners turned to each other and walkers of one company in one direction."""
    cast = list(shot.cast)
    for a, b in partners(shot):
        left, right = sorted((a, b), key=lambda i: (_ORDER.index(cast[i].position), i))
        depth = cast[a].depth
        for index, towards in ((left, Facing.FRONT_RIGHT), (right, Facing.FRONT_LEFT)):
            member = cast[index]
            profile = member.facing in (Facing.LEFT, Facing.RIGHT)
            facing = Facing("right" if towards is Facing.FRONT_RIGHT else "left")
            cast[index] = member.model_copy(
                update={"depth": depth, "facing": facing if profile else towards}
            )
    if not _MEETING.search(shot.action):
        _in_step(cast)
    same = all(new is old for new, old in zip(cast, shot.cast))
    return shot if same else shot.model_copy(update={"cast": cast})


def partners(shot: Shot) -> list[tuple[int, int]]:
    """Pairs of the cast that touch, by index: the two of one pose that stand next to each other,
    else the nearest other."""
    pairs: list[tuple[int, int]] = []
    free = list(range(len(shot.cast)))
    for index in range(len(shot.cast)):
        pose = shot.cast[index].pose
        if pose not in CONTACT or index not in free or len(free) < 2:
            continue

        def far(other: int, index: int = index, pose: Pose = pose) -> tuple[bool, int, int]:
            here, there = shot.cast[index], shot.cast[other]
            apart = abs(_ORDER.index(here.position) - _ORDER.index(there.position))
            return there.pose is not pose, apart, other

        others = [i for i in free if i != index and shot.cast[i].pose is not Pose.RIDING]
        if others:
            other = min(others, key=far)
            pairs.append((index, other))
            free = [i for i in free if i not in (index, other)]
    return pairs


def _in_step(cast: list[CastMember]) -> None:
    """Those who walk go where the first of them goes."""
    moving = [i for i, member in enumerate(cast) if member.pose in _MOVING]
    if len(moving) < 2:
        return
    sideways = [i for i in moving if cast[i].facing in _LEFT | _RIGHT]
    left = bool(sideways) and cast[sideways[0]].facing in _LEFT
    for index in moving:
        facing = cast[index].facing
        if facing is Facing.FRONT:
            turned = Facing.FRONT_LEFT if left else Facing.FRONT_RIGHT
        elif facing is Facing.BACK or (facing in _LEFT) == left:
            continue
        else:
            turned = _TURNED[facing]
        cast[index] = cast[index].model_copy(update={"facing": turned})


def is_twin(character: Character) -> bool:
    """Whether a sheet says that somebody looks like somebody else."""
    words = r"\b(?:twins?|identical|clones?|double|look-?alike|copy)\b"
    return bool(re.search(words, f"{character.description} {character.name}", re.IGNORECASE))


_COLOURED = re.compile(
    r"\b(?:red|blue|green|yellow|black|white|grey|gray|brown|pink|purple|orange|golden|silver|"
    r"crimson|navy|beige|turquoise|violet)\b",
    re.IGNORECASE,
)
_HAIR_WORDS = re.compile(r"\b(?:hair\w*|bald|blond\w*|brunette|redhead)\b", re.IGNORECASE)
_BUILD_WORDS = re.compile(
    r"\b(?:tall|short|lean|thin|slim|fat|round|stout|plump|burly|stocky|huge|small)\b",
    re.IGNORECASE,
)
_HAIRS = (Hair.SHORT, Hair.CURLY, Hair.BALD)
_LONG_HAIRS = (Hair.LONG, Hair.BUN, Hair.BOB, Hair.PONYTAIL, Hair.BRAID, Hair.CURLY)
_HAIR_COLOURS = ("#33241d", "#7a4a25", "#1c1917", "#a8824f", "#8f8a84")
_BUILDS = (Build.AVERAGE, Build.TALL, Build.LEAN, Build.ROUND)


def told_apart(story: Story) -> dict[str, Look]:
    """The looks of characters that would look exactly like an earlier one, made different in what
    their sheet does not say; twins stay as they are."""
    seen: dict[str, int] = {}
    changed: dict[str, Look] = {}
    for character in story.characters:
        look = character.look
        count = seen.get(look.model_dump_json(), 0)
        seen[look.model_dump_json()] = count + 1
        if count and not is_twin(character):
            changed[character.id] = _varied(look, character.description, count)
    return changed


def _varied(look: Look, sheet: str, count: int) -> Look:
    fields: dict[str, object] = {}
    if not _COLOURED.search(sheet):
        fields["colour"] = _shifted(look.colour, 0.19 * count)
        fields["trim"] = _shifted(look.trim, 0.31 * count)
    if look.kind in (Kind.PERSON, Kind.CHILD):
        if not _HAIR_WORDS.search(sheet):
            styles = _LONG_HAIRS if look.hair in _LONG_HAIRS else _HAIRS
            fields["hair"] = _next(styles, look.hair, count)
            fields["hair_colour"] = _next(_HAIR_COLOURS, look.hair_colour, count)
        if not _BUILD_WORDS.search(sheet):
            fields["build"] = _next(_BUILDS, look.build, count)
    elif look.kind is Kind.ANIMAL or not fields:
        fields["skin"] = _shifted(look.skin, 0.008 * count, 0.74 if count % 2 else 1.25)
    return look.model_copy(update=fields)


def _next(values: tuple[_Value, ...], value: _Value, step: int) -> _Value:
    here = values.index(value) if value in values else 0
    return values[(here + step) % len(values)]


def _shifted(colour: str, turn: float, light: float = 1.0) -> str:
    """A colour of another hue."""
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, level, depth = colorsys.rgb_to_hls(r, g, b)
    level = min(0.8, max(0.15, level * light))
    parts = colorsys.hls_to_rgb((hue + turn) % 1, level, max(depth, 0.2))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
