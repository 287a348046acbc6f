"""Zip archives of strangers: what reading one may cost, and what a damaged one may raise."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO, cast

MAX_DIRECTORY = 8 * 2**20
"""Bytes of an archive's list of contents: that of SDXL has a third of a megabyte."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How a member may be packed: torch stores, people deflate; the others unpack without a bound."""

DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OverflowError,
    LookupError,
)
"""What :mod:`zipfile` raises for a damaged archive."""


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    """The archive in an open file.

    :raises DAMAGE: if its list of contents cannot be read, or is longer than any is.
    """
    return zipfile.ZipFile(cast("IO[bytes]", _Edges(file)))


def read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """A member's content. :raises DAMAGE: also if it has more than ``most`` bytes."""
    if member.file_size > most or member.compress_type not in METHODS:
        raise zipfile.BadZipFile("a member is too large, or packed in an unusual way")
    with archive.open(member) as packed:
        return packed.read(most)


class _Edges:
    """A file of which no more is read at once than a list of contents may have."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size if 0 <= size <= MAX_DIRECTORY else MAX_DIRECTORY + 1)
        if len(data) > MAX_DIRECTORY:
            raise zipfile.BadZipFile("its list of contents is too long")
        return data

    def flush(self) -> None: ...

    def close(self) -> None: ...
