"""Things of the set and of the hands; metres, the origin on the ground under the middle."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ...story import Bulk, PropItem, PropKind
from ..blocking.curves import Affine, capsule, path, ring
from ..blocking.measures import PROPS, fur_of, growth, measure
from .animals import draw_animal
from .ink import Canvas
from .ornament import band, diamonds, horns
from .palette import (
    CREAM,
    CRIMSON,
    FUR,
    GOLD,
    GOLD_DARK,
    GOLD_LIGHT,
    TEAL,
    WOOD,
    WOOD_DARK,
)
from .placeholders import PLATES, Plate, draw_placeholder
from .shapes import draw_shapes, drawings
from .structures import draw_stall, draw_tree, draw_yurt


def draw_prop(canvas: Canvas, item: PropItem, coat: int = 0, lit: bool = False) -> None:
    """Draw a prop in its own frame.

    :param coat: colour of an animal.
    :param lit: its lamps and windows shine.
    """
    if plate_of(item):
        draw_placeholder(canvas, item.bulk or Bulk.HAND)
    elif PROPS[item.kind].animal:
        grown = growth(item)
        with canvas.local(Affine(a=grown, e=grown)):
            draw_animal(canvas, item.kind, coat=coat, fur=fur_of(item))
    elif item.kind in _DRAW:
        _DRAW[item.kind](canvas)
    else:
        draw_shapes(canvas, drawings()[item.kind.value], lit)


def plate_of(item: PropItem) -> Plate | None:
    """Where the label of a stand-in is written; ``None`` for what has a drawing."""
    return PLATES[item.bulk or Bulk.HAND] if item.kind is PropKind.THING else None


def glint(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A four-pointed sparkle of gold."""
    thin = size * 0.14
    canvas.fill(
        (
            (x, y + size),
            (x + thin, y + thin),
            (x + size, y),
            (x + thin, y - thin),
            (x, y - size),
            (x - thin, y - thin),
            (x - size, y),
            (x - thin, y + thin),
        ),
        GOLD_LIGHT,
        smooth=False,
        raw=True,
    )


def _coin(canvas: Canvas, x: float, y: float, r: float, flat: float = 0.55) -> None:
    canvas.cel(ring(x, y, r, r * flat, count=10), GOLD, line=0.7, shade=r * 0.25, shadow=GOLD_DARK)
    canvas.stroke(
        ((x - r * 0.4, y + r * 0.1 * flat), (x + r * 0.3, y + r * 0.35 * flat)), 0.5, GOLD_LIGHT
    )


def _heap(canvas: Canvas, x: float, y: float, wide: float, high: float) -> None:
    """A mound of coins."""
    canvas.cel(
        (
            (x - wide, y),
            (x - wide * 0.6, y + high * 0.7),
            (x, y + high),
            (x + wide * 0.6, y + high * 0.7),
            (x + wide, y),
        ),
        GOLD_DARK,
        line=0.8,
    )
    for row in range(3):
        count = 5 - row
        for i in range(count):
            at = (i - (count - 1) / 2) / 2.4
            _coin(canvas, x + at * wide, y + high * (0.12 + row * 0.33), wide * 0.26)


def _chest(canvas: Canvas) -> None:
    """Sandyk: a painted chest, its lid ajar over gold."""
    canvas.cel(path("-.44,.4! -.5,.6 -.42,.7 .42,.7 .5,.6 .44,.4!"), "#7d2f28", shade=0.04)
    band(canvas, (-0.4, 0.6), (0.4, 0.6), 0.12, GOLD)
    _heap(canvas, 0, 0.36, 0.4, 0.16)
    canvas.cel(path("-.45,0 .45,0 .46,.42 -.46,.42"), "#8f3a2e", smooth=False, shade=0.04)
    for x in (-0.45, -0.02, 0.41):
        canvas.cel(
            ((x, 0.0), (x + 0.06, 0.0), (x + 0.06, 0.42), (x, 0.42)),
            GOLD_DARK,
            smooth=False,
            line=0.5,
        )
    for x in (-0.22, 0.22):
        horns(canvas, x, 0.22, 0.24, GOLD, thick=0.12)
    canvas.cel(ring(0.01, 0.3, 0.07, 0.07), GOLD, line=0.8)
    canvas.dot(0.01, 0.3, 0.02)
    glint(canvas, 0.3, 0.56, 0.12)
    glint(canvas, -0.26, 0.5, 0.08)


