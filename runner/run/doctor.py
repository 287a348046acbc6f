"""``aldar doctor``: what the other commands need, checked one by one."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass

from rich.table import Table
from rich.text import Text

from ...storyboard.config import runtime_folder
from ...storyboard.errors import AldarError, RunnerError
from ..server import comfyui
from ..server.client import Client
from ..server.process import HOST
from . import collect
from .canvas import USUAL_PORT

NEEDED_ROOM = 2**30
"""Bytes that should be free for ComfyUI's files and a few boards."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    found: str
    fix: str = ""
    """What to do if it is not in order."""
    needed: bool = True
    """Whether the other commands fail without it."""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def examine() -> list[Check]:
    """Look at everything; a check that fails in an unforeseen way is a failed check."""
    checks = []
    for look in (
        _python,
        _packages,
        _torch,
        _comfyui,
        _pack,
        _fonts,
        _planner,
        _room,
        _folder,
        _server,
    ):
        try:
            checks.append(look())
        except AldarError as error:
            checks.append(Check(look.__name__[1:], False, error.message, error.hint))
        except Exception as error:
            checks.append(Check(look.__name__[1:], False, f"{type(error).__name__}: {error}"))
    return checks


def table(checks: list[Check]) -> Table:
    """The checks as people read them."""
    sheet = Table()
    for name in ("", "check", "found", "what to do"):
        sheet.add_column(name, overflow="fold")
    for check in checks:
        mark = (
            Text("ok", "green")
            if check.ok
            else Text("FAIL", "red")
            if check.needed
            else Text("-", "yellow")
        )
        sheet.add_row(mark, check.name, Text(check.found), Text("" if check.ok else check.fix))
    return sheet


def _python() -> Check:
    return Check(
        "python",
        sys.version_info >= (3, 10),
        f"{platform.python_version()} at {sys.prefix}",
        "Install Python 3.10 or newer.",
    )


def _packages() -> Check:
    """Every package this one requires is installed in a version it accepts."""
    from packaging.requirements import Requirement

    wrong = []
    for text in importlib.metadata.requires(comfyui.PACK_NAME) or []:
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} {version} is not {requirement.specifier}")
    return Check(
        "packages",
        not wrong,
        "; ".join(wrong) or "all there",
        f"Run: {sys.executable} -m pip install -e {comfyui.PACK}",
    )


def _torch() -> Check:
    """torch imports in the environment ComfyUI runs in; which device it offers."""
    probe = (
        "import torch; device = getattr(torch, 'accelerator', torch.cuda);"
        "print(torch.__version__, 'with a GPU' if device.is_available() else 'on the CPU')"
    )
    done = subprocess.run(
        [str(comfyui.find().python), "-c", probe],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    last = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()[-1:]
    return Check(
        "torch",
        done.returncode == 0,
        " ".join(last),
        "Run quickstart.py again, or install torch into ComfyUI's environment.",
    )


def _comfyui() -> Check:
    installation = comfyui.find()
    version = installation.version
    old = version and _numbers(version) < (0, 3, 75)
    return Check(
        "comfyui",
        not old,
        f"{version or 'unknown version'} at {installation.path} ({installation.origin})",
        "Update ComfyUI to 0.3.75 or newer.",
    )


def _pack() -> Check:
    where = comfyui.link_pack(comfyui.find())
    return Check("pack", (where / "__init__.py").is_file(), f"{where} -> {where.resolve()}")


def _fonts() -> Check:
    """The pack's fonts are there and draw Kazakh letters, not boxes."""
    from PIL import Image, ImageDraw, ImageFont

    from ...storyboard.staging.letters.lettering import FONTS

    def drawn(letter: str, font: ImageFont.FreeTypeFont) -> bytes:
        image = Image.new("L", (48, 48))
        ImageDraw.Draw(image).text((4, 0), letter, 255, font)
        return image.tobytes()

    fonts = sorted(FONTS.glob("*.ttf"))
    poor = []
    for path in fonts:
        font = ImageFont.truetype(str(path), 32)
        box = drawn("\uffff", font)
        if any(drawn(letter, font) == box for letter in "ӘҚҢӨҰҮҺ"):
            poor.append(path.name)
    return Check(
        "fonts",
        bool(fonts) and not poor,
        f"no Kazakh letters in {', '.join(poor)}" if poor else f"{len(fonts)} cover Kazakh",
        "Install this pack again, and Pillow with FreeType.",
    )


def _planner() -> Check:
    """Which planner ``auto`` takes here; nothing needs a language model."""
    from ...storyboard.planning.llm import auto

    choice = auto.choose()
    return Check(
        "planner",
        choice.planner != auto.OFFLINE,
        choice.note or "auto takes offline",
        "To plan with a language model set a key, start a model's server, or run: pip install "
        "'aldar-storyboard[local]' and aldar models pull --mode planner",
        needed=False,
    )


def _room() -> Check:
    home = runtime_folder()
    folder = next(folder for folder in (home, *home.parents) if folder.is_dir())
    free = shutil.disk_usage(folder).free
    return Check(
        "disk space",
        free >= NEEDED_ROOM,
        f"{free / 2**30:.1f} GiB free at {folder}",
        "Free some space, or set ALDAR_HOME to a folder on another disk.",
    )


def _folder() -> Check:
    folder = collect.prepare(runtime_folder() / "tmp")
    folder.rmdir()
    return Check("write access", True, str(runtime_folder()))


def _server() -> Check:
    """Whether a ComfyUI already runs; nothing needs it."""
    try:
        with Client(f"http://{HOST}:{USUAL_PORT}") as client:
            system = client.system_stats().get("system", {})
    except RunnerError:
        return Check("running", True, f"nothing at port {USUAL_PORT}", needed=False)
    version = system.get("comfyui_version", "")
    return Check("running", True, f"ComfyUI {version} at port {USUAL_PORT}", needed=False)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
