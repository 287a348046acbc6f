"""A character of a story as the user wants it: sheet, trigger word and look."""

from __future__ import annotations

from typing import Any

from .errors import InputError
from .prompts.wardrobe import redrawn
from .story import Character, Story


def recast(
    story: Story, who: str = "", *, name: str = "", description: str = "", trigger: str = ""
) -> Story:
    """The story with one character changed; what is empty stays as it is.

    Who is described anew is drawn anew: the look follows the words.

    :param who: as in :func:`named`.
    :param trigger: trigger word of the character's LoRA; ``-`` for none.
    :raises InputError: ``option_invalid`` if there is no such character, ``story_invalid`` if a
        text does not fit.
    """
    old = named(story, who)
    if old is None:
        raise _nobody(story, who)
    wanted = {"name": name, "description": description, "trigger": trigger.strip()}
    changes: dict[str, Any] = {field: text for field, text in wanted.items() if text.strip()}
    if wanted["trigger"] == "-":
        changes["trigger"] = ""
    if "description" in changes:
        look = redrawn(old.look, old.description, description)
        changes["look"] = look.model_dump(mode="json")
    data = story.model_dump(mode="json")
    for character in data["characters"]:
        if character["id"] == old.id:
            character.update(changes)
    return Story.parse(data, f"the character {old.name}")


def named(story: Story, who: str) -> Character | None:
    """The character that a field of a node names.

    :param who: id or name; empty for the hero; ``2`` for the second character of the story.
    :returns: ``None`` if the story has no character of that number.
    :raises InputError: ``option_invalid`` for a name the story does not know.
    """
    wanted = who.strip().casefold() or "1"
    if wanted.isdecimal() and len(wanted) <= 4:
        place = int(wanted)
        return story.characters[place - 1] if 1 <= place <= len(story.characters) else None
    for character in story.characters:
        if wanted in (character.id, character.name.casefold()):
            return character
    raise _nobody(story, who)


def _nobody(story: Story, who: str) -> InputError:
    names = ", ".join(f"{c.id} ({c.name})" for c in story.characters)
    return InputError(
        "option_invalid",
        f"The story has no character {who!r}; it has {names or 'nobody'}.",
        "Write an id or a name of the story, or leave it empty for the hero.",
    )
