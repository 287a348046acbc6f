"""The staging nodes on the real ComfyUI: what they give, and what of it decides a take."""

from __future__ import annotations

import json

import pytest
from aldar_storyboard.runner.run.graph import Graph
from aldar_storyboard.storyboard.errors import RunnerError
from aldar_storyboard.storyboard.planning import load_shipped
from aldar_storyboard.storyboard.staging import stage
from PIL import Image


def node(kind, title="", **inputs):
    return {"class_type": kind, "inputs": inputs, "_meta": {"title": title or kind}}


def graph(board, story, slot, **staging):
    """A board whose frames are output ``slot`` of the staging node."""
    return Graph(
        {
            "1": node("AldarLoadStory", json=story.to_json()),
            "2": node("AldarFramesOpen", story=["1", 0], board=board, seed=42, retries=0),
            "3": node("AldarStaging", take=["2", 1], **staging),
            "7": node("AldarFramesClose", flow=["2", 0], image=["3", slot]),
            "8": node("AldarExportBoard", board=["7", 0], pipeline="staging"),
        },
        "staging",
    )


@pytest.fixture(scope="module")
def story():
    """Two shots of the shipped tale, small enough to be quick."""
    tale = load_shipped("medium")
    return tale.model_copy(update={"shots": tale.shots[:2]})


def frame(comfy, board, number=1):
    with Image.open(comfy.output / board / f"frames/frame_{number:03d}.png") as image:
        return image.convert("RGB")


@pytest.mark.parametrize(("slot", "picture"), [(0, "panel"), (1, "pose")])
def test_the_pictures_are_those_of_the_staging(comfy, story, slot, picture):
    comfy.run(graph(f"staging-{picture}", story, slot))
    for shot in story.shots:
        drawn = getattr(stage(story, shot), picture)
        assert frame(comfy, f"staging-{picture}", shot.number).tobytes() == drawn.tobytes()


def test_a_picture_of_ones_own_replaces_the_pose_map(comfy, story):
    own = graph("staging-own", story, 1, own_pose=["9", 0])
    own.nodes["9"] = node("EmptyImage", width=320, height=200, batch_size=1, color=0x204060)
    comfy.run(own)
    assert frame(comfy, "staging-own").size == story.format.pixels
    assert frame(comfy, "staging-own").getpixel((5, 5)) == (0x20, 0x40, 0x60)


def test_masks_of_ones_own_fit_the_frame_and_leave_the_rest_to_the_background(comfy, story):
    """The left half of a picture of another size; the background is the right one."""
    for slot, bright in ((2, 0), (3, 1)):
        own = graph(f"staging-masks-{slot}", story, 0, own_masks=["12", 0])
        own.nodes |= {
            "9": node("SolidMask", value=0.0, width=300, height=100),
            "10": node("SolidMask", value=1.0, width=150, height=100),
            "12": node(
                "MaskComposite",
                destination=["9", 0],
                source=["10", 0],
                x=0,
                y=0,
                operation="add",
            ),
            "13": node("MaskToImage", mask=["3", slot]),
        }
        own.nodes["7"]["inputs"]["image"] = ["13", 0]
        comfy.run(own)
        shown = frame(comfy, f"staging-masks-{slot}")
        width, height = story.format.pixels
        assert shown.size == (width, height)
        halves = [shown.getpixel((x, height // 2))[0] for x in (width // 8, width - width // 8)]
        assert halves[bright] == 255
        assert halves[1 - bright] == 0


def masked(comfy, story, character: str):
    """(lowest, highest) value of a character's mask in the first frame."""
    made = graph("staging-mask", story, 1)
    made.nodes["2"]["inputs"]["board"] = f"staging-mask-{character or 'hero'}"
    made.nodes["4"] = node("AldarMask", take=["2", 1], character=character)
    made.nodes["5"] = node("MaskToImage", mask=["4", 0])
    made.nodes["7"]["inputs"]["image"] = ["5", 0]
    comfy.run(made)
    return frame(comfy, made.nodes["2"]["inputs"]["board"]).getextrema()[0]


def test_who_is_not_in_the_shot_has_an_empty_mask(comfy, story):
    hero, bai, *_ = (character.id for character in story.characters)
    assert [member.character for member in story.shots[0].cast] == [hero]
    assert masked(comfy, story, "") == masked(comfy, story, "1") == (0, 255)
    assert masked(comfy, story, bai) == masked(comfy, story, "2") == (0, 0)
    assert masked(comfy, story, "19") == (0, 0)


def test_a_name_the_story_does_not_know_is_refused(comfy, story):
    with pytest.raises(RunnerError, match="no character 'nobody'; it has aldar"):
        masked(comfy, story, "nobody")


def test_a_new_caption_changes_the_panel_but_not_the_pose(comfy, story):
    takes = {}
    for slot in (0, 1):
        for wording in ("", "Another caption."):
            edited = story.model_copy(deep=True)
            edited.shots[0].caption = wording or edited.shots[0].caption
            comfy.run(graph(f"staging-words-{slot}", edited, slot))
            board = json.loads((comfy.output / f"staging-words-{slot}/board.json").read_text())
            takes[slot, wording] = board["frames"][0]["take"]
    assert takes[0, ""] != takes[0, "Another caption."]
    assert takes[1, ""] == takes[1, "Another caption."]
