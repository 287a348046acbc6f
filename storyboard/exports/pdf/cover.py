"""The cover: title, logline, facts, the state of the board, the cast, and the first picture."""

from __future__ import annotations

from dataclasses import replace

from ..panels import opened, state
from .drawing import draw_pieces
from .layout import Page
from .paper import BOLD, LABEL, TEXT, Style
from .setting import FOOT, INK, RED, SIDE, SOFT, Setter, cut


class Cover:
    """The cover of a board.

    :param dpi: pixels per inch of its picture.
    """

    def __init__(self, setter: Setter, dpi: int) -> None:
        self.setter, self._dpi = setter, dpi
        self._wide = setter.paper.width > setter.paper.height
        self._width = setter.room[0] * (0.46 if self._wide else 1)

    def pages(self) -> list[Page]:
        """The cover; more pages where the cast is long."""
        story, options, told = self.setter.board.story, self.setter.options, self.setter.told
        width = self._width
        small, label = Style(TEXT, 9.5, 1.45), Style(LABEL, 7.5, 1.6, SOFT)
        title = self.setter.flat(story.title)
        size = next(
            (
                s
                for s in (34, 30, 26, 22)
                if len(self.setter.paper.wrap(title, Style(BOLD, s), width)) < 3
            ),
            20,
        )
        pieces = [
            self.setter.piece(story.title, Style(BOLD, size, 1.16), width),
            self.setter.piece(story.logline, Style(TEXT, 11.5, 1.5, "#3c3731"), width, 14),
        ]
        seconds = sum(panel.shot.duration for panel in self.setter.shown)
        minutes, rest = divmod(round(seconds), 60)
        facts = [
            (told["version"], options.version),
            (told["date"], options.date),
            (told["shots"], str(len(self.setter.shown))),
            (told["length"], f"{minutes}:{rest:02d}"),
            (told["format"], story.format.value),
            (told["revision"], options.revision),
        ]
        gap = 18.0
        for heading, text in facts:
            if text:
                pieces.append(self.setter.beside(heading, text, small, width, gap))
                gap = 2.0
        for number, (_, line) in enumerate(state(self.setter.board, self.setter.shown)):
            lead = "" if number else told["state"]
            pieces.append(self.setter.beside(lead, line, small, width, 2.0))
        for number, character in enumerate(story.characters):
            if not number:
                heading = self.setter.piece(told["cast"].upper(), label, width, 16)
                pieces.append(replace(heading, heads=True))
            text = character.description or "–"
            pieces.append(self.setter.beside(character.name, text, small, width, 3))
        if self.setter.paper.glyphs.lacking:
            names = ", ".join(sorted(self.setter.paper.glyphs.lacking))
            pieces.append(self.setter.piece(told["fontless"].format(names=names), small, width, 12))
        pages: list[Page] = []
        left = pieces
        while left:
            room = self.setter.paper.height - 96 - FOOT
            fits, left = cut(left, room, 0.0)
            if left and len(fits) > 1 and fits[-1].heads:
                left = [fits.pop(), *left]
            pages.append(Page(cover=fits, first=not pages))
        return pages

    def draw(self, page: Page) -> None:
        """Draw one of its pages."""
        paper = self.setter.paper
        top = paper.height - 56
        mark = Style(LABEL, 9, colour=RED)
        paper.box(SIDE, top - 2, 22, 3, fill=RED)
        paper.write(SIDE, top - 20, self.setter.told["storyboard"].upper(), mark)
        pieces = page.cover or []
        end = draw_pieces(paper, pieces, SIDE, top - 34, self._width)
        picture = next((p.picture for p in self.setter.shown if p.picture), None)
        image = opened(picture) if page.first else None
        if image is None:
            return
        if self._wide:
            x = SIDE + self._width + 30
            wide, high = paper.width - SIDE - x, top - FOOT
            scale = min(wide / image.width, high / image.height)
            size = image.width * scale, image.height * scale
            at = paper.width - SIDE - size[0], top - size[1]
        else:
            high = end - 24 - FOOT
            if high < 110:
                return
            scale = min(self.setter.room[0] / image.width, high / image.height)
            size = image.width * scale, image.height * scale
            at = SIDE, FOOT + 4
        paper.picture(image, *at, *size, self._dpi)
        paper.box(*at, *size, line=INK)
