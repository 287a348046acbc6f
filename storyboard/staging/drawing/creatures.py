"""Animals as characters: fur on a stance, and the head of :mod:`.muzzles`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...story import Emotion, Hat, Look, Pose, PropKind, Sex
from ..blocking.creatures import ANATOMIES, Anatomy, Creature, Gait, Stance, species_of
from ..blocking.curves import Affine, capsule, disc, hull, pairs, path, ring
from .expressions import expression
from .faces import View
from .hats import draw_hat
from .ink import RGB, Canvas, mix, rgb
from .muzzles import Coat, Tone, coat_of, draw_muzzled_head
from .palette import SKIN

_HOOFED = (
    PropKind.COW,
    PropKind.PIG,
    PropKind.GOAT,
    PropKind.SHEEP,
    PropKind.HORSE,
    PropKind.DONKEY,
    PropKind.CAMEL,
)
_HOOF = "#3a2d26"


@dataclass(frozen=True)
class Animal:
    """An animal being drawn: what every part of it must know."""

    species: PropKind
    anatomy: Anatomy
    stance: Stance
    coat: Coat
    view: View
    head: Callable[[], None]
    """Draws the head in its place."""


def draw_creature(
    canvas: Canvas,
    creature: Creature,
    look: Look,
    pose: Pose,
    emotion: Emotion,
    gaze: tuple[float, float] = (0.0, 0.0),
    speaks: bool = False,
) -> None:
    """Draw a posed animal in its own frame (metres)."""
    species = species_of(look)
    coat = coat_of(species, None if look.skin == SKIN else look.skin)
    view = View.of(creature.yaw)
    face = expression(emotion, pose, speaks)
    g = creature.grow

    def head() -> None:
        size, roll = creature.anatomy.head, creature.roll
        cos, sin = math.cos(roll) * size, math.sin(roll) * size
        x, y = creature.stance.head
        with canvas.local(Affine(cos, sin, float(x), -sin, cos, float(y))):
            maned = look.sex is not Sex.FEMALE
            draw_muzzled_head(canvas, species, coat, view, face, emotion, gaze, look.glasses, maned)
            if look.hat is not Hat.NONE:
                with canvas.local(Affine(a=0.9, e=0.9, f=0.06)):
                    draw_hat(canvas, look, view, False)

    with canvas.local(Affine(a=g, e=g, f=creature.raise_)):
        _draw(canvas, Animal(species, creature.anatomy, creature.stance, coat, view, head))


def draw_plain(canvas: Canvas, species: PropKind, stance: Stance, fur: str | None = None) -> None:
    """An animal without a mood, in profile: a prop.

    :param fur: its colour, if not that of the species.
    """
    anatomy, coat = ANATOMIES[species], coat_of(species, fur)

    def head() -> None:
        x, y = stance.head
        with canvas.local(Affine(anatomy.head, 0, float(x), 0, anatomy.head, float(y))):
            face = expression(Emotion.NEUTRAL, Pose.STANDING, False)
            draw_muzzled_head(canvas, species, coat, View.PROFILE, face, Emotion.NEUTRAL)

    _draw(canvas, Animal(species, anatomy, stance, coat, View.PROFILE, head))


def _draw(canvas: Canvas, animal: Animal) -> None:
    species = animal.species
    if species is PropKind.BIRD:
        _bird(canvas, animal)
    elif species is PropKind.FISH:
        _fish(canvas, animal)
    else:
        _beast(canvas, animal)


def _rgb(tone: Tone) -> RGB:
    return rgb(tone) if isinstance(tone, str) else tone


def _beast(canvas: Canvas, animal: Animal) -> None:
    """Four legs: tail, far legs, trunk with near legs, marks, head."""
    species, anatomy, stance, coat = animal.species, animal.anatomy, animal.stance, animal.coat
    view, head = animal.view, animal.head
    back = view is View.BACK
    far: Tone = (
        coat.dark if species is PropKind.SHEEP else mix(_rgb(coat.dark), _rgb(coat.fur), 0.35)
    )
    if not back:
        _tail(canvas, animal)
    if species is PropKind.DRAGON:
        _wing(canvas, animal, far=True)
    if back:
        head()
    for index in (0, 1):
        _leg(canvas, animal, index, far)
    outline = _outline(canvas, anatomy, stance)
    neck = _neck(anatomy, stance)
    shapes = [outline, *neck]
    legs = [_bones(anatomy, stance, index) for index in (2, 3)]
    for bones in legs:
        shapes += bones
    if species is PropKind.SHEEP:
        for index in (2, 3):
            _leg(canvas, animal, index, coat.dark)
        canvas.cels(neck, coat.fur, smooth=False)
        _fleece(canvas, animal)
    else:
        canvas.cels(shapes, coat.fur, smooth=False, shade=0)
        canvas.cel(outline, coat.fur, smooth=False, line=0, shade=anatomy.chest * 0.32)
        _belly(canvas, animal)
        for shape in neck:
            canvas.patch(shape, coat.fur, smooth=False)
        _mark(canvas, animal)
    for index, bones in zip((2, 3), legs if species is not PropKind.SHEEP else ()):
        for bone in bones:
            canvas.cel(bone, coat.fur, smooth=False, line=0, shade=0.02 * anatomy.leg)
        _foot(canvas, animal, index)
    _thigh(canvas, animal)
    if species in (PropKind.HORSE, PropKind.DONKEY):
        _mane(canvas, animal)
    if species is PropKind.DRAGON:
        _spikes(canvas, animal)
        _wing(canvas, animal, far=False)
    if back:
        _tail(canvas, animal)
    else:
        head()


def _axis(stance: Stance) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors along the spine and up from it."""
    along = stance.shoulder - stance.hip
    along = along / (np.hypot(*along) + 1e-9)
    return along, np.array((-along[1], along[0]))


