"""Character sheets: what an actor looks like, in English words and as a drawing.

In Aldar Köse's world a role brings its own sheet. Everywhere else the sheet is put together from
what the logline says (age, hair, clothes) and from the clothes of the trade; what neither says
falls by dice, so that the same logline always meets the same person. The drawing is read from the
words by :mod:`...prompts.wardrobe`, so that the two never contradict.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import Any

from ...prompts import wardrobe
from ...story import Beard, Hair, Hat, Kind, Look, PropKind, Sex
from . import lexicon, nouns, worlds
from .people import Actor
from .worlds import World


class Dice:
    """Choices that look free but follow from the logline alone."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def roll(self, key: str, sides: int) -> int:
        """A number from 0 to ``sides`` - 1; the same for the same key."""
        digest = hashlib.sha256(f"{self._seed}\n{key}".encode("utf-8", "replace")).digest()
        return int.from_bytes(digest[:4], "big") % sides

    def pick(self, key: str, choices: tuple[str, ...]) -> str:
        """One of several."""
        return choices[self.roll(key, len(choices))]


_HAIR = {
    "f": ("long dark hair", "red bob", "curly black hair", "brown ponytail", "long blond hair",
          "black braids", "dark hair in a bun", "blond bob"),
    "m": ("short black hair", "curly brown hair", "short blond hair", "curly dark hair",
          "short red hair", "short brown hair"),
    "": ("short dark hair", "short brown hair", "short black hair"),
    "old f": ("grey hair in a bun", "white bob", "curly grey hair"),
    "old m": ("short white hair", "bald head", "short grey hair"),
    "old ": ("short grey hair", "short white hair"),
    "girl": ("brown braids", "black braids", "red ponytail", "blond braids"),
    "boy": ("short brown hair", "short black hair", "curly red hair", "short blond hair"),
}  # fmt: skip
_OLD_BEARDS = ("white beard", "grey moustache", "")
_PLAIN = (
    "mustard yellow jacket", "turquoise jacket", "brick red shirt", "green shirt", "plum jacket",
    "navy blue jacket", "blue shirt", "brown coat", "orange hoodie",
)  # fmt: skip
_DRESSES = ("red dress", "green dress", "blue dress", "yellow dress")
_WORDS_OF_MEN = re.compile(r"beard|moustache|stubble|goatee")
_CAP = re.compile(r"\b(?:cap|hat|helmet)\b")
_TOP = re.compile(r"hair|braid|plait|hat|cap|turban|crown|helmet|scarf|tiara|headdress|bald")
_HEADSCARF = "patterned headscarf"
"""What tells a woman of the steppe in a drawing."""
_GROUPS = {
    "soldier": "soldier", "police": "policeman", "cleric": "priest", "athlete": "athlete",
    "musician": "musician", "performer": "actor", "scientist": "scientist", "medic": "doctor",
    "teacher": "teacher", "writer": "writer", "artist": "painter", "ruler": "king",
    "criminal": "thief", "craft": "engineer", "business": "lawyer", "child": "schoolboy",
    "servant": "maid",
}  # fmt: skip
"""Kind of person by WordNet -> a trade that dresses so."""
_CHOICE = re.compile(r"\{([^{}]*)\}")
_FURS = {
    PropKind.CAT: "ginger", PropKind.DOG: "brown", PropKind.HORSE: "brown", PropKind.FOX: "red",
    PropKind.WOLF: "grey", PropKind.BEAR: "brown", PropKind.LION: "golden",
    PropKind.TIGER: "orange", PropKind.ELEPHANT: "grey", PropKind.MONKEY: "brown",
    PropKind.RABBIT: "white", PropKind.MOUSE: "grey", PropKind.BIRD: "blue",
    PropKind.FISH: "silver", PropKind.DRAGON: "green", PropKind.GOAT: "white",
    PropKind.COW: "brown", PropKind.PIG: "pink", PropKind.SHEEP: "white",
    PropKind.CAMEL: "beige", PropKind.DONKEY: "grey",
}  # fmt: skip
_COATS = {
    "crow": "black", "raven": "black", "swan": "white", "seagull": "white", "duck": "green",
    "parrot": "green", "chick": "yellow", "duckling": "yellow", "flamingo": "pink",
    "goose": "white", "penguin": "black", "owl": "brown", "eagle": "brown", "pigeon": "grey",
    "dove": "white", "chicken": "white", "hen": "brown", "rooster": "red", "sparrow": "brown",
    "whale": "blue", "shark": "grey", "dolphin": "grey", "octopus": "red", "goldfish": "orange",
    "crab": "red", "lobster": "red", "panda": "white", "polar bear": "white", "zebra": "white",
    "unicorn": "white", "snow leopard": "white", "giraffe": "yellow", "deer": "brown",
    "snake": "green", "turtle": "green", "hedgehog": "brown", "squirrel": "red",
}  # fmt: skip
_OWN = {"ghost", "alien", "giant"}
"""Roles that look the same in every world."""
NOBODY = "plain grey mannequin"
"""Somebody of whom the logline says nothing at all."""


