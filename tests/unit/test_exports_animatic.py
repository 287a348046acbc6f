"""The animatic: as long as its shots, cut where they are cut, and whole or not there at all."""

from __future__ import annotations

import subprocess
import sys
import wave
from fractions import Fraction

import av
import numpy as np
import pysubs2
import pytest
from aldar_storyboard.storyboard.errors import InputError, StoreError
from aldar_storyboard.storyboard.exports.editorial.animatic import AnimaticOptions, write_animatic
from aldar_storyboard.storyboard.exports.editorial.camera import view
from aldar_storyboard.storyboard.exports.editorial.timeline import cut, state
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.story import DialogueLine, Move, Shot
from aldar_storyboard.tests.fakes.boards import finished
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

SMALL = {"height": 112}


def shot(number=1, duration=0.5, **fields):
    return Shot(number=number, place="a road", action="walks", duration=duration, **fields)


def film(folder):
    """Its frames as RGB arrays."""
    with av.open(str(folder / "animatic.mp4")) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def near(frame, colour, tolerance=6):
    return np.abs(frame[40:70, 60:120].mean((0, 1)) - colour).max() < tolerance


@pytest.mark.parametrize("fps", [24, 25, 30])
def test_a_film_lasts_as_long_as_its_shots_and_cuts_between_them(tmp_path, fps):
    board = finished(tmp_path, [shot(1, 0.5), shot(2, 0.3), shot(3, 1.1)])
    assert write_animatic(board, tmp_path, AnimaticOptions(fps=fps, **SMALL)) == [
        "animatic.mp4",
        "animatic.srt",
    ]
    frames = film(tmp_path)
    ends = [int(fps * seconds + 0.5) for seconds in (0.5, 0.8, 1.9)]
    assert len(frames) == ends[-1]
    for number, (start, end) in enumerate(zip([0, *ends], ends), 1):
        for place in (start, end - 1):
            assert near(frames[place], (number * 40, 90, 160)), (number, place)
    with av.open(str(tmp_path / "animatic.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.average_rate == fps
        assert Fraction(stream.duration) * stream.time_base == Fraction(ends[-1], fps)
    data = (tmp_path / "animatic.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")  # a player may begin before it has it all


def test_every_size_is_even_and_keeps_the_shape(tmp_path):
    board = finished(tmp_path, [shot()])
    write_animatic(board, tmp_path, AnimaticOptions(height=121))
    assert film(tmp_path)[0].shape == (120, 212, 3)


def test_a_dissolve_mixes_two_shots_and_adds_no_frame(tmp_path):
    board = finished(tmp_path, [shot(1, 1), shot(2, 1)])
    write_animatic(board, tmp_path, AnimaticOptions(transition="dissolve", dissolve=0.5, **SMALL))
    frames = film(tmp_path)
    assert len(frames) == 48
    assert near(frames[10], (40, 90, 160))
    assert near(frames[40], (80, 90, 160))
    middle = [frame[50, 90, 0] for frame in frames[18:30]]
    assert middle == sorted(middle)
    assert 52 < middle[5] < 68


def test_a_dissolve_between_shots_of_one_frame_is_a_cut(tmp_path):
    board = finished(tmp_path, [shot(n, 0.04) for n in (1, 2, 3)])
    write_animatic(board, tmp_path, AnimaticOptions(transition="dissolve", **SMALL))
    assert len(film(tmp_path)) == 3


def stripes(shot):
    """A picture that shows where the camera looks: red grows to the right, green downwards."""
    red = np.tile(np.linspace(0, 255, 384, dtype=np.uint8), (216, 1))
    green = np.tile(np.linspace(0, 255, 216, dtype=np.uint8)[:, None], (1, 384))
    return Image.fromarray(np.dstack([red, green, np.full_like(red, 128)]))


@pytest.mark.parametrize(
    ("move", "channel", "sign"),
    [
        (Move.PAN_RIGHT, 0, 1),
        (Move.PAN_LEFT, 0, -1),
        (Move.TRACK_RIGHT, 0, 1),
        (Move.TRACK_LEFT, 0, -1),
        (Move.TILT_DOWN, 1, 1),
        (Move.TILT_UP, 1, -1),
        (Move.CRANE_UP, 1, -1),
    ],
)
def test_the_camera_moves_as_the_shot_says(tmp_path, move, channel, sign):
    board = finished(tmp_path, [shot(1, 1, move=move)], picture=stripes)
    write_animatic(board, tmp_path, AnimaticOptions(height=216))
    seen = [float(frame[..., channel].mean()) * sign for frame in film(tmp_path)]
    assert seen[-1] - seen[0] > 12
    steps = np.diff(seen)
    assert steps.min() > -1  # no jerk back
    assert steps[:3].max() < steps[10:14].max()  # it starts slowly


def test_a_push_in_enlarges_and_a_pull_out_shows_the_whole_again(tmp_path):
    spread = {}
    for move in (Move.PUSH_IN, Move.PULL_OUT):
        write_animatic(
            finished(tmp_path / move.value, [shot(1, 1, move=move)], picture=stripes),
            tmp_path / move.value,
            AnimaticOptions(height=216),
        )
        frames = film(tmp_path / move.value)
        spread[move] = [float(f[..., 0].max()) - float(f[..., 0].min()) for f in frames]
    assert spread[Move.PUSH_IN][0] - spread[Move.PUSH_IN][-1] > 20
    assert spread[Move.PULL_OUT][-1] - spread[Move.PULL_OUT][0] > 20


def test_without_moves_nothing_moves(tmp_path):
    board = finished(tmp_path, [shot(1, 1, move=Move.HANDHELD)], picture=stripes)
    write_animatic(board, tmp_path, AnimaticOptions(height=216, moves=False))
    frames = film(tmp_path)
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() < 1.5


@given(
    st.sampled_from(list(Move)),
    st.floats(-1, 2),
    st.floats(0, 60),
    st.tuples(st.integers(2, 4000), st.integers(2, 4000)),
)
def test_the_window_stays_in_the_picture_and_keeps_its_shape(move, share, seconds, size):
    seen = view(move, share, seconds)
    left, top, right, bottom = seen.box(size)
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    assert (right - left) / size[0] == pytest.approx((bottom - top) / size[1], rel=1e-6)


def test_the_letters_of_a_drawn_panel_stay_where_they_are_while_the_camera_moves(tmp_path):
    line = DialogueLine(character="aldar", text="Hello there")
    moving = shot(1, 1, move=Move.PAN_RIGHT, caption="A road", dialogue=[line])
    board = finished(tmp_path, [moving], picture=lambda s: stage(finished_story(s), s).panel)
    write_animatic(board, tmp_path, AnimaticOptions(height=384))
    first, last = (film(tmp_path)[n].astype(int) for n in (0, -1))
    strip = slice(-24, -6)  # the caption at the bottom
    assert np.abs(first[strip] - last[strip]).mean() < 2
    assert np.abs(first[100:300] - last[100:300]).mean() > 3


def finished_story(shot):
    from aldar_storyboard.storyboard.story import BoardFormat, Story
    from aldar_storyboard.tests.fakes.boards import ALDAR

    return Story(
        title="Ертегі", logline="A tale", format=BoardFormat.WIDE, characters=[ALDAR], shots=[shot]
    )


def test_missing_and_flagged_frames_say_so(tmp_path):
    shots = [shot(1), shot(2), shot(3)]
    plain = finished(tmp_path / "plain", shots)
    board = finished(tmp_path / "marked", shots, without=[2], flagged=[3])
    for name, each in (("plain", plain), ("marked", board)):
        write_animatic(each, tmp_path / name, AnimaticOptions(**SMALL))
    one, other = film(tmp_path / "plain"), film(tmp_path / "marked")
    changed = [np.abs(a.astype(int) - b).mean() > 0.5 for a, b in zip(one, other)]
    assert not any(changed[:12])
    assert all(changed[12:])
    assert other[18].mean() < 40  # the slate is dark
    red = other[30][:20, -60:].astype(int)
    assert ((red[..., 0] - red[..., 1]) > 80).mean() > 0.1


def test_a_take_that_is_gone_becomes_a_slate(tmp_path):
    board = finished(tmp_path, [shot(1), shot(2)])
    (tmp_path / f"takes/{board.frames[1].take}.png").unlink()
    write_animatic(board, tmp_path, AnimaticOptions(**SMALL))
    frames = film(tmp_path)
    assert near(frames[0], (40, 90, 160))
    assert frames[-1].mean() < 40


def test_burn_in_and_burned_subtitles_are_seen(tmp_path):
    board = finished(tmp_path, [shot(1, 1, caption="Жол бойында")])
    write_animatic(board, tmp_path, AnimaticOptions(subtitles="none", height=360))
    bare = film(tmp_path)
    write_animatic(board, tmp_path, AnimaticOptions(subtitles="burned", burn_in=True, height=360))
    full = film(tmp_path)
    corner = np.abs(bare[3][:60, -160:].astype(int) - full[3][:60, -160:])
    assert corner.mean() > 10
    assert np.abs(bare[3][-70:].astype(int) - full[3][-70:]).mean() > 5
    assert np.abs(full[3][:60, -160:].astype(int) - full[4][:60, -160:]).max() > 60  # it counts
    assert not (tmp_path / "animatic.srt").exists()


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_subtitles_are_read_back_in_order_and_within_their_shots(tmp_path, kind):
    lines = [DialogueLine(character="aldar", text="word " * 39)] * 4
    board = finished(
        tmp_path, [shot(1, 3, caption="Бір күні"), shot(2, 4, dialogue=lines), shot(3, 0.04)]
    )
    files = write_animatic(board, tmp_path, AnimaticOptions(subtitles=kind, **SMALL))
    assert files == ["animatic.mp4", f"animatic.{kind}"]
    read = pysubs2.load(str(tmp_path / files[1]))
    assert read[0].plaintext == "Бір күні"
    assert (read[0].start, read[0].end) == (0, 3000)
    assert " ".join(e.plaintext for e in read[1:]).split().count("word") == 4 * 39
    assert all(len(event.plaintext) <= 84 for event in read)
    assert [e.start for e in read[1:]] == [e.end for e in read[:-1]]
    assert read[-1].end == 7000


def test_what_players_take_for_mark_up_stays_text(tmp_path):
    hostile = "<b>x</b> {\\an8}y --> 00:00\n\n7\n<script>"
    board = finished(tmp_path, [shot(1, 1, caption=hostile)])
    for kind in ("srt", "vtt"):
        write_animatic(board, tmp_path, AnimaticOptions(subtitles=kind, **SMALL))
        read = pysubs2.load(str(tmp_path / f"animatic.{kind}"))
        assert len(read) == 1
        shown = (tmp_path / f"animatic.{kind}").read_text("utf-8")
        assert "<b>" not in shown
        assert ("{\\" in shown) == (kind == "vtt")  # there it is no mark-up
        assert shown.count("-->") == 1
        for part in ("x", "y", "00:00", "7", "script"):
            assert part in shown


def sound(path, seconds, rate=44_100):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        tone = np.sin(np.arange(int(seconds * rate)) * 0.06) * 12_000
        file.writeframes(tone.astype("<i2").tobytes())
    return str(path)


@pytest.mark.parametrize("seconds", [0.4, 1.5, 3.0])
def test_sound_is_padded_or_cut_to_the_film(tmp_path, caplog, seconds):
    board = finished(tmp_path, [shot(1, 1.5)])
    track = sound(tmp_path / "scratch.wav", seconds)
    write_animatic(board, tmp_path, AnimaticOptions(audio=track, **SMALL))
    with av.open(str(tmp_path / "animatic.mp4")) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    heard = np.concatenate(frames)
    assert len(heard) == pytest.approx(1.5 * 48_000, abs=1100)
    loud = np.abs(heard) > 0.05
    assert np.flatnonzero(loud)[-1] == pytest.approx(min(seconds, 1.5) * 48_000, abs=1500)
    said = " ".join(record.getMessage() for record in caplog.records)
    assert ("silence follows" in said) == (seconds == 0.4)
    assert ("is cut" in said) == (seconds == 3.0)
    assert len(film(tmp_path)) == 36


@pytest.mark.parametrize("name", ["none.wav", "text.wav", "list.m3u8", "folder.wav", "film.mp4"])
def test_a_sound_that_is_none_is_told_before_anything_is_written(tmp_path, name):
    board = finished(tmp_path, [shot()])
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "text.wav").write_text("no sound at all")
    (tmp_path / "list.m3u8").write_text("#EXTM3U\nfile:///etc/passwd\n")
    write_animatic(board, tmp_path, AnimaticOptions(**SMALL))
    (tmp_path / "animatic.mp4").rename(tmp_path / "film.mp4")
    with pytest.raises(InputError) as caught:
        write_animatic(board, tmp_path, AnimaticOptions(audio=str(tmp_path / name), **SMALL))
    assert caught.value.code == "option_invalid"
    assert name in caught.value.message
    assert not (tmp_path / "animatic.mp4").exists()
    assert not list(tmp_path.glob("*.part"))


def test_a_workflow_names_sound_of_the_boards_folder_only(tmp_path):
    sound(tmp_path / "own.wav", 1)
    own = AnimaticOptions(audio="own.wav").inside(tmp_path)
    assert own.audio == str((tmp_path / "own.wav").resolve())
    for name in ("../secret.wav", "/etc/secret.wav"):
        with pytest.raises(InputError) as caught:
            AnimaticOptions(audio=name).inside(tmp_path)
        assert caught.value.code == "folder_outside"


def test_stopping_leaves_the_old_film_and_nothing_else(tmp_path):
    board = finished(tmp_path, [shot(1), shot(2)])
    write_animatic(board, tmp_path, AnimaticOptions(**SMALL))
    before = (tmp_path / "animatic.mp4").read_bytes()
    told = []

    def stop(done, total):
        told.append((done, total))
        if done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_animatic(board, tmp_path, AnimaticOptions(burn_in=True, **SMALL), stop)
    assert told == [(n, 24) for n in range(1, 8)]
    assert (tmp_path / "animatic.mp4").read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


def test_a_full_disk_leaves_the_old_film(tmp_path):
    board = finished(tmp_path, [shot(1, 2, move=Move.PAN_LEFT)], picture=stripes)
    write_animatic(board, tmp_path, AnimaticOptions(**SMALL))
    before = (tmp_path / "animatic.mp4").read_bytes()
    code = f"""
import resource, signal
from pathlib import Path
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.errors import StoreError
from aldar_storyboard.storyboard.exports.editorial.animatic import AnimaticOptions, write_animatic
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = Path({str(tmp_path)!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
try:
    write_animatic(Board.load(folder), folder, AnimaticOptions())
except StoreError as error:
    print(error.code)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["disk_full"], done.stderr
    assert (tmp_path / "animatic.mp4").read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_that_takes_no_file_is_told(tmp_path):
    board = finished(tmp_path, [shot()])
    (tmp_path / "animatic.mp4").mkdir()
    with pytest.raises(StoreError) as caught:
        write_animatic(board, tmp_path, AnimaticOptions(**SMALL))
    assert caught.value.code == "folder_unwritable"


def test_the_same_board_gives_the_same_bytes(tmp_path):
    moving = [shot(1, 0.6, move=Move.HANDHELD, caption="Жол"), shot(2, 0.6, move=Move.PUSH_IN)]
    board = finished(tmp_path, moving, picture=stripes)
    options = AnimaticOptions(
        transition="dissolve", burn_in=True, subtitles="burned", audio=sound(tmp_path / "a.wav", 1)
    )
    written = []
    for _ in range(2):
        write_animatic(board, tmp_path, options)
        written.append((tmp_path / "animatic.mp4").read_bytes())
    assert written[0] == written[1]


def test_options_may_be_texts_as_a_command_line_gives_them():
    options = AnimaticOptions.model_validate({"fps": "25", "moves": "false", "height": "480"})
    assert (options.fps, options.moves, options.height) == (25, False, 480)


def test_a_frame_that_was_not_compared_says_so_where_others_were(tmp_path):
    board = finished(tmp_path, [shot(n) for n in (1, 2, 3)])
    passed = Score(name="identity", outcome=Outcome.PASS, value=0.8, threshold=0.5)
    proven = Verdict(scores=(passed,))
    board.frames[0] = board.frames[0].model_copy(update={"verdict": Verdict()})
    assert [state(clip, tmp_path) for clip in cut(board, 24)] == ["", "", ""]
    board.frames[1] = board.frames[1].model_copy(update={"verdict": proven})
    assert [state(clip, tmp_path) for clip in cut(board, 24)] == ["unproven", "", "unproven"]
