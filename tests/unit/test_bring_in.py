"""What is brought in: folders of pictures, Storyboarder projects, and what was exported as one."""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np
import pytest
from aldar_storyboard.storyboard import panels as own_panels
from aldar_storyboard.storyboard.bring_in import bring_in, holds_board, state
from aldar_storyboard.storyboard.errors import AldarError, InputError
from aldar_storyboard.storyboard.exports.editorial.storyboarder import (
    StoryboarderOptions,
    write_storyboarder,
)
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.staging.own import fitted
from aldar_storyboard.storyboard.story import (
    Angle,
    BoardFormat,
    DialogueLine,
    Move,
    OwnPanel,
    Shot,
    Size,
    Story,
    Time,
)
from aldar_storyboard.tests.fakes.boards import finished
from PIL import Image


def picture(path, size=(320, 180), colour: Any = "teal", mode="RGB"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path)
    return path


def project(folder, boards, name="x", **fields):
    data = {"version": "2.1.0", "aspectRatio": "1.7777777777777777", "fps": 24}
    data |= {"defaultBoardTiming": 2000, "boards": boards} | fields
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "images").mkdir(exist_ok=True)
    path = folder / f"{name}.storyboarder"
    path.write_text(json.dumps(data), "utf-8")
    return path


def a_board(uid="ABCDE", **fields):
    return {"uid": uid, "url": f"board-1-{uid}.png", "number": 1, "shot": "1A", "time": 0} | fields


def panel_of(story, number, folder):
    panel = story.shots[number - 1].panel
    assert panel is not None
    return own_panels.open_panel(folder, panel)


# Folders of pictures


def test_a_folder_becomes_a_story_in_the_order_people_count(tmp_path):
    for name in ("10.png", "2 Aldar meets the bai.png", "001.png", "._2.png", "notes.txt"):
        if name.endswith("png") and not name.startswith("."):
            picture(tmp_path / "board" / name, colour=(len(name) * 9, 50, 50))
        else:
            (tmp_path / "board" / name).write_bytes(b"nothing")
    story = bring_in(tmp_path / "board", tmp_path / "kept")
    assert [shot.action for shot in story.shots] == ["panel 1", "Aldar meets the bai", "panel 3"]
    assert story.format is BoardFormat.WIDE
    assert story.title == "board"
    assert panel_of(story, 2, tmp_path / "kept").getpixel((0, 0)) == (23 * 9 + 2 * 9, 50, 50)
    for shot in story.shots:
        assert (tmp_path / f"kept/{shot.panel.hash}.png").is_file()


def test_a_shape_that_does_not_fit_is_told(tmp_path):
    for number, size in enumerate([(320, 180), (320, 180), (200, 200)], 1):
        picture(tmp_path / f"board/{number}.png", size)
    story = bring_in(tmp_path / "board", tmp_path / "kept")
    assert story.planner.note == "of another shape than 16:9, on a ground: shot 3"
    square = bring_in(tmp_path / "board", tmp_path / "kept", BoardFormat.SQUARE)
    assert square.format is BoardFormat.SQUARE


@pytest.mark.parametrize("broken", [True, False])
def test_a_folder_without_pictures_or_with_a_broken_one_is_refused(tmp_path, broken):
    (tmp_path / "board").mkdir()
    if broken:
        picture(tmp_path / "board/1.png")
        (tmp_path / "board/2.png").write_bytes(b"no picture")
    with pytest.raises(InputError) as caught:
        bring_in(tmp_path / "board", tmp_path / "kept")
    assert caught.value.code == "picture_unusable"
    assert ("2.png" if broken else "no picture") in caught.value.message
    with pytest.raises(InputError):
        bring_in(tmp_path / "nowhere", tmp_path / "kept")


# Storyboarder projects


