"""The board as a timeline for an editor: OpenTimelineIO, Final Cut Pro X and 7 XML, CMX 3600 EDL.

All of them are one OpenTimelineIO timeline, written by OpenTimelineIO's own adapters; what an
adapter gets wrong for still pictures is mended afterwards, each in its own function here. Media
are named relative to the file, so the board's folder may move.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal
from xml.etree import ElementTree

from PIL import Image
from pydantic import Field

from ...board import Board
from ...errors import InputError
from ...files import disk_errors, link_or_copy, write_atomically
from ...story import Shot, Story
from ..frames import remove_others
from ..options import FormatOptions, Progress, nothing
from .animatic import FILE as ANIMATIC
from .ffmpeg import length_of
from .letters import slate
from .subtitles import lacks
from .timeline import Clip, Rate, cut, picture_of, state, timecode

if TYPE_CHECKING:
    from opentimelineio.schema import Timeline

SLATES = "slates"
"""Folder of the pictures that stand for shots without a frame."""
EVENTS = 999
"""An EDL counts its events in three digits."""
REEL = 8
"""Letters of a reel's name in an EDL."""
_SCHEME = "aldar:"
"""Put before addresses while the FCPXML adapter works: it would look for the files, and start
ffprobe on them, in whatever folder the program runs in."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DAY = 24 * 3600


class OtioOptions(FormatOptions):
    """How the timeline is made."""

    fps: Rate = Field(24, description="Frames a second.")
    media: Literal["stills", "animatic"] = Field(
        "stills", description="What the clips show: the frames, or their parts of animatic.mp4."
    )


class FcpxmlOptions(OtioOptions):
    """The same of a Final Cut Pro X project."""


class Fcp7Options(OtioOptions):
    """The same of a Final Cut Pro 7 sequence, as Premiere and Resolve read it."""


class EdlOptions(OtioOptions):
    """The same of an edit decision list."""

    events: int = Field(EVENTS, ge=1, le=EVENTS, description="Events of one file at most.")


def write_otio(
    board: Board, folder: Path, options: OtioOptions, progress: Progress = nothing
) -> list[str]:
    """``timeline.otio``: a clip a shot, its texts as markers.

    :raises StoreError: if the disk is full or the folder cannot be written.
    :raises InputError: ``package_missing``, or ``option_invalid`` if the animatic that the clips
        shall show is not there or is another.
    """
    adapters = _adapters("otio_json")
    clips, media = _media(board, folder, options, progress)
    text = adapters.write_to_string(_timeline(board, clips, media, options), "otio_json")
    return [*media.made, _write(folder, "timeline.otio", text)]


def write_fcpxml(
    board: Board, folder: Path, options: FcpxmlOptions, progress: Progress = nothing
) -> list[str]:
    """``timeline.fcpxml``, of version 1.8. :raises: as :func:`write_otio`."""
    adapters = _adapters("fcpx_xml")
    clips, media = _media(board, folder, options, progress)
    timeline = _timeline(board, clips, media, options, _SCHEME)
    text = adapters.write_to_string(timeline, "fcpx_xml")
    text = _mended_fcpxml(text, board.story.format.pixels, options.revision)
    return [*media.made, _write(folder, "timeline.fcpxml", text)]


def write_fcp7(
    board: Board, folder: Path, options: Fcp7Options, progress: Progress = nothing
) -> list[str]:
    """``timeline.xml``: xmeml 4. :raises: as :func:`write_otio`."""
    adapters = _adapters("fcp_xml")
    clips, media = _media(board, folder, options, progress)
    text = adapters.write_to_string(_timeline(board, clips, media, options), "fcp_xml")
    stills = options.media == "stills"
    text = _mended_fcp7(text, board.story.format.pixels, stills, options.revision)
    return [*media.made, _write(folder, "timeline.xml", text)]


def write_edl(
    board: Board, folder: Path, options: EdlOptions, progress: Progress = nothing
) -> list[str]:
    """``timeline.edl``; after so many events it goes on in ``timeline_2.edl`` at the same timecode.

    :raises: as :func:`write_otio`; ``option_invalid`` for a board of a day or more.
    """
    adapters = _adapters("cmx_3600")
    end = cut(board, options.fps)[-1].end
    if end > _DAY * options.fps:
        raise InputError(
            "option_invalid",
            f"The board lasts {end / options.fps / 3600:.1f} hours; the timecode of an "
            "EDL ends after 24.",
            "Export it as otio, or shorten the shots.",
        )
    clips, media = _media(board, folder, options, progress)
    names = []
    for part, start in enumerate(range(0, len(clips), options.events), 1):
        some = clips[start : start + options.events]
        timeline = _timeline(board, some, media, options)
        timeline.name = _line(timeline.name)[:70]
        _for_edl(timeline, board, some, options)
        text = adapters.write_to_string(timeline, "cmx_3600", rate=options.fps)
        # The adapter says nothing of drop frames, and at 30 frames a second readers may guess.
        head, blank, events = text.partition("\n\n")
        name = "timeline.edl" if part == 1 else f"timeline_{part}.edl"
        names.append(_write(folder, name, f"{head}\nFCM: NON-DROP FRAME{blank}{events}"))
    remove_others(folder, r"timeline_\d+\.edl", names)
    return [*media.made, *names]


def _adapters(name: str) -> Any:
    """OpenTimelineIO's adapters. :raises InputError: ``package_missing``."""
    try:
        from opentimelineio import adapters
        from opentimelineio.exceptions import NotSupportedError
    except ImportError as error:
        raise lacks("Timelines", "opentimelineio") from error
    try:
        adapters.from_name(name)
    except NotSupportedError as error:
        raise lacks("Timelines of this kind", f"opentimelineio's adapter {name}") from error
    return adapters


