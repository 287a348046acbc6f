"""The loop around the real samplers: which take becomes which pixels.

A trimmed ComfyUI with synthetic weights. Whatever the loop does, a take must be the picture that
ComfyUI's own nodes make of the same prompt and seed.
"""

from __future__ import annotations

import zlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from aldar_storyboard.runner.server import process
from aldar_storyboard.runner.server.client import Client
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.story import Shot, Story
from aldar_storyboard.tests.comfy.cache import empty
from aldar_storyboard.tests.comfy.graphs import node
from PIL import Image

pytestmark = pytest.mark.comfy

CHECKPOINT = "synthetic_sdxl.ckpt"
LORA = "aldar_kose_v5.safetensors"
STEPS, CFG = 2, 5.0
LONG = ", ".join(f"a man with {n} sheep" for n in range(20))
"""A prompt of two chunks of 77 tokens."""
PROMPTS = ["a man laughs", LONG, "a dog in a bazaar", "a man laughs", "a white horse"]
NEGATIVE = "blurry"


def story(prompts):
    shots = [
        Shot(number=n, place="steppe", action="a", prompt=prompt, negative=NEGATIVE)
        for n, prompt in enumerate(prompts, 1)
    ]
    return Story(title="t", logline="l", characters=[], shots=shots).to_json()


def models(lora):
    """(loaders, id of the one that gives MODEL and CLIP first); the VAE is ``["1", 2]``."""
    if lora is None:
        return {"1": node("CheckpointLoaderSimple", ckpt_name=CHECKPOINT)}, "1"
    return {
        "1": node("CheckpointLoaderSimple", ckpt_name=CHECKPOINT),
        "2": node(
            "LoraLoader",
            model=["1", 0],
            clip=["1", 1],
            lora_name=LORA,
            strength_model=lora,
            strength_clip=lora,
        ),
    }, "2"


def plain(prompt, seed, sampler="", lora=None):
    """One picture by ComfyUI's own nodes, saved by node 9: KSampler with euler, or
    SamplerCustomAdvanced with another sampler."""
    nodes, m = models(lora)
    nodes |= {
        "4": node("CLIPTextEncode", clip=[m, 1], text=prompt),
        "5": node("CLIPTextEncode", clip=[m, 1], text=NEGATIVE),
        "6": node("EmptyLatentImage", width=64, height=64, batch_size=1),
        "8": node("VAEDecode", samples=["7", 0], vae=["1", 2]),
        "9": node("SaveImage", images=["8", 0], filename_prefix="plain"),
    }
    if sampler:
        nodes["20"] = node("RandomNoise", noise_seed=seed)
        nodes |= custom_sampler(m, sampler, STEPS, ["20", 0], ["4", 0], ["5", 0], ["6", 0])
    else:
        nodes["7"] = ksampler(m, seed, ["4", 0], ["5", 0], ["6", 0])
    return nodes


def ksampler(m, seed, positive, negative, latent):
    return node(
        "KSampler",
        model=[m, 0],
        seed=seed,
        steps=STEPS,
        cfg=CFG,
        sampler_name="euler",
        scheduler="normal",
        positive=positive,
        negative=negative,
        latent_image=latent,
        denoise=1.0,
    )


def custom_sampler(m, sampler, steps, noise, positive, negative, latent):
    """SamplerCustomAdvanced as node 7, and what it needs."""
    return {
        "21": node("CFGGuider", model=[m, 0], positive=positive, negative=negative, cfg=CFG),
        "22": node("KSamplerSelect", sampler_name=sampler),
        "23": node("BasicScheduler", model=[m, 0], scheduler="normal", steps=steps, denoise=1.0),
        "7": node(
            "SamplerCustomAdvanced",
            noise=noise,
            guider=["21", 0],
            sampler=["22", 0],
            sigmas=["23", 0],
            latent_image=latent,
        ),
    }


