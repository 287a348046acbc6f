"""What a file of weights is for, and for which model: told by its tensors' names and shapes.

The width of the text that cross attention reads gives a Stable Diffusion away (2048 in SDXL, 768
in 1.5), and so does the depth of its transformers. Where a file has neither, the text encoders it
changes tell, and only then what its trainer wrote about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

Role = Literal["checkpoint", "lora", "controlnet", "ipadapter", "clip_vision", "vae", "unknown"]
Architecture = Literal[
    "sdxl",
    "sdxl_refiner",
    "sd15",
    "sd2",
    "sd3",
    "flux",
    "other",
    "vit_l",
    "vit_h",
    "vit_bigg",
    "unknown",
]

WIDTHS: dict[int, Architecture] = {768: "sd15", 1024: "sd2", 1280: "sdxl_refiner", 2048: "sdxl"}
"""Width of the text embedding that cross attention reads (``comfy/supported_models.py``)."""
LAYERS: tuple[tuple[int, Architecture], ...] = ((48, "vit_bigg"), (31, "vit_h"), (23, "vit_l"))
"""A CLIP image encoder is known by a layer that smaller ones lack (``comfy/clip_vision.py``)."""
PLAIN: dict[str, str] = {
    "sdxl": "SDXL",
    "sdxl_refiner": "the SDXL refiner",
    "sd15": "Stable Diffusion 1.5",
    "sd2": "Stable Diffusion 2",
    "sd3": "Stable Diffusion 3",
    "flux": "Flux",
    "other": "another kind of model",
}
"""How people call them."""

_LORA = re.compile(r"(^|[._])lora_|[._]lora[._]|hada_w[12]_[ab]|lokr_w[12]|^lycoris_")
_IP = re.compile(r"(^|\.)\d+\.to_[kv]_ip\.weight$")
_CONTROL = re.compile(r"^(control_model\.|controlnet_|zero_convs\.|input_hint_block\.|lora_contro)")
_VISION = re.compile(r"(vision_model\.encoder\.layers|visual\.transformer\.resblocks)\.(\d+)\.")
_CROSS = re.compile(  # names with "_" for "."; what is named down or A is [rank, inputs]
    r"attn2_(?:processor_)?to_[kv]_(?:weight|(?:lora_)?(?:down|A)(?:_\w+)?_weight|hada_w[12]_b)$"
)
_BY_NAME: tuple[tuple[str, Architecture, str], ...] = (  # models that are no U-Net
    ("double_blocks_", "flux", "it has layers called double_blocks"),
    ("single_transformer_blocks_", "flux", "it has layers called single_transformer_blocks"),
    ("joint_blocks_", "sd3", "it has layers called joint_blocks"),
)
_BY_DEPTH: tuple[tuple[str, Architecture, str], ...] = (
    (
        "(down|up|mid|input|output|middle)_blocks?_.*_transformer_blocks_[1-9]",
        "sdxl",
        "it has several transformer layers in a block",
    ),
    (
        "down_blocks_0_attentions|up_blocks_3_attentions|input_blocks_[12]_1_",
        "sd15",
        "it has attention at the full size of the latent",
    ),
    ("^(lora_te2_|text_encoder_2_)", "sdxl", "it changes a second text encoder"),
)
_STABLE = re.compile(r"(down|up|mid|input|output|middle)_blocks?_|_te\d?_|text_encoder|text_model")
_TRAINERS: tuple[tuple[str, Architecture], ...] = (
    (r"sdxl|stable-diffusion-xl", "sdxl"),
    (r"^sd_v1|stable-diffusion-v1", "sd15"),
    (r"^sd_v2|stable-diffusion-v2", "sd2"),
    (r"sd3|stable-diffusion-3", "sd3"),
    (r"flux", "flux"),
)


class Nature(NamedTuple):
    """What a file turned out to be."""

    role: Role
    architecture: Architecture
    evidence: str
    """What gave it away; nothing if nothing did."""


def recognise(shapes: Mapping[str, tuple[int, ...]], metadata: Mapping[str, str]) -> Nature:
    """What a file is for, by the shapes of its tensors.

    :param shapes: name -> shape, as safetensors and flat state dicts have them.
    :param metadata: what stands in a safetensors file beside them.
    """
    role = _role(shapes)
    if role == "clip_vision":
        return _vision(shapes)
    if role in ("vae", "unknown"):
        return Nature(role, "unknown", "")
    if role == "ipadapter":
        widths = {shape[1] for name, shape in shapes.items() if _IP.search(name) and shape[1:]}
        return Nature(role, *_by_width(widths))
    names = {name.replace(".", "_"): shape for name, shape in shapes.items()}
    widths = {shape[1] for name, shape in names.items() if _CROSS.search(name) and shape[1:]}
    for architecture, evidence in (
        _by_name(names, _BY_NAME),
        _by_width(widths),
        _by_name(names, _BY_DEPTH),
        _by_text(names),
        _by_metadata(metadata),
    ):
        if evidence:
            return Nature(role, architecture, evidence)
    if role == "lora" and not any(_STABLE.search(name) for name in names):
        return Nature(role, "other", "none of its layers is one of a Stable Diffusion")
    return Nature(role, "unknown", "")


def trained_for(metadata: Mapping[str, str]) -> Nature:
    """What a LoRA is for, if only what its trainer wrote about it is at hand."""
    return Nature("lora", *_by_metadata(metadata))


def _role(names: Iterable[str]) -> Role:
    tests: tuple[tuple[Role, re.Pattern[str]], ...] = (
        ("ipadapter", _IP),  # FaceID adapters hold LoRA layers as well
        ("controlnet", _CONTROL),
        ("lora", _LORA),
        ("checkpoint", re.compile(r"^model\.diffusion_model\.|(double|joint)_blocks\.")),
        ("clip_vision", _VISION),
        ("vae", re.compile(r"^(first_stage_model\.)?decoder\.(conv_in|mid)\b")),
    )
    for role, test in tests:
        if any(test.search(name) for name in names):
            return role
    return "unknown"


Guess = tuple[Architecture, str]


def _vision(names: Iterable[str]) -> Nature:
    layers = 1 + max(int(match[2]) for name in names if (match := _VISION.search(name)))
    for least, architecture in LAYERS:
        if layers >= least:
            return Nature("clip_vision", architecture, f"it has {layers} layers")
    return Nature("clip_vision", "unknown", "")


def _by_name(names: Iterable[str], rules: tuple[tuple[str, Architecture, str], ...]) -> Guess:
    for pattern, architecture, evidence in rules:
        if any(re.search(pattern, name) for name in names):
            return architecture, evidence
    return "unknown", ""


def _by_width(widths: set[int]) -> Guess:
    if len(widths := widths & WIDTHS.keys()) != 1:
        return "unknown", ""
    (width,) = widths
    return WIDTHS[width], f"its cross attention reads text {width} wide"


def _by_text(shapes: Mapping[str, tuple[int, ...]]) -> Guess:
    """A LoRA that changes text encoders only."""
    for name, shape in shapes.items():
        layer = re.search(r"(_te|text_encoder)_.*q_proj_lora_(down|A)_weight", name)
        if layer and shape[1:] and shape[1] in (768, 1024):
            return WIDTHS[shape[1]], f"it changes a text encoder {shape[1]} wide"
    return "unknown", ""


def _by_metadata(metadata: Mapping[str, str]) -> Guess:
    for key in ("ss_base_model_version", "modelspec.architecture"):
        for pattern, architecture in _TRAINERS:
            if re.search(pattern, metadata.get(key, "")):
                return architecture, f"its trainer says so ({key} {metadata[key][:60]})"
    return "unknown", ""
