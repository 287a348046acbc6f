"""Which files a command is about: the manifest, the user's own places, and what was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from ...storyboard import config
from ...storyboard.errors import InputError
from ...storyboard.story import field_errors
from .manifest import MODES, Manifest, ModelFile, manifest
from .sources import source


def catalogue() -> Manifest:
    """The manifest, with the places that ``[models]`` of the user's ``config.toml`` names.

    A place named there is the only one its file is looked for in, and makes it a wanted one; a
    file the manifest does not know is added.

    :raises InputError: ``source_invalid`` or ``profile_invalid``.
    """
    own = {
        path: _place(path, address, where)
        for where, table in config.tables("models").items()
        for path, address in table.items()
    }
    published = manifest().files
    files = [
        file.model_copy(update={"sources": (own.pop(file.path),), "optional": False})
        if file.path in own
        else file
        for file in published
    ]
    try:
        return Manifest(
            files=(*files, *(ModelFile(path=path, sources=(own[path],)) for path in sorted(own)))
        )
    except ValidationError as error:
        raise InputError(
            "source_invalid",
            f"A path under [models] in {config.config_file()} cannot be used: "
            f"{'; '.join(field_errors(error))}.",
            'Write it as below ComfyUI\'s models folder: "loras/my_hero.safetensors".',
        ) from error


def _place(path: str, address: object, where: str) -> str:
    if not isinstance(address, str):
        raise InputError(
            "source_invalid",
            f"The address of {path} under [models] in {where} is no text.",
            'Write "loras/my_hero.safetensors" = "s3://bucket/my_hero.safetensors".',
        )
    source(address)  # says what is wrong with it before anything is fetched
    return address


def of_mode(files: Manifest, mode: str | None) -> tuple[ModelFile, ...]:
    """The files of a mode, or all of them.

    :raises InputError: ``option_invalid`` if there is no such mode.
    """
    if mode is None:
        return files.files
    if mode not in MODES:
        raise InputError(
            "option_invalid",
            f"No model files are listed for a mode '{mode}'.",
            f"Choose one of: {', '.join(MODES)}. The draft needs none.",
        )
    return files.for_mode(mode)


def chosen(
    files: Manifest, names: Sequence[str], mode: str | None, optional: bool
) -> tuple[ModelFile, ...]:
    """What is to be pulled: the files of a mode, and those that are named.

    :param optional: whether those the mode does without are meant as well.
    :raises InputError: ``option_invalid``.
    """
    if mode is None and not names:
        raise InputError(
            "option_invalid",
            "It is not said which files to pull.",
            f"Give --mode ({', '.join(MODES)}) or names from 'aldar models list'.",
        )
    wanted = [] if mode is None else [f for f in of_mode(files, mode) if optional or not f.optional]
    for name in names:
        file = files.of_path(name) or files.by_name(name)
        if file is None:
            raise InputError(
                "option_invalid",
                f"There is no model file '{name}'.",
                "'aldar models list' names them; add your own under [models] in "
                f"{config.config_file()}.",
            )
        wanted.append(file)
    return tuple(dict.fromkeys(wanted))
