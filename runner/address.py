"""Addresses of servers: in one form, and without what must not be kept or printed."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit, urlunsplit

from ..storyboard.errors import InputError


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


def without_login(url: str) -> str:
    """An address as it may be kept and printed: without user and password; empty if malformed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
