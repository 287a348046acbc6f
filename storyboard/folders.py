"""Where a board lies: names that any file system takes, and that never lead out of their root."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from .errors import InputError

_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$")  # names Windows keeps for devices


def board_folder(root: Path, name: str) -> Path:
    """The folder of a board called ``name`` below ``root``, ComfyUI's output folder.

    ``.`` is ``root`` itself; ``a/b`` nests. Every part is made safe for any file system.

    :raises InputError: ``folder_outside`` if the name leads out of ``root``.
    """
    parts = [part.strip() for part in re.split(r"[/\\]+", name.strip()) if part.strip()]
    outside = InputError(
        "folder_outside",
        f"The board name {name!r} leads out of the output folder.",
        "Use a plain name such as 'storyboard' or 'aldar/storyboard'.",
    )
    if not parts or ".." in parts or re.match(r"^([/\\]|[A-Za-z]:)", name.strip()):
        raise outside
    folder = root.joinpath(*(_safe(part) for part in parts if part != "."))
    if not folder.resolve().is_relative_to(root.resolve()):
        raise outside
    return folder


def slug(text: str, limit: int = 40) -> str:
    """Lower-case words of ``text`` joined by ``-``, at most ``limit`` characters; may be empty."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower())
    return "-".join(words)[:limit].strip("-")


def _safe(part: str) -> str:
    """The part itself if any file system takes it, else its slug and a hash of it."""
    plain = re.fullmatch(r"\w[\w .-]{0,78}\w|\w", part) and len(part.encode()) <= 200
    if plain and not _RESERVED.match(part.split(".")[0].lower()):
        return part
    mark = hashlib.sha256(part.encode("utf-8")).hexdigest()[:8]
    return f"{slug(part)}-{mark}".lstrip("-")
