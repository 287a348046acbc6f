"""Changing one character of a story."""

import pytest
from aldar_storyboard.storyboard.casting import recast
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.planning import load_shipped
from aldar_storyboard.storyboard.prompts.compose import compose
from aldar_storyboard.storyboard.prompts.wardrobe import look
from aldar_storyboard.storyboard.staging import stage


def test_the_heros_sheet_and_trigger_reach_every_prompt():
    story = load_shipped("simple")
    changed = recast(story, description="grinning old fox", trigger="my_fox")
    assert changed.hero is not None and story.hero is not None
    assert changed.hero.name == story.hero.name
    for shot in changed.shots:
        if any(member.character == changed.hero.id for member in shot.cast):
            assert compose(changed, shot, limit=400).positive.startswith("my_fox, grinning old fox")
    assert "my_fox" not in story.to_json(), "the story that came in stays as it was"


@pytest.mark.parametrize(
    ("description", "drawn"),
    [
        ("round old man, long grey beard, fur hat, red robe", ("round", "fur", "long", "red")),
        ("tall woman, headscarf, green dress", ("tall", "scarf", "none", "green")),
        ("stout bareheaded boy", ("round", "none", "none", None)),
    ],
)
def test_who_is_described_anew_is_drawn_anew(description: str, drawn: tuple[str, ...]):
    story = load_shipped("simple")
    changed = recast(story, description=description)
    assert changed.hero is not None and story.hero is not None
    now = changed.hero.look
    read = look(description)
    assert (now.build, now.hat, now.beard) == (read.build, read.hat, read.beard)
    assert (now.build.value, now.hat.value, now.beard.value) == drawn[:3]
    if drawn[3]:
        assert now.colour == read.colour != story.hero.look.colour
    shot = next(s for s in story.shots if any(m.character == story.hero.id for m in s.cast))
    assert stage(changed, shot).key != stage(story, shot).key


def test_only_what_the_words_say_otherwise_is_drawn_otherwise():
    story = load_shipped("simple")
    assert story.hero is not None
    sheet = story.hero.description
    assert recast(story, description=f"{sheet}, cheerful").hero.look == story.hero.look
    other = recast(story, description=sheet.replace("blue", "green"))
    assert other.hero is not None and sheet != other.hero.description
    assert other.hero.look.colour != story.hero.look.colour
    assert other.hero.look.model_copy(update={"colour": story.hero.look.colour}) == story.hero.look


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
