"""Taking the files of the manifest out of an archive, and nothing else."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

from ...storyboard.errors import RunnerError
from . import archives
from .folder import BLOCK, ModelsFolder, part_of, unwritten
from .manifest import ModelFile, Piece


def unpack(file: ModelFile, pieces: Sequence[Piece], archive: Path, folder: ModelsFolder) -> None:
    """Put some files of an archive into their places, all of them or none.

    Where a file goes is said by the manifest, never by the archive.

    :raises RunnerError: ``model_wrong``, ``disk_full`` or ``folder_unwritable``.
    """
    hashes = {}
    try:
        with archive.open("rb") as packed, archives.opened(packed) as opened:
            for piece in pieces:
                hashes[piece] = _extract(file, piece, opened, part_of(folder.place(piece)))
        for piece in pieces:
            place = folder.place(piece)
            part_of(place).replace(place)
    except archives.DAMAGE as error:
        raise _wrong(file, f"it is damaged ({error})") from error
    except OSError as error:
        raise unwritten(file.path, archive.parent, error) from error
    finally:
        for piece in pieces:
            part_of(folder.place(piece)).unlink(missing_ok=True)
    for piece, sha256 in hashes.items():
        folder.record(piece, sha256, file.name)


def _extract(file: ModelFile, piece: Piece, archive: zipfile.ZipFile, part: Path) -> str:
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
    part.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as packed, part.open("wb") as unpacked:
        while block := packed.read(BLOCK):
            digest.update(block)
            unpacked.write(block)
        unpacked.flush()
        os.fsync(unpacked.fileno())
    if piece.sha256 not in (None, digest.hexdigest()):
        raise _wrong(file, f"its {name} has sha256 {digest.hexdigest()}, not {piece.sha256}")
    return digest.hexdigest()


def _wrong(file: ModelFile, why: str) -> RunnerError:
    return RunnerError(
        "model_wrong",
        f"The archive {file.path} cannot be used: {why}.",
        "Remove it and pull again, or give a copy you trust with --from.",
    )
