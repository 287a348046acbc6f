"""What the gate knows and what it costs: ``python benchmarks/gate.py --json``.

On photographs that ship inside pip packages (see ``tests/faces``). With ``--json`` the last line
on stdout is one JSON object:

* ``backends``: for every way to compare faces that is installed, calibrated for each of nine
  people on half of their pictures and on four of the other people, then asked about the other half
  and the other four: ``true_accept`` (the same person in other light, size, angle; a face that is
  not found counts as wrong), ``false_accept`` (people never shown to it), ``correct`` of both,
  ``eer``, ``covered`` (the same person with a fifth of the face covered: found, and of those
  accepted), ``ms_per_frame`` (median wall time of the face score of a 1024x1024 frame of one
  person, searched as closely as it ever is), ``processor_ms_per_frame``, ``ms_at_most`` (the
  slowest frame);
* ``negative_controls``: frame that must be rejected -> score that rejected it, or null;
* ``positive_controls``: frame that must be accepted -> whether it was;
* ``features_recomputed``: how often features of a reference were computed again in 20 takes;
* ``identity``: what the identity score takes beyond the forward pass of CLIP, as a share of it;
* ``unavailable``: ways to compare faces that are not installed here, and why.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from aldar_storyboard.runner.server import comfyui
from aldar_storyboard.storyboard.errors import RunnerError
from aldar_storyboard.storyboard.gate.calibration import Threshold
from aldar_storyboard.storyboard.gate.measure import clip, features
from aldar_storyboard.storyboard.gate.measure.examine import Tools
from aldar_storyboard.storyboard.gate.measure.face_models import PACKS, open_faces
from aldar_storyboard.storyboard.gate.measure.faces import Face, FaceModel, Missing
from aldar_storyboard.storyboard.gate.measure.judge import judge
from aldar_storyboard.storyboard.gate.measure.remember import remember
from aldar_storyboard.storyboard.gate.policy import Policy, Preset
from aldar_storyboard.storyboard.gate.separation import equal_error
from aldar_storyboard.storyboard.tensors.images import to_tensor
from aldar_storyboard.tests.faces import CHANGES, changed, masked, people
from aldar_storyboard.tests.faces.controls import calibration, controls
from PIL import Image, ImageOps

REPEATS = 5


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--json", action="store_true", help="only one line of JSON on stdout")
    options = parser.parse_args()
    torch.set_num_threads(1)
    backends: dict[str, Any] = {}
    unavailable: dict[str, str] = {}
    for choice in ("dlib", *PACKS):
        model = open_faces(choice, _models())
        if isinstance(model, Missing):
            unavailable[choice] = model.reason
        else:
            backends[choice] = _measure(model)
    result = {"backends": backends, "unavailable": unavailable, "identity": _identity()}
    dlib = open_faces("dlib", None)
    if not isinstance(dlib, Missing):
        result |= _controls(Tools(dlib))
        result["features_recomputed"] = _recomputed(dlib)
    print(json.dumps(result) if options.json else json.dumps(result, indent=2))


def _models() -> Path | None:
    try:
        return comfyui.find().base / "models"
    except RunnerError:
        return None


def _measure(model: FaceModel) -> dict[str, Any]:
    """One backend on the labelled set."""
    portraits = people()
    references = {person: _face(model, portrait) for person, portrait in portraits.items()}
    seen = {(person, change): _face(model, picture) for person, change, picture in changed()}
    covers = [(person, _face(model, picture)) for person, _, picture in masked()]
    learned, asked = list(CHANGES)[::2], list(CHANGES)[1::2]
    own, others, behind = [], [], []
    for person, reference in references.items():
        if reference is None:
            raise SystemExit(f"{model.name} finds no face in the portrait of {person}")
        seen_before = [other for other in portraits if other != person][::2]
        rows = _found([reference, *(seen[person, change] for change in learned)])
        strangers = _found([seen[other, change] for other in seen_before for change in learned])
        threshold = Threshold.of(
            model.similarity(rows, rows), model.similarity(rows, strangers)
        ).threshold

        def passes(
            face: np.ndarray | None, row: np.ndarray = rows[:1], limit: float = threshold
        ) -> tuple[float, bool]:
            value = -1.0 if face is None else float(model.similarity(row, face[None])[0, 0])
            return value, value >= limit

        for (who, change), face in seen.items():
            if change in asked and who not in seen_before:
                (own if who == person else others).append(passes(face))
        behind += [passes(face) for who, face in covers if who == person and face is not None]
    accepted, wrong = (sum(passed for _, passed in answers) for answers in (own, others))
    return {
        "true_accept": round(accepted / len(own), 4),
        "false_accept": round(wrong / len(others), 4),
        "correct": round((accepted + len(others) - wrong) / (len(own) + len(others)), 4),
        "eer": round(equal_error(*(np.array([v for v, _ in a]) for a in (own, others)))[1], 4),
        "pairs": {"same": len(own), "different": len(others)},
        "covered": {
            "pictures": len(covers),
            "found": len(behind),
            "accepted": sum(passed for _, passed in behind),
        },
        **_face_time(model),
    }


def _face(model: FaceModel, image: Image.Image) -> np.ndarray | None:
    """Embedding of the largest face."""
    boxes = model.find(np.asarray(image))
    return boxes[0].embedding if boxes else None


def _found(rows: Iterable[np.ndarray | None]) -> np.ndarray:
    return np.stack([row for row in rows if row is not None])


def _face_time(model: FaceModel) -> dict[str, float]:
    """Milliseconds to find and compare the face of a 1024x1024 frame."""
    frames = [
        np.asarray(ImageOps.fit(portrait, (1024, 1024), Image.Resampling.BICUBIC))
        for portrait in people().values()
    ]
    reference = model.find(frames[0])[0].embedding[None]

    def score(frame: np.ndarray) -> None:
        for face in model.find(frame, smallest=1):
            model.similarity(reference, face.embedding[None])

    times = np.array(
        [[_milliseconds(lambda f=frame: score(f)) for _ in range(REPEATS)] for frame in frames]
    )
    wall, processor = np.median(times, axis=(0, 1))
    slowest = np.median(times[:, :, 0], axis=1).max()
    return {
        "ms_per_frame": round(float(wall), 1),
        "processor_ms_per_frame": round(float(processor), 1),
        "ms_at_most": round(float(slowest), 1),
    }


def _milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor time of a piece of work."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - processor)


def _controls(tools: Tools) -> dict[str, Any]:
    negative: dict[str, str | None] = {}
    positive: dict[str, bool] = {}
    policy = Policy(Preset.CALIBRATED, calibration(tools))
    with tempfile.TemporaryDirectory() as folder:
        for control in controls(Path(folder)):
            (verdict,) = judge([control.take], [control.picture], tools, policy)
            failed = [score.name for score in verdict.failed()]
            if not control.rejected_by:
                positive[control.name] = not failed
            elif control.rejected_by in failed:
                negative[control.name] = control.rejected_by
            else:
                negative[control.name] = failed[0] if failed else None
    return {"negative_controls": negative, "positive_controls": positive}


class _Counting:
    """A face model that counts how often each picture is looked at."""

    def __init__(self, model: FaceModel) -> None:
        self.name = model.name
        self.similarity = model.similarity
        self.looked: Counter[bytes] = Counter()
        self._find = model.find

    def find(self, picture: np.ndarray, smallest: float = 0.0) -> list[Face]:
        self.looked[picture.tobytes()] += 1
        return self._find(picture, smallest)


def _recomputed(model: FaceModel) -> int:
    """How often features of one reference are computed again in 20 takes: by the models, and by
    whatever remembers its answers."""
    faces, vision = _Counting(model), _Vision(blocks=1)
    computed: Counter[str] = Counter()

    def counting(model: Any, key: str, compute: Callable[[], Any]) -> Any:
        def count() -> Any:
            computed[key] += 1
            return compute()

        return remember(model, key, count)

    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(features, "remember", counting),
    ):
        control = controls(Path(folder))[0]
        reference = np.asarray(people()["astronaut"]).tobytes()
        asked = []
        for _ in range(20):
            vision.pictures = 0
            judge([control.take], [control.picture], Tools(faces, vision), Policy())
            asked.append(vision.pictures)
    # The first take encodes the reference as well, every later one only itself.
    encoded = sum(count - min(asked) for count in asked[1:])
    return faces.looked[reference] - 1 + encoded + sum(n - 1 for n in computed.values())


class _Vision:
    """An untrained image encoder of the size of CLIP ViT-B/16, used as ComfyUI's CLIP_VISION."""

    image_size = 224

    def __init__(self, blocks: int = 12) -> None:
        torch.manual_seed(0)
        self.pictures = 0
        self._patches = torch.nn.Conv2d(3, 768, 16, 16)
        layer = torch.nn.TransformerEncoderLayer(768, 12, 3072, batch_first=True)
        self._blocks = torch.nn.TransformerEncoder(layer, blocks, enable_nested_tensor=False).eval()

    @torch.inference_mode()
    def encode_image(self, image: torch.Tensor) -> SimpleNamespace:
        self.pictures += len(image)
        size = (self.image_size, self.image_size)
        small = torch.nn.functional.interpolate(
            image.movedim(-1, 1), size, mode="bicubic", antialias=True
        )
        tokens = self._patches(small).flatten(2).movedim(1, 2)
        return SimpleNamespace(image_embeds=self._blocks(tokens).mean(dim=1))


def _identity() -> dict[str, float]:
    vision = _Vision()
    frame = to_tensor(people()["astronaut"].resize((1024, 1024)))
    reference = clip.embed(vision, [frame])[0]
    forward, whole = [], []
    for _ in range(REPEATS):
        forward.append(_milliseconds(lambda: vision.encode_image(frame))[1])
        whole.append(
            _milliseconds(lambda: clip.cosine(clip.embed(vision, [frame])[0], reference))[1]
        )
    beyond = min(whole) / min(forward) - 1
    return {"forward_ms": round(min(forward), 1), "beyond": round(max(0.0, beyond), 4)}


if __name__ == "__main__":
    main()
