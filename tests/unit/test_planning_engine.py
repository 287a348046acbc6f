"""The local profile: a server that is started for one plan, and a story in two steps.

A real process and real HTTP, with a stand-in for llama.cpp's library; the library itself with a
real model is in ``test_planning_real.py`` (nightly).
"""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from aldar_storyboard.storyboard import config
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.planning import plan
from aldar_storyboard.storyboard.planning.llm import brief, engine, steps
from aldar_storyboard.storyboard.story import Story
from aldar_storyboard.tests.fakes.llm import isolate

LOGLINE = "A fox steals a lamp from an owl."
FAKE = Path(__file__).parents[1] / "fakes" / "llama"
OUTLINE = {
    "title": "The lamp",
    "characters": [
        {"id": "fox", "name": "Fox", "description": "a red fox in a green coat"},
        {"id": "owl", "name": "Owl", "description": "a grey old owl"},
    ],
    "shots": [
        {"place": "wood", "action": "The fox looks up", "caption": "A fox sees light."},
        {"place": "wood", "action": "The fox takes the lamp", "caption": "She takes it."},
    ],
}
SHOT = {
    "shots": [
        {
            "setting": "steppe",
            "time": "night",
            "size": "MS",
            "angle": "low",
            "cast": [
                {"character": "owl", "pose": "standing", "emotion": "angry"},
                {"character": "fox", "pose": "sneaking", "emotion": "sly"},
            ],
            "props": [{"kind": "fire", "name": "fire"}],
            "dialogue": [{"character": "fox", "text": "Mine!"}],
        }
    ]
}


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    home = isolate(monkeypatch, tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    monkeypatch.syspath_prepend(FAKE)
    return home


def model(home: Path, **script: Any) -> Path:
    """A model file that makes the server do that, and the profile that names it."""
    file = home / "small.gguf"
    whole = {"outline": OUTLINE, "shots": [SHOT], **script}
    file.write_bytes(b"GGUF" + json.dumps(whole).encode())
    config_of(home, model=str(file))
    return file


def config_of(home: Path, **fields: Any) -> None:
    lines = [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
    config.config_file().write_text("\n".join(["[profiles.local]", *lines]), "utf-8")


def asked(file: Path) -> list[dict[str, Any]]:
    lines = file.with_suffix(".asked").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def servers() -> list[int]:
    """Processes of ours that are still there."""
    return [child.pid for child in psutil.Process().children() if child.status() != "zombie"]


def fail(code: str, **options: Any) -> AldarError:
    with pytest.raises(AldarError) as caught:
        plan(LOGLINE, planner="local", frames=2, **options)
    assert caught.value.code == code
    assert caught.value.hint
    assert servers() == []
    return caught.value


def test_a_story_is_planned_in_two_steps_and_the_server_is_gone(home: Path):
    told: list[str] = []
    file = model(home)
    story = plan(LOGLINE, planner="local", frames=2, tell=told.append)
    assert servers() == []
    assert told == [
        "Loading the model small",
        "Writing the outline",
        "Writing shot 1 of 2",
        "Writing shot 2 of 2",
    ]
    assert [request["response_format"]["json_schema"]["name"] for request in asked(file)] == [
        "outline",
        "shot",
        "shot",
    ]
    assert (story.title, len(story.shots)) == ("The lamp", 2)
    second = story.shots[1]
    assert (second.action, second.caption) == ("The fox takes the lamp", "She takes it.")
    assert (second.size.value, second.angle.value) == ("MS", "low")
    assert second.dialogue[0].text == "Mine!"
    assert story.planner.kind == "llm"
    assert story.planner.profile == "local"
    assert story.planner.usage.usd == 0
    assert story.planner.usage.prompt_tokens == 30
    assert Story.from_json(story.to_json()) == story


def test_people_keep_their_sides_whoever_is_named_first(home: Path):
    model(home)
    for shot in plan(LOGLINE, planner="local", frames=2).shots[1:]:
        sides = {member.character: member.position.value for member in shot.cast}
        assert sides == {"fox": "left", "owl": "right"}


def test_the_same_plan_again_needs_no_server(home: Path):
    file = model(home)
    first = plan(LOGLINE, planner="local", frames=2)
    again = plan(LOGLINE, planner="local", frames=2)
    assert again.planner.usage.cached
    assert again.shots == first.shots
    assert len(asked(file)) == 3
    file.write_bytes(file.read_bytes() + b" ")  # another model
    assert not plan(LOGLINE, planner="local", frames=2).planner.usage.cached


def test_a_shot_with_something_wrong_is_sent_back_once(home: Path):
    wrong = {"shots": [{**SHOT["shots"][0], "size": "huge"}]}
    file = model(home, shots=[wrong, SHOT])
    story = plan(LOGLINE, planner="local", frames=2)
    assert len(asked(file)) == 4
    assert "size" in asked(file)[2]["messages"][-1]["content"]
    assert story.shots[1].size.value == "MS"


def test_a_shot_of_which_the_model_makes_nothing_keeps_its_outline(home: Path):
    file = model(home, shots=["I cannot say."])
    story = plan(LOGLINE, planner="local", frames=2)
    assert [shot.action for shot in story.shots] == [s["action"] for s in OUTLINE["shots"]]
    assert "2 shots are as the outline has them" in story.planner.note
    assert [m.character for m in story.shots[1].cast] == ["fox"]  # the action names her
    assert len(asked(file)) <= 1 + 2 * 2


def test_an_outline_that_is_none_twice_is_a_clear_error(home: Path):
    file = model(home, outline="Once upon a time")
    fail("planning_unusable")
    assert len(asked(file)) == 2


def test_the_form_holds_everything_to_a_length_and_to_the_cast():
    def bounded(node: Any) -> bool:
        if node["type"] == "object":
            return all(map(bounded, node["properties"].values()))
        if node["type"] == "array":
            return "maxItems" in node and bounded(node["items"])
        return node["type"] != "string" or "enum" in node or "maxLength" in node

    outline, shot = steps.outline_form(8).schema(), steps.shot_form(["fox", "owl"]).schema()
    assert bounded(outline)
    assert bounded(shot)
    shots = outline["properties"]["shots"]
    assert (shots["minItems"], shots["maxItems"]) == (8, 8)
    cast = shot["properties"]["shots"]["items"]["properties"]["cast"]
    assert cast["items"]["properties"]["character"]["enum"] == ["fox", "owl"]


def test_the_brief_of_small_models_is_a_quarter_of_the_directors(home: Path):
    file = model(home)
    plan(LOGLINE, planner="local", frames=2)
    whole = len(brief.system()) + len(brief.schema_text())
    for request in asked(file):
        assert len(json.dumps(request["messages"], ensure_ascii=False)) < whole / 4


# What can go wrong


def test_no_model_file_says_how_to_get_one(home: Path):
    error = fail("planner_no_model")
    assert "aldar models pull --mode planner" in error.hint
    config_of(home, model=str(home / "gone.gguf"))
    assert "gone.gguf" in fail("planner_no_model").message


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04"])
def test_a_file_that_is_no_model_is_told_before_anything_starts(home: Path, content: bytes):
    file = model(home)
    file.write_bytes(content)
    assert "no GGUF" in fail("model_wrong").message


def test_a_missing_package_is_told(home: Path, monkeypatch: pytest.MonkeyPatch):
    model(home)
    monkeypatch.setattr(engine, "_PACKAGES", ("psutil", "no_such_package_at_all"))
    error = fail("package_missing")
    assert "no_such_package_at_all" in error.message
    assert "[local]" in error.hint


@pytest.mark.parametrize(
    ("do", "code"),
    [
        ("memory", "out_of_memory"),
        ("broken", "model_wrong"),
        ("die", "planner_died"),
        ("later", "planner_died"),
    ],
)
def test_a_server_that_fails_is_told_for_what_it_is(home: Path, do: str, code: str):
    model(home, do=do)
    fail(code)


def test_a_port_that_is_taken_is_told(home: Path):
    file = model(home)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        config_of(home, model=str(file), base_url=f"http://127.0.0.1:{port}/v1")
        assert str(port) in fail("port_taken").message


def test_an_engine_is_never_somewhere_else(home: Path):
    config_of(home, model="x.gguf", base_url="https://example.org/v1")
    fail("profile_invalid")


class Stop(Exception):
    pass


@pytest.mark.parametrize("do", ["slow", "silent"])
@pytest.mark.parametrize("stop", [Stop, KeyboardInterrupt])
def test_an_interrupt_ends_the_server(home: Path, do: str, stop: type[BaseException]):
    file = model(home, do=do)

    def poll() -> None:
        reached = do == "slow" or file.with_suffix(".asked").exists()
        if servers() and reached:
            raise stop

    with pytest.raises(stop):
        plan(LOGLINE, planner="local", frames=2, poll=poll)
    assert servers() == []


def test_a_server_that_says_nothing_is_given_up(home: Path):
    file = model(home, do="silent")
    config_of(home, model=str(file), timeout=0.5)
    fail("planner_timeout")


def test_the_server_ends_when_its_parent_is_killed(home: Path, tmp_path: Path):
    model(home, do="slow")
    script = (
        "from aldar_storyboard.storyboard.planning import plan;"
        f"plan({LOGLINE!r}, planner='local', frames=2)"
    )
    parent = psutil.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not parent.children() and time.monotonic() < deadline:
        time.sleep(0.05)
    (server,) = parent.children()
    time.sleep(0.5)  # until it reads its standard input
    parent.kill()
    parent.wait(5)
    server.wait(10)
    assert not server.is_running()
