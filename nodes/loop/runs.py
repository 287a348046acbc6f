"""The state of a running loop, kept outside the graph.

Nodes of the loop carry only the id of their run and find everything else here. A fresh id for
every run keeps ComfyUI's cache from answering for an earlier one.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import comfy.model_management

from ...storyboard.errors import LoopError, StoreError
from ...storyboard.frames.directions import Directions, Orders
from ...storyboard.frames.engine import Frames, Job, Recipe, Staged
from ...storyboard.frames.store import TakeStore
from ...storyboard.panels import FOLDER as PANELS
from ...storyboard.prompt_graph import Link
from ...storyboard.staging import stage
from ...storyboard.story import Story
from ...storyboard.takes import Reference
from .template import Template

log = logging.getLogger(__name__)

REFERENCE_NODES = {"AldarReference", "AldarLatchSwitch"}
"""Nodes through which a loop body looks at latched references."""
GATE_NODES = {"AldarGate"}
"""Nodes that compare a picture with the latched references."""
LADDER_NODES = {"AldarReferenceWeight"}
"""Nodes through which a loop body follows the regeneration ladder."""


@dataclass(frozen=True)
class Flow:
    """What *Frames: open* hands to *Frames: close*."""

    story: Story
    folder: Path
    seed: int
    retries: int
    wave: int = 1
    supplied: tuple[Reference, ...] = ()
    orders: Orders = field(default_factory=Orders)


@dataclass(frozen=True)
class Step:
    """One copy of the body: the jobs it makes, and where it stands in the graph."""

    jobs: tuple[Job, ...]
    prefix: str
    """Of the ids of its copies."""


class Run:
    """One execution of one loop."""

    def __init__(self, prompt_id: str, close_id: str, flow: Flow, template: Template) -> None:
        self.id = uuid.uuid4().hex
        self.prompt_id = prompt_id
        self.close_id = close_id
        self.flow = flow
        self.template = template
        self.outer: dict[Link, list[Any]] = {}
        """Values from outside the loop, each computed once."""
        self.asked: set[str] = set()
        """Nodes that have asked for such a value."""
        self.steps: dict[str, Step] = {}
        """The step each controller node stands for, while its frames are open."""
        self.traces: dict[str, list[str]] = {}
        """Ids of the nodes that each controller node was expanded to, for pruning."""
        self.ended: list[str] = []
        """Ranges that are through but not pruned yet, inner ones first."""
        self.active = True
        _refuse_shared(prompt_id, close_id, flow.folder)
        self._store = TakeStore(flow.folder)
        try:
            directions = Directions.load(flow.folder)
            self.frames = Frames(
                flow.story,
                self._store,
                Recipe(
                    template.image_key,
                    template.gate_key,
                    _staged(template),
                    uses_references=template.uses(REFERENCE_NODES),
                    uses_faces=template.draws("AldarReference", 1)
                    or template.asks("AldarLatchSwitch", "needs_face"),
                    judges_by_references=template.judges(REFERENCE_NODES | GATE_NODES),
                    climbs=template.uses(LADDER_NODES),
                ),
                flow.seed,
                flow.retries,
                flow.wave,
                directions,
                flow.supplied,
                flow.orders,
                partial(stage, panels=flow.folder / PANELS),
                device=_device(),
            )
            self.frames.board.save(flow.folder)  # marks the board as unfinished
        except BaseException:
            self.close()
            raise

    def finish(self) -> None:
        """Write the finished board."""
        self.frames.board.save(self.flow.folder)
        self.close()

    def close(self) -> None:
        """Release the store and everything held; harmless when repeated."""
        self.active = False
        self._store.close()
        self.outer.clear()
        self.steps.clear()


def _device() -> str:
    """What ComfyUI makes pictures with: ``cpu``, or the name of the GPU."""
    device = comfy.model_management.get_torch_device()
    if device.type == "cpu":
        return "cpu"
    return comfy.model_management.get_torch_device_name(device)


def _staged(template: Template) -> Staged:
    """What of the staging a loop body draws."""
    if template.uses({"AldarDraftPanel"}) or template.draws("AldarStaging", 0):
        return Staged.PANEL
    return Staged.BLOCKING if template.uses({"AldarStaging", "AldarMask"}) else Staged.NOTHING


_runs: dict[str, Run] = {}
_made: dict[Path, tuple[str, str]] = {}
"""Board folder -> the prompt and the close node that worked there last."""


def _refuse_shared(prompt_id: str, close_id: str, folder: Path) -> None:
    """:raises StoreError: ``store_locked`` if another loop of the same prompt has the folder."""
    prompt, other = _made.get(folder, ("", ""))
    if prompt == prompt_id and other != close_id:
        raise StoreError(
            "store_locked",
            f"Another run is working on the board '{folder.name}': the loop of Frames: close "
            f"({other}) in the same workflow. Two loops cannot make one board.",
            f"Give the Frames: open of Frames: close ({close_id}) another board name.",
        )


def begin(run: Run) -> None:
    """Register a run."""
    _runs[run.id] = run
    _made[run.flow.folder] = run.prompt_id, run.close_id


def sweep(running: Collection[str]) -> None:
    """Close the runs whose prompt has ended without finishing them (error, interrupt).

    :param running: ids of the prompts that ComfyUI is executing.
    """
    for run in [r for r in _runs.values() if r.prompt_id not in running]:
        missing = run.frames.count - len(run.frames.board.frames)
        log.warning("board %s stops %d frames short of its end", run.flow.folder.name, missing)
        end(run)
    for folder in [folder for folder, (prompt, _) in _made.items() if prompt not in running]:
        del _made[folder]


def end(run: Run) -> None:
    """Close a run and forget it; harmless when repeated."""
    _runs.pop(run.id, None)
    run.close()


def find(run_id: str) -> Run:
    """The run of that id. :raises LoopError: ``loop_lost`` if it has ended."""
    try:
        return _runs[run_id]
    except KeyError:
        raise LoopError(
            "loop_lost",
            "A node of the frame loop was run outside its run.",
            "Its internal nodes are not for the canvas: use Frames: open and Frames: close.",
        ) from None
