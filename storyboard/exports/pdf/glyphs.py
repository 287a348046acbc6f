"""Which font draws each letter of a text on a page, and in which order the letters stand.

The shipped faces draw Latin and Cyrillic. Other alphabets are drawn with faces of the machine
(:mod:`..staging.letters.alphabets`); what no face here has stands as its name or its code in
brackets, so that nothing of a text is lost in silence.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ...staging.letters import alphabets
from ...staging.letters.alphabets import Face
from ...staging.letters.lettering import FONTS, TEXT

_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_SYMBOLS = (
    *("notosanssymbols-regular", "notosanssymbols2-regular", "dejavusans", "notosansmath-regular"),
    *("notoemoji-regular", "symbola", "seguisym", "apple symbols", "arial unicode"),
)
"""Faces that have arrows, signs and plain emoji, by the names of their files."""
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]+")
_JOINERS = "\u200c\u200d"
_MARKS = "\u200e\u200f"
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They would change the order of what follows."""


class Run(NamedTuple):
    """Letters of one face beside each other."""

    face: Face | None
    """``None`` for the shipped faces."""
    text: str
    """In the order of reading where ``shaped``, else as it stands from left to right."""
    shaped: bool
    """Whether its letters join or stack, and a shaper has to place them."""


class Glyphs:
    """The letters of one document."""

    def __init__(self) -> None:
        self.lacking: set[str] = set()
        """Alphabets that no font here has, each with what to install."""

    def paragraphs(self, text: str) -> list[str]:
        """A text as it can be drawn, in its own lines."""
        return [self._drawable(line) for line in _BREAKS.split(text)]

    def _drawable(self, line: str) -> str:
        line = " ".join(line.split())
        if all(map(_shipped, line)):
            return line
        line = _FLAGS.sub(lambda flag: f"[{''.join(map(_flag_letter, flag[0]))}]", line)
        region, made = alphabets.region(line), []
        for index, letter in enumerate(line):
            if letter == " " or _shipped(letter):
                made.append(letter)
            elif _is_unseen(letter):
                beside = line[max(0, index - 1) : index] + line[index + 1 : index + 2]
                if letter in _JOINERS and any(c.isalpha() and not _shipped(c) for c in beside):
                    made.append(letter)
            elif face_of(letter, region):
                made.append(letter)
            else:
                made.append(self._told(letter))
        return " ".join("".join(made).split())

    def _told(self, letter: str) -> str:
        kind = unicodedata.category(letter)
        if kind[0] == "S":
            name = unicodedata.name(letter, "").lower()
            return f"[{name}]" if name else f"[U+{ord(letter):04X}]"
        if kind[0] == "L":
            self.lacking.add(alphabets.missing(letter))
        return f"[U+{ord(letter):04X}]"


def _flag_letter(letter: str) -> str:
    return chr(ord(letter) - 0x1F1E6 + ord("A"))


@lru_cache(maxsize=16384)
def _shipped(letter: str) -> bool:
    return ord(letter) in _cmap(_OWN) and not _is_unseen(letter)


def _is_unseen(letter: str) -> bool:
    """Whether a character draws nothing by itself: a joiner, a soft hyphen, a variant's mark."""
    selector = "\ufe00" <= letter <= "\ufe0f" or "\U000e0000" <= letter <= "\U000e01ef"
    skin = "\U0001f3fb" <= letter <= "\U0001f3ff"
    return selector or skin or (unicodedata.category(letter) == "Cf" and letter not in _OVERRIDES)


@lru_cache(maxsize=16384)
def face_of(letter: str, region: str) -> Face | None:
    """The face of this machine for a character that the shipped ones lack."""
    kind = unicodedata.category(letter)[0]
    if kind == "C":
        return None
    return next(
        (face for face in _candidates(letter, kind, region) if ord(letter) in _cmap(face)), None
    )


def _candidates(letter: str, kind: str, region: str) -> Iterator[Face]:
    """:param kind: first letter of its category."""
    if kind in "LMN" and (face := alphabets.face_for(letter, region)):
        yield face
    wide = kind == "P" and unicodedata.east_asian_width(letter) in "WF"
    if wide and (han := alphabets.face_for("中", region)):
        yield han
    yield from _symbols()
    if kind == "P" and (face := alphabets.face_for(letter, region)):
        yield face


@lru_cache(maxsize=1)
def _symbols() -> tuple[Face, ...]:
    files = {path.stem.lower(): path for path in alphabets.system_fonts()}
    return tuple(Face(str(files[name]), 0) for name in _SYMBOLS if name in files)


_OWN = Face(str(FONTS / TEXT), 0)


@lru_cache(maxsize=64)
def _cmap(face: Face) -> frozenset[int]:
    """The characters that a face has an outline for; none of a face of bitmaps."""
    with _opened(face) as font:
        outlined = any(table in font for table in ("glyf", "CFF ", "CFF2"))
        return frozenset(font.getBestCmap() or ()) if outlined else frozenset()


def _opened(face: Face) -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(face.path, fontNumber=face.number, lazy=True)


