"""Russian declension of nouns and names.

Six forms in the school order: nominative, genitive, dative, accusative, instrumental,
prepositional. Nouns of the dictionary are bent by ``pymorphy3``, which knows their fleeting vowels
and their stress (скупец -> скупца, врач -> врачом). Words it does not know, and all names, keep to
Zalizniak's regular types: it takes a Kazakh name for something else (Алия -> Алиёй).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from pymorphy3 import MorphAnalyzer

CASES = ("nom", "gen", "dat", "acc", "ins", "pre")
Forms = tuple[str, str, str, str, str, str]

_HISSING = "жшчщ"


def still(word: str) -> Forms:
    """A word that has one form for all cases."""
    return word, word, word, word, word, word


def _feminine(word: str) -> Forms:
    stem, last = word[:-1], word[-1].lower()
    if last == "а":
        i = "и" if stem[-1:].lower() in "гкхжшчщ" else "ы"
        oj = "ей" if stem[-1:].lower() in _HISSING + "ц" else "ой"
        return word, stem + i, stem + "е", stem + "у", stem + oj, stem + "е"
    if last == "я":
        e = "и" if stem[-1:].lower() == "и" else "е"
        return word, stem + "и", stem + e, stem + "ю", stem + "ей", stem + e
    if last == "ь":
        return word, stem + "и", stem + "и", word, word + "ю", stem + "и"
    return still(word)


def _masculine(word: str, animate: bool) -> Forms:
    stem, last = word[:-1], word[-1].lower()
    if last in "ая":
        return _feminine(word)
    if last in "йь":
        pre = stem + ("и" if last == "й" and stem[-1:].lower() == "и" else "е")
        forms = (word, stem + "я", stem + "ю", word, stem + "ем", pre)
    elif last in "бвгджзклмнпрстфхцчшщ":
        om = "ем" if last in _HISSING + "ц" else "ом"
        forms = (word, word + "а", word + "у", word, word + om, word + "е")
    else:
        return still(word)
    return (*forms[:3], forms[1], *forms[4:]) if animate else forms


def _neuter(word: str) -> Forms:
    stem, last = word[:-1], word[-1].lower()
    if last == "о":
        return word, stem + "а", stem + "у", word, stem + "ом", stem + "е"
    if last == "е" and stem[-1:].lower() in _HISSING + "ц":
        return word, stem + "а", stem + "у", word, stem + "ем", stem + "е"
    if last == "е":
        pre = stem + ("и" if stem[-1:].lower() == "и" else "е")
        return word, stem + "я", stem + "ю", word, stem + "ем", pre
    return still(word)


_GENDERS = {"m": "masc", "f": "femn", "n": "neut"}
_TAGS = ("nomn", "gent", "datv", "accs", "ablt", "loct")


@cache
def _dictionary() -> MorphAnalyzer:
    """Read for the first Russian noun only: 50 ms of CPU and 21 MB."""
    return MorphAnalyzer(lang="ru")


@lru_cache(maxsize=4096)
def decline(word: str, gender: str, animate: bool = True) -> Forms:
    """The six forms of a noun. ``gender`` is ``m``, ``f`` or ``n``; unknown ends stay as is."""
    if gender == "n" and word[-1:].lower() not in "оеё":
        gender = "f" if word[-1:].lower() in "ая" else "m"  # a robot is no "it" in Russian
    return _known(word, gender, animate) or _regular(word, gender, animate)


def _known(word: str, gender: str, animate: bool) -> Forms | None:
    """The forms of a noun that is in the dictionary, with that gender."""
    if not word.islower() or not _dictionary().word_is_known(word):
        return None
    number = "plur" if gender == "p" else "sing"
    wanted = {"NOUN", "nomn", number} | ({_GENDERS[gender]} if gender in _GENDERS else set())
    nouns = [noun for noun in _dictionary().parse(word) if noun.is_known and wanted in noun.tag]
    nouns.sort(key=lambda noun: ("anim" in noun.tag) is not animate)
    for noun in nouns:
        forms = [noun.inflect({case, number}) for case in _TAGS]
        words = [form.word for form in forms if form is not None]
        if len(words) == len(_TAGS) and not {"Name", "Surn", "Patr", "Geox"} & noun.tag.grammemes:
            _, gen, dat, acc, ins, pre = words
            return word, gen, dat, acc, ins, pre
    return None


def _regular(word: str, gender: str, animate: bool) -> Forms:
    """The same by the rules of regular words."""
    if len(word) < 2 or gender == "p":
        return still(word)
    if gender == "f":
        return _feminine(word)
    return _neuter(word) if gender == "n" else _masculine(word, animate)


_FLEETING = {"Павел": "Павл", "Лев": "Льв", "Пётр": "Петр"}
"""Given names that lose or change their vowel, and what is left."""


def decline_name(name: str, gender: str) -> Forms:
    """A personal name of one or more words; women's names that end in a consonant stay."""
    words = name.split()
    table = [_of_name(word, gender, bool(index), len(words)) for index, word in enumerate(words)]
    nom, gen, dat, acc, ins, pre = (" ".join(forms) for forms in zip(*table, strict=True))
    return nom, gen, dat, acc, ins, pre


