"""The offline planner: a logline becomes a shotlist without a language model.

read the logline -> a scene for each of its clauses -> the views a scene is covered with, and the
moments of a plot of Aldar Köse's that the logline tells -> as many of them as there are frames.
Deterministic; a few milliseconds.
"""

from __future__ import annotations

from ...story import (
    BoardFormat,
    Facing,
    Planner,
    Pose,
    Setting,
    Shot,
    Story,
)
from . import cutting, film
from .beats import Moment, Plot, applicable, choose
from .company import Company
from .coverage import Coverage, Idea
from .data import slots_of
from .language import ENDS, clauses, plain
from .lengths import shorten, write
from .lexicon import entries
from .looks import Dice
from .phrases import Phrases
from .reading import Reading, read, unread
from .recognition import recognise
from .scenes import Scene, scenes

NOTE = "planned offline by rules; no language model was used: it shows what the words say, no more"
NOT_UNDERSTOOD = (
    "the logline was not recognised as English, Russian or Kazakh: its words are kept in title and "
    "captions, grey figures stand on a neutral set; a planner with a language model may understand"
)
_MOST_SCENES = 6


def plan(
    logline: str, frames: int | None, format: BoardFormat, style: str, tongue: str | None
) -> Story:
    """Plan a checked logline, see :func:`storyboard.planning.plan`."""
    text = plain(logline)
    understood = recognise(text)
    reading = unread(text, tongue or "en") if understood is None else read(text, understood)
    total = frames or reading.frames()
    director = _Director(reading, total, understood is not None, tongue or reading.language)
    shots = director.shoot()
    people = director.company.characters
    seen = {member.character for shot in shots for member in shot.cast}
    seen |= {line.character for shot in shots for line in shot.dialogue}
    cast = {people["hero"].id: people["hero"]}
    cast |= {person.id: person for person in people.values() if person.id in seen}
    return write(
        Story,
        title=director.title(),
        logline=logline,
        language=tongue or reading.language,
        format=format,
        style=style,
        characters=list(cast.values()),
        shots=shots,
        planner=Planner(kind="offline", note="; ".join([NOTE, *_doubts(understood, tongue)])),
    )


def _doubts(understood: str | None, asked: str | None) -> list[str]:
    """What the user should know about the language of the captions."""
    if understood is None:
        return [NOT_UNDERSTOOD]
    if asked in (None, understood):
        return []
    return [f"captions were asked for in {asked!r}, the logline's own words stay {understood!r}"]


