"""Animals in profile, facing right; metres, the origin on the ground under the body."""

from __future__ import annotations

import numpy as np

from ...story import Emotion, PropKind
from ..blocking.creatures import ANATOMIES, Gait, stand
from ..blocking.curves import Affine, Points, capsule, pairs, path, ring
from ..blocking.measures import PROPS
from .creatures import draw_plain
from .ink import RGB, Canvas, mix, rgb
from .ornament import band
from .palette import CRIMSON, GOLD

_COATS = (
    ("#a0673a", "#7d4d2b", "#38251c", "#6e4630"),
    ("#cfc6ba", "#a79d92", "#6d6660", "#8d837a"),
)
"""Coat, its shade, mane and muzzle: a bay, a grey."""
_HOOF = "#3a2d26"


def draw_animal(
    canvas: Canvas,
    kind: PropKind,
    *,
    saddled: bool = False,
    stride: float = 0.0,
    coat: int = 0,
    fur: str | None = None,
) -> None:
    """Draw an animal.

    :param saddled: with blanket, saddle and bridle.
    :param stride: 0 stands, 1 walks.
    :param coat: colour of a horse, an index into its coats.
    :param fur: colour of a bird or a fish, if not that of its kind.
    """
    if kind is PropKind.HORSE:
        _horse(canvas, saddled, stride, *_COATS[coat % len(_COATS)])
    elif kind is PropKind.DONKEY:
        _donkey(canvas, saddled, stride)
    elif kind is PropKind.CAMEL:
        _camel(canvas, saddled, stride)
    elif kind is PropKind.SHEEP:
        _sheep(canvas)
    elif kind is PropKind.DOG:
        _dog(canvas)
    else:
        _prop(canvas, kind, stride, saddled, fur)


def _prop(canvas: Canvas, kind: PropKind, stride: float, saddled: bool, fur: str | None) -> None:
    """An animal of :mod:`.creatures`, as large as its prop."""
    anatomy, measure = ANATOMIES[kind], PROPS[kind]
    stance = stand(anatomy, Gait.WALK if stride else Gait.STAND, Emotion.NEUTRAL, 76)
    top = float(stance.head[1]) + anatomy.head * (0.5 + anatomy.ears)
    low = -anatomy.chest if kind is PropKind.FISH else 0.0
    left = float(stance.tail[:, 0].min())
    right = float(stance.head[0]) + anatomy.head * (anatomy.muzzle + 0.1)
    size = min(measure.height / (top - low), measure.width * 1.1 / (right - left))
    # a mount has its back under the rider, anything else its middle in its place
    shift = 0.0 if saddled else -(left + right) / 2 * size
    with canvas.local(Affine(size, 0, shift, 0, size, -low * size)):
        draw_plain(canvas, kind, stance, fur)
    if saddled:
        broad = anatomy.chest * size / 0.36
        with canvas.local(Affine(a=broad, e=broad)):
            _saddle(canvas, (measure.mount + 0.02) / broad, 0.0)


MUZZLES: dict[PropKind, tuple[float, float]] = {
    PropKind.HORSE: (1.3, 1.42),
    PropKind.DONKEY: (0.86, 0.98),
    PropKind.CAMEL: (1.42, 1.78),
}
"""Where the rein is tied."""


def _leg(
    canvas: Canvas,
    points: list[tuple[float, float]],
    widths: list[float],
    fill: RGB | str,
    hoof: RGB | str = _HOOF,
) -> None:
    """A leg along bones, from the body to the hoof."""
    canvas.cels(_bones(points, widths), fill, smooth=False, shade=widths[-1] * 0.18)
    _hoof(canvas, *points[-1], widths[-1], hoof)


def _bones(points: list[tuple[float, float]], widths: list[float]) -> list[np.ndarray]:
    return [
        capsule(p, a / 2, q, b / 2, count=6)
        for p, q, a, b in zip(points, points[1:], widths, widths[1:])
    ]


