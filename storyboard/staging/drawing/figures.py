"""A figure put together: legs, robe, arms and head along one skeleton, far parts first."""

from __future__ import annotations

import math

import numpy as np

from ...story import Build, Emotion, Look, Pose
from ..blocking.curves import disc, hull
from ..blocking.poses import (
    L_ANKLE,
    L_ELBOW,
    L_HIP,
    L_KNEE,
    L_SHOULDER,
    L_WRIST,
    NECK,
    R_ANKLE,
    R_ELBOW,
    R_HIP,
    R_KNEE,
    R_SHOULDER,
    R_WRIST,
)
from ..blocking.skeleton import Skeleton
from .heads import draw_head
from .ink import RGB, Canvas, mix, rgb
from .limbs import draw_arm, draw_leg, hand_of
from .ornament import diamonds, horns
from .palette import CREAM, GOLD, SKIN, SKIN_RUDDY, TROUSERS

_RIGHT_ARM, _LEFT_ARM = (R_SHOULDER, R_ELBOW, R_WRIST), (L_SHOULDER, L_ELBOW, L_WRIST)
_RIGHT_LEG, _LEFT_LEG = (R_HIP, R_KNEE, R_ANKLE), (L_HIP, L_KNEE, L_ANKLE)


def draw_body(
    canvas: Canvas,
    skeleton: Skeleton,
    look: Look,
    pose: Pose,
    emotion: Emotion,
    gaze: tuple[float, float] = (0.0, 0.0),
    speaks: bool = False,
    holds: tuple[bool, bool] = (False, False),
    astride: bool = False,
) -> None:
    """Draw a body in its own frame (metres).

    :param holds: whether the right and the left hand close around something.
    :param astride: on a mount, whose far leg is drawn before the mount by :func:`draw_far_leg`.
    """
    skin = SKIN_RUDDY if look.build is Build.ROUND else SKIN
    far_right = skeleton.joints[R_SHOULDER, 2] < skeleton.joints[L_SHOULDER, 2]
    arms = [(_RIGHT_ARM, False), (_LEFT_ARM, True)]
    if not far_right:
        arms.reverse()
    legs = [(_RIGHT_LEG, True), (_LEFT_LEG, False)]
    if not far_right:
        legs.reverse()
    if astride:
        legs = legs[1:]
    placed = {arm[0]: arm_layer(skeleton, left) for arm, left in arms}

    def draw_arms(layer: int) -> None:
        for arm, left in arms:
            if placed[arm[0]] == layer:
                draw_arm(
                    canvas,
                    skeleton,
                    look,
                    arm,
                    hand_of(pose, emotion, left, holds[left]),
                    skin,
                    mix(rgb(look.colour), (30, 20, 40), 0.16) if layer == 0 else None,
                    trunk.at(0.8, 0.0) if layer == 1 else None,
                )

    trunk = _Trunk(skeleton)
    draw_arms(0)
    low = skeleton.spec.shins_front
    if not low:
        for leg, right in legs:
            draw_leg(canvas, skeleton, leg, TROUSERS, right)
    _torso(canvas, skeleton, look, skin, trunk)
    _skirt(canvas, skeleton, look, [leg for leg, _ in legs], low or astride, trunk)
    if low:
        for leg, right in legs:
            draw_leg(canvas, skeleton, leg, look.colour, right)
    _dress(canvas, skeleton, look, trunk)
    draw_arms(1)
    draw_head(canvas, skeleton, look, pose, emotion, gaze, speaks)
    draw_arms(2)


def draw_far_leg(canvas: Canvas, skeleton: Skeleton) -> None:
    """The leg on the far side of a mount."""
    right = skeleton.joints[R_SHOULDER, 2] < skeleton.joints[L_SHOULDER, 2]
    draw_leg(canvas, skeleton, _RIGHT_LEG if right else _LEFT_LEG, TROUSERS, bool(right))


