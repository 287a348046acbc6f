"""The values of an answer, brought into the shape of the draft: what a reader would understand.

``"close-up"`` is ``CU``, ``"Camera Angle"`` is ``angle``, ``"4 seconds"`` is 4, one thing where a
list belongs is a list of one. ``synonyms.json`` holds the words, in English, Russian and Kazakh.
Nothing is guessed: a value that is not understood stays as it is, for the model to mend.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from ...prompts import wardrobe

_NOTHING = {"", "null", "none", "undefined", "nan", "n/a", "-"}
_NOISE = re.compile(
    r"\b(?:a|an|the|of|in|at|on|to|from|very|shot|shots|view|angle|camera|frame|lens|pose|movement"
    r"|move|план|кадр|ракурс|точка|камера|көрініс|кадры|түсірілім)\b"
)
_OF_SCENE = {"place", "location", "heading", "setting", "time", "time of day"}
"""What a scene says for all of its shots."""
_BETWEEN = re.compile(r"[,;/|()+>]| - |\b(?:and|or|then|with|и|или|с|және|немесе)\b")


@dataclass(frozen=True)
class Bare:
    """What a plain text, or an entry of a mapping, means where a list of objects belongs."""

    key: str
    """Field that a text alone, or the entry's name, fills; empty if there is none."""
    text: str
    """Field that the entry's text fills."""
    between: str = r"[,;\n]|\band\b|\bи\b|\bжәне\b"
    """What stands between two of them in one text."""

    def items(self, texts: str) -> list[Any]:
        """The objects that are meant by one text."""
        entries = [entry.strip() for entry in re.split(self.between, texts)]
        return [self.item(entry) for entry in entries if not nothing(entry)]

    def item(self, entry: Any, name: str = "") -> Any:
        """The object that is meant by an entry and its name."""
        if isinstance(entry, dict):
            return {self.key: name, **entry} if name and self.key else entry
        if not isinstance(entry, str):
            return entry
        if not name and self.key and ":" in entry:
            name, _, entry = entry.partition(":")
        if name and self.key:
            return {self.key: name.strip(), self.text: entry.strip()}
        return {self.key or self.text: entry.strip()}


def nothing(text: str) -> bool:
    """Whether a text only says that there is none."""
    return text.strip().casefold() in _NOTHING


