"""Sets under the sky."""

from __future__ import annotations

from collections.abc import Callable

from ...story import Time
from .ink import mix, rgb
from .scenery import (
    Scene,
    Weather,
    paint_fringe,
    paint_grass,
    paint_ground,
    paint_stones,
    ridge,
    scatter,
)
from .structures import (
    draw_birch,
    draw_house,
    draw_minaret,
    draw_spruce,
    draw_stall,
    draw_yurt,
    smoke,
)

_GRASS = ("#d3c98a", "#b9b864", "#93a04c")
_BLADES = ("#7c8b3c", "#d8cf85")


def _calm(scene: Scene) -> int:
    """Fewer tufts in a close shot."""
    return 22 if scene.close else 46


def _hills(scene: Scene) -> None:
    u = scene.unit
    ridge(scene, scene.horizon + u * 0.1, u * 0.95, 4, "#8a97b8", haze=0.55)
    ridge(scene, scene.horizon + u * 0.1, u * 0.5, 5, "#a3ac86", haze=0.38)


def _plain(scene: Scene) -> None:
    paint_ground(scene, *_GRASS)
    paint_grass(scene, *_BLADES, _calm(scene))
    paint_stones(scene)


def _steppe(scene: Scene) -> None:
    _hills(scene)
    _plain(scene)
    if not scene.close:
        paint_fringe(scene, "#5f6d31")


def _stand(
    scene: Scene, x: float, metres: float, draw: Callable, flip: bool = False, grow: float = 1.0
) -> None:
    """Put a building on the ground at a distance in metres."""
    z = scene.depth(metres)
    weight = min(1.2, max(0.35, (scene.camera.scale / z / 120) ** 0.5))
    with scene.canvas.local(scene.stand(x, z, flip, grow), haze=scene.haze(z), weight=weight):
        draw(scene.canvas)


def _house(
    scene: Scene, x: float, metres: float, wide: float, tall: float, roof: str, tone: str
) -> None:
    lit = scene.time is Time.NIGHT
    _stand(scene, x, metres, lambda c: draw_house(c, wide, tall, tone, roof, scene.rng, lit))


def _yurt_with_smoke(scene: Scene, x: float, metres: float) -> None:
    _stand(scene, x, metres, draw_yurt)
    _stand(scene, x, metres, lambda canvas: smoke(canvas, 0.1, 3.5, 1.3))
    if scene.time is Time.NIGHT:
        _stand(scene, x, metres, lambda canvas: canvas.glow(0.0, 0.5, 1.6, "#ffb45a", 0.55))


def _yurt_outside(scene: Scene) -> None:
    _hills(scene)
    _plain(scene)
    _yurt_with_smoke(scene, 0.12, 34)
    _yurt_with_smoke(scene, 0.76, 15)


def _aul(scene: Scene) -> None:
    ridge(
        scene, scene.horizon + 4, scene.unit * 1.5, 4, "#7f8fb4", sharp=True, snow=True, haze=0.45
    )
    ridge(scene, scene.horizon + scene.unit * 0.1, scene.unit * 0.45, 5, "#a3ac86", haze=0.38)
    _plain(scene)
    for x, metres in ((0.46, 52), (0.62, 46), (0.2, 38), (0.9, 30), (0.04, 19)):
        _yurt_with_smoke(scene, x, metres)


def _bazaar(scene: Scene) -> None:
    u = scene.unit
    ridge(scene, scene.horizon + u * 0.1, u * 0.8, 4, "#8a97b8", haze=0.6)
    paint_ground(scene, "#e6cfa0", "#d8b982", "#c7a36c", bumps=0.4)
    _stand(scene, 0.86, 46, lambda c: draw_minaret(c, 9.0))
    for x, metres, wide, roof in (
        (0.16, 44, 6.0, "flat"),
        (0.4, 48, 6.5, "dome"),
        (0.66, 46, 7.0, "flat"),
    ):
        _house(scene, x, metres, wide, 4.4, roof, "#dcb98a")
    cloths = ("#a8322c", "#2f6f73", "#c98a2b", "#5d5a9a")
    row = ((-0.02, 15), (0.3, 16.5), (0.62, 16), (0.94, 15))
    for i, (x, metres) in enumerate(row):
        _stand(scene, x, metres, lambda c, k=i: draw_stall(c, cloths[k % 4], k))
    _bunting(scene)
    paint_stones(scene, 6)


