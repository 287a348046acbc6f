"""Personal names in a logline: where they stand, whose they are, how they are bent.

A name is known by its capital inside a sentence, by "named", «по имени», «есімді» before or
behind it, or by opening the sentence right before a verb.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache
from itertools import pairwise
from pathlib import Path

from ...heroes import Hero
from . import lexicon, nouns, russian
from .data import Data, Named
from .language import Token
from .words import English, Kazakh, Noun, Russian

LONGEST = 40
"""Letters beyond which a word is no name, and nothing more belongs to one."""
_NAMED = {
    "en": re.compile(r"\b(?:named|called)\s+([A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?)"),
    "ru": re.compile(r"\b(?:по имени|по прозвищу|зовут)\s+([А-ЯЁA-Z][\w-]+(?:\s[А-ЯЁ][\w-]+)?)"),
    "kk": re.compile(r"\b([А-ЯӘҒҚҢӨҰҮҺІЁA-Z][\w-]+)\s+(?:есімді|атты|деген)\b"),
}
_INITIALS = re.compile(r"(?<!\w)(?:[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]\.\s?){1,3}[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w’'-]{1,30}")
_PLACE_BEFORE = {
    "en": {
        "in",
        "at",
        "from",
        "to",
        "near",
        "of",
        "on",
        "across",
        "into",
        "before",
        "until",
        "during",
    },
    "ru": {"в", "во", "из", "на", "под", "около", "близ"},
    "kk": set(),
}
_ADJECTIVE = re.compile(r".{2,}(?:ый|ий|ой|ая|яя|ое|ее|ого|его)$")
RUSSIAN_VERB = re.compile(
    r".{2,}(?:[её]т|ит|ат|ят|ют|ут|[её]тся|ится|ает|еет|ует|ал|ил|ел|ал[аои]|ил[аои]|л[аои]?сь|лся)$"
)
ENGLISH_VERB = re.compile(
    r"(?!.*(?:ss|us|is|ous)$).{2,}s$|must|can|will|has|had|was|is|who|that|which|tries|found|went"
    r"|met|lost|came|took|made|won|fell|left|stole|wakes|in|on|at|from|with|of|and|to|named|called"
)
_SHE = {"en": {"she", "her", "herself"}, "ru": {"она", "её", "ее", "ей", "неё", "ней"}, "kk": set()}
_HE = {"en": {"he", "his", "him", "himself"}, "ru": {"он", "него", "ему", "нему"}, "kk": set()}
TITLES = {"mr": "m", "mister": "m", "mrs": "f", "ms": "f", "miss": "f", "dr": ""}
"""What stands before a name and is none -> whose it is."""
_WOMENS_ENDS = {
    "en": ("a", "ie", "elle", "ine", "lyn", "eth", "erim", "aule"),
    "ru": ("а", "я", "гуль", "гүл", "айжан", "ерим", "ауле", "сель"),
    "kk": ("а", "ә", "гүл", "айжан", "ерім", "әуле", "сұлу"),
}
_MENS_NAMES = {
    "luca", "joshua", "noah", "никита", "илья", "миша", "саша", "ваня", "петя", "коля", "лёша",
    "дима", "вася", "гриша", "мұса", "муса", "иса", "ержан", "нұржан", "нуржан", "бауыржан",
}  # fmt: skip


_KAZAKH_GIVEN = re.compile(r".{2,}(?:гүл|жан|бек|нұр|мұрат|ерім|сұлу|ғали|болат|гали|бай|тай|лан)")
"""What Kazakh given names end in, where a sentence opens with one."""


class Stopwords(Data):
    """``lexicon/stopwords.json``."""

    not_names: Named
    """Words that open a sentence with a capital and are no names, apart by blanks."""


class Given(Data):
    """``dictionary/names.json``: given names of many peoples, in small letters, apart by blanks."""

    women: str
    men: str


@cache
def _given(kind: str) -> frozenset[str]:
    file = Path(__file__).parent / "dictionary" / "names.json"
    return frozenset(getattr(Given.model_validate_json(file.read_text("utf-8")), kind).split())


def given_sex(name: str) -> str:
    """``m`` or ``f`` of a given name that is known, else empty."""
    low = name.lower()
    return "f" if low in _given("women") else "m" if low in _given("men") else ""


@cache
def _not_names(language: str) -> frozenset[str]:
    file = Path(__file__).parent / "dictionary" / "stopwords.json"
    return frozenset(
        Stopwords.model_validate_json(file.read_text("utf-8")).not_names[language].split()
    )


def opens_no_name(low: str) -> bool:
    """Whether a Russian word before the first noun is a small word or an adjective."""
    return low in _not_names("ru") or bool(_ADJECTIVE.match(low))


def heroes(words: list[Token], language: str) -> dict[int, Hero]:
    """The heroes the pack knows, whose names need no guessing, by the tokens that name them."""
    low = [word.low for word in words]
    named: dict[int, Hero] = {}
    for index in range(len(words)):
        pattern = lexicon.look_up(low, index, language, ("roles",))
        hero = lexicon.entries("roles")[pattern.id].hero if pattern is not None else None
        if pattern is not None and hero is not None:
            named |= dict.fromkeys(range(index, index + len(pattern.words)), hero)
    return named


def find(
    logline: str, words: list[Token], language: str, blocked: Container[int]
) -> list[tuple[int, str, int]]:
    """(index of the first token, name, number of tokens) of every personal name."""
    marked = [match.span(1) for match in _NAMED[language].finditer(logline)]
    initials = [match.span() for match in _INITIALS.finditer(logline)]
    spotted: list[tuple[int, str, int]] = []
    index = 0
    while index < len(words):
        count = 1 if index not in blocked and _is_name(words, index, language, marked) else 0
        if index not in blocked and (span := _span_at(words[index].start, initials)):
            count = sum(1 for word in words[index:] if word.start < span[1])
            spotted.append((index, logline[slice(*span)], count))
            index += count
            continue
        while count and index + count < len(words):
            word, before = words[index + count], words[index + count - 1]
            gap = logline[before.end : word.start]
            if not (word.capital and gap in (" ", "-") and not word.first):
                break
            if word.end - words[index].start > LONGEST:
                break
            if gap != "-" and lexicon.look_up([word.low], 0, language, ("roles",)):
                break
            count += 1
        if count:
            name = logline[words[index].start : words[index + count - 1].end]
            name = name.title() if words[index].shouted else name
            spotted.append((index, name, count))
        index += max(1, count)
    return spotted


def _span_at(start: int, spans: list[tuple[int, int]]) -> tuple[int, int] | None:
    return next((span for span in spans if span[0] == start), None)


_RUSSIAN_ANIMAL = re.compile(r"лев|(?!реб[её]н).{2,}[её]нок|.{2,}чонок")
"""What opens a sentence as an animal, though it could be a name."""


def is_animal(low: str) -> bool:
    """Whether a Russian word is an animal that no list may have: a young one, or the lion Лев."""
    return _RUSSIAN_ANIMAL.fullmatch(low) is not None


def _describes(words: list[Token], index: int, language: str) -> bool:
    """Whether a word with a capital says of what kind the noun behind it is."""
    after = words[index + 1 : index + 2]
    nouns_ = ("roles", "things", "places")
    return (
        bool(after)
        and not after[0].capital
        and (lexicon.look_up([after[0].low], 0, language, nouns_) is not None)
    )


def _is_name(words: list[Token], index: int, language: str, spans: list[tuple[int, int]]) -> bool:
    word = words[index]
    if not 2 <= len(word.text) <= LONGEST:
        return False
    if language == "ru" and word.first and is_animal(word.low):
        after = words[index + 1] if index + 1 < len(words) else None
        if after is None or not after.capital:
            return False
    if any(start <= word.start < end for start, end in spans):
        return not lexicon.look_up([word.low], 0, language, ("roles",))
    titled = index > 0 and words[index - 1].low in TITLES
    if titled and word.text[0].isupper() and word.low not in _not_names(language):
        return True
    if not (word.capital or (word.first and word.shouted)) or word.low in _not_names(language):
        return False
    if language == "en" and _is_common(word.low):
        return False
    head = index
    while head and words[head].capital and words[head - 1].capital and not words[head - 1].first:
        head -= 1
    before = words[head - 1].low if head else ""
    if not word.first:
        pattern = lexicon.look_up([word.low], 0, language, ("roles", "places"))
        if before == "the":
            return False  # the North Pole, the Titanic
        if before in ("a", "an") and _describes(words, index, language):
            return False  # a Roman gladiator, a Tokyo rooftop
        if language == "kk" and word.low.endswith(("да", "де", "та", "те", "дан", "ден")):
            return False
        return pattern is None and before not in _PLACE_BEFORE[language]
    if any(other.text == word.text and not other.first for other in words):
        return True
    low = [other.low for other in words]
    if index + 1 < len(words) and given_sex(word.low):
        after = words[index + 1]
        acts = nouns.verb_base(after.low) or nouns.is_past(after.low) or after.low in ("and", "is")
        if language != "en" or nouns.sort(word.low) is None or acts:
            return True
    if lexicon.look_up(low, index, language, lexicon.CATEGORIES) or index + 1 >= len(words):
        return False
    if index:
        given = language == "kk" and _KAZAKH_GIVEN.fullmatch(word.low) is not None
        return given or (language != "en" and bool(given_sex(word.low)))
    after = words[index + 1]
    if language == "en":
        if _is_plural(low, index + 1):
            return False
        return not word.low.endswith(("ing", "ed", "s")) and (
            after.capital or bool(ENGLISH_VERB.fullmatch(after.low)) or after.low in ("a", "an")
        )
    if language == "kk" and _KAZAKH_GIVEN.fullmatch(word.low):
        return True
    if language == "ru":
        plain = not _ADJECTIVE.match(word.low) and not _is_trade(word.low)
        return plain and (
            after.capital
            or (bool(RUSSIAN_VERB.match(after.low)) and not is_object(word.low, after.low))
        )
    described = lexicon.look_up([after.low], 0, "kk", ("roles", "things"))
    if described is not None and described.words[-1] == after.low:
        return False  # "a blind boy": what stands before somebody is an adjective
    return len(word.low) > 2 and not word.low.endswith(_NO_KAZAKH_NAME)


_DETERMINERS = {"a", "an", "the", "his", "her", "its", "their", "my", "our", "your", "him", "it"}


def _is_common(low: str) -> bool:
    """Whether a capital is that of a people (Jewish) or of a thing (Time, Earth), not a name's."""
    if given_sex(low):
        return False
    sort = nouns.sort(low)
    return nouns.is_adjective(low) or (sort is not None and sort.kind not in ("person", "animal"))