class _Director:
    """Makes the board of one logline."""

    def __init__(self, reading: Reading, total: int, understood: bool, tongue: str) -> None:
        self.reading = reading
        self.total = total
        self.plot = choose(reading)
        self.dice = Dice(reading.logline)
        self.phrases = Phrases(reading.logline, reading.language, understood)
        self.company = Company(reading, self.plot, self.dice, self.phrases, tongue)
        self._flip = self.dice.roll("side", 2) == 1
        cut = clauses(reading.logline, reading.language, max(1, min(_MOST_SCENES, total - 1)))
        self._scenes: list[Scene] = scenes(cut, self.company)

    def title(self) -> str:
        """The plot's title; any other story is called by its first sentence."""
        told = self.plot.titles[self.company.language] if self.plot and self.plot.titles else ""
        if not told or not slots_of(told) <= set(self.company.nouns):
            first = next(c.end for c in self.reading.clauses if c.closes)
            title = self.reading.logline[:first].strip(" " + ENDS) or self.reading.logline
            return shorten(title[0].upper() + title[1:], 70)
        return self.company.caption(told)

    def shoot(self) -> list[Shot]:
        """The shots, numbered and timed, the hero's face in the first."""
        coverage = Coverage(self.company, self._scenes, self._flip)
        ideas = cutting.choose(coverage, self._moments(), self.total)
        self._open_on(ideas[0].shot)
        shots = cutting.Cutter(self.dice, self._flip, self.company.characters["hero"].id).cut(ideas)
        cutting.caption(shots, ideas, self.phrases)
        return self._finish(shots, ideas)

    def _open_on(self, shot: Shot) -> None:
        hero = self.company.characters["hero"].id
        for member in shot.cast:
            if member.character == hero:
                member.facing = Facing.FRONT

    def _moments(self) -> list[Idea]:
        """The moments of the plot that speak of whom and what the logline names."""
        if self.plot is None:
            return []
        usable = applicable(self.plot.moments, self.reading.cues, self.company.nouns)
        found: list[Idea] = []
        for index, moment in enumerate(usable):
            if index == 0:
                continue  # the hero's portrait, which every board opens on
            slots = {line.split()[0] for line in moment.cast}
            if not slots <= set(self.company.characters) or not moment.needs:
                continue
            place = (index + 0.5) / len(usable) * len(self._scenes)
            scene = min(len(self._scenes) - 1, int(place))
            order = (scene, 1.1 + (place - scene))
            found.append(self._moment(moment, self.plot, order))
        return found

    def _moment(self, moment: Moment, plot: Plot, order: tuple[float, float]) -> Idea:
        setting, place = self._scene_of(moment, plot, order)
        size, angle, move = film.camera(moment.camera, self._flip)
        people = self.company.characters
        figures = film.block(list(moment.cast), people, angle, self._flip)
        props = film.dress(list(moment.props), figures, people, self.company.props, self._flip)
        mounted = {prop.held_by for prop in props if prop.kind in film.RIDDEN}
        for member in figures:
            if member.pose is Pose.RIDING and member.character not in mounted:
                member.pose = Pose.WALKING
        lines = moment.captions(self.company.language)
        start = self.dice.roll(moment.action, len(lines))
        shot = write(
            Shot,
            number=1,
            place=place,
            setting=setting,
            time=moment.time,
            cast=figures,
            props=props,
            action=self.company.action(moment.action),
            beat=moment.beat,
        )  # fmt: skip
        cameras = (f"{size.value} {angle.value} {film.mirrored(move.value, self._flip)}",)
        lines = (*lines[start:], *lines[:start])
        captions = [self.company.caption(line) for line in lines if slots_of(line)]
        cast = [self.company.member(figure.character).phrase for figure in figures]
        captions += [self.phrases.both(*cast[:2])] if len(cast) > 1 else []
        return Idea("moment", order, 2.2 - moment.weight / 10, shot, cameras, captions)

    def _scene_of(
        self, moment: Moment, plot: Plot, order: tuple[float, float]
    ) -> tuple[Setting, str]:
        """Where a moment plays: a rival's home, where the logline says, or the plot's own set."""
        setting, place = plot.scenes[moment.at]
        rival = entries("roles").get(self.company.rival_role)
        if moment.at in plot.rival_home and rival is not None and rival.home:
            return rival.home
        if setting in ("main", "next"):
            scene = self._scenes[int(order[0])]
            return scene.setting, scene.place
        return setting, place

    def _finish(self, shots: list[Shot], ideas: list[Idea]) -> list[Shot]:
        """Number and time the shots, and say what each does for the story."""
        hero = self.company.characters["hero"].id
        last = len(self._scenes) - 1
        for number, (shot, idea) in enumerate(zip(shots, ideas, strict=True), 1):
            shot.number = number
            shot.beat = shot.beat or _beat(number, len(shots), idea, last)
            spoken = " ".join(line.text for line in shot.dialogue)
            shot.duration = film.seconds(shot.caption, spoken, shot.size)
            shot.face_visible = film.shows_face(shot, hero)
        return shots


def _beat(number: int, total: int, idea: Idea, last: int) -> str:
    """What a view does for the story, by where it stands."""
    if number == 1 or idea.kind == "place":
        return "set-up"
    if number == total:
        return "closing image"
    scene = int(idea.order[0])
    if scene == last:
        return "pay-off"
    return "want" if scene == 0 else "escalation"
