"""What is told of a shot beside its picture: the content of every page, whatever draws it.

Words of the pages are in the story's language (``page/{en,ru,kk}.json``); texts of the story are
passed on as they are, and whoever draws them escapes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from PIL import Image
from pydantic import Field

from ..board import Board, Frame
from ..evaluate.consistency import IDENTITY, REFERENCE, is_reference
from ..frames.directions import Directions
from ..gate import Outcome, Verdict
from ..numbering import labels
from ..sets import NEUTRAL, named
from ..story import DialogueLine, Shot, Story
from .frames import take_path
from .score_table import SCORES, unproven

Told = Annotated[str, Field(max_length=5000)]
"""A text that the user gives a page."""
PAGE = Path(__file__).parent / "page"


def lower(value: Any) -> Any:
    """A word that was typed in any case."""
    return value.strip().lower() if isinstance(value, str) else value


@cache
def words(language: str) -> dict[str, Any]:
    """The words of the pages. :param language: of the story."""
    return json.loads((PAGE / f"{language}.json").read_text("utf-8"))


@dataclass(frozen=True)
class Mark:
    """What is to be known of a frame before it is trusted."""

    name: str
    """``flagged``, ``locked``, ``stale``, ``missing`` or ``unproven``."""
    word: str
    reason: str


@dataclass(frozen=True)
class Line:
    """One spoken line."""

    speaker: str
    text: str
    off_screen: str
    """In words; empty if the speaker is seen."""


@dataclass(frozen=True)
class Reading:
    """One score of a take."""

    name: str
    value: str
    """``0.83``; ``–`` if it could not be measured."""
    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class Panel:
    """One shot with its frame, ready to be set."""

    shot: Shot
    frame: Frame | None
    picture: Path | None
    """The winning take; ``None`` where there is none, or it is lost."""
    label: str
    scene: str
    """``EXT. steppe — NIGHT``."""
    camera: tuple[str, str, str]
    """Size, angle and move in words."""
    dialogue: tuple[Line, ...]
    notes: tuple[tuple[str, str], ...]
    """(heading, text)."""
    scores: tuple[Reading, ...]
    marks: tuple[Mark, ...]


def panels(board: Board, folder: Path) -> list[Panel]:
    """Every shot of a board in order, those without a frame as well.

    :param folder: of the board.
    :raises StoreError: ``store_damaged`` if the directions in it cannot be read.
    """
    told, frames = words(board.story.language), {frame.number: frame for frame in board.frames}
    directions = Directions.load(folder)
    not_proven = unproven(board)
    made = []
    for shot, label in zip(board.story.shots, labels(board.story), strict=True):
        frame = frames.get(shot.number)
        picture = take_path(folder, frame) if frame else None
        if picture and not is_whole(picture):
            picture = None
        note = directions.of(shot.identity).note
        made.append(
            Panel(
                shot=shot,
                frame=frame,
                picture=picture,
                label=label,
                scene=_scene(shot, told),
                camera=(
                    told["sizes"][shot.size.value],
                    told["angles"][shot.angle.value],
                    told["moves"][shot.move.value],
                ),
                dialogue=tuple(_line(board.story, line, told) for line in shot.dialogue),
                notes=tuple(_notes(board.story, shot, note, told)),
                scores=readings(frame.verdict, is_reference(board, frame)) if frame else (),
                marks=tuple(_marks(frame, picture, shot.number in not_proven, told)),
            )
        )
    return made


def is_whole(picture: Path) -> bool:
    """Whether a take's file is there, a picture, and not cut off."""
    try:
        with picture.open("rb") as file, Image.open(file, formats=("PNG",)) as image:
            file.seek(-12, 2)
            return min(image.size) > 0 and file.read(12)[4:8] == b"IEND"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def opened(picture: Path | None) -> Image.Image | None:
    """A take, decoded; ``None`` if there is none or its pixels are damaged."""
    if picture is None:
        return None
    try:
        with Image.open(picture, formats=("PNG",)) as image:
            return image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _scene(shot: Shot, told: dict[str, Any]) -> str:
    time = told["times"][shot.time.value]
    begun = shot.place.upper().startswith(("INT", "EXT", "I/E", "ИНТ", "НАТ", "ЭКСТ"))
    side = told["inside"] if named(shot.setting).inside else told["outside"]
    place = shot.place if begun or shot.setting == NEUTRAL else f"{side} {shot.place}"
    return f"{place} — {time}"


def _line(story: Story, line: DialogueLine, told: dict[str, Any]) -> Line:
    heard = told["off_screen"] if line.off_screen else ""
    return Line(story.character(line.character).name, line.text, heard)


def _notes(story: Story, shot: Shot, note: str, told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if note:
        yield told["note"], note
    for member in shot.cast:
        name = story.character(member.character).name
        if member.action:
            yield name, member.action
        if member.outfit:
            yield name, told["wears"].format(words=member.outfit.words)
    if shot.props:
        props = (p.label or p.name or p.kind.value.replace("_", " ") for p in shot.props)
        yield told["props"], ", ".join(props)
    for heading in ("beat", "prompt", "negative"):
        if text := getattr(shot, heading):
            yield told[heading], text


def readings(verdict: Verdict, reference: bool = False) -> tuple[Reading, ...]:
    """The scores of a take, each under its own name.

    :param reference: whether the take is itself the reference it would be compared with.
    """
    read = []
    for score in sorted(verdict.scores, key=_place):
        value = "–" if score.value is None else f"{score.value:.2f}"
        outcome = score.outcome
        if score.name == IDENTITY and reference and score.value is None:
            value, outcome = f"{REFERENCE:.2f}", Outcome.PASS
        read.append(Reading(score.name, value, outcome, score.reason))
    return tuple(read)


def _place(score: Any) -> int:
    return SCORES.index(score.name) if score.name in SCORES else len(SCORES)


def _marks(
    frame: Frame | None, picture: Path | None, not_proven: bool, told: dict[str, Any]
) -> Iterator[Mark]:
    """What is true of all frames (nobody was compared at all) is said once, elsewhere."""
    if frame is None or picture is None:
        reason = told["missing_is"] if frame is None else told["lost_is"]
        yield Mark("missing", told["missing"], reason)
    if frame is None:
        return
    if frame.flagged:
        reason = told["flagged_is"]
        if frame.verdict.reason:
            reason = f"{reason} ({frame.verdict.reason})"
        yield Mark("flagged", told["flagged"], reason)
    if frame.stale:
        yield Mark("stale", told["stale"], told["stale_is"])
    if frame.locked:
        yield Mark("locked", told["locked"], told["locked_is"])
    if not_proven:
        yield Mark("unproven", told["unproven"], told["unproven_is"])


def state(board: Board, shown: list[Panel]) -> list[tuple[str, str]]:
    """What is to be known of the whole board: (name of a mark or empty, one sentence)."""
    told = words(board.story.language)
    frames, shots = len(board.frames), len(board.story.shots)
    partly = told["partly"].format(frames=frames, shots=shots)
    lines = [("", told["whole"] if frames == shots else partly)]
    for name in ("missing", "flagged", "stale", "unproven", "locked"):
        labels = [p.label for p in shown if any(mark.name == name for mark in p.marks)]
        if labels:
            lines.append((name, f"{told[name]}: {', '.join(labels)}"))
    if board.frames and not any(frame.verdict.proven for frame in board.frames):
        lines.append(("unproven", told["all_unproven"]))
    return lines


_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """A text in which nothing unseen changes what is read: controls and turns of direction stand
    as their codes."""
    return _UNSEEN.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", text)
