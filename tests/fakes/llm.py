"""A loopback server that speaks the chat-completions protocol and does what a script says.

Every request takes the next step of the script; the last step stays. What was asked is kept, so
a test can see how often, in which form and with which key a model was spoken to.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web


@dataclass(frozen=True)
class Say:
    """An ordinary answer."""

    content: Any = ""
    """A text as a rule; some endpoints send a list of parts, or nothing."""
    finish_reason: str = "stop"
    refusal: str | None = None
    prompt_tokens: int = 1000
    completion_tokens: int = 2000
    thought_tokens: int = 0
    """In the total only, as Gemini counts them."""
    model: str = "fake-1"
    extra: dict[str, Any] = field(default_factory=dict)
    """More fields of the message, as ``reasoning``."""


@dataclass(frozen=True)
class Status:
    """An HTTP error, a redirect, or any other answer that is none."""

    status: int
    body: Any = None
    """A string is sent as HTML, anything else as JSON."""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hang:
    """Says nothing for so long."""

    seconds: float = 30.0


def isolate(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Give planning a home of its own: nothing of the user's keys, files or proxies is seen."""
    for name in os.environ:
        if name.upper().startswith(("ALDAR_", "OPENAI_", "GEMINI_")) or "PROXY" in name.upper():
            monkeypatch.delenv(name)
    home, work = folder / "home", folder / "work"
    home.mkdir()
    work.mkdir()
    monkeypatch.setenv("ALDAR_HOME", str(home))
    monkeypatch.chdir(work)
    return home


def profile(home: Path | str, name: str = "fake", **fields: Any) -> None:
    """Write a profile into the configuration file of ``home``."""
    lines = [f"[profiles.{name}]", *(f"{field} = {json.dumps(v)}" for field, v in fields.items())]
    with (Path(home) / "config.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


Step = Say | Status | Hang | Callable[[dict[str, Any]], "Say | Status | Hang"]


def error(status: int, message: str, **fields: Any) -> Status:
    """An error as OpenAI words it."""
    return Status(status, {"error": {"message": message, **fields}})


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: dict[str, Any]
    at: float
    """Seconds on the clock of :func:`time.monotonic`."""


class Server:
    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = list(steps)
        self.asked: list[Asked] = []
        self.models: list[str] = ["fake-1"]
        self.listing: Any = ...
        """Sent in place of the list of models, as it is."""
        self.gave_up = threading.Event()
        """Set when a client leaves while the server is silent."""
        self.url = ""

    @property
    def origin(self) -> str:
        return self.url.removesuffix("/v1")

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_get("/v1/models", self._models)
        app.router.add_route("*", "/{any:.*}", self._complete)
        return app

    async def _models(self, request: web.Request) -> web.Response:
        self._note(request, {})
        data = [
            {"id": name, "object": "model", "created": 0, "owned_by": "x"} for name in self.models
        ]
        if self.listing is not ...:
            return web.json_response(self.listing)
        return web.json_response({"object": "list", "data": data})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.text() or "{}")
        self._note(request, body)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if callable(step):
            step = step(body)
        if isinstance(step, Hang):
            try:
                await asyncio.sleep(step.seconds)
            except asyncio.CancelledError:
                self.gave_up.set()
                raise
            return web.Response()
        if isinstance(step, Status):
            if isinstance(step.body, str):
                return web.Response(
                    status=step.status,
                    text=step.body,
                    content_type="text/html",
                    headers=step.headers,
                )
            return web.json_response(step.body, status=step.status, headers=step.headers)
        return web.json_response(_completion(step))

    def _note(self, request: web.Request, body: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append(Asked(request.path, headers, body, time.monotonic()))


def _completion(say: Say) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": say.content, **say.extra}
    if say.refusal is not None:
        message["refusal"] = say.refusal
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": say.model,
        "choices": [{"index": 0, "message": message, "finish_reason": say.finish_reason}],
        "usage": {
            "prompt_tokens": say.prompt_tokens,
            "completion_tokens": say.completion_tokens,
            "total_tokens": say.prompt_tokens + say.completion_tokens + say.thought_tokens,
        },
    }


@contextmanager
def serving(*steps: Step) -> Iterator[Server]:
    """The server on a free loopback port, in a thread, for the length of the block."""
    server = Server(steps)
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    done = asyncio.Event()

    async def work() -> None:
        runner = web.AppRunner(server.app(), shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        ready.set()
        await done.wait()
        with contextlib.suppress(Exception):
            await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(work()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
        loop.close()
