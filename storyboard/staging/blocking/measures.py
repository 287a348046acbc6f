"""How big things are, in metres."""

from __future__ import annotations

from dataclasses import dataclass

from ...story import PropKind


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
    PropKind.COW: PropSize(2.3, 1.5, behind=True, animal=True),
    PropKind.PIG: PropSize(1.3, 0.8, animal=True),
    PropKind.BEAR: PropSize(2.0, 1.3, behind=True, animal=True),
    PropKind.WOLF: PropSize(1.4, 0.85, animal=True),
    PropKind.FOX: PropSize(1.1, 0.6, animal=True),
    PropKind.LION: PropSize(2.0, 1.2, behind=True, animal=True),
    PropKind.TIGER: PropSize(2.0, 1.1, behind=True, animal=True),
    PropKind.ELEPHANT: PropSize(4.6, 3.0, behind=True, animal=True),
    PropKind.MONKEY: PropSize(0.7, 0.8, animal=True),
    PropKind.RABBIT: PropSize(0.45, 0.4, animal=True),
    PropKind.MOUSE: PropSize(0.2, 0.12, animal=True),
    PropKind.BIRD: PropSize(0.45, 0.4, animal=True),
    PropKind.FISH: PropSize(0.5, 0.22, animal=True),
    PropKind.DRAGON: PropSize(5.0, 3.2, behind=True, animal=True),
    PropKind.THING: PropSize(0.6, 0.6, held=0.7),
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
}
