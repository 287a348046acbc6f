"""The real ComfyUI and its real frontend, in a Chromium of the system."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from aldar_storyboard.runner.server import comfyui, process
from aldar_storyboard.runner.server.client import Client
from playwright.sync_api import Browser, Page, Response, sync_playwright

ROOT = Path(__file__).parents[2]
STAND_IN = ROOT / "tests" / "comfy" / "adapter_pack"
"""In place of the node pack that the guided workflows need."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Comfy:
    """A running ComfyUI with this pack."""

    url: str
    client: Client
    output: Path


@pytest.fixture(scope="session")
def comfy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comfy]:
    """The embedded ComfyUI with folders of its own."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    base = tmp_path_factory.mktemp("comfyui")
    for folder in comfyui.BASE_FOLDERS:
        (base / folder).mkdir()
    (base / "custom_nodes" / STAND_IN.name).symlink_to(STAND_IN)
    apart = dataclasses.replace(comfyui.embedded(), base=base)
    output = base / "output"
    with process.started(apart, output) as running, Client(running.url) as client:
        assert "AldarFramesOpen" in client.object_info(), running.tail(100)
        yield Comfy(running.url, client, output)


def chromium_path() -> str:
    """The system's Chromium. Without one the tier is skipped, but in CI it fails."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        reason = f"no Chromium: install one of {', '.join(CHROMIUM)}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield chromium
        chromium.close()


@contextmanager
def pages(comfy: Comfy, browser: Browser) -> Iterator[Callable[..., Page]]:
    """``open_page(**settings)``: a page of the frontend, ready, with these settings.

    In the end no script of the pack may have failed on any of them.
    """
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    failures: list[str] = []

    def opened(**settings: Any) -> Page:
        usual = {
            "Comfy.TutorialCompleted": True,
            "Comfy.Locale": "en",
            "Comfy.VueNodes.Enabled": False,
        }
        wanted = usual | {name.replace("_", "."): value for name, value in settings.items()}
        httpx.post(f"{comfy.url}/settings", json=wanted).raise_for_status()
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(error.stack or str(error)))
        page.on(
            "response", lambda answer: failures.append(answer.url) if _refused(answer) else None
        )
        page.goto(comfy.url)
        ready(page)
        return page

    yield opened
    context.close()
    assert [failure for failure in failures if "aldar" in failure.lower()] == []


@pytest.fixture
def open_page(comfy: Comfy, browser: Browser):
    """Opens pages for one test."""
    with pages(comfy, browser) as opened:
        yield opened


def _refused(answer: Response) -> bool:
    return answer.status >= 400


def ready(page: Page) -> None:
    """Wait until the frontend has set up its extensions and shows a graph."""
    page.wait_for_function(
        "() => window.app?.graph && window.app.extensionManager?.setting"
        " && document.querySelector('.aldar\\\\.board-tab-button')",
        timeout=60_000,
    )


@pytest.fixture(scope="session")
def draft() -> tuple[dict[str, Any], dict[str, Any]]:
    """The draft workflow: (canvas, API)."""
    return load("storyboard_draft")


def load(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A shipped workflow: (canvas, API)."""
    folder = ROOT / "workflows"
    names = (folder / f"{name}.json", folder / "api" / f"{name}.json")
    canvas, api = (json.loads(path.read_text("utf-8")) for path in names)
    return canvas, api


@pytest.fixture(params=sorted(path.stem for path in (ROOT / "workflows").glob("*.json")))
def workflow(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Each shipped workflow: (canvas, API)."""
    return load(request.param)
