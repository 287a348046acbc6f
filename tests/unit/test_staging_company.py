"""Who belongs together: partners touch, walkers go one way, strangers do not look alike."""

import numpy as np
import pytest
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.staging.blocking.company import told_apart
from aldar_storyboard.storyboard.staging.blocking.poses import L_WRIST, R_WRIST
from aldar_storyboard.storyboard.story import (
    BoardFormat,
    CastMember,
    Character,
    Look,
    PropItem,
    Shot,
    Story,
)


def story_of(*cast, descriptions=(), looks=(), board="16:9", **fields):
    characters = [
        Character(
            id=member.character,
            name=member.character,
            description=descriptions[i] if descriptions else "somebody",
            look=looks[i] if looks else Look(),
        )
        for i, member in enumerate(cast)
    ]
    values = {"number": 1, "place": "a street", "action": "walks", "size": "FS"}
    shot = Shot(cast=list(cast), **(values | fields))
    return Story(title="t", logline="l", format=board, characters=characters, shots=[shot])


def layout_of(story):
    return stage(story, story.shots[0]).layout


def two(pose, left="front", right="front", **fields):
    return story_of(
        CastMember(character="ann", pose=pose, position="far_left", facing=left),
        CastMember(character="ben", pose=pose, position="far_right", facing=right),
        **fields,
    )


def direction(figure):
    """1 to the right of the picture, -1 to the left."""
    return -1 if figure.flip else 1


@pytest.mark.parametrize("pose", ["walking", "running", "riding"])
@pytest.mark.parametrize(
    ("left", "right"),
    [("front", "front"), ("right", "left"), ("front_left", "front_right"), ("left", "front")],
)
def test_who_walks_side_by_side_goes_one_way(pose, left, right):
    ann, ben = layout_of(two(pose, left, right)).figures
    assert direction(ann) == direction(ben)


@pytest.mark.parametrize("action", ["they walk towards each other", "Ann meets Ben"])
def test_who_meets_walks_towards_the_other(action):
    ann, ben = layout_of(two("walking", "right", "left", action=action)).figures
    assert (direction(ann), direction(ben)) == (1, -1)


@pytest.mark.parametrize("board", list(BoardFormat))
@pytest.mark.parametrize("size", ["MS", "MLS", "FS", "WS"])
@pytest.mark.parametrize("pose", ["embracing", "shaking_hands", "fighting"])
def test_partners_face_each_other_in_contact(pose, size, board):
    story = two(pose, "back", "left", size=size, board=board, action="at last")
    ann, ben = layout_of(story).figures
    assert (direction(ann), direction(ben)) == (1, -1)
    assert ann.depth == ben.depth
    gap = float(ben.keypoints[:14, 0].min() - ann.keypoints[:14, 0].max())
    assert gap / ann.frame.scale < 0.15


def test_hands_that_shake_meet():
    ann, ben = layout_of(two("shaking_hands", size="MS")).figures
    wrists = [figure.keypoints[[R_WRIST, L_WRIST], :2] for figure in (ann, ben)]
    apart = min(float(np.hypot(*(a - b))) for a in wrists[0] for b in wrists[1])
    assert apart / ann.frame.scale < 0.3


def test_strangers_of_one_look_are_told_apart_in_every_shot():
    story = two("standing")
    ann, ben = layout_of(story).figures
    assert ann.look == story.characters[0].look
    assert ben.look != ann.look


def test_twins_look_alike():
    story = story_of(
        CastMember(character="ann", position="left"),
        CastMember(character="eve", position="right"),
        descriptions=("a girl", "her twin sister"),
    )
    ann, eve = layout_of(story).figures
    assert ann.look == eve.look


def test_what_a_sheet_says_is_not_changed():
    sheet = "a tall man with short black hair in a blue coat"
    story = story_of(
        CastMember(character="ann", position="left"),
        CastMember(character="ben", position="right"),
        descriptions=("somebody", sheet),
    )
    look = told_apart(story)["ben"]
    own = Look()
    assert (look.build, look.hair, look.hair_colour, look.colour) == (
        own.build,
        own.hair,
        own.hair_colour,
        own.colour,
    )


def test_a_house_stands_in_no_room():
    for kind in ("yurt", "house"):
        prop = PropItem(kind=kind)
        inside = story_of(CastMember(character="ann"), props=[prop], setting="palace")
        outside = story_of(CastMember(character="ann"), props=[prop], setting="field")
        assert not layout_of(inside).things
        assert layout_of(outside).things


def crowd(**fields):
    values = {"action": "Ann walks through the crowd", "size": "WS"} | fields
    return layout_of(story_of(CastMember(character="ann"), **values))


def test_a_crowd_is_of_the_world_of_the_cast_and_the_same_in_every_shot_of_a_place():
    looks = [Look(garment="chapan")]
    layout = crowd(looks=looks)
    assert {figure.look.garment.value for figure in layout.extras} == {"chapan"}
    again = crowd(looks=looks, caption="later")
    assert [f.look for f in again.extras] == [f.look for f in layout.extras]
    assert "chapan" not in {figure.look.garment.value for figure in crowd().extras}


def test_a_crowd_leaves_faces_poses_and_masks_of_the_cast_alone():
    story = story_of(CastMember(character="ann"), action="Ann and the crowd", size="FS")
    staging = stage(story, story.shots[0])
    assert len(staging.people) == len(staging.masks) == 1
    face = staging.layout.figures[0].face
    for extra in staging.layout.extras:
        assert extra.depth > staging.layout.figures[0].depth
        apart = extra.head[2] <= face[0] or extra.head[0] >= face[2]
        assert apart or extra.head[3] <= face[1] or extra.head[1] >= face[3]


@pytest.mark.parametrize("action", ["Ann waits", "Ann is alone, no people around"])
def test_nobody_comes_uncalled(action):
    assert not crowd(action=action).extras
