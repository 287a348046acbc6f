"""The pose map that ControlNet OpenPose models were trained on, and its JSON.

Limb order, colours and drawing follow ``draw_bodypose`` of the annotator of lllyasviel/ControlNet
(``annotator/openpose/util.py``; the same code in huggingface/controlnet_aux): the seventeen limbs
as ellipses at 60 % of their colour, then the eighteen joints at full colour. The annotator draws
sticks of half-width 4 and joints of radius 4 at 512 pixels; here both grow with the resolution.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from ..errors import InputError
from ..json_text import read_json
from .drawing.ink import RGB

LIMBS: tuple[tuple[int, int], ...] = (
    (1, 2),
    (1, 5),
    (2, 3),
    (3, 4),
    (5, 6),
    (6, 7),
    (1, 8),
    (8, 9),
    (9, 10),
    (1, 11),
    (11, 12),
    (12, 13),
    (1, 0),
    (0, 14),
    (14, 16),
    (0, 15),
    (15, 17),
)
"""Pairs of COCO-18 joints, in drawing order."""

COLOURS: tuple[RGB, ...] = (
    (255, 0, 0),
    (255, 85, 0),
    (255, 170, 0),
    (255, 255, 0),
    (170, 255, 0),
    (85, 255, 0),
    (0, 255, 0),
    (0, 255, 85),
    (0, 255, 170),
    (0, 255, 255),
    (0, 170, 255),
    (0, 85, 255),
    (0, 0, 255),
    (85, 0, 255),
    (170, 0, 255),
    (255, 0, 255),
    (255, 0, 170),
    (255, 0, 85),
)
"""Colour of each limb and of each joint, by index."""

_LIMB_SHADE = 0.6
_STICK = 4 / 512


def draw_pose(people: Sequence[np.ndarray], size: tuple[int, int]) -> Image.Image:
    """Draw skeletons on black.

    :param people: per person (18, 3) COCO-18 keypoints: x, y in pixels, confidence; 0 is absent.
    :param size: (width, height) in pixels.
    :returns: RGB.
    """
    stick = max(1.5, min(size) * _STICK)
    image = Image.new("RGB", size)
    pen = ImageDraw.Draw(image)
    for (a, b), colour in zip(LIMBS, COLOURS):
        shaded = tuple(int(c * _LIMB_SHADE) for c in colour)
        for person in people:
            if person[a, 2] > 0 and person[b, 2] > 0:
                pen.polygon(_stick(person[a, :2], person[b, :2], stick), fill=shaded)
    for joint, colour in enumerate(COLOURS):
        for person in people:
            if person[joint, 2] > 0:
                x, y = person[joint, :2]
                pen.ellipse((x - stick, y - stick, x + stick, y + stick), fill=colour)
    return image


def _stick(start: np.ndarray, end: np.ndarray, half: float) -> list[tuple[float, float]]:
    """An ellipse whose long axis joins two joints."""
    middle, axis = (start + end) / 2, (end - start) / 2
    length = math.hypot(*axis)
    across = np.array((-axis[1], axis[0])) / max(length, 1e-6) * half
    angle = np.linspace(0, 2 * math.pi, 32, endpoint=False)
    points = middle + np.cos(angle)[:, None] * axis + np.sin(angle)[:, None] * across
    return [(float(x), float(y)) for x, y in points]


def within(keypoints: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The keypoints with those outside the picture absent: a detector could not see them."""
    x, y = keypoints[:, 0], keypoints[:, 1]
    seen = (x >= 0) & (x < size[0]) & (y >= 0) & (y < size[1])
    return np.where((seen & (keypoints[:, 2] > 0))[:, None], keypoints, 0.0)


def to_json(people: Sequence[np.ndarray], size: tuple[int, int]) -> str:
    """OpenPose JSON, as the ``POSE_KEYPOINT`` nodes and pose editors read it; pixels."""
    return json.dumps(
        {
            "people": [
                {"pose_keypoints_2d": [round(float(v), 3) for v in person.ravel()]}
                for person in people
            ],
            "canvas_width": size[0],
            "canvas_height": size[1],
        }
    )


def from_json(text: str | bytes) -> tuple[list[np.ndarray], tuple[int, int]]:
    """Read OpenPose JSON: one frame, or a list of which the first is read.

    Coordinates may be pixels or shares of the canvas (all at most 1).

    :returns: per person (18, 3) keypoints in pixels, and the canvas's (width, height).
    :raises InputError: ``option_invalid`` when it is not OpenPose JSON of 18 body joints.
    """
    try:
        frame = read_json(text)
        if isinstance(frame, list):
            frame = frame[0]
        size = int(frame["canvas_width"]), int(frame["canvas_height"])
        if min(size) < 1:
            raise ValueError("the canvas has no size")
        return [_person(person, size) for person in frame["people"]], size
    except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        raise InputError(
            "option_invalid",
            f"The pose is not OpenPose JSON: {type(error).__name__}: {error}.",
            "Export it from a pose editor as JSON with canvas_width, canvas_height and people, "
            "each with pose_keypoints_2d of 18 joints (54 numbers).",
        ) from error


def _person(person: Any, size: tuple[int, int]) -> np.ndarray:
    numbers = np.asarray(person["pose_keypoints_2d"], dtype=np.float64)
    if numbers.size != 54 or not np.isfinite(numbers).all():
        raise ValueError(f"a person has {numbers.size} numbers, not 54 finite ones")
    joints = numbers.reshape(18, 3)
    if (np.abs(joints[:, :2]) <= 1).all() and joints[:, 2].any():
        joints = joints * (size[0], size[1], 1)
    return joints
