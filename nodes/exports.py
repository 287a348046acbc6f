"""Export nodes: the board as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import comfy.model_management
import comfy.utils
import folder_paths
from comfy_api.latest import io

from ..storyboard.exports import export_board
from ..storyboard.exports.formats import chosen, parse, write
from ..storyboard.exports.inventory import inventory
from ..storyboard.exports.workflow import as_queued
from ..storyboard.prompt_graph import PromptGraph
from . import sockets


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
    def execute(
        cls, board: sockets.PlacedBoard, pipeline: str, formats: str = "", options: str = ""
    ) -> io.NodeOutput:
        folder, finished = board
        more = parse(chosen(formats), options.split("\n") if options.strip() else [])
        more = {name: given.inside(folder) for name, given in more.items()}
        metadata = _metadata(as_queued(cls.hidden.prompt or {}), cls.hidden.extra_pnginfo)
        files = export_board(finished, folder, pipeline, metadata)
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
