"""``aldar models``: what a user types, sees, and is left with."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aldar_storyboard.runner.cli import main
from aldar_storyboard.runner.models.manifest import manifest
from aldar_storyboard.tests.fakes.files import Fault, Server, serving
from aldar_storyboard.tests.fakes.llm import isolate

LORA = "loras/hero.safetensors"
WEB = "/hero.safetensors"
SIZE = 300_000
ENTRY = {"a": {"dtype": "U8", "shape": [SIZE], "data_offsets": [0, SIZE]}}
HEADER = json.dumps(ENTRY).encode()
DATA = len(HEADER).to_bytes(8, "little") + HEADER + bytes(range(250)) * (SIZE // 250)
PACK = "insightface/models/buffalo_l.zip"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    return isolate(monkeypatch, tmp_path)


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    """Has a LoRA of the user's own, which is configured."""
    with serving({WEB: DATA, "/small.safetensors": DATA[:99]}) as state:
        places = {LORA: WEB, "loras/small.safetensors": "/small.safetensors"}
        lines = [f'"{path}" = "{state.url}{web}"' for path, web in places.items()]
        (home / "config.toml").write_text("\n".join(["[models]", *lines]))
        yield state


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main.run(["models", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status, out, _ = run(capsys, *arguments, "--json")
    assert out.count("\n") == 1
    return status, json.loads(out)


def process(*arguments: str, prelude: str = "", **options: Any) -> subprocess.Popen[str]:
    code = f"{prelude}\nfrom aldar_storyboard.runner.cli.main import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "models", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


# list


def test_the_list_says_what_is_there_and_what_is_not(home, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    models = tmp_path / "models"
    (models / "checkpoints").mkdir(parents=True)
    (models / "checkpoints" / "sd_xl_base_1.0.safetensors").write_bytes(b"half")
    (models / "loras").mkdir()
    (models / "loras" / "aldar_kose_v5.safetensors").write_bytes(DATA)
    status, out, _ = run(capsys, "list", "--models", str(models))
    assert status == 0
    for file in manifest().files:
        assert file.path in out
        assert file.licence.name in out
    assert "6.9 GB" in out
    status, data = told(capsys, "list", "--models", str(models))
    states = {file["path"]: file["state"] for file in data["files"]}
    assert states.pop("checkpoints/sd_xl_base_1.0.safetensors") == "other size"
    assert states.pop("loras/aldar_kose_v5.safetensors") == "there"
    assert set(states.values()) == {"missing"}


def test_the_list_of_a_mode_holds_its_files_alone(home, tmp_path, capsys):
    _, data = told(capsys, "list", "--mode", "sd15_faceid", "--models", str(tmp_path))
    paths = [file["path"] for file in data["files"]]
    assert paths == [file.path for file in manifest().for_mode("sd15_faceid")]
    assert "checkpoints/sd_xl_base_1.0.safetensors" not in paths
    assert all(file["page"] for file in data["files"])


def test_the_folder_is_that_of_the_comfyui_the_other_commands_use(
    home, tmp_path, capsys, monkeypatch
):
    comfyui = tmp_path / "ComfyUI"
    comfyui.mkdir()
    (comfyui / "main.py").touch()
    monkeypatch.setenv("COMFYUI_PATH", str(comfyui))
    assert told(capsys, "list")[1]["folder"] == str(comfyui / "models")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["list", "--mode", "nonsense"], "option_invalid"),
        (["pull"], "option_invalid"),
        (["pull", "nonsense.safetensors"], "option_invalid"),
        (["pull", "--mode", "draft"], "option_invalid"),
        (["pull", LORA, "--jobs", "0"], "option_invalid"),
        (["pull", LORA, "--from", "nowhere"], "source_invalid"),
        (["verify", "--mode", "nonsense"], "option_invalid"),
        (["nonsense"], "option_invalid"),
    ],
)
def test_bad_input_is_an_error_of_the_user_with_something_to_do(
    server, tmp_path, capsys, arguments: list[str], code: str
):
    extra = [] if arguments == ["nonsense"] else ["--models", str(tmp_path / "models")]
    status, data = told(capsys, *arguments, *extra)
    assert (status, data["error"]["code"]) == (2, code)
    assert data["error"]["hint"]
    assert server.asked == []


def test_without_a_command_there_is_help_and_no_error(capsys):
    status, out, err = run(capsys)
    assert status == 2
    assert "verify" in out + err
    assert "Error" not in out + err


# pull and verify


def test_a_pull_says_what_it_did_and_verify_that_it_is_right(server, tmp_path, capsys):
    models = str(tmp_path / "models")
    status, out, err = run(capsys, "pull", LORA, "--models", models)
    assert status == 0
    assert f"Fetching {LORA}" in err
    assert f"{LORA}  fetched from {server.url}{WEB}; its hash is remembered" in out
    assert f"{LORA}  is there" in run(capsys, "pull", "hero.safetensors", "--models", models)[1]
    status, data = told(capsys, "verify", "--models", models)
    verdicts = {file["path"]: file["verdict"] for file in data["files"]}
    assert (status, data["ok"], verdicts.pop(LORA)) == (0, True, "fine")
    assert set(verdicts.values()) == {"missing"}


def test_verify_fails_if_a_file_is_not_what_it_was(server, tmp_path, capsys):
    run(capsys, "pull", LORA, "--models", str(tmp_path))
    (tmp_path / LORA).write_bytes(DATA.replace(b"\1\2\3", b"\1\2\4", 1))
    status, out, _ = run(capsys, "verify", "--models", str(tmp_path))
    assert status == 1
    assert LORA in out and "wrong" in out
    assert told(capsys, "verify", "--models", str(tmp_path))[1]["ok"] is False


