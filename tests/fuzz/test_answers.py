"""Answers of language models: whatever comes back is a story or a planning error."""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aldar_storyboard.storyboard.errors import PlanningError
from aldar_storyboard.storyboard.planning import plan
from aldar_storyboard.storyboard.planning.draft import attempt
from aldar_storyboard.storyboard.planning.draft.foreign import MASK, Mask, one_line, printable
from aldar_storyboard.storyboard.planning.draft.model import schema
from aldar_storyboard.storyboard.story import Planner, Story
from aldar_storyboard.tests.fakes.llm import Say, Server, Status, error, isolate, profile, serving
from hypothesis import given
from hypothesis import strategies as st

LOGLINE = "Алдар Косе решает проучить жадного Бая."
KEY = "sk-Zq8vR2-nQ7wYt4LmXb9-kE3s"

CLEAN: dict[str, Any] = {
    "title": "Волшебная лошадь",
    "language": "ru",
    "characters": [
        {
            "id": who,
            "name": name,
            "description": sheet,
            "build": "round",
            "hat": "fur",
            "beard": "full",
            "colour": "#8e2f2f",
            "trim": "#d9a93c",
        }
        for who, name, sheet in (
            ("aldar", "Алдар Косе", "a man"),
            ("bai", "Бай", "fat old man, red robe"),
        )
    ],
    "shots": [
        {
            "beat": "trick",
            "place": "the open steppe",
            "setting": "steppe",
            "time": "day",
            "size": "CU",
            "angle": "eye",
            "move": "static",
            "cast": [
                {
                    "character": "aldar",
                    "pose": "standing",
                    "emotion": "sly",
                    "facing": "front",
                    "position": "center",
                    "depth": "midground",
                    "action": "",
                }
            ],
            "props": [
                {
                    "name": "horse",
                    "bulk": "vehicle",
                    "position": "left",
                    "depth": "background",
                    "held_by": "",
                }
            ],
            "action": f"Aldar, the [trickster], does thing {number}",
            "caption": f"Кадр {number}: «да»,\nи ещё.",
            "dialogue": [{"character": "bai", "text": "Моё! {Всё}"}],
            "duration": 4,
            "face_visible": True,
        }
        for number in range(1, 9)
    ],
}
TEXT = json.dumps(CLEAN, ensure_ascii=False)


def made(text: str) -> Story:
    """The story of one answer, with nothing wrong with it."""
    answer = attempt.read(text, 8)
    assert answer.conformed is not None
    assert answer.flaws == []
    assert answer.problems == []
    story, notes = answer.conformed.story(
        logline=LOGLINE,
        format="1:1",
        style="storybook",
        language=None,
        planner=Planner(kind="llm"),
    )
    assert notes == []
    return story


def dumped(data: Any, **options: Any) -> str:
    return json.dumps(data, ensure_ascii=False, **options)


def each(data: Any, change: Callable[[Any], Any]) -> Any:
    """Every value of some JSON changed, the innermost first."""
    if isinstance(data, dict):
        data = {key: each(value, change) for key, value in data.items()}
    elif isinstance(data, list):
        data = [each(value, change) for value in data]
    return change(data)


