"""What the workflows have in common, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...storyboard import heroes
from .graph import Column, Graph, Node, Out, Section
from .models import offered

BLUE, BROWN, GREEN, PURPLE = "#3f789e", "#8a6d3b", "#4b7f52", "#6b4f8a"

CHARACTER_LORA = heroes.lead().lora
VIT_H = "CLIP-ViT-H-14-laion2B-s32B-b79K.safetensors"
OPENPOSE = "xinsir-controlnet-openpose-sdxl-1.0.safetensors"


@dataclass(frozen=True)
class Base:
    """A diffusion model and how it is sampled."""

    checkpoint: str
    side: int
    """Of a square frame, in pixels."""
    cfg: float
    steps: int = 30
    sampler: str = "dpmpp_2m"
    scheduler: str = "karras"


SDXL = Base("sd_xl_base_1.0.safetensors", 1024, 6.5)
SD15 = Base("v1-5-pruned-emaonly-fp16.safetensors", 768, 7.5)
"""Sampled as mission row S4.1 says."""


@dataclass(frozen=True)
class Faces:
    """FaceID Plus V2 for a base model."""

    adapter: str
    lora: str
    weight: float
    lora_weight: float


SDXL_FACES = Faces(
    "ip-adapter-faceid-plusv2_sdxl.bin", "ip-adapter-faceid-plusv2_sdxl_lora.safetensors", 0.8, 0.6
)
SD15_FACES = Faces(
    "ip-adapter-faceid-plusv2_sd15.bin", "ip-adapter-faceid-plusv2_sd15_lora.safetensors", 0.8, 0.7
)


def story(graph: Graph, **plan: Any) -> Out:
    """The story of a logline, with the hero's sheet to change."""
    column = graph.section("1  Story", BLUE).column(400)
    planned = column.add("AldarPlanStory", "Story", **plan)
    return character(column, planned["story"])


def character(column: Column, story: Out, **sheet: Any) -> Out:
    """The node that changes the hero."""
    return column.add("AldarCharacter", "Character", story=story, **sheet)["story"]


@dataclass(frozen=True)
class Models:
    """What the loaders give."""

    model: Out
    clip: Out
    vae: Out
    vision: Out
    column: Column


def models(section: Section, base: Base, lora: bool = True) -> Models:
    """Checkpoint, the character's LoRA, and the eyes of the gate."""
    column = section.column(340)
    loaded = checkpoint = column.add(
        "CheckpointLoaderSimple",
        "Checkpoint",
        offered("checkpoints", base.checkpoint),
        ckpt_name=base.checkpoint,
    )
    if lora:
        loaded = column.add(
            "LoraLoader",
            "Character LoRA",
            model=checkpoint["MODEL"],
            clip=checkpoint["CLIP"],
            lora_name=CHARACTER_LORA,
            strength_model=0.8,
            strength_clip=0.8,
        )
    vision = column.add(
        "CLIPVisionLoader", "CLIP vision", offered("clip_vision", VIT_H), clip_name=VIT_H
    )
    return Models(
        loaded["MODEL"],
        loaded["CLIP"],
        checkpoint["VAE"],
        vision["CLIP_VISION"],
        column,
    )


@dataclass(frozen=True)
class Take:
    """What one take begins with."""

    opened: Node
    take: Out
    positive: Out
    negative: Out
    noise: Out
    latent: Out
    section: Section


def take(graph: Graph, story: Out, clip: Out, base: Base, **frames: Any) -> Take:
    """The section of the loop with its first column: prompt, noise, latent of a take."""
    section = graph.section("3  Frame loop: once per take", BROWN)
    column = section.column(300)
    opened = column.add("AldarFramesOpen", "Frames", story=story, **frames)
    step = opened["take"]
    words = column.add("AldarTakeConditioning", "Prompt", take=step, clip=clip)
    noise = column.add("AldarTakeNoise", "Noise", take=step)
    latent = column.add("AldarTakeLatent", "Latent", take=step, side=base.side)
    return Take(
        opened,
        step,
        words["positive"],
        words["negative"],
        noise["noise"],
        latent["latent"],
        section,
    )


def sample(take: Take, models: Models, base: Base, model: Out, positive: Out, negative: Out) -> Out:
    """The picture of a take."""
    column = take.section.column(290)
    guider = column.add(
        "CFGGuider", "Guidance", model=model, positive=positive, negative=negative, cfg=base.cfg
    )
    sampler = column.add("KSamplerSelect", "Sampler", sampler_name=base.sampler)
    sigmas = column.add(
        "BasicScheduler",
        "Steps",
        model=models.model,
        scheduler=base.scheduler,
        steps=base.steps,
    )
    sampled = column.add(
        "SamplerCustomAdvanced",
        "Sample",
        noise=take.noise,
        guider=guider["GUIDER"],
        sampler=sampler["SAMPLER"],
        sigmas=sigmas["SIGMAS"],
        latent_image=take.latent,
    )
    decoded = column.add("VAEDecode", "Decode", samples=sampled["output"], vae=models.vae)
    return decoded["IMAGE"]


