"""What the staging lint finds in random stories: faults per kind.

    python benchmarks/staging_lint.py [--stories 500] [--shots 3] [--seed 1] [--json] [--show KIND]

Stories have a random cast (people, children, robots, animals), props, stand-ins, sets, formats,
sizes and angles, as planners write them. The last line on stdout with ``--json`` is
``{"stories", "shots", "findings": {kind: count}, "shots_with_faults", "ms_per_shot"}``.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from enum import Enum
from typing import TypeVar

from aldar_storyboard.storyboard import sets
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.staging.blocking.measures import PROPS
from aldar_storyboard.storyboard.staging.lint import Fault, lint_shot
from aldar_storyboard.storyboard.story import (
    Age,
    Angle,
    Beard,
    BoardFormat,
    Build,
    Bulk,
    CastMember,
    Character,
    Depth,
    DialogueLine,
    Emotion,
    Facing,
    Garment,
    Hair,
    Hat,
    Kind,
    Look,
    Move,
    Pose,
    Position,
    PropItem,
    PropKind,
    Sex,
    Shot,
    Size,
    Story,
    Time,
)

T = TypeVar("T", bound=Enum)
_LINES = ("No.", "We have to leave now.", "Nobody ever told me what is behind that door, and why.")
_DONE = ("waits", "talks to people", "looks around", "walks through the crowd", "turns away")
_ANIMALS = [kind for kind, size in PROPS.items() if size.animal]


def _any(dice: random.Random, values: type[T]) -> T:
    return dice.choice(list(values))


def random_look(dice: random.Random) -> Look:
    """Anybody: mostly grown people, some children, robots and animals."""
    kind = dice.choices(
        [Kind.PERSON, Kind.CHILD, Kind.ROBOT, Kind.ANIMAL, Kind.MANNEQUIN], [12, 4, 2, 4, 1]
    )[0]
    return Look(
        kind=kind,
        species=dice.choice(_ANIMALS) if kind is Kind.ANIMAL else None,
        sex=_any(dice, Sex),
        age=_any(dice, Age),
        build=_any(dice, Build),
        hair=_any(dice, Hair),
        hat=_any(dice, Hat) if dice.random() < 0.4 else Hat.NONE,
        beard=_any(dice, Beard) if dice.random() < 0.2 else Beard.NONE,
        garment=_any(dice, Garment),
        glasses=dice.random() < 0.1,
    )


def random_prop(dice: random.Random, cast: Sequence[CastMember]) -> PropItem:
    """A thing on the ground or in somebody's hands; now and then one without a drawing."""
    kind = PropKind.THING if dice.random() < 0.3 else _any(dice, PropKind)
    thing = kind is PropKind.THING
    return PropItem(
        kind=kind,
        name="strange device" if thing else "",
        label="Device" if thing else "",
        bulk=_any(dice, Bulk) if thing else None,
        position=_any(dice, Position),
        depth=_any(dice, Depth),
        held_by=dice.choice(cast).character if cast and dice.random() < 0.35 else None,
    )


def random_shot(dice: random.Random, number: int, ids: Sequence[str]) -> Shot:
    """A shot as planners write them: places of their own for up to five of the cast."""
    count = dice.choices(range(min(5, len(ids)) + 1), [1, 8, 9, 4, 2, 1][: len(ids) + 1])[0]
    places = sorted(dice.sample(list(Position), count), key=list(Position).index)
    contact = dice.choice((Pose.EMBRACING, Pose.SHAKING_HANDS, Pose.FIGHTING))
    paired = count >= 2 and dice.random() < 0.12
    cast = [
        CastMember(
            character=who,
            pose=contact if paired and index < 2 else _any(dice, Pose),
            emotion=_any(dice, Emotion),
            facing=_any(dice, Facing),
            position=place,
            depth=dice.choices(list(Depth), [1, 6, 1])[0],
        )
        for index, (who, place) in enumerate(zip(dice.sample(list(ids), count), places))
    ]
    props = [random_prop(dice, cast) for _ in range(dice.choices(range(4), [3, 4, 2, 1])[0])]
    lines = [
        DialogueLine(character=member.character, text=dice.choice(_LINES))
        for member in cast[:2]
        if dice.random() < 0.4
    ]
    return Shot(
        number=number,
        place="a place",
        setting=dice.choice(sets.names()),
        time=_any(dice, Time),
        size=_any(dice, Size),
        angle=dice.choices(list(Angle), [6, 1, 1, 1, 1, 1])[0],
        move=_any(dice, Move),
        cast=cast,
        props=props,
        action=dice.choice(_DONE) if cast else "the place lies still",
        caption="Something happens here that nobody has expected." if dice.random() < 0.8 else "",
        dialogue=lines,
    )


def random_story(seed: int, shots: int) -> Story:
    """The story of a seed; always the same."""
    dice = random.Random(seed)
    ids = [f"c{index}" for index in range(dice.randint(1, 5))]
    return Story(
        title="t",
        logline="l",
        format=_any(dice, BoardFormat),
        characters=[
            Character(id=i, name=i.upper(), description="somebody", look=random_look(dice))
            for i in ids
        ],
        shots=[random_shot(dice, number, ids) for number in range(1, shots + 1)],
    )


def measure(stories: int, shots: int, seed: int, show: str = "") -> dict[str, object]:
    """Lint the stories of the seeds from ``seed`` on, at half their size."""
    counts: Counter[str] = Counter({fault.value: 0 for fault in Fault})
    faulty, spent = 0, 0.0
    for index in range(seed, seed + stories):
        story = random_story(index, shots)
        width, height = story.format.pixels
        for shot in story.shots:
            start = time.process_time()
            staging = stage(story, shot, (width // 2, height // 2))
            findings = lint_shot(staging)
            spent += time.process_time() - start
            faulty += bool(findings)
            counts.update({finding.fault.value for finding in findings})
            for finding in findings:
                if finding.fault.value == show:
                    print(index, finding, shot.size.value, shot.angle.value, story.format.value)
    return {
        "stories": stories,
        "shots": stories * shots,
        "findings": dict(sorted(counts.items())),
        "shots_with_faults": faulty,
        "ms_per_shot": round(spent / (stories * shots) * 1000, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stories", type=int, default=500)
    parser.add_argument("--shots", type=int, default=3, help="of each story")
    parser.add_argument("--seed", type=int, default=1, help="of the first story")
    parser.add_argument("--show", default="", metavar="KIND", help="print every finding of a kind")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    numbers = measure(arguments.stories, arguments.shots, arguments.seed, arguments.show)
    if arguments.json:
        print(json.dumps(numbers))
        return
    for name, value in numbers.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
