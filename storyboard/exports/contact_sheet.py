"""``contact_sheet.png``: the whole board on one page, with frame numbers and scores.

A sheet holds at most 60 frames; a longer board goes on in ``contact_sheet_2.png`` and so on, so
memory does not grow with the board.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from ..board import Board, Frame
from ..staging.letters.lettering import TEXT, write
from .frames import remove_others
from .sheets import GAP, INK, MARGIN, Sheet, leading, lines, picture_size

PER_SHEET = 60


def contact_sheet_names(board: Board) -> list[str]:
    """The files a board's frames take."""
    pages = max(1, math.ceil(len(board.frames) / PER_SHEET))
    return ["contact_sheet.png", *(f"contact_sheet_{page}.png" for page in range(2, pages + 1))]


def write_contact_sheets(
    board: Board, folder: Path, metadata: Mapping[str, str], captions: bool, revision: str = ""
) -> list[str]:
    """Draw the sheets; sheets of an earlier, longer board are removed.

    :param captions: whether to write the captions; panels have theirs in the picture.
    :param revision: what changed since the last export, written at the right.
    :param metadata: PNG text chunks, such as the workflow: the sheet can be dropped on the canvas.
    :returns: file names.
    """
    names = contact_sheet_names(board)
    pages = len(names)
    for page, name in enumerate(names):
        frames = board.frames[page * PER_SHEET : (page + 1) * PER_SHEET]
        marks = [f"{page + 1}/{pages}"] * (pages > 1)
        sheet = _draw(board, folder, frames, " ".join(marks), captions, revision)
        sheet.save(folder / name, metadata)
    remove_others(folder, r"contact_sheet(_\d+)?\.png", names)
    return names


def _draw(
    board: Board, folder: Path, frames: list[Frame], page: str, captioned: bool, revision: str
) -> Sheet:
    sheet = Sheet(board, board.story.logline, page, revision)
    width, height = board.story.format.pixels
    columns = _columns(len(frames), width / height)
    cell, picture = picture_size(board, (sheet.room - (columns - 1) * GAP) // columns)
    size = max(15, cell // 24)
    line = leading(size)
    texts = [board.shot(frame).caption if captioned else "" for frame in frames]
    captions = [lines(text, size, cell, 4) for text in texts]
    rows = math.ceil(len(frames) / columns)
    text_rows = [
        max((len(c) for c in captions[r * columns : (r + 1) * columns]), default=0)
        for r in range(rows)
    ]
    sheet.open(sum(picture + line * (1 + n) + 16 + GAP for n in text_rows) - GAP)
    y = sheet.top
    for row in range(rows):
        for column, frame in enumerate(frames[row * columns : (row + 1) * columns]):
            x = MARGIN + column * (cell + GAP)
            below = sheet.frame(folder, frame, x, y, (cell, picture), size)
            for number, caption in enumerate(captions[row * columns + column]):
                write(sheet.pen, (x, below + line * number), caption, TEXT, size, INK)
        y += picture + line * (1 + text_rows[row]) + 16 + GAP
    return sheet


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
