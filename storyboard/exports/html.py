"""``storyboard.html``: the board as one page that opens from a disk, without a network.

Texts, thumbnails, style and script are in the file; full pictures lie beside it, or in it on wish.
Its content security policy allows its own style and script by their hashes, and nothing else. The
page itself is in ``page/``: ``page.html``, ``page.css``, ``page.js``.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import math
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated, Any, Literal

from PIL import Image
from pydantic import Field

from ..board import Board
from ..files import link_or_copy, write_atomically
from ..frames.store import TakeStore
from ..gate import Outcome, Verdict
from .options import FormatOptions, Progress, nothing
from .panels import PAGE, Panel, Reading, opened, panels, readings, state, visible, words

FILE = "storyboard.html"
_TAKE = 200
"""Width of a take's thumbnail, pixels."""
_QUALITY = 82
Told = Annotated[str, Field(max_length=5000)]


class HtmlOptions(FormatOptions):
    """What the page holds."""

    pictures: Literal["beside", "inside"] = Field(
        "beside", description="Full pictures in frames/ beside the page, or inside the file."
    )
    thumbnail: int = Field(480, ge=120, le=1600, description="Width of the thumbnails, pixels.")
    takes: bool = Field(True, description="Show every take of a frame with scores and verdict.")
    scores: bool = Field(True, description="Show the gate's scores under every frame.")
    notes: bool = Field(True, description="Show props, clothes, beats and notes.")
    theme: Literal["auto", "light", "dark"] = Field(
        "auto", description="Light or dark; auto follows the reader's system."
    )
    version: Told = Field("", description="Version of the board, as the page says it.")
    date: Told = Field("", description="Date on the page, as it is to be read.")
    revision: Told = Field("", description="What changed since the last export.")


def write_html(
    board: Board, folder: Path, options: HtmlOptions, progress: Progress = nothing
) -> list[str]:
    """Write ``storyboard.html`` into the board's folder, and ``frames/`` beside it.

    :param progress: called after every shot; may raise to interrupt.
    :returns: the files' names, the page first.
    :raises StoreError: ``disk_full`` or ``folder_unwritable``; the old page is unchanged then.
    """
    page = _Page(board, folder, options)
    text = page.written(progress)
    files = []
    if options.pictures == "beside":
        for panel in page.shown:
            if panel.picture and panel.frame:
                link_or_copy(panel.picture, folder / panel.frame.file)
                files.append(panel.frame.file)
    write_atomically(folder / FILE, text.encode("utf-8"))
    return [FILE, *files]


