"""ComfyUI's IMAGE tensors to and from Pillow."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image

from ..errors import FrameError


def to_tensor(image: Image.Image) -> torch.Tensor:
    """An RGB picture as an IMAGE: float32 [1, H, W, 3], 0..1."""
    return torch.from_numpy(np.asarray(image.convert("RGB"), dtype=np.float32) / 255.0)[None]


def to_array(image: torch.Tensor) -> np.ndarray:
    """One IMAGE as float32 [H, W, 3], not clipped; grey is repeated, alpha left out.

    :param image: [1, H, W, C] with C = 1, 3 or 4, 0..1.
    :raises FrameError: ``image_unusable`` if it is not exactly one picture of that form.
    """
    shape = tuple(getattr(image, "shape", ()))
    if len(shape) != 4 or shape[0] != 1 or shape[3] not in (1, 3, 4) or not shape[1] * shape[2]:
        raise FrameError(
            "image_unusable",
            f"The loop body gave an image of shape {list(shape)} for one frame.",
            "It must be one picture, [1, height, width, 3]: set the batch size to 1 inside the "
            "loop, or choose one picture of the batch before Frames: close.",
        )
    array = image[0].detach().to("cpu", torch.float32).numpy()
    return np.repeat(array, 3, axis=2) if shape[3] == 1 else array[:, :, :3]


def to_picture(image: torch.Tensor) -> Image.Image:
    """One IMAGE as an RGB picture, rounded as ComfyUI's own SaveImage does.

    :raises FrameError: as :func:`to_array`.
    """
    pixels = np.nan_to_num(to_array(image), nan=0.0, posinf=1.0, neginf=0.0)
    return Image.fromarray(np.clip(255.0 * pixels, 0, 255).astype(np.uint8), "RGB")
