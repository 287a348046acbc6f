"""Coverage: the shots between the shots, for boards longer than the plot has moments.

A director covers a scene with an establishing view, reactions, looks between two people, details
and a wide view. Every one here is made from the master shot it belongs to, so place, time and
cast stay true. Captions of coverage never repeat: when the words run out, the shot is silent.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from ...story import (
    Angle,
    CastMember,
    Depth,
    Emotion,
    Facing,
    Move,
    Pose,
    Position,
    PropItem,
    PropKind,
    Setting,
    Shot,
    Size,
    Time,
)
from . import russian
from .company import Company
from .data import Data, Named, Said
from .lengths import write
from .words import English, Kazakh, Noun, Russian, fill

_Distance = Literal["wide", "hands", "hear"]
_DRAFT_NUMBER = 1
"""Shots get their true number when the board is whole."""
_BEARING = {
    Emotion.NEUTRAL: (Pose.STANDING, "waits and watches"),
    Emotion.HAPPY: (Pose.HAND_ON_CHEST, "beams with joy"),
    Emotion.SLY: (Pose.HAND_ON_CHIN, "smiles slyly"),
    Emotion.LAUGHING: (Pose.LAUGHING, "laughs out loud"),
    Emotion.SURPRISED: (Pose.ARMS_SPREAD, "cannot believe it, mouth open"),
    Emotion.ANGRY: (Pose.SHOUTING, "clenches both fists in anger"),
    Emotion.SAD: (Pose.STANDING, "looks down, close to tears"),
    Emotion.AFRAID: (Pose.HAND_ON_CHEST, "holds the breath in fear"),
    Emotion.GREEDY: (Pose.GRABBING, "stares greedily, rubbing both hands"),
    Emotion.PROUD: (Pose.ARMS_CROSSED, "lifts the chin proudly"),
    Emotion.TIRED: (Pose.SITTING, "sighs, worn out"),
    Emotion.CURIOUS: (Pose.HAND_ON_CHIN, "leans in, curious"),
}
_ANGLE = {
    Emotion.PROUD: Angle.LOW,
    Emotion.ANGRY: Angle.LOW,
    Emotion.SAD: Angle.HIGH,
    Emotion.AFRAID: Angle.HIGH,
    Emotion.SURPRISED: Angle.DUTCH,
}
"""A camera that looks up gives power, one that looks down takes it."""


class Words(Data):
    """Captions of coverage; the nouns of their templates are ``who``, ``what``, ``a`` and ``b``."""

    establish: dict[Setting, Said]
    time: dict[Time, Named]
    react: dict[Emotion, Said]
    pair: Said
    insert: Said
    wide: Said
    hands: Said
    hear: Said
    cutaway: Said
    names: dict[PropKind, Named]

    @model_validator(mode="after")
    def _whole(self) -> Words:
        for kind, told in (
            (Time, self.time),
            (Emotion, self.react),
            (PropKind, self.names),
        ):
            missing = set(kind) - set(told)
            if missing:
                raise ValueError(f"no words for {sorted(missing)}")
        return self


@cache
def words() -> Words:
    """The captions of ``lexicon/coverage.json``."""
    file = Path(__file__).parent / "dictionary" / "coverage.json"
    return Words.model_validate_json(file.read_text("utf-8"))


class Coverage:
    """Makes extra shots for one board."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._language = company.reading.language
        self._used: set[str] = set()

    def stretch(self, masters: list[Shot], weights: list[float], total: int) -> list[Shot]:
        """``masters`` with as many shots between them as ``total`` needs, heavy ones first."""
        self._used = {shot.caption for shot in masters}
        before: list[list[Shot]] = [[] for _ in masters]
        after: list[list[Shot]] = [[] for _ in masters]
        order = sorted(range(len(masters)), key=lambda index: (-weights[index], index))
        missing, turn = total - len(masters), 0
        while missing > 0:
            for index in order[:missing]:
                master = masters[index]
                opens = index > 0 and master.place != masters[index - 1].place
                step = turn if opens else turn + 1
                shot = self._establish(master) if step == 0 else self._extra(master, step + index)
                (before if step == 0 else after)[index].append(shot)
            missing -= min(missing, len(order))
            turn += 1
        return [
            shot
            for index, master in enumerate(masters)
            for shot in (*before[index], master, *after[index])
        ]

    def _extra(self, master: Shot, step: int) -> Shot:
        """One kind of extra shot after another, as far as the master has people and props."""
        props, cast = len(master.props), len(master.cast)
        kinds = [
            (self._react_last, cast > 0),
            (self._insert, props > 0),
            (self._pair, cast > 1),
            (self._react_first, cast > 1),
            (self._wide, cast > 0 and master.size not in (Size.WIDE, Size.EXTREME_WIDE)),
            (self._hands, cast > 0),
            (self._insert_second, props > 1),
            (self._hear, cast > 0),
            (self._cutaway, True),
        ]
        makers = [maker for maker, able in kinds if able]
        return makers[(step - 1) % len(makers)](master)

    def _caption(self, lines: tuple[str, ...], nouns: dict[str, Noun], key: str) -> str:
        """The first wording that the board has not used yet, or none."""
        start = self._company.dice.roll(key, len(lines))
        for offset in range(len(lines)):
            text = fill(lines[(start + offset) % len(lines)], nouns)
            if text not in self._used:
                self._used.add(text)
                return text
        return ""

    def _noun(self, who: str, english: bool = False) -> Noun:
        company = self._company
        for slot, character in company.characters.items():
            if character.id == who:
                return (company.english if english else company.nouns)[slot]
        raise KeyError(who)

    def _shot(
        self,
        master: Shot,
        size: Size,
        action: str,
        caption: str,
        cast: list[CastMember],
        *,
        angle: Angle = Angle.EYE,
        move: Move = Move.STATIC,
        props: list[PropItem] | None = None,
    ) -> Shot:
        return write(
            Shot,
            number=_DRAFT_NUMBER,
            place=master.place,
            setting=master.setting,
            time=master.time,
            size=size,
            angle=angle,
            move=move,
            cast=cast,
            props=props or [],
            action=action[0].upper() + action[1:],
            beat=master.beat,
            caption=caption,
        )

    def _establish(self, master: Shot) -> Shot:
        view = words().establish.get(master.setting, words().cutaway)
        time = words().time[master.time][self._language]
        lines = tuple(f"{time} {line}" for line in view[self._language])
        return self._shot(
            master, Size.EXTREME_WIDE, f"establishing view of {master.place}, nobody near",
            self._caption(lines, {}, f"establish {master.place}"), [],
            move=Move.PAN_RIGHT,
            props=[prop for prop in master.props if prop.held_by is None][:2],
        )  # fmt: skip

    def _cutaway(self, master: Shot) -> Shot:
        """Sky, ground or walls: a breath between two looks."""
        caption = self._caption(words().cutaway[self._language], {}, f"cutaway {master.action}")
        return self._shot(
            master, Size.WIDE, f"the empty place, {master.place}, nobody in the frame",
            caption, [], angle=Angle.LOW, move=Move.TILT_UP,
        )  # fmt: skip

    def _react(self, master: Shot, member: CastMember, size: Size) -> Shot:
        pose, bearing = _BEARING[member.emotion]
        alone = member.model_copy(
            update={
                "pose": pose,
                "position": Position.CENTER,
                "depth": Depth.MIDGROUND,
                "facing": Facing.FRONT if member.facing is Facing.BACK else member.facing,
                "action": "",
            }
        )
        caption = self._caption(
            words().react[member.emotion][self._language],
            {"who": self._noun(member.character)},
            f"react {master.action} {member.character}",
        )
        who = f"{self._noun(member.character, english=True)}"
        return self._shot(
            master, size, f"{who} {bearing}", caption, [alone],
            angle=_ANGLE.get(member.emotion, Angle.EYE), move=Move.PUSH_IN,
        )  # fmt: skip

    def _react_last(self, master: Shot) -> Shot:
        return self._react(master, master.cast[-1], Size.CLOSE_UP)

    def _react_first(self, master: Shot) -> Shot:
        return self._react(master, master.cast[0], Size.MEDIUM_CLOSE_UP)

    def _insert(self, master: Shot, index: int = 0) -> Shot:
        prop = master.props[index]
        names = words().names[prop.kind]
        name = names[self._language]
        nouns: dict[str, Noun] = {
            "what": {"en": English(name), "ru": Russian(russian.still(name)), "kk": Kazakh(name)}[
                self._language
            ]
        }
        lines = words().insert[self._language]
        caption = self._caption(lines, nouns, f"insert {master.action} {name}")
        alone = prop.model_copy(
            update={"held_by": None, "position": Position.CENTER, "depth": Depth.MIDGROUND}
        )
        return self._shot(
            master, Size.CLOSE_UP, f"detail: the {names.en}, nobody in the frame", caption, [],
            angle=Angle.HIGH, move=Move.PUSH_IN, props=[alone],
        )  # fmt: skip

    def _insert_second(self, master: Shot) -> Shot:
        return self._insert(master, 1)

    def _pair(self, master: Shot) -> Shot:
        speaker, other = master.cast[:2]
        caption = self._caption(
            words().pair[self._language],
            {"a": self._noun(speaker.character), "b": self._noun(other.character)},
            f"pair {master.action}",
        )
        back = other.model_copy(update={"facing": Facing.BACK, "depth": Depth.FOREGROUND})
        names = [f"{self._noun(member.character, english=True)}" for member in (speaker, other)]
        return self._shot(
            master, Size.MEDIUM, f"{names[0]} seen over the shoulder of {names[1]}", caption,
            [speaker, back], angle=Angle.OVER_SHOULDER, props=_gear(master, [speaker, back]),
        )  # fmt: skip

    def _of_one(
        self,
        master: Shot,
        kind: _Distance,
        size: Size,
        action: str,
        angle: Angle,
    ) -> Shot:
        member = master.cast[0]
        lines = {"wide": words().wide, "hands": words().hands, "hear": words().hear}[kind]
        caption = self._caption(
            lines[self._language], {"who": self._noun(member.character)}, f"{kind} {master.action}"
        )
        who = self._noun(member.character, english=True)
        cast = master.cast if size is Size.WIDE else [member]
        props = master.props if size is Size.WIDE else _gear(master, cast)
        return self._shot(
            master, size, action.format(who=f"{who}"), caption, cast, angle=angle, props=props
        )

    def _wide(self, master: Shot) -> Shot:
        return self._of_one(master, "wide", Size.WIDE, "{who} seen from afar", Angle.HIGH)

    def _hands(self, master: Shot) -> Shot:
        return self._of_one(
            master, "hands", Size.EXTREME_CLOSE_UP, "extreme close view of {who}", Angle.EYE
        )

    def _hear(self, master: Shot) -> Shot:
        return self._of_one(master, "hear", Size.MEDIUM_LONG, "{who} stops and listens", Angle.LOW)


def _gear(master: Shot, cast: list[CastMember]) -> list[PropItem]:
    """What these figures hold or ride."""
    shown = {member.character for member in cast}
    return [prop for prop in master.props if prop.held_by in shown]
