"""What offline boards show of their loglines: measured on the finished story, not by the planner.

A list holds one logline a line; ``#`` opens a comment. Who and what a logline names may stand
after it, apart by tabs, each by its head word; ``a/b`` is either spelling, the second the English
word of a drawing::

    A cat on a Tokyo rooftop guards a violin.<TAB>people=cat<TAB>things=violin<TAB>places=rooftop
    Кот крадёт шубу.<TAB>people=кот/cat<TAB>things=шуба/coat

Where nothing stands there, the names and nouns are taken from the logline by rule: in English the
words with a capital and the last word of a phrase that an article, a possessive or a numeral
opens; in Russian the nouns of ``pymorphy3``; in Kazakh only names. Abstract nouns are left out.
Rules err, so the shares of a list with notes are the ones to trust.

Somebody is *shown* who is in the cast of a shot or among its props; a thing, that is among the
props, worn by somebody in the cast, or the shot's place or weather. Action lines and captions count
nothing, but for the two or three words under a panel without people, which name what it shows (a
drawn prop has only an English name).
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from aldar_storyboard.storyboard.planning import plan
from aldar_storyboard.storyboard.planning.offline import acting
from aldar_storyboard.storyboard.story import Shot, Story

KINDS = ("people", "things", "places")
_WORD = re.compile(r"[^\W\d_]+")
_SMALL_WORDS = """\
    a an the and or but so who whom whose which that this these those to of in on at by for from
    with without into onto over under between through during before after until while when where as
    is are was were be been am do does did has have had will would can could must may might not no
    he she it they his her its their him them himself herself itself my our your me we you i
    one two three four five six seven eight nine ten every each all some any only last own never
    nobody somebody up down out off back about against inside outside behind near across than then
    и в во на с со у к ко о об от до из за по под над при для без не ни но а же бы что чтобы как
    который которая которое которые он она оно они его её ее их ему ей им себя свой свою своей
    своего своему своим один одна две два три это этот эта ради вместо
    мен пен бен және бірақ үшін деп бір екі үш оның ол өз өзі бар жоқ ма ме да де та те"""
_SMALL = frozenset(_SMALL_WORDS.split())
_ABSTRACT_WORDS = """\
    time day night year life death love idea way thing things work home end world war peace
    future past dream story lesson truth secret hour minute morning evening summer winter spring
    autumn name help loan job speech round row lines rain wind hundred thousand million
    kilometer mile place part side middle front top bottom
    время день ночь год жизнь смерть любовь идея путь дело конец мир война будущее прошлое мечта
    история урок правда тайна час минута утро вечер лето зима весна осень имя помощь выборы
    вершина взаймы раз сон"""
_ABSTRACT = frozenset(_ABSTRACT_WORDS.split())
_OPENERS_WORDS = """\
    a an the his her its their my our your two three four five six seven eight nine ten
    another every each some"""
_OPENERS = frozenset(_OPENERS_WORDS.split())
_MANY = frozenset(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])
_PAST_WORDS = "sank stole found lost met went came took made won fell left saw gave"
_PAST = frozenset(_PAST_WORDS.split())


@dataclass(frozen=True)
class Line:
    """A logline and what it names, by head word."""

    text: str
    named: dict[str, list[tuple[str, ...]]]
    """Kind of :data:`KINDS` -> the spellings of each."""


def read(file: Path) -> list[Line]:
    """The loglines of a list."""
    rows = [row.strip() for row in file.read_text("utf-8").splitlines()]
    return [_line(row) for row in rows if row and not row.startswith("#")]


def _line(row: str) -> Line:
    text, *notes = (part.strip() for part in row.split("\t"))
    if text in ("en", "ru", "kk") and notes:
        text, *notes = notes
    named: dict[str, list[tuple[str, ...]]] = {}
    for note in notes:
        kind, _, words = note.partition("=")
        if kind not in KINDS:
            raise SystemExit(f"{note!r} is none of {', '.join(KINDS)}: {row}")
        named[kind] = [tuple(word.strip().split("/")) for word in words.split(",") if word.strip()]
    return Line(text, named or {"things": [(word,) for word in _nouns(text)]})


@dataclass
class Count:
    """What a list of loglines came to."""

    lines: int = 0
    crashes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """``logline: word`` of everything named that no panel shows."""
    stock: list[str] = field(default_factory=list)
    named: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    frames_of_speech: list[str] = field(default_factory=list)
    """Captions whose words beside the logline's stand in three boards or more."""
    captions: int = 0
    alike: int = 0
    """Boards whose panels are those of another logline."""
    twice: int = 0
    """Panels that equal another one of their board."""
    milliseconds: list[float] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """The numbers of ``--json``."""
        people = self.named["people"] + self.named["things"]
        shown = self.shown["people"] + self.shown["things"]
        planned = self.lines - len(self.crashes)
        return {
            "loglines": self.lines,
            "crashes": len(self.crashes),
            "shown": round(shown / people, 4) if people else 1.0,
            "places_shown": round(self.shown["places"] / self.named["places"], 4)
            if self.named["places"]
            else 1.0,
            "stock_captions": round(len(self.stock) / self.captions, 4) if self.captions else 0.0,
            "template_captions": round(len(self.frames_of_speech) / self.captions, 4)
            if self.captions
            else 0.0,
            "distinct": round((planned - self.alike) / planned, 4) if planned else 0.0,
            "panels_twice": self.twice,
            "plan_ms": round(median(self.milliseconds), 2) if self.milliseconds else 0.0,
            "plan_ms_max": round(max(self.milliseconds), 2) if self.milliseconds else 0.0,
        }


