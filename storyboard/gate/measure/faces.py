"""Faces: finding them and comparing them, by whichever library is there.

A :class:`FaceModel` is all the gate knows of a library. To add one (OpenCV's YuNet and SFace,
say), write a class with these members and name it in :mod:`.face_models`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from ..verdict import Box


@dataclass(frozen=True, eq=False)
class Face:
    """A face found in a picture."""

    box: Box
    """Pixels of the picture; may reach out of it."""
    confidence: float
    """Of the detector, on its own scale."""
    embedding: np.ndarray
    """float32 [d], as the model compares it."""
    landmarks: np.ndarray
    """float32 [5, 2], pixels: the eyes (image left first), nose, corners of the mouth or, where
    the model has none, the outer corners of the eyes again."""

    @property
    def height(self) -> int:
        """Height of the box, pixels."""
        return self.box[3] - self.box[1]


@runtime_checkable
class FaceModel(Protocol):
    """A detector with an embedding."""

    @property
    def name(self) -> str:
        """``library`` or ``library:pack``: the scale its similarities lie on."""
        ...

    def find(self, picture: np.ndarray, smallest: float = 0.0) -> list[Face]:
        """The faces of a picture, the largest first.

        :param picture: uint8 [H, W, 3], RGB.
        :param smallest: height in pixels from which on faces matter, so that a model need not
            look closer; 0 if that is not known.
        """
        ...

    def similarity(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Similarities [n, m] of embeddings [n, d] and [m, d]: 1 for the same picture,
        around 0 and below for strangers."""
        ...


@dataclass(frozen=True)
class Missing:
    """Why there is no face model."""

    reason: str
    failed: bool = False
    """Whether it is there and could not be loaded: it may be another time."""