def test_a_project_becomes_a_story_with_texts_times_and_pictures(tmp_path):
    boards = [
        a_board("AAAAA", dialogue="PERSON A: Hello!\nPERSON B (O.S.): Привет!", duration="1300"),
        a_board("BBBBB", action="A door opens.", notes="very dark", duration=400, newShot=True),
        a_board("CCCCC", dialogue="Hmm :D"),
    ]
    path = project(tmp_path / "p", boards)
    for uid, colour in (("AAAAA", "red"), ("BBBBB", "green"), ("CCCCC", "blue")):
        picture(tmp_path / f"p/images/board-1-{uid}.png", (1600, 900), colour)
    story = bring_in(path, tmp_path / "kept")
    assert [shot.duration for shot in story.shots] == [1.3, 0.4, 2.0]
    assert [c.name for c in story.characters] == ["PERSON A", "PERSON B"]
    first = story.shots[0].dialogue
    assert [(d.text, d.off_screen) for d in first] == [("Hello!", False), ("Привет!", True)]
    assert story.shots[1].action == "A door opens. very dark"
    assert story.shots[2].caption == "Hmm :D"
    assert panel_of(story, 2, tmp_path / "kept").getpixel((5, 5)) == (0, 128, 0)
    assert story.planner.note == ""


def test_layers_are_laid_over_each_other_with_their_opacity(tmp_path):
    layers = {
        "ink": {"url": "board-1-ABCDE-ink.png"},
        "reference": {"url": "board-1-ABCDE-reference.png", "opacity": "0.5"},
        "unknown": {"url": "../../secret.png"},
    }
    path = project(tmp_path / "p", [a_board(layers=layers)], aspectRatio=2)
    picture(tmp_path / "p/images/board-1-ABCDE-reference.png", (900, 450), "black")
    ink = Image.new("RGBA", (1800, 900), (0, 0, 0, 0))
    ink.paste((255, 0, 0, 255), (0, 0, 900, 900))
    ink.save(tmp_path / "p/images/board-1-ABCDE-ink.png")
    image = panel_of(bring_in(path, tmp_path / "kept"), 1, tmp_path / "kept")
    assert image.size == (1800, 900)
    assert image.getpixel((100, 100)) == (255, 0, 0)
    assert image.getpixel((1700, 100)) == pytest.approx((128, 128, 128), abs=2)


def test_missing_images_are_told_and_the_shot_is_drawn(tmp_path):
    layers = {"ink": {"url": "board-1-ABCDE-ink.png"}}
    path = project(tmp_path / "p", [a_board(layers=layers), a_board("FGHIJ")])
    picture(tmp_path / "p/images/board-1-FGHIJ-posterframe.jpg", (1600, 900))
    story = bring_in(path, tmp_path / "kept")
    assert story.shots[0].panel is None
    assert story.shots[1].panel is not None
    assert story.planner.note == (
        "without a picture, drawn: shot 1; board-1-ABCDE-ink.png is missing"
    )


def test_scenes_of_a_project_follow_each_other(tmp_path):
    for number in (10, 2, 1):
        folder = tmp_path / f"p/storyboards/Scene-{number}-EXT-A-PLACE"
        project(folder, [a_board(action=f"scene {number}")], f"Scene-{number}")
    (tmp_path / "p/storyboards/storyboard.settings").write_text("{}")
    story = bring_in(tmp_path / "p", tmp_path / "kept")
    assert [shot.action for shot in story.shots] == ["scene 1", "scene 2", "scene 10"]
    top = project(tmp_path / "p", [])
    assert len(bring_in(top, tmp_path / "kept").shots) == 3


@pytest.mark.parametrize(
    "url",
    ["../secret.png", "/etc/passwd", "a/b.png", "a\\b.png", "C:x.png", ".hidden.png", "link.png"],
)
def test_a_name_that_leads_out_of_the_project_is_refused(tmp_path, url):
    picture(tmp_path / "p/secret.png")
    picture(tmp_path / "secret.png")
    path = project(tmp_path / "p", [a_board(url=url)])
    os.symlink(tmp_path / "secret.png", tmp_path / "p/images/link.png")
    with pytest.raises(InputError) as caught:
        bring_in(path, tmp_path / "kept")
    assert caught.value.code == "picture_unusable"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"boards": 1}',
        '{"boards": []}',
        '{"boards": [1]}',
        "\x00",
        '{"boards": NaN}',
    ],
)
def test_what_is_no_project_is_told(tmp_path, text):
    path = tmp_path / "x.storyboarder"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        bring_in(path, tmp_path / "kept")
    assert caught.value.code == "story_invalid"
    assert "x.storyboarder" in caught.value.message


