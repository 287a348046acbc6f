"""The frame loop as the user draws it: open and close."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import folder_paths
import torch
from comfy_api.latest import io
from comfy_execution.progress import get_progress_state
from server import PromptServer

from nodes import NODE_CLASS_MAPPINGS

from ..storyboard.exports import folder_state
from ..storyboard.folders import board_folder
from ..storyboard.frames.directions import Orders
from ..storyboard.frames.latch import supply_references
from ..storyboard.numbering import by_scheme
from ..storyboard.panels import FOLDER as PANELS
from ..storyboard.panels import UPLOADS, gather
from ..storyboard.prompt_graph import PromptGraph
from ..storyboard.story import MAX_SHOTS, Numbering, Story
from ..storyboard.tensors.images import split, to_picture
from . import sockets
from .loop import ids, progress, runs
from .loop.template import Template

AS_TOLD = "as the story says"


class AldarFramesOpen(io.ComfyNode):
    """Begin the frame loop."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarFramesOpen",
            display_name="Frames: open",
            category="aldar/frames",
            description="Begins the frame loop: what stands between here and Frames: close is "
            "done once for every take of every frame.",
            inputs=[
                sockets.STORY.Input("story", tooltip="The planned story, one frame per shot."),
                io.String.Input(
                    "board",
                    default="aldar/storyboard",
                    tooltip="Folder of the board, below ComfyUI's output folder. The same folder "
                    "resumes: takes that are there already are not made again.",
                ),
                io.Int.Input(
                    "seed",
                    default=42,
                    min=0,
                    max=2**63,
                    control_after_generate=False,
                    tooltip="Base seed: frame 1 uses it, frame n uses base + n*1000, every "
                    "retry adds 10.",
                ),
                io.Int.Input(
                    "retries",
                    default=2,
                    min=0,
                    max=20,
                    tooltip="How many more takes a rejected frame gets. If none is accepted, "
                    "the best is kept and flagged.",
                ),
                io.Image.Input(
                    "references",
                    optional=True,
                    tooltip="Pictures of the characters, in the order of the story, for the "
                    "guided branch to look at from frame 1 on. Without them, each character's "
                    "first accepted frame is used.",
                ),
                sockets.DIRECTIONS.Input(
                    "directions",
                    optional=True,
                    tooltip="From Lock or redo frames: which frames to lock, redo or choose.",
                ),
                io.Int.Input(
                    "wave",
                    default=1,
                    min=1,
                    max=16,
                    optional=True,
                    tooltip="How many takes are made together. More is faster on a large GPU "
                    "with a body that batches (Take: conditioning, noise and latent); the "
                    "pictures stay the same.",
                ),
                sockets.REFERENCES.Input(
                    "pictures",
                    optional=True,
                    tooltip="From Character reference: as references, but of any shape and by "
                    "name.",
                ),
                io.Combo.Input(
                    "numbering",
                    options=[AS_TOLD, *(scheme.value for scheme in Numbering)],
                    default=AS_TOLD,
                    optional=True,
                    tooltip="How shots are numbered: 1, 2, 3; 010, 020; by scene 1A, 1B; or "
                    "SC01_SH010. A shot keeps its number when others come or go.",
                ),
            ],
            outputs=[
                sockets.FLOW.Output("flow", "flow", tooltip="Join to Frames: close."),
                sockets.TAKE.Output(
                    "take", "take", tooltip="The take being made: shot, prompt, seed, references."
                ),
            ],
        )

    @classmethod
    def fingerprint_inputs(cls, board: str | None, **_: Any) -> str | float:
        if board is None:  # by a link: which folder is not known yet
            return float("nan")
        state = folder_state(board_folder(_output_root(), board))
        return float("nan") if state is None else state  # NaN equals nothing: never cached

    @classmethod
    def execute(
        cls,
        story: Story,
        board: str,
        seed: int,
        retries: int,
        references: torch.Tensor | None = None,
        directions: Orders | None = None,
        wave: int = 1,
        pictures: sockets.References = (),
        numbering: str = AS_TOLD,
    ) -> io.NodeOutput:
        folder = board_folder(_output_root(), board)
        gather(story, folder / PANELS, [Path(folder_paths.get_input_directory()) / UPLOADS])
        batch = [] if references is None else split([references])
        given = [*pictures, *(("", picture) for picture in batch)]
        supplied = supply_references(
            story, folder, [to_picture(p) for _, p in given], [name for name, _ in given]
        )
        if numbering != AS_TOLD:
            story = by_scheme(story, Numbering(numbering))
        orders = directions or Orders()
        orders.check(len(story.shots))
        flow = runs.Flow(story, folder, seed, retries, wave, supplied, orders)
        return io.NodeOutput(flow, _blocked())


