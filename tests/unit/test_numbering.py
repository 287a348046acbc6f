from __future__ import annotations

import re

import pytest
from aldar_storyboard.storyboard.numbering import label, labels, numbered
from aldar_storyboard.storyboard.story import Numbering, Shot, Story
from hypothesis import given
from hypothesis import strategies as st


def story(places: str, scheme: str = "1") -> Story:
    """A story with a shot for every letter, which is its place."""
    shots = [Shot(number=n, place=place, action="a") for n, place in enumerate(places, 1)]
    return Story(title="t", logline="l", characters=[], shots=shots, numbering=scheme)


def insert(board: Story, at: int, place: str, **update: object) -> Story:
    """The board with a new shot at an index."""
    shots = [*board.shots]
    free = max(shot.identity for shot in shots) + 1
    shots.insert(at, Shot(number=1, id=free, place=place, action="new", **update))
    return renumbered(board, shots)


def renumbered(board: Story, shots: list[Shot]) -> Story:
    placed = [shot.model_copy(update={"number": n}) for n, shot in enumerate(shots, 1)]
    printed = {shot.identity: shot.label for shot in board.shots}
    return numbered(board.model_copy(update={"shots": placed}), printed)


def drawn(places: str, scheme: str) -> Story:
    return numbered(story(places, scheme).identified())


@pytest.mark.parametrize(
    ("scheme", "fresh"),
    [
        ("1", ["1", "2", "3", "4"]),
        ("010", ["010", "020", "030", "040"]),
        ("1A", ["1A", "1B", "2A", "3A"]),
        ("SC01_SH010", ["SC01_SH010", "SC01_SH020", "SC02_SH010", "SC03_SH010"]),
    ],
)
def test_every_scheme_numbers_an_untouched_board(scheme: str, fresh: list[str]):
    assert labels(story("aaba", scheme)) == fresh
    board = drawn("aaba", scheme)
    assert [label(board, shot) for shot in board.shots] == fresh


@pytest.mark.parametrize(
    ("scheme", "at", "place", "new"),
    [
        ("1", 3, "a", "3A"),
        ("1", 0, "a", "A1"),
        ("1", 4, "a", "5"),
        ("010", 3, "a", "035"),
        ("010", 0, "a", "005"),
        ("010", 4, "a", "050"),
        ("1A", 1, "a", "1A1"),
        ("1A", 2, "a", "1C"),
        ("1A", 2, "b", "A2A"),
        ("1A", 2, "z", "1.1A"),
        ("1A", 4, "z", "4A"),
        ("SC01_SH010", 1, "a", "SC01_SH015"),
        ("SC01_SH010", 2, "a", "SC01_SH030"),
        ("SC01_SH010", 2, "b", "SC02_SH005"),
        ("SC01_SH010", 2, "z", "SC01.1_SH010"),
    ],
)
def test_a_shot_between_others_gets_a_number_between_theirs(
    scheme: str, at: int, place: str, new: str
):
    board = drawn("aaba", scheme)
    before = [shot.label for shot in board.shots]
    after = [shot.label for shot in insert(board, at, place).shots]
    assert after[at] == new
    assert after[:at] + after[at + 1 :] == before


def test_shots_between_shots_that_were_inserted():
    board = drawn("aaaa", "1")
    board = insert(insert(board, 3, "a"), 4, "a")
    assert [s.label for s in board.shots] == ["1", "2", "3", "3A", "3B", "4"]
    assert insert(board, 3, "a").shots[3].label == "A3A"
    assert insert(board, 4, "a").shots[4].label == "3AA"


def test_a_number_that_was_written_holds_and_is_never_given_twice():
    board = story("aaa")
    board.shots[1].label = "7-b"
    assert labels(numbered(board.identified())) == ["1", "7-b", "3"]
    with pytest.raises(ValueError, match="two shots are numbered 1"):
        Story.model_validate(
            board.model_dump() | {"shots": [{**s.model_dump(), "label": "1"} for s in board.shots]}
        )


def test_the_number_of_a_removed_shot_is_not_given_again():
    board = drawn("aaaa", "1")
    left = renumbered(board, [shot for shot in board.shots if shot.label != "4"])
    shots = [*left.shots, Shot(number=4, id=9, place="a", action="new")]
    printed = {shot.identity: shot.label for shot in left.shots}
    longer = left.model_copy(update={"shots": shots})
    assert numbered(longer, printed, gone=["4"]).shots[-1].label == "5"


@given(
    scheme=st.sampled_from(list(Numbering)),
    places=st.text("ab", min_size=1, max_size=6),
    edits=st.lists(
        st.tuples(
            st.sampled_from(["insert", "move", "remove"]),
            st.integers(0, 20),
            st.integers(0, 20),
            st.sampled_from("abz"),
        ),
        max_size=12,
    ),
)
def test_numbers_are_unique_stay_with_their_shots_and_fit_a_file_name(scheme, places, edits):
    board = drawn(places, scheme.value)
    for edit, a, b, place in edits:
        before = {shot.id: shot.label for shot in board.shots}
        shots = [*board.shots]
        if edit == "insert":
            board = insert(board, a % (len(shots) + 1), place)
        elif edit == "move":
            shot = shots.pop(a % len(shots))
            shots.insert(b % (len(shots) + 1), shot)
            board = renumbered(board, shots)
        elif len(shots) > 1:
            shots.pop(a % len(shots))
            board = renumbered(board, shots)
        now = {shot.id: shot.label for shot in board.shots}
        assert len(set(now.values())) == len(board.shots)
        assert all(now[k] == before[k] for k in now.keys() & before.keys())
        assert all(re.fullmatch(r"[A-Za-z0-9][\w.-]{0,23}", text) for text in now.values())
        assert labels(Story.from_json(board.to_json())) == [*now.values()]


@pytest.mark.parametrize("scheme", [*Numbering])
def test_a_shot_of_another_story_has_its_place_for_a_number(scheme):
    board = story("ab", scheme)
    stranger = Shot(number=9, place="a", action="walks in")
    assert label(board, stranger) == "9"
    assert [label(board, shot) for shot in board.shots] == labels(board) == labels(numbered(board))
