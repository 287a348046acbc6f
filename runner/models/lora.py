"""Which layers of a LoRA ComfyUI knows by name: what it does not know it leaves out, and draws.

ComfyUI only logs ``lora key not loaded``. The names are those of ``comfy/lora.py`` and
``comfy/weight_adapter`` of 0.3.75 for the Stable Diffusion family; later versions map no others
for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .architecture import Architecture

STABLE = frozenset({"sd15", "sd2", "sdxl", "sdxl_refiner"})
"""Architectures whose names are known here."""

_BLOCK = (  # a transformer's layers, in either way of counting blocks
    r"(norm|proj_in|proj_out"
    r"|transformer_blocks\.\d+\.(norm[123]|attn[12]\.to_([qkv]|out\.0)|ff\.net\.(0\.proj|2)))"
)
_RESNET = r"(norm[12]|conv[12]|time_emb_proj|conv_shortcut)"
_DIFFUSERS = (
    rf"((down|up)_blocks\.\d\.|mid_block\.)(attentions\.\d\.{_BLOCK}|resnets\.\d\.{_RESNET})"
    r"|down_blocks\.\d\.downsamplers\.0\.conv|up_blocks\.\d\.upsamplers\.0\.conv"
    r"|conv_in|conv_out|conv_norm_out|(time|add|class)_embedding\.linear_[12]"
)
_COMFY = (
    r"((input_blocks|output_blocks)\.\d+\.\d\.|middle_block\.\d\.)"
    rf"({_BLOCK}|in_layers\.[02]|emb_layers\.1|out_layers\.[03]|skip_connection|op|conv)"
    r"|input_blocks\.0\.0|time_embed\.[02]|label_emb\.0\.[02]|out\.[02]"
)
_PROCESSORS = _DIFFUSERS.replace(r"to_([qkv]|out\.0)", r"processor\.to_([qkv]|out)")
_TEXT = r"text_model\.encoder\.layers\.\d+\.(mlp\.fc[12]|self_attn\.([kqv]|out)_proj)"


def _flat(pattern: str) -> str:
    return pattern.replace(r"\.", "_")


UNET = re.compile(
    rf"lora_unet_({_flat(_COMFY)}|{_flat(_DIFFUSERS)})|lycoris_({_flat(_DIFFUSERS)})"
    rf"|diffusion_model\.({_COMFY})|(unet\.)?({_PROCESSORS})"
)
"""Layers of a U-Net, as ComfyUI knows them."""
TEXT = re.compile(
    rf"lora_te[12]?_({_flat(_TEXT)}|text_projection)|lora_prior_te_.+"
    rf"|text_encoder(_2)?\.{_TEXT}|text_encoders\..+"
)
"""Layers of text encoders."""
WEIGHT = re.compile(
    r"(.+?)(\.lora_(up|down|mid)\.weight|_lora\.(up|down)\.weight|\.lora_[AB](\.default)?\.weight"
    r"|\.lora_[AB]|\.lora(_linear_layer)?\.(up|down)\.weight|\.hada_(w[12]_[ab]|t[12])"
    r"|\.lokr_(w[12](_[ab])?|t2)|\.[ab][12]\.weight|\.(oft_blocks|w_norm|diff|diff_b|set_weight))"
)
"""(layer, what it is) of the weights that ComfyUI can apply."""
BESIDE = re.compile(r".+\.(alpha|dora_scale|rescale|reshape_weight|b_norm)")
"""What stands beside a weight and does nothing alone."""
FORMS = (
    ("base_model.model.", "PEFT"),
    ("unet.", "diffusers"),
    ("text_encoder", "diffusers"),
    ("down_blocks.", "diffusers"),
    ("up_blocks.", "diffusers"),
    ("mid_block.", "diffusers"),
    ("transformer.", "diffusers, for a transformer"),
    ("lycoris_", "LyCORIS"),
)
"""How foreign names begin, and who writes them so."""


@dataclass(frozen=True)
class Fit:
    """How much of a LoRA a ComfyUI would load."""

    loaded: int
    """Layers it knows."""
    lost: tuple[str, ...]
    """Names it does not know."""
    text_only: bool = False
    """Whether all layers are those of text encoders, which a loader for the model leaves out."""

    def problem(self, file: str) -> str:
        """Why the file must not be used, as a sentence; nothing if most of it is loaded."""
        if self.text_only:
            return f"{file} changes text encoders only, and is loaded into the model alone"
        if self.loaded >= len(self.lost) and self.loaded:
            return ""
        if not self.lost:
            return f"{file} holds no layer of a LoRA"
        some = "none" if not self.loaded else f"only {self.loaded}"
        return (
            f"{file} would be loaded without effect: ComfyUI knows {some} of the "
            f"{self.loaded + len(self.lost)} names of its layers, {self.written}. Let its trainer "
            "write kohya's names (lora_unet_…), or convert it, for example with "
            "convert_state_dict_to_kohya of diffusers"
        )

    def notice(self, file: str) -> str:
        """What is lost of a file that is used all the same; nothing if nothing is."""
        if not self.lost:
            return ""
        return (
            f"ComfyUI leaves out {len(self.lost)} of the {self.loaded + len(self.lost)} layers of "
            f"{file}: it does not know their names, such as {self.lost[0]}."
        )

    @property
    def written(self) -> str:
        """Who names layers so, and an example."""
        first = self.lost[0]
        maker = next((maker for begins, maker in FORMS if first.startswith(begins)), "")
        return f"written as {maker} does ({first})" if maker else f"such as {first}"


def fit(names: Iterable[str], base: Architecture, model_only: bool = False) -> Fit:
    """Which layers of a LoRA are loaded.

    :param names: of the file's tensors.
    :param base: the checkpoint's architecture, one of :data:`STABLE`.
    :param model_only: whether it is loaded into the model, and not into the text encoders.
    """
    unet: set[str] = set()
    text: set[str] = set()
    lost: dict[str, None] = {}
    for name in names:
        if BESIDE.fullmatch(name):
            continue
        weight = WEIGHT.fullmatch(name)
        layer = weight[1] if weight else name
        if weight and UNET.fullmatch(layer):
            unet.add(layer)
        elif weight and TEXT.fullmatch(layer) and (base == "sdxl" or not _second(layer)):
            text.add(layer)
        else:
            lost[layer] = None
    if model_only:
        return Fit(len(unet), tuple(lost), text_only=bool(text) and not unet and not lost)
    return Fit(len(unet) + len(text), tuple(lost))


def _second(layer: str) -> bool:
    """Whether a layer is one of a second text encoder, which only SDXL has."""
    return layer.startswith(("lora_te2_", "text_encoder_2."))
