"""``variations_1_<outfit>.png`` …: a matrix of variations, one sheet per entry of its first axis.

Rows are the second axis and columns the third, so that one look along a row or down a column
shows what breaks the character. One sheet is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..board import Board, Frame
from ..evaluate.consistency import consistency
from ..folders import slug
from ..staging.letters.lettering import LABEL, TEXT, font, write
from ..story import Story
from .frames import remove_others
from .sheets import GAP, INK, MARGIN, SOFT, WIDTH, Sheet, leading, lines, picture_size

_ROW_LABEL = 230
_LARGEST = 420
"""Pixels of width: a frame of a small matrix is no larger."""
_LEAST = 1100
"""Pixels of width of a whole sheet, for its heading."""
_TYPE = 24
_ABSENT = "#cfc5b2"


def variation_pages(story: Story) -> list[str]:
    """What each sheet shows: the entries of the first axis; nameless where two axes or one are a
    single sheet."""
    if not story.axes:
        return []
    return story.axes[0].labels if len(story.axes) == 3 else [""]


def variation_names(story: Story) -> list[str]:
    """The files of the sheets."""
    pages = enumerate(variation_pages(story), 1)
    return ["_".join(filter(None, (f"variations_{n}", _slug(text)))) + ".png" for n, text in pages]


def write_variation_sheets(
    board: Board, folder: Path, metadata: Mapping[str, str]
) -> Iterator[str]:
    """Draw the sheets; those of an earlier matrix are removed.

    :param metadata: PNG text chunks, such as the workflow.
    :returns: the file names, each when its sheet is written.
    """
    names = variation_names(board.story)
    axes, pages = board.story.axes, variation_pages(board.story)
    for index, label in enumerate(pages):
        text = board.story.logline
        if label:
            text = f"{axes[0].name} {index + 1} of {len(pages)}: {label}"
        rows = axes[-2].labels if len(axes) > 1 else [""]
        sheet = _draw(board, folder, text, index, rows, axes[-1].labels)
        sheet.save(folder / names[index], metadata)
        yield names[index]
    remove_others(folder, r"variations_\d+(_.*)?\.png", names)


def _slug(label: str) -> str:
    """Whole words of a label, about 40 letters at most."""
    whole = slug(label, 200)
    return whole if len(whole) <= 40 else whole[:41].rpartition("-")[0] or whole[:40]


def _draw(
    board: Board, folder: Path, text: str, page: int, rows: list[str], columns: list[str]
) -> Sheet:
    count = len(columns)
    free = WIDTH - 2 * MARGIN - _ROW_LABEL - count * GAP
    cell, picture = picture_size(board, min(_LARGEST, free // count))
    width = 2 * MARGIN + _ROW_LABEL + count * (cell + GAP)
    sheet = Sheet(board, text, "", width=max(width, _LEAST))
    size = max(15, cell // 20)
    high = picture + leading(size) + 16 + GAP
    heads = [lines(label, _TYPE, cell, 3, LABEL) for label in columns]
    first = page * len(rows) * count + 1
    made = {frame.number: frame for frame in board.frames}
    grid = [[made.get(first + r * count + c) for c in range(count)] for r in range(len(rows))]
    averages = [_average(board, [row[column] for row in grid]) for column in range(count)]
    above = leading(_TYPE) * (max(map(len, heads)) + any(averages)) + 8
    sheet.open(above + high * len(rows) - GAP)
    left, top = MARGIN + _ROW_LABEL + GAP, sheet.top + above
    for column, (head, average) in enumerate(zip(heads, averages, strict=True)):
        tall = leading(_TYPE) * (len(head) + any(averages)) + 8
        _write(sheet, head, average, left + column * (cell + GAP), top - tall)
    for index, (label, row) in enumerate(zip(rows, grid, strict=True)):
        y = top + index * high
        _write(
            sheet, lines(label, _TYPE, _ROW_LABEL, 6, LABEL), _average(board, row), MARGIN, y - 4
        )
        for column, frame in enumerate(row):
            x = left + column * (cell + GAP)
            if frame is None:
                sheet.pen.rectangle((x, y, x + cell - 1, y + picture - 1), outline=_ABSENT)
            else:
                sheet.frame(folder, frame, x, y, (cell, picture), size)
    return sheet


def _write(sheet: Sheet, heading: list[str], average: str, x: int, y: int) -> None:
    """Write what a row or column shows, and how consistent it is."""
    for line in heading:
        write(sheet.pen, (x, y), line, LABEL, _TYPE, INK)
        y += leading(_TYPE)
    sheet.pen.text((x, y), average, SOFT, font(TEXT, _TYPE - 4))


def _average(board: Board, frames: list[Frame | None]) -> str:
    """How consistent some frames are; empty if it was not measured."""
    measured = consistency(board, frames=[frame for frame in frames if frame])
    return "" if measured.average is None else f"identity {measured.average:.2f}"
