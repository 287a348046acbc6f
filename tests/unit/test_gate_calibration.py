"""Thresholds from pictures: separation, intervals, the file, its picture."""

import json

import numpy as np
import pytest
from aldar_storyboard.storyboard.errors import InputError
from aldar_storyboard.storyboard.gate.calibration import (
    POINTS,
    Calibration,
    Threshold,
    calibration_path,
)
from aldar_storyboard.storyboard.gate.curve import draw_curve, save_calibration
from aldar_storyboard.storyboard.gate.separation import equal_error, roc, separate
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image


def tables(own, foreign, references=8, strangers=12, spread=0.05, seed=1):
    """Similarities around ``own`` and ``foreign``: [n, n] symmetric and [n, m]."""
    generator = np.random.default_rng(seed)
    noise = generator.normal(0, spread, (references, references))
    genuine = own + (noise + noise.T) / 2
    return genuine, foreign + generator.normal(0, spread, (references, strangers))


def test_groups_apart_are_told_apart_halfway_without_error():
    threshold, error = equal_error(np.array([0.8, 0.9]), np.array([0.1, 0.4]))
    assert (threshold, error) == (pytest.approx(0.6), 0.0)


def test_groups_that_cross_err_equally_on_both_sides():
    genuine = np.array([0.3, 0.6, 0.7, 0.8])
    strangers = np.array([0.1, 0.2, 0.4, 0.65])
    threshold, error = equal_error(genuine, strangers)
    assert (genuine < threshold).mean() == (strangers >= threshold).mean() == error == 0.25


scores = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40).map(np.array)


@given(scores, scores)
def test_no_threshold_errs_less_on_its_worse_side(genuine, strangers):
    def worse(threshold):
        return max((genuine < threshold).mean(), (strangers >= threshold).mean())

    chosen, _ = equal_error(genuine, strangers)
    tried = np.concatenate((genuine, strangers, [-2.0, 2.0]))
    assert worse(chosen) <= min(worse(t) for t in tried) + 1e-9


@given(scores, scores)
def test_the_curve_rises_from_nothing_to_everything(genuine, strangers):
    curve = roc(genuine, strangers)
    assert curve[0, 1:].tolist() == [0.0, 0.0]
    assert curve[-1, 1:].tolist() == [1.0, 1.0]
    assert (np.diff(curve[:, 0]) < 0).all()
    assert (np.diff(curve[:, 1:], axis=0) >= 0).all()


def test_the_interval_holds_the_threshold_and_shrinks_with_more_pictures():
    few = separate(*tables(0.8, 0.3, references=4, spread=0.1))
    many = separate(*tables(0.8, 0.3, references=40, strangers=60, spread=0.1))
    for separation in (few, many):
        assert separation.low <= separation.threshold <= separation.high
    assert many.high - many.low < few.high - few.low


def test_the_same_pictures_give_the_same_numbers():
    genuine, strangers = tables(0.7, 0.5, spread=0.2)
    assert separate(genuine, strangers, 3) == separate(genuine, strangers, 3)
    assert separate(genuine, strangers, 3) != separate(genuine, strangers, 4)


def test_without_strangers_the_threshold_lies_below_the_character_and_no_error_is_claimed():
    genuine, _ = tables(0.8, 0.0)
    separation = separate(genuine, np.empty((8, 0)))
    assert separation.eer is None
    assert separation.threshold <= genuine[np.triu_indices(8, 1)].min()


def test_one_reference_is_not_enough():
    with pytest.raises(ValueError, match="two references"):
        separate(np.ones((1, 1)), np.zeros((1, 5)))


@pytest.fixture
def calibration():
    thresholds = {
        "face/dlib": Threshold.of(*tables(0.85, 0.25)),
        "costume/colour": Threshold.of(*tables(0.9, 0.0, strangers=0)),
    }
    return Calibration(name="aldar", references=8, strangers=12, thresholds=thresholds)


def test_a_file_comes_back_as_it_was_written(calibration, tmp_path):
    path = calibration_path(tmp_path, "aldar")
    save_calibration(calibration, path)
    first = path.read_bytes()
    assert Calibration.load(path) == calibration
    save_calibration(calibration, path)
    assert path.read_bytes() == first
    with Image.open(path.with_suffix(".png")) as curve:
        assert curve.size == draw_curve(calibration).size


def test_a_saved_curve_stays_small():
    threshold = Threshold.of(*tables(0.6, 0.5, references=40, strangers=100))
    assert len(threshold.roc) == POINTS
    assert threshold.roc[0][1:] == (0.0, 0.0)
    assert threshold.roc[-1][1:] == (1.0, 1.0)


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"extra": 1}, {"thresholds": {"face/dlib": {"threshold": 7}}}]
)
def test_a_file_of_another_kind_is_named(calibration, tmp_path, change):
    path = tmp_path / "aldar.json"
    path.write_text(json.dumps(calibration.model_dump(mode="json") | change))
    with pytest.raises(InputError) as caught:
        Calibration.load(path)
    assert caught.value.code == "calibration_unusable"
    assert "aldar.json is damaged" in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="no calibration 'aldar'"):
        Calibration.load(tmp_path / "aldar.json")


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", "C:x", ".", "x" * 65, "алдар", "a b"])
def test_a_name_never_leads_out_of_the_folder(tmp_path, name):
    with pytest.raises(InputError) as caught:
        calibration_path(tmp_path, name)
    assert caught.value.code == "calibration_unusable"
