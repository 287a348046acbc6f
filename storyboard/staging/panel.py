"""The panel: set, things and figures from far to near, then what the director writes on it."""

from __future__ import annotations

import hashlib
import math
import random
from dataclasses import replace

import numpy as np
from PIL import Image

from .. import sets
from ..numbering import label
from ..story import (
    IN_THE_SKY,
    Drawing,
    Garment,
    Hat,
    Kind,
    Pose,
    PropItem,
    PropKind,
    Shot,
    Story,
    Time,
)
from .blocking.camera import CLOSE
from .blocking.creatures import Creature, is_thing
from .blocking.curves import Affine, ring
from .blocking.layout import Figure, Layout
from .blocking.measures import measure
from .blocking.poses import L_HIP, L_WRIST, NECK, R_HIP, R_WRIST
from .blocking.skeleton import Skeleton
from .blocking.things import Thing
from .drawing.animals import MUZZLES, draw_animal
from .drawing.builder import build
from .drawing.figures import arm_layer, draw_body, draw_far_leg
from .drawing.hands import canvas_of
from .drawing.ink import Canvas, Stencil
from .drawing.living import frame_of
from .drawing.ornament import horns
from .drawing.palette import CRIMSON, GOLD, WOOD, WOOD_DARK, Hour, hour_of
from .drawing.props import draw_held, draw_prop, held_frame, on_shaft, plate_of, shows_flat
from .drawing.scenery import Scene, paint_air, paint_moonlight, paint_weather, weather_of
from .letters.balloons import draw_balloon, place_balloons
from .letters.labels import draw_label
from .letters.moves import marks_of
from .letters.overlays import Strip, Tag
from .letters.slates import Slate

_TWO_HANDS = {
    Pose.HOLDING,
    Pose.CARRYING,
    Pose.LIFTING,
    Pose.HANDING_OVER,
    Pose.RECEIVING,
    Pose.DIGGING,
    Pose.PRAYING,
    Pose.READING,
}


def draw_panel(story: Story, shot: Shot, layout: Layout) -> Image.Image:
    """Draw one shot, with what the director writes on it: RGB, the layout's size."""
    letters = Letters(story, shot, layout)
    canvas = _draw_scene(story, shot, layout, letters.strip.top)
    with canvas.local(graded=False):
        letters.draw(canvas)
    image = canvas.finish()
    letters.write(image)
    return image


_STEPPE_SETS = {"aul", "steppe", "yurt_inside", "yurt_outside"}
_STEPPE_PROPS = {PropKind.YURT, PropKind.DOMBRA}


def of_the_steppe(story: Story) -> bool:
    """Whether a story plays in the steppe or among its people, whose ornament things then bear."""
    looks = [character.look for character in story.characters]
    return (
        any(look.garment is Garment.CHAPAN or look.hat is Hat.KIMESHEK for look in looks)
        or any(shot.setting in _STEPPE_SETS for shot in story.shots)
        or any(prop.kind in _STEPPE_PROPS for shot in story.shots for prop in shot.props)
    )


class Letters:
    """What is written on one panel: tag, caption strip, balloons and the camera's arrows."""

    def __init__(self, story: Story, shot: Shot, layout: Layout) -> None:
        self.tag = Tag(shot, layout.size, label(story, shot))
        self.strip = Strip(shot, layout.size)
        self.slate = Slate(shot, layout.size)
        self.plates = [self.tag.box, *([self.slate.box] if self.slate.box else [])]
        self.balloons = place_balloons(story, shot, layout, self.plates)
        avoid = [
            *((box, 6.0) for box in self.plates),
            *((balloon.box, 6.0) for balloon in self.balloons),
        ]
        for figure in layout.figures:
            avoid += [(figure.head, 4.0), *((box, 3.0) for box in figure.hands)]
        large = layout.size[0] * layout.size[1] * 0.3
        for thing in layout.things:
            left, top, right, bottom = thing.box
            if (right - left) * (bottom - top) < large:
                avoid.append((thing.box, 1.0))
        self.marks = marks_of(shot.move, layout.size, layout.floor, avoid)

    def draw(self, canvas: Canvas) -> None:
        """Arrows, balloons and plates, on the enlarged canvas."""
        for mark in self.marks:
            mark.draw(canvas)
        for balloon in self.balloons:
            draw_balloon(canvas, balloon)
        self.tag.draw(canvas)
        self.strip.draw(canvas)

    def write(self, image: Image.Image) -> None:
        """The type, on the finished picture."""
        for balloon in self.balloons:
            left, top, right, bottom = balloon.box
            balloon.block.draw(
                image, (left + right) / 2, (top + bottom - balloon.block.height) / 2, (43, 31, 26)
            )
        self.slate.write(image)
        self.tag.write(image)
        self.strip.write(image)


