"""The chapan: the robe of the steppe, with crossed collar, ornament and sash."""

from __future__ import annotations

import math

import numpy as np

from ...story import Build, Look
from ..blocking.curves import disc, hull
from ..blocking.skeleton import Skeleton
from .ink import RGB, Canvas, mix, rgb
from .ornament import diamonds, horns
from .palette import CREAM, GOLD
from .trunk import Leg, Trunk


def draw_front(canvas: Canvas, skeleton: Skeleton, look: Look, trunk: Trunk) -> None:
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
    canvas: Canvas, skeleton: Skeleton, look: Look, trunk: Trunk, ahead: float, neck_half: float
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


def _belt(canvas: Canvas, skeleton: Skeleton, look: Look, trunk: Trunk, ahead: float) -> None:
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


def draw_skirt(
    canvas: Canvas,
    skeleton: Skeleton,
    look: Look,
    legs: list[Leg],
    short: bool,
    trunk: Trunk,
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
    trunk: Trunk,
    legs: list[Leg],
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
