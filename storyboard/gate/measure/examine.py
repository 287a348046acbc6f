"""One take under the gate: everything is measured when it is first asked for, and once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
from PIL import Image

from ...takes import Take
from ...tensors.images import to_array, to_picture
from ..anomaly import perceptual_hash
from ..duplicates import board_hash
from ..sight import Sight, Visibility, sight
from ..verdict import Box
from .clip import ClipVision
from .faces import FaceModel, Missing
from .features import Look
from .likeness import thumbnail
from .matching import Found, find_people
from .prompt import TextImage, Unloaded
from .regions import clothes_of, head_of, torso_of

LEAST_SIDE = 128
"""Pixels a side under which a picture's faces cannot be compared."""


@dataclass(frozen=True)
class Tools:
    """What a gate measures with."""

    faces: FaceModel | Missing
    clip: ClipVision | None = None
    text: TextImage | str = "no text-image model is named"
    """Or why there is none."""

    @property
    def lacking(self) -> tuple[str, ...]:
        """What is installed and could not be loaded, in words."""
        faces = self.faces
        failed = [faces.reason] if isinstance(faces, Missing) and faces.failed else []
        return (*failed, *([str(self.text)] if isinstance(self.text, Unloaded) else []))


@dataclass
class Examined:
    """A take and its picture."""

    take: Take
    tensor: torch.Tensor
    """IMAGE [1, H, W, C]."""
    tools: Tools
    embeddings: dict[tuple[str, str], torch.Tensor] = field(default_factory=dict)
    """(part, character) -> unit CLIP embedding [d] of it; the whole picture is ``("", "")``."""

    @cached_property
    def pixels(self) -> np.ndarray:
        """The picture as float32 [H, W, 3]."""
        return to_array(self.tensor)

    @cached_property
    def picture(self) -> Image.Image:
        """The picture as Pillow has it, RGB."""
        return to_picture(self.tensor)

    @cached_property
    def hash(self) -> int:
        """Difference hash of the picture."""
        return perceptual_hash(self.picture)

    @cached_property
    def board_hash(self) -> int:
        """Difference hash of what frames of a board are compared by."""
        return board_hash(self.picture)

    @cached_property
    def thumbnail(self) -> np.ndarray:
        """Luminance of the picture, small."""
        return thumbnail(self.picture)

    @cached_property
    def finite(self) -> bool:
        """Whether every pixel is a number."""
        return bool(torch.isfinite(self.tensor).all())

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        height, width = self.tensor.shape[1:3]
        return width, height

    @cached_property
    def sight(self) -> Sight:
        """What the shot shows."""
        take = self.take
        return sight(take.story, take.shot, self.size, take.staging)

    @cached_property
    def looks(self) -> tuple[Look, ...]:
        """The references of the shot's cast."""
        model = None if isinstance(self.tools.faces, Missing) else self.tools.faces
        return tuple(Look(self.take.story, ref, model) for ref in self.take.references)

    @cached_property
    def found(self) -> Found | None:
        """The faces of the frame; ``None`` without a face model or a sound, large picture."""
        model = self.tools.faces
        if isinstance(model, Missing) or not self.finite or min(self.size) < LEAST_SIDE:
            return None
        return find_people(self.pixels, self.sight, self.looks, model)

    @property
    def subject(self) -> Look | None:
        """Whom the whole frame is compared with: the hero if the shot has it, else the first."""
        hero = self.take.story.hero
        mine = [look for look in self.looks if hero and look.character == hero.id]
        return next(iter((*mine, *self.looks)), None)

    @property
    def faced(self) -> list[Look]:
        """References of people whose face may be seen in the shot."""
        people = {p.character for p in self.sight.people if p.face is not Visibility.HIDDEN}
        return [look for look in self.looks if look.character in people]

    @property
    def drawn(self) -> list[Look]:
        """Those of them that the face model does not know a face in: a drawing, or no model."""
        return [look for look in self.faced if self.found is None or look.face is None]

    def redressed(self, look: Look) -> bool:
        """Whether a character wears something else here than in its reference, on purpose."""
        return look.outfit != self.take.shot.outfit(look.character)

    def head(self, character: str) -> Box | None:
        """Where a character's head is: around its face, or else where it is staged."""
        face = self.found.box(character) if self.found else None
        person = self.sight.person(character)
        return head_of(face, self.size) if face else person.head if person else None

    def clothes(self, character: str) -> Box | None:
        """Where a character's clothes are; ``None`` if the frame ends above them."""
        face = self.found.box(character) if self.found else None
        person = self.sight.person(character)
        if face:
            return torso_of(face, self.size)
        return clothes_of(person, self.size) if person else None
