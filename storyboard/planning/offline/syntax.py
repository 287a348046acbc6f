"""What grammar tells of a logline: nouns that no lexicon lists, and what is said of people.

English is cut into phrases (:mod:`.english`), Russian words are looked up in ``pymorphy3``, Kazakh
ones are known by their endings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ...prompts import wardrobe
from ...story import Bulk, Time
from . import acting, english, lexicon, names, nouns, russian
from .grammar import words_of
from .items import Item
from .language import Token, romanise
from .lexicon import Mention
from .people import MASK, Actor
from .words import English, Kazakh, Russian

_NO_THING = words_of("no_thing")
"""English nouns of things that nobody can put on a table."""
_NO_PLACE = words_of("no_place")
_RUSSIAN_ABSTRACT = re.compile(
    r".+(?:ость|есть|ние|нье|тие|ство|ция|сия|изм|ота|ина|ика|аж|ёж|знь|овь|чь|ада|лог|ура|ень|пех"
    r"|ыв|ход|бой|ор|аз|их|ад|езд|вор)$"
)
_RUSSIAN_YOUNG = re.compile(r"(?!реб[её]нок|поросёнок).{2,}(?:[её]нок|чонок|[её]ночек|ята)")
"""Young animals; what no list has is a stand-in, never a man."""
_RUSSIAN_NO_THING = words_of("no_thing_ru")
_KAZAKH_NO_THING = words_of("no_thing_kk")
_CLOTHED = re.compile(r"^\s+(?:(?:dressed|clad)\s+)?(?:in|wearing|with)\s+(?:an?|his|her|the)?\s*")
_AGES = re.compile(r"(\d{1,3})[- ]year[s]?[- ]old|(\d{1,3})[- ]?летн|(\d{1,3}) жас")
_RUSSIAN_WORN = re.compile(r"^\s+в\s+")


@dataclass
class Syntax:
    """The grammar of one logline."""

    text: str
    words: list[Token]
    language: str
    taken: set[int]
    mentions: list[Mention]
    dropped: set[int] = field(default_factory=set)
    """Tokens whose mention is no noun of its own: a verb, or the first word of another."""

    def __post_init__(self) -> None:
        self._at = {word.start: index for index, word in enumerate(self.words)}
        self._of: dict[int, Mention] = {
            index: mention
            for mention in self.mentions
            for index in range(mention.index, mention.index + len(mention.pattern.words))
        }
        self._strangers: list[Actor] = []
        self._items: list[tuple[str, Item]] = []
        self._phrases: dict[int, english.Phrase] = {}
        self._subjects: set[int] = set()
        self._worn_at: list[tuple[int, int]] = []
        {"en": self._english, "ru": self._russian, "kk": self._kazakh}[self.language]()

    def items(self) -> list[tuple[str, Item]]:
        """Things, animals and places that the lexicon does not list, with their group."""
        return self._items

    def strangers(self) -> list[Actor]:
        """People that the lexicon does not list."""
        return self._strangers

    def acts(self, start: int) -> bool:
        """Whether an animal that is named at that letter does something."""
        return self._at.get(start, -1) in self._subjects

    def worn(self, start: int) -> bool:
        """Whether what is named at that letter is on somebody's body: clothes, hair."""
        return any(first <= start < end for first, end in self._worn_at)

    def time(self) -> Time | None:
        """The time of day that the text speaks of."""
        told = acting.find("time", self.text)
        return Time(told) if told and told != "day" else None

    def placed(self) -> list[Mention]:
        """The mentions, vehicles and the like as places where somebody is in them: "on a bus"."""
        low = [word.low for word in self.words]
        return [
            self._swapped(mention, low) if mention.category in ("things", "places") else mention
            for mention in self.mentions
            if mention.index not in self.dropped
        ]

    def inside_roles(self) -> list[Mention]:
        """Places in the names of trades: the lighthouse of a lighthouse keeper."""
        low = [word.low for word in self.words]
        found: list[Mention] = []
        for mention in self.mentions:
            if mention.category == "roles" and mention.index not in self.dropped:
                last = mention.index + len(mention.pattern.words) - 1
                for index in range(mention.index, last):
                    place = lexicon.look_up(low[:last], index, self.language, ("places",))
                    if place is not None:
                        found.append(Mention(place, index, self.words[index].start))
        return found

    def _swapped(self, mention: Mention, low: list[str]) -> Mention:
        inside = self._inside(mention)
        if mention.id in _SKY_THINGS and self.language == "en":
            inside = self.words[max(0, mention.index - 2)].low == "on" or (
                mention.index > 0 and self.words[mention.index - 1].low == "on"
            )
        wanted = "places" if inside else "things"
        if mention.category == wanted:
            return mention
        last = mention.index + len(mention.pattern.words)
        for start in range(mention.index, last):
            other = lexicon.look_up(low, start, self.language, (wanted,))
            if other is not None and start + len(other.words) >= last:
                if wanted == "things" and lexicon.entries("things")[other.id].bulk not in _RIDDEN:
                    return mention
                return Mention(other, mention.index, mention.start)
        return mention

    def _inside(self, mention: Mention) -> bool:
        """Whether somebody is there: "on a night bus", «в подводной лодке», «автобуста»."""
        last = self.words[mention.index + len(mention.pattern.words) - 1].low
        if self.language == "kk":
            return bool(re.search(r"[дт][ае]$|нд[ае]$|[дт]ағы$|[дт]егі$", last))
        before = ""
        for word in reversed(self.words[max(0, mention.index - 4) : mention.index]):
            if word.low in _INSIDE[self.language]:
                before = word.low
            if word.low in english.PREPOSITIONS or word.low in _INSIDE[self.language]:
                break
        if self.language == "ru":
            tag = russian.tag(last)
            return bool(before) and tag is not None and tag.case == "pre"
        return bool(before)

    # English

    def _english(self) -> None:
        known = set(self._of)
        parsed = english.parse(self.text, self.words, self.taken, known)
        used = known | self.taken
        verbs = {i for i in known if names.is_verb(self.words, i, used)} | set(parsed.verbs)
        self.dropped |= {m.index for m in self.mentions if m.index in verbs}
        for phrase in parsed.phrases:
            self._phrase(phrase)
        self._animals_act(parsed)

    def _phrase(self, phrase: english.Phrase) -> None:
        inside = range(phrase.start, phrase.head + 1)
        for index in inside:
            self._phrases[index] = phrase
        head = self._of.get(phrase.head)
        if head is not None and phrase.head not in self.dropped:
            self._modifiers(phrase, head.index, head)
            return
        word = self.words[phrase.head]
        sort = nouns.sort(word.low)
        if word.capital and not word.first and (sort is None or phrase.before in _PLACED):
            if phrase.before in _PLACED and not phrase.determiner:
                name = " ".join(w.text for w in self.words[phrase.start : phrase.head + 1])
                own = English(name, "n", named=True)
                self._items.append(("place", Item(name, own, own, self.words[phrase.start].start)))
            return
        first = self._compound(phrase)
        noun = " ".join(self.words[i].low for i in range(first, phrase.head))
        singular = sort.lemma if sort is not None else nouns.singular(word.low)
        noun = f"{noun} {singular}".strip()
        kind = sort.kind if sort is not None else _guessed(word.low, phrase)
        start = self.words[first].start
        own = English(noun, "n")
        if kind == "person" and word.low in names.TITLES:
            return
        if kind == "person":
            self._modifiers(phrase, phrase.head, None)
            before = self.words[max(0, phrase.start - 3) : phrase.start]
            if not any(word.low.startswith(MASK) for word in before):
                self._strangers.append(self._stranger(noun, sort, start, phrase))
        elif kind == "animal" and singular not in _NO_THING:
            self._modifiers(phrase, phrase.head, None)
            self._items.append(("animal", Item(singular, own, own, start)))
        elif kind == "place" and (phrase.determiner or phrase.before in english.PREPOSITIONS):
            if singular in _NO_PLACE:
                return
            self._modifiers(phrase, phrase.head, None)
            self._items.append(("place", Item(singular, own, own, start)))
        elif kind in nouns.THINGS and singular not in _NO_THING:
            if kind == "stuff" and phrase.before == "of":
                return
            self._modifiers(phrase, phrase.head, None)
            bulk = None if kind == "stuff" else Bulk(kind)
            self._items.append(("thing", Item(singular, own, own, start, bulk)))

    def _modifiers(self, phrase: english.Phrase, head: int, mention: Mention | None) -> None:
        """Nouns before a head are no nouns of their own: the pirate of a pirate ship."""
        for index in range(phrase.start, head):
            before = self._of.get(index)
            if before is None or before is mention:
                continue
            generic = mention is not None and mention.id in _GENERIC
            if generic and before.category == "roles" and index == head - 1:
                continue  # "a shepherd boy": both say who it is
            of_person = mention is None or mention.category == "roles"
            if before.category == "places" and of_person:
                continue  # "a night bus driver" is met on a bus
            self.dropped.add(before.index)

    def _compound(self, phrase: english.Phrase) -> int:
        """The first word of a compound: the snow of a snow leopard, not the old of an old door."""
        first = phrase.head
        while first > phrase.start:
            word = self.words[first - 1]
            sort = nouns.sort(word.low)
            plain = sort is not None and not sort.verb and not nouns.is_adjective(word.low)
            if not plain or phrase.head - first >= 2 or word.low.endswith(("ed", "ing")):
                break
            first -= 1
        return first

    def _stranger(
        self, noun: str, sort: nouns.Sort | None, start: int, phrase: english.Phrase
    ) -> Actor:
        sex = sort.sex if sort is not None else ""
        sex = sex or names.pronoun(self.words, "en")
        own = English(noun, sex)
        return self.described(Actor("", own, own, "", sex, start))

    def _animals_act(self, parsed: english.Parsed) -> None:
        for phrase in parsed.phrases:
            after = phrase.head + 1
            opens = phrase.before in ("", "and", "but", "until", "when", "while", "that", "or")
            behind = self.words[after].low if after < len(self.words) else ""
            first = phrase is parsed.phrases[0]
            if opens and not phrase.owner and (
                first
                or after in parsed.verbs
                or behind in _SUBJECT_BEFORE
                or (behind and nouns.verb_base(behind) and behind.endswith("s"))
            ):  # fmt: skip
                self._subjects |= set(range(phrase.start, phrase.head + 1))
        for index, word in enumerate(self.words):
            if index in self._of and word.first:
                self._subjects.add(index)

    # Russian

    def _russian(self) -> None:
        for index, word in enumerate(self.words):
            tag = russian.tag(word.low)
            mention = self._of.get(index)
            young = _RUSSIAN_YOUNG.fullmatch(word.low) is not None
            if tag is None and mention is None and young and index not in self.taken:
                noun = Russian(russian.decline(word.low, "m", True), "m")
                self._young(index, word, noun, word.low)
                continue
            if mention is not None:
                if index < mention.index + len(mention.pattern.words) - 1:
                    continue
                if (
                    mention.pattern.kind not in ("=", "*")
                    and tag is not None
                    and (tag.surely_no_noun or self._russian_verb(index))
                ):
                    self.dropped.add(mention.index)
                elif tag is not None and tag.nominative:
                    self._subjects.add(index)
                continue
            if (
                index in self.taken
                or tag is None
                or not tag.noun
                or (word.capital and not word.first)
            ):
                continue
            if len(word.low) < 3 or word.low in _RUSSIAN_NO_THING or tag.lemma in _RUSSIAN_NO_THING:
                continue
            self._russian_noun(index, word, tag)

    def _young(self, index: int, word: Token, noun: Russian, lemma: str) -> None:
        """A young animal of no list."""
        self._subjects.add(index)
        own = English(romanise(lemma).lower(), "n")
        self._items.append(("animal", Item(lemma, noun, own, word.start)))

    def _russian_verb(self, index: int) -> bool:
        """Whether a word that may be either is the verb of a subject and an object: «мама мыла
        раму»."""
        if not 0 < index < len(self.words) - 1:
            return False
        before, after = (russian.tag(self.words[i].low) for i in (index - 1, index + 1))
        framed = before is not None and before.noun and before.nominative
        framed = framed and after is not None and after.noun and after.case in ("acc", "nom")
        return framed and russian.may_be_verb(self.words[index].low)

    def _russian_noun(self, index: int, word: Token, tag: russian.Tag) -> None:
        lemma = tag.lemma
        noun = Russian(russian.decline(lemma, tag.gender, tag.animate), tag.gender)
        own = English(romanise(lemma).lower(), "n")
        if _RUSSIAN_YOUNG.fullmatch(lemma):
            self._young(index, word, noun, lemma)
        elif tag.animate:
            sex = tag.gender if tag.gender in "mf" else ""
            own = English(romanise(lemma).lower(), sex)
            self._strangers.append(self.described(Actor("", noun, own, "", sex, word.start)))
        elif _RUSSIAN_ABSTRACT.fullmatch(lemma):
            return
        elif tag.case == "pre" and index and self._there(index):
            self._items.append(("place", Item(lemma, noun, own, word.start)))
        elif tag.case in ("acc", "ins", "nom") or (tag.case == "gen" and tag.plural):
            self._items.append(("thing", Item(lemma, noun, own, word.start, Bulk.HAND)))

    def _there(self, index: int) -> bool:
        """Whether «в» or «на» stands before a Russian noun and its adjectives."""
        before = [word.low for word in self.words[max(0, index - 3) : index]]
        return bool({"в", "во", "на"} & set(before))

    # Kazakh

    def _kazakh(self) -> None:
        for index, word in enumerate(self.words):
            after = self.words[index + 1].low if index + 1 < len(self.words) else ""
            if index in self._of and self._kazakh_verb(index):
                self.dropped.add(self._of[index].index)
                continue
            if index in self._of:
                bare = self._of[index].pattern.words[-1] == word.low
                if word.first or bare or after in ("мен", "пен", "бен"):
                    self._subjects.add(index)
                continue
            if index in self.taken or index + 1 >= len(self.words):
                continue
            low = word.low
            if trade := re.fullmatch(r"(\w{3,}(?:шы|ші|кер|гер|қой|паз|ман))", low):
                if index < 4 and low not in _KAZAKH_NO_THING:
                    noun = Kazakh(trade[1])
                    own = English(romanise(low).lower())
                    self._strangers.append(Actor("", noun, own, "", "", word.start))
                continue
            found = re.fullmatch(r"(\w{2,}?[^уү])(?:[ндт][ыі])", low)
            stem = found[1] if found else ""
            if (
                stem
                and stem not in _KAZAKH_NO_THING
                and not re.search(r"[аеый][дт][ыі]$", low[-4:])
                and not acting.find("pose", low)
            ):
                own = English(romanise(stem).lower(), "n")
                self._items.append(("thing", Item(stem, Kazakh(stem), own, word.start)))

    def _kazakh_verb(self, index: int) -> bool:
        """Whether the last word of a sentence is its verb, spelled like a noun: «ұстады»."""
        word = self.words[index]
        rest = self.text[word.end :]
        ends = not rest.strip() or rest.lstrip()[:1] in ".!?…,;:—"
        bent = word.low != self._of[index].pattern.words[-1]
        return ends and bent and re.search(r"[дт][ыі]$", word.low) is not None

    # What is said of people

    def described(self, actor: Actor) -> Actor:
        """An actor with what the logline says of age, looks and clothes."""
        index = self._at.get(actor.start)
        if index is None:
            return actor
        if self.language == "en":
            return self._described(actor, index)
        others = [i for i in {*self._of, *self.taken} if i < index]
        bound = self.words[max(others)].end if others else 0
        before = self.text[max(bound, actor.start - 40) : actor.start]
        before = re.split(r"[,.;:!?—]", before)[-1]
        end = self.words[index].end
        after = re.split(r"[,.;:!?—]", self.text[end : end + 60])[0]
        details = wardrobe.english(before, "hair", "glasses", "build", "age", "beard", "skin")
        if self.language == "ru" and re.search(r"рыж\w+\s*$", before):
            details = f"{details} red-haired".strip()
        dress = ""
        if self.language == "ru" and _RUSSIAN_WORN.match(after):
            worn = re.split(r"\s(?=[а-яё]+(?:ет|ит|ют|ят|ал|ил)\b)", after)[0]
            if wardrobe.clothes(worn.strip()[2:].strip()):
                dress = wardrobe.english(worn.strip()[2:].strip())
                self._worn_at.append((end, end + len(worn)))
        age = _AGES.search(before)
        years = int(next(filter(None, age.groups()))) if age else None
        return replace(actor, details=details, dress=dress, age=actor.age or years)

    def _described(self, actor: Actor, index: int) -> Actor:
        phrase = self._phrases.get(index)
        head = phrase.head if phrase is not None else index
        first = phrase.start if phrase is not None else index
        if actor.name:
            first, head = index, index
            while head + 1 < len(self.words) and head + 1 in self.taken:
                head += 1
            while first and self.words[first - 1].low in ("old", "little", "young", "poor", "big"):
                first -= 1
        own = set(actor.english.word.lower().split())
        said = [w.low for w in self.words[first:head] if w.low not in own]
        between = self.text[self.words[first].start : self.words[head].end].lower()
        details = " ".join(said)
        if "-" in between:
            pieces = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)+|[^\W\d_]+", between)
            details = " ".join(p for p in pieces if p not in own)
        after = self.text[self.words[head].end : self.words[head].end + 80]
        details, dress = self._worn(details, after, self.words[head].end)
        years = _YEARS.search(self.text[max(0, self.words[first].start - 24) : actor.start + 40])
        age = _number(years[1]) if years else None
        details = _YEARS.sub("", details).strip()
        owner = phrase is not None and phrase.owner
        against = phrase is not None and phrase.before in _AGAINST
        return replace(
            actor,
            details=details,
            dress=dress,
            age=actor.age if actor.age is not None else age,
            owner=owner,
            against=against,
        )

    def _worn(self, details: str, after: str, at: int) -> tuple[str, str]:
        """What comes behind somebody: "in a red coat", "with red hair", ", bald and fat,"."""
        dress = ""
        if match := _CLOTHED.match(after):
            rest = re.split(r"[,.;:!?—]|\s(?:who|that|must|and\s\w+s\b)", after[match.end() :])[0]
            rest = up_to_verb(rest, english.PREPOSITIONS)
            span = (at, at + match.end() + len(rest))
            if rest and wardrobe.clothes(rest):
                self._worn_at.append(span)
                dress = rest
            elif rest and wardrobe.said(f"person with {rest}").keys() & {
                "hair", "hair_colour", "beard", "glasses", "skin",
            }:  # fmt: skip
                self._worn_at.append(span)
                details = f"{details} {rest}".strip()
        return details, dress


