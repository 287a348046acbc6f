"""What a weight file holds before any number exists: names, shapes, and how to fill them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple


class Weight(NamedTuple):
    """One tensor to be made."""

    shape: tuple[int, ...]
    std: float = 0.0
    """Standard deviation of normal noise around 0; with 0 the tensor is constant."""
    value: float = 0.0
    """The constant."""


Spec = dict[str, Weight]
"""State-dict key -> weight. Built from the functions below, joined with ``|``."""


def prefixed(prefix: str, spec: Mapping[str, Weight]) -> Spec:
    """The same weights with ``prefix`` in front of every key."""
    return {prefix + name: weight for name, weight in spec.items()}


def parameters(spec: Mapping[str, Weight]) -> int:
    """Number of elements of all tensors."""
    return sum(math.prod(weight.shape) for weight in spec.values())


def linear(name: str, inputs: int, outputs: int, bias: bool = True, gain: float = 1.0) -> Spec:
    """``torch.nn.Linear``, its weight scaled so that it keeps the variance of its input."""
    return _layer(name, (outputs, inputs), bias, gain)


def conv(
    name: str,
    inputs: int,
    outputs: int,
    size: int = 3,
    bias: bool = True,
    gain: float = 1.0,
    offset: float = 0.0,
) -> Spec:
    """``torch.nn.Conv2d`` with a square kernel; ``offset`` fills the bias."""
    return _layer(name, (outputs, inputs, size, size), bias, gain, offset)


def norm(name: str, width: int) -> Spec:
    """A LayerNorm or GroupNorm that changes nothing."""
    return {f"{name}.weight": Weight((width,), value=1.0), f"{name}.bias": Weight((width,))}


def _layer(name: str, shape: tuple[int, ...], bias: bool, gain: float, offset: float = 0.0) -> Spec:
    std = gain / math.sqrt(math.prod(shape[1:]))
    spec = {f"{name}.weight": Weight(shape, std)}
    if bias:
        spec[f"{name}.bias"] = Weight(shape[:1], value=offset)
    return spec
