"""Pieces of sets under a roof: the room itself, its openings, and what hangs and shines there."""

from __future__ import annotations

import itertools
from typing import Literal

import numpy as np

from ..blocking.curves import ring
from .kit import Point, Room, Stage, piece
from .views import Face, paint_view

_NEAR = 0.08
"""Depth at which floor and walls leave the frame, close to the lens."""


@piece
def room(
    stage: Stage,
    wide: float = 7.0,
    tall: float = 3.0,
    deep: float = 6.0,
    floor: str = "floor",
    wall: str = "wall",
    ceiling: str = "ceiling",
    pattern: Literal["boards", "tiles", "checks", "plates", "bare"] = "boards",
    above: Literal["bare", "panels", "beams", "ribs", "pipes"] = "bare",
    skirting: str = "",
    wainscot: str = "",
    bricks: bool = False,
) -> None:
    """Floor, back wall, side walls and ceiling in one perspective.

    It is as wide as the frame is where the figures stand, and high enough that the ceiling is
    over the lens.
    """
    camera, back = stage.camera, stage.scene.depth(deep)
    half = max(wide / 2, stage.half_seen(1.0) * 1.03)
    above_lens = camera.horizon * back / camera.scale
    height = max(tall, camera.height + 0.5, camera.height + 0.5 * max(0.0, above_lens))
    stage.room = Room(half, height, back, height / tall)
    x, t, b, n = half, height, back, _NEAR
    scene, foot = stage.scene, stage.scene.ground(b)
    left, right, bottom = scene.left, scene.right, scene.bottom
    below = ((left, foot), (right, foot), (right, bottom), (left, bottom))
    stage.canvas.fill(below, stage.tone(floor), smooth=False)
    _floor(stage, pattern, floor)
    stage.quad(((-x, t, b), (x, t, b), (x, t, n), (-x, t, n)), ceiling)
    _ceiling(stage, above, ceiling)
    for sign, share in ((-1, 0.1), (1, 0.2)):
        side = stage.mixed(wall, "#3a2c46", share)
        stage.quad(((sign * x, 0, b), (sign * x, t, b), (sign * x, t, n), (sign * x, 0, n)), side)
        if wainscot:
            low = stage.mixed(wainscot, "#3a2c46", share)
            corners = ((sign * x, 0, b), (sign * x, 0.95, b), (sign * x, 0.95, n), (sign * x, 0, n))
            stage.quad(corners, low)
    stage.quad(((-x, 0, b), (x, 0, b), (x, t, b), (-x, t, b)), wall)
    if wainscot:
        stage.quad(((-x, 0, b), (x, 0, b), (x, 0.95, b), (-x, 0.95, b)), wainscot)
        stage.quad(
            ((-x, 0.95, b), (x, 0.95, b), (x, 1.02, b), (-x, 1.02, b)),
            stage.mixed(wainscot, "#ffffff", 0.3),
        )
    if bricks:
        _bricks(stage, wall)
    if skirting:
        stage.quad(((-x, 0, b), (x, 0, b), (x, 0.14, b), (-x, 0.14, b)), skirting)
    shade = t * 0.07
    stage.quad(
        ((-x, t - shade, b), (x, t - shade, b), (x, t, b), (-x, t, b)), "#2a2038", alpha=0.12
    )
    stage.quad(((-x, 0, b), (x, 0, b), (x, 0, b * 0.9), (-x, 0, b * 0.9)), "#2a2038", alpha=0.14)
    edges = (
        ((-x, 0, b), (x, 0, b)),
        ((-x, t, b), (x, t, b)),
        ((-x, 0, b), (-x, t, b)),
        ((x, 0, b), (x, t, b)),
        ((-x, 0, b), (-x, 0, n)),
        ((x, 0, b), (x, 0, n)),
        ((-x, t, b), (-x, t, n)),
        ((x, t, b), (x, t, n)),
    )
    for ends in edges:
        line = [stage.spot(*end) for end in ends]
        stage.canvas.stroke(line, 0.8, taper=(1, 1), smooth=False)


