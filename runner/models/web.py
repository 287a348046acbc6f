"""Files behind http addresses.

The reading is ours: no library in use goes on with a file across runs only if it is still the same
one (``If-Range``), and leaves a wrong or a cut one nowhere (pooch begins anew, fsspec caches).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from ..server.address import is_loopback
from .streams import SourceError, Stream, broken, refusal, without_secrets

TIMEOUT = httpx.Timeout(20.0, connect=10.0)
RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(?:(\d+)|\*)")
"""(first byte, size of the file) in ``Content-Range: bytes 5-9/10``, as far as they are said."""


class Web:
    """A file behind an http address."""

    def __init__(self, url: str) -> None:
        self.shown = without_secrets(url)
        self._url = url

    @contextmanager
    def open(self, start: int, mark: str) -> Iterator[Stream]:
        """See :class:`.streams.Streamed`."""
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
            if mark:
                headers["If-Range"] = mark
        client = httpx.Client(
            timeout=TIMEOUT,
            follow_redirects=True,
            trust_env=not is_loopback(self._url),  # a proxy is for other machines
            event_hooks={"request": [_safe]},
        )
        with client, _reaching(), client.stream("GET", self._url, headers=headers) as answer:
            yield _stream(answer, start)


def _stream(answer: httpx.Response, start: int) -> Stream:
    status = answer.status_code
    match = RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    begin, size = (int(n) if n else None for n in (match.groups() if match else ("", "")))
    if status == 416:  # nothing comes after what is here
        return Stream(start, size, "", iter(()))
    if status == 200:
        length = answer.headers.get("Content-Length", "")
        start, size = 0, int(length) if length.isdigit() else None
    elif status != 206:
        raise refusal(status)
    elif begin != start:
        raise SourceError("sends other bytes than it was asked for")
    mark = answer.headers.get("ETag", "")
    if not mark or mark.startswith("W/"):  # a weak one does not stand for the very bytes
        mark = answer.headers.get("Last-Modified", "")
    return Stream(start, size, mark, _blocks(answer))


def _blocks(answer: httpx.Response) -> Iterator[bytes]:
    with _reaching():
        yield from answer.iter_raw()


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.TooManyRedirects) as error:
        raise SourceError(f"cannot be followed ({type(error).__name__})") from None
    except httpx.RequestError as error:
        raise broken(error) from None


def _safe(request: httpx.Request) -> None:
    """Before every request, also one that an answer led to."""
    if request.url.scheme != "https" and not is_loopback(str(request.url)):
        raise SourceError("leads to an address without https")
