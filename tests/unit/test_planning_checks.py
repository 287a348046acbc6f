"""A director's questions: every one is asked where it should be, and nowhere else."""

import json
from pathlib import Path
from typing import Any

import pytest
from aldar_storyboard.runner.cli.main import run
from aldar_storyboard.storyboard.planning import SHIPPED, load_shipped
from aldar_storyboard.storyboard.planning.checks import CODES, check, seconds_needed
from aldar_storyboard.storyboard.story import Story
from aldar_storyboard.storyboard.vocabulary import Angle, Size
from hypothesis import given
from hypothesis import strategies as st

PEOPLE = [
    {"id": "mara", "name": "Mara", "description": "a tall woman in a green coat"},
    {"id": "tom", "name": "Tom", "description": "a boy in a red jacket"},
]


def member(who: str = "mara", **fields: Any) -> dict[str, Any]:
    return {"character": who, **fields}


def shot(**fields: Any) -> dict[str, Any]:
    """A shot that nobody would ask about."""
    return {"place": "a kitchen", "action": "Mara waits", "cast": [member()], **fields}


VARIED = [
    {"size": "CU"},
    {"size": "WS", "angle": "high"},
    {"size": "MS", "angle": "low"},
    {"size": "FS", "angle": "high"},
    {"size": "MCU"},
    {"size": "MLS", "angle": "low"},
]


def story(*shots: dict[str, Any], **fields: Any) -> Story:
    """Shots of the given fields, framed so that nobody asks about it unless they say how."""
    framed = [
        {"number": n, **VARIED[(n - 1) % len(VARIED)], **fields}
        for n, fields in enumerate(shots, 1)
    ]
    data = {"title": "x", "logline": "Mara waits.", "characters": PEOPLE, "shots": framed}
    return Story.parse({**data, **fields})


def codes(*shots: dict[str, Any], **fields: Any) -> list[tuple[str, tuple[int, ...]]]:
    return [(finding.code, finding.shots) for finding in check(story(*shots, **fields))]


def test_a_good_story_raises_no_question():
    assert codes(*[shot() for _ in range(6)]) == []


def test_the_same_size_and_angle_three_times_running():
    same = {"size": "MS", "angle": "eye"}
    places = [shot(place=place, **same) for place in ("a kitchen", "a street", "a wood")]
    assert codes(*places) == [("same_framing", (1, 2, 3))]
    assert codes(*places[:2]) == []
    assert codes(*places, places[0]) == [("same_framing", (1, 2, 3, 4))]


@pytest.mark.parametrize(
    ("change", "jumps"),
    [
        ({}, True),
        ({"size": "MLS"}, True),
        ({"size": "FS"}, False),
        ({"angle": "low"}, False),
        ({"place": "a street"}, False),
        ({"time": "night"}, False),
        ({"cast": [member("tom")], "action": "Tom waits"}, False),
        ({"cast": [member(facing="left")]}, False),
    ],
)
def test_a_cut_to_nearly_the_same_frame_jumps(change: dict[str, Any], jumps: bool):
    first = shot(size="MS", angle="eye")
    found = codes(first, {**first, **change})
    assert (("jump_cut", (1, 2)) in found) is jumps


def two(left: str, right: str, **fields: Any) -> dict[str, Any]:
    cast = [member(left, position="left"), member(right, position="right")]
    return shot(cast=cast, **fields)


def test_people_who_change_sides_cross_the_axis():
    assert codes(two("mara", "tom"), two("tom", "mara")) == [("axis_crossed", (1, 2))]
    assert codes(two("mara", "tom"), two("mara", "tom")) == []
    assert codes(two("mara", "tom"), two("tom", "mara", place="a street")) == []
    assert codes(two("mara", "tom"), two("tom", "mara", angle="top")) == []
    assert codes(two("mara", "tom"), two("tom", "mara", move="track_left")) == []
    between = shot(cast=[member()])
    assert codes(two("mara", "tom"), between, two("tom", "mara")) == []


def test_a_hero_whose_face_is_not_seen_for_long():
    away = shot(cast=[member(facing="back")])
    assert codes(shot(), away, away, away) == []
    assert codes(shot(), away, away, away, away) == [("hero_unseen", (2, 3, 4, 5))]


def test_a_thing_that_is_named_and_never_shown():
    named = shot(action="Mara opens the old chest")
    assert codes(shot(), named) == [("not_shown", (2,))]
    assert codes(shot(props=[{"kind": "chest"}]), named) == []
    placeholder = {"kind": "thing", "name": "old chest", "label": "chest", "bulk": "furniture"}
    assert codes(shot(props=[placeholder]), named) == []
    assert codes(shot(), logline="Mara seeks the chest.") == [("not_shown", ())]


def test_what_somebody_does_is_no_thing():
    assert codes(shot(action="Mara watches and stares"), shot(action="The woman bears it")) == []


def test_what_people_wear_is_shown():
    dressed = [{**PEOPLE[0], "look": {"garment": "coat", "hat": "cap"}}, PEOPLE[1]]
    assert codes(shot(action="Mara takes off her hat and her coat"), characters=dressed) == []


