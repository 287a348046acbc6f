"""``aldar takes``, ``lock``, ``unlock``, ``choose`` and ``redo``: single frames of a made board.

A board that was made on a server lies here as it was brought, takes and all; directions are given
here, and travel in the workflow when it is run there again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..storyboard import directions as orders
from ..storyboard.board import Board
from ..storyboard.directions import Directions, parse_frames
from ..storyboard.errors import RunnerError, StoreError
from ..storyboard.exports.manifest import JOURNAL
from ..storyboard.exports.workflow import API_FILE, as_queued
from ..storyboard.store import TakeStore
from . import collect
from .client import ELSEWHERE, Client, HttpError
from .graph import Graph, is_link
from .origin import Origin

if TYPE_CHECKING:
    from rich.table import Table


DIRECT_NODE = "AldarDirectFrames"


@dataclass(frozen=True)
class Desk:
    """A board folder, open for directions."""

    board: Board
    store: TakeStore
    directions: Directions

    def frames(self, text: str) -> list[int]:
        """Frame numbers of ``1,3-5``. :raises InputError: ``option_invalid``."""
        return parse_frames(text, len(self.board.story.shots))


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
    with desk(folder) as open:
        numbers = open.frames(frames)
        for number in numbers:
            orders.lock(open.directions, open.store, number)
    return numbers


def unlock(folder: Path, frames: str) -> list[int]:
    """Let frames follow their shots again; returns their numbers."""
    with desk(folder) as open:
        numbers = open.frames(frames)
        for number in numbers:
            orders.unlock(open.directions, number)
    return numbers


def choose(folder: Path, frame: int, take: int) -> None:
    """Make a take the winner of its frame."""
    with desk(folder) as open:
        (number,) = open.frames(str(frame))
        orders.choose(open.directions, open.store, number, take)


def redo(folder: Path, frames: str, note: str) -> list[int]:
    """Start frames again with their next seed; returns their numbers."""
    with desk(folder) as open:
        numbers = open.frames(frames)
        for number in numbers:
            orders.redo(open.directions, open.store, number, note)
    return numbers


def takes(folder: Path) -> list[dict[str, Any]]:
    """Every take of a board, by frame, in the order they were made."""
    with desk(folder) as open:
        winners = {frame.number: frame.take for frame in open.board.frames}
        found = []
        for number in range(1, len(open.board.story.shots) + 1):
            direction = open.directions.of(number)
            for place, take in enumerate(open.store.takes(number), 1):
                verdict = open.store.last_verdict(take.key)
                telling = verdict.telling if verdict else None
                found.append(
                    {
                        "frame": number,
                        "take": place,
                        "seed": take.seed,
                        "file": f"takes/{take.key}.png",
                        "score": telling.value if telling else None,
                        "score_name": telling.name if telling else None,
                        "reference_factor": take.rung.factor,
                        "because": take.rung.reason,
                        "winner": winners.get(number) == take.key,
                        "locked": direction.locked and direction.take == take.key,
                    }
                )
    return found


def table(found: list[dict[str, Any]]) -> Table:
    """The takes for people."""
    from rich.table import Table

    shown = Table("frame", "take", "seed", "score", "", "file")
    for take in found:
        marks = [mark for mark in ("winner", "locked") if take[mark]]
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
        nodes = json.loads(path.read_text(encoding="utf-8"))
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
