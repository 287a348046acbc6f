"""What a script says about the camera: ``CLOSE ON:``, ``LOW ANGLE``, ``we pull back``, ``КРУПНО``.

Words that mean something else as well ("wide", "close") count in capitals only, or after "camera"
and "we".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from ...story import Angle, Move, Size

_Key = TypeVar("_Key", Size, Angle, Move)

_SIZES = {
    Size.EXTREME_CLOSE_UP: r"EXTREME CLOSE[- ]?UP|ECU|XCU|MACRO|СВЕРХКРУПН\w+(?: ПЛАН)?|ДЕТАЛЬ",
    Size.MEDIUM_CLOSE_UP: r"MEDIUM CLOSE(?:[- ]?UP)?|MCU|MEDIUM CU",
    Size.CLOSE_UP: r"CLOSE(?:[- ]?UP)?(?: SHOT)?|CU|TIGHT|INSERT(?: SHOT)?|КРУПНО"
    r"|КРУПН\w+ ПЛАН|КР\. ПЛАН|ІРІ ПЛАН",
    Size.MEDIUM_LONG: r"MEDIUM (?:LONG|WIDE)(?: SHOT)?|COWBOY SHOT|MLS|AMERICAN SHOT",
    Size.MEDIUM: r"MEDIUM(?: SHOT)?|MID[- ]SHOT|TWO[- ]?SHOT|2-SHOT|СРЕДН\w+ ПЛАН|ОРТА ПЛАН",
    Size.FULL: r"FULL SHOT|FULL FIGURE|FS",
    Size.EXTREME_WIDE: r"EXTREME (?:WIDE|LONG)(?: SHOT)?|EWS|ELS|VERY WIDE|ESTABLISHING(?: SHOT)?"
    r"|ESTABLISH|AERIAL(?: SHOT| VIEW)?|ДАЛЬН\w+ ПЛАН|АДРЕСН\w+ ПЛАН|АЛЫС ПЛАН",
    Size.WIDE: r"WIDE(?:R)?(?: SHOT| ANGLE)?|LONG SHOT|WS|MASTER(?: SHOT)?"
    r"|ОБЩ\w+ ПЛАН|ОБЩ\. ПЛАН|ЖАЛПЫ ПЛАН",
}  # fmt: skip
_ANGLES = {
    Angle.LOW: r"LOW[- ]ANGLE|FROM BELOW|WORM'?S[- ]EYE\w*|НИЖНИЙ РАКУРС"
    r"|СНИЗУ ВВЕРХ|С НИЖНЕЙ ТОЧКИ|ТӨМЕННЕН",
    Angle.TOP: r"OVERHEAD|TOP[- ](?:SHOT|DOWN)|(?:BIRD|GOD)['’]?S[- ]EYE(?: VIEW)?"
    r"|ВИД СВЕРХУ|С ВЫСОТЫ ПТИЧЬЕГО ПОЛ[ЁЕ]ТА",
    Angle.HIGH: r"HIGH[- ]ANGLE|FROM ABOVE|AERIAL|ВЕРХНИЙ РАКУРС|С ВЕРХНЕЙ ТОЧКИ|ЖОҒАРЫДАН",
    Angle.DUTCH: r"DUTCH(?: ANGLE| TILT)?|CANTED",
    Angle.OVER_SHOULDER: r"OVER (?:\S+ ){1,2}SHOULDER|OTS|ЧЕРЕЗ ПЛЕЧО|ИЗ-ЗА ПЛЕЧА|ВОСЬМ[ЁЕ]РКА",
}  # fmt: skip
_MOVES = {
    Move.PAN_LEFT: r"PAN(?:S|NING)? (?:TO THE )?LEFT|ПАНОРАМА (?:ВЛЕВО|НАЛЕВО)",
    Move.PAN_RIGHT: r"PAN(?:S|NING)? (?:(?:TO THE )?RIGHT|ACROSS|TO|OVER)"
    r"|ПАНОРАМА(?: ВПРАВО| НАПРАВО)?",
    Move.TILT_UP: r"TILT(?:S|ING)? UP|PAN(?:S|NING)? UP|ПАНОРАМА ВВЕРХ",
    Move.TILT_DOWN: r"TILT(?:S|ING)? DOWN|PAN(?:S|NING)? DOWN|ПАНОРАМА ВНИЗ",
    Move.PUSH_IN: r"(?:PUSH|DOLLY|ZOOM|MOV|TRACK|CREEP|CLOS)(?:ES|S|ING|E)? IN|НАЕЗД"
    r"|НАЕЗЖАЕ\w+|ПРИБЛИЖАЕМСЯ",
    Move.PULL_OUT: r"(?:PULL|DOLLY|ZOOM|TRACK|WIDEN)(?:IES|S|ING)? (?:OUT|BACK|AWAY)|ОТЪЕЗД"
    r"|ОТЪЕЗЖАЕ\w+",
    Move.TRACK_LEFT: r"TRACK(?:S|ING)? LEFT|ПРОЕЗД (?:ВЛЕВО|НАЛЕВО)",
    Move.TRACK_RIGHT: r"TRACK(?:S|ING)?(?: SHOT| WITH| RIGHT| ALONG)|FOLLOW(?:S|ING)? SHOT"
    r"|DOLLY WITH|STEADICAM|ПРОЕЗД",
    Move.CRANE_UP: r"CRAN(?:E|ES|ING)(?: UP| SHOT)|BOOM(?:S|ING)? UP|КРАН(?: ВВЕРХ)",
    Move.HANDHELD: r"HAND-?HELD|SHAKY CAM\w*|РУЧНАЯ КАМЕРА|КАМЕРА С РУК",
}  # fmt: skip
_POV = r"P\.?O\.?V\.?|ГЛАЗАМИ|ТОЧКА ЗРЕНИЯ"
_EYES = rf"(?:[^a-zа-яё]{{1,40}}['’]S )?(?:{_POV})"
_LINKS = r"(?:\s?[:–—-]\s?|\s(?:ON|OF|SHOT|НА|on|of)\b:?\s?|(?=[ .,]|$))"
_DIRECTIONS = "|".join(
    [
        *_SIZES.values(),
        *_ANGLES.values(),
        *_MOVES.values(),
        "ANGLE",
        "BACK",
        _EYES,
    ]
)
_LED = re.compile(rf"^(?:(?:{_DIRECTIONS}){_LINKS}\s?)+")
"""A direction that stands in front of what it shows; it is no part of the caption."""
_OPENING = re.compile(r"([^.:!?]{2,30})[.:]\s")
"""In Russian a direction has one capital: "Крупно: письмо"."""
_SUBJECT = re.compile(r"([^a-zа-яё:.]{2,60}): ")
_MEANT = re.compile(
    r"\b(?:camera|we|(?:low|high|dutch)[- ]angle|(?:wide|long|medium|full|top) shot"
    r"|close-up|eye view|камера|планом?|ракурс)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Lens:
    """The camera of a moment; ``None`` where the script leaves it to the artist."""

    size: Size | None
    angle: Angle | None
    move: Move | None
    pov: bool
    """Through somebody's eyes: who looks is not seen."""
    text: str
    """The action without the direction in front of it."""