def test_an_action_names_people_of_the_shot():
    assert codes(shot(action="Mara sees Tom")) == [("not_in_shot", (1,))]
    heard = [{"character": "tom", "text": "Hey", "off_screen": True}]
    assert codes(shot(action="Mara hears Tom", dialogue=heard)) == []
    assert codes(shot(action="The merchant waits", cast=[])) == [("nobody_called_so", (1,))]
    merchant = [*PEOPLE, {"id": "ali", "name": "Ali", "description": "an old merchant"}]
    known = codes(shot(action="The merchant waits", cast=[member("ali")]), characters=merchant)
    assert known == []


def test_dialogue_without_its_speaker():
    line = {"character": "tom", "text": "Hey"}
    assert codes(shot(dialogue=[line])) == [("speaker_absent", (1,))]
    assert codes(shot(dialogue=[{**line, "off_screen": True}])) == []
    assert codes(shot(cast=[member("tom")], action="Tom calls", dialogue=[line])) == []


def test_a_shot_too_short_for_its_words():
    caption = "Mara waits so long that nobody will ever know her again, and she laughs."
    assert codes(shot(caption=caption, duration=1)) == [("too_short", (1,))]
    assert codes(shot(caption=caption, duration=4)) == []
    words = {"character": "mara", "text": "one two three four five six seven eight nine"}
    assert codes(shot(dialogue=[words], duration=2.5)) == [("too_short", (1,))]
    assert codes(shot(dialogue=[words], duration=3)) == []


def test_a_matrix_is_asked_about_its_words_only():
    axes = [{"name": "pose", "labels": ["a", "b", "c"]}]
    same = shot(size="MS", angle="eye")
    assert codes(same, same, same, axes=axes) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_stories_raise_no_question(name: str):
    assert check(load_shipped(name)) == []


@pytest.mark.parametrize(
    ("language", "caption", "named"),
    [
        ("en", "A ghost town driver waits.", False),
        ("en", "Mara finds a bicycle courier.", False),
        ("en", "Mara finds a bicycle.", True),
        ("en", "Mara slips a watch into his pocket.", False),
        ("en", "Her granddaughter watches.", False),
        ("ru", "Мара прячет скрипку.", True),
        ("kk", "Мара бір қап алтынды алады.", True),
        ("kk", "Мара алтын сақинаны алады.", True),
    ],
)
def test_a_thing_is_named_where_its_word_is_no_attribute(language: str, caption: str, named: bool):
    asked = check(story(shot(caption=caption, duration=9), language=language))
    assert [finding.code for finding in asked] == ["not_shown"] * named


def test_what_a_word_means_in_its_sentence_is_seen():
    violin = {"kind": "violin", "position": "left"}
    told = shot(caption="Мара находит скрипку.", props=[violin], duration=9)
    assert codes(told, language="ru") == []


def test_an_apposition_is_whom_it_speaks_of():
    told = shot(action="Mara, a young courier, waits")
    assert codes(told) == []


@given(st.data())
def test_every_finding_names_shots_that_are_there_and_says_something(data: st.DataObject):
    def drawn() -> dict[str, Any]:
        who = data.draw(st.lists(st.sampled_from(["mara", "tom"]), unique=True))
        return shot(
            action=data.draw(st.text(min_size=1).filter(str.strip)),
            caption=data.draw(st.text(max_size=240)),
            size=data.draw(st.sampled_from(list(Size))),
            angle=data.draw(st.sampled_from(list(Angle))),
            cast=[member(name) for name in who],
            dialogue=[{"character": "tom", "text": "Hey"}] if data.draw(st.booleans()) else [],
            duration=data.draw(st.floats(0.1, 10)),
        )

    try:
        made = story(*[drawn() for _ in range(data.draw(st.integers(1, 6)))])
    except Exception:  # a text of control characters alone is no action
        return
    found = check(made)
    assert found == check(made)
    for finding in found:
        assert finding.code in CODES
        assert set(finding.shots) <= {shot.number for shot in made.shots}
        assert finding.en != finding.ru


@given(st.floats(0.1, 20), st.text(max_size=240))
def test_a_shot_that_lasts_as_long_as_its_words_need_is_never_too_short(
    seconds: float, caption: str
):
    made = story(shot(caption=caption, duration=seconds))
    needed = seconds_needed(made.shots[0])
    longer = made.model_copy(deep=True)
    longer.shots[0].duration = max(seconds, needed, 0.1)
    assert "too_short" not in {finding.code for finding in check(longer)}


def test_check_is_a_table_or_json_and_an_error_only_where_it_is_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "story.json"
    file.write_text(story(shot(action="Mara sees Tom")).to_json(), "utf-8")
    assert run(["plan", str(file), "--check"]) == 0
    assert "Tom, who is not in the shot" in " ".join(capsys.readouterr().out.split())
    assert run(["plan", str(file), "--check", "--strict"]) == 1
    capsys.readouterr()
    assert run(["plan", str(file), "--check", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["shots"] == 1
    assert [(f["code"], f["shots"]) for f in data["findings"]] == [("not_in_shot", [1])]
    assert data["findings"][0].keys() == {"code", "shots", "en", "ru"}
    file.write_text(story(shot()).to_json(), "utf-8")
    assert run(["plan", str(file), "--strict"]) == 0
