"""A copy of ComfyUI whose CLIP models are small: three JSON files differ, all code is the same.

The sizes of text and image encoders are not read from the weight files but from configuration
files beside ComfyUI's code. With the small ones a checkpoint loads in two seconds and 1.5 GB.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from aldar_storyboard.runner.server.comfyui import ComfyUI

from . import TRIMMED, Scale
from .encoders import Encoder


def trimmed(comfyui: ComfyUI, folder: Path, scale: Scale = TRIMMED) -> ComfyUI:
    """Copy a ComfyUI to ``folder`` and make its encoders those of ``scale``.

    :param folder: must not exist.
    """
    shutil.copytree(comfyui.path, folder)
    for name, encoder in {
        "sd1_clip_config.json": scale.clip_l,
        "clip_config_bigg.json": scale.clip_g,
        "clip_vision_config_h.json": scale.vision,
    }.items():
        path = folder / "comfy" / name
        path.write_text(json.dumps(_resized(json.loads(path.read_text()), encoder)))
    return replace(comfyui, path=folder)


def _resized(config: dict[str, Any], encoder: Encoder) -> dict[str, Any]:
    heads = max(1, config["num_attention_heads"] * encoder.width // config["hidden_size"])
    return config | {
        "hidden_size": encoder.width,
        "intermediate_size": encoder.mlp,
        "num_attention_heads": heads,
        "num_hidden_layers": encoder.layers,
        "projection_dim": encoder.projection or encoder.width,
    }
