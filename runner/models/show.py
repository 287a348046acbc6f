"""What the user sees of the model files: tables, licences, and files on their way."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

from .folder import Check, ModelsFolder, Tell
from .manifest import Licence, ModelFile

if TYPE_CHECKING:
    from .pull import Outcome

COLOURS = {
    "there": "green",
    "fine": "green",
    "begun": "yellow",
    "unrecorded": "yellow",
    "other size": "red",
    "wrong": "red",
}


class Transfers:
    """Files on their way, for :class:`.pull.View`: bars on a terminal, elsewhere plain lines."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._changing = threading.Lock()

    @contextmanager
    def working(self, task: str) -> Iterator[Tell]:
        """Show that a file is worked on, for the length of the block."""
        if not self._console.is_terminal:
            self._console.print(f"{task} …", soft_wrap=True)
        with self._changing:
            self._progress.start()
            row = self._progress.add_task(task, total=None)
        try:
            yield lambda done, of: self._progress.update(row, completed=done, total=of)
        finally:
            with self._changing:
                self._progress.remove_task(row)
                if not self._progress.tasks:
                    self._progress.stop()


def listed(file: ModelFile, folder: ModelsFolder) -> dict[str, Any]:
    """What ``aldar models list --json`` says of a file."""
    return {
        **file.model_dump(mode="json", exclude={"unpack"}),
        "files": [piece.path for piece in file.pieces],
        "state": folder.state(file),
    }


def table(files: Sequence[ModelFile], folder: ModelsFolder, of_mode: bool) -> Table:
    """The files as people read them.

    :param of_mode: whether they are those of one mode, so that modes need not be named.
    """
    sheet = _sheet("file", "size", "licence", *([] if of_mode else ["for"]), where=folder.path)
    for file in files:
        state = folder.state(file)
        said = f"{state}\n(optional)" if file.optional and state == "missing" else state
        asked = ", to be accepted" if file.licence.accept else ""
        cells = [
            _state(state, said),
            Text(file.path),
            decimal(file.bytes) if file.bytes else "?",
            Text(file.licence.name + asked),
        ]
        sheet.add_row(*cells, *([] if of_mode else [", ".join(file.modes)]))
    return sheet


def terms(licences: dict[Licence, list[str]], console: Console) -> None:
    """Show licences that have to be accepted."""
    for licence, paths in licences.items():
        console.print(Text.assemble((licence.name, "bold"), f", {licence.url}"), soft_wrap=True)
        for path in paths:
            console.print(f"    {path}", soft_wrap=True)


def outcomes(done: Iterable[Outcome], console: Console) -> None:
    """Say what became of each file."""
    for outcome in done:
        said = {
            "fetched": f"fetched from {outcome.source}",
            "there": "is there",
            "yours": "is your own: put it there, or name its place under [models] in config.toml",
        }[outcome.fate]
        recorded = "; its hash is remembered" if outcome.recorded else ""
        console.print(f"{outcome.path}  {said}{recorded}", soft_wrap=True)


def verdicts(checks: Sequence[Check], folder: ModelsFolder) -> Table | str:
    """What a verification found, as people read it: the files that are there."""
    there = [check for check in checks if check.verdict != "missing"]
    if not there:
        return f"None of these model files is there yet (in {folder.path})."
    absent = len(checks) - len(there)
    where = f"{folder.path}; {absent} are not there" if absent else folder.path
    sheet = _sheet("file", "why", where=where)
    for check in there:
        sheet.add_row(_state(check.verdict), Text(check.piece.path), Text(check.reason))
    return sheet


def _sheet(*columns: str, where: object) -> Table:
    """A table whose first column is the state of a file."""
    sheet = Table("", caption=Text(f"in {where}"))
    for name in columns:
        sheet.add_column(name, overflow="fold", no_wrap=name == "size")
    return sheet


def _state(state: str, said: str = "") -> Text:
    return Text(said or state, style=COLOURS.get(state, ""))
