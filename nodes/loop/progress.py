"""Live progress of a loop, on the canvas and over the websocket.

Every take sends ``aldar.frame`` messages::

    {"prompt_id", "board", "frame", "frames", "attempt", "retries", "seed", "state", "score",
     "score_name", "file", "locked", "stale"}

``state`` is ``rendering``, ``rejected``, ``accepted``, ``kept`` (flagged) or ``stored``;
``score`` is the one that tells most of the verdict and ``score_name`` what it measures, both null
where nobody was compared with a reference; ``board`` is the folder below ComfyUI's output folder,
and ``file`` the picture of a settled frame in it, else empty. ``locked`` says that the user locked
the frame, ``stale`` that its kept picture no longer fits its changed shot.

What the user should know of a whole board is sent once, as ``aldar.notice``: ``{"prompt_id",
"board", "text"}``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import folder_paths
from comfy_execution.progress import get_progress_state
from server import PromptServer

from ...storyboard.frames.engine import Job
from ...storyboard.gate import Verdict
from .runs import Run

EVENT, NOTICE = "aldar.frame", "aldar.notice"
log = logging.getLogger(__name__)


def below_output(folder: Path) -> str:
    """A board folder as ``/view`` wants it: relative to the output folder, which is ``""``."""
    below = folder.relative_to(folder_paths.get_output_directory()).as_posix()
    return "" if below == "." else below


def begun(run: Run) -> None:
    """A run begins: say so if it takes the place of another board."""
    if run.frames.replaced:
        board = below_output(run.flow.folder) or run.flow.folder.name
        _notice(
            run,
            f"The board '{board}' held another story, {run.frames.replaced!r}, which is replaced. "
            "Its takes are kept: the same story queued again is drawn from them. To keep both "
            "boards, give each its own board name.",
        )


def finished(run: Run) -> None:
    """A board is finished: say so if it holds pictures that no longer fit."""
    if stale := run.frames.board.stale:
        numbers = ", ".join(str(frame.number) for frame in stale)
        _notice(
            run,
            f"Stale: {numbers}. The picture of such a frame was locked or chosen, and its shot has "
            "changed since. Unlock it to have it made for the shot as it is now.",
        )


def _notice(run: Run, text: str) -> None:
    log.warning("%s", text)
    message = {"prompt_id": run.prompt_id, "board": below_output(run.flow.folder), "text": text}
    PromptServer.instance.send_sync(NOTICE, message)


def started(run: Run, jobs: Iterable[Job]) -> None:
    """Takes begin."""
    for job in jobs:
        _send(run, *job.id, job.take.seed, "rendering")


def taken(run: Run, job: Job, verdict: Verdict | None) -> None:
    """A take is finished; an accepted one is reported when its frame is settled."""
    if verdict is not None and not verdict.accepted:
        _send(run, *job.id, job.take.seed, "rejected", verdict)


def settled(run: Run) -> None:
    """Report the frames settled since the last call."""
    frames = run.frames
    made = {job.key for step in run.steps.values() for job in step.jobs if not job.stored}
    for frame in frames.settled:
        state = "kept" if frame.flagged else "accepted" if frame.take in made else "stored"
        picture = f"takes/{frame.take}.png"
        marks = {"locked": frame.locked, "stale": frame.stale}
        _send(run, frame.number, frame.attempt, frame.seed, state, frame.verdict, picture, **marks)
    if frames.settled:
        done = len(frames.board.frames)
        get_progress_state().update_progress(run.close_id, done, frames.count)
    frames.settled.clear()


def _send(
    run: Run,
    frame: int,
    attempt: int,
    seed: int,
    state: str,
    verdict: Verdict | None = None,
    file: str = "",
    locked: bool = False,
    stale: bool = False,
) -> None:
    telling = verdict.telling if verdict else None
    message: dict[str, Any] = {
        "prompt_id": run.prompt_id,
        "board": below_output(run.flow.folder),
        "frame": frame,
        "frames": run.frames.count,
        "attempt": attempt,
        "retries": run.flow.retries,
        "seed": seed,
        "state": state,
        "score": telling.value if telling else None,
        "score_name": telling.name if telling else None,
        "file": file,
        "locked": locked,
        "stale": stale,
    }
    PromptServer.instance.send_sync(EVENT, message)
