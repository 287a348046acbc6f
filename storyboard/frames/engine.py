"""The frames of one run: what to make next, and what becomes of what was made.

:class:`Frames` is the loop without ComfyUI. It asks the store before it asks for work, obeys the
user's directions, latches references, and settles frames; whoever drives it (the ComfyUI nodes,
or a test) only makes pictures and judges them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from ..board import Board, Frame
from ..files import digest
from ..gate import Outcome, Score, Verdict
from ..gate.duplicates import duplicate_score
from ..gate.ladder import climb
from ..prompts.compose import FramePrompt, compose
from ..staging import Staging, stage
from ..story import Shot, Story
from ..takes import FOOT, Keep, Reference, Render, Take, Tried, decide, take_key, take_seed
from .directions import Direction, Directions, Orders
from .shots import fit, resume
from .store import TakeRecord, TakeStore


class Staged(Enum):
    """What of a shot's staging decides a picture."""

    NOTHING = "nothing"
    BLOCKING = "blocking"
    """Pose map and masks: who stands where, in which camera."""
    PANEL = "panel"
    """The whole drawing, with caption and sky."""


@dataclass(frozen=True)
class Recipe:
    """How takes are made and judged, as far as it decides their keys."""

    image_key: str
    """Hash of everything that decides a picture, apart from what the take itself holds."""
    gate_key: str = ""
    """Hash of what decides the verdict on a picture, references apart; empty without a gate."""
    staging: Staged = Staged.NOTHING
    """What of a shot's staging pictures depend on."""
    uses_references: bool = False
    """Whether pictures depend on the latched references."""
    uses_faces: bool = False
    """Whether pictures depend on where the face is in a reference."""
    judges_by_references: bool = False
    """Whether verdicts depend on the references."""
    climbs: bool = False
    """Whether pictures depend on the rung of the regeneration ladder (gate/ladder.py)."""

    @property
    def waits_for_references(self) -> bool:
        """Whether a take needs to know its references."""
        return self.uses_references or self.judges_by_references


@dataclass(frozen=True)
class Job:
    """One take to make, or only to judge."""

    take: Take
    key: str
    stored: bool
    """Whether the picture is in the store and only the verdict is missing."""

    @property
    def id(self) -> tuple[int, int]:
        """(frame, attempt)."""
        return self.take.frame, self.take.attempt


@dataclass
class _Open:
    """A frame that is being worked on."""

    number: int
    shot: Shot
    direction: Direction
    prompt: FramePrompt
    staging: Staging
    """Of the shot; every take of the frame and its keys share it."""
    references: tuple[Reference, ...]
    shows: str
    """Hash of what a picture of the shot should show."""
    tried: list[Tried] = field(default_factory=list)
    keys: dict[int, str] = field(default_factory=dict)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    waiting: bool = False
    """Whether it has its take, and the frames before it have not all been settled yet."""


