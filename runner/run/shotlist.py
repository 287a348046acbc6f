"""``aldar plan``: the story of a logline, as a table and as a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ...storyboard.errors import InputError
from ...storyboard.files import disk_errors
from ...storyboard.panels import FOLDER as PANELS
from ...storyboard.panels import gather
from ...storyboard.planning import plan
from ...storyboard.story import BoardFormat, Drawing, Shot, Story
from .options import check_look, parse_frames
from .story_file import path_of, story_of

if TYPE_CHECKING:
    from ...storyboard.planning.checks import Finding

_ENDINGS = (".json", ".md", ".csv")


def written(
    text: str,
    frames: str,
    format: str,
    style: str,
    drawing: str = "storybook",
    given: Collection[str] = (),
    panels: Path | None = None,
) -> Story | None:
    """The story of a file: one that ``aldar plan`` wrote, a script, or panels drawn elsewhere.

    :param given: names of the options that the user gave.
    :param panels: folder to put own panels of its shots into; by default a scratch one.
    :returns: ``None`` if the text names no file: then it is a logline.
    :raises AldarError: if the file cannot be used.
    """
    path = path_of(text)
    if path is None:
        return None
    check_look(format, style, drawing)
    count, shape = parse_frames(frames) or None, BoardFormat(format)
    return story_of(path, count, shape, style, Drawing(drawing), given, panels)


def make(
    logline: str,
    frames: str,
    planner: str,
    format: str,
    style: str,
    drawing: str = "storybook",
    given: Collection[str] = (),
    panels: Path | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> Story:
    """Plan a story from what the command line gave: a logline, or the path of a file.

    :param given: names of the options that the user gave.
    :param panels: folder to put own panels of its shots into; by default a scratch one.
    :param tell: is told what goes on while a language model writes.
    :raises AldarError: for anything that cannot be used.
    """
    check_look(format, style, drawing)
    story = written(logline, frames, format, style, drawing, given, panels)
    if story is not None:
        return story
    count, shape = parse_frames(frames) or None, BoardFormat(format)
    return plan(
        logline,
        planner=planner,
        frames=count,
        format=shape,
        style=style,
        drawing=Drawing(drawing),
        tell=tell,
    )


def findings(story: Story) -> list[Finding]:
    """What a director would ask about the story."""
    from ...storyboard.planning.checks import check

    return check(story)


def findings_table(story: Story, found: Sequence[Finding]) -> Table:
    """The findings: one row for each."""
    told = f"{len(found)} findings in {len(story.shots)} shots" if found else "nothing to ask about"
    sheet = Table(title=Text(story.title), caption=Text(told))
    for name in ("check", "shots", "what a director would ask about"):
        sheet.add_column(name, overflow="fold")
    for finding in found:
        shots = ", ".join(map(str, finding.shots)) or "-"
        text = finding.ru if story.language == "ru" else finding.en
        sheet.add_row(finding.code, shots, Text(text))
    return sheet


def table(story: Story) -> Table:
    """The shotlist: one row for each shot."""
    sheet = Table(title=Text(story.title), caption=Text(_summary(story)), show_lines=True)
    for name in ("#", "shot", "place", "what happens", "s"):
        sheet.add_column(name, justify="right" if name in "#s" else "left", overflow="fold")
    for shot in story.shots:
        camera = f"{shot.size.value} {shot.angle.value}\n{shot.move.value}".replace("_", " ")
        sheet.add_row(
            str(shot.number),
            Text(camera),
            Text(f"{shot.place}\n{shot.time.value}"),
            _action(story, shot),
            f"{shot.duration:g}",
        )
    return sheet


def write(story: Story, path: Path, panels: Path | None = None) -> None:
    """Write a plan as its file's name says: ``.md``, ``.csv``, else the story as JSON, with the own
    panels of its shots in ``panels/`` beside it.

    :param panels: where they lie; without it they are left there.
    :raises StoreError: ``disk_full`` or ``folder_unwritable``.
    """
    text = _text(story, path.suffix.lower())
    hint = "Give a file you can write with --out."
    with disk_errors(path.parent, path.name, room=hint, access=hint):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    if panels and path.suffix.lower() not in (".md", ".csv"):
        gather(story, path.parent / PANELS, [panels])


def check_ending(path: Path) -> None:
    """See that a plan can be written as a file's name says.

    :raises InputError: ``option_invalid``.
    """
    if path.suffix and path.suffix.lower() not in _ENDINGS:
        raise InputError(
            "option_invalid",
            f"--out {path} cannot be written: a plan is a story (.json), or a table to read "
            "(.md, .csv).",
            f"Give it one of these endings: {', '.join(_ENDINGS)}.",
        )


def _text(story: Story, suffix: str) -> str:
    if suffix not in (".md", ".csv"):
        return story.to_json()
    from ...storyboard.exports.shotlist import shotlist_csv, shotlist_markdown

    return shotlist_markdown(story) if suffix == ".md" else shotlist_csv(story)


def _action(story: Story, shot: Shot) -> Text:
    text = Text(shot.caption or shot.action)
    if shot.caption:
        text.append(f"\n{shot.action}", style="dim")
    for line in shot.dialogue:
        heard = " (off screen)" if line.off_screen else ""
        text.append(f"\n{story.character(line.character).name}{heard}: ", style="bold")
        text.append(line.text)
    return text


def _summary(story: Story) -> str:
    seconds = sum(shot.duration for shot in story.shots)
    planner, usage = story.planner, story.planner.usage
    told = f"planned by: {planner.kind} {planner.profile}".strip()
    if usage.prompt_tokens + usage.completion_tokens:
        cost = "of unknown price" if usage.usd is None else f"for {usage.usd:.4f} USD"
        told += f", {usage.prompt_tokens + usage.completion_tokens} tokens {cost}"
        told += " (from the cache)" if usage.cached else ""
    if planner.note:
        told += f"; {planner.note}"
    return f"{len(story.shots)} shots, {seconds:g} s, {story.format.value}, {told}"