def count(lines: list[Line], frames: int | None = None) -> Count:
    """Plan every logline offline and look at what came out."""
    result = Count(lines=len(lines))
    boards: list[tuple[Line, Story]] = []
    for line in lines:
        begun = time.perf_counter()
        try:
            story = plan(line.text, planner="offline", frames=frames)
        except Exception as failure:
            result.crashes.append(f"{line.text}: {failure!r}")
            continue
        result.milliseconds.append((time.perf_counter() - begun) * 1000)
        boards.append((line, story))
    told = Counter(caption for _, story in boards for caption in {s.caption for s in story.shots})
    faces = Counter(_digest([_panel(shot) for shot in story.shots]) for _, story in boards)
    frames_of_speech = Counter(
        frame
        for line, story in boards
        for frame in {_beside(shot.caption, content(line.text)) for shot in story.shots}
    )
    for line, story in boards:
        for kind, names in line.named.items():
            missing = [names_ for names_ in names if not shows(story, kind, names_)]
            result.named[kind] += len(names)
            result.shown[kind] += len(names) - len(missing)
            result.missing += [f"{line.text}: {'/'.join(names_)}" for names_ in missing]
        own = content(line.text)
        for shot in story.shots:
            result.captions += 1
            if told[shot.caption] > 1 or not _speaks_of(shot.caption, own):
                result.stock.append(f"{line.text}: {shot.caption}")
            frame = _beside(shot.caption, own)
            if frame and frames_of_speech[frame] > 2:
                result.frames_of_speech.append(f"{line.text}: {shot.caption}")
        panels = Counter(_digest(_panel(shot)) for shot in story.shots)
        result.twice += sum(times - 1 for times in panels.values())
        result.alike += faces[_digest([_panel(shot) for shot in story.shots])] > 1
    return result


def content(logline: str) -> list[str]:
    """The words of a logline that carry what it says."""
    return [w for w in _words(logline) if w not in _SMALL and (len(w) > 2 or not w.isascii())]


def _words(text: str) -> list[str]:
    return [word.lower().replace("ё", "е") for word in _WORD.findall(text)]


def _speaks_of(caption: str, own: list[str]) -> bool:
    words = [word for word in _words(caption) if word not in _SMALL]
    return any(alike(mine, word) for mine in own for word in words)


def _beside(caption: str, own: list[str]) -> tuple[str, ...]:
    """The words of a caption that the logline does not bring."""
    words = [word for word in _words(caption) if word not in _SMALL]
    return tuple(word for word in words if not any(alike(mine, word) for mine in own))


