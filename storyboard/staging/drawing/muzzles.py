"""Heads of animals: ears, skull, muzzle, and a face whose brows, eyes and mouth show the mood.

The frame is that of a person's head (see :mod:`.faces`): one unit is chin to crown, the origin its
middle, y up, turned to the right.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np

from ...story import Emotion, PropKind
from ..blocking.curves import Affine, Points, capsule, hull, pairs, path, ring
from .expressions import Expression
from .faces import Features, View, draw_brow, draw_eye, draw_glasses
from .ink import RGB, Canvas, mix, rgb

Tone = RGB | str


@dataclass(frozen=True)
class Coat:
    """Colours of an animal."""

    fur: Tone
    pale: Tone
    """Belly, muzzle, chest."""
    dark: Tone
    """Far legs, ears' backs, socks."""
    hair: Tone = "#38251c"
    """Mane, tuft, stripes, spots."""
    nose: Tone = "#2b211f"
    iris: Tone = "#3a2418"
    horn: Tone = "#d8c9a4"


COATS: dict[PropKind, Coat] = {
    PropKind.CAT: Coat("#e39a4e", "#fbe9cf", "#b8702f", "#b8702f", "#d9737a", "#4a6b2f"),
    PropKind.DOG: Coat("#c58d4f", "#f3e0bf", "#8f6235", "#6b4424"),
    PropKind.WOLF: Coat("#8b929c", "#e3e3e0", "#5f656f", "#5f656f", iris="#8a5a1c"),
    PropKind.FOX: Coat("#d9722c", "#fbeedd", "#4a2d24", "#4a2d24"),
    PropKind.LION: Coat("#dcaa5c", "#f6e3bd", "#b5813b", "#9a5527", "#7a4434"),
    PropKind.TIGER: Coat("#e58b33", "#fbeedd", "#b5611f", "#2d221f", "#d08078", "#6b5a1c"),
    PropKind.BEAR: Coat("#7d5535", "#b98d62", "#573822", "#573822"),
    PropKind.COW: Coat("#f4efe6", "#f0c9b4", "#cfc6ba", "#3f3430", "#c98f84"),
    PropKind.PIG: Coat("#f0b3aa", "#f7cbc2", "#d08d85", "#d08d85", "#c97c74"),
    PropKind.GOAT: Coat("#ece4d6", "#fbf6ec", "#bfb19a", "#8a7458", "#6b5047", "#7a5a24"),
    PropKind.SHEEP: Coat("#f1e8d8", "#5a4840", "#3a2e28", "#cfc2ac"),
    PropKind.HORSE: Coat("#a0673a", "#6e4630", "#7d4d2b", "#38251c"),
    PropKind.DONKEY: Coat("#9b938c", "#e6dfd6", "#77706a", "#3d3733"),
    PropKind.CAMEL: Coat("#c99a5e", "#e0bd8a", "#a07443", "#8a5f36", "#6b4a30"),
    PropKind.ELEPHANT: Coat("#9aa3ad", "#b9c0c7", "#747d88", "#e0aba6", horn="#f6efdd"),
    PropKind.MONKEY: Coat("#7d5232", "#eac39a", "#573620", "#573620", "#6b4430"),
    PropKind.RABBIT: Coat("#c9b8a6", "#fbf5ec", "#a08f7d", "#f0b9b4", "#d9808a"),
    PropKind.MOUSE: Coat("#a7a2a6", "#ece6e4", "#837d82", "#f0b9b4", "#d9808a", "#221a1a"),
    PropKind.DRAGON: Coat("#4f9a58", "#e8d88f", "#33703f", "#c94f3a", "#2f5f38", "#8a3a12"),
    PropKind.BIRD: Coat("#5b8fc4", "#f6dcb4", "#3f6a9a", "#2f4f78", "#e9a13a"),
    PropKind.FISH: Coat("#ef8b34", "#fbe3b4", "#c9601f", "#d94f2f", "#c9601f"),
}


def coat_of(species: PropKind, fur: str | None) -> Coat:
    """The colours of a species, or those that go with another fur."""
    coat = COATS[species]
    if fur is None:
        return coat
    tone = rgb(fur)
    bright = sum(tone) > 600
    hair = mix(tone, (24, 16, 20), 0.55 if bright else 0.45)
    pink = species in (PropKind.RABBIT, PropKind.MOUSE, PropKind.ELEPHANT)
    return Coat(
        tone,
        mix(tone, (255, 248, 236), 0.6),
        mix(tone, (30, 18, 24), 0.3),
        coat.hair if pink else hair,
        coat.nose,
        coat.iris,
        coat.horn,
    )


@dataclass(frozen=True)
class Shape:
    """A head as ellipses: (rx, ry, cy) of skull and muzzle, head heights."""

    skull: tuple[float, float, float]
    muzzle: tuple[float, float, float]
    reach: float
    """How far the middle of the muzzle is ahead of the skull's, in profile."""
    eyes: tuple[float, float, float]
    """Half their distance, height, half width of one."""
    ears: str
    nose: str = "leather"
    cheeks: bool = False
    """Tufts of fur at the cheeks."""
    pale: bool = True
    """The muzzle is paler than the fur."""


