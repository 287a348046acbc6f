"""The kit that sets are built of: a stage to put pieces on, and the pieces that any set may have.

A piece is a function that paints one thing (``room``, ``windows``, ``avenue``); what it is called
in a set's file is its name here, and its keyword arguments are the other keys. Lengths are
metres; ``x`` runs from -1 to 1 across what is seen of the place at that depth, so that a set
fills every format; ``metres`` are from the lens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ...story import PropItem, PropKind, Time
from ..blocking.curves import Affine, ring
from ..blocking.measures import PROPS
from .ink import RGB, mix, rgb
from .props import draw_prop
from .scenery import Scene, Weather
from .shapes import COLOURS, draw_shapes, drawings, extent

Point = tuple[float, float]


@dataclass
class Room:
    """The box that a set under a roof plays in."""

    half: float
    """Half of its width, metres."""
    tall: float
    """Height of the ceiling, metres."""
    back: float
    """Depth of the back wall."""
    taller: float
    """How much higher it is than asked for, so that a high frame is filled."""


class Stage:
    """A scene with the palette of a set, and what its pieces have settled."""

    def __init__(self, scene: Scene, palette: Mapping[str, str]) -> None:
        self.scene = scene
        self.canvas = scene.canvas
        self.camera = scene.camera
        self.rng = scene.rng
        self.room: Room | None = None
        self._palette = palette

    @property
    def night(self) -> bool:
        return self.scene.time is Time.NIGHT

    @property
    def lit(self) -> bool:
        """Lamps and windows shine."""
        return self.night or self.room is not None

    @property
    def middle(self) -> float:
        return self.scene.width / 2

    def tone(self, name: str) -> str:
        """A colour of the palette, one that all sets share, or ``#rrggbb``."""
        return self._palette.get(name) or COLOURS.get(name, name)

    def mixed(self, name: str, other: str, share: float) -> RGB:
        return mix(rgb(self.tone(name)), rgb(self.tone(other)), share)

    def spot(self, x: float, y: float, z: float) -> Point:
        """Pixels of a point: metres right of the middle and above the ground, at a depth."""
        return self.middle + x * self.camera.scale / z, self.camera.level(y, z)

    def half_seen(self, z: float) -> float:
        """Metres from the middle to the edge of the frame (or the wall) at a depth."""
        half = self.middle * z / self.camera.scale
        return min(half, self.room.half) if self.room else half

    def quad(self, corners: Sequence[tuple[float, float, float]], tone: str | RGB, **how) -> None:  # noqa: ANN003
        """A flat four-cornered face in space."""
        colour = self.tone(tone) if isinstance(tone, str) else tone
        self.canvas.fill([self.spot(*corner) for corner in corners], colour, smooth=False, **how)

    def steps(self, near: float, far: float, metres: float, most: int = 22) -> list[float]:
        """Depths from ``near`` to ``far``, that many metres apart or more."""
        step = metres / max(1.2, self.camera.distance)
        step = max(step, (far - near) / most)
        count = int((far - near) / step) + 1
        return [far - i * step for i in range(count)]

    def thing(
        self, draw: str, x: float, z: float, *, y: float = 0.0, flip: bool = False, grow: float = 1
    ) -> None:
        """A prop or a drawing: x in metres, at a depth."""
        scene, px = self.scene, self.spot(x, 0, z)[0]
        frame = Affine.place(px, self.camera.level(y, z), self.camera.scale / z * grow, flip=flip)
        weight = min(1.2, max(0.35, (self.camera.scale * grow / z / 120) ** 0.5))
        haze = 0.0 if self.room else scene.haze(z)
        with self.canvas.local(frame, haze=haze, weight=weight):
            if draw in _PROPS:
                draw_prop(self.canvas, PropItem(kind=PropKind(draw)), lit=self.lit)
            else:
                draw_shapes(self.canvas, drawings()[draw], self.lit)

    def shadow(self, x: float, z: float, half: float) -> None:
        """On the ground under something."""
        (px, py), reach = self.spot(x, 0, z), half * self.camera.scale / z
        self.canvas.fill(ring(px, py, reach, reach * 0.2), "#2a2038", alpha=0.22)


_PROPS = {kind.value for kind in PropKind}

Piece = Callable[..., None]
PIECES: dict[str, Piece] = {}
"""Every piece by its name."""


def piece(paint: Piece) -> Piece:
    """Make a function a piece."""
    PIECES[paint.__name__] = paint
    return paint


