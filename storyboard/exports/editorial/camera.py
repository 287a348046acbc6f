"""The camera's move as a window that travels over a still picture.

A window never leaves the picture, so no border shows, and keeps its shape.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ...story import Move

_ROOM = 1.14
"""Zoom of a window that travels sideways: how much of the picture it leaves to travel over."""
_SHAKE = 1.05


class View(NamedTuple):
    """Where the window is."""

    zoom: float
    """From 1, the whole picture."""
    x: float
    """From -1, at the left edge, to 1."""
    y: float
    """From -1, at the top edge, to 1."""

    def box(self, size: tuple[int, int]) -> tuple[float, float, float, float]:
        """The window (left, top, right, bottom), pixels of a picture of that (width, height)."""
        width, height = (side / self.zoom for side in size)
        left = max(0.0, (size[0] - width) * (1 + self.x) / 2)
        top = max(0.0, (size[1] - height) * (1 + self.y) / 2)
        return left, top, min(left + width, size[0]), min(top + height, size[1])


STILL = View(1.0, 0.0, 0.0)


def view(move: Move, share: float, seconds: float) -> View:
    """What the camera sees.

    :param share: of the shot that is over, 0 to 1; outside it stands still.
    :param seconds: since the shot began; a hand-held camera shakes by the clock.
    """
    eased = _ease(min(1.0, max(0.0, share)))
    way = 2 * eased - 1
    if move is Move.HANDHELD:
        return View(_SHAKE, _shake(seconds, 0.0), _shake(seconds, 1.7))
    return {
        Move.PAN_LEFT: View(_ROOM, -way, 0.0),
        Move.PAN_RIGHT: View(_ROOM, way, 0.0),
        Move.TRACK_LEFT: View(1.2, -way, 0.0),
        Move.TRACK_RIGHT: View(1.2, way, 0.0),
        Move.TILT_UP: View(_ROOM, 0.0, -way),
        Move.TILT_DOWN: View(_ROOM, 0.0, way),
        Move.PUSH_IN: View(1 + 0.16 * eased, 0.0, -0.2 * eased),
        Move.PULL_OUT: View(1.16 - 0.16 * eased, 0.0, -0.2 * (1 - eased)),
        Move.CRANE_UP: View(1.18 - 0.1 * eased, 0.0, -way),
    }.get(move, STILL)


def _ease(share: float) -> float:
    """Perlin's smootherstep: starts and stops without a jerk."""
    return share**3 * (share * (share * 6 - 15) + 10)


def _shake(seconds: float, phase: float) -> float:
    """A slow sway with a tremor on it, -1 to 1; starts at a cut wherever it is."""
    waves = ((0.55, 0.43), (0.3, 1.13), (0.15, 2.71))
    return sum(a * math.sin(2 * math.pi * f * seconds + phase * (1 + f)) for a, f in waves)
