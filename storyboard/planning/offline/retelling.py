"""Action lines: what a clause of the logline looks like, in English."""

from __future__ import annotations

from .company import Company
from .scenes import Scene


def action(scene: Scene, company: Company) -> str:
    """English: the clause itself where it is English, else what the event looks like."""
    reading = company.reading
    if reading.language == "en" and company.phrases.understood:
        return scene.told.strip(" ….") or scene.clause.text
    slot = scene.subject.slot
    do = scene.event.do if scene.event is not None else "{hero} stands still, about to act"
    text = company.action(do.replace("{hero", "{" + slot))
    others = [f"{company.english[member.slot]}" for member in scene.others[:3]]
    seen = [f"{thing.item.english:a}" for thing in scene.things[:3]]
    text += f", before {' and '.join(others)}" if others else ""
    return f"{text}, with {' and '.join(seen)}" if seen else text
