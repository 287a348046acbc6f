"""Planner profiles: where they come from, which goes before which, and what is wrong with one."""

import sys
import traceback
from pathlib import Path
from typing import Any

import pytest
from aldar_storyboard.storyboard import config
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.planning.llm import profiles
from aldar_storyboard.tests.fakes.llm import isolate, profile

KEY = "sk-secret-of-the-user"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    return isolate(monkeypatch, tmp_path)


def fail(code: str, name: str = "mine") -> AldarError:
    with pytest.raises(AldarError) as caught:
        profiles.load(name)
    assert caught.value.code == code
    assert caught.value.hint
    assert KEY not in str(caught.value)
    return caught.value


def secret(name: str) -> str:
    key = profiles.load(name).key
    return key.get_secret_value() if key else ""


# Built-in profiles


@pytest.mark.parametrize(
    ("name", "variable"), [("openai", "OPENAI_API_KEY"), ("gemini", "GEMINI_API_KEY")]
)
def test_a_hosted_profile_needs_only_its_key(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, variable: str
):
    message = fail("key_missing", name)
    assert variable in message.hint
    assert str(home / ".env") in message.hint
    assert f"[profiles.{name}] in {home / 'config.toml'}" in message.hint
    monkeypatch.setenv(variable, KEY)
    assert secret(name) == KEY
    assert profiles.load(name).base_url.startswith("https://")


@pytest.mark.parametrize("name", ["ollama", "vllm", "llamacpp"])
def test_a_model_on_this_machine_needs_nothing(home: Path, name: str):
    profile = profiles.load(name)
    assert profile.local
    assert profile.key is None
    assert profile.base_url.startswith("http://localhost:")


def test_one_field_of_a_built_in_profile_can_be_changed(home: Path):
    profile(home, "ollama", model="qwen3:8b")
    assert profiles.load("ollama").model == "qwen3:8b"
    assert profiles.load("ollama").base_url == "http://localhost:11434/v1"


def test_an_unknown_name_lists_what_there_is(home: Path):
    profile(home, "studio", base_url="http://localhost:1/v1")
    message = fail("planner_unknown", "nobody")
    for name in ("offline", *profiles.BUILT_IN, "studio"):
        assert name in message.message
    assert f"[profiles.nobody] in {home / 'config.toml'}" in message.hint


# Where keys come from


def test_a_key_may_stand_in_the_file_in_the_environment_or_in_an_env_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    (home / ".env").write_text("GEMINI_API_KEY=from-home\n")
    assert secret("gemini") == "from-home"
    Path(".env").write_text("export GEMINI_API_KEY='from-work'\nOTHER=1\n")
    assert secret("gemini") == "from-work"
    monkeypatch.setenv("GEMINI_API_KEY", "from-environment")
    assert secret("gemini") == "from-environment"
    profile(home, "gemini", key="from-file")
    assert secret("gemini") == "from-file"


def test_another_env_file_can_be_named(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "keys").write_text(f"OPENAI_API_KEY={KEY}\n")
    monkeypatch.setenv("ALDAR_DOTENV", str(tmp_path / "keys"))
    assert secret("openai") == KEY


