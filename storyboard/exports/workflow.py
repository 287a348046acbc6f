"""``workflow.json`` and ``workflow_api.json``: how the board was made (mission row S0.5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ..files import write_atomically
from ..prompt_graph import Node, PromptGraph

API_FILE = "workflow_api.json"
_FILES = {"prompt": API_FILE, "workflow": "workflow.json"}


def as_queued(graph: Mapping[str, Node]) -> PromptGraph:
    """A prompt graph without what ComfyUI wrote into it while it ran.

    It notes there how it found the files that nodes read (``is_changed``): a time in our case, so
    equal boards would differ; and it believes such a note when the workflow is queued again.
    """
    queued: PromptGraph = {}
    for node_id, node in graph.items():
        queued[node_id] = node.copy()
        queued[node_id].pop("is_changed", None)
    return queued


def write_workflows(folder: Path, metadata: Mapping[str, str]) -> list[str]:
    """Write the workflow in the forms that are known: the canvas form is not when it was queued
    over HTTP. A file of an earlier run that is not known now is removed.

    :param metadata: JSON texts ``prompt`` and ``workflow``.
    """
    written = []
    for name, file in _FILES.items():
        if name in metadata:
            text = json.dumps(json.loads(metadata[name]), ensure_ascii=False, indent=2) + "\n"
            write_atomically(folder / file, text.encode("utf-8", "backslashreplace"))
            written.append(file)
        else:
            (folder / file).unlink(missing_ok=True)
    return written