def _is_plural(low: list[str], index: int) -> bool:
    """Whether an English word is a noun in the plural: "teenage twins", not "Tom guards the"."""
    after = low[index + 1] if index + 1 < len(low) else ""
    noun = lexicon.look_up(low, index, "en", ("roles", "things", "places"))
    return low[index].endswith("s") and noun is not None and after not in _DETERMINERS


def is_verb(words: list[Token], index: int, used: set[int]) -> bool:
    """Whether an English word that could be a noun does something: "a girl bears the keys".

    It stands between its subject and what it is done to.

    :param used: tokens that are nouns or names.
    """
    if not 0 < index < len(words) - 1 or words[index + 1].low not in _DETERMINERS:
        return False
    before = words[index - 1].low
    noun = nouns.sort(before) is not None and not nouns.is_adjective(before)
    return index - 1 in used or before in _VERB_LEADS or (noun and words[index].low.endswith("s"))


_VERB_LEADS = {
    "who",
    "that",
    "which",
    "to",
    "must",
    "can",
    "will",
    "he",
    "she",
    "they",
    "it",
    "and",
}
_NO_KAZAKH_NAME = (
    "дай", "дей", "лы", "лі", "ты", "ті", "сыз", "сіз", "да", "де", "дағы", "дегі", "тағы", "тегі",
    "лар", "лер", "дер", "тер", "шы", "ші", "ден", "тен", "нен",
)  # fmt: skip
"""Endings of Kazakh cases, plurals, trades and adjectives."""


