"""``aldar calibrate``: from two folders of pictures to thresholds the gate takes by name.

Faces and clothes are measured right here. The identity score needs the CLIP vision model that the
gate will use, so with ``--clip-vision`` (or ``--server``) the node *Calibrate gate* does the work
inside ComfyUI.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ...storyboard.errors import AldarError, InputError, RunnerError
from ...storyboard.gate.calibration import FOLDER, Calibration, calibration_path
from ...storyboard.gate.curve import save_calibration
from ...storyboard.pictures import picture_files
from ..server import comfyui
from .follow import Run, View, interrupted
from .graph import Graph
from .preflight import settle
from .session import connected

if TYPE_CHECKING:
    from rich.table import Table

UPLOADS = "aldar_calibration"
"""Below ComfyUI's input folder."""


@dataclass(frozen=True)
class Request:
    """Everything that decides a calibration."""

    references: Path
    """Folder with pictures of the character."""
    strangers: Path | None = None
    """Folder with pictures of others."""
    name: str = ""
    """What the gate calls it; by default the name of the references' folder."""
    out: Path | None = None
    """Also write it to this file."""
    faces: str = "auto"
    clip_vision: str = ""
    """File name of a CLIP vision model of that ComfyUI."""
    server: str | None = None


@dataclass(frozen=True)
class Result:
    """A finished calibration."""

    calibration: Calibration
    files: tuple[Path, ...]
    """Where it was written; nothing for a server, which keeps it itself."""

    def as_dict(self) -> dict[str, Any]:
        """What ``aldar calibrate --json`` prints."""
        data = self.calibration.model_dump(mode="json")
        for threshold in data["thresholds"].values():
            del threshold["roc"]
        return data | {"files": [str(path) for path in self.files]}

    def notes(self) -> list[str]:
        """What was left out, and why, for people."""
        return [f"{file}: {why}" for file, why in self.calibration.skipped.items()]

    def table(self) -> Table:
        """The thresholds, for people."""
        from rich.table import Table

        table = Table("score", "threshold", "95 %", "equal error", "the character", "strangers")
        for name, threshold in self.calibration.thresholds.items():
            floor = threshold.floor
            table.add_row(
                name,
                f"{threshold.threshold:.3f}",
                f"{threshold.low:.3f} to {threshold.high:.3f}",
                "unknown" if threshold.eer is None else f"{threshold.eer:.1%}",
                f"{threshold.ceiling.lowest:.3f} to {threshold.ceiling.highest:.3f}",
                f"{floor.lowest:.3f} to {floor.highest:.3f}" if floor else "none given",
            )
        return table


def calibrate(request: Request, view: View) -> Result:
    """Calibrate the gate.

    :raises AldarError: ``calibration_unusable`` if the pictures will not do, or whatever goes
        wrong with ComfyUI.
    """
    name = request.name or _name_of(request.references)
    calibration_path(Path(), name)  # refuses a name that is none
    try:
        if request.clip_vision or request.server:
            calibration = _inside(request, name, view)
        else:
            calibration = _here(request, name, view)
    except KeyboardInterrupt:
        raise interrupted("The calibration was interrupted.") from None
    files = [] if request.server else _places(request, name)
    for path in files:
        save_calibration(calibration, path)
    return Result(calibration, tuple(files))


def _here(request: Request, name: str, view: View) -> Calibration:
    try:
        from ...storyboard.gate.measure.calibrate import calibrate, read_pictures
        from ...storyboard.gate.measure.examine import Tools
        from ...storyboard.gate.measure.face_models import CHOICES, open_faces
    except ImportError as error:
        raise RunnerError(
            "package_missing",
            f"Pictures cannot be measured here: the package {error.name} is not installed.",
            "Run 'python3 quickstart.py' first, or give --server.",
        ) from error
    if request.faces not in CHOICES:
        raise InputError(
            "option_invalid",
            f"--faces is {request.faces!r}.",
            f"Choose one of: {', '.join(CHOICES)}.",
        )
    view.step("Looking at the pictures")
    own = read_pictures(request.references)
    others = read_pictures(request.strangers) if request.strangers else {}
    tools = Tools(open_faces(request.faces, _models()))
    return calibrate(own, others, tools, name, progress=_counting(view))


def _counting(view: View) -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        if done % 10 == 0 or done == total:
            view.step(f"Looking at the pictures: {done} of {total}")

    return show


def _inside(request: Request, name: str, view: View) -> Calibration:
    """Let the node do it: the pictures go to ComfyUI's input folder."""
    folders = {"references": request.references, "strangers": request.strangers}
    pictures = {kind: _files(folder) for kind, folder in folders.items() if folder}
    mark = _digest([path for paths in pictures.values() for path in paths])
    inputs: dict[str, Any] = {"name": name, "references": "", "strangers": ""}
    inputs |= {kind: f"{UPLOADS}/{mark}/{kind}" for kind in pictures}
    nodes: dict[str, Any] = {
        "1": {
            "class_type": "AldarCalibrateGate",
            "inputs": {**inputs, "faces": request.faces},
            "_meta": {"title": "Calibrate gate"},
        }
    }
    if request.clip_vision:
        loader = {"clip_name": request.clip_vision}
        nodes["2"] = {"class_type": "CLIPVisionLoader", "inputs": loader}
        nodes["1"]["inputs"]["clip_vision"] = ["2", 0]
    graph = Graph(nodes, "calibration")
    base = None if request.server else comfyui.find().base
    output = Path() if base is None else base / "output"
    try:
        with connected(request.server, output, view) as session:
            info = session.client.object_info()
            if ambiguous := list(settle(graph, info)):
                raise InputError("option_invalid", f"{ambiguous[0]}.", "Give --clip-vision so.")
            graph.check(info)
            view.step("Bringing the pictures")
            for kind, paths in pictures.items():
                for path in paths:
                    session.client.upload(path, inputs[kind])
            view.step("Looking at the pictures")
            outputs = Run(session.client, graph, view, session.died).outputs()
    finally:
        if base is not None:
            shutil.rmtree(base / "input" / UPLOADS / mark, ignore_errors=True)
    try:
        return Calibration.model_validate(outputs["1"]["aldar_calibration"][0])
    except (LookupError, TypeError, ValidationError) as error:
        raise RunnerError(
            "run_failed",
            "ComfyUI ended the calibration without one.",
            "Update this pack on the server, so that it goes together with this command.",
        ) from error


def _places(request: Request, name: str) -> list[Path]:
    """The files a calibration is written to: by name for the gate, and where the user wants it."""
    places = [] if request.out is None else [request.out]
    try:
        folder = comfyui.find().base / comfyui.USER_FOLDER / FOLDER
    except AldarError:
        if not places:
            raise
        return places
    return [calibration_path(folder, name), *places]


def _models() -> Path | None:
    try:
        return comfyui.find().base / "models"
    except AldarError:
        return None


def _name_of(folder: Path) -> str:
    words = re.findall(r"[A-Za-z0-9]+", folder.resolve().name)
    return "-".join(words)[:64] or "hero"


def _files(folder: Path) -> list[Path]:
    try:
        return picture_files(folder)
    except OSError as error:
        raise InputError(
            "calibration_unusable",
            f"{folder} cannot be read: {error.strerror or error}.",
            "Give a folder with pictures.",
        ) from error


def _digest(paths: list[Path]) -> str:
    mark = hashlib.sha256()
    for path in paths:
        mark.update(path.name.encode("utf-8", "replace"))
        mark.update(path.read_bytes())
    return mark.hexdigest()[:16]
