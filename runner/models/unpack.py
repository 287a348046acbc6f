"""Taking the files of the manifest out of an archive, and nothing else."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from ...storyboard.errors import RunnerError
from ...storyboard.files import replacing
from . import archives
from .folder import BLOCK, ModelsFolder, disk
from .manifest import ModelFile, Piece


def unpack(file: ModelFile, pieces: Sequence[Piece], archive: Path, folder: ModelsFolder) -> None:
    """Put some files of an archive into their places, all of them or none.

    Where a file goes is said by the manifest, never by the archive.

    :raises RunnerError: ``model_wrong``.
    :raises StoreError: ``disk_full`` or ``folder_unwritable``.
    """
    hashes = {}
    try:
        with (
            disk(file.path, archive.parent),
            ExitStack() as places,  # left well, it puts all of them into their places
            archive.open("rb") as packed,
            archives.opened(packed) as opened,
        ):
            for piece in pieces:
                place = folder.place(piece)
                place.parent.mkdir(parents=True, exist_ok=True)
                unpacked = places.enter_context(replacing(place))
                hashes[piece] = _extract(file, piece, opened, unpacked)
    except archives.DAMAGE as error:
        raise _wrong(file, f"it is damaged ({error})") from error
    for piece, sha256 in hashes.items():
        folder.record(piece, sha256, file.name)


def _extract(file: ModelFile, piece: Piece, archive: zipfile.ZipFile, target: BinaryIO) -> str:
    """Write one file of the archive; return its sha256."""
    name = piece.path.rpartition("/")[2]
    folder = file.name.removesuffix(".zip")
    entry = next((n for n in (name, f"{folder}/{name}") if n in archive.NameToInfo), None)
    if entry is None:
        raise _wrong(file, f"it does not hold {name}")
    member = archive.getinfo(entry)
    size = member.file_size
    if member.compress_type not in archives.METHODS:
        raise _wrong(file, f"its {name} is packed in an unusual way")
    if size != piece.bytes:
        raise _wrong(file, f"its {name} has {size} bytes, not the {piece.bytes} published")
    digest = hashlib.sha256()
    with archive.open(entry) as packed:
        while block := packed.read(BLOCK):
            digest.update(block)
            target.write(block)
    if piece.sha256 not in (None, digest.hexdigest()):
        raise _wrong(file, f"its {name} has sha256 {digest.hexdigest()}, not {piece.sha256}")
    return digest.hexdigest()


def _wrong(file: ModelFile, why: str) -> RunnerError:
    return RunnerError(
        "model_wrong",
        f"The archive {file.path} cannot be used: {why}.",
        "Remove it and pull again, or give a copy you trust with --from.",
    )
