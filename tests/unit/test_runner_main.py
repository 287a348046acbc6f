"""The command line's contract: one answer or one error, in the right place, rightly coded."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from aldar_storyboard.runner.cli import main
from aldar_storyboard.runner.run import options, shotlist
from aldar_storyboard.storyboard import config
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.story import Story

LOGLINE = "Алдар Көсе сараң байды алдайды."


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main.run(list(arguments))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def failure(capsys, *arguments: str) -> tuple[int, dict[str, str]]:
    status, out, _ = run(capsys, *arguments, "--json")
    assert out.count("\n") == 1
    answer = json.loads(out)
    assert set(answer["error"]) == {"code", "message", "hint"}
    return status, answer["error"]


def test_a_plan_is_a_table_for_people(capsys):
    status, out, _ = run(capsys, "plan", LOGLINE, "--frames", "3")
    assert status == 0
    assert "3 shots" in out


def test_a_plan_is_one_json_object_for_programs_and_a_story_on_disk(capsys, tmp_path: Path):
    file = tmp_path / "new" / "story.json"
    status, out, _ = run(capsys, "plan", LOGLINE, "--out", str(file), "--json")
    assert status == 0
    assert out.count("\n") == 1
    assert Story.load(file).model_dump(mode="json") == json.loads(out)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["plan", ""], "logline_empty"),
        (["plan", "🐎✨"], "logline_empty"),
        (["board", "x" * 10_000], "logline_too_long"),
        (["plan", "a fox", "--frames", "0"], "frames_out_of_range"),
        (["board", "a fox", "--frames", "61"], "frames_out_of_range"),
        (["board", "a fox", "--frames", "many"], "option_invalid"),
        (["board", "a fox", "--mode", "nonsense"], "option_invalid"),
        (["board", "a fox", "--planner", "nobody"], "planner_unknown"),
        (["plan", "a fox", "--planner", "nobody"], "planner_unknown"),
        (["board", "a fox", "--seed", "-1"], "option_invalid"),
        (["board", "a fox", "--server", "ftp://x", "--out", "x"], "option_invalid"),
        (["plan", "a fox", "--format", "2:1"], "option_invalid"),
        (["board"], "option_invalid"),
        (["board", "a", "b"], "option_invalid"),
        (["nonsense"], "option_invalid"),
        (["plan", "a fox", "--nonsense"], "option_invalid"),
        (["plan", "a fox", "--style", "nope"], "option_invalid"),
        (["board", "a fox", "--format", "2:1"], "option_invalid"),
        (["board", "a fox", "--style", "nope"], "option_invalid"),
        (["variations", "--style", "nope"], "option_invalid"),
        (["identity", "--format", ""], "option_invalid"),
        (["board", "a fox", "--calibration", "../x"], "calibration_unusable"),
        (["board", "a fox", "--out", ""], "option_invalid"),
        (["board", "a fox", "--reference", ""], "option_invalid"),
        (["board", "a fox", "--set", "Frames.seed=nan"], "option_invalid"),
        (["board", "a fox", "--seed", "1e3"], "option_invalid"),
        (["board", "a fox", "--retries", "21"], "option_invalid"),
        (["plan", "a fox", "--out", " "], "option_invalid"),
        (["plan", "a fox", "--frames", "9" * 5000], "option_invalid"),
        (["redo", ".", "1", "--note", "x" * 301], "option_invalid"),
        (["takes", ""], "option_invalid"),
        (["models", "list", "--models", "\0"], "option_invalid"),
        (["calibrate", "--references", ""], "option_invalid"),
    ],
)
def test_bad_input_is_an_error_of_the_user_with_something_to_do(
    capsys, tmp_path: Path, monkeypatch, arguments: list[str], code: str
):
    monkeypatch.chdir(tmp_path)
    status, error = failure(capsys, *arguments)
    assert error["code"] == code
    assert status in (1, 2)
    assert error["hint"]


def test_a_server_that_is_not_there_is_told(capsys, tmp_path: Path):
    arguments = ["board", "a fox", "--server", "http://127.0.0.1:9", "--out", str(tmp_path)]
    status, error = failure(capsys, *arguments)
    assert (status, error["code"]) == (1, "server_unreachable")


def test_the_server_of_the_configuration_is_the_one_that_is_used(
    capsys, tmp_path: Path, monkeypatch
):
    monkeypatch.setenv("ALDAR_SERVER", "http://127.0.0.1:9")
    assert config.server() == "http://127.0.0.1:9"
    status, error = failure(capsys, "board", "a fox", "--out", str(tmp_path))
    assert (status, error["code"]) == (1, "server_unreachable")


def test_a_folder_that_cannot_be_written_is_told_before_anything_starts(capsys, tmp_path: Path):
    (tmp_path / "file").touch()
    status, error = failure(capsys, "board", "a fox", "--out", str(tmp_path / "file" / "board"))
    assert (status, error["code"]) == (1, "folder_unwritable")


def test_an_error_for_people_says_what_to_do_on_standard_error(capsys):
    status, out, err = run(capsys, "plan", "")
    assert (status, out) == (2, "")
    assert "The logline is empty." in err
    assert "Write one or two sentences" in err
    assert "logline_empty" in err


def test_markup_in_a_message_is_printed_as_it_is(capsys):
    _, _, err = run(capsys, "plan", "a fox", "--planner", "[bold]x[/]")
    assert "[bold]x[/]" in err


def test_a_mistake_of_ours_is_told_as_one_with_the_traceback_aside(capsys, monkeypatch):
    def fail(*args):
        raise ZeroDivisionError("seven")

    monkeypatch.setattr(shotlist, "make", fail)
    status, error = failure(capsys, "plan", "a fox")
    assert (status, error["code"]) == (1, "internal")
    run(capsys, "plan", "a fox")
    assert "Traceback" in run(capsys, "plan", "a fox")[2]


def test_what_a_library_prints_does_not_mix_with_the_answer(capsys, monkeypatch):
    make = shotlist.make

    def chatty(*args):
        print("Hello from a library")
        return make(*args)

    monkeypatch.setattr(shotlist, "make", chatty)
    _, out, err = run(capsys, "plan", "a fox", "--json")
    assert json.loads(out)["logline"] == "a fox"
    assert "Hello from a library" in err


def test_ctrl_c_is_told_and_exits_as_shells_expect(capsys, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(shotlist, "make", interrupt)
    status, error = failure(capsys, "plan", "a fox")
    assert (status, error["code"]) == (130, "interrupted")


def test_help_and_planning_import_neither_torch_nor_a_network_client():
    check = (
        "import sys; from aldar_storyboard.runner.cli import main;"
        "main.run(['--help']); main.run(['plan', 'a fox']);"
        "sys.exit(bool({'torch', 'httpx', 'websockets'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_command_starts_without_the_models_of_the_story():
    check = "import sys; import aldar_storyboard.runner.cli.main; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"


@pytest.mark.parametrize(
    ("logline", "words"),
    [
        ("Алдар Көсе: «Бай!»", "алдар-көсе-бай"),
        ("A fox, a wolf", "a-fox-a-wolf"),
        ("a/../b\\c", "a-b-c"),
        ("word " * 40, "-".join(["word"] * 8)),
    ],
)
def test_a_board_is_named_by_the_words_of_its_logline(logline: str, words: str):
    name = options.name_of(logline)
    assert name.startswith(words + "-")
    assert len(name) <= 49
    assert name == options.name_of(logline) != options.name_of(logline + "!")


def test_frames_are_a_number_or_auto():
    assert options.parse_frames("auto") == 0
    assert options.parse_frames("60") == 60
    with pytest.raises(AldarError):
        options.parse_frames("-3")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_terminated_command_ends_like_an_interrupted_one(tmp_path: Path):
    (tmp_path / "main.py").write_text("import time; time.sleep(60)")
    command = [sys.executable, "-c", "from aldar_storyboard.runner.cli.main import main; main()"]
    child = subprocess.Popen(
        [*command, "board", "a fox", "--json", "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"COMFYUI_PATH": str(tmp_path), "ALDAR_HOME": str(tmp_path / "home")},
    )
    assert child.stderr
    child.stderr.readline()
    logs = tmp_path / "home" / "logs"
    while not (logs.is_dir() and any(logs.iterdir())):
        assert child.poll() is None
        time.sleep(0.05)
    child.send_signal(signal.SIGTERM)
    out, _ = child.communicate(timeout=30)
    assert json.loads(out)["error"]["code"] == "interrupted"
    assert child.returncode == 130
