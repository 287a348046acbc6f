"""What a director would ask about a story before anything is drawn: ``aldar plan --check``.

Every check reads the story alone, planned or edited, and says what it saw as a :class:`Finding`:
a code, the shots, a sentence in English and in Russian. None of them is an error: a jump cut may
be meant. The rules are those of continuity editing: the 180 degree rule and the 30 degree rule
(Thompson & Bowen, "Grammar of the Edit"), reading speed as subtitles have it (Netflix Timed Text
Style Guide: 17 letters a second; 20 are its most), speech at 150 words a minute, 180 at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import combinations, groupby

from pydantic import BaseModel, ConfigDict

from .. import sets
from ..story import (
    Angle,
    Character,
    Garment,
    Hat,
    Kind,
    Move,
    Position,
    PropKind,
    Shot,
    Size,
    Story,
)
from .offline import lexicon, nouns
from .offline.language import Token, romanise, tokens
from .offline.places import place_of
from .offline.reading import WEATHER, Reading, read

SAME_RUNNING = 3
"""Shots of one size and angle running that are too many."""
FACE_UNSEEN = 4
"""Shots running without the hero's face that are too many."""
LETTERS_A_SECOND = 20.0
WORDS_A_SECOND = 3.0
LEEWAY = 0.1
"""Seconds that nobody misses."""

CODES = {
    "same_framing": "the same size and angle three times running",
    "jump_cut": "two shots running show the same people in nearly the same frame",
    "axis_crossed": "two people change sides between two shots of one place",
    "hero_unseen": "the hero's face is not seen for long",
    "not_shown": "a thing is named and never shown",
    "nobody_called_so": "an action names somebody who is not among the characters",
    "not_in_shot": "an action names a character who is not in the shot",
    "speaker_absent": "somebody speaks who is not in the shot",
    "too_short": "a shot is too short for its words",
}
"""Code -> meaning, in the order in which they are told."""

_OWN = {"a", "an", "the", "his", "her", "its", "their", "our", "my", "your"}
_BEFORE = _OWN | {
    "this", "that", "these", "those", "one", "two", "three", "some", "no", "with", "of", "into",
    "from", "under", "behind", "old", "magic",
}  # fmt: skip
"""What stands right before a thing in English; the first of them also before its adjective."""
_ROBES = (Garment.CHAPAN, Garment.ROBE, Garment.COAT, Garment.CLOAK)
_NO_THINGS = frozenset({*WEATHER, "song", "portrait", "picture", "camera", "frame"})
"""What nobody sees, or what the picture itself is."""
_SIZES = list(Size)
_ACROSS = list(Position)
_POCKET = re.compile(r"\b(?:in|into) \w+ pockets?\b|\bкарман\w*|\bқалтас\w*", re.IGNORECASE)
"""Where nobody sees a thing."""
_KAZAKH_CASES = ("ды", "ді", "ты", "ті", "ны", "ні", "да", "де", "та", "те", "ға", "ге", "мен")
_WORD = re.compile(r"[^\W\d_]+")


