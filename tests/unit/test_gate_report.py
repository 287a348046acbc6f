"""What the reports say of the gate: frame 1 = 1.00, average, minimum, what is unproven."""

import json

import pytest
from aldar_storyboard.storyboard.board import Board, Frame
from aldar_storyboard.storyboard.exports import export_board
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate.policy import Policy, Reading
from aldar_storyboard.storyboard.prompts.compose import FramePrompt
from aldar_storyboard.storyboard.story import CastMember, Character, Shot, Story
from PIL import Image

NOBODY = "there is no reference of A_l|dar yet"


@pytest.fixture
def board(tmp_path):
    """Frame 1 is the reference, 4 failed, 5 shows nobody; 3 is the reference of the bai."""
    casts = [["aldar"], ["aldar"], ["aldar", "bai"], ["aldar"], []]
    story = Story(
        title="A *bold* <title> | x",
        logline="l",
        characters=[
            Character(id="aldar", name="A_l|dar", description="-"),
            Character(id="bai", name="Bai", description="-"),
        ],
        shots=[
            Shot(
                number=n,
                place="p",
                action="a",
                cast=[CastMember(character=character) for character in cast],
            )
            for n, cast in enumerate(casts, 1)
        ],
    )
    readings = [
        (None, None, NOBODY),
        (0.8, 0.7, ""),
        (0.9, 0.6, ""),
        (0.4, 0.2, "the face taken for A_l|dar is not the reference's"),
        (None, None, "nobody is in the shot"),
    ]
    board = Board(story=story, base_seed=42, retries=2, complete=True)
    store = TakeStore(tmp_path)
    for n, (identity, face, reason) in enumerate(readings, 1):
        key = f"{n:032d}"
        store.put(key, n, 0, 42, Image.new("RGB", (64, 64), (40 * n, 90, 120)))
        verdict = Policy().verdict(
            [
                Reading("identity", "clip", identity, reason),
                Reading("face", "dlib", face, reason),
                Reading("costume", "colour", 0.8),
            ]
        )
        latches = {1: ["aldar"], 3: ["bai"]}.get(n, [])
        frame = Frame(
            number=n,
            take=key,
            seed=42,
            attempt=0,
            attempts=1,
            flagged=not verdict.accepted,
            latches=latches,
            prompt=FramePrompt(positive="", negative=""),
            verdict=verdict,
        )
        board.frames.append(frame)
    store.close()
    export_board(board, tmp_path, "guided")
    return tmp_path


def test_frame_one_is_one_and_counts_in_no_average(board):
    report = json.loads((board / "report.json").read_text("utf-8"))
    assert [frame["consistency"] for frame in report["frames"]] == [1.0, 0.8, 0.9, 0.4, None]
    assert report["average_consistency"] == pytest.approx(0.7)
    assert report["min_consistency"] == pytest.approx(0.4)
    assert report["average_face_consistency"] == pytest.approx(0.5)
    assert report["min_face_consistency"] == pytest.approx(0.2)
    assert "frame 1 is the reference and does not count" in report["consistency_note"]


def test_the_report_says_how_it_was_judged_and_what_is_unproven(board):
    report = json.loads((board / "report.json").read_text("utf-8"))
    assert report["gate"] == ["standard, uncalibrated"]
    assert report["unproven_frames"] == [5]
    assert report["flagged_frames"] == [4]
    assert [frame["reference_of"] for frame in report["frames"]] == [["aldar"], [], ["bai"], [], []]
    face = report["frames"][1]["scores"]["face"]
    assert (face["method"], face["threshold"], face["outcome"]) == ("dlib", 0.4, "pass")


def test_the_table_has_a_row_a_frame_with_average_and_minimum(board):
    text = (board / "report.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    head, _, *body = rows
    identity, face = head.index("identity"), head.index("face")
    assert [row[identity] for row in body] == [
        "1.00 (reference)",
        "0.80",
        "0.90",
        "**0.40**",
        "–",
        "0.70",
        "0.40",
    ]
    assert [row[face] for row in body] == ["–", "0.70", "0.60", "**0.20**", "–", "0.50", "0.20"]
    assert [row[-1] for row in body[3:5]] == ["**flagged**", "accepted"]
    assert {len(row) for row in rows} == {len(head)}
    assert body[0][head.index("costume")] == "(0.80)"


def test_names_and_titles_are_no_markup(board):
    text = (board / "report.md").read_text("utf-8")
    assert text.startswith(r"# A \*bold\* \<title\> \| x")
    assert r"A\_l\|dar" in text
