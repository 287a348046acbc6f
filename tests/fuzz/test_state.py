"""What a board keeps, whatever is written into it, and whatever graph it was made by."""

from __future__ import annotations

import json
import string
import tempfile
from contextlib import suppress
from pathlib import Path

from aldar_storyboard.nodes.loop import ids
from aldar_storyboard.nodes.loop.template import Template
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.frames.directions import Directions
from aldar_storyboard.storyboard.frames.shots import resume
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.json_text import NotJson, read_json
from aldar_storyboard.storyboard.planning import load_shipped
from aldar_storyboard.storyboard.prompts.clip_tokens import count_tokens
from aldar_storyboard.storyboard.prompts.compose import TOKEN_LIMIT, compose
from aldar_storyboard.storyboard.story import Shot, Story
from aldar_storyboard.storyboard.takes import take_seed
from hypothesis import given
from hypothesis import strategies as st

OWN_WORDS = [
    "take",
    "stored",
    "taken",
    "outer",
    "all",
    "frames",
    "finish",
    "copy",
    "for",
    "0",
    "end0",
]
NAMES = st.sampled_from(OWN_WORDS) | st.text(min_size=1, max_size=3)
NODE_IDS = st.lists(NAMES, min_size=1, max_size=4).map(".".join)
WRITABLE = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(NODE_IDS, min_size=7, max_size=7, unique=True), st.booleans())
def test_a_graph_may_use_any_ids(names, nested):
    if nested:  # ids that lie where the loop puts its own
        names = [names[0], *(f"{names[0]}.frames.{name}" for name in names[1:])]
    close, story, opened, loader, sampler, gate, save = names
    prompt = {
        story: {"class_type": "Story", "inputs": {}},
        opened: {"class_type": "AldarFramesOpen", "inputs": {"story": [story, 0]}},
        loader: {"class_type": "Loader", "inputs": {}},
        sampler: {"class_type": "Sampler", "inputs": {"m": [loader, 0], "t": [opened, 1]}},
        gate: {"class_type": "Gate", "inputs": {"image": [sampler, 0], "t": [opened, 1]}},
        save: {"class_type": "Save", "inputs": {"images": [sampler, 0]}},
        close: {
            "class_type": "AldarFramesClose",
            "inputs": {"flow": [opened, 0], "image": [sampler, 0], "verdict": [gate, 0]},
        },
    }
    template = Template.of(prompt, close, lambda kind: kind == "Save")
    assert (template.tail, set(template.nodes)) == ((save,), {sampler, gate, save})

    root = ids.free(f"{close}.frames", prompt)
    finish = ids.free(f"{close}.finish", prompt)
    made = [root, finish]
    for step in (ids.inside(ids.inside(root, 0), 1), ids.inside(ids.inside(root, 0), 2)):
        taken = ids.inside(step, "taken")
        made += [step, taken, ids.inside(taken, "end0")]
        for at in (step, ids.inside(taken, 1), ids.inside(taken, 12)):
            stands = {
                (loader, 0): ids.stand_in(at, "outer", loader),
                (loader, 1): ids.stand_in(at, "outer", loader, 1),
                (opened, 1): ids.stand_in(at, "take"),
                ("", 0): ids.stand_in(at, "stored"),
            }
            wanted = [(sampler, 0), (gate, 0), (save, 0)]
            elsewhere = {link: [node, 0] for link, node in stands.items()}.get
            copy = template.copy(wanted, ids.copies(at), elsewhere)
            made += [*stands.values(), *copy]
            for node in copy.values():
                for source, _ in node["inputs"].values():
                    assert source in copy or source in stands.values()
    assert len(set(made)) == len(made)
    assert not set(made) & set(prompt)


@given(WRITABLE, WRITABLE, WRITABLE)
def test_any_text_survives_the_journal(key, gate, reason):
    verdict = Verdict(scores=(Score(name="x", outcome=Outcome.FAIL, value=0.5, reason=reason),))
    with tempfile.TemporaryDirectory() as name:
        for _ in range(2):
            store = TakeStore(Path(name))
            try:
                assert store.verdict(key, gate) in (None, verdict)
                store.put_verdict(key, gate, verdict)
                store.put_winner(1, key, True)
            finally:
                store.close()
        store = TakeStore(Path(name))
        store.close()
        assert store.verdict(key, gate) == verdict
        assert store.winner(1) == key


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
BYTES = st.binary(max_size=60) | JSON.map(lambda data: json.dumps(data).encode())


@given(BYTES, st.integers(0, 2000))
def test_any_bytes_are_json_or_refused(data, depth):
    data = b"[" * depth + data + b"]" * depth
    with suppress(NotJson):
        read = read_json(data)
        assert json.loads(json.dumps(read, ensure_ascii=False).encode()) == read


EVENTS = st.lists(
    st.dictionaries(
        st.sampled_from(
            ["event", "key", "shot", "frame", "verdict", "gate", "shots", "fit", "title"]
        ),
        st.sampled_from(["take", "verdict", "winner", "fit", "plot"]) | JSON,
    )
)


@given(EVENTS, BYTES, BYTES)
def test_a_board_folder_with_anything_in_it_is_opened_or_refused(events, board, directions):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "journal.jsonl").write_text("\n".join(map(json.dumps, events)), "utf-8")
        (folder / "board.json").write_bytes(board)
        (folder / "directions.json").write_bytes(directions)
        with suppress(AldarError):
            Board.load(folder)
        with suppress(AldarError):
            Directions.load(folder)
        store = TakeStore(folder)
        try:
            with suppress(AldarError):
                resume(plot("ab"), store)
        finally:
            store.close()
        assert {p.name for p in folder.iterdir()} <= {
            *("journal.jsonl", "board.json", "directions.json", "takes", ".lock")
        }


def plot(actions, logline="l"):
    shots = [
        Shot(number=n, place="steppe", action=action, caption=action)
        for n, action in enumerate(actions, 1)
    ]
    return Story(title="t", logline=logline, characters=[], shots=shots)


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(string.ascii_lowercase[:8]), min_size=1, max_size=9),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_however_a_story_is_edited_ids_are_unique_and_stay_with_what_is_shown(edits):
    """One story after the other on one board, some with their ids written out."""
    with tempfile.TemporaryDirectory() as name:
        store = TakeStore(Path(name))
        try:
            shown: dict[int, str] = {}
            for actions, written in edits:
                resumed = resume(plot(actions), store)
                story, before = resumed.story, dict(shown)
                numbers = [shot.id for shot in story.shots]
                assert len(set(numbers)) == len(numbers)
                assert len({take_seed(42, number, 0) for number in numbers if number}) == len(
                    numbers
                )
                if written:
                    story = Story.from_json(story.to_json())
                again = resume(story, store)
                assert [shot.id for shot in again.story.shots] == numbers
                assert not again.replaced
                if not resumed.replaced:
                    for shot in story.identified().shots:
                        was = [number for number, action in before.items() if action == shot.action]
                        now = [s for s in story.shots if s.action == shot.action]
                        if len(was) == len(now) == 1:
                            assert again.story.shots[shot.number - 1].id == was[0]
                shown = {shot.id: shot.action for shot in again.story.shots if shot.id}
        finally:
            store.close()


@given(WRITABLE.map(lambda text: text[:300]))
def test_no_note_breaks_the_token_limit(note):
    story = load_shipped("simple")
    told = compose(story, story.shots[0], note=note)
    assert count_tokens(told.positive) <= TOKEN_LIMIT
