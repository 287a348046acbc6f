"""The camera of a shot: a shift lens over a flat ground.

Verticals stay vertical and the horizon only moves up and down, so figures keep their
proportions; looking down or up turns the bodies instead. One unit of depth is the distance of
the subject of the shot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ...story import Angle, Size
from .curves import Affine

STRIP = 0.125
"""Share of the picture's height, at the bottom, kept free of feet and faces for the caption."""

CLOSE = (Size.EXTREME_CLOSE_UP, Size.CLOSE_UP, Size.MEDIUM_CLOSE_UP, Size.MEDIUM, Size.MEDIUM_LONG)
"""Sizes that cut the body; the wider ones show the feet."""

CUTS: dict[Size, float] = dict(zip(CLOSE, (0.23, 0.45, 0.58, 0.76, 0.99)))
"""Body heights from the top of the hat to the lower edge of the picture."""
_FILL = {Size.FULL: 0.78, Size.WIDE: 0.5, Size.EXTREME_WIDE: 0.28}
"""Share of the picture's height that the tallest figure takes."""
_FILL_INSIDE = _FILL | {Size.WIDE: 0.54, Size.EXTREME_WIDE: 0.38}
"""The same in a room, which is no land: its walls would run away, and leave a bare hall."""
_PROP_FILL: dict[Size, float] = dict(zip(CLOSE, (0.84, 0.7, 0.6, 0.48, 0.38)))
"""Share of the picture's height that a thing takes in a close shot without anybody."""
_FOOT = {Size.FULL: 0.955, Size.WIDE: 0.87, Size.EXTREME_WIDE: 0.8}
"""Where the feet stand, as a share of the picture's height."""
_EYE = {Size.FULL: 1.45, Size.WIDE: 1.95, Size.EXTREME_WIDE: 2.9}
"""Height of the lens in wide shots, metres: a little raised, so that the land has depth."""
_PITCH = {Angle.LOW: -9.0, Angle.HIGH: 20.0, Angle.TOP: 42.0}
_DUTCH = math.radians(-8)


@dataclass(frozen=True)
class Camera:
    """Maps metres at a depth to pixels."""

    size: tuple[int, int]
    scale: float
    """Pixels per metre at depth 1."""
    horizon: float
    """Height of the horizon on the picture, pixels from the top, before the roll."""
    height: float
    """Of the lens over the ground, metres."""
    distance: float
    """From the lens to depth 1, metres."""
    roll: float = 0.0
    """Dutch angle, radians clockwise."""
    face_only: bool = False
    """An extreme close-up: nothing but the face counts."""

    def turn(self, x: float, y: float) -> tuple[float, float]:
        """A point of the level picture, on the rolled one."""
        if not self.roll:
            return x, y
        cx, cy = self.size[0] / 2, self.size[1] / 2
        cos, sin = math.cos(self.roll), math.sin(self.roll)
        return cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos

    def level(self, y: float, z: float) -> float:
        """Height on the level picture of something ``y`` metres up at depth ``z``, pixels."""
        return self.horizon + self.scale * (self.height - y) / z

    def frame(
        self, x: float, z: float, *, flip: bool = False, grow: float = 1.0, y: float = 0.0
    ) -> Affine:
        """The local frame of something that stands at (x pixels on the level picture, depth z).

        :param y: height of its foot over the ground, metres.
        """
        px, py = self.turn(x, self.level(y, z))
        return Affine.place(px, py, self.scale / z * grow, flip=flip, roll=self.roll)

    def back(self, factor: float, keep: float, shift: float) -> Camera:
        """The same view with everything ``factor`` (< 1) times as large.

        :param keep: height in metres whose line stays, but for ``shift`` pixels.
        """
        scale = self.scale * factor
        at = self.level(keep, 1.0) + shift
        return replace(
            self,
            scale=scale,
            horizon=at - scale * (self.height - keep),
            distance=self.distance / factor,
        )


