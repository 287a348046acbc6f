"""Keypoints: how much of one picture's detail is found again in another, without weights.

ORB keypoints (Rublee et al., ICCV 2011) matched both ways and filtered by one similarity
transform. Drawn and stylised pictures, in which face models fail, have keypoints too. By OpenCV
if it is installed, else by scikit-image; evidence to look at, not a measure of identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from PIL import Image

NAME = "orb"
"""The method's name in scores."""
KEYPOINTS = 400
SIDE = 320
"""Longer side, in pixels, to which pictures are brought first."""
LEAST = 12
"""Keypoints under which a picture is too plain to be compared."""
_ENOUGH = 0.25
"""Share of the keypoints found again that counts as everything: more is not seen even after
turning a picture by a few degrees."""
_BITS = 64
"""Of 256, in which a match may differ at most."""


@dataclass(frozen=True, eq=False)
class Keypoints:
    """The keypoints of a picture."""

    places: np.ndarray
    """float32 [n, 2]."""
    bits: np.ndarray
    """uint8 [n, 32]: binary descriptors."""


class _Library(Protocol):
    def find(self, grey: np.ndarray) -> Keypoints: ...
    def agree(self, a: np.ndarray, b: np.ndarray) -> int: ...


def missing() -> str | None:
    """Why keypoints cannot be found here; ``None`` if they can."""
    try:
        _library()
    except ImportError:
        return (
            "package opencv-python-headless is not installed (pip install "
            "opencv-python-headless; scikit-image will do as well)"
        )
    return None


def find(pixels: np.ndarray) -> Keypoints:
    """The keypoints of a part of a picture.

    :param pixels: float [H, W, 3], 0..1.
    :raises ImportError: where :func:`missing` gives a reason.
    """
    image = Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8)).convert("L")
    scale = SIDE / max(image.size)
    size = (max(32, round(image.width * scale)), max(32, round(image.height * scale)))
    return _library().find(np.asarray(image.resize(size, Image.Resampling.BICUBIC)))


def alike(a: Keypoints, b: Keypoints) -> float | None:
    """Share of the keypoints found again in one common arrangement, 0..1; ``None`` if one of
    the pictures is too plain."""
    fewest = min(len(a.bits), len(b.bits))
    if fewest < LEAST:
        return None
    distance = _hamming(a.bits, b.bits)
    there, back = distance.argmin(axis=1), distance.argmin(axis=0)
    rows = np.flatnonzero(back[there] == np.arange(len(there)))
    rows = rows[distance[rows, there[rows]] <= _BITS]
    if len(rows) < 4:
        return 0.0
    agreeing = _library().agree(a.places[rows], b.places[there[rows]])
    return min(1.0, agreeing / (fewest * _ENOUGH))


def _hamming(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Differing bits of binary descriptors: [n, 32] and [m, 32] to [n, m]."""
    ones = np.unpackbits(a, axis=1).astype(np.float32)
    others = np.unpackbits(b, axis=1).astype(np.float32)
    return ones.sum(axis=1)[:, None] + others.sum(axis=1)[None] - 2 * ones @ others.T


@lru_cache(maxsize=1)
def _library() -> _Library:
    try:
        return _OpenCV()
    except ImportError:  # not there, or without a system library that it needs
        return _ScikitImage()


class _OpenCV:
    def __init__(self) -> None:
        import cv2  # pyright: ignore[reportMissingImports]

        self._cv2: Any = cv2

    def find(self, grey: np.ndarray) -> Keypoints:
        points, bits = self._cv2.ORB_create(KEYPOINTS).detectAndCompute(grey, None)
        places = np.array([point.pt for point in points], np.float32).reshape(-1, 2)
        return Keypoints(places, np.zeros((0, 32), np.uint8) if bits is None else bits)

    def agree(self, a: np.ndarray, b: np.ndarray) -> int:
        _, inliers = self._cv2.estimateAffinePartial2D(a, b, ransacReprojThreshold=4.0)
        return 0 if inliers is None else int(inliers.sum())


class _ScikitImage:
    def __init__(self) -> None:
        from skimage import feature, measure, transform  # pyright: ignore[reportMissingImports]

        self._feature: Any = feature
        self._measure: Any = measure
        self._transform: Any = transform

    def find(self, grey: np.ndarray) -> Keypoints:
        orb = self._feature.ORB(n_keypoints=KEYPOINTS)
        try:
            orb.detect_and_extract(grey / 255.0)
        except (RuntimeError, ValueError, IndexError):  # how it says that there are no keypoints
            return Keypoints(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
        places = orb.keypoints[:, ::-1].astype(np.float32)
        return Keypoints(places, np.packbits(orb.descriptors, axis=1))

    def agree(self, a: np.ndarray, b: np.ndarray) -> int:
        limits = {"min_samples": 3, "residual_threshold": 4.0, "max_trials": 300, "rng": 0}
        model = self._transform.SimilarityTransform
        _, inliers = self._measure.ransac((a, b), model, **limits)
        return 0 if inliers is None else int(np.sum(inliers))
