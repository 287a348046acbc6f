"""The ``aldar`` command line: options in, one answer or one error out.

A command returns an :class:`Answer`; :func:`run` prints it, and turns every failure into a
message, a code and an exit status. With ``--json`` the answer or error is the only thing on
standard output, one JSON object on one line; progress goes to standard error.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..storyboard.errors import AldarError, InputError, RunnerError

if TYPE_CHECKING:
    from rich.console import Console

    from .board import Result
    from .progress import LiveView

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""

# typer before 0.20 uses the click package and later ones their own copy; both agree on this.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]

app = typer.Typer(
    name="aldar",
    help="One logline in, a character-consistent storyboard out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Logline = Annotated[str, typer.Argument(help="The story in one or two sentences.")]
Frames = Annotated[str, typer.Option(metavar="auto|N", help="Number of frames, 1 to 60.")]
Planner = Annotated[str, typer.Option(help="'offline', or the name of an LLM profile.")]
Format = Annotated[str, typer.Option(help="1:1, 4:3, 16:9, 2.39:1 or 9:16.")]
Style = Annotated[str, typer.Option(help="Name of a style preset.")]


@dataclass(frozen=True)
class Answer:
    """What a command has to say."""

    data: dict[str, Any]
    """For ``--json``."""
    show: Callable[[Console], None]
    """For people."""
    status: int = 0


@app.command()
def board(
    logline: Logline,
    mode: Annotated[str, typer.Option(help="Which workflow draws the frames.")] = "draft",
    frames: Frames = "auto",
    planner: Planner = "offline",
    format: Format = "1:1",
    style: Style = "storybook",
    seed: Annotated[int, typer.Option(min=0, max=2**53 - 1)] = 42,
    retries: Annotated[int, typer.Option(min=0, max=20, help="More takes of a bad frame.")] = 2,
    out: Annotated[
        Path | None, typer.Option(help="The board's folder.", show_default="boards/LOGLINE")
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(envvar="ALDAR_SERVER", help="Address of a running ComfyUI to use."),
    ] = None,
    calibration: Annotated[
        str, typer.Option(help="Name of a calibration for the gate ('aldar calibrate').")
    ] = "",
    as_json: Json = False,
) -> Answer:
    """Draw the storyboard of a logline."""
    from .board import Request, draw
    from .options import parse_frames

    request = Request(
        logline,
        mode,
        parse_frames(frames),
        planner,
        format,
        style,
        seed,
        retries,
        out,
        server,
        calibration,
    )
    return _drawn(lambda view: draw(request, view))


@app.command()
def plan(
    logline: Annotated[
        str, typer.Argument(help="The story in one or two sentences, or a .fountain script.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Also write it to this file: .json, .md or .csv.")
    ] = None,
    frames: Frames = "auto",
    planner: Planner = "offline",
    format: Format = "1:1",
    style: Style = "storybook",
    as_json: Json = False,
) -> Answer:
    """Print the shotlist of a logline or a script. Needs no ComfyUI."""
    from .shotlist import make, table, write

    story = make(logline, frames, planner, format, style)
    if out is not None:
        write(story, out)

    def show(console: Console) -> None:
        console.print(table(story))
        if out is not None:
            console.print(f"story   {out}", soft_wrap=True)

    return Answer(story.model_dump(mode="json"), show)


Board = Annotated[Path, typer.Argument(help="The folder of a board.")]
Numbers = Annotated[str, typer.Argument(help="Frame numbers: 3 or 1,3-5.")]
Later = Annotated[bool, typer.Option("--later", help="Only note it for the next run.")]


@app.command()
def takes(board: Board, as_json: Json = False) -> Answer:
    """List every take of a board."""
    from . import direct

    found = direct.takes(board)
    return Answer({"takes": found}, lambda console: console.print(direct.table(found)))


@app.command()
def redo(
    board: Board,
    frames: Numbers,
    note: Annotated[str, typer.Option(help="Added to the prompts: 'smile more'.")] = "",
    later: Later = False,
    as_json: Json = False,
) -> Answer:
    """Make frames again with their next seed."""
    from . import direct

    direct.redo(board, frames, note)
    return _noted(board) if later else _again(board)


@app.command()
def choose(
    board: Board,
    frame: Annotated[int, typer.Argument(help="Frame number.")],
    take: Annotated[int, typer.Option(help="Which take, as 'aldar takes' counts them.")],
    later: Later = False,
    as_json: Json = False,
) -> Answer:
    """Make a take the winner of its frame."""
    from . import direct

    direct.choose(board, frame, take)
    return _noted(board) if later else _again(board)


@app.command()
def lock(board: Board, frames: Numbers, as_json: Json = False) -> Answer:
    """Keep frames as they are, whatever changes."""
    from . import direct

    direct.lock(board, frames)
    return _noted(board)


@app.command()
def unlock(board: Board, frames: Numbers, as_json: Json = False) -> Answer:
    """Let locked or chosen frames follow their shots again, from the next run on."""
    from . import direct

    direct.unlock(board, frames)
    return _noted(board)


@app.command()
def calibrate(
    references: Annotated[Path, typer.Option(help="Folder with pictures of the character.")],
    strangers: Annotated[
        Path | None, typer.Option(help="Folder with pictures of other people.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write it to this file (JSON).")] = None,
    name: Annotated[
        str, typer.Option(help="What the gate calls it.", show_default="the references' folder")
    ] = "",
    faces: Annotated[
        str, typer.Option(help="As in the gate: auto, dlib, or a pack of insightface.")
    ] = "auto",
    clip_vision: Annotated[
        str, typer.Option(help="CLIP vision model of ComfyUI, to calibrate the identity score.")
    ] = "",
    server: Annotated[
        str | None,
        typer.Option(envvar="ALDAR_SERVER", help="Address of a running ComfyUI to use."),
    ] = None,
    as_json: Json = False,
) -> Answer:
    """Find the gate's thresholds on your own pictures."""
    from .calibrate import Request
    from .calibrate import calibrate as find
    from .progress import LiveView

    request = Request(references, strangers, name, out, faces, clip_vision, server)
    with LiveView(_stderr()) as view:
        result = find(request, view)

    def show(console: Console) -> None:
        console.print(result.table())
        for path in result.files:
            console.print(f"written  {path}", soft_wrap=True)
        name = result.calibration.name
        console.print(f"In the gate: preset calibrated, calibration {name}")

    return Answer(result.as_dict(), show)


