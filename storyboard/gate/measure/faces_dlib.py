"""Faces by dlib: detector, five landmarks, ResNet embedding, all from pip packages.

The wheel ``dlib-bin`` holds the code, ``face_recognition_models`` the weights. The latter is
found on disk but never imported: it needs ``pkg_resources``, which is gone from setuptools. Of
its models the 68-point predictor is not used, as its training data forbids commercial use; the
other three are public domain (https://github.com/davisking/dlib-models).
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from .faces import Face, FaceModel, Missing

LEAST_FACE = 80
"""Pixels: smaller faces are not found."""
SIDES = (640, 1024)
"""Pixels of the longer side at which a picture is searched: as few as the smallest face allows."""
SECOND_SIDE = 1280
"""If nothing is found, it is searched once more, for small and unclear faces."""
LEAST_SCORE = 0.0
"""Of a detection."""
SURE_SCORE, SURE_LENGTH = 0.3, 1.4
"""Of a detection, and of its embedding: the network was never shown anything but faces, and what
is none comes out shorter. A detection that lacks either is checked by the slower CNN detector.
Of 1210 detections of nine people 82 % have both, of 31 false ones in 1000 pictures none."""
CHECK_SIDE, CHECK_MARGIN = 128, 0.3
"""Pixels of the crop the CNN looks at, and its margin in face widths: the face is 80 pixels wide
in it. The CNN is blind to smaller ones: of 100 clear faces it finds all at 70 pixels and more, 96
at 68, none at 50."""
_FILES = {
    "landmarks": "shape_predictor_5_face_landmarks.dat",
    "embedding": "dlib_face_recognition_resnet_model_v1.dat",
    "check": "mmod_human_face_detector.dat",
}


class DlibFaces:
    """dlib's face models."""

    name = "dlib"

    def __init__(self, dlib: Any, folder: Path) -> None:
        self._detector = dlib.get_frontal_face_detector()
        self._landmarks = dlib.shape_predictor(str(folder / _FILES["landmarks"]))
        self._embedding = dlib.face_recognition_model_v1(str(folder / _FILES["embedding"]))
        self._check = dlib.cnn_face_detection_model_v1(str(folder / _FILES["check"]))

    def find(self, picture: np.ndarray, smallest: float = 0.0) -> list[Face]:
        """See :class:`.faces.FaceModel`."""
        image = Image.fromarray(picture)
        side = LEAST_FACE * max(image.size) / smallest if smallest else SIDES[0]
        faces = self._find(image, round(min(max(side, SIDES[0]), SIDES[1])))
        faces = faces or self._find(image, SECOND_SIDE)
        return sorted(faces, key=lambda face: -face.height)

    def similarity(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """One minus dlib's distance: the same person 0.8-0.95, strangers 0.1-0.4."""
        return 1 - np.linalg.norm(a[:, None] - b[None], axis=2)

    def _find(self, image: Image.Image, side: int) -> list[Face]:
        scale = side / max(image.size)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        small = image.resize(size, Image.Resampling.BILINEAR)
        pixels = np.asarray(small)
        boxes, scores, _ = self._detector.run(pixels, 0, LEAST_SCORE)
        faces = []
        for box, score in zip(boxes, scores, strict=True):
            weak = score < SURE_SCORE
            if weak and not self._is_face(small, box):
                continue
            shape = self._landmarks(pixels, box)
            embedding = np.array(self._embedding.compute_face_descriptor(pixels, shape), np.float32)
            short = np.linalg.norm(embedding) < SURE_LENGTH
            if short and not weak and not self._is_face(small, box):
                continue
            points = np.array([(p.x, p.y) for p in shape.parts()], np.float32) / scale
            edges = (box.left(), box.top(), box.right(), box.bottom())
            left, top, right, bottom = (round(edge / scale) for edge in edges)
            faces.append(Face((left, top, right, bottom), score, embedding, _ordered(points)))
        return faces

    def _is_face(self, image: Image.Image, box: Any) -> bool:
        margin = round(box.width() * CHECK_MARGIN)
        edges = (box.left() - margin, box.top() - margin)
        crop = image.crop((*edges, box.right() + margin, box.bottom() + margin))
        crop = crop.resize((CHECK_SIDE, CHECK_SIDE), Image.Resampling.BILINEAR)
        return len(self._check(np.asarray(crop), 0)) > 0


def open_dlib() -> FaceModel | Missing:
    """dlib's models, loaded once per process, or why they cannot be."""
    reason = _missing()
    if reason is not None:
        return Missing(reason)
    try:
        return _load()
    except (ImportError, RuntimeError, OSError, MemoryError) as error:  # a cut file: the second
        return Missing(f"dlib's face models cannot be loaded: {error}", failed=True)


def version() -> str:
    """What decides their answers, found without importing anything."""
    if _missing() is not None:
        return "none"
    return f"dlib {importlib.metadata.version('dlib-bin') if _is_wheel() else 'system'}"


@lru_cache(maxsize=1)
def _load() -> FaceModel:
    """The loaded models. Only what could be loaded is kept: memory that is full now may be
    free at the next take."""
    import dlib  # pyright: ignore[reportMissingImports]

    folder = _folder()
    assert folder
    return DlibFaces(dlib, folder)


def _missing() -> str | None:
    for module, package in (("dlib", "dlib-bin"), ("face_recognition_models",) * 2):
        if importlib.util.find_spec(module) is None:
            return f"package {package} is not installed (pip install {package})"
    folder = _folder()
    lacking = [name for name in _FILES.values() if not folder or not (folder / name).is_file()]
    return f"face_recognition_models lacks {', '.join(lacking)}" if lacking else None


def _folder() -> Path | None:
    spec = importlib.util.find_spec("face_recognition_models")
    places = list((spec and spec.submodule_search_locations) or [])
    return Path(places[0]) / "models" if places else None


def _is_wheel() -> bool:
    try:
        importlib.metadata.version("dlib-bin")
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _ordered(points: np.ndarray) -> np.ndarray:
    """dlib's five points (corners of one eye, of the other, under the nose) in our order."""
    eyes = sorted((points[0:2].mean(axis=0), points[2:4].mean(axis=0)), key=lambda p: float(p[0]))
    outer = sorted((points[0], points[2]), key=lambda p: float(p[0]))
    return np.stack((*eyes, points[4], *outer)).astype(np.float32)
