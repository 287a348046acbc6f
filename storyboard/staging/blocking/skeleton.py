"""A pose, an emotion, a facing and a build become a body seen by the camera."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from ...story import Emotion, Facing, Look, Pose
from .poses import (
    FACINGS,
    L_ANKLE,
    L_EAR,
    L_ELBOW,
    L_EYE,
    L_HIP,
    L_KNEE,
    L_SHOULDER,
    L_WRIST,
    MOODS,
    NECK,
    NOSE,
    POSES,
    R_ANKLE,
    R_EAR,
    R_ELBOW,
    R_EYE,
    R_HIP,
    R_KNEE,
    R_SHOULDER,
    R_WRIST,
    Limb,
    Physique,
    PoseSpec,
    Vec,
    physique,
)


@dataclass(frozen=True)
class Skeleton:
    """A posed body as the camera sees it, in metres: x right, y up, z to the viewer."""

    joints: np.ndarray
    """(18, 3) COCO-18 keypoints."""
    visible: np.ndarray
    """(18,) bool: what the viewer sees or infers; not the far eye and ear of a turned head."""
    head: np.ndarray
    """(3,) middle of the head."""
    head_size: float
    """Chin to crown, metres."""
    yaw: float
    """Turn of the body from the viewer to the right, degrees; 180 is the back."""
    head_yaw: float
    nod: float
    """Down is positive, degrees, camera included."""
    roll: float
    """Clockwise lean of the head on the picture, radians."""
    body: Physique
    spec: PoseSpec = field(repr=False)

    def raised(self, metres: float) -> Skeleton:
        """The same body higher over the ground."""
        up = (0.0, metres, 0.0)
        return replace(self, joints=self.joints + up, head=self.head + up)


def _unit(v: Vec | np.ndarray) -> np.ndarray:
    a = np.asarray(v, dtype=np.float64)
    return a / math.sqrt(float(a @ a))


def _about_y(degrees: float) -> np.ndarray:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array(((c, 0, s), (0, 1, 0), (-s, 0, c)))


def _about_x(degrees: float) -> np.ndarray:
    """Rotation (3, 3) about the axis to the right; positive tips the top towards the viewer."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array(((1, 0, 0), (0, c, -s), (0, s, c)))


def _about_z(degrees: float) -> np.ndarray:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array(((c, -s, 0), (s, c, 0), (0, 0, 1)))


def pose_body(
    pose: Pose,
    emotion: Emotion,
    facing: Facing,
    look: Look,
    pitch: float = 0.0,
    left_arm: Limb | None = None,
) -> Skeleton:
    """A body in a pose, before it is mirrored for a facing to the left.

    :param pitch: how far the camera looks down, degrees.
    :param left_arm: what the left arm does instead, to show what it holds.
    """
    spec, body = POSES[pose], physique(look)
    if left_arm:
        spec = replace(spec, left=left_arm)
    lean, mood_nod, mood_tilt, shrug = MOODS[emotion]
    lying = spec.spine[1] < 0.3
    spine = _unit(spec.spine if lying else np.add(spec.spine, (0, 0, lean)))
    joints = np.zeros((18, 3))

    hip_wide = 0.056 + 0.016 * (body.girth - 1)
    across = np.array((1.0, 0.0, 0.0))
    across = _unit(across - spine * float(across @ spine))
    joints[NECK] = spine * 0.315
    for side, shoulder, elbow, wrist, arm in (
        (-1, R_SHOULDER, R_ELBOW, R_WRIST, spec.right),
        (1, L_SHOULDER, L_ELBOW, L_WRIST, spec.left),
    ):
        flip = (side, 1, 1)
        joints[shoulder] = joints[NECK] + across * side * body.shoulder + spine * (shrug - 0.022)
        upper, lower = (_unit(np.multiply(v, flip)) for v in arm)
        if body.belly and lower[0] * side < -0.3 and lower[2] > 0.2 and lower[1] < 0.4:
            lower = _unit(lower + (0.35 * side, 0, 0.25))  # hands lie on the belly, not in it
        joints[elbow] = joints[shoulder] + upper * 0.168
        joints[wrist] = joints[elbow] + lower * 0.148
    for side, hip, knee, ankle, leg in (
        (-1, R_HIP, R_KNEE, R_ANKLE, spec.leg_r),
        (1, L_HIP, L_KNEE, L_ANKLE, spec.leg_l),
    ):
        flip = (side, 1, 1)
        joints[hip] = across * side * hip_wide
        joints[knee] = joints[hip] + _unit(np.multiply(leg[0], flip)) * 0.235
        joints[ankle] = joints[knee] + _unit(np.multiply(leg[1], flip)) * 0.212

    nod, turn, tilt = spec.head
    nod, tilt = nod + mood_nod, tilt + mood_tilt
    lift = _unit(spine + (0, 0.9, 0)) if not lying else spine
    size = body.head
    head = joints[NECK] + lift * (0.05 + size * 0.5) + np.array((0, 0, 0.012))
    turned = _about_y(turn) @ _about_z(-tilt) @ _about_x(nod)
    if lying:
        turned = turned @ _about_x(-80)
    for index, offset in (
        (NOSE, (0, -0.04, 0.5)),
        (R_EYE, (-0.17, 0.1, 0.4)),
        (L_EYE, (0.17, 0.1, 0.4)),
        (R_EAR, (-0.4, 0.02, 0)),
        (L_EAR, (0.4, 0.02, 0)),
    ):
        joints[index] = head + turned @ (np.array(offset) * size)

    under = joints[:, 1] - np.array(
        [1, 0.07, 0.06, 0.04, 0.03, 0.06, 0.04, 0.03]
        + [0.075 * body.girth, 0.05, 0.045] * 2
        + [1] * 4
    )
    under[[NOSE, R_EYE, L_EYE, R_EAR, L_EAR]] = head[1] - size * 0.4
    joints[:, 1] += spec.lift - under.min()
    head = head + (0, spec.lift - under.min(), 0)

    asked, _ = FACINGS[facing]
    yaw = asked
    if yaw < 90:
        yaw = min(max(yaw, spec.yaw), spec.yaw_max)
    elif spec.yaw > 40:
        yaw = 180 - spec.yaw * 0.8
    view = _about_x(pitch) @ _about_y(yaw)
    joints = joints @ view.T * body.height
    head = view @ head * body.height

    head_yaw = max(yaw, asked) + turn if asked < 90 else yaw
    visible = np.ones(18, dtype=bool)
    if head_yaw > 110:
        visible[[NOSE, R_EYE, L_EYE]] = False
    elif head_yaw > 60:
        visible[[L_EYE, L_EAR]] = False
    elif head_yaw > 25:
        visible[L_EAR] = False
    neck = joints[NECK]
    lean_roll = math.atan2(head[0] - neck[0], max(0.02, head[1] - neck[1]))
    roll = math.radians(tilt) * math.cos(math.radians(yaw)) + lean_roll * 0.55
    if lying:
        roll = math.atan2(*(head - neck)[:2])
    return Skeleton(
        joints,
        visible,
        head,
        size * body.height,
        yaw,
        head_yaw,
        0.0 if lying else nod + pitch * 0.8,
        roll,
        body,
        spec,
    )
