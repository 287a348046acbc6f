"""llama.cpp's server, started on the loopback for one plan and ended after it.

It runs as a process of its own (:mod:`.llama_server`), because a model that finds no memory, or a
file that the library trips over, ends a process: ours must live on. The server asks for a key
that only we have, so that nothing else on this machine talks to it.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from ... import config
from ...errors import AldarError, PlanningError
from .profiles import Profile

MODEL = "LLM/qwen2.5-1.5b-instruct-q4_k_m.gguf"
"""What ``aldar models pull --mode planner`` brings, below a models folder."""
INSTALL = "pip install 'aldar-storyboard[local]'"
START_SECONDS = 300.0
"""How long a model may take to load: a large one from a slow disk needs minutes."""
POLL_SECONDS = 0.1

_PACKAGES = ("xllamacpp", "psutil")
_PIPE, _TO_STDOUT = -1, -2
_MEMORY = re.compile(r"insufficient memory|out of memory|failed to allocate|bad_alloc", re.I)
_PORT = re.compile(r"couldn't bind|address already in use", re.I)
_NOISE = re.compile(r"^[\d.]+ [IWED] ")


def missing_package() -> str:
    """The first package an engine needs and does not find; empty if all are there."""
    return next((name for name in _PACKAGES if find_spec(name) is None), "")


def model_file(profile: Profile) -> Path:
    """The file of weights of a profile with an engine.

    :raises PlanningError: ``planner_no_model`` or ``model_wrong``.
    """
    if profile.model:
        places = [Path(profile.model).expanduser()]
    else:
        places = [folder / MODEL for folder in config.models_folders()]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        looked = "; ".join(dict.fromkeys(map(str, places)))
        raise PlanningError(
            "planner_no_model",
            f"The planner profile {profile.name!r} has no model file; looked for: {looked}.",
            "Run 'aldar models pull --mode planner' (1.1 GB, no account needed), or name a GGUF "
            f"file of yours as 'model' under [profiles.{profile.name}] in {config.config_file()}.",
        )
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise _wrong(profile, path, f"it cannot be read: {error.strerror}") from error
    if magic != b"GGUF":
        raise _wrong(profile, path, "it is no GGUF file")
    return path


def ready(profile: Profile, room: int = 0) -> Profile:
    """The profile with its model file, all that starting it needs being there.

    :param room: tokens of context that are needed at least.
    :raises PlanningError: ``package_missing``, ``planner_no_model`` or ``model_wrong``.
    """
    if package := missing_package():
        raise PlanningError(
            "package_missing",
            f"The planner profile {profile.name!r} needs the package {package}.",
            f'Run "{INSTALL}" where ComfyUI or aldar runs.',
        )
    model = str(model_file(profile))
    context = max(profile.context, room)
    return profile.model_copy(update={"model": model, "context": context})


def name(profile: Profile) -> str:
    """What its model is called."""
    return Path(profile.model).stem


def mark(profile: Profile) -> str:
    """What tells a model file from others, without reading it."""
    path = Path(profile.model)
    status = path.stat()
    return f"{name(profile)} {status.st_size} {status.st_mtime_ns}"


@contextmanager
def serving(
    profile: Profile, poll: Callable[[], None], tell: Callable[[str], None]
) -> Iterator[Profile]:
    """The server of a profile that is :func:`ready`, and the profile as it can be asked.

    :param poll: called while the model loads; whatever it raises ends the server.
    :param tell: is told what goes on.
    :raises PlanningError: ``port_taken``, ``out_of_memory``, ``model_wrong`` or ``planner_died``,
        also while the block runs; ``planner_timeout``.
    """
    tell(f"Loading the model {name(profile)}")
    with tempfile.TemporaryDirectory(prefix="aldar-planner-", ignore_cleanup_errors=True) as folder:
        server = _Server(profile, Path(folder))
        try:
            yield server.loaded(poll)
        except PlanningError as error:
            if error.code == "planner_unreachable" and server.ended():
                raise server.failure() from error
            raise
        finally:
            server.stop()


class _Server:
    """The process and what it left in its folder."""

    def __init__(self, profile: Profile, folder: Path) -> None:
        import psutil

        self._gone = psutil.Error
        self._profile = profile
        self._model = Path(profile.model)
        self._key = secrets.token_hex(24)
        self._address = folder / "address"
        self._log = folder / "log"
        options = {
            "model": profile.model,
            "alias": self._model.stem,
            "port": profile.port,
            "context": profile.context,
            "threads": profile.threads or _cores(),
            "key": self._key,
            "address": str(self._address),
        }
        orders = folder / "options.json"
        orders.write_text(json.dumps(options), "utf-8")
        with self._log.open("wb") as log:
            self._child: Any = psutil.Popen(
                [sys.executable, str(Path(__file__).with_name("llama_server.py")), str(orders)],
                stdin=_PIPE,
                stdout=log,
                stderr=_TO_STDOUT,
                cwd=folder,
                # Ctrl-C in the terminal is ours to handle.
                start_new_session=True,
            )

    def loaded(self, poll: Callable[[], None]) -> Profile:
        """Wait until the model is loaded; the profile with address and key."""
        deadline = time.monotonic() + START_SECONDS
        while not self._address.is_file():
            poll()
            if self.ended():
                raise self.failure()
            if time.monotonic() > deadline:
                raise PlanningError(
                    "planner_timeout",
                    f"{self._model.name} was not loaded within {START_SECONDS:.0f} s.",
                    "Take a smaller model, or try again when the machine is less busy.",
                )
            time.sleep(POLL_SECONDS)
        address = self._address.read_text("utf-8").strip()
        fields = {"base_url": f"{address}/v1", "key": SecretStr(self._key)}
        return self._profile.model_copy(update=fields)

    def ended(self, within: float = POLL_SECONDS) -> bool:
        """Whether the process is gone, or goes in a moment."""
        with suppress(self._gone):
            self._child.wait(within)
        return self._child.poll() is not None

    def failure(self) -> AldarError:
        """What it means that the server is gone."""
        try:
            log = self._log.read_text("utf-8", "replace")
        except OSError:
            log = ""
        status, where = self._child.poll(), f"[profiles.{self._profile.name}]"
        lines = [_NOISE.sub("", line).strip() for line in log.splitlines() if line.strip()]
        if _PORT.search(log):
            return PlanningError(
                "port_taken",
                f"The model server cannot be started: port {self._profile.port} is in use.",
                f"Leave 'base_url' out of {where} in {config.config_file()}; then a free port "
                "is taken.",
            )
        if _MEMORY.search(log) or status in (-9, 137):
            return PlanningError(
                "out_of_memory",
                f"There is no memory for {self._model.name} with a context of "
                f"{self._profile.context} tokens.",
                f"End other programs, or set a smaller 'model' or 'context' under {where} in "
                f"{config.config_file()}; '--planner offline' needs no model.",
            )
        if "failed to load model" in log:
            return _wrong(self._profile, self._model, "llama.cpp cannot load it")
        return PlanningError(
            "planner_died",
            f"The model server ended ({status}): {' | '.join(lines[-3:])[-500:] or 'no reason'}.",
            "Try again, or take another model; '--planner offline' needs no model.",
        )

    def stop(self) -> None:
        """End it at once: it has nothing to save."""
        with suppress(self._gone):
            self._child.kill()
        with suppress(self._gone):
            self._child.wait(5)
        with suppress(OSError):
            self._child.stdin.close()


def _wrong(profile: Profile, path: Path, why: str) -> PlanningError:
    return PlanningError(
        "model_wrong",
        f"The model file {path} of the planner profile {profile.name!r} cannot be used: {why}.",
        "Fetch it again with 'aldar models pull --mode planner --force', or name another GGUF "
        f"file as 'model' under [profiles.{profile.name}] in {config.config_file()}.",
    )


def _cores() -> int:
    """Cores this process may use: more threads than these wait for each other."""
    import psutil

    allowed = getattr(psutil.Process(), "cpu_affinity", list)()
    return max(1, min(psutil.cpu_count(logical=False) or 1, len(allowed) or 10_000))
