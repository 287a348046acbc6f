"""Scripts as people write them: each file of ``tests/data/scripts`` and what it must give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aldar_storyboard.runner.run.story_file import path_of, read_script
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.planning import import_fountain
from aldar_storyboard.storyboard.planning.script import fountain
from aldar_storyboard.storyboard.story import Story

SCRIPTS = Path(__file__).parents[1] / "data" / "scripts"


def load(name: str) -> Story:
    text, _ = read_script(SCRIPTS / name)
    story = import_fountain(text)
    assert Story.from_json(story.to_json()) == story
    return story


def script(text: str) -> Story:
    return import_fountain(text)


def shots(story: Story) -> list[tuple[str, str, list[str]]]:
    """(place, time, names of the cast) of every shot."""
    return [
        (s.place, s.time.value, [story.character(m.character).name for m in s.cast])
        for s in story.shots
    ]


def sheet(story: Story, name: str) -> str:
    return next(c.description for c in story.characters if c.name == name)


CASES = {
    "int_ext.fountain": [
        ("pickup truck", "night", ["Nora"]),
        ("gas station", "night", ["Nora"]),
        ("st. mary's church", "day", ["Nora"]),
        ("dr. weiss's office", "day", ["Nora"]),
        ("mt. elbrus", "dawn", ["Nora"]),
    ],
    "heading_no_blank.fountain": [
        ("dr. morose's lair", "night", ["Agnus"]),
        ("surface of the sun", "day", ["Agnus"]),
    ],
    "guards.fountain": [
        ("gate", "day", ["Guard One", "Guard Two"]),
        ("wall", "night", ["Guard One"]),
        ("palace", "day", ["Mr. Smith", "Mr. Jones"]),
        ("garden", "day", ["Mr. Smith"]),
    ],
    "numbered.fountain": [("kitchen", "night", ["Ann"]), ("yard", "day", ["Ann"])],
    "spaces_in_blank_lines.fountain": [("room", "day", ["Ann"]), ("room", "day", ["Ann"])],
    "synopsis.fountain": [
        ("stable", "day", ["Boy"]),
        ("stable", "day", ["Boy"]),
        ("house", "night", ["Boy"]),
    ],
    "fade_in.fountain": [("steppe", "day", ["Rider"])],
    "first_line_colon.fountain": [
        ("open country", "day", ["Nora"]),
        ("cellar", "night", ["Nora"]),
    ],
    "crlf_bom_dual.fountain": [("room", "day", ["Brick", "Steel"])],
    "dual.fdx": [
        ("pickup truck", "night", ["Nora"]),
        ("pickup truck", "night", ["Nora"]),
        ("gas station", "dawn", ["Nora"]),
    ],
}


@pytest.mark.parametrize("name", CASES)
def test_a_script_gives_its_places_times_and_people(name: str):
    assert shots(load(name)) == CASES[name]


def test_every_kind_of_int_ext_is_a_heading():
    for side in ("INT./EXT.", "EXT./INT.", "INT/EXT", "I/E.", "I/E", "E/I", "INT. / EXT.", "int.",
                 "ИНТ./НАТ.", "НАТ.", "ИНТ.", "НАТУРА.", "ИНТЕРЬЕР.", "ПАВ.", "ІШКІ.", "СЫРТ.",
                 "EST.", "EXTERIOR:"):  # fmt: skip
        assert fountain.is_heading(f"{side} TRUCK - NIGHT"), side
    for line in ("Internal affairs", "Exit the room.", "Est modus", "Intense", "Ната идёт.",
                 "Natasha waits", "INT.", "Интересно."):  # fmt: skip
        assert not fountain.is_heading(line), line


@pytest.mark.parametrize(
    "heading",
    [
        "1. INT. KITCHEN - NIGHT",
        "1.INT. KITCHEN - NIGHT",
        "12A INT. KITCHEN - NIGHT 12A",
        "1-3. ИНТ. KITCHEN - НОЧЬ",
        "12 INT. KITCHEN - NIGHT 12",
        "INT. KITCHEN - NIGHT #12-A#",
        "СЦЕНА 3. ИНТ. KITCHEN. НОЧЬ",
        ".INT. KITCHEN -- NIGHT",
        "INT KITCHEN NIGHT",
        "INT. KITCHEN, NIGHT",
        "INT. KITCHEN (NIGHT)",
        "INT. KITCHEN - LATE AT NIGHT",
        "\tINT.\u00a0KITCHEN\u00a0–\u00a0NIGHT",
    ],
)
def test_headings_are_read_without_their_numbers(heading: str):
    story = script(f"EXT. STEPPE - DAY\n\nWind.\n\n{heading}\nAnn waits.\n")
    assert shots(story)[1] == ("kitchen", "night", ["Ann"])


def test_russian_headings_with_full_stops():
    story = script(
        "НАТУРА. СТЕПЬ. ДЕНЬ\n\nБай идёт.\n\n1-3. ИНТ./НАТ. ЮРТА БАЯ. НОЧЬ\n\nБай спит.\n"
    )
    assert [(s.setting, s.time.value) for s in story.shots] == [
        ("steppe", "day"),
        ("yurt_inside", "night"),
    ]


def test_blank_lines_may_hold_blanks():
    text = (SCRIPTS / "spaces_in_blank_lines.fountain").read_text("utf-8")
    assert script(text) == script(re.sub(r"(?m)^[ ]+$", "", text))
    assert load("spaces_in_blank_lines.fountain").title == "Spaces"


def test_synopses_sections_and_marks_are_on_no_panel():
    story = load("synopsis.fountain")
    assert [shot.caption for shot in story.shots] == [
        "A boy brushes a horse.",
        "The boy cries.",
        "The boy packs a bag.",
    ]
    assert story.shots[2].dialogue[0].text == "I am going home, going home"
    for hidden in ("Act one", "Sequence", "hero wants", "lies to", "truth"):
        assert hidden not in story.to_json()


@pytest.mark.parametrize(
    "line",
    ["FADE IN:", "FADE OUT.", "THE END", "END", "КОНЕЦ", "КОНЕЦ ФИЛЬМА", "ИЗ ЗТМ.", "ЗТМ", "СОҢЫ",
     "CUT TO:", "SMASH CUT TO:", "DISSOLVE TO:", "> WIPE <", "> Intermission <", "(CONTINUED)",
     "CONTINUED:", "12.", "===", "FADE TO BLACK.", "END OF ACT ONE", "INTERCUT - PHONE CALL",
     "MOMENTS LATER", "MONTAGE - NORA TRAINS", "TEASER", "ACT TWO", "BLACK.", "COLD OPEN"],
)  # fmt: skip
def test_what_joins_shots_is_no_shot(line: str):
    story = script(f"{line}\n\nINT. ROOM - DAY\n\nAnn waits.\n\n{line}\n\nAnn smiles.\n\n{line}\n")
    assert [shot.caption for shot in story.shots] == ["Ann waits.", "Ann smiles."]


def test_a_transition_and_a_heading_may_share_a_line():
    assert shots(script("FADE IN: EXT. STEPPE - NIGHT\nAnn waits."))[0][:2] == ("steppe", "night")


def test_notes_over_paragraphs_and_boneyards_are_gone():
    story = script(
        "INT. ROOM - DAY\n\nAnn waits. [[One\n\ntwo\n\nthree]]\n\n/* INT. NOWHERE\n\nBob. */\n\n"
        "Ann smiles [[here]] again.\n"
    )
    assert [shot.caption for shot in story.shots] == ["Ann waits.", "Ann smiles again."]


@pytest.mark.parametrize(
    "page",
    [
        "Title: Gold\nAuthor: A\n\n",
        "Title: Gold\n\nAuthor: A\n\n\nDraft date: 1/1/2026\n\n",
        "Title:\n    **Gold**\nCredit: by\nAuthor:\n\tA\n\n",
        "Title:\n\n    Gold\n\nContact:\n    x\n    y\n\n",
        "Episode: 3\nTitle: Gold\n\n",
        "Title: Gold\n",
        "\n\nTITLE: Gold\n   \nSource: a book\n\n",
        "Название: Gold\nАвтор: Кто-то\n\n",
    ],
)
def test_title_pages_with_odd_gaps(page: str):
    story = script(f"{page}INT. ROOM - DAY\n\nAnn waits.\n")
    assert (story.title, len(story.shots)) == ("Gold", 1)


@pytest.mark.parametrize("line", ["Nora whispers: come.", "CLOSE ON: a knife.", "A sign: GO."])
def test_a_first_line_with_a_colon_is_a_shot(line: str):
    assert len(script(f"{line}\n\nINT. ROOM - DAY\n\nAnn waits.\n").shots) == 2


@pytest.mark.parametrize(
    "extension",
    ["V.O.", "VO", "O.S.", "O/S", "O.C.", "OFF SCREEN", "OFF-SCREEN", "ON PHONE", "v.o.",
     "ГОЛОС ЗА КАДРОМ", "ЗК", "З.К.", "З/К", "ЗА КАДРОМ", "V.O.) (CONT'D"],
)  # fmt: skip
def test_a_voice_alone_is_no_person_present_and_no_balloon(extension: str):
    story = script(f"INT. ROOM - DAY\n\nAn empty chair.\n\nMARY ({extension})\nIt was long ago.\n")
    (shot,) = story.shots
    assert shot.cast == []
    assert [(line.off_screen, line.text) for line in shot.dialogue] == [(True, "It was long ago.")]


@pytest.mark.parametrize("extension", ["", "(CONT'D)", "(CONT’D)", "(angry)", "^"])
def test_a_speaker_is_present(extension: str):
    story = script(f"INT. ROOM - DAY\n\nA chair.\n\nMARY {extension}\nHello.\n\nMARY\nBye.\n")
    assert shots(story) == [("room", "day", ["Mary"])]


def test_one_word_of_a_name_does_not_stand_for_it():
    story = load("delivery.fountain")
    seen = {s.caption: [story.character(m.character).name for m in s.cast] for s in story.shots}
    assert [n for names in seen.values() for n in names].count("The Stranger") == 0
    assert sum("Al" in names for names in seen.values()) == 2
    story = load("bank.fountain")
    assert shots(story)[5][2] == ["The Stranger"]
    assert "Hope" not in shots(story)[0][2]
    assert shots(story)[2][2] == ["Cop #1", "Cop #2"]


def test_she_and_he_are_the_last_ones_named():
    story = script(
        "INT. ROOM - DAY\n\nNORA (34) and IVAN (40) wait.\n\nShe smiles.\n\nHe weeps.\n\n"
        "They run.\n\nHer hand shakes.\n"
    )
    assert [names for _, _, names in shots(story)] == [
        ["Nora", "Ivan"], ["Nora"], ["Ivan"], ["Nora", "Ivan"], []
    ]  # fmt: skip
    emotions = [[m.emotion.value for m in s.cast] for s in story.shots]
    assert emotions[1:3] == [["happy"], ["sad"]]
    assert [m.pose.value for m in story.shots[3].cast] == ["running", "running"]


def test_introductions_give_age_sex_and_clothes():
    story = load("delivery.fountain")
    maya = next(c for c in story.characters if c.name == "Maya")
    assert maya.description.startswith("28-year-old woman") and "red jacket" in maya.description
    assert maya.look.beard.value == "none"
    assert sheet(story, "Al").startswith("70-year-old")
    boy = script("INT. ROOM - DAY\n\nTIM (8) sits.\n\nA female courier, BO (20), waves.\n")
    assert (boy.characters[0].look.kind.value, boy.characters[1].look.beard.value) == (
        "child",
        "none",
    )
    assert "woman" in sheet(boy, "Bo")
    diner = script(
        "INT. DINER - DAY\n\nA WAITRESS (20s) smiles. Her grandson, Leo, 7, hides. "
        "DR. WEISS kneels. The doctor weeps.\n\nDR. WEISS\nHello.\n"
    )
    assert sorted(shots(diner)[0][2]) == ["Dr. Weiss", "Leo", "Waitress"]
    waitress = next(c for c in diner.characters if c.name == "Waitress")
    assert "woman" in waitress.description and waitress.look.beard.value == "none"


def test_an_exterior_is_outside_and_an_interior_inside():
    story = script(
        "".join(
            f"{heading} - DAY\n\nAnn waits.\n\n"
            for heading in ("EXT. HOUSE", "EXT. DINER", "INT. CITY APARTMENT", "INT. FOREST HUT")
        )
    )
    assert [s.setting for s in story.shots] == ["town", "town", "home", "room"]


@pytest.mark.parametrize(
    ("text", "size", "angle", "move", "caption"),
    [
        ("CLOSE ON: the knife.", "CU", "eye", "static", "The knife."),
        ("CLOSE ON THE KNIFE", "CU", "eye", "static", "THE KNIFE"),
        ("EXTREME CLOSE UP - Nora's eye.", "ECU", "eye", "static", "Nora's eye."),
        ("INSERT - LETTER\n\nIt says no.", "CU", "eye", "static", "Letter. It says no."),
        ("WIDE ON the hall. Nobody.", "WS", "eye", "static", "The hall. Nobody."),
        ("LOW ANGLE - Nora laughs.", None, "low", "static", "Nora laughs."),
        ("HIGH ANGLE: Nora.", None, "high", "static", "Nora."),
        ("OVER NORA'S SHOULDER: the door.", None, "over_shoulder", "static", "The door."),
        ("The camera pulls back from Nora.", None, "eye", "pull_out",
         "The camera pulls back from Nora."),
        ("We push in on the box.", None, "eye", "push_in", "We push in on the box."),
        ("Крупно: письмо.", "CU", "eye", "static", "Письмо."),
        ("Общий план. Степь.", "WS", "eye", "static", "Степь."),
    ],
)  # fmt: skip
def test_the_camera_does_what_the_script_says(text, size, angle, move, caption):
    shot = script(f"INT. ROOM - DAY\n\nIt is quiet.\n\n{text}\n").shots[1]
    assert (shot.angle.value, shot.move.value, shot.caption) == (angle, move, caption)
    assert size in (None, shot.size.value)


def test_a_camera_that_cuts_inside_a_paragraph_makes_a_shot():
    story = script("INT. ROOM - DAY\n\nNora enters. CLOSE ON: the knife. It gleams.\n")
    assert [(s.size.value, s.caption) for s in story.shots] == [
        ("WS", "Nora enters."), ("CU", "The knife. It gleams.")
    ]  # fmt: skip


def test_through_somebodys_eyes_that_one_is_not_seen():
    story = script("INT. ROOM - DAY\n\nNora waits.\n\nPOV - NORA\n\nThe door opens.\n")
    assert shots(story)[1][2] == []


def test_people_act_and_feel_as_the_words_say():
    shot = script("EXT. STEPPE - DAY\n\nNora rides, proud. Ivan sleeps.\n").shots[0]
    assert [(m.pose.value, m.emotion.value) for m in shot.cast] == [
        ("riding", "proud"), ("sleeping", "neutral")
    ]  # fmt: skip
    assert [(p.kind.value, p.held_by) for p in shot.props] == [("horse", "nora")]


def test_russian_and_kazakh_scripts_are_read_as_well():
    story = load("letter.fountain")
    assert story.title == "Письмо"
    assert shots(story)[2] == ("the open steppe", "day", ["Пётр", "Алия"])
    assert [m.pose.value for m in story.shots[3].cast] == ["walking", "walking"]
    assert sheet(story, "Алия").startswith("9-year-old girl")
    assert all(c.description.isascii() for c in story.characters)
    kazakh = load("magic_horse.fountain")
    assert kazakh.language == "kk"
    assert kazakh.shots[0].cast[0].pose.value == "riding"
    assert shots(kazakh)[1][2] == ["Бай", "Қыз"]


def test_what_is_in_another_language_is_said():
    story = load("chinese.fountain")
    assert "shot 1, 2 was not understood" in story.planner.note
    assert [shot.caption for shot in story.shots] == [
        "王芳把刀放在桌上，看着门口。", "李明骑着一匹马离开。"
    ]  # fmt: skip
    assert story.shots[0].dialogue[0].text == "你来了。"


def test_final_draft_is_read_with_every_run_of_a_paragraph():
    story = load("dual.fdx")
    assert story.title == "The Car"
    assert story.shots[0].caption == "Nora drives fast. Rain hits the windscreen."
    assert story.shots[1].size.value == "CU"
    lines = [(d.text, d.off_screen) for d in story.shots[1].dialogue]
    assert lines == [("Turn it off!", False), ("Heavy rain tonight & tomorrow.", True)]
    assert "too dark" not in story.to_json()


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "text",
    [
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{BOMB}]><FinalDraft>&e11;'
        "</FinalDraft>",
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<FinalDraft><Content><Paragraph><Text>&f;</Text></Paragraph></Content></FinalDraft>",
        '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><FinalDraft/>',
        "<FinalDraft><Content>",
        "<FinalDraft/>",
        '<?xml version="1.0"?><html/>',
        "<FinalDraft>" * 100_000,
    ],
)
def test_xml_that_is_no_script_or_does_something_is_refused(text: str):
    with pytest.raises(AldarError) as caught:
        import_fountain(text)
    assert caught.value.code == "script_invalid"


@pytest.mark.parametrize(
    ("text", "told"),
    [("word " * 200_000, "letters"), ("a\n\n" * 30_000, "lines"),
     ("<FinalDraft>" + "x" * 9**7 * 2, "letters")],
)  # fmt: skip
def test_a_limit_is_told(text: str, told: str):
    with pytest.raises(AldarError) as caught:
        import_fountain(text)
    assert caught.value.code == "script_invalid"
    assert re.search(rf"\d+ {told}; at most \d+", caught.value.message)


def test_too_many_people_are_told():
    cues = "".join(f"\nP{chr(65 + n)}X\nHi.\n" for n in range(26))
    story = script(f"INT. ROOM - DAY\n\nA crowd.\n{cues}")
    assert "of 26 people the 20 seen most were taken" in story.planner.note


# --- what is a path


@pytest.mark.parametrize(
    "text",
    ["script.fdx", "tale.fountain", "story.json", "my film.pdf", "gone.docx", "a.celtx", "b.rtf",
     "films/tale", "./tale", "/tmp", "films/thing.xyz", "C:\\films\\my tale.scr", "notes.TXT",
     " script.fdx "],
)  # fmt: skip
def test_what_looks_like_a_path_is_never_a_logline(text: str, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "tale").write_text("EXT. STEPPE - DAY\n\nAldar rides.\n")
    path = path_of(text)
    assert path is not None
    if path.suffix != ".json":
        with pytest.raises(AldarError) as caught:
            read_script(path)
        assert caught.value.code == "script_invalid"
        assert str(Path(text.strip())) in caught.value.message and ".fountain" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["Aldar tricks a bai.", "A hacker and/or thief meets Dr. No", "He/she lives in the U.S",
     "Aldar sells a horse... twice", "АЛДАР/БАЙ. Конь.", "Mr. Fox", "script", "v1.5 of love",
     "A tale of two.\nscript.fdx", "x" * 5000, "a\0b.fdx", ""],
)  # fmt: skip
def test_a_logline_is_no_path(text: str):
    assert path_of(text) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "windows-1251"])
def test_a_script_may_be_in_another_encoding(encoding: str, tmp_path: Path):
    file = tmp_path / "tale.fountain"
    file.write_bytes("НАТ. СТЕПЬ - НОЧЬ\r\n\r\nБай считает золото.\r\n".encode(encoding))
    text, note = read_script(file)
    assert "Бай считает золото." in text
    assert ("windows-1251" in note) == (encoding == "windows-1251")


def test_a_latin_script_of_windows_keeps_its_letters(tmp_path: Path):
    file = tmp_path / "tale.txt"
    file.write_bytes("INT. CAFÉ - DAY\n\nRenée’s tea.\n".encode("windows-1252"))
    assert read_script(file)[0].startswith("INT. CAFÉ - DAY")


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 \xff", b"PK\x03\x04\x14", b"{\\rtf1", b"\x00\x01\x02\xff", b"\xff\xfe\x00"]
)
def test_a_file_of_another_kind_is_refused_whatever_its_name(data: bytes, tmp_path: Path):
    file = tmp_path / "tale.fountain"
    file.write_bytes(data)
    with pytest.raises(AldarError) as caught:
        read_script(file)
    assert caught.value.code == "script_invalid" and str(file) in caught.value.message


@pytest.mark.parametrize(
    "heading",
    [
        "**INT. BAR - NIGHT**",
        "_EXT. BAR - NIGHT_",
        "***INT. BAR - NIGHT*** #12A#",
        "__**INT. BAR - NIGHT**__",
        "## INT. BAR - NIGHT",
        "### **INT. BAR - NIGHT**",
        "A2    INT. BAR - NIGHT    A2",
        "INNEN. BAR - NACHT",
        "AUSSEN. BAR - NACHT",
        "AUßEN. BAR - NACHT",
        "INTÉRIEUR. BAR - NUIT",
        "INT. BAR - NUIT",
        "INTERNO. BAR - NOTTE",
        "INT. BAR, NOCHE",
        "INT. BAR (NOITE)",
    ],
)
def test_headings_may_be_dressed_and_in_other_languages(heading: str):
    story = script(f"EXT. STEPPE - DAY\n\nWind.\n\n{heading}\n\nBOB waits.\n\nBOB\nHello.\n")
    assert shots(story)[1:] == [("bar", "night", ["Bob"])]


def test_words_of_other_languages_are_times_only_alone():
    story = script("INT. LASER TAG - NIGHT\n\nLights.\n\nEXT. JESSICA ALBA MUSEUM - DAY\n\nRain.\n")
    assert shots(story) == [
        ("laser tag", "night", []),
        ("jessica alba museum", "day", []),
    ]


@pytest.mark.parametrize("page", ["Titre: X\nAuteur: Y", "Titel: X", "Título: X", "Titolo: X"])
def test_title_pages_of_other_languages(page: str):
    story = script(f"{page}\n\nEXT. STEPPE - DAY\n\nWind.\n\nFIN\n")
    assert (story.title, len(story.shots)) == ("X", 1)


def test_a_title_may_be_underlined_and_bold():
    story = script("Title:\n\t_**THE LONG WAY**_\n\nEXT. STEPPE - DAY\n\nWind.\n")
    assert story.title == "THE LONG WAY"


def test_people_may_be_called_like_marks():
    story = script(
        "INT. OFFICE - DAY\n\nO.S., a hacker, types.\n\nO.S.\nDone.\n\n"
        "INT (V.O.) (CONT'D)\nFinally.\n\nWILL (O.S.)\nI will see.\n"
    )
    assert [c.name for c in story.characters] == ["O.S.", "Int", "Will"]
    lines = [(d.character, d.text, d.off_screen) for d in story.shots[0].dialogue]
    assert lines == [
        ("o_s", "Done.", False),
        ("int", "Finally.", True),
        ("will", "I will see.", True),
    ]
    assert len(story.shots) == 1


@pytest.mark.parametrize("slug", ["AT THE DOOR", "KITCHEN", "BY THE CAR", "У ДВЕРИ"])
def test_a_slug_alone_is_no_shot_of_its_own(slug: str):
    story = script(f"EXT. HOUSE - NIGHT\n\nRain.\n\n{slug}\n\nThe kettle boils.\n")
    assert [s.caption for s in story.shots] == ["Rain.", f"{slug}: The kettle boils."]


@pytest.mark.parametrize("line", ["OMITTED", "3 OMITTED 3", "A12 OMITTED", "СЦЕНА УДАЛЕНА"])
def test_what_was_cut_out_is_no_shot(line: str):
    story = script(f"EXT. SEA - DAY\n\nWaves.\n\n{line}\n\nFoam.\n")
    assert [s.caption for s in story.shots] == ["Waves.", "Foam."]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("KAREN runs to the door.", ["Karen"]),
        ("TED pours a drink. Ted types.", ["Ted"]),
        ("Rain. Behind her MARÍA, tired, waits.", ["María"]),
        ("HANS kocht Suppe. GRETA LUND läuft.", ["Hans", "Greta Lund"]),
        ("TOM enters with MARY ANN (30).", ["Tom", "Mary Ann"]),
        ("A sign: ROSE MOTEL flickers.", []),
        ("HOPE is gone. JUNE rain falls. The MAX button glows.", []),
        ("DAWN breaks. SUMMER turns to autumn. A JACK in the box.", []),
        ("BANG! The DOOR opens. A LAMP falls.", []),
    ],
)
def test_silent_people_are_known_by_their_given_names(text: str, names: list[str]):
    story = script(f"EXT. HOUSE - NIGHT\n\n{text}\n")
    assert sorted(c.name for c in story.characters) == sorted(names)


def test_people_who_speak_together_are_no_third_person():
    story = script(
        "INT. STUDIO - DAY\n\nHOST and GUEST argue.\n\nHOST 🎤\nNo!\n\nGUEST ^\nYes!\n\n"
        "Silence.\n\nHOST AND GUEST\n(sadly)\nSorry.\n\nHOST/GUEST\nAgain.\n\nALL\nBoo!\n"
    )
    assert [c.name for c in story.characters][:2] == ["Host", "Guest"]
    assert [c.name for c in story.characters][2:] == ["All"]
    assert [m.character for m in story.shots[1].cast] == ["host", "guest"]
    assert "all" not in {m.character for s in story.shots for m in s.cast}


@pytest.mark.parametrize(
    "text",
    ["BOB in a yellow coat.", "BOB and his sneakers.", "BOB. Nothing happens.",
     "BOB lifts a walkie-talkie.", "BOB, Amazon parcel, receiver.", "BOB dances.",
     "BOB takes a drink."],
)  # fmt: skip
def test_a_word_in_another_word_is_no_pose(text: str):
    member = script(f"INT. BAR - DAY\n\n{text}\n\nBOB\nHi.\n").shots[0].cast[0]
    assert member.pose.value in ("standing", "lifting")
    assert member.emotion.value == "neutral"


@pytest.mark.parametrize(
    ("heading", "time"),
    [
        ("INT. VAULT - 3 A.M.", "night"),
        ("INT. VAULT - 6:30 AM", "dawn"),
        ("INT. VAULT - 12 PM", "day"),
        ("INT. VAULT - 19:00", "sunset"),
        ("INT. VAULT - 23:40", "night"),
    ],
)
def test_a_heading_may_have_the_time_in_figures(heading: str, time: str):
    assert shots(script(f"{heading}\n\nDust.\n")) == [("vault", time, [])]


def test_numbers_of_a_place_are_no_time():
    assert shots(script("INT. ROOM 12 - NIGHT\n\nDust.\n")) == [("room 12", "night", [])]


def test_a_possessive_cue_keeps_its_small_letter():
    story = script("INT. BAR - DAY\n\nTONY'S MOTHER\nEat.\n\nO'NEIL\nNo.\n")
    assert [c.name for c in story.characters] == ["Tony's Mother", "O'Neil"]


@pytest.mark.parametrize("word", ["Навстречу", "Рядом", "Вдалеке", "Сзади"])
def test_a_russian_adverb_is_nobody(word: str):
    story = script(f"НАТ. УЛИЦА. НОЧЬ\n\n{word} идёт девочка с собакой.\n\n{word} — дом.\n")
    assert word not in {c.name for c in story.characters}
