"""Every node is explained, in the same words everywhere: schema, help pages, locales, docs.

What only repeats the schemas or the imports is written by ``python -m aldar_storyboard.tools``;
these tests need no ComfyUI.
"""

from __future__ import annotations

import ast
import importlib
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
build = importlib.import_module("aldar_storyboard.tools.__main__")
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


@cache
def signatures() -> dict[str, Any]:
    """As ComfyUI gives them; a test of the comfy tier keeps them equal to the running nodes."""
    return build.signatures.load()


@cache
def nodes() -> dict[str, Node]:
    """The nodes a user may draw."""

    def ports(listed: list[Any]) -> tuple[Port, ...]:
        return tuple(Port(port.id, port.label, port.tooltip) for port in listed)

    return {
        name: Node(
            name,
            node["display_name"],
            node["description"],
            ports(build.pages.inputs(node)),
            ports(build.pages.outputs(node)),
        )
        for name, node in build.pages.ours(signatures()).items()
    }


def locale(language: str) -> dict[str, Any]:
    return json.loads((LOCALES / language / "nodeDefs.json").read_text("utf-8"))


every_node = pytest.mark.parametrize("node", nodes().values(), ids=lambda node: node.id)
every_page = pytest.mark.parametrize("language", SECTIONS)
every_translation = pytest.mark.parametrize("language", TRANSLATED)


# --- the schemas ---------------------------------------------------------------------------


@every_node
def test_schema_explains_the_node(node: Node):
    assert node.display_name and node.description
    for ports in (node.inputs, node.outputs):
        assert [port.id for port in ports if not port.tooltip] == [], "without tooltip"
        ids = [port.id for port in ports]
        assert all(ids) and len(ids) == len(set(ids))


# --- the help pages ------------------------------------------------------------------------


def page(node: Node, language: str) -> str:
    path = DOCS / node.id / f"{language}.md"
    assert path.is_file(), f"write {path.relative_to(ROOT)}"
    return path.read_text("utf-8")


def sections(markdown: str) -> dict[str, str]:
    """Heading -> what stands below it; the part before the first ``##`` has the key ``""``."""
    parts = re.split(r"^## (.+)$", markdown, flags=re.MULTILINE)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


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
def test_page_names_only_what_exists(node: Node, language: str):
    names = {words["display_name"] for words in locale(language).values()}
    for other in nodes().values():
        names |= {port.id for port in other.inputs} | {port.name for port in other.outputs}
    bold = re.findall(r"\*\*([^*]+)\*\*", page(node, language))
    assert [name for name in bold if name not in names] == []


@cache
def messages() -> tuple[str, ...]:
    """Every string literal of the code, and the fixed parts of the formatted ones."""
    files = [*(ROOT / "storyboard").rglob("*.py"), *(ROOT / "nodes").rglob("*.py")]
    return tuple(
        item.value
        for file in files
        for item in ast.walk(ast.parse(file.read_text("utf-8")))
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
    assert pages == {f"{name}/{language}.md" for name in nodes() for language in SECTIONS}


# --- the documents -------------------------------------------------------------------------

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("*/README.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_of_a_document_lead_somewhere(document: Path):
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8"))
    inside = [link.partition("#") for link in links if "://" not in link]
    lost = []
    for file, _, anchor in inside:
        target = document.parent / file if file else document
        headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.M) if anchor else []
        names = {re.sub(r"[^\w\- ]", "", line).lower().replace(" ", "-") for line in headings}
        if not target.exists() or (anchor and anchor not in names):
            lost.append(f"{file}#{anchor}")
    assert lost == []


# --- what repeats the schemas --------------------------------------------------------------


def test_what_is_generated_is_up_to_date():
    stale = [path.relative_to(ROOT).as_posix() for path, _ in build.pages.stale(signatures())]
    assert stale == [], "run python -m aldar_storyboard.tools"


def test_a_changed_schema_makes_every_place_stale():
    changed = json.loads(json.dumps(signatures()))
    changed["AldarGate"]["input"]["required"]["take"][1]["tooltip"] = "Another word."
    changed["AldarGate"]["description"] = "Does something else."
    stale = {path.relative_to(ROOT).as_posix() for path, _ in build.pages.stale(changed)}
    assert stale == {"docs/nodes.md", "js/docs/AldarGate/en.md", "locales/en/nodeDefs.json"}


# --- the locales ---------------------------------------------------------------------------


@every_translation
def test_locale_translates_every_word(language: str):
    def shape(value: Any) -> Any:
        return {key: shape(item) for key, item in value.items()} if isinstance(value, dict) else ""

    assert shape(locale(language)) == shape(locale("en"))


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
    texts = strings(json.loads(file.read_text("utf-8")))
    assert [path for path, words in texts if re.search(r"[{}@|]", words)] == []


@every_translation
def test_every_category_is_translated(language: str):
    main = json.loads((LOCALES / language / "main.json").read_text("utf-8"))
    used = {
        word
        for node in build.pages.ours(signatures()).values()
        for word in node["category"].split("/")[1:]
    }
    assert set(main["nodeCategories"]) == used