def test_an_env_file_that_somebody_sent_cannot_say_where_a_key_goes(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    Path(".env").write_text("ALDAR_PROFILES__OPENAI__BASE_URL=https://thief.example/v1\n")
    assert profiles.load("openai").host == "api.openai.com"


def test_blanks_around_a_key_do_not_count_and_an_empty_key_is_none(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", f"  {KEY}\n")
    assert secret("openai") == KEY
    monkeypatch.setenv("OPENAI_API_KEY", " ")
    fail("key_missing", "openai")


@pytest.mark.parametrize("key", [f"{KEY} {KEY}", f"ключ-{KEY}"])
def test_a_key_that_cannot_be_one_is_told_without_repeating_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, key: str
):
    monkeypatch.setenv("OPENAI_API_KEY", key)
    assert "OPENAI_API_KEY" in fail("profile_invalid", "openai").message
    profile(home, "openai", key=key)
    assert "'openai'" in fail("profile_invalid", "openai").message


def test_an_env_file_that_is_not_text_is_told(home: Path):
    Path(".env").write_bytes(b"\xff\xfe\x00bad")
    assert ".env" in fail("profile_invalid", "openai").message


def test_a_key_hides_in_every_representation(home: Path):
    profile(home, "mine", base_url="https://x.example/v1", key=KEY)
    loaded = profiles.load("mine")
    assert KEY not in f"{loaded!r} {loaded} {loaded.model_dump()} {loaded.model_dump_json()}"
    assert secret("mine") == KEY


# The environment goes before the file


def test_a_variable_replaces_a_field_and_can_make_a_profile(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    profile(home, "mine", base_url="http://localhost:1/v1", model="a")
    monkeypatch.setenv("ALDAR_PROFILES__MINE__MODEL", "b")
    monkeypatch.setenv("ALDAR_PROFILES__MINE__TIMEOUT", "7.5")
    monkeypatch.setenv("ALDAR_PROFILES__OTHER__BASE_URL", "http://[::1]:1/v1")
    assert (profiles.load("mine").model, profiles.load("mine").timeout) == ("b", 7.5)
    assert profiles.load("other").local
    assert profiles.names()[-2:] == ["mine", "other"]


def test_a_wrong_variable_is_named(home: Path, monkeypatch: pytest.MonkeyPatch):
    profile(home, "mine", base_url="http://localhost:1/v1")
    monkeypatch.setenv("ALDAR_PROFILES__MINE__RETRIES", "many")
    message = fail("profile_invalid")
    assert "In the environment: retries" in message.message
    assert "ALDAR_PROFILES__MINE__RETRIES" in message.hint


# What is wrong with a profile: which profile, which file, which field


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("base_url", "http://llm.example.org/v1", "another one needs https"),
        ("base_url", "http://192.168.1.5:8000/v1", "another one needs https"),
        ("base_url", "http://localhost.evil.example/v1", "another one needs https"),
        ("base_url", "http://127.0.0.1.evil.example/v1", "another one needs https"),
        ("base_url", "https://user:pass@llm.example.org/v1", "no user"),
        ("base_url", "https://llm.example.org/v1?key=1", "query"),
        ("base_url", "llm.example.org", "URL"),
        ("base_url", "ftp://llm.example.org", "http"),
        ("base_url", 7, "valid string"),
        ("retries", 99, "less than or equal to 10"),
        ("timeout", 0, "greater than 0"),
        ("structured", "yaml", "json_schema"),
        ("key_env", "MY KEY", "pattern"),
        ("modle", "x", "Extra inputs"),
        ("key", 12345, "valid string"),
    ],
)
def test_a_broken_field_is_named(home: Path, field: str, value: Any, why: str):
    profile(home, "mine", **{"base_url": "https://llm.example.org/v1", field: value})
    message = fail("profile_invalid")
    assert "'mine'" in message.message
    assert str(home / "config.toml") in message.message
    assert f"{field}: " in message.message
    assert why in message.message
    assert message.hint == f"Mend {field} under [profiles.mine] in {home / 'config.toml'}."


@pytest.mark.parametrize(
    "url",
    [
        f"https://user:{KEY}@llm.example.org/v1",
        f"https://llm.example.org/v1?key={KEY}",
        f"https://llm.example.org/v1#{KEY}",
        f"http://{KEY}@127.0.0.1/v1",
        f"https://user:{KEY}@:bad",
    ],
)
def test_a_key_in_an_address_is_refused_and_not_repeated(home: Path, url: str):
    profile(home, "mine", base_url=url)
    message = fail("profile_invalid")
    assert KEY not in "".join(traceback.format_exception(message))


def test_a_profile_without_an_address_is_told(home: Path):
    profile(home, "mine", model="x")
    assert "base_url: Field required" in fail("profile_invalid").message


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/v1",
        "http://127.9.9.9/v1",
        "http://[::1]:8000/v1/",
        "http://LOCALHOST:1/v1",
    ],
)
def test_http_is_for_this_machine(home: Path, url: str):
    profile(home, "mine", base_url=url)
    assert profiles.load("mine").local
    assert not profiles.load("mine").base_url.endswith("/")


def test_a_remote_profile_without_a_key_is_told_what_to_set(home: Path):
    profile(home, "mine", base_url="https://llm.example.org/v1")
    message = fail("key_missing")
    assert "llm.example.org" in message.message
    assert "ALDAR_PROFILES__MINE__KEY" in message.hint


@pytest.mark.parametrize(
    "text", ["[profiles.mine\n", "profiles = 3\n", "[profiles]\nmine = 3\n", "[profile.mine]\n"]
)
def test_a_file_that_cannot_be_read_is_named(home: Path, text: str):
    (home / "config.toml").write_text(text)
    message = fail("profile_invalid", "openai")
    assert str(home / "config.toml") in message.message


def test_a_file_that_is_not_text_is_named(home: Path):
    (home / "config.toml").write_bytes(b"\xff\xfe")
    assert str(home / "config.toml") in fail("profile_invalid", "openai").message


def test_a_variable_that_cannot_be_read_is_told(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALDAR_PROFILES", "not json")
    assert "the environment" in fail("profile_invalid", "openai").message


def test_a_python_that_cannot_read_toml_says_what_to_install(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: Any, **__: Any):
        raise ImportError("tomli")

    profile(home, "mine", base_url="http://localhost:1/v1")
    monkeypatch.setattr(config.TomlConfigSettingsSource, "__init__", fails)
    assert "tomli" in fail("package_missing").hint


# Folders


def test_everything_lies_under_aldar_home(home: Path):
    assert config.config_file() == home / "config.toml"
    assert config.cache_folder() == home / "cache"


@pytest.mark.skipif(sys.platform != "linux", reason="XDG folders")
def test_without_aldar_home_the_users_own_folders_are_used(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("ALDAR_HOME")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert config.config_file() == tmp_path / "config" / "aldar-storyboard" / "config.toml"
    assert config.cache_folder() == tmp_path / "cache" / "aldar-storyboard"
