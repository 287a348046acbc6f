"""Anybody anywhere: layouts that no combination of cast, pose, size and format may spoil."""

from aldar_storyboard.storyboard import sets
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.staging.lint import Fault, lint_shot
from aldar_storyboard.storyboard.story import (
    Angle,
    BoardFormat,
    Build,
    Bulk,
    CastMember,
    Character,
    Drawing,
    Emotion,
    Facing,
    Hat,
    Kind,
    Look,
    Move,
    Pose,
    Position,
    PropItem,
    PropKind,
    Shot,
    Size,
    Story,
)
from hypothesis import given
from hypothesis import strategies as st

NEVER = {Fault.HEAD_CUT, Fault.MOUTH_OFF_FACE, Fault.TWINS}


@st.composite
def stories(draw):
    """A story of one shot with up to three people, each at a place of their own."""
    places = draw(st.lists(st.sampled_from(Position), max_size=3, unique=True))
    cast = [
        CastMember(
            character=f"p{i}",
            pose=draw(st.sampled_from(Pose)),
            emotion=draw(st.sampled_from(Emotion)),
            facing=draw(st.sampled_from(Facing)),
            position=place,
        )
        for i, place in enumerate(places)
    ]
    looks = st.builds(
        Look,
        kind=st.sampled_from([Kind.PERSON, Kind.CHILD, Kind.ROBOT]),
        build=st.sampled_from(Build),
        hat=st.sampled_from(Hat),
    )
    people = [
        Character(id=m.character, name=m.character, description="somebody", look=draw(looks))
        for m in cast
    ]
    prop = st.builds(
        PropItem,
        kind=st.sampled_from(PropKind),
        label=st.just("Thing"),
        bulk=st.sampled_from([None, *Bulk]),
        position=st.sampled_from(Position),
    )
    shot = Shot(
        number=1,
        place="somewhere",
        action=draw(st.sampled_from(["waits", "speaks to the people"])),
        setting=draw(st.sampled_from(sets.names())),
        size=draw(st.sampled_from(Size)),
        angle=draw(st.sampled_from([Angle.EYE, Angle.LOW, Angle.HIGH, Angle.DUTCH])),
        move=draw(st.sampled_from(Move)),
        cast=cast,
        props=draw(st.lists(prop, max_size=2)),
    )
    return Story(
        title="t",
        logline="l",
        format=draw(st.sampled_from(BoardFormat)),
        drawing=draw(st.sampled_from(Drawing)),
        characters=people,
        shots=[shot],
    )


@given(stories())
def test_no_head_is_cut_no_mouth_leaves_its_face_nobody_is_doubled(story):
    width, height = story.format.pixels
    staging = stage(story, story.shots[0], (width // 4, height // 4))
    assert not [finding for finding in lint_shot(staging) if finding.fault in NEVER]
    assert staging.clean.size == staging.lines.size == staging.panel.size
