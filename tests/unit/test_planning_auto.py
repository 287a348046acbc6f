"""The planner ``auto``: the first profile that is ready, else offline, and it says which."""

import json
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.planning import plan
from aldar_storyboard.storyboard.planning.llm import auto, engine, profiles
from aldar_storyboard.tests.fakes.llm import Hang, Say, Status, error, isolate, profile, serving

LOGLINE = "A fox steals a lamp from an owl."
STORY = {
    "title": "The lamp",
    "language": "en",
    "characters": [{"id": "fox", "name": "Fox", "description": "red fox"}],
    "shots": [
        {"place": "wood", "action": f"the fox runs {n}", "caption": f"{n}."} for n in "123456"
    ],
}


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    home = isolate(monkeypatch, tmp_path)
    # What listens on this machine is not the tests' business.
    for name, fields in profiles.BUILT_IN.items():
        if fields["base_url"].startswith("http://localhost"):
            profile(home, name, base_url="http://127.0.0.1:9/v1")
    auto._silent.clear()
    return home


def say() -> Say:
    return Say(json.dumps(STORY))


def test_without_any_model_it_plans_offline(home: Path):
    assert auto.choose().planner == "offline"
    story = plan(LOGLINE)
    assert story == plan(LOGLINE, planner="offline")
    assert story.planner.kind == "offline"


def test_a_key_is_consent_and_it_says_where_the_logline_goes(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GEMINI_API_KEY", "g-secret-of-the-user")
    choice = auto.choose()
    assert choice.planner == "gemini"
    assert "generativelanguage.googleapis.com gets the logline" in choice.note
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-the-user")
    assert auto.choose().planner == "openai"


def test_a_key_that_cannot_be_one_is_passed_over_and_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", "ключ с пробелом")
    story = plan(LOGLINE)
    assert story.planner.kind == "offline"
    assert "passed over: openai" in story.planner.note
    assert "ключ" not in story.planner.note


def test_a_server_of_this_machine_that_answers_is_taken(home: Path):
    told: list[str] = []
    with serving(say()) as server:
        profile(home, "mine", base_url=server.url, model="fake-1")
        story = plan(LOGLINE, tell=told.append)
    assert story.planner.kind == "llm"
    assert story.planner.profile == "mine"
    assert story.planner.note.startswith("auto: mine, which answers on this machine")
    assert told[0].startswith("auto: mine")


def test_profiles_of_the_user_go_before_those_that_come_along(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-the-user")
    with serving(say()) as server:
        profile(home, "mine", base_url=server.url)
        assert auto.choose().planner == "mine"


@pytest.mark.parametrize("listing", [[], {"data": "x"}, {"data": [{"name": 1}]}, "hello", None, 7])
def test_another_server_on_the_port_is_none_of_ours(home: Path, listing: object):
    with serving(say()) as server:
        server.listing = listing
        profile(home, "mine", base_url=server.url)
        assert auto.choose().planner == "offline"


def test_a_server_without_the_wanted_model_is_told(home: Path):
    with serving(say()) as server:
        server.models = ["embedder"]
        profile(home, "mine", base_url=server.url, model="gemma3:12b")
        story = plan(LOGLINE)
    assert story.planner.kind == "offline"
    assert "mine (it has no model gemma3:12b)" in story.planner.note


def test_a_server_that_loads_its_model_is_taken_and_waited_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    loading = error(503, "Loading model", type="unavailable_error")
    told: list[str] = []
    with serving(loading, loading, say()) as server:
        profile(home, "mine", base_url=server.url, model="fake-1")
        story = plan(LOGLINE, planner="mine", tell=told.append)
    assert len(server.asked) == 3
    assert story.planner.kind == "llm"
    assert "127.0.0.1 is loading its model" in told


def test_waiting_for_a_loading_model_can_be_stopped(home: Path):
    class Stop(Exception):
        pass

    begun = time.monotonic()

    def poll() -> None:
        if time.monotonic() > begun + 0.5:
            raise Stop

    with serving(error(503, "Loading model")) as server:
        profile(home, "mine", base_url=server.url, model="fake-1")
        with pytest.raises(Stop):
            plan(LOGLINE, planner="mine", poll=poll)


def test_a_503_that_is_not_about_loading_is_retried_as_ever(home: Path):
    with serving(error(503, "overloaded"), say()) as server:
        profile(home, "mine", base_url=server.url, model="fake-1", retries=1)
        assert plan(LOGLINE, planner="mine").planner.kind == "llm"
    assert len(server.asked) == 2


def test_a_silent_server_is_left_alone_for_a_while_only(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(auto, "FORGET_SECONDS", 0.3)
    with serving(say()) as server:
        server.models = []
        profile(home, "mine", base_url=server.url)
        assert auto.choose().planner == "offline"
        server.models = ["fake-1"]
        assert auto.choose().planner == "offline"
        time.sleep(0.4)
        assert auto.choose().planner == "mine"


def test_what_auto_took_and_failed_says_how_to_do_without(home: Path):
    with serving(Status(401, {"error": {"message": "no"}})) as server:
        profile(home, "mine", base_url=server.url, model="fake-1")
        with pytest.raises(AldarError) as caught:
            plan(LOGLINE)
    assert caught.value.code == "key_rejected"
    assert "'offline' needs no model" in caught.value.hint


@pytest.mark.parametrize("where", ["file", "variable"])
def test_the_machine_may_say_what_auto_is(home: Path, monkeypatch: pytest.MonkeyPatch, where: str):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-the-user")
    if where == "variable":
        monkeypatch.setenv("ALDAR_PLANNER", "offline")
    else:
        file = home / "config.toml"
        file.write_text('planner = "offline"\n' + file.read_text("utf-8"), "utf-8")
    assert plan(LOGLINE).planner.kind == "offline"


def test_a_planner_that_the_machine_says_and_nobody_knows_is_an_error(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ALDAR_PLANNER", "nobody")
    with pytest.raises(AldarError) as caught:
        plan(LOGLINE)
    assert caught.value.code == "planner_unknown"


def test_probing_is_bounded(home: Path):
    """A server that accepts and says nothing costs a second, once."""
    with serving(Hang(30)) as server:
        profile(home, "mine", base_url=server.origin + "/silent/v1")
        begun = time.monotonic()
        assert auto.choose().planner == "offline"
        assert auto.choose().planner == "offline"
        assert len(server.asked) == 1
        assert time.monotonic() - begun < 20


def test_the_local_profile_is_taken_where_its_model_is(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    if find_spec("xllamacpp") is None:  # not imported: two Cythons in one process may not mix
        pytest.skip("xllamacpp is not installed")
    file = tmp_path / "small.gguf"
    file.write_bytes(b"GGUF and more")
    monkeypatch.setenv("ALDAR_PROFILES__LOCAL__MODEL", str(file))
    choice = auto.choose()
    assert choice.planner == "local"
    assert "small.gguf" in choice.note


def test_a_pulled_model_is_found_below_comfyuis_models(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    file = tmp_path / "ComfyUI" / "models" / engine.MODEL
    file.parent.mkdir(parents=True)
    file.write_bytes(b"GGUF")
    monkeypatch.setenv("COMFYUI_PATH", str(tmp_path / "ComfyUI"))
    assert engine.model_file(profiles.load("local")) == file
