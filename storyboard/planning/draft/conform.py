"""A draft made to fit: what the story's rules demand, whatever the model wrote.

The model is told these rules too (:mod:`.brief`), but here they are enforced: the number of shots
and their numbering, the hero first and face to face with the viewer in shot 1, nobody unknown,
every text cut to its length and free of prompt syntax.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from typing import Any, Literal

from PIL import ImageColor

from ... import heroes
from ...heroes import Hero
from ...prompts.compose import plain, untagged
from ...story import (
    Angle,
    BoardFormat,
    CastMember,
    Character,
    Depth,
    DialogueLine,
    Facing,
    Look,
    Planner,
    Pose,
    PropItem,
    Shot,
    Size,
    Story,
)
from ..llm import brief
from ..offline import film
from ..offline.language import romanise
from .draft import Draft, DraftCharacter, DraftShot
from .foreign import printable

MAX_CHARACTERS = 20
"""Of a story."""
_LENGTHS = {"place": 120, "action": 400, "beat": 40, "caption": 240}
"""Letters of a shot's texts."""
_FACE_SIZES = (Size.CLOSE_UP, Size.MEDIUM_CLOSE_UP, Size.MEDIUM)
_FACE_ANGLES = (Angle.EYE, Angle.LOW, Angle.HIGH)

_NOBODY = {"", "none", "nobody", "noone", "null", "na", "никто", "нет", "ешкім", "жоқ"}


def spoken(text: str, limit: int) -> str:
    """A caption or line without ``<lora:…>`` and ``embedding:…``, at most ``limit`` letters."""
    return _short(" ".join(untagged(printable(text)).split()), limit)


def worded(text: str, limit: int) -> str:
    """Words for a prompt, without any prompt syntax, at most ``limit`` letters."""
    return _short(plain(printable(text)), limit, "")


