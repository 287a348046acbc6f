"""Colours, keypoints, regions, laid-over faces, CLIP embeddings, the evidence picture."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from aldar_storyboard.storyboard.gate.measure import clip, colours, keypoints, regions, remember
from aldar_storyboard.storyboard.gate.measure.calibrate import calibrate
from aldar_storyboard.storyboard.gate.measure.evidence import HEIGHT, draw_evidence
from aldar_storyboard.storyboard.gate.measure.examine import Tools
from aldar_storyboard.storyboard.gate.measure.faces import Face, Missing
from aldar_storyboard.storyboard.gate.measure.likeness import align, difference, similarity
from aldar_storyboard.storyboard.gate.policy import Policy, Reading
from aldar_storyboard.storyboard.gate.verdict import Crop
from aldar_storyboard.storyboard.prompts.compose import FramePrompt
from aldar_storyboard.storyboard.story import Shot, Story
from aldar_storyboard.storyboard.takes import Take
from aldar_storyboard.storyboard.tensors.images import to_tensor
from aldar_storyboard.tests.faces import CHANGES, people, recoloured, scene
from aldar_storyboard.tests.fakes.gate import Vision
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image


def pixels(image):
    return np.asarray(image, np.float32) / 255


# --- colours -------------------------------------------------------------------------------

SUIT = (84, 204, 364, 474)
"""The astronaut's orange suit."""


def suit(image):
    return colours.describe(regions.pixels_of(pixels(image), SUIT))


def test_cielab_has_its_published_values():
    colour = np.array([[[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]], np.float32)
    expected = [[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.20]]
    np.testing.assert_allclose(colours.to_lab(colour)[0], expected, atol=0.05)


def test_the_same_clothes_in_other_light_are_more_alike_than_other_clothes():
    astronaut = people()["astronaut"]
    reference = suit(astronaut)
    same = [
        colours.alike(reference, suit(CHANGES[name](astronaut)))
        for name in ("dim", "warm", "cool", "mirrored", "jpeg", "covered")
    ]
    swapped = [
        colours.alike(reference, suit(recoloured(astronaut, 0, shift)))
        for shift in (64, 110, 128, 192)
    ]
    assert min(same) > 0.8 > 0.7 > max(swapped)


def test_a_picture_equals_itself_and_an_opposite_colour_has_nothing_in_common():
    red, blue = np.full((40, 40, 3), (1, 0, 0.0)), np.full((40, 40, 3), (0, 0, 1.0))
    assert colours.alike(colours.describe(red), colours.describe(red)) == pytest.approx(1.0)
    assert colours.alike(colours.describe(red), colours.describe(blue)) < 0.3


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 300, 3), (24, 24, 3)])
def test_small_parts_have_colours_too(shape):
    described = colours.describe(np.full(shape, 0.5, np.float32))
    assert np.linalg.norm(described) == pytest.approx(1.0)


# --- keypoints -----------------------------------------------------------------------------


@pytest.fixture(params=["OpenCV", "ScikitImage"])
def library(request, monkeypatch):
    made = getattr(keypoints, f"_{request.param}")()
    monkeypatch.setattr(keypoints, "_library", lambda: made)


@pytest.mark.usefixtures("library")
def test_keypoints_of_the_same_picture_are_found_again():
    astronaut = people()["astronaut"]
    reference = keypoints.find(pixels(astronaut))
    for name in ("half size", "dark", "tilted"):
        alike = keypoints.alike(reference, keypoints.find(pixels(CHANGES[name](astronaut))))
        assert alike is not None and alike > 0.8, name
    for other in (people()["hopper"], scene()):
        alike = keypoints.alike(reference, keypoints.find(pixels(other)))
        assert alike is not None and alike < 0.3


@pytest.mark.usefixtures("library")
def test_a_plain_picture_has_too_few_keypoints_to_say_anything():
    blank = keypoints.find(np.full((200, 200, 3), 0.5, np.float32))
    assert keypoints.alike(keypoints.find(pixels(scene())), blank) is None


