"""A figure put together: legs, clothes, arms and head along one skeleton, far parts first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...story import Emotion, Garment, Kind, Look, Pose
from ..blocking.creatures import Creature, is_thing
from ..blocking.curves import disc, hull
from ..blocking.poses import (
    L_ANKLE,
    L_ELBOW,
    L_HIP,
    L_KNEE,
    L_SHOULDER,
    L_WRIST,
    NECK,
    R_ANKLE,
    R_ELBOW,
    R_HIP,
    R_KNEE,
    R_SHOULDER,
    R_WRIST,
)
from ..blocking.skeleton import Skeleton
from . import chapan
from .creatures import draw_creature
from .garments import (
    Cut,
    cut_of,
    draw_bunched_hood,
    draw_cloak_behind,
    draw_mantle,
    draw_pauldrons,
)
from .hats import covers_head
from .heads import draw_hair_behind, draw_head
from .ink import RGB, Canvas, mix, rgb
from .limbs import Foot, Shoe, Sleeve, draw_arm, draw_leg, hand_of
from .living import draw_living_thing
from .machines import draw_mannequin, draw_robot
from .palette import BOOT, TROUSERS, skin_of
from .trunk import Leg, Trunk, draw_neck, draw_torso

_RIGHT_ARM, _LEFT_ARM = (R_SHOULDER, R_ELBOW, R_WRIST), (L_SHOULDER, L_ELBOW, L_WRIST)
_RIGHT_LEG, _LEFT_LEG = (R_HIP, R_KNEE, R_ANKLE), (L_HIP, L_KNEE, L_ANKLE)


def draw_body(
    canvas: Canvas,
    skeleton: Skeleton,
    look: Look,
    pose: Pose,
    emotion: Emotion,
    gaze: tuple[float, float] = (0.0, 0.0),
    speaks: bool = False,
    holds: tuple[bool, bool] = (False, False),
    astride: bool = False,
) -> None:
    """Draw a body in its own frame (metres).

    :param holds: whether the right and the left hand close around something.
    :param astride: on a mount, whose far leg is drawn before the mount by :func:`draw_far_leg`.
    """
    if isinstance(skeleton, Creature):
        if is_thing(look):
            assert look.species
            draw_living_thing(canvas, skeleton, look.species, emotion, gaze)
            return
        draw_creature(canvas, skeleton, look, pose, emotion, gaze, speaks)
        return
    far_right = skeleton.joints[R_SHOULDER, 2] < skeleton.joints[L_SHOULDER, 2]
    arms = [(_RIGHT_ARM, False), (_LEFT_ARM, True)]
    legs = [(_RIGHT_LEG, True), (_LEFT_LEG, False)]
    if not far_right:
        arms.reverse()
        legs.reverse()
    if astride:
        legs = legs[1:]
    cut = _cut(look)
    trunk = Trunk(skeleton, look, cut.bulk)
    layers = {arm: arm_layer(skeleton, left) for arm, left in arms}

    def draw_arms(layer: int) -> None:
        for arm, left in arms:
            if layers[arm] == layer:
                hand = hand_of(pose, emotion, left, holds[left])
                sleeve = _sleeve(cut, look, behind=layer == 0)
                blend = trunk.at(0.8, 0.0) if layer == 1 else None
                draw_arm(canvas, skeleton, arm, hand, sleeve, blend)

    match look.kind:
        case Kind.ROBOT:
            draw_robot(
                canvas, skeleton, look, arms, legs, layers, pose, emotion, gaze, speaks, holds
            )
        case Kind.MANNEQUIN:
            draw_mannequin(canvas, skeleton, look, arms, legs, layers, pose, emotion, holds)
        case _:
            _draw_dressed(
                canvas, trunk, look, cut, legs, draw_arms, pose, emotion, gaze, speaks, astride
            )


def _draw_dressed(
    canvas: Canvas,
    trunk: Trunk,
    look: Look,
    cut: Cut,
    legs: list[tuple[Leg, bool]],
    draw_arms: Callable[[int], None],
    pose: Pose,
    emotion: Emotion,
    gaze: tuple[float, float],
    speaks: bool,
    astride: bool,
) -> None:
    """A person or a child in clothes."""
    skeleton, skin = trunk.skeleton, skin_of(look)
    low = skeleton.spec.shins_front
    bones = [leg for leg, _ in legs]
    if not trunk.back:
        if cut.cloak:
            draw_cloak_behind(canvas, trunk, cut.cloak, bones)
        draw_hair_behind(canvas, skeleton, look)
    draw_arms(0)
    if not low and not cut.tucked:
        _legs(canvas, trunk, cut, legs, cut.legs)
    draw_neck(canvas, trunk, skin)
    draw_torso(canvas, trunk, cut.top, cut.bulk)
    if not low and cut.tucked:
        _legs(canvas, trunk, cut, legs, cut.legs)
    if look.garment is Garment.CHAPAN:
        chapan.draw_skirt(canvas, skeleton, look, bones, low or astride, trunk)
    elif cut.reach:
        _skirt(canvas, trunk, cut, bones, low or astride)
    if low:
        cloth = cut.top if cut.reach >= 1 else cut.legs
        _legs(canvas, trunk, cut, legs, cloth)
    if look.garment is Garment.CHAPAN:
        chapan.draw_front(canvas, skeleton, look, trunk)
    else:
        reach = min(cut.reach, 0.9) if low or astride else cut.reach
        cut.front(canvas, trunk, look, replace(cut, reach=reach), bones)
    draw_arms(1)
    if look.garment is Garment.ARMOUR:
        draw_pauldrons(canvas, trunk)
    if cut.cloak:
        if trunk.back:
            draw_cloak_behind(canvas, trunk, cut.cloak, bones)
        draw_mantle(canvas, trunk, cut.cloak, look.trim)
    hooded = look.garment in (Garment.HOODIE, Garment.CLOAK)
    if hooded and not covers_head(look):
        draw_bunched_hood(canvas, trunk, look.colour)
    draw_head(canvas, skeleton, look, pose, emotion, gaze, speaks)
    draw_arms(2)


def _cut(look: Look) -> Cut:
    """The clothes; a chapan's front is its own."""
    if look.garment is Garment.CHAPAN:
        return Cut(
            look.colour,
            TROUSERS,
            Shoe(Foot.BOOT, BOOT),
            _nothing,
            cuff=look.trim,
            deep=1.0,
            reach=1.4,
        )
    return cut_of(look, skin_of(look))


