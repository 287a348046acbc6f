"""``.ci/run``: it brings what the system lacks, and fails where it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from aldar_storyboard.tests.browser.conftest import chromium_path

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script of bash")

TOOLS = {
    "python3": '[ "$1" = -c ] && exit "${NO_VENV:-0}"; echo "tests CI=$CI $*" >> log; read -r x',
    "ldconfig": 'echo "libGL.so.1"',
    "chromium": "",
    "id": "echo 0",
    "apt-get": 'echo "apt-get $*" >> log; exit "${APT:-0}"',
    "sudo": 'echo "sudo" >> log; [ "$1" = -n ] && shift; "$@"',
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose system has the tools above, which only take notes."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "bin").mkdir()
    for name, body in TOOLS.items():
        tool(tmp_path, name, body)
    for name in ("bash", "dirname", "env"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def tool(clone: Path, name: str, body: str) -> None:
    path = clone / "bin" / name
    path.write_text(f"#!{shutil.which('bash')}\n{body}\n")
    path.chmod(0o755)


def ci(clone: Path, *arguments: str, **environment: str) -> tuple[int, list[str], str]:
    """Run it; return its status, what the tools noted, and what it said."""
    done = subprocess.run(
        [clone / ".ci" / "run", *arguments],
        cwd="/",
        env={"PATH": str(clone / "bin"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    log = clone / "log"
    return done.returncode, log.read_text().splitlines() if log.exists() else [], done.stderr


def test_where_nothing_lacks_the_tests_run_with_ci_set(clone: Path):
    status, notes, said = ci(clone, "-k", "x")
    assert notes == ["tests CI=1 quickstart.py test -k x"]
    assert said == ""
    assert status == 1  # the fake read its standard input, and found it closed


@pytest.mark.parametrize(
    ("lacks", "package"),
    [("chromium", "chromium"), ("ldconfig", "libgl1 libglib2.0-0"), ("venv", "python3-venv")],
)
@pytest.mark.parametrize("user", ["0", "1000"])
def test_what_lacks_is_installed_as_root_or_with_sudo(
    clone: Path, lacks: str, package: str, user: str
):
    tool(clone, "id", f"echo {user}")
    if lacks != "venv":
        (clone / "bin" / lacks).unlink()
    _, notes, _ = ci(clone, NO_VENV="1" if lacks == "venv" else "0")
    installing = [note for note in notes if note != "sudo"]
    assert installing == [
        "apt-get update -qq",
        f"apt-get install -y -qq --no-install-recommends {package}",
        "tests CI=1 quickstart.py test",
    ]
    assert notes.count("sudo") == (0 if user == "0" else 2)


@pytest.mark.parametrize("without", ["network", "apt-get", "sudo"])
def test_what_cannot_be_installed_fails_and_no_test_is_left_out(clone: Path, without: str):
    (clone / "bin" / "chromium").unlink()
    if without == "sudo":
        tool(clone, "id", "echo 1000")
    if without != "network":
        (clone / "bin" / without).unlink()
    status, notes, said = ci(clone, APT="100")
    assert status == 1
    assert not any(note.startswith("tests") for note in notes)
    assert "missing and cannot be installed here: chromium" in said


@pytest.mark.parametrize(("ci_is", "outcome"), [("1", pytest.fail), ("", pytest.skip)])
def test_without_a_browser_its_tier_is_skipped_on_a_desktop_and_fails_in_ci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci_is: str, outcome
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci_is)
    with pytest.raises(outcome.Exception, match="no Chromium"):
        chromium_path()
