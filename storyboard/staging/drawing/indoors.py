"""Sets under a roof: the inside of a yurt, a room, a palace hall."""

from __future__ import annotations

from collections.abc import Callable

from ...story import Time
from ..blocking.curves import Affine, capsule, path, ring
from .ink import Canvas, rgb
from .ornament import band, diamonds, horns
from .palette import CREAM, CRIMSON, GOLD, TEAL, WOOD, WOOD_DARK
from .scenery import Scene


def _wall(scene: Scene, metres: float, tall: float) -> tuple[float, float, float, float]:
    """Depth, foot, top (pixels) and pixels per metre of the back wall."""
    z = scene.depth(metres)
    return z, scene.ground(z), scene.camera.level(tall, z), scene.camera.scale / z


def _floor(scene: Scene, foot: float, tone: str) -> None:
    scene.canvas.fill(
        (
            (scene.left, foot),
            (scene.right, foot),
            (scene.right, scene.bottom),
            (scene.left, scene.bottom),
        ),
        tone,
        smooth=False,
    )


def _back(scene: Scene, top: float, foot: float, tone: str) -> None:
    scene.canvas.fill(
        ((scene.left, top), (scene.right, top), (scene.right, foot), (scene.left, foot)),
        tone,
        smooth=False,
    )


def _rug(
    scene: Scene, z_far: float, z_near: float, wide: float, tones: tuple[str, str, str]
) -> None:
    """A carpet on the floor, metres wide, in perspective."""
    canvas, middle = scene.canvas, scene.width / 2

    def corner(x: float, z: float) -> tuple[float, float]:
        return middle + x * scene.camera.scale / z, scene.ground(z)

    for share, tone in zip((1.0, 0.88, 0.8), tones):
        half = wide / 2 * share
        pad = (1 - share) * 0.5
        far, near = z_far + (z_near - z_far) * pad, z_near - (z_near - z_far) * pad
        canvas.cel(
            (corner(-half, far), corner(half, far), corner(half, near), corner(-half, near)),
            tone,
            smooth=False,
            line=0.6 if share == 1.0 else 0.0,
        )


def _hanging(
    canvas: Canvas,
    x: float,
    y: float,
    wide: float,
    tall: float,
    tones: tuple[str, str, str],
    motif: str,
) -> None:
    """A carpet on the wall; y is its top, pixels."""
    for share, tone in zip((1.0, 0.86, 0.76), tones):
        w, h = wide * share / 2, tall * (1 - (1 - share) * wide / tall)
        top = y + (tall - h) / 2
        canvas.cel(
            ((x - w, top), (x + w, top), (x + w, top + h), (x - w, top + h)),
            tone,
            smooth=False,
            line=0.6 if share == 1.0 else 0.0,
        )
    with canvas.local(Affine(1, 0, x, 0, -1, y + tall / 2)):
        for dx in (-0.2, 0.2) if wide > tall * 0.9 else (0.0,):
            horns(canvas, dx * wide, 0.0, min(wide, tall) * 0.42, motif, thick=0.12)


