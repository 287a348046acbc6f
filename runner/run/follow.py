"""From a queued graph to its end: progress from the websocket, the outcome from the history.

The websocket says what happens while it happens, but it can drop; ``GET /history`` says how a
prompt ended, but only afterwards. So events feed the view and wake us up, and only the history
decides.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, get_args, runtime_checkable

from ...storyboard.errors import RunnerError
from ..server.client import Client, Dropped, Events, Refused
from .graph import Graph

log = logging.getLogger(__name__)

CLOSE = "AldarFramesClose"
MOST_STEPS = 1_000_000
POLL_SECONDS = 2.0
"""How long silence on the websocket may last before the history is asked."""
LOST_SECONDS = 30.0
"""How long a server may be away before the run is given up."""
CANCEL_SECONDS = 10.0
"""How long an interrupted prompt gets to end."""
PAUSE_SECONDS = 0.2
"""Before a lost websocket is opened again; it doubles up to the time of a poll."""


@dataclass(frozen=True)
class Patience:
    """How long a run waits for what, in seconds."""

    poll: float = field(default_factory=lambda: POLL_SECONDS)
    lost: float = field(default_factory=lambda: LOST_SECONDS)
    cancel: float = field(default_factory=lambda: CANCEL_SECONDS)
    pause: float = PAUSE_SECONDS


State = Literal["rendering", "accepted", "rejected", "kept", "stored"]


@dataclass(frozen=True)
class FrameEvent:
    """One step of one frame, as the pack's loop tells it (message ``aldar.frame``)."""

    frame: int
    """Number of the frame, from 1."""
    frames: int
    """How many frames the board has."""
    attempt: int
    """Which take, from 0."""
    retries: int
    """How many further takes a rejected first one may have."""
    seed: int
    state: State
    score: float | None
    score_name: str = ""
    """What the score measures: ``identity``, ``face`` …"""

    @classmethod
    def parse(cls, data: dict[str, Any]) -> FrameEvent | None:
        """Read a message; ``None`` if it is not what this version of the pack sends."""
        try:
            score = data.get("score")
            event = cls(
                frame=int(data["frame"]),
                frames=int(data["frames"]),
                attempt=int(data["attempt"]),
                retries=int(data["retries"]),
                seed=int(data["seed"]),
                state=data["state"],
                score=None if score is None else float(score),
                score_name=str(data.get("score_name") or ""),
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            return None
        fits = event.state in get_args(State) and 1 <= event.frame <= event.frames
        return event if fits else None


@dataclass(frozen=True)
class Steps:
    """How far a slow node has come, such as a sampler: ComfyUI's ``progress`` messages."""

    node: str
    """Its title."""
    done: int
    total: int


class View(Protocol):
    """What a run shows while it goes."""

    def step(self, text: str) -> None:
        """A new step of the run begins."""
        ...

    def notice(self, text: str) -> None:
        """Something the user should know before it goes on."""
        ...

    def frame(self, event: FrameEvent) -> None:
        """A frame of the board made a step."""
        ...


@runtime_checkable
class ViewOfSteps(Protocol):
    """A view that shows as well how far the node at work has come."""

    def steps(self, steps: Steps) -> None:
        """A node made a step."""
        ...


class Run:
    """One queued prompt.

    :param died: the error that says why ComfyUI is gone, or ``None`` while it lives; for a
        server that we did not start it never knows.
    """

    def __init__(
        self,
        client: Client,
        graph: Graph,
        view: View,
        died: Callable[[], RunnerError | None] = lambda: None,
        patience: Patience | None = None,
    ) -> None:
        self._client = client
        self._graph = graph
        self._view = view
        self._died = died
        self._patience = patience or Patience()
        self._prompt_id = ""
        self._node_id = ""
        self._steps: Steps | None = None
        self._events: Events | None = None
        self._pause = 0.0
        """Before the websocket is opened again; 0 while it holds."""

    def outputs(self) -> dict[str, Any]:
        """Queue the graph, follow it to its end, and return what its output nodes said, by id.

        On Ctrl-C the prompt is cancelled first and given the time to end in good order.

        :raises RunnerError: ``graph_unfit``, ``run_failed``, ``interrupted``, ``comfyui_died``,
            ``server_unreachable`` or ``server_refused``.
        """
        try:
            entry = self._follow()
        except KeyboardInterrupt:
            self._cancel()
            raise
        finally:
            self._hang_up()
        status, outputs = entry.get("status"), entry.get("outputs")
        if not isinstance(status, dict) or status.get("status_str") != "success":
            messages = status.get("messages") if isinstance(status, dict) else None
            raise self._failure(messages if isinstance(messages, list) else [])
        return outputs if isinstance(outputs, dict) else {}

    def _follow(self) -> dict[str, Any]:
        self._listen()  # first, so that no event is missed
        try:
            self._prompt_id = self._client.queue(self._graph.nodes)
        except Refused as refused:
            raise self._graph.explain(refused) from refused
        away_since = None
        while True:
            self._wait()
            if gone := self._died():
                raise gone
            try:
                if entry := self._client.history(self._prompt_id):
                    return entry
                self._expect_queued()
                away_since = None
            except RunnerError as error:
                if error.code != "server_unreachable":
                    raise
                if gone := self._died():
                    raise gone from error
                now = time.monotonic()
                away_since = away_since or now
                if now - away_since > self._patience.lost:
                    raise

    def _wait(self) -> None:
        """Take in messages until it is time to ask the history: when the prompt ends, when the
        websocket is silent or lost, and now and then while it talks."""
        deadline = time.monotonic() + 5 * self._patience.poll
        while time.monotonic() < deadline:
            if self._events is None:
                # Doubling pauses: a proxy that lets no websocket through costs no more than asking.
                self._pause = min(2 * self._pause, self._patience.poll) or self._patience.pause
                time.sleep(self._pause)
                self._listen()
                if self._events is None:
                    return
            try:
                message = self._events.receive(self._patience.poll)
            except Dropped:
                self._hang_up()
                return
            if message is None or self._ended(*message):
                return

    def _listen(self) -> None:
        """Open the websocket. Without one the run goes on: the history tells its end."""
        try:
            self._events = self._client.events()
        except RunnerError as error:
            log.debug("no websocket: %s", error)

    def _hang_up(self) -> None:
        if self._events is not None:
            self._events.close()
            self._events = None

    def _ended(self, kind: str, data: dict[str, Any]) -> bool:
        """Take in one message of ours; whether it says that the prompt is through."""
        if data.get("prompt_id") != self._prompt_id:
            return False
        self._pause = 0.0
        if kind == "aldar.frame" and (event := FrameEvent.parse(data)):
            self._view.frame(event)
        elif kind == "progress":
            self._show(data.get("node"), data)
        elif kind == "progress_state" and isinstance(data.get("nodes"), dict):
            for node_id, node in data["nodes"].items():
                if isinstance(node, dict) and node.get("state") == "running":
                    self._show(node_id, node)
        elif kind == "aldar.notice" and isinstance(data.get("text"), str):
            self._view.notice(data["text"])
        elif kind == "executing":
            node = data.get("display_node") or data.get("node")
            if node is None:  # ComfyUI has written the history
                return True
            self._node_id = str(node)
        return False

    def _show(self, node_id: Any, data: dict[str, Any]) -> None:
        """Show the steps of a node; the loop's own are its frames, which are shown already."""
        done, total = data.get("value"), data.get("max")
        if not (isinstance(done, (int, float)) and isinstance(total, (int, float))):
            return
        name = str(node_id)
        if not 0 <= done <= total < MOST_STEPS or total < 2 or self._graph.is_a(name, CLOSE):
            return
        steps = Steps(self._graph.title(name), int(done), int(total))
        if steps != self._steps and isinstance(self._view, ViewOfSteps):
            self._steps = steps
            self._view.steps(steps)

    def _expect_queued(self) -> None:
        if not self._client.queued(self._prompt_id) and not self._client.history(self._prompt_id):
            raise RunnerError(
                "comfyui_died",
                "ComfyUI does not know the run any more: it was restarted.",
                "Frames accepted so far are kept: the same command goes on from there.",
            )

    def _failure(self, messages: list[Any]) -> RunnerError:
        """The error of a prompt that did not end well, from the messages of its history."""
        for message in reversed(messages):
            if not (isinstance(message, list) and len(message) == 2):
                continue
            kind, data = message
            data = data if isinstance(data, dict) else {}
            if kind == "execution_interrupted":
                return interrupted("ComfyUI interrupted the run.")
            if kind == "execution_error":
                node = self._node_id or str(data.get("node_id", ""))
                text = str(data.get("exception_message", "")).strip()
                if "OutOfMemory" in str(data.get("exception_type", "")):
                    return RunnerError(
                        "out_of_memory",
                        f"'{self._graph.title(node)}' ran out of GPU memory.",
                        "Frames accepted so far are kept. Use --mode simple, which needs about "
                        "half the memory of guided, or a smaller format, and run it again.",
                    )
                return RunnerError(
                    "run_failed",
                    f"'{self._graph.title(node)}' failed: {text or data.get('exception_type')}",
                    "Frames accepted so far are kept: once the cause is mended, the same command "
                    "goes on from there.",
                )
        return RunnerError(
            "run_failed",
            "ComfyUI says that the run failed, without a reason.",
            "Its log may say more.",
        )

    def _cancel(self) -> None:
        if not self._prompt_id:
            return
        self._view.step("Interrupting")
        try:
            self._client.cancel(self._prompt_id)
            deadline = time.monotonic() + self._patience.cancel
            while time.monotonic() < deadline and self._client.queued(self._prompt_id):
                time.sleep(0.1)
        except RunnerError:
            pass  # a server that is gone needs no cancelling


def interrupted(message: str = "The run was interrupted.") -> RunnerError:
    """The error of a run that somebody stopped."""
    return RunnerError(
        "interrupted",
        message,
        "Frames accepted so far are kept: the same command goes on from there.",
    )
