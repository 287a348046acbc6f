"""The people of a logline: names and roles put together, and the hero among them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...heroes import Hero
from ...story import PropKind
from . import lexicon, names, nouns, russian
from .grammar import words_of
from .language import Token, romanise
from .lexicon import Mention, Pattern
from .words import English, Kazakh, Noun, Russian

_SMALL = ("маленьк", "кішкентай", "little", "small")
"""Before a name these say that it is a child's."""


@dataclass(frozen=True)
class Actor:
    """Somebody in the story."""

    role: str
    """Id of the role in the lexicon, or empty."""
    noun: Noun
    """In the story's language."""
    english: English
    name: str = ""
    sex: str = ""
    start: int = 0
    ally: bool = False
    """On the hero's side, whatever the role says."""
    animal: bool = False
    """An animal that the lexicon knows as no person."""
    species: PropKind | None = None
    """As which animal it is drawn, if it is one."""
    thing: bool = False
    """A thing that does something."""
    details: str = ""
    """What the logline says of age and looks, in English: "tall", "red-haired"."""
    dress: str = ""
    """What it says of the clothes, in English: "red coat"."""
    age: int | None = None
    """In years, if it says so."""
    against: bool = False
    """The sentence sets this one against the hero."""
    subject: bool = False
    """It is this one who does something."""
    owner: bool = False
    """It is named only to say whose something or somebody is."""

    @property
    def key(self) -> str:
        """What tells this one from the others where dice are thrown."""
        return self.name or self.english.word or "somebody"

    @property
    def entry(self) -> lexicon.Role | None:
        """What the lexicon knows of the role, if anything."""
        return lexicon.entries("roles").get(self.role)

    @property
    def known(self) -> Hero | None:
        """Which of the heroes this is that the pack knows, if any."""
        return lexicon.hero(self.role)

    @property
    def beast(self) -> bool:
        """Whether this is an animal."""
        return self.animal or (self.entry is not None and self.entry.beast)

    @property
    def monster(self) -> bool:
        """Whether this is a giant, a dragon, a witch."""
        return self.entry is not None and self.entry.monster

    @property
    def side(self) -> str:
        """``rival``, ``folk`` or neither, by the role."""
        return self.entry.side if self.entry is not None else ""

    @property
    def opposes(self) -> bool:
        """Whether this one stands against the hero by the role."""
        return not self.ally and (self.against or self.side == "rival")

    @property
    def crowd(self) -> bool:
        """Whether many are meant, and nobody in particular."""
        return self.entry is not None and self.entry.crowd


def known(hero: Hero, language: str, start: int = -1) -> Actor:
    """A hero the pack knows, named in the logline, or standing in (at -1) where it names nobody."""
    noun = lexicon.noun("roles", hero.role, language)
    english = English(hero.names.en, hero.sex, named=True)
    return Actor(hero.role, noun, english, f"{noun}", hero.sex, start)


_SOMEBODY: dict[str, Noun] = {
    "en": English("hero"),
    "ru": Russian(("герой", "героя", "герою", "героя", "героем", "герое"), "m"),
    "kk": Kazakh("кейіпкер"),
}
_HEROINE = {"ru": Russian(russian.decline("героиня", "f"), "f")}


def somebody(language: str, words: list[Token] | None = None) -> Actor:
    """The hero of a logline that tells nothing of one but "he" or "she"."""
    sex = names.pronoun(words or [], language) or ("m" if language == "ru" else "")
    noun = _HEROINE.get(language) if sex == "f" else None
    return Actor("", noun or _SOMEBODY[language], English("hero", sex), sex=sex, start=-1)


def stock(role: str, language: str) -> Actor:
    """A role of the lexicon that the logline does not name."""
    noun = lexicon.noun("roles", role, language)
    entry = lexicon.entries("roles")[role]
    return Actor(role, noun, English(entry.en, entry.sex), sex=entry.sex)


def _unnamed(mention: Mention, words: list[Token], language: str) -> Actor:
    """Somebody known by a role only."""
    hero = lexicon.hero(mention.id)
    if hero is not None:
        return known(hero, language, mention.start)
    noun = lexicon.noun("roles", mention.id, language, mention.pattern)
    sex = names.sex("", mention.id, words, language)
    if isinstance(noun, Russian) and noun.gender in "mf":
        sex = noun.gender
    if language == "en":
        sex = _told_sex(mention.pattern.words[-1]) or sex
    english = replace(lexicon.english_noun(mention, language), sex=sex)
    noun = english if language == "en" else noun
    return Actor(mention.id, noun, english, sex=sex, start=mention.start)


def _told_sex(word: str) -> str:
    """Whether an English word says that somebody is a woman or a man."""
    if word.endswith(("woman", "ess", "widow", "sister", "mother")):
        return "f"
    return "m" if word.endswith(("man", "boy", "brother", "father")) else ""


