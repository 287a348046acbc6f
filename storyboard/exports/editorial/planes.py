"""Pictures as an encoder takes them: luma, and chroma at half the size (yuv420p, BT.709).

A camera's window, a dissolve and what is written over a picture are done here, plane by plane:
that is half the work of doing it in RGB and converting every frame.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL import Image

from .ffmpeg import yuv_of

Box = tuple[float, float, float, float]


class Planes(NamedTuple):
    """A picture in three grey ones; its sides are even."""

    y: Image.Image
    u: Image.Image
    """Half as wide and half as high."""
    v: Image.Image

    @classmethod
    def of(cls, image: Image.Image) -> Planes:
        """The planes of an RGB picture; an odd side loses its last pixels."""
        width, height = (side - side % 2 for side in image.size)
        data = yuv_of(image.crop((0, 0, width, height)))
        y, u, v = np.split(data, (width * height, width * height * 5 // 4))
        half = (height // 2, width // 2)
        return cls(
            Image.fromarray(y.reshape(height, width)),
            Image.fromarray(u.reshape(half)),
            Image.fromarray(v.reshape(half)),
        )

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.y.size

    def window(self, box: Box, size: tuple[int, int]) -> Planes:
        """A part of the picture, brought to a size (even sides)."""
        if size == self.size and box == (0, 0, *size):
            return self
        left, top, right, bottom = (side / 2 for side in box)
        half = (left, top, right, bottom)
        bilinear = Image.Resampling.BILINEAR
        small = (size[0] // 2, size[1] // 2)
        return Planes(
            self.y.resize(size, bilinear, box),
            self.u.resize(small, bilinear, half),
            self.v.resize(small, bilinear, half),
        )

    def blend(self, other: Planes, weight: float) -> Planes:
        """A dissolve to another picture. :param weight: of the other one, 0 to 1."""
        return Planes(*(Image.blend(a, b, weight) for a, b in zip(self, other)))

    def under(self, *overlays: Overlay) -> Planes:
        """The picture with something over it."""
        if not overlays:
            return self
        copy = Planes(*(plane.copy() for plane in self))
        for over in overlays:
            x, y = over.at
            copy.y.paste(over.planes.y, (x, y), over.full)
            copy.u.paste(over.planes.u, (x // 2, y // 2), over.half)
            copy.v.paste(over.planes.v, (x // 2, y // 2), over.half)
        return copy

    def data(self) -> np.ndarray:
        """The planes in a row: uint8."""
        return np.concatenate([np.asarray(plane).ravel() for plane in self])


class Overlay(NamedTuple):
    """Something to lay over a picture."""

    planes: Planes
    full: Image.Image
    """How much of it covers the luma, "L"."""
    half: Image.Image
    """The same for the chroma."""
    at: tuple[int, int]
    """Its upper left corner in pixels; even."""

    @classmethod
    def pieces(cls, image: Image.Image) -> list[Overlay]:
        """An RGBA picture of even sides as the rows of it that are not clear: laying a whole frame
        over every frame costs more than all the rest."""
        seen = np.asarray(image.getchannel("A")) > 0
        rows = np.any(seen.reshape(image.height // 2, -1), axis=1)
        ends = 2 * np.flatnonzero(np.diff(rows, prepend=False, append=False))
        pieces = []
        for top, bottom in zip(ends[::2].tolist(), ends[1::2].tolist()):
            band = image.crop((0, top, image.width, bottom))
            left, _, right, _ = band.getchannel("A").getbbox() or (0, 0, 2, 0)
            left -= left % 2
            pieces.append(cls.of(band.crop((left, 0, right, band.height)), (left, top)))
        return pieces

    @classmethod
    def of(cls, image: Image.Image, at: tuple[float, float]) -> Overlay:
        """An RGBA picture at a place, to the nearest even pixels."""
        left, top = (round(place / 2) * 2 for place in at)
        even = Image.new("RGBA", (image.width + image.width % 2, image.height + image.height % 2))
        even.paste(image)
        alpha = even.getchannel("A")
        half = alpha.resize((even.width // 2, even.height // 2), Image.Resampling.BOX)
        return cls(Planes.of(even.convert("RGB")), alpha, half, (left, top))
