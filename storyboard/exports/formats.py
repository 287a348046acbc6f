"""The formats a finished board leaves in, by name: one module each, loaded when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from ..board import Board
from ..errors import InputError
from ..story import field_errors
from .options import FormatOptions, Progress, nothing
from .revision import revise

Writer = Callable[[Board, Path, Any, Progress], list[str]]


class Format(NamedTuple):
    """A format, by the names of what makes it."""

    module: str
    options: str
    writer: str

    def load(self) -> tuple[type[FormatOptions], Writer]:
        """What it takes, and what writes it."""
        module = import_module(f".{self.module}", __package__)
        return getattr(module, self.options), getattr(module, self.writer)


FORMATS = {
    "pdf": Format("pdf", "PdfOptions", "write_pdf"),
    "html": Format("html", "HtmlOptions", "write_html"),
    "animatic": Format("editorial.animatic", "AnimaticOptions", "write_animatic"),
    "otio": Format("editorial.otio", "OtioOptions", "write_otio"),
    "fcpxml": Format("editorial.otio", "FcpxmlOptions", "write_fcpxml"),
    "fcp7": Format("editorial.otio", "Fcp7Options", "write_fcp7"),
    "edl": Format("editorial.otio", "EdlOptions", "write_edl"),
    "storyboarder": Format("editorial.storyboarder", "StoryboarderOptions", "write_storyboarder"),
    "csv": Format("shotlist", "CsvOptions", "write_csv"),
    "frames": Format("frames", "FramesOptions", "write_named_frames"),
}


class Option(NamedTuple):
    """An option of a format, as help and documentation tell it."""

    name: str
    """``pdf.per_page``."""
    values: str
    default: Any
    meaning: str


_SETTING = re.compile(r"([a-z0-9]+)\.([a-z_0-9]+)\s*=\s*(.*)", re.DOTALL)


def chosen(text: str) -> list[str]:
    """The formats of ``pdf, html``, each once; ``all`` is every one.

    :raises InputError: ``option_invalid`` for a format there is not.
    """
    names = list(dict.fromkeys(part for part in re.split(r"[\s,;]+", text.lower()) if part))
    if "all" in names:
        return list(FORMATS)
    for name in names:
        if name not in FORMATS:
            raise InputError(
                "option_invalid",
                f"There is no format called {name[:40]!r}; there is {', '.join(FORMATS)}.",
                "Name some of those, apart by commas, or 'all'.",
            )
    return names


def parse(names: Iterable[str], settings: Iterable[str]) -> dict[str, FormatOptions]:
    """The options of each format, from its defaults and from settings like ``pdf.per_page=4``.

    :raises InputError: ``option_invalid`` for a setting that no chosen format takes.
    """
    given: dict[str, dict[str, str]] = {name: {} for name in names}
    for setting in settings:
        match = _SETTING.fullmatch(setting.strip())
        if match is None or match[1] not in given or match[2] == "revision":
            raise InputError(
                "option_invalid",
                f"{setting[:80]!r} sets nothing: it is no FORMAT.OPTION=VALUE of a format that "
                "is written.",
                f"For example: {', '.join(given) or 'pdf'}.OPTION=VALUE; 'aldar export --options' "
                "lists all of them.",
            )
        given[match[1]][match[2]] = match[3]
    return {name: _options(name, values) for name, values in given.items()}


def _options(name: str, values: Mapping[str, str]) -> FormatOptions:
    model, _ = FORMATS[name].load()
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InputError(
            "option_invalid",
            f"The options of {name} cannot be used: {'; '.join(field_errors(error))}.",
            f"It takes {', '.join(known(model))}.",
        ) from error


def known(model: type[FormatOptions]) -> list[str]:
    """Names of the options a user may set."""
    return [name for name in model.model_fields if name != "revision"]


def options_of(names: Iterable[str]) -> list[Option]:
    """Every option of some formats."""
    options = []
    for name in names:
        model, _ = FORMATS[name].load()
        fields = model.model_json_schema()["properties"]
        options += [
            Option(
                f"{name}.{field}",
                _values(fields[field]),
                fields[field]["default"],
                fields[field]["description"],
            )
            for field in known(model)
        ]
    return options


def _values(field: Mapping[str, Any]) -> str:
    """What an option takes, from its JSON Schema."""
    if "enum" in field:
        return ", ".join(str(value) for value in field["enum"])
    if field["type"] == "boolean":
        return "yes, no"
    if "maximum" in field:
        least = field.get("minimum", field.get("exclusiveMinimum"))
        over = "over " if "exclusiveMinimum" in field else ""
        return f"{over}{least:g} to {field['maximum']:g}"
    return "text" if field["type"] == "string" else field["type"]


def typed(value: Any) -> str:
    """The value of an option as a user types it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def write(
    board: Board,
    folder: Path,
    options: Mapping[str, FormatOptions],
    progress: Progress = nothing,
) -> list[str]:
    """Write a board in some formats into its folder.

    :param options: format -> its options, as :func:`parse` gives them.
    :param progress: called with (per mille done, 1000) of all formats together.
    :returns: the files, relative to ``folder``.
    :raises StoreError: if the disk is full, the folder cannot be written or a take is missing; what
        was exported before is whole then.
    :raises InputError: if an option does not go with the board, or a package is missing.
    """
    line = revise(board, folder).line(board.story.language)
    files: list[str] = []
    for place, (name, chosen_options) in enumerate(options.items()):
        _, writer = FORMATS[name].load()

        def tell(done: int, total: int, place: int = place) -> None:
            share = (place + done / max(1, total)) / len(options)
            progress(round(1000 * share), 1000)

        told = chosen_options.model_copy(update={"revision": line})
        files += writer(board, folder, told, tell)
        tell(1, 1)
    return list(dict.fromkeys(files))
