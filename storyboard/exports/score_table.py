"""``report.md``: the scores frame by frame, with average and minimum, for people to read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean

from ..board import Board, Frame
from ..evaluate.by_axis import ByAxis, Entry, by_axis
from ..evaluate.consistency import FACE, IDENTITY, REFERENCE, consistency, is_reference
from ..files import write_atomically
from ..gate import Outcome, Score
from ..numbering import label
from .revision import Revision

SCORES = (
    IDENTITY,
    FACE,
    "drawn face",
    "costume",
    "heads",
    "prompt",
    "copy",
    "anomaly",
    "duplicate",
)
"""Columns, as far as the board's gate measured them."""
_WORDS = ("average", "minimum")


def write_score_table(board: Board, folder: Path, pipeline: str, revision: Revision) -> str:
    """Write ``report.md``; returns the file name."""
    names = [name for name in SCORES if any(frame.verdict.score(name) for frame in board.frames)]
    head = ["frame", "shot", "seed", "takes", *names, "verdict"]
    lines = [
        f"# {plain(board.story.title)}",
        "",
        f"{len(board.frames)} frames, {pipeline}, base seed {board.base_seed}. Gate: "
        f"{', '.join(policies(board)) or 'none'}. {plain(revision.line(board.story.language))}.",
        "",
        row(head),
        row("---" for _ in head),
        *(row(_cells(board, frame, names)) for frame in board.frames),
    ]
    for word, join in zip(_WORDS, (fmean, min), strict=True):
        measured = [_values(board, name) for name in names]
        cells = [f"{join(values):.2f}" if values else "" for values in measured]
        lines.append(row([word, "", "", "", *cells, ""]))
    lines += ["", "A value in brackets is reported only; `–` could not be measured.", ""]
    lines += _notes(board)
    for axis in by_axis(board):
        lines += _axis(axis)
    write_atomically(folder / "report.md", ("\n".join(lines)).encode("utf-8"))
    return "report.md"


def _axis(axis: ByAxis) -> list[str]:
    """A table of one axis of a matrix: which entry breaks the identity."""
    head = [
        plain(axis.name),
        "frames",
        *(f"{s} {w}" for s in (IDENTITY, FACE) for w in _WORDS),
        "flagged",
    ]
    lines = [f"## By {plain(axis.name)}", "", row(head), row("---" for _ in head)]
    for entry in axis.entries:
        values = [v for s in (IDENTITY, FACE) for v in (entry.of(s).average, entry.of(s).minimum)]
        cells = ["–" if value is None else f"{value:.2f}" for value in values]
        flagged = str(len(entry.flagged) or "")
        lines.append(row([plain(entry.label), str(len(entry.frames)), *cells, flagged]))
    if axis.weakest:
        lines += ["", plain(_weakest(axis, *axis.weakest))]
    return [*lines, ""]


def _weakest(axis: ByAxis, entry: Entry, score: str) -> str:
    averages = [other.of(score).average for other in axis.entries if other is not entry]
    others = fmean(average for average in averages if average is not None)
    text = f"The identity holds least with {entry.label!r}: {score} {entry.of(score).average:.2f}, "
    text += f"{others:.2f} with the others."
    if score == IDENTITY:
        text += " Whole pictures were compared, so clothes and place count as well as the face."
    return text


def policies(board: Board) -> list[str]:
    """Where the thresholds of the board's verdicts come from, each once."""
    return list(dict.fromkeys(f.verdict.policy for f in board.frames if f.verdict.policy))


def _cells(board: Board, frame: Frame, names: Iterable[str]) -> list[str]:
    shot = board.shot(frame)
    cells = [label(board.story, shot), f"{shot.size.value} {shot.angle.value}", str(frame.seed)]
    cells.append(str(frame.attempts))
    for name in names:
        score = frame.verdict.score(name)
        own = name == IDENTITY and is_reference(board, frame)
        if own and (score is None or score.value is None):
            cells.append(f"{REFERENCE:.2f} (reference)")
        else:
            cells.append(cell(score))
    words = ["**flagged**" if frame.flagged else "accepted"]
    words += ["locked"] * frame.locked + ["**stale**"] * frame.stale
    return [*cells, ", ".join(words)]


def cell(score: Score | None) -> str:
    """A score in a table: bold if it rejects, in brackets if it is only reported."""
    if score is None or score.value is None:
        return "–"
    value = f"{score.value:.2f}"
    if not score.gates:
        return f"({value})"
    return f"**{value}**" if score.outcome is Outcome.FAIL else value


def _values(board: Board, name: str) -> list[float]:
    scores = (frame.verdict.score(name) for frame in board.frames)
    return [score.value for score in scores if score is not None and score.value is not None]


def _notes(board: Board) -> list[str]:
    lines = []
    for name in (IDENTITY, FACE):
        result = consistency(board, name)
        average = "not measured" if result.average is None else f"{result.average:.2f}"
        lines.append(f"- {name}: average {average} over {result.measured} frames. {result.note}")
    for frame in board.frames:
        if frame.flagged:
            lines.append(f"- frame {frame.number} is only the best take: {frame.verdict.reason}")
        elif (score := frame.verdict.score("duplicate")) is not None:
            lines.append(f"- frame {frame.number} was chosen, but {score.reason}")
        if frame.stale:
            how = "locked" if frame.locked else "chosen"
            lines.append(
                f"- frame {frame.number} is stale: its picture was {how}, and its shot has changed"
            )
    lacking = {tool for frame in board.frames for tool in frame.verdict.lacking}
    lines += [f"- {tool}; the frames are judged again when it is there" for tool in sorted(lacking)]
    unproven = [str(frame.number) for frame in board.frames if not is_proven(board, frame)]
    if unproven:
        lines.append(f"- nobody was compared with a reference in frames {', '.join(unproven)}")
    return ["- " + plain(line.removeprefix("- ")) for line in lines] + [""]


def is_proven(board: Board, frame: Frame) -> bool:
    """Whether a frame's character is proven, by a gating score or by being the reference."""
    return frame.verdict.proven or is_reference(board, frame)


def unproven(board: Board) -> set[int]:
    """Numbers of the frames to mark: nobody was compared in them, though in others somebody was.
    Of a board where nobody was compared at all that is said once, and never of an empty shot that
    the gate looked at."""
    if not any(frame.verdict.proven for frame in board.frames):
        return set()
    return {
        frame.number
        for frame in board.frames
        if not is_proven(board, frame)
        if board.shot(frame).cast or not frame.verdict.scores
    }


def row(cells: Iterable[str]) -> str:
    """A row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def plain(text: str) -> str:
    """One line in which Markdown and HTML see no mark-up."""
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", " ".join(text.split()))
