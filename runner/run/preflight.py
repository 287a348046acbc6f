"""Before a workflow is queued: are its node packs and model files there, and is the GPU enough?

ComfyUI says "value not in list" of a missing file, only logs a LoRA of another architecture, and
fails on a truncated file in the middle of a board. Here every one of them is named beforehand,
with its folder, size, licence and link.
"""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from ...storyboard.errors import RunnerError
from ..models.architecture import PLAIN, Architecture, trained_for
from ..models.headers import SAFETENSORS, TORCH
from ..models.inspect import examine
from ..models.lora import STABLE, fit
from ..models.manifest import ModelFile, manifest
from .graph import Graph, choices, is_link, signature

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
MODEL_ONLY = "LoraLoaderModelOnly"
"""The class that leaves out what a LoRA changes in text encoders."""
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
            subject = f"Mode {mode}" if mode else "The board's workflow"
            pull = f"aldar models pull --mode {mode or 'MODE'}"
            raise RunnerError(
                "not_ready",
                f"{subject} cannot run yet:\n" + "\n".join(f"  - {p}" for p in self.problems),
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
    own_lora: bool = False,
) -> Findings:
    """Compare a workflow with a ComfyUI. Files get the names they have there; the graph loses its
    character LoRA if that is missing, and was not asked for.

    :param object_info: the answer to ``GET /object_info``.
    :param stats: the answer to ``GET /system_stats``.
    :param models: ComfyUI's models folder, if it is on this disk: then files are looked into.
    :param python: the interpreter of that ComfyUI.
    :param metadata: asks a ComfyUI elsewhere what stands in a file, by folder and name.
    :param own_lora: whether the user named the character's LoRA; else it is the workflow's.
    """
    findings = Findings(base=models.parent if models else None)
    findings.problems += settle(graph, object_info)
    if not own_lora:
        _without_lora(graph, object_info, findings)
    findings.problems += _packs(graph, object_info)
    findings.problems += _files(graph, object_info, models)
    if models is not None:
        _unfit(graph, models, findings)
        findings.problems += _faces(graph, models, python)
    elif metadata is not None and not findings.problems:
        _unfit_elsewhere(graph, metadata, findings)
    _gpu(mode, stats, findings)
    return findings


def settle(graph: Graph, info: Mapping[str, Any]) -> Iterator[str]:
    """Put what a ComfyUI calls its files in place of what people wrote.

    A file is known without its ending or its subfolder, with either slash, in any case.

    :returns: the names that several files answer to.
    """
    for named in _named(graph):
        offered = _offered(info, named)
        if named.file in offered:
            continue
        meant = matching(named.file, offered, named.folder)
        if len(meant) == 1:
            graph.nodes[named.id]["inputs"][named.input] = meant[0]
        elif meant:
            yield (
                f"'{named.file}' for '{named.title}' may be {' or '.join(meant)} in "
                f"models/{named.folder}: name one of them in full"
            )


def matching(name: str, offered: Sequence[str], folder: str = "") -> list[str]:
    """The files that a name means: those it fits best.

    :param name: as people write it.
    :param offered: as ComfyUI lists them, below ``folder``, with the slashes of its system.
    """
    ranked = {file: _distance(_plain(file), _plain(name), folder) for file in offered}
    if min(ranked.values(), default=FAR) == FAR:
        lower = _plain(name).casefold()
        ranked = {file: _distance(_plain(file).casefold(), lower, folder) for file in offered}
    nearest = min(ranked.values(), default=FAR)
    return [file for file, rank in ranked.items() if rank == nearest < FAR]


FAR = 4


def _distance(file: str, name: str, folder: str) -> int:
    """How far a file is from what somebody wrote: 0 is the same, :data:`FAR` another file."""
    _, inside, below = f"/{name}".rpartition(f"/{folder}/")
    wanted = {name, below} if folder and inside else {name}
    bare = _bare(file)
    ways = (file in wanted, bare in wanted, file.endswith(f"/{name}"), bare.endswith(f"/{name}"))
    return ways.index(True) if True in ways else FAR


def _plain(name: str) -> str:
    """A path with ``/``, letters and accents joined (macOS lists them apart)."""
    return unicodedata.normalize("NFC", name.strip().replace("\\", "/")).removeprefix("./")


def _bare(name: str) -> str:
    """A name without the ending of a file of weights: ``v1.5`` is none."""
    stem, dot, ending = name.rpartition(".")
    return stem if f"{dot}{ending}".lower() in (*SAFETENSORS, *TORCH) else name


