"""The planner's data: every file fits its model, and every template can be filled, always."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from aldar_storyboard.storyboard import planning
from aldar_storyboard.storyboard.planning.offline import (
    acting,
    beats,
    coverage,
    cutting,
    data,
    director,
    grammar,
    kazakh,
    lexicon,
    names,
    nouns,
    recognition,
    russian,
    words,
    worlds,
)
from aldar_storyboard.storyboard.planning.script.vocabulary import Vocabulary
from aldar_storyboard.storyboard.story import PropKind, Story
from pydantic import ValidationError

ROOM = Path(beats.__file__).parent
LOGLINES = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "data" / "loglines.txt").read_text("utf-8").split("\n")
    if line and not line.startswith("#")
]
MODELS = {
    "acting.json": acting.Spellings,
    "dictionary/coverage.json": coverage.Words,
    "dictionary/languages.json": recognition.Languages,
    "../script/vocabulary.json": Vocabulary,
    "dictionary/stopwords.json": names.Stopwords,
    "dictionary/names.json": names.Given,
    "dictionary/grammar.json": grammar.Grammar,
    "dictionary/worlds.json": worlds.Worlds,
}
"""Files that are one object; plots and entries have models by kind."""
OPTIONAL = sorted(set(beats.SLOTS) - {"hero"})
THERE = {"animal", "thing", "rival", "helper", "monster"}
"""Cues that are no entry of the lexicon."""
NOUNS: dict[str, list[words.Noun]] = {
    "en": [
        words.English("fox", sex, named, mass)
        for sex in ("", "m", "f", "n")
        for named in (False, True)
        for mass in (False, True)
    ],
    "ru": [words.Russian(russian.still("слово"), gender) for gender in "mfnp"],
    "kk": [
        words.Kazakh(word, possessed)
        for word in ("ат", "түлкі", "қыз", "бала", "Aldar", "Ив")
        for possessed in (False, True)
    ],
}
"""Every kind of noun that a template can meet, by language."""


def _read(name: str) -> dict:
    return json.loads((ROOM / name).read_text("utf-8"))


def _cases() -> list[tuple[str, type[data.Data], dict]]:
    """(where, model, data) of everything in the planner's files."""
    cases = [(name, model, _read(name)) for name, model in MODELS.items()]
    for name in beats.PLOTS:
        plot = _read(f"plots/{name}.json")
        cases.append((name, beats.Plot, {"name": name, **plot}))
    for category, model in lexicon.MODELS.items():
        if category == "places":  # the sets, which have a model of their own
            continue
        entries = _read(f"dictionary/{category}.json")
        cases += [(f"{category}: {name}", model, entry) for name, entry in entries.items()]
    return cases


def test_no_data_file_is_forgotten() -> None:
    told = {*MODELS, *(f"plots/{name}.json" for name in beats.PLOTS)}
    told |= {
        f"dictionary/{category}.json" for category in lexicon.CATEGORIES if category != "places"
    }
    files = {path.relative_to(ROOM).as_posix() for path in ROOM.rglob("*.json")}
    files |= {f"../script/{path.name}" for path in (ROOM.parent / "script").rglob("*.json")}
    assert files == told


@pytest.mark.parametrize("category", lexicon.CATEGORIES)
def test_rows_and_sets_make_whole_entries(category: str) -> None:
    for key, entry in lexicon.entries(category).items():
        made = type(entry).model_validate(dict(entry) | {"find": dict(entry.find)})
        assert made == entry, key


def test_every_word_of_a_kind_is_drawn_as_that_kind() -> None:
    lines = (ROOM / "dictionary" / "drawn.txt").read_text("utf-8").splitlines()
    for line in lines:
        if not line.startswith("#"):
            kind, *others = line.split()
            assert nouns.drawn(kind.replace("_", " ")) is PropKind(kind)
            for noun in others:
                assert nouns.drawn(noun.replace("_", " ")) is not None, noun


@pytest.mark.parametrize("noun", ["zorblax", "flux capacitor", "time", "", "7", "ё", "the the"])
def test_any_noun_becomes_a_prop(noun: str) -> None:
    prop = nouns.prop(noun or "x", "метка")
    assert prop.kind is not PropKind.THING or (prop.bulk and prop.label == "метка")


