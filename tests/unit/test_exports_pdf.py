"""The PDF: every text is in it, nothing is cut, and a page holds as many panels as it should."""

from __future__ import annotations

import errno
import os
import re
import sys

import pytest
from aldar_storyboard.storyboard.board import Board, Frame
from aldar_storyboard.storyboard.errors import InputError, StoreError
from aldar_storyboard.storyboard.exports.panels import panels
from aldar_storyboard.storyboard.exports.pdf import PdfOptions, write_pdf
from aldar_storyboard.storyboard.exports.pdf.layout import Layouts
from aldar_storyboard.storyboard.exports.pdf.paper import Paper
from aldar_storyboard.storyboard.exports.pdf.setting import Setter
from aldar_storyboard.storyboard.frames.directions import Direction, Directions
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.prompts.compose import FramePrompt
from aldar_storyboard.storyboard.story import (
    BoardFormat,
    CastMember,
    Character,
    DialogueLine,
    Outfit,
    PropItem,
    PropKind,
    Shot,
    Story,
)
from PIL import Image
from pypdf import PdfReader

IDENTITY = Score(name="identity", outcome=Outcome.PASS, value=0.83, threshold=0.6)


def make(folder, count=3, story=None, **fields) -> Board:
    """A finished board with a take of every frame on disk."""
    hero = Character(id="aldar", name="Алдар Көсе", description="a lean young man")
    shot = {"place": "a road", "action": "walks on", "caption": "Ол жүріп келеді"} | fields
    shots = [Shot(number=n, **shot) for n in range(1, count + 1)]
    story = story or Story(title="Ертегі", logline="A tale", characters=[hero], shots=shots)
    board = Board(story=story, base_seed=42, retries=2, complete=True)
    store = TakeStore(folder)
    for shot in board.story.shots:
        key = f"{shot.number:032x}"
        small = (max(8, board.story.format.pixels[0] // 16), board.story.format.pixels[1] // 16)
        store.put(key, shot.number, 0, 42, Image.new("RGB", small, (shot.number % 256, 90, 120)))
        board.frames.append(
            Frame(
                number=shot.number,
                take=key,
                seed=42,
                attempt=0,
                attempts=1,
                flagged=False,
                prompt=FramePrompt(positive="a man", negative="blur"),
                verdict=Verdict(scores=(IDENTITY,)),
            )
        )
    store.close()
    board.save(folder)
    return board


def told(folder, **options) -> str:
    """All text of the PDF, blanks made single."""
    write_pdf(Board.load(folder), folder, PdfOptions(**options))
    return text_of(folder)


def text_of(folder) -> str:
    return " ".join(" ".join(page.extract_text() for page in pages(folder)).split())


def pages(folder):
    return PdfReader(folder / "board.pdf").pages


def test_every_field_of_the_story_is_in_it(tmp_path):
    hero = Character(id="aldar", name="Алдар Көсе", description="sheet-text")
    shot = Shot(
        number=1, place="place-text", action="action-text", caption="Ғажап ат, Құдай-ай!",
        beat="beat-text", prompt="prompt-text", negative="negative-text", duration=4.5,
        cast=[CastMember(character="aldar", action="deed-text", outfit=Outfit(words="coat-text"))],
        props=[PropItem(kind=PropKind.THING, name="name", label="ұшақ")],
        dialogue=[DialogueLine(character="aldar", text="Сөз: әғқңөұүһі", off_screen=True)],
    )  # fmt: skip
    story = Story(title="Title-text", logline="logline-text", characters=[hero], shots=[shot])
    make(tmp_path, story=story)
    Directions(frames={1: Direction(note="note-text")}).save(tmp_path)
    text = told(tmp_path, scores=True, version="7b", date="1 мая", revision="redrawn: 1")
    for wanted in (
        *("Title-text", "logline-text", "sheet-text", "place-text", "action-text", "beat-text"),
        *("prompt-text", "negative-text", "deed-text", "coat-text", "ұшақ", "note-text"),
        *("Ғажап ат, Құдай-ай!", "Сөз: әғқңөұүһі", "Алдар Көсе", "off screen", "4.5 s", "DAY"),
        *("medium shot · eye level · static", "identity 0.83", "7b", "1 мая", "redrawn: 1"),
    ):
        assert wanted in text, wanted


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("per_page", [1, 2, 3, 4, 6, 9])
def test_a_page_holds_its_number_of_panels(tmp_path, per_page, paper, orientation):
    make(tmp_path, 10)
    options = {"per_page": per_page, "paper": paper, "orientation": orientation}
    told(tmp_path, **options)
    assert len(pages(tmp_path)) == 1 + -(-10 // per_page)
    box = pages(tmp_path)[0].mediabox
    assert (box.width < box.height) == (orientation == "portrait")
    told(tmp_path, cover=False, **options)
    assert len(pages(tmp_path)) == -(-10 // per_page)
    assert len(placed(pages(tmp_path)[0])) == per_page


@pytest.mark.parametrize("package", ["reportlab", "bidi", "fontTools", "uharfbuzz"])
def test_a_missing_package_is_named_with_its_extra(tmp_path, monkeypatch, package):
    board = make(tmp_path, 1)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError, match=package) as caught:
        write_pdf(board, tmp_path, PdfOptions())
    assert caught.value.code == "package_missing"
    assert "aldar-storyboard[exports]" in caught.value.hint


def test_options_are_taken_as_they_are_typed():
    typed = PdfOptions.model_validate({"per_page": "4", "paper": "Letter", "scores": "yes"})
    assert typed == PdfOptions(per_page=4, paper="letter", scores=True)


@pytest.mark.parametrize("format", BoardFormat)
@pytest.mark.parametrize("per_page", [1, 3, 9])
def test_pictures_keep_the_shape_of_the_board(tmp_path, format, per_page):
    hero = Character(id="aldar", name="Aldar", description="a man")
    shots = [Shot(number=n, place="road", action="walks") for n in range(1, 4)]
    story = Story(title="T", logline="L", characters=[hero], shots=shots, format=format)
    make(tmp_path, story=story)
    told(tmp_path, per_page=per_page)
    drawn = [b for page in pages(tmp_path) for b in placed(page)]
    assert len(drawn) == 4  # one of them on the cover
    across, down = format.pixels
    for width, height in drawn:
        assert width / height == pytest.approx(across / down, rel=0.03)


def placed(page) -> list[tuple[float, float]]:
    """(width, height) in points of every picture on a page."""
    code = page.get_contents().get_data().decode("latin-1")
    number = r"(-?[\d.]+)"
    drawn = rf"{number} 0 0 {number} {number} {number} cm\s+/FormXob\S+ Do"
    return [(float(w), float(h)) for w, h, _, _ in re.findall(drawn, code)]


@pytest.mark.parametrize("per_page", [1, 6, 9])
def test_long_texts_go_on_and_are_never_cut(tmp_path, per_page):
    words = [f"w{n}" for n in range(1200)]
    board = make(tmp_path, 10)
    for shot in board.story.shots[2:4]:  # longer than the schema takes: another reader may not mind
        shot.__dict__["action"] = " ".join(words)
        shot.__dict__["caption"] = "M" * 5000
    board.story.__dict__["logline"] = " ".join(f"l{n}" for n in range(900))
    write_pdf(board, tmp_path, PdfOptions(per_page=per_page))
    text = text_of(tmp_path)
    for word in words:
        assert len(re.findall(rf"\b{word}\b", text)) == 2, word
    assert text.replace(" ", "").count("M") >= 10000
    assert all(re.search(rf"\bl{n}\b", text) for n in range(900))
    assert "Shot 3, continued" in text and "continues on page" in text


def test_the_same_board_gives_the_same_bytes(tmp_path):
    board = make(tmp_path, 3, caption="Құдай 阿勒 שלום हँसा 😀")
    written = []
    for _ in range(2):
        write_pdf(board, tmp_path, PdfOptions())
        written.append((tmp_path / "board.pdf").read_bytes())
    assert written[0] == written[1]
    assert b"ModDate (D:2026" not in written[0]


def test_frames_that_cannot_be_trusted_are_marked(tmp_path):
    board = make(tmp_path, 6)
    marks = [{}, {"flagged": True}, {"locked": True}, {"stale": True}, {"verdict": Verdict()}]
    board.frames = [f.model_copy(update=m) for f, m in zip(board.frames, marks)]
    board.complete = False
    (tmp_path / "takes" / f"{1:032x}.png").write_bytes(b"no picture")
    write_pdf(board, tmp_path, PdfOptions())
    text = text_of(tmp_path)
    for mark in ("FLAGGED", "LOCKED", "OUT OF DATE", "NOT COMPARED"):
        assert text.count(mark) == 1, mark
    assert text.count("NO PICTURE") == 4  # in the line and in the place of the picture
    assert "missing or damaged" in text and "no picture yet" in text
    for line in ("5 of 6 shots", "no picture: 1, 6", "flagged: 2", "locked: 3", "not compared: 5"):
        assert line in text


def test_what_is_true_of_all_frames_is_said_once(tmp_path):
    board = make(tmp_path, 4)
    board.frames = [f.model_copy(update={"verdict": Verdict()}) for f in board.frames]
    write_pdf(board, tmp_path, PdfOptions())
    assert text_of(tmp_path).count("compared") == 1


def test_a_picture_that_is_cut_off_is_missing(tmp_path):
    board = make(tmp_path, 2)
    take = tmp_path / "takes" / f"{2:032x}.png"
    take.write_bytes(take.read_bytes()[:-20])
    write_pdf(board, tmp_path, PdfOptions(cover=False))
    assert "NO PICTURE" in text_of(tmp_path)
    assert len(placed(pages(tmp_path)[0])) == 1


def test_progress_counts_pages_and_may_interrupt(tmp_path):
    board = make(tmp_path, 7)
    steps = []
    write_pdf(board, tmp_path, PdfOptions(), lambda *step: steps.append(step))
    assert steps == [(1, 3), (2, 3), (3, 3)]
    before = (tmp_path / "board.pdf").read_bytes()

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_pdf(board, tmp_path, PdfOptions(per_page=1), stop)
    assert (tmp_path / "board.pdf").read_bytes() == before


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    board = make(tmp_path, 2)
    write_pdf(board, tmp_path, PdfOptions())
    before = (tmp_path / "board.pdf").read_bytes()

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError) as caught:
        write_pdf(board, tmp_path, PdfOptions(version="2"))
    assert caught.value.code == "disk_full"
    assert (tmp_path / "board.pdf").read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    "text", ["<b>bold</b> &amp; <i", "</para><para>", "{{x}} %(y)s ${z}", "a\\(b)\\n", "( ( ("]
)
def test_texts_are_never_read_as_mark_up(tmp_path, text):
    hero = Character(id="aldar", name=text, description=text)
    line = DialogueLine(character="aldar", text=text)
    shot = Shot(number=1, place=text, action=text, caption=text, dialogue=[line], beat=text)
    make(tmp_path, story=Story(title=text, logline=text, characters=[hero], shots=[shot]))
    everything = told(tmp_path, version=text, date=text, revision=text, per_page=1)
    assert everything.count(text) >= 10


def test_what_no_font_draws_stands_as_a_name_or_a_code(tmp_path):
    make(tmp_path, 1, caption="a \ue000 b \u202e c \U0001f434 d \u0378 e soft\u00adhyphen")
    text = told(tmp_path)
    for shown in ("[U+E000]", "[U+202E]", "[U+0378]", "softhyphen"):
        assert shown in text
    assert "[horse face]" in text or "\U0001f434" in text  # a font of this machine may draw it


def test_text_can_be_searched_and_copied_in_every_alphabet(tmp_path):
    """As far as fonts of this machine have it; one document after the other in one process."""
    texts = ("\U0001f600", "\U0001d400", "\U00020bb7", "مرحبا", "שלום", "阿勒", "コセ", "達爾")
    for number, text in enumerate(texts):
        make(tmp_path / str(number), 1, caption=f"a {text} b")
        read = told(tmp_path / str(number))
        assert text in read or "[" in read, text


def test_fonts_are_embedded(tmp_path):
    make(tmp_path, 1, caption="Ғажап")
    told(tmp_path)
    reader = PdfReader(tmp_path / "board.pdf")
    objects = [reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1)]
    fonts = [o for o in objects if isinstance(o, dict) and o.get("/Subtype") == "/TrueType"]
    assert len(fonts) >= 3
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def laid_out(folder, board, count):
    """(The best layout on A4 across, its setter)."""
    paper = Paper((841.89, 595.28), "t", "l", "en")
    setter = Setter(board, panels(board, folder), paper, PdfOptions(), count)
    setter.read()
    width, height = board.story.format.pixels
    return Layouts(setter, width / height, count).best(), setter