def arm_layer(skeleton: Skeleton, left: bool) -> int:
    """0: the arm is behind the body, 1: before it, 2: before the head."""
    arm = _LEFT_ARM if left else _RIGHT_ARM
    joints = skeleton.joints
    tall = skeleton.body.height
    forward = (joints[arm[1], 2] + joints[arm[2], 2]) / 2 - joints[NECK, 2]
    if forward < -0.035 * tall:
        return 0
    raised = joints[arm[2], 1] > joints[NECK, 1] - 0.05 * tall
    return 2 if raised and joints[arm[2], 2] > skeleton.head[2] - 0.03 * tall else 1


def _sections(skeleton: Skeleton) -> list[tuple[float, float, float]]:
    """(share of the way from hip to neck, half width, shift ahead) of the torso, metres."""
    body, tall = skeleton.body, skeleton.body.height
    yaw = math.radians(skeleton.yaw)
    front, side = abs(math.cos(yaw)), abs(math.sin(yaw))
    g, belly = body.girth, body.belly
    rows = (
        (-0.12, 0.092 * g, 0.085 * g + belly * 0.1, belly * 0.6),
        (0.14, 0.084 * g + belly * 0.2, 0.078 * g + belly * 0.2, belly * 0.85),
        (0.38, 0.078 * g + belly * 0.15, 0.072 * g + belly * 0.15, belly * 0.8),
        (0.7, 0.045 + 0.058 * g, 0.05 + 0.03 * g, belly * 0.2),
        (0.9, 0.07 + 0.04 * g, 0.035 + 0.028 * g, 0.0),
    )
    return [
        (t, math.hypot(a * front, b * side) * tall, shift * math.sin(yaw) * tall)
        for t, a, b, shift in rows
    ]


class _Trunk:
    """The torso on the picture: an axis from hip to neck, and what is across and along it."""

    def __init__(self, skeleton: Skeleton) -> None:
        joints = skeleton.joints
        self.hip = (joints[R_HIP] + joints[L_HIP])[:2] / 2
        self.neck = joints[NECK, :2]
        axis = self.neck - self.hip
        length = math.hypot(*axis)
        self.up = axis / (length + 1e-6)
        self.across = np.array((self.up[1], -self.up[0]))
        self.rows = _sections(skeleton)
        self.length = length

    def at(self, t: float, x: float) -> np.ndarray:
        """A point at share ``t`` of the way up; x from -1 (left edge) to 1 (right edge)."""
        half = float(np.interp(t, [r[0] for r in self.rows], [r[1] for r in self.rows]))
        shift = float(np.interp(t, [r[0] for r in self.rows], [r[2] for r in self.rows]))
        return self.hip + self.up * (t * self.length) + self.across * (shift + x * half)


def _torso(canvas: Canvas, skeleton: Skeleton, look: Look, skin: str, trunk: _Trunk) -> None:
    """Neck and upper robe."""
    tall = skeleton.body.height
    joints = skeleton.joints
    neck_half = 0.036 * tall * (0.7 + 0.3 * skeleton.body.girth)
    base = trunk.neck + trunk.up * 0.012 * tall
    head = skeleton.head[:2]
    canvas.cel(
        hull(
            np.concatenate(
                (
                    disc(base, neck_half, count=8),
                    disc(base + (head - base) * 0.5, neck_half * 0.92, count=8),
                )
            )
        ),
        skin,
        smooth=False,
        shade=0.01 * tall,
    )
    right = [trunk.at(t, 1) for t, _, _ in trunk.rows[:4]]
    left = [trunk.at(t, -1) for t, _, _ in trunk.rows[:4]]
    shoulders = sorted(
        (joints[R_SHOULDER, :2], joints[L_SHOULDER, :2]),
        key=lambda p: float((p - trunk.neck) @ trunk.across),
    )
    out = 0.03 * tall
    caps = [
        p + trunk.across * s * out + trunk.up * 0.022 * tall for p, s in zip(shoulders, (-0.5, 0.5))
    ]
    collar = [
        trunk.neck + trunk.across * s * neck_half * 1.15 + trunk.up * 0.034 * tall for s in (1, -1)
    ]
    outline = [*right, caps[1], *collar, caps[0], *reversed(left)]
    canvas.cel(outline, look.colour, shade=0.045 * tall)