class _Page:
    def __init__(self, board: Board, folder: Path, options: HtmlOptions) -> None:
        self.board, self.folder, self.options = board, folder, options
        self.told = words(board.story.language)
        self.shown = panels(board, folder)
        self.store = TakeStore(folder, look=True)

    def written(self, progress: Progress) -> str:
        """The whole page."""
        cards, data = [], []
        for number, panel in enumerate(self.shown, 1):
            picture = opened(panel.picture)
            thumb = _picture(picture, self.options.thumbnail) if picture else ""
            cards.append(self._card(panel, thumb))
            data.append(self._data(panel, picture))
            progress(number, len(self.shown))
        return self._filled("\n".join(cards), {"shots": data, "words": self._script_words()})

    # The frame around the shots

    def _filled(self, cards: str, data: dict[str, Any]) -> str:
        story, told, options = self.board.story, self.told, self.options
        across, down = story.format.pixels
        style = Template(_part("page.css")).substitute(
            aspect=f"{across} / {down}",
            least=f"{round(18 * min(1.15, max(0.6, math.sqrt(across / down))))}rem",
            strip=f"{round(22 * min(1.3, max(0.65, across / down)))}rem",
            print_columns=3 if across >= down else 4,
        )
        script = _part("page.js")
        theme = f' data-theme="{options.theme}"' if options.theme != "auto" else ""
        seconds = sum(shot.duration for shot in story.shots)
        marked = any(panel.marks for panel in self.shown)
        button = '<button type="button" id="filter" aria-pressed="false">'
        button += f"{_text(told['marked'])}</button>"
        keys = "".join(f"<dt>{_text(key)}</dt><dd>{_text(does)}</dd>" for key, does in told["keys"])
        return Template(_part("page.html")).substitute(
            language=story.language,
            theme_set=theme,
            policy=_policy(style, script),
            title=_text(story.title),
            logline=_text(story.logline),
            kind=_text(told["storyboard"]),
            facts=self._facts(seconds),
            cast=self._cast(),
            filter=button if marked else "",
            milliseconds=round(seconds * 1000),
            style=style,
            script=script,
            data=_json(data),
            cards=cards,
            keys=keys,
            none=_text(told["nothing"]),
            grid_word=_text(told["grid"]),
            strip_word=_text(told["strip"]),
            view_word=_text(told["view"]),
            length_word=_text(told["length"]),
            **{
                name: _text(told[name])
                for name in (
                    *("skip", "search", "play", "theme", "print", "help", "previous", "next"),
                    *("close", "missing", "details"),
                )
            },
        )

    def _facts(self, seconds: float) -> str:
        told, options, story = self.told, self.options, self.board.story
        minutes, rest = divmod(round(seconds), 60)
        facts = [
            (told["version"], options.version),
            (told["date"], options.date),
            (told["shots"], str(len(story.shots))),
            (told["length"], f"{minutes}:{rest:02d}"),
            (told["format"], story.format.value),
            (told["revision"], options.revision),
        ]
        lines = [f"<li><b>{_text(k)}</b>{_span(text)}</li>" for k, text in facts if text]
        for mark, line in state(self.board, self.shown):
            lines.append(f'<li class="state {mark}">{_text(line)}</li>')
        return "".join(lines)

    def _cast(self) -> str:
        if not self.board.story.characters:
            return ""
        people = "".join(
            f'<dt dir="auto">{_text(c.name)}</dt>'
            f'<dd dir="auto" lang="en">{_text(c.description)}</dd>'
            for c in self.board.story.characters
        )
        name = _text(self.told["cast"])
        return f'<details class="cast"><summary>{name}</summary><dl>{people}</dl></details>'

    def _script_words(self) -> dict[str, str]:
        names = ("matches", "take", "takes", "kept", "accepted", "rejected", "not_judged", "lost",
                 "seed", "play", "pause", "shot")  # fmt: skip
        return {name: self.told[name] for name in names}

    # One shot

    def _card(self, panel: Panel, thumb: str) -> str:
        shot, told = panel.shot, self.told
        name = told["shot_n"].format(label=panel.label)
        about = f"{name}. {shot.caption or shot.action}"
        if thumb:
            across, down = self.board.story.format.pixels
            inside = (
                f'<img src="{thumb}" alt="{_text(about)}" width="{across}" height="{down}" '
                'loading="lazy" decoding="async">'
            )
        else:
            inside = f'<span class="lost"><span>{_text(told["missing"])}</span></span>'
        names = [mark.name for mark in panel.marks]
        bad = " bad" if {"missing", "flagged"} & set(names) else ""
        seconds = told["seconds"].format(seconds=f"{shot.duration:g}")
        return (
            f'<li class="card{bad}" data-marks="{" ".join(names)}">'
            f'<div class="line"><h2>{_text(panel.label)}</h2>'
            f'<span class="camera">{_text(" · ".join(panel.camera))}</span>'
            f'<span class="seconds">{_text(seconds)}</span></div>'
            f'<button type="button" class="open" aria-label="{_text(about)}">{inside}</button>'
            f'<div class="told">{"".join(self._told(panel))}</div></li>'
        )

    def _told(self, panel: Panel) -> Iterator[str]:
        shot = panel.shot
        if panel.marks:
            marks = "".join(f'<li class="mark {m.name}">{_text(m.word)}</li>' for m in panel.marks)
            yield f'<ul class="marks">{marks}</ul>'
        yield f'<p class="scene" dir="auto">{_text(panel.scene)}</p>'
        if shot.caption:
            yield f'<p class="caption" dir="auto">{_text(shot.caption)}</p>'
        yield f'<p class="action" dir="auto" lang="en">{_text(shot.action)}</p>'
        for line in panel.dialogue:
            heard = f" <i>({_text(line.off_screen)})</i>" if line.off_screen else ""
            speaker = f"<b><bdi>{_text(line.speaker)}</bdi>{heard}:</b>"
            yield f'<p class="said" dir="auto">{speaker} {_span(line.text)}</p>'
        notes = [(mark.word, mark.reason) for mark in panel.marks]
        if self.options.notes:
            notes += panel.notes
        for heading, text in notes:
            if text:
                yield f'<p class="note" dir="auto"><b>{_text(heading)}:</b> {_span(text)}</p>'
        if self.options.scores and panel.scores:
            yield f'<p class="scores">{"".join(map(_score, panel.scores))}</p>'

    def _data(self, panel: Panel, picture: Image.Image | None) -> dict[str, Any]:
        full = ""
        if picture is not None and panel.frame:
            inside = self.options.pictures == "inside"
            full = _picture(picture, picture.width, 90) if inside else panel.frame.file
        said = [f"{line.speaker}: {line.text}" for line in panel.dialogue]
        return {
            "label": panel.label,
            "seconds": panel.shot.duration,
            "full": full,
            "subtitle": visible("\n".join([panel.shot.caption, *said]).strip()),
            "takes": list(self._takes(panel, picture)) if self.options.takes else [],
        }

    def _takes(self, panel: Panel, winner: Image.Image | None) -> Iterator[dict[str, Any]]:
        """Every take ever made of the shot, the oldest first."""
        kept = panel.frame.take if panel.frame else ""
        for number, take in enumerate(self.store.takes(panel.shot.identity), 1):
            path = self.store.path(take.key)
            picture = winner if take.key == kept else opened(path)
            verdict = self.store.last_verdict(take.key)
            scores = readings(verdict) if verdict else ()
            yield {
                "number": number,
                "seed": str(take.seed),
                "kept": take.key == kept,
                "verdict": _word(verdict),
                "thumb": _picture(picture, _TAKE, 75) if picture else "",
                "full": f"takes/{path.name}" if self.options.pictures == "beside" else "",
                "scores": [
                    [s.name, s.value, _class(s.outcome), self.told["outcomes"][s.outcome.value]]
                    for s in scores
                ],
                "reasons": [visible(f"{s.name}: {s.reason}") for s in scores if s.reason],
            }