def _yurt_inside(scene: Scene) -> None:
    """Lattice wall, roof poles running up to the shanyrak, light falling through it."""
    canvas, width = scene.canvas, scene.width
    z, foot, top, metre = _wall(scene, 5.2, 1.75)
    canvas.fill(
        (
            (scene.left, scene.bottom),
            (scene.right, scene.bottom),
            (scene.right, -scene.height),
            (scene.left, -scene.height),
        ),
        "#cfa774",
        smooth=False,
    )
    crown_x, crown_y = width / 2, top - 1.9 * metre
    canvas.fill(
        (
            (scene.left, top),
            (scene.left, crown_y - 900),
            (scene.right, crown_y - 900),
            (scene.right, top),
        ),
        "#d9b887",
        smooth=False,
    )
    reach = max(width * 0.62, 3.2 * metre)
    with canvas.local(weight=0.7):
        for i in range(17):
            t = (i - 8) / 8
            canvas.stroke(
                ((crown_x + t * metre * 0.7, crown_y), (crown_x + t * reach, top + 4)),
                metre * 0.075,
                "#a8432f",
                unit=True,
                taper=(0.5, 1.0),
                smooth=False,
            )
        _back(scene, top, foot, "#b98c58")
        step = metre * 0.42
        count = int((scene.right - scene.left) / step) + 2
        for i in range(-4, count):
            x = scene.left + i * step
            canvas.stroke(
                ((x, foot), (x + (foot - top) * 0.75, top)),
                metre * 0.05,
                "#8a3f2a",
                unit=True,
                taper=(1, 1),
                smooth=False,
            )
            canvas.stroke(
                ((x, top), (x + (foot - top) * 0.75, foot)),
                metre * 0.05,
                "#9c4a30",
                unit=True,
                taper=(1, 1),
                smooth=False,
            )
        canvas.fill(
            (
                (scene.left, top - metre * 0.14),
                (scene.right, top - metre * 0.14),
                (scene.right, top + metre * 0.14),
                (scene.left, top + metre * 0.14),
            ),
            CRIMSON,
            smooth=False,
        )
        with canvas.local(Affine(1, 0, 0, 0, -1, top)):
            band(canvas, (0, 0), (width, 0), metre * 0.26, CREAM, limit=30)
        _shanyrak(canvas, crown_x, crown_y, metre, scene)
        _hanging(
            canvas,
            width * 0.22,
            top + metre * 0.3,
            metre * 1.5,
            metre * 1.05,
            (CRIMSON, CREAM, TEAL),
            CREAM,
        )
        _hanging(
            canvas,
            width * 0.78,
            top + metre * 0.3,
            metre * 1.5,
            metre * 1.05,
            (TEAL, CREAM, CRIMSON),
            CREAM,
        )
        _bedding(canvas, width * 0.5, foot, metre)
    _floor(scene, foot, "#b5854f")
    _rug(scene, z * 0.94, 1.02, 3.6, (CRIMSON, CREAM, "#8f3a2e"))
    if scene.time is Time.NIGHT:
        return
    canvas.fill(
        (
            (crown_x - metre * 0.5, crown_y),
            (crown_x + metre * 0.5, crown_y),
            (crown_x + metre * 2.1, scene.bottom),
            (crown_x - metre * 0.9, scene.bottom),
        ),
        "#fff3cc",
        smooth=False,
        alpha=0.16,
        raw=True,
    )


def _shanyrak(canvas: Canvas, x: float, y: float, metre: float, scene: Scene) -> None:
    """The round crown of the roof, open to the sky."""
    r = metre * 0.85
    canvas.cel(ring(x, y, r, r * 0.42, count=18), "#8a3b2c")
    canvas.fill(ring(x, y, r * 0.82, r * 0.33, count=18), rgb(scene.hour.sky[1][1]), raw=True)
    for k in (-0.35, 0.0, 0.35):
        canvas.stroke(
            (
                (x + k * r - r * 0.2, y - r * 0.32),
                (x + k * r, y),
                (x + k * r + r * 0.1, y + r * 0.33),
            ),
            metre * 0.05,
            "#8a3b2c",
            unit=True,
            taper=(1, 1),
        )
        canvas.stroke(
            (
                (x - r * 0.8, y + k * r * 0.4),
                (x, y + k * r * 0.3 - r * 0.05),
                (x + r * 0.8, y + k * r * 0.4),
            ),
            metre * 0.05,
            "#8a3b2c",
            unit=True,
            taper=(1, 1),
        )


def _bedding(canvas: Canvas, x: float, foot: float, metre: float) -> None:
    """Juk: blankets folded on a chest at the place of honour."""
    with canvas.local(Affine(metre, 0, x, 0, -metre, foot)):
        canvas.cel(path("-.8,0 .8,0 .8,.42 -.8,.42"), "#7d2f28", smooth=False)
        band(canvas, (-0.75, 0.21), (0.75, 0.21), 0.28, GOLD)
        for i, tone in enumerate(("#2f6f73", "#c98a2b", "#a8322c", "#5d5a9a")):
            y = 0.49 + i * 0.155
            canvas.cel(
                capsule((-0.66, y), 0.075, (0.66, y), 0.075, 6), tone, smooth=False, line=0.8
            )
            diamonds(canvas, (-0.6, y), (0.6, y), 0.06, CREAM)


