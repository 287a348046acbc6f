"""``python -m aldar_storyboard.tools.wall``: draws ``docs/worlds.jpg``, a wall of panels of as many
worlds, each from a logline by the offline planner; the same code draws the same picture.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from ..storyboard.planning import plan
from ..storyboard.staging import stage
from ..storyboard.staging.drawing.ink import Canvas
from ..storyboard.staging.letters.overlays import Strip
from ..storyboard.staging.panel import of_the_steppe
from ..storyboard.story import BoardFormat

WALL = Path(__file__).parents[1] / "docs/worlds.jpg"
WIDTH, GAP = 1600, 6
"""Of the wall, and between its panels; pixels."""
QUALITY = 76


@dataclass(frozen=True)
class Pick:
    """A panel of the wall."""

    board: str
    shot: int
    logline: str


ROWS: tuple[tuple[Pick, ...], ...] = (
    (
        Pick(
            "4:3",
            4,
            "A private detective meets a widow in a rainy street at night and "
            "follows a black car to the harbour.",
        ),
        Pick(
            "1:1",
            3,
            "A knight fights a dragon on a mountain and spares the dragon's egg.",
        ),
        Pick(
            "9:16",
            3,
            "Two sisters hear a ghost in the cellar of an old castle and lock the door.",
        ),
        Pick(
            "16:9",
            6,
            "An astronaut plays chess with a robot in the space station, and the robot cheats.",
        ),
    ),
    (
        Pick(
            "1:1",
            4,
            "A queen gives her crown to a shepherd in the castle.",
        ),
        Pick(
            "4:3",
            4,
            "Мальчик и робот строят ракету в гараже.",
        ),
        Pick(
            "2.39:1",
            2,
            "Two cowboys play cards in a bar until a stranger comes in with a horse.",
        ),
    ),
    (
        Pick(
            "9:16",
            4,
            "Бүркіт пен жас аңшы қыста таудан түлкі іздейді.",
        ),
        Pick(
            "4:3",
            4,
            "Три медведя находят в своём доме девочку, которая спит в их кровати.",
        ),
        Pick(
            "16:9",
            5,
            "A boxer loses the fight but wins her father's respect in the gym.",
        ),
        Pick(
            "1:1",
            3,
            "Детектив допрашивает клоуна в тёмном цирке.",
        ),
    ),
    (
        Pick(
            "2.39:1",
            2,
            "A witch boils a potion in her hut and a crow steals the spoon.",
        ),
        Pick(
            "4:3",
            4,
            "A chef and a mouse cook dinner for the mayor in a cafe.",
        ),
        Pick(
            "1:1",
            3,
            "Два солдата делят последний хлеб в окопе перед боем.",
        ),
    ),
    (
        Pick(
            "16:9",
            6,
            "A businessman misses his train and dances with a cleaner at the station.",
        ),
        Pick(
            "9:16",
            4,
            "A lonely lighthouse keeper writes letters to a mermaid.",
        ),
        Pick(
            "4:3",
            6,
            "A mother elephant carries a monkey across the river.",
        ),
    ),
    (
        Pick(
            "16:9",
            2,
            "Аспаз бала ескі қазанды тауып, ауылға дастарқан жаяды.",
        ),
        Pick(
            "16:9",
            3,
            "A bride runs from the church and hides in a bus full of football fans.",
        ),
        Pick(
            "1:1",
            3,
            "A penguin and a polar bear sail on an ice floe to find the sun.",
        ),
    ),
)
"""From top to bottom; the panels of a row get one height."""


def panel(pick: Pick) -> Image.Image:
    """The drawing with its caption, and no other letters."""
    board = BoardFormat(pick.board)
    story = plan(pick.logline, format=board, planner="offline")
    shot = story.shots[min(pick.shot, len(story.shots)) - 1]
    drawing = stage(story, shot).clean
    canvas, strip = Canvas(drawing.size), Strip(shot, drawing.size)
    canvas.ornate = of_the_steppe(story)
    canvas.image.paste(drawing.resize(canvas.image.size, Image.Resampling.NEAREST))
    with canvas.local(graded=False):
        strip.draw(canvas)
    image = canvas.finish()
    strip.write(image)
    return image


def row(images: list[Image.Image]) -> Image.Image:
    """Panels side by side, as wide as the wall."""
    shapes = [image.width / image.height for image in images]
    room = WIDTH - GAP * (len(images) - 1)
    height = round(room / sum(shapes))
    strip, x = Image.new("RGB", (WIDTH, height), "white"), 0
    for index, (image, shape) in enumerate(zip(images, shapes, strict=True)):
        wide = WIDTH - x if index == len(images) - 1 else round(height * shape)
        strip.paste(image.resize((wide, height), Image.Resampling.LANCZOS), (x, 0))
        x += wide + GAP
    return strip


def draw() -> Image.Image:
    """The wall: RGB, :data:`WIDTH` pixels wide."""
    rows = [row([panel(pick) for pick in picks]) for picks in ROWS]
    height = sum(each.height for each in rows) + GAP * (len(rows) - 1)
    wall, y = Image.new("RGB", (WIDTH, height), "white"), 0
    for each in rows:
        wall.paste(each, (0, y))
        y += each.height + GAP
    return wall


def main(arguments: list[str]) -> None:
    """Draw it into ``docs`` or into the file that is named."""
    path = Path(arguments[0]) if arguments else WALL
    path.parent.mkdir(parents=True, exist_ok=True)
    draw().save(path, quality=QUALITY, optimize=True, progressive=True)


if __name__ == "__main__":
    main(sys.argv[1:])
