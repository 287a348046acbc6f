"""Sky, land and air: what every set outside is made of.

All of it is drawn on the level picture (pixels, y down); the panel rolls it for a Dutch angle.
Detail comes from a random generator seeded by the place, so that a place looks the same in
every shot.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...story import PropKind, Shot, Story, Time, Weather
from ..blocking.camera import Camera
from ..blocking.curves import Affine, ring
from ..blocking.things import Box
from .heavens import paint_bolt, paint_heavens
from .ink import RGB, Canvas, mix, rgb
from .palette import Hour

_WEATHER_WORDS = {
    Weather.STORM: re.compile(
        r"\b(?:thunder\w*|lightning|(?:a|the|in|into|through|by|heavy|wild) storm"
        r"|rainstorm|tempest|hurricane|typhoon|stormy)\b",
        re.IGNORECASE,
    ),
    Weather.SNOW: re.compile(
        r"\b(?:snow(?!m[ae]n|board)|winter|blizzard|frost|icy\b)", re.IGNORECASE
    ),
    Weather.RAIN: re.compile(r"\b(?:rain(?!bow|coat)|downpour|drizzle)", re.IGNORECASE),
    Weather.FOG: re.compile(r"\b(?:fog(?:gy)?|mist(?:y)?|haze)\b", re.IGNORECASE),
    Weather.WIND: re.compile(r"\b(?:windy|gale|gusts?|strong wind|howling wind)\b", re.IGNORECASE),
}


def weather_of(story: Story, shot: Shot) -> Weather:
    """The weather of a shot; where it has none, that of which its words, or those of another one
    at the same place, speak."""
    if shot.weather is not None:
        return shot.weather
    same = [s for s in story.shots if s.place == shot.place and s.setting == shot.setting]
    words = " ".join(f"{s.place} {s.action}" for s in (same or [shot]) if s.weather is None)
    return next(
        (w for w, pattern in _WEATHER_WORDS.items() if pattern.search(words)), Weather.CLEAR
    )


@dataclass
class Scene:
    """What a set painter needs."""

    canvas: Canvas
    camera: Camera
    hour: Hour
    time: Time
    rng: random.Random
    close: bool
    """The shot cuts the body: keep the background calm."""
    weather: Weather
    edge: float
    """Lower edge of what is seen, above the caption; pixels."""
    sky: tuple[PropKind, ...] = ()
    """What the shot names that stands in the sky."""
    empty: bool = False
    """Nobody is in the shot: what stands in the sky is its subject."""

    @property
    def width(self) -> int:
        return self.camera.size[0]

    @property
    def height(self) -> int:
        return self.camera.size[1]

    @property
    def unit(self) -> float:
        """A tenth of the geometric mean of width and height, pixels: for things without a depth."""
        return (self.width * self.height) ** 0.5 / 10

    @property
    def horizon(self) -> float:
        return self.camera.horizon

    @property
    def left(self) -> float:
        """Drawing starts outside the picture, for rolled cameras."""
        return -0.14 * self.width

    @property
    def right(self) -> float:
        return 1.14 * self.width

    @property
    def bottom(self) -> float:
        return 1.16 * self.height

    def depth(self, metres: float) -> float:
        """Depth of a plane that many metres from the lens, never before the figures."""
        return max(1.35, metres / max(1.2, self.camera.distance))

    def ground(self, z: float) -> float:
        """Height of the ground at a depth, pixels."""
        return self.camera.level(0.0, z)

    def stand(self, x: float, z: float, flip: bool = False, grow: float = 1.0) -> Affine:
        """Frame of a thing on the ground of the level picture; x is a share of the width."""
        return Affine.place(x * self.width, self.ground(z), self.camera.scale / z * grow, flip=flip)

    def haze(self, z: float) -> float:
        """How much air lies before a depth."""
        metres = z * max(1.2, self.camera.distance)
        return min(0.7, metres / (metres + 75))


_SNOW = ((238, 241, 245), (226, 233, 241), (206, 217, 231))


_GREY = {
    Weather.CLEAR: 0.0, Weather.WIND: 0.12, Weather.SNOW: 0.45, Weather.RAIN: 0.45,
    Weather.FOG: 0.7, Weather.STORM: 0.45,
}  # fmt: skip
"""How much of the sky's colour the air takes."""
_DARK = {Weather.STORM: 0.4}


