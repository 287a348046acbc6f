"""Export nodes: the board as files."""

from __future__ import annotations

import json
import logging
import platform
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import comfy.model_management
import comfy.utils
import folder_paths
import torch
from comfy_api.latest import io

from ..storyboard.errors import AldarError, StoreError
from ..storyboard.exports import export_board
from ..storyboard.exports.formats import chosen, parse, write
from ..storyboard.exports.inventory import inventory
from ..storyboard.exports.made import Workshop
from ..storyboard.exports.options import FormatOptions
from ..storyboard.exports.workflow import as_queued
from ..storyboard.files import hash_of, write_atomically
from ..storyboard.json_text import NotJson, read_json
from ..storyboard.prompt_graph import PromptGraph
from . import sockets

log = logging.getLogger(__name__)

_MODELS = (".safetensors", ".sft", ".ckpt", ".pt", ".pth", ".bin", ".gguf", ".onnx")
_NO_MODELS = {"custom_nodes", "configs"}


class AldarExportBoard(io.ComfyNode):
    """Writes everything a storyboard is handed over as."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarExportBoard",
            display_name="Export storyboard",
            category="aldar/exports",
            description="Writes frames, contact sheet, shot breakdown, prompts and report into "
            "the folder of the board.",
            inputs=[
                sockets.BOARD.Input("board", tooltip="From Frames: close."),
                io.String.Input(
                    "pipeline",
                    default="draft",
                    tooltip="How the frames were made, for the report.",
                ),
                io.String.Input(
                    "formats",
                    default="",
                    optional=True,
                    tooltip="More files to write, apart by commas: pdf, html, animatic, otio, "
                    "fcpxml, fcp7, edl, storyboarder, csv, frames; or all.",
                ),
                io.String.Input(
                    "options",
                    default="",
                    multiline=True,
                    optional=True,
                    tooltip="Options of the formats, one a line: pdf.per_page=4",
                ),
            ],
            outputs=[],
            hidden=[io.Hidden.prompt, io.Hidden.extra_pnginfo],
            is_output_node=True,
        )

    @classmethod
    def validate_inputs(cls, formats: str | None = "", options: str | None = "") -> bool | str:
        """A format or an option that there is not is told before the first frame is drawn."""
        if formats is None or options is None:  # by a link
            return True
        try:
            _options(formats, options)
        except AldarError as error:
            return str(error)
        return True

    @classmethod
    def execute(
        cls, board: sockets.PlacedBoard, pipeline: str, formats: str = "", options: str = ""
    ) -> io.NodeOutput:
        folder, finished = board
        more = {name: given.inside(folder) for name, given in _options(formats, options).items()}
        metadata = _metadata(as_queued(cls.hidden.prompt or {}), cls.hidden.extra_pnginfo)
        files = export_board(
            finished, folder, pipeline, metadata, workshop=_workshop(cls.hidden.prompt or {})
        )
        files += write(finished, folder, more, _progress())
        below = folder.relative_to(folder_paths.get_output_directory()).as_posix()
        result = {
            "folder": "" if below == "." else below,
            "files": files,
            "frames": len(finished.frames),
            "flagged": len(finished.flagged),
            "complete": finished.complete,
            "note": finished.story.planner.note,
            **inventory(folder, files),
        }
        sheet = {"filename": "contact_sheet.png", "subfolder": result["folder"], "type": "output"}
        return io.NodeOutput(ui={"images": [sheet], "aldar_board": [result]})


def _options(formats: str, options: str) -> dict[str, FormatOptions]:
    return parse(chosen(formats), filter(str.strip, options.split("\n")))


def _progress() -> Callable[[int, int], None]:
    """Shows ComfyUI how far an export is, and stops it where the user interrupts."""
    bar = comfy.utils.ProgressBar(1000)

    def tell(done: int, total: int) -> None:
        comfy.model_management.throw_exception_if_processing_interrupted()
        bar.update_absolute(done, total)

    return tell


def _metadata(prompt: PromptGraph, extra: Any) -> dict[str, str]:
    """What ComfyUI's own SaveImage writes into a picture, as far as a PNG can name it: whoever
    posts a prompt chooses ``extra``."""
    entries: dict[str, Any] = {"prompt": prompt} if prompt else {}
    if isinstance(extra, dict):
        entries |= extra
    return {
        name: json.dumps(value)
        for name, value in entries.items()
        if name.isascii() and name.isprintable() and 0 < len(name) < 80
    }


def _workshop(prompt: PromptGraph) -> Workshop:
    """Versions and model hashes for the report of a board."""
    files = dict(_model_files(prompt))
    return Workshop(versions=_versions(), models=_hashes(files))


def _versions() -> dict[str, str]:
    told = {"python": platform.python_version(), "torch": torch.__version__}
    try:
        told["aldar-storyboard"] = version("aldar-storyboard")
    except PackageNotFoundError:  # unpacked into custom_nodes
        told["aldar-storyboard"] = "unpacked"
    try:
        from comfyui_version import __version__ as comfyui
    except ImportError:
        comfyui = "unknown"
    return {"comfyui": comfyui, **told}


def _model_files(prompt: PromptGraph) -> Iterator[tuple[str, Path]]:
    """``loras/hero.safetensors`` and its path, for every input that names a model file."""
    named = {
        value
        for node in prompt.values()
        for value in node["inputs"].values()
        if isinstance(value, str) and value.lower().endswith(_MODELS)
    }
    for value in sorted(named):
        for folder in _folders():
            path = folder_paths.get_full_path(folder, value)
            if path is not None:
                yield f"{folder}/{value}", Path(path)
                break


def _folders() -> list[str]:
    return [name for name in folder_paths.folder_names_and_paths if name not in _NO_MODELS]


def _hashes(files: dict[str, Path]) -> dict[str, str]:
    """The sha256 of each file. A file is read once and remembered by its size and time."""
    notes = Path(folder_paths.get_user_directory()) / "aldar" / "model_hashes.json"
    known = _remembered(notes)
    hashes, new = {}, False
    for name, path in files.items():
        stat = path.stat()
        key = f"{path}|{stat.st_size}|{stat.st_mtime_ns}"
        if key not in known:
            known[key], new = hash_of(path, _interruptible), True
        hashes[name] = known[key]
    if new:
        try:
            write_atomically(notes, json.dumps(known, indent=1).encode())
        except StoreError as error:
            log.warning("hashes of models are not remembered: %s", error)
    return hashes


def _remembered(notes: Path) -> dict[str, str]:
    try:
        data = read_json(notes.read_bytes())
    except (OSError, NotJson, ValueError):
        return {}
    table = data if isinstance(data, dict) else {}
    return {key: text for key, text in table.items() if isinstance(text, str)}


def _interruptible(done: int, size: int) -> None:
    comfy.model_management.throw_exception_if_processing_interrupted()