def _floor(stage: Stage, pattern: str, tone: str) -> None:
    room = stage.room
    assert room is not None
    x, b, n = room.half, room.back, 0.42
    dark = stage.mixed(tone, "#2a1c18", 0.3)
    if pattern == "checks":
        other = stage.mixed(tone, "#2a1c18", 0.16)
        size = max(0.7, x / 7)
        zs = sorted(stage.steps(n, b, size, 14))
        for j, (z0, z1) in enumerate(itertools.pairwise(zs)):
            for i in range(-int(x / size) - 1, int(x / size) + 1):
                if (i + j) % 2:
                    a, e = max(-x, i * size), min(x, (i + 1) * size)
                    if e > a:
                        stage.quad(((a, 0, z1), (e, 0, z1), (e, 0, z0), (a, 0, z0)), other)
    elif pattern in ("tiles", "plates"):
        _lines(stage, 0.0, dark, 0.9 if pattern == "tiles" else 1.6)
    elif pattern == "boards":
        count = int(x / max(0.4, x / 12))
        for i in range(-count, count + 1):
            at = i * x / count
            ends = (stage.spot(at, 0, b), stage.spot(at, 0, n))
            stage.canvas.stroke(ends, 0.6, dark, taper=(0.4, 1), smooth=False)
        zs = stage.steps(n, b, 1.3, 12)
        for j, z in enumerate(zs):
            for i in range(-count, count):
                if (i * 7 + j * 3) % 5 == 0:
                    ends = (stage.spot(i * x / count, 0, z), stage.spot((i + 1) * x / count, 0, z))
                    stage.canvas.stroke(ends, 0.5, dark, taper=(1, 1), smooth=False)


def _lines(stage: Stage, y: float, tone, every: float) -> None:  # noqa: ANN001
    """A grid on floor or ceiling."""
    room = stage.room
    assert room is not None
    x, b, n = room.half, room.back, 0.42
    step = max(every, x / 9)
    for i in range(-int(x / step), int(x / step) + 1):
        ends = (stage.spot(i * step, y, b), stage.spot(i * step, y, n))
        stage.canvas.stroke(ends, 0.6, tone, taper=(0.5, 1), smooth=False)
    for z in stage.steps(n, b, every, 14):
        ends = (stage.spot(-x, y, z), stage.spot(x, y, z))
        stage.canvas.stroke(ends, 0.6, tone, taper=(1, 1), smooth=False)


def _ceiling(stage: Stage, kind: str, tone: str) -> None:
    room = stage.room
    assert room is not None
    x, t, b = room.half, room.tall, room.back
    dark = stage.mixed(tone, "#2a1c28", 0.22)
    if kind == "panels":
        _lines(stage, t, dark, 1.5)
    elif kind in ("beams", "ribs"):
        deep = 0.22 if kind == "beams" else 0.14
        colour = stage.mixed(tone, "#3a2416" if kind == "beams" else "#20242c", 0.45)
        for z in stage.steps(0.5, b * 0.96, 1.8, 8):
            corners = ((-x, t, z), (x, t, z), (x, t - deep, z), (-x, t - deep, z))
            stage.quad(corners, colour)
            if kind == "ribs":
                for sign in (-1, 1):
                    stage.quad(
                        (
                            (sign * x, 0, z),
                            (sign * (x - 0.16), 0, z),
                            (sign * (x - 0.16), t, z),
                            (sign * x, t, z),
                        ),
                        colour,
                    )
    elif kind == "pipes":
        for share, size, shade in ((-0.7, 0.12, 0.3), (-0.55, 0.07, 0.5), (0.6, 0.14, 0.4)):
            a, e = share * x - size, share * x + size
            stage.quad(
                ((a, t - 0.2, b), (e, t - 0.2, b), (e, t - 0.2, _NEAR), (a, t - 0.2, _NEAR)),
                stage.mixed(tone, "#1c1820", shade),
            )
            edge = (stage.spot(e, t - 0.2, b), stage.spot(e, t - 0.2, _NEAR))
            stage.canvas.stroke(edge, 0.7, taper=(0.6, 1), smooth=False)


