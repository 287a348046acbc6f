"""ComfyUI's own cache, emptied: what a test sees then really ran."""

from __future__ import annotations

import time

from aldar_storyboard.runner.server.client import Client


def empty(client: Client) -> None:
    """Empty a server's cache. ComfyUI only notes the wish, and grants it after the next prompt."""
    client._send("POST", "/free", json={"unload_models": True, "free_memory": True})
    prompt_id = client.queue({"1": {"class_type": "PreviewAny", "inputs": {"source": "empty"}}})
    deadline = time.monotonic() + 60
    while client.history(prompt_id) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