SHAPES: dict[PropKind, Shape] = {
    PropKind.CAT: Shape(
        (0.47, 0.42, 0.02), (0.21, 0.15, -0.2), 0.32, (0.21, 0.06, 0.15), "pointed", "small", True
    ),
    PropKind.DOG: Shape((0.4, 0.4, 0.1), (0.22, 0.2, -0.2), 0.5, (0.17, 0.12, 0.125), "floppy"),
    PropKind.WOLF: Shape(
        (0.44, 0.4, 0.08), (0.2, 0.19, -0.22), 0.55, (0.19, 0.1, 0.12), "pointed", cheeks=True
    ),
    PropKind.FOX: Shape(
        (0.45, 0.37, 0.04), (0.17, 0.16, -0.24), 0.56, (0.2, 0.08, 0.12), "pointed", "small", True
    ),
    PropKind.LION: Shape((0.42, 0.43, 0.06), (0.26, 0.2, -0.22), 0.4, (0.19, 0.1, 0.115), "round"),
    PropKind.TIGER: Shape(
        (0.46, 0.43, 0.04), (0.26, 0.19, -0.22), 0.4, (0.2, 0.1, 0.12), "round", cheeks=True
    ),
    PropKind.BEAR: Shape((0.46, 0.43, 0.06), (0.24, 0.2, -0.2), 0.46, (0.19, 0.12, 0.1), "round"),
    PropKind.COW: Shape(
        (0.33, 0.42, 0.1), (0.29, 0.2, -0.32), 0.46, (0.22, 0.16, 0.105), "side", "nostrils"
    ),
    PropKind.PIG: Shape(
        (0.47, 0.44, 0.04), (0.21, 0.16, -0.14), 0.42, (0.22, 0.14, 0.105), "flap", "snout"
    ),
    PropKind.GOAT: Shape(
        (0.31, 0.4, 0.1), (0.2, 0.2, -0.3), 0.46, (0.19, 0.14, 0.105), "side", "small"
    ),
    PropKind.SHEEP: Shape(
        (0.32, 0.4, 0.06), (0.22, 0.2, -0.28), 0.42, (0.18, 0.1, 0.11), "side", "small", pale=False
    ),
    PropKind.HORSE: Shape(
        (0.29, 0.42, 0.1), (0.21, 0.2, -0.36), 0.5, (0.2, 0.16, 0.095), "tall", "nostrils"
    ),
    PropKind.DONKEY: Shape(
        (0.31, 0.42, 0.08), (0.23, 0.2, -0.34), 0.48, (0.2, 0.14, 0.105), "long", "nostrils"
    ),
    PropKind.CAMEL: Shape(
        (0.31, 0.38, 0.12), (0.24, 0.2, -0.28), 0.54, (0.2, 0.17, 0.11), "tiny", "nostrils"
    ),
    PropKind.ELEPHANT: Shape(
        (0.45, 0.46, 0.04), (0.2, 0.18, -0.2), 0.34, (0.24, 0.1, 0.075), "fan", "trunk", pale=False
    ),
    PropKind.MONKEY: Shape(
        (0.42, 0.42, 0.06), (0.3, 0.21, -0.22), 0.26, (0.14, 0.1, 0.105), "saucer", "flat"
    ),
    PropKind.RABBIT: Shape(
        (0.41, 0.41, 0.02), (0.22, 0.16, -0.22), 0.28, (0.2, 0.08, 0.115), "hare", "small", True
    ),
    PropKind.MOUSE: Shape(
        (0.41, 0.38, 0.0), (0.19, 0.15, -0.18), 0.42, (0.19, 0.08, 0.12), "dish", "small"
    ),
    PropKind.DRAGON: Shape(
        (0.38, 0.38, 0.12), (0.28, 0.19, -0.24), 0.58, (0.2, 0.16, 0.12), "fins", "nostrils"
    ),
    PropKind.BIRD: Shape(
        (0.44, 0.44, 0.0), (0.1, 0.1, -0.08), 0.4, (0.19, 0.08, 0.13), "crest", "beak"
    ),
    PropKind.FISH: Shape(
        (0.44, 0.44, 0.0), (0.16, 0.12, -0.16), 0.3, (0.22, 0.08, 0.13), "none", "lips"
    ),
}

_DROOP = {Emotion.SAD: 0.55, Emotion.AFRAID: 0.75, Emotion.TIRED: 0.45, Emotion.ANGRY: 0.35}


@dataclass(frozen=True)
class Mask:
    """A head being drawn: what every part of it must know."""

    species: PropKind
    shape: Shape
    coat: Coat
    view: View
    face: Expression
    droop: float
    """How far the ears hang, 0-1."""


