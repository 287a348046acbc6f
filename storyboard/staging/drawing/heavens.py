"""What a shot names that stands in its sky: moon, sun, stars, comet, planet, rainbow, cloud.

Drawn on the level picture (pixels, y down), between the upper edge and the horizon; large where
nobody is in the shot.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...story import PropKind, Time
from ..blocking.curves import ring

if TYPE_CHECKING:
    from .scenery import Scene

_SPOTS = (0.72, 0.3, 0.52, 0.86, 0.14)
"""Across the picture, where one after the other stands."""


def paint_heavens(scene: Scene) -> None:
    """Everything of :attr:`Scene.sky`, the wide things behind the small ones."""
    order = [kind for kind in _PAINT if kind in scene.sky]
    for index, kind in enumerate(order):
        x = 0.5 if scene.empty and len(order) == 1 else _SPOTS[index % len(_SPOTS)]
        _PAINT[kind](scene, x * scene.width, _height(scene), _size(scene))


def _size(scene: Scene) -> float:
    """Radius of a disc, pixels."""
    free = max(scene.horizon, scene.height * 0.2)
    return min(scene.unit * 1.9, free * 0.34) if scene.empty else scene.unit * 0.55


def _height(scene: Scene) -> float:
    free = min(scene.horizon, scene.height * 0.92)
    return max(_size(scene) * 1.25, free * (0.46 if scene.empty else 0.24))


def _moon(scene: Scene, x: float, y: float, r: float) -> None:
    canvas = scene.canvas
    canvas.glow(x, y, r * 3.4, "#9fb8ea" if scene.time is Time.NIGHT else "#ffffff", 0.55)
    canvas.cel(ring(x, y, r, count=28), "#f6f1d8", line=0.6, raw=True)
    craters = ((-0.36, -0.22, 0.22), (0.28, 0.32, 0.18), (0.22, -0.42, 0.13), (-0.2, 0.44, 0.12),
               (0.55, -0.05, 0.1))  # fmt: skip
    for dx, dy, k in craters:
        canvas.fill(ring(x + dx * r, y + dy * r, k * r), "#dfd8b6", raw=True)


def _sun(scene: Scene, x: float, y: float, r: float) -> None:
    canvas = scene.canvas
    canvas.glow(x, y, r * 4.2, "#ffdf8a", 0.8)
    for i in range(12):
        a = math.tau * i / 12
        near, far = r * 1.2, r * (1.55 if i % 2 else 1.4)
        canvas.stroke(
            ((x + near * math.cos(a), y + near * math.sin(a)),
             (x + far * math.cos(a), y + far * math.sin(a))),
            r * 0.09, "#ffcf5a", unit=True, raw=True,
        )  # fmt: skip
    canvas.cel(ring(x, y, r, count=28), "#ffe48a", line=0.6, raw=True)


def _spark(scene: Scene, x: float, y: float, r: float, tone: str = "#fff6c8") -> None:
    points = []
    for i in range(10):
        a = math.tau * i / 10 - math.pi / 2
        reach = r if i % 2 == 0 else r * 0.4
        points.append((x + reach * math.cos(a), y + reach * math.sin(a)))
    scene.canvas.glow(x, y, r * 3, "#cfdcff", 0.6)
    scene.canvas.cel(points, tone, smooth=False, line=0.9, raw=True)


def _star(scene: Scene, x: float, y: float, r: float) -> None:
    """One bright star among smaller ones."""
    rng = random.Random("stars")
    for _ in range(26):
        px, py = rng.uniform(0.03, 0.97) * scene.width, rng.uniform(0.04, 0.86) * scene.horizon
        scene.canvas.glow(px, py, scene.unit * 0.2, "#dfe8ff", 0.5)
        scene.canvas.dot(px, py, scene.unit * rng.uniform(0.02, 0.04), "#fffdf0", raw=True)
    _spark(scene, x, y, r * 0.8)


def _comet(scene: Scene, x: float, y: float, r: float) -> None:
    canvas = scene.canvas
    dx, dy = r * 4.6, -r * 1.7
    for wide, alpha, tone in (
        (0.5, 0.28, "#bcd4ff"),
        (0.3, 0.45, "#e4eeff"),
        (0.14, 0.8, "#ffffff"),
    ):
        canvas.fill(
            ((x + r * 0.1, y - r * wide), (x + dx, y + dy), (x + r * 0.1, y + r * wide)),
            tone, smooth=False, alpha=alpha, raw=True,
        )  # fmt: skip
    canvas.glow(x, y, r * 1.8, "#dce8ff", 0.8)
    canvas.cel(ring(x, y, r * 0.42, count=18), "#fffbe6", line=0.5, raw=True)


def _planet(scene: Scene, x: float, y: float, r: float) -> None:
    canvas = scene.canvas
    canvas.glow(x, y, r * 2.4, "#c9a8ff", 0.4)
    canvas.cel(ring(x, y, r * 0.8, count=26), "#c98f5f", line=0.7, shade=r * 0.18)
    for dy, tone in ((-0.3, "#dcae80"), (0.05, "#b87a4c"), (0.36, "#dcae80")):
        half = 0.8 * r * math.sqrt(max(0.05, 1 - (dy / 0.8) ** 2)) * 0.96
        canvas.stroke(((x - half, y + dy * r), (x, y + dy * r + r * 0.06), (x + half, y + dy * r)),
                      r * 0.12, tone, unit=True)  # fmt: skip
    tilt = 0.28
    band = [
        (x + 1.5 * r * math.cos(a), y + 0.34 * r * math.sin(a) - tilt * r * math.cos(a))
        for a in [math.pi * (i / 16) for i in range(17)]
    ]
    canvas.stroke(band, r * 0.12, "#e8d6b0", unit=True)


def _rainbow(scene: Scene, x: float, y: float, r: float) -> None:
    wide = min(scene.width * 0.46, scene.horizon * 1.1)
    tones = ("#d9534f", "#e8923a", "#f2d54a", "#5fae5a", "#4a86c8", "#6a5aa8")
    band = wide * 0.045
    for i, tone in enumerate(tones):
        reach = wide - i * band
        arc = [
            (scene.width / 2 + reach * math.cos(a), scene.horizon - reach * 0.9 * math.sin(a))
            for a in [math.pi * k / 30 for k in range(31)]
        ]
        scene.canvas.stroke(arc, band * 1.1, tone, unit=True, taper=(1, 1), alpha=0.75, raw=True)


def _cloud(scene: Scene, x: float, y: float, r: float) -> None:
    lit, dark = scene.hour.cloud
    size = r * 1.15
    puffs = ((-1.5, 0.0, 0.5), (-0.75, -0.32, 0.72), (0.1, -0.45, 0.85), (0.95, -0.2, 0.66),
             (1.6, 0.02, 0.42), (0.0, 0.05, 0.6), (-0.8, 0.08, 0.5), (0.8, 0.1, 0.5))  # fmt: skip
    shapes = [ring(x + dx * size, y + dy * size, k * size, k * size * 0.8) for dx, dy, k in puffs]
    for shape in shapes:
        scene.canvas.fill(shape + (size * 0.06, size * 0.16), dark, raw=True)
    scene.canvas.cels(shapes, lit, line=0.7)


def _aurora(scene: Scene, x: float, y: float, r: float) -> None:
    rng = random.Random("aurora")
    for tone, base in (("#58e0a0", 0.5), ("#6fb8f0", 0.38), ("#a878e8", 0.28)):
        top = scene.horizon * base
        for i in range(34):
            px = scene.width * (i + rng.random()) / 34
            sway = math.sin(i * 0.42 + base * 9) * scene.horizon * 0.1
            tall = scene.horizon * rng.uniform(0.16, 0.34)
            scene.canvas.stroke(
                ((px, top + sway), (px, top + sway - tall)), scene.width / 26, tone, unit=True,
                taper=(0.6, 0.1), alpha=0.16, raw=True,
            )  # fmt: skip


def _eclipse(scene: Scene, x: float, y: float, r: float) -> None:
    canvas = scene.canvas
    canvas.glow(x, y, r * 4.5, "#fff2c8", 0.85)
    canvas.fill(ring(x, y, r * 1.08, count=30), "#fff6d8", raw=True)
    canvas.fill(ring(x + r * 0.03, y, r, count=30), "#1a1a26", raw=True)


def _lightning(scene: Scene, x: float, y: float, r: float) -> None:
    paint_bolt(scene, x / scene.width, 0.0, 1.6 if scene.empty else 1.0)


def paint_bolt(scene: Scene, x: float, top: float, wide: float = 1.0) -> None:
    """A bolt of lightning from a height to the horizon. :param x: a share of the width."""
    rng = random.Random(f"bolt {x:.2f}")
    low = min(scene.horizon * 0.96, scene.height * 0.9)
    points, px = [], x * scene.width
    for i in range(8):
        points.append((px, top + (low - top) * i / 7))
        px += scene.unit * rng.choice((-0.5, -0.32, 0.3, 0.46)) * wide
    middle = points[3]
    fork = [middle, (middle[0] - scene.unit * 0.6, middle[1] + (low - top) * 0.16),
            (middle[0] - scene.unit * 0.75, middle[1] + (low - top) * 0.34)]  # fmt: skip
    scene.canvas.glow(middle[0], middle[1], scene.unit * 3.2, "#cfd8ff", 0.6)
    for line, thick in ((points, 0.09), (fork, 0.05)):
        scene.canvas.stroke(line, scene.unit * thick * wide * 1.9, "#6f7fd0", unit=True, raw=True,
                            smooth=False, alpha=0.55)  # fmt: skip
        scene.canvas.stroke(line, scene.unit * thick * wide, "#fffef0", unit=True, raw=True,
                            smooth=False)  # fmt: skip


_PAINT: dict[PropKind, Callable[[Scene, float, float, float], None]] = {
    PropKind.AURORA: _aurora,
    PropKind.RAINBOW: _rainbow,
    PropKind.STAR: _star,
    PropKind.SUN: _sun,
    PropKind.MOON: _moon,
    PropKind.ECLIPSE: _eclipse,
    PropKind.PLANET: _planet,
    PropKind.CLOUD: _cloud,
    PropKind.COMET: _comet,
    PropKind.LIGHTNING: _lightning,
}
