"""What a director writes on a panel: shot tag and caption strip."""

from __future__ import annotations

import math

from PIL import Image

from ...story import Angle, Move, Shot
from ..blocking.camera import STRIP
from ..blocking.curves import Affine
from ..blocking.things import Box
from ..drawing.ink import Canvas
from ..drawing.ornament import horns
from ..drawing.palette import CRIMSON
from .lettering import LABEL, Block, fit, printable

_INK = (43, 31, 26)
_PAPER = "#f8f1e1"

_ANGLES = {
    Angle.LOW: "LOW",
    Angle.HIGH: "HIGH",
    Angle.DUTCH: "DUTCH",
    Angle.OVER_SHOULDER: "OTS",
    Angle.TOP: "TOP",
}
_MOVES = {
    Move.PAN_LEFT: "PAN L",
    Move.PAN_RIGHT: "PAN R",
    Move.TILT_UP: "TILT UP",
    Move.TILT_DOWN: "TILT DOWN",
    Move.PUSH_IN: "PUSH IN",
    Move.PULL_OUT: "PULL OUT",
    Move.TRACK_LEFT: "TRACK L",
    Move.TRACK_RIGHT: "TRACK R",
    Move.CRANE_UP: "CRANE UP",
    Move.HANDHELD: "HANDHELD",
}


class Tag:
    """Shot number and slug in the upper left corner."""

    def __init__(self, shot: Shot, size: tuple[int, int], printed: str) -> None:
        """:param printed: the shot number."""
        unit = math.sqrt(size[0] * size[1]) / 10
        self.pad = unit * 0.16
        high = unit * 0.46
        self.number = fit(printed, size[0], high, unit * 0.36, unit * 0.2, LABEL)
        words = [shot.size.value, _ANGLES.get(shot.angle, ""), _MOVES.get(shot.move, "")]
        self.slug = fit(
            "  ".join(" · ".join(w for w in words if w).split(" ")),
            size[0],
            high,
            unit * 0.235,
            unit * 0.1,
            LABEL,
        )
        self.plate: Box = (
            self.pad,
            self.pad,
            self.pad + max(high, self.number.width + unit * 0.2),
            self.pad + high,
        )
        self.box: Box = (
            self.pad,
            self.pad,
            self.plate[2] + self.slug.width + unit * 0.3,
            self.pad + high,
        )

    def draw(self, canvas: Canvas) -> None:
        """Draw the plates behind the type, on the enlarged canvas."""
        left, top, right, bottom = self.box
        canvas.cel(
            ((left, top), (right, top), (right, bottom), (left, bottom)),
            _PAPER,
            smooth=False,
            line=0.8,
        )
        left, top, right, bottom = self.plate
        canvas.cel(
            ((left, top), (right, top), (right, bottom), (left, bottom)),
            CRIMSON,
            smooth=False,
            line=0.8,
        )

    def write(self, image: Image.Image) -> None:
        """Write the type, on the finished picture."""
        high = self.plate[3] - self.plate[1]
        self.number.draw(
            image,
            (self.plate[0] + self.plate[2]) / 2,
            self.pad + (high - self.number.leading) / 2,
            (255, 250, 238),
        )
        self.slug.draw(
            image,
            (self.plate[2] + self.box[2]) / 2,
            self.pad + (high - self.slug.leading) / 2,
            _INK,
        )


class Strip:
    """The caption at the bottom; no taller than the layout keeps free."""

    def __init__(self, shot: Shot, size: tuple[int, int]) -> None:
        self.size = size
        width, height = size
        unit = math.sqrt(width * height) / 10
        text = printable(shot.caption)
        self.pad = unit * 0.15
        self.block: Block | None = (
            fit(
                text,
                width - unit * 1.5,
                height * STRIP - 2 * self.pad,
                unit * 0.31,
                unit * 0.15,
            )
            if text
            else None
        )
        self.top = height - (self.block.height + 2 * self.pad if self.block else 0)
        self.unit = unit

    def draw(self, canvas: Canvas) -> None:
        """Paper with a ruled edge, and a horn at either end in stories of the steppe."""
        if self.block is None:
            return
        width, height = self.size
        u = self.unit
        canvas.fill(
            ((-4, self.top), (width + 4, self.top), (width + 4, height + 4), (-4, height + 4)),
            _PAPER,
            smooth=False,
        )
        for y, tone, thick in ((self.top, _INK, 0.03), (self.top + u * 0.055, CRIMSON, 0.03)):
            canvas.stroke(((-4, y), (width + 4, y)), u * thick, tone, unit=True, taper=(1, 1))
        with canvas.local(Affine(1, 0, 0, 0, -1, (self.top + height) / 2 + u * 0.02)):
            for x in (u * 0.38, width - u * 0.38):
                horns(canvas, x, 0.0, u * 0.36, CRIMSON, thick=0.12)

    def write(self, image: Image.Image) -> None:
        """The caption."""
        if self.block is not None:
            self.block.draw(image, self.size[0] / 2, self.top + self.pad + self.unit * 0.02, _INK)
