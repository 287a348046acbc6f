"""Stand-ins: what has no drawing of its own is a block of its bulk, in card and construction lines.

Its label is written by :mod:`...letters.labels` on the plate it leaves free.
"""

from __future__ import annotations

from ...story import Bulk
from ..blocking.curves import ring
from .ink import Canvas

CARD, SIDE, TOP, LINE = "#ece5d3", "#cfc4ab", "#f7f2e6", "#8f8672"

Plate = tuple[float, float, float, float]
"""Left, bottom, right, top in the thing's frame, metres."""

PLATES: dict[Bulk, Plate] = {
    Bulk.HAND: (-0.155, 0.02, 0.115, 0.2),
    Bulk.FURNITURE: (-0.48, 0.16, 0.36, 0.66),
    Bulk.VEHICLE: (-1.85, 0.5, 0.35, 1.06),
    Bulk.BUILDING: (-2.7, 1.9, 2.7, 3.5),
}
"""Where the label stands."""


def draw_placeholder(canvas: Canvas, bulk: Bulk) -> None:
    """A block of card as large as that."""
    _DRAW[bulk](canvas)


def _dashes(canvas: Canvas, a: tuple[float, float], b: tuple[float, float], count: int) -> None:
    for i in range(count):
        s, t = (i + 0.15) / count, (i + 0.75) / count
        canvas.stroke(
            (
                (a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s),
                (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t),
            ),
            0.5,
            LINE,
            taper=(1, 1),
        )


def _block(
    canvas: Canvas, x0: float, y0: float, x1: float, y1: float, deep: float, rise: float
) -> None:
    """A box seen from the front, a little from above and the right."""
    canvas.cel(
        ((x1, y0), (x1 + deep, y0 + rise), (x1 + deep, y1 + rise), (x1, y1)), SIDE, smooth=False
    )
    canvas.cel(
        ((x0, y1), (x1, y1), (x1 + deep, y1 + rise), (x0 + deep, y1 + rise)), TOP, smooth=False
    )
    canvas.cel(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), CARD, smooth=False)
    for i in range(1, 5):
        t = i / 5
        canvas.stroke(
            ((x1 + deep * t, y0 + rise * t), (x1 + deep * t, y0 + rise * t + (y1 - y0) * 0.82)),
            0.35,
            LINE,
            taper=(1, 0.4),
        )


def _plate(canvas: Canvas, plate: Plate) -> None:
    """A clean field for the words."""
    x0, y0, x1, y1 = plate
    canvas.cel(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), "#fdfaf1", smooth=False, line=0.5)


def _hand(canvas: Canvas) -> None:
    _block(canvas, -0.17, 0.0, 0.13, 0.24, 0.05, 0.05)
    _plate(canvas, PLATES[Bulk.HAND])


def _furniture(canvas: Canvas) -> None:
    _block(canvas, -0.55, 0.0, 0.42, 0.86, 0.15, 0.14)
    _dashes(canvas, (-0.55, 0.0), (0.42, 0.86), 12)
    _dashes(canvas, (0.42, 0.0), (-0.55, 0.86), 12)
    _plate(canvas, PLATES[Bulk.FURNITURE])


def _vehicle(canvas: Canvas) -> None:
    for x in (-1.25, 1.2):
        canvas.cel(ring(x, 0.34, 0.34, 0.34, count=16), SIDE)
        canvas.cel(ring(x, 0.34, 0.15, 0.15), CARD, line=0.6)
    canvas.cel(((-1.25, 1.05), (-0.85, 1.62), (0.95, 1.62), (1.35, 1.05)), TOP, smooth=False)
    for x in (-0.3, 0.5):
        _dashes(canvas, (x, 1.08), (x, 1.6), 5)
    canvas.cel(((-2.0, 0.36), (2.0, 0.36), (2.0, 1.14), (-2.0, 1.14)), CARD, smooth=False)
    for x in (-1.25, 1.2):
        canvas.cel(ring(x, 0.34, 0.3, 0.3, count=16), SIDE, line=0.7)
        canvas.cel(ring(x, 0.34, 0.13, 0.13), CARD, line=0.6)
    _plate(canvas, PLATES[Bulk.VEHICLE])


def _building(canvas: Canvas) -> None:
    _block(canvas, -3.7, 0.0, 3.1, 4.6, 0.6, 0.42)
    canvas.cel(((-4.0, 4.6), (-0.2, 6.0), (3.9, 4.75), (3.4, 4.6)), TOP, smooth=False)
    canvas.cel(((-4.0, 4.6), (-0.35, 5.95), (3.3, 4.6)), CARD, smooth=False)
    for x in (-2.7, -1.4, 0.8, 2.1):
        for a, b in (((x - 0.32, 3.75), (x + 0.32, 3.75)), ((x - 0.32, 4.3), (x + 0.32, 4.3))):
            _dashes(canvas, a, b, 4)
        for side in (-0.32, 0.32):
            _dashes(canvas, (x + side, 3.75), (x + side, 4.3), 4)
    canvas.cel(
        ((-0.75, 0.0), (0.15, 0.0), (0.15, 1.65), (-0.75, 1.65)), TOP, smooth=False, line=0.6
    )
    _plate(canvas, PLATES[Bulk.BUILDING])


_DRAW = {
    Bulk.HAND: _hand,
    Bulk.FURNITURE: _furniture,
    Bulk.VEHICLE: _vehicle,
    Bulk.BUILDING: _building,
}
