"""A ComfyUI to work with: one that runs already, or one that is started and ends with us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...storyboard.errors import RunnerError
from ..server import comfyui
from ..server.client import ELSEWHERE, Client
from ..server.process import Process, started
from .follow import View


@dataclass(frozen=True)
class Session:
    """A ComfyUI to talk to, started by us or not."""

    client: Client
    process: Process | None
    comfyui: comfyui.ComfyUI | None
    """Where it lies, if on this disk."""

    @property
    def models(self) -> Path | None:
        """Its models folder, if on this disk."""
        return self.comfyui.base / "models" if self.comfyui else None

    def died(self) -> RunnerError | None:
        """The error that says it ended, if it is ours and did."""
        if self.process is None or self.process.alive():
            return None
        return self.process.died()

    def version(self) -> str:
        """Of that ComfyUI, as it says itself; empty if it does not."""
        if self.process is not None:
            return self.process.version
        return str(self.client.system_stats().get("system", {}).get("comfyui_version", ""))


@contextmanager
def connected(server: str | None, output: Path, view: View) -> Iterator[Session]:
    """A session with a ComfyUI, for the length of the ``with`` block.

    :param server: address of one that runs; without it, one is started.
    :param output: output folder of the one that is started.
    :raises AldarError: if there is none, or it does not start, or ends too early.
    """
    if server:
        view.step("Reaching ComfyUI")
        with Client(server, limits=ELSEWHERE) as client:
            yield Session(client, None, None)
        return
    view.step("Starting ComfyUI")
    installation = comfyui.find()
    with started(installation, output) as running, Client(running.url) as client:
        session = Session(client, running, installation)
        try:
            yield session
        except RunnerError as error:
            # Whatever request failed first, the cause is that ComfyUI is gone.
            if error.code == "server_unreachable" and running.ended(within=1.0):
                raise running.died() from error
            if error.code in ("graph_unfit", "run_failed"):
                hint = f"{error.hint} ComfyUI's log is {running.log}."
                raise RunnerError(error.code, error.message, hint) from error
            raise
