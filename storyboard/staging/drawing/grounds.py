"""Pieces of sets under the sky: air, land, water and what a city is made of."""

from __future__ import annotations

import itertools
import random

import numpy as np

from ...story import Time
from ..blocking.curves import ring
from . import heavens, scenery
from .ink import mix, rgb
from .kit import Stage, piece
from .scenery import Weather

_NEAR = 0.02
"""Depth at which the ground leaves the frame, close to the lens."""


@piece
def sky(stage: Stage) -> None:
    """Sun or moon, clouds, stars, birds, by the hour."""
    scenery.paint_sky(stage.scene)


@piece
def backdrop(stage: Stage, tones: list[str], foot: bool = False) -> None:
    """Even tones from top to bottom: water, studio paper.

    :param foot: the last one is on the ground.
    """
    share = min(1.0, max(0.05, stage.camera.horizon / stage.scene.height)) if foot else 1.0
    colours = [stage.canvas.colour(stage.tone(tone)) for tone in tones]
    last = len(colours) - 1
    stops = [(share * i / last, colour) for i, colour in enumerate(colours)]
    stage.canvas.gradient([*stops, (1.0, colours[-1])])


@piece
def stars(stage: Stage, count: int = 170, nebula: str = "#5a3f86") -> None:
    """Outer space."""
    canvas, rng = stage.canvas, stage.rng
    w, h, unit = stage.scene.width, stage.scene.height, stage.scene.unit
    deep = {
        Time.DAWN: ("#101634", "#24305f", "#5a4a7a"),
        Time.DAY: ("#141c44", "#24346e", "#3f5596"),
        Time.SUNSET: ("#16122e", "#3a2450", "#7a4058"),
        Time.NIGHT: ("#05070f", "#0b1024", "#141833"),
    }[stage.scene.time]
    canvas.gradient([(0, rgb(deep[0])), (0.55, rgb(deep[1])), (1, rgb(deep[2]))])
    if not stage.night:
        canvas.glow(0.08 * w, 0.9 * h, unit * 6.5, "#fff1d0", 0.55)
    for _ in range(4):
        x, y = rng.uniform(0.1, 0.9) * w, rng.uniform(0.1, 0.8) * h
        tone = stage.tone(nebula) if rng.random() < 0.6 else "#2f6f9f"
        canvas.glow(x, y, unit * rng.uniform(2.2, 4.2), tone, 0.42)
    for _ in range(count):
        x, y = rng.uniform(-0.1, 1.1) * w, rng.uniform(-0.1, 1.1) * h
        canvas.dot(x, y, rng.choice((0.9, 1.2, 1.2, 2.0)) * unit / 90, "#eaf0ff", raw=True)
    heavens.paint_heavens(stage.scene)
    for _ in range(6):
        x, y, r = rng.uniform(0, 1) * w, rng.uniform(0, 0.8) * h, unit * rng.uniform(0.08, 0.16)
        for dx, dy in ((r, 0), (0, r)):
            ends = ((x - dx, y - dy), (x, y), (x + dx, y + dy))
            canvas.stroke(ends, unit * 0.014, "#ffffff", unit=True, taper=(0.1, 0.1), raw=True)


