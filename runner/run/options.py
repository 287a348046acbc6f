"""What several commands read from their options. Light: it must not slow ``aldar plan`` down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ...storyboard.errors import InputError
from ...storyboard.folders import slug

if TYPE_CHECKING:
    from ...storyboard.pictures import Picture

_STORYBOARD = Path(__file__).resolve().parents[2] / "storyboard"
STYLES = _STORYBOARD / "prompts" / "styles.json"
HEROES = _STORYBOARD / "heroes"


def shortened(text: str, most: int = 120) -> str:
    """A text of the user's as an error repeats it: its beginning, if it is long."""
    return text if len(text) <= most else f"{text[:most]}…"


def check_choice(option: str, value: str, offered: Iterable[str]) -> None:
    """See that a value is one of a list. :raises InputError: ``option_invalid``."""
    names = list(offered)
    if value not in names:
        raise InputError(
            "option_invalid",
            f"There is no {option} {shortened(value)!r}.",
            f"Choose one of: {', '.join(names)}.",
        )


def check_look(format: str, style: str, drawing: str = "storybook") -> None:
    """See that there are such a format, style and hand.

    :raises InputError: ``option_invalid``.
    """
    from ...storyboard.prompts.compose import styles
    from ...storyboard.story import BoardFormat, Drawing

    check_choice("format", format, (shape.value for shape in BoardFormat))
    check_choice("style", style, styles())
    check_choice("drawing", drawing, (hand.value for hand in Drawing))


def check_note(note: str) -> None:
    """See that a direction can hold a note. :raises InputError: ``option_invalid``."""
    from pydantic import ValidationError

    from ...storyboard.frames.directions import Direction

    try:
        Direction(note=note)
    except ValidationError as error:
        raise InputError(
            "option_invalid",
            f"The note of {len(note)} characters cannot be used: {error.errors()[0]['msg']}.",
            "Say in a few words what to change: 'smile more'.",
        ) from error


def parse_frames(text: str) -> int:
    """``auto`` as 0, a number as itself.

    :raises InputError: ``option_invalid`` or ``frames_out_of_range``.
    """
    from ...storyboard.story import MAX_FRAMES

    if text == "auto":
        return 0
    try:
        frames = int(text)
    except ValueError:
        raise InputError(
            "option_invalid",
            f"--frames is {shortened(text)!r}, which is not a number.",
            f"Give a number from 1 to {MAX_FRAMES}, or 'auto'.",
        ) from None
    if not 1 <= frames <= MAX_FRAMES:
        raise InputError(
            "frames_out_of_range",
            f"A board of {frames} frames was asked for; 1 to {MAX_FRAMES} are possible.",
            "Use --frames auto to let the story decide.",
        )
    return frames


def check_picture(path: Path) -> Picture:
    """The picture of a character.

    :raises InputError: ``reference_unusable`` if it cannot be read.
    """
    from ...storyboard.pictures import open_picture

    try:
        return open_picture(path)
    except InputError as error:
        raise InputError(
            "reference_unusable", f"The reference {error.message}", error.hint
        ) from error


def style_names() -> list[str]:
    """The style presets, read without the libraries of the prompts."""
    return list(json.loads(STYLES.read_text("utf-8")))


def lead_hero() -> tuple[str, str]:
    """Name and trigger word of the lead, read without the models of the heroes."""
    heroes = (json.loads(file.read_text("utf-8")) for file in sorted(HEROES.glob("*.json")))
    lead = next(hero for hero in heroes if hero.get("lead"))
    return lead["names"]["en"], lead["trigger"]


def name_of(logline: str) -> str:
    """The name of a logline's board folder: its words, and a hash that tells two apart."""
    mark = hashlib.sha256(logline.encode()).hexdigest()[:8]
    return f"{slug(logline)}-{mark}".lstrip("-")
