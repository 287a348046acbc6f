"""A hero is a file: a second one is recognised, drawn and triggered like the first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aldar_storyboard.runner.models.manifest import manifest
from aldar_storyboard.runner.run.options import lead_hero
from aldar_storyboard.storyboard import heroes
from aldar_storyboard.storyboard.planning import import_fountain, plan
from aldar_storyboard.storyboard.planning.llm import brief
from aldar_storyboard.storyboard.planning.matrix.quick_test import plan_identity_test
from aldar_storyboard.storyboard.planning.matrix.variations import plan_variations
from aldar_storyboard.storyboard.story import Character, Look
from aldar_storyboard.tests.fakes.llm import Say, isolate, profile, serving

LOOK = {
    "build": "round",
    "hat": "turban",
    "beard": "long",
    "garment": "chapan",
    "colour": "#2f6f4f",
    "trim": "#e8e2d0",
}
KERIM: dict[str, Any] = {
    "id": "kerim",
    "role": "wise_judge",
    "cues": ["judge"],
    "sex": "m",
    "title": "Kerim Biy",
    "names": {
        "en": "Kerim Biy",
        "ru": ["Керим Бий", "Керима Бия", "Кериму Бию", "Керима Бия", "Керимом Бием", "Кериме Бие"],
        "kk": "Керім би",
    },
    "find": {
        "en": "kerim*_biy* kerim*",
        "ru": "керим*_би* керим*",
        "kk": "керім*_би* керім* керим*",
    },
    "alone": "kerim(biy)?|кер[иі]м(бий|би)?",
    "trigger": "kerim_biy_man",
    "lora": "kerim_biy.safetensors",
    "sheet": "stout old judge, white turban, long white beard, green robe",
    "face": "stout old judge, long white beard",
    "clothes": "white turban, green robe",
    "look": LOOK,
    "brief": "Kerim Biy is a stout old judge in a green robe and a white turban; id kerim.",
    "outfits": ["green robe, white turban", "grey travelling coat, fur hat"],
    "places": ["a court of felt yurts", "the open steppe"],
    "poses": ["standing", "sitting cross-legged"],
}


def put(folder: Path, hero: dict[str, Any]) -> None:
    (folder / f"{hero['id']}.json").write_text(json.dumps(hero, ensure_ascii=False), "utf-8")


@pytest.fixture
def kerim(tmp_path: Path) -> Iterator[heroes.Hero]:
    """A folder with Aldar Köse and a second hero."""
    (tmp_path / "aldar.json").write_bytes((heroes.FOLDER / "aldar.json").read_bytes())
    put(tmp_path, KERIM)
    with heroes.using(tmp_path):
        yield heroes.everybody()[1]


def drawn_as(character: Character | None, hero: heroes.Hero) -> bool:
    assert character is not None
    told = character.trigger, character.description, character.look
    return told == (hero.trigger, hero.sheet, Look(**LOOK))


@pytest.mark.parametrize(
    ("logline", "name"),
    [
        ("Kerim Biy settles a quarrel between two merchants about a camel.", "Kerim Biy"),
        ("A greedy merchant lies to the court, and old Kerim finds him out.", "Kerim Biy"),
        ("Керим Бий мирит двух купцов, которые спорят из-за верблюда.", "Керим Бий"),
        ("Керім би екі көпестің түйе туралы дауын шешеді.", "Керім би"),
    ],
)
def test_the_offline_planner_knows_a_second_hero(kerim, logline: str, name: str) -> None:
    story = plan(logline)
    assert drawn_as(story.hero, kerim)
    assert story.hero and (story.hero.id, story.hero.name) == ("kerim", name)


def test_two_heroes_meet_each_with_a_trigger_of_his_own(kerim) -> None:
    story = plan("Aldar Kose asks Kerim Biy to judge a greedy bai.")
    triggers = {character.id: character.trigger for character in story.characters}
    assert triggers["aldar"] == heroes.lead().trigger
    assert triggers.get("kerim", kerim.trigger) == kerim.trigger


def test_the_first_hero_still_stands_in_where_nobody_is_named(kerim) -> None:
    story = plan("The bai hides his gold.")
    assert story.hero and story.hero.trigger == heroes.lead().trigger == "aldar_kose_man"


def test_a_script_knows_a_second_hero(kerim) -> None:
    script = "EXT. STEPPE - DAY\n\nKerim Biy rides in.\n\nKERIM BIY\nSpeak one by one.\n"
    story = import_fountain(script)
    assert drawn_as(story.hero, kerim)


def test_a_language_model_is_told_of_a_second_hero_and_draws_him_as_he_is(
    kerim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = isolate(monkeypatch, tmp_path)
    shot = {"place": "a court", "action": "Kerim listens", "caption": "The judge listens."}
    answer = {
        "title": "The judge",
        "language": "en",
        "characters": [{"id": "kerim_biy", "name": "Kerim", "description": "a thin boy"}],
        "shots": [{**shot, "cast": [{"character": "kerim_biy"}]} for _ in range(6)],
    }
    with serving(Say(json.dumps(answer))) as server:
        profile(home, "fake", base_url=server.url, model="fake-1")
        story = plan("A judge listens to two merchants.", planner="fake")
    assert KERIM["brief"] in brief.system()
    assert drawn_as(story.hero, kerim)


def test_the_matrix_and_the_quick_test_draw_a_second_hero(kerim) -> None:
    lists = ("\n".join(lines) for lines in (kerim.outfits, kerim.places, kerim.poses))
    matrix = plan_variations(kerim.title, "", kerim.trigger, *lists)
    assert matrix.hero and len(matrix.shots) == 8
    assert (matrix.hero.id, matrix.hero.trigger) == ("kerim", kerim.trigger)
    assert matrix.hero.description == kerim.face
    assert matrix.hero.look == Look(**{**LOOK, "hat": "none"})
    assert drawn_as(plan_identity_test("Керим Бий", "", kerim.trigger).hero, kerim)


def test_without_the_file_the_same_name_is_a_stranger() -> None:
    story = plan("Kerim Biy settles a quarrel between two merchants about a camel.")
    assert story.hero and not story.hero.trigger


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"clothes": "a red coat"}, "does not say the same"),
        ({"alone": "("}, "valid regular expression"),
        ({"lead": True}, "must be the lead"),
        ({"id": "judge", "role": "trickster"}, "the same role"),
        ({"hat": "big"}, "Extra inputs"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, change: dict[str, Any], why: str) -> None:
    (tmp_path / "aldar.json").write_bytes((heroes.FOLDER / "aldar.json").read_bytes())
    put(tmp_path, KERIM | change)
    with heroes.using(tmp_path), pytest.raises(ValueError, match=why):
        heroes.everybody()


def test_the_hero_of_the_pack_can_be_fetched() -> None:
    paths = {file.path for file in manifest().files}
    assert f"loras/{heroes.lead().lora}" in paths


def test_the_training_script_teaches_the_hero_of_the_pack() -> None:
    script = (Path(__file__).parents[2] / "training" / "dataset.py").read_text("utf-8")
    assert f'TRIGGER = "{heroes.lead().trigger}"' in script


def test_the_command_line_shows_the_lead_of_the_pack() -> None:
    assert lead_hero() == (heroes.lead().names.en, heroes.lead().trigger)