def paint_sky(scene: Scene) -> None:
    """Gradient, stars, sun or moon with its glow, clouds, birds, and what the shot names there."""
    canvas, hour = scene.canvas, scene.hour
    share = min(1.0, max(0.02, scene.horizon / scene.height))
    grey = _GREY[scene.weather]
    dark = _DARK.get(scene.weather, 0.0)
    stops = [
        (s * share, mix(mix(rgb(c), rgb(hour.air), grey), (38, 44, 62), dark)) for s, c in hour.sky
    ]
    canvas.gradient([*stops, (1.0, stops[-1][1])])
    if scene.horizon < 8:
        return
    if scene.time is Time.NIGHT:
        for _ in range(90):
            x, y = scene.rng.uniform(0, scene.width), scene.rng.uniform(0, scene.horizon * 0.92)
            size = scene.rng.choice((0.9, 0.9, 1.2, 1.8)) * scene.unit / 100
            canvas.dot(x, y, size, "#e9efff", raw=True)
    if scene.time is Time.NIGHT:
        _clouds(scene)
    named = set(scene.sky)
    if scene.weather is Weather.CLEAR and not named & {PropKind.SUN, PropKind.MOON,
                                                       PropKind.ECLIPSE}:  # fmt: skip
        _sun(scene)
    if scene.time is not Time.NIGHT and not (scene.empty and named):
        _clouds(scene)
    paint_heavens(scene)
    if (
        scene.weather is Weather.CLEAR
        and not named
        and scene.time is not Time.NIGHT
        and scene.horizon > scene.height * 0.25
    ):
        for _ in range(3):
            x, y = scene.rng.uniform(0.25, 0.75), scene.rng.uniform(0.3, 0.6)
            size = scene.unit * 0.09
            px, py = x * scene.width, y * scene.horizon
            canvas.stroke(
                (
                    (px - size, py - size * 0.3),
                    (px - size * 0.4, py - size * 0.5),
                    (px, py),
                    (px + size * 0.4, py - size * 0.5),
                    (px + size, py - size * 0.3),
                ),
                0.9,
                "#4b4650",
            )


def _sun(scene: Scene) -> None:
    if scene.hour.sun is None:
        return
    canvas = scene.canvas
    x = scene.hour.sun[0] * scene.width
    y = scene.horizon * (1 - scene.hour.sun[1])
    r = scene.unit * 0.42
    if scene.time is Time.NIGHT:
        canvas.glow(x, y, r * 4.5, "#9fb8ea", 0.5)
        canvas.fill(ring(x, y, r, count=20), "#f6f1d8", raw=True)
        for dx, dy, k in ((-0.3, -0.2, 0.22), (0.25, 0.3, 0.16), (0.2, -0.35, 0.12)):
            canvas.fill(ring(x + dx * r, y + dy * r, k * r), "#dfd8b6", raw=True)
        return
    tone, glow = {
        Time.DAWN: ("#fff1c4", "#ffdca0"),
        Time.DAY: ("#fff6d0", "#fff3c2"),
        Time.SUNSET: ("#fff0b0", "#ffc35e"),
    }[scene.time]
    r *= 1.0 if scene.time is Time.DAY else 1.35
    canvas.glow(x, y, r * 6, glow, 0.75)
    canvas.fill(ring(x, y, r, count=20), tone, raw=True)


def _clouds(scene: Scene) -> None:
    rng, canvas = scene.rng, scene.canvas
    lit, dark = scene.hour.cloud
    for index in range(3):
        x = (index + rng.uniform(0.1, 0.9)) / 3 * scene.width
        y = scene.horizon * rng.uniform(0.12, 0.62)
        size = scene.unit * rng.uniform(0.55, 1.0) * (1.25 - y / max(scene.horizon, 1) * 0.6)
        puffs = [
            (-1.5, 0.0, 0.5),
            (-0.75, -0.32, 0.72),
            (0.1, -0.45, 0.85),
            (0.95, -0.2, 0.66),
            (1.6, 0.02, 0.42),
        ]
        shapes = [
            ring(x + dx * size, y + dy * size, r * size, r * size * 0.72) for dx, dy, r in puffs
        ]
        base = np.array(
            ((-2.1, 0.18), (-1.5, 0.3), (1.6, 0.3), (2.1, 0.18), (1.4, -0.1), (-1.4, -0.1))
        )
        base = base * size + (x, y)
        for shape in (*shapes, base):
            canvas.fill(shape + (size * 0.05, size * 0.12), dark, raw=True)
        for shape in (*shapes, base):
            canvas.fill(shape, lit, raw=True)


