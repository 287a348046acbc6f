"""``aldar takes``, ``lock``, ``unlock``, ``choose`` and ``redo``: single frames of a made board.

A board that was made on a server lies here as it was brought, takes and all; directions are given
here, and travel in the workflow when it is run there again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...storyboard.board import Board
from ...storyboard.errors import RunnerError, StoreError
from ...storyboard.exports.inventory import JOURNAL
from ...storyboard.exports.workflow import API_FILE, as_queued
from ...storyboard.frames import directions as orders
from ...storyboard.frames.directions import Directions, parse_frames
from ...storyboard.frames.shots import fit
from ...storyboard.frames.store import TakeStore
from ...storyboard.json_text import read_json
from ...storyboard.story import Shot
from ..server.client import ELSEWHERE, Client, HttpError
from . import collect
from .graph import Graph, is_link
from .request import Origin

if TYPE_CHECKING:
    from rich.table import Table


DIRECT_NODE = "AldarDirectFrames"


@dataclass(frozen=True)
class Desk:
    """A board folder, open for directions."""

    board: Board
    store: TakeStore
    directions: Directions

    def shots(self, frames: str) -> list[Shot]:
        """The shots of frames ``1,3-5``. :raises InputError: ``option_invalid``."""
        shots = self.board.story.shots
        return [shots[number - 1] for number in parse_frames(frames, len(shots))]


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """Open a board; directions given inside the ``with`` block are written at its end.

    Takes that a server has and that are not here any more are brought first.

    :raises StoreError: ``store_damaged`` if it is no board, ``store_locked`` while a run works.
    :raises RunnerError: ``board_elsewhere`` if its takes are not here and nothing says where.
    """
    board = Board.load(folder)
    _have_takes(folder)
    store = TakeStore(folder)
    try:
        directions = Directions.load(folder)
        before = directions.model_copy(deep=True)
        yield Desk(board, store, directions)
        if directions != before:
            directions.save(folder)
    finally:
        store.close()


def lock(folder: Path, frames: str) -> list[int]:
    """Lock frames; returns their numbers."""
    with desk(folder) as opened:
        shots = opened.shots(frames)
        for shot in shots:
            orders.lock(opened.directions, opened.store, shot)
    return [shot.number for shot in shots]


def unlock(folder: Path, frames: str) -> list[int]:
    """Let frames follow their shots again; returns their numbers."""
    with desk(folder) as opened:
        shots = opened.shots(frames)
        for shot in shots:
            orders.unlock(opened.directions, shot)
    return [shot.number for shot in shots]


def choose(folder: Path, frame: int, take: int) -> None:
    """Make a take the winner of its frame."""
    with desk(folder) as opened:
        (shot,) = opened.shots(str(frame))
        orders.choose(opened.directions, opened.store, shot, take)


def redo(folder: Path, frames: str, note: str) -> list[int]:
    """Start frames again with their next seed; returns their numbers."""
    with desk(folder) as opened:
        shots = opened.shots(frames)
        for shot in shots:
            orders.redo(opened.directions, opened.store, shot, note)
    return [shot.number for shot in shots]


def takes(folder: Path) -> list[dict[str, Any]]:
    """Every take of a board, by frame, in the order they were made, counted as ``choose`` does."""
    with desk(folder) as opened:
        winners = {frame.number: frame.take for frame in opened.board.frames}
        rows = []
        for shot in opened.board.story.shots:
            shot_id, shows = shot.identity, fit(opened.board.story, shot)
            direction = opened.directions.of(shot_id)
            for place, take in enumerate(opened.store.takes(shot_id), 1):
                verdict = opened.store.last_verdict(take.key)
                telling = verdict.telling if verdict else None
                rows.append(
                    {
                        "frame": shot.number,
                        "take": place,
                        "seed": take.seed,
                        "file": f"takes/{take.key}.png",
                        "score": telling.value if telling else None,
                        "score_name": telling.name if telling else None,
                        "reference_factor": take.rung.factor,
                        "because": take.rung.reason,
                        "winner": winners.get(shot.number) == take.key,
                        "locked": direction.locked and direction.take == take.key,
                        "stale": opened.store.fit(take.key) not in (shows, None),
                        "lost": opened.store.find(take.key) is None,
                    }
                )
    return rows


_MARKS = {
    "winner": "winner",
    "locked": "locked",
    "stale": "stale (the shot has changed)",
    "lost": "lost",
}


def table(rows: list[dict[str, Any]]) -> Table:
    """The takes for people."""
    from rich.table import Table

    shown = Table("frame", "take", "seed", "score", "", "file")
    for take in rows:
        marks = [words for mark, words in _MARKS.items() if take[mark]]
        if take["reference_factor"] != 1:
            marks.append(f"reference x{take['reference_factor']:.2f}: {take['because']}")
        score = "" if take["score"] is None else f"{take['score_name']} {take['score']:.2f}"
        row = (take["frame"], take["take"], take["seed"], score, ", ".join(marks), take["file"])
        shown.add_row(*map(str, row))
    return shown


def graph_of(folder: Path) -> Graph:
    """The workflow that made a board, with the board's own story in place of a planner.

    :raises StoreError: ``store_damaged`` if the board does not say how it was made.
    """
    path = folder / API_FILE
    try:
        nodes = read_json(path.read_bytes(), nan=True)
        graph = Graph(as_queued(nodes), path.name)
        graph.tell(Board.load(folder).story.to_json())
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise StoreError(
            "store_damaged",
            f"{path} does not hold the workflow of the board: {error}.",
            "Make the board again with the command or workflow that made it; nothing is lost.",
        ) from error
    graph.set("Frames", board=".")
    hand_over(graph, Directions())
    return graph


def hand_over(graph: Graph, directions: Directions) -> None:
    """Put directions into a workflow that runs where the board's own folder cannot be seen.

    :raises RunnerError: ``graph_unfit`` if the workflow takes them from some other node.
    """
    text = directions.model_dump_json(exclude_defaults=True) if directions.frames else ""
    link = graph.get("Frames", "directions")
    if link is None and text:
        nothing = {"lock": "", "choose": "", "redo": "", "note": ""}
        link = [graph.add(DIRECT_NODE, "Directions", **nothing), 0]
        graph.join("Frames", "directions", link[0])
    if link is not None and is_link(link) and (text or graph.is_a(link[0], DIRECT_NODE)):
        graph.feed(link[0], DIRECT_NODE, "board_directions", text)


def expect_takes(folder: Path, client: Client, subfolder: str) -> None:
    """See that a server has the frames of a board, before it would draw them all anew.

    :param subfolder: of the board, below the server's output folder.
    :raises RunnerError: ``board_elsewhere``.
    """
    board = Board.load(folder)
    with tempfile.TemporaryDirectory() as temporary:
        journal = Path(temporary) / JOURNAL
        try:
            client.download(JOURNAL, subfolder, journal)
            text = journal.read_text("utf-8", errors="replace")
        except HttpError as error:
            if error.status != 404:
                raise
            text = ""
    lost = [frame.number for frame in board.frames if frame.take not in text]
    if lost:
        raise RunnerError(
            "board_elsewhere",
            f"{client.shown} does not have the board of {folder}: of {len(board.frames)} frames "
            f"{len(lost)} are not in {subfolder} of its output folder.",
            "Name the server that made the board with --server. To draw it on this one, run the "
            "command that made it again, with --server and --out.",
        )


def _have_takes(folder: Path) -> None:
    """See that a board's store is here; bring what is missing from the server that has it."""
    lacking = collect.lacking(folder)
    if (folder / JOURNAL).is_file() and not lacking:
        return
    server = Origin.load(folder).address(None)
    if not lacking or not server:
        raise RunnerError(
            "board_elsewhere",
            f"{folder} holds the exports of a board without its takes: it was brought from a "
            "server by an earlier version of this program, or moved without them.",
            "Run the command that made it again, with --server and --out: nothing is drawn twice, "
            "and the takes come along.",
        )
    with Client(server, limits=ELSEWHERE) as client:
        collect.restore(folder, client)
