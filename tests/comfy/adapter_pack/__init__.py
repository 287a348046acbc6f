"""Stands in for ComfyUI_IPAdapter_plus where no checkout of it is given.

The nodes have the recorded signatures of the real ones. FaceID tints what the model draws by the
picture it is given, as strongly as its weight says and only inside its mask, so that a test can
see which reference steered which part of which frame.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import folder_paths
import torch

RECORDED = Path(__file__).resolve().parents[3] / "tools/recorded/ipadapter_plus.json"
NODES = json.loads(RECORDED.read_text("utf-8"))["nodes"]

folder_paths.folder_names_and_paths.setdefault(
    "ipadapter",
    ([str(Path(folder_paths.models_dir) / "ipadapter")], folder_paths.supported_pt_extensions),
)


class _Recorded:
    """A node whose signature stands in the recording under the name of its class."""

    FUNCTION = "run"
    CATEGORY = "test"
    RETURN_TYPES: tuple[str, ...]
    RETURN_NAMES: tuple[str, ...]

    def __init_subclass__(cls) -> None:
        outputs = NODES[cls.__name__]["outputs"]
        cls.RETURN_TYPES = tuple(output["type"] for output in outputs)
        cls.RETURN_NAMES = tuple(output["name"] for output in outputs)

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        groups: dict[str, dict[str, Any]] = {"required": {}, "optional": {}}
        for name, given in NODES[cls.__name__]["inputs"].items():
            options = {k: v for k, v in given.items() if k in ("default", "min", "max", "step")}
            kind = given["type"]
            if kind == "COMBO":
                kind = given["options"]
                kind = (
                    kind if isinstance(kind, list) else folder_paths.get_filename_list("ipadapter")
                )
            groups["required" if given["required"] else "optional"][name] = (kind, options)
        return groups


class IPAdapterModelLoader(_Recorded):
    def run(self, ipadapter_file):
        path = folder_paths.get_full_path_or_raise("ipadapter", ipadapter_file)
        return (torch.load(path, weights_only=True, map_location="cpu"),)


class IPAdapterInsightFaceLoader(_Recorded):
    def run(self, provider, model_name):
        return (f"{model_name} on {provider}",)


class IPAdapterFaceID(_Recorded):
    def run(self, model, ipadapter, image, weight, insightface, clip_vision, attn_mask, **_):
        assert {"image_proj", "ip_adapter"} <= set(ipadapter)
        embedded = clip_vision.encode_image(image)
        assert embedded["image_embeds"].shape[0] == len(image)
        tint = weight * (image.mean(dim=(0, 1, 2)) - 0.5)

        def steer(arguments):
            denoised = arguments["denoised"]
            size = denoised.shape[-2:]
            mask = torch.nn.functional.interpolate(attn_mask[:, None], size, mode="bilinear")
            shift = torch.zeros_like(denoised)
            shift[:, :3] = tint[:, None, None].to(denoised)
            return denoised + shift * mask.to(denoised)

        steered = model.clone()
        steered.set_model_sampler_post_cfg_function(steer)
        return (steered, image)


NODE_CLASS_MAPPINGS = {
    node.__name__: node
    for node in (IPAdapterModelLoader, IPAdapterInsightFaceLoader, IPAdapterFaceID)
}
