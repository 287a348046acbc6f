"""The page: whole in one file, closed to everything else, and nothing but text where text is."""

from __future__ import annotations

import base64
import errno
import hashlib
import html
import json
import os
import re
from html.parser import HTMLParser

import pytest
from aldar_storyboard.storyboard.board import Board, Frame
from aldar_storyboard.storyboard.errors import StoreError
from aldar_storyboard.storyboard.exports.html import HtmlOptions, write_html
from aldar_storyboard.storyboard.frames.directions import Direction, Directions
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.prompts.compose import FramePrompt
from aldar_storyboard.storyboard.story import (
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

FAILED = Score(name="identity", outcome=Outcome.FAIL, value=0.41, threshold=0.6, reason="not <him>")
PASSED = Score(name="identity", outcome=Outcome.PASS, value=0.83, threshold=0.6)
SOUND = Score(name="anomaly", outcome=Outcome.PASS, value=1.0, threshold=0.5)


def make(folder, story: Story | None = None, takes: int = 2, language="en") -> Board:
    """A finished board; of every shot, all takes but the last one were rejected."""
    hero = Character(id="aldar", name="Алдар Көсе", description="a lean young man")
    shots = [
        Shot(number=n, place="a road", action=f"walks on {n}", caption="Ол жүріп келеді")
        for n in (1, 2, 3)
    ]
    story = story or Story(
        title="Ертегі", logline="A tale", language=language, characters=[hero], shots=shots
    )
    board = Board(story=story, base_seed=42, retries=2, complete=True)
    store = TakeStore(folder)
    for shot in board.story.shots:
        verdict, key = Verdict(), ""
        for attempt in range(takes):
            key = f"{shot.number * 16 + attempt:032x}"
            picture = Image.new("RGB", (64, 64), (shot.number * 9, 90, attempt * 60))
            store.put(key, shot.number, attempt, 1000 * shot.number + attempt, picture)
            verdict = Verdict(scores=(PASSED if attempt == takes - 1 else FAILED, SOUND))
            store.put_verdict(key, "gate", verdict)
        board.frames.append(
            Frame(
                number=shot.number,
                take=key,
                seed=1000 * shot.number + takes - 1,
                attempt=takes - 1,
                attempts=takes,
                flagged=False,
                prompt=FramePrompt(positive="a man", negative="blur"),
                verdict=verdict,
            )
        )
    store.close()
    board.save(folder)
    return board


def page(folder, **options) -> str:
    write_html(Board.load(folder), folder, HtmlOptions(**options))
    return (folder / "storyboard.html").read_text("utf-8")


def data(text: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    assert found
    return json.loads(found[1])


class Reader(HTMLParser):
    """What a browser makes of a page, as far as Python's parser knows."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data):
        self.text += data


def test_every_field_of_the_story_is_in_it(tmp_path):
    hero = Character(id="aldar", name="Алдар <Көсе>", description="sheet & text")
    shot = Shot(
        number=1, place="place<text", action="action & text", caption="«Ғажап» <ат>", beat="beat>",
        prompt="prompt'text", negative='negative"text', duration=4.5,
        cast=[CastMember(character="aldar", action="deed-text", outfit=Outfit(words="coat-text"))],
        props=[PropItem(kind=PropKind.THING, name="name", label="ұшақ")],
        dialogue=[DialogueLine(character="aldar", text="Сөз </p> әғқ", off_screen=True)],
    )  # fmt: skip
    story = Story(title="Title <text", logline="logline-text", characters=[hero], shots=[shot])
    make(tmp_path, story)
    Directions(frames={1: Direction(note="note-text")}).save(tmp_path)
    text = Reader(page(tmp_path, version="7b", date="1 мая", revision="redrawn: 1")).text
    for wanted in (
        *("Алдар <Көсе>", "sheet & text", "place<text", "action & text", "«Ғажап» <ат>", "beat>"),
        *("prompt'text", 'negative"text', "deed-text", "coat-text", "ұшақ", "Сөз </p> әғқ"),
        *("Title <text", "logline-text", "note-text", "7b", "1 мая", "redrawn: 1", "off screen"),
        *("4.5 s", "medium shot · eye level · static", "0.83"),
    ):
        assert wanted in text, wanted


def test_nothing_is_fetched_from_anywhere(tmp_path):
    make(tmp_path)
    text = page(tmp_path)
    bare = re.sub(r"base64,[\w+/=]+", "", text)
    assert not re.search(r"https?:|[\"'(]//\w|@import|url\(", bare)
    for tag, name, value in Reader(text).attributes:
        if name in ("src", "href"):
            assert value.startswith(("data:image/webp;base64,", "#")), (tag, value)
        assert not name.startswith("on") and name != "style"


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_policy_lets_only_its_own_style_and_script_work(tmp_path, language):
    make(tmp_path, language=language)
    text = page(tmp_path)
    policy = html.unescape(re.findall(r'Content-Security-Policy" content="([^"]+)"', text)[0])
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy and "*" not in policy
    style, script = (
        re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S) for tag in ("style", "script")
    )
    assert len(style) == len(script) == 1
    for kind, code in (("style", style[0]), ("script", script[0])):
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert f'<html lang="{language}">' in text


def test_every_take_stands_with_scores_and_verdict(tmp_path):
    make(tmp_path, takes=3)
    shots = data(page(tmp_path))["shots"]
    assert [len(shot["takes"]) for shot in shots] == [3, 3, 3]
    takes = shots[1]["takes"]
    assert [take["verdict"] for take in takes] == ["rejected", "rejected", "accepted"]
    assert [take["kept"] for take in takes] == [False, False, True]
    assert [take["seed"] for take in takes] == ["2000", "2001", "2002"]
    assert takes[0]["scores"][0] == ["identity", "0.41", "fail", "failed"]
    assert takes[0]["reasons"] == ["identity: not <him>"]
    assert all(take["thumb"].startswith("data:image/webp") for take in takes)
    assert all((tmp_path / take["full"]).is_file() for take in takes)
    assert data(page(tmp_path, takes=False))["shots"][0]["takes"] == []


def test_it_is_written_while_a_run_works_on_the_board(tmp_path):
    make(tmp_path)
    running = TakeStore(tmp_path)
    assert len(data(page(tmp_path))["shots"][0]["takes"]) == 2
    running.close()


def test_full_pictures_lie_beside_it_or_in_it(tmp_path):
    board = make(tmp_path)
    files = write_html(board, tmp_path, HtmlOptions())
    assert files == ["storyboard.html", *(f"frames/frame_{n:03d}.png" for n in (1, 2, 3))]
    assert all((tmp_path / name).is_file() for name in files)
    assert data(page(tmp_path))["shots"][0]["full"] == "frames/frame_001.png"
    assert write_html(board, tmp_path, HtmlOptions(pictures="inside")) == ["storyboard.html"]
    shots = data(page(tmp_path, pictures="inside"))["shots"]
    assert all(shot["full"].startswith("data:image/webp") for shot in shots)
    assert not any(take["full"] for shot in shots for take in shot["takes"])


def test_frames_that_cannot_be_trusted_are_marked(tmp_path):
    board = make(tmp_path)
    board.frames[0] = board.frames[0].model_copy(update={"flagged": True, "verdict": Verdict()})
    board.frames[1] = board.frames[1].model_copy(update={"locked": True, "stale": True})
    board.frames.pop()
    board.save(tmp_path)
    (tmp_path / "takes" / f"{17:032x}.png").write_bytes(b"no picture")
    text = page(tmp_path)
    marks = re.findall(r'data-marks="([^"]*)"', text)
    assert marks == ["missing flagged unproven", "stale locked", "missing"]
    assert "2 of 3 shots have a frame." in text
    shown = Reader(text).text
    assert "no picture: 1, 3" in shown and "flagged: 1" in shown and "out of date: 2" in shown
    assert data(text)["shots"][0]["takes"][1]["thumb"] == ""
    assert data(text)["shots"][2]["full"] == ""


def test_the_same_board_gives_the_same_bytes(tmp_path):
    make(tmp_path)
    assert page(tmp_path) == page(tmp_path)


def test_a_full_disk_leaves_the_old_page(tmp_path, monkeypatch):
    make(tmp_path)
    before = page(tmp_path)

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError) as caught:
        page(tmp_path, version="2")
    assert caught.value.code == "disk_full"
    assert (tmp_path / "storyboard.html").read_text("utf-8") == before


def test_progress_counts_shots_and_may_interrupt(tmp_path):
    board = make(tmp_path)
    steps = []
    write_html(board, tmp_path, HtmlOptions(), lambda *step: steps.append(step))
    assert steps == [(1, 3), (2, 3), (3, 3)]

    def stop(done, total):
        raise KeyboardInterrupt

    (tmp_path / "storyboard.html").unlink()
    with pytest.raises(KeyboardInterrupt):
        write_html(board, tmp_path, HtmlOptions(), stop)
    assert not (tmp_path / "storyboard.html").exists()


def test_long_texts_are_whole(tmp_path):
    board = make(tmp_path)
    board.story.shots[0].__dict__["action"] = words = " ".join(f"w{n}" for n in range(1200))
    write_html(board, tmp_path, HtmlOptions())
    assert words in (tmp_path / "storyboard.html").read_text("utf-8")
