"""Shot numbers: what is printed on a shot, by the scheme of the board.

A number outlives its place. A shot that is put between two others gets one between theirs, a shot
that is moved keeps its own, and the number of a shot that was removed is not given again; so nobody
who holds a print of yesterday's board looks at another shot under the same number. Letters leave
out I and O, which are read as digits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple

from .story import Shot, Story
from .vocabulary import Numbering

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_PLAIN = re.compile(r"(\d+)([A-Z]*)")
_SCENES = re.compile(r"(\d+(?:\.\d+)?)([A-Z]+)")
_PRODUCTION = re.compile(r"SC(\d+(?:\.\d+)?)_SH(\d+)")
_STEP = 10


class _Scene(NamedTuple):
    """A scene of a scheme that counts scenes."""

    name: str
    """``1``, or ``1.1`` for one that was put between 1 and 2."""
    shot: str
    """Its part of the label."""


def label(story: Story, shot: Shot) -> str:
    """The printed number of a shot of a story, on a board or not; that of a shot from elsewhere is
    its place."""
    if shot.label:
        return shot.label
    printed = labels(story)
    return printed[shot.number - 1] if shot.number <= len(printed) else str(shot.number)


def labels(story: Story) -> list[str]:
    """The printed numbers of all shots."""
    if any(shot.label for shot in story.shots):
        return _numbers(story, {}, ())
    return _fresh(story)


def by_scheme(story: Story, scheme: Numbering) -> Story:
    """The story under another scheme; its numbers are made anew."""
    if story.numbering is scheme:
        return story
    shots = [shot.model_copy(update={"label": ""}) for shot in story.shots]
    return story.model_copy(update={"numbering": scheme, "shots": shots})


def numbered(
    story: Story, earlier: Mapping[int, str] | None = None, gone: Collection[str] = ()
) -> Story:
    """The story with a number for every shot: the one it has, else the one it had, else one that
    fits between its neighbours'.

    :param earlier: id of a shot -> number it had.
    :param gone: numbers of shots that are there no more.
    """
    shots = [
        shot.model_copy(update={"label": text})
        for shot, text in zip(story.shots, _numbers(story, earlier or {}, gone), strict=True)
    ]
    return story.model_copy(update={"shots": shots})


def _numbers(story: Story, earlier: Mapping[int, str], gone: Collection[str]) -> list[str]:
    given = [shot.label or earlier.get(shot.identity, "") for shot in story.shots]
    used = {*filter(None, given), *earlier.values(), *gone}
    if not earlier:  # a board that nobody has seen yet
        for place, text in enumerate(_fresh(story)):
            if not given[place] and text not in used:
                given[place] = text
                used.add(text)
    return _filled(story, given, used)


def _fresh(story: Story) -> list[str]:
    """The numbers of a board nobody has changed."""
    if story.numbering is Numbering.PLAIN:
        return [str(shot.number) for shot in story.shots]
    if story.numbering is Numbering.TENS:
        return [f"{shot.number * _STEP:03d}" for shot in story.shots]
    out: list[str] = []
    scene, place = 0, 0
    for before, shot in zip([None, *story.shots], story.shots):
        if before is None or not _together(before, shot):
            scene, place = scene + 1, 0
        out.append(_named(story.numbering, str(scene), place))
        place += 1
    return out


def _together(a: Shot, b: Shot) -> bool:
    """Whether two neighbours belong to one scene."""
    return (a.place, a.setting, a.time) == (b.place, b.setting, b.time)


def _named(scheme: Numbering, scene: str, place: int) -> str:
    """The label of the shot at a place (from 0) of a scene."""
    if scheme is Numbering.SCENES:
        return scene + _letters(place)
    return f"{_production(scene)}{(place + 1) * _STEP:03d}"


def _production(scene: str) -> str:
    whole, dot, part = scene.partition(".")
    return f"SC{whole:>02}{dot}{part}_SH"


def _letters(index: int) -> str:
    """A, B, … Z, AA, AB, …"""
    out = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, len(_LETTERS))
        out = _LETTERS[digit] + out
    return out


def _filled(story: Story, given: list[str], used: set[str]) -> list[str]:
    """The numbers, with those that are missing put between their neighbours'."""
    out = list(given)
    place = 0
    while place < len(out):
        if out[place]:
            place += 1
            continue
        end = next((k for k in range(place, len(out)) if out[k]), len(out))
        for text in _between(story, out, place, end, used):
            used.add(text)
            out[place] = text
            place += 1
    return out


def _between(story: Story, out: list[str], start: int, end: int, used: set[str]) -> Iterator[str]:
    """Labels for the places ``start`` to ``end`` - 1."""
    right = out[end] if end < len(out) else ""
    if story.numbering in (Numbering.SCENES, Numbering.PRODUCTION):
        for place in range(start, end):
            yield _in_scene(story, out, place, end, used)
        return
    if story.numbering is Numbering.TENS:
        low = _number(out[start - 1]) if start else 0
        high = _number(right) if right else 0
        if not right:
            top = max((_number(text) for text in used), default=0)
            for step in range(1, end - start + 1):
                yield f"{(top // _STEP + step) * _STEP:03d}"
            return
        yield from _spread(low, high, end - start, out[start - 1] if start else "", right, used)
        return
    for place in range(start, end):
        yield _plain(out[place - 1] if place else "", right, used)


