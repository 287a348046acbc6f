"""Scenes: what each clause of the logline shows; who does what, with whom and what, where, when."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...sets import NEUTRAL, named
from ...story import BY_NIGHT, IN_THE_SKY, Bulk, Emotion, Pose, PropKind, Time, Weather
from . import acting, lexicon, nouns, wholes
from .company import Company, Member, Thing
from .film import RIDDEN
from .items import Item
from .language import ENDS, Clause
from .lexicon import Event
from .phrases import sentence
from .places import place_of
from .reading import Reading

_WEAK = {"decide", "dream", "magic", "greed", "lone", "lie", "cold", "trick", "judge", "learn",
         "fear", "promise"}  # fmt: skip
"""Events that are no picture of their own, if the clause has another one."""
_NO_PICTURE = {"greed", "cold", "magic"}
"""Events that say how somebody or something is, not what happens."""
_MUSIC = {
    Pose.PLAYING_DOMBRA: re.compile(
        r"dombra|lute|guitar|banjo|ukulele|violin|fiddle|cello|harp|kobyz|saz|sitar|mandolin"
    ),
    Pose.TYPING: re.compile(r"piano|organ|keyboard|synthesi[sz]er|drum\w*|xylophone|accordion"),
    Pose.EATING: re.compile(r"flute|trumpet|harmonica|saxophone|clarinet|whistle|horn|sybyzgy"),
}
"""How somebody holds himself who plays an instrument; any other game is played seated."""
_PRONOUNS = {
    "en": re.compile(r"\b(?:he|she|they|it|him|her|them)\b", re.IGNORECASE),
    "ru": re.compile(r"\b(?:он|она|они|оно|его|её|их|ему|ей|им)\b", re.IGNORECASE),
    "kk": re.compile(r"\b(?:ол|олар|оны|оған|онымен)\b", re.IGNORECASE),
}
_DENIED = re.compile(
    r"(?:\b(?:cannot|can't|can’t|never|not|refuses? to|forgets? to|unable to|afraid to)"
    r"|\b(?:не|нельзя)(?: (?:умеет|может|хочет|любит|смеет|должен|должна|умеют|могут|хотят))?"
    r"|\bотказывается)\s+$",
    re.IGNORECASE,
)
"""What stands before something that does not happen."""
_QUOTE = re.compile(r"[“«„\"]([^“”«»„\"]{2,200})[”»“\"]")
_SPEAKS = {"talk", "shout", "promise", "phone", "lie", "laugh"}
_NEAR = 25
"""Letters between a mood and whose it is: "a greedy bai"."""
HOLDS = {
    Pose.HOLDING, Pose.HANDING_OVER, Pose.CARRYING, Pose.GRABBING, Pose.LIFTING, Pose.READING,
    Pose.PHONING, Pose.AIMING, Pose.THROWING, Pose.EATING, Pose.DIGGING, Pose.PLAYING_DOMBRA,
    Pose.POINTING, Pose.STANDING, Pose.WALKING, Pose.RUNNING, Pose.JUMPING, Pose.ARMS_RAISED,
    Pose.SITTING, Pose.DANCING, Pose.KNEELING,
}  # fmt: skip
"""Poses with a hand free for a thing."""
_SMALL = {
    PropKind.GOLD_BAG, PropKind.COINS, PropKind.DOMBRA, PropKind.ROBE, PropKind.HAT,
    PropKind.BOWL, PropKind.STAFF, PropKind.SHOVEL, PropKind.ROPE, PropKind.BOOK,
}  # fmt: skip

_LARGE = {
    PropKind.YURT, PropKind.TREE, PropKind.CART, PropKind.STALL, PropKind.HORSE, PropKind.CAMEL,
    PropKind.DONKEY, PropKind.COW, PropKind.ELEPHANT, PropKind.DRAGON,
}  # fmt: skip


@dataclass
class Scene:
    """A clause of the logline as it is staged."""

    clause: Clause
    subject: Member
    others: list[Member]
    things: list[Thing]
    setting: str
    place: str
    places: list[tuple[Item, str, str]]
    """The places that the clause names, each with its set and words; the first is where it is."""
    time: Time
    event: Event | None
    pose: Pose
    emotion: Emotion
    answer: tuple[Pose, Emotion]
    """How the others take it."""
    weather: Weather | None = None

    says: str = ""
    """What the subject says, where the logline quotes it."""
    told: str = ""
    """The clause as a sentence of its own."""

    @property
    def cast(self) -> list[Member]:
        return [self.subject, *self.others]


def is_small(thing: Thing) -> bool:
    """Whether a hand can hold it."""
    if thing.prop.kind in IN_THE_SKY:
        return False
    if thing.living or thing.prop.bulk is not None:
        return thing.prop.bulk is Bulk.HAND
    return thing.prop.kind in _SMALL or _size(thing) == Bulk.HAND.value


def is_large(thing: Thing) -> bool:
    """Whether it is as large as a house, a cart or a horse, and stands behind people."""
    if thing.prop.kind in IN_THE_SKY:
        return True
    size = thing.prop.bulk.value if thing.prop.bulk is not None else _size(thing)
    return size in (Bulk.VEHICLE.value, Bulk.BUILDING.value) or thing.prop.kind in _LARGE


def _size(thing: Thing) -> str:
    sort = nouns.sort(thing.item.english.word.split()[-1].lower())
    return sort.kind if sort is not None else ""


def scenes(clauses: list[Clause], company: Company) -> list[Scene]:
    """A scene for each clause; whoever and whatever no clause holds comes into the first."""
    found: list[Scene] = []
    left = [list(company.members)]
    for clause in clauses:
        scene = _scene(clause, found[-1] if found else None, company, left[-1])
        while found and not (found[-1].told and scene.told):  # no sentence without its neighbour
            joined = _joined(found.pop().clause, clause, company)
            left.pop()
            clause = joined
            scene = _scene(clause, found[-1] if found else None, company, left[-1])
        found.append(scene)
        left.append([member for member in left[-1] if member not in scene.cast])
    if not found[-1].told:
        found[-1].told = sentence(found[-1].clause.text)
    first = found[0]
    first.others += [member for member in left[-1] if member is not company.members[0]]
    shown = {id(thing) for scene in found for thing in scene.things}
    first.things += [thing for thing in company.things if id(thing) not in shown]
    return found


def _joined(first: Clause, second: Clause, company: Company) -> Clause:
    text = company.reading.logline[first.start : second.end].strip(" ,;:—–-")
    return Clause(text, first.start, second.end, first.opens, second.closes)


def _scene(clause: Clause, before: Scene | None, company: Company, left: list[Member]) -> Scene:
    reading = company.reading
    hero = company.members[0]
    inside = sorted(
        (member for member in company.members if _spot(member.spots, clause) >= 0),
        key=lambda member: (member.actor.owner, _spot(member.spots, clause)),
    )
    event_at, event_id, event = _event(clause, company)
    subject = inside[0] if inside else hero
    carried = before.subject if before is not None else hero
    antecedent, spoken_of = _antecedent(clause, before, company)
    rest, tie = wholes.predicate(clause.text, reading.language) if reading.language else ("", "")
    torn = before is not None and not clause.opens and inside and event_at is not None
    if torn and event_at is not None and event_at < _spot(inside[0].spots, clause):
        subject = carried
    if not inside and before is not None:
        subject = carried if not clause.opens else hero
    if rest and before is not None and not clause.opens:
        subject = spoken_of if tie and spoken_of is not None else carried
    others = [member for member in inside if member is not subject]
    spoken = _PRONOUNS[reading.language].search(clause.text) if reading.language else None
    if spoken and before is not None and not others and subject is not hero:
        others = [hero]
    spoken_as = carried
    if reading.language == "kk" and before is not None and not clause.opens:
        low = {word.low for word in wholes.words(clause.text)}
        spoken_as = next((m for m in inside if f"{m.actor.noun}".lower() in low), carried)
        if spoken_as is not carried:
            subject, others = spoken_as, [m for m in inside if m is not spoken_as]
    if before is None and hero not in (subject, *others) and hero.actor.start < 0:
        subject, others = hero, inside
    things = [thing for thing in company.things if _spot(thing.spots, clause) >= 0]
    places = _places(clause, company)
    setting, place = places[0][1:] if places else _elsewhere(before, company)
    aloft = any(thing.prop.kind in IN_THE_SKY for thing in things)
    if setting == NEUTRAL and (aloft or acting.find("weather", clause.text)):
        setting, place = "horizon", "open country"
    pose, emotion, answer = _acting(clause, event, subject, others, things, company)
    told = wholes.told(clause, reading.language, _called(spoken_as, reading.language), antecedent)
    if not company.phrases.understood:
        told = sentence(clause.text, not clause.opens, not clause.closes)
    return Scene(
        clause, subject, others, things, setting, place, places,
        _time(clause, before, reading, things), event, pose, emotion, answer,
        _weather(clause, before, setting), _quoted(clause, event_id), told,
    )  # fmt: skip


_SEVERAL = {"en": "They", "ru": "Они", "kk": "Олар"}


def _called(member: Member, language: str) -> str:
    """Somebody as the subject of a sentence of the logline's language."""
    return _SEVERAL[language] if len(member.ids) > 1 else f"{member.actor.noun}"


