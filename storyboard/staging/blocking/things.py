"""Where the props stand that nobody holds or rides."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from ... import sets
from ...story import Depth, Position, PropItem, PropKind, Shot
from .camera import CLOSE, STRIP, Camera
from .curves import Affine
from .measures import PropSize, measure

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

_DEPTHS = {Depth.FOREGROUND: 0.86, Depth.MIDGROUND: 0.97, Depth.BACKGROUND: 1.9}
_BEHIND = {Depth.FOREGROUND: 1.12, Depth.MIDGROUND: 1.3, Depth.BACKGROUND: 2.3}
_FAR = {
    PropKind.YURT: 10.0,
    PropKind.TREE: 8.0,
    PropKind.STALL: 5.0,
    PropKind.DOOR: 4.0,
    PropKind.CART: 4.5,
    PropKind.WELL: 4.0,
}
"""Large parts of the set stand at least so many metres from the lens."""
_BACK = (1.0, 1.4, 1.9, 2.6, 3.6, 5.0)
"""How many times further large animals may go to be seen."""


@dataclass(frozen=True)
class Thing:
    """A prop on the ground (or at the lower edge of a close shot)."""

    item: PropItem
    frame: Affine
    flip: bool
    depth: float
    box: Box
    coat: int = 0
    """Which colour an animal has."""
    leader: str | None = None
    """Who leads it by the rein."""
    grounded: bool = True
    """It stands on ground that is in the picture, and throws a shadow there."""

    @property
    def kind(self) -> PropKind:
        """What it is drawn as."""
        return self.item.kind

    @property
    def measure(self) -> PropSize:
        """How big it is."""
        return measure(self.item)


@dataclass(frozen=True)
class Obstacle:
    """What props keep clear of: a figure's trunk, legs and head, as boxes in pixels."""

    character: str
    box: Box
    """Trunk and legs, without the arms."""
    head: Box
    depth: float


def place_things(
    props: Sequence[PropItem],
    shot: Shot,
    camera: Camera,
    obstacles: Sequence[Obstacle],
    slots: Mapping[Position, float],
    hero: str | None,
) -> list[Thing]:
    """Give every loose prop the free place nearest to its own.

    :param hero: whose animal has the first coat; so have animals without an owner.
    """
    placed: list[Thing] = []
    for index, prop in enumerate(props):
        subject = not obstacles and index == 0
        coat = int(prop.held_by not in (None, hero))
        placed.append(_best(prop, shot, camera, obstacles, placed, slots, subject, coat))
    return placed


class _Spot(NamedTuple):
    """A candidate place of a prop, with the box it would cover."""

    measure: PropSize
    x: float
    """Foot, pixels."""
    y: float
    scale: float
    """Pixels per metre."""
    depth: float
    flip: bool
    box: Box


def _spot(
    size: PropSize, foot: tuple[float, float], scale: float, depth: float, flip: bool
) -> _Spot:
    (x, y), half = foot, size.width * scale / 2
    box = (x - half, y - size.height * scale, x + half, y)
    return _Spot(size, x, y, scale, depth, flip, box)


def _best(
    prop: PropItem,
    shot: Shot,
    camera: Camera,
    obstacles: Sequence[Obstacle],
    placed: Sequence[Thing],
    slots: Mapping[Position, float],
    subject: bool,
    coat: int,
) -> Thing:
    """Try places around the prop's own, and take the one that costs least."""
    sized, width = measure(prop), camera.size[0]
    wall = back_wall(shot.setting, camera)
    depth = (_BEHIND if sized.behind else _DEPTHS)[prop.depth]
    depth *= max(1.0, _farness(prop, sized) / max(1.2, camera.distance) / 1.3)
    if sized.behind and not subject:
        depth = max(depth, _background(sized, camera, obstacles))
    lay = None
    if subject:
        depth = 1.0
    elif shot.size in CLOSE and not sized.behind and not sized.flat and obstacles:
        if prop.depth is Depth.BACKGROUND:
            depth = max(depth, _first_ground(camera))
        else:
            lay = _at_the_edge(sized.height, sized.width, camera, sized.animal)
    owner = next((b for b in obstacles if b.character == prop.held_by), None)
    home = (owner.box[0] + owner.box[2]) / 2 if owner else slots[prop.position] * width
    if subject:  # whole, where it fits
        half = min(sized.width * camera.scale / 2, width * 0.46)
        home = min(max(home, half + width * 0.04), width * 0.96 - half)
    steps = (0.0,) if subject else [s * 0.05 for s in range(-9, 10)]
    flips = (False, True) if sized.animal else (False,)
    roams = sized.behind and sized.animal and not subject
    best: tuple[float, _Spot] | None = None
    for back, step, flip in product(_BACK if roams else (1.0,), steps, flips):
        x = home + step * width
        z = depth if subject else min(wall, _in_view(depth * back, sized, camera))
        if lay:
            spot = _spot(sized, camera.turn(x, lay[1]), lay[0], 0.7, flip)
        else:
            foot = camera.turn(x, camera.level(0.0, z))
            spot = _spot(sized, foot, camera.scale / z, z, flip)
        cost = abs(step) * 3 + back * 0.5 + _cost(spot, camera, obstacles, placed)
        if best is None or cost < best[0] - 1e-9:
            best = cost, spot
    assert best is not None
    spot = best[1]
    frame = Affine.place(spot.x, spot.y, spot.scale, flip=spot.flip, roll=camera.roll)
    leader = prop.held_by if owner and sized.animal else None
    box = _box(frame, sized.width, sized.height)
    return Thing(prop, frame, spot.flip, spot.depth, box, coat, leader, lay is None)


