"""The frame loop on the real ComfyUI, with stub nodes in place of models."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
import zlib

import pytest
from aldar_storyboard.runner.run.graph import Graph
from aldar_storyboard.runner.run.recipe import Job, render
from aldar_storyboard.runner.run.request import Origin
from aldar_storyboard.runner.server import process
from aldar_storyboard.runner.server.client import Client
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.errors import RunnerError
from aldar_storyboard.storyboard.frames.directions import Direction, Directions
from aldar_storyboard.storyboard.story import Story
from aldar_storyboard.tests.comfy.cache import empty
from aldar_storyboard.tests.comfy.graphs import loop, node, story
from aldar_storyboard.tests.comfy.packs import STUBS
from PIL import Image


class Server:
    """A running ComfyUI, and the log its stub nodes write."""

    def __init__(self, running, output, folder):
        self.running = running
        self.client = Client(running.url)
        self.output = output
        self.log = folder / "stub.log"
        self.events = []

    def graph(self, frames=3, board="board", scores="", prompt=None, **changes):
        """A loop over stub nodes; ``changes`` replace or add nodes."""
        log = str(self.log)
        judge = node("StubJudge", take=["2", 1], image=["5", 0], scores=scores, log=log)
        return loop(prompt or story(frames), board, log, judge, retries=2) | changes

    def queue(self, graph):
        self.log.unlink(missing_ok=True)
        return self.client.queue(graph)

    def wait(self, prompt_id, seconds=120):
        deadline = time.monotonic() + seconds
        while (history := self.client.history(prompt_id)) is None:
            assert time.monotonic() < deadline, self.running.tail()
            time.sleep(0.05)
        return history

    def run(self, graph):
        """Queue a graph and wait for it; returns its history."""
        return self.wait(self.queue(graph))

    def done(self, *kinds):
        """What the stub nodes wrote, of these kinds, in order."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in lines if not kinds or line.split()[0] in kinds]

    def board(self, name="board"):
        return Board.load(self.output / name)


def status(history):
    return history["status"]["status_str"]


def failure(history):
    messages = history["status"]["messages"]
    return next(data for kind, data in messages if kind == "execution_error")


@pytest.fixture(scope="module")
def start(comfy):
    """Starts a ComfyUI of its own with options, on the folders of the shared one; one at a time."""
    current = {}

    def start(*options):
        if current.get("options") == options and current["server"].running.alive():
            return current["server"]
        stop()
        context = process.started(comfy.comfyui, comfy.output, options=options)
        server = Server(context.__enter__(), comfy.output, comfy.base)
        current.update(options=options, context=context, server=server)
        return server

    def stop():
        if "context" in current:
            current.pop("context").__exit__(None, None, None)
            current.clear()

    yield start
    stop()


@pytest.fixture
def server(comfy):
    empty(comfy.client)
    return Server(comfy.running, comfy.output, comfy.base)


@pytest.fixture
def name(request):
    """A board of its own for each test."""
    words = "".join(c if c.isalnum() else "-" for c in request.node.name)
    return f"{words[5:45]}-{zlib.crc32(words.encode())}"


def test_takes_come_in_order_with_their_seeds_and_rejects_are_retried(server, name):
    scores = "2:0=0.3 2:1=0.6 2:2=0.5 3:0=0.1"
    history = server.run(server.graph(3, name, scores))
    assert status(history) == "success", failure(history)
    assert server.done("load", "sample", "judge") == [
        "load model",
        *("sample 42", "judge 1:0"),
        *("sample 2042", "judge 2:0", "sample 2052", "judge 2:1", "sample 2062", "judge 2:2"),
        *("sample 3042", "judge 3:0", "sample 3052", "judge 3:1"),
    ]
    board = server.board(name)
    assert board.complete
    assert [(f.seed, f.flagged) for f in board.frames] == [(42, False), (2052, True), (3052, False)]
    report = json.loads((server.output / name / "report.json").read_text("utf-8"))
    assert report["flagged_frames"] == [2]
    assert report["frames"][1]["reason"].startswith("stub")


