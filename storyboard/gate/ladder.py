"""The ladder: what a new take of a rejected frame changes besides the seed.

Only the weight of the reference moves, and only within bounds. The weight of a LoRA never does:
changing it patches the whole model anew, which costs more than the take.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..takes import Rung
from .verdict import Verdict

STEP = 0.15
"""By how much of itself the weight changes with every rung."""
LOWEST, HIGHEST = 0.7, 1.3
UP = {"identity", "face", "drawn face", "costume"}
"""Scores that say the character is not met: look at the reference more."""
DOWN = {"copy"}
"""Scores that say the reference is pasted: look at it less."""


def climb(verdicts: Iterable[Verdict]) -> Rung:
    """The rung of the next take.

    :param verdicts: those of the takes that were rejected before it, in order.
    """
    factor, reasons = 1.0, []
    for verdict in verdicts:
        failed = {score.name for score in verdict.failed()}
        up, down = sorted(failed & UP), sorted(failed & DOWN)
        if bool(up) == bool(down):  # nothing the reference could mend, or both
            continue
        factor += STEP if up else -STEP
        reasons.append(f"{', '.join(up or down)} failed")
    return Rung(factor=round(min(max(factor, LOWEST), HIGHEST), 4), reason="; ".join(reasons))
