"""Planner profiles: which language model writes, at which address, with which key.

A workflow or a command line only ever says a profile's name. The address and the key behind it
belong to the machine that plans (:mod:`.config`), so neither can leak into a workflow, a picture
or a board, and a workflow from a stranger cannot send a key anywhere.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Any, Literal

from pydantic import (
    AnyHttpUrl,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from ... import config
from ...errors import InputError, PlanningError
from ...story import field_errors

_LOCAL = {"timeout": 600.0}
"""A model on one's own machine may take its time."""

OWN_SERVER = "http://127.0.0.1:0/v1"
"""The address of a server that we start: any free port of the loopback."""

BUILT_IN: dict[str, dict[str, Any]] = {
    "openai": {
        "base_url": "https://api.openai.com/v1",
        "model": "gpt-5.4-mini",
        "key_env": "OPENAI_API_KEY",
    },
    "gemini": {
        "base_url": "https://generativelanguage.googleapis.com/v1beta/openai",
        "model": "gemini-3.5-flash",
        "key_env": "GEMINI_API_KEY",
    },
    "ollama": {"base_url": "http://localhost:11434/v1", "model": "gemma3:12b", **_LOCAL},
    "vllm": {"base_url": "http://localhost:8000/v1", **_LOCAL},
    "llamacpp": {"base_url": "http://localhost:8080/v1", **_LOCAL},
    "local": {"base_url": OWN_SERVER, "engine": "llama.cpp", "brief": "short", **_LOCAL},
}
"""Profiles that need no configuration file. A file or variable may change single fields."""

_URL = TypeAdapter(AnyHttpUrl)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