def _dress(canvas: Canvas, skeleton: Skeleton, look: Look, trunk: _Trunk) -> None:
    """What lies on the robe: collar, trim, belt."""
    ahead = math.sin(math.radians(skeleton.yaw))
    neck_half = 0.036 * skeleton.body.height * (0.7 + 0.3 * skeleton.body.girth)
    if abs(skeleton.yaw) < 60 and canvas.pixels * skeleton.body.height > 700:
        for x, size in ((-0.62, 0.06), (0.62 + 0.3 * ahead, 0.06 - 0.035 * ahead)):
            chest = trunk.at(0.55, min(0.9, x + 0.12 * ahead))
            horns(
                canvas,
                float(chest[0]),
                float(chest[1]),
                size * skeleton.body.height,
                look.trim,
                thick=0.12,
            )
    if abs(skeleton.yaw) < 110:
        _front(canvas, skeleton, look, trunk, ahead, neck_half)
    else:
        canvas.stroke((trunk.at(0.92, 0), trunk.at(0.4, 0.05)), 0.7)
    _belt(canvas, skeleton, look, trunk, ahead)


def _front(
    canvas: Canvas, skeleton: Skeleton, look: Look, trunk: _Trunk, ahead: float, neck_half: float
) -> None:
    """Shirt, crossed collar and trim."""
    tall = skeleton.body.height
    lift = trunk.up * 0.028 * tall
    left = trunk.neck - trunk.across * neck_half * (1.1 - 0.4 * ahead) + lift
    right = trunk.neck + trunk.across * neck_half * (1.1 - 0.1 * ahead) + lift
    cross = trunk.at(0.55, min(0.8, ahead * 0.85))
    low = trunk.at(0.3, min(0.86, 0.12 + ahead * 0.8))
    if ahead < 0.9:
        canvas.fill((left, left, right, right, cross, cross), CREAM, smooth=False)
    wide = 0.032 * tall
    canvas.stroke(
        (
            right,
            trunk.at(0.78, min(0.9, 0.32 + ahead * 0.62)),
            cross,
            trunk.at(0.42, min(0.84, 0.02 + ahead * 0.84)),
        ),
        wide * 1.24,
        unit=True,
        taper=(0.8, 0.9),
    )
    canvas.stroke(
        (
            right,
            trunk.at(0.78, min(0.9, 0.32 + ahead * 0.62)),
            cross,
            trunk.at(0.42, min(0.84, 0.02 + ahead * 0.84)),
        ),
        wide,
        look.trim,
        unit=True,
        taper=(0.8, 0.9),
    )
    canvas.stroke(
        (left, trunk.at(0.8, -0.3 + ahead * 0.75), cross, low),
        wide * 1.24,
        unit=True,
        taper=(0.9, 0.9),
    )
    canvas.stroke(
        (left, trunk.at(0.8, -0.3 + ahead * 0.75), cross, low),
        wide,
        look.trim,
        unit=True,
        taper=(0.9, 0.9),
    )
    if canvas.pixels * tall > 420:
        diamonds(
            canvas,
            tuple(trunk.at(0.76, -0.24 + ahead * 0.72)),
            tuple(cross),
            wide * 0.5,
            mix(rgb(look.trim), (70, 20, 10), 0.6),
        )


def _belt(canvas: Canvas, skeleton: Skeleton, look: Look, trunk: _Trunk, ahead: float) -> None:
    tall = skeleton.body.height
    rich = look.build is Build.ROUND
    colour: RGB | str = (
        mix(rgb(look.trim), (120, 40, 20), 0.35)
        if rich
        else mix(rgb(look.trim), (150, 40, 30), 0.55)
    )
    high, low = 0.34, 0.2
    sag = -trunk.up * 0.012 * tall
    shape = (
        trunk.at(low, -1.02),
        trunk.at(low, -1.02),
        trunk.at(low, 0) + sag,
        trunk.at(low, 1.02),
        trunk.at(low, 1.02),
        trunk.at(high, 1.02),
        trunk.at(high, 1.02),
        trunk.at(high, 0) + sag,
        trunk.at(high, -1.02),
        trunk.at(high, -1.02),
    )
    canvas.cel(shape, colour, line=0.85)
    if abs(skeleton.yaw) > 110:
        return
    knot = trunk.at((high + low) / 2, min(0.85, 0.1 + ahead * 0.8)) + sag
    if rich:
        canvas.cel(disc(knot, 0.036 * tall, 0.03 * tall), GOLD, shade=0.01 * tall)
        canvas.dot(float(knot[0]), float(knot[1]), 0.012 * tall, "#b5302f")
    else:
        end = knot + np.array((0.012, -0.1)) * tall
        canvas.cel(
            (
                knot + (-0.012 * tall, 0),
                knot + (0.016 * tall, 0),
                end + (0.022 * tall, 0),
                end + (-0.008 * tall, -0.004 * tall),
            ),
            colour,
            line=0.7,
        )
        canvas.cel(disc(knot, 0.024 * tall, 0.02 * tall, count=8), colour, line=0.7)


