"""The panel: set, things and figures from far to near, then what the director writes on it."""

from __future__ import annotations

import hashlib
import math
import random

from PIL import Image

from ..numbering import label
from ..story import Drawing, Hat, Pose, Shot, Story
from .blocking.camera import CLOSE
from .blocking.curves import Affine, ring
from .blocking.layout import Figure, Layout
from .blocking.measures import PROPS
from .blocking.poses import L_HIP, L_WRIST, NECK, R_HIP, R_WRIST
from .blocking.things import Thing
from .drawing.animals import MUZZLES, draw_animal
from .drawing.figures import arm_layer, draw_body, draw_far_leg
from .drawing.hands import canvas_of
from .drawing.indoors import INDOORS, paint_indoors
from .drawing.ink import Canvas
from .drawing.ornament import horns
from .drawing.outdoors import paint_outdoors
from .drawing.palette import CRIMSON, GOLD, WOOD, WOOD_DARK, Hour, hour_of
from .drawing.props import draw_held, draw_prop
from .drawing.scenery import Scene, paint_weather, weather_of
from .letters.balloons import draw_balloon, place_balloons
from .letters.overlays import Strip, Tag, draw_move

_TWO_HANDS = {
    Pose.HOLDING,
    Pose.CARRYING,
    Pose.LIFTING,
    Pose.HANDING_OVER,
    Pose.RECEIVING,
    Pose.DIGGING,
    Pose.PRAYING,
}


def draw_panel(story: Story, shot: Shot, layout: Layout) -> Image.Image:
    """Draw one shot, with what the director writes on it: RGB, the layout's size."""
    tag, strip = Tag(shot, layout.size, label(story, shot)), Strip(shot, layout.size)
    canvas = _draw_scene(story, shot, layout, strip.top)
    balloons = place_balloons(story, shot, layout, [tag.box])
    with canvas.local(graded=False):
        draw_move(canvas, shot.move, layout.size, layout.floor)
        for balloon in balloons:
            draw_balloon(canvas, balloon)
        tag.draw(canvas)
        strip.draw(canvas)
    image = canvas.finish()
    for balloon in balloons:
        left, top, right, bottom = balloon.box
        balloon.block.draw(
            image, (left + right) / 2, (top + bottom - balloon.block.height) / 2, (43, 31, 26)
        )
    tag.write(image)
    strip.write(image)
    return image


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
    inside = shot.setting in INDOORS
    hour = hour_of(shot.time, inside)
    canvas = canvas_of(story.drawing, layout.size, hour, tones=tones)
    scene = _scene(canvas, story, shot, layout, hour, edge)
    with canvas.local(_level(layout), weight=0.62, ink="#54402f"):
        (paint_indoors if inside else paint_outdoors)(scene, shot.setting)
    speaking = {line.character for line in shot.dialogue}
    actors: list[Figure | Thing] = [*layout.things, *layout.figures]
    for actor in sorted(actors, key=far_first):
        if isinstance(actor, Figure):
            draw_figure(canvas, actor, actor.character in speaking)
        else:
            _draw_thing(canvas, actor)
    for thing in layout.things:
        _draw_rein(canvas, thing, layout)
    if not inside:
        paint_weather(scene, [figure.face for figure in layout.figures])
    return canvas


def far_first(actor: Figure | Thing) -> tuple[float, bool, float]:
    """Far before near; of one depth, things before figures, the widest figure first."""
    if isinstance(actor, Figure):
        return -round(actor.depth, 3), True, actor.box[0] - actor.box[2]
    return -math.inf if PROPS[actor.kind].flat else -round(actor.depth, 3), False, 0.0


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


def _shadow(canvas: Canvas, x: float, half: float) -> None:
    """A soft contact shadow on the ground."""
    canvas.fill(ring(x + half * 0.12, 0.0, half, half * 0.2), "#2a2038", alpha=0.3)


def _draw_thing(canvas: Canvas, thing: Thing) -> None:
    measure = PROPS[thing.kind]
    with canvas.local(
        thing.frame, weight=_weight(thing.frame.scale), haze=_haze(thing.depth), cast=True
    ):
        if thing.grounded and not measure.flat:
            _shadow(canvas, 0.0, measure.width * 0.52)
        draw_prop(canvas, thing.kind, thing.coat)


def draw_figure(
    canvas: Canvas, figure: Figure, speaks: bool = False, *, alone: bool = False
) -> None:
    """A placed figure with its shadow, mount, seat and what it holds.

    :param alone: only the figure and what it holds.
    """
    s, pose = figure.skeleton, figure.member.pose
    with canvas.local(
        figure.frame, weight=_weight(figure.frame.scale), haze=_haze(figure.depth), cast=True
    ):
        if not alone and s.spec.lift < 0.1:
            x = s.joints[:, 0]
            half = 1.05 if figure.mount else max(0.28, float(x.max() - x.min()) * 0.42)
            _shadow(canvas, float(x.max() + x.min()) / 2 if not figure.mount else 0.0, half)
        if figure.mount:
            draw_far_leg(canvas, s)
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
            for kind in figure.held:
                draw_held(canvas, kind, left, right, both)
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
        if not behind:
            for index, kind in enumerate(figure.held):
                hands = (left, right) if index == 0 else (right, left)
                draw_held(canvas, kind, *hands, both and index == 0)
        if figure.mount and figure.mount in MUZZLES:
            x, y = MUZZLES[figure.mount]
            canvas.stroke(
                (left, ((left[0] + x) / 2, min(left[1], y) - 0.08), (x - 0.02, y - 0.02)),
                0.02,
                "#5b3a22",
                unit=True,
                taper=(1, 1),
            )


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