def board(name, prompts, custom=True, sampler="euler", steps=STEPS, lora=None, wave=1, retries=0):
    """A whole board: batching nodes around SamplerCustomAdvanced, or KSampler and plain nodes."""
    nodes, m = models(lora)
    nodes |= {
        "10": node("AldarLoadStory", json=story(prompts)),
        "11": node(
            "AldarFramesOpen", story=["10", 0], board=name, seed=42, retries=retries, wave=wave
        ),
        "8": node("VAEDecode", samples=["7", 0], vae=["1", 2]),
        "15": node("AldarGate", take=["11", 1], image=["8", 0]),
        "16": node("AldarFramesClose", flow=["11", 0], image=["8", 0], verdict=["15", 0]),
        "17": node("AldarExportBoard", board=["16", 0], pipeline="simple"),
    }
    if custom:
        nodes["12"] = node("AldarTakeConditioning", take=["11", 1], clip=[m, 1])
        nodes["13"] = node("AldarTakeNoise", take=["11", 1])
        nodes["14"] = node("AldarTakeLatent", take=["11", 1], side=64)
        nodes |= custom_sampler(m, sampler, steps, ["13", 0], ["12", 0], ["12", 1], ["14", 0])
    else:
        nodes["12"] = node("AldarTakePrompt", take=["11", 1])
        nodes["4"] = node("CLIPTextEncode", clip=[m, 1], text=["12", 0])
        nodes["5"] = node("CLIPTextEncode", clip=[m, 1], text=["12", 1])
        nodes["14"] = node("EmptyLatentImage", width=64, height=64, batch_size=1)
        nodes["7"] = ksampler(m, ["12", 2], ["4", 0], ["5", 0], ["14", 0])
    return nodes


class Server:
    """A running ComfyUI with synthetic models."""

    def __init__(self, running, output):
        self.client = Client(running.url)
        self.log = running.log
        self.output = output

    def run(self, nodes):
        """Run a graph; returns its outputs, and how often each drawn node was executed."""
        events, executed = self.client.events(), Counter()
        prompt_id = self.client.queue(nodes)
        while True:
            message = events.receive(60)
            assert message is not None, self.log.read_text()[-2000:]
            kind, data = message
            if kind == "executing" and data["prompt_id"] == prompt_id:
                if data["node"] is None:
                    break
                executed[data["display_node"]] += 1
        events.close()
        history = self.client.history(prompt_id)
        assert history["status"]["status_str"] == "success", history["status"]["messages"][-1]
        return history["outputs"], executed

    def picture(self, nodes):
        """The pixels that a plain graph saves, [H, W, 3]."""
        outputs, _ = self.run(nodes)
        return pixels(self.output / outputs["9"]["images"][0]["filename"])

    def frames(self, name):
        """The pixels of a finished board, frame by frame."""
        board = Board.load(self.output / name)
        assert board.complete
        return [pixels(self.output / name / frame.file) for frame in board.frames]


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


@pytest.fixture(scope="module")
def server(comfy):
    return Server(comfy.running, comfy.output)


@pytest.fixture
def name(request):
    """A board of its own for each test."""
    return f"board-{zlib.crc32(request.node.name.encode())}"


def test_frames_are_what_core_nodes_make_of_the_same_prompt_and_seed(server, name):
    first, second = server.picture(plain("a man laughs", 42)), server.picture(plain(LONG, 2042))
    assert abs(first - second).max() > 10
    for custom in (False, True):
        server.run(board(f"{name}-{custom}", ["a man laughs", LONG], custom))
        frames = server.frames(f"{name}-{custom}")
        np.testing.assert_array_equal(frames[0], first)
        np.testing.assert_array_equal(frames[1], second)


def test_take_noise_is_what_random_noise_gives_for_the_seed(server, name):
    sampler = "euler_ancestral"  # draws on, from the same seed, at every step
    server.run(board(name, ["a man laughs"], sampler=sampler))
    expected = server.picture(plain("a man laughs", 42, sampler))
    np.testing.assert_array_equal(server.frames(name)[0], expected)


