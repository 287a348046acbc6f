"""The loop's own nodes: made by *Frames: close* while it runs, never drawn by a user."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch
from comfy_api.latest import io

from nodes import NODE_CLASS_MAPPINGS

from ..storyboard.errors import FrameError
from ..storyboard.gate import Verdict
from ..storyboard.prompt_graph import Link, Node, PromptGraph, links
from ..storyboard.tensors.images import split, to_picture, to_tensor
from . import sockets
from .loop import ids, progress, runs
from .loop.prune import forget

if TYPE_CHECKING:
    from comfy_execution.graph import DynamicPrompt

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
    """Up to ``count`` steps, as at most :data:`FAN` children."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarLoopRange",
            inputs=[io.String.Input("run"), io.Int.Input("count")],
            outputs=[io.AnyType.Output()],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run: str, count: int) -> io.NodeOutput:
        here = cls.hidden.unique_id
        size = 1
        while size * FAN < count:
            size *= FAN
        graph: PromptGraph = {}
        values: dict[str, Any] = {"run": run}
        for place, start in enumerate(range(0, count, size)):
            node: Node
            if size == 1:
                node = {"class_type": "AldarLoopStep", "inputs": {"run": run}}
            else:
                inputs = {"run": run, "count": min(size, count - start)}
                node = {"class_type": "AldarLoopRange", "inputs": inputs}
            graph[ids.inside(here, place)] = node
            values[f"v{place}"] = [ids.inside(here, place), 0]
        graph[ids.inside(here, "all")] = {"class_type": "AldarLoopCollect", "inputs": values}
        runs.find(run).traces[here] = list(graph)
        return io.NodeOutput([ids.inside(here, "all"), 0], expand=graph)


class AldarLoopCollect(io.ComfyNode):
    """Asks for its values one after the other, until every frame is settled."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        values = [io.AnyType.Input(f"v{i}", optional=True, lazy=True) for i in range(FAN)]
        return io.Schema(
            node_id="AldarLoopCollect",
            inputs=[io.String.Input("run"), *values],
            outputs=[io.AnyType.Output()],
            **_INTERNAL,
        )

    @classmethod
    def check_lazy_status(cls, run: str, **values: Any) -> list[str]:
        if not runs.find(run).frames.jobs():
            return []
        places = sorted(int(name[1:]) for name in values if values[name] is None)
        return [f"v{place}" for place in places[:1]]

    @classmethod
    def execute(cls, run: str, **values: Any) -> io.NodeOutput:
        runs.find(run).ended.append(cls.hidden.unique_id.removesuffix(".all"))
        return io.NodeOutput(True)


class AldarLoopStep(io.ComfyNode):
    """One copy of the body, for the takes that come next."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarLoopStep",
            inputs=[io.String.Input("run")],
            outputs=[io.AnyType.Output()],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run: str) -> io.NodeOutput:
        state, here = runs.find(run), cls.hidden.unique_id
        _prune(state, cls.hidden.dynprompt)
        jobs = state.frames.jobs()
        progress.settled(state)
        step = runs.Step(tuple(jobs), ids.copies(here))
        state.steps[here] = step
        graph = _body(state, here, step)
        state.traces[here] = list(graph)
        progress.started(state, jobs)
        return io.NodeOutput([ids.inside(here, "taken"), 0], expand=graph)


class AldarLoopTaken(io.ComfyNode):
    """The end of a step: its takes are stored, and settled frames get their tail."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarLoopTaken",
            inputs=[
                io.String.Input("run"),
                io.String.Input("step"),
                io.Image.Input("image", optional=True),
                sockets.VERDICT.Input("verdict", optional=True),
            ],
            outputs=[io.AnyType.Output()],
            is_input_list=True,
            **_INTERNAL,
        )

    @classmethod
    def execute(
        cls,
        run: Sequence[str],
        step: Sequence[str],
        image: Sequence[torch.Tensor] | None = None,
        verdict: Sequence[Verdict] | None = None,
    ) -> io.NodeOutput:
        state, here = runs.find(run[0]), step[0]
        jobs = state.steps[here].jobs
        images = [None] * len(jobs) if image is None else split(image)
        verdicts = [None] * len(jobs) if verdict is None else verdict
        for name, values in (("images", images), ("verdicts", verdicts)):
            if len(values) != len(jobs):
                raise FrameError(
                    "image_unusable",
                    f"The loop body gave {len(values)} {name} for {len(jobs)} takes.",
                    "One take needs one picture: set the batch size to 1 inside the loop, or "
                    "choose one picture of the batch before Frames: close.",
                )
        for job, tensor, judged in zip(jobs, images, verdicts, strict=True):
            picture = None if tensor is None else to_picture(tensor)
            state.frames.record(job, picture, judged)
            progress.taken(state, job, judged)
        winners = {frame.take for frame in state.frames.settled}
        progress.settled(state)
        return _tail(state, here, cls.hidden.unique_id, winners)


class AldarLoopTail(io.ComfyNode):
    """Waits for the output nodes beside the body; their values are not looked at."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        raw = {"rawLink": True}
        waits = [io.AnyType.Input(f"t{i}", optional=True, extra_dict=raw) for i in range(FAN)]
        return io.Schema(
            node_id="AldarLoopTail",
            inputs=[io.String.Input("run"), *waits],
            outputs=[io.AnyType.Output()],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run: str, **_: Any) -> io.NodeOutput:
        return io.NodeOutput(True)


