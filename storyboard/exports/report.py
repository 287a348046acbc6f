"""The three JSON files of mission row S3.3: breakdown, prompts, report.

They hold nothing but what the inputs decide, no dates and no timings, so the same board gives
the same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..board import Board, Frame
from ..evaluate.by_axis import ByAxis, by_axis
from ..evaluate.consistency import FACE, consistency, frame_consistency
from ..files import write_atomically
from ..numbering import label
from .revision import Revision
from .score_table import is_proven, policies


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


def write_report(board: Board, folder: Path, pipeline: str, revision: Revision) -> str:
    """``report.json``: every frame with its scores, and the board's averages."""
    result, faces = consistency(board), consistency(board, FACE)
    planner = board.story.planner
    data = {
        "base_seed": board.base_seed,
        "num_frames": len(board.frames),
        "pipeline": pipeline,
        "complete": board.complete,
        "revision": {
            "number": revision.number,
            "line": revision.line(board.story.language),
            "changes": {kind: list(shots) for kind, shots in revision.changes.items()},
        },
        "average_consistency": result.average,
        "min_consistency": result.minimum,
        "consistency_note": result.note,
        "average_face_consistency": faces.average,
        "min_face_consistency": faces.minimum,
        "gate": policies(board),
        "flagged_frames": [frame.number for frame in board.flagged],
        "locked_frames": [frame.number for frame in board.frames if frame.locked],
        "stale_frames": [frame.number for frame in board.stale],
        "unproven_frames": [f.number for f in board.frames if not is_proven(board, f)],
        "takes": sum(frame.attempts for frame in board.frames),
        "planner": {
            **planner.model_dump(mode="json"),
            "llm_used": planner.kind == "llm",
        },
        "frames": [_frame(board, frame) for frame in board.frames],
    }
    if board.story.axes:
        data["axes"] = [_axis(axis) for axis in by_axis(board)]
    return _write(folder, "report.json", data)


def _axis(axis: ByAxis) -> dict[str, Any]:
    """One axis of a matrix: how consistent the character is, entry by entry."""
    weakest = axis.weakest
    entries = [
        {
            "label": entry.label,
            "frames": [frame.number for frame in entry.frames],
            "measured": entry.identity.measured,
            "average_consistency": entry.identity.average,
            "min_consistency": entry.identity.minimum,
            "faces_measured": entry.face.measured,
            "average_face_consistency": entry.face.average,
            "min_face_consistency": entry.face.minimum,
            "flagged_frames": entry.flagged,
        }
        for entry in axis.entries
    ]
    worst = {"label": weakest[0].label, "score": weakest[1]} if weakest else None
    return {"name": axis.name, "entries": entries, "weakest": worst}


def _frame(board: Board, frame: Frame) -> dict[str, Any]:
    shot = board.shot(frame)
    return {
        "frame": frame.number,
        "label": label(board.story, shot),
        "file": frame.file,
        "caption": shot.caption,
        "shot": f"{shot.size.value} {shot.angle.value}",
        "seed": frame.seed,
        "attempt": frame.attempt,
        "attempts": frame.attempts,
        "accepted": not frame.flagged,
        "flagged": frame.flagged,
        "locked": frame.locked,
        "stale": frame.stale,
        "reason": frame.verdict.reason,
        "score": frame.verdict.value,
        "score_name": telling.name if (telling := frame.verdict.telling) else None,
        "consistency": frame_consistency(board, frame),
        "reference_of": frame.latches,
        "scores": {s.name: s.model_dump(mode="json") for s in frame.verdict.scores},
    }


def _write(folder: Path, name: str, data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    write_atomically(folder / name, text.encode("utf-8"))
    return name
