"""Finished boards on disk, of plain pictures."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from aldar_storyboard.storyboard.board import Board, Frame
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Verdict
from aldar_storyboard.storyboard.prompts.compose import FramePrompt
from aldar_storyboard.storyboard.story import BoardFormat, Character, Shot, Story
from PIL import Image

ALDAR = Character(id="aldar", name="Алдар Көсе", description="a man")


def coloured(shot: Shot) -> Image.Image:
    """A small picture of its own colour."""
    return Image.new("RGB", (192, 112), (shot.number * 40 % 256, 90, 160))


def finished(
    folder: Path,
    shots: list[Shot],
    *,
    without: Collection[int] = (),
    flagged: Collection[int] = (),
    title: str = "Ертегі",
    picture: Callable[[Shot], Image.Image] = coloured,
) -> Board:
    """A board with a take of every shot but those it is ``without``."""
    story = Story(
        title=title, logline="A tale", format=BoardFormat.WIDE, characters=[ALDAR], shots=shots
    )
    board = Board(story=story, base_seed=42, retries=2, complete=not without)
    store = TakeStore(folder)
    for shot in board.story.shots:
        if shot.number in without:
            continue
        key = f"{shot.number:032x}"
        store.put(key, shot.number, 0, 42, picture(shot))
        board.frames.append(
            Frame(
                number=shot.number,
                take=key,
                seed=42,
                attempt=0,
                attempts=1,
                flagged=shot.number in flagged,
                prompt=FramePrompt(positive="a man", negative="blur"),
                verdict=Verdict(scores=()),
            )
        )
    store.close()
    board.save(folder)
    return board
