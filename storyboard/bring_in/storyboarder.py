"""Projects of Storyboarder: JSON and ``images/``, read from strangers.

Numbers may be strings, keys may be missing, and what a version of the program has that another has
not is passed over. A picture is only ever a file of the project's own ``images/``.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from ..errors import InputError
from ..folders import slug
from ..json_text import NotJson, read_json
from ..panels import keep
from ..pictures import open_picture
from ..planning.offline.language import detect, romanise
from ..staging.own import boxed
from ..story import (
    MAX_SHOTS,
    Angle,
    BoardFormat,
    Character,
    DialogueLine,
    Move,
    OwnPanel,
    Planner,
    Shot,
    Size,
    Story,
    Time,
)
from .common import nearest, numbers, shortened
from .folder import PLACE

SUFFIX = ".storyboarder"
MAX_BYTES = 64 * 2**20
"""Of a project file; its 3D scenes take about 20 KB a board."""
_BELOW = ("shot-generator", "reference")
_ABOVE = ("fill", "tone", "pencil", "ink", "notes")
"""Layers from the bottom up; between the two lies what versions before 2 drew on. Order of
``models/board.js`` of wonderunit/storyboarder."""
_SIDE = 900
"""Pixels of a board's shorter side there."""
_SPEECH = re.compile(r"\s*([^:\n]{1,60}?)\s*(\((?:O\.?S\.?|V\.?O\.?)\))?\s*:\s+(\S.*)", re.I)
_FACT = re.compile(r"(Caption|Camera|Place|Frame|Board): (.+)")
_VOICE = "Voice"
_MOST_LINE, _MOST_LINES, _MOST_CAST = 200, 4, 20


def story_of_projects(
    files: list[Path], source: Path, panels: Path, format: BoardFormat | None = None
) -> Story:
    """The story of a project.

    :param files: a scene each.
    :param source: what the user named, for the title.
    :param panels: folder to put the pictures into.
    :raises InputError: ``story_invalid`` or ``picture_unusable``, naming the file.
    """
    boards = [(scene, board) for file in files for scene, board in _boards(file)]
    if not 1 <= len(boards) <= MAX_SHOTS:
        raise _invalid(source, f"it holds {len(boards)} boards; 1 to {MAX_SHOTS} are read")
    cast = _Cast()
    shots = [_shot(number, scene, board, cast) for number, (scene, board) in enumerate(boards, 1)]
    sizes: dict[int, tuple[int, int]] = {}
    without: list[int] = []
    missing: list[str] = []
    for shot, (scene, board) in zip(shots, boards):
        picture = _picture(scene, board, missing)
        if picture is None:
            without.append(shot.number)
        else:
            sizes[shot.number] = picture.size
            shot.panel = OwnPanel(hash=keep(picture, panels))
    notes = [f"without a picture, drawn: {numbers(without)}"] if without else []
    if missing:
        more = f" and {len(missing) - 1} more files are" if len(missing) > 1 else " is"
        notes.append(f"{missing[0]}{more} missing")
    notes += cast.notes
    ratios = [scene.ratio for scene, _ in boards]
    format = format or nearest([(round(ratio * 1000), 1000) for ratio in ratios])
    if bars := [number for number, size in sizes.items() if boxed(size, format.pixels)]:
        notes.append(f"of another shape than {format.value}, on a ground: {numbers(bars)}")
    folder = source if source.is_dir() else source.parent
    title = source.stem if source.suffix.lower() == SUFFIX else folder.resolve().name
    title = shortened(title, 120) or "Own panels"
    told = " ".join(f"{shot.caption} {' '.join(d.text for d in shot.dialogue)}" for shot in shots)
    return Story(
        title=title,
        logline=title,
        language=detect(told if any(map(str.isalpha, told)) else title),
        format=format,
        characters=cast.characters,
        shots=shots,
        planner=Planner(note=shortened("; ".join(notes), 300)),
    )


def is_index(file: Path) -> bool:
    """Whether a project's file has no board of its own: its scenes have."""
    return not _boards(file)


