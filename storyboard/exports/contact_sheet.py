"""``contact_sheet.png``: the whole board on one page, with frame numbers and scores.

A sheet holds at most 60 frames; a longer board goes on in ``contact_sheet_2.png`` and so on, so
memory does not grow with the board.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from ..board import Board, Frame
from ..staging.lettering import LABEL, TEXT, font, printable, wrap
from ..store import write_atomically
from .frames import take_path

PER_SHEET = 60
_WIDTH = 2000
_MARGIN, _GAP = 48, 28
_PAPER, _INK, _SOFT = "#f6f1e7", "#26211c", "#7a7065"
_GOOD, _BAD = "#3d7a4a", "#b3361f"


def write_contact_sheets(
    board: Board, folder: Path, metadata: Mapping[str, str], captions: bool
) -> list[str]:
    """Draw the sheets; sheets of an earlier, longer board are removed.

    :param captions: whether to write the captions; panels have theirs in the picture.
    :param metadata: PNG text chunks, such as the workflow: the sheet can be dropped on the canvas.
    :returns: file names.
    """
    pages = max(1, math.ceil(len(board.frames) / PER_SHEET))
    info = PngInfo()
    for key, value in metadata.items():
        info.add_text(key, value)
    names = []
    for page in range(pages):
        frames = board.frames[page * PER_SHEET : (page + 1) * PER_SHEET]
        mark = f"{page + 1}/{pages}" if pages > 1 else ""
        sheet = _draw(board, folder, frames, mark, captions)
        buffer = io.BytesIO()
        sheet.save(buffer, "PNG", pnginfo=info, compress_level=4)
        names.append("contact_sheet.png" if page == 0 else f"contact_sheet_{page + 1}.png")
        write_atomically(folder / names[-1], buffer.getvalue())
    for path in folder.glob("contact_sheet_*.png"):
        if path.name not in names:
            path.unlink()
    return names


def score_text(frame: Frame) -> str:
    """The scores that matter, in words: ``identity 0.83 · face 0.71``, or ``no anomaly 1.00``."""
    if not frame.verdict.scores:
        return "not gated"
    found = [frame.verdict.score(name) for name in ("identity", "face", "costume")]
    parts = [f"{s.name} {s.value:.2f}" for s in found if s and s.gates and s.value is not None]
    if frame.latches and not parts:
        parts.append("reference")
    anomaly = frame.verdict.score("anomaly")
    if anomaly and anomaly.value is not None and len(parts) < 2:
        parts.append(f"no anomaly {anomaly.value:.2f}")
    return " · ".join(parts) or "not measurable"


def _draw(
    board: Board, folder: Path, frames: list[Frame], page: str, captioned: bool
) -> Image.Image:
    width, height = board.story.format.pixels
    columns = _columns(len(frames), width / height)
    cell = (_WIDTH - 2 * _MARGIN - (columns - 1) * _GAP) // columns
    picture = round(cell * height / width)
    size = max(15, cell // 24)
    small, bold = font(TEXT, size), font(LABEL, size)
    line = round(size * 1.35)
    texts = [board.shot(frame).caption if captioned else "" for frame in frames]
    captions = [_lines(text, size, cell, 4) for text in texts]
    rows = math.ceil(len(frames) / columns)
    text_rows = [
        max((len(c) for c in captions[r * columns : (r + 1) * columns]), default=0)
        for r in range(rows)
    ]
    heading = printable(board.story.title)
    room = _WIDTH - 2 * _MARGIN
    title = next(
        (f for f in (font(LABEL, n) for n in range(52, 20, -4)) if f.getlength(heading) <= room),
        font(LABEL, 20),
    )
    logline = font(TEXT, 26)
    head = _lines(board.story.logline, 26, room, 3)
    top = _MARGIN + 72 + 36 * len(head) + 28
    body = sum(picture + line * (1 + n) + 16 + _GAP for n in text_rows)
    sheet = Image.new("RGB", (_WIDTH, top + body + _MARGIN - _GAP), _PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((_MARGIN, _MARGIN - 8), heading, _INK, title)
    if page:
        draw.text((_WIDTH - _MARGIN, _MARGIN + 8), page, _SOFT, logline, anchor="ra")
    for row, text in enumerate(head):
        draw.text((_MARGIN, _MARGIN + 66 + 36 * row), text, _SOFT, logline)
    y = top
    for row in range(rows):
        for column in range(columns):
            index = row * columns + column
            if index >= len(frames):
                break
            x = _MARGIN + column * (cell + _GAP)
            frame = frames[index]
            with Image.open(take_path(folder, frame)) as take:
                small_take = take.convert("RGB").resize((cell, picture), Image.Resampling.LANCZOS)
            sheet.paste(small_take, (x, y))
            draw.rectangle((x, y, x + cell - 1, y + picture - 1), outline=_INK, width=2)
            below = y + picture + 8
            draw.text((x, below), f"{frame.number}", _INK, bold)
            colour = _BAD if frame.flagged else _GOOD
            text = score_text(frame) + (" · flagged" if frame.flagged else "")
            draw.text((x + cell, below), text, colour, small, anchor="ra")
            for number, caption in enumerate(captions[index]):
                draw.text((x, below + line * (number + 1)), caption, _INK, small)
        y += picture + line * (1 + text_rows[row]) + 16 + _GAP
    return sheet


def _lines(text: str, size: int, width: int, most: int) -> list[str]:
    """The text in at most ``most`` lines; what does not fit ends in an ellipsis."""
    lines = list(wrap(printable(text), TEXT, size, width))
    if len(lines) > most:
        lines = lines[:most]
        while lines[-1] and font(TEXT, size).getlength(f"{lines[-1]}…") > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] = lines[-1].rstrip(" ,.;:") + "…"
    return lines


def _columns(count: int, aspect: float) -> int:
    """The column count whose page comes closest to landscape 3:2."""
    if count <= 1:
        return 1

    def distance(columns: int) -> float:
        rows = math.ceil(count / columns)
        shape = columns * aspect / (rows * 1.25)
        empty = columns * rows - count
        return abs(math.log(shape / 1.5)) + 0.15 * empty

    return min(range(1, min(count, 10) + 1), key=distance)
