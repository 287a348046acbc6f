"""Who is in a frame: faces matched with the cast, heads counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..cast import match_cast
from ..head_count import heads_reading
from ..policy import Reading
from ..sight import Sight, Visibility
from ..verdict import Box, Crop
from .faces import Face, FaceModel
from .features import Look

BACKGROUND = 0.45
"""Faces under this share of the smallest staged face are people of the background."""
LEAST_FACE = 0.04
"""The same for a shot without people, as a share of the frame's height."""


@dataclass(frozen=True)
class Found:
    """The faces of a frame, and whose they are."""

    model: FaceModel
    faces: tuple[Face, ...]
    """Without the background, the largest first."""
    whose: dict[str, int]
    """Character -> index of its face: compared with its reference, or else by where the staging
    puts it."""
    similar: dict[str, float]
    """Character -> similarity of that face to its reference."""
    looks: dict[str, Look]
    """References in which a face was found."""

    def box(self, character: str) -> Box | None:
        """Where a character's face is."""
        return self.faces[self.whose[character]].box if character in self.whose else None

    def face(self, character: str) -> Face | None:
        """A character's face."""
        return self.faces[self.whose[character]] if character in self.whose else None


def find_people(pixels: np.ndarray, sight: Sight, looks: Sequence[Look], model: FaceModel) -> Found:
    """Find the faces of a frame and match them with the cast.

    :param pixels: float [H, W, 3], 0..1.
    """
    picture = np.clip(pixels * 255, 0, 255).round().astype(np.uint8)
    smallest = min((p.face_height for p in sight.people), default=0) * BACKGROUND
    least = max(smallest, LEAST_FACE * len(picture) if not sight.people else 0)
    every = model.find(picture, least)
    faces = tuple(face for face in every if face.height >= least)
    faced = {look.character: look for look in looks if look.face is not None}
    whose: dict[str, int] = {}
    similar: dict[str, float] = {}
    if faces and faced:
        names = list(faced)
        ours = np.stack([look.face.embedding for look in faced.values() if look.face])
        theirs = np.stack([face.embedding for face in faces])
        match = match_cast(names, np.nan_to_num(model.similarity(ours, theirs), nan=-1.0))
        whose = {name: index for name, (index, _) in match.faces.items()}
        similar = {name: value for name, (_, value) in match.faces.items()}
    whose |= _by_place(faces, sight, whose)
    return Found(model, faces, whose, similar, faced)


def face_reading(people: Found, sight: Sight, looks: Sequence[Look]) -> Reading:
    """The face score: the least similar of the faces that have a reference."""
    method = people.model.name
    shown = {p.character for p in sight.people if p.face is Visibility.SHOWN}
    firm = {name: value for name, value in people.similar.items() if name in shown}
    values = firm or people.similar
    crops = tuple(
        Crop(subject=name, box=people.faces[people.whose[name]].box, value=round(value, 4))
        for name, value in people.similar.items()
    )
    if values:
        name = min(values, key=lambda key: values[key])
        words = f"the face taken for {people.looks[name].name} is not the reference's"
        return Reading("face", method, values[name], words, bool(firm), crops)
    unseen = [look.name for look in looks if look.face is None]
    if unseen:
        reason = f"no face was found in the reference of {', '.join(unseen)}"
    else:
        reason = f"no face of {', '.join(look.name for look in looks)} was found"
    return Reading("face", method, reason=reason)


def count_heads(
    people: Found, sight: Sight, looks: Sequence[Look], names: dict[str, str]
) -> Reading:
    """The heads score.

    A face model that finds no face in a reference does not know this style of drawing: it cannot
    say that such a character is missing, and if it knows none of them, nothing at all.

    :param names: character -> name.
    """
    method, count = people.model.name, len(people.faces)
    if sight.faceless:
        return Reading("heads", method, reason="nobody of the shot has a human face")
    other = {p.character for p in sight.people if p.face is Visibility.NONE}
    unseen = {look.character for look in looks if look.face is None} - other
    shown = [p.character for p in sight.people if p.face is Visibility.SHOWN]
    needed = [c for c in shown if c not in unseen and (people.looks or count)]
    blind = bool(shown) and not needed
    if blind or (unseen and not people.looks):
        place = f"the reference of {', '.join(names[c] for c in sorted(unseen))}"
        reason = (
            f"no face was found in {place if unseen else 'the frame, and there is no reference'}"
        )
        return Reading("heads", method, reason=reason)
    owner = {index: character for character, index in people.whose.items()}
    crops = tuple(
        Crop(subject=owner.get(index, ""), box=face.box) for index, face in enumerate(people.faces)
    )
    missing = [names[character] for character in needed if character not in people.whose]
    words = " and ".join(missing) + (" is missing" if len(missing) == 1 else " are missing")
    reading = heads_reading(count, len(needed), sight.most, method, words if missing else "")
    return replace(reading, crops=crops)


def _by_place(faces: Sequence[Face], sight: Sight, taken: dict[str, int]) -> dict[str, int]:
    """Faces left over, given to the people without a reference from left to right."""
    rest = sorted(
        (i for i in range(len(faces)) if i not in taken.values()),
        key=lambda i: faces[i].box[0] + faces[i].box[2],
    )
    people = sorted(
        (
            p
            for p in sight.people
            if p.character not in taken and p.face not in (Visibility.HIDDEN, Visibility.NONE)
        ),
        key=lambda p: p.head[0] + p.head[2],
    )
    # Fewer faces than people: it is not known who is missing.
    return (
        {p.character: i for p, i in zip(people, rest, strict=False)}
        if len(rest) >= len(people)
        else {}
    )
