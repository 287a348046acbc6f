"""Writing specs as the files ComfyUI loads.

A ``.ckpt``, ``.pth`` or ``.bin`` file is read with ``torch.load(weights_only=True)``, which
rebuilds strided views on shared storages. So every weight is a window on one of a few short
buffers of noise, and a checkpoint of a billion parameters is a file of a few megabytes, written
in less than a second. Loading copies the views: in memory a model has its true size.

Safetensors cannot share storage. Only LoRAs, which are small, are written that way.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from .weights import Weight

BUFFER = 2**18
"""Elements of one buffer: 512 KB in half precision."""
STEPS = 4
"""Standard deviations are rounded to this many steps per octave, so that buffers are shared."""

Tree = Mapping[str, "Weight | Tree"]
"""A spec, or specs in dicts of dicts."""


def write_torch(path: Path, tree: Tree) -> None:
    """Write specs as a torch file of shared storages."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(_Noise().tree(tree), path)


def write_safetensors(path: Path, spec: Mapping[str, Weight], metadata: Mapping[str, Any]) -> None:
    """Write a spec as safetensors; metadata that is no text is kept as JSON, as kohya does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = _Noise()
    tensors = {
        name: noise.tensor(name, weight).clone(memory_format=torch.contiguous_format)
        for name, weight in spec.items()
    }
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in metadata.items()}
    data = save(tensors, texts)
    # The library orders metadata at random: put it in order, so that the bytes are always the same.
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header["__metadata__"] = texts
    ordered = json.dumps(header, separators=(",", ":")).encode().ljust(size)
    path.write_bytes(data[:8] + ordered + data[8 + size :])


class _Noise:
    """Tensors as windows on shared buffers; which window follows from the tensor's name alone."""

    def __init__(self) -> None:
        self._buffers: dict[int, torch.Tensor] = {}
        self._constants: dict[float, torch.Tensor] = {}

    def tree(self, tree: Tree) -> dict[str, Any]:
        return {
            name: self.tensor(name, item) if isinstance(item, Weight) else self.tree(item)
            for name, item in tree.items()
        }

    def tensor(self, name: str, weight: Weight) -> torch.Tensor:
        """A half-precision tensor of that shape."""
        if weight.std == 0.0:
            return self._constant(weight.value).expand(weight.shape)
        rows, row = weight.shape[0], math.prod(weight.shape[1:])
        offset = zlib.crc32(name.encode()) % (BUFFER // 4)
        room = BUFFER - offset - row
        stride = min(row, room // (rows - 1)) if rows > 1 else row
        stride -= stride % 2 == 0  # odd: rows of a power-of-two length differ from each other
        inner = [math.prod(weight.shape[i + 1 :]) for i in range(1, len(weight.shape))]
        buffer = self._buffer(round(STEPS * math.log2(weight.std)))
        return buffer.as_strided(weight.shape, [stride, *inner], offset)

    def _buffer(self, step: int) -> torch.Tensor:
        if step not in self._buffers:
            generator = torch.Generator().manual_seed(10_000 + step)
            noise = torch.randn(BUFFER, generator=generator) * 2 ** (step / STEPS)
            self._buffers[step] = noise.half()
        return self._buffers[step]

    def _constant(self, value: float) -> torch.Tensor:
        if value not in self._constants:
            self._constants[value] = torch.tensor(value).half()
        return self._constants[value]
