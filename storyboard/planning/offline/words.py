"""Nouns that a sentence template can bend: ``"{rival:dat}"`` puts the rival in the dative.

A template is a plain ``str.format`` string; what stands behind the colon is read by the noun of
that language, so a template says exactly what its grammar needs and holds no logic.

=========  ====================================================================================
English    ``""`` with its article, ``a`` indefinite, ``bare``, ``s`` possessive, ``he`` ``him``
           ``his`` ``himself``
Russian    ``gen dat acc ins pre``; pronouns ``он его ему им`` (`его` also "his");
           ``g A|B|C|D`` the word that agrees: masculine, feminine, neuter, plural
Kazakh     ``gen dat acc loc abl ins``; ``and`` with мен, бен or пен; owned ``my your pos``, both
           as in ``pos.dat``
=========  ====================================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import kazakh, nouns, russian


@dataclass(frozen=True)
class English:
    """An English noun or name."""

    word: str
    sex: str = ""
    """``m``, ``f``, ``n`` for a thing, or empty: then the noun stands where a pronoun would."""
    named: bool = False
    """A proper name takes no article."""
    mass: bool = False
    """Gold, bread: no indefinite article."""

    def __str__(self) -> str:
        return format(self, "")

    def __format__(self, spec: str) -> str:
        plain = self.word if self.named else f"the {self.word}"
        owner = plain + ("'" if plain.endswith("s") else "'s")
        if spec in ("he", "him", "his", "himself"):
            row = {"m": "he him his himself", "f": "she her her herself", "n": "it it its itself"}
            if self.sex in row:
                return row[self.sex].split()[("he", "him", "his", "himself").index(spec)]
            return owner if spec == "his" else plain
        if spec == "s":
            return owner
        if spec == "bare" or self.named:
            return self.word
        if spec == "a":
            article = "some" if self.mass else "an" if self.word[:1].lower() in "aeiou" else "a"
            return f"{article} {self.word}"
        if spec:
            raise ValueError(f"no English form {spec!r}")
        return plain


_PRONOUNS = {
    "m": {"он": "он", "его": "его", "ему": "ему", "им": "им"},
    "f": {"он": "она", "его": "её", "ему": "ей", "им": "ею"},
    "n": {"он": "оно", "его": "его", "ему": "ему", "им": "им"},
    "p": {"он": "они", "его": "их", "ему": "им", "им": "ими"},
}


@dataclass(frozen=True)
class Russian:
    """A Russian noun or name in its six cases."""

    forms: russian.Forms
    gender: str = "m"
    """``m``, ``f``, ``n``, or ``p`` for a plural."""

    def __str__(self) -> str:
        return self.forms[0]

    def __format__(self, spec: str) -> str:
        if not spec:
            return self.forms[0]
        if spec in russian.CASES:
            return self.forms[russian.CASES.index(spec)]
        if spec in _PRONOUNS["m"]:
            return _PRONOUNS[self.gender][spec]
        if spec.startswith("g "):
            choices = spec[2:].split("|")
            return choices[min("mfnp".index(self.gender), len(choices) - 1)]
        raise ValueError(f"no Russian form {spec!r}")


@dataclass(frozen=True)
class Kazakh:
    """A Kazakh noun or name."""

    word: str
    possessed: bool = False
    """It already ends in a possessive: ``маяк күзетшісі``."""

    def __str__(self) -> str:
        return self.word

    def __format__(self, spec: str) -> str:
        if spec == "and":
            return kazakh.and_(self.word)
        return kazakh.inflect(self.word, spec, self.possessed)


Noun = English | Russian | Kazakh

_SENTENCE_START = re.compile(r"(^[«“\"—–\-\s]*|\0|(?:[.!?][»”]?|…[»”])\s+)(\w)")
_QUOTED_NOUN = re.compile(r"(: [«“])(?=\{)")
"""A quotation that opens with a noun is a sentence; one that opens with a word may be no more."""


def fill(template: str, nouns: dict[str, Noun]) -> str:
    """A sentence with its nouns, each sentence with a capital.

    :raises KeyError: if the template names a noun that is not given.
    """
    text = _QUOTED_NOUN.sub("\\1\0", template).format_map(nouns)
    return _SENTENCE_START.sub(lambda found: found[1].strip("\0") + found[2].upper(), text)


def several(phrase: str, language: str) -> Noun:
    """Several people as the logline calls them, as who a sentence speaks of: "three sisters"."""
    if language == "en":
        return English(phrase, named=True)
    return Russian(russian.still(phrase), "p") if language == "ru" else Kazakh(phrase)


_SUBJECT = "{who} "
_MANY = {"is": "are", "has": "have", "does": "do", "cannot": "cannot", "will": "will"}


def plural(template: str, language: str) -> str:
    """A sentence about one as one about several; empty if it says more than its verb can.

    Kazakh verbs are the same for both.
    """
    if language == "kk":
        return template
    rest = template.removeprefix(_SUBJECT)
    if rest == template or "{who" in rest:
        return ""
    told = rest.removesuffix(".").split(" ")
    for index, word in enumerate(told):
        many = russian.they(word) if language == "ru" else _MANY.get(word) or nouns.without_s(word)
        if many:
            return f"{_SUBJECT}{' '.join([*told[:index], many, *told[index + 1 :]])}."
        if language == "en":
            return ""
    return ""
