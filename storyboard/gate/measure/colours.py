"""Colour statistics of clothes: a descriptor without weights.

A part of a picture becomes a histogram of its colours in CIELAB, chroma apart from lightness,
its middle counting more than its edges, which show the background. Lightness counts little: the
same coat is brighter at noon than at night.
"""

from __future__ import annotations

import numpy as np

NAME = "colour"
"""The method's name in scores."""
_CHROMA = 12
"""Bins of a and b each, over -84..84."""
_LIGHT = 6
_LIGHT_WEIGHT = 0.25
_SIDE = 96
"""Pixels per side that are looked at."""
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ],
    np.float32,
)  # sRGB, D65 (IEC 61966-2-1)
_WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)


def describe(pixels: np.ndarray) -> np.ndarray:
    """The colour histogram of a part of a picture, float32, of unit length.

    :param pixels: float [H, W, 3], 0..1.
    """
    rows = np.linspace(0, pixels.shape[0] - 1, min(_SIDE, pixels.shape[0])).round().astype(int)
    columns = np.linspace(0, pixels.shape[1] - 1, min(_SIDE, pixels.shape[1])).round().astype(int)
    lab = to_lab(pixels[np.ix_(rows, columns)])
    weights = np.outer(_bell(len(rows)), _bell(len(columns))).ravel()
    lab = lab.reshape(-1, 3)
    chroma, _, _ = np.histogram2d(
        lab[:, 1], lab[:, 2], bins=_CHROMA, range=((-84, 84), (-84, 84)), weights=weights
    )
    light, _ = np.histogram(lab[:, 0], bins=_LIGHT, range=(0, 100), weights=weights)
    total = weights.sum()
    parts = (
        np.sqrt(_blur(_blur(chroma / total).T).T.ravel() * (1 - _LIGHT_WEIGHT)),
        np.sqrt(_blur(light / total) * _LIGHT_WEIGHT),
    )
    histogram = np.concatenate(parts)
    return (histogram / max(float(np.linalg.norm(histogram)), 1e-9)).astype(np.float32)


def alike(a: np.ndarray, b: np.ndarray) -> float:
    """Bhattacharyya coefficient of two descriptors, 0 (no colour in common) to 1."""
    return float(a @ b)


def to_lab(pixels: np.ndarray) -> np.ndarray:
    """sRGB [..., 3] of 0..1 to CIELAB (D65): L 0..100, a and b about -100..100."""
    rgb = np.clip(pixels, 0, 1).astype(np.float32)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T / _WHITE
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=-1)


def _bell(count: int) -> np.ndarray:
    """Weights along one side: 1 in the middle, 0.14 at the ends."""
    return np.exp(-2 * np.linspace(-1, 1, count) ** 2)


def _blur(values: np.ndarray) -> np.ndarray:
    """Smoothed along the first axis with weights 1/4, 1/2, 1/4: neighbouring bins are alike."""
    padded = np.concatenate((values[:1] * 0, values, values[:1] * 0))
    return 0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]