@piece
def planet(
    stage: Stage,
    x: float = 0.7,
    y: float = 0.3,
    size: float = 1.6,
    tone: str = "#5f97c4",
    dark: str = "#2f5a8f",
    hoop: bool = False,
) -> None:
    """A planet in the sky; x and y are shares of the frame, the size in tenths of it."""
    canvas, unit = stage.canvas, stage.scene.unit
    px, py, r = x * stage.scene.width, y * stage.scene.height, size * unit
    canvas.glow(px, py, r * 1.5, stage.tone(tone), 0.4)
    canvas.fill(ring(px, py, r, count=32), stage.tone(tone), raw=True)
    rng = random.Random(round(size * 100))
    for i in range(4):
        v = -0.6 + i * 0.38 + rng.uniform(-0.06, 0.06)
        half = (1 - v * v) ** 0.5 * 0.96
        band = (
            (px - r * half, py + r * v),
            (px, py + r * (v + 0.07)),
            (px + r * half, py + r * v),
            (px, py + r * (v + 0.2)),
        )
        canvas.fill(band, mix(rgb(stage.tone(tone)), rgb(stage.tone(dark)), 0.45), raw=True)
    angles = np.linspace(-np.pi / 2, np.pi / 2, 14) + 0.5
    rim = [(px + np.cos(a) * r, py + np.sin(a) * r) for a in angles]
    inner = [
        (px + np.cos(a) * r * 0.45 + 0.2 * r * np.cos(0.5), py + np.sin(a) * r * 0.98)
        for a in angles[::-1]
    ]
    canvas.fill([*rim, *inner], stage.tone(dark), smooth=False, alpha=0.6, raw=True)
    if hoop:
        with canvas.local():
            points = ring(px, py, r * 1.8, r * 0.36, turn=0.25, count=28)
            canvas.stroke(
                [*points[2:14]], r * 0.1, "#e8d9b0", unit=True, taper=(0.4, 0.4), raw=True
            )


@piece
def clouds(stage: Stage, tone: str = "white", rows: int = 5, top: float = 0.45) -> None:
    """A sea of clouds below the horizon."""
    canvas, rng = stage.canvas, stage.rng
    w, h = stage.scene.width, stage.scene.height
    start = min(max(stage.camera.horizon, h * 0.2), h * 0.62) if top >= 0 else h * -top
    lit, dark = stage.scene.hour.cloud if not stage.night else ("#7f98cc", "#44588c")
    for row in range(rows):
        t = row / max(1, rows - 1)
        y = start + (h * 1.02 - start) * t**1.2
        size = stage.scene.unit * (0.45 + 1.5 * t)
        colour = mix(rgb(lit), rgb(dark), 0.08 + 0.3 * (row % 2))
        x = -size
        shapes = []
        while x < w + size:
            r = size * rng.uniform(0.6, 1.1)
            shapes.append(ring(x, y + rng.uniform(-0.2, 0.2) * size, r, r * 0.7))
            x += r * 1.1
        for shape in shapes:
            canvas.fill(shape - (0, size * 0.06), mix(rgb(dark), (70, 96, 140), 0.3), raw=True)
        for shape in shapes:
            canvas.fill(shape, colour, raw=True)
        low = ((-w, y), (2 * w, y), (2 * w, 2 * h), (-w, 2 * h))
        canvas.fill(low, colour, smooth=False, raw=True)


@piece
def ridge(
    stage: Stage,
    tall: float = 1.0,
    count: int = 4,
    tone: str = "#8a97b8",
    sharp: bool = False,
    snow: bool = False,
    haze: float = 0.45,
) -> None:
    """Hills or peaks on the horizon; the height in tenths of the frame, more in a high one."""
    scene = stage.scene
    tall *= 1.0 + 0.5 * max(0.0, scene.height / scene.width - 1)
    scenery.ridge(
        scene,
        scene.horizon + 4,
        scene.unit * tall,
        count,
        stage.tone(tone),
        sharp=sharp,
        snow=snow,
        haze=haze,
    )


@piece
def ground(stage: Stage, tones: list[str], bumps: float = 0.5) -> None:
    """The land, in bands that darken towards us."""
    far, middle, near = (stage.tone(tone) for tone in tones)
    scenery.paint_ground(stage.scene, far, middle, near, bumps)


@piece
def grass(stage: Stage, tone: str = "#7c8b3c", light: str = "#d8cf85", count: int = 46) -> None:
    """Tufts."""
    count = count // 2 if stage.scene.close else count
    scenery.paint_grass(stage.scene, stage.tone(tone), stage.tone(light), count)


@piece
def stones(stage: Stage, count: int = 9) -> None:
    """Pebbles and boulders."""
    scenery.paint_stones(stage.scene, count)


@piece
def fringe(stage: Stage, tone: str = "#5f6d31") -> None:
    """Dark blades along the lower edge of a wide shot."""
    if not stage.scene.close:
        scenery.paint_fringe(stage.scene, stage.tone(tone))