def _outline(canvas: Canvas, anatomy: Anatomy, stance: Stance) -> np.ndarray:
    """The trunk: two circles, a back that dips and a belly that hangs a little."""
    along, up = _axis(stance)
    r, c = anatomy.rump, anatomy.chest
    middle = (stance.hip + stance.shoulder) / 2
    waist = min(r, c)
    tilt = math.atan2(along[1], along[0])
    rear = [
        stance.hip + r * np.array((math.cos(tilt + a), math.sin(tilt + a)))
        for a in np.linspace(math.pi * 0.55, math.pi * 1.45, 7)
    ]
    ahead = [
        stance.shoulder + c * np.array((math.cos(tilt + a), math.sin(tilt + a)))
        for a in np.linspace(-math.pi * 0.45, math.pi * 0.45, 7)
    ]
    points = [*rear, middle - up * waist * 0.93, *ahead, middle + up * waist * 0.9]
    return canvas.smooth(np.array(points))


def _neck(anatomy: Anatomy, stance: Stance) -> list[np.ndarray]:
    """From the chest to the head."""
    root = stance.shoulder + (anatomy.chest * 0.3, anatomy.chest * 0.25)
    top = stance.head - (anatomy.head * 0.08, anatomy.head * 0.06)
    thick = min(0.3 * anatomy.head, anatomy.chest * 0.6)
    return [capsule(root, anatomy.chest * 0.72, top, max(thick, 0.26 * anatomy.head), 9)]


def _widths(anatomy: Anatomy, hind: bool) -> list[float]:
    w = anatomy.leg * anatomy.thick
    return [w * 2.0, w * 1.2, w * 0.8, w * 0.72] if hind else [w * 1.5, w * 0.92, w * 0.74]


def _bones(anatomy: Anatomy, stance: Stance, index: int) -> list[np.ndarray]:
    points = stance.legs[index]
    widths = _widths(anatomy, len(points) == 4)
    bones = [
        capsule(p, a / 2, q, b / 2, 6) for p, q, a, b in zip(points, points[1:], widths, widths[1:])
    ]
    if len(points) == 4:
        if stance.gait in (Gait.SIT, Gait.LIE, Gait.SLEEP):
            thigh = stance.hip + (points[1] - stance.hip) * 0.42
            bones = [
                ring(
                    float(thigh[0]),
                    float(thigh[1]) - anatomy.rump * 0.1,
                    anatomy.rump * 0.82,
                    anatomy.rump * 0.8,
                    count=14,
                ),
                bones[-1],
            ]
        else:
            bones.insert(
                0,
                disc(
                    points[0] + (0, anatomy.rump * 0.02), anatomy.rump * 0.66, anatomy.rump * 0.74
                ),
            )
    return bones


def _leg(canvas: Canvas, animal: Animal, index: int, tone: Tone) -> None:
    """A leg that stands apart from the trunk: a far one, or a sheep's under its wool."""
    canvas.cels(_bones(animal.anatomy, animal.stance, index), tone, smooth=False)
    _foot(canvas, animal, index)


