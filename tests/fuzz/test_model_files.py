"""Files of weights from strangers: looked into, or refused; nothing runs, nothing hangs."""

from __future__ import annotations

import io
import json
import pickle
import tempfile
import zipfile
from pathlib import Path

import pytest
from aldar_storyboard.runner.models.inspect import examine
from hypothesis import given
from hypothesis import strategies as st

ENTRY = {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]}
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([float("inf"), float("nan"), 2**63, -1, 10**400])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.dictionaries(
    st.sampled_from(["dtype", "shape", "data_offsets", "x"]),
    VALUES | st.lists(st.integers(-1, 20) | st.floats(), max_size=3),
)
HEADERS = st.dictionaries(
    st.sampled_from(["a", "__metadata__", "lora_unet_x.lora_down.weight", "x" * 600, ""]),
    FIELDS | VALUES | st.just(ENTRY),
)
OPCODES = st.sampled_from([bytes([code]) for code in b"(.0122JKMNRXY)]}abcdeghijlopqrstu"]) | (
    st.sampled_from(
        [
            b"\x80\x02", b"\x80\x04", b"\x81", b"\x82\x05", b"\x85", b"\x86", b"\x87", b"\x88",
            b"\x8a\x01\x05", b"\x8c\x02os", b"\x8c\x06system", b"\x90", b"\x91", b"\x92",
            b"\x93", b"\x94", b"cos\nsystem\n", b"ccollections\nOrderedDict\n",
            b"ctorch._utils\n_rebuild_tensor_v2\n", b"I7\n", b"K\x02", b"q\x00", b"h\x00", b"Q",
            b"X\x01\x00\x00\x00a", b"ibuiltins\neval\n", b"P1\n", b"Uxxx", b"L5L\n", b"F1e999\n",
        ]
    )
)  # fmt: skip
"""Pieces of pickles, whole and broken."""


@pytest.fixture(scope="module")
def path() -> Path:
    return Path(tempfile.mkdtemp()) / "x"


def look(path: Path, suffix: str, content: bytes) -> None:
    """Whatever a file holds, it is described, or it is told why it cannot be used."""
    path = path.with_suffix(suffix)
    path.write_bytes(content)
    file = examine(path)
    assert len(file.unfit("sdxl")) < 1000
    assert all(size >= 0 for shape in file.tensors.values() for size in shape) or not file.whole


def safetensors(header: bytes, data: bytes = b"") -> bytes:
    return len(header).to_bytes(8, "little") + header + data


@given(HEADERS, st.binary(max_size=30))
def test_any_header_of_safetensors(path: Path, header: object, data: bytes):
    look(path, ".safetensors", safetensors(json.dumps(header).encode("utf-8", "replace"), data))


@given(st.data())
def test_a_good_safetensors_file_with_wrong_bytes(path: Path, data: st.DataObject):
    good = bytearray(safetensors(json.dumps({"a.weight": ENTRY}).encode(), bytes(12)))
    for _ in range(data.draw(st.integers(1, 5))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    look(path, ".safetensors", bytes(good[: data.draw(st.integers(0, len(good)))]))


@given(st.lists(OPCODES, max_size=60), st.booleans(), st.booleans())
def test_any_pickle(path: Path, opcodes: list[bytes], ended: bool, zipped: bool):
    content = b"\x80\x02" + b"".join(opcodes) + (b"." if ended else b"")
    if zipped:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("x/data.pkl", content)
        content = archive.getvalue()
    look(path, ".ckpt", content)


@given(st.data())
def test_a_good_torch_file_with_wrong_bytes(path: Path, data: st.DataObject):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", data.draw(st.sampled_from([0, 8]))) as file:
        file.writestr("x/data.pkl", pickle.dumps({"a": {"b": (1, 2)}, "c": [3]}, 2))
        file.writestr("x/data/0", bytes(20))
    good = bytearray(archive.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(4, len(good) - 1))] = data.draw(st.integers(0, 255))
    look(path, ".bin", bytes(good[: data.draw(st.integers(0, len(good)))]))


@given(st.binary(max_size=200), st.sampled_from([".onnx", ".ckpt", ".safetensors", ".pt", ".x"]))
def test_any_bytes_under_any_name(path: Path, content: bytes, suffix: str):
    look(path, suffix, content)
