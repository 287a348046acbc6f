"""Reading what stands at the edges of a file of weights: its kind, its names, its length.

Only headers are read, so a file of ten gigabytes costs what one of ten megabytes does.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Literal

from .pickles import Contents, Tensor, read_pickle

Kind = Literal["safetensors", "pickle", "onnx", "unknown"]
Shapes = Mapping[str, tuple[int, ...]]

MAX_HEADER = 100_000_000
"""Bytes of a safetensors header that its own library still reads."""
MAX_PICKLE = 64 * 2**20
"""Bytes of the pickle of a torch file: that of SDXL has half a megabyte."""
LEGACY_PICKLES = 5
"""A torch file from before 1.6: magic number, version, machine, contents, names of storages."""
SAFETENSORS = (".safetensors", ".sft")
TORCH = (".ckpt", ".pt", ".pt2", ".bin", ".pth", ".pkl")


@dataclass
class Header:
    """What the edges of a file tell."""

    kind: Kind
    problem: str = ""
    """Why it cannot be loaded, as the end of a sentence; nothing if it can."""
    code: tuple[str, ...] = ()
    """What loading it would call, though a file of weights has no business to."""
    tensors: Shapes = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)


def read_header(path: Path, suffix: str) -> Header:
    """Read the edges of a file.

    :param suffix: by which ComfyUI decides how to load it.
    :raises OSError: if it cannot be read at all.
    """
    size = path.stat().st_size
    suffix = suffix.lower()
    with path.open("rb") as file:
        start = file.read(512)
        file.seek(0)
        if (problem := _no_weights(start)) or not size:
            return Header("unknown", problem or "is empty")
        if suffix == ".onnx":
            return Header("onnx", _onnx(file, size))
        inside = _kind(start)
        if suffix in SAFETENSORS and inside == "pickle":
            return Header("unknown", "is no safetensors file but a torch file with a wrong ending")
        if suffix in TORCH and inside == "safetensors":
            return Header("unknown", "is a safetensors file with a wrong ending")
        if suffix in SAFETENSORS or inside == "safetensors":
            return _safetensors(file, size)
        if inside == "pickle" or suffix in TORCH:
            return _torch(file, zipped=start.startswith(b"PK"))
    return Header("unknown", "is no file of weights")


def _kind(start: bytes) -> Kind:
    if start.startswith((b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")):
        return "pickle"
    length = int.from_bytes(start[:8], "little")
    return "safetensors" if start[8:9] == b"{" and length <= MAX_HEADER else "unknown"


def _no_weights(start: bytes) -> str:
    """What people get who save a page instead of the file behind it."""
    text = start.lstrip().lower()
    if text.startswith((b"<!doctype", b"<html")):
        return "is a web page that was saved in place of the file"
    if text.startswith(b"version https://git-lfs"):
        return "is a pointer of Git LFS in place of the file"
    return ""


def _safetensors(file: IO[bytes], size: int) -> Header:
    """https://huggingface.co/docs/safetensors: length of the header, header as JSON, data."""
    length = int.from_bytes(file.read(8), "little")
    if length > MAX_HEADER:
        return Header("safetensors", "is no safetensors file, or its start is damaged")
    if 8 + length > size:
        return Header("safetensors", f"is cut off after {size} bytes, inside its header")
    try:
        entries = json.loads(file.read(length))
        metadata = entries.pop("__metadata__", {})
        ends = [entry["data_offsets"][1] for entry in entries.values()]
        tensors = {name: tuple(map(int, entry["shape"])) for name, entry in entries.items()}
        missing = 8 + length + max(ends, default=0) - size
        texts = {str(name): str(value) for name, value in metadata.items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Header("safetensors", "has a damaged header")
    problem = ""
    if missing > 0:
        problem = f"is cut off: its last {missing} bytes are missing"
    elif missing < 0:
        problem = f"has {-missing} bytes too many at its end"
    return Header("safetensors", problem, (), tensors, texts)


def _torch(file: IO[bytes], zipped: bool) -> Header:
    contents, problem = _zipped(file) if zipped else _legacy(file)
    code = tuple(dict.fromkeys(name for content in contents for name in content.code))
    damage = next((f"has a damaged pickle ({c.damage})" for c in contents if c.damage), "")
    problem = problem or damage
    names: dict[str, tuple[int, ...]] = {}
    for content in contents:
        names |= _flat(content.root)
    return Header("pickle", problem, code, names)


def _zipped(file: IO[bytes]) -> tuple[list[Contents], str]:
    """The pickles of a torch file since 1.6, which is an uncompressed zip archive."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".pkl")]
            if not any(m.filename.endswith("data.pkl") for m in members):
                return [], "is a zip archive, but no file of weights"
            if sum(m.file_size for m in members) > MAX_PICKLE:
                return [], "has a longer list of names than any model"
            return [read_pickle(BytesIO(archive.read(member))) for member in members], ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        return [], "is cut off or damaged: the list of contents at its end cannot be read"


def _legacy(file: IO[bytes]) -> tuple[list[Contents], str]:
    """The pickles of an older torch file, one after the other; raw numbers follow them.

    How long the numbers should be is not looked at: such a file that is cut off is not noticed.
    """
    start = BytesIO(file.read(MAX_PICKLE))
    found = []
    while len(found) < LEGACY_PICKLES:
        found.append(read_pickle(start))
        if len(found) == 1 and not isinstance(found[0].root, int):
            # Loading it would still call what it names.
            return found, "is no file of weights"
        if found[-1].damage:
            return found, "is cut off or damaged"
    return found, ""


def _flat(tree: Any) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the tensors in dicts of dicts, joined by dots, as safetensors has them.

    ComfyUI unwraps ``state_dict`` (``comfy/utils.py``), so that name is left out.
    """
    if isinstance(tree, dict) and isinstance(tree.get("state_dict"), dict):
        tree = tree["state_dict"]
    found: dict[str, tuple[int, ...]] = {}
    todo, seen = [("", tree)], set()
    while todo:
        prefix, item = todo.pop()
        if isinstance(item, Tensor):
            found[prefix.removesuffix(".")] = item.shape
        elif isinstance(item, dict) and id(item) not in seen:  # each once, or a knot has no end
            seen.add(id(item))
            todo += [(f"{prefix}{name}.", value) for name, value in item.items()]
    return found


def _onnx(file: IO[bytes], size: int) -> str:
    """Whether the fields of the outermost protobuf message fill the file exactly."""
    place = 0
    while place < size:
        file.seek(place)
        head = file.read(20)
        tag, used = _varint(head)
        kind = tag & 7
        if kind == 2:
            length, more = _varint(head[used:])
            place += used + more + length
        elif kind == 0:
            place += used + _varint(head[used:])[1]
        elif kind in (1, 5):
            place += used + (8 if kind == 1 else 4)
        else:
            return "is no ONNX model, or its start is damaged"
    return "" if place == size else "is cut off"


def _varint(data: bytes) -> tuple[int, int]:
    """A number of protobuf's variable length, and how many bytes it takes."""
    number = 0
    for index, byte in enumerate(data[:10]):
        number |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return number, index + 1
    return number, max(1, len(data[:10]))