def ridge(
    scene: Scene,
    base: float,
    tall: float,
    count: int,
    colour: RGB | str,
    *,
    sharp: bool = False,
    snow: bool = False,
    haze: float = 0.5,
    line: float = 0.5,
) -> None:
    """A range of hills or peaks on the horizon.

    :param base: its foot, pixels from the top. :param tall: of the highest peak, pixels.
    """
    rng, canvas = scene.rng, scene.canvas
    if scene.weather is Weather.SNOW:
        colour = mix(rgb(colour) if isinstance(colour, str) else colour, _SNOW[1], 0.55)
    step = (scene.right - scene.left) / (count * 2)
    points = [(scene.left, base + tall)]
    peaks: list[tuple[float, float]] = []
    for i in range(count * 2 + 1):
        x = scene.left + i * step + rng.uniform(-0.25, 0.25) * step
        high = rng.uniform(0.55, 1.0) if i % 2 else rng.uniform(0.12, 0.4)
        y = base - tall * high
        points.append((x, y))
        if i % 2:
            peaks.append((x, y))
        if sharp:
            points.append((x, y))
    points.append((scene.right, base + tall))
    with canvas.local(haze=haze, weight=0.6):
        canvas.cel(points, colour, line=line, shade=tall * 0.05 if not sharp else 0)
        if not sharp:
            return
        tone = rgb(colour) if isinstance(colour, str) else colour
        for x, y in peaks:
            deep = (base - y) * 0.85
            canvas.fill(
                (
                    (x, y),
                    (x, y),
                    (x + step * 0.85, y + deep),
                    (x + step * 0.85, y + deep),
                    (x + step * 0.12, y + deep * 0.9),
                    (x + step * 0.12, y + deep * 0.9),
                    (x - step * 0.08, y + deep * 0.4),
                ),
                mix(tone, (40, 40, 80), 0.22),
                smooth=False,
            )
            if snow:
                cap = deep * 0.4
                left, right = step * 0.42 * 0.92, step * 0.4 * 0.92
                canvas.fill(
                    (
                        (x, y),
                        (x, y),
                        (x + right, y + cap),
                        (x + right * 0.5, y + cap * 0.72),
                        (x + right * 0.1, y + cap * 1.1),
                        (x - left * 0.4, y + cap * 0.7),
                        (x - left, y + cap),
                    ),
                    "#fbfcff",
                    smooth=False,
                )
                canvas.fill(
                    (
                        (x, y),
                        (x + right, y + cap),
                        (x + right * 0.5, y + cap * 0.72),
                        (x + right * 0.1, y + cap * 1.1),
                    ),
                    "#c9d4ea",
                    smooth=False,
                )


def paint_ground(scene: Scene, far: str, middle: str, near: str, bumps: float = 1.0) -> None:
    """The plain, in wavy bands that darken towards us."""
    rng, canvas = scene.rng, scene.canvas
    top = scene.horizon
    tones = [rgb(tone) for tone in (far, far, middle, middle, near)]
    if scene.weather is Weather.SNOW:
        tones = [_SNOW[0], _SNOW[0], _SNOW[1], _SNOW[1], _SNOW[2]]
    shares = (0.0, 0.07, 0.2, 0.45, 0.78)
    low = max(scene.height * 1.02, top + scene.height * 0.3)
    for index, (share, tone) in enumerate(zip(shares, tones)):
        y = top + (low - top) * share
        if y > scene.height * 1.2:
            break
        wave = bumps * (low - top) * (0.006 + 0.03 * share)
        xs = np.linspace(scene.left, scene.right, 7)
        edge = [(float(x), y + rng.uniform(-1, 1) * wave) for x in xs]
        colour = mix(tone, tones[min(4, index + 1)], 0.5 if index % 2 else 0.0)
        air = max(0.0, 0.42 - share * 1.5)
        foot = top + (low - top) * (shares[index + 1] + 0.05) if index < 4 else scene.bottom
        with canvas.local(haze=air, weight=0.55):
            canvas.fill(
                [
                    (scene.left, foot),
                    (scene.left, foot),
                    edge[0],
                    *edge,
                    edge[-1],
                    (scene.right, foot),
                    (scene.right, foot),
                ],
                colour,
            )
            canvas.stroke(edge, 0.5 if index else 0.7, taper=(1, 1))