def _named(name: str, mention: Mention | None, at: int, words: list[Token], language: str) -> Actor:
    """Somebody with a name, and with a role if the logline gives one; ``at`` is the token."""
    role = mention.id if mention else ""
    sex = names.sex(name, role, words, language)
    if mention is not None:
        noun = lexicon.noun("roles", role, language, mention.pattern)
        if isinstance(noun, Russian) and noun.gender == "f":
            sex = "f"
    elif at and words[at - 1].low.startswith(_SMALL):
        role = "girl" if sex == "f" else "boy"
    return Actor(
        role,
        names.noun(name, sex, language),
        English(romanise(name), sex, named=True),
        name,
        sex,
        words[at].start,
    )


def cast(
    words: list[Token],
    named: list[tuple[int, str, int]],
    mentions: list[Mention],
    language: str,
) -> list[Actor]:
    """Everybody in the order of the text; a role next to a name belongs to that name."""
    roles = [mention for mention in mentions if mention.category == "roles"]
    actors: list[Actor] = []
    spent: set[int] = set()
    for index, name, count in named:
        role = _role_of_name(roles, words, index, count, spent, language)
        if role is not None:
            spent.add(role.index)
        actors.append(_named(name, role, index, words, language))
    free = [role for role in roles if role.index not in spent and not _is_mask(role, words)]
    for role in _joined(free, words, language):
        actor = _unnamed(role, words, language)
        if all(not _same(actor, other) for other in actors):
            actors.append(actor)
    return sorted(actors, key=lambda actor: actor.start)


def _same(actor: Actor, other: Actor) -> bool:
    """Whether a role without a name was there before: "a girl … the girl"."""
    if actor.role != other.role:
        return False
    known = other.known is not None or not other.english.named
    return known and actor.english.word.split()[-1] == other.english.word.split()[-1]


_MARKERS = {"named", "called", "имени", "прозвищу", "зовут"}
_APPOSED = {"a", "an", "the", "old", "young", "есімді", "атты", "деген"}


def _role_of_name(
    roles: list[Mention],
    words: list[Token],
    index: int,
    count: int,
    spent: set[int],
    language: str,
) -> Mention | None:
    """The role of "girl Aisha", of "a keeper of the light named Mara", of "Mara, a keeper"."""
    low = [word.low for word in words]
    for role in reversed(roles):
        end = role.index + len(role.pattern.words)
        if role.index in spent or end > index or lexicon.hero(role.id):
            continue
        marked = index and low[index - 1] in _MARKERS and index - end <= 5
        return role if end == index or marked else None
    for role in roles:
        gap = low[index + count : role.index]
        if role.index < index + count or role.index in spent or len(gap) > 2:
            continue
        inflected = words[role.index + len(role.pattern.words) - 1].low != role.pattern.words[-1]
        if not gap and language == "kk" and inflected:
            return None  # «Айгүл бүркітшіден үйренеді»: they are two
        # "Каражан бай", "Мара есімді қыз", "Mara, an old keeper"; but not "O'Neill's daughter".
        owns = words[role.index].start - words[index + count - 1].end > 1 and not gap
        if owns:
            return None
        return role if not gap or gap[0] in _APPOSED else None
    return None


MASK = ("притвор", "прикин", "переоде", "стать", "станов", "disguis", "pretend", "becom", "dream")
_WISH = ("болуды", "болғысы", "болмақ", "боламын")


def _is_mask(role: Mention, words: list[Token]) -> bool:
    """Whether a role is what somebody plays or wants to be, not one more character."""
    before = [word.low for word in words[max(0, role.index - 3) : role.index]]
    if before[-1:] and before[-1] not in ("a", "an", "as", "the", "of"):
        before = before[-1:]
    after = [word.low for word in words[role.index + 1 : role.index + 2]]
    wished = bool(after) and after[0] in _WISH
    return wished or any(word.startswith(MASK) for word in before)


def _joined(roles: list[Mention], words: list[Token], language: str) -> list[Mention]:
    """Roles without a name; "shepherd boy" and «кедей шал» are one person, told by the last."""
    joined: list[Mention] = []
    for role in roles:
        last = joined[-1] if joined else None
        if last is not None and language != "ru" and _one_person(last, role, words):
            phrase = Pattern("roles", role.id, last.pattern.words + role.pattern.words, "")
            joined[-1] = Mention(phrase, last.index, last.start)
        else:
            joined.append(role)
    return joined


def _one_person(first: Mention, second: Mention, words: list[Token]) -> bool:
    """Whether two roles side by side are a trade and a kind of person, the trade uninflected."""
    table = lexicon.entries("roles")
    trade, person = table[first.id], table[second.id]
    return (
        first.index + 1 == second.index
        and words[second.index].start - words[first.index].end == 1  # not "the baker's daughter"
        and words[first.index].low == first.pattern.words[-1]
        and not (first.index == 0 and words[second.index].low != second.pattern.words[-1])
        and second.pattern.kind == ""
        and not trade.fixed
        and "rival" not in (trade.side, person.side)
        and (person.fixed or second.id == "friend")
    )


_FOES = ("giant", "dragon", "witch", "rival")
"""Roles that others stand up against, where there are others."""
VILLAINS = frozenset({*_FOES, "thief", "wolf", "con_artist", "rebel", "gangster", "agent"})
"""Roles that oppose the hero in any world; a queen or a merchant does in the steppe only."""