def test_an_unchanged_board_runs_no_node_again_even_with_an_empty_cache(server, name):
    graph = server.graph(3, name)
    server.run(graph)
    frames = {p.name: p.read_bytes() for p in (server.output / name / "frames").iterdir()}
    report = (server.output / name / "report.json").read_bytes()
    for _ in range(2):
        server.run(graph)
        assert server.done() == []
    empty(server.client)
    server.run(graph)
    assert server.done() == []
    assert {p.name: p.read_bytes() for p in (server.output / name / "frames").iterdir()} == frames
    assert (server.output / name / "report.json").read_bytes() == report


def test_a_changed_widget_of_the_body_makes_every_frame_again(server, name):
    server.run(server.graph(2, name))
    graph = server.graph(2, name)
    graph["5"]["inputs"]["side"] = 32
    server.run(graph)
    assert server.done("sample") == ["sample 42", "sample 2042"]


def test_a_changed_gate_judges_stored_pictures_without_sampling(server, name):
    server.run(server.graph(2, name))
    history = server.run(server.graph(2, name, scores="2:0=0.5"))
    assert status(history) == "success", failure(history)
    assert server.done("sample", "judge") == ["judge 1:0", "judge 2:0", "sample 2052", "judge 2:1"]


def test_editing_one_shot_makes_that_frame_only(server, name):
    server.run(server.graph(3, name))
    server.run(server.graph(3, name, prompt=story(3, {2: "another action"})))
    assert server.done("sample") == ["sample 2042"]


def test_a_deleted_take_is_made_again(server, name):
    graph = server.graph(3, name)
    server.run(graph)
    before = server.board(name)
    (server.output / name / "takes" / f"{before.frames[1].take}.png").unlink()
    server.run(graph)
    assert server.done("sample") == ["sample 2042"]
    assert server.board(name) == before


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def test_a_deleted_board_is_made_again(server, name):
    graph = server.graph(3, name)
    server.run(graph)
    for _ in range(2):
        shutil.rmtree(server.output / name)
        server.run(graph)
        assert server.done("sample") == ["sample 42", "sample 2042", "sample 3042"]
        assert server.board(name).complete
        assert (server.output / name / "contact_sheet.png").exists()


@pytest.mark.parametrize(
    "gone", ["frames", "frames/frame_002.png", "contact_sheet.png", "report.json", "report.md"]
)
def test_deleted_exports_are_repaired(server, name, gone):
    graph = server.graph(3, name)
    server.run(graph)
    server.run(graph)
    before = files(server.output / name)
    path = server.output / name / gone
    for _ in range(2):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        server.run(graph)
        assert server.done() == []
        assert files(server.output / name) == before


def test_a_locked_frame_of_a_changed_shot_is_called_stale(server, name):
    server.run(server.graph(3, name))
    before = server.board(name)
    locked = {"9": node("AldarDirectFrames", lock="2", choose="", redo="", note="")}
    locked["2"] = node(
        "AldarFramesOpen",
        **server.graph(3, name)["2"]["inputs"],
        directions=["9", 0],
    )
    changed = story(3, {2: "something else"})
    server.run(server.graph(3, name, prompt=changed, **locked))
    assert server.done("sample") == []
    board = server.board(name)
    assert [f.take for f in board.frames] == [f.take for f in before.frames]
    assert [(f.number, f.locked) for f in board.stale] == [(2, True)]
    assert json.loads((server.output / name / "report.json").read_text())["stale_frames"] == [2]
    assert "Stale: 2." in server.running.tail(100)


def test_the_workflow_of_a_board_is_written_as_it_was_queued(server, name):
    graph = server.graph(2, name)
    for _ in range(2):
        server.run(graph)
        written = json.loads((server.output / name / "workflow_api.json").read_text("utf-8"))
        assert {i: set(n) for i, n in written.items()} == {i: set(n) for i, n in graph.items()}
        (server.output / name / "report.md").unlink()


def test_another_story_on_a_board_is_told_and_its_takes_are_kept(server, name):
    first = server.graph(3, name)
    server.run(first)
    other = Story.from_json(story(4, {n: f"other {n}" for n in range(1, 5)}))
    other = other.model_copy(update={"logline": "another", "title": "Other"})
    server.run(server.graph(board=name, prompt=other.to_json()))
    assert "held another story, 't'" in server.running.tail(100)
    assert len(server.board(name).frames) == 4
    server.run(first)
    assert server.done("sample") == []
    assert "held another story, 'Other'" in server.running.tail(100)


