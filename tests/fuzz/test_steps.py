"""Small models, asked in two steps: whatever they say is a story or a planning error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from aldar_storyboard.storyboard.errors import PlanningError
from aldar_storyboard.storyboard.planning.draft.foreign import printable
from aldar_storyboard.storyboard.planning.llm.brief import Form
from aldar_storyboard.storyboard.planning.llm.replies import Reply
from aldar_storyboard.storyboard.planning.llm.steps import MAX_REPAIRS, Steps
from aldar_storyboard.storyboard.story import BoardFormat, Planner, Story
from hypothesis import given
from hypothesis import strategies as st

OUTLINE = {
    "title": "The lamp",
    "characters": [
        {"id": "fox", "name": "Fox", "description": "a red fox"},
        {"id": "owl", "name": "Owl", "description": "an owl"},
    ],
    "shots": [{"place": "wood", "action": f"the fox runs {n}", "caption": f"{n}."} for n in "123"],
}
SHOT = {
    "setting": "steppe",
    "time": "night",
    "size": "MS",
    "angle": "low",
    "cast": [{"character": "fox", "pose": "sneaking", "emotion": "sly"}],
    "props": [{"kind": "fire", "name": "fire"}],
    "dialogue": [{"character": "owl", "text": "Who?"}],
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=30) | st.sampled_from(["fox", "CU"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ANSWERS = st.one_of(
    st.just({"shots": [SHOT]}),
    st.dictionaries(st.sampled_from(list(SHOT)), VALUES).map(lambda d: {"shots": [SHOT | d]}),
    VALUES,
).map(json.dumps) | st.text(max_size=60)
OUTLINES = st.one_of(
    st.just(OUTLINE),
    st.dictionaries(st.sampled_from(list(OUTLINE)), VALUES).map(lambda d: OUTLINE | d),
    VALUES,
).map(json.dumps)


class Model:
    """What stands in for :class:`Endpoint`: it answers, and counts."""

    prompt_tokens = completion_tokens = 1

    def __init__(self, outlines: list[str], shots: Iterator[str]) -> None:
        self.outlines, self.shots, self.asked = outlines, shots, 0

    def start(self) -> None: ...

    def clean(self, text: str) -> str:
        return printable(text)

    def ask(self, model: str, messages: list[dict[str, str]], form: Form) -> Reply:
        self.asked += 1
        json.dumps(form.schema())
        text = self.outlines.pop(0) if form.name == "outline" else next(self.shots)
        return Reply(text, "", False, model)


@given(
    st.lists(OUTLINES, min_size=2, max_size=2),
    st.lists(ANSWERS, min_size=1, max_size=8),
    st.sampled_from([None, 1, 3]),
)
def test_whatever_a_small_model_says_is_a_story_or_a_planning_error(
    outlines: list[str], shots: list[str], frames: int | None
):
    def forever() -> Iterator[str]:
        while True:
            yield from shots

    model: Any = Model(outlines, forever())
    try:
        _, made = Steps(model, "small", "A fox steals a lamp.", frames, None, print).hold()
    except PlanningError as error:
        if error.code != "planning_unusable":
            raise
        return
    story, _ = made.story(
        logline="A fox steals a lamp.",
        format=BoardFormat.SQUARE,
        style="storybook",
        language=None,
        planner=Planner(kind="llm"),
    )
    assert Story.from_json(story.to_json()) == story
    assert model.asked <= 2 + 10 + MAX_REPAIRS
    for shot in story.shots:
        places = [member.position for member in shot.cast]
        assert len(shot.cast) not in (2, 3) or len(set(places)) == len(places)
