"""Whether the offline planner can read a logline: English, Russian or Kazakh, and none else.

A story in Ukrainian is not to be read as bad Russian, nor Kyrgyz as Kazakh. The words of a text
are weighed: for a language speak its frequent words, its endings and letters and the words of
the lexicon; against it speak the frequent words and the letters of others. Personal names inside
a sentence say nothing.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pydantic import model_validator

from . import lexicon, names
from .data import Data
from .language import Token, detect, tokens

_LEAST = 0.25
"""Share of the words that must speak for the language."""
_SURE = 0.33
"""The same for a Kazakh text without one letter that only Kazakh has."""
_ENDINGS = {
    "en": re.compile(r".{2,}(?:[^n]ing|[^e]ed|tion|ness|ful|less|ly)"),
    "ru": re.compile(
        r".{2,}(?:ого|его|ому|ему|ть|ться|ется|ится|ый|ий|ая|яя|ую|ые|ых|ами|ями|ает|яет|ует|ит|ят|ют|ёт|ил|ал|ое|ее|ой|ом|ов|ев|ость|ние)"
    ),
    "kk": re.compile(r".{2,}(?:ады|еді|йды|йді|ып|іп|ған|ген|қан|кен|[ндт][ыі]ң|[лд][ае]р)"),
}
_KAZAKH = re.compile(r"[қғұі]")
"""Letters that of the three only Kazakh has, and of its neighbours few."""
_UZBEK = re.compile(r"[og]['ʻʼ‘’`](?!(?:s|ve|ll|d|re|clock)\b)[a-z]")
"""oʻ and gʻ, which are letters."""
_NEITHER = re.compile(r"[ўҳӯҷӣҗҡҙҫјљњђћџѓќѕїєґ]")
"""Cyrillic letters of neither Russian nor Kazakh."""
_TURKIC = re.compile(r"[ңөүәһ]|аа|оо|уу|үү|өө|ээ|ыы|^э|йт$")
"""What Kyrgyz, Tatar and Mongolian words look like, where Kazakh's own letters are missing."""
_NOT_RUSSIAN = re.compile(r"[ңөүәһ]|[бвгджзклмнпрстфхцчш]ъ[бвгджзклмнпрстфхцчшщ]")
"""Turkic letters, and the hard sign where only Bulgarian has it."""


class Languages(Data):
    """``lexicon/languages.json``: frequent words, apart by blanks."""

    en: str
    ru: str
    kk: str
    shared: str
    """Frequent in one of the three, but also in a language that is none of them."""
    others: str
    """Frequent in languages that are none of the three, and in none of them."""

    @model_validator(mode="after")
    def _apart(self) -> Languages:
        both = set(self.others.split()) & {*self.en.split(), *self.ru.split(), *self.kk.split()}
        if both:
            raise ValueError(f"words of others that are ours as well: {sorted(both)}")
        return self


@cache
def _frequent(kind: str) -> frozenset[str]:
    text = Path(__file__).with_name("dictionary").joinpath("languages.json").read_text("utf-8")
    return frozenset(getattr(Languages.model_validate_json(text), kind).split())


def _own(language: str) -> frozenset[str]:
    return _frequent(language) - _frequent("shared")


def recognise(text: str) -> str | None:
    """``en``, ``ru`` or ``kk`` if the text is in that language, else ``None``."""
    language = detect(text)
    letters = [letter for letter in text if letter.isalpha()]
    script = re.compile(r"[A-Za-zÀ-ɏ]" if language == "en" else r"[Ѐ-ӿ]")
    if not letters or sum(1 for letter in letters if script.match(letter)) * 2 < len(letters):
        return None
    words = tokens(text)
    hero = names.heroes(words, language)
    told = [w for i, w in enumerate(words) if i not in hero and (w.first or not _is_name(w, text))]
    if not told:
        return language if hero else None
    low = [word.low for word in told]
    for_it = sum(_speaks(low, index, language) for index in range(len(low)))
    enough = _LEAST
    if language == "kk" and not _KAZAKH.search(text.lower()):
        enough = _SURE
    against = _others(text, low, language)
    return language if for_it > against and for_it >= enough * len(low) else None


def _is_name(word: Token, text: str) -> bool:
    return word.capital and not text.isupper()


def _speaks(low: list[str], index: int, language: str) -> float:
    """How much a word speaks for a language, from 0 to 1."""
    word = low[index]
    if word in _frequent(language):
        return 0.5 if word in _frequent("shared") else 1
    if language == "kk" and _KAZAKH.search(word):
        return 1
    if lexicon.look_up(low, index, language, lexicon.CATEGORIES):
        return 0.5
    return 0.5 if _ENDINGS[language].fullmatch(word) else 0


def _others(text: str, low: list[str], language: str) -> float:
    """How many words speak for a language that is none of the three."""
    strange = sum(1 for word in low if word in _frequent("others"))
    if language == "en":
        accented = sum(1 for word in low if not word.isascii())
        return strange + 0.5 * accented + len(_UZBEK.findall(text))
    neither = sum(1 for word in low if _NEITHER.search(word))
    if language == "kk":
        if neither:
            return len(low)
        if not _KAZAKH.search(text.lower()):
            return strange + sum(1 for word in low if _TURKIC.search(word))
    # і is Kazakh among Kazakh letters or words; elsewhere it is Ukrainian or Belarusian.
    kazakh = any(re.search(r"[қғұңөүәһ]", word) or word in _own("kk") for word in low)
    if not kazakh:
        strange += sum(1 for word in low if "і" in word)
    if language == "ru":
        strange += sum(1 for word in low if _NOT_RUSSIAN.search(word))
    return strange + neither
