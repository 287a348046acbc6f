"""``python training/dataset.py check``: what it says of folders with one thing wrong."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

SCRIPT = Path(__file__).parents[2] / "training" / "dataset.py"
CAPTION = "aldar_kose_man laughs in the steppe."
SIDE = 64
"""Pixels of the test pictures, and the resolution they are checked for."""


def load():
    spec = importlib.util.spec_from_file_location("training_dataset", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


dataset = load()


def picture(number: int, mode: str = "RGB", side: int = SIDE) -> Image.Image:
    """Like no picture of another number."""
    made = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(made)
    for bit in range(16):
        if (number * 40503 + 12345) >> bit & 1:
            x, y = bit % 4 * side // 4, bit // 4 * side // 4
            draw.rectangle((x, y, x + side // 4 - 1, y + side // 4 - 1), fill="black")
    return made.convert(mode)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty good images with captions."""
    for number in range(20):
        add(tmp_path, number)
    return tmp_path


def add(folder: Path, number: int, caption: str | None = CAPTION, mode: str = "RGB") -> Path:
    path = folder / f"aldar_{number:02}.png"
    picture(number, mode).save(path)
    if caption is not None:
        path.with_suffix(".txt").write_text(caption, "utf-8")
    return path


def check(folder: Path, **more) -> list[str]:
    return [str(finding) for finding in dataset.check(folder, resolution=SIDE, **more)]


def test_a_good_folder_has_no_findings(folder: Path):
    assert check(folder) == []


def blank_caption(folder: Path) -> None:
    (folder / "aldar_00.txt").write_text("\n" + CAPTION)


def no_caption(folder: Path) -> None:
    (folder / "aldar_00.txt").unlink()


def no_trigger(folder: Path) -> None:
    (folder / "aldar_00.txt").write_text("a man laughs")


def two_lines(folder: Path) -> None:
    (folder / "aldar_00.txt").write_text(f"{CAPTION}\nEvening sun.")


def not_utf8(folder: Path) -> None:
    (folder / "aldar_00.txt").write_bytes("Алдар Косе".encode("cp1251"))


def too_small(folder: Path) -> None:
    picture(0, side=SIDE - 1).save(folder / "aldar_00.png")


def transparent(folder: Path) -> None:
    picture(0, "RGBA").save(folder / "aldar_00.png")


def grey(folder: Path) -> None:
    picture(0, "L").save(folder / "aldar_00.png")


def turned(folder: Path) -> None:
    exif = Image.Exif()
    exif[dataset.ORIENTATION] = 6
    picture(0).save(folder / "aldar_00.png", exif=exif)


def damaged(folder: Path) -> None:
    whole = (folder / "aldar_00.png").read_bytes()
    (folder / "aldar_00.png").write_bytes(whole[: len(whole) // 2])


def twice(folder: Path) -> None:
    picture(1).save(folder / "aldar_00.png")


def same_stem(folder: Path) -> None:
    picture(30).save(folder / "aldar_00.jpg")


def mixed_case(folder: Path) -> None:
    (folder / "aldar_00.png").rename(folder / "aldar_00.Png")


def inside(folder: Path) -> None:
    (folder / "10_aldar man").mkdir()
    picture(30).save(folder / "10_aldar man" / "a.png")


def postscript(folder: Path):
    (folder / "aldar_00.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")


def cut_chunk(folder: Path):
    cut = Path(__file__).parents[1] / "data" / "pictures" / "refs_broken" / "cut_chunk.png"
    (folder / "aldar_00.png").write_bytes(cut.read_bytes())


def giant(folder: Path):
    Image.new("1", (8200, 8200)).save(folder / "aldar_00.png")


@pytest.mark.parametrize(
    ("spoil", "file", "says"),
    [
        (no_caption, "aldar_00.png", "has no caption: write aldar_00.txt"),
        (blank_caption, "aldar_00.txt", "nothing in its first line"),
        (no_trigger, "aldar_00.txt", "trigger word aldar_kose_man"),
        (two_lines, "aldar_00.txt", "only the first is read"),
        (not_utf8, "aldar_00.txt", "not UTF-8"),
        (too_small, "aldar_00.png", "is 63 x 63: its shorter side must have 64"),
        (transparent, "aldar_00.png", "transparency (RGBA)"),
        (grey, "aldar_00.png", "is L, not RGB"),
        (turned, "aldar_00.png", "turned by its EXIF data"),
        (postscript, "aldar_00.png", "cannot be read as an image"),
        (cut_chunk, "aldar_00.png", "cannot be read as an image"),
        (giant, "aldar_00.png", "has over 67 megapixels"),
        (damaged, "aldar_00.png", "cannot be read as an image"),
        (twice, "aldar_01.png", "is the same picture as aldar_00.png"),
        (same_stem, "aldar_00.jpg", "has the same name as aldar_00.png"),
        (mixed_case, "aldar_00.Png", "write the ending as .png"),
        (inside, "10_aldar man", "is a folder with images, which are not read"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_one_thing_wrong_is_one_thing_to_mend(
    folder: Path, spoil: Callable[[Path], None], file: str, says: str
):
    spoil(folder)
    (finding,) = check(folder)
    assert finding.startswith(f"mend  {file}: ") and says in finding


def test_a_caption_without_an_image_is_only_noted(folder: Path):
    (folder / "notes.txt").write_text("to do")
    assert check(folder) == ["note  notes.txt: is a caption without an image"]


def test_a_resized_copy_is_only_noted(folder: Path):
    picture(0).resize((SIDE + 16, SIDE + 16)).save(folder / "copy.jpg")
    (folder / "copy.txt").write_text(CAPTION)
    (finding,) = check(folder)
    assert finding.startswith("note  copy.jpg: looks nearly like aldar_00.png")


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (0, "mend  0 images; a character needs at least 5"),
        (4, "mend  4 images; a character needs at least 5"),
        (5, "note  5 images are few: use configs/few_images_dataset.toml"),
        (15, "note  15 images are few"),
        (40, "note  40 images make 8000 steps of configs/kohya_s43.toml; with num_repeats = 5"),
    ],
)
def test_the_number_of_images_is_judged(tmp_path: Path, number: int, says: str):
    for place in range(number):
        add(tmp_path, place)
    (finding,) = check(tmp_path)
    assert finding.startswith(says)


def test_regularisation_images_need_no_caption_and_no_trigger(tmp_path: Path):
    for number in range(20):
        add(tmp_path, number, caption=None)
    add(tmp_path, 0, caption="a man")
    assert check(tmp_path, trigger="") == []


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def test_the_command_says_ready(folder: Path):
    done = run(folder, "--resolution", str(SIDE))
    assert (done.returncode, done.stdout) == (0, "ready to train\n")


def test_the_command_lists_what_to_mend_first(folder: Path):
    (folder / "aldar_07.txt").unlink()
    (folder / "aa.txt").write_text("to do")
    done = run(folder, "--resolution", str(SIDE))
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "mend  aldar_07.png: has no caption: write aldar_07.txt",
        "note  aa.txt: is a caption without an image",
        "1 to mend before training",
    ]


def test_the_command_names_a_missing_folder(tmp_path: Path):
    done = run(tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere cannot be read: No such file or directory" in done.stderr
