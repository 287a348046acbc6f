"""What is written in one place and read in several: words of the nodes' schemas, and the rooms.

The English locale, the port tables of the help pages (each section's first table) and the table
of ``docs/nodes.md`` come from the recorded signatures; Russian and Kazakh words stand in
``locales/``. The table of ``docs/exports.md`` comes from the options of the formats. The map of the
rooms and the table in ``CONTRIBUTING.md`` come from the source. Prose around the tables is written
by hand and left alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..storyboard.exports.formats import FORMATS, options_of, typed
from ..storyboard.exports.report import report_schema
from . import map as rooms_map

ROOT = Path(__file__).parents[1]
HEADINGS = {"en": ("Inputs", "Outputs"), "ru": ("Входы", "Выходы")}
"""Language of the help pages -> the sections whose first table is written here."""
COLUMNS = {
    "en": (("Input", "Type and values", "What it is"), ("Output", "Type", "What it is")),
    "ru": (("Вход", "Тип и значения", "Что это"), ("Выход", "Тип", "Что это")),
}
WORDS = {
    "en": {"optional": "optional", "to": "{} to {}", "default": "{} unless given"},
    "ru": {"optional": "необязательно", "to": "от {} до {}", "default": "{}, если не задано"},
}
MENU = 8
"""How many entries of a menu are listed."""


@dataclass(frozen=True)
class Port:
    """An input or output, as ``GET /object_info`` describes it."""

    id: str
    type: str
    """``COMBO`` for a menu."""
    label: str
    tooltip: str
    required: bool = True
    options: Mapping[str, Any] | None = None
    """Of a widget: default, range, menu."""


def inputs(node: Mapping[str, Any]) -> list[Port]:
    """The inputs of a node, in order."""
    ports = []
    for group, names in node["input_order"].items():
        if group == "hidden":
            continue
        for name in names:
            kind, options = [*node["input"][group][name], {}][:2]
            menu = {"options": kind} if isinstance(kind, list) else {}
            ports.append(
                Port(
                    name,
                    "COMBO" if isinstance(kind, list) else kind,
                    options.get("display_name") or name,
                    options.get("tooltip") or "",
                    group == "required",
                    {**options, **menu},
                )
            )
    return ports


def outputs(node: Mapping[str, Any]) -> list[Port]:
    """The outputs of a node, in order."""
    tooltips = node.get("output_tooltips") or [None] * len(node["output"])
    return [
        Port(name, kind, name, tooltip or "")
        for name, kind, tooltip in zip(node["output_name"], node["output"], tooltips, strict=True)
    ]


def ours(signatures: Mapping[str, Any]) -> dict[str, Any]:
    """The nodes of this pack that a user may draw, in the order of the menu."""
    return {name: node for name, node in signatures.items() if name.startswith("Aldar")}


def english(signatures: Mapping[str, Any]) -> dict[str, Any]:
    """What ``locales/en/nodeDefs.json`` holds."""

    def words(port: Port) -> dict[str, str]:
        return {"name": port.label} | ({"tooltip": port.tooltip} if port.tooltip else {})

    return {
        name: {
            "display_name": node["display_name"],
            "description": node["description"],
            "inputs": {port.id: words(port) for port in inputs(node)},
            "outputs": {str(i): words(port) for i, port in enumerate(outputs(node))},
        }
        for name, node in ours(signatures).items()
    }


def page(text: str, node: Mapping[str, Any], words: Mapping[str, Any], language: str) -> str:
    """A help page with its port tables as the schema has them.

    :param words: of this node in that language, as a locale has them.
    """
    groups = (
        [(port, words["inputs"][port.id]) for port in inputs(node)],
        [(port, words["outputs"][str(i)]) for i, port in enumerate(outputs(node))],
    )
    for heading, columns, ports in zip(HEADINGS[language], COLUMNS[language], groups, strict=True):
        text = _replace_table(text, heading, _table(columns, ports, language))
    return text


def nodes(text: str, signatures: Mapping[str, Any]) -> str:
    """``docs/nodes.md`` with its table."""
    rows = [
        (node["display_name"], re.split(r"\.\s", node["description"])[0].rstrip("."))
        for node in ours(signatures).values()
    ]
    return _replace_table(text, "The nodes", _rows(("Node", "What it does"), rows) + "\n")


def stale(signatures: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """The files that do not hold what the schemas say, each with what it should hold."""
    locales = {"en": english(signatures)}
    for language in HEADINGS:
        if language not in locales:
            path = ROOT / "locales" / language / "nodeDefs.json"
            locales[language] = json.loads(path.read_text("utf-8"))
    wanted = {
        ROOT / "locales/en/nodeDefs.json": json.dumps(locales["en"], indent=2, ensure_ascii=False)
        + "\n"
    }
    for name, node in ours(signatures).items():
        for language in HEADINGS:
            path = ROOT / "js" / "docs" / name / f"{language}.md"
            wanted[path] = page(path.read_text("utf-8"), node, locales[language][name], language)
    path = ROOT / "docs/nodes.md"
    wanted[path] = nodes(path.read_text("utf-8"), signatures)
    path = ROOT / "docs/exports.md"
    wanted[path] = _replace_table(path.read_text("utf-8"), "All options", _export_options())
    path = ROOT / "CONTRIBUTING.md"
    rooms = _rows(("Room", "What it is"), rooms_map.table()) + "\n"
    wanted[path] = _replace_table(path.read_text("utf-8"), "The rooms", rooms)
    wanted[ROOT / "docs/rooms.svg"] = rooms_map.draw()
    schema = json.dumps(report_schema(), indent=2) + "\n"
    wanted[ROOT / "docs/report.schema.json"] = schema
    for path, text in wanted.items():
        if not path.is_file() or path.read_text("utf-8") != text:
            yield path, text


def _export_options() -> str:
    """The table of what the exports take."""
    rows = [
        (f"`{o.name}`", o.values, f"`{typed(o.default)}`" if o.default != "" else "", o.meaning)
        for o in options_of(FORMATS)
    ]
    return _rows(("Option", "Values", "Default", "What it does"), rows) + "\n"


def _table(
    columns: tuple[str, ...], ports: list[tuple[Port, Mapping[str, str]]], language: str
) -> str:
    rows = []
    for port, words in ports:
        label = "" if words["name"] == port.id else f" ({words['name']})"
        rows.append((f"**{port.id}**{label}", _values(port, language), words.get("tooltip", "")))
    return _rows(columns, rows) + "\n" if rows else ""


def _values(port: Port, language: str) -> str:
    """Type, range and default of a port."""
    words, options = WORDS[language], port.options or {}
    parts = [f"`{port.type}`"] if port.type != "COMBO" else []
    menu = options.get("options") or []
    if menu and len(menu) <= MENU and all(isinstance(entry, str) for entry in menu):
        parts.append(" · ".join(f"`{entry}`" for entry in menu))
    if {"min", "max"} <= options.keys() and options["max"] < 2**31:
        parts.append(words["to"].format(options["min"], options["max"]))
    default = options.get("default")
    if default not in (None, "") and len(str(default)) <= 24:
        parts.append(words["default"].format(f"`{default}`"))
    if not port.required and "default" not in options:
        parts.append(words["optional"])
    return ", ".join(parts)


def _rows(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "".join("| " + " | ".join(line) + " |\n" for line in cells)


def _replace_table(text: str, heading: str, table: str) -> str:
    """The text with the first table below a ``## heading`` replaced, or put there.

    :param table: with the empty line below it.
    """
    before, mark, rest = text.partition(f"## {heading}\n\n")
    if not mark:
        raise ValueError(f"a page has no section {heading!r}")
    prose = re.sub(r"\A(?:\|.*\n)+", "", rest).lstrip("\n")
    return f"{before}{mark}{table}{prose}"
