"""What changed since the last export, and the formats that say it."""

from __future__ import annotations

import csv
import json

import av
import pytest
from aldar_storyboard.runner.cli.main import run
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.errors import InputError, StoreError
from aldar_storyboard.storyboard.exports import export_board
from aldar_storyboard.storyboard.exports.formats import (
    FORMATS,
    chosen,
    options_of,
    parse,
    typed,
    write,
)
from aldar_storyboard.storyboard.exports.revision import CHANGES, FILE, last_revision, revise
from aldar_storyboard.storyboard.numbering import numbered
from aldar_storyboard.storyboard.story import Shot
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from .test_exports import make


def changed(board: Board, shots: list[Shot], takes: dict[int, str] | None = None) -> Board:
    """The board with other shots, as a run would leave it; every shot has its frame."""
    was = {shot.identity: shot.label for shot in board.story.shots}
    drawn = {board.shot(frame).identity: frame for frame in board.frames}
    takes = takes or {}
    placed = [shot.model_copy(update={"number": n}) for n, shot in enumerate(shots, 1)]
    story = numbered(board.story.model_copy(update={"shots": placed}).identified(), was)
    frames = [
        drawn.get(shot.identity, board.frames[0]).model_copy(
            update={"number": shot.number}
            | ({"take": takes[shot.identity]} if shot.identity in takes else {})
        )
        for shot in story.shots
    ]
    return board.model_copy(update={"story": story, "frames": frames})


def numbered_board(folder, count=5) -> Board:
    board = make(folder, count)
    return board.model_copy(update={"story": numbered(board.story)})


def test_the_first_export_is_revision_one_and_the_same_board_stays_it(tmp_path):
    board = numbered_board(tmp_path)
    first = revise(board, tmp_path)
    assert (first.number, first.changes, first.news("en")) == (1, {}, "")
    wrote = (tmp_path / FILE).stat().st_mtime_ns
    assert revise(board, tmp_path) == first
    assert (tmp_path / FILE).stat().st_mtime_ns == wrote


def test_every_kind_of_change_is_told_by_shot_number(tmp_path):
    board = numbered_board(tmp_path)
    revise(board, tmp_path)
    one, two, three, _, five = board.story.shots
    new = Shot(number=1, id=9, place="x", action="new")
    shots = [
        one,
        two.model_copy(update={"duration": 9.0}),
        new,
        five,
        three.model_copy(update={"caption": "other"}),
    ]
    revision = revise(changed(board, shots, {1: "f" * 32}), tmp_path)
    assert revision.changes == {
        "new": ("2A",),
        "redrawn": ("1",),
        "retimed": ("2",),
        "reworded": ("3",),
        "moved": ("5",),
        "removed": ("4",),
    }
    line = "Revision 2: new 2A; redrawn 1; retimed 2; reworded 3; moved 5; removed 4"
    assert revision.line("en") == line
    assert revision.line("ru").startswith("Редакция 2: новые 2A")
    assert revision.line("kk").startswith("Нұсқа 2: жаңа 2A")


@given(order=st.permutations(range(6)), cut=st.integers(0, 5))
def test_as_few_shots_as_possible_are_called_moved(tmp_path_factory, order, cut):
    folder = tmp_path_factory.mktemp("board")
    board = numbered_board(folder, 6)
    revise(board, folder)
    shots = [board.story.shots[index] for index in order[cut:] or order]
    revision = revise(changed(board, shots), folder)
    kept = [s.identity for s in shots if s.label not in revision.changes.get("moved", ())]
    assert kept == sorted(kept)
    assert set(revision.changes) <= set(CHANGES)
    left = {shot.label for shot in board.story.shots} - {shot.label for shot in shots}
    assert set(revision.changes.get("removed", ())) == left


def test_a_damaged_note_is_told_and_nothing_is_written(tmp_path):
    board = numbered_board(tmp_path)
    (tmp_path / FILE).write_text("{")
    with pytest.raises(StoreError, match="last revision"):
        revise(board, tmp_path)
    assert (tmp_path / FILE).read_text() == "{"


