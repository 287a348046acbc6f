"""Evaluation nodes: what the numbers of a board say."""

from __future__ import annotations

from typing import Any

import folder_paths
from comfy_api.latest import io

from ..storyboard.evaluate.quick_test import judge_identity
from ..storyboard.exports.inventory import hashes
from ..storyboard.exports.quick_test import identity_markdown, write_identity_test
from . import sockets


class AldarIdentityVerdict(io.ComfyNode):
    """Whether the hero of a board stays the same."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarIdentityVerdict",
            display_name="Identity verdict",
            category="aldar/evaluate",
            description="Says whether the identity of the hero holds on a board, does not hold, "
            "or cannot be told, with the reasons and what to do next. Writes the answer into the "
            "folder of the board.",
            inputs=[sockets.BOARD.Input("board", tooltip="From Frames: close.")],
            outputs=[
                io.String.Output("verdict", "verdict", tooltip="The answer as text."),
                io.Boolean.Output(
                    "holds",
                    "holds",
                    tooltip="Only true if it holds; false if it does not or cannot be told.",
                ),
            ],
            is_output_node=True,
        )

    @classmethod
    def execute(cls, board: sockets.PlacedBoard) -> io.NodeOutput:
        folder, finished = board
        test = judge_identity(finished)
        files = write_identity_test(finished, test, folder)
        text = identity_markdown(finished, test)
        below = folder.relative_to(folder_paths.get_output_directory()).as_posix()
        written: dict[str, Any] = {"folder": "" if below == "." else below, "files": files}
        written["sha256"] = hashes(folder, files)
        return io.NodeOutput(text, test.holds, ui={"text": (text,), "aldar_files": [written]})
