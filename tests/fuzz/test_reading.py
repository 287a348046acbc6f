"""Reading: whatever the text, somebody is the hero and every look and prop is whole; sheets of
looks say what is drawn."""

from __future__ import annotations

import random
import re

from aldar_storyboard.storyboard.planning.offline import language, looks, nouns, reading
from aldar_storyboard.storyboard.planning.offline.data import LANGUAGES
from aldar_storyboard.storyboard.prompts import wardrobe
from aldar_storyboard.storyboard.story import (
    Age,
    Beard,
    Build,
    Garment,
    Hair,
    Hat,
    Kind,
    Look,
    Sex,
)
from hypothesis import given
from hypothesis import strategies as st

WORDS = re.findall(
    r"\S+",
    """the a his her three old blind robot cat girl knight sword bus on in night rides rose Rose and
    who must bears key space station 's - , . 70-year-old with red hair coat wearing flumbox
    старый рыжая девушка в синем платье кот находит робота на станции три сестры машину вора и
    жас қыз мысық автобуста ескі роботты мен табады үйде кітап бай Айгүл Иван Maya Mr""",
)

TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=24).map(" ".join) | st.text(
    min_size=1, max_size=200
)


@given(text=TEXTS, tongue=st.sampled_from(LANGUAGES))
def test_any_text_has_a_hero_and_whole_looks_and_props(text: str, tongue: str) -> None:
    if not language.tokens(text):
        return
    told = reading.read(text, tongue)
    for actor in (told.hero, *told.others):
        for steppe in (False, True):
            words, look = looks.sheet(actor, steppe, actor is told.hero, looks.Dice(text))
            assert words
            assert Look.model_validate(look.model_dump(mode="json")) == look
            if look.sex is Sex.FEMALE and actor.known is None:
                assert look.beard is Beard.NONE or steppe
    for item in (*told.animals, *told.things):
        assert item.prop.kind
    starts = [actor.start for actor in told.others]
    assert starts == sorted(starts)
    assert told == reading.read(text, tongue), "the same text is read the same"


@given(noun=st.text(max_size=80))
def test_any_noun_has_a_prop(noun: str) -> None:
    assert nouns.prop(noun).kind


COLOURS = st.sampled_from(wardrobe.colours())
PEOPLE = st.builds(
    Look,
    kind=st.sampled_from([Kind.PERSON, Kind.CHILD]),
    sex=st.sampled_from(Sex),
    age=st.sampled_from(Age),
    build=st.sampled_from(Build),
    hair=st.sampled_from(Hair),
    glasses=st.booleans(),
    beard=st.sampled_from(Beard),
    hat=st.sampled_from(Hat),
    garment=st.sampled_from(Garment),
    colour=COLOURS,
)


@given(drawn=PEOPLE)
def test_a_sheet_says_what_is_drawn_and_is_drawn_so_again(drawn: Look) -> None:
    if drawn.sex is Sex.FEMALE:
        drawn = drawn.model_copy(update={"beard": Beard.NONE})
    if drawn.kind is Kind.CHILD:
        drawn = drawn.model_copy(update={"age": Age.ADULT})
    again = wardrobe.look(wardrobe.described(drawn))
    for field in ("kind", "sex", "age", "build", "glasses", "beard", "hat", "garment", "colour"):
        assert getattr(again, field) == getattr(drawn, field), (field, wardrobe.described(drawn))
    assert again.hair is drawn.hair, wardrobe.described(drawn)


@given(
    drawn=PEOPLE,
    pieces=st.lists(
        st.sampled_from(
            ["old woman", "boy", "bald", "glasses", "red coat", "fur hat", "white beard", "tall",
             "long black hair", "green dress", "scar on the cheek", "", "kind eyes"]
        ),
        max_size=4,
    ),
)  # fmt: skip
def test_words_and_drawing_never_contradict(drawn: Look, pieces: list[str]) -> None:
    look, sheet = wardrobe.agreed(drawn, ", ".join(piece for piece in pieces if piece))
    for field, value in wardrobe.said(sheet).items():
        assert getattr(look, field) == value, (field, sheet)


def test_words_are_shuffled_without_harm() -> None:
    rng = random.Random(7)
    words = [
        "A",
        "blind",
        "knight",
        "in",
        "a",
        "red",
        "coat",
        "rides",
        "a",
        "giant",
        "snail",
        "to",
        "the",
        "castle",
        "at",
        "night",
    ]
    for _ in range(40):
        rng.shuffle(words)
        assert reading.read(" ".join(words), "en").hero.noun
