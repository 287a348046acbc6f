"""The take state machine: seeds, order, retries, best of tries."""

from aldar_storyboard.storyboard.files import digest
from aldar_storyboard.storyboard.takes import Keep, Render, Tried, decide, take_seed
from hypothesis import given
from hypothesis import strategies as st


def test_seeds_follow_the_published_formula():
    assert [take_seed(42, 1, a) for a in range(3)] == [42, 52, 62]
    assert [take_seed(42, 2, a) for a in range(3)] == [2042, 2052, 2062]
    assert take_seed(42, 10, 0) == 10042
    assert take_seed(2**64 - 1, 2, 0) == 1999  # wraps instead of leaving ComfyUI's range


def test_an_accepted_take_ends_the_frame():
    assert decide([], 2) == Render(0)
    assert decide([Tried(0, True, 0.9)], 2) == Keep(0, flagged=False)


def test_rejected_takes_are_retried_then_the_best_is_kept_and_flagged():
    tried = [Tried(0, False, 0.4)]
    assert decide(tried, 2) == Render(1)
    tried += [Tried(1, False, 0.6), Tried(2, False, 0.5)]
    assert decide(tried, 2) == Keep(1, flagged=True)


def test_equal_values_keep_the_earliest_and_unmeasured_loses():
    assert decide([Tried(0, False, 0.5), Tried(1, False, 0.5)], 1) == Keep(0, flagged=True)
    assert decide([Tried(0, False, None), Tried(1, False, 0.1)], 1) == Keep(1, flagged=True)


def test_a_redo_starts_at_a_later_attempt():
    assert decide([], 2, first=3) == Render(3)
    assert decide([Tried(3, False, 0.1)], 2, first=3) == Render(4)


@given(st.integers(0, 5), st.lists(st.booleans(), min_size=20, max_size=20))
def test_a_frame_always_ends_within_its_retries(retries, accepted):
    tried = []
    while isinstance(step := decide(tried, retries), Render):
        assert step.attempt == len(tried) <= retries
        tried.append(Tried(step.attempt, accepted[step.attempt], 0.5))
    assert step.flagged is not any(t.accepted for t in tried)


def test_digest_ignores_the_order_of_keys_only():
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})


def test_digest_takes_any_text_that_json_can_bring():
    assert digest("\ud800") != digest("\ud801")
    assert digest("é") == "f2886017e9c7abacf804b54d64787dce"
