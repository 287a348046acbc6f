"""Speech balloons: set, placed away from the faces, with a tail to the speaker's mouth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...story import Facing, Pose, Shot, Story
from ..blocking.camera import STRIP
from ..blocking.curves import pairs
from ..blocking.layout import Layout
from ..blocking.things import Box
from ..drawing.ink import Canvas
from .lettering import Block, fit, printable

_GRID = 11


@dataclass(frozen=True)
class Balloon:
    """One spoken line on the picture."""

    block: Block
    box: Box
    mouth: tuple[float, float] | None
    """Where the tail points, pixels; ``None`` when the speaker is not in the picture."""
    face: float
    """Width of the speaker's face, pixels."""
    manner: Pose | None = None
    off_screen: bool = False
    """A voice over the picture: set in a box."""


def place_balloons(story: Story, shot: Shot, layout: Layout, taken: list[Box]) -> list[Balloon]:
    """Find room for every line, in reading order.

    :param taken: boxes that labels occupy.
    """
    speakers = {figure.character: figure for figure in layout.figures}
    placed: list[Balloon] = []
    for line in shot.dialogue:
        text = printable(line.text)
        if not text:
            continue
        figure = None if line.off_screen else speakers.get(line.character)
        if figure is None:
            text = f"{printable(story.character(line.character).name)}: {text}"
        mouth = figure.mouth if figure else None
        inside = mouth is not None and 0 <= mouth[0] <= layout.size[0]
        face = figure.face[2] - figure.face[0] if figure else 0.0
        block, box = _find(
            text,
            layout,
            placed,
            taken,
            mouth if inside else None,
            line.character,
            len(shot.dialogue),
        )
        placed.append(
            Balloon(
                block,
                box,
                mouth if inside else None,
                face,
                figure.member.pose if figure else None,
                line.off_screen,
            )
        )
    return placed


def _find(
    text: str,
    layout: Layout,
    placed: list[Balloon],
    taken: list[Box],
    mouth: tuple[float, float] | None,
    speaker: str,
    count: int,
) -> tuple[Block, Box]:
    width, height = layout.size
    unit = math.sqrt(width * height) / 10
    best: tuple[float, Block, Box] | None = None
    for size in (0.3, 0.25, 0.21, 0.175):
        for share in (0.3, 0.42, 0.6):
            block = fit(
                text, width * share, height * (0.4 / min(2, count)), unit * size, unit * size
            )
            if not block.whole and size > 0.175:
                continue
            pad_x, pad_y = block.size * 0.95, block.size * 0.62
            w, h = block.width + 2 * pad_x, block.height + 2 * pad_y
            cost, box = _best_place(w, h, layout, placed, taken, mouth, speaker)
            cost += (0.3 - size) * 40 + (0 if block.whole else 20)
            if best is None or cost < best[0]:
                best = cost, block, box
        if best is not None and best[0] < 2.6:
            break
    assert best is not None
    return best[1], best[2]


