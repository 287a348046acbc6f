"""One language model behind one profile, asked through the ``openai`` client.

The client alone retries (408, 409, 429, 5xx and lost connections; it obeys Retry-After up to two
minutes), but for HTTP 500 on structured output, where less structure is tried instead. Requests
run on an event loop in a thread of their own, so that whoever waits can give up at any moment and
the connection is closed then. Redirects are not followed: a key goes to the profile's host or
nowhere. Nothing that an endpoint says leaves this module with the key in it.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import wait
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import Any, TypeVar

from ...errors import PlanningError
from ..draft import parse
from ..draft.foreign import Mask, one_line, printable
from . import brief, engine, replies
from .brief import Form
from .failures import Failures
from .profiles import Profile
from .replies import Reply

POLL_SECONDS = 0.1
"""How long an interrupt may go unnoticed."""

LOADING_SECONDS = 300.0
"""How long a server may say that it loads its model."""
LOADING_PAUSE = 1.0
"""Seconds until it is asked again."""

_LADDER = ("json_schema", "json_object", "text")
_REFUSED = {"content_filter", "content_policy_violation"}
_NOT_THIS_FORM = (400, 404, 405, 415, 422, 500, 501)
"""What endpoints answer to a response format they do not know."""
_NO_MODEL = re.compile(
    r"\bmodel\b.*\b(not found|not exist|no such|unknown|not available)", re.DOTALL
)
_OF_FORM = re.compile(
    r"response.?format|json.?schema|json.?object|structured|grammar", re.IGNORECASE
)
_LOADING = re.compile(r"\bload(ing|ed)?\b", re.IGNORECASE)
_SAYS_NOTHING = re.compile(r"^\W*(internal server error)?\W*$", re.IGNORECASE)
_MOST_WORDS = 20_000
_MALFORMED = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What the client raises for answers of another shape than it takes for granted."""

T = TypeVar("T")


