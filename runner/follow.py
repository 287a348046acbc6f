"""From a queued graph to its end: progress from the websocket, the outcome from the history.

The websocket says what happens while it happens, but it can drop; ``GET /history`` says how a
prompt ended, but only afterwards. So events feed the view and wake us up, and only the history
decides.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ..storyboard.errors import RunnerError
from .client import Client, Dropped, Events, Refused
from .graph import Graph

POLL_SECONDS = 2.0
"""How long silence on the websocket may last before the history is asked."""
LOST_SECONDS = 30.0
"""How long a server may be away before the run is given up."""
CANCEL_SECONDS = 10.0
"""How long an interrupted prompt gets to end."""

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

    @classmethod
    def parse(cls, data: dict[str, Any]) -> FrameEvent | None:
        """Read a message; ``None`` if it is not what this version of the pack sends."""
        try:
            score = data.get("score")
            return cls(
                frame=int(data["frame"]),
                frames=int(data["frames"]),
                attempt=int(data["attempt"]),
                retries=int(data["retries"]),
                seed=int(data["seed"]),
                state=data["state"],
                score=None if score is None else float(score),
            )
        except (KeyError, TypeError, ValueError):
            return None


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
    ) -> None:
        self._client = client
        self._graph = graph
        self._view = view
        self._died = died
        self._prompt_id = ""
        self._node_id = ""

    def outputs(self) -> dict[str, Any]:
        """Queue the graph, follow it to its end, and return what its output nodes said, by id.

        On Ctrl-C the prompt is cancelled first and given the time to end in good order.

        :raises RunnerError: ``graph_unfit``, ``run_failed``, ``interrupted``, ``comfyui_died``
            or ``server_unreachable``.
        """
        try:
            entry = self._follow()
        except KeyboardInterrupt:
            self._cancel()
            raise
        status = entry.get("status") or {}
        if status.get("status_str") != "success":
            raise self._failure(status.get("messages") or [])
        return entry.get("outputs") or {}

    def _follow(self) -> dict[str, Any]:
        events: Events | None = self._client.events()  # first, so that no event is missed
        try:
            try:
                self._prompt_id = self._client.queue(self._graph.nodes)
            except Refused as refused:
                raise self._graph.explain(refused) from refused
            away_since = None
            while True:
                try:
                    if events is None:
                        events = self._client.events()
                    if not self._ended(events):
                        continue
                    if entry := self._client.history(self._prompt_id):
                        return entry
                    self._expect_queued()
                    away_since = None
                except Dropped:
                    events = None
                except RunnerError as error:
                    if error.code != "server_unreachable":
                        raise
                    events = None
                    now = time.monotonic()
                    away_since = away_since or now
                    if gone := self._died():
                        raise gone from error
                    if now - away_since > LOST_SECONDS:
                        raise
                    time.sleep(0.2)
        finally:
            if events is not None:
                events.close()

    def _ended(self, events: Events) -> bool:
        """Take in one message; whether it is time to ask the history."""
        message = events.receive(POLL_SECONDS)
        if message is None:
            if gone := self._died():
                raise gone
            return True
        kind, data = message
        if data.get("prompt_id") != self._prompt_id:
            return False
        if kind == "aldar.frame" and (event := FrameEvent.parse(data)):
            self._view.frame(event)
        elif kind == "aldar.notice" and isinstance(data.get("text"), str):
            self._view.notice(data["text"])
        elif kind == "executing":
            node = data.get("display_node") or data.get("node")
            if node is None:  # ComfyUI has written the history
                return True
            self._node_id = str(node)
        return False

    def _expect_queued(self) -> None:
        if not self._client.queued(self._prompt_id) and not self._client.history(self._prompt_id):
            raise RunnerError(
                "comfyui_died",
                "ComfyUI does not know the run any more: it was restarted.",
                "Frames accepted so far are kept: the same command goes on from there.",
            )

    def _failure(self, messages: list[Any]) -> RunnerError:
        """The error of a prompt that did not end well, from the messages of its history."""
        for kind, data in reversed(messages):
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
            deadline = time.monotonic() + CANCEL_SECONDS
            while time.monotonic() < deadline and self._client.queued(self._prompt_id):
                time.sleep(0.1)
        except RunnerError:
            pass  # a server that is gone needs no cancelling


def interrupted(what: str = "The run was interrupted.") -> RunnerError:
    """The error of a run that somebody stopped."""
    return RunnerError(
        "interrupted",
        what,
        "Frames accepted so far are kept: the same command goes on from there.",
    )
