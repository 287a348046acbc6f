"""The sidebar tab "Aldar" as a user sees it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from .conftest import pages, ready


def open_tab(page) -> Any:
    page.get_by_role("button", name="Aldar").click()
    return page.locator(".aldar-board")


def set_widget(page, node: str, widget: str, value: Any) -> None:
    page.evaluate(
        """([node, widget, value]) => {
            const found = window.app.graph.nodes.find((n) => n.type === node);
            found.widgets.find((w) => w.name === widget).value = value;
        }""",
        [node, widget, value],
    )


def queue(page) -> None:
    page.evaluate("() => window.app.queuePrompt(0, 1)")


def load(page, canvas: dict[str, Any], board: str) -> None:
    page.evaluate("(canvas) => window.app.loadGraphData(canvas)", canvas)
    set_widget(page, "AldarFramesOpen", "board", board)


def finished(tab, board: str) -> None:
    """Wait until a board is whole; the captions come last, with the report."""
    section = f'section[data-state=finished][aria-label="{board}"]'
    tab.locator(f"{section} li:last-child .caption:not(:empty)").wait_for(timeout=60_000)


def words(element) -> str:
    """The text of an element, its white space made plain."""
    return " ".join(element.inner_text().split())


class Live:
    """A tab and a server's messages to it."""

    def __init__(self, page) -> None:
        self.page = page
        self.tab = open_tab(page)

    def begin(self) -> Live:
        """A new run; nothing of the last one is left to see once it speaks."""
        self.run = uuid.uuid4().hex
        return self

    def tell(self, frame: int, state: str, attempt: int = 0, score: float | None = None, **more):
        usual = {"prompt_id": self.run, "board": "aldar/x", "frames": 3, "retries": 2, "seed": 42}
        took = {"frame": frame, "state": state, "attempt": attempt, "score": score}
        self.page.evaluate(
            "(detail) => window.app.api.dispatchEvent(new CustomEvent('aldar.frame', { detail }))",
            usual | took | more,
        )

    def card(self, number: int) -> str:
        return words(self.tab.get_by_role("listitem").nth(number - 1))

    def headings(self) -> list[str]:
        return [heading.inner_text() for heading in self.tab.get_by_role("heading").all()]


@pytest.fixture(scope="module")
def live_page(comfy, browser):
    with pages(comfy, browser) as opened:
        yield Live(opened())


@pytest.fixture
def live(live_page: Live) -> Live:
    return live_page.begin()


def states(tab) -> list[str]:
    return tab.get_by_role("listitem").evaluate_all("cards => cards.map((c) => c.dataset.state)")


def make(page, canvas: dict[str, Any], board: str) -> Any:
    """Queue a workflow as the user does and wait for its board."""
    tab = open_tab(page)
    load(page, canvas, board)
    queue(page)
    finished(tab, board)
    return tab


def check(tab, report: dict[str, Any], board: str) -> None:
    """Whether the tab tells what the report of a new board says."""
    cards = tab.get_by_role("listitem")
    assert cards.count() == report["num_frames"] > 1
    assert set(states(tab)) == {"accepted"}
    assert tab.get_by_role("heading").inner_text() == board
    assert words(tab.get_by_role("status")) == f"{cards.count()} frames, all accepted"
    for card, frame in zip(cards.all(), report["frames"], strict=True):
        assert frame["score"] is None  # no model looked: a sound picture is no score of anybody
        expected = f"{frame['frame']} accepted take 1 "
        assert words(card) == expected + " ".join(frame["caption"].split())
        assert card.get_by_role("img").get_attribute("alt") == (
            f"Frame {frame['frame']}: {frame['caption']}"
        )


