"""ComfyUI over HTTP and websocket: one method for each request the runner makes."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import httpx
import tenacity
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from ...storyboard.errors import RunnerError
from ...storyboard.files import replacing
from .address import check_url, is_loopback, without_login

MAX_MESSAGE = 64 * 2**20
"""Largest websocket message in bytes; a preview image is the largest thing ComfyUI sends."""
MAX_ANSWER = 256 * 2**20
"""Largest JSON answer in bytes; the signatures of a thousand nodes are some ten megabytes."""


@dataclass(frozen=True)
class Limits:
    """How patient a client is. Seconds, unless said otherwise."""

    connect: float = 5.0
    silence: float = 30.0
    """Between two pieces of an answer."""
    answer: float = 120.0
    """For a whole JSON answer, however slowly it trickles."""
    file: float = 3600.0
    """For a whole file."""
    goodbye: float = 1.0
    """For a websocket to be closed in good order."""
    tries: int = 1
    """How often what can be asked again is asked of a server that stumbles."""
    pause: float = 0.25
    """Before the second try; it doubles from one to the next, up to ten seconds."""


PATIENT = Limits()
ELSEWHERE = Limits(tries=4)
"""For servers that others run: between us and them stand networks and proxies."""

T = TypeVar("T")
Connect = Callable[..., AbstractContextManager[ClientConnection]]


class Client:
    """A connection to one ComfyUI.

    :param url: its address; a user and password in it are used, not shown.
    :param transport: replaces the network of the HTTP requests.
    :param connector: replaces ``websockets.sync.client.connect``.
    """

    def __init__(
        self,
        url: str,
        transport: httpx.BaseTransport | None = None,
        connector: Connect = connect,
        limits: Limits = PATIENT,
    ) -> None:
        url = check_url(url)
        self.shown = without_login(url)
        """The address as it may be printed."""
        self.id = uuid.uuid4().hex
        """Names us to ComfyUI: events of our prompts are sent to this id."""
        self._url = url
        self._connector = connector
        self._limits = limits
        # A proxy of the environment is for other machines, never for the loopback.
        self._proxied = not is_loopback(url)
        self._http = httpx.Client(
            base_url=url,
            timeout=httpx.Timeout(limits.silence, connect=limits.connect),
            transport=transport,
            trust_env=self._proxied,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def system_stats(self) -> dict[str, Any]:
        """Versions, memory, devices: ``{"system": {…}, "devices": [{…}, …]}``."""
        stats = self._get("/system_stats")
        system, devices = stats.get("system", {}), stats.get("devices", [])
        if not isinstance(system, dict) or not isinstance(devices, list):
            raise self._not_comfyui("its /system_stats says nothing of a ComfyUI")
        return stats | {
            "system": system,
            "devices": [device for device in devices if isinstance(device, dict)],
        }

    def object_info(self) -> dict[str, Any]:
        """The signature of every node class this ComfyUI has; malformed ones are left out."""
        return {
            name: signature
            for name, node in self._get("/object_info").items()
            if (signature := _signature(node)) is not None
        }

    def metadata(self, folder: str, name: str) -> dict[str, str]:
        """What the author of a safetensors file wrote into it; nothing if there is none.

        :param folder: of the models folder: ``loras``.
        """
        path = f"/view_metadata/{quote(folder, safe='')}"
        try:
            answer = self._get(path, params={"filename": name})
        except RunnerError:
            return {}
        return {key: value for key, value in answer.items() if isinstance(value, str)}

    def queue(self, prompt: dict[str, Any]) -> str:
        """Queue an API graph; return its prompt id. It is asked once: twice would queue twice.

        :raises RunnerError: ``graph_unfit`` with ComfyUI's reasons if it refuses the graph.
        """
        answer = self._send("POST", "/prompt", json={"prompt": prompt, "client_id": self.id})
        if answer.status == 400:
            raise Refused(self._object(answer))
        prompt_id = self._object(self._good(answer)).get("prompt_id")
        if not isinstance(prompt_id, str) or not prompt_id:
            raise self._not_comfyui("it did not name the queued prompt")
        return prompt_id

    def history(self, prompt_id: str) -> dict[str, Any] | None:
        """What a prompt left behind when it ended; ``None`` as long as it has not."""
        entry = self._get(f"/history/{quote(prompt_id, safe='')}").get(prompt_id)
        if entry is not None and not isinstance(entry, dict):
            raise self._not_comfyui("its history is malformed")
        return entry

    def running(self, prompt_id: str) -> bool:
        """Whether a prompt is being executed."""
        return prompt_id in self._queue("queue_running")

    def queued(self, prompt_id: str) -> bool:
        """Whether a prompt runs or waits."""
        return prompt_id in self._queue("queue_running", "queue_pending")

    def _queue(self, *names: str) -> list[Any]:
        queue = self._get("/queue")
        items = [item for name in names for item in _list(queue.get(name))]
        return [part for item in items for part in _list(item)[:2]]

    def cancel(self, prompt_id: str) -> None:
        """Take a prompt out of the queue, or interrupt it if it runs; no other one is touched."""
        self._good(self._send("POST", "/queue", json={"delete": [prompt_id]}))
        # Asked first: a ComfyUI that does not know prompt_id would interrupt anybody's prompt.
        if self.running(prompt_id):
            self._good(self._send("POST", "/interrupt", json={"prompt_id": prompt_id}))

    def download(
        self, name: str, subfolder: str, target: Path, sha256: str = "", folder: str = "output"
    ) -> None:
        """Bring one file of a folder of ComfyUI to ``target``, whole or not at all.

        :param sha256: of the file, if it is known.
        :param folder: ``output`` or ``input``.
        :raises RunnerError: ``server_unreachable`` or ``server_refused``.
        :raises OSError: if it cannot be written here.
        """
        params = {"filename": name, "subfolder": subfolder, "type": folder}
        self._again(lambda: self._download(params, target, sha256))

    def _download(self, params: dict[str, str], target: Path, sha256: str) -> None:
        digest = hashlib.sha256()
        with replacing(target, shared=True) as file:
            for block in self._stream("GET", "/view", self._limits.file, params=params):
                if isinstance(block, _Answer):
                    self._good(block)
                else:
                    digest.update(block)
                    file.write(block)
            if sha256 and digest.hexdigest() != sha256:
                raise RunnerError(
                    "server_unreachable",
                    f"{params['filename']} does not arrive whole from {self.shown}: its bytes are "
                    "not those that were announced.",
                    "Run the same command again. If it stays so, something between here and "
                    "ComfyUI changes files.",
                )

    def has(self, name: str, subfolder: str, folder: str = "output") -> bool:
        """Whether there is a file in a folder of ComfyUI.

        :raises RunnerError: ``server_unreachable`` or ``server_refused``.
        """
        params = {"filename": name, "subfolder": subfolder, "type": folder}

        def ask() -> bool:
            blocks = self._stream("GET", "/view", self._limits.answer, params=params)
            answer = next(blocks)
            blocks.close()
            assert isinstance(answer, _Answer)
            return answer.status != 404 and bool(self._good(answer))

        return self._again(ask)

    def upload(self, path: Path, subfolder: str, name: str = "") -> None:
        """Bring a picture to the server's input folder.

        :param name: of the file there; its own name without one.
        :raises RunnerError: ``server_unreachable`` or ``server_refused``.
        """
        files = {"image": (name or path.name, path.read_bytes())}
        data = {"subfolder": subfolder, "type": "input", "overwrite": "true"}

        def ask() -> None:
            self._good(self._send("POST", "/upload/image", files=files, data=data))

        self._again(ask)

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
                    open_timeout=self._limits.connect,
                    close_timeout=self._limits.goodbye,
                    max_size=MAX_MESSAGE,
                    proxy=True if self._proxied else None,
                )
            )
        except (OSError, WebSocketException) as error:
            raise self._unreachable(error) from error

    def _get(self, path: str, **options: Any) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            return self._object(self._good(self._send("GET", path, **options)))

        return self._again(ask)

    def _again(self, action: Callable[[], T]) -> T:
        """The action, tried again after a pause where the server only stumbled."""
        return tenacity.retry(
            retry=tenacity.retry_if_exception(_passing),
            wait=tenacity.wait_exponential(self._limits.pause, max=10.0),
            stop=tenacity.stop_after_attempt(self._limits.tries),
            reraise=True,
        )(action)()

    def _send(self, method: str, path: str, **options: Any) -> _Answer:
        """One request; its answer is read whole, within the limits."""
        answer, body = None, bytearray()
        for block in self._stream(method, path, self._limits.answer, **options):
            if isinstance(block, _Answer):
                answer = block
                continue
            body += block
            if len(body) > MAX_ANSWER:
                raise self._not_comfyui(f"its answer to {path} does not end")
        assert answer is not None
        return _Answer(answer.status, path, answer.to, bytes(body))

    def _stream(
        self, method: str, path: str, seconds: float, **options: Any
    ) -> Generator[_Answer | bytes]:
        """The head of an answer, then its body piece by piece; of a failure no body."""
        deadline = time.monotonic() + seconds
        try:
            with self._http.stream(method, path, **options) as response:
                code = response.status_code
                yield _Answer(code, path, response.headers.get("Location", ""))
                if not response.is_success and code != 400:
                    return
                for block in response.iter_bytes():
                    yield block
                    if time.monotonic() > deadline:
                        raise self._unreachable(TimeoutError("the answer takes too long"))
        except (httpx.RequestError, httpx.InvalidURL, httpx.StreamError) as error:
            raise self._unreachable(error) from error

    def _good(self, answer: _Answer) -> _Answer:
        """The answer, if it is one of success. :raises RunnerError: that says what to do."""
        if 200 <= answer.status < 300:
            return answer
        to = without_login(answer.to).partition("?")[0]
        reason, hint = _reading(answer.status, answer.path, to)
        message = f"{self.shown}{answer.path} answers with status {answer.status}: {reason}."
        if answer.status in REFUSALS:
            raise HttpError("server_refused", message, hint, answer)
        raise HttpError("server_unreachable", message, hint, answer)

    def _object(self, answer: _Answer) -> dict[str, Any]:
        try:
            body = json.loads(answer.body)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            page = answer.body[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml"))
            raise self._not_comfyui(
                f"its answer to {answer.path} is a web page, such as the login page of a proxy"
                if page
                else f"its answer to {answer.path} is not a JSON object"
            )
        return body

    def _unreachable(self, error: Exception) -> RunnerError:
        # Libraries may put the address into their words, and with it the password.
        login = urlsplit(self._url).netloc.rpartition("@")[0]
        words = str(error).replace(login, "…") if login else str(error)
        words = f"{type(error).__name__}: {words.splitlines()[0]}" if words.strip() else words
        return RunnerError(
            "server_unreachable",
            f"No ComfyUI answers at {self.shown}: {words or type(error).__name__}.",
            "Check the address and that ComfyUI runs there.",
        )

    def _not_comfyui(self, reason: str) -> RunnerError:
        return RunnerError(
            "server_unreachable",
            f"What answers at {self.shown} does not act like a ComfyUI: {reason}.",
            "Open the address in a browser: ComfyUI must appear there, without a login page. "
            "Behind a proxy, give the whole path, like https://host/comfy.",
        )


@dataclass(frozen=True)
class _Answer:
    """What came back of a request."""

    status: int
    path: str
    to: str = ""
    """Where a redirection leads."""
    body: bytes = b""


class HttpError(RunnerError):
    """An answer that is none: ``status`` and ``path`` say of what."""

    def __init__(self, code: str, message: str, hint: str, answer: _Answer) -> None:
        super().__init__(code, message, hint)
        self.status = answer.status
        self.path = answer.path


REFUSALS = (401, 403, 407, 413)
"""Statuses that do not pass by themselves and do not say that ComfyUI is elsewhere."""


def _reading(status: int, path: str, to: str) -> tuple[str, str]:
    """What an HTTP status means here, and what to do."""
    if status in (401, 407):
        return (
            "it wants a user and a password that it accepts",
            "Give them in the address, --server https://USER:PASSWORD@HOST; they are never kept.",
        )
    if status == 403:
        return (
            "it forbids this",
            "Ask whoever runs the server, or the proxy before it, to let ComfyUI's API through "
            f"({path} and /ws).",
        )
    if status == 404:
        if path == "/view":
            return (
                "the file is not there",
                "Run the same command again: what is missing is made again.",
            )
        return (
            "there is no ComfyUI at this address",
            "Check the port and the path: behind a proxy it may be https://host/comfy.",
        )
    if status == 413:
        return (
            "what is sent is larger than it takes",
            "Give smaller pictures, or raise the limit there: --max-upload-size of ComfyUI, "
            "client_max_body_size of nginx.",
        )
    if status == 429:
        return "it is asked too often", "Wait a little and run it again."
    if 300 <= status < 400:
        return (
            f"it sends us on to {to or 'another place'}",
            "If ComfyUI is there, give that address; if it is a login page, give user and "
            "password, --server https://USER:PASSWORD@HOST, or an address behind the login.",
        )
    if status >= 500:
        return (
            "the server, or a proxy before it, failed",
            "See that ComfyUI still runs there; then run the same command again.",
        )
    return "it does not take this request", "Check that it is a ComfyUI."


def _passing(error: BaseException) -> bool:
    """Whether a failure may pass by itself."""
    if not isinstance(error, RunnerError) or error.code != "server_unreachable":
        return False
    return not isinstance(error, HttpError) or error.status >= 500 or error.status in (408, 429)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _signature(node: Any) -> dict[str, Any] | None:
    """A node's signature without what is malformed in it; ``None`` if nothing is left."""
    if not isinstance(node, dict) or not isinstance(node.get("input", {}), dict):
        return None
    inputs = dict(node.get("input", {}))
    for group in ("required", "optional"):
        declared = inputs.pop(group, None)
        if isinstance(declared, dict):
            specs = {name: _spec(spec) for name, spec in declared.items() if _list(spec)}
            inputs = {group: specs, **inputs}
    signature = node | ({"input": inputs} if "input" in node else {})
    if not isinstance(signature.get("output", []), list):
        del signature["output"]
    return signature


def _spec(spec: list[Any]) -> list[Any]:
    """An input's ``[type, options]``, whose options are an object and whose menu is a list."""
    if len(spec) < 2:
        return spec
    if not isinstance(spec[1], dict):
        return spec[:1]
    if isinstance(spec[1].get("options", []), list):
        return spec
    return [spec[0], {name: value for name, value in spec[1].items() if name != "options"}]


class Refused(RunnerError):
    """ComfyUI did not accept a graph; ``answer`` is its reply, with reasons by node id."""

    def __init__(self, answer: dict[str, Any]) -> None:
        reason = answer.get("error", {})
        text = str(reason.get("message", "")) if isinstance(reason, dict) else str(reason)
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
        while (left := deadline - time.monotonic()) > 0:
            try:
                message = self._socket.recv(timeout=left)
            except TimeoutError:
                break
            except (ConnectionClosed, OSError) as error:
                raise Dropped from error
            if isinstance(message, str):  # binary messages are preview images
                return _event(message)
        return None

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
