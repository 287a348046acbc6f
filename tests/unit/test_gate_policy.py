"""From measurements to verdicts: presets, calibrations, head counts, casts, copies, the ladder."""

import numpy as np
import pytest
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.gate.calibration import Calibration
from aldar_storyboard.storyboard.gate.cast import match_cast
from aldar_storyboard.storyboard.gate.copies import copy_reading
from aldar_storyboard.storyboard.gate.head_count import heads_reading, occm
from aldar_storyboard.storyboard.gate.ladder import climb
from aldar_storyboard.storyboard.gate.policy import Policy, Preset, Reading
from hypothesis import given
from hypothesis import strategies as st


def score(name, value, threshold=0.5, gates=True):
    outcome = Outcome.PASS if value >= threshold else Outcome.FAIL
    return Score(name=name, outcome=outcome, value=value, threshold=threshold, gates=gates)


def calibration(**thresholds):
    spread = {"pairs": 1, "mean": 0.9, "lowest": 0.9, "highest": 0.9}
    curves = {
        name.replace("_", "/"): {
            "threshold": value,
            "low": value,
            "high": value,
            "eer": 0.0,
            "ceiling": spread,
            "floor": spread,
        }
        for name, value in thresholds.items()
    }
    data = {"name": "hero", "references": 5, "strangers": 5, "thresholds": curves}
    return Calibration.model_validate(data)


# --- presets -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "value", "outcome"),
    [
        ("standard", 0.70, Outcome.PASS),  # mission row S1.2
        ("standard", 0.6999, Outcome.FAIL),
        ("strict", 0.90, Outcome.PASS),  # mission row S0.4
        ("strict", 0.89, Outcome.FAIL),
    ],
)
def test_the_presets_hold_identity_to_their_thresholds(preset, value, outcome):
    verdict = Policy(Preset(preset)).verdict([Reading("identity", "clip", value)])
    assert verdict.scores[0].outcome is outcome
    assert verdict.accepted is (outcome is Outcome.PASS)
    assert verdict.policy == f"{preset}, uncalibrated"


def test_a_threshold_of_ones_own_replaces_the_presets():
    policy = Policy(Preset.STRICT, threshold=0.3)
    assert policy.verdict([Reading("identity", "clip", 0.4)]).accepted
    assert not policy.verdict([Reading("identity", "clip", 0.2)]).accepted


def test_a_calibration_counts_in_its_preset_only_and_the_rest_is_standard():
    own = calibration(face_dlib=0.6, costume_colour=0.8)
    readings = [
        Reading("identity", "clip", 0.65),
        Reading("face", "dlib", 0.5),
        Reading("costume", "colour", 0.7),
    ]
    calibrated = Policy(Preset.CALIBRATED, own).verdict(readings)
    assert [s.name for s in calibrated.failed()] == ["identity", "face", "costume"]
    assert [s.calibrated for s in calibrated.scores] == [False, True, True]
    assert calibrated.policy == "calibrated by hero"
    standard = Policy(Preset.STANDARD, own).verdict(readings)
    assert [s.name for s in standard.failed()] == ["identity"]


def test_the_calibrated_preset_without_a_calibration_says_so():
    verdict = Policy(Preset.CALIBRATED).verdict([Reading("identity", "clip", 0.75)])
    assert verdict.accepted
    assert verdict.policy == "standard, uncalibrated"


def test_a_calibration_of_one_face_model_says_nothing_of_another():
    policy = Policy(Preset.CALIBRATED, calibration(face_dlib=0.9))
    assert policy.verdict([Reading("face", "insightface:buffalo_l", 0.6)]).accepted
    assert not policy.verdict([Reading("face", "dlib", 0.6)]).accepted


def test_what_has_no_threshold_is_reported_and_never_passes():
    verdict = Policy().verdict([Reading("prompt", "open-clip", 0.1)])
    assert verdict.scores[0].outcome is Outcome.REPORTED
    assert verdict.accepted


def test_clothes_are_judged_but_do_not_reject_until_they_are_calibrated():
    verdict = Policy().verdict([Reading("costume", "colour", 0.2)])
    assert verdict.scores[0].outcome is Outcome.FAIL
    assert verdict.accepted


def test_what_the_shot_does_not_show_does_not_reject():
    verdict = Policy().verdict([Reading("identity", "clip", 0.1, gates=False)])
    assert verdict.accepted
    assert verdict.scores[0].outcome is Outcome.FAIL


def test_a_score_that_cannot_be_measured_says_why_and_proves_nothing():
    verdict = Policy().verdict([Reading("face", "dlib", reason="no model")])
    assert verdict.scores[0].outcome is Outcome.UNMEASURABLE
    assert verdict.scores[0].reason == "no model"
    assert verdict.accepted
    assert not verdict.proven
    assert Policy().verdict([Reading("face", "dlib", 0.9)]).proven


# --- verdicts ------------------------------------------------------------------------------


