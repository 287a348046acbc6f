"""What a director writes on a panel: camera move, shot tag, caption strip."""

from __future__ import annotations

import math

from PIL import Image

from ...story import Angle, Move, Shot
from ..blocking.camera import STRIP
from ..blocking.curves import Affine, Points
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
        """Paper with a ruled edge and a horn at either end."""
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


def _arrow(
    canvas: Canvas,
    start: tuple[float, float],
    end: tuple[float, float],
    thick: float,
    bend: float = 0.0,
) -> None:
    """A bold arrow, bent to its left by ``bend`` of its length."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    ux, uy = dx / length, dy / length
    nx, ny = -uy, ux
    head = thick * 1.9

    def at(along: float, across: float) -> tuple[float, float]:
        lift = bend * length * 4 * (along / length) * (1 - along / length)
        return (
            start[0] + ux * along + nx * (across + lift),
            start[1] + uy * along + ny * (across + lift),
        )

    neck, half = length - head, thick / 2
    shaft = [at(neck * t / 6, half * (0.45 + 0.55 * t / 6)) for t in range(7)]
    back = [at(neck * t / 6, -half * (0.45 + 0.55 * t / 6)) for t in range(6, -1, -1)]
    shape: Points = [
        *shaft,
        at(neck - head * 0.12, head * 0.62),
        at(length, 0),
        at(neck - head * 0.12, -head * 0.62),
        *back,
    ]
    with canvas.local(weight=1.5, ink=_PAPER):
        canvas.cel(shape, CRIMSON, smooth=False, line=1.3)


def draw_move(canvas: Canvas, move: Move, size: tuple[int, int], floor: float) -> None:
    """Arrows for the camera's move, along the edges of the picture."""
    w, h = float(size[0]), floor
    u = math.sqrt(size[0] * size[1]) / 10
    thick, edge = u * 0.2, u * 0.3
    if move in (Move.PAN_LEFT, Move.TRACK_LEFT, Move.PAN_RIGHT, Move.TRACK_RIGHT):
        right = move in (Move.PAN_RIGHT, Move.TRACK_RIGHT)
        x0, x1 = (w * 0.68, w - edge) if right else (w * 0.32, edge)
        y = h - edge * 1.15
        track = move in (Move.TRACK_LEFT, Move.TRACK_RIGHT)
        _arrow(canvas, (x0, y), (x1, y), thick, 0.0 if track else 0.05 if right else -0.05)
        if track:
            for dy in (thick * 0.95, thick * 1.35):
                canvas.stroke(((x0, y + dy), (x1, y + dy)), 1.1, _PAPER, taper=(1, 1))
            for i in range(7):
                x = x0 + (x1 - x0) * (i + 0.5) / 7
                canvas.stroke(
                    ((x, y + thick * 0.8), (x, y + thick * 1.5)), 1.1, _PAPER, taper=(1, 1)
                )
    elif move in (Move.TILT_UP, Move.TILT_DOWN):
        x = w - edge * 1.1
        y0, y1 = (h * 0.62, h * 0.3) if move is Move.TILT_UP else (h * 0.3, h * 0.62)
        _arrow(canvas, (x, y0), (x, y1), thick)
    elif move is Move.CRANE_UP:
        _arrow(canvas, (w - edge * 2.6, h - edge), (w - edge * 1.2, h * 0.42), thick, -0.16)
    elif move in (Move.PUSH_IN, Move.PULL_OUT):
        for sx in (-1, 1):
            for sy in (-1, 1):
                if sx < 0 and sy < 0:
                    continue
                cx, cy = (edge if sx < 0 else w - edge), (edge if sy < 0 else h - edge)
                inner = (cx - sx * u * 0.62, cy - sy * u * 0.62)
                ends = ((cx, cy), inner) if move is Move.PUSH_IN else (inner, (cx, cy))
                _arrow(canvas, *ends, thick * 0.85)
    elif move is Move.HANDHELD:
        for k, tone in ((0.0, _PAPER), (u * 0.07, CRIMSON)):
            for sx in (-1, 1):
                x = (edge if sx < 0 else w - edge) - sx * k
                wave: Points = [
                    (x + (u * 0.07 if i % 2 else -u * 0.07), h * (0.36 + i * 0.035))
                    for i in range(8)
                ]
                canvas.stroke(wave, 2.0, tone, taper=(0.6, 0.6))
