"""The gate on whole takes: what is measured, what is not and why, how often models are asked."""

import hashlib
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from aldar_storyboard.storyboard.errors import FrameError
from aldar_storyboard.storyboard.frames.engine import Frames, Recipe
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome
from aldar_storyboard.storyboard.gate.measure.examine import Tools
from aldar_storyboard.storyboard.gate.measure.faces import Missing
from aldar_storyboard.storyboard.gate.measure.judge import judge
from aldar_storyboard.storyboard.gate.measure.prompt import Unloaded
from aldar_storyboard.storyboard.gate.policy import STANDARD, Policy, Preset
from aldar_storyboard.storyboard.prompts.compose import FramePrompt
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.story import (
    CastMember,
    Character,
    Facing,
    Look,
    Outfit,
    Position,
    Shot,
    Size,
    Story,
)
from aldar_storyboard.storyboard.takes import Reference, Take
from aldar_storyboard.storyboard.tensors.images import to_tensor
from aldar_storyboard.tests.fakes.gate import Faces, Vision, portrait

NO_FACES = Missing("faces are switched off")
PLACES = (Position.LEFT, Position.RIGHT, Position.CENTER)


def story(*cast, size=Size.MEDIUM_CLOSE_UP, **shot):
    """One shot that shows some of Aldar, the bai and the khan from the front."""
    places = PLACES if len(cast) > 1 else (Position.CENTER,)
    members = [
        member if isinstance(member, CastMember) else CastMember(character=member, position=place)
        for member, place in zip(cast, places, strict=False)
    ]
    names = {"aldar": "Aldar", "bai": "Bai", "khan": "Khan", "people": "People"}
    return Story(
        title="t",
        logline="l",
        characters=[
            Character(id=key, name=name, description="a man") for key, name in names.items()
        ],
        shots=[Shot(number=1, place="steppe", action="a", size=size, cast=members, **shot)],
    )


@pytest.fixture
def take(tmp_path):
    """Makes a take; references are pictures by character."""

    def make(story, **references):
        shown = []
        for character, picture in references.items():
            key = hashlib.sha256(picture.tobytes()).hexdigest()[:32]
            picture.save(tmp_path / f"{key}.png")
            shown.append(Reference(character, tmp_path / f"{key}.png", key))
        prompt = FramePrompt(positive="a man", negative="")
        return Take(story, story.shots[0], prompt, 1, 1, 0, 42, tuple(shown))

    return make


def verdict(take, picture, tools, policy=None):
    tensor = picture if isinstance(picture, torch.Tensor) else to_tensor(picture)
    (judged,) = judge([take], [tensor], tools, policy or Policy())
    return judged


def state(verdict, name):
    return verdict.score(name).outcome


ALDAR = portrait("aldar", seed=1)


# --- the right frame and the wrong one -----------------------------------------------------


def test_the_character_before_another_background_is_accepted(take):
    judged = verdict(take(story("aldar"), aldar=ALDAR), portrait("aldar", seed=2), Tools(Faces()))
    assert judged.accepted and judged.proven
    assert judged.score("face").value == 1.0
    assert judged.score("heads").value == 1.0


@pytest.mark.parametrize(
    ("cast", "shown", "rejecting", "words"),
    [
        (["aldar"], ["stranger"], {"face"}, "Aldar"),
        (["aldar"], ["bai"], {"face"}, "Aldar"),
        (["aldar"], [], {"heads"}, "Aldar is missing"),
        (["aldar"], ["aldar", "stranger"], {"heads"}, "too many"),
        (["aldar", "bai"], ["aldar"], {"heads"}, "Bai is missing"),
        (["aldar", "bai"], ["bai"], {"heads"}, "Aldar is missing"),
        (["aldar", "bai"], ["aldar", "stranger"], {"face"}, "Bai"),
        (["aldar", "bai"], ["bai", "bai"], {"face"}, "Aldar"),
        (["aldar", "bai"], ["aldar", "bai", "stranger"], {"heads"}, "too many"),
        (["aldar", "bai"], ["bai", "aldar"], set(), ""),  # they changed sides: still both
    ],
)
def test_the_wrong_people_are_rejected_by_the_right_score(take, cast, shown, rejecting, words):
    references = {name: portrait(name, seed=3) for name in cast}
    picture = portrait(*shown, size=(512, 256), seed=4)
    judged = verdict(take(story(*cast), **references), picture, Tools(Faces()))
    assert {score.name for score in judged.failed()} == rejecting
    assert words in judged.reason


