"""Removing the traces of a finished frame from ComfyUI's books.

ComfyUI reports every node it knows at every step and keeps every output until the prompt
ends; a loop of a thousand frames would drown in both. Nothing here is ComfyUI's public
interface, so everything is looked for, and what is not found is left alone: a newer ComfyUI
costs memory, never the run.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comfy_execution.graph import DynamicPrompt

log = logging.getLogger(__name__)


def forget(dynprompt: DynamicPrompt, frame_node: str, node_ids: Iterable[str]) -> None:
    """Forget the nodes a frame was expanded to; the frame node itself keeps its value.

    :param dynprompt: the prompt being executed (``io.Hidden.dynprompt``).
    :param frame_node: id of the frame's controller node.
    :param node_ids: ids of all nodes expanded below it.
    """
    ids = list(node_ids)
    try:
        _forget_progress([*ids, frame_node])
        for cache in _caches(dynprompt):
            _forget_cached(cache, frame_node, ids)
        for book in (
            dynprompt.ephemeral_prompt,
            dynprompt.ephemeral_parents,
            dynprompt.ephemeral_display,
        ):
            for node_id in ids:
                book.pop(node_id, None)
    except (AttributeError, KeyError, TypeError, ImportError):
        log.debug("this ComfyUI keeps finished frames in memory", exc_info=True)


def _forget_progress(node_ids: Iterable[str]) -> None:
    from comfy_execution.progress import get_progress_state

    nodes = get_progress_state().nodes
    for node_id in node_ids:
        nodes.pop(node_id, None)


def _caches(dynprompt: DynamicPrompt) -> list[Any]:
    """The output and object caches of the executor that runs this prompt.

    0.3.75 hands them to no node. The executor is what called us, so it is found on the stack,
    once per prompt, and its caches are remembered on the prompt itself.
    """
    caches = getattr(dynprompt, "_aldar_caches", None)
    if caches is None:
        caches, frame = [], sys._getframe()
        while frame is not None and not caches:
            caller: Any = frame.f_locals.get("self")
            if type(caller).__name__ == "PromptExecutor":
                caches = list(caller.caches.all)
            frame = frame.f_back
        dynprompt._aldar_caches = caches
    return caches


def _forget_cached(cache: Any, frame_node: str, node_ids: list[str]) -> None:
    home = cache
    if hasattr(cache, "_get_cache_for"):  # one nested cache per expanding node
        home = cache._get_cache_for(frame_node)
    if home is None or not hasattr(home, "subcaches"):
        return
    keys = home.cache_key_set
    home.subcaches.pop(keys.get_subcache_key(frame_node), None)
    for node_id in node_ids:  # flat caches (LRU, RAM pressure) hold every node themselves
        key = keys.keys.pop(node_id, None)
        home.subcaches.pop(keys.subcache_keys.pop(node_id, None), None)
        if key is None:
            continue
        for book in ("cache", "used_generation", "children", "timestamps"):
            getattr(home, book, {}).pop(key, None)