def test_report_table_and_spreadsheet_say_what_changed(tmp_path):
    board = numbered_board(tmp_path)
    export_board(board, tmp_path, "draft")
    again = changed(board, [s.model_copy(update={"duration": 7}) for s in board.story.shots])
    export_board(again, tmp_path, "draft")
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["revision"]["number"] == 2
    assert report["revision"]["changes"] == {"retimed": ["1", "2", "3", "4", "5"]}
    assert report["revision"]["line"] in (tmp_path / "report.md").read_text("utf-8")
    write(again, tmp_path, parse(["csv"], []))
    assert report["revision"]["line"] in (tmp_path / "shotlist.csv").read_text("utf-8")
    assert last_revision(tmp_path).number == 2


def test_a_spreadsheet_and_frames_under_shot_numbers(tmp_path):
    board = numbered_board(tmp_path)
    shots = [*board.story.shots]
    shots.insert(2, Shot(number=1, id=9, place="x", action="new"))
    board = changed(board, shots)
    (tmp_path / "shots").mkdir()
    (tmp_path / "shots" / "sketch.png").write_text("mine")
    (tmp_path / "shots" / "7.png").write_text("of a longer board")
    files = write(board, tmp_path, parse(["csv", "frames"], []))
    assert files == ["shotlist.csv", *(f"shots/{n}.png" for n in ("1", "2", "2A", "3", "4", "5"))]
    assert sorted(p.name for p in (tmp_path / "shots").iterdir()) == [
        "1.png", "2.png", "2A.png", "3.png", "4.png", "5.png", "sketch.png"
    ]  # fmt: skip
    with (tmp_path / "shotlist.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["shot"] for row in rows[:6]] == ["1", "2", "2A", "3", "4", "5"]
    assert rows[1]["state"] == "flagged" and rows[0]["frame"] == "frames/frame_001.png"


def test_a_missing_frame_is_said_in_the_spreadsheet(tmp_path):
    board = numbered_board(tmp_path)
    board = board.model_copy(update={"frames": board.frames[:3], "complete": False})
    write(board, tmp_path, parse(["csv"], []))
    with (tmp_path / "shotlist.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["state"] for row in csv.DictReader(file)][3:5] == ["missing", "missing"]


def test_formats_are_named_by_lists_and_all():
    assert chosen("csv, frames;csv") == ["csv", "frames"]
    assert chosen("ALL") == list(FORMATS)
    assert chosen("") == []
    with pytest.raises(InputError, match="no format called 'docx'"):
        chosen("pdf,docx")


@pytest.mark.parametrize("setting", ["csv", "csv.x=1", "pdf.per_page=4", "=", "csv.revision=x"])
def test_a_setting_that_sets_nothing_is_refused(setting):
    with pytest.raises(InputError) as error:
        parse(["csv"], [setting])
    assert error.value.code == "option_invalid"


def test_every_format_that_holds_text_says_what_changed(tmp_path):
    board = numbered_board(tmp_path)
    quick = [shot.model_copy(update={"duration": 0.25}) for shot in board.story.shots]
    revise(board, tmp_path)
    again = changed(board, quick)
    options = parse(list(FORMATS), ["animatic.subtitles=vtt", "animatic.height=64"])
    write(again, tmp_path, options)
    line = last_revision(tmp_path).line(board.story.language)
    assert line.endswith("1, 2, 3, 4, 5")
    told = {
        name: (tmp_path / name).read_text("utf-8-sig")
        for name in (
            "board.html",
            "animatic.vtt",
            "timeline.otio",
            "timeline.fcpxml",
            "timeline.xml",
            "timeline.edl",
            "storyboarder/storyboard.storyboarder",
            "shotlist.csv",
        )
    }
    told["board.pdf"] = " ".join(
        page.extract_text() for page in PdfReader(tmp_path / "board.pdf").pages
    )
    with av.open(tmp_path / "animatic.mp4") as film:
        told["animatic.mp4"] = film.metadata["comment"]
    assert [name for name, text in told.items() if line not in text] == []
    assert f"* {line}\n" in told["timeline.edl"]
    assert f"NOTE {line}\n" in told["animatic.vtt"]


def test_every_option_is_told_and_takes_its_default_as_it_is_typed():
    options = options_of(FORMATS)
    assert all(option.values and option.meaning for option in options)
    settings = [f"{option.name} = {typed(option.default)}" for option in options]
    assert parse(FORMATS, settings) == parse(FORMATS, [])


def test_options_are_listed_without_a_board_and_nothing_is_written_without_one(capsys):
    assert run(["export", "--options", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "pdf.per_page" in [row["option"] for row in told["options"]]
    assert run(["export", "--to", "pdf"]) != 0
    assert "folder of a board" in capsys.readouterr().err
