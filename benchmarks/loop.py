"""What the frame loop costs: ``python benchmarks/loop.py --frames 10,100,1000 --json``.

Starts the embedded ComfyUI and runs one board for each number of frames. With ``--body trivial``
the loop around two cheap core nodes is timed from frame to frame; with ``--body sdxl`` a synthetic
SDXL samples 512x512 pictures, and the share of everything that is not sampler, VAE or gate is
measured. With ``--json`` the last line on stdout is one JSON object, keyed by number of frames:

* ``seconds``: from the first take to the end;
* ``ms_first``, ``ms_last``: milliseconds per frame in the first and last tenth of the run;
* ``ms_cpu``: processor time of ComfyUI per frame, which other programs do not disturb;
* ``rss_growth_mb``: how much memory ComfyUI holds more than before;
* ``outside``, ``node_seconds`` (sdxl): share of everything that is not the user's picture, and
  where the time went.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
from aldar_storyboard.runner.server import comfyui, process
from aldar_storyboard.runner.server.client import Client
from aldar_storyboard.storyboard.story import Shot, Story
from aldar_storyboard.tests.forge import forge
from aldar_storyboard.tests.forge.trimmed import trimmed

CHECKPOINT = "synthetic_sdxl.ckpt"
WORK = {"SamplerCustomAdvanced", "VAEDecode", "AldarGate"}
"""Node classes whose time is the user's picture, not the loop."""
SILENCE = 600.0
"""Seconds without an event after which a run is given up."""

Graph = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Timeline:
    """When things happened in one run, in seconds as the client saw them."""

    started: float
    ended: float
    settled: list[float]
    """One entry per frame."""
    steps: list[tuple[float, str]]
    """(begin, node class) of every node that ran; the last one lasts to the end."""

    @property
    def seconds(self) -> float:
        """From the first take to the end of the prompt."""
        return self.ended - self.started

    def by_class(self) -> dict[str, float]:
        """Seconds spent in each node class; the loop's own nodes count for themselves."""
        ends = [begin for begin, _ in self.steps[1:]] + [self.ended]
        spent: dict[str, float] = defaultdict(float)
        for (begin, kind), end in zip(self.steps, ends, strict=True):
            spent[kind] += end - begin
        return spent


