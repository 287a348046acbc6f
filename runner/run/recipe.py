"""``aldar board``: the recipe from a logline to a board folder."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...storyboard.board import Board
from ...storyboard.errors import InputError, RunnerError, StoreError
from ...storyboard.frames.directions import Directions
from ...storyboard.gate.calibration import FOLDER, Calibration, calibration_path
from ...storyboard.json_text import read_json
from ...storyboard.story import Story, check_logline
from ..server import comfyui, process
from ..server.address import check_url, without_login
from ..server.client import ELSEWHERE, Client
from . import collect, preflight
from .direct import expect_takes, graph_of, hand_over
from .follow import Run, View, interrupted
from .graph import Graph
from .options import check_look, check_picture, name_of
from .origin import Origin
from .preflight import Findings
from .references import bring_again, faceless, take_references

SERVER_FOLDER = "aldar"
"""Subfolder of a server's output folder in which our boards lie."""
USUAL_STYLE, USUAL_SEED = "storybook", 42

READ_PROMPTS = {"AldarTakePrompt", "AldarTakeConditioning"}
"""Nodes through which a loop body gets a take's words."""
READ_SEEDS = {"AldarTakePrompt", "AldarTakeNoise"}
"""Nodes through which it gets a take's seed."""
READ_REFERENCES = {"AldarReference", "AldarLatchSwitch", "CLIPVisionLoader"}
"""Nodes through which it, or its gate, looks at pictures of the characters."""


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
    notices = [*_earlier(folder, request), *_idle(graph, request)]
    origin = _origin(request)
    return render(Job(graph, folder, origin, request.server, request, notices), view)


def again(
    folder: Path,
    view: View,
    server: str | None = None,
    redone: bool = False,
    note: bool = False,
) -> Result:
    """Run the workflow of a board again, where it was made: only what was directed is drawn.

    :param server: another address of that server, or one with its login.
    :param redone: whether frames are to be made with another seed.
    :param note: whether a note for the prompts was given.
    :raises AldarError: whatever goes wrong; ``board_elsewhere`` rather than to draw all anew.
    """
    origin = Origin.load(folder)
    address = origin.address(server)
    graph = graph_of(folder)
    notices = _deaf(graph, note) if redone else []
    if address:
        where = origin.folder or f"{SERVER_FOLDER}/{name_of(Board.load(folder).story.logline)}"
        graph.set("Frames", board=where)
        shown = without_login(address)
        origin = origin.model_copy(update={"server": shown, "folder": where})
    return render(Job(graph, folder.resolve(), origin, address, notices=notices), view)


def rehearse(request: Request, view: View) -> tuple[Graph, Findings]:
    """What :func:`draw` would queue, and what stands in its way; nothing is queued or written.

    :raises AldarError: if the options or the ComfyUI cannot be used.
    """
    graph = recipe(request)
    with (
        tempfile.TemporaryDirectory() as folder,
        connected(request.server, Path(folder), view) as session,
    ):
        findings = _examine(graph, session, view, request, request.mode, upload=False)
    out = request.out or Path("boards") / _name(request)
    findings.notices[:0] = [*_earlier(out, request), *_idle(graph, request)]
    return graph, findings


def recipe(request: Request) -> Graph:
    """The workflow of a request, with everything set that needs no ComfyUI.

    :raises AldarError: ``option_invalid`` and others that name the option.
    """
    name = _name(request)
    if "format" in request.story:
        check_look(str(request.story["format"]), str(request.story["style"]))
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
        calibration_path(Path(), request.calibration)  # refuses a name that is none
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


@dataclass(frozen=True)
class Job:
    """A workflow to run for the board of a folder."""

    graph: Graph
    folder: Path
    """Where the board lies, or is brought to from the server."""
    origin: Origin
    """What is kept of its request."""
    server: str | None = None
    """Where to run it, with the login if there is one."""
    request: Request | None = None
    """What the workflow was made from; without one, it is that of the board."""
    notices: list[str] = field(default_factory=list)
    """What to tell before it begins."""


