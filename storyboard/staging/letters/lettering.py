"""Type: fonts, wrapping, and fitting text into a box without cutting it silently.

The shipped faces draw Latin and Cyrillic, the same on every machine. Letters of other alphabets
are drawn with a face of the machine (:mod:`.alphabets`), and where there is none, the text says
which package has one.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from . import alphabets

_log = logging.getLogger(__name__)

FONTS = Path(__file__).parent / "fonts"
TEXT, LABEL = "OpenSans-Semibold.ttf", "OpenSans-CondBold.ttf"
_ABSENT = "\U0010fffe"
_LEADING = 1.28


@lru_cache(maxsize=64)
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A shipped face; basic layout, so that every machine sets the same line."""
    return ImageFont.truetype(str(FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _glyph(character: str) -> bytes:
    """How the face draws a character, as grey pixels."""
    image = Image.new("L", (40, 48))
    ImageDraw.Draw(image).text((4, 4), character, font=font(TEXT, 24), fill=255)
    return image.tobytes()


def _has_glyph(character: str) -> bool:
    return character == " " or (any(_glyph(character)) and _glyph(character) != _glyph(_ABSENT))


def printable(text: str) -> str:
    """The text as it can be drawn: without emoji, and in place of letters that no font here has,
    what to install."""
    pieces: list[str] = []
    told: set[str] = set()
    region = alphabets.region(text)
    for letter in text:
        if letter.isspace() or _has_glyph(letter):
            pieces.append(letter)
        elif not _is_letter(letter):
            if letter in _JOINERS and pieces and not _has_glyph(pieces[-1][-1:] or " "):
                pieces.append(letter)
        elif alphabets.face_for(letter, region):
            pieces.append(letter)
        elif (lack := alphabets.missing(letter)) not in told:
            told.add(lack)
            warn(lack)
            pieces.append(f" [no font here for {lack}] ")
    return " ".join("".join(pieces).split())


_JOINERS = "\u200c\u200d"
"""Between letters of Persian and Hindi they change how these are drawn; elsewhere they are lost."""


def _is_letter(character: str) -> bool:
    """Whether a text loses something without it; emoji and unseen characters it does not need."""
    return unicodedata.category(character)[0] in "LMNP"


@lru_cache(maxsize=64)
def warn(lack: str) -> None:
    """Say once that something is not drawn."""
    _log.warning("Captions are not drawn in full; no font for %s.", lack)


def foreign(text: str) -> list[str]:
    """Faces of this machine that a text is drawn with, and what is missing: what its pixels
    depend on besides the text. Empty for Latin and Cyrillic."""
    region = alphabets.region(text)
    strange = {letter for letter in text if _is_letter(letter) and not _has_glyph(letter)}
    faces = {letter: alphabets.face_for(letter, region) for letter in strange}
    return sorted(
        {
            f"{Path(face.path).name}#{face.number}" if face else alphabets.missing(letter)
            for letter, face in faces.items()
        }
    )


def _runs(text: str) -> list[tuple[alphabets.Face | None, str]]:
    """A line in pieces of one face, in the order they stand from left to right; ``None`` is ours.

    Blanks and marks between letters of one face stay in it; elsewhere they follow the direction
    of the whole line (Unicode TR 9, rules N1 and N2).
    """
    if all(map(_has_glyph, text)):
        return [(None, text)]
    region = alphabets.region(text)
    strong = [letter for letter in text if letter.isalpha()]
    faces = {
        letter: None if _has_glyph(letter) else alphabets.face_for(letter, region)
        for letter in set(text)
    }
    backward = bool(strong) and unicodedata.bidirectional(strong[0]) in ("R", "AL")
    base = faces[strong[0]] if backward else None
    runs: list[tuple[alphabets.Face | None, str]] = []

    def add(face: alphabets.Face | None, letters: str) -> None:
        if runs and runs[-1][0] == face:
            runs[-1] = face, runs[-1][1] + letters
        elif letters:
            runs.append((face, letters))

    for match in re.finditer(r"([^\W\d_]*)([\W\d_]*)", text):
        for letter in match[1]:
            add(faces[letter], letter)
        rest = text[match.end() : match.end() + 1]
        before = faces[match[1][-1]] if match[1] else base
        around = before if rest and faces[rest] == before else base
        for mark in match[2]:
            face = around if around and alphabets.has(around, mark) else faces[mark]
            add(runs[-1][0] if runs and unicodedata.category(mark)[0] == "M" else face, mark)
    return runs[::-1] if backward else runs


def length(text: str, face: str, size: int) -> float:
    """Pixels from the beginning to the end of a line."""
    return sum(_font(own, face, size).getlength(piece) for own, piece in _runs(text))


def write(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    line: str,
    face: str,
    size: int,
    fill: str | tuple[int, int, int],
    anchor: str = "la",
) -> None:
    """Write one line, in as many faces as it needs, on one baseline.

    :param anchor: as Pillow has it; of other alphabets ``l`` and ``m``, ``a`` only.
    """
    runs = _runs(line)
    main = font(face, size)
    if runs == [(None, line)]:
        pen.text(at, line, font=main, fill=fill, anchor=anchor)
        return
    ascent, descent = main.getmetrics()
    x, y = at
    base = y + (ascent - descent) / 2 if anchor[1] == "m" else y + ascent
    for own, piece in runs:
        setting = _font(own, face, size)
        place = ((x, base), "ls") if own else ((x, y), anchor)
        pen.text(place[0], piece, font=setting, fill=fill, anchor=place[1])
        x += setting.getlength(piece)


def _font(own: alphabets.Face | None, face: str, size: int) -> ImageFont.FreeTypeFont:
    return alphabets.load(own, size) if own else font(face, size)


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
        """Pixels of all lines together."""
        return self.leading * len(self.lines)

    @property
    def width(self) -> float:
        """Pixels of the longest line."""
        return max((length(line, self.face, self.size) for line in self.lines), default=0.0)

    def draw(
        self,
        image: Image.Image,
        x: float,
        y: float,
        colour: tuple[int, int, int],
        centred: bool = True,
    ) -> None:
        """Write on the image: (x, y) is the top middle, or the top left if not ``centred``."""
        pen = ImageDraw.Draw(image)
        for index, line in enumerate(self.lines):
            left = x - length(line, self.face, self.size) / 2 if centred else x
            middle = y + (index + 0.5) * self.leading
            write(pen, (left, middle), line, self.face, self.size, colour, "lm")


def wrap(text: str, face: str, size: int, width: float) -> tuple[str, ...]:
    """Lines no wider than ``width`` pixels; a word that is too long is broken."""

    def measure(words: str) -> float:
        return length(words, face, size)

    lines: list[str] = []
    line = ""
    for gap, word in words(text):
        while measure(word) > width:
            fits = bisect_right(range(1, len(word)), width, key=lambda n: measure(word[:n]))
            fits = max(1, fits)
            while fits > 1 and unicodedata.category(word[fits])[0] == "M":
                fits -= 1
            if line:
                lines.append(line)
                line = ""
            lines.append(word[:fits])
            word = word[fits:]
        joined = f"{line}{gap}{word}".strip()
        if measure(joined) <= width:
            line = joined
        else:
            lines.append(line)
            line = word
    if line:
        lines.append(line)
    return tuple(lines)


def words(text: str) -> Iterator[tuple[str, str]]:
    """(gap before it, word): where a line may break. Between Chinese or Japanese letters it may
    break without a blank, but not before a closing mark nor after an opening one."""
    for word in text.split():
        gap, start = " ", 0
        for index in range(1, len(word)):
            before, after = word[index - 1], word[index]
            wide = _is_wide(before) or _is_wide(after)
            opens = unicodedata.category(before) in ("Ps", "Pi")
            stuck = unicodedata.category(after) in ("Pe", "Pf", "Po", "Mn", "Mc", "Lm")
            if wide and not opens and not stuck:
                yield gap, word[start:index]
                gap, start = "", index
        yield gap, word[start:]


def _is_wide(character: str) -> bool:
    return character >= "\u2e80" and unicodedata.east_asian_width(character) in "WF"


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
    while kept[-1] and length(kept[-1] + "…", face, low) > width:
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
