"""Starting a ComfyUI on the loopback and ending it, whatever happens in between."""

from __future__ import annotations

import errno
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ...storyboard.config import env_files, runtime_folder
from ...storyboard.errors import RunnerError
from ...storyboard.files import disk_errors
from .client import Client
from .comfyui import ComfyUI, link_pack

HOST = "127.0.0.1"
START_SECONDS = 300.0
"""How long ComfyUI may take to answer: a slow disk and many custom nodes need minutes."""
STOP_SECONDS = 5.0
"""How long it may take to end before more force is used."""
KEPT_LOGS = 10
HELD = ".held"
"""Locked in the folder of temporary files of a ComfyUI that lives."""
TAIL_LINES = 20
PORT_TRIES = 4
MOVE_HOME = "Set ALDAR_HOME to a folder you can write."


class Process:
    """A ComfyUI that we started and that ends with us.

    :ivar url: its address.
    :ivar log: the file with everything it printed.
    :ivar version: its version, as it says itself.
    """

    def __init__(
        self, child: subprocess.Popen[bytes], port: int, log: Path, gently: bool = False
    ) -> None:
        self._child = child
        self._gently = gently
        self.url = f"http://{HOST}:{port}"
        self.log = log
        self.version = ""

    @property
    def pid(self) -> int:
        return self._child.pid

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._child.poll() is None

    def ended(self, within: float) -> bool:
        """Whether it ends within some seconds: a death is known a moment after it is felt."""
        try:
            self._child.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def tail(self, lines: int = TAIL_LINES) -> str:
        """The last lines of its log."""
        try:
            with self.log.open("rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(0, file.tell() - 16384))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return ""
        return "\n".join(text.strip().splitlines()[-lines:])

    def died(self) -> RunnerError:
        """The error that says it ended while it was needed, with the end of its log."""
        return RunnerError(
            "comfyui_died",
            f"ComfyUI ended while it was working ({_ending(self._child.poll())}).\n{self.tail()}\n",
            f"Its whole log is {self.log}. Frames accepted so far are kept: the same command "
            "goes on from there.",
        )

    def stop(self) -> None:
        """End it, with more and more force.

        A user's own ComfyUI is interrupted first, for its custom nodes may have something to
        save; the embedded one has nothing and is told to end at once, which saves a second.
        """
        ends = [self._let_go, self._child.terminate, self._kill]
        for end in [self._interrupt, *ends] if self._gently else ends:
            if not self.alive():
                break
            try:
                end()
                self._child.wait(STOP_SECONDS)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        if sys.platform != "win32":
            self._kill()  # what it started itself and left behind
        self._let_go()

    def _let_go(self) -> None:
        """Close its standard input: ``launch.py`` then takes us for gone, and ends it."""
        if self._child.stdin:
            self._child.stdin.close()

    def _interrupt(self) -> None:
        if sys.platform == "win32":
            self._child.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            self._child.send_signal(signal.SIGINT)

    def _kill(self) -> None:
        if sys.platform == "win32":
            self._child.kill()
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)


