"""The exports: names, contents, determinism, and what happens when a take is gone."""

import json
import shutil
from pathlib import Path

import pytest
from aldar_storyboard.storyboard.board import Board, Frame
from aldar_storyboard.storyboard.errors import StoreError
from aldar_storyboard.storyboard.exports import export_board, folder_state
from aldar_storyboard.storyboard.exports.made import Workshop
from aldar_storyboard.storyboard.exports.report import Report
from aldar_storyboard.storyboard.exports.workflow import write_workflows
from aldar_storyboard.storyboard.frames.directions import Direction, Directions
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.prompts.compose import FramePrompt
from aldar_storyboard.storyboard.story import Character, Shot, Story
from PIL import Image


def make(folder, count, identity=None):
    """A finished board of ``count`` frames with its takes on disk."""
    shots = [
        Shot(number=n, place="steppe", action="walks", caption=f"Ол жүріп келеді {n}")
        for n in range(1, count + 1)
    ]
    hero = Character(id="aldar", name="Алдар", description="a man")
    story = Story(title="Ертегі", logline="…", language="kk", characters=[hero], shots=shots)
    board = Board(story=story, base_seed=42, retries=2, complete=True)
    store = TakeStore(folder)
    for n in range(1, count + 1):
        key = f"{n:032d}"
        store.put(key, n, 0, 42, Image.new("RGB", (64, 64), (n % 256, 90, 120)))
        scores = [Score(name="anomaly", outcome=Outcome.PASS, value=1.0, threshold=0.5)]
        if identity:
            value = identity.get(n)
            outcome = Outcome.UNMEASURABLE if value is None else Outcome.PASS
            reason = "no face in the shot" if value is None else ""
            scores.append(Score(name="identity", outcome=outcome, value=value, reason=reason))
        board.frames.append(
            Frame(
                number=n,
                take=key,
                seed=42,
                attempt=0,
                attempts=1,
                flagged=n == 2,
                prompt=FramePrompt(positive="a man", negative="blur"),
                verdict=Verdict(scores=tuple(scores), perceptual_hash=2**256 - n),
            )
        )
    store.close()
    board.save(folder)
    return board


def read(folder, name):
    return json.loads((folder / name).read_text("utf-8"))


def test_every_file_of_the_contract_is_written_and_named(tmp_path):
    board = make(tmp_path, 3)
    files = export_board(board, tmp_path, "draft", {"prompt": "{}"})
    assert files[0] == "board.json"
    assert set(files) == {
        "board.json",
        *(f"frames/frame_{n:03d}.png" for n in (1, 2, 3)),
        "revisions.json",
        "scene_breakdown.json",
        "sdxl_prompts.json",
        "report.json",
        "report.md",
        "contact_sheet.png",
        "workflow_api.json",
    }
    for name in files:
        assert (tmp_path / name).stat().st_size > 0
    report = read(tmp_path, "report.json")
    assert (report["base_seed"], report["num_frames"], report["pipeline"]) == (42, 3, "draft")
    assert report["average_consistency"] is None
    assert "not measured" in report["consistency_note"]
    assert report["flagged_frames"] == [2]
    assert [f["file"] for f in report["frames"]] == [f"frames/frame_{n:03d}.png" for n in (1, 2, 3)]
    assert read(tmp_path, "scene_breakdown.json")["scenes"][0]["caption"] == "Ол жүріп келеді 1"
    assert read(tmp_path, "sdxl_prompts.json")["prompts"][2]["frame"] == 3


def test_consistency_counts_only_what_was_measured(tmp_path):
    board = make(tmp_path, 3, {1: 1.0, 3: 0.6})
    export_board(board, tmp_path, "guided")
    report = read(tmp_path, "report.json")
    assert report["average_consistency"] == pytest.approx(0.8)
    assert report["min_consistency"] == pytest.approx(0.6)
    assert report["consistency_note"] == "frame 2: no face in the shot"


def test_the_same_board_gives_the_same_bytes(tmp_path):
    board = make(tmp_path, 3)
    written = []
    for _ in range(2):
        files = export_board(board, tmp_path, "draft", {"workflow": '{"nodes": []}'})
        written.append([(tmp_path / name).read_bytes() for name in files])
    assert written[0] == written[1]


