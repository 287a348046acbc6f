"""The texts of a panel, wrapped: everything that is set on paper, but not yet where."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Protocol

from ...board import Board
from ...gate import Outcome
from ..panels import Panel, words
from .paper import BOLD, LABEL, TEXT, Paper, Style

INK, SOFT, FAINT, PALE = "#1f1c19", "#6b645b", "#c9c2b6", "#f3efe8"
RED, AMBER, BLUE = "#a8281e", "#8a5a00", "#2f5573"
MARKS = {"missing": RED, "flagged": RED, "stale": AMBER, "unproven": AMBER, "locked": BLUE}
TYPE = {1: 10.0, 2: 9.0, 3: 8.5, 4: 8.5, 6: 8.0, 9: 7.2}
"""Panels on a page -> size of the type, points."""
SIDE, HEAD, FOOT = 42.0, 58.0, 46.0
"""Margins, points."""
GAP, ROW_GAP = 18.0, 16.0
"""Points between columns and between rows."""
HANG = 92.0
"""Width of the headings on the cover."""


class Choices(Protocol):
    """The options that decide what is said."""

    @property
    def dpi(self) -> int: ...

    @property
    def scores(self) -> bool: ...

    @property
    def notes(self) -> bool: ...

    @property
    def version(self) -> str: ...

    @property
    def date(self) -> str: ...

    @property
    def revision(self) -> str: ...


@dataclass
class Piece:
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
    heads: bool = False
    """Whether it is the heading of the next one, and stays with it."""

    @property
    def height(self) -> float:
        return self.before + len(self.lines) * self.style.line


class Setter:
    """Sets the texts of a board in the type of a page.

    :param count: panels on a page.
    """

    def __init__(
        self, board: Board, shown: list[Panel], paper: Paper, options: Choices, count: int
    ) -> None:
        self.board, self.shown, self.paper, self.options = board, shown, paper, options
        self.told = words(board.story.language)
        self.room = paper.width - 2 * SIDE, paper.height - HEAD - FOOT
        """(width, height) between the margins."""
        base = TYPE[count]
        self.body = Style(TEXT, base)
        self.strong = Style(BOLD, base)
        self.small = Style(TEXT, base * 0.86, colour=SOFT)
        self.name = Style(LABEL, base * 0.82, colour=INK)
        self.head = Style(LABEL, base * 1.45)
        self.tiny = Style(LABEL, base * 0.8, colour=SOFT)
        self._texts: dict[str, list[str]] = {}
        self._set: dict[tuple[int, float, bool], tuple[list[Piece], list[Piece]]] = {}
        self._lines_above: dict[float, int | None] = {}

    def read(self) -> None:
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
            self.lines(text)
        self.paper.ready()

    def lines(self, text: str) -> list[str]:
        if text not in self._texts:
            self._texts[text] = self.paper.read(text)
        return self._texts[text]

    def flat(self, text: str) -> str:
        return " ".join(self.lines(text)).strip()

    def piece(self, text: str, style: Style, width: float, before: float = 0.0) -> Piece:
        """One text, wrapped."""
        lines = [line for part in self.lines(text)
                 for line in self.paper.wrap(part, style, width)]  # fmt: skip
        return Piece(lines, style, before)

    def _led(self, lead: str, text: str, style: Style, width: float, before: float) -> list[Piece]:
        """A text that goes on where its heading ends; a long heading has lines of its own."""
        lead = self.flat(lead)
        indent = self.paper.measure(lead, self.name) + style.size * 0.6
        if indent > width * 0.5:
            return [self.piece(lead, self.name, width, before), self.piece(text, style, width)]
        lines: list[str] = []
        for part in self.lines(text):
            lines += self.paper.wrap(part, style, width, 0.0 if lines else indent)
        return [Piece(lines, style, before, [lead], self.name)]

    def beside(self, lead: str, text: str, style: Style, width: float, before: float) -> Piece:
        """A text with its heading in a column of its own."""
        label = Style(LABEL, style.size * 0.86, style.leading, SOFT)
        heads = self.paper.wrap(self.flat(lead), label, HANG - 8)
        piece = self.piece(text, style, width - HANG, before)
        piece.lines += [""] * (len(heads) - len(piece.lines))
        return replace(piece, lead=heads, lead_style=label, hang=HANG)

    def pieces(self, panel: Panel, width: float, camera: bool) -> tuple[list[Piece], list[Piece]]:
        """What is told below a picture: (the story, what is told about the frame).

        :param camera: whether the camera is told there.
        """
        key = panel.shot.number, width, camera
        if key not in self._set:
            self._set[key] = self._wrapped(panel, width, camera)
        return self._set[key]

    def columns(self, panel: Panel, width: float, split: bool, camera: bool) -> list[list[Piece]]:
        """The same in the columns it is set in: one, or two where it is ``split``."""
        story, about = self.pieces(panel, width, camera)
        return [story, about] if split else [[*story, *about]]

    def _wrapped(self, panel: Panel, width: float, camera: bool) -> tuple[list[Piece], list[Piece]]:
        shot, gap = panel.shot, self.body.size * 0.45
        story = [self.piece(panel.scene, self.tiny, width)]
        if camera:
            story.append(self.piece(" · ".join(panel.camera), self.tiny, width))
        if shot.caption:
            story.append(self.piece(shot.caption, self.strong, width, gap))
        story.append(self.piece(shot.action, self.body, width, gap))
        for line in panel.dialogue:
            heard = f" ({line.off_screen})" if line.off_screen else ""
            lead = f"{line.speaker}{heard}:"
            story += self._led(lead, line.text, self.body, width, gap)
        about = []
        for mark in panel.marks:
            style = self.small._replace(colour=MARKS[mark.name])
            about.append(self.piece(f"{mark.word}: {mark.reason}", style, width, gap))
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

    def version(self) -> str:
        version = self.options.version
        text = f"{self.told['version']} {version}" if version else ""
        self.lines(text)
        return text

    def seconds(self, panel: Panel) -> str:
        return self.told["seconds"].format(seconds=f"{panel.shot.duration:g}")

    def camera(self, width: float) -> int | None:
        """How short cameras have to be told for all to fit above the pictures; ``None`` if not."""
        if width not in self._lines_above:
            measure = self.paper.measure
            rooms = [
                width
                - measure(self.flat(panel.label), self.head)
                - measure(self.seconds(panel), self.tiny)
                - sum(self.mark_width(mark.word) + 5 for mark in panel.marks)
                - self.head.size * 0.55
                - 11
                for panel in self.shown
            ]
            told = [cameras(panel) for panel in self.shown]
            fits = (
                all(measure(text[n], self.tiny) <= room for text, room in zip(told, rooms))
                for n in (0, 1)
            )
            self._lines_above[width] = next((n for n, fit in enumerate(fits) if fit), None)
        return self._lines_above[width]

    def mark_style(self) -> Style:
        return Style(LABEL, self.body.size * 0.72, colour="#ffffff")

    def mark_width(self, word: str) -> float:
        style = self.mark_style()
        return self.paper.measure(word.upper(), style) + style.size * 0.9


def cameras(panel: Panel) -> tuple[str, str]:
    """Size, angle and move: in words, and with the size as it is abbreviated."""
    return " · ".join(panel.camera), " · ".join([panel.shot.size.value, *panel.camera[1:]])


def cut(pieces: list[Piece], height: float, spare: float) -> tuple[list[Piece], list[Piece]]:
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
