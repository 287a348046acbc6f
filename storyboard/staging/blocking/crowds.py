"""The people around: a shot that tells of a crowd gets calm small figures behind its cast."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence

from ...story import (
    Age,
    Build,
    CastMember,
    Emotion,
    Facing,
    Garment,
    Hair,
    Hat,
    Kind,
    Look,
    Pose,
    Sex,
    Shot,
    Size,
)

CROWD = re.compile(
    r"\b(?:people|crowds?|crowded|villagers|townsfolk|townspeople|guests|guards|soldiers|children|"
    r"onlookers|bystanders|passers-?by|pedestrians|audience|spectators|mob|army|fans|students|"
    r"pupils|workers|customers|passengers|shoppers|dancers|neighbou?rs|everybody|everyone)\b",
    re.IGNORECASE,
)
"""Words of an action, in English, that bring more people than its cast."""
_NONE = re.compile(
    r"\b(?:no|without|few|empty of|away from|not) (?:\w+ )?(?:people|crowds?|guests|soldiers|"
    r"guards|children|onlookers|customers|passengers)\b",
    re.IGNORECASE,
)
_COUNT = {Size.EXTREME_WIDE: 14, Size.WIDE: 11, Size.FULL: 8, Size.MEDIUM_LONG: 7, Size.MEDIUM: 6}
"""How many stand around, by the size of the shot; 4 in a medium close-up, none in closer ones."""
MOST_CAST = 6
"""A cast of more is a crowd of its own."""

_CLOTH = ("#6f7d8c", "#8a6f5a", "#7a8b6a", "#9a7b86", "#5f6f7f", "#a08a62", "#7d6f8f", "#8d8d88")
_SKINS = ("#e3ae80", "#c98d62", "#f0c8a0", "#9b6a48", "#d9a273")
_HAIRS = ("#33241d", "#4a342a", "#1f1a18", "#7a5a3a", "#8f8a84")
_WORLDS: dict[Garment, tuple[Garment, ...]] = {
    Garment.CHAPAN: (Garment.CHAPAN,),
    Garment.SPACESUIT: (Garment.SPACESUIT, Garment.OVERALLS, Garment.UNIFORM),
    Garment.ARMOUR: (Garment.ROBE, Garment.CLOAK, Garment.ARMOUR),
    Garment.CLOAK: (Garment.ROBE, Garment.CLOAK),
    Garment.ROBE: (Garment.ROBE, Garment.CLOAK),
}
"""What people wear around somebody who wears this; modern clothes around all others."""
_MODERN = (Garment.SHIRT, Garment.COAT, Garment.JACKET, Garment.DRESS, Garment.HOODIE)
_STEPPE_HATS = (Hat.NONE, Hat.FUR, Hat.CAP, Hat.SCARF, Hat.POINTED)
_CALM = (Pose.STANDING, Pose.STANDING, Pose.STANDING, Pose.ARMS_CROSSED, Pose.HANDS_ON_HIPS)


def calls_for_crowd(shot: Shot) -> bool:
    """Whether the action tells of more people than the cast."""
    return bool(CROWD.search(_NONE.sub(" ", shot.action)))


def crowd_of(shot: Shot, looks: Sequence[Look]) -> list[tuple[CastMember, Look]]:
    """The people around; the same in every shot of one place.

    :param looks: of the cast, whose world they are of.
    """
    if not calls_for_crowd(shot) or len(shot.cast) > MOST_CAST:
        return []
    count = _COUNT.get(shot.size, 4 if shot.size is Size.MEDIUM_CLOSE_UP else 0)
    seed = hashlib.sha256(f"crowd|{shot.setting}|{shot.place}".encode()).digest()
    dice = random.Random(int.from_bytes(seed[:8], "big"))
    worn = next((g for g in (look.garment for look in looks) if g in _WORLDS), None)
    return [_somebody(dice, worn) for _ in range(count)]


def _somebody(dice: random.Random, worn: Garment | None) -> tuple[CastMember, Look]:
    female = dice.random() < 0.5
    garments = _WORLDS[worn] if worn else _MODERN if female else _MODERN[:3] + _MODERN[4:]
    steppe = worn is Garment.CHAPAN
    hairs = (Hair.BOB, Hair.LONG, Hair.BUN, Hair.PONYTAIL) if female else (Hair.SHORT, Hair.CURLY)
    look = Look(
        kind=Kind.PERSON,
        sex=Sex.FEMALE if female else Sex.MALE,
        age=dice.choice((Age.YOUNG, Age.ADULT, Age.ADULT, Age.OLD)),
        build=dice.choice((Build.LEAN, Build.AVERAGE, Build.AVERAGE, Build.ROUND, Build.TALL)),
        skin=dice.choice(_SKINS[:2] + _SKINS[4:] if steppe else _SKINS),
        hair=dice.choice(hairs),
        hair_colour=dice.choice(_HAIRS),
        hat=(Hat.SCARF if female else dice.choice(_STEPPE_HATS[:3])) if steppe else Hat.NONE,
        garment=dice.choice(garments),
        colour=dice.choice(_CLOTH),
        trim=dice.choice(_CLOTH),
    )
    member = CastMember(
        character="crowd",
        pose=dice.choice(_CALM),
        emotion=dice.choice((Emotion.NEUTRAL, Emotion.NEUTRAL, Emotion.CURIOUS, Emotion.HAPPY)),
        facing=dice.choice((Facing.FRONT, Facing.FRONT_LEFT, Facing.FRONT_RIGHT)),
    )
    return member, look
