"""Which of the three languages a logline is in, its words and clauses, and Latin spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Language = Literal["en", "ru", "kk"]
"""English, Russian, Kazakh."""

_KAZAKH_LETTERS = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)
_KAZAKH_WORDS = {
    "бір", "бай", "мен", "пен", "бен", "ол", "оның", "үшін", "деп", "екен", "еді", "жоқ", "бар",
    "болды", "бала", "балаға", "кейін", "және", "ал", "сонда", "содан", "адам", "ауыл", "базарда",
    "алдында", "арасында", "барады", "келеді", "алады", "береді", "сатып", "алып", "барып", "дала",
}  # fmt: skip
_KAZAKH_VERB = re.compile(r"(?:[аяе]ды|[еі]ді|йды|йді|ыпты|іпті)$")
"""Endings of the verbs that close a Kazakh sentence."""
_RUSSIAN_WORDS = {
    "и", "в", "на", "не", "он", "она", "его", "её", "с", "что", "как", "за", "из", "по", "от",
    "чтобы", "который", "к", "у", "о", "для", "но", "а", "их", "же", "ему", "под", "или",
}  # fmt: skip
_RUSSIAN_LETTERS = re.compile(r"[ёцщъэф]", re.IGNORECASE)
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


def detect(text: str) -> Language:
    """``kk``, ``ru`` or ``en``: by the script, then by Kazakh's own letters and frequent words.

    A name or a word of Kazakh inside a Russian sentence (Алдар Көсе) does not make it Kazakh.
    """
    if len(_CYRILLIC.findall(text)) <= len(_LATIN.findall(text)):
        return "en"
    words = re.findall(r"[^\W\d_]+", text.lower())
    kazakh = sum(1 for word in words if _KAZAKH_LETTERS.search(word) or word in _KAZAKH_WORDS)
    kazakh += bool(words and _KAZAKH_VERB.search(words[-1]) and not _RUSSIAN_WORDS & set(words))
    russian = sum(1 for word in words if word in _RUSSIAN_WORDS or _RUSSIAN_LETTERS.search(word))
    russian += sum(1 for word in words if word.endswith(("ого", "ому", "ть", "ться", "ый", "ая")))
    return "kk" if kazakh > russian else "ru"


_ROMAN = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "gh", "д": "d", "е": "e", "ё": "yo",
    "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n",
    "ң": "ng", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u",
    "ү": "u", "ф": "f", "х": "kh", "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",
    "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip


def romanise(text: str) -> str:
    """Cyrillic names in Latin letters, for English action lines; the rest stays."""
    out = []
    for letter in text:
        latin = _ROMAN.get(letter.lower(), letter)
        out.append(latin.capitalize() if letter.isupper() else latin)
    return "".join(out)


ENDS = ".!?…。！？؟।"
"""What ends a sentence, in any script."""
UNSEEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
"""Unicode categories of what nobody sees: controls, marks of direction, private use."""
_JOINERS = "\u200c\u200d"
"""Unseen as well, but part of the spelling of Persian, Hindi and of many emoji."""


def seen(text: str, unseen: Collection[str] = UNSEEN, kept: str = "") -> str:
    """A text without what nobody sees; white space of those categories becomes a blank.

    :param unseen: Unicode categories to leave out.
    :param kept: characters that stay although they belong to one.
    """
    stays = _JOINERS + kept
    return "".join(
        letter if letter in stays or unicodedata.category(letter) not in unseen
        else " " if letter.isspace() else ""
        for letter in text
    )  # fmt: skip


def plain(text: str) -> str:
    """A text on one line, without anything unseen or unassigned and with single blanks."""
    return " ".join(seen(text, (*UNSEEN, "Cn")).split())


@dataclass(frozen=True)
class Token:
    """A word of the logline."""

    text: str
    low: str
    start: int
    end: int
    first: bool
    """It opens a sentence, so its capital says nothing."""
    shouted: bool = False
    """All the text is in capitals, so its capital says nothing either."""

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() and not self.shouted


_WORD = re.compile(r"[^\W\d_]+(?:(?<=\b[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])['’ʼ][^\W\d_]{2,})?")
"""A word; the apostrophe of O'Neill and Д'Артаньян is a part of it."""
_SHORT = r"(?<!\w)(?:[^\W\d_]|Dr|Mr|Mrs|Ms|St|Prof|Jr|ул|им|проф)\."
_SHORTENED = re.compile(_SHORT + "$")
"""An initial or an abbreviation, whose full stop ends no sentence."""


def tokens(text: str) -> list[Token]:
    """The words of a text; an English possessive 's is no part of its word."""
    words = []
    shouted = text.isupper() and len(text.split()) > 2
    for match in _WORD.finditer(text):
        if match.group() in ("s", "S") and text[match.start() - 1 : match.start()] in ("'", "’"):
            continue
        before = text[: match.start()].rstrip(" \t\n«»\"'“”—–-(")
        opened = text[: match.start()].rstrip('«“"„')
        quoted = len(opened) < match.start() and opened.rstrip().endswith((":", ","))
        first = not before or quoted or (before[-1] in ENDS and not _SHORTENED.search(before))
        word = match.group()
        words.append(Token(word, word.lower(), match.start(), match.end(), first, shouted))
    return words


