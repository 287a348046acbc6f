"""The copy score: is the frame pasted from the reference instead of made anew?

Three measurements, each divided by twice its limit and cut to 0..1, as in :mod:`.anomaly`: 0.5
is the limit, 1.0 is far from it, and the score is the smallest:

* frame: bits in which the difference hash differs from the reference's, and mean difference of
  the two pictures: a copy has little of either;
* face: mean difference of the two faces, laid over each other by their landmarks;
* identity: how far the cosine of two whole pictures stays below 1. Two pictures made from two
  seeds never come that close, however alike the character is.
"""

from __future__ import annotations

from .anomaly import MIN_DISTANCE
from .policy import Reading
from .verdict import Crop

MIN_DIFFERENCE = 0.03
"""Of luminance 0..1; a face pasted from a photograph measures 0.00-0.02 after JPEG, scaling and
turning, the same one in a little other light 0.06 and more, two people 0.19 and more."""
MAX_COSINE = 0.995
"""CLIP cosine of whole pictures; a re-encoded copy measures 0.998 and more."""
PASSES = 0.5


def copy_reading(
    frame: tuple[int, float] | None,
    faces: float | None,
    cosine: float | None,
    crops: tuple[Crop, ...] = (),
) -> Reading:
    """The measurement of how far a frame is from being a paste of its reference.

    :param frame: (differing bits of the two difference hashes, of 256; mean difference of the
        two pictures in luminance 0..1).
    :param faces: mean difference of the two faces, laid over each other.
    :param cosine: identity similarity of the two pictures.
    """
    parts = {}
    if frame is not None:
        bits, light = frame
        parts["the frame is the reference again"] = max(bits / MIN_DISTANCE, light / MIN_DIFFERENCE)
    if faces is not None:
        parts["the face is pasted from the reference"] = faces / MIN_DIFFERENCE
    if cosine is not None:
        parts["the frame equals the reference"] = (1 - cosine) / (1 - MAX_COSINE)
    if not parts:
        return Reading("copy", "pixels", reason="nothing to compare with")
    reason, ratio = min(parts.items(), key=lambda item: item[1])
    value = min(max(ratio / 2, 0.0), 1.0)
    return Reading("copy", "pixels", value, reason, crops=crops, threshold=PASSES)