def shots(change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    return dumped({**CLEAN, "shots": [change(shot) for shot in CLEAN["shots"]]})


def schema_of(value: Any) -> Any:
    """A JSON Schema that holds the value instead of describing it."""
    if isinstance(value, dict):
        inner = {key: schema_of(item) for key, item in value.items()}
        return {"type": "object", "properties": inner, "required": list(inner)}
    if isinstance(value, list):
        return {"type": "array", "items": [schema_of(item) for item in value]}
    return {"type": "string", "description": "as told", "value": value}


MANGLED: dict[str, str] = {
    "spaces": dumped(CLEAN, indent=4),
    "escapes": json.dumps(CLEAN),
    "raw line breaks": TEXT.replace("\\n", "\n"),
    "raw tabs": TEXT.replace("\\n", "\t"),
    "lone surrogate": TEXT.replace("«да»", "«\\ud83dда»"),
    "lone low surrogate": TEXT.replace("«да»", "«да\\udc00»"),
    "half a character": TEXT.replace("«да»", "«\ud83dда»"),
    "control characters": TEXT.replace("«да»", "«\\u0000да\\u009b»"),
    "null": dumped(each(CLEAN, lambda value: None if value == "" else value)),
    "the word null": dumped(each(CLEAN, lambda value: "null" if value == "" else value)),
    "the word None": dumped(each(CLEAN, lambda value: "None" if value == "" else value)),
    "null in lists": dumped(
        each(CLEAN, lambda value: [None, *value] if isinstance(value, list) else value)
    ),
    "nobody holds it": TEXT.replace('"held_by": ""', '"held_by": "nobody"'),
    "comma before the last brace": TEXT[:-1] + ",}",
    "commas everywhere": TEXT.replace('"}', '",}').replace("}]", "},]"),
    "fence": f"```json\n{TEXT}\n```",
    "bare fence": f"```\n{TEXT}\n```",
    "prose": f"Here is {{the}} story you asked for:\n\n{TEXT}\n\nDo you like it? {{Tell me.",
    "thought": f'<think>Perhaps {{"shots": []}}? No.</think>\n{TEXT}',
    "thought with another story": f"<think>{dumped({**CLEAN, 'title': 'no'})}</think>{TEXT}",
    "unclosed thought": f"<think>I shall write it at once. {TEXT}",
    "thought that a template opened": f"First the hero...</think>{TEXT}",
    "thinking": f"<thinking>Hm.</thinking>{TEXT}",
    "Mistral's thought": f"[THINK]Hm.[/THINK]{TEXT}",
    "one level too deep": dumped({"story": CLEAN}),
    "under any name": dumped({"Жауап": CLEAN}),
    "two levels too deep": dumped({"result": {"data": CLEAN}}),
    "a list around it": dumped([CLEAN]),
    "a list under a name": dumped({"stories": [CLEAN]}),
    "a JSON string": dumped(TEXT),
    "schema around the values": dumped({"type": "object", "properties": CLEAN}),
    "schema with a value at every field": dumped(schema_of(CLEAN)),
    "values beside the schema": dumped({**schema(), **CLEAN}),
    "schema before the story": f"{dumped(schema())}\n{TEXT}",
    "another object before it": f'{{"plan": "eight shots"}}\n{TEXT}',
    "another object behind it": f'{TEXT}\n{{"tokens": 5}}',
    "twice": f"{TEXT}\n{TEXT}",
    "in two objects": dumped({k: v for k, v in CLEAN.items() if k != "shots"})
    + dumped({"shots": CLEAN["shots"]}),
    "single quotes": repr(each(CLEAN, lambda v: v)).replace("True", "true"),
    "Python": repr(CLEAN),
    "comments": TEXT.replace('"shots": [', '// eight of them\n"shots": [ /* here */'),
    "no quotes at keys": re.sub(r'"(\w+)": ', r"\1: ", TEXT),
    "without the last braces": TEXT[:-2],
    "byte-order mark": "\ufeff" + TEXT,
    "language in words": TEXT.replace('"ru"', '"Russian"'),
    "language in its own words": TEXT.replace('"ru"', '"Русский"'),
    "language and country": TEXT.replace('"ru"', '"ru-RU"'),
    "size in words": TEXT.replace('"CU"', '"Close-up shot"'),
    "size in Russian": TEXT.replace('"CU"', '"крупный план"'),
    "size in both": TEXT.replace('"CU"', '"CU (close-up)"'),
    "size in small letters": TEXT.replace('"CU"', '" cu "'),
    "angle in words": TEXT.replace('"eye"', '"Eye-level angle"'),
    "two emotions": TEXT.replace('"sly"', '["sly", "happy"]'),
    "emotion in words": TEXT.replace('"sly"', '"cunning and mischievous"'),
    "centre": TEXT.replace('"center"', '"in the centre"'),
    "numbers as texts": TEXT.replace('"duration": 4', '"duration": "4 seconds"'),
    "floats": TEXT.replace('"duration": 4', '"duration": 4.0'),
    "yes": TEXT.replace("true", '"yes"'),
    "capital keys": shots(lambda shot: {key.upper(): value for key, value in shot.items()}),
    "camel case": TEXT.replace("face_visible", "faceVisible").replace("held_by", "heldBy"),
    "other keys": TEXT.replace('"size"', '"shot_size"').replace('"angle"', '"cameraAngle"'),
    "scenes": TEXT.replace('"shots"', '"scenes"'),
    "dialog": TEXT.replace('"dialogue"', '"dialog"').replace('"text"', '"line"'),
    "numbered shots": shots(lambda shot: {"number": 7, **shot}),
    "shots by number": dumped(
        {**CLEAN, "shots": {str(i): shot for i, shot in enumerate(CLEAN["shots"], 1)}}
    ),
    "each shot under a key": dumped(
        {**CLEAN, "shots": [{"shot": shot} for shot in CLEAN["shots"]]}
    ),
    "shots as a text": dumped({**CLEAN, "shots": dumped(CLEAN["shots"])}),
    "cast by name": TEXT.replace('"character": "aldar"', '"character": "АЛДАР КОСЕ"'),
    "one where a list belongs": shots(
        lambda shot: {**shot, "cast": shot["cast"][0], "props": shot["props"][0]}
    ),
    "lines by speaker": shots(lambda shot: {**shot, "dialogue": {"bai": "Моё! {Всё}"}}),
    "lines as texts": shots(lambda shot: {**shot, "dialogue": ["bai: Моё! {Всё}"]}),
    "a list where a text belongs": shots(lambda shot: {**shot, "action": [shot["action"]]}),
    "other fields": dumped({**CLEAN, "path": "/etc/passwd", "deep": [[[[[[[[]]]]]]]]}),
    "colour words": TEXT.replace("#8e2f2f", "rgb(142, 47, 47)"),
}


@given(st.data())
def test_a_truncated_answer_gives_its_whole_shots(data: st.DataObject):
    text = data.draw(st.sampled_from([TEXT, dumped({"story": CLEAN}), dumped([CLEAN], indent=1)]))
    end = data.draw(st.integers(0, len(text)))
    around = data.draw(st.sampled_from(["", "```json\n", "<think>So: "]))
    ends = [match.end() for match in re.finditer(r'"face_visible": true\s*\}', text)]
    answer = attempt.read(around + text[:end])
    whole = sum(at <= end for at in ends)
    assert len(answer.draft.shots if answer.draft else ()) == whole
    assert set(answer.flaws) <= {attempt.CUT} or not whole
    if answer.draft and whole:
        assert answer.draft.shots == attempt.read(TEXT).draft.shots[:whole]  # type: ignore[union-attr]


JUNK = st.sampled_from(
    [*'{}[]",:\\`\n\'', "null", "NaN", "1e999", "9" * 5000, "<think>", "</think>", "```json",
     "\ud83d", "\\ud83d", "\x1b[31m", "/*", "//", "True", '"shots": [', "[" * 300, "{" * 3000,
     "<lora:evil:1>", "embedding:bad", "../../etc/passwd", "{a|b}"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | JUNK,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text() | JUNK, inner, max_size=4)
    ),
    max_leaves=12,
)


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*place, key)
            yield from places(item, (*place, key))