def _bricks(stage: Stage, tone: str) -> None:
    room = stage.room
    assert room is not None
    x, t, b = room.half, room.tall, room.back
    dark = stage.mixed(tone, "#2a1c28", 0.25)
    high = max(0.24, t / 16)
    for j in range(1, int(t / high) + 1):
        ends = (stage.spot(-x, j * high, b), stage.spot(x, j * high, b))
        stage.canvas.stroke(ends, 0.45, dark, taper=(1, 1), smooth=False)
    wide = max(0.6, x / 10)
    for j in range(int(t / high) + 1):
        for i in range(-int(x / wide) - 1, int(x / wide) + 1):
            if (i * 5 + j * 3) % 4 < 2:
                at = (i + 0.5 * (j % 2)) * wide
                if abs(at) < x:
                    ends = (stage.spot(at, j * high, b), stage.spot(at, min(t, (j + 1) * high), b))
                    stage.canvas.stroke(ends, 0.45, dark, taper=(1, 1), smooth=False)


def _on_back(stage: Stage, x0: float, x1: float, y0: float, y1: float, z: float) -> Face:
    def face(u: float, v: float) -> Point:
        return stage.spot(x0 + (x1 - x0) * u, y0 + (y1 - y0) * v, z)

    return face


def _on_side(stage: Stage, x: float, z0: float, z1: float, y0: float, y1: float) -> Face:
    def face(u: float, v: float) -> Point:
        return stage.spot(x, y0 + (y1 - y0) * v, z0 + (z1 - z0) * u)

    return face


@piece
def windows(
    stage: Stage,
    wall: Literal["back", "sides", "all"] = "back",
    view: str = "sky",
    every: float = 2.4,
    wide: float = 1.3,
    tall: float = 1.4,
    sill: float = 1.0,
    frame: str = "white",
    shape: Literal["plain", "round", "arch"] = "plain",
    curtain: str = "",
    at: list[float] | None = None,
    bars: bool = False,
    light: bool = False,
) -> None:
    """Openings with a view.

    :param every: metres between them. :param at: their places on the back wall (shares) instead.
    :param light: they throw it on the floor by day.
    """
    room = stage.room
    assert room is not None
    sill *= room.taller**0.4
    tall = min(tall * room.taller**0.95, room.tall - sill - 0.15)
    if wall in ("sides", "all"):
        for sign in (-1, 1):
            _side_windows(stage, sign, view, every, wide, tall, sill, frame)
    if wall == "sides":
        return
    half = stage.half_seen(room.back)
    if at is None:
        every = max(every, half / 6)
        count = int((half + every) / every)
        places = [(i + 0.5) * every for i in range(-count, count)]
        places = [x for x in places if abs(x) + wide / 2 < room.half]
    else:
        places = [share * half for share in at]
    for index, x in enumerate(places):
        _window(stage, x, wide, tall, sill, view, frame, shape, curtain, bars, index)
        if light and not stage.night and index % 2 == 0:
            _shaft(stage, x, wide, sill)


