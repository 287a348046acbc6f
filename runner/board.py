"""``aldar board``: the recipe from a logline to a board folder."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..storyboard.errors import InputError, RunnerError
from ..storyboard.json_text import read_json
from ..storyboard.story import Story, check_logline
from . import collect, comfyui, preflight, process
from .client import Client, check_url
from .follow import Run, View, interrupted
from .graph import Graph
from .options import check_picture, name_of
from .preflight import Findings

SERVER_FOLDER = "aldar"
"""Subfolder of a server's output folder in which our boards lie."""
UPLOADS = "aldar"
"""Subfolder of ComfyUI's input folder for the pictures of characters."""
REFERENCE = "Reference"
"""Title of the node that loads such a picture on the canvas."""


@dataclass(frozen=True)
class Request:
    """Everything that decides a board."""

    mode: str
    story: Mapping[str, str | int] = field(default_factory=dict)
    """Inputs of the node that plans the story."""
    seed: int = 42
    retries: int = 2
    out: Path | None = None
    """The board's folder; without one, ``boards/<slug>`` where the command runs."""
    server: str | None = None
    """Address of a running ComfyUI; without one, a ComfyUI is started."""
    calibration: str = ""
    """Name of a calibration for the gate; its presets stay as the workflow has them without."""
    lora: str = ""
    """File of the character's LoRA; ``none`` for none, empty for the workflow's own."""
    references: tuple[Path, ...] = ()
    """Pictures of the characters, in the order of the story."""
    settings: tuple[str, ...] = ()
    """``TITLE.INPUT=VALUE`` for any node of the workflow."""
    force: bool = False
    """Whether to try although the GPU is too small."""
    plan: Story | None = None
    """A story that is planned already, in place of the node that plans one."""


@dataclass(frozen=True)
class Result:
    """A finished board."""

    board: collect.Board
    seconds: float
    comfyui: str
    """Version of the ComfyUI that drew it."""
    notices: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """What ``aldar board --json`` prints."""
        return {
            "board": str(self.board.folder),
            "report": str(self.board.report),
            "frames": self.board.frames,
            "flagged": self.board.flagged,
            "seconds": round(self.seconds, 2),
            "comfyui": self.comfyui,
            "notices": list(self.notices),
        }


def draw(request: Request, view: View) -> Result:
    """Draw a board.

    :raises AldarError: whatever goes wrong; frames accepted by then are kept.
    """
    graph = recipe(request)
    folder = collect.prepare(request.out or Path("boards") / _name(request))
    return render(graph, folder, view, request.server, request)


def rehearse(request: Request, view: View) -> tuple[Graph, Findings]:
    """What :func:`draw` would queue, and what stands in its way; nothing is queued.

    :raises AldarError: if the options or the ComfyUI cannot be used.
    """
    graph = recipe(request)
    with (
        tempfile.TemporaryDirectory() as folder,
        connected(request.server, Path(folder), view) as session,
    ):
        findings = _examine(graph, session, view, request, upload=False)
    return graph, findings


def recipe(request: Request) -> Graph:
    """The workflow of a request, with everything set that needs no ComfyUI.

    :raises AldarError: ``option_invalid`` and others that name the option.
    """
    name = _name(request)
    graph = Graph.load(request.mode)
    planner = "logline" in request.story
    if (planner or request.plan) and graph.get("Story", "logline") is None:
        raise InputError(
            "option_invalid",
            f"Mode {request.mode} does not draw the story of a logline.",
            "'aldar variations' draws the matrix, 'aldar identity' makes the quick test.",
        )
    if request.plan:
        graph.tell(request.plan.to_json())
    else:
        graph.set("Story", **request.story)
    board = f"{SERVER_FOLDER}/{name}" if request.server else "."
    graph.set("Frames", board=board, seed=request.seed, retries=request.retries)
    if request.calibration:
        graph.set("Gate", preset="calibrated", calibration=request.calibration)
    _choose_lora(graph, request.lora)
    for setting in request.settings:
        graph.set_by_text(setting)
    for path in request.references:
        check_picture(path)
    if planner and not request.server:
        _check_planner(str(request.story["planner"]))
    return graph


