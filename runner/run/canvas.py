"""``aldar ui``: ComfyUI with this pack, until Ctrl-C."""

from __future__ import annotations

import time

from rich.console import Console

from ..server import comfyui
from ..server.process import is_free, started
from . import collect

USUAL_PORT = 8188


def serve(port: int | None, console: Console) -> None:
    """Start ComfyUI, print its address, and wait until the user or ComfyUI ends it.

    :param port: the port to listen on; without one the usual 8188, or a free one if that is used.
    :raises RunnerError: ``port_taken``, ``comfyui_start``, ``comfyui_died``.
    """
    if port is None and is_free(USUAL_PORT):
        port = USUAL_PORT
    host = comfyui.find()
    output = collect.prepare(host.base / "output")
    console.print(f"Starting ComfyUI {host.version} from {host.path} …", soft_wrap=True)
    with started(host, output, port) as running:
        try:
            console.print(f"ComfyUI is at {running.url}, its log in {running.log}", soft_wrap=True)
            console.print("The workflows are under Workflow > Browse Templates. Ctrl-C ends it.")
            while running.alive():
                time.sleep(0.5)
        except KeyboardInterrupt:
            return
        raise running.died()