@piece
def flat(stage: Stage, tone: str = "stone", far: float = 200.0) -> None:
    """Even ground: asphalt, planks, a floor of ice."""
    snow = stage.scene.weather is Weather.SNOW
    colour = stage.mixed(tone, "#e2e9f1", 0.6 if snow else 0)
    z = stage.scene.depth(far)
    half = stage.half_seen(z) * 1.6
    air = stage.canvas.local(haze=0.25)
    with air:
        stage.quad(((-half, 0, z), (half, 0, z), (half, 0, _NEAR), (-half, 0, _NEAR)), colour)
    z = stage.scene.depth(14)
    stage.quad(((-half, 0, z), (half, 0, z), (half, 0, _NEAR), (-half, 0, _NEAR)), colour)


@piece
def water(
    stage: Stage,
    tone: str = "#3f86a3",
    light: str = "#bfe3ea",
    near: float = 0.0,
    far: float = 0.0,
    foam: bool = False,
    count: int = 26,
) -> None:
    """Water from the horizon (or ``far`` metres) to the lower edge (or ``near`` metres)."""
    scene, canvas, rng = stage.scene, stage.canvas, stage.rng
    w, h = scene.width, scene.height
    top = scene.ground(scene.depth(far)) if far else scene.horizon
    low = scene.ground(scene.depth(near)) if near else scene.bottom
    if low <= top:
        return
    glow = mix(
        rgb(stage.tone(tone)), rgb(scene.hour.sky[2 if len(scene.hour.sky) > 2 else 1][1]), 0.34
    )
    bands = 6
    for i in range(bands):
        t = i / bands
        y = top + (low - top) * t**1.5
        share = 0.55 * (1 - t)
        colour = mix(rgb(stage.tone(tone)), glow, share)
        xs = np.linspace(scene.left, scene.right, 9)
        wave = (low - top) * 0.012 * (0.3 + t)
        edge = [(float(x), y + (rng.uniform(-1, 1) * wave if i else 0)) for x in xs]
        end = [(scene.right, low), (scene.right, low), (scene.left, low), (scene.left, low)]
        canvas.fill([edge[0], *edge, edge[-1], *end], colour, smooth=bool(i))
    shine = stage.tone(light) if scene.time is not Time.NIGHT else "#a9c4ee"
    for _ in range(count):
        t = rng.random() ** 1.3
        x, y = rng.uniform(-0.05, 1.05) * w, top + (min(low, h) - top) * t
        size = scene.unit * (0.06 + 0.55 * t)
        crest = (
            (x - size, y),
            (x - size * 0.3, y - size * 0.1),
            (x + size * 0.3, y),
            (x + size, y - size * 0.07),
        )
        canvas.stroke(
            crest, max(1.2, size * 0.05), shine, unit=True, taper=(0.1, 0.1), alpha=0.8, raw=True
        )
    if scene.hour.sun:
        x = scene.hour.sun[0] * w
        tone_of = {
            Time.DAWN: "#ffe9bd",
            Time.DAY: "#ffffff",
            Time.SUNSET: "#ffd27a",
            Time.NIGHT: "#dfe9ff",
        }
        for i in range(9):
            t = (i + 0.4) / 9
            y = top + (min(low, h) - top) * t * 0.7
            size = scene.unit * (0.08 + 0.35 * t) * rng.uniform(0.6, 1.2)
            px = x + rng.uniform(-0.3, 0.3) * size
            line = ((px - size, y), (px, y - size * 0.04), (px + size, y))
            canvas.stroke(
                line,
                max(1.4, size * 0.09),
                tone_of[scene.time],
                unit=True,
                taper=(0.1, 0.1),
                alpha=0.85,
                raw=True,
            )
    if foam:
        xs = np.linspace(scene.left, scene.right, 11)
        edge = [(float(x), low + rng.uniform(-1, 1) * scene.unit * 0.08) for x in xs]
        canvas.stroke(edge, scene.unit * 0.09, "#f4fbfa", unit=True, taper=(1, 1))


