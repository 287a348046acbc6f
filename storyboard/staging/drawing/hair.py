"""Hair: what hangs behind the head, and what lies on it; in the head's own frame."""

from __future__ import annotations

import math

import numpy as np

from ...story import Hair
from ..blocking.curves import Points, pairs, path, ring
from .faces import View
from .ink import RGB, Canvas, mix, rgb

_PARTED = (Hair.BOB, Hair.LONG, Hair.BRAID, Hair.PONYTAIL, Hair.BUN)


def _strand(hair: RGB | str, share: float = 0.28) -> RGB:
    """A tone for single strands: lighter on dark hair, darker on fair."""
    tone = rgb(hair) if isinstance(hair, str) else hair
    return mix(tone, (255, 225, 190) if sum(tone) < 260 else (60, 40, 30), share * 0.7)


def _cloud(x: float, y: float, rx: float, ry: float, count: int, deep: float) -> np.ndarray:
    angle = np.arange(count * 2) * (math.pi / count)
    r = 1 + np.where(np.arange(count * 2) % 2, deep, -deep)
    return pairs(x + np.cos(angle) * rx * r, y + np.sin(angle) * ry * r)


def _braid(canvas: Canvas, hair: RGB | str, x: float, y: float, lean: float, count: int) -> None:
    """A plait downwards from (x, y), tied at its end."""
    for i in range(count):
        size = 0.105 - 0.007 * i
        canvas.cel(
            ring(x + lean * i, y - 0.125 * i, size, 0.085, turn=0.3 * (-1) ** i), hair, line=0.8
        )
    end = x + lean * count, y - 0.125 * count
    canvas.cel(ring(end[0], end[1] + 0.03, 0.055, 0.035, count=8), "#b5453c", line=0.7)
    canvas.cel(
        (
            (end[0] - 0.03, end[1] + 0.01),
            (end[0] + 0.03, end[1] + 0.01),
            (end[0] + 0.05, end[1] - 0.13),
            (end[0] - 0.04, end[1] - 0.14),
        ),
        hair,
        line=0.8,
    )


def draw_behind(canvas: Canvas, style: Hair, view: View, hair: RGB | str) -> None:
    """What hangs behind neck and shoulders, for a head that is not seen from behind."""
    shapes: dict[View, Points] = {}
    if style is Hair.LONG:
        shapes = {
            View.FRONT: path(
                "0,.5 .42,.4 .53,0 .56,-.5 .6,-.98 .3,-1.06 0,-1 -.3,-1.06 "
                "-.6,-.98 -.56,-.5 -.53,0 -.42,.4"
            ),
            View.QUARTER: path(
                "0,.5 .3,.3 .32,-.4 .34,-.9 .1,-1 -.3,-1.08 -.62,-.98 -.6,-.5 -.53,0 -.4,.4"
            ),
            View.PROFILE: path(".1,.5 .1,-.2 .08,-.8 -.2,-1.06 -.56,-1.02 -.6,-.5 -.54,0 -.4,.4"),
        }
    elif style is Hair.BOB:
        shapes = {
            View.FRONT: path(
                "0,.5 .42,.4 .53,0 .55,-.4 .42,-.5 0,-.46 -.42,-.5 -.55,-.4 -.53,0 -.42,.4"
            ),
            View.QUARTER: path(
                "0,.5 .3,.3 .38,-.3 .34,-.48 0,-.46 -.4,-.52 -.56,-.42 -.53,0 -.4,.4"
            ),
            View.PROFILE: path(".1,.5 .1,-.2 .06,-.44 -.2,-.5 -.52,-.46 -.57,-.2 -.54,.1 -.4,.4"),
        }
    elif style is Hair.CURLY:
        canvas.cel(_cloud(-0.02 if view is View.FRONT else -0.12, 0.12, 0.58, 0.56, 13, 0.05), hair)
    elif style is Hair.PONYTAIL:
        shapes = {
            View.FRONT: path(".2,.42 .5,.44 .62,.1 .58,-.42 .5,-.7 .42,-.4 .44,0"),
            View.QUARTER: path("-.3,.36 -.56,.42 -.74,.1 -.72,-.4 -.62,-.72 -.54,-.4 -.5,0"),
            View.PROFILE: path("-.3,.36 -.56,.42 -.78,.1 -.78,-.4 -.68,-.76 -.58,-.4 -.5,.02"),
        }
    if view in shapes:
        canvas.cel(shapes[view], hair, shade=0.07)
    if style is Hair.BUN:
        x, y = {View.FRONT: (0.0, 0.62), View.QUARTER: (-0.2, 0.6), View.PROFILE: (-0.42, 0.44)}[
            view
        ]
        canvas.cel(ring(x, y, 0.2, 0.18), hair, shade=0.05)
    if style is Hair.BRAID and view is not View.FRONT:
        _braid(canvas, hair, -0.44, -0.18, -0.01, 7)


