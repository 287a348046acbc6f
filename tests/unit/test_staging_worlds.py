"""Panels of other worlds than the steppe: their ornament, and how large and how near things are."""

import math
from itertools import product

import numpy as np
import pytest
from aldar_storyboard.storyboard import sets
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.staging.blocking.layout import lay_out
from aldar_storyboard.storyboard.staging.blocking.measures import PROPS, measure
from aldar_storyboard.storyboard.staging.blocking.things import back_wall
from aldar_storyboard.storyboard.staging.panel import of_the_steppe
from aldar_storyboard.storyboard.story import (
    Angle,
    CastMember,
    Character,
    Look,
    PropItem,
    PropKind,
    Shot,
    Size,
    Story,
)

INSIDE = [name for name in sets.names() if sets.named(name).inside]


def told(look=None, cast=True, **fields):
    member = [CastMember(character="p", **fields.pop("member", {}))] if cast else []
    shot = Shot(number=1, place="here", action=fields.pop("action", "is"), cast=member, **fields)
    people = [Character(id="p", name="P", description="x", look=look or Look())]
    return Story(title="t", logline="l", characters=people, shots=[shot])


@pytest.mark.parametrize(
    ("story", "steppe"),
    [
        (told(setting="street"), False),
        (told(setting="aul"), True),
        (told(Look(garment="chapan"), setting="street"), True),
        (told(Look(hat="kimeshek"), setting="street"), True),
        (told(setting="field", props=[PropItem(kind="yurt")]), True),
    ],
)
def test_the_steppes_ornament_is_for_the_steppes_stories(story, steppe):
    """Every caption, door and saddle blanket of every story bore the ram's horn."""
    assert of_the_steppe(story) is steppe
    captioned = story.shots[0].model_copy(update={"caption": "A caption."})
    story = story.model_copy(update={"shots": [captioned]})
    panel = np.asarray(stage(story, captioned, (896, 512)).panel).astype(int)
    corner = panel[-28:-4, :48]
    red = (corner[..., 0] > corner[..., 1] + 60).sum()
    assert bool(red > 8) is steppe


@pytest.mark.parametrize("kind", [k for k in PropKind if PROPS[k].held])
def test_what_is_held_leaves_the_face_free(kind):
    """A map, a clock and a kite hid who held them."""
    panels = []
    for props in ([], [PropItem(kind=kind, held_by="p")]):
        story = told(size=Size.MEDIUM, props=props, member={"pose": "holding"})
        (figure,) = lay_out(story, story.shots[0], (192, 192)).figures
        panels.append(stage(story, story.shots[0], (192, 192)).panel)
    left, top, right, bottom = (round(side) for side in figure.face)
    inset = round((right - left) * 0.15)
    box = (left + inset, top, right - inset, round(bottom - (bottom - top) * 0.12))
    empty, full = (np.asarray(panel.crop(box)).astype(int) for panel in panels)
    assert (np.abs(empty - full).max(axis=2) > 30).mean() < 0.25


@pytest.mark.parametrize("name", INSIDE)
def test_nothing_stands_behind_the_wall_of_a_room(name):
    """A horse stood on the bar, and a crowd on the bookshelves."""
    for size, angle in ((Size.EXTREME_WIDE, Angle.HIGH), (Size.FULL, Angle.EYE)):
        props = [PropItem(kind="horse"), PropItem(kind="bed")]
        story = told(setting=name, size=size, angle=angle, props=props, action="people watch")
        layout = lay_out(story, story.shots[0], (336, 192))
        wall = back_wall(name, layout.camera)
        assert 1.2 < wall < math.inf
        assert all(thing.depth <= wall for thing in layout.things)
        assert all(figure.depth <= wall for figure in layout.extras)


def test_a_name_tells_how_large_an_animal_is():
    whale, fish = (measure(PropItem(kind="fish", name=n)) for n in ("a blue whale", "goldfish"))
    assert fish == PROPS[PropKind.FISH]
    assert whale.width > 5 * fish.width and whale.behind
    story = told(setting="beach", size=Size.FULL, props=[PropItem(kind="fish", name="whale")])
    layout = lay_out(story, story.shots[0], (336, 192))
    (thing,), (man,) = layout.things, layout.figures
    assert thing.box[2] - thing.box[0] > man.box[2] - man.box[0]


@pytest.mark.parametrize("name", INSIDE)
def test_people_in_the_widest_shot_of_a_room_are_no_ants(name):
    story = told(setting=name, size=Size.EXTREME_WIDE)
    (figure,) = lay_out(story, story.shots[0], (336, 192)).figures
    assert figure.box[3] - figure.box[1] > 0.28 * 192


@pytest.mark.parametrize("kind", ["thing", "letter", "book", "house", "boat", "car"])
@pytest.mark.parametrize("angle", [Angle.EYE, Angle.HIGH, Angle.TOP, Angle.LOW])
def test_a_thing_alone_is_whole_in_the_frame(kind, angle):
    """Filmed from above it hung half under the caption."""
    for pixels, size in product(((336, 192), (192, 336), (256, 256)), Size):
        story = told(cast=False, setting="field", size=size, angle=angle, props=[{"kind": kind}])
        layout = lay_out(story, story.shots[0], pixels)
        (thing,) = layout.things
        left, top, right, bottom = thing.box
        assert left > -2 and right < pixels[0] + 2
        assert top > -2 and bottom < layout.floor + 2
