"""What is wrong with a training folder, before a GPU spends an hour on it.

::

    python training/dataset.py check FOLDER [--trigger WORD] [--resolution PIXELS]

Looks at the folder as kohya's sd-scripts v0.10.1 will (``library/train_util.py``): only images
directly in it, a caption in the ``.txt`` file of the same name, and of that its first line.
Exits with 0 if nothing has to be mended, 1 if something has, 2 if the folder cannot be read.
Needs Pillow.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

IMAGES = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}
"""What sd-scripts reads; upper or lower case, but not mixed."""
FORMATS = ("PNG", "JPEG", "WEBP", "BMP")
"""Pillow's names of them: it would hand an EPS of any name to Ghostscript."""
MOST_PIXELS = 2**26
"""Of an image: 67 megapixels, more than common cameras have."""
CAPTION = ".txt"
"""The ``caption_extension`` of the dataset files in ``configs/``."""
TRIGGER = "aldar_kose_man"
RESOLUTION = 1024
MINIMUM = 5
FEW = 15
"""Up to here, regularisation images are needed (mission row S1.6)."""
KOHYA_EPOCHS, KOHYA_REPEATS = 20, 10
"""Of ``configs/kohya_s43.toml`` and its dataset file."""
KOHYA_IMAGES = range(16, 31)
"""Around the twenty images that those numbers are for."""
NEAR = 6
"""Bits of 256 by which the difference hashes of two near-duplicates differ at most."""
ORIENTATION = 0x0112
"""The EXIF tag of a camera's rotation; sd-scripts does not apply it."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing about a dataset."""

    must: bool
    """Whether it has to be mended before training."""
    file: str
    """Relative to the folder, or ``""`` for the folder as a whole."""
    text: str

    def __str__(self) -> str:
        subject = f"{self.file}: " if self.file else ""
        return f"{'mend' if self.must else 'note'}  {subject}{self.text}"


def check(folder: Path, trigger: str = TRIGGER, resolution: int = RESOLUTION) -> list[Finding]:
    """Everything worth saying about a dataset folder, what has to be mended first.

    :param trigger: the word every caption must hold; ``""`` for regularisation images.
    :param resolution: shorter side in pixels below which an image would be enlarged.
    :raises OSError: if the folder cannot be read.
    """
    files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    images = [path for path in files if _is_image(path)]
    pictures = [
        *_count(len(images)),
        *_names(files, images),
        *(finding for path in images for finding in _caption(path, trigger)),
        *_pictures(images, resolution),
    ]
    return sorted(pictures, key=lambda finding: (not finding.must, finding.file))


