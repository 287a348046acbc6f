"""Stub body nodes: they stand for models and samplers, and write down what they did.

Loaded by the real ComfyUI in tests. Every node appends a line to the file named by its ``log``
input, so a test can read in which order things ran, and what did not run.
"""

import importlib
import time
from typing import ClassVar

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
        for one in takes:
            value = float(table.get(f"{one.frame}:{one.attempt}", 1.0))
            outcome = gate.Outcome.PASS if value >= 0.7 else gate.Outcome.FAIL
            score = gate.Score(name="stub", outcome=outcome, value=value, threshold=0.7)
            _write(log[0], f"judge {one.frame}:{one.attempt}")
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
    )
}