class _Scene:
    """A file of a project."""

    def __init__(self, file: Path, data: dict[str, Any]) -> None:
        self.file = file
        self.images = file.parent / "images"
        self.ratio = _number(data.get("aspectRatio"), 16 / 9, 0.1, 10)
        """Width by height."""
        self.timing = _number(data.get("defaultBoardTiming"), 2000, 1, 60_000)
        """Milliseconds of a board that says none."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of its pictures in pixels."""
        if self.ratio >= 1:
            return round(_SIDE * self.ratio), _SIDE
        return _SIDE, round(_SIDE / self.ratio)


def _boards(file: Path) -> list[tuple[_Scene, dict[str, Any]]]:
    """The boards of a file in order. :raises InputError: ``story_invalid``."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise _invalid(file, f"it has more than {MAX_BYTES >> 20} MB")
        data = read_json(file.read_bytes())
    except (OSError, NotJson) as error:
        raise _invalid(file, getattr(error, "strerror", None) or str(error)) from error
    boards = data.get("boards") if isinstance(data, dict) else None
    if not isinstance(boards, list) or not all(isinstance(board, dict) for board in boards):
        raise _invalid(file, "it holds no list of boards")
    scene = _Scene(file, data)
    return [(scene, board) for board in boards]


def _shot(number: int, scene: _Scene, board: dict[str, Any], cast: _Cast) -> Shot:
    facts, notes = _facts(_text(board.get("notes")))
    action = _text(board.get("action"))
    said, narrated = cast.lines(number, _text(board.get("dialogue")))
    told = " ".join(filter(None, (action, notes)))
    if len(" ".join(told.split())) > 400:
        cast.notes.append(f"the action of shot {number} is cut")
    milliseconds = _number(board.get("duration"), scene.timing, 1, math.inf)
    if milliseconds > 60_000:
        cast.notes.append(f"shot {number} lasts 60 s, the most a shot may")
    shot = Shot(
        number=number,
        place=PLACE,
        action=shortened(told, 400) or f"panel {number}",
        caption=shortened(facts.get("Caption") or narrated or action, 240),
        dialogue=said,
        duration=min(60.0, milliseconds / 1000),
    )
    _set_camera(shot, facts.get("Camera", ""))
    if place := facts.get("Place"):
        name, _, time = place.rpartition(", ")
        shot.place = shortened(name, 120) or PLACE
        shot.time = Time(time) if time in [*Time] else Time.DAY
    return shot


def _facts(notes: str) -> tuple[dict[str, str], str]:
    """What our own export wrote into the notes, and the rest of them: an artist's words."""
    facts, rest = {}, []
    for line in notes.splitlines():
        match = _FACT.fullmatch(line.strip())
        if match:
            facts[match[1]] = match[2]
        else:
            rest.append(line)
    return facts, " ".join(" ".join(rest).split())


def _set_camera(shot: Shot, words: str) -> None:
    for word in words.replace(" ", "_").split(",_"):
        for field, kind in (("size", Size), ("angle", Angle), ("move", Move)):
            if word in [item.value for item in kind]:
                setattr(shot, field, kind(word))


