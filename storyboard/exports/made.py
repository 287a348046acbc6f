"""How a board was made: the part of its report that clocks and machines decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from ..frames.store import TakeRecord


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Workshop(_Model):
    """What a board was made with."""

    versions: dict[str, str] = {}
    """Of this pack, ComfyUI, Python, torch."""
    models: dict[str, str] = {}
    """Model file, with its folder, -> sha256 in hexadecimal."""


class TakeTime(_Model):
    """One take, whether it won or not."""

    frame: int
    attempt: int
    take: str
    seconds: float | None = Field(description="Making and judging it; null where not measured.")
    device: str = Field(description="'cpu', or the name of the GPU; empty where not known.")


class Made(_Model):
    """How long a board took, and with what; not the same in two runs."""

    seconds: float | None = Field(description="Of all takes that were measured.")
    gpu_seconds: float | None = Field(description="Of those that a GPU made.")
    unmeasured: int = Field(description="Takes whose time nobody measured.")
    devices: list[str]
    versions: dict[str, str] = Field(description="Of what made the board last.")
    models: dict[str, str] = Field(description="Model file -> sha256.")
    takes: list[TakeTime]


def made(takes: Mapping[int, Sequence[TakeRecord]], workshop: Workshop) -> Made:
    """Sum up the takes of a board.

    :param takes: number of a frame -> every take of its shot.
    """
    times = [
        TakeTime(
            frame=frame,
            attempt=take.attempt,
            take=take.key,
            seconds=take.seconds,
            device=take.device,
        )
        for frame, records in sorted(takes.items())
        for take in records
    ]
    measured = [t for t in times if t.seconds is not None]
    return Made(
        seconds=_total(measured),
        gpu_seconds=_total([t for t in measured if t.device not in ("", "cpu")]),
        unmeasured=len(times) - len(measured),
        devices=sorted({t.device for t in times if t.device}),
        versions=dict(workshop.versions),
        models=dict(workshop.models),
        takes=times,
    )


def _total(times: Sequence[TakeTime]) -> float | None:
    return round(sum(t.seconds or 0 for t in times), 3) if times else None
