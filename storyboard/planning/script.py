"""A script becomes a story: every moment of a scene a shot (:mod:`.fountain`).

A scene heading gives place and time. What people look like and which things can be drawn comes
from the offline planner's lexicon. Nothing is invented: the script is the plan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal, get_args

from ..story import (
    MAX_FRAMES,
    MAX_LOGLINE,
    BoardFormat,
    CastMember,
    Character,
    Depth,
    DialogueLine,
    Facing,
    Look,
    Planner,
    Position,
    PropItem,
    Setting,
    Shot,
    Size,
    Story,
    Time,
)
from . import fountain, lexicon
from .conform import known_hero, role, safe_id, spoken, worded
from .fountain import Moment, Scene
from .language import detect, romanise, tokens

Language = Literal["en", "ru", "kk"]

_INSIDE = re.compile(r"\.?\s*(?:INT|I/E|ИНТ|ПАВ|ІШКІ|ІШ)\b", re.IGNORECASE)
_PREFIX = re.compile(
    r"\.?\s*(?:INT|EXT|EST|I/E|ИНТ|НАТ|ЭКСТ|ПАВ|ІШКІ|СЫРТҚЫ|ІШ|СЫРТ)\b[./\s]*", re.IGNORECASE
)
_TIMES = {
    Time.NIGHT: "night midnight ночь ночью полночь түн түнде",
    Time.DAWN: "dawn morning sunrise рассвет утро утром таң таңертең",
    Time.SUNSET: "sunset dusk evening закат вечер вечером сумерки кеш кешке",
    Time.DAY: "day noon afternoon день днём днем полдень күн күндіз түс",
}
_TIME = {word: time for time, words in _TIMES.items() for word in words.split()}

_COATS = (
    ("teal", "#2f7f7a"), ("mustard yellow", "#c9972f"), ("plum", "#6f3f6a"),
    ("moss green", "#6b7f3a"), ("brick red", "#a8452f"), ("navy blue", "#2f4a6f"),
)  # fmt: skip
_MARKS = (
    (Position.LEFT, Facing.FRONT_RIGHT),
    (Position.RIGHT, Facing.FRONT_LEFT),
    (Position.CENTER, Facing.FRONT),
    (Position.FAR_LEFT, Facing.FRONT_RIGHT),
    (Position.FAR_RIGHT, Facing.FRONT_LEFT),
)
"""Where people stand, in the order of the characters, so that everybody keeps a side."""


def story(
    text: str,
    frames: int | None,
    format: BoardFormat,
    style: str,
    language: Language | None,
) -> Story:
    """The story of a script.

    :param frames: take no more than so many shots, from the beginning; ``None`` for 60.
    :raises InputError: ``script_invalid``.
    :raises PlanningError: ``package_missing``.
    """
    script = fountain.read(text)
    moments = [(scene, moment) for scene in script.scenes for moment in scene.moments]
    written = " ".join(moment.action for _, moment in moments)
    spoke = " ".join(line for _, moment in moments for _, line in moment.lines)
    tongue: Language = language or _language(f"{written} {spoke}")
    kept = moments[: frames or MAX_FRAMES]
    notes = []
    if len(kept) < len(moments):
        notes.append(f"the script has {len(moments)} shots; the first {len(kept)} were taken")
    if tongue != "en":
        notes.append(
            "the script is not in English: the prompts hold only what was recognised, "
            "so write 'action' in English for better pictures"
        )
    people = _People([moment for _, moment in kept], tongue)
    return Story(
        title=spoken(script.title, 120) or spoken(script.scenes[0].heading, 120) or "Script",
        logline=spoken(script.logline or written or spoke, min(300, MAX_LOGLINE)),
        language=tongue,
        format=format,
        style=style,
        characters=people.characters,
        shots=list(_shots(kept, people, tongue)),
        planner=Planner(kind="script", note=spoken("; ".join(notes), 300)),
    )


def _language(text: str) -> Language:
    found = detect(text)
    return next((code for code in get_args(Language) if code == found), "en")


class _People:
    """Who speaks or is named, as characters; the one who is there most often is the hero."""

    def __init__(self, moments: list[Moment], language: Language) -> None:
        self._language = language
        self._cues: dict[str, str] = {}
        """Name in a cue -> who: a role of the lexicon, or the name itself."""
        for moment in moments:
            for name, _ in moment.lines:
                if name not in self._cues:
                    known = self._role(name)
                    self._cues[name] = known if known not in self._cues.values() else name
        self._names = {who: name for name, who in reversed(self._cues.items())}
        seen = [self.present(moment) for moment in moments]
        heard = [self._cues[name] for moment in moments for name, _ in moment.lines]
        count = Counter([who for some in seen for who in some] + heard)
        # The known hero, then by presence; whoever comes first in the script wins a tie.
        order = sorted(count, key=lambda who: (who != "trickster", -count[who]))[:20]
        self.characters: list[Character] = []
        self._ids: dict[str, str] = {}
        for who in order:
            self._ids[who] = self._cast(who).id

    def id(self, who: str) -> str | None:
        """The id of a role or name; ``None`` if there are too many people."""
        return self._ids.get(self._cues.get(who, who))

    def present(self, moment: Moment) -> list[str]:
        """Who is seen, in the order of mention."""
        found = list(self._mentioned(moment.action))
        found += [self._cues[name] for name, _ in moment.lines if name not in moment.heard]
        return list(dict.fromkeys(found))

    def _mentioned(self, text: str) -> Iterator[str]:
        words = tokens(text)
        for mention in lexicon.scan(words, self._language, ("roles",), set())[0]:
            yield mention.id
        for word in words:
            for name, who in self._cues.items():
                stem = name.split()[0]
                stem = stem[:-1] if len(stem) > 3 and self._language != "en" else stem
                if word.low.startswith(stem) and len(word.low) <= len(stem) + 3:
                    yield who

    def _role(self, name: str) -> str:
        """The role that a name says (THE BAI), or the name."""
        found, _ = lexicon.scan(tokens(name), self._language, ("roles",), set())
        return found[0].id if found else name

    def _cast(self, who: str) -> Character:
        known = who in lexicon.entries("roles")
        shown = self._names.get(who) or str(lexicon.noun("roles", who, self._language))
        shown = spoken(" ".join(word.capitalize() for word in shown.split()), 60)
        id = safe_id("aldar" if who == "trickster" else shown, set(self._ids.values()))
        if who == "trickster":
            character = known_hero(id, shown)
        elif known:
            character = role(who, id, shown)
        else:
            colour, robe = _COATS[len(self.characters) % len(_COATS)]
            sheet = f"person in a {colour} coat"
            character = Character(id=id, name=shown, description=sheet, look=Look(robe=robe))
        self.characters.append(character)
        return character


def _shots(
    moments: list[tuple[Scene, Moment]], people: _People, language: Language
) -> Iterator[Shot]:
    hero = people.characters[0].id if people.characters else ""
    order = [character.id for character in people.characters]
    time = Time.DAY
    for number, (scene, moment) in enumerate(moments, 1):
        place, setting, time = _place(scene.heading, language, time)
        here = {people.id(who): who for who in people.present(moment)}
        ids = sorted((id for id in here if id), key=order.index)[: len(_MARKS)]
        hints = {people.id(name): hint for name, hint in moment.hints.items()}
        cast = [
            CastMember(
                character=id,
                position=Position.CENTER if len(ids) == 1 else _MARKS[index][0],
                facing=Facing.FRONT if len(ids) == 1 else _MARKS[index][1],
                action=_english(hints.get(id, ""), 200),
            )
            for index, id in enumerate(ids)
        ]
        props = _props(moment.action, language)
        size = _size(len(ids), moment)
        lines = [(people.id(name), spoken(line, 200)) for name, line in moment.lines]
        yield Shot(
            number=number,
            place=place,
            setting=setting,
            time=time,
            size=size,
            cast=cast,
            props=props,
            action=_english(moment.action, 400) or _told(people, ids, moment, language),
            caption=spoken(moment.action, 240),
            dialogue=[DialogueLine(character=id, text=line) for id, line in lines if id and line],
            duration=_seconds(moment),
            face_visible=hero in ids and size not in (Size.WIDE, Size.EXTREME_WIDE),
        )


def _place(heading: str, language: Language, before: Time) -> tuple[str, Setting, Time]:
    """English place, setting and time of a heading; without a time it stays as it was."""
    words = tokens(heading)
    times = [_TIME[word.low] for word in words if word.low in _TIME]
    inside = bool(_INSIDE.match(heading))
    found, _ = lexicon.scan(words, language, ("places",), set())
    setting = Setting.ROOM if inside else Setting.STEPPE
    place = "a room" if inside else "open country"
    if found:
        entry = lexicon.entries("places")[found[0].id]
        setting, place = entry.setting, entry.place
        if setting is Setting.YURT_INSIDE and not inside:
            setting, place = Setting.YURT_OUTSIDE, "in front of the yurt"
    own = re.split(r"\s[-–—]\s|\.\s", _PREFIX.sub("", heading, count=1))[0].lower()
    return _english(own, 120) or place, setting, times[-1] if times else before


def _props(action: str, language: Language) -> list[PropItem]:
    """The things of an action that can be drawn, each once, at most three."""
    found, _ = lexicon.scan(tokens(action), language, ("things",), set())
    kinds = [lexicon.entries("things")[mention.id].prop for mention in found]
    spots = ((Position.FAR_RIGHT, Depth.MIDGROUND), (Position.FAR_LEFT, Depth.MIDGROUND),
             (Position.CENTER, Depth.BACKGROUND))  # fmt: skip
    drawn = list(dict.fromkeys(kind for kind in kinds if kind))
    return [
        PropItem(kind=kind, position=position, depth=depth)
        for kind, (position, depth) in zip(drawn, spots, strict=False)
    ]


def _size(people: int, moment: Moment) -> Size:
    """Wide to open a scene, close to speak, and as wide as the company needs."""
    if not people or (moment.opens and not moment.lines):
        return Size.WIDE
    close = (Size.MEDIUM_CLOSE_UP, Size.MEDIUM) if moment.lines else (Size.MEDIUM, Size.MEDIUM_LONG)
    return close[people - 1] if people <= 2 else Size.FULL


def _seconds(moment: Moment) -> float:
    """Two and a half spoken words a second; an action takes its time to be read."""
    said = sum(len(line.split()) for _, line in moment.lines)
    seen = len(moment.action.split())
    return round(min(12.0, max(2.0, said / 2.5 + seen / 6)), 1)


def _english(text: str, limit: int) -> str:
    """Words for a prompt, or nothing if they are not in Latin letters."""
    words = worded(text, limit)
    return "" if re.search(r"[^\W\d_a-zA-ZÀ-ɏ]", words) else words


def _told(people: _People, ids: list[str], moment: Moment, language: Language) -> str:
    """What the lexicon recognised of an action, in English."""
    names = [romanise(c.name) for c in people.characters if c.id in ids]
    who = " and ".join(names) or "nobody"
    found, _ = lexicon.scan(tokens(moment.action), language, ("things",), set())
    things = dict.fromkeys(lexicon.english_noun(mention, language).word for mention in found)
    doing = [f"{who} talking"] if moment.lines and names else [who]
    return worded(", ".join([*doing, *things]), 400)
