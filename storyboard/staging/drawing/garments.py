"""Garments: what each is cut of, and what lies on its front.

A :class:`Cut` says which colours sleeves, legs and shoes have and how far cloth hangs over the
legs; its ``front`` draws lapels, buttons, pockets on a torso that stands already. Everything is
placed by :meth:`.trunk.Trunk.front`, so that it turns with the body.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...story import Age, Build, Garment, Look, Sex
from ..blocking.curves import disc, ring
from .ink import RGB, Canvas, mix, rgb
from .limbs import Foot, Shoe
from .palette import CREAM, GOLD, TROUSERS
from .trunk import Leg, Trunk

Tone = RGB | str
_WHITE, _STEEL, _STEEL_DARK, _DENIM, _LEATHER = (
    "#f6f3ea",
    "#b4bcc4",
    "#7d8791",
    "#3f5878",
    "#4b3026",
)
_BLACK, _SLATE = "#2d2a30", "#474b57"


@dataclass(frozen=True)
class Cut:
    """How the clothes of one figure are made."""

    top: Tone
    """Torso and sleeves."""
    legs: Tone
    """Trousers, or stockings and skin under a skirt."""
    shoe: Shoe
    front: Callable[[Canvas, Trunk, Look, Cut, list[Leg]], None]
    sleeve: Tone | None = None
    """Where it is not that of the torso."""
    forearm: Tone | None = None
    """Below the elbow, where the sleeve is short."""
    cuff: Tone | None = None
    deep: float = 0.75
    """Of the cuff; 1 is that of a chapan."""
    glove: Tone | None = None
    loose: float = 1.0
    """Width of sleeves and legs."""
    bulk: float = 1.0
    """Width of the torso."""
    reach: float = 0.0
    """How far cloth hangs over the legs: 1 to the knees, 2 to the ankles; 0 not at all."""
    radius: float = 0.075
    flare: float = 0.0
    edge: Tone | None = None
    """A border along the hem."""
    slim: float = 1.0
    """Width of the legs."""
    tucked: bool = False
    """The trousers go over the top."""
    cloak: Tone | None = None
    """Hangs from the shoulders over everything behind."""


def dark(colour: Tone, share: float = 0.3) -> RGB:
    """A darker tone of the same cloth."""
    return mix(rgb(colour) if isinstance(colour, str) else colour, (24, 14, 34), share)


def light(colour: Tone, share: float = 0.3) -> RGB:
    """A paler tone of the same cloth."""
    return mix(rgb(colour) if isinstance(colour, str) else colour, (255, 250, 240), share)


def _bright(colour: Tone) -> float:
    r, g, b = rgb(colour) if isinstance(colour, str) else colour
    return 0.3 * r + 0.59 * g + 0.11 * b


def _under(colour: Tone) -> Tone:
    """Trousers that tell themselves from a top of that colour."""
    return "#4a4f63" if _bright(colour) > 112 else "#9a8664"


def cut_of(look: Look, skin: Tone) -> Cut:
    """The clothes of a look."""
    c, t = look.colour, look.trim
    woman = look.sex is Sex.FEMALE
    shoe = Shoe(Foot.SHOE, _LEATHER)
    dress_shoe = Shoe(Foot.SHOE, _BLACK)
    sneaker = Shoe(Foot.SNEAKER, dark(t, 0.1))
    match look.garment:
        case Garment.ROBE:
            return Cut(
                c, TROUSERS, shoe, _robe, cuff=dark(c, 0.22), loose=1.14, reach=1.72, flare=0.012
            )
        case Garment.SUIT:
            return Cut(c, dark(c, 0.12), dress_shoe, _suit, cuff=_WHITE, deep=0.4, reach=0.28)
        case Garment.DRESS:
            return Cut(
                c,
                skin,
                Shoe(Foot.SHOE, dark(t, 0.35)),
                _dress,
                forearm=skin,
                reach=1.5,
                radius=0.085,
                flare=0.05,
                edge=t,
                slim=0.74,
            )
        case Garment.COAT:
            return Cut(
                c, _SLATE, shoe, _coat, cuff=dark(c, 0.2), loose=1.08, reach=1.22, flare=0.012
            )
        case Garment.JACKET:
            return Cut(c, _DENIM, sneaker, _jacket, cuff=dark(c, 0.25), loose=1.06)
        case Garment.UNIFORM:
            return Cut(
                c, dark(c, 0.2), Shoe(Foot.BOOT, _BLACK), _uniform, cuff=t, reach=0.2, radius=0.078
            )
        case Garment.ARMOUR:
            return Cut(
                _STEEL,
                _STEEL,
                Shoe(Foot.PLATE, _STEEL_DARK),
                _armour,
                cuff=light(_STEEL, 0.25),
                glove=_STEEL_DARK,
                reach=0.42,
                radius=0.08,
                bulk=1.06,
            )
        case Garment.SPACESUIT:
            return Cut(
                c,
                c,
                Shoe(Foot.HEAVY, light(_STEEL, 0.2)),
                _spacesuit,
                cuff=t,
                glove=light(_STEEL, 0.35),
                loose=1.32,
                bulk=1.16,
                slim=1.22,
            )
        case Garment.APRON:
            blouse = light(t, 0.45)
            if woman:
                return Cut(
                    blouse,
                    skin,
                    shoe,
                    _apron,
                    forearm=skin,
                    reach=1.4,
                    radius=0.08,
                    flare=0.03,
                    slim=0.74,
                )
            return Cut(blouse, _under(blouse), shoe, _apron, forearm=skin, tucked=True)
        case Garment.HOODIE:
            return Cut(c, _DENIM, sneaker, _hoodie, cuff=dark(c, 0.2), loose=1.12, bulk=1.05)
        case Garment.LAB_COAT:
            return Cut(_WHITE, _SLATE, shoe, _lab_coat, cuff=c, loose=1.05, reach=1.08, radius=0.08)
        case Garment.CLOAK:
            tunic = mix(rgb(t), (120, 100, 80), 0.35)
            return Cut(
                tunic,
                "#5a4c42",
                Shoe(Foot.BOOT, _LEATHER),
                _tunic,
                cuff=dark(tunic, 0.3),
                reach=0.75,
                cloak=c,
            )
        case Garment.OVERALLS:
            return Cut(
                light(t, 0.3),
                c,
                Shoe(Foot.HEAVY, _LEATHER),
                _overalls,
                forearm=skin,
                tucked=True,
                slim=1.12,
            )
        case _:
            sleeves = skin if look.age is not Age.OLD else None
            return Cut(
                c,
                _under(c),
                shoe,
                _shirt,
                forearm=sleeves,
                cuff=None if sleeves else light(c, 0.2),
                tucked=True,
            )


def _fine(canvas: Canvas, trunk: Trunk) -> bool:
    """Whether buttons and seams can be seen."""
    return canvas.pixels * trunk.tall > 170


def _collar(trunk: Trunk, wide: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Where the collar leaves the neck, on the right and the left of the chest."""
    lift = trunk.up * 0.042 * trunk.tall
    if trunk.back:
        angles = -1.57, 1.57
    else:
        angles = (max(-1.57, trunk.yaw - 1.15), min(1.57, trunk.yaw + 1.15))
    half = trunk.neck_half * 1.2 * wide
    left, right = (trunk.neck + trunk.across * half * math.sin(a) + lift for a in angles)
    return left, right