def _window(
    stage: Stage,
    x: float,
    wide: float,
    tall: float,
    sill: float,
    view: str,
    frame: str,
    shape: str,
    curtain: str,
    bars: bool,
    seed: int,
) -> None:
    room = stage.room
    assert room is not None
    z, canvas, border = room.back, stage.canvas, 0.09
    x0, x1, y0, y1 = x - wide / 2, x + wide / 2, sill, sill + tall
    if shape == "round":
        (cx, cy), r = stage.spot(x, sill + tall / 2, z), wide / 2 * stage.camera.scale / z
        canvas.cel(ring(cx, cy, r * 1.22, count=20), stage.tone(frame), line=0.9)
        inner = wide / 2 * 0.69
        canvas.fill(ring(cx, cy, r * 0.98, count=20), "#0b1026" if view == "stars" else "#2b7492")
        face = _on_back(
            stage, x - inner, x + inner, sill + tall / 2 - inner, sill + tall / 2 + inner, z
        )
        paint_view(stage, face, view, seed)
        canvas.stroke(ring(cx, cy, r, count=20)[[*range(20), 0]], 2.4, taper=(1, 1))
        return
    outer = [
        stage.spot(x0 - border, y0 - border, z),
        stage.spot(x1 + border, y0 - border, z),
        stage.spot(x1 + border, y1 + border, z),
        stage.spot(x0 - border, y1 + border, z),
    ]
    if shape == "arch":
        rise = wide * 0.55
        top = [
            stage.spot(x + np.cos(a) * (wide / 2 + border), y1 + np.sin(a) * rise, z)
            for a in np.linspace(0, np.pi, 9)
        ]
        canvas.cel([*outer[:2], *top], stage.tone(frame), smooth=False, line=0.8)
        dark = stage.scene.hour.sky[0][1] if not stage.night else "#101a3c"
        top = [
            stage.spot(x + np.cos(a) * wide / 2, y1 + np.sin(a) * (rise - border), z)
            for a in np.linspace(0, np.pi, 9)
        ]
        canvas.fill(top, dark, smooth=False, raw=True)
    else:
        canvas.cel(outer, stage.tone(frame), smooth=False, line=0.8)
    paint_view(stage, _on_back(stage, x0, x1, y0, y1, z), view, seed)
    strokes = [((x0, y0), (x1, y0)), ((x, y0), (x, y1)), ((x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2))]
    width = 0.05 * stage.camera.scale / z
    for a, b in strokes:
        ends = (stage.spot(*a, z), stage.spot(*b, z))
        canvas.stroke(ends, width, stage.tone(frame), unit=True, taper=(1, 1), smooth=False)
    if bars:
        for i in range(5):
            at = x0 + (i + 0.5) * wide / 5
            ends = (stage.spot(at, y0, z), stage.spot(at, y1, z))
            canvas.stroke(ends, width, "#3f434c", unit=True, taper=(1, 1), smooth=False)
    if curtain:
        for sign in (-1, 1):
            inner, outer_x = x + sign * wide * 0.3, x + sign * (wide * 0.5 + 0.3)
            points = [
                stage.spot(inner, y1 + 0.12, z),
                stage.spot(outer_x, y1 + 0.12, z),
                stage.spot(outer_x, max(0.1, y0 - 0.6), z),
                stage.spot(x + sign * wide * 0.42, max(0.1, y0 - 0.6), z),
                stage.spot(x + sign * wide * 0.44, y0 + tall * 0.3, z),
            ]
            canvas.cel(points, stage.tone(curtain), smooth=False, line=0.7)
            for share in (0.35, 0.68):
                a = inner + (outer_x - inner) * share
                ends = (stage.spot(a, y1 + 0.1, z), stage.spot(a, max(0.12, y0 - 0.58), z))
                canvas.stroke(ends, 0.5, stage.mixed(curtain, "#2a1c28", 0.3), taper=(1, 1))


def _side_windows(
    stage: Stage,
    sign: int,
    view: str,
    every: float,
    wide: float,
    tall: float,
    sill: float,
    frame: str,
) -> None:
    room = stage.room
    assert room is not None
    unit = max(1.2, stage.camera.distance)
    x = sign * room.half
    at = room.back - 0.35 * every / unit
    index = 0
    while at - wide / unit > 0.5 and index < 9:
        z1, z0 = at, at - wide / unit
        border = 0.08
        corners = [
            stage.spot(x, sill - border, z1 + border / unit),
            stage.spot(x, sill + tall + border, z1 + border / unit),
            stage.spot(x, sill + tall + border, z0 - border / unit),
            stage.spot(x, sill - border, z0 - border / unit),
        ]
        stage.canvas.cel(corners, stage.tone(frame), smooth=False, line=0.7)
        paint_view(
            stage, _on_side(stage, x, z0, z1, sill, sill + tall), view, index * 2 + (sign > 0)
        )
        at -= every / unit
        index += 1


