"""English in phrases: where a noun phrase begins and ends, which word is its head, what is a verb.

No full grammar: determiners, prepositions and auxiliaries are the bones of a sentence, and between
them stand phrases whose head is their last noun. A word that could be noun or verb is a verb where
a phrase before it has a head and a new one, a preposition or the end comes behind.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import nouns
from .grammar import words_of
from .language import Token

DETERMINERS = words_of("determiners")
NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "dozen": 12, "both": 2,
}  # fmt: skip
PREPOSITIONS = words_of("prepositions")
_CLAUSE = words_of("conjunctions")
_VERBAL = words_of("auxiliaries")
_ADVERBS = words_of("adverbs")
_ACTING = words_of("acting")
_STOPS = PREPOSITIONS | _CLAUSE | _VERBAL | _ADVERBS
_SUBJECTS = frozenset(["he", "she", "they", "it", "who", "that", "which", "we", "you", "i"])


@dataclass(frozen=True)
class Phrase:
    """A noun phrase."""

    start: int
    """Of its first word after the determiner."""
    head: int
    before: str
    """The word before it, its determiner left out; empty at the beginning or after a mark."""
    determiner: str
    owner: bool = False
    """It only says whose something is."""


@dataclass(frozen=True)
class Parsed:
    """A text in phrases."""

    phrases: tuple[Phrase, ...]
    verbs: frozenset[int]


def _gap(text: str, words: list[Token], index: int) -> str:
    """What stands between a word and the one before."""
    return text[words[index - 1].end : words[index].start] if index else ""


def parse(text: str, words: list[Token], names: set[int], known: set[int]) -> Parsed:
    """The phrases and verbs of a text.

    :param names: tokens that are personal names.
    :param known: tokens that the lexicon knows as nouns.
    """
    phrases: list[Phrase] = []
    verbs: set[int] = set()
    index = 0
    while index < len(words):
        low = words[index].low
        if index in names:
            index += 1
            if index < len(words) and _gap(text, words, index) == " " and _verb(words, index):
                verbs.add(index)
                index += 1
            continue
        determiner = ""
        start = index
        while start < len(words) and (
            words[start].low in DETERMINERS or words[start].low in NUMBERS
        ):
            if start > index and "," in _gap(text, words, start):
                break
            determiner = f"{determiner} {words[start].low}".strip()
            start += 1
        if not determiner:
            if low in _VERBAL or low in _SUBJECTS:
                index += 1
                while index < len(words) and words[index].low in _VERBAL | _ADVERBS - _SUBJECTS:
                    index += 1
                if (
                    index < len(words)
                    and low != "not"
                    and _gap(text, words, index) == " "
                    and words[index].low not in _STOPS | DETERMINERS
                    and _verb(words, index)
                    and not words[index].capital
                ):
                    verbs.add(index)
                    index += 1
                continue
            if low in _STOPS:
                index += 1
                continue
        if start >= len(words):
            break
        before = _before(text, words, index)
        end, head, stop = _run(text, words, start, names, known, determiner)
        if head is None:
            if not determiner and _verb(words, start) and start not in known:
                verbs.add(start)
            index = max(end, start + 1) if end > start else start + 1
            if determiner and end == start:
                index = start
                if index < len(words) and words[index].low in DETERMINERS | set(NUMBERS):
                    index += 1
            continue
        if not determiner and head == start and _opens_as_verb(text, words, start, known, phrases):
            verbs.add(start)
            index = start + 1
            continue
        owner = text[words[head].end :].startswith(("'s ", "’s ", "' ", "’ "))
        phrases.append(Phrase(start, head, before, determiner, owner))
        index = head + 1
        if stop is not None:
            verbs.add(stop)
            index = max(index, stop + 1)
    return Parsed(tuple(phrases), frozenset(verbs))


def _before(text: str, words: list[Token], index: int) -> str:
    if not index or any(mark in _gap(text, words, index) for mark in ",.;:—–!?("):
        return ""
    return words[index - 1].low


def _verb(words: list[Token], index: int) -> bool:
    low = words[index].low
    return bool(nouns.verb_base(low)) or nouns.is_past(low)


def _noun(words: list[Token], index: int, known: set[int]) -> bool:
    if index in known:
        return True
    return nouns.sort(words[index].low) is not None


def _run(
    text: str, words: list[Token], start: int, names: set[int], known: set[int], determiner: str
) -> tuple[int, int | None, int | None]:
    """(first word behind the phrase, its head or ``None``, the verb that ended it or ``None``)."""
    head: int | None = None
    last: int | None = None
    one, strong = determiner in ("a", "an", "one", "every", "each"), bool(determiner)
    index = start
    while index < len(words) and index - start < 7:
        gap = _gap(text, words, index)
        if index > start and gap.strip("-'’\"“”‘ s"):
            break
        low = words[index].low
        if index > start and gap.startswith(("'", "’")) and " " in gap:  # an owner before
            break
        if low in _STOPS or low in DETERMINERS or index in names:
            break
        if index > start and gap in ("'s ", "’s "):
            break
        noun = _noun(words, index, known)
        verb = _verb(words, index)
        hyphen = index + 1 < len(words) and _gap(text, words, index + 1) == "-"
        if head is not None and verb and not hyphen and _ends(text, words, index, head, known, one):
            return index, head, index
        if low.endswith("ly") and not noun:
            break
        if noun and not (
            nouns.is_adjective(low) and index not in known and not _final(words, index)
        ):
            head = index
        elif not noun and not nouns.is_adjective(low) and not verb and len(low) > 2:
            last = index
        index += 1
    if last is not None and (head is None or last == index - 1) and strong:
        head = last
    if last is not None and head is None and words[last].low.endswith("s"):
        head = last
    return index, head, None


def _final(words: list[Token], index: int) -> bool:
    """Whether nothing that could be a noun follows."""
    after = index + 1
    return after >= len(words) or words[after].low in _STOPS or words[after].low in DETERMINERS


def _ends(text: str, words: list[Token], index: int, head: int, known: set[int], one: bool) -> bool:
    """Whether a word behind a phrase with a head is its verb."""
    low = words[index].low
    sort = nouns.sort(low)
    plural = words[head].low.endswith("s") and nouns.singular(words[head].low) != words[head].low
    after = words[index + 1].low if index + 1 < len(words) else ""
    if after in DETERMINERS or after in NUMBERS or after in ("him", "it", "them", "me", "us"):
        return True
    if index in known or (sort is not None and not sort.verb):
        concrete = index in known or (sort is not None and sort.kind != "none")
        if low.endswith("s") and not plural and not low.endswith(("ss", "us")):
            if one or low in _ACTING:  # behind "a" no plural stands
                return True
            return not concrete or not (after in PREPOSITIONS or after in _CLAUSE or not after)
        return nouns.is_past(low) and not concrete
    if low.endswith("ing") and index + 1 < len(words):
        # "a vacuum cleaning robot" is one phrase, "a boy riding a bear" is not.
        return words[index + 1].low in _STOPS | DETERMINERS or _gap(text, words, index + 1) != " "
    return True


def _opens_as_verb(
    text: str, words: list[Token], index: int, known: set[int], phrases: list[Phrase]
) -> bool:
    """Whether a bare word that could be a noun is a verb: "steals a camera", "robs banks"."""
    low = words[index].low
    if not _verb(words, index) or words[index].capital:
        return False
    before = _before(text, words, index)
    behind_noun = bool(phrases) and phrases[-1].head == index - 1
    after = words[index + 1].low if index + 1 < len(words) else ""
    sort = nouns.sort(low)
    if sort is not None and sort.verb:
        return before not in PREPOSITIONS or before == "to"
    object_follows = after in DETERMINERS or after in NUMBERS
    if before == "to" or (behind_noun and _gap(text, words, index) == " "):
        return True
    return before in ("and", "or", "then", "but", "") and object_follows
