"""Error codes, both ways: every raised code is registered, every registered code is raised."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest
from aldar_storyboard.storyboard import errors

ROOMS = ("storyboard", "nodes", "runner")


def tree(classes: list[ast.ClassDef]) -> set[str]:
    """The names of the error classes: ``AldarError`` and all that inherit from it."""
    names: set[str] = set()
    more = {errors.AldarError.__name__}
    while more - names:
        names |= more
        more = {c.name for c in classes for base in c.bases if getattr(base, "id", "") in names}
    return names


@pytest.fixture(scope="module")
def raised(root: Path) -> dict[str, list[str]]:
    """Code -> where an error of that code is made."""
    files = [path for room in ROOMS for path in sorted((root / room).rglob("*.py"))]
    nodes = {path: list(ast.walk(ast.parse(path.read_text("utf-8")))) for path in files}
    everything = [node for listed in nodes.values() for node in listed]
    names = tree([node for node in everything if isinstance(node, ast.ClassDef)])
    places = defaultdict(list)
    for path, listed in nodes.items():
        for node in listed:
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function, first = node.func, node.args[0]
            name = getattr(function, "id", getattr(function, "attr", ""))
            inherits = name == "__init__" and len(node.args) == 3
            if (name in names or inherits) and isinstance(first, ast.Constant):
                places[str(first.value)].append(f"{path.relative_to(root)}:{node.lineno}")
    return places


def test_every_raised_code_is_registered(raised: dict[str, list[str]]):
    assert {code: where for code, where in raised.items() if code not in errors.CODES} == {}


def test_every_registered_code_is_raised(raised: dict[str, list[str]]):
    assert set(errors.CODES) - set(raised) == set()


def test_an_unregistered_code_cannot_be_raised():
    with pytest.raises(ValueError, match="no_such_code"):
        errors.InputError("no_such_code", "", "")


@pytest.mark.parametrize("code", errors.CODES)
def test_a_code_is_one_word_with_a_meaning(code: str):
    assert code.replace("_", "").isalpha()
    assert code == code.lower()
    assert errors.CODES[code]


def test_an_error_says_message_and_hint_and_carries_its_code():
    error = errors.StoreError("disk_full", "No room.", "Free some space.")
    assert str(error) == "No room. Free some space."
    assert error.as_dict() == {
        "code": "disk_full",
        "message": "No room.",
        "hint": "Free some space.",
    }


def test_an_error_can_be_printed_whatever_text_it_quotes():
    error = errors.InputError("option_invalid", "No board \ud800.", "Write \udc80 otherwise.")
    assert str(error) == "No board \\ud800. Write \\udc80 otherwise."
    error.say("Gate: no board \ud800.", "Again.")
    assert str(error).encode("utf-8") == b"Gate: no board \\ud800. Again."
    assert error.as_dict()["message"] == "Gate: no board \\ud800."
