"""The state of a running loop, kept outside the graph.

Nodes of the loop carry only (run id, frame, attempt) and find everything else here: the
story, the store, outer values computed once, the takes tried so far, and who won. A fresh id
for every run keeps ComfyUI's cache from answering for an earlier one.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from ...storyboard.board import Board, Frame
from ...storyboard.errors import LoopError
from ...storyboard.gate import Verdict
from ...storyboard.prompts import FramePrompt, compose
from ...storyboard.staging import stage
from ...storyboard.store import TakeStore
from ...storyboard.story import Story
from ...storyboard.takes import Keep, Render, Take, Tried, decide, take_key, take_seed
from .template import Link, Template

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Flow:
    """What *Frames: open* hands to *Frames: close*."""

    open_id: str
    story: Story
    folder: Path
    seed: int
    retries: int


@dataclass
class _FrameState:
    """One frame while it is worked on."""

    prompt: FramePrompt
    staging: str
    tried: list[Tried] = field(default_factory=list)
    keys: dict[int, str] = field(default_factory=dict)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    prefixes: dict[int, str] = field(default_factory=dict)
    """Attempt -> node id prefix of the copy that made it in this run."""


class Run:
    """One execution of one loop."""

    def __init__(self, prompt_id: str, close_id: str, flow: Flow, template: Template) -> None:
        self.id = uuid.uuid4().hex
        self.active = True
        self.prompt_id = prompt_id
        self.close_id = close_id
        self.flow = flow
        self.template = template
        self.store = TakeStore(flow.folder)
        self.board = Board(story=flow.story, base_seed=flow.seed, retries=flow.retries)
        self.outer: dict[Link, list[Any]] = {}
        self.seen: list[int] = []
        self.traces: dict[int, list[str]] = {}
        """Frame -> ids of the nodes it was expanded to, for pruning."""
        self.frame_nodes: dict[int, str] = {}
        self._states: dict[int, _FrameState] = {}

    @property
    def frames(self) -> int:
        """Number of frames to make."""
        return len(self.flow.story.shots)

    def start(self) -> None:
        """Mark the board as unfinished on disk."""
        self.board.save(self.flow.folder)

    def finish(self) -> None:
        """Write the finished board."""
        self.board.complete = len(self.board.frames) == self.frames
        self.board.save(self.flow.folder)
        self.close()

    def close(self) -> None:
        """Release the store and everything held; harmless when repeated."""
        self.active = False
        self.store.close()
        self.outer.clear()
        self._states.clear()

    def step(self, frame: int) -> Render | Keep:
        """What to do next for a frame, after using up the takes the store already has."""
        state = self._state(frame)
        while True:
            step = decide(state.tried, self.flow.retries)
            if isinstance(step, Keep):
                return step
            key = state.keys.setdefault(step.attempt, self._key(frame, step.attempt))
            if self.store.find(key) is None:
                return step
            verdict = self._known_verdict(key)
            if verdict is None:
                return step
            self._note(state, step.attempt, verdict)

    def stored(self, frame: int, attempt: int) -> bool:
        """Whether the picture of a take exists and only its verdict is missing."""
        return self.store.find(self._state(frame).keys[attempt]) is not None

    def picture(self, frame: int, attempt: int) -> Image.Image:
        """A stored take's picture."""
        with Image.open(self.store.path(self._state(frame).keys[attempt])) as image:
            return image.convert("RGB")

    def take(self, frame: int, attempt: int) -> Take:
        """The request object of a take."""
        return Take(
            story=self.flow.story,
            shot=self.flow.story.shots[frame - 1],
            prompt=self._state(frame).prompt,
            frame=frame,
            frames=self.frames,
            attempt=attempt,
            seed=take_seed(self.flow.seed, frame, attempt),
            seen=tuple(self.seen),
        )

    def rendered(self, frame: int, attempt: int, prefix: str) -> None:
        """Remember which copy of the body makes a take."""
        self._state(frame).prefixes[attempt] = prefix

    def prefix(self, frame: int, attempt: int) -> str | None:
        """The copy that made a take in this run, or ``None`` if it came from the store."""
        return self._state(frame).prefixes.get(attempt)

    def record(
        self, frame: int, attempt: int, image: Image.Image | None, verdict: Verdict
    ) -> None:
        """Store a finished take (``image`` is ``None`` if it was stored before) and its verdict."""
        state = self._state(frame)
        key = state.keys[attempt]
        if image is not None:
            seed = take_seed(self.flow.seed, frame, attempt)
            self.store.put(key, frame, attempt, seed, image)
        if self.template.verdict is not None:
            self.store.put_verdict(key, self.template.gate_key, verdict)
        self._note(state, attempt, verdict)

    def score(self, frame: int, attempt: int) -> float | None:
        """The overall score of a finished take."""
        return self._state(frame).verdicts[attempt].value

    def settle(self, frame: int, keep: Keep) -> Frame:
        """Make a take the winner of its frame and forget the others."""
        state = self._states.pop(frame)
        key, verdict = state.keys[keep.attempt], state.verdicts[keep.attempt]
        self.store.put_winner(frame, key, keep.flagged)
        if verdict.perceptual_hash is not None:
            self.seen.append(verdict.perceptual_hash)
        winner = Frame(
            number=frame,
            take=key,
            seed=take_seed(self.flow.seed, frame, keep.attempt),
            attempt=keep.attempt,
            attempts=len(state.tried),
            flagged=keep.flagged,
            prompt=state.prompt,
            verdict=verdict,
        )
        self.board.frames.append(winner)
        return winner

    def _state(self, frame: int) -> _FrameState:
        if frame not in self._states:
            shot = self.flow.story.shots[frame - 1]
            self._states[frame] = _FrameState(
                prompt=compose(self.flow.story, shot),
                staging=stage(self.flow.story, shot).key,
            )
        return self._states[frame]

    def _key(self, frame: int, attempt: int) -> str:
        staging = self._state(frame).staging
        return take_key(self.take(frame, attempt), self.template.image_key, staging)

    def _known_verdict(self, key: str) -> Verdict | None:
        if self.template.verdict is None:
            return Verdict()
        return self.store.verdict(key, self.template.gate_key)

    def _note(self, state: _FrameState, attempt: int, verdict: Verdict) -> None:
        state.tried.append(Tried(attempt, verdict.accepted, verdict.value))
        state.verdicts[attempt] = verdict


_runs: dict[str, Run] = {}


def begin(run: Run) -> None:
    """Register a run."""
    _runs[run.id] = run


def sweep(running: Collection[str]) -> None:
    """Close the runs whose prompt has ended without finishing them (error, interrupt).

    :param running: ids of the prompts that ComfyUI is executing.
    """
    for run in [r for r in _runs.values() if r.prompt_id not in running]:
        missing = run.frames - len(run.board.frames)
        log.warning("board %s stops %d frames short of its end", run.flow.folder.name, missing)
        end(run)


def end(run: Run) -> None:
    """Close a run and forget it; harmless when repeated."""
    _runs.pop(run.id, None)
    run.close()


def find(run_id: str) -> Run:
    """The run of that id. :raises LoopError: ``loop_lost`` if it has ended."""
    try:
        return _runs[run_id]
    except KeyError:
        raise LoopError(
            "loop_lost",
            "A node of the frame loop was run outside its run.",
            "Its internal nodes are not for the canvas: use Frames: open and Frames: close.",
        ) from None
