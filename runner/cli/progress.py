"""What the user sees while a board is drawn. On a terminal it is live, elsewhere plain lines."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from ..run.follow import FrameEvent, Steps

ENDED = {
    "accepted": ("accepted", "green"),
    "kept": ("kept, flagged", "yellow"),
    "stored": ("stored", ""),
}
"""States in which a frame is done, how they read, and in which colour."""
REJECTED = ("rejected", "red")


LINE_SECONDS = 15.0
"""How often steps are told where there is no terminal: often enough not to look dead."""


class LiveView:
    """Progress on a console: the step, a bar of frames, and a line for every finished frame.

    Use it in a ``with`` block; it fulfils :class:`.follow.ViewOfSteps`.

    :param every: seconds between two lines of steps where there is no terminal.
    """

    def __init__(self, console: Console, every: float = LINE_SECONDS) -> None:
        self._console = console
        self._every = every
        self._what = ""
        self._told = time.monotonic()
        self._live = console.is_terminal
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not self._live,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> LiveView:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def step(self, text: str) -> None:
        self._describe(f"{text} …")
        if not self._live:
            self._console.print(Text(f"{text} …"))

    def notice(self, text: str) -> None:
        note = Text.assemble(("Note:", "yellow"), f" {text}")
        self._progress.console.print(note, soft_wrap=True)

    def frame(self, event: FrameEvent) -> None:
        take = f"take {event.attempt + 1} of {event.retries + 1}"
        name = event.score_name or "score"
        score = "" if event.score is None else f", {name} {event.score:.2f}"
        where = f"Frame {event.frame} of {event.frames}"
        ended = ENDED.get(event.state)
        self._describe(f"{where}: {take}{score}")
        self._progress.update(
            self._task,
            completed=event.frame if ended else event.frame - 1,
            total=event.frames,
        )
        told = ended or (REJECTED if event.state == "rejected" else None)
        if told:
            line = Text.assemble(f"{where}: ", told, f", {take}{score}")
            self._progress.console.print(line)

    def steps(self, steps: Steps) -> None:
        text = f"{self._what}, {steps.node}: step {steps.done} of {steps.total}"
        self._progress.update(self._task, description=text)
        if not self._live and time.monotonic() - self._told >= self._every:
            self._told = time.monotonic()
            self._console.print(Text(text))

    def share(self, done: int, total: int) -> None:
        """How much of a step is done."""
        self._progress.update(self._task, completed=done, total=total)

    def _describe(self, text: str) -> None:
        self._what, self._told = text, time.monotonic()
        self._progress.update(self._task, description=text)
