"""Imports point one way: nodes -> storyboard <- runner, and each stage stands for itself.

``tools/rooms.py`` reads the imports, and its table ``FLOW`` says which way is down.
"""

from __future__ import annotations

import graphlib
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from itertools import chain, combinations
from pathlib import Path

import networkx
import pytest
from aldar_storyboard.tools import map as rooms_map
from aldar_storyboard.tools import rooms
from aldar_storyboard.tools.rooms import Import, imports, modules

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


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def offenders(*packages: str, why: Callable[[Import], bool]) -> list[str]:
    return [str(item) for item in imports() if within(item.module, *packages) and why(item)]


def test_the_rooms_are_read():
    assert len(modules()) > 20
    assert len(imports()) > 100
    assert any(item.target == "storyboard.errors" for item in imports())


def test_every_kind_of_import_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    package = tmp_path / "storyboard" / "gate"
    package.mkdir(parents=True)
    (tmp_path / "__init__.py").write_text("from .storyboard import errors")
    (tmp_path / "storyboard" / "errors.py").write_text("")
    (package / "__init__.py").write_text("from ..errors import AldarError")
    (package / "sight.py").write_text(
        "import numpy.linalg\n"
        "from . import sight\n"
        "from aldar_storyboard.storyboard import errors\n"
        "if TYPE_CHECKING:\n    import torch\n"
        "def late():\n    from ..errors import AldarError\n"
    )
    monkeypatch.setattr(rooms, "ROOT", tmp_path)
    for cached in (modules, imports):
        cached.cache_clear()
    try:
        assert {(item.module, item.target, item.absolute) for item in imports()} == {
            ("", "storyboard.errors", False),
            ("storyboard.gate", "storyboard.errors", False),
            ("storyboard.gate.sight", "numpy", True),
            ("storyboard.gate.sight", "storyboard.gate.sight", False),
            ("storyboard.gate.sight", "storyboard", True),
            ("storyboard.gate.sight", "storyboard.errors", False),
        }
    finally:
        for cached in (modules, imports):
            cached.cache_clear()


def test_inside_the_pack_all_imports_are_relative():
    assert not offenders(*rooms.TREES, why=lambda item: item.ours and item.absolute)


@pytest.mark.parametrize(
    ("package", "may"),
    [
        ("storyboard", ("storyboard",)),
        ("nodes", ("nodes", "storyboard")),
        ("runner", ("runner", "storyboard")),
        ("training", ("training",)),
    ],
)
def test_a_package_imports_only_what_lies_below_it(package: str, may: tuple[str, ...]):
    """``tools`` may import everything; nothing imports ``tools``."""
    assert not offenders(package, why=lambda item: item.ours and not within(item.target, *may))


def test_no_room_imports_itself_in_a_circle():
    graph = networkx.DiGraph(rooms.arrows().keys())
    circles = [c for c in networkx.strongly_connected_components(graph) if len(c) > 1]
    inside = [
        str(item)
        for (a, b), items in rooms.arrows().items()
        for item in items
        if any({a, b} <= circle for circle in circles)
    ]
    assert inside == []


def test_every_room_has_its_place_in_the_flow():
    listed = list(chain(*rooms.FLOW.values()))
    assert len(listed) == len(set(listed))
    assert {room for ends in rooms.arrows() for room in ends} == set(listed)


def test_a_room_imports_only_rooms_below_it():
    """A new room gets its place in ``rooms.FLOW``; an import upwards belongs elsewhere."""
    place = {room: number for number, room in enumerate(chain(*rooms.FLOW.values()))}
    assert [
        str(item)
        for (room, target), items in rooms.arrows().items()
        for item in items
        if place[target] > place[room]
    ] == []


def test_the_map_shows_every_room_above_those_it_imports():
    boxes = re.findall(r'<title>(.+?): .*?<rect x="(\d+)" y="(\d+)"', rooms_map.draw())
    places = {folder: (int(x), int(y)) for folder, x, y in boxes}
    assert len(places) == len(boxes) == len(rooms_map.stages())
    for a, b in rooms_map.graph().edges:
        assert places[rooms_map.folder(a)][1] < places[rooms_map.folder(b)][1], (a, b)
    for (folder, (x, y)), (other, (left, top)) in combinations(places.items(), 2):
        apart = abs(x - left) >= rooms_map.WIDTH or abs(y - top) >= rooms_map.HEIGHT
        assert apart, (folder, other)


def test_stages_of_nodes_do_not_import_each_other():
    """Shared are the sockets and the loop's machinery; extension.py is the table of contents."""
    shared = ("nodes.sockets", "nodes.loop", "storyboard")

    def crosses(item: Import) -> bool:
        contents = item.module == "nodes.extension"
        return item.ours and not contents and not within(item.target, *shared)

    assert not offenders("nodes", why=crosses)


def test_storyboard_never_imports_comfyui():
    assert not offenders("storyboard", why=lambda item: not item.ours and item.target in COMFYUI)


def test_only_the_measures_and_tensors_import_torch():
    torch = {"torch", "torchvision", "transformers", "safetensors"}
    assert not [
        str(item)
        for item in imports()
        if within(item.module, "storyboard")
        and not within(item.module, *TORCH_ROOMS)
        and item.target in torch
    ]


def test_every_other_library_is_wrapped_by_one_module():
    """So that replacing a library means changing one file."""
    users = defaultdict(set)
    for item in imports():
        outside = within(item.module, "storyboard") and not within(item.module, *TORCH_ROOMS)
        if outside and not item.ours and item.target not in sys.stdlib_module_names | DOMAIN:
            users[item.target].add(item.module)
    assert {name: sorted(who) for name, who in users.items() if len(who) > 1} == {}


def test_no_module_imports_itself_in_a_circle():
    graph: dict[str, set[str]] = {name: set() for name in modules()}
    for item in imports():
        if item.ours and item.target != item.module and item.target in graph:
            graph[item.module].add(item.target)
    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_the_pack_and_comfyui_meet_only_in_nodes():
    """The runner talks to ComfyUI over HTTP; launch.py alone runs inside it."""

    def meets(item: Import) -> bool:
        return not item.ours and item.target in COMFYUI and item.module != "runner.server.launch"

    assert not offenders("runner", "tools", "training", why=meets)
