#!/usr/bin/env python3
"""From nothing to a storyboard with one command.

    python3 quickstart.py ["LOGLINE"] [options of 'aldar board']
    python3 quickstart.py test [options of pytest]

The first form sets up everything in .venv beside this file and draws the board of the logline (of
the tale of the magic horse if none is given). The second sets up the same, and runs every test
that CI runs. What is set up stays: a second run starts at once, and a run that failed goes on
where it stopped.
"""

import sys

if sys.version_info < (3, 10):
    sys.exit(
        "Error: Python 3.10 or newer is needed, this is {}.{} ({}).\n"
        "Install a newer one from your system's packages or from python.org, and start this "
        "file with it, for example: python3.12 quickstart.py".format(
            sys.version_info[0], sys.version_info[1], sys.executable
        )
    )

import hashlib
import json
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "aldar-setup.json"
REQUIREMENTS = ROOT / "runner"

LOGLINE = (
    "Алдар Косе решает проучить жадного Бая. Он притворяется, что его старая лошадь — волшебная "
    "и может найти спрятанное золото, заставляя Бая выдать свое собственное хранилище."
)

TELLING = ("Collecting", "Downloading", "Building", "Installing")
"""How those lines of pip begin that say what it is at."""

Step = tuple[str, str, list[str], list[Path]]


def steps(test: bool) -> list[Step]:
    """What is installed, in order: (key, what it is, arguments of pip, files that decide it)."""
    torch = REQUIREMENTS / "requirements-torch.txt"
    tree = REQUIREMENTS / "requirements-comfyui-tree.txt"
    needs = REQUIREMENTS / "requirements-comfyui.txt"
    project = ROOT / "pyproject.toml"
    install = [
        ("torch", "PyTorch", ["-r", str(torch)], [torch]),
        ("tree", "ComfyUI", ["--no-deps", "--require-hashes", "-r", str(tree)], [tree]),
        ("needs", "What ComfyUI needs", ["-r", str(needs)], [torch, needs]),
        ("pack", "This pack", ["-e", f"{ROOT}[exports,heic,llm,models]"], [project]),
    ]
    if test:
        install.append(("test", "The test tools", ["-e", f"{ROOT}[test]"], [project]))
    return install


def main(arguments: list[str]) -> int:
    if arguments[:1] in (["-h"], ["--help"]):
        print((__doc__ or "").strip())
        return 0
    test = arguments[:1] == ["test"]
    try:
        set_up(test)
    except Failure as failure:
        say(f"\nError: {failure}")
        return 1
    if test:
        return run_tests(arguments[1:])
    if not arguments or arguments[0].startswith("-"):
        arguments = [LOGLINE, *arguments]
    return hand_over([str(BIN / "aldar"), "board", *arguments])


def set_up(test: bool) -> None:
    """Bring .venv to what the requirement files say; do nothing if it is there already."""
    done = read_stamp()
    todo = [step for step in steps(test) if done.get(step[0]) != fingerprint(step)]
    if not todo:
        return
    begun = time.monotonic()
    count = len(todo) + ("venv" not in done)
    say(f"Setting up {VENV}")
    if "venv" not in done:
        make_venv(Progress(f"[1/{count}] Python environment", "venv"))
        done = {"venv": str(VENV)}
        write_stamp(done)
    for number, step in enumerate(todo, count - len(todo) + 1):
        key, name, arguments, _ = step
        command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--progress-bar=off"]
        Progress(f"[{number}/{count}] {name}", key).run([*command, *arguments])
        done[key] = fingerprint(step)
        write_stamp(done)
    say(f"Set up in {time.monotonic() - begun:.0f} s.")


def make_venv(progress: "Progress") -> None:
    """Make .venv, or take over one that works; one that we left half-made is made again."""
    if VENV.exists():
        if STAMP.exists() or not (VENV / "pyvenv.cfg").exists():
            clear_venv()
        elif works():
            progress.say("using the one that is there")
            return
        else:
            raise Failure(
                f"{VENV} exists, but its Python or pip does not work.\n"
                "Remove that folder, then run the same command again."
            )
    write_stamp({})
    progress.run(
        [sys.executable, "-m", "venv", str(VENV)],
        hint=(
            "If the venv or ensurepip module is missing, install it: on Debian and Ubuntu "
            "'sudo apt install python3-venv', on Fedora 'sudo dnf install python3-pip'."
        ),
    )


