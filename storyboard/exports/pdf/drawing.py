"""Pages of panels, drawn."""

from __future__ import annotations

from ..panels import Panel, opened
from .layout import BESIDE, LINE, Layout, Page
from .paper import LABEL, TEXT, Paper, Style
from .setting import (
    FAINT,
    GAP,
    HEAD,
    INK,
    MARKS,
    PALE,
    RED,
    ROW_GAP,
    SIDE,
    SOFT,
    Piece,
    Setter,
    cameras,
    cut,
)


class Sheets:
    """Draws the pages of one layout."""

    def __init__(self, setter: Setter, layout: Layout) -> None:
        self.setter, self.layout, self.paper = setter, layout, setter.paper

    def page(self, page: Page, number: int) -> None:
        """Draw what is on a page of panels.

        :param number: of the page, from 1.
        """
        if page.rest:
            self._rest(page)
        for index, panel in enumerate(page.panels):
            self._panel(panel, index, number)

    def heading(self) -> None:
        """Title, version and date above a page."""
        paper, top = self.paper, self.paper.height - 36
        style = Style(LABEL, 8.5)
        soft = Style(TEXT, 7.5, colour=SOFT)
        right = " · ".join(
            self.setter.flat(text)
            for text in (self.setter.version(), self.setter.options.date)
            if text.strip()
        )
        begins = paper.width - SIDE
        if right and paper.measure(right, soft) < self.setter.room[0] * 0.4:
            begins = paper.write_right(begins, top, right, soft)
        title = paper.wrap(
            self.setter.flat(self.setter.board.story.title), style, begins - SIDE - 20
        )
        paper.write(SIDE, top, title[0] + ("…" if len(title) > 1 else ""), style)
        paper.rule(SIDE, top - 7, paper.width - SIDE, INK, 0.6)

    def foot(self, number: int, pages: int) -> None:
        """Revision and page number below it."""
        paper, y = self.paper, 24.0
        soft = Style(TEXT, 7.0, colour=SOFT)
        paper.rule(SIDE, y + 10, paper.width - SIDE, FAINT, 0.4)
        page = self.setter.told["page"].format(page=number, pages=pages)
        begins = paper.write_right(paper.width - SIDE, y, page, soft)
        if self.setter.options.revision:
            lines = paper.wrap(
                self.setter.flat(self.setter.options.revision), soft, begins - SIDE - 24
            )
            paper.write(SIDE, y, lines[0] + (" …" if len(lines) > 1 else ""), soft)

    def _panel(self, panel: Panel, index: int, number: int) -> None:
        layout = self.layout
        row, column = divmod(index, layout.columns)
        x = SIDE + column * (layout.cell[0] + GAP)
        top = self.paper.height - HEAD - row * (layout.cell[1] + ROW_GAP)
        head = self.setter.head.size * 1.5
        base = top - self.setter.head.size * 0.95
        width = layout.picture[0] if not layout.beside else layout.cell[0]
        self._line(panel, x, base, max(width, min(layout.cell[0], LINE)), layout.camera)
        high = layout.picture[1]
        self._picture(panel, x, top - head - high)
        if layout.beside:
            left, y = x + layout.picture[0] + BESIDE, top - head
        else:
            left, y = x, top - head - high - self.setter.body.size * 0.6
        for pieces in self.setter.columns(panel, layout.text[0], layout.split, layout.camera):
            fits, rest = cut(pieces, layout.text[1], self.setter.tiny.line)
            end = draw_pieces(self.paper, fits, left, y, layout.text[0])
            if rest:
                style = self.setter.tiny._replace(colour=RED)
                text = self.setter.told["continues"].format(page=number + 1)
                self.paper.write(left, end - self.setter.tiny.size, f"… {text}", style)
            left += layout.text[0] + GAP

    def _line(self, panel: Panel, x: float, base: float, width: float, bare: bool) -> None:
        """Number, camera, marks and duration, above the picture.

        :param bare: without the camera.
        """
        paper, end = self.paper, x + width
        begins = paper.write(x, base, self.setter.flat(panel.label), self.setter.head)
        camera = None if bare else self.setter.camera(width)
        if camera is not None:
            begins += self.setter.head.size * 0.55
            begins = paper.write(begins, base, cameras(panel)[camera], self.setter.tiny)
        end = paper.write_right(end, base, self.setter.seconds(panel), self.setter.tiny) - 7
        for mark in panel.marks:  # one that finds no room is told below the picture
            if end - self.setter.mark_width(mark.word) > begins + 4:
                end = self._mark(mark.word, MARKS[mark.name], end, base) - 5

    def _mark(self, word: str, colour: str, end: float, base: float) -> float:
        """Draw a mark that ends at ``end``; returns where it begins."""
        style, width = self.setter.mark_style(), self.setter.mark_width(word)
        y, high = base - style.size * 0.36, style.size * 1.5
        self.paper.box(end - width, y, width, high, fill=colour, corner=1.6)
        self.paper.write(end - width + style.size * 0.45, base, word.upper(), style)
        return end - width

    def _picture(self, panel: Panel, x: float, y: float) -> None:
        width, height = self.layout.picture
        flagged = {mark.name for mark in panel.marks} & {"flagged", "missing"}
        image = opened(panel.picture)
        if image is None:
            self.paper.box(x, y, width, height, fill=PALE)
            self.paper.cross(x, y, width, height, FAINT)
            word = self.setter.told["missing"].upper()
            style = self.setter.tiny._replace(colour=RED)
            wide = self.paper.measure(word, style) + 12
            middle = y + height / 2
            self.paper.box(x + (width - wide) / 2, middle - 8, wide, 16, fill=PALE)
            self.paper.write(x + (width - wide) / 2 + 6, middle - style.size * 0.35, word, style)
        else:
            across, down = image.size
            scale = min(width / across, height / down)
            wide, high = across * scale, down * scale
            left, low = x + (width - wide) / 2, y + (height - high) / 2
            self.paper.picture(image, left, low, wide, high, self.setter.options.dpi)
        colour, thick = (RED, 1.4) if flagged else (INK, 0.5)
        self.paper.box(x, y, width, height, line=colour, thick=thick)

    def _rest(self, page: Page) -> None:
        width = self.layout.text[0]
        column, filled = 0, 0.0
        for panel, pieces in page.rest:
            need = self.setter.head.line + sum(piece.height for piece in pieces)
            if filled and filled + need > self.setter.room[1] + 0.01:
                column, filled = column + 1, 0.0
            x = SIDE + column * (width + GAP)
            y = self.paper.height - HEAD - filled
            title = self.setter.told["continued"].format(label=self.setter.flat(panel.label))
            self.paper.write(x, y - self.setter.strong.size, title, self.setter.strong)
            self.paper.rule(x, y - self.setter.strong.size - 4, x + width, FAINT)
            draw_pieces(self.paper, pieces, x, y - self.setter.head.line, width)
            filled += need + self.setter.body.line


def draw_pieces(paper: Paper, pieces: list[Piece], x: float, y: float, width: float) -> float:
    """Set pieces below each other from ``y`` down; returns where they end."""
    for piece in pieces:
        y -= piece.before
        for number, line in enumerate(piece.lines):
            base, left = y - piece.style.size * 0.98, x + piece.hang
            if piece.lead_style and number < len(piece.lead):
                end = paper.write(x, base, piece.lead[number], piece.lead_style)
                left = left if piece.hang else end + piece.style.size * 0.6
            paper.write(left, base, line, piece.style, x + width - left)
            y -= piece.style.line
    return y
