"""A typed builder of workflows: one description gives the canvas JSON and its API twin."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PACK = "aldar-storyboard"
_WIDGETS = {"INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"}


@dataclass(frozen=True)
class Out:
    """An output of a node."""

    node: int
    slot: int
    type: str


@dataclass
class Node:
    """A node of the graph; ``node["name"]`` is one of its outputs."""

    id: int
    type: str
    title: str
    pos: tuple[int, int]
    size: tuple[int, int]
    inputs: dict[str, Any]
    info: Mapping[str, Any]
    color: str | None = None

    def __getitem__(self, output: str) -> Out:
        slot = self.info["output_name"].index(output)
        return Out(self.id, slot, self.info["output"][slot])

    def specs(self) -> list[tuple[str, str, Mapping[str, Any]]]:
        """(name, type, options) of every input, in the order ComfyUI lists them."""
        found = []
        for group in ("required", "optional"):
            for name, spec in self.info["input"].get(group, {}).items():
                kind = "COMBO" if isinstance(spec[0], list) else spec[0]
                found.append((name, kind, spec[1] if len(spec) > 1 else {}))
        return found


@dataclass
class Graph:
    """Nodes, groups and notes of one workflow.

    :param object_info: ComfyUI's ``/object_info`` for (at least) the classes used.
    """

    name: str
    object_info: Mapping[str, Any]
    nodes: list[Node] = field(default_factory=list)
    _groups: list[dict[str, Any]] = field(default_factory=list)
    _notes: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self,
        type: str,
        title: str,
        pos: tuple[int, int],
        size: tuple[int, int],
        color: str | None = None,
        **inputs: Any,
    ) -> Node:
        """Place a node. :raises KeyError: for an unknown class or input."""
        node = Node(
            len(self.nodes) + 1, type, title, pos, size, inputs, self.object_info[type], color
        )
        known = {name for name, _, _ in node.specs()}
        unknown = set(inputs) - known
        if unknown:
            raise KeyError(f"{type} has no input {sorted(unknown)}")
        self.nodes.append(node)
        return node

    def group(self, title: str, box: tuple[int, int, int, int], color: str) -> None:
        """Draw a group around ``box`` (x, y, width, height)."""
        self._groups.append(
            {
                "id": len(self._groups) + 1,
                "title": title,
                "bounding": list(box),
                "color": color,
                "font_size": 24,
                "flags": {},
            }
        )

    def note(self, text: str, pos: tuple[int, int], size: tuple[int, int]) -> None:
        """Pin a Markdown note to the canvas; the API twin has none."""
        self._notes.append({"text": text, "pos": pos, "size": size})

    def api(self) -> dict[str, Any]:
        """The workflow as ``POST /prompt`` takes it."""
        prompt = {}
        for node in self.nodes:
            inputs = {}
            for name, kind, options in node.specs():
                value = node.inputs.get(name, options.get("default"))
                if isinstance(value, Out):
                    inputs[name] = [str(value.node), value.slot]
                elif kind in _WIDGETS:
                    inputs[name] = value
            prompt[str(node.id)] = {
                "class_type": node.type,
                "inputs": inputs,
                "_meta": {"title": node.title},
            }
        return prompt

    def canvas(self) -> dict[str, Any]:
        """The workflow as the canvas opens it (LiteGraph schema 0.4)."""
        links: list[list[Any]] = []
        drawn = {node.id: self._drawn(node, order) for order, node in enumerate(self.nodes)}
        for node in self.nodes:
            for place, (name, kind, _) in enumerate(node.specs()):
                value = node.inputs.get(name)
                if not isinstance(value, Out):
                    continue
                link = len(links) + 1
                links.append([link, value.node, value.slot, node.id, place, kind])
                drawn[node.id]["inputs"][place]["link"] = link
                drawn[value.node]["outputs"][value.slot]["links"].append(link)
        nodes = list(drawn.values())
        for note in self._notes:
            nodes.append(
                {
                    "id": len(nodes) + 1,
                    "type": "MarkdownNote",
                    "pos": list(note["pos"]),
                    "size": list(note["size"]),
                    "flags": {},
                    "order": len(nodes),
                    "mode": 0,
                    "inputs": [],
                    "outputs": [],
                    "title": "Note",
                    "properties": {},
                    "widgets_values": [note["text"]],
                    "color": "#432",
                    "bgcolor": "#653",
                }
            )
        return {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{PACK}/{self.name}")),
            "revision": 0,
            "last_node_id": len(nodes),
            "last_link_id": len(links),
            "nodes": nodes,
            "links": links,
            "groups": self._groups,
            "config": {},
            "extra": {},
            "version": 0.4,
        }

    def _drawn(self, node: Node, order: int) -> dict[str, Any]:
        inputs, values = [], []
        for name, kind, options in node.specs():
            slot: dict[str, Any] = {"name": name, "type": kind, "link": None}
            if kind in _WIDGETS:
                slot["widget"] = {"name": name}
                value = node.inputs.get(name, options.get("default"))
                values.append(options.get("default") if isinstance(value, Out) else value)
            inputs.append(slot)
        properties = {"Node name for S&R": node.type}
        if node.type.startswith("Aldar"):
            properties["cnr_id"] = PACK
        drawn = {
            "id": node.id,
            "type": node.type,
            "pos": list(node.pos),
            "size": list(node.size),
            "flags": {},
            "order": order,
            "mode": 0,
            "inputs": inputs,
            "outputs": [
                {"name": name, "type": kind, "links": []}
                for name, kind in zip(node.info["output_name"], node.info["output"], strict=True)
            ],
            "title": node.title,
            "properties": properties,
            "widgets_values": values,
        }
        if node.color:
            drawn |= {"color": node.color, "bgcolor": node.color}
        return drawn
