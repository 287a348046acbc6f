"""Encoding prompts once, and joining the conditionings of several takes into one batch."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import torch

from ..errors import FrameError

Conditioning = list[list[Any]]
"""ComfyUI's CONDITIONING: ``[[tensor [1, tokens, width], options], …]``."""

CHUNK, WIDEST = 77, 2048
"""Tokens that CLIP reads at once, and the width of the widest text that a UNet's cross attention
reads (SDXL's). Wider texts are T5's, for models that attend to words and picture together."""
_KEPT = 64
_encoded: WeakKeyDictionary[Any, OrderedDict[str, Conditioning]] = WeakKeyDictionary()


def encode(clip: Any, texts: Sequence[str]) -> Conditioning:
    """The conditioning of several prompts, one row each; every text is encoded once per model.

    :param clip: ComfyUI's CLIP socket.
    :raises FrameError: ``image_unusable`` if conditionings cannot be joined.
    """
    encoded = _encoded.setdefault(clip, OrderedDict())
    rows = []
    for text in texts:
        if text not in encoded:
            encoded[text] = clip.encode_from_tokens_scheduled(clip.tokenize(text))
        encoded.move_to_end(text)
        rows.append(encoded[text])
    while len(encoded) > max(_KEPT, len(texts)):
        encoded.popitem(last=False)
    return rows[0] if len(rows) == 1 else join(rows)


def join(rows: Sequence[Conditioning]) -> Conditioning:
    """Conditionings as one batch.

    Token counts are made equal by repeating a conditioning as a whole: attention over repeated
    keys gives what it gives over the keys once, so each row means what it meant alone. That holds
    for the cross attention of a UNet, not where words and picture attend to each other (Flux, SD3).

    :raises FrameError: ``image_unusable`` if one of them has several parts (scheduled prompts), or
        if their lengths differ and the model is none that this holds for.
    """
    if any(len(row) != 1 for row in rows):
        raise _apart("Scheduled or combined prompts")
    lengths = [row[0][0].shape[1] for row in rows]
    width = rows[0][0][0].shape[2]
    if len(set(lengths)) > 1 and (width > WIDEST or any(length % CHUNK for length in lengths)):
        raise _apart("With this model, prompts of different length")
    tokens = math.lcm(*lengths)
    tensors = [row[0][0].repeat(1, tokens // row[0][0].shape[1], 1) for row in rows]
    options = dict(rows[0][0][1])
    for name, value in options.items():
        if isinstance(value, torch.Tensor):  # pooled_output and the like, one row per prompt
            values = [row[0][1][name] for row in rows]
            if len({each.shape for each in values}) > 1:
                raise _apart("With this model, prompts of different length")
            options[name] = torch.cat(values)
    return [[torch.cat(tensors), options]]


def _apart(part: str) -> FrameError:
    return FrameError(
        "image_unusable",
        f"{part} cannot be made in one wave.",
        "Set the wave of Frames: open to 1.",
    )