@dataclass(frozen=True)
class Guided:
    """A model and prompts that look at references where there are some."""

    model: Out
    positive: Out
    negative: Out


def adapter(column: Column, faces: Faces) -> Mapping[str, Any]:
    """The loaders of FaceID Plus V2, its LoRA apart."""
    loaded = column.add(
        "IPAdapterModelLoader",
        "FaceID adapter",
        offered("ipadapter", faces.adapter),
        ipadapter_file=faces.adapter,
    )
    eyes = column.add(
        "IPAdapterInsightFaceLoader", "InsightFace", provider="CPU", model_name="buffalo_l"
    )
    return {"ipadapter": loaded["IPADAPTER"], "insightface": eyes["INSIGHTFACE"]}


def guide(take: Take, models: Models, faces: Faces, people: int, pose: bool) -> Guided:
    """FaceID for the first characters of the story, each where it stands, and their poses.

    Where no character of a shot has a reference with a face, nothing of it is evaluated.
    """
    loaders = adapter(models.column, faces)
    lora = models.column.add(
        "LoraLoaderModelOnly",
        "FaceID LoRA",
        offered("loras", faces.lora),
        model=models.model,
        lora_name=faces.lora,
        strength_model=faces.lora_weight,
    )
    left, right = take.section.column(290), take.section.column(290)
    weight = left.add("AldarReferenceWeight", "Face weight", take=take.take, weight=faces.weight)
    model = right.add(
        "AldarLatchSwitch",
        "With FaceID LoRA?",
        take=take.take,
        first=models.model,
        latched=lora["MODEL"],
        character="*",
        needs_face=True,
    )["chosen"]
    for number in range(1, people + 1):
        who, name = ("", "Hero") if number == 1 else (str(number), f"Character {number}")
        reference = left.add("AldarReference", f"{name}: face", take=take.take, character=who)
        mask = left.add("AldarMask", f"{name}: place", take=take.take, character=who)
        faced = right.add(
            "IPAdapterFaceID",
            f"{name}: FaceID",
            model=model,
            image=reference["face"],
            weight=weight["scaled"],
            weight_faceidv2=1.0,
            weight_type="linear",
            combine_embeds="concat",
            embeds_scaling="V only",
            attn_mask=mask["mask"],
            clip_vision=models.vision,
            **loaders,
        )
        model = right.add(
            "AldarLatchSwitch",
            f"{name}: known?",
            take=take.take,
            first=model,
            latched=faced["MODEL"],
            character=who,
            needs_face=True,
        )["chosen"]
    if not pose:
        return Guided(model, take.positive, take.negative)
    return Guided(model, *_posed(take, models))


def _posed(take: Take, models: Models) -> tuple[Out, Out]:
    """Prompts steered by the pose map of the staging, once there is a reference."""
    net = models.column.add(
        "ControlNetLoader",
        "OpenPose ControlNet",
        offered("controlnet", OPENPOSE),
        control_net_name=OPENPOSE,
    )
    column = take.section.column(290)
    staged = column.add("AldarStaging", "Staging", take=take.take)
    posed = column.add(
        "ControlNetApplyAdvanced",
        "Pose",
        positive=take.positive,
        negative=take.negative,
        control_net=net["CONTROL_NET"],
        image=staged["pose"],
        strength=0.7,
        end_percent=0.8,
    )
    chosen = [
        column.add(
            "AldarLatchSwitch",
            f"With pose? ({name})",
            take=take.take,
            first=plain,
            latched=posed[name],
            character="*",
            needs_face=True,
        )["chosen"]
        for name, plain in (("positive", take.positive), ("negative", take.negative))
    ]
    return chosen[0], chosen[1]


def board(take: Take, image: Out, vision: Out, pipeline: str, room: int = 420) -> Out:
    """The gate, the end of the loop, and the files."""
    gate = take.section.column(290).add(
        "AldarGate", "Gate", take=take.take, image=image, clip_vision=vision
    )
    section = take.section.graph.section("4  Board", GREEN)
    column = section.column(420)
    closed = column.add(
        "AldarFramesClose",
        "Board",
        flow=take.opened["flow"],
        image=image,
        verdict=gate["verdict"],
    )
    column.add("AldarExportBoard", "Export", room=room, board=closed["board"], pipeline=pipeline)
    return closed["board"]
