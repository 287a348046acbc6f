"""Files: written whole or not at all, a disk's refusal told as one error, and hashes."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from .errors import StoreError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PART = ".part"
"""Ending of a file that is not whole yet."""


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, never a part.

    Its folder is made if it is not there.

    :raises StoreError: ``disk_full`` or ``folder_unwritable``; the old file is unchanged then.
    """
    with disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(data)


@contextmanager
def replacing(path: Path, shared: bool = False) -> Iterator[BinaryIO]:
    """A file to write that takes the place of ``path`` once it is whole and on the disk.

    Whatever is raised inside leaves the old file as it is, and nothing of the new one.

    :param shared: whether other processes may be writing the same file: then each has a part of
        its own, and a crash leaves one nobody takes for its own.
    :raises OSError: if the folder is missing, or does not take the file.
    """
    own = f".{path.name[:80]}.{uuid.uuid4().hex[:8]}{PART}"
    part = path.with_name(own if shared else path.name + PART)
    try:
        with part.open("xb" if shared else "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def replacing_by_name(path: Path) -> Iterator[Path]:
    """As :func:`replacing`, for a library that opens its file itself: the name it writes to.

    :raises OSError: if the folder is missing, or does not take the file.
    """
    part = path.with_name(path.name + PART)
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second name: a hard link where the file system has them, else a copy.

    :raises StoreError: ``disk_full`` or ``folder_unwritable``; the old target is unchanged then.
    """
    if target.exists() and target.samefile(source):
        return
    with disk_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + PART)
        part.unlink(missing_ok=True)
        try:
            os.link(source, part)
            os.replace(part, target)
        except OSError:  # no hard links here
            write_atomically(target, source.read_bytes())


@contextmanager
def disk_errors(
    folder: Path,
    file: str = "",
    room: str = "Free some space and run the same again; finished takes are kept.",
    access: str = "Choose a folder you may write to.",
) -> Iterator[None]:
    """Tell what the disk refuses inside as the product's error.

    :param folder: where is written, for the message.
    :param file: what is written there, for the message.
    :param room: hint for a full disk.
    :param access: hint for everything else: rights, a file where a folder should be.
    :raises StoreError: ``disk_full`` or ``folder_unwritable`` instead of an :class:`OSError`.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            full = f"There is no room for {file} in {folder}." if file else ""
            raise StoreError("disk_full", full or f"The disk of {folder} is full.", room) from error
        place = f"{file} in {folder}" if file else f"{folder}"
        raise StoreError(
            "folder_unwritable", f"{place} cannot be written: {error.strerror or error}.", access
        ) from error


def hash_of(path: Path, tell: Callable[[int, int], None] = lambda done, size: None) -> str:
    """The sha256 of a file's bytes, in hexadecimal.

    :param tell: called with (bytes read, bytes in all) now and then; may raise to stop it.
    :raises OSError: if it cannot be read.
    """
    hashed, done, size = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as file:
        while block := file.read(2**20):
            hashed.update(block)
            done += len(block)
            tell(done, size)
    return hashed.hexdigest()


def digest(data: Any) -> str:
    """32 hex digits (128 bits of SHA-256) of plain data in canonical JSON."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