def _skirt(
    canvas: Canvas,
    skeleton: Skeleton,
    look: Look,
    legs: list[tuple[int, int, int]],
    short: bool,
    trunk: _Trunk,
) -> None:
    """The robe below the belt: it wraps hips and knees and hangs to the shins."""
    joints, tall = skeleton.joints, skeleton.body.height
    unit = tall * (0.35 + 0.65 * skeleton.body.girth)
    forward = np.array((skeleton.body.belly * math.sin(math.radians(skeleton.yaw)) * tall * 0.5, 0))
    waist = [disc(trunk.at(0.27, x), 0.008 * tall, count=6) for x in (-0.95, 0.95)]
    waist += [disc(trunk.at(0.0, x), 0.02 * tall, count=6) for x in (-0.9, 0.9)]

    def drape(hem: float, radius: float) -> np.ndarray:
        rings = list(waist)
        for hip, knee, ankle in legs:
            rings.append(disc(joints[hip, :2], 0.078 * unit, count=10))
            rings.append(disc(joints[knee, :2] + forward, 0.068 * unit, count=12))
            if hem and joints[ankle, 1] < joints[knee, 1] - 0.08 * tall:
                end = joints[knee, :2] + (joints[ankle, :2] - joints[knee, :2]) * hem
                rings.append(disc(end + forward, radius * unit, 0.05 * tall, count=12))
        return hull(np.concatenate(rings))

    hem = 0.0 if short else 0.16 if look.build is Build.LEAN else 0.4
    outline = drape(hem, 0.07)
    if hem:
        canvas.cel(outline, look.trim, smooth=False)
        inner = drape(hem - 0.12, 0.067)
        canvas.cel(inner, look.colour, smooth=False, line=0.7, shade=0.05 * tall)
    else:
        canvas.cel(outline, look.colour, smooth=False, shade=0.04 * tall)
    _folds(canvas, skeleton, look, trunk, legs, hem)


def _folds(
    canvas: Canvas,
    skeleton: Skeleton,
    look: Look,
    trunk: _Trunk,
    legs: list[tuple[int, int, int]],
    hem: float,
) -> None:
    joints, tall = skeleton.joints, skeleton.body.height
    if canvas.pixels * tall < 150 or not hem:
        return
    dark = mix(rgb(look.colour), (30, 16, 36), 0.5)
    ends = []
    for _, knee, ankle in legs:
        ends.append(joints[knee, :2] + (joints[ankle, :2] - joints[knee, :2]) * (hem - 0.1))
    ends.sort(key=lambda p: float(p @ trunk.across))
    middle = sum(ends) / len(ends)
    ahead = math.sin(math.radians(skeleton.yaw))
    if abs(skeleton.yaw) < 70:
        top = trunk.at(0.2, min(0.8, 0.1 + ahead * 0.8))
        low = middle + np.array((ahead * 0.05, -0.02)) * tall
        canvas.stroke(
            (top, (top + low) / 2 + (0.008 * tall, 0), low),
            0.03 * tall,
            unit=True,
            taper=(0.9, 0.9),
        )
        canvas.stroke(
            (top, (top + low) / 2 + (0.008 * tall, 0), low),
            0.021 * tall,
            look.trim,
            unit=True,
            taper=(0.9, 0.9),
        )
    for end, x in zip(ends, (-0.55, 0.55)):
        top = trunk.at(0.12, x)
        canvas.stroke(
            (top, (top + end) / 2 + (x * 0.02 * tall, 0), end), 0.9, dark, taper=(0.1, 0.7)
        )
