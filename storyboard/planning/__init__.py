"""Logline or script -> Story. The planner's name chooses who writes: ``offline``, or a profile.

Every planner is a function ``(logline, frames, format, style, language) -> Story``; this module
checks what the user gave, and nothing after it needs to know which planner was used. A profile
(:mod:`.profiles`) names a language model; what asks it is imported only then.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import get_args

from ..errors import InputError
from ..prompts.compose import check_style
from ..story import MAX_FRAMES, BoardFormat, Drawing, Story, check_logline
from .draft.foreign import paired
from .offline import director
from .offline.language import Language

__all__ = ["PLANNERS", "SHIPPED", "drawn_by", "import_fountain", "load_shipped", "plan"]

PLANNERS: dict[str, Callable[..., Story]] = {"offline": director.plan}
"""Name -> planner, of those that need no profile. Any other name is a profile's."""

SHIPPED = ("simple", "medium", "complex")
"""The stories that come with the pack: 6, 8 and 10 shots, in English, Russian and Kazakh."""


def plan(
    logline: str,
    *,
    planner: str = "offline",
    frames: int | None = None,
    format: BoardFormat = BoardFormat.SQUARE,
    style: str = "storybook",
    language: str | None = None,
    drawing: Drawing = Drawing.STORYBOOK,
    poll: Callable[[], None] = lambda: None,
) -> Story:
    """Turn a logline into a storyboard.

    :param planner: ``offline``, or the name of a planner profile of this machine.

    :param frames: 1-60, or ``None`` for as many as the story needs (6 simple to 10 complex, S2.3).
    :param style: name of a preset of ``styles.json``.
    :param language: ``en``, ``ru`` or ``kk``; ``None`` reads it from the logline.
    :param drawing: the hand that draws the panels.
    :param poll: called a few times a second while a language model writes; may raise to stop it.
    :raises InputError: ``logline_empty``, ``logline_too_long``, ``frames_out_of_range``,
        ``option_invalid`` or ``profile_invalid``.
    :raises PlanningError: ``planner_unknown``, ``key_missing``, or what :func:`.llm.plan` raises.
    """
    logline = check_logline(paired(logline))
    _check(frames, style)
    tongue = _known_language(language)
    shape = BoardFormat(format)
    if planner in PLANNERS:
        story = PLANNERS[planner](logline, frames, shape, style, tongue)
        return drawn_by(story, drawing)
    from .llm import profiles, talk

    profile = profiles.load(planner)
    story = talk.plan(logline, frames, shape, style, tongue, profile=profile, poll=poll)
    return drawn_by(story, drawing)


def drawn_by(story: Story, drawing: Drawing | str) -> Story:
    """The story with its panels in another hand."""
    return story.model_copy(update={"drawing": Drawing(drawing)})


def import_fountain(
    text: str,
    *,
    frames: int | None = None,
    format: BoardFormat = BoardFormat.SQUARE,
    style: str = "storybook",
    language: str | None = None,
    drawing: Drawing = Drawing.STORYBOOK,
) -> Story:
    """Turn a screenplay into a storyboard, a shot for each paragraph of action.

    :param text: Fountain, or the XML of a Final Draft document (.fdx).
    :param frames: take no more than so many shots, from the beginning; ``None`` for 60.
    :param language: ``en``, ``ru`` or ``kk``; ``None`` reads it from the script.
    :raises InputError: ``script_invalid``, ``frames_out_of_range`` or ``option_invalid``.
    """
    from .script import planner

    _check(frames, style)
    story = planner.story(text, frames, BoardFormat(format), style, _known_language(language))
    return drawn_by(story, drawing)


def _check(frames: int | None, style: str) -> None:
    if frames is not None and not 1 <= frames <= MAX_FRAMES:
        raise InputError(
            "frames_out_of_range",
            f"A board of {frames} frames was asked for; 1 to {MAX_FRAMES} are possible.",
            "Leave the number out to let the story decide.",
        )
    check_style(style)


def _known_language(language: str | None) -> Language | None:
    for code in get_args(Language):
        if language == code:
            return code
    if language is not None:
        raise InputError(
            "option_invalid",
            f"The language {language!r} is not one of {', '.join(get_args(Language))}.",
            "Leave the language out to read it from the text.",
        )
    return None


@cache
def _shipped_text(name: str) -> str:
    return (Path(__file__).parents[1] / "stories" / f"{name}.json").read_text("utf-8")


def load_shipped(name: str) -> Story:
    """One of the stories of :data:`SHIPPED`. :raises InputError: ``option_invalid``."""
    if name not in SHIPPED:
        raise InputError(
            "option_invalid",
            f"There is no story called {name!r} in the pack; there is {', '.join(SHIPPED)}.",
            "Choose one of those, or give the path of a story file.",
        )
    return Story.from_json(_shipped_text(name), f"stories/{name}.json")
