"""quickstart.py: clear words to an old Python, finished steps skipped, failed ones named."""

import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "quickstart.py"


@pytest.fixture
def quickstart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The script as a module that sets up ``tmp_path`` with a pip that only takes notes."""
    spec = importlib.util.spec_from_file_location("quickstart", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "b.txt").write_text("two")
    venv = tmp_path / ".venv"
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", venv)
    monkeypatch.setattr(module, "STAMP", venv / "aldar-setup.json")
    monkeypatch.setattr(module, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(
        module,
        "steps",
        lambda test: [
            (name, f"Step {name}", ["-r", name], [tmp_path / name]) for name in ("a.txt", "b.txt")
        ],
    )
    return module


def fake_pip(venv: Path, body: str = "") -> None:
    python = venv / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(f'#!/bin/sh\necho "$@" >> {venv.parent}/installed\n{body}\n')
    python.chmod(0o755)


def ready(quickstart, body: str = "") -> None:
    """A .venv as an earlier run left it before any package was installed."""
    fake_pip(quickstart.VENV, body)
    quickstart.write_stamp({"venv": str(quickstart.VENV)})


def installed(quickstart) -> list[str]:
    notes = quickstart.ROOT / "installed"
    packages = (
        [line.split()[-1] for line in notes.read_text().splitlines()] if notes.exists() else []
    )
    notes.unlink(missing_ok=True)
    return packages


def test_an_old_python_can_read_it():
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_is_told_what_to_do():
    pretend = (
        "import collections, runpy, sys;"
        "sys.version_info = collections.namedtuple('V', 'major minor micro')(3, 8, 1);"
        f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Python 3.10 or newer is needed, this is 3.8" in done.stderr
    assert "Traceback" not in done.stderr


def test_everything_is_installed_once(quickstart):
    ready(quickstart)
    quickstart.set_up(test=False)
    assert installed(quickstart) == ["a.txt", "b.txt"]
    quickstart.set_up(test=False)
    assert installed(quickstart) == []


def test_only_what_changed_is_installed_again(quickstart):
    ready(quickstart)
    quickstart.set_up(test=False)
    installed(quickstart)
    (quickstart.ROOT / "b.txt").write_text("three")
    quickstart.set_up(test=False)
    assert installed(quickstart) == ["b.txt"]


def test_a_failed_step_names_itself_and_the_next_run_goes_on_there(quickstart):
    ready(quickstart, 'case "$@" in *b.txt) echo "no route to host"; exit 7;; esac')
    with pytest.raises(quickstart.Failure) as caught:
        quickstart.set_up(test=False)
    assert "'[2/2] Step b.txt' failed" in str(caught.value)
    assert "no route to host" in str(caught.value)
    assert "run the same command again" in str(caught.value)
    installed(quickstart)
    fake_pip(quickstart.VENV)
    quickstart.set_up(test=False)
    assert installed(quickstart) == ["b.txt"]


def test_a_failure_is_an_exit_status(quickstart, capsys):
    ready(quickstart, "exit 1")
    assert quickstart.main(["A fox."]) == 1
    assert "Error: the step" in capsys.readouterr().err


@pytest.mark.parametrize("half", ["stamp", "nothing", "moved"])
def test_a_half_made_environment_is_made_again_but_its_models_stay(quickstart, monkeypatch, half):
    quickstart.VENV.mkdir()
    model = quickstart.VENV / "aldar-runtime" / "base" / "models" / "big.safetensors"
    model.parent.mkdir(parents=True)
    model.touch()
    (quickstart.VENV / "lib").mkdir()
    if half == "stamp":
        quickstart.write_stamp({})
    elif half == "moved":
        fake_pip(quickstart.VENV)
        quickstart.write_stamp({"venv": "/elsewhere/.venv"})
    made = quickstart.ROOT / "made"
    monkeypatch.setattr(sys, "executable", str(made))
    made.write_text(
        f"#!/bin/sh\nmkdir {quickstart.VENV}/bin; cp {made}.python {quickstart.PYTHON}\n"
    )
    made.chmod(0o755)
    (quickstart.ROOT / "made.python").write_text("#!/bin/sh\n")
    (quickstart.ROOT / "made.python").chmod(0o755)
    quickstart.set_up(test=False)
    assert model.exists()
    assert not (quickstart.VENV / "lib").exists()
    assert set(json.loads(quickstart.STAMP.read_text())) == {"venv", "a.txt", "b.txt"}


def test_a_missing_venv_module_is_told_with_the_package_to_install(quickstart, monkeypatch):
    python = quickstart.ROOT / "python"
    python.write_text("#!/bin/sh\necho No module named ensurepip\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(quickstart.Failure) as caught:
        quickstart.set_up(test=False)
    assert "apt install python3-venv" in str(caught.value)
    assert "No module named ensurepip" in str(caught.value)


def test_a_broken_environment_that_is_not_ours_is_left_alone(quickstart):
    fake_pip(quickstart.VENV, "exit 1")
    (quickstart.VENV / "pyvenv.cfg").touch()
    with pytest.raises(quickstart.Failure) as caught:
        quickstart.set_up(test=False)
    assert "Remove that folder" in str(caught.value)
    assert (quickstart.VENV / "pyvenv.cfg").exists()


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], ["board", "LOGLINE"]),
        (["--json"], ["board", "LOGLINE", "--json"]),
        (["A fox.", "--out", "x"], ["board", "A fox.", "--out", "x"]),
        ([""], ["board", ""]),
        (["test", "-k", "x"], ["-m", "pytest", "-k", "x"]),
    ],
)
def test_the_rest_is_handed_to_the_command_that_does_it(
    quickstart, monkeypatch, arguments: list[str], command: list[str]
):
    ready(quickstart)
    handed = []
    monkeypatch.setattr(os, "execv", lambda path, argv: handed.append(argv[1:]))
    monkeypatch.setattr(quickstart.subprocess, "run", lambda *args, **kwargs: DONE)
    monkeypatch.setattr(os, "chdir", lambda path: None)
    quickstart.main(arguments)
    assert handed == [[quickstart.LOGLINE if word == "LOGLINE" else word for word in command]]


DONE = subprocess.CompletedProcess([], 0)


def test_what_is_installed_is_pinned():
    spec = importlib.util.spec_from_file_location("quickstart", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    torch, tree, needs, *_ = module.steps(test=True)
    assert "torch==2.13.0" in torch[3][0].read_text()
    assert "--require-hashes" in tree[2]
    assert "--no-deps" in tree[2]
    assert "ca88001360fe724e02e7d534db8bdfb3b3ee344e4c73209690d27eb89b0dee47" in (
        tree[3][0].read_text()
    )
    assert "comfyui-frontend-package==1.32.9" in needs[3][1].read_text()