def _gold_bag(canvas: Canvas) -> None:
    canvas.cel(
        path("-.08,.42 -.22,.3 -.26,.1 -.18,0 .18,0 .26,.1 .22,.3 .08,.42"), "#b98b52", shade=0.07
    )
    canvas.cel(
        path("-.08,.42 -.16,.54 -.05,.51 .02,.56 .08,.5 .17,.53 .08,.42"), "#b98b52", shade=0.02
    )
    canvas.stroke(path("-.1,.42 0,.4 .1,.42"), 0.035, CRIMSON, unit=True, taper=(1, 1))
    canvas.cel(ring(0, 0.19, 0.115, 0.115), GOLD, line=0.8, shade=0.03, shadow=GOLD_DARK)
    horns(canvas, 0, 0.19, 0.13, GOLD_DARK, thick=0.14)
    _coin(canvas, 0.26, 0.03, 0.07)
    _coin(canvas, -0.24, 0.025, 0.06)
    glint(canvas, 0.12, 0.32, 0.09)


def _coins(canvas: Canvas) -> None:
    _heap(canvas, 0, 0, 0.3, 0.18)
    for x, y in ((-0.36, 0.02), (0.36, 0.03), (0.22, -0.02), (-0.16, -0.03)):
        _coin(canvas, x, y, 0.075)
    glint(canvas, 0.1, 0.2, 0.11)
    glint(canvas, -0.2, 0.12, 0.07)


def _dombra(canvas: Canvas) -> None:
    canvas.cel(capsule((0, 0.38), 0.028, (0, 1.1), 0.02), WOOD_DARK, smooth=False)
    canvas.cel(path("-.05,1.05 -.04,1.17 .04,1.17 .05,1.05"), WOOD_DARK)
    canvas.cel(
        path("0,.48 .06,.42 .15,.24 .15,.1 .08,.01 0,-.01 -.08,.01 -.15,.1 -.15,.24 -.06,.42"),
        "#d7a25c",
        shade=0.035,
    )
    canvas.dot(0, 0.24, 0.03, WOOD_DARK)
    canvas.stroke(((-0.05, 0.1), (0.05, 0.1)), 0.02, WOOD_DARK, unit=True)
    for x in (-0.008, 0.008):
        canvas.stroke(((x, 0.1), (x, 1.1)), 0.35, CREAM, taper=(1, 1))


def _robe(canvas: Canvas) -> None:
    """A folded chapan, its collar on top."""
    canvas.cel(path("-.46,0 -.48,.16 -.42,.3 .42,.3 .48,.16 .46,0"), TEAL, shade=0.05)
    canvas.cel(path("-.4,.26 -.42,.36 -.3,.46 .3,.46 .42,.36 .4,.26 0,.2"), TEAL, shade=0.03)
    canvas.stroke(path("-.46,.1 0,.05 .46,.1"), 0.05, GOLD, unit=True, taper=(1, 1))
    canvas.stroke(path("-.16,.47 0,.26 .16,.47"), 0.055, GOLD, unit=True, taper=(1, 1))
    for x in (-0.26, 0.26):
        horns(canvas, x, 0.34, 0.13, GOLD, thick=0.15)


def _robe_shown(canvas: Canvas) -> None:
    """A chapan held up by the shoulders, hanging from (0, 0)."""
    for s in (-1, 1):
        canvas.cel(
            (
                (s * 0.2, 0.02),
                (s * 0.34, -0.06),
                (s * 0.44, -0.42),
                (s * 0.3, -0.46),
                (s * 0.2, -0.2),
            ),
            TEAL,
            shade=0.02,
        )
        canvas.stroke(((s * 0.44, -0.4), (s * 0.3, -0.44)), 0.045, GOLD, unit=True, taper=(1, 1))
    canvas.cel(path("-.2,.03 .2,.03 .24,-.3 .36,-.86 0,-.9 -.36,-.86 -.24,-.3"), TEAL, shade=0.05)
    canvas.stroke(path("-.34,-.81 0,-.85 .34,-.81"), 0.05, GOLD, unit=True, taper=(1, 1))
    canvas.stroke(path("-.1,.03 0,-.2 .02,-.84"), 0.05, GOLD, unit=True, taper=(1, 1))
    canvas.stroke(((0.1, 0.03), (0.0, -0.2)), 0.05, GOLD, unit=True, taper=(1, 1))
    for x in (-0.17, 0.19):
        horns(canvas, x, -0.62, 0.17, GOLD, thick=0.14)


