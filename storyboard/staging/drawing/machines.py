"""Robots and mannequins: figures of parts, along the same skeleton as people."""

from __future__ import annotations

import numpy as np

from ...story import Emotion, Look, Pose
from ..blocking.curves import capsule, disc, hull, path, ring
from ..blocking.skeleton import Skeleton
from .expressions import Expression, expression
from .faces import View
from .heads import head_frame
from .ink import RGB, Canvas, mix, rgb
from .limbs import Hand, draw_hand, hand_of
from .palette import SKIN
from .trunk import Leg, Trunk

_METAL, _JOINT, _LAMP = "#9fb0bd", "#4d5762", "#7fe3f5"
_GREY = "#b9b9bd"
Arms = list[tuple[Leg, bool]]


def _metal(look: Look) -> RGB:
    """The colour of the plates: that of the skin, unless it was left as people have it."""
    return rgb(_METAL if look.skin == SKIN else look.skin)


def _bone(
    canvas: Canvas, a: np.ndarray, b: np.ndarray, wide: float, low: float, tone: RGB | str
) -> None:
    """A plate along a bone that leaves its joints free."""
    start, end = a + (b - a) * 0.14, b - (b - a) * 0.12
    canvas.cel(capsule(start, wide, end, low, 5), tone, smooth=False, shade=wide * 0.4)


def draw_robot(
    canvas: Canvas,
    skeleton: Skeleton,
    look: Look,
    arms: Arms,
    legs: list[tuple[Leg, bool]],
    layers: dict[Leg, int],
    pose: Pose,
    emotion: Emotion,
    gaze: tuple[float, float],
    speaks: bool,
    holds: tuple[bool, bool],
) -> None:
    """A metal body with ball joints, a lamp in the chest, and lamps for eyes."""
    metal, tall = _metal(look), skeleton.body.height
    paint = rgb(look.colour)
    unit = tall * (0.8 + 0.2 * skeleton.body.girth)
    trunk = Trunk(skeleton, look, 1.04)
    joints = skeleton.joints

    def arm(layer: int) -> None:
        for bones, left in arms:
            if layers[bones] != layer:
                continue
            shoulder, elbow, wrist = (joints[i, :2] for i in bones)
            canvas.stroke(
                (shoulder, elbow, wrist), 0.045 * unit, unit=True, taper=(1, 1), smooth=False
            )
            canvas.stroke(
                (shoulder, elbow, wrist),
                0.032 * unit,
                _JOINT,
                unit=True,
                taper=(1, 1),
                smooth=False,
            )
            _bone(canvas, shoulder, elbow, 0.043 * unit, 0.038 * unit, metal)
            _bone(canvas, elbow, wrist, 0.04 * unit, 0.046 * unit, paint)
            canvas.cel(disc(elbow, 0.03 * unit, count=10), _JOINT, line=0.8)
            canvas.cel(disc(shoulder, 0.056 * unit), metal, shade=0.014 * unit)
            hand = Hand.FIST if holds[left] else hand_of(pose, emotion, left, False)
            draw_hand(
                canvas, wrist, wrist - elbow, tall * 1.05, hand, mix(metal, (60, 66, 76), 0.35)
            )

    def leg() -> None:
        for bones, _ in legs:
            hip, knee, ankle = (joints[i, :2] for i in bones)
            canvas.stroke((hip, knee, ankle), 0.056 * unit, unit=True, taper=(1, 1), smooth=False)
            canvas.stroke(
                (hip, knee, ankle), 0.042 * unit, _JOINT, unit=True, taper=(1, 1), smooth=False
            )
            _bone(canvas, hip, knee, 0.052 * unit, 0.046 * unit, metal)
            _bone(canvas, knee, ankle, 0.046 * unit, 0.056 * unit, paint)
            canvas.cel(disc(knee, 0.038 * unit, count=10), _JOINT, line=0.8)
            toe = np.array(
                (0.1 * max(0.25, trunk.ahead) * tall * (1 if not trunk.back else 0.4), 0.0)
            )
            foot = np.concatenate(
                (
                    disc(ankle - toe * 0.3, 0.042 * unit, 0.034 * unit, count=8),
                    disc(ankle + toe - (0, 0.012 * tall), 0.03 * unit, 0.024 * unit, count=8),
                )
            )
            canvas.cel(hull(foot), mix(metal, (60, 66, 76), 0.25), smooth=False, shade=0.012 * unit)

    low = skeleton.spec.shins_front
    arm(0)
    if not low:
        leg()
    canvas.cel(disc(trunk.hip, 0.075 * unit, 0.05 * unit), _JOINT, shade=0.014 * unit)
    canvas.cel(
        capsule(trunk.at(0.0, 0), 0.045 * unit, trunk.at(0.4, 0), 0.05 * unit, 5),
        _JOINT,
        smooth=False,
    )
    for t in (0.08, 0.18, 0.28):
        canvas.stroke(
            (trunk.at(t, -0.5), trunk.at(t, 0.5)), 0.8, mix(rgb(_JOINT), (200, 210, 220), 0.4)
        )
    neck = trunk.neck + trunk.up * 0.02 * tall
    head = skeleton.head[:2]
    canvas.stroke((neck, head), 0.06 * tall, unit=True, taper=(1, 1))
    canvas.stroke((neck, head), 0.046 * tall, _JOINT, unit=True, taper=(1, 1))
    chest = [
        trunk.at(0.36, -0.78),
        trunk.at(0.34, 0),
        trunk.at(0.36, 0.78),
        trunk.at(0.66, 1.02),
        trunk.at(0.96, 1.0),
        trunk.at(1.04, 0.5),
        trunk.at(1.04, -0.5),
        trunk.at(0.96, -1.0),
        trunk.at(0.66, -1.02),
    ]
    canvas.cel(chest, paint, shade=0.05 * tall)
    if trunk.back:
        for t in (0.82, 0.74, 0.66):
            canvas.stroke((trunk.at(t, -0.45), trunk.at(t, 0.45)), 1.0)
    else:
        plate = [
            trunk.front(t, u) for t, u in ((0.92, -0.55), (0.92, 0.55), (0.5, 0.46), (0.5, -0.46))
        ]
        canvas.cel(plate, metal, smooth=False, line=0.8, shade=0.015 * tall)
        if trunk.shows(0):
            at = trunk.front(0.74, 0)
            k = max(0.45, 1 - trunk.ahead * 0.55)
            canvas.cel(disc(at, 0.036 * tall * k, 0.036 * tall), _JOINT, line=0.8)
            canvas.fill(disc(at, 0.026 * tall * k, 0.026 * tall), look.trim, raw=True)
        if trunk.shows(0.35):
            for t, tone in ((0.58, "#d1483c"), (0.64, "#e9b83a")):
                x, y = trunk.front(t, -0.3)
                canvas.dot(float(x), float(y), 0.01 * tall, tone)
    if low:
        leg()
    arm(1)
    _robot_head(canvas, skeleton, look, metal, expression(emotion, pose, speaks), gaze)
    arm(2)


