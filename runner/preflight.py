"""Before a workflow is queued: are its node packs and model files there, and is the GPU enough?

ComfyUI says "value not in list" of a missing file, only logs a LoRA of another architecture, and
fails on a truncated file in the middle of a board. Here every one of them is named beforehand,
with its folder, size, licence and link.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ..storyboard.errors import RunnerError
from .graph import Graph, choices, is_link
from .models.architecture import PLAIN, trained_for
from .models.inspect import examine
from .models.manifest import ModelFile, manifest

GIB = 2**30
LORA_NODE = "Character LoRA"
FACES_NODE = "IPAdapterInsightFaceLoader"

FILE_INPUTS: dict[tuple[str, str], str] = {
    ("CheckpointLoaderSimple", "ckpt_name"): "checkpoints",
    ("CLIPVisionLoader", "clip_name"): "clip_vision",
    ("ControlNetLoader", "control_net_name"): "controlnet",
    ("IPAdapterModelLoader", "ipadapter_file"): "ipadapter",
    ("LoraLoader", "lora_name"): "loras",
    ("LoraLoaderModelOnly", "lora_name"): "loras",
    ("UNETLoader", "unet_name"): "diffusion_models",
    ("VAELoader", "vae_name"): "vae",
}
"""(class, input) that names a file -> its folder below ComfyUI's models folder."""
FITTED = {"controlnet", "ipadapter", "loras"}
"""Folders whose files must belong to the architecture of the checkpoint."""

VRAM = {
    "simple": 8,
    "guided": 16,
    "sd15_faceid": 6,
    "variations_5x5x5": 16,
    "identity_quick_test": 8,
}
"""GiB a mode needs (mission rows S1.2 and S1.3); the others need no GPU."""
MARGIN = 0.9
"""Cards report a little less than is written on them."""


@dataclass(frozen=True)
class Pack:
    """A node pack that a workflow of ours uses."""

    begins: str
    """How the names of its classes begin."""
    name: str
    licence: str
    page: str


PACKS = (
    Pack("Aldar", "aldar-storyboard", "Apache-2.0", "this pack"),
    Pack(
        "IPAdapter",
        "ComfyUI_IPAdapter_plus",
        "GPL-3.0",
        "https://github.com/cubiq/ComfyUI_IPAdapter_plus",
    ),
)


@dataclass
class Findings:
    """What a look at a workflow and a ComfyUI brought up."""

    problems: list[str] = field(default_factory=list)
    """Why it cannot run, one thing each."""
    notices: list[str] = field(default_factory=list)
    """What was changed, or will not be as the user may expect."""
    too_small: str = ""
    """What is wrong with the GPU."""
    base: Path | None = None
    """Where models and node packs of that ComfyUI lie, if on this disk."""

    def as_dict(self) -> dict[str, Any]:
        """What ``--dry-run --json`` prints beside the graph."""
        problems = [*self.problems, *([self.too_small] if self.too_small else [])]
        return {"problems": problems, "notices": self.notices}

    def refuse(self, mode: str = "", force: bool = False) -> None:
        """Stop here unless everything is there.

        :param mode: what is to run; without one, the workflow of a board.
        :param force: whether to go on although the GPU is too small.
        :raises RunnerError: ``not_ready`` with every problem, or ``gpu_too_small``.
        """
        if self.problems:
            what = f"Mode {mode}" if mode else "The board's workflow"
            pull = f"aldar models pull --mode {mode or 'MODE'}"
            raise RunnerError(
                "not_ready",
                f"{what} cannot run yet:\n" + "\n".join(f"  - {p}" for p in self.problems),
                f"'{pull}' brings model files; node packs come from ComfyUI Manager, or from their "
                f"page into {self.base / 'custom_nodes' if self.base else 'custom_nodes'}.",
            )
        if self.too_small and not force:
            raise RunnerError(
                "gpu_too_small",
                self.too_small,
                "Use --mode simple, which needs about 8 GB, or --mode draft, which needs no GPU; "
                "--force tries it all the same, and may be very slow.",
            )