def _hat(canvas: Canvas) -> None:
    canvas.cel(path("-.16,.12 -.15,.26 0,.4 .15,.26 .16,.12"), CRIMSON, shade=0.04)
    canvas.cel(path("-.24,.06 -.23,.17 0,.2 .23,.17 .24,.06 .12,0 -.12,0"), FUR, shade=0.03)
    canvas.dot(0, 0.4, 0.03, GOLD)


def _well(canvas: Canvas) -> None:
    for x in (-0.56, 0.56):
        canvas.cel(capsule((x, 0.5), 0.06, (x, 1.45), 0.05), WOOD_DARK, smooth=False)
    canvas.cel(capsule((-0.6, 1.3), 0.06, (0.6, 1.3), 0.06), WOOD, smooth=False)
    canvas.stroke(((0.05, 1.28), (0.06, 0.85)), 0.025, "#c8b083", unit=True, taper=(1, 1))
    canvas.cel(path("-.06,.66 .18,.66 .22,.88 -.1,.88"), WOOD, smooth=False)
    canvas.cel(path("-.9,1.45! 0,1.86! .9,1.45!"), "#a0704a", shade=0.06)
    canvas.cel(ring(0, 0.56, 0.68, 0.16), "#3d3a3d", line=0.9)
    canvas.cel(
        path("-.72,0! -.7,.56 -.4,.44 0,.41 .4,.44 .7,.56 .72,0! 0,-.06"), "#b3a698", shade=0.1
    )
    for y, shift in ((0.14, 0.0), (0.3, 0.14)):
        canvas.stroke(((-0.7, y + 0.04), (0, y - 0.05), (0.7, y + 0.04)), 0.6, "#756a61")
        for x in (-0.45, -0.12, 0.2, 0.5):
            canvas.stroke(((x + shift, y - 0.02), (x + shift, y + 0.12)), 0.5, "#756a61")


def _logs(canvas: Canvas) -> None:
    for a, b in (((-0.38, 0.03), (0.26, 0.14)), ((0.38, 0.03), (-0.26, 0.14))):
        canvas.cel(capsule(a, 0.055, b, 0.05), WOOD_DARK, smooth=False)


def _flames(canvas: Canvas, size: float) -> None:
    for tone, s in (("#e8562a", 1.0), ("#f79a32", 0.72), ("#ffe07a", 0.42)):
        k = s * size
        canvas.fill(
            (
                (0, 0.02),
                (-0.24 * k, 0.12 * k),
                (-0.26 * k, 0.34 * k),
                (-0.12 * k, 0.5 * k),
                (-0.14 * k, 0.7 * k),
                (-0.14 * k, 0.7 * k),
                (0.02 * k, 0.56 * k),
                (0.06 * k, 0.88 * k),
                (0.06 * k, 0.88 * k),
                (0.2 * k, 0.55 * k),
                (0.27 * k, 0.32 * k),
                (0.2 * k, 0.1 * k),
            ),
            tone,
            raw=True,
        )


def _fire(canvas: Canvas) -> None:
    canvas.glow(0, 0.35, 1.5, "#ffb45a", 0.55)
    for x in (-0.38, -0.18, 0.04, 0.24, 0.4):
        canvas.cel(ring(x, 0.03, 0.09, 0.06), "#8c8078", line=0.7)
    _logs(canvas)
    _flames(canvas, 0.95)


def _cauldron(canvas: Canvas) -> None:
    canvas.glow(0, 0.2, 1.0, "#ffb45a", 0.45)
    _logs(canvas)
    _flames(canvas, 0.42)
    for x in (-0.3, 0.3):
        canvas.cel(capsule((x, 0.0), 0.03, (x * 0.8, 0.3), 0.03), "#4a4542", smooth=False)
    canvas.cel(path("-.44,.66 -.42,.4 -.24,.24 .24,.24 .42,.4 .44,.66"), "#4c4a4d", shade=0.07)
    canvas.cel(ring(0, 0.66, 0.47, 0.09), "#2f2d30")
    canvas.fill(ring(0, 0.65, 0.4, 0.06), "#d9a860")
    for x in (-0.15, 0.12):
        canvas.stroke(
            ((x, 0.74), (x + 0.06, 0.9), (x - 0.04, 1.02), (x + 0.04, 1.18)),
            0.05,
            "#ffffff",
            unit=True,
            alpha=0.55,
        )


