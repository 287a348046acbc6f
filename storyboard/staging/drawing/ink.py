"""Ink and flat colour: the drawing surface of the panel.

Shapes are smooth closed curves in a local frame (metres, y up). Each is drawn three times: an
ink polygon a little outside it (heavier on the side away from the light, as a brush would), the
shaded colour, and the lit colour pulled in from the shaded edge. Pillow's polygons have hard
edges, so everything is drawn at :data:`SUPERSAMPLE` times the size and reduced once at the end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from ..blocking.curves import Affine, Points, pairs, ring, spline

SUPERSAMPLE = 2

RGB = tuple[int, int, int]


def rgb(colour: str) -> RGB:
    """``#rrggbb`` as numbers 0-255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def as_rgb(colour: RGB | str) -> RGB:
    """A colour in either notation as numbers 0-255."""
    return rgb(colour) if isinstance(colour, str) else colour


def mix(colour: RGB, other: RGB, share: float) -> RGB:
    """``share`` 0 gives ``colour``, 1 gives ``other``."""
    return (
        round(colour[0] + (other[0] - colour[0]) * share),
        round(colour[1] + (other[1] - colour[1]) * share),
        round(colour[2] + (other[2] - colour[2]) * share),
    )


class Canvas:
    """A picture being drawn; coordinates are those of :attr:`view`'s local frame.

    :param size: (width, height) of the finished picture in pixels.
    :param grade: what the light of the hour does to a colour: (colour, on the cast?) -> colour.
    :param light: direction in which the light travels on the picture, x right, y down.
    :param haze: colour of the air, mixed in by :meth:`local`'s ``haze``.
    """

    def __init__(
        self,
        size: tuple[int, int],
        grade: Callable[[RGB, bool], RGB] | None = None,
        light: tuple[float, float] = (0.6, 0.8),
        haze: RGB = (230, 230, 230),
        mode: str = "RGB",
    ) -> None:
        width, height = size
        self.size = size
        self.image = Image.new(mode, (width * SUPERSAMPLE, height * SUPERSAMPLE))
        self._solid = ImageDraw.Draw(self.image)
        self._glaze = ImageDraw.Draw(self.image, "RGBA" if mode == "RGB" else None)
        self._grade = grade
        self._cache: dict[tuple[RGB | str, bool, bool, float], RGB] = {}
        self._away = np.array(light) / math.hypot(*light)
        self._air = haze
        self.view = Affine(a=SUPERSAMPLE, e=SUPERSAMPLE)
        self.line = min(width, height) / 1024 * 2.3 * SUPERSAMPLE
        """Width of a normal ink line, in supersampled pixels."""
        self.weight = 1.0
        self.haze = 0.0
        self.cast = False
        self.graded = True
        self.ink: RGB | str = "#2b1f1a"
        self.ornate = True
        """Cloth, wood and paper carry the ram's horn, the ornament of the steppe."""

    @contextmanager
    def local(
        self,
        frame: Affine | None = None,
        *,
        weight: float | None = None,
        haze: float | None = None,
        cast: bool | None = None,
        graded: bool | None = None,
        ink: RGB | str | None = None,
    ) -> Iterator[Canvas]:
        """Draw in another frame, with another line weight, depth of air, layer or light."""
        saved = self.view, self.weight, self.haze, self.cast, self.graded, self.ink
        if frame is not None:
            self.view = frame.then(self.view)
        self.weight = saved[1] if weight is None else weight
        self.haze = saved[2] if haze is None else haze
        self.cast = saved[3] if cast is None else cast
        self.graded = saved[4] if graded is None else graded
        self.ink = saved[5] if ink is None else ink
        try:
            yield self
        finally:
            self.view, self.weight, self.haze, self.cast, self.graded, self.ink = saved

    @property
    def pixels(self) -> float:
        """Length of a local unit in pixels of the finished picture."""
        return self.view.scale / SUPERSAMPLE

    def colour(self, colour: RGB | str) -> RGB:
        """The colour as the hour's light and the air show it."""
        key = (colour, self.cast, self.graded, self.haze)
        cached = self._cache.get(key)
        if cached is None:
            cached = as_rgb(colour)
            if self._grade is not None and self.graded:
                cached = self._grade(cached, self.cast)
            if self.haze:
                cached = mix(cached, self._air, self.haze)
            self._cache[key] = cached
        return cached

    def paint(self, colour: RGB | str, raw: bool = False) -> RGB:
        """What a shape of this colour is filled with; ``raw``: it shines by itself."""
        return as_rgb(colour) if raw else self.colour(colour)

    def pen(self, colour: RGB | str, raw: bool = False) -> RGB:
        """What a line of this colour is drawn with."""
        return self.paint(colour, raw)

    def dark(self, lit: RGB) -> RGB:
        """The shaded side of a shape that is ``lit`` where the light falls."""
        return mix(lit, (38, 22, 52), 0.24)

    def smooth(self, points: Points) -> np.ndarray:
        """The smooth closed curve through points, in the local frame."""
        p = np.asarray(points, dtype=np.float64)
        span = np.ptp(p, axis=0).sum() * self.view.scale / len(p)
        return spline(p, True, int(min(14, max(3, math.sqrt(span) * 0.9))))

    def _curve(self, points: Points, closed: bool, smooth: bool) -> np.ndarray:
        p = self.view(points)
        if not smooth or len(p) < 3:
            return p
        span = np.ptp(p, axis=0).sum() / len(p)
        return spline(p, closed, int(min(14, max(3, math.sqrt(span) * 0.9))))

    @staticmethod
    def _normals(p: np.ndarray) -> np.ndarray:
        """Outward unit normals of a closed curve, (n, 2)."""
        x, y = p[:, 0], p[:, 1]
        tx = np.concatenate((x[1:], x[:1])) - np.concatenate((x[-1:], x[:-1]))
        ty = np.concatenate((y[1:], y[:1])) - np.concatenate((y[-1:], y[:-1]))
        area = float(np.dot(x, np.concatenate((y[1:], y[:1])) - np.concatenate((y[-1:], y[:-1]))))
        length = np.hypot(tx, ty) + 1e-9
        sign = 1.0 if area > 0 else -1.0
        return pairs(ty / length * sign, -tx / length * sign)

    def _polygon(self, p: np.ndarray, colour: RGB) -> None:
        self._solid.polygon(p.ravel().tolist(), fill=colour)

    def cel(
        self,
        points: Points,
        fill: RGB | str,
        *,
        smooth: bool = True,
        line: float = 1.0,
        shade: float = 0.0,
        shadow: RGB | str | None = None,
        ink: RGB | str | None = None,
        raw: bool = False,
    ) -> None:
        """A closed shape with ink line, flat colour and one step of shadow.

        :param line: line width, 1 is normal, 0 is none.
        :param shade: depth of the shadow edge in local units, 0 is none.
        :param shadow: colour of the shaded side; a darker ``fill`` by default.
        :param raw: take ``fill`` as it is: it shines by itself.
        """
        p = self._curve(points, True, smooth)
        lit = self.paint(fill, raw)
        normals = self._normals(p)
        facing = np.clip(normals @ self._away, 0, 1)
        if line:
            width = self.line * self.weight * line * (0.65 + 0.6 * facing)
            self._polygon(p + normals * width[:, None], self.pen(ink or self.ink))
        if shade:
            self._polygon(p, self.paint(shadow) if shadow else self.dark(lit))
            depth = shade * self.view.scale * facing**0.7
            self._polygon(p - normals * depth[:, None], lit)
        else:
            self._polygon(p, lit)

    def cels(
        self,
        shapes: Sequence[Points],
        fill: RGB | str,
        *,
        smooth: bool = True,
        line: float = 1.0,
        shade: float = 0.0,
    ) -> None:
        """Shapes that form one body: the lines first, so that none runs through it."""
        if line:
            for points in shapes:
                self.cel(points, self.ink, smooth=smooth, line=line)
        for points in shapes:
            self.cel(points, fill, smooth=smooth, line=0, shade=shade)

    def patch(self, points: Points, colour: RGB | str, *, smooth: bool = True) -> None:
        """More of a shape that is drawn already: its stuff without a line, never ink."""
        self.cel(points, colour, smooth=smooth, line=0)

    def fill(
        self,
        points: Points,
        colour: RGB | str,
        *,
        smooth: bool = True,
        alpha: float = 1.0,
        raw: bool = False,
    ) -> None:
        """A flat shape without a line; ``alpha`` below 1 glazes what lies under it."""
        p = self._curve(points, True, smooth)
        c = self.paint(colour, raw)
        if alpha >= 1:
            self._polygon(p, c)
        else:
            self._glaze.polygon(p.ravel().tolist(), fill=(*c, round(alpha * 255)))

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
        """A brush line through points.

        :param width: in normal ink lines, or in local units if ``unit``.
        :param taper: share of the width left at either end.
        """
        p = self._curve(points, False, smooth)
        if len(p) < 2:
            return
        full = width * (self.view.scale if unit else self.line * self.weight)
        step = np.empty_like(p)
        step[1:-1] = p[2:] - p[:-2]
        step[0], step[-1] = p[1] - p[0], p[-1] - p[-2]
        step /= np.hypot(*step.T)[:, None] + 1e-9
        t = np.linspace(0, 1, len(p))
        head, tail = taper
        swell = np.minimum(
            head + (1 - head) * np.minimum(1, t * 3), tail + (1 - tail) * np.minimum(1, (1 - t) * 3)
        )
        side = pairs(step[:, 1], -step[:, 0]) * (full * 0.5 * swell)[:, None]
        outline = np.concatenate((p + side, (p - side)[::-1]))
        c = self.pen(colour or self.ink, raw)
        if alpha >= 1:
            self._polygon(outline, c)
        else:
            self._glaze.polygon(outline.ravel().tolist(), fill=(*c, round(alpha * 255)))

    def dot(
        self,
        x: float,
        y: float,
        radius: float,
        colour: RGB | str | None = None,
        *,
        raw: bool = False,
        squash: float = 1.0,
    ) -> None:
        """A filled circle (``squash`` < 1: flattened) in local units, without a line."""
        ((cx, cy),) = self.view(((x, y),))
        r = radius * self.view.scale
        c = self.pen(colour or self.ink, raw)
        if squash == 1.0:
            self._solid.ellipse((cx - r, cy - r, cx + r, cy + r), fill=c)
        else:
            self._polygon(self._curve(ring(x, y, radius, radius * squash), True, True), c)

    def gradient(self, stops: Sequence[tuple[float, RGB]]) -> None:
        """Fill the picture from top to bottom; stops are (share of the height, colour)."""
        width, height = self.image.size
        rows = np.linspace(0, 1, height // SUPERSAMPLE)
        at, colours = [s for s, _ in stops], [self.paint(c, raw=True) for _, c in stops]
        tones = np.rint([np.interp(rows, at, [c[i] for c in colours]) for i in range(3)]).T
        for y, (r, g, b) in enumerate(tones.astype(int).tolist()):
            self.image.paste((r, g, b), (0, y * SUPERSAMPLE, width, (y + 1) * SUPERSAMPLE))

    def glow(
        self, x: float, y: float, radius: float, colour: RGB | str, strength: float = 0.8
    ) -> None:
        """Soft light around a point; it shines through the hour's grade."""
        ((cx, cy),) = self.view(((x, y),))
        r = max(2, round(radius * self.view.scale))
        mask = _halo().resize((2 * r, 2 * r), Image.Resampling.BILINEAR)
        if strength < 1:
            mask = mask.point([round(v * strength) for v in range(256)])
        self.image.paste(self.paint(colour, raw=True), (round(cx) - r, round(cy) - r), mask)

    def finish(self) -> Image.Image:
        """The picture at its final size, antialiased."""
        return self.image.reduce(SUPERSAMPLE)


@lru_cache(maxsize=1)
def _halo() -> Image.Image:
    """A 128-pixel soft disc: 255 in the middle, 0 at the rim."""
    axis = (np.arange(128) - 63.5) / 64
    far = np.minimum(1, np.hypot(axis[:, None], axis[None, :]))
    return Image.fromarray(np.rint(255 * (1 - far) ** 2).astype(np.uint8))


class Stencil(Canvas):
    """A canvas that keeps only silhouettes: every shape is drawn in one grey level, no light."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__(size, mode="L")
        self.level = 255

    def cel(self, points: Points, fill: RGB | str, *, smooth: bool = True, **_: object) -> None:
        self._solid.polygon(self._curve(points, True, smooth).ravel().tolist(), fill=self.level)

    def fill(self, points: Points, colour: RGB | str, **_: object) -> None:
        return None

    def stroke(self, points: Points, width: float = 1.0, *_: object, **__: object) -> None:
        return None

    def dot(self, *_: object, **__: object) -> None:
        return None

    def glow(self, *_: object, **__: object) -> None:
        return None