def _antecedent(
    clause: Clause, before: Scene | None, company: Company
) -> tuple[str, Member | None]:
    """Who or what was named last before a clause, as a subject; and who it is, if somebody."""
    if before is None:
        return "", None
    language = company.reading.language
    first = before.clause.start
    named: list[tuple[int, str, Member | None]] = []
    for member in company.members:
        named += [(s, _called(member, language), member) for s in member.spots]
    for thing in company.things:
        named += [(s, f"{thing.item.noun}", None) for s in thing.spots]
    named += [(item.start, f"{item.noun}", None) for item in company.reading.places]
    inside = [entry for entry in named if first <= entry[0] < clause.start]
    if not inside:
        return "", None
    _, words, member = max(inside, key=lambda entry: entry[0])
    return words, member


def _spot(spots: tuple[int, ...], clause: Clause) -> int:
    """The first of some places in the text that lies in a clause; -1 if none does."""
    return next((start for start in sorted(spots) if _inside(start, clause)), -1)


def _quoted(clause: Clause, event: str) -> str:
    """Speech between quotation marks; a title between them is none."""
    for quote in _QUOTE.finditer(clause.text):
        before = clause.text[: quote.start()].rstrip()
        told = event in _SPEAKS or before.endswith((":", ",")) or not before
        if told and (" " in quote[1].strip() or quote[1].rstrip()[-1:] in ENDS):
            return quote[1].strip()
    return ""


