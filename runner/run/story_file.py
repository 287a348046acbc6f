"""What stands where a logline stands: a logline, a script, a planned story, or drawn panels."""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Collection
from pathlib import Path

from ...storyboard.bring_in import SUFFIX, bring_in, holds_board
from ...storyboard.errors import InputError
from ...storyboard.panels import FOLDER as PANELS
from ...storyboard.panels import gather
from ...storyboard.planning import drawn_by, import_fountain
from ...storyboard.story import BoardFormat, Drawing, Story

SCRIPTS = (".fountain", ".spmd", ".txt", ".fdx", ".xml")
"""Endings of scripts: Fountain, or Final Draft."""
STORY = ".json"
"""Ending of a story that ``aldar plan`` wrote."""
MAX_BYTES = 32 * 2**20
"""Of a script; a feature film has about 200 KB, a Final Draft document some MB."""

_OTHERS = (
    "pdf", "doc", "docx", "odt", "rtf", "celtx", "fadein", "fdr", "fdxt", "highland", "trelby",
    "kitsp", "scw", "mmsw", "scriv", "scrivx", "pages", "md", "markdown", "tex", "html", "htm",
    "epub", "csv", "tsv", "xls", "xlsx", "ods", "yaml", "yml", "toml", "zip", "rar", "7z", "gz",
    "tar", "png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "heic", "svg", "psd", "mp4",
    "mov", "avi", "mkv", "webm", "mp3", "wav", "srt", "vtt", "otio", "edl", "safetensors",
)  # fmt: skip
_ENDINGS = {*SCRIPTS, STORY, SUFFIX, *(f".{ending}" for ending in _OTHERS)}
_ENDED = re.compile(r"\.[A-Za-z]\w{0,9}$")
_ROOTED = re.compile(r"(?:~|\.{1,2}|[A-Za-z]:)?[\\/]")
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive, as Word, Celtx, Highland and Fade In write",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_READABLE = (
    "Give a script in Fountain (.fountain, .txt) or from Final Draft (.fdx), a story.json of "
    "'aldar plan', a Storyboarder project, or a folder of pictures. Every writing program exports "
    "one of the first two."
)
_FIXED = {"frames", "planner", "format", "style"}
"""Options that say how a story is planned."""


def path_of(text: str) -> Path | None:
    """The file that a text names, whether it is there or not; ``None`` for a logline.

    What has the ending of a document, or a separator and an ending, is a path; so is anything
    that is there.
    """
    name = text.strip()
    if not name or "\n" in name or "\0" in name or len(name) > 1000:
        return None
    path = Path(name)
    ended = bool(_ENDED.search(name))
    if path.suffix.lower() in _ENDINGS:
        return path
    try:
        if path.is_file():
            return path
        if path.is_dir() and (path.parent != Path() or holds_board(path)):
            return path
        in_folder = path.parent != Path() and path.parent.is_dir()
    except OSError:
        return None
    separated = "/" in name or "\\" in name
    plain = not any(letter.isspace() for letter in name)
    rooted = bool(_ROOTED.match(name))
    named = separated and ended and (plain or in_folder or rooted)
    return path if named or (rooted and plain) else None


def story_of(
    path: Path,
    frames: int | None,
    format: BoardFormat,
    style: str,
    drawing: Drawing,
    given: Collection[str],
    panels: Path | None = None,
) -> Story:
    """The story of a file or a folder.

    :param given: names of the options that the user gave: some cannot apply.
    :param panels: folder to put the own panels of its shots into; by default a scratch one.
    :raises InputError: ``script_invalid``, ``story_invalid``, ``picture_unusable`` or
        ``option_invalid``.
    """
    suffix = path.suffix.lower()
    if suffix == SUFFIX or path.is_dir():
        _refuse({"planner", "frames"}, given, f"{path} holds panels that are drawn already")
        panels = panels or Path(tempfile.mkdtemp(prefix="aldar-panels-"))
        story = bring_in(path, panels, format if "format" in given else None)
        return drawn_by(story.model_copy(update={"style": style}), drawing)
    if suffix == STORY:
        _refuse(_FIXED, given, f"{path} is a story that is planned already")
        story = Story.load(path)
        if panels:
            gather(story, panels, [path.parent / PANELS])
        return drawn_by(story, drawing) if "drawing" in given else story
    text, note = read_script(path)
    _refuse({"planner"}, given, f"{path} is a script, and the script is the plan")
    story = import_fountain(text, frames=frames, format=format, style=style, drawing=drawing)
    if note:
        notes = "; ".join(filter(None, (note, story.planner.note)))
        story.planner.note = notes if len(notes) <= 300 else f"{notes[:299]}…"
    return story


def _refuse(never: Collection[str], given: Collection[str], why: str) -> None:
    wrong = sorted(set(never) & set(given))
    if wrong:
        options = " and ".join(f"--{option}" for option in wrong)
        raise InputError(
            "option_invalid",
            f"{options} cannot apply: {why}.",
            f"Leave {options} out, or give a logline.",
        )


def read_script(path: Path) -> tuple[str, str]:
    """The text of a script, and a note of how it had to be read.

    :raises InputError: ``script_invalid`` if it is missing, or nothing that can be read.
    """
    if not path.is_file():
        problem = "is a folder" if path.is_dir() else "is not there"
        if path.exists() and not path.is_dir():
            problem = "is no regular file"
        raise _invalid(path, problem, "A logline does not end like a file. " + _READABLE)
    if path.suffix.lower() not in SCRIPTS:
        raise _invalid(path, "is of a kind that is not read", _READABLE)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _invalid(path, f"has {size} bytes; at most {MAX_BYTES} are read", _READABLE)
        data = path.read_bytes()
    except OSError as error:
        raise _invalid(path, error.strerror or str(error), "Give a file you can read.") from error
    kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), "")
    if kind:
        raise _invalid(path, f"is {kind}, whatever its name says", _READABLE)
    text, encoding = _decoded(data)
    if text is None or re.search(r"[\x00-\x08\x0e-\x1a]", text):
        raise _invalid(path, "holds no text in UTF-8", _READABLE)
    note = "" if encoding.startswith("utf") else f"the file is not in UTF-8; read as {encoding}"
    return text, note


def _decoded(data: bytes) -> tuple[str | None, str]:
    """The text and its encoding: by its mark, UTF-8, else Windows' for Cyrillic or Latin."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data, encoding), encoding
    text = _decode(data, "utf-8")
    if text is not None:
        return text, "utf-8"
    # In Cyrillic whole words lie above ASCII, in a Latin alphabet single letters.
    high = len(re.findall(rb"[\x80-\xff]", data))
    joined = sum(len(word) for word in re.findall(rb"[\xa8\xb8\xc0-\xff]{3,}", data))
    encoding = "windows-1251" if joined * 2 > high else "windows-1252"
    return _decode(data, encoding), encoding


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError:
        return None


def _invalid(path: Path, problem: str, hint: str) -> InputError:
    return InputError("script_invalid", f"The file {path} cannot be used: it {problem}.", hint)
