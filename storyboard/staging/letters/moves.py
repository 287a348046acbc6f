"""Arrows of the camera's move, where they cover neither faces nor hands nor words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...story import Move
from ..blocking.curves import Points
from ..blocking.things import Box
from ..drawing.ink import Canvas
from ..drawing.palette import CRIMSON

_PAPER = "#f8f1e1"
_SAMPLES = 9

Avoid = Sequence[tuple[Box, float]]
"""What arrows keep clear of, and how much each box weighs."""


@dataclass(frozen=True)
class Mark:
    """One arrow, or the wave of a handheld camera, in pixels."""

    start: tuple[float, float]
    end: tuple[float, float]
    thick: float
    bend: float = 0.0
    """How far an arrow bends to its left, shares of its length."""
    track: bool = False
    """With rails under it."""
    wave: bool = False

    def at(self, along: float, across: float = 0.0) -> tuple[float, float]:
        """A point: ``along`` from 0 to 1, ``across`` in pixels to the left."""
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        length = math.hypot(dx, dy) or 1.0
        lift = self.bend * length * 4 * along * (1 - along) + across
        return (
            self.start[0] + dx * along - dy / length * lift,
            self.start[1] + dy * along + dx / length * lift,
        )

    def covers(self, box: Box) -> float:
        """Share of its length that lies in a box."""
        left, top, right, bottom = box
        half = self.thick * 0.6
        inside = 0
        for i in range(_SAMPLES):
            x, y = self.at(i / (_SAMPLES - 1))
            inside += left - half < x < right + half and top - half < y < bottom + half
        return inside / _SAMPLES

    def draw(self, canvas: Canvas) -> None:
        """Draw it over the panel."""
        if self.wave:
            self._wave(canvas)
            return
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        length = math.hypot(dx, dy)
        head, half = self.thick * 1.9 / length, self.thick / 2
        neck = 1 - head
        wide = self.thick * 1.9 * 0.62
        shape: Points = [
            *(self.at(neck * t / 6, half * (0.45 + 0.55 * t / 6)) for t in range(7)),
            self.at(neck - head * 0.12, wide),
            self.at(1.0),
            self.at(neck - head * 0.12, -wide),
            *(self.at(neck * t / 6, -half * (0.45 + 0.55 * t / 6)) for t in range(6, -1, -1)),
        ]
        with canvas.local(weight=1.5, ink=_PAPER):
            canvas.cel(shape, CRIMSON, smooth=False, line=1.3)
        if self.track:
            self._rails(canvas)

    def _rails(self, canvas: Canvas) -> None:
        (x0, y), (x1, _) = self.start, self.end
        for dy in (self.thick * 0.95, self.thick * 1.35):
            canvas.stroke(((x0, y + dy), (x1, y + dy)), 1.1, _PAPER, taper=(1, 1))
        for i in range(7):
            x = x0 + (x1 - x0) * (i + 0.5) / 7
            ends = ((x, y + self.thick * 0.8), (x, y + self.thick * 1.5))
            canvas.stroke(ends, 1.1, _PAPER, taper=(1, 1))

    def _wave(self, canvas: Canvas) -> None:
        swing = self.thick * 0.35
        for aside, tone in ((0.0, _PAPER), (swing, CRIMSON)):
            wave: Points = [
                (x + (swing if i % 2 else -swing) + aside, y)
                for i, (x, y) in enumerate(self.at(i / 7) for i in range(8))
            ]
            canvas.stroke(wave, 2.0, tone, taper=(0.6, 0.6))


def marks_of(move: Move, size: tuple[int, int], floor: float, avoid: Avoid = ()) -> list[Mark]:
    """The arrows of a move, each at the place along the edges where it covers least.

    :param floor: lower edge of the picture above the caption strip, pixels.
    """
    w, h = float(size[0]), floor
    u = math.sqrt(size[0] * size[1]) / 10
    thick, edge = u * 0.2, u * 0.3
    if move in (Move.PAN_LEFT, Move.TRACK_LEFT, Move.PAN_RIGHT, Move.TRACK_RIGHT):
        right = move in (Move.PAN_RIGHT, Move.TRACK_RIGHT)
        track = move in (Move.TRACK_LEFT, Move.TRACK_RIGHT)
        bend = 0.0 if track else 0.05 if right else -0.05
        rows = [h - edge * 1.15, edge * 1.3, edge * 3.4, h * 0.8, h * 0.3, h * 0.62, h * 0.46]
        spans = [(0.68 * w, w - edge), (0.8 * w, w - edge), (0.42 * w, 0.74 * w), (edge, 0.32 * w)]
        if not right:
            spans = [(w - x0, w - x1) for x0, x1 in spans]
        return [
            _clearest(
                (Mark((x0, y), (x1, y), thick, bend, track) for y in rows for x0, x1 in spans),
                avoid,
            )
        ]
    if move in (Move.TILT_UP, Move.TILT_DOWN):
        lengths = [(0.62, 0.3), (0.46, 0.2), (0.86, 0.6), (0.4, 0.14), (0.9, 0.7)]
        turned = [(a, b) if move is Move.TILT_UP else (b, a) for a, b in lengths]
        sides = (w - edge * 1.1, edge * 1.1, w - edge * 2.6, edge * 2.6)
        return [
            _clearest(
                (Mark((x, h * a), (x, h * b), thick) for a, b in turned for x in sides), avoid
            )
        ]
    if move is Move.CRANE_UP:
        return [
            _clearest(
                (
                    Mark(
                        (w - edge * 2.6 if side else edge * 2.6, h * low - edge),
                        (w - edge * 1.2 if side else edge * 1.2, h * high),
                        thick,
                        -0.16 if side else 0.16,
                    )
                    for low, high in ((1.0, 0.42), (1.0, 0.62), (0.62, 0.2), (0.5, 0.16))
                    for side in (True, False)
                ),
                avoid,
            )
        ]
    if move in (Move.PUSH_IN, Move.PULL_OUT):
        return _corners(move is Move.PUSH_IN, (w, h), u, avoid)
    if move is Move.HANDHELD:
        return [
            _clearest(
                (
                    Mark((x, h * y), (x, h * (y + 0.245)), thick, wave=True)
                    for y in (0.36, 0.6, 0.16, 0.7)
                ),
                avoid,
            )
            for x in (edge, w - edge)
        ]
    return []


def _corners(inward: bool, size: tuple[float, float], u: float, avoid: Avoid) -> list[Mark]:
    """Arrows out of the corners or into them; the upper left one belongs to the tag."""
    w, h = size
    edge, thick = u * 0.3, u * 0.17
    marks: list[Mark] = []
    for sx, sy in ((-1, 1), (1, -1), (1, 1)):
        offers = []
        for reach in (0.62, 0.4):
            for x, y in ((0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (3, 0), (0, 3), (0, 5), (5, 0)):
                outer = (
                    (edge if sx < 0 else w - edge) - sx * x * u * 0.5,
                    (edge if sy < 0 else h - edge) - sy * y * u * 0.5,
                )
                inner = outer[0] - sx * u * reach, outer[1] - sy * u * reach
                ends = (outer, inner) if inward else (inner, outer)
                offers.append(Mark(*ends, thick))
        marks.append(_clearest(offers, avoid))
    clear = [mark for mark in marks if not _cost(mark, avoid)]
    return clear if len(clear) >= 2 else marks


def _cost(mark: Mark, avoid: Avoid) -> float:
    return sum(weight * mark.covers(box) for box, weight in avoid)


def _clearest(offers: Iterable[Mark], avoid: Avoid) -> Mark:
    """The first of those that cover least."""
    return min(offers, key=lambda mark: round(_cost(mark, avoid), 6))
