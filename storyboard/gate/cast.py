"""Which detected face is whom: the cast of a shot against the faces found in its frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment


@dataclass(frozen=True)
class CastMatch:
    """Who was found."""

    faces: dict[str, tuple[int, float]]
    """Character -> (index of its face, similarity to its reference)."""
    unmatched: tuple[int, ...]
    """Faces that are nobody's of the characters given."""


def match_cast(characters: Sequence[str], similarity: np.ndarray) -> CastMatch:
    """Give every character at most one face, and every face to at most one character.

    The Hungarian method takes the assignment whose similarities add up highest, so nobody's face
    passes for two, and the best face of one character is not handed to another who resembles it
    a little more (Kuhn 1955, as scipy's ``linear_sum_assignment``).

    :param characters: those that have a reference.
    :param similarity: [characters, faces], higher is more alike, finite.
    """
    rows, columns = linear_sum_assignment(similarity, maximize=True)
    faces = {
        str(characters[row]): (int(column), float(similarity[row, column]))
        for row, column in zip(rows, columns, strict=True)
    }
    taken = {face for face, _ in faces.values()}
    return CastMatch(faces, tuple(i for i in range(similarity.shape[1]) if i not in taken))
