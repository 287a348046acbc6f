"""Golden pictures: what a change to the drawing changes, someone has to look at.

Renew them with ``python tests/unit/test_staging_golden.py``, look at every picture, and raise
``STAGING_VERSION``.

Tolerance: type is rasterised by whatever FreeType Pillow brings, and edges by its polygon code, so
a picture may differ by 2.0 grey levels on average and by more than 40 in at most 2 % of the pixels.
"""

from pathlib import Path

import numpy as np
import pytest
from aldar_storyboard.storyboard.staging import Staging, stage
from aldar_storyboard.storyboard.story import (
    CastMember,
    Character,
    DialogueLine,
    Look,
    PropItem,
    Shot,
    Story,
)
from PIL import Image

GOLDEN = Path(__file__).parent / "test_staging_golden"
MEAN, FAR, SHARE = 2.0, 40, 0.02

ALDAR = Character(
    id="aldar",
    name="Алдар Көсе",
    description="a lean trickster",
    look=Look(build="lean", hat="pointed", garment="chapan", colour="#3f6f8f", trim="#e0b64c"),
)
BAI = Character(
    id="bai",
    name="Бай",
    description="a rich man",
    look=Look(
        build="round", hat="fur", beard="full", garment="chapan", colour="#8e2f2f", trim="#d9a93c"
    ),
)


def member(who, pose, emotion, facing, position):
    return CastMember(character=who, pose=pose, emotion=emotion, facing=facing, position=position)


SHOTS = {
    "close_up": Shot(
        number=1,
        place="the steppe",
        setting="steppe",
        action="grins",
        size="CU",
        time="dawn",
        cast=[member("aldar", "standing", "sly", "front", "center")],
        caption="Алдар Көсе айла ойлап тапты.",
    ),
    "two_shot": Shot(
        number=2,
        place="a village",
        action="points",
        setting="aul",
        size="MS",
        cast=[
            member("aldar", "pointing", "laughing", "front_right", "left"),
            member("bai", "hand_on_chin", "greedy", "front_left", "right"),
        ],
        props=[PropItem(kind="horse")],
        dialogue=[DialogueLine(character="aldar", text="Вон там золото!")],
        move="push_in",
    ),
    "night": Shot(
        number=3,
        place="a lonely hill",
        setting="steppe",
        action="digs",
        size="FS",
        time="night",
        angle="high",
        cast=[member("bai", "digging", "afraid", "front_left", "center")],
        props=[PropItem(kind="chest", position="right", depth="foreground")],
    ),
    "ride": Shot(
        number=4,
        place="the snowy mountains",
        action="rides",
        setting="mountains",
        size="WS",
        time="sunset",
        cast=[member("aldar", "riding", "happy", "right", "left")],
        move="track_right",
    ),
    "indoors": Shot(
        number=5,
        place="a yurt",
        action="eats",
        setting="yurt_inside",
        size="MLS",
        angle="dutch",
        cast=[
            member("aldar", "playing_dombra", "happy", "front_right", "left"),
            member("bai", "eating", "surprised", "front_left", "right"),
        ],
    ),
}


def staging(name: str) -> Staging:
    shot = SHOTS[name].model_copy(update={"label": str(SHOTS[name].number)})
    story = Story(
        title="t",
        logline="l",
        characters=[ALDAR, BAI],
        shots=[shot.model_copy(update={"number": 1})],
    )
    return stage(story, shot, (208, 208))


def picture(name: str) -> Image.Image:
    if name == "two_shot_pose":
        return staging("two_shot").pose
    if name == "two_shot_masks":
        two = staging("two_shot")
        return Image.merge("RGB", (*two.masks.values(), two.background_mask))
    return staging(name).panel


NAMES = [*SHOTS, "two_shot_pose", "two_shot_masks"]


@pytest.mark.parametrize("name", NAMES)
def test_picture_is_the_golden_one(name):
    new = np.asarray(picture(name)).astype(int)
    with Image.open(GOLDEN / f"{name}.png") as image:
        old = np.asarray(image.convert("RGB")).astype(int)
    assert new.shape == old.shape
    apart = np.abs(new - old)
    assert apart.mean() <= MEAN
    assert (apart.max(axis=2) > FAR).mean() <= SHARE


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for title in NAMES:
        picture(title).save(GOLDEN / f"{title}.png", optimize=True)
