"""What lies between *Frames: open* and *Frames: close*, and copies of it. Pure graph work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...storyboard.errors import LoopError
from ...storyboard.files import digest
from ...storyboard.prompt_graph import Link, Node, PromptGraph, as_link, links

OPEN, CLOSE = "AldarFramesOpen", "AldarFramesClose"


@dataclass(frozen=True)
class Template:
    """A loop body."""

    open_id: str
    nodes: Mapping[str, Node]
    """Every node that depends on the open node: the body, and the tail hanging off it."""
    image: Link
    verdict: Link | None
    tail: tuple[str, ...]
    """Output nodes beside the body (save, preview): run once per frame, for the winning take."""
    image_key: str
    """Hash of everything that decides the picture, apart from what the take itself holds."""
    gate_key: str
    """Hash of everything that decides the verdict on a given picture."""

    def uses(self, classes: Collection[str]) -> bool:
        """Whether the picture depends on a node of one of these classes."""
        return self._needs(self.image, classes)

    def draws(self, kind: str, slot: int) -> bool:
        """Whether the picture depends on that output of a node of a class."""
        needed = _upstream(self.nodes, [self.image], self.nodes)
        used = [link for node_id in needed for _, link in links(self.nodes[node_id])]
        return any(
            source in self.nodes and self.nodes[source]["class_type"] == kind and output == slot
            for source, output in [self.image, *used]
        )

    def asks(self, kind: str, name: str) -> bool:
        """Whether the picture depends on a node of a class with that input switched on."""
        needed = _upstream(self.nodes, [self.image], self.nodes)
        nodes = (self.nodes[node_id] for node_id in needed)
        return any(node["class_type"] == kind and node["inputs"].get(name) for node in nodes)

    def judges(self, classes: Collection[str]) -> bool:
        """Whether the verdict depends on a node of one of these classes."""
        return self.verdict is not None and self._needs(self.verdict, classes)

    def _needs(self, link: Link, classes: Collection[str]) -> bool:
        needed = _upstream(self.nodes, [link], self.nodes)
        return any(self.nodes[node_id]["class_type"] in classes for node_id in needed)

    @classmethod
    def of(
        cls,
        prompt: Mapping[str, Node],
        close_id: str,
        is_output: Callable[[str], bool],
    ) -> Template:
        """Find the body of a close node.

        :param prompt: the whole prompt, in API format.
        :param is_output: whether a class is an output node.
        :raises LoopError: ``loop_open`` or ``loop_nested``, naming the node.
        """
        if close_id not in prompt:
            raise LoopError(
                "loop_nested",
                f"Frames: close ({close_id}) runs inside another loop or expanding node.",
                "Give every frame loop its own place on the canvas.",
            )
        inputs = prompt[close_id]["inputs"]
        flow, image = as_link(inputs.get("flow")), as_link(inputs.get("image"))
        open_id = flow[0] if flow else None
        if open_id is None or prompt.get(open_id, {}).get("class_type") != OPEN:
            raise LoopError(
                "loop_open",
                f"The flow input of Frames: close ({close_id}) is not joined to a Frames: open.",
                "Draw a link from Frames: open, output flow, to Frames: close, input flow.",
            )
        inside = _downstream(prompt, open_id, close_id)
        if image is None or image[0] not in inside:
            raise LoopError(
                "loop_open",
                f"The image of Frames: close ({close_id}) does not depend on Frames: open "
                f"({open_id}), so every frame would be the same.",
                "Use the take output of Frames: open inside the loop, for prompt, seed or panel.",
            )
        verdict = as_link(inputs.get("verdict"))
        if verdict is not None and verdict[0] not in inside:
            raise LoopError(
                "loop_open",
                f"The verdict of Frames: close ({close_id}) is not made inside its loop.",
                "Put the gate between Frames: open and Frames: close.",
            )
        body = _upstream(prompt, [link for link in (image, verdict) if link], inside)
        for node_id in inside:
            if prompt[node_id]["class_type"] in (OPEN, CLOSE) and node_id in body:
                raise LoopError(
                    "loop_nested",
                    f"{prompt[node_id]['class_type']} ({node_id}) lies inside the loop of "
                    f"Frames: open ({open_id}).",
                    "Loops cannot be nested: move the inner one behind the outer one.",
                )
        behind = _downstream(prompt, close_id, None)
        tail = tuple(
            node_id
            for node_id in inside
            if node_id not in body
            and node_id not in behind
            and is_output(prompt[node_id]["class_type"])
        )
        return cls(
            open_id=open_id,
            nodes={node_id: prompt[node_id] for node_id in inside},
            image=image,
            verdict=verdict,
            tail=tail,
            image_key=_merkle(prompt, image, {open_id: "take"}),
            gate_key=_merkle(prompt, verdict, {open_id: "take"}, image) if verdict else "",
        )

    def copy(
        self,
        wanted: Iterable[Link],
        prefix: str,
        elsewhere: Callable[[Link], list[Any] | None],
    ) -> PromptGraph:
        """A copy of the nodes that ``wanted`` outputs need.

        :param prefix: put in front of every node id.
        :param elsewhere: asked for each link; what it returns is used instead, and with
            ``None`` the link's node is copied. Links out of the body must be given.
        :returns: nodes in API format, shown on the canvas as the nodes they are copies of.
        """
        copies: PromptGraph = {}
        todo = [link[0] for link in wanted if elsewhere(link) is None]
        while todo:
            node_id = todo.pop()
            if prefix + node_id in copies:
                continue
            node = self.nodes[node_id]
            inputs = dict(node["inputs"])
            for name, link in links(node):
                other = elsewhere(link)
                inputs[name] = other or [prefix + link[0], link[1]]
                if other is None:
                    todo.append(link[0])
            copies[prefix + node_id] = {
                "class_type": node["class_type"],
                "inputs": inputs,
                "override_display_id": node_id,
            }
        return copies


def _downstream(prompt: Mapping[str, Node], start: str, stop: str | None) -> list[str]:
    """Nodes that depend on ``start`` without passing ``stop``, in the prompt's order."""
    users: dict[str, list[str]] = {}
    for node_id, node in prompt.items():
        for _, (source, _) in links(node):
            users.setdefault(source, []).append(node_id)
    seen, todo = {start, stop}, [start]
    while todo:
        for user in users.get(todo.pop(), ()):
            if user not in seen:
                seen.add(user)
                todo.append(user)
    seen -= {start, stop}
    return [node_id for node_id in prompt if node_id in seen]


