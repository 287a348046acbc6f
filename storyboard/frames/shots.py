"""The identity of shots: which shot of a changed story is which shot of the board.

A shot is known by its ``id``, not by its place: takes, locks, choices and redos follow it when
others are inserted, removed or moved, and so does its seed, ``base + id*1000`` (``base`` for id 1).
On an untouched board the id is the number, which gives the seeds of mission row S3.2. The rules:

* an id that is written in the story holds;
* a shot without one is recognised in the shots the board had before: by all that it shows and
  says, then by its action, then by its caption, then by standing between the same neighbours in
  place of equally many;
* a shot that was removed comes back to its id if it shows and says all that it did;
* a shot that is recognised nowhere is new, and gets the smallest number that no shot has or had;
* a moved shot keeps its number, so no two shots of a board ever share seeds;
* where two readings are possible (a shot was rewritten *and* another one put beside it), the shots
  are new; if a direction would be lost by that, the run stops and names the frames;
* a story of which less than half is recognised, and whose logline or length is another, is another
  story: its ids are its numbers, and the takes of the earlier one are kept but belong to none of
  its shots.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from ..board import Board
from ..errors import InputError, StoreError
from ..files import digest
from ..numbering import numbered
from ..story import Drawing, Shot, Story
from .directions import Directions
from .store import Mark, Plot, TakeStore


@dataclass(frozen=True)
class Resumed:
    """A story on a board."""

    story: Story
    """With an id for every shot."""
    replaced: str = ""
    """Title of the story of another logline that the board held before; empty if it held this one
    or none."""


def resume(story: Story, store: TakeStore, directions: Directions | None = None) -> Resumed:
    """Give every shot of a story the id it has on a board, and note the story in the journal.

    Doing it again with the result changes nothing.

    :param directions: what was decided about the board's shots.
    :raises InputError: ``shots_unclear`` if directions are for shots that cannot be told in the
        story; the board is unchanged then.
    :raises StoreError: if the journal cannot be written.
    """
    board, another = store.plot, False
    earlier = board or _drawn_before(store)
    directed = set(directions.frames) if directions else set()
    if earlier is None:
        resumed = Resumed(story.identified())
    else:
        same = _recognised(story, earlier)
        another = _is_another(story, earlier, same)
        replaced = earlier.title if another or story.logline != earlier.logline else ""
        if another:
            if directed:
                raise _other_story(earlier, directed)
            resumed = Resumed(story.identified(), replaced)
        else:
            lost = directed & _unclear(story, earlier, same)
            if lost:
                raise _unclear_shots(story, earlier, same, lost)
            taken = {mark.id for mark in earlier.shots} | store.shots()
            back = _returned(story, store.removed, same)
            resumed = Resumed(story.identified(same | back, taken), replaced)
    resumed = replace(resumed, story=_numbered(resumed.story, None if another else earlier, store))
    plot = _plot(resumed.story)
    if plot != board:
        store.put_plot(plot, another)
    return resumed


def _numbered(story: Story, earlier: Plot | None, store: TakeStore) -> Story:
    """The story with a printed number for every shot, those of the board as they were."""
    if earlier is None or earlier.numbering is not story.numbering:
        return numbered(story)
    printed = {mark.id: mark.label for mark in earlier.shots if mark.label}
    return numbered(story, printed, [mark.label for mark in store.removed if mark.label])


def fit(story: Story, shot: Shot) -> str:
    """Hash of what a picture of a shot should show: a kept picture no longer fits once it changes.

    Number and length of the shot do not count.
    """
    named = {m.character for m in shot.cast} | {line.character for line in shot.dialogue}
    people = [c.model_dump(mode="json") for c in story.characters if c.id in named]
    hand = [] if story.drawing is Drawing.STORYBOOK else [story.drawing.value]
    return digest([story.format.value, story.style, people, _shown(shot), *hand])


def _plot(story: Story) -> Plot:
    """:param story: with an id for every shot."""
    marks = tuple(_mark(shot) for shot in story.shots)
    return Plot(title=story.title, logline=story.logline, numbering=story.numbering, shots=marks)


def _shown(shot: Shot) -> dict[str, object]:
    return shot.model_dump(mode="json", exclude={"number", "id", "label", "duration", "beat"})


def _mark(shot: Shot) -> Mark:
    return Mark(
        id=shot.identity,
        shows=digest(_shown(shot)),
        action=digest(shot.action)[:8],
        caption=digest(shot.caption)[:8] if shot.caption else "",
        label=shot.label,
    )


def _drawn_before(store: TakeStore) -> Plot | None:
    """The shots of a board whose journal does not tell them: one of an earlier version."""
    try:
        board = Board.load(store.folder)
    except StoreError:
        return None
    for frame in board.frames:
        if store.fit(frame.take) is None:
            store.put_fit(frame.take, fit(board.story, board.shot(frame)))
    return _plot(board.story)


def _recognised(story: Story, earlier: Plot) -> dict[int, int]:
    """Place in the story (from 0) -> id, for every shot that was there before."""
    old = {mark.id: mark for mark in earlier.shots}
    same = {place: shot.id for place, shot in enumerate(story.shots) if shot.id in old}
    new = [_mark(shot) for shot in story.shots]

    def left() -> tuple[list[int], list[Mark]]:
        """Shots without an id, and marks that no shot has, in order."""
        claimed = set(same.values())
        places = [p for p, shot in enumerate(story.shots) if shot.id is None and p not in same]
        return places, [mark for mark in earlier.shots if mark.id not in claimed]

    places, marks = left()
    for place, mark in _in_order(places, marks, new):
        same[place] = mark.id
    places, marks = left()
    groups: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        groups[mark.shows].append(mark)
    for place in places:  # moved
        if group := groups[new[place].shows]:
            same[place] = group.pop(0).id
    for told in (lambda mark: mark.action, lambda mark: mark.caption):
        same |= _unique(*left(), new, told)
    same |= _between(story, earlier, same)
    return same


def _in_order(places: list[int], marks: list[Mark], new: list[Mark]) -> Iterator[tuple[int, Mark]]:
    """Shots that show the same, as far as their order is the same."""
    now, then = [new[place].shows for place in places], [mark.shows for mark in marks]
    start = 0
    while start < min(len(now), len(then)) and now[start] == then[start]:
        start += 1
    end = 0
    while end < min(len(now), len(then)) - start and now[-1 - end] == then[-1 - end]:
        end += 1
    yield from zip(places[:start], marks[:start], strict=True)
    middle = now[start : len(now) - end], then[start : len(then) - end]
    for block in SequenceMatcher(None, *middle, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            yield places[start + block.a + step], marks[start + block.b + step]
    if end:
        yield from zip(places[-end:], marks[-end:], strict=True)


def _unique(
    places: list[int], marks: list[Mark], new: list[Mark], told: Callable[[Mark], str]
) -> dict[int, int]:
    """Shots that share with exactly one of the earlier ones what nobody else has."""
    now, then = Counter(told(new[p]) for p in places), Counter(told(mark) for mark in marks)
    ids = {told(mark): mark.id for mark in marks}
    return {
        place: ids[word]
        for place in places
        if (word := told(new[place])) and now[word] == then[word] == 1
    }


def _between(story: Story, earlier: Plot, same: dict[int, int]) -> dict[int, int]:
    """Shots that were rewritten where they stood: as many as before between the same others."""
    rewritten = {}
    for places, ids in _gaps(story, earlier, same):
        if len(places) == len(ids):
            rewritten |= zip(places, ids, strict=True)
    return rewritten


def _gaps(
    story: Story, earlier: Plot, same: dict[int, int]
) -> Iterator[tuple[list[int], list[int]]]:
    """Runs of shots that were not recognised, and of ids that stood between the same neighbours."""
    was = [mark.id for mark in earlier.shots]
    at = {shot_id: place for place, shot_id in enumerate(was)}
    claimed = set(same.values())
    run: list[int] = []
    before = -1
    for place in range(len(story.shots) + 1):
        if place < len(story.shots) and place not in same:
            run.append(place)
            continue
        after = at[same[place]] if place < len(story.shots) else len(was)
        between = was[before + 1 : after]
        if (run or between) and not claimed & set(between):
            yield [p for p in run if story.shots[p].id is None], between
        run, before = [], after


def _returned(story: Story, removed: list[Mark], same: dict[int, int]) -> dict[int, int]:
    """Place -> id of the shots that were removed once and are put back as they were."""
    left: dict[str, list[int]] = defaultdict(list)
    written = {shot.id for shot in story.shots}
    for mark in removed:
        if mark.id not in written:
            left[mark.shows].append(mark.id)
    return {
        place: ids.pop(0)
        for place, shot in enumerate(story.shots)
        if place not in same and shot.id is None and (ids := left[_mark(shot).shows])
    }


def _is_another(story: Story, earlier: Plot, same: dict[int, int]) -> bool:
    """Whether a story is not the one that was drawn, edited, but another."""
    if story.logline == earlier.logline and len(story.shots) == len(earlier.shots):
        return False
    shows = {mark.id: mark for mark in earlier.shots}
    alike = 0
    for place, shot_id in same.items():
        now, then = _mark(story.shots[place]), shows[shot_id]
        written = story.shots[place].id is not None and story.logline == earlier.logline
        caption = bool(now.caption) and now.caption == then.caption
        alike += written or now.action == then.action or caption
    return alike * 2 < min(len(story.shots), len(earlier.shots))


def _unclear(story: Story, earlier: Plot, same: dict[int, int]) -> set[int]:
    """Ids of earlier shots that may be one of several new ones."""
    claimed = set(same.values())
    new = any(place not in same and shot.id is None for place, shot in enumerate(story.shots))
    if not new:
        return set()
    clear: set[int] = set()
    for places, ids in _gaps(story, earlier, same):
        if not places:
            clear |= set(ids)  # nothing stands in their place: removed
    return {mark.id for mark in earlier.shots} - claimed - clear


def _frames(numbers: Iterable[int]) -> str:
    listed = ", ".join(map(str, sorted(numbers)))
    return f"frame{'s' if ', ' in listed else ''} {listed}"


def _unclear_shots(
    story: Story, earlier: Plot, same: dict[int, int], lost: Collection[int]
) -> InputError:
    at = {mark.id: number for number, mark in enumerate(earlier.shots, 1)}
    was = _frames(at[shot_id] for shot_id in lost)
    new = [shot.number for place, shot in enumerate(story.shots) if place not in same]
    ids = ", ".join(f'"id": {lost_id} for what was frame {at[lost_id]}' for lost_id in sorted(lost))
    return InputError(
        "shots_unclear",
        f"The story was changed so much that it cannot be told which of its shots is now what was "
        f"{was}, which is locked, chosen or redone: it may be one of {_frames(new)}.",
        f"Write the id into that shot of the story ({ids}), or take the "
        "directions back: unlock the frames, or delete directions.json.",
    )


def _other_story(earlier: Plot, directed: Collection[int]) -> InputError:
    at = {mark.id: number for number, mark in enumerate(earlier.shots, 1)}
    frames = _frames(at.get(shot_id, shot_id) for shot_id in directed)
    return InputError(
        "shots_unclear",
        f"This board holds another story, {earlier.title!r}, with directions for {frames}.",
        "Give the new story another board name; or, to draw it here, take the directions back: "
        "unlock the frames, or delete directions.json.",
    )