def _hoof(canvas: Canvas, x: float, y: float, width: float, tone: RGB | str = _HOOF) -> None:
    w = width * 0.72
    canvas.cel(
        ((x - w * 0.8, y), (x + w * 0.7, y), (x + w * 1.25, y - 0.1), (x - w, y - 0.1)),
        tone,
        smooth=False,
        line=0.8,
    )


def _trunk(
    canvas: Canvas,
    body: Points,
    fill: RGB | str,
    shade: float,
    legs: list[tuple[list[tuple[float, float]], list[float]]],
    hoofs: bool = True,
) -> None:
    """Body and near legs as one shape, so that no line crosses the thigh."""
    outline = canvas.smooth(body)
    canvas.cels(
        [outline] + [b for points, widths in legs for b in _bones(points, widths)],
        fill,
        smooth=False,
        shade=0,
    )
    canvas.cel(outline, fill, smooth=False, line=0, shade=shade)
    for points, widths in legs:
        for bone in _bones(points, widths):
            canvas.cel(bone, fill, smooth=False, line=0, shade=widths[-1] * 0.12)
        canvas.fill(ring(*points[0], widths[0] * 0.5 + 0.05), fill)
        if hoofs:
            _hoof(canvas, *points[-1], widths[-1])


def _hoofed(canvas: Canvas, fill: RGB | str, stride: float, scale: float = 1.0) -> None:
    """The two far legs of a horse."""
    with canvas.local(Affine(a=scale, e=scale)):
        for points, widths in _horse_legs(stride, near=False):
            _leg(canvas, points, widths, fill)


def _horse_legs(
    stride: float, near: bool = True, scale: float = 1.0
) -> list[tuple[list[tuple[float, float]], list[float]]]:
    """(joints, widths) of the two legs of one side of a horse."""
    s = stride * (1 if near else -1)
    x = 0.0 if near else 0.14
    hind = [
        (-0.64 + x, 0.98),
        (-0.58 + x + 0.1 * s, 0.68),
        (-0.74 + x + 0.12 * s, 0.47),
        (-0.7 + x + 0.22 * s, 0.1 + max(0.0, -s) * 0.05),
    ]
    lift = max(0.0, -s) * 0.12
    front = [
        (0.47 + x, 0.98),
        (0.5 + x - 0.1 * s, 0.5 + lift),
        (0.5 + x - 0.26 * s, 0.1 + lift * 0.6),
    ]
    return [
        ([(px * scale, py * scale) for px, py in points], [w * scale for w in widths])
        for points, widths in ((hind, [0.4, 0.21, 0.125, 0.095]), (front, [0.27, 0.135, 0.095]))
    ]


def _eye(canvas: Canvas, x: float, y: float, size: float) -> None:
    canvas.fill(ring(x, y, size, size * 0.85), "#1f1512")
    canvas.dot(x - size * 0.2, y + size * 0.3, size * 0.32, "#ffffff")
    canvas.stroke(
        ((x - size * 1.3, y + size * 0.5), (x, y + size * 1.15), (x + size * 1.2, y + size * 0.2)),
        0.8,
    )


