"""The prompt composer: what the text encoders read, in which order, and what is left out."""

import re

import pytest
from aldar_storyboard.storyboard import planning
from aldar_storyboard.storyboard.errors import InputError
from aldar_storyboard.storyboard.prompts.clip_tokens import count_tokens
from aldar_storyboard.storyboard.prompts.compose import (
    TOKEN_LIMIT,
    check_style,
    compose,
    plain,
    styles,
)
from aldar_storyboard.storyboard.story import CastMember, Character, Shot, Story
from hypothesis import given, settings
from hypothesis import strategies as st

SYNTAX = re.compile(r"[()\[\]{}<>|\\]|embedding\s*:|\blora\s*:", re.IGNORECASE)
"""What must never come from a planner: weights, networks, embeddings, wildcards."""


def _story(**changes: object) -> Story:
    data = {
        "title": "t",
        "logline": "l",
        "characters": [
            Character(
                id="bai", name="Бай", description="round old man, fur hat, red robe, gold belt"
            ),
            Character(
                id="aldar",
                name="Алдар",
                description="lean man, pointed hat",
                trigger="aldar_kose_man",
            ),
        ],
        "shots": [
            Shot(
                number=1,
                place="the bazaar",
                action="the two men bargain over a dog",
                cast=[CastMember(character="bai"), CastMember(character="aldar")],
            )
        ],
    }
    return Story.model_validate(data | changes)


@pytest.mark.parametrize("name", planning.SHIPPED)
def test_a_prompt_reads_trigger_who_action_place_camera_light_style(name: str) -> None:
    story = planning.load_shipped(name)
    shot = story.shots[0]
    prompt = compose(story, shot, limit=400)
    order = [
        "aldar_kose_man",
        "lean young kazakh man",
        shot.action.split(",")[0],
        shot.place.split(",")[0],
        "medium close-up",
        "light",
        "storybook illustration",
    ]
    places = [prompt.positive.index(piece) for piece in order]
    assert places == sorted(places)
    assert prompt.dropped == []
    assert prompt.negative == styles()["storybook"].negative


@settings(max_examples=150, deadline=None)
@given(
    logline=st.text(min_size=1, max_size=200).map(lambda text: f"Алдар Косе {text}"),
    number=st.integers(1, 12),
)
def test_every_prompt_of_every_plan_fits_and_is_clean(logline: str, number: int) -> None:
    story = planning.plan(logline, frames=number)
    for shot in story.shots:
        prompt = compose(story, shot)
        assert count_tokens(prompt.positive) <= TOKEN_LIMIT
        assert not SYNTAX.search(prompt.positive), prompt.positive
        assert compose(story, shot) == prompt
        if any(member.character == "aldar" for member in shot.cast):
            assert prompt.positive.startswith("aldar_kose_man")
        else:
            assert "aldar_kose_man" not in prompt.positive


_HOSTILE = (
    "( ) < > : embedding: embedding:bad <lora:evil:1.5> (word:1.3) [a:b:0.5] {x|y} ((very)) lora: "
    "EMBEDDING:Up <embed ding:x> embedembedding:xding:y \\( , horse 1.2 <<lora:a:1>b:2>"
)


@settings(max_examples=300, deadline=None)
@given(
    pieces=st.lists(st.sampled_from(_HOSTILE.split(" ")), max_size=12), more=st.text(max_size=40)
)
def test_prompt_syntax_never_comes_from_a_planner(pieces: list[str], more: str) -> None:
    text = " ".join([*pieces, more, "".join(pieces)])
    assert not SYNTAX.search(plain(text)), plain(text)
    assert plain(plain(text)) == plain(text)


def test_words_survive_the_cleaning() -> None:
    assert plain("a (red:1.3) horse, ((very)) old <lora:x:1> and embedding:bad, tired") == (
        "a red horse, very old and , tired"
    )
    assert plain("two riders: a man and a bai") == "two riders: a man and a bai"


def test_hostile_sheets_and_actions_are_cleaned_in_the_prompt() -> None:
    story = _story()
    story.characters[0].description = "fat man (gold:1.9), <lora:evil:2>"
    shot = story.shots[0]
    shot.action = "embedding:bad they [bargain:fight:0.5]"
    shot.cast[0].action = "((shouting))"
    shot.place = "{here|there}"
    prompt = compose(story, shot, limit=400)
    assert not SYNTAX.search(prompt.positive)
    for word in ("fat man gold", "they bargain fight", "shouting", "here there"):
        assert word in prompt.positive


def test_characters_stand_in_cast_order_behind_the_trigger() -> None:
    story = _story()
    prompt = compose(story, story.shots[0], limit=400).positive
    assert prompt.startswith("aldar_kose_man, ")
    assert prompt.index("round old man") < prompt.index("lean man")
    assert "Бай" not in prompt, "names are in the story's language, sheets in English"


