"""Export nodes: the board as files."""

from __future__ import annotations

import json

import folder_paths
from comfy_api.latest import io

from ..storyboard.exports import export_board
from . import sockets


class AldarExportBoard(io.ComfyNode):
    """Writes everything a storyboard is handed over as."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarExportBoard",
            display_name="Export board",
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
            ],
            outputs=[],
            hidden=[io.Hidden.prompt, io.Hidden.extra_pnginfo],
            is_output_node=True,
        )

    @classmethod
    def execute(cls, board, pipeline):
        folder, board = board
        metadata = {"prompt": json.dumps(_queued(cls.hidden.prompt))} if cls.hidden.prompt else {}
        for name, value in (cls.hidden.extra_pnginfo or {}).items():
            metadata[name] = json.dumps(value)
        files = export_board(board, folder, pipeline, metadata)
        below = folder.relative_to(folder_paths.get_output_directory()).as_posix()
        result = {
            "folder": "" if below == "." else below,
            "files": files,
            "frames": len(board.frames),
            "flagged": len(board.flagged),
            "complete": board.complete,
        }
        sheet = {"filename": "contact_sheet.png", "subfolder": result["folder"], "type": "output"}
        return io.NodeOutput(ui={"images": [sheet], "aldar_board": [result]})


def _queued(prompt):
    """The prompt as it was queued: without the fingerprints that ComfyUI adds while it runs."""
    return {
        node_id: {name: value for name, value in node.items() if name != "is_changed"}
        for node_id, node in prompt.items()
    }
