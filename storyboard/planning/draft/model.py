"""The draft of a story: what a language model is asked for.

A draft is leaner than a :class:`~..story.Story`: only what an artist decides, no numbers, no
triggers, no overrides, nothing that names a file. Its texts have no limits, because strict
structured output knows none; :mod:`.conform` cuts them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from ...sets import NEUTRAL
from ...story import (
    Age,
    Angle,
    Beard,
    Build,
    Bulk,
    Depth,
    Emotion,
    Facing,
    Garment,
    Hair,
    Hat,
    Kind,
    Move,
    Pose,
    Position,
    Sex,
    Size,
    Time,
)
from ..offline.language import Language
from .shape import Bare


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore")


class DraftCharacter(_Model):
    bare: ClassVar[Bare] = Bare("id", "description")

    id: Annotated[str, Field(description="short, lower case Latin: aldar, bai, old_woman")]
    name: Annotated[str, Field(description="as the viewer reads it, in the caption language")]
    description: Annotated[
        str,
        Field(
            description="English, at most 12 words, commas: age, face, build, headwear, clothes "
            "with colours; what stays the same in every shot; no mood, no pose"
        ),
    ]
    kind: Kind = Kind.PERSON
    species: Annotated[str, Field(description="which animal, in English; else empty")] = ""
    sex: Sex = Sex.UNSAID
    age: Age = Age.ADULT
    build: Build = Build.AVERAGE
    skin: Annotated[str, Field(description="colour of skin, fur or metal, #rrggbb")] = ""
    hair: Hair = Hair.SHORT
    hair_colour: Annotated[str, Field(description="#rrggbb")] = ""
    glasses: bool = False
    hat: Hat = Hat.NONE
    beard: Beard = Beard.NONE
    garment: Garment = Garment.SHIRT
    colour: Annotated[str, Field(description="main colour of the clothes, #rrggbb")] = ""
    trim: Annotated[str, Field(description="colour of collar and belt, #rrggbb")] = ""
    invented: Annotated[list[str], Field(exclude=True)] = []
    """What no list has of clothes and hair: kept as words of the description. Nobody is asked
    for it."""


class DraftMember(_Model):
    bare: ClassVar[Bare] = Bare("character", "action")

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
    bare: ClassVar[Bare] = Bare("name", "position")

    name: Annotated[str, Field(description="English, one noun: any thing or animal")]
    bulk: Bulk = Bulk.HAND
    position: Position = Position.CENTER
    depth: Depth = Depth.MIDGROUND
    held_by: Annotated[str, Field(description="id of who holds it, or empty")] = ""


class DraftLine(_Model):
    bare: ClassVar[Bare] = Bare("character", "text", between=r"\n")

    character: Annotated[str, Field(description="id of who speaks")]
    text: Annotated[str, Field(description="at most 12 words, in the caption language")]


class DraftShot(_Model):
    bare: ClassVar[Bare] = Bare("", "action", between=r"\n")

    beat: Annotated[
        str,
        Field(description="set-up, want, trick, escalation, reversal, pay-off or closing image"),
    ] = ""
    place: Annotated[str, Field(description="English, at most 8 words: where we are")]
    setting: Annotated[str, Field(description="the set nearest to the place")] = NEUTRAL
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

    title: Annotated[str, Field(description="in the caption language")] = ""
    language: Annotated[Language, Field(description="the caption language")]
    characters: Annotated[list[DraftCharacter], Field(description="the hero first")] = []
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
            name: _strict(value, definitions)
            for name, value in node["properties"].items()
            if name != "invented"
        }
        strict["required"] = list(strict["properties"])
        strict["additionalProperties"] = False
    return strict
