"""Arms, hands, legs and boots along the bones of a skeleton, in the figure's frame (metres)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import numpy as np

from ...story import Emotion, Pose
from ..blocking.curves import Affine, Points, capsule, disc, hull, path, ring
from ..blocking.skeleton import Skeleton
from .ink import RGB, Canvas, mix, rgb
from .palette import BOOT


class Hand(Enum):
    """What a hand does."""

    EASY = "easy"
    OPEN = "open"
    FIST = "fist"
    POINT = "point"
    CUP = "cup"


class Foot(Enum):
    """What a foot wears."""

    BOOT = "boot"
    SHOE = "shoe"
    SNEAKER = "sneaker"
    HEAVY = "heavy"
    PLATE = "plate"


@dataclass(frozen=True)
class Shoe:
    """Footwear and its colour."""

    foot: Foot
    tone: RGB | str


@dataclass(frozen=True)
class Sleeve:
    """What covers an arm."""

    cloth: RGB | str
    hand: RGB | str
    """Skin, or a glove."""
    forearm: RGB | str | None = None
    """Bare below the elbow, in this colour."""
    cuff: RGB | str | None = None
    deep: float = 1.0
    """Of the cuff, along the arm."""
    loose: float = 1.0


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
    joints: tuple[int, int, int],
    hand: Hand,
    sleeve: Sleeve,
    blend: np.ndarray | None = None,
) -> None:
    """Sleeve, cuff and hand.

    :param joints: shoulder, elbow, wrist.
    :param blend: a point of the chest; the robe goes over from it to the sleeve without a seam.
    """
    tall, girth = skeleton.body.height, 0.72 + 0.28 * skeleton.body.girth
    shoulder, elbow, wrist = (skeleton.joints[i, :2] for i in joints)
    unit = tall * girth
    wide = unit * sleeve.loose
    end = wrist - (wrist - elbow) * 0.02
    upper = capsule(shoulder, 0.051 * wide, elbow, 0.047 * wide)
    colour, shade = sleeve.cloth, 0.022 * unit
    if sleeve.forearm:
        # the sleeve ends a little above the elbow; the bare arm comes out of it
        half = elbow + (shoulder - elbow) * 0.12
        bare = (
            capsule(half, 0.036 * unit, elbow, 0.036 * unit),
            capsule(elbow, 0.036 * unit, end, 0.029 * unit),
        )
        canvas.cels(bare, sleeve.forearm, smooth=False, shade=0.016 * unit)
        canvas.cel(
            capsule(shoulder, 0.05 * wide, half, 0.046 * wide), colour, smooth=False, shade=shade
        )
    else:
        fore = capsule(elbow, 0.047 * wide, end, (0.051 if sleeve.loose >= 1 else 0.046) * wide)
        canvas.cels((upper, fore), colour, smooth=False, shade=shade)
    if blend is not None:
        inner = shoulder + (blend - shoulder) * 0.2
        canvas.patch(capsule(shoulder, 0.044 * wide, inner, 0.03 * wide), colour, smooth=False)
    draw_hand(canvas, wrist, wrist - elbow, tall * (0.9 + 0.1 * girth), hand, sleeve.hand)
    if sleeve.cuff and not sleeve.forearm:
        _cuff(canvas, elbow, end, 0.053 * wide, sleeve.cuff, sleeve.deep)
    (ax, ay), (bx, by) = elbow - shoulder, wrist - elbow
    bend = abs(float(ax * by - ay * bx))
    if canvas.pixels * unit > 260 and bend > 0.02 and not sleeve.forearm:
        inner = elbow + (shoulder + wrist - 2 * elbow) * 0.06
        canvas.stroke((inner, inner + (shoulder - elbow) * 0.2), 0.8)


def _cuff(
    canvas: Canvas,
    elbow: np.ndarray,
    end: np.ndarray,
    half: float,
    trim: RGB | str,
    deep: float,
) -> None:
    length = float(np.hypot(*(end - elbow))) + 1e-6
    along = (end - elbow) / length
    across = np.array((-along[1], along[0])) * half
    tip = end + along * min(half * 0.55 * deep, length * 0.5)
    back = tip - along * min(0.6 * half * deep, length * 0.6)
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
    canvas: Canvas, wrist: np.ndarray, along: np.ndarray, tall: float, hand: Hand, skin: RGB | str
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
    skin: RGB | str,
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


def _open(canvas: Canvas, skin: RGB | str) -> None:
    _fingers(canvas, skin, path("1.16,.5 1.32,.18 1.3,-.16 1.1,-.46"), (0.58, 0.7))


def _easy(canvas: Canvas, skin: RGB | str) -> None:
    _fingers(canvas, skin, path("1.05,.2 1.14,.07 1.1,-.07 .98,-.2"), (0.72, 0.42))


def _cup(canvas: Canvas, skin: RGB | str) -> None:
    _fingers(canvas, skin, path("1.02,.34 1.12,.2 1.08,.04 .95,-.1"), (0.6, 0.6))


def _fist(canvas: Canvas, skin: RGB | str) -> None:
    canvas.cels(
        (ring(0.46, 0, 0.48, 0.42, count=10), capsule((0.35, 0.28), 0.15, (0.72, 0.2), 0.13)),
        skin,
        smooth=False,
        line=0.8,
    )
    if canvas.pixels > 18:
        for y in (-0.18, 0.0, 0.16):
            canvas.stroke(((0.66, y), (0.9, y * 0.9)), 0.55, "#8a4f35")


def _point(canvas: Canvas, skin: RGB | str) -> None:
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
    shoe: Shoe | None = None,
    wide: float = 1.0,
    seat: np.ndarray | None = None,
) -> None:
    """Trousers and boot. ``joints``: hip, knee, ankle.

    :param wide: width of the leg's cloth.
    :param seat: outline of the trousers around the hips, drawn as one with the leg.
    """
    shoe = shoe or Shoe(Foot.BOOT, BOOT)
    unit = skeleton.body.height * (0.75 + 0.25 * skeleton.body.girth)
    hip, knee, ankle = (skeleton.joints[i] for i in joints)
    hem = 0.036 if shoe.foot is Foot.BOOT or wide < 0.9 else 0.044
    end = ankle[:2]
    if shoe.foot is Foot.HEAVY:  # the boot's shaft ends in its foot, above the sole
        end = end - (ankle - knee)[:2] / (np.hypot(*(ankle - knee)[:2]) + 1e-6) * 0.022 * unit
    shapes = [
        capsule(hip[:2], 0.07 * unit * min(wide, 1.1), knee[:2], 0.05 * unit * wide),
        capsule(knee[:2], 0.05 * unit * wide, end, hem * unit * wide),
    ]
    if shoe.foot is not Foot.BOOT:
        draw_foot(canvas, skeleton, knee, ankle, right, shoe)
    canvas.cels(
        shapes if seat is None else [seat, *shapes], trousers, smooth=False, shade=0.015 * unit
    )
    if shoe.foot is Foot.BOOT:
        draw_boot(canvas, skeleton, knee, ankle, right, shoe.tone)
    elif shoe.foot is Foot.PLATE:
        for at, r in ((knee[:2], 0.052), ((knee + (ankle - knee) * 0.55)[:2], 0.0)):
            if r:
                canvas.cel(disc(at, r * unit, r * unit), trousers, shade=0.012 * unit)
        canvas.stroke((knee[:2], ankle[:2]), 0.7)
    elif shoe.foot is Foot.HEAVY:
        along = (ankle - knee)[:2] / (np.hypot(*(ankle - knee)[:2]) + 1e-6)
        side = np.array((-along[1], along[0])) * 0.05 * unit * wide
        top = ankle[:2] - along * 0.04 * unit
        canvas.cel(
            capsule(top, 0.05 * unit * wide, end, 0.042 * unit * wide),
            shoe.tone,
            smooth=False,
            shade=0.012 * unit,
        )
        canvas.stroke((top + side, top - side), 1.0)


def _foot(
    skeleton: Skeleton, knee: np.ndarray, ankle: np.ndarray, right: bool, reach: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(middle of the ankle, from the heel to the toe, towards the sole) on the picture, metres."""
    tall = skeleton.body.height
    shin = ankle - knee
    shin = shin / (np.sqrt(shin @ shin) + 1e-6)
    turn = math.radians(skeleton.yaw + (-16 if right else 16))
    ahead = np.array((math.sin(turn), 0.0, math.cos(turn)))
    ahead = ahead - shin * float(ahead @ shin)
    size = float(np.sqrt(ahead @ ahead))
    ahead = shin if size < 0.45 else ahead / size
    toe3 = ahead + shin * 0.12
    toe = np.array((toe3[0], toe3[1] - 0.3 * max(0.0, toe3[2]))) * reach * tall
    return ankle[:2], toe, shin[:2] * 0.022 * tall


