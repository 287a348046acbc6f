"""Whatever stands in a story, its exports are made, and a text in them is only text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.exports.html import HtmlOptions, write_html
from aldar_storyboard.storyboard.exports.pdf import PdfOptions, write_pdf
from aldar_storyboard.storyboard.exports.pdf.glyphs import Glyphs, runs
from aldar_storyboard.storyboard.story import (
    CastMember,
    Character,
    DialogueLine,
    Outfit,
    Shot,
    Story,
)
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

MARK_UP = st.sampled_from(
    [
        *("<script>alert(1)</script>", "<!--", "-->", "</style>", "]]>", "&lt;", "&#0;", "%s"),
        *("<img src=x onerror=alert(1)>", '" onfocus="alert(1)', "' x='", "${title}", "$title"),
        *("</script><svg/onload=alert(1)>", "{{7*7}}", "\\u003c", "<para><b>", "</font>"),
        *("\u2028", "\u202e", "\ufeff", "\ud800", "\x00", "z\u0351\u0352", "W" * 5000),
        *("مرحبا (1)", "שלום", "नमस्ते", "阿勒达尔", "\U0001f468\u200d\U0001f469"),
    ]
)
TEXTS = st.lists(st.one_of(MARK_UP, st.text(max_size=30)), min_size=1, max_size=4).map("".join)


def board(texts: list[str]) -> Board:
    """A board of two shots without frames, with strange texts in all fields, past every limit."""
    title, name, sheet, place, action, caption, said, note = texts
    hero = Character(id="aldar", name="x", description="")
    hero.__dict__.update(name=name, description=sheet)
    outfit = Outfit(words="x")
    outfit.__dict__["words"] = note
    line = DialogueLine(character="aldar", text="x")
    line.__dict__["text"] = said
    member = CastMember(character="aldar", outfit=outfit)
    member.__dict__["action"] = note
    shots = [Shot(number=n, place="x", action="x", cast=[member], dialogue=[line]) for n in (1, 2)]
    for shot in shots:
        shot.__dict__.update(
            place=place, action=action, caption=caption, beat=note, prompt=action, negative=said
        )
        shot.__dict__["cast"], shot.__dict__["dialogue"] = [member], [line]
    story = Story(title="x", logline="x", characters=[hero], shots=shots)
    story.__dict__.update(title=title, logline=sheet, shots=shots, characters=[hero])
    made = Board(story=Story(title="x", logline="x", characters=[hero_like()], shots=[plain()]),
                 base_seed=1, retries=0)  # fmt: skip
    made.__dict__["story"] = story
    return made


def hero_like() -> Character:
    return Character(id="aldar", name="x", description="")


def plain() -> Shot:
    return Shot(number=1, place="x", action="x")


class Structure(HTMLParser):
    """The tags of a page with the names of their attributes: all but its texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_comment(self, data):
        self.tags.append(("comment", ()))


def structure(texts: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    with TemporaryDirectory() as folder:
        write_html(board(texts), Path(folder), HtmlOptions())
        return Structure((Path(folder) / "board.html").read_text("utf-8")).tags


PLAIN = structure(["x"] * 8)


@given(st.lists(TEXTS, min_size=8, max_size=8))
def test_no_text_changes_the_page_around_it(texts):
    texts = [text if text.strip() else "x" for text in texts]
    assert structure(texts) == PLAIN


@given(st.lists(TEXTS, min_size=8, max_size=8))
def test_every_text_is_in_the_pdf(texts):
    texts = [text[:700] if text.strip() else "x" for text in texts]
    words = [f"word{n}" for n in range(8)]
    texts = [f"{text} {word}" for text, word in zip(texts, words)]
    with TemporaryDirectory() as folder:
        write_pdf(board(texts), Path(folder), PdfOptions())
        reader = PdfReader(Path(folder) / "board.pdf")
        everything = " ".join(page.extract_text() for page in reader.pages)
    for word in words:
        assert word in re.sub(r"\s", "", everything), word


@given(TEXTS)
def test_no_letter_is_lost_on_the_way_to_the_paper(text):
    for line in Glyphs().paragraphs(text):
        drawn = "".join(run.text for run in runs(line))
        letters = sorted(letter for letter in line if letter.isalnum())
        assert sorted(letter for letter in drawn if letter.isalnum()) == letters
