"""``docs/rooms.svg``: a map of the rooms, drawn from the imports.

A room stands above every room it imports. Where a room is reached by two ways only the longer is
drawn, and no arrow to the ground that everything stands on: the map shows the same order without
them and can be read. Layers, order in a layer and places are found as Sugiyama, Tagawa and Toda
do it ("Methods for visual understanding of hierarchical system structures", 1981): a long arrow
is led through every layer between.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import fsum
from typing import TypeAlias

import networkx

from . import rooms

Point: TypeAlias = tuple[str, int]
"""A room, or where an arrow passes a layer: ``("room -> room", layer)``."""
Ways: TypeAlias = dict[tuple[str, str], list[Point]]
"""Arrow -> the points it is led through, from the top down."""

WIDTH, HEIGHT, GAP, RISE, PASS, MARGIN = 132, 34, 22, 46, 16, 24
"""Pixels: of a box, between boxes, between layers, an arrow's room between boxes, the border."""
COLOURS = {
    "ground": ("#e9e4d8", "ground: all may use it, and no arrow says so"),
    "story": ("#f7ee9f", "story: the currency between the stages"),
    "planning": ("#f6dfa4", "planning: a logline becomes shots and prompts"),
    "staging": ("#f3c9a5", "staging: a shot becomes a drawing, poses, masks"),
    "frames": ("#e7b8ad", "frames: takes, the gate that judges them, the board"),
    "results": ("#d9c3dc", "results: numbers and files"),
    "nodes": ("#bcd0e6", "nodes: the stages on ComfyUI's canvas"),
    "runner": ("#b9dccb", "runner: the stages on the command line"),
    "tools": ("#dcdcdc", "tools: what writes the generated files"),
}
"""Stage -> colour of its rooms, and what the legend says."""
_INK, _LINE, _EDGE, _PAPER = "#2b2620", "#9a8d7c", "#b0a697", "#fffdf8"


def shown(room: str) -> str:
    """The box a room is drawn in: nodes but the loop share one, tools another."""
    if not room or (room.startswith("nodes.") and room != "nodes.loop"):
        return "nodes"
    return "tools" if room.startswith("tools.") else room


def stages() -> dict[str, str]:
    """Box -> stage, in the order of the flow."""
    return {shown(room): stage for stage, listed in rooms.FLOW.items() for room in listed}


def graph() -> networkx.DiGraph:
    """Box -> box it imports, without the shorter of two ways.

    :raises networkx.NetworkXError: if rooms import each other in a circle.
    """
    above = [room for room, stage in stages().items() if stage != "ground"]
    ends = ((shown(a), shown(b)) for a, b in rooms.arrows())
    full = networkx.DiGraph()
    full.add_nodes_from(above)
    full.add_edges_from(sorted({(a, b) for a, b in ends if a != b and {a, b} <= {*above}}))
    return networkx.transitive_reduction(full)


def draw() -> str:
    """The map as SVG."""
    lean = graph()
    layers, ways = _layers(lean)
    _untangle(layers, ways)
    x = _place(layers, ways)
    ground = [room for room, stage in stages().items() if stage == "ground"]
    drawn = max(x.values()) + WIDTH / 2 + MARGIN
    width = max(drawn, len(ground) * (WIDTH + GAP) - GAP + 2 * MARGIN)
    x = {point: value + (width - drawn) / 2 for point, value in x.items()}
    y = {
        point: MARGIN + (len(layers) - 1 - number) * (HEIGHT + RISE)
        for number, layer in enumerate(layers)
        for point in layer
    }
    shapes = [_arrow([(x[p], y[p]) for p in way]) for _, way in sorted(ways.items())]
    floor = len(layers) * (HEIGHT + RISE) + MARGIN
    left = (width - len(ground) * (WIDTH + GAP) + GAP + WIDTH) / 2
    x |= {(room, -1): left + place * (WIDTH + GAP) for place, room in enumerate(ground)}
    y |= {(room, -1): float(floor) for room in ground}
    shapes.append(
        f'<path d="M{MARGIN} {floor - RISE / 2:.0f}H{width - MARGIN:.0f}" stroke="{_LINE}" '
        'stroke-dasharray="2 5"/>'
    )
    shapes += [_box(room, stage, x[room, -1], y[room, -1]) for room, stage in stages().items()]
    shapes += _legend(floor + HEIGHT + MARGIN)
    height = floor + HEIGHT + MARGIN + (len(COLOURS) + 1) // 2 * 22 + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="sans-serif" font-size="14">\n'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{_LINE}"/></marker></defs>\n'
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>\n' + "\n".join(shapes) + "\n</svg>\n"
    )


def table() -> list[tuple[str, str]]:
    """(room, what it is) for every box, in the order of the flow."""
    return [(f"`{folder(box)}`", rooms.sentence(box).replace("``", "`")) for box in stages()]


def folder(room: str) -> str:
    """``storyboard/planning/llm/``, ``storyboard/story.py``."""
    path = rooms.modules()[room].relative_to(rooms.ROOT)
    return f"{path.parent.as_posix()}/" if path.name == "__init__.py" else path.as_posix()


def _layers(
    lean: networkx.DiGraph,
) -> tuple[list[list[Point]], Ways]:
    """The layers from the ground up, and every arrow's way through them from the top down."""
    height = {
        room: number
        for number, layer in enumerate(networkx.topological_generations(lean.reverse()))
        for room in layer
    }
    layers: list[list[Point]] = [[] for _ in range(max(height.values()) + 1)]
    for room in stages():
        if room in height:
            layers[height[room]].append((room, -1))
    ways = {}
    for a, b in sorted(lean.edges):
        between = [(f"{a} -> {b}", layer) for layer in range(height[a] - 1, height[b], -1)]
        for point in between:
            layers[point[1]].append(point)
        ways[a, b] = [(a, -1), *between, (b, -1)]
    return layers, ways