def _inside(start: int, clause: Clause) -> bool:
    return clause.start <= start < clause.end


def _event(clause: Clause, company: Company) -> tuple[int | None, str, Event | None]:
    inside = [
        event
        for event in company.reading.events
        if _inside(event.start, clause)
        and event.id not in _NO_PICTURE
        and not _DENIED.search(company.reading.logline[clause.start : event.start])
        and not company.phrases.is_attribute(event.start)
    ]
    strong = [event for event in inside if event.id not in _WEAK]
    chosen = next(iter([*strong, *inside]), None)
    if chosen is None:
        return None, "", None
    return chosen.start, chosen.id, lexicon.entries("events")[chosen.id]


def _places(clause: Clause, company: Company) -> list[tuple[Item, str, str]]:
    reading = company.reading
    inside = [item for item in reading.places if _inside(item.start, clause)]
    return [(item, *place_of(item.id, item.english.word, reading.steppe)) for item in inside]


def _elsewhere(before: Scene | None, company: Company) -> tuple[str, str]:
    """Where a clause plays that does not say where."""
    reading = company.reading
    if before is not None:
        return before.setting, before.place
    if reading.places:
        item = reading.places[0]
        return place_of(item.id, item.english.word, reading.steppe)
    entry = reading.hero.entry
    if reading.steppe and entry is not None and entry.steppe and entry.home:
        return entry.home
    if reading.steppe and reading.hero.known:
        return "steppe", "the open steppe"
    if reading.home is not None:
        return reading.home, named(reading.home).place
    return NEUTRAL, named(NEUTRAL).prompt