def scatter(scene: Scene, count: int, near: float = 1.0) -> list[tuple[float, float]]:
    """(x as a share of the width, depth) of small things on the ground, far ones first."""
    spots = []
    closest = (
        scene.camera.scale * scene.camera.height / max(1.0, scene.height * near - scene.horizon)
    )
    for _ in range(count):
        t = scene.rng.random()
        x = scene.rng.uniform(-0.05, 1.05)
        y = scene.horizon + (scene.height * near - scene.horizon) * (0.05 + 0.95 * t**1.3)
        z = scene.camera.scale * scene.camera.height / max(1.0, y - scene.horizon)
        if z >= closest * 0.98:
            spots.append((x, z))
    return sorted(spots, key=lambda p: -p[1])


def paint_grass(scene: Scene, tone: str, light: str, count: int = 46) -> None:
    """Tufts of feather grass."""
    canvas = scene.canvas
    if scene.weather is Weather.SNOW:
        tone, light, count = "#b3a27a", "#d8cba6", count // 3
    for x, z in scatter(scene, count):
        size = scene.camera.scale / z * scene.rng.uniform(0.16, 0.34)
        size = min(size, scene.unit * 0.7)
        if size < 2.5:
            continue
        px, py = x * scene.width, scene.ground(z)
        with canvas.local(haze=scene.haze(z) * 0.6):
            for k in range(4):
                lean = (k - 1.5) * 0.32 + scene.rng.uniform(-0.1, 0.1)
                canvas.stroke(
                    (
                        (px + k * size * 0.1, py),
                        (px + size * (lean * 0.4), py - size * 0.55),
                        (px + size * lean, py - size),
                    ),
                    max(1.6, size * 0.09),
                    light if k == 2 else tone,
                    unit=True,
                    taper=(1, 0.1),
                )


def paint_stones(scene: Scene, count: int = 9) -> None:
    """Pebbles and boulders."""
    canvas = scene.canvas
    for x, z in scatter(scene, count):
        size = min(scene.camera.scale / z * scene.rng.uniform(0.07, 0.16), scene.unit * 0.3)
        if size < 2.5:
            continue
        px, py = x * scene.width, scene.ground(z)
        with canvas.local(haze=scene.haze(z) * 0.6, weight=0.6):
            canvas.cel(
                (
                    (px - size, py),
                    (px - size * 0.7, py - size * 0.6),
                    (px, py - size * 0.8),
                    (px + size * 0.8, py - size * 0.5),
                    (px + size, py),
                ),
                "#a79c8d",
                line=0.7,
                shade=size * 0.2,
            )


def paint_fringe(scene: Scene, tone: str) -> None:
    """Dark grass along the lower edge that frames a wide shot."""
    rng, canvas = scene.rng, scene.canvas
    base = scene.edge + 2
    for i in range(34):
        x = scene.width * (i + rng.uniform(-0.4, 0.4)) / 33
        edge = abs(x / scene.width - 0.5) * 2
        tall = scene.unit * (0.1 + 0.6 * edge**3) * rng.uniform(0.7, 1.2)
        lean = rng.uniform(-0.35, 0.35)
        canvas.stroke(
            (
                (x, base + 6),
                (x + lean * tall * 0.3, base - tall * 0.6),
                (x + lean * tall, base - tall),
            ),
            scene.unit * 0.045,
            tone,
            unit=True,
            taper=(1, 0.05),
        )


def paint_moonlight(scene: Scene) -> None:
    """A pool of moonlight on the ground where the figures stand: by night they are seen against
    it, and the land keeps its form around it."""
    unit, canvas = scene.unit, scene.canvas
    x, y = scene.width / 2, min(scene.ground(1.15), scene.edge - unit * 0.6)
    canvas.glow(x, y - unit * 0.6, unit * 6.4, "#86aef6", 0.42)


