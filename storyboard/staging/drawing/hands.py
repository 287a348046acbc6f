"""The hands that can draw a panel: the same shapes in colour, in black lines or in greys.

A hand is only how a :class:`~.ink.Canvas` fills and lines what it is told to draw, so that every
figure, set and prop is drawn once, for all of them.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from ...story import Drawing
from ..blocking.curves import Points
from .ink import RGB, SUPERSAMPLE, Canvas, as_rgb, mix, rgb
from .palette import Hour

_WHITE, _BLACK = (255, 255, 255), (24, 24, 24)
_SHADE: RGB = (225, 225, 225)
"""Marks what the pencil hatches; no other shape has this very tone."""
_TONE: RGB = (222, 222, 222)
"""Dark cloth and hair, which the pencil lays in with a flat tone."""
_HATCH = 9
"""Pixels between two lines of hatching on a picture of 1024."""


def canvas_of(drawing: Drawing, size: tuple[int, int], hour: Hour, *, tones: bool = True) -> Canvas:
    """An empty picture for a hand.

    :param tones: whether the pencil may hatch and tone; else it leaves nothing but lines.
    """
    if drawing is Drawing.PENCIL:
        return Pencil(size, hour.light, tones)
    if drawing is Drawing.MANNEQUIN:
        return Greys(size, hour.light)
    return Canvas(size, hour.grade, hour.light, rgb(hour.air))


def light_of(colour: RGB) -> float:
    """Luma of a colour (ITU-R BT.601), 0 to 1."""
    return (colour[0] * 0.299 + colour[1] * 0.587 + colour[2] * 0.114) / 255


def _grey(level: float) -> RGB:
    value = max(0, min(255, round(level)))
    return value, value, value


class Greys(Canvas):
    """Grey figures and blocks on a light ground: who stands where, and nothing else."""

    def __init__(self, size: tuple[int, int], light: tuple[float, float]) -> None:
        super().__init__(size, None, light, (244, 244, 244))

    def paint(self, colour: RGB | str, raw: bool = False) -> RGB:
        if not self.graded:
            return self.colour(colour)
        light = light_of(as_rgb(colour))
        if raw:
            return _grey(224 + 28 * light)
        level = _grey(134 + 84 * light) if self.cast else _grey(206 + 42 * light)
        return mix(level, self._air, self.haze) if self.haze else level

    def pen(self, colour: RGB | str, raw: bool = False) -> RGB:
        if not self.graded:
            return self.colour(colour)
        light = light_of(as_rgb(colour))
        if light > 0.6:
            return self.paint(colour, raw)
        level = _grey(54 + 60 * light) if self.cast else _grey(150 + 50 * light)
        return mix(level, self._air, self.haze) if self.haze else level

    def dark(self, lit: RGB) -> RGB:
        return mix(lit, (40, 44, 56), 0.2)

    def glow(self, *_: object, **__: object) -> None:
        """Nothing shines."""


class Pencil(Canvas):
    """Black lines on white, with a little hatching on the side away from the light."""

    def __init__(self, size: tuple[int, int], light: tuple[float, float], tones: bool) -> None:
        super().__init__(size, None, light, _WHITE)
        self._tones = tones
        self.image.paste(_WHITE, (0, 0, *self.image.size))

    def paint(self, colour: RGB | str, raw: bool = False) -> RGB:
        if not self.graded:
            return self.colour(colour)
        dark = self.cast and not raw and light_of(as_rgb(colour)) < 0.3
        return _TONE if dark and self._tones and self.haze < 0.2 else _WHITE

    def pen(self, colour: RGB | str, raw: bool = False) -> RGB:
        if not self.graded:
            return self.colour(colour)
        light = light_of(as_rgb(colour))
        if raw or light > 0.72:
            return _WHITE
        faint = max(self.haze, 0.0 if self.cast else 0.3, (light - 0.3) * 1.2)
        return mix(_BLACK, _WHITE, min(0.75, faint))

    def dark(self, lit: RGB) -> RGB:
        return _SHADE if self._tones and self.graded else lit

    def fill(
        self,
        points: Points,
        colour: RGB | str,
        *,
        smooth: bool = True,
        alpha: float = 1.0,
        raw: bool = False,
    ) -> None:
        """A shape without a line of its own gets a thin one, for on white it would be lost; a
        small dark one is ink, a glaze is hatching under the cast and nothing on the set."""
        if not self.graded:
            return super().fill(points, colour, smooth=smooth, alpha=alpha, raw=raw)
        p, light = self._curve(points, True, smooth), light_of(as_rgb(colour))
        if alpha < 1:
            if self.cast and light < 0.35 and self._tones:
                self._polygon(p, _SHADE)
            return None
        span = float(np.ptp(p, axis=0).max()) / SUPERSAMPLE
        if self.cast:
            small = span < 0.02 * max(self.size) or span < 0.16 * self.pixels
            self._polygon(p, _BLACK if small and light < 0.3 else self.paint(colour, raw))
            return None
        if span > 6:
            line = self.line * self.weight * 0.5
            self._polygon(p + self._normals(p) * line, self.pen(self.ink))
        return self._polygon(p, _WHITE)

    def stroke(
        self,
        points: Points,
        width: float = 1.0,
        colour: RGB | str | None = None,
        *,
        taper: tuple[float, float] = (0.35, 0.35),
        smooth: bool = True,
        unit: bool = False,
        alpha: float = 1.0,
        raw: bool = False,
    ) -> None:
        """A broad stroke is a thing, a rope or a hem: it becomes two lines."""
        full = width * (self.view.scale if unit else self.line * self.weight)
        line = self.line * self.weight
        draw = super().stroke
        if not self.graded or full < line * 2.6:
            if alpha >= 0.5 or not self.graded:
                draw(points, width, colour, taper=taper, smooth=smooth, unit=unit, raw=raw)
            return
        if alpha < 1:
            return
        draw(points, width, self.ink, taper=taper, smooth=smooth, unit=unit)
        inner = (full - line * 1.5) * width / full
        draw(points, inner, "#ffffff", taper=taper, smooth=smooth, unit=unit)

    def glow(self, *_: object, **__: object) -> None:
        """Paper is as light as it gets."""

    def finish(self) -> Image.Image:
        if self._tones:
            where = self.image.getchannel(0).point([255 * (v == _SHADE[0]) for v in range(256)])
            self.image.paste(_hatching(self.image.size), mask=where)
        return super().finish()


def _hatching(size: tuple[int, int]) -> Image.Image:
    """Thin parallel lines, falling to the left, on white."""
    width, height = size
    image = Image.new("RGB", size, _WHITE)
    pen = ImageDraw.Draw(image)
    step = max(6, round(min(size) / 1024 * _HATCH))
    for x in range(0, width + height, step):
        pen.line(((x, 0), (x - height, height)), fill=(150, 150, 150), width=max(1, step // 6))
    return image
