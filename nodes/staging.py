"""Staging nodes: the shot drawn, posed and masked before any GPU is touched."""

from __future__ import annotations

import torch
from comfy_api.latest import io

from ..storyboard.casting import named
from ..storyboard.staging import Staging
from ..storyboard.tensors.images import background_of, fit, fit_masks, to_mask, to_tensor
from . import sockets

_TAKE = "From Frames: open."


class AldarDraftPanel(io.ComfyNode):
    """The take's shot as a drawn panel."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarDraftPanel",
            display_name="Draft panel",
            category="aldar/staging",
            description="Draws the shot of the take as a storyboard panel: no model, no GPU.",
            inputs=[sockets.TAKE.Input("take", tooltip=_TAKE)],
            outputs=[
                io.Image.Output("image", "image", tooltip="The panel, in the board's format.")
            ],
        )

    @classmethod
    def execute(cls, take: sockets.Takes) -> io.NodeOutput:
        return io.NodeOutput(torch.cat([to_tensor(each.staging.panel) for each in take]))


class AldarStaging(io.ComfyNode):
    """The blocking of the take's shot, as everything that can steer a render."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarStaging",
            display_name="Staging",
            category="aldar/staging",
            description="The blocking of the shot: the drawn panel, the OpenPose map for a "
            "ControlNet, and one mask per character. A picture of your own replaces any of them.",
            inputs=[
                sockets.TAKE.Input("take", tooltip=_TAKE),
                io.Image.Input(
                    "own_panel", optional=True, tooltip="Used in place of the drawn panel."
                ),
                io.Image.Input(
                    "own_pose",
                    optional=True,
                    tooltip="Used in place of the pose map: a DWPose result of a photo, say.",
                ),
                io.Mask.Input(
                    "own_masks",
                    optional=True,
                    tooltip="Used in place of the masks, in the order of the cast; brought to the "
                    "size of the frame. The background is what they leave.",
                ),
            ],
            outputs=[
                io.Image.Output("panel", "panel", tooltip="The shot as a drawn panel."),
                io.Image.Output(
                    "pose",
                    "pose",
                    tooltip="The OpenPose skeletons, in the colours ControlNet OpenPose models "
                    "were trained on.",
                ),
                io.Mask.Output(
                    "masks",
                    "masks",
                    is_output_list=True,
                    tooltip="For each take a batch with one mask per character, in cast order; "
                    "one empty mask for a shot with nobody.",
                ),
                io.Mask.Output("background", "background", tooltip="What no character covers."),
            ],
        )

    @classmethod
    def execute(
        cls,
        take: sockets.Takes,
        own_panel: torch.Tensor | None = None,
        own_pose: torch.Tensor | None = None,
        own_masks: torch.Tensor | None = None,
    ) -> io.NodeOutput:
        stagings, size = [each.staging for each in take], take[0].size
        panels, poses = own_panel, own_pose
        if panels is None:
            panels = torch.cat([to_tensor(staging.panel) for staging in stagings])
        if poses is None:
            poses = torch.cat([to_tensor(staging.pose) for staging in stagings])
        count = len(take)
        if own_masks is None:
            masks = [_masks(staging) for staging in stagings]
            background = torch.cat([to_mask(staging.background_mask) for staging in stagings])
        else:
            masks = [fit_masks(own_masks, size)] * count
            background = torch.cat([background_of(mask) for mask in masks])
        return io.NodeOutput(fit(panels, size, count), fit(poses, size, count), masks, background)


class AldarMask(io.ComfyNode):
    """Where one character stands."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarMask",
            display_name="Character mask",
            category="aldar/staging",
            description="The mask of one character in the take's shot, for attention masks and "
            "regional prompts. Empty where the character does not appear.",
            inputs=[
                sockets.TAKE.Input("take", tooltip=_TAKE),
                io.String.Input(
                    "character",
                    default="",
                    tooltip="Id, name or number of a character; empty for the hero of the story.",
                ),
            ],
            outputs=[
                io.Mask.Output(
                    "mask",
                    "mask",
                    tooltip="White where the character stands, black elsewhere; all black in "
                    "shots without the character.",
                )
            ],
        )

    @classmethod
    def execute(cls, take: sockets.Takes, character: str) -> io.NodeOutput:
        who = named(take[0].story, character)
        wanted = who.id if who else ""
        return io.NodeOutput(torch.cat([_mask(each.staging, wanted) for each in take]))


def _masks(staging: Staging) -> torch.Tensor:
    """MASK [characters or 1, H, W]."""
    if not staging.masks:
        return _nothing(staging)
    return torch.cat([to_mask(mask) for mask in staging.masks.values()])


def _mask(staging: Staging, character: str) -> torch.Tensor:
    """MASK [1, H, W]."""
    mask = staging.masks.get(character)
    return _nothing(staging) if mask is None else to_mask(mask)


def _nothing(staging: Staging) -> torch.Tensor:
    width, height = staging.size
    return torch.zeros([1, height, width])