def _room(scene: Scene) -> None:
    canvas, width = scene.canvas, scene.width
    z, foot, top, metre = _wall(scene, 5.4, 2.9)
    _back(scene, -scene.height, foot, "#e6cda4")
    _floor(scene, foot, "#a9794a")
    with canvas.local(weight=0.7):
        for i in range(9):
            t = i / 4 - 1
            canvas.stroke(
                ((width / 2 + t * width * 0.6, foot), (width / 2 + t * width * 1.6, scene.bottom)),
                0.6,
                "#7d5631",
                smooth=False,
            )
        canvas.fill(
            (
                (scene.left, foot - metre * 0.16),
                (scene.right, foot - metre * 0.16),
                (scene.right, foot),
                (scene.left, foot),
            ),
            "#b98c58",
            smooth=False,
        )
        for i in range(7):
            x = scene.left + (i + 0.5) / 7 * (scene.right - scene.left)
            canvas.cel(
                (
                    (x - metre * 0.11, top - metre * 0.2),
                    (x + metre * 0.11, top - metre * 0.2),
                    (x + metre * 0.09, top + metre * 0.12),
                    (x - metre * 0.09, top + metre * 0.12),
                ),
                WOOD_DARK,
                smooth=False,
            )
        canvas.fill(
            (
                (scene.left, top - metre * 0.22),
                (scene.right, top - metre * 0.22),
                (scene.right, top - metre * 0.05),
                (scene.left, top - metre * 0.05),
            ),
            WOOD_DARK,
            smooth=False,
        )
        _window(scene, width * 0.2, top + metre * 0.7, metre)
        _hanging(
            canvas,
            width * 0.56,
            top + metre * 0.62,
            metre * 1.9,
            metre * 1.25,
            (CRIMSON, CREAM, "#7d2f28"),
            CREAM,
        )
        _shelf(canvas, width * 0.88, top + metre * 0.95, metre)
    _rug(scene, z * 0.92, 1.05, 3.2, (TEAL, CREAM, CRIMSON))
    if scene.time is Time.NIGHT:
        return
    canvas.fill(
        (
            (width * 0.2 - metre * 0.4, top + metre * 0.8),
            (width * 0.2 + metre * 0.4, top + metre * 0.8),
            (width * 0.2 + metre * 2.6, scene.bottom),
            (width * 0.2 + metre * 0.9, scene.bottom),
        ),
        "#fff3cc",
        smooth=False,
        alpha=0.13,
        raw=True,
    )


def _window(scene: Scene, x: float, y: float, metre: float) -> None:
    """An arched window with the sky of the hour in it."""
    canvas = scene.canvas
    with canvas.local(Affine(metre, 0, x, 0, -metre, y)):
        arch = path("-.5,-1.05! -.5,-.25 -.3,.08 0,.2 .3,.08 .5,-.25 .5,-1.05!")
        canvas.cel([(px * 1.14, py * 1.06) for px, py in arch], "#c79a63")
        canvas.cel(arch, "#ffffff", line=0.8)
        canvas.fill(arch, rgb(scene.hour.sky[1][1]), raw=True)
        canvas.fill(
            path("-.48,-1.03 .48,-1.03 .48,-.72 .1,-.62 -.48,-.76"), rgb(scene.hour.air), raw=True
        )
        for bar in (((0, 0.18), (0, -1.04)), ((-0.49, -0.42), (0.49, -0.42))):
            canvas.stroke(bar, 0.06, WOOD, unit=True, taper=(1, 1), smooth=False)


def _shelf(canvas: Canvas, x: float, y: float, metre: float) -> None:
    with canvas.local(Affine(metre, 0, x, 0, -metre, y)):
        canvas.cel(path("-.6,-.06 .6,-.06 .6,0 -.6,0"), WOOD, smooth=False)
        for px, tone, s in ((-0.4, "#b5673a", 1.0), (-0.06, TEAL, 0.75), (0.3, "#c98a2b", 0.9)):
            canvas.cel(
                (
                    (px - 0.05 * s, 0.0),
                    (px - 0.14 * s, 0.14 * s),
                    (px - 0.06 * s, 0.3 * s),
                    (px - 0.08 * s, 0.38 * s),
                    (px + 0.08 * s, 0.38 * s),
                    (px + 0.06 * s, 0.3 * s),
                    (px + 0.14 * s, 0.14 * s),
                    (px + 0.05 * s, 0.0),
                ),
                tone,
                line=0.8,
            )


