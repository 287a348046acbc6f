"""Shot -> Staging: one layout, drawn as a panel and emitted as pose map and masks.

``stage(story, shot)`` blocks the shot once; every picture made of it (panel, OpenPose map,
per-character masks) comes from that one layout, so the real render follows what the artist
judged.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from ..numbering import label
from ..panels import open_panel
from ..story import Drawing, Shot, Story
from .blocking.layout import Layout, lay_out
from .drawing.scenery import weather_of
from .letters.lettering import foreign
from .masks import background_mask, character_masks
from .openpose import draw_pose, to_json, within
from .own import draw_own, fitted
from .panel import draw_clean, draw_panel, of_the_steppe

__all__ = ["STAGING_VERSION", "Layout", "Staging", "stage"]

STAGING_VERSION = 2
"""Raised whenever the same shot would be drawn differently."""


class Staging:
    """One shot, blocked. Pictures are drawn when first asked for, then kept."""

    def __init__(
        self, story: Story, shot: Shot, size: tuple[int, int], panels: Path | None = None
    ) -> None:
        self.story = story
        self.shot = shot
        self.size = size
        self._panels = panels

    @cached_property
    def layout(self) -> Layout:
        """Who stands where, in pixels."""
        return lay_out(self.story, self.shot, self.size)

    @cached_property
    def key(self) -> str:
        """Hex sha256 of everything that decides the panel's pixels."""
        return self._hash("setting", "place", "time", "move", "caption", "dialogue")

    @cached_property
    def blocking_key(self) -> str:
        """Hex sha256 of everything that decides layout, pose map and masks.

        Rewording a caption changes the panel, but not what steers a render.
        """
        return self._hash()

    def _hash(self, *fields: str) -> str:
        speakers = {line.character for line in self.shot.dialogue} if fields else set()
        present = speakers | {member.character for member in self.shot.cast}
        drawn: dict[str, object] = {
            "version": STAGING_VERSION,
            "size": list(self.size),
            "shot": self.shot.model_dump(
                mode="json", include={"size", "angle", "cast", "props", *fields}
            ),
            "characters": [
                character.model_dump(
                    mode="json", include={"id", "name", "look"} if fields else {"id", "look"}
                )
                for character in self.story.characters
                if character.id in present
            ],
        }
        if fields:
            if self.shot.panel:
                drawn["panel"] = self.shot.panel.model_dump(mode="json")
            if not of_the_steppe(self.story):
                drawn["plain"] = True
            drawn["weather"] = weather_of(self.story, self.shot).value
            words = [self.shot.caption, *(line.text for line in self.shot.dialogue)]
            if fonts := sorted({font for text in words for font in foreign(text)}):
                drawn["fonts"] = fonts
            drawn["printed"] = label(self.story, self.shot)
            if self.story.drawing is not Drawing.STORYBOOK:
                drawn["drawing"] = self.story.drawing.value
            drawn["hero"] = self.story.hero.id if self.story.hero else None
        text = json.dumps(drawn, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def people(self) -> list[np.ndarray]:
        """Per character, in cast order: (18, 3) COCO-18 x and y in pixels, confidence."""
        return [within(figure.keypoints, self.size) for figure in self.layout.figures]

    @cached_property
    def pose(self) -> Image.Image:
        """The OpenPose map: RGB."""
        return draw_pose(self.people, self.size)

    @property
    def pose_json(self) -> str:
        """The same poses as OpenPose JSON."""
        return to_json(self.people, self.size)

    @cached_property
    def masks(self) -> dict[str, Image.Image]:
        """Character id -> soft mask ("L"), in cast order."""
        return character_masks(self.layout)

    @cached_property
    def background_mask(self) -> Image.Image:
        """What no character covers ("L"); with :attr:`masks` it adds up to 255 everywhere."""
        return background_mask(self.masks, self.size)

    @cached_property
    def own(self) -> Image.Image | None:
        """The user's own picture of the shot in the size of the staging: RGB. ``None`` if there is
        none, or where its pictures lie is not known.

        :raises InputError: ``picture_unusable`` if it cannot be read.
        """
        if self.shot.panel is None or self._panels is None:
            return None
        return fitted(open_panel(self._panels, self.shot.panel), self.shot.panel, self.size)

    @cached_property
    def panel(self) -> Image.Image:
        """The drawing, or the user's own picture, with what is written on it: RGB, :attr:`size`
        pixels.

        :raises InputError: ``picture_unusable`` if the own picture cannot be read.
        """
        if self.own is not None:
            return draw_own(self.story, self.shot, self.own)
        return draw_panel(self.story, self.shot, self.layout)

    @cached_property
    def clean(self) -> Image.Image:
        """The drawing or own picture alone: no tag, arrows, balloons, caption strip. RGB."""
        if self.own is not None:
            return self.own
        return draw_clean(self.story, self.shot, self.layout)

    @cached_property
    def lines(self) -> Image.Image:
        """The lines of :attr:`clean`, black on white, whatever the story's hand: RGB."""
        return draw_clean(self.story, self.shot, self.layout, Drawing.PENCIL, tones=False)


def stage(
    story: Story, shot: Shot, size: tuple[int, int] | None = None, panels: Path | None = None
) -> Staging:
    """Block one shot.

    :param size: (width, height) in pixels; the story's format by default.
    :param panels: folder of the user's own pictures.
    """
    return Staging(story, shot, size or story.format.pixels, panels)
