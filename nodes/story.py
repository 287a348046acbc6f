"""Story nodes: from a logline to shots."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import folder_paths
from comfy.model_management import throw_exception_if_processing_interrupted
from comfy_api.latest import io, ui
from server import PromptServer

from ..storyboard import heroes
from ..storyboard.bring_in import bring_in, state
from ..storyboard.casting import recast
from ..storyboard.errors import InputError
from ..storyboard.exports.shotlist import shotlist_markdown
from ..storyboard.panels import UPLOADS
from ..storyboard.planning import drawn_by, import_fountain, plan
from ..storyboard.planning.matrix.quick_test import plan_identity_test
from ..storyboard.planning.matrix.variations import plan_variations
from ..storyboard.prompts.compose import styles
from ..storyboard.story import MAX_FRAMES, BoardFormat, Drawing, Story
from . import sockets

HERO = heroes.lead()
FORMAT = io.Combo.Input(
    "format",
    options=[ratio.value for ratio in BoardFormat],
    default="1:1",
    tooltip="Aspect ratio of every frame, in the sizes SDXL was trained on.",
)
STYLE = io.Combo.Input(
    "style",
    options=list(styles()),
    default="storybook",
    tooltip="Look of the rendered frames; goes into every prompt. Changes words only: the drawn "
    "panels follow 'drawing'.",
)
AS_WRITTEN = "as written"
DRAWING = io.Combo.Input(
    "drawing",
    options=[hand.value for hand in Drawing],
    default="storybook",
    optional=True,
    tooltip="The hand that draws the panels: storybook in colour, pencil in black lines on white, "
    "mannequin with grey figures. The layout is the same.",
)


NAME = io.String.Input(
    "name", default=HERO.title, tooltip="As the viewer reads it, in any of the three languages."
)
TRIGGER = io.String.Input(
    "trigger",
    default=HERO.trigger,
    tooltip="Trigger word of the character's LoRA; empty without one.",
)
_PLAN = "The plan, for Character, Show shotlist or Frames: open."


class AldarPlanStory(io.ComfyNode):
    """One logline in, a story in shots out."""

    @classmethod
    def define_schema(cls) -> io.Schema:
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
                    default="auto",
                    tooltip="'auto' takes the first planner profile of this server whose key is "
                    "set or whose model answers, else 'offline', which needs no model and shows "
                    "what the logline's words say and no more: no turn and no dialogue of its own. "
                    "The board says which. Or the name of a profile; addresses and keys never "
                    "stand in a workflow.",
                ),
                io.Int.Input(
                    "frames",
                    default=0,
                    min=0,
                    max=MAX_FRAMES,
                    tooltip="Number of frames; 0 lets the planner choose, 6 for a simple story "
                    "to 10 for a complex one.",
                ),
                FORMAT,
                STYLE,
                io.Combo.Input(
                    "language",
                    options=["auto", "en", "ru", "kk"],
                    default="auto",
                    tooltip="Language of captions and dialogue; auto takes the logline's.",
                ),
                DRAWING,
            ],
            outputs=[sockets.STORY.Output("story", "story", tooltip=_PLAN)],
            hidden=[io.Hidden.unique_id],
        )

    @classmethod
    def execute(
        cls,
        logline: str,
        planner: str,
        frames: int,
        format: str,
        style: str,
        language: str,
        drawing: str = "storybook",
    ) -> io.NodeOutput:
        story = plan(
            logline,
            planner=planner,
            frames=frames or None,
            format=BoardFormat(format),
            style=style,
            language=None if language == "auto" else language,
            drawing=Drawing(drawing),
            poll=throw_exception_if_processing_interrupted,
            tell=partial(PromptServer.instance.send_progress_text, node_id=cls.hidden.unique_id),
        )
        return io.NodeOutput(story)


class AldarImportScript(io.ComfyNode):
    """A screenplay in, Fountain or Final Draft, a story in shots out."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarImportScript",
            display_name="Import script",
            category="aldar/story",
            description="Turns a screenplay, Fountain or Final Draft, into a shotlist: a shot for "
            "each paragraph of action, with the dialogue that follows it.",
            inputs=[
                io.String.Input(
                    "script",
                    multiline=True,
                    default="EXT. STEPPE - DAY\n\nAldar Kose rides towards us.\n\n"
                    "ALDAR KOSE\nA fine day for a trick!",
                    tooltip="Scene headings, action and dialogue, as Fountain has them; or the "
                    "whole content of a Final Draft file (.fdx).",
                ),
                io.Int.Input(
                    "frames",
                    default=0,
                    min=0,
                    max=MAX_FRAMES,
                    tooltip="Take no more than so many shots, from the beginning; 0 for all, "
                    "up to 60.",
                ),
                FORMAT,
                STYLE,
                io.Combo.Input(
                    "language",
                    options=["auto", "en", "ru", "kk"],
                    default="auto",
                    tooltip="Language of the script; auto reads it from the text.",
                ),
                DRAWING,
            ],
            outputs=[sockets.STORY.Output("story", "story", tooltip=_PLAN)],
        )

    @classmethod
    def execute(
        cls,
        script: str,
        frames: int,
        format: str,
        style: str,
        language: str,
        drawing: str = "storybook",
    ) -> io.NodeOutput:
        story = import_fountain(
            script,
            frames=frames or None,
            format=BoardFormat(format),
            style=style,
            language=None if language == "auto" else language,
            drawing=Drawing(drawing),
        )
        return io.NodeOutput(story)


