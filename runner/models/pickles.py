"""What a pickle would build and call, found by reading it: nothing is imported, built or called.

A torch file holds a pickle, and loading a pickle calls whatever functions it names. ComfyUI loads
such files with ``torch.load(weights_only=True)``, which refuses all names but a short list
(``torch/_weights_only_unpickler.py``). :data:`ALLOWED` is that list, with the few names that
ComfyUI adds to it (``comfy/utils.py``).
"""

from __future__ import annotations

import pickletools
import re
from collections.abc import Iterable
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
            machine.step(opcode.name, argument)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        damage = str(error)[:SHOWN] or type(error).__name__
    stack = machine.stack
    return Contents(stack[-1] if stack and not damage else None, list(machine.code), damage)


@dataclass(frozen=True)
class _Name:
    full: str


_MARK, _THING = object(), object()
"""A mark on the stack, and anything that does not matter here."""


class _Machine:
    """The stack machine of :mod:`pickletools`' documentation, with inert values."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.code: dict[str, None] = {}
        self._memo: dict[int, Any] = {}

    def step(self, name: str, argument: Any) -> None:
        """Carry out one opcode."""
        push = self.stack.append
        match name:
            case "PROTO" | "FRAME" | "STOP" | "READONLY_BUFFER":
                pass
            case "MARK":
                push(_MARK)
            case "NONE" | "NEWTRUE" | "NEWFALSE":
                push({"NONE": None, "NEWTRUE": True, "NEWFALSE": False}[name])
            case "EMPTY_DICT":
                push({})
            case "EMPTY_TUPLE":
                push(())
            case "EMPTY_LIST" | "EMPTY_SET" | "NEXT_BUFFER" | "PERSID":
                push(_THING)
            case "TUPLE":
                push(tuple(self._marked()))
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                push(tuple(self._take(int(name[-1]))))
            case "LIST" | "FROZENSET" | "OBJ":
                self._marked()
                push(_THING)
            case "DICT":
                push(self._fill({}, self._marked()))
            case "APPEND" | "BUILD" | "POP":
                self._take(1)
            case "APPENDS" | "ADDITEMS" | "POP_MARK":
                self._marked()
            case "SETITEM":
                items = self._take(2)
                self._fill(self.stack[-1], items)
            case "SETITEMS":
                items = self._marked()
                self._fill(self.stack[-1], items)
            case "DUP":
                push(self.stack[-1])
            case "GLOBAL":
                push(self._named(*argument.split(" ", 1)))
            case "STACK_GLOBAL":
                push(self._named(*self._take(2)))
            case "INST":
                self._marked()
                self._named(*argument.split(" ", 1))
                push(_THING)
            case "REDUCE" | "NEWOBJ":
                push(_built(*self._take(2)))
            case "NEWOBJ_EX":
                self._take(3)
                push(_THING)
            case "BINPERSID":
                self._take(1)
                push(_THING)
            case "EXT1" | "EXT2" | "EXT4":
                push(self._named("an extension", str(argument)))
            case "PUT" | "BINPUT" | "LONG_BINPUT":
                self._memo[argument] = self.stack[-1]
            case "MEMOIZE":
                self._memo[len(self._memo)] = self.stack[-1]
            case "GET" | "BINGET" | "LONG_BINGET":
                push(self._memo[argument])
            case _:  # a number, a string, bytes
                push(argument)

    def _take(self, count: int) -> list[Any]:
        if len(self.stack) < count:
            raise ValueError("it takes what is not there")
        taken = self.stack[-count:]
        del self.stack[-count:]
        return taken

    def _marked(self) -> list[Any]:
        """Everything down to the last mark, which goes too."""
        for index in range(len(self.stack) - 1, -1, -1):
            if self.stack[index] is _MARK:
                taken = self.stack[index + 1 :]
                del self.stack[index:]
                return taken
        raise ValueError("it takes what is not there")

    def _named(self, module: Any, name: Any) -> _Name:
        plain = isinstance(module, str) and isinstance(name, str)
        full = f"{module}.{name}"[:SHOWN] if plain else "a name made up while loading"
        if not ALLOWED.fullmatch(full) and len(self.code) < SHOWN:
            self.code[full] = None
        return _Name(full)

    @staticmethod
    def _fill(target: Any, items: Iterable[Any]) -> Any:
        """Put keys and values, one after the other, into a dict."""
        pairs = iter(items)
        for key, value in zip(pairs, pairs, strict=False):
            if isinstance(target, dict) and isinstance(key, str):
                target[key] = value
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
    return _THING
