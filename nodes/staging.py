"""Staging nodes: the shot drawn, posed and masked before any GPU is touched."""

from __future__ import annotations

import torch
from comfy_api.latest import io

from ..storyboard.casting import named
from ..storyboard.tensors.images import background_of, fit, fit_masks, to_mask, to_tensor
from . import sockets

_TAKE = "From Frames: open."


class AldarDraftPanel(io.ComfyNode):
    """The take's shot as a drawn panel."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarDraftPanel",
            display_name="Draft panel",
            category="aldar/staging",
            description="Draws the shot of the take as a storyboard panel: no model, no GPU.",
            inputs=[sockets.TAKE.Input("take", tooltip=_TAKE)],
            outputs=[io.Image.Output("image", "image")],
        )

    @classmethod
    def execute(cls, take):
        return io.NodeOutput(torch.cat([to_tensor(one.staging.panel) for one in take]))


class AldarStaging(io.ComfyNode):
    """The blocking of the take's shot, as everything that can steer a render."""

    @classmethod
    def define_schema(cls):
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
                io.Image.Output("panel", "panel"),
                io.Image.Output("pose", "pose"),
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
    def execute(cls, take, own_panel=None, own_pose=None, own_masks=None):
        stagings, size = [one.staging for one in take], take[0].size
        panels, poses = own_panel, own_pose
        if panels is None:
            panels = torch.cat([to_tensor(one.panel) for one in stagings])
        if poses is None:
            poses = torch.cat([to_tensor(one.pose) for one in stagings])
        count = len(take)
        if own_masks is None:
            masks = [_masks(one) for one in stagings]
            background = torch.cat([to_mask(one.background_mask) for one in stagings])
        else:
            masks = [fit_masks(own_masks, size)] * count
            background = torch.cat([background_of(own) for own in masks])
        return io.NodeOutput(fit(panels, size, count), fit(poses, size, count), masks, background)


class AldarMask(io.ComfyNode):
    """Where one character stands."""

    @classmethod
    def define_schema(cls):
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
            outputs=[io.Mask.Output("mask", "mask")],
        )

    @classmethod
    def execute(cls, take, character):
        who = named(take[0].story, character)
        wanted = who.id if who else ""
        return io.NodeOutput(torch.cat([_mask(one.staging, wanted) for one in take]))


def _masks(staged):
    if not staged.masks:
        return _nothing(staged)
    return torch.cat([to_mask(mask) for mask in staged.masks.values()])


def _mask(staged, character):
    mask = staged.masks.get(character)
    return _nothing(staged) if mask is None else to_mask(mask)


def _nothing(staged):
    width, height = staged.size
    return torch.zeros([1, height, width])
