"""The LLM planner: a logline becomes a shotlist by a language model behind a profile.

One request in the ordinary case. A refusal is rephrased once, an answer that cannot be used is
sent back once with what is wrong, and what comes out of that is made to fit (:mod:`.conform`).
The draft is cached, so the same request is never paid for twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ..errors import PlanningError
from ..story import BoardFormat, Planner, Story, Usage
from . import answers, brief, conform, draft, prices
from .draft import Draft
from .endpoint import Endpoint, Reply
from .profiles import Profile

MAX_RETURNED = 30_000
"""Letters of a failed answer that are sent back with it; a longer one is asked for afresh."""

_DECLINED = re.compile(
    r"\b(sorry|cannot|can't|can’t|unable|won't|decline|не могу|не буду|извините|алмаймын|кешір)",
    re.IGNORECASE,
)


def plan(
    logline: str,
    frames: int | None,
    format: BoardFormat,
    style: str,
    language: Literal["en", "ru", "kk"] | None,
    *,
    profile: Profile,
    poll: Callable[[], None] = lambda: None,
) -> Story:
    """Turn a logline into a storyboard.

    :param frames: 1-60, or ``None`` for 6 to 10, as the story needs.
    :param poll: called a few times a second while the model writes; whatever it raises ends it.
    :raises PlanningError: ``planning_refused`` if the model declines twice,
        ``planning_unusable`` if it writes no story, or as :meth:`.Endpoint.ask`.
    """
    with Endpoint(profile, poll) as endpoint:
        model = profile.model or endpoint.first_model()
        price = prices.of(model)  # a broken price is told before anything costs
        key = answers.key(
            {
                "brief": brief.version(),
                "base_url": profile.base_url,
                "model": model,
                "temperature": profile.temperature,
                "seed": profile.seed,
                "logline": logline,
                "frames": frames,
                "language": language,
            }
        )
        entry = answers.load(key)
        cached = entry is not None
        if entry is None:
            entry = _Talk(endpoint, model, frames).hold(brief.messages(logline, frames, language))
            answers.save(key, entry)
    story, notes = conform.story(
        entry.draft,
        logline=logline,
        frames=frames,
        format=format,
        style=style,
        language=language,
        planner=Planner(
            kind="llm",
            profile=profile.name[:60],
            model=entry.model[:120],
            usage=Usage(
                prompt_tokens=entry.prompt_tokens,
                completion_tokens=entry.completion_tokens,
                usd=prices.cost(price, entry.prompt_tokens, entry.completion_tokens),
                cached=cached,
            ),
        ),
    )
    story.planner.note = conform.spoken("; ".join([*entry.notes, *notes]), 300)
    return story


@dataclass
class _Talk:
    """The conversation about one story."""

    endpoint: Endpoint
    model: str
    frames: int | None
    replies: list[Reply] = field(default_factory=list)

    def hold(self, messages: list[dict[str, str]]) -> answers.Entry:
        """The draft that can be used, and what it took."""
        notes = []
        reply = self._ask(messages)
        if _declined(reply):
            notes.append("the model declined at first")
            messages = [*messages, *_turn(reply, brief.SOFTER)]
            reply = self._ask(messages)
            if _declined(reply):
                raise PlanningError(
                    "planning_refused",
                    f"The model {self.model} declined to write this story, also after it was "
                    f"asked for a version for children. It said: {_excerpt(reply)}.",
                    "Word the logline more mildly, or use another profile or 'offline'.",
                )
        drafts = [self._assess(reply)]
        if drafts[0].problems:
            again = brief.repair(drafts[0].problems)
            drafts.append(self._assess(self._ask([*messages, *_turn(reply, again)])))
        if len(drafts) > 1:
            notes.append("one answer had to be repaired")
        chosen, left_out = self._best(drafts)
        if left_out:
            notes.append(f"{left_out} details nobody can draw were left out")
        return answers.Entry(
            draft=chosen,
            model=self.replies[-1].model,
            prompt_tokens=sum(reply.prompt_tokens for reply in self.replies),
            completion_tokens=sum(reply.completion_tokens for reply in self.replies),
            notes=notes,
        )

    def _ask(self, messages: list[dict[str, str]]) -> Reply:
        self.replies.append(self.endpoint.ask(self.model, messages))
        return self.replies[-1]

    def _assess(self, reply: Reply) -> _Attempt:
        found, wrong = draft.read(reply.text)
        if found is not None:
            wrong = conform.problems(found, self.frames)
        elif reply.truncated:
            wrong = ["The answer was cut off at the length limit: write shorter texts.", *wrong]
        return _Attempt(reply, found, wrong)

    def _best(self, attempts: list[_Attempt]) -> tuple[Draft, int]:
        """The last answer that makes a story, and how many details it loses for that."""
        for attempt in reversed(attempts):
            found, left_out = attempt.draft, 0
            if found is None:
                found, left_out = draft.salvage(attempt.reply.text)
            if found is not None and len(found.shots) >= (self.frames or brief.FEWEST):
                return found, left_out
        last = attempts[-1]
        hint = "Try another model, or a fixed number of frames; 'offline' needs no model."
        if last.reply.truncated:
            hint = "Ask for fewer frames, or raise 'max_tokens' and the context of the model."
        raise PlanningError(
            "planning_unusable",
            f"The model {self.model} wrote no story that can be used, also after a second try: "
            f"{'; '.join(problem.rstrip('.') for problem in last.problems[:4])}.",
            hint,
        )


@dataclass(frozen=True)
class _Attempt:
    reply: Reply
    draft: Draft | None
    problems: list[str]


def _turn(reply: Reply, request: str) -> list[dict[str, str]]:
    """What the model said and what it is asked next; some models insist on taking turns."""
    said = reply.text.strip() or reply.refusal or "(nothing)"
    if len(said) > MAX_RETURNED:
        said = "(an answer too long to repeat)"
    return [{"role": "assistant", "content": said}, {"role": "user", "content": request}]


def _declined(reply: Reply) -> bool:
    """Refused in so many words, or by apologising where a story was asked for."""
    apology = "{" not in reply.text and _DECLINED.search(reply.text[:400])
    return bool(reply.refusal or apology)


def _excerpt(reply: Reply) -> str:
    return conform.spoken(reply.refusal or reply.text, 200).rstrip(".")
