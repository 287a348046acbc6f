"""Imports point one way: nodes -> storyboard <- runner, and each stage stands for itself."""

from __future__ import annotations

import ast
import graphlib
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = "aldar_storyboard"
ROOMS = ("storyboard", "nodes", "runner", "training", "workflows")
COMFYUI = {
    "comfy",
    "comfy_api",
    "comfy_execution",
    "comfy_extras",
    "execution",
    "folder_paths",
    "latent_preview",
    "node_helpers",
    "nodes",
    "server",
}
DOMAIN = {"numpy", "PIL", "pydantic"}
"""Third-party packages that every module of storyboard/ may use."""
TORCH_ROOMS = ("storyboard.gate.measure", "storyboard.tensors")


@dataclass(frozen=True)
class Import:
    module: str
    """Who imports, as ``nodes.loop.runs``; a package is named like its folder."""
    line: int
    target: str
    """What is imported: a module of ours under its name below the root, or a package name."""
    ours: bool
    absolute: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    files = [ROOT / "__init__.py", *(f for room in ROOMS for f in (ROOT / room).rglob("*.py"))]
    return {module_of(path): path for path in files}


def imports_of(module: str, path: Path) -> Iterator[Import]:
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
                yield external(module, node.lineno, name.name)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield external(module, node.lineno, node.module or "")
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".") if package else []
            parts = parts[: len(parts) + 1 - node.level]
            base = ".".join([*parts, *([node.module] if node.module else [])])
            for name in node.names:
                inner = f"{base}.{name.name}".strip(".")
                target = inner if inner in modules() else base
                yield Import(module, node.lineno, target, ours=True, absolute=False)


def external(module: str, line: int, name: str) -> Import:
    top, _, rest = name.partition(".")
    if top == OURS:
        return Import(module, line, rest, ours=True, absolute=True)
    return Import(module, line, top, ours=False, absolute=True)


@cache
def imports() -> tuple[Import, ...]:
    return tuple(found for name, path in modules().items() for found in imports_of(name, path))


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def offenders(*rooms: str, why) -> list[str]:
    return [str(found) for found in imports() if within(found.module, *rooms) and why(found)]


def test_the_rooms_are_read():
    assert len(modules()) > 20
    assert len(imports()) > 100
    assert any(found.target == "storyboard.errors" for found in imports())


def test_inside_the_pack_all_imports_are_relative():
    rooms = ("storyboard", "nodes", "runner", "workflows")
    assert not offenders(*rooms, why=lambda found: found.ours and found.absolute)


@pytest.mark.parametrize(
    ("room", "may"),
    [
        ("storyboard", ("storyboard",)),
        ("nodes", ("nodes", "storyboard")),
        ("runner", ("runner", "storyboard")),
        ("training", ("training",)),
    ],
)
def test_a_room_imports_only_what_lies_below_it(room: str, may: tuple[str, ...]):
    assert not offenders(room, why=lambda found: found.ours and not within(found.target, *may))


def test_stages_of_nodes_do_not_import_each_other():
    """Shared are the sockets and the loop's machinery; extension.py is the table of contents."""
    shared = ("nodes.sockets", "nodes.loop", "storyboard")

    def crosses(found: Import) -> bool:
        contents = found.module == "nodes.extension"
        return found.ours and not contents and not within(found.target, *shared)

    assert not offenders("nodes", why=crosses)


def test_storyboard_never_imports_comfyui():
    assert not offenders("storyboard", why=lambda found: not found.ours and found.target in COMFYUI)


def test_only_the_measures_and_tensors_import_torch():
    torch = {"torch", "torchvision", "transformers", "safetensors"}
    assert not [
        str(found)
        for found in imports()
        if within(found.module, "storyboard")
        and not within(found.module, *TORCH_ROOMS)
        and found.target in torch
    ]


def test_every_other_library_is_wrapped_by_one_module():
    """So that replacing a library means changing one file."""
    users = defaultdict(set)
    for found in imports():
        outside = within(found.module, "storyboard") and not within(found.module, *TORCH_ROOMS)
        if outside and not found.ours and found.target not in sys.stdlib_module_names | DOMAIN:
            users[found.target].add(found.module)
    assert {name: sorted(who) for name, who in users.items() if len(who) > 1} == {}


def test_no_module_imports_itself_in_a_circle():
    graph: dict[str, set[str]] = {name: set() for name in modules()}
    for found in imports():
        if found.ours and found.target != found.module and found.target in graph:
            graph[found.module].add(found.target)
    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_the_pack_and_comfyui_meet_only_in_nodes():
    """The runner talks to ComfyUI over HTTP; launch.py alone runs inside it."""

    def meets(found: Import) -> bool:
        return not found.ours and found.target in COMFYUI and found.module != "runner.server.launch"

    assert not offenders("runner", "workflows", "training", why=meets)
