"""What a pickle would build and call, found by reading it: nothing is imported, built or called.

A torch file holds a pickle, and loading a pickle calls whatever functions it names. ComfyUI loads
such files with ``torch.load(weights_only=True)``, which refuses all names but a short list
(``torch/_weights_only_unpickler.py``). :data:`ALLOWED` is that list, with the few names that
ComfyUI adds to it (``comfy/utils.py``). It is written down here because the command line runs
without torch; the reading is :mod:`pickletools`'. picklescan and fickling go by a list of what is
evil, and let through what torch refuses (a test shows it).
"""

from __future__ import annotations

import pickletools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any

_NUMBERS = r"(b?float|complex|q?u?int|bits)\d\w*|bool"
_TYPES = (
    "BFloat16|Bool|Byte|Char|ComplexDouble|ComplexFloat|Double|Float|Half|Int|Long"
    "|QInt32|QInt8|QUInt2x4|QUInt4x2|QUInt8|Short"
)
_REBUILT = (
    "device_tensor_from_cpu_tensor|device_tensor_from_numpy|meta_tensor_no_storage|nested_tensor"
    "|parameter|parameter_with_state|qtensor|sparse_tensor|tensor|tensor_v2|tensor_v3"
    "|wrapper_subclass"
)
ALLOWED = re.compile(
    r"collections\.(Counter|OrderedDict)|(__builtin__|builtins)\.(bytearray|complex|set)"
    r"|_codecs\.encode|torch\.(Size|Tensor|device)|torch\.nn\.parameter\.(Buffer|Parameter)"
    rf"|torch\.({_NUMBERS})|torch\.per_(channel|tensor)_(affine|symmetric)(_float_qparams)?"
    rf"|torch(\.cuda)?(\.sparse)?\.({_TYPES})(Storage|Tensor)"
    r"|torch\.storage\.(Typed|Untyped)Storage|torch\.serialization\._get_layout"
    rf"|torch\._utils\._rebuild_({_REBUILT})|torch\._tensor\._rebuild_from_type_v2"
    r"|pytorch_lightning\.callbacks\.model_checkpoint\.ModelCheckpoint"
    r"|numpy\.core\.multiarray\.scalar|numpy\.dtype|numpy\.dtypes\.Float64DType"
)
"""The names a file of weights may call."""

MAX_STEPS = 2_000_000
"""Opcodes of a pickle that are read: that of SDXL has about 100,000."""
SHOWN = 100
"""Characters of a foreign text, and foreign names, that are kept for people to read."""


@dataclass(frozen=True)
class Tensor:
    """A tensor that would be built."""

    shape: tuple[int, ...]


@dataclass
class Contents:
    """What a pickle holds."""

    root: Any = None
    """Dicts, tuples, strings, numbers and :class:`Tensor` as they are; all else is opaque."""
    code: list[str] = field(default_factory=list)
    """The names it would call, though a file of weights has no business to."""
    damage: str = ""
    """Why it could not be read to its end."""


def read_pickle(file: IO[bytes]) -> Contents:
    """Read one pickle, up to its end; never fails.

    What is named before a damage counts: loading the file would call it.
    """
    machine = _Machine()
    damage = ""
    try:
        for number, (opcode, argument, _) in enumerate(pickletools.genops(file)):
            if number == MAX_STEPS:
                raise ValueError("it is longer than that of any model")
            machine.step(opcode, argument)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        damage = str(error)[:SHOWN] or type(error).__name__
    return Contents(None if damage else machine.root, list(machine.code), damage)


@dataclass(frozen=True)
class _Name:
    full: str


_MARK, _OPAQUE = object(), object()
"""A mark on the stack, and any value that does not matter here."""


class _Machine:
    """The stack machine of :mod:`pickletools`, whose tables say what an opcode takes and leaves.

    Only what dicts, tuples, names and calls become is said here; the values are inert.
    """

    def __init__(self) -> None:
        self.code: dict[str, None] = {}
        self.root: Any = None
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def step(self, opcode: pickletools.OpcodeInfo, argument: Any) -> None:
        """Carry out one opcode.

        :raises ValueError: if it takes what is not there.
        """
        name = opcode.name
        if name in ("PUT", "BINPUT", "LONG_BINPUT"):
            self._memo[argument] = self._stack[-1]
            return
        taken = self._take(opcode.stack_before)
        if name == "STOP":
            (self.root,) = taken
        elif name == "MEMOIZE":
            self._memo[len(self._memo)] = taken[0]
        self._stack += [self._made(name, argument, taken)] * len(opcode.stack_after)

    def _take(self, before: Sequence[pickletools.StackObject]) -> list[Any]:
        """Values off the stack: a number of them, with all down to a mark if it says so."""
        above: list[Any] = []
        count = len(before)
        if pickletools.markobject in before:
            count = before.index(pickletools.markobject)
            while (value := self._stack.pop()) is not _MARK:
                above.append(value)
        if len(self._stack) < count:
            raise ValueError("it takes what is not there")
        split = len(self._stack) - count
        taken = self._stack[split:] + above[::-1]
        del self._stack[split:]
        return taken

    def _made(self, name: str, argument: Any, taken: list[Any]) -> Any:
        """What an opcode leaves."""
        match name:
            case "MARK":
                return _MARK
            case "EMPTY_DICT" | "DICT":
                return _fill({}, taken)
            case "SETITEM" | "SETITEMS":
                return _fill(taken[0], taken[1:])
            case "EMPTY_TUPLE" | "TUPLE" | "TUPLE1" | "TUPLE2" | "TUPLE3":
                return tuple(taken)
            case "APPEND" | "APPENDS" | "ADDITEMS" | "BUILD" | "DUP" | "MEMOIZE":
                return taken[0]
            case "GET" | "BINGET" | "LONG_BINGET":
                return self._memo[argument]
            case "GLOBAL" | "INST":
                named = self._named(*argument.split(" ", 1))
                return named if name == "GLOBAL" else _OPAQUE
            case "STACK_GLOBAL":
                return self._named(*taken)
            case "EXT1" | "EXT2" | "EXT4":
                return self._named("an extension", str(argument))
            case "REDUCE" | "NEWOBJ":
                return _built(*taken)
            case "PERSID":
                return _OPAQUE  # what it names is not in the pickle
            case _:  # a number, a string, bytes
                return _OPAQUE if argument is None else argument

    def _named(self, module: Any, name: Any) -> _Name:
        plain = isinstance(module, str) and isinstance(name, str)
        full = f"{module}.{name}"[:SHOWN] if plain else "a name made up while loading"
        if not ALLOWED.fullmatch(full) and len(self.code) < SHOWN:
            self.code[full] = None
        return _Name(full)


def _fill(target: Any, items: Sequence[Any]) -> Any:
    """Put keys and values, one after the other, into a dict."""
    if isinstance(target, dict):
        target |= {key: value for key, value in zip(*[iter(items)] * 2) if isinstance(key, str)}
    return target


def _built(function: Any, arguments: Any) -> Any:
    """What a call would give, as far as it matters."""
    match function, arguments:
        case _Name("collections.OrderedDict"), _:
            return {}
        case _Name("torch._utils._rebuild_parameter"), (Tensor() as tensor, *_):
            return tensor
        case _Name(full), (_, _, tuple(shape), *_) if "._rebuild_tensor" in full:
            if all(isinstance(size, int) for size in shape):
                return Tensor(shape)
    return _OPAQUE
