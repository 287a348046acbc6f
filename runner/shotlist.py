"""``aldar plan``: the story of a logline, as a table and as a file."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table
from rich.text import Text

from ..storyboard.errors import InputError, RunnerError
from ..storyboard.planning import plan
from ..storyboard.story import BoardFormat, Shot, Story
from .options import parse_frames


def make(logline: str, frames: str, planner: str, format: str, style: str) -> Story:
    """Plan a story from what the command line gave.

    :raises AldarError: for anything that cannot be used.
    """
    try:
        shape = BoardFormat(format)
    except ValueError:
        raise InputError(
            "option_invalid",
            f"There is no format {format!r}.",
            f"Choose one of: {', '.join(shape.value for shape in BoardFormat)}.",
        ) from None
    return plan(
        logline,
        planner=planner,
        frames=parse_frames(frames) or None,
        format=shape,
        style=style,
    )


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


def write(story: Story, path: Path) -> None:
    """Write a story file. :raises RunnerError: ``folder_unwritable``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(story.to_json(), encoding="utf-8")
    except OSError as error:
        raise RunnerError(
            "folder_unwritable",
            f"The story cannot be written to {path}: {error.strerror or error}.",
            "Give a file you can write with --out.",
        ) from error


def _action(story: Story, shot: Shot) -> Text:
    text = Text(shot.caption or shot.action)
    if shot.caption:
        text.append(f"\n{shot.action}", style="dim")
    for line in shot.dialogue:
        text.append(f"\n{story.character(line.character).name}: ", style="bold")
        text.append(line.text)
    return text


def _summary(story: Story) -> str:
    seconds = sum(shot.duration for shot in story.shots)
    planner = f"{story.planner.kind} {story.planner.profile}".strip()
    return f"{len(story.shots)} shots, {seconds:g} s, {story.format.value}, planned by: {planner}"
