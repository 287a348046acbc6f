"""Story nodes: from a logline to shots."""

from __future__ import annotations

from comfy_api.latest import io

from ..storyboard.planning import plan
from ..storyboard.prompts import styles
from ..storyboard.story import MAX_FRAMES, BoardFormat, Story
from . import sockets


class AldarPlanStory(io.ComfyNode):
    """One logline in, a story in shots out."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarPlanStory",
            display_name="Plan story",
            category="aldar/story",
            description="Turns one logline (English, Russian or Kazakh) into a shotlist.",
            inputs=[
                io.String.Input(
                    "logline",
                    multiline=True,
                    default="Aldar Kose teaches a greedy bai a lesson with a magic horse.",
                    tooltip="One or two sentences: who wants what, and what stands in the way.",
                ),
                io.String.Input(
                    "planner",
                    default="offline",
                    tooltip="'offline' needs no model. Otherwise the name of a planner profile "
                    "of this server; addresses and keys never stand in a workflow.",
                ),
                io.Int.Input(
                    "frames",
                    default=0,
                    min=0,
                    max=MAX_FRAMES,
                    tooltip="Number of frames; 0 lets the planner choose, 6 for a simple story "
                    "to 10 for a complex one.",
                ),
                io.Combo.Input(
                    "format",
                    options=[format.value for format in BoardFormat],
                    default="1:1",
                    tooltip="Aspect ratio of every frame, in the sizes SDXL was trained on.",
                ),
                io.Combo.Input(
                    "style",
                    options=list(styles()),
                    default="storybook",
                    tooltip="Look of the rendered frames; goes into every prompt.",
                ),
                io.Combo.Input(
                    "language",
                    options=["auto", "en", "ru", "kk"],
                    default="auto",
                    tooltip="Language of captions and dialogue; auto takes the logline's.",
                ),
            ],
            outputs=[sockets.STORY.Output("story", "story")],
        )

    @classmethod
    def execute(cls, logline, planner, frames, format, style, language):
        story = plan(
            logline,
            planner=planner,
            frames=frames or None,
            format=BoardFormat(format),
            style=style,
            language=None if language == "auto" else language,
        )
        return io.NodeOutput(story)


class AldarLoadStory(io.ComfyNode):
    """A story written before: the JSON of ``aldar plan``, edited or not."""

    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="AldarLoadStory",
            display_name="Load story",
            category="aldar/story",
            description="Reads a story from its JSON, as 'aldar plan' writes it.",
            inputs=[
                io.String.Input(
                    "json",
                    multiline=True,
                    default="",
                    tooltip="Paste the content of a story.json; every field may be edited.",
                ),
            ],
            outputs=[sockets.STORY.Output("story", "story")],
        )

    @classmethod
    def execute(cls, json):
        return io.NodeOutput(Story.from_json(json, "the text of Load story"))
