"""Headwear, in the head's own frame (see :mod:`.faces`)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ...story import Garment, Hat, Look
from ..blocking.curves import Affine, Points, pairs, path, ring
from .faces import View
from .ink import RGB, Canvas, mix, rgb
from .ornament import band, diamonds, horns
from .palette import CREAM, FELT, FUR, FUR_DARK, GOLD, GOLD_LIGHT

_FRONT = {View.FRONT: 0.0, View.QUARTER: 0.17, View.PROFILE: 0.36, View.BACK: 0.0}
"""Where the middle of the forehead is."""

_LIFT = Affine(f=0.1)
"""Hats sit above the brows, which must stay readable."""


_STEPPE = (Garment.CHAPAN,)
"""With these a cap is a taqiya, a fur hat a borik, a pointed hat an aiyr qalpaq."""
_TAILORED = (Garment.COAT, Garment.JACKET, Garment.UNIFORM, Garment.SUIT)
_PLAY = (Garment.OVERALLS, Garment.SHIRT, Garment.HOODIE)
_COUNTRY = (
    Garment.CHAPAN,
    Garment.ROBE,
    Garment.APRON,
    Garment.OVERALLS,
    Garment.DRESS,
    Garment.SHIRT,
)
"""With these a wide brim is of straw; else of felt."""
_STEEL = "#b4bcc4"


def covers_head(look: Look) -> bool:
    """Whether the headwear hides all hair."""
    knight = look.hat is Hat.HELMET and look.garment is Garment.ARMOUR
    return knight or look.hat in (Hat.KIMESHEK, Hat.SCARF, Hat.HOOD)


def shows_hair(look: Look) -> bool:
    """Whether the top of the hair is seen: bare heads, crowns and glass helmets."""
    glass = look.hat is Hat.HELMET and look.garment is Garment.SPACESUIT
    return glass or look.hat in (Hat.NONE, Hat.CROWN)


def draw_hat(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """The hat over the head; ``rich`` adds gold."""
    if look.hat is Hat.NONE:
        return
    with canvas.local(_LIFT):
        _hat_of(look, canvas.ornate)(canvas, look, view, rich)


def _hat_of(look: Look, steppe: bool) -> Callable[[Canvas, Look, View, bool], None]:
    """The drawing of a hat, as it goes with the clothes and the story's world."""
    garment = look.garment
    match look.hat:
        case Hat.HELMET:
            if garment is Garment.ARMOUR:
                return _knight
            if garment is Garment.SPACESUIT:
                return _bubble
            return _steel_helmet if garment is Garment.UNIFORM else _hard_hat
        case Hat.CAP if garment not in _STEPPE:
            return _peaked_cap if garment is Garment.UNIFORM else _baseball_cap
        case Hat.FUR if garment not in _STEPPE:
            return _ushanka
        case Hat.POINTED if garment is Garment.APRON:
            return _toque
        case Hat.POINTED if steppe:
            return _pointed
        case Hat.POINTED if garment in _TAILORED:
            return _tricorne
        case Hat.POINTED if garment in _PLAY:
            return _party
        case Hat.POINTED if garment not in _STEPPE:
            return _witch
        case Hat.WIDE_BRIM if garment not in _COUNTRY:
            return _felt_brim
    return _HATS[look.hat]


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
    """The wound top of a kimeshek; :func:`draw_cloth_behind` draws what hangs."""
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


def _kimeshek_cloth(canvas: Canvas, look: Look, view: View) -> None:
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