def test_a_mode_is_pulled_from_a_folder_without_a_network(home, tmp_path, capsys):
    """Names are those of the manifest, the bytes are not: each one is refused by its hash."""
    mirror = tmp_path / "mirror"
    wanted = [file for file in manifest().for_mode("simple") if not file.optional]
    for file in wanted:
        (mirror / file.folder).mkdir(parents=True, exist_ok=True)
        (mirror / file.path).write_bytes(DATA)
    arguments = ["pull", "--mode", "simple", "--from", str(mirror)]
    status, data = told(capsys, *arguments, "--models", str(tmp_path / "models"))
    assert (status, data["error"]["code"]) == (1, "model_wrong")
    for file in wanted:
        assert file.path in data["error"]["message"]


def test_what_a_mode_can_do_without_is_pulled_only_when_asked_for(home, tmp_path, capsys):
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    arguments = ["pull", "--mode", "simple", "--from", str(mirror), "--models", str(tmp_path)]
    assert "taesdxl" not in told(capsys, *arguments)[1]["error"]["message"]
    assert "taesdxl" in told(capsys, *arguments, "--optional")[1]["error"]["message"]


def test_an_optional_file_of_the_users_own_is_no_failure(home, tmp_path, capsys):
    name = "aldar_kose_v5.safetensors"
    status, out, _ = run(capsys, "pull", name, "--models", str(tmp_path))
    assert status == 0
    assert "is your own" in out


@pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
def test_a_full_disk_is_told_and_what_is_here_stays(server, tmp_path):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
    both = ["pull", LORA, "loras/small.safetensors", "--jobs", "1"]
    with process(*both, "--models", str(tmp_path), "--json", prelude=limit) as child:
        out, _ = child.communicate(timeout=60)
    assert child.returncode == 1
    assert {asked.path for asked in server.asked} == {WEB}  # no further file is begun
    error = json.loads(out)["error"]
    assert error["code"] == "disk_full"
    assert LORA in error["message"]
    part = tmp_path / f"{LORA}.part"
    assert part.stat().st_size == 100_000
    with process("pull", LORA, "--models", str(tmp_path)) as child:
        child.communicate(timeout=60)
    assert (tmp_path / LORA).read_bytes() == DATA
    assert server.starts(WEB) == [0, 100_000]


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_an_interrupted_pull_keeps_what_is_here(server, tmp_path):
    server.faults[WEB] = [Fault(drip=200_000), Fault()]
    with process("pull", LORA, "--models", str(tmp_path), "--json") as child:
        assert server.dripping.wait(30)
        part = tmp_path / f"{LORA}.part"
        while not (part.exists() and part.stat().st_size > 100_000):
            assert child.poll() is None
            time.sleep(0.02)
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=60)
    assert child.returncode == 130
    assert json.loads(out)["error"]["code"] == "interrupted"
    assert not (tmp_path / LORA).exists()
    kept = part.stat().st_size
    with process("pull", LORA, "--models", str(tmp_path)) as child:
        child.communicate(timeout=60)
    assert (tmp_path / LORA).read_bytes() == DATA
    assert server.starts(WEB) == [0, kept]


def test_a_library_that_is_missing_is_named(server, tmp_path):
    missing = "import sys; sys.modules['tenacity'] = None"
    with process("pull", LORA, "--models", str(tmp_path), "--json", prelude=missing) as child:
        out, _ = child.communicate(timeout=60)
    error = json.loads(out)["error"]
    assert error["code"] == "package_missing"
    assert "pip install tenacity" in error["hint"]


def test_the_list_needs_none_of_the_libraries_that_fetch(home, tmp_path):
    names = ("tenacity", "boto3", "huggingface_hub")
    missing = f"import sys; sys.modules.update(dict.fromkeys({names!r}))"
    for command in ("list", "verify"):
        with process(command, "--models", str(tmp_path), prelude=missing) as child:
            _, err = child.communicate(timeout=60)
        assert child.returncode == 0, err


# Licences


def test_without_a_terminal_a_licence_is_accepted_by_an_option(home, tmp_path, capsys):
    arguments = ["pull", PACK, "--from", str(tmp_path), "--models", str(tmp_path / "models")]
    status, data = told(capsys, *arguments)
    assert (status, data["error"]["code"]) == (1, "licence_not_accepted")
    assert "non-commercial research only" in data["error"]["message"]
    assert "--accept-licences" in data["error"]["hint"]
    err = run(capsys, *arguments, "--accept-licences")[2]
    assert "non-commercial research only" in err
    assert "model_unavailable" in err  # so the licence was passed: the mirror is empty


@pytest.mark.skipif(os.name == "nt", reason="POSIX terminals")
@pytest.mark.parametrize(
    ("answer", "code"), [("y", "model_unavailable"), ("n", "licence_not_accepted")]
)
def test_on_a_terminal_the_user_is_asked(home, tmp_path, answer: str, code: str):
    import pty

    ours, theirs = pty.openpty()
    arguments = ["pull", PACK, "--from", str(tmp_path), "--models", str(tmp_path / "models")]
    with process(*arguments, stdin=theirs) as child, contextlib.ExitStack() as stack:
        for end in (ours, theirs):
            stack.callback(os.close, end)
        os.write(ours, f"{answer}\n".encode())
        _, err = child.communicate(timeout=60)
    assert "Do you accept this?" in err
    assert "https://github.com/deepinsight/insightface" in err
    assert code in err
