"""The wall of panels that the README shows."""

from aldar_storyboard.storyboard.story import BoardFormat
from aldar_storyboard.tools import wall


def test_every_panel_is_of_another_story_and_all_formats_are_there():
    picks = [pick for picks in wall.ROWS for pick in picks]
    assert len({pick.logline for pick in picks}) == len(picks) == 20
    assert {BoardFormat(pick.board) for pick in picks} == set(BoardFormat)


def test_a_panel_is_drawn_the_same_every_time_and_a_row_is_as_wide_as_the_wall():
    pick = wall.ROWS[0][1]
    first, again = wall.panel(pick), wall.panel(pick)
    assert first.tobytes() == again.tobytes()
    assert first.size == BoardFormat(pick.board).pixels
    row = wall.row([first, again])
    assert row.width == wall.WIDTH
    assert abs(row.height - (wall.WIDTH - wall.GAP) / 2) <= 1
