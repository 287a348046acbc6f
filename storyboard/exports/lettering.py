"""Type for the exports: the pack's own faces, which cover Kazakh, and line breaking."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_FONTS = Path(__file__).parents[1] / "staging" / "fonts"


@lru_cache(maxsize=32)
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A face of that size in pixels."""
    name = "OpenSans-CondBold.ttf" if bold else "OpenSans-Semibold.ttf"
    return ImageFont.truetype(str(_FONTS / name), size)


def wrap(text: str, face: ImageFont.FreeTypeFont, width: int, lines: int) -> list[str]:
    """Break a text into at most ``lines`` lines of ``width`` pixels; a cut ends in an ellipsis."""
    found: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if not line or face.getlength(longer) <= width:
            line = longer
        else:
            found.append(line)
            line = word
    if line:
        found.append(line)
    cut = len(found) > lines
    found = found[:lines]
    for index, line in enumerate(found):
        last = cut and index == lines - 1
        tail = "…" if last else ""
        while line and face.getlength(line + tail) > width:
            line, tail = line[:-1], "…"
        found[index] = line.rstrip(" ,.;:") + tail if tail else line
    return found
