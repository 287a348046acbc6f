"""Answers that were paid for, kept by everything that decides them.

One JSON file an answer, named by the hash of its request. Writing is atomic and every writer has
its own temporary file, so any number of programs may share the folder. A cache is only a
convenience: a file that cannot be read is a miss, a folder that cannot be written a warning.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ...config import cache_folder
from ...files import replacing
from ..draft.model import Draft

log = logging.getLogger(__name__)


class Entry(BaseModel):
    """A language model's answer and what it took."""

    model_config = ConfigDict(extra="forbid")

    draft: Draft
    model: str
    """As the endpoint named it."""
    prompt_tokens: int = Field(default=0, ge=0)
    completion_tokens: int = Field(default=0, ge=0)
    notes: list[str] = []
    """What had to be done to get it."""


def key(request: dict[str, Any]) -> str:
    """The name of a request's answer: the same request, the same name."""
    text = json.dumps(request, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _path(key: str) -> Path:
    return cache_folder() / "plans" / f"{key}.json"


def load(key: str) -> Entry | None:
    """The answer of that name, or ``None``."""
    path = _path(key)
    try:
        return Entry.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("the cached plan %s is not used: %s", path, type(error).__name__)
        return None


def save(key: str, entry: Entry) -> None:
    """Keep an answer. Never fails: the answer is worth more than its copy."""
    path = _path(key)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path, shared=True) as file:
            file.write(entry.model_dump_json(indent=1).encode())
    except OSError as error:
        log.warning("the plan cannot be kept in %s: %s", path.parent, error.strerror or error)
