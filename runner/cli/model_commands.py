"""``aldar models list | pull | verify``: options in, an answer out."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .answer import Answer, Json, path, stderr

if TYPE_CHECKING:
    from ..models.manifest import Licence

app = typer.Typer(help="The model files of the modes: list, pull, verify.", no_args_is_help=True)

OfMode = Annotated[str | None, typer.Option(help="Only the files of this mode.")]
Models = Annotated[
    Path | None,
    typer.Option(
        help="The models folder. ComfyUI's extra_model_paths.yaml is not read.",
        parser=path,
        metavar="PATH",
        show_default="that of the ComfyUI the other commands use",
    ),
]


@app.command("list")
def list_files(mode: OfMode = None, models: Models = None, as_json: Json = False) -> Answer:
    """Show the model files: which there are, how large, under which licence."""
    from ..models import catalogue, folder, show

    files = catalogue.of_mode(catalogue.catalogue(), mode)
    place = folder.find(models)
    data = {"folder": str(place.path), "files": [show.listed(file, place) for file in files]}
    return Answer(data, lambda console: console.print(show.table(files, place, bool(mode))))


@app.command()
def pull(
    names: Annotated[
        list[str] | None, typer.Argument(help="Files, as 'aldar models list' names them.")
    ] = None,
    mode: OfMode = None,
    place: Annotated[
        str,
        typer.Option(
            "--from", help="Look nowhere else: a folder, or an https:// or s3:// address."
        ),
    ] = "",
    optional: Annotated[
        bool, typer.Option("--optional", help="Also what the mode can do without.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept-licences", help="Accept the licences that are shown.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace other files of the same name.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, max=16, help="Files fetched at once.")] = 3,
    models: Models = None,
    as_json: Json = False,
) -> Answer:
    """Fetch the model files that are missing; what broke off is gone on with.

    A file is compared with its published hash; where none is published, with
    that of its first pull.
    """
    from ..models import catalogue, folder, show
    from ..models.streams import package_missing

    try:
        from ..models.pull import Pull
    except ImportError as error:
        raise package_missing(str(error.name), "'aldar models pull'") from error

    wanted = catalogue.chosen(catalogue.catalogue(), names or [], mode, optional)
    console = stderr()

    def agreed(licences: dict[Licence, list[str]]) -> bool:
        show.terms(licences, console)
        if accept or as_json or not sys.stdin.isatty():
            return accept
        return typer.confirm("Do you accept this?", err=True)

    work = Pull(folder.find(models), show.Transfers(console), agreed, place, force, jobs)
    done = work.run(wanted)
    data = {"folder": str(work.folder.path), "files": [asdict(outcome) for outcome in done]}
    return Answer(data, lambda console: show.outcomes(done, console))


@app.command()
def verify(mode: OfMode = None, models: Models = None, as_json: Json = False) -> Answer:
    """Read every model file that is there, and compare it with its hash."""
    from ..models import catalogue, folder, show

    files = catalogue.of_mode(catalogue.catalogue(), mode)
    place = folder.find(models)
    checks = folder.verify(files, place, show.Transfers(stderr()))
    wrong = [check for check in checks if check.verdict == "wrong"]
    data = {
        "ok": not wrong,
        "folder": str(place.path),
        "files": [check.as_dict() for check in checks],
    }
    return Answer(
        data, lambda console: console.print(show.verdicts(checks, place)), 1 if wrong else 0
    )
