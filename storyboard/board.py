"""Board: the finished storyboard, and the one summary that every export reads."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .errors import StoreError
from .files import write_atomically
from .gate import Verdict
from .json_text import read_model, told
from .prompts.compose import FramePrompt
from .story import Lean, Shot, Story

log = logging.getLogger(__name__)

FILE = "board.json"


class Frame(Lean):
    """The winning take of one shot."""

    rare = frozenset({"locked", "stale"})

    number: int
    """From 1, the number of its shot."""
    take: str
    """Key of the winning take; its picture is ``takes/<key>.png``."""
    seed: int
    attempt: int
    """From 0."""
    attempts: int
    """How many takes were looked at."""
    flagged: bool
    """Whether it is only the best of the tries, accepted by none."""
    locked: bool = False
    """Whether it was kept because the user locked it."""
    stale: bool = False
    """Whether it was kept by the user's direction for a shot that has changed since."""
    latches: list[str] = Field(default_factory=list)
    """Ids of the characters whose reference this frame became."""
    prompt: FramePrompt
    verdict: Verdict

    @property
    def file(self) -> str:
        """Where the picture lies in the board folder once exported (mission row S3.3)."""
        return f"frames/frame_{self.number:03d}.png"


class Board(BaseModel):
    """A storyboard: the story and the frames made for it so far."""

    model_config = ConfigDict(extra="forbid")

    schema_version: int = 1
    story: Story
    base_seed: int
    retries: int
    frames: list[Frame] = []
    complete: bool = False
    """Whether every shot has its frame."""

    @model_validator(mode="after")
    def _whole(self) -> Board:
        self.story = self.story.identified()
        numbers = [frame.number for frame in self.frames]
        if len(set(numbers)) < len(numbers) or not set(numbers) <= {
            s.number for s in self.story.shots
        }:
            raise ValueError("its frames are not those of its shots")
        return self

    @property
    def stale(self) -> list[Frame]:
        """Frames whose kept picture no longer fits its shot."""
        return [frame for frame in self.frames if frame.stale]

    @property
    def flagged(self) -> list[Frame]:
        """Frames that no take was accepted for."""
        return [frame for frame in self.frames if frame.flagged]

    def shot(self, frame: Frame) -> Shot:
        """The shot a frame shows."""
        return self.story.shots[frame.number - 1]

    def save(self, folder: Path) -> None:
        """Write ``board.json`` atomically.

        :raises StoreError: ``disk_full`` or ``folder_unwritable``.
        """
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
        write_atomically(folder / FILE, text.encode("utf-8"))

    @classmethod
    def load(cls, folder: Path) -> Board:
        """Read a board folder's ``board.json``.

        :raises StoreError: ``store_damaged`` if it is missing or does not hold a board.
        """
        path = folder / FILE
        if not (folder / "takes").is_dir() and not path.exists():
            raise StoreError(
                "store_damaged",
                f"There is no {path}: this is no board's folder.",
                "Give the folder that 'aldar board' named when it was done.",
            )
        try:
            return read_model(cls, path.read_bytes())
        except (OSError, ValueError) as error:
            raise StoreError(
                "store_damaged",
                f"{path} does not hold a board: {told(error)}.",
                "Run the same storyboard again: finished takes are used as they are.",
            ) from error