_INSIDE = {
    "en": frozenset(["in", "on", "aboard", "inside", "into", "onto", "at"]),
    "ru": frozenset(["в", "во", "на", "внутри"]),
}
_GENERIC = words_of("generic_roles")
"""Roles that say of somebody no more than sex and age."""
_PLACED = frozenset({"in", "at", "to", "from", "near", "across", "into", "of", "through"})
"""Words before the name of a place."""
_SUBJECT_BEFORE = ("and", "who", "that", "can", "must", "is", "was", "has", "will", "with")
_SKY_THINGS = frozenset({"moon", "sun", "star", "comet"})
"""What one is on, or looks at."""
_RIDDEN = (Bulk.VEHICLE, Bulk.BUILDING, Bulk.FURNITURE)
"""Sizes of things that are places as well."""
_AGAINST = words_of("against")
_YEARS = re.compile(r"\b(\d{1,3}|[a-z]+(?:-[a-z]+)?)[- ]years?[- ]old\b", re.IGNORECASE)


def _number(word: str) -> int | None:
    """A number of years, in figures or words."""
    if word.isdigit():
        return min(120, int(word))
    return wardrobe.number(word.lower())


def up_to_verb(words: str, stops: frozenset[str] = frozenset()) -> str:
    """The words before the next verb, or one of ``stops``: "a red hoodie follows a fox"."""
    kept: list[str] = []
    for word in words.split():
        low = word.lower().strip(".,;:!?()'’\"")
        about_clothes = bool(wardrobe.clothes(low) or wardrobe.said(f"x, {low} hair"))
        verb = nouns.verb_base(low) and low.endswith("s") and not low.endswith("ss")
        if (kept and verb and not about_clothes) or low in stops:
            break
        kept.append(word)
    return " ".join(kept)


_PEOPLE = re.compile(r".{3,}(?:ist|ologist|ician|man|woman|men|women|eer|smith|keeper|maker)s?$")
_DOERS = re.compile(r".{3,}(?:er|or|ess|ian|ant|ent|ee)s?$")


def _guessed(word: str, phrase: english.Phrase) -> str:
    """What a noun is that no dictionary lists: by its ending, and by what it does."""
    if _PEOPLE.fullmatch(word) or (_DOERS.fullmatch(word) and phrase.before == ""):
        return "person"
    if re.search(r"(?:ness|ity|tion|sion|ism|ship|hood|dom|ment|ance|ence|cy|ing)s?$", word):
        return "none"
    return "hand" if phrase.determiner else "none"