class AldarLoopTake(io.ComfyNode):
    """Stands for *Frames: open* in a copy of the body."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarLoopTake",
            inputs=[io.String.Input("run"), io.String.Input("step"), io.Int.Input("only")],
            outputs=[sockets.FLOW.Output(), sockets.TAKE.Output()],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run: str, step: str, only: int) -> io.NodeOutput:
        state = runs.find(run)
        takes = tuple(job.take for job in state.steps[step].jobs)
        return io.NodeOutput(state.flow, takes if only < 0 else takes[only : only + 1])


class AldarLoopStored(io.ComfyNode):
    """Stands for the body's image where the store has the pictures already."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarLoopStored",
            inputs=[io.String.Input("run"), io.String.Input("step"), io.Int.Input("only")],
            outputs=[io.Image.Output(is_output_list=True)],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run: str, step: str, only: int) -> io.NodeOutput:
        state = runs.find(run)
        jobs = state.steps[step].jobs
        chosen = jobs if only < 0 else jobs[only : only + 1]
        return io.NodeOutput([to_tensor(state.frames.store.picture(job.key)) for job in chosen])


class AldarLoopOuter(io.ComfyNode):
    """A value from outside the loop, computed when first needed and kept for the whole run."""

    @classmethod
    def define_schema(cls) -> io.Schema:
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
    def check_lazy_status(
        cls, run: Sequence[str], source: Sequence[str], slot: Sequence[int], value: Any = None
    ) -> list[str]:
        state, here = runs.find(run[0]), cls.hidden.unique_id
        if (source[0], slot[0]) in state.outer or here in state.asked:
            return []
        state.asked.add(here)  # once: an output that its node does not have never comes
        return ["value"]

    @classmethod
    def execute(
        cls, run: Sequence[str], source: Sequence[str], slot: Sequence[int], value: Any = None
    ) -> io.NodeOutput:
        outer = runs.find(run[0]).outer
        return io.NodeOutput(outer.setdefault((source[0], slot[0]), value or [None]))


