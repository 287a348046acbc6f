"""A script becomes a story: every moment of a scene a shot (:mod:`.screenplay`).

A scene heading gives place and time, :mod:`.persons` who is there, :mod:`.angles` the camera.
What people do and feel, what they look like and which things can be drawn comes from the words
that the offline planner knows. Nothing is invented: the script is the plan.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from ...story import (
    MAX_FRAMES,
    MAX_LOGLINE,
    Angle,
    BoardFormat,
    CastMember,
    Character,
    Depth,
    DialogueLine,
    Emotion,
    Facing,
    Move,
    Planner,
    Pose,
    Position,
    PropItem,
    PropKind,
    Setting,
    Shot,
    Size,
    Story,
    Time,
)
from ..draft.conform import spoken, worded
from ..offline import acting, film, lexicon
from ..offline.language import detect, romanise, tokens
from ..offline.lexicon import Mention
from . import angles, fountain, screenplay
from .persons import Person, Persons, Sighting
from .screenplay import Moment, Scene

Language = Literal["en", "ru", "kk"]

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
_MARKS = (
    (Position.LEFT, Facing.FRONT_RIGHT),
    (Position.RIGHT, Facing.FRONT_LEFT),
    (Position.CENTER, Facing.FRONT),
    (Position.FAR_LEFT, Facing.FRONT_RIGHT),
    (Position.FAR_RIGHT, Facing.FRONT_LEFT),
)
"""Where people stand, in the order of the characters, so that everybody keeps a side."""
_SPOTS = (
    (Position.FAR_RIGHT, Depth.MIDGROUND),
    (Position.FAR_LEFT, Depth.MIDGROUND),
    (Position.CENTER, Depth.BACKGROUND),
)
"""Where things stand."""
_EVENTS = {"dig", "steal", "feast", "fight", "travel", "ride", "chase", "make", "hide"}
"""Events of the lexicon that say how somebody stands, whatever the plot."""
_ANGLE = {
    Emotion.PROUD: Angle.LOW,
    Emotion.ANGRY: Angle.LOW,
    Emotion.SAD: Angle.HIGH,
    Emotion.AFRAID: Angle.HIGH,
}
"""A camera that looks up gives power, one that looks down takes it: for somebody alone."""
_MOUNTS = {PropKind.HORSE, PropKind.CAMEL, PropKind.DONKEY}
_JOINED = re.compile(r"[\s,]*(?:and|with|и|с|мен|пен|бен)?\s*(?:the|a|an)?\s*")
"""Between two who do the same."""
_ROOMS = (Setting.ROOM, Setting.PALACE, Setting.YURT_INSIDE, Setting.BAZAAR)
"""Settings that a heading with INT. may have."""
_GIVES_WAY = (None, "standing", "sitting", "walking", "holding")
"""Poses of the action that make way for how somebody speaks; a rider who shouts still rides."""
_WORN = re.compile(
    r"\b(?:in|wear\w*|dressed|his|her|their|puts? on|в|одет\w*|надева\w+)\s(?:[\w-]+\s){0,3}$",
    re.IGNORECASE,
)
"""Before clothes that somebody wears: they are no thing of the set."""
_CLOCK = re.compile(r"(?:at |в )?(\d{1,2})(?::\d\d)?(?: ?([ap])\.?m)?(?:\.? (?:sharp|ровно))?")
"""A time of day in figures: "3 a.m", "23:40"."""
_ABBREVIATION = re.compile(r"(?<!\w)\w{1,3}$")


def story(
    text: str,
    frames: int | None,
    format: BoardFormat,
    style: str,
    language: Language | None,
) -> Story:
    """The story of a script.

    :param text: Fountain, or a Final Draft document.
    :param frames: take no more than so many shots, from the beginning; ``None`` for 60.
    :raises InputError: ``script_invalid``.
    """
    script = screenplay.read(text)
    moments = [(scene, moment) for scene in script.scenes for moment in scene.moments]
    kept = moments[: frames or MAX_FRAMES]
    written = " ".join(moment.action for _, moment in kept)
    spoke = " ".join(line for _, moment in kept for _, line, _ in moment.lines)
    tongue: Language = language or _language(f"{written} {spoke}")
    persons = Persons([moment for _, moment in kept], tongue)
    shots = _Shots(persons, tongue).make(kept)
    headed = next((s for s, (scene, _) in zip(shots, kept, strict=True) if scene.heading), shots[0])
    return Story(
        title=spoken(script.title, 120) or spoken(headed.place.capitalize(), 120),
        logline=spoken(script.logline or written or spoke, min(300, MAX_LOGLINE)) or "Script",
        language=tongue,
        format=format,
        style=style,
        characters=list(persons.characters().values()),
        shots=shots,
        planner=Planner(kind="script", note=spoken(_note(moments, kept, persons, tongue), 300)),
    )


def _language(text: str) -> Language:
    found = detect(text)
    return next((code for code in get_args(Language) if code == found), "en")


def _note(
    moments: list[tuple[Scene, Moment]],
    kept: list[tuple[Scene, Moment]],
    persons: Persons,
    language: Language,
) -> str:
    """What was left out or not understood, in words."""
    notes = []
    if len(kept) < len(moments):
        notes.append(f"the script has {len(moments)} shots; the first {len(kept)} were taken")
    people = sum(1 for person in persons.everybody.values() if person.seen)
    if people > len(persons.characters()):
        notes.append(f"of {people} people the {len(persons.characters())} seen most were taken")
    strange = [n for n, (scene, moment) in enumerate(kept, 1) if _strange(scene, moment)]
    if strange:
        numbers = ", ".join(map(str, strange[:8])) + ("…" if len(strange) > 8 else "")
        notes.append(
            f"what happens in shot {numbers} was not understood, because it is in none of "
            "English, Russian and Kazakh: write 'action' and 'place' in English"
        )
    elif language != "en":
        notes.append(
            "the script is not in English: the prompts hold only what was recognised, "
            "so write 'action' in English for better pictures"
        )
    return "; ".join(notes)


def _strange(scene: Scene, moment: Moment) -> bool:
    """Whether most letters are of an alphabet that none of the three languages is written in."""
    letters = [c for c in f"{scene.heading} {moment.action}" if c.isalpha()]
    foreign = [c for c in letters if not re.match(r"[a-zA-ZÀ-ɏЀ-ӿ]", c)]
    return len(foreign) * 2 > len(letters)


class _Shots:
    """Makes shots of moments, with one memory for all: the time of day, and who stands where."""

    def __init__(self, persons: Persons, language: Language) -> None:
        self._persons = persons
        self._language: Language = language
        self._characters = persons.characters()
        self._order = [character.id for character in self._characters.values()]
        self._time = Time.DAY

    def make(self, moments: list[tuple[Scene, Moment]]) -> list[Shot]:
        lenses = [angles.read(moment.action) for _, moment in moments]
        shots = [
            self._shot(index, scene, moment, lenses[index])
            for index, (scene, moment) in enumerate(moments)
        ]
        film.vary(shots)
        hero = self._order[0] if self._order else ""
        for shot, lens in zip(shots, lenses, strict=True):
            shot.size = lens.size or shot.size
            shot.face_visible = film.shows_face(shot, hero)
        return shots

    def _character(self, person: Person) -> Character | None:
        """``None`` for one too many."""
        return self._characters.get(person)

    def _shot(self, index: int, scene: Scene, moment: Moment, lens: angles.Lens) -> Shot:
        place, setting, self._time = _place(scene.heading, self._language, self._time)
        people = self._persons.present[index]
        if lens.pov and self._persons.sightings[index]:
            people = people[1:]
        cast = self._cast(index, people, moment)
        props = self._props(index, moment.action, cast)
        lines = [
            (self._character(self._persons.everybody[name]), spoken(line, 200), unseen)
            for name, line, unseen in moment.lines
        ]
        alone = cast[0] if len(cast) == 1 else None
        size = lens.size or _size(len(cast), moment)
        return Shot(
            number=index + 1,
            place=place,
            setting=setting,
            time=self._time,
            size=size,
            angle=lens.angle or (_ANGLE.get(alone.emotion, Angle.EYE) if alone else Angle.EYE),
            move=lens.move or _move(alone, moment, bool(cast)),
            cast=cast,
            props=props,
            action=_english(lens.text, 400) or self._told(index, cast, moment),
            caption=spoken(lens.text, 240),
            dialogue=[
                DialogueLine(character=who.id, text=line, off_screen=unseen)
                for who, line, unseen in lines
                if who and line
            ],
            duration=_seconds(moment),
        )

    def _cast(self, index: int, people: list[Person], moment: Moment) -> list[CastMember]:
        doing = _acts(moment.action, self._persons.sightings[index], self._language)
        hints = {self._persons.everybody[name]: hint for name, hint in moment.hints.items()}
        here = {who.id: person for person in people if (who := self._character(person))}
        ids = sorted(list(here)[: len(_MARKS)], key=self._order.index)
        cast = []
        for number, id_ in enumerate(ids):
            hint = hints.get(here[id_], "")
            pose, emotion = doing.get(here[id_], (None, None))
            spoken_so = acting.find("pose", hint)
            pose = (spoken_so if pose in _GIVES_WAY else None) or pose or Pose.STANDING
            emotion = acting.find("emotion", hint) or emotion or Emotion.NEUTRAL
            position, facing = _MARKS[number]
            if len(ids) == 1:
                goes = pose in ("walking", "running", "riding", "sneaking")
                position, facing = Position.CENTER, Facing.FRONT_RIGHT if goes else Facing.FRONT
            cast.append(
                CastMember(
                    character=id_,
                    pose=Pose(pose),
                    emotion=Emotion(emotion),
                    position=position,
                    facing=facing,
                    action=_english(hint, 200),
                )
            )
        return cast

    def _things(self, index: int, action: str) -> list[Mention]:
        """Things that an action names, without what is in a name (VICTOR STONE) or worn."""
        words = tokens(action)
        names = {
            number
            for number, word in enumerate(words)
            for sighting in self._persons.sightings[index]
            if sighting.start <= word.start < sighting.end
        }
        found, _ = lexicon.scan(words, self._language, ("things",), names)
        worn = (PropKind.ROBE, PropKind.HAT)
        return [
            mention
            for mention in found
            if lexicon.entries("things")[mention.id].prop not in worn
            or not _WORN.search(action[: mention.start][-60:])
        ]

    def _props(self, index: int, action: str, cast: list[CastMember]) -> list[PropItem]:
        """The things that can be drawn, each once, at most three; a rider has a mount."""
        found = self._things(index, action)
        kinds = [lexicon.entries("things")[mention.id].prop for mention in found]
        drawn = list(dict.fromkeys(kind for kind in kinds if kind))
        riders = [member for member in cast if member.pose is Pose.RIDING]
        mount = next((kind for kind in drawn if kind in _MOUNTS), PropKind.HORSE)
        if riders:
            drawn = [kind for kind in drawn if kind is not mount]
        ridden = [
            PropItem(kind=mount, position=m.position, depth=m.depth, held_by=m.character)
            for m in riders
        ]
        return ridden + [
            PropItem(kind=kind, position=position, depth=depth)
            for kind, (position, depth) in zip(drawn, _SPOTS, strict=False)
        ]

    def _told(self, index: int, cast: list[CastMember], moment: Moment) -> str:
        """What the lexicon recognised of an action, in English."""
        shown = {character.id: character.name for character in self._characters.values()}
        doing = []
        for member in cast:
            name = _english(romanise(shown[member.character]), 60) or "somebody"
            act = "" if member.pose is Pose.STANDING else f" {member.pose.value}".replace("_", " ")
            mood = "" if member.emotion is Emotion.NEUTRAL else f" {member.emotion.value}"
            doing.append(f"{name}{act or (' talking' if moment.lines else '')}{mood}")
        found = self._things(index, moment.action)
        things = dict.fromkeys(
            lexicon.english_noun(mention, self._language).word for mention in found
        )
        return worded(", ".join([" and ".join(doing) or "nobody", *things]), 400) or "nobody"


def _acts(
    text: str, sightings: list[Sighting], language: Language
) -> dict[Person, tuple[str | None, str | None]]:
    """Person -> pose and emotion, from the words between a mention and the next one.

    Of "Ann and Bob run" both do what stands behind the last.
    """
    acts: dict[Person, tuple[str | None, str | None]] = {}
    waiting: list[Person] = []
    for number, sighting in enumerate(sightings):
        end = sightings[number + 1].start if number + 1 < len(sightings) else len(text)
        words = re.split(r"[.!?…](?:\s|$)", text[sighting.end : end], maxsplit=1)[0]
        waiting.append(sighting.person)
        whole = len(words) == end - sighting.end
        if end <= sighting.end or (whole and _JOINED.fullmatch(words)):
            continue
        pose, emotion = acting.find("pose", words), acting.find("emotion", words)
        if not pose:
            events, _ = lexicon.scan(tokens(words), language, ("events",), set())
            event = next((e for e in events if e.id in _EVENTS), None)
            if event:
                pose = lexicon.entries("events")[event.id].hero.split()[0]
        for person in waiting:
            before = acts.get(person, (None, None))
            acts[person] = (before[0] or pose, before[1] or emotion)
        waiting = []
    return acts


def _place(heading: str, language: Language, before: Time) -> tuple[str, Setting, Time]:
    """English place, setting and time of a heading; without a time it stays as it was."""
    inside = fountain.indoors(heading)
    match = fountain.HEADING.match(heading)
    own, time = _parts(match["rest"] if match else heading, before)
    tongues = dict.fromkeys((language, "ru", "kk") if detect(own) != "en" else (language,))
    found = next(filter(None, (_known_place(own, tongue, inside) for tongue in tongues)), None)
    setting = Setting.ROOM if inside else Setting.STEPPE
    place = "a room" if inside else "open country"
    if found:
        entry = lexicon.entries("places")[found]
        setting, place = entry.setting, entry.place
        if setting is Setting.YURT_INSIDE and not inside:
            setting, place = Setting.YURT_OUTSIDE, "in front of the yurt"
        elif setting is Setting.ROOM and not inside:
            setting, place = Setting.TOWN, "outside the house"
    elif not inside and lexicon.words("built") & {word.low for word in tokens(own)}:
        setting, place = Setting.TOWN, "a street"
    return _english(own, 120) or place, setting, time


def _known_place(words: str, language: str, inside: bool) -> str | None:
    """The id of the lexicon's first place that is on the right side of the wall."""
    mentions, _ = lexicon.scan(tokens(words), language, ("places",), set())
    rooms = [lexicon.entries("places")[m.id].setting in _ROOMS for m in mentions]
    fitting = [m.id for m, room in zip(mentions, rooms, strict=True) if room or not inside]
    outdoors = [m.id for m, room in zip(mentions, rooms, strict=True) if not room]
    return next(iter(fitting if inside else outdoors or fitting), None)


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
        if number and (times or lexicon.words("later") & set(words)):
            time = times[-1] if times else time
            continue
        while len(words) > 1 and (words[-1] in _TIME or words[-1] in lexicon.words("later")):
            time = _TIME.get(words[-1], time)
            piece = piece[: piece.rfind(words.pop())].rstrip(" ,.")
            while len(words) > 1 and words[-1] in lexicon.words("about"):
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


