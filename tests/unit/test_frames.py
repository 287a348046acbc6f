"""The engine of a run, without ComfyUI: order, retries, latch, waves, resume, directions."""

from contextlib import closing

import pytest
from aldar_storyboard.storyboard.errors import InputError, StoreError
from aldar_storyboard.storyboard.frames import store as store_module
from aldar_storyboard.storyboard.frames.directions import (
    Direction,
    Directions,
    Orders,
    choose,
    lock,
    parse_frames,
    redo,
    unlock,
)
from aldar_storyboard.storyboard.frames.engine import Frames, Recipe, Staged
from aldar_storyboard.storyboard.frames.latch import supply_references
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.gate.sight import sight
from aldar_storyboard.storyboard.staging import Staging
from aldar_storyboard.storyboard.story import CastMember, Character, Facing, Shot, Story
from PIL import Image

HERO, BAI = "aldar", "bai"


def story(*shots, actions=None):
    """A story whose shots show the given characters: ``"a"`` the hero, ``"b"`` the bai; capital
    letters from the front, small ones from the back."""
    cast = {"a": HERO, "b": BAI}
    made = []
    for number, letters in enumerate(shots, 1):
        members = [
            CastMember(
                character=cast[letter.lower()],
                facing=Facing.FRONT if letter.isupper() else Facing.BACK,
            )
            for letter in letters
        ]
        action = (actions or {}).get(number, f"action {number}")
        made.append(Shot(number=number, place="steppe", action=action, cast=members))
    characters = [
        Character(id=HERO, name="Aldar", description="a man"),
        Character(id=BAI, name="Bai", description="another man"),
    ]
    return Story(title="t", logline="l", characters=characters, shots=made)


def verdict(value):
    outcome = Outcome.PASS if value >= 0.7 else Outcome.FAIL
    return Verdict(scores=(Score(name="test", outcome=outcome, value=value, threshold=0.7),))


class Studio:
    """Drives a run: makes one-colour pictures from the seed and judges them by a table."""

    def __init__(self, folder, values=None):
        self.folder = folder
        self.values = values or {}
        self.made = []
        self.judged = []

    def run(self, story, recipe=None, stop_after=None, **options):
        store = TakeStore(self.folder)
        self.made, self.judged = [], []
        try:
            frames = Frames(
                story,
                store,
                recipe or Recipe("body", "gate"),
                directions=Directions.load(self.folder),
                **options,
            )
            while jobs := frames.jobs():
                assert frames.jobs() == jobs
                for job in jobs:
                    if stop_after is not None and len(self.made) == stop_after:
                        raise KeyboardInterrupt
                    self.judged.append(job.id)
                    image = None
                    if not job.stored:
                        self.made.append(job.id)
                        colour = (job.take.seed % 251, job.take.frame % 251, 7)
                        image = Image.new("RGB", (8, 8), colour)
                    frames.record(job, image, verdict(self.values.get(job.id, 1.0)))
            return frames.board
        finally:
            store.close()


@pytest.fixture
def studio(tmp_path):
    return Studio(tmp_path)


def test_frames_come_in_story_order_with_the_published_seeds(studio):
    board = studio.run(story("A", "A", "A"))
    assert studio.made == [(1, 0), (2, 0), (3, 0)]
    assert [frame.seed for frame in board.frames] == [42, 2042, 3042]
    assert board.complete


def test_a_rejected_take_is_made_again_and_the_best_is_kept_and_flagged(studio):
    studio.values = {(2, 0): 0.3, (2, 1): 0.6, (2, 2): 0.5, (3, 0): 0.1}
    board = studio.run(story("A", "A", "A"))
    assert studio.made == [(1, 0), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1)]
    assert [(f.attempt, f.attempts, f.flagged) for f in board.frames] == [
        (0, 1, False),
        (1, 3, True),
        (1, 2, False),
    ]
    assert board.complete
    assert [f.number for f in board.flagged] == [2]


def test_an_unchanged_second_run_makes_and_judges_nothing(studio):
    studio.values = {(2, 0): 0.3}
    first = studio.run(story("A", "A", "A"))
    second = studio.run(story("A", "A", "A"))
    assert studio.judged == []
    assert second == first


@pytest.mark.parametrize("crash", range(5))
def test_a_stopped_run_goes_on_where_it_stopped(studio, crash):
    studio.values = {(2, 0): 0.3}
    with pytest.raises(KeyboardInterrupt):
        studio.run(story("A", "A", "A", "A"), stop_after=crash)
    done = list(studio.made)
    board = studio.run(story("A", "A", "A", "A"))
    assert done + studio.made == [(1, 0), (2, 0), (2, 1), (3, 0), (4, 0)]
    assert board.complete


