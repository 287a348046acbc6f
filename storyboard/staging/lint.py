"""What is wrong with a staged shot, as an artist would mark it: pure data, nothing is changed.

Faults are measured on the layout and on silhouettes of the very drawing; empty areas on the
finished picture. A share is how much of the thing in question is at fault.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np
from PIL import Image

from ..story import Facing, Kind, Pose, PropKind, Shot, Size, Story
from . import Staging, stage
from .blocking.camera import CLOSE
from .blocking.company import is_twin, partners
from .blocking.crowds import calls_for_crowd
from .blocking.curves import Affine
from .blocking.layout import Figure, Layout
from .blocking.poses import L_ELBOW, L_WRIST, R_ELBOW, R_WRIST
from .blocking.things import Box, Thing, face_end
from .drawing.figures import arm_layer
from .drawing.heads import mouth_off_face
from .drawing.ink import Stencil
from .panel import Letters, draw_figure, draw_thing, far_first

_SMALLER = 4
"""Silhouettes are measured at a quarter of the size."""
HIDDEN_FACES = {
    Pose.HEAD_IN_HANDS,
    Pose.CRYING,
    Pose.WHISPERING,
    Pose.EATING,
    Pose.HAND_ON_CHIN,
    Pose.SHOUTING,
    Pose.PHONING,
}
"""Poses that bring a hand to the face on purpose."""
_LYING = {Pose.SLEEPING, Pose.LYING, Pose.FALLING}


class Fault(str, Enum):
    """The kinds of faults."""

    HEAD_CUT = "head_cut"
    """The frame cuts a head."""
    FACE_COVERED = "face_covered"
    """Another figure or a thing stands before a face."""
    ARM_ON_MOUTH = "arm_on_mouth"
    """An own arm, or what the hand holds, lies on the mouth."""
    THING_ON_HEAD = "thing_on_head"
    """A thing on the ground seems to lie on a head or hat."""
    MOUTH_OFF_FACE = "mouth_off_face"
    OVERLAP = "overlap"
    """Most of a figure is behind others."""
    MISSING = "missing"
    """Somebody or something of the shot cannot be seen."""
    NOBODY = "nobody"
    """The action tells of somebody, and the shot has no cast."""
    NO_CROWD = "no_crowd"
    """The action tells of a crowd, and hardly anybody is there."""
    ANIMAL_CUT = "animal_cut"
    """The frame cuts the head of an animal."""
    APART = "apart"
    """Two who embrace, fight or shake hands do not touch."""
    TWINS = "twins"
    """Two characters of one shot look exactly alike."""
    EMPTY = "empty"
    """A large part of the picture holds nothing."""
    LETTERS_ON_FACE = "letters_on_face"
    ARROW_ON = "arrow_on"
    """An arrow of the camera lies on a face, a hand or words."""


LIMITS: dict[Fault, float] = {
    Fault.HEAD_CUT: 0.25,
    Fault.FACE_COVERED: 0.25,
    Fault.ARM_ON_MOUTH: 0.5,
    Fault.THING_ON_HEAD: 0.3,
    Fault.MOUTH_OFF_FACE: 0.04,
    Fault.OVERLAP: 0.6,
    Fault.MISSING: 0.75,
    Fault.ANIMAL_CUT: 0.25,
    Fault.APART: 0.15,
    Fault.EMPTY: 0.4,
    Fault.LETTERS_ON_FACE: 0.15,
    Fault.ARROW_ON: 0.12,
}
"""Shares that are passed without a word."""
_EMPTY_WIDE = 0.55
"""The same for the emptiness of wide shots, whose subject is the land."""


@dataclass(frozen=True)
class Finding:
    """One fault of one shot."""

    fault: Fault
    shot: int
    """Its number."""
    who: str
    """Id of a character, kind of a thing, or what else is meant."""
    share: float
    """How much of it, 0 to 1; of two who stand apart, the gap in metres."""


def lint(story: Story, size: tuple[int, int] | None = None) -> list[Finding]:
    """The faults of all shots of a story, in order.

    :param size: (width, height) to measure at; the story's format by default.
    """
    return [found for shot in story.shots for found in lint_shot(stage(story, shot, size))]


def lint_shot(staging: Staging) -> list[Finding]:
    """The faults of one staged shot."""
    shot = staging.shot
    faults = [
        *_of_story(staging.story, shot, staging.layout),
        *_of_frame(staging.layout, shot),
        *_of_silhouettes(staging.layout, shot),
        *_of_letters(staging),
        *_of_pairs(staging.layout, staging.shot),
        ("", Fault.EMPTY, emptiness(staging)),
    ]
    limits = dict(LIMITS)
    if shot.size in (Size.WIDE, Size.EXTREME_WIDE) or not (shot.cast or shot.props):
        limits[Fault.EMPTY] = _EMPTY_WIDE
    return [
        Finding(fault, shot.number, who, round(share, 3))
        for who, fault, share in faults
        if share > limits.get(fault, 0.0)
    ]


_Faults = Iterator[tuple[str, Fault, float]]


_PRONOUN = re.compile(r"^(?:he|she|they)\b|\b(?:while|as|and) (?:he|she|they)\b", re.IGNORECASE)


def _of_story(story: Story, shot: Shot, layout: Layout) -> _Faults:
    if not shot.cast and not shot.props:
        named = [c.id for c in story.characters if _named(c.name, shot.action)]
        if named or _PRONOUN.search(shot.action):
            yield (named or [""])[0], Fault.NOBODY, 1.0
    around = len(layout.figures) + len(layout.extras)
    if shot.cast and calls_for_crowd(shot) and around < 4 and shot.size not in CLOSE[:3]:
        yield "crowd", Fault.NO_CROWD, 1.0
    looks: dict[str, str] = {}
    for figure in layout.figures:
        other = looks.setdefault(figure.look.model_dump_json(), figure.character)
        if other != figure.character and not is_twin(story.character(figure.character)):
            yield figure.character, Fault.TWINS, 1.0


def _named(name: str, text: str) -> bool:
    return bool(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE))


def _outside(box: Box, size: tuple[float, float]) -> float:
    """Share of a box that is out of the picture."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    width = max(0.0, min(box[2], size[0]) - max(box[0], 0.0))
    height = max(0.0, min(box[3], size[1]) - max(box[1], 0.0))
    return 1 - width * height / area if area > 0 else 0.0


