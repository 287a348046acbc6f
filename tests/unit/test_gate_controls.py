"""The whole gate on photographs: right frames pass, wrong ones fail by the right score."""

import pytest
from aldar_storyboard.storyboard.gate.measure.examine import Tools
from aldar_storyboard.storyboard.gate.measure.face_models import open_faces
from aldar_storyboard.storyboard.gate.measure.judge import judge
from aldar_storyboard.storyboard.gate.policy import Policy, Preset
from aldar_storyboard.tests.faces.controls import calibration, controls


@pytest.fixture(scope="module")
def every(tmp_path_factory):
    return {c.name: c for c in controls(tmp_path_factory.mktemp("references"))}


@pytest.fixture(scope="module")
def tools():
    return Tools(open_faces("dlib", None))


@pytest.fixture(scope="module")
def policy(tools):
    return Policy(Preset.CALIBRATED, calibration(tools))


def test_frames_are_accepted_or_rejected_by_the_right_score(every, tools, policy):
    wrong = {}
    for name, control in every.items():
        (verdict,) = judge([control.take], [control.picture], tools, policy)
        failed = [score.name for score in verdict.failed()]
        if failed if not control.rejected_by else control.rejected_by not in failed:
            wrong[name] = failed or "accepted"
    assert wrong == {}


def test_without_a_calibration_only_the_clothes_get_through(every, tools):
    accepted = [
        name
        for name, control in every.items()
        if control.rejected_by
        and judge([control.take], [control.picture], tools, Policy())[0].accepted
    ]
    assert accepted == ["the same person in other clothes"]
