"""Live progress of a loop, on the canvas and over the websocket.

Every take sends one ``aldar.frame`` message::

    {"prompt_id", "board", "frame", "frames", "attempt", "retries", "seed", "state", "score"}

``state`` is ``rendering``, ``rejected``, ``accepted``, ``kept`` (flagged) or ``stored``.
"""

from __future__ import annotations

from typing import Any

from comfy_execution.progress import get_progress_state

from ...storyboard.board import Frame
from ...storyboard.takes import take_seed
from .runs import Run

EVENT = "aldar.frame"


def started(run: Run, frame: int, attempt: int) -> None:
    """A take begins; one after the first means that the take before it was rejected."""
    if attempt > 0:
        _send(run, frame, attempt - 1, "rejected", run.score(frame, attempt - 1))
    _send(run, frame, attempt, "rendering", None)


def settled(run: Run, winner: Frame, from_store: bool) -> None:
    """A frame has its winner."""
    state = "kept" if winner.flagged else "stored" if from_store else "accepted"
    _send(run, winner.number, winner.attempt, state, winner.verdict.value)
    get_progress_state().update_progress(run.close_id, winner.number, run.frames)


def _send(run: Run, frame: int, attempt: int, state: str, score: float | None) -> None:
    from server import PromptServer

    message: dict[str, Any] = {
        "prompt_id": run.prompt_id,
        "board": run.flow.folder.name,
        "frame": frame,
        "frames": run.frames,
        "attempt": attempt,
        "retries": run.flow.retries,
        "seed": take_seed(run.flow.seed, frame, attempt),
        "state": state,
        "score": score,
    }
    PromptServer.instance.send_sync(EVENT, message)
