"""Variations and the identity test on the real ComfyUI, with drawn panels as frames."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aldar_storyboard.runner.run.graph import Graph
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.staging import stage
from PIL import Image

MATRIX = {
    "name": "Aldar Köse",
    "description": "lean young man, blue chapan",
    "trigger": "aldar_kose_man",
    "outfits": "blue chapan, pointed felt hat\nred robe, fur hat",
    "places": "the open steppe\na bazaar at night",
    "poses": "standing\nwalking, laughing",
    "format": "1:1",
    "style": "storybook",
}


def node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs, "_meta": {"title": kind}}


def variations(board: str, **changes: str) -> Graph:
    return Graph(
        {
            "1": node("AldarPlanVariations", **{**MATRIX, **changes}),
            "2": node("AldarFramesOpen", story=["1", 0], board=board, seed=42, retries=0),
            "3": node("AldarDraftPanel", take=["2", 1]),
            "4": node("AldarFramesClose", flow=["2", 0], image=["3", 0]),
            "5": node("AldarExportBoard", board=["4", 0], pipeline="draft"),
        },
        "variations",
    )


def pixels(path: Path) -> bytes:
    with Image.open(path) as image:
        return image.convert("RGB").tobytes()


@pytest.fixture
def made(comfy) -> Callable[[str], list[int]]:
    """Which frames of a board were drawn, in order, since the last time one asked."""
    seen: dict[str, int] = {}

    def made(board: str) -> list[int]:
        journal = comfy.output / board / "journal.jsonl"
        lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
        takes = [line["shot"] for line in lines if line["event"] == "take"]
        new, seen[board] = takes[seen.get(board, 0) :], len(takes)
        return new

    return made


def test_a_matrix_is_drawn_laid_out_and_only_made_once(comfy, made):
    comfy.run(variations("matrix"))
    assert made("matrix") == [1, 2, 3, 4, 5, 6, 7, 8]
    folder = comfy.output / "matrix"
    board = Board.load(folder)
    assert board.complete and [axis.name for axis in board.story.axes] == [
        "outfit",
        "place",
        "pose",
    ]
    for number in (1, 5):
        drawn = stage(board.story, board.story.shots[number - 1]).panel
        assert pixels(folder / f"frames/frame_{number:03d}.png") == drawn.tobytes()
    sheets = [
        "variations_1_blue-chapan-pointed-felt-hat.png",
        "variations_2_red-robe-fur-hat.png",
    ]
    assert sorted(path.name for path in folder.glob("variations_*")) == sheets
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert [[len(e["frames"]) for e in axis["entries"]] for axis in report["axes"]] == [[4, 4]] * 3

    before = [pixels(folder / name) for name in sheets]
    for number in (2, 7):
        (folder / "takes" / f"{board.frames[number - 1].take}.png").unlink()
    comfy.run(variations("matrix"))
    assert made("matrix") == [2, 7]
    assert [pixels(folder / name) for name in sheets] == before

    comfy.run(variations("matrix", outfits=f"{MATRIX['outfits']}\ngreen chapan, skullcap"))
    assert made("matrix") == [9, 10, 11, 12]
    assert len(list(folder.glob("variations_*"))) == 3


def test_a_matrix_that_was_interrupted_goes_on_where_it_stopped(comfy, made):
    graph = variations("stopped", poses="standing\nwalking\npointing\nlaughing\nwaving")
    prompt = comfy.client.queue(graph.nodes)
    deadline = time.monotonic() + 120
    journal = comfy.output / "stopped" / "journal.jsonl"
    while not journal.exists() or journal.read_text("utf-8").count('"take"') < 3:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    comfy.client.cancel(prompt)
    while (history := comfy.client.history(prompt)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert "execution_interrupted" in [kind for kind, _ in history["status"]["messages"]]
    first = made("stopped")
    assert first == list(range(1, len(first) + 1)) and 3 <= len(first) < 20
    comfy.run(graph)
    assert made("stopped") == list(range(len(first) + 1, 21))
    assert Board.load(comfy.output / "stopped").complete


def test_a_line_that_cannot_be_used_is_told_on_the_node(comfy):
    prompt = comfy.client.queue(variations("wrong", poses="sleeping").nodes)
    deadline = time.monotonic() + 60
    while (history := comfy.client.history(prompt)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    kind, data = history["status"]["messages"][-1]
    assert (kind, data["node_type"]) == ("execution_error", "AldarPlanVariations")
    assert "hides the face" in data["exception_message"]


def test_the_identity_test_without_models_cannot_tell(comfy):
    five = {key: MATRIX[key] for key in ("name", "description", "trigger", "format", "style")}
    graph = Graph(
        {
            "1": node("AldarPlanIdentityTest", **five),
            "2": node("AldarFramesOpen", story=["1", 0], board="identity", seed=42, retries=0),
            "3": node("AldarDraftPanel", take=["2", 1]),
            "4": node("AldarGate", take=["2", 1], image=["3", 0], faces="off"),
            "5": node("AldarFramesClose", flow=["2", 0], image=["3", 0], verdict=["4", 0]),
            "6": node("AldarIdentityVerdict", board=["5", 0]),
            "7": node("PreviewAny", source=["6", 1]),
        },
        "identity",
    )
    outputs = comfy.run(graph)
    (text,) = outputs["6"]["text"]
    assert text.startswith("# Aldar Köse: cannot tell whether the identity holds.")
    assert "faces are switched off" in text and "Give the gate a face model" in text
    assert outputs["7"]["text"] == ["False"]
    folder = comfy.output / "identity"
    data = json.loads((folder / "identity_test.json").read_text("utf-8"))
    assert (data["answer"], data["holds"], len(data["frames"])) == ("cannot tell", False, 5)
    assert (folder / "identity_test.md").read_text("utf-8") == text
