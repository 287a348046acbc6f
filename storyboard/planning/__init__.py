"""Logline or script -> Story. The planner's name chooses who writes: ``offline``, or a profile.

Every planner is a function ``(logline, frames, format, style, language) -> Story``; this module
checks what the user gave, and nothing after it needs to know which planner was used. A profile
(:mod:`.profiles`) names a language model; what asks it is imported only then. ``auto`` takes the
first profile that is ready (:mod:`.llm.auto`), else ``offline``, and the story's note says which.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import get_args

from ..errors import AldarError, InputError
from ..prompts.compose import check_style
from ..story import MAX_FRAMES, BoardFormat, Story, check_logline
from .draft.foreign import paired
from .offline import director
from .offline.language import Language
from .offline.lengths import shorten

__all__ = ["AUTO", "PLANNERS", "SHIPPED", "import_fountain", "load_shipped", "plan"]

AUTO = "auto"
"""The planner that takes the best of the others."""
PLANNERS: dict[str, Callable[..., Story]] = {"offline": director.plan}
"""Name -> planner, of those that need no profile. Any other name is a profile's."""

SHIPPED = ("simple", "medium", "complex")
"""The stories that come with the pack: 6, 8 and 10 shots, in English, Russian and Kazakh."""


def plan(
    logline: str,
    *,
    planner: str = "auto",
    frames: int | None = None,
    format: BoardFormat = BoardFormat.SQUARE,
    style: str = "storybook",
    language: str | None = None,
    poll: Callable[[], None] = lambda: None,
    tell: Callable[[str], None] = lambda text: None,
) -> Story:
    """Turn a logline into a storyboard.

    :param planner: ``auto``, ``offline``, or the name of a planner profile of this machine.

    :param frames: 1-60, or ``None`` for as many as the story needs (6 simple to 10 complex, S2.3).
    :param style: name of a preset of ``styles.json``.
    :param language: ``en``, ``ru`` or ``kk``; ``None`` reads it from the logline.
    :param poll: called a few times a second while a language model writes; may raise to stop it.
    :param tell: is told in a few words what goes on, where that takes long.
    :raises InputError: ``logline_empty``, ``logline_too_long``, ``frames_out_of_range``,
        ``option_invalid`` or ``profile_invalid``.
    :raises PlanningError: ``planner_unknown``, ``key_missing``, or what :func:`.llm.plan` raises.
    """
    logline = check_logline(paired(logline))
    _check(frames, style)
    tongue = _known_language(language)
    given = logline, frames, BoardFormat(format), style, tongue
    if planner != AUTO:
        return _planned(planner, given, poll, tell)
    from .llm import auto

    choice = auto.choose(poll)
    if choice.note:
        tell(choice.note)
    try:
        story = _planned(choice.planner, given, poll, tell)
    except AldarError as error:
        auto.also(error)
        raise
    story.planner.note = shorten("; ".join(filter(None, (choice.note, story.planner.note))), 300)
    return story


def _planned(
    planner: str,
    given: tuple[str, int | None, BoardFormat, str, Language | None],
    poll: Callable[[], None],
    tell: Callable[[str], None],
) -> Story:
    if planner in PLANNERS:
        return PLANNERS[planner](*given)
    from .llm import profiles, talk

    return talk.plan(*given, profile=profiles.load(planner), poll=poll, tell=tell)


def import_fountain(
    text: str,
    *,
    frames: int | None = None,
    format: BoardFormat = BoardFormat.SQUARE,
    style: str = "storybook",
    language: str | None = None,
) -> Story:
    """Turn a screenplay into a storyboard, a shot for each paragraph of action.

    :param text: Fountain, or the XML of a Final Draft document (.fdx).
    :param frames: take no more than so many shots, from the beginning; ``None`` for 60.
    :param language: ``en``, ``ru`` or ``kk``; ``None`` reads it from the script.
    :raises InputError: ``script_invalid``, ``frames_out_of_range`` or ``option_invalid``.
    """
    from .script import planner

    _check(frames, style)
    return planner.story(text, frames, BoardFormat(format), style, _known_language(language))


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
