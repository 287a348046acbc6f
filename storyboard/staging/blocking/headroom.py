"""How much room a figure takes beyond its joints: hats, hands, feet, a cloak."""

from __future__ import annotations

import math

import numpy as np

from ...story import Garment, Hair, Hat, Kind, Look
from .creatures import ANATOMIES, species_of
from .poses import (
    L_ANKLE,
    L_ELBOW,
    L_HIP,
    L_KNEE,
    L_WRIST,
    R_ANKLE,
    R_ELBOW,
    R_HIP,
    R_KNEE,
    R_WRIST,
)
from .skeleton import Skeleton

HAT_RISE: dict[Hat, float] = {
    Hat.NONE: 0.08,
    Hat.POINTED: 0.86,
    Hat.FUR: 0.52,
    Hat.TURBAN: 0.42,
    Hat.KIMESHEK: 0.2,
    Hat.SCARF: 0.2,
    Hat.CAP: 0.22,
    Hat.CROWN: 0.5,
    Hat.WIDE_BRIM: 0.42,
    Hat.HELMET: 0.34,
    Hat.HOOD: 0.34,
}
"""How far a hat stands over the crown of the head, in head heights."""

HAT_REACH: dict[Hat, float] = {
    Hat.NONE: 0.46,
    Hat.POINTED: 0.6,
    Hat.FUR: 0.62,
    Hat.TURBAN: 0.56,
    Hat.KIMESHEK: 0.5,
    Hat.SCARF: 0.5,
    Hat.CAP: 0.46,
    Hat.CROWN: 0.46,
    Hat.WIDE_BRIM: 0.85,
    Hat.HELMET: 0.78,
    Hat.HOOD: 0.66,
}
"""How far head and hat reach to either side, in head heights."""

_HAIR: dict[Hair, tuple[float, float]] = {
    Hair.BUN: (0.32, 0.46),
    Hair.CURLY: (0.2, 0.62),
    Hair.LONG: (0.14, 0.58),
    Hair.BOB: (0.14, 0.56),
    Hair.PONYTAIL: (0.14, 0.62),
}
"""Rise and reach of a bare head's hair, in head heights."""
_ANTENNA = 0.34


def rise_of(look: Look) -> float:
    """How far hat, hair or antenna stand over the crown of the head, in head heights."""
    if look.kind is Kind.ANIMAL:
        ears = ANATOMIES[species_of(look)].ears
        return max(ears, HAT_RISE[look.hat]) if look.hat is not Hat.NONE else ears
    if look.kind is Kind.ROBOT:
        return _ANTENNA
    if look.kind is Kind.MANNEQUIN:
        return HAT_RISE[Hat.NONE]
    hair = _HAIR.get(look.hair, (0.0, 0.0)) if look.hat is Hat.NONE else (0.0, 0.0)
    return max(HAT_RISE[look.hat], hair[0])


def reach_of(look: Look) -> float:
    """How far head, hair and hat reach to either side, in head heights."""
    if look.kind is Kind.ANIMAL:
        anatomy = ANATOMIES[species_of(look)]
        return max(anatomy.wide, anatomy.muzzle + 0.12)
    if look.kind is Kind.ROBOT:
        return 0.56
    if look.kind is Kind.MANNEQUIN:
        return HAT_REACH[Hat.NONE]
    return max(HAT_REACH[look.hat], _HAIR.get(look.hair, (0.0, 0.0))[1])


def outskirts(skeleton: Skeleton, look: Look) -> np.ndarray:
    """Points that hands, feet and clothes reach beyond the joints, (n, 2), metres."""
    joints, tall = skeleton.joints[:, :2], skeleton.body.height
    if look.kind is Kind.ANIMAL:
        return joints[:1]
    loose = 1.7 if look.garment is Garment.SPACESUIT else 1.0
    points = []
    for elbow, wrist in ((R_ELBOW, R_WRIST), (L_ELBOW, L_WRIST)):
        bone = joints[wrist] - joints[elbow]
        points.append(joints[wrist] + bone / (np.hypot(*bone) + 1e-6) * 0.115 * tall)
    for knee, ankle in ((R_KNEE, R_ANKLE), (L_KNEE, L_ANKLE)):
        shin = joints[ankle] - joints[knee]
        toe = np.array((-shin[1], shin[0])) / (np.hypot(*shin) + 1e-6)
        ahead = math.sin(math.radians(skeleton.yaw))
        points += [joints[ankle] + toe * 0.13 * tall * side * loose for side in (ahead, -0.4)]
    if look.garment is Garment.CLOAK:
        hip = joints[[R_HIP, L_HIP]].mean(axis=0)
        wide = 0.22 * tall * (0.7 + 0.3 * skeleton.body.girth)
        trail = 0.12 * tall * math.sin(math.radians(skeleton.yaw))
        points += [hip + (-wide - trail, 0.0), hip + (wide - trail, 0.0)]
    return np.array(points)
