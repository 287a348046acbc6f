"""All nodes of the pack, in the order a storyboard flows through them."""

from __future__ import annotations

from comfy_api.latest import ComfyExtension, io

from .exports import AldarExportBoard
from .frames import AldarDirectFrames, AldarFramesClose, AldarFramesOpen
from .gate import AldarGate
from .loop.internal import INTERNAL
from .staging import AldarDraftPanel
from .story import AldarLoadStory, AldarPlanStory
from .takes import (
    AldarLatchSwitch,
    AldarReference,
    AldarTakeConditioning,
    AldarTakeLatent,
    AldarTakeNoise,
    AldarTakePrompt,
)

NODES: list[type[io.ComfyNode]] = [
    AldarPlanStory,
    AldarLoadStory,
    AldarDirectFrames,
    AldarFramesOpen,
    AldarTakePrompt,
    AldarTakeConditioning,
    AldarTakeNoise,
    AldarTakeLatent,
    AldarReference,
    AldarLatchSwitch,
    AldarDraftPanel,
    AldarGate,
    AldarFramesClose,
    AldarExportBoard,
]


class AldarExtension(ComfyExtension):
    """What ComfyUI asks for the nodes."""

    async def get_node_list(self) -> list[type[io.ComfyNode]]:
        """Drawn nodes first, then the loop's own."""
        return [*NODES, *INTERNAL]
