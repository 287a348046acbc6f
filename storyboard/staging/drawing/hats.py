"""Headwear, in the head's own frame (see :mod:`.faces`)."""

from __future__ import annotations

import math

import numpy as np

from ...story import Hat, Look
from ..blocking.curves import Affine, Points, pairs, path, ring
from .faces import View
from .ink import Canvas, mix, rgb
from .ornament import band, diamonds, horns
from .palette import CREAM, FELT, FUR, FUR_DARK, GOLD, GOLD_LIGHT

_FRONT = {View.FRONT: 0.0, View.QUARTER: 0.17, View.PROFILE: 0.36, View.BACK: 0.0}
"""Where the middle of the forehead is."""

_LIFT = Affine(f=0.1)
"""Hats sit above the brows, which must stay readable."""


def draw_hat(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """The hat over the head; ``rich`` adds gold."""
    with canvas.local(_LIFT):
        _HATS[look.hat](canvas, look, view, rich)


def _detailed(canvas: Canvas) -> bool:
    return canvas.pixels > 46


def _pointed(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """Aiyr qalpaq: white felt drawn to a point, the brim turned up and cut at the front."""
    mid = _FRONT[view]
    crown = path(
        "-.45,.26 -.43,.5 -.3,.86 -.13,1.17 -.02,1.34 .05,1.35 .1,1.2 .25,.88 .41,.5 .45,.26 0,.2"
    )
    canvas.cel(crown, FELT, shade=0.13)
    if _detailed(canvas):
        seam = mid * 0.8
        canvas.stroke(((seam, 0.4), (seam * 0.7, 0.9), (0.02, 1.3)), 0.016, "#a58c62", unit=True)
        horns(canvas, seam - 0.19, 0.74, 0.2, look.colour, thick=0.15)
        if view in (View.FRONT, View.BACK):
            horns(canvas, seam + 0.19, 0.74, 0.2, look.colour, thick=0.15)
    canvas.cel(ring(0.02, 1.36, 0.06, 0.06), look.trim)
    dark = mix(rgb(look.colour), (38, 24, 30), 0.55)
    flaps = [
        (
            (-0.47, 0.16),
            (-0.2, 0.12),
            (mid - 0.01, 0.17),
            (mid - 0.03, 0.36),
            (mid - 0.12, 0.42),
            (-0.3, 0.46),
            (-0.5, 0.62),
            (-0.58, 0.66),
            (-0.57, 0.4),
        )
    ]
    if view is View.BACK:
        flaps = [
            path(
                "-.47,.16 0,.1 .47,.16 .57,.4 .58,.66 .5,.62 .25,.44 0,.4 -.25,.44 -.5,.62 "
                "-.58,.66 -.57,.4"
            )
        ]
    else:
        flaps.append(
            (
                (0.47, 0.16),
                (mid + 0.06, 0.15),
                (mid + 0.02, 0.17),
                (mid + 0.04, 0.36),
                (mid + 0.1, 0.42),
                (max(mid + 0.1, 0.3), 0.46),
                (0.5, 0.62),
                (0.58, 0.66),
                (0.57, 0.4),
            )
        )
    for flap in flaps:
        canvas.cel(flap, dark, shade=0.05)
        if _detailed(canvas):
            top = (
                np.array(flap)[3:7] * (0.97, 0.95)
                if view is not View.BACK
                else np.array(flap)[4:11] * (0.97, 0.94)
            )
            canvas.stroke(top, 0.03, look.trim, taper=(0.8, 0.8), unit=True)


def _bumps(x: float, y: float, rx: float, ry: float, count: int, deep: float) -> np.ndarray:
    """A woolly outline."""
    angle = np.arange(count * 2) * (math.pi / count)
    r = 1 + np.where(np.arange(count * 2) % 2, deep, -deep)
    return pairs(x + np.cos(angle) * rx * r, y + np.sin(angle) * ry * r)


def _fur(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """Borik: a cloth crown over a broad band of fox fur."""
    crown = path("-.42,.4 -.42,.66 -.26,.9 0,1 .26,.9 .42,.66 .42,.4")
    canvas.cel(crown, mix(rgb(look.colour), (20, 10, 30), 0.15), shade=0.12)
    if _detailed(canvas):
        for x in (-0.24, 0.0, 0.24):
            canvas.stroke(((x * 1.5, 0.5), (x * 1.1, 0.8), (0, 0.98)), 0.026, look.trim, unit=True)
        for x in (-0.2, 0.1):
            horns(canvas, x + 0.05, 0.68, 0.14, look.trim, thick=0.16)
    canvas.cel(ring(0, 1.0, 0.065, 0.06), GOLD if rich else look.trim)
    fur = "#96582c" if rich else FUR
    canvas.cel(_bumps(0, 0.34, 0.57, 0.21, 15, 0.05), fur, shade=0.09, shadow=FUR_DARK)
    if _detailed(canvas):
        for i in range(11):
            x = -0.47 + i * 0.094
            y = 0.34 + (0.07 if i % 2 else -0.04)
            canvas.stroke(
                ((x, y + 0.06), (x + 0.02, y), (x + 0.035, y - 0.06)),
                0.018,
                "#c98a4e" if i % 3 else FUR_DARK,
                unit=True,
            )


def _turban(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    mid = _FRONT[view]
    canvas.cel(path("-.5,.24 -.53,.5 -.36,.8 0,.92 .36,.8 .53,.5 .5,.24 0,.14"), CREAM, shade=0.12)
    for shift in (-0.3, -0.1, 0.1, 0.3):
        canvas.stroke(
            ((-0.5, 0.42 + shift * 0.5), (mid, 0.28 + shift), (0.5, 0.5 + shift * 0.5)),
            0.7,
            "#b79f74",
        )
    canvas.cel(
        ((mid - 0.07, 0.36), (mid, 0.46), (mid + 0.07, 0.36), (mid, 0.26)),
        GOLD if rich else look.trim,
    )


def _scarf(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """The wound top of a kimeshek; :func:`draw_scarf_cloth` draws what hangs."""
    if view is View.BACK:
        return
    canvas.cel(
        path("-.47,.2 -.5,.46 -.3,.66 0,.71 .3,.66 .5,.46 .47,.2 .2,.29 0,.31 -.2,.29"),
        "#faf5ea",
        shade=0.1,
    )
    canvas.stroke(path("-.46,.3 0,.46 .46,.36"), 0.7, "#b9ad96")
    if _detailed(canvas) and view is not View.BACK:
        diamonds(canvas, (-0.36, 0.3), (0.36, 0.3), 0.055, look.trim)


def draw_scarf_cloth(canvas: Canvas, look: Look, view: View) -> None:
    """The cloth of a kimeshek around face and shoulders, drawn before the face."""
    canvas.cel(
        path(
            "0,.6 .42,.45 .5,.1 .48,-.3 .62,-.75 .3,-.95 0,-1 -.3,-.95 -.62,-.75 "
            "-.48,-.3 -.5,.1 -.42,.45"
        ),
        "#faf5ea",
        shade=0.14,
    )
    if _detailed(canvas):
        canvas.stroke(
            path("-.56,-.74 -.28,-.88 0,-.92 .28,-.88 .56,-.74"),
            0.05,
            look.trim,
            unit=True,
            taper=(0.8, 0.8),
        )


def _cap(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """Taqiya: an embroidered skullcap."""
    canvas.cel(
        path("-.42,.26 -.42,.46 -.3,.64 0,.7 .3,.64 .42,.46 .42,.26 0,.2"),
        mix(rgb(look.colour), (20, 10, 40), 0.35),
        shade=0.1,
    )
    if _detailed(canvas):
        band(canvas, (-0.38, 0.33), (0.38, 0.33), 0.13, look.trim)
    canvas.stroke(path("-.42,.42 0,.37 .42,.42"), 0.02, look.trim, unit=True)


def _crown(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    points: Points = path(
        "-.42,.22! -.47,.74! -.27,.5! -.16,.86! 0,.52! .16,.86! .27,.5! .47,.74! .42,.22! 0,.16"
    )
    canvas.cel(points, GOLD, shade=0.08)
    canvas.stroke(path("-.4,.38 0,.33 .4,.38"), 0.02, GOLD_LIGHT, unit=True)
    for x in (-0.28, 0.0, 0.28):
        canvas.cel(
            ring(x, 0.29 + abs(x) * 0.1, 0.045, 0.05), "#b5302f" if x else "#2f7f8f", line=0.6
        )


def _wide_brim(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    straw = "#d3b06a"
    canvas.cel(path("-.4,.34 -.36,.7 -.15,.88 .15,.88 .36,.7 .4,.34"), straw, shade=0.1)
    canvas.cel(path("-.86,.3 -.4,.44 0,.46 .4,.44 .86,.3 .4,.2 0,.17 -.4,.2"), straw, shade=0.04)
    canvas.stroke(path("-.39,.47 0,.43 .39,.47"), 0.06, look.trim, unit=True, taper=(1, 1))


def _bare(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """Short dark hair."""
    mid = _FRONT[view]
    if view is View.BACK:
        canvas.cel(ring(0, 0.08, 0.44, 0.47), "#2e211c")
        return
    canvas.cel(
        (
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
        ),
        "#2e211c",
    )


_HATS = {
    Hat.POINTED: _pointed,
    Hat.FUR: _fur,
    Hat.TURBAN: _turban,
    Hat.KIMESHEK: _scarf,
    Hat.SCARF: _scarf,
    Hat.HELMET: _cap,
    Hat.HOOD: _scarf,
    Hat.CAP: _cap,
    Hat.CROWN: _crown,
    Hat.WIDE_BRIM: _wide_brim,
    Hat.NONE: _bare,
}
