"""Takes belong to a shot: what becomes of them when a story is edited."""

import json

import pytest
from aldar_storyboard.runner.run import direct
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.errors import InputError
from aldar_storyboard.storyboard.frames.directions import Direction, Directions, Orders
from aldar_storyboard.storyboard.frames.engine import Frames, Recipe
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.story import Numbering, Shot, Story
from PIL import Image


def shot(action, **fields):
    return Shot(number=1, place="steppe", action=action, caption=f"{action}.", **fields)


def plot(shots, logline="l"):
    """A story of shots as somebody edits them: renumbered, without ids unless they are given.

    :param shots: actions, one a word; ``b=7`` with an id, or whole shots.
    """
    made = []
    for number, entry in enumerate(shots.split() if isinstance(shots, str) else shots, 1):
        if isinstance(entry, str):
            action, _, name = entry.partition("=")
            entry = shot(action, id=int(name) if name else None)
        made.append(entry.model_copy(update={"number": number}))
    return Story(title="t", logline=logline, characters=[], shots=made)


class Desk:
    """A board folder that stories are drawn on; nothing is drawn twice."""

    def __init__(self, folder):
        self.folder = folder
        self.made = []

    def draw(self, shots, orders=None, rejected=(), **options):
        """Draw a story. :param rejected: actions the gate does not accept."""
        story = shots if isinstance(shots, Story) else plot(shots, **options)
        self.made = []
        store = TakeStore(self.folder)
        try:
            directions = Directions.load(self.folder)
            frames = Frames(
                story, store, Recipe("b", "g"), retries=0, directions=directions, orders=orders
            )
            frames.board.save(self.folder)
            while jobs := frames.jobs():
                for job in jobs:
                    image = None
                    if not job.stored:
                        self.made.append((job.take.shot.action, job.take.seed))
                        colour = tuple(job.take.shot.action.encode()[:3].ljust(3))
                        image = Image.new("RGB", (8, 8), colour)
                    outcome = Outcome.FAIL if job.take.shot.action in rejected else Outcome.PASS
                    value = 0.2 if outcome is Outcome.FAIL else 0.9
                    score = Score(name="test", outcome=outcome, value=value)
                    frames.record(job, image, Verdict(scores=(score,)))
            frames.board.save(self.folder)
            self.replaced = frames.replaced
        finally:
            store.close()
        return Board.load(self.folder)

    @property
    def board(self):
        return Board.load(self.folder)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def ids(board):
    return {shot.action: shot.id for shot in board.story.shots}


def takes(board):
    return {board.shot(frame).action: frame.take for frame in board.frames}


def seeds(board):
    return {board.shot(frame).action: frame.seed for frame in board.frames}


def test_an_untouched_board_has_the_published_seeds_and_writes_no_ids(desk):
    board = desk.draw("a b c")
    assert seeds(board) == {"a": 42, "b": 2042, "c": 3042}
    assert '"id"' not in (desk.folder / "board.json").read_text()
    assert desk.draw("a b c") == board
    assert desk.made == []


@pytest.mark.parametrize(
    ("edited", "made"),
    [
        ("a x b c d", [("x", 5042)]),
        ("x a b c d", [("x", 5042)]),
        ("a b c d x", [("x", 5042)]),
        ("b c d", []),
        ("a c d", []),
        ("d c b a", []),
        ("a c b d", []),
        ("c x a d", [("x", 5042)]),
        ("a x y b c d", [("x", 5042), ("y", 6042)]),
        ("a B c d", [("B", 2042)]),
    ],
    ids=str,
)
def test_only_what_is_new_is_drawn_and_no_two_shots_share_a_seed(desk, edited, made):
    before = desk.draw("a b c d")
    after = desk.draw(edited)
    assert desk.made == made
    kept = set(takes(before)) & set(takes(after))
    assert {a: takes(after)[a] for a in kept} == {a: takes(before)[a] for a in kept}
    assert {a: seeds(after)[a] for a in kept} == {a: seeds(before)[a] for a in kept}
    assert len(set(seeds(after).values())) == len(after.frames)


