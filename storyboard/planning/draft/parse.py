"""The story's JSON in the answer of a language model, whatever stands around it.

Broken JSON is repaired by ``json_repair``; our own is only where a story is looked for, and which
of its shots are whole when the answer breaks off.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from . import shape

MAX_ANSWER = 400_000
"""Letters of an answer that are looked at; 60 long shots take a quarter of it."""
MAX_DEPTH = 64
"""Brackets open at once. A story needs 8, and repairing deeper ones takes seconds."""
_MAX_LEVELS = 14
_MAX_ITEMS = 1000

_THOUGHT_END = re.compile(
    r"</(?:think|thinking|thought|reasoning|reflection)>|\[/THINK\]", re.IGNORECASE
)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
_CARRIED = {"n": "\n", "t": "\t", "r": "\r", "u": "\\u"}
_CLOSERS = " \t\r\n,]}`"


@dataclass(frozen=True)
class Found:
    """What an answer holds."""

    data: dict[str, Any] | None
    """The object with the shots, in plain JSON values without any ``null``."""
    cut: bool
    """The answer breaks off in the middle; :attr:`data` ends with the last whole shot."""


def story(text: str, clean: Callable[[str], str]) -> Found:
    """Find the story in an answer.

    :param clean: applied to every text of it.
    """
    text = text[:MAX_ANSWER]
    data = _best([_loads(text)], clean)
    if data is not None:
        return Found(data, cut=False)
    # Models think first; some chat templates open the thought, some models never close it.
    thoughts = [end.end() for end in _THOUGHT_END.finditer(text)]
    said = text[thoughts[-1] :] if thoughts else text
    for part in dict.fromkeys([said, _unescaped(said)]):
        data = _best([*_objects(part), *_by_line(part)], clean)
        if data is not None:
            return Found(data, cut=False)
    for part in dict.fromkeys([said, text]):
        whole, cut = _whole(part)
        data = _best([_repaired(whole)], clean)
        if data is not None:
            return Found(data, cut)
    return Found(None, cut=False)


def _loads(text: str) -> Any:
    """A JSON value, ``None`` if the text is none. Control characters in strings do no harm."""
    try:
        return json.loads(text, strict=False, parse_int=_integer)
    except (ValueError, RecursionError):
        return None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else math.copysign(math.inf, float(digits[:2] + "1"))


def _unescaped(text: str) -> str:
    """A text without what carried it: entities of HTML, JSON strings around JSON."""
    text = html.unescape(text) if "&quot;" in text or "&#" in text else text
    for _ in range(3):
        if "{\\" not in text:
            break
        text = re.sub(r"\\(.)", lambda mark: _CARRIED.get(mark[1], mark[1]), text)
    return text


def _objects(text: str) -> Iterator[Any]:
    """Objects that begin at one of the first braces of a text."""
    decoder = json.JSONDecoder(strict=False, parse_int=_integer)
    start = -1
    for _ in range(20):
        start = text.find("{", start + 1)
        if start < 0:
            return
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        yield value
        start = end - 1


def _by_line(text: str) -> Iterator[Any]:
    """What is one JSON object a line, the shots among them as a list."""
    lines = [line.strip() for line in text.splitlines()]
    objects = [_loads(line) for line in lines if line[:1] == "{" and line[-1] == "}"]
    shots = [value for value in objects if shape.is_shot(value)]
    if len(shots) > 1:
        beside = [value for value in objects if value and value not in shots]
        yield {key: item for value in beside for key, item in value.items()} | {"shots": shots}


def repairer() -> Callable[..., Any]:
    """What repairs JSON. :raises ImportError: if it is not installed."""
    import json_repair

    return json_repair.loads


def _repaired(text: str) -> Any:
    if _depth(text) > MAX_DEPTH:
        return None
    try:
        return repairer()(text, skip_json_loads=True)
    except (ValueError, RecursionError):
        return None


def _depth(text: str) -> int:
    depth = deepest = 0
    for mark in re.finditer(r"[\[({]|[\])}]", text):
        depth = depth + 1 if mark[0] in "[({" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _whole(text: str) -> tuple[str, bool]:
    """A text up to its last whole shot, and whether there was a beginning of another."""
    still_open: list[_Open] = []
    before = None
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            key = before[0] if before and text[before.end() : token.start()].strip() == ":" else ""
            still_open.append(_Open(token[0], key, token.end()))
        elif token[0] in "]}" and still_open:
            still_open.pop()
            if still_open:
                still_open[-1].end = token.end()
        before = token
    lists = [bracket for bracket in still_open if bracket.mark == "["]
    named = [bracket for bracket in lists if shape.shots({bracket.key.strip('"'): []}) is not None]
    for bracket in [*named, *lists][:1]:
        return text[: bracket.end], bool(text[bracket.end :].strip(_CLOSERS))
    return text, False


@dataclass
class _Open:
    """A bracket that nothing has closed yet."""

    mark: str
    key: str
    """Whose value it opens, in quotes; empty if it has none."""
    end: int
    """Where its last whole element ends."""


def _best(values: list[Any], clean: Callable[[str], str]) -> dict[str, Any] | None:
    """The story with the most shots, the last of equals; a title may stand in another object."""
    plain = [_plain(value, clean, 0) for value in values if isinstance(value, (dict, list, str))]
    stories = [story for value in plain for story in _stories(value, 0)]
    if not stories:
        return None
    best = max(reversed(stories), key=lambda story: len(shape.shots(story) or ()))
    aside = [value for value in plain if isinstance(value, dict) and shape.shots(value) is None]
    return {key: item for value in aside for key, item in value.items()} | best


def _stories(value: Any, level: int) -> Iterator[dict[str, Any]]:
    """Objects that hold shots: the value, or something a few levels inside."""
    if isinstance(value, dict) and shape.shots(value) is not None:
        yield value
    elif isinstance(value, list) and not level and value and all(map(shape.is_shot, value)):
        yield {"shots": value}
    elif level < 6 and isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value[:50]:
            yield from _stories(item, level + 1)
    elif level < 3 and isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        yield from _stories(_plain(_loads(value), str, 0), level + 1)


_KEYWORDS = ("$schema", "$defs", "additionalProperties", "properties", "required", "type")
_TYPES = {"string", "object", "array", "number", "integer", "boolean", "null"}


def _plain(value: Any, clean: Callable[[str], str], level: int) -> Any:
    """A value without ``null``, with clean texts, with the values an echoed schema holds."""
    if level > _MAX_LEVELS:
        return None
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        items = [_plain(item, clean, level + 1) for item in value[:_MAX_ITEMS]]
        return [item for item in items if item is not None]
    if isinstance(value, dict):
        if str(value.get("type")) in _TYPES:
            return _of_schema(value, clean, level)
        items = {
            clean(str(key)): _plain(item, clean, level + 1)
            for key, item in list(value.items())[:_MAX_ITEMS]
        }
        return {key: item for key, item in items.items() if item is not None}
    return value


def _of_schema(node: dict[str, Any], clean: Callable[[str], str], level: int) -> Any:
    """What a model filled into a JSON Schema in place of an object that fits it."""
    if isinstance(node.get("properties"), dict):
        beside = {key: item for key, item in node.items() if key not in _KEYWORDS}
        if beside.keys() <= {"title", "description"}:  # the schema's own
            beside = {}
        inside = _plain(node["properties"], clean, level + 1) or {}
        return _plain(beside, clean, level + 1) | {k: v for k, v in inside.items() if v}
    for name in ("value", "values", "const", "default", "example", "examples", "items"):
        if name in node:
            return _plain(node[name], clean, level + 1)
    return None
