"""Nouns: which of English are people, animals, things or places, and what a thing is drawn as.

``english.txt`` holds the nouns, verbs and adjectives of WordNet 3.0 by what they mean (the most
frequent sense of each), a class a line; ``word~`` is a verb first and a noun second. ``drawn.txt``
tells as which of the drawn kinds a thing is drawn that is none itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...story import Bulk, PropItem, PropKind

_FOLDER = Path(__file__).with_name("dictionary")
_OTHERS = ("verb", "past", "adjective", "plural")
_KINDS = {kind.value for kind in PropKind} - {PropKind.THING.value}
_BULKS = {bulk.value: bulk for bulk in Bulk}
THINGS = {*_BULKS, "stuff"}
"""Classes of what can stand in a picture and neither breathes nor is a place."""


_NO_PICTURE = {"case", "church", "staff", "fortune", "invention", "bill", "will", "check", "list"}
"""Nouns that are drawn, and mostly mean something that cannot be."""


@dataclass(frozen=True)
class Sort:
    """What an English noun means."""

    lemma: str
    """In the singular."""
    kind: str
    """``person``, ``animal``, ``place``, one of :data:`THINGS`, ``body`` or ``none``."""
    group: str = ""
    """What kind of person (``soldier``), or as what the animal is drawn."""
    sex: str = ""
    """``m`` or ``f`` where the word says so."""
    verb: bool = False
    """More often a verb."""


@cache
def _lines() -> dict[str, str]:
    text = (_FOLDER / "english.txt").read_text("utf-8")
    return {key: words for line in text.splitlines() for key, _, words in [line.partition(" ")]}


@cache
def _nouns() -> dict[str, str]:
    """Noun, with the file's ``~`` where it is a verb first -> its class as the file writes it."""
    table: dict[str, str] = {}
    for key, words in _lines().items():
        if key not in _OTHERS:
            table |= dict.fromkeys(words.split(), key)
    return table


@cache
def _set(key: str) -> frozenset[str]:
    return frozenset(_lines()[key].split())


@cache
def _plurals() -> dict[str, str]:
    pairs = (pair.partition("=") for pair in _lines()["plural"].split())
    return {many: one for many, _, one in pairs}


def singular(word: str) -> str:
    """An English noun in the singular; itself if it is no plural."""
    if word in _plurals():
        return _plurals()[word]
    for end, other in (("ies", "y"), ("ves", "f"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"),
                       ("xes", "x"), ("zes", "z"), ("oes", "o")):  # fmt: skip
        if word.endswith(end) and len(word) > len(end) + 1:
            return word[: -len(end)] + other
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def sort(word: str) -> Sort | None:
    """What an English noun means, in the singular or plural; ``None`` if it is unknown."""
    for lemma in (word, singular(word)):
        for spelled in (lemma, f"{lemma}~"):
            if spelled in _nouns():
                key, _, sex = _nouns()[spelled].partition("/")
                kind, _, group = key.partition(":")
                if kind == "none" and lemma not in _NO_PICTURE and drawn(lemma) is not None:
                    kind = (Bulk.FURNITURE if lemma == "table" else Bulk.HAND).value
                told = {"man": "m", "woman": "f"}.get(sex, "")
                return Sort(lemma, kind, group, told, spelled != lemma)
    return None


def verb_base(word: str) -> str:
    """The English verb of which a word is a form, or nothing."""
    verbs = _set("verb")
    if word in verbs:
        return word
    for end, others in (("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ied", ("y",)),
                        ("ed", ("", "e")), ("ing", ("", "e"))):  # fmt: skip
        if word.endswith(end):
            stem = word[: -len(end)]
            for other in others:
                if stem + other in verbs:
                    return stem + other
            if len(stem) > 2 and stem[-1:] == stem[-2:-1] and stem[:-1] in verbs:
                return stem[:-1]
    return ""


def without_s(verb: str) -> str:
    """What several do where one "stares" or "watches"; empty if it is no verb."""
    return verb[:-1] if verb[:-1] in _set("verb") else verb_base(verb)


def is_past(word: str) -> bool:
    """Whether a word is an irregular past: went, stole, found."""
    return word in _set("past")


def is_adjective(word: str) -> bool:
    """Whether an English word is an adjective and seldom a noun."""
    return word in _set("adjective")


@cache
def _drawn() -> dict[str, str]:
    lines = (_FOLDER / "drawn.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    table = {
        word.replace("-", "_"): row[0] for row in rows if row[0] in _KINDS for word in reversed(row)
    }
    kind = ""
    for line in (_FOLDER / "objects.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]").partition(" ")[2]
        elif kind and not line.startswith("#"):
            for word in line.partition("|")[0].split():
                table.setdefault(word, kind)
    return table


_YOUNG = frozenset(["cub", "pup", "calf", "chick", "foal", "kid", "hatchling", "baby", "cubs"])
"""Young of the animal whose name stands before."""


def drawn(noun: str) -> PropKind | None:
    """The kind as which a thing or an animal is drawn: its own, or that of its last word; the
    young of an animal as the animal.

    :param noun: English, in the singular or plural.
    """
    words = noun.lower().replace("-", " ").split()
    if len(words) > 1 and words[-1] in _YOUNG and (parent := drawn(" ".join(words[:-1]))):
        return parent
    for start in range(len(words)):
        tail = "_".join(words[start:])
        for key in (tail, singular(tail)):
            if key in _KINDS:
                return PropKind(key)
            if key in _drawn():
                return PropKind(_drawn()[key])
    return None


def bulk(noun: str) -> Bulk:
    """How large a thing is, by its last word."""
    found = sort(noun.split()[-1].lower()) if noun.split() else None
    return _BULKS.get(found.kind, Bulk.HAND) if found is not None else Bulk.HAND


def prop(noun: str, label: str = "", size: Bulk | None = None) -> PropItem:
    """A thing or animal as a prop: drawn if there is a drawing, else a stand-in with its label.

    :param noun: English.
    :param label: in the story's language; the noun itself if it is empty.
    """
    kind = drawn(noun)
    name = " ".join(noun.split())[:60]
    if kind is not None:
        own = name.lower().replace(" ", "_") == kind.value
        return PropItem(kind=kind, name="" if own else name)
    label = " ".join((label or noun).split())[:60]
    return PropItem(kind=PropKind.THING, name=name, label=label, bulk=size or bulk(noun))
