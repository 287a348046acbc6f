"""The OpenPose map: colours by limb, absent joints, JSON that comes back as it went."""

import json

import numpy as np
import pytest
from aldar_storyboard.storyboard.errors import InputError
from aldar_storyboard.storyboard.staging.openpose import (
    COLOURS,
    LIMBS,
    draw_pose,
    from_json,
    to_json,
    within,
)
from hypothesis import given, settings
from hypothesis import strategies as st


def person():
    """Somebody who stands with arms and legs spread, so that no two limbs cross."""
    points = {
        0: (256, 90), 1: (256, 160), 2: (200, 165), 3: (140, 190), 4: (80, 160),
        5: (312, 165), 6: (372, 190), 7: (432, 160), 8: (220, 300), 9: (170, 390), 10: (130, 480),
        11: (292, 300), 12: (342, 390), 13: (382, 480), 14: (236, 70), 15: (276, 70),
        16: (206, 85), 17: (306, 85),
    }  # fmt: skip
    return np.array([(*points[i], 1.0) for i in range(18)])


def test_limbs_and_joints_have_the_trained_colours():
    skeleton = person()
    image = draw_pose([skeleton], (512, 512))
    assert image.mode == "RGB"
    for (a, b), colour in zip(LIMBS, COLOURS):
        x, y = (skeleton[a, :2] + skeleton[b, :2]) / 2
        assert image.getpixel((round(x), round(y))) == tuple(int(c * 0.6) for c in colour)
    for joint, colour in enumerate(COLOURS):
        x, y = skeleton[joint, :2]
        assert image.getpixel((round(x), round(y))) == colour
    assert image.getpixel((5, 5)) == (0, 0, 0)
    assert len(LIMBS) == 17 and len(COLOURS) == 18
    assert LIMBS[0] == (1, 2) and COLOURS[0] == (255, 0, 0), "neck to right shoulder is red"


def test_an_absent_joint_takes_its_limbs_along():
    skeleton = person()
    skeleton[4] = 0
    image = draw_pose([skeleton], (512, 512))
    x, y = (person()[3, :2] + person()[4, :2]) / 2
    assert image.getpixel((round(x), round(y))) == (0, 0, 0)
    assert image.getpixel((80, 160)) == (0, 0, 0)
    assert image.getpixel((140, 190)) == COLOURS[3]


def test_sticks_grow_with_the_resolution():
    shares = []
    for side in (256, 512, 1024):
        image = draw_pose([person() * (side / 512, side / 512, 1)], (side, side))
        shares.append((np.asarray(image).max(axis=2) > 0).mean())
    assert max(shares) < 1.3 * min(shares)


def test_several_people_and_nobody():
    left, right = person() * (0.5, 1, 1), person() * (0.5, 1, 1) + (256, 0, 0)
    both = np.asarray(draw_pose([left, right], (512, 512)))
    assert (both[:, :256].max(), both[:, 256:].max()) == (255, 255)
    assert not np.asarray(draw_pose([], (64, 32))).any()


def test_joints_outside_the_picture_are_absent():
    skeleton = person()
    skeleton[10, :2] = 130, 600
    skeleton[0, 2] = 0
    seen = within(skeleton, (512, 512))
    assert not seen[10].any() and not seen[0].any()
    assert (seen[1] == skeleton[1]).all()


keypoints = st.lists(
    st.tuples(
        st.floats(2, 1000, width=32), st.floats(2, 1000, width=32), st.sampled_from([0.0, 0.5, 1.0])
    ),
    min_size=18,
    max_size=18,
).map(np.array)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(keypoints, max_size=3), st.integers(1, 4096), st.integers(1, 4096))
def test_json_round_trip(people, width, height):
    back, size = from_json(to_json(people, (width, height)))
    assert size == (width, height) and len(back) == len(people)
    for person, other in zip(people, back):
        assert np.allclose(person, other, atol=1e-3)


def test_json_of_editors_and_of_comfyui_is_read():
    frame = json.loads(to_json([person()], (512, 512)))
    frame["people"][0]["face_keypoints_2d"] = None
    listed, _ = from_json(json.dumps([frame]))
    assert np.allclose(listed[0], person())
    numbers = np.array(frame["people"][0]["pose_keypoints_2d"]).reshape(18, 3) / (512, 512, 1)
    frame["people"][0]["pose_keypoints_2d"] = numbers.ravel().tolist()
    shares, _ = from_json(json.dumps(frame))
    assert np.allclose(shares[0], person())


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "{}",
        "null",
        '{"people": [], "canvas_width": 0, "canvas_height": 5}',
        '{"people": [{"pose_keypoints_2d": [1, 2, 3]}], "canvas_width": 9, "canvas_height": 9}',
        '{"people": [{}], "canvas_width": 9, "canvas_height": 9}',
        json.dumps(
            {
                "people": [{"pose_keypoints_2d": [float("nan")] * 54}],
                "canvas_width": 9,
                "canvas_height": 9,
            }
        ),
    ],
)
def test_what_is_not_openpose_json_says_so(text):
    with pytest.raises(InputError) as caught:
        from_json(text)
    assert caught.value.code == "option_invalid"
    assert "pose_keypoints_2d" in caught.value.hint
