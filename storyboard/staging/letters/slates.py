"""The slate of a set that could be anywhere: where we are, in words."""

from __future__ import annotations

from PIL import Image, ImageDraw

from ... import sets
from ...story import Shot, Time
from ..blocking.layout import Box
from .lettering import LABEL, fit, printable

_DAY, _NIGHT = (86, 78, 70), (214, 226, 250)


class Slate:
    """The place's words in the upper right corner, over a fine line; nothing in other sets.

    :param size: (width, height) of the picture in pixels.
    """

    def __init__(self, shot: Shot, size: tuple[int, int]) -> None:
        width, height = size
        mean = (width * height) ** 0.5
        text = printable(shot.place) if shot.setting == sets.NEUTRAL else ""
        self._block = None
        self._colour = _NIGHT if shot.time is Time.NIGHT else _DAY
        if text:
            largest = mean * 0.026
            self._block = fit(text, width * 0.46, largest * 2.7, largest, mean * 0.018, LABEL)
            self._pad = mean * 0.022
            left = width - self._pad - self._block.width
            self.box: Box | None = (
                left, self._pad * 0.6, width - self._pad, self._pad * 0.9 + self._block.height
            )  # fmt: skip
        else:
            self.box = None

    def write(self, image: Image.Image) -> None:
        """Write on the finished picture."""
        if self._block is None or self.box is None:
            return
        left, top, right, bottom = self.box
        self._block.draw(image, (left + right) / 2, top, self._colour)
        line = max(1, round(self._block.size / 14))
        ImageDraw.Draw(image).line((left, bottom, right, bottom), self._colour, line)