class Frames:
    """The state of a run.

    :param wave: how many takes are made together at most; the pictures do not depend on it.
    :param directions: what the board's folder says of single frames.
    :param supplied: pictures of characters that the user gave.
    :param orders: what the workflow says of them, on top of ``directions``.
    :param stage: blocks a shot; called once for every frame.
    :param device: what makes the pictures, for the report.
    :param clock: seconds, for how long takes took.
    :raises InputError: ``shots_unclear`` or ``option_invalid`` for directions that cannot be
        followed.
    """

    def __init__(
        self,
        story: Story,
        store: TakeStore,
        recipe: Recipe,
        seed: int = 42,
        retries: int = 2,
        wave: int = 1,
        directions: Directions | None = None,
        supplied: Sequence[Reference] = (),
        orders: Orders | None = None,
        stage: Callable[[Story, Shot], Staging] = stage,
        device: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        directions = directions or Directions()
        if orders:
            directions = orders.standing(directions)
        resumed = resume(story, store, directions)
        self.story = story = resumed.story
        self.replaced = resumed.replaced
        """Title of the story of another logline that this board held before; else empty."""
        self.store = store
        self.recipe = recipe
        self.wave = wave
        self._stage = stage
        self._device, self._clock = device, clock
        self._begun: float | None = None
        self._size = 1
        self._share: float | None = None
        """Seconds each take of the wave took; ``None`` until its first one is recorded."""
        self.board = Board(story=story, base_seed=seed, retries=retries)
        self.settled: list[Frame] = []
        """Frames settled since this list was last emptied by whoever reads it."""
        self._directions = orders.obey(directions, store, story) if orders else directions
        self._latched = {reference.character: reference for reference in supplied}
        self._open: list[_Open] = []
        self._next = 1
        self._hashes: dict[int, int] = {}
        """Of settled frames, by number, for the near-duplicate check."""

    @property
    def count(self) -> int:
        """Number of frames of the board."""
        return len(self.story.shots)

    @property
    def most_steps(self) -> int:
        """An upper bound on the number of times :meth:`jobs` gives work."""
        return self.count * (self.board.retries + 1)

    def jobs(self) -> list[Job]:
        """The takes to make next, at most ``wave``; none when every frame is settled.

        All of them look at the same references with the same weight, and either all need a
        picture or all only a verdict. Asking again without recording gives the same jobs.
        """
        while True:
            jobs = [job for frame in list(self._open) if (job := self._job(frame))]
            if self._fill():
                continue
            if jobs:
                return self._together(jobs)
            if not self._open and self._next > self.count:
                self.board.frames.sort(key=lambda frame: frame.number)
                self.board.complete = len(self.board.frames) == self.count
                return []

    def _together(self, jobs: list[Job]) -> list[Job]:
        """Those that can be made with the first one; the clock of the wave starts."""
        first = jobs[0]
        wave = [
            job
            for job in jobs
            if job.stored == first.stored
            and job.take.references == first.take.references
            and job.take.rung == first.take.rung
        ][: self.wave]
        if self._begun is None or self._share is not None:
            self._begun, self._share, self._size = self._clock(), None, len(wave)
        return wave

    def record(self, job: Job, image: Any, verdict: Verdict | None) -> None:
        """Take in a finished take.

        :param image: the picture (Pillow, RGB); ``None`` if it was stored already.
        :param verdict: ``None`` without a gate: the take is accepted unproven.
        :raises StoreError: if the take cannot be written.
        """
        frame = next(f for f in self._open if f.number == job.take.frame)
        if self._share is None and self._begun is not None:
            self._share = (self._clock() - self._begun) / self._size
        if image is not None:
            take, shot = job.take, frame.shot.identity
            self.store.put(
                job.key,
                shot,
                take.attempt,
                take.seed,
                image,
                take.rung,
                frame.shows,
                None if self._share is None else round(self._share, 3),
                self._device,
            )
        if verdict is not None:
            self.store.put_verdict(job.key, self._gate_key(frame), verdict)
        self._note(frame, job.take.attempt, verdict or Verdict())
        while self._open and self._job(self._open[0]) is None:
            pass  # settles the frame, and those behind that waited for it

    def is_open(self, jobs: Iterable[Job]) -> bool:
        """Whether one of these takes belongs to a frame that is not settled yet."""
        numbers = {frame.number for frame in self._open}
        return any(job.take.frame in numbers for job in jobs)

    def _fill(self) -> bool:
        """Open frames in story order while there is room and their references are settled;
        whether there were any."""
        before = self._next
        while self._working < self.wave and self._next <= self.count and self._ready():
            number = self._next
            shot = self.story.shots[number - 1]
            direction = self._directions.of(shot.identity)
            prompt = compose(self.story, shot, note=direction.note)
            references = ()
            if self.recipe.waits_for_references:
                cast = [member.character for member in shot.cast]
                references = tuple(self._latched[c] for c in cast if c in self._latched)
            self._open.append(
                _Open(
                    number=number,
                    shot=shot,
                    direction=direction,
                    prompt=prompt,
                    staging=self._stage(self.story, shot),
                    references=references,
                    shows=fit(self.story, shot),
                )
            )
            self._next += 1
        return self._next > before

    @property
    def _working(self) -> int:
        """How many open frames still need takes, as far as is known."""
        return sum(not frame.waiting for frame in self._open)

    def _ready(self) -> bool:
        """Whether the next frame's references cannot change any more."""
        if not self.recipe.waits_for_references:
            return True
        waiting = [frame.shot for frame in self._open]
        return not any(
            self.story.shows_face(shot, member.character)
            for member in self.story.shots[self._next - 1].cast
            if member.character not in self._latched
            for shot in waiting
        )

    def _job(self, frame: _Open) -> Job | None:
        """The next job of a frame, after using up what the store has; settles it at its end.

        Frames are settled in the order of the story, whatever the wave: a frame that has its take
        waits for those before it, and is then asked whether it nearly equals one of them.
        """
        directed = self._directed(frame)
        if directed is not None:
            frame.waiting = frame is not self._open[0]
            if not frame.waiting:
                self._look_back(frame, directed.attempt, gates=False)
                flagged = frame.direction.locked and self.store.flagged(directed.key)
                self._settle(frame, directed.key, directed.attempt, directed.seed, flagged, True)
            return None
        while True:
            step = decide(frame.tried, self.board.retries, frame.direction.first)
            frame.waiting = isinstance(step, Keep) and frame is not self._open[0]
            if frame.waiting:
                return None
            if isinstance(step, Keep):
                own = self._shows_own(frame)
                if not step.flagged and self._look_back(frame, step.attempt, not own) and not own:
                    continue
                seed = take_seed(self.board.base_seed, frame.shot.identity, step.attempt)
                key = frame.keys[step.attempt]
                self._settle(frame, key, step.attempt, seed, step.flagged)
                return None
            take = self._take(frame, step)
            key = take_key(self._drawn(take), self.recipe.image_key, self._staging_key(frame))
            frame.keys[step.attempt] = key
            if self.store.find(key) is None:
                return Job(take, key, stored=False)
            self.store.claim(key, frame.shot.identity, frame.shows)
            verdict = self._known_verdict(frame, key)
            if verdict is None:
                return Job(take, key, stored=True)
            self._note(frame, step.attempt, verdict)

    def _directed(self, frame: _Open) -> TakeRecord | None:
        """The take the user locked or chose, if the store still has it."""
        key = frame.direction.take
        record = self.store.find(key) if key else None
        if record is not None:
            verdict = self._known_verdict(frame, key) or self.store.last_verdict(key)
            frame.verdicts[record.attempt] = verdict or Verdict(
                scores=(
                    Score(
                        name="choice",
                        outcome=Outcome.UNMEASURABLE,
                        reason="kept by the user's direction",
                    ),
                )
            )
        return record

    def _take(self, frame: _Open, step: Render) -> Take:
        rejected = [frame.verdicts[tried.attempt] for tried in frame.tried]
        return Take(
            story=self.story,
            shot=frame.shot,
            prompt=frame.prompt,
            frame=frame.number,
            frames=self.count,
            attempt=step.attempt,
            seed=take_seed(self.board.base_seed, frame.shot.identity, step.attempt),
            references=frame.references,
            rung=climb(rejected) if self.recipe.climbs else FOOT,
            staged=frame.staging,
        )

    def _drawn(self, take: Take) -> Take:
        """A take as far as its picture depends on it."""
        if not self.recipe.uses_references:
            return replace(take, references=())
        if self.recipe.uses_faces:
            return take
        return replace(take, references=tuple(replace(r, face=None) for r in take.references))

    def _staging_key(self, frame: _Open) -> str:
        """Hash of what of the staging decides the picture."""
        if self.recipe.staging is Staged.PANEL:
            return frame.staging.key
        return frame.staging.blocking_key if self.recipe.staging is Staged.BLOCKING else ""

    def _known_verdict(self, frame: _Open, key: str) -> Verdict | None:
        if not self.recipe.gate_key:
            return Verdict()
        return self.store.verdict(key, self._gate_key(frame))

    def _gate_key(self, frame: _Open) -> str:
        """Under which verdicts on a frame are kept: a gate is asked again when the references it
        compares with, or what the shot plans to show, change, even if the picture stays."""
        references = [[r.character, r.key] for r in frame.references]
        judged_by = references if self.recipe.judges_by_references else []
        planned = digest([frame.staging.blocking_key, frame.shot.face_visible])
        return digest([self.recipe.gate_key, judged_by, planned])

    @staticmethod
    def _note(frame: _Open, attempt: int, verdict: Verdict) -> None:
        frame.tried.append(Tried(attempt, verdict.accepted, verdict.margin))
        frame.verdicts[attempt] = verdict

    def _shows_own(self, frame: _Open) -> bool:
        """Whether a frame is the user's own picture, which no other take would change."""
        return frame.shot.panel is not None and self.recipe.staging is Staged.PANEL

    def _look_back(self, frame: _Open, attempt: int, gates: bool = True) -> bool:
        """Whether a take nearly equals an earlier frame; notes that, as a rejection if it gates."""
        verdict = frame.verdicts[attempt]
        score = duplicate_score(verdict.perceptual_hash, self._hashes)
        if score is None:
            return False
        score = score.model_copy(update={"gates": gates})
        verdict = verdict.model_copy(update={"scores": (*verdict.scores, score)})
        frame.verdicts[attempt] = verdict
        frame.tried = [
            Tried(attempt, verdict.accepted, verdict.margin) if t.attempt == attempt else t
            for t in frame.tried
        ]
        return True

    def _settle(
        self, opened: _Open, key: str, attempt: int, seed: int, flagged: bool, kept: bool = False
    ) -> None:
        """Make a take the winner of its frame, and latch the characters it shows.

        :param kept: whether the user decided it, and not the gate.
        """
        verdict = opened.verdicts[attempt]
        self._open.remove(opened)
        if not kept:
            self.store.put_fit(key, opened.shows)
        self.store.put_winner(opened.shot.identity, key, flagged)
        if verdict.perceptual_hash is not None:
            self._hashes[opened.number] = verdict.perceptual_hash
        latches = [] if flagged else self._latch(opened, key, verdict)
        frame = Frame(
            number=opened.number,
            take=key,
            seed=seed,
            attempt=attempt,
            attempts=max(1, len(opened.tried)),
            flagged=flagged,
            locked=kept and opened.direction.locked,
            stale=kept and self.store.fit(key) not in (opened.shows, None),
            latches=latches,
            prompt=opened.prompt,
            verdict=verdict,
        )
        self.board.frames.append(frame)
        self.settled.append(frame)

    def _latch(self, frame: _Open, key: str, verdict: Verdict) -> list[str]:
        """Make a frame the reference of the characters it is the first to show; who they are."""
        if not self.recipe.waits_for_references:
            return []
        shown = [
            member.character
            for member in frame.shot.cast
            if member.character not in self._latched
            and self.story.shows_face(frame.shot, member.character)
        ]
        for character in shown:
            self._latched[character] = Reference(
                character,
                self.store.path(key),
                key,
                frame.number,
                verdict.place(character),
                frame.staging,
            )
        return shown