def _foot(canvas: Canvas, animal: Animal, index: int) -> None:
    """A hoof, a paw, or an elephant's nails."""
    species, anatomy, stance, coat = animal.species, animal.anatomy, animal.stance, animal.coat
    points = stance.legs[index]
    x, y = (float(v) for v in points[-1])
    w = _widths(anatomy, len(points) == 4)[-1]
    lying = stance.gait in (Gait.LIE, Gait.SLEEP) or (stance.gait is Gait.SIT and len(points) == 4)
    if species in _HOOFED:
        if lying:
            canvas.cel(
                (
                    (x - w * 0.2, y + w * 0.45),
                    (x + w * 0.7, y + w * 0.4),
                    (x + w * 0.7, y - w * 0.4),
                    (x - w * 0.2, y - w * 0.45),
                ),
                _HOOF,
                smooth=False,
                line=0.8,
            )
        else:
            canvas.cel(
                (
                    (x - w * 0.62, y),
                    (x + w * 0.7, y),
                    (x + w * 0.5, y + w * 0.8),
                    (x - w * 0.5, y + w * 0.8),
                ),
                _HOOF,
                smooth=False,
                line=0.8,
            )
        return
    tone: Tone = coat.fur
    if species is PropKind.FOX:
        tone = coat.dark
        (px, py), (qx, qy) = points[-2], points[-1]
        canvas.cel(
            capsule((px * 0.4 + qx * 0.6, py * 0.4 + qy * 0.6), w * 0.5, (qx, qy), w * 0.5, 6),
            tone,
            smooth=False,
            line=0.8,
        )
    elif species in (PropKind.CAT, PropKind.RABBIT, PropKind.TIGER):
        tone = coat.pale
    if species is PropKind.ELEPHANT:
        for k in (-0.25, 0.05, 0.35):
            canvas.cel(
                disc((x + w * k, y + w * 0.12), w * 0.13, w * 0.16, count=8), "#efe6d6", line=0.6
            )
        return
    if species is PropKind.MONKEY:
        tone = coat.pale
    long = 1.05 if species is not PropKind.RABBIT or len(points) == 3 else 1.9
    at = (x + w * (0.3 if long < 1.5 else 0.7), y + w * 0.42)
    canvas.cel(disc(at, w * 0.78 * long, w * 0.5), tone, line=0.9)
    if canvas.pixels * w > 9:
        for k in (0.1, 0.5):
            canvas.stroke(
                ((at[0] + w * k, at[1] - w * 0.3), (at[0] + w * (k + 0.05), at[1] + w * 0.1)), 0.6
            )


def _belly(canvas: Canvas, animal: Animal) -> None:
    """A paler underside."""
    species, anatomy, stance, coat = animal.species, animal.anatomy, animal.stance, animal.coat
    if species in (
        PropKind.COW,
        PropKind.PIG,
        PropKind.ELEPHANT,
        PropKind.HORSE,
        PropKind.BEAR,
        PropKind.MONKEY,
    ):
        return
    _, up = _axis(stance)
    r, c = anatomy.rump, anatomy.chest
    if stance.gait is Gait.SIT or species is PropKind.DRAGON:
        front = stance.shoulder + (c * 0.34, -c * 0.2)
        canvas.patch(disc(front, c * 0.52, c * 0.72), coat.pale)
        if stance.gait is Gait.SIT:
            return
    a, b = stance.hip - up * r * 0.7, stance.shoulder - up * c * 0.62
    canvas.patch(capsule(a, r * 0.1, b, c * 0.2, 7), coat.pale, smooth=False)