def clear_venv() -> None:
    """Empty .venv, but leave the runtime folder: the user's models lie there."""
    for path in VENV.iterdir():
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.name != "aldar-runtime":
            shutil.rmtree(path)


def works() -> bool:
    """Whether .venv has a Python that is new enough and has pip."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 10))"
    try:
        done = subprocess.run([str(PYTHON), "-c", check], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


class Progress:
    """One step of the set-up: its line on the terminal and its log."""

    def __init__(self, title: str, key: str) -> None:
        self.title = title
        self.log = VENV / f"aldar-setup-{key}.log"
        self.live = sys.stderr.isatty()

    def say(self, text: str) -> None:
        say(f"{self.title}: {text}")

    def run(self, command: list[str], hint: str = "") -> None:
        """Run a command, showing time and last line of output. :raises Failure: if it fails."""
        begun = time.monotonic()
        last = ""

        def show() -> None:
            beats = 0
            while not ended.wait(1.0):
                beats += 1
                seconds = int(time.monotonic() - begun)
                if self.live:
                    width = max(20, shutil.get_terminal_size().columns - 1)
                    line = f"{self.title}: {seconds} s  {last}"[:width]
                    sys.stderr.write("\r\033[K" + line)
                    sys.stderr.flush()
                elif beats % 15 == 0:
                    say(f"{self.title}: {seconds} s  {last[:100]}")

        if self.live:
            sys.stderr.write(f"{self.title} …")
            sys.stderr.flush()
        else:
            self.say("…")
        ended = threading.Event()
        shower = threading.Thread(target=show, daemon=True)
        with self.log.open("w", encoding="utf-8") as log:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                cwd=ROOT,
            )
            assert child.stdout
            shower.start()
            try:
                for line in child.stdout:
                    log.write(line)
                    if line.strip().startswith(TELLING):
                        last = line.strip()
                status = child.wait()
            finally:
                ended.set()
                shower.join()
                if child.poll() is None:
                    child.terminate()
                    child.wait()
        if self.live:
            sys.stderr.write("\r\033[K")
        if status:
            tail = "\n".join("  " + line for line in self.log.read_text("utf-8").splitlines()[-12:])
            raise Failure(
                f"the step '{self.title}' failed. The end of its log {self.log}:\n{tail}\n"
                f"{hint + chr(10) if hint else ''}"
                "Mend the cause (often the network or the disk), then run the same command again: "
                "finished steps are skipped."
            )
        self.say(f"done in {time.monotonic() - begun:.0f} s")


class Failure(Exception):
    """A step of the set-up did not work."""


def fingerprint(step: Step) -> str:
    """What a step depends on; it runs again when this changes."""
    digest = hashlib.sha256(json.dumps(step[2]).encode())
    for path in step[3]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read_stamp() -> dict[str, str]:
    """Finished steps and their fingerprints; nothing if .venv was not made, or not here."""
    try:
        done = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    here = isinstance(done, dict) and done.get("venv") == str(VENV)
    return done if here and PYTHON.exists() else {}


def write_stamp(done: dict[str, str]) -> None:
    VENV.mkdir(exist_ok=True)
    partial = STAMP.with_suffix(".part")
    partial.write_text(json.dumps(done, indent=1), "utf-8")
    partial.replace(STAMP)


def run_tests(arguments: list[str]) -> int:
    """The checks in order of cost; the first that fails ends the run."""
    checks = [
        [str(BIN / "ruff"), "check", "."],
        [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
        [str(BIN / "pyright"), "--pythonpath", str(PYTHON)],
    ]
    for check in checks:
        say("$ " + " ".join([Path(check[0]).name, *check[1:]]))
        status = subprocess.run(check, cwd=ROOT, check=False).returncode
        if status:
            say(f"\nError: {Path(check[0]).name} found something to mend.")
            return status
    say("$ pytest " + " ".join(arguments))
    os.chdir(ROOT)
    return hand_over([str(PYTHON), "-m", "pytest", *arguments])


def hand_over(command: list[str]) -> int:
    """Become that command, so that signals and the exit status are its own."""
    sys.stderr.flush()
    if os.name == "nt":  # exec does not wait there
        return subprocess.run(command, check=False).returncode
    os.execv(command[0], command)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("\nInterrupted. Run the same command again: finished steps are skipped.")
        sys.exit(130)
