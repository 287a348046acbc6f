"""What an emotion does to brows, eyes and mouth."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...story import Emotion, Pose


@dataclass(frozen=True)
class Expression:
    """What a face does. Heights in head heights."""

    open: float = 1.0
    """Eyes: 0 shut, 1 as usual."""
    brow: float = 0.0
    """Raise of the brows."""
    inner: float = 0.0
    """Raise of their inner ends: negative frowns, positive pleads."""
    cock: float = 0.0
    """Extra raise of the near brow."""
    width: float = 0.14
    """Half the mouth."""
    left: float = 0.0
    """Raise of the corner of the mouth on the far left of the picture."""
    right: float = 0.0
    middle: float = -0.01
    gape: float = 0.0
    """How far the mouth is open."""
    teeth: bool = False
    round: bool = False
    pupil: float = 1.0
    arcs: bool = False
    """Shut eyes laugh (arched up) instead of sleeping."""
    lid: float = 0.0
    """How far the upper lid hangs over the open eye, 0-1."""
    tear: bool = False
    sweat: bool = False
    gold: bool = False
    bags: bool = False
    blush: bool = False


EXPRESSIONS: dict[Emotion, Expression] = {
    Emotion.NEUTRAL: Expression(),
    Emotion.HAPPY: Expression(
        open=0.85,
        brow=0.03,
        width=0.17,
        left=0.06,
        right=0.06,
        middle=-0.035,
        gape=0.075,
        teeth=True,
        blush=True,
    ),
    Emotion.SLY: Expression(
        open=0.8,
        brow=-0.01,
        inner=-0.035,
        cock=0.06,
        width=0.185,
        left=0.0,
        right=0.125,
        middle=-0.04,
        lid=0.34,
        blush=True,
    ),
    Emotion.LAUGHING: Expression(
        open=0,
        arcs=True,
        brow=0.06,
        width=0.2,
        left=0.08,
        right=0.08,
        middle=0.0,
        gape=0.2,
        teeth=True,
        blush=True,
    ),
    Emotion.SURPRISED: Expression(
        open=1.45, brow=0.1, width=0.075, gape=0.15, round=True, pupil=0.75, middle=0.03
    ),
    Emotion.ANGRY: Expression(
        open=0.85,
        brow=-0.035,
        inner=-0.075,
        width=0.15,
        left=-0.055,
        right=-0.055,
        middle=0.01,
        gape=0.055,
        teeth=True,
        pupil=0.85,
    ),
    Emotion.SAD: Expression(
        open=0.8,
        inner=0.075,
        brow=-0.01,
        width=0.12,
        left=-0.055,
        right=-0.055,
        middle=0.005,
        lid=0.3,
        tear=True,
    ),
    Emotion.AFRAID: Expression(
        open=1.35,
        brow=0.06,
        inner=0.07,
        width=0.14,
        left=-0.045,
        right=-0.035,
        middle=0.02,
        gape=0.07,
        teeth=True,
        pupil=0.55,
        sweat=True,
    ),
    Emotion.GREEDY: Expression(
        open=1.2,
        brow=0.015,
        inner=-0.05,
        width=0.19,
        left=0.075,
        right=0.095,
        middle=-0.02,
        gape=0.085,
        teeth=True,
        gold=True,
        blush=True,
    ),
    Emotion.PROUD: Expression(
        open=0.75, brow=0.06, width=0.14, left=0.03, right=0.065, middle=-0.02, lid=0.5
    ),
    Emotion.TIRED: Expression(
        open=0.6, brow=-0.005, inner=0.03, width=0.11, left=-0.03, right=-0.03, lid=0.6, bags=True
    ),
    Emotion.CURIOUS: Expression(
        open=1.15, brow=0.03, cock=0.06, width=0.09, left=0.005, right=0.03, gape=0.02
    ),
}


def expression(emotion: Emotion, pose: Pose, speaks: bool) -> Expression:
    """The face of an emotion, changed by what the body does."""
    face = EXPRESSIONS[emotion]
    if pose is Pose.SLEEPING:
        return replace(EXPRESSIONS[Emotion.NEUTRAL], open=0, gape=0.03, round=True, width=0.05)
    if pose is Pose.LAUGHING and emotion in (Emotion.HAPPY, Emotion.NEUTRAL, Emotion.SLY):
        return EXPRESSIONS[Emotion.LAUGHING]
    if pose is Pose.PRAYING:
        face = replace(face, open=0)
    if pose is Pose.SHOUTING:
        return replace(face, gape=max(0.19, face.gape), width=0.15, teeth=True, middle=0.03)
    if speaks and face.gape < 0.06:
        face = replace(face, gape=0.07, teeth=True)
    return face