class Endpoint:
    """A context in which a model can be asked. Nothing is imported or opened before that."""

    def __init__(
        self,
        profile: Profile,
        poll: Callable[[], None],
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        """:param poll: called while waiting; whatever it raises ends the request.
        :param tell: is told that a server still loads its model.
        """
        self._profile = profile
        self._tell = tell
        self._poll = poll
        # A server of our own is there, or has died.
        self._retries = 0 if profile.engine else profile.retries
        self._rung = _LADDER.index(profile.structured)
        self._options: dict[str, Any] = {"temperature": profile.temperature, "seed": profile.seed}
        self._limit = "max_completion_tokens"
        """What the endpoint calls the length limit; empty if it takes none."""
        self._client: Any = None
        self._started = ExitStack()
        """The engine, once it is needed."""
        self._mask = Mask(profile.key.get_secret_value() if profile.key else "")
        self._failures = Failures(profile, self._hidden)
        self.prompt_tokens = 0
        """Of all answers so far, as far as the endpoint told."""
        self.completion_tokens = 0

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
        self._started.__exit__(kind, error, trace)

    def start(self) -> None:
        """Be ready to ask: an engine loads its model now. :raises PlanningError: as :meth:`ask`."""
        if self._client is None:
            self._open()

    def first_model(self) -> str:
        """The first model the endpoint offers. :raises PlanningError: as :meth:`ask`."""
        self._failures.tries = 0
        return self._run(self._first_model)

    def ask(self, model: str, messages: list[dict[str, str]], form: Form = brief.STORY) -> Reply:
        """The model's answer, by the best structured output that the endpoint accepts.

        :param form: what the answer looks like.

        :raises PlanningError: ``planner_unreachable``, ``planner_timeout``, ``key_rejected``,
            ``planner_failed``, ``package_missing``, or what :func:`.engine.serving` raises. No
            message holds the key.
        """
        self._failures.tries = 0
        return self._run(lambda: self._ask(model, messages, form))

    def clean(self, text: str) -> str:
        """A text of the endpoint as it may be kept: printable and without the key."""
        return self._mask(printable(text))

    def _run(self, job: Callable[[], Coroutine[Any, Any, T]]) -> T:
        self.start()
        future = asyncio.run_coroutine_threadsafe(job(), self._loop)
        while not wait((future,), POLL_SECONDS).done:
            self._poll()  # may raise; leaving the context then ends the request
        try:
            return future.result()
        except self._openai.APIError as error:
            raise self._failures.lost(error, self._openai) from None
        except _MALFORMED as error:
            raise self._failures.no_protocol(str(error) or type(error).__name__) from None

    def _open(self) -> None:
        try:
            import openai

            parse.repairer()  # before an answer costs anything
        except ImportError as error:
            raise PlanningError(
                "package_missing",
                f"The planner profile {self._profile.name!r} needs the package {error.name}.",
                'Run \'pip install "openai>=1.40" "json-repair>=0.64"\' where ComfyUI or aldar '
                "runs.",
            ) from None
        profile = self._profile
        if profile.engine:
            serving = engine.serving(profile, self._poll, self._tell)
            profile = self._started.enter_context(serving)
        self._openai = openai
        timeout = openai.Timeout(profile.timeout, connect=profile.connect_timeout)
        try:
            self._client = openai.AsyncOpenAI(
                api_key=profile.key.get_secret_value() if profile.key else "none",
                base_url=profile.base_url,
                timeout=timeout,
                max_retries=self._retries,
                http_client=openai.DefaultAsyncHttpxClient(
                    timeout=timeout,
                    follow_redirects=False,
                    # A proxy of the environment is for other machines, never for this one.
                    trust_env=not profile.local,
                    # Plain http has nothing to verify, and loading certificates takes 25 ms.
                    verify=profile.base_url.startswith("https:"),
                    event_hooks={"request": [self._sent], "response": [self._came]},
                ),
            )
        except (ImportError, ValueError) as error:  # a proxy it cannot use
            raise PlanningError(
                "planner_unreachable",
                f"{self._failures.who} cannot be reached: {self._hidden(str(error))}.",
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

    async def _sent(self, _: Any) -> None:
        self._failures.tries += 1

    async def _came(self, response: Any) -> None:
        """Keep the client from asking the same again where another form is to be tried."""
        if response.status_code in _NOT_THIS_FORM and self._rung + 1 < len(_LADDER):
            response.headers["x-should-retry"] = "false"
        if response.status_code == 503:
            await response.aread()
            if _LOADING.search(response.text[:_MOST_WORDS]):
                response.headers["x-should-retry"] = "false"

    async def _once_loaded(self, request: Callable[[], Awaitable[T]]) -> T:
        """What a request gives; a server that still loads its model is waited for."""
        deadline = time.monotonic() + LOADING_SECONDS
        while True:
            try:
                return await request()
            except self._openai.APIStatusError as error:
                loading = error.status_code == 503 and _LOADING.search(replies.message(error.body))
                if not loading:
                    raise
                if time.monotonic() > deadline:
                    raise self._failures.still_loading(LOADING_SECONDS) from None
            self._tell(f"{self._profile.host} is loading its model")
            self._failures.tries = 0
            await asyncio.sleep(LOADING_PAUSE)

    async def _first_model(self) -> str:
        for model in (await self._once_loaded(self._client.models.list)).data:
            if not isinstance(model.id, str) or not model.id:
                raise ValueError("its list of models names none")
            return self._hidden(model.id)
        raise PlanningError(
            "planner_failed",
            f"{self._failures.who} offers no model.",
            f"Load a model there, or name one as 'model' under {self._failures.where}.",
        )

    async def _ask(self, model: str, messages: list[dict[str, str]], form: Form) -> Reply:
        retries, before = self._retries, ""
        while True:
            self._client.max_retries = retries
            options = self._optional(form)
            try:
                # Not as arguments: older clients do not know all of them.
                request = partial(
                    self._client.chat.completions.create,
                    model=model,
                    **self._shaped(messages, form),
                    extra_body=options,
                )
                answer = await self._once_loaded(request)
                status, body = replies.failure(answer)
                if status is None:
                    return self._reply(answer, model)
            except self._openai.APIStatusError as error:
                status, body = error.status_code, error.body
            self._spend(replies.part(body, "usage"))
            if replies.part(body, "code") in _REFUSED:
                return Reply("", self._said(body), False, model)
            said = replies.message(body)
            told_twice = bool(_SAYS_NOTHING.sub("", said)) and said == before
            stays = status >= 500 and told_twice and not retries
            if stays or not self._give_way(status, said, options):
                raise self._failures.explained(status, self._said(body))
            if status >= 500:
                retries, before = max(0, retries - 1), said

    def _optional(self, form: Form) -> dict[str, Any]:
        """What is asked for beside the answer: the options, and a length limit if there is one."""
        limits = [most for most in (self._profile.max_tokens, form.tokens) if most is not None]
        limit = {self._limit: min(limits)} if limits and self._limit else {}
        return self._options | limit

    def _shaped(self, messages: list[dict[str, str]], form: Form) -> dict[str, Any]:
        """The messages, and the response format of the present rung."""
        rung = _LADDER[self._rung]
        if rung == "json_schema":
            strict = {"name": form.name, "strict": True, "schema": form.schema()}
            return {
                "messages": messages,
                "response_format": {"type": "json_schema", "json_schema": strict},
            }
        first, *rest = messages
        told = f"{first['content']}\n- It fits this JSON Schema:\n{brief.schema_text(form)}"
        shaped: dict[str, Any] = {"messages": [{**first, "content": told}, *rest]}
        if rung == "json_object":
            shaped["response_format"] = {"type": "json_object"}
        return shaped

    def _give_way(self, status: int, why: str, options: dict[str, Any]) -> bool:
        """Leave out what the endpoint rejects: an option it names, else the response format."""
        if status not in _NOT_THIS_FORM and not (status == 200 and _OF_FORM.search(why)):
            return False
        for name in options:
            if status < 500 and re.search(rf"\b{name}\b", why):
                if name == self._limit:  # older endpoints have another name for it
                    self._limit = "max_tokens" if name != "max_tokens" else ""
                self._options.pop(name, None)
                return True
        if status == 404 and _NO_MODEL.search(why):
            return False
        if self._rung + 1 == len(_LADDER):
            return False
        self._rung += 1
        return True

    def _reply(self, answer: Any, model: str) -> Reply:
        try:
            # Gemini's filter leaves no choice at all.
            choice = answer.choices[0] if len(answer.choices) else None
            reason = choice.finish_reason if choice else "content_filter"
            message = choice.message if choice else None
            if choice and message is None:
                raise TypeError
            text, refusal = replies.written(message), getattr(message, "refusal", None)
        except (AttributeError, LookupError, TypeError):
            raise ValueError("the answer holds no message") from None
        if reason == "content_filter" and not refusal:
            refusal = "the endpoint's content filter stopped the answer"
        self._spend(answer.usage)
        return Reply(
            text=self.clean(text[: parse.MAX_ANSWER]),
            refusal=self._hidden(str(refusal)) if refusal else "",
            truncated=str(reason).lower() in ("length", "max_tokens", "model_length"),
            model=self._hidden(str(answer.model or model)),
        )

    def _spend(self, usage: Any) -> None:
        """Put an answer on the bill."""
        prompt = replies.count(replies.part(usage, "prompt_tokens"))
        written = replies.count(replies.part(usage, "completion_tokens"))
        # Gemini bills its thoughts only in the total.
        written = max(written, replies.count(replies.part(usage, "total_tokens")) - prompt)
        self.prompt_tokens += prompt
        self.completion_tokens += written

    def _said(self, body: Any) -> str:
        return self._hidden(replies.message(body))

    def _hidden(self, text: str) -> str:
        """One short line without the key, should the endpoint have repeated it."""
        line = one_line(self.clean(text[:_MOST_WORDS]), 300)
        return line.rstrip(" .") or "no reason given"
