"""Looks: every value of a look is drawn, each otherwise than the others, inside its boxes."""

import json
import random

import numpy as np
import pytest
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.staging.blocking.creatures import ANATOMIES, pose_creature
from aldar_storyboard.storyboard.staging.blocking.measures import PROPS
from aldar_storyboard.storyboard.staging.drawing.ink import Stencil, rgb
from aldar_storyboard.storyboard.staging.drawing.palette import hour_of
from aldar_storyboard.storyboard.staging.drawing.props import draw_prop
from aldar_storyboard.storyboard.staging.panel import draw_figure
from aldar_storyboard.storyboard.story import (
    Age,
    Beard,
    CastMember,
    Character,
    Emotion,
    Facing,
    Garment,
    Hair,
    Hat,
    Kind,
    Look,
    Pose,
    PropItem,
    PropKind,
    Sex,
    Shot,
    Size,
    Story,
    Time,
)

PX = (160, 160)
ANIMALS = [kind for kind, size in PROPS.items() if size.animal]


def staged(look, size=Size.FULL, px=PX, others=(), **member):
    cast = [CastMember(character="p0", **member)]
    cast += [CastMember(character=f"p{i + 1}", **m) for i, (_, m) in enumerate(others)]
    story = Story(
        title="t",
        logline="l",
        characters=[
            Character(id=f"p{i}", name="P", description="x", look=each)
            for i, each in enumerate([look, *(each for each, _ in others)])
        ],
        shots=[Shot(number=1, place="here", action="is", size=size, cast=cast)],
    )
    return stage(story, story.shots[0], px)


def drawn(look, **options):
    return staged(look, **options).panel.tobytes()


def ink(staging):
    """What the figure covers: left, top, right, bottom in pixels."""
    (figure,) = staging.layout.figures
    stencil = Stencil(staging.size)
    draw_figure(stencil, figure, alone=True)
    ys, xs = np.nonzero(np.asarray(stencil.finish()) > 60)
    return xs.min(), ys.min(), xs.max(), ys.max()


@pytest.mark.parametrize("facing", [Facing.FRONT, Facing.FRONT_RIGHT, Facing.RIGHT, Facing.BACK])
def test_every_garment_is_its_own_from_every_side(facing):
    pictures = {drawn(Look(garment=garment), facing=facing) for garment in Garment}
    assert len(pictures) == len(Garment)


@pytest.mark.parametrize("garment", Garment)
def test_every_hat_is_its_own_with_every_garment(garment):
    close = {"size": Size.CLOSE_UP, "px": (96, 96)}
    pictures = {drawn(Look(garment=garment, hat=hat), **close) for hat in Hat}
    assert len(pictures) == len(Hat)


@pytest.mark.parametrize("facing", [Facing.FRONT, Facing.FRONT_RIGHT, Facing.RIGHT, Facing.BACK])
def test_every_hair_is_its_own_from_every_side(facing):
    pictures = {
        drawn(Look(hair=hair), facing=facing, size=Size.MEDIUM_CLOSE_UP, px=(240, 240))
        for hair in Hair
    }
    assert len(pictures) == len(Hair)


@pytest.mark.parametrize(
    "change",
    [
        {"sex": Sex.FEMALE},
        {"age": Age.OLD},
        {"age": Age.YOUNG},
        {"skin": "#5b3a26"},
        {"hair_colour": "#c9923e"},
        {"glasses": True},
        {"beard": Beard.FULL},
        {"kind": Kind.CHILD},
        {"kind": Kind.ROBOT},
        {"kind": Kind.MANNEQUIN},
        {"colour": "#c2455a"},
        {"trim": "#c2455a"},
    ],
    ids=str,
)
def test_every_trait_shows(change):
    plain = Look()
    changed = plain.model_copy(update=change)
    close = {"size": Size.MEDIUM, "px": (384, 384)}
    assert drawn(plain, **close) != drawn(changed, **close)


@pytest.mark.parametrize("bare", [{"sex": Sex.FEMALE}, {"kind": Kind.CHILD}], ids=str)
def test_women_and_children_have_no_beards(bare):
    shaved = drawn(Look(**bare), size=Size.CLOSE_UP)
    for beard in Beard:
        assert drawn(Look(beard=beard, **bare), size=Size.CLOSE_UP) == shaved


