"""Reading what stands at the edges of a file of weights: its kind, its names, its length.

Only headers are read, so a file of ten gigabytes costs what one of ten megabytes does.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from math import prod
from pathlib import Path
from typing import IO, Any, Literal

from . import archives
from .pickles import Contents, Tensor, read_pickle

Kind = Literal["safetensors", "pickle", "onnx", "unknown"]

MAX_HEADER = 8 * 2**20
"""Bytes of a safetensors header: that of SDXL has 0.3 MB, a long record of a training a few."""
MAX_PICKLE = 8 * 2**20
"""Bytes of the pickles of a torch file: that of SDXL has half a megabyte."""
MAX_FIELDS = 10_000
"""Outermost fields of an ONNX model: most have ten."""
MAX_NAME = 500
"""Characters of a tensor's name: the longest known have 150."""
MAX_DEPTH = 32
"""Dicts in dicts in which a torch file's tensors lie."""
MEMBERS = 16
"""Pickles in one torch file."""
BITS = {
    "F64": 64, "I64": 64, "U64": 64, "C64": 64, "F32": 32, "I32": 32, "U32": 32,
    "F16": 16, "BF16": 16, "I16": 16, "U16": 16, "I8": 8, "U8": 8, "BOOL": 8,
    "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F6_E2M3": 6, "F6_E3M2": 6, "F4": 4,
}  # fmt: skip
"""Bits of a number in safetensors."""
LEGACY_PICKLES = 5
"""A torch file from before 1.6: magic number, version, machine, contents, names of storages."""
SAFETENSORS = (".safetensors", ".sft")
TORCH = (".ckpt", ".pt", ".pt2", ".bin", ".pth", ".pkl")


@dataclass(frozen=True)
class Header:
    """What the edges of a file tell."""

    kind: Kind
    """How it is written; ``pickle`` is a torch file."""
    problem: str = ""
    """Why it cannot be loaded, as the end of a sentence: 'is cut off: …'; nothing if it can."""
    code: tuple[str, ...] = ()
    """Functions that loading it would call and a file of weights may not: ``os.system``."""
    tensors: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False)
    """Name -> shape."""
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What its author wrote into it."""
    size: int = 0
    """Of the file, in bytes."""


def read_header(path: Path, suffix: str) -> Header:
    """Read the edges of a file; what is no file, or cannot be read, is one with a problem.

    :param suffix: by which ComfyUI decides how to load it.
    :raises FileNotFoundError: if nothing is there.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # to open a pipe would wait for its other end
            return Header("unknown", "is a folder" if path.is_dir() else "is no regular file")
        with path.open("rb") as file:
            return replace(_read(file, status.st_size, suffix.lower()), size=status.st_size)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:  # a loop of links, no permission, no path at all
        why = getattr(error, "strerror", None) or str(error)
        return Header("unknown", f"cannot be read: {why}")


def _read(file: IO[bytes], size: int, suffix: str) -> Header:
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
        if length <= size:
            return Header("safetensors", "has a longer list of names than any model")
        return Header("safetensors", "is no safetensors file, or its start is damaged")
    if 8 + length > size:
        return Header("safetensors", f"is cut off after {size} bytes, inside its header")
    try:
        entries = json.loads(file.read(length))
        metadata = entries.pop("__metadata__", {})
        texts = {name: value for name, value in metadata.items() if isinstance(value, str)}
        tensors = {name: tuple(entry["shape"]) for name, entry in entries.items()}
        end = _end(entries)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Header("safetensors", "has a damaged header")
    missing = 8 + length + end - size
    problem = ""
    if missing > 0:
        problem = f"is cut off: its last {missing} bytes are missing"
    elif missing < 0:
        problem = f"has {-missing} bytes too many at its end"
    return Header("safetensors", problem, (), tensors, texts)


def _end(entries: Mapping[str, Any]) -> int:
    """Where the last tensor ends: they lie one behind the other, as the format demands.

    :raises ValueError: if they do not, or a number is none.
    """
    place = 0
    order = sorted(entries.items(), key=lambda item: tuple(item[1]["data_offsets"]))
    for name, entry in order:
        begin, end = entry["data_offsets"]
        numbers = (begin, end, *entry["shape"])
        bits = BITS.get(entry["dtype"])
        if len(name) > MAX_NAME or begin != place or end < begin:
            raise ValueError(name)
        if not all(type(number) is int and number >= 0 for number in numbers):
            raise ValueError(name)
        if bits and prod(entry["shape"]) * bits != (end - begin) * 8:
            raise ValueError(name)
        place = end
    return place


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
        with archives.opened(file) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".pkl")]
            if not any(m.filename.endswith("data.pkl") for m in members):
                return [], "is a zip archive, but no file of weights"
            if sum(m.file_size for m in members) > MAX_PICKLE or len(members) > MEMBERS:
                return [], "has a longer list of names than any model"
            packed = (archives.read(archive, member, MAX_PICKLE) for member in members)
            return [read_pickle(BytesIO(pickle)) for pickle in packed], ""
    except archives.DAMAGE:
        return [], "is cut off or damaged: the list of contents at its end cannot be read"


def _legacy(file: IO[bytes]) -> tuple[list[Contents], str]:
    """The pickles of an older torch file, one after the other; raw numbers follow them.

    How long the numbers should be is not looked at: such a file that is cut off is not noticed.
    """
    start = BytesIO(file.read(MAX_PICKLE))
    pickles: list[Contents] = []
    while len(pickles) < LEGACY_PICKLES:
        pickles.append(read_pickle(start))
        if len(pickles) == 1 and not isinstance(pickles[0].root, int):
            # Loading it would still call what it names.
            return pickles, "is no file of weights"
        if pickles[-1].damage:
            return pickles, "is cut off or damaged"
    return pickles, ""


def _flat(tree: Any) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the tensors in dicts of dicts, joined by dots, as safetensors has them.

    ComfyUI unwraps ``state_dict`` (``comfy/utils.py``), so that name is left out.
    """
    if isinstance(tree, dict) and isinstance(tree.get("state_dict"), dict):
        tree = tree["state_dict"]
    tensors: dict[str, tuple[int, ...]] = {}
    todo, seen = [("", tree, 0)], set()
    while todo:
        prefix, item, depth = todo.pop()
        if isinstance(item, Tensor):
            tensors[prefix.removesuffix(".")] = item.shape
        elif isinstance(item, dict) and id(item) not in seen and depth < MAX_DEPTH:
            seen.add(id(item))  # each once, or a knot has no end
            todo += [
                (f"{prefix}{name}.", value, depth + 1)
                for name, value in item.items()
                if len(prefix) + len(name) < MAX_NAME
            ]
    return tensors


def _onnx(file: IO[bytes], size: int) -> str:
    """Whether the fields of the outermost protobuf message fill the file exactly."""
    place = 0
    for _ in range(MAX_FIELDS):
        if place >= size:
            return "" if place == size else "is cut off"
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
            break
    return "is no ONNX model, or its start is damaged"


def _varint(data: bytes) -> tuple[int, int]:
    """A number of protobuf's variable length, and how many bytes it takes."""
    number = 0
    for index, byte in enumerate(data[:10]):
        number |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return number, index + 1
    return number, max(1, len(data[:10]))
