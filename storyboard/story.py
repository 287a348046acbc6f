"""Story, Character, Shot: the only currency between the stages.

A :class:`Story` is what the planner writes and everything else reads. It is plain data: it
round-trips through JSON, refuses unknown fields, and holds no path, key or model name, so a
story from a stranger or from an LLM is safe to open.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from itertools import count
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from .errors import InputError
from .json_text import NotJson, read_json
from .migration import migrated
from .sets import NEUTRAL, Setting
from .vocabulary import (
    BY_NIGHT as BY_NIGHT,
)
from .vocabulary import (
    FACE_TOO_SMALL as FACE_TOO_SMALL,
)
from .vocabulary import (
    IN_THE_SKY as IN_THE_SKY,
)
from .vocabulary import (
    Age,
    Angle,
    Beard,
    BoardFormat,
    Build,
    Bulk,
    Depth,
    Drawing,
    Emotion,
    Facing,
    Garment,
    Hair,
    Hat,
    Kind,
    Move,
    Numbering,
    Pose,
    Position,
    PropKind,
    Sex,
    Size,
    Time,
    Weather,
)

SCHEMA_VERSION = 2
MAX_LOGLINE = 2000
MAX_FRAMES = 60
"""What a planner may be asked for."""
MAX_SHOTS = 5000
"""What a story may hold."""
MAX_ID = 10**9


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _clean(text: Any) -> Any:
    """NFC, no control characters, no outer blanks; anything but a string is left to pydantic."""
    if not isinstance(text, str):
        return text
    return _CONTROL.sub(" ", unicodedata.normalize("NFC", text)).strip()


Text = Annotated[str, BeforeValidator(_clean)]


def _hex_colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError("write a colour as #rrggbb")
    return value.lower()


Colour = Annotated[str, AfterValidator(_hex_colour)]
CharacterId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class Lean(_Model):
    """A model whose JSON leaves out some fields where they are empty, as they mostly are."""

    rare: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _without_empty(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {k: v for k, v in write(self).items() if v or k not in self.rare}


class Look(Lean):
    """What tells a character apart in a drawing, and in words in every prompt."""

    rare = frozenset({"species", "glasses"})

    kind: Kind = Kind.PERSON
    species: PropKind | None = None
    """Which animal, where the kind is one; any other kind of prop is drawn as a thing that acts."""
    sex: Sex = Sex.UNSAID
    age: Age = Age.ADULT
    build: Build = Build.AVERAGE
    skin: Colour = "#e3ae80"
    """Fur of an animal, metal of a robot."""
    hair: Hair = Hair.SHORT
    hair_colour: Colour = "#33241d"
    """Of the beard too."""
    glasses: bool = False
    beard: Beard = Beard.NONE
    hat: Hat = Hat.NONE
    garment: Garment = Garment.SHIRT
    colour: Colour = "#6d7f94"
    """Main colour of the clothes."""
    trim: Colour = "#d9c9a3"
    """Colour of collar, belt and hat band."""


class Character(_Model):
    """One member of the cast; its ``id`` is what shots refer to."""

    id: CharacterId
    name: Annotated[Text, Field(min_length=1, max_length=60)]
    """As the viewer reads it, in the story's language."""
    description: Annotated[Text, Field(max_length=400)]
    """The character sheet in English: age, face, build, clothes. Goes into every prompt."""
    trigger: Annotated[str, Field(max_length=60, pattern=r"^[\w\- ]*$")] = ""
    """Trigger word of the character's LoRA (``aldar_kose_man``); empty if it has none."""
    look: Look = Look()


class Outfit(_Model):
    """What a character wears from head to foot in one shot, in place of its sheet's clothes."""

    words: Annotated[Text, Field(min_length=1, max_length=200)]
    """In English, with colours."""
    hat: Hat = Hat.NONE
    garment: Garment | None = None
    """The character's own if it is not given, as are the colours."""
    colour: Colour | None = None
    trim: Colour | None = None


class CastMember(Lean):
    """A character in one shot: what it does there and where it stands."""

    rare = frozenset({"outfit"})

    character: CharacterId
    pose: Pose = Pose.STANDING
    emotion: Emotion = Emotion.NEUTRAL
    facing: Facing = Facing.FRONT
    position: Position = Position.CENTER
    depth: Depth = Depth.MIDGROUND
    action: Annotated[Text, Field(max_length=200)] = ""
    """In English, what this character does in this shot."""
    outfit: Outfit | None = None
    """Other clothes than those of the character sheet: a disguise, a variation."""


