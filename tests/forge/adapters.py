"""What is loaded on top of a checkpoint: LoRAs and IP-Adapters."""

from __future__ import annotations

from collections.abc import Iterator

from .encoders import Encoder, text
from .unets import SDXL, Topology, unet
from .weights import Spec, Weight, linear, norm, prefixed

RANK, ALPHA = 2, 1.0
STRENGTH = 0.25
"""How large a LoRA's change is, at strength 1, compared with the weight it changes."""
ID_WIDTH = 512
"""Width of a face embedding of insightface."""
FACE_TOKENS, PLUS_TOKENS = 4, 16


def unet_lora(shape: Topology, only: str = "") -> Spec:
    """Every layer of the transformers, named as kohya's trainer does.

    :param only: leaves out the layers whose name does not contain it.
    """
    layers = {
        name.removesuffix(".weight"): weight.shape
        for name, weight in unet(shape).items()
        if len(weight.shape) > 1 and (".proj_" in name or ".transformer_blocks." in name)
    }
    spec: Spec = {}
    for name, layer in layers.items():
        if only in name:
            spec |= _lora(f"lora_unet_{name.replace('.', '_')}", layer)
    return spec


def text_lora(part: str, size: Encoder) -> Spec:
    """Every linear layer of a text encoder; ``part`` is ``te``, ``te1`` or ``te2``."""
    spec: Spec = {}
    for name, weight in text(size).items():
        if name.endswith(".weight") and ".layers." in name and len(weight.shape) == 2:
            layer = name.removesuffix(".weight").replace(".", "_")
            spec |= _lora(f"lora_{part}_{layer}", weight.shape)
    return spec


def _lora(name: str, layer: tuple[int, ...]) -> Spec:
    outputs, inputs, *kernel = layer
    # (alpha / rank) * up @ down shall have STRENGTH times the deviation 1/sqrt(inputs) of the layer
    up = STRENGTH * RANK**0.5 / ALPHA
    return {
        f"{name}.lora_down.weight": Weight((RANK, inputs, *kernel), inputs**-0.5),
        f"{name}.lora_up.weight": Weight((outputs, RANK, *(1 for _ in kernel)), up),
        f"{name}.alpha": Weight((), value=ALPHA),
    }


def plus_adapter(shape: Topology, vision: Encoder) -> dict[str, Spec]:
    """An IP-Adapter Plus for SDXL: 16 tokens from the hidden states of the image encoder."""
    width = 1280
    project = {"latents": Weight((1, PLUS_TOKENS, width), width**-0.5)}
    project |= _resampler("", width, 20, vision.width, shape.context)
    return {"image_proj": project, "ip_adapter": _keys_and_values(shape)}


def faceid_adapter(shape: Topology, vision: Encoder) -> dict[str, Spec]:
    """An IP-Adapter FaceID Plus V2: four tokens from a face embedding and the face's picture."""
    width = shape.context
    project = linear("proj.0", ID_WIDTH, 2 * ID_WIDTH)
    project |= linear("proj.2", 2 * ID_WIDTH, FACE_TOKENS * width) | norm("norm", width)
    project |= _resampler("perceiver_resampler.", width, width // 64, vision.width, width)
    layers = _keys_and_values(shape)
    layers |= linear("0.to_q_lora.down", 320, RANK, bias=False)  # by this FaceID is recognised
    return {"image_proj": project, "ip_adapter": layers}


def _keys_and_values(shape: Topology) -> Spec:
    """Key and value layers of each cross attention the UNet has, by their true numbers."""
    spec: Spec = {}
    for number, width in _attentions(shape):
        for part in ("to_k_ip", "to_v_ip"):
            spec |= linear(f"{2 * number + 1}.{part}", shape.context, width, bias=False)
    return spec


def _attentions(shape: Topology) -> Iterator[tuple[int, int]]:
    """(number, width) of the cross attentions of a UNet, as IP-Adapters count them: all of a full
    UNet on the way down, up, and in the middle, of which a thin one has only some."""
    full = SDXL if shape.linear else shape
    levels = [320 * mult for mult in shape.mult for _ in range(2)]
    rising = [320 * mult for mult in reversed(shape.mult) for _ in range(3)]
    blocks = [
        *zip(full.down, shape.down, levels, strict=True),
        *zip(full.up, shape.up, rising, strict=True),
        (full.middle, shape.middle, levels[-1]),
    ]
    number = 0
    for count, present, width in blocks:
        for place in range(count):
            # 50 (its key is 101) is in every file: IPAdapter_plus knows SDXL by it
            if place < present or number == 50:
                yield number, width
            number += 1


def _resampler(prefix: str, width: int, heads: int, inputs: int, outputs: int) -> Spec:
    inner = 64 * heads
    spec = linear("proj_in", inputs, width) | linear("proj_out", width, outputs)
    spec |= norm("norm_out", outputs)
    for index in range(4):
        attention, forward = f"layers.{index}.0", f"layers.{index}.1"
        spec |= norm(f"{attention}.norm1", width) | norm(f"{attention}.norm2", width)
        spec |= linear(f"{attention}.to_q", width, inner, bias=False)
        spec |= linear(f"{attention}.to_kv", width, 2 * inner, bias=False)
        spec |= linear(f"{attention}.to_out", inner, width, bias=False)
        spec |= norm(f"{forward}.0", width)
        spec |= linear(f"{forward}.1", width, 4 * width, bias=False)
        spec |= linear(f"{forward}.3", 4 * width, width, bias=False)
    return prefixed(prefix, spec)