@piece
def stand(
    stage: Stage,
    draw: str,
    x: float = 0.0,
    metres: float = 6.0,
    y: float = 0.0,
    flip: bool = False,
    grow: float = 1.0,
    wide_only: bool = False,
) -> None:
    """One thing on the ground."""
    if wide_only and stage.scene.close:
        return
    z = stage.scene.depth(metres)
    if stage.room:
        z = min(z, stage.room.back * 0.985)
    stage.thing(draw, x * stage.half_seen(z), z, y=y, flip=flip, grow=grow)


@piece
def line(
    stage: Stage,
    draw: str | list[str],
    metres: float = 8.0,
    every: float = 2.0,
    gap: float = 0.0,
    y: float = 0.0,
    grow: float = 1.0,
    loose: float = 0.0,
) -> None:
    """Things side by side across the frame, but for a gap (a share) in the middle."""
    z = stage.scene.depth(metres)
    if stage.room:
        z = min(z, stage.room.back * 0.985)
    half = stage.half_seen(z) if stage.room else stage.half_seen(z) * 1.25
    every = max(every, half / 9)
    draws = [draw] if isinstance(draw, str) else draw
    count = int(half / every) + 1
    for i in range(-count, count + 1):
        x = (i + 0.5) * every + stage.rng.uniform(-loose, loose) * every
        if abs(x) <= half + (0 if stage.room else every) and abs(x) >= gap * half:
            stage.thing(draws[i % len(draws)], x, z, y=y, flip=x > 0, grow=grow)


@piece
def avenue(
    stage: Stage,
    draw: str | list[str],
    half: float = 3.0,
    near: float = 4.0,
    far: float = 30.0,
    every: float = 5.0,
    y: float = 0.0,
    grow: float = 1.0,
    side: Literal["both", "left", "right"] = "both",
) -> None:
    """Things along both sides into the depth, the far ones first.

    :param half: metres from the middle; in a wide frame they move apart with it.
    """
    if stage.room:
        half = min(half, stage.room.half - 0.3) + max(0.0, stage.room.half - 4.0) * 0.6
    else:
        half = max(half, stage.half_seen(1.0) * 0.92)
    draws = [draw] if isinstance(draw, str) else draw
    z0, z1 = stage.scene.depth(near), stage.scene.depth(far)
    if stage.room:
        z1 = min(z1, stage.room.back * 0.97)
        z0 = min(z0, z1)
    for i, z in enumerate(stage.steps(max(1.12, z0), z1, every, 12)):
        for sign in (-1, 1):
            if (side == "left" and sign > 0) or (side == "right" and sign < 0):
                continue
            stage.thing(draws[i % len(draws)], sign * half, z, y=y, flip=sign < 0, grow=grow)


@piece
def scatter(
    stage: Stage,
    draw: str | list[str],
    count: int = 8,
    near: float = 8.0,
    far: float = 40.0,
    gap: float = 0.0,
    grow: float = 1.0,
    vary: float = 0.25,
) -> None:
    """Things here and there, the far ones first, but for a gap (a share) in the middle."""
    draws = [draw] if isinstance(draw, str) else draw
    for i in range(count):
        metres = far + (near - far) * (i + stage.rng.random() * 0.8) / count
        z = stage.scene.depth(metres)
        x = stage.rng.uniform(-1.1, 1.1)
        if abs(x) < gap:
            x = (gap + abs(x) * (1.1 - gap)) * (1 if x > 0 else -1)
        size = grow * (1 + stage.rng.uniform(-vary, vary))
        half = stage.half_seen(z)
        stage.thing(draws[i % len(draws)], x * half, z, flip=bool(i % 2), grow=size)


@piece
def path(
    stage: Stage,
    tone: str,
    half: float = 2.0,
    line: str = "",
    edge: str = "",
    far: float = 120.0,
) -> None:
    """A straight way from the lower edge to the horizon, with dashes along the middle."""
    half = max(half, stage.half_seen(1.0) * 0.5)
    z1, z0 = stage.scene.depth(far), 0.02
    snow = stage.scene.weather is Weather.SNOW
    colour = stage.mixed(tone, "#e2e9f1", 0.55 if snow else 0)
    if edge:
        wide = half * 1.14
        stage.quad(((-wide, 0, z1), (wide, 0, z1), (wide, 0, z0), (-wide, 0, z0)), edge)
    stage.quad(((-half, 0, z1), (half, 0, z1), (half, 0, z0), (-half, 0, z0)), colour)
    if line:
        at = 0.5
        while at < z1:
            end = at * 1.22
            stage.quad(
                (
                    (-half * 0.035, 0, at),
                    (half * 0.035, 0, at),
                    (half * 0.035, 0, end),
                    (-half * 0.035, 0, end),
                ),
                line,
            )
            at *= 1.55


