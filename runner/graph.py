"""A workflow in ComfyUI's API form: load it, set its inputs, check it before it is queued."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from ..storyboard.errors import InputError, RunnerError
from .client import Refused
from .comfyui import PACK

FOLDER = PACK / "workflows" / "api"
PREFIX = "storyboard_"


def modes(folder: Path = FOLDER) -> list[str]:
    """The modes there is a workflow for: ``draft`` is ``storyboard_draft.json``."""
    return sorted(path.stem.removeprefix(PREFIX) for path in folder.glob(f"{PREFIX}*.json"))


class Graph:
    """One API workflow: ``nodes`` is what ComfyUI's ``POST /prompt`` takes.

    Nodes are addressed by their title (``_meta.title``), which is what the canvas shows.
    """

    def __init__(self, nodes: dict[str, Any], name: str) -> None:
        self.nodes = copy.deepcopy(nodes)
        self.name = name

    @classmethod
    def load(cls, mode: str, folder: Path = FOLDER) -> Graph:
        """The workflow of a mode.

        :raises InputError: ``option_invalid`` if there is no such mode.
        :raises RunnerError: ``graph_unfit`` if the file is not an API workflow.
        """
        known = modes(folder)
        if mode not in known:
            raise InputError(
                "option_invalid",
                f"There is no mode '{mode}'.",
                f"Choose one of: {', '.join(known) or '(no workflow is installed)'}.",
            )
        path = folder / f"{PREFIX}{mode}.json"
        try:
            nodes = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise _unfit(path.name, [f"the file cannot be read: {error}"]) from error
        if not isinstance(nodes, dict) or not all(
            isinstance(node, dict)
            and isinstance(node.get("class_type"), str)
            and isinstance(node.get("inputs"), dict)
            for node in nodes.values()
        ):
            raise _unfit(path.name, ["it is not a workflow in API form"])
        return cls(nodes, path.name)

    def title(self, node_id: str) -> str:
        """What the canvas calls a node; a node made while running is named by its origin."""
        node = self.nodes.get(node_id) or self.nodes.get(node_id.split(".")[0])
        if node is None:
            return node_id
        return node.get("_meta", {}).get("title") or node["class_type"]

    def find(self, title: str) -> str:
        """The id of the one node of that title. :raises RunnerError: ``graph_unfit``."""
        found = [id for id in self.nodes if self.title(id) == title]
        if len(found) != 1:
            count = "no node" if not found else f"{len(found)} nodes"
            raise _unfit(self.name, [f"{count} titled '{title}', one is needed"])
        return found[0]

    def get(self, title: str, name: str) -> Any:
        """The input of the node of that title; ``None`` if it has no such input."""
        return self.nodes[self.find(title)]["inputs"].get(name)

    def set(self, title: str, **values: str | int | float | bool) -> None:
        """Set inputs of the node of that title.

        :raises RunnerError: ``graph_unfit`` if there is no such node or input, or if the input
            is fed by another node.
        """
        inputs = self.nodes[self.find(title)]["inputs"]
        for name, value in values.items():
            if name not in inputs:
                raise _unfit(self.name, [f"'{title}' has no input '{name}'"])
            if _is_link(inputs[name]):
                raise _unfit(self.name, [f"input '{name}' of '{title}' is fed by another node"])
            inputs[name] = value

    def check(self, object_info: dict[str, Any]) -> None:
        """Compare every node with what a ComfyUI has.

        :param object_info: the answer to ``GET /object_info``.
        :raises RunnerError: ``graph_unfit`` with every problem at once.
        """
        problems = []
        for id, node in self.nodes.items():
            signature = object_info.get(node["class_type"])
            if signature is None:
                reasons = [f"this ComfyUI has no node {node['class_type']}"]
            else:
                reasons = list(self._problems(node["inputs"], signature, object_info))
            problems += [f"'{self.title(id)}': {reason}" for reason in reasons]
        if problems:
            raise _unfit(self.name, problems)

    def _problems(self, inputs: dict[str, Any], signature: dict[str, Any], info: dict[str, Any]):
        declared = signature.get("input", {})
        required, optional = declared.get("required", {}), declared.get("optional", {})
        for name in required:
            if name not in inputs:
                yield f"input '{name}' is missing"
        for name, value in inputs.items():
            spec = required.get(name) or optional.get(name)
            if spec is None:
                yield f"input '{name}' is unknown"
            elif _is_link(value):
                yield from self._link_problems(name, value, info)
            elif (choices := _choices(spec)) and value not in choices:
                shown = ", ".join(map(str, choices[:8])) + (", …" if len(choices) > 8 else "")
                yield f"input '{name}' is {value!r}, not one of {shown}"

    def _link_problems(self, name: str, link: list[Any], info: dict[str, Any]):
        source = self.nodes.get(link[0])
        if source is None:
            yield f"input '{name}' is fed by node {link[0]}, which does not exist"
        else:
            outputs = info.get(source["class_type"], {}).get("output")
            if outputs is not None and not 0 <= link[1] < len(outputs):
                yield f"input '{name}' takes output {link[1]} of '{self.title(link[0])}'"

    def explain(self, refused: Refused) -> RunnerError:
        """ComfyUI's refusal with node titles instead of ids."""
        problems = [
            f"'{self.title(id)}': {reason.get('message')} ({reason.get('details')})"
            for id, node in (refused.answer.get("node_errors") or {}).items()
            for reason in node.get("errors", [])
        ]
        return _unfit(self.name, problems) if problems else refused


def _unfit(name: str, problems: list[str]) -> RunnerError:
    return RunnerError(
        "graph_unfit",
        f"The workflow {name} does not fit: {'; '.join(problems)}.",
        "Update ComfyUI and this pack to versions that go together, or undo the change to the "
        "workflow. If the pack's own nodes are missing, ComfyUI's log says why they did not load.",
    )


def _is_link(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], int)
    )


def _choices(spec: list[Any]) -> list[Any]:
    """The values a combo input offers; empty for any other input, or a combo filled later."""
    kind, options = spec[0], (spec[1] if len(spec) > 1 else {})
    if isinstance(kind, list):
        return kind
    if kind == "COMBO" and not options.get("multiselect"):
        return options.get("options") or []
    return []
