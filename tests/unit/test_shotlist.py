"""The plan as Markdown and CSV: complete, and no text in it does anything."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from aldar_storyboard.runner.cli.main import run
from aldar_storyboard.runner.run.shotlist import make, write
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.exports.shotlist import shotlist_csv, shotlist_markdown
from aldar_storyboard.storyboard.planning import SHIPPED, load_shipped
from aldar_storyboard.storyboard.story import Story
from markdown_it import MarkdownIt

EVIL = [
    '=HYPERLINK("http://evil.example","win")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "<script>alert(1)</script>",
    "![x](http://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "# heading",
    "> quote",
    "* item",
    "1. item",
    "- item",
    "`code` **bold** _it_ ~~no~~ a|b",
    "&lt;b&gt;",
    'say "hi", then; go',
]


def story_of(text: str) -> Story:
    shot = {"number": 1, "place": text, "action": text, "caption": text, "beat": "x"}
    shot["cast"] = [{"character": "a", "action": ""}]
    shot["dialogue"] = [{"character": "a", "text": text}]
    character = {"id": "a", "name": text, "description": text}
    data = {"title": text, "logline": text, "characters": [character], "shots": [shot]}
    return Story.parse(data)


def rows(story: Story) -> list[dict[str, str]]:
    text = shotlist_csv(story)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shot_and_caption_is_there(name: str):
    story = load_shipped(name)
    document, table = shotlist_markdown(story), rows(story)
    assert len(re.findall(r"(?m)^## \d+\. ", document)) == len(table) == len(story.shots)
    for shot, row in zip(story.shots, table, strict=True):
        assert row["shot"] == str(shot.number)
        assert row["caption"] == shot.caption
        assert row["size"] == shot.size.value
        for line in shot.dialogue:
            assert line.text in row["dialogue"]
    for character in story.characters:
        assert character.name in document


def test_the_same_story_gives_the_same_bytes():
    story = load_shipped("medium")
    assert shotlist_csv(story) == shotlist_csv(story)
    assert shotlist_markdown(story) == shotlist_markdown(story)


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_is_a_formula(text: str):
    (row,) = rows(story_of(text))
    for cell in row.values():
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert " ".join(text.split()) in row["action"]


@pytest.mark.parametrize("text", EVIL)
def test_no_text_is_markdown_or_html(text: str):
    blocks = (
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .parse(shotlist_markdown(story_of(text)))
    )
    inline = [token for block in blocks for token in block.children or ()]
    marks = {token.type for token in (*blocks, *inline) if token.nesting != -1}
    ours = {"inline", "text", "text_special", "softbreak", "em_open", "strong_open"}
    ours |= {"heading_open", "paragraph_open", "blockquote_open", "bullet_list_open"}
    assert marks <= ours | {"list_item_open"}
    assert [block.tag for block in blocks if block.type == "heading_open"] == ["h1", "h2", "h2"]
    shown = ["".join(t.content for t in block.children or ()) for block in blocks]
    whole = " ".join(text.split())
    assert shown.count(whole) == 4  # title, logline, caption, action
    assert f"1. {whole}, day" in shown  # a heading
    assert f"{whole}: {whole}" in shown  # the cast, the dialogue


def test_what_the_plan_cost_is_told():
    story = load_shipped("simple")
    story.planner.kind = "llm"
    story.planner.profile, story.planner.model = "openai", "gpt-4.1"
    story.planner.usage.prompt_tokens, story.planner.usage.completion_tokens = 1000, 500
    story.planner.usage.usd = 0.006
    assert "openai, gpt-4.1), 1500 tokens, 0.0060 USD" in shotlist_markdown(story)
    story.planner.usage.usd, story.planner.usage.cached = None, True
    assert "price unknown, cached" in shotlist_markdown(story)


@pytest.mark.parametrize(
    ("name", "begins"), [("p.md", "# "), ("p.CSV", "\ufeffshot,"), ("p.json", "{"), ("plan", "{")]
)
def test_a_plan_is_written_as_its_file_is_called(tmp_path: Path, name: str, begins: str):
    write(load_shipped("simple"), tmp_path / "new" / name)
    text = (tmp_path / "new" / name).read_bytes().decode("utf-8")
    assert text.startswith(begins)


def test_a_script_may_stand_where_a_logline_stands(tmp_path: Path):
    file = tmp_path / "tale.fountain"
    file.write_bytes("\ufeffEXT. STEPPE - DAY\r\n\r\nAldar rides.\r\n".encode())
    story = make(str(file), "auto", "offline", "16:9", "storybook")
    assert (story.planner.kind, story.format.value, len(story.shots)) == ("script", "16:9", 1)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_script_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None):
    file = tmp_path / "tale.fountain"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(AldarError) as caught:
        make(str(file), "auto", "offline", "1:1", "storybook")
    assert caught.value.code == "script_invalid"
    assert str(file) in caught.value.message


def saved(tmp_path: Path) -> Path:
    path = tmp_path / "story.json"
    write(load_shipped("simple"), path)
    return path


@pytest.mark.parametrize("ending", [".md", ".csv", ".json"])
def test_a_story_is_planned_again_as_it_is(tmp_path: Path, ending: str, capsys):
    out = tmp_path / f"again{ending}"
    assert run(["plan", str(saved(tmp_path)), "--out", str(out), "--json"]) == 0
    assert Story.parse(json.loads(capsys.readouterr().out)) == load_shipped("simple")
    write(load_shipped("simple"), tmp_path / f"once{ending}")
    assert out.read_bytes() == (tmp_path / f"once{ending}").read_bytes()


def test_a_story_is_printed_as_a_table(tmp_path: Path, capsys):
    assert run(["plan", str(saved(tmp_path))]) == 0
    assert load_shipped("simple").title in capsys.readouterr().out


@pytest.mark.parametrize("command", ["plan", "board"])
@pytest.mark.parametrize(
    ("ending", "options"),
    [
        (".json", ["--frames", "auto"]),
        (".json", ["--planner", "offline"]),
        (".json", ["--format", "1:1"]),
        (".json", ["--style", "storybook"]),
        (".fountain", ["--planner", "offline"]),
        (".fdx", ["--planner", "offline"]),
    ],
)
def test_an_option_that_cannot_apply_is_refused(
    tmp_path: Path, command: str, ending: str, options: list[str], capsys
):
    path = saved(tmp_path).rename(tmp_path / f"story{ending}")
    assert run([command, str(path), *options, "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "option_invalid"
    assert options[0] in error["message"] and str(path) in error["message"]


@pytest.mark.parametrize("command", ["plan", "board"])
@pytest.mark.parametrize("name", ["script.fdx", "tale.fountain", "my film.pdf", "./gone/a.celtx"])
def test_a_file_that_is_not_there_is_an_error(command: str, name: str, capsys):
    assert run([command, name, "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "script_invalid" and str(Path(name)) in error["message"]


@pytest.mark.parametrize("name", ["plan.docx", "plan.fountain", "plan.pdf", "plan.JSON5"])
def test_a_plan_of_an_unknown_kind_is_refused_before_it_is_made(name: str, tmp_path: Path, capsys):
    file = tmp_path / name
    assert run(["plan", "A cook bakes bread", "--out", str(file), "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "option_invalid" and str(file) in error["message"]
    assert not file.exists()
