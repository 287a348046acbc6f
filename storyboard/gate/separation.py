"""How well a similarity tells a character from strangers: ROC, equal error, bootstrap.

Similarities come as two square-cut tables: ``genuine`` [n, n], every reference against every
other, and ``strangers`` [n, m], every reference against every stranger. Higher means more alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ROUNDS = 1000
"""Bootstrap rounds; the ends of a 95 % interval move in the third digit from here on."""


@dataclass(frozen=True)
class Separation:
    """A threshold, and how sure it is."""

    threshold: float
    low: float
    """Lower end of the threshold's 95 % bootstrap interval."""
    high: float
    eer: float | None
    """Share of wrong answers on either side at the threshold, 0 to 1; ``None`` without
    strangers."""


def roc(genuine: np.ndarray, strangers: np.ndarray) -> np.ndarray:
    """The curve as rows (threshold, false accept rate, true accept rate), threshold falling.

    :param genuine: similarities that should be accepted, [k].
    :param strangers: similarities that should not, [l].
    """
    values = np.unique(np.concatenate((genuine, strangers)))[::-1]
    accepted = 1 - np.searchsorted(np.sort(genuine), values) / max(1, len(genuine))
    wrong = 1 - np.searchsorted(np.sort(strangers), values) / max(1, len(strangers))
    start = [[float(values[0]) + 1e-6 if len(values) else 1.0, 0.0, 0.0]]
    return np.concatenate((start, np.stack((values, wrong, accepted), axis=1)))


def equal_error(genuine: np.ndarray, strangers: np.ndarray) -> tuple[float, float]:
    """(threshold, error rate) where as many are wrongly rejected as wrongly accepted.

    Between two similarities that occur every threshold is as good as another: the middle is
    taken, so a threshold between two clearly apart groups lies halfway between them.
    """
    values = np.unique(np.concatenate((genuine, strangers)))
    middles = np.concatenate(([values[0]], (values[1:] + values[:-1]) / 2))
    rejected = np.searchsorted(np.sort(genuine), middles) / len(genuine)
    accepted = 1 - np.searchsorted(np.sort(strangers), middles) / len(strangers)
    best = int(np.argmin(np.maximum(rejected, accepted)))
    return float(middles[best]), float((rejected[best] + accepted[best]) / 2)


def separate(genuine: np.ndarray, strangers: np.ndarray, seed: int = 0) -> Separation:
    """The threshold between a character and strangers, with a bootstrap interval.

    Pictures are drawn again, not pairs: pairs that share a picture are not independent. Without
    strangers the threshold lies three standard deviations under the mean of the character's own
    similarities, below all of them, and no error rate is known.

    :param genuine: [n, n], n >= 2; the diagonal is not looked at.
    :param strangers: [n, m]; m may be 0.
    """
    generator = np.random.default_rng(seed)
    count, others = strangers.shape

    def threshold(rows: np.ndarray, columns: np.ndarray) -> tuple[float, float] | None:
        pairs = genuine[np.ix_(rows, rows)][rows[:, None] < rows[None, :]]
        if not len(pairs):
            return None
        if not len(columns):
            return float(min(pairs.mean() - 3 * pairs.std(), pairs.min())), np.nan
        return equal_error(pairs, strangers[np.ix_(rows, columns)].ravel())

    best = threshold(np.arange(count), np.arange(others))
    if best is None:
        raise ValueError("at least two references are needed")
    drawn = (
        threshold(generator.integers(0, count, count), generator.integers(0, others, others))
        if others
        else threshold(generator.integers(0, count, count), np.arange(0))
        for _ in range(ROUNDS)
    )
    spread = [value[0] for value in drawn if value is not None] or [best[0]]
    low, high = np.quantile(spread, (0.025, 0.975))
    eer = None if np.isnan(best[1]) else best[1]
    return Separation(best[0], min(float(low), best[0]), max(float(high), best[0]), eer)