def _shaft(stage: Stage, x: float, wide: float, sill: float) -> None:
    """Light that falls through a window on the floor."""
    room = stage.room
    assert room is not None
    b = room.back
    stage.quad(
        (
            (x - wide * 0.3, 0, b * 0.9),
            (x + wide * 0.7, 0, b * 0.9),
            (x + wide * 1.6, 0, b * 0.55),
            (x + wide * 0.2, 0, b * 0.55),
        ),
        "#fff3cc",
        alpha=0.28,
        raw=True,
    )


@piece
def hang(
    stage: Stage,
    draw: str,
    x: float = 0.0,
    y: float = 1.5,
    grow: float = 1.0,
    every: float = 0.0,
    flip: bool = False,
) -> None:
    """Something on the back wall; ``every`` so many metres, or once at ``x`` (a share)."""
    room = stage.room
    assert room is not None
    half = stage.half_seen(room.back)
    if not every:
        stage.thing(draw, x * half, room.back * 0.995, y=y, grow=grow, flip=flip)
        return
    every = max(every, half / 6)
    for i in range(-int(half / every) - 1, int(half / every) + 1):
        at = (i + 0.5) * every
        if abs(at) < room.half - 0.3:
            stage.thing(draw, at, room.back * 0.995, y=y, grow=grow, flip=flip)


@piece
def lamps(
    stage: Stage,
    kind: Literal["bulb", "tube", "chandelier", "strip"] = "bulb",
    every: float = 2.6,
    drop: float = 0.7,
    tone: str = "#ffe9b0",
    columns: int = 2,
) -> None:
    """Lights under the ceiling, in rows into the depth; by night each has its pool."""
    room = stage.room
    assert room is not None
    scale, t = stage.camera.scale, room.tall
    xs = (
        [0.0]
        if columns == 1
        else [room.half * (2 * i / (columns - 1) - 1) * 0.55 for i in range(columns)]
    )
    zs = [z for z in stage.steps(0.95, room.back * 0.93, every, 5) if z > 0.8]
    for z in zs:
        for x in xs:
            if stage.night:
                _pool(stage, x, z, tone)
            if kind in ("tube", "strip"):
                long, w = (0.5 * every / max(1.2, stage.camera.distance)), 0.35
                if kind == "strip":
                    w = 0.1
                corners = (
                    (x - w, t, z),
                    (x + w, t, z),
                    (x + w, t, max(0.5, z - long)),
                    (x - w, t, max(0.5, z - long)),
                )
                stage.quad(corners, tone, raw=True)
                if stage.night:
                    stage.canvas.glow(*stage.spot(x, t, z), 1.5 * scale / z, tone, 0.35)
                continue
            foot = t - drop
            top, end = stage.spot(x, t, z), stage.spot(x, foot, z)
            stage.canvas.stroke((top, end), 0.7, "#3a3038", taper=(1, 1), smooth=False)
            r = 0.17 * scale / z
            stage.canvas.glow(
                *end, r * (9 if stage.night else 5), tone, 0.5 if stage.night else 0.3
            )
            if kind == "chandelier":
                for k in (-2, -1, 0, 1, 2):
                    px = end[0] + k * r * 0.9
                    py = end[1] + (2 - abs(k)) * r * 0.25
                    stage.canvas.cel(ring(px, py, r * 0.3, r * 0.42), tone, line=0.5, raw=True)
                stage.canvas.stroke(
                    (
                        (end[0] - r * 1.8, end[1]),
                        (end[0], end[1] + r * 0.7),
                        (end[0] + r * 1.8, end[1]),
                    ),
                    1.0,
                    "#b07d1c",
                    taper=(1, 1),
                )
            else:
                shade = (
                    (end[0] - r * 0.35, end[1] - r),
                    (end[0] + r * 0.35, end[1] - r),
                    (end[0] + r, end[1]),
                    (end[0] - r, end[1]),
                )
                stage.canvas.cel(shade, "#5a606b", smooth=False, line=0.7)
                stage.canvas.cel(ring(end[0], end[1], r * 0.42, r * 0.34), tone, line=0.4, raw=True)


