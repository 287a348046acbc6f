"""A typed builder of workflows: one description gives the canvas JSON and its API twin.

A workflow is laid out as it is read: sections from left to right, columns in a section, nodes
from top to bottom in a column::

    story = graph.section("1  Story", BLUE).column(400)
    plan = story.add("AldarPlanStory", "Story")
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PACK = "aldar-storyboard"
ORIGINS = {"Aldar": PACK, "IPAdapter": "comfyui_ipadapter_plus"}
"""How the classes of a node pack begin -> the pack's name in the registry."""
WIDGETS = {"INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"}
TITLE, ROW, WIDGET, TEXT, EDGE = 30, 20, 24, 110, 20
"""Heights of a node's parts on the canvas, in its pixels."""
GAP = 40
"""Between nodes, and around the nodes of a section."""


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
    width: int
    inputs: dict[str, Any]
    info: Mapping[str, Any]
    models: list[dict[str, str]] = field(default_factory=list)
    """Files the node loads, as the frontend offers to download them."""
    room: int = 0
    """Height kept free for what the node shows when it has run."""

    def __getitem__(self, output: str) -> Out:
        slot = self.info["output_name"].index(output)
        return Out(self.id, slot, self.info["output"][slot])

    def specs(self) -> list[tuple[str, str, Mapping[str, Any]]]:
        """(name, type, options) of every input, in the order ComfyUI lists them."""
        specs = []
        for group in ("required", "optional"):
            for name, spec in self.info["input"].get(group, {}).items():
                kind = "COMBO" if isinstance(spec[0], list) else spec[0]
                specs.append((name, kind, spec[1] if len(spec) > 1 else {}))
        return specs

    def value(self, name: str, options: Mapping[str, Any]) -> Any:
        """What an input is set to: a value, an output, or ComfyUI's default."""
        default = options.get("default")
        if default is None and options.get("options"):
            default = options["options"][0]
        return self.inputs.get(name, default)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) that shows everything."""
        specs = self.specs()
        texts = sum(kind == "STRING" and o.get("multiline", False) for _, kind, o in specs)
        widgets = sum(kind in WIDGETS for _, kind, _ in specs) - texts
        sockets = max(sum(kind not in WIDGETS for _, kind, _ in specs), len(self.info["output"]))
        height = EDGE + ROW * sockets + WIDGET * widgets + TEXT * texts + self.room
        return self.width, height

    @property
    def bottom(self) -> int:
        return self.pos[1] + self.size[1]


@dataclass
class Column:
    """Nodes under each other."""

    graph: Graph
    x: int
    y: int
    width: int
    nodes: list[Node] = field(default_factory=list)

    def add(
        self,
        class_type: str,
        title: str,
        models: list[dict[str, str]] | None = None,
        room: int = 0,
        **inputs: Any,
    ) -> Node:
        """Put a node below the others. :raises KeyError: for an unknown class or input."""
        y = self.nodes[-1].bottom + GAP + TITLE if self.nodes else self.y
        info = self.graph.object_info[class_type]
        number = len(self.graph.nodes) + 1
        node = Node(
            number, class_type, title, (self.x, y), self.width, inputs, info, models or [], room
        )
        unknown = set(inputs) - {name for name, _, _ in node.specs()}
        if unknown:
            raise KeyError(f"{class_type} has no input {sorted(unknown)}")
        self.graph.nodes.append(node)
        self.nodes.append(node)
        return node


@dataclass
class Section:
    """Columns side by side, with a coloured group around them."""

    graph: Graph
    title: str
    color: str
    columns: list[Column] = field(default_factory=list)

    def column(self, width: int) -> Column:
        """The next column to the right."""
        column = Column(self.graph, self.graph.take_width(width), 2 * TITLE + GAP, width)
        self.columns.append(column)
        return column

    def group(self, number: int) -> dict[str, Any]:
        """The group as the canvas has it."""
        left = self.columns[0].x - GAP // 2
        right = self.columns[-1].x + self.columns[-1].width + GAP // 2
        bottom = max(node.bottom for column in self.columns for node in column.nodes) + GAP // 2
        return {
            "id": number,
            "title": self.title,
            "bounding": [left, 0, right - left, bottom],
            "color": self.color,
            "font_size": 24,
            "flags": {},
        }


@dataclass
class Graph:
    """Sections and notes of one workflow.

    :param object_info: ComfyUI's ``/object_info`` for (at least) the classes used.
    """

    name: str
    object_info: Mapping[str, Any]
    nodes: list[Node] = field(default_factory=list)
    _sections: list[Section] = field(default_factory=list)
    _notes: list[tuple[str, tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    _right: int = 0
    """Where the next column begins."""

    def section(self, title: str, color: str) -> Section:
        """The next section to the right."""
        if self._sections:
            self._right += GAP
        section = Section(self, title, color)
        self._sections.append(section)
        return section

    def take_width(self, width: int) -> int:
        """Where a column of that width begins."""
        x = self._right
        self._right += width + GAP
        return x

    def note(self, text: str, width: int, height: int) -> None:
        """Pin a Markdown note left of everything; the API twin has none."""
        y = TITLE
        if self._notes:
            _, (_, above), (_, tall) = self._notes[-1]
            y = above + tall + GAP + TITLE
        self._notes.append((text, (-width - 2 * GAP, y), (width, height)))

    def api(self) -> dict[str, Any]:
        """The workflow as ``POST /prompt`` takes it."""
        prompt = {}
        for node in self.nodes:
            inputs = {}
            for name, kind, options in node.specs():
                value = node.value(name, options)
                if isinstance(value, Out):
                    inputs[name] = [str(value.node), value.slot]
                elif kind in WIDGETS:
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
        for text, pos, size in self._notes:
            nodes.append(
                {
                    "id": len(nodes) + 1,
                    "type": "MarkdownNote",
                    "pos": list(pos),
                    "size": list(size),
                    "flags": {},
                    "order": len(nodes),
                    "mode": 0,
                    "inputs": [],
                    "outputs": [],
                    "title": "Note",
                    "properties": {},
                    "widgets_values": [text],
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
            "groups": [s.group(number) for number, s in enumerate(self._sections, 1)],
            "config": {},
            "extra": {},
            "version": 0.4,
        }

    def _drawn(self, node: Node, order: int) -> dict[str, Any]:
        inputs, values = [], []
        for name, kind, options in node.specs():
            slot: dict[str, Any] = {"name": name, "type": kind, "link": None}
            if kind in WIDGETS:
                slot["widget"] = {"name": name}
                value = node.value(name, options)
                values.append(options.get("default") if isinstance(value, Out) else value)
                if options.get("image_upload"):
                    values.append("image")  # the frontend's own button
            inputs.append(slot)
        properties: dict[str, Any] = {"Node name for S&R": node.type}
        origin = next((pack for word, pack in ORIGINS.items() if node.type.startswith(word)), "")
        properties["cnr_id"] = origin or "comfy-core"
        if node.models:
            properties["models"] = node.models
        return {
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