def test_an_inserted_shot_is_the_only_one_made(server, name):
    server.run(server.graph(3, name))
    before = server.board(name)
    shots = json.loads(story(3))
    shots["shots"].insert(1, shots["shots"][0] | {"action": "something new"})
    for number, shot in enumerate(shots["shots"], 1):
        shot["number"] = number
    server.run(server.graph(board=name, prompt=json.dumps(shots)))
    assert server.done("sample") == ["sample 4042"]
    after = [frame.take for frame in server.board(name).frames]
    assert [after[0], *after[2:]] == [frame.take for frame in before.frames]


OWN = [
    "take",
    "stored",
    "taken",
    "outer",
    "all",
    "0",
    "copy.5",
    "7.frames",
    "7.frames.0",
    "é.\u2028",
]


def test_a_graph_may_use_ids_of_the_loops_own_nodes(server, name):
    plain = server.graph(3, name, "2:0=0.3")
    plain["9"] = node("StubWitness", image=["5", 0], name="w", log=str(server.log))
    server.run(plain)
    before, done = server.board(name), server.done("sample", "judge", "witness")
    shutil.rmtree(server.output / name)
    for close in ("7", "taken"):
        new = dict(zip([i for i in plain if i != "7"], OWN, strict=False)) | {"7": close}
        if close == "taken":
            new = {k: "7" if v == "taken" else v for k, v in new.items() if k != "7"} | {"7": close}
        graph = {
            new[i]: content
            | {
                "inputs": {
                    k: [new[v[0]], v[1]] if isinstance(v, list) else v
                    for k, v in content["inputs"].items()
                }
            }
            for i, content in plain.items()
        }
        history = server.run(graph)
        assert status(history) == "success", failure(history)
        assert server.done("sample", "judge", "witness") == done
        assert server.board(name) == before
        shutil.rmtree(server.output / name)


def test_directions_are_obeyed_when_the_same_graph_is_queued_again(server, name):
    graph = server.graph(3, name)
    server.run(graph)
    Directions(frames={2: Direction(first=1, note="smile more")}).save(server.output / name)
    server.run(graph)
    assert server.done("sample") == ["sample 2052"]
    assert server.board(name).frames[1].prompt.positive.endswith("smile more")


def test_output_nodes_beside_the_body_run_once_per_frame_for_the_winner(server, name):
    tail = {
        "20": node("StubWitness", image=["5", 0], name="w", log=str(server.log)),
        "21": node("SaveImage", images=["5", 0], filename_prefix=f"{name}/saved"),
    }
    history = server.run(server.graph(3, name, "2:0=0.3 2:1=0.2 2:2=0.1 3:0=0.3", **tail))
    assert status(history) == "success", failure(history)
    assert len(server.done("witness")) == 3
    saved = sorted((server.output / name).glob("saved*.png"))
    assert len(saved) == 3
    for path, frame in zip(saved, server.board(name).frames, strict=True):
        with Image.open(path) as picture, Image.open(server.output / name / frame.file) as other:
            assert picture.convert("RGB").tobytes() == other.tobytes()


GUIDED = {
    "10": ("StubLoader", {"name": "guide"}),
    "11": ("AldarReference", {"take": ["2", 1], "character": ""}),
    "12": ("StubMixer", {"model": ["10", 0], "image": ["5", 0], "reference": ["11", 0]}),
    "13": (
        "AldarLatchSwitch",
        {"take": ["2", 1], "first": ["5", 0], "latched": ["12", 0], "character": ""},
    ),
}


def guided(server, frames, name, scores="", **changes):
    log = {"log": str(server.log)}
    extra = {
        i: node(k, **v, **(log if k.startswith("Stub") else {})) for i, (k, v) in GUIDED.items()
    }
    graph = server.graph(frames, name, scores, **extra, **changes)
    graph["6"]["inputs"]["image"] = graph["7"]["inputs"]["image"] = ["13", 0]
    return graph


def test_the_guided_branch_and_its_loaders_wait_for_the_first_reference(server, name):
    history = server.run(guided(server, 3, name))
    assert status(history) == "success", failure(history)
    lines = server.done("load", "sample", "mix")
    assert lines[:3] == ["load model", "sample 42", "load guide"] or lines[:4] == [
        "load model",
        "sample 42",
        "sample 2042",
        "load guide",
    ]
    assert sum(line.startswith("mix") for line in lines) == 2
    assert lines.count("load guide") == 1
    with Image.open(server.output / name / "frames/frame_001.png") as first:
        pixels = first.tobytes()
    mean = sum(pixels) / len(pixels) / 255
    looked_at = [float(line.split()[2]) for line in lines if line.startswith("mix")]
    assert looked_at == [pytest.approx(mean, abs=1e-3)] * 2


