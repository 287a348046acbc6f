"""What a user sees of a slow frame."""

import io

from aldar_storyboard.runner.cli.progress import LiveView
from aldar_storyboard.runner.run.follow import FrameEvent, Steps, ViewOfSteps
from rich.console import Console


def shown(terminal: bool, every: float) -> str:
    """What a view prints of a frame that takes three steps."""
    sink = io.StringIO()
    console = Console(file=sink, force_terminal=terminal, width=100, color_system=None)
    with LiveView(console, every) as view:
        assert isinstance(view, ViewOfSteps)
        view.frame(FrameEvent(2, 8, 0, 2, 42, "rendering", None))
        for done in (1, 2, 3):
            view.steps(Steps("Sample [v2]", done, 3))
    return sink.getvalue()


def test_on_a_terminal_the_line_of_the_frame_counts_its_steps():
    assert "Frame 2 of 8: take 1 of 3, Sample [v2]: step 3 of 3" in shown(True, 60.0)


def test_elsewhere_steps_are_told_now_and_then():
    every = shown(False, 0.0).splitlines()
    assert every[-1] == "Frame 2 of 8: take 1 of 3, Sample [v2]: step 3 of 3"
    assert "step" not in shown(False, 60.0)
