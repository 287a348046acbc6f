"""Stand-ins for the gate's models, simple enough to know their answers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import torch
from aldar_storyboard.storyboard.gate.measure.faces import Face
from PIL import Image, ImageDraw

PEOPLE = {
    "aldar": (250, 10, 10),
    "bai": (10, 250, 10),
    "khan": (10, 10, 250),
    "stranger": (250, 250, 10),
}
"""Whose face a square of this colour is."""


class Faces:
    """Finds squares of the colours in :data:`PEOPLE`; the same colour is the same person.

    :param blind: finds nothing, as a real model in a drawing.
    """

    name = "dlib"
    """Whose thresholds it borrows."""

    def __init__(self, blind: bool = False) -> None:
        self.blind = blind
        self.looked = 0

    def find(self, picture: np.ndarray, smallest: float = 0.0) -> list[Face]:
        self.looked += 1
        faces = []
        for index, colour in enumerate(() if self.blind else PEOPLE.values()):
            near = np.asarray((np.abs(picture.astype(int) - colour) < 60).all(axis=2))
            for left, top, right, bottom in _squares(near):
                embedding = np.zeros(len(PEOPLE), np.float32)
                embedding[index] = 1
                width, height = right - left, bottom - top
                points = [(0.3, 0.3), (0.7, 0.3), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8)]
                landmarks = np.array([(left + x * width, top + y * height) for x, y in points])
                box = (left, top, right, bottom)
                faces.append(Face(box, 1.0, embedding, landmarks.astype(np.float32)))
        return sorted(faces, key=lambda face: -face.height)

    def similarity(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return a @ b.T


def _squares(mask: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Boxes of the runs of columns in which something is set, from left to right."""
    columns = np.flatnonzero(np.diff(np.concatenate(([0], mask.any(axis=0).astype(int), [0]))))
    boxes = []
    for left, right in zip(columns[::2], columns[1::2], strict=True):
        rows = np.flatnonzero(mask[:, left:right].any(axis=1))
        if len(rows) > 4:
            boxes.append((int(left), int(rows[0]), int(right), int(rows[-1]) + 1))
    return boxes


class Vision:
    """A CLIP vision model that sees a picture as 4x4 grey levels; counts what it is asked."""

    image_size = 32

    def __init__(self) -> None:
        self.batches: list[int] = []

    def encode_image(self, image: torch.Tensor) -> SimpleNamespace:
        self.batches.append(len(image))
        small = torch.nn.functional.adaptive_avg_pool2d(image.movedim(-1, 1).mean(1), 4)
        return SimpleNamespace(image_embeds=small.flatten(1) - 0.5)


def portrait(
    *who: str, size: tuple[int, int] = (256, 256), coat: str = "#8a5a2b", seed: int = 0
) -> Image.Image:
    """People side by side before a background that depends on ``seed``."""
    width, height = size
    generator = np.random.default_rng(seed)
    ground = Image.fromarray(generator.integers(90, 170, (6, 6, 3), dtype=np.uint8))
    image = ground.resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    for index, name in enumerate(who):
        middle = round(width * (index + 0.5) / len(who))
        face = min(height // 4, width // len(who) // 2)
        top = height // 6
        draw.rectangle((middle - face, top + face + 4, middle + face, height), fill=coat)
        draw.rectangle((middle - face // 2, top, middle + face // 2, top + face), PEOPLE[name])
        # The expression: patches that differ with the seed, below a forehead that stays.
        for cell, shade in enumerate(generator.choice(np.array([None, 0, 255]), 6)):
            x = middle - face // 2 + cell % 3 * face // 3
            y = top + (1 + cell // 3) * face // 3
            if shade is not None:
                draw.rectangle((x + 1, y + 1, x + face // 3 - 2, y + face // 3 - 2), (shade,) * 3)
    return image
