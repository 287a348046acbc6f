"""CLIP text and image encoders, and the small VAE, in the layouts of the original files."""

from __future__ import annotations

from dataclasses import dataclass

from .weights import Spec, Weight, conv, linear, norm

VOCABULARY, TOKENS = 49408, 77
RESIDUAL = 0.5
"""Gain of what a layer adds to its input, so that depth does not drown the embedding."""


@dataclass(frozen=True)
class Encoder:
    """The size of a CLIP transformer."""

    width: int
    layers: int
    mlp: int
    """Width of the hidden layer."""
    projection: int = 0
    """Width of the projected output; 0 for the width itself."""


CLIP_L = Encoder(768, 12, 3072)
CLIP_G = Encoder(1280, 32, 5120)
VIT_H = Encoder(1280, 32, 5120, projection=1024)


def text(size: Encoder) -> Spec:
    """A text encoder as transformers names it, keys from ``text_model.`` on."""
    spec = {
        "text_model.embeddings.token_embedding.weight": Weight((VOCABULARY, size.width), 1.0),
        "text_model.embeddings.position_embedding.weight": Weight((TOKENS, size.width), 0.1),
    }
    for index in range(size.layers):
        spec |= _layer(f"text_model.encoder.layers.{index}", size)
    return spec | norm("text_model.final_layer_norm", size.width)


def open_clip_text(size: Encoder) -> Spec:
    """The same as OpenCLIP names it, which is how SDXL carries its second encoder."""
    width = size.width
    spec = {
        "token_embedding.weight": Weight((VOCABULARY, width), 1.0),
        "positional_embedding": Weight((TOKENS, width), 0.1),
        "text_projection": Weight((width, width), width**-0.5),
        "logit_scale": Weight((), value=4.6),
    }
    for index in range(size.layers):
        name = f"transformer.resblocks.{index}"
        joined = linear("in", width, 3 * width)
        spec |= norm(f"{name}.ln_1", width) | norm(f"{name}.ln_2", width)
        spec |= {f"{name}.attn.in_proj_{kind}": joined[f"in.{kind}"] for kind in ("weight", "bias")}
        spec |= linear(f"{name}.attn.out_proj", width, width, gain=RESIDUAL)
        spec |= linear(f"{name}.mlp.c_fc", width, size.mlp)
        spec |= linear(f"{name}.mlp.c_proj", size.mlp, width, gain=RESIDUAL)
    return spec | norm("ln_final", width)


def vision(size: Encoder, pixels: int = 224, patch: int = 14) -> Spec:
    """An image encoder as transformers names it."""
    width, places = size.width, (pixels // patch) ** 2 + 1
    spec = {
        "vision_model.embeddings.class_embedding": Weight((width,), 0.5),
        "vision_model.embeddings.position_embedding.weight": Weight((places, width), 0.5),
    }
    spec |= conv("vision_model.embeddings.patch_embedding", 3, width, patch, bias=False)
    spec |= norm("vision_model.pre_layrnorm", width)
    for index in range(size.layers):
        spec |= _layer(f"vision_model.encoder.layers.{index}", size)
    spec |= norm("vision_model.post_layernorm", width)
    return spec | linear("visual_projection", width, size.projection, bias=False)


def _layer(name: str, size: Encoder) -> Spec:
    width = size.width
    spec = norm(f"{name}.layer_norm1", width) | norm(f"{name}.layer_norm2", width)
    for part in ("q_proj", "k_proj", "v_proj"):
        spec |= linear(f"{name}.self_attn.{part}", width, width)
    spec |= linear(f"{name}.self_attn.out_proj", width, width, gain=RESIDUAL)
    spec |= linear(f"{name}.mlp.fc1", width, size.mlp)
    return spec | linear(f"{name}.mlp.fc2", size.mlp, width, gain=RESIDUAL)


def taesd(scale: float) -> Spec:
    """The tiny autoencoder (TAESD) as ComfyUI finds it inside a checkpoint.

    :param scale: latents are multiplied by it before they are decoded. Those of a random UNet
        are far larger than real ones and would saturate the decoder.
    """
    spec = {"vae_scale": Weight((), value=scale), "vae_shift": Weight(())}
    spec |= conv("taesd_encoder.0", 3, 64) | _block("taesd_encoder.1")
    for start in (2, 6, 10):
        spec |= conv(f"taesd_encoder.{start}", 64, 64, bias=False)
        for index in range(start + 1, start + 4):
            spec |= _block(f"taesd_encoder.{index}")
    spec |= conv("taesd_encoder.14", 64, 4) | conv("taesd_decoder.1", 4, 64)
    for start in (3, 8, 13):
        for index in range(start, start + 3):
            spec |= _block(f"taesd_decoder.{index}")
        spec |= conv(f"taesd_decoder.{start + 4}", 64, 64, bias=False)
    spec |= _block("taesd_decoder.18")
    return spec | conv("taesd_decoder.19", 64, 3, gain=0.12, offset=0.5)


def _block(name: str) -> Spec:
    spec: Spec = {}
    for index in (0, 2, 4):
        spec |= conv(f"{name}.conv.{index}", 64, 64, gain=0.9)
    return spec
