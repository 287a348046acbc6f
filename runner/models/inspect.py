"""What a file of weights on this disk is, and why ComfyUI could not use it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .architecture import PLAIN, Architecture, Role, recognise
from .headers import Header, read_header


@dataclass(frozen=True, kw_only=True)
class Found(Header):
    """What a look at a file's edges tells. Its weights were not read, and nothing was run."""

    path: Path
    role: Role = "unknown"
    """What it is for."""
    architecture: Architecture = "unknown"
    """The model it belongs to."""
    evidence: str = ""
    """What gave the architecture away; nothing if nothing did."""

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
    return Found(path=path, **vars(header), **nature._asdict())