def _name(request: Request) -> str:
    """The name of a board's folder: that of its logline, or of what is asked of a character."""
    if request.plan:
        return name_of(request.plan.logline)
    if "logline" in request.story:
        return name_of(check_logline(str(request.story["logline"])))
    words = [str(request.story.get(name, "")) for name in ("name", "description")]
    return name_of(" ".join([request.mode.partition("_")[0], *filter(None, words)]))


def verdict_of(folder: Path) -> tuple[dict[str, Any], str]:
    """What the quick test found: as data, and in words (Markdown).

    :raises RunnerError: ``board_incomplete`` if it is not there.
    """
    try:
        data = read_json((folder / "identity_test.json").read_bytes())
        return data, (folder / "identity_test.md").read_text("utf-8")
    except (OSError, ValueError) as error:
        raise RunnerError(
            "board_incomplete",
            f"The quick test left no verdict in {folder}: {error}.",
            "Run the same command again: frames that are there are not made again.",
        ) from error


def render(
    graph: Graph,
    folder: Path,
    view: View,
    server: str | None = None,
    request: Request | None = None,
) -> Result:
    """Run a board's workflow.

    A run that ends because the GPU is full is tried once more, one take at a time.

    :param folder: where the board lies, or is brought to from ``server``.
    :param request: what the workflow was made from; without one, it is that of a board.
    :raises AldarError: whatever goes wrong; frames accepted by then are kept.
    """
    begun = time.monotonic()
    export = graph.find("Export")
    try:
        with connected(server, folder, view) as session:
            client = session.client
            findings = _examine(graph, session, view, request)
            if request is None:
                findings.refuse()
            else:
                findings.refuse(request.mode, request.force)
            for notice in findings.notices:
                view.notice(notice)
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
    return Result(drawn, time.monotonic() - begun, version, tuple(findings.notices))


def _examine(
    graph: Graph, session: Session, view: View, request: Request | None, upload: bool = True
) -> Findings:
    """Fit the workflow to a ComfyUI, and see whether it can run there."""
    view.step("Checking the workflow")
    if request is not None:
        _take_references(graph, session.client, request.references, upload)
    info = session.client.object_info()
    here = session.comfyui
    findings = preflight.look(
        graph,
        request.mode if request else "",
        info,
        session.client.system_stats(),
        models=here.base / "models" if here else None,
        python=here.python if here else None,
        metadata=session.client.metadata,
    )
    if not findings.problems:
        graph.check(info)
    return findings


def _choose_lora(graph: Graph, name: str) -> None:
    if not name:
        return
    if not graph.has(preflight.LORA_NODE):
        raise InputError(
            "option_invalid",
            f"The workflow {graph.name} has no character LoRA.",
            "Leave --lora out, or use --mode simple or guided.",
        )
    if name == "none":
        preflight.drop_lora(graph)
    else:
        graph.set(preflight.LORA_NODE, lora_name=name)


def _take_references(graph: Graph, client: Client, paths: tuple[Path, ...], upload: bool) -> None:
    """Bring the pictures of the characters to ComfyUI and into the workflow.

    A workflow's own example picture goes: it is there for the canvas.
    """
    if graph.has(REFERENCE):
        graph.remove(REFERENCE)
    batch = ""
    for number, path in enumerate(paths, 1):
        name = f"{hashlib.sha256(path.read_bytes()).hexdigest()[:32]}{path.suffix.lower()}"
        if upload:
            client.upload(path, UPLOADS, name)
        loaded = graph.add("LoadImage", f"{REFERENCE} {number}", image=f"{UPLOADS}/{name}")
        joined = {"image1": [batch, 0], "image2": [loaded, 0]}
        batch = graph.add("ImageBatch", f"References to {number}", **joined) if batch else loaded
    if batch:
        graph.join("Frames", "references", batch)


@dataclass(frozen=True)
class Session:
    """A ComfyUI to talk to, started by us or not."""

    client: Client
    process: process.Process | None
    comfyui: comfyui.ComfyUI | None
    """Where it lies, if on this disk."""

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
            yield Session(client, None, None)
        return
    view.step("Starting ComfyUI")
    found = comfyui.find()
    with process.started(found, output) as running, Client(running.url) as client:
        session = Session(client, running, found)
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
