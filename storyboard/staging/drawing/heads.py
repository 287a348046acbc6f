"""Heads: skull, ears, hair, beard, face and hat put together."""

from __future__ import annotations

import math
from dataclasses import replace

from ...story import Age, Beard, Build, Emotion, Garment, Hair, Hat, Kind, Look, Pose, Sex
from ..blocking.curves import Affine, path, ring
from ..blocking.skeleton import Skeleton
from .expressions import Expression, expression
from .faces import Features, View, draw_face, mouth_below_chin, sunk
from .hair import draw_behind, draw_over, draw_plait, draw_under_hat
from .hats import covers_head, draw_cloth_behind, draw_hat, shows_hair
from .ink import Canvas, mix, rgb
from .palette import deeper, skin_of

_GLASSES = "#2f2a2e"

_RIGHT_FRONT = path(".25,.45 .38,.28 .405,.06 .39,-.12")
_QUARTER = path("0,.5 .26,.44 .37,.28 .375,.15 .345,.05 .37,-.1")
_QUARTER_BACK = path("-.22,-.32 -.36,-.1 -.42,.12 -.36,.34 -.2,.46")
_PROFILE_BACK = path(
    "0,-.44 -.16,-.33 -.28,-.2 -.44,.06 -.42,.3 -.22,.47 0,.5 .26,.42 .345,.27 .36,.18 .335,.08"
)


VEILS = (Hat.KIMESHEK, Hat.SCARF, Hat.HOOD)
"""Cloth that frames the face and hides ears and hair."""


def head_frame(skeleton: Skeleton) -> Affine:
    """From the head's own frame (see :mod:`.faces`) to the figure's."""
    size, roll = skeleton.head_size, skeleton.roll
    cos, sin = math.cos(roll) * size, math.sin(roll) * size
    return Affine(cos, sin, float(skeleton.head[0]), -sin, cos, float(skeleton.head[1]))


def beard_of(look: Look) -> Beard:
    """The beard that is drawn: women and children have none."""
    bare = look.sex is Sex.FEMALE or look.kind is not Kind.PERSON
    return Beard.NONE if bare else look.beard


def draw_hair_behind(canvas: Canvas, skeleton: Skeleton, look: Look) -> None:
    """Hair that hangs behind neck and shoulders; the canvas is in the figure's frame."""
    if covers_head(look):
        return
    with canvas.local(head_frame(skeleton)):
        draw_behind(canvas, look.hair, View.of(abs(skeleton.head_yaw)), look.hair_colour)


def draw_head(
    canvas: Canvas,
    skeleton: Skeleton,
    look: Look,
    pose: Pose,
    emotion: Emotion,
    gaze: tuple[float, float] = (0.0, 0.0),
    speaks: bool = False,
) -> None:
    """Draw the head of a posed body; the canvas is in the figure's frame."""
    view = View.of(abs(skeleton.head_yaw))
    nod, face = nod_of(skeleton), expression(emotion, pose, speaks)
    rich = look.build is Build.ROUND and look.garment is Garment.CHAPAN
    skin, hair = skin_of(look), look.hair_colour
    beard = beard_of(look)
    look = look.model_copy(update={"beard": beard})
    with canvas.local(head_frame(skeleton)):
        if look.hat in VEILS:
            draw_cloth_behind(canvas, look, view)
        _skull(canvas, look, view, skin, hair, face.gape)
        if beard in (Beard.FULL, Beard.LONG):
            _beard(canvas, look, view, nod, hair)
        draw_face(canvas, face, view, nod, gaze, _features(look, face, skin))
        if view is not View.BACK:
            _moustache(canvas, look, view, nod, hair)
        if not covers_head(look):
            under = shows_hair(look)
            (draw_over if under else draw_under_hat)(canvas, look.hair, view, hair)
        draw_hat(canvas, look, view, rich)
        if not covers_head(look):
            draw_plait(canvas, look.hair, view, hair)


def features_of(look: Look, skin: str) -> Features:
    """What a look does to a face."""
    round_face, child = look.build is Build.ROUND, look.kind is Kind.CHILD
    woman, young = look.sex is Sex.FEMALE, look.age is Age.YOUNG and look.kind is not Kind.CHILD
    nose = 0.75 if child else 1.2 if round_face else 0.82 if woman else 0.9 if young else 1.0
    return Features(
        brows=mix(rgb(look.hair_colour), (70, 60, 55), 0.35)
        if sum(rgb(look.hair_colour)) > 420
        else look.hair_colour,
        nose=nose * (1.12 if look.age is Age.OLD else 1.0),
        eyes=1.16 if child else 1.08 if young else 1.0,
        thick=0.72 if woman else 1.0,
        bearded=look.beard in (Beard.FULL, Beard.LONG),
        lashes=woman,
        rouge=woman and not child,
        old=look.age is Age.OLD and not child,
        glasses=_GLASSES if look.glasses else None,
        skin=skin,
    )


