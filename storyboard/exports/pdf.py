"""``storyboard.pdf``: the board as a studio hands it over, to read, print and write on.

A cover, then pages of numbered panels with all that the story says of them. Pictures are whole,
sized by the board's format. Text that is longer than its place goes on, on a page that follows;
nothing is cut.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ..board import Board
from ..files import write_atomically
from ..gate import Outcome
from .options import FormatOptions, Progress, nothing
from .panels import Panel, opened, panels, state, visible, words
from .paper import BOLD, LABEL, SIZES, TEXT, Paper, Style

FILE = "storyboard.pdf"
INK, SOFT, FAINT, PALE = "#1f1c19", "#6b645b", "#c9c2b6", "#f3efe8"
RED, AMBER, BLUE = "#a8281e", "#8a5a00", "#2f5573"
_MARKS = {"missing": RED, "flagged": RED, "stale": AMBER, "unproven": AMBER, "locked": BLUE}
_TYPE = {1: 10.0, 2: 9.0, 3: 8.5, 4: 8.5, 6: 8.0, 9: 7.2}
"""Panels on a page -> size of the type, points."""
_SIDE, _HEAD, _FOOT = 42.0, 58.0, 46.0
"""Margins, points."""
_LEAST = 0.45
"""How much of the width it could have a picture keeps when texts need room."""
_COLUMN = 430.0
"""Text that could be wider is set in two columns."""
_HANG = 92.0
"""Width of the headings on the cover."""
Text400 = Annotated[str, Field(max_length=5000)]


class PdfOptions(FormatOptions):
    """What the PDF looks like."""

    per_page: Literal[1, 2, 3, 4, 6, 9] = Field(6, description="Panels on a page.")
    paper: Literal["a4", "letter"] = Field("a4", description="Size of the paper.")
    orientation: Literal["portrait", "landscape"] = Field(
        "landscape", description="Which way the paper is held."
    )
    cover: bool = Field(True, description="Begin with a cover.")
    scores: bool = Field(False, description="Print the gate's scores under every panel.")
    notes: bool = Field(True, description="Print props, clothes, beats and notes.")
    version: Text400 = Field("", description="Version of the board, as the cover says it.")
    date: Text400 = Field("", description="Date on the cover, as it is to be read.")
    revision: Text400 = Field("", description="What changed since the last export.")
    dpi: int = Field(200, ge=72, le=600, description="Pixels per inch of the pictures.")


def write_pdf(
    board: Board, folder: Path, options: PdfOptions, progress: Progress = nothing
) -> list[str]:
    """Write ``storyboard.pdf`` into the board's folder.

    :param progress: called after every page; may raise to interrupt.
    :returns: the file's name.
    :raises InputError: ``package_missing`` without the extra ``exports``.
    :raises StoreError: ``disk_full`` or ``folder_unwritable``; the old file is unchanged then.
    """
    data = _Document(board, folder, options).written(progress)
    write_atomically(folder / FILE, data)
    return [FILE]


@dataclass
class _Piece:
    """Lines of text that are set alike."""

    lines: list[str]
    style: Style
    before: float = 0.0
    """Points above the first line."""
    lead: list[str] = field(default_factory=list)
    """What stands before its first lines, in another style: who speaks, what a note is about."""
    lead_style: Style | None = None
    hang: float = 0.0
    """Width of the column that ``lead`` stands in; without one the text follows on its line."""

    @property
    def height(self) -> float:
        return self.before + len(self.lines) * self.style.line


@dataclass
class _Layout:
    """Where things stand in every cell of a page."""

    columns: int
    rows: int
    cell: tuple[float, float]
    picture: tuple[float, float]
    beside: bool
    """Whether the text stands at the right of the picture, not below."""
    text: tuple[float, float]
    """(width of a column, height)."""
    split: bool
    """Whether the text stands in two columns."""
    worth: float = 0.0


@dataclass
class _Page:
    """A page to come: panels, or what did not fit in those before."""

    panels: list[Panel] = field(default_factory=list)
    rest: list[tuple[Panel, list[_Piece]]] = field(default_factory=list)
    cover: list[_Piece] | None = None
    first: bool = False


class _Document:
    def __init__(self, board: Board, folder: Path, options: PdfOptions) -> None:
        self.board, self.options = board, options
        self.told = words(board.story.language)
        self.shown = panels(board, folder)
        size = SIZES[options.paper]
        if options.orientation == "landscape":
            size = size[1], size[0]
        story = board.story
        self.paper = Paper(size, visible(story.title), visible(story.logline), story.language)
        self.room = size[0] - 2 * _SIDE, size[1] - _HEAD - _FOOT
        across, down = story.format.pixels
        self.aspect = across / down
        base = _TYPE[options.per_page]
        self.body = Style(TEXT, base)
        self.strong = Style(BOLD, base)
        self.small = Style(TEXT, base * 0.86, colour=SOFT)
        self.name = Style(LABEL, base * 0.82, colour=INK)
        self.head = Style(LABEL, base * 1.45)
        self.tiny = Style(LABEL, base * 0.8, colour=SOFT)
        self._texts: dict[str, list[str]] = {}
        self._short: list[int] = []

    def written(self, progress: Progress) -> bytes:
        """The document's bytes."""
        self._read()
        layout = self._best_layout()
        pages = [*self._cover(), *self._panel_pages(layout)] or [_Page()]
        for number, page in enumerate(pages, 1):
            self._draw(page, layout, number, len(pages))
            self.paper.turn()
            progress(number, len(pages))
        return self.paper.whole()

    # Texts

    def _read(self) -> None:
        """Have every text read once, so that its letters are in the fonts."""
        story, options = self.board.story, self.options
        texts = [story.title, story.logline, options.version, options.date, options.revision]
        for character in story.characters:
            texts += [character.name, character.description]
        for panel in self.shown:
            shot = panel.shot
            texts += [panel.label, panel.scene, shot.caption, shot.action, *panel.camera]
            texts += [text for note in panel.notes for text in note]
            for line in panel.dialogue:
                texts += [line.speaker, line.text]
            texts += [mark.reason for mark in panel.marks]
            texts += [f"{score.name} {score.reason}" for score in panel.scores]
        for text in texts:
            self._lines(text)
        self.paper.ready()

    def _lines(self, text: str) -> list[str]:
        if text not in self._texts:
            self._texts[text] = self.paper.read(text)
        return self._texts[text]

    def _flat(self, text: str) -> str:
        return " ".join(self._lines(text)).strip()

    def _piece(self, text: str, style: Style, width: float, before: float = 0.0) -> _Piece:
        """One text, wrapped."""
        lines = [line for part in self._lines(text)
                 for line in self.paper.wrap(part, style, width)]  # fmt: skip
        return _Piece(lines, style, before)

    def _led(self, lead: str, text: str, style: Style, width: float, before: float) -> list[_Piece]:
        """A text that goes on where its heading ends; a long heading has lines of its own."""
        lead = self._flat(lead)
        indent = self.paper.measure(lead, self.name) + style.size * 0.6
        if indent > width * 0.5:
            return [self._piece(lead, self.name, width, before), self._piece(text, style, width)]
        lines: list[str] = []
        for part in self._lines(text):
            lines += self.paper.wrap(part, style, width, 0.0 if lines else indent)
        return [_Piece(lines, style, before, [lead], self.name)]

    def _beside(self, lead: str, text: str, style: Style, width: float, before: float) -> _Piece:
        """A text with its heading in a column of its own."""
        label = Style(LABEL, style.size * 0.86, style.leading, SOFT)
        heads = self.paper.wrap(self._flat(lead), label, _HANG - 8)
        piece = self._piece(text, style, width - _HANG, before)
        piece.lines += [""] * (len(heads) - len(piece.lines))
        return replace(piece, lead=heads, lead_style=label, hang=_HANG)

    def _pieces(self, panel: Panel, width: float) -> tuple[list[_Piece], list[_Piece]]:
        """What is told below a picture: (the story, what is told about the frame)."""
        shot, gap = panel.shot, self.body.size * 0.45
        story = [self._piece(panel.scene, self.tiny, width)]
        if shot.caption:
            story.append(self._piece(shot.caption, self.strong, width, gap))
        story.append(self._piece(shot.action, self.body, width, gap))
        for line in panel.dialogue:
            heard = f" ({line.off_screen})" if line.off_screen else ""
            lead = f"{line.speaker}{heard}:"
            story += self._led(lead, line.text, self.body, width, gap)
        about = []
        for mark in panel.marks:
            if mark.reason:
                style = self.small._replace(colour=_MARKS[mark.name])
                about.append(self._piece(f"{mark.word}: {mark.reason}", style, width, gap))
        if self.options.notes:
            for heading, text in panel.notes:
                about += self._led(f"{heading}:", text, self.small, width, gap * 0.7)
        if self.options.scores and panel.scores:
            read = []
            for score in panel.scores:
                failed = f" ({score.reason})" if score.outcome is Outcome.FAIL else ""
                read.append(f"{score.name} {score.value}{failed}")
            text = " · ".join(read)
            about += self._led(f"{self.told['scores']}:", text, self.small, width, gap * 0.7)
        return story, about

    # Layout

    def _best_layout(self) -> _Layout:
        """The grid in which pictures are largest while most texts fit."""
        count = self.options.per_page
        made = [
            self._fitted(columns, count // columns, beside)
            for columns in range(1, count + 1)
            if count % columns == 0
            for beside in (False, True)
        ]
        return max((layout for layout in made if layout), key=lambda layout: layout.worth)

    def _fitted(self, columns: int, rows: int, beside: bool) -> _Layout | None:
        across, down = self.room
        gap, row_gap = 18.0, 16.0
        cell = (across - gap * (columns - 1)) / columns, (down - row_gap * (rows - 1)) / rows
        head = self.head.size * 1.5
        high = cell[1] - head
        least_text = self.body.line * 4
        if cell[0] < 120 or high < 90:
            return None
        if beside:
            widest = min(cell[0] - max(130.0, cell[0] * 0.3) - 12, high * self.aspect)
            if widest < 60:
                return None
            best: _Layout | None = None
            for step in range(6):
                width = widest * (1 - step * (1 - _LEAST) / 5)
                text = cell[0] - width - 12
                layout = self._laid(columns, rows, cell, width, True, (text, high))
                if best is None or layout.worth > best.worth:
                    best = layout
            return best
        widest = min(cell[0], (high - least_text) * self.aspect)
        text_width = cell[0] if cell[0] <= _COLUMN else (cell[0] - gap) / 2
        needs = sorted(self._need(panel, text_width, cell[0] > _COLUMN) for panel in self.shown)
        spare = self.body.size * 0.6
        possible = [need for need in needs if need <= high - spare - widest * _LEAST / self.aspect]
        text = max([least_text, *possible[-1:]])
        width = min(widest, (high - spare - text) * self.aspect)
        below = text_width, high - spare - width / self.aspect
        return self._laid(columns, rows, cell, width, False, below)

    def _laid(
        self, columns: int, rows: int, cell: tuple[float, float], width: float, beside: bool,
        text: tuple[float, float],
    ) -> _Layout:  # fmt: skip
        split = not beside and cell[0] > _COLUMN
        over = sum(self._need(panel, text[0], split) > text[1] for panel in self.shown)
        size = width, width / self.aspect
        worth = size[0] * size[1] * (1.02 - over / max(1, len(self.shown))) ** 4
        return _Layout(columns, rows, cell, size, beside, text, split, worth)

    def _need(self, panel: Panel, width: float, split: bool) -> float:
        story, about = self._pieces(panel, width)
        heights = [sum(piece.height for piece in pieces) for pieces in (story, about)]
        return (max(heights) if split else sum(heights)) + self.body.size * 0.2

    def _panel_pages(self, layout: _Layout) -> list[_Page]:
        """Pages of panels, each followed by what did not fit on it."""
        pages: list[_Page] = []
        count = self.options.per_page
        width, height = layout.text
        for start in range(0, len(self.shown), count):
            page = _Page(panels=self.shown[start : start + count])
            rests: list[tuple[Panel, list[_Piece]]] = []
            for panel in page.panels:
                left = [
                    piece
                    for pieces in self._columns(panel, layout)
                    for piece in _cut(pieces, height, self.tiny.line)[1]
                ]
                if left:
                    rests.append((panel, left))
            pages += [page, *self._rest_pages(rests, width)]
        return pages

    def _columns(self, panel: Panel, layout: _Layout) -> list[list[_Piece]]:
        story, about = self._pieces(panel, layout.text[0])
        return [story, about] if layout.split else [[*story, *about]]

    def _rest_pages(self, rests: list[tuple[Panel, list[_Piece]]], width: float) -> Iterator[_Page]:
        """What did not fit, in columns as wide as it was set for."""
        columns = max(1, int((self.room[0] + 18) // (width + 18)))
        page, column, filled = _Page(), 0, 0.0
        for panel, pieces in rests:
            title = self.head.line
            left = pieces
            while left:
                if filled + title + 4 * self.body.line > self.room[1]:
                    column, filled = column + 1, 0.0
                    if column == columns:
                        yield page
                        page, column = _Page(), 0
                fits, left = _cut(left, self.room[1] - filled - title, 0.0)
                page.rest.append((panel, fits))
                filled += title + sum(p.height for p in fits) + self.body.line
                if left:
                    filled = self.room[1]
        if page.rest:
            yield page

    # Drawing

    def _draw(self, page: _Page, layout: _Layout, number: int, pages: int) -> None:
        self._number = number
        if page.cover is not None:
            self._draw_cover(page)
        elif page.rest:
            self._draw_rest(page, layout)
        else:
            for index, panel in enumerate(page.panels):
                self._draw_panel(panel, index, layout)
        if page.cover is None:
            self._draw_heading()
        self._draw_foot(number, pages)

    def _draw_heading(self) -> None:
        paper, top = self.paper, self.paper.height - 36
        style = Style(LABEL, 8.5)
        soft = Style(TEXT, 7.5, colour=SOFT)
        right = " · ".join(
            self._flat(text) for text in (self._version(), self.options.date) if text.strip()
        )
        begins = paper.width - _SIDE
        if right and paper.measure(right, soft) < self.room[0] * 0.4:
            begins = paper.write_right(begins, top, right, soft)
        title = paper.wrap(self._flat(self.board.story.title), style, begins - _SIDE - 20)
        paper.write(_SIDE, top, title[0] + ("…" if len(title) > 1 else ""), style)
        paper.rule(_SIDE, top - 7, paper.width - _SIDE, INK, 0.6)

    def _version(self) -> str:
        version = self.options.version
        text = f"{self.told['version']} {version}" if version else ""
        self._lines(text)
        return text

    def _draw_foot(self, number: int, pages: int) -> None:
        paper, y = self.paper, 24.0
        soft = Style(TEXT, 7.0, colour=SOFT)
        paper.rule(_SIDE, y + 10, paper.width - _SIDE, FAINT, 0.4)
        page = self.told["page"].format(page=number, pages=pages)
        begins = paper.write_right(paper.width - _SIDE, y, page, soft)
        if self.options.revision:
            text = f"{self.told['revision']}: {self._flat(self.options.revision)}"
            lines = paper.wrap(text, soft, begins - _SIDE - 24)
            paper.write(_SIDE, y, lines[0] + (" …" if len(lines) > 1 else ""), soft)

    def _draw_panel(self, panel: Panel, index: int, layout: _Layout) -> None:
        row, column = divmod(index, layout.columns)
        x = _SIDE + column * (layout.cell[0] + 18)
        top = self.paper.height - _HEAD - row * (layout.cell[1] + 16)
        head = self.head.size * 1.5
        base = top - self.head.size * 0.95
        width = layout.picture[0] if not layout.beside else layout.cell[0]
        self._draw_line(panel, x, base, max(width, min(layout.cell[0], 220.0)))
        high = layout.picture[1]
        self._draw_picture(panel, x, top - head - high, layout)
        if layout.beside:
            left, y = x + layout.picture[0] + 12, top - head
        else:
            left, y = x, top - head - high - self.body.size * 0.6
        for pieces in self._columns(panel, layout):
            fits, rest = _cut(pieces, layout.text[1], self.tiny.line)
            end = self._draw_pieces(fits, left, y, layout.text[0])
            if rest:
                style = self.tiny._replace(colour=RED)
                text = self.told["continues"].format(page=self._number + 1)
                self.paper.write(left, end - self.tiny.size, f"… {text}", style)
            left += layout.text[0] + 18

    def _draw_line(self, panel: Panel, x: float, base: float, width: float) -> None:
        """Number, camera and duration, above the picture."""
        paper, end = self.paper, x + width
        number = self._flat(panel.label)
        begins = paper.write(x, base, number, self.head) + self.head.size * 0.55
        seconds = self.told["seconds"].format(seconds=f"{panel.shot.duration:g}")
        end = paper.write_right(end, base, seconds, self.tiny) - 7
        for mark in panel.marks:
            end = self._draw_mark(mark.word, _MARKS[mark.name], end, base) - 5
        room = end - begins
        for text in self._cameras(panel)[self._brevity(width) :]:
            if self.paper.measure(text, self.tiny) <= room:
                self.paper.write(begins, base, text, self.tiny)
                break

    @staticmethod
    def _cameras(panel: Panel) -> tuple[str, ...]:
        """Size, angle and move, ever shorter."""
        size = panel.shot.size.value
        _, angle, move = panel.camera
        full = " · ".join(panel.camera)
        return full, f"{size} · {angle} · {move}", f"{size} · {move}", size

    def _brevity(self, width: float) -> int:
        """How short cameras are told, the same on all pages."""
        room = width - self.head.size * 3.2 - self.tiny.size * 3
        if not self._short:
            texts = [self._cameras(panel) for panel in self.shown]
            fit = (
                all(self.paper.measure(text[number], self.tiny) <= room for text in texts)
                for number in range(3)
            )
            self._short.append(next((n for n, fits in enumerate(fit) if fits), 3))
        return self._short[0]

    def _draw_mark(self, word: str, colour: str, end: float, base: float) -> float:
        style = Style(LABEL, self.body.size * 0.72, colour="#ffffff")
        word = word.upper()
        width = self.paper.measure(word, style) + style.size * 0.9
        y, high = base - style.size * 0.36, style.size * 1.5
        self.paper.box(end - width, y, width, high, fill=colour, corner=1.6)
        self.paper.write(end - width + style.size * 0.45, base, word, style)
        return end - width

    def _draw_picture(self, panel: Panel, x: float, y: float, layout: _Layout) -> None:
        width, height = layout.picture
        flagged = {mark.name for mark in panel.marks} & {"flagged", "missing"}
        image = opened(panel.picture)
        if image is None:
            self.paper.box(x, y, width, height, fill=PALE)
            self.paper.cross(x, y, width, height, FAINT)
            word = self.told["missing"].upper()
            style = self.tiny._replace(colour=RED)
            wide = self.paper.measure(word, style) + 12
            middle = y + height / 2
            self.paper.box(x + (width - wide) / 2, middle - 8, wide, 16, fill=PALE)
            self.paper.write(x + (width - wide) / 2 + 6, middle - style.size * 0.35, word, style)
        else:
            across, down = image.size
            scale = min(width / across, height / down)
            wide, high = across * scale, down * scale
            left, low = x + (width - wide) / 2, y + (height - high) / 2
            self.paper.picture(image, left, low, wide, high, self.options.dpi)
        colour, thick = (RED, 1.4) if flagged else (INK, 0.5)
        self.paper.box(x, y, width, height, line=colour, thick=thick)

    def _draw_pieces(self, pieces: list[_Piece], x: float, y: float, width: float) -> float:
        """Set pieces below each other from ``y`` down; returns where they end."""
        for piece in pieces:
            y -= piece.before
            for number, line in enumerate(piece.lines):
                base, left = y - piece.style.size * 0.98, x + piece.hang
                if piece.lead_style and number < len(piece.lead):
                    end = self.paper.write(x, base, piece.lead[number], piece.lead_style)
                    left = left if piece.hang else end + piece.style.size * 0.6
                self.paper.write(left, base, line, piece.style, x + width - left)
                y -= piece.style.line
        return y

    def _draw_rest(self, page: _Page, layout: _Layout) -> None:
        width = layout.text[0]
        column, filled = 0, 0.0
        for panel, pieces in page.rest:
            need = self.head.line + sum(piece.height for piece in pieces)
            if filled and filled + need > self.room[1] + 0.01:
                column, filled = column + 1, 0.0
            x = _SIDE + column * (width + 18)
            y = self.paper.height - _HEAD - filled
            title = self.told["continued"].format(label=self._flat(panel.label))
            self.paper.write(x, y - self.strong.size, title, self.strong)
            self.paper.rule(x, y - self.strong.size - 4, x + width, FAINT)
            self._draw_pieces(pieces, x, y - self.head.line, width)
            filled += need + self.body.line

    # The cover

    def _cover(self) -> list[_Page]:
        if not self.options.cover:
            return []
        story, options, told = self.board.story, self.options, self.told
        width = self._cover_width()
        small, label = Style(TEXT, 9.5, 1.45), Style(LABEL, 7.5, 1.6, SOFT)
        title = self._flat(story.title)
        size = next(
            (s for s in (34, 30, 26, 22) if len(self.paper.wrap(title, Style(BOLD, s), width)) < 3),
            20,
        )
        pieces = [
            self._piece(story.title, Style(BOLD, size, 1.16), width),
            self._piece(story.logline, Style(TEXT, 11.5, 1.5, "#3c3731"), width, 14),
        ]
        seconds = sum(panel.shot.duration for panel in self.shown)
        minutes, rest = divmod(round(seconds), 60)
        facts = [
            (told["version"], options.version),
            (told["date"], options.date),
            (told["shots"], str(len(self.shown))),
            (told["length"], f"{minutes}:{rest:02d}"),
            (told["format"], story.format.value),
            (told["revision"], options.revision),
        ]
        gap = 18.0
        for heading, text in facts:
            if text:
                pieces.append(self._beside(heading, text, small, width, gap))
                gap = 2.0
        for number, (_, line) in enumerate(state(self.board, self.shown)):
            lead = "" if number else told["state"]
            pieces.append(self._beside(lead, line, small, width, 2.0))
        for number, character in enumerate(story.characters):
            if not number:
                pieces.append(self._piece(told["cast"].upper(), label, width, 16))
            text = character.description or "–"
            pieces.append(self._beside(character.name, text, small, width, 3))
        if self.paper.glyphs.lacking:
            names = ", ".join(sorted(self.paper.glyphs.lacking))
            pieces.append(self._piece(told["fontless"].format(names=names), small, width, 12))
        pages: list[_Page] = []
        left = pieces
        while left:
            room = self.paper.height - 96 - _FOOT
            fits, left = _cut(left, room, 0.0)
            pages.append(_Page(cover=fits, first=not pages))
        return pages

    def _cover_width(self) -> float:
        wide = self.options.orientation == "landscape"
        return self.room[0] * 0.46 if wide else self.room[0]

    def _draw_cover(self, page: _Page) -> None:
        paper = self.paper
        top = paper.height - 56
        mark = Style(LABEL, 9, colour=RED)
        paper.box(_SIDE, top - 2, 22, 3, fill=RED)
        paper.write(_SIDE, top - 20, self.told["storyboard"].upper(), mark)
        pieces = page.cover or []
        end = self._draw_pieces(pieces, _SIDE, top - 34, self._cover_width())
        picture = next((p.picture for p in self.shown if p.picture), None)
        image = opened(picture) if page.first else None
        if image is None:
            return
        if self.options.orientation == "landscape":
            x = _SIDE + self._cover_width() + 30
            wide, high = paper.width - _SIDE - x, top - _FOOT
            scale = min(wide / image.width, high / image.height)
            size = image.width * scale, image.height * scale
            at = paper.width - _SIDE - size[0], top - size[1]
        else:
            high = end - 24 - _FOOT
            if high < 110:
                return
            scale = min(self.room[0] / image.width, high / image.height)
            size = image.width * scale, image.height * scale
            at = _SIDE, _FOOT + 4
        paper.picture(image, *at, *size, self.options.dpi)
        paper.box(*at, *size, line=INK)


def _cut(pieces: list[_Piece], height: float, spare: float) -> tuple[list[_Piece], list[_Piece]]:
    """(what fits into ``height``, what is left).

    :param spare: points to keep free below, where something is left.
    """
    if sum(piece.height for piece in pieces) <= height + 0.01:
        return pieces, []
    room, fits = height - spare, []
    for index, piece in enumerate(pieces):
        if piece.height <= room:
            fits.append(piece)
            room -= piece.height
            continue
        lines = max(0, math.floor((room - piece.before) / piece.style.line + 0.001))
        if not fits and not lines and not spare:
            lines = 1
        if not lines:
            return fits, pieces[index:]
        begun = replace(piece, lines=piece.lines[:lines], lead=piece.lead[:lines])
        rest = replace(piece, lines=piece.lines[lines:], lead=piece.lead[lines:], before=0.0)
        return [*fits, begun], [rest, *pieces[index + 1 :]]
    return fits, []