def is_object(low: str, verb: str) -> bool:
    """Whether others do something to a Russian noun in the singular: «мошенника нанимают»."""
    return verb.endswith(_THEY) and low[-1] not in "ыи"


_THEY = ("ют", "ут", "ат", "ят", "ются", "утся", "атся", "ятся")
"""Endings of Russian verbs in the third person plural."""


def _is_trade(low: str) -> bool:
    """Whether a Russian word looks like a trade or a kind, not like a name."""
    return low.endswith(
        (
            "ист",
            "тель",
            "ник",
            "ер",
            "ор",
            "ец",
            "арь",
            "ица",
            "ник",
            "ач",
            "вод",
            "лог",
            "вин",
            "истка",
        )
    )


def pronoun(words: list[Token], language: str) -> str:
    """``m`` or ``f`` where all pronouns that tell are of one kind, else empty."""
    low = {word.low for word in words}
    she, he = bool(low & _SHE[language]), bool(low & _HE[language])
    return "" if she == he else "f" if she else "m"


def sex(name: str, role: str, words: list[Token], language: str) -> str:
    """``m``, ``f`` or empty, by pronouns, then the role, then the name's ending."""
    low = {word.low for word in words}
    she, he = bool(low & _SHE[language]), bool(low & _HE[language])
    if name and name.lower() in _MENS_NAMES:
        return "m"
    if name and (told := given_sex(name.split()[0])) and not (she and told == "m"):
        return told
    if name and not role and (titled := _sex_of_title(name, words)):
        return titled
    entry = lexicon.entries("roles").get(role)
    if entry is not None and entry.fixed:
        return entry.sex
    first = name.lower().split()[0] if name else ""
    ends_like_a_woman = first.endswith(_WOMENS_ENDS[language]) or first.startswith(
        ("гүл", "гул", "gul")
    )
    if name and not role:
        if she != he:
            return "f" if she else "m"
        return "f" if ends_like_a_woman else "m" if language != "en" or he else ""
    if name and ends_like_a_woman and not he:
        return "f"
    if language == "en":
        if entry is not None and entry.sex == "n":
            return "n"
        rival = entry is not None and entry.side == "rival"
        return "f" if she and not he else "m" if he or rival else ""
    return entry.sex if entry is not None else ""


def _sex_of_title(name: str, words: list[Token]) -> str:
    """What Mr or Mrs before a name says."""
    first = name.lower().split()[0]
    for before, word in pairwise(words):
        if word.low == first and before.low in TITLES:
            return TITLES[before.low]
    return ""


def noun(name: str, sex: str, language: str) -> Noun:
    """A personal name as a noun of the language."""
    if language == "en":
        return English(name, sex, named=True)
    if language == "kk":
        return Kazakh(name)
    return Russian(russian.decline_name(name, sex or "m"), sex or "m")