@piece
def tiles(
    stage: Stage, tone: str, every: float = 1.0, far: float = 40.0, width: float = 0.5
) -> None:
    """Joints of paving on the ground."""
    near, end = 0.4, stage.scene.depth(far)
    half = stage.room.half if stage.room else stage.half_seen(end) * 1.2
    if stage.room:
        end = stage.room.back
    step = max(every, half / 16)
    count = int(half / step) + 1
    with stage.canvas.local(weight=0.7):
        for i in range(-count, count + 1):
            if abs(i * step) <= half:
                ends = (stage.spot(i * step, 0, end), stage.spot(i * step, 0, near))
                stage.canvas.stroke(ends, width, stage.tone(tone), taper=(0.4, 1), smooth=False)
        for z in stage.steps(near, end, every, 26):
            ends = (stage.spot(-half, 0, z), stage.spot(half, 0, z))
            stage.canvas.stroke(ends, width, stage.tone(tone), taper=(1, 1), smooth=False)


@piece
def glows(
    stage: Stage,
    tone: str = "#ffcf7a",
    metres: float = 6.0,
    every: float = 4.0,
    y: float = 2.6,
    size: float = 1.4,
    strength: float = 0.4,
) -> None:
    """Pools of light across the frame by night."""
    if not stage.night:
        return
    z = stage.scene.depth(metres)
    half = stage.half_seen(z)
    every = max(every, half / 5)
    count = int(half / every) + 1
    for i in range(-count, count + 1):
        px, py = stage.spot((i + 0.5) * every, y, z)
        stage.canvas.glow(px, py, size * stage.camera.scale / z, stage.tone(tone), strength)


@piece
def near(stage: Stage, draw: list[str], most: float = 1.0, high_only: bool = False) -> None:
    """Things in the lower corners of a wide frame, between the feet and the caption.

    :param draw: at the left, at the right. :param most: how much they may be enlarged.
    :param high_only: only in a frame higher than wide.
    """
    scene = stage.scene
    if scene.horizon < 0.06 * scene.height:
        _upper_corners(stage, draw)
    if high_only and scene.height <= scene.width:
        return
    feet, base = scene.ground(1.0), scene.edge - 0.01 * scene.height
    room = base - feet - 0.01 * scene.height
    if scene.close or room < 0.12 * scene.height or base - scene.horizon < 1:
        return
    z = stage.camera.scale * stage.camera.height / (base - scene.horizon)
    for sign, name in zip((-1, 1), draw):
        if not name:
            continue
        wide, tall = size_of(name)
        pixels = stage.camera.scale / z
        seen = stage.camera.scale * min(0.95, 0.25 + tall)  # beside a man of 1.7 m at depth 1
        grow = min(most, min(room, seen) / (tall * pixels), 0.36 * scene.width / (wide * pixels))
        x = sign * (stage.half_seen(z) * 0.96 - wide * grow * 0.42)
        stage.shadow(x, z, wide * grow * 0.45)
        stage.thing(name, x, z, flip=sign < 0, grow=grow)


def _upper_corners(stage: Stage, draw: Sequence[str]) -> None:
    """Where the camera looks down, the ground fills the frame: things stand far on it too."""
    scene = stage.scene
    at = 0.24 * scene.height
    z = stage.camera.scale * stage.camera.height / (at - scene.horizon)
    if z < 1.06 or (stage.room and z > stage.room.back * 0.96):
        return
    for sign, name in zip((1, -1), draw):
        if name:
            wide, tall = size_of(name)
            pixels = stage.camera.scale / z
            grow = min(
                1.6, 0.3 * scene.height / (tall * pixels), 0.3 * scene.width / (wide * pixels)
            )
            x = sign * (stage.half_seen(z) * 0.94 - wide * grow * 0.45)
            stage.shadow(x, z, wide * grow * 0.45)
            stage.thing(name, x, z, flip=sign < 0, grow=grow)


def size_of(draw: str) -> tuple[float, float]:
    """(width, height) of a prop or a drawing, metres."""
    if draw in _PROPS:
        sized = PROPS[PropKind(draw)]
        return sized.width, sized.height
    return extent(draw)
