"""Parts of pictures: which part to look at, and cutting it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from ..verdict import Box

if TYPE_CHECKING:
    from ..sight import Person

LEAST = 24
"""Pixels per side under which a part of a picture says nothing."""


def whole(size: tuple[int, int]) -> Box:
    """A picture of (width, height) as a box."""
    return 0, 0, size[0], size[1]


def cut(box: Box, size: tuple[int, int]) -> Box | None:
    """The part of a box inside a picture of (width, height); ``None`` if hardly any is left."""
    left, top = max(0, box[0]), max(0, box[1])
    right, bottom = min(size[0], box[2]), min(size[1], box[3])
    return (left, top, right, bottom) if min(right - left, bottom - top) >= LEAST else None


def head_of(face: Box, size: tuple[int, int]) -> Box | None:
    """The head around a detected face: detectors draw the box from brow to chin."""
    width, height = face[2] - face[0], face[3] - face[1]
    grown = (
        face[0] - round(0.35 * width),
        face[1] - round(0.6 * height),
        face[2] + round(0.35 * width),
        face[3] + round(0.2 * height),
    )
    return cut(grown, size)


def around(picture: torch.Tensor, face: Box) -> torch.Tensor:
    """The part of a picture around a face, three faces wide: detectors lose a face that fills it.

    :param picture: IMAGE [1, H, W, C].
    :param face: as a detector draws it, from brow to chin.
    :returns: IMAGE; as much of that square as lies in the picture.
    """
    reach = round(1.5 * max(face[2] - face[0], face[3] - face[1]))
    middle = (face[0] + face[2]) // 2, (face[1] + face[3]) // 2
    box = (middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach)
    height, width = picture.shape[1:3]
    left, top, right, bottom = cut(box, (width, height)) or whole((width, height))
    return picture[:, top:bottom, left:right]


def torso_of(face: Box, size: tuple[int, int]) -> Box | None:
    """The clothes below a detected face: from the collar, three heads wide and deep.

    ``None`` if the frame ends above them.
    """
    width, height = face[2] - face[0], face[3] - face[1]
    middle, chin = (face[0] + face[2]) // 2, face[3]
    below = (
        middle - round(1.4 * width),
        chin + round(0.3 * height),
        middle + round(1.4 * width),
        chin + round(3.0 * height),
    )
    return cut(below, size)


def clothes_of(person: Person, size: tuple[int, int]) -> Box | None:
    """The clothes of a staged person: the middle of the body below the head."""
    left, _, right, bottom = person.body
    inset = round(0.15 * (right - left))
    return cut((left + inset, person.head[3], right - inset, bottom), size)


def pixels_of(picture: np.ndarray, box: Box) -> np.ndarray:
    """A part of [H, W, …], as a view; the box lies inside."""
    return picture[box[1] : box[3], box[0] : box[2]]


def square(picture: torch.Tensor, box: Box, side: int) -> torch.Tensor:
    """A part of a picture as a square, on the picture's own device.

    The box grows to a square; where that leaves the picture, the picture's edge is repeated.

    :param picture: IMAGE [1, H, W, C].
    :returns: [1, side, side, C], 0..1.
    """
    left, top, right, bottom = box
    part = picture[:, top:bottom, left:right].movedim(-1, 1)
    height, width = bottom - top, right - left
    extra = abs(height - width)
    before, after = extra // 2, extra - extra // 2
    edges = (before, after, 0, 0) if height > width else (0, 0, before, after)
    part = torch.nn.functional.pad(part.float(), edges, mode="replicate")
    part = torch.nn.functional.interpolate(part, (side, side), mode="bicubic", antialias=True)
    return part.clamp(0, 1).movedim(1, -1)