def _mark(canvas: Canvas, animal: Animal) -> None:
    """Stripes, patches, humps."""
    species, anatomy, stance, coat = animal.species, animal.anatomy, animal.stance, animal.coat
    along, up = _axis(stance)
    r, c = anatomy.rump, anatomy.chest
    span = float(np.hypot(*(stance.shoulder - stance.hip)))
    if species in (PropKind.TIGER, PropKind.CAT):
        count = 7 if species is PropKind.TIGER else 4
        for i in range(count):
            t = (i + 0.3) / count
            base = stance.hip + along * (span * t * 1.08 - r * 0.25)
            radius = r + (c - r) * t
            lean = along * radius * 0.2
            long = 0.9 if i % 2 else 0.6
            canvas.stroke(
                (
                    base + up * radius * 0.86,
                    base + up * radius * (0.86 - long * 0.5) - lean * 0.4,
                    base + up * radius * (0.86 - long) + lean * 0.2,
                ),
                radius * 0.17,
                coat.hair,
                unit=True,
                taper=(1, 0.1),
            )
    elif species is PropKind.COW:
        for t, v, rx, ry in (
            (0.08, 0.3, 0.55, 0.42),
            (0.56, 0.12, 0.42, 0.5),
            (0.98, 0.3, 0.36, 0.4),
        ):
            at = stance.hip + along * span * t + up * c * v
            canvas.patch(disc(at, c * rx, c * ry), coat.hair)
        if stance.gait in (Gait.STAND, Gait.WALK, Gait.PAW):
            udder = stance.hip + along * span * 0.2 - up * r * 0.92
            canvas.cel(disc(udder, r * 0.24, r * 0.2), coat.pale, line=0.8)
    elif species is PropKind.CAMEL:
        for t in (0.22, 0.74):
            at = stance.hip + along * span * t + up * r * 0.72
            canvas.cel(
                (
                    at - along * r * 0.52,
                    at - along * r * 0.3 + up * r * 0.5,
                    at + up * r * 0.78,
                    at + along * r * 0.3 + up * r * 0.5,
                    at + along * r * 0.52,
                    at - up * r * 0.1,
                ),
                coat.fur,
                shade=0.05,
            )
            canvas.cel(
                (
                    at - along * r * 0.24 + up * r * 0.56,
                    at + up * r * 0.86,
                    at + along * r * 0.24 + up * r * 0.56,
                    at + up * r * 0.48,
                ),
                coat.hair,
                line=0.8,
            )
            canvas.patch(disc(at - up * r * 0.14, r * 0.5, r * 0.2), coat.fur)
    elif species is PropKind.PIG and stance.gait is not Gait.SLEEP:
        canvas.patch(
            disc(stance.hip + along * span * 0.4 + up * r * 0.3, r * 0.26, r * 0.2),
            mix(_rgb(coat.fur), _rgb(coat.dark), 0.4),
        )


def _thigh(canvas: Canvas, animal: Animal) -> None:
    """One line where the thigh rounds over the trunk."""
    species, anatomy, stance, coat = animal.species, animal.anatomy, animal.stance, animal.coat
    if canvas.pixels * anatomy.rump < 14 or species is PropKind.SHEEP:
        return
    line = mix(_rgb(coat.fur), (30, 16, 26), 0.55)
    points = stance.legs[2]
    if stance.gait in (Gait.SIT, Gait.LIE, Gait.SLEEP):
        thigh = stance.hip + (points[1] - stance.hip) * 0.42 - (0, anatomy.rump * 0.1)
        arc = [
            thigh + anatomy.rump * 0.8 * np.array((math.cos(a), math.sin(a)))
            for a in np.linspace(2.2, -0.5, 7)
        ]
        canvas.stroke(arc, 0.9, line)
    else:
        at = points[0] + (anatomy.rump * 0.56, anatomy.rump * 0.34)
        canvas.stroke(
            (
                at,
                at + (anatomy.rump * 0.1, -anatomy.rump * 0.4),
                at + (-anatomy.rump * 0.12, -anatomy.rump * 0.8),
            ),
            0.8,
            line,
        )
    top = stance.legs[3][0]
    if stance.gait in (Gait.STAND, Gait.WALK, Gait.PAW):
        canvas.stroke(
            (
                top + (-anatomy.chest * 0.34, anatomy.chest * 0.3),
                top + (-anatomy.chest * 0.4, -anatomy.chest * 0.2),
            ),
            0.7,
            line,
        )


