"""Aldar Storyboard: ComfyUI's door to the pack. Importable without ComfyUI."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .nodes.extension import AldarExtension

WEB_DIRECTORY = "./js"
__all__ = ["WEB_DIRECTORY", "comfy_entrypoint"]


async def comfy_entrypoint() -> AldarExtension:
    """Give ComfyUI the pack's nodes; loaded here and not at import, so that the import is cheap."""
    try:
        from .nodes.extension import AldarExtension
    except Exception:
        # ComfyUI prints only the message of what is raised here.
        logging.getLogger(__name__).exception("Aldar Storyboard cannot load its nodes")
        raise
    return AldarExtension()