def sheet(
    actor: Actor, steppe: bool, lead: bool, dice: Dice, world: World | None = None
) -> tuple[str, Look]:
    """Description and drawing of an actor.

    :param steppe: whether the story plays in Aldar Köse's world.
    :param lead: the hero, whose sheet says outright whether it is a man or a woman.
    :param world: where people dress otherwise than today.
    """
    entry = actor.entry
    if actor.known is not None:
        return actor.known.sheet, actor.known.look
    if actor.thing and nouns.drawn(actor.english.word) in _FURS:
        return _animal(replace(actor, species=None), dice)  # a bat that acts is no racket
    if actor.animal or (entry is not None and entry.look.kind is Kind.ANIMAL):
        return _animal(actor, dice)
    if actor.thing and not _is_robot(actor):
        return f"{actor.english.word} with eyes and a mouth", _living(actor)
    if (entry is not None and entry.look.kind is Kind.ROBOT) or _is_robot(actor):
        return _robot(actor, dice)
    if (
        entry is not None
        and not entry.clothes
        and (steppe or (actor.role in _OWN and not actor.dress))
    ):
        return _of_the_steppe(actor, entry, lead, dice)
    return _person(actor, dice, world)


def _living(actor: Actor) -> Look:
    """A thing that acts, as itself."""
    kind = actor.species or nouns.drawn(actor.english.word) or PropKind.THING
    return Look(kind=Kind.ANIMAL, species=kind)


def _animal(actor: Actor, dice: Dice) -> tuple[str, Look]:
    """An animal on its own legs."""
    noun, entry = actor.english.word, actor.entry
    named = wardrobe.said(actor.details).get("skin") if actor.details else None
    if entry is not None and not actor.details and noun == entry.en:
        return entry.sheet, entry.look
    species = nouns.drawn(noun) or actor.species or (entry.look.species if entry else None)
    species = species or PropKind.THING
    if nouns.drawn(noun) is None and species is not PropKind.THING:
        noun = f"{species.value} {noun}"
    coat = _COATS.get(noun) or (_FURS.get(species, "") if noun == species.value else "")
    said = wardrobe.said(f"{actor.details} {noun}").get("skin") or named
    words = " ".join(filter(None, [actor.details, "" if said else coat, noun]))
    skin = said or wardrobe.said(f"{coat} {species.value}").get("skin")
    drawn = Look(kind=Kind.ANIMAL, species=species, **({"skin": skin} if skin else {}))
    worn = f", {actor.dress}" if actor.dress else ""
    return f"{words}{worn}", drawn


def _is_robot(actor: Actor) -> bool:
    words = actor.english.word.lower().split()
    robots = {"robot", "android", "cyborg", "droid"}
    if robots & set(actor.details.lower().split()):
        return True
    return bool(words) and words[-1] in ("robot", "android", "drone", "cyborg", "droid")


def _robot(actor: Actor, dice: Dice) -> tuple[str, Look]:
    metal = dice.pick("metal " + actor.key, ("grey", "silver", "white", "orange", "turquoise"))
    noun = actor.english.word
    if not re.search(r"robot|android|droid|drone|cyborg", f"{actor.details} {noun}"):
        noun = f"robot {noun}" if noun and not actor.english.named else "robot"
    said = wardrobe.said(f"{actor.details} robot").get("skin")
    lead = " ".join(filter(None, [actor.details, "" if said else metal, noun]))
    skin = said or wardrobe.said(f"{metal} robot").get("skin") or Look().skin
    return f"{lead}, round glowing eyes", Look(kind=Kind.ROBOT, skin=skin, colour=skin)


def _of_the_steppe(actor: Actor, entry: lexicon.Role, lead: bool, dice: Dice) -> tuple[str, Look]:
    """A role in its own sheet, made to fit a man or a woman."""
    parts = entry.sheet.split(", ")
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
            parts.append(dice.pick("hair " + actor.role, _HAIR[sex]))
    words = ", ".join(parts)
    look = entry.look.model_copy(update={"hat": hat, "beard": beard})
    sex = sex or (entry.sex if told else "")
    if sex in ("m", "f") and look.sex is Sex.UNSAID:
        look = look.model_copy(update={"sex": Sex.FEMALE if sex == "f" else Sex.MALE})
    told_hair = {k: v for k, v in wardrobe.said(words).items() if k in ("hair", "hair_colour")}
    return words, look.model_copy(update=told_hair)