def _fleece(canvas: Canvas, animal: Animal) -> None:
    """A cloud of wool over the trunk."""
    anatomy, stance, coat = animal.anatomy, animal.stance, animal.coat
    along, up = _axis(stance)
    middle = (stance.hip + stance.shoulder) / 2
    span = float(np.hypot(*(stance.shoulder - stance.hip)))
    angle = np.arange(26) * (math.pi / 13)
    wave = 1 + np.where(np.arange(26) % 2, 0.05, -0.05)
    rx, ry = span / 2 + anatomy.rump * 0.95, anatomy.rump * 1.2
    local = pairs(np.cos(angle) * rx * wave, np.sin(angle) * ry * wave)
    canvas.cel(middle + local[:, :1] * along + local[:, 1:] * up, coat.fur, shade=0.07)
    tone = mix(_rgb(coat.fur), (90, 60, 40), 0.4)
    if canvas.pixels * anatomy.rump > 14:
        for x, y in (
            (-0.5, 0.3),
            (0.0, 0.5),
            (0.42, 0.2),
            (-0.15, -0.1),
            (-0.55, -0.35),
            (0.3, -0.4),
        ):
            at = middle + along * rx * x + up * ry * y
            d = anatomy.rump * 0.16
            canvas.stroke(
                (at + (-d, 0), at + (0, -d * 0.8), at + (d, 0), at + (d * 0.4, d * 0.7)), 0.6, tone
            )


def _mane(canvas: Canvas, animal: Animal) -> None:
    """A fringe along the crest of the neck."""
    anatomy, stance, coat = animal.anatomy, animal.stance, animal.coat
    root = stance.shoulder + (-anatomy.chest * 0.1, anatomy.chest * 0.9)
    top = stance.head + (-anatomy.head * 0.22, anatomy.head * 0.36)
    points = [root]
    out = np.array((-0.16, 0.1)) * anatomy.head
    for t in np.linspace(0, 1, 5):
        points.append(root + (top - root) * t + out)
    points.append(top)
    for i, t in enumerate(np.linspace(1, 0, 7)):
        points.append(root + (top - root) * t - out * (1.5 if i % 2 else 0.5))
    canvas.cel(points, coat.hair, shade=0.03)


def _tail(canvas: Canvas, animal: Animal) -> None:
    species, anatomy, stance, coat = animal.species, animal.anatomy, animal.stance, animal.coat
    points, size = stance.tail, anatomy.tail
    match species:
        case PropKind.FOX | PropKind.WOLF:
            wide = size * (0.19 if species is PropKind.FOX else 0.13)
            shapes = [
                capsule(a, ra * wide, b, rb * wide, 7)
                for a, b, ra, rb in zip(points, points[1:], (0.4, 0.85, 1.0), (0.85, 1.0, 0.35))
            ]
            canvas.cels(shapes, coat.fur, smooth=False)
            tip = points[-1] + (points[-2] - points[-1]) * 0.25
            canvas.patch(
                capsule(tip, wide * 0.6, points[-1], wide * 0.34, 7),
                coat.pale if species is PropKind.FOX else coat.dark,
                smooth=False,
            )
        case PropKind.RABBIT | PropKind.BEAR | PropKind.GOAT | PropKind.SHEEP:
            at = points[0] + np.array((-0.1, 0.1)) * size
            canvas.cel(
                disc(
                    at, max(size * 0.5, anatomy.rump * 0.26), max(size * 0.5, anatomy.rump * 0.24)
                ),
                coat.pale if species in (PropKind.RABBIT, PropKind.GOAT) else coat.fur,
                line=0.9,
            )
        case PropKind.PIG:
            x, y = (float(v) for v in points[0])
            curl = [
                (
                    x - size * (0.2 + 0.3 * t) + math.cos(t * 9) * size * 0.16,
                    y + math.sin(t * 9) * size * 0.2,
                )
                for t in np.linspace(0, 1, 12)
            ]
            canvas.stroke(curl, size * 0.26, unit=True)
            canvas.stroke(curl, size * 0.17, coat.fur, unit=True)
        case PropKind.HORSE:
            wide = size * 0.13
            shapes = [
                capsule(a, ra * wide, b, rb * wide, 7)
                for a, b, ra, rb in zip(points, points[1:], (0.5, 0.95, 1.0), (0.95, 1.0, 0.4))
            ]
            canvas.cels(shapes, coat.hair, smooth=False)
        case PropKind.DRAGON:
            wide = anatomy.rump * 0.62
            steps = (1.0, 0.66, 0.36, 0.12)
            shapes = [
                capsule(a, ra * wide, b, rb * wide, 7)
                for a, b, ra, rb in zip(points, points[1:], steps, steps[1:])
            ]
            canvas.cels(shapes, coat.fur, smooth=False)
            end, along = points[-1], points[-1] - points[-2]
            along = along / (np.hypot(*along) + 1e-9)
            side = np.array((-along[1], along[0]))
            k = anatomy.rump * 0.42
            canvas.cel(
                (
                    end + along * k * 1.2,
                    end + side * k * 0.7,
                    end + along * k * 0.2,
                    end - side * k * 0.7,
                ),
                coat.hair,
                smooth=False,
            )
        case _:
            thin = {
                PropKind.MOUSE: 0.05,
                PropKind.DOG: 0.17,
                PropKind.CAT: 0.13,
                PropKind.ELEPHANT: 0.1,
            }.get(species, 0.085)
            tone = (
                mix(_rgb(coat.fur), _rgb(coat.hair), 0.6) if species is PropKind.MOUSE else coat.fur
            )
            canvas.stroke(
                points,
                size * thin + 1.6 * canvas.line / canvas.view.scale,
                unit=True,
                taper=(1, 0.7),
            )
            canvas.stroke(points, size * thin, tone, unit=True, taper=(1, 0.7))
            if species in (
                PropKind.LION,
                PropKind.COW,
                PropKind.DONKEY,
                PropKind.CAMEL,
                PropKind.ELEPHANT,
            ):
                canvas.cel(disc(points[-1], size * 0.075, size * 0.12), coat.hair, line=0.9)


