"""``request.json``: how and where the board of a folder was asked for. It holds no secret."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ...storyboard.errors import StoreError
from ...storyboard.files import write_atomically
from ..server.address import check_url, without_login

FILE = "request.json"
SERVER_VARIABLE = "ALDAR_SERVER"

_LOGIN = re.compile(r"(?<=://)[^\s/@]+@")


class Origin(BaseModel):
    """A board's request, as far as later commands on its folder need it."""

    model_config = ConfigDict(extra="ignore")

    name: str = ""
    """The board's, of its logline or character."""
    mode: str = ""
    story: dict[str, str | int] = {}
    """Inputs of the node that planned the story; empty for a story that was given."""
    seed: int = 42
    retries: int = 2
    calibration: str = ""
    lora: str = ""
    references: list[str] = []
    """Paths of the pictures of the characters."""
    settings: list[str] = []
    server: str = ""
    """Address of the ComfyUI that has the takes, without user and password; empty for one of our
    own."""
    folder: str = ""
    """The board's folder below the output folder of that server."""

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
        lent = os.environ.get(SERVER_VARIABLE, "")
        if self.server and lent and without_login(check_url(lent)) == self.server:
            return check_url(lent)
        return check_url(self.server) if self.server else None
