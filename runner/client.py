"""ComfyUI over HTTP and websocket: one method for each request the runner makes."""

from __future__ import annotations

import ipaddress
import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from ..storyboard.errors import InputError, RunnerError

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
MAX_MESSAGE = 64 * 2**20
"""Largest websocket message in bytes; a preview image is the largest thing ComfyUI sends."""

Connect = Callable[..., AbstractContextManager[ClientConnection]]


def check_url(url: str) -> str:
    """A ComfyUI address as the client uses it: no trailing slash, query or fragment.

    :raises InputError: ``option_invalid`` if it is not an http or https address.
    """
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError("not an address of a web server")
    except ValueError as error:
        raise InputError(
            "option_invalid",
            f"The address of the ComfyUI server cannot be used: {error}.",
            "Write it like http://127.0.0.1:8188.",
        ) from error
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Client:
    """A connection to one ComfyUI.

    :param url: as :func:`check_url` returns it; a user and password in it are used, not shown.
    :param transport: replaces the network of the HTTP requests.
    :param connector: replaces ``websockets.sync.client.connect``.
    """

    def __init__(
        self,
        url: str,
        transport: httpx.BaseTransport | None = None,
        connector: Connect = connect,
    ) -> None:
        parts = urlsplit(url)
        self.shown = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        """The address as it may be printed."""
        self.id = uuid.uuid4().hex
        """Names us to ComfyUI: events of our prompts are sent to this id."""
        self._url = url
        self._connector = connector
        # A proxy of the environment is for other machines, never for the loopback.
        self._proxied = not is_loopback(url)
        self._http = httpx.Client(
            base_url=url, timeout=TIMEOUT, transport=transport, trust_env=self._proxied
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def system_stats(self) -> dict[str, Any]:
        """Versions, memory, devices."""
        return self._json("GET", "/system_stats")

    def object_info(self) -> dict[str, Any]:
        """The signature of every node class this ComfyUI has."""
        return self._json("GET", "/object_info")

    def metadata(self, folder: str, name: str) -> dict[str, str]:
        """What the author of a safetensors file wrote into it; nothing if there is none.

        :param folder: of the models folder: ``loras``.
        """
        response = self._send("GET", f"/view_metadata/{folder}", params={"filename": name})
        found = self._body(response) if response.is_success else {}
        return {key: value for key, value in found.items() if isinstance(value, str)}

    def queue(self, prompt: dict[str, Any]) -> str:
        """Queue an API graph; return its prompt id.

        :raises RunnerError: ``graph_unfit`` with ComfyUI's reasons if it refuses the graph.
        """
        response = self._send("POST", "/prompt", json={"prompt": prompt, "client_id": self.id})
        if response.status_code == 400:
            raise Refused(self._body(response))
        self._check(response)
        prompt_id = self._body(response).get("prompt_id")
        if not isinstance(prompt_id, str):
            raise self._not_comfyui("it did not name the queued prompt")
        return prompt_id

    def history(self, prompt_id: str) -> dict[str, Any] | None:
        """What a prompt left behind when it ended; ``None`` as long as it has not."""
        return self._json("GET", f"/history/{prompt_id}").get(prompt_id)

    def queued(self, prompt_id: str) -> bool:
        """Whether a prompt runs or waits."""
        queue = self._json("GET", "/queue")
        items = [*queue.get("queue_running", []), *queue.get("queue_pending", [])]
        return any(prompt_id in item[:2] for item in items)

    def cancel(self, prompt_id: str) -> None:
        """Take a prompt out of the queue, or interrupt it if it runs."""
        self._check(self._send("POST", "/queue", json={"delete": [prompt_id]}))
        self._check(self._send("POST", "/interrupt", json={"prompt_id": prompt_id}))

    def download(self, name: str, subfolder: str, target: Path) -> None:
        """Bring one file of the output folder to ``target``, whole or not at all."""
        partial = target.with_name(f".{target.name}.part")
        params = {"filename": name, "subfolder": subfolder, "type": "output"}
        try:
            with self._reaching(), self._http.stream("GET", "/view", params=params) as response:
                if response.is_error:
                    response.read()
                self._check(response)
                with partial.open("wb") as file:
                    for block in response.iter_bytes():
                        file.write(block)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def upload(self, path: Path, subfolder: str, name: str = "") -> None:
        """Bring a picture to the server's input folder.

        :param name: of the file there; its own name without one.
        :raises RunnerError: ``server_unreachable``.
        """
        files = {"image": (name or path.name, path.read_bytes())}
        data = {"subfolder": subfolder, "type": "input", "overwrite": "true"}
        self._check(self._send("POST", "/upload/image", files=files, data=data))

    def events(self) -> Events:
        """Open the websocket on which ComfyUI tells how our prompts go."""
        parts = urlsplit(self._url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        query = urlencode({"clientId": self.id})
        url = urlunsplit((scheme, parts.netloc, f"{parts.path}/ws", query, ""))
        try:
            return Events(
                self._connector(
                    url,
                    open_timeout=TIMEOUT.connect,
                    close_timeout=1.0,
                    max_size=MAX_MESSAGE,
                    proxy=True if self._proxied else None,
                )
            )
        except (OSError, WebSocketException) as error:
            raise self._unreachable(error) from error

    def _json(self, method: str, path: str) -> dict[str, Any]:
        response = self._send(method, path)
        self._check(response)
        return self._body(response)

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        with self._reaching():
            return self._http.request(method, path, **options)

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise self._unreachable(error) from error

    def _check(self, response: httpx.Response) -> None:
        if not response.is_success:
            raise self._not_comfyui(f"it answered with status {response.status_code}")

    def _body(self, response: httpx.Response) -> dict[str, Any]:
        try:
            body = response.json()
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise self._not_comfyui("its answer is not a JSON object")
        return body

    def _unreachable(self, error: Exception) -> RunnerError:
        return RunnerError(
            "server_unreachable",
            f"No ComfyUI answers at {self.shown}: {type(error).__name__}.",
            "Check the address and that ComfyUI runs there.",
        )

    def _not_comfyui(self, reason: str) -> RunnerError:
        return RunnerError(
            "server_unreachable",
            f"What answers at {self.shown} does not act like a ComfyUI: {reason}.",
            "Check the address, and the server's log.",
        )


class Refused(RunnerError):
    """ComfyUI did not accept a graph; ``answer`` is its reply, with reasons by node id."""

    def __init__(self, answer: dict[str, Any]) -> None:
        reason = answer.get("error", {})
        text = reason.get("message", "") if isinstance(reason, dict) else str(reason)
        super().__init__(
            "graph_unfit",
            f"ComfyUI refuses the workflow: {text or 'it gives no reason'}.",
            "Update ComfyUI or this pack so that they fit each other.",
        )
        self.answer = answer


class Events:
    """The messages ComfyUI pushes, one at a time."""

    def __init__(self, connection: AbstractContextManager[ClientConnection]) -> None:
        self._stack = ExitStack()
        self._socket = self._stack.enter_context(connection)

    def receive(self, timeout: float) -> tuple[str, dict[str, Any]] | None:
        """The next message as (type, data), or ``None`` if none came in time.

        :raises Dropped: if the connection is gone.
        """
        deadline = time.monotonic() + timeout
        while True:
            try:
                message = self._socket.recv(timeout=max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return None
            except (ConnectionClosed, OSError) as error:
                raise Dropped from error
            if isinstance(message, str):  # binary messages are preview images
                return _event(message)

    def close(self) -> None:
        """Close the websocket."""
        self._stack.close()


class Dropped(Exception):
    """The websocket is closed while it is still needed."""


def _event(message: str) -> tuple[str, dict[str, Any]]:
    try:
        content = json.loads(message)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        return "", {}
    data = content.get("data")
    return str(content.get("type")), data if isinstance(data, dict) else {}