@app.command()
def doctor(as_json: Json = False) -> Answer:
    """Check everything the other commands need, and say what to do."""
    from .doctor import examine, table

    checks = examine()
    broken = [check.name for check in checks if check.needed and not check.ok]
    data = {"ok": not broken, "checks": [check.as_dict() for check in checks]}
    return Answer(data, lambda console: console.print(table(checks)), 1 if broken else 0)


@app.command()
def ui(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="8188 if it is free.")] = None,
) -> Answer:
    """Start ComfyUI with this pack and keep it running until Ctrl-C."""
    from .canvas import serve

    serve(port, _stderr())
    return Answer({}, lambda console: None)


def _drawn(work: Callable[[LiveView], Result]) -> Answer:
    """Draw with a live view and tell where the board is."""
    from .progress import LiveView

    with LiveView(_stderr()) as view:
        result = work(view)

    def show(console: Console) -> None:
        flagged = f", {result.board.flagged} flagged" if result.board.flagged else ""
        console.print(f"{result.board.frames} frames{flagged} in {result.seconds:.0f} s")
        console.print(f"board   {result.board.folder}", soft_wrap=True)
        console.print(f"sheet   {result.board.contact_sheet}", soft_wrap=True)
        console.print(f"report  {result.board.report}", soft_wrap=True)

    return Answer(result.as_dict(), show)


def _again(board: Path) -> Answer:
    """Run a board's own workflow again: only what was directed is made."""
    from .board import render
    from .direct import graph_of

    graph = graph_of(board)
    return _drawn(lambda view: render(graph, board.resolve(), view))


def _noted(board: Path) -> Answer:
    """The answer of a command that only wrote a direction."""
    return Answer({"board": str(board)}, lambda console: console.print(f"noted in {board}"))


def run(arguments: list[str]) -> int:
    """Carry out one command line; return its exit status."""
    as_json = "--json" in arguments
    try:
        # Whatever a library prints must not mix with the answer.
        with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
            answer = app(arguments, prog_name="aldar", standalone_mode=False)
    except AldarError as error:
        return _fail(error, as_json)
    except UsageError as error:
        return _fail(_usage(error), as_json)
    except (KeyboardInterrupt, typer.Abort):
        answer = INTERRUPTED
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        name = type(error).__name__
        what = RunnerError(
            "internal",
            f"This program failed with an error of its own: {name}: {error}.",
            "Please report it with the traceback above.",
        )
        return _fail(what, as_json)
    if answer == INTERRUPTED:  # what typer makes of Ctrl-C
        stopped = RunnerError("interrupted", "Interrupted.", "Run the same command again.")
        return _fail(stopped, as_json)
    if not isinstance(answer, Answer):  # what typer makes of --help
        return int(answer or 0)
    if as_json:
        print(json.dumps(answer.data), flush=True)
    else:
        answer.show(_stdout())
    return answer.status


def main() -> None:
    """Entry point of the ``aldar`` command."""
    # Ctrl-C, and kill, end a run in good order; also where a shell started us deaf to them.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        status = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone; the interpreter must not trip over it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)


def _fail(error: AldarError, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": error.as_dict()}), flush=True)
    else:
        console = _stderr()
        console.print("[bold red]Error:[/] ", end="")
        console.print(error.message, markup=False, highlight=False, soft_wrap=True)
        console.print(error.hint, markup=False, highlight=False, soft_wrap=True)
        console.print(f"({error.code})", style="dim", markup=False)
    return INTERRUPTED if error.code == "interrupted" else error.exit_code


def _usage(error: Any) -> InputError:
    return InputError(
        "option_invalid",
        error.format_message(),
        "'aldar --help' and 'aldar COMMAND --help' list what can be given.",
    )


def _stdout() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _stderr() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)
