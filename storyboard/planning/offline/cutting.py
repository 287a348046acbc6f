"""Cutting: which views a board of N frames holds, how each is taken, and what stands under it.

Neighbours of the same cast never share size and angle (a jump cut), no size stands three times
running, and no two panels of a board are alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

from ...story import Angle, Emotion, Facing, Move, Shot, Size
from . import film
from .coverage import Coverage, Idea
from .looks import Dice
from .phrases import Phrases, Used

_UNSEEN_MOST = 4
"""Shots running without the hero's face that are too many."""
_JUMP = 5
"""How much worse a jump cut is than a size three times running."""


def choose(coverage: Coverage, plotted: list[Idea], total: int) -> list[Idea]:
    """``total`` views in story order: what must be seen, then what is seen best."""
    if total == 1:
        return [coverage.poster()]
    ideas = sorted([*coverage.ideas(), *plotted], key=lambda idea: idea.rank)
    missing = max(0, total - len(ideas))
    ideas = [*ideas, *islice(coverage.more(), missing)][:total]
    ideas.sort(key=lambda idea: idea.order)
    for run in _faceless(ideas, coverage.hero):
        least = max(run, key=lambda index: ideas[index].rank)
        if ideas[least].rank >= 1:
            ideas[least] = coverage.reaction(ideas[least])
    return ideas


def _faceless(ideas: list[Idea], hero: str) -> Iterator[list[int]]:
    """Runs of views that are too long without the hero's face, ends left out."""
    run: list[int] = []
    for index, idea in enumerate(ideas):
        near = idea.kind not in ("place", "far")
        run = [] if near and film.may_show_face(idea.shot, hero) else [*run, index]
        if len(run) == _UNSEEN_MOST:
            yield run[1:]
            run = []


class Cutter:
    """Gives each view of a board its camera and its caption."""

    def __init__(self, dice: Dice, flip: bool, hero: str) -> None:
        self._dice = dice
        self._hero = hero
        self._flip = flip
        self._panels: set[str] = set()
        self._sizes: Counter[Size] = Counter()

    def cut(self, ideas: list[Idea]) -> list[Shot]:
        """The shots, each with a camera that differs from its neighbour's."""
        shots: list[Shot] = []
        for index, idea in enumerate(ideas):
            shots.append(self._taken(idea, index, shots))
        return shots

    def _taken(self, idea: Idea, index: int, before: list[Shot]) -> Shot:
        shot = idea.shot
        best, least = None, None
        still = _still(shot)
        for turn, line in enumerate(self._cameras(idea, index)):
            size, angle, move = film.camera(line, self._flip)
            size = film.fitting_size(size, len(shot.cast))
            if angle is Angle.OVER_SHOULDER and len(shot.cast) != 2:
                angle = Angle.EYE
            cost = self._cost(shot, size, angle, before) * 100 + self._sizes[size] * 3 + turn
            if f"{size.value} {angle.value} {still}" in self._panels:
                continue
            if least is None or cost < least:
                best, least = (size, angle, move), cost
            if idea.fixed or (cost < 100 and turn >= len(idea.cameras) - 1):
                break
        if best is None or (least is not None and least >= _JUMP * 100):
            shot = self._turned(shot, before)
        else:
            shot.size, shot.angle, shot.move = best
        self._panels.add(self._key(shot))
        self._sizes[shot.size] += 1
        return shot

    @staticmethod
    def _key(shot: Shot) -> str:
        return f"{shot.size.value} {shot.angle.value} {_still(shot)}"

    def _cameras(self, idea: Idea, index: int) -> Iterator[str]:
        """The view's own cameras from one drawn by dice on, then every other."""
        own = idea.cameras
        start = self._dice.roll(f"camera {idea.kind} {index}", len(own))
        yield from own[start:] + own[:start]
        if index == 0:
            yield from ("MCU eye static", "MS eye push_in", "CU low static")
            return
        for size in (Size.MEDIUM, Size.MEDIUM_LONG, Size.FULL, Size.MEDIUM_CLOSE_UP, Size.WIDE,
                     Size.CLOSE_UP, Size.EXTREME_WIDE):  # fmt: skip
            for angle in (Angle.EYE, Angle.LOW, Angle.HIGH, Angle.DUTCH):
                yield f"{size.value} {angle.value} {Move.STATIC.value}"

    def _cost(self, shot: Shot, size: Size, angle: Angle, before: list[Shot]) -> int:
        """How many rules a size and angle would break here."""
        if not before:
            return 0
        last = before[-1]
        cast = {member.character for member in shot.cast}
        same = cast == {member.character for member in last.cast}
        jumps = same and angle is last.angle and film.apart(size, last.size) <= bool(cast)
        third = len(before) > 1 and size is last.size is before[-2].size
        return _JUMP * jumps + third + self._hides(shot, size, angle, before)

    def _hides(self, shot: Shot, size: Size, angle: Angle, before: list[Shot]) -> int:
        """Whether the hero, whose face was not seen for long, is too small here again."""
        running = 0
        for earlier in reversed(before):
            if film.shows_face(earlier, self._hero):
                break
            running += 1
        taken = shot.model_copy(update={"size": size, "angle": angle})
        able = film.may_show_face(shot, self._hero)
        return (running >= _UNSEEN_MOST - 1) * 2 * (able and not film.shows_face(taken, self._hero))

    def _turned(self, shot: Shot, before: list[Shot]) -> Shot:
        """The same view with another mood or side, for boards beyond every camera."""
        last = before[-1].size if before else None
        for emotion in Emotion:
            for facing in (Facing.FRONT, Facing.FRONT_LEFT, Facing.FRONT_RIGHT):
                for size in (Size.FULL, Size.WIDE, Size.EXTREME_WIDE):
                    if size is last:
                        continue
                    cast = [
                        member.model_copy(update={"emotion": emotion, "facing": facing})
                        for member in shot.cast
                    ]
                    turned = shot.model_copy(update={"cast": cast, "size": size})
                    if self._key(turned) not in self._panels:
                        return turned
        return shot


