"""Story + Shot -> FramePrompt: the words a text encoder gets for one frame.

Reading order of a prompt (S1.1): trigger words, then each character with its sheet, clothes, pose
and emotion, then action, place, camera, light, style. CLIP reads 75 tokens at a time, so a prompt
longer than that loses its least important parts, and :attr:`FramePrompt.dropped` says which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from .. import sets
from ..errors import InputError
from ..story import Angle, CastMember, Emotion, Facing, Pose, Shot, Size, Story, Time, Weather
from .clip_tokens import count_tokens
from .wardrobe import undressed

TOKEN_LIMIT = 75
"""CLIP's context of 77 tokens less the start and end token."""


class Style(BaseModel):
    """A style preset of ``styles.json``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: dict[str, str]
    """Language -> name, for menus."""
    positive: str
    negative: str


class FramePrompt(BaseModel):
    """What the text encoders get for one frame."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    positive: str
    negative: str
    dropped: list[str] = []
    """Parts left out to stay within the token limit, least important first."""


@lru_cache(maxsize=1)
def styles() -> dict[str, Style]:
    """Every style preset by name, in the order of the file."""
    text = Path(__file__).with_name("styles.json").read_text("utf-8")
    return {name: Style.model_validate(data) for name, data in json.loads(text).items()}


def check_style(name: str) -> Style:
    """The preset of that name. :raises InputError: ``option_invalid`` if there is none."""
    try:
        return styles()[name]
    except KeyError:
        raise InputError(
            "option_invalid",
            f"There is no style called {name!r}; there is {', '.join(styles())}.",
            "Choose one of those.",
        ) from None


_SIZE = {
    Size.EXTREME_CLOSE_UP: "extreme close-up",
    Size.CLOSE_UP: "close-up",
    Size.MEDIUM_CLOSE_UP: "medium close-up, head and shoulders",
    Size.MEDIUM: "medium shot, waist up",
    Size.MEDIUM_LONG: "medium long shot, knees up",
    Size.FULL: "full body shot",
    Size.WIDE: "wide shot",
    Size.EXTREME_WIDE: "extreme wide shot, tiny figures in a vast landscape",
}
_ANGLE = {
    Angle.EYE: "",
    Angle.LOW: "low angle, from below",
    Angle.HIGH: "high angle, from above",
    Angle.DUTCH: "dutch angle, tilted horizon",
    Angle.OVER_SHOULDER: "over-the-shoulder view",
    Angle.TOP: "bird's-eye view, top down",
}
_OUTDOOR_LIGHT = {
    Time.DAWN: "soft dawn light, pale pink sky",
    Time.DAY: "clear daylight, blue sky",
    Time.SUNSET: "golden hour, long shadows",
    Time.NIGHT: "night, moonlight, stars",
}
_INDOOR_LIGHT = {
    Time.DAWN: "soft morning light through the doorway",
    Time.DAY: "shaft of daylight, dim interior",
    Time.SUNSET: "warm evening light, deep shadows",
    Time.NIGHT: "firelight, dark interior",
}
_EMOTION = {
    Emotion.NEUTRAL: "",
    Emotion.HAPPY: "happy smile",
    Emotion.SLY: "sly smile, narrowed eyes",
    Emotion.LAUGHING: "laughing",
    Emotion.SURPRISED: "surprised, wide eyes",
    Emotion.ANGRY: "angry frown",
    Emotion.SAD: "sad look",
    Emotion.AFRAID: "frightened",
    Emotion.GREEDY: "greedy grin",
    Emotion.PROUD: "proud look",
    Emotion.TIRED: "tired face",
    Emotion.CURIOUS: "curious look",
}
_FACING = {
    Facing.FRONT: "",
    Facing.FRONT_LEFT: "",
    Facing.FRONT_RIGHT: "",
    Facing.LEFT: "in profile",
    Facing.RIGHT: "in profile",
    Facing.BACK: "seen from behind",
}
_POSE = {pose: pose.value.replace("_", " ") for pose in Pose} | {
    Pose.STANDING: "",
    Pose.SITTING_CROSS_LEGGED: "sitting cross-legged",
    Pose.RIDING: "riding",
    Pose.BOWING: "bowing low",
    Pose.POINTING: "pointing",
    Pose.HANDS_ON_HIPS: "hands on hips",
    Pose.ARMS_RAISED: "arms raised high",
    Pose.ARMS_SPREAD: "arms spread wide",
    Pose.HAND_ON_CHIN: "hand on chin, thinking",
    Pose.HANDING_OVER: "handing something over",
    Pose.RECEIVING: "reaching out to receive",
    Pose.HOLDING: "holding something",
    Pose.PRAYING: "hands in prayer",
    Pose.PLAYING_DOMBRA: "playing a dombra lute",
    Pose.PEEKING: "peeking out",
    Pose.JUMPING: "jumping in the air",
    Pose.FIGHTING: "fighting, fists raised",
    Pose.FLYING: "flying through the air",
    Pose.STEERING: "at the steering wheel",
    Pose.TYPING: "hands busy on the desk",
    Pose.PHONING: "talking on the phone",
    Pose.AIMING: "taking aim",
    Pose.LYING: "lying on the ground",
}

