"""The draft of a story: what a language model is asked for, and how its answer is read.

A draft is leaner than a :class:`~..story.Story`: only what an artist decides, no numbers, no
triggers, no overrides, nothing that names a file. Its texts have no limits, because strict
structured output knows none; :mod:`.conform` cuts them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..story import (
    Angle,
    Beard,
    Build,
    Depth,
    Emotion,
    Facing,
    Hat,
    Move,
    Pose,
    Position,
    PropKind,
    Setting,
    Size,
    Time,
    field_errors,
)

MAX_ANSWER = 1_000_000
"""Letters of an answer that are looked at."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore")


class DraftCharacter(_Model):
    id: Annotated[str, Field(description="short, lower case Latin: aldar, bai, old_woman")]
    name: Annotated[str, Field(description="as the viewer reads it, in the caption language")]
    description: Annotated[
        str,
        Field(
            description="English, at most 12 words, commas: age, face, build, headwear, clothes "
            "with colours; what stays the same in every shot; no mood, no pose"
        ),
    ]
    build: Build = Build.AVERAGE
    hat: Hat = Hat.NONE
    beard: Beard = Beard.NONE
    robe: Annotated[str, Field(description="main colour of the clothes, #rrggbb")] = ""
    trim: Annotated[str, Field(description="colour of collar and belt, #rrggbb")] = ""


class DraftMember(_Model):
    character: Annotated[str, Field(description="id of a character of the list")]
    pose: Pose = Pose.STANDING
    emotion: Emotion = Emotion.NEUTRAL
    facing: Annotated[Facing, Field(description="as the camera sees it")] = Facing.FRONT
    position: Annotated[Position, Field(description="across the frame")] = Position.CENTER
    depth: Depth = Depth.MIDGROUND
    action: Annotated[
        str, Field(description="English, at most 6 words: what this one does; may be empty")
    ] = ""


class DraftProp(_Model):
    kind: PropKind
    position: Position = Position.CENTER
    depth: Depth = Depth.MIDGROUND
    held_by: Annotated[str, Field(description="id of who holds it, or empty")] = ""


class DraftLine(_Model):
    character: Annotated[str, Field(description="id of who speaks")]
    text: Annotated[str, Field(description="at most 12 words, in the caption language")]


class DraftShot(_Model):
    beat: Annotated[
        str,
        Field(description="set-up, want, trick, escalation, reversal, pay-off or closing image"),
    ] = ""
    place: Annotated[str, Field(description="English, at most 8 words: where we are")]
    setting: Setting = Setting.STEPPE
    time: Time = Time.DAY
    size: Size = Size.MEDIUM
    angle: Angle = Angle.EYE
    move: Move = Move.STATIC
    cast: Annotated[
        list[DraftMember], Field(description="who is seen, the most important first")
    ] = []
    props: Annotated[list[DraftProp], Field(description="at most 4 things that matter")] = []
    action: Annotated[
        str,
        Field(
            description="English, one sentence of at most 20 words: the one thing one sees "
            "happen, drawable, present tense, no camera words"
        ),
    ]
    caption: Annotated[
        str, Field(description="one sentence of at most 18 words, in the caption language")
    ]
    dialogue: Annotated[
        list[DraftLine], Field(description="0 to 2 lines, only where speech beats a picture")
    ] = []
    duration: Annotated[float, Field(description="seconds on screen, 2 to 8")] = 3.0
    face_visible: Annotated[
        bool, Field(description="whether the hero's face can be seen and recognised")
    ] = True


class Draft(_Model):
    """A story as a language model writes it."""

    title: Annotated[str, Field(description="in the caption language")]
    language: Annotated[Literal["en", "ru", "kk"], Field(description="the caption language")]
    characters: Annotated[list[DraftCharacter], Field(description="the hero first")]
    shots: list[DraftShot]


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """JSON Schema of a draft in the subset that strict structured output takes everywhere.

    No ``$ref`` (Gemini), no defaults, every property required, nothing additional (OpenAI).
    """
    whole = Draft.model_json_schema()
    return _strict(whole, whole["$defs"])


def _strict(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_strict(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    for reference in [node, *node.get("allOf", ())]:
        if "$ref" in reference:
            target = definitions[reference["$ref"].rpartition("/")[2]]
            # A docstring is for programmers; what the model reads stands at the field.
            node = {**target, "description": "", **node}
    kept = ("type", "description", "enum", "items")
    strict = {key: _strict(node[key], definitions) for key in kept if node.get(key)}
    if "properties" in node:
        strict["properties"] = {
            name: _strict(value, definitions) for name, value in node["properties"].items()
        }
        strict["required"] = list(node["properties"])
        strict["additionalProperties"] = False
    return strict


def read(text: str) -> tuple[Draft | None, list[str]]:
    """A draft, or what is wrong with the answer, in words a model can act on."""
    data, why = _json(text)
    if data is None:
        return None, [why]
    try:
        return Draft.model_validate(data), []
    except ValidationError as error:
        return None, field_errors(error, limit=20)


def salvage(text: str) -> tuple[Draft | None, int]:
    """A draft without the details that do not fit (an invented pose, a prop nobody can draw).

    :returns: the draft and how many details were left out; ``None`` if the rest is no draft.
    """
    data, _ = _json(text)
    if data is None:
        return None, 0
    try:
        return Draft.model_validate(data), 0
    except ValidationError as error:
        places = {_detail(item["loc"]) for item in error.errors()}
    # From the back, so that the place of one detail stays true while a later one goes.
    for place in sorted(places, reverse=True):
        *above, last = place
        try:
            holder: Any = data
            for part in above:
                holder = holder[part]
            del holder[last]
        except (KeyError, IndexError, TypeError):  # missing, not wrong
            return None, 0
    try:
        return Draft.model_validate(data), len(places)
    except ValidationError:
        return None, 0


def _detail(place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """What to leave out for an error there: the whole prop, else the field itself."""
    return place[: place.index("props") + 2] if "props" in place else place


_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)


def _json(text: str) -> tuple[dict[str, Any] | None, str]:
    """The JSON object of an answer, whatever stands around it; or why there is none."""
    text = _THOUGHT.sub("", text[:MAX_ANSWER])
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        for found in _objects(text):
            if "shots" in found:
                return found, ""
        return None, f"The answer is not one whole JSON object: {error}."
    if isinstance(whole, dict):
        return whole, ""
    return None, "The answer is JSON, but not an object with title, language, characters, shots."


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Objects that begin at one of the first braces of a text."""
    decoder = json.JSONDecoder()
    start = -1
    for _ in range(20):
        start = text.find("{", start + 1)
        if start < 0:
            return
        try:
            found, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        yield found
        start = end - 1
