"""What endpoints answer, in all the shapes they give it: texts, errors, tokens.

All of it is somebody else's data: nothing here trusts a field to be there or to be of its type.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reply:
    """An answer of the model."""

    text: str
    refusal: str
    """Why the model declined; empty if it did not."""
    truncated: bool
    """The answer ran into a length limit."""
    model: str


def part(holder: Any, name: str) -> Any:
    """A field of an error's body, of the error in it, or of an answer; ``None`` without one."""
    if isinstance(holder, list) and holder:
        holder = holder[0]
    if not isinstance(holder, dict):
        return getattr(holder, name, None)
    inner = holder.get("error")
    return holder.get(name, inner.get(name) if isinstance(inner, dict) else None)


def message(body: Any) -> str:
    """What the endpoint said: ``{"message"}``, ``[{"error": {"message"}}]`` or plain text."""
    if isinstance(body, list) and body:
        body = body[0]
    if isinstance(body, dict):
        names = ("error", "message", "detail", "errors", "msg")
        inner = next((body[name] for name in names if body.get(name)), "")
        return message(inner) if inner is not body else ""
    return "" if body is None else str(body)


def failure(answer: Any) -> tuple[int | None, Any]:
    """Status and body of an error that came as an ordinary answer; ``None`` if it is none."""
    choices = part(answer, "choices")
    told = getattr(answer, "model_extra", None)
    if choices:
        told = {} if written(part(choices, "message")) else {"error": part(choices, "error")}
    if not isinstance(told, dict) or not any(map(told.get, ("error", "detail", "errors"))):
        return None, None
    body = {**told, "usage": part(answer, "usage")}
    code = str(part(body, "code"))
    return (int(code) if re.fullmatch("[45]\\d\\d", code) else 200), body


def written(message: Any) -> str:
    """The text of a message: its content, else what it called a function with or thought."""
    call = part(part(part(message, "tool_calls"), "function"), "arguments")
    called = call or part(part(message, "function_call"), "arguments")
    thought = [getattr(message, name, None) for name in ("reasoning_content", "reasoning")]
    for content in (getattr(message, "content", None), called, *thought):
        text = joined(content)
        if text.strip():
            return text
    return ""


def joined(content: Any) -> str:
    """A text, or the texts of a list of parts without what was thought."""
    if isinstance(content, list):
        return "".join(map(joined, content))
    if isinstance(content, dict):
        if content.get("type") in ("thinking", "reasoning", "redacted_thinking"):
            return ""
        text = content.get("text")
        return joined(text) if "text" in content else json.dumps(content)
    return content if isinstance(content, str) else ""


def count(tokens: Any) -> int:
    """A number of tokens that can be believed, else 0."""
    return int(tokens) if isinstance(tokens, (int, float)) and 0 <= tokens < 1e9 else 0