class Profile(BaseModel):
    """One language model behind an endpoint that speaks OpenAI's chat completions."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str
    base_url: str
    """Up to and with ``/v1``. https, or http on this machine."""
    model: Annotated[str, Field(max_length=1000)] = ""
    """Empty: the first model that the endpoint offers. With an :attr:`engine`, a GGUF file; empty:
    the one that ``aldar models pull --mode planner`` brings."""
    engine: Literal["", "llama.cpp"] = ""
    """The server that is started for the plan and ended after it; empty: one that runs."""
    brief: Literal["full", "short"] = "full"
    """``short`` for small models: a brief of a quarter, and the story asked for in two steps."""
    threads: Annotated[int, Field(ge=0, le=512)] = 0
    """Of the engine; 0 for one on each core."""
    context: Annotated[int, Field(ge=1024, le=1_000_000)] = 4096
    """Tokens that the engine keeps room for; a long context takes much memory."""
    key: SecretStr | None = None
    key_env: Annotated[str, Field(pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$")] = ""
    """Variable that holds the key, if :attr:`key` does not."""
    structured: Literal["json_schema", "json_object", "text"] = "json_schema"
    """The most the endpoint understands; less is tried when it refuses."""
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    seed: int = 42
    max_tokens: Annotated[int, Field(ge=256)] | None = None
    """The longest answer to pay for, or ``None`` for the endpoint's own limit."""
    timeout: Annotated[float, Field(gt=0, le=3600)] = 180.0
    """Seconds of silence after which a request is given up."""
    connect_timeout: Annotated[float, Field(gt=0, le=300)] = 10.0
    """Seconds to reach the endpoint."""
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    """More tries after 408, 409, 429, 5xx and lost connections, with growing pauses."""

    @model_validator(mode="before")
    @classmethod
    def _started(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("engine"):
            return {"base_url": OWN_SERVER, **data}
        return data

    @field_validator("base_url")
    @classmethod
    def _safe(cls, value: str) -> str:
        url = _URL.validate_python(value)
        if url.username or url.password or url.query or url.fragment:
            raise ValueError("an address holds no user, password, query or fragment")
        if url.scheme == "http" and not _loopback(url):
            raise ValueError("http is for this machine only; another one needs https")
        return str(url).rstrip("/")

    @field_validator("key")
    @classmethod
    def _printable(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value().strip() if value else ""
        if not re.fullmatch(r"[\x21-\x7e]*", text):
            raise ValueError("a key has no blanks and no letters outside ASCII")
        return SecretStr(text) if text else None

    @model_validator(mode="after")
    def _started_here(self) -> Profile:
        if self.engine and not self.local:
            raise ValueError("an engine is started on this machine; leave base_url out")
        return self

    @property
    def local(self) -> bool:
        """Whether the endpoint is on this machine."""
        return _loopback(_URL.validate_python(self.base_url))

    @property
    def port(self) -> int:
        """The endpoint's port; 0 for any free one, where an :attr:`engine` is started."""
        return _URL.validate_python(self.base_url).port or 0

    @property
    def path(self) -> str:
        """The endpoint's path, as ``/v1``."""
        return (_URL.validate_python(self.base_url).path or "").rstrip("/")

    @property
    def host(self) -> str:
        """The endpoint's host, for messages."""
        return _host(_URL.validate_python(self.base_url))


def _host(url: AnyHttpUrl) -> str:
    return (url.host or "").strip("[]")


def _loopback(url: AnyHttpUrl) -> bool:
    host = _host(url)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def names() -> list[str]:
    """Every profile there is, the built-in ones first.

    :raises InputError: ``profile_invalid`` if the configuration cannot be read.
    """
    return list(dict.fromkeys(name for table in sources().values() for name in table))


def sources() -> dict[str, config.Table]:
    """Fields of profiles by where they stand, the built-in ones first.

    :raises InputError: ``profile_invalid`` if the configuration cannot be read.
    """
    return {"the built-in profiles": BUILT_IN, **config.tables("profiles")}


def load(name: str, read: dict[str, config.Table] | None = None) -> Profile:
    """The profile of that name, with its key.

    :param read: what :func:`sources` gave, if somebody has read it already.
    :raises PlanningError: ``planner_unknown``; ``key_missing`` for a remote one without a key.
    :raises InputError: ``profile_invalid`` naming profile, place and field.
    """
    fields = {
        field: (value, where)
        for where, table in (read or sources()).items()
        for field, value in table.get(name, {}).items()
    }
    if not fields:
        raise PlanningError(
            "planner_unknown",
            f"There is no planner called {name!r}; there is {', '.join(['offline', *names()])}.",
            f"Use one of those, or describe it under [profiles.{name}] in {config.config_file()}."
            if _NAME.fullmatch(name)
            else "Use 'offline', which needs no key and no network.",
        )
    data = {field: value for field, (value, _) in fields.items()}
    try:
        profile = Profile.model_validate({**data, "name": name})
    except ValidationError as error:
        origins = {field: where for field, (_, where) in fields.items()}
        raise _invalid(name, error, origins) from None
    return _with_key(profile)


def _invalid(name: str, error: ValidationError, origins: dict[str, str]) -> InputError:
    """Says which profile, where it stands, which field."""
    place = error.errors(include_input=False)[0]["loc"]
    field = str(place[0]) if place else "engine"
    where = origins.get(field, str(config.config_file()))
    return InputError(
        "profile_invalid",
        f"The planner profile {name!r} cannot be used. In {where}: "
        f"{'; '.join(field_errors(error))}.",
        f"Mend {_variable(name, field)} in the environment."
        if where == config.ENVIRONMENT
        else f"Mend {field} under [profiles.{name}] in {config.config_file()}.",
    )


def _variable(name: str, field: str) -> str:
    return f"{config.PREFIX}PROFILES__{name}__{field}".upper()


def _with_key(profile: Profile) -> Profile:
    key, where = profile.key, f"key under [profiles.{profile.name}] in {config.config_file()}"
    if key is None and profile.key_env:
        key, where = config.secret(profile.key_env), profile.key_env
    if key is not None and key.get_secret_value().strip():
        try:
            return Profile.model_validate({**dict(profile), "key": key})
        except ValidationError as error:
            raise InputError(
                "profile_invalid",
                f"The key of the planner profile {profile.name!r} cannot be used. "
                f"In {where}: {'; '.join(field_errors(error))}.",
                f"Copy the key again into {where}.",
            ) from None
    if profile.local:
        return profile
    variable = profile.key_env or _variable(profile.name, "key")
    raise PlanningError(
        "key_missing",
        f"The planner profile {profile.name!r} has no key for {profile.host}.",
        f"Set {variable} in the environment or in {config.config_folder() / '.env'}, or write "
        f"'key' under [profiles.{profile.name}] in {config.config_file()}.",
    )
