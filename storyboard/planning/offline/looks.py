"""Character sheets: what an actor looks like, in English words and as a drawing.

A known role brings its sheet from the lexicon; an unknown one gets hair and coat by dice, so
that the same logline always meets the same person. Words and drawing never contradict.
"""

from __future__ import annotations

import hashlib
import re

from ...story import Beard, Build, Garment, Hat, Look
from .people import Actor


class Dice:
    """Choices that look free but follow from the logline alone."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def roll(self, key: str, sides: int) -> int:
        """A number from 0 to ``sides`` - 1; the same for the same key."""
        digest = hashlib.sha256(f"{self._seed}\n{key}".encode("utf-8", "replace")).digest()
        return int.from_bytes(digest[:4], "big") % sides


_HAIR = {
    "f": (
        "long dark braid",
        "short auburn hair",
        "curly black hair",
        "silver bob",
        "loose brown hair",
    ),
    "m": (
        "short black hair",
        "tousled brown hair",
        "greying temples",
        "curly dark hair",
        "sandy hair",
    ),
}
_COATS = (
    ("mustard yellow coat", "#c9972f"),
    ("teal coat", "#2f7f7a"),
    ("brick red jacket", "#a8452f"),
    ("moss green coat", "#6b7f3a"),
    ("plum coat", "#6f3f6a"),
    ("navy blue jacket", "#2f4a6f"),
)
_WORDS_OF_MEN = re.compile(r"beard|moustache|stubble|goatee")
_CAP = re.compile(r"\b(?:cap|hat|helmet)\b")
_TOP = re.compile(r"hair|braid|plait|hat|cap|turban|crown|helmet|scarf|tiara|headdress")
_HEADSCARF = "patterned headscarf"
"""What tells a woman in a drawing."""


def sheet(actor: Actor, steppe: bool, lead: bool, dice: Dice) -> tuple[str, Look]:
    """Description and drawing of an actor.

    :param steppe: whether the story plays in Aldar Köse's world.
    :param lead: the hero, whose sheet says outright whether it is a man or a woman.
    """
    entry = actor.entry
    if entry is None:
        return _unknown(actor, steppe, dice)
    parts = (entry.sheet if steppe else entry.wide or entry.sheet).split(", ")
    hat, beard = entry.look.hat, entry.look.beard
    sex = actor.sex if actor.sex in ("m", "f") else ""
    told = entry.fixed or entry.monster or entry.beast
    if sex and not told and entry.sex != "n":
        parts = _as_a(sex, parts, lead)
        if sex == "f" and entry.sex != "f":
            beard = Beard.NONE
            if hat in (Hat.CAP, Hat.NONE):
                parts = [*(part for part in parts if not _CAP.search(part)), _HEADSCARF]
                hat = Hat.KIMESHEK
        if not any(_TOP.search(part) for part in parts):
            parts.append(_HAIR[sex][dice.roll("hair " + actor.role, len(_HAIR[sex]))])
    return ", ".join(parts), entry.look.model_copy(update={"hat": hat, "beard": beard})


def _as_a(sex: str, parts: list[str], lead: bool) -> list[str]:
    """A sheet that fits a man or a woman."""
    if sex == "f":
        parts = [part for part in parts if not _WORDS_OF_MEN.search(part)]
        parts = [re.sub(r"\bman\b", "woman", parts[0]), *parts[1:]]
    if lead and not re.search(r"\b(?:wo)?man\b", parts[0]):
        parts = ["woman" if sex == "f" else "man", *parts]
    return parts


def _unknown(actor: Actor, steppe: bool, dice: Dice) -> tuple[str, Look]:
    """Somebody of whom only a name or an unknown trade is known."""
    sex = actor.sex if actor.sex in ("m", "f") else "mf"[dice.roll("sex", 2)]
    key = actor.name or "somebody"
    coat, robe = _COATS[dice.roll("coat " + key, len(_COATS))]
    kind = "young woman" if sex == "f" else "young man"
    if not actor.name and actor.english.word != "hero":
        kind = actor.english.word
    look = Look(build=Build.LEAN, garment=Garment.CHAPAN, colour=robe, trim="#e8e2d0")
    if actor.animal:
        return ", ".join([kind, "walking upright", coat, "expressive face"]), look
    if steppe:
        kind = kind.replace("young", "young kazakh")
    parts = [kind, _HAIR[sex][dice.roll("hair " + key, len(_HAIR[sex]))], coat]
    if sex == "f":
        parts.append(_HEADSCARF)
    look.hat = Hat.KIMESHEK if sex == "f" else Hat.NONE
    return ", ".join([*parts, "expressive face"]), look