def test_without_a_library_the_reason_names_the_package(monkeypatch):
    for module in ("cv2", "skimage"):
        monkeypatch.setitem(sys.modules, module, None)
    keypoints._library.cache_clear()
    assert "pip install opencv-python-headless" in (keypoints.missing() or "")
    monkeypatch.undo()
    assert keypoints.missing() is None


# --- regions -------------------------------------------------------------------------------

sides = st.integers(30, 400)
edges = st.integers(-200, 500)


@given(edges, edges, sides, sides, st.integers(64, 500), st.integers(64, 500))
def test_regions_lie_inside_the_picture_or_are_none(left, top, wide, high, width, height):
    box = (left, top, left + wide, top + high)
    for region in (regions.head_of(box, (width, height)), regions.torso_of(box, (width, height))):
        if region is not None:
            assert 0 <= region[0] < region[2] <= width
            assert 0 <= region[1] < region[3] <= height


def test_clothes_lie_below_the_face_and_a_close_up_has_none():
    torso = regions.torso_of((200, 100, 300, 200), (512, 512))
    assert torso and torso[1] >= 200
    assert regions.torso_of((50, 50, 450, 490), (512, 512)) is None


def test_a_part_becomes_a_square_without_distortion():
    picture = torch.zeros((1, 100, 200, 3))
    picture[:, 40:60, 90:110] = 1.0  # a square of 20 in the middle
    part = regions.square(picture, (80, 0, 120, 100), 50)
    assert part.shape == (1, 50, 50, 3)
    bright = part[0, :, :, 0] > 0.5
    assert abs(int(bright.any(0).sum()) - int(bright.any(1).sum())) <= 1


# --- laid-over faces -----------------------------------------------------------------------


def test_a_similarity_is_recovered_from_its_points():
    angle = 0.4
    turn = 1.7 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = np.array([[0, 0], [1, 0], [0.5, 1], [0.2, 1.4]], np.float32)
    matrix, shift = similarity(points, points @ turn.T + (3, -2))
    np.testing.assert_allclose(matrix, turn, atol=1e-4)
    np.testing.assert_allclose(shift, (3, -2), atol=1e-4)


def test_a_face_pasted_elsewhere_is_the_same_face_and_another_is_not():
    astronaut, hopper = people()["astronaut"], people()["hopper"]
    face = face_at((174, 74, 274, 174))
    pasted = scene().resize((1024, 1024))
    pasted.paste(astronaut.crop((130, 20, 330, 230)).resize((300, 315)), (500, 400))
    moved = face_at(tuple(round((v - o) * 1.5) + p for v, o, p in
                          zip((174, 74, 274, 174), (130, 20, 130, 20), (500, 400, 500, 400),
                              strict=True)))  # fmt: skip
    reference = align(pixels(astronaut), face, face)
    same = align(pixels(pasted), moved, face)
    other = align(pixels(hopper), face_at((173, 128, 375, 330)), face)
    assert difference(same, reference) < 0.03 < 0.1 < difference(other, reference)


def face_at(box):
    left, top, right, bottom = box
    places = [(0.3, 0.4), (0.7, 0.4), (0.5, 0.65), (0.35, 0.8), (0.65, 0.8)]
    points = [(left + x * (right - left), top + y * (bottom - top)) for x, y in places]
    return Face(box, 1.0, np.zeros(1, np.float32), np.array(points, np.float32))


# --- CLIP ----------------------------------------------------------------------------------


def test_pictures_of_one_size_are_one_forward_pass():
    vision = Vision()
    tall, wide = torch.rand((1, 40, 30, 3)), torch.rand((1, 30, 40, 3))
    rows = clip.embed(vision, [tall, wide, tall.clone(), tall[..., :1]])
    assert vision.batches == [3, 1]
    np.testing.assert_allclose(rows.norm(dim=-1), 1.0, atol=1e-5)
    assert torch.equal(rows[0], rows[2])
    assert not torch.equal(rows[0], rows[1])


