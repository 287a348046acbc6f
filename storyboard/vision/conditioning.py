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

_KEPT = 64
_encoded: WeakKeyDictionary[Any, OrderedDict[str, Conditioning]] = WeakKeyDictionary()


def encode(clip: Any, texts: Sequence[str]) -> Conditioning:
    """The conditioning of several prompts, one row each; every text is encoded once per model.

    :param clip: ComfyUI's CLIP socket.
    :raises FrameError: ``image_unusable`` if conditionings cannot be joined.
    """
    known = _encoded.setdefault(clip, OrderedDict())
    rows = []
    for text in texts:
        if text not in known:
            known[text] = clip.encode_from_tokens_scheduled(clip.tokenize(text))
        known.move_to_end(text)
        rows.append(known[text])
    while len(known) > max(_KEPT, len(texts)):
        known.popitem(last=False)
    return rows[0] if len(rows) == 1 else join(rows)


def join(rows: Sequence[Conditioning]) -> Conditioning:
    """Conditionings as one batch.

    Token counts are made equal by repeating a conditioning as a whole: attention over repeated
    keys gives what it gives over the keys once, so each row means what it meant alone.

    :raises FrameError: ``image_unusable`` if one of them has several parts (scheduled prompts).
    """
    if any(len(row) != 1 for row in rows):
        raise FrameError(
            "image_unusable",
            "Scheduled or combined prompts cannot be made in one wave.",
            "Set the wave of Frames: open to 1.",
        )
    tokens = math.lcm(*(row[0][0].shape[1] for row in rows))
    tensors = [row[0][0].repeat(1, tokens // row[0][0].shape[1], 1) for row in rows]
    options = dict(rows[0][0][1])
    for name, value in options.items():
        if isinstance(value, torch.Tensor):  # pooled_output and the like, one row per prompt
            options[name] = torch.cat([row[0][1][name] for row in rows])
    return [[torch.cat(tensors), options]]