def test_one_frame_boards_never_load_the_guide(server, name):
    history = server.run(guided(server, 1, name))
    assert status(history) == "success", failure(history)
    assert server.done("load", "mix") == ["load model"]


def test_editing_the_first_frame_makes_all_that_looked_at_it(server, name):
    server.run(guided(server, 3, name))
    graph = guided(server, 3, name)
    graph["1"]["inputs"]["json"] = story(3, {1: "new"})
    server.run(graph)
    assert server.done("sample") == ["sample 42", "sample 2042", "sample 3042"]


@pytest.mark.parametrize(
    "options", [(), ("--cache-none",), ("--cache-lru", "50"), ("--cache-ram", "1")]
)
def test_every_cache_mode_gives_the_same_board_and_loads_once(server, start, options, name):
    if options:
        server = start(*options)
    scores = "2:0=0.3 4:0=0.3 4:1=0.2 4:2=0.1"
    history = server.run(guided(server, 40, name, scores))
    assert status(history) == "success", failure(history)
    assert server.done("load") == ["load model", "load guide"]
    assert len(server.done("sample")) == 43
    assert server.board(name).complete
    pixels = []
    for frame in server.board(name).frames:
        with Image.open(server.output / name / frame.file) as image:
            pixels.append(image.tobytes())
    assert len(set(pixels)) == 40  # no frame answered from another frame's cache


def test_a_failing_body_keeps_what_was_made_and_the_next_run_goes_on(server, name):
    boom = {
        "9": node("StubBoom", image=["5", 0], seed=["4", 2], at=3042, log=""),
        "7": node("AldarFramesClose", flow=["2", 0], image=["9", 0], verdict=["6", 0]),
    }
    history = server.run(server.graph(4, name, **boom))
    assert status(history) == "error"
    assert "stub failure at 3042" in failure(history)["exception_message"]
    assert not server.board(name).complete
    assert len(list((server.output / name / "takes").iterdir())) == 2
    boom["9"]["inputs"]["at"] = 1
    server.run(server.graph(4, name, **boom))
    assert server.board(name).complete


def test_an_interrupt_keeps_what_was_made_and_frees_the_folder(server, name):
    graph = server.graph(6, name)
    graph["5"]["inputs"]["seconds"] = 0.4
    prompt_id = server.queue(graph)
    while len(server.done("sample")) < 3:
        time.sleep(0.05)
    server.client.cancel(prompt_id)
    history = server.wait(prompt_id)
    kinds = [kind for kind, _ in history["status"]["messages"]]
    assert "execution_interrupted" in kinds
    made = len(list((server.output / name / "takes").iterdir()))
    assert made >= 2
    assert not server.board(name).complete
    server.run(graph)
    assert len(server.done("sample")) == 6 - made
    assert server.board(name).complete


@pytest.mark.parametrize("after", [1, 2, 4])
def test_a_killed_comfyui_loses_at_most_the_take_in_the_making(server, start, name, after):
    victim = start()
    graph, whole = server.graph(5, name), server.graph(5, f"{name}-whole")
    graph["5"]["inputs"]["seconds"] = whole["5"]["inputs"]["seconds"] = 0.3
    server.run(whole)
    victim.queue(graph)
    while len(server.done("sample")) < after:
        time.sleep(0.02)
    os.kill(victim.running.pid, signal.SIGKILL)
    while victim.running.alive():
        time.sleep(0.02)
    made = len(list((server.output / name / "takes").glob("*.png")))
    assert made >= after - 1
    assert not server.board(name).complete
    graph = server.graph(5, name)
    graph["5"]["inputs"]["seconds"] = 0.3
    server.run(graph)
    assert len(server.done("sample")) == 5 - made
    for n in range(1, 6):
        frame = f"frames/frame_{n:03d}.png"
        whole_bytes = (server.output / f"{name}-whole" / frame).read_bytes()
        assert (server.output / name / frame).read_bytes() == whole_bytes


