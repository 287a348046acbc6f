"""``board.pdf``: the board as a studio hands it over, to read, print and write on.

A cover, then pages of numbered panels with all that the story says of them. Pictures are whole,
sized by the board's format. Text that is longer than its place goes on, on a page that follows;
nothing is cut.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from ...board import Board
from ...files import write_atomically
from ..options import FormatOptions, Progress, nothing
from ..panels import Told, lower, panels, visible
from .cover import Cover
from .drawing import Sheets
from .layout import Layouts, Page
from .paper import SIZES, Paper
from .setting import TYPE, Setter

FILE = "board.pdf"


def _number(value: Any) -> Any:
    """A number that was typed."""
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else value


class PdfOptions(FormatOptions):
    """What the PDF looks like."""

    per_page: Annotated[Literal[1, 2, 3, 4, 6, 9], BeforeValidator(_number)] = Field(
        6, description="Panels on a page: 1, 2, 3, 4, 6 or 9."
    )
    paper: Annotated[Literal["a4", "letter"], BeforeValidator(lower)] = Field(
        "a4", description="Size of the paper: a4 or letter."
    )
    orientation: Annotated[Literal["portrait", "landscape"], BeforeValidator(lower)] = Field(
        "landscape", description="Which way the paper is held: portrait or landscape."
    )
    cover: bool = Field(True, description="Begin with a cover.")
    scores: bool = Field(False, description="Print the gate's scores under every panel.")
    notes: bool = Field(True, description="Print props, clothes, beats and notes.")
    version: Told = Field("", description="Version of the board, as the cover says it.")
    date: Told = Field("", description="Date on the cover, as it is to be read.")
    revision: Told = Field("", description="What changed since the last export.")
    dpi: int = Field(200, ge=72, le=600, description="Pixels per inch of the pictures.")


def write_pdf(
    board: Board, folder: Path, options: PdfOptions, progress: Progress = nothing
) -> list[str]:
    """Write ``board.pdf`` into the board's folder.

    :param progress: called after every page; may raise to interrupt.
    :returns: the file's name.
    :raises InputError: ``package_missing`` without the extra ``exports``.
    :raises StoreError: ``disk_full`` or ``folder_unwritable``; the old file is unchanged then.
    """
    data = _written(board, folder, options, progress)
    write_atomically(folder / FILE, data)
    return [FILE]


def _written(board: Board, folder: Path, options: PdfOptions, progress: Progress) -> bytes:
    """The document's bytes."""
    story, shown = board.story, panels(board, folder)
    size = SIZES[options.paper]
    if options.orientation == "landscape":
        size = size[1], size[0]
    paper = Paper(size, visible(story.title), visible(story.logline), story.language)
    # A short board fills its page.
    count = next(n for n in TYPE if n >= min(options.per_page, len(shown)))
    setter = Setter(board, shown, paper, options, count)
    setter.read()
    across, down = story.format.pixels
    layouts = Layouts(setter, across / down, count)
    layout = layouts.best()
    cover, sheets = Cover(setter, options.dpi), Sheets(setter, layout)
    first = cover.pages() if options.cover else []
    pages = [*first, *layouts.pages(layout)] or [Page()]
    for number, page in enumerate(pages, 1):
        if page.cover is not None:
            cover.draw(page)
        else:
            sheets.page(page, number)
            sheets.heading()
        sheets.foot(number, len(pages))
        paper.turn()
        progress(number, len(pages))
    return paper.whole()