def _short(text: str, limit: int, end: str = "…") -> str:
    """Cut at a word; NFC first, because the story counts letters so."""
    text = unicodedata.normalize("NFC", text)
    if len(text) <= limit:
        return text
    head = text[: limit - len(end)]
    cut = head.rfind(" ")
    return head[: cut if cut > limit // 2 else None].rstrip(" ,.;:—–-") + end


def problems(draft: Draft, frames: int | None) -> list[str]:
    """What a repair turn should mend in a draft, in words a model can act on."""
    found = []
    count, least, most = len(draft.shots), frames or brief.FEWEST, frames or brief.MOST
    if not least <= count <= most:
        wanted = f"exactly {frames}" if frames else f"{least} to {most}"
        found.append(f"There are {count} shots; there must be {wanted}.")
    people = _People(draft)
    for number, shot in enumerate(draft.shots, 1):
        unknown = sorted({name for name in _named(shot) if people.id(name) is None})
        if unknown:
            names = ", ".join(spoken(name, 40) for name in unknown)
            found.append(f"Shot {number} names {names}, not among the characters.")
    return found[:20]


def _named(shot: DraftShot) -> list[str]:
    named = [member.character for member in shot.cast]
    named += [line.character for line in shot.dialogue]
    named += [prop.held_by for prop in shot.props]
    return [name for name in named if _fold(name) not in _NOBODY]


def _unlisted(draft: Draft) -> list[DraftCharacter]:
    """Whom the shots name, for a story that lists nobody."""
    named = dict.fromkeys(name for shot in draft.shots for name in _named(shot))
    return [
        DraftCharacter(id=name, name=name, description=romanise(name).replace("_", " "))
        for name in list(named)[:MAX_CHARACTERS]
    ]


class _People:
    """The characters of a draft under safe ids, and who a name in a shot means."""

    def __init__(self, draft: Draft) -> None:
        self.characters: list[Character] = []
        self._known: dict[str, str] = {}
        for person in draft.characters[:MAX_CHARACTERS] or _unlisted(draft):
            if _fold(person.id) in self._known:
                continue
            character = self._character(person)
            self.characters.append(character)
            for name in (character.id, person.id, person.name):
                self._known.setdefault(_fold(name), character.id)
        self._hero_first(draft)

    def id(self, name: str) -> str | None:
        """The id of whom a name means, or ``None``."""
        key = _fold(name)
        return self._known.get(key) if key else None

    def _character(self, person: DraftCharacter) -> Character:
        taken = {character.id for character in self.characters}
        id = safe_id(person.id, taken)
        name = spoken(person.name, 60) or id
        hero = _hero(person.id) or _hero(name)
        if hero and not any(character.trigger == hero.trigger for character in self.characters):
            return known_hero(hero, id, name)
        return Character(
            id=id,
            name=name,
            description=worded(person.description, 400),
            look=Look(
                build=person.build,
                hat=person.hat,
                beard=person.beard,
                robe=_colour(person.robe, "robe"),
                trim=_colour(person.trim, "trim"),
            ),
        )

    def _hero_first(self, draft: Draft) -> None:
        """The known hero; else whom the model put first, unless no shot ever shows that one."""
        seen = Counter(self.id(member.character) for shot in draft.shots for member in shot.cast)

        def rank(character: Character) -> tuple[bool, bool, int]:
            first = character is self.characters[0] and bool(seen[character.id])
            return (not character.trigger, not first, -seen[character.id])

        if self.characters:
            hero = min(self.characters, key=rank)
            self.characters.sort(key=lambda character: character is not hero)


def safe_id(name: str, taken: set[str]) -> str:
    """An id of Latin letters for a name in any alphabet, not among those that are taken."""
    own = re.sub(r"\W+", "_", romanise(name).lower(), flags=re.ASCII).strip("_")[:28].strip("_")
    id = own if re.match(r"[a-z]", own) else f"character_{len(taken) + 1}"
    return f"{id[:28]}_{len(taken) + 1}" if id in taken else id


def _hero(name: str) -> Hero | None:
    """The hero the pack knows by that name or id."""
    key = _fold(name)
    return next((hero for hero in heroes.everybody() if hero.alone.fullmatch(key)), None)


def known_hero(hero: Hero, id: str, name: str) -> Character:
    """A hero the pack knows, as every planner draws him: his LoRA learned him so."""
    look = hero.look.model_copy()
    return Character(id=id, name=name, description=hero.sheet, trigger=hero.trigger, look=look)


def _colour(value: str, field: str) -> str:
    """``#rrggbb`` of a colour as CSS writes it (``#fa0``, ``rgb(1, 2, 3)``, ``dark red``)."""
    try:
        red, green, blue = ImageColor.getrgb("".join(value.lower().split()))[:3]
    except ValueError:
        return Look.model_fields[field].default
    return f"#{red:02x}{green:02x}{blue:02x}"


def _fold(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def story(
    draft: Draft,
    *,
    logline: str,
    frames: int | None,
    format: BoardFormat,
    style: str,
    language: Literal["en", "ru", "kk"] | None,
    planner: Planner,
) -> tuple[Story, list[str]]:
    """The story of a draft, and notes of what had to be left out.

    :raises ValueError: if there are fewer shots than there must be.
    """
    least, most = frames or brief.FEWEST, frames or brief.MOST
    if len(draft.shots) < least:
        raise ValueError(f"there are {len(draft.shots)} shots, and {least} are needed")
    notes = []
    chosen = draft.shots
    if len(chosen) > most:
        notes.append(f"{len(chosen)} shots were cut to {most}")
        chosen = [chosen[round(i * (len(chosen) - 1) / max(1, most - 1))] for i in range(most)]
    people = _People(draft)
    if len(draft.characters) > MAX_CHARACTERS:
        notes.append(f"{len(draft.characters)} characters were cut to {MAX_CHARACTERS}")
    if long := sum(len(getattr(shot, name)) > n for shot in chosen for name, n in _LENGTHS.items()):
        notes.append(f"{long} long texts were shortened")
    unknown: dict[str, None] = {}
    shots = [_shot(number, shot, people, unknown) for number, shot in enumerate(chosen, 1)]
    if unknown:
        names = ", ".join(spoken(name, 40) for name in unknown)
        notes.append(f"unknown characters were left out: {names}")
    if people.characters:
        shots[0] = _introduced(shots[0], people.characters[0].id)
    return (
        Story(
            title=spoken(draft.title, 120) or _short(logline, 120),
            logline=logline,
            language=language or draft.language,
            format=format,
            style=style,
            characters=people.characters,
            shots=shots,
            planner=planner,
        ),
        notes,
    )


def _shot(number: int, shot: DraftShot, people: _People, unknown: dict[str, None]) -> Shot:
    def known(name: str) -> str | None:
        id = people.id(name)
        if id is None and _fold(name) not in _NOBODY:
            unknown[name.strip()] = None
        return id

    cast: dict[str, CastMember] = {}
    for member in shot.cast:
        id = known(member.character)
        if id is not None and id not in cast and len(cast) < 12:
            fields: dict[str, Any] = {**dict(member), "character": id}
            cast[id] = CastMember(**{**fields, "action": worded(member.action, 200)})
    lines = [(known(line.character), spoken(line.text, 200)) for line in shot.dialogue]
    hero = cast.get(people.characters[0].id) if people.characters else None
    return Shot(
        number=number,
        place=worded(shot.place, _LENGTHS["place"]) or shot.setting.value.replace("_", " "),
        setting=shot.setting,
        time=shot.time,
        size=shot.size,
        angle=shot.angle,
        move=shot.move,
        cast=list(cast.values()),
        props=[
            PropItem(
                kind=prop.kind,
                position=prop.position,
                depth=prop.depth,
                held_by=known(prop.held_by),
            )
            for prop in shot.props[:12]
        ],
        action=worded(shot.action, _LENGTHS["action"])
        or worded(shot.place, _LENGTHS["place"])
        or "a quiet moment",
        beat=worded(shot.beat, _LENGTHS["beat"]),
        caption=spoken(shot.caption, _LENGTHS["caption"]),
        dialogue=[DialogueLine(character=id, text=text) for id, text in lines if id and text][:4],
        duration=min(max(shot.duration, 1.0), 60.0) if math.isfinite(shot.duration) else 3.0,
        face_visible=shot.face_visible
        and hero is not None
        and hero.facing is not Facing.BACK
        and shot.size is not Size.EXTREME_WIDE,
    )


def _introduced(shot: Shot, hero: str) -> Shot:
    """Shot 1 as the identity of the board needs it: the hero's face, front, close (S2.3)."""
    cast = [member for member in shot.cast if member.character != hero]
    own = [member for member in shot.cast if member.character == hero]
    face = own[0] if own else CastMember(character=hero)
    near = Depth.MIDGROUND if face.depth is Depth.BACKGROUND else face.depth
    pose = Pose.STANDING if face.pose in film.COVERS_FACE else face.pose
    face = face.model_copy(update={"facing": Facing.FRONT, "depth": near, "pose": pose})
    return shot.model_copy(
        update={
            "size": shot.size if shot.size in _FACE_SIZES else Size.MEDIUM_CLOSE_UP,
            "angle": shot.angle if shot.angle in _FACE_ANGLES else Angle.EYE,
            "cast": [face, *cast][:12],
            "face_visible": True,
        }
    )
