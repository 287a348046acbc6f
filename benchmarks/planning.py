"""What planning costs beside the language model: ``python benchmarks/planning.py --json``.

Plans the loglines of the three shipped stories offline, and with a language model that answers at
once from a loopback server, so that all the time measured is this program's own. With ``--json``
the last line on stdout is one JSON object; times are in milliseconds.

``offline_first_ms``   the first offline plan of a process, without Python's start
``offline_ms``         median of the later ones
``llm_first_ms``       the first plan by a profile, which imports the ``openai`` client
``llm_ms``             median of the later ones, each a request of its own
``cached_ms``          median of the same requests again, from the cache

``--loglines FILE`` counts instead what offline boards show of the loglines of a file
(:mod:`loglines` says how the file is written and how it is counted):

``loglines``           how many there are
``crashes``            how many of them could not be planned
``shown``              share of named people and things that a panel shows
``places_shown``       the same of places, where the file names them
``stock_captions``     share of captions without one content word of their logline, or that stand
                       in two boards
``template_captions``  share of captions whose words beside the logline's stand in three boards
``distinct``           share of boards whose panels differ from those of every other board
``panels_twice``       panels that equal another one of their board
``plan_ms``            median of an offline plan; ``plan_ms_max`` the longest
``offline_ms`` …       are not measured then

With ``--verbose`` it names what is missing and every stock caption.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from aldar_storyboard.benchmarks import loglines
from aldar_storyboard.storyboard.planning import SHIPPED, load_shipped, plan
from aldar_storyboard.storyboard.planning.llm.auto import choose
from aldar_storyboard.storyboard.story import Story
from aldar_storyboard.tests.fakes.llm import Say, profile, serving


def milliseconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def answer(story: Story) -> str:
    """A shipped story as a language model would write it."""
    data = story.model_dump(mode="json", include={"title", "language", "characters", "shots"})
    for shot in data["shots"]:
        for prop in shot["props"]:
            prop["held_by"] = prop["held_by"] or ""
    return json.dumps(data, ensure_ascii=False)


def measure(repeats: int) -> dict[str, float]:
    stories = [load_shipped(name) for name in SHIPPED]
    loglines = [story.logline for story in stories]
    lines = loglines * (repeats + 1)
    offline = [milliseconds(lambda line=line: plan(line, planner="offline")) for line in lines]
    with (
        tempfile.TemporaryDirectory() as home,
        serving(Say(answer(stories[-1]))) as server,
    ):
        os.environ["ALDAR_HOME"] = home
        auto = [milliseconds(choose) for _ in range(repeats)]
        profile(home, "fake", base_url=server.url, model="fake-1")
        asked = [f"{line} {n}" for n in range(repeats) for line in loglines]
        llm = [milliseconds(lambda line=line: plan(line, planner="fake")) for line in asked]
        assert len(server.asked) == len(asked)
        cached = [milliseconds(lambda line=line: plan(line, planner="fake")) for line in asked]
        assert len(server.asked) == len(asked)
    return {
        "offline_first_ms": offline[0],
        "offline_ms": median(offline[1:]),
        "auto_ms": median(auto),
        "llm_first_ms": llm[0],
        "llm_ms": median(llm[1:]),
        "cached_ms": median(cached),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="What planning costs beside the model.")
    parser.add_argument("--repeats", type=int, default=10, help="rounds over the three loglines")
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    parser.add_argument("--loglines", type=Path, help="count what the boards of a list show")
    parser.add_argument("--frames", type=int, help="of --loglines: so many frames a board")
    parser.add_argument("--verbose", action="store_true", help="name what is missing")
    options = parser.parse_args()
    if options.loglines is not None:
        counted = loglines.count(loglines.read(options.loglines), options.frames)
        result = counted.report()
        if options.verbose:
            for title in ("crashes", "missing", "stock", "frames_of_speech"):
                print("\n".join([f"# {title}", *getattr(counted, title)]))
    else:
        result = {name: round(value, 2) for name, value in measure(options.repeats).items()}
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:18}{value:10.2f}")


if __name__ == "__main__":
    main()