def _seam(canvas: Canvas, trunk: Trunk, cut: Cut, top: float = 0.92, low: float = 0.1) -> None:
    """The seam down a back."""
    canvas.stroke((trunk.at(top, 0), trunk.at(low, 0.04)), 0.7, dark(cut.top, 0.5))


def _edge(
    canvas: Canvas, trunk: Trunk, cut: Cut, legs: list[Leg], top: float, u: float = 0.06
) -> None:
    """The edge where a coat closes, from the chest to the hem."""
    points = [trunk.front(t, u) for t in (top, 0.3, 0.05)]
    if cut.reach:
        low = trunk.hem(legs, cut.reach)
        points.append(low + np.array((trunk.ahead * 0.055, -0.03)) * trunk.tall)
    else:
        points.append(trunk.front(-0.12, u))
    canvas.stroke(points, 0.95, dark(cut.top, 0.6), taper=(0.6, 0.7))


def _buttons(
    canvas: Canvas, trunk: Trunk, tone: Tone, rows: tuple[float, ...], *across: float
) -> None:
    if not _fine(canvas, trunk):
        return
    for u in across:
        if trunk.shows(u):
            for t in rows:
                x, y = trunk.front(t, u)
                canvas.dot(float(x), float(y), 0.0085 * trunk.tall, dark(tone, 0.55))
                canvas.dot(float(x), float(y), 0.006 * trunk.tall, tone)


def _pocket(
    canvas: Canvas,
    trunk: Trunk,
    tone: Tone,
    t: float,
    u: float,
    wide: float = 0.34,
    deep: float = 0.15,
) -> None:
    """A patch pocket around u."""
    if not _fine(canvas, trunk) or not trunk.shows(u):
        return
    a, b = trunk.front(t, u - wide / 2), trunk.front(t, u + wide / 2)
    c, d = trunk.front(t - deep, u + wide / 2.2), trunk.front(t - deep, u - wide / 2.2)
    canvas.cel((a, b, c, d), tone, smooth=False, line=0.55)


def _belt(
    canvas: Canvas,
    trunk: Trunk,
    tone: Tone,
    high: float,
    low: float,
    buckle: Tone | None = None,
    out: float = 1.02,
) -> None:
    sag = -trunk.up * 0.01 * trunk.tall
    shape = (
        trunk.at(low, -out),
        trunk.at(low, -out),
        trunk.at(low, 0) + sag,
        trunk.at(low, out),
        trunk.at(low, out),
        trunk.at(high, out),
        trunk.at(high, out),
        trunk.at(high, 0) + sag,
        trunk.at(high, -out),
        trunk.at(high, -out),
    )
    canvas.cel(shape, tone, line=0.8)
    if buckle and trunk.shows(0):
        at = trunk.front((high + low) / 2, 0) + sag
        side = 0.018 * trunk.tall
        wide = side * max(0.35, 1 - trunk.ahead)
        canvas.cel(
            [at + d for d in ((-wide, -side), (wide, -side), (wide, side), (-wide, side))],
            buckle,
            smooth=False,
            line=0.7,
        )