def _as_a(sex: str, parts: list[str], lead: bool) -> list[str]:
    """A sheet that fits a man or a woman."""
    if sex == "f":
        parts = [part for part in parts if not _WORDS_OF_MEN.search(part)]
        parts = [re.sub(r"\bman\b", "woman", parts[0]), *parts[1:]]
    if lead and not re.search(r"\b(?:wo)?man\b", parts[0]):
        parts = ["woman" if sex == "f" else "man", *parts]
    return parts


_CHILDREN = {"girl", "boy", "child", "kid", "baby", "infant", "toddler", "schoolboy", "schoolgirl",
             "pupil", "children", "urchin", "orphan", "little girl", "little boy", "son",
             "daughter", "grandson", "granddaughter"}  # fmt: skip
_ELDERS = {"grandmother", "grandfather", "grandma", "grandpa", "granny", "old man", "old woman",
           "elder", "pensioner", "retiree", "old-timer", "hag", "crone"}  # fmt: skip
_YOUTHS = {"teenager", "teen", "student", "adolescent", "youth", "schoolmate", "apprentice"}
_FEMALE = re.compile(
    r"(?:woman|girl|ess|ette|lady|mother|sister|daughter|wife|widow|niece|aunt|queen|maid|bride"
    r"|nun|heroine|grandma|mom|mum|granny|witch|ballerina|mermaid|goddess|seamstress)$"
)
_MALE = re.compile(
    r"(?:[^o]man|^man|[^o]men|boy|father|brother|son|husband|uncle|nephew|king|prince|groom|monk"
    r"|grandpa|dad|guy|lad|gentleman|waiter|actor|wizard|priest|emperor|duke|baron)$"
)
_NO_MAN = re.compile(r"woman|women|human|german|talisman")


def sex_of_word(noun: str) -> str:
    """What an English noun says of somebody's sex: ``m``, ``f`` or nothing."""
    last = noun.lower().split()[-1] if noun.split() else ""
    if _FEMALE.search(last):
        return "f"
    return "m" if _MALE.search(last) and not _NO_MAN.search(last) else ""


def _person(actor: Actor, dice: Dice, world: World | None) -> tuple[str, Look]:
    """Somebody by what the logline says, by trade, and by dice."""
    noun = "" if actor.english.named else actor.english.word.lower()
    sex = actor.sex if actor.sex in ("m", "f") else sex_of_word(noun)
    if noun == "hero" and not actor.name and not sex and not actor.details:
        return NOBODY, Look(kind=Kind.MANNEQUIN)
    entry = actor.entry
    noun = noun if noun != "hero" else ""
    trade = noun or (entry.en if entry is not None and actor.name else "")
    last = trade.split()[-1] if trade else ""
    told = wardrobe.said(f"{actor.details}, {actor.dress}") if actor.details or actor.dress else {}
    child = told.get("kind", Kind.PERSON) is Kind.CHILD or (
        bool({trade, last} & _CHILDREN) and "age" not in told and actor.age is None
    )
    if actor.age is not None:
        aged = wardrobe.of_age(actor.age)
        child = aged["kind"] is Kind.CHILD
    else:
        aged = {"age": told["age"]} if "age" in told else {}
    age = getattr(aged.get("age"), "value", "") or (
        "old" if {trade, last} & _ELDERS else "young" if last in _YOUTHS else ""
    )
    if not trade and not age and "age" not in aged and sex:
        age = "young"
    age = "" if child or age == "adult" else age
    key = actor.key
    person = {"f": "girl" if child else "woman", "m": "boy" if child else "man"}.get(
        sex, "child" if child else ""
    )
    years = f"{actor.age}-year-old" if actor.age is not None else ""
    details = _without(actor.details, age)
    lead = " ".join(filter(None, [years or age, _build(details), person or trade or "person"]))
    pieces = [lead]
    if trade and person and not _says(trade, person):
        pieces.append(trade)
    if rest := _rest(details):
        pieces.append(rest)
    worn = actor.dress or _clothes(actor, sex, child, dice, world)
    hair = _hair(told, sex, child, age, key, dice)
    covered = re.search(r"helmet|headscarf|hood\b|turban|wimple", worn)
    if hair and not (covered and not told.keys() & {"hair", "hair_colour", "beard"}):
        pieces.append(hair)
    if age == "old" and sex == "m" and "beard" not in told:
        pieces += filter(None, [dice.pick("beard " + key, _OLD_BEARDS)])
    pieces.append(worn)
    if not trade:
        pieces.append("expressive face")
    return finished(pieces, sex, child, age, actor)


