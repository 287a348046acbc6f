"""Blocking: where everybody and everything stands on the picture, in pixels.

The panel, the pose map and the masks are all drawn from the one :class:`Layout`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ... import sets
from ...story import CastMember, Look, Pose, PropItem, PropKind, Shot, Size, Story
from .bodies import SLOTS, Body, find_places, pose_all
from .camera import CLOSE, STRIP, Camera, pitch_of
from .company import arranged
from .creatures import pose_figure
from .crowds import crowd_of
from .curves import Affine, pairs
from .headroom import outskirts, reach_of, rise_of
from .measures import PROPS, is_building
from .poses import L_ANKLE, L_ELBOW, L_WRIST, MIRRORED, R_ANKLE, R_ELBOW, R_WRIST, Limb
from .skeleton import Skeleton
from .things import Box, Obstacle, Thing, back_wall, place_things

__all__ = ["Box", "Figure", "Layout", "Thing", "lay_out"]

TAG = (0.3, 0.085)
"""Share of width and height at the upper left that the shot tag takes."""
_TRUNK = [1, 2, 5, 8, 9, 10, 11, 12, 13]
"""Keypoints of neck, shoulders and legs."""
_TUCKED: Limb = ((0.1, -1, 0.1), (0.42, 0.4, 0.75))
"""A pointing arm that finds no room beside a partner."""


@dataclass(frozen=True)
class Figure:
    """One character on the picture."""

    character: str
    member: CastMember
    look: Look
    skeleton: Skeleton
    """In its own frame, not mirrored."""
    frame: Affine
    """From that frame to pixels; mirrors it when :attr:`flip`."""
    flip: bool
    depth: float
    """1 is the subject's distance; larger is further."""
    keypoints: np.ndarray
    """(18, 3) COCO-18: x, y in pixels, and 1.0 where visible, else 0.0."""
    box: Box
    """Everything of it, mount included; may reach out of the picture."""
    head: Box
    """Head with its hat."""
    face: Box
    mount: PropKind | None = None
    coat: int = 0
    """Which colour its mount has."""
    extra: bool = False
    """One of the people around, not of the cast."""
    held: tuple[PropItem, ...] = ()
    gaze: tuple[float, float] = (0.0, 0.0)
    """Where the eyes look, in the figure's own frame: right and up, -1 to 1."""

    @property
    def mouth(self) -> tuple[float, float]:
        """Where speech comes from, pixels."""
        left, top, right, bottom = self.face
        return (left + right) / 2, top + (bottom - top) * 0.8

    @property
    def hands(self) -> list[Box]:
        """Where the hands are, pixels."""
        boxes = []
        half = 0.05 * self.skeleton.body.height * self.frame.scale
        for elbow, wrist in ((R_ELBOW, R_WRIST), (L_ELBOW, L_WRIST)):
            (ex, ey), (wx, wy) = self.keypoints[[elbow, wrist], :2]
            x, y = float(wx + (wx - ex) * 0.25), float(wy + (wy - ey) * 0.25)
            boxes.append((x - half, y - half, x + half, y + half))
        return boxes


@dataclass(frozen=True)
class Layout:
    """One shot in pixels."""

    size: tuple[int, int]
    camera: Camera
    figures: tuple[Figure, ...]
    """In the order of the shot's cast."""
    things: tuple[Thing, ...]
    extras: tuple[Figure, ...] = ()
    """The people around, who are nobody of the cast: only the panel shows them."""

    @property
    def floor(self) -> float:
        """Lower edge of the picture above the caption strip, pixels."""
        return self.size[1] * (1 - STRIP)


def lay_out(story: Story, shot: Shot, size: tuple[int, int]) -> Layout:
    """Block one shot on a picture of ``size`` pixels."""
    shot = arranged(shot)
    bodies, loose = pose_all(story, shot, size)
    if shot.size is Size.EXTREME_CLOSE_UP and not _in_one_face(bodies, size):
        shot = shot.model_copy(update={"size": Size.CLOSE_UP})
        bodies, loose = pose_all(story, shot, size)
    if sets.named(shot.setting).inside:
        loose = [prop for prop in loose if not is_building(prop)]
    camera = find_places(bodies, loose, shot, size)
    figures = [_place(body, camera, shot) for body in bodies]
    for index, body in enumerate(bodies):
        if body.member.pose is Pose.POINTING and _pokes(figures[index], figures):
            body.skeleton = pose_figure(
                body.member.pose,
                body.member.emotion,
                body.member.facing,
                body.look,
                pitch_of(shot.angle),
                _TUCKED,
            )
            figures[index] = _place(body, camera, shot)
    figures = _with_gaze(figures)
    hero = story.hero.id if story.hero else None
    figures = [replace(f, coat=int(f.character != hero)) for f in figures]
    things = place_things(loose, shot, camera, [_body(f) for f in figures], SLOTS, hero)
    extras = _people_around(shot, camera, figures, things)
    return Layout(size, camera, tuple(figures), tuple(things), extras)


