"""Coverage: the shots that a scene is covered with, each of something that the logline says.

A director shows the hero, the place, what happens, the thing in detail, the other one's face, both
over a shoulder, and what is left at the end. Every :class:`Idea` here is one of these views of one
:class:`~.scenes.Scene`; nobody and nothing stands in it that the logline does not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import model_validator

from ...sets import NEUTRAL
from ...story import (
    IN_THE_SKY,
    Angle,
    CastMember,
    Depth,
    DialogueLine,
    Emotion,
    Facing,
    Kind,
    Pose,
    Position,
    PropItem,
    PropKind,
    Shot,
    Time,
)
from . import film, retelling, wholes
from .company import Company, Member, Thing
from .data import Data, Said
from .items import Item
from .lengths import write
from .phrases import Phrases, sentence
from .scenes import HOLDS, Scene, is_large, is_small
from .words import English, Noun, Russian, fill, plural, several

_DRAFT_NUMBER = 1
"""Shots get their true number when the board is whole."""
_MOST_CAST = 5
_MOST_THINGS = 5
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
_WHOLE_BODY = {
    Pose.RUNNING, Pose.RIDING, Pose.JUMPING, Pose.FALLING, Pose.KNEELING, Pose.SLEEPING,
    Pose.LYING, Pose.CLIMBING, Pose.FLYING, Pose.SWIMMING, Pose.DANCING, Pose.DIGGING,
    Pose.SITTING_CROSS_LEGGED, Pose.WALKING, Pose.THROWING, Pose.PUSHING, Pose.FIGHTING,
    Pose.STEERING, Pose.CROUCHING,
}  # fmt: skip
"""Poses that a medium shot would cut off."""
_TOGETHER = {Pose.EMBRACING, Pose.SHAKING_HANDS, Pose.HANDING_OVER, Pose.RECEIVING}
"""Poses that take two."""
_MOVING = {Pose.RUNNING, Pose.WALKING, Pose.RIDING, Pose.JUMPING, Pose.SWIMMING, Pose.FLYING}
CAMERAS = {
    "intro": ("MCU eye push_in", "MS eye static", "CU eye static", "MCU low static",
              "MS low push_in", "MS eye track_right", "MCU eye static", "CU low push_in"),
    "place": ("WS eye pan_right", "EWS eye static", "WS low tilt_down", "EWS eye crane_up",
              "WS eye push_in", "EWS low static"),
    "master": ("MS eye static", "MLS eye static", "FS eye track_right", "MLS low static",
               "MS high static", "FS low static", "MLS high push_in", "MS low static",
               "FS high static"),
    "body": ("FS eye static", "MLS eye track_right", "FS low static", "MLS low handheld",
             "FS high pan_right", "MLS high static", "WS low static"),
    "thing": ("CU high push_in", "CU eye static", "ECU high static", "CU low static",
              "ECU eye push_in", "CU top static", "CU dutch static"),
    "large": ("FS low static", "MLS eye pan_right", "WS eye static", "FS eye push_in",
              "WS low crane_up", "FS high static"),
    "sky": ("EWS low static", "WS low push_in", "EWS low tilt_up", "WS low static"),
    "face": ("CU eye push_in", "MCU high static", "CU low static", "MCU eye static",
             "CU high static", "MCU dutch static", "CU eye static"),
    "shoulder": ("MS over_shoulder static", "MCU over_shoulder push_in",
                 "MS over_shoulder push_in", "MLS over_shoulder static"),
    "doing": ("MCU low static", "MS high push_in", "MCU eye handheld", "MS dutch static",
              "CU eye static", "MCU high static", "MS low static"),
    "far": ("WS high static", "EWS eye static", "WS low static", "FS top static",
            "EWS high pull_out", "WS eye track_left"),
    "close": ("WS eye pull_out", "FS low crane_up", "CU eye push_in", "EWS high pull_out",
              "MLS eye track_left", "MCU low static", "WS high crane_up", "MS eye pull_out"),
}  # fmt: skip
"""Kind of view -> how the camera may take it."""


class Words(Data):
    """``dictionary/coverage.json``: sentences of somebody alone, and of somebody and ``what``."""

    react: dict[Emotion, Said]
    """What a face says."""
    act: dict[Pose, Said]
    """What a body does, in poses that say it of themselves."""
    holds: Said
    looks: Said
    """At a thing."""
    faces: Said
    """Another one."""
    alone: Said

    @model_validator(mode="after")
    def _whole(self) -> Words:
        missing = set(Emotion) - set(self.react)
        if missing:
            raise ValueError(f"no words for {sorted(missing)}")
        return self


@cache
def words() -> Words:
    """The captions of ``dictionary/coverage.json``."""
    file = Path(__file__).parent / "dictionary" / "coverage.json"
    return Words.model_validate_json(file.read_text("utf-8"))


@dataclass
class Idea:
    """A view that a board may hold."""

    kind: str
    order: tuple[float, float]
    """Where in the story: scene, and place within it."""
    rank: float
    """The lower, the sooner it gets a frame; 0 must have one."""
    shot: Shot
    cameras: tuple[str, ...]
    captions: list[str] = field(default_factory=list)
    """The best first."""
    name: str = ""
    """What is seen, as the logline calls it."""
    fixed: bool = False
    """The camera stays as it is."""
    clause: bool = False
    """It shows a whole clause, whose words are its caption."""


class Coverage:
    """The views of all scenes of one logline."""

    def __init__(self, company: Company, scenes: list[Scene], flip: bool) -> None:
        self._company = company
        self._scenes = scenes
        self._flip = flip
        self._phrases: Phrases = company.phrases
        self._language = company.language
        self._bites = _MOUTH.search(company.reading.logline) is not None

    @property
    def hero(self) -> str:
        """Id of the hero."""
        return self._company.characters["hero"].id

    def reaction(self, instead: Idea) -> Idea:
        """The hero's face in place of another view."""
        index = int(instead.order[0])
        idea = self._face(index, self._company.members[0], instead.rank, new=False)
        idea.order = instead.order
        return idea

    def poster(self) -> Idea:
        """The whole story in one frame."""
        idea = self._master(0)
        idea.captions = [self._company.reading.logline]
        idea.cameras, idea.fixed = ("MS eye static",), True
        hero = self._company.members[0].ids[0]
        for member in idea.shot.cast:
            if member.character == hero and member.pose in film.COVERS_FACE:
                member.pose = _BEARING[member.emotion][0]
        return idea

    def ideas(self) -> list[Idea]:
        """Every view once."""
        found = [self._intro()]
        met: set[str] = {self._company.members[0].slot}
        seen: set[int] = set()
        visited: set[str] = set()
        for index, scene in enumerate(self._scenes):
            found.append(self._master(index))
            shown = {member.character for member in found[-1].shot.cast}
            for number, member in enumerate(m for m in scene.cast if m.slot not in met):
                must = not shown & set(member.ids)
                rank = 0.5 if must else 2.0 + number + index * 0.1
                found.append(self._face(index, member, rank, new=True))
                met.add(member.slot)
            fresh = [thing for thing in scene.things if id(thing) not in seen]
            for number, thing in enumerate(fresh):
                rank = 0.5 if number >= _MOST_THINGS else 2.5 + number + index * 0.1
                found.append(self._insert(index, thing, rank))
                seen.add(id(thing))
            for number, (item, setting, words_) in enumerate(scene.places):
                if words_ not in visited:
                    rank = 0.6 if number else 1.4 + index * 0.3
                    found.append(self._place(index, rank, (item, setting, words_)))
                    visited.add(words_)
            found.append(self._doing(index, 4 + index * 0.1))
            if scene.others:
                found.append(self._shoulder(index, 3.4 + index * 0.1, 0))
                found.append(self._face(index, scene.others[0], 6 + index * 0.1, new=False))
                found.append(self._shoulder(index, 7 + index * 0.1, 1))
            found.append(self._far(index, 5 + index * 0.1))
        found.append(self._close())
        return found

    def more(self) -> Iterator[Idea]:
        """Views beyond that, for ever: the same people, things and places from other sides."""
        turn = 0
        while True:
            for index, scene in enumerate(self._scenes):
                after = 0.5 + turn * 0.01
                for member in scene.cast:
                    yield self._again(self._face(index, member, 10 + turn, new=False), after)
                for thing in scene.things:
                    yield self._again(self._insert(index, thing, 10 + turn), after)
                yield self._again(self._doing(index, 10 + turn), after)
                if scene.others:
                    yield self._again(self._shoulder(index, 10 + turn, turn % 2), after)
                yield self._again(self._far(index, 10 + turn), after)
                for place in scene.places:
                    yield self._again(self._place(index, 10 + turn, place), after)
            turn += 1

    @staticmethod
    def _again(idea: Idea, after: float) -> Idea:
        idea.order = (idea.order[0], 4 + after + idea.order[1] / 100)
        return idea

    # --- the views ------------------------------------------------------------------------------

    def _intro(self) -> Idea:
        """The hero's face, and what the hero is about."""
        scene, hero = self._scenes[0], self._company.members[0]
        pose = scene.pose if scene.subject is hero else Pose.STANDING
        emotion = scene.emotion if scene.subject is hero else scene.answer[1]
        if pose in film.COVERS_FACE or pose in _WHOLE_BODY or pose is Pose.CRYING:
            pose = Pose.STANDING
        cast = self._block([(hero, pose, emotion)], Angle.EYE)
        held = [t for t in scene.things if is_small(t)][:1] if scene.subject is hero else []
        if self._company.characters["hero"].look.kind is Kind.ANIMAL:
            held = []
        phrase = self._phrase(hero)
        told = wholes.opening(scene.told, self._language) if scene.subject is hero else ""
        captions = [told] if told and len(phrase.split()) < 2 else []
        captions += [sentence(phrase)] if phrase else []
        captions += self._acts(hero, pose, emotion, held)
        return self._idea(
            "intro", 0, 0, 0, f"{self._who(hero)}, face to the camera, {emotion.value}", captions,
            cast, self._dress(held, cast, hero.ids[0], pose),
        )  # fmt: skip

    def _master(self, index: int) -> Idea:
        """What happens, with everybody and everything of it."""
        scene = self._scenes[index]
        hero = self._company.members[0]
        pose, emotion = scene.pose, scene.emotion
        figures = [(scene.subject, pose, emotion)]
        figures += [(member, *scene.answer) for member in scene.others]
        figures.sort(key=lambda figure: figure[0] is not hero)
        cast = self._block(figures, Angle.EYE)
        props = self._dress(scene.things[:_MOST_THINGS], cast, scene.subject.ids[0], pose, scene)
        cameras = "body" if pose in _WHOLE_BODY else "master"
        idea = self._idea(
            cameras, index, 2, 0, retelling.action(scene, self._company),
            [scene.told],
            cast, props,
        )  # fmt: skip
        idea.clause = True
        if scene.says:
            speaker = scene.subject.ids[0]
            idea.shot.dialogue = [write(DialogueLine, character=speaker, text=scene.says)]
        return idea

    def _face(self, index: int, member: Member, rank: float, *, new: bool) -> Idea:
        """Somebody else's face: who it is at first, then what it says."""
        scene = self._scenes[index]
        own = member is scene.subject
        emotion = scene.emotion if own else scene.answer[1]
        pose, bearing = _BEARING[emotion]
        cast = self._block([(member, pose, emotion)], Angle.EYE, _beside(scene, member))
        phrase = self._phrase(member)
        other = next((m for m in scene.cast if m is not member), None)
        told = self._acts(member, pose, emotion)
        if other is not None:
            met = self._met(member, other)
            told = [*told[:1], *met, *told[1:]] if new else [*met[:1], *told, *met[1:]]
        captions = [sentence(phrase), *told] if new and len(phrase.split()) > 1 else told
        captions = [*captions, sentence(phrase)]
        return self._idea(
            "face", index, 3 if not new else 1.5, rank, f"{self._who(member)} {bearing}",
            captions, cast, [],
        )  # fmt: skip

    def _insert(self, index: int, thing: Thing, rank: float) -> Idea:
        """A thing in detail."""
        prop = thing.prop.model_copy(
            update={"held_by": None, "position": Position.CENTER, "depth": Depth.MIDGROUND}
        )
        if prop.kind in IN_THE_SKY:
            return self._sky(index, thing, prop, rank)
        large = is_large(thing)
        early = self._company.dice.roll(f"insert {thing.item.id} {index}", 2) == 0
        return self._idea(
            "large" if large else "thing", index, 1.7 if early else 2.5, rank,
            f"detail: {thing.item.english:a}, nobody in the frame",
            [sentence(self._whole(thing)), sentence(thing.phrase)], [], [prop],
        )  # fmt: skip

    def _sky(self, index: int, thing: Thing, prop: PropItem, rank: float) -> Idea:
        """What stands in the sky, over a low horizon."""
        idea = self._idea(
            "sky", index, 1.7, rank, f"{thing.item.english:a} in the sky, nobody in the frame",
            [sentence(thing.phrase)], [], [prop],
        )  # fmt: skip
        shot = idea.shot
        shot.setting, shot.weather = "horizon", None
        shot.place = "the night sky" if shot.time is Time.NIGHT else "the open sky"
        return idea

    def _place(self, index: int, rank: float, where: tuple[Item, str, str]) -> Idea:
        """Where we are; somebody small in it if there is nothing else to see."""
        scene = self._scenes[index]
        item, setting, place = where
        peopled = self._company.dice.roll(f"place {place}", 2) == 0 or setting == NEUTRAL
        cast: list[CastMember] = []
        if peopled:
            who = (scene.subject, Pose.STANDING, scene.emotion)
            cast = self._block([who], Angle.EYE, _beside(scene, scene.subject))
        props = self._dress([t for t in scene.things if not is_small(t)][:2], cast, "", None)
        for prop in props:
            prop.depth = Depth.BACKGROUND
        captions = [self._where(item), sentence(self._phrases.noun(item.noun, item.start))]
        early = self._company.dice.roll(f"early {index}", 3) > 0
        idea = self._idea(
            "place", index, 1 if early else 2.2, rank, f"establishing view of {place}",
            captions, cast, props,
        )  # fmt: skip
        idea.shot.setting, idea.shot.place = setting, place
        return idea

    def _doing(self, index: int, rank: float) -> Idea:
        """The subject alone, at what it does."""
        scene = self._scenes[index]
        pose = scene.pose
        if pose in (Pose.HEAD_IN_HANDS, Pose.SLEEPING) and scene.subject.slot == "hero":
            pose = _BEARING[scene.emotion][0]  # the face was hidden in the master
        figures = [(scene.subject, pose, scene.emotion)]
        if scene.pose in _TOGETHER and scene.others:
            figures = [*figures, (scene.others[0], *scene.answer)]
            figures.sort(key=lambda figure: figure[0] is not self._company.members[0])
        beside = len(figures) == 1 and _beside(scene, scene.subject)
        cast = self._block(figures, Angle.EYE, beside)
        held = [thing for thing in scene.things if is_small(thing)][:1]
        props = self._dress(held, cast, scene.subject.ids[0], pose, scene)
        captions = [
            wholes.core(scene.told, self._language),
            *self._acts(scene.subject, pose, scene.emotion, held, scene.things),
        ]
        cameras = "body" if pose in _WHOLE_BODY else "doing"
        return self._idea(
            cameras, index, 2.8, rank, f"{self._who(scene.subject)} {_BEARING[scene.emotion][1]}",
            captions, cast, props,
        )  # fmt: skip

    def _shoulder(self, index: int, rank: float, side: int) -> Idea:
        """One of two, over the other one's shoulder."""
        scene = self._scenes[index]
        first, second = scene.subject, scene.others[0]
        if side:
            first, second = second, first
        hero = self._company.members[0]
        ways = {
            scene.subject.slot: (scene.pose, scene.emotion),
            scene.others[0].slot: scene.answer,
        }
        shown = _BEARING[ways[first.slot][1]][0]
        pair = [(first, shown, ways[first.slot][1]), (second, Pose.STANDING, ways[second.slot][1])]
        pair = [(_single(m), p, e) for m, p, e in pair]
        pair.sort(key=lambda figure: figure[0].slot != hero.slot)
        cast = self._block(pair, Angle.EYE)
        for member in cast:
            if member.character == second.ids[0]:
                member.facing, member.depth = Facing.BACK, Depth.FOREGROUND
        names = [self._phrase(first), self._phrase(second)]
        captions = [self._phrases.both(*names)] if all(names) and not side else []
        captions += self._met(first, second)
        return self._idea(
            "shoulder", index, 2.6 + side * 0.3, rank,
            f"{self._who(first)} seen over the shoulder of {self._who(second)}",
            captions, cast, [],
        )  # fmt: skip

    def _far(self, index: int, rank: float) -> Idea:
        """Everybody small in the place."""
        idea = self._master(index)
        scene = self._scenes[index]
        phrase = self._phrase(scene.subject)
        captions = [self._placed(scene)]
        captions += [self._phrases.view("far", phrase)] if phrase else []
        return self._idea(
            "far", index, 3.2, rank, f"{self._who(scene.subject)} seen from afar in {scene.place}",
            captions, idea.shot.cast, idea.shot.props,
        )  # fmt: skip

    def _close(self) -> Idea:
        """What is left in the end."""
        index = len(self._scenes) - 1
        scene = self._scenes[index]
        hero = self._company.members[0]
        member = hero if hero in scene.cast else scene.subject
        emotion = scene.emotion if member is scene.subject else scene.answer[1]
        pose = _BEARING[emotion][0]
        if scene.pose in _MOVING and member is scene.subject:
            pose = scene.pose
        figures = [(member, pose, emotion)]
        other = next((m for m in scene.cast if m is not member), None)
        if other is not None and self._company.dice.roll("close", 2):
            figures.append((other, *scene.answer))
        cast = self._block(figures, Angle.EYE)
        for figure in cast:
            if pose in _MOVING and len(cast) == 1:
                figure.facing = Facing.FRONT_LEFT if self._flip else Facing.FRONT_RIGHT
        things = scene.things[-1:]
        props = self._dress(things, cast, member.ids[0], pose)
        captions = self._acts(member, pose, emotion, things, things)
        if other is not None and len(cast) > 1:
            captions = [*self._met(member, other), *captions]
        return self._idea(
            "close", index, 9, 1, f"{self._who(member)} at the end, {emotion.value}", captions,
            cast, props,
        )  # fmt: skip

    # --- staging --------------------------------------------------------------------------------

    def _idea(
        self,
        kind: str,
        index: int,
        place: float,
        rank: float,
        action: str,
        captions: list[str],
        cast: list[CastMember],
        props: list[PropItem],
    ) -> Idea:
        scene = self._scenes[index]
        shot = write(
            Shot,
            number=_DRAFT_NUMBER,
            place=scene.place,
            setting=scene.setting,
            time=scene.time,
            weather=scene.weather,
            cast=[member.model_copy() for member in cast],
            props=[prop.model_copy() for prop in props],
            action=action[0].upper() + action[1:],
        )
        name = captions[0].strip("….") if captions and not cast else ""
        if cast:
            name = self._phrase(self._company.member(cast[0].character))
        if not name and scene.places:
            item = scene.places[0][0]
            name = self._phrases.noun(item.noun, item.start)
        name = name or next((thing.phrase for thing in scene.things), "")
        return Idea(kind, (index, place), rank, shot, CAMERAS[kind], captions, name)

    def _block(
        self, figures: list[tuple[Member, Pose, Emotion]], angle: Angle, beside: bool = False
    ) -> list[CastMember]:
        """Figures on the set, the several of a member all with its pose."""
        lines: list[str] = []
        for member, pose, emotion in figures:
            if pose in _TOGETHER and sum(len(m.ids) for m, _, _ in figures) == 1:
                pose = _BEARING[emotion][0]
            copies = [member.slot, *(f"{member.slot}+{n}" for n in range(1, len(member.ids)))]
            way = f" {Facing.FRONT_RIGHT.value}" if pose in _MOVING and len(figures) == 1 else ""
            lines += [f"{slot} {pose.value} {emotion.value}{way}" for slot in copies]
        flip = self._flip ^ beside  # where they stand beside the first
        return film.block(lines[:_MOST_CAST], self._company.characters, angle, flip)

    def _holdable(self, thing: Thing, member: Member) -> bool:
        """Whether a hand may hold it: it is small, of this earth, and told of after its holder."""
        if self._company.characters[member.slot].look.kind is Kind.ANIMAL and not self._bites:
            return False
        first = min(member.spots, default=-1)
        told = not thing.spots or max(thing.spots) > first
        return is_small(thing) and thing.item.english.word.lower() not in _AFAR and told

    def _dress(
        self,
        things: list[Thing],
        cast: list[CastMember],
        holder: str,
        pose: Pose | None,
        scene: Scene | None = None,
    ) -> list[PropItem]:
        """Things in hands and on free ground."""
        stands = {member.character: member for member in cast}
        taken = {member.position for member in cast}
        spots = [p for p in _SPOTS if p not in taken] + [p for p in _SPOTS if p in taken]
        props: list[PropItem] = []
        free = holder in stands and pose in HOLDS
        rider = next((m for m in cast if m.pose is Pose.RIDING), None)
        for thing in things:
            prop = thing.prop
            if rider is not None and prop.kind in film.RIDDEN:
                where, depth, held = rider.position, rider.depth, rider.character
                rider = None
            elif free and self._holdable(thing, self._company.member(holder)):
                member = stands[holder]
                where, depth, held = member.position, member.depth, holder
                free = False
            else:
                where, held = spots[len(props) % len(spots)], None
                far = thing.item.english.word.lower() in _AFAR or is_large(thing)
                depth = Depth.BACKGROUND if far and cast else Depth.MIDGROUND
            props.append(
                prop.model_copy(update={"position": where, "depth": depth, "held_by": held})
            )
        if rider is not None and scene is not None:
            props.append(
                PropItem(
                    kind=PropKind.HORSE, position=rider.position, depth=rider.depth,
                    held_by=rider.character,
                )
            )  # fmt: skip
        return props

    # --- words ----------------------------------------------------------------------------------

    def _who(self, member: Member) -> str:
        return f"{self._company.english[member.slot]}"

    def _phrase(self, member: Member) -> str:
        """As the logline calls somebody; empty if it does not."""
        return member.phrase if member.actor.start >= 0 else ""

    def _acts(
        self,
        member: Member,
        pose: Pose,
        emotion: Emotion,
        held: Iterable[Thing] = (),
        seen: Iterable[Thing] = (),
    ) -> list[str]:
        """What one somebody does, alone or with things, as sentences."""
        if member.actor.start < 0:
            return []
        book = words()
        told = self._lines(book.react[emotion], member)
        if pose in book.act:
            told = [*self._lines(book.act[pose], member), *told]
        things = [thing for thing in held if is_small(thing) and pose in HOLDS]
        with_ = [line for t in things for line in self._lines(book.holds, member, t.item.noun)]
        at = [line for t in seen for line in self._lines(book.looks, member, t.item.noun)]
        first = self._company.dice.roll(f"with {member.slot} {pose.value}", 2)
        with_ = [*at[:1], *with_, *at[1:]]
        return [*told[:first], *with_[:1], *told[first:], *with_[1:]]

    def _met(self, member: Member, other: Member) -> list[str]:
        """What one of two does to the other."""
        if min(member.actor.start, other.actor.start) < 0 or len(other.ids) > 1:
            return []
        return self._lines(words().faces, member, other.actor.noun)

    def _lines(self, said: Said, member: Member, other: Noun | None = None) -> list[str]:
        """Wordings about somebody, from one drawn by dice on."""
        lines = said[self._language]
        who = self._company.nouns[member.slot]
        if other is not None and type(other) is not type(who):
            return []
        if isinstance(who, English) and who.sex not in ("m", "f", "n"):
            lines = tuple(line for line in lines if "{who:h" not in line)
        if len(member.ids) > 1:
            who = several(self._phrase(member), self._language)
            lines = tuple(filter(None, (plural(line, self._language) for line in lines)))
        if not lines:
            return []
        given = {"who": who, "what": other or who}
        start = self._company.dice.roll(f"{member.slot} {lines[0]}", len(lines))
        return [fill(lines[(start + n) % len(lines)], given) for n in range(len(lines))]

    def _whole(self, thing: Thing) -> str:
        """A thing as the logline calls it, with what it is full or made of."""
        reading = self._company.reading
        english = reading.language == "en"
        return wholes.with_of(reading.logline, thing.phrase) if english else thing.phrase

    def _where(self, item: Item) -> str:
        """A place with its preposition, where the logline has one."""
        reading = self._company.reading
        forms = item.noun.forms if isinstance(item.noun, Russian) else ()
        return sentence(wholes.where(reading.logline, item.start, reading.language, forms))

    def _placed(self, scene: Scene) -> str:
        """The subject in its place: "The engineer on a dying space station."."""
        member, reading = scene.subject, self._company.reading
        if member.actor.start < 0 or not scene.places or self._language != reading.language:
            return ""
        place = self._where(scene.places[0][0]).rstrip(".")
        who = member.phrase if len(member.ids) > 1 else f"{member.actor.noun}"
        place = place[:1].lower() + place[1:]
        return sentence(f"{who} {place}") if place else ""


def _beside(scene: Scene, member: Member) -> bool:
    """Whether several stand right beside one who comes first, on the other side than alone."""
    row = sorted(scene.cast, key=lambda other: other.slot != "hero")
    ahead = row[: row.index(member)] if member in row else []
    return len(member.ids) > 1 and sum(len(other.ids) for other in ahead) == 1


def _single(member: Member) -> Member:
    """Only the first of several, for a view of two."""
    return Member(member.slot, member.actor, member.phrase, member.ids[:1])


_SPOTS = [
    Position.RIGHT, Position.FAR_LEFT, Position.FAR_RIGHT, Position.LEFT, Position.CENTER,
]  # fmt: skip
_MOUTH = re.compile(r"\b(?:mouth|teeth|beak|jaws|зубах|пасти|клюве|ауз(?:ын|ы)|тіс)", re.IGNORECASE)
"""Where an animal holds what it holds."""
_AFAR = {"sky", "storm", "rain", "snow", "volcano", "wind", "fog"}
"""What no hand holds."""