@contextmanager
def started(
    comfyui: ComfyUI, output: Path, port: int | None = None, options: Sequence[str] = ()
) -> Iterator[Process]:
    """A running ComfyUI with this pack, for the length of the ``with`` block.

    :param output: its output folder.
    :param port: the port to listen on; without one, any free port.
    :param options: further options for its command line.
    :raises RunnerError: ``package_missing``, ``port_taken``, ``comfyui_start``, or what
        :func:`link_pack` raises.
    """
    if comfyui.python == Path(sys.executable) and importlib.util.find_spec("torch") is None:
        raise RunnerError(
            "package_missing",
            f"ComfyUI needs PyTorch, which is not installed in {sys.prefix}.",
            "Run 'python3 quickstart.py' in the project's folder to set everything up, or install "
            "torch into this environment.",
        )
    link_pack(comfyui)
    if port is not None and not is_free(port):
        raise RunnerError(
            "port_taken",
            f"Port {port} is in use.",
            "End the program that uses it, or choose another one with --port.",
        )
    with scratch() as temporary:
        process = _start(comfyui, output, temporary, port, options)
        try:
            yield process
        finally:
            process.stop()


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for the temporary files of one ComfyUI; nothing of it stays.

    It is held by a lock, which ends with us however we end: the folders of those who were killed
    are removed at the next start.

    :raises StoreError: ``disk_full`` or ``folder_unwritable``.
    """
    root = runtime_folder() / "temp"
    with disk_errors(root, "temporary files", access=MOVE_HOME):
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / ".lock"):  # between making a folder and holding it nobody may look
            for old in root.iterdir():
                if old.is_dir():
                    _remove_unless_held(old)
            folder = Path(tempfile.mkdtemp(prefix="comfyui-", dir=root))
            held = FileLock(folder / HELD, thread_local=False)
            held.acquire()
    try:
        yield folder
    finally:
        held.release()
        shutil.rmtree(folder, ignore_errors=True)


def _remove_unless_held(folder: Path) -> None:
    lock = FileLock(folder / HELD)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)


def _start(
    comfyui: ComfyUI, output: Path, temporary: Path, port: int | None, options: Sequence[str]
) -> Process:
    tries = 0
    while True:
        tries += 1
        process = _spawn(comfyui, output, temporary, port or free_port(), options)
        try:
            if _answers(process, temporary):
                return process
        except BaseException:
            process.stop()
            raise
        port_lost = any(sign in process.tail(200) for sign in _PORT_SIGNS)
        if port or not port_lost or tries == PORT_TRIES:
            break
    raise RunnerError(
        "comfyui_start",
        f"ComfyUI at {comfyui.path} did not start.\n{process.tail()}\n",
        f"Its whole log is {process.log}. 'aldar doctor' checks what it needs.",
    )


_PORT_SIGNS = ("address already in use", f"[Errno {errno.EADDRINUSE}]", "WinError 10048")


def _spawn(
    comfyui: ComfyUI, output: Path, temporary: Path, port: int, options: Sequence[str]
) -> Process:
    arguments = [
        str(comfyui.python),
        str(Path(__file__).with_name("launch.py")),
        str(comfyui.path / "main.py"),
        *("--listen", HOST, "--port", str(port)),
        *("--output-directory", str(output)),
        *("--temp-directory", str(temporary)),
        # Two ComfyUIs on one database file lock each other out, and we need none of its records.
        *("--database-url", "sqlite:///:memory:"),
        "--disable-api-nodes",
        "--disable-auto-launch",
        "--dont-print-server",
        *options,
    ]
    if comfyui.base != comfyui.path:
        arguments += ["--base-directory", str(comfyui.base)]
    log = _log_file()
    with log.open("wb") as sink:
        child = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=sink,
            stderr=subprocess.STDOUT,
            cwd=temporary,
            env=_environment(temporary),
            # Ctrl-C in the terminal is ours to handle: ComfyUI gets a session of its own.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    return Process(child, port, log, gently=comfyui.origin != "embedded")


def _environment(temporary: Path) -> dict[str, str]:
    """Ours, with the ``.env`` of the folder the command was typed in: ComfyUI runs elsewhere.

    Whatever its libraries put into a temporary folder goes to ``temporary``; what torch has
    compiled is worth keeping.
    """
    dotenv = env_files()[-1]
    compiled = {"TORCHINDUCTOR_CACHE_DIR": str(runtime_folder() / "torchinductor")}
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    return (
        compiled
        | os.environ
        | places
        | {
            "ALDAR_DOTENV": str(dotenv.absolute()),
            "PYTHONFAULTHANDLER": "1",
            "PYTHONUTF8": "1",
        }
    )


def _answers(process: Process, temporary: Path) -> bool:
    """Wait until the process answers over HTTP; ``False`` if it ends or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    with Client(process.url) as client:
        while process.alive() and time.monotonic() < deadline:
            try:
                system = client.system_stats().get("system", {})
            except RunnerError:
                time.sleep(0.1)
                continue
            # A free port can be taken by another ComfyUI before ours gets to it.
            if str(temporary) in system.get("argv", [str(temporary)]):
                process.version = str(system.get("comfyui_version", ""))
                return True
            time.sleep(0.1)
    process.stop()
    return False


def free_port() -> int:
    """A port of the loopback that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def is_free(port: int) -> bool:
    """Whether nothing listens on a port of the loopback."""
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _log_file() -> Path:
    """A new log file in the runtime folder; of the older ones the last few are kept."""
    folder = runtime_folder() / "logs"
    with disk_errors(folder, "ComfyUI's log", access=MOVE_HOME):
        folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(folder.glob("comfyui-*.log"))[: 1 - KEPT_LOGS]:
            old.unlink(missing_ok=True)
    return folder / f"comfyui-{datetime.now():%Y%m%d-%H%M%S-%f}-{os.getpid()}.log"


def _ending(status: int | None) -> str:
    if status is None:
        return "it does not answer"
    if status >= 0:
        return f"exit code {status}"
    try:
        return f"signal {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"
