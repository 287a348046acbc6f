"""Pictures that people bring: the only place that opens a file we did not write.

A file is opened by a short list of formats, whatever its name says: Pillow alone would hand an
EPS to Ghostscript. Pixels are bounded before any is decoded. What comes out is 8-bit RGB, upright.
"""

from __future__ import annotations

import stat
import warnings
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from .errors import InputError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""Pillow's names. HEIF joins them where the package pillow-heif is installed."""
SUFFIXES = frozenset(
    (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif")
)
"""Files of a folder that count as pictures."""
MOST_PIXELS = 2**26
"""67 megapixels, more than the sensors of common cameras have; 256 MB in the worst mode."""
MOST_BYTES = 2**29
"""Of a file: WebP and HEIF are read into memory whole."""
SIDE = 4096
"""Pixels: a longer side is brought down to it. No model looks closer."""
BACKGROUND = "white"
"""What a transparent picture is laid on."""


class Picture(NamedTuple):
    """A picture as everything else here uses it."""

    image: Image.Image
    """8-bit RGB, upright, opaque, without metadata, at most :data:`SIDE` pixels a side."""
    notices: tuple[str, ...] = ()
    """What was done to it that its owner may not expect."""


def open_picture(path: Path, clear: bool = False) -> Picture:
    """Read a picture file.

    Orientation by EXIF is applied, transparency laid on white, deeper grey scaled to 8 bits; of
    an animation or a file of several pages the first one counts.

    :param clear: whether it stays transparent where it is: RGBA, a layer to lay over others.
    :raises InputError: ``picture_unusable``, naming the file and what is wrong with it.
    """
    try:
        _check_file(path)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", module="PIL")  # damaged metadata says nothing
            # Given a path, Pillow maps the file and gets the sides of turned TIFFs wrong.
            with path.open("rb") as file, Image.open(file, formats=_formats()) as image:
                return _read(image, path.name, clear)
    except _Unusable as error:
        reason = str(error)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        reason = f"it has too many pixels, {MOST_PIXELS // 10**6} million are possible"
    except Image.UnidentifiedImageError:
        reason = "it holds none of these formats"
    except OSError as error:
        reason = error.strerror or str(error)
    except Exception as error:  # whatever a damaged file makes of a decoder
        reason = f"it is damaged ({type(error).__name__}: {error})"
    raise InputError(
        "picture_unusable",
        f"{path} is no picture that can be read: {reason}.",
        f"Give a {', '.join(FORMATS[:-1])} or {FORMATS[-1]} file"
        " (HEIC with the package pillow-heif).",
    )


def picture_files(folder: Path) -> list[Path]:
    """The files of a folder that are pictures by their names, in order of name.

    Hidden files are left out: ``._photo.jpg`` holds what macOS knows of ``photo.jpg``.

    :raises OSError: if the folder cannot be read.
    """
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()
    )


class _Unusable(Exception):
    """Why a file will not do, in words."""


def _check_file(path: Path) -> None:
    """See that a file is one, before anything is read: a named pipe would hang."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise _Unusable("it is a folder")
    if not stat.S_ISREG(status.st_mode):
        raise _Unusable("it is no regular file")
    if not status.st_size:
        raise _Unusable("it is empty")
    if status.st_size > MOST_BYTES:
        raise _Unusable(f"it has more than {MOST_BYTES >> 20} MB")
    if path.name.startswith("._"):
        raise _Unusable("it holds what macOS knows of another file; give that file")


def _formats() -> tuple[str, ...]:
    try:
        import pillow_heif
    except ImportError:
        return FORMATS
    pillow_heif.register_heif_opener()
    return (*FORMATS, "HEIF")


def _read(image: Image.Image, name: str, clear: bool) -> Picture:
    notices = []
    width, height = image.size
    if not 0 < width * height <= MOST_PIXELS:
        raise _Unusable(
            f"it has {width} x {height} pixels, {MOST_PIXELS // 10**6} million are possible"
        )
    if image.format != "MPO" and getattr(image, "is_animated", False):
        notices.append(f"{name} holds several pictures: the first one is used.")
    if image.format == "JPEG":
        image.draft(None, (SIDE, SIDE))  # decodes at half the size or less where that is enough
    image.load()
    if max(width, height) > SIDE:
        notices.append(f"{name} has {width} x {height} pixels: it is brought down to {SIDE}.")
    turned = image
    with suppress(Exception):  # damaged EXIF says nothing
        turned = ImageOps.exif_transpose(image)
    if clear and turned.has_transparency_data:
        plain = turned.convert("RGBA")
    else:
        plain = _eight_bit(turned, image.format)
    plain.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    plain.info = {}
    return Picture(plain.convert("RGBA") if clear else plain, tuple(notices))


def _eight_bit(image: Image.Image, format: str | None) -> Image.Image:
    """A picture of any mode as RGB; a new one."""
    if image.mode == "F" or image.mode.startswith("I"):
        return Image.fromarray(_grey(image, format)).convert("RGB")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, BACKGROUND), clear).convert(
            "RGB"
        )
    return image.convert("RGB") if image.mode != "RGB" else image.copy()


def _grey(image: Image.Image, format: str | None) -> np.ndarray:
    """A deep grey picture scaled to uint8 [H, W].

    16 bits count in full. Of floats and 32 bits nobody says what white is: 1, 255 or 65535, the
    first that holds the brightest pixel, else that pixel itself.
    """
    values = np.nan_to_num(np.asarray(image, np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    brightest = float(values.max())
    if image.mode.startswith("I;16") or (image.mode == "I" and format == "PNG"):
        white = 65535.0
    else:
        scales = (255.0, 65535.0) if image.mode == "I" else (1.0, 255.0, 65535.0)
        white = next((scale for scale in scales if brightest <= scale), brightest)
    return np.clip(values * (255.0 / white) + 0.5, 0, 255).astype(np.uint8)