def _wing(canvas: Canvas, animal: Animal, far: bool) -> None:
    """A dragon's: fingers and skin between them."""
    anatomy, stance, coat = animal.anatomy, animal.stance, animal.coat
    at = stance.shoulder + (-anatomy.length * (0.12 if not far else -0.06), anatomy.chest * 0.6)
    k = anatomy.length * (0.86 if not far else 0.78)
    lean = 0.14 * k if far else 0.0
    wrist = at + (0.1 * k + lean, 0.95 * k)
    tips = [
        at + np.array((-0.62, 1.12)) * k + (lean, 0),
        at + np.array((-1.04, 0.62)) * k + (lean, 0),
        at + np.array((-0.98, 0.12)) * k + (lean, 0),
    ]
    tone = mix(_rgb(coat.hair), (40, 10, 20), 0.3) if far else coat.hair
    web = [at, at, wrist, wrist]
    previous = wrist
    for tip in tips:
        web += [(previous + tip) / 2 + (at - (previous + tip) / 2) * 0.16, tip, tip]
        previous = tip
    web += [at + (-0.4 * k, -0.06 * k)]
    canvas.cel(web, tone, smooth=True, shade=0.04 * k)
    for tip in tips:
        canvas.stroke((wrist, tip), 1.2, mix(_rgb(coat.dark), (20, 10, 10), 0.3))
    canvas.cels(
        (capsule(at, 0.08 * k, wrist, 0.05 * k, 6),),
        coat.fur if not far else coat.dark,
        smooth=False,
    )


def _spikes(canvas: Canvas, animal: Animal) -> None:
    anatomy, stance, coat = animal.anatomy, animal.stance, animal.coat
    along, up = _axis(stance)
    span = float(np.hypot(*(stance.shoulder - stance.hip)))
    root = stance.shoulder + (anatomy.chest * 0.05, anatomy.chest * 0.95)
    top = stance.head + (-anatomy.head * 0.3, anatomy.head * 0.3)
    spots = [stance.hip + along * span * t + up * anatomy.rump * 0.92 for t in (-0.1, 0.16, 0.4)]
    spots += [root + (top - root) * t - (anatomy.head * 0.12, -0.05) for t in (0.1, 0.4, 0.7)]
    d = anatomy.chest * 0.2
    for at in spots:
        canvas.cel(
            (at + (-d * 0.8, -d * 0.2), at + (-d * 0.5, d * 1.1), at + (d * 0.8, -d * 0.1)),
            coat.hair,
            smooth=False,
            line=0.8,
        )