def _without_lora(graph: Graph, info: Mapping[str, Any], findings: Findings) -> None:
    """Take the character's LoRA out if there is none: it is the user's own."""
    if not graph.has(LORA_NODE):
        return
    name = graph.get(LORA_NODE, "lora_name")
    if name in choices(signature(info, "LoraLoader", "lora_name")):
        return
    if matching(name, choices(signature(info, "LoraLoader", "lora_name")), "loras"):
        return  # several: that is a problem already
    drop_lora(graph)
    findings.notices.append(
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

    id: str
    """Of the node."""
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
    for node_id, node in graph.nodes.items():
        kind = node["class_type"]
        for name, value in node["inputs"].items():
            folder = FILE_INPUTS.get((kind, name))
            if folder and not is_link(value):
                yield _Named(node_id, graph.title(node_id), kind, name, folder, str(value))


def _offered(info: Mapping[str, Any], named: _Named) -> list[str]:
    """The files that a ComfyUI lists for an input."""
    return [str(file) for file in choices(signature(info, named.kind, named.input))]


def _files(graph: Graph, info: Mapping[str, Any], models: Path | None) -> Iterator[str]:
    for named in _named(graph):
        path = f"{named.folder}/{named.file}"
        offered = _offered(info, named)
        if named.kind in info:
            missing = named.file not in offered
        else:  # its pack is missing as well
            missing = models is not None and not (models / path).is_file()
        if missing and not matching(named.file, offered, named.folder):
            details = _known(manifest().of_path(path))
            near = get_close_matches(named.file, offered, 3, 0.5)
            there = f"; there is {', '.join(near)}" if near else ""
            yield f"models/{path} is missing{details}, for '{named.title}'{there}"


def _known(file: ModelFile | None) -> str:
    if file is None:
        return ""
    size = f"{file.bytes / 10**9:.2f} GB, " if file.bytes else ""
    return f" ({size}{file.licence.name}, {file.page or 'no public source'})"


def _unfit(graph: Graph, models: Path, findings: Findings) -> None:
    """Files that are there but will not do: truncated, with code in them, of another base, or
    with names that ComfyUI would leave out."""
    base: Architecture = "unknown"
    for named in sorted(_named(graph), key=lambda named: named.folder != "checkpoints"):
        try:
            seen = examine(models / named.folder / named.file)
        except FileNotFoundError:  # missing, or in a folder of extra_model_paths.yaml
            if named.folder == "loras" and not findings.problems:
                findings.notices.append(_unseen(named.file))
            continue
        if named.folder == "checkpoints" and base == "unknown":
            base = seen.architecture
        wanted = base if base != "unknown" and named.folder in FITTED else ""
        problem = seen.unfit(wanted)
        if named.folder == "loras" and not problem:
            architecture = base if base != "unknown" else seen.architecture
            if architecture in STABLE and (seen.tensors or seen.kind == "safetensors"):
                fitting = fit(seen.tensors, architecture, named.kind == MODEL_ONLY)
                problem, notice = fitting.problem(named.file), fitting.notice(named.file)
            else:
                notice = _unseen(named.file)
            if notice and not problem:
                findings.notices.append(notice)
        if problem:
            findings.problems.append(
                f"{problem.rstrip('.')} ('{named.title}', models/{named.folder})"
            )


def _unseen(file: str) -> str:
    return (
        f"Whether ComfyUI knows the names in the LoRA {file} could not be checked. If the frames "
        "look as if it were not there, search ComfyUI's log for 'lora key not loaded'."
    )


def _unfit_elsewhere(
    graph: Graph, metadata: Callable[[str, str], Mapping[str, str]], findings: Findings
) -> None:
    """LoRAs of another base, as far as their trainers wrote it down."""
    files = list(_named(graph))
    checkpoints = (f"{named.folder}/{named.file}" for named in files)
    base = next((listed.base for path in checkpoints if (listed := manifest().of_path(path))), "")
    for named in files:
        if named.folder != "loras":
            continue
        told = metadata(named.folder, named.file) if named.file.endswith(".safetensors") else {}
        nature = trained_for(told)
        if base and nature.architecture not in (base, "unknown"):
            wanted, other = PLAIN[base], PLAIN[nature.architecture]
            problem = f"{named.file} is for {other}, not for {wanted}: {nature.evidence}"
            findings.problems.append(f"{problem} ('{named.title}')")
        elif not told.get("ss_network_module"):  # kohya's trainer names layers as ComfyUI does
            findings.notices.append(_unseen(named.file))


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


def _gpu(mode: str, stats: Mapping[str, Any], findings: Findings) -> None:
    needed = VRAM.get(mode)
    devices = stats.get("devices") or [{}]
    if needed is None or not isinstance(devices[0], dict):
        return
    kind, total = devices[0].get("type"), devices[0].get("vram_total")
    if kind == "cpu":
        findings.notices.append(f"ComfyUI has no GPU: mode {mode} will take many minutes a frame.")
    elif isinstance(total, (int, float)) and total < MARGIN * needed * GIB:
        name = devices[0].get("name", "the GPU")
        findings.too_small = (
            f"Mode {mode} needs about {needed} GB of GPU memory; {name} has {total / GIB:.1f}."
        )