def test_long_texts_are_fitted_and_that_is_told(tmp_path):
    boards = [a_board(dialogue="x" * 5000, action="word " * 1000, duration=10**9)]
    story = bring_in(project(tmp_path / "p", boards), tmp_path / "kept")
    (shot,) = story.shots
    assert [len(line.text) for line in shot.dialogue] == [200] * 4
    assert shot.action.endswith("…")
    assert shot.duration == 60
    for told in ("dialogue of shot 1", "action of shot 1", "shot 1 lasts 60 s"):
        assert told in story.planner.note


def test_the_state_changes_with_the_files(tmp_path):
    picture(tmp_path / "board/1.png")
    before = state(tmp_path / "board")
    assert state(tmp_path / "board") == before
    picture(tmp_path / "board/2.png")
    assert state(tmp_path / "board") != before
    assert holds_board(tmp_path / "board")
    assert not holds_board(tmp_path)


# There and back


def test_an_exported_project_comes_back_as_the_same_shots(tmp_path):
    line = DialogueLine(character="aldar", text="Сәлем!", off_screen=True)
    shots = [
        Shot(
            number=1, place="a road", time=Time.NIGHT, size=Size.CLOSE_UP, angle=Angle.LOW,
            move=Move.PAN_LEFT, action="walks", caption="Бір күні", duration=1.3, dialogue=[line],
        ),
        Shot(number=2, place="a yurt", action="sleeps", duration=2.5),
    ]  # fmt: skip
    board = finished(tmp_path, shots)
    files = write_storyboarder(board, tmp_path, StoryboarderOptions())
    back = bring_in(tmp_path / files[0], tmp_path / "kept")
    fields = {"place", "time", "size", "angle", "move", "action", "caption", "duration"}
    for old, new in zip(board.story.shots, back.shots, strict=True):
        assert new.model_dump(include=fields) == old.model_dump(include=fields) | (
            {} if old.caption else {"caption": old.action}
        )
    assert back.shots[0].dialogue[0].text == "Сәлем!"
    assert back.shots[0].dialogue[0].off_screen
    assert panel_of(back, 2, tmp_path / "kept").getpixel((9, 9)) == (80, 90, 160)


def test_a_project_has_the_shape_of_the_published_ones(tmp_path):
    board = finished(
        tmp_path, [Shot(number=n, place="x", action="y") for n in (1, 2, 3)], without=[2]
    )
    files = write_storyboarder(board, tmp_path, StoryboarderOptions(fps=25))
    data = json.loads((tmp_path / files[0]).read_text("utf-8"))
    assert list(data) == ["version", "aspectRatio", "fps", "defaultBoardTiming", "boards"]
    assert [b["number"] for b in data["boards"]] == [1, 2, 3]
    assert [b["time"] for b in data["boards"]] == [0, 3000, 6000]
    assert len({b["uid"] for b in data["boards"]}) == 3
    for index, each in enumerate(data["boards"], 1):
        assert each["url"] == f"board-{index}-{each['uid']}.png"
        reference = each["layers"]["reference"]["url"]
        assert reference == f"board-{index}-{each['uid']}-reference.png"
        with Image.open(tmp_path / "storyboarder/images" / reference) as image:
            assert image.size == (1575, 900)
        stem = f"storyboarder/images/board-{index}-{each['uid']}"
        with Image.open(tmp_path / f"{stem}-thumbnail.png") as image:
            assert image.height == 120
        assert (tmp_path / f"{stem}-posterframe.jpg").is_file()
    assert "no frame yet" in data["boards"][1]["notes"]
    again = write_storyboarder(board, tmp_path, StoryboarderOptions(fps=25))
    assert [(tmp_path / name).read_bytes() for name in files] == [
        (tmp_path / name).read_bytes() for name in again
    ]