def draw_cloth_behind(canvas: Canvas, look: Look, view: View) -> None:
    """The cloth of kimeshek, headscarf or hood around the face, drawn before it."""
    if look.hat is Hat.KIMESHEK:
        _kimeshek_cloth(canvas, look, view)
    elif look.hat is Hat.SCARF:
        tone = look.trim
        shape = path(
            "0,.62 .4,.5 .5,.1 .45,-.3 .3,-.56 .14,-.64 0,-.66 -.14,-.64 -.3,-.56 -.45,-.3 "
            "-.5,.1 -.4,.5"
        )
        canvas.cel(shape, tone, shade=0.1)
        if view is View.BACK:
            canvas.cel(path("-.36,-.3 .36,-.3 .2,-.6 0,-.86 -.2,-.6"), tone, shade=0.06)
            canvas.stroke(path("-.36,-.3 0,-.2 .36,-.3"), 0.7)
    else:
        tone = _hood_tone(look)
        shape = path(
            "0,.78 .36,.6 .54,.16 .56,-.3 .66,-.7 .3,-.86 0,-.88 -.3,-.86 -.66,-.7 -.56,-.3 "
            "-.54,.16 -.36,.6"
        )
        if view is View.PROFILE:
            shape = path(
                ".1,.72 .34,.52 .36,.2 .2,-.4 .3,-.74 0,-.84 -.4,-.8 -.62,-.5 -.62,0 -.5,.4 -.3,.66"
            )
        canvas.cel(shape, tone, shade=0.12)
        if view is View.FRONT:
            canvas.fill(
                path("0,.6 .34,.44 .45,.06 .4,-.4 0,-.62 -.4,-.4 -.45,.06 -.34,.44"),
                mix(rgb(tone), (10, 6, 16), 0.55),
            )
        elif view is View.QUARTER:
            canvas.fill(
                path(".1,.58 .36,.42 .44,.06 .36,-.4 .06,-.6 -.24,-.4 -.28,.06 -.2,.44"),
                mix(rgb(tone), (10, 6, 16), 0.55),
            )


def _hood_tone(look: Look) -> str:
    return look.colour