def read(action: str) -> Lens:
    """What a paragraph of action says about the camera."""
    opening = _OPENING.match(action)
    if opening and re.fullmatch(rf"(?:{_DIRECTIONS})", opening[1].upper()):
        action = opening[1].upper() + action[opening.end(1) :]
    meant = re.IGNORECASE if _MEANT.search(action) else 0
    led = _LED.match(action)
    rest = action[led.end() :].lstrip(" .,:–—-") if led else ""
    pov = bool(re.search(rf"\b(?:{_POV})(?!\w)", action))
    shown = _SUBJECT.match(rest)
    if shown:
        rest = ("" if pov else f"{shown[1].capitalize()}. ") + rest[shown.end() :]
    return Lens(
        _spelled(_SIZES, action, meant),
        _spelled(_ANGLES, action, meant),
        _spelled(_MOVES, action, meant),
        pov,
        rest[:1].upper() + rest[1:] if any(map(str.isalnum, rest)) else action,
    )


def _spelled(table: Mapping[_Key, str], text: str, flags: int) -> _Key | None:
    """The entry of a table that a text spells first; of two at one place the longer."""
    hits = [
        (match.start(), -len(match.group()), key)
        for key, find in table.items()
        if (match := re.search(rf"\b(?:{find})(?!\w)", text, flags))
    ]
    return min(hits, key=lambda hit: hit[:2])[2] if hits else None
