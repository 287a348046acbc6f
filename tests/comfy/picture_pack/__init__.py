"""A loop body that gives pictures from disk: it stands for a sampler whose takes are known."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image


class StubPicture:
    """``<folder>/<frame>_<seed>.png``, or ``<folder>/<frame>.png`` for any seed."""

    CATEGORY = "stub"
    FUNCTION = "run"
    RETURN_TYPES = ("IMAGE",)

    @classmethod
    def INPUT_TYPES(cls):  # noqa: N802 - ComfyUI calls it so
        seed = ("INT", {"default": 0, "max": 2**64 - 1})
        return {
            "required": {
                "folder": ("STRING", {}),
                "frame": ("INT", {"default": 1}),
                "seed": seed,
                "weight": ("FLOAT", {"default": 1.0}),
            }
        }

    def run(self, folder, frame, seed, weight):
        with (Path(folder) / "made.log").open("a") as log:
            log.write(f"{frame} {seed} {weight}\n")
        path = Path(folder) / f"{frame}_{seed}.png"
        if not path.exists():
            path = Path(folder) / f"{frame}.png"
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("RGB"), np.float32) / 255
        return (torch.from_numpy(pixels)[None],)


NODE_CLASS_MAPPINGS = {"StubPicture": StubPicture}
