"""Arms, hands, legs and boots along the bones of a skeleton, in the figure's frame (metres)."""

from __future__ import annotations

import math
from enum import Enum
from itertools import pairwise

import numpy as np

from ...story import Emotion, Look, Pose
from ..blocking.curves import Affine, Points, capsule, disc, hull, path, ring
from ..blocking.skeleton import Skeleton
from .ink import RGB, Canvas
from .palette import BOOT, SKIN


class Hand(Enum):
    """What a hand does."""

    EASY = "easy"
    OPEN = "open"
    FIST = "fist"
    POINT = "point"
    CUP = "cup"


_HANDS: dict[Pose, tuple[Hand, Hand]] = {
    # right, left
    Pose.POINTING: (Hand.FIST, Hand.POINT),
    Pose.WAVING: (Hand.EASY, Hand.OPEN),
    Pose.BECKONING: (Hand.EASY, Hand.CUP),
    Pose.ARMS_RAISED: (Hand.OPEN, Hand.OPEN),
    Pose.ARMS_SPREAD: (Hand.OPEN, Hand.OPEN),
    Pose.FALLING: (Hand.OPEN, Hand.OPEN),
    Pose.SHOUTING: (Hand.FIST, Hand.CUP),
    Pose.WHISPERING: (Hand.EASY, Hand.CUP),
    Pose.RECEIVING: (Hand.CUP, Hand.CUP),
    Pose.HANDING_OVER: (Hand.CUP, Hand.CUP),
    Pose.GRABBING: (Hand.OPEN, Hand.OPEN),
    Pose.PRAYING: (Hand.CUP, Hand.CUP),
    Pose.HOLDING: (Hand.FIST, Hand.FIST),
    Pose.CARRYING: (Hand.CUP, Hand.CUP),
    Pose.LIFTING: (Hand.FIST, Hand.FIST),
    Pose.DIGGING: (Hand.FIST, Hand.FIST),
    Pose.RIDING: (Hand.FIST, Hand.FIST),
    Pose.RUNNING: (Hand.FIST, Hand.FIST),
    Pose.HANDS_ON_HIPS: (Hand.FIST, Hand.FIST),
    Pose.PLAYING_DOMBRA: (Hand.CUP, Hand.FIST),
    Pose.SNEAKING: (Hand.CUP, Hand.CUP),
    Pose.PEEKING: (Hand.CUP, Hand.CUP),
    Pose.HAND_ON_CHIN: (Hand.EASY, Hand.POINT),
    Pose.EATING: (Hand.CUP, Hand.FIST),
    Pose.JUMPING: (Hand.OPEN, Hand.OPEN),
    Pose.EMBRACING: (Hand.CUP, Hand.CUP),
    Pose.SHAKING_HANDS: (Hand.EASY, Hand.CUP),
    Pose.FIGHTING: (Hand.FIST, Hand.FIST),
    Pose.DANCING: (Hand.CUP, Hand.CUP),
    Pose.CLIMBING: (Hand.FIST, Hand.FIST),
    Pose.FLYING: (Hand.OPEN, Hand.FIST),
    Pose.SWIMMING: (Hand.CUP, Hand.CUP),
    Pose.STEERING: (Hand.FIST, Hand.FIST),
    Pose.READING: (Hand.CUP, Hand.CUP),
    Pose.TYPING: (Hand.CUP, Hand.CUP),
    Pose.PHONING: (Hand.EASY, Hand.FIST),
    Pose.AIMING: (Hand.FIST, Hand.FIST),
    Pose.THROWING: (Hand.FIST, Hand.OPEN),
    Pose.PUSHING: (Hand.OPEN, Hand.OPEN),
    Pose.CRYING: (Hand.EASY, Hand.CUP),
}


def hand_of(pose: Pose, emotion: Emotion, left: bool, holds: bool) -> Hand:
    """What one hand does."""
    if holds:
        return Hand.FIST
    hand = _HANDS.get(pose, (Hand.EASY, Hand.EASY))[left]
    if hand is Hand.EASY and emotion in (Emotion.ANGRY,):
        return Hand.FIST
    if hand is Hand.EASY and emotion in (Emotion.SURPRISED, Emotion.AFRAID):
        return Hand.OPEN
    return hand


