"""Which face library is used: the user's choice, or the first one that is there.

No library is imported, and none of its files touched, before a face is asked for; nothing is ever
downloaded.
"""

from __future__ import annotations

from pathlib import Path

from . import faces_dlib, faces_insightface
from .faces import FaceModel, Missing

PACKS = ("buffalo_l", "buffalo_s", "antelopev2")
"""insightface's model packs. Their weights are for non-commercial research only."""
CHOICES = ("auto", "off", "dlib", *PACKS)
"""What a user may choose: ``auto`` takes the first pack that is there, else dlib."""


def open_faces(choice: str, models: Path | None) -> FaceModel | Missing:
    """The face model of that choice, loaded once per process.

    :param choice: one of :data:`CHOICES`.
    :param models: ComfyUI's models folder, for insightface's packs; ``None`` if unknown.
    """
    if choice == "off":
        return Missing("faces are switched off")
    if choice in PACKS:
        return faces_insightface.open_pack(choice, models)
    if choice == "dlib":
        return faces_dlib.open_dlib()
    for pack in PACKS:
        if faces_insightface.missing(pack, models) is None:
            return faces_insightface.open_pack(pack, models)
    return faces_dlib.open_dlib()


def face_version(choice: str, models: Path | None) -> str:
    """What decides the model that :func:`open_faces` gives, without loading it."""
    packs = [choice] if choice in PACKS else PACKS if choice == "auto" else []
    for pack in packs:
        if faces_insightface.missing(pack, models) is None:
            return faces_insightface.version(pack)
    if choice in ("auto", "dlib"):
        return faces_dlib.version()
    return "none"
