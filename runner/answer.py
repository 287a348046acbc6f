"""What a command gives back, and the two consoles it speaks on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


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
    from rich.console import Console

    return Console(highlight=False)


def stderr() -> Console:
    """For progress and errors."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)