def look(
    graph: Graph,
    mode: str,
    object_info: Mapping[str, Any],
    stats: Mapping[str, Any],
    models: Path | None = None,
    python: Path | None = None,
    metadata: Callable[[str, str], Mapping[str, str]] | None = None,
) -> Findings:
    """Compare a workflow with a ComfyUI. The graph loses its character LoRA if that is missing.

    :param object_info: the answer to ``GET /object_info``.
    :param stats: the answer to ``GET /system_stats``.
    :param models: ComfyUI's models folder, if it is on this disk: then files are looked into.
    :param python: the interpreter of that ComfyUI.
    :param metadata: asks a ComfyUI elsewhere what stands in a file, by folder and name.
    """
    found = Findings(base=models.parent if models else None)
    _without_lora(graph, object_info, found)
    found.problems += _packs(graph, object_info)
    found.problems += _files(graph, object_info, models)
    if models is not None:
        found.problems += _unfit(graph, models)
        found.problems += _faces(graph, models, python)
    elif metadata is not None and not found.problems:
        found.problems += _unfit_elsewhere(graph, metadata)
    _gpu(mode, stats, found)
    return found


def _without_lora(graph: Graph, info: Mapping[str, Any], found: Findings) -> None:
    """Take the character's LoRA out if there is none: it is the user's own."""
    if not graph.has(LORA_NODE):
        return
    name = graph.get(LORA_NODE, "lora_name")
    if name in choices(_spec(info, "LoraLoader", "lora_name")):
        return
    drop_lora(graph)
    found.notices.append(
        f"models/loras/{name} is missing: the frames are drawn without the character's LoRA, from "
        "the words alone, and the character will vary more. Train one with training/, fetch yours "
        f"with 'aldar models pull {name} --from PLACE', or name another with --lora."
    )


def drop_lora(graph: Graph) -> None:
    """Make the workflow run without the character's LoRA, and without its trigger word."""
    graph.bypass(LORA_NODE, {0: "model", 1: "clip"})
    for title in ("Character", "Story"):
        if graph.has(title) and graph.get(title, "trigger") is not None:
            graph.set(title, trigger="-")
            return


def _packs(graph: Graph, info: Mapping[str, Any]) -> Iterator[str]:
    graph_types = {node["class_type"] for node in graph.nodes.values()}
    missing = sorted(graph_types - set(info))
    for pack in PACKS:
        lacking = [name for name in missing if name.startswith(pack.begins)]
        if lacking and any(name.startswith(pack.begins) for name in graph_types & set(info)):
            missing = [name for name in missing if name not in lacking]
            yield (
                f"the node pack {pack.name} ({pack.page}) of this ComfyUI is older than the "
                f"workflow: it lacks {', '.join(lacking)}; update it there"
            )
        elif lacking:
            missing = [name for name in missing if name not in lacking]
            yield (
                f"the node pack {pack.name} ({pack.licence}, {pack.page}) is missing or did not "
                f"load: it has {', '.join(lacking)}"
            )
    for name in missing:
        yield f"no node pack of this ComfyUI has the node {name}"


class _Named(NamedTuple):
    """A file that a workflow names."""

    title: str
    """Of the node."""
    kind: str
    """Its class."""
    input: str
    folder: str
    """Below the models folder."""
    file: str


def _named(graph: Graph) -> Iterator[_Named]:
    """Every file a workflow names."""
    for id, node in graph.nodes.items():
        kind = node["class_type"]
        for name, value in node["inputs"].items():
            folder = FILE_INPUTS.get((kind, name))
            if folder and not is_link(value):
                yield _Named(graph.title(id), kind, name, folder, str(value))


