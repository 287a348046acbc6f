"""Which planner ``auto`` takes: the first profile that is ready, else ``offline``.

Ready is a profile whose key is set (setting it is the user's consent that loglines go there and
may cost something), whose server on this machine answers, or whose engine and model file are
there. Nothing but the loopback is asked, for a second at most; a server that did not answer is
not asked again for a while. ``planner`` of the configuration, or ``ALDAR_PLANNER``, decides at
once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from importlib.util import find_spec

from ... import config
from ...errors import AldarError, InputError, PlanningError
from . import engine, profiles
from .profiles import Profile

OFFLINE = "offline"
ANSWER_SECONDS = 1.0
"""To list the models. Where nothing listens it takes no time; who is busy with other things is
none of ours."""
MOST_READ = 2**20
"""Bytes of a list of models."""
FORGET_SECONDS = 20.0
"""How long a server that did not answer is left alone."""

_silent: dict[str, tuple[float, str]] = {}
"""Address -> until when it is left alone, and why."""


@dataclass(frozen=True)
class Choice:
    """What ``auto`` took."""

    planner: str
    note: str
    """One line for the story's note: what was taken and why. Empty for ``offline`` where nothing
    else was to be had: its own note says so."""


def choose(poll: Callable[[], None] = lambda: None) -> Choice:
    """The planner of this machine.

    :param poll: called between two profiles; may raise.
    :raises InputError: ``profile_invalid`` if the configuration cannot be read.
    """
    said = config.planner()
    if said and said != "auto":
        return Choice(
            said, "" if said == OFFLINE else f"auto: {said}, as this machine is configured"
        )
    passed = []
    missing = next((name for name in ("openai", "json_repair") if find_spec(name) is None), "")
    read = profiles.sources()
    names = dict.fromkeys(name for table in read.values() for name in table)
    # The user's own profiles first, then those that come with the program.
    for name in sorted(names, key=lambda name: name in profiles.BUILT_IN):
        poll()
        try:
            profile = profiles.load(name, read)
            ready, why_not = _ready(profile)
        except PlanningError as error:
            if error.code != "key_missing":
                passed.append(f"{name} ({error.code})")
            continue
        except InputError:
            passed.append(f"{name} (its configuration cannot be used)")
            continue
        if ready and missing:
            passed.append(f"{name} (it needs the package {missing})")
        elif ready:
            return Choice(name, f"auto: {name}, {ready}")
        elif why_not:
            passed.append(f"{name} ({why_not})")
    return Choice(OFFLINE, f"auto: offline, passed over: {', '.join(passed)}" if passed else "")


def also(error: AldarError) -> None:
    """Add to a failure of what ``auto`` took that nobody had named it."""
    told = f"It was chosen by the planner 'auto'; 'offline' needs no model. {error.hint}"
    error.say(error.message, told)


def _ready(profile: Profile) -> tuple[str, str]:
    """Why a profile can be taken, or why not; both empty where there is nothing to say."""
    if profile.engine:
        if engine.missing_package():
            return "", ""
        try:
            file = engine.model_file(profile)
        except PlanningError as error:
            return "", "" if error.code == "planner_no_model" else error.code
        return f"a model on this machine ({file.name})", ""
    if not profile.local:
        return f"for its key is set ({profile.host} gets the logline)", ""
    now = time.monotonic()
    until, why_not = _silent.get(profile.base_url, (0.0, ""))
    if now < until:
        return "", why_not
    answer = _asked(profile)
    if answer is None or answer:
        _silent[profile.base_url] = (now + FORGET_SECONDS, answer or "")
        return "", answer or ""
    return "which answers on this machine", ""


def _asked(profile: Profile) -> str | None:
    """Ask a server of this machine for its models: empty if it can be used, else why not.

    ``None`` if nobody is there, or somebody else.
    """
    key = {"Authorization": f"Bearer {profile.key.get_secret_value()}"} if profile.key else {}
    secure = profile.base_url.startswith("https:")
    connection = HTTPSConnection if secure else HTTPConnection
    try:
        with closing(connection(profile.host, profile.port, timeout=ANSWER_SECONDS)) as server:
            server.request("GET", f"{profile.path}/models", headers=key)
            answer = server.getresponse()
            text = answer.read(MOST_READ).decode("utf-8", "replace")
        if answer.status == 503 and "load" in text.lower():
            return ""  # it will be waited for
        data = json.loads(text)["data"] if answer.status == 200 else None
        offered = {str(model["id"]) for model in data or ()}
    except (OSError, HTTPException, ValueError, LookupError, TypeError, AttributeError):
        return None
    if data is None:
        return None
    if not offered:
        return "it offers no model"
    wanted = profile.model
    if wanted and not {wanted, f"{wanted}:latest"} & offered:
        return f"it has no model {wanted}"
    return ""