def _robot_head(
    canvas: Canvas,
    skeleton: Skeleton,
    look: Look,
    metal: RGB,
    face: Expression,
    gaze: tuple[float, float],
) -> None:
    """A rounded box with a screen for a face; brows and mouth of light show the mood."""
    view = View.of(abs(skeleton.head_yaw))
    mid = {View.FRONT: 0.0, View.QUARTER: 0.1, View.PROFILE: 0.2}.get(view, 0.0)
    with canvas.local(head_frame(skeleton)):
        canvas.stroke(((-0.08, 0.46), (-0.1, 0.7)), 0.05, unit=True, taper=(1, 1))
        canvas.cel(ring(-0.1, 0.74, 0.075, 0.075, count=8), look.trim, line=0.8)
        ears = {View.FRONT: (-0.47, 0.47), View.BACK: (-0.47, 0.47), View.QUARTER: (-0.42,)}
        for x in ears.get(view, ()):
            canvas.cel(ring(x, 0.02, 0.08, 0.15), _JOINT, line=0.9)
        canvas.cel(
            path(
                "-.46,.3 -.42,.46 -.2,.52 .2,.52 .42,.46 .46,.3 .46,-.26 .42,-.42 .2,-.5 -.2,-.5 "
                "-.42,-.42 -.46,-.26"
            ),
            metal,
            shade=0.1,
        )
        canvas.stroke(
            path("-.32,.42 -.1,.46 .1,.46"), 0.03, mix(metal, (255, 255, 255), 0.6), unit=True
        )
        if view is View.BACK:
            for y in (0.16, 0.04, -0.08):
                canvas.stroke(((-0.2, y), (0.2, y)), 0.9)
            return
        left, right = {View.FRONT: (-0.36, 0.36), View.QUARTER: (-0.22, 0.42)}.get(
            view, (0.02, 0.45)
        )
        canvas.cel(
            (
                (left, 0.22),
                (left + 0.06, 0.3),
                (right - 0.06, 0.3),
                (right, 0.22),
                (right, -0.26),
                (right - 0.06, -0.34),
                (left + 0.06, -0.34),
                (left, -0.26),
            ),
            "#22303a",
            line=0.9,
        )
        if view is View.PROFILE:
            canvas.cel(ring(-0.18, 0.0, 0.13, 0.13), _JOINT, line=0.9)
        eyes = {View.FRONT: (-0.17, 0.17), View.QUARTER: (-0.04, 0.26)}.get(view, (0.24,))
        r = 0.095
        for index, x in enumerate(eyes):
            out = -1 if index == 0 else 1
            if face.open <= 0.05:
                bend = 0.06 if face.arcs else -0.04
                canvas.stroke(
                    ((x - r, 0.06 - bend * 0.4), (x, 0.06 + bend), (x + r, 0.06 - bend * 0.4)),
                    0.045,
                    _LAMP,
                    unit=True,
                    raw=True,
                )
            else:
                tall = r * min(1.35, 0.35 + 0.65 * face.open)
                canvas.fill(ring(x, 0.06, r * 0.95, tall), _LAMP, raw=True)
                canvas.dot(
                    x + gaze[0] * 0.035, 0.06 + gaze[1] * 0.03, 0.036 * face.pupil, "#14323d"
                )
                if face.lid:
                    canvas.fill(
                        (
                            (x - r * 1.1, 0.06 + tall * 1.1),
                            (x + r * 1.1, 0.06 + tall * 1.1),
                            (x + r * 1.1, 0.06 + tall * (1 - 1.3 * face.lid)),
                            (x - r * 1.1, 0.06 + tall * (1 - 1.3 * face.lid)),
                        ),
                        "#22303a",
                        smooth=False,
                    )
            lift = 0.2 + face.brow * 0.6 + (face.cock * 0.6 if index == 0 else 0.0)
            canvas.stroke(
                (
                    (x - out * r * 0.9, lift + face.inner * 0.9),
                    (x + out * r * 1.05, lift - face.inner * 0.5),
                ),
                0.035,
                _LAMP,
                unit=True,
                raw=True,
                taper=(0.8, 0.8),
            )
        w = face.width * (0.8 if view is not View.PROFILE else 0.45)
        x, y = mid + (0.02 if view is not View.FRONT else 0.0), -0.2
        if view is View.PROFILE:
            x = 0.27
        if face.gape > 0.03:
            canvas.fill(ring(x, y, w * 0.8, 0.03 + face.gape * 0.35), _LAMP, raw=True)
            canvas.fill(ring(x, y + 0.012, w * 0.55, 0.012 + face.gape * 0.2), "#22303a")
        else:
            canvas.stroke(
                ((x - w, y + face.left * 0.8), (x, y + face.middle), (x + w, y + face.right * 0.8)),
                0.04,
                _LAMP,
                unit=True,
                raw=True,
                taper=(0.8, 0.8),
            )


