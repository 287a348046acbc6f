"""One character alone, from what the user types: name, description, trigger word."""

from __future__ import annotations

from typing import Any

from ...errors import InputError
from ...heroes import lead
from ...prompts.wardrobe import look, undressed
from ..draft.characters import safe_id
from ..offline import language, names


def portray(name: str, description: str, trigger: str) -> dict[str, Any]:
    """A character as plain data of the story schema; whether it fits is checked with the story.

    A hero the pack knows is drawn as everywhere, anybody else by the description.

    :param description: in English; empty for a known hero's own.
    :param trigger: trigger word of the character's LoRA; empty or ``-`` for none.
    :raises InputError: ``option_invalid`` without a name.
    """
    name, sheet = " ".join(name.split()), " ".join(description.split())
    if not any(letter.isalnum() for letter in name):
        raise InputError(
            "option_invalid", "The character has no name.", f"Write one, such as {lead().title}."
        )
    named = names.heroes(language.tokens(name), language.detect(name))
    hero = next(iter(named.values()), None)
    own = hero is not None and undressed(sheet) in ("", undressed(hero.sheet))
    drawn = hero.look if hero is not None and own else look(sheet)
    return {
        "id": hero.id if hero else safe_id(name, set()),
        "name": name,
        "description": sheet or (hero.sheet if hero else ""),
        "trigger": "" if trigger.strip() == "-" else trigger.strip(),
        "look": drawn.model_dump(mode="json"),
    }
