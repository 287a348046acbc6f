"""Following a run: what the user sees, and which error comes of which failure."""

import threading
from contextlib import ExitStack

import pytest
from aldar_storyboard.runner.run import follow
from aldar_storyboard.runner.run.graph import Graph
from aldar_storyboard.runner.server.client import Client
from aldar_storyboard.storyboard.errors import AldarError, RunnerError
from aldar_storyboard.tests.fakes.comfyui import PROMPT, Reply, Script, serving

GRAPH = Graph({"7": {"class_type": "Draw", "inputs": {}, "_meta": {"title": "Panel"}}}, "t.json")
SUCCESS = {"status": {"status_str": "success"}, "outputs": {"7": {"aldar_board": []}}}


def frame(number: int, state: str = "accepted", score: float | None = 0.9):
    data = {"frame": number, "frames": 2, "attempt": 0, "retries": 2, "seed": 42}
    return "aldar.frame", {**data, "state": state, "score": score}


class Watcher:
    """A view that remembers; it can press Ctrl-C at a frame."""

    def __init__(self, interrupt_at: int = 0) -> None:
        self.frames: list[tuple[int, str]] = []
        self.interrupt_at = interrupt_at

    def step(self, text: str) -> None: ...

    def notice(self, text: str) -> None: ...

    def frame(self, event: follow.FrameEvent) -> None:
        self.frames.append((event.frame, event.state))
        if event.frame == self.interrupt_at:
            raise KeyboardInterrupt


IMPATIENT = follow.Patience(poll=0.1, lost=0.5, cancel=1.0, pause=0.01)


def outcome(script: Script, view: Watcher | None = None, died=lambda: None):
    with serving(script) as server, Client(server.url) as client:
        return follow.Run(client, GRAPH, view or Watcher(), died, IMPATIENT).outputs()


def failure(script: Script, **options) -> AldarError:
    with pytest.raises(AldarError) as caught:
        outcome(script, **options)
    return caught.value


def test_frames_reach_the_view_in_order_and_outputs_come_back():
    view = Watcher()
    events = [frame(1, "rejected"), frame(1), frame(2, "kept", None)]
    assert outcome(Script(events, SUCCESS), view) == {"7": {"aldar_board": []}}
    assert view.frames == [(1, "rejected"), (1, "accepted"), (2, "kept")]


def test_frames_of_another_prompt_and_malformed_ones_are_not_shown():
    view = Watcher()
    kind, data = frame(1)
    strange = [(kind, data | {"prompt_id": "other"}), (kind, {"frame": "x"}), (kind, {})]
    outcome(Script([*strange, frame(2)], SUCCESS), view)
    assert view.frames == [(2, "accepted")]


def test_a_dropped_websocket_is_opened_again():
    view = Watcher()
    outcome(Script([frame(1), "drop", frame(2)], SUCCESS), view)
    assert view.frames == [(1, "accepted"), (2, "accepted")]


def test_an_end_nobody_announced_is_found_in_the_history():
    script = Script([frame(1)])
    with serving(script) as server, Client(server.url) as client:

        class Late(Watcher):
            def frame(self, event):
                super().frame(event)
                script.history = SUCCESS
                server._ended = True

        view = Late()
        assert follow.Run(client, GRAPH, view, patience=IMPATIENT).outputs() == SUCCESS["outputs"]


def test_a_full_gpu_is_an_error_of_its_own_that_names_the_smaller_mode():
    error = {"node_id": "7", "exception_type": "torch.OutOfMemoryError", "exception_message": "x"}
    history = {"status": {"status_str": "error", "messages": [["execution_error", error]]}}
    told = failure(Script([("executing", {"node": "7", "display_node": "7"})], history))
    assert told.code == "out_of_memory"
    assert "Panel" in told.message
    assert "simple" in told.hint


def test_a_node_that_fails_is_named_by_its_title_with_its_own_words():
    error = {"node_id": "7.0.1", "exception_message": "The disk is full. Free some space."}
    history = {"status": {"status_str": "error", "messages": [["execution_error", error]]}}
    told = failure(Script([("executing", {"node": "7.0.1", "display_node": "7"})], history))
    assert told.code == "run_failed"
    assert told.message == "'Panel' failed: The disk is full. Free some space."


def test_a_run_interrupted_from_elsewhere_is_told_as_interrupted():
    history = {"status": {"status_str": "error", "messages": [["execution_interrupted", {}]]}}
    assert failure(Script([], history)).code == "interrupted"


def test_a_refused_graph_is_told_with_comfyuis_reason():
    errors = {"7": {"errors": [{"message": "Value too big", "details": "frames"}]}}
    told = failure(Script(refusal={"error": {"message": "no"}, "node_errors": errors}))
    assert (told.code, "'Panel': Value too big" in told.message) == ("graph_unfit", True)


def test_a_restarted_server_has_lost_the_run():
    told = failure(Script([frame(1), "drop"], forgets=True))
    assert told.code == "comfyui_died"