def _nothing(canvas: Canvas, trunk: Trunk, look: Look, cut: Cut, legs: list[Leg]) -> None:
    return None


def _sleeve(cut: Cut, look: Look, behind: bool) -> Sleeve:
    """What covers an arm; darker on the far side of the body."""
    cloth = cut.sleeve or cut.top
    if behind:
        cloth = mix(rgb(cloth) if isinstance(cloth, str) else cloth, (30, 20, 40), 0.16)
    return Sleeve(cloth, cut.glove or skin_of(look), cut.forearm, cut.cuff, cut.deep, cut.loose)


def _legs(
    canvas: Canvas, trunk: Trunk, cut: Cut, legs: list[tuple[Leg, bool]], cloth: RGB | str
) -> None:
    """Both legs, the far one first; trousers without a skirt over them have a seat."""
    seat = None
    if cut.reach < 1:
        high = 0.06 if cut.tucked else -0.02
        joints, unit = trunk.skeleton.joints, trunk.tall * (0.6 + 0.4 * trunk.skeleton.body.girth)
        rings = [disc(trunk.at(high, x), 0.004 * trunk.tall, count=6) for x in (-0.92, 0.92)]
        rings += [disc(joints[hip, :2], 0.067 * unit, count=10) for (hip, _, _), _ in legs]
        seat = hull(np.concatenate(rings))
    for index, (leg, right) in enumerate(legs):
        last = index == len(legs) - 1
        draw_leg(
            canvas, trunk.skeleton, leg, cloth, right, cut.shoe, cut.slim, seat if last else None
        )


def _skirt(canvas: Canvas, trunk: Trunk, cut: Cut, legs: list[Leg], short: bool) -> None:
    """What hangs over the legs; it wraps the knees of somebody who sits on the ground or rides."""
    reach = min(cut.reach, 1.0) if short else cut.reach
    shade = 0.05 * trunk.tall
    if cut.edge and reach > 1.2:
        canvas.cel(trunk.drape(legs, reach, cut.radius, cut.flare), cut.edge, smooth=False)
        inner = trunk.drape(legs, reach - 0.09, cut.radius - 0.002, cut.flare * 0.94)
        canvas.cel(inner, cut.top, smooth=False, line=0.7, shade=shade)
    else:
        outline = trunk.drape(legs, reach, cut.radius, cut.flare)
        canvas.cel(outline, cut.top, smooth=False, shade=shade)
    if cut.reach < 1:  # the torso goes over into it without a line
        patch = [
            trunk.at(0.2, -0.93),
            trunk.at(0.2, 0.93),
            trunk.at(-0.04, 0.88),
            trunk.at(-0.04, -0.88),
        ]
        canvas.patch(patch, cut.top, smooth=False)


def draw_far_leg(canvas: Canvas, skeleton: Skeleton, look: Look) -> None:
    """The leg on the far side of a mount."""
    right = bool(skeleton.joints[R_SHOULDER, 2] < skeleton.joints[L_SHOULDER, 2])
    if look.kind in (Kind.PERSON, Kind.CHILD):
        cut = _cut(look)
        leg = _RIGHT_LEG if right else _LEFT_LEG
        draw_leg(canvas, skeleton, leg, cut.legs, right, cut.shoe, cut.slim)


def arm_layer(skeleton: Skeleton, left: bool) -> int:
    """0: the arm is behind the body, 1: before it, 2: before the head."""
    arm = _LEFT_ARM if left else _RIGHT_ARM
    joints = skeleton.joints
    tall = skeleton.body.height
    forward = (joints[arm[1], 2] + joints[arm[2], 2]) / 2 - joints[NECK, 2]
    if forward < -0.035 * tall:
        return 0
    raised = joints[arm[2], 1] > joints[NECK, 1] - 0.05 * tall
    return 2 if raised and joints[arm[2], 2] > skeleton.head[2] - 0.03 * tall else 1