def draw_clean(
    story: Story, shot: Shot, layout: Layout, drawing: Drawing | None = None, *, tones: bool = True
) -> Image.Image:
    """Draw one shot without letters, tag, arrows and strip: RGB, the layout's size.

    :param drawing: the hand; the story's own by default.
    :param tones: whether the pencil may hatch and tone.
    """
    told = story if drawing is None else story.model_copy(update={"drawing": drawing})
    return _draw_scene(told, shot, layout, layout.size[1], tones).finish()


def _draw_scene(
    story: Story, shot: Shot, layout: Layout, edge: float, tones: bool = True
) -> Canvas:
    """The set, and everybody and everything in it.

    :param edge: where the caption strip begins, pixels.
    """
    place = sets.named(shot.setting)
    inside, floating = place.inside, place.floating
    hour = hour_of(shot.time, inside, place.cold)
    canvas = canvas_of(story.drawing, layout.size, hour, tones=tones)
    canvas.ornate = of_the_steppe(story)
    scene = _scene(canvas, story, shot, layout, hour, edge)
    with canvas.local(_level(layout), weight=0.62, ink="#54402f"):
        build(scene, shot.setting)
        if shot.time is Time.NIGHT and not inside and not floating:
            paint_moonlight(scene)
        if not inside and not floating:
            paint_air(scene)
    speaking = {line.character for line in shot.dialogue}
    actors: list[Figure | Thing] = [*layout.things, *layout.extras, *layout.figures]
    for actor in sorted(actors, key=far_first):
        if isinstance(actor, Figure):
            if story.drawing is Drawing.MANNEQUIN:
                actor = _mannequin(actor)
            name = story.character(actor.character).name if is_thing(actor.look) else ""
            speaks = actor.character in speaking
            draw_figure(canvas, actor, speaks, floating=floating, name=name)
        else:
            draw_thing(canvas, actor, shot.time is Time.NIGHT, floating)
    for thing in layout.things:
        _draw_rein(canvas, thing, layout)
    if not inside and not floating:
        paint_weather(scene, [figure.face for figure in layout.figures])
    return canvas


def _mannequin(figure: Figure) -> Figure:
    """The figure as a jointed one without face or clothes; an animal stays one."""
    if figure.look.kind is Kind.ANIMAL:
        return figure
    return replace(figure, look=figure.look.model_copy(update={"kind": Kind.MANNEQUIN}))


def far_first(actor: Figure | Thing) -> tuple[float, bool, float]:
    """Far before near; of one depth, things before figures, the widest figure first."""
    if isinstance(actor, Figure):
        return -round(actor.depth, 3), True, actor.box[0] - actor.box[2]
    return -math.inf if actor.measure.flat else -round(actor.depth, 3), False, 0.0


def _scene(
    canvas: Canvas, story: Story, shot: Shot, layout: Layout, hour: Hour, edge: float
) -> Scene:
    """The place; its detail comes from its name, so that it is the same in every shot."""
    seed = hashlib.sha256(f"{shot.setting}|{shot.place}".encode()).digest()
    return Scene(
        canvas,
        layout.camera,
        hour,
        shot.time,
        random.Random(int.from_bytes(seed[:8], "big")),
        shot.size in CLOSE,
        weather_of(story, shot),
        edge,
        tuple(prop.kind for prop in shot.props if prop.kind in IN_THE_SKY),
        not shot.cast,
    )


def _level(layout: Layout) -> Affine:
    """From the level picture to the rolled one of a Dutch angle."""
    x, y = layout.size[0] / 2, layout.size[1] / 2
    cos, sin = math.cos(layout.camera.roll), math.sin(layout.camera.roll)
    return Affine(cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y)


