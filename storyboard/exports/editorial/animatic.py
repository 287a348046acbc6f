"""``animatic.mp4``: the board as a film, each frame on screen for its shot's duration."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

import numpy as np
from PIL import Image, ImageChops, ImageOps
from pydantic import Field

from ...board import Board
from ...errors import InputError
from ...files import disk_errors, replacing_by_name, write_atomically
from ...panels import FOLDER as PANELS
from ...staging import Staging, stage
from ...staging.own import boxed
from ...story import Move
from ..options import FormatOptions, Progress, nothing
from .camera import STILL, View, view
from .ffmpeg import check, open_film, open_sound
from .letters import GROUND, Letters, slate
from .planes import Overlay, Planes
from .subtitles import Cue, cues, to_text
from .timeline import Clip, Rate, cut, picture_of, state, timecode

T = TypeVar("T")

FILE = "animatic.mp4"

log = logging.getLogger(__name__)


class AnimaticOptions(FormatOptions):
    """How the animatic is made."""

    fps: Rate = Field(24, description="Frames a second.")
    height: int = Field(
        0, ge=0, le=2160, description="Height in pixels; 0 for that of the board's frames."
    )
    transition: Literal["cut", "dissolve"] = Field("cut", description="Between two shots.")
    dissolve: float = Field(
        0.5, gt=0, le=5, description="Seconds of a dissolve; shorter between short shots."
    )
    moves: bool = Field(True, description="Show camera moves as pans, zooms and shakes.")
    burn_in: bool = Field(False, description="Write shot number and timecode into the picture.")
    subtitles: Literal["none", "burned", "srt", "vtt"] = Field(
        "srt", description="Captions and dialogue: in the picture, or in a file beside it."
    )
    audio: str = Field("", description="A sound file to lay under it, from the first frame on.")

    def inside(self, folder: Path) -> AnimaticOptions:
        if not self.audio:
            return self
        path = (folder / self.audio).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise InputError(
                "folder_outside",
                f"The sound {self.audio!r} lies outside the board's folder.",
                "Put it into that folder, or use 'aldar export --set animatic.audio=FILE'.",
            )
        return self.model_copy(update={"audio": str(path)})


def write_animatic(
    board: Board, folder: Path, options: AnimaticOptions, progress: Progress = nothing
) -> list[str]:
    """Write ``animatic.mp4`` (H.264, yuv420p, BT.709) and the file of its subtitles.

    Shots without a frame get a slate that says so; flagged and stale ones say so too. Memory does
    not grow with the board: two pictures are held at a time.

    :param progress: called after every frame of the film; what it raises leaves the old file.
    :returns: the files' names.
    :raises InputError: ``package_missing``, or ``option_invalid`` for sound that cannot be read.
    :raises StoreError: if the disk is full or the folder cannot be written.
    """
    check()
    clips = cut(board, options.fps)
    texts = cues(board.story, clips)
    files = [FILE]
    shown = Shown(board, folder, clips, texts, options)
    told = {"title": board.story.title, "comment": options.revision}
    with ExitStack() as stack:
        sound = None
        if options.audio:
            seconds = Fraction(shown.length, options.fps)
            sound = stack.enter_context(open_sound(Path(options.audio), seconds))
        stack.enter_context(disk_errors(folder, FILE))
        folder.mkdir(parents=True, exist_ok=True)
        part = stack.enter_context(replacing_by_name(folder / FILE))
        film = stack.enter_context(open_film(part, shown.size, options.fps, sound, told))
        cuts = {clip.start for clip in clips}
        for number, data in enumerate(stack.enter_context(closing(ahead(shown.frames())))):
            film.add(data, number in cuts)
            progress(number + 1, shown.length)
    if sound and sound.note:
        log.warning("%s", sound.note)
    if options.subtitles in ("srt", "vtt"):
        kind: Literal["srt", "vtt"] = "vtt" if options.subtitles == "vtt" else "srt"
        files.append(f"animatic.{kind}")
        write_atomically(
            folder / files[-1], to_text(texts, options.fps, kind, options.revision).encode()
        )
    return files


class Shown:
    """The pictures of an animatic, one after another."""

    def __init__(
        self,
        board: Board,
        folder: Path,
        clips: list[Clip],
        texts: list[Cue],
        options: AnimaticOptions,
    ) -> None:
        self.options, self._clips, self._folder = options, clips, folder
        self._story = board.story
        self.length = clips[-1].end
        """In frames."""
        width, height = board.story.format.pixels
        wanted = options.height or height
        self.size = _even(width * wanted / height), _even(wanted)
        """(width, height) in pixels."""
        self._cues = texts if options.subtitles == "burned" else []
        self._load = lru_cache(maxsize=2)(self._picture)
        self._letters = Letters(self.size)

    def frames(self) -> Iterator[np.ndarray]:
        """The planes of every frame; the same object again where nothing moves."""
        last, data = None, None
        for shown in self._shown():
            if data is None or shown != last:
                last, data = shown, self._draw(shown).data()
            yield data

    def _shown(self) -> Iterator[_Frame]:
        """What every frame shows."""
        fades = self._fades()
        cues = iter(self._cues)
        cue = next(cues, None)
        for index, clip in enumerate(self._clips):
            mark = state(clip, self._folder) if clip.frame else ""
            for number in range(clip.start, clip.end):
                while cue and cue.end <= number:
                    cue = next(cues, None)
                told = cue.text if cue and cue.start <= number else ""
                time = timecode(number, self.options.fps) if self.options.burn_in else ""
                layers = [(index, self._view(clip, number), 1.0)]
                if number in fades:
                    other, weight = fades[number]
                    layers.append((other, self._view(self._clips[other], number), weight))
                yield _Frame(tuple(layers), f"{clip.label}   {time}" if time else "", mark, told)

    def _fades(self) -> dict[int, tuple[int, float]]:
        """Frame -> the other shot it also shows, and with which weight: dissolves lie about their
        cuts and reach at most to the middle of a shot."""
        if self.options.transition == "cut":
            return {}
        fades = {}
        for index, (a, b) in enumerate(zip(self._clips, self._clips[1:])):
            half = round(self.options.dissolve * self.options.fps / 2)
            half = min(half, a.length // 2, b.length // 2)
            for number in range(a.end - half, a.end + half):
                share = (number - a.end + half + 0.5) / (2 * half)
                fades[number] = (index + 1, share) if number < a.end else (index, 1 - share)
        return fades

    def _view(self, clip: Clip, number: int) -> View:
        if not self.options.moves or picture_of(self._folder, clip) is None:
            return STILL
        since = number - clip.start
        return view(clip.shot.move, since / max(1, clip.length - 1), since / self.options.fps)

    def _draw(self, shown: _Frame) -> Planes:
        drawn, lettered = None, False
        for index, window, weight in shown.layers:
            picture = self._load(index)
            seen = picture.planes.window(window.box(picture.planes.size), self.size)
            seen = seen.under(*picture.letters)
            lettered = lettered or bool(picture.letters)
            drawn = seen if drawn is None else drawn.blend(seen, weight)
        assert drawn is not None
        told = "" if lettered else shown.told
        return drawn.under(*self._letters.overlays(shown.time, shown.mark, told))

    def _picture(self, index: int) -> _Picture:
        """A shot's picture in the film's shape, or a slate."""
        clip = self._clips[index]
        path = picture_of(self._folder, clip)
        if path is None:
            return _Picture(Planes.of(slate(clip, state(clip, self._folder), self.size)))
        with Image.open(path, formats=("PNG",)) as take:
            picture = take.convert("RGB")
        moves = self.options.moves and clip.shot.move is not Move.STATIC
        letters = None
        if moves or self.options.subtitles == "burned":
            picture, letters = without_letters(
                stage(self._story, clip.shot, picture.size, self._folder / PANELS), picture
            )
        over = Overlay.pieces(self._shaped(letters)) if letters else []
        return _Picture(Planes.of(self._shaped(picture)), tuple(over))

    def _shaped(self, picture: Image.Image) -> Image.Image:
        """A picture in the film's shape, where it has quite another one on a ground; letters (RGBA)
        are brought to its size too."""
        if boxed(picture.size, self.size):
            ground = GROUND if picture.mode == "RGB" else None
            return ImageOps.pad(picture, self.size, Image.Resampling.LANCZOS, ground)
        if picture.mode == "RGBA" and picture.size != self.size:
            return ImageOps.fit(picture, self.size, Image.Resampling.BILINEAR)
        width, height = picture.size
        if width * self.size[1] != height * self.size[0]:
            return ImageOps.fit(picture, self.size, Image.Resampling.LANCZOS)
        return picture


def without_letters(
    staging: Staging, picture: Image.Image
) -> tuple[Image.Image, Image.Image | None]:
    """A draft panel as the drawing and, on it, what is written there (RGBA): a camera moves over
    the one, and the other stays. Any other picture comes back as it is, with ``None``."""
    try:
        clean = staging.clean
    except InputError:  # an own panel that is gone: the take has all there is
        return picture, None
    bands = ImageChops.difference(clean, picture).split()
    changed = ImageChops.lighter(ImageChops.lighter(*bands[:2]), bands[2])
    mask = changed.point([0] * 9 + [255] * 247)
    if sum(mask.histogram()[128:]) > 0.45 * picture.width * picture.height:
        return picture, None
    letters = picture.convert("RGBA")
    letters.putalpha(mask)
    return clean, letters


class _Picture(NamedTuple):
    """The picture of a shot."""

    planes: Planes
    letters: tuple[Overlay, ...] = ()
    """What stands on it and does not move with it."""


class _Frame(NamedTuple):
    """All that decides the pixels of a frame."""

    layers: tuple[tuple[int, View, float], ...]
    """(Index of a shot, where the camera is, weight) each; the first lies below."""
    time: str
    mark: str
    told: str


def ahead(items: Iterator[T], count: int = 4) -> Generator[T, None, None]:
    """The same items, made in another thread while the last ones are used.

    :param count: how many may wait.
    """
    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, items, None) for _ in range(count))
        try:
            while (item := waiting.popleft().result()) is not None:
                waiting.append(pool.submit(next, items, None))
                yield item
        finally:
            for future in waiting:
                future.cancel()


def _even(value: float) -> int:
    """The nearest even number of pixels, at least 2."""
    return max(2, round(value / 2) * 2)