def test_a_shorter_board_leaves_no_frames_of_the_longer_one(tmp_path):
    export_board(make(tmp_path, 4), tmp_path, "draft", {"workflow": "{}"})
    files = export_board(make(tmp_path, 2), tmp_path, "draft")
    assert sorted(p.name for p in (tmp_path / "frames").iterdir()) == [
        "frame_001.png",
        "frame_002.png",
    ]
    assert not (tmp_path / "workflow.json").exists()
    assert "workflow.json" not in files


def test_a_long_board_gets_several_sheets(tmp_path):
    board = make(tmp_path, 61)
    files = export_board(board, tmp_path, "draft")
    assert [f for f in files if "sheet" in f] == ["contact_sheet.png", "contact_sheet_2.png"]
    export_board(make(tmp_path, 3), tmp_path, "draft")
    assert not (tmp_path / "contact_sheet_2.png").exists()


def test_the_sheet_carries_the_workflow(tmp_path):
    export_board(make(tmp_path, 1), tmp_path, "draft", {"workflow": '{"nodes": [1]}'})
    with Image.open(tmp_path / "contact_sheet.png") as sheet:
        assert json.loads(sheet.text["workflow"]) == {"nodes": [1]}


def test_progress_counts_every_step_and_may_interrupt(tmp_path):
    board = make(tmp_path, 2)
    steps = []
    export_board(board, tmp_path, "draft", progress=lambda *step: steps.append(step))
    assert steps == [(n, 7) for n in range(1, 8)]

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_board(board, tmp_path, "draft", progress=stop)


def test_a_missing_take_is_named(tmp_path):
    board = make(tmp_path, 2)
    (tmp_path / "takes" / f"{2:032d}.png").unlink()
    with pytest.raises(StoreError) as caught:
        export_board(board, tmp_path, "draft")
    assert caught.value.code == "store_damaged"
    assert f"{2:032d}.png" in str(caught.value)


def test_a_broken_board_file_is_named(tmp_path):
    (tmp_path / "board.json").write_text("{}")
    with pytest.raises(StoreError) as caught:
        Board.load(tmp_path)
    assert caught.value.code == "store_damaged"


@pytest.mark.parametrize("numbers", [[0], [4], [1, 1]])
def test_a_board_file_with_frames_of_no_shot_is_named(tmp_path, numbers):
    board = make(tmp_path, 3)
    data = board.model_dump(mode="json")
    data["frames"] = [data["frames"][0] | {"number": number} for number in numbers]
    (tmp_path / "board.json").write_text(json.dumps(data))
    with pytest.raises(StoreError, match="not those of its shots"):
        Board.load(tmp_path)


def test_frames_are_copied_where_links_cannot_be_made(tmp_path, monkeypatch):
    board = make(tmp_path, 1)

    def refuse(*_):
        raise OSError("no links here")

    monkeypatch.setattr("os.link", refuse)
    export_board(board, tmp_path, "draft")
    take = (tmp_path / "takes" / f"{1:032d}.png").read_bytes()
    assert (tmp_path / "frames/frame_001.png").read_bytes() == take


def test_half_a_character_in_a_workflow_is_written_as_json_escapes_it(tmp_path):
    given = {"1": {"class_type": "X", "inputs": {"text": "é \ud800"}}}
    write_workflows(tmp_path, {"prompt": json.dumps(given)})
    written = (tmp_path / "workflow_api.json").read_text("utf-8")
    assert "é" in written
    assert json.loads(written) == given


def test_nothing_of_a_longer_board_stays_and_nothing_of_the_users_goes(tmp_path):
    export_board(make(tmp_path, 61), tmp_path, "draft")
    left = ["frames/frame_061.png.part", "contact_sheet_2.png.part", "contact_sheet_3.png"]
    left += ["variations_1_red-coat.png", "variations_2.png"]
    own = ["frames/frame_001 retouched.png", "contact_sheet_final.png", "variations_notes.png"]
    own += ["frames/frame_x.png", "my variations_1.png"]
    for name in left + own:
        (tmp_path / name).write_bytes(b"x")
    files = export_board(make(tmp_path, 3), tmp_path, "draft")
    pictures = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.p*")}
    pictures = {name for name in pictures if not name.startswith("takes/")}
    assert pictures == {name for name in files if name.endswith(".png")} | set(own)


