"""The commands that plan and make boards, and those that direct their frames."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..run.options import lead_hero, style_names
from .answer import Answer, Json, path, stderr

if TYPE_CHECKING:
    from rich.console import Console

    from ..run.recipe import Result
    from ..run.request import Request, RunOptions
    from .progress import LiveView

app = typer.Typer()

Frames = Annotated[str, typer.Option(metavar="auto|N", help="Number of frames, 1 to 60.")]
Planner = Annotated[
    str,
    typer.Option(
        help="'offline', an LLM profile, or 'auto': the first profile whose key is set or whose "
        "model answers on this machine, else offline, which shows what the words say and invents "
        "nothing."
    ),
]
Format = Annotated[str, typer.Option(help="1:1, 4:3, 16:9, 2.39:1 or 9:16.")]
Style = Annotated[
    str,
    typer.Option(
        help=f"Style preset of the prompts, words only: {', '.join(style_names())}. The drawn "
        "panels follow --drawing."
    ),
]
Drawing = Annotated[
    str,
    typer.Option(
        help="The hand that draws the panels: storybook (colour), pencil (black lines on white) "
        "or mannequin (grey figures)."
    ),
]
Numbering = Annotated[
    str,
    typer.Option(
        help="Shot numbers: 1, 010, 1A (scene and letter) or SC01_SH010.",
        show_default="the story's",
    ),
]
Seed = Annotated[int, typer.Option(min=0, max=2**53 - 1)]
Retries = Annotated[int, typer.Option(min=0, max=20, help="More takes of a bad frame.")]
Out = Annotated[
    Path | None,
    typer.Option(
        help="The board's folder.", show_default="boards/NAME", parser=path, metavar="PATH"
    ),
]
Server = Annotated[
    str | None, typer.Option(envvar="ALDAR_SERVER", help="Address of a running ComfyUI to use.")
]
Back = Annotated[
    str | None,
    typer.Option(
        "--server", help="The server that made the board, with its login.", show_default="as made"
    ),
]
Calibration = Annotated[
    str, typer.Option(help="Name of a calibration for the gate ('aldar calibrate').")
]
Lora = Annotated[
    str,
    typer.Option(
        help="File of the character's LoRA in models/loras, or 'none'.",
        show_default="the workflow's",
    ),
]
References = Annotated[
    list[Path] | None,
    typer.Option(
        "--reference",
        help="Picture of a character; again for the story's next one.",
        parser=path,
        metavar="PATH",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="TITLE.INPUT=VALUE", help="Any input of the workflow, by node title."
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check everything, print the workflow, queue nothing.")
]
Force = Annotated[bool, typer.Option("--force", help="Try although the GPU is too small.")]
Sheet = Annotated[str, typer.Argument(help="The character's face and build, in English.")]
_NAME, _TRIGGER = lead_hero()
Name = Annotated[str, typer.Option(help="The character's name.", show_default=_NAME)]
Trigger = Annotated[
    str | None, typer.Option(help="Trigger word of the character's LoRA.", show_default=_TRIGGER)
]
Lines = list[str] | None


@app.command()
def board(
    context: typer.Context,
    logline: Annotated[
        str,
        typer.Argument(
            help="The story in one or two sentences; or a story.json of 'aldar plan', edited or "
            "not; or a script in Fountain or from Final Draft (.fdx); or panels of your own: a "
            "folder of pictures, or a Storyboarder project."
        ),
    ],
    mode: Annotated[str, typer.Option(help="Which workflow draws the frames.")] = "draft",
    frames: Frames = "auto",
    planner: Planner = "auto",
    format: Format = "1:1",
    style: Style = "storybook",
    drawing: Drawing = "storybook",
    numbering: Numbering = "",
    seed: Seed = 42,
    retries: Retries = 2,
    out: Out = None,
    server: Server = None,
    calibration: Calibration = "",
    lora: Lora = "",
    reference: References = None,
    settings: Settings = None,
    dry_run: DryRun = False,
    force: Force = False,
    as_json: Json = False,
) -> Answer:
    """Draw the storyboard of a logline."""
    from ..run.options import parse_frames
    from ..run.request import Request, RunOptions
    from ..run.shotlist import written

    with tempfile.TemporaryDirectory() as kept:
        plan = written(logline, frames, format, style, drawing, _given(context), Path(kept))
        story = {
            "logline": logline,
            "planner": planner,
            "frames": parse_frames(frames),
            "format": format,
            "style": style,
            "drawing": drawing,
            "language": "auto",
        }
        request = Request(
            mode=mode,
            story={} if plan else story,
            plan=plan,
            panels=Path(kept),
            numbering=numbering,
            seed=seed,
            retries=retries,
            calibration=calibration,
            lora=lora,
            references=tuple(reference or ()),
            settings=tuple(settings or ()),
        )
        options = RunOptions(out=out, server=server, force=force)
        return _rehearsed(request, options) if dry_run else _drawn(request, options)


@app.command()
def plan(
    context: typer.Context,
    logline: Annotated[
        str,
        typer.Argument(
            help="The story in one or two sentences; a script in Fountain or from Final Draft "
            "(.fdx); a story.json; a folder of pictures; or a Storyboarder project."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            help="Also write it to this file: .json, .md or .csv.", parser=path, metavar="PATH"
        ),
    ] = None,
    frames: Frames = "auto",
    planner: Planner = "auto",
    format: Format = "1:1",
    style: Style = "storybook",
    drawing: Drawing = "storybook",
    check: Annotated[
        bool, typer.Option("--check", help="Say what a director would ask about, in its place.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="With --check: exit with 1 if there is anything.")
    ] = False,
    as_json: Json = False,
) -> Answer:
    """Print the shotlist of a logline, a script or a story. Needs no ComfyUI."""
    from ..run import shotlist
    from .console import telling

    if out is not None:
        shotlist.check_ending(out)
    options = frames, planner, format, style, drawing, _given(context)
    with tempfile.TemporaryDirectory() as kept, telling(stderr()) as tell:
        story = shotlist.make(logline, *options, Path(kept), tell)
        if out is not None:
            shotlist.write(story, out, Path(kept))
    found = shotlist.findings(story) if check or strict else []

    def show(console: Console) -> None:
        asked = check or strict
        table = shotlist.findings_table(story, found) if asked else shotlist.table(story)
        console.print(table)
        if out is not None:
            console.print(f"story   {out}", soft_wrap=True)

    data = story.model_dump(mode="json")
    if check or strict:
        data = {
            "title": story.title,
            "shots": len(story.shots),
            "planner": data["planner"],
            "findings": [finding.model_dump(mode="json") for finding in found],
        }
    return Answer(data, show, 1 if strict and found else 0)


@app.command()
def variations(
    sheet: Sheet = "",
    name: Name = "",
    trigger: Trigger = None,
    outfit: Annotated[Lines, typer.Option(help="Clothes in words; again for more.")] = None,
    place: Annotated[Lines, typer.Option(help="A place in words; again for more.")] = None,
    pose: Annotated[Lines, typer.Option(help="A pose; again for more.")] = None,
    format: Format = "1:1",
    style: Style = "storybook",
    seed: Seed = 42,
    retries: Retries = 2,
    out: Out = None,
    server: Server = None,
    calibration: Calibration = "",
    lora: Lora = "",
    reference: References = None,
    settings: Settings = None,
    dry_run: DryRun = False,
    force: Force = False,
    as_json: Json = False,
) -> Answer:
    """Draw one character in outfits x places x poses, 5 x 5 x 5 unless others are given."""
    from ..run.request import Request, RunOptions

    matrix = {"outfits": outfit, "places": place, "poses": pose}
    story = _character(name, sheet, trigger) | {
        axis: "\n".join(entries) for axis, entries in matrix.items() if entries
    }
    request = Request(
        mode="variations_5x5x5",
        story={**story, "format": format, "style": style},
        seed=seed,
        retries=retries,
        calibration=calibration,
        lora=lora,
        references=tuple(reference or ()),
        settings=tuple(settings or ()),
    )
    options = RunOptions(out=out, server=server, force=force)
    return _rehearsed(request, options) if dry_run else _drawn(request, options)


@app.command()
def identity(
    sheet: Sheet = "",
    name: Name = "",
    trigger: Trigger = None,
    format: Format = "1:1",
    style: Style = "storybook",
    seed: Seed = 42,
    out: Out = None,
    server: Server = None,
    calibration: Calibration = "",
    lora: Lora = "",
    reference: References = None,
    settings: Settings = None,
    dry_run: DryRun = False,
    force: Force = False,
    as_json: Json = False,
) -> Answer:
    """Draw five frames of one character, and say whether its identity holds."""
    from ..run.recipe import draw, verdict_of
    from ..run.request import Request, RunOptions

    request = Request(
        mode="identity_quick_test",
        story={**_character(name, sheet, trigger), "format": format, "style": style},
        seed=seed,
        retries=0,
        calibration=calibration,
        lora=lora,
        references=tuple(reference or ()),
        settings=tuple(settings or ()),
    )
    options = RunOptions(out=out, server=server, force=force)
    if dry_run:
        return _rehearsed(request, options)
    with _view() as view:
        result = draw(request, options, view)
    verdict, text = verdict_of(result.board.folder)

    def show(console: Console) -> None:
        from rich.markdown import Markdown

        console.print(Markdown(text))
        _tell(result, console)

    held = verdict["holds"]
    return Answer(result.as_dict() | {"identity": verdict}, show, 0 if held else 1)


def _given(context: typer.Context) -> set[str]:
    """Names of the options that stand on the command line, whatever their values."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    return {name for name, source in sources.items() if source and source.name == "COMMANDLINE"}