def test_frames_are_encoded_where_they_lie():
    """On the meta device any copy to the processor fails."""
    frames = [torch.empty((1, 64, 64, 3), device="meta") for _ in range(3)]
    parts = [regions.square(frame, (8, 8, 40, 60), Vision.image_size) for frame in frames]
    rows = clip.embed(Vision(), [*frames, *parts])
    assert rows.device.type == "meta"
    assert rows.shape[0] == 6


def test_a_cosine_is_one_number_or_none():
    a = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [1.0, 1.0]]), dim=-1)
    assert clip.cosine(a[0], a[1]) == 0.7071
    assert clip.cosine(a[0], torch.full((2,), torch.nan)) is None


def test_a_model_that_gives_no_numbers_is_left_out_of_a_calibration():
    class Damaged(Vision):
        def encode_image(self, image):
            return SimpleNamespace(image_embeds=super().encode_image(image).image_embeds * np.nan)

    pictures = {name: to_tensor(CHANGES[name](scene())) for name in ("dim", "warm", "cool")}
    calibration = calibrate(pictures, {}, Tools(Missing("off"), Damaged()), "hero")
    assert set(calibration.thresholds) == {"costume/colour"}
    assert "gives no numbers" in calibration.skipped["identity/clip"]


# --- remembering ---------------------------------------------------------------------------


def test_features_are_computed_once_per_model_and_forgotten_with_it():
    counted = []
    vision, other = Vision(), Vision()
    for model in (vision, vision, other, vision):
        remember.remember(model, "key", lambda: counted.append(1))
    assert len(counted) == 2


def test_only_so_many_features_are_kept():
    model, counted = Vision(), []
    for index in range(remember.KEPT + 1):
        remember.remember(model, str(index), lambda: None)
    remember.remember(model, "0", lambda: counted.append(1))
    remember.remember(model, str(remember.KEPT), lambda: counted.append(1))
    assert len(counted) == 1


# --- the evidence --------------------------------------------------------------------------


@pytest.fixture
def take():
    shot = Shot(number=1, place="p", action="a")
    story = Story(title="t", logline="l", characters=[], shots=[shot])
    return Take(story, shot, FramePrompt(positive="", negative=""), 1, 1, 0, 42)


def test_the_evidence_shows_both_pictures_boxes_and_a_table(take):
    crop = Crop(subject="aldar", box=(100, 100, 300, 300), value=0.3)
    readings = [Reading("face", "dlib", 0.3, "not the same", crops=(crop,)), Reading("x", "y")]
    verdict = Policy().verdict(readings)
    frame, reference = Image.new("RGB", (400, 400), "#102030"), Image.new("RGB", (200, 400), "red")
    sheet = draw_evidence(take, frame, verdict, reference)
    assert sheet.height == HEIGHT
    assert sheet.getpixel((40, 40)) == (255, 0, 0)
    left = round(200 * HEIGHT / 400) + 12
    corner = left + round(100 * HEIGHT / 400)
    line = {sheet.getpixel((corner + 1, y)) for y in range(200, 300)}
    assert line == {(0x3D, 0xDC, 0x97)}
    without = draw_evidence(take, frame, verdict, None)
    assert without.width < sheet.width


def test_evidence_of_an_odd_frame_is_drawn(take):
    crop = Crop(box=(0, 0, 1, 1), value=None)
    verdict = Policy().verdict([Reading("face", "dlib", 0.5, crops=(crop,))])
    assert draw_evidence(take, Image.new("RGB", (1, 900)), verdict, None).height == HEIGHT


def test_a_tensor_survives_the_way_to_the_square():
    picture = to_tensor(people()["hopper"])
    part = regions.square(picture, regions.whole((512, 600)), 64)
    assert float(part.min()) >= 0 and float(part.max()) <= 1