def main() -> None:
    """Run the benchmark from the command line."""
    options = _options()
    results: dict[str, dict[str, Any]] = {}
    with _server(options.body) as running:
        body = _sdxl if options.body == "sdxl" else _trivial
        _run(running, body, options, 2 if options.body == "sdxl" else 10, "warm-up")
        for frames in options.frames:
            results[str(frames)] = _run(running, body, options, frames, f"frames-{frames}")
            if not options.json:
                print(f"{frames} frames: {json.dumps(results[str(frames)])}", flush=True)
    if options.json:
        print(json.dumps(results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--frames", default="10,100", help="numbers of frames, such as 10,100,1000")
    parser.add_argument("--body", choices=["trivial", "sdxl"], default="trivial")
    parser.add_argument("--side", type=int, help="side of a picture: 256, with sdxl 512")
    parser.add_argument("--steps", type=int, default=4, help="sampler steps of the sdxl body")
    parser.add_argument("--wave", type=int, default=1, help="takes made together")
    parser.add_argument("--json", action="store_true", help="only one line of JSON on stdout")
    options = parser.parse_args()
    options.frames = [int(number) for number in options.frames.split(",")]
    options.side = options.side or (512 if options.body == "sdxl" else 256)
    return options


@contextmanager
def _server(body: str) -> Iterator[process.Process]:
    """The embedded ComfyUI with a base folder of its own; trimmed, with weights, for sdxl."""
    with tempfile.TemporaryDirectory(prefix="aldar-benchmark-") as folder:
        base = Path(folder) / "base"
        for name in comfyui.BASE_FOLDERS:
            (base / name).mkdir(parents=True)
        install = replace(comfyui.embedded(), base=base)
        if body == "sdxl":
            forge(base / "models", [f"checkpoints/{CHECKPOINT}"])
            install = trimmed(install, Path(folder) / "comfyui")
        with process.started(install, base / "output") as running:
            yield running


def _run(
    running: process.Process,
    body: Callable[[argparse.Namespace], Graph],
    options: argparse.Namespace,
    frames: int,
    board: str,
) -> dict[str, Any]:
    graph = _loop(frames, board, options.wave) | body(options)
    server = psutil.Process(running.pid)
    memory, cpu = server.memory_info().rss, server.cpu_times()
    timeline = _follow(Client(running.url), graph)
    used = sum(server.cpu_times()[:2]) - sum(cpu[:2])
    result: dict[str, Any] = {
        "seconds": round(timeline.seconds, 2),
        "rss_growth_mb": round((server.memory_info().rss - memory) / 1e6, 1),
        "ms_cpu": round(1000 * used / frames, 2),
    }
    if options.body == "trivial":
        times = [timeline.started, *timeline.settled]
        gaps = [1000 * (b - a) for a, b in pairwise(times)]
        tenth = max(1, frames // 10)
        result["ms_first"] = round(sum(gaps[:tenth]) / tenth, 2)
        result["ms_last"] = round(sum(gaps[-tenth:]) / tenth, 2)
    else:
        spent = timeline.by_class()
        outside = sum(seconds for kind, seconds in spent.items() if kind not in WORK)
        result["outside"] = round(outside / sum(spent.values()), 4)
        result["node_seconds"] = {
            kind: round(spent[kind], 3)
            for kind in sorted(spent, key=spent.__getitem__, reverse=True)
        }
    return result


def _follow(client: Client, graph: Graph) -> Timeline:
    """Queue a graph and note when its frames were settled and its nodes began."""
    events = client.events()
    prompt_id = client.queue(graph)
    started, settled, steps = 0.0, [], []
    while True:
        message = events.receive(SILENCE)
        now = time.monotonic()
        if message is None:
            sys.exit(f"nothing was heard of the run for {SILENCE:.0f} s")
        kind, data = message
        if data.get("prompt_id") != prompt_id:
            continue
        if kind == "aldar.frame":
            started = started or now
            if data["state"] in ("accepted", "kept", "stored"):
                settled.append(now)
        elif kind == "executing" and started and data["node"] is not None:
            shown = graph.get(data["display_node"], {})
            # The loop's own nodes show as Frames: close; what they copy shows as its original.
            steps.append((now, shown.get("class_type", "AldarFramesClose")))
        elif kind == "execution_error":
            sys.exit(f"{data['node_type']} failed: {data['exception_message']}")
        elif kind == "execution_success":
            break
    events.close()
    return Timeline(started, now, settled, steps)


def _node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}


def _loop(frames: int, board: str, wave: int) -> Graph:
    """Open and close; the body makes picture ``["10", 0]`` of take ``["2", 1]``."""
    shots = [Shot(number=n, place="steppe", action=f"action {n}") for n in range(1, frames + 1)]
    story = Story(title="benchmark", logline="-", characters=[], shots=shots)
    return {
        "1": _node("AldarLoadStory", json=story.to_json()),
        "2": _node("AldarFramesOpen", story=["1", 0], board=board, seed=42, retries=0, wave=wave),
        "3": _node("AldarFramesClose", flow=["2", 0], image=["10", 0]),
        "4": _node("PreviewAny", source=["3", 0]),
    }


def _trivial(options: argparse.Namespace) -> Graph:
    return {
        "5": _node("AldarTakePrompt", take=["2", 1]),
        "6": _node(
            "EmptyImage", width=options.side, height=options.side, batch_size=1, color=["5", 2]
        ),
        "10": _node("ImageInvert", image=["6", 0]),
    }


def _sdxl(options: argparse.Namespace) -> Graph:
    return {
        "3": _node("AldarFramesClose", flow=["2", 0], image=["10", 0], verdict=["12", 0]),
        "5": _node("CheckpointLoaderSimple", ckpt_name=CHECKPOINT),
        "6": _node("AldarTakeConditioning", take=["2", 1], clip=["5", 1]),
        "7": _node("AldarTakeNoise", take=["2", 1]),
        "8": _node("AldarTakeLatent", take=["2", 1], side=options.side),
        "9": _node(
            "SamplerCustomAdvanced",
            noise=["7", 0],
            guider=["13", 0],
            sampler=["14", 0],
            sigmas=["15", 0],
            latent_image=["8", 0],
        ),
        "10": _node("VAEDecode", samples=["9", 0], vae=["5", 2]),
        "12": _node("AldarGate", take=["2", 1], image=["10", 0]),
        "13": _node("CFGGuider", model=["5", 0], positive=["6", 0], negative=["6", 1], cfg=7.0),
        "14": _node("KSamplerSelect", sampler_name="dpmpp_2m"),
        "15": _node(
            "BasicScheduler", model=["5", 0], scheduler="karras", steps=options.steps, denoise=1.0
        ),
    }


if __name__ == "__main__":
    main()