def draw_muzzled_head(
    canvas: Canvas,
    species: PropKind,
    coat: Coat,
    view: View,
    face: Expression,
    emotion: Emotion,
    gaze: tuple[float, float] = (0.0, 0.0),
    glasses: bool = False,
    maned: bool = True,
) -> None:
    """The head of an animal; the canvas is in the head's frame.

    :param maned: a lion with its mane.
    """
    mask = Mask(species, SHAPES[species], coat, view, face, _DROOP.get(emotion, 0.0))
    small = canvas.pixels < 40
    if species is PropKind.LION and maned:
        _lion_mane(canvas, mask)
    _horns(canvas, mask)
    _ears(canvas, mask, far=True)
    _skull(canvas, mask)
    if view is View.BACK:
        _ears(canvas, mask, far=False)
        _wool(canvas, mask)
        return
    _marks(canvas, mask, small)
    _muzzle(canvas, mask, small)
    _wool(canvas, mask)
    _ears(canvas, mask, far=False)
    dx, y, half = mask.shape.eyes
    eyes = {
        View.FRONT: ((-dx, half), (dx, half)),
        View.QUARTER: ((-dx * 0.35, half), (dx * 1.28, half * 0.74)),
    }.get(view, ((dx * 0.72, half * 0.86),))
    pale_eye = species is PropKind.SHEEP or sum(_rgb(coat.fur)) < 150
    brow = mix(_rgb(coat.fur), (20, 10, 14), 0.66)
    if pale_eye:
        brow = mix(_rgb(coat.hair), (255, 250, 240), 0.3)
    features = Features(brows=brow, skin=_head_tone(mask), iris=coat.iris, thick=0.9)
    for index, (x, size) in enumerate(eyes):
        outward = -1 if index == 0 else 1
        draw_eye(canvas, face, x, y, size, outward, gaze, features, small)
        draw_brow(
            canvas, face, x, y + (size - 0.1) * 0.5, size, outward, features, index == 0, small
        )
    if glasses:
        draw_glasses(canvas, eyes, y, 0.4 if view is View.FRONT else 0.3, "#2f2a2e", small)
    if face.tear and not small:
        x, size = eyes[0]
        canvas.cel(
            (
                (x - size * 0.2, y - 0.08),
                (x - size * 0.2 + 0.035, y - 0.17),
                (x - size * 0.2, y - 0.2),
                (x - size * 0.2 - 0.035, y - 0.17),
            ),
            "#bfe3f2",
            line=0.5,
        )
    if face.sweat and not small:
        canvas.cel(
            ((-0.32, y + 0.26), (-0.28, y + 0.15), (-0.32, y + 0.11), (-0.36, y + 0.15)),
            "#bfe3f2",
            line=0.5,
        )


def _rgb(tone: Tone) -> RGB:
    return rgb(tone) if isinstance(tone, str) else tone


def _head_tone(mask: Mask) -> Tone:
    """The colour of the skull: a sheep's face is dark in its wool."""
    return mask.coat.pale if mask.species is PropKind.SHEEP else mask.coat.fur


def _shift(mask: Mask) -> float:
    """How far the middle of the muzzle is to the right."""
    return {View.FRONT: 0.0, View.QUARTER: 0.5}.get(mask.view, 1.0) * mask.shape.reach


def _skull(canvas: Canvas, mask: Mask) -> None:
    rx, ry, cy = mask.shape.skull
    mx, my, mcy = mask.shape.muzzle
    at = _shift(mask)
    x = {View.QUARTER: 0.03, View.PROFILE: -0.06}.get(mask.view, 0.0)
    tone = _head_tone(mask)
    outline = [ring(x, cy, rx * (0.92 if mask.view is View.PROFILE else 1.0), ry, count=16)]
    if mask.shape.cheeks and mask.view is not View.BACK:
        outline.append(_tufts(mask, x, rx, cy))
    if mask.view is not View.BACK and mask.shape.nose not in ("beak", "lips", "flat", "trunk"):
        # the bridge of the nose joins brow and muzzle
        bridge = hull(
            np.concatenate(
                (
                    ring(x + at * 0.3, cy + 0.02, rx * 0.62, ry * 0.5),
                    ring(at, mcy, mx * 0.92, my * 0.95),
                )
            )
        )
        outline.append(bridge)
    canvas.cels(outline, tone, smooth=False, shade=0.0)
    canvas.cel(outline[0], tone, smooth=False, line=0, shade=0.09)
    for extra in outline[1:]:
        canvas.patch(extra, tone, smooth=False)


def _tufts(mask: Mask, x: float, rx: float, cy: float) -> np.ndarray:
    """Cheeks drawn to points."""
    y = cy - 0.1
    left = [
        (x - rx * 0.8, y + 0.16),
        (x - rx - 0.13, y - 0.1),
        (x - rx - 0.02, y - 0.13),
        (x - rx - 0.06, y - 0.25),
        (x - rx * 0.6, y - 0.27),
    ]
    right = [(2 * x - px, py) for px, py in reversed(left)]
    if mask.view is View.PROFILE:
        right = [(x + rx * 0.3, y - 0.2), (x + rx * 0.3, y + 0.1)]
    elif mask.view is View.QUARTER:
        right = [(x + rx * 0.7, y - 0.22), (x + rx * 0.98, y - 0.06), (x + rx * 0.9, y + 0.14)]
    return np.array(left + right)


