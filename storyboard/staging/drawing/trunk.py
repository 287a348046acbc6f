"""The torso on the picture: where things lie on it, and what drapes from it."""

from __future__ import annotations

import math

import numpy as np

from ...story import Garment, Look, Sex
from ..blocking.curves import disc, hull
from ..blocking.poses import L_HIP, L_SHOULDER, NECK, R_HIP, R_SHOULDER
from ..blocking.skeleton import Skeleton
from .ink import RGB, Canvas

Leg = tuple[int, int, int]
"""Joints: hip, knee, ankle."""


class Trunk:
    """An axis from hip to neck, and what is across and along it."""

    def __init__(self, skeleton: Skeleton, look: Look, bulk: float = 1.0) -> None:
        joints = skeleton.joints
        self.skeleton = skeleton
        self.tall = skeleton.body.height
        self.yaw = math.radians(skeleton.yaw)
        self.ahead = math.sin(self.yaw)
        """How far the front looks to the right: 0 to the viewer, 1 in profile."""
        self.back = abs(skeleton.yaw) > 110
        self.hip = (joints[R_HIP] + joints[L_HIP])[:2] / 2
        self.neck = joints[NECK, :2]
        axis = self.neck - self.hip
        self.length = math.hypot(*axis)
        self.up = axis / (self.length + 1e-6)
        self.across = np.array((self.up[1], -self.up[0]))
        self.rows = _sections(skeleton, look, bulk)
        self.neck_half = 0.036 * self.tall * (0.7 + 0.3 * skeleton.body.girth)

    def at(self, t: float, x: float) -> np.ndarray:
        """A point at share ``t`` of the way up; x from -1 (left edge) to 1 (right edge)."""
        half = float(np.interp(t, [r[0] for r in self.rows], [r[1] for r in self.rows]))
        shift = float(np.interp(t, [r[0] for r in self.rows], [r[2] for r in self.rows]))
        return self.hip + self.up * (t * self.length) + self.across * (shift + x * half)

    def front(self, t: float, u: float) -> np.ndarray:
        """A point of the chest: u from -1 (its right side) over 0 (the middle) to 1.

        What turns away from the viewer stays on the edge.
        """
        angle = u * 1.25 + min(self.yaw, math.radians(82))
        return self.at(t, math.sin(min(max(angle, -math.pi / 2), math.pi / 2)) * 0.97)

    def shows(self, u: float) -> bool:
        """Whether that point of the chest is on the near side."""
        return not self.back and abs(u * 1.25 + self.yaw) < math.pi / 2

    def drape(self, legs: list[Leg], reach: float, radius: float, flare: float = 0.0) -> np.ndarray:
        """Cloth that wraps the hips and hangs over the legs.

        :param reach: 0 to the hips, 1 to the knees, 2 to the ankles.
        :param radius: of the cloth around a leg, :param flare: more of it at the hem; body heights.
        """
        joints, tall, body = self.skeleton.joints, self.tall, self.skeleton.body
        unit = tall * (0.35 + 0.65 * body.girth)
        forward = np.array((body.belly * self.ahead * tall * 0.5, 0))
        rings = [disc(self.at(0.27, x), 0.008 * tall, count=6) for x in (-0.95, 0.95)]
        rings += [disc(self.at(0.0, x), 0.02 * tall, count=6) for x in (-0.9, 0.9)]
        for hip, knee, ankle in legs:
            rings.append(disc(joints[hip, :2], 0.078 * unit, count=10))
            thigh = min(1.0, reach)
            down = joints[hip, :2] + (joints[knee, :2] - joints[hip, :2]) * thigh
            rings.append(
                disc(down + forward * thigh, (radius + flare * thigh / 2) * unit, count=12)
            )
            if reach > 1 and joints[ankle, 1] < joints[knee, 1] - 0.08 * tall:
                end = joints[knee, :2] + (joints[ankle, :2] - joints[knee, :2]) * (reach - 1)
                rings.append(disc(end + forward, (radius + flare) * unit, 0.05 * tall, count=12))
        return hull(np.concatenate(rings))

    def hem(self, legs: list[Leg], reach: float) -> np.ndarray:
        """The middle between the legs at a height of :meth:`drape`'s reach."""
        joints, ends = self.skeleton.joints, []
        for hip, knee, ankle in legs:
            a, b, t = (hip, knee, reach) if reach <= 1 else (knee, ankle, reach - 1)
            ends.append(joints[a, :2] + (joints[b, :2] - joints[a, :2]) * t)
        return np.mean(ends, axis=0)


def _sections(skeleton: Skeleton, look: Look, bulk: float) -> list[tuple[float, float, float]]:
    """(share of the way from hip to neck, half width, shift ahead) of the torso, metres."""
    body, tall = skeleton.body, skeleton.body.height
    yaw = math.radians(skeleton.yaw)
    front, side = abs(math.cos(yaw)), abs(math.sin(yaw))
    g, belly = body.girth, body.belly
    waist, bust = 1.0, 0.0
    if look.sex is Sex.FEMALE and look.garment is not Garment.CHAPAN and not belly:
        waist, bust = 0.86, 0.012
    rows = (
        (-0.12, 0.092 * g, 0.085 * g + belly * 0.1, belly * 0.6),
        (0.14, 0.084 * g * waist + belly * 0.2, 0.078 * g * waist + belly * 0.2, belly * 0.85),
        (0.38, 0.078 * g * waist + belly * 0.15, 0.072 * g * waist + belly * 0.15, belly * 0.8),
        (0.7, 0.045 + 0.058 * g, 0.05 + 0.03 * g + bust, belly * 0.2 + bust),
        (0.9, 0.07 + 0.04 * g, 0.035 + 0.028 * g, 0.0),
    )
    return [
        (t, math.hypot(a * front, b * side) * tall * bulk, shift * math.sin(yaw) * tall)
        for t, a, b, shift in rows
    ]


def draw_neck(canvas: Canvas, trunk: Trunk, skin: str) -> None:
    """The neck, from the collar towards the head."""
    half, tall = trunk.neck_half, trunk.tall
    base = trunk.neck + trunk.up * 0.012 * tall
    head = trunk.skeleton.head[:2]
    canvas.cel(
        hull(
            np.concatenate(
                (
                    disc(base, half, count=8),
                    disc(base + (head - base) * 0.5, half * 0.92, count=8),
                )
            )
        ),
        skin,
        smooth=False,
        shade=0.01 * tall,
    )


def draw_torso(canvas: Canvas, trunk: Trunk, colour: RGB | str, bulk: float = 1.0) -> None:
    """The cloth from shoulders to hips."""
    tall, joints = trunk.tall, trunk.skeleton.joints
    right = [trunk.at(t, 1) for t, _, _ in trunk.rows[:4]]
    left = [trunk.at(t, -1) for t, _, _ in trunk.rows[:4]]
    shoulders = sorted(
        (joints[R_SHOULDER, :2], joints[L_SHOULDER, :2]),
        key=lambda p: float((p - trunk.neck) @ trunk.across),
    )
    out = 0.03 * tall * bulk
    caps = [
        p + trunk.across * s * out + trunk.up * 0.022 * tall * bulk
        for p, s in zip(shoulders, (-0.5, 0.5))
    ]
    collar = [
        trunk.neck + trunk.across * s * trunk.neck_half * 1.15 + trunk.up * 0.034 * tall
        for s in (1, -1)
    ]
    outline = [*right, caps[1], *collar, caps[0], *reversed(left)]
    canvas.cel(outline, colour, shade=0.045 * tall)
