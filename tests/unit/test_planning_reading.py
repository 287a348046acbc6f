"""What the offline planner reads out of loglines of many worlds: who, what, where and their looks.

The lists mark people (and animals that act) with braces, things with brackets, places with angle
brackets. ``unseen.txt`` and ``unseen_again.txt`` were written before the word lists, or without a
look at them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aldar_storyboard.storyboard.planning.offline import language, looks, reading
from aldar_storyboard.storyboard.planning.offline.reading import Reading
from aldar_storyboard.storyboard.prompts import wardrobe
from aldar_storyboard.storyboard.story import (
    Age,
    Bulk,
    Garment,
    Hair,
    Hat,
    Kind,
    PropKind,
    Sex,
    Time,
)

LISTS = Path(__file__).parents[1] / "data" / "loglines"
_MARKS = {"{": "people", "[": "things", "<": "places"}


def marked(line: str) -> tuple[str, list[tuple[str, int, int]]]:
    """A line without its marks, and (kind, first letter, last letter) of everything marked."""
    text, spans, start, kind = "", [], 0, ""
    for part in re.split(r"([{}\[\]<>])", line):
        if part in _MARKS:
            start, kind = len(text), _MARKS[part]
        elif part and part in "}]>":
            spans.append((kind, start, len(text)))
        else:
            text += part
    return text, spans


def read(text: str) -> Reading:
    return reading.read(text, language.detect(text))


def recognised(told: Reading, text: str, kind: str, start: int, end: int) -> bool:
    """Whether something that a logline names is cast, a thing or a place; worn clothes are seen."""
    actors = [told.hero, *told.others]
    items = [*told.animals, *told.things, *told.places]
    words = text[start:end].lower().split()
    worn = " ".join(actor.dress for actor in actors)
    if kind == "things" and wardrobe.clothes(words[-1]) and worn:
        return True
    return any(
        start - 1 <= found.start < end
        or found.english.word.lower().split()[-1] == words[-1].rstrip("s")
        for found in [*actors, *items]
    ) or any(actor.name and words[0] in actor.name.lower() for actor in actors)


@pytest.mark.parametrize("name", ["seen", "unseen", "unseen_again"])
def test_nearly_all_that_a_logline_names_is_recognised(name: str) -> None:
    missing, total = [], 0
    for line in (LISTS / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        text, spans = marked(line)
        told = read(text)
        total += len(spans)
        missing += [
            f"{text}: {text[start:end]}"
            for kind, start, end in spans
            if not recognised(told, text, kind, start, end)
        ]
    assert len(missing) <= 0.05 * total, missing


@pytest.mark.parametrize(
    ("logline", "garment", "sex", "kind"),
    [
        ("A lone engineer on a space station mends a radio.", "overalls", "unsaid", "person"),
        ("An astronaut and her daughter look for water.", "spacesuit", "female", "person"),
        ("A detective in a black suit follows a clown.", "suit", "unsaid", "person"),
        ("A nurse shares her sandwich.", "lab_coat", "female", "person"),
        ("A knight loses his horse.", "armour", "male", "person"),
        ("A young woman in a red dress waits.", "dress", "female", "person"),
        ("A chef burns the soup.", "apron", "unsaid", "person"),
        ("A small boy hides a frog.", "shirt", "male", "child"),
        ("Old Kwame sells drums.", None, "male", "person"),
        ("A girl named Amara paints.", None, "female", "child"),
        ("Пожарный находит щенка.", "coat", "male", "person"),
        ("Космонавтка чинит антенну.", "spacesuit", "female", "person"),
        ("Аспаз сорпа пісіреді.", "apron", "male", "person"),
    ],
)  # fmt: skip
def test_people_are_dressed_by_their_words(
    logline: str, garment: str | None, sex: str, kind: str
) -> None:
    told = read(logline)
    words, look = looks.sheet(told.hero, told.steppe, True, looks.Dice(logline))
    assert look.garment is not Garment.CHAPAN
    assert garment is None or look.garment.value == garment, words
    assert (look.kind.value, look.hat is Hat.KIMESHEK) == (kind, False)
    if sex != "unsaid":
        assert look.sex.value == sex or told.language == "kk", words


def test_age_hair_and_glasses_are_as_said() -> None:
    told = read("A seventy-year-old woman with red hair teaches a bearded sailor to knit.")
    words, look = looks.sheet(told.hero, False, True, looks.Dice("x"))
    assert (look.age, look.sex, look.hair_colour) == (Age.OLD, Sex.FEMALE, "#a4502a")
    assert "70-year-old" in words
    _, sailor = looks.sheet(told.others[0], False, False, looks.Dice("x"))
    assert sailor.beard.value == "full"


@pytest.mark.parametrize(
    ("logline", "hero", "species"),
    [
        ("A cat on a Tokyo rooftop waits for a girl.", "cat", PropKind.CAT),
        ("His goat can read.", "goat", PropKind.GOAT),
        ("A kitten and a raven look for the sea.", "kitten", PropKind.CAT),
        ("Волк учится играть на скрипке.", "wolf", PropKind.WOLF),
        ("Мысық төбеде күтеді.", "cat", PropKind.CAT),
        ("A whale falls in love with a submarine.", "whale", PropKind.WHALE),
    ],
)
def test_animals_that_act_are_cast_as_animals(logline: str, hero: str, species: PropKind) -> None:
    told = read(logline)
    _, look = looks.sheet(told.hero, told.steppe, True, looks.Dice(logline))
    assert told.hero.english.word == hero
    assert (look.kind, look.species) == (Kind.ANIMAL, species)


def test_a_verb_is_no_noun() -> None:
    told = read("A woman bears the keys to the city. Rose rose early.")
    assert not told.animals
    assert all(actor.english.word != "bear" for actor in told.others)
    assert not [thing for thing in told.things if thing.english.word == "rose"]


@pytest.mark.parametrize(
    ("logline", "setting", "time"),
    [
        ("On a night bus, a nurse meets a ghost.", "bus", Time.NIGHT),
        ("A cat waits on a rooftop at dawn.", "rooftop", Time.DAWN),
        ("A monk plays chess in a submarine.", "submarine", None),
        ("Механик чинит робота на космической станции.", "space_inside", None),
        ("Жүргізуші автобуста ұйықтап қалады.", "bus", None),
    ],
)
def test_where_and_when_come_from_the_words(logline: str, setting: str, time: Time | None) -> None:
    told = read(logline)
    assert setting in [place.id for place in told.places]
    assert told.time is time


def test_a_vehicle_is_a_thing_unless_somebody_is_in_it() -> None:
    assert [thing.english.word for thing in read("A cyclist races a bus.").things] == ["bus"]
    assert not read("A cyclist sleeps on a bus.").things


def test_any_noun_is_a_prop_and_an_idea_is_none() -> None:
    told = read("A plumber trades his honour and a flumbox for a sarcophagus and a harpoon.")
    props = {thing.english.word: thing.prop for thing in told.things}
    assert "honour" not in props
    assert props["sarcophagus"].kind is PropKind.COFFIN
    assert (props["flumbox"].kind, props["flumbox"].label) == (PropKind.THING, "flumbox")
    assert props["harpoon"].bulk is Bulk.HAND


@pytest.mark.parametrize(
    ("logline", "steppe"),
    [
        ("A queen bets her crown.", False),
        ("Мұғалім мектепте бомба табады.", False),
        ("Бай ауылда той жасайды.", True),
        ("A shepherd finds a gold coin near a yurt.", True),
    ],
)
def test_the_steppe_is_where_the_words_say_so(logline: str, steppe: bool) -> None:
    assert read(logline).steppe is steppe


def test_three_sisters_are_told_apart_by_dice() -> None:
    told = read("Three sisters rob a bank.")
    drawn = {
        looks.sheet(told.hero, False, True, looks.Dice(f"sister {n}"))[1].model_dump_json()
        for n in range(6)
    }
    assert len(drawn) > 3


def test_women_get_hair_and_no_beard() -> None:
    told = read("A sailor lost her ship.")
    _, look = looks.sheet(told.hero, False, True, looks.Dice("x"))
    assert look.sex is Sex.FEMALE
    assert look.beard.value == "none"
    assert look.hair is not Hair.SHORT
