"""Stub body nodes: they stand for models and samplers, and write down what they did.

Loaded by the real ComfyUI in tests. Every node appends a line to the file named by its ``log``
input, so a test can read in which order things ran, and what did not run.
"""

import importlib
import math
import time
from pathlib import Path
from typing import ClassVar

import folder_paths
import torch


def _write(log, line):
    with open(log, "a", encoding="utf-8") as file:
        file.write(line + "\n")


class _Stub:
    CATEGORY = "stub"
    FUNCTION = "run"
    RETURN_TYPES = ("IMAGE",)
    LOG: ClassVar = {"log": ("STRING", {"default": ""})}


class StubLoader(_Stub):
    RETURN_TYPES = ("STUB_MODEL",)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"name": ("STRING", {"default": "model"}), **cls.LOG}}

    def run(self, name, log):
        _write(log, f"load {name}")
        return (name,)


class StubSampler(_Stub):
    """A smooth picture that depends on model, seed and words only."""

    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "model": ("STUB_MODEL",),
                "seed": ("INT", {"default": 0, "max": 2**64 - 1}),
                "text": ("STRING", {"default": ""}),
                "side": ("INT", {"default": 64}),
                "seconds": ("FLOAT", {"default": 0.0}),
                **cls.LOG,
            }
        }

    def run(self, model, seed, text, side, seconds, log):
        _write(log, f"sample {seed}")
        time.sleep(seconds)
        generator = torch.Generator().manual_seed(seed % 2**63 + len(text) + len(model))
        small = torch.rand((1, 3, 4, 4), generator=generator)
        image = torch.nn.functional.interpolate(small, (side, side), mode="bilinear")
        return (image.movedim(1, -1),)


class StubJudge(_Stub):
    """Gives the frames named in ``scores`` (``2:0=0.3 2:1=0.6``) that score, all others 1.0."""

    RETURN_TYPES = ("ALDAR_VERDICT",)
    OUTPUT_IS_LIST = (True,)
    INPUT_IS_LIST = True

    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "take": ("ALDAR_TAKE",),
                "image": ("IMAGE",),
                "scores": ("STRING", {"default": ""}),
                **cls.LOG,
            }
        }

    def run(self, take, image, scores, log):
        takes = take[0]
        assert sum(len(batch) for batch in image) == len(takes)
        package = type(takes[0]).__module__.rpartition(".")[0]
        gate = importlib.import_module(package + ".gate")
        table = dict(entry.split("=") for entry in scores[0].split())
        verdicts = []
        for drawn in takes:
            value = float(table.get(f"{drawn.frame}:{drawn.attempt}", 1.0))
            outcome = gate.Outcome.PASS if value >= 0.7 else gate.Outcome.FAIL
            score = gate.Score(name="stub", outcome=outcome, value=value, threshold=0.7)
            _write(log[0], f"judge {drawn.frame}:{drawn.attempt}")
            verdicts.append(gate.Verdict(scores=(score,)))
        return (verdicts,)


class StubMixer(_Stub):
    """Looks at a reference."""

    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "model": ("STUB_MODEL",),
                "image": ("IMAGE",),
                "reference": ("IMAGE",),
                **cls.LOG,
            }
        }

    def run(self, model, image, reference, log):
        _write(log, f"mix {model} {reference.mean():.6f}")
        return ((image + reference) / 2,)


class StubLists(_Stub):
    """Gives its picture as a list of one or more."""

    OUTPUT_IS_LIST = (True,)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"image": ("IMAGE",), "count": ("INT", {"default": 1}), **cls.LOG}}

    def run(self, image, count, log):
        return ([image] * count,)


class StubBoom(_Stub):
    """Fails for one seed."""

    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "image": ("IMAGE",),
                "seed": ("INT", {"default": 0, "max": 2**64 - 1}),
                "at": ("INT", {"default": 0, "max": 2**64 - 1}),
                **cls.LOG,
            }
        }

    def run(self, image, seed, at, log):
        if seed == at:
            raise RuntimeError(f"stub failure at {seed}")
        return (image,)


class StubFull(_Stub):
    """Stands for a GPU that has room for ``room`` takes at once."""

    INPUT_IS_LIST = True

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"image": ("IMAGE",), "room": ("INT", {"default": 1}), **cls.LOG}}

    def run(self, image, room, log):
        count = sum(len(batch) for batch in image)
        if count > room[0]:
            raise torch.OutOfMemoryError(f"no room for {count} takes")
        return (torch.cat(image),)


class StubWitness(_Stub):
    """An output node beside the body."""

    RETURN_TYPES = ()
    OUTPUT_NODE = True

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"image": ("IMAGE",), "name": ("STRING", {}), **cls.LOG}}

    def run(self, image, name, log):
        _write(log, f"witness {name} {len(image)} {image.mean():.6f}")
        return {"ui": {"stub": [name]}}


