"""Files behind http addresses, those of Hugging Face among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

from ..server.address import is_loopback
from .streams import (
    LOGIN,
    NETWORK,
    SourceError,
    Stream,
    content_range,
    package_missing,
    refusal,
    without_secrets,
)

TIMEOUT = httpx.Timeout(20.0, connect=10.0)
HUB = re.compile(r"hf://([\w.-]+/[\w.-]+)/([^@]+)@([\w./-]+)")
"""``hf://OWNER/NAME/PATH@REVISION``"""
TERMS = (
    "Some models ask you to agree to their terms on their page first; then put a token of your "
    "Hugging Face account into HF_TOKEN."
)


class Web:
    """A file behind an http address."""

    def __init__(
        self,
        url: str,
        shown: str = "",
        headers: Mapping[str, str] | None = None,
        login: str = LOGIN,
    ) -> None:
        self.shown = shown or without_secrets(url)
        self._url = url
        self._headers = dict(headers or {})
        self._login = login

    @contextmanager
    def open(self, start: int, mark: str) -> Iterator[Stream]:
        """See :class:`Source`."""
        headers = {**self._headers, "Accept-Encoding": "identity"}
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
        with client, self._reaching(), client.stream("GET", self._url, headers=headers) as answer:
            yield self._stream(answer, start)

    def _stream(self, answer: httpx.Response, start: int) -> Stream:
        status = answer.status_code
        begin, size = content_range(answer.headers)
        if status == 416:  # nothing comes after what is here
            return Stream(start, size, "", iter(()))
        if status == 200:
            length = answer.headers.get("Content-Length", "")
            start, size = 0, int(length) if length.isdigit() else None
        elif status != 206:
            raise refusal(status, self._login)
        elif begin != start:
            raise SourceError("sends other bytes than it was asked for")
        mark = answer.headers.get("ETag", "")
        if not mark or mark.startswith("W/"):  # a weak one does not stand for the very bytes
            mark = answer.headers.get("Last-Modified", "")
        return Stream(start, size, mark, self._blocks(answer))

    def _blocks(self, answer: httpx.Response) -> Iterator[bytes]:
        with self._reaching():
            yield from answer.iter_raw()

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError as error:
            # Its text may hold the address with all that is secret in it.
            raise SourceError(
                f"cannot be reached, or broke off ({type(error).__name__})",
                NETWORK,
                passing=not isinstance(error, httpx.UnsupportedProtocol),
            ) from None
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise SourceError(f"cannot be followed ({type(error).__name__})") from None


def hub(address: str) -> Web:
    """Hugging Face, or the mirror ``HF_ENDPOINT`` names; the token in ``HF_TOKEN`` is used.

    :param address: one that :data:`HUB` matches.
    :raises RunnerError: ``package_missing``.
    """
    try:
        from huggingface_hub import get_token, hf_hub_url
    except ImportError:
        raise package_missing("huggingface_hub", address) from None
    match = HUB.fullmatch(address)
    assert match
    repository, path, revision = match.groups()
    url = hf_hub_url(repository, path, revision=revision)
    token = get_token()
    return Web(url, address, {"Authorization": f"Bearer {token}"} if token else None, TERMS)


def _safe(request: httpx.Request) -> None:
    """Before every request, also one that an answer led to."""
    if request.url.scheme != "https" and not is_loopback(str(request.url)):
        raise SourceError("leads to an address without https")