def report_of(comfy, board: str) -> dict[str, Any]:
    return json.loads((comfy.output / board / "report.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def made(comfy, browser, draft):
    """(page, tab) that show the board ``aldar/tab``."""
    with pages(comfy, browser) as opened:
        page = opened()
        yield page, make(page, draft[0], "aldar/tab")


def test_a_queued_workflow_fills_the_tab(comfy, made):
    check(made[1], report_of(comfy, "aldar/tab"), "aldar/tab")


def test_pictures_and_links_lead_to_the_files(made):
    page, tab = made
    files = [link.inner_text() for link in tab.get_by_role("navigation").get_by_role("link").all()]
    assert files[0] == "Contact sheet" and "Report (JSON)" in files
    for link in tab.get_by_role("link").all():
        answer = page.request.get(link.evaluate("(a) => a.href"))
        assert answer.ok and answer.body()
    last = tab.get_by_role("img").last
    last.scroll_into_view_if_needed()
    page.wait_for_function("(i) => i.complete && i.naturalWidth > 0", arg=last.element_handle())


def test_files_and_frames_are_reached_and_opened_by_keyboard(made):
    page, tab = made
    sheet = tab.get_by_role("link", name="Contact sheet")
    sheet.focus()
    page.keyboard.press("Tab")
    second = tab.get_by_role("navigation").get_by_role("link").nth(1)
    assert second.evaluate("(a) => a === document.activeElement")
    with page.context.expect_page() as opened:
        sheet.press("Enter")
    assert "contact_sheet.png" in opened.value.url
    opened.value.close()
    frame = tab.get_by_role("link", name="Frame 1 (opens in a new tab)")
    frame.focus()
    assert frame.evaluate("(a) => a === document.activeElement")


def test_the_tab_survives_a_reload(comfy, made):
    page, tab = made
    page.reload()
    ready(page)
    if not tab.is_visible():
        open_tab(page)
    finished(tab, "aldar/tab")
    check(tab, report_of(comfy, "aldar/tab"), "aldar/tab")


def test_it_does_so_with_vue_nodes(comfy, open_page, draft):
    tab = make(open_page(Comfy_VueNodes_Enabled=True), draft[0], "aldar/tab-vue")
    check(tab, report_of(comfy, "aldar/tab-vue"), "aldar/tab-vue")


def test_an_unchanged_board_comes_from_the_store(open_page, draft):
    page = open_page()
    tab = make(page, draft[0], "aldar/tab-stored")
    set_widget(page, "AldarFramesOpen", "retries", 3)  # decides no pixel, but runs the loop
    queue(page)
    tab.locator("li[data-state=stored]").first.wait_for()
    finished(tab, "aldar/tab-stored")
    assert set(states(tab)) == {"stored"}


def test_a_workflow_without_export_ends_too(open_page, draft):
    page = open_page()
    tab = open_tab(page)
    load(page, draft[0], "aldar/tab-plain")
    page.evaluate(
        """() => {
            const graph = window.app.graph;
            const node = (type) => graph.nodes.find((n) => n.type === type);
            const shown = window.LiteGraph.createNode("PreviewAny");
            graph.add(shown);
            node("AldarFramesClose").connect(0, shown, 0);
            graph.remove(node("AldarExportBoard"));
        }"""
    )
    queue(page)
    tab.locator('section[data-state=finished][aria-label="aldar/tab-plain"]').wait_for()
    assert set(states(tab)) == {"accepted"}


def test_a_failed_run_says_how_to_go_on(open_page, draft):
    """Frame 1 has no reference, so a body that asks for one stops the run."""
    page = open_page()
    tab = open_tab(page)
    load(page, draft[0], "aldar/tab-failed")
    page.evaluate(
        """() => {
            const graph = window.app.graph;
            const node = (type) => graph.nodes.find((n) => n.type === type);
            const reference = window.LiteGraph.createNode("AldarReference");
            graph.add(reference);
            node("AldarFramesOpen").connect(1, reference, 0);
            reference.connect(0, node("AldarFramesClose"), 1);
        }"""
    )
    queue(page)
    tab.locator("section[data-state=stopped]").wait_for()
    assert tab.get_by_role("status").inner_text().startswith("Stopped after 0 of ")
    assert set(states(tab)) == {"waiting"}


def test_the_fate_of_every_frame_is_shown_live(live: Live):
    live.tell(1, "rendering")
    assert states(live.tab) == ["rendering", "waiting", "waiting"]
    live.tell(1, "rejected", score=0.3, score_name="identity")
    assert live.card(1) == "1 rejected take 1 · identity 0.30"
    live.tell(1, "rendering", attempt=1)
    assert live.card(1) == "1 rendering take 2"
    live.tell(1, "accepted", attempt=1, score=0.91)
    assert live.card(1) == "1 accepted take 2 · score 0.91"
    live.tell(2, "kept", attempt=2, score=0.4)
    assert live.card(2) == "2 best of tries take 3 · score 0.40"
    assert states(live.tab) == ["accepted", "kept", "waiting"]
    assert live.tab.get_by_role("status").inner_text() == "2 of 3 frames done"


def test_a_settled_frame_shows_its_take_at_once(comfy, made, live: Live):
    """``file`` names the take's picture below the board's folder."""
    take = next((comfy.output / "aldar/tab/takes").glob("*.png"))
    live.tell(1, "accepted", score=1, board="aldar/tab", file=f"takes/{take.name}")
    picture = live.tab.get_by_role("img", name="Frame 1")
    live.page.wait_for_function(
        "(i) => i.complete && i.naturalWidth > 0", arg=picture.element_handle()
    )


def test_frames_of_a_wave_stay_in_work_together(live: Live):
    for frame in (1, 2, 3):
        live.tell(frame, "rendering")
    assert states(live.tab) == ["rendering"] * 3


def test_a_page_that_opens_late_knows_that_earlier_frames_are_done(live: Live):
    live.tell(3, "rendering")
    assert states(live.tab) == ["settled", "settled", "rendering"]


def test_a_new_run_replaces_the_board_of_the_last(live: Live):
    live.tell(1, "accepted", score=1)
    live.begin()
    live.tell(1, "rendering", board="aldar/y")
    assert live.headings() == ["aldar/y"]
    assert states(live.tab) == ["rendering", "waiting", "waiting"]


def test_two_boards_of_one_run_stand_one_below_the_other(live: Live):
    live.tell(1, "accepted", score=1)
    live.tell(1, "rendering", board="aldar/y")
    assert live.headings() == ["aldar/x", "aldar/y"]


def test_names_are_shown_as_text(live: Live):
    name = "<img src=x onerror=alert(1)>"
    live.tell(1, "rendering", board=name)
    assert live.headings() == [name]
    assert live.tab.locator("img").count() == 0


def test_the_tab_speaks_russian(open_page):
    live = Live(open_page(Comfy_Locale="ru")).begin()
    live.tell(1, "accepted", score=1)
    assert live.tab.get_by_role("status").inner_text() == "Готово кадров: 1 из 3"
    assert live.card(1) == "1 принят дубль 1 · оценка 1.00"