def test_ids_are_written_once_they_differ_and_carry_the_seeds_elsewhere(desk, tmp_path):
    desk.draw("a b c")
    board = desk.draw("a x b c")
    assert ids(board) == {"a": 1, "x": 4, "b": 2, "c": 3}
    text = board.story.to_json()
    assert [s["id"] for s in json.loads(text)["shots"]] == [1, 4, 2, 3]
    elsewhere = Desk(tmp_path / "other")
    assert seeds(elsewhere.draw(Story.from_json(text))) == seeds(board)


def test_a_removed_shot_leaves_its_number_to_nobody_and_comes_back_to_its_takes(desk):
    desk.draw("a b c")
    desk.draw("a c")
    board = desk.draw("a c x")
    assert ids(board) == {"a": 1, "c": 3, "x": 4}
    back = desk.draw(plot("a b=2 c x"))
    assert desk.made == []
    assert ids(back) == {"a": 1, "b": 2, "c": 3, "x": 4}


def test_an_edit_taken_back_finds_takes_and_choices_again(desk):
    desk.draw("a b c d")
    direct.redo(desk.folder, "2", "")
    desk.draw("a b c d")
    direct.choose(desk.folder, 2, 1)
    before = [frame.take for frame in desk.draw("a b c d").frames]
    for edited in ("a c d", "a", "a x c d", "a c"):
        desk.draw(edited)
        after = desk.draw("a b c d")
        assert desk.made == [], edited
        assert [frame.take for frame in after.frames] == before
        assert ids(after) == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_a_removed_shot_comes_back_only_as_it_was(desk):
    desk.draw("a b c d")
    desk.draw("a c d")
    board = desk.draw("a bb c d b b")
    assert [action for action, _ in desk.made] == ["bb", "b"]
    assert [shot.id for shot in board.story.shots][4] == 2


def test_shots_that_are_the_same_keep_their_takes_in_order(desk):
    before = desk.draw("a b b c")
    after = desk.draw("b a b b c x")
    assert [action for action, _ in desk.made] == ["b", "x"]
    assert [f.take for f in after.frames[1:5]] == [f.take for f in before.frames]


def test_a_locked_picture_moves_with_its_shot(desk):
    before = desk.draw("a b c")
    direct.lock(desk.folder, "2")
    after = desk.draw("a x b c")
    assert takes(after)["b"] == takes(before)["b"]
    assert len(set(takes(after).values())) == 4
    assert [(f.number, f.locked) for f in after.frames if f.locked] == [(3, True)]
    direct.unlock(desk.folder, "3")
    assert Directions.load(desk.folder) == Directions()


def test_a_redo_moves_with_its_shot(desk):
    desk.draw("a b c")
    direct.redo(desk.folder, "3", "smile more")
    board = desk.draw("c a b")
    assert desk.made == [("c", 3052)]
    assert board.frames[0].prompt.positive.endswith("smile more")


def test_choose_and_takes_speak_of_the_frame_the_shot_is_in_now(desk):
    desk.draw("a b c")
    direct.redo(desk.folder, "2", "")
    before = desk.draw("a b c")
    assert desk.made == [("b", 2052)]
    desk.draw("x a b c")
    listed = [(t["frame"], t["take"], t["seed"]) for t in direct.takes(desk.folder)]
    assert listed == [(1, 1, 4042), (2, 1, 42), (3, 1, 2042), (3, 2, 2052), (4, 1, 3042)]
    direct.choose(desk.folder, 3, 1)
    after = desk.draw("x a b c")
    assert seeds(after)["b"] == 2042
    assert takes(after)["b"] != takes(before)["b"]


def test_orders_of_a_workflow_speak_of_the_frame_the_shot_is_in_now(desk):
    before = desk.draw("a b c")
    after = desk.draw("x a b c", Orders(redo="3:1", lock="4"))
    assert desk.made == [("x", 4042), ("b", 2052)]
    assert takes(after)["c"] == takes(before)["c"]
    with pytest.raises(InputError, match="Frame 1 has no finished take"):
        desk.draw("y x a b c", Orders(lock="1"))