def _muzzle(canvas: Canvas, mask: Mask, small: bool) -> None:
    mx, my, cy = mask.shape.muzzle
    x, coat = _shift(mask), mask.coat
    narrow = {View.QUARTER: 0.9, View.PROFILE: 0.72}.get(mask.view, 1.0)
    match mask.shape.nose:
        case "beak":
            _beak(canvas, mask, x)
            return
        case "trunk":
            _trunk(canvas, mask, x)
            return
        case "lips":
            _mouth(canvas, mask, x + 0.02, cy, 0.12, small)
            return
    tone = coat.pale if mask.shape.pale else _head_tone(mask)
    fold = mix(_rgb(tone), (50, 24, 20), 0.5)
    if mask.shape.nose == "flat":  # a monkey: a heart-shaped bare face
        k = x * 0.7
        canvas.cels(
            (
                ring(k - 0.13 * narrow, 0.13, 0.19 * narrow, 0.2),
                ring(k + 0.13 * narrow, 0.13, 0.17 * narrow, 0.2),
                ring(k + x * 0.3, cy + 0.02, mx * narrow, my * 1.1),
            ),
            tone,
            smooth=False,
            line=0.7,
        )
        for s in (-1, 1):
            canvas.dot(k + x * 0.35 + s * 0.035, cy + 0.14, 0.02, coat.nose)
        _mouth(canvas, mask, k + x * 0.3, cy - 0.03, 0.17 * narrow, small)
        return
    if mask.shape.pale and mask.shape.nose != "snout":
        canvas.patch(ring(x, cy, mx * narrow * 0.96, my * 0.96), tone)
    if mask.shape.nose == "snout":
        _mouth(canvas, mask, x * 0.9, cy - 0.22, 0.16 * narrow, small)
        flat = {View.FRONT: 1.0, View.QUARTER: 0.8}.get(mask.view, 0.42)
        canvas.cel(ring(x + 0.02, cy, mx * flat, my), coat.pale, shade=0.03)
        for s in (-1, 1):
            canvas.cel(
                ring(x + 0.03 + s * 0.075 * flat, cy, 0.035 * flat + 0.008, 0.055, count=8),
                coat.nose,
                line=0,
            )
        return
    tip = {View.FRONT: 0.0, View.QUARTER: mx * 0.32}.get(mask.view, mx * narrow * 0.82)
    if mask.shape.nose == "nostrils":
        low = cy + my * 0.2
        if mask.view is View.PROFILE:
            canvas.dot(x + tip * 0.72, low, 0.032, coat.nose)
        else:
            for s in (-1, 1):
                canvas.fill(
                    ring(x + tip * 0.4 + s * mx * 0.42, low, 0.032, 0.046, turn=0.4 * s), coat.nose
                )
        _mouth(canvas, mask, x + tip * 0.3, cy - my * 0.45, mx * 0.66 * narrow, small)
        if mask.species is PropKind.GOAT:
            return
    else:
        wide, tall = (0.075, 0.055) if mask.shape.nose == "small" else (0.115, 0.085)
        ny = cy + my * 0.62
        nx = x + tip
        line = mix(_rgb(coat.nose), (40, 16, 16), 0.5)
        canvas.stroke(
            ((x + tip * 0.7, ny), (x + tip * 0.55, cy - my * 0.08)),
            0.022,
            line,
            unit=True,
            taper=(1, 1),
        )
        _mouth(canvas, mask, x + tip * 0.5, cy - my * 0.12, mx * 0.74 * narrow, small)
        canvas.cel(
            (
                (nx - wide, ny + tall * 0.6),
                (nx, ny + tall),
                (nx + wide, ny + tall * 0.6),
                (nx + wide * 0.5, ny - tall * 0.5),
                (nx, ny - tall),
                (nx - wide * 0.5, ny - tall * 0.5),
            ),
            coat.nose,
            line=0.5,
        )
        if not small:
            canvas.dot(nx - wide * 0.3, ny + tall * 0.45, wide * 0.2, "#ffffff")
        whisk = mask.species in (
            PropKind.CAT,
            PropKind.LION,
            PropKind.TIGER,
            PropKind.RABBIT,
            PropKind.MOUSE,
        )
        if whisk and not small:
            for s in (-1, 1):
                if mask.view is View.PROFILE and s > 0:
                    continue
                for rise in (0.05, -0.02, -0.09):
                    canvas.stroke(
                        (
                            (x + s * mx * 0.6 * narrow, cy + rise * 0.4),
                            (x + s * (mx + 0.26) * narrow, cy + rise),
                        ),
                        0.4,
                        fold,
                    )
    if mask.species is PropKind.GOAT:
        bx = x + (0.02 if mask.view is View.FRONT else 0.06)
        canvas.cel(
            (
                (bx - 0.08, cy - my * 0.9),
                (bx + 0.08, cy - my * 0.9),
                (bx + 0.05, cy - my - 0.18),
                (bx - 0.01, cy - my - 0.32),
                (bx - 0.05, cy - my - 0.16),
            ),
            coat.pale,
            line=0.8,
        )
    if mask.species in (PropKind.RABBIT, PropKind.MOUSE) and mask.face.gape < 0.15 and not small:
        tx = x + tip * 0.5
        canvas.cel(
            (
                (tx - 0.04, cy - my * 0.3),
                (tx + 0.04, cy - my * 0.3),
                (tx + 0.036, cy - my * 0.3 - 0.09),
                (tx - 0.036, cy - my * 0.3 - 0.09),
            ),
            "#fffaf0",
            smooth=False,
            line=0.5,
        )
    if mask.species is PropKind.DRAGON and not small:
        for s in (-1, 1) if mask.view is not View.PROFILE else (0.4,):
            fx = x + s * mx * 0.5
            canvas.cel(
                (
                    (fx - 0.03, cy - my * 0.36),
                    (fx + 0.03, cy - my * 0.36),
                    (fx, cy - my * 0.36 - 0.1),
                ),
                "#fffaf0",
                smooth=False,
                line=0.5,
            )


