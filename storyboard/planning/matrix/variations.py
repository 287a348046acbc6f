"""The matrix of mission row S4.2: outfits x places x poses of one character, a shot each.

Every entry is a line of plain words. The outfit changes slowest and the pose fastest, so an
outfit added at the end leaves all earlier frames as they are. The first pose is a portrait from
the front in every outfit and place: frame 1 is what the others are compared with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from ...errors import InputError
from ...prompts import wardrobe
from ...prompts.compose import check_style
from ...story import BoardFormat, Emotion, Facing, Outfit, Planner, Pose, Size, Story, Time
from ..offline import acting, film, language
from ..offline.lengths import shorten
from ..offline.places import Place, find_place
from .portrait import portray

MAX_ENTRIES = 10
"""Of one axis; 10 x 10 x 10 are 1000 frames."""
MAX_ENTRY = 120
"""Letters of one entry."""

_FULL = {
    Pose.WALKING, Pose.RUNNING, Pose.SITTING, Pose.SITTING_CROSS_LEGGED, Pose.KNEELING,
    Pose.RIDING, Pose.BOWING, Pose.DIGGING, Pose.SNEAKING, Pose.CROUCHING, Pose.PRAYING,
    Pose.PLAYING_DOMBRA, Pose.SLEEPING, Pose.FALLING, Pose.EATING,
    Pose.JUMPING, Pose.DANCING, Pose.CLIMBING, Pose.FLYING, Pose.SWIMMING, Pose.STEERING,
    Pose.THROWING, Pose.PUSHING, Pose.LYING,
}  # fmt: skip
"""Poses that one sees by the legs."""
_TITLES = {"en": "{}: variations", "ru": "{}: варианты", "kk": "{}: нұсқалар"}
_LOGLINES = {
    "en": "One character, {} frames: outfits {}, places {}, poses {}.",
    "ru": "Один персонаж, кадров {}: нарядов {}, мест {}, поз {}.",
    "kk": "Бір кейіпкер, {} кадр: киім {}, орын {}, поза {}.",
}


@dataclass(frozen=True)
class _Acting:
    """What a line about a pose says."""

    pose: Pose
    emotion: Emotion
    words: str
    """In English, for the prompt."""
    free: bool
    """Whether the words say more than the pose's own name."""


def plan_variations(
    name: str,
    description: str,
    trigger: str,
    outfits: str,
    places: str,
    poses: str,
    *,
    format: BoardFormat = BoardFormat.SQUARE,
    style: str = "storybook",
) -> Story:
    """Plan the matrix.

    :param description: face and build, in English; pieces about clothes are left out, the outfits
        take their place. Empty for Aldar Köse's own.
    :param trigger: trigger word of the character's LoRA, or nothing.
    :param outfits: one a line, 1 to 10; colours and headwear are drawn as named.
    :param places: one a line, in English, Russian or Kazakh; the time of day is read from it.
    :param poses: one a line: a name of :class:`..story.Pose`, or words for what is done.
    :raises InputError: ``option_invalid`` for an entry that cannot be used, ``story_invalid`` if
        the character does not fit the story schema.
    """
    check_style(style)
    written = [_entries("outfit", outfits), _entries("place", places), _entries("pose", poses)]
    hero = portray(name, description, trigger)
    hero["description"] = wardrobe.undressed(hero["description"])
    hero["look"]["hat"] = "none"
    worn = _dressed(written[0])
    scenes = [find_place(words) for words in written[1]]
    acts = [_acting(words) for words in written[2]]
    if acts[0].pose in film.COVERS_FACE:
        raise InputError(
            "option_invalid",
            f"The first pose, {written[2][0]!r}, hides the face, and the first frame must show it.",
            "Put a pose that shows the face first, such as standing.",
        )
    cells = list(product(worn, zip(scenes, map(_time, written[1]), strict=True), acts))
    shots = [
        _shot(number, hero["id"], outfit, *scene, act, portrait=act is acts[0])
        for number, (outfit, scene, act) in enumerate(cells, 1)
    ]
    tongue = language.detect(" ".join((name, outfits, places, poses)))
    axes = [
        {"name": axis, "labels": labels}
        for axis, labels in zip(("outfit", "place", "pose"), written, strict=True)
    ]
    data = {
        "title": _TITLES[tongue].format(hero["name"]),
        "logline": _LOGLINES[tongue].format(len(shots), *map(len, written)),
        "language": tongue,
        "format": format.value,
        "style": style,
        "characters": [hero],
        "shots": shots,
        "axes": axes,
        "planner": Planner(kind="offline", note=_note(scenes)).model_dump(mode="json"),
    }
    return Story.parse(data, "the variations")


