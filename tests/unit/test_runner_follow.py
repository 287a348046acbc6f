"""Following a run: what the user sees, and which error comes of which failure."""

from contextlib import ExitStack

import pytest
from aldar_storyboard.runner import follow
from aldar_storyboard.runner.client import Client
from aldar_storyboard.runner.graph import Graph
from aldar_storyboard.storyboard.errors import AldarError, RunnerError
from aldar_storyboard.tests.fakes.comfyui import PROMPT, Script, serving

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


def outcome(script: Script, view: Watcher | None = None, died=lambda: None):
    with serving(script) as server, Client(server.url) as client:
        return follow.Run(client, GRAPH, view or Watcher(), died).outputs()


def failure(script: Script, **options) -> AldarError:
    with pytest.raises(AldarError) as caught:
        outcome(script, **options)
    return caught.value


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(follow, "POLL_SECONDS", 0.1)
    monkeypatch.setattr(follow, "LOST_SECONDS", 0.5)


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
        assert follow.Run(client, GRAPH, view).outputs() == SUCCESS["outputs"]


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
            follow.Run(client, GRAPH, Unplug()).outputs()
        assert caught.value.code == "server_unreachable"
        assert server.url in caught.value.message


def test_ctrl_c_cancels_the_prompt_before_it_goes_on():
    script = Script([frame(1)])
    with pytest.raises(KeyboardInterrupt):
        outcome(script, Watcher(interrupt_at=1))
    assert ("/queue", {"delete": [PROMPT]}) in script.asked
    assert ("/interrupt", {"prompt_id": PROMPT}) in script.asked