def runs(line: str) -> list[Run]:
    """A line in pieces of one face, from left to right (Unicode TR 9)."""
    if all(map(_shipped, line)):
        return [Run(None, line, False)]
    region = alphabets.region(line)
    cells = list(zip(line, _faces(line, region), _levels(line), strict=True))
    pieces: list[tuple[Face | None, str, int]] = []
    for letter, face, level in (cell for cell in cells if cell[0] not in _MARKS):
        if pieces and pieces[-1][0] == face and pieces[-1][2] == level:
            pieces[-1] = face, pieces[-1][1] + letter, level
        else:
            pieces.append((face, letter, level))
    for level in range(max((p[2] for p in pieces), default=0), 0, -1):  # rule L2
        pieces = _reversed_from(pieces, level)
    return [_run(*piece) for piece in pieces]


def _run(face: Face | None, text: str, level: int) -> Run:
    shaped = face is not None and is_truetype(face)
    if level % 2 and not (shaped and any(map(_is_backward, text))):
        return Run(face, "".join(_mirror(letter) for letter in reversed(text)), False)
    return Run(face, text, shaped)


def _reversed_from(
    pieces: list[tuple[Face | None, str, int]], level: int
) -> list[tuple[Face | None, str, int]]:
    made: list[tuple[Face | None, str, int]] = []
    held: list[tuple[Face | None, str, int]] = []
    for piece in pieces:
        if piece[2] >= level:
            held.insert(0, piece)
        else:
            made += [*held, piece]
            held = []
    return made + held


def _faces(line: str, region: str) -> list[Face | None]:
    """A face for every character; blanks and marks stay in that of the letter beside them."""
    faces: list[Face | None] = []
    for index, letter in enumerate(line):
        before = faces[index - 1] if index else None
        if before and not letter.isalnum() and (_is_unseen(letter) or ord(letter) in _cmap(before)):
            after = next((c for c in line[index:] if c.isalnum()), "")
            stays = letter != " " or not after or not _shipped(after)
            faces.append(before if stays else None)
        elif letter == " " or _shipped(letter):
            faces.append(None)
        else:
            faces.append(face_of(letter, region))
    return faces


def _is_backward(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL", "AN")


def is_backward(line: str) -> bool:
    """Whether a line is read from right to left: its first letter says (rule P2)."""
    if line.isascii():
        return False
    strong = (unicodedata.bidirectional(letter) for letter in line)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


def turned(line: str, backward: bool) -> str:
    """A line of a paragraph that is read from right to left or not, whatever the line begins with:
    Unicode's own mark says so."""
    return line if is_backward(line) == backward else _MARKS[backward] + line


def _levels(line: str) -> list[int]:
    """The embedding level of every character; odd ones stand from right to left."""
    if not any(map(_is_backward, line)):
        return [0] * len(line)
    from bidi import algorithm

    storage = algorithm.get_empty_storage()
    storage["base_level"] = int(is_backward(line))
    storage["base_dir"] = "LR"[storage["base_level"]]
    algorithm.get_embedding_levels(line, storage, False, False)
    for step in ("explicit_embed_and_overrides", "resolve_weak_types", "resolve_neutral_types",
                 "resolve_implicit_levels"):  # fmt: skip
        getattr(algorithm, step)(storage, False)
    levels = [int(cell["level"]) for cell in storage["chars"]]
    return levels if len(levels) == len(line) else [storage["base_level"]] * len(line)


def _mirror(letter: str) -> str:
    if not unicodedata.mirrored(letter):
        return letter
    from bidi import algorithm

    return algorithm.MIRRORED.get(letter, letter)


@lru_cache(maxsize=64)
def is_truetype(face: Face) -> bool:
    """Whether a face has quadratic outlines, the only ones that reportlab embeds."""
    with _opened(face) as font:
        return "glyf" in font


def as_truetype(face: Face, letters: Iterable[str]) -> bytes:
    """A TrueType font with some letters of a face of cubic outlines (Noto's Chinese, Japanese and
    Korean).

    Curves are brought within a thousandth of the em.
    """
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    with _opened(face) as font:
        names, outlines = font.getBestCmap(), font.getGlyphSet()
        em, metrics = font["head"].unitsPerEm, font["hmtx"]
        cmap = {ord(c): names[ord(c)] for c in sorted(set(letters) | {" "}) if ord(c) in names}
        order = [".notdef", *dict.fromkeys(cmap.values())]
        glyphs = {}
        for name in order:
            pen = TTGlyphPen(None)
            outlines[name].draw(Cu2QuPen(pen, em / 1000, reverse_direction=True))
            glyphs[name] = pen.glyph()
        builder = FontBuilder(em, isTTF=True)
        builder.setupGlyphOrder(order)
        builder.setupCharacterMap(cmap)
        builder.setupGlyf(glyphs)
        builder.setupHorizontalMetrics({name: metrics[name] for name in order})
        ascent, descent = font["hhea"].ascent, font["hhea"].descent
        builder.setupHorizontalHeader(ascent=ascent, descent=descent)
        family = re.sub(r"\W", "", Path(face.path).stem) + str(face.number)
        builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family})
        builder.setupOS2(sTypoAscender=ascent, sTypoDescender=descent)
        builder.setupPost()
        builder.updateHead(created=0, modified=0)
        file = io.BytesIO()
        builder.font.recalcTimestamp = False
        builder.font.save(file)
        return file.getvalue()
