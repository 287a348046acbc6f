"""A board is brought home whole, or not presented as one."""

import hashlib
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from aldar_storyboard.runner.run import collect
from aldar_storyboard.runner.server.client import Client
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
    drawn = collect.local(board(folder=folder), tmp_path)
    assert (drawn.folder, drawn.report) == (tmp_path, tmp_path / "report.json")


def test_a_local_board_with_a_missing_file_is_not_whole(tmp_path: Path):
    (tmp_path / "board.json").touch()
    assert code(lambda: collect.local(board(folder="."), tmp_path)) == "board_incomplete"


def fetch(script: Script, folder: Path, exported: collect.Exported) -> collect.BoardFolder:
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


def hashed(files: dict[str, bytes], **changes) -> collect.Exported:
    """What a server says of a board of these files."""
    takes = [name for name in files if name.startswith("takes/") or name == "journal.jsonl"]
    names = [name for name in files if name not in takes]
    hashes = {n: hashlib.sha256(d).hexdigest() for n, d in files.items() if n != "journal.jsonl"}
    return board(**{"files": names, "takes": takes, "sha256": hashes} | changes)


def brought(files: dict[str, bytes], folder: Path) -> list[str]:
    """Fetch a board of these files; returns what was asked of the server."""
    script = Script(files={f"aldar/x/{name}": data for name, data in files.items()})
    fetch(script, folder, hashed(files))
    return [path.removeprefix("/view:aldar/x/") for path in script.got]


LONG = {
    "board.json": b"long",
    "contact_sheet.png": b"sheet 1",
    "contact_sheet_2.png": b"sheet 2",
    "frames/frame_001.png": b"one",
    "frames/frame_002.png": b"two",
    "takes/a.png": b"one",
    "takes/b.png": b"two",
    "journal.jsonl": b"{}\n",
}
SHORT = {
    name: data for name, data in LONG.items() if "2" not in name and not name.startswith("takes/b")
}


def test_takes_come_with_the_board_and_its_frames_are_not_fetched_twice(tmp_path: Path):
    asked = brought(LONG, tmp_path)
    assert asked[-1] == "board.json"
    assert not [name for name in asked if name.startswith("frames/")]
    assert {name: (tmp_path / name).read_bytes() for name in LONG} == LONG


def test_what_is_here_already_is_not_fetched_again(tmp_path: Path):
    brought(LONG, tmp_path)
    changed = LONG | {"report.json": b"new"}
    assert brought(changed, tmp_path) == ["journal.jsonl", "report.json", "board.json"]


def test_frames_and_sheets_of_a_longer_board_go_and_takes_and_own_files_stay(tmp_path: Path):
    brought(LONG, tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "frames" / "frame_099.png").write_text("mine as well")
    brought(SHORT, tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    own = {"notes.txt", "frames/frame_099.png", ".fetched.json"}
    assert left == {*SHORT, "takes/b.png", *own}


def test_a_file_that_was_changed_here_is_the_users_own(tmp_path: Path):
    brought(LONG, tmp_path)
    (tmp_path / "contact_sheet_2.png").write_text("painted over")
    brought(SHORT, tmp_path)
    assert (tmp_path / "contact_sheet_2.png").read_text() == "painted over"
    assert not (tmp_path / "frames" / "frame_002.png").exists()


def test_frames_of_a_board_that_an_earlier_version_fetched_go_too(tmp_path: Path):
    brought(LONG, tmp_path)
    (tmp_path / ".fetched.json").unlink()
    brought(SHORT, tmp_path)
    assert not (tmp_path / "frames" / "frame_002.png").exists()
    assert not (tmp_path / "contact_sheet_2.png").exists()


def test_a_longer_board_that_broke_off_leaves_nothing_behind_either(tmp_path: Path):
    script = Script(files={f"aldar/x/{n}": d for n, d in LONG.items() if n != "board.json"})
    with pytest.raises(AldarError):
        fetch(script, tmp_path, hashed(LONG))
    brought(SHORT, tmp_path)
    assert not (tmp_path / "frames" / "frame_002.png").exists()


def test_a_file_that_is_not_what_was_announced_is_refused(tmp_path: Path):
    script = Script(files={f"aldar/x/{name}": b"other" for name in LONG})
    assert code(lambda: fetch(script, tmp_path, hashed(LONG))) == "server_unreachable"
    assert not (tmp_path / "board.json").exists()
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize(
    "name", ["directions.json", "request.json", ".fetched.json", ".lock", "a/.git/config", ""]
)
def test_a_server_cannot_write_what_belongs_to_the_folder_here(tmp_path: Path, name: str):
    exported = board(files=[name, *FILES])
    assert code(lambda: fetch(Script(), tmp_path, exported)) == "board_incomplete"
    assert not list(tmp_path.iterdir())


def test_takes_that_are_lost_here_are_brought_again(tmp_path: Path):
    brought(LONG, tmp_path)
    (tmp_path / "takes" / "b.png").unlink()
    (tmp_path / "journal.jsonl").unlink()
    assert collect.lacking(tmp_path) == ["takes/b.png", "journal.jsonl"]
    script = Script(files={f"aldar/x/{name}": data for name, data in LONG.items()})
    with serving(script) as server, Client(server.url) as client:
        collect.restore(tmp_path, client)
    assert collect.lacking(tmp_path) == []
    assert (tmp_path / "takes" / "b.png").read_bytes() == b"two"


def test_what_other_nodes_wrote_into_the_folder_of_the_board_is_brought_too():
    verdict = {"folder": "aldar/x", "files": ["identity_test.json"], "sha256": {"i": "0"}}
    other = {"folder": "aldar/y", "files": ["other.json"]}
    outputs = {"6": {"aldar_board": [DONE]}, "7": {"aldar_files": [verdict, other]}}
    assert collect.exported(outputs, "6").files == [*FILES, "identity_test.json"]
