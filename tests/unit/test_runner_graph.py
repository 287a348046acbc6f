"""The runner's workflow graph: inputs by title, and the check before anything is queued."""

import json
from pathlib import Path

import pytest
from aldar_storyboard.runner.run.graph import FOLDER, Graph, modes
from aldar_storyboard.runner.server.client import Refused
from aldar_storyboard.storyboard.errors import AldarError, InputError

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


KINDS = {
    "1": {
        "class_type": "Sample",
        "inputs": {
            "steps": 20,
            "cfg": 7.0,
            "tiled": False,
            "name": "euler",
            "note": "x",
            "model": ["2", 0],
        },
        "_meta": {"title": "Sampler"},
    },
    "2": {"class_type": "Load", "inputs": {}, "_meta": {"title": "Loader"}},
    "3": {"class_type": "Load", "inputs": {}, "_meta": {"title": "Loader"}},
}
SPECS = {
    "Sample": {
        "input": {
            "required": {
                "steps": ["INT", {"min": 1, "max": 100}],
                "cfg": ["FLOAT", {"min": 0.0, "max": 30.0}],
                "tiled": ["BOOLEAN", {}],
                "name": [["euler", "heun"], {}],
                "note": ["STRING", {}],
                "model": ["MODEL", {}],
            }
        },
        "output": [],
    },
    "Load": {"input": {}, "output": ["MODEL"]},
}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("Sampler.steps=nan", "'nan' is not a value for 'steps', a whole number"),
        ("Sampler.steps=2.5", "'2.5' is not a value for 'steps', a whole number"),
        ("Sampler.steps=true", "a whole number"),
        ("Sampler.steps=", "a whole number"),
        ("Sampler.steps=" + "9" * 5000, "a whole number"),
        ("Sampler.steps=0", "'steps' is 0, not from 1 to 100"),
        ("Sampler.cfg=inf", "'inf' is not a value for 'cfg', a number"),
        ("Sampler.cfg=-inf", "a number"),
        ("Sampler.cfg=1e999", "a number"),
        ("Sampler.cfg=NaN", "a number"),
        ("Sampler.cfg=x", "a number"),
        ("Sampler.cfg=31", "'cfg' is 31.0, not from 0.0 to 30.0"),
        ("Sampler.tiled=yes", "true or false"),
        ("Sampler.tiled=1", "true or false"),
        ("Sampler.name=eular", "'name' is 'eular', not one of euler, heun"),
        ("Sampler.model=x", "input 'model' of 'Sampler' is fed by another node"),
        ("Sampler.step=3", "'Sampler' has no input 'step'; there is steps"),
        ("Sampler.zzz=3", "there is cfg, name, note, steps, tiled"),
        ("Samplr.steps=3", "no node is titled 'Samplr'; there is Sampler"),
        ("sampler.steps=3", "there is Sampler"),
        ("Loader.x=3", "2 nodes are titled 'Loader'"),
        ("Sampler.steps", "not of the form TITLE.INPUT=VALUE"),
        ("Sampler=3", "not of the form TITLE.INPUT=VALUE"),
        (".steps=3", "not of the form TITLE.INPUT=VALUE"),
        ("Sampler.=3", "not of the form TITLE.INPUT=VALUE"),
        ("=", "not of the form TITLE.INPUT=VALUE"),
        ("", "not of the form TITLE.INPUT=VALUE"),
    ],
)
def test_a_setting_that_cannot_be_is_told_before_it_is_queued(setting: str, said: str):
    built = Graph(KINDS, "test.json")

    def attempt() -> None:
        built.set_by_text(setting)
        built.check(SPECS)

    with pytest.raises(InputError) as caught:
        attempt()
    assert caught.value.code == "option_invalid"
    assert said in caught.value.message
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("Sampler.steps=30", 30),
        ("Sampler.cfg=7", 7.0),
        ("Sampler.cfg=1e1", 10.0),
        ("Sampler.tiled=True", True),
        ("Sampler.name=heun", "heun"),
        ("Sampler.note=a=b.c [x] nan", "a=b.c [x] nan"),
        ("Sampler.note=", ""),
    ],
)
def test_a_setting_is_read_as_the_kind_of_its_input(setting: str, value: object):
    built = Graph(KINDS, "test.json")
    built.set_by_text(setting)
    name = setting.partition("=")[0].partition(".")[2]
    assert built.get("Sampler", name) == value
    assert type(built.get("Sampler", name)) is type(value)
    built.check(SPECS)


@pytest.mark.parametrize(
    ("name", "value"),
    [("steps", 2.5), ("steps", 101), ("steps", "x"), ("cfg", float("nan")), ("tiled", 1)],
)
def test_a_value_of_a_workflow_that_comfyui_would_refuse_is_told(name: str, value: object):
    built = Graph(KINDS, "test.json")
    built.nodes["1"]["inputs"][name] = value
    assert f"input '{name}' is {value!r}" in complaint(lambda: built.check(SPECS))


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
