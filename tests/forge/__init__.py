"""Synthetic weights: the files of a real model folder, filled with seeded noise.

They run through the unmodified loaders, samplers and adapters of ComfyUI on a processor alone,
so that a workflow can be tested from its first node to its last. Pictures made with them mean
nothing, but they depend on seed, prompt, LoRA, reference and control image as real ones do::

    forge(base / "models")                                # everything, for a trimmed ComfyUI
    forge(base / "models", ["loras/aldar_kose_v5.safetensors"], STOCK)

The same names give the same bytes, everywhere and always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from . import adapters
from .encoders import CLIP_G, CLIP_L, VIT_H, Encoder, open_clip_text, taesd, text, vision
from .files import write_safetensors, write_torch
from .unets import SD15, SDXL, Topology, controlnet, unet
from .weights import Spec, prefixed

__all__ = ["FILES", "FULL", "STOCK", "TRIMMED", "Scale", "forge"]


@dataclass(frozen=True)
class Scale:
    """How large the models are."""

    thin: bool
    """Whether UNets have as few parameters as ComfyUI still recognises."""
    clip_l: Encoder
    clip_g: Encoder
    vision: Encoder

    def shape(self, model: Topology) -> Topology:
        """The topology of a UNet at this scale."""
        return model.thin() if self.thin else model


TRIMMED = Scale(True, Encoder(768, 3, 192), Encoder(1280, 3, 320), Encoder(64, 31, 64, 1024))
"""For the copy of ComfyUI that :mod:`.trimmed` makes; a prompt takes a second less to encode."""
STOCK = Scale(True, CLIP_L, CLIP_G, VIT_H)
"""For an unmodified ComfyUI: encoders of true size, UNets thin."""
FULL = Scale(False, CLIP_L, CLIP_G, VIT_H)
"""True sizes throughout. Loading SDXL takes half a minute and 11 GB, or 6 with ``--bf16-unet``."""


def forge(
    folder: Path, names: Iterable[str] | None = None, scale: Scale = TRIMMED
) -> dict[str, Path]:
    """Write weight files into a models folder; returns their paths by name.

    :param folder: ComfyUI's ``models`` folder.
    :param names: keys of :data:`FILES`; all if none are given.
    :param scale: must fit the ComfyUI that loads them.
    """
    paths = {name: folder / name for name in (FILES if names is None else names)}
    for name, path in paths.items():
        FILES[name](path, scale)
    return paths


def _sdxl(path: Path, scale: Scale) -> None:
    spec = prefixed("model.diffusion_model.", unet(scale.shape(SDXL)))
    spec |= prefixed("conditioner.embedders.0.transformer.", text(scale.clip_l))
    spec |= prefixed("conditioner.embedders.1.model.", open_clip_text(scale.clip_g))
    spec |= prefixed("first_stage_model.", taesd(0.02))
    write_torch(path, {"state_dict": spec})


def _sd15(path: Path, scale: Scale) -> None:
    spec = prefixed("model.diffusion_model.", unet(scale.shape(SD15)))
    spec |= prefixed("cond_stage_model.transformer.", text(scale.clip_l))
    spec |= prefixed("first_stage_model.", taesd(0.028))
    write_torch(path, {"state_dict": spec})


def _controlnet(path: Path, scale: Scale) -> None:
    # The depths of Segmind's Vega, half of SDXL's: it fits SDXL, and ComfyUI knows it as well.
    shape = scale.shape(SDXL)
    write_torch(path, controlnet(Topology(**{**vars(shape), "down": (0, 0, 1, 1, 2, 2)})))


def _vision(path: Path, scale: Scale) -> None:
    write_torch(path, vision(scale.vision))


def _sdxl_lora(path: Path, scale: Scale) -> None:
    spec = adapters.unet_lora(scale.shape(SDXL))
    spec |= adapters.text_lora("te1", scale.clip_l) | adapters.text_lora("te2", scale.clip_g)
    _lora(path, spec, "sdxl_base_v1-0", "stable-diffusion-xl-v1-base/lora")


def _sd15_lora(path: Path, scale: Scale) -> None:
    spec = adapters.unet_lora(scale.shape(SD15)) | adapters.text_lora("te", scale.clip_l)
    _lora(path, spec, "sd_v1", "stable-diffusion-v1/lora")


def _lora(path: Path, spec: Spec, version: str, architecture: str) -> None:
    metadata = {
        "ss_base_model_version": version,
        "ss_network_module": "networks.lora",
        "ss_network_dim": str(adapters.RANK),
        "ss_network_alpha": str(adapters.ALPHA),
        "ss_tag_frequency": {"10_aldar_kose_man": {"aldar_kose_man": 10}},
        "modelspec.architecture": architecture,
    }
    write_safetensors(path, spec, metadata)


def _faceid_lora(model: Topology) -> Callable[[Path, Scale], None]:
    def write(path: Path, scale: Scale) -> None:
        write_safetensors(path, adapters.unet_lora(scale.shape(model), only=".attn"), {})

    return write


def _faceid(model: Topology) -> Callable[[Path, Scale], None]:
    def write(path: Path, scale: Scale) -> None:
        write_torch(path, adapters.faceid_adapter(scale.shape(model), scale.vision))

    return write


def _plus(path: Path, scale: Scale) -> None:
    write_torch(path, adapters.plus_adapter(scale.shape(SDXL), scale.vision))


FILES: dict[str, Callable[[Path, Scale], None]] = {
    "checkpoints/synthetic_sdxl.ckpt": _sdxl,
    "checkpoints/synthetic_sd15.ckpt": _sd15,
    "controlnet/synthetic_openpose_sdxl.pth": _controlnet,
    "clip_vision/CLIP-ViT-H-14-laion2B-s32B-b79K.bin": _vision,
    "ipadapter/ip-adapter-plus-face_sdxl_vit-h.bin": _plus,
    "ipadapter/ip-adapter-faceid-plusv2_sdxl.bin": _faceid(SDXL),
    "ipadapter/ip-adapter-faceid-plusv2_sd15.bin": _faceid(SD15),
    "loras/aldar_kose_v5.safetensors": _sdxl_lora,
    "loras/synthetic_sd15.safetensors": _sd15_lora,
    "loras/ip-adapter-faceid-plusv2_sdxl_lora.safetensors": _faceid_lora(SDXL),
    "loras/ip-adapter-faceid-plusv2_sd15_lora.safetensors": _faceid_lora(SD15),
}
"""What can be written: path below ``models`` -> its writer. Where IPAdapter_plus and the workflows
look for a file by name, it has that name; ``aldar_kose_v5`` is the character's own LoRA."""
