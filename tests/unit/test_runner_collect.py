"""A board is brought home whole, or not presented as one."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from aldar_storyboard.runner import collect
from aldar_storyboard.runner.client import Client
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.tests.fakes.comfyui import Script, serving

FILES = ["board.json", "report.json", "frames/frame_001.png"]
DONE = {"folder": "aldar/x", "files": FILES, "frames": 1, "flagged": 0, "complete": True}


def board(**changes) -> collect.Exported:
    return collect.Exported.model_validate(DONE | changes)


def code(action) -> str:
    with pytest.raises(AldarError) as caught:
        action()
    return caught.value.code


def test_a_finished_board_is_read_from_the_outputs():
    outputs = {"6": {"aldar_board": [DONE]}}
    assert collect.exported(outputs, "6").files == FILES


@pytest.mark.parametrize(
    "outputs",
    [
        {},
        {"6": {}},
        {"6": {"aldar_board": []}},
        {"6": {"aldar_board": [{"folder": "."}]}},
        {"6": {"aldar_board": [DONE | {"complete": False}]}},
        {"5": {"aldar_board": [DONE]}},
    ],
)
def test_anything_less_is_no_board(outputs):
    assert code(lambda: collect.exported(outputs, "6")) == "board_incomplete"


@pytest.mark.parametrize("folder", ["", "."])
def test_a_local_board_lies_in_the_output_folder_itself(tmp_path: Path, folder: str):
    (tmp_path / "frames").mkdir()
    for name in FILES:
        (tmp_path / name).touch()
    found = collect.local(board(folder=folder), tmp_path)
    assert (found.folder, found.report) == (tmp_path, tmp_path / "report.json")


def test_a_local_board_with_a_missing_file_is_not_whole(tmp_path: Path):
    (tmp_path / "board.json").touch()
    assert code(lambda: collect.local(board(folder="."), tmp_path)) == "board_incomplete"


def fetch(script: Script, folder: Path, exported: collect.Exported) -> collect.Board:
    with serving(script) as server, Client(server.url) as client:
        return collect.fetch(exported, client, folder)


def test_a_board_is_fetched_from_a_server(tmp_path: Path):
    files = {f"aldar/x/{name}": name.encode() for name in FILES}
    fetched = fetch(Script(files=files), tmp_path, board())
    assert {name: (fetched.folder / name).read_bytes().decode() for name in FILES} == {
        name: name for name in FILES
    }


def test_a_board_that_breaks_off_leaves_no_board_file_not_even_an_older_one(tmp_path: Path):
    (tmp_path / "board.json").write_text("older")
    files = {"aldar/x/board.json": b"new", "aldar/x/report.json": b"new"}
    with pytest.raises(AldarError) as caught:
        fetch(Script(files=files), tmp_path, board())
    assert caught.value.code == "server_unreachable"
    assert not (tmp_path / "board.json").exists()


@pytest.mark.parametrize(
    "name", ["../evil.png", "/etc/evil", "a/../../evil", "C:\\evil", "..\\evil", "c:evil"]
)
def test_a_server_cannot_write_outside_the_folder(tmp_path: Path, name: str):
    inside = tmp_path / "boards" / "x"
    inside.mkdir(parents=True)
    assert code(lambda: fetch(Script(), inside, board(files=[name, *FILES]))) == "board_incomplete"
    assert code(lambda: fetch(Script(), inside, board(folder=name))) == "board_incomplete"
    assert [path.name for path in tmp_path.rglob("*")] == ["boards", "x"]


def test_a_folder_that_cannot_be_made_is_told_before_anything_starts(tmp_path: Path):
    (tmp_path / "file").touch()
    assert code(lambda: collect.prepare(tmp_path / "file" / "board")) == "folder_unwritable"


def test_a_full_disk_is_told_before_anything_starts(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    assert code(lambda: collect.prepare(tmp_path)) == "disk_full"


def test_a_prepared_folder_is_made_with_its_parents_and_left_empty(tmp_path: Path):
    folder = collect.prepare(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert not list(folder.iterdir())
