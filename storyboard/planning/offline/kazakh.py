"""Kazakh noun endings: cases and possession, by vowel harmony and the last sound.

Source of the rules: the tables of septik (case) and täueldik (possession) endings in any school
grammar of Kazakh. Names in Latin letters are harmonised by their own vowels.
"""

from __future__ import annotations

_BACK = set("аоұыёяуaou")
_FRONT = set("әөүіеэиюei")
_VOWELS = _BACK - {"у"} | _FRONT - {"и", "ю"} | {"и", "ю"}
_VOICELESS = set("пфкқтсшщхцчһбвгдpfktshcxqbvgd")
_NASAL = set("мнңmn")
_Z = set("зжzj")

CASES = ("gen", "dat", "acc", "loc", "abl", "ins")
PERSONS = ("my", "your", "pos")
"""Possessed by me, by you (polite), by him, her or them."""


def is_front(word: str) -> bool:
    """Whether the endings of a word take front vowels (е, і) rather than back ones (а, ы)."""
    low = word.lower()
    for letter in reversed(low):
        if letter in "әөүіеэei":
            return True
        if letter in "аоұыёяaou":
            return False
    return any(letter in "июк" for letter in low) and not any(letter in "уқғ" for letter in low)


def _ends(word: str) -> str:
    """``vowel``, ``nasal``, ``z``, ``voiceless`` or ``voiced``: what the next ending sees."""
    last = next((letter for letter in reversed(word.lower()) if letter.isalpha()), "")
    if last in _VOWELS:
        return "vowel"
    if last in _NASAL:
        return "nasal"
    if last in _Z:
        return "z"
    return "voiceless" if last in _VOICELESS else "voiced"


def case(word: str, name: str, possessed: bool = False) -> str:
    """A noun in one of :data:`CASES`. ``possessed``: it already ends in -ы/-і/-сы/-сі."""
    front, end = is_front(word), _ends(word)
    hard, soft = ("і", "е") if front else ("ы", "а")
    if possessed:
        short = {"dat": "н" + soft, "acc": "н", "loc": "нд" + soft, "abl": "н" + soft + "н"}
        if name in short:
            return word + short[name]
    if name == "gen":
        start = "н" if end in ("vowel", "nasal") else "т" if end == "voiceless" else "д"
        return word + start + hard + "ң"
    if name == "dat":
        guttural = ("к" if front else "қ") if end == "voiceless" else ("г" if front else "ғ")
        return word + guttural + soft
    if name == "acc":
        return word + {"vowel": "н", "voiceless": "т"}.get(end, "д") + hard
    if name == "loc":
        return word + ("т" if end == "voiceless" else "д") + soft
    if name == "abl":
        start = "н" if end == "nasal" else "т" if end == "voiceless" else "д"
        return word + start + soft + "н"
    if name == "ins":
        return word + {"z": "бен", "voiceless": "пен"}.get(end, "мен")
    raise ValueError(f"no Kazakh case {name!r}")


def possess(word: str, person: str) -> str:
    """A noun owned by somebody, see :data:`PERSONS`: ат -> атым, атыңыз, аты."""
    vowel = "і" if is_front(word) else "ы"
    if _ends(word) == "vowel":
        return word + {"my": "м", "your": f"ң{vowel}з", "pos": f"с{vowel}"}[person]
    voiced = {"п": "б", "қ": "ғ", "к": "г"}
    stem = word[:-1] + voiced.get(word[-1], word[-1])
    return stem + {"my": f"{vowel}м", "your": f"{vowel}ң{vowel}з", "pos": vowel}[person]


def inflect(word: str, spec: str, possessed: bool = False) -> str:
    """``""``, a case, an owner, or both as in ``pos.dat``: ат -> атына."""
    if not spec:
        return word
    first, _, second = spec.partition(".")
    if first in PERSONS:
        if not possessed:
            word = possess(word, first)
        if not second:
            return word
        # In my and your forms the plain endings follow: атымды, атыңызға; but the dative of
        # "my" is -а/-е: атыма.
        if first == "my" and second == "dat":
            return word + ("е" if is_front(word) else "а")
        return case(word, second, possessed=first == "pos")
    return case(word, first, possessed)


def and_(word: str) -> str:
    """A noun before another one that is joined to it: «мысық пен», «робот пен», «қыз бен»."""
    joins = {"voiceless": "пен", "z": "бен"}
    return f"{word} {joins.get(_ends(word), 'мен')}"
