"""What is asked of a board, and how it runs; ``request.json`` keeps it, without logins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...storyboard import config
from ...storyboard.errors import StoreError
from ...storyboard.files import write_atomically
from ...storyboard.story import Story, check_logline
from ..server.address import check_url, without_login
from .options import name_of

FILE = "request.json"
SERVER_FOLDER = "aldar"
"""Subfolder of a server's output folder in which our boards lie."""

_LOGIN = re.compile(r"(?<=://)[^\s/@]+@")


class Request(BaseModel):
    """Everything that decides the workflow of a board."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: str = ""
    story: dict[str, str | int] = {}
    """Inputs of the node that plans the story; empty for one that is planned already."""
    plan: Story | None = Field(default=None, exclude=True)
    """A story that is planned already, in place of that node; ``board.json`` keeps it."""
    panels: Path | None = Field(default=None, exclude=True)
    """Where the own panels of that story lie."""
    seed: int = 42
    retries: int = 2
    numbering: str = ""
    """Scheme of the shot numbers; empty for the story's own."""
    calibration: str = ""
    """Name of a calibration for the gate; its presets stay as the workflow has them without."""
    lora: str = ""
    """File of the character's LoRA; ``none`` for none, empty for the workflow's own."""
    references: tuple[Path, ...] = ()
    """Pictures of the characters, in the order of the story."""
    settings: tuple[str, ...] = ()
    """``TITLE.INPUT=VALUE`` for any node of the workflow."""

    def board_name(self) -> str:
        """The name of the board's folder: of its logline, or of what is asked of a character.

        :raises InputError: if the logline cannot be used.
        """
        if self.plan:
            return name_of(self.plan.logline)
        if "logline" in self.story:
            return name_of(check_logline(str(self.story["logline"])))
        words = [str(self.story.get(field, "")) for field in ("name", "description")]
        return name_of(" ".join([self.mode.partition("_")[0], *filter(None, words)]))


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How and where a request runs; no picture depends on it."""

    out: Path | None = None
    """The board's folder; without one, ``boards/NAME`` where the command runs."""
    server: str | None = None
    """Address of a running ComfyUI, with its login; without one, a ComfyUI is started."""
    force: bool = False
    """Whether to try although the GPU is too small."""


class Origin(Request):
    """The request a board was made from, and where: ``request.json``.

    Files of earlier versions say less, those of later ones more.
    """

    model_config = ConfigDict(extra="ignore")

    name: str = ""
    """The board's, of its logline or character."""
    server: str = ""
    """Address of the ComfyUI that has the takes, without user and password; empty for one of our
    own."""
    folder: str = ""
    """The board's folder below the output folder of that server."""

    @classmethod
    def of(cls, request: Request, server: str | None = None) -> Origin:
        """What is kept of a request; relative paths are those of the folder it was typed in."""
        name = request.board_name()
        kept = dict(request) | {
            "name": name,
            "references": tuple(path.absolute() for path in request.references),
            "server": without_login(check_url(server)) if server else "",
            "folder": f"{SERVER_FOLDER}/{name}" if server else "",
        }
        return cls(**kept)

    @classmethod
    def load(cls, folder: Path) -> Origin:
        """The request of a board folder; an empty one if the folder does not tell.

        :raises StoreError: ``store_damaged`` if the file cannot be read.
        """
        path = folder / FILE
        if not path.exists():
            return cls()
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise StoreError(
                "store_damaged",
                f"{path} does not say how the board was asked for: {str(error).splitlines()[0]}.",
                "Mend it, or run the command that made the board again with --out and --server.",
            ) from error

    def save(self, folder: Path) -> None:
        """Write it atomically, without logins. :raises StoreError: if it cannot be written."""
        text = self.model_dump_json(indent=1) + "\n"
        write_atomically(folder / FILE, _LOGIN.sub("", text).encode("utf-8"))

    def address(self, given: str | None) -> str | None:
        """The server to work on, with its login if one was given; ``None`` for a ComfyUI here.

        :param given: what ``--server`` says. Without it the board goes back to where it was made;
            ``ALDAR_SERVER`` only lends its login, for the takes are nowhere else.
        """
        if given:
            return check_url(given)
        lent = config.server()
        if self.server and lent and without_login(check_url(lent)) == self.server:
            return check_url(lent)
        return check_url(self.server) if self.server else None