def test_two_loops_in_one_graph(server, name):
    graph = server.graph(2, f"{name}-1")
    other = server.graph(3, f"{name}-2")
    moved = {}
    for node_id, content in other.items():
        inputs = {
            k: [f"s{v[0]}", v[1]] if isinstance(v, list) else v
            for k, v in content["inputs"].items()
        }
        moved[f"s{node_id}"] = {"class_type": content["class_type"], "inputs": inputs}
    history = server.run(graph | moved)
    assert status(history) == "success", failure(history)
    assert len(server.board(f"{name}-1").frames) == 2
    assert len(server.board(f"{name}-2").frames) == 3


def test_two_loops_on_one_folder_are_refused(server, name):
    graph = server.graph(2, name)
    second = {
        "s2": node("AldarFramesOpen", story=["1", 0], board=name, seed=7, retries=2),
        "s4": node("AldarTakePrompt", take=["s2", 1]),
        "s5": graph["5"] | {"inputs": graph["5"]["inputs"] | {"seed": ["s4", 2]}},
        "s7": node("AldarFramesClose", flow=["s2", 0], image=["s5", 0]),
        "s8": node("AldarExportBoard", board=["s7", 0], pipeline="stub"),
    }
    history = server.run(graph | second)
    assert status(history) == "error"
    message = failure(history)["exception_message"]
    assert "Another run is working" in message
    assert "another board name" in message
    assert str(server.output) not in message
    assert "(7)" in message and "(s7)" in message


def test_ids_of_subgraphs_and_lists_inside_the_body(server, name):
    graph = server.graph(2, name)
    graph["40:7:1"] = node("StubLists", image=["5", 0], count=1, log="")
    graph["6"]["inputs"]["image"] = graph["7"]["inputs"]["image"] = ["40:7:1", 0]
    history = server.run(graph)
    assert status(history) == "success", failure(history)
    assert server.board(name).complete


def test_several_pictures_for_one_take_are_refused_with_advice(server, name):
    graph = server.graph(2, name)
    graph["9"] = node("StubLists", image=["5", 0], count=3, log="")
    graph["7"]["inputs"] = {"flow": ["2", 0], "image": ["9", 0]}
    message = failure(server.run(graph))["exception_message"]
    assert "3 images for 1 takes" in message
    assert "batch size" in message


def test_waves_give_the_same_takes_and_one_tail_each(server, name):
    takes = []
    for wave in (1, 4):
        graph = guided(server, 7, f"{name}-{wave}", "3:0=0.2")
        graph["2"]["inputs"]["wave"] = wave
        graph["20"] = node("StubWitness", image=["13", 0], name="w", log=str(server.log))
        history = server.run(graph)
        assert status(history) == "success", failure(history)
        assert len(server.done("sample")) == 8
        assert [line.split()[2] for line in server.done("witness")] == ["1"] * 7
        takes.append([frame.take for frame in server.board(f"{name}-{wave}").frames])
    assert takes[0] == takes[1]


def test_a_loop_without_a_gate_accepts_every_take(server, name):
    graph = server.graph(2, name)
    del graph["6"], graph["7"]["inputs"]["verdict"]
    history = server.run(graph)
    assert status(history) == "success", failure(history)
    assert [f.flagged for f in server.board(name).frames] == [False, False]


def test_the_websocket_tells_each_take_and_its_traffic_does_not_grow(server, name):
    frames = 200
    client = Client(server.running.url)
    events = client.events()
    server.log.unlink(missing_ok=True)
    prompt_id = client.queue(server.graph(frames, name, "2:0=0.3"))
    told, sizes, current = [], {}, 0
    while (event := events.receive(30)) is not None:
        kind, data = event
        if kind == "aldar.frame":
            told.append((data["frame"], data["attempt"], data["state"]))
            current = data["frame"]
        sizes[current] = sizes.get(current, 0) + len(json.dumps(data))
        if kind == "execution_success":
            break
    events.close()
    client.history(prompt_id)
    assert told[:6] == [
        (1, 0, "rendering"),
        (1, 0, "accepted"),
        (2, 0, "rendering"),
        (2, 0, "rejected"),
        (2, 1, "rendering"),
        (2, 1, "accepted"),
    ]
    early = sum(sizes[n] for n in range(10, 40))
    late = sum(sizes[n] for n in range(frames - 35, frames - 5))
    assert late < 1.1 * early


