"""The quick test of mission row S4.4: five fixed shots of one character, the face visible in all.

Each shot after the first changes one more of what breaks an identity in practice: the angle of
the head, the expression, the light and the place, the size of the face and what the body does.
"""

from __future__ import annotations

from typing import Any

from ...prompts.compose import check_style
from ...story import BoardFormat, Planner, Story
from ..offline import language
from .portrait import portray

_TITLES = {"en": "{}: identity test", "ru": "{}: проверка облика", "kk": "{}: бейнені тексеру"}
_LOGLINES = {
    "en": "Five frames of one character: is it the same one in all of them?",
    "ru": "Пять кадров одного персонажа: он ли это в каждом?",
    "kk": "Бір кейіпкердің бес кадры: барлығында сол ма?",
}
_CAPTIONS = {
    "en": (
        "The face from the front",
        "The head turned aside",
        "Another expression",
        "Another light and place",
        "Further away and in action",
    ),
    "ru": (
        "Лицо прямо",
        "Голова повёрнута",
        "Другое выражение лица",
        "Другой свет и другое место",
        "Дальше от камеры и в движении",
    ),
    "kk": (
        "Жүзі тура алдынан",
        "Басы бұрылған",
        "Басқа көңіл күй",
        "Басқа жарық пен басқа орын",
        "Алысырақ әрі қимыл үстінде",
    ),
}
_SHOTS: tuple[tuple[dict[str, str], dict[str, str]], ...] = (
    (
        {"size": "CU", "place": "the open steppe", "action": "looks straight at the viewer"},
        {},
    ),
    (
        {"size": "MCU", "place": "the open steppe", "action": "arms crossed, three-quarter view"},
        {"facing": "front_right", "pose": "arms_crossed"},
    ),
    (
        {
            "size": "MCU",
            "place": "outside a felt yurt",
            "setting": "yurt_outside",
            "action": "laughing out loud, head thrown back",
        },
        {"pose": "laughing", "emotion": "laughing"},
    ),
    (
        {
            "size": "MS",
            "place": "inside a felt yurt at night",
            "setting": "yurt_inside",
            "time": "night",
            "action": "warming both hands by the fire",
        },
        {"facing": "front_left", "pose": "holding", "emotion": "curious"},
    ),
    (
        {
            "size": "MLS",
            "place": "a river bank at sunset",
            "setting": "river",
            "time": "sunset",
            "action": "pointing into the distance",
        },
        {"facing": "front_right", "pose": "pointing", "emotion": "happy"},
    ),
)
"""(shot, how the character stands in it)."""


def plan_identity_test(
    name: str,
    description: str,
    trigger: str,
    *,
    format: BoardFormat = BoardFormat.SQUARE,
    style: str = "storybook",
) -> Story:
    """Plan the five shots.

    :param description: the whole character sheet, in English; empty for Aldar Köse's own.
    :param trigger: trigger word of the character's LoRA, or nothing.
    :raises InputError: ``option_invalid`` without a name or for a style that does not exist,
        ``story_invalid`` if the character does not fit the story schema.
    """
    check_style(style)
    hero = portray(name, description, trigger)
    tongue = language.detect(name)
    note = "five fixed shots; no language model was used"
    data = {
        "title": _TITLES[tongue].format(hero["name"]),
        "logline": _LOGLINES[tongue],
        "language": tongue,
        "format": format.value,
        "style": style,
        "characters": [hero],
        "shots": [
            _shot(number, hero["id"], shot, member, caption)
            for number, ((shot, member), caption) in enumerate(
                zip(_SHOTS, _CAPTIONS[tongue], strict=True), 1
            )
        ],
        "planner": Planner(kind="offline", note=note).model_dump(mode="json"),
    }
    return Story.parse(data, "the identity test")


def _shot(
    number: int, hero: str, shot: dict[str, str], member: dict[str, str], caption: str
) -> dict[str, Any]:
    cast = [{"character": hero, "action": shot["action"], **member}]
    return {"number": number, "cast": cast, "caption": caption, "face_visible": True, **shot}