class PropItem(Lean):
    """A thing of the set or in somebody's hands."""

    rare = frozenset({"name", "label", "bulk"})

    kind: PropKind
    name: Annotated[Text, Field(max_length=60)] = ""
    """In English, for the prompt; empty where it is that of the kind."""
    label: Annotated[Text, Field(max_length=60)] = ""
    """In the story's language, written on a thing that has no drawing."""
    bulk: Bulk | None = None
    """How large a thing without a drawing is."""
    position: Position = Position.CENTER
    depth: Depth = Depth.MIDGROUND
    held_by: CharacterId | None = None


class DialogueLine(Lean):
    """One spoken line, in the story's language."""

    rare = frozenset({"off_screen"})

    character: CharacterId
    text: Annotated[Text, Field(min_length=1, max_length=200)]
    off_screen: bool = False
    """The speaker is only heard, even if he is in the picture: a voice over it."""


class OwnPanel(_Model):
    """A picture of the user's own, in place of the drawing of a shot."""

    hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """sha256 of the file; it lies as ``panels/<hash>.png`` with the story or the board
    (:mod:`.panels`). A story from a stranger names no path."""
    fit: Literal["contain", "cover"] = "contain"
    """How it gets the board's shape: whole on a calm ground, or filling the frame and cut."""


class Shot(Lean):
    """One frame of the board."""

    rare = frozenset({"id", "label", "panel", "weather"})

    number: Annotated[int, Field(ge=1, le=MAX_SHOTS)]
    """Its place in the story, from 1."""
    id: Annotated[int, Field(ge=1, le=MAX_ID)] | None = None
    """What the shot keeps when others are inserted, removed or moved: takes, locks, choices and
    seeds follow it. ``None`` until a board gives it one (:mod:`.shots`)."""
    label: Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,23})?$")] = ""
    """The shot number that is printed; empty for that of the story's scheme (:mod:`.numbering`)."""
    place: Annotated[Text, Field(min_length=1, max_length=120)]
    """Scene heading, in English: where we are."""
    setting: Setting = NEUTRAL
    time: Time = Time.DAY
    weather: Weather | None = None
    """Outside; where it is not said, the words of place and action tell."""
    size: Size = Size.MEDIUM
    angle: Angle = Angle.EYE
    move: Move = Move.STATIC
    cast: Annotated[list[CastMember], Field(max_length=12)] = []
    props: Annotated[list[PropItem], Field(max_length=12)] = []
    action: Annotated[Text, Field(min_length=1, max_length=400)]
    """In English, what happens; the heart of the prompt."""
    beat: Annotated[Text, Field(max_length=40)] = ""
    """Dramatic function: set-up, want, trick, escalation, reversal, pay-off, closing image."""
    caption: Annotated[Text, Field(max_length=240)] = ""
    """One sentence for the reader, in the story's language."""
    dialogue: Annotated[list[DialogueLine], Field(max_length=4)] = []
    duration: Annotated[float, Field(gt=0, le=60)] = 3.0
    """Seconds on screen."""
    face_visible: bool = True
    """Whether the hero's face can be seen, and so measured."""
    panel: OwnPanel | None = None
    """The artist's own panel; without one it is drawn."""
    prompt: Annotated[Text, Field(max_length=1200)] = ""
    """Written by the user: replaces the composed prompt."""
    negative: Annotated[Text, Field(max_length=600)] = ""
    """Written by the user: replaces the style's negative prompt."""

    @property
    def identity(self) -> int:
        """Its id; where it has none yet its number, which then is the same."""
        return self.id or self.number

    def outfit(self, character: str) -> Outfit | None:
        """What a character of the shot wears in place of its own clothes."""
        return next((m.outfit for m in self.cast if m.character == character), None)

    @model_validator(mode="after")
    def _cast_is_a_set(self) -> Shot:
        ids = [member.character for member in self.cast]
        if len(set(ids)) != len(ids):
            raise ValueError("the same character stands in the shot twice")
        return self


class Usage(_Model):
    """What planning cost."""

    prompt_tokens: Annotated[int, Field(ge=0)] = 0
    completion_tokens: Annotated[int, Field(ge=0)] = 0
    usd: Annotated[float, Field(ge=0)] | None = None
    """US dollars by the price table; ``None`` when the model has no known price."""
    cached: bool = False
    """The answer was paid for by an earlier run; this one cost nothing."""


