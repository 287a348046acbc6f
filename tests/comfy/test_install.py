"""The pack as ComfyUI Manager installs it: archive, odd folder name, requirements.txt."""

from __future__ import annotations

import ast
import dataclasses
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from aldar_storyboard.runner.server import process
from aldar_storyboard.runner.server.client import Client

FOLDER = "My Pack-1.0 (copy)"

BLOCK = """
raise ImportError("aldar_storyboard is for the command line; nodes import relatively")
"""


@pytest.fixture(scope="module")
def installed(fresh, archive: list[str], root: Path, tmp_path_factory):
    """(object_info, log) of a ComfyUI in which the archive was unpacked."""
    temporary = tmp_path_factory.mktemp("install")
    package = temporary / "node.zip"
    with zipfile.ZipFile(package, "w") as packed:
        for name in archive:
            packed.write(root / name, name)
    comfyui = dataclasses.replace(fresh(), origin="host")
    base = comfyui.base
    with zipfile.ZipFile(package) as packed:
        packed.extractall(base / "custom_nodes" / FOLDER)
    requirements = base / "custom_nodes" / FOLDER / "requirements.txt"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "-r", str(requirements)], check=True
    )
    blocked = temporary / "blocked"
    blocked.mkdir()
    (blocked / "aldar_storyboard.py").write_text(BLOCK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(blocked))
        with process.started(comfyui, base / "output") as running, Client(running.url) as client:
            assert [path.name for path in (base / "custom_nodes").iterdir()] == [FOLDER]
            return client.object_info(), running.log.read_text("utf-8")


def declared(root: Path) -> set[str]:
    """The node ids of the pack, read as Manager's scanner reads them: without running anything."""
    return {
        str(keyword.value.value)
        for path in (root / "nodes").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "Schema"
        for keyword in node.keywords
        if keyword.arg == "node_id" and isinstance(keyword.value, ast.Constant)
    }


def test_every_node_is_found(installed, root: Path):
    info, _ = installed
    ids = declared(root)
    assert len(ids) > 5
    assert ids - set(info) == set()


def test_every_node_comes_from_the_odd_folder(installed, root: Path):
    info, _ = installed
    modules = {info[name]["python_module"] for name in declared(root)}
    assert modules == {f"custom_nodes.{FOLDER}"}


def test_every_node_of_the_contents_is_declared_by_a_literal_id(installed, root: Path):
    info, _ = installed
    ours = {name for name, node in info.items() if FOLDER in str(node["python_module"])}
    assert ours == declared(root)


def test_the_log_shows_no_error_of_the_pack(installed):
    _, log = installed
    lines = log.splitlines()
    about = [line for line in lines if FOLDER in line or "aldar" in line.lower()]
    assert about  # ComfyUI lists the import times of custom nodes
    assert not [line for line in about if "error" in line.lower() or "fail" in line.lower()]
    assert not [line for line in lines if "Cannot import" in line and "comfy_extras" not in line]