def _in_one_face(bodies: list[Body], size: tuple[int, int]) -> bool:
    """Whether an extreme close-up can hold all faces: two at most, side by side."""
    if len(bodies) < 2:
        return True
    high = [float(body.skeleton.head[1]) + body.lift for body in bodies]
    level = max(high) - min(high) < 0.5 * bodies[0].skeleton.head_size
    return len(bodies) == 2 and level and size[0] > size[1] * 0.9


def _people_around(
    shot: Shot, camera: Camera, figures: list[Figure], things: list[Thing]
) -> tuple[Figure, ...]:
    """A crowd behind the cast, where no head of the cast is; turned to its middle."""
    width = camera.size[0]
    crowd = crowd_of(shot, [figure.look for figure in figures])
    around: list[Figure] = []
    centre = sum(f.keypoints[1, 0] for f in figures) / len(figures) if figures else width / 2
    wall = back_wall(shot.setting, camera)
    behind = max([1.6, *(figure.depth * 1.1 for figure in figures)])
    taken = [figure.head for figure in figures] + [t.box for t in things if t.depth > behind]
    for index, (member, look) in enumerate(crowd):
        skeleton = pose_figure(
            member.pose, member.emotion, member.facing, look, pitch_of(shot.angle)
        )
        for attempt in range(6):
            x = width * (((index + attempt * 0.37) * 0.618 + 0.07) % 1.0)
            wanted = behind * (1 + 0.2 * ((index + attempt) % 4))
            depth = min(_seen_from(wanted, camera), wall)
            if depth < behind * 0.8 and shot.size in CLOSE[:3]:
                continue
            flip = x > centre
            frame = camera.frame(x, depth, flip=flip)
            head, face, box = _boxes(Body(member, look, skeleton, flip, depth, None, ()), frame)
            wide = (head[2] - head[0]) * 0.25
            room = (head[0] - wide, head[1], head[2] + wide, head[3])
            if head[1] < 4 or head[3] > camera.size[1] * (1 - STRIP):
                continue
            if any(_meets(room, other) for other in taken):
                continue
            points = np.column_stack((frame(skeleton.joints[:, :2]), np.ones(18)))
            who = member.character
            around.append(
                Figure(
                    who,
                    member,
                    look,
                    skeleton,
                    frame,
                    flip,
                    depth,
                    points,
                    box,
                    head,
                    face,
                    extra=True,
                )
            )
            taken.append(head)
            break
    return tuple(around)


def _seen_from(depth: float, camera: Camera) -> float:
    """A depth no further than where a camera that looks down still sees a head."""
    above, high = camera.scale * (camera.height - 2.0), camera.size[1] * 0.05
    if camera.horizon < high and above > 0:
        return min(depth, max(1.0, above / (high - camera.horizon)))
    return depth


