"""What a shot lets the gate measure."""

import pytest
from aldar_storyboard.storyboard.gate.sight import Visibility, sight
from aldar_storyboard.storyboard.story import (
    Angle,
    CastMember,
    Character,
    Depth,
    Facing,
    Kind,
    Look,
    Pose,
    Position,
    PropKind,
    Shot,
    Size,
    Story,
)

SIZE = (512, 512)


def seen(*members, size=Size.MEDIUM_CLOSE_UP, frame=SIZE, **shot):
    characters = [
        Character(id=name, name=name, description="a man")
        for name in ("aldar", "bai", "crowd_of_guests")
    ]
    taken = Shot(number=1, place="p", action="a", size=size, cast=list(members), **shot)
    return sight(Story(title="t", logline="l", characters=characters, shots=[taken]), taken, frame)


@pytest.mark.parametrize(
    ("member", "size", "expected"),
    [
        ({}, Size.CLOSE_UP, Visibility.SHOWN),
        ({"facing": Facing.FRONT_LEFT}, Size.MEDIUM, Visibility.SHOWN),
        ({"facing": Facing.LEFT}, Size.MEDIUM, Visibility.PERHAPS),
        ({"facing": Facing.BACK}, Size.MEDIUM, Visibility.HIDDEN),
        ({"pose": Pose.HEAD_IN_HANDS}, Size.MEDIUM, Visibility.PERHAPS),
        ({}, Size.WIDE, Visibility.PERHAPS),
        ({}, Size.EXTREME_WIDE, Visibility.PERHAPS),
    ],
)
def test_faces_are_shown_perhaps_or_hidden(member, size, expected):
    (person,) = seen(CastMember(character="aldar", **member), size=size).people
    assert person.face is expected


def test_the_heros_face_is_hidden_where_the_story_says_so():
    members = [
        CastMember(character="aldar", position=Position.LEFT),
        CastMember(character="bai", position=Position.RIGHT),
    ]
    expected = seen(*members, face_visible=False)
    assert expected.person("aldar").face is Visibility.HIDDEN
    assert expected.person("bai").face is Visibility.SHOWN
    assert (expected.least, expected.most) == (1, 2)


def test_over_the_shoulder_one_shows_the_back():
    members = [
        CastMember(character="aldar", position=Position.LEFT),
        CastMember(character="bai", position=Position.RIGHT, depth=Depth.FOREGROUND),
    ]
    expected = seen(*members, angle=Angle.OVER_SHOULDER)
    assert expected.person("bai").face is Visibility.HIDDEN
    assert expected.least == 1


def test_a_crowd_has_no_upper_bound_and_is_nobody():
    expected = seen(CastMember(character="aldar"), CastMember(character="crowd_of_guests"))
    assert [person.character for person in expected.people] == ["aldar"]
    assert expected.most is None


@pytest.mark.parametrize("frame", [(512, 512), (1024, 1024), (64, 64), (3, 700)])
def test_boxes_lie_inside_frames_of_any_size(frame):
    expected = seen(
        CastMember(character="aldar", position=Position.FAR_LEFT),
        CastMember(character="bai", position=Position.FAR_RIGHT),
        frame=frame,
    )
    for person in expected.people:
        for left, top, right, bottom in (person.head, person.body):
            assert 0 <= left < right <= frame[0]
            assert 0 <= top < bottom <= frame[1]


def test_an_empty_shot_expects_nobody():
    expected = seen()
    assert (expected.people, expected.least, expected.most) == ((), 0, 0)


@pytest.mark.parametrize(
    ("look", "most"),
    [
        (Look(kind=Kind.ANIMAL, species=PropKind.DOG), 1),
        (Look(kind=Kind.ROBOT), 2),
        (Look(kind=Kind.MANNEQUIN), 2),
    ],
)
def test_only_people_have_faces_that_must_be_found(look, most):
    """A dog that looks into the lens was counted among the faces that a face model must find."""
    cast = [
        CastMember(character="rex", position=Position.LEFT),
        CastMember(character="bai", position=Position.RIGHT),
    ]
    characters = [
        Character(id="rex", name="Rex", description="x", look=look),
        Character(id="bai", name="Bai", description="a man"),
    ]
    for members in (cast[:1], cast):
        shot = Shot(number=1, place="p", action="a", size=Size.CLOSE_UP, cast=members)
        story = Story(title="t", logline="l", characters=characters, shots=[shot])
        expected = sight(story, shot, SIZE)
        assert expected.person("rex").face is Visibility.NONE
        assert expected.least == len(members) - 1
        assert expected.faceless is (len(members) == 1)
    assert expected.most == most
