"""``aldar takes``, ``lock``, ``unlock``, ``choose`` and ``redo``: single frames of a made board."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..storyboard import directions as orders
from ..storyboard.board import Board
from ..storyboard.directions import Directions, parse_frames
from ..storyboard.errors import StoreError
from ..storyboard.exports.workflow import API_FILE
from ..storyboard.json_text import read_json
from ..storyboard.shots import fit
from ..storyboard.store import TakeStore
from ..storyboard.story import Shot
from .graph import Graph

if TYPE_CHECKING:
    from rich.table import Table


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

    :raises StoreError: ``store_damaged`` if it is no board, ``store_locked`` while a run works.
    """
    board = Board.load(folder)
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
        shots = open.shots(frames)
        for shot in shots:
            orders.lock(open.directions, open.store, shot)
    return [shot.number for shot in shots]


def unlock(folder: Path, frames: str) -> list[int]:
    """Let frames follow their shots again; returns their numbers."""
    with desk(folder) as open:
        shots = open.shots(frames)
        for shot in shots:
            orders.unlock(open.directions, shot)
    return [shot.number for shot in shots]


def choose(folder: Path, frame: int, take: int) -> None:
    """Make a take the winner of its frame."""
    with desk(folder) as open:
        (shot,) = open.shots(str(frame))
        orders.choose(open.directions, open.store, shot, take)


def redo(folder: Path, frames: str, note: str) -> list[int]:
    """Start frames again with their next seed; returns their numbers."""
    with desk(folder) as open:
        shots = open.shots(frames)
        for shot in shots:
            orders.redo(open.directions, open.store, shot, note)
    return [shot.number for shot in shots]


def takes(folder: Path) -> list[dict[str, Any]]:
    """Every take of a board, by frame, in the order they were made, counted as ``choose`` does."""
    with desk(folder) as open:
        winners = {frame.number: frame.take for frame in open.board.frames}
        found = []
        for shot in open.board.story.shots:
            id, shows = shot.id or shot.number, fit(open.board.story, shot)
            direction = open.directions.of(id)
            for place, take in enumerate(open.store.takes(id), 1):
                verdict = open.store.last_verdict(take.key)
                found.append(
                    {
                        "frame": shot.number,
                        "take": place,
                        "seed": take.seed,
                        "file": f"takes/{take.key}.png",
                        "score": verdict.value if verdict else None,
                        "reference_factor": take.rung.factor,
                        "because": take.rung.reason,
                        "winner": winners.get(shot.number) == take.key,
                        "locked": direction.locked and direction.take == take.key,
                        "stale": open.store.fit(take.key) not in (shows, None),
                        "lost": open.store.find(take.key) is None,
                    }
                )
    return found


_MARKS = {
    "winner": "winner",
    "locked": "locked",
    "stale": "stale (the shot has changed)",
    "lost": "lost",
}


def table(found: list[dict[str, Any]]) -> Table:
    """The takes for people."""
    from rich.table import Table

    shown = Table("frame", "take", "seed", "score", "", "file")
    for take in found:
        marks = [words for mark, words in _MARKS.items() if take[mark]]
        if take["reference_factor"] != 1:
            marks.append(f"reference x{take['reference_factor']:.2f}: {take['because']}")
        score = "" if take["score"] is None else f"{take['score']:.2f}"
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
        for node in nodes.values():
            node.pop("is_changed", None)  # added by ComfyUI; earlier versions wrote it down
        graph = Graph(nodes, path.name)
        graph.tell(Board.load(folder).story.to_json())
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise StoreError(
            "store_damaged",
            f"{path} does not hold the workflow of the board: {error}.",
            "Make the board again with the command or workflow that made it; nothing is lost.",
        ) from error
    graph.set("Frames", board=".")
    return graph
