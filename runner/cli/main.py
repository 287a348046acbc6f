"""The ``aldar`` command line: options in, one answer or one error out.

A command returns an :class:`Answer`; :func:`run` prints it, and turns every failure into a
message, a code and an exit status. With ``--json`` the answer or error is the only thing on
standard output, one JSON object on one line; progress goes to standard error.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...storyboard.errors import AldarError, InputError, RunnerError
from .answer import Answer, Json, path, stderr, stdout
from .commands import Server
from .commands import app as boards
from .model_commands import app as models

if TYPE_CHECKING:
    from rich.console import Console


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

setup = typer.Typer()


@setup.command()
def calibrate(
    references: Annotated[
        Path,
        typer.Option(help="Folder with pictures of the character.", parser=path, metavar="PATH"),
    ],
    strangers: Annotated[
        Path | None,
        typer.Option(help="Folder with pictures of other people.", parser=path, metavar="PATH"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Also write it to this file (JSON).", parser=path, metavar="PATH"),
    ] = None,
    name: Annotated[
        str, typer.Option(help="What the gate calls it.", show_default="the references' folder")
    ] = "",
    faces: Annotated[
        str, typer.Option(help="As in the gate: auto, dlib, or a pack of insightface.")
    ] = "auto",
    clip_vision: Annotated[
        str, typer.Option(help="CLIP vision model of ComfyUI, to calibrate the identity score.")
    ] = "",
    server: Server = None,
    as_json: Json = False,
) -> Answer:
    """Find the gate's thresholds on your own pictures."""
    from ..run.calibrate import Request
    from ..run.calibrate import calibrate as find
    from .progress import LiveView

    request = Request(
        references=references,
        strangers=strangers,
        name=name,
        out=out,
        faces=faces,
        clip_vision=clip_vision,
        server=server,
    )
    with LiveView(stderr()) as view:
        result = find(request, view)

    def show(console: Console) -> None:
        console.print(result.table())
        for note in result.notes():
            console.print(note, style="dim", soft_wrap=True)
        for file in result.files:
            console.print(f"written  {file}", soft_wrap=True)
        name = result.calibration.name
        console.print(f"In the gate: preset calibrated, calibration {name}")

    return Answer(result.as_dict(), show)


@setup.command()
def doctor(as_json: Json = False) -> Answer:
    """Check everything the other commands need, and say what to do."""
    from ..run.doctor import examine, table

    checks = examine()
    broken = [check.name for check in checks if check.needed and not check.ok]
    data = {"ok": not broken, "checks": [check.as_dict() for check in checks]}
    return Answer(data, lambda console: console.print(table(checks)), 1 if broken else 0)


@setup.command()
def ui(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="8188 if it is free.")] = None,
) -> Answer:
    """Start ComfyUI with this pack and keep it running until Ctrl-C."""
    from ..run.canvas import serve

    serve(port, stderr())
    return Answer({}, lambda console: None)


app.add_typer(boards)
app.add_typer(setup)
app.add_typer(models, name="models")


def run(arguments: list[str]) -> int:
    """Carry out one command line; return its exit status."""
    as_json = "--json" in arguments
    try:
        # Whatever a library prints must not mix with the answer.
        with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
            arguments = [_readable(argument) for argument in arguments]
            answer = app(arguments, prog_name="aldar", standalone_mode=False)
    except AldarError as error:
        return _fail(error, as_json)
    except UsageError as error:
        failure = _usage(error)
        # Without a message it is the help, which stands there already.
        return _fail(failure, as_json) if failure.message else failure.exit_code
    except (KeyboardInterrupt, typer.Abort):
        answer = INTERRUPTED
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        name = type(error).__name__
        failure = RunnerError(
            "internal",
            f"This program failed with an error of its own: {name}: {error}.",
            "Please report it with the traceback above.",
        )
        return _fail(failure, as_json)
    if answer == INTERRUPTED:  # what typer makes of Ctrl-C
        stopped = RunnerError("interrupted", "Interrupted.", "Run the same command again.")
        return _fail(stopped, as_json)
    if not isinstance(answer, Answer):  # what typer makes of --help
        if as_json:
            print("{}", flush=True)
        return int(answer or 0)
    if as_json:
        print(json.dumps(answer.data), flush=True)
    else:
        answer.show(stdout())
    return answer.status


def main() -> None:
    """Entry point of the ``aldar`` command."""
    # Ctrl-C, and kill, end a run in good order; also where a shell started us deaf to them.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a letter that a terminal lacks stops nothing
            stream.reconfigure(errors="backslashreplace")
    try:
        status = run(sys.argv[1:])
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        # Nobody reads our output, or it finds no room; the interpreter must not trip over it again.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        if not isinstance(error, BrokenPipeError):
            with contextlib.suppress(OSError):
                print(f"Error: the answer cannot be written: {error}.", file=sys.stderr)
        os.dup2(nowhere, 2)
        status = 1
    sys.exit(status)


def _readable(argument: str) -> str:
    """An argument as text: where the terminal's locale is another, it is UTF-8 all the same.

    :raises InputError: ``option_invalid`` if it is none.
    """
    try:
        return argument.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        raise InputError(
            "option_invalid",
            f"The argument {argument.encode('ascii', 'backslashreplace').decode()} is no text.",
            "Write it in UTF-8; a file whose name is not has to be renamed first.",
        ) from None


def _fail(error: AldarError, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": error.as_dict()}), flush=True)
    else:
        console = stderr()
        console.print("Error:", style="bold red", end=" ")
        console.print(error.message, soft_wrap=True)
        console.print(error.hint, soft_wrap=True)
        console.print(f"({error.code})", style="dim")
    return INTERRUPTED if error.code == "interrupted" else error.exit_code


def _usage(error: Any) -> InputError:
    return InputError(
        "option_invalid",
        error.format_message(),
        "'aldar --help' and 'aldar COMMAND --help' list what can be given.",
    )
