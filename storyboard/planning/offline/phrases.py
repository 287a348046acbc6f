"""The logline's own words as captions: its phrases, its nouns, and runs of its words.

No sentence is made up: a caption is a clause of the logline, a piece of one cut before a verb or a
preposition, or the name of somebody or something in it, as it stands there. In Russian a phrase
is turned into the nominative where the dictionary is sure of every word, else it is the noun alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from . import kazakh, nouns, russian
from .language import ENDS, tokens
from .lengths import shorten
from .words import English, Noun

LONGEST = 240
"""Letters of a caption."""
_FRAGMENTS = 400
_DETERMINERS = set(
    ["a", "an", "the", "his", "her", "its", "their", "my", "our", "your", "one", "two", "three"]
    + ["four", "five", "six", "seven", "eight", "nine", "ten", "another", "every", "each"]
)
_STOPS = set(
    ["on", "in", "at", "from", "to", "with", "without", "into", "onto", "through", "for", "before"]
    + ["after", "while", "until", "when", "that", "who", "whose", "which", "under", "over", "by"]
    + ["behind", "beside", "near", "across", "between", "and", "but", "or", "as", "he", "she"]
    + ["they", "it", "during", "against", "about", "inside", "outside", "because", "where"]
)
"""What no English noun phrase goes beyond."""
_GLUE = {"of", "or", "and", "и", "мен", "пен", "бен"}
_KAZAKH_ADJECTIVES = set(
    ["ескі", "жаңа", "үлкен", "кіші", "қара", "ақ", "қызыл", "көк", "кәрі", "қарт", "жас"]
    + ["жалғыз", "кедей", "сараң", "ұлы", "кішкентай", "алтын", "сұлу", "бір", "екі", "үш"]
)
_KAZAKH_ADJECTIVE = re.compile(r".{2,}(?:лы|лі|сыз|сіз|ған|ген|қан|кен|ғы|гі|дай|дей)")
VIEWS = {
    "en": {"close": "{}, close", "far": "{}, from afar", "above": "{}, from above",
           "below": "{}, from below", "still": "{}, a moment later", "side": "{}, once more",
           "light": "{} and the light", "pause": "{}, and a pause"},
    "ru": {"close": "{} вблизи", "far": "{} издали", "above": "{} сверху", "below": "{} снизу",
           "still": "{} мгновением позже", "side": "{} ещё раз", "light": "{} и свет",
           "pause": "{} и пауза"},
    "kk": {"close": "{} — жақыннан", "far": "{} — алыстан", "above": "{} — жоғарыдан",
           "below": "{} — төменнен", "still": "{} — бір сәттен кейін", "side": "{} — тағы бір рет",
           "light": "{} мен жарық", "pause": "{}, бір сәт"},
}  # fmt: skip
"""How a picture of something is called by the camera, for boards longer than the words reach."""
_AND = {"en": "{} and {}", "ru": "{} и {}"}


def sentence(text: str, cut_before: bool = False, cut_after: bool = False) -> str:
    """A caption: a capital and a full stop, or dots where it is torn off."""
    text = text.strip(" ,;:—–-")
    if not text:
        return ""
    if cut_before:
        text = f"…{text}"
    else:
        start = next((i for i, letter in enumerate(text) if letter.isalnum()), 0)
        text = text[:start] + text[start].upper() + text[start + 1 :]
    if cut_after:
        return f"{text.rstrip(ENDS)}…"
    return text if text[-1] in ENDS + '»"”」』' else f"{text}."


class Phrases:
    """The phrases of one logline."""

    def __init__(self, logline: str, language: str, understood: bool = True) -> None:
        self._text = logline
        self._language = language
        self.understood = understood
        self._words = tokens(logline)

    def noun(self, noun: Noun, start: int) -> str:
        """Somebody or something as the logline calls it: "the mayor's speech".

        :param start: of its head word; negative if the logline does not name it.
        """
        plain = f"{noun:a}" if isinstance(noun, English) else f"{noun}"
        index = next((i for i, word in enumerate(self._words) if word.start == start), None)
        if index is None:
            return f"{noun}"
        if self._language == "en":
            opens = self._words[index].low in _DETERMINERS and index + 1 < len(self._words)
            first = noun.word.split()[0].lower() if isinstance(noun, English) and noun.word else ""
            ahead = [word.low for word in self._words[index + opens : index + opens + 4]]
            skipped = ahead.index(first) if opens and first in ahead else 0  # the king's cook
            return self._english(index + opens + skipped, noun) or plain
        if self._language == "ru":
            return self._russian(index) or plain
        return self._kazakh(index, plain)

    def is_attribute(self, start: int) -> bool:
        """Whether the word that starts there describes a noun: "a dying station", «спящий кот»."""
        index = next((i for i, word in enumerate(self._words) if word.start == start), -1)
        if index < 0 or index + 1 >= len(self._words) or self._apart(index, index + 1):
            return False
        word = self._words[index]
        if self._language == "ru":
            return russian.is_adjective(word.low)
        if self._language == "kk":
            return bool(re.search(r"[ғгқк][ае]н$", word.low)) and index + 2 < len(self._words)
        if not word.low.endswith(("ing", "ed", "en")) and not nouns.is_past(word.low):
            return False
        for before in reversed(self._words[max(0, index - 2) : index]):
            if before.low in _DETERMINERS:
                return True
            if not nouns.is_adjective(before.low):
                return False
        return False

    def after(self, start: int) -> tuple[int, int]:
        """Where the two words after the one that starts there begin, and end."""
        index = next((i for i, word in enumerate(self._words) if word.start == start), 0)
        ahead = self._words[index + 1 : index + 4]
        return (ahead[0].start, ahead[-1].end) if ahead else (start, start)

    def spots(self, start: int) -> tuple[int, ...]:
        """Everywhere the word that starts there stands, in whichever of its forms."""
        head = next((word for word in self._words if word.start == start), None)
        if head is None:
            return ()
        return tuple(word.start for word in self._words if _same(head.low, word.low))

    def _english(self, index: int, noun: Noun) -> str:
        if isinstance(noun, English) and noun.named:
            return noun.word
        count = len(noun.word.split()) if isinstance(noun, English) else 1
        last = min(index + count, len(self._words)) - 1
        if self._apart(index, last):
            last = index
        for first in range(index, max(-1, index - 5), -1):
            word = self._words[first]
            if word.low in _DETERMINERS:
                return self._text[word.start : self._words[last].end]
            stops = word.low in _STOPS | _GLUE or (first < index and self._apart(first, first + 1))
            if stops:
                break
        return self._text[self._words[index].start : self._words[last].end]

    def _apart(self, first: int, last: int) -> bool:
        """Whether anything but blanks and possessives stands between two words."""
        between = self._text[self._words[first].end : self._words[last].start]
        inside = self._words[first + 1 : last]
        for word in inside:
            between = between.replace(word.text, "", 1)
        return bool(re.sub(r"['’]s?\b", "", between).strip(" -'’"))

    def _russian(self, index: int) -> str:
        if index + 1 < len(self._words) and russian.is_adjective(self._words[index].low):
            index += 1
        before: list[str] = []
        for first in range(index - 1, max(-1, index - 4), -1):
            if self._apart(first, first + 1):
                break
            before.insert(0, self._words[first].low)
        return russian.nominative_phrase(before, self._words[index].text)

    def _kazakh(self, index: int, plain: str) -> str:
        before = self._words[index - 1].low if index else ""
        told = before in _KAZAKH_ADJECTIVES or bool(_KAZAKH_ADJECTIVE.fullmatch(before))
        if told and not self._apart(index - 1, index):
            return f"{before} {plain}"
        return plain

    def windows(self) -> Iterator[str]:
        """Ever other runs of the logline's words, as fragments; there is always one more.

        A language that nobody here reads is cut by length, if it does not part its words.
        """
        yield from islice(self._fragments(), _FRAGMENTS)
        whole = self._text.strip(" " + ENDS)
        yield from (f"{whole}…", f"…{whole}", f"…{whole}…")
        number = 2
        while True:
            yield f"{shorten(whole, LONGEST - 8)} ({number})."
            number += 1

    def _fragments(self) -> Iterator[str]:
        parts = self._parts()
        for size in range(min(6, len(parts)), 0, -1):
            for first in range(0, len(parts) - size + 1):
                left, right = parts[first][0], parts[first + size - 1][1]
                yield sentence(self._text[left:right], first > 0, first + size < len(parts))

    def run(self, count: int) -> list[str]:
        """The logline cut into pieces of like length, as many as ``count`` if it has the words."""
        parts = self._parts()
        count = max(1, min(count, len(parts)))
        edges = sorted({round(n * len(parts) / count) for n in range(count + 1)}) if parts else []
        return [
            sentence(self._text[parts[a][0] : parts[b - 1][1]], a > 0, b < len(parts))
            for a, b in pairwise(edges)
        ]

    def short(self) -> str:
        """The logline itself if it is a few words, to be named by views."""
        text = self._text.strip(" " + ENDS)
        return text if len(text) <= 40 else ""

    def _parts(self) -> list[tuple[int, int]]:
        spans = [match.span() for match in re.finditer(r"\S+", self._text)]
        if len(spans) < 4 and max((right - left for left, right in spans), default=0) > 12:
            spans = [
                (left, min(left + 4, end)) for start, end in spans for left in range(start, end, 4)
            ]
        return [(a, b) for a, b in spans if any(letter.isalnum() for letter in self._text[a:b])]

    def both(self, first: str, second: str) -> str:
        """Two people or things."""
        if self._language == "kk":
            return sentence(f"{kazakh.and_(first)} {_uncapital(second, self._text)}")
        return sentence(_AND[self._language].format(first, _uncapital(second, self._text)))

    def view(self, kind: str, text: str) -> str:
        """Something as the camera sees it; ``kind`` of :data:`VIEWS`."""
        return sentence(VIEWS[self._language][kind].format(text))


def _same(first: str, second: str) -> bool:
    """Whether two words are forms of one, by the letters they begin with."""
    if first == second:
        return True
    shorter = min(len(first), len(second))
    if first.isascii():
        return (
            shorter > 2
            and abs(len(first) - len(second)) < 3
            and {first.removeprefix(second), second.removeprefix(first)} & {"s", "es"} != set()
        )
    stem = max(2, shorter - 2) if shorter < 5 else shorter - 2
    return shorter > 2 and abs(len(first) - len(second)) < 4 and first[:stem] == second[:stem]


def _uncapital(text: str, logline: str) -> str:
    """A phrase that opened the logline, inside a sentence; a name keeps its capital."""
    first = text.split()[0] if text.split() else ""
    if first.lower() in _DETERMINERS or (logline.startswith(first) and " " in text):
        return text[:1].lower() + text[1:]
    return text


class Used:
    """Captions that a board has already."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def take(self, choices: Iterable[str]) -> str:
        """The first caption that is new and not empty; empty if there is none."""
        for choice in choices:
            text = shorten(choice, LONGEST)
            key = text.casefold().strip("… .")
            if key and key not in self._told:
                self._told.add(key)
                return text
        return ""
