"""What a file of weights on this disk is, and why ComfyUI could not use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .architecture import PLAIN, Architecture, Role, recognise
from .headers import Kind, read_header


@dataclass(frozen=True)
class Found:
    """What a look at a file's edges tells. Its weights were not read, and nothing was run."""

    path: Path
    kind: Kind
    """How it is written; ``pickle`` is a torch file."""
    size: int
    """In bytes."""
    problem: str = ""
    """Why it cannot be loaded, as the end of a sentence: 'is cut off: …'; nothing if it can."""
    code: tuple[str, ...] = ()
    """Functions that loading it would call and a file of weights may not: ``os.system``."""
    role: Role = "unknown"
    """What it is for."""
    architecture: Architecture = "unknown"
    """The model it belongs to."""
    evidence: str = ""
    """What gave the architecture away; nothing if nothing did."""
    tensors: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False)
    """Name -> shape."""
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What its author wrote into it."""

    @property
    def whole(self) -> bool:
        """Whether all of it is there and can be loaded."""
        return not self.problem

    def unfit(self, base: str = "") -> str:
        """Why ComfyUI cannot use it, as one sentence; nothing if nothing speaks against it.

        What cannot be told is not held against a file.

        :param base: the architecture it must belong to: ``sdxl``, ``sd15``.
        """
        if self.code:
            names = ", ".join([*self.code[:5], *(["…"] if self.code[5:] else [])])
            return f"{self.path.name} would run code when it is loaded ({names})."
        if self.problem:
            return f"{self.path.name} {self.problem}."
        if base and self.architecture in PLAIN and self.architecture != base:
            wanted = PLAIN.get(base, base)
            is_for = PLAIN[self.architecture]
            return f"{self.path.name} is for {is_for}, not for {wanted}: {self.evidence}."
        return ""


def examine(path: Path, suffix: str = "") -> Found:
    """Look at a file of weights: a few milliseconds, whatever its size; a few seconds and a few
    hundred megabytes at most, whatever somebody made of it.

    :param suffix: the ending it will have, if it has another one yet.
    :raises FileNotFoundError: if there is no such file.
    """
    header = read_header(path, suffix or path.suffix)
    nature = recognise(header.tensors, header.metadata)
    return Found(
        path,
        header.kind,
        header.size,
        header.problem,
        header.code,
        nature.role,
        nature.architecture,
        nature.evidence,
        header.tensors,
        header.metadata,
    )