def _meets(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _place(body: Body, camera: Camera, shot: Shot) -> Figure:
    """Fix a figure on the picture; its head, and in wide shots its feet, stay inside."""
    s, scale = body.skeleton, camera.scale / body.depth
    sign = -1 if body.flip else 1
    x = body.x - sign * body.middle * scale
    frame = camera.frame(x, body.depth, flip=body.flip, y=body.lift)
    frame = frame.then(_nudge(body, frame, camera, shot.size))
    points, visible = frame(s.joints[:, :2]), s.visible
    if body.flip:
        points, visible = points[list(MIRRORED)], visible[list(MIRRORED)]
    head, face, box = _boxes(body, frame)
    return Figure(
        body.member.character,
        body.member,
        body.look,
        s,
        frame,
        body.flip,
        body.depth,
        np.column_stack((points, visible.astype(np.float64))),
        box,
        head,
        face,
        body.mount,
        held=body.held,
    )


def _pokes(figure: Figure, figures: list[Figure]) -> bool:
    """Whether the leading hand lies on or past somebody else's head."""
    ((x, y),) = figure.frame(figure.skeleton.joints[L_WRIST : L_WRIST + 1, :2])
    reach = (figure.face[2] - figure.face[0]) * 0.5
    side = -1 if figure.flip else 1
    here = (figure.face[0] + figure.face[2]) / 2
    for other in figures:
        middle = (other.head[0] + other.head[2]) / 2
        near = other.head[0] if side > 0 else other.head[2]
        ahead = other is not figure and (middle - here) * side > 0
        if ahead and (x - near) * side > -reach and other.head[1] - reach < y < other.box[3]:
            return True
    return False


def _nudge(body: Body, frame: Affine, camera: Camera, size: Size) -> Affine:
    """The shift that keeps the head (and the feet of a wide shot) in the picture.

    Where not everything fits, the tag's corner is given up first, then the hat. An extreme
    close-up and the shoulder the camera looks over keep only the middle of the face inside.
    """
    width, floor = camera.size[0], camera.size[1] * (1 - STRIP)
    head, face, box = _boxes(body, frame)
    wide = size not in CLOSE and not body.shoulder
    left, right, low = head[0], head[2], box[3] if wide else face[3]
    tops = (head[1], face[1])
    if wide:
        feet = frame(body.skeleton.joints[[R_ANKLE, L_ANKLE], :2])[:, 0]
        left, right = min(left, float(feet.min()) - 6), max(right, float(feet.max()) + 6)
    if body.shoulder:
        left = right = (face[0] + face[2]) / 2
        low = (face[1] + face[3]) / 2
        tops = (low - (low - head[1]) * 0.75,)
    elif size is Size.EXTREME_CLOSE_UP:
        left, right, low, tops = face[0], face[2], face[3], (face[1],)
        if right - left > width - 8:
            middle = (left + right) / 2
            return Affine(c=width / 2 - middle, f=min(0.0, floor - 2 - low))
    if right - left > width - 8:
        left, right = face[0], face[2]
    x = 0.0 if body.shoulder else max(0.0, 4 - left) + min(0.0, width - 4 - right)
    if wide and head[0] + x < TAG[0] * width:
        tops = (head[1] - TAG[1] * camera.size[1], *tops)
    top = next((top for top in tops if low - top < floor - 6), face[1])
    y = max(0.0, 4 - top)
    return Affine(c=x, f=min(y, floor - 2 - low) if low + y > floor - 2 else y)


def _boxes(body: Body, frame: Affine) -> tuple[Box, Box, Box]:
    """Head with hat, face, and whole figure, pixels."""
    s = body.skeleton
    size, cx, cy = s.head_size, float(s.head[0]), float(s.head[1])
    reach, rise = reach_of(body.look) * size, rise_of(body.look) * size
    cos, sin = math.cos(s.roll), math.sin(s.roll)
    corners = np.array(
        [
            (-reach, -size * 0.55),
            (reach, -size * 0.55),
            (reach * 0.9, size * 0.2),
            (-reach * 0.9, size * 0.2),
            (size * 0.16, size * 0.5 + rise),
            (-size * 0.16, size * 0.5 + rise),
        ]
    )
    turned = pairs(
        cx + corners[:, 0] * cos + corners[:, 1] * sin,
        cy - corners[:, 0] * sin + corners[:, 1] * cos,
    )
    head = _bounds(frame(turned))
    face = _bounds(
        frame(np.array([(cx - size * 0.42, cy - size * 0.5), (cx + size * 0.42, cy + size * 0.4)]))
    )
    pad = 0.085 * s.body.girth
    low, high = s.joints[:, :2].min(axis=0) - pad, s.joints[:, :2].max(axis=0) + pad
    low[1] = s.joints[:, 1].min() - 0.06
    beyond = outskirts(s, body.look)
    low[0] = min(low[0], beyond[:, 0].min())
    high = np.maximum(high, beyond.max(axis=0))
    if body.mount:
        half = PROPS[body.mount].width / 2
        low, high = np.minimum(low, (-half, 0.0)), np.maximum(high, (half, 0.0))
    outline = _bounds(frame(np.array([low, high, (low[0], high[1]), (high[0], low[1])])))
    box = (
        min(outline[0], head[0]),
        min(outline[1], head[1]),
        max(outline[2], head[2]),
        max(outline[3], head[3]),
    )
    return head, face, box


def _body(figure: Figure) -> Obstacle:
    """The figure without its arms; a rider with the mount."""
    if figure.mount:
        return Obstacle(figure.character, figure.box, figure.head, figure.depth)
    trunk = figure.keypoints[_TRUNK + [R_WRIST, L_WRIST] if figure.held else _TRUNK, 0]
    pad = 0.05 * figure.skeleton.body.height * figure.skeleton.body.girth * figure.frame.scale
    box = (float(trunk.min()) - pad, figure.box[1], float(trunk.max()) + pad, figure.box[3])
    return Obstacle(figure.character, box, figure.head, figure.depth)


def _bounds(points: np.ndarray) -> Box:
    low, high = points.min(axis=0), points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _with_gaze(figures: list[Figure]) -> list[Figure]:
    """Eyes turn to the nearest other face."""
    seen = []
    for figure in figures:
        x, y = figure.mouth
        others = [other.mouth for other in figures if other is not figure]
        if others:
            ox, oy = min(others, key=lambda p: abs(p[0] - x) + abs(p[1] - y))
            far = math.hypot(ox - x, oy - y) + 1e-6
            look = ((ox - x) / far * (-1 if figure.flip else 1), (y - oy) / far)
            figure = replace(figure, gaze=look)
        seen.append(figure)
    return seen