class AldarLoopFinish(io.ComfyNode):
    """The end of the loop: writes the board."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarLoopFinish",
            inputs=[io.String.Input("run"), io.AnyType.Input("done")],
            outputs=[sockets.BOARD.Output()],
            **_INTERNAL,
        )

    @classmethod
    def execute(cls, run: str, done: Any) -> io.NodeOutput:
        state = runs.find(run)
        progress.settled(state)
        state.finish()
        progress.finished(state)
        runs.end(state)
        return io.NodeOutput((state.flow.folder, state.frames.board))


def _prune(run: runs.Run, dynprompt: DynamicPrompt) -> None:
    """Forget the steps whose takes are all decided, and the ranges that hold no other ones:
    nothing can ask for their outputs again."""
    for here in [h for h, step in run.steps.items() if not run.frames.is_open(step.jobs)]:
        forget(dynprompt, here, run.traces.pop(here))
        del run.steps[here]
    for here in [h for h in run.ended if not any(s.startswith(f"{h}.") for s in run.steps)]:
        forget(dynprompt, here, run.traces.pop(here))
        run.ended.remove(here)


def _body(run: runs.Run, here: str, step: runs.Step) -> PromptGraph:
    """A copy of the body; of the gate only, if the pictures are in the store."""
    template = run.template
    graph: PromptGraph = {}
    made: dict[Link, list[Any]] = {}
    inputs: dict[str, Any] = {"run": run.id, "step": here}
    wanted = [template.image]
    if step.jobs[0].stored:
        stored = {"run": run.id, "step": here, "only": -1}
        stands = ids.stand_in(here, "stored")
        graph[stands] = {"class_type": "AldarLoopStored", "inputs": stored}
        made[template.image] = [stands, 0]
    else:
        inputs["image"] = [step.prefix + template.image[0], template.image[1]]
    if template.verdict is not None:
        wanted.append(template.verdict)
        inputs["verdict"] = [step.prefix + template.verdict[0], template.verdict[1]]
    graph |= _copy(run, here, -1, wanted, here, made.get)
    graph[ids.inside(here, "taken")] = {"class_type": "AldarLoopTaken", "inputs": inputs}
    return graph


def _tail(run: runs.Run, here: str, taken: str, winners: set[str]) -> io.NodeOutput:
    """Copies of the tail, one for each frame just settled by a take of this run.

    :param here: the step that has just ended.
    :param winners: keys of the takes that won.
    """
    graph: PromptGraph = {}
    ends: list[Link] = []
    for source, step in run.steps.items() if run.template.tail else ():
        for only, job in enumerate(step.jobs):
            if job.key in winners and not job.stored:
                at = ids.inside(taken, job.take.frame)
                graph |= _tail_copy(run, source, step, only, at)
                for node_id in run.template.tail:
                    ends += _ends(graph, ids.copies(at) + node_id)
    if not graph:
        return io.NodeOutput(True)
    last: list[Link] = []
    for start in range(0, len(ends), FAN - 1):
        waits = [*last, *ends[start : start + FAN - 1]]
        inputs = {"run": run.id, **{f"t{i}": list(link) for i, link in enumerate(waits)}}
        last = [(ids.inside(taken, f"end{start}"), 0)]
        graph[last[0][0]] = {"class_type": "AldarLoopTail", "inputs": inputs}
    run.traces[here] += graph
    return io.NodeOutput(list(last[0]), expand=graph)


def _ends(graph: PromptGraph, node_id: str) -> list[Link]:
    """What there is to wait for until an output node has run.

    A node without outputs cannot be linked to (newer ComfyUIs look the output up). ComfyUI runs
    an output node as soon as it can, before any other that is ready as well: so it has run when a
    node that waits for the same inputs runs.
    """
    if NODE_CLASS_MAPPINGS[graph[node_id]["class_type"]].RETURN_TYPES:
        return [(node_id, 0)]
    return [link for _, link in links(graph[node_id])]


def _tail_copy(run: runs.Run, source: str, step: runs.Step, only: int, at: str) -> PromptGraph:
    """The tail for one take, joined to the copy of the body that made it."""
    template, body = run.template, set(run.traces[source])
    stored = {"run": run.id, "step": source, "only": only}
    extra: PromptGraph = {}

    def made(link: Link) -> list[Any] | None:
        if link == template.image:  # one of the wave, and never made twice for want of a cache
            stands = ids.stand_in(at, "stored")
            extra[stands] = {"class_type": "AldarLoopStored", "inputs": stored}
            return [stands, 0]
        copy = step.prefix + link[0]
        return [copy, link[1]] if copy in body else None

    wanted = [(node_id, 0) for node_id in template.tail]
    return _copy(run, source, only, wanted, at, made) | extra


def _copy(
    run: runs.Run,
    here: str,
    only: int,
    wanted: list[Link],
    at: str,
    made: Callable[[Link], list[Any] | None],
) -> PromptGraph:
    """A copy of part of the template, its links to the takes and to outer nodes made good.

    :param here: the step whose takes it is for.
    :param only: the place of a single take among them, or -1 for all.
    :param at: the node it is made below.
    :param made: gives the outputs that exist already.
    """
    extra: PromptGraph = {}

    def elsewhere(link: Link) -> list[Any] | None:
        source, slot = link
        if source == run.template.open_id:
            inputs: dict[str, Any] = {"run": run.id, "step": here, "only": only}
            take = ids.stand_in(at, "take")
            extra[take] = {"class_type": "AldarLoopTake", "inputs": inputs}
            return [take, slot]
        if source in run.template.nodes:
            return made(link)
        inputs = {"run": run.id, "source": source, "slot": slot}
        if link not in run.outer:
            inputs["value"] = [source, slot]
        node_id = ids.stand_in(at, "outer", source, slot)
        extra[node_id] = {"class_type": "AldarLoopOuter", "inputs": inputs}
        return [node_id, 0]

    return run.template.copy(wanted, ids.copies(at), elsewhere) | extra


INTERNAL = [
    AldarLoopRange,
    AldarLoopCollect,
    AldarLoopStep,
    AldarLoopTake,
    AldarLoopOuter,
    AldarLoopStored,
    AldarLoopTaken,
    AldarLoopTail,
    AldarLoopFinish,
]