def _weight(scale: float) -> float:
    """Line weight for something drawn at so many pixels per metre."""
    return min(1.5, max(0.45, math.sqrt(scale / 330)))


def _haze(depth: float) -> float:
    return min(0.35, max(0.0, (depth - 1.3) * 0.09))


_ALOOF = 0.2
"""Haze over the people around: the cast stands out from them."""


def _shadow(canvas: Canvas, x: float, half: float) -> None:
    """A soft contact shadow on the ground."""
    canvas.fill(ring(x + half * 0.12, 0.0, half, min(half * 0.2, 0.3)), "#2a2038", alpha=0.3)


def draw_thing(canvas: Canvas, thing: Thing, lit: bool = False, floating: bool = False) -> None:
    """A placed prop with its shadow and label.

    :param lit: it is night: what has lamps shows them.
    :param floating: there is no ground for a shadow.
    """
    sized = thing.measure
    with canvas.local(
        thing.frame, weight=_weight(thing.frame.scale), haze=_haze(thing.depth), cast=True
    ):
        if thing.grounded and not sized.flat and not floating:
            _shadow(canvas, 0.0, sized.width * 0.52)
        draw_prop(canvas, thing.item, thing.coat, lit)
        _label(canvas, thing.item)


def draw_figure(
    canvas: Canvas,
    figure: Figure,
    speaks: bool = False,
    *,
    alone: bool = False,
    floating: bool = False,
    name: str = "",
) -> None:
    """A placed figure with its shadow, mount, seat and what it holds.

    :param alone: only the figure and what it holds.
    :param floating: there is no ground for a shadow.
    :param name: written on a stand-in that acts.
    """
    s, pose = figure.skeleton, figure.member.pose
    with canvas.local(
        figure.frame,
        weight=_weight(figure.frame.scale),
        haze=_haze(figure.depth) + (_ALOOF if figure.extra else 0.0),
        cast=True,
    ):
        if not alone and not floating and s.spec.lift < 0.1:
            x = s.joints[:, 0]
            half = 1.05 if figure.mount else max(0.28, float(x.max() - x.min()) * 0.42)
            _shadow(canvas, float(x.max() + x.min()) / 2 if not figure.mount else 0.0, half)
        if figure.mount:
            draw_far_leg(canvas, s, figure.look)
            if not alone:
                draw_animal(canvas, figure.mount, saddled=True, stride=1.0, coat=figure.coat)
        elif s.spec.seat and not alone:
            _seat(canvas, figure)
        right, left = s.joints[R_WRIST, :2], s.joints[L_WRIST, :2]
        both = pose in _TWO_HANDS
        behind = (
            arm_layer(s, left=True) == 0 and abs(left[0] - s.joints[NECK, 0]) < 0.14 * s.body.height
        )
        if behind:
            for item in figure.held:
                _hold(canvas, s, item, left, right, both)
        draw_body(
            canvas,
            s,
            figure.look,
            pose,
            figure.member.emotion,
            figure.gaze,
            speaks,
            holds=(False, bool(figure.held)),
            astride=figure.mount is not None,
        )
        if isinstance(s, Creature) and is_thing(figure.look):
            kind = figure.look.species or PropKind.THING
            with canvas.local(frame_of(s, kind)):
                _label(canvas, PropItem(kind=kind, label=name))
        if not behind:
            for index, item in enumerate(figure.held):
                hands = (left, right) if index == 0 else (right, left)
                _hold(canvas, s, item, *hands, both and index == 0)
        if figure.mount and figure.mount in MUZZLES:
            x, y = MUZZLES[figure.mount]
            canvas.stroke(
                (left, ((left[0] + x) / 2, min(left[1], y) - 0.08), (x - 0.02, y - 0.02)),
                0.02,
                "#5b3a22",
                unit=True,
                taper=(1, 1),
            )


def _hold(
    canvas: Canvas,
    s: Skeleton,
    item: PropItem,
    hand: np.ndarray,
    other: np.ndarray,
    both: bool,
) -> None:
    """What the hands hold, clear of the face; the canvas is in the figure's frame."""
    with canvas.local(_beside_face(held_frame(item, hand, other, both), s, item)):
        draw_held(canvas, item)
        _label(canvas, item)