def test_a_pasted_reference_is_rejected_as_a_copy(take):
    judged = verdict(take(story("aldar"), aldar=ALDAR), ALDAR, Tools(Faces(), Vision()))
    assert [score.name for score in judged.failed()] == ["copy"]


def test_a_take_is_not_judged_by_the_takes_beside_it(take):
    """A rejected take of the same wave is no frame of the board."""
    shot = take(story("aldar"))
    pictures = [to_tensor(picture) for picture in (ALDAR, ALDAR, portrait("bai", seed=9))]
    together = judge([shot] * 3, pictures, Tools(NO_FACES), Policy())
    alone = [judge([shot], [picture], Tools(NO_FACES), Policy())[0] for picture in pictures]
    assert together == alone
    assert all(judged.accepted for judged in together)
    assert together[0].perceptual_hash == together[1].perceptual_hash


def test_a_verdict_says_which_tools_it_lacked(take):
    shot = take(story("aldar"))
    installed = Tools(Missing("no memory", failed=True), text=Unloaded("no memory either"))
    assert verdict(shot, ALDAR, installed).lacking == ("no memory", "no memory either")
    assert verdict(shot, ALDAR, Tools(Missing("dlib is not installed"))).lacking == ()


# --- what the shot shows -------------------------------------------------------------------


def test_an_empty_steppe_is_not_gated_on_a_face(take):
    judged = verdict(take(story()), portrait(seed=5), Tools(Faces(), Vision()))
    assert judged.accepted
    assert state(judged, "identity") is state(judged, "face") is Outcome.UNMEASURABLE
    assert judged.score("face").reason == "nobody is in the shot"
    assert state(judged, "heads") is Outcome.PASS


def test_somebody_in_an_empty_steppe_is_one_too_many(take):
    judged = verdict(take(story()), portrait("aldar", seed=5), Tools(Faces()))
    assert [score.name for score in judged.failed()] == ["heads"]


def test_a_back_is_not_gated_on_its_face(take):
    member = CastMember(character="aldar", facing=Facing.BACK)
    shot = take(story(member), aldar=ALDAR)
    judged = verdict(shot, portrait(seed=6), Tools(Faces(), Vision()))
    assert judged.accepted
    assert state(judged, "face") is Outcome.UNMEASURABLE
    assert not judged.score("identity").gates


def test_a_profile_that_is_found_is_measured_but_does_not_reject(take):
    member = CastMember(character="aldar", facing=Facing.LEFT)
    judged = verdict(take(story(member), aldar=ALDAR), portrait("stranger", seed=6), Tools(Faces()))
    assert state(judged, "face") is Outcome.FAIL
    assert judged.accepted


def test_a_wide_shot_is_not_gated_on_identity(take):
    shot = take(story("aldar", size=Size.EXTREME_WIDE), aldar=ALDAR)
    judged = verdict(shot, portrait(seed=6), Tools(NO_FACES, Vision()), Policy(Preset.STRICT))
    assert state(judged, "identity") is Outcome.FAIL
    assert judged.accepted


def test_a_crowd_may_have_any_number_of_heads(take):
    shot = take(story("aldar", "people"), aldar=ALDAR)
    picture = portrait("aldar", "bai", "khan", "stranger", size=(512, 256), seed=4)
    assert verdict(shot, picture, Tools(Faces())).accepted


def test_a_first_frame_is_not_compared_and_says_so(take):
    judged = verdict(take(story("aldar")), ALDAR, Tools(Faces(), Vision()))
    assert judged.accepted and not judged.proven
    for name in ("identity", "face", "costume", "copy"):
        assert judged.score(name).reason == "there is no reference of Aldar yet"


