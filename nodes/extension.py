"""All nodes of the pack, in the order a storyboard flows through them."""

from __future__ import annotations

from comfy_api.latest import ComfyExtension, io

from .evaluate import AldarIdentityVerdict
from .exports import AldarExportBoard
from .frames import (
    AldarCharacterReference,
    AldarDirectFrames,
    AldarFramesClose,
    AldarFramesOpen,
)
from .gate import AldarCalibrateGate, AldarGate, AldarReferenceWeight
from .guard import guarded
from .search import findable
from .staging import AldarDraftPanel, AldarMask, AldarStaging
from .steps import INTERNAL
from .story import (
    AldarCharacter,
    AldarImportScript,
    AldarLoadStory,
    AldarPlanIdentityTest,
    AldarPlanStory,
    AldarPlanVariations,
    AldarShowShotlist,
)
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
    AldarImportScript,
    AldarPlanVariations,
    AldarPlanIdentityTest,
    AldarLoadStory,
    AldarCharacter,
    AldarShowShotlist,
    AldarDirectFrames,
    AldarCharacterReference,
    AldarFramesOpen,
    AldarTakePrompt,
    AldarTakeConditioning,
    AldarTakeNoise,
    AldarTakeLatent,
    AldarReference,
    AldarLatchSwitch,
    AldarReferenceWeight,
    AldarDraftPanel,
    AldarStaging,
    AldarMask,
    AldarGate,
    AldarCalibrateGate,
    AldarFramesClose,
    AldarExportBoard,
    AldarIdentityVerdict,
]


class AldarExtension(ComfyExtension):
    """What ComfyUI asks for the nodes."""

    async def get_node_list(self) -> list[type[io.ComfyNode]]:
        """Drawn nodes first, then the loop's own."""
        return [findable(guarded(node)) for node in [*NODES, *INTERNAL]]