PLACES = list(places(CLEAN))


@st.composite
def wrong(draw: st.DrawFn) -> str:
    """The good answer with some values and names changed, and then some letters."""
    data = json.loads(TEXT)
    for place in draw(st.lists(st.sampled_from(PLACES), max_size=4)):
        holder, way = (
            data,
            draw(st.sampled_from(["value", "null", "wrap", "list", "rename", "cut"])),
        )
        try:
            for part in place[:-1]:
                holder = holder[part]
            last = place[-1]
            old = holder[last]
        except (KeyError, IndexError, TypeError):
            continue
        if way == "rename" and isinstance(holder, dict):
            holder[draw(st.text(max_size=9))] = holder.pop(last)
        elif way == "cut":
            del holder[last]
        else:
            new = {"null": None, "wrap": {"value": old}, "list": [old, old]}
            holder[last] = new[way] if way in new else draw(VALUES)
    text = json.dumps(data, ensure_ascii=draw(st.booleans()))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(JUNK | st.text(max_size=5)) + text[at + draw(st.integers(0, 3)) :]
    return text[: draw(st.integers(0, len(text)) | st.just(len(text)))]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[tuple[Server, pytest.MonkeyPatch]]:
    """A loopback endpoint and a profile that leads to it."""
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as folder,
        serving(Say("")) as server,
    ):
        home = isolate(patch, Path(folder))
        profile(home, base_url=server.url, model="m", key=KEY, retries=0)
        yield server, patch


@pytest.mark.parametrize("mangle", MANGLED)
def test_a_mangled_answer_gives_the_same_story(endpoint: tuple[Server, Any], mangle: str):
    assert MANGLED[mangle] != TEXT
    assert made(MANGLED[mangle]) == made(TEXT)
    served, told = endpoint[0], len(endpoint[0].asked)
    served.steps = [Say(MANGLED[mangle])]
    story = plan(f"{LOGLINE} {mangle}", planner="fake")
    assert story.shots == made(TEXT).shots
    assert story.planner.note == ""
    assert len(served.asked) == told + 1


