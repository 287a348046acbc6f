"""How big things are, in metres."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from ...story import Bulk, PropItem, PropKind


@dataclass(frozen=True)
class PropSize:
    """A prop in metres, standing on the ground."""

    width: float
    height: float
    behind: bool = False
    """Part of the set: stands behind the figures of its depth."""
    mount: float = 0.0
    """Height of the back, if it can be ridden."""
    animal: bool = False
    flat: bool = False
    """Lies on the ground, under everything."""
    labelled: bool = False
    """Its label has to be read: it does not hide behind figures."""
    held: float = 0.0
    """Size by which it is drawn in the hands (1: as it is); 0 if nobody can hold it."""


PROPS: dict[PropKind, PropSize] = {
    PropKind.HORSE: PropSize(2.9, 2.15, behind=True, mount=1.36, animal=True),
    PropKind.DOG: PropSize(1.25, 0.7, animal=True),
    PropKind.SHEEP: PropSize(1.0, 0.85, animal=True),
    PropKind.CAMEL: PropSize(3.1, 2.3, behind=True, mount=1.62, animal=True),
    PropKind.DONKEY: PropSize(1.95, 1.56, behind=True, mount=0.98, animal=True),
    PropKind.CAT: PropSize(0.7, 0.42, animal=True),
    PropKind.GOAT: PropSize(1.1, 0.95, animal=True),
    PropKind.COW: PropSize(2.3, 1.5, behind=True, mount=1.0, animal=True),
    PropKind.PIG: PropSize(1.3, 0.8, animal=True),
    PropKind.BEAR: PropSize(2.0, 1.3, behind=True, mount=0.88, animal=True),
    PropKind.WOLF: PropSize(1.4, 0.85, animal=True),
    PropKind.FOX: PropSize(1.1, 0.6, animal=True),
    PropKind.LION: PropSize(2.0, 1.2, behind=True, mount=0.7, animal=True),
    PropKind.TIGER: PropSize(2.0, 1.1, behind=True, mount=0.67, animal=True),
    PropKind.ELEPHANT: PropSize(4.6, 3.0, behind=True, mount=2.06, animal=True),
    PropKind.MONKEY: PropSize(0.7, 0.8, animal=True),
    PropKind.RABBIT: PropSize(0.45, 0.4, animal=True),
    PropKind.MOUSE: PropSize(0.2, 0.12, animal=True),
    PropKind.BIRD: PropSize(0.45, 0.4, animal=True),
    PropKind.FISH: PropSize(0.5, 0.22, animal=True),
    PropKind.DRAGON: PropSize(5.0, 3.2, behind=True, mount=1.74, animal=True),
    PropKind.THING: PropSize(0.34, 0.3, held=1.0, labelled=True),
    PropKind.YURT: PropSize(5.6, 3.5, behind=True),
    PropKind.CHEST: PropSize(0.95, 0.66, held=0.62),
    PropKind.GOLD_BAG: PropSize(0.5, 0.56, held=0.7),
    PropKind.COINS: PropSize(0.8, 0.24, held=0.5),
    PropKind.DOMBRA: PropSize(0.36, 1.15, held=1.0),
    PropKind.ROBE: PropSize(0.95, 0.5, held=0.9),
    PropKind.HAT: PropSize(0.5, 0.4, held=0.85),
    PropKind.TREE: PropSize(3.2, 4.6, behind=True),
    PropKind.WELL: PropSize(1.5, 1.75, behind=True),
    PropKind.FIRE: PropSize(0.8, 0.85),
    PropKind.CAULDRON: PropSize(0.95, 0.8),
    PropKind.CART: PropSize(2.6, 1.5, behind=True),
    PropKind.STALL: PropSize(2.9, 2.7, behind=True),
    PropKind.CARPET: PropSize(2.4, 0.46, flat=True, held=0.4),
    PropKind.BOWL: PropSize(0.4, 0.2, held=0.75),
    PropKind.STAFF: PropSize(0.14, 1.6, held=1.0),
    PropKind.SHOVEL: PropSize(0.3, 1.35, held=1.0),
    PropKind.ROPE: PropSize(0.6, 0.26, held=0.8),
    PropKind.BOOK: PropSize(0.46, 0.2, held=0.9),
    PropKind.ROCK: PropSize(1.1, 0.75),
    PropKind.TABLE: PropSize(1.5, 0.62),
    PropKind.DOOR: PropSize(1.3, 2.25, behind=True),
    PropKind.PHONE: PropSize(0.09, 0.17, held=1.3),
    PropKind.LAPTOP: PropSize(0.4, 0.28, held=0.9),
    PropKind.COMPUTER: PropSize(0.7, 0.55),
    PropKind.CUP: PropSize(0.14, 0.12, held=1.2),
    PropKind.GLASS: PropSize(0.11, 0.2, held=1.1),
    PropKind.BOTTLE: PropSize(0.11, 0.32, held=1.0),
    PropKind.PLATE: PropSize(0.34, 0.16, held=0.9),
    PropKind.BAG: PropSize(0.44, 0.5, held=0.75),
    PropKind.BACKPACK: PropSize(0.46, 0.6, held=0.7),
    PropKind.SUITCASE: PropSize(0.6, 0.55, held=0.8),
    PropKind.BOX: PropSize(0.55, 0.46, held=0.75),
    PropKind.GIFT: PropSize(0.42, 0.46, held=0.75),
    PropKind.BASKET: PropSize(0.5, 0.44, held=0.75),
    PropKind.BUCKET: PropSize(0.36, 0.42, held=0.8),
    PropKind.LETTER: PropSize(0.3, 0.22, held=1.0),
    PropKind.PAPER: PropSize(0.24, 0.32, held=1.0),
    PropKind.NEWSPAPER: PropSize(0.44, 0.34, held=0.9),
    PropKind.MAP: PropSize(0.6, 0.42, held=0.9),
    PropKind.PEN: PropSize(0.04, 0.3, held=0.8),
    PropKind.MONEY: PropSize(0.36, 0.2, held=0.8),
    PropKind.KEY: PropSize(0.12, 0.3, held=0.8),
    PropKind.RING: PropSize(0.14, 0.18, held=0.8),
    PropKind.CROWN: PropSize(0.34, 0.28, held=0.8),
    PropKind.MASK: PropSize(0.32, 0.36, held=0.8),
    PropKind.MEDAL: PropSize(0.2, 0.36, held=0.8),
    PropKind.TROPHY: PropSize(0.34, 0.5, held=0.8),
    PropKind.SWORD: PropSize(0.26, 1.1, held=1.0),
    PropKind.KNIFE: PropSize(0.06, 0.34, held=0.9),
    PropKind.AXE: PropSize(0.34, 0.85, held=0.9),
    PropKind.HAMMER: PropSize(0.3, 0.42, held=0.9),
    PropKind.SHIELD: PropSize(0.6, 0.75, held=0.8),
    PropKind.BOW: PropSize(0.6, 1.2, held=0.9),
    PropKind.GUN: PropSize(0.3, 0.22, held=0.9),
    PropKind.WAND: PropSize(0.1, 0.45, held=0.9),
    PropKind.BROOM: PropSize(0.4, 1.45, held=1.0),
    PropKind.LADDER: PropSize(0.7, 2.4),
    PropKind.CAMERA: PropSize(0.24, 0.2, held=1.1),
    PropKind.TELESCOPE: PropSize(0.9, 1.4),
    PropKind.MICROPHONE: PropSize(0.12, 0.32, held=0.9),
    PropKind.GUITAR: PropSize(0.42, 1.05, held=0.9),
    PropKind.VIOLIN: PropSize(0.28, 0.66, held=0.9),
    PropKind.DRUM: PropSize(0.6, 0.55, held=0.7),
    PropKind.PIANO: PropSize(1.6, 1.25, behind=True),
    PropKind.BALL: PropSize(0.3, 0.3, held=1.0),
    PropKind.DOLL: PropSize(0.3, 0.46, held=0.9),
    PropKind.TEDDY: PropSize(0.36, 0.44, held=0.9),
    PropKind.KITE: PropSize(0.6, 0.9, held=0.8),
    PropKind.BALLOON: PropSize(0.36, 1.2, held=1.0),
    PropKind.UMBRELLA: PropSize(1.0, 1.0, held=1.0),
    PropKind.FLOWER: PropSize(0.24, 0.55, held=0.9),
    PropKind.APPLE: PropSize(0.16, 0.18, held=1.0),
    PropKind.BREAD: PropSize(0.42, 0.2, held=0.8),
    PropKind.CAKE: PropSize(0.46, 0.42, held=0.8),
    PropKind.EGG: PropSize(0.2, 0.26, held=0.9),
    PropKind.BONE: PropSize(0.46, 0.16, held=0.8),
    PropKind.SKULL: PropSize(0.26, 0.28, held=0.9),
    PropKind.FEATHER: PropSize(0.14, 0.4, held=0.9),
    PropKind.CANDLE: PropSize(0.16, 0.36, held=0.9),
    PropKind.LANTERN: PropSize(0.26, 0.42, held=0.9),
    PropKind.TORCH: PropSize(0.16, 0.6, held=1.0),
    PropKind.LAMP: PropSize(0.42, 1.5),
    PropKind.STREETLAMP: PropSize(0.8, 4.0, behind=True),
    PropKind.CLOCK: PropSize(0.4, 0.42, held=0.8),
    PropKind.HOURGLASS: PropSize(0.22, 0.36, held=0.9),
    PropKind.MIRROR: PropSize(0.6, 1.5),
    PropKind.PICTURE: PropSize(0.8, 0.65, held=0.7),
    PropKind.TELEVISION: PropSize(1.1, 0.9),
    PropKind.RADIO: PropSize(0.46, 0.36, held=0.8),
    PropKind.CHAIR: PropSize(0.5, 0.95),
    PropKind.ARMCHAIR: PropSize(0.95, 1.0),
    PropKind.SOFA: PropSize(1.9, 0.9, behind=True),
    PropKind.BED: PropSize(2.1, 1.0, behind=True),
    PropKind.DESK: PropSize(1.4, 0.78, behind=True),
    PropKind.BENCH: PropSize(1.6, 0.85, behind=True),
    PropKind.WARDROBE: PropSize(1.2, 2.1, behind=True),
    PropKind.BOOKCASE: PropSize(1.3, 2.0, behind=True),
    PropKind.FRIDGE: PropSize(0.75, 1.8, behind=True),
    PropKind.STOVE: PropSize(0.8, 0.95),
    PropKind.BATHTUB: PropSize(1.6, 0.7),
    PropKind.SAFE: PropSize(0.7, 0.8),
    PropKind.BARREL: PropSize(0.62, 0.85),
    PropKind.THRONE: PropSize(1.2, 2.0, behind=True),
    PropKind.STATUE: PropSize(0.9, 2.4, behind=True),
    PropKind.FOUNTAIN: PropSize(2.2, 1.9, behind=True),
    PropKind.GRAVESTONE: PropSize(0.7, 1.0),
    PropKind.SIGN: PropSize(0.8, 2.1),
    PropKind.FLAG: PropSize(0.8, 2.0, held=0.8),
    PropKind.ANCHOR: PropSize(0.7, 0.9),
    PropKind.MACHINE: PropSize(1.6, 1.7, behind=True),
    PropKind.TENT: PropSize(2.6, 1.7, behind=True),
    PropKind.SNOWMAN: PropSize(0.9, 1.6),
    PropKind.SPRUCE: PropSize(2.6, 6.0, behind=True),
    PropKind.PALM: PropSize(2.6, 5.0, behind=True),
    PropKind.CACTUS: PropSize(1.0, 1.8),
    PropKind.MUSHROOM: PropSize(0.3, 0.3, held=0.9),
    PropKind.BICYCLE: PropSize(1.75, 1.05, behind=True),
    PropKind.MOTORBIKE: PropSize(2.1, 1.15, behind=True),
    PropKind.CAR: PropSize(4.2, 1.5, behind=True),
    PropKind.TAXI: PropSize(4.2, 1.65, behind=True),
    PropKind.VAN: PropSize(4.8, 2.1, behind=True),
    PropKind.BUS: PropSize(8.5, 3.0, behind=True),
    PropKind.TRUCK: PropSize(6.5, 2.8, behind=True),
    PropKind.TRACTOR: PropSize(3.4, 2.5, behind=True),
    PropKind.TRAIN: PropSize(11.0, 3.4, behind=True),
    PropKind.TRAM: PropSize(9.0, 3.4, behind=True),
    PropKind.BOAT: PropSize(3.4, 1.0, behind=True),
    PropKind.SAILBOAT: PropSize(4.2, 5.0, behind=True),
    PropKind.SHIP: PropSize(14.0, 9.0, behind=True),
    PropKind.SUBMARINE: PropSize(9.0, 3.2, behind=True),
    PropKind.PLANE: PropSize(11.0, 3.6, behind=True),
    PropKind.HELICOPTER: PropSize(7.0, 3.2, behind=True),
    PropKind.ROCKET: PropSize(3.0, 8.5, behind=True),
    PropKind.UFO: PropSize(6.0, 2.2, behind=True),
    PropKind.HOT_AIR_BALLOON: PropSize(5.0, 8.0, behind=True),
    PropKind.SLED: PropSize(1.6, 0.7, behind=True),
    PropKind.WHEELCHAIR: PropSize(1.0, 1.1),
    PropKind.HOUSE: PropSize(7.0, 5.6, behind=True),
    PropKind.SKYSCRAPER: PropSize(8.0, 16.0, behind=True),
    PropKind.TOWER: PropSize(3.6, 10.0, behind=True),
    PropKind.CASTLE: PropSize(10.0, 9.0, behind=True),
    PropKind.CHURCH: PropSize(7.0, 10.0, behind=True),
    PropKind.LIGHTHOUSE: PropSize(3.4, 10.0, behind=True),
    PropKind.WINDMILL: PropSize(5.5, 7.5, behind=True),
    PropKind.BRIDGE: PropSize(9.0, 3.4, behind=True),
    PropKind.FENCE: PropSize(3.0, 1.1, behind=True),
    PropKind.ROBOT_TOY: PropSize(0.3, 0.42, held=0.9),
    PropKind.GLOBE: PropSize(0.36, 0.46, held=0.8),
    PropKind.SYRINGE: PropSize(0.1, 0.34, held=0.9),
    PropKind.FLASK: PropSize(0.24, 0.34, held=0.9),
    PropKind.PILL: PropSize(0.16, 0.22, held=0.9),
    PropKind.TICKET: PropSize(0.26, 0.14, held=1.0),
    PropKind.SHOE: PropSize(0.3, 0.2, held=0.9),
    PropKind.DRESS: PropSize(0.6, 1.2, held=0.7),
    PropKind.GLASSES: PropSize(0.22, 0.1, held=0.9),
    PropKind.WHEEL: PropSize(0.7, 0.7, held=0.6),
    PropKind.NET: PropSize(1.0, 0.4, held=0.6),
    PropKind.FISHING_ROD: PropSize(0.6, 1.6, held=1.0),
    PropKind.DIAMOND: PropSize(0.26, 0.22, held=0.8),
    PropKind.COFFIN: PropSize(2.0, 0.7, behind=True),
    PropKind.CAGE: PropSize(0.6, 0.75, held=0.7),
    PropKind.BOMB: PropSize(0.34, 0.44, held=0.8),
    PropKind.FOOTBALL: PropSize(0.3, 0.3, held=1.0),
    PropKind.SKATEBOARD: PropSize(0.8, 0.24, held=0.8),
    PropKind.FROG: PropSize(0.60, 0.38, held=0.9),
    PropKind.TURTLE: PropSize(0.86, 0.48, held=0.9),
    PropKind.SNAKE: PropSize(0.70, 0.49),
    PropKind.CROCODILE: PropSize(1.90, 0.48),
    PropKind.SPIDER: PropSize(0.88, 0.58, held=0.9),
    PropKind.BEE: PropSize(0.66, 0.58, held=0.9),
    PropKind.BUTTERFLY: PropSize(0.88, 0.78, held=0.9),
    PropKind.OCTOPUS: PropSize(0.92, 0.90),
    PropKind.CRAB: PropSize(0.88, 0.48, held=0.9),
    PropKind.SNAIL: PropSize(0.77, 0.54, held=0.9),
    PropKind.WHALE: PropSize(2.49, 1.16),
    PropKind.PENGUIN: PropSize(0.60, 0.88),
    PropKind.OWL: PropSize(0.60, 0.80),
    PropKind.TEAPOT: PropSize(0.51, 0.35, held=0.9),
    PropKind.SUN: PropSize(1.5, 1.5),
    PropKind.MOON: PropSize(1.2, 1.2),
    PropKind.STAR: PropSize(1.0, 1.0),
    PropKind.COMET: PropSize(1.6, 1.0),
    PropKind.PLANET: PropSize(1.6, 1.0),
    PropKind.RAINBOW: PropSize(2.0, 1.1),
    PropKind.CLOUD: PropSize(1.8, 1.0),
    PropKind.AURORA: PropSize(1.8, 1.2),
    PropKind.ECLIPSE: PropSize(1.4, 1.4),
    PropKind.LIGHTNING: PropSize(0.7, 1.4),
}

BULKS: dict[Bulk, PropSize] = {
    Bulk.HAND: PROPS[PropKind.THING],
    Bulk.FURNITURE: PropSize(1.1, 1.0, labelled=True),
    Bulk.VEHICLE: PropSize(4.0, 1.7, behind=True, labelled=True),
    Bulk.BUILDING: PropSize(8.0, 6.0, behind=True, labelled=True),
}
"""A thing without a drawing of its own."""


def measure(prop: PropItem) -> PropSize:
    """How big a prop is; a thing without a drawing, by its bulk."""
    if prop.kind is PropKind.THING:
        return BULKS[prop.bulk or Bulk.HAND]
    sized, grown = PROPS[prop.kind], growth(prop)
    if grown == 1.0:
        return sized
    return replace(
        sized, width=sized.width * grown, height=sized.height * grown, behind=grown > 3.5
    )


_BREEDS: dict[PropKind, tuple[tuple[str, float, str], ...]] = {
    PropKind.BIRD: (
        ("eagle falcon hawk vulture", 1.7, "#7a5236"),
        ("crow raven rook blackbird", 1.1, "#2e2c34"),
        ("owl", 1.1, "#a58660"),
        ("parrot", 1.0, "#3f9a55"),
        ("swan goose stork crane", 2.0, "#efece4"),
        ("dove gull seagull duck hen chicken", 1.0, "#efece4"),
        ("penguin", 1.6, "#2b3442"),
        ("canary chick", 0.7, "#edc84b"),
    ),
    PropKind.FISH: (
        ("whale orca", 9.0, "#5f7d9a"),
        ("shark", 5.0, "#7d8a96"),
        ("dolphin", 4.0, "#7f9ab0"),
    ),
}
"""Words of a name, how many times as large they are as their kind, and their colour."""


@lru_cache(maxsize=512)
def _breed(kind: PropKind, name: str) -> tuple[float, str | None]:
    words = set(re.findall(r"[a-z]+", name.lower()))
    for names, grown, fur in _BREEDS.get(kind, ()):
        if words & set(names.split()):
            return grown, fur
    return 1.0, None


def growth(prop: PropItem) -> float:
    """How many times as large as its kind a prop is: a whale is no goldfish."""
    return _breed(prop.kind, prop.name)[0]


def fur_of(prop: PropItem) -> str | None:
    """The colour that the name of an animal tells."""
    return _breed(prop.kind, prop.name)[1]


def is_building(prop: PropItem) -> bool:
    """Whether it is a house or the like, which stands in no room."""
    return prop.kind in _BUILDINGS or (prop.kind is PropKind.THING and prop.bulk is Bulk.BUILDING)


_BUILDINGS = frozenset(
    {
        PropKind.YURT,
        PropKind.HOUSE,
        PropKind.SKYSCRAPER,
        PropKind.TOWER,
        PropKind.CASTLE,
        PropKind.CHURCH,
        PropKind.LIGHTHOUSE,
        PropKind.WINDMILL,
        PropKind.BRIDGE,
    }
)