class Planner(_Model):
    """Who wrote the story, for the report."""

    kind: Literal["offline", "llm", "script", "hand"] = "hand"
    profile: Annotated[Text, Field(max_length=60)] = ""
    model: Annotated[Text, Field(max_length=120)] = ""
    usage: Usage = Usage()
    note: Annotated[Text, Field(max_length=300)] = ""


class Axis(_Model):
    """One direction of a matrix of shots."""

    name: Annotated[Text, Field(min_length=1, max_length=40)]
    """What varies along it: ``outfit``, ``place``, ``pose``."""
    labels: Annotated[
        list[Annotated[Text, Field(min_length=1, max_length=200)]], Field(min_length=1)
    ]
    """Its entries in order, for readers."""


class Story(Lean):
    """A planned storyboard: characters and shots, with everything later stages need."""

    rare = frozenset({"axes"})

    schema_version: Literal[2] = SCHEMA_VERSION
    title: Annotated[Text, Field(min_length=1, max_length=120)]
    logline: Annotated[Text, Field(min_length=1, max_length=MAX_LOGLINE)]
    language: Literal["en", "ru", "kk"] = "en"
    format: BoardFormat = BoardFormat.SQUARE
    style: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")] = "storybook"
    """Name of a style preset (``styles.json``)."""
    numbering: Numbering = Numbering.PLAIN
    """The scheme of the printed shot numbers."""
    drawing: Drawing = Drawing.STORYBOOK
    """The hand that draws the panels."""
    characters: Annotated[list[Character], Field(max_length=20)]
    """The hero first."""
    shots: Annotated[list[Shot], Field(min_length=1, max_length=MAX_SHOTS)]
    axes: Annotated[list[Axis], Field(max_length=3)] = []
    """Of a matrix of variations, the slowest first: shot 1 shows the first entry of every axis,
    shot 2 the next entry of the last one. Empty for a story."""
    planner: Planner = Planner()

    @model_validator(mode="before")
    @classmethod
    def _of_today(cls, data: Any) -> Any:
        return migrated(data)

    @model_validator(mode="after")
    def _whole(self) -> Story:
        ids = [character.id for character in self.characters]
        if len(set(ids)) != len(ids):
            raise ValueError("two characters share one id")
        numbers = [shot.number for shot in self.shots]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"shots must be numbered 1 to {len(numbers)} in order, not {numbers}")
        given = [shot.id for shot in self.shots if shot.id is not None]
        if len(set(given)) != len(given):
            twice = sorted(repeated for repeated, times in Counter(given).items() if times > 1)
            raise ValueError(
                f"two shots have the id {twice[0]}; leave it out of the one that is new"
            )
        printed = Counter(shot.label for shot in self.shots if shot.label)
        if repeated := [label for label, times in printed.items() if times > 1]:
            raise ValueError(f"two shots are numbered {repeated[0]}")
        for shot in self.shots:
            named = [member.character for member in shot.cast]
            named += [line.character for line in shot.dialogue]
            named += [prop.held_by for prop in shot.props if prop.held_by]
            unknown = sorted(set(named) - set(ids))
            if unknown:
                raise ValueError(
                    f"shot {shot.number} names {', '.join(unknown)}, not among the characters "
                    f"{', '.join(ids) or '(none)'}"
                )
        names = [axis.name for axis in self.axes]
        if len(set(names)) != len(names):
            raise ValueError("two axes share one name")
        cells = math.prod(len(axis.labels) for axis in self.axes)
        if self.axes and cells != len(self.shots):
            raise ValueError(f"the axes make {cells} shots, but there are {len(self.shots)}")
        return self

    @model_serializer(mode="wrap")
    def _ids_once_they_differ(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Ids and printed numbers of all shots or, as long as each is its shot's place, of none."""
        data = self._without_empty(write)
        if all(shot.id in (None, shot.number) for shot in self.shots):
            for shot in data["shots"]:
                shot.pop("id", None)
        if all(shot.label in ("", str(shot.number)) for shot in self.shots):
            for shot in data["shots"]:
                shot.pop("label", None)
        return data

    @property
    def hero(self) -> Character | None:
        """The first character, whose identity the board must keep."""
        return self.characters[0] if self.characters else None

    def identified(
        self, given: Mapping[int, int] | None = None, taken: Collection[int] = ()
    ) -> Story:
        """The story with an id for every shot: the one it has, else its number if that is free,
        else the smallest number that no shot has or had.

        :param known: place of a shot (from 0) -> its id, for shots that do not say it.
        :param taken: ids that a new shot must not get.
        """
        given = given or {}
        ids = [shot.id or given.get(place) for place, shot in enumerate(self.shots)]
        used = set(filter(None, ids)) | set(taken)
        for place, shot in enumerate(self.shots):
            if ids[place] is None and shot.number not in used:
                ids[place] = shot.number
        used |= set(filter(None, ids))
        free = (number for number in count(1) if number not in used)
        shots = [
            shot.model_copy(update={"id": shot_id or next(free)})
            for shot, shot_id in zip(self.shots, ids, strict=True)
        ]
        return self.model_copy(update={"shots": shots})

    def character(self, character_id: str) -> Character:
        """The character of that id. :raises KeyError: if there is none."""
        for character in self.characters:
            if character.id == character_id:
                return character
        raise KeyError(character_id)

    def look(self, member: CastMember, own: Look | None = None) -> Look:
        """What somebody looks like in a shot: the character, in the outfit of that shot.

        :param own: in place of the character's own look.
        """
        look, outfit = own or self.character(member.character).look, member.outfit
        if outfit is None:
            return look
        worn = outfit.model_dump(include={"hat", "garment", "colour", "trim"})
        return look.model_copy(update={k: v for k, v in worn.items() if v is not None})

    def shows_face(self, shot: Shot, character: str) -> bool:
        """Whether a shot is planned to show a character's face large enough to be a reference.

        :param character: its id.
        """
        member = next((m for m in shot.cast if m.character == character), None)
        if member is None or member.facing is Facing.BACK or shot.size in FACE_TOO_SMALL:
            return False
        hero = self.hero is not None and self.hero.id == character
        return shot.face_visible if hero else True

    def cell(self, number: int) -> tuple[int, ...]:
        """Where a shot stands in the matrix: the index of its entry on every axis.

        :param number: of the shot, from 1.
        """
        indices: list[int] = []
        rest = number - 1
        for axis in reversed(self.axes):
            rest, index = divmod(rest, len(axis.labels))
            indices.insert(0, index)
        return tuple(indices)

    def to_json(self) -> str:
        """Canonical JSON: same story, same bytes."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes, source: str = "the story") -> Story:
        """Read a story. :raises InputError: ``story_invalid`` naming every broken field."""
        try:
            data = read_json(text)
        except NotJson as error:
            raise InputError(
                "story_invalid",
                f"{source} is not JSON: {error}.",
                "Open it in an editor and mend that line, or plan the story again.",
            ) from error
        except (ValueError, RecursionError) as error:  # numbers of thousands of digits
            raise InputError(
                "story_invalid",
                f"{source} is JSON that nobody reads: {error}.",
                "Plan the story again.",
            ) from error
        return cls.parse(data, source)

    @classmethod
    def parse(cls, data: Any, source: str = "the story") -> Story:
        """Validate plain data. :raises InputError: ``story_invalid`` naming every broken field."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise InputError(
                "story_invalid",
                f"{source} does not fit the story schema: {'; '.join(field_errors(error))}.",
                "Mend the named fields, or plan the story again.",
            ) from error

    @classmethod
    def load(cls, path: Path) -> Story:
        """Read a story file. :raises InputError: if it is missing, not JSON, or broken."""
        try:
            text = path.read_bytes()
        except (OSError, ValueError) as error:
            raise InputError(
                "story_invalid",
                f"{path} cannot be read: {error}.",
                "Give the path of a story.json written by 'aldar plan'.",
            ) from error
        return cls.from_json(text, str(path))


def field_errors(error: ValidationError, limit: int = 8) -> list[str]:
    """``shots[3].size: …`` for each broken field of a pydantic error, at most ``limit``."""
    lines = []
    for item in error.errors()[:limit]:
        where = ""
        for part in item["loc"]:
            where += f"[{part}]" if isinstance(part, int) else f".{part}" if where else str(part)
        lines.append(f"{where}: {item['msg']}" if where else item["msg"])
    left = error.error_count() - limit
    if left > 0:
        lines.append(f"and {left} more")
    return lines


def check_logline(text: str) -> str:
    """The logline, cleaned. :raises InputError: if it holds no letter or is too long."""
    logline = _clean("".join(letter for letter in text if not "\ud800" <= letter <= "\udfff"))
    if not any(character.isalnum() for character in logline):
        raise InputError(
            "logline_empty",
            "The logline is empty.",
            "Write one or two sentences: who wants what, and what stands in the way.",
        )
    if len(logline) > MAX_LOGLINE:
        raise InputError(
            "logline_too_long",
            f"The logline has {len(logline)} characters; at most {MAX_LOGLINE} are used.",
            "Shorten it to the one or two sentences that tell the story.",
        )
    return logline
