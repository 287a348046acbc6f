"""What a loop body takes from a take: prompt, conditioning, noise, latent, references.

With one take at a time these are plain values. In waves, conditioning, noise and latent are
batches with one row per take, and the pictures stay the same as one by one.
"""

from __future__ import annotations

from typing import Any

import comfy.model_management
import torch
from comfy_api.latest import io

from ..storyboard.casting import named
from ..storyboard.errors import FrameError
from ..storyboard.gate.measure.regions import around
from ..storyboard.takes import Reference
from ..storyboard.tensors.conditioning import encode
from ..storyboard.tensors.images import load_image
from ..storyboard.tensors.noise import TakeNoise
from . import sockets

_TAKE = "From Frames: open."
_WHO = "Id, name or number of a character; empty for the hero of the story, * for anybody."
ANYBODY = "*"
SDXL_SIDE = 1024
"""Side of a square frame in BoardFormat.pixels."""


class AldarTakePrompt(io.ComfyNode):
    """A take's words and numbers, for any nodes."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarTakePrompt",
            display_name="Take: prompt and seed",
            category="aldar/frames",
            description="The prompt, seed and size of the take being made. In waves, nodes "
            "behind it run once per take.",
            inputs=[sockets.TAKE.Input("take", tooltip=_TAKE)],
            outputs=[
                io.String.Output(
                    "positive",
                    "positive",
                    is_output_list=True,
                    tooltip="The prompt, trigger word first.",
                ),
                io.String.Output(
                    "negative", "negative", is_output_list=True, tooltip="The negative prompt."
                ),
                io.Int.Output("seed", "seed", is_output_list=True, tooltip="The take's own seed."),
                io.Int.Output("width", "width", tooltip="Width of the board's format, in pixels."),
                io.Int.Output(
                    "height", "height", tooltip="Height of the board's format, in pixels."
                ),
                io.Int.Output(
                    "frame", "frame", is_output_list=True, tooltip="Number of the frame, from 1."
                ),
            ],
        )

    @classmethod
    def execute(cls, take: sockets.Takes) -> io.NodeOutput:
        return io.NodeOutput(
            [each.prompt.positive for each in take],
            [each.prompt.negative for each in take],
            [each.seed for each in take],
            *take[0].size,
            [each.frame for each in take],
        )


class AldarTakeConditioning(io.ComfyNode):
    """A take's prompts, encoded; the same words are encoded once per board."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarTakeConditioning",
            display_name="Take: conditioning",
            category="aldar/frames",
            description="Encodes the prompts of the take. The same words are encoded once, "
            "however many takes use them.",
            inputs=[
                sockets.TAKE.Input("take", tooltip=_TAKE),
                io.Clip.Input("clip", tooltip="From the checkpoint or LoRA loader."),
            ],
            outputs=[
                io.Conditioning.Output(
                    "positive",
                    "positive",
                    tooltip="The prompt, encoded: for the sampler or a guider.",
                ),
                io.Conditioning.Output(
                    "negative",
                    "negative",
                    tooltip="The negative prompt, encoded: for the sampler or a guider.",
                ),
            ],
        )

    @classmethod
    def execute(cls, take: sockets.Takes, clip: Any) -> io.NodeOutput:
        positive = encode(clip, [each.prompt.positive for each in take])
        negative = encode(clip, [each.prompt.negative for each in take])
        return io.NodeOutput(positive, negative)


