"""What the offline planner knows of the world: weather, sky, animals, places of work, dress."""

from __future__ import annotations

import pytest
from aldar_storyboard.storyboard import sets
from aldar_storyboard.storyboard.planning import plan
from aldar_storyboard.storyboard.planning.offline import worlds
from aldar_storyboard.storyboard.story import (
    IN_THE_SKY,
    Age,
    Garment,
    Kind,
    PropItem,
    PropKind,
    Shot,
    Story,
    Time,
    Weather,
)

ANIMALS = """\
cat кошка мысық|dog собака ит|wolf волк қасқыр|fox лиса түлкі|bear медведь аю|hare заяц қоян
rabbit кролик үй_қояны|mouse мышь тышқан|rat крыса егеуқұйрық|hamster хомяк атжалман
squirrel белка тиін|hedgehog ёжик кірпі|lion лев арыстан|tiger тигр жолбарыс
leopard леопард қабылан|elephant слон піл|monkey обезьяна маймыл|giraffe жираф керік
zebra зебра зебра|horse лошадь ат|foal жеребёнок құлын|cow корова сиыр|calf телёнок бұзау
goat коза ешкі|sheep овца қой|lamb ягнёнок қозы|pig свинья шошқа|piglet поросёнок торай
donkey осёл есек|camel верблюд түйе|deer олень бұғы|beaver бобр құндыз|badger барсук борсық
raccoon енот жанат|panda панда панда|kangaroo кенгуру кенгуру|penguin пингвин пингвин
owl сова үкі|parrot попугай тотықұс|eagle орёл бүркіт|crow ворона қарға|duck утка үйрек
duckling утёнок үйректің_балапаны|goose гусь қаз|swan лебедь аққу|chick цыплёнок балапан
rooster петух әтеш|seagull чайка шағала|frog лягушка бақа|turtle черепаха тасбақа
snake змея жылан|crocodile крокодил қолтырауын|spider паук өрмекші|bee пчела ара
butterfly бабочка көбелек|snail улитка ұлу|octopus осьминог сегізаяқ|crab краб шаян
whale кит кит|shark акула акула|dolphin дельфин дельфин|fish рыбка балық|dragon дракон айдаһар
kitten котёнок марғау|puppy щенок күшік|bear_cub медвежонок қонжық
fox_cub лисёнок түлкінің_күшігі|wolf_cub волчонок бөлтірік|tiger_cub тигрёнок жолбарыстың_күшігі
lion_cub львёнок арыстанның_күшігі|elephant_calf слонёнок пілдің_баласы
whale_calf китёнок киттің_баласы|baby_dragon дракончик айдаһардың_баласы"""
SAID = [
    ("en", 0, "A {} finds a golden key."),
    ("ru", 1, "{} находит золотой ключ."),
    ("kk", 2, "{} алтын кілт табады."),
]


def told(logline: str) -> Story:
    return plan(logline, planner="offline")


def props(story: Story) -> list[PropItem]:
    return [prop for shot in story.shots for prop in shot.props]


@pytest.mark.parametrize("row", ANIMALS.replace("\n", "|").split("|"))
@pytest.mark.parametrize(("language", "column", "line"), SAID)
def test_an_animal_is_never_a_man(language, column, line, row):
    word = row.split()[column].replace("_", " ")
    story = told(line.format(word if language == "en" else word.capitalize()))
    hero = story.characters[0]
    assert hero.look.kind is Kind.ANIMAL, hero.description
    assert hero.look.species is not None
    assert not [c for c in story.characters if c.look.kind in (Kind.PERSON, Kind.CHILD)]


@pytest.mark.parametrize("word", ["рысёнок", "хорчонок", "барсёнок", "ламёнок"])
def test_a_young_animal_of_no_list_is_no_man(word):
    hero = told(f"{word.capitalize()} ищет дом.").characters[0]
    assert hero.look.kind in (Kind.ANIMAL, Kind.MANNEQUIN), hero.description


@pytest.mark.parametrize(
    ("logline", "weather"),
    [
        ("A courier cycles through the rain to save a cat.", Weather.RAIN),
        ("A nurse walks home in a blizzard.", Weather.SNOW),
        ("A sailor fights a storm to reach his daughter.", Weather.STORM),
        ("Thunder wakes a girl and her dog.", Weather.STORM),
        ("A spy waits in the fog.", Weather.FOG),
        ("An old man walks against the wind.", Weather.WIND),
        ("Врач идёт через метель к больному.", Weather.SNOW),
        ("Девочка танцует под дождём.", Weather.RAIN),
        ("Мальчик потерялся в тумане.", Weather.FOG),
        ("Капитан спасает корабль в бурю.", Weather.STORM),
        ("Дәрігер жаңбырда билейді.", Weather.RAIN),
        ("Қойшы боранда қозысын іздейді.", Weather.SNOW),
        ("Бала тұманда адасып қалды.", Weather.FOG),
    ],
)
def test_weather_is_in_the_air_and_no_box(logline, weather):
    story = told(logline)
    assert weather in {shot.weather for shot in story.shots}
    boxes = {prop.name for prop in props(story) if prop.kind is PropKind.THING}
    assert not boxes, boxes


