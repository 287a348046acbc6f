"""What people build and what grows: yurts, stalls, trees, houses. Metres, origin on the ground."""

from __future__ import annotations

import math
import random

import numpy as np

from ..blocking.curves import Affine, capsule, pairs, path, ring
from .ink import RGB, Canvas, mix, rgb
from .ornament import band, horns
from .palette import CREAM, CRIMSON, FELT, GOLD, TEAL, WOOD, WOOD_DARK

_SHADE = "#4a3552"


def draw_yurt(canvas: Canvas) -> None:
    """Kiiz ui: felt walls, domed roof, shanyrak at the top, ornament band, carved door."""
    wall = path("-2.6,0! -2.66,.9 -2.56,1.72! 0,1.5 2.56,1.72! 2.66,.9 2.6,0! 0,-.22")
    canvas.cel(wall, FELT)
    canvas.fill(
        path("1.5,1.5 2.1,1.6 2.56,1.72 2.66,.9 2.6,0! 1.7,-.12 1.9,.8"), _SHADE, alpha=0.22
    )
    roof = path(
        "-2.66,1.6! -2.3,2.2 -1.5,2.92 -.66,3.32 0,3.4 .66,3.32 1.5,2.92 2.3,2.2 "
        "2.66,1.6! 1.4,1.4 0,1.34 -1.4,1.4"
    )
    canvas.cel(roof, "#f7efdd")
    canvas.fill(path(".5,3.3 1.5,2.92 2.3,2.2 2.66,1.6 1.7,1.46 1.5,2.2"), _SHADE, alpha=0.2)
    canvas.cel(path("-.62,3.3 -.5,3.46 0,3.54 .5,3.46 .62,3.3 0,3.18"), "#8a3b2c")
    canvas.stroke(path("-.3,3.5 0,3.34 .3,3.5"), 0.6, CREAM)
    for x in (-1.9, -0.95, 0.95, 1.9):
        canvas.stroke(
            ((x * 0.28, 3.24), (x * 0.75, 2.6), (x, 1.52)), 0.07, "#b8453a", unit=True, taper=(1, 1)
        )
    canvas.fill(
        path(
            "-2.62,1.62 -1.4,1.42 0,1.36 1.4,1.42 2.62,1.62 2.6,1.4 1.3,1.14 0,1.08 "
            "-1.3,1.14 -2.6,1.4"
        ),
        _SHADE,
        alpha=0.35,
    )
    lower = path("-2.62,1.5 -1.3,1.24 0,1.16 1.3,1.24 2.62,1.5")
    canvas.stroke(lower, 0.36, "#a8322c", unit=True, taper=(1, 1))
    if canvas.pixels * 0.36 > 5:
        for i in range(9):
            x = -2.2 + i * 0.55
            y = 1.16 + (x / 2.62) ** 2 * 0.34
            horns(canvas, x, y, 0.3, CREAM, thick=0.16, turn=math.pi if i % 2 else 0)
    for y in (0.28, 0.72):
        canvas.stroke(
            ((-2.62, y + 0.12), (-1.3, y - 0.05), (0, y - 0.1), (1.3, y - 0.05), (2.62, y + 0.12)),
            0.7,
            "#b39b6e",
        )
    canvas.cel(path("-.56,-.2 .56,-.2 .56,1.3 -.56,1.3"), WOOD_DARK, smooth=False)
    for s in (-1, 1):
        canvas.cel(
            ((s * 0.02, -0.16), (s * 0.46, -0.16), (s * 0.46, 1.2), (s * 0.02, 1.2)),
            "#c4622d",
            smooth=False,
            line=0.7,
        )
        for y in (0.2, 0.82):
            horns(canvas, s * 0.24, y, 0.34, CREAM, thick=0.13)


def draw_stall(canvas: Canvas, cloth: str = CRIMSON, wares: int = 0) -> None:
    """A bazaar stall under a striped awning."""
    for x in (-1.25, 1.25):
        canvas.cel(capsule((x, 0.0), 0.05, (x, 2.2), 0.045), WOOD_DARK, smooth=False)
    canvas.fill(path("-1.2,.8 1.2,.8 1.2,2.1 -1.2,2.1"), "#5a4235", smooth=False)
    _goods(canvas, wares)
    canvas.cel(path("-1.36,0 1.36,0 1.36,.86 -1.36,.86"), WOOD, smooth=False, shade=0.08)
    canvas.cel(path("-1.42,.8 1.42,.8 1.42,.92 -1.42,.92"), WOOD_DARK, smooth=False, line=0.7)
    band(canvas, (-1.2, 0.42), (1.2, 0.42), 0.34, CREAM, limit=6)
    stripes = 8
    for i in range(stripes):
        a, b = -1.6 + i * 0.4, -1.2 + i * 0.4
        ta, tb = a * 0.82, b * 0.82
        tone = cloth if i % 2 else CREAM
        canvas.cel(
            (
                (ta, 2.72),
                (ta, 2.72),
                (tb, 2.72),
                (tb, 2.72),
                (b, 2.12),
                (b, 2.12),
                ((a + b) / 2, 1.94),
                (a, 2.12),
                (a, 2.12),
            ),
            tone,
            line=0.7,
        )


