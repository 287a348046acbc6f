"""Gate nodes: is this take good enough?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import folder_paths
import torch
from comfy.utils import ProgressBar
from comfy_api.latest import io

from ..storyboard.errors import AldarError
from ..storyboard.files import digest
from ..storyboard.gate.calibration import FOLDER, Calibration, calibration_path
from ..storyboard.gate.curve import save_calibration
from ..storyboard.gate.measure.calibrate import (
    calibrate,
    picture_folder,
    picture_times,
    read_pictures,
)
from ..storyboard.gate.measure.clip import ClipVision
from ..storyboard.gate.measure.evidence import draw_evidence
from ..storyboard.gate.measure.examine import Tools
from ..storyboard.gate.measure.face_models import CHOICES, face_version, open_faces
from ..storyboard.gate.measure.judge import judge
from ..storyboard.gate.measure.prompt import FOLDER as TEXT_FOLDER
from ..storyboard.gate.measure.prompt import open_models, text_version
from ..storyboard.gate.policy import GATE_VERSION, Policy, Preset
from ..storyboard.gate.verdict import Verdict
from ..storyboard.takes import Take
from ..storyboard.tensors.images import load_image, split, to_picture, to_tensor
from . import sockets


class AldarGate(io.ComfyNode):
    """Scores a take."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarGate",
            display_name="Gate",
            category="aldar/gate",
            description="Scores a take and accepts or rejects it: identity, face, costume, number "
            "of people, copies of the reference, broken and duplicated pictures. A score that "
            "cannot be measured says why, and does not reject.",
            inputs=[
                sockets.TAKE.Input("take", tooltip="From Frames: open."),
                io.Image.Input("image", tooltip="The picture of the take."),
                io.Combo.Input(
                    "preset",
                    options=[preset.value for preset in Preset],
                    default="standard",
                    optional=True,
                    tooltip="standard asks for an identity of 0.70, strict for 0.90; calibrated "
                    "takes the thresholds that were found on your own pictures.",
                ),
                io.Float.Input(
                    "threshold",
                    default=0.0,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    optional=True,
                    tooltip="For the identity score, in place of the preset's; 0 leaves it.",
                ),
                io.String.Input(
                    "calibration",
                    default="",
                    optional=True,
                    tooltip="Name of a calibration made by 'aldar calibrate', for the preset "
                    "calibrated. Without one, the standard is used and the report says so.",
                ),
                io.Combo.Input(
                    "faces",
                    options=list(CHOICES),
                    default="auto",
                    optional=True,
                    tooltip="How faces are found and compared. auto: an insightface pack if one "
                    "lies in models/insightface, else dlib. The packs (buffalo, antelope) are "
                    "licensed for non-commercial research only; dlib's models are free.",
                ),
                io.String.Input(
                    "text_model",
                    default="",
                    optional=True,
                    tooltip="Folder below models/open_clip with open-clip weights, to report how "
                    "well frames fit their prompts. Empty: not measured.",
                ),
                io.ClipVision.Input(
                    "clip_vision",
                    optional=True,
                    tooltip="From Load CLIP Vision: measures the identity of the whole frame, "
                    "the clothes, and drawn faces that no face model finds.",
                ),
            ],
            outputs=[
                sockets.VERDICT.Output(
                    "verdict",
                    "verdict",
                    is_output_list=True,
                    tooltip="For Frames: close, which makes a rejected take again with the next "
                    "seed.",
                ),
                io.Image.Output(
                    "evidence",
                    "evidence",
                    is_output_list=True,
                    tooltip="Reference, frame, boxes and scores side by side.",
                ),
            ],
            is_input_list=True,
        )

    # A widget that is fed by a link is None in the next two: nothing is known of it yet.

    @classmethod
    def validate_inputs(
        cls,
        preset: Sequence[str | None] = ("standard",),
        calibration: Sequence[str | None] = ("",),
    ) -> bool | str:
        if preset[0] is None or calibration[0] is None:
            return True
        try:
            _policy(preset[0], 0.0, calibration[0])
        except AldarError as error:
            return str(error)
        return True

    @classmethod
    def fingerprint_inputs(
        cls,
        preset: Sequence[str | None] = ("standard",),
        calibration: Sequence[str | None] = ("",),
        faces: Sequence[str | None] = ("auto",),
        text_model: Sequence[str | None] = ("",),
        **_: Any,
    ) -> str:
        models = Path(folder_paths.models_dir)
        tools = [face_version(choice, models) for choice in ([faces[0]] if faces[0] else CHOICES)]
        tools += [text_version(name, models) for name in _text_models(text_model[0], models)]
        calibrations = [c.to_json() for c in _calibrations_of(preset[0], calibration[0])]
        return digest([GATE_VERSION, *calibrations, *tools])

    @classmethod
    def execute(
        cls,
        take: Sequence[sockets.Takes],
        image: Sequence[torch.Tensor],
        preset: Sequence[str] = ("standard",),
        threshold: Sequence[float] = (0.0,),
        calibration: Sequence[str] = ("",),
        faces: Sequence[str] = ("auto",),
        text_model: Sequence[str] = ("",),
        clip_vision: Sequence[ClipVision | None] = (None,),
    ) -> io.NodeOutput:
        models = Path(folder_paths.models_dir)
        tools = Tools(
            open_faces(faces[0], models),
            clip_vision[0],
            open_models(text_model[0], models),
        )
        takes, pictures = take[0], split(image)
        verdicts = judge(takes, pictures, tools, _policy(preset[0], threshold[0], calibration[0]))
        judged = zip(takes, pictures, verdicts, strict=True)
        evidence = [_evidence(*trio) for trio in judged]
        return io.NodeOutput(verdicts, evidence)


