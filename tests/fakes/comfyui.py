"""A loopback server that speaks as much of ComfyUI's protocol as the runner listens to.

The happy path is tested on the real ComfyUI; this one exists to fail on demand: it drops the
websocket, forgets prompts, refuses graphs, serves files that are not there, and says anything a
server, or a proxy before it, may say instead of an answer.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

PROMPT = "00000000-0000-4000-8000-000000000001"


@dataclass(frozen=True)
class Reply:
    """An answer in place of ComfyUI's."""

    status: int = 200
    body: bytes | Any = b""
    """As it is, or an object to send as JSON."""
    headers: dict[str, str] = field(default_factory=dict)
    lacks: int = 0
    """How many bytes less than announced are sent before the connection ends."""
    pause: float = 0.0
    """Seconds between two bytes."""


@dataclass
class Script:
    """What the server does with the prompt it is given, and what it was asked."""

    events: list[tuple[str, dict[str, Any]] | str | bytes] = field(default_factory=list)
    """Messages to push once the prompt is queued: (type, data), or a text or bytes as they are;
    ``"drop"`` closes the websocket instead."""
    history: dict[str, Any] | None = None
    """The prompt's entry once all events are out; ``None`` leaves it running."""
    refusal: dict[str, Any] | None = None
    """A body to answer ``POST /prompt`` with, and status 400."""
    files: dict[str, bytes] = field(default_factory=dict)
    """``subfolder/name`` -> content, for ``GET /view``."""
    forgets: bool = False
    """Whether the prompt vanishes from queue and history, as after a restart."""
    inputs: dict[str, bytes] = field(default_factory=dict)
    """``subfolder/name`` -> content, of the input folder; uploads go there."""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    """(path, body) of every POST."""
    got: list[str] = field(default_factory=list)
    """Path of every GET, ``/view`` with the file it asks for."""
    sockets: list[str] = field(default_factory=list)
    """What becomes of the first websockets: ``"close"`` accepts and closes at once, ``"refuse"``
    answers with status 403, ``"serve"`` does what a ComfyUI does, like all later ones."""
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    """Path -> the first answers to it."""
    always: dict[str, Reply] = field(default_factory=dict)
    """Path -> every answer to it, after those of ``replies``; ``"*"`` stands for every path."""
    info: dict[str, Any] = field(default_factory=dict)
    """The answer to ``GET /object_info``."""
    pending: bool = False
    """Whether the prompt only waits, behind one of somebody else."""


