"""Type: fonts, wrapping, and fitting text into a box without cutting it silently."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_FONTS = Path(__file__).parent / "fonts"
TEXT, LABEL = "OpenSans-Semibold.ttf", "OpenSans-CondBold.ttf"
_ABSENT = "\U0010fffe"
_LEADING = 1.28


@lru_cache(maxsize=64)
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A shipped face; basic layout, so that every machine sets the same line."""
    return ImageFont.truetype(str(_FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _glyph(character: str) -> bytes:
    """How the face draws a character, as grey pixels."""
    image = Image.new("L", (40, 48))
    ImageDraw.Draw(image).text((4, 4), character, font=font(TEXT, 24), fill=255)
    return image.tobytes()


def _has_glyph(character: str) -> bool:
    return character == " " or (any(_glyph(character)) and _glyph(character) != _glyph(_ABSENT))


def printable(text: str) -> str:
    """The text without what the shipped fonts cannot draw (emoji, other scripts)."""
    words = "".join(c if _has_glyph(c) else " " if c.isspace() else "" for c in text)
    return " ".join(words.split())


@dataclass(frozen=True)
class Block:
    """Text set in lines."""

    lines: tuple[str, ...]
    face: str
    size: int
    whole: bool
    """Nothing was left out."""

    @property
    def leading(self) -> float:
        """Pixels from one line to the next."""
        return self.size * _LEADING

    @property
    def height(self) -> float:
        """Pixels."""
        return self.leading * len(self.lines)

    @property
    def width(self) -> float:
        """Pixels of the longest line."""
        face = font(self.face, self.size)
        return max((face.getlength(line) for line in self.lines), default=0.0)

    def draw(
        self,
        image: Image.Image,
        x: float,
        y: float,
        colour: tuple[int, int, int],
        centred: bool = True,
    ) -> None:
        """Write on the image: (x, y) is the top middle, or the top left if not ``centred``."""
        pen, face = ImageDraw.Draw(image), font(self.face, self.size)
        for index, line in enumerate(self.lines):
            left = x - face.getlength(line) / 2 if centred else x
            middle = y + (index + 0.5) * self.leading
            pen.text((left, middle), line, font=face, fill=colour, anchor="lm")


def wrap(text: str, face: str, size: int, width: float) -> tuple[str, ...]:
    """Lines no wider than ``width`` pixels; a word that is too long is broken."""
    measure = font(face, size).getlength
    lines: list[str] = []
    line = ""
    for word in text.split():
        while measure(word) > width:
            fits = bisect_right(range(1, len(word)), width, key=lambda n: measure(word[:n]))
            fits = max(1, fits)
            if line:
                lines.append(line)
                line = ""
            lines.append(word[:fits])
            word = word[fits:]
        joined = f"{line} {word}".strip()
        if measure(joined) <= width:
            line = joined
        else:
            lines.append(line)
            line = word
    if line:
        lines.append(line)
    return tuple(lines)


def fit(
    text: str, width: float, height: float, largest: float, smallest: float, face: str = TEXT
) -> Block:
    """The largest setting that fits; at the smallest size the rest becomes an ellipsis.

    :param width: of the box, pixels. :param height: of the box, pixels.
    """
    low = max(7, round(smallest))
    size = max(low, round(largest))
    while True:
        lines = wrap(text, face, size, width)
        if len(lines) * size * _LEADING <= height:
            return Block(_balanced(text, face, size, width, lines), face, size, True)
        if size == low:
            break
        size = max(low, size - max(1, size // 12))
    room = max(1, int(height / (low * _LEADING)))
    kept = list(lines[:room])
    measure = font(face, low).getlength
    while kept[-1] and measure(kept[-1] + "…") > width:
        kept[-1] = kept[-1][:-1]
    kept[-1] = kept[-1].rstrip() + "…"
    return Block(tuple(kept), face, low, False)


def _balanced(
    text: str, face: str, size: int, width: float, lines: tuple[str, ...]
) -> tuple[str, ...]:
    """Lines of about equal length."""
    if len(lines) < 2:
        return lines
    for share in (0.55, 0.65, 0.75, 0.85, 0.93):
        tried = wrap(text, face, size, width * share)
        if len(tried) == len(lines):
            return tried
    return lines