@piece
def skyline(
    stage: Stage,
    tone: str = "#7f93a8",
    metres: float = 120.0,
    tall: float = 30.0,
    wide: float = 14.0,
    haze: float = 0.35,
    foot: float = 0.0,
    style: str = "flat",
) -> None:
    """A row of city blocks; ``foot`` is how far they reach below the ground we stand on."""
    canvas, rng, scene = stage.canvas, stage.rng, stage.scene
    z = scene.depth(metres)
    pixels = stage.camera.scale / z
    # A long lens would show three walls and no city: the blocks keep to the frame's size.
    shrink = min(1.0, scene.unit * 5.2 / (tall * pixels))
    half = stage.half_seen(z) * 1.25
    wide = max(wide * shrink, half / 7)
    x = -half
    with canvas.local(haze=haze, weight=0.6):
        while x < half:
            broad = wide * rng.uniform(0.6, 1.2)
            high = tall * shrink * rng.uniform(0.4, 1.0)
            shade = stage.mixed(tone, "#2a2c4a", rng.uniform(0.0, 0.28))
            corners = [
                stage.spot(*c)
                for c in ((x, foot, z), (x + broad, foot, z), (x + broad, high, z), (x, high, z))
            ]
            canvas.cel(corners, shade, smooth=False, line=0.6)
            if style == "gables":
                roof = [
                    stage.spot(*c)
                    for c in (
                        (x - 0.4, high, z),
                        (x + broad + 0.4, high, z),
                        (x + broad / 2, high + broad * 0.45, z),
                    )
                ]
                canvas.cel(roof, stage.mixed("brick", "#2a2c4a", 0.2), smooth=False, line=0.6)
            elif rng.random() < 0.3:
                top = (
                    stage.spot(x + broad / 2, high, z),
                    stage.spot(x + broad / 2, high * 1.16, z),
                )
                canvas.stroke(top, 1.0, taper=(1, 0.4))
            _panes(stage, (x, max(0.0, foot), x + broad, high), z, shade)
            x += broad * rng.uniform(0.98, 1.25)


def _panes(stage: Stage, box: tuple[float, float, float, float], z: float, tone) -> None:  # noqa: ANN001
    """Windows of a block, some of them lit by night."""
    x0, y0, x1, y1 = box
    rng, scale = stage.rng, stage.camera.scale / z
    columns = max(2, min(5, round((x1 - x0) * scale / 26)))
    rows = max(2, min(9, round((y1 - y0) * scale / 30)))
    dx, dy = (x1 - x0) / columns, (y1 - y0) / rows
    for i in range(columns):
        for j in range(rows):
            if rng.random() < 0.2:
                continue
            x, y = x0 + (i + 0.28) * dx, y0 + (j + 0.3) * dy
            lit = stage.night and rng.random() < 0.55
            colour = (
                ("#ffd98a", "#ffc870", "#cfe6ff")[rng.randrange(3)]
                if lit
                else mix(tone, (226, 240, 248), 0.32)
            )
            stage.quad(
                (
                    (x, y, z),
                    (x + dx * 0.44, y, z),
                    (x + dx * 0.44, y + dy * 0.45, z),
                    (x, y + dy * 0.45, z),
                ),
                colour,
                raw=lit,
            )


@piece
def facades(
    stage: Stage,
    tones: list[str],
    half: float = 7.0,
    tall: float = 11.0,
    every: float = 8.0,
    near: float = 2.0,
    far: float = 70.0,
    shops: bool = True,
    storey: float = 3.0,
    awnings: list[str] | None = None,
) -> None:
    """House fronts along both sides of a street, far ones first."""
    scene, rng = stage.scene, stage.rng
    half = max(half, stage.half_seen(1.0) * 1.02)
    unit = max(1.2, stage.camera.distance)
    z1, z0 = scene.depth(far), 0.34
    edges = [z1]
    while edges[-1] > z0 and len(edges) < 12:
        edges.append(edges[-1] - max(every / unit, edges[-1] * 0.28))
    for sign in (-1, 1):
        order = random.Random(sign + rng.randrange(99))
        for i, (b, a) in enumerate(itertools.pairwise(edges)):
            a = max(a, z0)
            if b <= a:
                continue
            _front(
                stage,
                sign * half,
                a,
                b,
                tall * order.uniform(0.7, 1.25),
                tones[(i + (sign > 0)) % len(tones)],
                order,
                shops,
                storey,
                awnings,
            )