def _shoulder(figure: Figure) -> bool:
    """Whether the camera looks over this figure's shoulder: it may leave the frame."""
    return figure.member.facing is Facing.BACK and figure.depth < 0.75


def _of_frame(layout: Layout, shot: Shot) -> _Faults:
    frame = (float(layout.size[0]), layout.floor)
    for figure in layout.figures:
        if _shoulder(figure):
            continue
        whole = shot.size is not Size.EXTREME_CLOSE_UP
        yield (
            figure.character,
            Fault.HEAD_CUT,
            _outside(figure.head if whole else figure.face, frame),
        )
    for thing in layout.things:
        if thing.measure.animal and not (thing.leader and shot.size in CLOSE[:3]):
            yield thing.kind.value, Fault.ANIMAL_CUT, _outside(face_end(thing), frame)


def _of_pairs(layout: Layout, shot: Shot) -> _Faults:
    for a, b in partners(shot):
        one, other = layout.figures[a], layout.figures[b]
        if not (_shoulder(one) or _shoulder(other) or one.mount or other.mount):
            yield one.character, Fault.APART, _gap(one, other)


def _gap(a: Figure, b: Figure) -> float:
    """Metres between two figures, hands included."""
    ax, bx = a.keypoints[:14, 0], b.keypoints[:14, 0]
    apart = max(float(bx.min() - ax.max()), float(ax.min() - bx.max()))
    scale = (a.frame.scale + b.frame.scale) / 2
    return max(0.0, apart / scale - 0.16) + max(0.0, abs(a.depth - b.depth) - 0.2)


