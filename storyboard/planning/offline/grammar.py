"""Words that hold sentences together, and nouns of what cannot be put on a table."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .data import Data


class Grammar(Data):
    """``dictionary/grammar.json``: words in small letters, apart by blanks."""

    determiners: str
    prepositions: str
    conjunctions: str
    auxiliaries: str
    adverbs: str
    """Adverbs and pronouns, which end a noun phrase."""
    acting: str
    """Forms that are plurals as well, but far more often verbs."""
    no_thing: str
    """Nouns of things that nobody can hold or stand beside."""
    no_place: str
    """Nouns of places that say nothing of the place."""
    no_thing_ru: str
    no_thing_kk: str
    generic_roles: str
    """Ids of roles that say of somebody no more than sex and age."""
    against: str
    """Words before somebody who stands against the hero."""
    no_props: str
    """What scripts speak of all the time, and what is of the set rather than a thing."""


def words_of(kind: str) -> frozenset[str]:
    """The words of one kind: a field of :class:`Grammar`."""
    return frozenset(getattr(_grammar(), kind).split())


@cache
def _grammar() -> Grammar:
    text = Path(__file__).with_name("dictionary").joinpath("grammar.json").read_text("utf-8")
    return Grammar.model_validate_json(text)