@pytest.mark.parametrize(("where", "model", "entry"), _cases(), ids=[case[0] for case in _cases()])
def test_every_file_fits_its_model_and_nothing_else_does(
    where: str, model: type[data.Data], entry: dict
) -> None:
    model.model_validate(entry)
    with pytest.raises(ValidationError, match="xtra"):
        model.model_validate({**entry, "misspelt": 1})
    for field in model.model_fields.values():
        if field.is_required() and field.alias != "name":
            key = field.alias or next(k for k, v in model.model_fields.items() if v is field)
            without = {name: value for name, value in entry.items() if name != key}
            with pytest.raises(ValidationError):
                model.model_validate(without)


@pytest.mark.parametrize("name", beats.PLOTS)
def test_a_plot_names_only_what_there_is(name: str) -> None:
    plot = beats.plot(name)
    roles, things = lexicon.entries("roles"), lexicon.entries("things")
    ids = {*roles, *things, *lexicon.entries("places"), *lexicon.entries("events")}
    conditions = [cue for m in plot.moments for held in m.conditions for cue in held.split()]
    needs = [cue for need in plot.needs for cue in need.split("|")]
    assert {*plot.cues, *conditions, *needs} <= ids | THERE
    assert {*plot.prefer, *plot.helpers} <= set(roles)
    assert set(plot.animals) <= set(things)
    assert set(plot.rival_home) <= set(plot.scenes)
    for moment in plot.moments:
        assert moment.at in plot.scenes
        assert moment.needs <= set(beats.SLOTS)
        figures = {line.split()[0] for line in moment.cast}
        holders = {line.split()[0].partition("@")[2] for line in moment.props} - {""}
        assert figures | holders <= set(beats.SLOTS)


@pytest.mark.parametrize("name", beats.PLOTS)
@pytest.mark.parametrize("language", data.LANGUAGES)
def test_every_template_takes_every_kind_of_noun(name: str, language: str) -> None:
    plot = beats.plot(name)
    titles = [plot.titles[language]] if plot.titles else []
    templates = [text for moment in plot.moments for text in moment.captions(language)]
    _fill_all(titles + templates, language)
    _fill_all([moment.action for moment in plot.moments], "en")


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_coverage_and_events_take_every_kind_of_noun(language: str) -> None:
    said = coverage.words().react.values()
    _fill_all([text for line in said for text in line[language]], language)
    actions = [event.do for event in lexicon.entries("events").values()]
    assert all(data.slots_of(action) <= {"hero"} for action in actions)
    _fill_all(actions, "en")


def _fill_all(templates: list[str], language: str) -> None:
    for template in templates:
        slots = data.slots_of(template)
        for noun in NOUNS[language]:
            text = words.fill(template, dict.fromkeys(slots, noun))
            assert not set("{}") & set(text), template
            assert "  " not in text and "None" not in text, template


@pytest.mark.parametrize("name", beats.PLOTS)
def test_a_plot_tells_only_of_what_the_logline_names(name: str) -> None:
    plot = beats.plot(name)
    assert [line.split()[0] for line in plot.moments[0].cast] == ["hero"]
    for count in range(len(OPTIONAL) + 1):
        for extra in combinations(OPTIONAL, count):
            filled = {"hero", *extra}
            told = beats.applicable(plot.moments, set(), filled)
            assert all(moment.needs <= filled for moment in told)
            slots = [moment.slot for moment in told if moment.slot]
            assert len(set(slots)) == len(slots)


def test_kazakh_knows_every_ending_for_every_word() -> None:
    for word in ("ат", "бай", "Ив", "x", "7", "Ö", "猫", "O'Neill", "J. R.", "ЖҚЖ"):
        for owner in ("", *kazakh.PERSONS):
            for case in ("", *kazakh.CASES):
                spec = ".".join(part for part in (owner, case) if part)
                assert kazakh.inflect(word, spec).startswith(word[:1])


@pytest.mark.parametrize(("language", "logline"), LOGLINES)
def test_every_kind_of_logline_is_understood_and_planned(language: str, logline: str) -> None:
    assert recognition.recognise(logline) == language
    for frames in (None, 1, 24):
        story = planning.plan(logline, frames=frames)
        assert Story.from_json(story.to_json()) == story
        assert story.language == language
        assert story.planner.note == director.NOTE
        assert len({cutting.panel(shot) for shot in story.shots}) == len(story.shots)
        named = "aldar" in logline.casefold() or "алдар" in logline.casefold().split("-")[0]
        hero = story.hero
        assert hero is not None
        if hero.id == "aldar":
            assert named, "Aldar Köse in a story of somebody else"


def test_the_list_is_as_long_as_it_says() -> None:
    assert len(LOGLINES) == len({logline for _, logline in LOGLINES}) == 200
