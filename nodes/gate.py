"""Gate nodes: is this take good enough?"""

from __future__ import annotations

from comfy_api.latest import io

from ..storyboard.gate import Verdict, anomaly_score, perceptual_hash
from ..storyboard.vision.images import split, to_array, to_picture
from . import sockets


class AldarGate(io.ComfyNode):
    """Scores a take."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarGate",
            display_name="Gate",
            category="aldar/gate",
            description="Scores a take and accepts or rejects it. For now: broken, blank, noisy "
            "and duplicated pictures.",
            inputs=[
                sockets.TAKE.Input("take", tooltip="From Frames: open."),
                io.Image.Input("image", tooltip="The picture of the take."),
            ],
            outputs=[sockets.VERDICT.Output("verdict", "verdict", is_output_list=True)],
            is_input_list=True,
        )

    @classmethod
    def execute(cls, take, image):
        verdicts, seen = [], list(take[0][0].seen)
        for picture in split(image):
            hash = perceptual_hash(to_picture(picture))
            score = anomaly_score(to_array(picture), hash, seen)
            verdicts.append(Verdict(scores=(score,), perceptual_hash=hash))
            seen.append(hash)
        return io.NodeOutput(verdicts)
