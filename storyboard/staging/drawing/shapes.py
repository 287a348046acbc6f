"""Drawings as data: a thing is a list of lines, each of them one shape.

A line is ``shape colour numbers…``; metres, the origin on the ground under the middle:

``box c x0 y0 x1 y1``        rectangle
``disc c x y rx [ry]``       ellipse
``poly c x,y x,y …``         closed shape with corners
``blob c x,y x,y! …``        closed smooth shape, ``!`` marks a corner
``bar c x0,y0 r0 x1,y1 r1``  two circles and the band between them
``line c w x,y x,y …``       brush line of that width
``curve c w x,y x,y …``      the same, smooth
``grid c w x0 y0 x1 y1 m n`` lines that part a rectangle into m columns and n rows
``pane x0 y0 x1 y1``         glass, lit from within where there is light
``lamp x y r``               a source of light, which shines by night
``wheel x y r``              a wheel with its tyre

A colour is ``#rrggbb`` or a name of :data:`COLOURS`. ``~`` before a shape leaves out its ink line,
``*`` after a colour lets it shine by itself. ``/`` after the colour shades the form.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

from ..blocking.curves import Points, capsule, path, ring
from .ink import Canvas
from .palette import CREAM, CRIMSON, GOLD, GOLD_DARK, TEAL, WOOD, WOOD_DARK

COLOURS = {
    "wood": WOOD,
    "dark": WOOD_DARK,
    "gold": GOLD,
    "bronze": GOLD_DARK,
    "red": CRIMSON,
    "teal": TEAL,
    "cream": CREAM,
    "white": "#f4f1ea",
    "grey": "#9aa0a8",
    "steel": "#c3cad2",
    "iron": "#5a606b",
    "black": "#33323a",
    "blue": "#3f6f9f",
    "sky": "#9cc4dc",
    "green": "#5f8a4c",
    "leaf": "#6f9a48",
    "yellow": "#e8bf4a",
    "orange": "#d9813a",
    "pink": "#d98a94",
    "brick": "#b5694a",
    "stone": "#a9a298",
    "skin": "#e3ae80",
    "straw": "#d8b25f",
    "purple": "#7a5a96",
}
GLASS, LIT = "#a9c9d8", "#ffd98a"


@cache
def drawings() -> dict[str, tuple[str, ...]]:
    """The drawings of ``drawings.json`` by name: props, and pieces of sets that are no props."""
    file = Path(__file__).with_name("drawings.json")
    return {name: tuple(lines) for name, lines in json.loads(file.read_text("utf-8")).items()}


def draw_shapes(canvas: Canvas, lines: tuple[str, ...], lit: bool = False) -> None:
    """Draw a thing in the canvas's frame.

    :param lit: its lamps and windows shine.
    """
    for line in lines:
        shape, arguments = _parsed(line)
        shape(canvas, lit, *arguments)


@lru_cache(maxsize=4096)
def _parsed(line: str) -> tuple[Callable[..., None], tuple]:
    """:raises ValueError: if that is no shape."""
    name, *words = line.split()
    inked = not name.startswith("~")
    name = name.lstrip("~")
    if name in ("pane", "lamp", "wheel"):
        numbers = tuple(float(word) for word in words)
        return {"pane": _pane, "lamp": _lamp, "wheel": _wheel}[name], numbers
    if name not in ("box", "disc", "poly", "blob", "bar", "line", "curve", "grid"):
        raise ValueError(f"there is no shape {name!r}, in {line!r}")
    raw, shade = words[0].endswith("*"), words[0].endswith("/")
    colour = COLOURS.get(words[0].rstrip("*/"), words[0].rstrip("*/"))
    rest = words[1:]
    if name in ("line", "curve"):
        return _stroke, (path(" ".join(rest[1:])), float(rest[0]), colour, raw, name == "curve")
    if name == "grid":
        width, x0, y0, x1, y1, m, n = map(float, rest)
        return _grid, (colour, width, x0, y0, x1, y1, int(m), int(n))
    points: Points
    if name == "box":
        x0, y0, x1, y1 = map(float, rest)
        points = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    elif name == "disc":
        x, y, rx, *ry = map(float, rest)
        points = ring(x, y, rx, ry[0] if ry else rx)
    elif name == "bar":
        (a, b), (ra, rb) = path(f"{rest[0]} {rest[2]}"), (float(rest[1]), float(rest[3]))
        points = capsule(a, ra, b, rb, 7)
    else:
        points = path(" ".join(rest))
    spans = [max(p[i] for p in points) - min(p[i] for p in points) for i in (0, 1)]
    depth = 0.14 * float(min(spans)) if shade else 0.0
    smooth = name in ("disc", "blob")
    return _cel, (points, colour, inked, raw, smooth, depth)


def _cel(
    canvas: Canvas,
    _lit: bool,
    points: Points,
    colour: str,
    inked: bool,
    raw: bool,
    smooth: bool,
    shade: float,
) -> None:
    canvas.cel(points, colour, smooth=smooth, line=0.8 if inked else 0, shade=shade, raw=raw)


def _stroke(
    canvas: Canvas, _lit: bool, points: Points, width: float, colour: str, raw: bool, smooth: bool
) -> None:
    canvas.stroke(points, width, colour, unit=True, taper=(1, 1), smooth=smooth, raw=raw)


def _grid(
    canvas: Canvas,
    _lit: bool,
    colour: str,
    width: float,
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    m: int,
    n: int,
) -> None:
    for i in range(1, m):
        x = x0 + (x1 - x0) * i / m
        canvas.stroke(((x, y0), (x, y1)), width, colour, unit=True, taper=(1, 1))
    for i in range(1, n):
        y = y0 + (y1 - y0) * i / n
        canvas.stroke(((x0, y), (x1, y)), width, colour, unit=True, taper=(1, 1))


def _pane(canvas: Canvas, lit: bool, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.cel(
        ((x0, y0), (x1, y0), (x1, y1), (x0, y1)),
        LIT if lit else GLASS,
        smooth=False,
        line=0.7,
        raw=lit,
    )
    if not lit:
        w, h = x1 - x0, y1 - y0
        canvas.fill(
            (
                (x0 + w * 0.12, y0 + h * 0.3),
                (x0 + w * 0.45, y1 - h * 0.08),
                (x0 + w * 0.65, y1 - h * 0.08),
                (x0 + w * 0.2, y0 + h * 0.12),
            ),
            "#ffffff",
            smooth=False,
            alpha=0.35,
        )


def _lamp(canvas: Canvas, lit: bool, x: float, y: float, r: float) -> None:
    if lit:
        canvas.glow(x, y, r * 7, "#ffcf7a", 0.55)
    canvas.cel(ring(x, y, r, r), "#ffe9b0" if lit else "#f3ead6", line=0.7, raw=lit)


def _wheel(canvas: Canvas, _lit: bool, x: float, y: float, r: float) -> None:
    canvas.cel(ring(x, y, r, r, count=16), "#3a383f", line=0.8)
    canvas.cel(ring(x, y, r * 0.55, r * 0.55), "#b9bec6", line=0.5)
    canvas.dot(x, y, r * 0.16, "#5a606b")