def _front(stage, x, a, b, tall, tone, rng, shops, storey, awnings) -> None:  # noqa: ANN001
    canvas, scene = stage.canvas, stage.scene
    haze = scene.haze(b)
    side = 0.22 if x > 0 else 0.08
    with canvas.local(haze=haze, weight=min(1.0, max(0.4, 1.6 / b))):
        colour = stage.mixed(tone, "#2a2440", side)
        corners = [stage.spot(*c) for c in ((x, 0, b), (x, tall, b), (x, tall, a), (x, 0, a))]
        canvas.cel(corners, colour, smooth=False, line=0.8)
        deep = x + (1 if x > 0 else -1) * 6
        end = [stage.spot(*c) for c in ((x, 0, b), (x, tall, b), (deep, tall, b), (deep, 0, b))]
        canvas.cel(end, stage.mixed(tone, "#2a2440", side + 0.16), smooth=False, line=0.6)
        cornice = ((x, tall - 0.35, b), (x, tall, b), (x, tall, a), (x, tall - 0.35, a))
        stage.quad(cornice, stage.mixed(tone, "#ffffff", 0.25))
        unit = max(1.2, stage.camera.distance)
        columns = max(1, min(4, round((b - a) * unit / 2.4)))
        rows = max(1, min(5, int(tall / storey) - (1 if shops else 0)))
        for j in range(rows):
            y = storey * (j + (1.25 if shops else 0.35))
            if y + storey * 0.55 > tall - 0.3:
                break
            for i in range(columns):
                z = b - (b - a) * (i + 0.22) / columns
                w = (b - a) * 0.52 / columns
                lit = stage.night and rng.random() < 0.5
                pane = (
                    ("#ffd98a", "#ffc46b")[rng.randrange(2)]
                    if lit
                    else stage.mixed("#7f9fb5", tone, 0.15)
                )
                frame = [
                    stage.spot(*c)
                    for c in (
                        (x, y, z),
                        (x, y + storey * 0.55, z),
                        (x, y + storey * 0.55, z - w),
                        (x, y, z - w),
                    )
                ]
                canvas.cel(frame, pane, smooth=False, line=0.6, raw=lit)
        if shops:
            z, w = b - (b - a) * 0.1, (b - a) * 0.8
            lit = stage.night and rng.random() < 0.75
            pane = "#ffdf9c" if lit else stage.mixed("#5f7f92", tone, 0.1)
            corners = [
                stage.spot(*c)
                for c in ((x, 0.45, z), (x, 2.3, z), (x, 2.3, z - w), (x, 0.45, z - w))
            ]
            canvas.cel(corners, pane, smooth=False, line=0.7, raw=lit)
            if lit:
                px, py = stage.spot(x, 1.4, z - w / 2)
                canvas.glow(px, py, 2.2 * stage.camera.scale / z, "#ffc870", 0.35)
            if awnings:
                out = x - (0.9 if x > 0 else -0.9)
                cloth = [
                    stage.spot(*c)
                    for c in ((x, 2.75, z), (out, 2.25, z), (out, 2.25, z - w), (x, 2.75, z - w))
                ]
                canvas.cel(
                    cloth, stage.tone(awnings[rng.randrange(len(awnings))]), smooth=False, line=0.7
                )


@piece
def pavement(stage: Stage, tone: str = "#b9b6b0", half: float = 3.4, far: float = 80.0) -> None:
    """Kerbs along a street: everything outside of the roadway."""
    half = max(half, stage.half_seen(1.0) * 0.62)
    z = stage.scene.depth(far)
    wide = max(half * 3, stage.half_seen(z))
    snow = stage.scene.weather is Weather.SNOW
    colour = stage.mixed(tone, "#e2e9f1", 0.5 if snow else 0)
    for sign in (-1, 1):
        a, b = sign * half, sign * wide
        stage.quad(((a, 0, z), (b, 0, z), (b, 0, _NEAR), (a, 0, _NEAR)), colour)
        kerb = ((a, 0, z), (a * 1.04, 0, z), (a * 1.04, 0, _NEAR), (a, 0, _NEAR))
        stage.quad(kerb, stage.mixed(tone, "#ffffff", 0.3))
        edge = (stage.spot(a, 0, z), stage.spot(a, 0, _NEAR))
        stage.canvas.stroke(edge, 0.7, taper=(0.3, 1), smooth=False)