def test_a_first_frame_with_too_many_people_is_no_reference(take):
    picture = portrait("aldar", "stranger", size=(512, 256))
    judged = verdict(take(story("aldar")), picture, Tools(Faces()))
    assert [score.name for score in judged.failed()] == ["heads"]


def test_the_verdict_knows_where_each_character_is(take):
    references = {"aldar": ALDAR, "bai": portrait("bai", seed=3)}
    picture = portrait("bai", "aldar", size=(512, 256), seed=4)
    judged = verdict(take(story("aldar", "bai"), **references), picture, Tools(Faces()))
    aldar, bai = judged.place("aldar"), judged.place("bai")
    assert aldar and bai
    assert bai[2] < 256 < aldar[0]
    assert {crop.subject for crop in judged.score("heads").crops} == {"aldar", "bai"}


def test_somebody_without_a_reference_is_found_by_elimination(take):
    picture = portrait("bai", "aldar", size=(512, 256), seed=4)
    judged = verdict(take(story("aldar", "bai"), aldar=ALDAR), picture, Tools(Faces()))
    assert judged.accepted
    bai = judged.place("bai")
    assert bai and bai[2] < 256


# --- drawn faces ---------------------------------------------------------------------------


def test_a_face_model_that_does_not_know_the_style_neither_passes_nor_rejects(take):
    judged = verdict(take(story("aldar"), aldar=ALDAR), portrait(seed=8), Tools(Faces(blind=True)))
    assert judged.accepted and not judged.proven
    for name in ("face", "heads"):
        assert state(judged, name) is Outcome.UNMEASURABLE
        assert "no face was found in the reference of Aldar" in judged.score(name).reason


@pytest.mark.parametrize("faces", [Faces(blind=True), NO_FACES])
def test_drawn_faces_are_compared_by_clip_where_they_are_staged(take, faces):
    shot = take(story("aldar"), aldar=ALDAR)
    tools = Tools(faces, Vision())
    same = verdict(shot, portrait("aldar", seed=8), tools).score("face")
    other = verdict(shot, Vision_negative(ALDAR), tools).score("face")
    assert same.method == other.method == "clip"
    assert same.value > other.value
    assert other.outcome is Outcome.FAIL
    left, top, right, bottom = same.crops[0].box
    assert 0 <= left < right <= 256 and 0 <= top < bottom <= 256


def test_a_drawn_character_beside_a_photographed_one_is_not_passed_over(take):
    """The face model knows Aldar's reference, but no face in the bai's."""
    shot = take(story("aldar", "bai"), aldar=ALDAR, bai=portrait(seed=3))
    picture = to_tensor(portrait("aldar", "bai", size=(512, 256), seed=4))
    without = verdict(shot, picture, Tools(Faces()))
    assert state(without, "face") is Outcome.PASS
    assert state(without, "drawn face") is Outcome.UNMEASURABLE
    assert "no face was found in the reference of Bai" in without.score("drawn face").reason
    with_clip = verdict(shot, picture, Tools(Faces(), Vision()))
    drawn = with_clip.score("drawn face")
    assert [crop.subject for crop in drawn.crops] == ["bai"]
    assert drawn.method == "clip"
    assert drawn.threshold == STANDARD["face", "clip"]
    assert drawn.gates


def test_a_drawn_profile_is_compared_but_does_not_reject(take):
    member = CastMember(character="aldar", facing=Facing.LEFT)
    shot = take(story(member), aldar=ALDAR)
    judged = verdict(shot, Vision_negative(ALDAR), Tools(NO_FACES, Vision())).score("face")
    assert judged.outcome is Outcome.FAIL
    assert not judged.gates


def Vision_negative(picture):  # noqa: N802 - reads as what it makes
    return 1 - to_tensor(picture)


# --- clothes -------------------------------------------------------------------------------