def _beside_face(frame: Affine, s: Skeleton, item: PropItem) -> Affine:
    """The place of a held thing: under the chin, or beside the head if it is on a pole; in the
    figure's frame."""
    if frame.b or not (shows_flat(item) or on_shaft(item)):
        return frame
    sized, x, y, size = measure(item), float(s.head[0]), float(s.head[1]), s.head_size
    wide, tall = sized.width * sized.held, sized.height * sized.held
    over = frame.f + tall - (y - 0.52 * size)
    if over <= 0 or abs(frame.c - x) > wide / 2 + 0.3 * size:
        return frame
    if shows_flat(item):
        return frame._replace(f=frame.f - over)
    aside = x + 0.46 * size + 0.05 + (wide / 2 if item.kind is PropKind.FLAG else 0.0)
    lifted = y + 0.5 * size - 0.62 * tall if item.kind is PropKind.UMBRELLA else 0.0
    return frame._replace(c=aside, f=max(frame.f, lifted))


def _label(canvas: Canvas, item: PropItem) -> None:
    """The words on a stand-in, whose frame the canvas is in."""
    plate = plate_of(item)
    if plate and not isinstance(canvas, Stencil):
        draw_label(canvas, plate, item.label or item.name)


def _seat(canvas: Canvas, figure: Figure) -> None:
    """A low stool under a sitting figure; a throne under a crown."""
    s = figure.skeleton
    x = float(s.joints[[R_HIP, L_HIP], 0].mean())
    top = float(s.joints[[R_HIP, L_HIP], 1].mean()) - 0.07 * s.body.girth * s.body.height
    half = 0.2 * s.body.girth**0.5
    if figure.look.hat is Hat.CROWN:
        half *= 1.7
        canvas.cel(
            (
                (x - half, 0),
                (x - half, 0),
                (x - half * 1.05, top + 0.7),
                (x - half * 0.6, top + 0.95),
                (x, top + 1.12),
                (x + half * 0.6, top + 0.95),
                (x + half * 1.05, top + 0.7),
                (x + half, 0),
                (x + half, 0),
            ),
            GOLD,
            shade=0.06,
        )
        canvas.cel(
            (
                (x - half * 0.78, 0.1),
                (x - half * 0.8, top + 0.62),
                (x, top + 0.9),
                (x + half * 0.8, top + 0.62),
                (x + half * 0.78, 0.1),
            ),
            CRIMSON,
            line=0.7,
        )
        horns(canvas, x, top + 0.66, 0.2, GOLD)
    for k in (-0.75, 0.75):
        canvas.cel(
            (
                (x + k * half - 0.03, 0),
                (x + k * half + 0.03, 0),
                (x + k * half * 0.9 + 0.03, top),
                (x + k * half * 0.9 - 0.03, top),
            ),
            WOOD_DARK,
            smooth=False,
        )
    canvas.cel(
        (
            (x - half, top - 0.05),
            (x + half, top - 0.05),
            (x + half, top + 0.03),
            (x - half, top + 0.03),
        ),
        WOOD,
        smooth=False,
    )


def _draw_rein(canvas: Canvas, thing: Thing, layout: Layout) -> None:
    """The rope from a led animal to its leader's hand."""
    leader = next((f for f in layout.figures if f.character == thing.leader), None)
    if leader is None or thing.kind not in MUZZLES:
        return
    x, y = MUZZLES[thing.kind]
    (end,) = thing.frame(((x - 0.02, y - 0.04),))
    joints = leader.skeleton.joints
    hands = leader.frame(joints[[R_WRIST, L_WRIST], :2])
    hand = min(hands, key=lambda p: float((p[0] - end[0]) ** 2 + (p[1] - end[1]) ** 2))
    sag = abs(float(hand[0] - end[0])) * 0.12 + 6
    middle = ((hand[0] + end[0]) / 2, max(hand[1], end[1]) + sag)
    canvas.stroke((hand, middle, end), 1.6, "#5b3a22", taper=(1, 1))
