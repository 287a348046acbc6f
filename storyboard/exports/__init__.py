"""A finished board as the files it is handed over as.

Everything here only reads the :class:`..board.Board` and the takes it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ..board import FILE, Board
from .contact_sheet import write_contact_sheets
from .frames import write_frames
from .report import write_breakdown, write_prompts, write_report
from .score_table import write_score_table
from .variation_sheet import variation_pages, write_variation_sheets
from .workflow import write_workflows

__all__ = ["export_board"]


def export_board(
    board: Board,
    folder: Path,
    pipeline: str,
    metadata: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[str]:
    """Write every export of a board into its folder.

    :param pipeline: how the frames were made (``draft``, ``simple``, ``guided`` …).
    :param metadata: the workflow as ComfyUI embeds it in pictures, JSON texts by name:
        ``prompt`` (API form) and ``workflow`` (canvas form).
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

    files = [FILE, *write_frames(board, folder, step)]
    for write in (write_breakdown, write_prompts):
        files.append(write(board, folder))
        step()
    files += [write_report(board, folder, pipeline), write_score_table(board, folder, pipeline)]
    step()
    files += write_contact_sheets(board, folder, metadata or {}, captions=pipeline != "draft")
    step()
    for file in write_variation_sheets(board, folder, metadata or {}):
        files.append(file)
        step()
    files += write_workflows(folder, metadata or {})
    step()
    return files