class _AnyType(str):
    """A socket type that fits every other."""

    def __ne__(self, other):
        return False

    __hash__ = str.__hash__


def _ours(module):
    """A module of the pack as ComfyUI loaded it, under whatever name."""
    from nodes import NODE_CLASS_MAPPINGS as NODES

    package = NODES["AldarPlanStory"].__module__.rsplit(".", 2)[0]
    return importlib.import_module(f"{package}.{module}")


def _story():
    return _ours("storyboard.planning").plan("A fox steals a cake.", planner="offline", frames=3)


def _take():
    story = _story()
    prompt = _ours("storyboard.prompts.compose").compose(story, story.shots[0])
    return (_ours("storyboard.takes").Take(story, story.shots[0], prompt, 1, 3, 0, 42),)


def _folder():
    return Path(folder_paths.get_output_directory()) / "anything"


def _circle():
    circle = []
    circle.append(circle)
    return circle


class _Clip:
    image_size = 32

    def tokenize(self, text):
        return text

    def encode_from_tokens_scheduled(self, tokens):
        return [[torch.zeros(1, 77, 8), {}]]

    def encode_image(self, image):
        return {"image_embeds": torch.zeros(len(image), 8)}


RIGHT = {
    "ALDAR_STORY": _story,
    "ALDAR_TAKE": _take,
    "ALDAR_BOARD": lambda: (
        _folder(),
        _ours("storyboard.board").Board(story=_story(), base_seed=1, retries=0),
    ),
    "ALDAR_VERDICT": lambda: _ours("storyboard.gate").Verdict(),
    "ALDAR_FLOW": lambda: _ours("nodes.loop.runs").Flow(_story(), _folder(), 1, 0),
    "ALDAR_DIRECTIONS": lambda: _ours("storyboard.frames.directions").Orders(),
    "IMAGE": lambda: torch.zeros(1, 64, 64, 3),
    "MASK": lambda: torch.zeros(1, 64, 64),
    "CLIP": _Clip,
    "CLIP_VISION": _Clip,
}
WRONG = {
    "nothing": lambda: None,
    "text": lambda: "text",
    "no text": lambda: "",
    "text with a NUL": lambda: "a\0b",
    "text with half a character": lambda: "a\udc80b",
    "long text": lambda: "a b " * 2_600_000,
    "many digits": lambda: "9" * 6000,
    "path": lambda: "/etc/passwd",
    "true": lambda: True,
    "negative": lambda: -1,
    "huge number": lambda: 10**400,
    "NaN": lambda: math.nan,
    "infinite": lambda: math.inf,
    "bytes": lambda: b"bytes",
    "list": lambda: [1],
    "circle": _circle,
    "dict": lambda: {"shots": []},
    "empty tuple": tuple,
    "nested tuple": lambda: ((), ()),
    "object": object,
    "class": lambda: object,
    "picture of NaN": lambda: torch.full((1, 8, 8, 3), math.nan),
    "picture of infinity": lambda: torch.full((1, 8, 8, 3), math.inf),
    "no pictures": lambda: torch.zeros(0, 8, 8, 3),
    "picture without height": lambda: torch.zeros(1, 0, 8, 3),
    "picture of two channels": lambda: torch.zeros(1, 8, 8, 2),
    "picture of bytes": lambda: torch.zeros(1, 8, 8, 3, dtype=torch.uint8),
    "picture of five dimensions": lambda: torch.zeros(1, 1, 8, 8, 3),
    "huge picture": lambda: torch.zeros(1).expand(1, 20_000, 20_000, 3),
    "many pictures": lambda: torch.zeros(9, 8, 8, 3),
    "mask of NaN": lambda: torch.full((1, 8, 8), math.nan),
    "sigmas": lambda: torch.zeros(5),
    "number in a tensor": lambda: torch.tensor(1.0),
    "latent": lambda: {"samples": torch.zeros(1, 4, 8, 8)},
    "conditioning": lambda: [[torch.zeros(1, 77, 8), {}]],
}


class StubAnything(_Stub):
    """A value of any kind, behind an output that fits every input."""

    RETURN_TYPES = (_AnyType("*"),)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"kind": ([*RIGHT, *WRONG],)}}

    def run(self, kind, **_):
        return ((RIGHT | WRONG)[kind](),)


class StubTwice(StubAnything):
    """The value twice, as a list."""

    OUTPUT_IS_LIST = (True,)

    def run(self, kind, **_):
        return ([(RIGHT | WRONG)[kind]()] * 2,)


NODE_CLASS_MAPPINGS = {
    cls.__name__: cls
    for cls in (
        StubLoader,
        StubSampler,
        StubJudge,
        StubMixer,
        StubLists,
        StubBoom,
        StubFull,
        StubWitness,
        StubAnything,
        StubTwice,
    )
}
