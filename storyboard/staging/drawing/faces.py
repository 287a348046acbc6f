"""Faces: brows, eyes, nose and mouth.

The frame is the head's own: one unit is chin to crown, the origin its middle, y up, the face
turned to the right (x positive) by the view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ..blocking.curves import Points, ring
from .expressions import Expression
from .ink import RGB, Canvas, mix, rgb
from .palette import BLUSH, GOLD, LIPS, SKIN, deeper


class View(Enum):
    """How a head is turned: which of the four drawings of it is used."""

    FRONT = "front"
    QUARTER = "quarter"
    PROFILE = "profile"
    BACK = "back"

    @classmethod
    def of(cls, yaw: float) -> View:
        """The view for a turn from the viewer in degrees."""
        return (
            cls.FRONT
            if yaw < 17
            else cls.QUARTER
            if yaw < 60
            else cls.PROFILE
            if yaw < 112
            else cls.BACK
        )


_EYES = {
    View.FRONT: ((-0.172, 0.14), (0.172, 0.14)),
    View.QUARTER: ((-0.035, 0.138), (0.255, 0.098)),
    View.PROFILE: ((0.215, 0.105),),
}
"""(x, half width) of the near and the far eye."""
_MOUTH = {View.FRONT: (0.0, 1.0), View.QUARTER: (0.125, 0.86), View.PROFILE: (0.3, 0.62)}
"""(x, share of the width)."""


@dataclass(frozen=True)
class Features:
    """What tells one face from another."""

    brows: RGB | str
    """Their colour."""
    nose: float = 1.0
    """Size, 1 is normal."""
    eyes: float = 1.0
    """Size, 1 is normal."""
    thick: float = 1.0
    """Of the brows, 1 is normal."""
    bearded: bool = False
    lashes: bool = False
    rouge: bool = False
    """Red lips."""
    old: bool = False
    glasses: RGB | str | None = None
    """Colour of their frame."""
    chin: float = -0.5
    """Its height."""
    jaw: float = 0.355
    """Half of the width of the face at the mouth."""
    skin: RGB | str = SKIN
    iris: RGB | str = "#3a2418"
    white: RGB | str = "#fdf6ea"


def sunk(nod: float, share: float) -> float:
    """How far a feature sinks when the head nods; those below the eyes less, as seen from above.

    :param share: of the eyes' way.
    """
    return nod * (share if nod > 0 else 1.0)


def draw_face(
    canvas: Canvas,
    face: Expression,
    view: View,
    nod: float,
    gaze: tuple[float, float],
    features: Features,
) -> None:
    """Brows, eyes, nose, mouth on a head whose skin is drawn.

    :param nod: shift of the features downwards, head heights.
    """
    if view is View.BACK:
        return
    small = canvas.pixels < 52
    y = -0.005 - nod
    if face.blush and not small:
        for x in {View.FRONT: (-0.25, 0.25), View.QUARTER: (-0.12, 0.29), View.PROFILE: (0.14,)}[
            view
        ]:
            canvas.fill(
                ring(x, y - 0.17, 0.085, 0.055),
                mix(rgb(BLUSH), _tone(features.skin), 0.25),
                alpha=0.45,
            )
    for index, (x, half) in enumerate(_EYES[view]):
        outward = -1 if index == 0 and view is not View.PROFILE else 1
        if view is View.PROFILE:
            outward = -1
        half *= features.eyes
        draw_eye(canvas, face, x, y, half, outward, gaze, features, small)
        draw_brow(canvas, face, x, y, half, outward, features, index == 0, small)
    if features.old and not small:
        _wrinkles(canvas, view, y, features)
    _nose(canvas, view, -0.005 - sunk(nod, 0.8), features.nose, small, features.skin)
    _mouth(canvas, face, view, mouth_line(nod), small, features)
    if features.glasses:
        ear = {View.FRONT: 0.4, View.QUARTER: 0.31, View.PROFILE: 0.05}[view]
        draw_glasses(canvas, _EYES[view], y, ear, features.glasses, small)
    if face.sweat and not small:
        _drop(canvas, -0.3 if view is not View.PROFILE else 0.0, y + 0.13, 0.07)
    if face.tear and not small:
        x, half = _EYES[view][0]
        _drop(canvas, x - half * 0.3, y - 0.14, 0.06)


def mouth_line(nod: float) -> float:
    """Height from which the mouth hangs, head heights."""
    return -0.005 - sunk(nod, 0.45)


def mouth_gape(face: Expression, line: float, features: Features) -> float:
    """How far the mouth opens: not out of the chin."""
    floor = features.chin + 0.045 - (0.1 if features.bearded else 0.0)
    return min(face.gape, max(0.02, line - 0.325 + face.middle - floor))


def mouth_below_chin(face: Expression, nod: float, features: Features) -> float:
    """How far the mouth reaches under the chin, head heights."""
    line = mouth_line(nod)
    gape = mouth_gape(face, line, features)
    deep = gape * 0.65 + 0.02 if face.round else gape - min(face.left, face.right, face.middle)
    return max(0.0, features.chin - (line - 0.325 - deep))


def _drop(canvas: Canvas, x: float, y: float, size: float) -> None:
    canvas.cel(
        (
            (x, y + size),
            (x, y + size),
            (x + size * 0.55, y - size * 0.3),
            (x, y - size * 0.8),
            (x - size * 0.55, y - size * 0.3),
        ),
        "#bfe3f2",
        line=0.5,
    )


def draw_eye(
    canvas: Canvas,
    face: Expression,
    x: float,
    y: float,
    half: float,
    outward: int,
    gaze: tuple[float, float],
    features: Features,
    small: bool,
) -> None:
    fold, line = deeper(features.skin, 0.12), deeper(features.skin, 0.55)
    if face.open <= 0.05:
        bend = 0.07 if face.arcs else -0.045
        canvas.stroke(
            ((x - half, y - bend * 0.4), (x, y + bend), (x + half, y - bend * 0.4)),
            0.034,
            unit=True,
            taper=(0.5, 0.5),
        )
        return
    if small:
        canvas.dot(x + gaze[0] * 0.03, y + gaze[1] * 0.015, 0.05 * min(1.2, 0.6 + 0.4 * face.open))
        return
    tall = half * 0.62 * face.open
    up = 0.02
    corners = (x - outward * half * 0.95, y - 0.02), (x + outward * half, y + up)
    top = y + tall * (1 - 0.75 * face.lid)
    almond = (
        corners[0],
        corners[0],
        (x - outward * half * 0.4, top - tall * 0.08),
        (x + outward * half * 0.35, top),
        corners[1],
        corners[1],
        (x + outward * half * 0.3, y - tall * 0.72),
        (x - outward * half * 0.4, y - tall * 0.78),
    )
    canvas.fill(almond, features.white)
    iris = min(half * 0.56, 0.062) * face.pupil
    px = x + gaze[0] * (half - iris) * 0.72
    py = y + gaze[1] * tall * 0.3 - 0.008
    reach = max(0.01, min(iris, (top - py) * 0.98, py - (y - tall * 0.74) + iris * 0.35))
    canvas.fill(ring(px, py + (reach - iris) * 0.4, iris, (iris + reach) / 2), features.iris)
    if face.gold:
        canvas.fill(ring(px, py, iris * 0.62, iris * 0.62), GOLD, raw=True)
        canvas.dot(px, py, iris * 0.25, "#3a2418")
    canvas.dot(px - iris * 0.3, py + iris * 0.32, iris * 0.3, "#ffffff", raw=True)
    lid = (
        corners[0],
        (x - outward * half * 0.4, top - tall * 0.02),
        (x + outward * half * 0.35, top + tall * 0.06),
        (x + outward * half * 1.12, y + up - 0.005),
    )
    if face.lid:
        canvas.fill(
            (
                corners[0],
                corners[0],
                (x - outward * half * 0.4, y + tall * 1.05),
                (x + outward * half * 0.35, y + tall * 1.1),
                corners[1],
                corners[1],
                lid[2],
                lid[1],
            ),
            fold,
        )
    canvas.stroke(lid, 0.04, unit=True, taper=(0.35, 0.5))
    canvas.stroke(
        (
            corners[1],
            (x + outward * half * 0.2, y - tall * 0.8),
            (x - outward * half * 0.5, y - tall * 0.72),
        ),
        0.014,
        line,
        unit=True,
    )
    if features.lashes:
        for reach, rise in ((0.05, 0.045), (0.02, 0.065)):
            start = corners[1][0] - outward * (0.05 - reach), y + up + 0.012
            canvas.stroke(
                (start, (corners[1][0] + outward * reach, y + up + rise)), 0.022, unit=True
            )
    if face.bags or features.old:
        canvas.stroke(
            (
                (x - half * 0.7, y - tall - 0.03),
                (x, y - tall - 0.065),
                (x + half * 0.7, y - tall - 0.03),
            ),
            0.018,
            deeper(features.skin, 0.37),
            unit=True,
        )


def draw_brow(
    canvas: Canvas,
    face: Expression,
    x: float,
    y: float,
    half: float,
    outward: int,
    features: Features,
    near: bool,
    small: bool,
) -> None:
    lift = y + 0.14 + face.brow + max(0.0, face.open - 1) * 0.05 + (face.cock if near else 0.0)
    inner = (x - outward * half * 0.9, lift + face.inner)
    mid = (x + outward * half * 0.15, lift + 0.035 + face.inner * 0.25)
    outer = (x + outward * half * 1.15, lift - 0.012 - face.inner * 0.25)
    canvas.stroke(
        (inner, mid, outer),
        (0.05 if not small else 0.06) * features.thick,
        features.brows,
        unit=True,
        taper=(0.75, 0.25),
    )


def _nose(canvas: Canvas, view: View, y: float, size: float, small: bool, skin: RGB | str) -> None:
    line = deeper(skin, 0.53)
    if view is View.PROFILE:
        if not small:
            canvas.stroke(
                ((0.4, y - 0.195), (0.35, y - 0.165), (0.345, y - 0.2)), 0.022, line, unit=True
            )
        return
    if small:
        x = 0.0 if view is View.FRONT else 0.16
        canvas.stroke(((x, y - 0.06), (x + 0.05, y - 0.17)), 0.035, line, unit=True)
        return
    if view is View.FRONT:
        w = 0.062 * size
        canvas.stroke(
            (
                (0.035, y + 0.0),
                (0.06 * size, y - 0.13),
                (w, y - 0.19),
                (0.0, y - 0.225),
                (-w, y - 0.19),
            ),
            0.024,
            line,
            unit=True,
            taper=(0.2, 0.5),
        )
        canvas.stroke(
            ((-w - 0.012, y - 0.15), (-w - 0.025, y - 0.185), (-w, y - 0.21)),
            0.018,
            line,
            unit=True,
        )
        return
    tip = 0.15 + 0.13 * size
    canvas.fill(
        ((0.13, y + 0.05), (0.2, y - 0.06), (tip, y - 0.17), (0.22, y - 0.215), (0.12, y - 0.18)),
        deeper(skin, 0.12),
        alpha=0.55,
    )
    canvas.stroke(
        (
            (0.165, y + 0.06),
            (0.19, y - 0.04),
            (tip, y - 0.165),
            (tip - 0.04, y - 0.21),
            (0.14, y - 0.2),
        ),
        0.026,
        deeper(skin, 0.6),
        unit=True,
        taper=(0.25, 0.4),
    )


def _mouth(
    canvas: Canvas, face: Expression, view: View, y: float, small: bool, features: Features
) -> None:
    rouge, line = features.rouge, deeper(features.skin, 0.53)
    x, share = _MOUTH[view]
    gape = mouth_gape(face, y, features)
    y -= 0.325
    w = face.width * share
    if features.bearded:
        canvas.fill(
            ring(x, y + face.middle - 0.04 - gape / 2, w * 0.95, 0.05 + gape / 2),
            deeper(features.skin, 0.2),
        )
    if face.round:
        if view is View.PROFILE:
            x, w = x + 0.02, w * 0.8
        deep = max(0.03, gape)
        canvas.cel(ring(x, y - deep * 0.15, w, deep / 2 + 0.02), "#5b1f1c", line=0.7)
        return
    left, mid, right = (x - w, y + face.left), (x, y + face.middle), (x + w, y + face.right)
    if view is View.PROFILE:
        right = (min(x + w * 0.9, 0.36), y + face.right * 0.4)
    elif view is View.QUARTER:
        right = (min(x + w, features.jaw - 0.04), y + face.right)
    if gape > 0.03:
        low = y + face.middle - gape
        shape = (
            left,
            left,
            mid,
            right,
            right,
            (x + w * 0.55, low + 0.015),
            (x, low - 0.012),
            (x - w * 0.55, low + 0.015),
        )
        canvas.cel(shape, "#5b1f1c", line=0.75)
        if face.teeth:
            deep = min(0.055, gape * 0.42)
            canvas.fill(
                (
                    (x - w * 0.84, y + face.left * 0.8 - 0.006),
                    (x, y + face.middle - 0.006),
                    (x + w * 0.84, y + face.right * 0.8 - 0.006),
                    (x + w * 0.62, y + face.right * 0.45 - deep),
                    (x, y + face.middle - deep),
                    (x - w * 0.62, y + face.left * 0.45 - deep),
                ),
                "#fffaf0",
            )
        if gape > 0.12:
            canvas.fill(ring(x, low + 0.025, w * 0.42, 0.04), "#c05a4e")
    else:
        if rouge and not small:
            canvas.fill(
                (
                    left,
                    (x - w * 0.35, y + face.middle + 0.03),
                    (x, y + face.middle + 0.018),
                    (x + w * 0.35, y + face.middle + 0.03),
                    right,
                    (x, y + face.middle - 0.06),
                ),
                "#b9473f",
            )
        canvas.stroke((left, mid, right), 0.034, "#4d211b", unit=True, taper=(0.4, 0.4))
        if not small and not rouge:
            canvas.stroke(
                (
                    (x - w * 0.4, y + face.middle - 0.06),
                    (x + 0.01, y + face.middle - 0.072),
                    (x + w * 0.45, y + face.middle - 0.055),
                ),
                0.024,
                mix(rgb(LIPS), deeper(features.skin, 0.3), 0.35),
                unit=True,
            )
    if small:
        return
    if max(face.left, face.right) > 0.05:
        for corner, sign, raised in ((left, -1, face.left), (right, 1, face.right)):
            if raised > 0.05 and not (view is View.PROFILE and sign > 0):
                canvas.stroke(
                    (
                        (corner[0] + sign * 0.0, corner[1] + 0.045),
                        (corner[0] + sign * 0.032, corner[1] + 0.005),
                        (corner[0] + sign * 0.02, corner[1] - 0.045),
                    ),
                    0.022,
                    line,
                    unit=True,
                )


def _tone(colour: RGB | str) -> RGB:
    return rgb(colour) if isinstance(colour, str) else colour


def _wrinkles(canvas: Canvas, view: View, y: float, features: Features) -> None:
    """Forehead, corners of the eyes, and the folds from nose to mouth."""
    line = deeper(features.skin, 0.34)
    x = {View.FRONT: 0.0, View.QUARTER: 0.12, View.PROFILE: 0.22}[view]
    wide = {View.FRONT: 0.17, View.QUARTER: 0.15, View.PROFILE: 0.07}[view]
    for up in (0.3, 0.36):
        canvas.stroke(
            ((x - wide, y + up - 0.01), (x, y + up + 0.008), (x + wide, y + up - 0.01)),
            0.016,
            line,
            unit=True,
        )
    for index, (at, half) in enumerate(_EYES[view]):
        out = -1 if index == 0 else 1
        if view is View.QUARTER and out > 0:
            continue
        for rise in (0.035, -0.03):
            start = at + out * half * 1.25
            canvas.stroke(
                ((start, y + rise * 0.4), (start + out * 0.055, y + rise)), 0.015, line, unit=True
            )
    folds = {View.FRONT: ((-1, 0.0), (1, 0.0)), View.QUARTER: ((-1, 0.13), (1, 0.14))}.get(
        view, ((-1, 0.32),)
    )
    for side, mid in folds:
        canvas.stroke(
            (
                (mid + side * 0.09, y - 0.17),
                (mid + side * 0.17, y - 0.25),
                (mid + side * 0.19, y - 0.35),
            ),
            0.02,
            line,
            unit=True,
        )


def draw_glasses(
    canvas: Canvas,
    eyes: Sequence[tuple[float, float]],
    y: float,
    ear: float,
    frame: RGB | str,
    small: bool,
) -> None:
    """Round glasses, their bridge and bows.

    :param eyes: (x, half width) of every eye seen, the near one first.
    :param ear: how far to the left of the middle the bow ends.
    """
    thick = 0.034 if small else 0.026
    rims = [(x, half * (1.24 if len(eyes) == 2 else 0.95)) for x, half in eyes]
    for x, rx in rims:
        canvas.fill(ring(x, y - 0.005, rx, 0.15), "#e9f4f7", alpha=0.12)
        outline = ring(x, y - 0.005, rx, 0.15, count=16)
        canvas.stroke([*outline, outline[0], outline[1]], thick, frame, unit=True, taper=(1, 1))
        if not small:
            canvas.stroke(
                ((x - rx * 0.45, y + 0.05), (x - rx * 0.15, y + 0.1)), 0.02, "#ffffff", unit=True
            )
    near, radius = rims[0]
    bows: list[Points] = [((near - radius, y + 0.02), (-ear, y + 0.03))]
    if len(rims) == 2:
        far, wide = rims[1]
        bridge = (near + radius + far - wide) / 2
        bows.append(((near + radius, y + 0.015), (bridge, y + 0.035), (far - wide, y + 0.015)))
        if abs(near + far) < 0.01:
            bows.append(((far + wide, y + 0.02), (ear, y + 0.03)))
    for bow in bows:
        canvas.stroke(bow, thick, frame, unit=True, taper=(1, 1))