def pitch_of(angle: Angle) -> float:
    """How far the camera looks down on bodies, degrees."""
    return _PITCH.get(angle, 0.0)


def _lens(angle: Angle, eye: float, bottom: float, span: float) -> float:
    """Height of the lens, metres."""
    top = bottom + span
    return {
        Angle.LOW: max(0.15, bottom + 0.06 * span),
        Angle.HIGH: max(eye, top + 0.22 * span),
        Angle.TOP: top + 1.1 * span,
    }.get(angle, eye)


def _finish(
    size: tuple[int, int],
    angle: Angle,
    scale: float,
    top: float,
    upper: float,
    lens: float,
    span: float,
) -> Camera:
    """:param top: height in metres seen at ``upper`` pixels from the top."""
    return Camera(
        size,
        scale,
        upper + (top - lens) * scale,
        lens,
        span * 1.5,
        _DUTCH if angle is Angle.DUTCH else 0.0,
    )


def camera_on_bodies(
    size: tuple[int, int],
    shot: Size,
    angle: Angle,
    *,
    top: float,
    body: float,
    head: tuple[float, float],
    lowest: float,
    crowd: bool,
    near: float,
    least: float = 1.3,
    inside: bool = False,
) -> Camera:
    """Frame a group.

    :param top: highest hat, metres over the ground.
    :param body: height of the largest body, standing, metres.
    :param head: middle and size of the leading head, metres.
    :param lowest: the lowest neck, metres: heads stay inside the frame.
    :param least: a wide shot takes nobody for smaller than this, metres.
    :param near: the tallest figure as it looks, nearness included, metres at the subject's depth.
    :param inside: under a roof.
    """
    height = size[1] * (1 - STRIP)
    upper = 0.0
    if shot in CLOSE:
        if shot is Size.EXTREME_CLOSE_UP:
            span = head[1] * 1.25
            top = head[0] + head[1] * 0.6
        else:
            upper = 0.06 * size[1]
            span = max(body * CUTS[shot], top - lowest)
            if top < 0.5 * body:  # somebody lies: no more of the ground than of the body
                span = max(span * 0.65, top * 1.6)
                top = max(top * 1.2, span * 0.86)
        scale = (height - upper) / span
        bottom, eye = top - span, top - span * 0.38
    else:
        fill = (_FILL_INSIDE if inside else _FILL)[shot]
        scale = height * min(fill / max(top, least), 0.88 / near)
        span = height / scale
        bottom, eye = -(1 - _FOOT[shot]) * span, _EYE[shot] * least / 1.3
        top = bottom + span
    if crowd:
        eye = max(eye, top + 0.2 * span)
        angle = Angle.EYE if angle is Angle.LOW else angle
    camera = _finish(size, angle, scale, top, upper, _lens(angle, eye, bottom, span), span)
    return replace(camera, face_only=shot is Size.EXTREME_CLOSE_UP)


def camera_on_things(
    size: tuple[int, int],
    shot: Size,
    angle: Angle,
    subject: tuple[float, float] | None,
    inside: bool = False,
) -> Camera:
    """Nobody in the shot: frame one thing of (width, height) metres, or the place."""
    height = size[1] * (1 - STRIP)
    wide, tall = subject or (1.0, 1.75)
    if shot in CLOSE and subject:
        fill = _PROP_FILL[shot]
        scale = min(height * fill / tall, size[0] * fill / wide)
        foot, eye_share = 0.52 + tall * scale / height / 2, 0.6
    else:
        fill = (_FILL_INSIDE if inside else _FILL).get(shot, 0.6)
        whole = min(height * 0.84 / tall, size[0] * 0.92 / wide)
        scale = min(height * fill / min(max(tall, 1.2), 3.2), whole)
        foot, eye_share = _FOOT.get(shot, 0.92), 0.52
    span = height / scale
    bottom = -(1 - min(foot, 0.96)) * span
    lens = _lens(angle, bottom + span * eye_share, bottom, span)
    return _finish(size, angle, scale, bottom + span, 0.0, lens, span)