def _bird(canvas: Canvas, animal: Animal) -> None:
    anatomy, stance, coat, view, head = (
        animal.anatomy,
        animal.stance,
        animal.coat,
        animal.view,
        animal.head,
    )
    _, up = _axis(stance)
    flying = stance.gait is Gait.RUN
    back = view is View.BACK
    end = stance.tail[-1]
    side = up * anatomy.rump * 0.42
    if back:
        head()
    if flying:
        _feathers(canvas, animal, coat.dark, 0.9, lift=True)
    canvas.cel(
        (stance.hip + side, end + side * 1.15, end - side * 0.8, stance.hip - side),
        coat.dark,
        smooth=False,
    )
    for leg in stance.legs:
        if not flying:
            (x, y), (fx, fy) = leg
            for width, tone in ((0.02, None), (0.011, "#d9893a")):
                canvas.stroke(((x, y), (fx, fy)), width, tone, unit=True, taper=(1, 1))
                for dx in (-0.03, 0.02, 0.05):
                    canvas.stroke(
                        ((fx, fy + 0.012), (fx + dx, fy)), width, tone, unit=True, taper=(1, 0.7)
                    )
    body = hull(
        np.concatenate(
            (
                disc(stance.hip, anatomy.rump),
                disc(stance.shoulder, anatomy.chest),
                disc(stance.head - (0, anatomy.head * 0.14), anatomy.head * 0.3),
            )
        )
    )
    canvas.cel(body, coat.fur, smooth=False, shade=anatomy.chest * 0.26)
    if not back:
        belly = stance.shoulder + (anatomy.chest * 0.3, -anatomy.chest * 0.24)
        canvas.patch(disc(belly, anatomy.chest * 0.62, anatomy.chest * 0.7), coat.pale)
    _feathers(canvas, animal, coat.hair, 1.0, lift=flying)
    if not back:
        head()


def _feathers(canvas: Canvas, animal: Animal, tone: Tone, grow: float, lift: bool) -> None:
    """A wing: folded along the side, or raised in flight."""
    anatomy, stance = animal.anatomy, animal.stance
    at = stance.shoulder + (-anatomy.chest * 0.1, anatomy.chest * 0.25)
    k = anatomy.chest * grow
    if lift:
        raised = (
            ".5,0 .5,1.3 .1,2.6 -.5,3.3 -.9,3.1 -.9,2.5 -1.4,2.5 -1.3,1.8 -1.7,1.6 -1.4,1 "
            "-1.5,.5 -.7,-.2"
        )
        shape = at + path(raised) * k
    else:
        shape = at + path(".45,.1 .3,-.55 -.5,-.85 -1.75,-.7 -1.2,-.2 -.4,.35") * k
    canvas.cel(shape, tone, shade=0.1 * k)
    if canvas.pixels * k > 12:
        for dy in (0.25, 0.5):
            a = at + ((0.1, -dy) if not lift else (-0.1, dy * 2.2)) * np.array((k, k))
            canvas.stroke((a, a + np.array((-0.9, -0.12)) * k), 0.7)


def _fish(canvas: Canvas, animal: Animal) -> None:
    """Swims: tail, fins, and a body that is half head."""
    anatomy, stance, coat, view, head = (
        animal.anatomy,
        animal.stance,
        animal.coat,
        animal.view,
        animal.head,
    )
    end, root = stance.tail[-1], stance.hip
    h = anatomy.chest
    back = view is View.BACK
    canvas.cel(
        (root + (0.02, 0), end + (-0.02, h * 1.1), end + (0.03, 0), end + (-0.02, -h * 1.1)),
        coat.hair,
        shade=0.02,
    )
    mid = (stance.hip + stance.head) / 2
    canvas.cel(
        (
            mid + (0.06, h * 0.7),
            mid + (-0.02, h * 1.5),
            mid + (-0.1, h * 1.2),
            mid + (-0.1, h * 0.6),
        ),
        coat.hair,
        line=0.9,
    )
    if back:
        head()
    body = hull(
        np.concatenate(
            (
                disc(stance.hip, anatomy.rump),
                disc(stance.shoulder, h * 1.02, h),
                disc(stance.head - (0.02, 0), h * 0.8),
            )
        )
    )
    canvas.cel(body, coat.fur, smooth=False, shade=h * 0.3)
    canvas.patch(
        capsule(stance.hip - (0, h * 0.2), h * 0.2, stance.head - (0.02, h * 0.45), h * 0.3, 7),
        coat.pale,
        smooth=False,
    )
    line = mix(_rgb(coat.fur), _rgb(coat.dark), 0.8)
    for x, y in ((-0.06, 0.3), (-0.1, -0.05), (-0.03, -0.1), (-0.01, 0.2), (-0.05, 0.1)):
        at = mid + np.array((x, y * h))
        canvas.stroke((at + (0.012, 0.018), at + (-0.01, 0), at + (0.012, -0.018)), 0.7, line)
    if not back:
        head()
    fin = mid + (-0.01, -h * 0.3)
    canvas.cel(
        (fin + (0.03, 0.02), fin + (-0.08, -0.01), fin + (-0.06, -0.07), fin + (0.02, -0.03)),
        coat.hair,
        line=0.9,
    )
