"""What staging costs: panel, pose map and masks of every shot of the three shipped stories.

    python benchmarks/staging.py [--json] [--repeat N]

Prints the median milliseconds per shot of one core's own time, and the peak resident memory of
the process. The last line on stdout with ``--json`` is ``{"ms_per_shot", "rss_mb"}``.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from pathlib import Path

from aldar_storyboard.storyboard import story as story_module
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.story import Story

STORIES = Path(story_module.__file__).parent / "stories"


def measure(repeat: int) -> dict[str, float]:
    """Stage every shot ``repeat`` times."""
    stories = [Story.load(STORIES / f"{name}.json") for name in ("simple", "medium", "complex")]
    spent = []
    for _ in range(repeat):
        for story in stories:
            for shot in story.shots:
                start = time.process_time()
                staging = stage(story, shot)
                _ = staging.panel, staging.pose, staging.masks, staging.background_mask
                spent.append((time.process_time() - start) * 1000)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "ms_per_shot": round(statistics.median(spent), 1),
        "rss_mb": round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--repeat", type=int, default=3, help="rounds over all shots")
    arguments = parser.parse_args()
    numbers = measure(arguments.repeat)
    if arguments.json:
        print(json.dumps(numbers))
    else:
        print(f"{numbers['ms_per_shot']} ms per shot, {numbers['rss_mb']} MB at most")


if __name__ == "__main__":
    main()
