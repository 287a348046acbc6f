"""The offline planner: a logline becomes a shotlist by story beats, without a language model.

read the logline -> choose a plot -> cast it -> keep the moments that fit into the frames ->
stage them -> cover them if there are frames to spare. Deterministic; a few milliseconds.
"""

from __future__ import annotations

from ...story import (
    Angle,
    BoardFormat,
    DialogueLine,
    Facing,
    Move,
    Planner,
    Setting,
    Shot,
    Size,
    Story,
)
from . import film, retelling
from .beats import Moment, Plot, applicable, choose, fit
from .company import Company
from .coverage import Coverage
from .language import ENDS, plain
from .lengths import shorten, write
from .lexicon import entries
from .looks import Dice
from .places import place_of
from .reading import Item, Reading, read, unread
from .recognition import recognise

NOTE = "planned offline from story beats; no language model was used"
NOT_UNDERSTOOD = (
    "the logline's language was not recognised as English, Russian or Kazakh: its words are kept "
    "in title and captions, the pictures tell a general story; a planner profile with a language "
    "model would understand it"
)

_WORLD = {
    (True, "main"): (
        ("aul", "a village of felt yurts"),
        ("yurt_outside", "outside a lonely yurt"),
        ("steppe", "the high pasture"),
    ),
    (True, "next"): (
        ("steppe", "the open steppe"),
        ("river", "the bank of a steppe river"),
        ("road", "a track across the steppe"),
    ),
    (False, "main"): (
        ("town", "a quiet street"),
        ("road", "a road out of town"),
        ("room", "a small room with one window"),
    ),
    (False, "next"): (
        ("road", "a road between fields"),
        ("forest", "the edge of a forest"),
        ("river", "the river bank"),
    ),
}

_AROUND_TOWN = (
    ("town", "a dark side street"),
    ("road", "a road out of town"),
    ("river", "the river embankment"),
)


