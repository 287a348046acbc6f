"""Timelines of any board, and projects of strangers: told or read, and never outside a folder."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import opentimelineio
import pysubs2
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.bring_in import bring_in
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.exports.editorial import otio
from aldar_storyboard.storyboard.exports.editorial.storyboarder import (
    StoryboarderOptions,
    write_storyboarder,
)
from aldar_storyboard.storyboard.exports.editorial.subtitles import LONGEST, cues, to_text
from aldar_storyboard.storyboard.exports.editorial.timeline import cut
from aldar_storyboard.storyboard.story import Character, DialogueLine, Shot, Story
from aldar_storyboard.tests.fakes.boards import finished
from hypothesis import given
from hypothesis import strategies as st

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
SEEN = ANY.filter(lambda text: any(letter.isalnum() for letter in text))
LINES = st.lists(SEEN.map(lambda text: DialogueLine(character="a", text=text)), max_size=4)
SHOTS = st.lists(
    st.fixed_dictionaries(
        {"action": SEEN, "caption": ANY, "dialogue": LINES, "duration": st.floats(0.01, 60)}
    ),
    min_size=1,
    max_size=5,
)
READERS = {
    "fcpx_xml": (otio.write_fcpxml, otio.FcpxmlOptions),
    "fcp_xml": (otio.write_fcp7, otio.Fcp7Options),
    "cmx_3600": (otio.write_edl, otio.EdlOptions),
    "otio_json": (otio.write_otio, otio.OtioOptions),
}


def board_of(shots, title="t"):
    made = [Shot(number=n, place="x", **fields) for n, fields in enumerate(shots, 1)]
    cast = [Character(id="a", name="Алдар", description="a man")]
    story = Story(title=title, logline="l", characters=cast, shots=made)
    return Board(story=story, base_seed=42, retries=2, complete=False)


@given(SHOTS, SEEN, ANY, st.sampled_from([24, 25, 30]), st.sampled_from(sorted(READERS)))
def test_every_timeline_is_read_back(shots, title, revision, fps, adapter):
    shots = [{**shot, "caption": shot["caption"][:240]} for shot in shots]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        made = [Shot(number=n, place="x", **fields) for n, fields in enumerate(shots, 1)]
        for shot in made:
            for line in shot.dialogue:
                line.character = "aldar"
        board = finished(folder, made, title=title[:120])
        write, options = READERS[adapter]
        files = write(board, folder, options(fps=fps, revision=revision))
        rate: dict[str, Any] = {"rate": fps} if adapter == "cmx_3600" else {}
        path = str(folder / files[-1])
        timeline = opentimelineio.adapters.read_from_file(path, adapter, **rate)
        clips, planned = timeline.find_clips(), cut(board, fps)
        assert [clip.name for clip in clips] == [clip.label for clip in planned]
        for clip, wanted in zip(clips, planned, strict=True):
            # Its reader truncates 1.16 s x 25 to 28 frames.
            slack = 1 if adapter == "fcpx_xml" and fps != 24 else 0
            assert abs(clip.duration().value - wanted.length) <= slack
            assert len(clip.markers) == 1 + bool(wanted.shot.caption) + len(wanted.shot.dialogue)


@given(SHOTS, st.sampled_from([24, 25, 30]))
def test_every_word_is_in_the_subtitles(shots, fps):
    board = board_of(shots)
    clips = cut(board, fps)
    made = cues(board.story, clips)
    told = "".join(
        "".join([clip.shot.caption, *(f"Алдар: {d.text}" for d in clip.shot.dialogue)])
        for clip in clips
    )
    assert "".join("".join(cue.text for cue in made).split()) == "".join(told.split())
    assert all(cue.start < cue.end for cue in made)
    assert all(a.end <= b.start for a, b in pairwise(made))
    for clip in clips:
        inside = [cue for cue in made if clip.start <= cue.start < clip.end]
        assert all(cue.end <= clip.end for cue in inside)
        if len(inside) < clip.length:
            assert all(len(cue.text) <= LONGEST for cue in inside)
    for kind in ("srt", "vtt"):
        text = to_text(made, fps, kind)
        assert len(pysubs2.SSAFile.from_string(text, format_=kind)) == len(made)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["../out.png", "a.png", "/etc/passwd", "", "a/../b.png", "\0", "x" * 300])
LAYER = st.fixed_dictionaries({}, optional={"url": NAMES | JSON, "opacity": JSON})
LAYERS = st.dictionaries(st.sampled_from(["ink", "reference", "notes", "x"]), LAYER | JSON)
BOARD = st.fixed_dictionaries(
    {},
    optional={
        "url": NAMES | JSON,
        "layers": LAYERS | JSON,
        "dialogue": ANY | JSON,
        "action": ANY | JSON,
        "notes": ANY | JSON,
        "duration": JSON,
        "uid": JSON,
        "shot": JSON,
    },
)
PROJECT = st.fixed_dictionaries(
    {"boards": st.lists(BOARD, max_size=4) | JSON},
    optional={"aspectRatio": JSON, "fps": JSON, "defaultBoardTiming": JSON},
)


@given(PROJECT | JSON)
def test_a_project_is_read_or_refused(data):
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "p/images").mkdir(parents=True)
        path = root / "p/x.storyboarder"
        path.write_text(json.dumps(data, ensure_ascii=True), "utf-8")
        with suppress(AldarError):
            story = bring_in(path, root / "kept")
            assert Story.from_json(story.to_json()) == story
        # An export goes over whatever lies there.
        (root / "storyboarder").mkdir()
        path.rename(root / "storyboarder/storyboard.storyboarder")
        board = finished(root, [Shot(number=1, place="x", action="y")])
        files = write_storyboarder(board, root, StoryboarderOptions())
        assert len(bring_in(root / files[0], root / "kept").shots) == 1