def nod_of(skeleton: Skeleton) -> float:
    """Shift of the features downwards on a nodding head, head heights."""
    return max(-0.1, min(0.16, skeleton.nod / 190))


def mouth_off_face(
    skeleton: Skeleton, look: Look, pose: Pose, emotion: Emotion, speaks: bool
) -> float:
    """How far the mouth of a drawn head reaches under its chin, head heights."""
    face = expression(emotion, pose, speaks)
    return mouth_below_chin(face, nod_of(skeleton), _features(look, face, skin_of(look)))


def _features(look: Look, face: Expression, skin: str) -> Features:
    jaw, _, chin = _jaw(look, face.gape)
    return replace(features_of(look, skin), chin=-0.5 - chin, jaw=jaw)


def _jaw(look: Look, gape: float) -> tuple[float, float, float]:
    """(half width of the jaw, of the chin, how far the chin reaches below that of a plain face).

    :param gape: how far the mouth is open; a jaw drops for a wide one.
    """
    lean = look.build in (Build.LEAN, Build.TALL)
    chin = 0.1 if lean and look.beard is Beard.NONE else 0.0
    jaw, point = (0.31, 0.125) if lean else (0.355, 0.18)
    if look.sex is Sex.FEMALE:
        jaw, point, chin = jaw * 0.92, point * 0.86, chin * 0.5
    if look.build is Build.ROUND:
        jaw, point = 0.47, 0.27
    elif look.kind is Kind.CHILD:
        jaw, point = 0.4, 0.2
    if look.hat in VEILS:
        jaw, point = 0.31, 0.15
    return jaw, point, max(chin, (gape - 0.08) * 0.6)


def _skull(canvas: Canvas, look: Look, view: View, skin: str, hair: str, gape: float) -> None:
    jaw, point, chin = _jaw(look, gape)
    cheek = 0.1 if look.build is Build.ROUND else 0.03 if look.kind is Kind.CHILD else 0.0
    if view is View.BACK:
        if look.hat in VEILS:
            return
        for side in (-1, 1):
            canvas.cel(ring(side * (0.4 + cheek), -0.03, 0.06, 0.11), skin)
        canvas.cel(
            (
                (-0.4, 0.25),
                (-0.4 - cheek, -0.1),
                (-0.3, -0.42),
                (0, -0.48),
                (0.3, -0.42),
                (0.4 + cheek, -0.1),
                (0.4, 0.25),
                (0, 0.48),
            ),
            hair if look.hair is not Hair.BALD else skin,
            shade=0.1,
        )
        canvas.fill(path("-.27,-.38 0,-.46 .27,-.38 .24,-.5 0,-.52 -.24,-.5"), skin)
        return
    veiled = look.hat in VEILS
    temples = hair if look.hair is not Hair.BALD else skin
    if view is View.FRONT:
        for side in () if veiled else (-1, 1):
            _ear(canvas, side * (0.41 + cheek), skin)
        right = [*_RIGHT_FRONT[:3], (0.39 + cheek, -0.12), (jaw, -0.3), (point, -0.46 - chin * 0.8)]
        left = [(-x, y) for x, y in reversed(right)]
        canvas.cel([(0, 0.5), *right, (0, -0.5 - chin), *left], skin, shade=0.085)
        for side in () if veiled else (-1, 1):
            canvas.fill(
                (
                    (side * 0.4, 0.3),
                    (side * 0.415, 0.0),
                    (side * 0.385, -0.1),
                    (side * 0.35, 0.1),
                    (side * 0.33, 0.3),
                ),
                temples,
            )
    elif view is View.QUARTER:
        face = [
            *_QUARTER[:5],
            (0.37 + cheek, -0.1),
            (jaw - 0.0, -0.27),
            (point + 0.1, -0.44 - chin * 0.8),
            (0.13, -0.5 - chin),
            (0.0, -0.47 - chin * 0.5),
            *_QUARTER_BACK,
        ]
        if veiled:
            face = [(max(x, -0.27) if x < 0 else x, y) for x, y in face]
        canvas.cel(face, skin, shade=0.085)
        if not veiled:
            _ear(canvas, -0.31, skin)
            canvas.fill(path("-.42,.3 -.43,.02 -.38,-.14 -.36,.06 -.27,.08 -.24,.3"), temples)
    else:
        front = [
            (0.37, -0.0),
            (0.475, -0.115),
            (0.47, -0.15),
            (0.385, -0.18),
            (0.375, -0.22),
            (0.4, -0.255),
            (0.385, -0.29),
            (0.395, -0.32),
            (0.355, -0.36),
            (0.375, -0.43),
            (0.345 + chin * 0.5, -0.48 - chin * 0.6),
            (0.24, -0.52 - chin),
            (0.14, -0.48 - chin * 0.5),
        ]
        face = [*_PROFILE_BACK[5:], *front, *_PROFILE_BACK[:5]]
        if veiled:
            canvas.cel([(max(x, -0.02), y) for x, y in face], skin, shade=0.05)
            return
        canvas.cel(face, skin, shade=0.07)
        canvas.fill(path("-.43,.3 -.44,.05 -.34,-.2 -.2,-.16 -.13,.06 0,.1 .04,.3"), temples)
        _ear(canvas, -0.06, skin)