def test_an_uid_follows_its_shot_and_what_an_artist_drew_stays(tmp_path):
    shots = [Shot(number=n, id=n, place="x", action=f"y {n}") for n in (1, 2)]
    path = (
        tmp_path / write_storyboarder(finished(tmp_path, shots), tmp_path, StoryboarderOptions())[0]
    )
    data = json.loads(path.read_text("utf-8"))
    second = data["boards"][1]
    ink = second["url"].replace(".png", "-ink.png")
    second["layers"]["ink"] = {"url": ink}
    second["audio"] = {"filename": "scratch.wav"}
    picture(path.parent / "images" / ink, (1575, 900))
    path.write_text(json.dumps(data), "utf-8")
    moved = [Shot(number=1, id=3, place="x", action="new"), shots[1].model_copy()]
    write_storyboarder(finished(tmp_path, moved), tmp_path, StoryboarderOptions())
    new, kept = json.loads(path.read_text("utf-8"))["boards"]
    assert kept["uid"] == second["uid"]
    assert new["uid"] not in {board["uid"] for board in data["boards"]}
    assert kept["layers"]["ink"] == {"url": ink}
    assert kept["audio"] == {"filename": "scratch.wav"}
    images = {file.name for file in (path.parent / "images").iterdir()}
    assert ink in images
    assert data["boards"][0]["url"] not in images


# Own panels


def a_story(panel, **fields):
    shot = Shot(number=1, place="x", action="y", panel=panel, **fields)
    return Story(title="t", logline="l", format=BoardFormat.WIDE, characters=[], shots=[shot])


def test_an_own_panel_takes_the_place_of_the_drawing(tmp_path):
    name = own_panels.keep(Image.new("RGB", (160, 90), "teal"), tmp_path)
    story = a_story(OwnPanel(hash=name), caption="A road")
    staging = stage(story, story.shots[0], panels=tmp_path)
    assert staging.panel.size == staging.clean.size == BoardFormat.WIDE.pixels
    assert staging.panel.getpixel((700, 300)) == (0, 128, 128)
    assert staging.clean.getpixel((700, 760)) == (0, 128, 128)
    assert staging.panel.getpixel((700, 760)) != (0, 128, 128)  # the strip
    assert staging.panel.getpixel((20, 20)) != (0, 128, 128)  # the badge
    assert stage(story, story.shots[0]).own is None


def test_another_picture_is_another_panel_and_the_same_blocking(tmp_path):
    first, other = (own_panels.keep(Image.new("RGB", (9, 9), c), tmp_path) for c in ("red", "blue"))
    panels = [None, OwnPanel(hash=first), OwnPanel(hash=other), OwnPanel(hash=other, fit="cover")]
    stories = [a_story(panel) for panel in panels]
    stagings = [stage(story, story.shots[0]) for story in stories]
    assert len({staging.key for staging in stagings}) == 4
    assert len({staging.blocking_key for staging in stagings}) == 1


def test_a_picture_is_whole_on_a_ground_or_fills_the_frame():
    tall = Image.new("RGB", (100, 200), "red")
    whole = fitted(tall, OwnPanel(hash="0" * 64), (400, 200))
    filled = fitted(tall, OwnPanel(hash="0" * 64, fit="cover"), (400, 200))
    assert np.asarray(filled).min(axis=(0, 1)).tolist() == [255, 0, 0]
    assert (np.asarray(whole) == (255, 0, 0)).all(2).mean() == pytest.approx(0.25)


def test_pictures_are_gathered_and_what_they_hold_is_checked(tmp_path):
    name = own_panels.keep(Image.new("RGB", (9, 9), "red"), tmp_path / "a")
    story = a_story(OwnPanel(hash=name))
    (tmp_path / "b").mkdir()
    (tmp_path / f"b/{name}.png").write_bytes(b"something else")
    with pytest.raises(AldarError) as caught:
        own_panels.gather(story, tmp_path / "board", [tmp_path / "b"])
    assert caught.value.code == "picture_unusable"
    own_panels.gather(story, tmp_path / "board", [tmp_path / "b", tmp_path / "a"])
    assert own_panels.open_panel(tmp_path / "board", OwnPanel(hash=name)).size == (9, 9)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_story_names_no_path(name):
    with pytest.raises(ValueError, match="hash"):
        OwnPanel(hash=name)


def test_a_story_without_own_panels_is_written_as_before():
    assert "panel" not in a_story(None).model_dump(mode="json")["shots"][0]
