"""Scripts in Fountain: what of a screenplay reaches the board."""

import pytest
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.planning import import_fountain
from aldar_storyboard.storyboard.story import Size, Story, Time

ENGLISH = """\
Title: The Magic Horse
Author: Somebody
Logline: A trickster sells a miser his own gold.

INT. YURT OF THE BAI - NIGHT #1#

The Bai counts his gold over an open chest.

ALDAR KOSE
(whispering)
What a fortune!

BAI (O.S.)
Who is there?

/* A scene nobody shall see. */

EXT. STEPPE - DAWN

= They meet.

Aldar leads an old horse. [[Slowly?]] MARIAM walks beside him.

MARIAM
Good luck.

ALDAR KOSE ^
Thank you.

> CUT TO:

EXT. RIVER - CONTINUOUS

!THE HORSE DRINKS.

> THE END <
"""

RUSSIAN = """\
Title: Волшебный конь

ИНТ. ЮРТА БАЯ - НОЧЬ

Бай считает золото. Алдар Косе заглядывает в дверь.

АЛДАР КОСЕ
Ну и богатство!

НАТ. СТЕПЬ - УТРО

Алдар ведёт коня. Асель машет ему рукой.

АСЕЛЬ (З.К.)
Удачи!
"""


def script(text: str, **options) -> Story:
    story = import_fountain(text, **options)
    assert Story.from_json(story.to_json()) == story
    return story


def cast(story: Story, shot: int) -> list[str]:
    return [story.character(m.character).name for m in story.shots[shot - 1].cast]


def spoken(story: Story, shot: int) -> list[tuple[str, str]]:
    lines = story.shots[shot - 1].dialogue
    return [(story.character(line.character).name, line.text) for line in lines]


def test_a_script_becomes_a_shot_for_each_paragraph_of_action():
    story = script(ENGLISH)
    assert story.title == "The Magic Horse"
    assert story.logline == "A trickster sells a miser his own gold."
    assert story.planner.kind == "script"
    assert [shot.action for shot in story.shots] == [
        "The Bai counts his gold over an open chest",
        "Aldar leads an old horse. MARIAM walks beside him",
        "THE HORSE DRINKS",
    ]
    assert story.shots[0].caption == "The Bai counts his gold over an open chest."


def test_headings_give_place_setting_and_time():
    shots = script(ENGLISH).shots
    assert [shot.setting for shot in shots] == [
        "yurt_inside",
        "steppe",
        "river",
    ]
    assert [shot.place for shot in shots] == ["yurt of the bai", "steppe", "river"]
    # CONTINUOUS is no time of day: it stays as it was.
    assert [shot.time for shot in shots] == [Time.NIGHT, Time.DAWN, Time.DAWN]


def test_dialogue_belongs_to_the_action_before_it():
    story = script(ENGLISH)
    assert spoken(story, 1) == [("Aldar Kose", "What a fortune!"), ("Bai", "Who is there?")]
    assert spoken(story, 2) == [("Mariam", "Good luck."), ("Aldar Kose", "Thank you.")]
    assert story.shots[0].cast[0].action == "whispering"


def test_the_cast_of_a_shot_speaks_or_is_named_in_it():
    story = script(ENGLISH)
    assert cast(story, 1) == ["Aldar Kose", "Bai"]
    assert cast(story, 2) == ["Aldar Kose", "Mariam"]
    assert cast(story, 3) == []
    assert [p.kind.value for p in story.shots[1].props] == ["horse"]


def test_people_keep_their_side_and_face_each_other():
    story = script(ENGLISH)
    sides = {
        (story.character(m.character).name, m.position.value, m.facing.value)
        for shot in story.shots
        for m in shot.cast
    }
    assert ("Aldar Kose", "left", "front_right") in sides
    assert ("Bai", "right", "front_left") in sides
    assert len([side for side in sides if side[0] == "Aldar Kose"]) == 1


def test_the_known_hero_comes_first_with_his_trigger_and_roles_get_their_look():
    story = script(ENGLISH)
    assert [c.name for c in story.characters] == ["Aldar Kose", "Bai", "Mariam"]
    assert [c.trigger for c in story.characters] == ["aldar_kose_man", "", ""]
    assert "beard" in story.characters[1].description
    assert all(c.description for c in story.characters)


def test_a_voice_alone_shows_nobody():
    story = script("EXT. ROAD - DAY\n\nAn empty road.\n\nMARY (V.O.)\nIt was long ago.\n")
    assert cast(story, 1) == []
    assert spoken(story, 1) == [("Mary", "It was long ago.")]
    assert not story.shots[0].face_visible


