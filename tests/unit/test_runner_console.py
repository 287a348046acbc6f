"""What people bring is printed as it is: no markup, no escape sequence that is obeyed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aldar_storyboard.runner.cli import main
from aldar_storyboard.runner.cli.answer import stderr, stdout
from aldar_storyboard.runner.cli.console import PlainConsole, harmless
from aldar_storyboard.runner.cli.progress import LiveView
from aldar_storyboard.runner.models.show import Transfers
from aldar_storyboard.runner.run import doctor
from aldar_storyboard.runner.run.follow import FrameEvent
from rich.table import Table
from rich.text import Text

FOLDER = "My Film [v2] [bold]x[/] :smile:"
RED = "\x1b[5mred\x1b]0;title\x07\x9b2J\x7f"


def printed(show) -> str:
    """What a terminal of 200 columns is sent."""
    sent = io.StringIO()
    show(PlainConsole(file=sent, width=200, force_terminal=True, color_system="standard"))
    return sent.getvalue()


def table(text: str | Text) -> Table:
    sheet = Table(title=str(text), caption=text)
    sheet.add_column("a", footer="b")
    sheet.add_row(text)
    return sheet


def working(console: PlainConsole, text: str) -> None:
    with LiveView(console) as view:
        view.step(text)
        view.frame(FrameEvent(1, 2, 0, 0, 42, "accepted", 0.5))
        view.step(text)


def transferring(console: PlainConsole, text: str) -> None:
    with Transfers(console).working(text) as tell:
        tell(1, 2)


SHOWN = [
    lambda console, text: console.print(text, soft_wrap=True),
    lambda console, text: console.print(Text(text)),
    lambda console, text: console.print(table(text)),
    lambda console, text: console.print(table(Text(text))),
    lambda console, text: LiveView(console).notice(text),
    lambda console, text: working(console, text),
    lambda console, text: transferring(console, text),
    lambda console, text: console.print(
        doctor.table([doctor.Check(text, False, text, text, needed=False)])
    ),
]


@pytest.mark.parametrize("show", SHOWN)
def test_square_brackets_and_colons_are_printed_as_they_are(show):
    text = printed(lambda console: show(console, FOLDER))
    assert "My Film [v2] [bold]x[/] :smile:" in text


@pytest.mark.parametrize("show", SHOWN)
def test_an_escape_sequence_is_shown_and_not_obeyed(show):
    text = printed(lambda console: show(console, RED))
    assert "\x1b[5m" not in text
    assert "\x1b]0" not in text
    assert not set("\x07\x7f\x9b") & set(text)
    assert "\u241b[5mred\u241b]0;title" in text


def test_colours_of_our_own_stay():
    assert "\x1b[32mok" in printed(
        lambda console: console.print(doctor.table([doctor.Check("x", True, "y")]))
    )


def test_tab_and_new_line_are_harmless():
    assert harmless("a\tb\nc") == "a\tb\nc"
    assert harmless("a\rb\x00") == "a\u240db\u2400"


def test_both_consoles_are_plain():
    assert isinstance(stdout(), PlainConsole) and isinstance(stderr(), PlainConsole)


def test_the_folder_of_a_plan_keeps_its_name(capsys, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main.run(["plan", "a fox [v2]", "--out", f"{FOLDER}/s.json"]) == 0
    out = capsys.readouterr().out
    assert f"story   {FOLDER}/s.json" in out
    assert (tmp_path / FOLDER / "s.json").exists()


def test_an_error_keeps_square_brackets(capsys, tmp_path: Path):
    main.run(["takes", str(tmp_path / FOLDER)])
    assert f"{FOLDER}/board.json" in capsys.readouterr().err


# Terminals and pipes

ALDAR = [sys.executable, "-c", "from aldar_storyboard.runner.cli.main import main; main()"]


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which ``aldar`` is the command."""
    command = " ".join(f"'{part}'" for part in ALDAR)
    script = f'set -o pipefail; aldar() {{ {command} "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("aldar plan 'a fox' | head -1", (0, 1)),
        ("aldar plan 'a fox' --json | true", (0, 1)),
        ("aldar plan 'a fox' >&-", (0, 1)),
        ("aldar plan 'a fox' --json >&-", (0, 1)),
        ("aldar plan '' 2>&-", (2,)),
        ("aldar plan 'a fox' > /dev/full", (1,)),
        ("aldar plan 'a fox' --json > /dev/full", (1,)),
        ("aldar plan 'a fox' 2> /dev/full", (0,)),
    ],
)
def test_an_output_that_nobody_takes_is_no_traceback(line: str, status: tuple[int, ...]):
    done = shell(line)
    assert done.returncode in status, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert bool(done.stderr) == (" > /dev/full" in line)


def test_help_for_programs_is_one_line_of_json(capsys):
    for arguments in (["--help"], ["plan", "--help"], ["models", "--help"], [], ["models"]):
        main.run([*arguments, "--json"])
        out = capsys.readouterr().out
        assert out.count("\n") == 1
        json.loads(out)


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii"},
        {"COLUMNS": "20"},
        {"COLUMNS": "1"},
        {"NO_COLOR": "1", "TERM": "dumb"},
    ],
    ids=str,
)
def test_any_terminal_shows_a_plan(environment: dict[str, str]):
    done = shell("aldar plan 'лиса бежит [v2]' --frames 2", **environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "б" in done.stdout or "\\u0431" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="arguments are bytes on POSIX only")
@pytest.mark.parametrize(
    "line",
    [
        "aldar plan $'caf\\xe9' --json",
        "aldar plan 'a fox' --out $'caf\\xe9.json' --json",
        "aldar takes $'caf\\xe9' --json",
        "aldar plan 'a fox' $'--caf\\xe9' --json",
    ],
)
def test_arguments_that_are_no_text_are_refused_in_one_line_of_json(line: str):
    done = shell(line)
    assert done.returncode == 2
    assert done.stdout.count("\n") == 1
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "option_invalid"
    assert "caf\\udce9" in error["message"]
    assert "Traceback" not in done.stderr