def _horse(
    canvas: Canvas, saddled: bool, stride: float, coat: str, dark: str, mane_tone: str, muzzle: str
) -> None:
    _hoofed(canvas, dark, stride)
    tail = path("-.84,1.33 -.98,1.26 -1.1,.98 -1.08,.66 -1.16,.42 -.98,.5 -.9,.72 -.88,1 -.8,1.2")
    canvas.cel(tail, mane_tone, shade=0.03)
    near_ear = path("1.02,1.88 1,2.1! 1.14,1.94")
    canvas.cel(path("1.1,1.88 1.12,2.09! 1.19,1.9"), dark)
    body: Points = path(
        ".42,1.46 .1,1.37 -.25,1.37 -.56,1.44 -.8,1.33 -.89,1.1 -.84,.88 -.6,.8 "
        "-.2,.77 .2,.75 .54,.8 .74,.95 .82,1.16 .88,1.34 .98,1.5 1.05,1.56 "
        "1.14,1.46 1.22,1.32 1.3,1.25 1.4,1.27 1.44,1.37 1.38,1.5 1.28,1.72 "
        "1.2,1.88 1.1,1.94 .98,1.9 .82,1.76 .62,1.58"
    )
    _trunk(canvas, body, coat, 0.12, _horse_legs(stride))
    canvas.fill(path("1.24,1.3 1.32,1.24 1.42,1.28 1.44,1.37 1.38,1.46 1.28,1.42"), muzzle)
    canvas.stroke(path("-.48,1.1 -.56,.92 -.52,.78"), 0.7, dark)
    canvas.stroke(path(".62,1.1 .56,.95 .6,.84"), 0.7, dark)
    canvas.cel(near_ear, coat)
    mane = path(
        "1.08,1.98 .9,1.94 .72,1.8 .52,1.6 .4,1.46 .48,1.36 .54,1.42 .6,1.34 "
        ".68,1.48 .75,1.44 .8,1.6 .88,1.58 .92,1.74 1.02,1.76"
    )
    canvas.cel(mane, mane_tone, shade=0.025)
    canvas.cel(path("1.08,1.97 1.14,1.94 1.22,1.78 1.17,1.68 1.12,1.78"), mane_tone, line=0.7)
    _eye(canvas, 1.2, 1.665, 0.034)
    canvas.dot(1.39, 1.36, 0.018, "#2a1a14")
    canvas.stroke(path("1.27,1.3 1.34,1.325 1.39,1.3"), 0.8)
    if saddled:
        _saddle(canvas, 1.4, 0.0)
        for line in (path("1.32,1.24 1.27,1.36 1.35,1.52"), path("1.27,1.37 1.1,1.62 1.06,1.9")):
            canvas.stroke(line, 0.03, CRIMSON, unit=True, taper=(1, 1))
    else:
        canvas.stroke(path("1.25,1.3 1.3,1.42 1.36,1.5"), 0.024, "#5b3a22", unit=True, taper=(1, 1))
        canvas.stroke(
            path("1.29,1.42 1.12,1.62 1.07,1.88"), 0.024, "#5b3a22", unit=True, taper=(1, 1)
        )


def _saddle(canvas: Canvas, back: float, x: float) -> None:
    """Blanket with ornament, saddle with a high pommel."""
    canvas.cel(
        (
            (x - 0.42, back),
            (x - 0.44, back - 0.52),
            (x - 0.44, back - 0.52),
            (x + 0.3, back - 0.54),
            (x + 0.3, back - 0.54),
            (x + 0.32, back + 0.03),
        ),
        CRIMSON,
        shade=0.05,
    )
    canvas.stroke(
        ((x - 0.43, back - 0.47), (x - 0.05, back - 0.5), (x + 0.3, back - 0.48)),
        0.05,
        GOLD,
        unit=True,
        taper=(1, 1),
    )
    band(canvas, (x - 0.4, back - 0.3), (x + 0.28, back - 0.32), 0.2, GOLD)
    canvas.cel(
        (
            (x - 0.36, back + 0.02),
            (x - 0.4, back + 0.17),
            (x - 0.3, back + 0.1),
            (x, back + 0.05),
            (x + 0.22, back + 0.14),
            (x + 0.3, back + 0.26),
            (x + 0.33, back + 0.12),
            (x + 0.26, back - 0.02),
            (x, back - 0.06),
        ),
        "#6b3d22",
        shade=0.03,
    )