class Killed(BaseException):
    """Stands for kill -9: nothing in between may catch it."""


def test_a_crash_between_any_two_writes_loses_at_most_the_take_in_the_making(tmp_path, monkeypatch):
    plot, values = story("A", "AB", "A"), {(2, 0): 0.3}
    whole = Studio(tmp_path / "whole", values).run(plot, GUIDED)
    pictures = {f.take: (tmp_path / f"whole/takes/{f.take}.png").read_bytes() for f in whole.frames}
    crashes = 0
    for crash in range(1, 200):
        calls = 0

        def die(name, crash=crash):
            real = getattr(store_module.os, name)

            def call(*arguments):
                nonlocal calls
                calls += 1
                if calls == crash:
                    raise Killed
                return real(*arguments)

            return call

        studio = Studio(tmp_path / f"crash-{crash}", values)
        with monkeypatch.context() as patch:
            for name in ("fsync", "replace"):
                patch.setattr(store_module.os, name, die(name))
            try:
                studio.run(plot, GUIDED)
            except Killed:
                crashes += 1
            else:
                break
        before = len(studio.made)
        assert studio.run(plot, GUIDED) == whole
        assert len(studio.made) <= 4 - before + 1
        for frame in whole.frames:
            path = studio.folder / "takes" / f"{frame.take}.png"
            assert path.read_bytes() == pictures[frame.take]
    assert crashes >= 12  # two writes of a take, its line, its verdict, the winner


def test_editing_one_shot_makes_that_frame_only(studio):
    studio.run(story("A", "A", "A"))
    studio.run(story("A", "A", "A", actions={2: "something else"}))
    assert studio.made == [(2, 0)]


def test_a_stricter_gate_judges_again_but_makes_only_what_it_rejects(studio):
    studio.run(story("A", "A"), Recipe("body", "gate"))
    studio.values = {(2, 0): 0.5}
    studio.run(story("A", "A"), Recipe("body", "stricter gate"))
    assert studio.judged == [(1, 0), (2, 0), (2, 1)]
    assert studio.made == [(2, 1)]


def test_a_damaged_take_is_made_again(studio):
    board = studio.run(story("A", "A", "A"))
    path = studio.folder / "takes" / f"{board.frames[1].take}.png"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert studio.run(story("A", "A", "A")) == board
    assert studio.made == [(2, 0)]


GUIDED = Recipe("body", "gate", uses_references=True)


def references(studio, story, **options):
    """Frame -> {character: frame it looked at} of a fresh run."""
    seen = {}
    store = TakeStore(studio.folder)
    frames = Frames(story, store, GUIDED, **options)
    keys = {}
    while jobs := frames.jobs():
        for job in jobs:
            seen[job.take.frame] = {r.character: keys.get(r.key, 0) for r in job.take.references}
            keys[job.key] = job.take.frame
            value = studio.values.get(job.id, 1.0)
            frames.record(job, Image.new("RGB", (8, 8)), verdict(value))
    store.close()
    return seen


def test_each_character_is_latched_by_its_first_face(studio):
    seen = references(studio, story("A", "Ab", "AB", "AB", "b"))
    assert seen == {
        1: {},
        2: {HERO: 1},
        3: {HERO: 1},
        4: {HERO: 1, BAI: 3},
        5: {BAI: 3},
    }


def test_a_flagged_frame_does_not_latch(studio):
    studio.values = {(1, attempt): 0.1 for attempt in range(3)}
    assert references(studio, story("A", "A", "A")) == {1: {}, 2: {}, 3: {HERO: 2}}


def test_a_supplied_picture_is_the_reference_from_the_first_frame_on(studio):
    plot = story("A", "A")
    supplied = supply_references(plot, studio.folder, [Image.new("RGB", (8, 8), "blue")])
    assert references(studio, plot, supplied=supplied) == {1: {HERO: 0}, 2: {HERO: 0}}
    assert supplied[0].path.exists()
    with pytest.raises(InputError) as caught:
        supply_references(plot, studio.folder, [Image.new("RGB", (8, 8))] * 3)
    assert caught.value.code == "reference_unusable"


