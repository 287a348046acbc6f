"""Words that scripts are read with, beside the lexicon: pronouns, honours, given names, deeds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..offline.data import Data


class Vocabulary(Data):
    """``vocabulary.json``: words that scripts are read with, in small letters, apart by blanks."""

    filler: str
    """Of a name, they name nobody alone."""
    honour: str
    """They stand before a name."""
    before: str
    """They stand before an English noun."""
    nobody: str
    """They may begin a sentence with a capital, and are no names."""
    she: str
    he: str
    they: str
    anybody: str
    body: str
    madam: str
    mister: str
    later: str
    """They stand behind a place in a heading, as a time does."""
    about: str
    """They stand before such a word."""
    women: str
    men: str
    nouns: str
    """Given names that are words too, in capitals as well."""
    voices: str
    """They are only heard."""
    built: str
    """Outside these it is a town."""
    deeds: str
    """What people do."""


@cache
def words_of(kind: str) -> frozenset[str]:
    """The words of one kind: a field of :class:`Vocabulary`."""
    return frozenset(getattr(_vocabulary(), kind).split())


@cache
def _vocabulary() -> Vocabulary:
    text = Path(__file__).with_name("vocabulary.json").read_text("utf-8")
    return Vocabulary.model_validate_json(text)