def _donkey(canvas: Canvas, saddled: bool, stride: float) -> None:
    grey, dark = "#9b938c", "#77706a"
    _hoofed(canvas, dark, stride, scale=0.72)
    canvas.stroke(path("-.6,.94 -.72,.74 -.7,.5"), 0.04, dark, unit=True, taper=(1, 0.6))
    canvas.cel(ring(-0.7, 0.46, 0.04, 0.09), "#3d3733")
    canvas.cel(path(".72,1.22 .66,1.5 .7,1.56 .8,1.28"), dark)
    body = path(
        ".3,1.02 0,.98 -.3,1 -.56,.98 -.64,.8 -.58,.6 -.2,.53 .2,.52 .44,.6 .54,.78 "
        ".62,.94 .68,.98 .76,.86 .84,.78 .94,.8 .98,.9 .92,1.04 .84,1.22 .74,1.28 "
        ".58,1.2"
    )
    _trunk(canvas, body, grey, 0.08, _horse_legs(stride, scale=0.72))
    canvas.fill(path(".84,.8 .94,.81 .97,.9 .9,1 .82,.92"), "#e6dfd6")
    canvas.cel(path(".62,1.22 .5,1.48 .53,1.56 .62,1.5 .72,1.28"), grey, shade=0.02)
    canvas.fill(path(".62,1.28 .55,1.48 .6,1.46 .67,1.3"), "#c9a79a")
    canvas.cel(path(".66,1.27 .46,1.14 .3,1.03 .36,.98 .52,1.1 .68,1.2"), "#3d3733", line=0.7)
    _eye(canvas, 0.78, 1.1, 0.028)
    canvas.dot(0.94, 0.9, 0.014)
    canvas.stroke(path(".84,.85 .9,.865 .95,.845"), 0.7)
    if saddled:
        _saddle_small(canvas)


def _saddle_small(canvas: Canvas) -> None:
    with canvas.local(Affine(a=0.7, e=0.7)):
        _saddle(canvas, 1.41, -0.1)


def _camel(canvas: Canvas, saddled: bool, stride: float) -> None:
    sand, dark, wool = "#c99a5e", "#a07443", "#8a5f36"
    with canvas.local(Affine(a=1.1, e=1.12)):
        _hoofed(canvas, dark, stride)
        canvas.stroke(path("-.82,1.2 -.98,.95 -.95,.7"), 0.05, dark, unit=True)
        canvas.cel(ring(-0.95, 0.68, 0.05, 0.09), wool)
        body = path(
            ".52,1.36 .42,1.5 .34,1.78 .22,1.86 .1,1.76 .02,1.52 -.14,1.44 -.26,1.54 "
            "-.36,1.8 -.5,1.87 -.6,1.74 -.68,1.48 -.84,1.3 -.88,1.05 -.8,.84 -.3,.78 "
            ".2,.76 .56,.8 .74,.92 .9,1 1.04,1.2 1.1,1.5 1.16,1.62 1.26,1.56 1.38,1.5 "
            "1.46,1.56 1.44,1.66 1.34,1.76 1.2,1.9 1.08,1.9 .98,1.8 .9,1.55 .8,1.34 "
            ".66,1.28"
        )
        _trunk(canvas, body, sand, 0.12, _horse_legs(stride))
        for hump in (0.22, -0.49):
            canvas.cel(
                (
                    (hump - 0.13, 1.72),
                    (hump - 0.02, 1.93),
                    (hump + 0.1, 1.86),
                    (hump + 0.13, 1.7),
                    (hump + 0.06, 1.74),
                    (hump, 1.66),
                    (hump - 0.06, 1.73),
                ),
                wool,
                line=0.8,
            )
        canvas.cel(
            path(".74,.96 .9,1.02 1.03,1.22 1.08,1.48 1,1.3 .96,1.34 .9,1.1 .86,1.14 .8,.9"),
            wool,
            line=0.8,
        )
        canvas.cel(path("1.08,1.88 1,1.98 1.06,2 1.14,1.92"), sand)
        canvas.cel(path("1.04,1.9 1.12,1.98 1.24,1.9 1.16,1.84"), wool, line=0.7)
        _eye(canvas, 1.22, 1.74, 0.032)
        canvas.stroke(path("1.3,1.58 1.38,1.6 1.44,1.58"), 0.8)
        canvas.dot(1.42, 1.65, 0.014)
        if saddled:
            canvas.cel(path("-.3,1.46 -.32,.98! .1,.96! .06,1.5"), CRIMSON, shade=0.04)
            band(canvas, (-0.3, 1.12), (0.1, 1.1), 0.18, GOLD)


