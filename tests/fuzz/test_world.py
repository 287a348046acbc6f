"""Whatever weather, sky, animals and trades a logline mixes, its board is staged, and no weather
or light is a labelled box."""

from __future__ import annotations

from aldar_storyboard.storyboard.planning import plan
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.story import IN_THE_SKY, Kind, PropKind
from hypothesis import given
from hypothesis import strategies as st

HEROES = {
    "en": ["A nurse", "A tiger cub", "A teapot", "A night bus driver", "A queen", "The moon",
           "An octopus", "A cloud", "Twin sisters", "A pupil", "A retired boxer", "The wind"],
    "ru": ["Врач", "Тигрёнок", "Чайник", "Водитель автобуса", "Королева", "Луна", "Осьминог",
           "Облако", "Школьник", "Лев", "Ветер"],
    "kk": ["Дәрігер", "Қонжық", "Шәйнек", "Автобус жүргізушісі", "Патшайым", "Сегізаяқ", "Бұлт",
           "Оқушы"],
}  # fmt: skip
DEEDS = {
    "en": ["finds a bee", "steals a cup of tea", "wins the cup", "follows a comet", "sings a song",
           "lights a fire", "chases a rainbow", "hides a whale calf"],
    "ru": ["ищет маму", "видит радугу", "поёт песню", "спасает китёнка", "боится огня"],
    "kk": ["жұлдызды көреді", "анасын іздейді", "балық ұстады", "ән айтады"],
}  # fmt: skip
WHERE = {
    "en": ["in the rain", "through the fog", "under the stars", "in a castle", "at school",
           "in space", "during a blizzard", "in ancient Rome", ""],
    "ru": ["под дождём", "в тумане", "под звёздами", "в метель", "в замке", ""],
    "kk": ["жаңбырда", "тұманда", "түнде", "боранда", ""],
}  # fmt: skip
AIR = {"rain", "fog", "mist", "snow", "storm", "blizzard", "wind", "song", "darkness", "light"}


@st.composite
def loglines(draw):
    tongue = draw(st.sampled_from(sorted(HEROES)))
    hero, deed, where = (draw(st.sampled_from(part[tongue])) for part in (HEROES, DEEDS, WHERE))
    words = (hero, where, deed) if tongue == "kk" else (hero, deed, where)
    return " ".join(filter(None, words)) + "."


@given(loglines())
def test_any_mixture_is_a_board(logline):
    story = plan(logline, planner="offline")
    for shot in story.shots[:3]:
        stage(story, shot, (160, 90))
    props = [prop for shot in story.shots for prop in shot.props]
    assert not {p.name for p in props if p.kind is PropKind.THING} & AIR
    assert all(p.held_by is None for p in props if p.kind in IN_THE_SKY)
    assert all(c.look.kind is not Kind.ANIMAL or c.look.species for c in story.characters)
