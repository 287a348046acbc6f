"""The shipped workflows: built from one source, twins agree, nothing private inside."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / "workflows").glob("*.json"))
WIDGETS = {"INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"}
CANVAS_ONLY = {"MarkdownNote", "Note", "Reroute"}


@pytest.fixture(scope="module")
def object_info():
    return json.loads((ROOT / "tests/data/object_info.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def built(object_info):
    """name -> graph, from the builder in ``workflows/build``."""
    folder = ROOT / "workflows/build"
    spec = importlib.util.spec_from_file_location(
        "aldar_workflow_build", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec
    sys.modules["aldar_workflow_build"] = importlib.util.module_from_spec(spec)
    main = importlib.import_module("aldar_workflow_build.__main__")
    return {g.name: g for g in (builder.build(object_info) for builder in main.BUILDERS)}


def load(path):
    return json.loads(path.read_text("utf-8"))


def test_there_are_workflows_and_each_has_its_twin():
    assert WORKFLOWS
    twins = sorted(path.name for path in (ROOT / "workflows/api").glob("*.json"))
    assert twins == [path.name for path in WORKFLOWS]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_the_files_are_what_the_builder_builds(path, built):
    graph = built[path.stem]
    assert load(path) == graph.canvas()
    assert load(ROOT / "workflows/api" / path.name) == graph.api()


def to_api(canvas, object_info):
    """What the frontend would post for a canvas file, after its public schema."""
    links = {link[0]: link for link in canvas["links"]}
    prompt = {}
    for node in canvas["nodes"]:
        if node["type"] in CANVAS_ONLY:
            continue
        values = iter(node["widgets_values"])
        inputs = {}
        for slot in node["inputs"]:
            widget = next(values) if "widget" in slot else None
            if slot["link"] is not None:
                _, source, output, target, place, _ = links[slot["link"]]
                assert target == node["id"]
                assert node["inputs"][place] is slot
                inputs[slot["name"]] = [str(source), output]
            elif "widget" in slot:
                inputs[slot["name"]] = widget
        assert next(values, None) is None
        meta = {"title": node["title"]}
        prompt[str(node["id"])] = {"class_type": node["type"], "inputs": inputs, "_meta": meta}
    return prompt


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_the_twins_agree(path, object_info):
    assert to_api(load(path), object_info) == load(ROOT / "workflows/api" / path.name)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_class_input_and_link_exists(path, object_info):
    prompt = load(ROOT / "workflows/api" / path.name)
    for node in prompt.values():
        info = object_info[node["class_type"]]
        required = info["input"].get("required", {})
        known = required | info["input"].get("optional", {})
        assert set(required) <= set(node["inputs"]) <= set(known)
        for name, value in node["inputs"].items():
            if isinstance(value, list):
                source = object_info[prompt[value[0]]["class_type"]]
                given, wanted = source["output"][value[1]], known[name][0]
                assert "*" in (given, wanted) or given == wanted, (node["class_type"], name)
            elif isinstance(known[name][0], list):
                assert value in known[name][0]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_nothing_private_is_inside(path):
    text = path.read_text("utf-8") + (ROOT / "workflows/api" / path.name).read_text("utf-8")
    private = r"/home/|/root/|/Users/|[A-Z]:\\\\|api_key|sk-[A-Za-z0-9]{8}|\btoken\b|127\.0\.0\.1"
    assert not re.findall(private, text)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_nodes_lie_inside_their_groups_and_not_on_each_other(path):
    canvas = load(path)
    boxes = {}
    for node in canvas["nodes"]:
        (x, y), (width, height) = node["pos"], node["size"]
        boxes[node["title"], node["id"]] = (x, y - 30, x + width, y + height)
    names = list(boxes)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            a, b = boxes[one], boxes[other]
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert apart, f"{one} covers {other}"
    for node in canvas["nodes"]:
        if node["type"] in CANVAS_ONLY:
            continue
        box = boxes[node["title"], node["id"]]
        inside = [
            g["title"]
            for g in canvas["groups"]
            if g["bounding"][0] <= box[0]
            and g["bounding"][1] <= box[1]
            and box[2] <= g["bounding"][0] + g["bounding"][2]
            and box[3] <= g["bounding"][1] + g["bounding"][3]
        ]
        assert len(inside) == 1, node["title"]
