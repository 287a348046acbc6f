"""The anomaly score: catches broken frames without any model (mission row S3.5).

Two measurements, each divided by twice its limit and cut to 0..1, so that 0.5 is the limit
and 1.0 is far from it; the score is the smaller:

* contrast: standard deviation of luminance (a blank or flat frame has none);
* structure: correlation of neighbouring pixels, at full size and at one eighth of it (sampler
  noise that a VAE has decoded is smooth at full size and uncorrelated at the size of its latents).

A frame with NaN or infinite pixels scores 0.
"""

from __future__ import annotations

import imagehash
import numpy as np
from PIL import Image

from .verdict import Outcome, Score

MIN_CONTRAST = 0.02
"""Of luminance 0..1; drawn panels measure 0.14 and more, a photograph of the moon 0.05, a grey
card 0.005."""
MIN_STRUCTURE = 0.3
"""Correlation; drawn panels measure 0.78 and more, photographs of scenes 0.58 and more, noise
from -0.02 (pixels) to 0.23 (latents). A texture that fills the frame can be taken for noise:
scikit-image's brick measures 0.06, gravel 0.23, grass 0.30."""
MIN_DISTANCE = 10
"""Bits of 256 of the difference hash; JPEG and scaling change 0-6, other light mostly 0-8; two
photographs differ in 111."""
PASSES = 0.5
_WEIGHTS = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601 luma


def perceptual_hash(image: Image.Image) -> int:
    """The 16x16 difference hash of an image, as an integer of 256 bits."""
    return int(str(imagehash.dhash(image, hash_size=16)), 16)


def anomaly_score(pixels: np.ndarray) -> Score:
    """Judge whether a frame is broken.

    :param pixels: float array [height, width, 3], 0..1.
    """
    if not np.isfinite(pixels).all():
        return _score(0.0, "the picture holds NaN or infinite pixels")
    grey = pixels.astype(np.float32, copy=False) @ _WEIGHTS
    parts = {"the picture is blank or nearly so": float(grey.std()) / MIN_CONTRAST}
    structure = min(_correlation(grey), _correlation(_shrink(grey, 8)))
    parts["the picture is noise"] = structure / MIN_STRUCTURE
    reason, ratio = min(parts.items(), key=lambda item: item[1])
    return _score(min(max(ratio / 2, 0.0), 1.0), reason)


def _score(value: float, reason: str) -> Score:
    passed = value >= PASSES
    return Score(
        name="anomaly",
        outcome=Outcome.PASS if passed else Outcome.FAIL,
        value=round(value, 4),
        threshold=PASSES,
        reason="" if passed else reason,
    )


def _correlation(grey: np.ndarray) -> float:
    """Pearson correlation of horizontal and vertical neighbours; 1.0 if nothing varies."""
    values = []
    for a, b in ((grey[:, :-1], grey[:, 1:]), (grey[:-1], grey[1:])):
        if a.size < 2:
            continue
        a, b = a - a.mean(), b - b.mean()
        norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
        values.append(float((a * b).sum()) / norm if norm > 1e-9 else 1.0)
    return min(values, default=1.0)


def _shrink(grey: np.ndarray, factor: int) -> np.ndarray:
    """Box-average by ``factor``; an image smaller than two boxes is returned as it is."""
    height, width = (side // factor for side in grey.shape)
    if height < 2 or width < 2:
        return grey
    boxes = grey[: height * factor, : width * factor].reshape(height, factor, width, factor)
    return boxes.mean(axis=(1, 3))