def test_clothes_of_another_colour_are_seen(take):
    shot = take(story("aldar"), aldar=ALDAR)
    same = verdict(shot, portrait("aldar", seed=7), Tools(Faces())).score("costume")
    other = portrait("aldar", seed=7, coat="#2b5a8a")
    swapped = verdict(shot, other, Tools(Faces())).score("costume")
    assert same.outcome is Outcome.PASS
    assert swapped.outcome is Outcome.FAIL
    assert swapped.value < 0.7 < same.value
    _, top, _, _ = swapped.crops[0].box
    assert top > 256 // 6 + 256 // 4  # below the face


@pytest.mark.parametrize("clip", [None, Vision()])
def test_clothes_changed_on_purpose_are_not_compared_but_the_face_is(take, clip):
    red = Outfit(words="red robe", colour="#a8362f")
    changed = story(CastMember(character="aldar", outfit=red))
    picture = portrait("aldar", seed=2, coat="#a8362f")
    judged = verdict(take(changed, aldar=ALDAR), picture, Tools(Faces(), clip))
    assert state(judged, "costume") is Outcome.UNMEASURABLE
    assert judged.score("costume").reason == "the outfit is changed on purpose"
    assert judged.score("face").gates and state(judged, "face") is Outcome.PASS
    wrong = verdict(take(changed, aldar=ALDAR), portrait("stranger", seed=2), Tools(Faces(), clip))
    assert state(wrong, "face") is Outcome.FAIL and not wrong.accepted


def test_the_outfit_of_the_reference_itself_is_compared(take):
    red = Outfit(words="red robe", colour="#a8362f")
    both = story(CastMember(character="aldar", outfit=red))
    both.shots = [both.shots[0], both.shots[0].model_copy(update={"number": 2})]
    first = take(both, aldar=ALDAR)
    first = replace(first, references=(replace(first.references[0], frame=1),))
    picture = portrait("aldar", seed=2, coat="#a8362f")
    judged = verdict(first, picture, Tools(Faces()))
    assert state(judged, "costume") is not Outcome.UNMEASURABLE
    back = replace(first, shot=story("aldar").shots[0])
    again = verdict(back, picture, Tools(Faces()))
    assert again.score("costume").reason == "the outfit is changed on purpose"


def test_with_clip_the_clothes_are_judged_by_it_and_colours_reported(take):
    judged = verdict(
        take(story("aldar"), aldar=ALDAR), portrait("aldar", seed=7), Tools(Faces(), Vision())
    )
    assert judged.score("costume").method == "clip"
    assert judged.score("colours").method == "colour"
    assert not judged.score("colours").gates


# --- how often models are asked ------------------------------------------------------------


def test_a_wave_is_one_forward_pass_and_the_reference_is_encoded_once(take):
    shot, vision = take(story("aldar"), aldar=ALDAR), Vision()
    pictures = [to_tensor(portrait(seed=n)) for n in range(5)]
    tools = Tools(NO_FACES, vision)
    judge([shot] * 4, pictures[:4], tools, Policy())
    whole = [count for count in vision.batches if count == 4]
    assert len(whole) == 1
    before = len(vision.batches)
    judge([shot], pictures[4:], tools, Policy())
    # The frame, and its head and clothes together: nothing of the reference again.
    assert vision.batches[before:] == [1, 2]


def test_faces_of_a_reference_are_looked_for_once(take):
    faces = Faces()
    shot = take(story("aldar"), aldar=ALDAR)
    for seed in range(3):
        verdict(shot, portrait("aldar", seed=seed + 10), Tools(faces))
    assert faces.looked == 1 + 3


def test_a_wave_gives_the_verdicts_of_single_takes(take):
    shot = take(story("aldar"), aldar=ALDAR)
    pictures = [to_tensor(portrait(who, seed=n)) for n, who in enumerate(["aldar", "bai"], 20)]
    together = judge([shot] * 2, pictures, Tools(Faces(), Vision()), Policy())
    alone = [verdict(shot, picture, Tools(Faces(), Vision())) for picture in pictures]
    for in_wave, other in zip(together, alone, strict=True):
        values = [[s.value for s in judged.scores] for judged in (in_wave, other)]
        assert values[0] == [pytest.approx(v, abs=1e-3) if v else v for v in values[1]]


