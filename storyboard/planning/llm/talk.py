"""The LLM planner: a logline becomes a shotlist by a language model behind a profile.

One request in the ordinary case; :mod:`.steps` where a profile wants a short brief. A refusal is
rephrased once, an answer with something wrong is sent back once, one that breaks off is asked for
in parts; the best of what was paid for is made to fit (:mod:`..draft.conform`), and the story's
note says what was done. The draft is cached, so the same request is never paid for twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ...errors import CODES, PlanningError
from ...story import BoardFormat, Planner, Story, Usage
from ..draft import attempt
from ..draft.attempt import Attempt
from ..draft.conform import FEWEST, Conformed
from ..draft.model import Draft
from ..draft.wording import spoken
from ..offline.language import Language
from . import brief, cache, engine, prices, steps
from .endpoint import Endpoint
from .profiles import Profile
from .replies import Reply

MAX_PARTS = 20
"""Requests for one story that is too long for one answer."""
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
    language: Language | None,
    *,
    profile: Profile,
    poll: Callable[[], None] = lambda: None,
    tell: Callable[[str], None] = lambda text: None,
) -> Story:
    """Turn a logline into a storyboard.

    :param frames: 1-60, or ``None`` for 6 to 10, as the story needs.
    :param poll: called a few times a second while the model writes; whatever it raises ends it.
    :param tell: is told what goes on, where that takes long.
    :raises PlanningError: ``planning_refused`` if the model declines twice,
        ``planning_unusable`` if it writes no story, or as :meth:`.Endpoint.ask`.
    """
    named = profile.model
    if profile.engine:
        profile = engine.ready(profile, steps.room(frames))
        named = engine.name(profile)
    with Endpoint(profile, poll, tell) as endpoint:
        model = named or endpoint.first_model()
        # A broken price is told before anything costs.
        price = prices.NOTHING if profile.engine else prices.of(model)
        short = profile.brief == "short"
        key = cache.key(
            {
                "brief": steps.version() if short else brief.version(),
                "base_url": profile.base_url,
                "model": engine.mark(profile) if profile.engine else model,
                "temperature": profile.temperature,
                "seed": profile.seed,
                "logline": logline,
                "frames": frames,
                "language": language,
            }
        )
        entry = cache.load(key)
        cached = entry is not None
        if entry is None:
            way = steps.Steps if short else _Talk
            entry, conformed = way(endpoint, model, logline, frames, language, tell).hold()
            cache.save(key, entry)
        else:
            conformed = Conformed(entry.draft, frames)
    story, notes = conformed.story(
        logline=logline,
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
    story.planner.note = spoken("; ".join([*entry.notes, *notes]), 300)
    return story


@dataclass
class _Talk:
    """The conversation about one story."""

    endpoint: Endpoint
    model: str
    logline: str
    frames: int | None
    language: str | None
    tell: Callable[[str], None]
    notes: list[str] = field(default_factory=list)

    def hold(self) -> tuple[cache.Entry, Conformed]:
        """The draft that can be used, as it is kept with what it took, and as it was judged."""
        self.tell("Waiting for the model's story")
        messages = brief.messages(self.logline, self.frames, self.language)
        reply = self._ask(messages)
        if _declined(reply):
            self.notes.append("the model declined at first")
            messages = [*messages, *_turn(reply, brief.SOFTER)]
            reply = self._ask(messages)
            if _declined(reply):
                raise PlanningError(
                    "planning_refused",
                    f"The model {self.model} declined to write this story, also after it was "
                    f"asked for a version for children. It said: {_excerpt(reply)}.",
                    "Word the logline more mildly, or use another profile or 'offline'.",
                )
        attempts = [self._read(reply)]
        if attempts[0].cut:
            attempts = [self._in_parts(attempts[0])]
        elif attempts[0].problems:
            again = [*messages, *_turn(reply, brief.repair(attempts[0].problems[:20]))]
            attempts += self._tried(again, attempts[0])
        chosen = self._best(attempts)
        entry = cache.Entry(
            draft=chosen.draft,
            model=reply.model,
            prompt_tokens=self.endpoint.prompt_tokens,
            completion_tokens=self.endpoint.completion_tokens,
            notes=self.notes,
        )
        return entry, chosen

    def _ask(self, messages: list[dict[str, str]]) -> Reply:
        return self.endpoint.ask(self.model, messages)

    def _read(self, reply: Reply) -> Attempt:
        clean = self.endpoint.clean
        return attempt.read(reply.text, self.frames, clean=clean, truncated=reply.truncated)

    def _tried(self, messages: list[dict[str, str]], paid: Attempt) -> list[Attempt]:
        """A second answer, if there is one: what was paid for is not lost for a failed request."""
        try:
            second = self._read(self._ask(messages))
        except PlanningError as error:
            if not paid.usable:
                raise
            self.notes.append(f"the answer could not be repaired ({CODES[error.code]})")
            return []
        better = second.draft and len(second.problems) < len(paid.problems)
        self.notes.append(
            "one answer had to be repaired" if better else "a second answer was no better"
        )
        return [second]

    def _in_parts(self, first: Attempt) -> Attempt:
        """A story of which the model could not write all at once."""
        parts, left_out = 1, first.left_out
        whole = first.draft if first.draft and first.draft.shots else None
        open_end = True
        while open_end and parts < MAX_PARTS:
            written = len(whole.shots) if whole else 0
            if self.frames and written >= self.frames:
                break
            until = None if whole else max(1, (self.frames or FEWEST) // 2)
            request = brief.part(self.logline, self.frames, self.language, whole, until)
            try:
                more = self._read(self._ask(request))
            except PlanningError as error:
                if not whole or len(whole.shots) < (self.frames or FEWEST):
                    raise
                self.notes.append(CODES[error.code])
                break
            parts += 1
            if more.draft is None or not more.draft.shots:
                break
            if whole and more.draft.shots[0].action == whole.shots[0].action:  # begun again
                if len(more.draft.shots) <= written:
                    break
                whole, left_out = more.draft, more.left_out
            else:
                whole = _joined(whole, more.draft)
                left_out += more.left_out
            few = self.frames and len(whole.shots) < self.frames
            open_end = bool(more.cut or few or until == len(more.draft.shots))
        if parts > 1:
            self.notes.append(f"the answer was cut off and written in {parts} parts")
        if open_end and not (self.frames and whole and len(whole.shots) >= self.frames):
            self.notes.append("the end is missing")
        flaws = [] if whole else first.flaws
        return Attempt(whole, flaws, self.frames, left_out, cut=True)

    def _best(self, attempts: list[Attempt]) -> Conformed:
        """The answer with the least wrong, the later of equals."""
        usable = [attempt for attempt in attempts if attempt.usable]
        if usable:
            best = min(reversed(usable), key=lambda attempt: len(attempt.problems))
            if best.left_out:
                self.notes.append(f"{best.left_out} details nobody can draw were left out")
            assert best.conformed is not None
            return best.conformed
        last = attempts[-1]
        hint = "Try another model, or a fixed number of frames; 'offline' needs no model."
        if last.cut:
            hint = "Ask for fewer frames, or raise 'max_tokens' and the context of the model."
        tokens = self.endpoint.prompt_tokens + self.endpoint.completion_tokens
        raise PlanningError(
            "planning_unusable",
            f"The model {self.model} wrote no story that can be used, also after a second try: "
            f"{'; '.join(problem.rstrip('.') for problem in last.problems[:4])}. "
            f"It took {tokens} tokens.",
            hint,
        )


def _joined(written: Draft | None, more: Draft) -> Draft:
    """A story and its next shots."""
    if written is None:
        return more
    ids = {person.id for person in written.characters}
    new = [person for person in more.characters if person.id not in ids]
    return written.model_copy(
        update={
            "characters": [*written.characters, *new],
            "shots": [*written.shots, *more.shots],
        }
    )


def _turn(reply: Reply, request: str) -> list[dict[str, str]]:
    """What the model said and what it is asked next; some models insist on taking turns."""
    said = reply.text.strip() or reply.refusal or "(nothing)"
    if len(said) > MAX_RETURNED:
        said = "(an answer too long to repeat)"
    return [{"role": "assistant", "content": said}, {"role": "user", "content": request}]


def _declined(reply: Reply) -> bool:
    """Refused in so many words, or by apologising where a story was asked for."""
    apology = "{" not in reply.text and _DECLINED.search(reply.text[:400])
    return bool(reply.refusal or (apology and not reply.truncated))


def _excerpt(reply: Reply) -> str:
    return spoken(reply.refusal or reply.text, 200).rstrip(".")
