"""Whatever arrives at an input of a node: it is used, or told by node and input."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from aldar_storyboard.tests.comfy.graphs import node
from aldar_storyboard.tests.comfy.hostile import failure, ours, settle

pytestmark = pytest.mark.fuzz

WIDGETS = {"INT": 0, "FLOAT": 0.0, "STRING": "x", "BOOLEAN": False}
"""Types of inputs with a widget, and a value where the schema has no default."""
RAW = {("AldarFramesClose", "image"), ("AldarFramesClose", "verdict")}
"""Inputs whose link is read, not their value."""
FITTING = {
    "STRING": {"text", "no text", "many digits", "path"},
    "BOOLEAN": {"true"},
    "INT": {"negative"},
    "IMAGE": {"many pictures"},
    "CLIP_VISION": {"CLIP"},
    "CLIP": {"CLIP_VISION"},
}
"""What of the stub's values belongs into an input of a type."""
JUDGED = {"picture of NaN", "picture of infinity"}


def inputs(info: dict[str, Any]) -> dict[str, tuple[str, Any, bool]]:
    """Of a node class, by name: type, default, whether it is required."""
    values = {}
    for group in ("required", "optional"):
        for name, (kind, *rest) in info["input"].get(group, {}).items():
            options = rest[0] if rest else {}
            choices = kind if isinstance(kind, list) else options.get("options", [None])
            name_of = "COMBO" if isinstance(kind, list) else kind
            default = options.get("default", WIDGETS.get(name_of, choices[0]))
            values[name] = (name_of, default, group == "required")
    return values


def graph(info: dict[str, Any], tried: str, value: str, right: set[str]) -> dict[str, Any]:
    """A node whose inputs are right, but for one that gets a value of the stub's."""
    nodes, given = {"value": node("StubAnything", kind=value)}, {}
    for name, (kind, default, required) in inputs(info).items():
        if name == tried:
            given[name] = ["value", 0]
        elif required and (kind in WIDGETS or kind == "COMBO"):
            given[name] = default
        elif required:
            right_kind = kind if kind in right else "IMAGE"
            nodes[right_kind] = node("StubAnything", kind=right_kind)
            given[name] = [right_kind, 0]
    nodes["tried"] = node(info["name"], **given)
    if not info["output_node"]:
        nodes["shown"] = node("PreviewAny", source=["tried", 0])
    return nodes


@pytest.fixture(scope="module")
def told(comfy, request):
    """(class, input, type, value, title, failure) of every node and every input, for every value
    or, in CI, a part of them."""
    every = request.config.option.markexpr == "fuzz"
    infos = comfy.client.object_info()
    values = infos["StubAnything"]["input"]["required"]["kind"][0]
    right = {value for value in values if value.isupper()}
    cases, queued = [], []
    for class_type, info in sorted(infos.items()):
        for name, (kind, *_) in inputs(info).items() if class_type.startswith("Aldar") else ():
            if name[1:].isdecimal() and name[1:] != "0":
                continue  # one of 32 equal inputs of an inner node
            for value in values:
                drawn = every or zlib.crc32(f"{class_type} {name} {value}".encode()) % 5 == 0
                if value != kind and drawn:
                    queued.append(comfy.client.queue(graph(info, name, value, right)))
                    cases.append((class_type, name, kind, value, info["display_name"]))
    histories = settle(comfy.client, queued, 600)
    return [(*case, failure(history)) for case, history in zip(cases, histories, strict=True)]


def test_nothing_but_errors_of_ours_comes_out(told):
    assert len(told) > 500
    raw = [
        (class_type, name, value, stopped["exception_type"], stopped["exception_message"])
        for class_type, name, _, value, _, stopped in told
        if stopped and not ours(stopped)
    ]
    assert raw == []


def test_a_value_of_another_kind_is_told_by_node_and_input(told):
    silent = []
    for class_type, name, kind, value, title, stopped in told:
        text = stopped["exception_message"] if stopped else ""
        fits = (
            kind == "*"
            or value in FITTING.get(kind, ())
            or (class_type, name) in RAW
            or (value in JUDGED and (class_type, name) == ("AldarGate", "image"))
            or (value == "nothing" and "inside" not in title)
        )
        if not fits and not ("inside" in title and "outside its run" in text):
            named = f"{title}: Input '{name}' cannot be used" in text
            silent += [] if named else [(class_type, name, value, text)]
    assert silent == []


def test_no_path_of_this_machine_and_nothing_unprintable_is_told(told, comfy):
    for *case, stopped in told:
        text = stopped["exception_message"] if stopped else ""
        assert str(comfy.base) not in text, case
        assert "\0" not in text, case
        text.encode("utf-8")
