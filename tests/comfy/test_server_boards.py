"""Boards of a ComfyUI that others run: every command works on them from a folder elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aldar_storyboard.tests.comfy.cli import aldar
from PIL import Image

LOGLINE = "A heron teaches a crow to fish."


@pytest.fixture
def out(comfy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the board is brought to; no ComfyUI can be started here."""
    monkeypatch.setenv("COMFYUI_PATH", str(tmp_path))
    monkeypatch.setenv("ALDAR_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ALDAR_SERVER", raising=False)
    return tmp_path / "board"


def done(*arguments: str) -> dict:
    status, answer, progress = aldar(*arguments)
    assert status == 0, (answer, progress)
    return answer


def winners(folder: Path) -> list[str]:
    board = json.loads((folder / "board.json").read_text("utf-8"))
    return [frame["take"] for frame in board["frames"]]


def test_every_command_works_on_a_board_of_a_server(comfy, out: Path):
    address = comfy.url.replace("//", "//ann:s3cret@")
    done("board", LOGLINE, "--frames", "3", "--server", address, "--out", str(out))
    request = (out / "request.json").read_text("utf-8")
    assert json.loads(request)["server"] == comfy.url
    there = comfy.output / json.loads(request)["folder"]
    assert "s3cret" not in "".join(p.read_text("utf-8") for p in out.glob("*.json"))
    graph = json.loads((out / "workflow_api.json").read_text("utf-8"))
    assert not any("is_changed" in node for node in graph.values())
    first = winners(out)
    assert [take["winner"] for take in done("takes", str(out))["takes"]] == [True] * 3

    done("lock", str(out), "1")
    done("redo", str(out), "1,3", "--later")
    done("lock", str(out), "1")
    answer = done("redo", str(out), "3", "--note", "smile")
    assert any("no picture" in notice for notice in answer["notices"])
    second = winners(out)
    assert second[:2] == first[:2]
    assert second[2] != first[2]
    assert winners(there) == second
    assert len(done("takes", str(out))["takes"]) == 4

    done("choose", str(out), "3", "--take", "1")
    assert winners(out) == winners(there) == first
    assert not (there / "directions.json").exists()

    # A run of the whole board obeys them as well: frame 1, free again, is one that was redone.
    done("unlock", str(out), "1")
    done("board", LOGLINE, "--frames", "3", "--server", comfy.url, "--out", str(out))
    assert winners(out)[1:] == first[1:]
    assert winners(out)[0] != first[0]


def test_a_dry_run_asks_the_server_and_queues_nothing(comfy, out: Path, monkeypatch):
    monkeypatch.chdir(out.parent)
    answer = done("board", "A new fox.", "--server", comfy.url, "--style", "pencil", "--dry-run")
    boards = [n["inputs"].get("board") for n in answer["workflow"].values()]
    assert any(str(board).startswith("aldar/a-new-fox-") for board in boards)
    assert answer["problems"] == []
    assert "--style" in answer["notices"][0]
    assert not list((comfy.output / "aldar").glob("a-new-fox-*"))
    assert not (out.parent / "boards").exists()


def test_a_server_without_the_takes_does_not_draw_the_board_anew(comfy, out: Path):
    done("board", LOGLINE, "--frames", "2", "--server", comfy.url, "--out", str(out))
    request = json.loads((out / "request.json").read_text("utf-8"))
    request["folder"] = "aldar/another"
    (out / "request.json").write_text(json.dumps(request), "utf-8")
    status, answer, _ = aldar("redo", str(out), "1")
    assert (status, answer["error"]["code"]) == (1, "board_elsewhere")
    assert not (comfy.output / "aldar" / "another").exists()


def test_a_shorter_board_leaves_no_frame_of_the_longer_one(comfy, out: Path):
    arguments = ("board", "A mouse moves a mountain.", "--server", comfy.url, "--out", str(out))
    done(*arguments, "--frames", "4")
    done(*arguments, "--frames", "2")
    assert sorted(path.name for path in (out / "frames").iterdir()) == [
        "frame_001.png",
        "frame_002.png",
    ]


def test_a_folder_that_holds_another_board_is_said(comfy, out: Path):
    done("board", LOGLINE, "--frames", "1", "--server", comfy.url, "--out", str(out))
    arguments = ("board", "A fish marries.", "--frames", "1", "--server", comfy.url)
    answer = done(*arguments, "--out", str(out))
    assert any(str(out) in notice and "--out" in notice for notice in answer["notices"])


def test_a_reference_goes_to_the_server_again_when_it_is_lost_there(comfy, out: Path):
    picture = out.parent / "hero.png"
    Image.new("RGB", (64, 64), "#804020").save(picture)
    arguments = ("board", LOGLINE, "--frames", "1", "--server", comfy.url, "--out", str(out))
    answer = done(*arguments, "--reference", str(picture))
    assert any("--reference" in notice for notice in answer["notices"])
    for path in (comfy.base / "input" / "aldar").glob("*.png"):
        path.unlink()
    done("redo", str(out), "1")
    assert list((comfy.base / "input" / "aldar").glob("*.png"))
