"""What the planner's data files may hold: the models that plots, coverage and lexicon share.

Every file is read through its model, so a slip of the pen is named when it is read and never
met as a ``KeyError`` in the middle of a board; a contract test reads them all.
"""

from __future__ import annotations

from string import Formatter
from typing import Annotated, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from .language import Language

LANGUAGES = get_args(Language)


class Data(BaseModel):
    """Written once, by us, in JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Wordings = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
"""One wording, or several of which one is drawn."""


class Said(Data):
    """The same in the three languages, with one or more wordings each."""

    en: Wordings
    ru: Wordings
    kk: Wordings

    def __getitem__(self, language: str) -> tuple[str, ...]:
        return {"en": self.en, "ru": self.ru, "kk": self.kk}[language]


class Named(Data):
    """The same in the three languages."""

    en: str
    ru: str
    kk: str

    def __getitem__(self, language: str) -> str:
        return {"en": self.en, "ru": self.ru, "kk": self.kk}[language]


def slots_of(*templates: str) -> frozenset[str]:
    """The nouns that templates of :mod:`.words` ask for."""
    return frozenset(
        slot for template in templates for _, slot, _, _ in Formatter().parse(template) if slot
    )
