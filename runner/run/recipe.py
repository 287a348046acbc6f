"""``aldar board``: the recipe from a logline to a board folder."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...storyboard.board import Board
from ...storyboard.errors import InputError, RunnerError, StoreError
from ...storyboard.frames.directions import Directions
from ...storyboard.gate.calibration import FOLDER, Calibration, calibration_path
from ...storyboard.json_text import read_json
from ...storyboard.story import Numbering
from ..server.address import without_login
from ..server.comfyui import USER_FOLDER
from . import collect, preflight
from .direct import expect_takes, graph_of, hand_over
from .follow import Run, View, interrupted
from .graph import Graph
from .options import check_choice, check_look, check_picture, name_of
from .preflight import Findings
from .references import bring_again, bring_panels, faceless, take_references
from .request import SERVER_FOLDER, Origin, Request, RunOptions
from .session import Session, connected

USUAL_STYLE, USUAL_SEED = "storybook", 42
CHECKING = "Checking the workflow"

READ_PROMPTS = {"AldarTakePrompt", "AldarTakeConditioning"}
"""Nodes through which a loop body gets a take's words."""
READ_SEEDS = {"AldarTakePrompt", "AldarTakeNoise"}
"""Nodes through which it gets a take's seed."""
READ_REFERENCES = {"AldarReference", "AldarLatchSwitch", "CLIPVisionLoader"}
"""Nodes through which it, or its gate, looks at pictures of the characters."""


@dataclass(frozen=True)
class Result:
    """A finished board."""

    board: collect.BoardFolder
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


def draw(request: Request, options: RunOptions, view: View) -> Result:
    """Draw a board.

    :raises AldarError: whatever goes wrong; frames accepted by then are kept.
    """
    origin = Origin.of(request, options.server)
    graph = recipe(request, origin.folder)
    folder = collect.prepare(options.out or Path("boards") / origin.name)
    notices = [*_earlier(folder, origin), *_idle(graph, request)]
    job = Job(
        graph=graph,
        origin=origin,
        folder=folder,
        server=options.server,
        force=options.force,
        notices=notices,
    )
    return render(job, view)


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
    # A board that is there was drawn on a GPU of that size before.
    job = Job(
        graph=graph,
        origin=origin,
        folder=folder.resolve(),
        server=address,
        force=True,
        drawn=True,
        notices=notices,
    )
    return render(job, view)


def rehearse(request: Request, options: RunOptions, view: View) -> tuple[Graph, Findings]:
    """What :func:`draw` would queue, and what stands in its way; nothing is queued or written.

    :raises AldarError: if the options or the ComfyUI cannot be used.
    """
    origin = Origin.of(request, options.server)
    graph = recipe(request, origin.folder)
    with (
        tempfile.TemporaryDirectory() as folder,
        connected(options.server, Path(folder), view) as session,
    ):
        findings = _fit(graph, request, session, view, upload=False)
    out = options.out or Path("boards") / origin.name
    findings.notices[:0] = [*_earlier(out, origin), *_idle(graph, request)]
    return graph, findings


def recipe(request: Request, folder: str = "") -> Graph:
    """The workflow of a request, with everything set that needs no ComfyUI.

    :param folder: of the board, below the output folder of the server that draws it; empty for a
        ComfyUI of our own, whose output folder is the board's.
    :raises AldarError: ``option_invalid`` and others that name the option.
    """
    request.board_name()  # refuses a logline that is none
    if "format" in request.story:
        check_look(
            str(request.story["format"]),
            str(request.story["style"]),
            str(request.story.get("drawing", "storybook")),
        )
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
    graph.set("Frames", board=folder or ".", seed=request.seed, retries=request.retries)
    if request.numbering:
        check_choice("numbering", request.numbering, (scheme.value for scheme in Numbering))
        graph.set("Frames", numbering=request.numbering)
    if request.calibration:
        calibration_path(Path(), request.calibration)  # refuses a name that is none
        graph.set("Gate", preset="calibrated", calibration=request.calibration)
    _choose_lora(graph, request.lora)
    for setting in request.settings:
        graph.set_by_text(setting)
    for path in request.references:
        check_picture(path)
    if planner and not folder:
        _check_planner(str(request.story["planner"]))
    return graph


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


