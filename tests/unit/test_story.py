"""The story model and the three stories that come with the pack."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from aldar_storyboard.storyboard import planning, sets
from aldar_storyboard.storyboard.errors import InputError
from aldar_storyboard.storyboard.planning.offline import language
from aldar_storyboard.storyboard.story import (
    BoardFormat,
    Facing,
    Pose,
    Position,
    Size,
    Story,
    check_logline,
)


def _data() -> dict:
    return json.loads(planning.load_shipped("simple").to_json())


# --- shipped stories ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "frames", "tongue"), [("simple", 6, "en"), ("medium", 8, "ru"), ("complex", 10, "kk")]
)
def test_shipped_story(name: str, frames: int, tongue: str) -> None:
    story = planning.load_shipped(name)
    assert len(story.shots) == frames
    assert story.language == tongue == language.detect(story.logline)
    assert story.planner.kind == "hand"
    assert story.hero is not None
    assert story.hero.trigger == "aldar_kose_man"
    first = story.shots[0]
    face = next(member for member in first.cast if member.character == "aldar")
    assert face.facing is Facing.FRONT
    assert first.size is Size.MEDIUM_CLOSE_UP
    assert first.face_visible
    for shot in story.shots:
        assert language.detect(shot.caption) == tongue or tongue == "kk", shot.caption
        assert bool(re.search("[Ѐ-ӿ]", shot.caption)) is (tongue != "en")
        assert not re.search("[Ѐ-ӿ]", shot.action + shot.place)
        assert len(shot.caption) <= 120
        for member in shot.cast:
            if member.pose is Pose.RIDING:
                assert any(prop.held_by == member.character for prop in shot.props)


def test_shipped_stories_show_the_range() -> None:
    shots = [shot for name in planning.SHIPPED for shot in planning.load_shipped(name).shots]
    members = [member for shot in shots for member in shot.cast]
    assert len({member.pose for member in members}) >= 18
    assert len({member.emotion for member in members}) >= 9
    assert len({shot.size for shot in shots}) >= 7
    assert len({shot.angle for shot in shots}) >= 5
    assert len({shot.move for shot in shots}) >= 6
    assert len({shot.setting for shot in shots}) >= 7
    assert len({shot.time for shot in shots}) == 4
    assert len({prop.kind for shot in shots for prop in shot.props}) >= 14


@pytest.mark.parametrize("name", planning.SHIPPED)
def test_shipped_staging_follows_film_grammar(name: str) -> None:
    story = planning.load_shipped(name)
    for before, shot in pairwise(story.shots):
        assert (before.size, before.angle) != (shot.size, shot.angle)
    for shot in story.shots:
        if shot.face_visible:
            assert any(member.character == "aldar" for member in shot.cast)
        for member in shot.cast:
            if len(shot.cast) < 2 or member.pose is Pose.RIDING:
                continue
            if member.position in (Position.LEFT, Position.FAR_LEFT):
                assert member.facing in (Facing.FRONT_RIGHT, Facing.BACK, Facing.FRONT_LEFT)
            if member.position in (Position.RIGHT, Position.FAR_RIGHT):
                assert member.facing in (Facing.FRONT_LEFT, Facing.BACK, Facing.FRONT)


def test_the_medium_story_tells_the_reference_logline() -> None:
    story = planning.load_shipped("medium")
    assert story.logline.startswith("Алдар Косе решает проучить жадного Бая.")
    digging = [
        s for s in story.shots for m in s.cast if (m.character, m.pose) == ("bai", "digging")
    ]
    assert len(digging) == 1


def test_an_unknown_shipped_story_is_named() -> None:
    with pytest.raises(InputError, match="epic"):
        planning.load_shipped("epic")


def test_each_caller_gets_a_story_of_its_own() -> None:
    story = planning.load_shipped("simple")
    story.title = "changed"
    assert planning.load_shipped("simple").title != "changed"


# --- the model ----------------------------------------------------------------------------------


def test_json_round_trip(tmp_path: Path) -> None:
    for name in planning.SHIPPED:
        story = planning.load_shipped(name)
        path = tmp_path / f"{name}.json"
        path.write_text(story.to_json(), encoding="utf-8")
        assert Story.load(path) == story
        assert Story.load(path).to_json() == story.to_json()
    assert "Алдар" in (tmp_path / "medium.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (lambda d: d["shots"][3].update(size="HUGE"), "shots[3].size", "ECU"),
        (lambda d: d["shots"][2].update(lens="85mm"), "shots[2].lens", "not permitted"),
        (lambda d: d["shots"][0].pop("action"), "shots[0].action", "required"),
        (
            lambda d: d["shots"][1]["cast"][0].update(pose="melting"),
            "shots[1].cast[0].pose",
            "standing",
        ),
        (lambda d: d["shots"][1]["cast"][0].update(character="ghost"), "", "shot 2 names ghost"),
        (lambda d: d["shots"][4].update(number=9), "", "1 to 6"),
        (lambda d: d["shots"][0]["cast"].append(d["shots"][0]["cast"][0]), "shots[0]", "twice"),
        (lambda d: d["characters"].append(d["characters"][0]), "", "share one id"),
        (lambda d: d["characters"][0]["look"].update(colour="blue"), "look.colour", "#rrggbb"),
        (lambda d: d["characters"][0].update(trigger="<lora:x>"), "trigger", "pattern"),
        (lambda d: d["shots"][0].update(duration=0), "shots[0].duration", "greater than 0"),
        (lambda d: d.update(schema_version=3), "schema_version", "2"),
        (lambda d: d.update(shots=[]), "shots", "at least 1"),
    ],
)
def test_a_broken_field_is_named(change: Callable[[dict], object], field: str, words: str) -> None:
    data = _data()
    change(data)
    with pytest.raises(InputError) as failure:
        Story.parse(data, "my.json")
    assert failure.value.code == "story_invalid"
    assert "my.json" in failure.value.message
    assert field in failure.value.message
    assert words in failure.value.message


def test_broken_json_says_where() -> None:
    with pytest.raises(InputError, match=r"line 2, column"):
        Story.from_json('{"title": "x",\n oops}')


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.json"):
        Story.load(tmp_path / "nothing.json")


def test_text_is_cleaned() -> None:
    data = _data()
    data["shots"][0]["caption"] = "  tab\x00 and bell\x07, e\u0301  "
    assert Story.parse(data).shots[0].caption == "tab  and bell , \u00e9"


def test_formats_are_sizes_sdxl_was_trained_on() -> None:
    for shape in BoardFormat:
        width, height = shape.pixels
        assert width % 64 == height % 64 == 0
        assert 0.9 < width * height / 1024**2 < 1.1
    assert BoardFormat("1:1").pixels == (1024, 1024)


@pytest.mark.parametrize("text", ["", "   ", "…—!", "🚀🌙"])
def test_a_logline_needs_words(text: str) -> None:
    with pytest.raises(InputError) as failure:
        check_logline(text)
    assert failure.value.code == "logline_empty"
    assert failure.value.exit_code == 2


def test_a_setting_is_known_to_every_stage() -> None:
    assert set(sets.names()) >= {"steppe", "yurt_inside", "bazaar", "palace"}


@pytest.mark.parametrize("text", ["9" * 6000, "[" * 100_000, '{"title": ' * 100_000])
def test_json_that_python_does_not_read_is_an_error_of_ours(text):
    with pytest.raises(InputError) as caught:
        Story.from_json(text)
    assert caught.value.code == "story_invalid"
