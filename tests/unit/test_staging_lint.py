"""The staging lint: shipped boards are clean, and every kind of fault is seen where it is made."""

from dataclasses import replace

import pytest
from aldar_storyboard.storyboard.planning import SHIPPED, load_shipped
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.staging.lint import Fault, lint, lint_shot
from aldar_storyboard.storyboard.story import (
    CastMember,
    Character,
    Look,
    PropItem,
    Shot,
    Story,
)

SIZE = (448, 448)


def story_of(*cast, looks=(), board="1:1", **fields):
    characters = [
        Character(id=member.character, name=member.character, description="somebody", look=look)
        for member, look in zip(
            cast, looks or [Look(colour=f"#{40 + 30 * i:02x}7090") for i in range(len(cast))]
        )
    ]
    values = {"number": 1, "place": "a street", "action": "waits", "size": "FS"}
    shot = Shot(cast=list(cast), **(values | fields))
    return Story(title="t", logline="l", format=board, characters=characters, shots=[shot])


def staged(story):
    return stage(story, story.shots[0], SIZE)


def pair(pose="standing", **fields):
    return story_of(
        CastMember(character="ann", pose=pose, position="left"),
        CastMember(character="ben", pose=pose, position="right"),
        **fields,
    )


def faults(staging):
    return {(finding.fault, finding.who) for finding in lint_shot(staging)}


def with_figures(staging, *figures):
    staging.layout = replace(staging.layout, figures=tuple(figures))
    return staging


def moved(figure, x=0.0, y=0.0):
    """The figure elsewhere on the picture."""

    def shift(box):
        return box[0] + x, box[1] + y, box[2] + x, box[3] + y

    return replace(
        figure,
        frame=figure.frame._replace(c=figure.frame.c + x, f=figure.frame.f + y),
        keypoints=figure.keypoints + (x, y, 0),
        box=shift(figure.box),
        head=shift(figure.head),
        face=shift(figure.face),
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_story_is_clean(name):
    assert lint(load_shipped(name)) == []


def test_two_who_stand_and_wait_are_clean():
    assert faults(staged(pair())) == set()


def test_a_head_out_of_the_frame_is_found():
    staging = staged(pair())
    ann, ben = staging.layout.figures
    cut = with_figures(staging, moved(ann, y=-ann.head[3]), ben)
    assert (Fault.HEAD_CUT, "ann") in faults(cut)


def test_somebody_out_of_the_picture_is_missing():
    staging = staged(pair())
    ann, ben = staging.layout.figures
    assert (Fault.MISSING, "ben") in faults(with_figures(staging, ann, moved(ben, x=600)))


def test_a_face_behind_somebody_is_covered_and_the_figure_overlapped():
    staging = staged(pair())
    ann, ben = staging.layout.figures
    near = replace(moved(ben, x=ann.head[0] - ben.head[0]), depth=0.9)
    found = faults(with_figures(staging, ann, near))
    assert {(Fault.FACE_COVERED, "ann"), (Fault.OVERLAP, "ann")} <= found


def test_partners_apart_are_found():
    staging = staged(pair("embracing"))
    assert faults(staging) == set()
    ann, ben = staging.layout.figures
    assert (Fault.APART, "ann") in faults(with_figures(staging, moved(ann, x=-200), ben))


def test_a_beheaded_animal_is_found():
    story = story_of(
        CastMember(character="ann", position="left"), props=[PropItem(kind="horse")], size="FS"
    )
    staging = staged(story)
    assert faults(staging) == set()
    (horse,) = staging.layout.things
    away = replace(horse, box=(horse.box[0] + 600, horse.box[1], horse.box[2] + 600, horse.box[3]))
    staging.layout = replace(staging.layout, things=(away,))
    assert (Fault.ANIMAL_CUT, "horse") in faults(staging)


def test_an_action_without_anybody_is_found():
    story = story_of(action="she leaps from roof to roof")
    assert (Fault.NOBODY, "") in faults(staged(story))
    assert faults(staged(story_of(action="rain falls"))) <= {(Fault.EMPTY, "")}


def test_doubles_are_found_unless_they_are_twins():
    staging = staged(pair(looks=[Look(), Look(hat="cap")]))
    ann, ben = staging.layout.figures
    assert (Fault.TWINS, "ben") in faults(with_figures(staging, ann, replace(ben, look=ann.look)))
    staging.story.characters[1].description = "her twin brother"
    assert (Fault.TWINS, "ben") not in faults(staging)


def test_a_crowd_of_one_is_found():
    story = story_of(CastMember(character="ann"), action="Ann speaks to the crowd", size="WS")
    staging = staged(story)
    assert len(staging.layout.extras) >= 5
    assert faults(staging) == set()
    staging.layout = replace(staging.layout, extras=())
    assert (Fault.NO_CROWD, "crowd") in faults(staging)


def test_a_finding_tells_the_shot_and_how_much():
    staging = staged(pair())
    ann, ben = staging.layout.figures
    findings = lint_shot(with_figures(staging, moved(ann, y=-ann.head[3]), ben))
    cut = next(finding for finding in findings if finding.fault is Fault.HEAD_CUT)
    assert cut.shot == 1 and 0.9 < cut.share <= 1.0
