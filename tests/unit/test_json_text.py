"""JSON that people bring: read whole, or refused in one line."""

import codecs
import json
import os
from pathlib import Path

import pytest
from aldar_storyboard.runner.run import direct
from aldar_storyboard.runner.run.graph import Graph
from aldar_storyboard.storyboard import config
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.errors import AldarError, InputError, StoreError
from aldar_storyboard.storyboard.exports.workflow import API_FILE
from aldar_storyboard.storyboard.frames.directions import Directions
from aldar_storyboard.storyboard.gate.calibration import Calibration
from aldar_storyboard.storyboard.json_text import MAX_DEPTH, NotJson, read_json
from aldar_storyboard.storyboard.planning import load_shipped
from aldar_storyboard.storyboard.planning.llm import profiles
from aldar_storyboard.storyboard.staging.openpose import from_json
from aldar_storyboard.storyboard.story import Story

MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
}

BAD = {
    "deep": ("[" * 100_000 + "]" * 100_000, "levels deep"),
    "a little too deep": ("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2), "levels deep"),
    "deep and unclosed": ('{"a":' * 100_000, "levels deep"),
    "NaN": ("[NaN]", "NaN"),
    "infinity": ("[-Infinity]", "Infinity"),
    "huge float": ("[1e999]", "too large"),
    "huge integer": ("[" + "9" * 5000 + "]", "too large"),
    "key twice": ('{"a": 1, "b": {"c": 1, "c": 2}}', "'c' stands twice"),
    "half a character": ('["\\ud83d"]', "half a character"),
    "half a character in a key": ('{"\\udc00": 1}', "half a character"),
    "no JSON": ("{", "line 1"),
    "nothing": ("", "line 1"),
    "no text": (b"\xff\xfe\xfd", "is not"),
}


@pytest.mark.parametrize("encoding", MARKS)
def test_a_story_is_read_with_and_without_a_byte_order_mark(tmp_path, encoding):
    story = load_shipped("simple")
    path = tmp_path / "story.json"
    path.write_bytes(MARKS[encoding] + story.to_json().encode(encoding))
    assert Story.load(path) == story
    path.write_bytes(story.to_json().encode(encoding))
    assert Story.load(path) == story


def test_a_pasted_story_may_begin_with_a_byte_order_mark():
    story = load_shipped("medium")
    assert Story.from_json("\ufeff" + story.to_json()) == story


@pytest.mark.parametrize("name", BAD)
def test_what_comes_back_as_something_else_is_refused(name):
    text, why = BAD[name]
    with pytest.raises(NotJson, match=why):
        read_json(text)


@pytest.mark.parametrize("number", [2**256 - 1, -(10**298)])
def test_a_perceptual_hash_is_no_huge_number(number):
    assert read_json(json.dumps([number])) == [number]


def test_nesting_up_to_the_limit_is_read():
    assert read_json("[" * MAX_DEPTH + "]" * MAX_DEPTH)


LOADERS = {
    "story.json": (Story.load, "story_invalid"),
    "board.json": (lambda path: Board.load(path.parent), "store_damaged"),
    "directions.json": (lambda path: Directions.load(path.parent), "store_damaged"),
    API_FILE: (lambda path: direct.graph_of(path.parent), "store_damaged"),
    "hero.json": (Calibration.load, "calibration_unusable"),
    "draft.json": (lambda path: Graph.load("draft", path.parent), "graph_unfit"),
    "pose.json": (lambda path: from_json(path.read_bytes()), "option_invalid"),
}
COMFYUI_WRITES = {(API_FILE, "NaN"), (API_FILE, "infinity")}


@pytest.mark.parametrize(
    ("file", "name"), [(f, n) for f in LOADERS for n in BAD if (f, n) not in COMFYUI_WRITES]
)
def test_every_json_file_is_refused_with_an_error_of_ours(tmp_path, file, name):
    load, code = LOADERS[file]
    text = BAD[name][0]
    path: Path = tmp_path / file
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(AldarError) as caught:
        load(path)
    assert caught.value.code == code
    assert len(str(caught.value)) < 600


def test_files_of_a_board_are_read_with_a_byte_order_mark(tmp_path):
    board = Board(story=load_shipped("simple"), base_seed=42, retries=2)
    board.save(tmp_path)
    directions = Directions.model_validate({"frames": {"2": {"first": 1, "note": "smile"}}})
    directions.save(tmp_path)
    for name in ("board.json", "directions.json"):
        path = tmp_path / name
        path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    assert Board.load(tmp_path) == board
    assert Directions.load(tmp_path) == directions


def test_the_configuration_is_read_with_a_byte_order_mark(tmp_path, monkeypatch):
    monkeypatch.setenv("ALDAR_HOME", str(tmp_path))
    text = '[profiles.mine]\r\nbase_url = "http://localhost:1/v1"\r\nmodel = "m"\r\n'
    text += 'key_env = "MY_ODD_KEY"\r\n'
    config.config_file().write_bytes(codecs.BOM_UTF8 + text.encode())
    assert profiles.load("mine").model == "m"
    (tmp_path / ".env").write_bytes(codecs.BOM_UTF8 + b"MY_ODD_KEY=secret\r\n")
    secret = config.secret("MY_ODD_KEY")
    assert secret is not None and secret.get_secret_value() == "secret"


def test_a_configuration_nested_too_deep_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("ALDAR_HOME", str(tmp_path))
    config.config_file().write_text("x = " + "[" * 100_000 + "]" * 100_000)
    with pytest.raises(InputError) as caught:
        config.tables("profiles")
    assert caught.value.code == "profile_invalid"


def test_a_number_as_the_name_of_a_character_names_the_field():
    data = json.loads(load_shipped("simple").to_json())
    data["characters"][0]["name"] = 10**30
    with pytest.raises(InputError, match=r"characters\[0\].name"):
        Story.from_json(json.dumps(data))


def test_a_folder_in_place_of_a_file_is_named(tmp_path):
    for name in ("story.json", "board.json"):
        os.mkdir(tmp_path / name)
    with pytest.raises(InputError, match="cannot be read"):
        Story.load(tmp_path / "story.json")
    with pytest.raises(StoreError):
        Board.load(tmp_path)