def test_the_verdict_shows_the_score_that_came_out_worst():
    verdict = Verdict(scores=(score("face", 0.45, 0.4), score("identity", 0.5, 0.9)))
    assert verdict.value == 0.5
    assert verdict.reason.startswith("identity")


def test_of_two_rejected_takes_the_one_closer_to_its_thresholds_is_better():
    nearly = Verdict(scores=(score("face", 0.39, 0.4), score("identity", 0.95, 0.9)))
    far = Verdict(scores=(score("face", 0.45, 0.4), score("identity", 0.5, 0.9)))
    assert nearly.value is not None and far.value is not None
    assert nearly.value < far.value
    assert nearly.margin is not None and far.margin is not None
    assert nearly.margin > far.margin


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 1))
def test_margins_grow_with_the_value_and_cross_zero_at_the_threshold(a, b, threshold):
    lower, other = score("x", a, threshold), score("x", b, threshold)
    if a <= b:
        assert lower.margin <= other.margin
    assert (lower.margin >= 0) == (a >= threshold)


# --- heads ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("detected", "expected"), [(0, 0), (1, 1), (3, 3), (12, 12)])
def test_the_right_number_of_heads_is_one(detected, expected):
    assert occm(detected, expected) == 1.0


def test_occm_has_the_published_values():
    assert occm(1, 2) == pytest.approx(np.exp(-0.5), abs=1e-5)
    assert occm(1, 0) == 0.0


@pytest.mark.parametrize(
    ("detected", "least", "most", "reason"),
    [
        (0, 1, 1, "1 of 1 people are missing"),
        (2, 1, 1, "a person too many: 2 instead of 1"),
        (1, 0, 0, "a person too many: 1 instead of 0"),
        (12, 1, 2, "10 people too many: 12 instead of 2"),
        (2, 3, 3, "1 of 3 people are missing"),
    ],
)
def test_a_missing_head_and_one_too_many_are_told_apart(detected, least, most, reason):
    verdict = Policy().verdict([heads_reading(detected, least, most, "dlib")])
    assert not verdict.accepted
    assert verdict.scores[0].reason == reason


@pytest.mark.parametrize(
    ("detected", "least", "most"), [(1, 1, 2), (2, 1, 2), (0, 0, 1), (40, 1, None), (3, 4, 4)]
)
def test_heads_between_the_bounds_pass_and_large_casts_have_some_room(detected, least, most):
    assert Policy().verdict([heads_reading(detected, least, most, "dlib")]).accepted


# --- the cast ------------------------------------------------------------------------------


def test_nobody_gets_the_face_of_another():
    # Both resemble the first face most; taken greedily, the bai would pass for Aldar.
    match = match_cast(["aldar", "bai"], np.array([[0.80, 0.30], [0.85, 0.84]]))
    assert match.faces == {"aldar": (0, 0.80), "bai": (1, 0.84)}
    assert match.unmatched == ()


def test_one_face_goes_to_one_character_and_one_too_many_to_none():
    matches = match_cast(["aldar", "bai"], np.array([[0.2], [0.9]]))
    assert matches.faces == {"bai": (0, 0.9)}
    three = match_cast(["aldar"], np.array([[0.1, 0.9, 0.2]]))
    assert three.faces == {"aldar": (1, 0.9)}
    assert three.unmatched == (0, 2)


# --- copies --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frame", "faces", "cosine", "accepted"),
    [
        ((0, 0.0), None, None, False),
        ((3, 0.01), 0.2, 0.8, False),
        ((3, 0.1), 0.2, 0.8, True),  # the same picture in another light
        ((90, 0.01), 0.2, 0.8, True),
        ((90, 0.2), 0.01, 0.8, False),  # a pasted face
        ((90, 0.2), 0.1, 0.999, False),
        ((90, 0.2), 0.1, 0.97, True),
        (None, None, None, True),
    ],
)
def test_copies_are_too_close_in_some_respect(frame, faces, cosine, accepted):
    assert Policy().verdict([copy_reading(frame, faces, cosine)]).accepted is accepted


# --- the ladder ----------------------------------------------------------------------------


def rejected(*names):
    return Verdict(scores=tuple(score(name, 0.0) for name in names))


def test_a_failed_face_looks_at_the_reference_more_and_a_copy_less():
    assert climb([]).factor == 1.0
    assert climb([rejected("face")]).factor == 1.15
    assert climb([rejected("copy")]).factor == 0.85
    assert climb([rejected("face"), rejected("identity", "costume")]).factor == 1.3
    assert climb([rejected("face")]).reason == "face failed"


def test_what_the_reference_cannot_mend_changes_only_the_seed():
    assert climb([rejected("anomaly"), rejected("heads"), rejected("face", "copy")]).factor == 1.0


@given(st.lists(st.sampled_from(["face", "copy", "anomaly"]), max_size=30))
def test_the_ladder_is_bounded(names):
    assert 0.7 <= climb(rejected(name) for name in names).factor <= 1.3
