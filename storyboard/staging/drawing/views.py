"""What is seen through a window: the sky of the hour and what lies under it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from ..blocking.curves import ring
from .ink import mix, rgb
from .kit import Point, Stage

Face = Callable[[float, float], Point]
"""From (0…1 to the right, 0…1 up) of a window to pixels."""


def paint_view(stage: Stage, face: Face, kind: str, seed: int) -> None:
    """Fill a window. ``kind``: sky, city, hills, trees, sea, road, clouds, stars, water, dark."""
    _VIEWS[kind](stage, face, random.Random(seed))


def _fill(stage: Stage, face: Face, points: Sequence[Point], tone, **how) -> None:  # noqa: ANN001, ANN003
    stage.canvas.fill([face(u, v) for u, v in points], tone, smooth=False, raw=True, **how)


def _box(stage: Stage, face: Face, u0: float, v0: float, u1: float, v1: float, tone) -> None:  # noqa: ANN001
    _fill(stage, face, ((u0, v0), (u1, v0), (u1, v1), (u0, v1)), tone)


def _sky(stage: Stage, face: Face, rng: random.Random) -> None:
    sky = stage.scene.hour.sky if not stage.night else _NIGHT
    for i in range(5):
        t = i / 4
        index = min(len(sky) - 1, round(t * (len(sky) - 1)))
        _box(stage, face, 0, 1 - (i + 1) / 5, 1, 1 - i / 5, rgb(sky[index][1]))
    if stage.night:
        for _ in range(7):
            u, v = rng.uniform(0.06, 0.94), rng.uniform(0.45, 0.95)
            _box(stage, face, u, v, u + 0.02, v + 0.014, rgb("#eef2ff"))
        u, v = rng.uniform(0.2, 0.75), 0.74
        _fill(
            stage,
            face,
            [(u + (x - u) * 1.0, y) for x, y in ring(u, v, 0.09, 0.085, count=14)],
            rgb("#f6f1d8"),
        )


_NIGHT = ((0, "#101a3c"), (0.6, "#1f3362"), (1, "#46638f"))


def _city(stage: Stage, face: Face, rng: random.Random) -> None:
    _sky(stage, face, rng)
    air = rgb("#46638f") if stage.night else rgb(stage.scene.hour.air)
    for depth, share in ((0.35, 0.5), (0.7, 0.0)):
        u = -0.05
        while u < 1:
            wide = rng.uniform(0.1, 0.2)
            high = rng.uniform(0.25, 0.62) * (1.15 - depth * 0.5)
            dark = rgb("#1a2440") if stage.night else rgb("#6f86a0")
            tone = mix(dark, air, share + 0.15)
            a, b = max(0.0, u), min(1.0, u + wide)
            if b - a > 0.02:
                _box(stage, face, a, 0, b, high, tone)
            for i in range(3):
                for j in range(int(high / 0.09)):
                    if rng.random() < 0.45 and b - a > 0.08:
                        x = a + (b - a) * (0.14 + 0.28 * i)
                        lit = rgb("#ffd98a") if stage.night else mix(tone, (235, 245, 250), 0.45)
                        _box(stage, face, x, 0.03 + j * 0.09, x + 0.025, 0.07 + j * 0.09, lit)
            u += wide + rng.uniform(0, 0.03)


def _hills(stage: Stage, face: Face, rng: random.Random) -> None:
    _sky(stage, face, rng)
    for base, tone in ((0.42, "#8a97b8"), (0.3, "#8fa06a")):
        points = [(0.0, 0.0)]
        points += [(i / 6, base + rng.uniform(-0.07, 0.09)) for i in range(7)]
        colour = stage.canvas.colour(tone)
        _fill(stage, face, [*points, (1.0, 0.0)], _darker(stage, colour))


def _trees(stage: Stage, face: Face, rng: random.Random) -> None:
    _hills(stage, face, rng)
    for i in range(5):
        u, top = 0.1 + i * 0.2 + rng.uniform(-0.05, 0.05), rng.uniform(0.45, 0.7)
        tone = _darker(stage, stage.canvas.colour("#5f8a4c" if i % 2 else "#4f7a48"))
        _box(stage, face, u - 0.012, 0, u + 0.012, 0.3, _darker(stage, (92, 68, 51)))
        crown = [(min(1, max(0, x)), y) for x, y in ring(u, top - 0.15, 0.11, 0.18, count=10)]
        _fill(stage, face, crown, tone)


def _sea(stage: Stage, face: Face, rng: random.Random) -> None:
    _sky(stage, face, rng)
    _box(stage, face, 0, 0, 1, 0.42, _darker(stage, (70, 130, 160)))
    for _ in range(6):
        u, v = rng.uniform(0.05, 0.7), rng.uniform(0.05, 0.38)
        _box(stage, face, u, v, u + 0.2, v + 0.012, _darker(stage, (190, 220, 228)))


def _road(stage: Stage, face: Face, rng: random.Random) -> None:
    _city(stage, face, rng)
    _box(stage, face, 0, 0, 1, 0.16, _darker(stage, (98, 100, 108)))
    _box(stage, face, 0.08, 0.07, 0.34, 0.09, _darker(stage, (225, 220, 200)))
    _box(stage, face, 0.56, 0.07, 0.82, 0.09, _darker(stage, (225, 220, 200)))


def _clouds(stage: Stage, face: Face, rng: random.Random) -> None:
    _sky(stage, face, rng)
    lit = rgb(stage.scene.hour.cloud[0] if not stage.night else "#5c74a4")
    for i in range(4):
        u, v = 0.12 + i * 0.25, rng.uniform(0.12, 0.3)
        puff = [(min(1, max(0, x)), max(0, y)) for x, y in ring(u, v, 0.2, 0.12, count=12)]
        _fill(stage, face, puff, lit)
    _box(stage, face, 0, 0, 1, 0.14, lit)


def _stars(stage: Stage, face: Face, rng: random.Random) -> None:
    _box(stage, face, 0, 0, 1, 1, rgb("#0b1026"))
    for _ in range(26):
        u, v = rng.uniform(0.02, 0.97), rng.uniform(0.02, 0.97)
        size = rng.choice((0.006, 0.01, 0.014))
        _box(stage, face, u, v, u + size, v + size * 1.3, rgb("#eef2ff"))
    u, v = rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.6)
    for grow, tone in ((1.0, "#3f6fa8"), (0.86, "#5f97c4")):
        disc = ring(u + (1 - grow) * 0.1, v + (1 - grow) * 0.1, 0.2 * grow, 0.26 * grow, count=18)
        _fill(stage, face, [(min(1, max(0, x)), min(1, max(0, y))) for x, y in disc], rgb(tone))


def _water(stage: Stage, face: Face, rng: random.Random) -> None:
    for i, tone in enumerate(("#1f5f7f", "#2b7492", "#3f8fa8", "#5fb0c0")):
        _box(stage, face, 0, i / 4, 1, (i + 1) / 4, _darker(stage, rgb(tone), 0.35))
    for _ in range(6):
        u, v = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9)
        disc = [(min(1, max(0, x)), min(1, max(0, y))) for x, y in ring(u, v, 0.03, 0.03)]
        _fill(stage, face, disc, _darker(stage, (190, 230, 238), 0.2))


def _dark(stage: Stage, face: Face, rng: random.Random) -> None:
    _box(stage, face, 0, 0, 1, 1, rgb("#20222e"))
    for i in range(3):
        v = 0.2 + i * 0.25 + rng.uniform(-0.04, 0.04)
        _box(stage, face, 0.05, v, 0.95, v + 0.012, rgb("#3a3f52"))
    _box(stage, face, 0.44, 0.62, 0.56, 0.68, rgb("#ffd98a"))


def _darker(stage: Stage, tone, share: float = 0.62):  # noqa: ANN001, ANN202
    """A colour outside at this hour, seen from within."""
    return mix(tone, (18, 28, 62), share) if stage.night else tone


_VIEWS = {
    "sky": _sky,
    "city": _city,
    "hills": _hills,
    "trees": _trees,
    "sea": _sea,
    "road": _road,
    "clouds": _clouds,
    "stars": _stars,
    "water": _water,
    "dark": _dark,
}