def _mouth(canvas: Canvas, mask: Mask, x: float, y: float, w: float, small: bool) -> None:
    """Two curves from under the nose, their ends raised or dropped; open, a maw with a tongue."""
    face = mask.face
    one = mask.view is View.PROFILE
    left = (x - w * (1.2 if one else 1.0), y + 0.02 + face.left * 0.9)
    right = (x + w * (0.3 if one else 1.0), y + 0.02 + face.right * (0.3 if one else 0.9))
    line = "#3f1f1c" if sum(_rgb(_head_tone(mask))) > 200 else "#e0c9b8"
    if face.round:
        canvas.cel(ring(x, y - 0.07, w * 0.42, 0.075), "#5b1f1c", line=0.7)
        return
    if face.gape > 0.03:
        deep = (0.05 + face.gape * 0.8) * (0.7 if one else 1.0)
        shape = (
            left,
            left,
            (x, y - 0.01),
            right,
            right,
            (x + w * (0.15 if one else 0.5), y - deep),
            (x, y - deep - 0.03),
            (x - w * 0.5, y - deep),
        )
        canvas.cel(shape, "#5b1f1c", line=0.75)
        if face.teeth and not small:
            bite = min(0.05, deep * 0.4)
            canvas.fill(
                (
                    left,
                    (x, y - 0.012),
                    right,
                    (right[0] * 0.8 + x * 0.2, right[1] - bite),
                    (x, y - bite - 0.012),
                    (left[0] * 0.8 + x * 0.2, left[1] - bite),
                ),
                "#fffaf0",
            )
        if deep > 0.09:
            canvas.fill(ring(x, y - deep + 0.015, w * 0.4, 0.045), "#d9707a")
    else:
        sag = 0.05 if not one else 0.02
        canvas.stroke(
            (left, ((left[0] + x) / 2, y - sag + min(0.0, face.left) * 0.2), (x, y)),
            0.028,
            line,
            unit=True,
            taper=(0.4, 0.9),
        )
        canvas.stroke(
            (right, ((right[0] + x) / 2, y - sag + min(0.0, face.right) * 0.2), (x, y)),
            0.028,
            line,
            unit=True,
            taper=(0.4, 0.9),
        )


def _beak(canvas: Canvas, mask: Mask, x: float) -> None:
    face, coat = mask.face, mask.coat
    gape = 0.02 + face.gape * 0.7
    y = mask.shape.muzzle[2]
    if mask.view is View.FRONT:
        canvas.cel(
            ((-0.1, y), (0, y - 0.1 - gape), (0.1, y)),
            mix(_rgb(coat.nose), (90, 40, 0), 0.35),
            line=0.8,
        )
        if gape > 0.05:
            canvas.fill(
                ((-0.07, y - 0.02), (0, y - 0.06 - gape * 0.6), (0.07, y - 0.02)), "#5b1f1c"
            )
        canvas.cel(
            ((-0.13, y + 0.02), (0, y + 0.1), (0.13, y + 0.02), (0, y - 0.09)), coat.nose, line=0.8
        )
        return
    at = {View.QUARTER: 0.26}.get(mask.view, 0.36)
    long = 0.3 if mask.view is View.QUARTER else 0.34
    canvas.cel(
        ((at, y - 0.02), (at + long * 0.8, y - 0.05 - gape), (at, y - 0.12)),
        mix(_rgb(coat.nose), (90, 40, 0), 0.35),
        line=0.8,
    )
    canvas.cel(
        (
            (at - 0.02, y + 0.12),
            (at + long, y - 0.03),
            (at + long, y - 0.03),
            (at - 0.02, y - 0.05),
        ),
        coat.nose,
        line=0.8,
    )


