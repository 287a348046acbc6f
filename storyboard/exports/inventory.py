"""What there is to bring of a board folder, for whoever fetches it from a server."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..errors import StoreError
from ..files import hash_of

JOURNAL = "journal.jsonl"
KEPT = ("takes/*.png", "references/*.png", "panels/*.png")


def inventory(folder: Path, files: Iterable[str]) -> dict[str, Any]:
    """The store's files and the hashes of all that does not change while it is fetched.

    :param files: the exports, relative to ``folder``.
    :returns: ``takes``: every take, the references and the journal; ``sha256``: by file name. The
        journal has none, for another run may write on.
    """
    kept = sorted(
        path.relative_to(folder).as_posix() for pattern in KEPT for path in folder.glob(pattern)
    )
    journal = [JOURNAL] if (folder / JOURNAL).is_file() else []
    return {"takes": [*kept, *journal], "sha256": hashes(folder, [*kept, *files])}


def hashes(folder: Path, files: Iterable[str]) -> dict[str, str]:
    """Name -> sha256 of files of a folder. :raises StoreError: ``store_damaged`` if one is gone."""
    try:
        return {name: hash_of(folder / name) for name in files}
    except OSError as error:
        raise StoreError(
            "store_damaged",
            f"{error.filename} cannot be read: {error.strerror}.",
            "Run the same storyboard again: what is missing is made anew.",
        ) from error
