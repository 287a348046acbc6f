"""The latch: which frame later frames look at, for each character.

A character is latched by a picture the user supplies, or else by the first accepted frame that
shows the character's face. A frame that was only kept as the best of rejected tries does not
latch: its error would spread.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from .errors import InputError
from .store import write_atomically
from .story import Facing, Shot, Size, Story
from .takes import Reference

_FACE_TOO_SMALL = {Size.WIDE, Size.EXTREME_WIDE}


def shows_face(story: Story, shot: Shot, character: str) -> bool:
    """Whether a shot is planned to show a character's face large enough to be a reference."""
    member = next((m for m in shot.cast if m.character == character), None)
    if member is None or member.facing is Facing.BACK or shot.size in _FACE_TOO_SMALL:
        return False
    hero = story.hero is not None and story.hero.id == character
    return shot.face_visible if hero else True


def supply_references(
    story: Story, folder: Path, pictures: Sequence[Image.Image]
) -> tuple[Reference, ...]:
    """Make the user's own pictures the references of the first characters of a story.

    They are kept in the board folder, so that the board holds everything it was made from.

    :param pictures: one for each character, in the story's order; RGB.
    :raises InputError: ``reference_unusable`` for more pictures than characters.
    :raises StoreError: if the folder cannot be written.
    """
    if len(pictures) > len(story.characters):
        raise InputError(
            "reference_unusable",
            f"{len(pictures)} reference pictures were given for a story of "
            f"{len(story.characters)} characters.",
            "Give one picture for each character, in the order of the story.",
        )
    found = []
    for character, picture in zip(story.characters, pictures, strict=False):
        key = hashlib.sha256(f"{picture.size}".encode() + picture.tobytes()).hexdigest()[:32]
        path = folder / "references" / f"{key}.png"
        if not path.exists():
            buffer = io.BytesIO()
            picture.save(buffer, "PNG", compress_level=1)
            write_atomically(path, buffer.getvalue())
        found.append(Reference(character.id, path, key))
    return tuple(found)