def _pool(stage: Stage, x: float, z: float, tone: str) -> None:
    """Lamplight on the floor."""
    (px, py), half = stage.spot(x, 0, z), 1.1 * stage.camera.scale / z
    for grow in (1.0, 0.6):
        pool = ring(px, py, half * grow, half * grow * 0.22)
        stage.canvas.fill(pool, tone, alpha=0.08, raw=True)


@piece
def rug(stage: Stage, tones: list[str], wide: float = 3.2) -> None:
    """A carpet on the floor between the back wall and the figures."""
    room = stage.room
    assert room is not None
    far, near = room.back * 0.9, 0.95
    for share, tone in zip((1.0, 0.88, 0.8), tones):
        half, pad = wide / 2 * share, (1 - share) * 0.5
        a, b = far - (far - near) * pad, near + (far - near) * pad
        corners = [
            stage.spot(*c) for c in ((-half, 0, a), (half, 0, a), (half, 0, b), (-half, 0, b))
        ]
        stage.canvas.cel(corners, stage.tone(tone), smooth=False, line=0.6 if share == 1 else 0)


@piece
def counter(
    stage: Stage,
    x0: float = -1.0,
    x1: float = 1.0,
    metres: float = 4.6,
    tall: float = 0.95,
    tone: str = "counter",
    top: str = "top",
    things: list[str] | None = None,
    every: float = 0.9,
) -> None:
    """A counter across the room, from share to share, with things on it."""
    room = stage.room
    z = stage.scene.depth(metres)
    if room:
        z = min(z, room.back * 0.97)
    half = stage.half_seen(z)
    a, b, back = x0 * half, x1 * half, z * 1.07
    stage.shadow((a + b) / 2, z * 0.985, (b - a) / 2)
    corners = [stage.spot(*c) for c in ((a, 0, z), (b, 0, z), (b, tall, z), (a, tall, z))]
    stage.canvas.cel(corners, stage.tone(tone), smooth=False, line=0.8)
    lid = [stage.spot(*c) for c in ((a, tall, z), (b, tall, z), (b, tall, back), (a, tall, back))]
    stage.canvas.cel(lid, stage.tone(top), smooth=False, line=0.8)
    edge = [
        stage.spot(*c)
        for c in ((a, tall - 0.06, z), (b, tall - 0.06, z), (b, tall, z), (a, tall, z))
    ]
    stage.canvas.fill(edge, stage.mixed(top, "#2a1c28", 0.2), smooth=False)
    step = max(0.8, (b - a) / 9)
    at = a + step
    while at < b - 0.1:
        ends = (stage.spot(at, 0.06, z), stage.spot(at, tall - 0.08, z))
        stage.canvas.stroke(
            ends, 0.6, stage.mixed(tone, "#2a1c28", 0.35), taper=(1, 1), smooth=False
        )
        at += step
    every = max(every, (b - a) / 12)
    for i in range(int((b - a) / every)):
        if things:
            stage.thing(things[i % len(things)], a + (i + 0.5) * every, z * 1.02, y=tall)


@piece
def shelves(
    stage: Stage,
    x0: float = -1.0,
    x1: float = 1.0,
    y: float = 1.2,
    rows: int = 2,
    gap: float = 0.5,
    tone: str = "wood",
    things: list[str] | None = None,
    every: float = 0.34,
    grow: float = 1.0,
) -> None:
    """Boards on the back wall, full of things."""
    room = stage.room
    assert room is not None
    z = room.back * 0.99
    half = stage.half_seen(z)
    a, b = x0 * half + 0.1, x1 * half - 0.1
    if b - a < 0.3:
        return
    every = max(every, (b - a) / 22)
    for row in range(rows):
        at = y + row * gap
        if at > room.tall - 0.3:
            return
        corners = [
            stage.spot(*c) for c in ((a, at - 0.06, z), (b, at - 0.06, z), (b, at, z), (a, at, z))
        ]
        for i in range(int((b - a) / every)):
            if things and stage.rng.random() < 0.86:
                stage.thing(
                    things[(i + row * 2) % len(things)], a + (i + 0.5) * every, z, y=at, grow=grow
                )
        stage.canvas.cel(corners, stage.tone(tone), smooth=False, line=0.7)