def draw_arm(
    canvas: Canvas,
    skeleton: Skeleton,
    look: Look,
    joints: tuple[int, int, int],
    hand: Hand,
    skin: str = SKIN,
    cloth: RGB | str | None = None,
    blend: np.ndarray | None = None,
) -> None:
    """Sleeve, cuff and hand.

    :param joints: shoulder, elbow, wrist.
    :param blend: a point of the chest; the robe goes over from it to the sleeve without a seam.
    """
    tall, girth = skeleton.body.height, 0.72 + 0.28 * skeleton.body.girth
    shoulder, elbow, wrist = (skeleton.joints[i, :2] for i in joints)
    unit = tall * girth
    end = wrist - (wrist - elbow) * 0.02
    upper = capsule(shoulder, 0.051 * unit, elbow, 0.047 * unit)
    fore = capsule(elbow, 0.047 * unit, end, 0.051 * unit)
    colour = cloth or look.colour
    canvas.cels((upper, fore), colour, smooth=False, shade=0.022 * unit)
    if blend is not None:
        inner = shoulder + (blend - shoulder) * 0.2
        canvas.fill(capsule(shoulder, 0.044 * unit, inner, 0.03 * unit), colour, smooth=False)
    draw_hand(canvas, wrist, wrist - elbow, tall * (0.9 + 0.1 * girth), hand, skin)
    _cuff(canvas, elbow, end, 0.053 * unit, look.trim)
    (ax, ay), (bx, by) = elbow - shoulder, wrist - elbow
    bend = abs(float(ax * by - ay * bx))
    if canvas.pixels * unit > 260 and bend > 0.02:
        inner = elbow + (shoulder + wrist - 2 * elbow) * 0.06
        canvas.stroke((inner, inner + (shoulder - elbow) * 0.2), 0.8)


def _cuff(canvas: Canvas, elbow: np.ndarray, end: np.ndarray, half: float, trim: str) -> None:
    length = float(np.hypot(*(end - elbow))) + 1e-6
    along = (end - elbow) / length
    across = np.array((-along[1], along[0])) * half
    tip = end + along * min(half * 0.55, length * 0.5)
    back = tip - along * min(0.6 * half, length * 0.6)
    canvas.cel(
        (
            back + across * 0.98,
            back + across * 0.98,
            tip + across * 1.06,
            tip + across * 1.06,
            tip - across * 1.06,
            tip - across * 1.06,
            back - across * 0.98,
            back - across * 0.98,
        ),
        trim,
        line=0.8,
    )


def draw_hand(
    canvas: Canvas, wrist: np.ndarray, along: np.ndarray, tall: float, hand: Hand, skin: str
) -> None:
    """A hand that goes on from the wrist in the direction ``along``."""
    angle = math.atan2(along[1], along[0])
    size = tall * 0.085
    cos, sin = math.cos(angle) * size, math.sin(angle) * size
    frame = Affine(cos, -sin, float(wrist[0]), sin, cos, float(wrist[1]))
    with canvas.local(frame):
        if canvas.pixels < 9:
            canvas.cel(ring(0.5, 0, 0.5, 0.4, count=8), skin, line=0.8)
            return
        _SHAPES[hand](canvas, skin)


def _fingers(
    canvas: Canvas,
    skin: str,
    tips: Points,
    thumb: tuple[float, float],
    thick: float = 0.13,
) -> None:
    palm = ring(0.36, 0, 0.44, 0.37, count=10)
    roots = np.linspace(0.27, -0.27, len(tips))
    shapes = [palm] + [
        capsule((0.5, float(root)), thick, tip, thick * 0.85) for root, tip in zip(roots, tips)
    ]
    shapes.append(capsule((0.22, 0.25), 0.14, thumb, 0.11))
    canvas.cels(shapes, skin, smooth=False, line=0.8)
    if canvas.pixels > 26:
        for a, b in pairwise(roots.tolist()):
            y = (a + b) / 2
            canvas.stroke(((0.62, y), (0.86, y * 1.15)), 0.5, "#a5694c")


def _open(canvas: Canvas, skin: str) -> None:
    _fingers(canvas, skin, path("1.16,.5 1.32,.18 1.3,-.16 1.1,-.46"), (0.58, 0.7))


def _easy(canvas: Canvas, skin: str) -> None:
    _fingers(canvas, skin, path("1.05,.2 1.14,.07 1.1,-.07 .98,-.2"), (0.72, 0.42))


