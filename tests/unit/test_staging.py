"""Staging: blocking that keeps faces in the frame, masks that add up, panels anyone can read."""

import math
from dataclasses import replace

import numpy as np
import pytest
from aldar_storyboard.storyboard import sets
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.staging.blocking.camera import CLOSE, STRIP
from aldar_storyboard.storyboard.staging.blocking.layout import lay_out
from aldar_storyboard.storyboard.staging.blocking.poses import POSES
from aldar_storyboard.storyboard.staging.drawing.scenery import Weather, weather_of
from aldar_storyboard.storyboard.staging.letters.balloons import place_balloons
from aldar_storyboard.storyboard.staging.letters.lettering import fit, printable, wrap
from aldar_storyboard.storyboard.story import (
    IN_THE_SKY,
    Angle,
    Beard,
    BoardFormat,
    Build,
    CastMember,
    Character,
    Depth,
    DialogueLine,
    Emotion,
    Facing,
    Hat,
    Look,
    Move,
    Pose,
    Position,
    PropItem,
    PropKind,
    Shot,
    Size,
    Story,
    Time,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

SMALL = (160, 160)


def story_of(*shots, looks=None, board=BoardFormat.SQUARE):
    """A story whose characters are ``p0``, ``p1`` …"""
    characters = [
        Character(id=f"p{i}", name=f"P{i}", description="a man", look=look)
        for i, look in enumerate(looks or [Look() for _ in range(12)])
    ]
    return Story(title="t", logline="l", format=board, characters=characters, shots=list(shots))


def shot_of(*cast, **fields):
    values = {"number": 1, "place": "the steppe", "action": "stands", "cast": list(cast)}
    return Shot(**(values | fields))


looks = st.builds(
    Look, build=st.sampled_from(Build), hat=st.sampled_from(Hat), beard=st.sampled_from(Beard)
)


@st.composite
def scenes(draw, sizes, fewest=1, most=12):
    """A story of one shot with anybody doing anything anywhere."""
    count = draw(st.integers(fewest, most))
    cast = [
        CastMember(
            character=f"p{i}",
            pose=draw(st.sampled_from(Pose)),
            emotion=draw(st.sampled_from(Emotion)),
            facing=draw(st.sampled_from(Facing)),
            position=draw(st.sampled_from(Position)),
            depth=draw(st.sampled_from(Depth)),
        )
        for i in range(count)
    ]
    props = draw(
        st.lists(
            st.builds(
                PropItem,
                kind=st.sampled_from(PropKind),
                position=st.sampled_from(Position),
                depth=st.sampled_from(Depth),
                held_by=st.sampled_from([None, "p0"]),
            ),
            max_size=4,
        )
    )
    shot = shot_of(
        *cast,
        size=draw(st.sampled_from(sizes)),
        angle=draw(st.sampled_from(Angle)),
        setting=draw(st.sampled_from(sets.names())),
        time=draw(st.sampled_from(Time)),
        props=props,
    )
    board = draw(st.sampled_from(BoardFormat))
    return story_of(shot, looks=[draw(looks) for _ in range(count)], board=board)


def shoulder(shot, figure):
    """Whether the camera looks over this figure's shoulder."""
    return shot.angle is Angle.OVER_SHOULDER and len(shot.cast) > 1 and figure.depth < 0.75


@settings(max_examples=120, deadline=None, derandomize=True)
@given(scenes([Size.CLOSE_UP, Size.MEDIUM_CLOSE_UP, Size.MEDIUM]))
def test_faces_stay_inside_close_frames(story):
    shot = story.shots[0]
    width, height = story.format.pixels
    for figure in lay_out(story, shot, (width, height)).figures:
        if not shoulder(shot, figure):
            left, top, right, bottom = figure.face
            assert left >= 0 and right <= width
            assert top >= 0 and bottom <= height * (1 - STRIP)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(scenes([Size.FULL, Size.WIDE, Size.EXTREME_WIDE]))
def test_feet_stay_inside_wide_frames(story):
    shot = story.shots[0]
    width, height = story.format.pixels
    for figure in lay_out(story, shot, (width, height)).figures:
        if not shoulder(shot, figure):
            ankles = figure.keypoints[[10, 13]]
            assert (ankles[:, 0] >= 0).all() and (ankles[:, 0] <= width).all()
            assert (ankles[:, 1] >= 0).all() and (ankles[:, 1] <= height * (1 - STRIP)).all()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(scenes(list(Size), fewest=2, most=9))
def test_nobody_is_fully_hidden(story):
    width, height = story.format.pixels
    staging = stage(story, story.shots[0], (width // 8, height // 8))
    for character, mask in staging.masks.items():
        (figure,) = (f for f in staging.layout.figures if f.character == character)
        alone = replace(staging.layout, figures=(figure,))
        whole = stage(story, story.shots[0], staging.size)
        whole.layout = alone
        seen = int(np.asarray(mask).astype(int).sum())
        assert seen > 0.02 * int(np.asarray(whole.masks[character]).astype(int).sum())


@settings(max_examples=25, deadline=None, derandomize=True)
@given(scenes(list(Size), fewest=0, most=5))
def test_masks_and_background_add_up(story):
    staging = stage(story, story.shots[0], (128, 96))
    total = np.asarray(staging.background_mask).astype(int)
    for mask in staging.masks.values():
        assert mask.mode == "L" and mask.size == (128, 96)
        total = total + np.asarray(mask)
    assert (total == 255).all()


def test_masks_of_figures_apart_are_disjoint_and_in_cast_order():
    shot = shot_of(
        CastMember(character="p1", position=Position.FAR_RIGHT),
        CastMember(character="p0", position=Position.FAR_LEFT),
        size=Size.FULL,
    )
    staging = stage(story_of(shot), shot, (512, 512))
    assert list(staging.masks) == ["p1", "p0"]
    first, second = (np.asarray(mask) for mask in staging.masks.values())
    assert first.max() == second.max() == 255
    assert not ((first > 0) & (second > 0)).any()
    columns = [np.nonzero(mask.any(axis=0))[0].mean() for mask in (first, second)]
    assert columns[0] > 256 > columns[1]


@pytest.mark.parametrize("pose", Pose)
@pytest.mark.parametrize(
    ("left", "right"),
    [(Facing.LEFT, Facing.RIGHT), (Facing.FRONT_LEFT, Facing.FRONT_RIGHT)],
)
def test_mirrored_facing_mirrors_the_skeleton(pose, left, right):
    layouts = []
    for facing in (left, right):
        shot = shot_of(CastMember(character="p0", pose=pose, facing=facing), size=Size.WIDE)
        layouts.append(lay_out(story_of(shot), shot, (1000, 1000)).figures[0])
    mirrored = layouts[1].keypoints * (-1, 1, 1) + (1000, 0, 0)
    swap = [0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16]
    assert np.allclose(layouts[0].keypoints, mirrored[swap], atol=1e-6)


@pytest.mark.parametrize("build", Build)
def test_bones_keep_their_length_in_every_pose(build):
    bones = [(2, 3), (3, 4), (5, 6), (6, 7), (8, 9), (9, 10), (11, 12), (12, 13)]
    lengths = set()
    for pose in Pose:
        shot = shot_of(CastMember(character="p0", pose=pose), size=Size.FULL)
        story = story_of(shot, looks=[Look(build=build)])
        joints = lay_out(story, shot, SMALL).figures[0].skeleton.joints
        spans = [math.dist(joints[a], joints[b]) for a, b in bones]
        lengths.add(tuple(round(span, 6) for span in spans))
    assert len(lengths) == 1


def test_every_pose_is_its_own():
    assert set(POSES) == set(Pose)
    seen = set()
    for pose in Pose:
        shot = shot_of(CastMember(character="p0", pose=pose, facing=Facing.FRONT_RIGHT))
        points = lay_out(story_of(shot), shot, (1000, 1000)).figures[0].keypoints
        seen.add(tuple(np.round(points - points[1], 1).ravel()))
    assert len(seen) == len(Pose)


@pytest.mark.parametrize("size", list(CLOSE))
def test_closer_sizes_show_larger_faces(size):
    wider = [*Size][[*Size].index(size) + 1]
    heights = []
    for each in (size, wider):
        shot = shot_of(CastMember(character="p0"), size=each)
        _, top, _, bottom = lay_out(story_of(shot), shot, (1024, 1024)).figures[0].face
        heights.append(bottom - top)
    assert heights[0] > heights[1] * 1.1


def test_screen_positions_keep_their_order_and_the_lone_looker_gets_room():
    cast = [CastMember(character=f"p{i}", position=position) for i, position in enumerate(Position)]
    shot = shot_of(*cast, size=Size.WIDE)
    necks = [f.keypoints[1, 0] for f in lay_out(story_of(shot), shot, (1344, 768)).figures]
    assert necks == sorted(necks)
    lone = shot_of(CastMember(character="p0", facing=Facing.RIGHT), size=Size.MEDIUM)
    assert lay_out(story_of(lone), lone, (1000, 1000)).figures[0].keypoints[1, 0] < 470


def test_the_camera_looks_over_a_shoulder():
    shot = shot_of(
        CastMember(character="p0", position=Position.RIGHT, facing=Facing.FRONT_LEFT),
        CastMember(character="p1", position=Position.LEFT, depth=Depth.FOREGROUND),
        size=Size.MEDIUM,
        angle=Angle.OVER_SHOULDER,
    )
    seen, near = lay_out(story_of(shot), shot, (1024, 1024)).figures
    assert near.face[2] - near.face[0] > 1.3 * (seen.face[2] - seen.face[0])
    assert not near.keypoints[[0, 14, 15], 2].any(), "its face is turned away"
    assert near.face[2] < seen.face[0], "it does not cover the face we look at"


def test_a_rider_sits_on_the_horse_that_is_there():
    shot = shot_of(
        CastMember(character="p0", pose=Pose.RIDING, facing=Facing.RIGHT),
        size=Size.FULL,
        props=[PropItem(kind=PropKind.CAMEL)],
    )
    layout = lay_out(story_of(shot), shot, (1024, 1024))
    (rider,) = layout.figures
    assert rider.mount is PropKind.CAMEL and layout.things == ()
    ground = rider.frame(((0.0, 0.0),))[0, 1]
    assert ground - rider.keypoints[[8, 11], 1].mean() > 1.2 * rider.frame.scale


def test_props_do_not_cover_faces():
    for kind in PropKind:
        for size in (Size.MEDIUM, Size.FULL):
            shot = shot_of(
                CastMember(character="p0", position=Position.LEFT),
                CastMember(character="p1", position=Position.RIGHT),
                size=size,
                props=[PropItem(kind=kind, depth=Depth.FOREGROUND, position=Position.LEFT)],
            )
            layout = lay_out(story_of(shot), shot, (1024, 1024))
            for thing in layout.things:
                for figure in layout.figures:
                    if thing.depth < figure.depth:
                        assert not overlap(thing.box, figure.face), (kind, size)


def overlap(a, b):
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    scenes([Size.MEDIUM, Size.MEDIUM_LONG, Size.FULL, Size.WIDE], most=3),
    st.text("абвгәіңғүұқөһ ", min_size=3, max_size=60),
)
def test_balloons_spare_the_faces_and_each_other(story, text):
    assume(printable(text))
    shot = story.shots[0]
    shot.dialogue = [DialogueLine(character=m.character, text=text) for m in shot.cast[:2]]
    layout = lay_out(story, shot, story.format.pixels)
    balloons = place_balloons(story, shot, layout, [])
    width, height = layout.size
    for index, balloon in enumerate(balloons):
        assert balloon.box[0] >= 0 and balloon.box[2] <= width
        assert balloon.box[1] >= 0 and balloon.box[3] <= height * (1 - STRIP)
        assert not any(overlap(balloon.box, other.box) for other in balloons[:index])
    free = [f for f in layout.figures if shot.angle is not Angle.OVER_SHOULDER]
    if len(free) == 1 and shot.size is not Size.MEDIUM:
        assert not any(overlap(b.box, f.face) for b in balloons for f in free)


def test_type_shrinks_then_ends_in_an_ellipsis():
    short = fit("Алдар", 400, 60, 30, 12)
    assert short.lines == ("Алдар",) and short.size == 30 and short.whole
    text = " ".join(["сөйлем"] * 30)
    shrunk = fit(text, 600, 100, 30, 12)
    assert shrunk.whole and shrunk.size < 30 and " ".join(shrunk.lines) == text
    cut = fit(text, 200, 60, 30, 12)
    assert not cut.whole and cut.lines[-1].endswith("…") and cut.height <= 60
    assert all(line for line in wrap("б" * 400, cut.face, 20, 100))


def test_kazakh_is_drawn_and_emoji_are_left_out():
    kazakh = "ӘәҒғҚқҢңӨөҰұҮүҺһІі «Ёё» — №…"
    assert printable(kazakh) == kazakh
    assert printable("Алдар 🐎✨ күлді\u200d!") == "Алдар күлді!"
    assert printable("🐎🐎") == ""


def test_weather_comes_from_the_words_and_stays_with_the_place():
    first = shot_of(place="the road", action="snow falls on two riders")
    second = shot_of(number=2, place="the road", action="they talk")
    other = shot_of(number=3, place="the village", action="they talk")
    story = story_of(first, second, other)
    assert [weather_of(story, s) for s in story.shots[:2]] == [Weather.SNOW, Weather.SNOW]
    assert weather_of(story, shot_of(place="a hot rainbow road")) is Weather.CLEAR


def test_keys_follow_what_is_drawn():
    shot = shot_of(CastMember(character="p0"), caption="Бір күні")
    story = story_of(shot)
    base = stage(story, shot)
    assert base.key == stage(story, shot.model_copy(deep=True)).key
    assert len(base.key) == 64 and base.key != base.blocking_key
    for change in ({"caption": "Екі күні"}, {"time": Time.NIGHT}, {"size": Size.WIDE}):
        assert stage(story, shot.model_copy(update=change)).key != base.key
    unseen = shot.model_copy(update={"duration": 9.0, "prompt": "a man", "beat": "want"})
    assert stage(story, unseen).key == base.key
    reworded = stage(story, shot.model_copy(update={"caption": "Екі күні"}))
    assert reworded.blocking_key == base.blocking_key
    assert stage(story, shot, (512, 512)).blocking_key != base.blocking_key
    dressed = story.model_copy(deep=True)
    dressed.characters[0].look.hat = Hat.CROWN
    assert stage(dressed, shot).key != base.key
    dressed.characters[0].look.hat = Hat.NONE
    dressed.characters[5].look.hat = Hat.CROWN
    assert stage(dressed, shot).key == base.key, "p5 is not in the shot"


@pytest.mark.parametrize("setting", sets.names())
def test_every_set_is_drawn_at_every_hour(setting):
    pictures = []
    for time in Time:
        shot = shot_of(setting=setting, time=time, size=Size.WIDE)
        panel = stage(story_of(shot), shot, (96, 96)).panel
        assert panel.mode == "RGB" and panel.size == (96, 96)
        pictures.append(np.asarray(panel).astype(int))
    day, night = pictures[1], pictures[3]
    assert day.mean() > night.mean() + 15
    assert pictures[0].std() > 10, "not one flat colour"


@pytest.mark.parametrize("kind", PropKind)
def test_every_prop_changes_the_picture(kind):
    bare = shot_of(size=Size.FULL)
    with_prop = shot_of(size=Size.FULL, props=[PropItem(kind=kind)])
    layout = lay_out(story_of(with_prop), with_prop, SMALL)
    aloft = kind in IN_THE_SKY
    assert [thing.kind for thing in layout.things] == ([] if aloft else [kind])
    plain = np.asarray(stage(story_of(bare), bare, SMALL).panel).astype(int)
    two = np.asarray(stage(story_of(with_prop), with_prop, SMALL).panel).astype(int)
    assert np.abs(plain - two).max() > 40


def test_what_is_held_is_in_the_hands():
    for kind in (PropKind.GOLD_BAG, PropKind.BOWL, PropKind.BOOK):
        shot = shot_of(
            CastMember(character="p0", pose=Pose.STANDING),
            size=Size.MEDIUM,
            props=[PropItem(kind=kind, held_by="p0")],
        )
        layout = lay_out(story_of(shot), shot, (512, 512))
        (figure,) = layout.figures
        assert [item.kind for item in figure.held] == [kind] and layout.things == ()
        x, y = figure.keypoints[7 if not figure.flip else 4, :2]
        assert 0 < x < 512 and 0 < y < 512 * (1 - STRIP), "the hand is in the picture"


def test_emotions_show_on_the_face():
    faces = set()
    for emotion in Emotion:
        shot = shot_of(CastMember(character="p0", emotion=emotion), size=Size.CLOSE_UP)
        staging = stage(story_of(shot), shot, (256, 256))
        left, top, right, bottom = staging.layout.figures[0].face
        crop = staging.panel.crop((round(left), round(top), round(right), round(bottom)))
        faces.add(crop.resize((48, 48)).tobytes())
    assert len(faces) == len(Emotion)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    scenes(list(Size), fewest=0),
    st.sampled_from(Move),
    st.lists(st.text("Алдар Көсе🐎!\u0301", min_size=1, max_size=200), max_size=4),
    st.sampled_from(["", "я" * 240, "слово " * 40]),
    st.sampled_from([(160, 90), (64, 64), (33, 47)]),
)
def test_anything_can_be_drawn(story, move, lines, caption, size):
    shot = story.shots[0]
    spoken = [line for line in lines if line.strip()] if story.characters else []
    shot.dialogue = [DialogueLine(character="p0", text=line) for line in spoken]
    shot.move, shot.caption = move, caption
    staging = stage(story, shot, size)
    assert staging.panel.size == staging.pose.size == size
    assert np.asarray(staging.panel).std() > 5


def test_twelve_people_and_nobody():
    cast = [
        CastMember(character=f"p{i}", pose=list(Pose)[i], position=list(Position)[i % 5])
        for i in range(12)
    ]
    crowd = shot_of(*cast, size=Size.FULL)
    staging = stage(story_of(crowd), crowd, (256, 256))
    assert len(staging.masks) == len(staging.people) == 12
    assert all(np.asarray(mask).max() > 200 for mask in staging.masks.values())
    empty = shot_of(size=Size.EXTREME_WIDE, caption="Дала")
    staging = stage(story_of(empty), empty, (256, 256))
    assert staging.masks == {} and staging.people == []
    assert np.asarray(staging.background_mask).min() == 255
    assert not np.asarray(staging.pose).any()
    assert np.asarray(staging.panel).std() > 10


def test_the_same_shot_is_the_same_picture():
    shot = shot_of(CastMember(character="p0", emotion=Emotion.SLY), caption="Бір күні")
    story = story_of(shot)
    first, second = stage(story, shot, (200, 200)), stage(story, shot, (200, 200))
    assert first.panel.tobytes() == second.panel.tobytes()
    assert first.pose.tobytes() == second.pose.tobytes()