_NETWORK = re.compile(r"<[^<>]*>")
_REFERENCE = re.compile(r"(?:embedding|\b(?:lora|lyco|hypernet))\s*:\s*[^\s,]*", re.IGNORECASE)
_SWITCH = re.compile(r"\[[^\[\]]*\]")
_WEIGHT = re.compile(r":\s*[+-]?\d*\.?\d+\s*(?=[)\]])")
_MARKS = re.compile(r"[()\[\]{}<>|\\]")
_BLANKS = re.compile(r"\s+")
_NOBODY = "people, person, crowd"
"""Goes into the negative prompt of an empty scene; "no people" in the positive one draws some."""
_LONGEST_PIECE = 28
"""Tokens of a piece without a comma; what is longer would push out everything else."""


def untagged(text: str) -> str:
    """A text for readers: no ``<lora:…>`` and no ``embedding:…``, the rest as it is."""
    before = None
    while before != text:
        before = text
        text = _REFERENCE.sub(" ", _NETWORK.sub(" ", text))
    return text


def plain(text: str) -> str:
    """Words only: no ``<lora:…>``, ``embedding:…``, ``(word:1.3)``, ``[a:b:0.5]``, ``{a|b}``."""
    text = untagged(text)
    text = _SWITCH.sub(lambda found: found[0].replace(":", " "), _WEIGHT.sub("", text))
    text = _MARKS.sub(" ", text)
    return _REFERENCE.sub(" ", _BLANKS.sub(" ", text)).strip(" ,.;:")


@dataclass(frozen=True)
class _Part:
    """One piece of a prompt between two commas."""

    text: str
    rank: float
    """The higher, the sooner it is dropped."""


def _parts_of(text: str, first: float, step: float) -> list[_Part]:
    """The pieces of a text, each less important than the one before."""
    pieces = [piece.strip(" .;:") for piece in plain(text).split(",")]
    return [_Part(p, first + i * step) for i, p in enumerate(p for p in pieces if p)]


def _member(story: Story, member: CastMember, index: int) -> list[_Part]:
    """Sheet, clothes, emotion, pose and facing of one character; later ones matter less.

    They stand together, so that the encoder binds the emotion to its owner. An outfit takes the
    place of the clothes on the sheet, and matters more than they do: it is what has changed.
    """
    later = 3.0 * index
    sheet, outfit = story.character(member.character).description, member.outfit
    if outfit is not None:
        sheet = undressed(sheet)
    parts = _parts_of(sheet, 10 + later, 3.5 + index)
    if outfit is not None:
        parts += _parts_of(outfit.words, 6 + later, 1.5)
    parts += _parts_of(_EMOTION[member.emotion], 18 + later, 14)
    parts += _parts_of(member.action or _POSE[member.pose], 25 + later, 9)
    return parts + _parts_of(_FACING[member.facing], 33 + later, 9)


_WEATHER = {
    Weather.CLEAR: "",
    Weather.RAIN: "rain",
    Weather.SNOW: "falling snow",
    Weather.STORM: "storm with lightning",
    Weather.FOG: "thick fog",
    Weather.WIND: "strong wind",
}


