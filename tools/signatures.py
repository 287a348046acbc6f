"""What the builder knows of node classes: signatures recorded from a running ComfyUI.

:func:`record` reads those of this pack and of ComfyUI's own nodes again; a test keeps them equal
to what the supported ComfyUI says. Those of other packs were recorded from a running ComfyUI with
the pack, and are kept.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).with_name("recorded")
COMFYUI, PACKS = RECORDED / "comfyui.json", RECORDED / "ipadapter_plus.json"
CORE = (
    "BasicScheduler",
    "CFGGuider",
    "CLIPVisionLoader",
    "CheckpointLoaderSimple",
    "ControlNetApplyAdvanced",
    "ControlNetLoader",
    "KSamplerSelect",
    "LoadImage",
    "LoraLoader",
    "LoraLoaderModelOnly",
    "SamplerCustomAdvanced",
    "VAEDecode",
)
"""ComfyUI's own nodes that the workflows use."""
GROUPS = ("required", "optional", "hidden")
"""Of inputs."""


def load() -> dict[str, Any]:
    """Class -> signature, as ``GET /object_info`` gives it."""
    recorded = json.loads(COMFYUI.read_text("utf-8"))
    packs = json.loads(PACKS.read_text("utf-8"))["nodes"]
    return recorded | {name: _signature(node) for name, node in packs.items()}


def without_files(info: dict[str, Any]) -> dict[str, Any]:
    """A signature without what differs from machine to machine: the files in its menus."""
    kept = {key: info[key] for key in ("input", "output", "output_name")}
    emptied = json.loads(json.dumps(kept))
    for group in ("required", "optional"):
        for spec in emptied["input"].get(group, {}).values():
            if isinstance(spec[0], list) and all("." in str(choice) for choice in spec[0]):
                spec[0] = []
    return emptied


def _signature(node: dict[str, Any]) -> dict[str, Any]:
    """A node of another pack, from the short form its signatures are kept in."""
    groups: dict[str, dict[str, Any]] = {"required": {}, "optional": {}}
    for name, given in node["inputs"].items():
        options = {k: v for k, v in given.items() if k not in ("required", "type", "options")}
        kind: Any = given["type"]
        if kind == "COMBO":
            kind = given["options"] if isinstance(given["options"], list) else []
        groups["required" if given["required"] else "optional"][name] = [kind, options]
    outputs = node["outputs"]
    return {
        "input": groups,
        "output": [output["type"] for output in outputs],
        "output_name": [output["name"] for output in outputs],
    }


def record() -> None:
    """Start a ComfyUI, and write the signatures it gives."""
    from ..runner.server import comfyui, process
    from ..runner.server.client import Client

    with (
        tempfile.TemporaryDirectory() as output,
        process.started(comfyui.find(), Path(output)) as server,
        Client(server.url) as client,
    ):
        running = client.object_info()
    signatures = {
        name: {key: value for key, value in info.items() if key != "python_module"}
        for name, info in running.items()
        if name.startswith("Aldar") and not name.startswith("AldarLoop")
    }
    signatures |= {name: without_files(running[name]) for name in CORE}
    for info in signatures.values():  # ComfyUI gives the groups in another order every time
        info["input"] = {group: info["input"][group] for group in GROUPS if group in info["input"]}
    COMFYUI.write_text(json.dumps(signatures, ensure_ascii=False, indent=1) + "\n", "utf-8")
