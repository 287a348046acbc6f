"""Kazakh ornament: the ram's horn and the bands made of it."""

from __future__ import annotations

import math

import numpy as np

from ..blocking.curves import Affine, path
from .ink import RGB, Canvas

_HORN = path("0,-.5 .02,0 .13,.36 .36,.42 .46,.2 .34,.04 .22,.16")
_MIRROR = np.array((-1.0, 1.0))


def horns(
    canvas: Canvas,
    x: float,
    y: float,
    size: float,
    colour: RGB | str,
    *,
    turn: float = 0.0,
    thick: float = 0.13,
    raw: bool = False,
) -> None:
    """One pair of ram's horns, ``size`` wide and high, around (x, y); nothing where the story is
    not of the steppe.

    :param turn: counter-clockwise, radians.
    :param thick: of the line, as a share of the size.
    """
    if not canvas.ornate:
        return
    cos, sin = math.cos(turn) * size, math.sin(turn) * size
    frame = Affine(cos, -sin, x, sin, cos, y)
    if size * canvas.view.scale < 9:
        canvas.dot(x, y, size * 0.3, colour, raw=raw)
        return
    for side in (1.0, _MIRROR):
        canvas.stroke(
            frame(_HORN * side), size * thick, colour, taper=(0.9, 0.6), unit=True, raw=raw
        )


def band(
    canvas: Canvas,
    start: tuple[float, float],
    end: tuple[float, float],
    high: float,
    colour: RGB | str,
    *,
    raw: bool = False,
    limit: int = 24,
) -> None:
    """A row of horns, turned up and down in turn, between two points; ``high`` across. A plain
    stripe where the story is not of the steppe.
    """
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    if high * canvas.view.scale < 5 or length < high:
        return
    if not canvas.ornate:
        canvas.stroke((start, end), high * 0.22, colour, unit=True, taper=(1, 1), raw=raw)
        return
    count = max(1, min(limit, round(length / (high * 1.25))))
    turn = math.atan2(dy, dx)
    for i in range(count):
        t = (i + 0.5) / count
        horns(
            canvas,
            start[0] + dx * t,
            start[1] + dy * t,
            high * 0.8,
            colour,
            turn=turn + (math.pi if i % 2 else 0.0),
            raw=raw,
        )


def diamonds(
    canvas: Canvas,
    start: tuple[float, float],
    end: tuple[float, float],
    high: float,
    colour: RGB | str,
    *,
    limit: int = 40,
) -> None:
    """A row of lozenges between two points."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    if high * canvas.view.scale < 3 or length < high:
        return
    count = max(1, min(limit, round(length / (high * 1.5))))
    ux, uy = dx / length * high / 2, dy / length * high / 2
    for i in range(count):
        t = (i + 0.5) / count
        x, y = start[0] + dx * t, start[1] + dy * t
        canvas.fill(
            ((x - ux, y - uy), (x - uy, y + ux), (x + ux, y + uy), (x + uy, y - ux)),
            colour,
            smooth=False,
        )
