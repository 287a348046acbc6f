"""The pack's own socket types."""

from comfy_api.latest import io

STORY = io.Custom("ALDAR_STORY")
"""A :class:`storyboard.story.Story`."""
FLOW = io.Custom("ALDAR_FLOW")
"""A :class:`nodes.loop.runs.Flow`: joins Frames: open to Frames: close."""
TAKE = io.Custom("ALDAR_TAKE")
"""A tuple of :class:`storyboard.takes.Take`: the takes being made, one unless in waves."""
VERDICT = io.Custom("ALDAR_VERDICT")
"""A :class:`storyboard.gate.Verdict`."""
BOARD = io.Custom("ALDAR_BOARD")
"""(folder, :class:`storyboard.board.Board`): the finished board and where it lies."""
REFERENCES = io.Custom("ALDAR_REFERENCES")
"""A tuple of (character or empty, IMAGE of one picture): pictures of characters."""
DIRECTIONS = io.Custom("ALDAR_DIRECTIONS")
"""A :class:`storyboard.directions.Orders`."""