def test_pictures_go_to_the_characters_they_name_and_the_others_in_order(tmp_path):
    plot, made = story("AB"), [Image.new("RGB", size) for size in ((8, 20), (20, 8))]
    for names, expected in (((), [HERO, BAI]), (["bai"], [BAI, HERO]), (["", "1"], [BAI, HERO])):
        references = supply_references(plot, tmp_path, made, names)
        assert [reference.character for reference in references] == expected
        assert [Image.open(reference.path).size for reference in references] == [(8, 20), (20, 8)]


@pytest.mark.parametrize("names", [["Bai", "2"], ["nobody"], ["7"]])
def test_pictures_of_nobody_or_two_of_one_are_refused(tmp_path, names):
    with pytest.raises(InputError):
        supply_references(story("AB"), tmp_path, [Image.new("RGB", (8, 8))] * 2, names)


def test_editing_the_latched_frame_makes_exactly_those_that_looked_at_it(studio):
    plot = ("A", "B", "A", "b", "AB")
    studio.run(story(*plot), GUIDED)
    studio.run(story(*plot, actions={1: "another start"}), GUIDED)
    assert studio.made == [(1, 0), (3, 0), (5, 0)]


@pytest.mark.parametrize("wave", [2, 3, 4, 8])
@pytest.mark.parametrize("recipe", [Recipe("body", "gate"), GUIDED])
def test_waves_make_the_same_takes_as_one_by_one(tmp_path, wave, recipe):
    plot = story("A", "AB", "Ab", "B", "A", "AB", "b", "A")
    values = {(2, 0): 0.2, (5, 0): 0.3, (5, 1): 0.4, (5, 2): 0.1, (1, 0): 0.1}
    single, waves = Studio(tmp_path / "1", values), Studio(tmp_path / "w", values)
    assert waves.run(plot, recipe, wave=wave) == single.run(plot, recipe)
    assert sorted(waves.made) == sorted(single.made)


def test_a_wave_is_filled_with_rejects_first(tmp_path):
    store = TakeStore(tmp_path)
    frames = Frames(story(*"AAAAAA"), store, Recipe("body", "gate"), wave=4)
    jobs = frames.jobs()
    assert [job.id for job in jobs] == [(1, 0), (2, 0), (3, 0), (4, 0)]
    for job in jobs:
        frames.record(job, Image.new("RGB", (8, 8)), verdict(0.1 if job.id == (2, 0) else 1.0))
    assert [job.id for job in frames.jobs()] == [(2, 1), (5, 0), (6, 0)]
    store.close()


def test_a_locked_frame_survives_every_change(studio):
    board = studio.run(story("A", "A", "A"))
    Directions(frames={2: Direction(take=board.frames[1].take, locked=True)}).save(studio.folder)
    after = studio.run(story("A", "A", "A", actions={n: f"new {n}" for n in (1, 2, 3)}), seed=7)
    assert after.frames[1].take == board.frames[1].take
    assert [frame for frame, _ in studio.made] == [1, 3]
    assert after.complete


def test_a_redo_takes_the_next_seed_and_the_note(studio):
    board = studio.run(story("A", "A", "A"))
    Directions(frames={2: Direction(first=1, note="smile more")}).save(studio.folder)
    after = studio.run(story("A", "A", "A"))
    assert studio.made == [(2, 1)]
    assert after.frames[1].seed == 2052
    assert after.frames[1].prompt.positive.endswith("smile more")
    assert after.frames[0] == board.frames[0]


def test_a_chosen_take_wins_without_being_made_again(studio):
    studio.values = {(2, 0): 0.3}
    first = studio.run(story("A", "A"))
    store = TakeStore(studio.folder)
    rejected = next(t for t in store.takes(2) if t.attempt == 0)
    store.close()
    Directions(frames={2: Direction(take=rejected.key)}).save(studio.folder)
    board = studio.run(story("A", "A"))
    assert studio.made == []
    assert board.frames[1].take == rejected.key != first.frames[1].take


def test_a_direction_to_a_take_that_is_gone_lets_the_gate_decide(studio):
    Directions(frames={1: Direction(take="0" * 32, locked=True)}).save(studio.folder)
    assert studio.run(story("A")).complete
    assert studio.made == [(1, 0)]


def test_broken_directions_are_named(studio):
    (studio.folder / "directions.json").write_text('{"frames": {"x": 1}}')
    with pytest.raises(StoreError) as caught:
        Directions.load(studio.folder)
    assert caught.value.code == "store_damaged"
    assert "directions.json" in str(caught.value)


def test_frame_numbers_are_read_like_page_numbers():
    assert parse_frames("3, 1-2 2", 5) == [1, 2, 3]
    for wrong in ("0", "6", "2-1", "x", "1-"):
        with pytest.raises(InputError):
            parse_frames(wrong, 5)


