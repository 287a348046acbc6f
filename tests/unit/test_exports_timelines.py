"""Timelines: each is read back by its own reader, and says what the board says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import opentimelineio as otio
import pytest
from aldar_storyboard.storyboard.errors import InputError
from aldar_storyboard.storyboard.exports.editorial import otio as timelines
from aldar_storyboard.storyboard.exports.editorial.animatic import AnimaticOptions, write_animatic
from aldar_storyboard.storyboard.exports.editorial.timeline import cut, timecode, whole_frames
from aldar_storyboard.storyboard.story import DialogueLine, Shot
from aldar_storyboard.tests.fakes.boards import finished
from hypothesis import given
from hypothesis import strategies as st

KINDS = {
    "otio": (timelines.write_otio, timelines.OtioOptions, "otio_json"),
    "fcpxml": (timelines.write_fcpxml, timelines.FcpxmlOptions, "fcpx_xml"),
    "fcp7": (timelines.write_fcp7, timelines.Fcp7Options, "fcp_xml"),
    "edl": (timelines.write_edl, timelines.EdlOptions, "cmx_3600"),
}
ALL = pytest.mark.parametrize("kind", KINDS)
HOSTILE = "<b a='\"'>&amp;</b> ]]> --> \u202eתירבע 😀 \u0085\ufffe\\ %2e/../x\x07 1' or '1'='1"


def shots(count=3, **fields):
    usual = [{"action": f"walks {n}", "duration": 1.5 + n / 7} for n in range(1, count + 1)]
    return [Shot(number=n, place="a road", **(each | fields)) for n, each in enumerate(usual, 1)]


def written(kind, board, folder, **options):
    """(The timeline read back, the files)."""
    write, model, _ = KINDS[kind]
    files = write(board, folder, model(**options))
    return read(kind, folder / files[-1], options.get("fps", 24)), files


def read(kind, path, fps=24):
    extra: dict[str, Any] = {"rate": fps} if kind == "edl" else {}
    timeline = otio.adapters.read_from_file(str(path), KINDS[kind][2], **extra)
    assert isinstance(timeline, otio.schema.Timeline)
    return timeline


@ALL
@pytest.mark.parametrize("fps", [24, 25, 30])
def test_every_clip_comes_back_with_its_name_place_and_length(tmp_path, kind, fps):
    board = finished(tmp_path, shots(7))
    timeline, _ = written(kind, board, tmp_path, fps=fps)
    clips = timeline.find_clips()
    planned = cut(board, fps)
    assert [clip.name for clip in clips] == [clip.label for clip in planned]
    assert [clip.duration().value for clip in clips] == [clip.length for clip in planned]
    assert [clip.range_in_parent().start_time.value for clip in clips] == [
        clip.start for clip in planned
    ]
    assert {clip.duration().rate for clip in clips} == {fps}
    assert timeline.name == "Ертегі"


@ALL
def test_media_are_found_when_the_folder_moves(tmp_path, kind):
    board = finished(tmp_path / "here", shots(), title="A 100% title")
    written(kind, board, tmp_path / "here")
    shutil.move(tmp_path / "here", tmp_path / "there")
    name = {"otio": "timeline.otio", "fcpxml": "timeline.fcpxml", "fcp7": "timeline.xml"}
    path = tmp_path / "there" / name.get(kind, "timeline.edl")
    for clip in read(kind, path).find_clips():
        url = clip.media_reference.target_url
        assert not url.startswith(("/", "file:"))
        assert (path.parent / unquote(url)).is_file()
    assert str(tmp_path) not in path.read_text("utf-8")


@ALL
def test_texts_become_markers(tmp_path, kind):
    line = DialogueLine(character="aldar", text="Сәлем!")
    board = finished(tmp_path, shots(1, caption="Бір күні", dialogue=[line]))
    timeline, _ = written(kind, board, tmp_path)
    told = [marker.name for marker in timeline.find_clips()[0].markers]
    assert told == ["Бір күні", "Алдар Көсе: Сәлем!", "walks 1"]


@ALL
def test_a_shot_without_a_frame_shows_a_slate(tmp_path, kind):
    board = finished(tmp_path, shots(), without=[2])
    timeline, files = written(kind, board, tmp_path)
    assert "slates/slate_002.png" in files
    assert timeline.find_clips()[1].media_reference.target_url == "slates/slate_002.png"
    written(kind, finished(tmp_path, shots()), tmp_path)
    assert not list((tmp_path / "slates").iterdir())


@ALL
def test_clips_may_be_parts_of_the_animatic(tmp_path, kind):
    board = finished(tmp_path, shots())
    write, model, _ = KINDS[kind]
    for wrong in (None, AnimaticOptions(fps=25, height=112)):
        if wrong:
            write_animatic(board, tmp_path, wrong)
        with pytest.raises(InputError) as caught:
            write(board, tmp_path, model(media="animatic"))
        assert caught.value.code == "option_invalid"
    write_animatic(board, tmp_path, AnimaticOptions(height=112))
    timeline, _ = written(kind, board, tmp_path, media="animatic")
    for clip, planned in zip(timeline.find_clips(), cut(board, 24), strict=True):
        assert clip.media_reference.target_url == "animatic.mp4"
        assert clip.source_range.start_time.value == planned.start


@ALL
def test_hostile_text_is_text(tmp_path, kind):
    line = DialogueLine(character="aldar", text=HOSTILE)
    fields = {"caption": HOSTILE, "dialogue": [line], "action": HOSTILE, "label": "SC01_SH010"}
    board = finished(tmp_path, shots(1, **fields), title=HOSTILE)
    timeline, _ = written(kind, board, tmp_path, revision=f"Revision 2 -- {HOSTILE}")
    (clip,) = timeline.find_clips()
    assert clip.name == "SC01_SH010"
    assert len(clip.markers) == 3
    for marker in clip.markers:
        for part in ("<b a='\"'>&amp;</b>", "]]>", "-->", "תירבע", "😀", "1' or '1'='1"):
            assert part in marker.name


@ALL
def test_the_same_board_gives_the_same_bytes(tmp_path, kind):
    board = finished(tmp_path, shots())
    texts = []
    for _ in range(2):
        _, files = written(kind, board, tmp_path)
        texts.append((tmp_path / files[-1]).read_bytes())
    assert texts[0] == texts[1]


def test_an_edl_keeps_its_limits(tmp_path):
    labels = ["SC01_SH010", "SC01_SH020", "1A", "1.A", "1-A", "", "a" * 24]
    board = finished(
        tmp_path, [s.model_copy(update={"label": label}) for s, label in zip(shots(7), labels)]
    )
    _, files = written("edl", board, tmp_path)
    text = (tmp_path / files[-1]).read_text("utf-8")
    assert text.splitlines()[:2] == ["TITLE: Ертегі", "FCM: NON-DROP FRAME"]
    events = re.findall(
        r"^(\d{3})  (\S+) +V     C        ((?:\d\d:\d\d:\d\d:\d\d ?){4})$", text, re.M
    )
    assert [event[0] for event in events] == [f"{n:03d}" for n in range(1, 8)]
    reels = [event[1] for event in events]
    assert all(re.fullmatch("[A-Z0-9]{1,8}", reel) for reel in reels)
    assert len(set(reels)) == 7


def test_a_long_edl_goes_on_in_another_file_at_the_same_timecode(tmp_path):
    assert timelines.EdlOptions().events == 999
    board = finished(tmp_path, shots(5, duration=0.5))
    files = timelines.write_edl(board, tmp_path, timelines.EdlOptions(events=2))
    assert files == ["timeline.edl", "timeline_2.edl", "timeline_3.edl"]
    parts = [read("edl", tmp_path / name).find_clips() for name in files]
    assert [[clip.name for clip in part] for part in parts] == [["1", "2"], ["3", "4"], ["5"]]
    text = (tmp_path / "timeline_2.edl").read_text("utf-8")
    assert f"001  3        V     C        00:00:00:00 00:00:00:12 {timecode(24, 24)}" in text
    timelines.write_edl(board, tmp_path, timelines.EdlOptions())
    assert not (tmp_path / "timeline_2.edl").exists()


def test_an_edl_of_more_than_a_day_is_refused(tmp_path):
    board = finished(tmp_path, shots(1500, duration=60), without=range(1, 1501))
    with pytest.raises(InputError) as caught:
        timelines.write_edl(board, tmp_path, timelines.EdlOptions())
    assert caught.value.code == "option_invalid"
    assert "24" in caught.value.message


def test_final_cut_gets_sizes_and_nothing_empty(tmp_path):
    written("fcpxml", finished(tmp_path, shots()), tmp_path)
    root = ElementTree.parse(tmp_path / "timeline.fcpxml").getroot()
    (form,) = root.iter("format")
    assert (form.get("width"), form.get("height")) == ("1344", "768")
    assert all(value for element in root.iter() for value in element.attrib.values())
    assert [child.tag for child in root] == ["resources", "project"]
    starts = [[m.get("start") for m in clip.iter("marker")] for clip in root.iter("clip")]
    assert all(len(set(each)) == len(each) for each in starts)


def test_premiere_gets_the_size_and_no_sound_of_stills(tmp_path):
    written("fcp7", finished(tmp_path, shots()), tmp_path)
    root = ElementTree.parse(tmp_path / "timeline.xml").getroot()
    sample = root.find(".//sequence/media/video/format/samplecharacteristics")
    assert sample is not None
    assert (sample.findtext("width"), sample.findtext("height")) == ("1344", "768")
    assert not root.findall(".//file/media/audio")
    assert [item.findtext("stillframe") for item in root.iter("clipitem")] == ["TRUE"] * 3


@given(st.lists(st.floats(0.001, 60), min_size=1, max_size=200), st.sampled_from([24, 25, 30]))
def test_the_sum_never_drifts(durations, fps):
    ends = whole_frames(durations, fps)
    lengths = [b - a for a, b in zip([0, *ends], ends)]
    assert min(lengths) >= 1
    total = 0.0
    for index, duration in enumerate(durations):
        total += duration * fps
        if all(seconds * fps >= 1 for seconds in durations[: index + 1]):
            assert abs(ends[index] - total) <= 0.5 + 1e-6
    assert ends[-1] >= round(total - 0.501)


def test_a_timecode_counts_hours_minutes_seconds_and_frames():
    assert timecode(0, 24) == "00:00:00:00"
    assert timecode(24 * 3600 + 24 * 61 + 5, 24) == "01:01:01:05"
    assert timecode(30 * 60 - 1, 30) == "00:00:59:29"


def test_a_package_that_is_missing_is_named(tmp_path, monkeypatch):
    import sys

    board = finished(tmp_path, shots(1))
    monkeypatch.setitem(sys.modules, "opentimelineio", None)
    with pytest.raises(InputError) as caught:
        timelines.write_otio(board, tmp_path, timelines.OtioOptions())
    assert caught.value.code == "package_missing"
    assert "aldar-storyboard[exports]" in caught.value.hint
    assert not Path(tmp_path / "timeline.otio").exists()
