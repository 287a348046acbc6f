"""What several commands read from their options. Light: it must not slow ``aldar plan`` down."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ..storyboard.errors import InputError
from ..storyboard.folders import slug
from ..storyboard.story import MAX_FRAMES

STYLES = Path(__file__).resolve().parents[1] / "storyboard" / "styles.json"


def parse_frames(text: str) -> int:
    """``auto`` as 0, a number as itself.

    :raises InputError: ``option_invalid`` or ``frames_out_of_range``.
    """
    if text == "auto":
        return 0
    try:
        frames = int(text)
    except ValueError:
        raise InputError(
            "option_invalid",
            f"--frames is {text!r}, which is not a number.",
            f"Give a number from 1 to {MAX_FRAMES}, or 'auto'.",
        ) from None
    if not 1 <= frames <= MAX_FRAMES:
        raise InputError(
            "frames_out_of_range",
            f"A board of {frames} frames was asked for; 1 to {MAX_FRAMES} are possible.",
            "Use --frames auto to let the story decide.",
        )
    return frames


def check_picture(path: Path) -> None:
    """See that a file is a picture ComfyUI can load.

    :raises InputError: ``reference_unusable`` if it is not.
    """
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(
            "reference_unusable",
            f"The reference {path} cannot be read as a picture: {error}.",
            "Give a PNG, JPEG or WebP file that shows the character's face.",
        ) from error


def style_names() -> list[str]:
    """The style presets, read without the libraries of the prompts."""
    return list(json.loads(STYLES.read_text("utf-8")))


def name_of(logline: str) -> str:
    """The name of a logline's board folder: its words, and a hash that tells two apart."""
    mark = hashlib.sha256(logline.encode()).hexdigest()[:8]
    return f"{slug(logline)}-{mark}".lstrip("-")
