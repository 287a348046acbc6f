"""The plan as people pass it around: a Markdown document and a spreadsheet.

Both are read by programs that give some letters a meaning, and the texts come from loglines,
language models and strangers' files; so every text is escaped, never trusted.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from ..board import Board, Frame
from ..files import write_atomically
from ..numbering import labels
from ..story import DialogueLine, Shot, Story
from .options import FormatOptions, Progress, nothing
from .score_table import unproven

COLUMNS = (
    "shot", "place", "time", "size", "angle", "move", "seconds", "cast", "props", "action",
    "caption", "dialogue", "beat", "face visible",
)  # fmt: skip
"""Columns of the CSV file."""

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&])|^([+-])(?=\s)|^(\d+)([.)])(?=\s)")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def shotlist_markdown(story: Story) -> str:
    """The shotlist as a Markdown document: cast, then one section a shot."""
    seconds = sum(shot.duration for shot in story.shots)
    lines = [
        f"# {_plain(story.title)}",
        "",
        _plain(story.logline),
        "",
        f"{len(story.shots)} shots, {seconds:g} s, {story.format.value}. {_planned(story)}",
        "",
    ]
    if story.characters:
        lines += ["## Cast", ""]
        lines += [f"- **{_plain(c.name)}**: {_plain(c.description)}" for c in story.characters]
        lines.append("")
    for printed, shot in zip(labels(story), story.shots, strict=True):
        lines += _section(story, shot, printed)
    return "\n".join(lines)


def _section(story: Story, shot: Shot, printed: str) -> list[str]:
    camera = [shot.size.value, shot.angle.value, shot.move.value.replace("_", " ")]
    lines = [
        f"## {printed}. {_plain(shot.place)}, {shot.time.value}",
        "",
        f"*{', '.join(camera)}, {shot.duration:g} s*",
        "",
    ]
    if shot.caption:
        lines += [f"**{_plain(shot.caption)}**", ""]
    lines += [_plain(shot.action), ""]
    for member in shot.cast:
        if member.outfit:
            name = story.character(member.character).name
            lines += [f"{_plain(name)} wears: {_plain(member.outfit.words)}", ""]
    for line in shot.dialogue:
        name = f"**{_plain(story.character(line.character).name)}**"
        lines += [f"> {name}{_heard(line)}: {_plain(line.text)}", ""]
    return lines


def _heard(line: DialogueLine) -> str:
    return " (off screen)" if line.off_screen else ""


def _planned(story: Story) -> str:
    """Who planned it and what it cost."""
    planner, usage = story.planner, story.planner.usage
    told = f"Planned by: {planner.kind}"
    if planner.profile:
        told += f" ({_plain(planner.profile)}, {_plain(planner.model)})"
    tokens = usage.prompt_tokens + usage.completion_tokens
    if tokens:
        cost = "price unknown" if usage.usd is None else f"{usage.usd:.4f} USD"
        told += f", {tokens} tokens, {cost}{', cached' if usage.cached else ''}"
    return f"{told}. {_plain(planner.note)}".rstrip(". ") + "."


def _plain(text: str) -> str:
    """One line of text in which Markdown and HTML see no mark-up."""
    line = " ".join(text.split())
    return _MARKDOWN.sub(
        lambda found: f"{found[3]}\\{found[4]}" if found[3] else f"\\{found[1] or found[2]}", line
    )


class CsvOptions(FormatOptions):
    """The spreadsheet has no options."""


def write_csv(
    board: Board, folder: Path, options: CsvOptions, progress: Progress = nothing
) -> list[str]:
    """``shotlist.csv``: the shotlist, each shot with its frame and what became of it.

    :raises StoreError: if the disk is full or the folder cannot be written.
    """
    frames = {frame.number: frame for frame in board.frames}
    not_proven = unproven(board)
    states = [
        _state(frames.get(shot.number), shot.number in not_proven) for shot in board.story.shots
    ]
    text = _table(board.story, states, options.revision)
    write_atomically(folder / "shotlist.csv", text.encode("utf-8"))
    return ["shotlist.csv"]


def _state(frame: Frame | None, not_proven: bool) -> list[str]:
    """File and state of a frame."""
    if frame is None:
        return ["", "missing"]
    words = ["flagged" if frame.flagged else "accepted"]
    marks = {"locked": frame.locked, "stale": frame.stale, "unproven": not_proven}
    return [frame.file, ", ".join(words + [mark for mark, is_so in marks.items() if is_so])]


def shotlist_csv(story: Story) -> str:
    """The shotlist as CSV, one row a shot, with a byte-order mark so that Excel reads UTF-8.

    A text that a spreadsheet would compute gets an apostrophe in front (CWE-1236).
    """
    return _table(story)


def _table(story: Story, states: list[list[str]] | None = None, note: str = "") -> str:
    """:param states: of every shot, the cells of ``frame`` and ``state``.
    :param note: a last row of its own.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *(("frame", "state") if states else ())])
    printed = labels(story)
    for place, shot in enumerate(story.shots):
        row = [printed[place], *_row(story, shot)[1:], *(states[place] if states else ())]
        writer.writerow([_cell(value) for value in row])
    if note:
        writer.writerow([_cell(note)])
    return "\ufeff" + out.getvalue()


def _row(story: Story, shot: Shot) -> list[str | int | float]:
    names = {character.id: character.name for character in story.characters}
    cast = [
        f"{names[m.character]} ({m.pose.value.replace('_', ' ')}, {m.emotion.value}"
        f"{f', {m.outfit.words}' if m.outfit else ''})"
        for m in shot.cast
    ]
    return [
        shot.number,
        shot.place,
        shot.time.value,
        shot.size.value,
        shot.angle.value,
        shot.move.value,
        shot.duration,
        "; ".join(cast),
        "; ".join(prop.kind.value for prop in shot.props),
        shot.action,
        shot.caption,
        " / ".join(f"{names[line.character]}{_heard(line)}: {line.text}" for line in shot.dialogue),
        shot.beat,
        "yes" if shot.face_visible else "no",
    ]


def _cell(value: str | int | float) -> str | int | float:
    if isinstance(value, str):
        value = " ".join(value.split())
        return "'" + value if value.startswith(_FORMULA) else value
    return value