def _of_name(word: str, gender: str, last: bool, of: int) -> Forms:
    """One word of a name. Surnames are known by their place or by an ending of their own."""
    low, stem = word.lower(), word[:-1]
    long = len(word) > 4
    if len(word) > 1 and word.isupper():
        return still(word)  # НАСА, ABBA
    if gender == "f":
        if (last and low.endswith(("ина", "ына"))) or (long and low.endswith(("ова", "ева"))):
            return word, stem + "ой", stem + "ой", stem + "у", stem + "ой", stem + "ой"
        if low.endswith(("ская", "цкая")) or (last and low.endswith("ая")):
            stem = word[:-2]
            return word, stem + "ой", stem + "ой", stem + "ую", stem + "ой", stem + "ой"
        return _regular(word, gender, True) if low[-1] in "ая" else still(word)
    if gender == "m":
        if word in _FLEETING:
            stem = _FLEETING[word]
            return word, stem + "а", stem + "у", stem + "а", stem + "ом", stem + "е"
        if (last and low.endswith(("ин", "ын"))) or (long and low.endswith(("ов", "ев", "ёв"))):
            return word, word + "а", word + "у", word + "а", word + "ым", word + "е"
        if low.endswith(("ских", "ых")):
            return still(word)
        stem = word[:-2]
        if low.endswith(("ский", "цкий")) or (of > 1 and low.endswith("ий")):
            return word, stem + "ого", stem + "ому", stem + "ого", stem + "им", stem + "ом"
        if low.endswith(("ый", "ой")):
            return word, stem + "ого", stem + "ому", stem + "ого", stem + "ым", stem + "ом"
    return _regular(word, gender, True)


@dataclass(frozen=True)
class Tag:
    """What the dictionary says of a word in a text."""

    noun: bool
    surely_no_noun: bool
    """It is hardly ever a noun."""
    lemma: str
    gender: str
    """``m``, ``f``, ``n``."""
    animate: bool
    case: str
    """One of :data:`CASES`."""
    plural: bool

    @property
    def nominative(self) -> bool:
        return self.case == "nom"


_GENDER = {"masc": "m", "femn": "f", "neut": "n"}
_CASE = dict(zip(_TAGS, CASES, strict=True)) | {"gen2": "gen", "loc2": "pre", "accs": "acc"}


@lru_cache(maxsize=4096)
def tag(word: str) -> Tag | None:
    """What a word in small letters is; ``None`` if the dictionary does not know it."""
    if not _dictionary().word_is_known(word):
        return None
    readings = _dictionary().parse(word)
    best = readings[0]
    score = sum(reading.score for reading in readings if "NOUN" in reading.tag)
    none = score < 0.1 or ("NOUN" not in best.tag and best.score > 0.6)
    shown = best.tag
    noun = "NOUN" in shown and not {"Name", "Surn", "Patr", "Geox", "Abbr"} & shown.grammemes
    return Tag(
        noun,
        none,
        best.normal_form,
        _GENDER.get(str(shown.gender), "m"),
        "anim" in shown,
        _CASE.get(str(shown.case), "nom"),
        "plur" in shown,
    )


@lru_cache(maxsize=4096)
def is_verb(word: str) -> bool:
    """Whether a word is a verb first of all, as far as the dictionary knows it."""
    if not _dictionary().word_is_known(word):
        return False
    return _dictionary().parse(word)[0].tag.POS in ("VERB", "INFN", "GRND")


@lru_cache(maxsize=4096)
def finite(word: str) -> bool:
    """Whether a word is a verb that a subject does: «учит», not «учить» or «уча»."""
    if not _dictionary().word_is_known(word):
        return False
    return _dictionary().parse(word)[0].tag.POS in ("VERB", "PRED")