@piece
def crossing(stage: Stage, metres: float = 6.5, tone: str = "#ece8dc", half: float = 3.2) -> None:
    """A zebra crossing."""
    half = max(half, stage.half_seen(1.0) * 0.58)
    z = stage.scene.depth(metres)
    a, b = z * 1.25, z
    step = half / 5
    for i in range(-5, 5):
        if i % 2 == 0:
            x0, x1 = i * step, (i + 1) * step
            stage.quad(((x0, 0, a), (x1, 0, a), (x1, 0, b), (x0, 0, b)), tone)


@piece
def overhang(
    stage: Stage, tone: str = "#4f7a48", wood: str = "#5c4433", tall_only: bool = False
) -> None:
    """Boughs that hang into the upper corners of the frame."""
    scene, canvas, rng = stage.scene, stage.canvas, stage.rng
    high = scene.height > scene.width * 1.05
    if scene.close or (tall_only and not high):
        return
    u, w = scene.unit, scene.width
    for sign in (-1, 1):
        reach = u * (2.4 if high else 1.7) * (1.0 if sign < 0 else 0.75)
        root = (w / 2 + sign * w * 0.62, u * 0.2)
        tip = (root[0] - sign * reach * 1.25, u * (0.9 if sign < 0 else 0.5))
        with canvas.local(weight=0.7):
            canvas.stroke(
                (root, ((root[0] + tip[0]) / 2, u * 0.35), tip),
                u * 0.12,
                stage.tone(wood),
                unit=True,
                taper=(1, 0.2),
            )
            shapes = []
            for i in range(11):
                t = (i + 0.6) / 11
                x = root[0] + (tip[0] - root[0]) * t
                y = root[1] + (tip[1] - root[1]) * t + rng.uniform(-0.35, 0.4) * u
                r = u * rng.uniform(0.28, 0.5) * (1.1 - 0.5 * t)
                angle = np.arange(12) * (2 * np.pi / 12)
                wave = r * (1 + np.where(np.arange(12) % 2, 0.13, -0.1))
                shapes.append(
                    np.column_stack((x + np.cos(angle) * wave, y + np.sin(angle) * wave * 0.8))
                )
            canvas.cels(shapes, stage.tone(tone), shade=u * 0.1)


@piece
def wires(stage: Stage, count: int = 3, tone: str = "#3a3a44") -> None:
    """Cables, lamps or washing across the upper frame."""
    scene = stage.scene
    for i in range(count):
        y = scene.height * (0.05 + 0.075 * i)
        sag = scene.unit * (0.35 + 0.12 * i)
        line = (
            (scene.left, y),
            (scene.width * (0.4 + 0.1 * i), y + sag),
            (scene.right, y - sag * 0.4),
        )
        stage.canvas.stroke(line, 0.7, tone, taper=(1, 1))


@piece
def garland(
    stage: Stage, y: float = 0.12, tones: list[str] | None = None, bulbs: bool = True
) -> None:
    """Lamps or flags on a rope across the frame."""
    scene, canvas = stage.scene, stage.canvas
    w, u = scene.width, scene.unit
    for row in range(2):
        top, sag = scene.height * (y + 0.09 * row), u * 0.55
        points = [
            (w * i / 14, top + sag * np.sin(np.pi * ((i * (1 + row)) % 14) / 14))
            for i in range(-2, 17)
        ]
        canvas.stroke(points, 0.6, "#4a4048", taper=(1, 1))
        for i, (px, py) in enumerate(points):
            tone = (tones or ["#ffd98a", "#ff9f7a", "#9fe0d0"])[i % len(tones or [0, 0, 0])]
            if bulbs:
                if stage.night:
                    canvas.glow(px, py + u * 0.06, u * 0.34, tone, 0.6)
                canvas.cel(ring(px, py + u * 0.06, u * 0.06), tone, line=0.5, raw=True)
            else:
                size = u * 0.16
                canvas.cel(
                    ((px - size, py), (px + size, py), (px, py + size * 1.7)),
                    tone,
                    smooth=False,
                    line=0.5,
                )


