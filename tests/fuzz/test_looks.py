"""Any look in any pose, from any side, in any shot size can be drawn, and keeps its head in it."""

import numpy as np
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.story import (
    Age,
    Beard,
    Build,
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
    PropKind,
    Sex,
    Shot,
    Size,
    Story,
)
from hypothesis import given
from hypothesis import strategies as st

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
looks = st.builds(
    Look,
    kind=st.sampled_from(Kind),
    species=st.none() | st.sampled_from(PropKind),
    sex=st.sampled_from(Sex),
    age=st.sampled_from(Age),
    build=st.sampled_from(Build),
    skin=colours,
    hair=st.sampled_from(Hair),
    hair_colour=colours,
    glasses=st.booleans(),
    beard=st.sampled_from(Beard),
    hat=st.sampled_from(Hat),
    garment=st.sampled_from(Garment),
    colour=colours,
    trim=colours,
)
members = st.builds(
    CastMember,
    character=st.just("p"),
    pose=st.sampled_from(Pose),
    emotion=st.sampled_from(Emotion),
    facing=st.sampled_from(Facing),
)


@given(looks, members, st.sampled_from(Size))
def test_anybody_is_drawn(look, member, size):
    story = Story(
        title="t",
        logline="l",
        characters=[Character(id="p", name="P", description="x", look=look)],
        shots=[Shot(number=1, place="here", action="is", size=size, cast=[member])],
    )
    staging = stage(story, story.shots[0], (120, 96))
    (figure,) = staging.layout.figures
    assert np.isfinite(figure.box).all() and np.isfinite(figure.face).all()
    middle = (figure.face[0] + figure.face[2]) / 2, (figure.face[1] + figure.face[3]) / 2
    assert 0 <= middle[0] <= 120 and 0 <= middle[1] <= 96
    assert np.asarray(staging.panel).std() > 5
    assert np.asarray(staging.masks["p"]).max() > 0
    assert np.asarray(staging.pose).any() or look.kind is Kind.ANIMAL