def _of_silhouettes(layout: Layout, shot: Shot) -> _Faults:
    """What is covered by what, nearest first."""
    size = tuple(math.ceil(side / _SMALLER) for side in layout.size)
    small = (size[0], size[1])
    nearer = np.zeros((small[1], small[0]), dtype=bool)
    actors: list[Figure | Thing] = sorted(
        [*layout.figures, *layout.things], key=far_first, reverse=True
    )
    floor = layout.floor / _SMALLER
    for actor in actors:
        mask = _mask(actor, small)
        name = actor.character if isinstance(actor, Figure) else actor.kind.value
        pixels = int(mask.sum())
        extent = max(1.0, _area(actor.box) / _SMALLER**2)
        seen = mask & ~nearer
        seen[math.ceil(floor) :] = False
        if isinstance(actor, Figure):
            if not _shoulder(actor):
                yield name, Fault.MISSING, 1.0 if not seen.any() else 0.0
                if pixels:
                    yield name, Fault.OVERLAP, float((mask & nearer).sum()) / pixels
                if actor.member.facing is not Facing.BACK:
                    face = _face(actor, small)
                    if face.any():
                        yield name, Fault.FACE_COVERED, float((face & nearer).sum() / face.sum())
                    yield name, Fault.ARM_ON_MOUTH, _arm_on_mouth(actor)
                    yield name, Fault.MOUTH_OFF_FACE, _mouth_off_face(actor)
        elif shot.size is not Size.EXTREME_CLOSE_UP:
            enough = max(1.0, min(extent * 0.3, small[0] * small[1] * 0.05))
            yield name, Fault.MISSING, 1 - min(1.0, float(seen.sum()) / enough)
            for figure in layout.figures:
                if actor.kind is not PropKind.ROBE and _on_head(actor, figure):
                    yield name, Fault.THING_ON_HEAD, 1.0
        nearer |= mask


def _on_head(thing: Thing, figure: Figure) -> bool:
    """Whether a small thing seems to lie on a hat: its foot is on the head, itself over it."""
    if thing.measure.behind:
        return False
    left, top, right, bottom = figure.head
    foot, middle = thing.box[3], (thing.box[0] + thing.box[2]) / 2
    reach = (right - left) * 0.2
    return left - reach < middle < right + reach and top - reach < foot < (top + bottom) / 2


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _mask(actor: Figure | Thing, small: tuple[int, int]) -> np.ndarray:
    stencil = Stencil(small)
    with stencil.local(Affine(a=1 / _SMALLER, e=1 / _SMALLER)):
        if isinstance(actor, Figure):
            draw_figure(stencil, actor, alone=True)
        else:
            draw_thing(stencil, actor)
    return np.asarray(stencil.finish()) > 127


def _ellipse(box: Box, small: tuple[int, int]) -> np.ndarray:
    left, top, right, bottom = (side / _SMALLER for side in box)
    y, x = np.ogrid[: small[1], : small[0]]
    across = (x + 0.5 - (left + right) / 2) / max(0.5, (right - left) / 2)
    down = (y + 0.5 - (top + bottom) / 2) / max(0.5, (bottom - top) / 2)
    return across**2 + down**2 < 1


def _face(figure: Figure, small: tuple[int, int]) -> np.ndarray:
    left, top, right, bottom = figure.face
    inset = (right - left) * 0.08
    return _ellipse((left + inset, top, right - inset, bottom), small)


def _arm_on_mouth(figure: Figure) -> float:
    """How close an arm before the head comes to the mouth: 1 on it, 0 half a head away."""
    if figure.member.pose in HIDDEN_FACES or figure.look.kind is Kind.ANIMAL:
        return 0.0
    s, head = figure.skeleton, figure.skeleton.head_size
    aside = math.sin(math.radians(min(90.0, abs(s.head_yaw)))) * 0.32
    mouth = s.head[:2] + np.array((aside, -0.3)) * head
    nearest = 9.0
    for left, elbow, wrist in ((False, R_ELBOW, R_WRIST), (True, L_ELBOW, L_WRIST)):
        if arm_layer(s, left=left) != 2:
            continue
        start, end = s.joints[elbow, :2], s.joints[wrist, :2]
        along = end - start
        tip = end + along * 0.3
        span = tip - start
        t = float(np.clip((mouth - start) @ span / max(1e-9, span @ span), 0, 1))
        nearest = min(nearest, float(np.hypot(*(start + span * t - mouth))) / head)
    return max(0.0, 1 - nearest / 0.5)


