"""Everything the user configures: variables, folders, the configuration file, keys.

All of it lives on the machine that plans and none of it in a workflow. These variables are ours;
an empty one counts as not set:

``ALDAR_HOME``
    The folder of everything this program keeps: configuration, cache, runtime. Without it each
    lies where the system or the virtual environment has its place for it.
``ALDAR_SERVER``
    Address of a running ComfyUI that the command line uses: ``--server``.
``ALDAR_DOTENV``
    A file with keys, in place of ``.env`` in the working folder.
``COMFYUI_PATH``
    The folder of the ComfyUI that the command line starts.
``ALDAR_PLANNER``
    The planner that ``auto`` takes: ``offline``, or a profile. Without it the first that is ready.
``ALDAR_PROFILES__STUDIO__MODEL`` and the like
    One field of the configuration file; goes before what stands there.

Those of Hugging Face (``HF_TOKEN``, ``HF_ENDPOINT`` …), of S3 (``AWS_…``) and of the network
(``HTTPS_PROXY`` …) are read by their libraries.

``config.toml`` holds planner profiles (:mod:`.planning.llm.profiles`), prices
(:mod:`.planning.llm.prices`), and where model files of the user's own lie, which the command line
reads::

    planner = "studio"   # what "auto" takes here

    [profiles.studio]
    base_url = "https://llm.example.org/v1"
    model = "our-model"
    key_env = "STUDIO_KEY"

    [prices."our-model"]
    input = 0.5     # US dollars per million tokens
    output = 1.5

    [models]
    "loras/aldar_kose_v5.safetensors" = "s3://our-bucket/aldar_kose_v5.safetensors"

Keys of planners may also stand in a ``.env`` file, beside ``config.toml`` or where the program
runs; nothing but keys is read from there, so that a folder somebody sent cannot tell where a key
goes.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, SecretStr, ValidationError, create_model
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from .errors import InputError, PlanningError
from .story import field_errors

APP = "aldar-storyboard"
ENVIRONMENT = "the environment"
PREFIX = "ALDAR_"

Table = dict[str, dict[str, Any]]


class Environment(BaseSettings):
    """Our variables, as they are set now; the tables' and the keys are read below."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True)

    home: Path | None = None
    server: str = ""
    dotenv: Path = Path(".env")
    comfyui: Path | None = Field(default=None, validation_alias="COMFYUI_PATH")


def _home() -> Path | None:
    home = Environment().home
    return Path(os.path.expanduser(home)) if home else None


def server() -> str:
    """Address of the ComfyUI that ``ALDAR_SERVER`` names, with its login; empty without one."""
    return Environment().server


def comfyui_folder() -> Path | None:
    """The ComfyUI that ``COMFYUI_PATH`` names, whether it is there or not."""
    folder = Environment().comfyui
    return Path(os.path.realpath(os.path.expanduser(folder))) if folder else None


def runtime_folder() -> Path:
    """Where the command line keeps a ComfyUI of its own, logs and temporary files.

    ``ALDAR_HOME``, else inside the virtual environment, else the user's own folder.
    """
    home = _home()
    if home:
        return Path(os.path.realpath(home))
    if sys.prefix != sys.base_prefix:
        return Path(sys.prefix) / "aldar-runtime"
    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def models_folders() -> list[Path]:
    """Where a pulled model may lie: the models folders of the ComfyUIs this machine may have.

    In the order in which the command line looks for a ComfyUI.
    """
    pack = Path(__file__).resolve().parents[1]
    host = [pack.parent.parent] if pack.parent.name == "custom_nodes" else []
    bases = [comfyui_folder(), *host, runtime_folder() / "base"]
    return [base / "models" for base in bases if base is not None]


def config_folder() -> Path:
    """Where ``config.toml`` and ``.env`` lie: ``ALDAR_HOME``, else the user's own folder."""
    return _home() or Path(platformdirs.user_config_dir(APP, appauthor=False))


def config_file() -> Path:
    """The configuration file, whether it exists or not."""
    return config_folder() / "config.toml"


def cache_folder() -> Path:
    """Where answers that were paid for are kept."""
    home = _home()
    return home / "cache" if home else Path(platformdirs.user_cache_dir(APP, appauthor=False))


def env_files() -> tuple[Path, Path]:
    """The ``.env`` files that may hold keys; the later one wins.

    The second is the working folder's, or the one ``ALDAR_DOTENV`` names.
    """
    return config_folder() / ".env", Environment().dotenv


class _Tables(BaseSettings):
    """What can be configured. The tables are checked where they are used."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    planner: str = ""
    profiles: Table = {}
    prices: Table = {}
    models: dict[str, Any] = {}


class _FromFile(_Tables):
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The file alone."""
        return (_Toml(settings_cls, toml_file=config_file()),)


class _Toml(TomlConfigSettingsSource):
    """TOML as editors write it: with or without byte-order mark."""

    def _read_file(self, file_path: Any) -> dict[str, Any]:
        tomllib = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
        text = file_path.read_bytes().decode("utf-8-sig")
        try:
            return tomllib.loads(text)
        except RecursionError:
            raise ValueError("it is nested too deep") from None


def tables(name: str) -> dict[str, dict[str, Any]]:
    """The table of that name by where it was read: the file, the environment.

    The environment stands last and goes before the file.

    :raises InputError: ``profile_invalid`` if the file or a variable cannot be read.
    :raises PlanningError: ``package_missing`` if Python itself cannot read TOML.
    """
    return {where: getattr(_read(source, where), name) for where, source in _sources()}


def planner() -> str:
    """The planner that ``auto`` takes on this machine; empty if nobody says.

    :raises InputError: ``profile_invalid`` if the file or a variable cannot be read.
    """
    said = [_read(source, where).planner for where, source in _sources()]
    return said[-1] or said[0]


def _sources() -> list[tuple[str, type[_Tables]]]:
    """Where the configuration is read, the later place before the earlier one."""
    return [(str(config_file()), _FromFile), (ENVIRONMENT, _Tables)]


def _read(source: type[_Tables], where: str) -> _Tables:
    try:
        return source()
    except ImportError:
        raise PlanningError(
            "package_missing",
            f"{where} cannot be read: Python before 3.11 needs the package tomli for it.",
            "Install it with 'pip install tomli'.",
        ) from None
    except (ValueError, OSError) as error:
        why = "; ".join(field_errors(error)) if isinstance(error, ValidationError) else str(error)
        raise InputError(
            "profile_invalid",
            f"The configuration in {where} cannot be read: {why}.",
            "Mend it; planner profiles stand under [profiles.NAME], prices under [prices.MODEL], "
            "addresses of model files under [models].",
        ) from None


class _Secret(BaseSettings):
    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")


def secret(variable: str) -> SecretStr | None:
    """A key from the environment or else from a ``.env`` file, by its variable's name.

    :raises InputError: ``profile_invalid`` if a ``.env`` file is not text.
    """
    reader: Any = create_model(
        "Secret",
        __base__=_Secret,
        value=(SecretStr | None, Field(default=None, validation_alias=variable)),
    )
    files = env_files()
    try:
        return reader(_env_file=files, _env_file_encoding="utf-8-sig").value
    except (ValueError, OSError):  # says nothing of the content, which is secret
        raise InputError(
            "profile_invalid",
            f"{variable} cannot be read from {' or '.join(map(str, files))}.",
            "Write one NAME=VALUE a line into the file, in UTF-8.",
        ) from None