_UNSEEN = {"number", "id", "caption", "dialogue", "action", "beat", "duration", "prompt",
           "negative", "face_visible"}  # fmt: skip


def panel(shot: Shot) -> str:
    """What the staging draws a panel from, without its letters."""
    return shot.model_dump_json(exclude=_UNSEEN)


def _still(shot: Shot) -> str:
    """The same without the camera."""
    return shot.model_dump_json(include={"place", "setting", "time", "cast", "props"})


_VIEWS = (
    ({Size.WIDE, Size.EXTREME_WIDE}, None, "far"),
    (None, Angle.HIGH, "above"),
    (None, Angle.TOP, "above"),
    (None, Angle.LOW, "below"),
    ({Size.CLOSE_UP, Size.EXTREME_CLOSE_UP, Size.MEDIUM_CLOSE_UP}, None, "close"),
)


def _views(shot: Shot) -> list[str]:
    told = [
        kind
        for sizes, angle, kind in _VIEWS
        if (sizes is None or shot.size in sizes) and (angle is None or shot.angle is angle)
    ]
    return [*told, "still", "side", "pause"]


def caption(shots: list[Shot], ideas: list[Idea], phrases: Phrases) -> None:
    """Writes the captions: the clauses first, so that each stands under its own picture.

    A logline in a language that nobody here reads runs through the board in pieces.
    """
    used = Used()
    if not phrases.understood and len(shots) > 1:
        for shot, text in zip(shots, phrases.run(len(shots)), strict=False):
            shot.caption = used.take([text])
    whole = {idea.captions[0].casefold() for idea in ideas if idea.clause}
    if ideas[0].captions and ideas[0].captions[0].casefold() in whole and not shots[0].caption:
        shots[0].caption = used.take(ideas[0].captions)  # the logline is no more than a name
    for shot, idea in zip(shots, ideas, strict=True):
        if idea.rank == 0 and idea.clause and not shot.caption:
            shot.caption = used.take(idea.captions)
    for shot, idea in zip(shots, ideas, strict=True):
        if shot.caption:
            continue
        text = idea.name or phrases.short()
        views = (phrases.view(kind, text) for kind in _views(shot) if text and phrases.understood)
        shot.caption = used.take(chain(idea.captions, views, phrases.windows()))