def _sheep(canvas: Canvas) -> None:
    wool, face = "#f1e8d8", "#4a3a33"
    for x in (-0.24, 0.24):
        _leg(canvas, [(x + 0.06, 0.4), (x + 0.06, 0.1)], [0.1, 0.07], "#3a2e28")
    angle = np.arange(22) * (np.pi / 11)
    wave = 1 + np.where(np.arange(22) % 2, 0.06, -0.06)
    fleece = pairs(-0.04 + np.cos(angle) * 0.47 * wave, 0.5 + np.sin(angle) * 0.3 * wave)
    for x in (-0.28, 0.2):
        _leg(canvas, [(x, 0.38), (x, 0.1)], [0.12, 0.075], face)
    canvas.cel(ring(-0.47, 0.44, 0.12, 0.16), wool, shade=0.03)
    canvas.cel(fleece, wool, shade=0.09)
    canvas.cel(path(".3,.74 .36,.5 .46,.4 .54,.42 .55,.52 .46,.74 .4,.8"), face, shade=0.03)
    canvas.cel(path(".32,.72 .2,.66 .22,.6 .34,.65"), face, line=0.8)
    canvas.cel(path(".26,.74 .3,.86 .42,.87 .47,.76 .38,.73"), wool, line=0.8)
    canvas.stroke(
        path(".36,.76 .25,.79 .22,.7 .3,.67"), 0.045, "#b79a6a", unit=True, taper=(1, 0.5)
    )
    canvas.dot(0.44, 0.62, 0.026, "#f6efe0")
    canvas.dot(0.447, 0.62, 0.014, "#1c1512")
    for x, y in ((-0.2, 0.58), (0.05, 0.44), (-0.05, 0.66), (-0.3, 0.4), (0.16, 0.6)):
        canvas.stroke(
            ((x - 0.05, y), (x, y - 0.04), (x + 0.05, y), (x + 0.02, y + 0.04)),
            0.6,
            mix(rgb(wool), (90, 60, 40), 0.4),
        )


def _dog(canvas: Canvas) -> None:
    """A tazy, the steppe's slim hound."""
    coat, dark = "#c58d4f", "#8f6235"
    for x in (-0.3, 0.26):
        canvas.cels(
            [
                capsule((x + 0.05, 0.36), 0.06, (x + 0.02, 0.2), 0.03, 6),
                capsule((x + 0.02, 0.2), 0.03, (x + 0.05, 0.03), 0.024, 6),
            ],
            dark,
            smooth=False,
        )
    canvas.stroke(
        path("-.38,.46 -.54,.42 -.6,.56 -.52,.64"), 0.045, coat, unit=True, taper=(1, 0.5)
    )
    canvas.stroke(path("-.38,.46 -.54,.42 -.6,.56 -.52,.64"), 0.3)
    body = path(
        ".22,.56 0,.54 -.26,.55 -.42,.46 -.42,.32 -.3,.28 -.1,.34 .06,.28 .24,.22 "
        ".34,.32 .4,.46 .44,.54 .5,.5 .62,.5 .65,.54 .6,.6 .5,.66 .42,.7 .34,.68 "
        ".28,.6"
    )
    legs = [
        ([(x, 0.38), (x - 0.02, 0.2), (x, 0.03), (x + 0.05, 0.025)], [0.15, 0.064, 0.05, 0.046])
        for x in (-0.34, 0.2)
    ]
    _trunk(canvas, body, coat, 0.05, legs, hoofs=False)
    canvas.cel(path(".34,.68 .27,.66 .24,.5 .3,.46 .37,.58"), dark, line=0.8)
    canvas.dot(0.635, 0.555, 0.024, "#1c1512")
    canvas.dot(0.475, 0.615, 0.019, "#1c1512")
    canvas.stroke(path(".5,.53 .57,.525 .62,.52"), 0.7)
    canvas.stroke(path(".27,.5 .34,.44 .4,.44"), 0.03, CRIMSON, unit=True, taper=(1, 1))
