"""The prompt score: how well a frame fits its words, by open-clip with weights of the user's own.

The weights lie in a folder as their authors publish them (``open_clip_config.json`` beside
``open_clip_model.safetensors``); nothing is downloaded. The value is CLIPScore (Hessel et al.
2021, arXiv:2104.08718): 2.5 times the cosine of picture and words, cut to 0..1. It is reported
and never gates: a fine frame of a long prompt scores lower than a dull one of a short prompt.
"""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from ...tensors.images import to_picture
from .remember import remember

NAME = "open-clip"
"""The method's name in scores."""
FOLDER = "open_clip"
"""Below ComfyUI's models folder; one folder per model in it."""
_SCALE = 2.5
_CONFIG = "open_clip_config.json"


class TextImage:
    """A loaded model."""

    def __init__(self, model: Any, transform: Any, tokenizer: Any) -> None:
        self._model = model
        self._transform = transform
        self._tokenizer = tokenizer

    @torch.inference_mode()
    def scores(self, pictures: Sequence[torch.Tensor], words: Sequence[str]) -> list[float | None]:
        """CLIPScore of every picture with its words, one forward pass for all; ``None`` where a
        damaged model gives no number.

        :param pictures: IMAGEs of one picture each, finite.
        """
        batch = torch.stack([self._transform(to_picture(picture)) for picture in pictures])
        images = self._model.encode_image(batch, normalize=True)
        texts = torch.cat([remember(self, text, lambda t=text: self._encode(t)) for text in words])
        values = (_SCALE * (images * texts).sum(dim=-1)).clamp(0, 1).tolist()
        return [value if math.isfinite(value) else None for value in values]

    def _encode(self, text: str) -> torch.Tensor:
        return self._model.encode_text(self._tokenizer([text]), normalize=True)


class Unloaded(str):
    """Why a model that is there cannot be loaded; it may be another time."""


def open_models(name: str, models: Path) -> TextImage | str:
    """The model of that name, loaded once per process, or why there is none.

    :param name: of a folder in ``open_clip``; empty for none.
    :param models: ComfyUI's models folder.
    """
    if not name.strip():
        return "no text-image model is named"
    folder = _folder(name, models)
    if folder is None:
        return f"{name!r} is not the name of a folder in models/{FOLDER}"
    if importlib.util.find_spec("open_clip") is None:
        return "package open-clip-torch is not installed (pip install open-clip-torch)"
    if not (folder / _CONFIG).is_file():
        return f"there is no {_CONFIG} in {folder}"
    try:
        return _load(folder)
    except Exception as error:  # whatever a stranger's weights make of it
        return Unloaded(f"the model in {folder} cannot be loaded: {type(error).__name__}: {error}")


def text_version(name: str, models: Path) -> str:
    """What decides the model that :func:`open_models` gives, without loading it."""
    folder = _folder(name, models) if name.strip() else None
    here = folder is not None and (folder / _CONFIG).is_file()
    return name if here and importlib.util.find_spec("open_clip") else "none"


def _folder(name: str, models: Path) -> Path | None:
    """Where the model of a name lies; ``None`` if the name, which a workflow gives, is no plain
    one and may lead out of the models folder."""
    plain = re.fullmatch(r"[\w][\w .-]{0,100}", name.strip()) and ".." not in name
    return models / FOLDER / name.strip() if plain else None


@lru_cache(maxsize=1)
def _load(folder: Path) -> TextImage:
    """The loaded model. Only what could be loaded is kept: memory that is full now may be
    free at the next take."""
    import open_clip  # pyright: ignore[reportMissingImports]

    # Unlike the other ways to make a model, this one refuses to go on without weights.
    made: Any = open_clip.create_model_from_pretrained(f"local-dir:{folder}")
    model, transform = made
    model.eval()
    return TextImage(model, transform, open_clip.get_tokenizer(f"local-dir:{folder}"))