def _files(graph: Graph, info: Mapping[str, Any], models: Path | None) -> Iterator[str]:
    for one in _named(graph):
        path = f"{one.folder}/{one.file}"
        if one.kind in info:
            missing = one.file not in choices(_spec(info, one.kind, one.input))
        else:  # its pack is missing as well
            missing = models is not None and not (models / path).is_file()
        if missing:
            known = _known(manifest().of_path(path))
            yield f"models/{path} is missing{known}, for '{one.title}'"


def _known(file: ModelFile | None) -> str:
    if file is None:
        return ""
    size = f"{file.bytes / 10**9:.2f} GB, " if file.bytes else ""
    return f" ({size}{file.licence.name}, {file.page or 'no public source'})"


def _unfit(graph: Graph, models: Path) -> Iterator[str]:
    """Files that are there but will not do: truncated, with code in them, of another base."""
    base = ""
    for one in sorted(_named(graph), key=lambda one: one.folder != "checkpoints"):
        path = models / one.folder / one.file
        if not path.is_file():  # missing, or in a folder of extra_model_paths.yaml
            continue
        seen = examine(path)
        if one.folder == "checkpoints" and seen.architecture != "unknown":
            base = base or seen.architecture
        problem = seen.unfit(base if one.folder in FITTED else "")
        if problem:
            yield f"{problem.rstrip('.')} ('{one.title}', models/{one.folder})"


def _unfit_elsewhere(
    graph: Graph, metadata: Callable[[str, str], Mapping[str, str]]
) -> Iterator[str]:
    """LoRAs of another base, as far as their trainers wrote it down."""
    files = list(_named(graph))
    checkpoints = (f"{one.folder}/{one.file}" for one in files if one.folder == "checkpoints")
    base = next((known.base for path in checkpoints if (known := manifest().of_path(path))), "")
    for one in files:
        if one.folder == "loras" and base and one.file.endswith(".safetensors"):
            nature = trained_for(metadata(one.folder, one.file))
            if nature.architecture not in (base, "unknown"):
                wanted, found = PLAIN[base], PLAIN[nature.architecture]
                what = f"{one.file} is for {found}, not for {wanted}: {nature.evidence}"
                yield f"{what} ('{one.title}')"


def _faces(graph: Graph, models: Path, python: Path | None) -> Iterator[str]:
    """What insightface needs; it would try to download its models in the middle of a run."""
    loaders = [n for n in graph.nodes.values() if n["class_type"] == FACES_NODE]
    if not loaders:
        return
    pack = str(loaders[0]["inputs"].get("model_name"))
    folder = models / "insightface" / "models" / pack
    if not any(folder.glob("*.onnx")):
        file = manifest().of_path(f"insightface/models/{pack}.zip")
        yield f"models/insightface/models/{pack} is missing{_known(file)}"
    if python is not None and not _imports(python, "insightface"):
        yield f"the Python package insightface is missing: {python} -m pip install insightface"


def _imports(python: Path, package: str) -> bool:
    probe = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({package!r}) is None)"
    return subprocess.run([str(python), "-c", probe], check=False, timeout=60).returncode == 0


def _gpu(mode: str, stats: Mapping[str, Any], found: Findings) -> None:
    needed = VRAM.get(mode)
    devices = stats.get("devices") or [{}]
    if needed is None or not isinstance(devices[0], dict):
        return
    kind, total = devices[0].get("type"), devices[0].get("vram_total")
    if kind == "cpu":
        found.notices.append(f"ComfyUI has no GPU: mode {mode} will take many minutes a frame.")
    elif isinstance(total, (int, float)) and total < MARGIN * needed * GIB:
        name = devices[0].get("name", "the GPU")
        found.too_small = (
            f"Mode {mode} needs about {needed} GB of GPU memory; {name} has {total / GIB:.1f}."
        )


def _spec(info: Mapping[str, Any], kind: str, name: str) -> list[Any]:
    """The signature of an input; an empty menu if there is no such input."""
    declared = info.get(kind, {}).get("input", {})
    return declared.get("required", {}).get(name) or declared.get("optional", {}).get(name) or [[]]
