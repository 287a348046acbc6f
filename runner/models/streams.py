"""What a source of files is, and what it says when it does not give one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from ...storyboard.errors import RunnerError

PASSING = {408, 412, 425, 429, 500, 502, 503, 504}
"""Statuses that may be another one a little later."""
CHUNK = 2**16
"""Bytes read at once: what a broken connection may lose."""
NETWORK = "Check the network; the next pull goes on where this one stopped."
LOGIN = "Check that your keys may read it."


class Stopped(Exception):
    """The pull is to end; what is here stays."""


class SourceError(Exception):
    """A source does not give what it was asked for.

    :param reason: why, as the end of a sentence.
    :param hint: what the user can do about it.
    :param passing: whether it may work when tried again.
    :param missing: whether the source has no such file.
    """

    def __init__(
        self, reason: str, hint: str = "", *, passing: bool = False, missing: bool = False
    ) -> None:
        super().__init__(reason)
        self.hint = hint
        self.passing = passing
        self.missing = missing


@dataclass(frozen=True)
class Stream:
    """A file on its way."""

    start: int
    """Which byte comes first: the one asked for, or 0 if the source begins anew."""
    size: int | None
    """Bytes of the whole file, if the source says so."""
    mark: str
    """Names this version of the file, or is empty: given back, the source goes on only with it."""
    blocks: Iterator[bytes]
    """Raises :class:`SourceError` where the connection breaks."""


class Streamed(Protocol):
    """A place that has one file, and gives it from any byte on."""

    shown: str
    """Its address, without secrets."""

    def open(self, start: int, mark: str) -> AbstractContextManager[Stream]:
        """Read from a byte on; from the beginning, if the file is not that of ``mark`` any more.

        :raises SourceError:
        """
        ...


def broken(error: Exception, passing: bool = True) -> SourceError:
    """The error of a connection; its own text may hold the address with all its secrets."""
    name = type(error).__name__
    return SourceError(f"cannot be reached, or broke off ({name})", NETWORK, passing=passing)


def refusal(status: int, login: str = LOGIN) -> SourceError:
    """The error of an HTTP status."""
    if status in (404, 410):
        return SourceError("is not there", missing=True)
    if status in (401, 403):
        return SourceError(f"is not open to us (status {status})", login)
    return SourceError(f"answers with status {status}", NETWORK, passing=status in PASSING)


def without_secrets(address: str) -> str:
    """An address as it may be printed."""
    if not scheme_of(address):
        return address
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def scheme_of(address: str) -> str:
    """``https`` of an address; nothing of a path, also of one that begins with a drive."""
    head, mark, _ = address.partition("://")
    return head.lower() if mark else ""


def package_missing(name: str, need: str) -> RunnerError:
    """The error of a library that is not installed."""
    return RunnerError(
        "package_missing",
        f"{need} needs the package {name}, which is not installed.",
        f"Install it with 'pip install {name}'.",
    )