def _mouth_off_face(figure: Figure) -> float:
    """How far the mouth reaches under the chin, head heights."""
    if not figure.skeleton.visible[0] or figure.look.kind not in (Kind.PERSON, Kind.CHILD):
        return 0.0
    member = figure.member
    return mouth_off_face(figure.skeleton, figure.look, member.pose, member.emotion, True)


def _of_letters(staging: Staging) -> _Faults:
    layout = staging.layout
    letters = Letters(staging.story, staging.shot, layout)
    texts = [letters.tag.box, *(balloon.box for balloon in letters.balloons)]
    width, height = layout.size
    texts.append((0.0, letters.strip.top, float(width), float(height)))
    for figure in layout.figures:
        if figure.member.facing is Facing.BACK:
            continue
        for box in texts:
            yield figure.character, Fault.LETTERS_ON_FACE, _shared(figure.face, box)
    for mark in letters.marks:
        for box in texts[:-1]:
            yield "text", Fault.ARROW_ON, mark.covers(box)
        for figure in layout.figures:
            if staging.shot.size is not Size.EXTREME_CLOSE_UP:
                yield figure.character, Fault.ARROW_ON, mark.covers(figure.face)
            for box in figure.hands:
                yield figure.character, Fault.ARROW_ON, mark.covers(box)


def _shared(a: Box, b: Box) -> float:
    """Share of ``a`` that ``b`` covers."""
    x, y = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return x * y / _area(a) if x > 0 and y > 0 and _area(a) else 0.0


_CELL = 32
"""Side of a cell whose detail is measured, on a picture whose geometric mean side is 512."""
_DETAIL = 2.0
"""Mean step between neighbouring grey levels: what has less is flat, bare ground with a tuft or two
among it."""


def emptiness(staging: Staging) -> float:
    """Share of the picture that the largest rectangle without detail, figure or thing takes."""
    width, height = staging.size
    factor = 512 / math.sqrt(width * height)
    size = max(_CELL * 4, round(width * factor)), max(_CELL * 4, round(height * factor))
    picture = staging.clean.convert("L").resize(size, Image.Resampling.BOX)
    grey = np.asarray(picture, dtype=np.float32)[: round(size[1] * staging.layout.floor / height)]
    rows, columns = grey.shape[0] // _CELL, grey.shape[1] // _CELL
    step = np.zeros_like(grey)
    step[:, 1:] += np.abs(np.diff(grey, axis=1))
    step[1:] += np.abs(np.diff(grey, axis=0))
    cells = step[: rows * _CELL, : columns * _CELL].reshape(rows, _CELL, columns, _CELL)
    flat = cells.mean(axis=(1, 3)) < _DETAIL
    scale = size[0] / width / _CELL
    for actor in (*staging.layout.figures, *staging.layout.things, *staging.layout.extras):
        left, top, right, bottom = (round(side * scale) for side in actor.box)
        flat[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = False
    return _largest_rectangle(flat) / flat.size


def _largest_rectangle(flat: np.ndarray) -> int:
    """Cells of the largest rectangle that is all true."""
    best = 0
    heights = [0] * flat.shape[1]
    for row in flat.tolist():
        heights = [h + 1 if empty else 0 for h, empty in zip(heights, row)]
        stack: list[tuple[int, int]] = []
        for x, h in enumerate([*heights, 0]):
            start = x
            while stack and stack[-1][1] >= h:
                start, tall = stack.pop()
                best = max(best, tall * (x - start))
            stack.append((start, h))
    return best
