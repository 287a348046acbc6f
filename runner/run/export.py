"""``aldar export``: a finished board in the formats that others work with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ...storyboard.board import Board
from ...storyboard.errors import StoreError
from ...storyboard.exports.formats import FORMATS, chosen, options_of, parse, typed, write

if TYPE_CHECKING:
    from rich.table import Table


class ViewOfShare(Protocol):
    """Who is told how much is done."""

    def step(self, text: str) -> None: ...

    def share(self, done: int, total: int) -> None: ...


def export_to(folder: Path, to: str, settings: Sequence[str], view: ViewOfShare) -> list[str]:
    """Write a board in some formats; returns the files, relative to its folder.

    :param to: the formats, apart by commas. :param settings: ``FORMAT.OPTION=VALUE``.
    :raises InputError: for a format or an option there is not.
    :raises StoreError: if the folder holds no board or no frame, or cannot be written.
    """
    names = chosen(to)
    options = parse(names, settings)
    board = Board.load(folder)
    if not board.frames:
        raise StoreError(
            "board_incomplete",
            f"{folder} holds a board without a single frame.",
            "Draw it first: run the same storyboard again.",
        )
    view.step(f"Writing {', '.join(names)}")
    return write(board, folder, options, view.share)


def option_rows() -> list[dict[str, Any]]:
    """Name, values, default and meaning of every option of every format."""
    return [
        {
            "option": option.name,
            "values": option.values,
            "default": option.default,
            "what": option.meaning,
        }
        for option in options_of(FORMATS)
    ]


def options_table(rows: Sequence[dict[str, Any]]) -> Table:
    """The options as a table."""
    from rich.table import Table

    table = Table("option", "values", "default", "")
    for row in rows:
        table.add_row(row["option"], row["values"], typed(row["default"]), row["what"])
    return table
