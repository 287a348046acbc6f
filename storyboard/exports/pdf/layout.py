"""Where things stand: the grid in which pictures are largest while the texts fit, and the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..panels import Panel
from .setting import GAP, ROW_GAP, Piece, Setter, cut

LEAST = 0.45
"""How much of the width it could have a picture keeps when texts need room."""
LONG = 2500
"""Letters told of a panel from which on it has no say in the layout: it goes on in any."""
LINE = 220.0
"""What is above a picture may be as wide, even where the picture is not."""
BESIDE = 12.0
"""Points between a picture and the text beside it."""
COLUMN = 430.0
"""Text that could be wider is set in two columns."""


@dataclass
class Layout:
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
    camera: bool
    """Whether the camera is told in the text, for want of room above the picture."""
    worth: float = 0.0


@dataclass
class Page:
    """A page to come: panels, or what did not fit in those before."""

    panels: list[Panel] = field(default_factory=list)
    rest: list[tuple[Panel, list[Piece]]] = field(default_factory=list)
    cover: list[Piece] | None = None
    first: bool = False


class Layouts:
    """The ways to lay out a board's panels.

    :param aspect: width of the pictures by their height.
    :param count: panels on a page.
    """

    def __init__(self, setter: Setter, aspect: float, count: int) -> None:
        self.setter, self.aspect, self.count = setter, aspect, count
        self._heights: dict[tuple[float, bool, bool], list[float]] = {}
        self._fitting = [panel for panel in setter.shown if length(panel) <= LONG]

    def best(self) -> Layout:
        """The grid in which pictures are largest while most texts fit."""
        made = [
            layout
            for columns in range(1, self.count + 1)
            if self.count % columns == 0
            for layout in self._fitted(columns, self.count // columns)
        ]
        return max(made, key=lambda layout: layout.worth)

    def _fitted(self, columns: int, rows: int) -> Iterator[Layout]:
        """Layouts of one grid, with pictures of several sizes."""
        (across, down), body = self.setter.room, self.setter.body
        cell = (across - GAP * (columns - 1)) / columns, (down - ROW_GAP * (rows - 1)) / rows
        high = cell[1] - self.setter.head.size * 1.5
        if cell[0] < 120 or high < 90:
            return
        camera = self.setter.camera(min(cell[0], LINE)) is None

        def laid(width: float, beside: bool, text: tuple[float, float], split: bool) -> Layout:
            needs = self._needs(text[0], split, camera)
            over = sum(need > text[1] + 0.01 for need in needs) / max(1, len(needs))
            size = width, width / self.aspect
            told = min(text[1], max(needs, default=0.0))
            used = max(size[1], told) if beside else size[1] + told
            full = rows * (cell[1] - high + used) / down
            worth = size[0] * size[1] * (1.02 - over) ** 4 * (0.8 + 0.2 * full)
            return Layout(columns, rows, cell, size, beside, text, split, camera, worth)

        widest = min(cell[0] - max(130.0, cell[0] * 0.3) - BESIDE, high * self.aspect)
        if widest >= 60:
            for step in range(6):
                width = widest * (1 - step * (1 - LEAST) / 5)
                yield laid(width, True, (cell[0] - width - BESIDE, high), False)
        split, spare = cell[0] > COLUMN, body.size * 0.6
        text_width = (cell[0] - GAP) / 2 if split else cell[0]
        least = body.line * 4
        widest = min(cell[0], (high - least) * self.aspect)
        most = high - spare - widest * LEAST / self.aspect
        needs = {n for n in self._needs(text_width, split, camera) if least < n <= most}
        for need in (least, *sorted(needs)):
            width = min(widest, (high - spare - need) * self.aspect)
            below = text_width, high - spare - width / self.aspect
            yield laid(width, False, below, split)

    def _needs(self, width: float, split: bool, camera: bool) -> list[float]:
        """Height of the text of each panel, points."""
        key = width, split, camera
        if key not in self._heights:
            self._heights[key] = [self._need(panel, *key) for panel in self._fitting]
        return self._heights[key]

    def _need(self, panel: Panel, width: float, split: bool, camera: bool) -> float:
        heights = [
            sum(piece.height for piece in pieces)
            for pieces in self.setter.pieces(panel, width, camera)
        ]
        return (max(heights) if split else sum(heights)) + self.setter.body.size * 0.2

    def pages(self, layout: Layout) -> list[Page]:
        """Pages of panels, each followed by what did not fit on it."""
        pages: list[Page] = []
        width, height = layout.text
        shown = self.setter.shown
        for start in range(0, len(shown), self.count):
            page = Page(panels=shown[start : start + self.count])
            rests: list[tuple[Panel, list[Piece]]] = []
            for panel in page.panels:
                left = [
                    piece
                    for pieces in self.setter.columns(panel, width, layout.split, layout.camera)
                    for piece in cut(pieces, height, self.setter.tiny.line)[1]
                ]
                if left:
                    rests.append((panel, left))
            pages += [page, *self._rest_pages(rests, width)]
        return pages

    def _rest_pages(self, rests: list[tuple[Panel, list[Piece]]], width: float) -> Iterator[Page]:
        """What did not fit, in columns as wide as it was set for."""
        room, line = self.setter.room, self.setter.body.line
        title = self.setter.head.line
        columns = max(1, int((room[0] + GAP) // (width + GAP)))
        page, column, filled = Page(), 0, 0.0
        for panel, pieces in rests:
            left = pieces
            while left:
                if filled + title + 4 * line > room[1]:
                    column, filled = column + 1, 0.0
                    if column == columns:
                        yield page
                        page, column = Page(), 0
                fits, left = cut(left, room[1] - filled - title, 0.0)
                page.rest.append((panel, fits))
                filled += title + sum(p.height for p in fits) + line
                if left:
                    filled = room[1]
        if page.rest:
            yield page


def length(panel: Panel) -> int:
    """Letters that are told of a panel, about."""
    texts = [panel.scene, panel.shot.caption, panel.shot.action]
    texts += [line.text for line in panel.dialogue] + [text for _, text in panel.notes]
    return sum(map(len, texts))