@pytest.mark.parametrize(
    "logline",
    [
        "A knight storms up the stairs to save his horse.",
        "A girl builds a snowman with her brother.",
        "A boy chases a rainbow.",
        "Снеговик мечтает увидеть лето.",
        "A cook brainstorms a new soup.",
    ],
)
def test_no_weather_where_none_is_told(logline):
    assert {shot.weather for shot in told(logline).shots} == {None}


@pytest.mark.parametrize(
    ("logline", "kind", "time"),
    [
        ("A baker sends bread to the moon.", PropKind.MOON, Time.NIGHT),
        ("A violinist plays under the stars.", PropKind.STAR, Time.NIGHT),
        ("A boy chases a rainbow with his dog.", PropKind.RAINBOW, Time.DAY),
        ("A girl watches a comet with her father.", PropKind.COMET, Time.NIGHT),
        ("A pilot flies into a cloud.", PropKind.CLOUD, Time.DAY),
        ("A hunter follows the northern lights.", PropKind.AURORA, Time.NIGHT),
        ("A priest fears the eclipse.", PropKind.ECLIPSE, Time.DAY),
        ("A thief hides from the sun.", PropKind.SUN, Time.DAY),
        ("A shepherd watches a shooting star at dawn.", PropKind.COMET, Time.DAWN),
        ("Мальчик смотрит на луну.", PropKind.MOON, Time.NIGHT),
        ("Девочка нашла радугу.", PropKind.RAINBOW, Time.DAY),
        ("Ғарышкер айға ұшады.", PropKind.MOON, Time.NIGHT),
    ],
)
def test_what_stands_in_the_sky_is_shown_there(logline, kind, time):
    story = told(logline)
    assert kind in {prop.kind for prop in props(story)}
    assert all(prop.held_by is None for prop in props(story) if prop.kind in IN_THE_SKY)
    inserts = [s for s in story.shots if not s.cast and kind in {p.kind for p in s.props}]
    assert all(not sets.named(shot.setting).inside for shot in inserts)
    assert {shot.time for shot in story.shots} == {time}


@pytest.mark.parametrize(
    ("logline", "kind"),
    [
        ("A snowman wants to see the summer.", PropKind.SNOWMAN),
        ("A teapot falls in love.", PropKind.TEAPOT),
        ("A toy car races against time.", PropKind.CAR),
        ("A cloud falls in love with a mountain.", PropKind.CLOUD),
        ("Облако влюбилось в гору.", PropKind.CLOUD),
        ("Луна упала в деревню.", PropKind.MOON),
        ("Бұлт тауға ғашық болды.", PropKind.CLOUD),
        ("A spoon runs away with a dish.", PropKind.THING),
    ],
)
def test_a_thing_that_acts_is_shown_as_that_thing(logline, kind):
    hero = told(logline).characters[0]
    assert (hero.look.kind, hero.look.species) == (Kind.ANIMAL, kind)


@pytest.mark.parametrize(
    ("logline", "setting"),
    [
        ("A night bus driver saves a pregnant woman.", "bus"),
        ("A train conductor finds a baby.", "train"),
        ("A taxi driver finds a bag of money.", "vehicle"),
        ("A lighthouse keeper befriends a boy.", "lighthouse"),
        ("A bank clerk steals a diamond.", "bank"),
        ("A café owner falls for a postman.", "cafe"),
        ("A teacher hides a letter.", "classroom"),
        ("A nurse steals a letter.", "hospital"),
        ("A chef drops his ring.", "kitchen"),
        ("Two astronauts quarrel.", "space_inside"),
        ("A pirate loses his hat.", "ship"),
        ("A judge sentences his own son.", "court"),
        ("A boxer trains a girl.", "gym"),
        ("A librarian finds a map.", "library"),
        ("A queen hides her brother.", "castle"),
        ("A nurse steals a letter in a museum.", "museum"),
        ("A detective follows a man through a forest.", "forest"),
        ("Водитель ночного автобуса спасает собаку.", "bus"),
        ("Смотритель маяка дружит с чайкой.", "lighthouse"),
        ("Судья отпускает вора.", "court"),
        ("Автобус жүргізушісі баланы табады.", "bus"),
        ("Мұғалім балаларды ормандағы қасқырдан құтқарады.", "forest"),
    ],
)
def test_where_nothing_else_is_said_people_are_at_work(logline, setting):
    shown = {shot.setting for shot in told(logline).shots}
    assert shown == {setting}


_TODAY = {Garment.JACKET, Garment.SHIRT, Garment.SUIT, Garment.HOODIE, Garment.LAB_COAT}


