"""``aldar board``: the recipe from a logline to a board folder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..storyboard.errors import RunnerError
from ..storyboard.story import check_logline
from . import collect, comfyui, process
from .client import Client, check_url
from .follow import Run, View, interrupted
from .graph import Graph
from .options import name_of

SERVER_FOLDER = "aldar"
"""Subfolder of a server's output folder in which our boards lie."""


@dataclass(frozen=True)
class Request:
    """Everything that decides a board."""

    logline: str
    mode: str = "draft"
    frames: int = 0
    """1 to 60, or 0 for as many as the story needs."""
    planner: str = "offline"
    format: str = "1:1"
    style: str = "storybook"
    seed: int = 42
    retries: int = 2
    out: Path | None = None
    """The board's folder; without one, ``boards/<slug>`` where the command runs."""
    server: str | None = None
    """Address of a running ComfyUI; without one, a ComfyUI is started."""
    calibration: str = ""
    """Name of a calibration for the gate; its presets stay as the workflow has them without."""


@dataclass(frozen=True)
class Result:
    """A finished board."""

    board: collect.Board
    seconds: float
    comfyui: str
    """Version of the ComfyUI that drew it."""

    def as_dict(self) -> dict[str, Any]:
        """What ``aldar board --json`` prints."""
        return {
            "board": str(self.board.folder),
            "report": str(self.board.report),
            "frames": self.board.frames,
            "flagged": self.board.flagged,
            "seconds": round(self.seconds, 2),
            "comfyui": self.comfyui,
        }


def draw(request: Request, view: View) -> Result:
    """Draw a board.

    :raises AldarError: whatever goes wrong; frames accepted by then are kept.
    """
    logline = check_logline(request.logline)
    name = name_of(logline)
    graph = Graph.load(request.mode)
    graph.set(
        "Story",
        logline=logline,
        planner=request.planner,
        frames=request.frames,
        format=request.format,
        style=request.style,
        language="auto",
    )
    board = f"{SERVER_FOLDER}/{name}" if request.server else "."
    graph.set("Frames", board=board, seed=request.seed, retries=request.retries)
    if request.calibration:
        graph.set("Gate", preset="calibrated", calibration=request.calibration)
    if not request.server:
        _check_planner(request.planner)
    folder = collect.prepare(request.out or Path("boards") / name)
    return render(graph, folder, view, request.server)


def render(graph: Graph, folder: Path, view: View, server: str | None = None) -> Result:
    """Run a board's workflow.

    A run that ends because the GPU is full is tried once more, one take at a time.

    :param folder: where the board lies, or is brought to from ``server``.
    :raises AldarError: whatever goes wrong; frames accepted by then are kept.
    """
    begun = time.monotonic()
    export = graph.find("Export")
    try:
        with connected(server, folder, view) as session:
            client = session.client
            view.step("Checking the workflow")
            graph.check(client.object_info())
            view.step("Drawing")
            try:
                outputs = Run(client, graph, view, session.died).outputs()
            except RunnerError as error:
                if error.code != "out_of_memory" or graph.get("Frames", "wave") in (None, 1):
                    raise
                view.step("Out of GPU memory: drawing again, one take at a time")
                graph.set("Frames", wave=1)
                outputs = Run(client, graph, view, session.died).outputs()
            done = collect.exported(outputs, export)
            if server:
                view.step("Bringing the board")
                drawn = collect.fetch(done, client, folder)
            else:
                drawn = collect.local(done, folder)
            version = session.version()
    except KeyboardInterrupt:
        raise interrupted() from None
    return Result(drawn, time.monotonic() - begun, version)


@dataclass(frozen=True)
class Session:
    """A ComfyUI to talk to, started by us or not."""

    client: Client
    process: process.Process | None

    def died(self) -> RunnerError | None:
        if self.process is None or self.process.alive():
            return None
        return self.process.died()

    def version(self) -> str:
        if self.process is not None:
            return self.process.version
        return str(self.client.system_stats().get("system", {}).get("comfyui_version", ""))


@contextmanager
def connected(server: str | None, output: Path, view: View) -> Iterator[Session]:
    if server:
        view.step("Reaching ComfyUI")
        with Client(check_url(server)) as client:
            yield Session(client, None)
        return
    view.step("Starting ComfyUI")
    with process.started(comfyui.find(), output) as running, Client(running.url) as client:
        session = Session(client, running)
        try:
            yield session
        except RunnerError as error:
            # Whatever request failed first, the cause is that ComfyUI is gone.
            if error.code == "server_unreachable" and running.ended(within=1.0):
                raise running.died() from error
            if error.code in ("graph_unfit", "run_failed"):
                hint = f"{error.hint} ComfyUI's log is {running.log}."
                raise RunnerError(error.code, error.message, hint) from error
            raise


def _check_planner(name: str) -> None:
    """Find out before ComfyUI starts whether the planner is known and has its key."""
    from ..storyboard.planning import PLANNERS, profiles

    if name not in PLANNERS:
        profiles.load(name)
