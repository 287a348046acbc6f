"""The three hands: the same layout in colour, in black lines on white, and in greys."""

import numpy as np
import pytest
from aldar_storyboard.storyboard.frames.shots import fit
from aldar_storyboard.storyboard.planning import load_shipped, plan
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.story import Drawing

SIZE = (384, 384)


def staged(drawing, number=5):
    story = load_shipped("complex").model_copy(update={"drawing": Drawing(drawing)})
    return stage(story, story.shots[number - 1], SIZE)


def pixels(image):
    return np.asarray(image).astype(int)


def test_every_hand_has_the_same_layout_poses_and_masks():
    boards = [staged(drawing) for drawing in Drawing]
    assert len({board.pose_json for board in boards}) == 1
    assert len({board.blocking_key for board in boards}) == 1
    assert len({tuple(mask.tobytes() for mask in board.masks.values()) for board in boards}) == 1


def test_a_hand_changes_the_panel_and_so_its_key():
    assert len({staged(drawing).key for drawing in Drawing}) == len(Drawing)
    assert len({staged(drawing).panel.tobytes() for drawing in Drawing}) == len(Drawing)


def test_what_a_picture_should_show_changes_with_the_hand():
    story = load_shipped("simple")
    other = story.model_copy(update={"drawing": Drawing.PENCIL})
    assert fit(story, story.shots[0]) != fit(other, other.shots[0])


@pytest.mark.parametrize("number", range(1, 11))
def test_pencil_is_black_on_white(number):
    clean = pixels(staged("pencil", number).clean)
    assert np.ptp(clean, axis=2).max() == 0, "a colour"
    assert (clean > 200).mean() > 0.75
    assert (clean < 160).mean() > 0.004


@pytest.mark.parametrize("number", range(1, 11))
def test_lines_have_no_tone_and_do_not_depend_on_the_hand(number):
    lines = [staged(drawing, number).lines for drawing in ("storybook", "mannequin")]
    assert lines[0].tobytes() == lines[1].tobytes()
    grey = pixels(lines[0])[..., 0]
    assert (grey > 250).mean() > 0.7


def test_mannequins_are_grey_on_a_light_ground():
    board = staged("mannequin")
    clean = pixels(board.clean)
    assert np.ptp(clean, axis=2).max() <= 24
    ground = np.asarray(board.background_mask) > 250
    assert clean[ground].mean() > clean[~ground].mean() + 20


def test_the_clean_panel_is_the_panel_without_letters():
    board = staged("storybook", 2)
    assert board.clean.size == board.panel.size
    apart = np.abs(pixels(board.clean) - pixels(board.panel)).max(axis=2) > 20
    assert apart.any()
    strip = int(SIZE[1] * 0.125)
    assert apart[-strip // 2 :].mean() > 0.5, "no ground where the caption was"
    for figure in board.layout.figures:
        left, top, right, bottom = (round(v) for v in figure.face)
        assert apart[top:bottom, left:right].mean() < 0.2


def test_a_plan_takes_the_hand_it_is_asked_for():
    story = plan("A cat finds a door.", drawing=Drawing.PENCIL)
    assert story.drawing is Drawing.PENCIL
