"""How many tokens a text has for CLIP: its own byte-pair vocabulary, not a word count.

Both text encoders of SDXL and that of SD 1.5 read the same 49,408 tokens. The vocabulary follows
from the merges of OpenAI's CLIP (``prompts/clip_merges.txt.gz``, MIT), in the way of its
``simple_tokenizer.py``; ComfyUI's ``sd1_tokenizer`` holds the same merges.
"""

from __future__ import annotations

import gzip
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MERGES = Path(__file__).with_name("clip_merges.txt.gz")
_START, _END = "<|startoftext|>", "<|endoftext|>"
_WORD = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


@lru_cache(maxsize=4096)
def count_tokens(text: str) -> int:
    """Tokens of a text, without the start and end token that CLIP puts around it.

    Prompt syntax (weights, ``embedding:``) is counted as it stands.
    """
    return len(_tokenizer().encode(text).ids)


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    merges = [
        (left, right)
        for left, _, right in (
            line.partition(" ")
            for line in gzip.decompress(_MERGES.read_bytes()).decode().split("\n")
        )
        if right
    ]
    letters = _letters()
    words = [*letters, *(letter + "</w>" for letter in letters)]
    words += [left + right for left, right in merges]
    words += [_START, _END]
    tokenizer = Tokenizer(
        models.BPE(
            vocab={word: index for index, word in enumerate(words)},
            merges=merges,
            continuing_subword_prefix="",
            end_of_word_suffix="</w>",
            unk_token=_END,
        )
    )
    tokenizer.add_special_tokens([_START, _END])
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.BertNormalizer(strip_accents=False, lowercase=False),
            normalizers.NFC(),
            normalizers.Lowercase(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORD), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    return tokenizer


def _letters() -> list[str]:
    """The 256 bytes as visible letters, the printable ones first (GPT-2's byte table)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + i) for i in range(len(hidden))]