def test_a_lock_is_no_opinion(desk):
    before = desk.draw("a b c", rejected="b")
    assert [f.flagged for f in before.frames] == [False, True, False]
    direct.lock(desk.folder, "1-2")
    after = desk.draw("a b c", rejected="b")
    assert [f.flagged for f in after.frames] == [False, True, False]
    assert [f.locked for f in after.frames] == [True, True, False]
    direct.choose(desk.folder, 2, 1)
    chosen = desk.draw("a b c", rejected="b")
    assert [f.flagged for f in chosen.frames] == [False, False, False]
    direct.lock(desk.folder, "2")
    assert not desk.draw("a b c", rejected="b").frames[1].flagged
    direct.unlock(desk.folder, "2")
    assert desk.draw("a b c", rejected="b").frames[1].flagged


def test_a_kept_picture_whose_shot_changed_is_stale_until_it_fits_again(desk):
    before = desk.draw("a b c")
    direct.lock(desk.folder, "2")
    assert not desk.draw("a b c").stale
    for _ in range(2):
        changed = desk.draw("a B c")
        assert takes(changed)["B"] == takes(before)["b"]
        assert [(f.number, f.locked) for f in changed.stale] == [(2, True)]
        assert [t["stale"] for t in direct.takes(desk.folder)] == [False, True, False]
    assert not desk.draw("a b c").stale


def test_directions_for_a_shot_that_cannot_be_told_stop_the_run(desk):
    desk.draw("a b c")
    direct.lock(desk.folder, "2")
    journal = (desk.folder / "journal.jsonl").read_bytes()
    with pytest.raises(InputError) as caught:
        desk.draw("a x y c")
    assert caught.value.code == "shots_unclear"
    assert "frame 2" in str(caught.value)
    assert '"id": 2' in str(caught.value)
    assert (desk.folder / "journal.jsonl").read_bytes() == journal
    assert desk.draw("a x y=2 c").frames[2].stale
    direct.unlock(desk.folder, "3")
    assert desk.draw("a p q c").complete


def test_unclear_shots_without_directions_are_new(desk):
    desk.draw("a b c")
    direct.lock(desk.folder, "1")
    board = desk.draw("a x y c")
    assert ids(board) == {"a": 1, "x": 4, "y": 5, "c": 3}


def test_a_removed_shot_needs_no_id(desk):
    desk.draw("a b c")
    direct.lock(desk.folder, "2")
    desk.draw("a c x")
    assert 2 in Directions.load(desk.folder).frames
    assert desk.draw("a b=2 c x").frames[1].locked


def test_another_story_on_a_board_leaves_the_takes_of_the_first_alone(desk):
    first = desk.draw("a b c")
    other = desk.draw("u v w", logline="another")
    assert desk.replaced == "t"
    assert list(seeds(other).values()) == [42, 2042, 3042]
    assert [t["file"] for t in direct.takes(desk.folder)] == [
        f"takes/{f.take}.png" for f in other.frames
    ]
    again = desk.draw("a b c")
    assert desk.made == []
    assert takes(again) == takes(first)
    assert len(direct.takes(desk.folder)) == 3
    direct.lock(desk.folder, "1")
    with pytest.raises(InputError, match="another story") as caught:
        desk.draw("u v w", logline="another")
    assert caught.value.code == "shots_unclear"


def test_a_new_logline_for_the_same_shots_is_the_same_story(desk):
    desk.draw("a b c")
    direct.lock(desk.folder, "2")
    board = desk.draw("a b x", logline="reworded")
    assert board.frames[1].locked
    assert ids(board) == {"a": 1, "b": 2, "x": 3}
    assert len(direct.takes(desk.folder)) == 4
    assert desk.replaced == "t"  # told, for two loglines on one board are mostly a mistake
    desk.draw("a b x", logline="reworded")
    assert not desk.replaced


def test_two_shots_of_one_id_are_refused():
    with pytest.raises(InputError, match="two shots have the id 2") as caught:
        Story.parse(plot("a b c").model_dump(mode="json") | {"shots": _with_ids(2, 2)})
    assert caught.value.code == "story_invalid"


def _with_ids(*ids):
    return [{"number": n, "id": key, "place": "p", "action": "a"} for n, key in enumerate(ids, 1)]