class _Media:
    """Where the clips' pictures lie."""

    def __init__(self, files: dict[int, str], made: list[str], whole: int = 0) -> None:
        self.files = files
        """Number of a shot -> its file, relative to the folder."""
        self.made = made
        """The files that this export added."""
        self.whole = whole
        """Length of the one film that all clips are parts of, in frames; 0 for stills."""


def _media(
    board: Board, folder: Path, options: OtioOptions, progress: Progress
) -> tuple[list[Clip], _Media]:
    """The cut, and the files it shows; a shot without a frame gets a slate that says so."""
    clips = cut(board, options.fps)
    if options.media == "animatic":
        _check_animatic(folder / ANIMATIC, clips[-1].end, options.fps)
        files = {clip.shot.number: ANIMATIC for clip in clips}
        return clips, _Media(files, [], clips[-1].end)
    files, made = {}, []
    size = board.story.format.pixels
    for done, clip in enumerate(clips):
        progress(done, len(clips))
        picture = picture_of(folder, clip)
        if picture and clip.frame:
            files[clip.shot.number] = clip.frame.file
            link_or_copy(picture, folder / clip.frame.file)
        else:
            name = f"{SLATES}/slate_{clip.shot.number:03d}.png"
            with disk_errors(folder / SLATES):
                write_atomically(folder / name, _png(slate(clip, state(clip, folder), size)))
            files[clip.shot.number] = name
            made.append(name)
    if (folder / SLATES).is_dir():
        remove_others(folder / SLATES, r"slate_\d+\.png", [Path(name).name for name in made])
    progress(len(clips), len(clips))
    return clips, _Media(files, made)


def _check_animatic(path: Path, length: int, fps: int) -> None:
    """See that a film is the one of the cut. :raises InputError: ``option_invalid``."""
    there = length_of(path)
    if there == (length, fps):
        return
    problem = f"has {there[0]} frames at {there[1]} a second" if there else "is not there"
    raise InputError(
        "option_invalid",
        f"The clips shall show {path.name}, but it {problem}; the board has {length} at {fps}.",
        "Export the animatic first, at the same rate: --to animatic,otio.",
    )


def _timeline(
    board: Board, clips: Sequence[Clip], media: _Media, options: OtioOptions, scheme: str = ""
) -> Timeline:
    """The clips one after another on a video track.

    :param scheme: put before addresses.
    """
    from opentimelineio import opentime, schema

    def span(start: int, length: int) -> opentime.TimeRange:
        return opentime.TimeRange(
            opentime.RationalTime(start, options.fps), opentime.RationalTime(length, options.fps)
        )

    track = schema.Track("Frames", kind=schema.TrackKind.Video)
    if clips[0].start:
        track.append(schema.Gap(source_range=span(0, clips[0].start)))
    for clip in clips:
        start = clip.start if media.whole else 0
        name = media.files[clip.shot.number]
        reference = schema.ExternalReference(
            scheme + _url(name), span(0, media.whole or clip.length)
        )
        reference.name = Path(name).name
        item = schema.Clip(_name(clip), reference, span(start, clip.length))
        for place, (kind, colour, text) in enumerate(_said(board.story, clip.shot)):
            # Final Cut keeps one marker a frame.
            at = start + min(place, clip.length - 1)
            marker = schema.Marker(_xml(text), span(at, 1), colour)
            marker.metadata["aldar"] = {"kind": kind}
            item.markers.append(marker)
        item.metadata["aldar"] = _facts(clip)
        track.append(item)
    timeline = schema.Timeline(
        _xml(board.story.title), global_start_time=opentime.RationalTime(0, options.fps)
    )
    timeline.metadata["aldar"] = {
        "logline": board.story.logline,
        "revision": options.revision,
        "complete": board.complete,
    }
    timeline.tracks.append(track)
    return timeline


def _url(name: str) -> str:
    """The address of a file, relative to the timeline's."""
    return PurePosixPath("/", name).as_uri().removeprefix("file:///")


def _name(clip: Clip) -> str:
    """A clip's name: the shot's number. The FCPXML adapter looks names up between apostrophes."""
    return _xml(clip.label).replace("'", "’")