def back_wall(setting: str, camera: Camera) -> float:
    """The furthest depth at which something stands: before the wall of a room."""
    place = sets.named(setting)
    if not place.inside:
        return math.inf
    walls = [piece for piece in place.pieces if piece["piece"] in _DEEP]
    deep = walls[0].get("deep", _DEEP[walls[0]["piece"]]) if walls else 5.0
    return 0.94 * max(1.35, deep / max(1.2, camera.distance))


_DEEP = {"room": 6.0, "rock": 9.0}
"""Metres to the back of a room that does not say them."""


def _farness(prop: PropItem, sized: PropSize) -> float:
    """Metres from the lens that a large part of the set keeps, so that it is seen whole."""
    if not sized.behind or sized.animal:
        return 0.0
    return _FAR.get(prop.kind, 2.2 * max(sized.width, sized.height))


def _background(sized: PropSize, camera: Camera, obstacles: Sequence[Obstacle]) -> float:
    """The least depth of a part of the set: behind everybody, and no wider than the picture."""
    behind = max((obstacle.depth for obstacle in obstacles), default=1.0) * 1.06
    if sized.animal:
        return behind if sized.height < 1.2 else 0.0
    wide = sized.width * camera.scale / (camera.size[0] * 1.1)
    tall = sized.height * camera.scale / (camera.size[1] * 1.1)
    return max(behind, min(14.0, wide, tall * 1.3) if sized.height > 1.2 else 0.0)


def _in_view(depth: float, sized: PropSize, camera: Camera) -> float:
    """The depth nearest to one wanted at which a thing's foot, and what is small whole, lies in
    the picture: a camera that looks down sees little of the ground."""
    low, reach = camera.size[1] * (0.985 - STRIP), camera.scale * camera.height
    if camera.level(0.0, depth) > low and low > camera.horizon and reach > 0:
        near = reach / (low - camera.horizon)
        depth = max(depth, near) if near < 3 * depth else depth
    high, top = camera.size[1] * 0.06, min(sized.height, 1.2)
    above = camera.scale * (camera.height - top)
    if camera.horizon < high and above > 0:
        nearest = 1.12 if sized.behind else 0.75
        depth = min(depth, max(nearest, above / (high - camera.horizon)))
    return depth


def _first_ground(camera: Camera) -> float:
    """The depth at which the ground comes into a close shot, a little above its lower edge."""
    below = camera.size[1] * (0.96 - STRIP) - camera.horizon
    return camera.scale * camera.height / below if below > 1 else 9.0


def _at_the_edge(tall: float, wide: float, camera: Camera, animal: bool) -> tuple[float, float]:
    """A small thing rises from below a close frame: (pixels per metre, foot in pixels)."""
    width, height = camera.size
    floor = height * (1 - STRIP)
    share = 0.52 if animal else 0.36
    scale = min(camera.scale * 1.2, height * share / tall, width * (0.6 if animal else 0.46) / wide)
    if tall * scale < height * 0.17:  # no smaller than what can be told behind the caption
        scale = min(scale * 1.9, height * 0.17 / tall, width * 0.26 / wide)
    return scale, min(max(height * 1.02, floor + tall * scale * 0.2), floor + tall * scale * 0.4)


def _box(frame: Affine, wide: float, tall: float) -> Box:
    points = frame(((-wide / 2, 0), (wide / 2, 0), (wide / 2, tall), (-wide / 2, tall)))
    low, high = points.min(axis=0), points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _shared(a: Box, b: Box) -> float:
    """Share of ``a`` that ``b`` covers."""
    x = min(a[2], b[2]) - max(a[0], b[0])
    y = min(a[3], b[3]) - max(a[1], b[1])
    area = (a[2] - a[0]) * (a[3] - a[1])
    return x * y / area if x > 0 and y > 0 and area > 0 else 0.0


def _around(head: Box) -> Box:
    """A head and the air over it."""
    return head[0], head[1] - (head[3] - head[1]) * 0.3, head[2], head[3]


def face_end(spot: _Spot | Thing) -> Box:
    """The part of an animal's box that holds its head."""
    left, top, right, bottom = spot.box
    third = (right - left) * 0.34
    lower = top + (bottom - top) * 0.5
    return (left, top, left + third, lower) if spot.flip else (right - third, top, right, lower)


def _cost(
    spot: _Spot, camera: Camera, obstacles: Sequence[Obstacle], placed: Sequence[Thing]
) -> float:
    """How bad a place is: covered faces worst, then covered figures, then leaving the frame."""
    width, height = camera.size
    frame: Box = (0.0, 0.0, float(width), height * (1 - STRIP))
    sized, box = spot.measure, spot.box
    part = face_end(spot) if sized.animal else box
    cost = (12.0 if sized.animal else 5.0) * (1 - _shared(part, frame))
    for obstacle in () if sized.flat else obstacles:
        if spot.depth < obstacle.depth:
            cost += 40 * _shared(obstacle.head, box) + 6 * _shared(obstacle.box, box)
            continue
        hidden = _shared(box, obstacle.box)
        cost += (3.0 if sized.labelled else 0.8) * hidden + 6 * max(0.0, hidden - 0.5)
        if not sized.behind:
            cost += 5 * _shared(_around(obstacle.head), box)  # it would seem to lie on the hat
        if sized.animal:
            cost += 9 * max(_shared(part, obstacle.box), _shared(part, obstacle.head))
    for other in placed:
        cost += 3 * max(_shared(box, other.box), _shared(other.box, box))
    if sized.animal:
        cost += 2.0 * (1 - _shared(box, frame))
        cost += 0.3 if ((box[0] + box[2]) / 2 > width / 2) != spot.flip else 0.0
    return cost