def _best_place(
    w: float,
    h: float,
    layout: Layout,
    placed: list[Balloon],
    taken: list[Box],
    mouth: tuple[float, float] | None,
    speaker: str,
) -> tuple[float, Box]:
    width, height = layout.size
    margin = 0.02 * min(width, height)
    room_x = max(0.0, width - w - 2 * margin)
    room_y = max(0.0, height * (1 - STRIP) - h - 2 * margin)
    left, top = np.meshgrid(
        margin + room_x * np.linspace(0, 1, _GRID), margin + room_y * np.linspace(0, 1, _GRID)
    )
    left, top = left.ravel(), top.ravel()
    cost = np.zeros_like(left)

    def cover(box: Box, weight: float) -> None:
        x = np.minimum(left + w, box[2]) - np.maximum(left, box[0])
        y = np.minimum(top + h, box[3]) - np.maximum(top, box[1])
        shared = np.clip(x, 0, None) * np.clip(y, 0, None)
        size = max(1.0, min((box[2] - box[0]) * (box[3] - box[1]), w * h))
        np.add(cost, weight * shared / size, out=cost)

    for figure in layout.figures:
        turned = figure.member.facing is Facing.BACK
        cover(_grown(figure.face, 0.12), 12 if turned else 60)
        cover(figure.head, 5 if turned else 26)
        cover(figure.box, 4.5)
    for thing in layout.things:
        cover(thing.box, 1.0)
    for other in placed:
        cover(_grown(other.box, 0.08), 80)
        cost += np.where(top + h * 0.5 < other.box[1], 6.0, 0.0)
        if other.mouth is not None:
            for t in (0.3, 0.5, 0.7, 0.9):
                x = (other.box[0] + other.box[2]) / 2 * (1 - t) + other.mouth[0] * t
                y = (other.box[1] + other.box[3]) / 2 * (1 - t) + other.mouth[1] * t
                cost += np.where((left < x) & (x < left + w) & (top < y) & (y < top + h), 8.0, 0.0)
    for box in taken:
        cover(box, 60)
    if mouth is not None:
        x, y = left + w / 2, top + h / 2
        far = np.hypot((x - mouth[0]) / width, (y - mouth[1]) / height)
        cost += 4.5 * far + np.where(top > mouth[1], 2.2, 0.0)
        reach = next(f.head[2] - f.head[0] for f in layout.figures if f.character == speaker)
        cost += np.where((np.abs(x - mouth[0]) < reach * 0.35) & (y < mouth[1]), 1.6, 0.0)
        others = [f.mouth for f in layout.figures if f.character != speaker]
        for ox, oy in others:
            near = np.hypot((x - ox) / width, (y - oy) / height)
            cost += np.where(near < far, 3.0, 0.0)
    cost += 0.6 * top / height
    at = int(np.argmin(cost))
    return float(cost[at]), (
        float(left[at]),
        float(top[at]),
        float(left[at] + w),
        float(top[at] + h),
    )


def _grown(box: Box, share: float) -> Box:
    x, y = (box[2] - box[0]) * share, (box[3] - box[1]) * share
    return box[0] - x, box[1] - y, box[2] + x, box[3] + y


def draw_balloon(canvas: Canvas, balloon: Balloon) -> None:
    """Outline, paper and tail; the type follows at the final size."""
    left, top, right, bottom = balloon.box
    cx, cy, rx, ry = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    if balloon.off_screen:
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        canvas.cel(corners, "#fffdf7", smooth=False)
        return
    angle = np.arange(28) * (2 * math.pi / 28)
    cos, sin = np.cos(angle), np.sin(angle)
    power = 0.62
    body = pairs(
        cx + np.sign(cos) * np.abs(cos) ** power * rx, cy + np.sign(sin) * np.abs(sin) ** power * ry
    )
    if balloon.manner is Pose.SHOUTING:
        grow = np.where(np.arange(28) % 2, 1.13, 0.99)[:, None]
        body = (body - (cx, cy)) * grow + (cx, cy)
    shapes = [body if balloon.manner is Pose.SHOUTING else canvas.smooth(body)]
    if balloon.mouth is not None:
        shapes.append(_tail(balloon, cx, cy, rx, ry))
    ink = "#8a8078" if balloon.manner is Pose.WHISPERING else "#2b1f1a"
    with canvas.local(ink=ink):
        canvas.cels(shapes, "#fffdf7", smooth=False)


def _tail(balloon: Balloon, cx: float, cy: float, rx: float, ry: float) -> np.ndarray:
    assert balloon.mouth is not None
    mx, my = balloon.mouth
    dx, dy = mx - cx, my - cy
    far = math.hypot(dx, dy) + 1e-6
    # leave the balloon where the line to the mouth crosses its edge, a little inside
    edge = 0.8 / max(abs(dx) / rx, abs(dy) / ry, 1e-6)
    edge = min(edge, 0.9)
    root = np.array((cx + dx * edge, cy + dy * edge))
    stop = min(balloon.face * 0.62, far * 0.5)
    tip = np.array((mx - dx / far * stop, my - dy / far * stop))
    half = min(rx, ry) * 0.26
    across = np.array((-dy, dx)) / far * half
    bend = (root + tip) / 2 + across * 0.5
    return np.array((root + across, bend + across * 0.25, tip, bend - across * 0.55, root - across))