@pytest.mark.parametrize("value", [0, -1, 10**12, "x", [], 1.5])
def test_an_id_is_a_number(value):
    data = plot("a").model_dump(mode="json") | {"shots": _with_ids(value)}
    with pytest.raises(InputError, match=r"shots\[0\]\.id"):
        Story.parse(data)


def earlier_version(desk):
    """Rewrite a board as an earlier version left it: by frame numbers, without the plot."""
    journal = desk.folder / "journal.jsonl"
    lines = []
    for event in map(json.loads, journal.read_text("utf-8").split("\n")[:-1]):
        event.pop("fit", None)
        if "shot" in event:
            event["frame"] = event.pop("shot")
        if event["event"] not in ("plot", "fit"):
            lines.append(json.dumps(event))
    journal.write_text("\n".join(lines) + "\n")


def test_a_board_of_an_earlier_version_goes_on_and_loses_nothing(desk):
    before = desk.draw("a b c", rejected="b")
    direct.lock(desk.folder, "1")
    direct.redo(desk.folder, "3", "darker")
    earlier_version(desk)
    assert [t["locked"] for t in direct.takes(desk.folder)] == [True, False, False]
    after = desk.draw("x b a c", rejected="b")
    assert desk.made == [("x", 4042), ("c", 3052)]
    assert takes(after)["a"] == takes(before)["a"]
    assert [f.locked for f in after.frames] == [False, False, True, False]
    assert [f.flagged for f in after.frames] == [False, True, False, False]


def test_a_lock_of_an_earlier_version_is_stale_when_its_shot_changes(desk):
    desk.draw("a b c")
    direct.lock(desk.folder, "2")
    earlier_version(desk)
    assert [f.number for f in desk.draw("a B c").stale] == [2]


def test_a_board_that_lost_its_board_file_goes_on(desk):
    before = desk.draw("a b c")
    (desk.folder / "board.json").unlink()
    after = desk.draw("a x b c")
    assert desk.made == [("x", 4042)]
    assert takes(after)["c"] == takes(before)["c"]


def test_an_interrupted_edit_is_taken_up_where_it_stopped(desk, tmp_path):
    desk.draw("a b c")
    store = TakeStore(desk.folder)
    Frames(plot("a x b c"), store, Recipe("b", "g")).jobs()
    store.close()
    board = desk.draw("a x b c")
    assert ids(board) == {"a": 1, "x": 4, "b": 2, "c": 3}
    assert desk.made == [("x", 4042)]


def test_a_direction_for_a_shot_that_never_was_changes_nothing(desk):
    Directions(frames={99: Direction(first=3)}).save(desk.folder)
    assert seeds(desk.draw("a b")) == {"a": 42, "b": 2042}


def labels(board):
    return {shot.action: shot.label or str(shot.number) for shot in board.story.shots}


def test_printed_numbers_stay_with_their_shots(desk):
    desk.draw("a b c d")
    board = desk.draw("x a b y z c d")
    assert labels(board) == {
        "x": "A1", "a": "1", "b": "2", "y": "2A", "z": "2B", "c": "3", "d": "4"
    }  # fmt: skip
    moved = desk.draw("d x a y z c")
    assert labels(moved) == {"d": "4", "x": "A1", "a": "1", "y": "2A", "z": "2B", "c": "3"}
    back = desk.draw("d x a y z c new")
    assert labels(back)["new"] == "5"


def test_another_scheme_numbers_all_shots_anew(desk):
    desk.draw("a b c")
    desk.draw("a x b c")
    board = desk.draw(plot("a x b c").model_copy(update={"numbering": Numbering.TENS}))
    assert list(labels(board).values()) == ["010", "020", "030", "040"]
    assert labels(desk.draw("a x b c"))["x"] == "2"


def test_a_shot_put_between_others_redraws_no_panel(desk):
    def panels(board):
        return {shot.action: stage(board.story, shot).key for shot in board.story.shots}

    before = panels(desk.draw("a b c d"))
    after = panels(desk.draw("a x b d c"))
    assert {action: after[action] for action in before} == before
