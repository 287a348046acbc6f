"""A node is found by the words that people look for."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest


def words(root: Path) -> dict[str, list[str]]:
    """``WORDS`` of nodes/search.py, read without ComfyUI."""
    tree = ast.parse((root / "nodes" / "search.py").read_text("utf-8"))
    assigned = {
        node.target.id: node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        if isinstance(node.target, ast.Name) and node.value
    }
    return ast.literal_eval(assigned["WORDS"])


@pytest.mark.parametrize("wanted", ["storyboard", "lock", "frame", "mask", "gate", "script"])
def test_a_word_of_the_trade_is_in_the_name_of_a_node(root: Path, wanted: str):
    """All that ComfyUI 0.3.75 looks at."""
    named = json.loads((root / "locales/en/nodeDefs.json").read_text("utf-8")).values()
    assert [node for node in named if wanted in node["display_name"].lower()]


def test_every_node_has_further_words_and_none_repeats_its_name(root: Path):
    named = json.loads((root / "locales/en/nodeDefs.json").read_text("utf-8"))
    assert words(root).keys() == named.keys()
    for node_id, more in words(root).items():
        assert len(set(more)) == len(more) > 0
        assert not [word for word in more if word in named[node_id]["display_name"].lower()], (
            node_id
        )
