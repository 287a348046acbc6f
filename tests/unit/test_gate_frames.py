"""The gate in a run: whose verdicts are asked again, who is latched where, what a retry changes."""

import json

import pytest
from aldar_storyboard.storyboard.frames.engine import Frames, Recipe
from aldar_storyboard.storyboard.frames.latch import supply_references
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.gate.verdict import Crop
from aldar_storyboard.storyboard.story import CastMember, Character, Shot, Story
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

JUDGED = Recipe("body", "gate", judges_by_references=True)


def story(frames=3, cast=("aldar",)):
    members = [CastMember(character=character) for character in cast]
    shots = [
        Shot(number=n, place="p", action=f"action {n}", cast=members) for n in range(1, frames + 1)
    ]
    characters = [Character(id=name, name=name, description="-") for name in ("aldar", "bai")]
    return Story(title="t", logline="l", characters=characters, shots=shots)


def rejected(name):
    score = Score(name=name, outcome=Outcome.FAIL, value=0.1, threshold=0.5)
    return Verdict(scores=(score,))


def accepted(**places):
    crops = tuple(Crop(subject=who, box=box) for who, box in places.items())
    score = Score(name="heads", outcome=Outcome.PASS, value=1.0, threshold=1.0, crops=crops)
    return Verdict(scores=(score,))


class Run:
    """Drives a run; ``judge`` is asked for the verdict on every job."""

    def __init__(self, folder, judge=lambda job: accepted()):
        self.folder, self.judge = folder, judge
        self.made, self.judged, self.takes = [], [], {}

    def __call__(self, story, recipe, colour=0, **options):
        store = TakeStore(self.folder)
        self.made, self.judged, self.takes = [], [], {}
        try:
            frames = Frames(story, store, recipe, **options)
            while jobs := frames.jobs():
                for job in jobs:
                    self.takes[job.id] = job.take
                    self.judged.append(job.id)
                    image = None
                    if not job.stored:
                        self.made.append(job.id)
                        image = Image.new("RGB", (8, 8), (job.take.seed % 251, colour, 9))
                    frames.record(job, image, self.judge(job))
            return frames.board
        finally:
            store.close()


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path)


def supplied(run, story, colour):
    return supply_references(story, run.folder, [Image.new("RGB", (8, 8), colour)])


def test_another_reference_is_judged_again_but_no_picture_is_made_again(run):
    plot = story()
    first = run(plot, JUDGED, supplied=supplied(run, plot, "red"))
    assert run.made == [(1, 0), (2, 0), (3, 0)]
    run(plot, JUDGED, supplied=supplied(run, plot, "red"))
    assert run.judged == []
    again = run(plot, JUDGED, supplied=supplied(run, plot, "blue"))
    assert run.made == []
    assert run.judged == [(1, 0), (2, 0), (3, 0)]
    assert [frame.take for frame in again.frames] == [frame.take for frame in first.frames]


def test_a_gate_that_looks_at_no_reference_is_not_asked_again(run):
    plot, recipe = story(), Recipe("body", "gate")
    run(plot, recipe, supplied=supplied(run, plot, "red"))
    run(plot, recipe, supplied=supplied(run, plot, "blue"))
    assert run.judged == []


def test_a_picture_that_depends_on_the_reference_is_made_again(run):
    plot = story()
    recipe = Recipe("body", "gate", uses_references=True, judges_by_references=True)
    run(plot, recipe, supplied=supplied(run, plot, "red"))
    run(plot, recipe, supplied=supplied(run, plot, "blue"))
    assert run.made == [(1, 0), (2, 0), (3, 0)]


def test_the_gate_gets_the_frame_that_latched_and_where_the_face_is(run):
    run.judge = lambda job: accepted(aldar=(1, 2, 5, 6))
    board = run(story(), JUDGED)
    assert [frame.latches for frame in board.frames] == [["aldar"], [], []]
    assert run.takes[1, 0].references == ()
    for number in (2, 3):
        reference = run.takes[number, 0].reference("aldar")
        assert (reference.frame, reference.face) == (1, (1, 2, 5, 6))
        assert reference.key == board.frames[0].take