def draw_foot(
    canvas: Canvas,
    skeleton: Skeleton,
    knee: np.ndarray,
    ankle: np.ndarray,
    right: bool,
    shoe: Shoe,
) -> None:
    """A low shoe, a sneaker with its pale sole, a heavy boot's foot, or a knight's."""
    tall = skeleton.body.height
    unit = tall * (0.75 + 0.25 * skeleton.body.girth)
    heavy = shoe.foot is Foot.HEAVY
    foot, toe, down = _foot(skeleton, knee, ankle, right, 0.118 if heavy else 0.104)
    thick = 1.3 if heavy else 1.0
    heel, ball = foot + down - toe * 0.26, foot + down * 1.1 + toe
    sole = hull(
        np.concatenate(
            (
                disc(heel, 0.028 * tall * thick, count=8),
                disc(ball, 0.023 * tall * thick, count=8),
                disc(foot + toe * 0.1, 0.036 * unit * thick**0.5, count=8),
            )
        )
    )
    canvas.cel(sole, shoe.tone, smooth=False, shade=0.012 * unit)
    side = abs(float(toe[0])) > 0.03 * tall
    if shoe.foot is Foot.SNEAKER and side:
        low = np.array((0.0, -0.014 * tall))
        canvas.stroke((heel + low, ball + low), 0.02 * tall, "#f3efe4", unit=True, taper=(0.8, 0.8))
    elif shoe.foot is Foot.PLATE and side:
        for t in (0.35, 0.65):
            at = foot + down + toe * t
            canvas.stroke((at + (0, 0.022 * tall), at - (0, 0.018 * tall)), 0.7)


def draw_boot(
    canvas: Canvas,
    skeleton: Skeleton,
    knee: np.ndarray,
    ankle: np.ndarray,
    right: bool,
    tone: RGB | str = BOOT,
) -> None:
    """A soft high boot with a slightly turned-up toe."""
    tall = skeleton.body.height
    unit = tall * (0.75 + 0.25 * skeleton.body.girth)
    foot, toe, down = _foot(skeleton, knee, ankle, right, 0.115)
    top = (knee + (ankle - knee) * 0.42)[:2]
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
    canvas.cels((shaft, sole), tone, smooth=False, shade=0.012 * unit)
    along = (foot - top) / (np.hypot(*(foot - top)) + 1e-6)
    side = np.array((-along[1], along[0])) * 0.05 * unit
    rim = (
        "#c99a4a"
        if tone == BOOT
        else mix(rgb(tone) if isinstance(tone, str) else tone, (150, 140, 130), 0.4)
    )
    canvas.stroke((top + side, top - side), 0.014 * tall, rim, unit=True, taper=(1, 1))
