"""Strangers' words as a story may hold them: clean, without prompt syntax, cut to length."""

from __future__ import annotations

import re
import unicodedata

from ...prompts.compose import plain, untagged
from .foreign import printable


def spoken(text: str, limit: int) -> str:
    """A caption or line without ``<lora:…>`` and ``embedding:…``, at most ``limit`` letters."""
    return shorten(" ".join(untagged(printable(text)).split()), limit)


def worded(text: str, limit: int) -> str:
    """Words for a prompt, without any prompt syntax, at most ``limit`` letters."""
    return shorten(plain(printable(text)), limit, "")


def shorten(text: str, limit: int, end: str = "…") -> str:
    """Cut at a word; NFC first, because the story counts letters so."""
    text = unicodedata.normalize("NFC", text)
    if len(text) <= limit:
        return text
    head = text[: limit - len(end)]
    cut = head.rfind(" ")
    return head[: cut if cut > limit // 2 else None].rstrip(" ,.;:—–-") + end


def english(text: str, limit: int) -> str:
    """Words for a prompt, or nothing if they are not in Latin letters."""
    words = worded(text, limit)
    return "" if re.search(r"[^\W\d_a-zA-ZÀ-ɏ]", words) else words
