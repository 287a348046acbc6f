"""A screenplay, Fountain or Final Draft -> scenes and their moments.

A moment is what one shot will show: a paragraph of action, with the dialogue that follows it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from screenplay_tools.fdx.parser import Parser as FinalDraftParser
from screenplay_tools.fountain.parser import Parser as FountainParser
from screenplay_tools.screenplay import ElementType as Kind

from ...errors import InputError
from . import finaldraft, fountain
from .vocabulary import words_of

MAX_SCRIPT, MAX_LINES = 500_000, 20_000
"""Letters and lines of a script: twice a feature film."""
MAX_XML = 8_000_000
"""Letters of a Final Draft document, most of which are no script."""
MAX_ACTION, MAX_SPEECH, MAX_SPEECHES = 240, 200, 4
"""Letters of a moment's action and of one of its lines, and how many lines it holds."""
MAX_NAME = 60
"""Letters of a cue."""

_UNSEEN = re.compile(
    r"\b(?:V\W?O|O\W?S|O\W?C|OFF|VOICE|FILTER\w*|ON (?:THE )?(?:PHONE|RADIO|TV)|PRE-?LAP|З\W?К"
    r"|ЗА КАДРОМ|ВНЕ КАДРА|ГОЛОС|ПО ТЕЛЕФОНУ|КАДР СЫРТЫНАН|ДАУЫСЫ)\b",
    re.IGNORECASE,
)
_PAUSE = re.compile(
    r"(?:a )?(?:beat|pause|more|cont\W?d|continu\w+|пауза|продолж\w+)", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s|(?<=[。！？])(?![」』”’）])")
_CAMERA = re.compile(
    r"(?<=[.!?…]\s)(?=(?:(?:EXTREME |MEDIUM |LOW |HIGH |REVERSE )?"
    r"(?:CLOSE(?:[ -]UP)?|WIDE|TIGHT|ANGLE|INSERT|POV)\b[A-Z ]{0,20}(?::|\bON | - )"
    r"|(?:КРУПНО|[Кк]рупно|ДЕТАЛЬ|Деталь)\b[:.]"
    r"|\w{4,12}(?:ИЙ ПЛАН|ий план)\b))"
)
"""Where a paragraph says that the camera cuts."""
_MARKER = re.compile(
    r"(?:BEGIN |END |START )?(?:OF )?(?:MONTAGE|SERIES OF SHOTS|FLASHBACK|DREAM SEQUENCE|МОНТАЖ"
    r"|ФЛЕШБЭК|ФЛЭШБЕК|СЕРИЯ КАДРОВ)\b[^a-zа-яё]{0,60}"
)
"""What opens or closes a row of shots, and is none itself."""
_TOGETHER = re.compile(r"\s?(?:/|&|\+|,)\s?|\s(?:and|и|және|мен)\s")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|_)(?=\S)([^*_\n]{1,400}?)(?<=\S)\1")


@dataclass
class Moment:
    """One shot in the making."""

    action: str = ""
    lines: list[tuple[str, str, bool]] = field(default_factory=list)
    """(name as the cue has it, what is said, whether the speaker is only heard)."""
    hints: dict[str, str] = field(default_factory=dict)
    """Name -> parenthetical."""
    opens: bool = False
    """It is the first of its scene."""


@dataclass
class Scene:
    """What happens in one place at one time."""

    heading: str
    """As written, without marks and numbers; empty before the first heading."""
    moments: list[Moment] = field(default_factory=list)


@dataclass
class Script:
    """A script that was read."""

    title: str
    logline: str
    scenes: list[Scene]
    """Those in which something happens."""


def read(text: str) -> Script:
    """The scenes of a script in Fountain, or of a Final Draft document.

    :raises InputError: ``script_invalid`` if nothing in it can be shown, if it is too long, or
        if it is broken XML.
    """
    xml = finaldraft.is_xml(text)
    _check("letters", len(text), MAX_XML if xml else MAX_SCRIPT)
    page, elements = _final_draft(text) if xml else _fountain(text)
    scenes = [scene for scene in _scenes(elements) if scene.moments]
    if not scenes:
        raise InputError(
            "script_invalid",
            "The script has no action and no dialogue.",
            "Write it in Fountain: a heading such as 'EXT. STEPPE - DAY', then what happens.",
        )
    _share(scenes)
    return Script(_plain(page.get("Title", "")), _plain(page.get("Logline", "")), scenes)


def _check(unit: str, count: int, most: int) -> None:
    if count > most:
        raise InputError(
            "script_invalid",
            f"The script has {count} {unit}; at most {most} are read.",
            "Cut out the scenes that the board is for.",
        )


def _fountain(text: str) -> tuple[dict[str, str], list[Any]]:
    rows = list(fountain.lines(text))
    _check("lines", len(rows), MAX_LINES)
    parser = FountainParser()
    # Merged, a paragraph is copied once for every line.
    parser.mergeActions = parser.mergeDialogue = False
    parser.add_lines(rows)
    page = {entry.key: entry.text_raw for entry in parser.script.titleEntries}
    return page, parser.script.elements