def _parts(story: Story, shot: Shot) -> list[_Part]:
    """Everything worth saying about a frame, in reading order, nothing twice."""
    light = (_INDOOR_LIGHT if sets.named(shot.setting).inside else _OUTDOOR_LIGHT)[shot.time]
    parts = [
        *(part for i, member in enumerate(shot.cast) for part in _member(story, member, i)),
        *_parts_of(shot.action, 5, 4),
        *_parts_of(shot.place, 17, 10),
        *_parts_of(sets.named(shot.setting).prompt, 32, 10),
        *_parts_of(_SIZE[shot.size], 15, 20),
        *_parts_of(_ANGLE[shot.angle], 28, 20),
        *_parts_of(light, 15.5, 20),
        *_parts_of(_WEATHER[shot.weather] if shot.weather else "", 14.5, 20.5),
        *_parts_of(check_style(story.style).positive, 14, 8),
    ]
    first: dict[str, _Part] = {}
    for part in parts:
        earlier = first.setdefault(part.text.lower(), part)
        first[part.text.lower()] = replace(earlier, rank=min(earlier.rank, part.rank))
    return list(first.values())


def _triggers(story: Story, shot: Shot) -> list[str]:
    """Trigger words of the cast, in cast order."""
    words = (story.character(member.character).trigger.strip() for member in shot.cast)
    return list(dict.fromkeys(word for word in words if word))


def compose(
    story: Story,
    shot: Shot,
    count: Callable[[str], int] = count_tokens,
    limit: int = TOKEN_LIMIT,
    note: str = "",
) -> FramePrompt:
    """The prompt of one frame. The same story gives the same words.

    What the user wrote into ``shot.prompt`` or ``shot.negative`` wins, untouched but for the
    trigger words put in front. Everything else is stripped of prompt syntax by :func:`plain`.

    :param count: how many tokens a text has, by CLIP's own vocabulary.
    :param limit: most tokens of the positive prompt; the triggers are kept in any case.
    :param note: the user's words for this frame, at its end as they stand. Everything else makes
        room for them; a note that alone is too long loses its end.
    :raises InputError: ``option_invalid`` if the story names a style that does not exist.
    """
    triggers = _triggers(story, shot)
    negative = check_style(story.style).negative
    if not shot.cast:
        negative = f"{negative}, {_NOBODY}"
    negative = shot.negative or negative
    note = _BLANKS.sub(" ", note).strip()
    if shot.prompt:
        words = [_led(shot.prompt, triggers), *filter(None, [note])]
        return FramePrompt(positive=", ".join(words), negative=negative)

    dropped: list[str] = []
    note = _shortened(note, lambda words: count(", ".join([*triggers, words])) <= limit, dropped)
    kept = [_fitted(part, count, dropped) for part in _parts(story, shot)]
    kept = [part for part in kept if part.text not in triggers]

    def text() -> str:
        return ", ".join([*triggers, *(part.text for part in kept), *filter(None, [note])])

    while kept and count(text()) > limit:
        least = max(reversed(kept), key=lambda part: part.rank)
        kept.remove(least)
        dropped.append(least.text)
    return FramePrompt(positive=text(), negative=negative, dropped=dropped)


def _led(prompt: str, triggers: list[str]) -> str:
    """The user's own prompt, opening with the trigger words that it lacks."""
    missing = [word for word in triggers if word not in prompt]
    if not missing and not prompt.startswith(tuple(triggers)):
        missing = triggers[:1]
    return ", ".join([*missing, prompt])


def _fitted(part: _Part, count: Callable[[str], int], dropped: list[str]) -> _Part:
    """A piece no longer than :data:`_LONGEST_PIECE`; its tail goes to ``dropped``."""
    text = _shortened(part.text, lambda words: count(words) <= _LONGEST_PIECE, dropped)
    return _Part(text, part.rank)


def _shortened(text: str, fits: Callable[[str], bool], dropped: list[str]) -> str:
    """As many words of a text as fit, or letters where not one word does, but one at least; the
    rest goes to ``dropped``."""
    parts, glue = text.split(" "), " "
    if not fits(parts[0]):
        parts, glue = list(text), ""
    size = len(parts)
    while size > 1 and not fits(glue.join(parts[:size])):
        size -= 1
    if size < len(parts):
        dropped.append(glue.join(parts[size:]))
    return glue.join(parts[:size])
