"""Near-duplicates: is a frame the same picture as an earlier one of its board?

A question of the board, not of the take: it is asked when a frame is settled, about the frames
before it. Never of a verdict that is kept, since another board (a shot moved, a frame drawn
anew) has another answer.
"""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image

from .anomaly import MIN_DISTANCE, PASSES, perceptual_hash
from .verdict import Outcome, Score

NAME = "duplicate"
"""Of the score."""
TOP, BOTTOM = 0.07, 0.83
"""The part of a frame's height that is compared: without the badge and the caption that a drawn
panel carries. Panels that differ in these two alone differ in 3 bits of 256 at most; two of a wide
shot in other clothes in 13 and more, two of a story in 59 and more."""


def board_hash(frame: Image.Image) -> int:
    """The difference hash by which frames of a board are compared, 256 bits."""
    width, height = frame.size
    top, bottom = round(TOP * height), max(1, round(BOTTOM * height))
    return perceptual_hash(frame.crop((0, min(top, bottom - 1), width, bottom)))


def duplicate_score(frame: int | None, earlier: Mapping[int, int]) -> Score | None:
    """The score of a frame that nearly equals an earlier one; ``None`` if it does not.

    :param frame: its :func:`board_hash`; ``None`` if no gate looked at it.
    :param earlier: number of a frame -> its hash.
    """
    if frame is None or not earlier:
        return None
    number, other = min(earlier.items(), key=lambda item: (frame ^ item[1]).bit_count())
    value = min(1.0, (frame ^ other).bit_count() / MIN_DISTANCE / 2)
    if value >= PASSES:
        return None
    reason = f"the picture nearly equals frame {number}"
    return Score(
        name=NAME, outcome=Outcome.FAIL, value=round(value, 4), threshold=PASSES, reason=reason
    )