def _trunk(canvas: Canvas, mask: Mask, x: float) -> None:
    """Tusks, mouth and trunk; moods curl it."""
    coat, face = mask.coat, mask.face
    happy = max(face.left, face.right) > 0.04
    _mouth(
        canvas,
        mask,
        x * 0.5 + (0.0 if mask.view is View.FRONT else -0.06),
        -0.36,
        0.17,
        canvas.pixels < 40,
    )
    for s in {View.FRONT: (-1, 1), View.QUARTER: (-1, 1)}.get(mask.view, (-1,)):
        bx = x * 0.7 + s * 0.2 * (0.7 if mask.view is not View.FRONT else 1.0)
        lean = s * 0.08 if mask.view is View.FRONT else 0.2
        canvas.cel(
            (
                (bx - 0.05, -0.24),
                (bx + 0.05, -0.24),
                (bx + lean * 0.8 + 0.02, -0.5),
                (bx + lean * 1.3, -0.6),
                (bx + lean * 0.6 - 0.05, -0.5),
            ),
            coat.horn,
            line=0.9,
        )
    side = 0.0 if mask.view is View.FRONT else 1.0
    top = np.array((x * 0.85, -0.02))
    if happy:
        bones = [
            top,
            top + (0.05 + 0.12 * side, -0.36),
            top + (0.2 + 0.26 * side, -0.62),
            top + (0.46 + 0.3 * side, -0.56),
            top + (0.54 + 0.3 * side, -0.3),
        ]
    else:
        bones = [
            top,
            top + (0.02 + 0.12 * side, -0.36),
            top + (0.02 + 0.16 * side, -0.72),
            top + (0.08 + 0.2 * side, -1.02),
            top + (0.22 + 0.22 * side, -1.12),
        ]
    widths = (0.2, 0.165, 0.13, 0.1, 0.08)
    shapes = [
        capsule(a, ra, b, rb, 8) for a, b, ra, rb in zip(bones, bones[1:], widths, widths[1:])
    ]
    canvas.cels(shapes, coat.fur, smooth=False, shade=0.03)
    canvas.patch(ring(float(top[0]), float(top[1]) + 0.08, 0.2, 0.16), coat.fur)
    if canvas.pixels > 40:
        for a, b, r in zip(bones[:3], bones[1:4], widths[:3]):
            mid = (a + b) / 2
            canvas.stroke(
                (mid + (-r * 0.8, 0.0), mid + (0, -0.03), mid + (r * 0.8, 0.0)),
                0.7,
                mix(_rgb(coat.fur), (40, 40, 60), 0.4),
            )


def _marks(canvas: Canvas, mask: Mask, small: bool) -> None:
    """Stripes, blazes, masks of the face."""
    coat, view = mask.coat, mask.view
    x = {View.FRONT: 0.0, View.QUARTER: 0.16}.get(view, 0.3)
    _, ry, cy = mask.shape.skull
    top = cy + ry
    if mask.species in (PropKind.CAT, PropKind.TIGER) and not small:
        for dx in (-0.13, 0.0, 0.13):
            canvas.stroke(
                ((x * 0.8 + dx, top - 0.03), (x * 0.9 + dx * 0.7, top - 0.2)),
                0.055,
                coat.hair,
                unit=True,
                taper=(1, 0.1),
            )
        for s in (-1, 1):
            if view is View.PROFILE and s > 0:
                continue
            for up in (0.0, -0.12) if mask.species is PropKind.TIGER else (-0.08,):
                k = (
                    {View.QUARTER: 0.72 if s > 0 else 1.0}.get(view, 1.0)
                    if view is not View.PROFILE
                    else 0.7
                )
                canvas.stroke(
                    ((s * 0.46 * k, cy + up), (s * 0.32 * k, cy + up - 0.03)),
                    0.05,
                    coat.hair,
                    unit=True,
                    taper=(1, 0.1),
                )
    elif mask.species in (PropKind.FOX, PropKind.WOLF) and view is not View.PROFILE:
        for s in (-1, 1):
            k = 0.8 if view is View.QUARTER and s > 0 else 1.0
            canvas.patch(
                (
                    ((x + s * 0.1), cy - 0.06),
                    (s * 0.46 * k + x * 0.3, cy - 0.14),
                    (s * 0.38 * k + x * 0.4, cy - 0.3),
                    (x + s * 0.12, cy - 0.32),
                ),
                coat.pale,
            )
    elif mask.species in (PropKind.FOX, PropKind.WOLF):
        canvas.patch(path("-.02,-.12 .2,-.1 .5,-.2 .5,-.36 .1,-.36"), coat.pale)
    elif mask.species is PropKind.COW:
        canvas.fill(
            (
                (x - 0.32 + 0.1 * (view is not View.FRONT), cy + 0.34),
                (x - 0.06, cy + 0.4),
                (x - 0.08, cy + 0.0),
                (x - 0.3, cy - 0.08),
                (x - 0.34, cy + 0.12),
            ),
            coat.hair,
        )
    elif mask.species in (PropKind.HORSE,) and not small:
        canvas.fill(
            (
                (x - 0.035, cy + 0.3),
                (x + 0.035, cy + 0.3),
                (x + 0.05 + _shift(mask) * 0.4, -0.2),
                (x - 0.02 + _shift(mask) * 0.4, -0.22),
            ),
            "#efe4d4",
        )
    if mask.species in (PropKind.HORSE, PropKind.DONKEY):
        canvas.cel(
            (
                (x - 0.2, cy + 0.44),
                (x + 0.02, cy + 0.5),
                (x + 0.16, cy + 0.4),
                (x + 0.08, cy + 0.16),
                (x + 0.02, cy + 0.27),
                (x - 0.07, cy + 0.13),
                (x - 0.1, cy + 0.28),
            ),
            coat.hair,
            line=0.8,
        )
    if mask.species is PropKind.CAMEL:
        canvas.cel(_bumps(x * 0.5 - 0.04, cy + 0.38, 0.24, 0.13, 7, 0.1), coat.hair, line=0.8)


def _bumps(x: float, y: float, rx: float, ry: float, count: int, deep: float) -> np.ndarray:
    angle = np.arange(count * 2) * (math.pi / count)
    r = 1 + np.where(np.arange(count * 2) % 2, deep, -deep)
    return pairs(x + np.cos(angle) * rx * r, y + np.sin(angle) * ry * r)


