"""The rooms of the product and who imports whom, read from the source without importing it.

A room is a folder of modules; a module that lies directly in ``storyboard/`` or ``nodes/`` is a
room of its own. :data:`FLOW` says what a room may import, the contract tests hold the product to
it, and :mod:`.map` draws it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACK = "aldar_storyboard"
TREES = ("storyboard", "nodes", "runner", "training", "tools")
OPEN = ("storyboard", "nodes")
"""Folders whose own modules are rooms."""
FLOW = {
    "ground": (
        "storyboard.errors",
        "storyboard.json_text",
        "storyboard.files",
        "storyboard.data_folder",
        "storyboard.folders",
        "storyboard.pictures",
        "storyboard.tensors",
        "storyboard.prompt_graph",
    ),
    "story": (
        "storyboard.vocabulary",
        "storyboard.sets",
        "storyboard.migration",
        "storyboard.story",
        "storyboard.numbering",
        "storyboard.panels",
        "storyboard.heroes",
        "storyboard.config",
    ),
    "planning": (
        "storyboard.prompts",
        "storyboard.casting",
        "storyboard.planning.offline",
        "storyboard.planning.draft",
        "storyboard.planning.llm",
        "storyboard.planning.script",
        "storyboard.planning.matrix",
        "storyboard.planning",
    ),
    "staging": (
        "storyboard.staging.blocking",
        "storyboard.staging.drawing",
        "storyboard.staging.letters",
        "storyboard.staging",
        "storyboard.bring_in",
    ),
    "frames": (
        "storyboard.takes",
        "storyboard.gate",
        "storyboard.gate.measure",
        "storyboard.board",
        "storyboard.frames",
    ),
    "results": (
        "storyboard.evaluate",
        "storyboard.exports",
        "storyboard.exports.pdf",
        "storyboard.exports.editorial",
    ),
    "nodes": (
        "nodes.loop",
        "nodes.sockets",
        "nodes.guard",
        "nodes.search",
        "nodes.story",
        "nodes.takes",
        "nodes.staging",
        "nodes.gate",
        "nodes.frames",
        "nodes.steps",
        "nodes.exports",
        "nodes.evaluate",
        "nodes.extension",
        "",
    ),
    "runner": ("runner.server", "runner.models", "runner.run", "runner.cli"),
    "tools": ("tools.workflows", "tools"),
}
"""Stage -> its rooms. In this order a board is made, and a room imports only rooms that are named
before it (``nodes`` and ``runner`` nothing of each other). The root package is called ``""``."""


@dataclass(frozen=True)
class Import:
    """One import statement's target."""

    module: str
    """Who imports, as ``nodes.loop.runs``; a package is named like its folder."""
    line: int
    target: str
    """What is imported: a module of ours under its name below the root, or a package name."""
    ours: bool
    absolute: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by its name below the root."""
    files = [ROOT / "__init__.py", *(f for tree in TREES for f in (ROOT / tree).rglob("*.py"))]
    return {_name(path): path for path in files}


@cache
def imports() -> tuple[Import, ...]:
    """Every import but those for type checkers only."""
    return tuple(item for name, path in modules().items() for item in _imports_of(name, path))


def room_of(module: str) -> str:
    """The room a module stands in."""
    folder = module if modules()[module].name == "__init__.py" else module.rpartition(".")[0]
    return module if folder in OPEN else folder


@cache
def arrows() -> Mapping[tuple[str, str], tuple[Import, ...]]:
    """(room, room it imports) -> the imports that make the arrow."""
    drawn: dict[tuple[str, str], list[Import]] = {}
    for item in imports():
        if item.ours and item.target in modules():
            ends = room_of(item.module), room_of(item.target)
            if ends[0] != ends[1]:
                drawn.setdefault(ends, []).append(item)
    return {ends: tuple(items) for ends, items in drawn.items()}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports_of(module: str, path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for node in ast.walk(block)
    }
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            for name in node.names:
                yield _external(module, node.lineno, name.name)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield _external(module, node.lineno, node.module or "")
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".") if package else []
            parts = parts[: len(parts) + 1 - node.level]
            base = ".".join([*parts, *([node.module] if node.module else [])])
            for name in node.names:
                inner = f"{base}.{name.name}".strip(".")
                target = inner if inner in modules() else base
                yield Import(module, node.lineno, target, ours=True, absolute=False)


def _external(module: str, line: int, name: str) -> Import:
    top, _, rest = name.partition(".")
    if top == PACK:
        return Import(module, line, rest, ours=True, absolute=True)
    return Import(module, line, top, ours=False, absolute=True)


def sentence(room: str) -> str:
    """What a room is: the first sentence of its docstring."""
    text = ast.get_docstring(ast.parse(modules()[room].read_text("utf-8"))) or ""
    text = re.sub(r":\w+:`[~.]*([^`]+)`", r"``\1``", " ".join(text.split()))
    return re.split(r"(?<=\.)\s", text)[0].rstrip(".")
