"""The wardrobe: clothes in words, in three languages, and what they look like drawn."""

import pytest
from aldar_storyboard.storyboard import heroes
from aldar_storyboard.storyboard.planning.offline import lexicon
from aldar_storyboard.storyboard.prompts import wardrobe
from aldar_storyboard.storyboard.story import Beard, Build, Hat

HERO = heroes.lead()
RED, BLUE, WHITE, GOLD = "#a8362f", "#3f6f8f", "#efe6d2", "#d9a93c"


@pytest.mark.parametrize(
    ("sheet", "person"),
    [
        (HERO.dressed, HERO.face),
        (
            "fat rich old man, big fur hat, full grey beard, red velvet robe with gold trim",
            "fat rich old man, full grey beard",
        ),
        ("old man in a torn coat, long white beard", "old man, long white beard"),
        ("girl with a braid, in a red dress, freckles", "girl with a braid, freckles"),
        ("woman wearing a blue chapan; scar on the cheek", "woman, scar on the cheek"),
        ("старик, красный халат, седая борода", "старик, седая борода"),
        ("round face, narrow eyes", "round face, narrow eyes"),
        ("", ""),
    ],
)
def test_a_sheet_without_its_clothes_is_the_person(sheet: str, person: str) -> None:
    assert wardrobe.undressed(sheet) == person
    assert wardrobe.undressed(person) == person


def test_every_role_keeps_its_first_words_and_loses_its_hat() -> None:
    for role, entry in lexicon.entries("roles").items():
        bare = wardrobe.undressed(entry.sheet)
        hat = entry.look.hat
        if not entry.beast and not entry.monster and not entry.clothes:
            assert bare, role
        if hat is not Hat.NONE:
            assert wardrobe.look(bare).hat is Hat.NONE, f"{role}: {bare}"


@pytest.mark.parametrize(
    ("words", "hat", "robe", "trim"),
    [
        ("patched blue chapan, white pointed felt hat", Hat.POINTED, BLUE, None),
        ("red velvet robe with gold trim, big fur hat", Hat.FUR, RED, GOLD),
        ("red boots and white shirt", Hat.NONE, WHITE, None),
        ("blue embroidered chapan, gold belt", Hat.NONE, BLUE, GOLD),
        ("black and white striped robe", Hat.NONE, "#37323a", WHITE),
        ("sheepskin coat, straw hat", Hat.WIDE_BRIM, "#c2a074", None),
        ("a crown", Hat.CROWN, None, None),
        ("Red Robe, TURBAN", Hat.TURBAN, RED, None),
        ("синий чапан, белый колпак", Hat.POINTED, BLUE, None),
        ("красная рубаха с золотым поясом, чалма", Hat.TURBAN, RED, GOLD),
        ("қызыл барқыт шапан, түлкі тымақ", Hat.FUR, RED, None),
        ("ақ көйлек, бас киімсіз", Hat.NONE, WHITE, None),
        ("whatever one wears there", Hat.NONE, None, None),
    ],
)
def test_hat_and_colours_are_found_in_the_words(words, hat, robe, trim) -> None:
    outfit = wardrobe.outfit(words)
    assert (outfit.hat, outfit.colour, outfit.trim) == (hat, robe, trim)
    assert outfit.words == words


def test_a_person_is_drawn_as_the_sheet_says() -> None:
    look = wardrobe.look("fat old man, big fur hat, full grey beard, red robe with gold trim")
    assert (look.build, look.hat, look.beard) == (Build.ROUND, Hat.FUR, Beard.FULL)
    assert (look.colour, look.trim) == (RED, GOLD)
    bare = wardrobe.look("lean young woman, black hair, blue eyes")
    assert (bare.build, bare.hat) == (Build.LEAN, Hat.NONE)
    assert bare.colour == wardrobe.look("").colour, "hair and eyes do not dye the robe"


def test_words_of_another_language_become_english_as_far_as_they_are_known() -> None:
    assert wardrobe.english("красный бархатный халат с золотой отделкой, тюбетейка") == (
        "red velvet robe, gold trim, skullcap"
    )
    assert wardrobe.english("көк шапан") == "blue chapan"
    assert wardrobe.english("нечто невообразимое") == ""
