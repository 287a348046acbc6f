"""UNets and ControlNets in the layout of the original checkpoints.

What ComfyUI insists on when it recognises a model (``comfy/model_detection.py``,
``comfy/supported_models.py``): 320 channels, the width of the text context, the width of the
pooled vector, linear or convolutional projections, and for SDXL the number of transformer blocks
of each input block. Everything else is free, so a *thin* UNet keeps all attention blocks at their
true places, but never widens, and has one transformer block each in the middle and on the way up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from .weights import Spec, conv, linear, norm

CHANNELS = 320
TIME = 4 * CHANNELS
LATENT = 4
HEED = 2.0
"""Gain of the cross attention: a random UNet would hardly heed the prompt."""
RES_BLOCKS = 2
"""Residual blocks of each level on the way down; one more on the way up."""


@dataclass(frozen=True)
class Topology:
    """The shape of a UNet."""

    mult: tuple[int, ...]
    """Width of each level, in multiples of 320."""
    down: tuple[int, ...]
    """Transformer blocks behind each residual block on the way down."""
    middle: int
    up: tuple[int, ...]
    """The same on the way up: one entry for each output block."""
    context: int
    """Width of the text embedding."""
    vector: int | None
    """Width of the pooled embedding with the sizes, or ``None``."""
    linear: bool
    """Whether transformers are entered through a linear layer instead of a 1x1 convolution."""

    def thin(self) -> Topology:
        """The same layout with as few parameters as ComfyUI still recognises."""
        return replace(
            self,
            mult=(1,) * len(self.mult),
            middle=1,
            up=tuple(min(1, depth) for depth in self.up),
        )


SDXL = Topology(
    mult=(1, 2, 4),
    down=(0, 0, 2, 2, 10, 10),
    middle=10,
    up=(10, 10, 10, 2, 2, 2, 0, 0, 0),
    context=2048,
    vector=2816,
    linear=True,
)
SD15 = Topology(
    mult=(1, 2, 4, 4),
    down=(1, 1, 1, 1, 1, 1, 0, 0),
    middle=1,
    up=(0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    context=768,
    vector=None,
    linear=False,
)


def unet(shape: Topology) -> Spec:
    """A whole UNet, keys without the prefix of the checkpoint."""
    spec = _embedding(shape)
    skips = [CHANNELS]
    for _, part, width in _down(shape):
        spec |= part
        skips.append(width)
    width = skips[-1]
    spec |= _middle(shape, width)
    index = 0
    for level, mult in reversed(list(enumerate(shape.mult))):
        for place in range(RES_BLOCKS + 1):
            name, depth = f"output_blocks.{index}", shape.up[index]
            spec |= _residual(f"{name}.0", width + skips.pop(), mult * CHANNELS)
            width = mult * CHANNELS
            if depth:
                spec |= _transformer(f"{name}.1", shape, width, depth)
            if level and place == RES_BLOCKS:
                spec |= conv(f"{name}.{2 if depth else 1}.conv", width, width)
            index += 1
    return spec | norm("out.0", width) | conv("out.2", width, LATENT)


def controlnet(shape: Topology) -> Spec:
    """A ControlNet for a UNet of that topology, whose control is strong enough to be seen."""
    spec = _embedding(shape) | _zero_conv("zero_convs.0.0", CHANNELS)
    hint = (3, 16, 16, 32, 32, 96, 96, 256, CHANNELS)
    for place, (inputs, outputs) in enumerate(pairwise(hint)):
        spec |= conv(f"input_hint_block.{2 * place}", inputs, outputs, gain=2.5)
    width = CHANNELS
    for index, part, width in _down(shape):
        spec |= part | _zero_conv(f"zero_convs.{index}.0", width)
    return spec | _middle(shape, width) | _zero_conv("middle_block_out.0", width)


def _zero_conv(name: str, width: int) -> Spec:
    return conv(name, width, width, size=1, gain=0.3)


def _embedding(shape: Topology) -> Spec:
    spec = linear("time_embed.0", CHANNELS, TIME) | linear("time_embed.2", TIME, TIME)
    if shape.vector is not None:
        spec |= linear("label_emb.0.0", shape.vector, TIME) | linear("label_emb.0.2", TIME, TIME)
    return spec | conv("input_blocks.0.0", LATENT, CHANNELS)


def _down(shape: Topology) -> Iterator[tuple[int, Spec, int]]:
    """(index, weights, output width) of each input block after the first."""
    index, width, depths = 1, CHANNELS, iter(shape.down)
    for level, mult in enumerate(shape.mult):
        if level:
            yield index, conv(f"input_blocks.{index}.0.op", width, width), width
            index += 1
        for _ in range(RES_BLOCKS):
            part = _residual(f"input_blocks.{index}.0", width, mult * CHANNELS)
            width = mult * CHANNELS
            if depth := next(depths):
                part |= _transformer(f"input_blocks.{index}.1", shape, width, depth)
            yield index, part, width
            index += 1


def _middle(shape: Topology, width: int) -> Spec:
    return (
        _residual("middle_block.0", width, width)
        | _transformer("middle_block.1", shape, width, shape.middle)
        | _residual("middle_block.2", width, width)
    )


def _residual(name: str, inputs: int, outputs: int) -> Spec:
    spec = (
        norm(f"{name}.in_layers.0", inputs)
        | conv(f"{name}.in_layers.2", inputs, outputs)
        | linear(f"{name}.emb_layers.1", TIME, outputs)
        | norm(f"{name}.out_layers.0", outputs)
        | conv(f"{name}.out_layers.3", outputs, outputs)
    )
    if inputs != outputs:
        spec |= conv(f"{name}.skip_connection", inputs, outputs, size=1)
    return spec


def _transformer(name: str, shape: Topology, width: int, depth: int) -> Spec:
    def project(place: str) -> Spec:
        if shape.linear:
            return linear(f"{name}.{place}", width, width)
        return conv(f"{name}.{place}", width, width, size=1)

    spec = norm(f"{name}.norm", width) | project("proj_in")
    for index in range(depth):
        block = f"{name}.transformer_blocks.{index}"
        for attention, context, gain in (("attn1", width, 1.0), ("attn2", shape.context, HEED)):
            spec |= linear(f"{block}.{attention}.to_q", width, width, bias=False, gain=gain)
            spec |= linear(f"{block}.{attention}.to_k", context, width, bias=False, gain=gain)
            spec |= linear(f"{block}.{attention}.to_v", context, width, bias=False, gain=gain)
            spec |= linear(f"{block}.{attention}.to_out.0", width, width)
        spec |= linear(f"{block}.ff.net.0.proj", width, 8 * width)
        spec |= linear(f"{block}.ff.net.2", 4 * width, width)
        for place in (1, 2, 3):
            spec |= norm(f"{block}.norm{place}", width)
    return spec | project("proj_out")
