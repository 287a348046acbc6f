"""A take's noise follows from its seed alone."""

from __future__ import annotations

import pytest
import torch
from aldar_storyboard.storyboard.takes import MAX_SEED
from aldar_storyboard.storyboard.tensors.noise import TakeNoise


def latent(rows, shape=(4, 8, 8), dtype=torch.float32):
    return {"samples": torch.zeros((rows, *shape), dtype=dtype)}


def test_a_row_is_what_torch_draws_for_its_seed():
    """ComfyUI's RandomNoise: ``torch.manual_seed`` and one draw of the latent's size."""
    noise = TakeNoise((2042,)).generate_noise(latent(1))
    torch.manual_seed(2042)
    assert torch.equal(noise, torch.randn((1, 4, 8, 8)))


def test_a_take_has_the_same_noise_whatever_it_is_sampled_with():
    alone = {seed: TakeNoise((seed,)).generate_noise(latent(1)) for seed in (42, 2042, 2052)}
    for wave in ((42, 2042, 2052), (2052, 42), (2042, 2042)):
        noise = TakeNoise(wave).generate_noise(latent(len(wave)))
        for place, seed in enumerate(wave):
            assert torch.equal(noise[place : place + 1], alone[seed])
    assert not torch.equal(alone[42], alone[2042])


@pytest.mark.parametrize("seed", [0, 2**63, MAX_SEED])
def test_every_seed_a_take_can_have_is_taken(seed):
    noise = TakeNoise((seed,)).generate_noise(latent(1))
    assert torch.isfinite(noise).all()
    assert noise.std() > 0.5


def test_latents_of_any_model_are_taken():
    noise = TakeNoise((1, 2)).generate_noise(latent(2, (16, 3, 8, 8), torch.float16))
    assert noise.shape == (2, 16, 3, 8, 8)
    assert noise.dtype == torch.float16
    assert noise.device.type == "cpu"


def test_samplers_that_draw_their_own_noise_begin_with_the_first_seed():
    assert TakeNoise((2042, 3042)).seed == 2042


def test_a_latent_of_another_batch_size_is_refused():
    with pytest.raises(ValueError, match="2 takes need as many latents, not 1"):
        TakeNoise((1, 2)).generate_noise(latent(1))
