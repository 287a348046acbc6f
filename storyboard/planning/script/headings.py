"""A scene heading: the place for a prompt, its setting, and the time of day."""

from __future__ import annotations

import re

from ... import sets
from ...story import Setting, Time
from ..draft.wording import english
from ..offline import lexicon
from ..offline.language import Language, detect, tokens
from . import fountain
from .vocabulary import words_of

_TIMES = {
    Time.NIGHT: "night midnight ночь ночью полночь түн түнде",
    Time.DAWN: "dawn morning sunrise рассвет утро утром таң таңертең",
    Time.SUNSET: "sunset dusk evening twilight закат вечер вечером сумерки режим кеш кешке",
    Time.DAY: "day noon afternoon midday день днём днем полдень күн күндіз түс",
}
_ABROAD = {
    Time.NIGHT: "nuit nacht noche notte noite gece ніч",
    Time.DAWN: "aube matin morgen morgengrauen amanecer mañana madrugada alba mattina manhã ранок",
    Time.SUNSET: "soir crépuscule abend dämmerung atardecer anochecer tarde sera tramonto вечір",
    Time.DAY: "jour journée midi tag mittag nachmittag día dia mediodía giorno gündüz",
}
"""Times of other languages: only in a part of their own, because of LASER TAG and JESSICA ALBA."""
_TIME_ABROAD = {word: time for time, words in _ABROAD.items() for word in words.split()}
_TIME = {word: time for time, words in _TIMES.items() for word in words.split()}
_UNDER_A_ROOF = ("bazaar",)
"""Open sets that a heading with INT. may have."""
_CLOCK = re.compile(r"(?:at |в )?(\d{1,2})(?::\d\d)?(?: ?([ap])\.?m)?(?:\.? (?:sharp|ровно))?")
"""A time of day in figures: "3 a.m", "23:40"."""
_ABBREVIATION = re.compile(r"(?<!\w)\w{1,3}$")


def place_of(heading: str, language: Language, before: Time) -> tuple[str, Setting, Time]:
    """English place, setting and time of a heading; without a time it stays as it was."""
    inside = fountain.indoors(heading)
    match = fountain.HEADING.match(heading)
    own, time = _parts(match["rest"] if match else heading, before)
    tongues = dict.fromkeys((language, "ru", "kk") if detect(own) != "en" else (language,))
    place_id = next(filter(None, (_known_place(own, tongue, inside) for tongue in tongues)), None)
    setting = "room" if inside else sets.NEUTRAL
    place = "a room" if inside else "open country"
    if place_id:
        entry = lexicon.entries("places")[place_id]
        setting, place = entry.setting, entry.place
        if setting == "yurt_inside" and not inside:
            setting, place = "yurt_outside", "in front of the yurt"
        elif sets.named(setting).inside and not inside:
            setting, place = "town", f"outside the {entry.en}"
    elif not inside and words_of("built") & {word.low for word in tokens(own)}:
        setting, place = "town", "a street"
    return english(own, 120) or place, setting, time


def _known_place(words: str, language: str, inside: bool) -> str | None:
    """The id of the lexicon's first place that is on the right side of the wall."""
    mentions, _ = lexicon.scan(tokens(words), language, ("places",), set())
    rooms = [_room(lexicon.entries("places")[m.id].setting) for m in mentions]
    fitting = [m.id for m, room in zip(mentions, rooms, strict=True) if room or not inside]
    outdoors = [m.id for m, room in zip(mentions, rooms, strict=True) if not room]
    return next(iter(fitting if inside else outdoors or fitting), None)


def _room(setting: Setting) -> bool:
    return sets.named(setting).inside or setting in _UNDER_A_ROOF


def _parts(rest: str, time: Time) -> tuple[str, Time]:
    """The place of a heading in small letters, and its time of day.

    Parts stand apart by dashes, or by full stops that end no abbreviation (ST., DR., MT.).
    """
    pieces = [""]
    for piece in re.split(r"(\s[-–—]+\s?|[-–—]+\s|[/;(),]\s?|\.\s)", f"{rest} ".lower()):
        if piece.strip(" -–—/;(),") == "." and _ABBREVIATION.search(pieces[-1]):
            pieces[-1] += ". "
        elif re.fullmatch(r"[-–—/;(),.\s]+", piece):
            pieces.append("")
        else:
            pieces[-1] += piece
    places = []
    for number, piece in enumerate(pieces):
        words = re.findall(r"[^\W_]+", piece)
        times = [_TIME[word] for word in words if word in _TIME]
        if not times and len(words) <= 2:
            times = [_TIME_ABROAD[word] for word in words if word in _TIME_ABROAD]
        if number and (clock := _CLOCK.fullmatch(piece.strip(" -–—.,"))):
            times = [_at(int(clock[1]), clock[2] or "")]
        if number and (times or words_of("later") & set(words)):
            time = times[-1] if times else time
            continue
        while len(words) > 1 and (words[-1] in _TIME or words[-1] in words_of("later")):
            time = _TIME.get(words[-1], time)
            piece = piece[: piece.rfind(words.pop())].rstrip(" ,.")
            while len(words) > 1 and words[-1] in words_of("about"):
                piece = piece[: piece.rfind(words.pop())].rstrip(" ,.")
        if piece.strip(" -–—.,"):
            places.append(piece.strip(" -–—.,"))
    return ", ".join(places), time


def _at(hour: int, half: str) -> Time:
    """The time of day of an hour. :param half: ``a`` or ``p`` of a.m. and p.m., or empty."""
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    if 5 <= hour < 9:
        return Time.DAWN
    return Time.DAY if 9 <= hour < 18 else Time.SUNSET if 18 <= hour < 21 else Time.NIGHT
