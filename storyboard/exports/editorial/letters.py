"""What is written over the pictures of a film, and the slate of a shot that has none."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from ...staging.letters.lettering import LABEL, TEXT, fit, length, printable, wrap, write
from .planes import Overlay
from .timeline import Clip

GROUND = "#1c1a18"
_PAPER = (246, 241, 231)
_SOFT = (167, 156, 140)
_WARM = (217, 141, 111)
_FLAG = "#b3361f"
_SMALLEST = 8


class Letters:
    """The type of a film of one size.

    :param size: (width, height) in pixels.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._unit = (size[0] * size[1]) ** 0.5 / 10
        self._plate = lru_cache(maxsize=8)(self._draw_plate)
        self._band = lru_cache(maxsize=2)(self._draw_band)

    def overlays(self, time: str, mark: str, told: str) -> list[Overlay]:
        """What lies over a frame; nothing for an empty text.

        :param time: number and timecode, in the upper right corner.
        :param mark: what is wrong with the frame, below that.
        :param told: the subtitle, at the bottom.
        """
        top = self._unit * 0.16
        drawn = []
        for text, ground in ((time, GROUND), (mark.upper(), _FLAG)):
            if text:
                drawn.append(self._plate(text, top, ground))
                top += drawn[-1].full.height + self._unit * 0.1
        return [*drawn, self._band(told)] if told else drawn

    def _draw_plate(self, text: str, top: float, ground: str) -> Overlay:
        """A line of type at the right edge."""
        size, pad = max(_SMALLEST, round(self._unit * 0.27)), self._unit * 0.12
        text = printable(text) if not text.isascii() else text
        wide = round(length(text, LABEL, size) + 2 * pad)
        wide = min(-(-wide // 8) * 8, self._size[0])  # figures differ: the plate must not tremble
        image = Image.new("RGBA", (wide, round(size * 1.5)), ground)
        pen = ImageDraw.Draw(image)
        write(pen, (pad, image.height / 2), text, LABEL, size, _PAPER, "lm")
        return Overlay.of(image, (self._size[0] - wide - self._unit * 0.16, top))

    def _draw_band(self, text: str) -> Overlay:
        """A subtitle on a dark ground; the type gets smaller until all of it fits."""
        width, height = self._size
        size = max(_SMALLEST, round(self._unit * 0.34))
        lines = self._lines(text, size)
        while len(lines) * size * 1.36 > height * 0.42 and size > _SMALLEST:
            size -= 1
            lines = self._lines(text, size)
        rows = [(line, length(line, TEXT, size)) for line in lines]
        wide = min(width, max((wide for _, wide in rows), default=0) + self._unit * 0.5)
        image = Image.new("RGBA", (round(wide), round(size * 1.36 * len(rows) + self._unit * 0.16)))
        pen = ImageDraw.Draw(image)
        corner = (image.width - 1, image.height - 1)
        pen.rounded_rectangle((0, 0, *corner), self._unit * 0.1, fill=(20, 18, 16, 190))
        for number, (line, long) in enumerate(rows):
            y = self._unit * 0.04 + number * size * 1.36
            write(pen, ((image.width - long) / 2, y), line, TEXT, size, _PAPER)
        top = max(0, height - image.height - self._unit * 0.3)
        return Overlay.of(image, ((width - image.width) / 2, top))

    def _lines(self, text: str, size: int) -> list[str]:
        room = self._size[0] - self._unit * 1.6
        parts = (printable(part) for part in text.split("\n"))
        return [row for part in parts for row in wrap(part, TEXT, size, room)]


def slate(clip: Clip, why: str, size: tuple[int, int]) -> Image.Image:
    """A page that stands where a shot has no picture: which shot it is, and why.

    :param size: (width, height) in pixels.
    """
    image = Image.new("RGB", size, GROUND)
    unit = (size[0] * size[1]) ** 0.5 / 10
    room = size[0] - 2 * unit
    blocks = [
        (fit(printable(clip.label), room, unit * 1.6, unit * 1.1, unit * 0.3, LABEL), _PAPER),
        (fit(why, room, unit, unit * 0.42, unit * 0.2), _WARM),
        (fit(printable(clip.shot.action), room, unit * 3, unit * 0.34, unit * 0.16), _SOFT),
    ]
    y = (size[1] - sum(block.height + unit * 0.3 for block, _ in blocks)) / 2
    for block, colour in blocks:
        block.draw(image, size[0] / 2, y, colour)
        y += block.height + unit * 0.3
    return image