def render(job: Job, view: View) -> Result:
    """Run a board's workflow.

    A run that ends because the GPU is full is tried once more, one take at a time.

    :raises AldarError: whatever goes wrong; frames accepted by then are kept.
    """
    begun = time.monotonic()
    graph, folder, request = job.graph, job.folder, job.request
    export = graph.find("Export")
    try:
        with connected(job.server, folder, view) as session:
            client = session.client
            if job.server:
                if request is None:
                    expect_takes(folder, client, job.origin.folder)
                hand_over(graph, Directions.load(folder))
            if request is None:
                bring_again(graph, client, map(Path, job.origin.references))
            lora = _lora(graph)
            findings = _examine(graph, session, view, request, job.origin.mode)
            findings.notices[:0] = job.notices
            # A board that is there was drawn on a GPU of that size before.
            findings.refuse(job.origin.mode, force=request is None or request.force)
            if request is None and lora != _lora(graph):
                raise RunnerError(
                    "not_ready",
                    f"models/loras/{lora}, with which the board was drawn, is not there any more: "
                    "without it every frame would be drawn anew.",
                    "Put the file back, or draw another board.",
                )
            for notice in findings.notices:
                view.notice(notice)
            job.origin.save(folder)
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
            if job.server:
                view.step("Bringing the board")
                drawn = collect.fetch(done, client, folder)
            else:
                drawn = collect.local(done, folder)
            version = session.version()
    except KeyboardInterrupt:
        raise interrupted() from None
    return Result(drawn, time.monotonic() - begun, version, tuple(findings.notices))


def _origin(request: Request) -> Origin:
    """What is kept of a request; relative paths are those of the folder it was typed in."""
    name = _name(request)
    return Origin(
        name=name,
        mode=request.mode,
        story=dict(request.story),
        seed=request.seed,
        retries=request.retries,
        calibration=request.calibration,
        lora=request.lora,
        references=[str(path.absolute()) for path in request.references],
        settings=list(request.settings),
        server=without_login(check_url(request.server)) if request.server else "",
        folder=f"{SERVER_FOLDER}/{name}" if request.server else "",
    )


def _earlier(folder: Path, request: Request) -> list[str]:
    """That a folder holds another board already, if it does."""
    try:
        board, origin = Board.load(folder), Origin.load(folder)
    except StoreError:
        return []
    name = origin.name or name_of(board.story.logline)
    same_story = name == _name(request)
    if same_story and origin.mode in ("", request.mode):
        return []
    kind = f" of mode {origin.mode}" if origin.mode else ""
    return [
        f"{folder} holds the board '{board.story.title}'{kind}: its frames and exports give way "
        "to the new ones, its takes stay. Another folder with --out keeps both."
    ]


def _idle(graph: Graph, request: Request) -> list[str]:
    """Which options change nothing in the pictures of a workflow."""
    given = {
        "--style": (READ_PROMPTS, request.story.get("style", USUAL_STYLE) != USUAL_STYLE),
        "--seed": (READ_SEEDS, request.seed != USUAL_SEED),
        "--reference": (READ_REFERENCES, bool(request.references)),
    }
    idle = [option for option, (nodes, used) in given.items() if used and not graph.any_is(nodes)]
    if not idle:
        return []
    verb = "changes" if len(idle) == 1 else "change"
    return [
        f"Mode {request.mode} draws panels of its own: {' and '.join(idle)} {verb} no picture, "
        "only the prompts and the report."
    ]


def _deaf(graph: Graph, note: bool) -> list[str]:
    """That a workflow draws a frame alike whatever its seed and note."""
    if graph.any_is(READ_SEEDS):
        return []
    what = "another seed and a note change" if note else "another seed changes"
    return [
        f"This board's workflow draws every shot in one way: {what} no picture. Edit the shot in "
        "the story instead ('aldar plan --out story.json', then 'aldar board story.json')."
    ]


def _lora(graph: Graph) -> str:
    """The character LoRA that a workflow names; empty if it has none."""
    node = preflight.LORA_NODE
    return str(graph.get(node, "lora_name")) if graph.has(node) else ""


def _examine(
    graph: Graph,
    session: Session,
    view: View,
    request: Request | None,
    mode: str,
    upload: bool = True,
) -> Findings:
    """Fit the workflow to a ComfyUI, and see whether it can run there."""
    view.step("Checking the workflow")
    here = session.comfyui
    if here and request and request.calibration:
        folder = here.base / comfyui.USER_FOLDER / FOLDER
        Calibration.load(calibration_path(folder, request.calibration))
    models = here.base / "models" if here else None
    notices = []
    if request is not None:
        notices += take_references(graph, session.client, request.references, upload)
        notices += faceless(graph, request.references, models)
    info = session.client.object_info()
    findings = preflight.look(
        graph,
        mode,
        info,
        session.client.system_stats(),
        models=models,
        python=here.python if here else None,
        metadata=session.client.metadata,
        own_lora=request is None or _names_lora(request),
    )
    findings.notices += notices
    if not findings.problems:
        graph.check(info)
    return findings


def _names_lora(request: Request) -> bool:
    """Whether the user said which LoRA is the character's."""
    setting = f"{preflight.LORA_NODE}.lora_name="
    return bool(request.lora) or any(text.startswith(setting) for text in request.settings)


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
        with Client(server, limits=ELSEWHERE) as client:
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
    from ...storyboard.planning import PLANNERS
    from ...storyboard.planning.llm import profiles

    if name not in PLANNERS:
        profiles.load(name)
