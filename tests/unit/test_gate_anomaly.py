"""Broken frames: blank, flat, noisy, NaN, and the same as another one."""

import numpy as np
import pytest
from aldar_storyboard.storyboard.gate import Outcome, anomaly_score, perceptual_hash
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.story import CastMember, Character, Shot, Size, Story, Time
from aldar_storyboard.tests.faces import CHANGES, jpeg, people, scaled, scene
from PIL import Image, ImageFilter


def judged(image, seen=()):
    pixels = image if isinstance(image, np.ndarray) else np.asarray(image, np.float32) / 255
    hash = None if isinstance(image, np.ndarray) else perceptual_hash(image)
    return anomaly_score(pixels, hash, seen)


def noise(side=512, grain=1, seed=0):
    small = np.random.default_rng(seed).integers(0, 256, (side // grain, side // grain, 3))
    image = Image.fromarray(small.astype(np.uint8))
    return image.resize((side, side), Image.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def panels():
    """Drawn panels of every size, by day and by night."""
    hero = Character(id="aldar", name="Aldar", description="a man")
    shots = [
        Shot(
            number=n,
            place="steppe",
            action="a",
            size=size,
            time=Time.NIGHT if n % 2 else Time.DAY,
            cast=[CastMember(character="aldar")],
        )
        for n, size in enumerate(Size, 1)
    ]
    story = Story(title="t", logline="l", characters=[hero], shots=shots)
    return [stage(story, shot).panel for shot in shots]


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (Image.new("RGB", (512, 512), "white"), "blank"),
        (Image.new("RGB", (512, 512)), "blank"),
        (jpeg(Image.new("RGB", (512, 512), "grey"), 50), "blank"),
        (noise(), "noise"),
        (noise(grain=8), "noise"),  # what a VAE makes of latents that are noise
        (noise().filter(ImageFilter.GaussianBlur(2)), "noise"),
        (np.full((64, 64, 3), np.nan, np.float32), "NaN"),
        (np.full((64, 64, 3), np.inf, np.float32), "NaN"),
    ],
)
def test_broken_frames_are_rejected_with_their_reason(image, reason):
    score = judged(image)
    assert score.outcome is Outcome.FAIL
    assert reason in score.reason


def test_one_broken_pixel_is_enough():
    pixels = np.asarray(scene(), np.float32) / 255
    pixels[5, 5, 0] = np.nan
    assert judged(pixels.copy()).value == 0.0


def test_photographs_and_panels_of_every_size_pass(panels):
    pictures = [*people().values(), scene(), *panels]
    seen = []
    for picture in pictures:
        assert judged(picture, seen).outcome is Outcome.PASS
        seen.append(perceptual_hash(picture))


@pytest.mark.parametrize("copy", [lambda i: jpeg(i, 60), lambda i: scaled(i, 0.5), CHANGES["dim"]])
def test_the_same_picture_saved_again_is_a_duplicate(copy, panels):
    for picture in (people()["hopper"], panels[0], panels[5]):
        score = judged(copy(picture), [perceptual_hash(picture)])
        assert score.outcome is Outcome.FAIL
        assert "nearly equals another frame" in score.reason


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (17, 17)])
def test_tiny_pictures_break_nothing(size):
    assert judged(Image.new("RGB", size, "red")).outcome is Outcome.FAIL
