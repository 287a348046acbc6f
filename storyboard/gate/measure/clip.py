"""CLIP image embeddings by the CLIP_VISION model that ComfyUI has loaded.

The socket's object is only asked for ``encode_image(pictures)`` and its ``image_embeds``, so any
vision model of ComfyUI does. Embeddings stay on the device they come from, and only one number
per frame leaves it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

import torch

from ...errors import FrameError

NAME = "clip"
"""The method's name in scores."""


class ClipVision(Protocol):
    """What we use of ComfyUI's CLIP_VISION."""

    def encode_image(self, image: torch.Tensor, /) -> Any:
        """Encode pictures [n, H, W, 3]; the answer has ``image_embeds`` [n, d]."""
        ...


def embed(clip_vision: ClipVision, pictures: Sequence[torch.Tensor]) -> torch.Tensor:
    """Unit embeddings of pictures, [n, d]. Pictures of one size are one forward pass.

    :param pictures: IMAGEs of one picture each, [1, H, W, C] with C = 1, 3 or 4, 0..1, finite.
    :raises FrameError: ``image_unusable`` if the model gives no embeddings of pictures.
    """
    by_size: dict[tuple[int, ...], list[int]] = {}
    for index, picture in enumerate(pictures):
        by_size.setdefault(tuple(picture.shape[1:3]), []).append(index)
    rows: list[torch.Tensor] = [torch.empty(0)] * len(pictures)
    for indices in by_size.values():
        batch = torch.cat([_rgb(pictures[index]) for index in indices])
        embedded = getattr(clip_vision.encode_image(batch), "image_embeds", None)
        if not isinstance(embedded, torch.Tensor) or embedded.shape[:1] != batch.shape[:1]:
            raise FrameError(
                "image_unusable",
                "The CLIP vision model of the gate gives no embedding of a picture.",
                "Load a CLIP vision model (such as CLIP-ViT-H-14-laion2B-s32B-b79K) instead.",
            )
        for index, row in zip(indices, embedded.flatten(1).float(), strict=True):
            rows[index] = row
    return torch.nn.functional.normalize(torch.stack(rows), dim=-1)


def side(clip_vision: ClipVision) -> int:
    """Pixels per side that the model looks at; crops are brought to it."""
    size = getattr(clip_vision, "image_size", 224)
    return size if isinstance(size, int) else 224


def cosine(a: torch.Tensor, b: torch.Tensor) -> float | None:
    """Cosine of two unit embeddings [d], computed on the device of the first; -1 to 1, to four
    digits. ``None`` if they hold no numbers: a damaged model, or one that overflows in half
    precision."""
    value = float((a * b.to(a.device)).sum())
    return round(value, 4) if math.isfinite(value) else None


def looked_at(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The part of a (width, height) picture that ComfyUI shows the model: the middle square."""
    side = min(size)
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    return left, top, left + side, top + side


def _rgb(picture: torch.Tensor) -> torch.Tensor:
    return picture.expand(-1, -1, -1, 3) if picture.shape[3] == 1 else picture[..., :3]
