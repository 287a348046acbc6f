"""Folders of data files that come with the pack, and that others can stand in for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path


class DataFolder:
    """A folder of data files, one for each entry.

    :param own: the one that comes with the pack.
    """

    def __init__(self, own: Path) -> None:
        self._path: ContextVar[Path] = ContextVar(own.name, default=own)

    @property
    def path(self) -> Path:
        """Where the files are read from."""
        return self._path.get()

    @contextmanager
    def using(self, path: Path) -> Iterator[None]:
        """Read from another folder."""
        token = self._path.set(path)
        try:
            yield
        finally:
            self._path.reset(token)
