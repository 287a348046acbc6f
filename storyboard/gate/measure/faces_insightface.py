"""Faces by insightface (0.7.3, 2.x): SCRFD detector and ArcFace embedding of a model pack.

A pack lies in ``models/insightface/models/<pack>/*.onnx``, as other packs of ComfyUI expect it.
It is looked for first: asked for one that is not there, insightface would download it. The
library is MIT-licensed, **its pretrained packs are for non-commercial research only**.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import io
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .faces import Face, FaceModel, Missing

DETECT_AT = (640, 640)
"""Pinned: 2.x would choose by itself, and find other faces than 0.7.3."""


class InsightFaces:
    """A loaded pack."""

    def __init__(self, analysis: Any, pack: str) -> None:
        self._analysis = analysis
        self.name = f"insightface:{pack}"

    def find(self, picture: np.ndarray, smallest: float = 0.0) -> list[Face]:
        """See :class:`.faces.FaceModel`."""
        bgr = np.ascontiguousarray(picture[:, :, ::-1])
        faces = []
        for face in self._analysis.get(bgr):
            left, top, right, bottom = (round(float(edge)) for edge in face.bbox)
            faces.append(
                Face(
                    (left, top, right, bottom),
                    float(face.det_score),
                    np.asarray(face.embedding, np.float32),
                    np.asarray(face.kps, np.float32),
                )
            )
        return sorted(faces, key=lambda face: -face.height)

    def similarity(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Cosine, as ArcFace is trained for: the same person 0.4-0.9, strangers around 0."""
        a = a / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-9)
        b = b / np.maximum(np.linalg.norm(b, axis=1, keepdims=True), 1e-9)
        return a @ b.T


def open_pack(pack: str, models: Path | None) -> FaceModel | Missing:
    """A pack, loaded once per process, or why it cannot be."""
    reason = missing(pack, models)
    if reason is not None:
        return Missing(reason)
    try:
        return _load(pack, models)
    except Exception as error:  # onnxruntime and insightface share no base of their errors
        why = f"{type(error).__name__}: {error}"
        return Missing(f"insightface's pack {pack} cannot be loaded: {why}", failed=True)


def missing(pack: str, models: Path | None) -> str | None:
    """Why a pack cannot be used, found without importing insightface; ``None`` if it can."""
    for module in ("insightface", "onnxruntime"):
        if importlib.util.find_spec(module) is None:
            return f"package {module} is not installed (pip install {module})"
    folder = _folder(models, pack)
    if folder is None or not any(folder.glob("*.onnx")):
        place = folder or f"models/insightface/models/{pack}"
        return f"insightface's pack {pack} is not in {place} (non-commercial use only)"
    return None


def version(pack: str) -> str:
    """What decides its answers, found without importing insightface."""
    return f"insightface {importlib.metadata.version('insightface')} {pack}"


def _folder(models: Path | None, pack: str) -> Path | None:
    return None if models is None else models / "insightface" / "models" / pack


@lru_cache(maxsize=4)
def _load(pack: str, models: Path | None) -> FaceModel:
    """The loaded models. Only what could be loaded is kept: memory that is full now may be
    free at the next take."""
    from insightface.app import FaceAnalysis  # pyright: ignore[reportMissingImports]

    assert models
    wanted = ["detection", "recognition"]
    with contextlib.redirect_stdout(io.StringIO()):  # it prints every file it loads
        analysis = FaceAnalysis(name=pack, root=str(models / "insightface"), allowed_modules=wanted)
        lacking = [module for module in wanted if module not in analysis.models]
        if lacking:
            raise LookupError(f"it has no model for {', '.join(lacking)}")
        analysis.prepare(ctx_id=0, det_size=DETECT_AT)
    return InsightFaces(analysis, pack)
