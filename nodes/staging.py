"""Staging nodes: the shot drawn before any GPU is touched."""

from __future__ import annotations

import torch
from comfy_api.latest import io

from ..storyboard.staging import stage
from ..storyboard.vision.images import to_tensor
from . import sockets


class AldarDraftPanel(io.ComfyNode):
    """The take's shot as a drawn panel."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarDraftPanel",
            display_name="Draft panel",
            category="aldar/staging",
            description="Draws the shot of the take as a storyboard panel: no model, no GPU.",
            inputs=[sockets.TAKE.Input("take", tooltip="From Frames: open.")],
            outputs=[io.Image.Output("image", "image")],
        )

    @classmethod
    def execute(cls, take):
        return io.NodeOutput(torch.cat([to_tensor(stage(t.story, t.shot).panel) for t in take]))
