"""Films and sound by FFmpeg (PyAV): H.264 in MP4, and any common file of sound laid under it."""

from __future__ import annotations

import math
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from ...errors import InputError
from .subtitles import lacks

if TYPE_CHECKING:
    from av import AudioFrame, VideoFrame

THREADS = 2
"""Of the encoder: another number gives other bytes."""
RATE = 48_000
"""Samples a second of the sound."""
FORMATS = {
    ".wav": "wav", ".mp3": "mp3", ".m4a": "mov", ".mp4": "mov", ".mov": "mov", ".aac": "aac",
    ".flac": "flac", ".ogg": "ogg", ".oga": "ogg", ".opus": "ogg", ".aif": "aiff", ".aiff": "aiff",
    ".wma": "asf", ".mka": "matroska", ".webm": "matroska",
}  # fmt: skip
"""Ending of a file -> FFmpeg's name of its format. Others are not opened: playlists among them
would have FFmpeg open further files and addresses."""
PIECE = 1024
"""Samples of a piece: a frame of AAC."""


class Sound:
    """A sound of a given length, read piece by piece."""

    def __init__(self, container: Any, path: Path, samples: int) -> None:
        self._path, self._samples = path, samples
        self._heard = 0
        self._over = False
        self._decoded = self._decode(container)
        self._next = next(self._decoded, None)
        self._given = 0

    @property
    def note(self) -> str:
        """What was done to it, once it is read; empty if it is as long as the film."""
        wanted = self._samples / RATE
        if self._over:
            return f"{self._path.name} is longer than the film: it is cut after {wanted:.1f} s."
        if self._heard < self._samples:
            heard = self._heard / RATE
            return f"{self._path.name} ends after {heard:.1f} of {wanted:.1f} s: silence follows."
        return ""

    def read(self) -> AudioFrame | None:
        """The next piece, planar floats in stereo; ``None`` at the end.

        :raises InputError: ``option_invalid`` if the file is damaged.
        """
        from av import AudioFrame

        left = min(PIECE, self._samples - self._given)
        if left <= 0:
            self._over = self._over or self._next is not None
            return None
        piece = np.zeros((2, left), np.float32)
        filled = 0
        while filled < left and self._next is not None:
            take = self._next[:, : left - filled]
            piece[:, filled : filled + take.shape[1]] = take
            filled += take.shape[1]
            rest = self._next[:, take.shape[1] :]
            self._next = rest if rest.size else next(self._decoded, None)
        self._heard += filled
        frame = AudioFrame.from_ndarray(piece, "fltp", "stereo")
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        frame.pts = self._given
        self._given += left
        return frame

    def _decode(self, container: Any) -> Iterator[np.ndarray]:
        """Samples, float32 [2, n]."""
        from av import AudioResampler
        from av.error import FFmpegError

        resampler = AudioResampler("fltp", "stereo", RATE)
        try:
            for frame in container.decode(audio=0):
                frame.pts = None  # gaps and jumps of damaged files: the samples follow each other
                for made in resampler.resample(frame):
                    yield made.to_ndarray()
            for made in resampler.resample(None):
                yield made.to_ndarray()
        except FFmpegError as error:
            raise _unusable(self._path, f"it is damaged ({error.strerror})") from error


@contextmanager
def open_sound(path: Path, seconds: Fraction) -> Iterator[Sound]:
    """Open a sound file.

    :param seconds: how long the film is.
    :raises InputError: ``option_invalid`` if it is missing, of no common format, or has no sound;
        ``package_missing``.
    """
    check()
    import av
    from av.error import FFmpegError

    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise _unusable(path, "it is of a kind that is not read")
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a named pipe would hang
            raise _unusable(path, "it is no file")
        file = path.open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _unusable(path, reason) from error
    with file:
        try:
            container = av.open(file, format=kind)
        except FFmpegError as error:
            raise _unusable(path, "it does not hold what its name says") from error
        with container:
            if not container.streams.audio:
                raise _unusable(path, "there is no sound in it")
            yield Sound(container, path, math.ceil(seconds * RATE))


def _unusable(path: Path, reason: str) -> InputError:
    return InputError(
        "option_invalid",
        f"The sound {path} cannot be used: {reason}.",
        f"Give a sound file: {', '.join(ending.removeprefix('.') for ending in FORMATS)}.",
    )