def test_the_least_important_goes_first_and_is_listed() -> None:
    story = _story()
    shot = story.shots[0]
    full = compose(story, shot, limit=400)
    tight = compose(story, shot, limit=30)
    assert count_tokens(tight.positive) <= 30
    assert "the two men bargain over a dog" in tight.positive
    assert set(full.positive.split(", ")) == {*tight.positive.split(", "), *tight.dropped}
    style = check_style("storybook").positive.split(", ")
    assert tight.dropped[0] == style[-1]
    assert tight.dropped.index("gold belt") < tight.dropped.index("red robe")
    assert compose(story, shot, limit=0).positive == "aldar_kose_man"


def test_a_long_action_is_shortened_and_not_lost() -> None:
    story = _story()
    shot = story.shots[0]
    shot.action = "the bai runs " + "and runs " * 40
    prompt = compose(story, shot)
    assert "the bai runs and runs" in prompt.positive
    assert "pointed hat" in prompt.positive
    assert any(piece.startswith("and runs") or "runs" in piece for piece in prompt.dropped)


def test_any_counter_of_tokens_can_be_used() -> None:
    story = _story()
    asked: list[str] = []

    def letters(text: str) -> int:
        asked.append(text)
        return len(text)

    prompt = compose(story, story.shots[0], count=letters, limit=120)
    assert len(prompt.positive) <= 120
    assert asked[-1] == prompt.positive


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("my own (words:1.2)", "aldar_kose_man, my own (words:1.2)"),
        ("aldar_kose_man, mine", "aldar_kose_man, mine"),
        ("a man, aldar_kose_man, riding", "aldar_kose_man, a man, aldar_kose_man, riding"),
    ],
)
def test_what_the_user_writes_wins(written: str, expected: str) -> None:
    story = _story()
    shot = story.shots[0]
    shot.prompt, shot.negative = written, "no hats"
    prompt = compose(story, shot)
    assert (prompt.positive, prompt.negative, prompt.dropped) == (expected, "no hats", [])


def test_an_empty_scene_asks_for_nobody() -> None:
    story = _story()
    shot = story.shots[0]
    shot.cast = []
    prompt = compose(story, shot)
    assert "aldar_kose_man" not in prompt.positive
    assert "people" in prompt.negative
    assert "people" not in compose(_story(), _story().shots[0]).negative


def test_light_follows_the_hour_and_the_roof() -> None:
    story = planning.load_shipped("medium")
    inside, night = story.shots[1], story.shots[5]
    assert "firelight" in compose(story, inside).positive
    assert "night" in compose(story, night).positive.split(", ")


def test_every_style_is_whole() -> None:
    assert list(styles()) == [
        "storybook", "ink", "watercolour", "cinematic", "anime", "comic", "felt_ornament", "pencil",
    ]  # fmt: skip
    for name, style in styles().items():
        assert set(style.label) == {"en", "ru", "kk"}
        assert all(style.label.values())
        assert count_tokens(style.positive) <= 30, name
        assert count_tokens(style.negative) <= TOKEN_LIMIT, name
        assert not SYNTAX.search(style.positive + style.negative)


def test_an_unknown_style_is_named() -> None:
    story = _story(style="cubist")
    with pytest.raises(InputError, match="cubist") as failure:
        compose(story, story.shots[0])
    assert failure.value.code == "option_invalid"
    assert "storybook" in failure.value.message


LONG = ["dark " * 60, "笑" * 300, "ы" * 300]
NOTES = ["smile more", "he looks straight into the camera and smiles", "щурится", *LONG]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("name", ["simple", "medium", "complex"])
def test_a_note_counts_against_the_token_limit(name, note):
    story = planning.load_shipped(name)
    for shot in story.shots:
        told = compose(story, shot, note=note)
        assert count_tokens(told.positive) <= TOKEN_LIMIT
        assert told.positive.endswith(" ".join(note.split())) or note in LONG
        plain = compose(story, shot)
        assert set(plain.dropped) <= set(told.dropped) or note in LONG
        assert compose(story, shot, note="  ") == plain


def test_a_note_that_is_too_long_loses_its_end_and_says_so():
    story = planning.load_shipped("simple")
    note = " ".join(f"word{n}" for n in range(60))
    told = compose(story, story.shots[0], note=note)
    assert count_tokens(told.positive) <= TOKEN_LIMIT
    assert "word0 word1" in told.positive
    assert any(part.endswith("word59") for part in told.dropped)


def test_a_note_is_added_to_a_prompt_of_the_users_own():
    story = planning.load_shipped("simple")
    shot = story.shots[0].model_copy(update={"prompt": "my words"})
    assert compose(story, shot, note="smile").positive.endswith("my words, smile")