@pytest.mark.parametrize(
    "logline",
    [
        "A queen hides her brother from the soldiers in a castle.",
        "A knight and a girl free a village from a dragon.",
        "A boy steals bread from the king and his guards.",
        "A gladiator saves a girl in ancient Rome.",
        "A pirate and a woman search for a chest.",
        "Королева прячет брата от солдат.",
        "Викинг ищет сестру.",
        "Патшайым інісін әскерден жасырады.",
        "A samurai protects a girl and a farmer from bandits.",
        "A woman and her son live on a spaceship.",
    ],
)
def test_people_wear_what_is_worn_in_their_world(logline):
    people = [c for c in told(logline).characters if c.look.kind in (Kind.PERSON, Kind.CHILD)]
    assert people
    assert not [c.description for c in people if c.look.garment in _TODAY]


@pytest.mark.parametrize(
    "logline",
    ["A king orders a pizza by phone with his brother.", "A woman and a man meet in an office."],
)
def test_today_people_wear_what_is_worn_today(logline):
    assert worlds.world(logline, []) is None


def test_what_the_logline_says_is_worn_in_any_world():
    story = told("A queen in a red jacket fights a dragon.")
    assert story.characters[0].look.garment is Garment.JACKET


def test_the_mother_of_a_bear_cub_is_a_bear():
    for logline in ("A bear cub looks for its mother.", "Медвежонок ищет маму."):
        assert {c.look.species for c in told(logline).characters} == {PropKind.BEAR}


def test_twins_look_alike_and_other_sisters_do_not():
    alike = [c.look for c in told("Twin sisters win the swimming cup.").characters]
    assert len(alike) == 2 and alike[0] == alike[1]
    others = [c.look for c in told("Two sisters open a bakery.").characters]
    assert len(others) == 2 and others[0] != others[1]


@pytest.mark.parametrize(
    ("logline", "kind"),
    [
        ("A girl wins the swimming cup.", PropKind.TROPHY),
        ("A girl wins a cup of tea.", PropKind.CUP),
        ("A girl drinks a cup of tea.", PropKind.CUP),
    ],
)
def test_a_cup_that_is_won_is_a_trophy(logline, kind):
    assert kind in {prop.kind for prop in props(told(logline))}


@pytest.mark.parametrize(
    ("logline", "child"),
    [
        ("A pupil builds a robot.", True),
        ("A student at school builds a robot.", True),
        ("A university student builds a robot.", False),
        ("Школьник строит робота.", True),
        ("Оқушы робот жасады.", True),
        ("Студент строит робота.", False),
    ],
)
def test_a_pupil_is_a_child(logline, child):
    hero = told(logline).characters[0]
    assert (hero.look.kind is Kind.CHILD) is child, hero.description


@pytest.mark.parametrize(
    "logline",
    [
        "A singer loses her voice and her name.",
        "A boy follows the smell of bread along the road.",
        "A woman walks through darkness to the light.",
        "A man hears music behind the wall of his room.",
        "Чайник поёт песню.",
    ],
)
def test_what_cannot_be_touched_is_no_box(logline):
    nothing = {"voice", "name", "smell", "road", "darkness", "light", "music", "room", "song"}
    assert not {p.name for p in props(told(logline)) if p.kind is PropKind.THING} & nothing


def test_a_shot_keeps_its_weather_and_leaves_it_out_where_it_has_none():
    shot = Shot(number=1, place="p", action="a")
    assert "weather" not in shot.model_dump()
    rainy = shot.model_copy(update={"weather": Weather.RAIN})
    assert Shot.model_validate_json(rainy.model_dump_json()).weather is Weather.RAIN


def test_the_age_of_one_is_not_that_of_the_next():
    wizard, boy = told("Старый волшебник учит мальчика летать.").characters
    assert (wizard.look.age, boy.look.kind) == (Age.OLD, Kind.CHILD)


@pytest.mark.parametrize(
    ("logline", "species"),
    [
        ("A bat lives in a church.", PropKind.MOUSE),
        ("A crane dances by the river.", PropKind.BIRD),
        ("A seal balances a ball in the circus.", PropKind.FISH),
    ],
)
def test_what_is_spelled_like_a_tool_and_acts_is_an_animal(logline, species):
    hero = told(logline).characters[0]
    assert hero.look.species is species
    assert "eyes and a mouth" not in hero.description


def test_one_looks_at_the_moon_and_stands_on_it():
    assert "planet" not in {s.setting for s in told("A wolf howls at the moon.").shots}
    assert "planet" in {s.setting for s in told("A boy wakes on the moon.").shots}


@pytest.mark.parametrize(
    "logline",
    ["A light goes out in the lighthouse.", "Christmas comes early to a village.",
     "Наурыз күні ақсақал немересіне домбыра сыйлайды."],
)  # fmt: skip
def test_light_and_holidays_are_nobody(logline):
    names = {c.name.lower() for c in told(logline).characters}
    assert not names & {"light", "christmas", "наурыз"}