def wide(count, **texts) -> Story:
    shots = [Shot(number=n, place="a road", action="walks on") for n in range(1, count + 1)]
    shots[0] = shots[0].model_copy(update=texts)
    hero = Character(id="aldar", name="Алдар", description="a man")
    return Story(title="t", logline="l", format=BoardFormat.WIDE, characters=[hero], shots=shots)


def test_a_wide_picture_alone_on_a_page_is_as_large_as_its_text_allows(tmp_path):
    layout, setter = laid_out(tmp_path, make(tmp_path, story=wide(2)), 1)
    assert not layout.beside
    assert layout.picture[0] > 0.9 * setter.room[0]


def test_the_long_text_of_one_shot_does_not_make_all_pictures_small(tmp_path):
    short, _ = laid_out(tmp_path, make(tmp_path / "a", story=wide(40)), 6)
    story = wide(40, action="walks on and on " * 24)
    long, _ = laid_out(tmp_path, make(tmp_path / "b", story=story), 6)
    assert long.picture[0] > 0.95 * short.picture[0]


def test_a_short_board_fills_its_page(tmp_path):
    make(tmp_path, story=wide(2))
    written = []
    for per_page in (2, 9):
        told(tmp_path, per_page=per_page, cover=False)
        written.append((tmp_path / "board.pdf").read_bytes())
    assert written[0] == written[1]