# --- bad input -----------------------------------------------------------------------------


def test_nan_fails_as_an_anomaly_and_nothing_else_is_claimed(take):
    shot = take(story("aldar"), aldar=ALDAR)
    broken = to_tensor(ALDAR)
    broken[0, 3, 3, 0] = float("nan")
    judged = verdict(shot, broken, Tools(Faces(), Vision()))
    assert [score.name for score in judged.failed()] == ["anomaly"]
    for score in judged.scores:
        if score.name not in ("anomaly", "prompt"):
            assert score.outcome is Outcome.UNMEASURABLE
            assert "NaN" in score.reason


def test_one_broken_picture_does_not_spoil_its_wave(take):
    shot = take(story("aldar"), aldar=ALDAR)
    good, broken = to_tensor(portrait("aldar", seed=2)), torch.full((1, 256, 256, 3), torch.nan)
    verdicts = judge([shot] * 2, [broken, good], Tools(Faces(), Vision()), Policy())
    assert [judged.accepted for judged in verdicts] == [False, True]


def test_a_tiny_frame_has_no_faces_to_measure(take):
    shot = take(story("aldar"), aldar=ALDAR)
    judged = verdict(shot, portrait("aldar", seed=2).resize((64, 64)), Tools(Faces(), Vision()))
    assert judged.score("identity").value is not None
    assert state(judged, "heads") is Outcome.UNMEASURABLE
    assert "fewer than 128 pixels" in judged.score("heads").reason
    assert judged.score("face").method == "clip"


@pytest.mark.parametrize("channels", [1, 4])
def test_grey_and_transparent_frames_are_judged(take, channels):
    picture = to_tensor(portrait("aldar", seed=2))
    picture = picture[..., :1] if channels == 1 else torch.cat([picture, picture[..., :1]], -1)
    judged = verdict(take(story("aldar"), aldar=ALDAR), picture, Tools(Faces(), Vision()))
    assert judged.score("identity").value is not None
    assert state(judged, "anomaly") is Outcome.PASS


def test_frames_of_different_sizes_are_judged_together(take):
    shot = take(story("aldar"), aldar=ALDAR)
    pictures = [portrait("aldar", size=size, seed=2) for size in ((256, 256), (512, 320))]
    verdicts = judge(
        [shot] * 2, [to_tensor(p) for p in pictures], Tools(Faces(), Vision()), Policy()
    )
    assert [judged.score("face").value for judged in verdicts] == [1.0, 1.0]


def test_more_pictures_than_takes_are_an_error(take):
    with pytest.raises(FrameError) as caught:
        judge([take(story("aldar"))], [to_tensor(ALDAR)] * 2, Tools(NO_FACES), Policy())
    assert caught.value.code == "image_unusable"
    assert "2 pictures for 1 takes" in str(caught.value)


@pytest.mark.parametrize("shape", [(256, 256, 3), (1, 256, 256, 2), (1, 0, 256, 3)])
def test_what_is_no_picture_is_an_error(take, shape):
    with pytest.raises(FrameError) as caught:
        judge([take(story("aldar"))], [torch.zeros(shape)], Tools(NO_FACES), Policy())
    assert caught.value.code == "image_unusable"


def test_a_vision_model_that_gives_no_numbers_measures_nothing_and_passes_nothing(take):
    class Damaged(Vision):
        def encode_image(self, image):
            embedding = super().encode_image(image)
            return SimpleNamespace(image_embeds=embedding.image_embeds * torch.nan)

    shot = take(story("aldar"), aldar=ALDAR)
    blind, seeing = (
        verdict(shot, portrait("aldar", seed=2), Tools(faces, Damaged()))
        for faces in (NO_FACES, Faces())
    )
    for judged, names in ((blind, ("identity", "face")), (seeing, ("identity", "costume"))):
        for name in names:
            assert state(judged, name) is Outcome.UNMEASURABLE
            assert "gives no numbers" in judged.score(name).reason
        assert state(judged, "copy") is Outcome.PASS  # the pixels still tell
        json.dumps(judged.model_dump(mode="json"), allow_nan=False)
    assert not blind.proven