def _headscarf(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """A plain scarf over the hair, knotted under the chin."""
    if view is View.BACK:
        return
    tone = look.trim
    mid = _FRONT[view]
    shade = mix(rgb(tone), (40, 20, 40), 0.3)
    with canvas.local(Affine(f=-0.1)):
        if view is View.PROFILE:
            canvas.cel(
                path(
                    ".33,.3 .28,.5 0,.64 -.36,.52 -.52,.14 -.48,-.3 -.2,-.54 .06,-.52 .0,-.3 "
                    "-.02,.04 .1,.28"
                ),
                tone,
                shade=0.08,
            )
            knot = (0.12, -0.56)
        else:
            left = -0.5
            canvas.cel(
                [
                    (left, 0.1),
                    (-0.4, 0.48),
                    (0, 0.64),
                    (0.4, 0.48),
                    (0.5, 0.1),
                    (0.44, -0.28),
                    (0.24 + mid * 0.5, -0.56),
                    (mid * 0.7, -0.6),
                    (mid * 0.7, -0.53),
                    (0.28 + mid * 0.3, -0.36),
                    (0.36, 0.02),
                    (0.28 + mid * 0.4, 0.3),
                    (mid, 0.38),
                    (-0.28 + mid * 0.9, 0.3),
                    (-0.36 + mid * 0.7, 0.02),
                    (-0.28 + mid * 0.6, -0.36),
                    (mid * 0.7, -0.53),
                    (mid * 0.7, -0.6),
                    (-0.26, -0.54),
                    (-0.45, -0.28),
                ],
                tone,
                shade=0.05,
            )
            knot = (mid * 0.7, -0.6)
        for s in (-1, 1):
            canvas.cel(
                (
                    knot,
                    (knot[0] + s * 0.07, knot[1] - 0.02),
                    (knot[0] + s * 0.17, knot[1] - 0.2),
                    (knot[0] + s * 0.05, knot[1] - 0.16),
                ),
                tone,
                line=0.8,
            )
        canvas.cel(ring(*knot, 0.065, 0.055, count=8), tone, line=0.8)
        if _detailed(canvas):
            for x, y in ((-0.34, 0.36), (-0.12, 0.5), (0.14, 0.5), (0.34, 0.36)):
                if view is not View.PROFILE or x < 0.2:
                    canvas.dot(x, y, 0.028, shade)


def _hood(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """The edge of a hood over forehead and cheeks."""
    if view is View.BACK:
        return
    tone = _hood_tone(look)
    with canvas.local(Affine(f=-0.1)):
        if view is View.PROFILE:
            canvas.cel(
                path(
                    ".36,.34 .3,.6 .06,.76 -.3,.68 -.54,.36 -.62,-.06 -.6,-.5 -.4,-.8 0,-.84 "
                    ".1,-.6 .02,-.2 .04,.14 .16,.32"
                ),
                tone,
                shade=0.1,
            )
            return
        mid = _FRONT[view]
        canvas.cel(
            [
                (-0.62, -0.6),
                (-0.56, -0.2),
                (-0.53, 0.2),
                (-0.36, 0.62),
                (mid * 0.3, 0.8),
                (0.36, 0.62),
                (0.54, 0.2),
                (0.56, -0.2),
                (0.62, -0.6),
                (0.34, -0.8),
                (0.36 + mid * 0.2, -0.4),
                (0.4, 0.0),
                (0.3 + mid * 0.3, 0.36),
                (mid, 0.46),
                (-0.3 + mid * 0.8, 0.36),
                (-0.4 + mid * 0.7, 0.0),
                (-0.36 + mid * 0.5, -0.4),
                (-0.34, -0.8),
            ],
            tone,
            shade=0.06,
        )
        canvas.stroke(
            [
                (-0.33 + mid * 0.5, -0.5),
                (-0.37 + mid * 0.7, 0.0),
                (-0.28 + mid * 0.8, 0.33),
                (mid, 0.43),
                (0.28 + mid * 0.3, 0.33),
                (0.37, 0.0),
                (0.33 + mid * 0.2, -0.5),
            ],
            0.7,
        )


def _knight(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """An open steel helmet with cheek plates and a plume of the knight's colour."""
    plume = mix(rgb(look.colour), (255, 255, 255), 0.05)
    with canvas.local(Affine(f=-0.1)):
        canvas.cel(
            path("-.02,.58 .06,.84 -.1,1 -.4,.98 -.66,.74 -.74,.34 -.62,.5 -.5,.56 -.3,.62"),
            plume,
            shade=0.06,
        )
        if view is View.BACK:
            canvas.cel(
                path(
                    "0,.66 .34,.54 .52,.16 .52,-.3 .5,-.54 0,-.6 -.5,-.54 "
                    "-.52,-.3 -.52,.16 -.34,.54"
                ),
                _STEEL,
                shade=0.12,
            )
            canvas.stroke(path("0,.64 0,-.56"), 0.9)
            return
        mid = _FRONT[view]
        if view is View.PROFILE:
            canvas.cel(
                path(
                    ".42,.22 .38,.42 .22,.6 -.05,.68 -.36,.54 -.52,.16 -.54,-.3 -.62,-.56 -.3,-.52 "
                    "0,-.56 .16,-.42 .14,-.16 .06,.1 .2,.24"
                ),
                _STEEL,
                shade=0.1,
            )
            canvas.stroke(
                path("-.1,.16 .2,.26 .42,.24"),
                0.035,
                mix(rgb(_STEEL), (255, 255, 255), 0.4),
                unit=True,
            )
            canvas.cel(ring(-0.12, 0.12, 0.06, 0.06, count=8), look.trim, line=0.7)
            return
        canvas.cel(
            [
                (0.53, 0.1),
                (0.36, 0.54),
                (0, 0.68),
                (-0.36, 0.54),
                (-0.53, 0.1),
                (-0.53, -0.3),
                (-0.44, -0.56),
                (-0.2 + mid * 0.3, -0.62),
                (-0.17 + mid * 0.5, -0.52),
                (-0.3 + mid * 0.8, -0.28),
                (-0.34 + mid * 0.8, 0.08),
                (-0.28 + mid * 0.9, 0.27),
                (mid, 0.33),
                (0.28 + mid * 0.4, 0.27),
                (0.34 + mid * 0.2, 0.08),
                (0.3 + mid * 0.2, -0.28),
                (0.17 + mid * 0.5, -0.52),
                (0.2 + mid * 0.4, -0.62),
                (0.46, -0.54),
                (0.53, -0.3),
            ],
            _STEEL,
            shade=0.08,
        )
        canvas.stroke(
            ((mid * 0.4, 0.66), (mid * 0.8, 0.5), (mid, 0.34)),
            0.03,
            mix(rgb(_STEEL), (60, 66, 76), 0.5),
            unit=True,
        )
        canvas.stroke(
            [
                (-0.42 + mid * 0.5, 0.22),
                (mid - 0.14, 0.39),
                (mid, 0.4),
                (0.14 + mid, 0.39),
                (0.46, 0.22),
            ],
            0.04,
            look.trim,
            unit=True,
            taper=(0.9, 0.9),
        )
        for x in (-0.45, 0.45):
            if view is View.FRONT or x < 0:
                canvas.dot(x, 0.0, 0.03, "#6e7780")


def _bubble(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """A ball of glass on a neck ring."""
    with canvas.local(Affine(f=-0.1)):
        outline = ring(0, 0.06, 0.76, 0.74, count=22)
        canvas.fill(outline, "#cfe8f2", alpha=0.2)
        canvas.stroke([*outline, outline[0], outline[1]], 1.0, taper=(1, 1))
        canvas.stroke(path("-.58,.22 -.5,.44 -.32,.6"), 0.06, "#ffffff", unit=True, alpha=0.85)
        canvas.stroke(path(".44,-.42 .56,-.24 .61,-.04"), 0.04, "#ffffff", unit=True, alpha=0.7)
        canvas.cel(
            path("-.58,-.56 0,-.7 .58,-.56 .6,-.68 0,-.84 -.6,-.68"),
            "#c6ced4",
            line=0.9,
            shade=0.03,
        )


def _shell(canvas: Canvas, view: View, tone: str | RGB, rim: float) -> None:
    """The bowl of a helmet."""
    canvas.cel(path("-.47,.2 -.5,.42 -.38,.68 0,.82 .38,.68 .5,.42 .47,.2 0,.14"), tone, shade=0.1)
    canvas.stroke(
        path("-.3,.6 -.18,.7 -.02,.73"),
        0.04,
        mix(rgb(tone) if isinstance(tone, str) else tone, (255, 255, 255), 0.6),
        unit=True,
    )
    if rim:
        canvas.cel(
            [(-0.52, 0.16), (-0.5, 0.26), (0, 0.2), (0.5, 0.26), (0.52, 0.16), (0, 0.1)],
            tone,
            line=0.9,
        )


def _steel_helmet(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """A soldier's: a deep bowl with a flat rim and a chin strap."""
    tone = mix(rgb(look.colour), (50, 56, 40), 0.45)
    if view in (View.FRONT, View.QUARTER):
        for x in (-0.4, 0.4):
            if view is View.FRONT or x < 0:
                canvas.stroke(((x, 0.2), (x * 0.94, -0.3), (x * 0.4, -0.6)), 0.7, "#4b3026")
    _shell(canvas, view, tone, 0.1)


def _hard_hat(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """A builder's: a ridge and a short peak."""
    tone = "#efc23f"
    _shell(canvas, view, tone, 0.1)
    mid = _FRONT[view]
    canvas.stroke(
        ((mid * 0.5, 0.8), (mid * 0.9, 0.56), (mid, 0.26)),
        0.09,
        mix(rgb(tone), (120, 80, 10), 0.25),
        unit=True,
        taper=(0.9, 0.9),
    )
    _peak(canvas, view, tone)


def _peak(canvas: Canvas, view: View, tone: str | RGB) -> None:
    """A visor in front of the forehead."""
    if view is View.FRONT:
        canvas.cel(path("-.36,.2 0,.26 .36,.2 .3,.06 0,.0 -.3,.06"), tone, line=0.9, shade=0.02)
    elif view is View.QUARTER:
        canvas.cel(path("-.18,.24 .2,.3 .44,.24 .56,.1 .3,.02 0,.08"), tone, line=0.9, shade=0.02)
    elif view is View.PROFILE:
        canvas.cel(path(".1,.26 .4,.3 .66,.16 .7,.08 .4,.12 .12,.16"), tone, line=0.9, shade=0.02)


def _baseball_cap(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    tone = mix(rgb(look.colour), (20, 16, 40), 0.12)
    mid = _FRONT[view]
    canvas.cel(
        path("-.46,.18 -.47,.42 -.34,.62 0,.71 .34,.62 .47,.42 .46,.18 0,.13"), tone, shade=0.09
    )
    if _detailed(canvas):
        canvas.stroke(
            ((mid * 0.4, 0.7), (mid * 0.8, 0.5), (mid, 0.26)), 0.7, mix(tone, (20, 10, 30), 0.4)
        )
        canvas.cel(ring(mid, 0.42, 0.09, 0.08), look.trim, line=0.6)
    canvas.dot(0, 0.71, 0.035, look.trim)
    _peak(canvas, view, mix(rgb(look.trim), tone, 0.25))
    if view is View.BACK:
        canvas.fill(path("-.14,.14 -.12,.3 .12,.3 .14,.14"), mix(tone, (20, 10, 30), 0.5))


def _peaked_cap(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """An officer's: a wide flat top, a band, a shining peak."""
    tone = look.colour
    mid = _FRONT[view]
    canvas.cel(path("-.42,.3 -.62,.56 -.5,.7 0,.8 .5,.7 .62,.56 .42,.3 0,.26"), tone, shade=0.08)
    canvas.cel(path("-.45,.18 -.46,.34 0,.3 .46,.34 .45,.18 0,.13"), look.trim, line=0.9)
    if view is not View.BACK:
        canvas.cel(ring(mid * 0.95, 0.42, 0.075, 0.08, count=8), GOLD, line=0.7)
    _peak(canvas, view, "#26242c")


def _ushanka(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """A winter hat: a cloth crown, a front and flaps of fur."""
    crown = mix(rgb(look.colour), (30, 20, 30), 0.25)
    canvas.cel(path("-.44,.36 -.42,.66 -.24,.82 0,.86 .24,.82 .42,.66 .44,.36"), crown, shade=0.1)
    canvas.cel(_bumps(0, 0.34, 0.55, 0.2, 14, 0.045), FUR, shade=0.08, shadow=FUR_DARK)
    sides = {
        View.FRONT: (-0.46, 0.46),
        View.QUARTER: (-0.36,),
        View.PROFILE: (-0.1,),
        View.BACK: (-0.44, 0.44),
    }
    for x in sides[view]:
        canvas.cel(_bumps(x, 0.02, 0.13, 0.28, 8, 0.06), FUR, shade=0.04, shadow=FUR_DARK)
    if _detailed(canvas):
        for i in range(9):
            x = -0.42 + i * 0.105
            canvas.stroke(
                ((x, 0.42), (x + 0.02, 0.32), (x + 0.03, 0.26)), 0.018, "#a0714c", unit=True
            )


def _witch(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """A tall bent cone with a brim: a wizard's or a witch's."""
    tone = mix(rgb(look.colour), (26, 16, 40), 0.2)
    canvas.cel(
        path("-.4,.26 -.3,.66 -.16,1.0 -.12,1.22 -.3,1.34 -.06,1.36 .1,1.2 .2,.8 .4,.26 0,.18"),
        tone,
        shade=0.1,
    )
    canvas.stroke(path("-.08,1.1 .04,1.02"), 0.8, mix(tone, (10, 5, 20), 0.5))
    canvas.cel(path("-.38,.3 -.34,.44 0,.38 .34,.44 .38,.3 0,.24"), look.trim, line=0.8)
    canvas.cel(
        path("-.8,.2 -.4,.32 0,.28 .4,.32 .8,.2 .4,.13 0,.1 -.4,.13"), tone, line=1.0, shade=0.03
    )


def _tricorne(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """A felt hat of three corners: a captain's."""
    tone = mix(rgb(look.colour), (28, 20, 26), 0.5)
    canvas.cel(path("-.4,.3 -.34,.62 0,.74 .34,.62 .4,.3 0,.22"), tone, shade=0.06)
    lean = _FRONT[view] * 0.5
    brim = (
        (-0.82, 0.36),
        (-0.62, 0.5),
        (lean - 0.2, 0.66),
        (lean, 0.72),
        (lean + 0.2, 0.66),
        (0.62, 0.5),
        (0.82, 0.36),
        (0.42, 0.18),
        (0, 0.12),
        (-0.42, 0.18),
    )
    canvas.cel(brim, tone, line=1.0, shade=0.05)
    canvas.stroke(((-0.8, 0.37), (-0.6, 0.5), (lean, 0.7)), 0.035, look.trim, unit=True)
    canvas.stroke(((lean, 0.7), (0.6, 0.5), (0.8, 0.37)), 0.035, look.trim, unit=True)


def _party(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """A paper cone with a ruff of wool: a clown's, a guest's."""
    tone = mix(rgb(look.colour), (226, 84, 70), 0.5)
    canvas.cel(
        ((-0.3, 0.34), (0.02, 1.12), (0.05, 1.12), (0.32, 0.34)), tone, smooth=False, shade=0.07
    )
    for x, y in ((-0.06, 0.5), (0.12, 0.62), (0.0, 0.82)):
        canvas.fill(ring(x, y, 0.05, 0.05), look.trim)
    for x, y, size in (
        (0.035, 1.12, 0.1),
        (-0.26, 0.36, 0.09),
        (0.0, 0.33, 0.1),
        (0.27, 0.36, 0.09),
    ):
        canvas.cel(ring(x, y, size, size), "#f6efe2", line=0.7)


def _toque(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """A cook's: a band under a puffed crown."""
    white = "#f4f1ea"
    canvas.cel(
        path(
            "-.4,.34 -.62,.5 -.66,.74 -.5,.88 -.32,.9 -.2,1.02 0,1.06 .2,1.02 .32,.9 .5,.88 "
            ".66,.74 .62,.5 .4,.34 0,.3"
        ),
        white,
        shade=0.09,
    )
    for x in (-0.2, 0.02, 0.24):
        canvas.stroke(((x, 0.46), (x * 1.3, 0.72)), 0.8, "#b9b2a6")
    canvas.cel(path("-.44,.16 -.42,.44 0,.38 .42,.44 .44,.16 0,.1"), white, line=1.0, shade=0.04)


def _felt_brim(canvas: Canvas, look: Look, view: View, rich: bool) -> None:
    """A felt hat with a dented crown."""
    tone = mix(rgb(look.colour), (60, 46, 40), 0.5)
    canvas.cel(path("-.42,.3 -.4,.66 -.22,.8 0,.72 .22,.8 .4,.66 .42,.3 0,.24"), tone, shade=0.1)
    canvas.cel(path("-.42,.3 -.41,.42 0,.36 .41,.42 .42,.3 0,.24"), look.trim, line=0.8)
    canvas.cel(
        path("-.78,.28 -.42,.34 0,.28 .42,.34 .78,.28 .4,.15 0,.12 -.4,.15"),
        tone,
        line=1.0,
        shade=0.04,
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


_HATS = {
    Hat.POINTED: _pointed,
    Hat.FUR: _fur,
    Hat.TURBAN: _turban,
    Hat.KIMESHEK: _scarf,
    Hat.SCARF: _headscarf,
    Hat.HOOD: _hood,
    Hat.CAP: _cap,
    Hat.CROWN: _crown,
    Hat.WIDE_BRIM: _wide_brim,
}