@piece
def rays(stage: Stage, tone: str = "#bfeaf0", count: int = 5, alpha: float = 0.12) -> None:
    """Shafts of light from above."""
    w, h = stage.scene.width, stage.scene.height
    for i in range(count):
        x = w * (0.05 + 0.95 * i / count) + stage.rng.uniform(-0.04, 0.04) * w
        wide = w * stage.rng.uniform(0.03, 0.09)
        shaft = (
            (x, -h * 0.2),
            (x + wide, -h * 0.2),
            (x + wide * 2.6 - w * 0.1, h * 1.2),
            (x - w * 0.16, h * 1.2),
        )
        stage.canvas.fill(shaft, tone, smooth=False, alpha=alpha, raw=True)


@piece
def bubbles(stage: Stage, count: int = 16) -> None:
    """Air in water."""
    for _ in range(count):
        x, y = (
            stage.rng.random() * stage.scene.width,
            stage.rng.random() * stage.scene.height * 0.85,
        )
        r = stage.scene.unit * stage.rng.uniform(0.04, 0.13)
        points = ring(x, y, r, count=14)
        stage.canvas.stroke([*points, points[0]], 0.9, "#dff4f8", taper=(1, 1), raw=True)
        stage.canvas.dot(x - r * 0.3, y - r * 0.35, r * 0.2, "#ffffff", raw=True)


@piece
def rails(stage: Stage, x: float = 0.0, gauge: float = 1.5, far: float = 120.0) -> None:
    """Tracks into the depth."""
    z1 = stage.scene.depth(far)
    at = x * stage.half_seen(1.0)
    z = 0.5
    while z < z1:
        corners = (
            (at - gauge, 0, z * 1.05),
            (at + gauge, 0, z * 1.05),
            (at + gauge, 0, z),
            (at - gauge, 0, z),
        )
        stage.quad(corners, "#6b5138")
        z *= 1.16
    for side in (-gauge * 0.6, gauge * 0.6):
        w = gauge * 0.05
        corners = (
            (at + side - w, 0, z1),
            (at + side + w, 0, z1),
            (at + side + w, 0, 0.4),
            (at + side - w, 0, 0.4),
        )
        stage.quad(corners, "#8d949e")


@piece
def roof_edge(
    stage: Stage, metres: float = 7.0, tall: float = 1.0, tone: str = "#8f8a86", rail: bool = False
) -> None:
    """A parapet, or a railing, across the frame: what lies behind it is far below."""
    z = stage.scene.depth(metres)
    half = stage.half_seen(z) * 1.3
    if rail:
        pixels = stage.camera.scale / z
        every = max(0.5, half / 14)
        for i in range(-int(half / every), int(half / every) + 1):
            ends = (stage.spot(i * every, 0, z), stage.spot(i * every, tall, z))
            stage.canvas.stroke(ends, 0.05 * pixels, stage.tone(tone), unit=True, taper=(1, 1))
        for y in (tall, tall * 0.55):
            ends = (stage.spot(-half, y, z), stage.spot(half, y, z))
            stage.canvas.stroke(ends, 0.08 * pixels, stage.tone(tone), unit=True, taper=(1, 1))
        return
    corners = [
        stage.spot(*c) for c in ((-half, 0, z), (half, 0, z), (half, tall, z), (-half, tall, z))
    ]
    stage.canvas.cel(corners, stage.tone(tone), smooth=False, line=0.8)
    top = [
        stage.spot(*c)
        for c in (
            (-half, tall, z),
            (half, tall, z),
            (half, tall + 0.14, z),
            (-half, tall + 0.14, z),
        )
    ]
    stage.canvas.cel(top, stage.mixed(tone, "#ffffff", 0.3), smooth=False, line=0.8)


