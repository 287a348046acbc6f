"""Plots and their beats: which plot fits a logline, and which of its moments fit into N frames.

A plot (``plots/*.json``) is a row of moments in story order, each with its beat (set-up, want,
trick, escalation, reversal, pay-off, closing image), its weight, its blocking and its caption in
three languages. ``tale`` is the plot for every story that no other one knows.

A moment is told only where every noun of its templates is there: what a logline may leave out
(an animal, a helper) has another moment of the same slot that does without it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from ...story import Setting, Time
from . import film
from .data import Data, Named, Wordings, slots_of
from .reading import Reading

Beat = Literal["set-up", "want", "trick", "escalation", "reversal", "pay-off", "closing image"]
BEATS: tuple[str, ...] = get_args(Beat)
PLOTS = ("hoard", "coat", "race", "feast", "thief", "court", "sale", "giant", "lesson")
"""In the order in which a draw between them is decided."""
SLOTS = ("hero", "folk", "rival", "helper", "animal", "item", "thing")
"""The nouns that a template may ask for; ``hero`` and ``folk`` are always there."""


def _blank_apart(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


BlankApart = Annotated[tuple[str, ...], BeforeValidator(_blank_apart)]
Camera = Annotated[str, AfterValidator(film.check_camera)]
Figure = Annotated[str, AfterValidator(film.check_figure)]
Thing = Annotated[str, AfterValidator(film.check_prop)]


class Moment(Data):
    """One possible shot of a plot, as its author wrote it."""

    beat: Beat
    weight: Annotated[float, Field(alias="w", gt=0)]
    """The higher, the sooner it gets a frame."""
    at: str
    """Key of a scene of the plot."""
    time: Time
    camera: Annotated[Camera, Field(alias="cam")]
    cast: tuple[Figure, ...]
    props: tuple[Thing, ...]
    action: Annotated[str, Field(alias="do", min_length=1)]
    en: Wordings
    ru: Wordings
    kk: Wordings
    slot: str = ""
    """Of several moments with the same slot, the first whose conditions hold is used."""
    conditions: Annotated[tuple[str, ...], Field(alias="if")] = ()
    """Any of these; each is one or more cues that must all be there."""

    def captions(self, language: str) -> tuple[str, ...]:
        """Its wordings in one language."""
        return {"en": self.en, "ru": self.ru, "kk": self.kk}[language]

    @cached_property
    def needs(self) -> frozenset[str]:
        """The nouns without which it cannot be told."""
        return slots_of(self.action, *self.en, *self.ru, *self.kk)

    def fits(self, cues: set[str], slots: Iterable[str]) -> bool:
        """Whether one of its conditions holds and each of its nouns is among ``slots``."""
        held = not self.conditions or any(cues.issuperset(c.split()) for c in self.conditions)
        return held and self.needs.issubset(slots)


class Plot(Data):
    """A kind of story."""

    name: str
    titles: Annotated[Named | None, Field(alias="title")] = None
    """By language; none if the story is called by its first clause."""
    cues: dict[str, float]
    minimum: Annotated[float, Field(alias="min")]
    """Sum of cue weights below which the plot is not meant."""
    needs: tuple[str, ...]
    """Cues without which it cannot be told; ``a|b`` is either."""
    prefer: BlankApart = ()
    """Roles that make the best rival."""
    helpers: BlankApart = ()
    """Roles that may be the helper; empty for any."""
    item: BlankApart = ("thing", "animal")
    """Whether the ``item`` is rather an animal or a thing."""
    animals: BlankApart = ()
    """Which animal of several is the one."""
    rival_home: tuple[str, ...] = ()
    """Scenes that move to where such a rival lives, if the lexicon knows."""
    scenes: dict[str, tuple[Literal["main", "next"] | Setting, str]]
    """Key -> setting and its words; ``main`` and ``next`` are where the logline says."""
    moments: tuple[Moment, ...]


@cache
def plot(name: str) -> Plot:
    """The plot of that name, one of :data:`PLOTS`."""
    file = Path(__file__).parent / "plots" / f"{name}.json"
    data: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return Plot.model_validate({"name": name, **data})


def choose(reading: Reading) -> Plot | None:
    """The plot that a logline of Aldar Köse's world speaks of most; ``None`` if none is meant."""
    if reading.hero.known is None:
        return None
    cues = reading.cues
    best, most = None, 0.0
    for name in PLOTS:
        candidate = plot(name)
        score = sum(weight for cue, weight in candidate.cues.items() if cue in cues)
        told = all(any(cue in cues for cue in need.split("|")) for need in candidate.needs)
        if told and score >= candidate.minimum and score > most:
            best, most = candidate, score
    return best


def applicable(moments: tuple[Moment, ...], cues: set[str], filled: Iterable[str]) -> list[Moment]:
    """The moments that can be told, one for each slot, in order.

    :param filled: the nouns of :data:`SLOTS` that the story has.
    """
    chosen: list[Moment] = []
    slots: set[str] = set()
    for moment in moments:
        if moment.slot and moment.slot in slots:
            continue
        if moment.fits(cues, filled):
            slots.add(moment.slot)
            chosen.append(moment)
    return chosen
