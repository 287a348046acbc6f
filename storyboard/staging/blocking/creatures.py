"""Creatures: animals as characters, on their own legs, from one parametric anatomy.

An :class:`Anatomy` gives a species its measures, a :class:`Gait` is what its body does, and
:func:`pose_creature` makes of both a :class:`Creature`: a skeleton like a person's for camera,
boxes and hands (the mouth is its hand), of which no human keypoint is visible, and a
:class:`Stance` that the drawing puts fur on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np

from ...story import IN_THE_SKY, Emotion, Facing, Kind, Look, Pose, PropItem, PropKind
from .measures import measure
from .poses import (
    FACINGS,
    L_ANKLE,
    L_KNEE,
    MOODS,
    NECK,
    R_ANKLE,
    R_KNEE,
    Limb,
    Physique,
    PoseSpec,
)
from .skeleton import Skeleton, pose_body


class Gait(Enum):
    """What the body of an animal does."""

    STAND = "stand"
    WALK = "walk"
    RUN = "run"
    SIT = "sit"
    LIE = "lie"
    SLEEP = "sleep"
    CROUCH = "crouch"
    PAW = "paw"
    """Stands with one forefoot raised."""


GAITS: dict[Pose, Gait] = {
    Pose.WALKING: Gait.WALK,
    Pose.CARRYING: Gait.WALK,
    Pose.RUNNING: Gait.RUN,
    Pose.FALLING: Gait.RUN,
    Pose.GRABBING: Gait.RUN,
    Pose.SITTING: Gait.SIT,
    Pose.SITTING_CROSS_LEGGED: Gait.SIT,
    Pose.KNEELING: Gait.LIE,
    Pose.PRAYING: Gait.LIE,
    Pose.RIDING: Gait.SIT,
    Pose.PLAYING_DOMBRA: Gait.SIT,
    Pose.EATING: Gait.CROUCH,
    Pose.DIGGING: Gait.CROUCH,
    Pose.BOWING: Gait.CROUCH,
    Pose.CROUCHING: Gait.CROUCH,
    Pose.SNEAKING: Gait.CROUCH,
    Pose.PEEKING: Gait.CROUCH,
    Pose.HEAD_IN_HANDS: Gait.LIE,
    Pose.SLEEPING: Gait.SLEEP,
    Pose.POINTING: Gait.PAW,
    Pose.WAVING: Gait.PAW,
    Pose.BECKONING: Gait.PAW,
    Pose.ARMS_RAISED: Gait.PAW,
    Pose.HANDING_OVER: Gait.PAW,
    Pose.RECEIVING: Gait.SIT,
    Pose.HAND_ON_CHIN: Gait.SIT,
    Pose.HAND_ON_CHEST: Gait.SIT,
    Pose.ARMS_CROSSED: Gait.SIT,
    Pose.HANDS_ON_HIPS: Gait.SIT,
    Pose.JUMPING: Gait.RUN,
    Pose.FIGHTING: Gait.PAW,
    Pose.SHAKING_HANDS: Gait.PAW,
    Pose.FLYING: Gait.RUN,
    Pose.SWIMMING: Gait.RUN,
    Pose.CLIMBING: Gait.WALK,
    Pose.PUSHING: Gait.WALK,
    Pose.DANCING: Gait.PAW,
    Pose.STEERING: Gait.SIT,
    Pose.READING: Gait.SIT,
    Pose.TYPING: Gait.SIT,
    Pose.PHONING: Gait.SIT,
    Pose.LYING: Gait.LIE,
    Pose.CRYING: Gait.LIE,
}
"""The gait of a human pose; the others stand."""


class Body(Enum):
    """How a species is built."""

    BEAST = "beast"
    BIRD = "bird"
    FISH = "fish"


@dataclass(frozen=True)
class Anatomy:
    """Measures of a species, metres."""

    length: float
    """From the hips to the shoulders."""
    leg: float
    """Height of hips and shoulders over the ground."""
    chest: float
    """Radius."""
    rump: float
    """Radius."""
    neck: float
    rise: float
    """Of the neck over the level, degrees."""
    head: float
    """Chin to crown."""
    tail: float
    thick: float = 0.2
    """Width of a leg, shares of its length."""
    ears: float = 0.25
    """How far ears, horns, comb stand over the crown, head heights."""
    wide: float = 0.56
    """How far head and ears reach to either side, head heights."""
    muzzle: float = 0.5
    """How far the muzzle reaches from the middle of the head, head heights."""
    hang: float = 0.46
    """How far chin, beard or trunk are under the middle of the head, head heights."""
    wing: float = 0.0
    """How far wings stand over the shoulders, metres."""
    body: Body = Body.BEAST


ANATOMIES: dict[PropKind, Anatomy] = {
    PropKind.CAT: Anatomy(0.27, 0.19, 0.085, 0.09, 0.1, 52, 0.165, 0.3, ears=0.32),
    PropKind.DOG: Anatomy(0.46, 0.36, 0.14, 0.12, 0.17, 52, 0.24, 0.3, muzzle=0.62),
    PropKind.WOLF: Anatomy(0.55, 0.43, 0.18, 0.15, 0.19, 42, 0.28, 0.42, ears=0.36, muzzle=0.7),
    PropKind.FOX: Anatomy(0.4, 0.27, 0.105, 0.1, 0.12, 48, 0.21, 0.5, ears=0.42, muzzle=0.72),
    PropKind.LION: Anatomy(0.86, 0.62, 0.25, 0.22, 0.26, 44, 0.42, 0.85, ears=0.34, wide=0.78),
    PropKind.TIGER: Anatomy(0.88, 0.56, 0.24, 0.22, 0.24, 38, 0.4, 0.85),
    PropKind.BEAR: Anatomy(0.76, 0.58, 0.34, 0.36, 0.22, 28, 0.44, 0.1, thick=0.34, muzzle=0.6),
    PropKind.COW: Anatomy(1.0, 0.86, 0.34, 0.34, 0.34, 30, 0.46, 0.75, ears=0.34, wide=0.72),
    PropKind.PIG: Anatomy(0.56, 0.4, 0.26, 0.26, 0.08, 18, 0.36, 0.2, thick=0.24, muzzle=0.58),
    PropKind.GOAT: Anatomy(
        0.44, 0.47, 0.17, 0.16, 0.22, 58, 0.26, 0.14, ears=0.56, wide=0.66, hang=0.8
    ),
    PropKind.SHEEP: Anatomy(0.42, 0.42, 0.23, 0.24, 0.14, 42, 0.27, 0.12, ears=0.2, wide=0.66),
    PropKind.HORSE: Anatomy(1.1, 1.12, 0.33, 0.33, 0.62, 52, 0.56, 0.8, ears=0.32, thick=0.15),
    PropKind.DONKEY: Anatomy(0.76, 0.78, 0.24, 0.24, 0.38, 46, 0.43, 0.5, ears=0.62, thick=0.15),
    PropKind.CAMEL: Anatomy(1.05, 1.22, 0.38, 0.38, 0.78, 50, 0.44, 0.5, thick=0.15, ears=0.26),
    PropKind.ELEPHANT: Anatomy(
        1.35, 1.3, 0.72, 0.72, 0.42, 26, 0.95, 0.8, thick=0.3, wide=0.98, hang=1.16
    ),
    PropKind.MONKEY: Anatomy(0.24, 0.33, 0.11, 0.105, 0.08, 66, 0.25, 0.5, thick=0.17, wide=0.64),
    PropKind.RABBIT: Anatomy(0.13, 0.1, 0.075, 0.1, 0.05, 58, 0.15, 0.06, ears=0.82, thick=0.34),
    PropKind.MOUSE: Anatomy(0.055, 0.034, 0.03, 0.037, 0.014, 44, 0.062, 0.11, ears=0.4, wide=0.7),
    PropKind.DRAGON: Anatomy(
        1.45, 1.25, 0.5, 0.5, 0.95, 56, 0.66, 2.0, ears=0.42, wide=0.7, muzzle=0.78, wing=1.75
    ),
    PropKind.BIRD: Anatomy(0.14, 0.12, 0.1, 0.08, 0.06, 70, 0.15, 0.18, ears=0.2, body=Body.BIRD),
    PropKind.FISH: Anatomy(0.22, 0.0, 0.1, 0.05, 0.0, 0, 0.17, 0.14, ears=0.22, body=Body.FISH),
}

_HOOFED = (
    PropKind.COW,
    PropKind.GOAT,
    PropKind.SHEEP,
    PropKind.HORSE,
    PropKind.DONKEY,
    PropKind.CAMEL,
)
"""These do not sit, they lie with the head up."""
LEAST, MOST = 0.4, 2.6
"""Heights between which an animal that acts is drawn, metres: a mouse must be seen beside a man."""
_HEADS = 0.24
"""Share of the height that shot sizes go by that the head takes: closer than on people, whose head
is smaller."""


@dataclass(frozen=True)
class Stance:
    """Where the parts of an animal are, seen from the side, metres; it looks to the right."""

    hip: np.ndarray
    shoulder: np.ndarray
    head: np.ndarray
    legs: tuple[np.ndarray, ...]
    """Far hind, far fore, near hind, near fore: each from the trunk to the foot."""
    tail: np.ndarray
    gait: Gait


@dataclass(frozen=True)
class Creature(Skeleton):
    """A posed animal; its hands are its mouth."""

    anatomy: Anatomy = field(kw_only=True)
    stance: Stance = field(kw_only=True)
    grow: float = field(kw_only=True)
    """How much larger than its anatomy it is."""
    raise_: float = field(default=0.0, kw_only=True)
    """How far over the ground it was raised, metres."""

    def raised(self, metres: float) -> Creature:
        up = (0.0, metres, 0.0)
        return replace(
            self, joints=self.joints + up, head=self.head + up, raise_=self.raise_ + metres
        )


def species_of(look: Look) -> PropKind:
    """The animal a look draws; a dog where it does not say."""
    return look.species if look.species and look.species in ANATOMIES else PropKind.DOG


def is_thing(look: Look) -> bool:
    """Whether a character is no animal that is drawn on its own legs, but a thing that acts."""
    known = look.species is None or look.species in ANATOMIES
    return look.kind is Kind.ANIMAL and not known


_TALL, _LONG = 0.85, 1.7
"""What a thing that acts measures at most, metres."""
_ALOFT = 0.9
"""How high over the ground things of the sky come, metres."""


def scale_of(kind: PropKind) -> float:
    """By how much a thing that acts is larger than the prop."""
    size = measure(PropItem(kind=kind))
    return min(_TALL / size.height, _LONG / size.width)


def pose_thing(emotion: Emotion, facing: Facing, look: Look) -> Creature:
    """A thing that acts: all of it is its head, so that no close shot cuts its face."""
    kind = look.species or PropKind.THING
    size, grow = measure(PropItem(kind=kind)), scale_of(kind)
    half, high = size.width * grow / 2, size.height * grow
    lift = _ALOFT if kind in IN_THE_SKY else 0.0
    creature = pose_creature(Pose.STANDING, emotion, facing, look)
    joints = np.zeros((18, 3))
    joints[:, 1] = high * 0.55
    joints[R_KNEE, :2], joints[L_KNEE, :2] = (-half, 0.0), (half, high)
    joints[R_ANKLE, :2], joints[L_ANKLE, :2] = (-half * 0.6, 0.0), (half * 0.6, 0.0)
    return replace(
        creature,
        joints=joints + (0.0, lift, 0.0),
        head=np.array((0.0, high * 0.55 + lift, 0.0)),
        head_size=max(high * 0.8, half * 0.9),
        spec=PoseSpec(lift=lift),
        raise_=lift,
    )


def pose_figure(
    pose: Pose,
    emotion: Emotion,
    facing: Facing,
    look: Look,
    pitch: float = 0.0,
    left_arm: Limb | None = None,
) -> Skeleton:
    """Anybody in a pose: an animal on its own legs, everybody else as a person."""
    if is_thing(look):
        return pose_thing(emotion, facing, look)
    if look.kind is Kind.ANIMAL:
        return pose_creature(pose, emotion, facing, look)
    return pose_body(pose, emotion, facing, look, pitch, left_arm)


def pose_creature(pose: Pose, emotion: Emotion, facing: Facing, look: Look) -> Creature:
    """An animal in the gait of a human pose, before it is mirrored for a facing to the left."""
    anatomy = ANATOMIES[species_of(look)]
    yaw, _ = FACINGS[facing]
    gait = GAITS.get(pose, Gait.STAND)
    if gait is Gait.SIT and species_of(look) in _HOOFED:
        gait = Gait.LIE
    upright = stand(anatomy, Gait.STAND, Emotion.NEUTRAL, 76)
    tall = max(float(upright.head[1]) + anatomy.head / 2, 2 * anatomy.chest)
    stance = stand(anatomy, gait, emotion, yaw)
    grow = max(LEAST, min(MOST, tall)) / tall
    lift = 0.0
    if anatomy.body is Body.FISH:
        lift = 0.5
    elif anatomy.body is Body.BIRD and gait is Gait.RUN:
        lift = 0.45

    spots = [stance.hip, stance.shoulder, stance.tail[-1], *(leg[-1] for leg in stance.legs)]
    under = anatomy.chest if anatomy.body is Body.FISH else 0.0
    low = np.min(spots, axis=0) - (0.5 * anatomy.rump, under)
    high = np.max(spots, axis=0) + (0.4 * anatomy.chest, max(anatomy.chest, anatomy.wing))
    feet = [leg[-1] for leg in stance.legs] or [stance.hip, stance.shoulder]
    muzzle = stance.head + anatomy.head * np.array(
        (anatomy.muzzle * math.sin(math.radians(min(yaw, 90))) * 0.8, -0.24)
    )
    joints = np.zeros((18, 3))
    joints[:, :2] = stance.head
    joints[NECK, :2] = stance.shoulder
    joints[[2, 5], :2] = stance.shoulder
    joints[[3, 4, 6, 7], :2] = muzzle
    joints[[8, 11], :2] = stance.hip
    joints[R_KNEE, :2], joints[L_KNEE, :2] = low, high
    joints[R_ANKLE, :2] = min(feet, key=lambda p: p[0])
    joints[L_ANKLE, :2] = max(feet, key=lambda p: p[0])
    joints = joints * grow + (0.0, lift, 0.0)
    head = np.array((*stance.head * grow, 0.0)) + (0.0, lift, 0.0)
    size = anatomy.head * grow
    _, nod, tilt, _ = MOODS[emotion]
    lying = gait is Gait.SLEEP
    return Creature(
        joints,
        np.zeros(18, dtype=bool),
        head,
        size,
        yaw,
        yaw,
        nod * 0.5,
        math.radians((tilt * 0.8 if not lying else 0.0) + nod * 0.5 * (20 < yaw < 100)),
        Physique(height=size / _HEADS, head=_HEADS, girth=0.6),
        PoseSpec(lift=lift),
        anatomy=anatomy,
        stance=stance,
        grow=grow,
        raise_=lift,
    )


def stand(anatomy: Anatomy, gait: Gait, emotion: Emotion, yaw: float) -> Stance:
    """Where everything is; turned to or from the viewer, the body is shorter."""
    short = 0.6 if yaw < 17 or yaw > 112 else 0.84 if yaw < 60 else 1.0
    if anatomy.body is Body.BIRD:
        return _bird(anatomy, gait, short)
    if anatomy.body is Body.FISH:
        return _fish(anatomy, short)
    long, leg, chest, rump = anatomy.length * short, anatomy.leg, anatomy.chest, anatomy.rump
    apart = anatomy.length * (0.3 if short < 0.7 else 0.2 if short < 1 else 0.14)
    hip, shoulder = np.array((-long / 2, leg)), np.array((long / 2, leg))
    rise = anatomy.rise + {Emotion.SAD: -16, Emotion.TIRED: -12, Emotion.AFRAID: -10}.get(
        emotion, 0
    )
    rise += 8 if emotion is Emotion.PROUD else 0
    if gait is Gait.SIT:
        hip = np.array((-long * 0.3, rump * 0.96))
        up = min(anatomy.length * 0.82, leg * 1.16 - float(hip[1]))
        ahead = math.sqrt(max(0.0, anatomy.length**2 - up * up)) * short
        shoulder = hip + (ahead * 0.8 + 0.04 * anatomy.length, up)
        rise += 14
    elif gait in (Gait.LIE, Gait.SLEEP):
        hip, shoulder = np.array((-long / 2, rump * 0.94)), np.array((long / 2, chest * 0.94))
    elif gait is Gait.CROUCH:
        hip = np.array((-long / 2, leg * 0.96))
        shoulder = np.array((long / 2, max(leg * 0.64, chest * 0.9)))
        rise -= 22
    elif gait is Gait.RUN:
        hip, shoulder = hip + (0, leg * 0.14), shoulder + (0, leg * 0.2)
        rise -= 12
    angle = math.radians(rise)
    root = shoulder + (chest * 0.4, chest * 0.42)
    head = root + np.array((math.cos(angle), math.sin(angle))) * anatomy.neck
    head = head + np.array((0.16, 0.2)) * anatomy.head
    if gait is Gait.SLEEP:
        head = np.array((float(shoulder[0]) + chest * 0.7 + anatomy.head * 0.3, 0.0))
    head[1] = max(float(head[1]), anatomy.head * anatomy.hang)
    if short < 0.7:  # towards the viewer the neck goes up, not ahead
        head[0] = float(shoulder[0]) + (float(head[0]) - float(shoulder[0])) * 0.42
    legs = _legs(anatomy, gait, hip, shoulder, apart)
    return Stance(hip, shoulder, head, legs, _tail(anatomy, gait, emotion, hip, short), gait)


def _tail(
    anatomy: Anatomy, gait: Gait, emotion: Emotion, hip: np.ndarray, short: float
) -> np.ndarray:
    """(4, 2) from the root to the tip; moods lift and drop it."""
    root = hip + (-anatomy.rump * 0.86, anatomy.rump * 0.3)
    up = {
        Emotion.HAPPY: 0.5,
        Emotion.LAUGHING: 0.5,
        Emotion.PROUD: 0.6,
        Emotion.CURIOUS: 0.4,
        Emotion.SAD: -0.5,
        Emotion.AFRAID: -0.7,
        Emotion.TIRED: -0.4,
    }.get(emotion, 0.0)
    out, size = 0.62 * short, anatomy.tail
    if gait in (Gait.SIT, Gait.LIE, Gait.SLEEP):
        root = hip + (-anatomy.rump * 0.8, -anatomy.rump * 0.5)
        floor = max(0.03 * size, 0.02)
        points = (
            root,
            root + (-0.35 * size * out, -0.02),
            (root[0] - 0.7 * size * out, floor),
            (root[0] - size * out, floor + 0.12 * size),
        )
    elif gait is Gait.RUN:
        points = (
            root,
            root + (-0.4 * size, 0.1 * size),
            root + (-0.7 * size, 0.16 * size),
            root + (-size, 0.1 * size),
        )
    else:
        points = (
            root,
            root + np.array((-0.34 * out, -0.06 + 0.2 * up)) * size,
            root + np.array((-0.56 * out, -0.3 + 0.6 * up)) * size,
            root + np.array((-0.74 * out, -0.56 + 1.1 * up)) * size,
        )
    points = np.array(points)
    points[:, 1] = np.maximum(points[:, 1], 0.02)
    return points


def _legs(
    anatomy: Anatomy, gait: Gait, hip: np.ndarray, shoulder: np.ndarray, apart: float
) -> tuple[np.ndarray, ...]:
    leg = anatomy.leg
    hx, hy = float(hip[0]), float(hip[1])
    sx, sy = float(shoulder[0]), float(shoulder[1])

    def hind(dx: float, swing: float, lift: float = 0.0) -> np.ndarray:
        return np.array(
            (
                (hx + dx, hy * 0.9),
                (hx + dx + 0.1 * leg + swing * 0.35, hy * 0.55),
                (hx + dx - 0.13 * leg + swing * 0.6, hy * 0.31 + lift * 0.5),
                (hx + dx - 0.05 * leg + swing, lift),
            )
        )

    def fore(dx: float, swing: float, lift: float = 0.0) -> np.ndarray:
        return np.array(
            (
                (sx + dx, sy * 0.9),
                (sx + dx + 0.03 * leg + swing * 0.5, sy * 0.47 + lift * 0.6),
                (sx + dx + swing, lift),
            )
        )

    s, low = 0.26 * leg if gait is Gait.WALK else 0.0, 0.08 * leg

    def folded(dx: float, knee: float, toe: float) -> np.ndarray:
        """A hind leg under somebody who sits or lies."""
        middle = hx + dx + 0.3 * leg, hy * knee
        return np.array(((hx + dx, hy), middle, (hx + dx, low), (hx + dx + toe * leg, low)))

    def gathered(dx: float, y: float) -> np.ndarray:
        """A forefoot thrown ahead in a leap."""
        middle = sx + dx + 0.48 * leg, sy * 0.74
        return np.array(((sx + dx, sy * 0.92), middle, (sx + dx + 0.82 * leg, y)))

    def pushed(dx: float, y: float) -> np.ndarray:
        """A hind foot stretched out behind."""
        knee, hock = (hx + dx - 0.3 * leg, hy * 0.66), (hx + dx - 0.52 * leg, hy * 0.52)
        return np.array(((hx + dx, hy * 0.92), knee, hock, (hx + dx - 0.86 * leg, y)))

    def laid(dx: float) -> np.ndarray:
        """A foreleg along the ground."""
        elbow, paw = (sx + dx + 0.1 * leg, low), (sx + dx + 0.66 * leg, low)
        return np.array(((sx + dx, sy * 0.6), elbow, paw))

    match gait:
        case Gait.SIT:
            far, near = fore(apart * 0.7, 0.02 * leg), fore(0.0, 0.04 * leg)
            return folded(apart, 0.8, 0.42), far, folded(0.0, 0.8, 0.42), near
        case Gait.LIE | Gait.SLEEP:
            return folded(apart, 0.62, 0.4), laid(apart), folded(0.0, 0.62, 0.4), laid(0.0)
        case Gait.RUN:
            far = pushed(apart, 0.2 * leg), gathered(apart, 0.42 * leg)
            return *far, pushed(0.0, 0.08 * leg), gathered(0.0, 0.26 * leg)
        case Gait.CROUCH:
            far, near = fore(apart, 0.34 * leg), fore(0.0, 0.28 * leg)
            return hind(apart, 0.0), far, hind(0.0, 0.0), near
    near = fore(0.0, s)
    if gait is Gait.PAW:
        near = np.array(((sx, sy * 0.9), (sx + 0.34 * leg, sy * 0.72), (sx + 0.5 * leg, sy * 0.98)))
    return (
        hind(apart, s, 0.0),
        fore(apart, -s, 0.06 * leg if s else 0.0),
        hind(0.0, -s),
        near,
    )


def _bird(anatomy: Anatomy, gait: Gait, short: float) -> Stance:
    leg = anatomy.leg if gait not in (Gait.LIE, Gait.SLEEP, Gait.SIT) else anatomy.leg * 0.25
    base = leg + anatomy.rump
    hip, shoulder = (
        np.array((-0.5 * anatomy.length * short, base)),
        np.array((0.4 * anatomy.length * short, base + 0.05)),
    )
    head = shoulder + (anatomy.chest * 0.42 * short, anatomy.chest + anatomy.head * 0.24)
    if gait is Gait.CROUCH:
        head = shoulder + (anatomy.chest * 1.1 * short, anatomy.chest * 0.35)
    tail = np.array((hip, hip + (-anatomy.tail * short, 0.02)))
    legs = (
        ()
        if leg < anatomy.leg
        else tuple(
            np.array(((x, base - anatomy.rump * 0.6), (x + 0.01, 0.0))) for x in (0.03, -0.02)
        )
    )
    return Stance(hip, shoulder, head, legs, tail, gait)


def _fish(anatomy: Anatomy, short: float) -> Stance:
    hip, head = (
        np.array((-anatomy.length * short * 0.5, 0.0)),
        np.array((anatomy.length * short * 0.42, 0.0)),
    )
    tail = np.array((hip, hip + (-anatomy.tail * short, 0.0)))
    return Stance(hip, head * 0.3, head, (), tail, Gait.STAND)