def test_a_dark_skin_is_dark_in_face_and_hands():
    shades = []
    for skin in ("#f5d8c0", "#5b3a26"):
        staging = staged(Look(skin=skin), size=Size.CLOSE_UP, px=(256, 256))
        left, top, right, bottom = (round(v) for v in staging.layout.figures[0].face)
        face = np.asarray(staging.panel.crop((left, top, right, bottom)))
        shades.append(np.median(face.reshape(-1, 3), axis=0))
    assert (shades[0] - shades[1] > 70).all()


def acts(species, poses):
    look = Look(kind=Kind.ANIMAL, species=species)
    for pose in poses:
        for facing in (Facing.FRONT, Facing.LEFT, Facing.BACK):
            staging = staged(look, size=Size.CLOSE_UP, pose=pose, facing=facing)
            (figure,) = staging.layout.figures
            left, top, right, bottom = figure.face
            assert left >= 0 and top >= 0 and right <= PX[0] and bottom <= PX[1]
            assert bottom - top > 0.18 * PX[1], "a close-up of an animal is one of its head"
        assert np.asarray(staged(look, pose=pose, px=(80, 80)).panel).std() > 5


@pytest.mark.parametrize("species", ANIMALS)
def test_an_animal_acts_and_its_head_is_in_close_frames(species):
    acts(species, random.Random(species.value).sample(list(Pose), 6))


@pytest.mark.nightly
@pytest.mark.parametrize("species", ANIMALS)
def test_an_animal_acts_in_every_pose(species):
    acts(species, Pose)


@pytest.mark.parametrize("species", ANIMALS)
def test_an_animal_has_a_mask_and_no_human_pose(species):
    staging = staged(Look(kind=Kind.ANIMAL, species=species), facing=Facing.RIGHT)
    assert not np.asarray(staging.pose).any()
    assert all((person == 0).all() for person in staging.people)
    mask = np.asarray(staging.masks["p0"])
    assert mask.max() == 255
    left, top, right, bottom = staging.layout.figures[0].box
    assert right - left > 0.12 * PX[0] and bottom - top > 0.12 * PX[1]


def test_animals_differ_from_each_other_and_show_their_moods():
    shown = {drawn(Look(kind=Kind.ANIMAL, species=s), facing=Facing.RIGHT) for s in ANIMALS}
    assert len(shown) == len(ANIMALS)
    for species in (PropKind.CAT, PropKind.HORSE, PropKind.BIRD, PropKind.ELEPHANT):
        look = Look(kind=Kind.ANIMAL, species=species)
        moods = {
            drawn(look, emotion=e, size=Size.CLOSE_UP, px=(256, 256), facing=Facing.FRONT_RIGHT)
            for e in Emotion
        }
        assert len(moods) == len(Emotion)


def test_a_small_animal_beside_a_man_is_seen_in_a_close_shot():
    man = (Look(), {"position": "left", "facing": Facing.FRONT_RIGHT})
    for size in (Size.CLOSE_UP, Size.MEDIUM_CLOSE_UP, Size.MEDIUM):
        staging = staged(
            Look(kind=Kind.ANIMAL, species=PropKind.MOUSE),
            size=size,
            others=[man],
            position="right",
            px=(336, 192),
        )
        mouse, other = staging.layout.figures
        assert mouse.face[1] >= 0 and mouse.face[3] < 192
        assert other.face[1] >= 0 and other.face[3] < 192


@pytest.mark.parametrize("species", ANIMALS)
def test_an_animal_as_a_prop_stands_in_its_measures(species):
    stencil = Stencil((400, 400))
    measure = PROPS[species]
    scale = 200 / max(measure.width, measure.height)
    with stencil.local():
        stencil.view = stencil.view._replace(a=2 * scale, e=-2 * scale, c=400.0, f=600.0)
        draw_prop(stencil, PropItem(kind=species))
    ys, xs = np.nonzero(np.asarray(stencil.finish()) > 60)
    wide, tall = (xs.max() - xs.min()) / scale, (300 - ys.min()) / scale
    assert 0.4 * measure.width < wide < 1.35 * measure.width
    assert 0.55 * measure.height < tall < 1.25 * measure.height


