"""Who is in a script: cues, names and roles in the action, and whom a pronoun means.

A name is matched by whole words: AL is not in "all", THE STRANGER is not in every "the", and of
GUARD ONE and GUARD TWO a sentence means the one it names. What an introduction says ("NORA (34),
a courier in a red jacket") makes the character sheet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...story import Character
from ..offline import acting, lexicon, names, russian, syntax
from ..offline.language import Token, tokens
from ..offline.lexicon import Mention, Pattern
from . import costume
from .screenplay import Moment, is_voice
from .vocabulary import words_of

MAX_PERSONS = 20
"""Characters of a story."""

_AGE = re.compile(
    r"^[\s,]*\(?\s*(?:aged?\s|лет\s|около\s|early\s|mid[- ]?|late\s|her\s|his\s){0,3}"
    r"(\d{1,3})(?:['’]?s\b|-?х\b)?(?:[- ]?(?:years?|yrs?|лет|года?|жас\w*)\b[- ]?(?:old\b)?)?\s*"
    r"(?=[),.;:–—/]|$|\s(?:a|an|in|with|в|с)\b)",
    re.IGNORECASE,
)
_AGE_BEFORE = re.compile(
    r"(\d{1,3})[- ](?:year|yr)s?[- ]old\s(?:\w+\s){0,2}$|(\d{1,3})-летн\w+\s(?:\w+\s)?$", re.I
)
_APPOSED = re.compile(
    r"^(?:[^.!?]{0,24}\d[^.!?,)]{0,12}\)?)?\s?(?:[,(–—-]|\bis\b|\bwas\b)?\s?"
    r"(?:is\s|was\s)?(?:(?:a|an|the|his|her|our)\s)?(?:[^\W\d]+[\s-]){0,3}$"
)
"""Between a name and the role that describes it: " (34), a tired "."""
_SHOUTED = re.compile(
    r"(?<![\w\"“«'’.-])([^\W\d_a-zа-яё]{2,}(?: [^\W\d_a-zа-яё]{2,})?)(?=(?:,? [^\W\d_A-ZА-Я]| \())"
    r"(?=[ ,(]*([^.!?\n]{0,60}))"
)
"""A name in capitals, and what comes next: "KAREN runs to the door"."""
_OF_THINGS = {"turns", "comes", "goes"}
"""Deeds that seasons do too."""
_FEMALE = re.compile(r"\b(?:female|woman|lady|girl)\s$|\bженщина[- ]$", re.I)
_MALE = re.compile(r"\b(?:male|man|boy)\s$", re.I)
_FEMALE_BEHIND = re.compile(r"^[\s,]*\([^)]*\b(?:female|woman|girl|f|жен)\b", re.I)
_MALE_BEHIND = re.compile(r"^[\s,]*\([^)]*\b(?:male|man|boy|m|муж)\b", re.I)


@dataclass(eq=False)
class Person:
    """Somebody of the script."""

    key: str
    """The name as its cue has it in small letters, or the role."""
    shown: str
    role: str = ""
    sex: str = ""
    age: int | None = None
    worn: str = ""
    """What the introduction says of the clothes."""
    called: set[str] = field(default_factory=set)
    """Words of the lexicon that name the role: COP is no "guard", although both are police."""
    seen: int = 0
    """Moments in which the person is there or speaks."""


@dataclass(frozen=True)
class Sighting:
    """Somebody in a text."""

    person: Person
    start: int
    end: int
    """Where the word begins and ends, letters."""


@dataclass
class _Name:
    person: Person
    words: tuple[str, ...]


@dataclass
class Persons:
    """Everybody of some moments. :attr:`present` has who is seen in each, by mention."""

    moments: list[Moment]
    language: str
    everybody: dict[str, Person] = field(default_factory=dict)
    present: list[list[Person]] = field(default_factory=list)
    sightings: list[list[Sighting]] = field(default_factory=list)
    """Of each moment, in the order of the text."""

    def __post_init__(self) -> None:
        self._text = "\n".join(moment.action for moment in self.moments)
        self._spelled = Counter(re.findall(r"[^\W\d_]+", self._text))
        for name in self._cues():
            self._add(name, _headed(name) if self.language == "en" else _titled(name))
        for name in self._introduced():
            self._add(name.casefold(), _titled(name))
        self._index = self._names()
        recent: list[Person] = []
        for moment in self.moments:
            sightings = list(self._read(moment.action, recent))
            here = [sighting.person for sighting in sightings]
            here += [self.everybody[name] for name, _, unseen in moment.lines if not unseen]
            self.sightings.append(sightings)
            self.present.append(list(dict.fromkeys(here)))
            for person in here:
                _recall(recent, person)
            heard = [self.everybody[name] for name, _, _ in moment.lines]
            for person in dict.fromkeys(here + heard):
                person.seen += 1

    def _cues(self) -> list[str]:
        return list(dict.fromkeys(name for moment in self.moments for name, _, _ in moment.lines))

    def _add(self, key: str, shown: str) -> Person:
        if key not in self.everybody:
            words = tokens(key)
            honoured = any(word.low in words_of("honour") for word in words)
            mention = None if honoured else _role_in(words, self.language)
            role = mention.id if mention else ""
            person = Person(key, shown, role)
            if not role and any(word.low == "dr" for word in words):
                person.role, person.called = "doctor", {"doctor"}
            if mention:
                person.called.add(mention.pattern.words[-1])
            person.sex = _sex_of(key, role, words, self.language)
            self.everybody[key] = person
        return self.everybody[key]

    def _introduced(self) -> Iterator[str]:
        """Names that the action gives: with an age, or before a verb."""
        cues = {word for name in self.everybody for word in name.split()}
        capital = r"[^\W\d_a-zа-яё][\w’'-]*"
        for match in re.finditer(r"\b([A-ZА-Я]{2,}(?: [A-ZА-Я]{2,})?) #\d{1,2}\b", self._text):
            yield match[0]
        title = r"(?:(?:MR|MRS|MS|DR|Mr|Mrs|Ms|Dr)\.? )?"
        pattern = rf"\b({title}{capital}(?: {capital}){{0,2}})\s?[,(]\s?(?:\w+\s)?\d{{1,3}}(?!\w*:)"
        filler = words_of("filler") - words_of("honour")
        for match in re.finditer(pattern, self._text):
            words = match[1].split()
            while words and words[0].casefold() in filler:
                words.pop(0)
            if words and not cues & {word.casefold() for word in words}:
                yield " ".join(words)
        for match in _SHOUTED.finditer(self._text):
            if self._given(match[1], match[2]) and not cues & {*match[1].casefold().split()}:
                yield match[1]
        for moment in self.moments:
            for sentence in re.split(r"(?<=[.!?…])\s", moment.action):
                yield from self._acting(sentence, cues)

    def _given(self, name: str, after: str) -> bool:
        """Whether capitals in the action introduce somebody: a given name, who does something."""
        first, *others = name.casefold().split()
        if first not in words_of("women") | words_of("men") or self._spelled[first]:
            return False
        if any(lexicon.look_up([word], 0, self.language, lexicon.CATEGORIES) for word in others):
            return False
        if words_of("built") & {*others}:
            return False
        if first not in words_of("nouns"):
            return True
        verb = after.partition(" ")[0]
        return verb in words_of("deeds") - _OF_THINGS or bool(acting.find("pose", verb))

    def _acting(self, sentence: str, cues: set[str]) -> Iterator[str]:
        """Names of those who do something in a sentence, as far as they have no cue."""
        words = tokens(sentence)
        taken = {
            index
            for index, word in enumerate(words)
            if word.low in cues
            or (len(word.text) > 1 and word.text.isupper() and not self._spelled[_titled(word.low)])
        }
        for index, name, count in names.find(sentence, words, self.language, taken):
            if self._acts(name, words, index, count):
                yield name

    def _acts(self, name: str, words: list[Token], index: int, count: int) -> bool:
        """Whether a capital is a person's: never in small letters, and before a verb.

        At the beginning of a sentence ("Traffic roars.") it must also come again, be a given
        name, or do what only people do.
        """
        low = name.casefold()
        common = any(low in words_of(kind) for kind in ("nobody", "filler", "before"))
        if self._spelled[low] or common or re.search(r"\d", name):
            return False
        before = words[index - 1].low if index else ""
        if before in ("a", "an", "the"):
            return False
        first = name.split()[0]
        if words[index].first:
            after = " ".join(word.text for word in words[index + count :])
            return (
                self._spelled[first] > 1
                or first.casefold() in words_of("women") | words_of("men")
                or bool(acting.find("pose", after) or acting.find("emotion", after))
                or bool(words_of("deeds") & set(after.lower().split()[:2]))
                or self.language != "en"
            )
        after = words[index + count].low if index + count < len(words) else ""
        verb = names.RUSSIAN_VERB if self.language == "ru" else names.ENGLISH_VERB
        return self.language == "kk" or bool(verb.fullmatch(after)) or before in ("and", "и")

    def _names(self) -> dict[str, list[_Name]]:
        """Names by the first two letters of their first word, the longest first."""
        index: dict[str, list[_Name]] = {}
        filler = words_of("filler")
        share = Counter(word.low for key in self.everybody for word in {*tokens(key)})
        for person in self.everybody.values():
            if is_voice(person.key):
                continue
            words = tuple(word.low for word in tokens(person.key))
            full = words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words
            ways = {full} if full else set()
            ways |= {
                (word,)
                for word in words
                if len(words) > 1 and share[word] == 1 and word not in filler and len(word) > 2
            }
            for way in ways:
                index.setdefault(way[0][:2], []).append(_Name(person, way))
        for ways in index.values():
            ways.sort(key=lambda name: -len(name.words))
        return index

    def _read(self, text: str, recent: list[Person]) -> Iterator[Sighting]:
        """Everybody a text shows, pronouns too; ``recent`` has the last ones first."""
        words = tokens(text)
        roles, _ = lexicon.scan(words, self.language, ("roles",), set())
        dropped = syntax.Syntax(text, words, self.language, set(), roles).dropped
        by_index = {role.index: role for role in roles if role.index not in dropped}
        last: Sighting | None = None
        index = 0
        while index < len(words):
            word = words[index]
            name = self._named(text, words, index)
            count = len(name.words) if name else 1
            end = words[index + count - 1].end
            people: list[Person] = []
            if name:
                people = [name.person]
            elif index in by_index:
                role = by_index[index]
                count = len(role.pattern.words)
                end = words[index + count - 1].end
                gap = text[last.end : word.start] if last else "."
                if whom := self._introduces(text, words, index + count):
                    self._describe(whom, role, text, word)
                elif last and gap.strip() and _APPOSED.match(_unpointed(gap, last)):
                    self._describe(last.person, role, text, word)
                elif not _owned(text, words, index + count - 1):
                    people = self._playing(role, words, recent)
            else:
                people = self._meant(words, index, text, recent)
            if name:
                count += _surnames(text, words, index + count)
                end = words[index + count - 1].end
            if name and _owned(text, words, index + count - 1):
                people = []
            for person in people:
                self._learn(person, text, word.start, end)
                last = Sighting(person, word.start, end)
                yield last
            for person in people:
                _recall(recent, person)
            index += count

    def _named(self, text: str, words: list[Token], index: int) -> _Name | None:
        word = words[index]
        for name in self._index.get(word.low[:2], ()):
            end = index + len(name.words)
            if end > len(words):
                continue
            fits = all(
                _same(way, token.low, self.language)
                for way, token in zip(name.words, words[index:end], strict=True)
            )
            if fits and self._meant_as_name(name, words, index):
                digits = re.findall(r"\d+", name.person.key)
                if not digits or re.match(rf"\W*{digits[0]}\b", text[words[end - 1].end :]):
                    return name
        return None

    def _introduces(self, text: str, words: list[Token], index: int) -> Person | None:
        """Whom a role before a name describes: "a courier, MAYA CHEN", "the cook Bo"."""
        if not 0 < index < len(words):
            return None
        gap = text[words[index - 1].end : words[index].start]
        word = words[index]
        aged = bool(_AGE.match(text[word.end : word.end + 40]))
        told = gap == " " or (gap == ", " and (aged or word.text.isupper()))
        name = self._named(text, words, index) if told and words[index].capital else None
        return name.person if name else None

    def _meant_as_name(self, name: _Name, words: list[Token], index: int) -> bool:
        """Whether the letters are of the right size: "will" is not Will, "the boy" is BOY."""
        word = words[index]
        if len(name.words) > 1 or word.capital:
            return True
        if self.language == "en":
            return index > 0 and words[index - 1].low in words_of("before")
        return len(word.low) > 3 and not self._spelled[_titled(word.low)]

    def _playing(self, role: Mention, words: list[Token], recent: list[Person]) -> list[Person]:
        """Whom a role means: all that play it if it is plural, else the only or the last one."""
        entry = lexicon.entries("roles")[role.id]
        token = words[role.index + len(role.pattern.words) - 1].low
        many = self.language == "en" and token.endswith("s") and token != role.pattern.words[-1]
        if role.id == "people" or entry.crowd:
            return []
        playing = [
            person
            for person in self.everybody.values()
            if person.role == role.id and (role.pattern.words[-1] in person.called or entry.steppe)
        ]
        if many and playing:
            return playing
        if len(playing) > 1:
            return next(([person] for person in recent if person in playing), [])
        if playing:
            return playing
        noun = lexicon.noun("roles", role.id, self.language, role.pattern)
        shown = _titled(f"{noun:bare}" if self.language == "en" else f"{noun}")
        kind = role.pattern.kind
        sex = kind if kind in ("m", "f") else entry.sex if entry.fixed else ""
        sex = sex or (entry.sex if self.language != "en" else _sex_of_word(token))
        before = words[role.index - 1].low if role.index else ""
        count = 3 if many and before == "three" else 2 if many else 1
        for number in range(1, count + 1):
            name = f"{shown} {number}" if many else shown
            person = Person(name.casefold(), name, role.id, sex)
            person.called.add(role.pattern.words[-1])
            self.everybody[f"{role.id} {role.pattern.words} {number}"] = person
            playing.append(person)
        return playing

    def _meant(
        self, words: list[Token], index: int, text: str, recent: list[Person]
    ) -> list[Person]:
        """Whom a pronoun means."""
        low = words[index].low
        if low == "her" and re.match(r"\s\w", text[words[index].end :]):
            return []  # "her hand" says nothing about who is seen
        if low in words_of("they"):
            return recent[:2]
        if low in words_of("anybody"):
            return recent[:1]
        sex = "f" if low in words_of("she") else "m" if low in words_of("he") else ""
        if not sex:
            return []
        for person in recent:
            if person.sex in ("", "n", sex):
                person.sex = sex
                return [person]
        return []

    def _describe(self, person: Person, role: Mention, text: str, word: Token) -> None:
        """A role that stands behind a name describes it."""
        entry = lexicon.entries("roles")[role.id]
        kind = role.pattern.kind
        sex = kind if kind in ("m", "f") else entry.sex if entry.fixed else ""
        person.sex = sex if sex in ("m", "f") else person.sex
        if not person.role and role.id != "people" and entry.hero is None:
            person.role = role.id
            person.called.add(role.pattern.words[-1])
        self._learn(person, text, word.start, word.end)

    def _learn(self, person: Person, text: str, start: int, end: int) -> None:
        """Age, sex and clothes from the words around a mention."""
        before, after = text[max(0, start - 40) : start], text[end : end + 160]
        age = _AGE.match(after) or _AGE_BEFORE.search(before)
        if age and person.age is None:
            person.age = min(120, int(age[1] or age[2]))
        if _FEMALE.search(before) or _FEMALE_BEHIND.search(after):
            person.sex = "f"
        elif _MALE.search(before) or _MALE_BEHIND.search(after):
            person.sex = "m"
        if age and not person.worn:
            person.worn = re.split(r"[.!?]\s", after[age.end() :] if age[1] else after)[0]

    def characters(self) -> dict[Person, Character]:
        """As the story has them, the hero first: the known one, else who is there most."""
        order = [person for person in self.everybody.values() if person.seen]
        roles = lexicon.entries("roles")
        order.sort(key=lambda person: (lexicon.hero(person.role) is None, -person.seen))
        steppe = self.language == "kk" or any(
            person.role in roles and roles[person.role].steppe for person in order
        )
        made: dict[Person, Character] = {}
        for person in order[:MAX_PERSONS]:
            made[person] = costume.character(person, steppe, list(made.values()), self.language)
        return made


def _unpointed(gap: str, last: Sighting) -> str:
    """What stands behind a name, without the full stop that is a part of it."""
    return gap.removeprefix(".") if last.person.shown.endswith(".") else gap


def _surnames(text: str, words: list[Token], index: int) -> int:
    """How many capitals follow a name and belong to it: VICTOR STONE, where the cue is VICTOR."""
    count = 0
    while index + count < len(words) and count < 2:
        word, before = words[index + count], words[index + count - 1]
        if not word.capital or word.first or text[before.end : word.start] != " ":
            break
        count += 1
    return count


def _recall(recent: list[Person], person: Person) -> None:
    if person in recent:
        recent.remove(person)
    recent.insert(0, person)
    del recent[8:]


def _titled(name: str) -> str:
    return " ".join(word[:1].upper() + word[1:].lower() for word in name.split())


def _headed(name: str) -> str:
    """An English cue as a name: O'Neil and Mary-Ann, but Tony's Mother."""
    return re.sub(r"(?<=\w['’])S\b", "s", name.title())


def _same(word: str, token: str, language: str) -> bool:
    """Whether a token is a word of a name, with any ending where the language has endings."""
    if token == word:
        return True
    if language == "en":
        return False
    if language == "ru" and len(word) > 1:
        forms = {*russian.decline_name(word.title(), "m"), *russian.decline_name(word.title(), "f")}
        if token in {form.lower() for form in forms}:
            return True
    return len(word) > 3 and Pattern("", "", (word,), "").fits((token,), language)


def _role_in(words: list[Token], language: str) -> Mention | None:
    """The role that a name says: THE BAI, GUARD ONE."""
    mentions, _ = lexicon.scan(words, language, ("roles",), set())
    return mentions[0] if mentions and mentions[0].id != "people" else None


def _sex_of_word(low: str) -> str:
    """What the ending of a trade says in English: waitress, policewoman, fisherman."""
    if re.search(r"(?:tr|[dt]|r|n|l)ess$|woman$|girl$|^widow$|^bride$", low):
        return "f"
    return (
        "m"
        if re.search(r"[^w]man$|^waiter$|^actor$", low) and low not in ("human", "german")
        else ""
    )


def _sex_of(name: str, role: str, words: list[Token], language: str) -> str:
    """``m``, ``f`` or empty, by title, role and given name."""
    low = {word.low for word in words}
    if low & words_of("madam"):
        return "f"
    if low & words_of("mister"):
        return "m"
    if told := next(filter(None, map(_sex_of_word, low)), ""):
        return told
    entry = lexicon.entries("roles").get(role)
    if entry and (entry.fixed or language != "en"):
        return entry.sex
    if low & words_of("women"):
        return "f"
    if told := next(filter(None, (names.given_sex(word.low) for word in words)), ""):
        return told
    return "m" if low & words_of("men") else ("" if role else names.sex(name, "", [], language))


def _owned(text: str, words: list[Token], index: int) -> bool:
    """Whether a noun only says whose something is: "Nora's phone", but not "Nora's face"."""
    if not text[words[index].end :].lower().startswith(("'s ", "’s ")):
        return False
    return index + 1 >= len(words) or words[index + 1].low not in words_of("body")