def _word(verdict: Verdict | None) -> str:
    if verdict is None or not verdict.scores:
        return "not_judged"
    return "accepted" if verdict.accepted else "rejected"


def _class(outcome: Outcome) -> str:
    return {Outcome.PASS: "pass", Outcome.FAIL: "fail"}.get(outcome, "reported")


def _score(score: Reading) -> str:
    why = f' title="{_text(score.reason)}"' if score.reason else ""
    name, value = _text(score.name), _text(score.value)
    return f'<span class="{_class(score.outcome)}"{why}>{name} <b>{value}</b></span>'


def _text(text: str) -> str:
    return escape(visible(text), quote=True)


def _span(text: str) -> str:
    """A text that has a direction of its own beside others."""
    return f"<bdi>{_text(text)}</bdi>"


def _json(data: Any) -> str:
    """JSON that no HTML parser takes for mark-up."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _part(name: str) -> str:
    return (PAGE / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """What the page may do: its own style and script, pictures from the file and beside it."""
    return (
        f"default-src 'none'; img-src 'self' file: data:; style-src '{_hash(style)}'; "
        f"script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}"


def _picture(image: Image.Image, width: int, quality: int = _QUALITY) -> str:
    """A picture as a ``data:`` address, at most ``width`` pixels wide."""
    across = min(width, image.width)
    down = max(1, round(image.height * across / image.width))
    small = image
    if image.size != (across, down):
        small = image.resize((across, down), Image.Resampling.LANCZOS, reducing_gap=3.0)
    file = io.BytesIO()
    small.save(file, "WEBP", quality=quality, method=2)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"