def _cart(canvas: Canvas) -> None:
    """Arba: two tall wheels."""
    canvas.cel(capsule((0.4, 0.72), 0.05, (1.5, 0.56), 0.035), WOOD_DARK, smooth=False)
    canvas.cel(path("-1,.7 .75,.7 .8,.84 -1.05,.84"), WOOD, smooth=False, shade=0.04)
    canvas.cel(path("-.9,.84 -.7,1.2 -.2,1.42 .35,1.3 .7,.84"), "#d8b25f", shade=0.1)
    for x, y in ((-0.6, 1), (-0.2, 1.2), (0.1, 1), (0.4, 1.1), (-0.35, 0.95)):
        canvas.stroke(((x - 0.1, y - 0.05), (x + 0.12, y + 0.06)), 0.7, "#a5813a")
    canvas.cel(ring(-0.1, 0.58, 0.58, 0.58, count=20), WOOD_DARK)
    with canvas.local(ink="#2b1f1a"):
        canvas.fill(ring(-0.1, 0.58, 0.47, 0.47, count=20), "#c9b58d")
    for i in range(6):
        a = math.pi * i / 6
        dx, dy = math.cos(a) * 0.5, math.sin(a) * 0.5
        canvas.stroke(
            ((-0.1 - dx, 0.58 - dy), (-0.1 + dx, 0.58 + dy)),
            0.05,
            WOOD_DARK,
            unit=True,
            taper=(1, 1),
        )
    canvas.cel(ring(-0.1, 0.58, 0.1, 0.1), WOOD)


def _carpet(canvas: Canvas) -> None:
    """Syrmak: a felt carpet on the ground."""
    canvas.cel(path("-.95,.46 .95,.46 1.2,0 -1.2,0"), CRIMSON, smooth=False)
    canvas.cel(path("-.84,.41 .84,.41 1.03,.06 -1.03,.06"), CREAM, smooth=False, line=0.5)
    canvas.fill(path("-.79,.38 .79,.38 .95,.09 -.95,.09"), TEAL, smooth=False)
    with canvas.local(Affine(e=0.45, f=0.13)):
        for x in (-0.56, 0.0, 0.56):
            horns(canvas, x, 0.28, 0.42, CREAM, thick=0.13)


def _bowl(canvas: Canvas) -> None:
    canvas.cel(path("-.19,.17 -.15,.07 -.07,0 .07,0 .15,.07 .19,.17"), "#f3ece0", shade=0.03)
    canvas.cel(ring(0, 0.17, 0.19, 0.045), "#e9d7b0", line=0.8)
    canvas.stroke(path("-.16,.11 0,.075 .16,.11"), 0.022, TEAL, unit=True, taper=(1, 1))
    for x in (-0.05, 0.06):
        canvas.stroke(
            ((x, 0.22), (x + 0.03, 0.29), (x - 0.02, 0.36)), 0.02, "#ffffff", unit=True, alpha=0.6
        )


def _staff(canvas: Canvas) -> None:
    canvas.cel(capsule((0, 0.02), 0.022, (0, 1.5), 0.026), WOOD, smooth=False, shade=0.008)
    canvas.cel(ring(0, 1.53, 0.05, 0.05), WOOD_DARK)


def _shovel(canvas: Canvas) -> None:
    canvas.cel(capsule((0, 0.3), 0.022, (0, 1.3), 0.022), WOOD, smooth=False)
    canvas.cel(path("-.12,.36! .12,.36! .11,.12 0,0 -.11,.12"), "#8d9299", shade=0.03)
    canvas.cel(capsule((-0.07, 1.32), 0.022, (0.07, 1.32), 0.022), WOOD_DARK, smooth=False)


def _rope(canvas: Canvas) -> None:
    for y, r in ((0.05, 0.28), (0.11, 0.26), (0.17, 0.24)):
        canvas.cel(ring(0, y, r, r * 0.32), "#c8a566", line=0.8)
    canvas.fill(ring(0, 0.18, 0.14, 0.05), "#6d5530")
    canvas.stroke(path(".24,.06 .36,.02 .44,.06"), 0.045, "#c8a566", unit=True, taper=(1, 0.6))