class AldarReferenceWeight(io.ComfyNode):
    """How much a take looks at its reference."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarReferenceWeight",
            display_name="Take: reference weight",
            category="aldar/gate",
            description="The weight of the reference for an IP-Adapter. A new take of a frame "
            "whose identity, face or costume failed looks at the reference a little more, one "
            "that copied it a little less, within 70 to 130 %. The LoRA stays as it is: changing "
            "its weight would reload the whole model.",
            inputs=[
                sockets.TAKE.Input("take", tooltip="From Frames: open."),
                io.Float.Input(
                    "weight",
                    default=0.8,
                    min=0.0,
                    max=3.0,
                    step=0.05,
                    tooltip="Of the first take of every frame.",
                ),
            ],
            outputs=[
                io.Float.Output(
                    "scaled",
                    "scaled",
                    tooltip="The weight for this take: for the weight input of an IP-Adapter node.",
                )
            ],
        )

    @classmethod
    def execute(cls, take: sockets.Takes, weight: float) -> io.NodeOutput:
        return io.NodeOutput(round(weight * take[0].rung.factor, 4))


class AldarCalibrateGate(io.ComfyNode):
    """Finds the thresholds of the gate on the user's own pictures."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarCalibrateGate",
            display_name="Calibrate gate",
            category="aldar/gate",
            description="Finds the gate's thresholds between pictures of one character and "
            "pictures of others, and keeps them under a name for the preset calibrated. The same "
            "as 'aldar calibrate'.",
            inputs=[
                io.String.Input(
                    "name", default="hero", tooltip="Letters, digits, - and _ of the calibration."
                ),
                io.String.Input(
                    "references",
                    default="references",
                    tooltip="Folder below ComfyUI's input folder: pictures of the character "
                    "alone, two at least, better five to fifteen.",
                ),
                io.String.Input(
                    "strangers",
                    default="",
                    tooltip="Folder below ComfyUI's input folder: pictures of other people. "
                    "Empty: the thresholds stay a guess, and no error rate is known.",
                ),
                io.Combo.Input(
                    "faces",
                    options=list(CHOICES),
                    default="auto",
                    tooltip="As in the gate. insightface's packs (buffalo, antelope) are licensed "
                    "for non-commercial research only.",
                ),
                io.ClipVision.Input(
                    "clip_vision",
                    optional=True,
                    tooltip="The same CLIP vision model as the gate's.",
                ),
            ],
            outputs=[
                io.Image.Output(
                    "curve",
                    "curve",
                    tooltip="Strangers accepted against pictures of the character accepted.",
                )
            ],
            is_output_node=True,
        )

    @classmethod
    def fingerprint_inputs(
        cls, references: str | None, strangers: str | None, **_: Any
    ) -> str | float:
        if references is None or strangers is None:
            return float("nan")  # by a link: which folders is not known yet
        folders = [_input_folder(name) for name in (references, strangers) if name]
        return digest([picture_times(folder) for folder in folders])

    @classmethod
    def execute(
        cls,
        name: str,
        references: str,
        strangers: str,
        faces: str,
        clip_vision: ClipVision | None = None,
    ) -> io.NodeOutput:
        path = calibration_path(_calibrations(), name)
        tools = Tools(open_faces(faces, Path(folder_paths.models_dir)), clip_vision)
        own = read_pictures(_input_folder(references))
        others = read_pictures(_input_folder(strangers)) if strangers else {}
        calibration = calibrate(own, others, tools, name, progress=ProgressBar(1).update_absolute)
        curve = save_calibration(calibration, path)
        ui = {"aldar_calibration": [calibration.model_dump(mode="json")]}
        return io.NodeOutput(to_tensor(curve), ui=ui)


def _input_folder(name: str) -> Path:
    return picture_folder(Path(folder_paths.get_input_directory()), name)


def _text_models(name: str | None, models: Path) -> list[str]:
    """The text models a gate may use; all that are there if its name comes by a link."""
    if name is not None:
        return [name]
    folder = models / TEXT_FOLDER
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _calibrations_of(preset: str | None, name: str | None) -> list[Calibration]:
    """The calibrations a gate may use; all that are there if its name comes by a link."""
    if preset not in (None, Preset.CALIBRATED.value):
        return []
    if name is not None:
        paths = [calibration_path(_calibrations(), name.strip())] if name.strip() else []
    else:
        paths = sorted(_calibrations().glob("*.json"))
    calibrations = []
    for path in paths:
        with suppress(AldarError):  # said when it is used
            calibrations.append(Calibration.load(path))
    return calibrations


def _policy(preset: str, threshold: float, calibration: str) -> Policy:
    name = calibration.strip() if preset == Preset.CALIBRATED.value else ""
    calibrated = Calibration.load(calibration_path(_calibrations(), name)) if name else None
    return Policy(Preset(preset), calibrated, threshold)


def _calibrations() -> Path:
    return Path(folder_paths.get_system_user_directory("aldar")) / FOLDER


def _evidence(take: Take, picture: torch.Tensor, verdict: Verdict) -> torch.Tensor:
    """IMAGE [1, H, W, 3]."""
    reference = take.reference() or next(iter(take.references), None)
    shown = to_picture(load_image(reference.path)) if reference else None
    return to_tensor(draw_evidence(take, to_picture(picture), verdict, shown))
