"""The pose library: every :class:`~..story.Pose` as COCO-18 keypoints in a body-relative frame.

A pose is written as directions of bones, (out, up, forward) seen from the body: ``out`` points
away from the body's middle on either side, so one row serves both arms. Bones have fixed
lengths, the lowest part touches the ground, and the figure is then turned to its facing and
seen by the camera. Gestures that lead the eye use the left arm: turned to the right, the left
arm reaches ahead of the body and stays visible from every side.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...story import Build, Emotion, Facing, Kind, Look, Pose

NOSE, NECK, R_SHOULDER, R_ELBOW, R_WRIST, L_SHOULDER, L_ELBOW, L_WRIST = range(8)
R_HIP, R_KNEE, R_ANKLE, L_HIP, L_KNEE, L_ANKLE, R_EYE, L_EYE, R_EAR, L_EAR = range(8, 18)

MIRRORED = (0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16)
"""Index of the keypoint that each one becomes in a mirror."""

Vec = tuple[float, float, float]
Limb = tuple[Vec, Vec]

_HANG: Limb = ((0.3, -1, 0.02), (0.12, -1, 0.22))
_STAND: Limb = ((0.09, -1, 0.0), (0.05, -1, -0.02))
_STRIDE_A: Limb = ((0.02, -1, 0.5), (0.02, -1, 0.04))
_STRIDE_B: Limb = ((0.02, -1, -0.3), (0.02, -0.9, -0.55))
_CROSSED: Limb = ((0.95, -0.18, 0.6), (-1, -0.22, 0.22))
_KNEELING: Limb = ((0.18, -0.5, 0.9), (-0.06, -0.12, -1))
_FOLDED: Limb = ((0.28, -1, 0.28), (-0.95, 0.12, 0.4))
_ON_BELLY: Limb = ((0.5, -1, 0.08), (-0.8, -0.12, 0.5))


@dataclass(frozen=True)
class PoseSpec:
    """One row of the library."""

    right: Limb = _HANG
    left: Limb = _HANG
    leg_r: Limb = _STAND
    leg_l: Limb = _STAND
    spine: Vec = (0, 1, 0)
    head: Vec = (0, 0, 0)
    """Nod (down is positive), turn (to its left), tilt, in degrees."""
    yaw: float = 0
    """The pose reads only when turned at least this far from the viewer, degrees."""
    yaw_max: float = 180
    """The body turns no further than this to the side; the head still does."""
    lift: float = 0
    """Height of the lowest part over the ground, body heights."""
    shins_front: bool = False
    """Shins lie before the robe (sitting on the ground)."""
    seat: bool = False
    """Needs something to sit on."""


POSES: dict[Pose, PoseSpec] = {
    Pose.STANDING: PoseSpec(leg_l=((0.16, -1, 0.08), (0.1, -1, -0.05))),
    Pose.WALKING: PoseSpec(
        right=((0.16, -1, -0.42), (0.05, -0.9, 0.1)),
        left=((0.16, -1, 0.36), (0.05, -0.8, 0.55)),
        leg_r=_STRIDE_A,
        leg_l=_STRIDE_B,
        spine=(0, 1, 0.08),
        yaw=58,
    ),
    Pose.RUNNING: PoseSpec(
        right=((0.2, -0.8, -0.75), (0, -0.5, 0.9)),
        left=((0.2, -0.75, 0.6), (-0.1, 0.55, 0.85)),
        leg_r=((0, -0.72, 0.85), (0, -1, -0.1)),
        leg_l=((0, -1, -0.5), (0, -0.12, -1)),
        spine=(0, 1, 0.3),
        head=(-6, 0, 0),
        yaw=64,
        lift=0.02,
    ),
    Pose.SITTING: PoseSpec(
        right=((0.25, -1, 0.22), (-0.05, -0.42, 0.9)),
        left=((0.25, -1, 0.22), (-0.05, -0.42, 0.9)),
        leg_r=((0.3, -0.08, 1), (0.05, -1, 0.02)),
        leg_l=((0.3, -0.08, 1), (0.05, -1, 0.18)),
        yaw=32,
        seat=True,
    ),
    Pose.SITTING_CROSS_LEGGED: PoseSpec(
        yaw_max=58,
        right=((0.42, -1, 0.1), (0.25, -0.62, 0.7)),
        left=((0.42, -1, 0.1), (0.25, -0.62, 0.7)),
        leg_r=_CROSSED,
        leg_l=_CROSSED,
        shins_front=True,
    ),
    Pose.KNEELING: PoseSpec(
        right=((0.25, -1, 0.2), (-0.1, -0.75, 0.65)),
        left=((0.25, -1, 0.2), (-0.1, -0.75, 0.65)),
        leg_r=_KNEELING,
        leg_l=_KNEELING,
        yaw=30,
    ),
    Pose.RIDING: PoseSpec(
        right=((0.18, -1, 0.3), (-0.2, -0.1, 1)),
        left=((0.18, -1, 0.3), (-0.2, -0.02, 1)),
        leg_r=((0.5, -0.62, 0.75), (0.05, -1, -0.22)),
        leg_l=((0.5, -0.62, 0.75), (0.05, -1, -0.22)),
        spine=(0, 1, 0.04),
        yaw=38,
    ),
    Pose.BOWING: PoseSpec(
        right=((0.1, -0.9, 0.35), (-0.75, -0.15, -0.1)),
        left=((0.3, -1, -0.2), (0.2, -1, -0.35)),
        spine=(0, 0.62, 0.8),
        head=(8, 0, 0),
        yaw=48,
    ),
    Pose.POINTING: PoseSpec(
        left=((0.72, 0.02, 0.72), (0.68, 0.2, 0.72)),
        right=((0.62, -1, -0.05), (-0.7, -0.6, 0.25)),
        spine=(0.05, 1, 0.04),
        head=(0, 14, 0),
        yaw=12,
    ),
    Pose.HANDS_ON_HIPS: PoseSpec(
        yaw_max=58,
        right=((0.85, -1, -0.08), (-0.85, -0.55, 0.22)),
        left=((0.85, -1, -0.08), (-0.85, -0.55, 0.22)),
        leg_r=((0.16, -1, 0), (0.1, -1, 0)),
        leg_l=((0.16, -1, 0), (0.1, -1, 0)),
        spine=(0, 1, -0.03),
    ),
    Pose.ARMS_CROSSED: PoseSpec(
        yaw_max=60,
        right=_FOLDED,
        left=((0.28, -1, 0.28), (-0.95, 0.28, 0.45)),
        spine=(0, 1, -0.04),
        leg_r=((0.14, -1, 0), (0.1, -1, 0)),
        leg_l=((0.14, -1, 0), (0.1, -1, 0)),
    ),
    Pose.ARMS_RAISED: PoseSpec(
        yaw_max=48,
        right=((0.75, 0.75, 0.1), (0.2, 1, 0.12)),
        left=((0.75, 0.75, 0.1), (0.2, 1, 0.12)),
        leg_l=((0.16, -1, 0.06), (0.1, -1, -0.04)),
        head=(-10, 0, 0),
        spine=(0, 1, -0.04),
    ),
    Pose.ARMS_SPREAD: PoseSpec(
        yaw_max=44,
        right=((1, -0.22, 0.12), (1, 0.42, 0.2)),
        left=((1, -0.22, 0.12), (1, 0.42, 0.2)),
        leg_l=((0.16, -1, 0.06), (0.1, -1, -0.04)),
        head=(-4, 0, 5),
    ),
    Pose.HAND_ON_CHIN: PoseSpec(
        left=((0.3, -0.95, 0.45), (-0.62, 0.9, 0.3)),
        right=((0.3, -1, 0.24), (-0.95, 0.04, 0.45)),
        head=(4, 0, 6),
    ),
    Pose.HAND_ON_CHEST: PoseSpec(right=((0.5, -1, 0.12), (-0.85, 0.36, 0.4)), head=(3, 0, -4)),
    Pose.HEAD_IN_HANDS: PoseSpec(
        yaw_max=44,
        right=((0.62, -0.42, 0.62), (-0.4, 1, -0.1)),
        left=((0.62, -0.42, 0.62), (-0.4, 1, -0.1)),
        spine=(0, 1, 0.16),
        head=(16, 0, 0),
    ),
    Pose.HANDING_OVER: PoseSpec(
        left=((0.3, -0.45, 0.85), (0.12, 0.06, 1)),
        right=((0.2, -0.75, 0.6), (-0.1, 0.02, 1)),
        spine=(0, 1, 0.14),
        yaw=42,
        leg_l=((0.02, -1, 0.22), (0.02, -1, -0.1)),
    ),
    Pose.RECEIVING: PoseSpec(
        left=((0.3, -0.75, 0.6), (0.1, 0.16, 1)),
        right=((0.25, -0.85, 0.5), (-0.05, 0.12, 1)),
        spine=(0, 1, 0.08),
        yaw=42,
    ),
    Pose.GRABBING: PoseSpec(
        left=((0.35, -0.1, 1), (0.1, 0.08, 1)),
        right=((0.3, -0.3, 1), (0, 0.14, 1)),
        spine=(0, 1, 0.34),
        yaw=42,
        leg_r=_STRIDE_B,
        leg_l=((0.05, -1, 0.5), (0.02, -1, -0.05)),
    ),
    Pose.HOLDING: PoseSpec(
        yaw_max=62,
        right=((0.36, -1, 0.12), (-0.42, 0.22, 0.8)),
        left=((0.36, -1, 0.12), (-0.42, 0.22, 0.8)),
    ),
    Pose.LIFTING: PoseSpec(
        yaw_max=48,
        right=((0.6, 0.85, 0.15), (-0.12, 1, 0.12)),
        left=((0.6, 0.85, 0.15), (-0.12, 1, 0.12)),
        leg_r=((0.2, -1, 0.1), (0.1, -1, -0.1)),
        leg_l=((0.2, -1, 0.1), (0.1, -1, -0.1)),
        head=(-10, 0, 0),
    ),
    Pose.CARRYING: PoseSpec(
        right=((0.26, -0.95, 0.34), (-0.12, 0.12, 1)),
        left=((0.26, -0.95, 0.34), (-0.12, 0.12, 1)),
        leg_r=((0.02, -1, 0.28), (0.02, -1, -0.02)),
        leg_l=((0.02, -1, -0.18), (0.02, -0.95, -0.36)),
        spine=(0, 1, -0.12),
        yaw=30,
    ),
    Pose.DIGGING: PoseSpec(
        right=((0.35, -0.75, 0.1), (-0.2, 0.05, 1)),
        left=((0.25, -0.95, 0.5), (-0.1, -0.85, 0.5)),
        leg_r=((0.08, -1, -0.15), (0.04, -1, -0.3)),
        leg_l=((0.08, -0.9, 0.55), (0.04, -1, -0.12)),
        spine=(0, 0.85, 0.55),
        head=(6, 0, 0),
        yaw=45,
    ),
    Pose.LAUGHING: PoseSpec(
        yaw_max=56,
        right=_ON_BELLY,
        left=_ON_BELLY,
        spine=(0.04, 1, -0.16),
        head=(-14, 0, 6),
        leg_r=((0.16, -1, 0.1), (0.1, -1, -0.1)),
        leg_l=((0.16, -1, 0.1), (0.1, -1, -0.1)),
    ),
    Pose.SHOUTING: PoseSpec(
        left=((0.75, -0.5, 0.5), (-0.62, 0.95, 0.4)),
        right=((0.4, -1, -0.2), (0.25, -0.9, 0.1)),
        spine=(0, 1, 0.1),
        head=(-8, 8, 0),
        yaw=20,
        leg_l=((0.1, -1, 0.26), (0.05, -1, -0.1)),
    ),
    Pose.WHISPERING: PoseSpec(
        left=((0.62, -0.55, 0.6), (-0.42, 1, 0.35)), spine=(0.1, 1, 0.16), head=(4, 10, 6), yaw=30
    ),
    Pose.SNEAKING: PoseSpec(
        right=((0.2, -0.72, 0.5), (-0.1, 0.5, 0.8)),
        left=((0.3, -0.45, 0.85), (0.1, 0.42, 0.85)),
        leg_r=((0.05, -0.62, 0.85), (0.02, -1, -0.16)),
        leg_l=((0.05, -1, 0.05), (0.02, -0.72, -0.72)),
        spine=(0, 0.84, 0.5),
        head=(-10, 0, 0),
        yaw=48,
    ),
    Pose.CROUCHING: PoseSpec(
        right=((0.3, -0.85, 0.5), (-0.2, -0.15, 0.9)),
        left=((0.3, -0.85, 0.5), (-0.2, -0.1, 0.9)),
        leg_r=((0.4, 0.05, 0.95), (-0.06, -1, -0.42)),
        leg_l=((0.4, 0.15, 0.95), (-0.06, -1, -0.3)),
        spine=(0, 0.9, 0.42),
        head=(-8, 0, 0),
        yaw=36,
    ),
    Pose.PRAYING: PoseSpec(
        yaw_max=58,
        right=((0.24, -1, 0.14), (-0.24, 0.75, 0.55)),
        left=((0.24, -1, 0.14), (-0.24, 0.75, 0.55)),
        leg_r=_KNEELING,
        leg_l=_KNEELING,
        head=(8, 0, 0),
        yaw=24,
    ),
    Pose.PLAYING_DOMBRA: PoseSpec(
        yaw_max=44,
        right=((0.5, -1, 0.05), (-0.75, 0.04, 0.6)),
        left=((0.75, -0.75, 0.25), (-0.1, 0.72, 0.55)),
        leg_r=_CROSSED,
        leg_l=_CROSSED,
        head=(4, 0, 8),
        shins_front=True,
    ),
    Pose.SLEEPING: PoseSpec(
        right=((0.15, 0.1, 0.9), (-0.3, 0.5, 0.4)),
        left=((0.2, 0.2, -0.6), (0.2, 0.3, -0.9)),
        leg_r=((0.1, 0.3, 1), (0, -0.38, 1)),
        leg_l=((0.1, 0.06, 1), (0, -0.05, 1)),
        spine=(0, 0.12, -1),
        head=(-6, -28, 0),
        yaw=72,
    ),
    Pose.FALLING: PoseSpec(
        right=((0.6, 0.55, -0.3), (0.3, 0.9, 0.2)),
        left=((0.55, 0.5, 0.55), (0.2, 0.8, 0.7)),
        leg_r=((0.2, -0.3, 1), (0.05, 0.25, 1)),
        leg_l=((0.25, 0.25, 1), (0.05, -0.75, 0.75)),
        spine=(0, 0.72, -0.75),
        head=(10, 0, 0),
        yaw=58,
        lift=0.16,
    ),
    Pose.WAVING: PoseSpec(
        yaw_max=56,
        left=((0.85, 0.42, 0.1), (0.1, 1, 0.12)),
        head=(-3, 0, 5),
        leg_l=((0.16, -1, 0.06), (0.1, -1, -0.04)),
    ),
    Pose.BECKONING: PoseSpec(
        left=((0.6, -0.5, 0.7), (-0.04, 0.9, 0.5)), spine=(0.04, 1, 0.08), head=(0, 6, 6), yaw=18
    ),
    Pose.PEEKING: PoseSpec(
        left=((0.5, -0.8, 0.5), (0.1, 0.75, 0.6)),
        right=((0.3, -0.95, 0.35), (0.0, 0.35, 0.9)),
        spine=(0.3, 1, 0.16),
        head=(0, 8, 12),
        yaw=26,
        leg_r=((0.1, -1, 0.16), (0.05, -1, -0.16)),
        leg_l=((0.14, -1, 0.16), (0.08, -1, -0.16)),
    ),
    Pose.EATING: PoseSpec(
        yaw_max=52,
        left=((0.5, -0.85, 0.4), (-0.58, 0.92, 0.25)),
        right=((0.36, -1, 0.14), (-0.3, 0.1, 0.9)),
        leg_r=_CROSSED,
        leg_l=_CROSSED,
        head=(5, 0, 0),
        shins_front=True,
    ),
    Pose.JUMPING: PoseSpec(
        right=((0.7, 0.6, 0.15), (0.35, 1, 0.1)),
        left=((0.7, 0.7, 0.3), (0.25, 1, 0.25)),
        leg_r=((0.3, -0.75, 0.35), (0.1, -0.55, -0.85)),
        leg_l=((0.2, -0.5, 0.75), (0.05, -0.75, -0.6)),
        spine=(0, 1, 0.1),
        head=(-8, 0, 0),
        yaw=30,
        yaw_max=60,
        lift=0.26,
    ),
    Pose.EMBRACING: PoseSpec(
        right=((0.4, -0.35, 0.9), (-0.5, 0.15, 0.8)),
        left=((0.4, -0.15, 0.95), (-0.5, 0.12, 0.8)),
        spine=(0, 1, 0.12),
        head=(6, 0, 8),
        yaw=56,
    ),
    Pose.SHAKING_HANDS: PoseSpec(
        left=((0.2, -0.75, 0.6), (0.0, 0.0, 1)),
        spine=(0, 1, 0.06),
        yaw=52,
    ),
    Pose.FIGHTING: PoseSpec(
        left=((0.35, -0.2, 1), (0.05, 0.2, 1)),
        right=((0.5, -0.75, 0.2), (-0.2, 0.75, 0.7)),
        leg_r=((0.1, -1, -0.4), (0.05, -1, -0.35)),
        leg_l=((0.1, -0.9, 0.55), (0.05, -1, -0.1)),
        spine=(0, 1, 0.22),
        head=(4, 0, 0),
        yaw=48,
    ),
    Pose.DANCING: PoseSpec(
        right=((1, 0.1, 0.2), (0.55, 0.9, 0.15)),
        left=((0.9, 0.5, 0.2), (-0.1, 1, 0.15)),
        leg_r=((0.08, -1, 0.02), (0.05, -1, -0.05)),
        leg_l=((0.5, -0.7, 0.5), (-0.35, -1, -0.25)),
        spine=(0.1, 1, -0.02),
        head=(-5, 0, 8),
        yaw_max=46,
    ),
    Pose.CLIMBING: PoseSpec(
        right=((0.6, -0.35, 1), (0.25, 0.35, 0.9)),
        left=((0.55, 0.9, 0.8), (0.15, 1, 0.35)),
        leg_r=((0.3, -0.25, 0.9), (0, -1, -0.15)),
        leg_l=((0.15, -1, 0.1), (0.05, -1, -0.25)),
        spine=(0, 1, 0.16),
        head=(-16, 0, 0),
        yaw=70,
        lift=0.2,
    ),
    Pose.FLYING: PoseSpec(
        right=((0.6, -0.15, -0.5), (0.3, -0.1, -0.9)),
        left=((0.2, 0.45, 0.9), (0.0, 0.4, 1)),
        leg_r=((0.1, -0.3, -1), (0.02, -0.22, -1)),
        leg_l=((0.12, -0.42, -0.9), (0.05, -0.1, -1)),
        spine=(0, 0.46, 1),
        head=(-14, 0, 0),
        yaw=66,
        lift=0.55,
    ),
    Pose.SWIMMING: PoseSpec(
        right=((0.4, -0.35, -0.8), (0.2, -0.3, -0.9)),
        left=((0.25, 0.5, 0.9), (0.0, 0.05, 1)),
        leg_r=((0.1, -0.2, -1), (0.02, 0.05, -1)),
        leg_l=((0.12, -0.4, -0.9), (0.05, -0.2, -1)),
        spine=(0, 0.42, 1),
        head=(-12, 0, 0),
        yaw=66,
        lift=0.12,
    ),
    Pose.STEERING: PoseSpec(
        right=((0.25, -0.7, 0.65), (-0.02, 0.22, 1)),
        left=((0.25, -0.7, 0.65), (-0.02, 0.22, 1)),
        leg_r=((0.3, -0.08, 1), (0.05, -1, 0.2)),
        leg_l=((0.3, -0.08, 1), (0.05, -1, 0.3)),
        yaw=32,
        seat=True,
    ),
    Pose.READING: PoseSpec(
        yaw_max=60,
        right=((0.34, -1, 0.2), (-0.4, 0.45, 0.75)),
        left=((0.34, -1, 0.2), (-0.4, 0.45, 0.75)),
        head=(12, 0, 0),
    ),
    Pose.TYPING: PoseSpec(
        right=((0.3, -0.95, 0.3), (-0.12, 0.0, 1)),
        left=((0.3, -0.95, 0.3), (-0.12, 0.06, 1)),
        head=(8, 0, 0),
        spine=(0, 1, 0.1),
        leg_r=((0.3, -0.08, 1), (0.05, -1, 0.02)),
        leg_l=((0.3, -0.08, 1), (0.05, -1, 0.12)),
        yaw=36,
        seat=True,
    ),
    Pose.PHONING: PoseSpec(
        yaw_max=60,
        left=((0.62, -0.85, 0.2), (-0.12, 1, 0.04)),
        head=(2, 0, 8),
    ),
    Pose.AIMING: PoseSpec(
        right=((0.3, -0.2, 1), (-0.3, 0.12, 1)),
        left=((0.25, -0.05, 1), (-0.05, 0.1, 1)),
        leg_r=((0.1, -1, -0.25), (0.05, -1, -0.2)),
        leg_l=((0.1, -1, 0.3), (0.05, -1, -0.08)),
        spine=(0, 1, -0.02),
        yaw=46,
    ),
    Pose.THROWING: PoseSpec(
        right=((0.75, 0.5, -0.55), (-0.1, 0.9, -0.2)),
        left=((0.3, 0.0, 1), (0.05, 0.1, 1)),
        leg_r=((0.1, -1, -0.4), (0.05, -1, -0.3)),
        leg_l=((0.1, -0.9, 0.5), (0.05, -1, -0.05)),
        spine=(0, 1, -0.16),
        yaw=46,
        yaw_max=70,
    ),
    Pose.PUSHING: PoseSpec(
        right=((0.25, -0.15, 1), (-0.02, 0.1, 1)),
        left=((0.25, -0.05, 1), (-0.02, 0.16, 1)),
        leg_r=((0.05, -1, -0.55), (0.02, -0.95, -0.45)),
        leg_l=((0.05, -0.85, 0.45), (0.02, -1, -0.35)),
        spine=(0, 1, 0.45),
        head=(-6, 0, 0),
        yaw=54,
    ),
    Pose.LYING: PoseSpec(
        right=((0.35, 0.05, 0.9), (0.1, 0.0, 1)),
        left=((0.35, 0.1, 0.9), (0.1, 0.15, 1)),
        leg_r=((0.12, 0.04, 1), (0.03, -0.02, 1)),
        leg_l=((0.12, 0.12, 1), (0.03, -0.06, 1)),
        spine=(0, 0.1, -1),
        head=(-6, -28, 0),
        yaw=72,
    ),
    Pose.CRYING: PoseSpec(
        yaw_max=52,
        left=((0.45, -0.8, 0.5), (-0.5, 0.95, 0.2)),
        right=_FOLDED,
        spine=(0, 1, 0.12),
        head=(17, 0, -4),
    ),
}

OFFER: Limb = ((0.42, -1, 0.3), (0.05, 0.3, 1))
"""Left arm that shows what it holds, before the belt."""
OFFER_HIGH: Limb = ((0.25, -1, 0.35), (-0.22, 0.75, 0.6))
"""Left arm that shows what it holds under the chin, for close shots."""

MOODS: dict[Emotion, tuple[float, float, float, float]] = {
    # lean forward, nod, tilt, shoulders up (body heights)
    Emotion.NEUTRAL: (0, 0, 0, 0),
    Emotion.HAPPY: (-0.02, -3, 4, 0),
    Emotion.SLY: (0.04, 3, 7, 0),
    Emotion.LAUGHING: (-0.08, -9, 4, 0.008),
    Emotion.SURPRISED: (-0.1, -5, 0, 0.012),
    Emotion.ANGRY: (0.09, 7, 0, 0.012),
    Emotion.SAD: (0.07, 15, -5, -0.012),
    Emotion.AFRAID: (-0.09, 3, -3, 0.024),
    Emotion.GREEDY: (0.13, 3, 0, 0.008),
    Emotion.PROUD: (-0.06, -8, 0, 0.004),
    Emotion.TIRED: (0.1, 13, 7, -0.014),
    Emotion.CURIOUS: (0.09, 0, 9, 0),
}

FACINGS: dict[Facing, tuple[float, bool]] = {
    Facing.FRONT: (0, False),
    Facing.FRONT_RIGHT: (38, False),
    Facing.FRONT_LEFT: (38, True),
    Facing.RIGHT: (76, False),
    Facing.LEFT: (76, True),
    Facing.BACK: (180, False),
}
"""Turn from the viewer in degrees, and whether the figure is mirrored."""


@dataclass(frozen=True)
class Physique:
    """Measures of a build: metres and shares of the body height."""

    height: float = 1.72
    girth: float = 1.0
    head: float = 0.186
    """Chin to crown."""
    shoulder: float = 0.112
    belly: float = 0.0
    """How far the belly stands out, body heights."""


_GROWN: dict[Build, Physique] = {
    Build.LEAN: Physique(height=1.74, girth=0.84, shoulder=0.106),
    Build.AVERAGE: Physique(),
    Build.ROUND: Physique(height=1.62, girth=1.72, head=0.208, shoulder=0.132, belly=0.1),
    Build.TALL: Physique(height=1.92, girth=0.98, head=0.172, shoulder=0.116),
}
_CHILDREN: dict[Build, Physique] = {
    Build.LEAN: Physique(height=1.14, girth=0.92, head=0.25, shoulder=0.112),
    Build.AVERAGE: Physique(height=1.14, girth=1.05, head=0.25, shoulder=0.115),
    Build.ROUND: Physique(height=1.1, girth=1.4, head=0.26, shoulder=0.125, belly=0.05),
    Build.TALL: Physique(height=1.3, girth=1.0, head=0.225, shoulder=0.113),
}


def physique(look: Look) -> Physique:
    """The measures of a body."""
    return (_CHILDREN if look.kind is Kind.CHILD else _GROWN)[look.build]