def _ear(canvas: Canvas, x: float, skin: str) -> None:
    canvas.cel(ring(x, -0.03, 0.065, 0.115), skin)
    canvas.stroke(
        ((x - 0.01, 0.03), (x + 0.025, -0.02), (x - 0.005, -0.08)),
        0.018,
        deeper(skin, 0.37),
        unit=True,
    )


def _beard(canvas: Canvas, look: Look, view: View, nod: float, hair: str) -> None:
    long = 0.34 if look.beard is Beard.LONG else 0.0
    wide = 0.13 if look.build is Build.ROUND else 0.0
    y = -sunk(nod, 0.6)
    if view is View.BACK:
        return
    if view is View.PROFILE:
        shape = [
            (-0.1, 0.04),
            (0.02, -0.12),
            (0.14, -0.2 + y),
            (0.3, -0.2 + y),
            (0.4, -0.24 + y),
            (0.43, -0.4),
            (0.46, -0.58 - long * 0.5),
            (0.36, -0.74 - long),
            (0.26, -0.8 - long),
            (0.14, -0.7 - long * 0.6),
            (0.0, -0.52),
            (-0.12, -0.3),
        ]
    else:
        dx = 0.12 if view is View.QUARTER else 0.0
        near = 0.03 if view is View.QUARTER else 0.0
        shape = [
            (-0.4 - wide * 0.6 + near, 0.02),
            (-0.335, -0.1 + y),
            (-0.2 + dx * 0.8, -0.17 + y),
            (dx, -0.19 + y),
            (0.2 + dx * 0.6, -0.17 + y),
            (0.335 + near, -0.1 + y),
            (0.4 + wide * 0.6 - near, 0.02),
            (0.44 + wide, -0.22),
            (0.42 + wide, -0.44 - long * 0.3),
            (0.3, -0.64 - long * 0.7),
            (0.16 + dx * 0.5, -0.76 - long),
            (dx * 0.8, -0.81 - long),
            (-0.16 + dx * 0.6, -0.75 - long),
            (-0.3, -0.63 - long * 0.7),
            (-0.42 - wide, -0.44 - long * 0.3),
            (-0.44 - wide, -0.22),
        ]
    dark = sum(rgb(hair)) < 260
    tuft = mix(rgb(hair), (165, 115, 92), 0.2) if dark else hair
    canvas.cel(shape, tuft, shade=0.08)
    if canvas.pixels > 60:
        tone = (
            mix(rgb(hair), (175, 145, 120), 0.5) if dark else mix(rgb(hair), (235, 232, 226), 0.55)
        )
        mid = 0.12 if view is View.QUARTER else 0.26 if view is View.PROFILE else 0.0
        for i in range(-3, 4):
            x = mid + i * 0.085 * (0.5 if view is View.PROFILE else 1)
            canvas.stroke(
                (
                    (x, -0.47),
                    (x + i * 0.004, -0.58 - long * 0.4),
                    (x - i * 0.018, -0.68 - long + abs(i) * 0.035),
                ),
                0.02,
                tone,
                unit=True,
            )


def _moustache(canvas: Canvas, look: Look, view: View, nod: float, hair: str) -> None:
    if look.beard is Beard.NONE:
        return
    x = {View.FRONT: 0.0, View.QUARTER: 0.135}.get(view, 0.33)
    y = -0.25 - sunk(nod, 0.7)
    reach = 0.2 if look.beard is not Beard.GOATEE else 0.14
    sides = (-1, 1) if view is not View.PROFILE else (-1,)
    for side in sides:
        far = 0.75 if view is View.QUARTER and side > 0 else 1.0
        canvas.stroke(
            (
                (x, y),
                (x + side * reach * 0.5 * far, y - 0.012),
                (x + side * reach * far, y - 0.075),
                (x + side * reach * 1.12 * far, y - 0.1),
            ),
            0.075,
            hair,
            unit=True,
            taper=(0.7, 0.12),
        )
    if look.beard is Beard.GOATEE:
        dx = x if view is not View.PROFILE else 0.3
        canvas.cel(
            (
                (dx - 0.09, -0.42),
                (dx, -0.4),
                (dx + 0.09, -0.42),
                (dx + 0.05, -0.6),
                (dx, -0.72),
                (dx - 0.05, -0.6),
            ),
            hair,
        )
