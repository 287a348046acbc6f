"""Two faces laid over each other by their landmarks."""

from __future__ import annotations

import numpy as np
from PIL import Image

from .faces import Face

SIDE = 64
"""Pixels per side of a laid-over face."""


def thumbnail(picture: Image.Image) -> np.ndarray:
    """Luminance of a whole picture, float32 [64, 64], 0..1."""
    small = picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(small, np.float32) / 255


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """Mean absolute difference of two pictures of one size, in luminance 0..1."""
    return float(np.abs(a - b).mean())


def align(pixels: np.ndarray, face: Face, onto: Face) -> np.ndarray:
    """A face, turned and scaled so that its landmarks lie on those of another one.

    :param pixels: float [H, W, 3], 0..1, the picture of ``face``.
    :param onto: the face whose box becomes the result; itself for a plain crop.
    :returns: luminance, float32 [64, 64], 0..1.
    """
    left, top, right, bottom = onto.box
    scale = np.array([SIDE / max(1, right - left), SIDE / max(1, bottom - top)], np.float32)
    target = (onto.landmarks - (left, top)) * scale
    matrix, shift = similarity(target, face.landmarks)
    grey = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    # Scaled down first: a warp alone would skip pixels of a large face.
    step = max(1, int(np.sqrt(abs(np.linalg.det(matrix)))))
    image = Image.fromarray(grey).reduce(step) if step > 1 else Image.fromarray(grey)
    coefficients = np.column_stack((matrix, shift)) / step
    return np.asarray(
        image.transform(
            (SIDE, SIDE),
            Image.Transform.AFFINE,
            tuple(coefficients.ravel().tolist()),
            Image.Resampling.BILINEAR,
        )
    )


def similarity(source: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The turn, scale and shift that bring points [n, 2] closest to others (Umeyama 1991).

    :returns: matrix [2, 2] and shift [2]: ``target = matrix @ source + shift``.
    """
    mean, goal = source.mean(axis=0), target.mean(axis=0)
    a, b = source - mean, target - goal
    u, values, v = np.linalg.svd(b.T @ a / len(source))
    flip = np.diag([1.0, np.sign(np.linalg.det(u @ v)) or 1.0])
    variance = max(float((a * a).sum() / len(source)), 1e-9)
    matrix = float((values * np.diag(flip)).sum()) / variance * (u @ flip @ v)
    return matrix, goal - matrix @ mean