def _number(text: str) -> int:
    digits = re.search(r"\d+", text)
    return int(digits[0]) if digits else 0


def _spread(
    low: int, high: int, wanted: int, left: str, right: str, used: set[str]
) -> Iterator[str]:
    """Whole numbers between two others, evenly; where there is no room, letters."""
    free = [n for n in range(low + 1, high) if f"{n:03d}" not in used]
    picked = (
        [free[round((k + 1) * (len(free) + 1) / (wanted + 1)) - 1] for k in range(wanted)]
        if (len(free) >= wanted)
        else []
    )
    if len(set(picked)) == wanted:
        yield from (f"{n:03d}" for n in picked)
        return
    for _ in range(wanted):
        left = _plain(left, right, used)
        used.add(left)
        yield left


def _plain(left: str, right: str, used: set[str]) -> str:
    """3A between 3 and 4, 3B between 3A and 4, A3A between 3 and 3A, A1 before 1, 7 after 6."""
    if not left and right:
        return _before_label(right, used)
    if not right:
        return str(max((_number(text) for text in used), default=0) + 1)
    here, there = _PLAIN.fullmatch(left), _PLAIN.fullmatch(right)
    if here and there and here[1] == there[1]:
        if not here[2]:
            return _before_label(right, used)
        return _unused((left + letters for letters in _letters_after("")), used)
    base, suffix = (here[1], here[2]) if here else (left, "")
    return _unused((base + letters for letters in _letters_after(suffix)), used)


def _before_label(right: str, used: set[str]) -> str:
    """A label that stands before another one: A1, B1 before 1."""
    return _unused((letters + right for letters in _letters_after("")), used)


def _letters_after(suffix: str) -> Iterator[str]:
    """The letters that follow others; from A on where those are none of ours."""
    index = 0
    if suffix and set(suffix) <= set(_LETTERS):
        for letter in suffix:
            index = index * len(_LETTERS) + _LETTERS.index(letter) + 1
    return (_letters(n) for n in count(index))


def _unused(texts: Iterable[str], used: set[str]) -> str:
    """The first label that no shot has or had."""
    return next(text for text in texts if text not in used)


def _in_scene(story: Story, out: list[str], place: int, end: int, used: set[str]) -> str:
    """A label in the scene of the neighbour that is at the same place, else in a new scene."""
    scheme, shot = story.numbering, story.shots[place]
    left = _parts(scheme, out[place - 1]) if place else None
    right = _parts(scheme, out[end]) if end < len(out) else None
    if left and _together(story.shots[place - 1], shot):
        same = right is not None and right.name == left.name
        return _within(scheme, left, right if same else None, out, place, end, used)
    if right and _together(shot, story.shots[end]):
        return _before(scheme, right, out[end], used)
    return _new_scene(scheme, left, right, used)


def _parts(scheme: Numbering, text: str) -> _Scene | None:
    pattern = _SCENES if scheme is Numbering.SCENES else _PRODUCTION
    match = pattern.match(text)
    return _Scene(_trim(match[1]), match[2]) if match else None


def _trim(scene: str) -> str:
    whole, dot, part = scene.partition(".")
    return f"{int(whole)}{dot}{part}"


def _within(
    scheme: Numbering,
    left: _Scene,
    right: _Scene | None,
    out: list[str],
    place: int,
    end: int,
    used: set[str],
) -> str:
    """A label after ``left`` in its scene, before ``right`` of the same scene if there is one."""
    if scheme is Numbering.PRODUCTION:
        head = _production(left.name)
        mine = [int(p.shot) for text in used if (p := _parts(scheme, text)) and p.name == left.name]
        if right is None:
            return f"{head}{(max(mine) // _STEP + 1) * _STEP:03d}"
        low, high = int(left.shot), int(right.shot)
        between = [n for n in range(low + 1, high) if f"{head}{n:03d}" not in used]
        if between:
            middle = low + (high - low) / (end - place + 1)
            return f"{head}{min(between, key=lambda n: abs(n - middle)):03d}"
    elif right is None:
        following = (left.name + letters for letters in _letters_after(left.shot))
        return _unused(following, used)
    return _unused((f"{out[place - 1]}{n}" for n in count(1)), used)


def _before(scheme: Numbering, right: _Scene, text: str, used: set[str]) -> str:
    """A label before the first shot of a scene."""
    if scheme is Numbering.PRODUCTION:
        head = _production(right.name)
        for n in range(int(right.shot) // 2, 0, -1):
            if f"{head}{n:03d}" not in used:
                return f"{head}{n:03d}"
    return _before_label(text, used)


def _new_scene(scheme: Numbering, left: _Scene | None, right: _Scene | None, used: set[str]) -> str:
    """The first shot of a scene between two others."""
    names = {p.name for text in used if (p := _parts(scheme, text))}
    if right is None:
        top = max((int(name.partition(".")[0]) for name in names), default=0)
        return _named(scheme, str(top + 1), 0)
    base = left.name.partition(".")[0] if left else "0"
    for n in count(1):
        text = _named(scheme, f"{base}.{n}", 0)
        if f"{base}.{n}" not in names and text not in used:
            return text
    raise AssertionError
