"""Scripts from strangers: a story or a word of the product's own, in linear work."""

from __future__ import annotations

import random
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from aldar_storyboard.runner.run.story_file import path_of, read_script
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.planning import import_fountain
from aldar_storyboard.storyboard.story import Story
from hypothesis import given
from hypothesis import strategies as st

SCRIPTS = sorted((Path(__file__).parents[1] / "data" / "scripts").glob("*"))
TEXTS = [path.read_text("utf-8-sig") for path in SCRIPTS]
PIECES = (
    "INT. ", "EXT./INT. X - ", "ИНТ. ", ". ", "\n", "\n\n", "  \n", "NORA\n", "@", "!", "~", ">",
    "<", "^", "#", "= ", "===", "[[", "]]", "/*", "*/", "(", ")", "(V.O.)", "Title: ", "CLOSE ON ",
    "1. ", "FADE IN:", "She ", "он ", "Nora ", "GUARD #2 ", "(34)", ", 34, ", "*a", "_", "\\", "\t",
    "\u00a0", "\u2028", "\u200d", "\ufeff", "\r", "\x00", "\ud800", "王", "שלום", "🐎",
    "<lora:x:1>", "&amp;", "A\u0307\u0308",
)  # fmt: skip


def check(text: str) -> None:
    with suppress(AldarError):
        story = import_fountain(text)
        assert Story.from_json(story.to_json()) == story


@given(st.text())
def test_any_text(text: str):
    check(text)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=60).map("".join))
def test_any_marks(text: str):
    check(text)


@given(st.sampled_from(TEXTS), st.integers(0, 2**32), st.integers(1, 12))
def test_mutated_scripts(text: str, seed: int, count: int):
    dice = random.Random(seed)
    for _ in range(count):
        at, length = dice.randrange(len(text) + 1), dice.choice((0, 0, 1, 3, 40))
        piece = dice.choice((*PIECES, "", text[at : at + 60])) * dice.choice((1, 1, 2, 300))
        text = text[:at] + piece + text[at + length :]
    check(text)


@given(st.binary(max_size=200), st.sampled_from([path.suffix for path in SCRIPTS]))
def test_any_file(tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str):
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(data)
    with suppress(AldarError):
        check(read_script(path)[0])


@given(st.text(max_size=60))
def test_any_argument_is_a_path_or_a_logline(text: str):
    path_of(text)


SHAPES = {
    "a note": "INT. A - DAY\n\nHe sits. [[{}]]\n".replace("{}", "x" * 1000 + "{}"),
    "notes that never close": "[[ x ",
    "emphasis that never closes": "*a",
    "underlines": "_a ",
    "a heading of words": "INT. word ",
    "words of a heading": "word ",
    "blanks": " ",
    "transitions": ">",
    "transitions apart": "> ",
    "boneyards": "/*",
    "bullets": "-",
    "cues": "NORA\nHi.\n\n",
    "other cues": "\n\nP%d\nHi.\n",
    "brackets": "NORA (",
    "capitals": "NORA ",
    "names": "Nora%d waits. ",
    "numbers": "1.",
    "sections": "#",
    "close-ups": "CLOSE ON ",
    "cuts": "CUT TO: ",
    "title pages": "Title: x\n",
    "keys": "x: \n",
    "one word": "x",
    "sentences": "A! ",
    "dots": ".",
    "ages": "NORA (34) ",
    "pronouns": "she he they ",
    "roles": "bai thief guard ",
    "weather": "Rain. ",
    "quotes": "'s ",
    "accents": "e\u0301",
}


def work(text: str) -> int:
    """Python lines run while a script is read: what a clock would measure, but always the same."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        check(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_a_script_of_four_hundred_thousand_letters_is_read(shape: str):
    """A quadratic step would hang here for minutes; so nothing but the end is asserted."""
    unit = SHAPES[shape]
    number = 400_000 // len(unit)
    check("".join(unit % n if "%d" in unit else unit for n in range(number))[:400_000])
    head = "INT. A - DAY\n\nNora waits.\n\n"
    check(head + (unit.replace("%d", "") * number)[:400_000] + "\n\nNORA\nHi.\n")
    check("INT. " + (unit.replace("%d", "").replace("\n", " ") * number)[:400_000])


@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_grows_no_faster_than_the_script(shape: str):
    unit = SHAPES[shape].replace("%d", "")
    small, large = (work("Nora waits.\n\n" + unit * (n // len(unit))) for n in (3_000, 12_000))
    assert large < 6 * small + 2_000