class Server:
    def __init__(self, script: Script, prefix: str) -> None:
        self.script = script
        self.prefix = prefix
        self.url = ""
        self._ended = False
        self._queued = asyncio.Event()
        self._pushed = 0

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._instead])
        app.router.add_get("/ws", self._websocket)
        app.router.add_get("/system_stats", self._system_stats)
        app.router.add_get("/object_info", self._object_info)
        app.router.add_post("/prompt", self._prompt)
        app.router.add_get("/history/{id}", self._history)
        app.router.add_get("/queue", self._queue)
        app.router.add_post("/queue", self._note)
        app.router.add_post("/interrupt", self._note)
        app.router.add_get("/view", self._view)
        app.router.add_post("/upload/image", self._upload)
        return app

    @web.middleware
    async def _instead(self, request: web.Request, handler: Any) -> web.StreamResponse:
        path = request.path.removeprefix(self.prefix)
        if request.method == "GET":
            self.script.got.append(path + (f":{_file(request)}" if path == "/view" else ""))
        first = self.script.replies.get(path)
        always = self.script.always
        reply = first.pop(0) if first else always.get(path) or always.get("*")
        return await handler(request) if reply is None else await self._send(request, reply)

    async def _send(self, request: web.Request, reply: Reply) -> web.StreamResponse:
        plain = isinstance(reply.body, bytes)
        body = reply.body if plain else json.dumps(reply.body).encode()
        answer = web.StreamResponse(status=reply.status, headers=reply.headers)
        if reply.lacks or reply.pause:
            answer.content_length = len(body)
        await answer.prepare(request)
        for place in range(len(body) if reply.pause else 0):
            await answer.write(body[place : place + 1])
            await asyncio.sleep(reply.pause)
        if not reply.pause:
            await answer.write(body[: len(body) - reply.lacks])
        if reply.lacks and request.transport:
            request.transport.close()
        return answer

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        step = self.script.sockets.pop(0) if self.script.sockets else "serve"
        if step == "refuse":
            return web.Response(status=403)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if step == "close":
            await socket.close()
            return socket
        await socket.send_json({"type": "status", "data": {}})
        await socket.send_bytes(b"\0\0\0\1preview")
        await socket.send_str("not json")
        await self._queued.wait()
        while self._pushed < len(self.script.events):
            event = self.script.events[self._pushed]
            self._pushed += 1
            if event == "drop":
                await socket.close()
                return socket
            if isinstance(event, bytes):
                await socket.send_bytes(event)
            elif isinstance(event, str):
                await socket.send_str(event)
            else:
                data = {"prompt_id": PROMPT} | event[1]
                await socket.send_json({"type": event[0], "data": data})
        self._end()
        if self._ended:
            await socket.send_json(
                {"type": "executing", "data": {"prompt_id": PROMPT, "node": None}}
            )
        async for _ in socket:
            pass
        return socket

    def _end(self) -> None:
        self._ended = self._ended or self.script.history is not None

    async def _system_stats(self, request: web.Request) -> web.Response:
        return web.json_response({"system": {"comfyui_version": "0.3.75"}, "devices": []})

    async def _object_info(self, request: web.Request) -> web.Response:
        return web.json_response(self.script.info)

    async def _prompt(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.script.asked.append(("/prompt", body))
        if self.script.refusal is not None:
            return web.json_response(self.script.refusal, status=400)
        self._queued.set()
        return web.json_response({"prompt_id": PROMPT, "number": 1, "node_errors": {}})

    async def _history(self, request: web.Request) -> web.Response:
        if not self.script.events:
            self._end()  # without anything to push, nobody needs to listen
        return web.json_response({PROMPT: self.script.history} if self._ended else {})

    async def _queue(self, request: web.Request) -> web.Response:
        ours = [] if self._ended or self.script.forgets else [[1, PROMPT, {}, {}, []]]
        others = [[0, "somebody's", {}, {}, []]] if self.script.pending else []
        running, waiting = (others, ours) if self.script.pending else (ours, [])
        return web.json_response({"queue_running": running, "queue_pending": waiting})

    async def _note(self, request: web.Request) -> web.Response:
        self.script.asked.append((request.path, await request.json()))
        if request.path == "/interrupt":
            self._ended = True
        return web.Response()

    async def _view(self, request: web.Request) -> web.Response:
        inputs = request.query.get("type") == "input"
        files = self.script.inputs if inputs else self.script.files
        name = _file(request)
        return web.Response(body=files[name]) if name in files else web.Response(status=404)

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        image = form["image"]
        assert isinstance(image, web.FileField)
        name = f"{form['subfolder']}/{image.filename}".lstrip("/")
        self.script.inputs[name] = image.file.read()
        return web.json_response({"name": image.filename})


def _file(request: web.Request) -> str:
    return f"{request.query.get('subfolder', '')}/{request.query.get('filename', '')}".lstrip("/")


@contextmanager
def serving(script: Script, prefix: str = "") -> Iterator[Server]:
    """The server on a free loopback port, in a thread, for the length of the block.

    :param prefix: the path it lies at, as behind a proxy: ``/comfy``.
    """
    server = Server(script, prefix)
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def begin() -> Callable[[], Any]:
        app = server.app()
        if prefix:
            app, inner = web.Application(), app
            app.add_subapp(prefix, inner)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}{prefix}"
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
