"""What one warm ``aldar board`` of draft frames costs: ``python benchmarks/board.py --json``.

Runs the command as a user does, ComfyUI's start included, in a new folder every time; the first
run warms the disk and is not counted. Prints the median ``seconds`` of the counted runs and
``peak_mb``, the most memory that the command and its ComfyUI held together.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ALDAR = [sys.executable, "-c", "from aldar_storyboard.runner.cli.main import main; main()"]
LOGLINE = "A greedy bai hides his gold, and Aldar Kose's old horse finds it."


def run(frames: int, folder: Path) -> tuple[float, float]:
    """(seconds, peak megabytes) of one board."""
    begun = time.monotonic()
    command = [*ALDAR, "board", LOGLINE, "--frames", str(frames), "--out", str(folder), "--json"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    tree, peak = psutil.Process(child.pid), 0
    while child.poll() is None:
        try:
            held = [p.memory_info().rss for p in [tree, *tree.children(recursive=True)]]
            peak = max(peak, sum(held))
        except psutil.NoSuchProcess:
            pass
        time.sleep(0.1)
    if child.returncode:
        raise SystemExit("the board was not drawn; run 'aldar doctor'")
    return time.monotonic() - begun, peak / 1e6


def main() -> None:
    """Print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs = [
            run(arguments.frames, Path(folder) / str(number))
            for number in range(arguments.runs + 1)
        ][1:]
    numbers = {
        "frames": arguments.frames,
        "seconds": round(statistics.median(seconds for seconds, _ in runs), 1),
        "peak_mb": round(max(peak for _, peak in runs)),
    }
    if arguments.json:
        print(json.dumps(numbers))
    else:
        print("\n".join(f"{name} {value}" for name, value in numbers.items()))


if __name__ == "__main__":
    main()
