"""Pictures that the user brings in place of drawn panels: kept by what they hold.

A story names a picture by its hash. The file lies in ``panels/`` beside the story, and is copied
into the folder of every board that is made of it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from .errors import InputError
from .files import disk_errors, hash_of, link_or_copy, write_atomically
from .pictures import open_picture
from .story import OwnPanel, Story

FOLDER = "panels"
"""Below the folder of a board, or beside a story file."""
UPLOADS = "aldar"
"""Folder below ComfyUI's input folder to which pictures are brought."""


def keep(image: Image.Image, folder: Path) -> str:
    """Put a picture among those of a folder; returns its hash.

    :param image: RGB. :param folder: the pictures' own, ``panels/``.
    :raises StoreError: if the disk is full or the folder cannot be written.
    """
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    data = buffer.getvalue()
    name = hashlib.sha256(data).hexdigest()
    path = folder / f"{name}.png"
    if not path.is_file():
        write_atomically(path, data)
    return name


def panel_path(folder: Path, panel: OwnPanel) -> Path:
    """Where a picture lies. :param folder: the pictures' own."""
    return folder / f"{panel.hash}.png"


def open_panel(folder: Path, panel: OwnPanel) -> Image.Image:
    """A picture, RGB. :raises InputError: ``picture_unusable``."""
    return open_picture(panel_path(folder, panel)).image


def hashes(story: Story) -> list[str]:
    """The pictures that a story needs, each once."""
    return list(dict.fromkeys(shot.panel.hash for shot in story.shots if shot.panel))


def gather(story: Story, folder: Path, sources: Iterable[Path]) -> None:
    """Bring the pictures of a story into a folder, from others where they may lie.

    A file that does not hold what its name says is passed over.

    :raises InputError: ``picture_unusable`` if one is nowhere.
    :raises StoreError: if the disk is full or the folder cannot be written.
    """
    places = list(sources)
    for shot in story.shots:
        if shot.panel is None or panel_path(folder, shot.panel).is_file():
            continue
        for place in places:
            path = panel_path(place, shot.panel)
            with disk_errors(folder):
                if path.is_file() and hash_of(path) == shot.panel.hash:
                    link_or_copy(path, panel_path(folder, shot.panel))
                    break
        else:
            raise InputError(
                "picture_unusable",
                f"The own panel of shot {shot.number} ({shot.panel.hash[:12]}….png) is not there.",
                "Bring its pictures again: 'aldar board' with the folder or project they came "
                "from, or put the folder 'panels' beside the story.",
            )