def draw_over(canvas: Canvas, style: Hair, view: View, hair: RGB | str) -> None:
    """The hair of a bare head, over skull and face."""
    if style is Hair.BALD:
        if canvas.pixels > 40 and view is not View.BACK:
            canvas.stroke(path("-.2,.36 -.12,.41 -.02,.43"), 0.03, "#ffffff", unit=True, alpha=0.5)
        return
    if view is View.BACK:
        _back(canvas, style, hair)
    elif style in _PARTED:
        _parted(canvas, style, view, hair)
    elif style is Hair.CURLY:
        _curly(canvas, view, hair)
    else:
        _short(canvas, view, hair)


def draw_under_hat(canvas: Canvas, style: Hair, view: View, hair: RGB | str) -> None:
    """What a hat leaves to be seen at the temples."""
    if view is View.BACK:
        _back(canvas, style, hair)
        return
    if style not in (Hair.LONG, Hair.BOB, Hair.CURLY):
        return
    low = {Hair.LONG: -0.62, Hair.BOB: -0.36}.get(style, -0.2)
    sides = {View.FRONT: ((-1, 0.0), (1, 0.0)), View.QUARTER: ((-1, 0.1),)}.get(view, ())
    for side, shift in sides:
        canvas.cel(
            (
                (side * 0.3 + shift, 0.42),
                (side * 0.46, 0.36),
                (side * 0.5, 0.0),
                (side * 0.5, low + 0.1),
                (side * 0.43, low),
                (side * 0.37 + shift * 0.4, low + 0.2),
                (side * 0.36 + shift, 0.1),
            ),
            hair,
            shade=0.03,
        )
    if view is View.PROFILE:
        canvas.cel(
            (
                (-0.4, 0.4),
                (-0.48, 0.1),
                (-0.48, low + 0.08),
                (-0.3, low),
                (-0.12, low + 0.1),
                (-0.1, 0.12),
                (0.06, 0.4),
            ),
            hair,
            shade=0.03,
        )


def draw_plait(canvas: Canvas, style: Hair, view: View, hair: RGB | str) -> None:
    """The plait over a shoulder, before the body."""
    if style is Hair.BRAID and view is View.FRONT:
        _braid(canvas, hair, 0.4, -0.3, 0.012, 6)


def _back(canvas: Canvas, style: Hair, hair: RGB | str) -> None:
    if style is Hair.BALD:
        return
    skull = path("-.4,.25 -.47,0 -.4,-.34 0,-.44 .4,-.34 .47,0 .4,.25 .3,.48 0,.58 -.3,.48")
    if style is Hair.CURLY:
        canvas.cel(_cloud(0, 0.08, 0.58, 0.56, 14, 0.05), hair, shade=0.12)
        return
    if style is Hair.LONG:
        skull = path(
            "0,.58 .36,.46 .5,.1 .54,-.4 .6,-.98 .3,-1.08 0,-1.04 -.3,-1.08 "
            "-.6,-.98 -.54,-.4 -.5,.1 -.36,.46"
        )
    elif style is Hair.BOB:
        skull = path("0,.58 .36,.46 .5,.1 .55,-.4 .3,-.5 0,-.48 -.3,-.5 -.55,-.4 -.5,.1 -.36,.46")
    elif style is Hair.SHORT:
        skull = path(
            "-.41,.25 -.46,.02 -.38,-.24 -.2,-.33 0,-.3 .2,-.33 .38,-.24 .46,.02 .41,.25 .3,.5 "
            "0,.6 -.3,.5"
        )
    canvas.cel(skull, hair, shade=0.1)
    tone = _strand(hair)
    if canvas.pixels > 40:
        low = {Hair.LONG: -0.9, Hair.BOB: -0.4}.get(style, -0.3)
        for x in (-0.24, 0.02, 0.26):
            canvas.stroke(((x * 0.5, 0.46), (x, 0.1), (x * 1.2, low)), 0.022, tone, unit=True)
    if style is Hair.PONYTAIL:
        canvas.cel(path("-.1,.2 .1,.2 .2,-.1 .14,-.6 0,-.8 -.14,-.6 -.2,-.1"), hair, shade=0.05)
        canvas.cel(ring(0, 0.2, 0.1, 0.06), "#b5453c", line=0.8)
    elif style is Hair.BUN:
        canvas.cel(ring(0, 0.34, 0.21, 0.19), hair, shade=0.05)
        canvas.stroke(path("-.12,.3 0,.42 .12,.3"), 0.025, tone, unit=True)
    elif style is Hair.BRAID:
        _braid(canvas, hair, 0, -0.3, 0.0, 7)


