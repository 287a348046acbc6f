"""A script becomes a story: every moment of a scene a shot (:mod:`.screenplay`).

A scene heading gives place and time, :mod:`.persons` who is there, :mod:`.angles` the camera.
What people do and feel, what they look like and which things can be drawn comes from the words
that the offline planner knows. Nothing is invented: the script is the plan.
"""

from __future__ import annotations

import re

from ...story import MAX_FRAMES, MAX_LOGLINE, BoardFormat, Planner, Story
from ..draft.wording import spoken
from ..offline.language import Language, detect
from . import screenplay
from .persons import Persons
from .screenplay import Moment, Scene
from .shooting import Shooting


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
    tongue = language or detect(f"{written} {spoke}")
    persons = Persons([moment for _, moment in kept], tongue)
    shots = Shooting(persons, tongue).make(kept)
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