def _upstream(prompt: Mapping[str, Node], wanted: list[Link], among: Iterable[str]) -> set[str]:
    allowed = set(among)
    seen: set[str] = set()
    todo = [node_id for node_id, _ in wanted]
    while todo:
        node_id = todo.pop()
        if node_id in allowed and node_id not in seen:
            seen.add(node_id)
            todo.extend(source for _, (source, _) in links(prompt[node_id]))
    return seen


def _merkle(
    prompt: Mapping[str, Node],
    root: Link,
    words: Mapping[str, str],
    given: Link | None = None,
) -> str:
    """Hash of an output and all it depends on: independent of node ids, titles and positions.

    :param words: node id -> a fixed word that stands for its content.
    :param given: an output that counts as an input from outside.
    """
    hashes = dict(words)
    entered: set[str] = set()
    stack = [root[0]]
    while stack:
        node_id = stack[-1]
        if node_id in hashes:
            stack.pop()
            continue
        node = prompt[node_id]
        sources = [link for _, link in links(node) if link != given]
        missing = [source for source, _ in sources if source not in hashes]
        if missing:
            if node_id in entered:
                raise LoopError(
                    "loop_open",
                    f"The nodes around {node['class_type']} ({node_id}) form a circle.",
                    "Remove the link that leads back.",
                )
            entered.add(node_id)
            stack.extend(missing)
            continue
        inputs = {name: [value] for name, value in node["inputs"].items()}
        for name, link in links(node):
            inputs[name] = ["given"] if link == given else [hashes[link[0]], link[1]]
        # e.g. the hash of LoadImage's file; NaN says nothing, nor does the state of another board
        changed = None if node["class_type"] == OPEN else node.get("is_changed")
        fingerprint = repr(changed) if changed and "nan" not in repr(changed) else ""
        hashes[node_id] = digest([node["class_type"], inputs, fingerprint])
        stack.pop()
    return digest([hashes[root[0]], root[1]])
