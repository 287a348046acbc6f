"""Photographs of people that ship inside pip packages, and what light and cameras do to them.

Nine people: scikit-image's astronaut (Eileen Collins, NASA, public domain), matplotlib's Grace
Hopper (US Navy, public domain), and insightface's sample pictures (Tom Hanks; a group of six).
Nothing is stored here; every picture is made from those files, and always the same.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

_GROUP = [  # heads and shoulders in insightface/data/images/t1.jpg, 1280x886
    (0, 200, 260, 560),
    (180, 80, 440, 440),
    (380, 190, 660, 580),
    (650, 270, 920, 640),
    (790, 0, 1070, 330),
    (1020, 180, 1280, 540),
]


def shipped(package: str, file: str) -> Path:
    """A file inside an installed package, found without importing it."""
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec else None
    path = Path(next(iter(places or [""]))) / file
    if not path.is_file():
        raise FileNotFoundError(f"{package} has no {file}: pip install -e '.[test]'")
    return path


@cache
def photo(package: str, file: str) -> Image.Image:
    """A shipped picture, RGB."""
    with Image.open(shipped(package, file)) as image:
        return image.convert("RGB")


def group() -> Image.Image:
    """Six people in one picture, 1280x886."""
    return photo("insightface", "data/images/t1.jpg")


@cache
def people() -> dict[str, Image.Image]:
    """One portrait of each of nine people."""
    photos = {
        "astronaut": photo("skimage", "data/astronaut.png"),
        "hopper": photo("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
        "hanks": _framed(photo("insightface", "data/images/Tom_Hanks_54745.png")),
    }
    for index, box in enumerate(_GROUP, 1):
        part = group().crop(box)
        photos[f"friend{index}"] = part.resize(
            (part.width * 2, part.height * 2), Image.Resampling.BICUBIC
        )
    return photos


def scene() -> Image.Image:
    """A picture of things only: a cup of coffee, 600x400."""
    return photo("skimage", "data/coffee.png")


def _framed(face: Image.Image) -> Image.Image:
    """A tight crop of a face with some room around it, as detectors want it."""
    canvas = Image.new("RGB", (640, 640), (120, 120, 120))
    canvas.paste(face.resize((400, 400), Image.Resampling.BICUBIC), (120, 120))
    return canvas


def tint(image: Image.Image, red: float, green: float, blue: float) -> Image.Image:
    """Light of another colour."""
    pixels = np.asarray(image, np.float32) * (red, green, blue)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    """Saved and opened again."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def scaled(image: Image.Image, factor: float) -> Image.Image:
    size = (round(image.width * factor), round(image.height * factor))
    return image.resize(size, Image.Resampling.BICUBIC)


def covered(image: Image.Image) -> Image.Image:
    """Something in front of the body: a lower corner of the picture, a third of either side."""
    width, height = image.size
    result = image.copy()
    result.paste((60, 70, 90), (0, height * 2 // 3, width // 3, height))
    return result


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "dark": lambda image: ImageEnhance.Brightness(image).enhance(0.6),
    "dim": lambda image: ImageEnhance.Brightness(image).enhance(0.8),
    "bright": lambda image: ImageEnhance.Brightness(image).enhance(1.35),
    "hard light": lambda image: ImageEnhance.Contrast(image).enhance(1.35),
    "soft light": lambda image: ImageEnhance.Contrast(image).enhance(0.7),
    "warm": lambda image: tint(image, 1.1, 1.0, 0.8),
    "cool": lambda image: tint(image, 0.85, 0.95, 1.1),
    "grey": lambda image: ImageOps.grayscale(image).convert("RGB"),
    "mirrored": ImageOps.mirror,
    "half size": lambda image: scaled(image, 0.5),
    "larger": lambda image: scaled(image, 1.5),
    "tilted": lambda image: image.rotate(8, Image.Resampling.BICUBIC),
    "tilted back": lambda image: image.rotate(-8, Image.Resampling.BICUBIC),
    "jpeg": lambda image: jpeg(image, 40),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(1.2)),
    "covered": covered,
}
"""The same person in other circumstances."""


_FACES = {
    "astronaut": (174, 74, 274, 174),
    "hopper": (173, 128, 375, 330),
    "hanks": (164, 233, 474, 542),
    "friend1": (128, 173, 330, 375),
    "friend2": (181, 200, 350, 368),
    "friend3": (139, 212, 357, 430),
    "friend4": (155, 201, 362, 408),
    "friend5": (191, 166, 412, 388),
    "friend6": (196, 218, 397, 420),
}
"""Brow to chin in the portraits: left, top, right, bottom in pixels."""
COVERS = {"cheek": (-0.3, -0.3, 0.2, 1.4), "chin": (-0.3, 0.75, 1.3, 1.4)}
"""Where something is in front of a face, in widths and heights of it: a fifth, a quarter."""


def masked() -> Iterator[tuple[str, str, Image.Image]]:
    """(person, cover, picture): the same people with something in front of the face."""
    for person, portrait in people().items():
        left, top, right, bottom = _FACES[person]
        width, height = right - left, bottom - top
        for name, (x1, y1, x2, y2) in COVERS.items():
            picture = portrait.copy()
            corner = round(left + x1 * width), round(top + y1 * height)
            opposite = round(left + x2 * width), round(top + y2 * height)
            picture.paste((60, 70, 90), (*corner, *opposite))
            yield person, name, picture


def changed() -> Iterator[tuple[str, str, Image.Image]]:
    """(person, change, picture) for every person and every change."""
    for person, portrait in people().items():
        for name, change in CHANGES.items():
            yield person, name, change(portrait)


def recoloured(image: Image.Image, top: int, shift: int = 110) -> Image.Image:
    """Everything below a line in other colours: the same person in other clothes."""
    hsv = np.asarray(image.convert("HSV")).copy()
    hsv[top:, :, 0] = (hsv[top:, :, 0].astype(int) + shift) % 256
    return Image.fromarray(hsv, "HSV").convert("RGB")


def dressed_as(person: str, body: str) -> Image.Image:
    """A portrait with the head of another person: a lookalike in somebody's clothes."""
    portrait, onto = people()[body].copy(), _FACES[body]
    left, top, right, bottom = _FACES[person]
    margin = (right - left) // 4, (bottom - top) // 2
    around = (left - margin[0], top - margin[1], right + margin[0], bottom + margin[1] // 2)
    scale = (onto[2] - onto[0]) / (right - left)
    head = people()[person].crop(around)
    head = head.resize((round(head.width * scale), round(head.height * scale)))
    soft = Image.new("L", head.size)
    ImageDraw.Draw(soft).ellipse((0, 0, head.width - 1, head.height - 1), 255)
    soft = soft.filter(ImageFilter.GaussianBlur(3))
    place = round(onto[0] - margin[0] * scale), round(onto[1] - margin[1] * scale)
    portrait.paste(head, place, soft)
    return portrait


def beside(left: Image.Image, right: Image.Image) -> Image.Image:
    """Two pictures side by side, each scaled to 512 pixels of height."""
    parts = [image.resize((image.width * 512 // image.height, 512)) for image in (left, right)]
    result = Image.new("RGB", (sum(part.width for part in parts), 512))
    result.paste(parts[0], (0, 0))
    result.paste(parts[1], (parts[0].width, 0))
    return result