def _book(canvas: Canvas) -> None:
    canvas.cel(path("-.24,.02 0,-.01 .24,.02 .22,.14 0,.1 -.22,.14"), CRIMSON, smooth=False)
    for s in (-1, 1):
        canvas.cel(
            (
                (0, 0.02),
                (s * 0.1, 0.07),
                (s * 0.22, 0.05),
                (s * 0.2, 0.17),
                (s * 0.1, 0.19),
                (0, 0.13),
            ),
            CREAM,
            line=0.7,
        )
        for y in (0.09, 0.12, 0.15):
            canvas.stroke(((s * 0.05, y), (s * 0.17, y)), 0.35, "#7b6a56")


def _rock(canvas: Canvas) -> None:
    canvas.cel(path("-.52,0 -.5,.28 -.28,.6 .02,.72 .32,.58 .52,.26 .54,0"), "#9b958c", shade=0.12)
    canvas.stroke(path("-.2,.52 -.1,.36 -.16,.22"), 0.8, "#6d675f")
    canvas.stroke(((0.1, 0.5), (0.22, 0.4)), 0.8, "#6d675f")


def _table(canvas: Canvas) -> None:
    """A low round table set for guests."""
    for x in (-0.5, 0.5):
        canvas.cel(capsule((x, 0.02), 0.05, (x * 0.9, 0.4), 0.05), WOOD_DARK, smooth=False)
    canvas.cel(path("-.75,.4 -.75,.48 0,.53 .75,.48 .75,.4 0,.33"), WOOD, shade=0.04)
    canvas.fill(ring(0, 0.46, 0.62, 0.075), CREAM)
    diamonds(canvas, (-0.6, 0.4), (0.6, 0.4), 0.05, CRIMSON)
    for x, k in ((-0.32, 0.8), (0.3, 0.9)):
        with canvas.local(Affine(a=k, e=k, c=x, f=0.45)):
            _bowl(canvas)
    for x in (-0.08, 0.02, 0.1):
        canvas.cel(ring(x, 0.49 + (x == 0.02) * 0.05, 0.06, 0.045), "#d99a45", line=0.7)


def _door(canvas: Canvas) -> None:
    """A carved double door in its frame."""
    canvas.cel(path("-.64,0 .64,0 .64,2.22 -.64,2.22"), WOOD_DARK, smooth=False)
    for s in (-1, 1):
        canvas.cel(
            ((s * 0.02, 0.04), (s * 0.52, 0.04), (s * 0.52, 2.06), (s * 0.02, 2.06)),
            "#b5632f",
            smooth=False,
            line=0.8,
        )
        for y in (0.5, 1.1, 1.66):
            canvas.cel(
                (
                    (s * 0.1, y - 0.22),
                    (s * 0.44, y - 0.22),
                    (s * 0.44, y + 0.22),
                    (s * 0.1, y + 0.22),
                ),
                "#c9793f",
                smooth=False,
                line=0.5,
            )
            horns(canvas, s * 0.27, y, 0.26, CREAM, thick=0.12)
        canvas.cel(ring(s * 0.08, 1.36, 0.035, 0.05), GOLD, line=0.7)


_DRAW: dict[PropKind, Callable[[Canvas], None]] = {
    PropKind.YURT: draw_yurt,
    PropKind.CHEST: _chest,
    PropKind.GOLD_BAG: _gold_bag,
    PropKind.COINS: _coins,
    PropKind.DOMBRA: _dombra,
    PropKind.ROBE: _robe,
    PropKind.HAT: _hat,
    PropKind.TREE: draw_tree,
    PropKind.WELL: _well,
    PropKind.FIRE: _fire,
    PropKind.CAULDRON: _cauldron,
    PropKind.CART: _cart,
    PropKind.STALL: draw_stall,
    PropKind.CARPET: _carpet,
    PropKind.BOWL: _bowl,
    PropKind.STAFF: _staff,
    PropKind.SHOVEL: _shovel,
    PropKind.ROPE: _rope,
    PropKind.BOOK: _book,
    PropKind.ROCK: _rock,
    PropKind.TABLE: _table,
    PropKind.DOOR: _door,
}


