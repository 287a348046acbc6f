"""Prompts are encoded once, and a wave's conditioning means what its rows meant alone."""

from __future__ import annotations

import gc
import weakref

import pytest
import torch
from aldar_storyboard.storyboard.errors import FrameError
from aldar_storyboard.storyboard.tensors.conditioning import encode, join

WIDTH = 8


def row(tokens, seed, **options):
    """A conditioning as ComfyUI's text encoders give it."""
    generator = torch.Generator().manual_seed(seed)
    pooled = torch.randn((1, 4), generator=generator)
    hidden = torch.randn((1, tokens, WIDTH), generator=generator)
    return [[hidden, {"pooled_output": pooled, **options}]]


class Clip:
    """Stands for ComfyUI's CLIP: 77 tokens for every ten words begun."""

    def __init__(self):
        self.encoded = []

    def tokenize(self, text):
        return text.split()

    def encode_from_tokens_scheduled(self, words):
        self.encoded.append(" ".join(words))
        return row(77 * (1 + len(words) // 10), len(self.encoded))


def test_a_single_prompt_is_what_the_encoder_gives():
    clip = Clip()
    [[hidden, options]] = encode(clip, ["a man"])
    assert hidden.shape == (1, 77, WIDTH)
    assert torch.equal(hidden, row(77, 1)[0][0])
    assert torch.equal(options["pooled_output"], row(77, 1)[0][1]["pooled_output"])


def test_the_same_words_are_encoded_once_however_many_takes_use_them():
    clip = Clip()
    for wave in (["a man", "a dog"], ["a man"], ["a dog", "a horse", "a man", "a horse"]):
        encode(clip, wave)
        encode(clip, ["blurry"] * len(wave))
    assert sorted(clip.encoded) == ["a dog", "a horse", "a man", "blurry"]


def test_another_encoder_encodes_again():
    clip, other = Clip(), Clip()
    encode(clip, ["a man"])
    encode(other, ["a man"])
    assert clip.encoded == other.encoded == ["a man"]


def test_the_negative_prompt_stays_known_through_a_long_board():
    clip = Clip()
    for frame in range(200):
        encode(clip, [f"frame {frame}"])
        encode(clip, ["blurry"])
    assert clip.encoded.count("blurry") == 1
    encode(clip, ["frame 0"])
    assert clip.encoded.count("frame 0") == 2  # memory is bounded: old prompts are forgotten


def test_nothing_is_kept_for_an_encoder_that_is_gone():
    clip = Clip()
    hidden = weakref.ref(encode(clip, ["a man"])[0][0])
    assert hidden() is not None
    del clip
    gc.collect()
    assert hidden() is None


def test_a_wave_holds_one_row_per_take_in_their_order():
    clip = Clip()
    texts = ["a man", "a dog", "a man"]
    [[hidden, options]] = encode(clip, texts)
    assert hidden.shape == (3, 77, WIDTH)
    assert options["pooled_output"].shape == (3, 4)
    for place, text in enumerate(texts):
        [[alone, alone_options]] = encode(clip, [text])
        assert torch.equal(hidden[place : place + 1], alone)
        pooled = options["pooled_output"][place : place + 1]
        assert torch.equal(pooled, alone_options["pooled_output"])


@pytest.mark.parametrize(
    ("lengths", "joined"), [((77, 154), 154), ((154, 231), 462), ((77, 77), 77), ((256, 256), 256)]
)
def test_attention_over_a_wave_gives_what_it_gives_over_single_prompts(lengths, joined):
    rows = [row(tokens, seed) for seed, tokens in enumerate(lengths)]
    [[hidden, _]] = join(rows)
    assert hidden.shape == (len(lengths), joined, WIDTH)
    query = torch.randn((1, 16, WIDTH), generator=torch.Generator().manual_seed(9))
    attend = torch.nn.functional.scaled_dot_product_attention
    for place, [[alone, _]] in enumerate(rows):
        together = hidden[place : place + 1]
        assert torch.allclose(
            attend(query, together, together), attend(query, alone, alone), atol=1e-6
        )


def test_joining_leaves_the_rows_as_they_were():
    first, second = row(77, 1, strength=0.5), row(154, 2, strength=0.5)
    before = first[0][0].clone(), dict(first[0][1])
    [[_, options]] = join([first, second])
    assert options["strength"] == 0.5
    options["strength"] = 1.0
    assert torch.equal(first[0][0], before[0])
    assert first[0][1] == before[1]


def test_prompts_that_change_while_sampling_are_refused_in_a_wave():
    scheduled = row(77, 1) + row(77, 2)
    with pytest.raises(FrameError, match="wave") as raised:
        join([row(77, 3), scheduled])
    assert raised.value.code == "image_unusable"
    assert "1" in raised.value.hint


def test_prompts_of_a_model_that_attends_to_words_and_picture_together_are_not_stretched():
    def wide(tokens):
        return [[torch.zeros([1, tokens, 4096]), {}]]

    [[joined, _]] = join([wide(256), wide(256)])
    assert joined.shape == (2, 256, 4096)
    for rows in ([wide(154), wide(231)], [row(256, 1), row(300, 2)]):
        with pytest.raises(FrameError, match="wave of Frames: open to 1"):
            join(rows)


def test_masks_of_different_length_are_not_joined():
    rows = [row(77, n, attention_mask=torch.ones([1, length])) for n, length in ((1, 77), (2, 154))]
    with pytest.raises(FrameError, match="different length"):
        join(rows)