@pytest.mark.parametrize("wave", [2, 3, 8])
def test_frames_of_a_wave_wait_for_the_reference_they_are_judged_by(tmp_path, wave):
    single, waves = Run(tmp_path / "1"), Run(tmp_path / "w")
    plot = story(5, ("aldar", "bai"))
    assert waves(plot, JUDGED, wave=wave) == single(plot, JUDGED)
    assert {k: t.references for k, t in waves.takes.items() if k[0] > 1}.keys() == {
        (n, 0) for n in range(2, 6)
    }
    assert all(len(take.references) == 2 for (n, _), take in waves.takes.items() if n > 1)


# --- the ladder ----------------------------------------------------------------------------

CLIMBS = Recipe("body", "gate", climbs=True)


def test_a_retry_climbs_only_if_the_body_follows_the_ladder(tmp_path):
    def judge(job):
        return rejected("face") if job.id == (2, 0) else accepted()

    for recipe, factor in ((CLIMBS, 1.15), (Recipe("body", "gate"), 1.0)):
        run = Run(tmp_path / str(recipe.climbs), judge)
        run(story(), recipe)
        assert run.takes[2, 0].rung.factor == 1.0
        assert run.takes[2, 1].rung.factor == factor


def test_the_journal_says_what_a_retry_changed_and_why(tmp_path):
    run = Run(tmp_path, lambda job: rejected("face"))
    run(story(1), CLIMBS, retries=1)
    store = TakeStore(tmp_path)
    rungs = [take.rung for take in store.takes(1)]
    store.close()
    assert [(rung.factor, rung.reason) for rung in rungs] == [(1.0, ""), (1.15, "face failed")]
    lines = (tmp_path / "journal.jsonl").read_text("utf-8").splitlines()
    takes = [json.loads(line) for line in lines if '"event":"take"' in line]
    assert [take.get("rung") for take in takes] == [
        None,
        {"factor": 1.15, "reason": "face failed"},
    ]


def test_the_same_seed_with_another_weight_is_another_take(tmp_path):
    keys = []
    for failing in ("face", "copy", "anomaly"):
        run = Run(tmp_path / failing, lambda job, f=failing: rejected(f))
        board = run(story(1), CLIMBS, retries=1)
        keys.append({take.seed: take for take in run.takes.values()})
        assert board.frames[0].flagged
    assert [taken[52].rung.factor for taken in keys] == [1.15, 0.85, 1.0]
    stored = [{path.stem for path in (tmp_path / f / "takes").iterdir()} for f in ("face", "copy")]
    assert len(stored[0] & stored[1]) == 1  # the first takes are the same


def test_a_resumed_run_climbs_to_the_same_rung(run):
    run.judge = lambda job: rejected("face")
    first = run(story(1), CLIMBS, retries=2)
    assert [take.rung.factor for take in run.takes.values()] == [1.0, 1.15, 1.3]
    assert run(story(1), CLIMBS, retries=2) == first
    assert run.judged == []


# --- near-duplicates -----------------------------------------------------------------------


def pictured(value, perceptual_hash, lacking=()):
    """A verdict on a picture of that perceptual hash."""
    outcome = Outcome.PASS if value >= 0.5 else Outcome.FAIL
    score = Score(name="identity", outcome=outcome, value=value, threshold=0.5)
    return Verdict(scores=(score,), perceptual_hash=perceptual_hash, lacking=lacking)


SAME, OTHER, THIRD = 0, 2**100 - 1, (2**100 - 1) << 100


def table(rows):
    """A judge: (frame, attempt) -> (value, hash); anything else is fine and like no other."""
    return lambda job: pictured(*rows.get(job.id, (1.0, hash(job.id) % 2**61 << 190)))


