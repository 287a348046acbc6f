"""Which files the modes need: ``manifest.json``, read and checked.

A size and a hash stand there only if a public source states them (``sha256_from`` says which one);
what nobody states is recorded when the file is first pulled (:mod:`.folder`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Mode = Literal[
    "simple", "guided", "sd15_faceid", "variations_5x5x5", "identity_quick_test", "planner"
]
MODES: tuple[Mode, ...] = get_args(Mode)
"""The modes that need files, and the planner on one's own machine; the draft needs none."""
Base = Literal["", "sdxl", "sd15"]


def _below(path: str) -> str:
    """A relative path that stays where it starts, with ``/``."""
    parts = PurePosixPath(path).parts
    if not parts or path != "/".join(parts) or parts[0] == "/" or {"..", "."} & set(parts):
        raise ValueError("is not a plain path below the models folder")
    if any(mark in path for mark in ("\\", ":", "\0")):
        raise ValueError("holds a character that no path of a model may hold")
    return path


Below = Annotated[str, AfterValidator(_below)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(gt=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Licence(_Strict):
    """What a file may be used for."""

    name: str
    url: str
    accept: bool = False
    """Whether the user has to agree before it is fetched."""


class Member(_Strict):
    """A file inside an archive."""

    name: Below
    bytes: Size
    sha256: Sha256 | None = None


@dataclass(frozen=True)
class Piece:
    """One file as it lies on the disk."""

    path: str
    """Below the models folder, with ``/``."""
    bytes: int | None
    """Size as published, or ``None`` if nobody states it."""
    sha256: str | None
    """Hash as published, or ``None`` if nobody states it."""


class ModelFile(_Strict):
    """A file of weights, or an archive of several."""

    path: Below
    """Below ComfyUI's models folder: ``checkpoints/sd_xl_base_1.0.safetensors``."""
    about: str = ""
    """What it is for, in one sentence."""
    base: Base = ""
    """The architecture it belongs to; nothing if it serves all."""
    modes: tuple[Mode, ...] = ()
    """The modes that use it."""
    optional: bool = False
    """Whether these modes do without it."""
    bytes: Size | None = None
    sha256: Sha256 | None = None
    sha256_from: str = ""
    """Where that hash is stated."""
    licence: Licence = Licence(name="your own", url="")
    page: str = ""
    """Where people read about it."""
    sources: tuple[str, ...] = ()
    """Where it can be had, the best place first; nothing for a file of the user's own."""
    unpack: tuple[Member, ...] = ()
    """For an archive: the files in it. They lie in a folder that is named like the archive."""

    @model_validator(mode="after")
    def _sound(self) -> ModelFile:
        if bool(self.sha256) != bool(self.sha256_from):
            raise ValueError("sha256 and sha256_from go together")
        if self.unpack and not self.path.endswith(".zip"):
            raise ValueError("only a .zip can be unpacked")
        return self

    @property
    def name(self) -> str:
        """The file's name: ``sd_xl_base_1.0.safetensors``."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The folder it lies in, below the models folder: ``checkpoints``."""
        return self.path.rpartition("/")[0]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What lies on the disk when it is there: itself, or the files of the archive."""
        if not self.unpack:
            return (Piece(self.path, self.bytes, self.sha256),)
        folder = self.path.removesuffix(".zip")
        return tuple(Piece(f"{folder}/{m.name}", m.bytes, m.sha256) for m in self.unpack)

    @property
    def paths(self) -> tuple[str, ...]:
        """Its own path, and those of the pieces of an archive."""
        return (self.path, *(piece.path for piece in self.pieces))


class Manifest(_Strict):
    """All files, in the order in which they are listed."""

    files: tuple[ModelFile, ...]

    @model_validator(mode="after")
    def _once(self) -> Manifest:
        paths = [piece.path for file in self.files for piece in file.pieces]
        if len(set(paths)) < len(paths):
            raise ValueError("a path stands there twice")
        return self

    def for_mode(self, mode: str) -> tuple[ModelFile, ...]:
        """The files of a mode, optional ones included; none for the draft."""
        return tuple(file for file in self.files if mode in file.modes)

    def by_name(self, name: str) -> ModelFile | None:
        """The file (or archive) that brings a file of that name, whatever folder is named."""
        name = _slashed(name).rpartition("/")[2]
        return next(
            (f for f in self.files if name in {p.rpartition("/")[2] for p in f.paths}), None
        )

    def of_path(self, path: str) -> ModelFile | None:
        """The file (or archive) that brings what lies at a path below the models folder."""
        return next((file for file in self.files if _slashed(path) in file.paths), None)


def _slashed(path: str) -> str:
    """A path as the manifest writes it: ComfyUI on Windows lists files with backslashes."""
    return path.replace("\\", "/")


@cache
def manifest() -> Manifest:
    """The manifest that comes with the project."""
    return Manifest.model_validate_json(Path(__file__).with_suffix(".json").read_bytes())
