"""Takes: which one comes next, with which seed, when to stop, and which one wins.

A *take* is one attempt at one frame. Nothing here reads or writes anything, so resuming a board
is the same as replaying its takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from .files import digest
from .prompts.compose import FramePrompt
from .staging import Staging, stage
from .story import Shot, Story

MAX_SEED = 2**64 - 1


def take_seed(base: int, shot: int, attempt: int) -> int:
    """Seed of a take (mission row S3.2): ``base + attempt*10`` for shot 1, else
    ``base + shot*1000 + attempt*10``; shot 2, first attempt, base 42: 2042.

    The id decides, not the place: a shot that is moved keeps its seeds, and an inserted one, whose
    id nobody has or had, gets seeds that nobody has (:mod:`.shots`).

    :param base: base seed of the board, 0 to 2**64-1; the sum wraps there.
    :param shot: id of the shot, from 1: its number as long as none was inserted or moved.
    :param attempt: from 0; from 100 on, the seeds are those of the next shot.
    """
    offset = 0 if shot == 1 else shot * 1000
    return (base + offset + attempt * 10) & MAX_SEED


@dataclass(frozen=True)
class Reference:
    """A picture that shows a character, for the guided branch to look at."""

    character: str
    path: Path
    key: str
    """Content hash of the picture: part of the key of every take that looks at it."""
    frame: int = 0
    """The frame it won, from 1; 0 for a picture the user gave."""
    face: tuple[int, int, int, int] | None = None
    """Where the gate found the character's face: left, top, right, bottom in pixels."""
    staging: Staging | None = field(default=None, compare=False, repr=False)
    """Of the shot it shows; ``None`` for a picture the user gave."""


class Rung(BaseModel):
    """Where on the ladder of regeneration (:mod:`.gate.ladder`) a take stands."""

    model_config = ConfigDict(frozen=True)

    factor: float = 1.0
    """By which the weight of the reference is multiplied."""
    reason: str = ""
    """Which scores led there; empty at the foot of the ladder."""


FOOT = Rung()
"""Of every first take."""


@dataclass(frozen=True)
class Take:
    """Everything a loop body may ask for: the one request object of the loop."""

    story: Story
    shot: Shot
    prompt: FramePrompt
    frame: int
    """From 1."""
    frames: int
    attempt: int
    """From 0."""
    seed: int
    references: tuple[Reference, ...] = ()
    """One for each character of the shot that has been latched, in the order of the cast."""
    rung: Rung = FOOT
    """What this take changes besides the seed, after the takes rejected before it."""
    staged: Staging | None = field(default=None, compare=False, repr=False)
    """The staging of the shot, if it was made for another take of the frame already."""

    @cached_property
    def staging(self) -> Staging:
        """Who stands where in the shot, and what is drawn of that: made when first asked for, once
        for all takes of the frame."""
        return self.staged or stage(self.story, self.shot)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.story.format.pixels

    def reference(self, character: str = "") -> Reference | None:
        """The reference of a character, or of the story's hero if none is named."""
        if not character and self.story.hero is not None:
            character = self.story.hero.id
        return next((r for r in self.references if r.character == character), None)


@dataclass(frozen=True)
class Tried:
    """What is known of a finished take."""

    attempt: int
    accepted: bool
    value: float | None = None
    """The verdict's overall score, higher is better; ``None`` if nothing could be measured."""


@dataclass(frozen=True)
class Render:
    """Next: make (or look up) the take of this attempt."""

    attempt: int


@dataclass(frozen=True)
class Keep:
    """Done: this attempt wins. ``flagged`` when no attempt was accepted and it is only the best."""

    attempt: int
    flagged: bool


def decide(tried: Sequence[Tried], retries: int, first: int = 0) -> Render | Keep:
    """The next step for one frame.

    :param tried: finished takes of this frame, in order of attempt, from ``first`` on.
    :param retries: how many takes may follow a rejected first one, 0 or more.
    :param first: attempt to begin with; above 0 after a redo.
    """
    for take in tried:
        if take.accepted:
            return Keep(take.attempt, flagged=False)
    if len(tried) <= retries:
        return Render(first + len(tried))
    best = max(tried, key=lambda take: (-1.0 if take.value is None else take.value, -take.attempt))
    return Keep(best.attempt, flagged=True)


def take_key(take: Take, body: str, staging: str) -> str:
    """The content address of a take: a hash of everything that decides its pixels.

    :param body: hash of the body graph with its widget values and model file names.
    :param staging: hash of the shot's staging.
    """
    decides = {
        "body": body,
        "staging": staging,
        "prompt": [take.prompt.positive, take.prompt.negative],
        "seed": take.seed,
        "size": take.size,
        "references": [[r.character, r.key] for r in take.references],
    }
    faces = [r.face for r in take.references]
    if any(faces):
        decides["faces"] = faces
    if take.rung.factor != 1.0:
        decides["reference_factor"] = take.rung.factor
    return digest(decides)