def finished(pieces: list[str], sex: str, child: bool, age: str, actor: Actor) -> tuple[str, Look]:
    """The pieces as a sheet, and its drawing."""
    words = ", ".join(piece for piece in pieces if piece)
    drawn: dict[str, Any] = wardrobe.said(words)
    drawn |= {"kind": Kind.CHILD if child else Kind.PERSON}
    drawn |= {"sex": {"f": Sex.FEMALE, "m": Sex.MALE}.get(sex, Sex.UNSAID)}
    drawn.pop("species", None)
    if not age:
        drawn.pop("age", None)
    if sex == "f":
        drawn.setdefault("hair", Hair.LONG)
        drawn.pop("beard", None)
    return words, Look(**drawn)


_BUILD = re.compile(r"\b(?:tall|thin|lean|slim|skinny|fat|stout|plump|chubby|huge|giant|burly)\b")
_SEEN = re.compile(
    r"\b(?:blind|deaf|one-?\s?(?:eyed|armed|legged)|scarred|freckled|tattooed|masked|barefoot"
    r"|pregnant|wounded|injured|bandaged|mechanical|invisible|tiny|small|little|lonely|shy|tired"
    r"|sleepless|sad|cheerful|nervous|clumsy|ragged|elegant|wrinkled|pale|tanned|dark-skinned)\b[\w-]*"
)


def _without(details: str, age: str) -> str:
    """What the logline says of somebody, without the age, which the sheet says already."""
    return re.sub(r"\b(?:old|elderly|young|teenage|aged)\b\s*", "", details) if age else details


def _build(details: str) -> str:
    found = _BUILD.search(details)
    return found[0] if found else ""


def _rest(details: str) -> str:
    """What can be seen of it, beside build and age."""
    return " ".join(match[0] for match in _SEEN.finditer(details) if not _BUILD.fullmatch(match[0]))


def _says(trade: str, person: str) -> bool:
    return person in trade.split() or (person in ("girl", "boy") and trade in _CHILDREN)


def _hair(told: dict[str, Any], sex: str, child: bool, age: str, key: str, dice: Dice) -> str:
    if told.keys() & {"hair", "hair_colour", "beard"}:
        hint = Look(**{k: told[k] for k in ("hair", "hair_colour", "beard") if k in told})
        if "hair" not in told and sex == "f":
            hint = hint.model_copy(update={"hair": Hair.LONG})
        if "hair_colour" not in told:
            shade = dice.pick("shade " + key, ("#26201f", "#5f3d28", "#33241d"))
            hint = hint.model_copy(update={"hair_colour": "#9b9a98" if age == "old" else shade})
        return ", ".join(wardrobe.hair_words(hint))
    kind = {"f": "girl", "m": "boy"}.get(sex, "boy") if child else f"{age} {sex}".strip()
    if not child and age == "old":
        kind = f"old {sex}"
    elif not child:
        kind = sex
    return dice.pick("hair " + key, _HAIR[kind])


def _clothes(actor: Actor, sex: str, child: bool, dice: Dice, world: World | None) -> str:
    """What somebody wears whose clothes the logline does not say."""
    noun = actor.english.word.lower() if not actor.english.named else ""
    entry = actor.entry
    words = lexicon.clothes(noun) or (entry.clothes if entry is not None else "")
    if not words and entry is not None:
        words = lexicon.clothes(entry.en) or wardrobe.clothes(entry.wide or "")
    if not words and noun:
        sort = nouns.sort(noun.split()[-1])
        if sort is not None and sort.kind == "person":
            words = lexicon.clothes(_GROUPS.get(sort.group, ""))
    if words:
        of_women, mark, of_men = words.partition("; ")
        words = of_men if mark and sex == "m" else of_women
    if world is not None:
        words = worlds.dressed(world, words, sex, child)
    if words:
        return _CHOICE.sub(
            lambda found: dice.pick(f"clothes {actor.key} {found[1]}", tuple(found[1].split("|"))),
            words,
        )
    if sex == "f" and dice.roll("dress " + actor.key, 3) == 0:
        return dice.pick("coat " + actor.key, _DRESSES)
    return dice.pick("coat " + actor.key, _PLAIN)