def held_frame(item: PropItem, hand: np.ndarray, other: np.ndarray, both: bool) -> Affine:
    """From the frame of a prop to that of the figure who holds it.

    :param hand: the leading hand, :param other: the other one.
    :param both: carried between both hands.
    """
    kind, size = item.kind, measure(item).held
    if kind in _PLAYED:
        return _between(other, hand, _PLAYED[kind])
    if kind in _SHAFTS:
        if both and kind in _TOOLS:
            return _along(other, hand)
        hand = (hand + other) / 2 if both else hand
        grip = _SHAFTS[kind] * size
        return Affine(a=size, e=size, c=float(hand[0]), f=max(0.0, float(hand[1]) - grip))
    at = (hand + other) / 2 if both else hand
    if kind is PropKind.ROBE:
        return Affine(a=size, e=size, c=float(at[0]), f=float(at[1]))
    drop = measure(item).height * size * _GRIPS.get(kind, 0.2)
    return Affine(a=size, e=size, c=float(at[0]), f=float(at[1]) - drop + 0.03)


def shows_flat(item: PropItem) -> bool:
    """Whether a thing is held up before the breast, and would hide the face behind it."""
    if item.kind is PropKind.KITE:
        return True
    return item.kind not in {*_PLAYED, *_SHAFTS, PropKind.ROBE, PropKind.BOWL}


def on_shaft(item: PropItem) -> bool:
    """Whether a thing is held upright by its pole or hilt."""
    return item.kind in _SHAFTS


def draw_held(canvas: Canvas, item: PropItem) -> None:
    """Draw a prop in the hands; the canvas is in the frame of :func:`held_frame`."""
    if item.kind is PropKind.ROBE:
        _robe_shown(canvas)
    else:
        draw_prop(canvas, item, lit=True)


_PLAYED = {PropKind.DOMBRA: 0.25, PropKind.GUITAR: 0.22, PropKind.VIOLIN: 0.15}
"""Instruments that lie between both hands: the middle of the body, metres from its foot."""
_SHAFTS = {
    PropKind.STAFF: 1.1,
    PropKind.SHOVEL: 1.1,
    PropKind.BROOM: 1.0,
    PropKind.FISHING_ROD: 0.25,
    PropKind.BOW: 0.6,
    PropKind.FLAG: 0.7,
    PropKind.SWORD: 0.12,
    PropKind.AXE: 0.2,
    PropKind.TORCH: 0.18,
    PropKind.WAND: 0.08,
    PropKind.KNIFE: 0.06,
    PropKind.HAMMER: 0.1,
    PropKind.UMBRELLA: 0.08,
    PropKind.BALLOON: 0.06,
    PropKind.FLOWER: 0.2,
    PropKind.MICROPHONE: 0.12,
    PropKind.CANDLE: 0.06,
    PropKind.FEATHER: 0.08,
    PropKind.PEN: 0.12,
    PropKind.SYRINGE: 0.12,
    PropKind.KITE: 0.06,
}
"""What is held by a shaft: where the hand grips it, metres from the foot."""
_TOOLS = {PropKind.STAFF, PropKind.SHOVEL, PropKind.BROOM}
"""Long enough for two hands, one over the other."""
_HUNG = (
    PropKind.BAG, PropKind.SUITCASE, PropKind.BASKET, PropKind.BUCKET, PropKind.LANTERN,
    PropKind.CAGE,
)  # fmt: skip
_GRIPS = {
    PropKind.GOLD_BAG: 0.42,
    PropKind.HAT: 0.42,
    PropKind.BACKPACK: 0.9,
    PropKind.DRESS: 0.9,
    PropKind.GUN: 0.3,
    PropKind.MEDAL: 0.9,
    PropKind.KEY: 0.7,
    **dict.fromkeys(_HUNG, 0.92),
}
"""Where other things are gripped, as a share of their height."""


def _between(low: np.ndarray, high: np.ndarray, a: float) -> Affine:
    """An instrument whose body lies at one hand and whose neck passes the other."""
    dx, dy = float(high[0] - low[0]), float(high[1] - low[1])
    angle = math.atan2(dy, dx) - math.pi / 2
    cos, sin = math.cos(angle), math.sin(angle)
    x, y = float(low[0]) + sin * a, float(low[1]) - cos * a
    return Affine(cos, -sin, x, sin, cos, y)


def _along(upper: np.ndarray, lower: np.ndarray) -> Affine:
    """A shovel or staff held by both hands, its blade past the lower hand."""
    if upper[1] < lower[1]:
        upper, lower = lower, upper
    dx, dy = float(upper[0] - lower[0]), max(0.12, float(upper[1] - lower[1]))
    length = math.hypot(dx, dy)
    cos, sin = dy / length, -dx / length
    reach = 0.62
    x, y = float(lower[0]) - dx / length * reach, float(lower[1]) - dy / length * reach
    return Affine(cos, -sin, x, sin, cos, y)
