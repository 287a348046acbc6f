"""Letters that the shipped faces lack: drawn with a face of the machine, or said to be missing."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
from aldar_storyboard.storyboard.planning import import_fountain
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.staging.letters import alphabets, lettering
from aldar_storyboard.storyboard.staging.letters.lettering import TEXT, fit, printable, wrap, write
from PIL import Image, ImageDraw, features

NOBODYS = "\U00010570\U00010571\U00010572"
"""Vithkuqi, an alphabet of 1847 that machines have no font for."""


def make_font(path: Path, letters: str) -> None:
    """A font in which every letter is a block."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    names = [f"g{number}" for number in range(len(letters))]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({ord(letter): name for letter, name in zip(letters, names)})
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    for number, name in enumerate(names):
        pen = TTGlyphPen(None)
        corners = [(50, 0), (50, 700 - 10 * number), (550, 700), (550, 0)]
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (600, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Blocks", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A home folder of its own; what was found of fonts is forgotten before and after."""

    def forget() -> None:
        for cached in (alphabets.system_fonts, alphabets.face_for, alphabets.faces):
            cached.cache_clear()

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    forget()
    yield tmp_path
    forget()


@pytest.fixture
def blocks(home: Path) -> Path:
    (home / ".fonts").mkdir()
    (home / ".fonts" / "broken.ttf").write_bytes(b"no font")
    make_font(home / ".fonts" / "blocks.ttf", NOBODYS)
    return home


def ink(text: str) -> np.ndarray:
    image = Image.new("RGB", (900, 60))
    write(ImageDraw.Draw(image), (10, 30), text, TEXT, 32, "white", "lm")
    return np.asarray(image.convert("L"))


def board(caption: str):
    story = import_fountain(f"EXT. STEPPE - DAY\n\n{caption}\n")
    return stage(story, story.shots[0])


def test_a_missing_font_is_named_in_place_of_the_letters(home: Path, caplog):
    lettering.warn.cache_clear()
    with caplog.at_level(logging.WARNING):
        text = printable(f"Bai {NOBODYS} rides {NOBODYS}.")
    assert text == "Bai [no font here for Vithkuqi: install fonts-noto-core] rides ."
    assert "Vithkuqi" in caplog.text
    assert lettering.foreign(NOBODYS) == ["Vithkuqi: install fonts-noto-core"]


@pytest.mark.skipif(not features.check("raqm"), reason="Pillow without Raqm sets no such letters")
def test_a_font_of_the_machine_draws_what_ours_lacks(blocks: Path):
    assert printable(f"Bai {NOBODYS}") == f"Bai {NOBODYS}"
    assert lettering.foreign(f"Bai {NOBODYS}") == ["blocks.ttf#0"]
    assert ink(NOBODYS).any()
    mixed = ink(f"Bai {NOBODYS}")
    plain = np.asarray(ink("Bai "))
    edge = int(np.nonzero(plain.any(axis=0))[0].max()) + 2
    assert (mixed[:, :edge] == plain[:, :edge]).all()
    assert mixed[:, edge:].any()


@pytest.mark.skipif(not features.check("raqm"), reason="Pillow without Raqm sets no such letters")
def test_a_panel_is_drawn_anew_when_its_font_comes(home: Path):
    before = board(f"{NOBODYS} rides.")
    keys, pixels = before.key, before.panel.tobytes()
    (home / ".fonts").mkdir()
    make_font(home / ".fonts" / "blocks.ttf", NOBODYS)
    for cached in (alphabets.system_fonts, alphabets.face_for, alphabets.faces):
        cached.cache_clear()
    after = board(f"{NOBODYS} rides.")
    assert after.key != keys and after.panel.tobytes() != pixels
    assert after.blocking_key == before.blocking_key


def test_latin_and_cyrillic_depend_on_no_font_of_the_machine():
    assert lettering.foreign("Алдар Көсе rides «on» — 5 №…") == []
    assert printable("Алдар Көсе 🐎 rides") == "Алдар Көсе rides"


def test_chinese_lines_break_between_letters_but_not_before_a_full_stop():
    words = "王芳把刀放在桌上，看着门口。「好」" * 4
    whole = fit(words, 300, 400, 30, 12)
    lines = wrap(words, TEXT, 20, 200)
    assert "".join(lines) == words and "".join(whole.lines) == words
    assert not any(line[0] in "，。」" or line[-1] == "「" for line in lines)
    assert wrap("a b c", TEXT, 20, 300) == ("a b c",)


def test_what_a_font_is_needed_for():
    assert alphabets.missing("王") == "Chinese: install fonts-noto-cjk"
    assert alphabets.missing("あ") == "Japanese: install fonts-noto-cjk"
    assert "Hebrew" in alphabets.missing("ש") and "Devanagari" in alphabets.missing("क")
    assert [alphabets.region(t) for t in ("王芳", "王さん", "王씨", "abc")] == [
        "SC",
        "JP",
        "KR",
        "SC",
    ]


@pytest.mark.parametrize("text", ["王芳把刀放在桌上", "שלום עולם", "مرحبا", "लड़का", "สวัสดี", "안녕"])
def test_no_caption_is_blank(text: str):
    """With or without fonts: it is drawn, or the strip says what is missing."""
    shown = printable(text)
    assert shown == text or "install" in shown
    assert ink(shown).any()
