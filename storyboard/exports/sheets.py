"""What every sheet of frames is drawn with: paper, heading, frames with number and score."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from ..board import Board, Frame
from ..files import write_atomically
from ..numbering import label
from ..staging.letters.lettering import LABEL, TEXT, font, length, printable, wrap, write
from .frames import take_path

WIDTH = 2000
MARGIN, GAP = 48, 28
PAPER, INK, SOFT = "#f6f1e7", "#26211c", "#7a7065"
_GOOD, _BAD = "#3d7a4a", "#b3361f"


class Sheet:
    """A page under a heading."""

    def __init__(
        self, board: Board, text: str, mark: str, note: str = "", width: int = WIDTH
    ) -> None:
        """Set the heading; the page gets its height from :meth:`open`.

        :param text: below the title, at most three lines.
        :param mark: at the right: which page this is.
        :param note: a line below the text, such as what changed.
        """
        self.width = width
        self._board, self._title, self._mark = board, printable(board.story.title), mark
        self._text = lines(text, 26, self.room, 3) + (lines(note, 26, self.room, 2) if note else [])

    @property
    def room(self) -> int:
        """Pixels between the margins."""
        return self.width - 2 * MARGIN

    @property
    def top(self) -> int:
        """Where the heading ends, pixels."""
        return MARGIN + 72 + 36 * len(self._text) + 28

    def open(self, body: int) -> None:
        """Take a page with room for ``body`` pixels below the heading, and write the heading."""
        self.image = Image.new("RGB", (self.width, self.top + body + MARGIN), PAPER)
        self.pen = ImageDraw.Draw(self.image)
        sizes = range(52, 20, -4)
        room = self.room - (font(TEXT, 26).getlength(self._mark) + GAP if self._mark else 0)
        size = next((size for size in sizes if length(self._title, LABEL, size) <= room), 20)
        write(self.pen, (MARGIN, MARGIN - 8), self._title, LABEL, size, INK)
        if self._mark:
            at = (self.width - MARGIN, MARGIN + 8)
            self.pen.text(at, self._mark, SOFT, font(TEXT, 26), anchor="ra")
        for row, text in enumerate(self._text):
            write(self.pen, (MARGIN, MARGIN + 66 + 36 * row), text, TEXT, 26, SOFT)

    def frame(
        self, folder: Path, frame: Frame, x: int, y: int, size: tuple[int, int], text: int
    ) -> int:
        """Draw a frame with its number and scores below; one that is flagged is framed in red.

        :param size: (width, height) of the picture on the sheet.
        :param text: size of the type.
        :returns: where the next line of type begins.
        """
        width, height = size
        with Image.open(take_path(folder, frame), formats=("PNG",)) as take:
            self.image.paste(take.convert("RGB").resize(size, Image.Resampling.LANCZOS), (x, y))
        colour, thick = (_BAD, 6) if frame.flagged else (INK, 2)
        self.pen.rectangle((x, y, x + width - 1, y + height - 1), outline=colour, width=thick)
        below = y + height + 8
        number = label(self._board.story, self._board.shot(frame))
        self.pen.text((x, below), number, INK, font(LABEL, text))
        room = width - font(LABEL, text).getlength(number) - text * 0.6
        words = next((t for t in _score_texts(frame) if font(TEXT, text).getlength(t) <= room), "")
        colour = _BAD if frame.flagged or frame.stale else _GOOD
        self.pen.text((x + width, below), words, colour, font(TEXT, text), anchor="ra")
        return below + leading(text)

    def save(self, path: Path, metadata: Mapping[str, str]) -> None:
        """Write the page. :param metadata: PNG text chunks, such as the workflow."""
        info = PngInfo()
        for key, value in metadata.items():
            info.add_text(key, value)
        buffer = io.BytesIO()
        self.image.save(buffer, "PNG", pnginfo=info, compress_level=4)
        write_atomically(path, buffer.getvalue())


def leading(size: int) -> int:
    """Pixels from one line of small type to the next."""
    return round(size * 1.35)


def picture_size(board: Board, width: int) -> tuple[int, int]:
    """(width, height) of a frame that is ``width`` pixels wide on a sheet."""
    across, down = board.story.format.pixels
    return width, round(width * down / across)


def lines(text: str, size: int, width: int, most: int, face: str = TEXT) -> list[str]:
    """The text in at most ``most`` lines; what does not fit ends in an ellipsis."""
    wrapped = list(wrap(printable(text), face, size, width))
    if len(wrapped) > most:
        wrapped = wrapped[:most]
        while wrapped[-1] and length(f"{wrapped[-1]}…", face, size) > width:
            wrapped[-1] = wrapped[-1][:-1]
        wrapped[-1] = wrapped[-1].rstrip(" ,.;:") + "…"
    return wrapped


def score_text(frame: Frame) -> str:
    """The scores that matter, in words: ``identity 0.83 · face 0.71``, or ``no anomaly 1.00``."""
    if not frame.verdict.scores:
        return "not gated"
    parts = [f"{name} {value:.2f}" for name, value in _measured(frame)]
    if frame.latches and not parts:
        parts.append("reference")
    anomaly = frame.verdict.score("anomaly")
    if anomaly and anomaly.value is not None and len(parts) < 2:
        parts.append(f"no anomaly {anomaly.value:.2f}")
    return " · ".join(parts) or "not measurable"


def _measured(frame: Frame) -> list[tuple[str, float]]:
    scores = [frame.verdict.score(name) for name in ("identity", "face", "costume")]
    return [(s.name, s.value) for s in scores if s and s.gates and s.value is not None]


def _score_texts(frame: Frame) -> list[str]:
    """The scores with what is said of the frame besides, ever shorter, for frames of any size."""
    marks = {"locked": frame.locked, "stale": frame.stale, "flagged": frame.flagged}
    flag = "".join(f" · {mark}" for mark, is_so in marks.items() if is_so)
    values = " · ".join(f"{value:.2f}" for _, value in _measured(frame))
    short = values or ("reference" if frame.latches else "")
    return [f"{score_text(frame)}{flag}", f"{short}{flag}".removeprefix(" · "), short]
