"""A finished board as the files it is handed over as.

Everything here only reads the :class:`..board.Board` and the takes it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from ..board import FILE, Board
from ..errors import StoreError
from ..files import hash_of
from ..frames.directions import FILE as DIRECTIONS
from ..frames.store import TakeStore
from .contact_sheet import contact_sheet_names, write_contact_sheets
from .frames import write_frames
from .made import Made, Workshop, made
from .report import write_breakdown, write_prompts, write_report
from .revision import FILE as REVISIONS
from .revision import revise
from .score_table import write_score_table
from .variation_sheet import variation_names, variation_pages, write_variation_sheets
from .workflow import API_FILE, write_workflows

__all__ = ["export_board", "folder_state"]


def export_board(
    board: Board,
    folder: Path,
    pipeline: str,
    metadata: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    workshop: Workshop | None = None,
) -> list[str]:
    """Write every export of a board into its folder.

    :param pipeline: how the frames were made (``draft``, ``simple``, ``guided`` …).
    :param metadata: the workflow as ComfyUI embeds it in pictures, JSON texts by name:
        ``prompt`` (API form) and ``workflow`` (canvas form).
    :param workshop: versions and model files, for the report.
    :param progress: called with (steps done, steps in all); may raise to interrupt.
    :returns: the files, relative to ``folder``, ``board.json`` first.
    :raises StoreError: if the disk is full, the folder cannot be written or a take is missing.
    """
    total = len(board.frames) + 5 + len(variation_pages(board.story))
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    revision = revise(board, folder)
    files = [FILE, REVISIONS, *write_frames(board, folder, step)]
    for write in (write_breakdown, write_prompts):
        files.append(write(board, folder))
        step()
    files += [
        write_report(board, folder, pipeline, revision, _made(board, folder, workshop)),
        write_score_table(board, folder, pipeline, revision),
    ]
    step()
    files += write_contact_sheets(
        board, folder, metadata or {}, pipeline != "draft", revision.news(board.story.language)
    )
    step()
    for file in write_variation_sheets(board, folder, metadata or {}):
        files.append(file)
        step()
    files += write_workflows(folder, metadata or {})
    step()
    return files


def _made(board: Board, folder: Path, workshop: Workshop | None) -> Made:
    """How the takes of a board were made, by its journal."""
    store = TakeStore(folder, look=True)
    takes = {shot.number: store.takes(shot.identity) for shot in board.story.shots}
    return made(takes, workshop or Workshop())


def folder_state(folder: Path) -> str | None:
    """A cheap fingerprint of a board's folder: changes when takes come or go, when the user directs
    single frames, and when another workflow wrote the exports.

    :returns: ``None`` if the board is not whole: it is missing, unfinished, or a file that was
        exported is gone. Then it has to be looked at, whatever was made before.
    """
    try:
        written = (folder / FILE).stat()
        names = _exports(folder, written.st_mtime_ns, written.st_size)
        if not names or not all((folder / name).is_file() for name in names):
            return None
        takes = (folder / "takes").stat().st_mtime_ns
        wrote = [hash_of(folder / name) for name in (FILE, API_FILE) if (folder / name).is_file()]
        return " ".join([str(takes), str(_time(folder / DIRECTIONS)), *wrote])
    except OSError:
        return None


def _time(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=16)
def _exports(folder: Path, written: int, size: int) -> tuple[str, ...]:
    """The files every finished board has; none if it is not finished.

    :param written: time of its ``board.json``, ns; with its size, in bytes, that tells two apart.
    """
    try:
        board = Board.load(folder)
    except StoreError:
        return ()
    if not board.complete:
        return ()
    takes = [f"takes/{frame.take}.png" for frame in board.frames]
    frames = [frame.file for frame in board.frames]
    tables = [REVISIONS, "scene_breakdown.json", "sdxl_prompts.json", "report.json", "report.md"]
    sheets = [*contact_sheet_names(board), *variation_names(board.story)]
    return (*takes, *frames, *tables, *sheets)
