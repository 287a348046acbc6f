"""A board tells its own logline: who and what it names is seen, and its words stand under it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from aldar_storyboard.benchmarks import loglines
from aldar_storyboard.storyboard import planning
from aldar_storyboard.storyboard.planning import checks
from aldar_storyboard.storyboard.planning.offline import coverage, cutting, russian, words
from aldar_storyboard.storyboard.story import Angle, Emotion, Facing, Pose, Size, Story, Time

WORLDS = Path(__file__).parents[1] / "data" / "loglines_worlds.txt"


@pytest.fixture(scope="module")
def counted() -> loglines.Count:
    return loglines.count(loglines.read(WORLDS))


def test_no_world_is_too_strange_to_be_planned(counted: loglines.Count) -> None:
    assert counted.lines >= 149
    assert not counted.crashes


def test_who_and_what_is_named_is_seen(counted: loglines.Count) -> None:
    assert counted.report()["shown"] >= 0.95, counted.missing


def test_captions_are_the_loglines_own(counted: loglines.Count) -> None:
    assert counted.report()["stock_captions"] <= 1 / 3, counted.stock
    assert counted.report()["template_captions"] <= 1 / 3, counted.frames_of_speech


def test_no_two_boards_and_no_two_panels_are_alike(counted: loglines.Count) -> None:
    assert counted.report()["distinct"] == 1
    assert counted.twice == 0


def _captions(story: Story) -> list[str]:
    return [shot.caption for shot in story.shots]


@pytest.mark.parametrize("frames", [1, 2, 3, 5, 6, 9, 20, 60])
@pytest.mark.parametrize(
    "logline",
    [
        "A nurse smuggles a guitar into a prison, and the guard starts to dance.",
        "Медведь находит в лесу чемодан с деньгами и боится лисы.",
        "Қыз мектепте сиқырлы айна табады.",
        "一个侦探在雨中的屋顶上找到了她丢失的猫。",
        "Freedom.",
        "Six knights, a witch and a cat share one boat.",
    ],
)
def test_any_number_of_frames_is_told_without_repeating(logline: str, frames: int) -> None:
    story = planning.plan(logline, frames=frames)
    assert len(story.shots) == frames
    told = [caption.casefold() for caption in _captions(story)]
    assert all(told)
    assert len(set(told)) == frames
    assert len({cutting.panel(shot) for shot in story.shots}) == frames
    for before, shot in pairwise(story.shots):
        cast = {member.character for member in shot.cast}
        if cast and cast == {member.character for member in before.cast}:
            assert (shot.size, shot.angle) != (before.size, before.angle), "a jump cut"


def test_the_clauses_are_the_masters_in_their_order() -> None:
    story = planning.plan(
        "A lighthouse keeper named Mara finds a bottle and must decide whether to open it."
    )
    told = _captions(story)
    first = next(i for i, text in enumerate(told) if text.startswith("A lighthouse keeper named"))
    second = told.index("Mara must decide whether to open it.")
    assert first < second
    assert any("bottle" in prop.name + prop.kind.value for prop in story.shots[first].props)


def test_the_board_opens_on_the_hero_at_what_is_said() -> None:
    for logline, pose in (
        ("A girl reads a book.", Pose.READING),
        ("A programmer calls her mother.", Pose.PHONING),
    ):
        shot = planning.plan(logline).shots[0]
        assert shot.face_visible
        assert shot.size in (Size.CLOSE_UP, Size.MEDIUM_CLOSE_UP, Size.MEDIUM)
        assert shot.cast[0].pose is pose
        assert shot.cast[0].facing is Facing.FRONT


@pytest.mark.parametrize(
    ("logline", "pose"),
    [
        ("Maya leaps over the wall.", Pose.JUMPING),
        ("Девочка прыгает через ручей.", Pose.JUMPING),
        ("Бала өзеннен секіреді.", Pose.JUMPING),
        ("A boxer hugs her father.", Pose.EMBRACING),
        ("Дочь обнимает отца.", Pose.EMBRACING),
        ("A boy climbs a tree.", Pose.CLIMBING),
        ("A taxi driver drives through the night.", Pose.STEERING),
        ("A mermaid swims with a whale.", Pose.SWIMMING),
        ("Космонавт плачет.", Pose.CRYING),
        ("Two knights fight on a bridge.", Pose.FIGHTING),
        ("A dragon flies over the castle.", Pose.FLYING),
        ("Соседи танцуют на крыше.", Pose.DANCING),
    ],
)
def test_a_verb_is_seen(logline: str, pose: Pose) -> None:
    story = planning.plan(logline)
    acting = [shot for shot in story.shots if any(m.pose is pose for m in shot.cast)]
    assert acting, [[m.pose for m in s.cast] for s in story.shots]
    assert any(shot.caption.rstrip(".") == logline.rstrip(".") for shot in acting)


@pytest.mark.parametrize(
    "logline",
    ["A captain saves a cat that cannot swim.", "Капитан спасает кота, который не умеет плавать."],
)
def test_what_does_not_happen_is_not_seen(logline: str) -> None:
    story = planning.plan(logline, planner="offline")
    assert Pose.SWIMMING not in {m.pose for shot in story.shots for m in shot.cast}


def test_who_is_embraced_embraces() -> None:
    story = planning.plan("A boxer hugs her father.")
    master = next(s for s in story.shots if s.caption == "A boxer hugs her father.")
    assert [member.pose for member in master.cast] == [Pose.EMBRACING, Pose.EMBRACING]


def test_a_mood_is_its_owners() -> None:
    story = planning.plan("A girl meets an angry bear.")
    moods = {m.character: m.emotion for s in story.shots for m in s.cast}
    assert moods["bear"] is Emotion.ANGRY
    assert moods["girl"] is not Emotion.ANGRY


@pytest.mark.parametrize(
    ("logline", "times"),
    [
        ("A girl finds a key.", {Time.DAY}),
        ("A girl finds a key at night.", {Time.NIGHT}),
        ("На закате рыбак находит ключ.", {Time.SUNSET}),
        ("At dawn a king wakes up. At night he dances with the queen.", {Time.DAWN, Time.NIGHT}),
    ],
)
def test_the_time_of_day_is_that_of_the_words(logline: str, times: set[Time]) -> None:
    assert {shot.time for shot in planning.plan(logline).shots} == times


def test_nobody_is_cast_whom_the_logline_does_not_name() -> None:
    for logline, cast in (
        ("A thief steals a ring.", {"thief"}),
        ("Three sisters find a map.", {"sister", "sister_2", "sister_3"}),
        ("Aldar Kose finds a hidden chest of gold with his magic horse.", {"aldar"}),
    ):
        assert {person.id for person in planning.plan(logline).characters} == cast


def test_it_is_not_always_the_same_film() -> None:
    boards = [planning.plan(line.text, frames=6) for line in loglines.read(WORLDS)[:40]]
    firsts = {(b.shots[0].size, b.shots[0].angle, b.shots[0].move) for b in boards}
    lasts = {(b.shots[-1].size, b.shots[-1].angle, b.shots[-1].move) for b in boards}
    assert len(firsts) >= 5
    assert len(lasts) >= 5
    shoulders = [s for b in boards for s in b.shots if s.angle is Angle.OVER_SHOULDER]
    assert shoulders


@pytest.mark.parametrize(
    ("before", "head", "phrase"),
    [
        (["жадного"], "бая", "жадный бай"),
        (["из", "горящего"], "дома", "горящий дом"),
        (["на", "замёрзшее"], "озеро", "замёрзшее озеро"),
        (["старой"], "бочки", "старая бочка"),
        (["мэра"], "кот", "кот"),
        (["с"], "деньгами", "деньги"),
        (["его", "старая"], "лошадь", "его старая лошадь"),
        (["в"], "абырвалге", ""),
    ],
)
def test_a_russian_phrase_is_said_in_the_nominative(
    before: list[str], head: str, phrase: str
) -> None:
    assert russian.nominative_phrase(before, head) == phrase


@pytest.mark.parametrize(
    ("logline", "captions"),
    [
        ("A lone engineer on a dying space station teaches her robot to sing before the air runs "
         "out.",
         ["A lone engineer.", "On a dying space station.", "A lone engineer and her robot.",
          "A lone engineer on a dying space station teaches her robot to sing.",
          "The air runs out."]),
        ("A lighthouse keeper finds a lost whale calf and teaches him to sing.",
         ["The lighthouse keeper teaches him to sing."]),
        ("The ferryman refuses to carry the rich merchant, who offers him a golden oar.",
         ["The merchant offers him a golden oar."]),
        ("When her village is attacked by bandits, a seamstress sews a flag so big that it hides "
         "the sun.",
         ["Her village is attacked by bandits.",
          "A seamstress sews a flag so big that it hides the sun."]),
        ("Two thieves steal a painting, only to discover that it is a map; when the police arrive, "
         "they must eat it.", ["When the police arrive, they must eat it."]),
        ("A girl befriends the wolf that ate her grandmother, but the hunters are already on their "
         "way, looking for the wolf's den.",
         ["The hunters are already on their way.", "They are looking for the wolf's den."]),
        ("The king's cook poisons the soup, then changes his mind and drinks it himself.",
         ["The king's cook.", "The cook changes his mind.", "The cook drinks it himself."]),
        ("In a castle under siege, the young queen hides her baby brother in a suitcase full of "
         "letters before the enemy breaks the gate.",
         ["The young queen.", "In a castle under siege.", "A suitcase full of letters.",
          "The enemy breaks the gate."]),
        ("A knight in rusty armour asks a dragon for a loan.", ["A knight and a dragon."]),
        ("A nurse smuggles a guitar into a prison.", ["A nurse smuggles a guitar."]),
        ("The pilot Ingrid lands a burning plane on a frozen lake.",
         ["The pilot Ingrid.", "On a frozen lake."]),
        ("Пилот падает в пустыне и встречает маленького принца.",
         ["В пустыне.", "Пилот встречает маленького принца."]),
        ("Капитан буксира спасает рыжего кота, который не умеет плавать.",
         ["Капитан буксира.", "Кот не умеет плавать."]),
        ("Дедушка, который боится темноты, ночью в метро встречает мальчика с фонарём, и они "
         "вместе ищут выход.",
         ["Дедушка ночью в метро встречает мальчика с фонарём.", "Они вместе ищут выход."]),
        ("Два брата делят отцовский дом и находят в стене саблю.",
         ["Братья.", "Они находят в стене саблю."]),
        ("Хитрая лиса и ленивый медведь открывают ресторан, но к ним приходят только волки.",
         ["К ним приходят только волки."]),
        ("While the city sleeps, two street cleaners find a crown in a dustbin and argue about who "
         "is the king.", ["The city sleeps.", "They argue about who is the king."]),
        ("Ұры сарайдан айна ұрлап, өз бейнесінен қорқады.",
         ["Ұры сарайдан айна ұрлайды.", "Ұры өз бейнесінен қорқады."]),
        ("Аспаз патшаға улы тамақ ұсынады.", ["Аспаз бен патша."]),
    ],
)  # fmt: skip
def test_a_caption_is_a_whole_line(logline: str, captions: list[str]) -> None:
    told = _captions(planning.plan(logline, planner="offline"))
    assert [caption for caption in captions if caption not in told] == [], told


@pytest.mark.parametrize("book", ["react", "act"])
def test_several_do_what_one_does(book: str) -> None:
    """Every wording about one that begins with who can be said of several, in three languages."""
    for said in getattr(coverage.words(), book).values():
        for language in ("en", "ru", "kk"):
            for line in said[language]:
                told = words.plural(line, language)
                if line.startswith("{who} ") and "{who:" not in line:
                    assert told.startswith("{who} "), line
    assert words.plural("{who} stares.", "en") == "{who} stare."
    assert words.plural("{who} watches without a word.", "en") == "{who} watch without a word."
    assert words.plural("{who} не отступает.", "ru") == "{who} не отступают."


LISTS = [
    WORLDS.parent / "loglines.txt",
    WORLDS,
    *sorted((WORLDS.parent / "loglines").glob("*.txt")),
]


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.stem)
def test_no_caption_of_any_list_is_torn_or_said_twice(file: Path) -> None:
    for line in loglines.read(file):
        told = _captions(planning.plan(line.text, planner="offline"))
        assert len({caption.casefold() for caption in told}) == len(told), told
        for caption in told:
            start = next(letter for letter in caption if letter.isalnum())
            assert "…" not in caption, (line.text, caption)
            assert not start.islower(), (line.text, caption)
            assert caption.rstrip("»”\"'")[-1] in ".!?", (line.text, caption)


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.stem)
def test_a_director_has_next_to_nothing_to_ask(file: Path) -> None:
    lines = loglines.read(file)
    asked = [
        f"{finding.code}: {finding.en} {line.text}"
        for line in lines
        for finding in checks.check(planning.plan(line.text, planner="offline"))
    ]
    assert len(asked) <= len(lines) / 40, asked


def test_no_template_is_told_in_more_than_a_few_captions() -> None:
    told = [c for line in loglines.read(WORLDS) for c in _captions(planning.plan(line.text))]
    ends = Counter(caption.rpartition(" ")[2] for caption in told if len(caption.split()) < 4)
    words = {w for line in loglines.read(WORLDS) for w in line.text.lower().split()}
    assert all(
        count <= len(told) / 40 for end, count in ends.items() if end.lower() not in words
    ), ends.most_common(8)


def test_a_caption_is_no_template() -> None:
    told = [c for line in loglines.read(WORLDS)[:30] for c in _captions(planning.plan(line.text))]
    assert not any(re.search(r"[{}]|None| , |\(\d+\)", caption) for caption in told)


def test_only_the_loglines_own_speech_is_spoken() -> None:
    story = planning.plan('A girl tells the bear: "Give me back my boots!" The bear laughs.')
    spoken = [(line.character, line.text) for s in story.shots for line in s.dialogue]
    assert spoken == [("girl", "Give me back my boots!")]
    for logline in (
        "Алдар Косе спорит с ханом, что обгонит его на осле.",
        'A sailor builds a ship called "Sea Star".',
    ):
        assert not any(shot.dialogue for shot in planning.plan(logline, frames=24).shots)


@pytest.mark.parametrize(
    ("logline", "count"),
    [
        ("Pirates bury a treasure.", 2),
        ("A pirate buries a treasure.", 1),
        ("Three sisters rob a bank.", 3),
        ("Соседи танцуют на крыше.", 2),
        ("Балалар орманға барады.", 2),
    ],
)
def test_as_many_stand_there_as_the_words_say(logline: str, count: int) -> None:
    story = planning.plan(logline)
    assert len(story.characters) == count
    assert len(story.shots[0].cast) == count


def test_weather_stands_nowhere() -> None:
    story = planning.plan("A mermaid learns to ride a bicycle in the rain.")
    assert {prop.name or prop.kind.value for shot in story.shots for prop in shot.props} == {
        "bicycle"
    }
