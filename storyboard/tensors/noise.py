"""Noise that depends on the take's seed alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch


class TakeNoise:
    """ComfyUI's NOISE socket for a wave of takes.

    Row i is what ComfyUI's own RandomNoise gives for seed i and a batch of one, so a take is the
    same picture alone and in a wave (comfy/sample.py, ``prepare_noise``).
    """

    def __init__(self, seeds: tuple[int, ...]) -> None:
        self.seeds = seeds
        self.seed = seeds[0]
        """Read by samplers that draw noise of their own at every step."""

    def generate_noise(self, latent: Mapping[str, Any]) -> torch.Tensor:
        """CPU noise shaped like ``latent["samples"]``.

        :raises ValueError: if the latent has not one row per seed.
        """
        samples = latent["samples"]
        if len(samples) != len(self.seeds):
            raise ValueError(f"{len(self.seeds)} takes need as many latents, not {len(samples)}")
        return torch.cat([_row(samples[i : i + 1], seed) for i, seed in enumerate(self.seeds)])


def _row(samples: torch.Tensor, seed: int) -> torch.Tensor:
    # The global generator, as ComfyUI uses it: some samplers go on drawing from it.
    generator = torch.manual_seed(seed)
    return torch.randn(
        samples.size(),
        dtype=samples.dtype,
        layout=samples.layout,
        generator=generator,
        device="cpu",
    )