def draw_mannequin(
    canvas: Canvas,
    skeleton: Skeleton,
    look: Look,
    arms: Arms,
    legs: list[tuple[Leg, bool]],
    layers: dict[Leg, int],
    pose: Pose,
    emotion: Emotion,
    holds: tuple[bool, bool],
) -> None:
    """An artist's jointed figure: egg head with a cross of guide lines, no face."""
    tone, tall, joints = rgb(_GREY), skeleton.body.height, skeleton.joints
    ball = mix(tone, (70, 70, 84), 0.3)
    unit = tall * (0.72 + 0.28 * skeleton.body.girth)
    trunk = Trunk(skeleton, look, 0.97)
    shade = 0.02 * unit

    def arm(layer: int) -> None:
        for bones, left in arms:
            if layers[bones] != layer:
                continue
            shoulder, elbow, wrist = (joints[i, :2] for i in bones)
            canvas.cel(
                capsule(shoulder, 0.044 * unit, elbow, 0.034 * unit),
                tone,
                smooth=False,
                shade=shade,
            )
            canvas.cel(
                capsule(elbow, 0.036 * unit, wrist, 0.028 * unit), tone, smooth=False, shade=shade
            )
            canvas.cel(disc(elbow, 0.028 * unit, count=10), ball, line=0.8)
            canvas.cel(disc(shoulder, 0.042 * unit, count=10), ball, line=0.8)
            hand = Hand.FIST if holds[left] else hand_of(pose, emotion, left, False)
            draw_hand(
                canvas, wrist, wrist - elbow, tall * 0.95, hand, mix(tone, (255, 255, 255), 0.1)
            )

    def leg() -> None:
        for bones, _ in legs:
            hip, knee, ankle = (joints[i, :2] for i in bones)
            toe = np.array(
                (
                    0.095 * max(0.2, trunk.ahead) * tall * (1 if not trunk.back else 0.3),
                    -0.012 * tall,
                )
            )
            canvas.cel(
                hull(
                    np.concatenate(
                        (
                            disc(ankle - toe * 0.3, 0.03 * unit, count=8),
                            disc(ankle + toe, 0.02 * unit, count=8),
                            disc(ankle - (0, 0.012 * tall), 0.03 * unit, count=8),
                        )
                    )
                ),
                tone,
                smooth=False,
                shade=shade,
            )
            canvas.cel(
                capsule(hip, 0.064 * unit, knee, 0.044 * unit), tone, smooth=False, shade=shade
            )
            canvas.cel(
                capsule(knee, 0.047 * unit, ankle, 0.031 * unit), tone, smooth=False, shade=shade
            )
            canvas.cel(disc(knee, 0.035 * unit, count=10), ball, line=0.8)

    low = skeleton.spec.shins_front
    arm(0)
    if not low:
        leg()
    canvas.cel(
        hull(
            np.concatenate(
                [disc(trunk.at(0.1, x), 0.02 * tall, count=8) for x in (-0.75, 0.75)]
                + [disc(joints[h, :2], 0.06 * unit, count=10) for (h, _, _), _ in legs]
            )
        ),
        tone,
        smooth=False,
        shade=shade,
    )
    canvas.cel(disc(trunk.at(0.26, 0), 0.062 * unit, 0.05 * unit), ball, line=0.9)
    neck = trunk.neck + trunk.up * 0.015 * tall
    canvas.cel(
        capsule(neck, 0.03 * unit, neck + (skeleton.head[:2] - neck) * 0.5, 0.028 * unit),
        ball,
        smooth=False,
        line=0.9,
    )
    chest = [
        trunk.at(t, x)
        for t, x in (
            (0.36, -0.7),
            (0.33, 0),
            (0.36, 0.7),
            (0.66, 0.98),
            (0.93, 0.92),
            (1.03, 0.4),
            (1.03, -0.4),
            (0.93, -0.92),
            (0.66, -0.98),
        )
    ]
    canvas.cel(chest, tone, shade=0.045 * tall)
    if not trunk.back:
        canvas.stroke([trunk.front(t, 0) for t in (1.0, 0.7, 0.38)], 0.55, ball)
    if low:
        leg()
    arm(1)
    view = View.of(abs(skeleton.head_yaw))
    mid = {View.FRONT: 0.0, View.QUARTER: 0.14, View.PROFILE: 0.34}.get(view)
    with canvas.local(head_frame(skeleton)):
        canvas.cel(
            path("0,.52 .3,.44 .4,.14 .34,-.2 .18,-.46 0,-.52 -.18,-.46 -.34,-.2 -.4,.14 -.3,.44"),
            tone,
            shade=0.11,
        )
        if mid is not None:
            nod = max(-0.1, min(0.16, skeleton.nod / 190))
            canvas.stroke(
                ((mid * 0.6, 0.5), (mid, 0.04), (mid * 0.75, -0.5)), 0.024, ball, unit=True
            )
            low_, up = 0.05 - nod, 0.07 - nod
            canvas.stroke(
                ((-0.38 if view is not View.PROFILE else -0.1, up), (mid, low_), (0.38, up)),
                0.024,
                ball,
                unit=True,
            )
    arm(2)
