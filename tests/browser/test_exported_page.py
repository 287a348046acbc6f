"""The exported page in Chromium, from the disk: keys, animatic, search, and what it may not do."""

from __future__ import annotations

import pytest
from aldar_storyboard.storyboard.board import Board, Frame
from aldar_storyboard.storyboard.exports.html import HtmlOptions, write_html
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.prompts.compose import FramePrompt
from aldar_storyboard.storyboard.story import (
    CastMember,
    Character,
    DialogueLine,
    Outfit,
    Shot,
    Story,
)
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

SCRIPT = "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"
"""What must stand in the page as text."""


def make(folder, shots, title="Tale", logline="A tale"):
    """A board whose second frame is flagged after two rejected takes."""
    hero = Character(id="aldar", name="Алдар", description=title)
    story = Story(title=title, logline=logline, characters=[hero], shots=shots)
    board = Board(story=story, base_seed=42, retries=1, complete=True)
    store = TakeStore(folder)
    for shot in story.shots:
        flagged, key, verdict = shot.number == 2, "", Verdict()
        for attempt in range(2 if flagged else 1):
            key = f"{shot.number * 16 + attempt:032x}"
            colour = (shot.number * 60, 90, 120 + attempt * 60)
            store.put(key, shot.number, attempt, attempt, Image.new("RGB", (320, 320), colour))
            outcome = Outcome.FAIL if flagged else Outcome.PASS
            score = Score(name="identity", outcome=outcome, value=0.5, threshold=0.5, reason=title)
            verdict = Verdict(scores=(score,))
            store.put_verdict(key, "gate", verdict)
        board.frames.append(
            Frame(
                number=shot.number,
                take=key,
                seed=42,
                attempt=0,
                attempts=1,
                flagged=flagged,
                prompt=FramePrompt(positive="a man", negative="blur"),
                verdict=verdict,
            )
        )
    store.close()
    board.save(folder)
    write_html(board, folder, HtmlOptions())
    return folder / "storyboard.html"


@pytest.fixture
def open_file(browser):
    """``open_file(path, scheme)``: the page; it may ask for nothing but files, and fail nowhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    failures, asked = [], []

    def opened(path, scheme="light"):
        page = context.new_page()
        page.emulate_media(color_scheme=scheme)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda told: failures.append(told.text))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield opened
    context.close()
    assert [told for told in failures if "ERR_FILE_NOT_FOUND" not in told] == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.fixture
def tale(tmp_path):
    """Three shots: 0.2, 0.3 and 5 seconds."""
    shots = [
        Shot(number=1, place="a road", action="walks on", caption="Бірінші", duration=0.2),
        Shot(number=2, place="a yurt", action="counts gold", caption="Second", duration=0.3),
        Shot(number=3, place="a hill", action="laughs", caption="Third", duration=5),
    ]
    return make(tmp_path, shots)


def until(page, condition: str) -> None:
    """Wait; Playwright's own waiting evaluates text, which the page's policy forbids."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(25)
    pytest.fail(f"never came true: {condition}")


def shown(page) -> list[str]:
    return [card.locator("h2").inner_text() for card in page.locator(".card:visible").all()]


def test_a_script_in_every_field_is_text(open_file, tmp_path):
    shot = Shot(
        number=1, place=SCRIPT, action=SCRIPT, caption=SCRIPT, beat=SCRIPT[:40], prompt=SCRIPT,
        negative=SCRIPT, dialogue=[DialogueLine(character="aldar", text=SCRIPT)],
        cast=[CastMember(character="aldar", action=SCRIPT, outfit=Outfit(words=SCRIPT))],
    )  # fmt: skip
    page = open_file(make(tmp_path, [shot], SCRIPT, SCRIPT))
    page.locator(".open").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert page.evaluate("window.hit") is None
    assert page.title() == SCRIPT
    assert page.locator("h1").inner_text() == SCRIPT
    assert page.locator(".card .action").inner_text() == SCRIPT
    assert page.locator("script").count() == 2