def _final_draft(text: str) -> tuple[dict[str, str], list[Any]]:
    xml, title = finaldraft.flat(text)
    _check("letters", len(xml), MAX_SCRIPT * 2)
    elements = FinalDraftParser().parse(xml).elements
    _check("paragraphs", len(elements), MAX_LINES)
    return {"Title": title}, elements


def _scenes(elements: Iterable[Any]) -> list[Scene]:
    """Elements of the parser, by scene; transitions, sections and synopses are left out."""
    scenes = [Scene("")]
    speaker, extension, direction = "", "", ""
    for element in elements:
        text = _plain(element.text_raw)
        if direction and element.type in (Kind.HEADING, Kind.CHARACTER):
            _act(scenes[-1], direction)
            direction = ""
        if element.type is Kind.HEADING:
            scenes.append(Scene(text.removeprefix("0 ").strip()))
        elif element.type is Kind.CHARACTER:
            speaker = _plain(element.name).rstrip(":").casefold()[:MAX_NAME].strip()
            extension = element.extension or ""
        elif element.type is Kind.PARENTHETICAL and speaker:
            _hint(scenes[-1], speaker, text.strip("() "))
        elif element.type is Kind.DIALOGUE and speaker:
            unseen = bool(_UNSEEN.search(extension)) or is_voice(speaker)
            _speak(scenes[-1], speaker, text, unseen)
        elif element.type is Kind.ACTION and not element.centered:
            speaker = ""
            if not text or fountain.is_transition(text) or _MARKER.fullmatch(text):
                continue
            if direction:
                _act(scenes[-1], f"{direction}: {text}")
                direction = ""
            elif fountain.is_direction(text) or fountain.is_slug(text):
                direction = text.strip(" .:")
            else:
                _act(scenes[-1], text)
    if direction:
        _act(scenes[-1], direction)
    return scenes


def _share(scenes: list[Scene]) -> None:
    """What HOST AND GUEST say together is said by each of the two, if both have cues."""
    moments = [moment for scene in scenes for moment in scene.moments]
    cues = {name for moment in moments for name, _, _ in moment.lines}
    several = {name: _TOGETHER.split(name) for name in cues if _TOGETHER.search(name)}
    several = {name: parts for name, parts in several.items() if cues.issuperset(parts)}
    for moment in moments:
        room = MAX_SPEECHES - len(moment.lines)
        shared: list[tuple[str, str, bool]] = []
        for name, text, unseen in moment.lines:
            first, *others = several.get(name, [name])
            shared += [(part, text, unseen) for part in [first, *others[:room]]]
            room -= len(others[:room])
        moment.lines = shared
        for name in several.keys() & moment.hints.keys():
            hint = moment.hints.pop(name)
            moment.hints |= dict.fromkeys(several[name], hint)


def is_voice(name: str) -> bool:
    """Whether a cue names nobody who could be seen: RADIO, VOICE ON PHONE."""
    voices = words_of("voices")
    return name in voices or name.split(" ", 1)[0] in voices & {"voice", "голос"}


def _plain(text: str) -> str:
    """A text in one line, without marks of emphasis."""
    text = " ".join(text.replace("\u2060", "").split())
    for _ in range(3):  # "_**underlined and bold**_"
        text = _EMPHASIS.sub(r"\2", text)
    return text.replace("\\*", "*").replace("\\_", "_")


def _act(scene: Scene, text: str) -> None:
    """A paragraph of action; a long one, or one in which the camera cuts, makes several shots."""
    for part in _CAMERA.split(text):
        for piece in _pieces(part, MAX_ACTION):
            scene.moments.append(Moment(action=piece, opens=not scene.moments))


def _moment(scene: Scene) -> Moment:
    """The moment that speech belongs to: the last one."""
    if not scene.moments:
        scene.moments.append(Moment(opens=True))
    return scene.moments[-1]


def _hint(scene: Scene, speaker: str, text: str) -> None:
    if text and not _PAUSE.fullmatch(text):
        hints = _moment(scene).hints
        hints[speaker] = f"{hints[speaker]}, {text}" if speaker in hints else text


def _speak(scene: Scene, speaker: str, text: str, unseen: bool) -> None:
    """What somebody says, at most :data:`MAX_SPEECHES` lines a moment."""
    for piece in _pieces(text, MAX_SPEECH):
        moment = _moment(scene)
        if len(moment.lines) == MAX_SPEECHES:
            scene.moments.append(Moment())
            moment = scene.moments[-1]
        moment.lines.append((speaker, piece, unseen))


def _pieces(text: str, limit: int) -> Iterator[str]:
    """A text in whole sentences, as many as fit into ``limit`` letters at a time."""
    piece = ""
    for sentence in _SENTENCE.split(text.strip()):
        for part in textwrap.wrap(sentence, limit):
            gap = "" if piece[-1:] in "。！？」』" else " "
            if piece and len(piece) + len(gap) + len(part) > limit:
                yield piece
                piece, gap = "", ""
            piece = f"{piece}{gap}{part}"
    if piece:
        yield piece