_SENTENCE = re.compile(rf"(?:{_SHORT}(?=\s*\w)|\d[.]\d|[^{ENDS}])+[{ENDS}]*[»”\"'」』]?")
_BREAK = {
    "en": re.compile(
        r"[;:]\s+|\s[—–-]\s|,\s+"
        r"|,?\s+(?=(?:and|but|so|then|until|while|when|because|before|after|who must|only to)\s)"
    ),
    "ru": re.compile(
        r"[;:]\s+|,\s+|\s+(?=(?:и|но|а|чтобы|пока|когда|потому)\s)|\s[—–]\s(?=(?:и|но|а)\s)"
    ),
    "kk": re.compile(r"[;:]\s+|,\s+|\s+(?=(?:бірақ|сонда|содан|ақыры|өйткені)\s)"),
}
MIN_CLAUSE = 22
"""Letters below which a piece of a sentence says too little to be a caption of its own."""


@dataclass(frozen=True)
class Clause:
    """A piece of the logline that can stand under a picture."""

    text: str
    start: int
    end: int
    opens: bool
    """It begins its sentence."""
    closes: bool
    """It ends its sentence."""


def clauses(text: str, language: str, most: int = 4) -> list[Clause]:
    """The logline cut into at most ``most`` pieces, in order, none of them lost."""
    pieces: list[Clause] = []
    for sentence in _SENTENCE.finditer(text):
        body = sentence.group().rstrip()
        if not any(letter.isalnum() for letter in body):
            continue
        start = sentence.start() + len(sentence.group()) - len(sentence.group().lstrip())
        end = sentence.start() + len(body)
        cuts = [start]
        for cut in _BREAK[language].finditer(text, start, end):
            if cut.end() - cuts[-1] >= MIN_CLAUSE and end - cut.end() >= MIN_CLAUSE:
                cuts.append(cut.end())
        cuts.append(end)
        for left, right in pairwise(cuts):
            piece = text[left:right].strip(" ,;:—–-")
            pieces.append(Clause(piece, left, right, left == start, right == end))
    while len(pieces) > most:
        # Join the shortest pair of neighbours; a pair inside one sentence before all others.
        index = min(
            range(len(pieces) - 1),
            key=lambda i: (
                pieces[i].closes,
                len(pieces[i].text) + len(pieces[i + 1].text),
            ),
        )
        left, right = pieces[index], pieces[index + 1]
        whole = text[left.start : right.end].strip(" ,;:—–-")
        pieces[index : index + 2] = [Clause(whole, left.start, right.end, left.opens, right.closes)]
    return pieces