def _is_image(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in IMAGES


def _count(number: int) -> Iterator[Finding]:
    if number < MINIMUM:
        yield Finding(True, "", f"{number} images; a character needs at least {MINIMUM}")
    elif number <= FEW:
        yield Finding(
            False,
            "",
            f"{number} images are few: use configs/few_images_dataset.toml, with "
            "regularisation images",
        )
    elif number not in KOHYA_IMAGES:
        steps = number * KOHYA_REPEATS * KOHYA_EPOCHS
        repeats = max(1, round(20 * KOHYA_REPEATS / number))
        yield Finding(
            False,
            "",
            f"{number} images make {steps} steps of configs/kohya_s43.toml; with "
            f"num_repeats = {repeats} about 4000",
        )


def _names(files: Iterable[Path], images: Iterable[Path]) -> Iterator[Finding]:
    """Names that sd-scripts passes over or takes for one another."""
    stems: defaultdict[str, list[str]] = defaultdict(list)
    for path in images:
        stems[path.stem].append(path.name)
        if path.suffix not in (path.suffix.lower(), path.suffix.upper()):
            yield Finding(True, path.name, f"write the ending as {path.suffix.lower()}")
    for names in stems.values():
        if len(names) > 1:
            yield Finding(
                True,
                names[0],
                f"has the same name as {', '.join(names[1:])}, so they would share "
                "one caption and one cache file: rename",
            )
    for path in files:
        if path.is_dir() and any(map(_is_image, path.iterdir())):
            yield Finding(
                True,
                path.name,
                "is a folder with images, which are not read: name it as image_dir "
                "of a subset, or move them up",
            )
        elif path.is_file() and path.suffix == CAPTION and path.stem not in stems:
            yield Finding(False, path.name, "is a caption without an image")


def _caption(image: Path, trigger: str) -> Iterator[Finding]:
    path = image.with_suffix(CAPTION)
    if not path.is_file():
        if trigger:
            yield Finding(True, image.name, f"has no caption: write {path.name}")
        return
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        yield Finding(True, path.name, "is not UTF-8: save it as UTF-8")
        return
    first = lines[0].strip() if lines else ""
    if not first:
        yield Finding(True, path.name, "has nothing in its first line, the only one that is read")
        return
    if any(line.strip() for line in lines[1:]):
        yield Finding(True, path.name, "has several lines, and only the first is read: join them")
    if trigger and trigger not in first:
        yield Finding(True, path.name, f"does not hold the trigger word {trigger}")


def _pictures(images: Iterable[Path], resolution: int) -> Iterator[Finding]:
    same: dict[str, str] = {}
    hashes: dict[str, int] = {}
    for path in images:
        try:
            with Image.open(path, formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    millions = MOST_PIXELS // 10**6
                    yield Finding(True, path.name, f"has over {millions} megapixels: scale it down")
                    continue
                findings = list(_picture(path.name, picture, resolution))
                pixels = picture.convert("RGB")
            yield from findings
        except Exception as error:  # whatever a damaged file makes of a decoder
            yield Finding(True, path.name, f"cannot be read as an image: {error}")
            continue
        exact = hashlib.sha256(repr(pixels.size).encode() + pixels.tobytes()).hexdigest()
        if exact in same:
            yield Finding(True, path.name, f"is the same picture as {same[exact]}: remove one")
            continue
        same[exact] = path.name
        difference = _difference_hash(pixels)
        near = [name for name, other in hashes.items() if (difference ^ other).bit_count() <= NEAR]
        if near:
            yield Finding(
                False, path.name, f"looks nearly like {near[0]}: it counts twice in training"
            )
        hashes[path.name] = difference


def _picture(name: str, picture: Image.Image, resolution: int) -> Iterator[Finding]:
    if min(picture.size) < resolution:
        width, height = picture.size
        yield Finding(
            True,
            name,
            f"is {width} x {height}: its shorter side must have {resolution} pixels, or "
            "it is enlarged and trains blur",
        )
    if "A" in picture.getbands() or "transparency" in picture.info:
        yield Finding(
            True,
            name,
            f"has transparency ({picture.mode}), which turns black: put it on a plain background",
        )
    elif picture.mode != "RGB":
        yield Finding(True, name, f"is {picture.mode}, not RGB: convert it")
    if picture.getexif().get(ORIENTATION, 1) != 1:
        yield Finding(
            True, name, "is turned by its EXIF data, which is not applied: save it upright"
        )


def _difference_hash(picture: Image.Image) -> int:
    """256 bits: whether each of 16x16 cells is brighter than its right neighbour."""
    small = ImageOps.grayscale(picture).resize((17, 16), Image.Resampling.LANCZOS)
    cells = small.tobytes()
    pairs = ((cells[y * 17 + x], cells[y * 17 + x + 1]) for y in range(16) for x in range(16))
    return sum((left > right) << place for place, (left, right) in enumerate(pairs))


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Checks a training folder for sd-scripts.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("check", help="say what is wrong with a folder")
    command.add_argument("folder", type=Path)
    command.add_argument(
        "--trigger", default=TRIGGER, help="word in every caption; '' for regularisation images"
    )
    command.add_argument("--resolution", type=int, default=RESOLUTION, help="pixels (default 1024)")
    given = parser.parse_args(arguments)
    try:
        problems = check(given.folder, given.trigger, given.resolution)
    except OSError as error:
        print(f"{given.folder} cannot be read: {error.strerror or error}", file=sys.stderr)
        return 2
    print(*problems, sep="\n", end="\n" if problems else "")
    mend = sum(finding.must for finding in problems)
    print(f"{mend} to mend before training" if mend else "ready to train")
    return 1 if mend else 0


if __name__ == "__main__":
    sys.exit(main())
