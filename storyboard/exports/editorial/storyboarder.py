"""A project of Storyboarder: ``storyboarder/storyboard.storyboarder`` and its ``images/``.

The frame of a shot is the reference layer of its board, so an artist draws over it. Storyboarder's
file has no published schema; the shape is that of the fixtures of wonderunit/storyboarder and its
``models/board.js`` (sizes, names of files, order of layers).

An export over an earlier one keeps what the artist added to it: boards are told by their ``uid``,
which follows the shot, and layers, sounds and links of a board stay.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from pydantic import Field

from ...board import Board
from ...files import disk_errors, link_or_copy, write_atomically
from ...json_text import NotJson, read_json
from ...staging.own import boxed
from ...story import Shot, Story
from ..frames import remove_others
from ..options import FormatOptions, Progress, nothing
from .letters import slate
from .timeline import Clip, Rate, cut, picture_of, state

FOLDER = "storyboarder"
FILE = "storyboard.storyboarder"
VERSION = "2.1.0"
_SIDE = 900
"""Pixels of a board's shorter side."""
_THUMBNAIL = 120
"""Height of its thumbnail."""
_LETTERS = 36**5
_STEP = 26_544_361
"""Shares no factor with 36, so that ids below 36^5 all get a uid of their own."""
_OURS = r"board-\d+-[0-9A-Z]{5}(-reference|-thumbnail)?\.png|board-\d+-[0-9A-Z]{5}-posterframe\.jpg"
_KEPT = ("audio", "link", "sg")


class StoryboarderOptions(FormatOptions):
    """How the project is made."""

    fps: Rate = Field(24, description="Frames a second of the project.")
    opacity: float = Field(1.0, ge=0, le=1, description="Of the frames, under the drawing.")


def write_storyboarder(
    board: Board, folder: Path, options: StoryboarderOptions, progress: Progress = nothing
) -> list[str]:
    """Write the project; frames of shots that are gone are removed, an artist's layers never.

    A shot without a frame gets a slate that says so.

    :raises StoreError: if the disk is full or the folder cannot be written.
    """
    project = folder / FOLDER
    with disk_errors(project):
        (project / "images").mkdir(parents=True, exist_ok=True)
    earlier = _earlier(project / FILE)
    clips = cut(board, options.fps)
    uids = _uids(board.story)
    boards, files, milliseconds = [], [], 0.0
    for index, (clip, uid) in enumerate(zip(clips, uids)):
        progress(index, len(clips))
        old = earlier.get(uid, {})
        url = old.get("url")
        if not isinstance(url, str) or not re.fullmatch(rf"board-\d+-{uid}\.png", url):
            url = f"board-{index + 1}-{uid}.png"
        layers = {
            name: layer
            for name, layer in (old.get("layers") or {}).items()
            if isinstance(layer, dict) and name != "reference"
        }
        files += _pictures(board, folder, clip, project / "images", url, bool(layers))
        start, milliseconds = round(milliseconds), milliseconds + clip.shot.duration * 1000
        reference = {"url": url.replace(".png", "-reference.png"), "opacity": options.opacity}
        notes = _notes(clip, folder)
        if options.revision and not boards:
            notes += f"\nBoard: {options.revision}"
        boards.append(
            {
                "uid": uid,
                "url": url,
                "newShot": True,
                "lastEdited": 0,
                "layers": {"reference": reference, **layers},
                "number": index + 1,
                "shot": clip.label,
                "time": start,
                "duration": max(1, round(milliseconds) - start),
                "dialogue": _dialogue(board.story, clip.shot),
                "action": clip.shot.action,
                "notes": notes,
                "audio": None,
                "lineMileage": 0,
                **{name: old[name] for name in _KEPT if old.get(name)},
            }
        )
    width, height = board.story.format.pixels
    data = {
        "version": VERSION,
        "aspectRatio": width / height,
        "fps": options.fps,
        "defaultBoardTiming": 2000,
        "boards": boards,
    }
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    write_atomically(project / FILE, text.encode("utf-8"))
    remove_others(project / "images", _OURS, files)
    progress(len(clips), len(clips))
    return [f"{FOLDER}/{FILE}", *(f"{FOLDER}/images/{name}" for name in files)]


def _earlier(path: Path) -> dict[str, dict[str, Any]]:
    """The boards of the project that is there, by uid; none if it cannot be read."""
    try:
        data = read_json(path.read_bytes())
    except (OSError, NotJson):
        return {}
    boards = data.get("boards") if isinstance(data, dict) else None
    named = [board for board in boards or [] if isinstance(board, dict)]
    return {
        board["uid"]: board
        for board in named
        if isinstance(board.get("uid"), str) and isinstance(board.get("layers") or {}, dict)
    }


def _uids(story: Story) -> list[str]:
    """Five letters or digits a shot, the same wherever the shot is moved to."""
    used: set[int] = set()
    uids = []
    for shot in story.shots:
        number = shot.identity * _STEP % _LETTERS
        while number in used:
            number = (number + 1) % _LETTERS
        used.add(number)
        uids.append(_base36(number))
    return uids


def _base36(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    for _ in range(5):
        number, digit = divmod(number, 36)
        text = digits[digit] + text
    return text


def _pictures(
    board: Board, folder: Path, clip: Clip, images: Path, url: str, drawn_over: bool
) -> list[str]:
    """Write the files of a board; returns their names.

    :param drawn_over: whether an artist added layers: then poster and thumbnail are Storyboarder's.
    """
    width, height = board.story.format.pixels
    scale = _SIDE / min(width, height)
    size = round(width * scale), round(height * scale)
    path = picture_of(folder, clip)
    if path is None:
        picture = slate(clip, state(clip, folder), size)
    else:
        with Image.open(path, formats=("PNG",)) as take:
            shaped = ImageOps.pad if boxed(take.size, size) else ImageOps.fit
            picture = shaped(take.convert("RGB"), size, Image.Resampling.LANCZOS)
    base = url.removesuffix(".png")
    small = max(1, round(_THUMBNAIL * width / height)), _THUMBNAIL
    made = {
        f"{base}-reference.png": _encoded(picture, "PNG", compress_level=1),
        f"{base}-thumbnail.png": _encoded(
            picture.resize(small, Image.Resampling.LANCZOS), "PNG", compress_level=6
        ),
        f"{base}-posterframe.jpg": _encoded(picture, "JPEG", quality=92),
    }
    for name, data in made.items():
        if drawn_over and not name.endswith("-reference.png") and (images / name).is_file():
            continue
        write_atomically(images / name, data)
    link_or_copy(images / f"{base}-reference.png", images / url)
    return [url, *made]


def _encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def _dialogue(story: Story, shot: Shot) -> str:
    """A line a speech, as ``Name: text``."""
    return "\n".join(
        f"{story.character(line.character).name}{' (O.S.)' if line.off_screen else ''}: {line.text}"
        for line in shot.dialogue
    )


def _notes(clip: Clip, folder: Path) -> str:
    """What else a shot says, one fact a line."""
    shot = clip.shot
    camera = [shot.size.value, shot.angle.value, shot.move.value]
    facts = {
        "Caption": shot.caption,
        "Camera": ", ".join(camera).replace("_", " "),
        "Place": f"{shot.place}, {shot.time.value}",
        "Frame": state(clip, folder),
    }
    return "\n".join(f"{name}: {value}" for name, value in facts.items() if value)
