"""Labels on stand-ins: what a thing is that has no drawing, in the story's language."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw

from ..drawing.ink import SUPERSAMPLE, Canvas
from ..drawing.placeholders import Plate
from .lettering import LABEL, Block, fit, printable

_INK = (52, 44, 38)
_PAPER, _EDGE = (253, 250, 241), (122, 108, 88)
_READABLE = 0.0165
"""Smallest letters, as a share of the picture's geometric mean side."""


def draw_label(canvas: Canvas, plate: Plate, text: str) -> None:
    """Write on the plate, upright even where the thing is mirrored; where it is too small for
    letters that can be read, on a paper tag over it.

    :param plate: in the canvas's frame.
    """
    text = printable(text)
    if not text:
        return
    view = canvas.view
    width = (plate[2] - plate[0]) * view.scale / SUPERSAMPLE
    height = (plate[3] - plate[1]) * view.scale / SUPERSAMPLE
    mean = math.sqrt(canvas.size[0] * canvas.size[1])
    least = max(7, round(mean * _READABLE))
    block = fit(text, width * 0.9, height * 0.92, height * 0.62, least, LABEL)
    ((x, y),) = view((((plate[0] + plate[2]) / 2, (plate[1] + plate[3]) / 2),))
    across = (view.a, view.d) if view.a >= 0 else (-view.a, -view.d)
    turn = math.degrees(math.atan2(across[1], across[0]))
    if block.whole and " ".join(block.lines) == text:
        _paste(canvas, _written(block, None), x, y, turn)
        return
    block = fit(text, mean * 0.2, mean * 0.08, least * 1.15, least, LABEL)
    tag = _written(block, _PAPER)
    ((_, top),) = view((((plate[0] + plate[2]) / 2, plate[3]),))
    room_x, room_y = tag.width / 2 + 2, tag.height / 2 + 2
    x = min(max(x, room_x), canvas.image.width - room_x)
    y = min(max(top - tag.height * 0.62, room_y), canvas.image.height - room_y)
    _paste(canvas, tag, x, y, 0.0)


def _written(block: Block, paper: tuple[int, int, int] | None) -> Image.Image:
    """The words on nothing or on a slip of paper, at the canvas's resolution: RGBA."""
    pad = round(block.size * 0.35) if paper else 1
    size = (round(block.width) + 2 * pad + 2, round(block.height) + 2 * (pad // 2) + 2)
    image = Image.new("RGBA", size, (*(paper or _PAPER), 255 if paper else 0))
    if paper:
        ImageDraw.Draw(image).rectangle((0, 0, size[0] - 1, size[1] - 1), outline=_EDGE)
    block.draw(image, size[0] / 2, (size[1] - block.height) / 2, _INK)
    return image.resize((size[0] * SUPERSAMPLE, size[1] * SUPERSAMPLE), Image.Resampling.BICUBIC)


def _paste(canvas: Canvas, image: Image.Image, x: float, y: float, turn: float) -> None:
    if abs(turn) > 0.5:
        image = image.rotate(-turn, Image.Resampling.BICUBIC, expand=True)
    canvas.image.paste(image, (round(x - image.width / 2), round(y - image.height / 2)), image)
