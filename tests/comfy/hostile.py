"""Posting prompts as a stranger would: any JSON, and reading what became of it."""

from __future__ import annotations

import time
from typing import Any

from aldar_storyboard.runner.server.client import Client


def settle(client: Client, prompts: list[str], seconds: float = 120) -> list[dict[str, Any]]:
    """The histories of queued prompts, once all have ended.

    :param seconds: that one of them may take, on a slow machine.
    """
    histories = []
    for prompt in prompts:
        deadline = time.monotonic() + seconds
        while (history := client.history(prompt)) is None:
            assert time.monotonic() < deadline, f"{prompt} does not end"
            time.sleep(0.02)
        histories.append(history)
    return histories


def failure(history: dict[str, Any]) -> dict[str, Any] | None:
    """What stopped a prompt, as ComfyUI tells it; ``None`` after a success."""
    messages = history["status"]["messages"]
    return next((data for kind, data in messages if kind == "execution_error"), None)


def ours(stopped: dict[str, Any]) -> bool:
    """Whether a failure is an error that the product raises on purpose: one of the subclasses,
    for ``AldarError`` itself stands for an exception that nobody thought of."""
    module, _, name = stopped["exception_type"].rpartition(".")
    return module.endswith("storyboard.errors") and name != "AldarError"
