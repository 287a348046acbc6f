"""Plots and their beats: which plot fits a logline, and which of its moments fit into N frames.

A plot (``plots/*.json``) is a row of moments in story order, each with its beat (set-up, want,
trick, escalation, reversal, pay-off, closing image), its weight, its blocking and its caption in
three languages. ``tale`` is the plot for every story that no other one knows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from .reading import Reading

BEATS = ("set-up", "want", "trick", "escalation", "reversal", "pay-off", "closing image")
PLOTS = (
    "hoard", "coat", "race", "feast", "thief", "court", "sale", "giant", "lesson",
    "seek", "find", "chase", "make", "play", "love", "help", "wait", "quest", "tale",
)  # fmt: skip
"""In the order in which a draw between them is decided; from ``seek`` on they vary ``tale``."""


@dataclass(frozen=True)
class Moment:
    """One possible shot of a plot, as its author wrote it."""

    beat: str
    weight: float
    """The higher, the sooner it gets a frame."""
    at: str
    """Key of a scene of the plot."""
    time: str
    camera: str
    cast: tuple[str, ...]
    props: tuple[str, ...]
    action: str
    captions: dict[str, list[str]]
    say: tuple[str, ...] = ()
    """Slot of the speaker, then the line in English, Russian and Kazakh."""
    slot: str = ""
    """Of several moments with the same slot, the first whose conditions hold is used."""
    conditions: tuple[str, ...] = ()
    """Any of these; each is one or more cues that must all be there."""
    clause: bool = False
    """Shows a piece of the logline itself, if there is one left."""
    fallback: float | None = None
    """Weight if there is none."""


@dataclass(frozen=True)
class Plot:
    """A kind of story."""

    name: str
    titles: dict[str, str]
    """By language; empty if the story is called by its first clause."""
    cues: dict[str, float]
    minimum: float
    """Sum of cue weights below which the plot is not meant."""
    needs: tuple[str, ...]
    """Cues without which it cannot be told; ``a|b`` is either."""
    steppe: bool
    """Told only in Aldar Köse's world."""
    default: dict[str, str]
    """Slot -> role or animal that the logline leaves out."""
    prefer: tuple[str, ...]
    """Roles that make the best rival."""
    helpers: tuple[str, ...]
    """Roles that may be the helper; empty for any."""
    item: tuple[str, ...]
    """Whether the ``item`` is rather an animal or a thing."""
    animals: tuple[str, ...]
    """Which animal of several is the one."""
    rival_home: tuple[str, ...]
    """Scenes that move to where such a rival lives, if the lexicon knows."""
    scenes: dict[str, tuple[str, str]]
    moments: tuple[Moment, ...]


def _moment(data: dict[str, Any]) -> Moment:
    captions = {
        language: [data[language]] if isinstance(data[language], str) else data[language]
        for language in ("en", "ru", "kk")
    }
    return Moment(
        beat=data["beat"],
        weight=data["w"],
        at=data["at"],
        time=data["time"],
        camera=data["cam"],
        cast=tuple(data["cast"]),
        props=tuple(data["props"]),
        action=data["do"],
        captions=captions,
        say=tuple(data.get("say", ())),
        slot=data.get("slot", ""),
        conditions=tuple(data.get("if", ())),
        clause=data.get("clause", False),
        fallback=data.get("fallback"),
    )


@cache
def plot(name: str) -> Plot:
    """The plot of that name, one of :data:`PLOTS`."""
    file = Path(__file__).parent / "plots" / f"{name}.json"
    data = json.loads(file.read_text("utf-8"))
    moments = tuple(_moment(moment) for moment in data["moments"])
    if "base" in data:
        return _variation(name, data, moments, plot(data["base"]))
    return Plot(
        name=name,
        titles=data.get("title", {}),
        cues=data["cues"],
        minimum=data["min"],
        needs=tuple(data["needs"]),
        steppe=data.get("steppe", False),
        default=data.get("default", {}),
        prefer=tuple(data.get("prefer", "").split()),
        helpers=tuple(data.get("helpers", "").split()),
        item=tuple(data.get("item", "thing animal").split()),
        animals=tuple(data.get("animals", "").split()),
        rival_home=tuple(data.get("rival_home", ())),
        scenes={key: (setting, place) for key, (setting, place) in data["scenes"].items()},
        moments=moments,
    )


def _variation(name: str, data: dict[str, Any], moments: tuple[Moment, ...], base: Plot) -> Plot:
    """A plot that tells some slots of its base in its own way, ahead of the base's wording."""
    merged: list[Moment] = []
    told: set[str] = set()
    for moment in base.moments:
        if moment.slot not in told:
            told.add(moment.slot)
            merged += [own for own in moments if own.slot == moment.slot]
        merged.append(moment)
    return replace(
        base,
        name=name,
        cues=data["cues"],
        minimum=data["min"],
        needs=tuple(data["needs"]),
        moments=tuple(merged),
    )


def choose(reading: Reading) -> Plot:
    """The plot whose cues the logline speaks most of; ``tale`` if none is meant."""
    cues = reading.cues
    best, most = plot("tale"), 0.0
    for name in PLOTS:
        one = plot(name)
        score = sum(weight for cue, weight in one.cues.items() if cue in cues)
        told = all(any(cue in cues for cue in need.split("|")) for need in one.needs)
        hero_fits = reading.hero.role not in one.prefer
        if not told or not hero_fits or (one.steppe and not reading.steppe):
            continue
        if score >= one.minimum and score > most:
            best, most = one, score
    return best


def applicable(moments: tuple[Moment, ...], cues: set[str]) -> list[Moment]:
    """The moments whose conditions hold, one for each slot, in order."""
    chosen: list[Moment] = []
    slots: set[str] = set()
    for moment in moments:
        if moment.slot and moment.slot in slots:
            continue
        if moment.conditions and not any(
            all(cue in cues for cue in condition.split()) for condition in moment.conditions
        ):
            continue
        slots.add(moment.slot)
        chosen.append(moment)
    return chosen


_FIRST = ("set-up", "pay-off", "trick", "reversal", "closing image", "want", "escalation")
"""Which beats a short board tells before it tells any beat twice."""


def fit(moments: list[Moment], weights: list[float], count: int) -> list[int]:
    """Indices of ``count`` moments in story order: one for each beat, then the heaviest left.

    The first moment, which shows the hero's face, is always among them.
    """
    picked = [0]
    for beat in _FIRST:
        own = [index for index, moment in enumerate(moments) if moment.beat == beat]
        if own and 0 not in own:
            picked.append(max(own, key=lambda index: weights[index]))
    rest = [index for index in range(len(moments)) if index not in picked]
    picked += sorted(rest, key=lambda index: (-weights[index], index))
    return sorted(picked[:count])