def _wool(canvas: Canvas, mask: Mask) -> None:
    """The wool on a sheep's head."""
    if mask.species is PropKind.SHEEP:
        x = {View.FRONT: 0.0, View.QUARTER: -0.02, View.BACK: 0.0}.get(mask.view, -0.12)
        if mask.view is View.BACK:
            canvas.cel(_bumps(0, 0.08, 0.4, 0.44, 11, 0.06), mask.coat.fur, shade=0.06)
            return
        canvas.cel(_bumps(x, 0.4, 0.32, 0.18, 9, 0.08), mask.coat.fur, shade=0.04)


def _lion_mane(canvas: Canvas, mask: Mask) -> None:
    x = {View.FRONT: 0.0, View.QUARTER: -0.06, View.PROFILE: -0.2, View.BACK: 0.0}[mask.view]
    rx = 0.62 if mask.view is View.PROFILE else 0.74
    canvas.cel(_bumps(x, -0.02, rx, 0.74, 15, 0.06), mask.coat.hair, shade=0.1)
    if canvas.pixels > 36:
        tone = mix(_rgb(mask.coat.hair), (255, 210, 150), 0.22)
        for i in range(12):
            a = i * math.pi / 6 + 0.2
            canvas.stroke(
                (
                    (x + math.cos(a) * 0.5, -0.02 + math.sin(a) * 0.54),
                    (x + math.cos(a) * rx * 0.9, -0.02 + math.sin(a) * 0.66),
                ),
                0.03,
                tone,
                unit=True,
            )


def _horns(canvas: Canvas, mask: Mask) -> None:
    view, coat = mask.view, mask.coat
    sides: tuple[tuple[float, float], ...] = {
        View.FRONT: ((-1, 0.0), (1, 0.0)),
        View.BACK: ((-1, 0.0), (1, 0.0)),
        View.QUARTER: ((-1, 0.06), (0.75, 0.06)),
    }.get(view, ((-0.4, 0.02),))
    if mask.species is PropKind.COW:
        for s, x in sides:
            out = s if view is not View.PROFILE else -0.2
            canvas.cel(
                (
                    (x + s * 0.16, 0.42),
                    (x + s * 0.26, 0.36),
                    (x + out * 0.5, 0.52),
                    (x + out * 0.5, 0.78),
                    (x + out * 0.4, 0.6),
                    (x + s * 0.2, 0.52),
                ),
                coat.horn,
                line=0.9,
            )
    elif mask.species is PropKind.GOAT:
        for s, x in sides:
            canvas.cel(
                (
                    (x + s * 0.06, 0.42),
                    (x + s * 0.2, 0.38),
                    (x + s * 0.26, 0.7),
                    (x + s * 0.22 - 0.14, 1.02),
                    (x + s * 0.22 - 0.2, 1.04),
                    (x + s * 0.12, 0.74),
                ),
                coat.horn,
                line=0.9,
                shade=0.02,
            )
            if canvas.pixels > 30:
                for y in (0.56, 0.68, 0.8):
                    canvas.stroke(((x + s * 0.09, y), (x + s * 0.22, y + 0.01)), 0.5, "#8a7a58")
    elif mask.species is PropKind.DRAGON:
        for s, x in sides:
            canvas.cel(
                (
                    (x + s * 0.12, 0.4),
                    (x + s * 0.26, 0.34),
                    (x + s * 0.28 - 0.14, 0.66),
                    (x + s * 0.3 - 0.34, 0.88),
                    (x + s * 0.2 - 0.2, 0.62),
                ),
                coat.horn,
                line=0.9,
                shade=0.02,
            )


def _ears(canvas: Canvas, mask: Mask, far: bool) -> None:
    """Ears; in profile and three quarters the near one is drawn after the skull."""
    draw = _EARS.get(mask.shape.ears)
    if draw is None:
        return
    match mask.view:
        case View.FRONT:
            sides = ((-1, 0.0), (1, 0.0)) if far else ()
        case View.BACK:
            sides = () if far else ((-1, 0.0), (1, 0.0))
        case View.QUARTER:
            sides = ((1, 0.0), (-1, 0.02)) if far else ()
            if mask.shape.ears in ("floppy", "fan", "flap", "saucer", "side"):
                sides = ((0.84, 0.0),) if far else ((-1, 0.06),)
        case _:
            sides = ((0.35, 0.0),) if far else ((-0.45, 0.0),)
    for side, shift in sides:
        sign = 1 if side > 0 else -1
        draw(canvas, mask, sign, abs(side), shift)


def _turned(
    canvas: Canvas, x: float, y: float, turn: float, side: int
) -> AbstractContextManager[Canvas]:
    """A frame at the root of an ear whose y axis points along it; ``side`` mirrors it."""
    cos, sin = math.cos(turn), math.sin(turn)
    return canvas.local(Affine(cos * side, sin * side, x, -sin, cos, y))