def _said(story: Story, shot: Shot) -> Iterable[tuple[str, str, str]]:
    """(Kind, colour of OpenTimelineIO, text) of everything a shot's markers tell."""
    if shot.caption:
        yield "caption", "YELLOW", shot.caption
    for line in shot.dialogue:
        heard = " (off screen)" if line.off_screen else ""
        yield "dialogue", "GREEN", f"{story.character(line.character).name}{heard}: {line.text}"
    yield "action", "CYAN", shot.action


def _facts(clip: Clip) -> dict[str, Any]:
    """What an editor may want to know of a clip, as metadata."""
    shot, frame = clip.shot, clip.frame
    facts: dict[str, Any] = {
        "shot": shot.identity,
        "place": shot.place,
        "time": shot.time.value,
        "size": shot.size.value,
        "angle": shot.angle.value,
        "move": shot.move.value,
        "seconds": shot.duration,
    }
    if frame is None:
        return facts | {"state": "no frame yet"}
    marks = {"flagged": frame.flagged, "stale": frame.stale, "locked": frame.locked}
    marks["unproven"] = clip.unproven
    return facts | {"seed": frame.seed, "state": ", ".join(m for m, so in marks.items() if so)}


def _for_edl(timeline: Timeline, board: Board, clips: Sequence[Clip], options: OtioOptions) -> None:
    """Say what an EDL says its own way: reels of at most eight letters, and texts as locators at
    their timecode in the programme. The adapter would write them in capitals, at that of the clip.
    """
    used: set[str] = set()
    # Readers stop at a comment before the first event.
    note = [_line(options.revision)] if options.revision else []
    for clip, item in zip(clips, timeline.find_clips()):
        item.markers.clear()
        reel = "ANIMATIC" if options.media == "animatic" else _reel(clip, used)
        locators = [
            f"LOC: {timecode(clip.start, options.fps)} {colour:7} {_line(text)}"
            for _, colour, text in _said(board.story, clip.shot)
        ]
        item.metadata["cmx_3600"] = {"reel": reel, "comments": [*note, *locators]}
        note = []


def _reel(clip: Clip, used: set[str]) -> str:
    """A reel's name of its own, of at most eight letters and digits."""
    reel = re.sub(r"[^A-Z0-9]", "", clip.label.upper())
    if not reel or len(reel) > REEL or reel in used:
        reel = f"S{clip.shot.number:05d}"
        while reel in used:
            reel = f"X{reel}"
    used.add(reel)
    return reel


def _line(text: str) -> str:
    """A text in one line, without what is not seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _xml(text: str) -> str:
    """A text in which nothing is left that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def _mended_fcpxml(text: str, size: tuple[int, int], revision: str) -> str:
    """Final Cut takes sizes from the formats, which the adapter leaves empty where it finds no
    ffprobe, refuses an empty ``uid``, and has no ``asset-clip`` of a still: the adapter puts one
    of every file beside the project."""
    root = ElementTree.fromstring(text)
    for clip in root.findall("asset-clip"):
        root.remove(clip)
    for form in root.iter("format"):
        form.attrib.pop("name", None)
        form.set("width", str(size[0]))
        form.set("height", str(size[1]))
    for asset in root.iter("asset"):
        asset.set("src", asset.get("src", "").removeprefix(_SCHEME))
        if asset.get("hasAudio") == "0":
            del asset.attrib["hasAudio"]
    for project in root.iter("project"):
        project.attrib.pop("uid", None)
    return _as_text(root, "<!DOCTYPE fcpxml>\n", revision)


def _mended_fcp7(text: str, size: tuple[int, int], stills: bool, revision: str) -> str:
    """Premiere takes the size of a sequence from its format, which the adapter leaves empty, and
    looks for the sound of every file; stills have none."""
    root = ElementTree.fromstring(text)
    for form in root.iter("format"):
        sample = ElementTree.SubElement(form, "samplecharacteristics")
        for name, value in (("width", size[0]), ("height", size[1])):
            ElementTree.SubElement(sample, name).text = str(value)
        ElementTree.SubElement(sample, "pixelaspectratio").text = "square"
    for file in root.iter("file"):
        media = file.find("media")
        sound = media.find("audio") if media is not None else None
        if media is not None and sound is not None:
            media.remove(sound)
    for item in root.iter("clipitem") if stills else ():
        ElementTree.SubElement(item, "stillframe").text = "TRUE"
    return _as_text(root, "<!DOCTYPE xmeml>\n", revision)


def _as_text(root: ElementTree.Element, kind: str, revision: str) -> str:
    """The document with its heading. :param kind: its DOCTYPE."""
    note = _xml(revision).replace("--", "- -")
    note = f"<!-- {note} -->\n" if note else ""
    _indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{kind}{note}{body}\n'


def _indent(root: ElementTree.Element) -> None:
    for element in root.iter():
        if len(element):  # blanks that an adapter put between elements
            element.text = None
        for child in element:
            child.tail = None
    ElementTree.indent(root, " ")


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()


def _write(folder: Path, name: str, text: str) -> str:
    write_atomically(folder / name, text.encode("utf-8"))
    return name