def test_an_open_loop_is_named(server, name):
    graph = server.graph(2, name)
    graph["7"]["inputs"] = {"flow": ["2", 0], "image": ["30", 0]}
    graph["30"] = node("EmptyImage", width=64, height=64, batch_size=1, color=0)
    message = failure(server.run(graph))["exception_message"]
    assert "does not depend on Frames: open" in message


@pytest.mark.parametrize("board", ["../outside", "/tmp/outside"])
def test_a_board_never_leaves_the_output_folder(server, board):
    message = failure(server.run(server.graph(1, board)))["exception_message"]
    assert "output folder" in message
    assert not (server.output.parent / "outside").exists()


def test_directions_drawn_on_the_canvas_are_obeyed(server, name):
    server.run(server.graph(3, name, "2:0=0.3"))
    first = server.board(name)
    actions = {1: "new", 2: "new", 3: "new"}
    graph = server.graph(3, name, "2:0=0.3", prompt=story(3, actions))
    graph["9"] = node("AldarDirectFrames", lock="1", choose="2:1", redo="3:4", note="smile")
    graph["2"]["inputs"]["directions"] = ["9", 0]
    history = server.run(graph)
    assert status(history) == "success", failure(history)
    assert server.done("sample") == ["sample 3082"]
    frames = server.board(name).frames
    assert frames[0].take == first.frames[0].take
    assert frames[1].seed == 2042
    assert frames[2].prompt.positive.endswith("smile")


def test_the_shipped_draft_workflow_runs_as_posted_by_hand(server):
    root = STUBS.parents[2]
    graph = json.loads((root / "workflows/api/storyboard_draft.json").read_text("utf-8"))
    history = server.run(graph)
    assert status(history) == "success", failure(history)
    exported = history["outputs"]["6"]["aldar_board"][0]
    assert exported["complete"]
    for file in exported["files"]:
        assert (server.output / exported["folder"] / file).stat().st_size > 0
    with Image.open(server.output / exported["folder"] / "contact_sheet.png") as sheet:
        assert json.loads(sheet.text["prompt"]).keys() == graph.keys()


def test_the_recorded_signatures_are_those_of_the_running_comfyui(server):
    root = STUBS.parents[2]
    recorded = json.loads((root / "tools/recorded/comfyui.json").read_text("utf-8"))
    running = server.client.object_info()
    for name, info in recorded.items():
        assert info == without_files({k: v for k, v in running[name].items() if k in info})
    ours = {n for n in running if n.startswith("Aldar") and not n.startswith("AldarLoop")}
    assert ours == {n for n in recorded if n.startswith("Aldar")}


def without_files(info):
    """A signature without the menus of files on this machine."""
    for spec in info["input"].get("required", {}).values():
        if isinstance(spec[0], list) and all("." in str(choice) for choice in spec[0]):
            spec[0] = []
    return info


class Steps:
    """A view that keeps the steps of a run."""

    def __init__(self):
        self.steps = []

    def step(self, text):
        self.steps.append(text)

    def notice(self, text):
        pass

    def frame(self, event):
        pass


def crowded(server, name, room):
    """The stub workflow in waves of three, on a GPU with room for ``room`` takes."""
    graph = server.graph(5, name)
    graph["9"] = node("StubFull", image=["5", 0], room=room, log="")
    graph["2"]["inputs"]["wave"] = 3
    graph["6"]["inputs"]["image"] = graph["7"]["inputs"]["image"] = ["9", 0]
    for node_id, title in (("2", "Frames"), ("8", "Export"), ("9", "Sampler")):
        graph[node_id]["_meta"] = {"title": title}
    return Graph(graph, "stub")


def test_a_full_gpu_is_tried_again_with_smaller_waves_and_then_named(server, name, tmp_path):
    view = Steps()

    def job(name, room):
        graph = crowded(server, name, room)
        return Job(graph=graph, folder=tmp_path, origin=Origin(), server=server.running.url)

    drawn = render(job(name, 1), view)
    assert any("one take at a time" in step for step in view.steps)
    assert drawn.board.frames == 5
    with pytest.raises(RunnerError) as caught:
        render(job(f"{name}-none", 0), Steps())
    assert caught.value.code == "out_of_memory"
    assert "Sampler" in caught.value.message
    assert "simple" in caught.value.hint
