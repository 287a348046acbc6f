"""Who imports whom: the rooms of the product, read from the imports, and drawn as a map.

A room is a folder of modules; a module that lies directly in ``storyboard/`` or ``nodes/`` is a
room of its own. The contract tests ask here what a room may touch, and ``CONTRIBUTING.md`` shows
the map.
"""

from __future__ import annotations

import ast
import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACK = "aldar_storyboard"
TREES = ("storyboard", "nodes", "runner", "training", "tools")
OPEN = ("storyboard", "nodes")
"""Folders whose own modules are rooms."""


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


# --- the map -------------------------------------------------------------------------------

_WIDTH, _HEIGHT, _GAP, _RISE = 148, 30, 14, 44
"""Of a box, and between boxes and rows, in pixels."""


def draw() -> str:
    """The map as SVG: who uses a room stands above it.

    Of two ways from one room to another only the longer is drawn, or nothing could be read.

    :raises networkx.NetworkXUnfeasible: if rooms import each other in a circle.
    """
    import networkx

    graph = networkx.DiGraph((_shown(a), _shown(b)) for a, b in arrows() if _shown(a) != _shown(b))
    graph.remove_nodes_from([room for room in graph if room.startswith("training")])
    rows = list(networkx.topological_generations(graph.reverse()))[::-1]
    lean = networkx.transitive_reduction(graph)
    places = _arrange([sorted(row) for row in rows], lean)
    width = max(len(row) for row in rows) * (_WIDTH + _GAP) + _GAP
    height = len(rows) * (_HEIGHT + _RISE) + _GAP
    shapes = [_arrow(places[a], places[b]) for a, b in sorted(lean.edges)]
    shapes += [_box(room, *places[room]) for room in sorted(places)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="12">\n'
        f'<rect width="{width}" height="{height}" fill="#fbf8f1"/>\n'
        + "\n".join(shapes)
        + "\n</svg>\n"
    )


def _shown(room: str) -> str:
    """The box a room is drawn in: the nodes share one."""
    return "nodes" if room.startswith("nodes.") and room != "nodes.loop" else room


def _arrange(rows: list[list[str]], graph) -> dict[str, tuple[float, float]]:
    """Room -> left upper corner of its box: rows centred, boxes near those they are joined to."""
    widest = max(map(len, rows)) * (_WIDTH + _GAP)
    places: dict[str, tuple[float, float]] = {}

    def put(number: int) -> None:
        row = rows[number]
        left = (widest - len(row) * (_WIDTH + _GAP)) / 2 + _GAP
        for place, room in enumerate(row):
            places[room] = (left + place * (_WIDTH + _GAP), number * (_HEIGHT + _RISE) + _GAP)

    def pull(room: str) -> float:
        joined = [places[other][0] for other in (*graph.pred[room], *graph.succ[room])]
        return sum(joined) / len(joined) if joined else places[room][0]

    for number in range(len(rows)):
        put(number)
    for _ in range(8):
        for number, row in enumerate(rows):
            row.sort(key=lambda room: (pull(room), room))
            put(number)
    return places


def _box(room: str, x: float, y: float) -> str:
    colours = {"runner": "#d9e6f2", "nodes": "#e6dcf0", "storyboard": "#f4e3c1"}
    fill = colours.get(room.partition(".")[0], "#e8e8e8")
    label = html.escape(room.removeprefix("storyboard.").replace(".", "/"))
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="{fill}" '
        f'stroke="#4a4036"/><text x="{x + _WIDTH / 2:.0f}" y="{y + _HEIGHT / 2 + 4:.0f}" '
        f'text-anchor="middle" fill="#2b2620">{label}</text>'
    )


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    x1, y1 = start[0] + _WIDTH / 2, start[1] + _HEIGHT
    x2, y2 = end[0] + _WIDTH / 2, end[1]
    middle = (y1 + y2) / 2
    return (
        f'<path d="M{x1:.0f} {y1:.0f} C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} '
        f'{y2:.0f}" fill="none" stroke="#8a7d6d" stroke-width="1.2"/>'
    )
