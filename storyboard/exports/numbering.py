"""The number of a shot as it is printed."""

from __future__ import annotations

from ..story import Shot, Story


def label(story: Story, shot: Shot) -> str:
    """What a shot is called on every sheet and timeline."""
    return str(shot.number)