def _cup(canvas: Canvas, skin: str) -> None:
    _fingers(canvas, skin, path("1.02,.34 1.12,.2 1.08,.04 .95,-.1"), (0.6, 0.6))


def _fist(canvas: Canvas, skin: str) -> None:
    canvas.cels(
        (ring(0.46, 0, 0.48, 0.42, count=10), capsule((0.35, 0.28), 0.15, (0.72, 0.2), 0.13)),
        skin,
        smooth=False,
        line=0.8,
    )
    if canvas.pixels > 18:
        for y in (-0.18, 0.0, 0.16):
            canvas.stroke(((0.66, y), (0.9, y * 0.9)), 0.55, "#8a4f35")


def _point(canvas: Canvas, skin: str) -> None:
    """The forefinger, at the edge of the hand beside a thumb held out; three fingers curled."""
    canvas.cels(
        (
            ring(0.36, -0.04, 0.4, 0.38, count=10),
            capsule((0.5, 0.26), 0.13, (1.38, 0.36), 0.1),
            capsule((0.2, 0.24), 0.14, (0.5, 0.74), 0.11),
            *(
                ring(x, y, 0.17, 0.14, count=8)
                for x, y in ((0.72, 0.06), (0.7, -0.16), (0.6, -0.34))
            ),
        ),
        skin,
        smooth=False,
        line=0.8,
    )
    if canvas.pixels > 18:
        for y in (-0.05, -0.25):
            canvas.stroke(((0.56, y), (0.84, y)), 0.55, "#8a4f35")


_SHAPES = {Hand.EASY: _easy, Hand.OPEN: _open, Hand.FIST: _fist, Hand.POINT: _point, Hand.CUP: _cup}


def draw_leg(
    canvas: Canvas,
    skeleton: Skeleton,
    joints: tuple[int, int, int],
    trousers: RGB | str,
    right: bool,
) -> None:
    """Trousers and boot. ``joints``: hip, knee, ankle."""
    unit = skeleton.body.height * (0.75 + 0.25 * skeleton.body.girth)
    hip, knee, ankle = (skeleton.joints[i] for i in joints)
    canvas.cels(
        (
            capsule(hip[:2], 0.07 * unit, knee[:2], 0.05 * unit),
            capsule(knee[:2], 0.05 * unit, ankle[:2], 0.036 * unit),
        ),
        trousers,
        smooth=False,
        shade=0.015 * unit,
    )
    draw_boot(canvas, skeleton, knee, ankle, right)


def draw_boot(
    canvas: Canvas, skeleton: Skeleton, knee: np.ndarray, ankle: np.ndarray, right: bool
) -> None:
    """A soft high boot with a slightly turned-up toe."""
    tall = skeleton.body.height
    unit = tall * (0.75 + 0.25 * skeleton.body.girth)
    shin = ankle - knee
    shin = shin / (np.sqrt(shin @ shin) + 1e-6)
    turn = math.radians(skeleton.yaw + (-16 if right else 16))
    ahead = np.array((math.sin(turn), 0.0, math.cos(turn)))
    ahead = ahead - shin * float(ahead @ shin)
    size = float(np.sqrt(ahead @ ahead))
    ahead = shin if size < 0.45 else ahead / size
    toe3 = ahead + shin * 0.12
    toe = np.array((toe3[0], toe3[1] - 0.3 * max(0.0, toe3[2]))) * 0.115 * tall
    top, foot = (knee + (ankle - knee) * 0.42)[:2], ankle[:2]
    down = shin[:2] * 0.022 * tall
    heel = foot + down - toe * 0.22
    ball = foot + down * 1.1 + toe
    shaft = capsule(top, 0.05 * unit, foot, 0.037 * unit)
    sole = hull(
        np.concatenate(
            (
                disc(heel, 0.026 * tall, count=8),
                disc(ball, 0.02 * tall, count=8),
                disc(foot, 0.035 * unit, count=8),
            )
        )
    )
    canvas.cels((shaft, sole), BOOT, smooth=False, shade=0.012 * unit)
    along = (foot - top) / (np.hypot(*(foot - top)) + 1e-6)
    side = np.array((-along[1], along[0])) * 0.05 * unit
    canvas.stroke((top + side, top - side), 0.014 * tall, "#c99a4a", unit=True, taper=(1, 1))
