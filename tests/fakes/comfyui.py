"""A loopback server that speaks as much of ComfyUI's protocol as the runner listens to.

The happy path is tested on the real ComfyUI; this one exists to fail on demand: it drops the
websocket, forgets prompts, refuses graphs, and serves files that are not there.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

PROMPT = "00000000-0000-4000-8000-000000000001"


@dataclass
class Script:
    """What the server does with the prompt it is given, and what it was asked."""

    events: list[tuple[str, dict[str, Any]] | str] = field(default_factory=list)
    """Messages to push once the prompt is queued; ``"drop"`` closes the websocket instead."""
    history: dict[str, Any] | None = None
    """The prompt's entry once all events are out; ``None`` leaves it running."""
    refusal: dict[str, Any] | None = None
    """A body to answer ``POST /prompt`` with, and status 400."""
    files: dict[str, bytes] = field(default_factory=dict)
    """``subfolder/name`` -> content, for ``GET /view``."""
    forgets: bool = False
    """Whether the prompt vanishes from queue and history, as after a restart."""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    """(path, body) of every POST."""


class Server:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.url = ""
        self._ended = False
        self._queued = asyncio.Event()
        self._pushed = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/ws", self._websocket)
        app.router.add_get("/system_stats", self._system_stats)
        app.router.add_post("/prompt", self._prompt)
        app.router.add_get("/history/{id}", self._history)
        app.router.add_get("/queue", self._queue)
        app.router.add_post("/queue", self._note)
        app.router.add_post("/interrupt", self._note)
        app.router.add_get("/view", self._view)
        return app

    async def _websocket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "status", "data": {}})
        await socket.send_bytes(b"\0\0\0\1preview")
        await socket.send_str("not json")
        await self._queued.wait()
        while self._pushed < len(self.script.events):
            event = self.script.events[self._pushed]
            self._pushed += 1
            if isinstance(event, str):
                await socket.close()
                return socket
            await socket.send_json({"type": event[0], "data": {"prompt_id": PROMPT} | event[1]})
        self._ended = self.script.history is not None
        if self._ended:
            await socket.send_json(
                {"type": "executing", "data": {"prompt_id": PROMPT, "node": None}}
            )
        async for _ in socket:
            pass
        return socket

    async def _system_stats(self, request: web.Request) -> web.Response:
        return web.json_response({"system": {"comfyui_version": "0.3.75"}})

    async def _prompt(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.script.asked.append(("/prompt", body))
        if self.script.refusal is not None:
            return web.json_response(self.script.refusal, status=400)
        self._queued.set()
        return web.json_response({"prompt_id": PROMPT, "number": 1, "node_errors": {}})

    async def _history(self, request: web.Request) -> web.Response:
        return web.json_response({PROMPT: self.script.history} if self._ended else {})

    async def _queue(self, request: web.Request) -> web.Response:
        running = [] if self._ended or self.script.forgets else [[1, PROMPT, {}, {}, []]]
        return web.json_response({"queue_running": running, "queue_pending": []})

    async def _note(self, request: web.Request) -> web.Response:
        self.script.asked.append((request.path, await request.json()))
        if request.path == "/interrupt":
            self._ended = True
        return web.Response()

    async def _view(self, request: web.Request) -> web.Response:
        name = f"{request.query['subfolder']}/{request.query['filename']}".lstrip("/")
        if name not in self.script.files:
            return web.Response(status=404)
        return web.Response(body=self.script.files[name])


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    """The server on a free loopback port, in a thread, for the length of the block."""
    server = Server(script)
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def begin() -> Callable[[], Any]:
        runner = web.AppRunner(server.app(), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner.cleanup

    def work() -> None:
        asyncio.set_event_loop(loop)
        cleanup = loop.run_until_complete(begin())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(cleanup())
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
