"""Loglines from strangers: whatever is typed, a whole board or one of our errors comes out."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from aldar_storyboard.benchmarks import loglines
from aldar_storyboard.storyboard.errors import AldarError, InputError
from aldar_storyboard.storyboard.planning import plan
from aldar_storyboard.storyboard.planning.offline import beats, cutting, lexicon, names
from aldar_storyboard.storyboard.planning.offline.language import tokens
from aldar_storyboard.storyboard.prompts.compose import compose, styles
from aldar_storyboard.storyboard.story import BoardFormat, Facing, Story, check_logline
from hypothesis import example, given
from hypothesis import strategies as st

_WORDS = """\
en a an the and but who must with to in of old his her greedy lost finds named – , . !
ru и но который должен с в из старый его её жадный находит по имени – , . !
kk бір мен пен және бірақ үшін қарт оның сараң табады есімді – , . !"""
GLUE = {line.split()[0]: line.split()[1:] for line in _WORDS.splitlines()}
"""Language -> words that hold sentences together."""
NAMES = ["Mara", "O'Neill", "J. R. Smith", "Анна-Мария", "Д'Артаньян", "Ю", "Айгүл", "Нұрлан",
         "Zoë", "R2D2", "AKA", "Алдар Көсе", "Aldar Kose", "Müller", "X"]  # fmt: skip
ODD = ["{hero}", "{}", "{0}", "%s", "%(x)s", "<lora:x:1>", "embedding:bad", "(a:1.4)", "<b>x</b>",
       "https://a.b/c?d=e", "None", "\u200b", "\u202e", "\u200f", "\t", "\n", "\x00", "\x1b[31m",
       "🚀", "e\u0301", "ŉ", "İ", "№ 13", "3.5", "$5", "“", "»", "'", "-", "…", "。", "\ud83d",
       "猫", "кіт", "ўқ", "\u0300" * 40, "&amp;", "\\", "[[x]]"]  # fmt: skip


def _vocabulary(language: str) -> list[str]:
    """Every spelling of the lexicon, in one language."""
    spelled: list[str] = []
    for category in lexicon.CATEGORIES:
        for entry in lexicon.entries(category).values():
            for pattern in entry.find[language].split():
                word = pattern.partition("/")[0].partition(":")[0].strip("=")
                spelled.append(word.replace("*", "").replace("_", " "))
    return sorted(set(spelled) - {""})


def _sentences(language: str) -> st.SearchStrategy[str]:
    word = st.one_of(
        st.sampled_from(_vocabulary(language)),
        st.sampled_from(GLUE[language]),
        st.sampled_from(NAMES + ODD),
    )
    return st.lists(word, min_size=1, max_size=25).map(" ".join)


LOGLINES = st.one_of(
    *(_sentences(language) for language in GLUE),
    st.text(max_size=300),
    st.text(st.characters(blacklist_categories=[]), max_size=80),
    st.builds(lambda word, times: (word + " ") * times, st.text(max_size=30), st.integers(1, 999)),
    st.builds(lambda letter, times: letter * times, st.characters(), st.integers(1, 2001)),
)
FRAMES = st.integers(1, 60) | st.none()
LEFT_OPEN = re.compile(r"\{(?:" + "|".join((*beats.SLOTS, "who", "what")) + r")\b")


@given(
    LOGLINES,
    FRAMES,
    st.sampled_from([None, "en", "ru", "kk"]),
    st.sampled_from(BoardFormat),
    st.sampled_from(list(styles())),
)
@example(
    "A detective in Tokyo finds her missing cat on a rooftop.", 60, None, BoardFormat.WIDE, "ink"
)
@example("word " * 400, 1, None, BoardFormat.WIDE, "ink")
@example("СҰҢҚАР,", None, "ru", BoardFormat.WIDE, "ink")
@example("0 " * 500, None, None, BoardFormat.WIDE, "ink")
@example("A " + "x" * 1500 + " finds a key", 60, None, BoardFormat.WIDE, "ink")
@example("\ud83d girl finds a key", 6, "kk", BoardFormat.WIDE, "ink")
def test_any_logline_is_planned_or_refused(logline, frames, language, format, style):
    story = _planned(logline, frames, language, format, style)
    if story is None:
        return
    text = story.to_json()
    assert text.encode("utf-8")
    assert Story.from_json(text) == story
    again = plan(logline, frames=frames, language=language, format=format, style=style)
    assert again.to_json() == text
    assert len(story.shots) == frames if frames else 6 <= len(story.shots) <= 10
    ids = {character.id for character in story.characters}
    for shot in story.shots:
        assert {member.character for member in shot.cast} <= ids
        assert {prop.held_by for prop in shot.props} <= ids | {None}
        assert {line.character for line in shot.dialogue} <= ids
        assert compose(story, shot).positive
    _told_whole(story, logline)


def _planned(logline, frames, language, format, style) -> Story | None:
    """The story, or nothing if the logline is empty or too long."""
    with suppress(InputError):
        return plan(logline, frames=frames, language=language, format=format, style=style)
    with pytest.raises(InputError, match=r"^The logline (?:is empty|has)"):
        check_logline(logline)
    return None


def _told_whole(story: Story, logline: str) -> None:
    """No template was left open, and nothing is empty that a reader has to see."""
    masters = [shot for shot in story.shots if shot.beat]
    assert masters
    texts = [story.title, *(character.name for character in story.characters)]
    texts += [character.description for character in story.characters]
    for shot in story.shots:
        texts += [shot.place, shot.action, *(line.text for line in shot.dialogue)]
        texts += [shot.caption] if len(story.shots) <= 10 or shot.caption else []
    for text in texts:
        assert text.strip()
        assert "  " not in text
        assert not re.search(r"[\u200b\u202a-\u202e\x00-\x1f]", text)
        if "{" not in logline:
            assert not LEFT_OPEN.search(text)
        if "None" not in logline:
            assert "None" not in text


@given(LOGLINES, FRAMES)
def test_aldar_is_the_hero_only_of_stories_of_his_world(logline, frames):
    try:
        story = plan(logline, frames=frames)
    except AldarError:
        return
    assert story.hero is not None
    if story.hero.id == "aldar":
        told = tokens(story.logline)
        named = any(names.heroes(told, language) for language in GLUE)
        assert named or "recognised" not in story.planner.note


PEOPLE = {
    "en": ["a nurse", "the old king", "Mara", "two sisters", "a robot", "Captain Reyes", "a thief"],
    "ru": ["медсестра", "старый король", "Мара", "две сестры", "робот", "капитан Громов", "вор"],
    "kk": ["дәрігер", "қарт патша", "Айгерім", "робот", "қойшы", "ұры"],
}
DONE = {
    "en": ["steals", "finds", "paints", "hugs", "loses", "fights for", "leaps over", "cries about"],
    "ru": ["крадёт", "находит", "рисует", "теряет", "прячет", "читает", "везёт", "чинит"],
    "kk": ["ұрлайды", "табады", "жоғалтады", "іздейді", "жасырады", "сатып алады"],
}
THINGS = {
    "en": ["a guitar", "the key", "an umbrella", "her letter", "a lamp", "the chest", "a bicycle"],
    "ru": [
        "гитару/guitar",
        "ключ/key",
        "зонт/umbrella",
        "письмо/letter",
        "лампу/lamp",
        "сундук/chest",
    ],
    "kk": ["кітап/book", "кілт/key", "сандық/chest", "хат/letter", "шам/lamp", "велосипед"],
}
PLACES = {
    "en": ["in a prison", "on a rooftop", "at night", "in the forest", "on a train", ""],
    "ru": ["в тюрьме", "на крыше", "ночью", "в лесу", "в поезде", ""],
    "kk": ["түрмеде", "орманда", "түнде", "базарда", ""],
}


@st.composite
def _told(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """A logline of one to three clauses, and the people and things in them ("a/b": either)."""
    language = draw(st.sampled_from(list(GLUE)))
    clauses: list[str] = []
    named: list[tuple[str, str]] = []
    for _ in range(draw(st.integers(1, 3))):
        who = draw(st.sampled_from(PEOPLE[language]))
        done = draw(st.sampled_from(DONE[language]))
        thing = draw(st.sampled_from(THINGS[language]))
        where = draw(st.sampled_from(PLACES[language]))
        named += [("people", who.split()[-1]), ("things", thing.split()[-1])]
        thing = thing.partition("/")[0]
        order = [who, where, thing, done] if language == "kk" else [who, done, thing, where]
        clauses.append(" ".join(part for part in order if part))
    text = ". ".join(clause[0].upper() + clause[1:] for clause in clauses)
    return text + ".", named


@given(_told(), FRAMES)
@example(("A thief steals a guitar. Mara finds a guitar.", [("people", "Mara")]), 2)
def test_whoever_and_whatever_a_clause_names_is_seen(told, frames):
    logline, named = told
    story = plan(logline, frames=frames)
    assert len(story.shots) == frames if frames else 6 <= len(story.shots) <= 10
    captions = [shot.caption.casefold() for shot in story.shots]
    assert all(captions)
    assert len(set(captions)) == len(captions)
    assert len({cutting.panel(shot) for shot in story.shots}) == len(story.shots)
    first, hero = story.shots[0], story.hero
    assert hero is not None
    assert first.face_visible
    face = next(member for member in first.cast if member.character == hero.id)
    assert face.facing is Facing.FRONT
    shown = {member.character for shot in story.shots for member in shot.cast}
    assert {person.id for person in story.characters} <= shown
    if frames != 1:
        for kind, word in named:
            assert loglines.shows(story, kind, tuple(word.split("/"))), word
