"""The identity test: five shots, and an answer that never takes not knowing for success."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aldar_storyboard.storyboard import heroes
from aldar_storyboard.storyboard.board import Board, Frame
from aldar_storyboard.storyboard.errors import InputError
from aldar_storyboard.storyboard.evaluate.quick_test import Answer, IdentityTest, judge_identity
from aldar_storyboard.storyboard.exports.quick_test import identity_markdown, write_identity_test
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.gate.sight import Visibility, sight
from aldar_storyboard.storyboard.planning.matrix.quick_test import plan_identity_test
from aldar_storyboard.storyboard.prompts.compose import compose
from aldar_storyboard.storyboard.story import BoardFormat, Shot, Story

SHEET = heroes.lead().dressed
NO_FACES = "package dlib-bin is not installed (pip install dlib-bin)"
NO_CLIP = "no CLIP vision model is connected to the gate"
NO_REFERENCE = "there is no reference of Aldar Köse yet"


def plan(name="Aldar Köse", description=SHEET, trigger="aldar_kose_man", **given) -> Story:
    return plan_identity_test(name, description, trigger, **given)


# --- the plan ------------------------------------------------------------------------------


@pytest.mark.parametrize("format", BoardFormat)
def test_five_shots_show_the_face_and_differ_in_what_breaks_it(format):
    story = plan(format=format)
    assert len(story.shots) == 5
    for shot in story.shots:
        (person,) = sight(story, shot, format.pixels).people
        assert person.face is Visibility.SHOWN, f"{format.value} {shot.number}"
        assert "pointed felt hat" in compose(story, shot).positive
        assert compose(story, shot).positive.startswith("aldar_kose_man")
    members = [shot.cast[0] for shot in story.shots]
    assert len({shot.size for shot in story.shots}) == 4
    assert len({member.facing for member in members}) == 3
    assert len({member.emotion for member in members}) == 4
    assert len({shot.time for shot in story.shots}) == 3
    assert len({shot.setting for shot in story.shots}) == 4


@pytest.mark.parametrize(
    ("name", "language", "title"),
    [
        ("Aldar Köse", "en", "Aldar Köse: identity test"),
        ("Алдар Косе", "ru", "Алдар Косе: проверка облика"),
        ("Алдар Көсе", "kk", "Алдар Көсе: бейнені тексеру"),
    ],
)
def test_titles_and_captions_are_in_the_language_of_the_name(name, language, title):
    story = plan(name)
    assert (story.language, story.title) == (language, title)
    assert len({shot.caption for shot in story.shots}) == 5
    assert story.characters[0].id == "aldar"


def test_anybody_is_drawn_by_the_description():
    story = plan("Мария", "old woman, headscarf, red dress", "-")
    (hero,) = story.characters
    assert (hero.id, hero.trigger) == ("mariya", "")
    assert (hero.look.hat.value, hero.look.colour) == ("scarf", "#a8362f")
    empty = plan("Aldar Kose", "", "")
    assert empty.characters[0].description.startswith("lean young kazakh man, pointed felt hat")
    assert empty.characters[0].look.hat.value == "pointed"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "The character has no name"),
        ({"trigger": "<lora:x>"}, "does not fit the story schema"),
        ({"description": "a" * 401}, "description"),
        ({"style": "baroque"}, "no style called"),
    ],
)
def test_what_cannot_be_used_is_named(changes, words):
    with pytest.raises(InputError) as caught:
        plan(**changes)
    assert words in str(caught.value)


# --- the answer ----------------------------------------------------------------------------


def score(name, value, threshold=0.5, method="clip", reason="", calibrated=False) -> Score:
    outcome = Outcome.PASS if value is not None and value >= threshold else Outcome.FAIL
    if value is None:
        outcome = Outcome.UNMEASURABLE
    return Score(
        name=name,
        outcome=outcome,
        value=value,
        threshold=threshold,
        method=method,
        reason=reason,
        calibrated=calibrated,
    )


def face(value, reason=""):
    return score("face", value, 0.4, "dlib", reason)


def identity(value, reason="", calibrated=False):
    return score("identity", value, 0.7, "clip", reason, calibrated)


FIRST = (identity(None, NO_REFERENCE), face(None, NO_REFERENCE))


def board(scores, *, latches=True, story=None, complete=True, count=5, attempts=1) -> Board:
    """A board of the five shots.

    :param scores: frame number -> its scores; the first frame is the reference.
    """
    story = story or plan()
    made = Board(story=story, base_seed=42, retries=2, complete=complete)
    for number in range(1, count + 1):
        verdict = Verdict(scores=tuple(scores(number)), policy="standard, uncalibrated")
        made.frames.append(
            Frame(
                number=number,
                take=f"{number:032d}",
                seed=42,
                attempt=attempts - 1,
                attempts=attempts,
                flagged=not verdict.accepted,
                latches=["aldar"] if latches and number == 1 else [],
                prompt=compose(story, story.shots[number - 1]),
                verdict=verdict,
            )
        )
    return made


def told(test: IdentityTest) -> str:
    return " ".join([*test.reasons, *test.advice])


def test_faces_that_all_match_hold():
    def scores(number):
        return FIRST if number == 1 else (identity(0.8), face(0.9 - number / 10))

    test = judge_identity(board(scores))
    assert test.answer is Answer.HOLDS and test.holds
    assert "frames 2, 3, 4, 5" in told(test)
    assert "frame 5 (Further away and in action): face 0.40, 0.40 needed" in told(test)
    assert test.advice == []
    assert test.consistency["face"].average == pytest.approx(0.55)
    assert test.consistency["face"].minimum == 0.4


def test_with_a_picture_of_the_users_own_every_frame_is_compared():
    test = judge_identity(board(lambda number: (face(0.8),), latches=False))
    assert test.holds
    assert "frames 1, 2, 3, 4, 5" in told(test)


def test_one_wrong_face_breaks_it_and_is_named():
    def scores(number):
        words = "the face taken for Aldar Köse is not the reference's"
        return FIRST if number == 1 else (face(0.2, words) if number == 4 else face(0.8),)

    test = judge_identity(board(scores))
    assert test.answer is Answer.BREAKS and not test.holds
    assert test.reasons == [
        "frame 4 (Another light and place): face 0.20, below 0.40: "
        "the face taken for Aldar Köse is not the reference's"
    ]
    assert "raise the weight" in told(test)


def test_other_clothes_break_it_as_well():
    def scores(number):
        worn = score("costume", 0.4, 0.8, reason="the clothes are not those of the reference")
        return FIRST if number == 1 else (face(0.8), worn)

    test = judge_identity(board(scores))
    assert test.answer is Answer.BREAKS
    assert "costume 0.40, below 0.80" in told(test)


def test_nobody_alike_asks_to_check_the_set_up():
    test = judge_identity(
        board(lambda number: FIRST if number == 1 else (identity(0.5), face(0.1)))
    )
    assert test.answer is Answer.BREAKS
    assert "check that the LoRA and its trigger word belong together" in told(test)


def test_a_wrong_face_is_told_even_on_a_board_that_is_not_complete():
    test = judge_identity(
        board(lambda n: FIRST if n == 1 else (face(0.1),), complete=False, count=2)
    )
    assert test.answer is Answer.BREAKS


def drawn_face(number):
    return FIRST if number == 1 else (identity(0.8), score("drawn face", 0.9, 0.7))


UNKNOWN = {
    "no gate": (lambda n: (), "the loop has no gate", "Put a Gate into the loop"),
    "no model at all": (
        lambda n: FIRST if n == 1 else (identity(None, NO_CLIP), face(None, NO_FACES)),
        NO_FACES,
        "Give the gate a face model",
    ),
    "clip alone": (
        lambda n: FIRST if n == 1 else (identity(0.8), face(None, NO_FACES)),
        "passed only by CLIP",
        "aldar calibrate",
    ),
    "clip on heads": (drawn_face, "passed only by CLIP", "aldar calibrate"),
    "clip instead of a face model": (
        lambda n: FIRST if n == 1 else (identity(0.8), score("face", 0.9, 0.7)),
        "passed only by CLIP",
        "aldar calibrate",
    ),
    "a face that is not found": (
        lambda n: FIRST if n == 1 else (face(None, "no face was found") if n == 3 else face(0.8),),
        "not measured in frame 3: no face was found",
        "Open frame 3",
    ),
    "a copy of the reference": (
        lambda n: FIRST if n == 1 else (face(0.99), score("copy", 0.1, reason="it is a paste")),
        "frame 2 was rejected for another reason: copy: it is a paste",
        "a bad picture proves nothing",
    ),
    "only anomalies": (
        lambda n: (score("anomaly", 1.0),),
        "no frame was compared with another",
        "Plan the test anew",
    ),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_is_not_measured_is_never_success(case):
    scores, reason, advice = UNKNOWN[case]
    test = judge_identity(board(scores))
    assert test.answer is Answer.UNKNOWN and not test.holds
    assert reason in " ".join(test.reasons)
    assert advice in " ".join(test.advice)


def test_a_rejected_first_frame_leaves_nothing_to_compare_with():
    def scores(number):
        heads = score("heads", 0.3, 1.0, reason="a person too many: 2 instead of 1")
        return (*FIRST, heads) if number == 1 else FIRST

    test = judge_identity(board(scores, latches=False))
    assert test.answer is Answer.UNKNOWN
    assert "No frame became the reference" in told(test)
    assert "frame 1 was rejected for another reason: heads: a person too many" in told(test)


def test_calibrated_clip_is_proof():
    def scores(number):
        measured = identity(0.8, calibrated=True), face(None, NO_FACES)
        return FIRST if number == 1 else measured

    assert judge_identity(board(scores)).holds


def test_a_board_that_is_not_complete_cannot_be_told():
    test = judge_identity(
        board(lambda n: FIRST if n == 1 else (face(0.8),), complete=False, count=3)
    )
    assert test.answer is Answer.UNKNOWN
    assert "only 3 of 5 frames are there" in told(test)


def test_a_story_without_anybody_cannot_be_told():
    story = Story(
        title="t", logline="l", characters=[], shots=[Shot(number=1, place="p", action="a")]
    )
    test = judge_identity(board(lambda n: (), story=story, latches=False, count=1))
    assert test.answer is Answer.UNKNOWN
    assert identity_markdown(board(lambda n: (), story=story, latches=False, count=1), test)


def test_frames_that_took_long_are_mentioned_and_still_hold():
    test = judge_identity(board(lambda n: FIRST if n == 1 else (face(0.8),), attempts=3))
    assert test.holds
    assert "accepted only after more than one try: frames 1, 2, 3, 4, 5" in told(test)


# --- the files -----------------------------------------------------------------------------


@pytest.mark.parametrize("case", [*UNKNOWN, "holds"])
def test_the_files_say_the_same(tmp_path: Path, case: str):
    scores = UNKNOWN[case][0] if case in UNKNOWN else lambda n: FIRST if n == 1 else (face(0.8),)
    made = board(scores)
    test = judge_identity(made)
    assert write_identity_test(made, test, tmp_path) == ["identity_test.json", "identity_test.md"]
    data = json.loads((tmp_path / "identity_test.json").read_text("utf-8"))
    assert data["answer"] == test.answer.value
    assert data["holds"] is (case == "holds")
    assert (data["reasons"], data["advice"]) == (test.reasons, test.advice)
    assert [frame["frame"] for frame in data["frames"]] == [1, 2, 3, 4, 5]
    text = (tmp_path / "identity_test.md").read_text("utf-8")
    headline = "holds." if case == "holds" else "cannot tell whether the identity holds."
    assert text.splitlines()[0].endswith(headline)
    tables = [line for line in text.splitlines() if line.startswith("|")]
    frames = tables[next(i for i, line in enumerate(tables) if "| shows |" in line) :]
    assert len({line.count("|") for line in frames}) == 1, "a table of one width"
    assert len(frames) == 7


def test_the_answer_is_also_in_the_language_of_the_story():
    made = board(lambda n: FIRST if n == 1 else (face(0.1),), story=plan("Алдар Көсе"))
    text = identity_markdown(made, judge_identity(made))
    assert text.startswith("# Алдар Көсе: the identity does not hold.\n\n**Алдар Көсе: бейнесі")


def test_names_do_not_break_the_markdown():
    made = board(lambda n: (), story=plan("Aldar *<b>* | Köse"))
    text = identity_markdown(made, judge_identity(made))
    assert "<b>" not in text and "| Köse" not in text.splitlines()[0].replace("\\|", "")
