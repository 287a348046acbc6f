"""``aldar calibrate``: folders in, a calibration by name and its picture out."""

import json
import os
import weakref
from pathlib import Path

import pytest
from aldar_storyboard.runner.cli.main import run
from aldar_storyboard.storyboard.gate.calibration import Calibration
from aldar_storyboard.storyboard.gate.measure.calibrate import Pictures, calibrate
from aldar_storyboard.storyboard.gate.measure.examine import Tools
from aldar_storyboard.storyboard.gate.measure.faces import Missing
from aldar_storyboard.tests.faces import CHANGES, people
from PIL import Image

CASES = Path(__file__).parents[1] / "data" / "pictures"


@pytest.fixture
def comfyui(tmp_path, monkeypatch):
    """A folder that passes for a ComfyUI."""
    folder = tmp_path / "ComfyUI"
    folder.mkdir()
    (folder / "main.py").touch()
    monkeypatch.setenv("COMFYUI_PATH", str(folder))
    monkeypatch.delenv("ALDAR_SERVER", raising=False)
    return folder


@pytest.fixture
def folders(tmp_path):
    own, others = tmp_path / "Aldar Köse 1", tmp_path / "others"
    for folder in (own, others):
        folder.mkdir()
    (own / "notes.txt").write_text("no picture")
    for name in ("dim", "warm", "mirrored"):
        CHANGES[name](people()["astronaut"]).save(own / f"{name}.png")
    for name in ("hopper", "friend1"):
        people()[name].save(others / f"{name}.png")
    return own, others


def answer(capsys, *arguments):
    """(exit status, the JSON answer) of a command line."""
    status = run(["calibrate", *map(str, arguments), "--json"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    return status, json.loads(lines[0])


def test_two_folders_become_a_calibration_the_gate_takes_by_name(
    comfyui, folders, capsys, tmp_path
):
    own, others = folders
    out = tmp_path / "copy.json"
    given = ("--references", own, "--strangers", others, "--out", out, "--faces", "dlib")
    status, data = answer(capsys, *given)
    assert status == 0
    assert data["name"] == "Aldar-K-se-1"
    face = data["thresholds"]["face/dlib"]
    assert face["floor"]["highest"] < face["threshold"] < face["ceiling"]["lowest"]
    assert face["low"] <= face["threshold"] <= face["high"]
    assert "roc" not in face
    assert "identity/clip" in data["skipped"]
    kept = comfyui / "user" / "__aldar" / "calibrations" / "Aldar-K-se-1.json"
    assert data["files"] == [str(kept), str(out)]
    assert Calibration.load(kept) == Calibration.load(out)
    assert len(Calibration.load(kept).thresholds["face/dlib"].roc) > 3
    with Image.open(kept.with_suffix(".png")) as curve:
        assert curve.width > 400


def test_the_same_pictures_give_the_same_bytes(comfyui, folders, capsys, tmp_path):
    own, others = folders
    written = []
    for number in (1, 2):
        out = tmp_path / f"{number}.json"
        answer(capsys, "--references", own, "--strangers", others, "--out", out, "--name", "x")
        written.append(out.read_bytes())
    assert written[0] == written[1]


def test_without_strangers_no_error_rate_is_claimed(comfyui, folders, capsys):
    status, data = answer(capsys, "--references", folders[0], "--name", "alone")
    assert status == 0
    for threshold in data["thresholds"].values():
        assert threshold["eer"] is None
        assert threshold["floor"] is None


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "holds 0 pictures"),
        ({"one.png": "dim"}, "two pictures"),
        ({"one.png": "dim", "two.jpg": None}, "two.jpg is no picture"),
    ],
)
def test_folders_that_will_not_do_are_named(comfyui, capsys, tmp_path, files, words):
    folder = tmp_path / "references"
    folder.mkdir()
    for name, change in files.items():
        if change is None:
            (folder / name).write_bytes(b"not a picture")
        else:
            CHANGES[change](people()["hopper"]).save(folder / name)
    status, data = answer(capsys, "--references", folder)
    assert status == 2
    assert data["error"]["code"] == "calibration_unusable"
    assert words in data["error"]["message"]
    assert not (comfyui / "user").exists()


def test_a_missing_folder_a_bad_name_and_an_unknown_model_are_named(
    comfyui, folders, capsys, tmp_path
):
    own, _ = folders
    for given, code in (
        (("--references", tmp_path / "gone"), "calibration_unusable"),
        (("--references", own, "--name", "../x"), "calibration_unusable"),
        (("--references", own, "--faces", "magic"), "option_invalid"),
        ((), "option_invalid"),
    ):
        status, data = answer(capsys, *given)
        assert (status, data["error"]["code"]) == (2, code)


def test_references_without_faces_calibrate_the_clothes_and_say_so(comfyui, capsys, tmp_path):
    folder = tmp_path / "drawn"
    folder.mkdir()
    for number in range(3):
        Image.linear_gradient("L").rotate(number * 90).convert("RGB").save(folder / f"{number}.png")
    status, data = answer(capsys, "--references", folder, "--faces", "dlib")
    assert status == 0
    assert set(data["thresholds"]) == {"costume/colour"}
    assert "fewer than two references show a face" in data["skipped"]["face/dlib"]
    assert data["skipped"]["0.png"] == "no face was found"


def test_a_broken_picture_is_named_and_the_others_are_used(comfyui, capsys):
    status, data = answer(capsys, "--references", CASES / "refs_broken", "--faces", "dlib")
    assert status == 0
    assert data["references"] == 2
    assert "cut_chunk.png is no picture that can be read" in data["skipped"]["cut_chunk.png"]


def test_a_16_bit_scan_calibrates_like_the_picture_it_is(comfyui, capsys):
    status, data = answer(capsys, "--references", CASES / "refs_16bit", "--faces", "off")
    assert status == 0
    assert data["references"] == 2
    assert data["thresholds"]["costume/colour"]["ceiling"]["lowest"] > 0.3


def test_what_macos_left_and_what_would_hang_is_no_picture_of_a_folder(comfyui, capsys, folders):
    own, _ = folders
    (own / "._dim.png").write_bytes(b"\0\5\x16\7")
    os.mkfifo(own / "pipe.png")
    (own / "folder.jpg").mkdir()
    status, data = answer(capsys, "--references", own, "--faces", "off", "--name", "x")
    assert (status, data["references"]) == (0, 3)


def test_only_one_picture_is_in_memory_at_a_time(folders):
    """Whatever stays is small: embeddings and colours."""
    pictures = Pictures(sorted(folders[0].glob("*.png")))
    alive = weakref.WeakSet()

    class Watched(Pictures):
        def __getitem__(self, name):
            tensor = super().__getitem__(name)
            assert not alive
            alive.add(tensor)
            return tensor

    watched = Watched(list(pictures._paths.values()))
    assert calibrate(watched, {}, Tools(Missing("off")), "x").references == 3