class _Cast:
    """Who speaks in a project."""

    def __init__(self) -> None:
        self.characters: list[Character] = []
        self.notes: list[str] = []
        """What of their lines could not be taken over."""
        self._ids: dict[str, str] = {}

    def lines(self, number: int, text: str) -> tuple[list[DialogueLine], str]:
        """The lines of a shot, and what nobody is said to speak: narration, if nothing else."""
        spoken = [match for line in text.splitlines() if (match := _SPEECH.fullmatch(line))]
        if text.strip() and not spoken and len(" ".join(text.split())) <= 240:
            return [], " ".join(text.split())
        made: list[DialogueLine] = []
        for line in text.splitlines():
            match = _SPEECH.fullmatch(line)
            name, heard, words = (match[1], match[2], match[3]) if match else (_VOICE, "V", line)
            for piece in _pieces(words):
                made.append(
                    DialogueLine(character=self._id(name), text=piece, off_screen=bool(heard))
                )
        if len(made) > _MOST_LINES:
            self.notes.append(f"of the dialogue of shot {number} the first lines are kept")
        return made[:_MOST_LINES], ""

    def _id(self, name: str) -> str:
        """The id of a character of that name; a voice's, where there are too many."""
        key = " ".join(name.split()).casefold()
        if key not in self._ids:
            if len(self.characters) >= _MOST_CAST - 1 and key != _VOICE.casefold():
                return self._id(_VOICE)
            plain = re.sub(r"\W+", "_", slug(romanise(name), 24), flags=re.A).strip("_")
            base = plain if re.match("[a-z]", plain) else f"voice_{plain}".rstrip("_")
            taken = Counter(self._ids.values())
            unique = next(
                i for n in range(1, 99) if (i := base if n == 1 else f"{base}_{n}") not in taken
            )
            self._ids[key] = unique
            self.characters.append(
                Character(id=unique, name=" ".join(name.split()), description="a person")
            )
        return self._ids[key]


def _pieces(text: str) -> Iterator[str]:
    """A speech in pieces that a line may hold."""
    piece = ""
    for word in text.split():
        while len(word) > _MOST_LINE:
            if piece:
                yield piece
            yield word[:_MOST_LINE]
            piece, word = "", word[_MOST_LINE:]
        joined = f"{piece} {word}".strip()
        if len(joined) > _MOST_LINE:
            yield piece
            joined = word
        piece = joined
    if piece:
        yield piece


def _picture(scene: _Scene, board: dict[str, Any], missing: list[str]) -> Image.Image | None:
    """The layers of a board on white: RGB; ``None`` if there is no picture of it.

    :param missing: gets the names of layers that are not there.
    """
    listed = board.get("layers")
    layers = listed if isinstance(listed, dict) else {}
    url = _text(board.get("url"))
    picture = None
    for name in (*_BELOW, "", *_ABOVE):
        layer = layers.get(name) if name else {"url": url}
        if not isinstance(layer, dict) or not (file := _text(layer.get("url"))):
            continue
        path = _image(scene, file)
        if path is None:
            if name:
                missing.append(file)
            continue
        drawn = open_picture(path, clear=True).image
        opacity = _number(layer.get("opacity"), 1.0, 0, 1)
        if drawn.size != scene.size:
            drawn = drawn.resize(scene.size, Image.Resampling.LANCZOS)
        if opacity < 1:
            drawn.putalpha(drawn.getchannel("A").point(lambda a, share=opacity: a * share))
        below = picture or Image.new("RGBA", scene.size, "white")
        picture = Image.alpha_composite(below, drawn)
    if picture is None and url:
        poster = _image(scene, f"{Path(url).stem}-posterframe.jpg")
        return open_picture(poster).image if poster else None
    return picture.convert("RGB") if picture else None


def _image(scene: _Scene, name: str) -> Path | None:
    """A file of the project's images; ``None`` if it is not there.

    :raises InputError: ``picture_unusable`` for a name that leads out of the folder.
    """
    path = scene.images / name
    plain = re.fullmatch(r"[^/\\:\0]{1,200}", name) and not name.startswith(".")
    if not plain or not path.resolve().is_relative_to(scene.images.resolve()):
        raise InputError(
            "picture_unusable",
            f"{scene.file.name} names the picture {name[:80]!r}, which is none of its images.",
            "Only files in the folder 'images' beside the project are read.",
        )
    return path if path.is_file() else None


def _number(value: Any, usual: float, low: float, high: float) -> float:
    """A number that may be written as a text; the usual one where it is none, or out of range."""
    try:
        number = float(value) if isinstance(value, (int, float, str)) else usual
    except (ValueError, OverflowError):
        return usual
    return number if low <= number <= high else usual


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _invalid(file: Path, why: str) -> InputError:
    return InputError(
        "story_invalid",
        f"{file} is no Storyboarder project that can be read: {why}.",
        "Open it in Storyboarder and save it again; or give its images as a folder.",
    )
