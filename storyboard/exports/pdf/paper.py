"""Paper: the pages of a PDF, their type and their pictures. The only place that knows reportlab.

Same content, same bytes: no clock, no random names. Texts are set letter by letter, never read as
mark-up.
"""

from __future__ import annotations

import io
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Any, NamedTuple

from PIL import Image

from ...errors import InputError
from ...staging.letters.alphabets import Face
from ...staging.letters.lettering import FONTS, words
from .glyphs import Glyphs, Run, as_truetype, is_backward, is_truetype, runs, turned

TEXT, BOLD, LABEL = "Regular", "Semibold", "CondBold"
"""Faces of Open Sans."""
SIZES = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
"""Points, upright."""
QUALITY = 88
_REGISTERED: list[Any] = []
"""Fonts of the last document. reportlab knows fonts by name for the whole process, and would set
the next document in them, with the letters of the last one."""


class Style(NamedTuple):
    """How text is set."""

    face: str = TEXT
    size: float = 9.0
    """Points."""
    leading: float = 1.36
    """Lines' distance by the size."""
    colour: str = "#1f1c19"

    @property
    def line(self) -> float:
        """Points from one baseline to the next."""
        return self.size * self.leading


class Paper:
    """A document that is written page by page."""

    def __init__(self, size: tuple[float, float], title: str, subject: str, language: str) -> None:
        """:raises InputError: ``package_missing`` without reportlab and its companions."""
        for package in ("reportlab", "bidi", "fontTools", "uharfbuzz"):
            if find_spec(package) is None:
                raise InputError(
                    "package_missing",
                    f"The PDF needs the package {package}, which is not installed.",
                    "Run: pip install 'aldar-storyboard[exports]'.",
                )
        from reportlab.pdfbase import pdfmetrics, ttfonts
        from reportlab.pdfgen.canvas import Canvas

        self.width, self.height = size
        self.glyphs = Glyphs()
        self._metrics, self._ttfonts = pdfmetrics, ttfonts
        self._file = io.BytesIO()
        self._canvas = Canvas(self._file, size, invariant=1, pageCompression=1, lang=language)
        self._canvas.setTitle(title)
        self._canvas.setSubject(subject)
        self._canvas.setAuthor("")
        self._canvas.setCreator("Aldar Storyboard")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        while _REGISTERED:
            _REGISTERED.pop().unregister()
        self._widths: dict[tuple[str, str], float] = {}
        self._names: dict[Face, str] = {}
        self._letters: dict[Face, set[str]] = {}
        for face in (TEXT, BOLD, LABEL):
            self._register(face, str(FONTS / f"OpenSans-{face}.ttf"))

    def _register(self, name: str, file: Any, number: int = 0) -> None:
        font = _font_class()(f"Aldar{name}", file, subfontIndex=number)
        self._metrics.registerFont(font)
        _REGISTERED.append(font)

    def read(self, text: str) -> list[str]:
        """A text as it can be drawn, in its own lines; every text goes through here before any is
        written, so that its letters are there."""
        lines = self.glyphs.paragraphs(text)
        for line in lines:
            for run in runs(line):
                if run.face is not None and run.face not in self._names:
                    self._names[run.face] = f"Face{len(self._names)}"
                    if is_truetype(run.face):
                        name = self._names[run.face]
                        self._register(name, run.face.path, run.face.number)
                if run.face is not None and not is_truetype(run.face):
                    self._letters.setdefault(run.face, set()).update(run.text)
        return lines

    def ready(self) -> None:
        """Embed what was read: call it between the last :meth:`read` and the first line."""
        for face, letters in self._letters.items():
            self._register(self._names[face], io.BytesIO(as_truetype(face, letters)))
        self._letters.clear()

    def measure(self, text: str, style: Style) -> float:
        """Points from the beginning to the end of a line."""
        key = style.face, text
        if key not in self._widths:
            pieces = (self._set(run, style.face, 1000.0) for run in runs(text))
            self._widths[key] = sum(width for _, _, width in pieces)
        return self._widths[key] * style.size / 1000

    def _set(self, run: Run, face: str, size: float) -> tuple[str, str, float]:
        """(font, text, width) of a run."""
        font = f"Aldar{self._names[run.face] if run.face else face}"
        if not run.shaped:
            return font, run.text, self._metrics.stringWidth(run.text, font, size)
        shaped = self._ttfonts.shapeStr(run.text, font, size, force=True)
        return font, shaped, sum(s.x_advance for s in shaped.__shapeData__) * size / 1000

    def wrap(self, text: str, style: Style, width: float, indent: float = 0.0) -> list[str]:
        """Lines of one paragraph, no wider than ``width``; a word that is too long is broken.

        :param indent: points that the first line begins later.
        """
        lines: list[str] = []
        line, room = "", width - indent
        blank = self.measure(" ", style)
        filled = 0.0
        for gap, word in words(text):
            wide = self.measure(word, style)
            if line and filled + blank * len(gap) + wide <= room:
                line, filled = f"{line}{gap}{word}", filled + blank * len(gap) + wide
                continue
            if line:
                lines.append(line)
                room = width
            while wide > room:
                fits = self._fitting(word, style, room)
                lines.append(word[:fits])
                word, room = word[fits:], width
                wide = self.measure(word, style)
            line, filled = word, wide
        if line or not lines:
            lines.append(line)
        backward = is_backward(text)
        return [turned(line, backward) for line in lines]

    def _fitting(self, word: str, style: Style, width: float) -> int:
        """How many letters of a word fit, at least one."""
        least = bisect_right(
            range(1, len(word)), width, key=lambda n: self.measure(word[:n], style)
        )
        fits = max(1, least)
        while fits > 1 and unicodedata.category(word[fits])[0] == "M":
            fits -= 1
        return fits

    def write(self, x: float, y: float, text: str, style: Style, room: float = 0.0) -> float:
        """Write one line; (x, y) is the left end of its baseline.

        :param room: width it stands in: a line that is read from right to left ends there.
        :returns: where the line ends.
        """
        if room and is_backward(text):
            x += max(0.0, room - self.measure(text, style))
        for run in runs(text):
            font, letters, width = self._set(run, style.face, style.size)
            pen = self._canvas.beginText(x, y)
            pen.setFont(font, style.size)
            pen.setFillColor(style.colour)
            pen.textOut(letters)
            self._canvas.drawText(pen)
            x += width
        return x

    def write_right(self, x: float, y: float, text: str, style: Style) -> float:
        """Write one line that ends at ``x``; returns where it begins."""
        begins = x - self.measure(text, style)
        self.write(begins, y, text, style)
        return begins

    def rule(self, x: float, y: float, end: float, colour: str, thick: float = 0.5) -> None:
        """A level line."""
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(thick)
        self._canvas.line(x, y, end, y)

    def box(
        self, x: float, y: float, width: float, height: float, line: str = "", fill: str = "",
        thick: float = 0.5, corner: float = 0.0,
    ) -> None:  # fmt: skip
        """A rectangle from its lower left corner."""
        if line:
            self._canvas.setStrokeColor(line)
            self._canvas.setLineWidth(thick)
        if fill:
            self._canvas.setFillColor(fill)
        self._canvas.roundRect(x, y, width, height, corner, stroke=bool(line), fill=bool(fill))

    def cross(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """The diagonals of a rectangle."""
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(0.5)
        self._canvas.line(x, y, x + width, y + height)
        self._canvas.line(x, y + height, x + width, y)

    def picture(
        self, image: Image.Image, x: float, y: float, width: float, height: float, dpi: int
    ) -> None:
        """Place a picture, whole, at no more pixels than print shows."""
        from reportlab.lib.utils import ImageReader

        across = max(1, min(image.width, round(width / 72 * dpi)))
        down = max(1, round(image.height * across / image.width))
        small = image.convert("RGB")
        if small.size != (across, down):
            small = small.resize((across, down), Image.Resampling.LANCZOS, reducing_gap=3.0)
        jpeg = io.BytesIO()
        small.save(jpeg, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
        jpeg.seek(0)
        with _binary():
            self._canvas.drawImage(ImageReader(jpeg), x, y, width, height)

    def turn(self) -> None:
        """End the page."""
        self._canvas.showPage()

    def whole(self) -> bytes:
        """The finished document."""
        with _binary():
            self._canvas.save()
        return self._file.getvalue()


@cache
def _font_class() -> type[Any]:
    """reportlab's TrueType font, whose text can be searched and copied in every alphabet."""
    from reportlab.pdfbase.ttfonts import TTFont

    class Font(TTFont):
        def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's name
            super().addObjects(doc)
            for name, part in doc.idToObject.items():
                if name.startswith("toUnicodeCMap:"):
                    part.content = re.sub("(?<= )<([0-9A-F]{4,6})>", _letters, part.content)

    return Font


def _letters(code: re.Match[str]) -> str:
    """What a glyph says, in UTF-16 (ISO 32000-1, 9.10.3): a character beyond the first plane is two
    numbers, and a letter in its form inside a word is that letter."""
    number = int(code[1], 16)
    if 0xFB1D <= number <= 0xFDFF or 0xFE70 <= number <= 0xFEFC:
        text = unicodedata.normalize("NFKC", chr(number))
    elif number > 0xFFFF:
        text = chr(number)
    else:
        return code[0]
    return f"<{text.encode('utf-16-be').hex().upper()}>"


@contextmanager
def _binary() -> Iterator[None]:
    """Streams as they are: reportlab's ASCII of them is a quarter longer."""
    from reportlab import rl_config

    before, rl_config.useA85 = rl_config.useA85, 0
    try:
        yield
    finally:
        rl_config.useA85 = before