def test_the_state_of_a_folder_is_told_only_while_the_board_is_whole(tmp_path):
    assert folder_state(tmp_path / "none") is None
    board = make(tmp_path, 3)
    assert folder_state(tmp_path) is None
    files = export_board(board, tmp_path, "draft")
    whole = folder_state(tmp_path)
    assert whole is not None
    for name in files:
        data = (tmp_path / name).read_bytes()
        (tmp_path / name).unlink()
        assert folder_state(tmp_path) is None, name
        (tmp_path / name).write_bytes(data)
        assert folder_state(tmp_path) is not None
    Directions(frames={1: Direction(first=1)}).save(tmp_path)
    assert folder_state(tmp_path) != whole
    Board(story=board.story, base_seed=42, retries=2).save(tmp_path)
    assert folder_state(tmp_path) is None
    export_board(board, tmp_path, "draft")
    shutil.rmtree(tmp_path / "frames")
    assert folder_state(tmp_path) is None


def test_locked_and_stale_frames_are_told_in_every_report(tmp_path):
    board = make(tmp_path, 3)
    marks = [{"locked": True}, {"locked": True, "stale": True}, {"stale": True}]
    board.frames = [f.model_copy(update=m) for f, m in zip(board.frames, marks, strict=True)]
    board.save(tmp_path)
    assert Board.load(tmp_path) == board
    export_board(board, tmp_path, "guided")
    report = read(tmp_path, "report.json")
    assert (report["locked_frames"], report["stale_frames"]) == ([1, 2], [2, 3])
    assert [f["stale"] for f in report["frames"]] == [False, True, True]
    table = (tmp_path / "report.md").read_text("utf-8")
    assert "| accepted, locked |" in table
    assert "| **flagged**, locked, **stale** |" in table
    assert "frame 2 is stale: its picture was locked, and its shot has changed" in table
    assert "frame 3 is stale: its picture was chosen" in table
    sheet = (tmp_path / "contact_sheet.png").read_bytes()
    export_board(make(tmp_path, 3), tmp_path, "guided")
    assert (tmp_path / "contact_sheet.png").read_bytes() != sheet


def test_the_report_keeps_to_its_published_schema(tmp_path):
    published = json.loads((Path(__file__).parents[2] / "docs/report.schema.json").read_text())
    board = make(tmp_path, 3, {1: 1.0, 2: 0.4})
    export_board(board, tmp_path, "draft", workshop=Workshop(models={"loras/a.safetensors": "00"}))
    report = read(tmp_path, "report.json")
    assert Report.model_validate(report).model_dump(mode="json", exclude_none=False)
    assert set(published["required"]) <= set(report) <= set(published["properties"])
    assert report["made"]["models"] == {"loras/a.safetensors": "00"}


def test_a_reason_stands_once_in_the_report(tmp_path):
    board = make(tmp_path, 4, {1: 1.0})
    export_board(board, tmp_path, "draft")
    report = read(tmp_path, "report.json")
    assert report["reasons"] == ["no face in the shot"]
    reasons = [frame["scores"]["identity"]["reason"] for frame in report["frames"]]
    assert reasons == [None, 0, 0, 0]
    assert (tmp_path / "report.json").read_text("utf-8").count("no face in the shot") == 2  # note


def test_the_report_says_how_long_takes_took_and_on_what(tmp_path):
    board = make(tmp_path, 3)
    store = TakeStore(tmp_path)
    picture = Image.new("RGB", (64, 64))
    store.put("a" * 32, 1, 1, 52, picture, seconds=2.5, device="NVIDIA H100")
    store.put("b" * 32, 2, 1, 2052, picture, seconds=1.25, device="cpu")
    store.close()
    export_board(board, tmp_path, "draft")
    made = read(tmp_path, "report.json")["made"]
    assert (made["seconds"], made["gpu_seconds"], made["unmeasured"]) == (3.75, 2.5, 3)
    assert made["devices"] == ["NVIDIA H100", "cpu"]
    assert [(t["frame"], t["seconds"]) for t in made["takes"]] == [
        (1, None), (1, 2.5), (2, None), (2, 1.25), (3, None)
    ]  # fmt: skip
