"""Aldar Storyboard: ComfyUI's door to the pack. Importable without ComfyUI."""

import logging

WEB_DIRECTORY = "./js"
__all__ = ["WEB_DIRECTORY", "comfy_entrypoint"]


async def comfy_entrypoint():
    """Give ComfyUI the pack's nodes; loaded here and not at import, so that the import is cheap."""
    try:
        from .nodes.extension import AldarExtension
    except Exception:
        # ComfyUI prints only the message of what is raised here.
        logging.getLogger(__name__).exception("Aldar Storyboard cannot load its nodes")
        raise
    return AldarExtension()