def test_notes_boneyard_transitions_and_titles_are_not_shown():
    text = script(ENGLISH).to_json()
    for hidden in ("Slowly", "nobody shall see", "CUT TO", "THE END", "They meet"):
        assert hidden not in text


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_russian_headings_and_names_are_read(newline: str):
    story = script("\ufeff" + RUSSIAN.replace("\n", newline))
    assert story.language == "ru"
    assert [shot.setting for shot in story.shots] == ["yurt_inside", "steppe"]
    assert [shot.time.value for shot in story.shots] == ["night", "dawn"]
    assert cast(story, 1) == ["Алдар Косе", "Бай"]
    assert cast(story, 2) == ["Алдар Косе", "Асель"]
    assert story.shots[0].caption == "Бай считает золото. Алдар Косе заглядывает в дверь."


def test_prompts_of_a_russian_script_are_english():
    story = script(RUSSIAN)
    for shot in story.shots:
        assert shot.action.isascii()
        assert shot.place.isascii()
    assert "gold" in story.shots[0].action
    assert "English" in story.planner.note


def test_kazakh_headings_are_read():
    story = script("СЫРТ. ДАЛА - ТҮН\n\nАлдар Көсе атын жетелеп келеді. Қасында сараң бай бар.\n")
    assert (story.language, story.shots[0].time) == ("kk", Time.NIGHT)
    assert story.shots[0].setting == "steppe"


def test_a_scene_opens_wide_and_speech_is_close():
    story = script("INT. ROOM - DAY\n\nAnn waits.\n\nAnn smiles.\n\nANN\nAt last.\n")
    assert [shot.size for shot in story.shots] == [Size.WIDE, Size.MEDIUM_CLOSE_UP]
    assert [shot.face_visible for shot in story.shots] == [False, True]


def test_long_paragraphs_and_speeches_are_cut_between_sentences():
    action = " ".join(f"Sentence number {n} of the long paragraph." for n in range(20))
    speech = " ".join(f"And {n} more things I have to say about it." for n in range(40))
    story = script(f"INT. ROOM - DAY\n\n{action}\n\nANN\n{speech}\n")
    assert " ".join(shot.caption for shot in story.shots if shot.caption) == action
    lines = [line.text for shot in story.shots for line in shot.dialogue]
    assert " ".join(lines) == speech
    assert all(shot.dialogue == [] or len(shot.dialogue) <= 4 for shot in story.shots)
    assert all(2 <= shot.duration <= 60 for shot in story.shots)


def test_two_guards_are_two_people():
    story = script("INT. ROOM - DAY\n\nTwo men.\n\nGUARD ONE\nHalt!\n\nGUARD TWO\nWho goes?\n")
    assert [c.name for c in story.characters] == ["Guard One", "Guard Two"]
    assert story.characters[0].look != story.characters[1].look


def test_frames_are_taken_from_the_beginning_and_the_rest_is_told():
    text = "INT. ROOM - DAY\n\n" + "\n\n".join(f"Thing {n} happens." for n in range(100))
    story = script(text)
    assert len(story.shots) == 60
    assert "100 shots; the first 60" in story.planner.note
    story = script(text, frames=3)
    assert [shot.caption for shot in story.shots] == [f"Thing {n} happens." for n in range(3)]


def test_many_speakers_are_not_too_many():
    text = "INT. ROOM - DAY\n\nA crowd.\n" + "".join(f"\nP{chr(65 + n)}X\nHi.\n" for n in range(26))
    story = script(text)
    assert len(story.characters) == 20
    assert max(len(shot.cast) for shot in story.shots) <= 5


def test_prompt_syntax_in_a_script_is_only_words():
    story = script("INT. <lora:x:1> - DAY\n\nA fox (red:1.5) embedding:evil runs <lora:y:2> on.\n")
    assert "lora" not in story.to_json()
    assert "embedding" not in story.to_json()


@pytest.mark.parametrize(
    "text", ["", "   \n\n", "Title: X\n\n", "EXT. STEPPE - DAY\n\n> CUT TO:\n"]
)
def test_a_script_that_shows_nothing_is_told(text: str):
    with pytest.raises(AldarError) as caught:
        import_fountain(text)
    assert caught.value.code == "script_invalid"
    assert "EXT." in caught.value.hint


def test_a_script_that_is_far_too_long_is_told():
    with pytest.raises(AldarError) as caught:
        import_fountain("word " * 200_000)
    assert caught.value.code == "script_invalid"


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ({"frames": 0}, "frames_out_of_range"),
        ({"style": "nonsense"}, "option_invalid"),
        ({"language": "de"}, "option_invalid"),
    ],
)
def test_options_are_checked_as_for_a_logline(option: dict, code: str):
    with pytest.raises(AldarError) as caught:
        import_fountain(ENGLISH, **option)
    assert caught.value.code == code
