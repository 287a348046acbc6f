"""Sets and props: data over a kit, drawn at every hour, in every format, from every distance."""

import json
import random
import shutil
from functools import cache
from itertools import combinations, product

import numpy as np
import pytest
from aldar_storyboard.storyboard import sets
from aldar_storyboard.storyboard.planning.offline.lexicon import Place
from aldar_storyboard.storyboard.prompts.compose import compose
from aldar_storyboard.storyboard.staging import stage
from aldar_storyboard.storyboard.staging.blocking.layout import lay_out
from aldar_storyboard.storyboard.staging.blocking.measures import BULKS, PROPS, measure
from aldar_storyboard.storyboard.staging.drawing import kit
from aldar_storyboard.storyboard.staging.drawing.shapes import drawings, extent
from aldar_storyboard.storyboard.story import (
    Angle,
    BoardFormat,
    Bulk,
    CastMember,
    Character,
    Look,
    PropItem,
    PropKind,
    Shot,
    Size,
    Story,
    Time,
)

MEN = [
    Character(id=f"p{i}", name=f"P{i}", description="a man", look=Look(garment="shirt"))
    for i in range(2)
]


def drawn(pixels=(160, 160), board="1:1", **fields):
    """A panel as numbers, height x width x 3."""
    values = {"number": 1, "place": "somewhere", "action": "stands", "cast": []} | fields
    shot = Shot(**values)
    story = Story(title="t", logline="l", characters=MEN, shots=[shot], format=board)
    return np.asarray(stage(story, shot, pixels).panel).astype(int)


def small(board, pixels=150):
    width, height = BoardFormat(board).pixels
    share = pixels / max(width, height)
    return round(width * share), round(height * share)


VIEWS = list(
    product(
        BoardFormat,
        (Size.EXTREME_CLOSE_UP, Size.CLOSE_UP, Size.FULL, Size.WIDE, Size.EXTREME_WIDE),
        Angle,
    )
)
"""Everything that a camera does to a set."""


def sampled(items, count, seed):
    """Some of many, always the same; all of them are seen in the nightly tier."""
    return random.Random(seed).sample(list(items), count)