def _opening(trunk: Trunk, low: float, wide: float = 1.0) -> list[np.ndarray]:
    """The V between the collar's ends, down to a height of the chest."""
    left, right = _collar(trunk, wide)
    tip = trunk.front(low, 0)
    return [left, left, right, right, tip, tip]


def _lapels(
    canvas: Canvas, trunk: Trunk, tone: Tone, low: float, notch: bool = True, wide: float = 0.52
) -> None:
    """Two lapels that meet at ``low``."""
    left, right = _collar(trunk, 1.12)
    tip = trunk.front(low, 0.0)
    for start, side in ((right, 1), (left, -1)):
        if not trunk.shows(side * 0.25):
            continue
        shape = [start, start, trunk.front(0.84, side * wide * 0.82)]
        if notch:
            shape += [trunk.front(0.76, side * wide * 0.66), trunk.front(0.75, side * wide)]
        else:
            shape += [trunk.front(0.76, side * wide)]
        shape += [trunk.front(low + 0.1, side * 0.22), tip, tip, trunk.front(0.72, side * 0.16)]
        canvas.cel(shape, tone, smooth=False, line=0.8)


def _tie(canvas: Canvas, trunk: Trunk, tone: Tone, low: float) -> None:
    if not trunk.shows(0):
        return
    tall, k = trunk.tall, max(0.45, 1 - trunk.ahead * 0.6)
    knot = trunk.front(0.99, 0)
    end = trunk.front(low, 0)
    canvas.cel(
        (
            knot - trunk.across * 0.009 * tall * k,
            knot + trunk.across * 0.009 * tall * k,
            end + trunk.across * 0.021 * tall * k + trunk.up * 0.02 * tall,
            end - trunk.up * 0.005 * tall,
            end - trunk.across * 0.021 * tall * k + trunk.up * 0.02 * tall,
        ),
        tone,
        smooth=False,
        line=0.6,
    )
    canvas.cel(disc(knot, 0.016 * tall * k, 0.013 * tall, count=8), dark(tone, 0.12), line=0.6)


def _shirt_collar(canvas: Canvas, trunk: Trunk, tone: Tone) -> None:
    """Two points of a turned-down collar."""
    left, right = _collar(trunk, 1.1)
    if trunk.back:
        canvas.stroke(
            (left, (left + right) / 2 + trunk.up * 0.012 * trunk.tall, right),
            0.03 * trunk.tall,
            tone,
            unit=True,
            taper=(1, 1),
        )
        return
    tip = trunk.front(0.96, 0)
    for start, side in ((right, 1), (left, -1)):
        if trunk.shows(side * 0.2):
            canvas.cel(
                (
                    start,
                    start,
                    trunk.front(0.87, side * 0.3),
                    trunk.front(0.87, side * 0.3),
                    tip,
                    tip,
                ),
                tone,
                smooth=False,
                line=0.75,
            )


def _folds(canvas: Canvas, trunk: Trunk, cut: Cut, legs: list[Leg]) -> None:
    """Two long creases of cloth that hangs."""
    if canvas.pixels * trunk.tall < 150 or cut.reach < 1:
        return
    joints = trunk.skeleton.joints
    ends = []
    for _, knee, ankle in legs:
        ends.append(joints[knee, :2] + (joints[ankle, :2] - joints[knee, :2]) * (cut.reach - 1.08))
    ends.sort(key=lambda p: float(p @ trunk.across))
    for end, x in zip(ends, (-0.55, 0.55)):
        top = trunk.at(0.12, x)
        wide = cut.flare * x * 1.4 * trunk.tall
        canvas.stroke(
            (top, (top + end) / 2 + (x * 0.02 * trunk.tall, 0), end + (wide, 0)),
            0.8,
            dark(cut.top, 0.5),
            taper=(0.1, 0.7),
        )


