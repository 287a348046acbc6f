"""The pack's own socket types."""

from comfy_api.latest import io

STORY = io.Custom("ALDAR_STORY")
"""A :class:`storyboard.story.Story`."""
FLOW = io.Custom("ALDAR_FLOW")
"""A :class:`nodes.loop.runs.Flow`: joins Frames: open to Frames: close."""
TAKE = io.Custom("ALDAR_TAKE")
"""A :class:`storyboard.takes.Take`: the request of one attempt at one frame."""
VERDICT = io.Custom("ALDAR_VERDICT")
"""A :class:`storyboard.gate.Verdict`."""
BOARD = io.Custom("ALDAR_BOARD")
"""A :class:`storyboard.board.Board` and the folder it lies in."""