def _goods(canvas: Canvas, wares: int) -> None:
    """What lies on the counter: fruit, pots or rolls of cloth."""
    if wares % 3 == 0:
        for x, tone in ((-0.9, "#d9662f"), (-0.3, "#c23b35"), (0.3, "#8fae3c"), (0.9, "#e2a93b")):
            for dx, dy in ((-0.16, 0), (0, 0), (0.16, 0), (-0.08, 0.13), (0.08, 0.13), (0, 0.26)):
                canvas.cel(ring(x + dx, 0.98 + dy, 0.09, 0.09, count=8), tone, line=0.5)
    elif wares % 3 == 1:
        for x, s, tone in (
            (-0.95, 1.0, "#b5673a"),
            (-0.35, 0.8, TEAL),
            (0.25, 1.1, "#c98a4b"),
            (0.9, 0.85, "#9c4434"),
        ):
            canvas.cel(
                (
                    (x - 0.1 * s, 0.9),
                    (x - 0.24 * s, 1.16),
                    (x - 0.1 * s, 1.46),
                    (x - 0.13 * s, 1.58),
                    (x + 0.13 * s, 1.58),
                    (x + 0.1 * s, 1.46),
                    (x + 0.24 * s, 1.16),
                    (x + 0.1 * s, 0.9),
                ),
                tone,
                shade=0.05,
                line=0.8,
            )
    else:
        for i, tone in enumerate((CRIMSON, TEAL, GOLD, "#6b4a86", "#d9d0b8", "#3f6f8f")):
            x = -1.0 + (i % 3) * 0.95
            y = 1.02 + (i // 3) * 0.24
            canvas.cel(
                capsule((x - 0.3, y), 0.12, (x + 0.3, y), 0.12, 6), tone, smooth=False, line=0.7
            )
            canvas.cel(ring(x + 0.3, y, 0.07, 0.12, count=8), CREAM, line=0.6)


def draw_tree(canvas: Canvas) -> None:
    """A lone steppe elm."""
    canvas.cel(
        path(
            "-.26,0 -.16,.6 -.2,1.4 -.5,2.2 -.36,2.3 -.02,1.7 .3,2.5 .5,2.4 .2,1.3 "
            ".18,.6 .34,0 0,-.06"
        ),
        "#75543a",
        shade=0.1,
    )
    crown_of(
        canvas,
        (
            (-0.85, 2.55, 0.85),
            (0.8, 2.7, 0.9),
            (-0.2, 3.3, 1.05),
            (0.55, 3.75, 0.7),
            (0.0, 2.55, 0.8),
        ),
        "#6f8f3f",
    )


def crown_of(
    canvas: Canvas, balls: tuple[tuple[float, float, float], ...], tone: RGB | str
) -> None:
    """Foliage of several round masses."""
    shapes = []
    for x, y, r in balls:
        count = 14
        angle = np.arange(count) * (2 * math.pi / count)
        wave = r * (1 + np.where(np.arange(count) % 2, 0.09, -0.07))
        shapes.append(pairs(x + np.cos(angle) * wave, y + np.sin(angle) * wave * 0.82))
    canvas.cels(shapes, tone, shade=0.3)
    base = rgb(tone) if isinstance(tone, str) else tone
    for x, y, r in balls:
        for dx, dy in ((-0.35, 0.3), (0.1, 0.42), (-0.1, 0.05)):
            canvas.stroke(
                (
                    (x + dx * r - 0.12 * r, y + dy * r),
                    (x + dx * r, y + dy * r + 0.1 * r),
                    (x + dx * r + 0.14 * r, y + dy * r),
                ),
                0.7,
                mix(base, (255, 250, 190), 0.35),
            )


def draw_spruce(canvas: Canvas, tone: RGB | str = "#3f6b52") -> None:
    """A Tian Shan spruce: narrow as a candle. 7 m."""
    canvas.cel(path("-.14,0 .14,0 .08,.9 -.08,.9"), "#5c4433", smooth=False)
    for low, high, wide in ((0.6, 2.8, 1.15), (1.9, 4.2, 0.92), (3.3, 5.6, 0.68), (4.7, 7.0, 0.44)):
        canvas.cel(
            (
                (-wide, low),
                (-wide, low),
                (-wide * 0.4, (low + high) / 2),
                (0, high),
                (0, high),
                (wide * 0.4, (low + high) / 2),
                (wide, low),
                (wide, low),
                (wide * 0.5, low + 0.16),
                (0, low - 0.12),
                (-wide * 0.5, low + 0.16),
            ),
            tone,
            shade=0.22,
        )


def draw_birch(canvas: Canvas, tone: RGB | str = "#8fa84e") -> None:
    """A white trunk and light leaves. 6 m."""
    canvas.cel(
        path("-.12,0 -.07,2.4 -.03,4.6 .05,4.6 .09,2.4 .14,0"), "#efe9dd", smooth=False, shade=0.05
    )
    for y in (0.5, 1.1, 1.5, 2.3, 2.9):
        canvas.stroke(((-0.08, y), (0.03, y + 0.03)), 0.9, "#4a423c")
    crown_of(
        canvas, ((-0.5, 3.4, 0.75), (0.5, 3.9, 0.8), (-0.1, 4.8, 0.85), (0.25, 5.6, 0.55)), tone
    )


def draw_house(
    canvas: Canvas,
    wide: float,
    tall: float,
    tone: str,
    roof: str,
    rng: random.Random,
    lit: bool = False,
) -> None:
    """A clay town house, flat or domed, with arched openings; some windows may be ``lit``."""
    half = wide / 2
    if roof == "dome":
        r = half * 0.72
        canvas.cel(
            (
                (-r, tall),
                (-r * 1.05, tall + r * 0.5),
                (-r * 0.55, tall + r * 1.0),
                (0, tall + r * 1.28),
                (r * 0.55, tall + r * 1.0),
                (r * 1.05, tall + r * 0.5),
                (r, tall),
            ),
            "#3f8f96",
            shade=r * 0.22,
        )
        canvas.cel(
            capsule((0, tall + r * 1.22), 0.05, (0, tall + r * 1.5), 0.03), GOLD, smooth=False
        )
    canvas.cel(
        ((-half, 0.0), (half, 0.0), (half, tall), (-half, tall)),
        tone,
        smooth=False,
        shade=wide * 0.1,
    )
    if roof != "dome":
        canvas.cel(
            (
                (-half - 0.12, tall - 0.05),
                (half + 0.12, tall - 0.05),
                (half + 0.12, tall + 0.18),
                (-half - 0.12, tall + 0.18),
            ),
            tone,
            smooth=False,
            line=0.8,
        )
        for i in range(max(2, round(wide / 0.8))):
            x = -half + (i + 0.5) * wide / max(2, round(wide / 0.8))
            canvas.dot(x, tall - 0.28, 0.07, WOOD_DARK)
    count = max(1, round(wide / 1.7))
    for i in range(count):
        x = -half + (i + 0.5) * wide / count
        if i == count // 2:
            _arch(canvas, x, 0.0, 0.42, 1.7, "#5c3f2d")
        else:
            _arch(canvas, x, tall * 0.42, 0.28, 0.8, "#4a3a3a", lit and rng.random() < 0.5)
        if tall > 3.6 and rng.random() < 0.9:
            _arch(canvas, x, tall * 0.66, 0.24, 0.7, "#4a3a3a", lit and rng.random() < 0.5)


def _arch(
    canvas: Canvas, x: float, y: float, half: float, tall: float, tone: str, lit: bool = False
) -> None:
    if lit:
        canvas.glow(x, y + tall / 2, tall * 1.3, "#ffc46b", 0.5)
    canvas.cel(
        (
            (x - half, y),
            (x - half, y),
            (x - half, y + tall * 0.66),
            (x, y + tall),
            (x, y + tall),
            (x + half, y + tall * 0.66),
            (x + half, y),
            (x + half, y),
        ),
        "#ffd27a" if lit else tone,
        line=0.7,
        raw=lit,
    )


def draw_minaret(canvas: Canvas, tall: float) -> None:
    """A slender tower with a blue cap."""
    canvas.cel(
        ((-0.55, 0.0), (0.55, 0.0), (0.4, tall), (-0.4, tall)), "#d9b483", smooth=False, shade=0.14
    )
    for share in (0.3, 0.55, 0.8):
        canvas.stroke(
            ((-0.5, tall * share), (0.5, tall * share)), 0.16, TEAL, unit=True, taper=(1, 1)
        )
    canvas.cel(
        ((-0.6, tall), (0.6, tall), (0.6, tall + 0.3), (-0.6, tall + 0.3)), "#d9b483", smooth=False
    )
    canvas.cel(
        (
            (-0.42, tall + 0.3),
            (-0.46, tall + 0.8),
            (0, tall + 1.5),
            (0, tall + 1.5),
            (0.46, tall + 0.8),
            (0.42, tall + 0.3),
        ),
        "#3f8f96",
        shade=0.12,
    )


def smoke(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A thin column of hearth smoke."""
    with canvas.local(Affine(a=size, e=size, c=x, f=y)):
        canvas.stroke(
            path("0,0 .18,.5 -.08,1 .2,1.6 .1,2.2"),
            0.26,
            "#ffffff",
            unit=True,
            taper=(0.35, 0.9),
            alpha=0.42,
        )
