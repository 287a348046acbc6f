"""Points, curves and frames: the geometry under every drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

Point = Sequence[float] | np.ndarray
"""x, y in the current local frame."""
Points = Sequence[Point] | np.ndarray
"""(n, 2)."""


class Affine(NamedTuple):
    """x' = a·x + b·y + c, y' = d·x + e·y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    @classmethod
    def place(
        cls, x: float, y: float, scale: float, *, flip: bool = False, roll: float = 0.0
    ) -> Affine:
        """Local metres (y up) to a picture where the origin lies at (x, y).

        :param scale: pixels per metre.
        :param flip: mirror left and right.
        :param roll: clockwise turn on the picture, radians.
        """
        cos, sin = math.cos(roll) * scale, math.sin(roll) * scale
        sign = -1.0 if flip else 1.0
        return cls(cos * sign, sin, x, sin * sign, -cos, y)

    def then(self, outer: Affine) -> Affine:
        """First this map, then ``outer``."""
        a, b, c, d, e, f = self
        oa, ob, oc, od, oe, of = outer
        return Affine(
            oa * a + ob * d,
            oa * b + ob * e,
            oa * c + ob * f + oc,
            od * a + oe * d,
            od * b + oe * e,
            od * c + oe * f + of,
        )

    def __call__(self, points: Points) -> np.ndarray:
        """Map (n, 2) points."""
        p = np.asarray(points, dtype=np.float64)
        x, y = p[:, 0], p[:, 1]
        return pairs(self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f)

    @property
    def scale(self) -> float:
        """Length of a local unit, in outer units."""
        return math.hypot(self.a, self.d)


def pairs(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Coordinates side by side, (n, 2); faster than ``np.stack`` for a few points."""
    points = np.empty((len(x), 2))
    points[:, 0], points[:, 1] = x, y
    return points


@lru_cache(maxsize=1024)
def path(text: str) -> np.ndarray:
    """Points written as ``"x,y x,y! …"``, (n, 2); ``!`` marks a corner."""
    points = []
    for word in text.split():
        x, y = word.rstrip("!").split(",")
        points += [(float(x), float(y))] * (2 if word.endswith("!") else 1)
    array = np.array(points)
    array.flags.writeable = False
    return array


@lru_cache(maxsize=64)
def _hermite(steps: int) -> np.ndarray:
    t = np.arange(steps) / steps
    return np.stack(
        (2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t, -2 * t**3 + 3 * t**2, t**3 - t**2)
    )


def spline(points: np.ndarray, closed: bool = True, steps: int = 6) -> np.ndarray:
    """A smooth curve through points; a point given twice is a corner.

    Cubic Hermite segments whose tangents are no longer than their chord, so that it never
    overshoots.
    """
    if closed:
        here, after = points, np.concatenate((points[1:], points[:1]))
        tangent = (after - np.concatenate((points[-1:], points[:-1]))) * 0.5
        end = np.concatenate((tangent[1:], tangent[:1]))
    else:
        padded = np.concatenate((points[:1], points, points[-1:]))
        slopes = (padded[2:] - padded[:-2]) * 0.5
        here, after, tangent, end = points[:-1], points[1:], slopes[:-1], slopes[1:]
    chord = np.hypot(*(after - here).T)
    start = tangent * np.minimum(1, chord / (np.hypot(*tangent.T) + 1e-9))[:, None]
    end = end * np.minimum(1, chord / (np.hypot(*end.T) + 1e-9))[:, None]
    curve = np.einsum("sk,snd->nkd", _hermite(steps), np.stack((here, start, after, end)))
    curve = curve.reshape(-1, 2)
    return curve if closed else np.concatenate((curve, points[-1:]))


def ring(
    x: float, y: float, rx: float, ry: float | None = None, turn: float = 0.0, count: int = 12
) -> np.ndarray:
    """Points of an ellipse, (count, 2)."""
    angle = np.arange(count) * (2 * math.pi / count)
    px, py = np.cos(angle) * rx, np.sin(angle) * (rx if ry is None else ry)
    cos, sin = math.cos(turn), math.sin(turn)
    return pairs(x + px * cos - py * sin, y + px * sin + py * cos)


def disc(p: Point, rx: float, ry: float | None = None, count: int = 12) -> np.ndarray:
    """Points of an upright ellipse around a point, (count, 2)."""
    return ring(float(p[0]), float(p[1]), rx, ry, count=count)


def capsule(p: Point, rp: float, q: Point, rq: float, count: int = 9) -> np.ndarray:
    """Points around two circles and the band between them, (2·count, 2)."""
    along = math.atan2(q[1] - p[1], q[0] - p[0])
    arc = along + np.linspace(math.pi / 2, math.pi * 1.5, count)
    return np.concatenate(
        (
            pairs(p[0] + np.cos(arc) * rp, p[1] + np.sin(arc) * rp),
            pairs(q[0] - np.cos(arc) * rq, q[1] - np.sin(arc) * rq),
        )
    )


def hull(points: np.ndarray) -> np.ndarray:
    """Convex hull, counter-clockwise (Andrew's monotone chain)."""
    ordered = sorted({(float(x), float(y)) for x, y in points})
    halves = []
    for sequence in (ordered, ordered[::-1]):
        chain: list[tuple[float, float]] = []
        for p in sequence:
            while (
                len(chain) > 1
                and (
                    (chain[-1][0] - chain[-2][0]) * (p[1] - chain[-2][1])
                    - (chain[-1][1] - chain[-2][1]) * (p[0] - chain[-2][0])
                )
                <= 0
            ):
                chain.pop()
            chain.append(p)
        halves += chain[:-1]
    return np.array(halves)
