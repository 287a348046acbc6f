"""The scratch sound of an animatic: any common file, cut or padded to the length of the film."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError

if TYPE_CHECKING:
    from av import AudioFrame

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

    def __init__(self, container: Any, path: Path, rate: int, samples: int) -> None:
        self._path, self._rate, self._samples = path, rate, samples
        self._heard = 0
        self._over = False
        self._decoded = self._decode(container)
        self._next = next(self._decoded, None)
        self._given = 0

    @property
    def note(self) -> str:
        """What was done to it, once it is read; empty if it is as long as the film."""
        wanted = self._samples / self._rate
        if self._over:
            return f"{self._path.name} is longer than the film: it is cut after {wanted:.1f} s."
        if self._heard < self._samples:
            heard = self._heard / self._rate
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
        frame.sample_rate, frame.time_base = self._rate, Fraction(1, self._rate)
        frame.pts = self._given
        self._given += left
        return frame

    def _decode(self, container: Any) -> Iterator[np.ndarray]:
        """Samples, float32 [2, n]."""
        from av import AudioResampler
        from av.error import FFmpegError

        resampler = AudioResampler("fltp", "stereo", self._rate)
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
def open_sound(path: Path, rate: int, samples: int) -> Iterator[Sound]:
    """Open a sound file.

    :param rate: samples a second that are wanted.
    :param samples: how long the film is.
    :raises InputError: ``option_invalid`` if it is missing, of no common format, or has no sound.
    """
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
            yield Sound(container, path, rate, samples)


def _unusable(path: Path, reason: str) -> InputError:
    return InputError(
        "option_invalid",
        f"The sound {path} cannot be used: {reason}.",
        f"Give a sound file: {', '.join(ending.removeprefix('.') for ending in FORMATS)}.",
    )
