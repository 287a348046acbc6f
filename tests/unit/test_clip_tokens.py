"""The token count is CLIP's own."""

import random
import sys
from pathlib import Path

import pytest
from aldar_storyboard.runner.server import comfyui
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.prompts.clip_tokens import count_tokens

# Counted by transformers' CLIPTokenizer with the vocabulary of ComfyUI 0.3.75.
KNOWN = {
    "": 0,
    "a photo of a cat": 5,
    "aldar_kose_man, lean young kazakh man, pointed felt hat": 17,
    "it's 2026, don't!": 10,
    "Алдар Косе": 12,
    "Көсе сараң байды алдайды": 30,
    "🐎✨": 2,
    "中文 mixed": 5,
    "  spaces \t and\nlines ": 3,
    "(red:1.5), embedding:x": 11,
}


@pytest.mark.parametrize("text", KNOWN)
def test_known_counts(text: str):
    assert count_tokens(text) == KNOWN[text]


def test_every_text_counts_as_comfyuis_own_tokenizer_counts_it(monkeypatch: pytest.MonkeyPatch):
    # Not among ComfyUI's requirements; with it, odd letters such as U+200B count differently.
    monkeypatch.setitem(sys.modules, "ftfy", None)
    try:
        folder = comfyui.find().path / "comfy" / "sd1_tokenizer"
    except AldarError:
        pytest.skip("no ComfyUI here")
    transformers = pytest.importorskip("transformers")
    clip = transformers.CLIPTokenizer.from_pretrained(folder)

    dice = random.Random(1)
    letters = "abcdefghij klmnop ABC 0123 ,.'-_!?/()éüñ абвгдеёж әғқңөұүһі 中文 🐎\u200b\t"
    texts = ["".join(dice.choices(letters, k=dice.randint(1, 80))) for _ in range(500)]
    here = Path(__file__)
    texts += here.read_text("utf-8").splitlines()
    texts += (here.parents[2] / "storyboard" / "stories" / "complex.json").read_text().splitlines()
    wrong = [t for t in texts if count_tokens(t) != len(clip(t)["input_ids"]) - 2]
    assert wrong == []