def fold(text: str) -> str:
    """Small letters and digits with single blanks between the words."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    split = re.sub(r"[\W_]+", " ", plain)
    return split.strip()


@cache
def _synonyms() -> dict[str, dict[str, list[str]]]:
    return json.loads(Path(__file__).with_name("synonyms.json").read_text("utf-8"))


@cache
def words(kind: str, values: tuple[str, ...]) -> dict[str, str]:
    """Folded word -> value, for the values of an enum and their synonyms."""
    table = {fold(word): value for value in values for word in _synonyms()[kind].get(value, ())}
    return table | {fold(value): value for value in values}


def _field(name: str) -> str:
    return fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))


@cache
def _fields(names: tuple[str, ...]) -> dict[str, str]:
    """Folded key -> field, of a model with these fields."""
    return words("fields", names)


def shots(story: dict[str, Any]) -> Any:
    """The value of the field that holds the shots, ``None`` if there is none."""
    for key, value in story.items():
        if isinstance(value, (list, dict, str)) and _fields(("shots",)).get(_field(key)):
            return value
    return None


def is_shot(value: Any) -> bool:
    """Whether it looks like a shot that stands alone."""
    keys = map(_field, value) if isinstance(value, dict) else ()
    return len({"place", "action", "caption", "size", "cast"}.intersection(keys)) > 1


def fit(model: type[BaseModel], value: Any) -> Any:
    """A value in the shape of a model, as far as it is understood."""
    if not isinstance(value, dict):
        return value
    by_key = _fields(tuple(model.model_fields))
    named: dict[str, Any] = {}
    for key, item in value.items():
        name = by_key.get(_field(key))
        if name and (name not in named or key == name):
            named[name] = item
    if not named and len(value) == 1:  # one level too deep
        (inner,) = value.values()
        return fit(model, inner) if isinstance(inner, dict) else value
    fields = model.model_fields
    named.pop("invented", None)
    fitted = {name: _value(fields[name].annotation, item) for name, item in named.items()}
    return _worded(model, fitted) if "invented" in fields else fitted


_OF_LOOKS = ("garment", "hat", "hair", "beard")


def _worded(model: type[BaseModel], person: dict[str, Any]) -> dict[str, Any]:
    """A character whose clothes and hair no list has: their words go to the description, and what
    they come nearest to is drawn."""
    invented: list[str] = []
    sheet = person.get("description")
    for name in _OF_LOOKS:
        words = person.get(name)
        kind = model.model_fields[name].annotation
        assert isinstance(kind, type) and issubclass(kind, Enum)
        values = {member.value for member in kind}
        if not isinstance(words, str) or words in values:
            continue
        del person[name]
        plain = " ".join(words.replace("_", " ").split())
        if nothing(plain):
            continue
        if isinstance(sheet, str) and plain.casefold() not in sheet.casefold():
            sheet = f"{sheet}, {plain}" if sheet else plain
        if name not in wardrobe.said(f"person, {plain}"):
            invented.append(plain)
    return {**person, "description": sheet, "invented": invented} if invented or sheet else person


def _value(kind: Any, item: Any) -> Any:
    if get_origin(kind) is list:
        (inner,) = get_args(kind)
        return [fit(inner, entry) for entry in _listed(inner, item)]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _chosen(kind.__name__, tuple(member.value for member in kind), item)
    literal = next((part for part in (kind, *get_args(kind)) if get_origin(part) is Literal), None)
    if literal is not None:
        return _chosen("Language", get_args(literal), item)
    if kind is bool:
        chosen = _chosen("bool", ("true", "false"), item)
        return chosen == "true" if chosen in ("true", "false") else item
    return _text(item) if kind is str else _number(item) if kind is float else item


def _listed(model: Any, item: Any) -> list[Any]:
    """The entries that are meant where a list belongs."""
    if isinstance(item, str) and item.lstrip()[:1] in ("[", "{"):
        try:
            item = json.loads(item, strict=False)
        except (ValueError, RecursionError):
            return []
    bare: Bare = model.bare
    if isinstance(item, str):
        return bare.items(item)
    if isinstance(item, dict):
        by_key = _fields(tuple(model.model_fields))
        if any(_field(key) in by_key for key in item):
            return [item]
        return [bare.item(entry, key) for key, entry in item.items()]
    entries = item if isinstance(item, list) else []
    return [bare.item(part) for entry in entries for part in _shots_of_scene(entry)]


def _shots_of_scene(entry: Any) -> list[Any]:
    """The shots of a scene, where an answer has them scene by scene; each gets place and time."""
    values = entry.items() if isinstance(entry, dict) else ()
    inner = next((k for k, v in values if isinstance(v, list) and v and all(map(is_shot, v))), None)
    if inner is None:
        return [entry]
    shared = {key: item for key, item in values if _field(key) in _OF_SCENE}
    return [{**shared, **shot} for shot in entry[inner]]


def _chosen(kind: str, values: tuple[str, ...], item: Any) -> Any:
    """The value of an enum that a word, or the first of some words, means."""
    table = words(kind, values)
    for entry in item if isinstance(item, list) else [item]:
        text = fold(str(entry)) if isinstance(entry, (str, int, float)) else ""
        pieces = _BETWEEN.split(str(entry).casefold()) if text else []
        for piece in [text, *map(fold, pieces)]:
            for word in (piece, " ".join(_NOISE.sub(" ", piece).split())):
                if word in table:
                    return table[word]
    return item


def _text(item: Any) -> Any:
    if isinstance(item, str):
        return "" if nothing(item) else item
    if isinstance(item, (bool, int, float)):
        return f"{item:g}" if isinstance(item, float) and math.isfinite(item) else str(item)
    parts = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    texts = [part for part in map(_text, parts) if isinstance(part, str) and part.strip()]
    if isinstance(item, dict):
        return texts[0] if texts else ""
    return " ".join(text if text[-1] in ".,;:!?…" else f"{text}," for text in texts).rstrip(",")


def _number(item: Any) -> Any:
    if isinstance(item, list) and item:
        item = item[0]
    if isinstance(item, str):
        digits = re.search(r"\d{1,6}(?:[.,]\d{1,6})?", item)
        return float(digits[0].replace(",", ".")) if digits else item
    return math.copysign(math.inf, item) if isinstance(item, int) and abs(item) > 1e9 else item