def _character(name: str, sheet: str, trigger: str | None) -> dict[str, Any]:
    """What was given of a character; the workflow has the rest."""
    given = {"name": name, "description": sheet}
    character = {field: text for field, text in given.items() if text}
    if trigger is not None:
        character["trigger"] = trigger
    return character


Folder = Annotated[Path, typer.Argument(help="The folder of a board.", parser=path)]
Numbers = Annotated[str, typer.Argument(help="Frame numbers: 3 or 1,3-5.")]
Later = Annotated[bool, typer.Option("--later", help="Only note it for the next run.")]


@app.command()
def takes(board: Folder, as_json: Json = False) -> Answer:
    """List every take of a board."""
    from ..run import direct

    rows = direct.takes(board)
    return Answer({"takes": rows}, lambda console: console.print(direct.table(rows)))


@app.command()
def redo(
    board: Folder,
    frames: Numbers,
    note: Annotated[
        str,
        typer.Option(
            help="Added to the prompts: 'smile more'. Mode draft draws without prompts: there it "
            "changes nothing."
        ),
    ] = "",
    later: Later = False,
    server: Back = None,
    as_json: Json = False,
) -> Answer:
    """Make frames again with their next seed."""
    from ..run import direct
    from ..run.options import check_note

    check_note(note)
    direct.redo(board, frames, note)
    return _noted(board) if later else _again(board, server, redone=True, note=bool(note))


