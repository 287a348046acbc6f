"""The model files of the workflows, as the frontend offers to download them."""

from __future__ import annotations

import json
from pathlib import Path

MANIFEST = Path(__file__).parents[2] / "runner" / "models" / "manifest.json"


def offered(folder: str, name: str) -> list[dict[str, str]]:
    """``properties.models`` of a node that loads a file.

    :param folder: below ComfyUI's models folder.
    :raises KeyError: if the manifest does not know the file.
    """
    files = {file["path"]: file for file in json.loads(MANIFEST.read_text("utf-8"))["files"]}
    file = files[f"{folder}/{name}"]
    offer = {"name": name, "url": _address(file["sources"][0]), "directory": folder}
    if file.get("sha256"):
        offer |= {"hash": file["sha256"], "hash_type": "SHA256"}
    return [offer]


def _address(source: str) -> str:
    """Where a browser finds a source of the manifest."""
    if not source.startswith("hf://"):
        return source
    owner, name, path = source.removeprefix("hf://").split("/", 2)
    file, _, revision = path.rpartition("@")
    return f"https://huggingface.co/{owner}/{name}/resolve/{revision}/{file}"
