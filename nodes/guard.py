"""What stands around every node: its inputs are what its schema says, and whatever stops it is an
:class:`AldarError` that names the node.

ComfyUI checks some of the constants of a workflow, and nothing that comes through a link of any
type: a wrong object, a text with a NUL or an empty picture, all of it arrives at ``execute``.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import comfy.model_management
import folder_paths
import torch
from comfy_api.latest import io
from comfy_execution.utils import get_executing_context

from ..storyboard.errors import AldarError, InputError
from .sockets import FITS

MOST_TEXT = 8_000_000
"""Characters of a text of several lines: a story.json of the longest story has about 6 million."""
MOST_LINE = 100_000
"""Characters of a text of one line: every frame of the longest story by its number."""
MOST_PIXELS = 100_000_000
"""Of one picture."""
JUDGED = {("AldarGate", "image"), ("AldarLoopTaken", "image")}
"""Pictures that may hold NaN: to say so is what the gate is for."""
_PASSED_ON = (comfy.model_management.InterruptProcessingException, torch.cuda.OutOfMemoryError)
"""What ComfyUI itself acts on."""

Function = Callable[..., Any]


def guarded(node: type[io.ComfyNode]) -> type[io.ComfyNode]:
    """The node with its functions (none of them a coroutine) behind the guard.

    They raise nothing but :class:`AldarError`, among them ``option_invalid`` for an input that is
    not what the schema says, and what ComfyUI itself acts on.
    """
    guard = _Guard(node.define_schema())
    wraps: dict[str, Callable[[Function], Function]] = {
        "execute": guard.execute,
        "check_lazy_status": guard.execute,
        "fingerprint_inputs": guard.fingerprint_inputs,
        "validate_inputs": guard.validate_inputs,
    }
    own = vars(node)
    members: dict[str, Any] = {
        name: classmethod(functools.wraps(own[name].__func__)(wrap(own[name].__func__)))
        for name, wrap in wraps.items()
        if name in own
    }
    for name in ("__module__", "__qualname__", "__doc__"):
        members[name] = getattr(node, name)
    return type(node.__name__, (node,), members)


class _Guard:
    """The guard of one node."""

    def __init__(self, schema: io.Schema) -> None:
        self._schema = schema
        self._title = schema.display_name or schema.node_id

    def execute(self, function: Function) -> Function:
        def run(cls: Any, /, **values: Any) -> Any:
            try:
                self._once()
                return function(cls, **self._checked(values))
            except _PASSED_ON:
                raise
            except AldarError as error:
                self._name(error)
                raise
            except Exception as error:
                raise self._failed(error) from error

        return run

    def fingerprint_inputs(self, function: Function) -> Function:
        """What stops a fingerprint stops ``execute`` as well, and is told there."""

        def run(cls: Any, /, **values: Any) -> Any:
            try:
                return function(cls, **self._checked(values, early=True))
            except Exception:
                return math.nan  # unlike anything, itself too: the node is run

        return run

    def validate_inputs(self, function: Function) -> Function:
        """ComfyUI wants to be told, not stopped."""

        def run(cls: Any, /, **values: Any) -> Any:
            try:
                return function(cls, **self._checked(values, early=True))
            except AldarError as error:
                self._name(error)
                return str(error)
            except Exception as error:
                return str(self._failed(error))

        # ComfyUI hands over what the names of the parameters ask for.
        run.__signature__ = inspect.signature(function)  # pyright: ignore[reportFunctionMemberAccess]
        return run

    def _once(self) -> None:
        context = get_executing_context()
        if self._schema.enable_expand and context is not None and context.list_index:
            raise InputError(
                "option_invalid",
                "A list of several values arrived, and a frame loop makes one board.",
                "Give every board a frame loop of its own.",
            )

    def _checked(self, values: dict[str, Any], early: bool = False) -> dict[str, Any]:
        """The values of the schema's inputs, without those for which the default stands. Other
        inputs, which a link can bring, are left out as ComfyUI does with constants.

        :param early: whether links are not followed yet, and give ``None``.
        """
        checked = {}
        for socket in self._schema.inputs or ():
            if socket.id not in values:
                if socket.optional or early:
                    continue
                raise InputError(
                    "option_invalid",
                    f"Input '{socket.id}' is missing.",
                    "Join something to it, or give it a value.",
                )
            value = values[socket.id]
            listed = list(value) if self._schema.is_input_list else [value]
            absent = socket.optional and not socket.lazy and not early
            if absent and all(each is None for each in listed):
                continue
            try:
                if not listed:
                    raise _Misfit("an empty list arrived")
                listed = [self._fit(socket, each, early) for each in listed]
            except _Misfit as misfit:
                raise InputError(
                    "option_invalid",
                    f"Input '{socket.id}' cannot be used: {misfit}.",
                    "Change the value, or what is joined to the input.",
                ) from None
            checked[socket.id] = listed if self._schema.is_input_list else listed[0]
        return checked

    def _fit(self, socket: Any, value: Any, early: bool) -> Any:
        kind = str(socket.get_io_type())
        if kind == "*" or socket.extra_dict.get("rawLink"):
            return value
        if value is None and (early or socket.lazy):
            return value
        if kind in FITS:
            name, fits = FITS[kind]
            return value if fits(value) else _misfit(f"it takes {name}", value)
        value = _CHECKS[kind](socket, value)
        if kind in ("IMAGE", "MASK") and (self._schema.node_id, socket.id) not in JUDGED:
            _finite(value)
        return value

    def _name(self, error: AldarError) -> None:
        """Say where it happened: on which node, and by no path of this machine."""
        message, hint = _without_roots(error.message), _without_roots(error.hint)
        if isinstance(error, InputError) and not message.startswith(self._title):
            message = f"{self._title}: {message}"
        error.say(message, hint)

    def _failed(self, error: Exception) -> AldarError:
        text = _without_roots(f"{type(error).__name__}: {error}"[:500])
        return AldarError(
            "node_failed",
            f"{self._title} stopped: {text}.",
            "Check what is joined to its inputs. If that is in order, please report this with "
            "ComfyUI's log.",
        )


class _Misfit(Exception):
    """Why a value does not fit an input."""


def _misfit(wanted: str, value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        given = f"{str(value.dtype).removeprefix('torch.')} {list(value.shape)}"
    elif isinstance(value, int) and value.bit_length() > 64:
        given = f"one of {value.bit_length()} bits"
    elif isinstance(value, str) and len(value) > 40:
        given = f"{value[:40]!r}…"
    elif isinstance(value, (str, int, float)):
        given = repr(value)
    else:
        given = "nothing" if value is None else type(value).__name__
    raise _Misfit(f"{wanted}, not {given}")


def _number(socket: Any, value: Any) -> Any:
    whole = str(socket.get_io_type()) == "INT"
    wanted = f"it takes a {'whole ' if whole else ''}number"
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        _misfit(wanted, value)
    least = -math.inf if socket.min is None else socket.min
    most = math.inf if socket.max is None else socket.max
    if not least <= value <= most:
        _misfit(f"{wanted} from {least} to {most}", value)
    if math.inf in (value, -value):
        _misfit(wanted, value)
    if not whole:
        return float(value)
    return int(value) if value == int(value) else _misfit(wanted, value)


def _boolean(socket: Any, value: Any) -> bool:
    return value if isinstance(value, bool) else _misfit("it takes true or false", value)


def _text(socket: Any, value: Any) -> str:
    if not isinstance(value, str):
        _misfit("it takes text", value)
    most = MOST_TEXT if socket.multiline else MOST_LINE
    if len(value) > most:
        raise _Misfit(f"its text has {len(value)} characters, and {most} are read at most")
    if "\0" in value:
        raise _Misfit(f"its text holds a NUL, as character {value.index(chr(0)) + 1}")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _Misfit(f"character {error.start + 1} of its text is half of one") from None
    return value


def _choice(socket: Any, value: Any) -> Any:
    fits = isinstance(value, str) and value in socket.options
    return value if fits else _misfit(f"it takes one of {', '.join(socket.options)}", value)


def _pixels(socket: Any, value: Any) -> torch.Tensor:
    """Pictures, [count, height, width, channels], or masks, [count, height, width]."""
    image = str(socket.get_io_type()) == "IMAGE"
    dimensions = 4 if image else 3
    fits = isinstance(value, torch.Tensor) and value.is_floating_point() and value.numel()
    if fits and not image and value.ndim == 2:
        value = value[None]
    if not fits or value.ndim != dimensions or (image and value.shape[3] not in (1, 3, 4)):
        _misfit(
            f"it takes {'pictures' if image else 'masks'} of floating-point numbers, not empty",
            value,
        )
    if value.shape[1] * value.shape[2] > MOST_PIXELS:
        raise _Misfit(f"it has more than {MOST_PIXELS // 10**6} million pixels")
    return value


def _finite(pictures: torch.Tensor) -> None:
    if not torch.isfinite(pictures).all():
        raise _Misfit("a picture holds values that are no numbers (NaN or infinite)")


def _model(*methods: str) -> Callable[[Any, Any], Any]:
    def check(socket: Any, value: Any) -> Any:
        fits = all(callable(getattr(value, method, None)) for method in methods)
        return value if fits else _misfit(f"it takes a model of type {socket.get_io_type()}", value)

    return check


_CHECKS: dict[str, Callable[[Any, Any], Any]] = {
    "INT": _number,
    "FLOAT": _number,
    "BOOLEAN": _boolean,
    "STRING": _text,
    "COMBO": _choice,
    "IMAGE": _pixels,
    "MASK": _pixels,
    "CLIP": _model("tokenize", "encode_from_tokens_scheduled"),
    "CLIP_VISION": _model("encode_image"),
}
"""Type of an input -> function that gives its value, or raises :class:`_Misfit`."""


def _without_roots(text: str) -> str:
    """A text with ComfyUI's folders by their names instead of by their paths."""
    roots = {
        folder_paths.get_output_directory(): "output",
        folder_paths.get_input_directory(): "input",
        folder_paths.get_temp_directory(): "temp",
        folder_paths.get_user_directory(): "user",
        folder_paths.models_dir: "models",
        str(Path(__file__).parents[1]): "aldar-storyboard",
        folder_paths.base_path: "ComfyUI",
        str(Path.home()): "~",
    }
    for root in sorted(roots, key=len, reverse=True):
        if len(root) > 1:
            text = text.replace(root, roots[root])
    return text
