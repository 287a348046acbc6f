"""Things that act: a teapot in love, a cloud, a toy car; each is drawn as the thing itself.

A thing that has no drawing, or an animal that has none, is a stand-in here as elsewhere.
"""

from __future__ import annotations

from ...story import Emotion, PropItem, PropKind
from ..blocking.creatures import Creature, scale_of
from ..blocking.curves import Affine, ring
from ..blocking.measures import measure
from .ink import Canvas
from .props import draw_prop

_EYED = 0.6
"""Height of the eyes, shares of the thing's own."""
_BEND = {Emotion.SAD: -0.6, Emotion.AFRAID: -0.4, Emotion.ANGRY: -0.5, Emotion.TIRED: -0.2}
"""How the mouth goes, in sizes of an eye; up where nothing stands here."""

_FACED = frozenset({
    PropKind.THING, PropKind.SNOWMAN, PropKind.DOLL, PropKind.TEDDY, PropKind.ROBOT_TOY,
    PropKind.FROG, PropKind.TURTLE, PropKind.SNAKE, PropKind.CROCODILE, PropKind.SPIDER,
    PropKind.BEE, PropKind.BUTTERFLY, PropKind.OCTOPUS, PropKind.CRAB, PropKind.SNAIL,
    PropKind.WHALE, PropKind.PENGUIN, PropKind.OWL,
})  # fmt: skip
"""What has a face in its drawing, or none."""


def frame_of(creature: Creature, kind: PropKind) -> Affine:
    """From the thing's own frame to the creature's, whose place and height it takes."""
    grow = scale_of(kind)
    return Affine(a=grow, e=grow, f=creature.raise_)


def draw_living_thing(
    canvas: Canvas,
    creature: Creature,
    kind: PropKind,
    emotion: Emotion,
    gaze: tuple[float, float] = (0.0, 0.0),
) -> None:
    """The thing in the creature's frame; what has a drawing also has eyes and a mouth."""
    sized = measure(PropItem(kind=kind))
    with canvas.local(frame_of(creature, kind)):
        draw_prop(canvas, PropItem(kind=kind))
        if kind in _FACED:
            return
        size = min(sized.height * 0.085, sized.width * 0.13)
        y = sized.height * _EYED
        for x in (-size * 1.5, size * 1.5):
            open_ = 0.7 if emotion in (Emotion.TIRED, Emotion.SAD, Emotion.SLY) else 1.15
            canvas.cel(ring(x, y, size, size * open_), "#ffffff", line=0.6)
            canvas.dot(x + gaze[0] * size * 0.4, y + gaze[1] * size * 0.3, size * 0.5, "#26201f")
        low = y - size * 2.0
        canvas.stroke(
            ((-size, low), (0.0, low - size * _BEND.get(emotion, 0.6)), (size, low)),
            size * 0.24, "#26201f", unit=True, taper=(0.6, 0.6),
        )  # fmt: skip
