"""Where files come from: Hugging Face, https, S3, a folder.

An address is shown without what may be secret in it: no user, no password, no query.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from ...storyboard.errors import InputError
from ..server.address import is_loopback
from . import hub
from .bucket import Bucket
from .hub import Hub
from .streams import CHUNK, SourceError, Stream, Streamed, scheme_of, without_secrets
from .web import Web

Source = Streamed | Hub


class OnDisk:
    """A file of this machine, or of a drive it sees."""

    def __init__(self, path: Path) -> None:
        self.shown = str(path)
        self._path = path

    @contextmanager
    def open(self, start: int, mark: str) -> Iterator[Stream]:
        """See :class:`.streams.Streamed`."""
        with ExitStack() as stack:
            try:
                status = self._path.stat()
                if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for
                    raise SourceError("is no regular file")
                file = stack.enter_context(self._path.open("rb"))
            except (FileNotFoundError, NotADirectoryError):
                raise SourceError("is not there", missing=True) from None
            except OSError as error:
                raise SourceError(f"cannot be read: {error.strerror}") from None
            now = f"{status.st_size} {status.st_mtime_ns}"
            if start > status.st_size or mark not in ("", now):
                start = 0
            file.seek(start)
            yield Stream(start, status.st_size, now, self._blocks(file))

    @staticmethod
    def _blocks(file: IO[bytes]) -> Iterator[bytes]:
        try:
            while block := file.read(CHUNK):
                yield block
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}") from None


def source(address: str) -> Source:
    """The source an address names.

    ``hf://OWNER/NAME/PATH@REVISION``, ``https://…``, ``s3://BUCKET/KEY``, or a path.

    :raises InputError: ``source_invalid``.
    :raises RunnerError: ``package_missing``.
    """
    scheme = scheme_of(address)
    parts = _split(address)
    if scheme == "hf":
        if not hub.ADDRESS.fullmatch(address):
            raise _invalid(address, "it is not of the form hf://OWNER/NAME/PATH@REVISION")
        return Hub(address)
    if scheme == "s3":
        key = address.removeprefix(f"s3://{parts.netloc}/")
        if not parts.netloc or not key or key == address:
            raise _invalid(address, "it names no file in a bucket")
        return Bucket(parts.netloc, key)
    if scheme in ("http", "https"):
        if not parts.hostname:
            raise _invalid(address, "it names no machine")
        if scheme == "http" and not is_loopback(address):
            raise _invalid(address, "plain http is for this machine only")
        return Web(address)
    if scheme:
        raise _invalid(address, f"{scheme}:// is not known")
    return OnDisk(Path(os.path.expanduser(address)))


def mirrored(place: str, path: str) -> list[Source]:
    """Where a mirror may have a file: under its path, or under its bare name.

    :param place: a folder, or an address that files lie below.
    :param path: of the file, below the models folder.
    :raises InputError: ``source_invalid``.
    """
    names = list(dict.fromkeys((path, path.rpartition("/")[2])))
    scheme = scheme_of(place)
    if not scheme:
        folder = Path(os.path.expanduser(place))
        if not folder.is_dir():
            raise _invalid(place, "there is no such folder")
        return [OnDisk(folder / name) for name in names]
    parts = _split(place)
    if scheme == "hf" or not parts.netloc:
        raise _invalid(place, "a mirror is a folder, or an address with https:// or s3://")
    base = parts.path.rstrip("/")
    paths = [f"{base}/{name if scheme == 's3' else quote(name)}" for name in names]
    return [source(urlunsplit(parts._replace(path=path))) for path in paths]


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port  # says whether it is one
    except ValueError as error:
        raise _invalid("that address", str(error)) from None
    return parts


def _invalid(address: str, why: str) -> InputError:
    return InputError(
        "source_invalid",
        f"Files cannot be fetched from {without_secrets(address) or 'nowhere'}: {why}.",
        "Give a folder, or an address that begins with https://, s3:// or hf://.",
    )
