"""The heads score: are as many people in the frame as the shot has?

In the form of ViStoryBench's on-stage character count matching (OCCM, Zhuang et al. 2025,
arXiv:2505.24862): ``exp(-|detected - expected| / (epsilon + expected))``, here 0 to 1.
"""

from __future__ import annotations

import math

from .policy import Reading

EPSILON = 1e-6
EXACT_UP_TO = 3
"""Up to so many people the number must be exact."""
TOLERANT = math.exp(-0.25)
"""The threshold above: one of four may be missed."""


def occm(detected: int, expected: int) -> float:
    """Agreement of two head counts, 0 to 1."""
    return math.exp(-abs(detected - expected) / (EPSILON + expected))


def heads_reading(
    detected: int, least: int, most: int | None, method: str, words: str = ""
) -> Reading:
    """The measurement of a frame's head count.

    :param detected: people found, background left out.
    :param least: how many must show their face.
    :param most: how many can be in the frame at most; ``None`` for a crowd.
    :param words: who is missing, if that is known.
    """
    expected = max(least, detected if most is None else min(detected, most))
    reason = ""
    if detected < expected:
        reason = words or f"{expected - detected} of {expected} people are missing"
    elif detected > expected:
        extra = detected - expected
        who = "a person" if extra == 1 else f"{extra} people"
        reason = f"{who} too many: {detected} instead of {expected}"
    return Reading(
        name="heads",
        method=method,
        value=occm(detected, expected),
        reason=reason,
        threshold=1.0 if expected <= EXACT_UP_TO else round(TOLERANT, 4),
    )