def _robe(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    """A plain long robe, crossed over the chest, with a cord."""
    _folds(canvas, trunk, cut, legs)
    if trunk.back:
        _seam(canvas, trunk, cut, low=0.4)
    else:
        left, right = _collar(trunk)
        tip = trunk.front(0.5, 0.1)
        canvas.patch((left, left, right, right, tip, tip), light(cut.top, 0.55), smooth=False)
        for start, u in ((right, 0.42), (left, -0.3)):
            points = (start, trunk.front(0.78, u), tip)
            canvas.stroke(points, 0.03 * trunk.tall, unit=True, taper=(0.9, 0.8))
            canvas.stroke(
                points, 0.023 * trunk.tall, dark(cut.top, 0.22), unit=True, taper=(0.9, 0.8)
            )
        _edge(canvas, trunk, cut, legs, 0.2, 0.16)
    _belt(canvas, trunk, look.trim, 0.31, 0.235)
    if trunk.shows(0.25):
        knot = trunk.front(0.27, 0.25)
        for dx in (-0.012, 0.014):
            end = knot + np.array((dx * 1.6, -0.13)) * trunk.tall
            canvas.stroke((knot, end), 0.022 * trunk.tall, unit=True, taper=(1, 1))
            canvas.stroke((knot, end), 0.014 * trunk.tall, look.trim, unit=True, taper=(1, 1))
        canvas.cel(disc(knot, 0.018 * trunk.tall, count=8), look.trim, line=0.7)


def _suit(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    if trunk.back:
        _shirt_collar(canvas, trunk, dark(cut.top, 0.15))
        _seam(canvas, trunk, cut, low=-0.1)
        return
    canvas.patch(_opening(trunk, 0.4), _WHITE, smooth=False)
    _tie(canvas, trunk, look.trim, 0.46)
    _shirt_collar(canvas, trunk, _WHITE)
    _lapels(canvas, trunk, dark(cut.top, 0.16), 0.38)
    _edge(canvas, trunk, cut, legs, 0.38, 0.0)
    _buttons(canvas, trunk, dark(cut.top, 0.4), (0.33, 0.19), 0.07)
    if _fine(canvas, trunk):
        if trunk.shows(0.55):
            a, b = trunk.front(0.66, 0.42), trunk.front(0.68, 0.74)
            canvas.stroke((a, b), 0.02 * trunk.tall, _WHITE, unit=True, taper=(1, 1))
        for u in (-0.62, 0.62):
            if trunk.shows(u):
                canvas.stroke((trunk.front(0.06, u - 0.2), trunk.front(0.05, u + 0.2)), 0.9)


def _dress(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    _folds(canvas, trunk, cut, legs)
    left, right = _collar(trunk, 1.35)
    if trunk.back:
        low = trunk.at(0.86, 0)
        canvas.patch((left, left, right, right, low), cut.legs)
        _seam(canvas, trunk, cut, 0.84, 0.3)
    else:
        dip = trunk.front(0.8, 0)
        neckline = (
            left,
            (left + dip) / 2 - trunk.up * 0.012 * trunk.tall,
            dip,
            (right + dip) / 2 - trunk.up * 0.012 * trunk.tall,
            right,
        )
        canvas.patch((left, left, *neckline[1:4], right, right), cut.legs)
        canvas.stroke(neckline, 0.022 * trunk.tall, unit=True, taper=(0.9, 0.9))
        canvas.stroke(neckline, 0.014 * trunk.tall, look.trim, unit=True, taper=(0.9, 0.9))
        if look.sex is Sex.FEMALE and _fine(canvas, trunk) and trunk.ahead < 0.9:
            for u in (-0.42, 0.42):
                a, b = trunk.front(0.56, u * 1.5), trunk.front(0.56, u * 0.5)
                canvas.stroke(
                    (a, (a + b) / 2 - trunk.up * 0.012 * trunk.tall, b), 0.6, dark(cut.top, 0.4)
                )
    _belt(canvas, trunk, look.trim, 0.36, 0.25)
    if trunk.back:
        knot = trunk.at(0.3, 0)
        for s in (-1, 1):
            wing = knot + trunk.across * s * 0.05 * trunk.tall
            canvas.cel(disc(wing, 0.04 * trunk.tall, 0.026 * trunk.tall), look.trim, line=0.8)


def _coat(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    """A long overcoat, double-breasted, with a belt."""
    if trunk.back:
        _shirt_collar(canvas, trunk, dark(cut.top, 0.2))
        _seam(canvas, trunk, cut, low=0.35)
        _belt(canvas, trunk, dark(cut.top, 0.22), 0.33, 0.23)
        tail = trunk.hem(legs, cut.reach)
        canvas.stroke((trunk.at(0.1, 0.03), tail), 0.8, dark(cut.top, 0.5))
        return
    canvas.patch(_opening(trunk, 0.55), look.trim, smooth=False)
    _edge(canvas, trunk, cut, legs, 0.55, 0.14)
    _lapels(canvas, trunk, dark(cut.top, 0.2), 0.5, wide=0.66)
    _belt(canvas, trunk, dark(cut.top, 0.22), 0.33, 0.23, GOLD)
    _buttons(canvas, trunk, dark(cut.top, 0.5), (0.46, 0.12, -0.02), -0.18, 0.34)


def _jacket(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    """Short, with a zip, over a plain tee."""
    rib = dark(cut.top, 0.25)
    if not trunk.back:
        canvas.patch(_opening(trunk, 0.56), look.trim, smooth=False)
        left, right = _collar(trunk)
        canvas.stroke((left, trunk.front(0.95, 0), right), 0.8, dark(look.trim, 0.4))
        _lapels(canvas, trunk, rib, 0.56, notch=False, wide=0.4)
        _edge(canvas, trunk, cut, legs, 0.56, 0.0)
        if _fine(canvas, trunk):
            for u in (-0.55, 0.55):
                if trunk.shows(u):
                    canvas.stroke(
                        (trunk.front(0.26, u - 0.14), trunk.front(0.06, u + 0.1 * np.sign(u))), 1.0
                    )
    else:
        _shirt_collar(canvas, trunk, rib)
        canvas.stroke((trunk.at(0.78, -0.8), trunk.at(0.74, 0), trunk.at(0.78, 0.8)), 0.7)
    _belt(canvas, trunk, rib, -0.02, -0.12, out=1.0)


def _uniform(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    left, right = _collar(trunk, 1.16)
    collar = dark(cut.top, 0.2)
    if trunk.back:
        _seam(canvas, trunk, cut)
        canvas.stroke((left, right), 0.042 * trunk.tall, collar, unit=True, taper=(1, 1))
    else:
        _edge(canvas, trunk, cut, legs, 0.96, 0.0)
        tip = trunk.front(0.93, 0)
        canvas.cel((left, left, right, right, tip, tip), collar, smooth=False, line=0.8)
        for u in (-0.55, 0.55):
            _pocket(canvas, trunk, light(cut.top, 0.08), 0.7, u)
            if trunk.shows(u) and _fine(canvas, trunk):
                flap = (
                    trunk.front(0.71, u - 0.19),
                    trunk.front(0.71, u + 0.19),
                    trunk.front(0.62, u),
                )
                canvas.cel(flap, collar, smooth=False, line=0.5)
        _buttons(canvas, trunk, GOLD, (0.84, 0.66, 0.48), 0.07)
        if trunk.shows(0.55):
            x, y = trunk.front(0.79, 0.52)
            canvas.cel(
                ring(float(x), float(y), 0.016 * trunk.tall, 0.014 * trunk.tall, count=6),
                GOLD,
                line=0.6,
            )
    _epaulettes(canvas, trunk, look.trim)
    _belt(canvas, trunk, _LEATHER, 0.31, 0.2, GOLD)


def _shoulders(trunk: Trunk) -> list[np.ndarray]:
    """Tops of the shoulders, the one on the left of the picture first."""
    joints = trunk.skeleton.joints
    ends = sorted(
        (joints[2, :2], joints[5, :2]), key=lambda p: float((p - trunk.neck) @ trunk.across)
    )
    return ends


def _epaulettes(canvas: Canvas, trunk: Trunk, tone: Tone) -> None:
    for end, side in zip(_shoulders(trunk), (-1, 1)):
        top = end + trunk.up * 0.03 * trunk.tall + trunk.across * side * 0.012 * trunk.tall
        inner = trunk.neck + (top - trunk.neck) * 0.55 + trunk.up * 0.016 * trunk.tall
        canvas.stroke((inner, top), 0.042 * trunk.tall, unit=True, taper=(1, 1), smooth=False)
        canvas.stroke((inner, top), 0.03 * trunk.tall, tone, unit=True, taper=(1, 1), smooth=False)


def _armour(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    """Breastplate, faulds, and a tabard of the knight's colour."""
    tall = trunk.tall
    tabard = [
        trunk.front(0.92, -0.3),
        trunk.front(0.92, 0.3),
        trunk.front(0.3, 0.42),
        trunk.front(-0.05, 0.5),
    ]
    low = trunk.hem(legs, 0.62) + np.array((trunk.ahead * 0.07, 0)) * tall
    if trunk.back:
        tabard = [
            trunk.at(0.92, -0.45),
            trunk.at(0.92, 0.45),
            trunk.at(0.3, 0.5),
            trunk.at(-0.05, 0.55),
        ]
        last = trunk.at(-0.05, -0.55), trunk.at(0.3, -0.5)
    else:
        last = trunk.front(-0.05, -0.5), trunk.front(0.3, -0.42)
    for t in (0.02, -0.1):
        canvas.stroke(
            (trunk.at(t, -1), trunk.at(t - 0.03, 0), trunk.at(t, 1)), 0.8, dark(_STEEL, 0.55)
        )
    half = trunk.across * 0.055 * tall
    canvas.cel(
        (*tabard, low + half, low + half, low - half, low - half, *last),
        look.colour,
        smooth=False,
        shade=0.02 * tall,
    )
    if not trunk.back and trunk.shows(0):
        mark = trunk.front(0.62, 0)
        k = max(0.4, 1 - trunk.ahead * 0.6)
        for a, b in (((0, 0.05), (0, -0.06)), ((-0.035 * k, 0.014), (0.035 * k, 0.014))):
            canvas.stroke(
                (mark + np.array(a) * tall, mark + np.array(b) * tall),
                0.018 * tall,
                look.trim,
                unit=True,
                taper=(1, 1),
            )
    _belt(canvas, trunk, _LEATHER, 0.31, 0.22, GOLD)
    left, right = _collar(trunk, 1.5)
    canvas.stroke((left, trunk.at(0.97, 0.0), right), 0.034 * tall, unit=True, taper=(1, 1))
    canvas.stroke(
        (left, trunk.at(0.97, 0.0), right),
        0.025 * tall,
        light(_STEEL, 0.25),
        unit=True,
        taper=(1, 1),
    )


def draw_pauldrons(canvas: Canvas, trunk: Trunk) -> None:
    """Round plates over the shoulders, drawn over the arms."""
    tall = trunk.tall
    for end, side in zip(_shoulders(trunk), (-1, 1)):
        at = end + trunk.across * side * 0.008 * tall
        canvas.cel(disc(at, 0.062 * tall, 0.056 * tall), light(_STEEL, 0.1), shade=0.016 * tall)
        canvas.stroke(
            (
                at + (-0.045 * tall, -0.018 * tall),
                at + (0, -0.034 * tall),
                at + (0.045 * tall, -0.018 * tall),
            ),
            0.7,
        )


def _spacesuit(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    """Bulky, with a neck ring, a chest unit and hoses."""
    tall = trunk.tall
    if trunk.back:
        pack = (
            trunk.at(0.95, -0.62),
            trunk.at(0.95, 0.62),
            trunk.at(0.12, 0.7),
            trunk.at(0.12, -0.7),
        )
        canvas.cel(pack, light(_STEEL, 0.35), smooth=False, shade=0.03 * tall)
        for t in (0.74, 0.52):
            canvas.stroke((trunk.at(t, -0.5), trunk.at(t, 0.5)), 0.8)
    else:
        box = (
            trunk.front(0.72, -0.42),
            trunk.front(0.72, 0.42),
            trunk.front(0.4, 0.42),
            trunk.front(0.4, -0.42),
        )
        for u in (-0.42, 0.42):
            if trunk.shows(u):
                hose = (trunk.front(0.5, u), trunk.front(0.3, u * 1.5), trunk.front(0.12, u * 1.9))
                canvas.stroke(hose, 0.026 * tall, unit=True, taper=(1, 1))
                canvas.stroke(hose, 0.017 * tall, look.trim, unit=True, taper=(1, 1))
        canvas.cel(box, light(_STEEL, 0.45), smooth=False, line=0.85, shade=0.012 * tall)
        for u, tone in ((-0.24, "#d1483c"), (0.0, "#e9b83a"), (0.24, "#4fa05a")):
            if trunk.shows(u):
                x, y = trunk.front(0.62, u)
                canvas.dot(float(x), float(y), 0.012 * tall, tone)
        if trunk.shows(0):
            canvas.stroke(
                (trunk.front(0.5, -0.26), trunk.front(0.5, 0.26)),
                0.016 * tall,
                _SLATE,
                unit=True,
                taper=(1, 1),
            )
    _belt(canvas, trunk, look.trim, 0.16, 0.06, out=1.01)
    neck = trunk.neck + trunk.up * 0.02 * tall
    canvas.cel(disc(neck, 0.092 * tall, 0.034 * tall), light(_STEEL, 0.2), line=0.9)
    canvas.patch(disc(neck + trunk.up * 0.006 * tall, 0.07 * tall, 0.02 * tall), _SLATE)


def _panel(
    trunk: Trunk, legs: list[Leg], top: float, wide: float, reach: float
) -> list[np.ndarray]:
    """A flat cloth over the front, from the chest to between the knees."""
    low = trunk.hem(legs, reach) + np.array((trunk.ahead * 0.075, -0.01)) * trunk.tall
    half = (
        trunk.across
        * (0.085 * (1 - 0.62 * trunk.ahead))
        * trunk.tall
        * trunk.skeleton.body.girth**0.5
    )
    return [
        trunk.front(top, -wide),
        trunk.front(top, wide),
        trunk.front(0.34, wide),
        trunk.front(0.33, 0.95),
        trunk.front(0.0, 0.9),
        low + half,
        low - half,
        trunk.front(0.0, -0.9),
        trunk.front(0.33, -0.95),
        trunk.front(0.34, -wide),
    ]


def _apron(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    _folds(canvas, trunk, cut, legs)
    left, right = _collar(trunk, 1.1)
    strap = dark(look.colour, 0.2)
    if trunk.back:
        _shirt_collar(canvas, trunk, light(cut.top, 0.25))
        _belt(canvas, trunk, look.colour, 0.33, 0.26)
        knot = trunk.at(0.29, 0)
        for s in (-1, 1):
            wing = knot + trunk.across * s * 0.035 * trunk.tall
            canvas.cel(disc(wing, 0.03 * trunk.tall, 0.02 * trunk.tall), look.colour, line=0.8)
            end = knot + np.array((s * 0.02, -0.1)) * trunk.tall
            canvas.stroke((knot, end), 0.014 * trunk.tall, look.colour, unit=True, taper=(1, 1))
        return
    _shirt_collar(canvas, trunk, light(cut.top, 0.25))
    for start, u in ((left, -0.42), (right, 0.42)):
        if trunk.shows(u):
            canvas.stroke(
                (start, trunk.front(0.66, u)), 0.022 * trunk.tall, strap, unit=True, taper=(1, 1)
            )
    canvas.cel(
        _panel(trunk, legs, 0.68, 0.5, 0.86), look.colour, smooth=False, shade=0.03 * trunk.tall
    )
    _belt(canvas, trunk, strap, 0.325, 0.285)
    if _fine(canvas, trunk) and trunk.shows(0):
        a, b, c, d = (
            trunk.front(t, u) for t, u in ((0.14, -0.4), (0.14, 0.4), (-0.06, 0.36), (-0.06, -0.36))
        )
        canvas.cel((a, b, c, d), light(look.colour, 0.1), smooth=False, line=0.6)


def _hoodie(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    rib, tall = dark(cut.top, 0.2), trunk.tall
    _belt(canvas, trunk, rib, -0.03, -0.12, out=1.0)
    if trunk.back:
        return
    if trunk.shows(0):
        pocket = [
            trunk.front(t, u)
            for t, u in (
                (0.26, -0.34),
                (0.26, 0.34),
                (0.04, 0.62),
                (0.0, 0.6),
                (0.0, -0.6),
                (0.04, -0.62),
            )
        ]
        canvas.cel(pocket, dark(cut.top, 0.08), smooth=False, line=0.7)
        left, right = _collar(trunk, 1.2)
        tip = trunk.front(0.86, 0)
        canvas.patch((left, left, right, right, tip), light(look.trim, 0.2))
        canvas.stroke((left, tip, right), 0.03 * tall, rib, unit=True, taper=(0.9, 0.9))
        for u in (-0.12, 0.12):
            if trunk.shows(u):
                a, b = trunk.front(0.86, u), trunk.front(0.66, u * 1.2)
                canvas.stroke((a, b), 0.011 * tall, look.trim, unit=True, taper=(1, 1))


def draw_bunched_hood(canvas: Canvas, trunk: Trunk, tone: Tone) -> None:
    """A hood that lies on the shoulders, drawn before the head."""
    tall = trunk.tall
    at = trunk.neck + trunk.up * 0.03 * tall - trunk.across * trunk.ahead * 0.04 * tall
    canvas.cel(disc(at, 0.098 * tall, 0.046 * tall), dark(tone, 0.14), shade=0.014 * tall)
    if trunk.back:
        low = at - trunk.up * 0.09 * tall
        canvas.cel(
            (
                at - trunk.across * 0.09 * tall,
                at + trunk.up * 0.02 * tall,
                at + trunk.across * 0.09 * tall,
                low,
            ),
            dark(tone, 0.14),
            shade=0.014 * tall,
        )


def _lab_coat(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    grey = dark(_WHITE, 0.09)
    if trunk.back:
        _shirt_collar(canvas, trunk, grey)
        _seam(canvas, trunk, cut, low=-0.1)
        _belt(canvas, trunk, grey, 0.3, 0.24)
        return
    canvas.patch(_opening(trunk, 0.44), look.colour, smooth=False)
    _tie(canvas, trunk, look.trim, 0.52)
    _shirt_collar(canvas, trunk, light(look.colour, 0.25))
    _edge(canvas, trunk, cut, legs, 0.44, 0.0)
    _lapels(canvas, trunk, grey, 0.42, wide=0.5)
    _buttons(canvas, trunk, "#c9c6bd", (0.34, 0.18, 0.02), 0.07)
    for u in (-0.56, 0.56):
        _pocket(canvas, trunk, grey, 0.12, u, 0.44, 0.2)
    _pocket(canvas, trunk, grey, 0.7, 0.52, 0.32, 0.13)
    if trunk.shows(0.52) and _fine(canvas, trunk):
        pen = trunk.front(0.66, 0.46)
        canvas.stroke(
            (pen, pen + trunk.up * 0.035 * trunk.tall),
            0.01 * trunk.tall,
            "#2f5f9c",
            unit=True,
            taper=(1, 1),
        )


def _tunic(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    """What is under a cloak."""
    if not trunk.back:
        left, right = _collar(trunk)
        tip = trunk.front(0.78, 0)
        canvas.patch((left, left, right, right, tip, tip), CREAM, smooth=False)
        for t in (0.94, 0.86):
            canvas.stroke((trunk.front(t, -0.1), trunk.front(t - 0.03, 0.1)), 0.6)
        canvas.stroke((left, tip, right), 0.9)
    _belt(canvas, trunk, _LEATHER, 0.29, 0.18, GOLD)


def draw_cloak_behind(canvas: Canvas, trunk: Trunk, tone: Tone, legs: list[Leg]) -> None:
    """What of a cloak is seen behind the body; over it in a back view."""
    tall, yaw = trunk.tall, trunk.ahead
    joints = trunk.skeleton.joints
    a, b = _shoulders(trunk)
    low = trunk.hem(legs, 1.78)
    floor = min(float(joints[legs[0][2], 1]), float(joints[legs[-1][2], 1])) + 0.02 * tall
    low = np.array((low[0], max(low[1], floor)))
    trail = np.array((-yaw * 0.12 * tall, 0.0))
    wide = tall * (0.2 - 0.07 * abs(yaw)) * (0.7 + 0.3 * trunk.skeleton.body.girth)
    top = trunk.up * 0.03 * tall
    hip = trunk.hip + trail * 0.5
    canvas.cel(
        (
            a + top,
            a + top,
            trunk.neck + trunk.up * 0.05 * tall,
            b + top,
            b + top,
            hip + trunk.across * wide * 0.82,
            low + trail + (wide, 0),
            low + trail + (wide, 0),
            low + trail + (0, -0.02 * tall),
            low + trail - (wide, 0),
            low + trail - (wide, 0),
            hip - trunk.across * wide * 0.82,
        ),
        tone if trunk.back else dark(tone, 0.22),
        shade=0.05 * tall,
    )
    if trunk.back:
        for x in (-0.4, 0.05, 0.45):
            start = trunk.at(0.7, x * 1.2)
            canvas.stroke(
                (
                    start,
                    (start + low) / 2 + (x * wide * 0.5, 0),
                    low + (x * wide * 1.3, 0.03 * tall),
                ),
                0.8,
                dark(tone, 0.5),
            )


def draw_mantle(canvas: Canvas, trunk: Trunk, tone: Tone, clasp: Tone) -> None:
    """The collar of a cloak over the shoulders, with its clasp."""
    tall = trunk.tall
    a, b = _shoulders(trunk)
    out = 0.058 * tall
    left, right = _collar(trunk, 1.25)
    drop = trunk.up * 0.075 * tall
    middle = trunk.at(0.8, 0) if trunk.back else trunk.front(0.74, 0)
    canvas.cel(
        (
            left,
            left,
            a - trunk.across * out * 0.55 + trunk.up * 0.022 * tall,
            a - trunk.across * out - drop * 0.55,
            (a + middle) / 2 - drop * 0.6,
            middle,
            (b + middle) / 2 - drop * 0.6,
            b + trunk.across * out - drop * 0.55,
            b + trunk.across * out * 0.55 + trunk.up * 0.022 * tall,
            right,
            right,
        ),
        tone,
        shade=0.025 * tall,
    )
    if trunk.shows(0):
        canvas.stroke((trunk.front(0.99, 0), middle), 0.9)
        at = trunk.front(0.94, 0)
        canvas.cel(disc(at, 0.022 * tall, count=8), clasp, line=0.8)


def _overalls(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    """Bib and straps over a tee; the trousers are drawn with the legs."""
    tall = trunk.tall
    left, right = _collar(trunk, 1.1)
    if trunk.back:
        cross = trunk.at(0.5, 0)
        for end in _shoulders(trunk):
            top = trunk.neck + (end - trunk.neck) * 0.55 + trunk.up * 0.025 * tall
            canvas.stroke((top, cross, trunk.at(0.2, 0)), 0.034 * tall, unit=True, taper=(1, 1))
            canvas.stroke(
                (top, cross, trunk.at(0.2, 0)), 0.026 * tall, look.colour, unit=True, taper=(1, 1)
            )
        _belt(canvas, trunk, look.colour, 0.3, 0.02)
        return
    canvas.stroke((left, trunk.front(0.94, 0), right), 0.02 * tall, dark(cut.top, 0.2), unit=True)
    _belt(canvas, trunk, look.colour, 0.28, 0.02)
    for u in (-0.5, 0.5):
        if trunk.shows(u * 0.8):
            strap = (trunk.front(1.0, u * 0.9), trunk.front(0.62, u * 0.84))
            canvas.stroke(strap, 0.036 * tall, unit=True, taper=(1, 1))
            canvas.stroke(strap, 0.028 * tall, look.colour, unit=True, taper=(1, 1))
    bib = [trunk.front(t, u) for t, u in ((0.66, -0.5), (0.66, 0.5), (0.24, 0.72), (0.24, -0.72))]
    canvas.cel(bib, look.colour, smooth=False, shade=0.02 * tall)
    _buttons(canvas, trunk, GOLD, (0.61,), -0.4, 0.4)
    _pocket(canvas, trunk, dark(look.colour, 0.1), 0.56, 0.0, 0.5, 0.18)


def _shirt(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    tone = light(cut.top, 0.16)
    if trunk.back:
        canvas.stroke(
            (trunk.at(0.8, -0.85), trunk.at(0.77, 0), trunk.at(0.8, 0.85)), 0.6, dark(cut.top, 0.4)
        )
    else:
        canvas.stroke([trunk.front(t, 0.05) for t in (0.94, 0.5, 0.06)], 0.7, dark(cut.top, 0.45))
        _buttons(canvas, trunk, tone, (0.8, 0.62, 0.44, 0.26), 0.0)
        _pocket(canvas, trunk, tone, 0.68, 0.52, 0.34, 0.16)
    _shirt_collar(canvas, trunk, tone)
    _belt(
        canvas,
        trunk,
        look.trim if look.build is not Build.ROUND else dark(look.trim, 0.2),
        0.08,
        0.0,
        GOLD,
    )