def _palace(scene: Scene) -> None:
    canvas, width = scene.canvas, scene.width
    z, foot, top, metre = _wall(scene, 7.5, 4.6)
    _back(scene, -scene.height, foot, "#d9b07a")
    _floor(scene, foot, "#c9b08a")
    with canvas.local(weight=0.75):
        canvas.fill(
            (
                (scene.left, foot - metre * 1.0),
                (scene.right, foot - metre * 1.0),
                (scene.right, foot),
                (scene.left, foot),
            ),
            "#2f7f8a",
            smooth=False,
        )
        with canvas.local(Affine(1, 0, 0, 0, -1, foot - metre * 0.5)):
            band(canvas, (0, 0), (width, 0), metre * 0.7, CREAM, limit=16)
        step = metre * 3.4
        first = width / 2 - step * 2.5
        for i in range(5):
            _arch(scene, first + (i + 0.5) * step, foot - metre * 1.0, metre)
        for i in range(6):
            _column(canvas, first + i * step, foot, metre)
        canvas.fill(
            (
                (scene.left, top - metre * 0.4),
                (scene.right, top - metre * 0.4),
                (scene.right, top),
                (scene.left, top),
            ),
            CRIMSON,
            smooth=False,
        )
        with canvas.local(Affine(1, 0, 0, 0, -1, top - metre * 0.2)):
            band(canvas, (0, 0), (width, 0), metre * 0.34, GOLD, limit=26)
        for i in range(7):
            x = width / 2 + (i - 3) * metre * 1.4
            canvas.stroke(
                ((x, foot), (width / 2 + (i - 3) * metre * 4.4, scene.bottom)),
                0.5,
                "#a58a63",
                smooth=False,
            )
        for side in (-1, 1):
            x = width / 2 + side * step * 0.99
            canvas.stroke(((x, -20), (x, top + metre * 0.7)), 0.6, GOLD, smooth=False)
            canvas.glow(x, top + metre * 1.0, metre * 1.1, "#ffd98a", 0.7)
            canvas.cel(
                ring(x, top + metre * 0.95, metre * 0.2, metre * 0.26),
                "#ffe9a8",
                line=0.8,
                raw=True,
            )
    _rug(scene, z * 0.95, 1.0, 2.6, (CRIMSON, GOLD, "#8e2430"))


def _arch(scene: Scene, x: float, foot: float, metre: float) -> None:
    """A pointed arch open to the sky."""
    canvas = scene.canvas
    with canvas.local(Affine(metre, 0, x, 0, -metre, foot)):
        arch = path("-1.2,0! -1.2,1.7 -.8,2.4 0,3! .8,2.4 1.2,1.7 1.2,0!")
        canvas.cel([(px * 1.12, py * 1.05) for px, py in arch], "#2f7f8a")
        canvas.cel(arch, "#ffffff", line=0.7)
        canvas.fill(arch, rgb(scene.hour.sky[1][1]), raw=True)
        canvas.fill(
            path("-1.2,0 -1.2,.6 -.5,.9 .1,.6 .7,.95 1.2,.5 1.2,0"), rgb(scene.hour.air), raw=True
        )


def _column(canvas: Canvas, x: float, foot: float, metre: float) -> None:
    with canvas.local(Affine(metre, 0, x, 0, -metre, foot)):
        canvas.cel(path("-.2,.3 .2,.3 .17,4 -.17,4"), "#efe0c2", smooth=False, shade=0.1)
        canvas.cel(path("-.34,0 .34,0 .26,.34 -.26,.34"), GOLD, smooth=False, line=0.8)
        canvas.cel(path("-.2,3.9 .2,3.9 .44,4.4 -.44,4.4"), GOLD, smooth=False, line=0.8)


PAINTERS: dict[str, Callable[[Scene], None]] = {
    "yurt_inside": _yurt_inside,
    "room": _room,
    "palace": _palace,
}
