"""A loopback server of files: ranges, redirects, and every fault a download can meet.

Faults are set per path and per request: the first request takes the first fault of the list, the
last one stays. What was asked is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Fault:
    """What is wrong with an answer; an ordinary one by default."""

    status: int = 0
    """Answer with this status and no file."""
    to: str = ""
    """Lead to this address instead."""
    cut: int | None = None
    """Break the connection off after so many bytes."""
    drip: int | None = None
    """After so many bytes, send one at a time, slowly, until the server is closed."""
    ranges: bool = True
    """Whether a part of the file can be had."""
    etag: bool = True
    """Whether the answer names the version of the file."""
    dated: bool = False
    """Whether the answer names the version by a date."""
    shift: int = 0
    """Begin a part of the file so many bytes too early."""
    length: bool = True
    """Whether the answer says how long the file is."""


@dataclass(frozen=True)
class Asked:
    """One request, be it for the headers alone."""

    path: str
    headers: dict[str, str]
    """Names in lower case."""

    @property
    def start(self) -> int:
        """The first byte that was asked for."""
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        return int(match[1]) if match else 0


@dataclass
class Server:
    """What is served, and what was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    """Path (with query) -> content; may be changed at any time."""
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    """Path -> what goes wrong, request by request; the last one stays."""
    asked: list[Asked] = field(default_factory=list)
    dripping: threading.Event = field(default_factory=threading.Event)
    """Set when an answer has become slow."""
    dripped: int = 0
    """Bytes sent that way."""
    closing: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def starts(self, path: str) -> list[int]:
        """Where the requests for a file began."""
        return [asked.start for asked in self.asked if asked.path == path]

    def next_fault(self, path: str) -> Fault:
        faults = self.faults.get(path) or [Fault()]
        return faults.pop(0) if len(faults) > 1 else faults[0]


DATE = "Wed, 21 Oct 2015 07:28:00 GMT"


def etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Server

    def do_HEAD(self) -> None:
        """What huggingface_hub asks first; size and version are those of the file behind."""
        state = self.state
        headers = {name.lower(): value for name, value in self.headers.items()}
        state.asked.append(Asked(self.path, headers))
        fault = state.next_fault(self.path)
        content = state.files.get(self.path)
        if content is None or fault.status:
            self._answer(fault.status or 404, {"Content-Length": "0"})
            return
        told = {"ETag": etag(content), "X-Repo-Commit": "c" * 40}
        if fault.to:
            self._answer(302, {**told, "X-Linked-Size": str(len(content)), "Location": fault.to})
        else:
            self._answer(200, {**told, "Content-Length": str(len(content))})

    def do_GET(self) -> None:
        state = self.state
        headers = {name.lower(): value for name, value in self.headers.items()}
        state.asked.append(Asked(self.path, headers))
        fault = state.next_fault(self.path)
        content = state.files.get(self.path)
        if fault.to:
            self._answer(302, {"Location": fault.to, "Content-Length": "0"})
        elif fault.status or content is None:
            self._answer(fault.status or 404, {"Content-Length": "0"})
        else:
            self._file(content, fault, state.asked[-1])

    def _file(self, content: bytes, fault: Fault, asked: Asked) -> None:
        mark = asked.headers.get("if-range")
        marks = [None, *([etag(content)] * fault.etag), *([DATE] * fault.dated)]
        start = asked.start - fault.shift if fault.ranges and mark in marks else 0
        size = len(content)
        headers = {"ETag": etag(content)} if fault.etag else {}
        headers |= {"Last-Modified": DATE} if fault.dated else {}
        if start >= size > 0:
            headers |= {"Content-Range": f"bytes */{size}", "Content-Length": "0"}
            self._answer(416, headers)
            return
        if start:
            headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
        if fault.length:
            headers["Content-Length"] = str(size - start)
        else:
            headers["Connection"] = "close"
        self._answer(206 if start else 200, headers)
        end = next((n for n in (fault.cut, fault.drip) if n is not None), size)
        self.wfile.write(content[start : max(start, min(end, size))])
        if fault.drip is not None:
            self._drip(content[max(start, end) :])
        if end < size or not fault.length:
            self.close_connection = True

    def _drip(self, content: bytes) -> None:
        self.state.dripping.set()
        with contextlib.suppress(OSError):  # the client has gone
            for byte in content:
                if self.state.closing.wait(0.05):
                    return
                self.wfile.write(bytes([byte]))
                self.state.dripped += 1

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(files: dict[str, bytes] | None = None) -> Iterator[Server]:
    """The server on a free loopback port, for the length of the block."""
    state = Server(dict(files or {}))
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        state.closing.set()
        server.shutdown()
        thread.join(10)
        server.server_close()
