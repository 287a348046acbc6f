"""ComfyUI's IMAGE tensors to and from Pillow."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ..errors import FrameError
from ..pictures import open_picture


def to_tensor(image: Image.Image) -> torch.Tensor:
    """An RGB picture as an IMAGE: float32 [1, H, W, 3], 0..1."""
    return torch.from_numpy(np.asarray(image.convert("RGB"), dtype=np.float32) / 255.0)[None]


def to_mask(mask: Image.Image) -> torch.Tensor:
    """A grey picture as a MASK: float32 [1, H, W], 0..1."""
    return torch.from_numpy(np.asarray(mask.convert("L"), dtype=np.float32) / 255.0)[None]


def fit(images: torch.Tensor, size: tuple[int, int], count: int) -> torch.Tensor:
    """Pictures for ``count`` takes in the board's format; as they are, if they fit already.

    :param images: [1 or ``count``, H, W, C].
    :param size: (width, height) in pixels.
    :returns: float32 [``count``, height, width, 3].
    :raises FrameError: ``image_unusable`` for any other number of pictures.
    """
    if images.shape == (count, size[1], size[0], 3):
        return images
    if len(images) not in (1, count):
        raise _unusable(images)
    pictures = [
        to_picture(frame).resize(size, Image.Resampling.LANCZOS) for frame in split([images])
    ]
    return torch.cat([to_tensor(picture) for picture in pictures * (count // len(pictures))])


def fit_masks(masks: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Masks in the board's format; as they are, if they fit already.

    :param masks: [n, H, W] or [H, W], 0..1.
    :param size: (width, height) in pixels.
    :returns: float32 [n, height, width].
    :raises FrameError: ``image_unusable`` if there is no mask in it.
    """
    if getattr(masks, "ndim", 0) not in (2, 3) or not masks.numel():
        raise FrameError(
            "image_unusable",
            f"Masks of shape [n, height, width] are needed, not {_shape(masks)}.",
            "Give one mask for each character, in the order of the cast.",
        )
    masks = masks.reshape(-1, *masks.shape[-2:]).float()
    if masks.shape[1:] != (size[1], size[0]):
        masks = torch.nn.functional.interpolate(
            masks[:, None], (size[1], size[0]), mode="bilinear", antialias=True
        )[:, 0]
    return masks.nan_to_num().clamp(0, 1)


def background_of(masks: torch.Tensor) -> torch.Tensor:
    """What masks [n, H, W] leave: [1, H, W]."""
    return (1 - masks.sum(dim=0, keepdim=True)).clamp(0, 1)


@lru_cache(maxsize=8)
def load_image(path: Path) -> torch.Tensor:
    """A picture file as an IMAGE; the same object every time, as references are used often.

    :raises InputError: ``picture_unusable``.
    """
    return to_tensor(open_picture(path).image)


def split(images: Iterable[torch.Tensor]) -> list[torch.Tensor]:
    """A list of IMAGE batches as single pictures, each [1, H, W, C].

    :raises FrameError: ``image_unusable`` if something in the list is not an IMAGE.
    """
    pictures = []
    for batch in images:
        if getattr(batch, "ndim", 0) != 4:
            raise _unusable(batch)
        pictures += batch.split(1)
    return pictures


def to_array(image: torch.Tensor) -> np.ndarray:
    """One IMAGE as float32 [H, W, 3], not clipped; grey is repeated, alpha left out.

    :param image: [1, H, W, C] with C = 1, 3 or 4, 0..1.
    :raises FrameError: ``image_unusable`` if it is not exactly one picture of that form.
    """
    shape = tuple(image.shape)
    if len(shape) != 4 or shape[0] != 1 or shape[3] not in (1, 3, 4) or not shape[1] * shape[2]:
        raise _unusable(image)
    array = image[0].detach().to("cpu", torch.float32).numpy()
    return np.repeat(array, 3, axis=2) if shape[3] == 1 else array[:, :, :3]


def to_picture(image: torch.Tensor) -> Image.Image:
    """One IMAGE as an RGB picture, rounded as ComfyUI's own SaveImage does.

    :raises FrameError: as :func:`to_array`.
    """
    pixels = np.nan_to_num(to_array(image), nan=0.0, posinf=1.0, neginf=0.0)
    return Image.fromarray(np.clip(255.0 * pixels, 0, 255).astype(np.uint8), "RGB")


def _shape(image: object) -> object:
    return list(getattr(image, "shape", ())) or type(image).__name__


def _unusable(image: object) -> FrameError:
    return FrameError(
        "image_unusable",
        f"A picture of shape [1, height, width, 3] is needed, not {_shape(image)}.",
        "Give one RGB picture: choose one of the batch, or convert it first.",
    )
