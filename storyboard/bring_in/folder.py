"""A folder of pictures: a shot each, in order of their names."""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import InputError
from ..panels import keep
from ..pictures import SUFFIXES, open_picture, picture_files
from ..planning.offline.language import detect
from ..staging.own import boxed
from ..story import MAX_SHOTS, BoardFormat, OwnPanel, Planner, Shot, Story
from .common import in_order, nearest, numbers, shortened

PLACE = "a place that is not described"


def story_of_pictures(folder: Path, panels: Path, format: BoardFormat | None = None) -> Story:
    """The story of a folder of pictures.

    Words in a file's name (``010 Aldar meets the bai.png``) are the shot's action; numbers only
    give the order.

    :param panels: folder to put the pictures into.
    :raises InputError: ``picture_unusable`` if there is none, or one cannot be read.
    :raises OSError: if the folder cannot be read.
    """
    files = sorted(picture_files(folder), key=in_order)
    if not files or len(files) > MAX_SHOTS:
        count = "no picture" if not files else f"{len(files)} pictures"
        raise InputError(
            "picture_unusable",
            f"{folder} holds {count}; a board has 1 to {MAX_SHOTS}.",
            f"Give a folder of pictures ({', '.join(sorted(SUFFIXES))}) named in their order: "
            "001.png, 002.png; or a .storyboarder project.",
        )
    shots, sizes, notes = [], [], []
    for number, file in enumerate(files, 1):
        picture = open_picture(file)
        notes += picture.notices
        sizes.append(picture.image.size)
        words = _words(file.stem)
        shots.append(
            Shot(
                number=number,
                place=PLACE,
                action=shortened(words, 400) or f"panel {number}",
                caption=shortened(words, 240),
                panel=OwnPanel(hash=keep(picture.image, panels)),
            )
        )
    format = format or nearest(sizes)
    if bars := [number for number, size in enumerate(sizes, 1) if boxed(size, format.pixels)]:
        notes.append(f"of another shape than {format.value}, on a ground: {numbers(bars)}")
    title = shortened(folder.resolve().name, 120) or "Own panels"
    return Story(
        title=title,
        logline=title,
        language=detect(" ".join(shot.caption for shot in shots) or title),
        format=format,
        characters=[],
        shots=shots,
        planner=Planner(note=shortened("; ".join(notes), 300)),
    )


def _words(stem: str) -> str:
    """What a file's name says besides its number."""
    words = re.sub(r"[_\s]+", " ", stem).strip()
    words = re.sub(
        r"^(?:(?:frame|panel|shot|board|img|image)\s*)?[\d.\-\s]*", "", words, flags=re.I
    )
    return words if any(letter.isalpha() for letter in words) and len(words) > 2 else ""
