"""What a command gives back, and the two consoles it speaks on."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...storyboard.errors import InputError
from ..run.options import shortened

if TYPE_CHECKING:
    from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def path(text: str) -> Path:
    """A path that was given; for the ``parser`` of options and arguments.

    :raises InputError: ``option_invalid`` for one that no file can have.
    """
    why = "it is empty"
    try:
        if text.strip():
            Path(text).stat()
            return Path(text)
    except OSError as error:
        if error.errno not in (errno.ENAMETOOLONG, errno.ELOOP):
            return Path(text)  # not there yet, or what needs it says what is wrong
        why = error.strerror
    except ValueError as error:
        why = str(error)
    raise InputError(
        "option_invalid",
        f"{shortened(text)!r} cannot be a path: {why}.",
        "Give the path of a file or folder; '.' is the folder where the command runs.",
    )


@dataclass(frozen=True)
class Answer:
    """What a command has to say."""

    data: dict[str, Any]
    """For ``--json``."""
    show: Callable[[Console], None]
    """For people."""
    status: int = 0


def stdout() -> Console:
    """For answers."""
    from .console import PlainConsole

    return PlainConsole()


def stderr() -> Console:
    """For progress and errors."""
    from .console import PlainConsole

    return PlainConsole(stderr=True)