class AldarPlanVariations(io.ComfyNode):
    """Every outfit in every place in every pose."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarPlanVariations",
            display_name="Plan variations",
            category="aldar/story",
            description="Plans a matrix of one character: every outfit in every place in every "
            "pose, a frame each. Frame 1 shows the face from the front: the others are compared "
            "with it.",
            inputs=[
                NAME,
                io.String.Input(
                    "description",
                    multiline=True,
                    default=HERO.face,
                    tooltip="In English: age, face, build. What is said about clothes is left out: "
                    "the outfits take its place.",
                ),
                TRIGGER,
                io.String.Input(
                    "outfits",
                    multiline=True,
                    default="\n".join(HERO.outfits),
                    tooltip="One a line, 1 to 10, in English with colours and headwear. An outfit "
                    "added at the end leaves all earlier frames as they are.",
                ),
                io.String.Input(
                    "places",
                    multiline=True,
                    default="\n".join(HERO.places),
                    tooltip="One a line, 1 to 10. The time of day is read from the words: at "
                    "dawn, at sunset, at night.",
                ),
                io.String.Input(
                    "poses",
                    multiline=True,
                    default="\n".join(HERO.poses),
                    tooltip="One a line, 1 to 10: the name of a pose, or free words in English, "
                    "drawn as the nearest one. The first must show the face.",
                ),
                FORMAT,
                STYLE,
            ],
            outputs=[
                sockets.STORY.Output(
                    "story",
                    "story",
                    tooltip="The matrix as a story: the outfit changes slowest, the pose fastest.",
                )
            ],
        )

    @classmethod
    def execute(
        cls,
        name: str,
        description: str,
        trigger: str,
        outfits: str,
        places: str,
        poses: str,
        format: str,
        style: str,
    ) -> io.NodeOutput:
        options = {"format": BoardFormat(format), "style": style}
        character = name, description, trigger
        return io.NodeOutput(plan_variations(*character, outfits, places, poses, **options))


class AldarPlanIdentityTest(io.ComfyNode):
    """Five shots that show whether an identity set-up works."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarPlanIdentityTest",
            display_name="Plan identity test",
            category="aldar/story",
            description="Plans five fixed shots of one character, the face visible in all: from "
            "the front, turned aside, laughing, in other light, further away. Identity verdict "
            "says afterwards whether it is the same one.",
            inputs=[
                NAME,
                io.String.Input(
                    "description",
                    multiline=True,
                    default=HERO.dressed,
                    tooltip="The character sheet in English: age, face, build, headwear, clothes "
                    "with colours.",
                ),
                TRIGGER,
                FORMAT,
                STYLE,
            ],
            outputs=[
                sockets.STORY.Output(
                    "story",
                    "story",
                    tooltip="Five shots, the face visible in all: from the front; turned three "
                    "quarters; laughing; in a yurt at night; further away and pointing, "
                    "at sunset.",
                )
            ],
        )

    @classmethod
    def execute(
        cls, name: str, description: str, trigger: str, format: str, style: str
    ) -> io.NodeOutput:
        options = {"format": BoardFormat(format), "style": style}
        return io.NodeOutput(plan_identity_test(name, description, trigger, **options))


