"""One character alone, from what the user types: name, description, trigger word."""

from __future__ import annotations

from typing import Any

from ...errors import InputError
from ...prompts.wardrobe import look, undressed
from ..draft import conform
from ..offline import language, names

ALDAR = "Aldar Köse"
FACE = "lean young kazakh man, beardless chin, cunning eyes"
"""Aldar Köse's sheet without his clothes."""
SHEET = f"{FACE}, pointed felt hat, patched blue chapan robe"


def portray(name: str, description: str, trigger: str) -> dict[str, Any]:
    """A character as plain data of the story schema; whether it fits is checked with the story.

    Aldar Köse is drawn as everywhere, anybody else by the description.

    :param description: in English; empty for Aldar Köse's own.
    :param trigger: trigger word of the character's LoRA; empty or ``-`` for none.
    :raises InputError: ``option_invalid`` without a name.
    """
    name, sheet = " ".join(name.split()), " ".join(description.split())
    if not any(letter.isalnum() for letter in name):
        raise InputError(
            "option_invalid", "The character has no name.", f"Write one, such as {ALDAR}."
        )
    aldar = bool(names.trickster(language.tokens(name), language.detect(name)))
    known = conform.role("trickster", "aldar", ALDAR)
    own = aldar and undressed(sheet) in ("", undressed(known.description))
    return {
        "id": "aldar" if aldar else conform.safe_id(name, set()),
        "name": name,
        "description": sheet or (known.description if aldar else ""),
        "trigger": "" if trigger.strip() == "-" else trigger.strip(),
        "look": (known.look if own else look(sheet)).model_dump(mode="json"),
    }