class AldarCharacterReference(io.ComfyNode):
    """A picture of a character; several in a row."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarCharacterReference",
            display_name="Character reference",
            category="aldar/frames",
            description="A picture of a character for Frames: open. One node for each picture, "
            "joined in a row: their sizes may differ, and none is cropped.",
            inputs=[
                io.Image.Input("image", tooltip="From Load Image: one person, the face visible."),
                io.String.Input(
                    "character",
                    default="",
                    tooltip="Id, name or number of a character; empty for the next one of the "
                    "story without a picture.",
                ),
                sockets.REFERENCES.Input(
                    "others",
                    optional=True,
                    tooltip="From another Character reference: the pictures before this one.",
                ),
            ],
            outputs=[
                sockets.REFERENCES.Output(
                    "references",
                    "references",
                    tooltip="For Frames: open, or the next Character reference.",
                )
            ],
        )

    @classmethod
    def execute(
        cls, image: torch.Tensor, character: str, others: sockets.References = ()
    ) -> io.NodeOutput:
        return io.NodeOutput((*others, *((character, picture) for picture in split([image]))))


class AldarDirectFrames(io.ComfyNode):
    """What the user decides about single frames."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarDirectFrames",
            display_name="Lock or redo frames",
            category="aldar/frames",
            description="Locks, chooses or redoes single frames of a board. It holds as long as "
            "it stands here; 'aldar lock', 'choose' and 'redo' write the same into the board.",
            inputs=[
                io.String.Input(
                    "lock",
                    default="",
                    tooltip="Frames that keep their picture whatever changes: 1,3-5.",
                ),
                io.String.Input(
                    "choose",
                    default="",
                    tooltip="frame:take, takes counted from 1 as they were made: 5:2.",
                ),
                io.String.Input(
                    "redo",
                    default="",
                    tooltip="frame:attempt to begin with: 7:1 is the second seed of frame 7.",
                ),
                io.String.Input(
                    "note",
                    default="",
                    tooltip="Added to the prompts of the frames under redo: 'smile more'.",
                ),
                io.String.Input(
                    "board_directions",
                    default="",
                    optional=True,
                    tooltip="The text of a board's directions.json: what 'aldar lock', 'choose' "
                    "and 'redo' wrote where the board was brought to. The fields above go on top.",
                ),
            ],
            outputs=[
                sockets.DIRECTIONS.Output("directions", "directions", tooltip="For Frames: open.")
            ],
        )

    @classmethod
    def execute(
        cls, lock: str, choose: str, redo: str, note: str, board_directions: str = ""
    ) -> io.NodeOutput:
        orders = Orders(lock, choose, redo, note, board_directions)
        orders.check(MAX_SHOTS)  # told here, where it is written
        return io.NodeOutput(orders)


class AldarFramesClose(io.ComfyNode):
    """End the frame loop."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        raw = {"rawLink": True}
        return io.Schema(
            node_id="AldarFramesClose",
            display_name="Frames: close",
            category="aldar/frames",
            description="Ends the frame loop and gives the finished board. A take that the "
            "verdict rejects is made again with the next seed.",
            inputs=[
                sockets.FLOW.Input("flow", tooltip="From Frames: open."),
                io.Image.Input(
                    "image", lazy=True, extra_dict=raw, tooltip="The picture of one take."
                ),
                sockets.VERDICT.Input(
                    "verdict",
                    optional=True,
                    lazy=True,
                    extra_dict=raw,
                    tooltip="What the gate says of it. Without one, every take is accepted.",
                ),
            ],
            outputs=[sockets.BOARD.Output("board", "board", tooltip="The finished storyboard.")],
            hidden=[io.Hidden.unique_id, io.Hidden.dynprompt],
            enable_expand=True,
        )

    @classmethod
    def check_lazy_status(cls, **_: Any) -> list[str]:
        return []  # the body is only read, never run, here

    @classmethod
    def execute(cls, flow: runs.Flow, image: Any, verdict: Any = None) -> io.NodeOutput:
        here = cls.hidden.unique_id
        runs.sweep(_running())
        prompt = cls.hidden.dynprompt.get_original_prompt()
        template = Template.of(prompt, here, _is_output)
        run = runs.Run(get_progress_state().prompt_id, here, flow, template)
        runs.begin(run)
        progress.begun(run)
        asyncio.run_coroutine_threadsafe(_sweep_later(run), PromptServer.instance.loop)
        inputs = {"run": run.id, "count": run.frames.most_steps}
        frames = ids.free(f"{here}.frames", prompt)
        finish = ids.free(f"{here}.finish", prompt)
        done = {"run": run.id, "done": [frames, 0]}
        graph: PromptGraph = {
            frames: {"class_type": "AldarLoopRange", "inputs": inputs},
            finish: {"class_type": "AldarLoopFinish", "inputs": done},
        }
        return io.NodeOutput([finish, 0], expand=graph)


def _output_root() -> Path:
    return Path(folder_paths.get_output_directory())


def _blocked() -> Any:
    """Keeps the drawn body from running: only its copies do."""
    from comfy_execution.graph_utils import ExecutionBlocker

    return ExecutionBlocker(None)


def _is_output(class_type: str) -> bool:
    return bool(getattr(NODE_CLASS_MAPPINGS.get(class_type), "OUTPUT_NODE", False))


def _running() -> set[str]:
    """Ids of the prompts being executed."""
    running = PromptServer.instance.prompt_queue.currently_running
    return {item[1] for item in list(running.values())}


async def _sweep_later(run: runs.Run) -> None:
    """Give the board's lock back soon after a prompt ends early: nothing tells a node."""
    while run.active:
        await asyncio.sleep(0.5)
        if run.prompt_id not in _running():
            runs.sweep(_running())