def _time(clause: Clause, before: Scene | None, reading: Reading, things: list[Thing]) -> Time:
    """What the clause says, else as before, else what the logline says first; where that says
    nothing either, night under a moon, else day."""
    told = acting.find("time", clause.text)
    if told is None and before is not None:
        return before.time
    told = told or acting.find("time", reading.logline)
    if told is None and any(thing.prop.kind in BY_NIGHT for thing in things):
        return Time.NIGHT
    return Time(told or "day")


def _weather(clause: Clause, before: Scene | None, setting: str) -> Weather | None:
    """What the clause says, else as it was before at the same place."""
    told = acting.find("weather", clause.text)
    if told is not None:
        return Weather(told)
    return before.weather if before is not None and before.setting == setting else None


def _acting(
    clause: Clause,
    event: Event | None,
    subject: Member,
    others: list[Member],
    things: list[Thing],
    company: Company,
) -> tuple[Pose, Emotion, tuple[Pose, Emotion]]:
    """Pose and mood of the subject, and of the others."""
    small = any(is_small(thing) for thing in things)
    pose, emotion = Pose.HOLDING if small else Pose.STANDING, Emotion.CURIOUS
    answer = (Pose.STANDING, Emotion.CURIOUS)
    if event is not None:
        pose, emotion = _words(event.hero)
        if pose is Pose.PLAYING_DOMBRA:
            pose = _playing(things)
        answer = _words(event.other)
    else:
        told = acting.find("pose", clause.text)
        pose = Pose(told) if told else pose
    mood, at = acting.spot("emotion", clause.text)
    if mood is not None:
        gap = [m.actor.start - clause.start - at for m in others]
        if any(0 <= letters <= _NEAR for letters in gap):
            answer = (answer[0], Emotion(mood))
        elif subject.actor.start - clause.start - at <= _NEAR or event is None:
            emotion = Emotion(mood)
    described = _described(clause, others, company)
    answer = described or answer
    if pose is Pose.RIDING:
        pose = _seat(event, things, company)
    return pose, emotion, answer


def _described(
    clause: Clause, others: list[Member], company: Company
) -> tuple[Pose, Emotion] | None:
    """What another one does by the way: "finds a sleeping child"."""
    for event in company.reading.events:
        if not _inside(event.start, clause) or not company.phrases.is_attribute(event.start):
            continue
        first, last = company.phrases.after(event.start)
        if any(first <= spot < last for member in others for spot in member.spots):
            return _words(lexicon.entries("events")[event.id].hero)
    return None


def _playing(things: list[Thing]) -> Pose:
    for thing in things:
        for pose, instruments in _MUSIC.items():
            if instruments.search(f"{thing.item.english:bare}"):
                return pose
    return Pose.SITTING


def _seat(event: Event | None, things: list[Thing], company: Company) -> Pose:
    """What somebody who rides sits on: an animal if there is one, else a seat."""
    animal = any(thing.prop.kind in RIDDEN for thing in things)
    saddled = event is not None and event.mount and company.reading.steppe
    return Pose.RIDING if animal or saddled else Pose.STEERING


def _words(line: str) -> tuple[Pose, Emotion]:
    pose, emotion, *_ = line.split()
    return Pose(pose), Emotion(emotion)
