"""The guided workflow on an unmodified ComfyUI, with models of the true shapes.

Every weight has the shape it has in the published files, so what fits here fits there. It takes
minutes and 12 GB of memory: ``python3 quickstart.py test -m nightly``.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aldar_storyboard.runner.run.follow import Run
from aldar_storyboard.runner.run.graph import Graph
from aldar_storyboard.runner.server import process
from aldar_storyboard.runner.server.client import Client
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.tests.comfy.runs import Quiet, complaints
from aldar_storyboard.tests.faces.onnx_pack import disc, write_pack
from aldar_storyboard.tests.forge import FULL, forge

pytestmark = [pytest.mark.comfy, pytest.mark.nightly]

STAND_IN = Path(__file__).with_name("adapter_pack")


def test_guided_runs_with_models_of_full_size(fresh):
    install = fresh()
    forge(install.base / "models", scale=FULL)
    write_pack(install.base / "models" / "insightface" / "models" / "buffalo_l")
    (install.base / "custom_nodes" / "adapter_pack").symlink_to(STAND_IN)
    disc((320, 320)).save(install.base / "input" / "face.png")

    graph = Graph.load("guided")
    graph.set("Checkpoint", ckpt_name="synthetic_sdxl.ckpt")
    graph.set("CLIP vision", clip_name="CLIP-ViT-H-14-laion2B-s32B-b79K.bin")
    graph.set("OpenPose ControlNet", control_net_name="synthetic_openpose_sdxl.pth")
    graph.set("Latent", side=64)
    graph.set("Steps", steps=2)
    graph.set("Story", frames=1)
    graph.set("Frames", board="full", retries=0)
    graph.join("Frames", "references", graph.add("LoadImage", "Face", image="face.png"))

    with (
        process.started(install, install.base / "output", options=["--bf16-unet"]) as running,
        Client(running.url) as client,
    ):
        Run(client, graph, Quiet()).outputs()
        log = running.log.read_text("utf-8")
    folder = install.base / "output" / "full"
    assert Board.load(folder).complete
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert report["frames"][0]["scores"]["identity"]["value"] is not None
    assert complaints(log) == []
