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

from ..casting import named
from ..errors import InputError
from ..files import write_atomically
from ..pictures import SIDE
from ..story import Character, Story
from ..takes import Reference


def supply_references(
    story: Story, folder: Path, pictures: Sequence[Image.Image], names: Sequence[str] = ()
) -> tuple[Reference, ...]:
    """Make the user's own pictures the references of characters of a story.

    They are kept in the board folder, so that the board holds everything it was made from.

    :param pictures: one for each character, RGB, of any size; a side longer than
        :data:`.pictures.SIDE` is brought down.
    :param names: whom they show, as in :func:`.casting.named`; an empty one stands for the next
        character in the story's order.
    :raises InputError: ``reference_unusable`` for more pictures than characters, or two of one;
        ``option_invalid`` for a name the story does not know.
    :raises StoreError: if the folder cannot be written.
    """
    references = []
    for character, picture in zip(_shown(story, len(pictures), names), pictures, strict=True):
        if max(picture.size) > SIDE:
            picture = picture.copy()
            picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        key = hashlib.sha256(f"{picture.size}".encode() + picture.tobytes()).hexdigest()[:32]
        path = folder / "references" / f"{key}.png"
        if not path.exists():
            buffer = io.BytesIO()
            picture.save(buffer, "PNG", compress_level=1)
            write_atomically(path, buffer.getvalue())
        references.append(Reference(character.id, path, key))
    return tuple(references)


def _shown(story: Story, count: int, names: Sequence[str]) -> list[Character]:
    """Whom each of some pictures shows."""
    if count > len(story.characters):
        raise _unfit(
            f"{count} reference pictures were given for a story of "
            f"{len(story.characters)} characters"
        )
    wanted = [*names, *[""] * (count - len(names))]
    shown = {
        place: character
        for place, name in enumerate(wanted)
        if name.strip() and (character := named(story, name))
    }
    others = [c for c in story.characters if c not in shown.values()]
    for place, name in enumerate(wanted):
        if place in shown:
            continue
        if name.strip():
            raise _unfit(f"the story has no character number {name.strip()}")
        shown[place] = others.pop(0)
    ids = [character.id for character in shown.values()]
    for character in shown.values():
        if ids.count(character.id) > 1:
            raise _unfit(f"{character.name} has more than one reference picture")
    return [shown[place] for place in range(count)]


def _unfit(reason: str) -> InputError:
    return InputError(
        "reference_unusable",
        f"{reason[0].upper()}{reason[1:]}.",
        "Give one picture for each character, in the order of the story or by its name.",
    )
