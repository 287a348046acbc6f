"""One language model behind one profile, asked through the ``openai`` client.

The client alone retries (408, 409, 429, 5xx and lost connections; it obeys Retry-After). Requests
run on an event loop in a thread of their own, so that whoever waits can give up at any moment and
the connection is closed then. Redirects are not followed: a key goes to the profile's host or
nowhere.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import wait
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar

from ..errors import PlanningError
from . import brief, config, draft
from .profiles import Profile

POLL_SECONDS = 0.1
"""How long an interrupt may go unnoticed."""

_LADDER = ("json_schema", "json_object", "text")
_REFUSED = {"content_filter", "content_policy_violation"}

T = TypeVar("T")


@dataclass(frozen=True)
class Reply:
    """An answer of the model."""

    text: str
    refusal: str
    """Why the model declined; empty if it did not."""
    truncated: bool
    """The answer ran into a length limit."""
    model: str
    prompt_tokens: int
    completion_tokens: int


class Endpoint:
    """A context in which a model can be asked. Nothing is imported or opened before that."""

    def __init__(self, profile: Profile, poll: Callable[[], None]) -> None:
        """:param poll: called while waiting; whatever it raises ends the request."""
        self._profile = profile
        self._poll = poll
        self._rung = _LADDER.index(profile.structured)
        self._options: dict[str, Any] = {"temperature": profile.temperature, "seed": profile.seed}
        if profile.max_tokens is not None:
            self._options["max_completion_tokens"] = profile.max_tokens
        self._client: Any = None

    def __enter__(self) -> Endpoint:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is not None:
            self._loop.call_soon_threadsafe(self._done.set)
            self._thread.join(timeout=5)

    def first_model(self) -> str:
        """The first model the endpoint offers. :raises PlanningError: as :meth:`ask`."""
        return self._run(self._first_model)

    def ask(self, model: str, messages: list[dict[str, str]]) -> Reply:
        """The model's answer, by the best structured output that the endpoint accepts.

        :raises PlanningError: ``planner_unreachable``, ``planner_timeout``, ``key_rejected``,
            ``planner_failed`` or ``package_missing``. No message holds the key.
        """
        return self._run(lambda: self._ask(model, messages))

    def _run(self, job: Callable[[], Coroutine[Any, Any, T]]) -> T:
        if self._client is None:
            self._open()
        future = asyncio.run_coroutine_threadsafe(job(), self._loop)
        while not wait((future,), POLL_SECONDS).done:
            self._poll()  # may raise; leaving the context then ends the request
        try:
            return future.result()
        except self._openai.APIError as error:
            raise self._explained(error) from None
        except ValueError as error:  # an answer that the client cannot decode
            raise self._no_protocol(str(error)) from None

    def _open(self) -> None:
        try:
            import openai
        except ImportError:
            raise PlanningError(
                "package_missing",
                f"The planner profile {self._profile.name!r} needs the package openai.",
                "Install it with 'pip install \"openai>=1.40\"' where ComfyUI or aldar runs.",
            ) from None
        profile = self._profile
        self._openai = openai
        timeout = openai.Timeout(profile.timeout, connect=profile.connect_timeout)
        try:
            self._client = openai.AsyncOpenAI(
                api_key=profile.key.get_secret_value() if profile.key else "none",
                base_url=profile.base_url,
                timeout=timeout,
                max_retries=profile.retries,
                http_client=openai.DefaultAsyncHttpxClient(
                    timeout=timeout,
                    follow_redirects=False,
                    # A proxy of the environment is for other machines, never for this one.
                    trust_env=not profile.local,
                    # Plain http has nothing to verify, and loading certificates takes 25 ms.
                    verify=profile.base_url.startswith("https:"),
                ),
            )
        except (ImportError, ValueError) as error:  # a proxy it cannot use
            raise PlanningError(
                "planner_unreachable",
                f"{self._who} cannot be reached: {self._hidden(str(error))}.",
                "Check the proxy settings of the environment.",
            ) from None
        # The client takes these from the environment; they belong to OpenAI's own endpoint.
        self._client.organization = self._client.project = None
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(ready)), name="planner", daemon=True
        )
        self._thread.start()
        ready.wait()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._done = asyncio.Event()
        ready.set()
        async with self._client:
            await self._done.wait()

    async def _first_model(self) -> str:
        async for model in self._client.models.list():
            return str(model.id)
        raise PlanningError(
            "planner_failed",
            f"{self._who} offers no model.",
            f"Load a model there, or name one as 'model' under {self._where}.",
        )

    async def _ask(self, model: str, messages: list[dict[str, str]]) -> Reply:
        while True:
            try:
                # Not as arguments: older clients do not know all of them.
                answer = await self._client.chat.completions.create(
                    model=model, **self._shaped(messages), extra_body=self._options
                )
            except (self._openai.BadRequestError, self._openai.UnprocessableEntityError) as error:
                if getattr(error, "code", None) in _REFUSED:
                    return Reply("", self._words(error), False, model, 0, 0)
                if not self._give_way(f"{error.message} {error.body}"):
                    raise
            else:
                return self._reply(answer, model)

    def _shaped(self, messages: list[dict[str, str]]) -> dict[str, Any]:
        """The messages, and the response format of the present rung."""
        rung = _LADDER[self._rung]
        if rung == "json_schema":
            form = {"name": "story", "strict": True, "schema": draft.schema()}
            return {
                "messages": messages,
                "response_format": {"type": "json_schema", "json_schema": form},
            }
        first, *rest = messages
        told = f"{first['content']}\n- It fits this JSON Schema:\n{brief.schema_text()}"
        shaped: dict[str, Any] = {"messages": [{**first, "content": told}, *rest]}
        if rung == "json_object":
            shaped["response_format"] = {"type": "json_object"}
        return shaped

    def _give_way(self, why: str) -> bool:
        """Leave out what the endpoint rejects: an option it names, else the response format."""
        for name in self._options:
            if re.search(rf"\b{name}\b", why):
                value = self._options.pop(name)
                if name == "max_completion_tokens":
                    self._options["max_tokens"] = value  # its name on older endpoints
                return True
        self._rung += 1
        return self._rung < len(_LADDER)

    def _reply(self, answer: Any, model: str) -> Reply:
        try:
            # Gemini's filter leaves no choice at all.
            choice = answer.choices[0] if len(answer.choices) else None
            reason = choice.finish_reason if choice else "content_filter"
            text = str(choice.message.content or "") if choice else ""
            refusal = getattr(choice.message, "refusal", None) if choice else None
            if reason == "content_filter" and not refusal:
                refusal = "the endpoint's content filter stopped the answer"
            usage = answer.usage
            prompt = int(usage.prompt_tokens or 0) if usage else 0
            written = int(usage.completion_tokens or 0) if usage else 0
            if usage and usage.total_tokens:  # Gemini bills its thoughts only here
                written = max(written, int(usage.total_tokens) - prompt)
            return Reply(
                text=text,
                refusal=self._hidden(str(refusal)) if refusal else "",
                truncated=reason == "length",
                model=str(answer.model or model),
                prompt_tokens=prompt,
                completion_tokens=written,
            )
        except (AttributeError, TypeError):
            raise ValueError("the answer holds no message") from None

    def _explained(self, error: Any) -> PlanningError:
        """What an error of the client means to the user."""
        profile, openai = self._profile, self._openai
        tries = f" in {profile.retries + 1} tries" if profile.retries else ""
        if isinstance(error, openai.APITimeoutError):
            return PlanningError(
                "planner_timeout",
                f"{self._who} did not answer within {profile.timeout:g} s{tries}.",
                f"Try again, ask for fewer frames, or raise 'timeout' under {self._where}.",
            )
        if isinstance(error, openai.APIConnectionError):
            start = "Start the model's server" if profile.local else "Check the network"
            return PlanningError(
                "planner_unreachable",
                f"{self._who} cannot be reached{tries}: "
                f"{self._hidden(str(error.__cause__ or error))}.",
                f"{start}, or mend 'base_url' under {self._where}.",
            )
        status = getattr(error, "status_code", 0)
        if not 300 <= status < 600:
            return self._no_protocol(self._words(error))
        if status in (401, 403):
            return PlanningError(
                "key_rejected",
                f"{self._who} rejected the key (HTTP {status}): {self._words(error)}.",
                f"Give a valid key in {profile.key_env or 'key'} for {self._where}; its account "
                "must be allowed to use the model.",
            )
        said, hint = self._words(error), f"Check 'base_url' and 'model' under {self._where}."
        if status < 400:
            said = "a redirect, which is not followed so that the key goes nowhere else"
            hint = f"Write the final address as 'base_url' under {self._where}."
        elif status == 429:
            hint = "Wait a while, or check the limits and the credit of the account."
        elif status >= 500:
            hint = "Try again later, or use another profile."
        return PlanningError(
            "planner_failed", f"{self._who} answered HTTP {status}{tries}: {said}.", hint
        )

    def _no_protocol(self, detail: str) -> PlanningError:
        return PlanningError(
            "planner_failed",
            f"{self._who} does not answer in the chat-completions protocol: "
            f"{self._hidden(detail)}.",
            f"Check 'base_url' under {self._where}; with most servers it ends in /v1.",
        )

    @property
    def _who(self) -> str:
        return f"The planner profile {self._profile.name!r} ({self._profile.host})"

    @property
    def _where(self) -> str:
        return f"[profiles.{self._profile.name}] in {config.config_file()}"

    def _words(self, error: Any) -> str:
        """What the endpoint said: ``{"message"}``, ``[{"error": {"message"}}]`` or plain text."""
        body = error.body[0] if isinstance(error.body, list) and error.body else error.body
        if isinstance(body, dict):
            inner = body.get("error", body)
            body = inner.get("message") if isinstance(inner, dict) else inner
        return self._hidden(str(body or error))

    def _hidden(self, text: str) -> str:
        """One short line without the key, should the endpoint have repeated it."""
        if self._profile.key is not None:
            text = text.replace(self._profile.key.get_secret_value(), "***")
        return " ".join(text.split())[:300].rstrip(" .") or "no reason given"
