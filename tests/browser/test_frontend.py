"""What the pack hands to the frontend: workflow, help pages, translations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]


def node_part(node: dict[str, Any]) -> dict[str, Any]:
    """What of a canvas node the frontend has no business to change; it may order the inputs."""
    inputs, outputs = node.get("inputs", []), node.get("outputs", [])
    return {
        "type": node["type"],
        "mode": node["mode"],
        "widgets": node.get("widgets_values") or [],
        "inputs": {
            slot["name"]: (slot["type"], slot.get("link"))
            for slot in inputs
            if slot["type"] != "IMAGEUPLOAD"  # a button of the frontend's
        },
        "outputs": [(slot["name"], slot["type"], slot.get("links") or []) for slot in outputs],
    }


def link_part(canvas: dict[str, Any], link: list[Any]) -> tuple[Any, ...]:
    """A link by the name of the input it leads to, not by its place among the inputs."""
    number, source, slot, target, place, kind = link
    node = next(node for node in canvas["nodes"] if node["id"] == target)
    return number, source, slot, target, node["inputs"][place]["name"], kind


def graph_part(canvas: dict[str, Any]) -> dict[str, Any]:
    return {
        "nodes": {node["id"]: node_part(node) for node in canvas["nodes"]},
        "links": sorted(link_part(canvas, link) for link in canvas["links"]),
        "groups": [(g["title"], g["bounding"], g["color"]) for g in canvas["groups"]],
    }


def test_the_canvas_loses_nothing(open_page, workflow):
    canvas, _ = workflow
    page = open_page()
    page.evaluate("(canvas) => window.app.loadGraphData(canvas)", canvas)
    again = page.evaluate("() => window.app.graph.serialize()")
    assert graph_part(again) == graph_part(canvas)
    titles = page.evaluate(
        "() => Object.fromEntries(window.app.graph.nodes.map((n) => [n.id, n.title]))"
    )
    assert titles == {str(node["id"]): node["title"] for node in canvas["nodes"]}
    before = {node["id"]: node["properties"] for node in canvas["nodes"]}
    for node in again["nodes"]:
        assert node["properties"].items() >= before[node["id"]].items()
    assert again["extra"].items() >= canvas["extra"].items()


@pytest.mark.parametrize("vue_nodes", [False, True], ids=["canvas", "vue-nodes"])
def test_the_frontend_queues_what_the_api_twin_says(open_page, workflow, vue_nodes: bool):
    canvas, api = workflow
    page = open_page(Comfy_VueNodes_Enabled=vue_nodes)
    page.evaluate("(canvas) => window.app.loadGraphData(canvas)", canvas)
    prompt = page.evaluate("async () => (await window.app.graphToPrompt()).output")
    assert prompt == api


def test_every_node_has_its_help_page_where_the_frontend_looks(comfy):
    """``/extensions/<folder of the pack>/docs/<node>/<locale>.md``."""
    info = comfy.client.object_info()
    shown = {path.name for path in (ROOT / "js" / "docs").iterdir()}
    for node in shown:
        folder = info[node]["python_module"].removeprefix("custom_nodes.")
        for language in ("en", "ru"):
            answer = httpx.get(f"{comfy.url}/extensions/{folder}/docs/{node}/{language}.md")
            expected = (ROOT / "js" / "docs" / node / f"{language}.md").read_text("utf-8")
            assert answer.content.decode() == expected


def test_the_help_panel_shows_the_page_in_the_users_language(open_page, draft):
    page = open_page(Comfy_Locale="ru")
    page.evaluate("(canvas) => window.app.loadGraphData(canvas)", draft[0])
    page.evaluate(
        """() => {
            const node = window.app.graph.nodes.find((n) => n.type === "AldarFramesOpen");
            window.app.canvas.selectNode(node);
        }"""
    )
    page.get_by_test_id("info-button").click()
    page.get_by_role("heading", name="Кадры: начало").wait_for()
    assert page.get_by_role("heading", name="Если что-то не так").is_visible()


def test_the_translations_are_served(comfy):
    served = httpx.get(f"{comfy.url}/i18n").json()
    for language in ("en", "ru", "kk"):
        path = ROOT / "locales" / language / "nodeDefs.json"
        assert served[language]["nodeDefs"] == json.loads(path.read_text("utf-8"))
