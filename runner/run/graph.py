"""A workflow in ComfyUI's API form: load it, set its inputs, check it before it is queued."""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ...storyboard.errors import InputError, RunnerError
from ...storyboard.json_text import read_json
from ...storyboard.prompt_graph import PromptGraph
from ..server.client import Refused
from ..server.comfyui import PACK
from .options import shortened

FOLDER = PACK / "workflows" / "api"
PREFIX = "storyboard_"
"""Left out of the name of a mode: ``draft`` is ``storyboard_draft.json``."""


def modes(folder: Path = FOLDER) -> list[str]:
    """The modes there is a workflow for."""
    return sorted(path.stem.removeprefix(PREFIX) for path in folder.glob("*.json"))


class Graph:
    """One API workflow: ``nodes`` is its prompt.

    Nodes are addressed by their title (``_meta.title``), which is what the canvas shows.
    """

    def __init__(self, nodes: Mapping[str, Any], name: str) -> None:
        self.nodes: PromptGraph = copy.deepcopy(dict(nodes))
        self.name = name
        self._given: dict[tuple[str, str], str] = {}
        """(node, input) -> the setting of the user's that is there now."""

    @classmethod
    def load(cls, mode: str, folder: Path = FOLDER) -> Graph:
        """The workflow of a mode.

        :raises InputError: ``option_invalid`` if there is no such mode.
        :raises RunnerError: ``graph_unfit`` if the file is not an API workflow.
        """
        offered = modes(folder)
        if mode not in offered:
            raise InputError(
                "option_invalid",
                f"There is no mode '{mode}'.",
                f"Choose one of: {', '.join(offered) or '(no workflow is installed)'}.",
            )
        named = (folder / f"{name}.json" for name in (PREFIX + mode, mode))
        path = next(path for path in named if path.is_file())
        try:
            nodes = read_json(path.read_bytes())
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

    def is_a(self, node_id: str, class_type: str) -> bool:
        """Whether a node that the workflow holds, not one made while running, is of a class."""
        return self.nodes.get(node_id, {}).get("class_type") == class_type

    def any_is(self, class_types: Collection[str]) -> bool:
        """Whether there is a node of one of these classes."""
        return any(node["class_type"] in class_types for node in self.nodes.values())

    def find(self, title: str) -> str:
        """The id of the one node of that title. :raises RunnerError: ``graph_unfit``."""
        ids = [node_id for node_id in self.nodes if self.title(node_id) == title]
        if len(ids) != 1:
            count = "no node" if not ids else f"{len(ids)} nodes"
            raise _unfit(self.name, [f"{count} titled '{title}', one is needed"])
        return ids[0]

    def has(self, title: str) -> bool:
        """Whether there is a node of that title."""
        return any(self.title(node_id) == title for node_id in self.nodes)

    def add(self, class_type: str, title: str, **inputs: Any) -> str:
        """Add a node; returns its id."""
        node_id = f"added{len(self.nodes)}"
        self.nodes[node_id] = {
            "class_type": class_type,
            "inputs": inputs,
            "_meta": {"title": title},
        }
        return node_id

    def bypass(self, title: str, through: Mapping[int, str]) -> None:
        """Take a node out; what used its outputs gets its inputs.

        :param through: output -> name of the input that takes its place.
        :raises RunnerError: ``graph_unfit`` as :meth:`find`.
        """
        gone = self.find(title)
        inputs = self.nodes.pop(gone)["inputs"]
        for node in self.nodes.values():
            for name, value in node["inputs"].items():
                if is_link(value) and value[0] == gone:
                    node["inputs"][name] = inputs[through[value[1]]]

    def remove(self, title: str) -> None:
        """Take a node out, and leave what used its outputs without them."""
        gone = self.find(title)
        del self.nodes[gone]
        for node in self.nodes.values():
            used = [name for name, v in node["inputs"].items() if is_link(v) and v[0] == gone]
            for name in used:
                del node["inputs"][name]

    def join(self, title: str, name: str, source: str, output: int = 0) -> None:
        """Feed an input of the node of that title from another node."""
        self.nodes[self.find(title)]["inputs"][name] = [source, output]

    def feed(self, node_id: str, class_type: str, name: str, text: str) -> None:
        """Give a node of a class a text at an input it may have; an empty one takes it away.

        :raises RunnerError: ``graph_unfit`` if it is a node of another class.
        """
        if not self.is_a(node_id, class_type):
            raise _unfit(self.name, [f"'{self.title(node_id)}' is no {class_type}"])
        inputs = self.nodes[node_id]["inputs"]
        inputs.pop(name, None)
        if text:
            inputs[name] = text

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
            if is_link(inputs[name]):
                raise _unfit(self.name, [f"input '{name}' of '{title}' is fed by another node"])
            inputs[name] = value

    def tell(self, story: str) -> None:
        """Put a story in place of the node that plans one.

        :param story: as JSON.
        :raises RunnerError: ``graph_unfit`` as :meth:`find`.
        """
        self.nodes[self.find("Story")] = {
            "class_type": "AldarLoadStory",
            "inputs": {"json": story},
            "_meta": {"title": "Story"},
        }

    def set_by_text(self, setting: str) -> None:
        """Set an input by ``TITLE.INPUT=VALUE``; the value is read as what stands there now.

        :raises InputError: ``option_invalid`` if it is not of that form or kind, or there is no
            such input.
        """
        where, sign, text = setting.partition("=")
        title, dot, name = (part.strip() for part in where.rpartition("."))
        if not (sign and dot and title and name):
            raise _unreadable(setting, "it is not of the form TITLE.INPUT=VALUE")
        ids = [node_id for node_id in self.nodes if self.title(node_id) == title]
        if len(ids) != 1:
            titles = sorted({self.title(node_id) for node_id in self.nodes})
            count = "no node is" if not ids else f"{len(ids)} nodes are"
            raise _unreadable(setting, f"{count} titled '{shortened(title)}'{_near(title, titles)}")
        inputs = self.nodes[ids[0]]["inputs"]
        settable = sorted(name for name, value in inputs.items() if not is_link(value))
        if name not in inputs:
            raise _unreadable(
                setting, f"'{title}' has no input '{shortened(name)}'{_near(name, settable)}"
            )
        if is_link(inputs[name]):
            raise _unreadable(setting, f"input '{name}' of '{title}' is fed by another node")
        inputs[name] = _as(inputs[name], text, setting, name)
        self._given[ids[0], name] = setting

    def check(self, object_info: dict[str, Any]) -> None:
        """Compare every node with what a ComfyUI has.

        :param object_info: the answer to ``GET /object_info``.
        :raises InputError: ``option_invalid`` for a setting of the user's.
        :raises RunnerError: ``graph_unfit`` with every problem at once.
        """
        for (node_id, name), setting in self._given.items():
            node = self.nodes.get(node_id, {"class_type": "", "inputs": {}})
            spec = signature(object_info, node["class_type"], name)
            if name in node["inputs"] and (wrong := misfit(node["inputs"][name], spec)):
                raise _unreadable(setting, f"'{name}' {wrong}")
        problems = []
        for node_id, node in self.nodes.items():
            declared = object_info.get(node["class_type"])
            if declared is None:
                reasons = [f"this ComfyUI has no node {node['class_type']}"]
            else:
                reasons = list(self._problems(node["inputs"], declared, object_info))
            problems += [f"'{self.title(node_id)}': {reason}" for reason in reasons]
        if problems:
            raise _unfit(self.name, problems)

    def _problems(
        self, inputs: dict[str, Any], declared: dict[str, Any], info: dict[str, Any]
    ) -> Iterator[str]:
        groups = declared.get("input", {})
        required, optional = groups.get("required", {}), groups.get("optional", {})
        for name in required:
            if name not in inputs:
                yield f"input '{name}' is missing"
        for name, value in inputs.items():
            spec = required.get(name) or optional.get(name)
            if spec is None:
                yield f"input '{name}' is unknown"
            elif is_link(value):
                yield from self._link_problems(name, value, info)
            elif wrong := misfit(value, spec):
                yield f"input '{name}' {wrong}"

    def _link_problems(self, name: str, link: list[Any], info: dict[str, Any]) -> Iterator[str]:
        source = self.nodes.get(link[0])
        if source is None:
            yield f"input '{name}' is fed by node {link[0]}, which does not exist"
        else:
            outputs = info.get(source["class_type"], {}).get("output")
            if outputs is not None and not 0 <= link[1] < len(outputs):
                yield f"input '{name}' takes output {link[1]} of '{self.title(link[0])}'"

    def explain(self, refused: Refused) -> RunnerError:
        """ComfyUI's refusal with node titles instead of ids."""
        refusals = refused.answer.get("node_errors")
        problems = [
            f"'{self.title(node_id)}': {reason.get('message')} ({reason.get('details')})"
            for node_id, node in (refusals if isinstance(refusals, dict) else {}).items()
            for reason in (node.get("errors") if isinstance(node, dict) else None) or []
            if isinstance(reason, dict)
        ]
        return _unfit(self.name, problems) if problems else refused