def paint_air(scene: Scene) -> None:
    """What lies over the land behind the figures: fog, and the flash of a storm."""
    canvas, unit = scene.canvas, scene.unit
    box = ((scene.left, -unit), (scene.right, -unit), (scene.right, scene.bottom),
           (scene.left, scene.bottom))  # fmt: skip
    if scene.weather is Weather.FOG:
        tone = mix(rgb(scene.hour.air), (236, 238, 240), 0.6)
        canvas.fill(box, tone, smooth=False, alpha=0.42)
        rng = random.Random("fog")
        for _ in range(7):
            x, y = rng.uniform(0, scene.width), rng.uniform(scene.horizon, scene.height)
            canvas.glow(x, y, unit * rng.uniform(2.5, 4.5), tone, 0.5)
    elif scene.weather is Weather.STORM:
        canvas.fill(box, (40, 46, 70), smooth=False, alpha=0.22)
        if scene.horizon > scene.height * 0.18 and PropKind.LIGHTNING not in scene.sky:
            paint_bolt(scene, 0.82, 0.0)


def paint_weather(scene: Scene, faces: Sequence[Box]) -> None:
    """What falls or blows, before everything but the faces."""
    canvas, rng = scene.canvas, random.Random(scene.weather.value)
    if scene.weather is Weather.SNOW:
        for _ in range(130):
            x, y = rng.uniform(0, scene.width), rng.uniform(0, scene.height)
            size = scene.unit * rng.choice((0.02, 0.03, 0.03, 0.05))
            if not any(f[0] < x < f[2] and f[1] < y < f[3] for f in faces):
                canvas.dot(x, y, size, "#ffffff", raw=True)
    elif scene.weather in (Weather.RAIN, Weather.STORM):
        slant = 0.28 if scene.weather is Weather.RAIN else 0.5
        for _ in range(110 if scene.weather is Weather.RAIN else 150):
            x, y = rng.uniform(0, scene.width * 1.1), rng.uniform(-20, scene.height)
            length = scene.unit * rng.uniform(0.3, 0.6)
            canvas.stroke(
                ((x, y), (x - length * slant, y + length)),
                scene.unit * 0.014,
                "#e8f1f8",
                unit=True,
                alpha=0.6,
                raw=True,
            )
    elif scene.weather is Weather.WIND:
        for _ in range(9):
            x, y = rng.uniform(-0.1, 0.9) * scene.width, rng.uniform(0.08, 0.8) * scene.height
            long, curl = scene.unit * rng.uniform(1.4, 2.6), scene.unit * 0.16
            line = (
                (x, y), (x + long * 0.5, y - curl * 0.5), (x + long, y),
                (x + long + curl * 0.8, y - curl), (x + long + curl * 0.1, y - curl * 1.5),
            )  # fmt: skip
            if not any(f[0] - curl < p[0] < f[2] + curl and f[1] < p[1] < f[3]
                       for f in faces for p in line):  # fmt: skip
                canvas.stroke(line, scene.unit * 0.02, "#ffffff", unit=True, alpha=0.7, raw=True,
                              taper=(0.1, 0.6))  # fmt: skip


_NEARBY = 1.3
"""Depth before which no set has anything on its ground."""


def paint_specks(scene: Scene) -> None:
    """Wear and light on the bare ground before the set, so that an insert or a view from above is
    no flat tone; as faint as paper grain."""
    top = max(0.0, scene.ground(_NEARBY))
    low = min(scene.edge, float(scene.height))
    if low - top < 0.08 * scene.height:
        return
    dice = random.Random(f"{scene.width}|{round(top)}")
    canvas, unit = scene.canvas, scene.unit
    for index in range(30):
        t = dice.random() ** 0.8
        x, y = dice.uniform(-0.02, 1.02) * scene.width, top + (low - top) * t
        half = unit * (0.12 + 0.6 * t) * dice.uniform(0.5, 1.2)
        tone, strength = ("#20182c", 0.07) if index % 3 else ("#fff6e0", 0.1)
        canvas.fill(ring(x, y, half, half * dice.uniform(0.1, 0.2), count=10), tone, alpha=strength)