def test_a_frame_like_an_earlier_one_is_made_again(tmp_path):
    rows = {(1, 0): (1.0, SAME), (2, 0): (1.0, SAME), (2, 1): (1.0, OTHER)}
    run = Run(tmp_path, table(rows))
    board = run(story(2), JUDGED)
    assert run.judged == [(1, 0), (2, 0), (2, 1)]
    assert [(frame.attempt, frame.flagged) for frame in board.frames] == [(0, False), (1, False)]


def test_a_frame_that_stays_like_an_earlier_one_is_flagged_and_says_which(tmp_path):
    board = Run(tmp_path, lambda job: pictured(1.0, SAME))(story(2), JUDGED, retries=1)
    assert [frame.flagged for frame in board.frames] == [False, True]
    assert board.frames[1].verdict.reason == "duplicate: the picture nearly equals frame 1"


def test_a_rejected_take_is_not_another_frame(tmp_path):
    """The first take of frame 1 was rejected: frame 2 may look like it."""
    rows = {(1, 0): (0.1, SAME), (1, 1): (1.0, OTHER), (2, 0): (1.0, SAME)}
    for wave in (1, 2):
        board = Run(tmp_path / str(wave), table(rows))(story(2), JUDGED, wave=wave)
        assert [(f.attempt, f.flagged) for f in board.frames] == [(1, False), (0, False)]


def test_a_duplicate_is_none_any_more_when_the_frame_it_equalled_changes(run):
    run.judge = table({(1, 0): (1.0, SAME), (2, 0): (1.0, SAME)})
    recipe = Recipe("body", "gate")
    first = run(story(2), recipe, retries=0)
    assert [frame.flagged for frame in first.frames] == [False, True]
    plot = story(2)
    plot.shots[0].action = "something else"
    run.judge = table({(1, 0): (1.0, OTHER)})
    again = run(plot, recipe, retries=0)
    assert run.judged == [(1, 0)]
    assert [frame.flagged for frame in again.frames] == [False, False]


ROWS = st.dictionaries(
    st.tuples(st.integers(1, 6), st.integers(0, 2)),
    st.tuples(st.sampled_from([0.1, 0.3, 1.0]), st.sampled_from([SAME, OTHER, THIRD])),
)
RECIPES = st.sampled_from(
    [
        Recipe("body", "gate"),
        JUDGED,
        Recipe("body", "gate", uses_references=True, judges_by_references=True, climbs=True),
    ]
)


@settings(deadline=None, max_examples=60)
@given(rows=ROWS, wave=st.integers(2, 8), recipe=RECIPES, retries=st.integers(0, 2))
def test_waves_of_any_size_give_the_board_of_one_by_one(
    tmp_path_factory, rows, wave, recipe, retries
):
    folder = tmp_path_factory.mktemp("waves")
    single, waves = Run(folder / "1", table(rows)), Run(folder / "w", table(rows))
    board = single(story(6), recipe, retries=retries)
    assert waves(story(6), recipe, retries=retries, wave=wave) == board
    assert sorted(waves.made) == sorted(single.made)
    for run in (single, waves):  # and both go on from where they are, with any wave
        assert run(story(6), recipe, retries=retries, wave=9 - wave) == board
        assert run.judged == []


# --- tools that were not there --------------------------------------------------------------


def test_a_verdict_without_its_tools_is_asked_again_and_with_them_is_kept(run):
    plot = story(2)
    hashes = {1: SAME, 2: OTHER}
    run.judge = lambda job: pictured(1.0, hashes[job.take.frame], lacking=("dlib: no memory",))
    run(plot, JUDGED)
    run.judge = lambda job: pictured(1.0, hashes[job.take.frame])
    for judged in ([(1, 0), (2, 0)], []):
        run(plot, JUDGED)
        assert (run.judged, run.made) == (judged, [])
