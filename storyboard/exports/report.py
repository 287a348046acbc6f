"""The three JSON files of mission row S3.3: breakdown, prompts, report.

They hold nothing but what the inputs decide, so the same board gives the same bytes; except what
stands under ``made`` in the report: how long the takes took, and on what.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..board import Board, Frame
from ..evaluate.by_axis import ByAxis, by_axis
from ..evaluate.consistency import FACE, consistency, frame_consistency
from ..files import write_atomically
from ..gate import Outcome, Score
from ..gate.verdict import Crop
from ..numbering import label
from ..story import Planner
from .made import Made
from .revision import Revision
from .score_table import is_proven, policies

REPORT = "report.json"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


def write_breakdown(board: Board, folder: Path) -> str:
    """``scene_breakdown.json``: the shotlist. Returns the file name."""
    story = board.story
    data = {
        "title": story.title,
        "logline": story.logline,
        "language": story.language,
        "format": story.format.value,
        "characters": [c.model_dump(mode="json") for c in story.characters],
        "scenes": story.model_dump(mode="json")["shots"],
    }
    return _write(folder, "scene_breakdown.json", data)


def write_prompts(board: Board, folder: Path) -> str:
    """``sdxl_prompts.json``: what the text encoders got for every frame."""
    data = [
        {"frame": frame.number, "seed": frame.seed, **frame.prompt.model_dump(mode="json")}
        for frame in board.frames
    ]
    return _write(folder, "sdxl_prompts.json", {"style": board.story.style, "prompts": data})


class ReportScore(_Model):
    """A score of a frame; see :class:`..gate.Score`."""

    name: str
    outcome: Outcome
    value: float | None
    threshold: float | None
    reason: int | None = Field(description="Place in 'reasons', from 0; null without one.")
    gates: bool
    method: str
    calibrated: bool
    crops: list[Crop]


class ReportFrame(_Model):
    """A frame and how it was judged."""

    frame: int
    label: str = Field(description="The printed shot number.")
    file: str
    caption: str
    shot: str = Field(description="Size and angle.")
    seed: int
    attempt: int
    attempts: int
    accepted: bool
    flagged: bool = Field(description="The best of tries that were all rejected.")
    locked: bool
    stale: bool = Field(description="Kept by the user for a shot that has changed since.")
    reason: str = Field(description="Why it is flagged.")
    score: float | None = Field(description="The score to show; null where nobody was compared.")
    score_name: str | None
    consistency: float | None = Field(description="Similarity to the reference, -1 to 1.")
    reference_of: list[str] = Field(description="Characters whose reference it became.")
    scores: dict[str, ReportScore]


class ReportRevision(_Model):
    """What changed since the last export."""

    number: int
    line: str
    changes: dict[str, list[str]] = Field(description="Kind of change -> shot numbers.")


class ReportPlanner(Planner):
    """Who wrote the story, and what it cost."""

    llm_used: bool


class ReportEntry(_Model):
    """One entry of an axis of a matrix."""

    label: str
    frames: list[int]
    measured: int
    average_consistency: float | None
    min_consistency: float | None
    faces_measured: int
    average_face_consistency: float | None
    min_face_consistency: float | None
    flagged_frames: list[int]


class Weakest(_Model):
    """The entry with which the identity holds least."""

    label: str
    score: str


class ReportAxis(_Model):
    """One axis of a matrix of variations."""

    name: str
    entries: list[ReportEntry]
    weakest: Weakest | None


class Report(_Model):
    """``report.json``; all but ``made`` follows from the inputs alone."""

    schema_version: Literal[2] = 2
    base_seed: int
    num_frames: int
    pipeline: str
    complete: bool
    revision: ReportRevision
    average_consistency: float | None = Field(description="To the reference, -1 to 1.")
    min_consistency: float | None
    consistency_note: str = Field(description="What was not measured, and why.")
    average_face_consistency: float | None
    min_face_consistency: float | None
    gate: list[str] = Field(description="Where the thresholds come from.")
    flagged_frames: list[int]
    locked_frames: list[int]
    stale_frames: list[int]
    unproven_frames: list[int] = Field(description="Nobody was compared with a reference.")
    takes: int
    planner: ReportPlanner
    reasons: list[str] = Field(description="Why scores failed or could not be measured, each once.")
    frames: list[ReportFrame]
    axes: list[ReportAxis] | None = None
    made: Made


def write_report(board: Board, folder: Path, pipeline: str, revision: Revision, made: Made) -> str:
    """``report.json``: every frame with its scores, the board's averages, and what it took."""
    result, faces = consistency(board), consistency(board, FACE)
    planner, reasons = board.story.planner, _reasons(board)
    report = Report(
        base_seed=board.base_seed,
        num_frames=len(board.frames),
        pipeline=pipeline,
        complete=board.complete,
        revision=ReportRevision(
            number=revision.number,
            line=revision.line(board.story.language),
            changes={kind: list(shots) for kind, shots in revision.changes.items()},
        ),
        average_consistency=result.average,
        min_consistency=result.minimum,
        consistency_note=result.note,
        average_face_consistency=faces.average,
        min_face_consistency=faces.minimum,
        gate=policies(board),
        flagged_frames=[frame.number for frame in board.flagged],
        locked_frames=[frame.number for frame in board.frames if frame.locked],
        stale_frames=[frame.number for frame in board.stale],
        unproven_frames=[f.number for f in board.frames if not is_proven(board, f)],
        takes=sum(frame.attempts for frame in board.frames),
        planner=ReportPlanner(**dict(planner), llm_used=planner.kind == "llm"),
        reasons=reasons,
        frames=[_frame(board, frame, reasons) for frame in board.frames],
        axes=[_axis(axis) for axis in by_axis(board)] if board.story.axes else None,
        made=made,
    )
    data = report.model_dump(mode="json")
    if report.axes is None:
        del data["axes"]
    return _write(folder, REPORT, data)


