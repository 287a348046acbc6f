"""Loglines in languages that the offline planner cannot read, and stories without Aldar Köse."""

from __future__ import annotations

import pytest
from aldar_storyboard.storyboard import planning
from aldar_storyboard.storyboard.planning.offline.director import NOT_UNDERSTOOD
from aldar_storyboard.storyboard.planning.offline.recognition import recognise

UNKNOWN = {
    "Chinese": "一个侦探在雨中的屋顶上找到了她丢失的猫。她哭了。",
    "Japanese": "探偵が雨の屋根の上で猫を見つける",
    "Arabic": "محقق يجد قطته المفقودة على السطح تحت المطر",
    "Hebrew": "גנב גונב סוס מהמלך",
    "Hindi": "एक लड़की अपनी बिल्ली ढूंढती है",
    "Greek": "Ένα κορίτσι ψάχνει τη γάτα του",
    "Georgian": "გოგონა ეძებს კატას",
    "Spanish": "Un detective en Tokio encuentra a su gato perdido bajo la lluvia",
    "Spanish, short": "Una niña sueña con volar",
    "German": "Ein Detektiv sucht seine verschwundene Katze in Tokio",
    "German, a title": "Der alte Mann und das Meer",
    "French": "Un détective retrouve son chat sur un toit",
    "Italian": "Un gatto cerca casa",
    "Polish": "Chłopiec szuka psa w lesie",
    "Turkish": "Bir dedektif kayıp kedisini yağmurda çatıda bulur",
    "Uzbek": "Qiz yo'qolgan mushugini tomda topadi",
    "Uzbek, Cyrillic": "Қиз йўқолган мушугини қидиради",
    "Ukrainian": "Детектив знаходить свого загубленого кота на даху під дощем",
    "Ukrainian, short": "Мій кіт спить",
    "Belarusian": "Дзяўчынка шукае свайго ката",
    "Bulgarian": "Детектив търси изгубената си котка в дъжда",
    "Serbian": "Девојчица тражи изгубљеног пса",
    "Kyrgyz": "Кичинекей кыз жоголгон мышыгын издейт",
    "Kyrgyz, near Kazakh": "Бала базарда жоголгон итин издейт",
    "Tatar": "Шүрәле урманда кешеләрне куркыта",
    "Tatar, plain letters": "Кечкенә кыз югалган песиен таба",
    "Mongolian": "Охин алга болсон муураа олов",
    "Malay": "Seorang detektif di Tokyo menemukan kucingnya",
    "gibberish": "asdf qwer zxcv",
    "Latin": "lorem ipsum dolor sit amet",
    "a number": "1001",
    "an emoji": "🚀 1",
}


@pytest.mark.parametrize("logline", UNKNOWN.values(), ids=UNKNOWN)
@pytest.mark.parametrize("language", [None, "ru", "kk"])
def test_an_unknown_language_is_carried_and_said(logline: str, language: str | None) -> None:
    assert recognise(logline) is None
    story = planning.plan(logline, language=language)
    assert story.hero is not None
    assert story.hero.id != "aldar"
    assert not story.hero.trigger
    assert story.language == (language or "en")
    assert NOT_UNDERSTOOD in story.planner.note
    assert "language model" in story.planner.note
    own = " ".join([story.title, *(shot.caption for shot in story.shots)]).casefold()
    for word in logline.casefold().replace("。", " ").split():
        assert word in own
    steppe = {"steppe", "yurt_inside", "yurt_outside", "aul"}
    assert not steppe & {shot.setting for shot in story.shots}
    assert "steppe" not in " ".join(shot.place for shot in story.shots)
    foreign = {letter for letter in logline if ord(letter) > 127}
    assert not foreign & set("".join(shot.action for shot in story.shots)), "a prompt is English"


@pytest.mark.parametrize(
    "logline",
    [
        "Aldar Köse überlistet den gierigen Bai",
        "Aldar Köse cimri bayı kandırır",
        "ALDAR KÖSE",
        "aldarkose",
        "AldarKose",
        "Алдар Косе обдурює жадібного бая",
        "Алдар Көсө сараң байды алдайт",
        "阿尔达尔·科塞骗了贪婪的巴依",
        "Алдара Косе обманули",
        "Алдаром Косе восхищаются все",
        "Алдар-Косе",
        "Алдаркөсе",
        "Алдар Көсеге ешкім сенбейді",
    ],
)
def test_whoever_names_aldar_gets_him_in_any_language(logline: str) -> None:
    hero = planning.plan(logline).hero
    assert hero is not None
    assert (hero.id, hero.trigger) == ("aldar", "aldar_kose_man")


@pytest.mark.parametrize(
    ("logline", "hero"),
    [
        ("The first snow falls in Lagos, and a city learns to play.", "Hero"),
        ("Siblings inherit a haunted house.", "Sibling"),
        ("A rich man hides his money in New York.", "Rich man"),
        ("Снег падает на пустой город.", "Герой"),
        ("Жаңбыр қаланың үстінен өтіп барады.", "Кейіпкер"),
        ("Балалардың алдарында үлкен жол жатыр.", "Бала"),
        ("The bai hides his gold.", "Aldar Kose"),
        ("A yurt burns on the steppe.", "Aldar Kose"),
    ],
)
def test_aldar_stands_in_only_for_stories_of_his_world(logline: str, hero: str) -> None:
    story = planning.plan(logline)
    assert story.hero is not None
    assert story.hero.name == hero


@pytest.mark.parametrize(
    "logline",
    [
        "A priest and a monk share a secret in a shop in Rome.",
        "A salesman finds a letter in a tent.",
        "The minister's adviser writes a book about hills.",
        "Продавец находит письмо в магазине.",
    ],
)
def test_words_of_every_country_are_not_the_steppe(logline: str) -> None:
    story = planning.plan(logline)
    text = " ".join(c.description for c in story.characters)
    text += " ".join(shot.place for shot in story.shots)
    assert "kazakh" not in text
    assert "steppe" not in text
    assert "felt" not in text.replace("felt cap", "")


def test_a_long_word_is_cut_wherever_it_would_stand() -> None:
    for logline in (
        "A " + "x" * 1500 + " finds a key",
        "girl named A" + "b" * 1900,
        "girl named Ann " + "Bob " * 400,
        "word " * 399,
        "猫" * 2000,
        "Ерлан" * 390 + " ат іздейді",
    ):
        for frames in (1, None, 60):
            story = planning.plan(logline, frames=frames)
            assert len(story.title) <= 120
            assert all(len(character.name) <= 60 for character in story.characters)


def test_what_cannot_be_seen_is_not_told() -> None:
    logline = "A\tgirl\nfinds\u200b a \u202ekey\u202c\x00 in\r\nthe forest.\u200f \ud83d"
    story = planning.plan(logline)
    captions = [shot.caption for shot in story.shots]
    assert story.title == "A girl finds a key in the forest"
    assert "A girl finds a key in the forest." in captions
    assert story.to_json().encode("utf-8")


def test_braces_and_tags_of_a_logline_are_words() -> None:
    for logline in (
        "A girl named {hero} finds {0} and %s in {item!r}.",
        "A girl finds <lora:x:1> and embedding:bad in <b>bold</b> https://a.b/?c=%20",
        "Девочка находит {rival:dat} и {} в лесу.",
    ):
        story = planning.plan(logline, frames=12)
        own = [shot.caption for shot in story.shots if "{" in shot.caption or "<" in shot.caption]
        assert own
        assert all(piece.rstrip("….") in logline for piece in own[:1])