def _simple(
    outer: Points, inner: Points | None, root: tuple[float, float], lean: float, hang: float
) -> Callable[[Canvas, Mask, int, float, float], None]:
    """An ear of one outline.

    :param lean: outward turn, :param hang: more of it when drooping; radians.
    """

    def draw(canvas: Canvas, mask: Mask, side: int, far: float, shift: float) -> None:
        turn = lean + hang * mask.droop
        with _turned(canvas, side * root[0] * far + shift, root[1], turn, side):
            dark = (
                mask.coat.dark if mask.species in (PropKind.FOX, PropKind.SHEEP) else mask.coat.fur
            )
            canvas.cel(outer, dark, shade=0.03)
            if inner is not None and mask.view is not View.BACK:
                pink = (
                    mask.coat.hair
                    if mask.shape.ears in ("hare", "dish")
                    else mix(_rgb(mask.coat.pale), (225, 150, 140), 0.5)
                )
                canvas.fill(inner, pink)

    return draw


def _fan(canvas: Canvas, mask: Mask, side: int, far: float, shift: float) -> None:
    """An elephant's."""
    out = side * far
    if mask.view is View.PROFILE:
        if side > 0:
            return
        shape = path("-.06,.34 -.5,.46 -.74,.2 -.7,-.24 -.4,-.52 -.2,-.3 -.08,-.06")
        canvas.cel(shape, mask.coat.fur, shade=0.07)
        canvas.stroke(path("-.2,.24 -.46,.26 -.56,.0"), 0.8, mask.coat.dark)
        return
    x = out * 0.4 + shift
    shape = [
        (x, 0.36),
        (x + out * 0.3, 0.5),
        (x + out * 0.56, 0.26),
        (x + out * 0.52, -0.2),
        (x + out * 0.24, -0.46),
        (x, -0.12),
    ]
    canvas.cel(shape, mask.coat.fur, shade=0.06)
    canvas.fill(
        [
            (x + out * 0.08, 0.26),
            (x + out * 0.28, 0.38),
            (x + out * 0.44, 0.2),
            (x + out * 0.4, -0.14),
            (x + out * 0.22, -0.32),
            (x + out * 0.04, -0.06),
        ],
        mix(_rgb(mask.coat.hair), _rgb(mask.coat.fur), 0.45),
    )


_EARS: dict[str, Callable[[Canvas, Mask, int, float, float], None]] = {
    "pointed": _simple(
        path("-.19,-.08 -.1,.24 .04,.47! .17,.16 .2,-.1"),
        path("-.1,0 -.04,.2 .035,.34! .1,.14 .11,0"),
        (0.29, 0.31),
        0.22,
        0.75,
    ),
    "floppy": _simple(
        path("-.06,.1 .1,.12 .2,-.05 .2,-.36 .1,-.5 -.02,-.36 -.1,-.08"),
        None,
        (0.32, 0.34),
        0.12,
        -0.2,
    ),
    "round": _simple(
        path("-.17,-.04 -.17,.16 0,.26 .17,.16 .17,-.04 0,-.1"),
        path("-.09,0 -.09,.12 0,.17 .09,.12 .09,0"),
        (0.32, 0.37),
        0.45,
        0.5,
    ),
    "side": _simple(
        path("-.08,-.02 -.1,.2 0,.38 .1,.2 .08,-.02"),
        path("-.03,.05 -.04,.2 0,.3 .05,.2"),
        (0.27, 0.3),
        1.25,
        0.45,
    ),
    "flap": _simple(
        path("-.17,-.06 -.12,.2 .05,.34! .3,.16 .2,-.06"),
        path("-.06,.02 0,.16 .16,.12 .12,0"),
        (0.28, 0.36),
        0.5,
        0.6,
    ),
    "tall": _simple(
        path("-.09,-.04 -.1,.2 0,.4! .1,.2 .09,-.04"),
        path("-.04,.04 -.04,.2 0,.3 .05,.2"),
        (0.16, 0.42),
        0.16,
        0.9,
    ),
    "long": _simple(
        path("-.09,-.04 -.13,.34 0,.68! .13,.34 .09,-.04"),
        path("-.04,.06 -.06,.34 0,.54 .07,.34"),
        (0.17, 0.4),
        0.22,
        1.1,
    ),
    "tiny": _simple(path("-.07,-.02 -.08,.1 0,.2 .08,.1 .07,-.02"), None, (0.24, 0.36), 0.5, 0.5),
    "saucer": _simple(
        path("-.14,-.04 -.17,.14 0,.27 .17,.14 .14,-.04"),
        path("-.07,.02 -.09,.13 0,.2 .09,.13 .07,.02"),
        (0.38, 0.06),
        1.5,
        0.2,
    ),
    "hare": _simple(
        path("-.1,-.04 -.14,.4 -.02,.86 .1,.8 .14,.4 .1,-.04"),
        path("-.04,.08 -.07,.4 0,.72 .07,.4 .05,.08"),
        (0.16, 0.38),
        0.14,
        1.2,
    ),
    "dish": _simple(
        path("-.2,.02 -.26,.26 -.04,.46 .2,.36 .26,.12 .12,-.04"),
        path("-.11,.08 -.15,.25 0,.36 .14,.28 .16,.13"),
        (0.28, 0.28),
        0.5,
        0.4,
    ),
    "fins": _simple(
        path("-.06,-.02 .02,.2 -.06,.42! .1,.3 .24,.36! .2,.16 .32,.1! .12,-.08"),
        None,
        (0.3, 0.18),
        0.9,
        0.4,
    ),
    "fan": _fan,
}
