"""The animals, things and places of a logline."""

from __future__ import annotations

from dataclasses import dataclass

from ...story import Bulk, PropItem, PropKind
from . import lexicon, nouns
from .words import English, Noun


@dataclass(frozen=True)
class Item:
    """An animal, a thing or a place."""

    id: str
    """Of its entry in the lexicon; a thing or place that has none goes by its noun."""
    noun: Noun
    english: English
    start: int = 0
    bulk: Bulk | None = None
    """How large a thing is that has no drawing of its own."""
    kind: PropKind | None = None
    """What the words around say that it is: a cup that is won is a trophy."""

    @property
    def prop(self) -> PropItem:
        """The prop: drawn if there is a drawing, else a stand-in with its name."""
        noun = self.english.word
        item = nouns.prop(noun, _bare(self.noun), self.bulk)
        if self.kind is not None:
            return PropItem(kind=self.kind, name=" ".join(noun.split())[:60])
        entry = lexicon.entries("things").get(self.id)
        if item.kind is PropKind.THING and entry is not None and entry.prop and not entry.bulk:
            return item.model_copy(update={"kind": entry.prop, "label": "", "bulk": None})
        return item


def _bare(noun: Noun) -> str:
    return f"{noun:bare}" if isinstance(noun, English) else f"{noun}"