def _size(people: int, moment: Moment) -> Size:
    """Wide to open a scene, close to speak, and as wide as the company needs."""
    if not people or (moment.opens and not moment.lines):
        return Size.WIDE
    close = (Size.MEDIUM_CLOSE_UP, Size.MEDIUM) if moment.lines else (Size.MEDIUM, Size.MEDIUM_LONG)
    return close[people - 1] if people <= 2 else Size.FULL


def _move(alone: CastMember | None, moment: Moment, peopled: bool) -> Move:
    """The camera goes with who goes, and looks around where nobody is."""
    if alone and alone.pose in (Pose.RUNNING, Pose.RIDING):
        return Move.TRACK_RIGHT
    return Move.PAN_RIGHT if moment.opens and not peopled and not moment.lines else Move.STATIC


def _seconds(moment: Moment) -> float:
    """Two and a half spoken words a second; an action takes its time to be read."""
    said = sum(len(line.split()) for _, line, _ in moment.lines)
    seen = len(moment.action.split())
    return round(min(12.0, max(2.0, said / 2.5 + seen / 6)), 1)


def _english(text: str, limit: int) -> str:
    """Words for a prompt, or nothing if they are not in Latin letters."""
    words = worded(text, limit)
    return "" if re.search(r"[^\W\d_a-zA-ZÀ-ɏ]", words) else words