@app.command()
def choose(
    board: Folder,
    frame: Annotated[int, typer.Argument(help="Frame number.")],
    take: Annotated[int, typer.Option(help="Which take, as 'aldar takes' counts them.")],
    later: Later = False,
    server: Back = None,
    as_json: Json = False,
) -> Answer:
    """Make a take the winner of its frame."""
    from ..run import direct

    direct.choose(board, frame, take)
    return _noted(board) if later else _again(board, server)


@app.command()
def lock(board: Folder, frames: Numbers, as_json: Json = False) -> Answer:
    """Keep frames as they are, whatever changes."""
    from ..run import direct

    direct.lock(board, frames)
    return _noted(board)


@app.command()
def unlock(board: Folder, frames: Numbers, as_json: Json = False) -> Answer:
    """Let locked or chosen frames follow their shots again, from the next run on."""
    from ..run import direct

    direct.unlock(board, frames)
    return _noted(board)


@app.command()
def export(
    board: Annotated[
        Path | None, typer.Argument(metavar="board", help="The folder of a board.", parser=path)
    ] = None,
    to: Annotated[
        str,
        typer.Option(
            help="Formats, apart by commas: pdf, html, animatic, otio, fcpxml, fcp7, edl, "
            "storyboarder, csv, frames; or all."
        ),
    ] = "pdf,html",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FORMAT.OPTION=VALUE", help="An option of a format."),
    ] = None,
    options: Annotated[
        bool, typer.Option("--options", help="List the options of all formats, write nothing.")
    ] = False,
    as_json: Json = False,
) -> Answer:
    """Write a finished board as PDF, web page, animatic, timeline, Storyboarder project."""
    from ..run.export import export_to, option_rows, options_table

    if options:
        rows = option_rows()
        return Answer({"options": rows}, lambda console: console.print(options_table(rows)))
    if board is None:
        raise typer.BadParameter("Name the folder of a board.", param_hint="BOARD")
    with _view() as view:
        files = export_to(board, to, settings or [], view)

    def show(console: Console) -> None:
        for file in files:
            console.print(f"{board / file}", soft_wrap=True)

    return Answer({"board": str(board), "files": files}, show)


def _rehearsed(request: Request, options: RunOptions) -> Answer:
    """What would be queued, and what stands in its way: exit status 1 if anything does."""
    from ..run.recipe import rehearse

    with _view() as view:
        graph, findings = rehearse(request, options, view)
    report = findings.as_dict()

    def show(console: Console) -> None:
        console.print_json(json.dumps(graph.nodes, ensure_ascii=False))
        for kind, texts in report.items():
            for text in texts:
                stderr().print(f"{kind.removesuffix('s')}: {text}", soft_wrap=True)

    return Answer({"workflow": graph.nodes, **report}, show, 1 if report["problems"] else 0)


def _drawn(request: Request, options: RunOptions) -> Answer:
    """Draw with a live view and tell where the board is."""
    from ..run.recipe import draw

    with _view() as view:
        result = draw(request, options, view)
    return Answer(result.as_dict(), lambda console: _tell(result, console))


def _again(board: Path, server: str | None, redone: bool = False, note: bool = False) -> Answer:
    """Run a board's own workflow again, where it was made: only what was directed is made."""
    from ..run.recipe import again

    with _view() as view:
        result = again(board, view, server, redone, note)
    return Answer(result.as_dict(), lambda console: _tell(result, console))


def _noted(board: Path) -> Answer:
    """The answer of a command that only wrote a direction."""
    return Answer(
        {"board": str(board)}, lambda console: console.print(f"noted in {board}", soft_wrap=True)
    )


def _view() -> LiveView:
    from .progress import LiveView

    return LiveView(stderr())


def _tell(result: Result, console: Console) -> None:
    flagged = f", {result.board.flagged} flagged" if result.board.flagged else ""
    console.print(f"{result.board.frames} frames{flagged} in {result.seconds:.0f} s")
    console.print(f"board   {result.board.folder}", soft_wrap=True)
    console.print(f"sheet   {result.board.contact_sheet}", soft_wrap=True)
    console.print(f"report  {result.board.report}", soft_wrap=True)