@dataclass(frozen=True, kw_only=True)
class Job:
    """A workflow to run for the board of a folder."""

    graph: Graph
    origin: Origin
    """The request it was made from."""
    folder: Path
    """Where the board lies, or is brought to from the server."""
    server: str | None = None
    """Where to run it, with the login if there is one."""
    force: bool = False
    """Whether to try although the GPU is too small."""
    drawn: bool = False
    """Whether the board is there: then the workflow is its own, and no frame may get lost."""
    notices: list[str] = field(default_factory=list)
    """What to tell before it begins."""


def render(job: Job, view: View) -> Result:
    """Run a board's workflow.

    A run that ends because the GPU is full is tried once more, one take at a time.

    :raises AldarError: whatever goes wrong; frames accepted by then are kept.
    """
    begun = time.monotonic()
    graph, folder, mode = job.graph, job.folder, job.origin.mode
    export = graph.find("Export")
    try:
        with connected(job.server, folder, view) as session:
            client = session.client
            if job.server:
                if job.drawn:
                    expect_takes(folder, client, job.origin.folder)
                hand_over(graph, Directions.load(folder))
            lora = _lora(graph)
            if job.drawn:
                bring_again(graph, client, job.origin.references)
                view.step(CHECKING)
                findings = _examine(graph, mode, session, own_lora=True)
            else:
                findings = _fit(graph, job.origin, session, view)
            findings.notices[:0] = job.notices
            findings.refuse(mode, job.force)
            if job.drawn and lora != _lora(graph):
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
            if done.note:
                findings.notices.append(f"Of the plan: {done.note}.")
                view.notice(findings.notices[-1])
            version = session.version()
    except KeyboardInterrupt:
        raise interrupted() from None
    return Result(drawn, time.monotonic() - begun, version, tuple(findings.notices))


def _earlier(folder: Path, origin: Origin) -> list[str]:
    """That a folder holds another board already, if it does."""
    try:
        board, before = Board.load(folder), Origin.load(folder)
    except StoreError:
        return []
    name = before.name or name_of(board.story.logline)
    if name == origin.name and before.mode in ("", origin.mode):
        return []
    kind = f" of mode {before.mode}" if before.mode else ""
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
    change = "another seed and a note change" if note else "another seed changes"
    return [
        f"This board's workflow draws every shot in one way: {change} no picture. Edit the shot in "
        "the story instead ('aldar plan --out story.json', then 'aldar board story.json')."
    ]


def _lora(graph: Graph) -> str:
    """The character LoRA that a workflow names; empty if it has none."""
    node = preflight.LORA_NODE
    return str(graph.get(node, "lora_name")) if graph.has(node) else ""


def _fit(
    graph: Graph, request: Request, session: Session, view: View, upload: bool = True
) -> Findings:
    """Give a new workflow its pictures and a ComfyUI's names of files; see whether it can run.

    :param upload: whether to bring the pictures to ComfyUI.
    """
    view.step(CHECKING)
    if session.comfyui and request.calibration:
        folder = session.comfyui.base / USER_FOLDER / FOLDER
        Calibration.load(calibration_path(folder, request.calibration))
    notices = take_references(graph, session.client, request.references, upload)
    if upload and request.plan and request.panels:
        view.step("Bringing the own panels")
        bring_panels(session.client, request.plan, request.panels)
    notices += faceless(graph, request.references, session.models)
    findings = _examine(graph, request.mode, session, own_lora=_names_lora(request))
    findings.notices += notices
    return findings


def _examine(graph: Graph, mode: str, session: Session, own_lora: bool) -> Findings:
    """See whether a workflow can run on a ComfyUI.

    :param own_lora: whether the frames need the LoRA it names; else they do without.
    """
    info = session.client.object_info()
    findings = preflight.look(
        graph,
        mode,
        info,
        session.client.system_stats(),
        models=session.models,
        python=session.comfyui.python if session.comfyui else None,
        metadata=session.client.metadata,
        own_lora=own_lora,
    )
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


def _check_planner(name: str) -> None:
    """Find out before ComfyUI starts whether the planner is known and has its key."""
    from ...storyboard.planning import AUTO, PLANNERS
    from ...storyboard.planning.llm import engine, profiles

    if name in PLANNERS or name == AUTO:
        return
    profile = profiles.load(name)
    if profile.engine:
        engine.model_file(profile)