def test_a_long_board_stays_linear_in_looks_at_the_store(studio, monkeypatch):
    looks = []
    find = TakeStore.find
    monkeypatch.setattr(TakeStore, "find", lambda self, key: looks.append(key) or find(self, key))
    counts = []
    for frames in (20, 40):
        looks.clear()
        Studio(studio.folder / str(frames)).run(story(*["A"] * frames), GUIDED)
        counts.append(len(looks))
    assert counts[1] <= 2 * counts[0]


@pytest.fixture
def shelf(studio):
    """A finished board of three frames, the second with a rejected take; its open store."""
    studio.values = {(2, 0): 0.3}
    studio.run(story("A", "A", "A"))
    store = TakeStore(studio.folder)
    yield store
    store.close()


def test_commands_become_directions(shelf):
    directions, (first, second, _) = Directions(), story("A", "A", "A").shots
    lock(directions, shelf, first)
    assert directions.of(1).locked
    assert directions.of(1).take == shelf.winner(1)
    unlock(directions, first)
    assert not directions.of(1).take
    choose(directions, shelf, second, 1)
    assert directions.of(2).take == shelf.takes(2)[0].key != shelf.winner(2)
    redo(directions, shelf, second, "smile more")
    assert directions.of(2) == Direction(first=2, note="smile more")
    redo(directions, shelf, second)
    assert directions.of(2).note == "smile more"


def test_directions_that_cannot_be_followed_are_named(shelf):
    with pytest.raises(InputError, match="no finished take"):
        lock(Directions(), shelf, Shot(number=9, place="p", action="a"))
    with pytest.raises(InputError, match="there is no take 3"):
        choose(Directions(), shelf, story("A", "A").shots[1], 3)


def test_orders_of_a_workflow_add_to_what_the_board_says(shelf):
    stored, plot = Directions(frames={3: Direction(note="darker")}), story("A", "A", "A")
    directions = Orders(lock="1", choose="2:1", redo="3:4", note="smile").obey(stored, shelf, plot)
    assert directions.of(1).locked
    assert directions.of(2).take == shelf.takes(2)[0].key
    assert directions.of(3) == Direction(first=4, note="smile")
    assert stored.of(3).note == "darker"
    for wrong in ({"redo": "3"}, {"choose": "9:1"}, {"lock": "4"}):
        with pytest.raises(InputError):
            Orders(**wrong).obey(stored, shelf, plot)


@pytest.mark.parametrize(
    "orders",
    [
        {"lock": "x"},
        {"lock": "4"},
        {"lock": "2-1"},
        {"choose": "1"},
        {"choose": "4:1"},
        {"redo": "1:x"},
        {"redo": "9" * 6000},
        {"note": "n" * 301},
    ],
)
def test_orders_that_cannot_be_read_are_told_without_a_store(orders):
    with pytest.raises(InputError) as caught:
        Orders(**orders).check(3)
    assert caught.value.code == "option_invalid"
    assert len(str(caught.value)) < 300


def test_orders_that_can_be_read_pass():
    Orders("1,2-3", "3:99", "1:0", "n" * 300).check(3)


def test_a_frame_is_laid_out_once_whatever_asks_for_it(tmp_path):
    """Keys, panel, masks, pose and gate of all takes of a frame, and those who look at it later."""
    laid_out = []

    class Counted(Staging):
        @property
        def layout(self):
            if "layout" not in vars(self):
                laid_out.append(self.shot.number)
            return Staging.layout.__get__(self)

    def counted(story, shot):
        return Counted(story, shot, (64, 64))

    values = {(1, 0): 0.3, (2, 0): 0.3, (2, 1): 0.6}
    recipe = Recipe("body", "gate", Staged.PANEL, uses_references=True, judges_by_references=True)
    seen = []
    with closing(TakeStore(tmp_path)) as store:
        frames = Frames(story("A", "AB", "a"), store, recipe, wave=2, stage=counted)
        while jobs := frames.jobs():
            for job in jobs:
                take = job.take
                panel, masks, pose = take.staging.panel, take.staging.masks, take.staging.pose
                assert pose.size == panel.size and len(masks) == len(take.shot.cast)
                assert sight(take.story, take.shot, (64, 64), take.staging).people
                seen += [reference.staging.layout for reference in take.references]
                frames.record(job, panel, verdict(values.get(job.id, 1.0)))
    assert frames.board.complete and len(seen) > 2
    assert laid_out == [1, 2, 3]
