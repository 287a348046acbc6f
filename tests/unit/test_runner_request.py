"""What a board folder keeps of its request, and where later commands go with it."""

import json
from pathlib import Path

import pytest
from aldar_storyboard.runner.cli.main import run
from aldar_storyboard.runner.run import collect, direct
from aldar_storyboard.runner.run.graph import Graph
from aldar_storyboard.runner.run.recipe import again, draw, rehearse
from aldar_storyboard.runner.run.request import Origin, Request, RunOptions
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.exports.workflow import as_queued, write_workflows
from aldar_storyboard.storyboard.frames.directions import Directions, Orders
from aldar_storyboard.storyboard.frames.engine import Frames, Recipe
from aldar_storyboard.storyboard.frames.shots import resume
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.story import Shot, Story
from aldar_storyboard.tests.fakes.comfyui import Reply, Script, serving
from PIL import Image

SERVER = "https://host.example.org/comfy"


class Silent:
    """A view that keeps its notices."""

    def __init__(self) -> None:
        self.notices: list[str] = []

    def step(self, text: str) -> None: ...

    def notice(self, text: str) -> None:
        self.notices.append(text)

    def frame(self, event) -> None: ...


@pytest.fixture
def info(root: Path):
    return json.loads((root / "tools/recorded/comfyui.json").read_text("utf-8"))


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A board of two frames, as a fetch leaves it."""
    folder = tmp_path / "board"
    shots = [Shot(number=n, place="p", action="a") for n in (1, 2)]
    store = TakeStore(folder)
    frames = Frames(Story(title="t", logline="l", characters=[], shots=shots), store, Recipe("b"))
    while jobs := frames.jobs():
        for job in jobs:
            frames.record(job, Image.new("RGB", (8, 8), (job.take.frame, 0, 0)), None)
    frames.board.save(folder)
    store.close()
    write_workflows(folder, {"prompt": json.dumps(Graph.load("draft").nodes)})
    return folder


def served(board: Path, info: dict) -> Script:
    """A server that has the board, and makes it again by doing nothing."""
    names = [p.relative_to(board).as_posix() for p in board.rglob("*.*") if p.is_file()]
    files = {f"aldar/x/{name}": (board / name).read_bytes() for name in names}
    kept = [name for name in names if name.startswith("takes/") or name == "journal.jsonl"]
    told = {"folder": "aldar/x", "files": ["board.json"], "takes": kept, "frames": 2}
    export = Graph.load("draft").find("Export")
    outputs = {export: {"aldar_board": [told | {"flagged": 0, "complete": True}]}}
    history = {"status": {"status_str": "success"}, "outputs": outputs}
    return Script(history=history, files=files, info=info)


def of(server: str, **more) -> Origin:
    return Origin(mode="draft", server=server, folder="aldar/x", **more)


def test_a_login_is_neither_kept_nor_lost(tmp_path: Path, monkeypatch):
    login = SERVER.replace("//", "//ann:s3cret@")
    of(login, settings=[f"X.url={login}"]).save(tmp_path)
    assert "s3cret" not in (tmp_path / "request.json").read_text("utf-8")
    kept = Origin.load(tmp_path)
    assert kept.server == SERVER
    monkeypatch.delenv("ALDAR_SERVER", raising=False)
    assert kept.address(None) == SERVER
    assert kept.address(login) == login
    monkeypatch.setenv("ALDAR_SERVER", login + "/")
    assert kept.address(None) == login
    monkeypatch.setenv("ALDAR_SERVER", "http://elsewhere:1")
    assert kept.address(None) == SERVER
    assert Origin().address(None) is None


def test_what_a_board_keeps_is_its_request(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    request = Request(
        mode="guided",
        story={"logline": "a fox", "frames": 3},
        seed=7,
        retries=1,
        calibration="hero",
        lora="none",
        references=(Path("hero.png"),),
        settings=("Steps.steps=20",),
    )
    origin = Origin.of(request, "https://ann:s3cret@host/comfy/")
    origin.save(tmp_path)
    written = json.loads((tmp_path / "request.json").read_text("utf-8"))
    name = request.board_name()
    assert written == {
        "name": name,
        "mode": "guided",
        "story": {"logline": "a fox", "frames": 3},
        "numbering": "",
        "seed": 7,
        "retries": 1,
        "calibration": "hero",
        "lora": "none",
        "references": [str(tmp_path / "hero.png")],
        "settings": ["Steps.steps=20"],
        "server": "https://host/comfy",
        "folder": f"aldar/{name}",
    }
    assert Origin.load(tmp_path) == origin


def test_requests_of_other_versions_are_read(tmp_path: Path):
    (tmp_path / "request.json").write_text('{"mode": "draft", "novelty": [1]}', "utf-8")
    assert Origin.load(tmp_path) == Origin(mode="draft")


@pytest.mark.parametrize("text", ["", "[]", '{"server": 7}'])
def test_a_damaged_request_is_named(tmp_path: Path, text: str):
    (tmp_path / "request.json").write_text(text)
    with pytest.raises(AldarError) as caught:
        Origin.load(tmp_path)
    assert caught.value.code == "store_damaged"


def test_a_redo_goes_back_to_its_server_with_the_directions_given_here(board: Path, info):
    script = served(board, info)
    direct.redo(board, "2", "closer")
    with serving(script) as server:
        of(server.url).save(board)
        result = again(board, Silent())
    ((_, body),) = [asked for asked in script.asked if asked[0] == "/prompt"]
    graph = Graph(body["prompt"], "queued")
    assert graph.get("Frames", "board") == "aldar/x"
    told = graph.get("Directions", "board_directions")
    assert Directions.model_validate_json(told) == Directions.load(board)
    assert result.board.frames == 2


def test_a_server_that_does_not_have_the_takes_is_given_nothing_to_draw(board: Path, info):
    script = served(board, info)
    script.files.clear()
    with serving(script) as server:
        of(server.url).save(board)
        with pytest.raises(AldarError) as caught:
            again(board, Silent())
    assert caught.value.code == "board_elsewhere"
    assert "2 frames 2 are not in aldar/x" in caught.value.message
    assert script.asked == []


def test_a_server_named_by_hand_is_used_and_remembered(board: Path, info):
    script = served(board, info)
    of("http://127.0.0.1:9").save(board)
    with serving(script) as server:
        again(board, Silent(), server.url)
        assert Origin.load(board).server == server.url


def test_takes_that_were_not_brought_are_asked_for(board: Path, capsys):
    (board / "journal.jsonl").unlink()
    for command in (["takes"], ["lock", "1"], ["choose", "1", "--take", "1"], ["redo", "1"]):
        assert run([command[0], str(board), *command[1:], "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "board_elsewhere"
    assert not (board / "directions.json").exists()


def test_takes_that_got_lost_here_are_fetched_before_they_are_listed(board: Path, info):
    script = served(board, info)
    with serving(script) as server:
        of(server.url).save(board)
        again(board, Silent())
        for path in (board / "takes").iterdir():
            path.unlink()
        assert [take["winner"] for take in direct.takes(board)] == [True, True]
        assert collect.lacking(board) == []


def test_directions_of_another_board_do_not_stay_in_the_workflow(board: Path):
    graph = direct.graph_of(board)
    direct.hand_over(graph, Directions(frames={1: {"first": 2}}))
    write_workflows(board, {"prompt": json.dumps(graph.nodes)})
    again_ = direct.graph_of(board)
    assert again_.get("Directions", "board_directions") is None
    direct.hand_over(again_, Directions(frames={1: {"first": 3}}))
    assert '"first":3' in again_.get("Directions", "board_directions")


def test_directions_in_a_workflow_go_on_top_of_the_folders(board: Path):
    here = Directions(frames={1: {"first": 4}, 2: {"first": 5}})
    given = Directions(frames={2: {"note": "closer"}}).model_dump_json()
    orders = Orders(board=given, redo="1:7")
    standing = orders.standing(here)
    assert (standing.of(1).first, standing.of(2).first, standing.of(2).note) == (4, 0, "closer")
    store = TakeStore(board)
    obeyed = orders.obey(standing, store, resume(Board.load(board).story, store).story)
    store.close()
    assert (obeyed.of(1).first, obeyed.of(2).note) == (7, "closer")
    with pytest.raises(AldarError) as caught:
        Orders(board="{").standing(here)
    assert caught.value.code == "option_invalid"


def test_what_comfyui_notes_while_it_runs_is_not_kept():
    node = {"class_type": "A", "inputs": {"is_changed": 1}}
    assert as_queued({"1": node | {"is_changed": ["123"]}}) == {"1": node}


def test_a_run_that_is_refused_leaves_the_request_of_the_board_alone(board: Path, info):
    of("http://127.0.0.1:9").save(board)
    request = Request(mode="draft", story={"logline": "a fox"})
    with serving(Script(always={"*": Reply(401)})) as server, pytest.raises(AldarError) as caught:
        draw(request, RunOptions(out=board, server=server.url), Silent())
    assert caught.value.code in ("server_refused", "graph_unfit")
    assert Origin.load(board).server == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"story": {"style": "pencil"}}, "--style changes no picture"),
        ({"seed": 7}, "--seed changes no picture"),
        ({"story": {"style": "ink"}, "seed": 7}, "--style and --seed change no picture"),
        ({}, ""),
    ],
)
def test_options_that_change_nothing_in_a_mode_are_said(info, changes, words, tmp_path: Path):
    story = {"logline": "a fox", "planner": "offline"} | changes.pop("story", {})
    with serving(Script(info=info)) as server:
        request = Request(mode="draft", story=story, **changes)
        options = RunOptions(out=tmp_path / "b", server=server.url)
        _, findings = rehearse(request, options, Silent())
    assert any(words in notice for notice in findings.notices) is bool(words)
    assert not (tmp_path / "b").exists()


def test_a_redo_that_cannot_change_a_picture_says_so(board: Path, info):
    script = served(board, info)
    view = Silent()
    with serving(script) as server:
        of(server.url).save(board)
        again(board, view, redone=True, note=True)
    assert any("another seed and a note change no picture" in text for text in view.notices)


def test_a_server_whose_pack_is_older_is_told_from_one_without_it(info, tmp_path: Path):
    old = {name: node for name, node in info.items() if name != "AldarDraftPanel"}
    none = {name: node for name, node in info.items() if not name.startswith("Aldar")}
    for there, words in ((old, "older than the workflow"), (none, "missing or did not load")):
        with serving(Script(info=there)) as server:
            request = Request(mode="draft", story={"logline": "a fox"})
            _, findings = rehearse(request, RunOptions(server=server.url), Silent())
        assert words in findings.problems[0]


def test_styles_are_listed_in_the_help_and_where_one_is_unknown(capsys):
    assert run(["board", "a fox", "--style", "nonsense", "--json"]) == 2
    message = json.loads(capsys.readouterr().out)["error"]["hint"]
    run(["board", "--help"])
    shown = capsys.readouterr().out
    assert all(name in message and name in shown for name in ("storybook", "pencil", "anime"))
