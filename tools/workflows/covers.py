"""What the workflows look like in a list, and pictures that carry them.

``<name>.jpg`` is what ComfyUI's template browser shows. ``png/<name>.png`` is the same picture
with the workflow inside: dropped on the canvas, it opens (mission row S0.5). The pictures are
drawn by the staging, as no picture of a model's can be shipped: what a workflow steers with, not
what it renders.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from ...storyboard import heroes
from ...storyboard.planning.matrix.quick_test import plan_identity_test
from ...storyboard.planning.matrix.variations import plan_variations
from ...storyboard.staging import stage
from ...storyboard.staging.letters.lettering import LABEL, TEXT, font
from ...storyboard.story import Move, Shot, Story
from .graph import Graph

SIDE, BAND, GAP = 768, 112, 8
PAPER, INK, SOFT = "#26211c", "#f6f1e7", "#b8ab98"
STORIES = Path(__file__).parents[2] / "storyboard" / "stories"


def panels(story: Story, numbers: Sequence[int]) -> list[Image.Image]:
    """The drawn panels of some shots, without their words."""
    return [stage(story, _wordless(story.shots[number - 1])).panel for number in numbers]


def steering(story: Story, number: int) -> list[Image.Image]:
    """What leads one shot: the panel, its pose map, the mask of each of two characters."""
    staged = stage(story, _wordless(story.shots[number - 1]))
    masks = [mask.convert("RGB") for mask in staged.masks.values()]
    return [staged.panel, staged.pose, *masks[:2]]


def _wordless(shot: Shot) -> Shot:
    return shot.model_copy(update={"caption": "", "dialogue": [], "move": Move.STATIC})


def _tale(name: str) -> Story:
    return Story.load(STORIES / f"{name}.json")


def _matrix() -> list[Image.Image]:
    hero = heroes.lead()
    story = plan_variations(
        hero.title, "", "", "\n".join(hero.outfits), "\n".join(hero.places), "\n".join(hero.poses)
    )
    cells = [25 * outfit + 6 * place + 1 for outfit in range(3) for place in (0, 2, 4)]
    return panels(story, cells)


COVERS: dict[str, tuple[str, str, Callable[[], list[Image.Image]]]] = {
    "storyboard_draft": (
        "Storyboard: draft",
        "A board without any model",
        lambda: panels(_tale("medium"), (1, 3, 4, 6)),
    ),
    "storyboard_simple": (
        "Storyboard: simple",
        "SDXL + the character's LoRA",
        lambda: panels(_tale("simple"), (1, 3, 4, 6)),
    ),
    "storyboard_guided": (
        "Storyboard: guided",
        "Frame 1 leads: FaceID, pose, masks",
        lambda: steering(_tale("simple"), 3),
    ),
    "sd15_faceid": (
        "FaceID on SD 1.5",
        "One picture of a face, any scene",
        lambda: panels(_tale("complex"), (1, 3, 5, 9)),
    ),
    "variations_5x5x5": ("Variations 5 x 5 x 5", "Outfits, places, poses", _matrix),
    "identity_quick_test": (
        "Identity: quick test",
        "Five frames, one verdict",
        lambda: panels(plan_identity_test("Aldar Köse", "", ""), (1, 2, 3, 4)),
    ),
}
"""Workflow -> title, subtitle, tiles."""


def cover(name: str) -> Image.Image:
    """The picture of a workflow, RGB, 768 x 768 pixels."""
    title, subtitle, tiles = COVERS[name]
    page = Image.new("RGB", (SIDE, SIDE), PAPER)
    drawn = tiles()
    columns = round(len(drawn) ** 0.5)
    width = (SIDE - GAP * (columns + 1)) // columns
    height = (SIDE - BAND - GAP * (columns + 1)) // columns
    for place, tile in enumerate(drawn):
        row, column = divmod(place, columns)
        cut = _filling(tile, width, height)
        page.paste(cut, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    pen = ImageDraw.Draw(page)
    pen.text((24, SIDE - BAND + 10), title, INK, font(LABEL, 44))
    pen.text((24, SIDE - BAND + 64), subtitle, SOFT, font(TEXT, 28))
    return page


def _filling(tile: Image.Image, width: int, height: int) -> Image.Image:
    """A picture in another shape: its middle across, its upper part down, where the heads are."""
    scale = max(width / tile.width, height / tile.height)
    size = round(tile.width * scale), round(tile.height * scale)
    left = (size[0] - width) // 2
    whole = tile.resize(size, Image.Resampling.LANCZOS)
    return whole.crop((left, 0, left + width, height))


def write(graph: Graph, folder: Path) -> None:
    """Write the pictures of a workflow into the workflows folder."""
    picture = cover(graph.name)
    picture.save(folder / f"{graph.name}.jpg", quality=84, optimize=True)
    info = PngInfo()
    info.add_text("workflow", json.dumps(graph.canvas()))
    info.add_text("prompt", json.dumps(graph.api()))
    buffer = io.BytesIO()
    small = picture.resize((SIDE // 2, SIDE // 2), Image.Resampling.LANCZOS)
    small.quantize(128).save(buffer, "PNG", pnginfo=info, optimize=True)
    (folder / "png").mkdir(exist_ok=True)
    (folder / "png" / f"{graph.name}.png").write_bytes(buffer.getvalue())
