"""Colours, and what the light of the hour does to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...story import Build, Look, Time
from .ink import RGB, mix, rgb

SKIN, SKIN_RUDDY = "#e3ae80", "#dd9d75"
"""Of one who does not say another colour, and of one who eats well."""
LIPS, BLUSH = "#a8503f", "#d97f5f"
HAIR, GREY_HAIR = "#33241d", "#a59b92"
BEARD = "#4a342a"
FELT, FELT_SHADE = "#f3ead6", "#d9c8a6"
FUR, FUR_DARK = "#6b4630", "#4a2f20"
BOOT, TROUSERS = "#4b3026", "#6b5a49"
GOLD, GOLD_LIGHT, GOLD_DARK = "#e9b83a", "#fff0a8", "#b07d1c"
WOOD, WOOD_DARK = "#a8743f", "#74492a"
CRIMSON, TEAL, CREAM, INK = "#a8322c", "#2f6f73", "#f5ead2", "#2b1f1a"


def skin_of(look: Look) -> str:
    """The colour of a skin; a round face is ruddier."""
    return SKIN_RUDDY if look.build is Build.ROUND and look.skin == SKIN else look.skin


def deeper(skin: RGB | str, share: float) -> RGB:
    """A tone for lines and shadows on a skin."""
    tone = rgb(skin) if isinstance(skin, str) else skin
    return mix(tone, (60, 0, 0) if sum(tone) > 330 else (12, 0, 0), share)


@dataclass(frozen=True)
class Hour:
    """The light of a time of day."""

    sky: tuple[tuple[float, str], ...]
    """Stops from the top to the horizon."""
    air: str
    """Colour that distance takes on."""
    tint: tuple[float, float, float]
    """Factors on red, green, blue of the set."""
    wash: tuple[str, float]
    """Colour laid over everything, and its share on the set."""
    cast: float
    """How much of tint and wash reaches the figures: they must stay readable."""
    light: tuple[float, float]
    """Direction in which light travels on the picture: x right, y down."""
    sun: tuple[float, float] | None
    """Where sun or moon stands: shares of width and of the height above the horizon."""
    cloud: tuple[str, str]
    """Lit and shaded cloud."""

    def grade(self, colour: RGB, cast: bool) -> RGB:
        """A colour as it looks at this hour."""
        share = self.cast if cast else 1.0
        lit = tuple(min(255, round(c * (1 + (t - 1) * share))) for c, t in zip(colour, self.tint))
        return mix((lit[0], lit[1], lit[2]), rgb(self.wash[0]), self.wash[1] * share)


HOURS: dict[Time, Hour] = {
    Time.DAWN: Hour(
        sky=((0, "#86a9cf"), (0.45, "#c9c3d8"), (0.78, "#f6cfc0"), (1, "#fde6bd")),
        air="#efd3c6",
        tint=(1.0, 0.95, 0.95),
        wash=("#f5b9a0", 0.1),
        cast=0.7,
        light=(0.8, 0.55),
        sun=(0.2, 0.1),
        cloud=("#fdeee0", "#eab8b4"),
    ),
    Time.DAY: Hour(
        sky=((0, "#5fa6d6"), (0.55, "#a5d2ea"), (1, "#e6f1e6")),
        air="#cfe3e4",
        tint=(1, 1, 1),
        wash=("#fff2cf", 0.03),
        cast=1.0,
        light=(0.6, 0.8),
        sun=(0.33, 0.84),
        cloud=("#ffffff", "#cfdfea"),
    ),
    Time.SUNSET: Hour(
        sky=((0, "#4f4a86"), (0.4, "#b7607e"), (0.72, "#f0915a"), (1, "#ffd777")),
        air="#e7a06e",
        tint=(1.02, 0.86, 0.74),
        wash=("#e8702f", 0.12),
        cast=0.6,
        light=(-0.8, 0.5),
        sun=(0.78, 0.09),
        cloud=("#ffc98c", "#9c5878"),
    ),
    Time.NIGHT: Hour(
        sky=((0, "#0c1433"), (0.6, "#20356a"), (1, "#5274a6")),
        air="#44648f",
        tint=(0.43, 0.53, 0.83),
        wash=("#152c60", 0.27),
        cast=0.2,
        light=(-0.55, 0.8),
        sun=(0.8, 0.76),
        cloud=("#3c5484", "#27396a"),
    ),
}

LAMPLIGHT = Hour(
    sky=HOURS[Time.NIGHT].sky,
    air=HOURS[Time.NIGHT].air,
    tint=(0.78, 0.67, 0.6),
    wash=("#4a2430", 0.12),
    cast=0.22,
    light=(0.5, 0.85),
    sun=None,
    cloud=HOURS[Time.NIGHT].cloud,
)
"""Inside at night, by lamps and fire."""

TUBELIGHT = replace(LAMPLIGHT, tint=(0.66, 0.73, 0.8), wash=("#1f2c4a", 0.14))
"""Inside at night, where the lamps are cold."""


def hour_of(time: Time, inside: bool, cold: bool = False) -> Hour:
    """The light of a scene; inside, the night is lit by lamps, warm or cold ones."""
    if inside and time is Time.NIGHT:
        return TUBELIGHT if cold else LAMPLIGHT
    return HOURS[time]