@piece
def bars(
    stage: Stage,
    x0: float = -1.0,
    x1: float = 1.0,
    metres: float = 4.0,
    every: float = 0.22,
    tone: str = "#4a4e58",
) -> None:
    """Iron bars from floor to ceiling."""
    room = stage.room
    assert room is not None
    z = min(stage.scene.depth(metres), room.back * 0.97)
    half, t = stage.half_seen(z), room.tall
    a, b = x0 * half, x1 * half
    every = max(every, (b - a) / 26)
    width = 0.05 * stage.camera.scale / z
    count = int((b - a) / every)
    for y in (0.06, 1.15, t - 0.1):
        ends = (stage.spot(a, y, z), stage.spot(b, y, z))
        stage.canvas.stroke(
            ends, width * 1.3, stage.tone(tone), unit=True, taper=(1, 1), smooth=False
        )
    for i in range(count + 1):
        x = a + i * every
        ends = (stage.spot(x, 0, z), stage.spot(x, t, z))
        stage.canvas.stroke(ends, width, stage.tone(tone), unit=True, taper=(1, 1), smooth=False)


@piece
def curtains(stage: Stage, tone: str = "red", share: float = 0.16, top: float = 0.12) -> None:
    """The drapes of a stage, at both sides and along the top of the frame."""
    canvas, w, h = stage.canvas, stage.scene.width, stage.scene.height
    dark = stage.mixed(tone, "#1c0c18", 0.42)
    wide = w * share
    for sign in (-1, 1):
        edge = stage.middle + sign * w * 0.66
        inner = stage.middle + sign * (w / 2 - wide)
        points = (
            (edge, -h * 0.2),
            (inner - sign * wide * 0.35, -h * 0.2),
            (inner, h * 0.4),
            (inner + sign * wide * 0.25, h * 0.62),
            (inner + sign * wide * 0.1, h * 1.2),
            (edge, h * 1.2),
        )
        canvas.cel(points, stage.tone(tone), line=0.9)
        for k in (0.25, 0.5, 0.75):
            x = inner + sign * wide * k
            folds = (
                (x - sign * wide * 0.2, -h * 0.2),
                (x, h * 0.4),
                (x + sign * wide * 0.15, h * 0.65),
                (x, h * 1.2),
            )
            canvas.stroke(folds, 1.6, dark, taper=(1, 1))
    count = max(5, round(w / (h * top * 1.4)))
    for i in range(count + 2):
        x, r = (i - 0.5) / count * w, w / count
        swag = (
            (x - r * 0.55, -h * 0.2),
            (x - r * 0.55, h * top * 0.35),
            (x, h * top),
            (x + r * 0.55, h * top * 0.35),
            (x + r * 0.55, -h * 0.2),
        )
        canvas.cel(swag, stage.tone(tone), line=0.8)
        canvas.stroke(
            ((x - r * 0.5, h * top * 0.22), (x, h * top * 0.82), (x + r * 0.5, h * top * 0.22)),
            1.6,
            "#e9b83a",
            taper=(1, 1),
        )


