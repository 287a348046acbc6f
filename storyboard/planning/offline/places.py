"""Places in words: which setting they are, and what they are called in English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...sets import NEUTRAL, Setting
from . import language, lexicon

_OUTSIDE = re.compile(
    r"(?:outside|near|beside|behind|before|around|by|in front of)\b[^,;]*\b(?:yurt|tent)"
    r"|(?:у|возле|перед|за|около|рядом с)\s(?:\w+\s)?(?:юрт|шатр)"
    r"|үйдің (?:жаны|алды|сырты|арты)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """Where a shot plays."""

    words: str
    """In English."""
    setting: Setting
    known: bool
    """Whether the words name a setting; otherwise it is neutral."""


def place_of(key: str, english: str, steppe: bool) -> tuple[Setting, str]:
    """The setting of a place, and its words for a prompt; what no set knows is neutral.

    :param key: its id in the lexicon, or any other word.
    :param english: its noun, as far as the text says more than the lexicon's own.
    :param steppe: whether the story plays in Aldar Köse's world.
    """
    entry = lexicon.entries("places").get(key)
    if entry is None:
        return NEUTRAL, english if english[:1].isupper() else f"the {english}"
    setting = entry.steppe_set if steppe and entry.steppe_set else entry.setting
    if steppe and entry.steppe_place:
        return setting, entry.steppe_place
    if english in entry.proper.split():
        return setting, english.capitalize()
    return setting, entry.place if english == entry.en else f"the {english}"


def find_place(words: str, steppe: bool = False) -> Place:
    """The place that some words in English, Russian or Kazakh describe.

    Of "a steppe river" it is the river; of "a yurt in the mountains" it is the yurt. English words
    stay as they are, others become the lexicon's.

    :param steppe: whether the story plays in Aldar Köse's world.
    """
    tongue = language.detect(words)
    mentions, _ = lexicon.scan(language.tokens(words), tongue, ("places",), set())
    following = {mention.index - 1 for mention in mentions}
    heads = [m for m in mentions if m.index + len(m.pattern.words) - 1 not in following]
    if not heads:
        return Place(words, NEUTRAL, known=False)
    head = heads[0]
    setting, english = place_of(head.id, lexicon.english_noun(head, tongue).word, steppe)
    if setting == "yurt_inside" and _OUTSIDE.search(words):
        setting, english = "yurt_outside", "outside a felt yurt"
    return Place(words if tongue == "en" else english, setting, known=True)
