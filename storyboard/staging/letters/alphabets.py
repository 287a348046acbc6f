"""Fonts of this machine for the letters that the shipped faces lack: Chinese, Hebrew, Hindi…

The folders where systems keep fonts are looked through once, when such a letter is first met, and
the plainest face that has the alphabet is taken. Letters that join or run from right to left need
Pillow's Raqm layout: without it they are not drawn wrongly but reported.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont, features

_ABSENT = "\U0010fffe"
_CJK = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}
_SAMPLES = {"CJK": "中", "HIRAGANA": "あ", "KATAKANA": "ア", "HANGUL": "가"}
_PUNCTUATION = {"IDEOGRAPHIC": "CJK", "FULLWIDTH": "CJK", "HALFWIDTH": "KATAKANA"}
_REGIONS = {"Japanese": "JP", "Korean": "KR", "Chinese": "SC"}
_SIMPLE = {"ARMENIAN", "BOPOMOFO", "CHEROKEE", "COPTIC", "CYRILLIC", "ETHIOPIC", "GEORGIAN",
           "GREEK", "LATIN", "OGHAM", "RUNIC", "TIFINAGH", "VAI", "YI", *_CJK}  # fmt: skip
"""Alphabets whose letters stand side by side from left to right."""
_FANCY = ("serif", "bold", "italic", "oblique", "light", "thin", "black", "mono", "cond", "kufi",
          "nastaliq", "display", "medium", "slanted", "looped", "ui")  # fmt: skip
_PLAIN = ("sans", "gothic", "hei", "regular")


class Face(NamedTuple):
    """A face in a font file of the system."""

    path: str
    number: int


@lru_cache(maxsize=1)
def system_fonts() -> tuple[Path, ...]:
    """Every font file in the folders where Linux, macOS and Windows keep them."""
    home = Path.home()
    folders = (
        home / ".fonts",
        home / ".local/share/fonts",
        home / "Library/Fonts",
        home / "AppData/Local/Microsoft/Windows/Fonts",
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path("/System/Library/Fonts"),
        Path("/Library/Fonts"),
        Path("C:/Windows/Fonts"),
    )
    files = (file for folder in folders if folder.is_dir() for file in folder.rglob("*"))
    return tuple(sorted(f for f in files if f.suffix.lower() in (".ttf", ".otf", ".ttc", ".otc")))


def alphabet(character: str) -> str:
    """``CJK``, ``HEBREW``, ``DEVANAGARI``: the first word of the character's Unicode name."""
    word = unicodedata.name(character, "UNKNOWN").split()[0].split("-")[0]
    return _PUNCTUATION.get(word, word)


def region(text: str) -> str:
    """Which forms Han letters take: ``JP`` beside kana, ``KR`` beside hangul, else ``SC``."""
    kinds = {_CJK.get(alphabet(letter)) for letter in text if ord(letter) > 0x2E7F}
    return next((_REGIONS[kind] for kind in ("Japanese", "Korean") if kind in kinds), "SC")


@lru_cache(maxsize=8192)
def face_for(character: str, region: str) -> Face | None:
    """The system's face for a character; ``None`` if there is none, or it would be set wrongly."""
    kind = alphabet(character)
    if kind not in _SIMPLE and not features.check("raqm"):
        return None
    able = faces(kind, _SAMPLES.get(kind, character), region)
    return next((face for face in able if has(face, character)), None)


def missing(character: str) -> str:
    """What to install to have a character drawn, in words for a caption."""
    kind = alphabet(character)
    name = _CJK.get(kind, kind.title())
    package = "fonts-noto-cjk" if kind in _CJK else "fonts-noto-core"
    if kind not in _SIMPLE and not features.check("raqm"):
        package = "libfribidi0 and fonts-noto-core"
    return f"{name}: install {package}"


@lru_cache(maxsize=256)
def faces(kind: str, sample: str, region: str) -> tuple[Face, ...]:
    """The three plainest faces that have an alphabet."""
    usable: list[Face] = []
    for path in sorted(system_fonts(), key=lambda path: _rank(path, kind)):
        usable += [face for face in _collection(path, region)[:1] if has(face, sample)]
        if len(usable) == 3:
            break
    return tuple(usable)


def _rank(path: Path, kind: str) -> tuple[int, int, str]:
    """The alphabet's own Noto first, then plain faces; of each the regular one."""
    name = path.stem.lower()
    own = "notosanscjk" if kind in _CJK else f"notosans{kind.lower()}"
    first = 0 if name.startswith(own) else 1 if any(word in name for word in _PLAIN) else 2
    return first, sum(word in name for word in _FANCY), str(path)


def _collection(path: Path, region: str) -> list[Face]:
    """The faces of a file, that of the region first; empty if it is no font."""
    named = list(_names(path))
    named.sort(key=lambda pair: not pair[1].endswith(f" {region}"))
    return [face for face, _ in named]


def _names(path: Path) -> Iterator[tuple[Face, str]]:
    collected = path.suffix.lower() in (".ttc", ".otc")
    for index in range(32 if collected else 1):
        try:
            font = ImageFont.truetype(str(path), 16, index=index)
        except OSError:
            return
        yield Face(str(path), index), str(font.getname()[0])


@lru_cache(maxsize=64)
def load(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """A face of the system, with its letters joined and ordered where Pillow can."""
    engine = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
    return ImageFont.truetype(face.path, size, index=face.number, layout_engine=engine)


@lru_cache(maxsize=16384)
def has(face: Face, character: str) -> bool:
    """Whether a face draws a character."""
    if unicodedata.category(character) in ("Mn", "Mc", "Cf", "Zs"):
        return True  # marks and blanks are drawn with the letter before them
    drawn = _drawn(face, character)
    return any(drawn) and drawn != _drawn(face, _ABSENT)


@lru_cache(maxsize=16384)
def _drawn(face: Face, character: str) -> bytes:
    image = Image.new("L", (48, 56))
    ImageDraw.Draw(image).text((4, 4), character, font=load(face, 24), fill=255)
    return image.tobytes()
