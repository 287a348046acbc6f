"""The words of strangers, before they are kept or printed.

What an endpoint sends ends in stories, reports, caches and terminals. It gets there without
control characters, without escape sequences, and without the user's key.
"""

from __future__ import annotations

import base64
import re

from ..offline.language import seen

MIN_KEY = 8
"""Letters of a key worth hiding. A shorter one is a dummy (``ollama``, ``x``) of a server that
asks for none, and masking it would only damage words."""

MASK = "***"

_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\x9d]*(?:\x07|\x1b\\|\x9c)"  # titles, links
    r"|\x1b[ -/]*[0-~]"
)
_USER = re.compile(r"(?<=//)[^/?#@\s]*@")
_QUERY = re.compile(r"([?&][\w-]*(?:key|token|secret|password)=)[^&\s'\")]+", re.IGNORECASE)


def paired(text: str) -> str:
    """A text that can be encoded: halves of surrogate pairs are joined or dropped."""
    if text.isascii():
        return text
    halves = text.encode("utf-16-le", "surrogatepass")
    return halves.decode("utf-16-le", "replace").replace("\ufffd", "")


def printable(text: str) -> str:
    """A text without control and format characters and terminal escapes; lines stay lines."""
    return seen(_ESCAPE.sub("", paired(text)), kept="\n\t")


def one_line(text: str, limit: int) -> str:
    """The same on one line of at most ``limit`` letters, without what addresses may hold."""
    line = " ".join(printable(text[: 20 * limit]).split())
    line = _QUERY.sub(rf"\1{MASK}", _USER.sub(f"{MASK}@", line))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


class Mask:
    """Replaces a key in texts, however it is spelled.

    Looked for are letters and digits only, in any case: so a key is found with blanks, line breaks
    or other marks between its letters; backwards; in Base64 (also inside a longer text), in hex,
    in percent and ``\\u`` escapes; and half of it is as bad as the whole. A key shorter than
    :data:`MIN_KEY` is left alone.
    """

    def __init__(self, key: str) -> None:
        self._key = key if len(key) >= MIN_KEY else ""
        bare = _bare(self._key)
        if len(bare) < MIN_KEY:
            bare = ""
        self._width = min(len(bare), max(12, len(bare) // 2))
        """Letters in a row that give the key away."""
        spelled = [_bare(text) for text in _spellings(self._key)] if bare else []
        self._pieces = {
            text[i : i + self._width]
            for text in spelled
            for i in range(len(text) - self._width + 1)
        }

    def __call__(self, text: str) -> str:
        if not self._key:
            return text
        text = text.replace(self._key, MASK)
        if not self._pieces:
            return text
        places = [letter.start() for letter in re.finditer(r"[A-Za-z0-9]", text)]
        bare, width = _bare(text), self._width
        shown, at, end = [], 0, -1
        for i in range(len(bare) - width + 1):
            if bare[i : i + width] in self._pieces:
                if places[i] > end:
                    shown += [text[at : places[i]], MASK]
                end = places[i + width - 1]
                at = end + 1
        return "".join([*shown, text[at:]])


def _bare(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", text).lower()


def _spellings(key: str) -> list[str]:
    raw = key.encode()
    spelled = [
        key,
        key[::-1],
        raw.hex(),
        "".join(c if c.isalnum() or c in "-._~" else f"%{ord(c):02x}" for c in key),
        "".join(f"u{byte:04x}" for byte in raw),
    ]
    for before in range(3):  # where the key begins in a longer text that is encoded
        whole = base64.b64encode(bytes(before) + raw + bytes(2)).decode()
        spelled.append(whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6])
    return spelled
