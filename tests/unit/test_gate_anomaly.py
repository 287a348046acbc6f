"""Broken frames: blank, flat, noisy, NaN, and the same as another one."""

import numpy as np
import pytest
from aldar_storyboard.storyboard.gate import Outcome, anomaly_score
from aldar_storyboard.storyboard.gate.duplicates import board_hash, duplicate_score
from aldar_storyboard.storyboard.planning import load_shipped
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.story import CastMember, Character, Shot, Size, Story, Time
from aldar_storyboard.tests.faces import CHANGES, jpeg, people, scaled, scene
from PIL import Image, ImageFilter


def judged(image):
    pixels = image if isinstance(image, np.ndarray) else np.asarray(image, np.float32) / 255
    return anomaly_score(pixels)


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
            setting="steppe",
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
    for picture in (*people().values(), scene(), *panels):
        assert judged(picture).outcome is Outcome.PASS


def test_no_two_photographs_or_panels_are_duplicates(panels):
    hashes = dict(enumerate(map(board_hash, (*people().values(), scene(), *panels))))
    for number, own in hashes.items():
        assert duplicate_score(own, {n: h for n, h in hashes.items() if n != number}) is None


@pytest.mark.parametrize("copy", [lambda i: jpeg(i, 60), lambda i: scaled(i, 0.5), CHANGES["dim"]])
def test_the_same_picture_saved_again_is_a_duplicate(copy, panels):
    for picture in (people()["astronaut"], panels[0], panels[3]):
        score = duplicate_score(board_hash(copy(picture)), {7: board_hash(picture)})
        assert score.outcome is Outcome.FAIL
        assert score.gates
        assert "nearly equals frame 7" in score.reason


@pytest.mark.parametrize("format", ["1:1", "16:9", "2.39:1", "9:16"])
def test_panels_that_differ_in_badge_and_caption_alone_are_duplicates(format):
    long = "The rider waits and waits while the wind goes through the grass of the wide steppe"
    shot = Shot(number=1, place="steppe", action="a", cast=[CastMember(character="aldar")])
    hero = Character(id="aldar", name="Aldar", description="a man")
    shots = [
        shot.model_copy(update={"number": number, "caption": caption})
        for number, caption in ((1, ""), (2, "He waits."), (3, long))
    ]
    story = Story(title="t", logline="l", format=format, characters=[hero], shots=shots)
    hashes = [board_hash(stage(story, shot).panel) for shot in shots]
    assert duplicate_score(hashes[1], {1: hashes[0]}) is not None
    assert duplicate_score(hashes[2], {1: hashes[0]}) is not None


def test_the_shipped_stories_have_no_duplicates():
    for name in ("simple", "medium", "complex"):
        story = load_shipped(name)
        earlier = {}
        for shot in story.shots:
            own = board_hash(stage(story, shot, (512, 512)).panel)
            assert duplicate_score(own, earlier) is None
            earlier[shot.number] = own


def test_a_frame_that_no_gate_looked_at_is_not_compared():
    assert duplicate_score(None, {1: 5}) is None
    assert duplicate_score(5, {}) is None


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (17, 17)])
def test_tiny_pictures_break_nothing(size):
    assert judged(Image.new("RGB", size, "red")).outcome is Outcome.FAIL