def report_schema() -> dict[str, Any]:
    """JSON Schema of ``report.json``, as it is published in ``docs/``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Report.model_json_schema(
        mode="serialization"
    )


def _reasons(board: Board) -> list[str]:
    """The reasons of all scores, each once, in the order of the frames."""
    scores = (score for frame in board.frames for score in frame.verdict.scores)
    return list(dict.fromkeys(score.reason for score in scores if score.reason))


def _axis(axis: ByAxis) -> ReportAxis:
    """One axis of a matrix: how consistent the character is, entry by entry."""
    entries = [
        ReportEntry(
            label=entry.label,
            frames=[frame.number for frame in entry.frames],
            measured=entry.identity.measured,
            average_consistency=entry.identity.average,
            min_consistency=entry.identity.minimum,
            faces_measured=entry.face.measured,
            average_face_consistency=entry.face.average,
            min_face_consistency=entry.face.minimum,
            flagged_frames=entry.flagged,
        )
        for entry in axis.entries
    ]
    worst = axis.weakest and Weakest(label=axis.weakest[0].label, score=axis.weakest[1])
    return ReportAxis(name=axis.name, entries=entries, weakest=worst or None)


def _frame(board: Board, frame: Frame, reasons: list[str]) -> ReportFrame:
    shot, telling = board.shot(frame), frame.verdict.telling
    return ReportFrame(
        frame=frame.number,
        label=label(board.story, shot),
        file=frame.file,
        caption=shot.caption,
        shot=f"{shot.size.value} {shot.angle.value}",
        seed=frame.seed,
        attempt=frame.attempt,
        attempts=frame.attempts,
        accepted=not frame.flagged,
        flagged=frame.flagged,
        locked=frame.locked,
        stale=frame.stale,
        reason=frame.verdict.reason,
        score=frame.verdict.value,
        score_name=telling.name if telling else None,
        consistency=frame_consistency(board, frame),
        reference_of=frame.latches,
        scores={score.name: _score(score, reasons) for score in frame.verdict.scores},
    )


def _score(score: Score, reasons: list[str]) -> ReportScore:
    reason = reasons.index(score.reason) if score.reason else None
    return ReportScore(**dict(score) | {"reason": reason, "crops": list(score.crops)})


def _write(folder: Path, name: str, data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    write_atomically(folder / name, text.encode("utf-8"))
    return name
