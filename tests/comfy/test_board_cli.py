"""``aldar board`` from end to end on the real ComfyUI, and everything that can go wrong in it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from aldar_storyboard.tests.comfy.cli import ALDAR, aldar
from PIL import Image

REFERENCE = (
    "Алдар Косе решает проучить жадного Бая. Он притворяется, что его старая лошадь — волшебная "
    "и может найти спрятанное золото, заставляя Бая выдать свое собственное хранилище."
)
DELIVERED = {
    "board.json",
    "contact_sheet.png",
    "report.json",
    "scene_breakdown.json",
    "sdxl_prompts.json",
}


@contextmanager
def running(*arguments: str, until: str):
    """The command, as far as the line of its progress that begins with ``until``."""
    child = subprocess.Popen(
        [*ALDAR, *arguments, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr
    try:
        for line in child.stderr:
            if line.startswith(until):
                break
        assert child.poll() is None, "it ended too early"
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()


def comfyui_of(child: subprocess.Popen[str]) -> psutil.Process:
    return next(p for p in psutil.Process(child.pid).children() if "launch.py" in str(p.cmdline()))


def ended(process: psutil.Process) -> bool:
    for _ in range(100):
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False


def pictures(folder: Path) -> dict[str, str]:
    """Frame name -> hash of its pixels."""
    return {
        path.name: hashlib.sha256(Image.open(path).convert("RGB").tobytes()).hexdigest()
        for path in sorted((folder / "frames").glob("frame_*.png"))
    }


def contents(folder: Path) -> dict[str, bytes]:
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (".lock", "journal.jsonl")
    }
    report = json.loads(files["report.json"])
    assert report.pop("made")["seconds"] > 0  # the one part that clocks decide
    return files | {"report.json": json.dumps(report).encode()}


def accepted(folder: Path) -> int:
    return len(list((folder / "takes").glob("*.png")))


def test_a_logline_becomes_a_board_and_a_second_run_only_fetches_it(home: Path, tmp_path: Path):
    out = tmp_path / "board"
    status, answer, progress = aldar("board", REFERENCE, "--out", str(out))
    assert status == 0
    assert Path(answer["board"]) == out
    assert answer["comfyui"] == "0.3.75"
    assert answer["seconds"] > 0
    report = json.loads(Path(answer["report"]).read_text("utf-8"))
    frames = pictures(out)
    assert 6 <= answer["frames"] == report["num_frames"] == len(frames) <= 10
    assert next(iter(frames)) == "frame_001.png"
    assert {path.name for path in out.iterdir()} >= DELIVERED
    assert "Frame 1 of" in progress

    again, answer_again, progress = aldar("board", REFERENCE, "--out", str(out))
    assert again == 0
    assert pictures(out) == frames
    assert "stored" in progress
    assert "accepted" not in progress
    assert answer_again | {"seconds": 0} == answer | {"seconds": 0}


def test_a_plan_that_was_edited_by_hand_is_drawn_as_it_stands(home: Path, tmp_path: Path):
    file, out = tmp_path / "story.json", tmp_path / "board"
    status, plan, _ = aldar("plan", "A fox outwits a wolf.", "--frames", "2", "--out", str(file))
    assert status == 0
    plan["shots"][1]["caption"] = "And they never met again."
    file.write_text(json.dumps(plan), "utf-8")
    status, answer, _ = aldar("board", str(file), "--out", str(out))
    assert (status, answer["frames"]) == (0, 2)
    board = json.loads((out / "board.json").read_text("utf-8"))
    assert board["story"]["shots"][1]["caption"] == "And they never met again."


def test_a_locked_picture_follows_its_shot_when_another_is_inserted(home: Path, tmp_path: Path):
    file, out = tmp_path / "story.json", tmp_path / "board"
    _, plan, _ = aldar("plan", "A fox outwits a wolf.", "--frames", "3", "--out", str(file))
    assert aldar("board", str(file), "--out", str(out))[0] == 0
    before = pictures(out)
    status, answer, _ = aldar("lock", str(out), "2")
    assert status == 0, answer

    new = plan["shots"][0] | {"action": "The moon rises.", "caption": "Night falls."}
    plan["shots"].insert(0, new)
    for number, shot in enumerate(plan["shots"], 1):
        shot["number"] = number
    file.write_text("\ufeff" + json.dumps(plan), "utf-8")
    assert aldar("board", str(file), "--out", str(out))[0] == 0

    after = pictures(out)
    assert len(set(after.values())) == 4
    assert after["frame_003.png"] == before["frame_002.png"]
    _, answer, _ = aldar("takes", str(out))
    assert [(t["frame"], t["seed"]) for t in answer["takes"] if t["winner"]] == [
        (1, 4042),
        (2, 42),
        (3, 2042),
        (4, 3042),
    ]
    assert [t["frame"] for t in answer["takes"] if t["locked"]] == [3]
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert (report["locked_frames"], report["stale_frames"]) == ([3], [])


def test_a_script_becomes_a_board(home: Path, tmp_path: Path):
    script, out = tmp_path / "tale.fountain", tmp_path / "board"
    script.write_text("EXT. STEPPE - DAY\n\nAldar rides a horse.\n", "utf-8")
    status, answer, _ = aldar("board", str(script), "--out", str(out))
    assert status == 0, answer
    assert answer["frames"] >= 1

    status, answer, _ = aldar("board", str(tmp_path / "gone.fountain"), "--out", str(out))
    assert (status, answer["error"]["code"]) == (2, "script_invalid")


def test_what_the_plan_did_not_understand_is_said(home: Path, root: Path, tmp_path: Path):
    script = root / "tests/data/scripts/chinese.fountain"
    status, answer, told = aldar("board", str(script), "--out", str(tmp_path / "board"))
    assert status == 0, answer
    assert [notice for notice in answer["notices"] if "was not understood" in notice]
    assert "was not understood" in told


def test_pictures_of_any_shape_stay_whole(home: Path, root: Path, tmp_path: Path):
    """The second of two used to be cropped to the shape of the first."""
    cases = root / "tests/data/pictures"
    out = tmp_path / "board"
    given = [f"--reference={cases / name}" for name in ("hero_wide.png", "bai_tall.png")]
    status, answer, _ = aldar("board", REFERENCE, "--frames", "2", *given, "--out", str(out))
    assert status == 0, answer
    kept = {
        image.size: image.tobytes() for image in map(Image.open, (out / "references").iterdir())
    }
    given = [Image.open(cases / name).convert("RGB") for name in ("hero_wide.png", "bai_tall.png")]
    assert kept == {image.size: image.tobytes() for image in given}


def test_ctrl_c_keeps_what_was_accepted_and_leaves_no_process(home: Path, tmp_path: Path):
    out = tmp_path / "board"
    arguments = ("board", "A fox outwits a wolf.", "--frames", "40", "--out", str(out))
    with running(*arguments, until="Frame 3 of 40") as child:
        comfyui = comfyui_of(child)
        child.send_signal(signal.SIGINT)
        answer, _ = child.communicate(timeout=60)
        assert child.returncode == 130
        assert json.loads(answer)["error"]["code"] == "interrupted"
        assert ended(comfyui)
    assert accepted(out) >= 2
    assert not (out / "report.json").exists()


def test_a_killed_comfyui_is_told_and_the_same_command_goes_on(home: Path, tmp_path: Path):
    out = tmp_path / "board"
    arguments = ("board", "A fox outwits a wolf.", "--frames", "12", "--out", str(out))
    with running(*arguments, until="Frame 4 of 12") as child:
        comfyui_of(child).send_signal(signal.SIGKILL)
        answer, _ = child.communicate(timeout=60)
        error = json.loads(answer)["error"]
    assert child.returncode == 1
    assert error["code"] == "comfyui_died"
    assert "SIGKILL" in error["message"]
    assert not (out / "report.json").exists()

    status, answer, progress = aldar(*arguments)
    assert (status, answer["frames"]) == (0, 12)
    assert "Frame 1 of 12: stored" in progress
    assert len(pictures(out)) == 12
    assert [path.name for path in (home / "temp").iterdir()] == [".lock"]

    undisturbed = tmp_path / "undisturbed"
    assert aldar(*arguments[:-1], str(undisturbed))[0] == 0
    assert contents(out) == contents(undisturbed)


def test_a_killed_command_takes_comfyui_with_it(home: Path, tmp_path: Path):
    arguments = ("board", "A fox.", "--frames", "40", "--out", str(tmp_path / "board"))
    with running(*arguments, until="Frame 1 of 40") as child:
        comfyui = comfyui_of(child)
        child.kill()
        assert ended(comfyui)


def test_two_boards_at_once_do_not_meet(home: Path, tmp_path: Path):
    both = [
        subprocess.Popen(
            [*ALDAR, "board", logline, "--frames", "3", "--json"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for logline in ("A fox outwits a wolf.", "Қу түлкі қасқырды алдады.")
    ]
    answers = [json.loads(child.communicate(timeout=300)[0]) for child in both]
    assert [answer.get("frames") for answer in answers] == [3, 3]
    folders = sorted(path.name for path in (tmp_path / "boards").iterdir())
    assert len(folders) == 2
    assert folders[0].startswith("a-fox-outwits-a-wolf-")
    assert folders[1].startswith("қу-түлкі-қасқырды-алдады-")


def test_a_board_is_drawn_on_a_running_server_and_fetched(comfy, tmp_path: Path):
    out = tmp_path / "board"
    arguments = ("board", "Лис 🦊 обманул волка.", "--frames", "2", "--server", comfy.url)
    status, answer, _ = aldar(*arguments, "--out", str(out))
    assert (status, answer["frames"], answer["comfyui"]) == (0, 2, "0.3.75")
    assert {path.name for path in out.iterdir()} >= DELIVERED
    (there,) = (comfy.output / "aldar").glob("лис-обманул-волка-*")
    assert pictures(there) == pictures(out)
    assert comfy.client.system_stats()


def test_the_workflow_runs_when_it_is_posted_by_hand(comfy, root: Path):
    workflow = root / "workflows" / "api" / "storyboard_draft.json"
    prompt_id = comfy.client.queue(json.loads(workflow.read_text("utf-8")))
    deadline = time.monotonic() + 120
    while not (entry := comfy.client.history(prompt_id)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert entry["status"]["status_str"] == "success"
    (board,) = [output["aldar_board"][0] for output in entry["outputs"].values()]
    assert board["complete"]
    assert all((comfy.output / board["folder"] / name).is_file() for name in board["files"])


def test_a_comfyui_that_cannot_start_is_told_with_the_reason(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    broken = tmp_path / "ComfyUI"
    broken.mkdir()
    (broken / "main.py").write_text("import a_package_that_is_missing")
    monkeypatch.setenv("COMFYUI_PATH", str(broken))
    status, answer, _ = aldar("board", "A fox.", "--out", str(tmp_path / "board"))
    assert (status, answer["error"]["code"]) == (1, "comfyui_start")
    assert "a_package_that_is_missing" in answer["error"]["message"]


def test_a_workflow_that_does_not_fit_is_told_before_it_is_queued(comfy, root: Path):
    from aldar_storyboard.runner.run.graph import Graph
    from aldar_storyboard.storyboard.errors import RunnerError

    graph = Graph.load("draft")
    graph.check(comfy.client.object_info())
    graph.nodes[graph.find("Story")]["class_type"] = "AldarNobody"
    graph.nodes[graph.find("Export")]["inputs"]["nonsense"] = 1
    with pytest.raises(RunnerError) as caught:
        graph.check(comfy.client.object_info())
    assert "'Story': this ComfyUI has no node AldarNobody" in caught.value.message
    assert "'Export': input 'nonsense' is unknown" in caught.value.message


def test_an_error_of_a_node_names_the_node_and_what_to_do(comfy, tmp_path: Path):
    arguments = ("board", "A fox.", "--server", comfy.url, "--planner", "nobody")
    status, answer, _ = aldar(*arguments, "--out", str(tmp_path))
    assert (status, answer["error"]["code"]) == (1, "run_failed")
    assert "'Story' failed: There is no planner called 'nobody'" in answer["error"]["message"]


def test_the_canvas_is_served_until_ctrl_c(home: Path):
    child = subprocess.Popen([*ALDAR, "ui"], stderr=subprocess.PIPE, text=True)
    assert child.stderr
    try:
        line = next(line for line in child.stderr if line.startswith("ComfyUI is at http"))
        comfyui = comfyui_of(child)
        assert "http://127.0.0.1:" in line
        child.send_signal(signal.SIGINT)
        assert child.wait(30) == 0
        assert ended(comfyui)
    finally:
        child.kill()
        child.wait()


def test_the_canvas_does_not_take_a_port_in_use(comfy, home: Path):
    port = comfy.url.rpartition(":")[2]
    done = subprocess.run(
        [*ALDAR, "ui", "--port", port], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert f"Port {port} is in use." in done.stderr


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="mounting needs root")
def test_a_disk_that_fills_up_leaves_no_board_that_looks_whole(home: Path, tmp_path: Path):
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=70m", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        (small / "ballast").write_bytes(b"x" * (5 * 2**20))
        arguments = ("board", "A fox.", "--frames", "60", "--format", "16:9", "--out", str(small))
        with running(*arguments, until="Drawing") as child:
            (small / "more").write_bytes(b"x" * (64 * 2**20))
            answer, _ = child.communicate(timeout=120)
        error = json.loads(answer)["error"]
        assert child.returncode == 1
        assert error["code"] in ("run_failed", "disk_full")
        assert "Free some space" in error["message"] + error["hint"]
        assert not (small / "report.json").exists()
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_the_doctor_finds_everything_in_order(home: Path):
    status, answer, _ = aldar("doctor")
    assert (status, answer["ok"]) == (0, True), answer
    assert {check["name"] for check in answer["checks"]} >= {"python", "torch", "comfyui", "pack"}


def test_the_doctor_says_what_to_do_about_a_missing_comfyui(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COMFYUI_PATH", str(tmp_path))
    status, answer, _ = aldar("doctor")
    assert (status, answer["ok"]) == (1, False)
    (broken,) = [check for check in answer["checks"] if check["name"] == "comfyui"]
    assert not broken["ok"]
    assert "COMFYUI_PATH" in broken["found"] + broken["fix"]