class Finding(BaseModel):
    """One thing a director would ask about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    """A key of :data:`CODES`."""
    shots: tuple[int, ...]
    """Numbers of the shots it is about; empty for the whole story."""
    en: str
    ru: str


def check(story: Story) -> list[Finding]:
    """Everything a director would ask about, by code, then by shot.

    A matrix of variations is no story: only its words are checked.
    """
    checks = _OF_A_SHOT if story.axes else (*_OF_A_STORY, *_OF_A_SHOT)
    findings = [finding for look in checks for finding in look(story)]
    order = list(CODES)
    return sorted(findings, key=lambda f: (order.index(f.code), f.shots))


def _same_framing(story: Story) -> Iterator[Finding]:
    for (size, angle), run in groupby(story.shots, key=lambda s: (s.size, s.angle)):
        shots = tuple(shot.number for shot in run)
        if len(shots) >= SAME_RUNNING:
            yield Finding(
                code="same_framing",
                shots=shots,
                en=f"{len(shots)} shots running are {size.value}, {_plain(angle.value)}.",
                ru=f"{len(shots)} кадра подряд одной крупности и ракурса: {size.value}, "
                f"{_ANGLES[angle]}.",
            )


def _jump_cut(story: Story) -> Iterator[Finding]:
    for before, shot in zip(story.shots, story.shots[1:]):
        alike = before.angle is shot.angle and abs(_step(before) - _step(shot)) <= 1
        if alike and _one_place(before, shot) and _cast(before) == _cast(shot) != set():
            if _stances(before) != _stances(shot):  # seen from another side, or moved
                continue
            yield Finding(
                code="jump_cut",
                shots=(before.number, shot.number),
                en=f"The same people in the same place, {before.size.value} then "
                f"{shot.size.value} from the same angle: the cut will jump.",
                ru=f"Те же люди на том же месте, {before.size.value}, затем {shot.size.value} "
                "с того же ракурса: склейка дёрнется.",
            )


def _axis_crossed(story: Story) -> Iterator[Finding]:
    for before, shot in zip(story.shots, story.shots[1:]):
        if not _one_place(before, shot) or Angle.TOP in (before.angle, shot.angle):
            continue
        if shot.move in (Move.TRACK_LEFT, Move.TRACK_RIGHT):  # the camera goes round in sight
            continue
        sides, earlier = _sides(shot), _sides(before)
        for a, b in combinations(sorted(sides.keys() & earlier.keys()), 2):
            was, now = earlier[a] - earlier[b], sides[a] - sides[b]
            if was * now < 0:
                names = _name(story, a), _name(story, b)
                yield Finding(
                    code="axis_crossed",
                    shots=(before.number, shot.number),
                    en=f"{names[0]} and {names[1]} change sides: the camera crosses the axis.",
                    ru=f"{names[0]} и {names[1]} меняются сторонами: камера переходит ось.",
                )


def _hero_unseen(story: Story) -> Iterator[Finding]:
    hero = story.hero
    if hero is None:
        return
    for seen, run in groupby(story.shots, key=lambda shot: story.shows_face(shot, hero.id)):
        shots = tuple(shot.number for shot in run)
        if not seen and len(shots) >= FACE_UNSEEN:
            yield Finding(
                code="hero_unseen",
                shots=shots,
                en=f"The face of {hero.name} is not seen in {len(shots)} shots running.",
                ru=f"Лица героя ({hero.name}) не видно {len(shots)} кадра подряд.",
            )


def _not_shown(story: Story) -> Iterator[Finding]:
    shown = _Shown(story)
    named: dict[str, tuple[str, set[int]]] = {}
    met: set[str] = set()
    for number, text, language in _texts(story):
        words = tokens(text)
        mentions, _ = lexicon.scan(words, language, ("things",), set())
        for mention in mentions:
            behind = [w.low for w in words[mention.index + 1 : mention.index + 2]]
            if language == "en" and (_is_noun(behind) or not _as_noun(words, mention)):
                continue
            if mention.id in _NO_THINGS or shown.thing(mention, words[mention.index].low):
                continue
            word = words[mention.index]
            if language == "kk" and _is_attribute(words, mention.index):
                continue
            pocketed = _POCKET.search(text[max(0, word.start - 30) : word.end + 30])
            if pocketed or shown.meant(text, language, word.start):
                met.add(word.low)
            if word.low in met:
                continue
            label = named.setdefault(mention.id, (words[mention.index].low, set()))
            label[1].update({number} if number else ())
    for label, numbers in named.values():
        yield Finding(
            code="not_shown",
            shots=tuple(sorted(numbers)),
            en=f"“{label}” is named, and no shot shows it.",
            ru=f"«{label}»: названо, но ни в одном кадре не показано.",
        )


def _people(story: Story) -> Iterator[Finding]:
    """Who an action names must be somebody, and in the shot."""
    called = {person.id: _called(person) for person in story.characters}
    sheets = _folded(" ".join(map(_sheet, story.characters)))
    for shot in story.shots:
        text = shot.action.lower()
        things = {word for prop in shot.props for word in (prop.kind.value, prop.name.casefold())}
        absent = []
        everybody = [(name, who) for who, names in called.items() for name in names]
        for name, who in sorted(everybody, key=lambda pair: -len(pair[0])):
            text, times = re.subn(rf"\b{re.escape(name)}\b", ",", text)
            if times:
                absent.append(who)
        off = {line.character for line in shot.dialogue if line.off_screen}
        for who in dict.fromkeys(absent):
            if who not in _cast(shot) | off and not called[who] & things:
                yield Finding(
                    code="not_in_shot",
                    shots=(shot.number,),
                    en=f"The action names {_name(story, who)}, who is not in the shot.",
                    ru=f"В действии назван персонаж ({_name(story, who)}), которого нет в кадре.",
                )
        for words in _unknown(text, sheets, {*called, *things}):
            yield Finding(
                code="nobody_called_so",
                shots=(shot.number,),
                en=f"The action names “{words}”, who is not among the characters.",
                ru=f"В действии есть «{words}», а среди персонажей такого нет.",
            )


def _unknown(text: str, sheets: set[str], shown: set[str]) -> Iterator[str]:
    """Trades, kin and animals of an English text that are nobody of the story.

    :param text: in small letters, a comma in place of everybody who is known.
    """
    words = tokens(text)
    mentions, _ = lexicon.scan(words, "en", ("roles",), set())
    for mention in mentions:
        end = mention.index + len(mention.pattern.words)
        phrase = [word.low for word in words[mention.index : end]]
        rest = text[words[end - 1].end :].lstrip()
        owner = rest.startswith(("'s", "’s", ","))  # hers is something; or a title: nurse Zoë
        after = [word.low for word in words[end : end + 1]]
        made_of = _is_noun(after)  # a ghost town
        before = text[: words[mention.index].start].rsplit(",", 1)
        called = len(before) > 1 and re.fullmatch(r"\s*(?:an?|the)\s(?:[\w-]+\s){0,2}", before[1])
        crowd = mention.id == "people" or phrase[-1].endswith("s")
        met = set(phrase) & (sheets | shown) or mention.id in shown
        if not (owner or crowd or met or made_of or called):
            yield " ".join(phrase)


def _speaker_absent(story: Story) -> Iterator[Finding]:
    for shot in story.shots:
        silent = {line.character for line in shot.dialogue if not line.off_screen} - _cast(shot)
        for who in sorted(silent):
            yield Finding(
                code="speaker_absent",
                shots=(shot.number,),
                en=f"{_name(story, who)} speaks and is not in the shot; mark it if off screen.",
                ru=f"{_name(story, who)} говорит, а в кадре его нет; за кадром — отметьте.",
            )


def _too_short(story: Story) -> Iterator[Finding]:
    for shot in story.shots:
        needed = seconds_needed(shot)
        if shot.duration + LEEWAY < needed:
            yield Finding(
                code="too_short",
                shots=(shot.number,),
                en=f"{shot.duration:g} s are too short for its words: {needed:.1f} s.",
                ru=f"{shot.duration:g} с мало для слов кадра: нужно {needed:.1f} с.",
            )


_OF_A_STORY: tuple[Callable[[Story], Iterator[Finding]], ...] = (
    _same_framing, _jump_cut, _axis_crossed, _hero_unseen, _not_shown, _people,
)  # fmt: skip
_OF_A_SHOT: tuple[Callable[[Story], Iterator[Finding]], ...] = (_speaker_absent, _too_short)


def seconds_needed(shot: Shot) -> float:
    """How long the words of a shot take at the least: lines are heard while a caption is read."""
    spoken = sum(len(_WORD.findall(line.text)) for line in shot.dialogue) / WORDS_A_SECOND
    return max(spoken, len(shot.caption) / LETTERS_A_SECOND)


class _Shown:
    """What can be seen in a story: props, animals that act, sets, clothes, in words and kinds."""

    def __init__(self, story: Story) -> None:
        props = [prop for shot in story.shots for prop in shot.props]
        seen = {member.character for shot in story.shots for member in shot.cast}
        people = [person for person in story.characters if person.id in seen]
        species = [person.look.species for person in people if person.look.kind is Kind.ANIMAL]
        self._kinds = {prop.kind for prop in props if prop.kind is not PropKind.THING} | {
            kind for kind in species if kind is not None
        }
        words = [f"{prop.kind.value} {prop.name} {prop.label}" for prop in props]
        words += [f"{_sheet(person)} {person.look.garment.value}" for person in people]
        if any(person.look.garment in _ROBES for person in people):
            self._kinds.add(PropKind.ROBE)
        if any(person.look.hat is not Hat.NONE for person in people):
            self._kinds.add(PropKind.HAT)
        for shot in story.shots:
            words += [shot.place, shot.setting, sets.named(shot.setting).prompt]
            words += [member.outfit.words for member in shot.cast if member.outfit]
        self._words = _folded(" ".join(words))

    def thing(self, mention: lexicon.Mention, word: str) -> bool:
        """Whether something that was named is seen."""
        entry = lexicon.entries("things")[mention.id]
        if entry.prop is not None and entry.prop in self._kinds:
            return True
        names = {mention.id.replace("_", " "), entry.en, entry.nominative, entry.kk, word}
        return any(set(_WORD.findall(name.casefold())) <= self._words for name in names)

    def meant(self, text: str, language: str, start: int) -> bool:
        """Whether what a word means in its sentence is seen: a violin is no song there."""
        reading = _read(text, language)
        for item in (*reading.things, *reading.animals):
            if item.start == start:
                prop = item.prop
                names = {prop.name, item.english.word} - {""}
                drawn = prop.kind is not PropKind.THING and prop.kind in self._kinds
                return drawn or any(_folded(name) <= self._words for name in names)
        for item in reading.places:
            if item.start == start:
                return (
                    _folded(place_of(item.id, item.english.word, reading.steppe)[1]) <= self._words
                )
        actors = [actor for actor in (reading.hero, *reading.others) if actor.start == start]
        return any(_folded(actor.english.word) & self._words for actor in actors)


@lru_cache(maxsize=256)
def _read(text: str, language: str) -> Reading:
    return read(text, language)


def _is_noun(words: list[str]) -> bool:
    """Whether an English word that follows another makes that one its attribute: ghost town."""
    sort = nouns.sort(words[0]) if words else None
    return sort is not None and not sort.verb and not nouns.is_adjective(words[0])


def _is_attribute(words: list[Token], index: int) -> bool:
    """Whether a Kazakh noun says of what or how much the next one is: «бір қап алтын»."""
    if index + 1 >= len(words):
        return False
    low = [word.low for word in words]
    bare = words[index].low.endswith(_KAZAKH_CASES)
    return not bare and bool(lexicon.look_up(low, index + 1, "kk", ("things", "roles")))


def _as_noun(words: list[Token], mention: lexicon.Mention) -> bool:
    """Whether an English word is a thing here and not what somebody does: he watches."""
    before = [word.low for word in words[max(0, mention.index - 2) : mention.index]]
    if before[-1:] and before[-1] in _BEFORE:
        return True
    named = len(before) == 2 and lexicon.look_up(before, 1, "en", ("roles", "things"))
    sort = nouns.sort(before[-1]) if before else None
    named = named or (sort is not None and sort.kind == "person")  # her granddaughter watches
    return len(before) == 2 and before[0] in _OWN and not named


def _texts(story: Story) -> Iterable[tuple[int, str, str]]:
    """(number of the shot or 0, text, its language) of all that names things."""
    yield 0, story.logline, story.language
    for shot in story.shots:
        yield shot.number, shot.action, "en"
        yield shot.number, shot.caption, story.language


def _called(person: Character) -> set[str]:
    """How an action may call somebody, in small letters."""
    names = {person.id.replace("_", " "), person.name, romanise(person.name)}
    folded = {" ".join(word.low for word in tokens(name)) for name in names}
    return {name for name in folded if len(name) > 1}


def _sheet(person: Character) -> str:
    return f"{person.id.replace('_', ' ')} {person.name} {person.description}"


def _folded(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold().replace("_", " ")))


def _name(story: Story, character: str) -> str:
    return story.character(character).name


def _step(shot: Shot) -> int:
    return _SIZES.index(shot.size)


def _cast(shot: Shot) -> set[str]:
    return {member.character for member in shot.cast}


def _stances(shot: Shot) -> dict[str, tuple[str, str]]:
    return {m.character: (m.facing.value, m.position.value) for m in shot.cast}


def _sides(shot: Shot) -> dict[str, int]:
    """Character -> how far to the right."""
    return {member.character: _ACROSS.index(member.position) for member in shot.cast}


def _one_place(a: Shot, b: Shot) -> bool:
    return (a.place, a.setting, a.time) == (b.place, b.setting, b.time)


def _plain(value: str) -> str:
    return value.replace("_", " ")


_ANGLES = {
    Angle.EYE: "на уровне глаз",
    Angle.LOW: "снизу",
    Angle.HIGH: "сверху",
    Angle.DUTCH: "с наклоном",
    Angle.OVER_SHOULDER: "через плечо",
    Angle.TOP: "строго сверху",
}
