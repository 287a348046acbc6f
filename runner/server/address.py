"""Addresses of servers: in one form, and without what must not be kept or printed."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit, urlunsplit

from ...storyboard.errors import InputError


def check_url(url: str) -> str:
    """A ComfyUI address as the client uses it: no trailing slash, query or fragment.

    :raises InputError: ``option_invalid`` if it is not an http or https address.
    """
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError
    except ValueError:
        # Its words are not repeated: there may be a password in them.
        raise InputError(
            "option_invalid",
            "The address of the ComfyUI server cannot be used: it is none of a web server.",
            "Write it like http://127.0.0.1:8188. In a user and password, write / as %2F, @ as "
            "%40, # as %23 and : as %3A.",
        ) from None
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
