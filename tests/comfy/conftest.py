"""The real ComfyUI for tests: the embedded one, started by the runner's own code.

One with everything that a test may want (``comfy``) serves all tests that need no other options
and do not stop it: its start takes longer than most of them.

Nothing here touches the user's runtime folder but the ComfyUI tree in it: every session has a
base folder of its own.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aldar_storyboard.runner.run.follow import FrameEvent, Run
from aldar_storyboard.runner.run.graph import Graph
from aldar_storyboard.runner.server import comfyui, process
from aldar_storyboard.runner.server.client import Client
from aldar_storyboard.tests.comfy.packs import PACKS, PICTURES, STAND_IN, STUBS
from aldar_storyboard.tests.faces.onnx_pack import write_pack
from aldar_storyboard.tests.forge import forge
from aldar_storyboard.tests.forge.trimmed import trimmed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.comfy)


class Frames:
    """A view that keeps what the loop tells."""

    def __init__(self) -> None:
        self.events: list[FrameEvent] = []

    def step(self, text: str) -> None: ...

    def notice(self, text: str) -> None: ...

    def frame(self, event: FrameEvent) -> None:
        self.events.append(event)


@dataclass(frozen=True)
class Comfy:
    """A running ComfyUI with this pack, the tests' packs, and synthetic weights for every model."""

    comfyui: comfyui.ComfyUI
    """What was started."""
    running: process.Process
    client: Client
    home: Path
    """Its ``ALDAR_HOME``, where planner profiles lie."""

    @property
    def url(self) -> str:
        return self.running.url

    @property
    def log(self) -> Path:
        """Everything it printed."""
        return self.running.log

    @property
    def base(self) -> Path:
        """Its custom_nodes, models, input."""
        return self.comfyui.base

    @property
    def output(self) -> Path:
        return self.base / "output"

    def run(self, graph: Graph, frames: Frames | None = None) -> dict[str, Any]:
        """Queue a graph and return its outputs by node id; raises what the runner raises."""
        return Run(self.client, graph, frames or Frames()).outputs()


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    # Two threads that wait for a shared core spin, and then everything takes ten times as long.
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def embedded() -> comfyui.ComfyUI:
    """The embedded ComfyUI; its tree is the one the user's runtime folder holds.

    ``ALDAR_TEST_COMFYUI`` names another tree, to test what servers of the tests' own run.
    """
    named = os.environ.get("ALDAR_TEST_COMFYUI")
    return comfyui.ComfyUI(Path(named), Path(named), "embedded") if named else comfyui.embedded()


@pytest.fixture
def home(embedded: comfyui.ComfyUI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime folder for this test alone, with the ComfyUI tree already in it."""
    home = tmp_path / "home"
    home.mkdir()
    (home / embedded.path.name).symlink_to(embedded.path, target_is_directory=True)
    monkeypatch.setenv("ALDAR_HOME", str(home))
    monkeypatch.delenv("ALDAR_SERVER", raising=False)
    monkeypatch.delenv("COMFYUI_PATH", raising=False)
    return home


@pytest.fixture(scope="session")
def fresh(
    embedded: comfyui.ComfyUI, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], comfyui.ComfyUI]:
    """Makes an embedded ComfyUI with an empty base folder."""

    def make() -> comfyui.ComfyUI:
        base = tmp_path_factory.mktemp("base")
        for folder in comfyui.BASE_FOLDERS:
            (base / folder).mkdir()
        return dataclasses.replace(embedded, base=base)

    return make


@pytest.fixture(scope="session")
def comfy(
    fresh: Callable[[], comfyui.ComfyUI], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Comfy]:
    """One ComfyUI for the whole session."""
    install = trimmed(fresh(), tmp_path_factory.mktemp("trimmed") / "comfyui")
    forge(install.base / "models")
    write_pack(install.base / "models" / "insightface" / "models" / "buffalo_l")
    for pack in (STUBS, PICTURES, *(PACKS or [STAND_IN])):
        (install.base / "custom_nodes" / pack.name).symlink_to(pack.resolve())
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("ALDAR_HOME", str(home))
        running = stack.enter_context(process.started(install, install.base / "output"))
        patch.undo()
        client = stack.enter_context(Client(running.url))
        yield Comfy(install, running, client, home)
