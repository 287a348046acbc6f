"""Starting and ending ComfyUI, with a stand-in that starts in no time and fails on demand."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from aldar_storyboard.runner.server import process
from aldar_storyboard.runner.server.comfyui import ComfyUI
from aldar_storyboard.storyboard.errors import AldarError

SERVER = """
import http.server, json, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"system": {"comfyui_version": "9.9", "argv": sys.argv}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
port = int(sys.argv[sys.argv.index("--port") + 1])
print("serving", flush=True)
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""

TAKEN_ONCE = """
import pathlib, sys
once = pathlib.Path(__file__).with_name("once")
if not once.exists():
    once.touch()
    sys.exit("OSError: [Errno 98] error while attempting to bind: address already in use")
"""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALDAR_HOME", str(tmp_path / "home"))


@pytest.fixture
def comfyui(tmp_path: Path):
    """Makes a ComfyUI of the given ``main.py``."""

    def make(script: str) -> ComfyUI:
        path = tmp_path / "comfyui"
        path.mkdir()
        (path / "main.py").write_text(script)
        return ComfyUI(path, tmp_path / "base", "embedded")

    return make


def gone(pid: int) -> bool:
    """Whether a process ends within some seconds."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat")
            if state.exists() and state.read_text().rsplit(") ", 1)[1][0] == "Z":
                return True
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_it_runs_for_the_block_and_no_longer(comfyui, tmp_path: Path):
    with process.started(comfyui(SERVER), tmp_path) as running:
        assert running.alive()
        assert running.version == "9.9"
        assert "serving" in running.tail()
        pid = running.pid
    assert gone(pid)


def test_it_ends_when_the_block_fails(comfyui, tmp_path: Path):
    with pytest.raises(ZeroDivisionError), process.started(comfyui(SERVER), tmp_path) as running:
        raise ZeroDivisionError
    assert gone(running.pid)


def test_one_that_does_not_start_is_told_with_the_end_of_its_log(comfyui, tmp_path: Path):
    broken = comfyui("print('loading')\nraise ImportError('no module named torchsde')")
    with pytest.raises(AldarError) as caught, process.started(broken, tmp_path):
        pass
    assert caught.value.code == "comfyui_start"
    assert "no module named torchsde" in caught.value.message
    assert str(tmp_path / "home" / "logs") in caught.value.hint


def test_one_that_stays_silent_is_given_up(comfyui, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(process, "START_SECONDS", 1.0)
    silent = comfyui("import time; time.sleep(60)")
    with pytest.raises(AldarError) as caught, process.started(silent, tmp_path):
        pass
    assert caught.value.code == "comfyui_start"


def test_a_port_lost_to_another_program_is_replaced(comfyui, tmp_path: Path):
    with process.started(comfyui(TAKEN_ONCE + SERVER), tmp_path) as running:
        assert running.alive()


def test_a_port_the_user_chose_is_not_replaced(comfyui, tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with (
            pytest.raises(AldarError) as caught,
            process.started(comfyui(SERVER), tmp_path, port),
        ):
            pass
    assert caught.value.code == "port_taken"
    assert str(port) in caught.value.message


def test_a_death_is_told_with_signal_and_log(comfyui, tmp_path: Path):
    with process.started(comfyui(SERVER), tmp_path) as running:
        os.kill(running.pid, signal.SIGKILL)
        assert running.ended(within=10)
        assert not running.alive()
        error = running.died()
    assert error.code == "comfyui_died"
    assert "SIGKILL" in error.message
    assert "serving" in error.message


def test_it_dies_with_its_parent_even_if_that_is_killed(comfyui, tmp_path: Path):
    installed = comfyui(SERVER)
    parent = f"""
        import time
        from pathlib import Path
        from aldar_storyboard.runner.server import process
        from aldar_storyboard.runner.server.comfyui import ComfyUI
        found = ComfyUI(Path({str(installed.path)!r}), Path({str(installed.base)!r}), "embedded")
        with process.started(found, Path({str(tmp_path)!r})) as running:
            print(running.pid, flush=True)
            time.sleep(60)
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(parent)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    pid = int(child.stdout.readline())
    child.kill()
    child.wait()
    assert gone(pid)


def test_comfyui_comes_first_on_the_path_and_the_pack_is_not_on_it(comfyui, tmp_path: Path):
    told = comfyui("import sys, os; print(sys.path[0]); print('cwd', os.getcwd()); import nodes")
    (told.path / "nodes.py").write_text("print('their nodes')")
    with pytest.raises(AldarError) as caught, process.started(told, tmp_path):
        pass
    assert f"{told.path}\ncwd" in caught.value.message
    assert "their nodes" in caught.value.message
    assert f"cwd {Path.cwd()}" not in caught.value.message


def test_only_the_last_logs_are_kept(comfyui, tmp_path: Path):
    logs = tmp_path / "home" / "logs"
    logs.mkdir(parents=True)
    for number in range(30):
        (logs / f"comfyui-2000-{number:02}.log").touch()
    with process.started(comfyui(SERVER), tmp_path) as running:
        assert running.log.exists()
    names = sorted(path.name for path in logs.iterdir())
    assert len(names) == process.KEPT_LOGS
    assert "comfyui-2000-29.log" in names


NOTING = """
import os, pathlib, sys, tempfile
place = pathlib.Path(__file__).with_name("place")
place.write_text(tempfile.mkdtemp())
"""


def test_temporary_files_lie_in_a_folder_that_goes_with_it(comfyui, tmp_path: Path):
    installed = comfyui(NOTING + SERVER)
    with process.started(installed, tmp_path):
        made = Path((installed.path / "place").read_text())
        assert made.is_dir()
        assert made.is_relative_to(tmp_path / "home" / "temp")
    assert [path.name for path in (tmp_path / "home" / "temp").iterdir()] == [".lock"]


def test_what_a_killed_run_left_goes_at_the_next_start_and_no_living_ones(tmp_path: Path):
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time\nfrom aldar_storyboard.runner.server import process\n"
            "with process.scratch() as folder:\n"
            "    (folder / 'file').touch()\n    print(folder, flush=True)\n    time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    left = Path(child.stdout.readline().strip())
    with process.scratch():
        assert (left / "file").exists()
    child.kill()
    child.wait()
    with process.scratch() as folder:
        assert not left.exists()
        assert folder.exists()
    assert not folder.exists()
