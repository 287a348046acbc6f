"""``identity_test.json`` and ``identity_test.md``: the answer of the identity test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..board import Board
from ..evaluate.quick_test import COMPARING, Answer, Comparison, IdentityTest
from ..files import write_atomically
from ..gate import Score
from .score_table import cell, plain, policies, row

_HEADLINES = {
    Answer.HOLDS: {
        "en": "{}: the identity holds.",
        "ru": "{}: облик сохраняется.",
        "kk": "{}: бейнесі сақталады.",
    },
    Answer.BREAKS: {
        "en": "{}: the identity does not hold.",
        "ru": "{}: облик не сохраняется.",
        "kk": "{}: бейнесі сақталмайды.",
    },
    Answer.UNKNOWN: {
        "en": "{}: cannot tell whether the identity holds.",
        "ru": "{}: нельзя сказать, сохраняется ли облик.",
        "kk": "{}: бейнесі сақтала ма, айту мүмкін емес.",
    },
}


def identity_markdown(board: Board, test: IdentityTest) -> str:
    """The answer for people: one line, the reasons, what to do, the numbers."""
    headlines = _HEADLINES[test.answer]
    name = plain(test.hero or board.story.title)
    lines = [f"# {headlines['en'].format(name)}", ""]
    if board.story.language != "en":
        lines += [f"**{headlines[board.story.language].format(name)}**", ""]
    lines += [f"- {plain(reason)}" for reason in test.reasons]
    if test.advice:
        lines += ["", "What to do:", "", *(f"- {plain(advice)}" for advice in test.advice)]
    if test.consistency:
        lines += ["", row(["score", "average", "minimum", "frames"]), row(["---"] * 4)]
    for score, spread in test.consistency.items():
        lines.append(
            row([score, f"{spread.average:.2f}", f"{spread.minimum:.2f}", str(spread.measured)])
        )
    names = [n for n in COMPARING if any(_score(comparison, n) for comparison in test.comparisons)]
    if test.comparisons:
        lines += ["", row(["frame", "shows", *names, "seed", "takes"])]
        lines.append(row(["---"] * (len(names) + 4)))
    for comparison in test.comparisons:
        cells = [cell(_score(comparison, score)) for score in names]
        if comparison.reference and names:
            cells = ["reference", *cells[1:]]
        frame = comparison.frame
        numbers = [str(frame.seed), str(frame.attempts)]
        lines.append(row([str(frame.number), plain(comparison.shows), *cells, *numbers]))
    return "\n".join([*lines, "", f"Gate: {', '.join(policies(board)) or 'none'}.", ""])


def write_identity_test(board: Board, test: IdentityTest, folder: Path) -> list[str]:
    """Write both files into the board folder; returns their names.

    :raises StoreError: ``disk_full`` or ``folder_unwritable``.
    """
    data = {
        "answer": test.answer.value,
        "holds": test.holds,
        "hero": test.hero,
        "reasons": test.reasons,
        "advice": test.advice,
        "gate": policies(board),
        "scores": {
            name: {"average": c.average, "minimum": c.minimum, "frames": c.measured}
            for name, c in test.consistency.items()
        },
        "frames": [_frame(comparison) for comparison in test.comparisons],
    }
    texts = {
        "identity_test.json": json.dumps(data, ensure_ascii=False, indent=2) + "\n",
        "identity_test.md": identity_markdown(board, test),
    }
    for name, text in texts.items():
        write_atomically(folder / name, text.encode("utf-8"))
    return list(texts)


def _frame(comparison: Comparison) -> dict[str, Any]:
    measured = comparison.reference or comparison.proof or comparison.failed
    return {
        "frame": comparison.frame.number,
        "shows": comparison.shows,
        "reference": comparison.reference,
        "failed": [score.name for score in comparison.failed],
        "proof": comparison.proof.name if comparison.proof else None,
        "not_measured": "" if measured else comparison.unmeasured,
        "scores": {
            score.name: score.model_dump(mode="json", exclude={"crops"})
            for score in comparison.scores
        },
    }


def _score(comparison: Comparison, name: str) -> Score | None:
    return next((score for score in comparison.scores if score.name == name), None)
