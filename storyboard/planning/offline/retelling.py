"""The logline's own words as captions and as blocking.

A story that no plot knows is told by itself: its clauses become captions ("…and must decide"),
and what happens in them (find, steal, run) says how the figures stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import lexicon
from .company import Company
from .language import ENDS, Clause
from .lexicon import Mention
from .names import ENGLISH_VERB, RUSSIAN_VERB
from .reading import Item, Reading

_CONJUNCTION = re.compile(r"(?:and|but|so|then|и|но|а)\s+")
_SECOND_SUBJECT = re.compile(r"\b(?:that|who|which|что|который|которая)\b")
_WEAK = {"decide", "dream", "magic", "greed", "lone", "lie", "cold", "trick", "judge"}
"""Events that are no picture of their own, if the clause has another one."""


def caption(index: int, company: Company) -> str:
    """A clause of the logline as a sentence, with dots where it is torn off."""
    reading = company.reading
    clause = reading.clauses[index]
    text = clause.text
    if clause.opens:
        text = text[0].upper() + text[1:]
    else:
        subject = _with_subject(index, company)
        text = subject or f"…{text}"
    if not clause.closes:
        return f"{text}…"
    return text if text[-1] in ENDS + '»"”」』' else f"{text}."


def _with_subject(index: int, company: Company) -> str:
    """'and must decide' -> 'Mara must decide', where the hero is what the sentence speaks of."""
    reading = company.reading
    before, clause = reading.clauses[index - 1], reading.clauses[index]
    opening = _CONJUNCTION.match(clause.text)
    if opening is None or not before.opens:
        return ""
    others = [actor.start for actor in reading.others if _inside(actor.start, before)]
    if min(others, default=reading.hero.start) < reading.hero.start:
        return ""
    if not before.start <= reading.hero.start < before.start + 30:
        return ""
    if _SECOND_SUBJECT.search(before.text):
        return ""
    rest = clause.text[opening.end() :]
    verb = rest.split()[0].lower().strip(",.")
    pattern = {"en": ENGLISH_VERB, "ru": RUSSIAN_VERB}.get(reading.language)
    if pattern is None or not pattern.fullmatch(verb):
        return ""
    return company.caption("{hero} ") + rest


@dataclass(frozen=True)
class Picture:
    """How a clause is staged, in the words of :mod:`.film`."""

    cast: list[str]
    props: list[str]
    action: str
    place: str
    """Id of a place, or empty."""


def picture(index: int, company: Company, own_cast: list[str]) -> Picture | None:
    """The blocking of a clause; ``None`` if nothing in it can be shown."""
    reading = company.reading
    clause = reading.clauses[index]
    event = _event(reading, clause)
    things = [item for item in (*reading.animals, *reading.things) if _inside(item.start, clause)]
    place = next((p.id for p in reading.places if _inside(p.start, clause)), "")
    if event is None and not things and not place:
        return None
    people = {"hero": reading.hero, "rival": reading.rival, "helper": reading.helper}
    starts = {slot: actor.start for slot, actor in people.items() if actor is not None}
    slots = sorted(
        (
            slot
            for slot, start in starts.items()
            if slot in company.characters and _inside(start, clause)
        ),
        key=starts.__getitem__,
    )
    subject = slots[0] if slots and not _with_subject(index, company) else "hero"
    cast, action = own_cast, "{hero} stands still, something is about to happen"
    props: list[str] = []
    if event is not None:
        entry = lexicon.entries("events")[event.id]
        others = [slot for slot in slots if slot != subject][:1]
        cast = [f"{subject} {entry.hero}"]
        cast += [f"{slot} {entry.other}" for slot in others]
        if subject != "hero" and not others:
            cast.append("hero standing surprised")
        cast.sort(key=lambda line: not line.startswith("hero"))
        action = entry.do.replace("{hero", "{" + subject)
        if entry.mount and not any(item.id == "horse" for item in things):
            props.append("horse center")
        if entry.prop:
            props.append(f"{entry.prop.value}@{subject}")
    spots = ["right", "far_left", "far_right"]
    for item in things[:3]:
        prop = lexicon.entries("things")[item.id].prop
        if prop and not any(line.split("@")[0].split()[0] == prop.value for line in props):
            props.append(f"{prop.value} {spots[len(props) % 3]}")
    return Picture(cast, props, _action(index, action, things, company), place)


def _action(index: int, action: str, things: list[Item], company: Company) -> str:
    """English: the clause itself where it is English, else what the event looks like."""
    if company.reading.language == "en":
        return caption(index, company).strip("….")
    seen = [f"{item.english:a}" for item in things[:3]]
    text = company.action(action)
    return f"{text}, with {' and '.join(seen)}" if seen else text


def _event(reading: Reading, clause: Clause) -> Mention | None:
    inside = [event for event in reading.events if _inside(event.start, clause)]
    strong = [event for event in inside if event.id not in _WEAK]
    return next(iter([*strong, *inside]), None)


def _inside(start: int, clause: Clause) -> bool:
    return clause.start <= start < clause.end