def _bunting(scene: Scene) -> None:
    """Flags on a rope across the street."""
    z = scene.depth(13)
    y = min(scene.camera.level(3.6, z), scene.horizon * 0.7)
    canvas, w = scene.canvas, scene.width
    sag = scene.unit * 0.3
    canvas.stroke(
        [
            (scene.left, y - sag),
            (w * 0.25, y + sag * 0.3),
            (w * 0.5, y - sag * 0.2),
            (w * 0.75, y + sag * 0.3),
            (scene.right, y - sag),
        ],
        0.6,
        "#6a5a4b",
    )
    size = scene.unit * 0.16
    for i in range(15):
        x = w * (i + 0.5) / 15
        t = abs((i + 0.5) / 15 * 2 % 1 - 0.5) * 2
        top = y + sag * 0.3 * (1 - t) - sag * 0.25 * t
        tone = ("#a8322c", "#e2b03c", "#2f6f73", "#f5ead2")[i % 4]
        canvas.cel(
            ((x - size * 0.5, top), (x + size * 0.5, top), (x, top + size)),
            tone,
            smooth=False,
            line=0.5,
        )


def _river(scene: Scene) -> None:
    """A river that comes from the horizon and bends across behind the figures."""
    _hills(scene)
    paint_ground(scene, *_GRASS)
    paint_grass(scene, *_BLADES, _calm(scene) // 2)
    canvas, w, rng = scene.canvas, scene.width, scene.rng
    far, near = scene.ground(5.6), scene.ground(2.4)
    wave = (near - far) * 0.1
    source = (0.6 * w, scene.horizon + 3)
    xs = [scene.left + (scene.right - scene.left) * i / 7 for i in range(8)]
    upper = [(x, far + rng.uniform(-1, 1) * wave) for x in xs]
    bend = far - scene.horizon
    arm = [
        (0.5 * w, far - wave),
        (0.62 * w, scene.horizon + bend * 0.45),
        source,
        source,
        (0.635 * w, scene.horizon + bend * 0.5),
        (0.78 * w, far - wave),
    ]
    upper[4:6] = arm
    lower = [(x, near + rng.uniform(-1, 1) * wave) for x in reversed(xs)]
    shape = [upper[0], *upper, upper[-1], lower[0], *lower, lower[-1]]
    water = mix(rgb(scene.hour.sky[1][1]), (70, 130, 160), 0.45)
    if scene.weather is Weather.SNOW:
        water = mix(water, (235, 242, 250), 0.55)
    with canvas.local(weight=0.7):
        canvas.cel(shape, "#c9b07c", line=0.8)
        canvas.fill(
            [(x, y + (3 if y < (far + near) / 2 else -5)) for x, y in shape], water, raw=True
        )
    for _ in range(9):
        x, t = rng.uniform(0, w), rng.uniform(0.2, 0.85)
        y, size = far + (near - far) * t, scene.unit * (0.12 + 0.4 * t)
        ripple = ((x - size, y), (x, y - size * 0.06), (x + size, y))
        canvas.stroke(
            ripple,
            max(1.5, size * 0.06),
            "#eef6f4",
            unit=True,
            taper=(0.1, 0.1),
            alpha=0.75,
            raw=True,
        )
    for x, z in ((0.03, 2.2), (0.08, 2.4), (0.13, 2.1), (0.9, 2.3), (0.96, 2.0), (0.44, 5.4)):
        _reed(scene, x, max(z, 6.5 / scene.camera.distance))


def _reed(scene: Scene, x: float, z: float) -> None:
    px, py = x * scene.width, scene.ground(z)
    size = scene.camera.scale / z
    for k in range(4):
        lean = (k - 1.5) * 0.12
        tip = (px + size * lean, py - size * (1.3 + 0.15 * (k % 2)))
        scene.canvas.stroke(
            ((px + k * size * 0.05, py), tip), size * 0.03, "#6f7f3a", unit=True, taper=(1, 0.5)
        )
        if k % 2:
            scene.canvas.stroke(
                (tip, (tip[0], tip[1] - size * 0.22)),
                size * 0.07,
                "#7a4b2a",
                unit=True,
                taper=(0.9, 0.9),
            )


def _mountains(scene: Scene) -> None:
    u = scene.unit
    ridge(scene, scene.horizon + 6, u * 2.9, 3, "#8095bd", sharp=True, snow=True, haze=0.4)
    ridge(scene, scene.horizon + 6, u * 1.7, 4, "#6d83a6", sharp=True, snow=True, haze=0.2)
    ridge(scene, scene.horizon + u * 0.15, u * 0.6, 6, "#7f9a72", haze=0.15)
    for i in range(16):
        x = scene.rng.uniform(-0.05, 1.05)
        if 0.3 < x < 0.7 and i % 3:
            continue
        _stand(scene, x, 60 - i * 1.5, draw_spruce)
    paint_ground(scene, "#b4bf7c", "#94aa5c", "#768d47")
    paint_grass(scene, "#5f7a36", "#b5c774", _calm(scene))
    paint_stones(scene, 14)


def _forest(scene: Scene) -> None:
    u = scene.unit
    ridge(scene, scene.horizon + u * 0.1, u * 1.3, 9, "#6f8f86", haze=0.45)
    paint_ground(scene, "#9fb273", "#7f9a55", "#62803f")
    for i in range(30):
        metres = 46 - i * 1.15
        x = scene.rng.uniform(-0.08, 1.08)
        if 0.22 < x < 0.78 and metres < 26:
            x = x * 0.3 if i % 2 else 1 - (1 - x) * 0.3
        _stand(scene, x, metres, draw_birch if i % 3 == 0 else draw_spruce)
    paint_grass(scene, "#4f6f34", "#a9bf68", _calm(scene))
    paint_stones(scene, 6)


def _desert(scene: Scene) -> None:
    u, canvas, w = scene.unit, scene.canvas, scene.width
    ridge(scene, scene.horizon + u * 0.1, u * 0.7, 3, "#e0b98a", haze=0.45)
    paint_ground(scene, "#efd49c", "#e6c083", "#d9ab69", bumps=0.6)
    for x, y, wide, tall in ((0.2, 0.06, 0.5, 0.7), (0.8, 0.1, 0.55, 0.85), (0.45, 0.3, 0.6, 0.8)):
        base = scene.horizon + (scene.height - scene.horizon) * y + u * 0.4
        px, half, top = x * w, wide * w / 2, base - tall * u
        canvas.cel(
            (
                (px - half, base),
                (px - half * 0.4, base - tall * u * 0.62),
                (px, top),
                (px, top),
                (px + half * 0.5, base - tall * u * 0.4),
                (px + half, base),
            ),
            "#edcb90",
            line=0.6,
        )
        canvas.fill(
            (
                (px, top),
                (px, top),
                (px + half * 0.5, base - tall * u * 0.4),
                (px + half, base),
                (px + half * 0.1, base),
                (px + half * 0.16, base - tall * u * 0.45),
            ),
            "#c99a5e",
            alpha=0.55,
        )
    for x, z in scatter(scene, 12):
        size = scene.unit * min(1.0, scene.camera.scale / z / 300) * 1.2
        y = scene.ground(z)
        canvas.stroke(
            (
                (x * w - size, y),
                (x * w - size * 0.3, y - size * 0.08),
                (x * w + size * 0.3, y),
                (x * w + size, y - size * 0.06),
            ),
            0.7,
            "#b98b55",
            taper=(0.1, 0.1),
        )
    paint_stones(scene, 5)


def _road(scene: Scene) -> None:
    _hills(scene)
    paint_ground(scene, *_GRASS)
    canvas, w = scene.canvas, scene.width
    top, low = scene.horizon + 2, max(scene.height * 1.15, scene.horizon + scene.unit * 6)
    left, right, ruts = [], [], ([], [])
    for i in range(9):
        t = i / 8
        y = top + (low - top) * t**2.1
        middle = 0.62 - 0.2 * t + 0.12 * (1 - t) * (1 if i % 2 else -0.6)
        half = 0.006 + 0.34 * t**1.9
        left.append(((middle - half) * w, y))
        right.append(((middle + half) * w, y))
        ruts[0].append(((middle - half * 0.42) * w, y))
        ruts[1].append(((middle + half * 0.42) * w, y))
    earth, rut_tone = rgb("#dcc392"), rgb("#b99b68")
    if scene.weather is Weather.SNOW:
        earth, rut_tone = mix(earth, (222, 228, 236), 0.6), mix(rut_tone, (170, 182, 200), 0.6)
    with canvas.local(weight=0.6):
        canvas.cel([left[0], *left, left[-1], right[-1], *right[::-1]], earth, line=0.7)
    for rut in ruts:
        canvas.stroke(rut[2:], scene.unit * 0.12, rut_tone, unit=True, taper=(0.05, 1.0))
    paint_grass(scene, *_BLADES, _calm(scene) // 2)
    paint_stones(scene, 12)


def _town(scene: Scene) -> None:
    ridge(
        scene, scene.horizon + 4, scene.unit * 1.2, 4, "#8a97b8", sharp=True, snow=True, haze=0.55
    )
    paint_ground(scene, "#e6cfa0", "#d9bd89", "#c9a772", bumps=0.3)
    _stand(scene, 0.6, 58, lambda c: draw_minaret(c, 11.0))
    for x, metres, wide, tall, roof, tone in (
        (0.42, 56, 7.0, 5.0, "dome", "#dcb98a"),
        (0.7, 50, 6.0, 4.0, "flat", "#d3aa78"),
        (0.28, 42, 6.0, 4.4, "flat", "#e0c196"),
        (0.86, 36, 6.5, 5.0, "flat", "#dcb98a"),
        (0.1, 28, 6.0, 4.6, "dome", "#d3aa78"),
        (1.04, 23, 6.0, 4.2, "flat", "#e3c79f"),
    ):
        _house(scene, x, metres, wide, tall, roof, tone)
    paint_stones(scene, 10)


PAINTERS: dict[str, Callable[[Scene], None]] = {
    "steppe": _steppe,
    "yurt_outside": _yurt_outside,
    "aul": _aul,
    "bazaar": _bazaar,
    "river": _river,
    "mountains": _mountains,
    "forest": _forest,
    "desert": _desert,
    "road": _road,
    "town": _town,
}
