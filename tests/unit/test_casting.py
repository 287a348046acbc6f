"""Changing one character of a story."""

import pytest
from aldar_storyboard.storyboard.casting import recast
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.planning import load_shipped
from aldar_storyboard.storyboard.prompts import compose


def test_the_heros_sheet_and_trigger_reach_every_prompt():
    story = load_shipped("simple")
    changed = recast(story, description="grinning old fox", trigger="my_fox")
    assert changed.hero is not None and story.hero is not None
    assert (changed.hero.name, changed.hero.look) == (story.hero.name, story.hero.look)
    for shot in changed.shots:
        if any(member.character == changed.hero.id for member in shot.cast):
            assert compose(changed, shot, limit=400).positive.startswith("my_fox, grinning old fox")
    assert "my_fox" not in story.to_json(), "the story that came in stays as it was"


def test_a_character_is_found_by_id_or_by_name():
    story = load_shipped("medium")
    bai = story.characters[1]
    for who in (bai.id, bai.name, f" {bai.name.upper()} "):
        changed = recast(story, who, name="Жанибек-бай")
        assert changed.character(bai.id).name == "Жанибек-бай"
        assert changed.hero == story.hero


def test_what_is_left_empty_stays_and_a_dash_takes_the_trigger_away():
    story = load_shipped("simple")
    assert recast(story) == story
    changed = recast(story, trigger="-")
    assert changed.hero is not None
    assert changed.hero.trigger == ""


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"who": "nobody"}, "option_invalid"),
        ({"trigger": "<lora:x:1>"}, "story_invalid"),
        ({"description": "x" * 500}, "story_invalid"),
    ],
)
def test_what_does_not_fit_is_told(options: dict[str, str], code: str):
    with pytest.raises(AldarError) as caught:
        recast(load_shipped("simple"), **options)
    assert caught.value.code == code


@pytest.mark.parametrize("who", ["9" * 6000, "٣" * 5000])
def test_a_number_of_thousands_of_digits_is_nobody(who):
    with pytest.raises(AldarError) as caught:
        recast(load_shipped("simple"), who, trigger="x")
    assert caught.value.code == "option_invalid"
