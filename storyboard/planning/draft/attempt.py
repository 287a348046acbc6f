"""An attempt of a language model: its answer -> a usable draft, or what is wrong with it.

The way is straight: :mod:`.parse` finds the story, :mod:`.shape` brings its values into shape, the
:class:`.Draft` takes what fits, :class:`.Conformed` holds it against the rules of a story.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from ...story import field_errors
from ..offline.language import detect
from . import parse, shape
from .conform import Conformed
from .foreign import printable
from .model import Draft

CUT = "The answer was cut off at the length limit."
_NO_STORY = (
    "The answer is not one JSON object with title, language, characters and shots "
    "(shots: Field required)."
)


@dataclass
class Attempt:
    """What an answer is good for: everything usable in it, and what was wrong."""

    draft: Draft | None
    flaws: list[str]
    """What is wrong with the answer as JSON, in words a model can act on."""
    frames: int | None
    """How many shots there must be; ``None`` leaves it to the story."""
    left_out: int = 0
    """Details of the answer that are not in the draft."""
    cut: bool = False
    """The answer breaks off; the draft ends with the last whole shot."""

    @cached_property
    def conformed(self) -> Conformed | None:
        """The draft, made to fit the rules of a story."""
        return Conformed(self.draft, self.frames) if self.draft is not None else None

    @property
    def usable(self) -> bool:
        """Whether a story can be made of it, with or without problems."""
        return self.conformed is not None and self.conformed.enough

    @property
    def problems(self) -> list[str]:
        """What a repair turn should mend, in words a model can act on."""
        return self.flaws + (self.conformed.problems if self.conformed is not None else [])


def read(
    text: str,
    frames: int | None = None,
    *,
    clean: Callable[[str], str] = printable,
    truncated: bool = True,
) -> Attempt:
    """Read an answer: its story, without the details that do not fit.

    :param clean: applied to every text of the answer.
    :param truncated: whether the model was stopped at its length limit.
    """
    attempt = of(parse.story(text, clean), frames)
    if attempt.draft is None or not attempt.draft.shots:
        attempt.cut = truncated
    elif attempt.usable:
        attempt.cut = attempt.cut and truncated
    if attempt.cut:
        attempt.flaws.insert(0, CUT)
    return attempt


def of(story: parse.Found, frames: int | None) -> Attempt:
    """What a story that was found is good for."""
    if story.data is None:
        return Attempt(None, [_NO_STORY], frames)
    data = shape.fit(Draft, story.data)
    if data.get("language") not in ("en", "ru", "kk"):
        data["language"] = detect(json.dumps(_captions(data), ensure_ascii=False))
    flaws: list[str] = []
    left_out = 0
    for _ in range(4):  # a wrong value, a missing one, an item without it
        try:
            draft = Draft.model_validate(data)
        except ValidationError as error:
            if not flaws:
                left_out = error.error_count()
                flaws = _errors(story.data) or field_errors(error, limit=20)
            _leave_out(data, error)
        else:
            draft.shots = [
                shot for shot in draft.shots if shot.action or shot.place or shot.caption
            ]
            return Attempt(draft, flaws, frames, left_out, story.cut)
    return Attempt(None, flaws, frames, left_out, story.cut)


def _captions(data: dict[str, Any]) -> list[Any]:
    return [shot.get("caption") for shot in data["shots"] if isinstance(shot, dict)]


def _errors(data: dict[str, Any]) -> list[str]:
    """Every field that is not as the schema wants it, also those that are understood."""
    try:
        Draft.model_validate(data)
    except ValidationError as error:
        return field_errors(error, limit=20)
    return []


def _leave_out(data: Any, error: ValidationError) -> None:
    """Take out what does not fit: a value first; what is missing is empty; then the whole item."""
    broken = {item["loc"]: item["type"] == "missing" for item in error.errors()}
    # From the back, so that the place of one item stays true while a later one goes.
    for place in sorted(broken, reverse=True):
        try:
            holders = [data]
            for part in place[:-1]:
                holders.append(holders[-1][part])
            last = place[-1]
            if broken[place] and isinstance(last, str):
                holders[-1][last] = [] if last == "shots" else ""
            elif holders[-1][last] != "":
                del holders[-1][last]
            else:
                index = max(i for i, part in enumerate(place) if isinstance(part, int))
                del holders[index][place[index]]
        except (KeyError, IndexError, TypeError, ValueError):  # gone with another error
            continue
