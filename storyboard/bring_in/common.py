"""What all sources of own panels share."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

from ..story import BoardFormat

Size = tuple[int, int]


def in_order(path: Path) -> list[tuple[int, int, str]]:
    """A key that sorts names as people do: 2 before 10."""
    parts = re.findall(r"(\d+)|(\D+)", path.name.lower())
    return [(0, int(digits[:300]), "") if digits else (1, 0, text) for digits, text in parts]


def nearest(sizes: Sequence[Size]) -> BoardFormat:
    """The format that comes nearest to most of some pictures.

    :param sizes: (width, height) each, at least one.
    """
    shapes = sorted(math.log(width / height) for width, height in sizes)
    middle = shapes[len(shapes) // 2]

    def distance(format: BoardFormat) -> float:
        width, height = format.pixels
        return abs(math.log(width / height) - middle)

    return min(BoardFormat, key=distance)


def numbers(shots: Sequence[int]) -> str:
    """``shots 1, 2 and 7``, at most five by name."""
    named = [str(number) for number in shots[:5]]
    if len(shots) > 5:
        named.append(f"{len(shots) - 5} more")
    last = f" and {named[-1]}" if len(named) > 1 else named[0]
    return f"shot{'s' * (len(shots) > 1)} {', '.join(named[:-1])}{last}"


def shortened(text: str, most: int) -> str:
    """A text in one line of at most ``most`` letters; whether it was cut shows at its end."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