def test_a_retry_is_what_its_own_seed_makes(server, name):
    """A white image is what the gate rejects every time."""
    nodes = board(name, ["a man laughs"], retries=1)
    nodes["30"] = node("EmptyImage", width=64, height=64, batch_size=1, color=0xFFFFFF)
    nodes["15"]["inputs"]["image"] = ["31", 0]
    nodes["31"] = node(
        "ImageBlend", image1=["8", 0], image2=["30", 0], blend_factor=1.0, blend_mode="normal"
    )
    server.run(nodes)
    assert Board.load(server.output / name).flagged
    store = TakeStore(server.output / name)
    takes = {take.seed: pixels(store.path(take.key)) for take in store.takes(1)}
    store.close()
    assert list(takes) == [42, 52]
    for seed, got in takes.items():
        np.testing.assert_array_equal(got, server.picture(plain("a man laughs", seed)))


@pytest.mark.parametrize(("sampler", "steps"), [("euler", 2), ("dpmpp_2m", 3)])
def test_waves_of_different_prompts_give_the_frames_of_single_runs(server, name, sampler, steps):
    for wave in (1, 4):
        server.run(board(f"{name}-{wave}", PROMPTS, sampler=sampler, steps=steps, wave=wave))
    single, together = server.frames(f"{name}-1"), server.frames(f"{name}-4")
    assert len(single) == len(PROMPTS)
    for frame, other in zip(single, together, strict=True):
        assert abs(frame - other).max() <= 1
    assert all(abs(frame - single[0]).max() > 10 for frame in single[1:])


def test_plain_nodes_run_one_by_one_inside_a_wave(server, name):
    for wave in (1, 2):
        server.run(board(f"{name}-{wave}", PROMPTS[:2], custom=False, wave=wave))
    for frame, other in zip(server.frames(f"{name}-1"), server.frames(f"{name}-2"), strict=True):
        np.testing.assert_array_equal(frame, other)


def test_loaders_run_once_and_an_unchanged_board_samples_nothing(server, name):
    empty(server.client)
    nodes = board(name, PROMPTS[:3])
    _, executed = server.run(nodes)
    assert (executed["1"], executed["7"], executed["8"]) == (1, 3, 3)
    before = takes(server.output / name)
    empty(server.client)
    outputs, executed = server.run(nodes)
    assert outputs["17"]["aldar_board"][0]["complete"]
    assert not {"1", "7", "8", "12", "13", "14", "15"} & set(executed)
    assert takes(server.output / name) == before


def test_a_lora_outside_the_loop_reaches_every_frame(server, name):
    earlier = len(server.log.read_text("utf-8"))
    _, executed = server.run(board(name, ["a man laughs", "a white horse"], lora=0.8))
    assert executed["2"] == 1
    frames = server.frames(name)
    np.testing.assert_array_equal(frames[0], server.picture(plain("a man laughs", 42, lora=0.8)))
    np.testing.assert_array_equal(frames[1], server.picture(plain("a white horse", 2042, lora=0.8)))
    assert abs(frames[0] - server.picture(plain("a man laughs", 42))).mean() > 1
    log = server.log.read_text("utf-8")[earlier:]
    assert "lora key not loaded" not in log
    assert "missing" not in log[log.index("got prompt") :]


def test_another_start_of_the_server_gives_the_same_bytes(server, comfy, name):
    server.run(board(f"{name}-1", PROMPTS[:2]))
    with process.started(comfy.comfyui, comfy.output) as running:
        Server(running, comfy.output).run(board(f"{name}-2", PROMPTS[:2]))
    first, second = (takes(server.output / f"{name}-{n}") for n in (1, 2))
    assert len(first) == 2
    assert first == second


def takes(folder: Path) -> dict[str, bytes]:
    """Every take of a board: its key and the bytes of its file."""
    return {path.stem: path.read_bytes() for path in (folder / "takes").glob("*.png")}