def check() -> None:
    """See that PyAV is there. :raises InputError: ``package_missing``."""
    try:
        import av  # noqa: F401
    except ImportError as error:
        raise lacks("Films", "av") from error


def yuv_of(image: Image.Image) -> np.ndarray:
    """An RGB picture of even sides as yuv420p in BT.709: uint8, the three planes in a row."""
    from av import VideoFrame

    rgb = VideoFrame.from_image(image)
    return rgb.reformat(format="yuv420p", dst_colorspace="ITU709").to_ndarray().ravel()


class Film:
    """A film being written."""

    def __init__(
        self, container: Any, size: tuple[int, int], fps: int, sound: Sound | None
    ) -> None:
        self._container, self._fps, self._sound = container, fps, sound
        self._count = self._heard = 0
        self._data: np.ndarray | None = None
        self._frame: VideoFrame | None = None
        self._video = container.add_stream("libx264", rate=fps)
        self._video.width, self._video.height = size
        self._video.pix_fmt = "yuv420p"
        context = self._video.codec_context
        self._video.time_base = context.time_base = Fraction(1, fps)
        context.thread_count = THREADS
        context.options = {
            "preset": "superfast",
            "crf": "20",
            "forced-idr": "1",
            "g": str(fps * 5),
            # Most frames of a board repeat the last one: B-frames cost next to nothing there, and
            # the cuts are known, so nothing has to be looked for.
            "bf": "8",
            "b_strategy": "0",
            "sc_threshold": "0",
            "rc-lookahead": "0",
        }
        for field in ("colorspace", "color_primaries", "color_trc", "color_range"):
            setattr(context, field, 1)  # BT.709, limited range
        if sound:
            self._audio = container.add_stream("aac", rate=RATE, layout="stereo")
            self._audio.bit_rate = 160_000

    def add(self, data: np.ndarray, key: bool) -> None:
        """Put a frame on. :param data: its planes, as :func:`yuv_of`. :param key: whether a player
        may begin here."""
        from av import VideoFrame
        from av.video.frame import PictureType

        if self._frame is None or data is not self._data:
            self._data = data
            rows = data.reshape(-1, self._video.width)
            self._frame = VideoFrame.from_ndarray(rows, format="yuv420p")
        self._frame.pts, self._frame.time_base = self._count, Fraction(1, self._fps)
        self._frame.pict_type = PictureType.I if key else PictureType.NONE
        self._container.mux(self._video.encode(self._frame))
        self._count += 1
        self._listen(self._count * RATE // self._fps)

    def end(self) -> None:
        """Put on what the encoders hold back."""
        self._container.mux(self._video.encode(None))
        if self._sound:
            self._listen(self._count * RATE)
            self._container.mux(self._audio.encode(None))

    def _listen(self, samples: int) -> None:
        """Put the sound on up to a sample, so that neither stream waits for the other."""
        while self._sound and self._heard <= samples and (piece := self._sound.read()):
            self._heard += piece.samples
            self._container.mux(self._audio.encode(piece))


@contextmanager
def open_film(
    path: Path, size: tuple[int, int], fps: int, sound: Sound | None, metadata: dict[str, str]
) -> Iterator[Film]:
    """Write an MP4 that begins to play before it has come in whole.

    :param size: (width, height) in pixels, even.
    :raises InputError: ``package_missing`` if this PyAV has no H.264.
    :raises OSError: if it cannot be written.
    """
    check()
    import av
    from av.codec.codec import UnknownCodecError

    settings = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path.absolute()), "w", format="mp4", options=settings) as container:
        container.metadata.update(metadata)
        try:
            film = Film(container, size, fps, sound)
        except UnknownCodecError as error:
            raise lacks("Films", "av with the encoder libx264") from error
        yield film
        film.end()


def length_of(path: Path) -> tuple[int, Fraction] | None:
    """(Frames, frames a second) of an MP4; ``None`` if it is not there or none.

    :raises InputError: ``package_missing``.
    """
    check()
    import av
    from av.error import FFmpegError

    try:
        with path.open("rb") as file, av.open(file, format="mp4") as film:
            stream = film.streams.video[0]
            return stream.frames, stream.average_rate or Fraction(0)
    except (OSError, FFmpegError, IndexError):
        return None