def _short(canvas: Canvas, view: View, hair: RGB | str) -> None:
    mid = {View.QUARTER: 0.17, View.PROFILE: 0.36}.get(view, 0.0)
    with canvas.local():
        top = (
            (-0.43, -0.02),
            (-0.46, 0.25),
            (-0.32, 0.52),
            (0, 0.6),
            (0.32, 0.52),
            (0.43, 0.28),
            (0.41, 0.1),
            (0.36, 0.24),
            (mid + 0.12, 0.3),
            (mid - 0.04, 0.24),
            (-0.2, 0.31),
            (-0.35, 0.22),
            (-0.37, 0.0),
        )
        canvas.cel([(x, y + 0.1 * (y > 0.05)) for x, y in top], hair)
    if canvas.pixels > 46:
        tone = _strand(hair)
        canvas.stroke(((-0.26, 0.5), (mid * 0.5 - 0.02, 0.6), (0.2, 0.54)), 0.024, tone, unit=True)
        canvas.stroke(((-0.34, 0.4), (-0.2, 0.48), (-0.1, 0.46)), 0.02, tone, unit=True)


def _curly(canvas: Canvas, view: View, hair: RGB | str) -> None:
    spots = {
        View.FRONT: (
            (-0.42, 0.22),
            (-0.38, 0.4),
            (-0.22, 0.5),
            (0.0, 0.53),
            (0.22, 0.5),
            (0.38, 0.4),
            (0.42, 0.22),
        ),
        View.QUARTER: (
            (-0.4, -0.02),
            (-0.44, 0.18),
            (-0.38, 0.38),
            (-0.2, 0.5),
            (0.04, 0.52),
            (0.24, 0.47),
            (0.35, 0.34),
        ),
        View.PROFILE: (
            (-0.2, -0.1),
            (-0.4, 0.1),
            (-0.42, 0.32),
            (-0.26, 0.48),
            (-0.02, 0.54),
            (0.2, 0.48),
            (0.32, 0.34),
            (-0.18, 0.22),
            (0.0, 0.34),
        ),
    }[view]
    canvas.cels([_cloud(x, y, 0.17, 0.16, 5, 0.07) for x, y in spots], hair)
    if canvas.pixels > 46:
        tone = _strand(hair)
        for x, y in spots[1::2]:
            canvas.stroke(
                ((x - 0.06, y), (x, y + 0.06), (x + 0.06, y + 0.01)), 0.024, tone, unit=True
            )


def _parted(canvas: Canvas, style: Hair, view: View, hair: RGB | str) -> None:
    """Combed from a parting, over or behind the ears."""
    low = {Hair.LONG: -0.55, Hair.BOB: -0.34}.get(style, 0.02)
    loose = style in (Hair.LONG, Hair.BOB)
    if view is View.FRONT:
        wide = 0.52 if loose else 0.46
        inner = 0.375 if loose else 0.4
        part = 0.07
        shape = [
            (part, 0.43),
            (-0.2, 0.32),
            (-inner + 0.03, 0.12),
            (-inner, low + 0.18),
            (-inner - 0.03, low),
            (-wide, low + 0.04),
            (-wide, 0.14),
            (-0.4, 0.48),
            (0, 0.63),
            (0.4, 0.48),
            (wide, 0.14),
            (wide, low + 0.04),
            (inner + 0.03, low),
            (inner, low + 0.18),
            (inner - 0.03, 0.14),
            (0.26, 0.34),
        ]
    elif view is View.QUARTER:
        back = -0.5
        shape = [
            (0.18, 0.43),
            (0.0, 0.34),
            (-0.17, 0.16),
            (-0.24, low + 0.2),
            (-0.3, low),
            (back, low + 0.02),
            (back - 0.02, 0.16),
            (-0.36, 0.5),
            (0.0, 0.63),
            (0.3, 0.5),
            (0.4, 0.3),
            (0.38, 0.06 if loose else 0.16),
            (0.33, 0.24),
            (0.26, 0.36),
        ]
    else:
        shape = [
            (0.3, 0.36),
            (0.16, 0.24),
            (0.0, 0.1),
            (-0.06, low + 0.2),
            (-0.12, low - 0.02),
            (-0.46, low),
            (-0.5, 0.14),
            (-0.38, 0.48),
            (-0.05, 0.62),
            (0.24, 0.54),
            (0.37, 0.36),
        ]
    canvas.cel(shape, hair, shade=0.05)
    if canvas.pixels > 46:
        tone = _strand(hair)
        mid = {View.FRONT: 0.06, View.QUARTER: 0.18}.get(view, 0.26)
        canvas.stroke(((mid, 0.44), (mid - 0.26, 0.42), (mid - 0.46, 0.2)), 0.022, tone, unit=True)
        canvas.stroke(
            ((mid - 0.02, 0.52), (mid - 0.3, 0.5), (mid - 0.5, 0.3)), 0.02, tone, unit=True
        )
        if view is View.FRONT:
            canvas.stroke(((mid, 0.46), (0.28, 0.44), (0.42, 0.22)), 0.022, tone, unit=True)