def test_a_comfyui_that_ended_is_told_with_its_own_reason():
    gone = RunnerError("comfyui_died", "It fell over.", "")
    assert failure(Script([frame(1)]), died=lambda: gone) is gone


def test_a_server_that_goes_away_for_good_is_given_up():
    with ExitStack() as stack:
        server = stack.enter_context(serving(Script([frame(1), "drop"])))

        class Unplug(Watcher):
            def frame(self, event):
                stack.close()

        with pytest.raises(AldarError) as caught, Client(server.url) as client:
            follow.Run(client, GRAPH, Unplug(), patience=IMPATIENT).outputs()
        assert caught.value.code == "server_unreachable"
        assert server.url in caught.value.message


def test_ctrl_c_cancels_the_prompt_before_it_goes_on():
    script = Script([frame(1)])
    with pytest.raises(KeyboardInterrupt):
        outcome(script, Watcher(interrupt_at=1))
    assert ("/queue", {"delete": [PROMPT]}) in script.asked
    assert ("/interrupt", {"prompt_id": PROMPT}) in script.asked


@pytest.mark.parametrize("answer", ["close", "refuse"])
def test_a_websocket_that_is_shut_at_once_is_opened_again_and_the_history_asked(answer: str):
    script = Script([frame(1)], SUCCESS, sockets=[answer] * 4)
    view = Watcher()
    assert outcome(script, view) == SUCCESS["outputs"]
    assert view.frames == [(1, "accepted")]
    asked = [path for path in script.got if path.startswith(("/ws", "/history"))]
    first = asked.index("/history/" + PROMPT)
    assert asked[first : first + 4] == ["/history/" + PROMPT, "/ws"] * 2


@pytest.mark.parametrize("answer", ["close", "refuse"])
def test_a_run_without_any_websocket_is_followed_by_its_history(answer: str):
    script = Script([], SUCCESS, sockets=[answer] * 1000)
    assert outcome(script) == SUCCESS["outputs"]


def test_pauses_between_two_websockets_grow_so_that_a_closed_door_costs_little():
    script = Script([], sockets=["close"] * 1000)
    with serving(script) as server, Client(server.url) as client:
        timer = threading.Timer(1.0, setattr, (script, "history", SUCCESS))
        timer.start()
        follow.Run(client, GRAPH, Watcher(), patience=IMPATIENT).outputs()
        timer.join()
    # After 0.01 + 0.02 + 0.04 + 0.08 s one every 0.1 s; without pauses it would be hundreds.
    assert script.got.count("/ws") < 40


def test_a_server_that_stumbles_in_the_middle_does_not_end_the_run():
    script = Script([frame(1), "drop", frame(2)], SUCCESS)
    script.replies = {f"/history/{PROMPT}": [Reply(502), Reply(200, b"<html>")]}
    assert outcome(script) == SUCCESS["outputs"]


def test_a_login_that_ends_in_the_middle_ends_the_run_at_once():
    script = Script([frame(1), "drop"], always={f"/history/{PROMPT}": Reply(401)})
    assert failure(script).code == "server_refused"


class Counting(Watcher):
    """A view that shows steps."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, int, int]] = []

    def steps(self, steps: follow.Steps) -> None:
        self.seen.append((steps.node, steps.done, steps.total))


def test_steps_of_a_slow_node_reach_the_view_by_its_title():
    running = {"state": "running", "value": 2, "max": 20}
    events = [
        ("progress", {"node": "7", "value": 1, "max": 20}),
        ("progress", {"node": "7", "value": 1, "max": 20}),
        ("progress_state", {"nodes": {"7": running, "8": running | {"state": "finished"}}}),
        ("progress", {"node": "7", "value": 1, "max": 1}),
        ("progress", {"node": "7", "value": 3, "max": 20, "prompt_id": "other"}),
    ]
    view = Counting()
    outcome(Script(events, SUCCESS), view)
    assert view.seen == [("Panel", 1, 20), ("Panel", 2, 20)]


@pytest.mark.parametrize(
    "data",
    [
        {"node": [], "value": "x", "max": {}},
        {"node": None, "value": 1e400, "max": 1e400},
        {"nodes": []},
        {"nodes": {"7": 3}},
        {"nodes": {"7": {"state": "running"}}},
    ],
)
def test_malformed_steps_are_not_shown(data):
    view = Counting()
    outcome(Script([("progress", data), ("progress_state", data)], SUCCESS), view)
    assert view.seen == []


def test_a_prompt_that_waits_is_taken_out_and_nobody_elses_is_interrupted():
    script = Script([frame(1)], pending=True)
    with pytest.raises(KeyboardInterrupt):
        outcome(script, Watcher(interrupt_at=1))
    assert ("/queue", {"delete": [PROMPT]}) in script.asked
    assert all(path != "/interrupt" for path, _ in script.asked)
