"""Final Draft's .fdx as its parsers read it: safe XML, one text a paragraph.

The parser of the field takes the first run of a paragraph only, so that every word in italics
cuts the line off, and misses dual dialogue. Entities and document types of strangers are refused.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ...errors import InputError

_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_MEANT = {
    "Shot": "Action",
    "Singing": "Dialogue",
    "Cast List": "",
    "Outline 1": "",
    "Outline 2": "",
}
"""Type of a paragraph -> how it is meant; empty for what is not shown."""
_SHOWN = {"Scene Heading", "Action", "General", "Character", "Dialogue", "Parenthetical",
          "Transition", "Shot", "Singing"}  # fmt: skip


def is_xml(text: str) -> bool:
    """Whether a text is a Final Draft document, not Fountain."""
    return text.lstrip("\ufeff \t\r\n").startswith(("<?xml", "<FinalDraft"))


def flat(text: str) -> tuple[str, str]:
    """A document with the paragraphs of the script only, and its title.

    :raises InputError: ``script_invalid``.
    """
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).strip("\x00 \t\r\n")
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        told = "it declares entities" if isinstance(error, DefusedXmlException) else str(error)
        raise InputError(
            "script_invalid",
            f"The Final Draft script cannot be read: {told[:200]}.",
            "Open it in Final Draft and save it again, or export it as Fountain.",
        ) from None
    script = ElementTree.Element("FinalDraft")
    content = ElementTree.SubElement(script, "Content")
    for paragraph in root.findall("Content/*"):
        pair = paragraph.findall("DualDialogue/Paragraph")
        for part in pair or (paragraph,):
            _add(content, part)
    lines = (_text(paragraph) for paragraph in root.findall("TitlePage/Content/Paragraph"))
    title = next((line for line in lines if line), "")
    return ElementTree.tostring(script, encoding="unicode"), title


def _add(content: ElementTree.Element, paragraph: ElementTree.Element) -> None:
    kind = paragraph.get("Type", "Action")
    if kind.startswith("Scene Heading"):
        kind = "Scene Heading"
    words = _text(paragraph)
    if kind not in _SHOWN or not words:
        return
    kept = ElementTree.SubElement(content, "Paragraph", Type=_MEANT.get(kind, kind))
    ElementTree.SubElement(kept, "Text").text = words


def _text(paragraph: ElementTree.Element) -> str:
    runs = ("".join(run.itertext()) for run in paragraph.findall("Text"))
    return " ".join("".join(runs).split())
