"""The story nodes on the real ComfyUI: a script, a character, a slow language model."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from aldar_storyboard.runner.server.client import Client
from aldar_storyboard.tests.comfy.graphs import node
from aldar_storyboard.tests.fakes.llm import Hang, profile, serving

SCRIPT = "EXT. STEPPE - DAWN\n\nAldar Kose leads a horse.\n\nALDAR KOSE\nGood morning!\n"


@pytest.fixture
def client(comfy) -> Client:
    return comfy.client


@pytest.fixture
def home(comfy) -> Path:
    return comfy.home


def wait(client: Client, prompt: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while (history := client.history(prompt)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return history


def plan(**inputs: Any) -> dict[str, Any]:
    given = {"logline": "A fox.", "planner": "offline", "frames": 3, "format": "1:1"}
    return node("AldarPlanStory", **{**given, "style": "storybook", "language": "auto", **inputs})


def test_a_script_and_a_changed_character_are_shown_as_a_shotlist(client: Client):
    options = {"frames": 0, "format": "16:9", "style": "ink", "language": "auto"}
    graph = {
        "1": node("AldarImportScript", script=SCRIPT, **options),
        "2": node(
            "AldarCharacter", story=["1", 0], character="", name="", description="", trigger="fox"
        ),
        "3": node("AldarShowShotlist", story=["2", 0]),
    }
    history = wait(client, client.queue(graph))
    (text,) = history["outputs"]["3"]["text"]
    assert "Aldar Kose leads a horse" in text
    assert "Good morning\\!" in text or "Good morning!" in text
    assert "16:9" in text


def test_a_planner_that_cannot_be_used_is_told_on_the_node(client: Client, home: Path):
    profile(home, "studio", base_url="http://llm.example.org/v1")
    graph = {"1": plan(planner="studio"), "2": node("AldarShowShotlist", story=["1", 0])}
    history = wait(client, client.queue(graph))
    told = json.dumps(history["status"]["messages"])
    assert "another one needs https" in told
    assert "[profiles.studio]" in told


def test_cancel_stops_a_slow_language_model(client: Client, home: Path):
    with serving(Hang(60)) as model:
        profile(home, "slow", base_url=model.url, model="fake-1")
        graph = {"1": plan(planner="slow"), "2": node("AldarShowShotlist", story=["1", 0])}
        prompt = client.queue(graph)
        deadline = time.monotonic() + 60
        while not model.asked:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        client.cancel(prompt)
        history = wait(client, prompt)
        assert model.gave_up.wait(5), "the request still runs"
    kinds = [kind for kind, _ in history["status"]["messages"]]
    assert "execution_interrupted" in kinds
