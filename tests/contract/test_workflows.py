"""The shipped workflows: built from one source, twins agree, nothing private inside."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / "workflows").glob("*.json"))
WIDGETS = {"INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"}
CANVAS_ONLY = {"MarkdownNote", "Note", "Reroute"}


@pytest.fixture(scope="module")
def builder():
    """The module that builds the workflows, ``tools/__main__.py``."""
    return importlib.import_module("aldar_storyboard.tools.__main__")


@pytest.fixture(scope="module")
def object_info(builder):
    return builder.signatures.load()


@pytest.fixture(scope="module")
def built(builder, object_info):
    """name -> graph."""
    return {g.name: g for g in (graph.build(object_info) for graph in builder.BUILDERS)}


@pytest.fixture(scope="module")
def manifest():
    """Path below the models folder -> file of the manifest."""
    text = (ROOT / "runner/models/manifest.json").read_text("utf-8")
    return {file["path"]: file for file in json.loads(text)["files"]}


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
            if slot["type"] == "COMBO" and _uploads(object_info[node["type"]], slot["name"]):
                next(values)  # the frontend's upload button
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


def _uploads(info, name):
    spec = info["input"].get("required", {}).get(name, [])
    return len(spec) > 1 and spec[1].get("image_upload", False)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_the_twins_agree(path, object_info):
    assert to_api(load(path), object_info) == load(ROOT / "workflows/api" / path.name)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_class_input_and_link_exists(path, object_info):
    prompt = load(ROOT / "workflows/api" / path.name)
    for node in prompt.values():
        info = object_info[node["class_type"]]
        required = info["input"].get("required", {})
        allowed = required | info["input"].get("optional", {})
        assert set(required) <= set(node["inputs"]) <= set(allowed)
        for name, value in node["inputs"].items():
            if isinstance(value, list):
                source = object_info[prompt[value[0]]["class_type"]]
                given, wanted = source["output"][value[1]], allowed[name][0]
                assert "*" in (given, wanted) or given == wanted, (node["class_type"], name)
            elif isinstance(allowed[name][0], list) and allowed[name][0]:  # else files of a machine
                assert value in allowed[name][0]


FILES = {
    "ckpt_name": "checkpoints",
    "clip_name": "clip_vision",
    "control_net_name": "controlnet",
    "ipadapter_file": "ipadapter",
    "lora_name": "loras",
}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_the_manifest_knows_what_a_workflow_loads_and_nothing_else(path, manifest):
    prompt = load(ROOT / "workflows/api" / path.name)
    loaded = {
        f"{FILES[name]}/{value}"
        for node in prompt.values()
        for name, value in node["inputs"].items()
        if name in FILES
    }
    if any(node["class_type"] == "IPAdapterInsightFaceLoader" for node in prompt.values()):
        loaded.add("insightface/models/buffalo_l.zip")
    mode = path.stem.removeprefix("storyboard_")
    assert loaded <= set(manifest)
    needed = {name for name, file in manifest.items() if mode in file["modes"]}
    assert {name for name in needed if not manifest[name].get("optional")} <= loaded <= needed


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_the_frontend_is_offered_the_files_by_address_and_hash(path, manifest):
    for node in load(path)["nodes"]:
        loaded = [v for v in node.get("widgets_values", []) if re.search(r"\.\w{3,11}$", str(v))]
        offers = node["properties"].get("models", [])
        if node["type"] in ("LoadImage", "MarkdownNote") or "aldar_kose_v5.safetensors" in loaded:
            continue
        assert [offer["name"] for offer in offers] == loaded
        for offer in offers:
            file = manifest[f"{offer['directory']}/{offer['name']}"]
            assert offer.get("hash") == file.get("sha256")
            assert offer["url"].startswith("https://")


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
    for i, name in enumerate(names):
        for other in names[i + 1 :]:
            a, b = boxes[name], boxes[other]
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert apart, f"{name} covers {other}"
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


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_a_thumbnail_and_a_picture_that_carries_it(path):
    with Image.open(path.with_suffix(".jpg")) as thumbnail:
        assert min(thumbnail.size) >= 512
    assert path.with_suffix(".jpg").stat().st_size < 200_000
    with Image.open(ROOT / "workflows/png" / f"{path.stem}.png") as picture:
        assert json.loads(picture.text["workflow"]) == load(path)
        assert json.loads(picture.text["prompt"]) == load(ROOT / "workflows/api" / path.name)