def plan(
    logline: str, frames: int | None, format: BoardFormat, style: str, tongue: str | None
) -> Story:
    """Plan a checked logline, see :func:`storyboard.planning.plan`."""
    text = plain(logline)
    understood = recognise(text)
    if understood is None:
        reading = unread(text, tongue or "en")
    else:
        reading = read(text, tongue or understood)
    director = _Director(reading, choose(reading))
    shots = director.shoot(frames or reading.frames())
    people = director.company.characters
    seen = {member.character for shot in shots for member in shot.cast}
    cast = {people["hero"].id: people["hero"]}
    cast |= {person.id: person for person in people.values() if person.id in seen}
    return write(
        Story,
        title=director.title(),
        logline=logline,
        language=reading.language,
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
    """Stages one plot with one company."""

    def __init__(self, reading: Reading, plot: Plot) -> None:
        self.reading = reading
        self.plot = plot
        self.dice = Dice(reading.logline)
        self.company = Company(reading, plot, self.dice)
        self._flip = self.dice.roll("side", 2) == 1
        self._scenes = self._find_scenes()

    def title(self) -> str:
        """The plot's title; a tale is called by its first clause."""
        if self.plot.titles is None:
            first = next(c.end for c in self.reading.clauses if c.closes)
            title = self.reading.logline[:first].strip(" " + ENDS) or self.reading.logline
            return shorten(title[0].upper() + title[1:], 70)
        return self.company.caption(self.plot.titles[self.reading.language])

    def shoot(self, total: int) -> list[Shot]:
        """Exactly ``total`` shots, numbered and timed."""
        moments, clauses, weights = self._moments()
        if total == 1:
            return [self._finish([self._poster(moments, weights)])[0]]
        picked = fit(moments, weights, total)
        masters = [self._stage(moments[index], clauses.get(index)) for index in picked]
        film.vary(masters)
        if total > len(masters):
            kept = [weights[index] for index in picked]
            masters = Coverage(self.company).stretch(masters, kept, total)
            film.vary(masters)
        return self._finish(masters)

    def _moments(self) -> tuple[list[Moment], dict[int, int], list[float]]:
        """The plot's moments, the clause that each of them shows, and their weights."""
        usable = applicable(self.plot.moments, self.reading.cues, self.company.nouns)
        left = list(range(len(self.reading.clauses)))
        moments: list[Moment] = []
        clauses: dict[int, int] = {}
        weights: list[float] = []
        for moment in usable:
            weight = moment.weight
            if moment.clause and left:
                clauses[len(moments)] = left.pop(0)
            elif moment.clause and moment.fallback is not None:
                weight = moment.fallback
            if weight > 0:
                moments.append(moment)
                weights.append(weight)
        return moments, clauses, weights

    def _find_scenes(self) -> dict[str, tuple[Setting, str]]:
        """The plot's scenes; ``main`` and ``next`` are where the logline says."""
        places = self.reading.places
        home = self._place(places[0]) if places else None
        away = self._place(places[1]) if len(places) > 1 else None
        hero = self.reading.hero.entry
        own = hero.home if hero is not None else None
        if own and (not home or not self._opens_at(places[0])):
            home, away = own, home or away
        rival = entries("roles").get(self.company.rival_role)
        scenes: dict[str, tuple[Setting, str]] = {}
        for key, (setting, place) in self.plot.scenes.items():
            if key == "main" and home:
                scenes[key] = home
            elif key == "next" and (away or places):
                scenes[key] = away or self._place(places[0])
            elif key in self.plot.rival_home and rival is not None and rival.home:
                scenes[key] = rival.home
            elif setting in ("main", "next"):
                scenes[key] = self._world(setting, scenes.get("main"))
            else:
                scenes[key] = setting, place
        return scenes

    def _opens_at(self, place: Item) -> bool:
        """Whether the logline's first clause names that place."""
        return place.start < self.reading.clauses[0].end

    def _place(self, item: Item) -> tuple[Setting, str]:
        return place_of(item.id, item.english.word, self.reading.steppe)

    def _world(self, key: str, home: tuple[Setting, str] | None) -> tuple[Setting, str]:
        """Where a story plays that does not say where; ``home`` is where it began."""
        choices = _WORLD[self.reading.steppe, key]
        if key == "next" and home is not None and home[0] in ("town", "room"):
            choices = _AROUND_TOWN
        return choices[self.dice.roll("world " + key, len(choices))]

    def _stage(self, moment: Moment, clause: int | None) -> Shot:
        """A moment as a shot; ``clause`` is the piece of the logline that it shows."""
        setting, place = self._scenes[moment.at]
        cast, props = list(moment.cast), list(moment.props)
        action = self.company.action(moment.action)
        caption = self._caption(moment)
        if clause is not None:
            caption = retelling.caption(clause, self.company)
            picture = retelling.picture(clause, self.company, cast)
            if picture is not None:
                cast, props, action = picture.cast, picture.props, picture.action
                if picture.place:
                    item = next(p for p in self.reading.places if p.id == picture.place)
                    setting, place = self._place(item)
        size, angle, move = film.camera(moment.camera, self._flip)
        people = self.company.characters
        figures = film.block(cast, people, angle, self._flip)
        if angle is Angle.OVER_SHOULDER and len(figures) != 2:
            angle = Angle.EYE
        return write(
            Shot,
            number=1,
            place=place,
            setting=setting,
            time=moment.time,
            size=film.fitting_size(size, len(figures)),
            angle=angle,
            move=move,
            cast=figures,
            props=film.dress(props, figures, people, self.company.props, self._flip),
            action=action,
            beat=moment.beat,
            caption=caption,
            dialogue=self._dialogue(moment) if clause is None else [],
        )

    def _caption(self, moment: Moment) -> str:
        lines = moment.captions(self.reading.language)
        return self.company.caption(lines[self.dice.roll(moment.action, len(lines))])

    def _dialogue(self, moment: Moment) -> list[DialogueLine]:
        if not moment.say or moment.say[0] not in self.company.characters:
            return []
        line = moment.say[1 + ("en", "ru", "kk").index(self.reading.language)]
        speaker = self.company.characters[moment.say[0]].id
        return [write(DialogueLine, character=speaker, text=self.company.caption(line))]

    def _poster(self, moments: list[Moment], weights: list[float]) -> Shot:
        """The whole story in one frame: its heaviest moment after the first that shows the hero."""
        able = [
            index
            for index in range(1, len(moments))
            if any(line.startswith("hero") for line in moments[index].cast)
        ]
        best = max(able, key=lambda index: (len(moments[index].cast) == 2, weights[index]))
        shot = self._stage(moments[best], None)
        shot.size, shot.angle, shot.move = Size.MEDIUM, Angle.EYE, Move.STATIC
        return write(Shot, **dict(shot) | {"caption": self.reading.logline, "dialogue": []})

    def _finish(self, shots: list[Shot]) -> list[Shot]:
        """Number and time the shots, and open on the hero's face."""
        hero = self.company.characters["hero"].id
        for member in shots[0].cast:
            if member.character == hero:
                member.facing = Facing.FRONT
        for number, shot in enumerate(shots, 1):
            shot.number = number
            spoken = " ".join(line.text for line in shot.dialogue)
            shot.duration = film.seconds(shot.caption, spoken, shot.size)
            shot.face_visible = film.shows_face(shot, hero)
        return shots
