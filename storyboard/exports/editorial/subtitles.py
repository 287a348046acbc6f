"""Captions and dialogue of the cut as cues, and as SubRip or WebVTT."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ...errors import InputError
from ...story import Story
from .timeline import Clip

LONGEST = 84
"""Letters of a cue: two lines of 42, as broadcasters have it (EBU, BBC, Netflix)."""


@dataclass(frozen=True)
class Cue:
    """A text and when it stands there."""

    start: int
    """In frames of the cut."""
    end: int
    """The first frame after it."""
    text: str


def cues(story: Story, clips: Iterable[Clip]) -> list[Cue]:
    """What is told and spoken, in order.

    A shot's texts share its time by their lengths; one that is too long for a cue goes on in the
    next. Where a shot has fewer frames than texts, the last ones stand together.
    """
    return [cue for clip in clips for cue in _of(story, clip)]


def _of(story: Story, clip: Clip) -> list[Cue]:
    spoken = [f"{story.character(d.character).name}: {d.text}" for d in clip.shot.dialogue]
    texts = [piece for text in (clip.shot.caption, *spoken) for piece in _pieces(text)]
    if len(texts) > clip.length:
        texts[clip.length - 1 :] = ["\n".join(texts[clip.length - 1 :])]
    weights = [max(len(text), 12) for text in texts]
    made, start = [], 0
    for index, text in enumerate(texts):
        later = len(texts) - 1 - index
        share = round(clip.length * sum(weights[: index + 1]) / sum(weights))
        end = max(start + 1, min(share, clip.length - later))
        made.append(Cue(clip.start + start, clip.start + end, text))
        start = end
    return made


def _pieces(text: str) -> list[str]:
    """A text in parts of at most :data:`LONGEST` letters and about equal length."""
    words = text.split()
    whole = " ".join(words)
    count = -(-len(whole) // LONGEST)
    if count < 2:
        return [whole] if whole else []
    target = min(LONGEST, len(whole) / count * 1.12)
    pieces = [""]
    for word in words:
        while len(word) > LONGEST:
            pieces.append(word[:LONGEST])
            word = word[LONGEST:]
        joined = f"{pieces[-1]} {word}".strip()
        if len(joined) <= target or not pieces[-1]:
            pieces[-1] = joined
        else:
            pieces.append(word)
    return [piece for piece in pieces if piece]


def to_text(cues: Iterable[Cue], fps: int, kind: Literal["srt", "vtt"], note: str = "") -> str:
    """The cues as a file of subtitles.

    :param note: a line that players do not show; SubRip has no place for one.
    :raises InputError: ``package_missing`` without pysubs2.
    """
    try:
        from pysubs2 import SSAEvent, SSAFile
    except ImportError as error:
        raise lacks("Subtitles", "pysubs2") from error
    subtitles = SSAFile()
    for cue in cues:
        start, end = (round(frame * 1000 / fps) for frame in (cue.start, cue.end))
        lines = r"\N".join(_plain(line, kind) for line in cue.text.split("\n"))
        subtitles.append(SSAEvent(start=start, end=end, text=lines))
    text = subtitles.to_string(kind, keep_ssa_tags=True)
    if note and kind == "vtt":
        head, _, rest = text.partition("\n")
        text = f"{head}\n\nNOTE {_plain(' '.join(note.split()), kind)}\n{rest}"
    return text


def _plain(line: str, kind: str) -> str:
    """A line in which players see no mark-up; nothing is lost.

    WebVTT has escapes. SubRip has none, and players read HTML and SSA tags in it: these get a
    no-break space after their bracket.
    """
    line = line.replace("\\", "\\\u2060").replace("-->", "→")
    if kind == "vtt":
        return html.escape(line, quote=False)
    return line.replace("<", "<\u00a0").replace("{", "{\u00a0")


def lacks(what: str, package: str) -> InputError:
    """The error of an export whose package is not installed."""
    return InputError(
        "package_missing",
        f"{what} need the package {package}, which is not installed.",
        "pip install 'aldar-storyboard[exports]'",
    )