def test_the_keys_lead_through_the_shots(open_file, tale):
    page = open_file(tale)
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Shot 3")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert page.locator("#viewer").is_visible()
    assert page.locator("#about h2").inner_text() == "2"
    page.keyboard.press("ArrowRight")
    assert page.locator("#about h2").inner_text() == "3"
    until(page, "document.getElementById('picture').src.endsWith('frame_003.png')")
    until(page, "document.getElementById('picture').naturalWidth === 320")
    page.keyboard.press("Home")
    assert page.locator("#about h2").inner_text() == "1"
    page.keyboard.press("Escape")
    assert not page.locator("#viewer").is_visible()
    page.keyboard.press("g")
    assert page.locator("#cards.strip").count() == 1
    page.keyboard.press("g")
    assert page.locator("#cards.strip").count() == 0
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()
    page.keyboard.press("f")
    assert page.locator("#viewer").is_visible()


def test_it_plays_as_an_animatic_with_the_durations_of_the_shots(open_file, tale):
    page = open_file(tale)
    page.keyboard.press(" ")
    until(page, "document.getElementById('clock').value.startsWith('2 ')")
    until(page, "document.getElementById('clock').value.startsWith('3 ')")
    assert page.locator("#subtitle").inner_text() == "Third"
    page.keyboard.press(" ")
    assert "playing" not in (page.locator("#viewer").get_attribute("class") or "")
    stands = page.evaluate("clock.value")
    assert "/ 0:05.5" in stands
    page.wait_for_timeout(200)
    assert page.evaluate("clock.value") == stands
    page.evaluate("seek.value = 5490; seek.dispatchEvent(new Event('input'))")
    page.keyboard.press(" ")
    until(page, "!document.getElementById('viewer').classList.contains('playing')")
    assert page.evaluate("clock.value") == "3 · 0:05.5 / 0:05.5"


def test_a_cyrillic_keyboard_has_the_same_keys(open_file, tale):
    page = open_file(tale)
    page.evaluate(
        "document.body.dispatchEvent("
        "new KeyboardEvent('keydown', { key: 'п', code: 'KeyG', bubbles: true }))"
    )
    assert page.locator("#cards.strip").count() == 1


def test_search_and_marks_leave_the_shots_that_fit(open_file, tale):
    page = open_file(tale)
    page.keyboard.press("/")
    page.keyboard.type("БІРІНШІ road")
    assert shown(page) == ["1"]
    assert page.locator("#count").inner_text() == "1 of 3 shots"
    page.keyboard.type(" nobody")
    assert shown(page) == [] and page.locator("#none").is_visible()
    page.keyboard.press("Escape")
    assert shown(page) == ["1", "2", "3"]
    page.locator("#filter").click()
    assert shown(page) == ["2"]


def test_takes_are_looked_at_one_by_one(open_file, tale):
    page = open_file(tale)
    page.locator(".open").nth(1).click()
    assert page.locator(".take").count() == 2
    assert page.locator(".take .rejected").count() == 2
    page.locator(".take button").first.click()
    until(page, f"document.getElementById('picture').src.endsWith('{32:032x}.png')")


def test_without_its_folder_it_shows_what_is_in_it(open_file, tale, tmp_path):
    alone = tmp_path / "sent" / "storyboard.html"
    alone.parent.mkdir()
    alone.write_bytes(tale.read_bytes())
    page = open_file(alone)
    page.locator(".open").first.click()
    until(page, "document.getElementById('picture').src.startsWith('data:')")
    until(page, "document.getElementById('picture').naturalWidth > 0")


def test_the_theme_follows_the_system_until_it_is_chosen(open_file, tale):
    page = open_file(tale, "dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.keyboard.press("t")
    light = page.evaluate(paper)
    assert dark != light
    page.emulate_media(color_scheme="light")
    page.keyboard.press("t")
    assert page.evaluate(paper) == dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_nothing_bars_the_way_of_anybody(open_file, tale, scheme, width):
    page = open_file(tale, scheme)
    page.set_viewport_size({"width": width, "height": 800})
    for step in ("", "g", "Enter", "Escape", "?"):
        if step == "Enter":
            page.locator(".open").nth(1).click()
        elif step:
            page.keyboard.press(step)
        if step == "Escape":
            continue
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()
        across = page.evaluate("document.documentElement.scrollWidth")
        assert across <= width