def _joints(
    ways: Ways,
) -> dict[Point, tuple[list[Point], list[Point]]]:
    """Point -> the points it is joined to in the layer above, and in the layer below."""
    joints: dict[Point, tuple[list[Point], list[Point]]] = {}
    for way in ways.values():
        for upper, lower in pairwise(way):
            joints.setdefault(upper, ([], []))[1].append(lower)
            joints.setdefault(lower, ([], []))[0].append(upper)
    return joints


def _untangle(layers: list[list[Point]], ways: Ways) -> None:
    """Order every layer so that few arrows cross: each point goes to the middle of its joints."""
    joints = _joints(ways)

    def crossings() -> int:
        spot = {point: place for layer in layers for place, point in enumerate(layer)}
        crossed = 0
        for layer in layers:
            ends = [(spot[p], spot[q]) for p in layer for q in joints.get(p, ((), ()))[1]]
            crossed += sum(
                (a - c) * (b - d) < 0 for i, (a, b) in enumerate(ends) for c, d in ends[:i]
            )
        return crossed

    best, fewest = [list(layer) for layer in layers], crossings()
    for sweep in range(24):
        side = sweep % 2
        for layer in layers[::-1] if side == 0 else layers:
            spot = {point: place for level in layers for place, point in enumerate(level)}

            def middle(point: Point, side: int = side, spot: dict[Point, int] = spot) -> float:
                near = joints.get(point, ((), ()))[side]
                return sum(spot[q] for q in near) / len(near) if near else spot[point]

            layer.sort(key=middle)
        if (crossed := crossings()) < fewest:
            best, fewest = [list(layer) for layer in layers], crossed
    for layer, order in zip(layers, best):
        layer[:] = order


def _place(layers: list[list[Point]], ways: Ways) -> dict[Point, float]:
    """Point -> x of its middle: near what it is joined to, apart from its neighbours."""
    joints = _joints(ways)
    x = {p: place * (WIDTH + GAP) / 2 for layer in layers for place, p in enumerate(layer)}
    for turn in range(60):
        for layer in layers if turn % 2 else layers[::-1]:
            wanted = []
            for point in layer:
                near = [(x[q], _stiff(point, q)) for side in joints.get(point, ()) for q in side]
                pull = fsum(stiff for _, stiff in near)
                wanted.append(fsum(v * stiff for v, stiff in near) / pull if pull else x[point])
            x.update(zip(layer, _apart(layer, wanted)))
    left = min(x[p] - _wide(p) / 2 for p in x) - MARGIN
    return {point: value - left for point, value in x.items()}


def _stiff(a: Point, b: Point) -> int:
    """How straight a part of an arrow is kept: most of all the inner parts of a long one."""
    return (1, 2, 8)[(a[1] >= 0) + (b[1] >= 0)]


def _wide(point: Point) -> float:
    return WIDTH + GAP if point[1] < 0 else PASS


def _apart(layer: Sequence[Point], wanted: Sequence[float]) -> Iterator[float]:
    """The places nearest to the wanted ones (least squares) at which nothing overlaps.

    Without the widths it is an isotonic regression: neighbours in the wrong order share their mean.
    """
    offsets = [0.0]
    for a, b in pairwise(layer):
        offsets.append(offsets[-1] + (_wide(a) + _wide(b)) / 2)
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets):
        mean, count = want - offset, 1
        while blocks and blocks[-1][0] >= mean:
            other, size = blocks.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        blocks.append((mean, count))
    means = [mean for mean, count in blocks for _ in range(count)]
    return (mean + offset for mean, offset in zip(means, offsets))


def _box(room: str, stage: str, x: float, y: float) -> str:
    label = html.escape(room.removeprefix("storyboard.").replace(".", "/"))
    told = html.escape(f"{folder(room)}: {rooms.sentence(room)}".replace("``", ""))
    return (
        f'<g><title>{told}</title><rect x="{x - WIDTH / 2:.0f}" y="{y:.0f}" width="{WIDTH}" '
        f'height="{HEIGHT}" rx="7" fill="{COLOURS[stage][0]}" stroke="{_EDGE}"/>'
        f'<text x="{x:.0f}" y="{y + HEIGHT / 2 + 5:.0f}" text-anchor="middle" fill="{_INK}">'
        f"{label}</text></g>"
    )


def _arrow(points: list[tuple[float, float]]) -> str:
    """From the bottom of the first box, past the boxes between, to the top of the last."""
    (x, y), *rest = points
    y += HEIGHT
    path = f"M{x:.0f} {y:.0f}"
    for place, (next_x, top) in enumerate(rest, 1):
        middle = (y + top) / 2
        path += f" C{x:.0f} {middle:.0f} {next_x:.0f} {middle:.0f} {next_x:.0f} {top:.0f}"
        if place < len(rest):
            path += f" V{top + HEIGHT:.0f}"
        x, y = next_x, top + HEIGHT
    return (
        f'<path d="{path}" fill="none" stroke="{_LINE}" stroke-width="1.3" marker-end="url(#tip)"/>'
    )


def _legend(top: float) -> Iterator[str]:
    for place, (colour, told) in enumerate(COLOURS.values()):
        row, column = place % ((len(COLOURS) + 1) // 2), place // ((len(COLOURS) + 1) // 2)
        x, y = MARGIN + column * 400, top + row * 22
        yield (
            f'<rect x="{x}" y="{y:.0f}" width="14" height="14" rx="3" fill="{colour}" '
            f'stroke="{_EDGE}"/><text x="{x + 22}" y="{y + 12:.0f}" '
            f'font-size="13" fill="{_INK}">{html.escape(told)}</text>'
        )
