"""What the tests share: where the project is, and what its registry archive holds."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pathspec
import pytest

# No test depends on which language models this machine has; the servers they start inherit it.
os.environ["ALDAR_PLANNER"] = "offline"

ROOT = Path(__file__).resolve().parents[1]


def _patterns(name: str) -> pathspec.PathSpec:
    return pathspec.GitIgnoreSpec.from_lines((ROOT / name).read_text("utf-8").splitlines())


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder, which is the pack."""
    return ROOT


@pytest.fixture(scope="session")
def project_files() -> list[str]:
    """Every file of the project, as git lists them: relative, with ``/``, sorted."""
    git = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(git, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):  # an unpacked tarball
        everything = (path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*"))
        listed = [name for name in everything if not _patterns(".gitignore").match_file(name)]
    return sorted(name for name in set(listed) if name and (ROOT / name).is_file())


@pytest.fixture(scope="session")
def archive(project_files: list[str]) -> list[str]:
    """The files of the registry's archive: those that ``.comfyignore`` leaves."""
    ignored = _patterns(".comfyignore")
    return [name for name in project_files if not ignored.match_file(name)]