def test_a_reference_without_a_face_is_named(take):
    shot = take(story("aldar"), aldar=portrait(seed=3))
    judged = verdict(shot, portrait("aldar", seed=2), Tools(Faces()))
    for name in ("face", "heads"):
        assert state(judged, name) is Outcome.UNMEASURABLE
        assert "no face was found in the reference of Aldar" in judged.score(name).reason
    assert not judged.proven


def test_a_vision_model_without_embeddings_is_an_error_with_a_hint(take):
    class Odd:
        def encode_image(self, image):
            return {"last_hidden_state": image}

    with pytest.raises(FrameError, match="CLIP vision model"):
        verdict(take(story("aldar"), aldar=ALDAR), portrait("aldar"), Tools(NO_FACES, Odd()))


def test_twelve_faces_are_too_many_heads_and_nothing_breaks(take):
    everyone = ["aldar", "bai", "khan", "stranger"] * 3
    references = {"aldar": ALDAR, "bai": portrait("bai", seed=3)}
    shot = take(story("aldar", "bai", size=Size.FULL), **references)
    judged = verdict(shot, portrait(*everyone, size=(1536, 256), seed=4), Tools(Faces()))
    assert "10 people too many" in judged.reason
    assert judged.score("face").value == 1.0


@pytest.mark.parametrize("faces", [[], ["stranger"]])
def test_heads_of_animals_are_not_measurable(take, faces):
    """A dog in a close-up was missing, for no face model finds its face."""
    told = story("aldar", size=Size.CLOSE_UP)
    told.characters[0] = told.characters[0].model_copy(
        update={"look": Look(kind="animal", species="dog")}
    )
    picture = portrait(*faces) if faces else portrait("aldar").resize((256, 256)).rotate(90)
    judged = verdict(take(told), picture, Tools(Faces()))
    assert state(judged, "heads") is Outcome.UNMEASURABLE and judged.accepted


def test_small_faces_in_the_background_do_not_count(take):
    picture = portrait("aldar", seed=2)
    picture.paste((10, 250, 10), (4, 20, 14, 30))
    assert verdict(take(story("aldar"), aldar=ALDAR), picture, Tools(Faces())).accepted


def test_no_model_at_all_leaves_every_score_explained(take):
    judged = verdict(take(story("aldar"), aldar=ALDAR), portrait("aldar"), Tools(NO_FACES))
    for score in judged.scores:
        assert score.value is not None or score.reason, score.name


def test_identical_panels_of_a_draft_board_are_flagged_and_say_which(tmp_path):
    """Badge and caption differ, the drawing does not."""
    hero = Character(id="aldar", name="Aldar", description="a man")
    cast = [CastMember(character="aldar")]
    captions = {1: "He rides.", 2: "He waits.", 3: "He waits and waits, all evening.", 4: ""}
    shots = [
        Shot(
            number=number,
            place="steppe",
            action="he waits",
            caption=caption,
            size=Size.CLOSE_UP if number == 1 else Size.MEDIUM,
            cast=cast,
        )
        for number, caption in captions.items()
    ]
    plot = Story(title="t", logline="l", characters=[hero], shots=shots)
    store = TakeStore(tmp_path)
    frames = Frames(plot, store, Recipe("body", "gate"), retries=0, wave=4)
    while jobs := frames.jobs():
        panels = [stage(plot, job.take.shot, (512, 512)).panel for job in jobs]
        takes = [job.take for job in jobs]
        verdicts = judge(takes, [to_tensor(panel) for panel in panels], Tools(NO_FACES), Policy())
        for job, panel, judged in zip(jobs, panels, verdicts, strict=True):
            frames.record(job, panel, judged)
    store.close()
    assert [frame.flagged for frame in frames.board.frames] == [False, False, True, True]
    assert {frame.verdict.reason for frame in frames.board.flagged} == {
        "duplicate: the picture nearly equals frame 2"
    }
