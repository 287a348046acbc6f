"""The panel of a shot whose picture the user brought."""

from __future__ import annotations

import math

from PIL import Image, ImageOps

from ..numbering import label
from ..story import OwnPanel, Shot, Story
from .drawing.ink import Canvas
from .letters.overlays import Strip, Tag
from .panel import of_the_steppe

GROUND = "#d8d2c6"
"""What a picture of another shape is laid on: the grey of a mat board."""
_SLIVER = 0.03


def boxed(picture: tuple[int, int], size: tuple[int, int]) -> bool:
    """Whether a picture leaves visible bars in a frame. :param size: (width, height) of each."""
    shape = picture[0] * size[1] / (picture[1] * size[0])
    return abs(math.log(shape)) > _SLIVER


def fitted(picture: Image.Image, panel: OwnPanel, size: tuple[int, int]) -> Image.Image:
    """The picture in the board's shape: RGB, ``size`` pixels.

    One of nearly that shape (16:9 is 1.78, and the board's frames are 1.75) loses a sliver rather
    than to get bars.
    """
    resample = Image.Resampling.LANCZOS
    if panel.fit == "cover" or not boxed(picture.size, size):
        return ImageOps.fit(picture, size, resample)
    return ImageOps.pad(picture, size, resample, color=GROUND)


def draw_own(story: Story, shot: Shot, picture: Image.Image) -> Image.Image:
    """A fitted picture with the badge and the strip of a drawn panel; the strip tells the dialogue
    too, for nobody knows where a balloon would not cover a face.

    :param picture: RGB; left as it is.
    """
    size = picture.size
    spoken = [f"{story.character(d.character).name}: {d.text}" for d in shot.dialogue]
    told = shot.model_copy(update={"caption": " — ".join(filter(None, (shot.caption, *spoken)))})
    tag, strip = Tag(shot, size, label(story, shot)), Strip(told, size)
    canvas = Canvas(size)
    canvas.ornate = of_the_steppe(story)
    large = picture.resize(canvas.image.size, Image.Resampling.NEAREST)
    canvas.image.paste(large)
    with canvas.local(graded=False):
        tag.draw(canvas)
        strip.draw(canvas)
    image = canvas.finish()
    tag.write(image)
    strip.write(image)
    return image