def planned(server: Server, *steps: Say | Status) -> tuple[str, str]:
    """The story as JSON, or the words of the error; and what was kept of it."""
    server.steps = list(steps)
    for kept in Path("../home").rglob("*.json"):
        kept.unlink()
    try:
        story = plan(LOGLINE, planner="fake").to_json()
    except PlanningError as problem:
        story = f"{problem} {problem.message}"
    kept = "".join(kept.read_text("utf-8") for kept in Path("../home").rglob("*.json"))
    return story, kept


@given(wrong())
def test_any_answer_is_a_story_or_a_planning_error(endpoint: tuple[Server, Any], answer: str):
    told, kept = planned(endpoint[0], Say(answer))
    assert "<lora" not in told
    assert "embedding:" not in told
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", told + kept)


@given(VALUES, st.sampled_from([200, 400, 404, 500]), st.sampled_from(
    ["body", "choices", "message", "content", "usage", "error", "model", "reasoning"]
))  # fmt: skip
def test_any_response_is_a_story_or_a_planning_error(
    endpoint: tuple[Server, Any], value: Any, status: int, where: str
):
    message = {"role": "assistant", "content": TEXT}
    body: Any = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    if where == "body":
        body = value
    elif where in ("choices", "usage", "error", "model"):
        body[where] = value
    elif where == "message":
        body["choices"][0]["message"] = value
    else:
        message.update({"content": "", where: value})
    told, _ = planned(endpoint[0], Status(status, body))
    if where in ("usage", "model") and status == 200:
        assert '"shots"' in told


# Keys


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "lower": str.lower,
    "blanks": " ".join,
    "line breaks": lambda key: "\n".join(key[i : i + 5] for i in range(0, len(key), 5)),
    "dashes": "-".join,
    "zero-width": "\u200b".join,
    "colours": "\x1b[31m".join,
    "backwards": lambda key: key[::-1],
    "hex": lambda key: key.encode().hex(),
    "percent": lambda key: "".join(f"%{ord(letter):02X}" for letter in key),
    "escapes": lambda key: "".join(f"\\u{ord(letter):04x}" for letter in key),
    "base64": lambda key: __import__("base64").b64encode(key.encode()).decode(),
    "base64 with more": lambda key: (
        __import__("base64").urlsafe_b64encode(f"Bearer {key}!".encode()).decode()
    ),
    "half": lambda key: key[: len(key) // 2 + 3],
}
KEYS = st.text(
    "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_", min_size=20, max_size=80
)


def letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


@given(KEYS, st.sampled_from(sorted(SPELLINGS)), st.text(max_size=20), st.text(max_size=20))
def test_a_key_is_masked_in_every_spelling(key: str, way: str, before: str, after: str):
    if len(letters(key)) < 16 or len(set(letters(key))) < 6:
        return
    spelled = SPELLINGS[way](key)
    shown = Mask(key)(printable(f"{before} {spelled} {after}"))
    assert MASK in shown
    assert letters(spelled) not in letters(shown) or way == "half"
    assert letters(key) not in letters(shown)


@given(st.text(), KEYS)
def test_a_text_without_the_key_stays_as_it_is(text: str, key: str):
    if not any(letters(key)[i : i + 10] in letters(text) for i in range(0, 70, 10)):
        assert Mask(key)(text) == text


@pytest.mark.parametrize("way", SPELLINGS)
@pytest.mark.parametrize(
    "where", ["title", "caption", "model", "error", "refusal", "prose", "name"]
)
def test_an_endpoint_cannot_make_us_print_or_keep_the_key(
    endpoint: tuple[Server, Any], way: str, where: str
):
    spelled = SPELLINGS[way](KEY)
    data = json.loads(TEXT)
    if where == "title":
        data["title"] = spelled
    elif where == "name":
        data["characters"][1]["name"] = spelled
    elif where == "caption":
        data["shots"][3]["caption"] = f"Смотри: {spelled}"
    steps: list[Say | Status] = [Say(json.dumps(data))]
    if where == "model":
        steps = [Say(TEXT, model=spelled)]
    elif where == "error":
        steps = [error(400, f"no such key: {spelled}"), error(200, spelled)]
    elif where == "refusal":
        steps = [Say(None, refusal=f"Not with {spelled}")]
    elif where == "prose":
        steps = [Say(f"I'm sorry, {spelled}")]
    told = letters("".join(planned(endpoint[0], *steps)))
    assert letters(printable(spelled)) not in told
    assert letters(KEY) not in told


@given(st.text() | st.lists(JUNK).map("".join))
def test_what_is_printed_is_one_short_line(text: str):
    line = one_line(text, 100)
    assert len(line) <= 100
    assert not {unicodedata.category(letter) for letter in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set("\u202e\u2066\u200b\ufeff") & set(line)
