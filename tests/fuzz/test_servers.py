"""Servers, and proxies before them, that say anything."""

from __future__ import annotations

import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from aldar_storyboard.runner.run import collect, preflight
from aldar_storyboard.runner.run.follow import FrameEvent, Patience, Run, Steps
from aldar_storyboard.runner.run.graph import Graph
from aldar_storyboard.runner.server.client import Client, Limits
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.tests.fakes.comfyui import PROMPT, Reply, Script, serving
from hypothesis import given
from hypothesis import strategies as st

LIMITS = Limits(
    connect=1.0, silence=0.1, answer=0.15, file=0.15, goodbye=0.02, tries=2, pause=0.001
)
PATIENCE = Patience(poll=0.02, lost=0.1, cancel=0.1, pause=0.005)
LONGEST = 30.0
"""Seconds after which an example hangs: all its limits together are a tenth of that."""

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["board.json", "takes/a.png", "journal.jsonl", "../evil", "/etc/evil", "a/b.json", "C:\\x", ""]
)


def like(**fields: st.SearchStrategy) -> st.SearchStrategy:
    """An object of these fields, each of which may be missing or anything."""
    return st.fixed_dictionaries({}, optional={n: s | VALUES for n, s in fields.items()}) | VALUES


EXPORTED = like(
    folder=st.just("aldar/x"),
    files=st.lists(NAMES, max_size=4),
    takes=st.lists(NAMES, max_size=3),
    sha256=st.dictionaries(NAMES, st.just("0" * 64), max_size=2),
    frames=st.integers(0, 3),
    flagged=st.just(0),
    complete=st.booleans(),
)
ERROR = like(node_id=st.just("7"), exception_message=st.text(max_size=9))
MESSAGES = st.lists(st.tuples(st.sampled_from(["execution_error", "x"]), ERROR).map(list))
OUTPUTS = like(**{"6": like(aldar_board=st.lists(EXPORTED, max_size=1))})
STATUS = like(status_str=st.sampled_from(["success", "error"]), messages=MESSAGES)
HISTORY = like(**{PROMPT: like(status=STATUS, outputs=OUTPUTS)})
INPUTS = like(required=like(json=st.lists(VALUES, max_size=2)), optional=VALUES)
INFO = like(AldarLoadStory=like(input=INPUTS, output=VALUES), LoraLoader=like(input=INPUTS))
STATS = like(system=like(comfyui_version=VALUES), devices=st.lists(like(type=VALUES), max_size=2))
QUEUE = like(queue_running=st.lists(st.just([1, "other"])), queue_pending=VALUES)
REFUSAL = like(error=like(message=VALUES), node_errors=like(**{"6": like(errors=VALUES)}))
BODIES = {
    "/system_stats": STATS,
    "/object_info": INFO,
    "/prompt": like(prompt_id=st.just(PROMPT)) | REFUSAL,
    f"/history/{PROMPT}": HISTORY,
    "/queue": QUEUE,
    "/view": VALUES,
}


def replies(body: st.SearchStrategy) -> st.SearchStrategy[Reply]:
    """What may come back of a request: mostly the right status with a body of about its form."""
    statuses = st.sampled_from([200] * 12 + [201, 204, 302, 400, 401, 403, 404, 413, 429, 500, 502])
    places = st.sampled_from(["", "/", "//", "http://[", "https://a:b@c/d?e"])
    headers = st.just({}) | places.map(lambda place: {"Location": place})
    raw = st.sampled_from([b"", b"<html>", b"{", b"[" * 5000, b"\xff", b"null", b"{}"])
    odd = st.builds(Reply, statuses, raw, headers, st.sampled_from([0, 0, 1]))
    slow = st.builds(Reply, st.just(200), raw, pause=st.sampled_from([0.01, 0.15]))
    right = st.builds(Reply, statuses, body)
    return st.one_of(right, right, right, odd, slow)


DATA = like(
    node=st.sampled_from(["6", "7", None]),
    value=st.integers(),
    max=st.integers(),
    nodes=like(**{"6": like(state=st.just("running"), value=VALUES, max=VALUES)}),
    frame=st.integers(),
    frames=st.integers(),
    attempt=VALUES,
    retries=VALUES,
    seed=VALUES,
    state=VALUES,
    score=VALUES,
    prompt_id=st.just(PROMPT),
)
KINDS = st.sampled_from(["aldar.frame", "progress", "progress_state", "executing", "x"])
EVENTS = st.one_of(
    st.tuples(KINDS, DATA.filter(lambda data: isinstance(data, dict))),
    st.sampled_from(["drop", "[", "[" * 5000, "null", '{"type": []}', '{"data": 3}', "\u2028"]),
    st.binary(max_size=9),
)
SCRIPTS = st.builds(
    Script,
    events=st.lists(EVENTS, max_size=6),
    sockets=st.lists(st.sampled_from(["close", "refuse", "serve"]), max_size=5),
    replies=st.fixed_dictionaries(
        {}, optional={path: st.lists(replies(body), max_size=2) for path, body in BODIES.items()}
    ),
    always=st.fixed_dictionaries(
        {}, optional={path: replies(body) for path, body in BODIES.items()}
    ),
    files=st.dictionaries(st.just("aldar/x/board.json"), st.binary(max_size=9)),
)


class View:
    """A view that looks at what it is told."""

    def step(self, text: str) -> None: ...

    def notice(self, text: str) -> None: ...

    def frame(self, event: FrameEvent) -> None:
        assert 1 <= event.frame <= event.frames

    def steps(self, steps: Steps) -> None:
        assert 0 <= steps.done <= steps.total


def visit(url: str, folder: Path) -> None:
    """All that the runner does with a server, each part whatever became of the one before."""
    graph = Graph({"6": {"class_type": "AldarLoadStory", "inputs": {"json": ""}}}, "fuzz")
    with Client(url, limits=LIMITS) as client:
        with suppress(AldarError):
            preflight.look(graph, "simple", client.object_info(), client.system_stats())
            graph.check(client.object_info())
        with suppress(AldarError):
            outputs = Run(client, graph, View(), patience=PATIENCE).outputs()
            collect.fetch(collect.exported(outputs, "6"), client, folder)
        with suppress(AldarError):
            client.cancel(PROMPT)
        with suppress(AldarError):
            client.has("board.json", "aldar/x")


@given(SCRIPTS)
def test_whatever_a_server_says_only_our_own_errors_come_out_and_nothing_hangs(script: Script):
    # A run that the server goes on calling queued is followed for ever, and rightly so.
    script.forgets = True
    raised: list[BaseException] = []

    def work(url: str, folder: Path) -> None:
        try:
            visit(url, folder)
        except BaseException as error:
            raised.append(error)

    with tempfile.TemporaryDirectory() as root, serving(script) as server:
        folder = Path(root, "boards", "x")
        folder.mkdir(parents=True)
        thread = threading.Thread(target=work, args=(server.url, folder), daemon=True)
        thread.start()
        thread.join(LONGEST)
        assert not thread.is_alive(), "it hangs"
        assert [path.name for path in Path(root).iterdir()] == ["boards"]
        assert [path.name for path in folder.parent.iterdir()] == ["x"]
    if raised:
        raise raised[0]
