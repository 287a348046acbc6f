"""JSON from strangers: read whole and without surprises, or refused in one line.

What Python's own reader lets through is refused here, because it comes back as something else
later: ``NaN`` and infinities (no JSON), numbers beyond what a float or an index holds, a key
given twice (the last would win in silence), half a surrogate pair (cannot be written as UTF-8),
and nesting that ends in a RecursionError.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

MAX_DEPTH = 100
"""Levels of nesting; our own files have ten."""

MAX_DIGITS = 300
"""Of an integer: it fits into a float, and holds a perceptual hash of 256 bits."""

M = TypeVar("M", bound=BaseModel)


class NotJson(ValueError):
    """A text that is not JSON as we take it; says why and, where it can, in which line."""


def read_json(text: str | bytes, nan: bool = False) -> Any:
    """The data of a JSON text.

    :param text: with or without byte-order mark; bytes in UTF-8, UTF-16 or UTF-32.
    :param nan: whether to read ``NaN`` and infinities, which ComfyUI writes into workflows.
    :raises NotJson: a ``ValueError`` that says what is wrong with it.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text))
        text = text.removeprefix("\ufeff")
        data = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=float if nan else _constant,
            parse_float=_float,
            parse_int=_int,
        )
        _check(data)
    except NotJson:
        raise
    except json.JSONDecodeError as error:
        raise NotJson(f"{error.msg} in line {error.lineno}, column {error.colno}") from error
    except UnicodeDecodeError as error:
        raise NotJson(f"byte {error.start} is not {error.encoding.upper()}") from error
    except RecursionError:
        raise _too_deep() from None
    return data


def read_model(model: type[M], text: str | bytes) -> M:
    """A pydantic model from its JSON text.

    :raises ValueError: :class:`NotJson`, or pydantic's ``ValidationError``.
    """
    return model.model_validate(read_json(text))


def told(error: Exception) -> str:
    """Why a file cannot be read, in one line. :param error: what :func:`read_model` or disk say."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return f"{where}: {first['msg']}" if where else first["msg"]
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _too_deep() -> NotJson:
    return NotJson(f"it is nested more than {MAX_DEPTH} levels deep")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise NotJson(f"the key {twice[:60]!r} stands twice in one object")
    return made


def _constant(name: str) -> float:
    raise NotJson(f"{name} is not a number")


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise NotJson(f"the number {digits[:20]} is too large")
    return value


def _int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise NotJson(f"the number {digits[:20]}… is too large")
    return int(digits)


def _check(data: Any) -> None:
    """Refuse what is nested too deep, and text that is half a surrogate pair."""
    level = [data]
    for _ in range(MAX_DEPTH + 1):
        deeper: list[Any] = []
        for value in level:
            if isinstance(value, str):
                _check_text(value)
            elif isinstance(value, list):
                deeper += value
            elif isinstance(value, dict):
                deeper += value
                deeper += value.values()
        if not deeper:
            return
        level = deeper
    raise _too_deep()


def _check_text(text: str) -> None:
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise NotJson("it holds half a character (a lone surrogate such as \\ud83d)")
