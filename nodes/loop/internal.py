"""The loop's own nodes: made by *Frames: close* while it runs, never drawn by a user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from comfy_api.latest import io

from ...storyboard.errors import FrameError
from ...storyboard.gate import Verdict
from ...storyboard.takes import Keep
from ...storyboard.vision.images import to_picture, to_tensor
from .. import sockets
from . import report, runs
from .prune import forget
from .template import Link

FAN = 32
"""Children of one range."""


# What every internal node has in common: never answered from the cache for another node, and
# out of the node menus.
_INTERNAL: dict[str, Any] = {
    "display_name": "(inside Frames: close)",
    "category": "aldar/internal",
    "description": "Made by Frames: close while it runs. Not for the canvas.",
    "hidden": [io.Hidden.unique_id, io.Hidden.dynprompt],
    "is_deprecated": True,
    "not_idempotent": True,
    "enable_expand": True,
}


class AldarLoopRange(io.ComfyNode):
    """Frames ``first`` to ``first + count - 1``, as at most :data:`FAN` children."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarLoopRange",
            inputs=[io.String.Input("run"), io.Int.Input("first"), io.Int.Input("count")],
            outputs=[io.AnyType.Output()],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run, first, count):
        here = cls.hidden.unique_id
        step = 1
        while step * FAN < count:
            step *= FAN
        graph: dict[str, Any] = {}
        values: dict[str, Any] = {"run": run}
        for place, start in enumerate(range(first, first + count, step)):
            if step == 1:
                node = {"class_type": "AldarLoopFrame", "inputs": {"run": run, "frame": start}}
            else:
                size = min(step, first + count - start)
                inputs = {"run": run, "first": start, "count": size}
                node = {"class_type": "AldarLoopRange", "inputs": inputs}
            graph[f"{here}.{start}"] = node
            values[f"v{place}"] = [f"{here}.{start}", 0]
        graph[f"{here}.all"] = {"class_type": "AldarLoopCollect", "inputs": values}
        return io.NodeOutput([f"{here}.all", 0], expand=graph)


class AldarLoopCollect(io.ComfyNode):
    """Asks for its values one after the other: this is what puts the frames in order."""

    @classmethod
    def define_schema(cls):
        values = [io.AnyType.Input(f"v{i}", optional=True, lazy=True) for i in range(FAN)]
        return io.Schema(
            node_id="AldarLoopCollect",
            inputs=[io.String.Input("run"), *values],
            outputs=[io.AnyType.Output()],
            **_INTERNAL,
        )

    @classmethod
    def check_lazy_status(cls, run, **values):
        return [name for name in sorted(values, key=_place) if values[name] is None][:1]

    @classmethod
    def execute(cls, run, **values):
        return io.NodeOutput(len(values))


def _place(name: str) -> int:
    return int(name[1:])


class AldarLoopFrame(io.ComfyNode):
    """One frame: its first take that is not in the store yet, or its winner."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarLoopFrame",
            inputs=[io.String.Input("run"), io.Int.Input("frame")],
            outputs=[io.AnyType.Output()],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run, frame):
        state = runs.find(run)
        for before in [f for f in state.traces if f < frame]:
            forget(cls.hidden.dynprompt, state.frame_nodes.pop(before), state.traces.pop(before))
        state.frame_nodes[frame] = cls.hidden.unique_id
        state.traces[frame] = []
        return advance(state, frame, cls.hidden.unique_id)


class AldarLoopTaken(io.ComfyNode):
    """The end of one take: stores it, then the frame goes on."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarLoopTaken",
            inputs=[
                io.String.Input("run"),
                io.Int.Input("frame"),
                io.Int.Input("attempt"),
                io.Image.Input("image", optional=True),
                sockets.VERDICT.Input("verdict", optional=True),
            ],
            outputs=[io.AnyType.Output()],
            is_input_list=True,
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run, frame, attempt, image=(None,), verdict=(None,)):
        state, frame, attempt = runs.find(run[0]), frame[0], attempt[0]
        for name, values in (("image", image), ("verdict", verdict)):
            if len(values) != 1:
                raise FrameError(
                    "image_unusable",
                    f"The loop body gave {len(values)} values on {name} for one frame.",
                    "Reduce the list to one value before Frames: close.",
                )
        picture = None if image[0] is None else to_picture(image[0])
        state.record(frame, attempt, picture, verdict[0] or Verdict())
        return advance(state, frame, cls.hidden.unique_id)


class AldarLoopTail(io.ComfyNode):
    """Waits for the output nodes beside the body, run for the winning take only."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarLoopTail",
            inputs=[io.String.Input("run"), io.Int.Input("frame")],
            outputs=[io.AnyType.Output()],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run, frame, **outputs):
        return io.NodeOutput(frame)


class AldarLoopTake(io.ComfyNode):
    """Stands for *Frames: open* in a copy of the body."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarLoopTake",
            inputs=[io.String.Input("run"), io.Int.Input("frame"), io.Int.Input("attempt")],
            outputs=[sockets.FLOW.Output(), sockets.TAKE.Output()],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run, frame, attempt):
        state = runs.find(run)
        return io.NodeOutput(state.flow, state.take(frame, attempt))


