"""The logline's own clauses as captions ("…and must decide") and as action lines."""

from __future__ import annotations

import re

from .company import Company
from .language import Clause
from .names import ENGLISH_VERB, RUSSIAN_VERB
from .phrases import sentence
from .scenes import Scene

_CONJUNCTION = re.compile(r"(?:and|but|so|then|и|но|а)\s+")
_SECOND_SUBJECT = re.compile(r"\b(?:that|who|which|что|который|которая)\b")


def caption(index: int, clauses: list[Clause], company: Company) -> str:
    """A clause of the logline as a sentence, with dots where it is torn off."""
    clause = clauses[index]
    subject = "" if clause.opens else _with_subject(index, clauses, company)
    if subject:
        return sentence(subject, cut_after=not clause.closes)
    return sentence(clause.text, not clause.opens, not clause.closes)


def _with_subject(index: int, clauses: list[Clause], company: Company) -> str:
    """'and must decide' -> 'Mara must decide', where the hero is what the sentence speaks of."""
    reading = company.reading
    before, clause = clauses[index - 1], clauses[index]
    opening = _CONJUNCTION.match(clause.text)
    if opening is None or not before.opens:
        return ""
    others = [actor.start for actor in reading.others if before.start <= actor.start < before.end]
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


def action(scene: Scene, company: Company) -> str:
    """English: the clause itself where it is English, else what the event looks like."""
    reading = company.reading
    if reading.language == "en" and company.phrases.understood:
        return scene.clause.text.strip(" ….") or scene.clause.text
    slot = scene.subject.slot
    do = scene.event.do if scene.event is not None else "{hero} stands still, about to act"
    text = company.action(do.replace("{hero", "{" + slot))
    others = [f"{company.english[member.slot]}" for member in scene.others[:3]]
    seen = [f"{thing.item.english:a}" for thing in scene.things[:3]]
    text += f", before {' and '.join(others)}" if others else ""
    return f"{text}, with {' and '.join(seen)}" if seen else text
