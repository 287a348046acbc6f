"""Every node is explained, in the same words everywhere: schema, help pages, locales, README.

The node classes are read by AST, so these tests need no ComfyUI. The English locale only repeats
the schemas; ``python tests/contract/test_docs.py`` writes it.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "js" / "docs"
LOCALES = ROOT / "locales"
SECTIONS = {
    "en": ("Inputs", "Outputs", "Example", "When it goes wrong"),
    "ru": ("Входы", "Выходы", "Пример", "Если что-то не так"),
}
TRANSLATED = {"ru": r"[а-яё]", "kk": r"[а-яёәғқңөұүһі]"}


@dataclass(frozen=True)
class Port:
    """An input or output of a node."""

    id: str
    name: str
    tooltip: str


@dataclass(frozen=True)
class Node:
    """What a node's schema says to users."""

    id: str
    display_name: str
    description: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]


# --- reading the schemas -------------------------------------------------------------------


@cache
def module(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> dict[str, tuple[Path, str]]:
    """Name -> (module file, name there) for what a module of ``nodes/`` imports from another."""
    found = {}
    for statement in module(path).body:
        if isinstance(statement, ast.ImportFrom) and statement.level == 1:
            for alias in statement.names:
                target = path.parent / f"{(statement.module or alias.name).replace('.', '/')}.py"
                if target.is_file():
                    found[alias.asname or alias.name] = (target, alias.name)
    return found


def definition(name: str, path: Path) -> tuple[ast.AST, Path] | None:
    """The class or assigned value a name of a module stands for, and the module it is from."""
    for statement in module(path).body:
        if isinstance(statement, ast.ClassDef) and statement.name == name:
            return statement, path
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value:
            one = isinstance(statement, ast.AnnAssign)
            for target in [statement.target] if one else statement.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    return statement.value, path
    if name in imported(path):
        target, original = imported(path)[name]
        return definition(original, target)
    return None


def text(value: ast.AST | None, path: Path) -> str:
    """A string as the schema gets it; ``""`` if there is none."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return text(value.left, path) + text(value.right, path)
    if isinstance(value, ast.Name) and (found := definition(value.id, path)):
        return text(*found)
    if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name):
        target = imported(path).get(value.value.id, (path, ""))[0]
        if found := definition(value.attr, target):
            return text(*found)
    return ""


def ports(items: ast.AST | None, path: Path, kind: str) -> tuple[Port, ...]:
    """The ``….Input(…)`` or ``….Output(…)`` calls of a list; names stand for what they name."""
    if items is None:
        return ()
    if isinstance(items, ast.Name) and (found := definition(items.id, path)):
        return ports(*found, kind)
    if isinstance(items, ast.Starred):
        return ports(items.value, path, kind)
    if isinstance(items, ast.List):
        return tuple(port for item in items.elts for port in ports(item, path, kind))
    where = f"{path.name}:{getattr(items, 'lineno', 0)}"
    assert isinstance(items, ast.Call), f"{where}: write every {kind} as a call, for this test"
    assert isinstance(items.func, ast.Attribute) and items.func.attr == kind, where
    given = {keyword.arg: keyword.value for keyword in items.keywords}
    words = [text(value, path) for value in items.args[:2]]
    id = words[0] if words else text(given.get("id"), path)
    name = words[1] if len(words) > 1 else text(given.get("display_name"), path)
    return (Port(id, name or id, text(given.get("tooltip"), path)),)


@cache
def nodes() -> dict[str, Node]:
    """The nodes a user may draw: those of ``NODES`` in ``nodes/extension.py``."""
    extension = ROOT / "nodes" / "extension.py"
    found = definition("NODES", extension)
    assert found and isinstance(found[0], ast.List)
    made = {}
    for entry in found[0].elts:
        assert isinstance(entry, ast.Name)
        node = definition(entry.id, extension)
        assert node, f"{entry.id} is not defined"
        cls, path = node
        schema = next(
            call
            for call in ast.walk(cls)
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "io.Schema"
        )
        given = {keyword.arg: keyword.value for keyword in schema.keywords}
        id = text(given.get("node_id"), path)
        made[id] = Node(
            id,
            text(given.get("display_name"), path),
            text(given.get("description"), path),
            ports(given.get("inputs"), path, "Input"),
            ports(given.get("outputs"), path, "Output"),
        )
    return made


def locale(language: str) -> dict[str, Any]:
    return json.loads((LOCALES / language / "nodeDefs.json").read_text("utf-8"))


def english_locale() -> dict[str, Any]:
    """What ``locales/en/nodeDefs.json`` must hold."""

    def words(port: Port) -> dict[str, str]:
        return {"name": port.name} | ({"tooltip": port.tooltip} if port.tooltip else {})

    return {
        node.id: {
            "display_name": node.display_name,
            "description": node.description,
            "inputs": {port.id: words(port) for port in node.inputs},
            "outputs": {str(i): words(port) for i, port in enumerate(node.outputs)},
        }
        for node in nodes().values()
    }


every_node = pytest.mark.parametrize("node", nodes().values(), ids=lambda node: node.id)
every_page = pytest.mark.parametrize("language", SECTIONS)
every_translation = pytest.mark.parametrize("language", TRANSLATED)


# --- the schemas ---------------------------------------------------------------------------


@every_node
def test_schema_explains_the_node(node: Node):
    assert node.display_name and node.description
    assert [port.id for port in node.inputs if not port.tooltip] == [], "inputs without tooltip"
    ids = [port.id for port in (*node.inputs, *node.outputs)]
    assert all(ids) and len(ids) == len(set(ids)), "ComfyUI wants ids that differ, outputs too"


# --- the help pages ------------------------------------------------------------------------


def page(node: Node, language: str) -> str:
    path = DOCS / node.id / f"{language}.md"
    assert path.is_file(), f"write {path.relative_to(ROOT)}"
    return path.read_text("utf-8")


def sections(markdown: str) -> dict[str, str]:
    """Heading -> what stands below it; the part before the first ``##`` has the key ``""``."""
    parts = re.split(r"^## (.+)$", markdown, flags=re.MULTILINE)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


def documented(section: str) -> list[tuple[str, str]]:
    """(id, label) of the ports a section explains: ``- **id** (label): …``."""
    return re.findall(r"^- \*\*([^*]+)\*\*(?: \(([^)]+)\))?: \S", section, flags=re.MULTILINE)


@every_page
@every_node
def test_page_has_title_and_sections(node: Node, language: str):
    parts = sections(page(node, language))
    assert tuple(parts)[1:] == SECTIONS[language]
    title = locale(language)[node.id]["display_name"]
    assert parts[""].startswith(f"# {title}\n\n")
    assert all(len(body.split()) >= 3 for body in parts.values()), "a section is empty"


@every_page
@every_node
def test_page_names_exactly_the_ports(node: Node, language: str):
    parts, words = sections(page(node, language)), locale(language)[node.id]
    names = {port.id: words["inputs"][port.id]["name"] for port in node.inputs}
    results = {port.name: words["outputs"][str(i)]["name"] for i, port in enumerate(node.outputs)}
    for heading, labels in zip(SECTIONS[language], (names, results), strict=False):
        expected = [(id, "" if label == id else label) for id, label in labels.items()]
        assert documented(parts[heading]) == expected


@every_page
@every_node
def test_page_names_only_what_exists(node: Node, language: str):
    known = {words["display_name"] for words in locale(language).values()}
    for other in nodes().values():
        known |= {port.id for port in other.inputs} | {port.name for port in other.outputs}
    bold = re.findall(r"\*\*([^*]+)\*\*", page(node, language))
    assert [name for name in bold if name not in known] == []


@cache
def messages() -> tuple[str, ...]:
    """Every string literal of the code, and the fixed parts of the formatted ones."""
    files = [*(ROOT / "storyboard").rglob("*.py"), *(ROOT / "nodes").rglob("*.py")]
    return tuple(
        item.value
        for file in files
        for item in ast.walk(module(file))
        if isinstance(item, ast.Constant) and isinstance(item.value, str)
    )


@every_page
@every_node
def test_page_quotes_real_messages(node: Node, language: str):
    """``- *message … message*`` in the last section is an error as the code words it."""
    body = sections(page(node, language))[SECTIONS[language][-1]]
    lines = [line for line in body.splitlines() if re.match(r"- \*[^*]", line)]
    quotes = [quote for line in lines for quote in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", line)]
    fragments = [part.strip() for quote in quotes for part in quote.split("…") if part.strip()]
    assert [part for part in fragments if not any(part in message for message in messages())] == []


def test_no_page_for_a_node_that_does_not_exist():
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*") if path.is_file()}
    assert pages == {f"{id}/{language}.md" for id in nodes() for language in SECTIONS}


# --- the README ----------------------------------------------------------------------------


@every_node
def test_readme_table_names_the_node(node: Node):
    rows = re.findall(r"^\| *([^|]+?) *\|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert node.display_name in [re.sub(r"[*`]", "", cell) for cell in rows]


# --- the locales ---------------------------------------------------------------------------


def test_english_locale_repeats_the_schemas():
    wanted = english_locale()
    assert locale("en") == wanted, f"run python {Path(__file__).relative_to(ROOT)}"


@every_translation
def test_locale_translates_every_word(language: str):
    def shape(value: Any) -> Any:
        return {key: shape(item) for key, item in value.items()} if isinstance(value, dict) else ""

    assert shape(locale(language)) == shape(english_locale())


def strings(value: Any, path: str = ""):
    """(path, text) of every string of a JSON value."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from strings(item, f"{path}/{key}")
    else:
        yield path, value


@every_translation
def test_locale_is_in_its_language(language: str):
    """Names may be terms such as ``clip``; whole sentences may not be left in English."""
    wrong = [
        path
        for path, words in strings(locale(language))
        if not path.endswith("/name") and not re.search(TRANSLATED[language], words.lower())
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "file", sorted(LOCALES.rglob("*.json")), ids=lambda p: f"{p.parent.name}/{p.name}"
)
def test_locale_has_no_characters_the_frontend_takes_for_syntax(file: Path):
    """vue-i18n reads ``{}`` as a placeholder, ``@`` as a link and ``|`` as a plural."""
    found = strings(json.loads(file.read_text("utf-8")))
    assert [path for path, words in found if re.search(r"[{}@|]", words)] == []


@every_translation
def test_every_category_is_translated(language: str):
    main = json.loads((LOCALES / language / "main.json").read_text("utf-8"))
    files = [path for path in (ROOT / "nodes").glob("*.py") if path.name != "extension.py"]
    used = set()
    for path in files:
        for keyword in ast.walk(module(path)):
            if isinstance(keyword, ast.keyword) and keyword.arg == "category":
                used.update(text(keyword.value, path).split("/")[1:])
    assert set(main["nodeCategories"]) == used


if __name__ == "__main__":
    target = LOCALES / "en" / "nodeDefs.json"
    target.write_text(json.dumps(english_locale(), indent=2, ensure_ascii=False) + "\n", "utf-8")