class AldarTakeNoise(io.ComfyNode):
    """A take's own noise."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarTakeNoise",
            display_name="Take: noise",
            category="aldar/frames",
            description="Noise from the seed of each take, for SamplerCustomAdvanced: a take "
            "looks the same whatever it is sampled together with.",
            inputs=[sockets.TAKE.Input("take", tooltip=_TAKE)],
            outputs=[io.Noise.Output("noise", "noise", tooltip="In place of RandomNoise.")],
        )

    @classmethod
    def execute(cls, take: sockets.Takes) -> io.NodeOutput:
        return io.NodeOutput(TakeNoise(tuple(each.seed for each in take)))


class AldarTakeLatent(io.ComfyNode):
    """An empty latent of the board's size."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarTakeLatent",
            display_name="Take: empty latent",
            category="aldar/frames",
            description="An empty latent in the board's format, one row per take.",
            inputs=[
                sockets.TAKE.Input("take", tooltip=_TAKE),
                io.Int.Input(
                    "side",
                    default=1024,
                    min=64,
                    max=4096,
                    step=8,
                    tooltip="Side of a square frame in pixels; other formats shrink alike. 1024 "
                    "for SDXL, 512 or 768 for SD 1.5.",
                ),
            ],
            outputs=[io.Latent.Output("latent", "latent", tooltip="For the sampler.")],
        )

    @classmethod
    def execute(cls, take: sockets.Takes, side: int) -> io.NodeOutput:
        width, height = (max(1, pixels * side // SDXL_SIDE // 8) for pixels in take[0].size)
        device = comfy.model_management.intermediate_device()
        # Four channels for every model: ComfyUI gives an empty latent the model's own number.
        return io.NodeOutput({"samples": torch.zeros([len(take), 4, height, width], device=device)})


class AldarReference(io.ComfyNode):
    """The latched picture of a character."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarReference",
            display_name="Take: reference",
            category="aldar/frames",
            description="The picture that shows a character: the one given to Frames: open, or "
            "the first accepted frame with the character's face. Put it behind a Latch switch: "
            "the first frames have none.",
            inputs=[
                sockets.TAKE.Input("take", tooltip=_TAKE),
                io.String.Input(
                    "character",
                    default="",
                    tooltip=_WHO,
                ),
            ],
            outputs=[
                io.Image.Output(
                    "image", "image", tooltip="For IP-Adapter or a reference-only node."
                ),
                io.Image.Output(
                    "face",
                    "face",
                    tooltip="The part around the character's face, where the gate found it: for "
                    "FaceID, which would take anybody's. The whole picture where it did not.",
                ),
            ],
        )

    @classmethod
    def execute(cls, take: sockets.Takes, character: str) -> io.NodeOutput:
        reference = _reference(take, character)
        if reference is None:
            raise FrameError(
                "reference_missing",
                f"Frame {take[0].frame} has no reference of {character or 'the hero'} yet.",
                "Put Take: reference behind input 'latched' of a Latch switch, or give "
                "Frames: open a picture of the character.",
            )
        image = load_image(reference.path)
        return io.NodeOutput(image, around(image, reference.face) if reference.face else image)


class AldarLatchSwitch(io.ComfyNode):
    """Chooses the guided branch as soon as there is something to guide by."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarLatchSwitch",
            display_name="Latch switch",
            category="aldar/frames",
            description="Passes 'latched' on in shots with a character that has a reference, and "
            "'first' in all others. The other branch is not evaluated, and its loaders are not "
            "run.",
            inputs=[
                sockets.TAKE.Input("take", tooltip=_TAKE),
                io.AnyType.Input("first", lazy=True, tooltip="Used while there is no reference."),
                io.AnyType.Input("latched", lazy=True, tooltip="Used once there is one."),
                io.String.Input(
                    "character",
                    default="",
                    tooltip=_WHO,
                ),
                io.Boolean.Input(
                    "needs_face",
                    default=False,
                    optional=True,
                    tooltip="Only where the gate found the character's face in the reference: "
                    "FaceID fails on a picture without one.",
                ),
            ],
            outputs=[io.AnyType.Output("chosen", "chosen", tooltip="One of the two, unchanged.")],
        )

    @classmethod
    def check_lazy_status(
        cls,
        take: sockets.Takes,
        character: str,
        needs_face: bool = False,
        first: Any = None,
        latched: Any = None,
    ) -> list[str]:
        return [_branch(take, character, needs_face)]

    @classmethod
    def execute(
        cls,
        take: sockets.Takes,
        character: str,
        needs_face: bool = False,
        first: Any = None,
        latched: Any = None,
    ) -> io.NodeOutput:
        branch = _branch(take, character, needs_face)
        return io.NodeOutput(latched if branch == "latched" else first)


def _branch(take: sockets.Takes, character: str, needs_face: bool) -> str:
    """Name of the input to use."""
    reference = _reference(take, character, needs_face)
    return "latched" if reference else "first"


def _reference(take: sockets.Takes, character: str, needs_face: bool = False) -> Reference | None:
    """The reference of a character of the shot; ``None`` if there is none to use."""
    references = list(take[0].references)
    if character.strip() != ANYBODY:
        who = named(take[0].story, character)
        references = [r for r in references if who and r.character == who.id]
    # A picture the user gave was not looked at by the gate: it counts as one with a face.
    return next((r for r in references if not needs_face or r.face or not r.frame), None)
