"""The gate in a run: whose verdicts are asked again, who is latched where, what a retry changes."""

import json

import pytest
from aldar_storyboard.storyboard.frames import Frames, Recipe
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.gate.verdict import Crop
from aldar_storyboard.storyboard.latch import supply_references
from aldar_storyboard.storyboard.store import TakeStore
from aldar_storyboard.storyboard.story import CastMember, Character, Shot, Story
from PIL import Image

JUDGED = Recipe("body", "gate", judges_by_references=True)


def story(frames=3, cast=("aldar",)):
    members = [CastMember(character=character) for character in cast]
    shots = [
        Shot(number=n, place="p", action=f"action {n}", cast=members) for n in range(1, frames + 1)
    ]
    characters = [Character(id=id, name=id, description="-") for id in ("aldar", "bai")]
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