@piece
def studio(stage: Stage, tone: str = "stone") -> None:
    """A floor that meets the backdrop in a soft line, and a pool of light on it."""
    scene = stage.scene
    z = scene.depth(16)
    foot = min(max(scene.ground(z), 0.12 * scene.height), scene.height)
    for share, pale in ((0.62, 0.28), (0.46, 0.42), (0.3, 0.58)):
        r = share * max(scene.width, scene.height * 0.8)
        disc = ring(stage.middle, foot, r, min(r, foot * (0.5 + share)), count=40)
        stage.canvas.cel(disc, stage.mixed(tone, "#ffffff", pale), line=0.35)
    heavens.paint_heavens(scene)
    half = stage.half_seen(z) * 1.6
    edge = stage.mixed(tone, "#ffffff", 0.35)
    stage.quad(
        ((-half, 0, z), (half, 0, z), (half, 0, _NEAR), (-half, 0, _NEAR)),
        stage.mixed(tone, "#ffffff", 0.12),
    )
    for i in range(5):
        near = z * (0.8 - 0.13 * i)
        wide = half * 1.2
        stage.quad(
            ((-wide, 0, near), (wide, 0, near), (wide, 0, _NEAR), (-wide, 0, _NEAR)),
            stage.mixed(tone, "#6b6258", 0.035 * (i + 1)),
        )
    ends = (stage.spot(-half, 0, z), stage.spot(half, 0, z))
    stage.canvas.stroke(ends, 0.5, edge, taper=(1, 1), smooth=False)
    x, y = stage.spot(0, 0, 1.3)
    light = {
        Time.DAWN: "#ffe3c4",
        Time.DAY: "#ffffff",
        Time.SUNSET: "#ffd09a",
        Time.NIGHT: "#9fb9ec",
    }[scene.time]
    stage.canvas.glow(x, y - stage.scene.unit * 2.2, stage.scene.unit * 6, light, 0.5)


@piece
def raft(
    stage: Stage, tone: str = "wood", half: float = 0.86, near: float = 0.62, far: float = 1.55
) -> None:
    """Planks on the water, for whoever stands there."""
    x = min(half * stage.half_seen(1.0), 5.0)
    canvas = stage.canvas
    corners = [stage.spot(*c) for c in ((-x, 0, far), (x, 0, far), (x, 0, near), (-x, 0, near))]
    canvas.cel(corners, stage.tone(tone), smooth=False, line=0.9)
    count = 7
    for i in range(1, count):
        at = -x + 2 * x * i / count
        ends = (stage.spot(at, 0, far), stage.spot(at, 0, near))
        canvas.stroke(ends, 0.8, stage.mixed(tone, "#2a1c18", 0.4), taper=(0.6, 1), smooth=False)
    edge = [
        stage.spot(*c) for c in ((-x, 0, near), (x, 0, near), (x, -0.14, near), (-x, -0.14, near))
    ]
    canvas.cel(edge, stage.mixed(tone, "#2a1c18", 0.35), smooth=False, line=0.9)
    for z in (far * 0.9, near * 1.15):
        ends = (stage.spot(-x, 0.02, z), stage.spot(x, 0.02, z))
        canvas.stroke(ends, 1.8, "#d8c08a", taper=(1, 1), smooth=False)


@piece
def ripples(stage: Stage, tone: str = "#c9a86c", count: int = 26) -> None:
    """Waves that wind or water left in sand or snow."""
    scene = stage.scene
    for x, z in scenery.scatter(scene, count):
        size = min(stage.camera.scale / z * 0.6, scene.unit * 0.8)
        px, py = x * scene.width, scene.ground(z)
        wave = (
            (px - size, py),
            (px - size * 0.35, py - size * 0.12),
            (px + size * 0.3, py),
            (px + size, py - size * 0.08),
        )
        stage.canvas.stroke(wave, 0.9, stage.tone(tone), taper=(0.1, 0.1))