def _as(old: Any, text: str, setting: str, name: str) -> str | int | float | bool:
    """A text as a value of the type of another. :raises InputError: if it is none."""
    if isinstance(old, bool):
        if text.strip().lower() in ("true", "false"):
            return text.strip().lower() == "true"
        raise _unreadable(
            setting, f"{shortened(text)!r} is not a value for '{name}', true or false"
        )
    if not isinstance(old, (int, float)):
        return text
    kind, wanted = (int, "a whole number") if isinstance(old, int) else (float, "a number")
    try:
        value = kind(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _unreadable(setting, f"{shortened(text)!r} is not a value for '{name}', {wanted}")
    return value


def misfit(value: Any, spec: list[Any]) -> str:
    """What is wrong with the value of an input, as the end of a sentence; nothing if it fits.

    :param spec: how ComfyUI declares the input.
    """
    if offered := choices(spec):
        if value in offered:
            return ""
        near = _near(str(value), [str(choice) for choice in offered])
        shown = ", ".join(map(str, offered[:8])) + (", …" if len(offered) > 8 else "")
        return f"is {shortened(repr(value))}, not one of {shown}" + (
            near if len(offered) > 8 else ""
        )
    kind, options = spec[0], (spec[1] if len(spec) > 1 else {})
    if kind == "BOOLEAN" and not isinstance(value, bool):
        return f"is {value!r}, not true or false"
    if kind not in ("INT", "FLOAT"):
        return ""
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan
    if not math.isfinite(number) or (kind == "INT" and number != int(number)):
        return f"is {value!r}, not a {'whole ' if kind == 'INT' else ''}number"
    if not options.get("min", number) <= number <= options.get("max", number):
        return f"is {value!r}, not from {options.get('min')} to {options.get('max')}"
    return ""


def _near(name: str, names: list[str]) -> str:
    """What may have been meant, as the end of a sentence: the nearest names, else all."""
    close = get_close_matches(name, names, 3) or [n for n in names if n.lower() == name.lower()]
    return f"; there is {', '.join(close or names)}" if names else ""


def _unreadable(setting: str, reason: str) -> InputError:
    return InputError(
        "option_invalid",
        f"--set {shortened(setting)} cannot be used: {reason}.",
        "Write it like --set 'Steps.steps=20'; --dry-run shows every title and input.",
    )


def _unfit(name: str, problems: list[str]) -> RunnerError:
    return RunnerError(
        "graph_unfit",
        f"The workflow {name} does not fit: {'; '.join(problems)}.",
        "Update ComfyUI and this pack to versions that go together, or undo the change to the "
        "workflow. If the pack's own nodes are missing, ComfyUI's log says why they did not load.",
    )


def is_link(value: Any) -> bool:
    """Whether the value of an input is another node's output."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], int)
    )


def signature(info: Mapping[str, Any], kind: str, name: str) -> list[Any]:
    """How a ComfyUI declares an input; an empty menu if there is no such input."""
    declared = info.get(kind, {}).get("input", {})
    return declared.get("required", {}).get(name) or declared.get("optional", {}).get(name) or [[]]


def choices(spec: list[Any]) -> list[Any]:
    """The values a combo input offers; empty for any other input, or a combo filled later."""
    kind, options = spec[0], (spec[1] if len(spec) > 1 else {})
    if options.get("image_upload"):  # takes files of subfolders as well, which it does not list
        return []
    if isinstance(kind, list):
        return kind
    if kind == "COMBO" and not options.get("multiselect"):
        return options.get("options") or []
    return []
