"""The matrix of variations: how it is planned, prompted, drawn, resumed and laid out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from aldar_storyboard.storyboard import heroes
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.errors import InputError
from aldar_storyboard.storyboard.evaluate.by_axis import by_axis
from aldar_storyboard.storyboard.exports import export_board
from aldar_storyboard.storyboard.exports.shotlist import shotlist_csv, shotlist_markdown
from aldar_storyboard.storyboard.frames.engine import Frames, Recipe, Staged
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.gate.sight import Visibility, sight
from aldar_storyboard.storyboard.planning.matrix import variations
from aldar_storyboard.storyboard.prompts.clip_tokens import count_tokens
from aldar_storyboard.storyboard.prompts.compose import TOKEN_LIMIT, compose
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.story import (
    Axis,
    Emotion,
    Facing,
    Hat,
    Pose,
    Size,
    Story,
    Time,
)
from PIL import Image

HERO = heroes.lead()
ALDAR, FACE, SHEET = HERO.title, HERO.face, HERO.dressed
OUTFITS = "blue chapan, pointed felt hat\nred robe, fur hat"
PLACES = "the open steppe\na bazaar at night"
POSES = "standing\npointing"


def plan(outfits=OUTFITS, places=PLACES, poses=POSES, **given) -> Story:
    options = {"name": ALDAR, "description": FACE, "trigger": "aldar_kose_man", **given}
    return variations.plan_variations(outfits=outfits, places=places, poses=poses, **options)


def default() -> Story:
    lists = (HERO.outfits, HERO.places, HERO.poses)
    return plan(*("\n".join(entries) for entries in lists))


# --- the plan ------------------------------------------------------------------------------


def test_the_default_is_five_outfits_in_five_places_in_five_poses():
    story = default()
    assert len(story.shots) == 125
    assert [(axis.name, len(axis.labels)) for axis in story.axes] == [
        ("outfit", 5),
        ("place", 5),
        ("pose", 5),
    ]
    seen = {(s.cast[0].outfit.words, s.place, s.cast[0].pose) for s in story.shots}
    assert len(seen) == 125
    assert {s.setting for s in story.shots} == {
        "steppe",
        "bazaar",
        "yurt_inside",
        "river",
        "palace",
    }
    assert {s.time for s in story.shots} == {Time.DAY, Time.NIGHT, Time.SUNSET}
    assert len({s.cast[0].outfit.hat for s in story.shots}) == 5
    assert len({s.cast[0].outfit.colour for s in story.shots}) == 5


def test_the_outfit_changes_slowest_and_the_pose_fastest():
    story = plan()
    cells = [(s.cast[0].outfit.words[:3], s.place[:4], s.cast[0].pose.value) for s in story.shots]
    assert cells == [
        (outfit, place, pose)
        for outfit in ("blu", "red")
        for place in ("the ", "a ba")
        for pose in ("standing", "pointing")
    ]
    assert [story.cell(n) for n in (1, 2, 3, 5, 8)] == [
        (0, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
        (1, 0, 0),
        (1, 1, 1),
    ]


def test_an_outfit_added_at_the_end_leaves_the_earlier_shots_as_they_are():
    before, after = plan(), plan(outfits=f"{OUTFITS}\ngreen silk chapan, skullcap")
    assert len(after.shots) == 12
    assert after.shots[:8] == before.shots
    assert [compose(after, s) for s in after.shots[:8]] == [
        compose(before, s) for s in before.shots
    ]


def test_the_same_words_give_the_same_story():
    assert default().to_json() == default().to_json()
    assert Story.from_json(default().to_json()) == default()


@pytest.mark.parametrize("pose", ["standing", "walking", "riding", "playing_dombra", "running"])
def test_the_first_frame_shows_the_face_from_the_front(pose):
    story = plan(poses=f"{pose}\nsleeping")
    (person,) = sight(story, story.shots[0], (1024, 1024)).people
    assert person.face is Visibility.SHOWN
    assert story.shots[0].cast[0].facing is Facing.FRONT
    assert story.shots[0].face_visible and not story.shots[1].face_visible
    assert story.shots[0].size is Size.MEDIUM


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"outfits": " \n "}, "There is no outfit."),
        ({"places": ""}, "There is no place."),
        ({"poses": "\n".join(f"standing {'x' * n}" for n in range(11))}, "There are 11 poses"),
        ({"places": "the steppe\nThe  STEPPE"}, "'The STEPPE' is there twice"),
        ({"outfits": "a robe\n123"}, "'123' has no words"),
        ({"poses": "standing\n" + "a" * 121}, "121 letters of 120"),
        ({"poses": "sleeping\nstanding"}, "hides the face"),
        ({"name": " ?! "}, "The character has no name"),
        ({"style": "baroque"}, "no style called 'baroque'"),
        ({"trigger": "<lora:x:1>"}, "trigger"),
        ({"name": "A" * 61}, "name"),
        ({"outfits": "нечто невообразимое"}, "is not in English"),
        ({"poses": "standing\nнечто невообразимое"}, "is not in English"),
    ],
)
def test_what_cannot_be_used_is_named(changes, words):
    with pytest.raises(InputError) as caught:
        plan(**changes)
    assert words in str(caught.value)
    assert caught.value.hint


def test_ten_entries_an_axis_are_possible_and_lists_may_be_marked():
    story = plan(outfits="\n".join(f"- robe {chr(97 + n) * 3}" for n in range(10)))
    assert len(story.shots) == 40
    assert story.axes[0].labels[0] == "robe aaa"
    robes = {shot.cast[0].outfit.colour for shot in story.shots}
    assert len(robes) == 10, "outfits without a colour are told apart"


# --- words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "pose", "emotion"),
    [
        ("arms_crossed", Pose.ARMS_CROSSED, Emotion.NEUTRAL),
        ("Sitting cross-legged", Pose.SITTING_CROSS_LEGGED, Emotion.NEUTRAL),
        ("laughing, playing the dombra", Pose.PLAYING_DOMBRA, Emotion.LAUGHING),
        ("leans on a stick, sad", Pose.STANDING, Emotion.SAD),
        ("strides over the hill", Pose.WALKING, Emotion.NEUTRAL),
        ("in the saddle", Pose.RIDING, Emotion.NEUTRAL),
        ("standing with his arms crossed", Pose.ARMS_CROSSED, Emotion.NEUTRAL),
        ("with folded arms", Pose.ARMS_CROSSED, Emotion.NEUTRAL),
        ("бежит испуганно", Pose.RUNNING, Emotion.AFRAID),
        ("отырып күліп", Pose.LAUGHING, Emotion.LAUGHING),
    ],
)
def test_a_pose_is_read_from_its_name_or_from_free_words(words, pose, emotion):
    member = plan(poses=f"standing\n{words}").shots[1].cast[0]
    assert (member.pose, member.emotion) == (pose, emotion)


def test_every_pose_may_be_named():
    names = [pose.value for pose in Pose if pose is not Pose.STANDING]
    for start in range(0, len(names), 9):
        story = plan(poses="\n".join(["standing", *names[start : start + 9]]))
        drawn = [
            shot.cast[0].pose.value for shot in story.shots[: len(names[start : start + 9]) + 1]
        ]
        assert drawn == ["standing", *names[start : start + 9]]


@pytest.mark.parametrize(
    ("words", "setting", "time", "english"),
    [
        ("a steppe river at dawn", "river", Time.DAWN, "a steppe river at dawn"),
        ("a yurt in the mountains", "yurt_inside", Time.DAY, "a yurt in the mountains"),
        ("near a white yurt", "yurt_outside", Time.DAY, "near a white yurt"),
        ("the Moon, at night", "planet", Time.NIGHT, "the Moon, at night"),
        ("ночной базар", "bazaar", Time.NIGHT, "the crowded bazaar"),
        ("дворец хана на закате", "palace", Time.SUNSET, "the palace hall"),
        ("таңғы тау", "mountains", Time.DAWN, "the mountains"),
        ("у юрты", "yurt_outside", Time.DAY, "outside a felt yurt"),
    ],
)
def test_a_place_is_read_in_three_languages(words, setting, time, english):
    story = plan(places=f"the open steppe\n{words}")
    shot = story.shots[2]
    assert (shot.setting, shot.time, shot.place) == (setting, time, english)
    assert story.axes[1].labels[1] == words, "readers keep their own words"
    assert ("the Moon" in story.planner.note) is (setting == "neutral")


def test_a_kazakh_matrix_is_titled_in_kazakh_and_prompted_in_english():
    story = plan(
        outfits="көк шапан, қалпақ\nқызыл шапан, тымақ",
        places="дала\nбазар",
        poses="тұр\nкүліп тұр",
        name="Алдар Көсе",
    )
    assert story.language == "kk"
    assert story.title == "Алдар Көсе: нұсқалар"
    assert story.hero and story.hero.id == "aldar"
    prompts = [compose(story, shot).positive for shot in story.shots]
    assert all(prompt.isascii() for prompt in prompts)
    assert "blue chapan, pointed hat" in prompts[0] and "red chapan, fur hat" in prompts[7]


# --- the prompt ----------------------------------------------------------------------------


def test_every_prompt_of_the_default_says_who_in_what_where_and_how():
    story = default()
    dropped = Counter()
    for shot in story.shots:
        prompt = compose(story, shot)
        member = shot.cast[0]
        assert member.outfit
        assert count_tokens(prompt.positive) <= TOKEN_LIMIT
        for words in ("aldar_kose_man", FACE, member.outfit.words, shot.place, shot.action):
            assert words in prompt.positive
        dropped.update(prompt.dropped)
    assert set(dropped) <= {
        "soft paper grain", "clean shapes", "blue sky", "knees up", "dark interior",
        "long shadows", "dim interior", "inside a felt yurt",
    }  # fmt: skip


def test_clothes_of_the_sheet_make_way_for_the_outfit():
    story = plan(description=SHEET)
    assert story.hero and story.hero.description == FACE
    other = plan(description="old man in a white shirt, bald, straw hat", name="Omar")
    assert other.hero and other.hero.description == "old man, bald"
    assert other.hero.look.hat is Hat.NONE
    assert "straw" not in compose(other, other.shots[0]).positive


def test_a_disguise_in_an_ordinary_story_replaces_the_clothes_of_that_shot_only():
    data = json.loads(plan(outfits="red robe, fur hat", places="a town", poses=POSES).to_json())
    del data["axes"]
    data["characters"][0]["description"] = SHEET
    del data["shots"][0]["cast"][0]["outfit"]
    story = Story.parse(data)
    own, disguised = (compose(story, shot).positive for shot in story.shots)
    assert "patched blue chapan robe" in own and "red robe" not in own
    assert "patched blue chapan robe" not in disguised and "pointed felt hat" not in disguised
    assert "red robe, fur hat" in disguised and FACE in disguised


# --- the drawing ---------------------------------------------------------------------------


def test_panels_differ_by_outfit_and_not_by_its_wording():
    story = plan()
    first, other = stage(story, story.shots[0]), stage(story, story.shots[4])
    assert story.look(story.shots[4].cast[0]).hat is Hat.FUR
    assert first.key != other.key
    small = (192, 192)
    panels = [stage(story, story.shots[n], small).panel.tobytes() for n in (0, 4)]
    assert panels[0] != panels[1]


def test_an_ordinary_story_is_staged_and_written_as_before():
    text = plan().to_json()
    assert '"outfit"' in text and '"axes"' in text
    data = json.loads(text)
    del data["axes"]
    for shot in data["shots"]:
        del shot["cast"][0]["outfit"]
    plain = Story.parse(data)
    assert '"outfit"' not in plain.to_json() and '"axes"' not in plain.to_json()
    assert plain.look(plain.shots[0].cast[0]) == plain.characters[0].look


# --- the story schema ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["axes"].pop(), "the axes make 4 shots, but there are 8"),
        (lambda d: d["axes"][0].update(name="pose"), "two axes share one name"),
        (lambda d: d["axes"][0].update(labels=[]), "labels"),
        (lambda d: d["axes"].append({"name": "a", "labels": ["b"]}), "axes"),
        (lambda d: d["shots"][0]["cast"][0]["outfit"].update(colour="red"), "colour"),
        (lambda d: d["shots"][0]["cast"][0]["outfit"].update(words=""), "words"),
    ],
)
def test_a_matrix_that_does_not_add_up_is_refused(change, words):
    data = json.loads(plan().to_json())
    change(data)
    with pytest.raises(InputError) as caught:
        Story.parse(data)
    assert words in str(caught.value)


# --- board and exports ---------------------------------------------------------------------


def make(folder: Path, story: Story, scores=None) -> tuple[Board, list[int]]:
    """Run the loop with plain pictures; returns the board and the frames that were made.

    :param scores: frame number -> (identity, face); a frame without one is not measured.
    """
    store = TakeStore(folder)
    recipe = Recipe("image", "gate" if scores else "", Staged.PANEL, judges_by_references=True)
    frames = Frames(story, store, recipe, retries=0)
    made = []
    while jobs := frames.jobs():
        for job in jobs:
            number = job.take.frame
            image = None if job.stored else Image.new("RGB", (64, 64), (number, 80, 120))
            made += [] if job.stored else [number]
            verdict = None
            if scores:
                identity, face = scores.get(number, (None, None))
                pairs = (("identity", identity, 0.7), ("face", face, 0.5))
                verdict = Verdict(scores=tuple(score(*pair) for pair in pairs))
            frames.record(job, image, verdict)
    store.close()
    frames.board.save(folder)
    return frames.board, made


def score(name, value, threshold):
    outcome = Outcome.PASS if value is not None and value >= threshold else Outcome.FAIL
    if value is None:
        outcome = Outcome.UNMEASURABLE
    return Score(name=name, outcome=outcome, value=value, threshold=threshold, reason="why")


def test_what_is_there_is_not_made_again(tmp_path: Path):
    _, first = make(tmp_path, plan())
    assert first == list(range(1, 9))
    board, _ = make(tmp_path, plan())
    for number in (3, 6):
        (tmp_path / "takes" / f"{board.frames[number - 1].take}.png").unlink()
    again, made = make(tmp_path, plan())
    assert made == [3, 6]
    assert again == board
    _, more = make(tmp_path, plan(outfits=f"{OUTFITS}\ngreen chapan"))
    assert more == [9, 10, 11, 12]


SCORES = {
    2: (0.9, 0.8), 3: (0.9, 0.8), 4: (0.8, 0.7),
    5: (0.6, 0.4), 6: (0.7, 0.6), 7: (0.5, 0.3), 8: (0.7, 0.5),
}  # fmt: skip


def test_the_report_says_which_entry_breaks_the_identity(tmp_path: Path):
    board, _ = make(tmp_path, plan(), SCORES)
    export_board(board, tmp_path, "simple")
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    outfit, place, pose = report["axes"]
    assert [entry["frames"] for entry in outfit["entries"]] == [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert [entry["frames"] for entry in pose["entries"]] == [[1, 3, 5, 7], [2, 4, 6, 8]]
    blue, red = outfit["entries"]
    assert (blue["average_consistency"], blue["measured"]) == (pytest.approx(0.8667, abs=1e-4), 3)
    assert (red["average_face_consistency"], red["min_face_consistency"]) == (0.45, 0.3)
    assert red["flagged_frames"] == [5, 7]
    assert outfit["weakest"] == {"label": "red robe, fur hat", "score": "face"}
    assert place["weakest"]["label"] == "a bazaar at night"
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "## By outfit" in text and "## By place" in text and "## By pose" in text
    assert "The identity holds least with 'red robe, fur hat': face 0.45, 0.77 with the others" in (
        text
    )
    assert "Whole pictures" not in text


def test_without_faces_the_report_says_what_was_compared(tmp_path: Path):
    whole = {number: (identity, None) for number, (identity, _) in SCORES.items()}
    board, _ = make(tmp_path, plan(), whole)
    assert [axis.weakest and axis.weakest[1] for axis in by_axis(board)] == ["identity"] * 3
    export_board(board, tmp_path, "simple")
    assert "Whole pictures were compared" in (tmp_path / "report.md").read_text("utf-8")


def test_without_a_gate_nothing_is_said_to_be_weak(tmp_path: Path):
    board, _ = make(tmp_path, plan())
    assert [axis.weakest for axis in by_axis(board)] == [None, None, None]
    export_board(board, tmp_path, "draft")
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["axes"][0]["weakest"] is None
    assert "holds least" not in (tmp_path / "report.md").read_text("utf-8")


def test_there_is_a_sheet_for_every_outfit_and_old_ones_go(tmp_path: Path):
    board, _ = make(tmp_path, plan(), SCORES)
    steps = []
    progress = lambda done, total: steps.append((done, total))  # noqa: E731
    files = export_board(board, tmp_path, "simple", {"workflow": "{}"}, progress)
    sheets = [file for file in files if file.startswith("variations_")]
    assert sheets == [
        "variations_1_blue-chapan-pointed-felt-hat.png",
        "variations_2_red-robe-fur-hat.png",
    ]
    assert steps[-1] == (15, 15), "8 frames, 2 sheets and the rest"
    first = {name: (tmp_path / name).read_bytes() for name in sheets}
    export_board(board, tmp_path, "simple", {"workflow": "{}"})
    assert first == {name: (tmp_path / name).read_bytes() for name in sheets}
    with Image.open(tmp_path / sheets[0]) as sheet:
        assert sheet.text["workflow"] == "{}"

    board, _ = make(tmp_path, plan(outfits="green chapan"))
    files = export_board(board, tmp_path, "draft")
    assert [path.name for path in tmp_path.glob("variations_*")] == [
        "variations_1_green-chapan.png"
    ]
    data = json.loads(plan(outfits="green chapan").to_json())
    del data["axes"]
    board, _ = make(tmp_path, Story.parse(data))
    assert not any("variations" in file for file in export_board(board, tmp_path, "draft"))
    assert list(tmp_path.glob("variations_*")) == []


def test_frames_stand_on_the_sheet_in_rows_of_places_and_columns_of_poses(tmp_path: Path):
    board, _ = make(tmp_path, plan())
    export_board(board, tmp_path, "draft")
    with Image.open(tmp_path / "variations_2_red-robe-fur-hat.png") as sheet:
        sheet = sheet.convert("RGB")
        places = {}
        for y in range(0, sheet.height, 4):
            for x in range(0, sheet.width, 4):
                red, green, blue = sheet.getpixel((x, y))
                if (green, blue) == (80, 120):
                    places.setdefault(red, (x, y))
    assert sorted(places) == [5, 6, 7, 8]
    assert places[5][0] == places[7][0] < places[6][0] == places[8][0]
    assert places[5][1] == places[6][1] < places[7][1] == places[8][1]


def test_a_flagged_frame_is_framed_in_red(tmp_path: Path):
    board, _ = make(tmp_path, plan(), SCORES)
    export_board(board, tmp_path, "simple")
    red = (179, 54, 31)
    counts = []
    for name in sorted(path.name for path in tmp_path.glob("variations_*")):
        with Image.open(tmp_path / name) as sheet:
            colours = sheet.convert("RGB").getcolors(maxcolors=2**24) or []
            counts.append(sum(count for count, colour in colours if colour == red))
    assert counts[0] == 0 and counts[1] > 2 * 4 * 420 * 5, "frames 5 and 7"


@pytest.mark.parametrize("axes", [1, 2])
def test_a_matrix_of_fewer_axes_is_one_sheet(tmp_path: Path, axes: int):
    story = plan(outfits="green chapan", places="a town" if axes == 1 else PLACES)
    story.axes = story.axes[3 - axes :]
    board, _ = make(tmp_path, story)
    files = export_board(board, tmp_path, "draft")
    assert [file for file in files if "variations" in file] == ["variations_1.png"]


def test_a_board_that_is_not_complete_has_empty_cells(tmp_path: Path):
    board, _ = make(tmp_path, plan())
    board.frames = board.frames[:3]
    files = export_board(board, tmp_path, "draft")
    assert sum(file.startswith("variations_") for file in files) == 2


def test_the_shotlist_says_what_is_worn():
    story = plan()
    assert "Aldar Köse wears: red robe, fur hat" in shotlist_markdown(story)
    assert "(standing, neutral, blue chapan, pointed felt hat)" in shotlist_csv(story)


def test_axes_of_an_ordinary_story_are_empty():
    assert by_axis(Board(story=Story.parse(_ordinary()), base_seed=42, retries=0)) == []
    assert Axis(name="pose", labels=["standing"]).labels == ["standing"]


def _ordinary() -> dict:
    return {
        "title": "t",
        "logline": "l",
        "characters": [],
        "shots": [{"number": 1, "place": "steppe", "action": "wind"}],
    }
