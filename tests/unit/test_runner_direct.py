"""``aldar takes``, ``lock``, ``unlock``, ``choose`` and ``redo`` on a board folder."""

import json
from pathlib import Path

import pytest
from aldar_storyboard.runner.cli.main import run
from aldar_storyboard.runner.run import direct
from aldar_storyboard.storyboard.errors import AldarError, InputError
from aldar_storyboard.storyboard.exports.workflow import write_workflows
from aldar_storyboard.storyboard.frames.directions import Directions
from aldar_storyboard.storyboard.frames.engine import Frames, Recipe
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.story import Shot, Story
from aldar_storyboard.storyboard.takes import Rung
from PIL import Image

WORKFLOW = {
    "1": {
        "class_type": "AldarPlanStory",
        "inputs": {"logline": "x", "planner": "some-profile"},
        "_meta": {"title": "Story"},
    },
    "2": {
        "class_type": "AldarFramesOpen",
        "inputs": {"story": ["1", 0], "board": "aldar/x"},
        "_meta": {"title": "Frames"},
    },
}


@pytest.fixture
def board(tmp_path):
    """A board of three frames; the second was rejected once."""
    shots = [Shot(number=n, place="p", action="a") for n in (1, 2, 3)]
    story = Story(title="t", logline="l", characters=[], shots=shots)
    store = TakeStore(tmp_path)
    frames = Frames(story, store, Recipe("body", "gate"))
    while jobs := frames.jobs():
        for job in jobs:
            value = 0.3 if job.id == (2, 0) else 0.9
            outcome = Outcome.PASS if value > 0.5 else Outcome.FAIL
            verdict = Verdict(scores=(Score(name="test", outcome=outcome, value=value),))
            frames.record(job, Image.new("RGB", (8, 8), (job.take.seed % 256, 0, 0)), verdict)
    frames.board.save(tmp_path)
    store.close()
    write_workflows(tmp_path, {"prompt": json.dumps(WORKFLOW)})
    return tmp_path


def test_takes_are_listed_with_their_winner(board):
    rows = [(t["frame"], t["take"], t["score"], t["winner"]) for t in direct.takes(board)]
    assert rows == [(1, 1, 0.9, True), (2, 1, 0.3, False), (2, 2, 0.9, True), (3, 1, 0.9, True)]
    assert all((board / take["file"]).exists() for take in direct.takes(board))


def test_takes_and_choose_count_by_one_rule_and_a_lost_file_keeps_its_number(board):
    lost = next(t for t in direct.takes(board) if (t["frame"], t["take"]) == (2, 1))
    (board / lost["file"]).unlink()
    listed = [(t["take"], t["lost"]) for t in direct.takes(board) if t["frame"] == 2]
    assert listed == [(1, True), (2, False)]
    with pytest.raises(InputError, match="take 1 of frame 2 is lost"):
        direct.choose(board, 2, 1)
    for take in direct.takes(board):
        if not take["lost"]:
            direct.choose(board, take["frame"], take["take"])
            chosen = Directions.load(board).of(take["frame"]).take
            assert take["file"] == f"takes/{chosen}.png"


def test_a_take_that_looked_at_its_reference_more_says_so_and_why(board):
    store = TakeStore(board)
    rung = Rung(factor=1.15, reason="face failed")
    store.put("k", 3, 1, 3052, Image.new("RGB", (8, 8)), rung)
    store.close()
    *others, climbed = direct.takes(board)
    assert (climbed["reference_factor"], climbed["because"]) == (1.15, "face failed")
    assert {(take["reference_factor"], take["because"]) for take in others} == {(1.0, "")}
    shown = list(direct.table([*others, climbed]).columns[4].cells)
    assert shown[-1] == "reference x1.15: face failed"
    assert shown[0] == "winner"


def test_directions_are_written_to_the_board(board):
    direct.lock(board, "1,3")
    direct.choose(board, 2, 1)
    direct.redo(board, "3", "smile more")
    directions = Directions.load(board)
    assert directions.of(1).locked
    assert directions.of(2).take == direct.takes(board)[1]["file"].removeprefix("takes/")[:-4]
    assert (directions.of(3).first, directions.of(3).note, directions.of(3).take) == (
        1,
        "smile more",
        "",
    )
    assert [t["locked"] for t in direct.takes(board)] == [True, False, False, False]
    direct.unlock(board, "1-2")
    assert not Directions.load(board).of(1).take
    assert not Directions.load(board).of(2).take


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["lock", "BOARD", "4"], "option_invalid"),
        (["choose", "BOARD", "2", "--take", "7"], "option_invalid"),
        (["redo", "BOARD", "x", "--later"], "option_invalid"),
        (["lock", "BOARD/none", "1"], "store_damaged"),
    ],
)
def test_what_cannot_be_done_is_named_and_changes_nothing(board, capsys, arguments, code):
    arguments = [a.replace("BOARD", str(board)) for a in arguments]
    assert run([*arguments, "--json"]) != 0
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code
    assert not (board / "directions.json").exists()


def test_a_board_in_use_is_left_alone(board, capsys):
    store = TakeStore(board)
    assert run(["lock", str(board), "1", "--json"]) != 0
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "store_locked"
    store.close()


def test_later_only_notes_it(board, capsys):
    assert run(["redo", str(board), "2", "--note", "closer", "--later", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"board": str(board)}
    assert Directions.load(board).of(2).note == "closer"


def test_a_board_is_made_again_with_its_own_story_and_no_planner(board):
    graph = direct.graph_of(board)
    story = graph.nodes[graph.find("Story")]
    assert story["class_type"] == "AldarLoadStory"
    assert Story.from_json(story["inputs"]["json"]).title == "t"
    assert graph.get("Frames", "board") == "."


def test_what_comfyui_added_to_a_workflow_is_left_out(board):
    nodes = json.loads((board / "workflow_api.json").read_text())
    nodes["2"]["is_changed"] = [float("nan")]
    (board / "workflow_api.json").write_text(json.dumps(nodes))
    assert "is_changed" not in direct.graph_of(board).nodes["2"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"1": 2}'])
def test_a_board_without_its_workflow_is_named(board, text):
    (board / "workflow_api.json").write_text(text)
    with pytest.raises(AldarError) as caught:
        direct.graph_of(board)
    assert caught.value.code in ("store_damaged", "graph_unfit")


def test_a_folder_that_is_no_board_is_told_as_that(tmp_path: Path):
    with pytest.raises(AldarError) as caught:
        direct.takes(tmp_path / "nope")
    assert "is no board's folder" in caught.value.message
    assert "aldar board" in caught.value.hint
    assert not (tmp_path / "nope").exists()