def test_every_animal_has_an_anatomy():
    assert set(ANATOMIES) == set(ANIMALS)
    for species in ANIMALS:
        look = Look(kind=Kind.ANIMAL, species=species)
        for pose in Pose:
            creature = pose_creature(pose, Emotion.NEUTRAL, Facing.RIGHT, look)
            assert np.isfinite(creature.joints).all() and not creature.visible.any()


def test_an_animal_digs_without_a_shovel():
    staging = staged(Look(kind=Kind.ANIMAL, species=PropKind.DOG), pose=Pose.DIGGING)
    assert staging.layout.figures[0].held == ()


@pytest.mark.parametrize("garment", Garment)
@pytest.mark.parametrize("facing", [Facing.FRONT_LEFT, Facing.RIGHT, Facing.BACK])
def test_ink_stays_in_the_box_and_the_face_holds_eyes_and_mouth(garment, facing):
    poses = set(Pose) - {Pose.DIGGING, Pose.PLAYING_DOMBRA, Pose.RIDING, Pose.EATING}
    for pose in sorted(poses):
        staging = staged(Look(garment=garment, hat=Hat.HELMET), pose=pose, facing=facing)
        (figure,) = staging.layout.figures
        slack = 0.28 * figure.frame.scale
        covered = ink(staging)
        assert covered[0] > figure.box[0] - slack and covered[1] > figure.box[1] - slack
        assert covered[2] < figure.box[2] + slack and covered[3] < figure.box[3] + slack
        left, top, right, bottom = figure.face
        x, y = figure.mouth
        assert left < x < right and top < y < bottom
        near = 0.03 * (bottom - top)
        for eye in figure.keypoints[[14, 15]]:
            if eye[2]:
                assert left - near < eye[0] < right + near
                assert top - near < eye[1] < bottom + near


def test_a_laughing_mouth_is_not_under_the_chin():
    """The maw was drawn below the face of plain builds, and of all that nod."""
    for pose in (Pose.SHOUTING, Pose.STANDING):
        staging = staged(
            Look(), size=Size.EXTREME_CLOSE_UP, px=(320, 512), pose=pose, emotion=Emotion.LAUGHING
        )
        (figure,) = staging.layout.figures
        dark = hour_of(Time.DAY, inside=False).grade(rgb("#5b1f1c"), True)
        maw = np.abs(np.asarray(staging.clean).astype(int) - dark).max(axis=2) < 6
        ys, xs = np.nonzero(maw)
        assert len(ys) > 200, "an open mouth is seen"
        left, _, right, chin = figure.face
        assert ys.max() < chin + 0.1 * (chin - figure.face[1])
        assert xs.min() > left and xs.max() < right


def test_a_greybeard_of_version_1_is_old_and_grey():
    """Version 1 drew long beards grey whatever the story said; now the look says it."""
    look = {"build": "lean", "hat": "fur", "beard": "long", "robe": "#3f6f8f", "trim": "#e0b64c"}
    old = {
        "schema_version": 1,
        "title": "t",
        "logline": "l",
        "characters": [{"id": "a", "name": "A", "description": "x", "look": look}],
        "shots": [{"number": 1, "place": "p", "action": "x", "cast": [{"character": "a"}]}],
    }
    told = Story.from_json(json.dumps(old)).characters[0].look
    assert told.age is Age.OLD and told.sex is Sex.MALE and told.garment is Garment.CHAPAN
    red, green, blue = (int(told.hair_colour[i : i + 2], 16) for i in (1, 3, 5))
    assert max(red, green, blue) - min(red, green, blue) < 30 and red > 120


@pytest.mark.parametrize("species", [k for k in ANIMALS if PROPS[k].mount])
def test_the_animal_that_the_story_names_is_ridden(species):
    story = Story(
        title="t",
        logline="l",
        characters=[Character(id="p0", name="P", description="x")],
        shots=[
            Shot(
                number=1,
                place="here",
                action="rides",
                size=Size.FULL,
                cast=[CastMember(character="p0", pose=Pose.RIDING, facing=Facing.RIGHT)],
                props=[PropItem(kind=species)],
            )
        ],
    )
    staging = stage(story, story.shots[0], PX)
    (figure,) = staging.layout.figures
    assert figure.mount is species and not staging.layout.things
    assert np.asarray(staging.panel).std() > 5