class AldarLoadStory(io.ComfyNode):
    """A story written before: the JSON of ``aldar plan``, edited or not; or panels drawn before."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarLoadStory",
            display_name="Load story",
            category="aldar/story",
            description="Reads a story from its JSON, as 'aldar plan' writes it; or panels of your "
            "own: a folder of pictures, or a Storyboarder project.",
            inputs=[
                io.String.Input(
                    "json",
                    multiline=True,
                    default="",
                    tooltip="Paste the content of a story.json; every field may be edited.",
                ),
                io.Combo.Input(
                    "drawing",
                    options=[AS_WRITTEN, *(hand.value for hand in Drawing)],
                    default=AS_WRITTEN,
                    optional=True,
                    tooltip="Another hand for the panels than the story's own: colour, black "
                    "lines on white, or grey figures.",
                ),
                io.String.Input(
                    "panels",
                    default="",
                    optional=True,
                    tooltip="In place of the JSON: the name of a folder in ComfyUI's input folder "
                    "that holds your pictures in their order (001.png, 002.png), or a "
                    "Storyboarder project.",
                ),
            ],
            outputs=[sockets.STORY.Output("story", "story", tooltip=_PLAN)],
        )

    @classmethod
    def fingerprint_inputs(
        cls, json: str, drawing: str = AS_WRITTEN, panels: str | None = ""
    ) -> str | float:
        if panels is None:  # by a link: which folder is not known yet
            return float("nan")
        return state(_below_input(panels)) if panels.strip() else ""

    @classmethod
    def execute(cls, json: str, drawing: str = AS_WRITTEN, panels: str = "") -> io.NodeOutput:
        if panels.strip():
            uploads = Path(folder_paths.get_input_directory()) / UPLOADS
            story = bring_in(_below_input(panels), uploads)
        else:
            story = Story.from_json(json, "the text of Load story")
        return io.NodeOutput(story if drawing == AS_WRITTEN else drawn_by(story, drawing))


def _below_input(name: str) -> Path:
    """A path below ComfyUI's input folder. :raises InputError: ``folder_outside``."""
    root = Path(folder_paths.get_input_directory()).resolve()
    path = (root / name.strip()).resolve()
    if not path.is_relative_to(root) or path == root:
        raise InputError(
            "folder_outside",
            f"{name!r} does not lie in ComfyUI's input folder.",
            "Put the pictures into a folder in there, and give its name.",
        )
    return path


class AldarCharacter(io.ComfyNode):
    """One character of a story as the user wants it."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarCharacter",
            display_name="Character",
            category="aldar/story",
            description="Changes one character of a story: its sheet, and the trigger word of "
            "its LoRA. What is left empty stays as the planner wrote it.",
            inputs=[
                sockets.STORY.Input("story", tooltip="From Plan story, Import script or another."),
                io.String.Input(
                    "character",
                    default="",
                    tooltip="Name or id of the character; empty for the hero.",
                ),
                io.String.Input(
                    "name", default="", tooltip="As the viewer reads it, in the story's language."
                ),
                io.String.Input(
                    "description",
                    multiline=True,
                    default="",
                    tooltip="In English: age, face, build, headwear, clothes with colours. Goes "
                    "into the prompt of every frame the character is in.",
                ),
                io.String.Input(
                    "trigger",
                    default="",
                    tooltip="Trigger word of the character's LoRA; a single - for none.",
                ),
            ],
            outputs=[
                sockets.STORY.Output(
                    "changed", "story", tooltip="The same story with the character changed."
                )
            ],
        )

    @classmethod
    def execute(
        cls, story: Story, character: str, name: str, description: str, trigger: str
    ) -> io.NodeOutput:
        changed = recast(story, character, name=name, description=description, trigger=trigger)
        return io.NodeOutput(changed)


class AldarShowShotlist(io.ComfyNode):
    """The plan as text, before anything is drawn."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AldarShowShotlist",
            display_name="Show shotlist",
            category="aldar/story",
            description="Shows the shotlist as text, so that the plan can be read before any "
            "frame is made.",
            inputs=[sockets.STORY.Input("story", tooltip="Any story.")],
            outputs=[
                sockets.STORY.Output("same", "story", tooltip="The same story, unchanged."),
                io.String.Output(
                    "markdown",
                    "markdown",
                    tooltip="The shotlist as text, to save or to show elsewhere.",
                ),
            ],
            is_output_node=True,
        )

    @classmethod
    def execute(cls, story: Story) -> io.NodeOutput:
        markdown = shotlist_markdown(story)
        return io.NodeOutput(story, markdown, ui=ui.PreviewText(markdown))