def _entries(axis: str, text: str) -> list[str]:
    """The lines of one axis. :raises InputError: ``option_invalid`` saying which is wrong."""
    lines = [
        " ".join(re.sub(r"^\s*(?:[-*•]|\d+[.)])\s", "", line).split()) for line in text.split("\n")
    ]
    lines = [line for line in lines if line]
    wrong = ""
    if not lines:
        wrong = f"There is no {axis}."
    elif len(lines) > MAX_ENTRIES:
        wrong = f"There are {len(lines)} {axis}s; 1 to {MAX_ENTRIES} are possible."
    for index, line in enumerate(lines):
        if line.casefold() in (other.casefold() for other in lines[:index]):
            wrong = wrong or f"The {axis} {line!r} is there twice."
        if not any(letter.isalpha() for letter in line):
            wrong = wrong or f"The {axis} {line!r} has no words."
        if len(line) > MAX_ENTRY:
            wrong = wrong or f"The {axis} {line[:40]!r}… has {len(line)} letters of {MAX_ENTRY}."
    if wrong:
        raise InputError("option_invalid", wrong, f"Write every {axis} on a line of its own.")
    return lines


def _dressed(lines: Sequence[str]) -> list[Outfit]:
    """The outfits; one that names no colour gets one that no other has, to be told apart."""
    outfits = [_outfit(line) for line in lines]
    taken = {outfit.colour for outfit in outfits}
    spare = (colour for colour in wardrobe.colours() if colour not in taken)
    return [
        outfit if outfit.colour else outfit.model_copy(update={"colour": next(spare)})
        for outfit in outfits
    ]


def _outfit(line: str) -> Outfit:
    """An outfit; a Russian or Kazakh one goes into the prompt as far as its words are known."""
    drawn = wardrobe.outfit(line)
    if language.detect(line) == "en":
        return drawn
    words = wardrobe.english(line)
    if not words:
        raise _unknown("outfit", line)
    return drawn.model_copy(update={"words": words})


def _acting(line: str) -> _Acting:
    """What a pose's line says: its own name, or free words and the pose they come nearest to."""
    plain = line.casefold().replace("_", " ")
    named = next((pose for pose in Pose if pose.value.replace("_", " ") == plain), None)
    key = named.value if named else acting.find("pose", plain)
    emotion = acting.find("emotion", plain)
    pose = Pose(key or "standing")
    feeling = Emotion(emotion or "neutral")
    if language.detect(line) == "en":
        return _Acting(pose, feeling, plain if named else line, free=named is None)
    if not key and not emotion:
        raise _unknown("pose", line)
    return _Acting(pose, feeling, pose.value.replace("_", " "), free=False)


def _unknown(axis: str, line: str) -> InputError:
    return InputError(
        "option_invalid",
        f"The {axis} {line!r} is not in English, and none of its words is known.",
        "Write it in English: that is what text encoders read.",
    )


def _time(line: str) -> Time:
    return Time(acting.find("time", line) or "day")


def _shot(
    number: int,
    hero: str,
    outfit: Outfit,
    place: Place,
    time: Time,
    act: _Acting,
    portrait: bool,
) -> dict[str, Any]:
    """One cell of the matrix. A pose is framed alike in every outfit and place."""
    full = act.pose in _FULL
    return {
        "number": number,
        "place": place.words,
        "setting": place.setting,
        "time": time.value,
        "size": (Size.MEDIUM if portrait else Size.FULL if full else Size.MEDIUM_LONG).value,
        "cast": [
            {
                "character": hero,
                "pose": act.pose.value,
                "emotion": act.emotion.value,
                "facing": (Facing.FRONT_RIGHT if full and not portrait else Facing.FRONT).value,
                "action": act.words if act.free else "",
                "outfit": outfit.model_dump(mode="json"),
            }
        ],
        "action": act.words,
        "face_visible": act.pose not in (Pose.HEAD_IN_HANDS, Pose.SLEEPING),
    }


def _note(scenes: Sequence[Place]) -> str:
    unknown = ", ".join(scene.words for scene in scenes if not scene.known)
    note = "a matrix of variations; no language model was used"
    return shorten(f"{note}; drawn as open steppe: {unknown}", 300) if unknown else note
