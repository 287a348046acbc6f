"""Fountain (https://fountain.io), the plain-text screenplay: text -> scenes and their moments.

A moment is what one shot will show: a paragraph of action, with the dialogue that follows it.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..errors import InputError, PlanningError

MAX_SCRIPT = 500_000
"""Letters of a script: twice a feature film."""
MAX_ACTION, MAX_LINE, MAX_LINES = 240, 200, 4
"""Letters of a moment's action and of one of its lines, and how many lines it holds."""

# Fountain knows English headings only; a full stop in front forces any other.
_HEADING = re.compile(
    r"(\A|\n[ \t]*\n)(?=[ \t]*(?:ИНТ|НАТ|ЭКСТ|ПАВ|ІШКІ|СЫРТҚЫ|ІШ|СЫРТ)\b)", re.IGNORECASE
)
_VOICE_ONLY = re.compile(r"\(\s*(?:v\.?\s?o|o\.?\s?s|o\.?\s?c|з\.?\s?к|за кадром)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


@dataclass
class Moment:
    """One shot in the making."""

    action: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list)
    """(name as the cue has it, what is said)."""
    heard: set[str] = field(default_factory=set)
    """Names that are only heard."""
    hints: dict[str, str] = field(default_factory=dict)
    """Name -> parenthetical."""
    opens: bool = False
    """It is the first of its scene."""


@dataclass
class Scene:
    """What happens in one place at one time."""

    heading: str
    """As written, without Fountain's marks; empty before the first heading."""
    moments: list[Moment] = field(default_factory=list)


@dataclass
class Script:
    """A script that was read."""

    title: str
    logline: str
    scenes: list[Scene]
    """Those in which something happens."""


def read(text: str) -> Script:
    """The scenes of a script in Fountain.

    :raises InputError: ``script_invalid`` if nothing in it can be shown, or if it is too long.
    :raises PlanningError: ``package_missing``.
    """
    try:
        from screenplain.parsers import fountain
        from screenplain.types import Action, Dialog, DualDialog, Slug
    except ImportError:
        raise PlanningError(
            "package_missing",
            "Reading a Fountain script needs the package screenplain.",
            "Install it with 'pip install screenplain' where ComfyUI or aldar runs.",
        ) from None
    if len(text) > MAX_SCRIPT:
        raise InputError(
            "script_invalid",
            f"The script has {len(text)} letters; at most {MAX_SCRIPT} are read.",
            "Cut out the scenes that the board is for.",
        )
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    script = fountain.parse(io.StringIO(_HEADING.sub(r"\1.", text)))
    scenes = [Scene("")]
    for paragraph in script:
        if isinstance(paragraph, Slug):
            scenes.append(Scene(str(paragraph.line)))
        elif isinstance(paragraph, Action) and not paragraph.centered:
            _act(scenes[-1], " ".join(str(line).strip() for line in paragraph.lines))
        elif isinstance(paragraph, Dialog):
            _speak(scenes[-1], paragraph)
        elif isinstance(paragraph, DualDialog):
            _speak(scenes[-1], paragraph.left)
            _speak(scenes[-1], paragraph.right)
    page: dict[str, Any] = script.title_page or {}
    head = {key: " ".join(map(str, page.get(key, ()))) for key in ("Title", "Logline")}
    told = [scene for scene in scenes if scene.moments]
    if not told:
        raise InputError(
            "script_invalid",
            "The script has no action and no dialogue.",
            "Write it in Fountain: a heading such as 'EXT. STEPPE - DAY', then what happens.",
        )
    return Script(head["Title"], head["Logline"], told)


def _act(scene: Scene, text: str) -> None:
    """A paragraph of action; a long one makes several shots, cut between sentences."""
    for piece in _pieces(text, MAX_ACTION):
        scene.moments.append(Moment(action=piece, opens=not scene.moments))


def _speak(scene: Scene, dialog: Any) -> None:
    """What somebody says, at most :data:`MAX_LINES` lines a moment."""
    cue = str(dialog.character)
    name = re.sub(r"\(.*?(\)|$)", "", cue).strip(" ^").casefold()
    if not name:
        return
    hints = [str(line).strip("() ") for aside, line in dialog.blocks if aside]
    speech = " ".join(str(line) for aside, line in dialog.blocks if not aside)
    for line in _pieces(speech, MAX_LINE):
        if not scene.moments or len(scene.moments[-1].lines) == MAX_LINES:
            scene.moments.append(Moment(opens=not scene.moments))
        moment = scene.moments[-1]
        moment.lines.append((name, line))
        moment.hints.setdefault(name, ", ".join(hints))
        if _VOICE_ONLY.search(cue):
            moment.heard.add(name)


def _pieces(text: str, limit: int) -> Iterator[str]:
    """A text in whole sentences, as many as fit into ``limit`` letters at a time."""
    piece = ""
    for sentence in _SENTENCE.split(text.strip()):
        for part in textwrap.wrap(sentence, limit):
            if piece and len(piece) + 1 + len(part) > limit:
                yield piece
                piece = ""
            piece = f"{piece} {part}".strip()
    if piece:
        yield piece