@lru_cache(maxsize=4096)
def they(verb: str) -> str:
    """A verb of one in the present as several do it: «слушает» -> «слушают»; empty if unknown."""
    for reading in _dictionary().parse(verb):
        if reading.tag.POS == "VERB" and "sing" in reading.tag and "3per" in reading.tag:
            form = reading.inflect({"plur", "3per"})
            return form.word if form is not None else ""
    return ""


@lru_cache(maxsize=4096)
def many(word: str) -> bool:
    """Whether a word is a plural first of all: «бегут», «внучки»."""
    return "plur" in _dictionary().parse(word)[0].tag


@lru_cache(maxsize=4096)
def may_be_one(word: str) -> bool:
    """Whether a noun may be a singular: «солдат» is also many soldiers'."""
    return any({"NOUN", "sing"} in reading.tag for reading in _dictionary().parse(word))


@lru_cache(maxsize=4096)
def surely_nominative(word: str) -> bool:
    """Whether a noun or pronoun is in the nominative, and not in an accusative like it."""
    nouns = [r for r in _dictionary().parse(word) if r.tag.POS in ("NOUN", "NPRO")]
    tags = [r.tag for r in nouns if r.normal_form == nouns[0].normal_form]
    tags = [tag for tag in tags if tag.animacy == tags[0].animacy]
    return any("nomn" in tag for tag in tags) and not any("accs" in tag for tag in tags)


@lru_cache(maxsize=4096)
def is_noun(word: str) -> bool:
    """Whether a word is a noun first of all, or unknown, as names are."""
    readings = _dictionary().parse(word)
    return not _dictionary().word_is_known(word) or readings[0].tag.POS == "NOUN"


def named(words: Iterable[str]) -> bool:
    """Whether words hold a subject: a noun or pronoun that may stand in the nominative."""
    return any(
        "nomn" in reading.tag and reading.tag.POS in ("NOUN", "NPRO")
        for word in words
        if len(word) > 1
        for reading in _dictionary().parse(word)[:3]
    )


@lru_cache(maxsize=4096)
def may_be_verb(word: str) -> bool:
    """Whether a word can be a verb in the third person or the past."""
    return any(reading.tag.POS == "VERB" for reading in _dictionary().parse(word))


@lru_cache(maxsize=4096)
def is_adjective(word: str) -> bool:
    """Whether a word is an adjective or a participle first of all."""
    if not _dictionary().word_is_known(word):
        return False
    return _dictionary().parse(word)[0].tag.POS in ("ADJF", "PRTF")


def nominative_phrase(before: list[str], head: str) -> str:
    """A noun with the adjectives that agree with it, in the nominative: «жадного бая» -> «жадный
    бай».

    :param before: the lower-case words right before the noun, the last one nearest.
    :return: empty if the dictionary does not know the noun.
    """
    if not _dictionary().word_is_known(head.lower()):
        return ""
    nouns = [p for p in _dictionary().parse(head.lower()) if p.tag.POS == "NOUN" and p.is_known]
    if not nouns:
        return ""
    words: list[str] = []
    noun = nouns[0]
    for low in reversed(before):
        owner = low if low in ("его", "её", "ее", "их") else ""
        if owner:
            words.insert(0, owner)
            break
        agreed = _agreeing(low, nouns)
        if agreed is None:
            break
        noun, adjective = agreed
        words.insert(0, adjective)
    plural = noun.tag.number == "plur"
    form = noun.inflect({"nomn", "plur" if plural else "sing"})
    if form is None:
        return ""
    name = form.word.capitalize() if head[:1].isupper() else form.word
    return " ".join([*words, name])


def plural_phrase(phrase: str) -> str:
    """A noun with its adjectives as of several: «жадный бай» -> «жадные баи»; itself if unsure."""
    told: list[str] = []
    for word in phrase.split():
        form = _dictionary().parse(word.lower())[0].inflect({"nomn", "plur"})
        if form is None:
            return phrase
        told.append(form.word)
    return " ".join(told)


def _agreeing(low: str, nouns: list[Any]) -> tuple[Any, str] | None:
    """The noun with which an adjective agrees, and the adjective in the nominative."""
    for noun in nouns:
        for word in _dictionary().parse(low):
            if word.tag.POS not in ("ADJF", "PRTF") or word.tag.case != noun.tag.case:
                continue
            if word.tag.number != noun.tag.number:
                continue
            if word.tag.number == "sing" and word.tag.gender not in (None, noun.tag.gender):
                continue
            number = noun.tag.number or "sing"
            wanted = {"nomn", number} | ({noun.tag.gender} if number == "sing" else set())
            form = word.inflect({tag for tag in wanted if tag})
            if form is not None:
                return noun, form.word
    return None
