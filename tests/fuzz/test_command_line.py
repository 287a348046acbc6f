"""Command lines from strangers: an answer or an error of ours, and one line of JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout

import pytest
from aldar_storyboard.runner.cli import main
from aldar_storyboard.tests.fakes.llm import isolate
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.text(
    st.characters(exclude_characters="/", exclude_categories=()), max_size=12
) | st.sampled_from(
    ["", " ", ".", "..", "none", "auto", "x.json", "x.csv", "file", "file/x", "folder", "loop",
     "folder/[v2]", "~nobody",
     "a" * 300, "\x00", "\udce9", "\x1b[31m", "[bold]", "nan", "-1", "1e9", "0"]
)  # fmt: skip
NUMBERS = st.integers(-3, 70).map(str) | st.sampled_from(
    ["nan", "inf", "-inf", "1e3", "1.5", "", "auto", "9" * 400, "0x10", "٣", "1_0", "true"]
)
LOGLINES = st.sampled_from(["a fox", "", "\U0001f40e", "x" * 3000, "[bold]fox[/]", "\x1b[31mfox"])
FORMATS = st.sampled_from(["1:1", "16:9", "2.39:1", "1:2", ""]) | NAMES
STYLES = st.sampled_from(["storybook", "ink"]) | NAMES
SETTINGS = st.one_of(
    NAMES,
    st.tuples(
        st.sampled_from(["Frames", "Story", "Gate", "Export", "frames", "Nobody", ""]),
        st.sampled_from([".", "", ".."]),
        st.sampled_from(["seed", "retries", "wave", "board", "story", "preset", "", "sed"]),
        st.sampled_from(["=", "", "=="]),
        NUMBERS | NAMES,
    ).map("".join),
)


def options(**values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """Some of these options, each with a value of its own."""
    pairs = [
        st.tuples(st.just(f"--{name.replace('_', '-')}"), value) for name, value in values.items()
    ]
    return st.lists(st.one_of(pairs), max_size=4).map(lambda chosen: [w for p in chosen for w in p])


DRAWN = {"format": FORMATS, "style": STYLES, "seed": NUMBERS, "retries": NUMBERS, "out": NAMES}
BOARDS = DRAWN | {"calibration": NAMES, "lora": NAMES, "set": SETTINGS, "reference": NAMES}
COMMANDS = st.one_of(
    st.tuples(
        st.just(["plan"]),
        LOGLINES.map(lambda text: [text]),
        options(frames=NUMBERS, format=FORMATS, style=STYLES, planner=NAMES, out=NAMES),
        st.sampled_from([[], ["--check"], ["--strict"]]),
    ),
    st.tuples(
        st.just(["board"]),
        LOGLINES.map(lambda text: [text]),
        options(**BOARDS, mode=NAMES | st.sampled_from(["draft", "simple"]), frames=NUMBERS),
    ),
    st.tuples(st.just(["variations"]), options(**BOARDS, outfit=NAMES, place=NAMES, pose=NAMES)),
    st.tuples(st.just(["identity"]), options(**BOARDS, name=NAMES, trigger=NAMES)),
    st.tuples(
        st.sampled_from([["takes"], ["redo"], ["choose"], ["lock"], ["unlock"]]),
        NAMES.map(lambda text: [text]),
        st.lists(NUMBERS, max_size=2),
        options(take=NUMBERS, note=NAMES),
    ),
    st.tuples(
        st.just(["calibrate"]), options(references=NAMES, strangers=NAMES, name=NAMES, faces=NAMES)
    ),
    st.tuples(
        st.just(["models"]),
        st.sampled_from([["list"], ["verify"], []]),
        options(models=NAMES, mode=NAMES | st.just("simple")),
    ),
    st.tuples(st.lists(NAMES, max_size=4)),
).map(lambda parts: [word for part in parts for word in part])


@pytest.fixture(scope="module", autouse=True)
def _somewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder with odd things in it, and no ComfyUI: nothing is drawn."""
    base = tmp_path_factory.mktemp("shell")
    here = base / "a" / "b"
    (here / "folder").mkdir(parents=True)
    (here / "file").write_text("no folder")
    (here / "loop").symlink_to(here / "loop")
    with pytest.MonkeyPatch.context() as monkeypatch:
        isolate(monkeypatch, base)
        monkeypatch.setenv("ALDAR_HOME", str(base / "home"))
        monkeypatch.setenv("COMFYUI_PATH", str(base / "nowhere"))
        monkeypatch.delenv("ALDAR_SERVER", raising=False)
        monkeypatch.chdir(here)
        yield


@given(COMMANDS, st.booleans())
def test_any_command_line_is_answered(arguments: list[str], as_json: bool):
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main.run([*arguments, *(["--json"] if as_json else [])])
    assert status in (0, 1, 2), arguments
    assert "Traceback" not in err.getvalue(), err.getvalue()
    if as_json:
        assert out.getvalue().count("\n") == 1
        answer = json.loads(out.getvalue())
        assert answer.get("error", {}).get("code") != "internal"
    assert "\x1b" not in out.getvalue() + err.getvalue()