def is_filled(name, board, size, angle, time):
    panel = drawn(small(board, 100), board, setting=name, size=size, time=time, angle=angle)
    height, width = panel.shape[:2]
    whole = panel.sum(axis=2)
    halves = (
        whole[: height // 2], whole[height // 2 : int(height * 0.87)],
        whole[:, : width // 2], whole[:, width // 2 :],
    )  # fmt: skip
    here = (name, board, size, angle, time)
    assert min(half.std() for half in halves) > 3, ("one flat tone", *here)
    rows = whole[height // 2 : int(height * 0.85)]  # the sky of a night may be black
    assert (rows.max(axis=1) > 36).mean() > 0.98, ("a black band", *here)
    assert (whole > 0).mean() > 0.98, ("left unpainted", *here)


@pytest.mark.parametrize("name", sets.names())
def test_a_set_fills_the_frame_whatever_the_camera_does(name):
    for index, view in enumerate(sampled(VIEWS, 4, name)):
        is_filled(name, *view, list(Time)[index])


@pytest.mark.nightly
@pytest.mark.parametrize("time", Time)
@pytest.mark.parametrize("name", sets.names())
def test_a_set_fills_every_format_at_every_size_and_angle(name, time):
    for view in VIEWS:
        is_filled(name, *view, time)


@pytest.mark.parametrize("name", [n for n in sets.names() if sets.named(n).inside])
def test_no_sky_is_over_a_room(name, monkeypatch):
    """Inside is not outside: neither sky nor grass is ever asked for."""
    pieces = {piece["piece"] for piece in sets.named(name).pieces}
    assert not pieces & {"sky", "grass", "ridge", "stars", "clouds", "skyline", "fringe"}
    if sets.named(name).painter:
        return
    first = sets.named(name).pieces[0]["piece"]
    assert first in ("room", "rock"), "walls come before what they hold"


@pytest.mark.parametrize("name", [n for n in sets.names() if not sets.named(n).inside])
def test_nothing_of_a_room_is_outside(name):
    pieces = {piece["piece"] for piece in sets.named(name).pieces}
    assert not pieces & {"room", "windows", "hang", "lamps", "rug", "shelves", "bars"}


def test_space_has_neither_ground_nor_shadow():
    assert sets.named("space").floating
    with_man = drawn(setting="space", size="FS", cast=[CastMember(character="p0")])
    without = drawn(setting="space", size="FS")
    feet = slice(int(160 * 0.845), int(160 * 0.87))
    changed = np.abs(with_man - without)[feet].sum(axis=2) > 0
    assert changed.mean() < 0.06


@pytest.mark.parametrize("name", sets.names())
def test_the_night_is_readable(name):
    """A figure stands out from what is around it, and the frame is no grey void."""
    cast = [CastMember(character="p0", position="center")]
    size = (144, 144)
    with_man = drawn(size, setting=name, time="night", size="FS", cast=cast)
    without = drawn(size, setting=name, time="night", size="FS")
    man = np.abs(with_man - without).sum(axis=2) > 24
    assert man.mean() > 0.02
    apart = np.abs(with_man - without)[man].sum(axis=1).mean()
    assert apart > 60, "twenty levels a channel between the figure and what it stands before"
    light = without.mean(axis=2)
    assert np.percentile(light, 98) - np.percentile(light, 5) > 22, "light and dark"


def hours_differ(name):
    pictures = [drawn((64, 64), setting=name, time=time, size="WS") for time in Time]
    for picture, other in combinations(pictures, 2):
        assert np.abs(picture - other).mean() > 3, name


def test_hours_differ():
    for name in sampled(sets.names(), 20, "hours"):
        hours_differ(name)


@pytest.mark.nightly
@pytest.mark.parametrize("name", sets.names())
def test_hours_differ_everywhere(name):
    hours_differ(name)


def test_every_set_is_a_place_of_the_lexicon():
    """Its words have the form that the planners read."""
    for name, data in sets.everything().items():
        words = data.model_dump(include=set(Place.model_fields)) | {"setting": name}
        Place.model_validate(words)
        if name != sets.NEUTRAL:
            assert all(data.find.model_dump().values()), f"{name} is found in three languages"


def test_no_word_means_two_sets():
    for language in ("en", "ru", "kk"):
        owners: dict[str, str] = {}
        for name, data in sets.everything().items():
            for pattern in getattr(data.find, language).split():
                word = pattern.split("/")[0].split(":")[0].strip("=*")
                assert owners.setdefault(word, name) == name, (word, name, owners[word])


def test_a_new_set_is_a_file(tmp_path):
    """Put beside the others, it is found by the schema, said in the prompt and drawn."""
    folder = tmp_path / "sets"
    shutil.copytree(sets.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    bakery = {
        "inside": True, "prompt": "a warm bakery with a brick oven",
        "find": {"en": "patisserie", "ru": "кондитерская", "kk": "тәттіхана"},
        "en": "patisserie", "ru": "кондитерская", "g": "f", "kk": "тәттіхана",
        "place": "the patisserie",
        "palette": {"wall": "#f0c8d0", "floor": "#8a5a3c", "ceiling": "#ffffff"},
        "pieces": [
            {"piece": "room", "wide": 6, "deep": 5},
            {"piece": "shelves", "things": ["loaf", "cake"], "every": 0.5},
            {"piece": "stand", "draw": "furnace", "x": -0.5, "metres": 4.8},
        ],
    }  # fmt: skip
    (folder / "patisserie.json").write_text(json.dumps(bakery), encoding="utf-8")
    with sets.using(folder):
        assert "patisserie" in sets.names()
        shot = Shot(number=1, place="Paris", action="bakes", setting="patisserie", size="WS")
        story = Story(title="t", logline="l", characters=MEN, shots=[shot])
        assert "warm bakery" in compose(story, shot).positive
        panel = np.asarray(stage(story, shot, (120, 120)).panel).astype(int)
        pink = np.abs(panel - (240, 200, 208)).sum(axis=2) < 60
        assert pink.mean() > 0.05, "its own wall"
    assert "patisserie" not in sets.names()


@pytest.mark.parametrize(
    "wrong",
    [
        {"pieces": []},
        {"pieces": [{"draw": "bed"}]},
        {"palette": {"wall": "red"}},
        {"steppe_set": "atlantis"},
    ],
)
def test_a_wrong_set_is_refused(tmp_path, wrong):
    right = json.loads((sets.FOLDER / "home.json").read_text("utf-8"))
    (tmp_path / "room.json").write_text((sets.FOLDER / "room.json").read_text("utf-8"), "utf-8")
    (tmp_path / "home.json").write_text(json.dumps(right | wrong), "utf-8")
    with sets.using(tmp_path), pytest.raises(ValueError, match=r"painter|piece|pattern|atlantis"):
        sets.everything()


def test_pieces_exist_and_draw_what_exists():
    known = set(drawings()) | {kind.value for kind in PropKind}
    for name, data in sets.everything().items():
        for piece in data.pieces:
            assert piece["piece"] in kit.PIECES, (name, piece)
            draws = piece.get("draw", piece.get("things", []))
            for draw in [draws] if isinstance(draws, str) else draws:
                assert draw in known, (name, draw)


@pytest.mark.parametrize("kind", [kind for kind in PropKind if kind.value in drawings()])
def test_a_prop_is_as_large_as_it_is_measured(kind):
    """Placing and framing go by the measures, so the drawing keeps to them."""
    wide, tall = extent(kind.value)
    size = PROPS[kind]
    assert 0.6 < wide / size.width < 1.5 and 0.7 < tall / size.height < 1.3, (wide, tall)


@cache
def empty_stage(board, size):
    return drawn(small(board, 100), board, size=size, setting="neutral")


def is_drawn(kind, board, size):
    item = PropItem(kind=kind, label="зат", name="thing")
    shown = drawn(small(board, 100), board, size=size, setting="neutral", props=[item])
    assert np.abs(empty_stage(board, size) - shown).max() > 30


@pytest.mark.parametrize("kind", PropKind)
def test_every_prop_is_drawn(kind):
    for board, size in sampled(product(BoardFormat, (Size.CLOSE_UP, Size.WIDE)), 2, kind.value):
        is_drawn(kind, board, size)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", PropKind)
def test_every_prop_is_drawn_in_every_format(kind):
    for board in BoardFormat:
        for size in (Size.CLOSE_UP, Size.WIDE):
            is_drawn(kind, board, size)


HELD = [kind for kind in PropKind if PROPS[kind].held]


@pytest.mark.parametrize("kind", HELD)
def test_what_can_be_held_is_drawn_in_the_hands(kind):
    cast = [CastMember(character="p0", pose="holding")]
    item = PropItem(kind=kind, held_by="p0", label="зат")
    shot = Shot(number=1, place="x", action="x", cast=cast, props=[item], size="MS")
    story = Story(title="t", logline="l", characters=MEN, shots=[shot])
    (figure,) = lay_out(story, shot, (256, 256)).figures
    assert [held.kind for held in figure.held] == [kind]
    empty = drawn((256, 256), size="MS", cast=cast)
    full = drawn((256, 256), size="MS", cast=cast, props=[item])
    assert np.abs(empty - full).max() > 30


LABELS = ("key", "quantum phase modulator", "ключ", "швейная машинка", "тігін машинасы", "Ω-42")


@pytest.mark.parametrize("bulk", Bulk)
@pytest.mark.parametrize("label", LABELS)
def test_a_stand_in_is_labelled(bulk, label):
    """The words change the picture and nothing but the thing."""
    sized = measure(PropItem(kind="thing", bulk=bulk))
    assert sized == BULKS[bulk]
    for size, board in ((Size.CLOSE_UP, "1:1"), (Size.WIDE, "16:9"), (Size.FULL, "9:16")):
        plain = PropItem(kind="thing", bulk=bulk)
        told = plain.model_copy(update={"label": label})
        width, height = (round(side / 2) for side in BoardFormat(board).pixels)
        fields = {"size": size, "setting": "neutral", "props": [plain]}
        without = drawn((width, height), board, **fields)
        with_words = drawn((width, height), board, **fields | {"props": [told]})
        changed = np.abs(with_words - without).sum(axis=2) > 30
        assert changed.any()
        shot = Shot(number=1, place="x", action="x", **fields)
        story = Story(title="t", logline="l", characters=MEN, shots=[shot], format=board)
        (thing,) = lay_out(story, shot, (width, height)).things
        left, top, right, bottom = thing.box
        rows, columns = np.nonzero(changed)
        slack = max(0.13 * (width * height) ** 0.5, 8)
        assert columns.min() >= left - slack and columns.max() <= right + slack
        assert rows.min() >= top - slack and rows.max() <= bottom + slack


def test_a_label_is_upright_where_the_thing_is_mirrored():
    """Held on either side, the words read from left to right."""
    item = PropItem(kind="thing", bulk="hand", held_by="p0", label="LLLLL")
    panels = []
    for facing in ("front_left", "front_right"):
        cast = [CastMember(character="p0", pose="holding", facing=facing)]
        panels.append(drawn((512, 512), size="MS", cast=cast, props=[item], setting="neutral"))
    inks = []
    for panel in panels:
        dark = np.abs(panel - (52, 44, 38)).sum(axis=2) < 40
        inks.append(int(dark.sum()))
    assert min(inks) > 20


def test_the_neutral_set_says_where_we_are():
    here = drawn((400, 400), setting="neutral", place="the clockmaker's moon garden", size="WS")
    there = drawn((400, 400), setting="neutral", place="nowhere", size="WS")
    rows, columns = np.nonzero(np.abs(here - there).sum(axis=2) > 30)
    assert len(rows) > 50
    assert rows.max() < 80 and columns.min() > 180, "small, in the upper right corner"
