"""What the exports of a board cost: ``python benchmarks/exports.py --json``.

Draws a board of 10 frames, and one of 200 of the same panels, and exports each in a process of its
own, Python's start and all imports included. With ``--json`` the last line on stdout is one JSON
object; ``_s`` are seconds, ``_ms`` milliseconds, ``_mb`` megabytes.

``pdf_10_s``, ``pdf_200_s``     the PDF, six panels on a page
``pdf_200_mb``                  the most memory the process held
``html_10_s``, ``html_200_s``   the page, thumbnails inside
``html_200_first_paint_ms``     Chromium's First Contentful Paint of the page from ``file://``
``html_200_long_tasks``         tasks over 50 ms while the whole page is scrolled through
``animatic_10_s``, ``_film_s``  the film, and how long it lasts
``animatic_200_mb``             the most memory the process held (of the film of 10: ``_10_mb``)
``timelines_10_s``              OpenTimelineIO, FCPXML, FCP 7 XML and EDL together
``storyboarder_10_s``           the project with its pictures
``all_10_s``                    every format in one process, as ``aldar export --to all``
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aldar_storyboard.storyboard.board import Board, Frame
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.planning import plan
from aldar_storyboard.storyboard.prompts.compose import compose
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.story import BoardFormat

LOGLINE = "A greedy bai hides his gold, and Aldar Kose's old horse finds it."
EXPORT = """
import resource, sys
from pathlib import Path
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.exports.formats import FORMATS
name, folder = sys.argv[1], Path(sys.argv[2])
options, writer = FORMATS[name].load()
writer(Board.load(folder), folder, options())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)
"""


def make_board(folder: Path, frames: int) -> Board:
    """A finished board of drawn panels in ``folder``; from the eleventh on they repeat."""
    story = plan(LOGLINE, frames=10, format=BoardFormat.WIDE)
    drawn = [stage(story, shot).panel for shot in story.shots]
    shots = [
        story.shots[n % 10].model_copy(update={"number": n + 1, "id": n + 1}) for n in range(frames)
    ]
    story = story.model_copy(update={"shots": shots})
    board = Board(story=story, base_seed=42, retries=2, complete=True)
    store = TakeStore(folder)
    for shot in story.shots:
        key, number = f"{shot.number:032x}", shot.number
        panel = drawn[(number - 1) % 10].copy()
        panel.putpixel((number % 100, 0), (255, number % 256, 0))
        taken = store.put(key, number, 0, 41 + number, panel)
        alike = 0.6 + 0.39 * (number * 7919 % 100) / 100
        score = Score(name="identity", outcome=Outcome.PASS, value=alike, threshold=0.55)
        verdict = Verdict(scores=(score,))
        store.put_verdict(key, "gate", verdict)
        board.frames.append(
            Frame(
                number=number,
                take=key,
                seed=taken.seed,
                attempt=0,
                attempts=1,
                flagged=False,
                prompt=compose(story, shot),
                verdict=verdict,
            )
        )
    store.close()
    board.save(folder)
    return board


def export(folder: Path, name: str) -> tuple[float, float]:
    """(seconds, peak megabytes) of one export in a process of its own."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", EXPORT, name, str(folder)]
    child = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - begun, float(child.stdout.split()[-1])


def measure_pdf(boards: dict[int, Path]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for frames, folder in boards.items():
        seconds, peak = export(folder, "pdf")
        numbers[f"pdf_{frames}_s"] = seconds
        if frames == 200:
            numbers["pdf_200_mb"] = peak
    return numbers


def measure_html(boards: dict[int, Path]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for frames, folder in boards.items():
        numbers[f"html_{frames}_s"], _ = export(folder, "html")
    if chromium := shutil.which("chromium"):
        numbers |= _page(boards[200] / "board.html", chromium)
    return numbers


def _page(file: Path, chromium: str) -> dict[str, float]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(file.as_uri(), wait_until="load")
        page.wait_for_timeout(1000)
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        tasks = page.evaluate(
            """async () => {
              const long = [];
              new PerformanceObserver((list) => long.push(...list.getEntries()))
                .observe({ type: 'longtask' });
              for (let y = 0; y < document.documentElement.scrollHeight; y += 300) {
                window.scrollTo(0, y);
                await new Promise(requestAnimationFrame);
              }
              await new Promise((done) => setTimeout(done, 500));
              return long.map((task) => task.duration);
            }"""
        )
        browser.close()
    return {"html_200_first_paint_ms": paint, "html_200_long_tasks": len(tasks)}


def measure_animatic(boards: dict[int, Path]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for frames, folder in boards.items():
        seconds, peak = export(folder, "animatic")
        numbers |= {f"animatic_{frames}_s": seconds, f"animatic_{frames}_mb": peak}
        shots = Board.load(folder).story.shots
        numbers[f"animatic_{frames}_film_s"] = sum(shot.duration for shot in shots)
    return numbers


def measure_timelines(boards: dict[int, Path]) -> dict[str, float]:
    names = ("otio", "fcpxml", "fcp7", "edl")
    return {
        f"timelines_{frames}_s": sum(export(folder, name)[0] for name in names)
        for frames, folder in boards.items()
    }


def measure_storyboarder(boards: dict[int, Path]) -> dict[str, float]:
    return {
        f"storyboarder_{n}_s": export(folder, "storyboarder")[0] for n, folder in boards.items()
    }


def measure_all(boards: dict[int, Path]) -> dict[str, float]:
    code = "import sys; from aldar_storyboard.runner.cli.main import main; main()"
    command = [sys.executable, "-c", code, "export", str(boards[10]), "--to", "all"]
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return {"all_10_s": time.perf_counter() - begun}


MEASURES: dict[str, Callable[[dict[int, Path]], dict[str, float]]] = {
    "pdf": measure_pdf,
    "html": measure_html,
    "animatic": measure_animatic,
    "timelines": measure_timelines,
    "storyboarder": measure_storyboarder,
    "all": measure_all,
}
"""Format -> what it costs, given the folders of boards by their number of frames."""


def main() -> None:
    """Print the numbers."""
    parser = argparse.ArgumentParser(description="What the exports of a board cost.")
    parser.add_argument("--only", default="", help="formats, such as pdf,html; all by default")
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    arguments = parser.parse_args()
    wanted = arguments.only.split(",") if arguments.only else list(MEASURES)
    numbers: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as scratch:
        boards = {frames: Path(scratch) / str(frames) for frames in (10, 200)}
        for frames, folder in boards.items():
            make_board(folder, frames)
        for name in wanted:
            numbers |= MEASURES[name](boards)
    numbers = {name: round(value, 2) for name, value in numbers.items()}
    if arguments.json:
        print(json.dumps(numbers))
    else:
        print("\n".join(f"{name:26}{value:10.2f}" for name, value in numbers.items()))


if __name__ == "__main__":
    main()
