"""*Export storyboard* and *Load story* on the real ComfyUI: formats, options, panels."""

from __future__ import annotations

import json
import os
import time
from typing import Any

import httpx
import jsonschema
import pytest
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.planning import plan
from aldar_storyboard.tests.comfy.graphs import Prompt, node
from aldar_storyboard.tests.comfy.hostile import failure, ours, settle
from PIL import Image

STORY = plan("A fox finds a lamp.", frames=3)


def graph(board: str, formats: str, options: str = "", **story: Any) -> Prompt:
    """A draft board, exported."""
    return {
        "1": node("AldarLoadStory", **{"json": STORY.to_json(), **story}),
        "2": node("AldarFramesOpen", story=["1", 0], board=board, seed=42, retries=0),
        "3": node("AldarDraftPanel", take=["2", 1]),
        "4": node("AldarFramesClose", flow=["2", 0], image=["3", 0]),
        "5": node(
            "AldarExportBoard",
            board=["4", 0],
            pipeline="draft",
            formats=formats,
            options=options,
        ),
    }


def run(comfy, prompt: Prompt) -> dict[str, Any]:
    """The history of a prompt that ran."""
    (history,) = settle(comfy.client, [comfy.client.queue(prompt)])
    assert failure(history) is None, failure(history)
    return history


def refused(comfy, prompt: Prompt) -> str:
    """What ComfyUI says of a prompt that it does not take."""
    answer = httpx.post(f"{comfy.url}/prompt", json={"prompt": prompt}, timeout=60)
    assert answer.status_code == 400
    return answer.text


def test_formats_are_written_with_their_options_and_listed(comfy):
    options = "pdf.per_page=1\n\n pdf.cover = no \nhtml.pictures=inside"
    history = run(comfy, graph("exported", "pdf, html, csv", options))
    (told,) = history["outputs"]["5"]["aldar_board"]
    folder = comfy.output / told["folder"]
    assert {"board.pdf", "board.html", "shotlist.csv", "report.json"} <= {*told["files"]}
    assert all((folder / file).stat().st_size > 0 for file in told["files"])
    assert (folder / "board.pdf").read_bytes().count(b"/Type /Page\n") == 3
    assert 'src="frames/' not in (folder / "board.html").read_text("utf-8")


def test_the_report_keeps_to_its_schema_and_says_what_made_it(comfy, root):
    run(comfy, graph("reported", ""))
    report = json.loads((comfy.output / "reported" / "report.json").read_text("utf-8"))
    schema = json.loads((root / "docs" / "report.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    made = report["made"]
    assert made["gpu_seconds"] is None
    assert made["versions"].keys() >= {"comfyui", "torch", "python", "aldar-storyboard"}


@pytest.mark.parametrize(
    ("formats", "options", "why"),
    [
        ("pdf, docx", "", "no format called 'docx'"),
        ("pdf", "pdf.per_page=5", "per_page"),
        ("pdf", "html.theme=dark", "sets nothing"),
        ("pdf", "pdf.colour=red", "colour"),
        ("", "pdf.per_page=4", "sets nothing"),
    ],
)
def test_a_format_or_an_option_that_there_is_not_is_told_before_anything_is_drawn(
    comfy, formats, options, why
):
    assert why in json.loads(refused(comfy, graph("never", formats, options)))["node_errors"]["5"][
        "errors"
    ][0]["details"].replace("\\'", "'")
    assert not (comfy.output / "never").exists()


@pytest.mark.parametrize("path", ["../outside.wav", "/etc/passwd", "takes/../../x.wav"])
def test_sound_from_outside_the_boards_folder_is_refused(comfy, path):
    prompt = graph("sounds", "animatic", f"animatic.audio={path}")
    (history,) = settle(comfy.client, [comfy.client.queue(prompt)])
    stopped = failure(history)
    assert (
        stopped and ours(stopped) and "outside the board's folder" in stopped["exception_message"]
    )
    assert not (comfy.output / "sounds" / "animatic.mp4").exists()


def test_an_interrupt_leaves_the_files_of_the_last_export(comfy):
    run(comfy, graph("halted", "animatic", "animatic.height=64"))
    film = comfy.output / "halted" / "animatic.mp4"
    before = film.read_bytes()
    prompt = comfy.client.queue(graph("halted", "animatic", "animatic.height=2160"))
    part = film.with_name(film.name + ".part")
    deadline = time.monotonic() + 60
    while not any(p.name.startswith("animatic.mp4.") for p in film.parent.iterdir()):
        assert time.monotonic() < deadline, os.listdir(film.parent)
        time.sleep(0.02)
    comfy.client.cancel(prompt)
    (history,) = settle(comfy.client, [prompt])
    assert "execution_interrupted" in [kind for kind, _ in history["status"]["messages"]]
    assert film.read_bytes() == before and not part.exists()


def test_panels_of_ones_own_become_the_board(comfy):
    folder = comfy.base / "input" / "my panels"
    folder.mkdir()
    for number, colour in enumerate(("red", "green", "blue"), 1):
        Image.new("RGB", (320, 180), colour).save(folder / f"{number:03d}.png")
    history = run(comfy, graph("panels", "storyboarder", json="", panels="my panels"))
    (told,) = history["outputs"]["5"]["aldar_board"]
    board = Board.load(comfy.output / told["folder"])
    assert len(board.frames) == 3
    with Image.open(comfy.output / told["folder"] / board.frames[0].file) as first:
        red, green, blue = first.convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert red > 150 and green < 90 and blue < 90
    Image.new("RGB", (320, 180), "white").save(folder / "004.png")
    run(comfy, graph("panels", "", json="", panels="my panels"))
    assert len(Board.load(comfy.output / told["folder"]).frames) == 4


@pytest.mark.parametrize("name", ["../output", "/etc", ".", "nowhere"])
def test_panels_from_outside_the_input_folder_are_refused(comfy, name):
    prompt = graph("strange", "", json="", panels=name)
    (history,) = settle(comfy.client, [comfy.client.queue(prompt)])
    stopped = failure(history)
    assert stopped and ours(stopped)
