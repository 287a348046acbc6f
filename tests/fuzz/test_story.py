"""Story files from strangers."""

from __future__ import annotations

import json
from contextlib import suppress

from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.story import Story
from hypothesis import given
from hypothesis import strategies as st

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
NAMES = st.sampled_from(["title", "logline", "characters", "shots", "axes", "planner", "format"])


@given(st.dictionaries(NAMES, VALUES))
def test_any_json_is_a_story_or_refused(data):
    with suppress(AldarError):
        Story.from_json(json.dumps(data))
