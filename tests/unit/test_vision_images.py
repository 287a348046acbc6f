"""ComfyUI's IMAGE tensors to and from pictures, whatever a loop body gives."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from aldar_storyboard.storyboard.errors import FrameError
from aldar_storyboard.storyboard.tensors.images import (
    background_of,
    fit_masks,
    load_image,
    split,
    to_array,
    to_picture,
    to_tensor,
)
from PIL import Image

UNUSABLE = [
    torch.zeros((4, 4, 3)),  # no batch
    torch.zeros((2, 4, 4, 3)),  # two pictures
    torch.zeros((0, 4, 4, 3)),  # none
    torch.zeros((1, 4, 4, 2)),
    torch.zeros((1, 4, 4, 5)),
    torch.zeros((1, 0, 4, 3)),
]


def every_value():
    values = np.arange(256, dtype=np.uint8)
    return Image.fromarray(np.stack([values, values[::-1], values], axis=-1)[None])


def test_a_picture_comes_back_with_every_value_as_it_was():
    picture = every_value()
    tensor = to_tensor(picture)
    assert tensor.shape == (1, 1, 256, 3)
    assert tensor.dtype == torch.float32
    assert (tensor.min(), tensor.max()) == (0.0, 1.0)
    assert to_picture(tensor).tobytes() == picture.tobytes()


@pytest.mark.parametrize("mode", ["L", "RGBA", "P"])
def test_pictures_of_any_mode_become_rgb(mode):
    picture = every_value().convert(mode)
    assert to_picture(to_tensor(picture)).tobytes() == picture.convert("RGB").tobytes()


def test_grey_is_repeated():
    grey = torch.linspace(0, 1, 12).reshape(1, 3, 4, 1)
    array = to_array(grey)
    assert array.shape == (3, 4, 3)
    for channel in range(3):
        assert np.array_equal(array[:, :, channel], grey[0, :, :, 0].numpy())


def test_alpha_is_left_out():
    image = torch.rand((1, 3, 4, 4), generator=torch.Generator().manual_seed(1))
    assert np.array_equal(to_array(image), image[0, :, :, :3].numpy())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_any_precision_is_taken(dtype):
    array = to_array(torch.full((1, 2, 2, 3), 0.5, dtype=dtype, requires_grad=True))
    assert array.dtype == np.float32
    assert (array == 0.5).all()


def test_values_beyond_the_range_are_clipped_in_the_picture_and_kept_in_the_array():
    image = torch.tensor([-1.0, 0.0, 2.0]).reshape(1, 1, 1, 3)
    assert to_array(image).tolist() == [[[-1.0, 0.0, 2.0]]]
    assert to_picture(image).getpixel((0, 0)) == (0, 0, 255)


def test_a_broken_picture_can_still_be_kept_and_is_not_mended_for_the_gate():
    image = torch.tensor([float("nan"), float("inf"), -float("inf")]).reshape(1, 1, 1, 3)
    assert to_picture(image).getpixel((0, 0)) == (0, 255, 0)
    assert not np.isfinite(to_array(image)).any()


@pytest.mark.parametrize("convert", [to_array, to_picture])
@pytest.mark.parametrize("image", UNUSABLE, ids=lambda image: str(list(image.shape)))
def test_what_is_not_one_picture_is_refused_by_its_shape(convert, image):
    with pytest.raises(FrameError) as raised:
        convert(image)
    assert raised.value.code == "image_unusable"
    assert str(list(image.shape)) in raised.value.message


def test_batches_and_lists_are_split_into_single_pictures():
    images = torch.rand((3, 2, 2, 3), generator=torch.Generator().manual_seed(1))
    pictures = split([images[:2], images[2:]])
    assert [picture.shape[0] for picture in pictures] == [1, 1, 1]
    assert torch.equal(torch.cat(pictures), images)
    assert split([]) == []


@pytest.mark.parametrize("other", [None, torch.zeros((4, 4)), torch.zeros((1, 4, 4)), "image"])
def test_a_mask_or_nothing_in_the_list_is_refused(other):
    with pytest.raises(FrameError) as raised:
        split([torch.zeros((1, 4, 4, 3)), other])
    assert raised.value.code == "image_unusable"


def test_a_reference_is_read_once(tmp_path):
    path = tmp_path / "reference.png"
    every_value().save(path)
    first = load_image(path)
    path.unlink()
    assert load_image(path) is first
    assert to_picture(first).tobytes() == every_value().tobytes()


@pytest.mark.parametrize("shape", [(2, 30, 50), (2, 64, 96), (2, 200, 10)])
def test_masks_of_any_size_fit_the_frame_and_leave_the_rest_to_the_background(shape):
    own = torch.zeros(shape)
    own[0, :, : shape[2] // 2] = 1
    masks = fit_masks(own, (96, 64))
    background = background_of(masks)
    assert masks.shape == (2, 64, 96)
    assert background.shape == (1, 64, 96)
    assert torch.allclose(masks.sum(dim=0) + background[0], torch.ones(64, 96), atol=1e-5)
    assert masks[0, :, 5].min() > 0.9
    assert background[0, :, -5].min() > 0.9


def test_masks_that_fit_are_left_alone_and_what_is_none_is_refused():
    own = torch.rand((3, 4, 6), generator=torch.Generator().manual_seed(1))
    assert torch.equal(fit_masks(own, (6, 4)), own)
    assert fit_masks(own[0], (6, 4)).shape == (1, 4, 6)
    for other in (None, torch.zeros((1, 4, 4, 3)), torch.zeros((0, 4, 4))):
        with pytest.raises(FrameError, match="Masks of shape"):
            fit_masks(other, (6, 4))