class AldarLoopStored(io.ComfyNode):
    """Stands for the body's image when the store has the picture and only the gate must run."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarLoopStored",
            inputs=[io.String.Input("run"), io.Int.Input("frame"), io.Int.Input("attempt")],
            outputs=[io.Image.Output()],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run, frame, attempt):
        return io.NodeOutput(to_tensor(runs.find(run).picture(frame, attempt)))


class AldarLoopOuter(io.ComfyNode):
    """A value from outside the loop, computed when first needed and kept for the whole run."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarLoopOuter",
            inputs=[
                io.String.Input("run"),
                io.String.Input("source"),
                io.Int.Input("slot"),
                io.AnyType.Input("value", optional=True, lazy=True),
            ],
            outputs=[io.AnyType.Output(is_output_list=True)],
            is_input_list=True,
            **_INTERNAL,
        )

    @classmethod
    def check_lazy_status(cls, run, source, slot, value=None):
        return [] if (source[0], slot[0]) in runs.find(run[0]).outer else ["value"]

    @classmethod
    def execute(cls, run, source, slot, value=None):
        outer = runs.find(run[0]).outer
        return io.NodeOutput(outer.setdefault((source[0], slot[0]), value))


class AldarLoopFinish(io.ComfyNode):
    """The end of the loop: writes the board."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarLoopFinish",
            inputs=[io.String.Input("run"), io.AnyType.Input("done")],
            outputs=[sockets.BOARD.Output()],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run, done):
        state = runs.find(run)
        state.finish()
        runs.end(state)
        return io.NodeOutput((state.flow.folder, state.board))


def advance(run: runs.Run, frame: int, here: str) -> io.NodeOutput:
    """Go on with a frame: one more copy of the body, the tail, or its end.

    :param here: id of the node that is running; new nodes are named after it.
    """
    step = run.step(frame)
    if not isinstance(step, Keep):
        return _expand_take(run, frame, step.attempt, here)
    prefix = run.prefix(frame, step.attempt)
    winner = run.settle(frame, step)
    report.settled(run, winner, from_store=prefix is None)
    if prefix is None or not run.template.tail:
        return io.NodeOutput(frame)
    return _expand_tail(run, frame, step.attempt, here, prefix)


def _expand_take(run: runs.Run, frame: int, attempt: int, here: str) -> io.NodeOutput:
    """One copy of the body; of the gate only, if the picture is in the store."""
    prefix = f"{here}.t{attempt}."
    template = run.template
    graph: dict[str, Any] = {}
    made: dict[Link, list[Any]] = {}
    inputs: dict[str, Any] = {"run": run.id, "frame": frame, "attempt": attempt}
    wanted = [template.image]
    if run.stored(frame, attempt):
        graph[f"{prefix}stored"] = {"class_type": "AldarLoopStored", "inputs": dict(inputs)}
        made[template.image] = [f"{prefix}stored", 0]
    else:
        run.rendered(frame, attempt, prefix)
        inputs["image"] = [prefix + template.image[0], template.image[1]]
    if template.verdict is not None:
        wanted.append(template.verdict)
        inputs["verdict"] = [prefix + template.verdict[0], template.verdict[1]]
    graph |= _copy(run, frame, attempt, wanted, prefix, made.get)
    graph[f"{prefix}taken"] = {"class_type": "AldarLoopTaken", "inputs": inputs}
    run.traces[frame] += graph
    report.started(run, frame, attempt)
    return io.NodeOutput([f"{prefix}taken", 0], expand=graph)


def _expand_tail(
    run: runs.Run, frame: int, attempt: int, here: str, taken: str
) -> io.NodeOutput:
    """Copies of the tail, joined to the copy of the body (``taken``) that made the winner."""
    prefix = f"{here}.tail."
    body = set(run.traces[frame])

    def made(link: Link) -> list[Any] | None:
        return [taken + link[0], link[1]] if taken + link[0] in body else None

    wanted = [(node_id, 0) for node_id in run.template.tail]
    graph = _copy(run, frame, attempt, wanted, prefix, made)
    inputs: dict[str, Any] = {"run": run.id, "frame": frame}
    inputs |= {f"t{i}": [prefix + node_id, 0] for i, (node_id, _) in enumerate(wanted)}
    graph[f"{prefix}end"] = {"class_type": "AldarLoopTail", "inputs": inputs}
    run.traces[frame] += graph
    return io.NodeOutput([f"{prefix}end", 0], expand=graph)


def _copy(
    run: runs.Run,
    frame: int,
    attempt: int,
    wanted: list[Link],
    prefix: str,
    made: Callable[[Link], list[Any] | None],
) -> dict[str, Any]:
    """A copy of part of the template, its links to the take and to outer nodes made good.

    :param made: gives the outputs that exist already.
    """
    extra: dict[str, Any] = {}

    def elsewhere(link: Link) -> list[Any] | None:
        source, slot = link
        if source == run.template.open_id:
            inputs: dict[str, Any] = {"run": run.id, "frame": frame, "attempt": attempt}
            extra[f"{prefix}take"] = {"class_type": "AldarLoopTake", "inputs": inputs}
            return [f"{prefix}take", slot]
        if source in run.template.nodes:
            return made(link)
        inputs = {"run": run.id, "source": source, "slot": slot}
        if link not in run.outer:
            inputs["value"] = [source, slot]
        node_id = f"{prefix}outer.{source}.{slot}"
        extra[node_id] = {"class_type": "AldarLoopOuter", "inputs": inputs}
        return [node_id, 0]

    return run.template.copy(wanted, prefix, elsewhere) | extra


INTERNAL = [
    AldarLoopRange,
    AldarLoopCollect,
    AldarLoopFrame,
    AldarLoopTake,
    AldarLoopOuter,
    AldarLoopStored,
    AldarLoopTaken,
    AldarLoopTail,
    AldarLoopFinish,
]
