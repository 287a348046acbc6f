"""What the gate knows of a reference: each feature computed once per model and picture."""

from __future__ import annotations

import numpy as np
import torch

from ...story import Outfit, Story
from ...takes import Reference
from ...tensors.images import load_image, to_array, to_picture
from ..anomaly import perceptual_hash
from ..sight import Sight, sight
from ..verdict import Box
from . import clip, colours, keypoints
from .faces import Face, FaceModel
from .likeness import align, thumbnail
from .regions import clothes_of, head_of, pixels_of, square, torso_of, whole
from .remember import remember


class _Plain:
    """Stands for the methods that need no model."""


_PLAIN = _Plain()


class Look:
    """A reference, looked at with the tools of one gate.

    :param faces: the face model, if there is one.
    """

    def __init__(self, story: Story, reference: Reference, faces: FaceModel | None) -> None:
        self.reference = reference
        self.name = story.character(reference.character).name
        self._story = story
        self._faces = faces

    @property
    def character(self) -> str:
        """Whom it shows."""
        return self.reference.character

    @property
    def outfit(self) -> Outfit | None:
        """What it wears there in place of its own clothes; unknown for a picture of the user's."""
        number = self.reference.frame
        return self._story.shots[number - 1].outfit(self.character) if number else None

    @property
    def picture(self) -> torch.Tensor:
        """The whole picture, IMAGE [1, H, W, 3]."""
        return load_image(self.reference.path)

    @property
    def pixels(self) -> np.ndarray:
        """The whole picture, float32 [H, W, 3]."""
        return to_array(self.picture)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        height, width = self.picture.shape[1:3]
        return width, height

    @property
    def face(self) -> Face | None:
        """The character's face, if the model finds one in the picture."""
        model = self._faces
        return remember(model, self._key("face"), lambda: self._find(model)) if model else None

    @property
    def portrait(self) -> np.ndarray | None:
        """Luminance of that face, float32 [64, 64], for a face of a frame to be laid over."""
        model, face = self._faces, self.face
        if model is None or face is None:
            return None
        return remember(model, self._key("portrait"), lambda: align(self.pixels, face, face))

    @property
    def head(self) -> Box:
        """The head; the whole picture if neither a face nor the staging says where it is."""
        if self.face and (head := head_of(self.face.box, self.size)):
            return head
        person = self._staged.person(self.character) if self._staged else None
        return person.head if person else whole(self.size)

    @property
    def clothes(self) -> Box | None:
        """The clothes; ``None`` if the picture ends above them."""
        if self.face:
            return torso_of(self.face.box, self.size)
        person = self._staged.person(self.character) if self._staged else None
        return clothes_of(person, self.size) if person else None

    @property
    def hash(self) -> int:
        """Difference hash of the picture."""
        picture = self.picture
        return remember(_PLAIN, self._key("hash"), lambda: perceptual_hash(to_picture(picture)))

    @property
    def thumbnail(self) -> np.ndarray:
        """Luminance of the picture, small."""
        picture = self.picture
        return remember(_PLAIN, self._key("thumbnail"), lambda: thumbnail(to_picture(picture)))

    def colours(self) -> np.ndarray | None:
        """Colour descriptor of the clothes."""
        box = self.clothes
        if box is None:
            return None
        return remember(
            _PLAIN, self._key(f"colours {box}"), lambda: colours.describe(self._cut(box))
        )

    def keypoints(self) -> keypoints.Keypoints:
        """Keypoints of the whole picture."""
        box = whole(self.size)
        return remember(_PLAIN, self._key("keypoints"), lambda: keypoints.find(self._cut(box)))

    def embedding(self, model: clip.ClipVision, box: Box | None = None) -> torch.Tensor:
        """Unit CLIP embedding [d] of the picture, or of a part of it as a square."""

        def compute() -> torch.Tensor:
            part = self.picture if box is None else square(self.picture, box, clip.side(model))
            return clip.embed(model, [part])[0]

        return remember(model, self._key(f"clip {box}"), compute)

    @property
    def _staged(self) -> Sight | None:
        """Where the staging has everybody; unknown for a picture the user gave."""
        staging = self.reference.staging
        if staging is None:
            return None
        return remember(
            _PLAIN,
            self._key("staged"),
            lambda: sight(staging.story, staging.shot, self.size, staging),
        )

    def _find(self, model: FaceModel) -> Face | None:
        pixels = np.clip(self.pixels * 255, 0, 255).round().astype(np.uint8)
        faces = model.find(pixels)
        place = self.reference.face
        if place is None and self._staged and (person := self._staged.person(self.character)):
            place = person.head
        if place is None or not faces:
            return faces[0] if faces else None
        middle = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
        reach = max(place[2] - place[0], place[3] - place[1])
        nearest = min(faces, key=lambda face: _distance(face, middle))
        return nearest if _distance(nearest, middle) <= reach else None

    def _cut(self, box: Box) -> np.ndarray:
        return pixels_of(self.pixels, box)

    def _key(self, feature: str) -> str:
        reference = self.reference
        return f"{reference.key} {reference.character} {reference.face} {feature}"


def _distance(face: Face, point: tuple[float, float]) -> float:
    left, top, right, bottom = face.box
    return float(np.hypot((left + right) / 2 - point[0], (top + bottom) / 2 - point[1]))
