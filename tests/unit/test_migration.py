"""Boards and stories of the first schema are read as what they were: the steppe."""

from __future__ import annotations

import json
from pathlib import Path

from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.exports import export_board
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.migration import migrated
from aldar_storyboard.storyboard.story import Story
from PIL import Image

BOARD = Path(__file__).parents[1] / "data/boards/schema_1.json"


def test_a_board_of_the_first_schema_is_read_and_exported(tmp_path):
    data = json.loads(BOARD.read_text("utf-8"))
    assert data["story"]["schema_version"] == 1
    (tmp_path / "board.json").write_text(json.dumps(data))
    store = TakeStore(tmp_path)
    for frame in data["frames"]:
        picture = Image.new("RGB", (64, 64), (frame["number"], 90, 120))
        store.put(frame["take"], frame["number"], 0, 42, picture)
    store.close()
    board = Board.load(tmp_path)
    assert board.story.schema_version == 2
    assert len(export_board(board, tmp_path, "draft")) > 8


def test_everybody_of_the_first_schema_wears_the_robe_of_the_steppe():
    story = Story.parse(json.loads(BOARD.read_text("utf-8"))["story"])
    assert {c.look.garment.value for c in story.characters} == {"chapan"}
    assert [c.look.sex.value for c in story.characters if c.look.beard.value != "none"] == ["male"]


def test_what_the_first_schema_left_out_is_what_it_meant():
    hero = {"id": "a", "name": "A", "description": "a girl"}
    aunt = {"id": "b", "name": "B", "description": "an aunt", "look": {"hat": "scarf"}}
    child = hero | {"look": {"build": "child", "robe": "#112233"}}
    shot = {"number": 1, "place": "here", "action": "walks"}
    dressed = {"character": "a", "outfit": {"words": "a robe", "robe": "#445566", "hat": "scarf"}}
    story = Story.parse(
        {
            "schema_version": 1,
            "title": "t",
            "logline": "l",
            "characters": [child, aunt],
            "shots": [shot | {"cast": [dressed]}],
        }
    )
    girl, woman = (character.look for character in story.characters)
    assert (girl.kind.value, girl.build.value, girl.colour) == ("child", "average", "#112233")
    assert (woman.hat.value, woman.sex.value) == ("kimeshek", "female")
    worn = story.shots[0].cast[0].outfit
    assert worn and (worn.colour, worn.hat.value) == ("#445566", "kimeshek")
    assert story.shots[0].setting == "steppe"


def test_what_is_no_story_of_the_first_schema_stays_as_it_is():
    for data in (None, [], {"schema_version": 2}, {"shots": 3}, {"schema_version": "1"}):
        assert migrated(data) is data
    broken = {"schema_version": 1, "characters": 3, "shots": [None, {"cast": "x"}]}
    assert migrated(broken)["schema_version"] == 2