@piece
def rock(
    stage: Stage, tone: str = "rock", deep: float = 9.0, spikes: bool = True, light: str = ""
) -> None:
    """The walls of a cave: a floor, and ring behind ring of rock, darker towards the depth."""
    canvas, rng, camera = stage.canvas, stage.rng, stage.camera
    w, h = stage.scene.width, stage.scene.height
    back = stage.scene.depth(deep)
    half = max(4.0, stage.half_seen(1.0) * 1.05)
    above = camera.height + 0.7 * max(1.0, camera.horizon * back / camera.scale)
    stage.room = Room(half, above, back, 1.0)
    canvas.fill(
        ((-w, -h), (2 * w, -h), (2 * w, 2 * h), (-w, 2 * h)),
        stage.mixed(tone, "#0c0a16", 0.78),
        smooth=False,
    )
    if light:
        px, py = stage.spot(0.0, above * 0.55, back)
        canvas.glow(px, py, min(w, h) * 0.42, stage.tone(light), 0.75)
    foot = stage.scene.ground(back)
    canvas.fill(
        ((-w, foot), (2 * w, foot), (2 * w, 2 * h), (-w, 2 * h)),
        stage.mixed(tone, "#1c1626", 0.34),
        smooth=False,
    )
    for index, share in enumerate((0.95, 0.62, 0.36)):
        z = 1 + (back - 1) * share
        colour = stage.mixed(tone, "#120e1c", 0.6 - 0.26 * index)
        reach, top = half * (0.8 + 0.12 * index), above * (0.86 + 0.06 * index)
        inner: list[Point] = []
        for i in range(15):
            a = np.pi * i / 14
            wave = 1 + rng.uniform(-0.09, 0.06)
            inner.append(
                stage.spot(np.cos(a) * reach * wave, max(0.0, np.sin(a) ** 0.8 * top * wave), z)
            )
        foot = inner[0][1]
        outer = [(2.2 * w, foot), (2.2 * w, -1.5 * h), (-1.2 * w, -1.5 * h), (-1.2 * w, foot)]
        canvas.cel([*inner, *reversed([*outer])], colour, smooth=False, line=0.8)
        if spikes:
            for _ in range(7):
                x = rng.uniform(-0.7, 0.7) * reach
                y = top * (1 - (x / reach) ** 2) ** 0.4
                long, wide = rng.uniform(0.3, 1.1), rng.uniform(0.1, 0.22)
                points = (
                    stage.spot(x - wide, y + 0.35, z),
                    stage.spot(x + wide, y + 0.35, z),
                    stage.spot(x, y - long, z),
                )
                canvas.cel(points, colour, smooth=False, line=0.7)
            for _ in range(4):
                side = rng.choice((-1, 1))
                x, long, wide = (
                    side * rng.uniform(0.55, 0.95) * reach,
                    rng.uniform(0.3, 1.0),
                    rng.uniform(0.15, 0.3),
                )
                points = (
                    stage.spot(x - wide, 0, z),
                    stage.spot(x, long, z),
                    stage.spot(x + wide, 0, z),
                )
                canvas.cel(
                    points, stage.mixed(tone, "#120e1c", 0.5 - 0.24 * index), smooth=False, line=0.7
                )


@piece
def panels(
    stage: Stage, tone: str = "panel", every: float = 1.3, lights: list[str] | None = None
) -> None:
    """Technical panels on the back wall: frames, slots and small lights."""
    room = stage.room
    assert room is not None
    z, t = room.back * 0.995, room.tall
    half = room.half
    every = max(every, half / 7)
    tones = lights or ["#7fe0d0", "#ffb45a", "#8fb8ff"]
    for i in range(-int(half / every) - 1, int(half / every) + 1):
        x0, x1 = max(-half, i * every + 0.06), min(half, (i + 1) * every - 0.06)
        if x1 - x0 < 0.3:
            continue
        for y0, y1 in ((0.25, 1.0), (1.1, t * 0.62), (t * 0.66, t - 0.2)):
            if y1 - y0 < 0.2:
                continue
            corners = [stage.spot(*c) for c in ((x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z))]
            stage.canvas.cel(corners, stage.tone(tone), smooth=False, line=0.6)
        for k in range(3):
            px, py = stage.spot(x0 + 0.15 + k * 0.16, 0.85, z)
            stage.canvas.cel(
                ring(px, py, 0.035 * stage.camera.scale / z), tones[(i + k) % 3], line=0.4, raw=True
            )


@piece
def glow(
    stage: Stage,
    x: float = 0.0,
    y: float = 1.5,
    metres: float = 6.0,
    size: float = 2.0,
    tone: str = "#ffb45a",
    strength: float = 0.5,
) -> None:
    """Light in the air, at any hour."""
    z = stage.scene.depth(metres)
    px, py = stage.spot(x * stage.half_seen(z), y, z)
    stage.canvas.glow(px, py, size * stage.camera.scale / z, stage.tone(tone), strength)
