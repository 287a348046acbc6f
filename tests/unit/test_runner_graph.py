"""The runner's workflow graph: inputs by title, and the check before anything is queued."""

import json
from pathlib import Path

import pytest
from aldar_storyboard.runner.client import Refused
from aldar_storyboard.runner.graph import FOLDER, Graph, modes
from aldar_storyboard.storyboard.errors import AldarError

NODES = {
    "1": {"class_type": "Plan", "inputs": {"logline": "", "style": "ink"}, "_meta": {"title": "S"}},
    "2": {"class_type": "Draw", "inputs": {"story": ["1", 0]}, "_meta": {"title": "D"}},
}
INFO = {
    "Plan": {
        "input": {
            "required": {"logline": ["STRING", {}], "style": ["COMBO", {"options": ["ink", "oil"]}]}
        },
        "output": ["STORY"],
    },
    "Draw": {"input": {"required": {"story": ["STORY", {}]}, "optional": {"n": [["a", "b"], {}]}}},
}


def graph(**nodes):
    return Graph({**NODES, **nodes}, "test.json")


def complaint(action) -> str:
    with pytest.raises(AldarError) as caught:
        action()
    assert caught.value.code == "graph_unfit"
    return caught.value.message


def test_a_fitting_graph_passes_and_keeps_what_was_set():
    fitting = graph()
    fitting.set("S", logline="a fox", style="oil")
    fitting.check(INFO)
    assert fitting.nodes["1"]["inputs"] == {"logline": "a fox", "style": "oil"}
    assert NODES["1"]["inputs"]["logline"] == ""


@pytest.mark.parametrize(
    ("title", "values", "named"),
    [
        ("Nobody", {"x": 1}, "'Nobody'"),
        ("S", {"seed": 1}, "'seed'"),
        ("D", {"story": "text"}, "fed by another node"),
    ],
)
def test_setting_what_is_not_there_is_refused_by_name(title, values, named):
    assert named in complaint(lambda: graph().set(title, **values))


def test_two_nodes_of_one_title_are_not_guessed_between():
    twice = graph(**{"3": NODES["1"]})
    assert "2 nodes titled 'S'" in complaint(lambda: twice.set("S", logline=""))


def test_every_problem_is_reported_at_once_with_the_title_of_its_node():
    unfit = Graph(
        {
            "1": {"class_type": "Gone", "inputs": {}, "_meta": {"title": "Lost"}},
            "2": {
                "class_type": "Plan",
                "inputs": {"style": "neon", "extra": 1},
                "_meta": {"title": "Story"},
            },
            "3": {"class_type": "Draw", "inputs": {"story": ["9", 0], "n": "c"}},
            "4": {"class_type": "Draw", "inputs": {"story": ["2", 7]}, "_meta": {"title": "Late"}},
        },
        "test.json",
    )
    message = complaint(lambda: unfit.check(INFO))
    for part in (
        "'Lost': this ComfyUI has no node Gone",
        "'Story': input 'logline' is missing",
        "'Story': input 'style' is 'neon', not one of ink, oil",
        "'Story': input 'extra' is unknown",
        "'Draw': input 'story' is fed by node 9",
        "'Draw': input 'n' is 'c', not one of a, b",
        "'Late': input 'story' takes output 7 of 'Story'",
    ):
        assert part in message


def test_a_combo_that_is_filled_later_takes_any_value():
    info = {**INFO, "Draw": {"input": {"required": {"story": ["COMBO", {"options": []}]}}}}
    Graph({"1": {"class_type": "Draw", "inputs": {"story": "new"}}}, "test.json").check(info)


def test_a_node_made_while_running_is_named_by_the_node_it_came_from():
    assert graph().title("2.0.0.5") == "D"
    assert graph().title("77") == "77"


def test_comfyuis_refusal_is_told_in_titles():
    refused = Refused(
        {
            "error": {"message": "Prompt outputs failed validation"},
            "node_errors": {
                "1": {"errors": [{"message": "Value too big", "details": "frames 99"}]}
            },
        }
    )
    assert "'S': Value too big (frames 99)" in graph().explain(refused).message


def test_an_unknown_mode_is_refused_with_the_list_of_modes(tmp_path: Path):
    (tmp_path / "storyboard_draft.json").write_text(json.dumps(NODES))
    (tmp_path / "storyboard_simple.json").write_text(json.dumps(NODES))
    with pytest.raises(AldarError) as caught:
        Graph.load("guided", tmp_path)
    assert caught.value.code == "option_invalid"
    assert "draft, simple" in caught.value.hint


@pytest.mark.parametrize("text", ["{", "[]", '{"nodes": [], "links": []}'])
def test_a_file_that_is_no_api_workflow_is_refused(tmp_path: Path, text: str):
    (tmp_path / "storyboard_draft.json").write_text(text)
    assert "storyboard_draft.json" in complaint(lambda: Graph.load("draft", tmp_path))


@pytest.mark.parametrize("mode", modes(FOLDER))
def test_every_shipped_workflow_has_what_the_runner_sets(mode: str):
    shipped = Graph.load(mode)
    if mode in ("variations_5x5x5", "identity_quick_test"):
        shipped.set("Story", name="x", description="x", trigger="", format="1:1", style="ink")
    else:
        shipped.set("Story", logline="x", planner="offline", frames=0, format="1:1", style="ink")
    shipped.set("Frames", board=".", seed=1, retries=0)
    shipped.set("Gate", preset="calibrated", calibration="x")
    assert shipped.nodes[shipped.find("Export")]["class_type"] == "AldarExportBoard"