@cache
def alike(first: str, second: str) -> bool:
    """Whether two words are forms of one word, as far as their letters tell."""
    first, second = first.lower().replace("ё", "е"), second.lower().replace("ё", "е")
    if first == second:
        return True
    if first.isascii() and second.isascii():
        return bool(_english_stems(first) & _english_stems(second))
    if _lemma(first) == _lemma(second):
        return True
    shared = 0
    while shared < min(len(first), len(second)) and first[shared] == second[shared]:
        shared += 1
    shorter = min(len(first), len(second))
    return shared >= max(2 if shorter < 4 else 3, shorter - 2) and (
        shared >= 4 or shared >= shorter - 1
    )


def _english_stems(word: str) -> set[str]:
    stems = {word}
    for ending, stead in (
        ("ies", "y"), ("ves", "f"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"),
        ("ed", ""), ("ed", "e"),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stems.add(word[: -len(ending)] + stead)
    return stems


@cache
def _lemma(word: str) -> str:
    return _dictionary().parse(word)[0].normal_form.replace("ё", "е")


@cache
def _dictionary() -> Any:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")


def shows(story: Story, kind: str, names: tuple[str, ...]) -> bool:
    """Whether any shot shows what is called so."""
    cast = {member.character for shot in story.shots for member in shot.cast}
    people = [person for person in story.characters if person.id in cast]
    seen: list[str] = []
    for person in people:
        look = person.look
        seen += [person.name, person.id, person.description, look.garment.value, look.hat.value]
        seen += [look.kind.value, look.species.value if look.species else ""]
    for shot in story.shots:
        for prop in shot.props:
            seen += [prop.name, prop.label, prop.kind.value]
        seen += [member.outfit.words for member in shot.cast if member.outfit]
        if kind != "people":
            seen += [shot.place, str(shot.setting)]
            if shot.weather is not None and any(
                acting.find("weather", name) == shot.weather.value for name in names
            ):
                return True
    if kind != "people" and any(not name.isascii() for name in names):
        seen += [s.caption for s in story.shots if not s.cast and len(_words(s.caption)) < 4]
    words = {word for text in seen for word in _words(text.replace("_", " "))}
    return any(alike(name, word) for name in names for word in words)


_UNSEEN = {"number", "id", "caption", "dialogue", "action", "beat", "duration", "prompt",
           "negative", "face_visible"}  # fmt: skip


def _panel(shot: Shot) -> Any:
    """What the staging draws a panel from, without its letters."""
    return shot.model_dump(mode="json", exclude=_UNSEEN)


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _nouns(text: str) -> list[str]:
    """Head words of what a logline names, by rule; see the module's text."""
    words = list(_WORD.finditer(text))
    cyrillic = len(re.findall("[Ѐ-ӿ]", text)) * 2 > len(re.findall(r"[^\W\d_]", text))
    if text.isupper():
        return []
    names = [
        word.group()
        for index, word in enumerate(words)
        if index and word.group()[0].isupper() and text[: word.start()].rstrip()[-1] not in ".!?«“"
    ]
    if cyrillic and re.search("[әғқңөұүһі]", text.lower()):
        return names
    if cyrillic:
        return [*names, *_russian_nouns([word.group() for word in words])]
    heads: list[str] = []
    for index, word in enumerate(words):
        if word.group().lower() not in _OPENERS:
            continue
        phrase: list[str] = []
        for before, after in zip(words[index:], words[index + 1 : index + 6], strict=False):
            low = after.group().lower()
            ends = text[before.end() : after.start()].strip() or low in _SMALL | _OPENERS
            if ends or (phrase and re.fullmatch(r"[a-z]+(?:[^s]s|ed)", low)) or low in _PAST:
                break
            if low.endswith("ly"):
                continue
            phrase.append(low)
            if word.group().lower() in _MANY and low.endswith("s"):
                break
        if phrase and phrase[-1] not in _ABSTRACT and not phrase[-1].endswith(("ness", "tion")):
            heads.append(phrase[-1])
    return list(dict.fromkeys([*heads, *names]))


def _russian_nouns(words: list[str]) -> list[str]:
    nouns: list[str] = []
    for word in words:
        best = _dictionary().parse(word.lower())[0]
        abstract = re.search(r"(?:ость|ние|ство|ция)$", best.normal_form)
        skipped = best.normal_form in _ABSTRACT or abstract or {"Geox"} & best.tag.grammemes
        if best.tag.POS == "NOUN" and not skipped and word[0].islower():
            nouns.append(best.normal_form)
    return list(dict.fromkeys(nouns))