def of_any_world(actor: Actor) -> Actor:
    """Somebody outside Aldar Köse's world, where a king is not always a tyrant."""
    side = actor.side == "rival" and actor.role not in VILLAINS
    return replace(actor, ally=True) if side and not actor.against else actor


def hero(cast: list[Actor], steppe: bool) -> Actor | None:
    """A known hero; else the first who is no rival, crowds last; else a rival.

    In the world of Aldar Köse (``steppe``) a bai is no hero, nor is the poor soul he wrongs: both
    wait for him.
    """
    bais = [actor for actor in cast if steppe and actor.role == "bai"]
    bai = min((actor.start for actor in bais), default=None)

    def wronged(actor: Actor) -> bool:
        humble = actor.side == "folk" or actor.role == "friend"
        return bai is not None and bai < actor.start and humble and not actor.name

    def rank(actor: Actor) -> tuple[int, int]:
        if actor.known:
            return 0, actor.start
        if actor.crowd:
            return 4, actor.start
        if actor.owner:
            return 3, actor.start
        if not steppe:
            foe = actor.role in VILLAINS and not actor.subject
            return (2 if (actor.against or foe) and not actor.name else 1), actor.start
        return (2 if actor.opposes and not actor.name else 1), actor.start

    able = [actor for actor in cast if actor not in bais and not wronged(actor)]
    return min(able, key=rank) if able else None


def stranger(words: list[Token], mentions: list[Mention], language: str) -> Actor | None:
    """The hero of an unknown trade: the head of the first noun phrase, if there is one."""
    taken = {mention.index for mention in mentions}
    if language == "en":
        return _english_stranger(words, taken)
    if language == "ru":
        for index, word in enumerate(words[:5]):
            if names.opens_no_name(word.low):
                continue
            if names.is_animal(word.low):
                return None
            if index in taken or index + 1 >= len(words) or not 3 <= len(word.low) <= names.LONGEST:
                return None
            if not names.RUSSIAN_VERB.match(words[index + 1].low):
                return None
            if names.is_object(word.low, words[index + 1].low):
                return None
            gender = "f" if word.low[-1] in "ая" else "n" if word.low[-1] in "ое" else "m"
            noun = Russian(russian.decline(word.low, gender), gender)
            return Actor("", noun, English("hero", gender), "", gender, word.start)
    return None


_ARTICLES = {"a", "an", "the"}
_OWNERS = {"his", "her", "my", "our", "their"}
_ENDS_PHRASE = {
    "never", "always", "often", "still", "once", "slowly", "secretly", "past", "behind", "under",
    "over", "after", "before", "without", "against", "near", "for", "into", "by", "about", "whose",
    "when", "where", "while", "between", "through", "up", "out", "off", "as", "but", "or", "not",
}  # fmt: skip
"""What follows a noun phrase, beside verbs."""
_NUMERALS = {"two", "three", "four", "five", "seven"}


_NOBODY = words_of("no_thing")
"""Nouns that are nobody either: a light, a voice."""


def _english_stranger(words: list[Token], taken: set[int]) -> Actor | None:
    """The words from an article to the verb; of "three siblings" one sibling."""
    for index, word in enumerate(words[:8]):
        if word.low not in _ARTICLES | _NUMERALS and not (word.first and word.low in _OWNERS):
            continue
        phrase: list[str] = []
        last, head = 0, index
        for later in words[index + 1 : index + 6]:
            verb = names.ENGLISH_VERB.fullmatch(later.low)
            if word.low in _NUMERALS and verb and later.low.endswith("s"):
                phrase.append(nouns.singular(later.low))
                break
            if phrase and (verb or later.low in _ENDS_PHRASE):
                break
            if phrase and later.start - last > 1:  # the cook of "the king's cook"
                phrase.clear()
            phrase.append(later.low)
            last, head = later.end, words.index(later)
        else:
            continue
        if not phrase or len(phrase) > 3 or len(" ".join(phrase)) > names.LONGEST:
            continue
        if phrase[-1] in _NOBODY:
            continue
        if head in taken:
            continue
        noun = English(" ".join(phrase), names.sex("", "", words, "en"))
        return Actor("", noun, noun, "", noun.sex, word.start)
    return None


def beast(noun: Noun, english: English, role: str, start: int) -> Actor:
    """An animal as the hero; ``role`` if the lexicon knows its kind as a person."""
    sex = noun.gender if isinstance(noun, Russian) else ""
    word = English(english.word)
    own = word if isinstance(noun, English) else noun
    return Actor(role, own, word, sex=sex, start=start, animal=not role)


def figure(noun: Noun, english: English, start: int) -> Actor:
    """A thing as the hero: a snowman, a drone."""
    sex = noun.gender if isinstance(noun, Russian) else ""
    word = English(english.word)
    return Actor("", word if isinstance(noun, English) else noun, word, sex=sex, start=start,
                 thing=True)  # fmt: skip
